//! A Python with NumPy, in an environment of its own under the target directory.

use crate::sh::{self, Result};
use std::path::PathBuf;

/// Pinned: another NumPy may answer differently where its rules are still moving.
const PACKAGES: &[&str] = &["numpy==2.4.6", "ml_dtypes==0.6.0"];

/// Makes the environment, or finds it from an earlier run; returns its Python.
pub(crate) fn environment() -> Result<PathBuf> {
    let dir = sh::target().join("venv");
    let (python, stamp) = (dir.join("bin").join("python"), dir.join("packages"));
    let wanted = PACKAGES.join("\n");
    if python.exists() && sh::read_file(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    println!("installing into {}: {}", dir.display(), PACKAGES.join(", "));
    sh::read(sh::command("python3", ["-m", "venv", "--clear"]).arg(&dir))?;
    let program = python.display().to_string();
    let mut pip = sh::command(&program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    sh::read(pip.args(PACKAGES))?;
    sh::write_file(&stamp, &wanted)?;
    Ok(python)
}
