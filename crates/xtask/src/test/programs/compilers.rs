//! The compilers of each language, and how a test program is built with one of them.

use super::super::headers::knows;
use super::super::{Installed, Link};
use crate::sh::{self, Result};
use crate::tools;
use std::path::{Path, PathBuf};

/// One way of building the programs of a language.
pub(super) struct Compiler {
    pub(super) name: String,
    program: String,
    flags: Vec<String>,
    /// What is linked besides the program: the Fortran module's object.
    objects: Vec<PathBuf>,
    /// The first compiler of a language runs the whole matrix, the others give a second opinion.
    pub(super) main: bool,
}

pub(super) fn c_compilers() -> Vec<Compiler> {
    // A test need not use every helper of a header that it shares with others.
    let flags =
        ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-pthread"];
    let second = tools::newest("clang");
    [Some("gcc".to_string()), second].into_iter().flatten().map(|name| Compiler::new(&name, &flags)).collect()
}

pub(super) fn cxx_compilers(dir: &Path) -> Vec<Compiler> {
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
pub(super) fn fortran_compilers(installed: &Installed, dir: &Path) -> Result<Vec<Compiler>> {
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

    /// Compiles the sources once and links them in each way; returns the programs in the order of `links`.
    pub(super) fn build(
        &self,
        installed: &Installed,
        sources: &[PathBuf],
        links: &[Link],
        base: &Path,
    ) -> Result<Vec<PathBuf>> {
        // Fortran compilers write module files where they run: each program gets a folder of its own.
        let dir = base.with_extension("build");
        sh::make_dir(&dir)?;
        let mut objects = Vec::new();
        for source in sources {
            let object = dir.join(source.with_extension("o").file_name().unwrap_or_default());
            let mut compile = sh::command(&self.program, &self.flags);
            compile.args(&installed.cflags).arg("-c").arg(source).arg("-o").arg(&object);
            sh::read(compile.current_dir(&dir))?;
            objects.push(object);
        }
        let mut programs = Vec::new();
        for link in links {
            let program = base.with_extension(link.name());
            let mut command = sh::command(&self.program, &self.flags);
            command.args(&objects).args(&self.objects).args(installed.link(*link)).arg("-lm");
            sh::read(command.arg("-o").arg(&program))?;
            programs.push(program);
        }
        Ok(programs)
    }
}
