//! The two libraries, from rustc's static archive.
//!
//! What rustc writes is not what a C project wants to link. Its archive has hundreds of global symbols besides the API,
//! so that two Rust archives in one program clash, and its shared library has no soname. So:
//!
//! ```text
//!   rustc's libstrided.a                 everything, hundreds of objects
//!     | ld -r --gc-sections              one object: what strided_* needs and nothing else
//!     | objcopy --keep-global-symbol     every other symbol becomes local; debug information and bitcode go
//!   strided.o
//!     |-- ar          libstrided.a
//!     `-- cc -shared  libstrided.so.X.Y.Z with a soname
//! ```
//!
//! `--force-group-allocation` turns the COMDAT group of `DW.ref.rust_eh_personality` into an ordinary section. Without
//! it that symbol must stay global: a local name can not be shared with another archive's group of the same name.

use crate::sh::{self, Result};
use std::path::{Path, PathBuf};

/// What a program that links libstrided.a must link besides: the file that pkg-config reads says the same.
/// rustc's own list has `-lgcc_s` too, which breaks `gcc -static`; the compiler driver adds the right unwinder itself.
pub(crate) const LIBS_PRIVATE: &str = "-lpthread -ldl -lm";

/// The finished libraries.
pub(crate) struct Libraries {
    pub(crate) shared: PathBuf,
    pub(crate) archive: PathBuf,
    /// The system libraries that rustc says the archive needs.
    pub(crate) native: Vec<String>,
}

/// The name that programs ask for at run time.
pub(crate) fn soname() -> String {
    format!("libstrided.so.{}", env!("CARGO_PKG_VERSION_MAJOR"))
}

/// The name of the file itself.
pub(crate) fn file_name() -> String {
    format!("libstrided.so.{}", env!("CARGO_PKG_VERSION"))
}

/// Builds both libraries under the target directory.
pub(crate) fn build() -> Result<Libraries> {
    let native = compile()?;
    let rustc_archive = sh::target().join("release").join("libstrided.a");
    let dir = sh::target().join("package");
    sh::make_empty_dir(&dir)?;
    let object = localise(&rustc_archive, &dir)?;
    let archive = dir.join("libstrided.a");
    sh::read(sh::command("ar", ["rcsD"]).arg(&archive).arg(&object))?;
    let shared = dir.join(file_name());
    link_shared(&object, &shared)?;
    Ok(Libraries { shared, archive, native })
}

/// Runs cargo; returns the system libraries that rustc reports.
fn compile() -> Result<Vec<String>> {
    let words = [
        "rustc",
        "--release",
        "--locked",
        "--package",
        "libstrided-capi",
        "--lib",
        "--crate-type",
        "staticlib",
    ];
    let mut cargo = sh::cargo(&words);
    cargo.args(["--", "--print", "native-static-libs"]);
    let (status, text) = sh::stream(&mut cargo, about_linking)?;
    if !status.success() {
        return Err(format!("{} ended with {status}", sh::show(&cargo)));
    }
    let list = text.lines().find_map(|line| line.split_once("native-static-libs:"));
    match list {
        Some((_, list)) => Ok(sh::words(list)),
        None => Err("rustc did not say which system libraries the archive needs".to_string()),
    }
}

/// The lines that `--print native-static-libs` asks for are for this program.
fn about_linking(line: &str) -> bool {
    line.trim().is_empty()
        || line.starts_with("note: link against")
        || line.starts_with("note: native-static-libs")
}

fn localise(archive: &Path, dir: &Path) -> Result<PathBuf> {
    let api = api_symbols(archive)?;
    if api.is_empty() {
        return Err(format!("{} defines no strided_* function", archive.display()));
    }
    let whole = dir.join("whole.o");
    let mut ld = sh::command("ld", ["-r", "--gc-sections", "--force-group-allocation"]);
    for symbol in &api {
        ld.args(["-u", symbol]);
    }
    sh::read(ld.arg("-o").arg(&whole).arg(archive))?;

    let object = dir.join("strided.o");
    let mut objcopy = sh::command("objcopy", ["--wildcard", "--keep-global-symbol", "strided_*"]);
    objcopy.args(["--remove-section", ".llvmbc", "--remove-section", ".llvmcmd", "--strip-debug"]);
    sh::read(objcopy.arg(&whole).arg(&object))?;
    std::fs::remove_file(&whole).map_err(|error| format!("{}: {error}", whole.display()))?;
    Ok(object)
}

/// The API functions that an archive or object defines.
fn api_symbols(path: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> =
        defined(path, &[])?.into_iter().filter(|name| name.starts_with("strided_")).collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// The global symbols that a file defines, as `nm` with `options` lists them.
pub(crate) fn defined(path: &Path, options: &[&str]) -> Result<Vec<String>> {
    let mut nm = sh::command("nm", ["--extern-only", "--defined-only", "--format=posix"]);
    nm.args(options).arg(path);
    // nm's exit code counts objects of other tool chains (bitcode) that its plugins can not read; only names matter.
    let output = sh::output(&mut nm)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = text.lines().filter(|line| !line.ends_with(':')).filter_map(|line| line.split(' ').next());
    Ok(names.filter(|name| !name.is_empty()).map(str::to_string).collect())
}

fn link_shared(object: &Path, library: &Path) -> Result<()> {
    let mut cc = sh::command("cc", ["-shared", "-Wl,--gc-sections", "-Wl,-z,defs", "-Wl,-z,relro,-z,now"]);
    cc.args(["-Wl,-Bsymbolic-functions", "-Wl,--build-id"]);
    cc.arg(format!("-Wl,-soname,{}", soname()));
    cc.arg("-o").arg(library).arg(object);
    cc.arg("-Wl,--as-needed").args(sh::words(LIBS_PRIVATE));
    sh::read(&mut cc).map(|_| ())
}
