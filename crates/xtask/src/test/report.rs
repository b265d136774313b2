//! What passed, what failed, and how that is said.

use crate::sh::{self, Result};
use std::process::Command;
use std::time::Instant;

/// The running totals of a whole run.
pub(super) struct Report {
    total: Totals,
    failures: Vec<String>,
    started: Instant,
}

/// A command that is to be run.
pub(super) struct Run {
    pub(super) name: String,
    pub(super) command: Command,
    /// Whether it says how many tests it ran; else it is one.
    pub(super) counts: bool,
}

/// How many tests a program ran.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Totals {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Report {
    pub(super) fn new() -> Report {
        Report { total: Totals::default(), failures: Vec::new(), started: Instant::now() }
    }

    /// Opens a part of the run.
    pub(super) fn section(&self, title: &str) {
        println!("\n== {title} [{} s]", self.started.elapsed().as_secs());
    }

    /// One test, passed or failed.
    pub(super) fn check(&mut self, name: &str, outcome: Result<()>) {
        let totals = Totals { passed: 1, ..Totals::default() };
        self.tests(name, totals, outcome);
    }

    /// One test that could not be run here, and why.
    pub(super) fn skip(&mut self, name: &str, why: &str) {
        println!("skip {name}: {why}");
        self.total.skipped += 1;
    }

    /// Several tests. An error is at least one failure, whatever the totals say.
    pub(super) fn tests(&mut self, name: &str, totals: Totals, outcome: Result<()>) {
        let mut totals = totals;
        if let Err(error) = &outcome {
            totals.failed = totals.failed.max(1);
            if totals.passed == 1 {
                totals.passed = 0;
            }
            println!("FAIL {name}");
            for line in error.lines() {
                println!("       {line}");
            }
            self.failures.push(name.to_string());
        } else if totals == (Totals { passed: 1, ..Totals::default() }) {
            println!("ok   {name}");
        } else if totals.passed == 0 {
            println!("skip {name}: {totals}");
        } else {
            println!("ok   {name}: {totals}");
        }
        self.total.add(totals);
    }

    /// Runs a command as one test.
    pub(super) fn run(&mut self, name: &str, command: &mut Command) -> bool {
        let outcome = sh::read(command).map(|_| ());
        let passed = outcome.is_ok();
        self.check(name, outcome);
        passed
    }

    /// Runs a test program and adds up what it says it tested.
    pub(super) fn program(&mut self, name: &str, command: &mut Command) {
        let (totals, outcome) = run_program(command);
        self.tests(name, totals, outcome);
    }

    /// Runs all of these, on all cores, and reports them in their order.
    pub(super) fn runs(&mut self, runs: Vec<Run>) {
        let outcomes = sh::on_all_cores(runs, |mut run| {
            let (totals, outcome) = if run.counts {
                run_program(&mut run.command)
            } else {
                (Totals { passed: 1, ..Totals::default() }, sh::read(&mut run.command).map(|_| ()))
            };
            (run.name, totals, outcome)
        });
        for (name, totals, outcome) in outcomes {
            self.tests(&name, totals, outcome);
        }
    }

    /// Runs `cargo test`, with its output for a person to see, and adds up its totals.
    pub(super) fn cargo(&mut self, name: &str, command: &mut Command) {
        match sh::stream(command, |_| false) {
            Err(error) => self.check(name, Err(error)),
            Ok((status, text)) => {
                let totals = Totals::from_cargo(&text);
                let outcome = if !status.success() {
                    Err(format!("ended with {status}; its output is above"))
                } else if totals.is_none() {
                    Err("printed no 'test result:' line".to_string())
                } else {
                    Ok(())
                };
                self.tests(name, totals.unwrap_or_default(), outcome);
            }
        }
    }

    /// Lists the failures, then says the totals alone on the last line.
    pub(super) fn finish(self) -> Result<()> {
        println!("\n{} s", self.started.elapsed().as_secs());
        for name in &self.failures {
            println!("FAILED: {name}");
        }
        println!("{}", self.total);
        if self.total.failed == 0 { Ok(()) } else { Err(String::new()) }
    }
}

