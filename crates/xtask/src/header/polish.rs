//! From cbindgen's text to a header that a C programmer reads with pleasure.
//!
//! - a comment of one line takes one line, and Rust's links and headings become plain words;
//! - constants stand in the groups that blank lines make in the source, one line each;
//! - unsigned constants carry their type, so that `~STRIDED_READONLY` has 64 bits;
//! - each group of functions opens with an introduction. It comes from the module that defines them: the part of its
//!   `//!` page under the heading `## In C`, or else the first paragraph of that page;
//! - the groups come in the order of the sources.

/// The finished header from cbindgen's `raw` text and the sources that it came from, in the order to present them in.
pub(super) fn polish(raw: &str, sources: &[String]) -> String {
    let sections: Vec<Section> = sources.iter().filter_map(|source| Section::read(source)).collect();
    let names: Vec<&str> =
        sources.iter().flat_map(|source| source.lines().filter_map(exported_name)).collect();
    let unsigned: Vec<(&str, &str)> = sources.iter().flat_map(|source| unsigned_constants(source)).collect();
    let starts: Vec<&str> = sources.iter().flat_map(|source| group_starts(source)).collect();
    let mut out = String::new();
    let mut after_constant = false;
    for block in in_order(blocks(raw), &names) {
        let constant = Constant::read(&block);
        if after_constant && constant.as_ref().is_none_or(|constant| starts.contains(&constant.name)) {
            out.push('\n');
        }
        after_constant = constant.is_some();
        if let Some(constant) = constant {
            constant.write(&unsigned, &mut out);
            continue;
        }
        if let Some(section) = sections.iter().find(|section| declares(&block, &section.first_function)) {
            section.write(&mut out);
        }
        write_block(&block, &mut out);
    }
    out
}

/// cbindgen's text cut at blank lines: a declaration comes with its comment in one block.
fn blocks(raw: &str) -> Vec<Vec<&str>> {
    let mut blocks = vec![Vec::new()];
    for line in raw.lines() {
        match blocks.last_mut() {
            Some(block) if !line.is_empty() => block.push(line),
            Some(block) if block.is_empty() => {}
            _ => blocks.push(Vec::new()),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// The blocks, with the functions among them in the order of `names`.
fn in_order<'a>(mut blocks: Vec<Vec<&'a str>>, names: &[&str]) -> Vec<Vec<&'a str>> {
    let place = |block: &[&str]| names.iter().position(|name| declares(block, name));
    let functions: Vec<usize> = (0..blocks.len()).filter(|&index| place(&blocks[index]).is_some()).collect();
    let mut sorted = functions.clone();
    sorted.sort_by_key(|&index| place(&blocks[index]));
    let old = blocks.clone();
    for (to, from) in functions.into_iter().zip(sorted) {
        blocks[to].clone_from(&old[from]);
    }
    blocks
}

/// Is this block the declaration of the function `name`?
fn declares(block: &[&str], name: &str) -> bool {
    let code = block.iter().filter(|line| !line.trim_start().starts_with(['*', '/']));
    code.filter_map(|line| line.split_once('(')).any(|(head, _)| head.rsplit([' ', '*']).next() == Some(name))
}

fn write_block(block: &[&str], out: &mut String) {
    let mut rest = block;
    while let [line, tail @ ..] = rest {
        rest = tail;
        // "/**", " * text", " */" becomes "/** text */".
        if line.trim() == "/**"
            && let [text, end, after @ ..] = tail
            && end.trim() == "*/"
            && text.len() < 110
        {
            let indent = &line[..line.len() - line.trim_start().len()];
            let text = plain(text.trim_start().trim_start_matches('*').trim());
            out.push_str(&format!("{indent}/** {text} */\n"));
            rest = after;
            continue;
        }
        out.push_str(short_names(&plain(line)).trim_end());
        out.push('\n');
    }
    out.push('\n');
}

/// Rust's notation in comments as plain words: a link to `name` is `name`, a heading is a word with a colon.
fn plain(line: &str) -> String {
    let line = line.replace("[`", "`").replace("`]", "`");
    match line.split_once("* # ") {
        Some((before, heading)) => format!("{before}* {heading}:"),
        None => line,
    }
}

/// The typedef alone names a struct; only the typedef itself needs the keyword.
fn short_names(line: &str) -> String {
    if line.starts_with("typedef struct") {
        line.to_string()
    } else {
        line.replace("struct strided_", "strided_")
    }
}

/// A constant with a comment of one line.
struct Constant<'a> {
    name: &'a str,
    value: &'a str,
    comment: String,
}

