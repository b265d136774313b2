//! Build, install, demo and test libstrided: `cargo xtask <command>`.
//!
//! ```text
//!   header   include/strided.h from crates/capi, and all that exists once for each operation from the table of operations
//!   install  the libraries, headers, pkg-config file and CMake package under a prefix
//!   demo     one buffer seen from Fortran, C and C++, on a real elevation model, with a picture at the end
//!   test     everything that must hold before a change is taken
//!   compare  how fast libstrided is beside the limits of the machine, NumPy, and other libraries
//! ```
//!
//! Everything that touches another language goes through an *installed* library: `test` and `demo` install into
//! `target/prefix` and then see what a user's build would see, pkg-config and CMake included.
//!
//! ```text
//!   sh        running other programs, and where things are in this repository
//!   tools     which programs are needed, and how to get them
//!   python    a Python with NumPy
//! ```

mod compare;
mod demo;
mod header;
mod install;
/// The table of operations: the kernels' own file, without the kernels, whose loops take a minute to compile.
#[path = "../../kernels/src/op/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "a module of another crate, of which only the table is used here"
)]
mod op;
mod python;
mod sh;
mod test;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  header [--check]                  generate include/strided.h, and the functions of all operations in C, C++ and Fortran
                                    from their table; --check only compares
  install --prefix P [--destdir D]  build in release mode and install under P (staged into D)
  demo                              build, install into target/prefix, run examples/demo on real data
  test [--seconds S] [PART ...]     every test in every language, or only the parts rust, assertions, headers, symbols,
                                    vectors, programs, consumers, numpy; S seconds for each comparison with NumPy. The part
                                    aarch64 runs only when it is named: in an emulator, for half an hour or more; assertions
                                    also runs with everything on 4 processors and more
  compare copy|compute [--filter A,B] [--quick] [--csv FILE] [--add] [--no-build]
                                    measure beside NumPy, naive loops and the limits of the machine: a table, and CSV and a
                                    chart under target/compare; only cases of the classes, or with the names, A and B;
                                    --add keeps earlier figures of other cases
  compare --report                  the same for everything, into docs/performance.md and README.md; with --no-build
                                    from the figures that are there
  tools                             install what the commands above need, or say how";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let outcome = match command.as_str() {
        "header" => header::command(&rest),
        "install" => install::command(&rest),
        "demo" => demo::command(&rest),
        "test" => test::command(&rest),
        "compare" => compare::command(&rest),
        "tools" => tools::ensure(tools::ALL),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        "" => Err(USAGE.to_string()),
        other => Err(format!("unknown command '{other}'\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The value that follows `name` in `words`, if it is there.
fn option(words: &[String], name: &str) -> Result<Option<String>, String> {
    let Some(at) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    match words.get(at + 1) {
        Some(value) => Ok(Some(value.clone())),
        None => Err(format!("{name} needs a value\n{USAGE}")),
    }
}

/// Refuses words that no option of the command explains: a typing error must not be ignored silently.
fn expect_options(words: &[String], with_value: &[&str], bare: &[&str]) -> Result<(), String> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if with_value.contains(&word.as_str()) {
            words.next();
        } else if !bare.contains(&word.as_str()) {
            return Err(format!("unknown option '{word}'\n{USAGE}"));
        }
    }
    Ok(())
}
