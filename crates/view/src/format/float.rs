//! How all floating-point numbers of an array are written, so that their points stand below each other: NumPy's
//! `FloatingFormat` with its default options (precision 8, floatmode `maxprec`, no suppression).

use core::fmt::{self, Write};

use super::decimal::{Binary, Decimal, write_positional};
use super::word::Word;

/// The most digits behind the point.
const PRECISION: usize = 8;

/// The first look at the numbers: what decides between the two forms.
#[derive(Clone, Copy)]
pub(super) struct Range {
    binary: Binary,
    /// Whether positive numbers have a sign: imaginary parts do.
    plus: bool,
    /// Largest and smallest absolute value of the finite numbers other than zero; none while `max` is 0.
    max: f64,
    min: f64,
    any_finite: bool,
    any_special: bool,
    any_minus_infinity: bool,
}

impl Range {
    pub(super) fn new(binary: Binary, plus: bool) -> Range {
        Range {
            binary,
            plus,
            max: 0.0,
            min: f64::INFINITY,
            any_finite: false,
            any_special: false,
            any_minus_infinity: false,
        }
    }

    pub(super) fn add(&mut self, x: f64) {
        if !x.is_finite() {
            self.any_special = true;
            self.any_minus_infinity |= x == f64::NEG_INFINITY;
            return;
        }
        self.any_finite = true;
        if x != 0.0 {
            self.max = self.max.max(x.abs());
            self.min = self.min.min(x.abs());
        }
    }

    /// Whether numbers are written with exponents.
    fn needs_exponents(&self) -> bool {
        let (binary, max, min) = (self.binary, self.max, self.min);
        max > 0.0 && (max >= binary.exponent_from() || binary.is_tiny(min) || binary.is_wide(max, min))
    }
}

/// The widths that all numbers share.
#[derive(Clone, Copy)]
pub(super) struct FloatFormat {
    range: Range,
    exponents: bool,
    /// Characters before the point, sign included.
    left: usize,
    /// Characters behind the point; with exponents, the digits there.
    right: usize,
    exponent_digits: usize,
}

impl FloatFormat {
    /// A format that [`FloatFormat::add`] widens number by number.
    pub(super) fn new(range: Range) -> FloatFormat {
        FloatFormat { range, exponents: range.needs_exponents(), left: 0, right: 0, exponent_digits: 2 }
    }

    /// The second look: makes room for a number.
    pub(super) fn add(&mut self, x: f64) -> fmt::Result {
        if !x.is_finite() {
            return Ok(());
        }
        let sign = sign(x, self.range.plus).len();
        let (integer, fraction) = if self.exponents {
            let d = Decimal::scientific(x.abs(), self.range.binary, 0, PRECISION)?;
            let digits = d.exponent.unsigned_abs().checked_ilog10().map_or(1, |log| log as usize + 1);
            self.exponent_digits = self.exponent_digits.max(digits);
            (1, d.fraction().trim_end_matches('0').len())
        } else {
            let mut text = Word::new();
            write_positional(x.abs(), self.range.binary, PRECISION, &mut text)?;
            let (integer, fraction) = text.as_str().split_once('.').ok_or(fmt::Error)?;
            (integer.len(), fraction.len())
        };
        self.left = self.left.max(sign + integer);
        self.right = self.right.max(fraction);
        Ok(())
    }

    /// Makes room for NaN and infinities, after all numbers.
    pub(super) fn finish(&mut self) {
        if self.range.any_special {
            let signed = self.range.plus || self.range.any_minus_infinity;
            let longest = if signed { 4 } else { 3 };
            self.left = self.left.max(longest - longest.min(self.behind() + 1));
        }
    }

    /// Characters behind the point.
    fn behind(&self) -> usize {
        // An `e`, a sign and the digits of the exponent.
        if self.exponents { self.right + 2 + self.exponent_digits } else { self.right }
    }

    /// Writes a number, padded.
    pub(super) fn write(&self, x: f64, out: &mut Word) -> fmt::Result {
        let sign = sign(x, self.range.plus);
        if !x.is_finite() {
            let name = if x.is_nan() { "nan" } else { "inf" };
            let width = self.left + self.behind() + 1;
            out.repeat(" ", width.saturating_sub(sign.len() + name.len()))?;
            return write!(out, "{sign}{name}");
        }
        if self.exponents {
            let d = Decimal::scientific(x.abs(), self.range.binary, self.right, self.right)?;
            out.repeat(" ", self.left.saturating_sub(sign.len() + 1))?;
            let (exponent_sign, digits) = (if d.exponent < 0 { '-' } else { '+' }, self.exponent_digits);
            write!(out, "{sign}{}.{}", d.integer(), d.fraction())?;
            return write!(out, "e{exponent_sign}{:0digits$}", d.exponent.unsigned_abs());
        }
        let mut text = Word::new();
        write_positional(x.abs(), self.range.binary, PRECISION, &mut text)?;
        let (integer, fraction) = text.as_str().split_once('.').ok_or(fmt::Error)?;
        out.repeat(" ", self.left.saturating_sub(sign.len() + integer.len()))?;
        write!(out, "{sign}{integer}.{fraction}")?;
        out.repeat(" ", self.right.saturating_sub(fraction.len()))
    }
}

/// The sign that is written; that of NaN is not.
fn sign(x: f64, plus: bool) -> &'static str {
    if x.is_sign_negative() && !x.is_nan() {
        "-"
    } else if plus {
        "+"
    } else {
        ""
    }
}
