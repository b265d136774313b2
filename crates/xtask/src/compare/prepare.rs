//! The contenders: the library as users get it, a Python with NumPy, and whatever else this machine has.

use super::{What, folder};
use crate::install;
use crate::python;
use crate::sh::{self, Result};
use crate::tools;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the measuring program is given.
pub(super) struct Contest {
    python: PathBuf,
    measure: PathBuf,
    library: PathBuf,
    header: PathBuf,
    ndarray: Option<PathBuf>,
    hptt: Option<PathBuf>,
}

impl Contest {
    /// Builds and installs the library into `target/prefix`, and builds what measures; without `build`, what is there
    /// from an earlier run is used.
    pub(super) fn prepare(build: bool) -> Result<Contest> {
        let prefix = sh::target().join("prefix");
        let measure = folder().join("libmeasure.so");
        let ndarray = folder().join("ndarray").join("release").join("libndarray_peer.so");
        let hptt = folder().join("libhptt_peer.so");
        if build {
            tools::ensure(tools::COMPARE)?;
            sh::make_dir(&folder())?;
            println!("building libstrided in release mode (the first time takes some minutes)");
            install::into_target()?;
            compile_measure(&measure)?;
            if let Err(error) = compile_ndarray() {
                println!("ndarray is left out:\n{error}");
            }
            compile_hptt(&hptt)?;
        }
        let library = prefix.join("lib").join("libstrided.so");
        for file in [&library, &measure] {
            if !file.exists() {
                return Err(format!("{} is not there: run once without --no-build", file.display()));
            }
        }
        Ok(Contest {
            python: python::environment()?,
            measure,
            library,
            header: prefix.join("include").join("strided.h"),
            ndarray: Some(ndarray).filter(|file| file.exists()),
            hptt: Some(hptt).filter(|file| file.exists()),
        })
    }

    /// The measuring program.
    pub(super) fn command(&self, what: What) -> Command {
        let mut command = sh::command(&self.python.display().to_string(), ["-B", "benches/compare/run.py"]);
        command.arg(what.name());
        command.arg("--measure").arg(&self.measure).arg("--library").arg(&self.library);
        command.arg("--header").arg(&self.header);
        for (name, file) in [("--ndarray", &self.ndarray), ("--hptt", &self.hptt)] {
            if let Some(file) = file {
                command.arg(name).arg(file);
            }
        }
        // One thread on every side.
        for variable in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "STRIDED_NUM_THREADS"] {
            command.env(variable, "1");
        }
        command
    }
}

fn source(name: &str) -> PathBuf {
    sh::root().join("benches").join("compare").join(name)
}

fn compile_measure(to: &Path) -> Result<()> {
    let mut gcc = sh::command("gcc", ["-O3", "-fPIC", "-shared"]);
    if cfg!(target_arch = "x86_64") {
        gcc.arg("-mprefer-vector-width=512");
    }
    sh::read(gcc.arg(source("measure.c")).arg("-o").arg(to)).map(|_| ())
}

fn compile_ndarray() -> Result<()> {
    let mut cargo = sh::cargo(&["build", "--release", "--locked", "--quiet", "--manifest-path"]);
    cargo.arg(source("ndarray").join("Cargo.toml")).arg("--target-dir").arg(folder().join("ndarray"));
    sh::read(&mut cargo).map(|_| ())
}

/// HPTT has no package of its own: it is there when the compiler finds its header and its library, in the folders that
/// `CPATH` and `LIBRARY_PATH` name besides its own.
fn compile_hptt(to: &Path) -> Result<()> {
    if to.exists() {
        std::fs::remove_file(to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    let mut gxx = sh::command("g++", ["-O2", "-std=c++14", "-fPIC", "-shared"]);
    gxx.arg(source("hptt.cpp")).arg("-lhptt").arg("-o").arg(to);
    // The folders in which the linker finds libraries are not those in which the loader does.
    for dir in std::env::split_paths(&std::env::var_os("LIBRARY_PATH").unwrap_or_default()) {
        gxx.arg(format!("-Wl,-rpath,{}", dir.display()));
    }
    let found = sh::found("g++") && sh::output(&mut gxx)?.status.success();
    println!(
        "HPTT: {}",
        if found { "found" } else { "not installed (hptt.h and libhptt.so), so not measured" }
    );
    Ok(())
}

/// The processor and the caches, as Linux tells.
pub(super) fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_string())
    };
    let mut parts = vec![field("model name").unwrap_or_else(|| std::env::consts::ARCH.to_string())];
    if let (Some(family), Some(model)) = (field("cpu family"), field("model")) {
        parts.push(format!("family {family} model {model}"));
    }
    for (index, name) in [(0, "L1d"), (2, "L2"), (3, "L3")] {
        let file = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/size");
        if let Ok(size) = std::fs::read_to_string(file) {
            parts.push(format!("{name} {}", size.trim()));
        }
    }
    parts.join(", ")
}
