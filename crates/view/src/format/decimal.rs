//! Floating-point numbers as decimal digits, as NumPy chooses them: the fewest that tell the number from its neighbours
//! of the same type, but never more behind the point than asked for.
//!
//! ```text
//!   shortest digits fit        they are it            0.1 (f32)          -> 0.1
//!   there are too many         the exact value,       0.123456789012     -> 0.12345679
//!                              rounded half to even
//!   more are wanted            the exact value too    0.1 (f32), 9 wanted -> 0.100000001
//! ```
//!
//! The digits come from `core::fmt`, which has both the shortest and the exact form for `f32` and `f64`. For `f16` and
//! `bf16` the shortest form is found by trying one digit more each time; they need at most five.

use core::fmt::{self, Write};

use super::word::Word;

/// The binary formats. Values of all of them are exact in an `f64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    F16,
    Bf16,
    F32,
    F64,
}

/// The narrow formats: bits of the fraction, smallest exponent, and the power of two that is too large.
struct Narrow {
    fraction: i32,
    min_exponent: i32,
    overflow: i32,
}

impl Binary {
    fn narrow(self) -> Option<Narrow> {
        match self {
            Binary::F16 => Some(Narrow { fraction: 10, min_exponent: -14, overflow: 16 }),
            Binary::Bf16 => Some(Narrow { fraction: 7, min_exponent: -126, overflow: 128 }),
            Binary::F32 | Binary::F64 => None,
        }
    }

    /// From this absolute value on NumPy writes exponents: 10 to the number of digits that the format can hold, 8 at
    /// most.
    pub(super) fn exponent_from(self) -> f64 {
        match self {
            Binary::F16 => 1e3,
            Binary::Bf16 => 1e2,
            Binary::F32 => 1e6,
            Binary::F64 => 1e8,
        }
    }

    /// Whether `x`, not zero, is below a ten-thousandth, as rounded to the format.
    pub(super) fn is_tiny(self, x: f64) -> bool {
        match self {
            Binary::F16 => x < 1678.0 / f64::from(1 << 24),
            Binary::F32 => x < f64::from(0.0001_f32),
            Binary::Bf16 | Binary::F64 => x < 0.0001,
        }
    }

    /// Whether `max / min`, as rounded to the format, is above 1000.
    pub(super) fn is_wide(self, max: f64, min: f64) -> bool {
        match self {
            // The neighbour of 1000 is 1000.5; the tie between them goes to 1000.
            Binary::F16 => max / min > 1000.25,
            Binary::F32 => max as f32 / min as f32 > 1000.0,
            Binary::Bf16 | Binary::F64 => max / min > 1000.0,
        }
    }
}

/// Digits `d` with a point after the first: `d.ddd * 10^exponent`, of an absolute value.
pub(super) struct Decimal {
    digits: Word,
    pub(super) exponent: i32,
}

impl Decimal {
    /// Takes the form of `{:e}` apart.
    fn from_scientific(text: &str) -> Result<Decimal, fmt::Error> {
        let (mantissa, exponent) = text.split_once('e').ok_or(fmt::Error)?;
        let mut digits = Word::new();
        for part in mantissa.split('.') {
            digits.write_str(part)?;
        }
        Ok(Decimal { digits, exponent: exponent.parse().map_err(|_| fmt::Error)? })
    }

    /// The exact value with `fraction` digits behind the point.
    fn exact(x: f64, fraction: usize) -> Result<Decimal, fmt::Error> {
        let mut text = Word::new();
        write!(text, "{x:.fraction$e}")?;
        Decimal::from_scientific(text.as_str())
    }

    fn shortest(x: f64, binary: Binary) -> Result<Decimal, fmt::Error> {
        if let (Some(narrow), true) = (binary.narrow(), x != 0.0) {
            return Decimal::shortest_narrow(x, &narrow);
        }
        let mut text = Word::new();
        if binary == Binary::F32 {
            write!(text, "{:e}", x as f32)?;
        } else {
            write!(text, "{x:e}")?;
        }
        let shortest = Decimal::from_scientific(text.as_str())?;
        // Where the exact value lies in the middle between two such decimals, `core` takes the upper one, NumPy the even
        // one.
        let fraction = shortest.digits.len() - 1;
        let mut text = Word::new();
        write!(text, "{x:.fraction$e}")?;
        let same = match binary {
            Binary::F32 => text.as_str().parse() == Ok(x as f32),
            _ => text.as_str().parse() == Ok(x),
        };
        if same { Decimal::from_scientific(text.as_str()) } else { Ok(shortest) }
    }

