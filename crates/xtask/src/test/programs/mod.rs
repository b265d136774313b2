//! The test programs of ffi-tests, built as a user would build them and run in every way that matters.
//!
//! ```text
//!   c/*.c             gcc shared + static at each SIMD level, each level under valgrind; clang shared
//!   cpp/*.cpp         g++ (C++17) shared + static at each level; the newest standard of g++ and clang++ shared
//!   fortran/*.f90     gfortran shared + static at each level; flang shared, where it is installed
//! ```
//!
//! A folder that holds sources is one program of several translation units. A program says how many tests it ran on its last line (`N passed, M failed, K skipped`), or by lines `ok` and
//! `not ok`. A file asks for an exception with a comment `xtask: no-valgrind`, with the reason behind it.

mod compilers;

use super::report::{Report, Run};
use super::{Installed, Link, levels};
use crate::sh;
use compilers::{Compiler, c_compilers, cxx_compilers, fortran_compilers};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that runs longer than this hangs.
const SECONDS: &str = "600";

pub(super) fn test(report: &mut Report, installed: &Installed) {
    let dir = sh::target().join("ffi");
    if let Err(error) = sh::make_empty_dir(&dir) {
        return report.check("test programs", Err(error));
    }
    report.section("test programs in C");
    language(report, installed, "c", &["c"], &c_compilers(), &dir);
    report.section("test programs in C++");
    language(report, installed, "cpp", &["cpp"], &cxx_compilers(&dir), &dir);
    report.section("test programs in Fortran");
    match fortran_compilers(installed, &dir) {
        Ok(compilers) => language(report, installed, "fortran", &["f90", "F90"], &compilers, &dir),
        Err(error) => report.check("strided.F90", Err(error)),
    }
}

/// A program to be built with one compiler.
struct Job<'a> {
    compiler: &'a Compiler,
    sources: Vec<PathBuf>,
    name: String,
    /// Where the linked programs go; their extension says how they were linked.
    base: PathBuf,
}

impl Job<'_> {
    fn links(&self) -> &'static [Link] {
        if self.compiler.main { &[Link::Shared, Link::Static] } else { &[Link::Shared] }
    }
}

fn language(
    report: &mut Report,
    installed: &Installed,
    folder: &str,
    extensions: &[&str],
    compilers: &[Compiler],
    dir: &Path,
) {
    let mut jobs = Vec::new();
    for sources in programs(&sh::root().join("ffi-tests").join(folder), extensions) {
        let path = if let [source] = &sources[..] { source } else { sources[0].parent().unwrap_or(dir) };
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for compiler in compilers {
            let base = dir.join(format!("{folder}-{stem}-{}", compiler.name.replace([' ', '.'], "-")));
            let name = format!("{folder}/{stem}, {}", compiler.name);
            jobs.push(Job { compiler, sources: sources.clone(), name, base });
        }
    }
    if jobs.is_empty() {
        report.check(&format!("ffi-tests/{folder}"), Err("there is no test program".to_string()));
    }
    let built = sh::on_all_cores(jobs.iter().collect(), |job: &Job<'_>| {
        job.compiler.build(installed, &job.sources, job.links(), &job.base)
    });
    let mut runs = Vec::new();
    for (job, built) in jobs.iter().zip(built) {
        match built {
            Ok(programs) => {
                for (link, program) in job.links().iter().zip(&programs) {
                    plan_runs(&mut runs, report, installed, job, folder, *link, program);
                }
            }
            Err(error) => report.check(&format!("{}: build", job.name), Err(error)),
        }
    }
    report.runs(runs);
}

/// The sources of each program: a file is one, a folder with sources is one.
fn programs(dir: &Path, extensions: &[&str]) -> Vec<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    let folders =
        folders.iter().map(|folder| sh::files_with(folder, extensions)).filter(|sources| !sources.is_empty());
    sh::files_with(dir, extensions).into_iter().map(|source| vec![source]).chain(folders).collect()
}

/// One program at each SIMD level.
fn plan_runs(
    runs: &mut Vec<Run>,
    report: &mut Report,
    installed: &Installed,
    job: &Job<'_>,
    folder: &str,
    link: Link,
    program: &Path,
) {
    let levels = if job.compiler.main { levels() } else { vec![None] };
    for level in levels {
        let name = format!("{}, {}", job.name, link.name());
        let name = format!("{name}{}", level.map(|level| format!(", {level}")).unwrap_or_default());
        let command = run(installed, program, level, &[]);
        runs.push(Run { name: name.clone(), command, counts: true });
        if folder == "c" && job.compiler.main && link == Link::Shared {
            valgrind(runs, report, installed, &job.sources[0], program, level, &name);
        }
    }
}

/// Once more under valgrind: its verdict is one test, what the program itself counts was counted before.
fn valgrind(
    runs: &mut Vec<Run>,
    report: &mut Report,
    installed: &Installed,
    source: &Path,
    binary: &Path,
    level: Option<&str>,
    name: &str,
) {
    let name = format!("{name}, valgrind");
    let text = sh::read_file(source).unwrap_or_default();
    if let Some((_, reason)) = text.split_once("xtask: no-valgrind") {
        return report.skip(&name, reason.lines().next().unwrap_or_default().trim_end_matches("*/").trim());
    }
    let words = ["valgrind", "-q", "--leak-check=full", "--error-exitcode=99", "--num-callers=30"];
    runs.push(Run { name, command: run(installed, binary, level, &words), counts: false });
}

/// The run of a program in a folder of its own: some write files where they are, and several run at once.
fn run(installed: &Installed, binary: &Path, level: Option<&str>, before: &[&str]) -> Command {
    let mut folder = binary.as_os_str().to_os_string();
    folder.push(format!("-{}{}", level.unwrap_or("own"), if before.is_empty() { "" } else { "-valgrind" }));
    let mut command = sh::command("timeout", [SECONDS]);
    command.args(before).arg(binary);
    // Where the folder can not be made the command does not start, and says why.
    let _ = sh::make_dir(Path::new(&folder));
    command.current_dir(&folder);
    command.env("STRIDED_SO", installed.shared_library());
    match level {
        Some(level) => command.env("STRIDED_SIMD", level),
        None => command.env_remove("STRIDED_SIMD"),
    };
    command
}
