//! What the libraries export, what they need, and whether they stand other company.

use super::Installed;
use super::report::Report;
use crate::install::{self, Libraries};
use crate::sh::{self, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What rustc says the archive needs on Linux with glibc. `Libs.private` leaves out those that the compiler driver adds
/// (gcc_s, c) and those that have been empty for decades (util, rt); `static_program` proves that this is enough.
const NATIVE: &[&str] = &["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

/// A second Rust library in the same program, which panics and catches, so that unwinding is tried as well.
const OTHER_RUST: &str = r#"
#[unsafe(no_mangle)]
pub extern "C" fn other_rust() -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    let caught = std::panic::catch_unwind(|| if std::env::args().count() > 0 { panic!() });
    i32::from(caught.is_ok())
}
"#;

/// The list of system libraries that rustc reports is the one that `Libs.private` was derived from.
pub(super) fn native_libraries(report: &mut Report, libraries: &Libraries) {
    let fresh: BTreeSet<&str> = libraries.native.iter().map(String::as_str).collect();
    let known: BTreeSet<&str> = NATIVE.iter().copied().collect();
    let outcome = if fresh.is_subset(&known) {
        Ok(())
    } else {
        Err(format!("rustc now names {fresh:?}, Libs.private was derived from {known:?}"))
    };
    report.check("native-static-libs as known", outcome);
}

pub(super) fn test(report: &mut Report, installed: &Installed) {
    report.section("symbols and linking");
    let functions = match functions(&installed.include.join("strided.h")) {
        Ok(functions) => functions,
        Err(error) => return report.check("functions of strided.h", Err(error)),
    };
    let dynamic = install::defined(&installed.shared_library(), &["--dynamic"]);
    report.check("shared library exports what strided.h declares", same(dynamic, &functions));
    let archive = install::defined(&installed.archive(), &[]);
    report.check("static library defines what strided.h declares", same(archive, &functions));
    report.check("soname", soname(installed));
    report.check("links", links(installed));
    report.check("no bitcode in the static library", no_bitcode(installed));

    let dir = sh::target().join("symbols");
    let prepared = sh::make_empty_dir(&dir).and_then(|()| all_functions(&dir, &functions));
    let source = match prepared {
        Ok(source) => source,
        Err(error) => return report.check("program that uses every function", Err(error)),
    };
    let mut shared = installed.libs.clone();
    shared.push(format!("-Wl,-rpath,{}", installed.lib.display()));
    let mut fully_static = vec!["-static".to_string()];
    fully_static.extend(installed.static_libs.clone());
    for (name, libraries) in [
        ("every function, shared", shared),
        ("every function, static with Libs.private", installed.static_libs.clone()),
        ("every function, gcc -static", fully_static),
    ] {
        report.check(name, build_and_run(installed, &dir, &source, &libraries));
    }
    report.check("two Rust archives in one program", two_archives(installed, &dir));
}

/// The functions that a header declares.
fn functions(header: &Path) -> Result<BTreeSet<String>> {
    let text = without_comments(&sh::read_file(header)?);
    let mut names = BTreeSet::new();
    for declaration in text.split("STRIDED_API").skip(1) {
        let Some((head, _)) = declaration.split_once('(') else {
            continue;
        };
        let name = head.rsplit([' ', '*', '\n']).next().unwrap_or_default();
        if name.starts_with("strided_") {
            names.insert(name.to_string());
        }
    }
    if names.is_empty() { Err(format!("{} declares nothing", header.display())) } else { Ok(names) }
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

fn same(found: Result<Vec<String>>, declared: &BTreeSet<String>) -> Result<()> {
    let found: BTreeSet<String> = found?.into_iter().collect();
    let extra: Vec<&String> = found.difference(declared).collect();
    let missing: Vec<&String> = declared.difference(&found).collect();
    if extra.is_empty() && missing.is_empty() {
        Ok(())
    } else {
        Err(format!("not in the header: {extra:?}\nnot in the library: {missing:?}"))
    }
}

fn soname(installed: &Installed) -> Result<()> {
    let text = sh::read(sh::command("readelf", ["-d"]).arg(installed.shared_library()))?;
    let wanted = format!("[{}]", install::soname());
    if text.lines().any(|line| line.contains("SONAME") && line.contains(&wanted)) {
        Ok(())
    } else {
        Err(format!("readelf -d shows no SONAME {wanted}\n{text}"))
    }
}

/// libstrided.so and the soname both lead to the versioned file.
fn links(installed: &Installed) -> Result<()> {
    for name in ["libstrided.so".to_string(), install::soname()] {
        let link = installed.lib.join(name);
        let end = link.canonicalize().map_err(|error| format!("{}: {error}", link.display()))?;
        if end.file_name() != Some(install::file_name().as_ref()) {
            return Err(format!("{} leads to {}", link.display(), end.display()));
        }
    }
    Ok(())
}

fn no_bitcode(installed: &Installed) -> Result<()> {
    let text = sh::read(sh::command("objdump", ["-h"]).arg(installed.archive()))?;
    if text.contains(".llvmbc") { Err("section .llvmbc is there".to_string()) } else { Ok(()) }
}

/// A program that takes the address of every function, so that the linker has to find them all.
fn all_functions(dir: &Path, functions: &BTreeSet<String>) -> Result<PathBuf> {
    let mut text = "#include <strided.h>\n#include <stdio.h>\n#include <string.h>\n\n".to_string();
    text.push_str("typedef void (*any_function)(void);\n\nint main(void) {\n  any_function all[] = {\n");
    for name in functions {
        text.push_str(&format!("    (any_function){name},\n"));
    }
    text.push_str(
        "  };\n  size_t i;\n  for (i = 0; i < sizeof all / sizeof *all; i++) if (!all[i]) return 1;\n",
    );
    text.push_str(&format!(
        "  return strcmp(strided_version(), \"{}\") != 0;\n}}\n",
        env!("CARGO_PKG_VERSION")
    ));
    let path = dir.join("every_function.c");
    sh::write_file(&path, &text)?;
    Ok(path)
}

fn build_and_run(installed: &Installed, dir: &Path, source: &Path, libraries: &[String]) -> Result<()> {
    let program = dir.join("program");
    let mut gcc = sh::command("gcc", ["-std=c99"]);
    gcc.args(&installed.cflags).arg(source).arg("-o").arg(&program).args(libraries);
    sh::read(&mut gcc)?;
    sh::read(&mut sh::command("timeout", ["60".as_ref(), program.as_os_str()])).map(|_| ())
}

fn two_archives(installed: &Installed, dir: &Path) -> Result<()> {
    let (rust, archive) = (dir.join("other.rs"), dir.join("libother.a"));
    sh::write_file(&rust, OTHER_RUST)?;
    let mut rustc = sh::command("rustc", ["--edition=2024", "--crate-type=staticlib", "-O", "-Clto=fat"]);
    sh::read(rustc.arg(&rust).arg("-o").arg(&archive))?;
    let source = dir.join("two.c");
    let text = "#include <strided.h>\nint other_rust(void);\nint main(void) { return other_rust() || !strided_version()[0]; }\n";
    sh::write_file(&source, text)?;
    let other = archive.display().to_string();
    // Whichever archive comes first must not matter.
    let mut after = installed.static_libs.clone();
    after.push(other.clone());
    let mut before = vec![other];
    before.extend(installed.static_libs.clone());
    build_and_run(installed, dir, &source, &after)?;
    build_and_run(installed, dir, &source, &before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out() {
        assert_eq!(without_comments("a /* b */ c /* d"), "a  c ");
    }
}
