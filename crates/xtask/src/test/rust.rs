//! The Rust side: formatting, lints, documentation, tests, and the arrows between the crates.

use super::report::Report;
use crate::sh::{self, Result};
use std::collections::BTreeSet;

/// Which packages each crate may depend on. Arrows point down only, and every crate stays useful by itself; a new arrow
/// is a decision about the design, to be taken here.
const ARROWS: &[(&str, &[&str])] = &[
    ("libstrided-alloc", &["libc"]),
    ("libstrided-layout", &[]),
    ("libstrided-view", &["libstrided-alloc", "libstrided-layout"]),
    ("libstrided-kernels", &["libstrided-layout", "pulp", "aligned-vec"]),
    ("libstrided", &["libstrided-view", "libstrided-kernels", "libc"]),
    ("libstrided-capi", &["libstrided"]),
];

pub(super) fn test(report: &mut Report) {
    report.section("Rust: formatting, arrows, lints, documentation");
    report.run("cargo fmt --check", &mut sh::cargo(&["fmt", "--all", "--check"]));
    for (package, allowed) in ARROWS {
        report.check(&format!("arrows of {package}"), arrows(package, allowed));
    }
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    report.run("cargo clippy", &mut sh::cargo(&clippy));
    let mut doc = sh::cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--locked"]);
    report.run("cargo doc", doc.env("RUSTDOCFLAGS", "-D warnings"));

    report.section("Rust: tests");
    let mut cargo = sh::cargo(&["test", "--quiet", "--workspace", "--locked", "--no-fail-fast"]);
    report.cargo("cargo test", &mut cargo);
}

/// The tests of the kernels once more, with all that the standard library asserts of pointers: what the profile leaves out, as it doubles
/// the time that the kernels take to compile.
pub(super) fn assertions(report: &mut Report) {
    report.section("Rust: kernels with the assertions of the standard library");
    let profile = "profile.dev.package.libstrided-kernels.debug-assertions=true";
    let words =
        ["test", "--quiet", "--package", "libstrided-kernels", "--lib", "--locked", "--config", profile];
    report.cargo("cargo test, kernels with assertions", &mut sh::cargo(&words));
}

/// The normal dependencies of a package, on every target, are within the allowed ones.
fn arrows(package: &str, allowed: &[&str]) -> Result<()> {
    let words = ["tree", "--package", package, "--edges", "normal", "--depth", "1", "--prefix", "none"];
    let mut tree = sh::cargo(&words);
    tree.args(["--target", "all", "--all-features", "--locked", "--format", "{p}"]);
    let text = sh::read(&mut tree)?;
    let found: BTreeSet<&str> = text.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    let extra: Vec<&str> = found.into_iter().filter(|name| !allowed.contains(name)).collect();
    if extra.is_empty() {
        Ok(())
    } else {
        Err(format!("{package} may depend on {allowed:?}, not on {extra:?}"))
    }
}
