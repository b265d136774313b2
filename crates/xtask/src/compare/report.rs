//! docs/performance.md, its charts, and the block of figures in README.md, from the figures under target/compare.

use super::What;
use super::result::{Figures, OURS, Outcome};
use super::summary::{self, Group, HEADS};
use super::{chart, table};
use crate::sh::{self, Result};

const BEGIN: &str = "<!-- figures: cargo xtask compare --report -->";
const END: &str = "<!-- end of figures -->";

pub(super) fn write() -> Result<()> {
    let docs = sh::root().join("docs");
    sh::make_dir(&docs)?;
    let mut page = String::from(HEAD);
    let mut block = String::from("\n");
    let mut any = false;
    for what in What::ALL {
        if !what.csv().exists() {
            println!("no figures of 'compare {}': left out of the report", what.name());
            continue;
        }
        let figures = Figures::read(what)?;
        if !any {
            let date = sh::read(&mut sh::command("date", ["+%Y-%m-%d"]))?;
            page.push_str(&format!(
                "\nMeasured {} on {}; {}.\n",
                date.trim(),
                figures.machine,
                figures.about.join(", ")
            ));
            block.push_str(&format!("One thread, {}; ratios of one run, medians.\n\n", figures.machine));
        }
        any = true;
        sh::write_file(&docs.join(format!("performance-{}.svg", what.name())), &chart::draw(what, &figures))?;
        page.push_str(&section(what, &figures));
        block.push_str(&short(what, &figures));
    }
    if !any {
        return Err("nothing has been measured yet".to_string());
    }
    sh::write_file(&docs.join("performance.md"), &page)?;
    let readme = sh::root().join("README.md");
    let text = sh::read_file(&readme)?;
    match replaced(&text, &block) {
        Some(text) => sh::write_file(&readme, &text)?,
        None => return Err(format!("README.md has no block between '{BEGIN}' and '{END}'")),
    }
    println!("written: {}, and the figures in README.md", docs.join("performance.md").display());
    Ok(())
}

const HEAD: &str = "\
# How fast it is

Written by `cargo xtask compare --report`, which anyone can run; `cargo xtask compare copy` and `compare compute` show the same
tables, and take `--filter` and `--quick`.

Everything here is a ratio of medians from one run, in which the contenders took turns on the same memory, on one pinned
thread, with huge pages for all of them.

- **limit**: the fastest of the plain loops that move as many bytes in and out: `memcpy`, `rep movsb`, wide loads with ordinary
  and with non-temporal stores, a triad, a read. 1.00 is as fast as memory or cache allow. It counts the bytes of the
  elements; for sums, and everything else that computes, those of the cache lines that they lie in.
- **used**: the share of those lines that the case uses; a copy of every second element can not come near 1.00.
- **x NumPy**: how many times faster than NumPy, into the same output where NumPy takes one. NumPy is called from C
  (`PyObject_Vectorcall`), so it pays for its own work and not for Python's bytecode.
- **the others**: a loop nest in the order of the destination (`naive`), ndarray, OpenBLAS's `omatcopy`, and HPTT where it is
  installed (plans by its estimate, made before the clock runs).
- **least**: the case with the smallest share; **slower**: cases in which any other contender is more than 5% faster.
";

/// One comparison on the page.
fn section(what: What, figures: &Figures) -> String {
    let title = match what {
        What::Copy => "Copies",
        What::Compute => "Computing",
    };
    let mut text = format!("\n## {title}\n\n{}.\n\n", summary::total(figures));
    text.push_str(&format!("![{title}: shares of the limit by class](performance-{}.svg)\n\n", what.name()));
    text.push_str(&markdown(&HEADS, Group::all(figures).iter().map(|group| group.cells(what))));
    let mut classes: Vec<&str> = Vec::new();
    for class in figures.outcomes.iter().map(|o| o.class.as_str()) {
        if in_words(class) != class && !classes.contains(&class) {
            classes.push(class);
        }
    }
    let classes: Vec<String> = classes.iter().map(|class| format!("{class}: {}", in_words(class))).collect();
    text.push_str(&format!("\nThe classes are {}.\n", classes.join("; ")));
    let slower = figures.outcomes.iter().filter(|o| o.against_best().is_some_and(|(_, ratio)| ratio < 0.95));
    let slower: Vec<String> = slower
        .filter_map(|o| o.against_best().map(|(name, ratio)| format!("{} ({ratio:.2} of {name})", o.case)))
        .collect();
    if !slower.is_empty() {
        text.push_str(&format!("\nSlower than another contender: {}.\n", slower.join("; ")));
    }
    let left: Vec<&str> =
        figures.outcomes.iter().filter(|o| o.time(OURS).is_none()).map(|o| o.case.as_str()).collect();
    if !left.is_empty() {
        text.push_str(&format!("\nNot in the library yet: {}.\n", left.join("; ")));
    }
    text.push_str("\n<details><summary>All cases</summary>\n\n");
    let heads = ["case", "dtype", "size", "time", "GB/s", "used", "limit", "x NumPy", "x the best other"];
    let measured = figures.outcomes.iter().filter(|o| o.time(OURS).is_some());
    text.push_str(&markdown(&heads, measured.map(case)));
    text.push_str("\n</details>\n");
    text
}

