//! Which programs are needed, and how to get them.
//!
//! A test that is skipped because a compiler is missing looks green and proves nothing. So a missing tool is installed
//! where this is possible (apt, as root), and otherwise the run stops with the command that a person has to type.

use crate::sh::{self, Result};

/// A program, the Debian packages that bring it, and how to see that it is there.
#[derive(Clone, Copy)]
pub(crate) struct Tool {
    name: &'static str,
    packages: &'static [&'static str],
    present: fn() -> bool,
}

const CC: Tool =
    Tool { name: "C compiler and linker", packages: &["gcc", "libc6-dev"], present: || sh::found("gcc") };
const BINUTILS: Tool = Tool {
    name: "ld, nm, objcopy",
    packages: &["binutils"],
    present: || ["ld", "nm", "objcopy", "objdump"].iter().all(|program| sh::found(program)),
};
const CXX: Tool = Tool { name: "C++ compiler", packages: &["g++"], present: || sh::found("g++") };
const FORTRAN: Tool =
    Tool { name: "Fortran compiler", packages: &["gfortran"], present: || sh::found("gfortran") };
const PKG_CONFIG: Tool =
    Tool { name: "pkg-config", packages: &["pkg-config"], present: || sh::found("pkg-config") };
const CMAKE: Tool =
    Tool { name: "CMake", packages: &["cmake", "make"], present: || sh::found("cmake") && sh::found("make") };
const VALGRIND: Tool = Tool { name: "valgrind", packages: &["valgrind"], present: || sh::found("valgrind") };
const DIFF: Tool = Tool { name: "diff", packages: &["diffutils"], present: || sh::found("diff") };
const PYTHON: Tool = Tool {
    name: "Python with venv",
    packages: &["python3", "python3-venv"],
    present: || {
        let mut probe = sh::command("python3", ["-c", "import venv, ensurepip"]);
        sh::output(&mut probe).is_ok_and(|output| output.status.success())
    },
};

/// What the build and the installation need.
pub(crate) const BUILD: &[Tool] = &[CC, BINUTILS];
/// What the demo needs.
pub(crate) const DEMO: &[Tool] = &[CC, BINUTILS, CXX, FORTRAN, PKG_CONFIG];
/// What the comparison needs.
pub(crate) const COMPARE: &[Tool] = &[CC, BINUTILS, PYTHON];
/// What the tests need.
pub(crate) const ALL: &[Tool] = &[CC, BINUTILS, CXX, FORTRAN, PKG_CONFIG, CMAKE, VALGRIND, DIFF, PYTHON];

/// What the tests on an emulated aarch64 need besides.
pub(crate) const AARCH64: &[Tool] = &[
    Tool {
        name: "C compiler for aarch64",
        packages: &["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
        present: || sh::found("aarch64-linux-gnu-gcc"),
    },
    Tool { name: "qemu-aarch64", packages: &["qemu-user"], present: || sh::found("qemu-aarch64") },
];

/// Makes sure that all of `tools` are there: installs the missing ones, or says how.
pub(crate) fn ensure(tools: &[Tool]) -> Result<()> {
    let missing: Vec<Tool> = tools.iter().copied().filter(|tool| !(tool.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|tool| tool.packages.iter().copied()).collect();
    let names: Vec<&str> = missing.iter().map(|tool| tool.name).collect();
    let by_hand =
        format!("apt-get update && apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !(sh::found("apt-get") && is_root()) {
        return Err(format!("missing: {}\nOn Debian or Ubuntu:\n  sudo sh -c '{by_hand}'", names.join(", ")));
    }
    println!("missing: {}", names.join(", "));
    println!("installing from the distribution: {}", packages.join(" "));
    apt(&["update", "-qq"])?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(&packages);
    apt(&words)?;
    match missing.iter().find(|tool| !(tool.present)()) {
        Some(tool) => Err(format!("{} is still missing after '{by_hand}'", tool.name)),
        None => Ok(()),
    }
}

fn apt(words: &[&str]) -> Result<()> {
    let mut command = sh::command("apt-get", words);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    let output = sh::output(&mut command)?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("{} failed:\n{}", sh::show(&command), sh::both(&output)))
    }
}

fn is_root() -> bool {
    sh::read(&mut sh::command("id", ["-u"])).is_ok_and(|text| text.trim() == "0")
}

/// The newest clang (or clang++, flang) in PATH, with or without a version in its name. Never required: these are
/// second opinions on top of gcc.
pub(crate) fn newest(program: &str) -> Option<String> {
    let versioned = (14..=30).rev().map(|version| format!("{program}-{version}"));
    versioned.chain([program.to_string()]).find(|name| sh::found(name))
}
