//! `cargo xtask header`: include/strided.h from the signatures and doc comments of crates/capi, and everything that exists
//! once for each operation from the table of operations.
//!
//! cbindgen knows the types; [`polish`] makes what it writes pleasant for a C programmer. The results are committed, so
//! that nobody needs Rust to read them, and `--check` (part of `cargo xtask test`) fails when one no longer matches.
//!
//! ```text
//!   table of operations --operations--> crates/capi/src/named, C++, Fortran, documentation
//!   crates/capi/src/**.rs --cbindgen (cbindgen.toml)--> raw text --polish--> include/strided.h
//! ```

mod operations;
mod polish;

use crate::sh::{self, Result};
use std::path::{Path, PathBuf};

pub(crate) fn command(words: &[String]) -> Result<()> {
    crate::expect_options(words, &[], &["--check"])?;
    if words.iter().any(|word| word == "--check") {
        return check();
    }
    // The header comes last: it is made from files that come from the table.
    for (path, text) in operations::files() {
        write(&path, &text)?;
    }
    write(Path::new(HEADER), &generate()?)
}

const HEADER: &str = "include/strided.h";

fn write(path: &Path, text: &str) -> Result<()> {
    let whole = sh::root().join(path);
    whole.parent().map_or(Ok(()), sh::make_dir)?;
    if !whole.exists() || sh::read_file(&whole)? != text {
        sh::write_file(&whole, text)?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// Fails, with the difference, when a committed file is not what the sources say.
pub(crate) fn check() -> Result<()> {
    for (path, text) in operations::files() {
        compare(&path, &text)?;
    }
    compare(Path::new(HEADER), &generate()?)
}

fn compare(path: &Path, fresh: &str) -> Result<()> {
    let whole = sh::root().join(path);
    if whole.exists() && sh::read_file(&whole)? == fresh {
        return Ok(());
    }
    let copy = sh::target().join("generated");
    sh::make_dir(&sh::target())?;
    sh::write_file(&copy, fresh)?;
    let shown = sh::both(&sh::output(sh::command("diff", ["-u"]).arg(path).arg(&copy))?);
    Err(format!("{} is out of date; run 'cargo xtask header' and commit it\n{shown}", path.display()))
}

fn generate() -> Result<String> {
    let capi = sh::root().join("crates").join("capi");
    let mut config = cbindgen::Config::from_file(sh::root().join("cbindgen.toml"))?;
    config.after_includes = Some(preamble());
    let bindings = cbindgen::Builder::new()
        .with_config(config)
        .with_crate(&capi)
        .generate()
        .map_err(|error| format!("cbindgen: {error}"))?;
    let mut raw = Vec::new();
    bindings.write(&mut raw);
    let raw = String::from_utf8(raw).map_err(|error| format!("cbindgen: {error}"))?;
    Ok(polish::polish(&raw, &sources(&capi.join("src"))?))
}

/// The texts of the sources, folders included, in the order in which the page of lib.rs introduces the modules.
fn sources(dir: &Path) -> Result<Vec<String>> {
    let page = sh::read_file(&dir.join("lib.rs"))?;
    let place = |path: &PathBuf| {
        let module = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let named =
            |line: &str| line.strip_prefix("//!   ").and_then(|rest| rest.split(' ').next()) == Some(&module);
        page.lines().position(named).unwrap_or(usize::MAX)
    };
    let mut files = sh::files_with(dir, &["rs"]);
    files.extend(sh::files_with(&dir.join("named"), &["rs"]));
    files.sort_by_key(place);
    files.iter().map(|path| sh::read_file(path)).collect()
}

/// The version macros and the attribute hook, which no Rust item stands for.
fn preamble() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut numbers = version.split('.');
    let mut next = || numbers.next().unwrap_or("0");
    format!(
        "
/** The version of this header; strided_version() tells that of the library. */
#define STRIDED_VERSION_MAJOR {}
#define STRIDED_VERSION_MINOR {}
#define STRIDED_VERSION_PATCH {}

/** Stands before every declaration; define it before the include to add an attribute of your own. */
#ifndef STRIDED_API
#define STRIDED_API
#endif",
        next(),
        next(),
        next()
    )
}
