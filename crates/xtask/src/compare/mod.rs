//! `cargo xtask compare`: how fast libstrided is, as ratios measured in one run.
//!
//! ```text
//!   prepare   the installed library, a Python with NumPy, and the other contenders that this machine has
//!     |       benches/compare/*: measures one case after the other, prints a line for each
//!   result    such a line: nanoseconds of each contender, and the ratios that follow from them
//!   table     the lines as a table to read while it runs; summary: what they say of each class, against the targets
//!   chart     the lines as a picture
//!   report    docs/performance.md and the block of figures in README.md
//! ```
//!
//! Absolute figures move from run to run and from machine to machine; ratios within a run hold. So everything is said as a
//! ratio: to the limit (the fastest of the plain loops that move as many bytes), to NumPy, to the best of all others.

mod chart;
mod prepare;
mod report;
mod result;
mod summary;
mod table;

use crate::sh::{self, Result};
use prepare::Contest;
use result::{Figures, Outcome};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

/// The two comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Copy,
    Compute,
}

impl What {
    const ALL: [What; 2] = [What::Copy, What::Compute];

    fn name(self) -> &'static str {
        match self {
            What::Copy => "copy",
            What::Compute => "compute",
        }
    }

    fn csv(self) -> PathBuf {
        folder().join(format!("{}.csv", self.name()))
    }

    fn chart(self) -> PathBuf {
        folder().join(format!("{}.svg", self.name()))
    }
}

/// Where the figures go.
fn folder() -> PathBuf {
    sh::target().join("compare")
}

/// What a person asked for.
struct Options {
    filter: Option<String>,
    csv: Option<String>,
    quick: bool,
    add: bool,
    build: bool,
}

pub(crate) fn command(words: &[String]) -> Result<()> {
    let (what, words) = match words.split_first() {
        Some((word, rest)) if word == "copy" => (Some(What::Copy), rest),
        Some((word, rest)) if word == "compute" => (Some(What::Compute), rest),
        _ => (None, words),
    };
    crate::expect_options(words, &["--filter", "--csv"], &["--quick", "--add", "--no-build", "--report"])?;
    let has = |name: &str| words.iter().any(|word| word == name);
    let options = Options {
        filter: crate::option(words, "--filter")?,
        csv: crate::option(words, "--csv")?,
        quick: has("--quick"),
        add: has("--add"),
        build: !has("--no-build"),
    };
    let Some(what) = what else {
        if !has("--report") && has("--no-build") {
            return Err(format!("compare copy, compare compute, or compare --report\n{}", crate::USAGE));
        }
        return everything(&options, has("--report"));
    };
    let contest = Contest::prepare(options.build)?;
    let outcome = measure(what, &contest, &options)?;
    if has("--report") {
        report::write()?;
    }
    judge(&outcome)
}

/// Both comparisons, or with `--no-build --report` only the report of what has been measured.
fn everything(options: &Options, report: bool) -> Result<()> {
    if !report || options.build {
        let contest = Contest::prepare(options.build)?;
        for what in What::ALL {
            judge(&measure(what, &contest, options)?)?;
        }
    }
    if report { report::write() } else { Ok(()) }
}

/// Runs one comparison, shows it while it runs, and writes its CSV and its chart.
fn measure(what: What, contest: &Contest, options: &Options) -> Result<Figures> {
    let default = sh::root().join("benches").join("cases").join("copy.csv").display().to_string();
    let mut command = contest.command(what);
    command.args(["--csv", options.csv.as_ref().unwrap_or(&default)]);
    command.args(["--budget", if options.quick { "0.05" } else { "0.25" }]);
    if let Some(filter) = &options.filter {
        command.args(["--filter", filter]);
    }
    let shown = sh::show_short(&command);
    let failed = |error: std::io::Error| format!("{shown}: {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    let mut figures = Figures::new(prepare::machine());
    table::head();
    for line in child.stdout.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines()) {
        let line = line.map_err(failed)?;
        if let Some(about) = line.strip_prefix("# ") {
            figures.about.push(about.to_string());
            continue;
        }
        let outcome = Outcome::parse(&line)?;
        table::row(&outcome);
        figures.outcomes.push(outcome);
    }
    let status = child.wait().map_err(failed)?;
    if !status.success() {
        return Err(format!("{shown} ended with {status}"));
    }
    println!("\n{}", figures.about.join(", "));
    println!("{}", summary::text(what, &figures));
    let all = if options.add { figures.clone().added_to(what)? } else { figures.clone() };
    all.write(what)?;
    sh::write_file(&what.chart(), &chart::draw(what, &all))?;
    println!("written: {}\n         {}", what.csv().display(), what.chart().display());
    Ok(figures)
}

/// Wrong results are an error; slow ones are a matter for the reader.
fn judge(figures: &Figures) -> Result<()> {
    let wrong: Vec<&str> =
        figures.outcomes.iter().filter(|o| o.agrees == Some(false)).map(|o| o.case.as_str()).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("not the results of NumPy: {}", wrong.join(", "))) }
}
