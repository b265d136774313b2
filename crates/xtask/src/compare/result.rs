//! What was measured: one case, and all cases of a run.

use super::What;
use crate::sh::{self, Result};

/// The name of our own contender.
pub(super) const OURS: &str = "libstrided";

/// One case.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) case: String,
    pub(super) class: String,
    /// What the operands fill: `DRAM`, `L3`, `L2`, `L1`, `tiny`.
    pub(super) size: String,
    pub(super) dtype: String,
    /// Bytes of all elements that are read or written.
    pub(super) bytes: f64,
    /// Bytes of the cache lines that they lie in.
    pub(super) lines: f64,
    /// Whether the results were those of NumPy; nothing when this could not be asked.
    pub(super) agrees: Option<bool>,
    /// Nanoseconds of the contenders.
    pub(super) times: Vec<(String, f64)>,
    /// Nanoseconds of the limits, by the way in which the bytes were moved.
    pub(super) limits: Vec<(String, f64)>,
    pub(super) note: String,
    /// The line itself.
    line: String,
}

impl Outcome {
    /// Reads a line of the measuring program.
    pub(super) fn parse(line: &str) -> Result<Outcome> {
        let bad = || format!("not a line of figures: {line}");
        let fields = fields(line);
        let [case, class, size, dtype, bytes, lines, agrees, figures, note] = fields[..] else {
            return Err(bad());
        };
        let (mut times, mut limits) = (Vec::new(), Vec::new());
        for figure in figures.split_whitespace() {
            let (name, time) = figure.split_once('=').ok_or_else(bad)?;
            let time: f64 = time.parse().map_err(|_| bad())?;
            match name.strip_prefix("limit:") {
                Some(way) => limits.push((way.to_string(), time)),
                None => times.push((name.to_string(), time)),
            }
        }
        Ok(Outcome {
            case: case.to_string(),
            class: class.to_string(),
            size: size.to_string(),
            dtype: dtype.to_string(),
            bytes: bytes.parse().map_err(|_| bad())?,
            lines: lines.parse().map_err(|_| bad())?,
            agrees: match agrees {
                "yes" => Some(true),
                "NO" => Some(false),
                _ => None,
            },
            times,
            limits,
            note: note.to_string(),
            line: line.to_string(),
        })
    }

    /// Nanoseconds of a contender.
    pub(super) fn time(&self, contender: &str) -> Option<f64> {
        self.times.iter().find(|(name, _)| name == contender).map(|&(_, time)| time)
    }

    /// Nanoseconds of the fastest way to move as many bytes.
    pub(super) fn limit(&self) -> Option<f64> {
        self.limits.iter().map(|&(_, time)| time).min_by(f64::total_cmp)
    }

    /// The share of the limit that a contender reaches.
    pub(super) fn share(&self, contender: &str) -> Option<f64> {
        Some(self.limit()? / self.time(contender)?)
    }

    /// How many times faster we are than another.
    pub(super) fn against(&self, other: &str) -> Option<f64> {
        Some(self.time(other)? / self.time(OURS)?)
    }

    /// The fastest of all others, and how many times faster we are.
    pub(super) fn against_best(&self) -> Option<(&str, f64)> {
        let others = self.times.iter().filter(|(name, _)| name != OURS);
        let (name, time) = others.min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((name, time / self.time(OURS)?))
    }

    /// The share of the bytes of its cache lines that a case uses. Copies can not reach more than about this share of the
    /// limit, for lines come from memory whole.
    pub(super) fn used(&self) -> f64 {
        self.bytes / self.lines
    }

    /// Useful gigabytes a second.
    pub(super) fn rate(&self) -> Option<f64> {
        Some(self.bytes / self.time(OURS)?)
    }
}

/// The fields of a line, of which those with a comma in them are quoted; what follows the eighth comma is one field.
fn fields(line: &str) -> Vec<&str> {
    let (mut fields, mut rest) = (Vec::new(), line);
    while fields.len() < 8 {
        let end = match rest.strip_prefix('"').and_then(|quoted| quoted.find('"')) {
            Some(end) => end + 2,
            None => rest.find(',').unwrap_or(rest.len()),
        };
        fields.push(rest[..end].trim_matches('"'));
        match rest[end..].strip_prefix(',') {
            Some(behind) => rest = behind,
            None => return fields,
        }
    }
    fields.push(rest);
    fields
}

/// A run, or several runs put together.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    pub(super) machine: String,
    /// Versions, as the measuring program printed them.
    pub(super) about: Vec<String>,
    pub(super) outcomes: Vec<Outcome>,
}

impl Figures {
    pub(super) fn new(machine: String) -> Figures {
        Figures { machine, about: Vec::new(), outcomes: Vec::new() }
    }

    /// These figures, and those of an earlier run for all other cases, when it was of this machine.
    pub(super) fn added_to(mut self, what: What) -> Result<Figures> {
        if !what.csv().exists() {
            return Ok(self);
        }
        let earlier = Figures::read(what)?;
        if earlier.machine != self.machine {
            return Err(format!("{} is of another machine: run without --add", what.csv().display()));
        }
        let mut outcomes = earlier.outcomes;
        for new in self.outcomes {
            match outcomes.iter_mut().find(|old| old.case == new.case) {
                Some(old) => *old = new,
                None => outcomes.push(new),
            }
        }
        self.outcomes = outcomes;
        Ok(self)
    }

    /// Writes the CSV of a comparison.
    pub(super) fn write(&self, what: What) -> Result<()> {
        let mut text = format!("# machine: {}\n", self.machine);
        for about in &self.about {
            text.push_str(&format!("# {about}\n"));
        }
        text.push_str("case,class,size,dtype,bytes,lines,agrees,nanoseconds,note\n");
        for outcome in &self.outcomes {
            text.push_str(&outcome.line);
            text.push('\n');
        }
        sh::write_file(&what.csv(), &text)
    }

    /// Reads it again.
    pub(super) fn read(what: What) -> Result<Figures> {
        let text = sh::read_file(&what.csv())?;
        let mut figures = Figures::new(String::new());
        for line in text.lines() {
            if let Some(machine) = line.strip_prefix("# machine: ") {
                figures.machine = machine.to_string();
            } else if let Some(about) = line.strip_prefix("# ") {
                figures.about.push(about.to_string());
            } else if !line.starts_with("case,") {
                figures.outcomes.push(Outcome::parse(line)?);
            }
        }
        Ok(figures)
    }
}

/// The geometric mean; nothing of nothing.
pub(super) fn geomean(values: &[f64]) -> Option<f64> {
    let n = values.len();
    (n > 0).then(|| (values.iter().map(|v| v.ln()).sum::<f64>() / n as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_have_commas() {
        let line = "\"a[::2, ::2]\",\"argmin, cumsum\",L2,f64,16,32,yes,libstrided=1.5 limit:read=3,a, b";
        let o = Outcome::parse(line).expect("a line of figures");
        assert_eq!(
            (o.case.as_str(), o.class.as_str(), o.size.as_str()),
            ("a[::2, ::2]", "argmin, cumsum", "L2")
        );
        assert_eq!((o.share(OURS), o.note.as_str()), (Some(2.0), "a, b"));
        assert!(Outcome::parse("a,b,c").is_err());
    }
}