impl Totals {
    pub(super) fn add(&mut self, other: Totals) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// The totals that a test program prints: its last line `N passed, M failed, K skipped`, or else its lines
    /// `ok ...` and `not ok ...`, counted.
    pub(super) fn read(text: &str) -> Option<Totals> {
        if let Some(totals) = text.lines().rev().find_map(Totals::from_line) {
            return Some(totals);
        }
        let mut totals = Totals::default();
        for line in text.lines() {
            if line.starts_with("not ok") {
                totals.failed += 1;
            } else if line.starts_with("ok ") && line.contains("# SKIP") {
                totals.skipped += 1;
            } else if line.starts_with("ok ") {
                totals.passed += 1;
            }
        }
        (totals != Totals::default()).then_some(totals)
    }

    fn from_line(line: &str) -> Option<Totals> {
        let mut totals = Totals::default();
        let mut parts = line.trim().split(", ");
        totals.passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
        totals.failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
        if let Some(part) = parts.next() {
            totals.skipped = part.strip_suffix(" skipped")?.parse().ok()?;
        }
        Some(totals)
    }

    /// The totals in cargo's `test result:` lines, ignored tests among the skipped, or `None` when there is none.
    pub(super) fn from_cargo(text: &str) -> Option<Totals> {
        let mut totals = None;
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("test result: ")) {
            let count = |word: &str| -> u64 {
                let part = line.split([';', '.']).find_map(|part| part.trim().strip_suffix(word));
                part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
            };
            let (passed, failed, skipped) = (count("passed"), count("failed"), count("ignored"));
            totals.get_or_insert_with(Totals::default).add(Totals { passed, failed, skipped });
        }
        totals
    }
}

impl std::fmt::Display for Totals {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Runs a test program: what it says it tested, and whether it did and passed.
fn run_program(command: &mut Command) -> (Totals, Result<()>) {
    let one = Totals { passed: 1, ..Totals::default() };
    let output = match sh::output(command) {
        Ok(output) => output,
        Err(error) => return (one, Err(error)),
    };
    let text = sh::both(&output);
    let totals = Totals::read(&text).unwrap_or(one);
    let outcome = if !output.status.success() {
        Err(format!("{} ended with {}\n{}", sh::show(command), output.status, last_lines(&text, 60)))
    } else if totals.failed > 0 {
        Err(format!("{} failed\n{}", sh::show(command), last_lines(&text, 60)))
    } else if totals.passed + totals.skipped == 0 {
        Err(format!("{} ran no test", sh::show(command)))
    } else {
        Ok(())
    };
    (totals, outcome)
}

/// The end of a long text: where test programs say what went wrong.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_totals_is_read() {
        let totals = Totals { passed: 12, failed: 1, skipped: 3 };
        assert_eq!(Totals::read("ok 1\n12 passed, 1 failed, 3 skipped\n"), Some(totals));
        assert_eq!(Totals::read("7 passed, 0 failed"), Some(Totals { passed: 7, ..Totals::default() }));
    }

    #[test]
    fn lines_are_counted_when_there_is_no_line_of_totals() {
        let text = "ok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no reason\nokay\n";
        assert_eq!(Totals::read(text), Some(Totals { passed: 1, failed: 1, skipped: 1 }));
        assert_eq!(Totals::read("nothing"), None);
    }

    #[test]
    fn cargo_results_add_up() {
        let line =
            "test result: ok. 5 passed; 1 failed; 2 ignored; 0 measured; 9 filtered out; finished in 0.02s";
        let totals = Totals { passed: 10, failed: 2, skipped: 4 };
        assert_eq!(Totals::from_cargo(&format!("{line}\nx\n{line}\n")), Some(totals));
        assert_eq!(Totals::from_cargo("error: could not compile"), None);
    }
}
