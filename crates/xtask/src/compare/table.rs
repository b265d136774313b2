//! The cases as a table, line by line while they are measured.

use super::result::Outcome;

pub(super) fn head() {
    println!(
        "{:34} {:12} {:5} {:>11} {:>8} {:>5} {:>6} {:>9} {:>20}",
        "case", "class", "size", "time", "GB/s", "used", "limit", "x NumPy", "x the best other"
    );
}

pub(super) fn row(o: &Outcome) {
    let number = |value: Option<f64>, digits: usize| match value {
        Some(value) => format!("{value:.digits$}"),
        None => "-".to_string(),
    };
    let best = match o.against_best() {
        Some((name, ratio)) => format!("{ratio:.2} {name}"),
        None => "-".to_string(),
    };
    let wrong = if o.agrees == Some(false) { "  WRONG" } else { "" };
    let note = if o.note.is_empty() { String::new() } else { format!("  ({})", o.note) };
    println!(
        "{:34} {:12} {:5} {:>11} {:>8} {:>5.2} {:>6} {:>9} {:>20}{wrong}{note}",
        o.case,
        o.class,
        o.size,
        o.time(super::result::OURS).map_or("-".to_string(), duration),
        number(o.rate(), 2),
        o.used(),
        number(o.share(super::result::OURS), 2),
        number(o.against("NumPy"), 2),
        best,
    );
}

/// A time in the unit that suits it.
pub(super) fn duration(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.1} ns"),
        ns if ns < 1e6 => format!("{:.2} us", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}
