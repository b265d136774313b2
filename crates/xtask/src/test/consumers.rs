//! What a user starts from: the CMake package, the examples, and the code in the README.

use super::report::Report;
use super::{Installed, Link, rust};
use crate::sh::{self, Result};
use std::path::Path;

pub(super) fn test(report: &mut Report, installed: &Installed) {
    report.section("consumers: CMake, examples, README");
    let dir = sh::target().join("consumers");
    if let Err(error) = sh::make_empty_dir(&dir) {
        return report.check("consumers", Err(error));
    }
    report.check("find_package(strided) after the prefix was moved", cmake(installed, &dir));
    for link in [Link::Shared, Link::Static] {
        let hello = [("gcc", "c/hello.c", "-std=c99"), ("g++", "cpp/hello.cpp", "-std=c++17")];
        for (compiler, source, standard) in hello {
            let name = format!("examples/{source}, {}", link.name());
            report.check(&name, example(installed, link, &dir, compiler, source, standard));
        }
        let name = format!("examples/fortran/hello.f90, {}", link.name());
        report.check(&name, fortran_example(installed, link, &dir));
    }
    report.check("examples/rust/hello.rs", rust_example());
    report.check("the README shows the examples as they are", readme());
}

/// The example project of examples/cmake against a copy of the prefix, with both imported targets.
fn cmake(installed: &Installed, dir: &Path) -> Result<()> {
    let moved = dir.join("moved prefix");
    sh::read(sh::command("cp", ["-a"]).arg(&installed.prefix).arg(&moved))?;
    let build = dir.join("cmake");
    let mut configure = sh::command("cmake", ["-S", "examples/cmake", "-B"]);
    configure.arg(&build).arg(format!("-DCMAKE_PREFIX_PATH={}", moved.display()));
    sh::read(&mut configure)?;
    sh::read(sh::command("cmake", ["--build"]).arg(&build))?;
    for program in ["hello_shared", "hello_static", "hello_cpp", "hello_fortran"] {
        run(&build.join(program))?;
    }
    Ok(())
}

fn example(
    installed: &Installed,
    link: Link,
    dir: &Path,
    compiler: &str,
    source: &str,
    standard: &str,
) -> Result<()> {
    let program = dir.join(source.replace('/', "-")).with_extension(link.name());
    let mut command = sh::command(compiler, ["-Wall", "-Wextra", "-Werror", standard]);
    command.args(&installed.cflags).arg(sh::root().join("examples").join(source));
    sh::read(command.args(installed.link(link)).arg("-o").arg(&program))?;
    run(&program)
}

/// The module's source and the program in one command, as the README says.
fn fortran_example(installed: &Installed, link: Link, dir: &Path) -> Result<()> {
    let program = dir.join("fortran-hello").with_extension(link.name());
    let mut command = sh::command("gfortran", ["-Wall"]);
    command.current_dir(dir).args(&installed.cflags).arg(installed.include.join("strided.F90"));
    command.arg(sh::root().join("examples/fortran/hello.f90"));
    sh::read(command.args(installed.link(link)).arg("-o").arg(&program))?;
    run(&program)
}

/// `cargo test` builds examples with the tests; `cargo run` would compile the kernels once more, with other features of
/// what they depend on.
fn rust_example() -> Result<()> {
    sh::read(&mut rust::tests_above(&["--no-run"]))?;
    run(&sh::target().join("release").join("examples").join("hello"))
}

fn run(program: &Path) -> Result<()> {
    sh::read(sh::command("timeout", ["60"]).arg(program)).map(|_| ())
}

/// Every code block of the README that follows a comment `<!-- path -->` is that file, word for word.
fn readme() -> Result<()> {
    let text = sh::read_file(&sh::root().join("README.md"))?;
    let mut shown = 0;
    for part in text.split("<!-- ").skip(1) {
        let Some((path, rest)) = part.split_once(" -->\n```") else {
            continue;
        };
        let Some((_, block)) = rest.split_once('\n') else {
            continue;
        };
        let Some((block, _)) = block.split_once("```") else {
            continue;
        };
        let file = sh::read_file(&sh::root().join(path))?;
        if file != block {
            return Err(format!("the README's block and {path} differ"));
        }
        shown += 1;
    }
    if shown >= 4 { Ok(()) } else { Err(format!("the README shows {shown} examples, not one per language")) }
}
