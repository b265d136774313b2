//! `cargo xtask header`: include/strided.h from the signatures and doc comments of crates/capi.
//!
//! cbindgen knows the types; [`polish`] makes what it writes pleasant for a C programmer. The result is committed, so
//! that nobody needs Rust to read it, and `--check` (part of `cargo xtask test`) fails when it no longer matches.
//!
//! ```text
//!   crates/capi/src/*.rs --cbindgen (cbindgen.toml)--> raw text --polish--> include/strided.h
//! ```

mod polish;

use crate::sh::{self, Result};
use std::path::{Path, PathBuf};

pub(crate) fn command(words: &[String]) -> Result<()> {
    crate::expect_options(words, &[], &["--check"])?;
    if words.iter().any(|word| word == "--check") {
        return check();
    }
    sh::make_dir(&sh::root().join("include"))?;
    sh::write_file(&path(), &generate()?)?;
    println!("wrote {}", path().display());
    Ok(())
}

/// Fails, with the difference, when the committed header is not what the sources say.
pub(crate) fn check() -> Result<()> {
    let fresh = generate()?;
    if path().exists() && sh::read_file(&path())? == fresh {
        return Ok(());
    }
    let copy = sh::target().join("strided.h");
    sh::make_dir(&sh::target())?;
    sh::write_file(&copy, &fresh)?;
    let mut diff = sh::command("diff", ["-u", "include/strided.h"]);
    diff.arg(&copy);
    let shown = sh::both(&sh::output(&mut diff)?);
    Err(format!("include/strided.h is out of date; run 'cargo xtask header' and commit it\n{shown}"))
}

fn path() -> PathBuf {
    sh::root().join("include").join("strided.h")
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

/// The texts of the sources, in the order in which the page of lib.rs introduces the modules.
fn sources(dir: &Path) -> Result<Vec<String>> {
    let page = sh::read_file(&dir.join("lib.rs"))?;
    let place = |path: &PathBuf| {
        let module = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let named =
            |line: &str| line.strip_prefix("//!   ").and_then(|rest| rest.split(' ').next()) == Some(&module);
        page.lines().position(named).unwrap_or(usize::MAX)
    };
    let mut files = sh::files_with(dir, &["rs"]);
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
