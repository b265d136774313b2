//! The same operations in NumPy and in libstrided, at each SIMD level, compared. NumPy comes into an environment of its
//! own under the target directory.

use super::report::{Report, Run};
use super::{Installed, levels};
use crate::demo;
use crate::python;
use crate::sh;
use std::path::Path;

pub(super) fn test(report: &mut Report, installed: &Installed, seconds: u64) {
    report.section("comparison with NumPy");
    let python = match python::environment() {
        Ok(python) => python,
        Err(error) => return report.check("environment with NumPy", Err(error)),
    };
    let compare = |level: Option<&str>, more: &[String]| {
        let mut command = sh::command("timeout", [(seconds * 10 + 300).to_string()]);
        command.arg(&python).arg("ffi-tests/numpy/run.py");
        command.arg("--library").arg(installed.shared_library());
        command.arg("--header").arg(installed.include.join("strided.h")).args(more);
        match level {
            Some(level) => command.env("STRIDED_SIMD", level),
            None => command.env_remove("STRIDED_SIMD"),
        };
        command
    };
    let mut runs = Vec::new();
    for level in levels() {
        let name = format!(
            "NumPy and libstrided agree{}",
            level.map(|name| format!(", {name}")).unwrap_or_default()
        );
        let mut words = vec!["--seconds".to_string(), seconds.to_string()];
        // Where a change is judged the cases are always the same, so that it is the change that is judged; a person's
        // run draws others each time, and what it finds becomes a test.
        if std::env::var_os("CI").is_some() {
            words.extend(["--seed".to_string(), "20261126".to_string()]);
        }
        runs.push(Run { name, command: compare(level, &words), counts: true });
    }
    runs.push(Run {
        name: "the comparison notices planted lies".to_string(),
        command: compare(None, &["--self-test", "--seed", "20261126"].map(str::to_string)),
        counts: true,
    });
    report.runs(runs);
    demo(report, installed, &python);
}

/// The demo without its timings, against the same work in NumPy.
fn demo(report: &mut Report, installed: &Installed, python: &Path) {
    let dir = sh::target().join("demo-check");
    let built = sh::make_empty_dir(&dir)
        .and_then(|()| demo::build(&installed.prefix, &dir, |command| sh::read(command).map(|_| ())));
    let (mut program, outcome) = demo::program(&dir, false);
    let ran = built.and_then(|()| sh::read(&mut program).map(|_| ()));
    let done = ran.is_ok();
    report.check("the demo runs", ran);
    if done {
        let mut check = sh::command("timeout", ["60".as_ref(), python.as_os_str()]);
        check.args(["examples/demo/same_in_numpy.py", "examples/data/jacksboro_elevation.npy"]);
        check.args([&outcome.heights, &outcome.shade, &outcome.picture]);
        report.program("the demo's results are NumPy's", &mut check);
    }
}