    fn shortest_narrow(x: f64, narrow: &Narrow) -> Result<Decimal, fmt::Error> {
        let interval = Interval::around(x, narrow);
        for fraction in 0..8 {
            let mut text = Word::new();
            write!(text, "{x:.fraction$e}")?;
            let nearest: f64 = text.as_str().parse().map_err(|_| fmt::Error)?;
            if interval.contains(nearest) {
                return Decimal::from_scientific(text.as_str());
            }
            // At a power of two the interval reaches farther up than down: the second nearest may lie in it.
            let decimal = Decimal::from_scientific(text.as_str())?;
            let digits: u64 = decimal.digits.as_str().parse().map_err(|_| fmt::Error)?;
            let other = if nearest < x { digits + 1 } else { digits.saturating_sub(1) };
            let mut text = Word::new();
            write!(text, "{other}e{}", decimal.exponent - fraction as i32)?;
            if interval.contains(text.as_str().parse().map_err(|_| fmt::Error)?) {
                let mut digits = Word::new();
                write!(digits, "{other}")?;
                let carry = digits.len() as i32 - decimal.digits.len() as i32;
                return Ok(Decimal { digits, exponent: decimal.exponent + carry });
            }
        }
        // Eight digits tell any two numbers of these formats apart.
        Decimal::exact(x, 8)
    }

    /// `d.ddd` with at most `max` and at least `min` digits behind the point.
    pub(super) fn scientific(x: f64, binary: Binary, min: usize, max: usize) -> Result<Decimal, fmt::Error> {
        let shortest = Decimal::shortest(x, binary)?;
        match shortest.digits.len() - 1 {
            fraction if fraction > max => Decimal::exact(x, max),
            fraction if fraction < min => Decimal::exact(x, min),
            _ => Ok(shortest),
        }
    }

    /// The digit before the point.
    pub(super) fn integer(&self) -> &str {
        &self.digits.as_str()[..1]
    }

    /// The digits behind the point.
    pub(super) fn fraction(&self) -> &str {
        &self.digits.as_str()[1..]
    }
}

/// Writes an absolute value without an exponent, with at most `max` digits behind the point and no zeros at the end;
/// the point is always there.
pub(super) fn write_positional(x: f64, binary: Binary, max: usize, out: &mut Word) -> fmt::Result {
    let Decimal { digits, exponent } = Decimal::shortest(x, binary)?;
    if digits.len() as i32 - 1 - exponent > max as i32 {
        let mut text = Word::new();
        write!(text, "{x:.max$}")?;
        return out.write_str(text.as_str().trim_end_matches('0'));
    }
    let digit = |place: i32| match usize::try_from(exponent - place) {
        Ok(i) => digits.as_str().get(i..=i).unwrap_or("0"),
        Err(_) => "0",
    };
    for place in (0..=exponent.max(0)).rev() {
        out.write_str(digit(place))?;
    }
    out.write_str(".")?;
    let last = exponent - (digits.as_str().trim_end_matches('0').len() as i32 - 1);
    for place in (last..0).rev() {
        out.write_str(digit(place))?;
    }
    Ok(())
}

/// The real numbers that round to one number of a narrow format.
struct Interval {
    low: f64,
    high: f64,
    /// Whether the ends belong to it: they do when the number's last bit is 0.
    closed: bool,
}

impl Interval {
    /// Around `x`, which is positive, finite and a number of that format.
    fn around(x: f64, narrow: &Narrow) -> Interval {
        // The biased exponent of the f64; all values of narrow formats are normal there.
        let exponent = ((x.to_bits() >> 52) as i32 - 1023).max(narrow.min_exponent);
        let unit = power_of_two(exponent - narrow.fraction);
        let is_power = x == power_of_two(exponent) && exponent > narrow.min_exponent;
        let below = if is_power { unit / 4.0 } else { unit / 2.0 };
        let high = (x + unit / 2.0).min(power_of_two(narrow.overflow));
        Interval { low: x - below, high, closed: (x / unit) % 2.0 == 0.0 }
    }

    fn contains(&self, d: f64) -> bool {
        let inside = self.low < d && d < self.high;
        inside || (self.closed && (d == self.low || d == self.high))
    }
}

/// 2 to a power that an `f64` has as a normal number.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}
