//! `cargo xtask demo`: one buffer seen from Fortran, C and C++.
//!
//! The programs of examples/demo are compiled as a user would, by three compilers against the installed prefix through
//! pkg-config, and run on the elevation model in examples/data. The commands are shown as they run.

use crate::install;
use crate::sh::{self, Result};
use crate::tools;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run leaves behind.
pub(crate) struct Outcome {
    pub(crate) heights: PathBuf,
    pub(crate) shade: PathBuf,
    pub(crate) picture: PathBuf,
}

pub(crate) fn command(words: &[String]) -> Result<()> {
    crate::expect_options(words, &[], &[])?;
    tools::ensure(tools::DEMO)?;
    println!("building libstrided in release mode (the first time takes some minutes)");
    let (prefix, _) = install::into_target()?;
    println!("installed into {}\n", prefix.display());
    let dir = sh::target().join("demo");
    sh::make_empty_dir(&dir)?;
    build(&prefix, &dir, |command| {
        println!("  $ {}", sh::show_short(command));
        sh::read(command).map(|_| ())
    })?;
    println!();
    let (mut program, outcome) = program(&dir, true);
    sh::run(&mut program)?;
    println!("\nwritten:");
    println!("  {}  the field, as numpy.load reads it", outcome.heights.display());
    println!("  {}  the picture", outcome.picture.display());
    Ok(())
}

/// Compiles and links the demo in `dir`; `run` runs each command.
pub(crate) fn build(
    prefix: &Path,
    dir: &Path,
    mut run: impl FnMut(&mut Command) -> Result<()>,
) -> Result<()> {
    let ask = |what: &str| -> Result<Vec<String>> {
        let mut command = sh::command("pkg-config", [what, "strided"]);
        command.env("PKG_CONFIG_PATH", prefix.join("lib").join("pkgconfig"));
        Ok(sh::words(&sh::read(&mut command)?))
    };
    let (cflags, libs) = (ask("--cflags")?, ask("--libs")?);
    let sources = sh::root().join("examples").join("demo");
    let warnings = ["-O2", "-Wall", "-Wextra"];
    let module = prefix.join("include").join("strided.F90");

    let mut objects = Vec::new();
    let mut compile = |compiler: &str, standard: &str, source: PathBuf| -> Result<()> {
        let object = dir.join(source.with_extension("o").file_name().unwrap_or_default());
        let mut command = sh::command(compiler, [standard]);
        command.args(warnings).args(&cflags).arg("-c").arg(&source).arg("-o").arg(&object).current_dir(dir);
        objects.push(object);
        run(&mut command)
    };
    for name in ["show.c", "relief.c", "picture.c", "compare.c"] {
        compile("gcc", "-std=c99", sources.join(name))?;
    }
    compile("g++", "-std=c++17", sources.join("trend.cpp"))?;
    compile("gfortran", "-std=f2018", module)?;
    compile("gfortran", "-std=f2018", sources.join("demo.f90"))?;
    let mut link = sh::command("gfortran", objects.iter());
    link.args(&libs).arg(format!("-Wl,-rpath,{}", prefix.join("lib").display()));
    run(link.args(["-lstdc++", "-lm", "-o"]).arg(dir.join("demo")).current_dir(dir))
}

/// The built demo, ready to run, with or without the timings at its end.
pub(crate) fn program(dir: &Path, timings: bool) -> (Command, Outcome) {
    let outcome = Outcome {
        heights: dir.join("heights.npy"),
        shade: dir.join("shade.npy"),
        picture: dir.join("relief.png"),
    };
    let mut command =
        sh::command(&dir.join("demo").display().to_string(), ["examples/data/jacksboro_elevation.npy"]);
    command.args([&outcome.heights, &outcome.shade, &outcome.picture]);
    if timings {
        command.arg("compare");
    }
    (command, outcome)
}
