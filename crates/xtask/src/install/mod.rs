//! `cargo xtask install`: the libraries, headers, pkg-config file and CMake package under a prefix.
//!
//! ```text
//!   PREFIX/include/               strided.h, strided.hpp, strided.F90 (source: .mod files do not travel), ...
//!   PREFIX/lib/                   libstrided.so -> .so.0 -> .so.0.1.0, libstrided.a
//!   PREFIX/lib/pkgconfig/         strided.pc
//!   PREFIX/lib/cmake/strided/     stridedConfig.cmake, stridedConfigVersion.cmake
//!   PREFIX/share/doc/strided/     the licences
//! ```
//!
//! Nothing that is installed names the prefix: the whole tree can be moved.

mod library;

pub(crate) use library::{LIBS_PRIVATE, Libraries, defined, file_name, soname};

use crate::sh::{self, Result};
use crate::tools;
use std::path::{Component, Path, PathBuf};

const PC: &str = include_str!("../../templates/strided.pc.in");
const CONFIG: &str = include_str!("../../templates/stridedConfig.cmake.in");
const CONFIG_VERSION: &str = include_str!("../../templates/stridedConfigVersion.cmake.in");

pub(crate) fn command(words: &[String]) -> Result<()> {
    crate::expect_options(words, &["--prefix", "--destdir", "--libdir"], &[])?;
    let prefix = crate::option(words, "--prefix")?.ok_or("install needs --prefix P")?;
    if !Path::new(&prefix).is_absolute() {
        return Err(format!("--prefix must be an absolute path, not '{prefix}'"));
    }
    let libdir = crate::option(words, "--libdir")?.unwrap_or_else(|| "lib".to_string());
    let top = match crate::option(words, "--destdir")? {
        Some(destdir) => Path::new(&destdir).join(prefix.trim_start_matches('/')),
        None => PathBuf::from(&prefix),
    };
    tools::ensure(tools::BUILD)?;
    install(&library::build()?, &top, &libdir)?;
    println!("installed libstrided {} under {}", env!("CARGO_PKG_VERSION"), top.display());
    Ok(())
}

/// Installs afresh into `target/prefix`, where `demo` and `test` use it as a stranger would.
pub(crate) fn into_target() -> Result<(PathBuf, Libraries)> {
    let prefix = sh::target().join("prefix");
    sh::make_empty_dir(&prefix)?;
    let libraries = library::build()?;
    install(&libraries, &prefix, "lib")?;
    Ok((prefix, libraries))
}

fn install(libraries: &Libraries, top: &Path, libdir: &str) -> Result<()> {
    if Path::new(libdir).components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err(format!("--libdir must be a plain path below the prefix, not '{libdir}'"));
    }
    let lib = top.join(libdir);
    let (pkgconfig, cmake) = (lib.join("pkgconfig"), lib.join("cmake").join("strided"));
    sh::make_dir(&pkgconfig)?;
    sh::make_dir(&cmake)?;
    install_libraries(libraries, &lib)?;
    install_headers(&sh::root().join("include"), &top.join("include"))?;
    sh::write_file(&pkgconfig.join("strided.pc"), &fill(PC, libdir))?;
    sh::write_file(&cmake.join("stridedConfig.cmake"), &fill(CONFIG, libdir))?;
    sh::write_file(&cmake.join("stridedConfigVersion.cmake"), &fill(CONFIG_VERSION, libdir))?;
    let doc = top.join("share").join("doc").join("strided");
    sh::make_dir(&doc)?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&sh::root().join(name), &doc.join(name))?;
    }
    Ok(())
}

fn install_libraries(libraries: &Libraries, lib: &Path) -> Result<()> {
    copy(&libraries.archive, &lib.join("libstrided.a"))?;
    copy(&libraries.shared, &lib.join(file_name()))?;
    link(&file_name(), &lib.join(soname()))?;
    link(&soname(), &lib.join("libstrided.so"))
}

/// Copies the headers and the Fortran source, folders included.
fn install_headers(from: &Path, to: &Path) -> Result<()> {
    sh::make_dir(to)?;
    let entries = std::fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let Some(name) = path.file_name() else { continue };
        let wanted =
            path.extension().is_some_and(|ext| ["h", "hpp", "F90", "inc"].iter().any(|known| ext == *known));
        if path.is_dir() {
            install_headers(&path, &to.join(name))?;
        } else if wanted {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}

/// Fills a template in.
fn fill(template: &str, libdir: &str) -> String {
    let depth = Path::new(libdir).components().count();
    let up = |extra: usize| vec![".."; depth + extra].join("/");
    let libs_cmake: Vec<&str> = LIBS_PRIVATE.split(' ').map(|flag| flag.trim_start_matches("-l")).collect();
    let values = [
        ("@VERSION@", env!("CARGO_PKG_VERSION").to_string()),
        ("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR").to_string()),
        ("@MINOR@", env!("CARGO_PKG_VERSION_MINOR").to_string()),
        ("@LIBDIR@", libdir.to_string()),
        ("@UP_FROM_PKGCONFIG@", up(1)),
        ("@UP_FROM_CMAKE@", up(2)),
        ("@SHARED@", file_name()),
        ("@SONAME@", soname()),
        ("@LIBS_PRIVATE_CMAKE@", libs_cmake.join(";")),
        ("@LIBS_PRIVATE@", LIBS_PRIVATE.to_string()),
    ];
    values.iter().fold(template.to_string(), |text, (name, value)| text.replace(name, value))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to)
        .map(|_| ())
        .map_err(|error| format!("{} -> {}: {error}", from.display(), to.display()))
}

/// Makes `path` a symbolic link to `name` beside it, in place of whatever is there.
fn link(name: &str, path: &Path) -> Result<()> {
    if path.symlink_metadata().is_ok() {
        std::fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    std::os::unix::fs::symlink(name, path).map_err(|error| format!("{}: {error}", path.display()))
}
