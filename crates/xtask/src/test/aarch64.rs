//! The library on aarch64, emulated: the Rust tests of every layer and the C programs, with NEON kernels.
//!
//! Runs when it is named (`cargo xtask test aarch64`), not with everything else: compiling all kernels once more and running
//! them in an emulator takes longer than all other parts together. What it needs besides the other parts is a C compiler for
//! aarch64, qemu's user emulation, and a Rust compiler that has the standard library of aarch64: the one in use where
//! `rustup target add aarch64-unknown-linux-gnu` was run, or else Debian's, unpacked under `target/` and not installed.

use super::report::Report;
use crate::sh::{self, Result};
use crate::tools;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "aarch64-unknown-linux-gnu";
const GCC: &str = "aarch64-linux-gnu-gcc";
const QEMU: [&str; 3] = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"];

/// The crates whose tests run, all but the one that only passes on what C gives it.
const CRATES: &[&str] =
    &["libstrided-layout", "libstrided-alloc", "libstrided-view", "libstrided-kernels", "libstrided"];

/// Debian's packages of a Rust compiler as new as ours, and of the standard libraries of this machine, for build scripts, and of
/// aarch64. They can not be installed beside rustup.
const DEBIAN: &[&str] =
    &["rustc-web", "libstd-rust-web-1.96", "libllvm22", "libstd-rust-web-dev", "libstd-rust-web-dev:arm64"];

/// Seconds that one C program may take.
const SECONDS: &str = "1800";

pub(super) fn test(report: &mut Report) {
    report.section("aarch64, emulated");
    let toolchain = tools::ensure(tools::AARCH64).and_then(|()| Toolchain::find());
    let toolchain = match toolchain {
        Ok(toolchain) => toolchain,
        Err(error) => return report.check("tools for aarch64", Err(error)),
    };
    for name in CRATES {
        let mut cargo = toolchain.cargo(&["test", "--quiet", "--lib", "--tests", "--package", name]);
        report.cargo(&format!("{name}, aarch64"), &mut cargo);
    }
    match toolchain.library() {
        Err(error) => report.check("libstrided.a for aarch64", Err(error)),
        Ok(archive) => programs(report, &archive),
    }
}

/// The C programs, with the static library. They are told of the emulator, which does not keep to limits of memory.
fn programs(report: &mut Report, archive: &Path) {
    let root = sh::root();
    for source in sh::files_with(&root.join("ffi-tests").join("c"), &["c"]) {
        let stem = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let program = dir().join(&stem);
        let mut gcc = sh::command(GCC, ["-std=c11", "-O1", "-I"]);
        gcc.arg(root.join("include")).arg("-o").arg(&program).arg(&source).arg(archive);
        gcc.args(sh::words(crate::install::LIBS_PRIVATE));
        if let Err(error) = sh::read(&mut gcc) {
            report.check(&format!("c/{stem}, aarch64: build"), Err(error));
            continue;
        }
        let mut run = sh::command("timeout", [SECONDS]);
        run.args(QEMU).arg(&program).env("STRIDED_EMULATED", "1");
        report.program(&format!("c/{stem}, aarch64"), &mut run);
    }
}

/// Where all that is made for aarch64 lies.
fn dir() -> PathBuf {
    sh::target().join("aarch64")
}

/// A compiler that has the standard library of aarch64.
struct Toolchain {
    /// `None` is the one in use.
    rustc: Option<PathBuf>,
}

impl Toolchain {
    fn find() -> Result<Toolchain> {
        let words = ["--print", "target-libdir", "--target", TARGET];
        let libraries = sh::read(&mut sh::command("rustc", words))?;
        if Path::new(libraries.trim()).is_dir() {
            return Ok(Toolchain { rustc: None });
        }
        let by_hand = format!("rustup target add {TARGET}");
        let unpacked = unpack().map_err(|error| format!("{by_hand}\n(Debian's compiler instead: {error})"));
        Ok(Toolchain { rustc: Some(unpacked?) })
    }

    fn cargo(&self, words: &[&str]) -> Command {
        let mut cargo = sh::cargo(words);
        cargo.args(["--locked", "--target", TARGET]);
        cargo.env("CARGO_TARGET_DIR", dir().join("build"));
        cargo.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", GCC);
        cargo.env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", QEMU.join(" "));
        if let Some(rustc) = &self.rustc {
            cargo.env("RUSTC", rustc);
        }
        cargo
    }

    /// Builds the static library.
    fn library(&self) -> Result<PathBuf> {
        let words =
            ["rustc", "--release", "--package", "libstrided-capi", "--lib", "--crate-type", "staticlib"];
        sh::run(&mut self.cargo(&words))?;
        Ok(dir().join("build").join(TARGET).join("release").join("libstrided.a"))
    }
}

/// Unpacks Debian's compiler, and returns a script that runs it from there.
fn unpack() -> Result<PathBuf> {
    let (packages, root) = (dir().join("packages"), dir().join("toolchain"));
    let script = dir().join("rustc");
    if script.exists() {
        return Ok(script);
    }
    println!("unpacking under {}, not installing: {}", root.display(), DEBIAN.join(", "));
    sh::make_empty_dir(&packages)?;
    sh::make_empty_dir(&root)?;
    sh::read(&mut sh::command("dpkg", ["--add-architecture", "arm64"]))?;
    sh::read(&mut sh::command("apt-get", ["update", "-qq"]))?;
    let mut download = sh::command("apt-get", ["download", "-qq"]);
    sh::read(download.args(DEBIAN).current_dir(&packages))?;
    for package in sh::files_with(&packages, &["deb"]) {
        sh::read(sh::command("dpkg", ["-x"]).arg(package).arg(&root))?;
    }
    let (usr, lib) = (root.join("usr"), root.join("usr/lib/x86_64-linux-gnu"));
    let rustc = usr.join("bin/rustc");
    let text = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH='{}' exec '{}' --sysroot '{}' \"$@\"\n",
        lib.display(),
        rustc.display(),
        usr.display()
    );
    sh::write_file(&script, &text)?;
    sh::read(sh::command("chmod", ["+x"]).arg(&script))?;
    Ok(script)
}
