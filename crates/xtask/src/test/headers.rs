//! Every installed header, included twice, in every language standard that the compilers know, warnings as errors.

use super::Installed;
use super::report::Report;
use crate::sh::{self, Result};
use crate::tools;
use std::path::{Path, PathBuf};

const C_STANDARDS: &[&str] = &["c99", "c11", "c17", "c2x", "c23"];
const CXX_STANDARDS: &[&str] = &["c++11", "c++14", "c++17", "c++20", "c++23", "c++26"];
const STRICT: &[&str] =
    &["-pedantic", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wshadow", "-fsyntax-only"];

/// A header and the standards that it promises.
struct Header {
    name: &'static str,
    standards: &'static [&'static str],
    /// gcc brings ISO_Fortran_binding.h; clang alone does not. Without mpi.h strided_mpi.h can not be read.
    needs: Option<&'static str>,
}

const HEADERS: &[Header] = &[
    Header { name: "strided.h", standards: C_STANDARDS, needs: None },
    Header { name: "strided.h", standards: CXX_STANDARDS, needs: None },
    Header { name: "strided.hpp", standards: CXX_STANDARDS.split_at(2).1, needs: None },
    Header { name: "strided_fortran.h", standards: C_STANDARDS, needs: Some("ISO_Fortran_binding.h") },
    Header { name: "strided_mpi.h", standards: C_STANDARDS, needs: Some("mpi.h") },
];

pub(super) fn test(report: &mut Report, installed: &Installed) {
    report.section("headers");
    let dir = sh::target().join("headers");
    if let Err(error) = sh::make_empty_dir(&dir) {
        return report.check("headers", Err(error));
    }
    for header in HEADERS.iter().filter(|header| installed.include.join(header.name).exists()) {
        let cxx = header.standards[0].starts_with("c++");
        let compilers = match cxx {
            false => [Some("gcc".to_string()), tools::newest("clang")],
            true => [Some("g++".to_string()), tools::newest("clang++")],
        };
        for compiler in compilers.into_iter().flatten() {
            match header.needs {
                Some(other) if !can_include(&compiler, other, &dir) => {
                    report.skip(&format!("{} with {compiler}", header.name), &format!("it has no {other}"));
                }
                _ => standards(report, installed, header, &compiler, &dir),
            }
        }
    }
}

/// One header with one compiler, at each standard that this compiler knows.
fn standards(report: &mut Report, installed: &Installed, header: &Header, compiler: &str, dir: &Path) {
    let cxx = header.standards[0].starts_with("c++");
    let known: Vec<&str> =
        header.standards.iter().copied().filter(|standard| knows(compiler, standard, dir, cxx)).collect();
    for standard in &known {
        let outcome = includes(installed, header.name, compiler, standard, dir, cxx);
        report.check(&format!("{} with {compiler} -std={standard}", header.name), outcome);
    }
    if known.is_empty() {
        report.check(&format!("{} with {compiler}", header.name), Err("it knows no standard".to_string()));
    }
}

fn includes(
    installed: &Installed,
    header: &str,
    compiler: &str,
    standard: &str,
    dir: &Path,
    cxx: bool,
) -> Result<()> {
    let include = format!("#include \"{header}\"\n");
    let text = format!("{include}{include}int main(void) {{ return strided_version() == 0; }}\n");
    let source = source(dir, &text, cxx)?;
    let mut command = sh::command(compiler, STRICT);
    command.arg(format!("-std={standard}")).args(&installed.cflags).arg(&source);
    sh::read(&mut command).map(|_| ())
}

/// Does the compiler know this language standard?
pub(super) fn knows(compiler: &str, standard: &str, dir: &Path, cxx: bool) -> bool {
    let Ok(source) = source(dir, "int main(void) { return 0; }\n", cxx) else {
        return false;
    };
    let mut command = sh::command(compiler, ["-fsyntax-only".to_string(), format!("-std={standard}")]);
    sh::output(command.arg(&source)).is_ok_and(|output| output.status.success())
}

fn can_include(compiler: &str, header: &str, dir: &Path) -> bool {
    let Ok(source) = source(dir, &format!("#include <{header}>\n"), false) else {
        return false;
    };
    sh::output(sh::command(compiler, ["-fsyntax-only"]).arg(&source))
        .is_ok_and(|output| output.status.success())
}

fn source(dir: &Path, text: &str, cxx: bool) -> Result<PathBuf> {
    let path = dir.join(if cxx { "probe.cpp" } else { "probe.c" });
    sh::write_file(&path, text)?;
    Ok(path)
}
