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

use super::headers::knows;
use super::report::Report;
use super::{Installed, Link, levels};
use crate::sh::{self, Result};
use crate::tools;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program that runs longer than this hangs.
const SECONDS: &str = "600";

/// One way of building the programs of a language.
struct Compiler {
    name: String,
    program: String,
    flags: Vec<String>,
    /// What is linked besides the program: the Fortran module's object.
    objects: Vec<PathBuf>,
    /// The first compiler of a language runs the whole matrix, the others give a second opinion.
    main: bool,
}

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

fn c_compilers() -> Vec<Compiler> {
    // A test need not use every helper of a header that it shares with others.
    let flags =
        ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-pthread"];
    let second = tools::newest("clang");
    [Some("gcc".to_string()), second].into_iter().flatten().map(|name| Compiler::new(&name, &flags)).collect()
}

fn cxx_compilers(dir: &Path) -> Vec<Compiler> {
    let flags = ["-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread"];
    let with = |program: &str, standard: &str, more: &[&str]| {
        let mut compiler = Compiler::new(program, &flags);
        compiler.name = format!("{program} {standard}");
        compiler.flags.push(format!("-std={standard}"));
        compiler.flags.extend(more.iter().map(ToString::to_string));
        compiler
    };
    let newest = |program: &str| {
        let standards = ["c++26", "c++2c", "c++23", "c++2b", "c++20"];
        standards.into_iter().find(|standard| knows(program, standard, dir, true)).unwrap_or("c++17")
    };
    let mut compilers = vec![with("g++", "c++17", &[])];
    let standard = newest("g++");
    let mut second = with("g++", standard, &[]);
    second.main = false;
    compilers.push(second);
    if let Some(clang) = tools::newest("clang++") {
        let standard = newest(&clang);
        // LLVM's own standard library has std::mdspan before GNU's.
        let own = ["-stdlib=libc++".to_string(), format!("-std={standard}")];
        let library: &[&str] = if has_mdspan(&clang, &own, dir) { &["-stdlib=libc++"] } else { &[] };
        compilers.push(with(&clang, standard, library));
    }
    compilers
}

fn has_mdspan(compiler: &str, flags: &[String], dir: &Path) -> bool {
    let path = dir.join("mdspan.cpp");
    let text = "#include <mdspan>\nint main() { std::mdspan<int, std::dims<2>> m; return (int)m.size(); }\n";
    let mut command = sh::command(compiler, flags);
    command.arg(&path).arg("-o").arg(dir.join("mdspan"));
    sh::write_file(&path, text).is_ok()
        && sh::output(&mut command).is_ok_and(|output| output.status.success())
}

/// gfortran, and flang where it is installed, each with the module compiled by itself.
fn fortran_compilers(installed: &Installed, dir: &Path) -> Result<Vec<Compiler>> {
    let flang = tools::newest("flang").or_else(|| tools::newest("flang-new"));
    let mut compilers = Vec::new();
    for program in [Some("gfortran".to_string()), flang].into_iter().flatten() {
        let modules = dir.join(format!("modules-{program}"));
        sh::make_dir(&modules)?;
        let flags: &[&str] =
            if program == "gfortran" { &["-O1", "-g", "-Wall", "-std=f2018"] } else { &["-O1", "-g"] };
        let mut compiler = Compiler::new(&program, flags);
        compiler.flags.push(format!("-I{}", modules.display()));
        let object = modules.join("strided.o");
        let mut compile = sh::command(&program, &compiler.flags);
        compile.args(&installed.cflags).arg("-c").arg(installed.include.join("strided.F90"));
        sh::read(compile.arg("-o").arg(&object).current_dir(&modules))?;
        compiler.objects.push(object);
        compilers.push(compiler);
    }
    Ok(compilers)
}

impl Compiler {
    fn new(program: &str, flags: &[&str]) -> Compiler {
        Compiler {
            name: program.to_string(),
            program: program.to_string(),
            flags: flags.iter().map(ToString::to_string).collect(),
            objects: Vec::new(),
            main: matches!(program, "gcc" | "g++" | "gfortran"),
        }
    }

    fn build(&self, installed: &Installed, sources: &[PathBuf], link: Link, program: &Path) -> Result<()> {
        let mut command = sh::command(&self.program, &self.flags);
        command.args(&installed.cflags).args(sources).args(&self.objects);
        command.args(installed.link(link)).arg("-lm").arg("-o").arg(program);
        if let Some(dir) = self.objects.first().and_then(|object| object.parent()) {
            command.current_dir(dir);
        }
        sh::read(&mut command).map(|_| ())
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
    let programs = programs(&sh::root().join("ffi-tests").join(folder), extensions);
    if programs.is_empty() {
        report.check(&format!("ffi-tests/{folder}"), Err("there is no test program".to_string()));
    }
    for sources in &programs {
        for compiler in compilers {
            program(report, installed, compiler, sources, folder, dir);
        }
    }
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

/// Builds one program with one compiler and runs it.
fn program(
    report: &mut Report,
    installed: &Installed,
    compiler: &Compiler,
    sources: &[PathBuf],
    folder: &str,
    dir: &Path,
) {
    let path = if let [source] = sources { source.as_path() } else { sources[0].parent().unwrap_or(dir) };
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let links: &[Link] = if compiler.main { &[Link::Shared, Link::Static] } else { &[Link::Shared] };
    for link in links {
        let name = format!("{folder}/{stem}, {}, {}", compiler.name, link.name());
        let binary = dir.join(format!("{folder}-{stem}-{}-{}", compiler.name.replace(' ', "-"), link.name()));
        if let Err(error) = compiler.build(installed, sources, *link, &binary) {
            report.check(&format!("{name}: build"), Err(error));
            continue;
        }
        let levels = if compiler.main { levels() } else { vec![None] };
        for level in levels {
            let name = format!("{name}{}", level.map(|level| format!(", {level}")).unwrap_or_default());
            report.program(&name, &mut run(installed, &binary, level, &[]));
            if folder == "c" && compiler.main && *link == Link::Shared {
                valgrind(report, installed, &sources[0], &binary, level, &name);
            }
        }
    }
}

/// Once more under valgrind: its verdict is one test, what the program itself counts was counted before.
fn valgrind(
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
    report.run(&name, &mut run(installed, binary, level, &words));
}

fn run(installed: &Installed, binary: &Path, level: Option<&str>, before: &[&str]) -> Command {
    let mut command = sh::command("timeout", [SECONDS]);
    command.args(before).arg(binary);
    command.env("STRIDED_SO", installed.shared_library());
    match level {
        Some(level) => command.env("STRIDED_SIMD", level),
        None => command.env_remove("STRIDED_SIMD"),
    };
    command
}
