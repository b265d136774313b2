//! The Rust side: formatting, lints, documentation, tests, and the arrows between the crates.

use super::report::Report;
use crate::sh::{self, Result};
use std::collections::BTreeSet;
use std::process::Command;

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
    // The kernels, some thousand loops, are most of what there is to compile. Their tests are a build of them with checked sums; what is
    // above them is tested with the build that is installed.
    let mut below = sh::cargo(&["test", "--quiet", "--workspace", "--locked", "--no-fail-fast"]);
    for package in ABOVE.iter().chain(&["libstrided-kernels"]) {
        below.args(["--exclude", package]);
    }
    report.cargo("cargo test, all but the kernels and what needs them", &mut below);
    let kernels = ["test", "--quiet", "--package", "libstrided-kernels", "--lib", "--locked"];
    report.cargo("cargo test, kernels", &mut sh::cargo(&kernels));
}

/// The packages that are built on the kernels.
const ABOVE: &[&str] = &["libstrided", "libstrided-capi"];

/// The tests of these, and the examples of the kernels' documentation.
pub(super) fn above(report: &mut Report) {
    report.section("Rust: tests with the kernels as they are installed");
    report.cargo("cargo test, what needs the kernels", &mut tests_above(&["--no-fail-fast"]));
    let doc = ["test", "--quiet", "--release", "--locked", "--doc", "--package", "libstrided-kernels"];
    report.cargo("cargo test, examples of the kernels", &mut sh::cargo(&doc));
}

/// Runs these tests, with checked sums and assertions above the kernels; builds the examples, too.
pub(super) fn tests_above(words: &[&str]) -> Command {
    let mut cargo = sh::cargo(&["test", "--quiet", "--release", "--locked"]);
    cargo.args(words);
    for package in ABOVE {
        cargo.args(["--package", package]);
        for setting in ["debug-assertions=true", "overflow-checks=true", "opt-level=1"] {
            cargo.args(["--config", &format!("profile.release.package.{package}.{setting}")]);
        }
    }
    cargo
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