fn case(o: &Outcome) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or("-".to_string(), |v| format!("{v:.2}"));
    vec![
        o.case.clone(),
        o.dtype.clone(),
        o.size.clone(),
        o.time(OURS).map_or("-".to_string(), table::duration),
        number(o.rate()),
        format!("{:.2}", o.used()),
        number(o.share(OURS)),
        number(o.against("NumPy")),
        o.against_best().map_or("-".to_string(), |(name, ratio)| format!("{ratio:.2} {name}")),
    ]
}

/// The few lines of the README: a line for each class, from memory and in the caches (or as small calls).
fn short(what: What, figures: &Figures) -> String {
    let first = match what {
        What::Copy => "copies",
        What::Compute => "computing",
    };
    let heads = [first, "from memory: share of the limit", "x NumPy", "in the caches: x NumPy"];
    let groups = Group::all(figures);
    let mut classes: Vec<&str> = Vec::new();
    for group in &groups {
        if !classes.contains(&group.class) {
            classes.push(group.class);
        }
    }
    let rows = classes.into_iter().map(|class| {
        let cells = |far: bool| {
            let group = groups.iter().find(|group| group.class == class && (group.size == "DRAM") == far);
            group.map(|group| group.cells(what))
        };
        let of = |far: bool, cell: usize| cells(far).map_or("-".to_string(), |cells| cells[cell].clone());
        vec![in_words(class).to_string(), of(true, 3), of(true, 5), of(false, 5)]
    });
    markdown(&heads, rows) + "\n"
}

/// What the cases of a class have in common.
fn in_words(class: &str) -> &str {
    match class {
        "ttc" => "permutations of the tensor literature",
        "2d" => "transposed matrices",
        "small" => "tiny matrices and tensors",
        "batch" => "batches of tiny matrices",
        "nn" => "images: channels first, channels last",
        "manydim" => "13 to 20 axes",
        "aos" => "fields of structures: together, apart",
        "step" => "every other element, reversed axes",
        "halo" => "faces and boxes of larger arrays",
        "bcast" => "repeated rows and columns",
        "contig" => "contiguous",
        "cast" => "to another dtype",
        "cast across" => "to another dtype, transposed",
        "nd" => "swapped and reversed axes",
        "records" => "records of 3 to 24 bytes, transposed",
        "anywhere" => "rows and outputs that begin anywhere in a line",
        "same order" => "operands in one order",
        "steps" => "`a[::2, ::2]`, reversed rows",
        "broadcast" => "matrix and row, matrix and column",
        "mixed order" => "C and F order mixed, `a += a.T`",
        "division" => "integer division, remainder",
        "functions" => "square roots, exponentials, sines, powers, ...",
        "sums" => "sums over any axis",
        "statistics" => "mean, variance, deviation",
        "narrow" => "axes of 2 to 16 elements",
        "masks" => "under a mask",
        "windows" => "sums and maxima of sliding windows",
        "tiny" => "8 to 1000 elements",
        "view" => "making a view",
        other => other,
    }
}

/// A table in Markdown.
fn markdown(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| head.to_string()).collect();
    let mut text = line(&heads);
    text.push_str(&format!("|{}\n", "---|".repeat(heads.len())));
    for row in rows {
        text.push_str(&line(&row));
    }
    text
}

/// The text with the block between the marks replaced.
fn replaced(text: &str, block: &str) -> Option<String> {
    let begin = text.find(BEGIN)? + BEGIN.len();
    let end = begin + text[begin..].find(END)?;
    Some(format!("{}\n{}{}", &text[..begin], block, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_block_between_the_marks_changes() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let new = replaced(&text, "new\n").unwrap_or_default();
        assert_eq!(new, format!("a\n{BEGIN}\nnew\n{END}\nb\n"));
        assert_eq!(replaced(&new, "new\n").as_deref(), Some(new.as_str()));
        assert_eq!(replaced("no marks", "new"), None);
    }
}
