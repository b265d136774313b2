//! Running other programs, and where things are in this repository.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// An error is a text for a person to read.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Cargo's build directory.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// A command that runs at the top of the repository.
pub(crate) fn command<I, S>(program: &str, words: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new(program);
    command.args(words).current_dir(root());
    command
}

/// The cargo that runs this program.
pub(crate) fn cargo(words: &[&str]) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string());
    let mut command = command(&program, words);
    if std::env::var_os("CARGO_INCREMENTAL").is_none() {
        // Incremental builds cut a crate into 256 units, and compile what is inlined in each of them.
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Does something with each of a list, on all cores; the results are in the order of the list.
pub(crate) fn on_all_cores<T: Send, R: Send>(list: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let results = Mutex::new(list.iter().map(|_| None).collect::<Vec<Option<R>>>());
    let left = Mutex::new(list.into_iter().enumerate());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let some = || {
        while let Some((index, item)) = next() {
            let result = work(item);
            results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(some);
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
}

/// Runs a command whose output the person should see; an exit code other than 0 is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| format!("{}: {error}", show(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", show(command))) }
}

/// Runs a command and returns what it printed on stdout; on failure the error holds all that it printed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{} ended with {}\n{}", show(command), output.status, both(&output)))
    }
}

/// Runs a command to its end and returns everything it printed; only a command that can not start is an error.
pub(crate) fn output(command: &mut Command) -> Result<Output> {
    command.output().map_err(|error| format!("{}: {error}", show(command)))
}

/// Runs a command while a person watches: what it prints is passed on line by line, but for the lines that `hide` names,
/// and all of it is returned, stdout first.
pub(crate) fn stream(command: &mut Command, hide: fn(&str) -> bool) -> Result<(ExitStatus, String)> {
    let shown = show(command);
    let failed = |error: std::io::Error| format!("{shown}: {error}");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let errors =
        child.stderr.take().map(|pipe| thread::spawn(move || pass_on(pipe, std::io::stderr(), hide)));
    let mut text = child.stdout.take().map(|pipe| pass_on(pipe, std::io::stdout(), hide)).unwrap_or_default();
    if let Some(Ok(more)) = errors.map(thread::JoinHandle::join) {
        text.push_str(&more);
    }
    Ok((child.wait().map_err(failed)?, text))
}

fn pass_on(pipe: impl Read, mut to: impl Write, hide: fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
        let shown = String::from_utf8_lossy(&line);
        if !hide(&shown) {
            // Whoever reads our output may have gone away; the command must run to its end all the same.
            let _ = to.write_all(&line);
        }
        text.push_str(&shown);
        line.clear();
    }
    text
}

/// What a finished command printed, stdout first.
pub(crate) fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The command as a person would type it at the top of the repository.
pub(crate) fn show_short(command: &Command) -> String {
    show(command).replace(&format!("{}/", root().display()), "")
}

/// The command with all its words.
pub(crate) fn show(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for word in command.get_args() {
        text.push(' ');
        text.push_str(&word.to_string_lossy());
    }
    text
}

/// Splits a compiler's flags, as pkg-config prints them, into words.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_string).collect()
}

/// Is there a program of this name in PATH?
pub(crate) fn found(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// Reads a text file; the error names it.
pub(crate) fn read_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a text file; the error names it.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Makes a directory and all above it.
pub(crate) fn make_dir(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Makes a directory that is empty.
pub(crate) fn make_empty_dir(path: &Path) -> Result<()> {
    if path.exists() {
        std::fs::remove_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    make_dir(path)
}

/// The files of a directory with one of these extensions, sorted; a missing directory has none.
pub(crate) fn files_with(dir: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().and_then(OsStr::to_str).is_some_and(|ext| extensions.contains(&ext)))
        .collect();
    found.sort();
    found
}
