//! What the cases of a class say together, against the targets.

use super::What;
use super::result::{Figures, OURS, Outcome, geomean};

/// What a case should reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Goal {
    /// This share of the limit.
    Share(f64),
    /// This many times the speed of NumPy.
    TimesNumPy(f64),
    /// No more than this many nanoseconds.
    Nanoseconds(f64),
}

impl Goal {
    pub(super) fn text(self) -> String {
        match self {
            Goal::Share(share) => format!("{share:.2} of the limit"),
            Goal::TimesNumPy(times) => format!("{times} x NumPy"),
            Goal::Nanoseconds(ns) => format!("{ns} ns"),
        }
    }

    fn reached(self, o: &Outcome) -> Option<bool> {
        Some(match self {
            Goal::Share(share) => o.share(OURS)? >= share,
            Goal::TimesNumPy(times) => o.against("NumPy")? >= times,
            Goal::Nanoseconds(ns) => o.time(OURS)? <= ns,
        })
    }
}

/// The goal of a case; nothing where only "not slower than the others" is asked for.
pub(super) fn goal(what: What, o: &Outcome) -> Option<Goal> {
    let far = o.size == "DRAM";
    match what {
        What::Copy => {
            let bytes =
                ["u8", "u16", "i8", "i16", "f16", "bool"].iter().any(|t| o.dtype.split(':').any(|d| d == *t));
            match o.class.as_str() {
                "contig" | "bcast" | "cast" => far.then_some(Goal::Share(0.9)),
                "cast across" => far.then_some(Goal::Share(0.75)),
                "small" => Some(Goal::Nanoseconds(if o.bytes > 1024.0 { 1000.0 } else { 40.0 })),
                _ if far && bytes => Some(Goal::Share(0.6)),
                _ if far => Some(Goal::Share(0.85)),
                "aos" if bytes => Some(Goal::Share(0.6)),
                "2d" if o.size == "L2" => Some(Goal::Share(0.5)),
                _ => None,
            }
        }
        What::Compute => match o.class.as_str() {
            "tiny" => match o.case.as_str() {
                "add of 8" | "sum of 8" => Some(Goal::Nanoseconds(30.0)),
                "(4, 6) + (6,)" => Some(Goal::Nanoseconds(40.0)),
                _ => None,
            },
            "view" => Some(Goal::Nanoseconds(10.0)),
            "narrow" => Some(Goal::TimesNumPy(10.0)),
            "windows" => Some(Goal::TimesNumPy(15.0)),
            "argmin, cumsum" if o.case.contains("axis 0") => Some(Goal::TimesNumPy(10.0)),
            "mixed order" if far => Some(Goal::Share(0.75)),
            "functions" if ["exp", "log", "sin", "tanh", "power"].iter().any(|f| o.case.starts_with(f)) => {
                Some(Goal::TimesNumPy(1.0))
            }
            _ if far => Some(Goal::Share(0.9)),
            _ => Some(Goal::TimesNumPy(1.0)),
        },
    }
}

/// The cases of one class and size, taken together.
pub(super) struct Group<'a> {
    pub(super) class: &'a str,
    pub(super) size: &'a str,
    pub(super) outcomes: Vec<&'a Outcome>,
}