impl<'a> Constant<'a> {
    fn read(block: &[&'a str]) -> Option<Constant<'a>> {
        let [open, text, close, definition] = block else { return None };
        let (name, value) = definition.strip_prefix("#define ")?.split_once(' ')?;
        let comment = plain(text.trim_start().strip_prefix('*')?.trim());
        (*open == "/**" && close.trim() == "*/").then_some(Constant { name, value, comment })
    }

    fn write(&self, unsigned: &[(&str, &str)], out: &mut String) {
        let value = match unsigned.iter().find(|(name, _)| *name == self.name) {
            Some((_, "u64")) => format!("((uint64_t){})", self.value),
            Some(_) => format!("{}u", self.value),
            None => self.value.to_string(),
        };
        let definition = format!("#define {} {value}", self.name);
        if definition.len().max(36) + self.comment.len() < 114 {
            out.push_str(&format!("{definition:<36} /**< {} */\n", self.comment));
        } else {
            out.push_str(&format!("/** {} */\n{definition}\n", self.comment));
        }
    }
}

/// The constants that follow a blank line, or begin the file: each opens a group.
fn group_starts(source: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    let mut fresh = true;
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("pub const ") {
            if fresh {
                starts.extend(rest.split(':').next());
            }
            fresh = false;
        } else if !line.starts_with("///") {
            fresh = true;
        }
    }
    starts
}

/// Names and types of `pub const NAME: u32` and `u64`.
fn unsigned_constants(source: &str) -> Vec<(&str, &str)> {
    let constants = source.lines().filter_map(|line| line.trim().strip_prefix("pub const "));
    constants
        .filter_map(|rest| rest.split_once(": "))
        .filter_map(|(name, rest)| {
            let kind = rest.split(' ').next()?;
            (kind == "u32" || kind == "u64").then_some((name, kind))
        })
        .collect()
}

/// The introduction of a group of functions.
struct Section {
    first_function: String,
    lines: Vec<String>,
}

impl Section {
    fn read(source: &str) -> Option<Section> {
        let page: Vec<String> = source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| plain(line.trim()))
            .collect();
        let first_function = source.lines().find_map(exported_name)?.to_string();
        let lines = match page.iter().position(|line| line == "## In C") {
            Some(heading) => page[heading + 1..].iter().skip_while(|line| line.is_empty()).cloned().collect(),
            None => page.into_iter().take_while(|line| !line.is_empty()).collect(),
        };
        Some(Section { first_function, lines })
    }

    fn write(&self, out: &mut String) {
        out.push_str(&format!("/* {}\n", "-".repeat(100)));
        for line in &self.lines {
            out.push_str(format!(" * {line}").trim_end());
            out.push('\n');
        }
        out.push_str(&format!(" * {} */\n\n", "-".repeat(97)));
    }
}

/// The name in a line such as `pub unsafe extern "C" fn strided_view_init(`.
fn exported_name(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("extern \"C\" fn ")?;
    let name = rest.split('(').next()?;
    name.starts_with("strided_").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_comments_take_one_line() {
        assert_eq!(
            polish("/**\n * A [`view`].\n */\nint f(void);\n", &[]),
            "/** A `view`. */\nint f(void);\n\n"
        );
    }

    #[test]
    fn headings_become_words() {
        let raw = "/**\n * One.\n *\n * # Safety\n * Two.\n */\nint f(void);\n";
        assert!(polish(raw, &[]).contains("\n * Safety:\n * Two.\n"));
    }

    #[test]
    fn constants_stand_in_groups_and_carry_their_type() {
        let source =
            "/// A.\npub const A: u64 = 1;\n\n/// B.\npub const B: u32 = 4;\n/// C.\npub const C: i32 = 2;\n";
        let raw = "/**\n * A.\n */\n#define A 1\n\n/**\n * B.\n */\n#define B 4\n\n/**\n * C.\n */\n#define C 2\n\nint f;\n";
        let lines: Vec<String> = polish(raw, &[source.to_string()]).lines().map(str::to_string).collect();
        assert_eq!(lines[0], format!("{:<36} /**< A. */", "#define A ((uint64_t)1)"));
        assert_eq!(lines[1], "");
        assert_eq!(lines[2], format!("{:<36} /**< B. */", "#define B 4u"));
        assert_eq!(lines[3], format!("{:<36} /**< C. */", "#define C 2"));
        assert_eq!(lines[4..], ["", "int f;", ""]);
    }

    #[test]
    fn functions_follow_the_order_of_the_sources() {
        let source = |name: &str| format!("//! About {name}.\npub extern \"C\" fn {name}() {{}}\n");
        let sources = [source("strided_b"), source("strided_a")];
        let header = polish("int strided_a(void);\n\nint strided_b(void);\n", &sources);
        let places = ["About strided_b", "int strided_b", "About strided_a", "int strided_a"]
            .map(|text| header.find(text));
        assert!(places.is_sorted() && places[0].is_some(), "{header}");
    }

    #[test]
    fn a_module_introduces_its_functions() {
        let source =
            "//! Views.\n//!\n//! ## In C\n//!\n//! About views.\n\npub extern \"C\" fn strided_b(x: i32) {}";
        let header = polish("int strided_a(void);\n\nint strided_b(int x);\n", &[source.to_string()]);
        let intro = header.find("About views.").expect("the introduction is there");
        assert!(header.find("strided_a").expect("a") < intro && intro < header.find("strided_b").expect("b"));
    }
}
