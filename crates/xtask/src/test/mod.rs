//! `cargo xtask test`: everything that must hold before a change is taken.
//!
//! ```text
//!   (install)  into target/prefix, beside the next part; later ones take only test programs from the source tree
//!   rust       formatting, lints, documentation, unit, property and doc tests, arrows between the crates
//!   headers    every installed header in every language standard that the compilers know
//!   symbols    what the libraries export and need; linking statically and beside other Rust code
//!   vectors    whether the loops of the shared library are vector code
//!   programs   ffi-tests in C, C++ and Fortran: shared and static, at each SIMD level, under valgrind
//!   consumers  a CMake project, the examples, the README's code
//!   numpy      the same operations in NumPy and in libstrided, compared
//!   aarch64    Rust tests and C programs in an emulator; only when it is named
//! ```
//!
//! A failure does not stop the run; all are listed at the end, above one line of totals.

mod aarch64;
mod consumers;
mod headers;
mod numpy;
mod programs;
mod report;
mod rust;
mod symbols;
mod vectors;

use crate::install::{self, Libraries};
use crate::sh::{self, Result};
use crate::tools;
use report::Report;
use std::path::PathBuf;
use std::thread::{self, JoinHandle};

/// An installed library, as its users see it.
struct Installed {
    prefix: PathBuf,
    lib: PathBuf,
    include: PathBuf,
    cflags: Vec<String>,
    libs: Vec<String>,
    static_libs: Vec<String>,
}

/// The parts of a run, in their order; a person may name some of them, and has to name the last.
const PARTS: &[&str] =
    &["rust", "assertions", "headers", "symbols", "vectors", "programs", "consumers", "numpy", "aarch64"];

/// Processors from which on the part `assertions` runs with everything: on fewer it takes a quarter of an hour.
const MANY: usize = 4;

pub(crate) fn command(words: &[String]) -> Result<()> {
    crate::expect_options(words, &["--seconds"], PARTS)?;
    let seconds = match crate::option(words, "--seconds")? {
        Some(text) => text.parse().map_err(|_| format!("--seconds needs a number, not '{text}'"))?,
        None => 20,
    };
    let named: Vec<&str> =
        PARTS.iter().copied().filter(|part| words.iter().any(|word| word == part)).collect();
    let wanted = |part: &str| {
        if part == "aarch64" { named.contains(&part) } else { named.is_empty() || named.contains(&part) }
    };
    tools::ensure(tools::ALL)?;
    let mut report = Report::new();
    // The other parts need an installed library.
    let rust_alone = ["rust", "assertions", "aarch64"];
    let only_rust = !named.is_empty() && named.iter().all(|part| rust_alone.contains(part));
    // Its build shares nothing with those of the first tests, and often leaves cores idle.
    let library = (!only_rust).then(|| thread::spawn(install::into_target));
    if wanted("rust") {
        rust::test(&mut report);
    }
    let processors = thread::available_parallelism().map_or(1, |count| count.get());
    if named.contains(&"assertions") || named.is_empty() && processors >= MANY {
        rust::assertions(&mut report);
    } else if named.is_empty() {
        report.skip("kernels with assertions", "few processors; `cargo xtask test assertions` runs them");
    }
    if wanted("aarch64") {
        aarch64::test(&mut report);
    }
    let Some(library) = library else {
        if wanted("rust") {
            rust::above(&mut report);
        }
        return report.finish();
    };
    report.section("header drift and installation");
    report.check("generated files match crates/capi and the table of operations", crate::header::check());
    match installed(&mut report, library) {
        Err(error) => report.check("cargo xtask install (all that follows was not run)", Err(error)),
        Ok(installed) => {
            report.check("cargo xtask install", Ok(()));
            if wanted("rust") {
                rust::above(&mut report);
            }
            if wanted("headers") {
                headers::test(&mut report, &installed);
            }
            if wanted("symbols") {
                symbols::test(&mut report, &installed);
            }
            if wanted("vectors") {
                vectors::test(&mut report, &installed);
            }
            if wanted("programs") {
                programs::test(&mut report, &installed);
            }
            if wanted("consumers") {
                consumers::test(&mut report, &installed);
            }
            if wanted("numpy") {
                numpy::test(&mut report, &installed, seconds);
            }
        }
    }
    report.finish()
}

/// Waits for the library.
fn installed(report: &mut Report, library: JoinHandle<Result<(PathBuf, Libraries)>>) -> Result<Installed> {
    let (prefix, libraries) = library.join().map_err(|_| "the installation panicked".to_string())??;
    symbols::native_libraries(report, &libraries);
    Installed::find(prefix)
}

impl Installed {
    /// Asks pkg-config, as a user's build would.
    fn find(prefix: PathBuf) -> Result<Installed> {
        let lib = prefix.join("lib");
        let ask = |words: &[&str]| -> Result<Vec<String>> {
            let mut command = sh::command("pkg-config", words);
            command.arg("strided").env("PKG_CONFIG_PATH", lib.join("pkgconfig"));
            Ok(sh::words(&sh::read(&mut command)?))
        };
        // The archive lies beside the shared library: naming the file is how a program chooses it.
        let archive = |flag: String| {
            if flag == "-lstrided" { "-l:libstrided.a".to_string() } else { flag }
        };
        Ok(Installed {
            cflags: ask(&["--cflags"])?,
            libs: ask(&["--libs"])?,
            static_libs: ask(&["--static", "--libs"])?.into_iter().map(archive).collect(),
            include: prefix.join("include"),
            lib,
            prefix,
        })
    }

    fn shared_library(&self) -> PathBuf {
        self.lib.join(install::file_name())
    }

    fn archive(&self) -> PathBuf {
        self.lib.join("libstrided.a")
    }

    /// The linker's words for the shared library, found again at run time, or for the static one.
    fn link(&self, link: Link) -> Vec<String> {
        match link {
            Link::Static => self.static_libs.clone(),
            Link::Shared => {
                let mut words = self.libs.clone();
                words.push(format!("-Wl,-rpath,{}", self.lib.display()));
                words
            }
        }
    }
}

/// How a program takes the library in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Shared,
    Static,
}

impl Link {
    fn name(self) -> &'static str {
        match self {
            Link::Shared => "shared",
            Link::Static => "static",
        }
    }
}

/// The SIMD levels to run programs at: the CPU's own, and those below it that this CPU can play.
/// `None` leaves the choice to the library.
fn levels() -> Vec<Option<&'static str>> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut levels = vec![None, Some("baseline")];
    if cpu.contains(" avx512f ") {
        levels.push(Some("avx2"));
    }
    levels
}