impl<'a> Group<'a> {
    /// All groups, in the order in which their first cases were measured; cases that did not run are in none.
    pub(super) fn all(figures: &'a Figures) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for o in figures.outcomes.iter().filter(|o| o.time(OURS).is_some()) {
            // Cases that fill a cache are few: one group for all caches.
            let size = if o.size == "DRAM" {
                "DRAM"
            } else if o.size == "tiny" {
                "calls"
            } else {
                "cache"
            };
            match groups.iter_mut().find(|g| g.class == o.class && g.size == size) {
                Some(group) => group.outcomes.push(o),
                None => groups.push(Group { class: &o.class, size, outcomes: vec![o] }),
            }
        }
        groups
    }

    /// Values of all cases that have one.
    fn values(&self, of: impl Fn(&Outcome) -> Option<f64>) -> Vec<f64> {
        self.outcomes.iter().filter_map(|o| of(o)).collect()
    }

    pub(super) fn shares(&self, contender: &str) -> Vec<f64> {
        self.values(|o| o.share(contender))
    }

    pub(super) fn against_numpy(&self) -> Option<f64> {
        geomean(&self.values(|o| o.against("NumPy")))
    }

    /// The case with the least share of the limit.
    fn least(&self) -> Option<(&Outcome, f64)> {
        let shares = self.outcomes.iter().filter_map(|o| Some((*o, o.share(OURS)?)));
        shares.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Cases in which another contender is faster by more than the noise of a run.
    pub(super) fn slower(&self) -> usize {
        self.outcomes.iter().filter(|o| o.against_best().is_some_and(|(_, ratio)| ratio < 0.95)).count()
    }

    /// How many cases have a goal, and how many reach it.
    pub(super) fn goals(&self, what: What) -> (usize, usize) {
        let met: Vec<bool> = self.outcomes.iter().filter_map(|o| goal(what, o)?.reached(o)).collect();
        (met.len(), met.iter().filter(|met| **met).count())
    }

    /// The goals of its cases in words.
    pub(super) fn goal_text(&self, what: What) -> String {
        let mut texts: Vec<String> =
            self.outcomes.iter().filter_map(|o| Some(goal(what, o)?.text())).collect();
        texts.sort();
        texts.dedup();
        if texts.is_empty() { "-".to_string() } else { texts.join(", ") }
    }

    /// Its row: class, size, cases, geometric mean of the shares, the least one, times NumPy, cases that are slower than
    /// another contender, goals reached, the goal.
    pub(super) fn cells(&self, what: What) -> Vec<String> {
        let number = |value: Option<f64>| value.map_or("-".to_string(), |v| format!("{v:.2}"));
        let (asked, met) = self.goals(what);
        vec![
            self.class.to_string(),
            self.size.to_string(),
            self.outcomes.len().to_string(),
            number(geomean(&self.shares(OURS))),
            self.least().map_or("-".to_string(), |(o, share)| format!("{share:.2} ({})", o.case)),
            number(self.against_numpy()),
            self.slower().to_string(),
            if asked == 0 { "-".to_string() } else { format!("{met} of {asked}") },
            self.goal_text(what),
        ]
    }
}

/// The heads of [`Group::cells`].
pub(super) const HEADS: [&str; 9] =
    ["class", "size", "cases", "limit", "least", "x NumPy", "slower", "reach", "the goal"];

/// One sentence on all cases.
pub(super) fn total(figures: &Figures) -> String {
    let ran: Vec<&Outcome> = figures.outcomes.iter().filter(|o| o.time(OURS).is_some()).collect();
    let numpy: Vec<f64> = ran.iter().filter_map(|o| o.against("NumPy")).collect();
    let slower = ran.iter().filter(|o| o.against_best().is_some_and(|(_, ratio)| ratio < 0.95)).count();
    format!(
        "{} cases measured, {} left out; geometric mean {:.2} x NumPy; {slower} slower than the best other contender",
        ran.len(),
        figures.outcomes.len() - ran.len(),
        geomean(&numpy).unwrap_or(f64::NAN)
    )
}

/// The groups as a table to read.
pub(super) fn text(what: What, figures: &Figures) -> String {
    let mut rows = vec![HEADS.map(str::to_string).to_vec()];
    rows.extend(Group::all(figures).iter().map(|group| group.cells(what)));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, &w)| format!("{cell:w$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text.push_str("limit: geometric mean of the shares of the limit; slower: cases in which another contender is faster\n");
    text.push_str(&total(figures));
    text.push('\n');
    for o in figures.outcomes.iter().filter(|o| o.time(OURS).is_none()) {
        text.push_str(&format!("left out: {} ({})\n", o.case, o.note));
    }
    text
}
