//! `log`, `log2`, `log10` and `log1p` of blocks of floats, and what powers need.
//!
//! `x = 2^k m` with `m` from 0.7 to 1.4, in one of sixteen intervals that have the same length in bits. Each has a number
//! `c`, about one over its middle, of so few bits that `r = m c - 1`, of a magnitude below 0.035, is a float, and the logarithm
//! of `1 / c` as a short part and the rest. Then
//!
//! ```text
//!   log(x) = (k log(2) + log(1 / c)) + (r + (r^2 P(r) + ...))
//! ```
//!
//! where the first sum is exact, and in `f64` the rounding error of the second is carried along. Around 1 there is an interval
//! with `c = 1`, in which nothing cancels. To other bases, the product of `r` with `1 / log(base)` keeps its rounding error in
//! `f64`. There is no division. (P. T. P. Tang, Table-driven implementation of the logarithm function in IEEE floating-point
//! arithmetic, 1990.)
//!
//! In `f32` the logarithms (but those of powers) have other tables: `c` is not short, and `r` is rounded, but the logarithm of
//! `1 / c` is as good as short, so that there is no rest to pick (S. Gal, An accurate elementary mathematical library for the
//! IEEE floating point standard, 1991).
//!
//! Measured on Zen 4 in L2 with AVX-512, which picks from the tables in one instruction: 0.65 to 0.9 of the time of a
//! polynomial in `s = (m - 1) / (m + 1)` (`f64`) or `m - 1` (`f32`); 1.0 to 1.2 with less.

use core::f64::consts::{LN_2, LOG2_E, LOG10_2, LOG10_E};

use super::bits::{chains, exact, fast_two_sum, polynomial, two_product, two_to};
use super::coefficients::*;
use super::float::{Float, Table, Word};
use super::lanes::{Lanes, Words, map, pick, zip, zip2};
use super::log::edges;
use super::{Log, Log2, Log10};
use crate::arch::Features;
use crate::array;

/// The bits of the lowest end of the intervals, of which 1 lies in the middle of the tenth, times the smallest power of 2 for
/// which that is an ordinary number. So the bits of a number less these tell whether it is a common one (others are larger
/// as unsigned integers, see [`range`]), and its exponent, counted from [`lowest`], and its place.
const fn first<T: Float>() -> u64 {
    (1 << T::FRACTION) + (13 << (T::FRACTION - 5))
}

/// The exponent there.
const fn lowest<T: Float>() -> f64 {
    2.0 - T::BIAS as f64
}

/// The common kind of number: from the lowest end of the intervals on.
pub(super) const fn range<T: Float>() -> [f64; 2] {
    if T::DOUBLE {
        [f64::from_bits(first::<T>()), 1e308]
    } else {
        [f32::from_bits(first::<T>() as u32) as f64, 3e38]
    }
}

/// About one over the middles, of numbers that are `2^lowest` times as large.
const INVERSE: Table = Table { double: &INVERSES_DOUBLE, single: &INVERSES_SINGLE };
static INVERSES_DOUBLE: [f64; 16] = scaled(INVERSES);
static INVERSES_SINGLE: [f32; 16] = {
    let mut inverses = [0.0; 16];
    let mut i = 0;
    while i < 16 {
        inverses[i] = INVERSES[i] as f32;
        i += 1;
    }
    scaled_single(inverses)
};

const fn scaled(mut inverses: [f64; 16]) -> [f64; 16] {
    let mut i = 0;
    while i < 16 {
        inverses[i] *= two_to(-lowest::<f64>() as i32);
        i += 1;
    }
    inverses
}
const fn scaled_single(mut inverses: [f32; 16]) -> [f32; 16] {
    let mut i = 0;
    while i < 16 {
        inverses[i] *= two_to(-lowest::<f32>() as i32) as f32;
        i += 1;
    }
    inverses
}

/// The logarithms, more `lowest` times that of 2: exact, too.
const fn lowered(mut logs: [f64; 16], of_2: f64) -> [f64; 16] {
    let mut i = 0;
    while i < 16 {
        logs[i] += lowest::<f64>() * of_2;
        i += 1;
    }
    logs
}
const fn lowered_single(mut logs: [f32; 16], of_2: f64) -> [f32; 16] {
    let mut i = 0;
    while i < 16 {
        logs[i] += (lowest::<f32>() * of_2) as f32;
        i += 1;
    }
    logs
}

/// `low - share * high`.
const fn less(mut low: [f64; 16], high: [f64; 16], share: f64) -> [f64; 16] {
    let mut i = 0;
    while i < 16 {
        low[i] -= share * high[i];
        i += 1;
    }
    low
}

static ZEROS: [f32; 16] = [0.0; 16];

/// The first `digits` of a logarithm of 2, of which `beyond` is what its `f64` lacks, and the rest over them.
const fn parts(c: f64, digits: u32, beyond: f64) -> (f64, f64) {
    let cut = 53 - digits;
    let high = f64::from_bits(c.to_bits() >> cut << cut);
    (high, ((c - high) + beyond) / high)
}

/// A base.
pub(super) trait Base {
    /// The logarithm of e.
    const OF_E: f64;
    /// The logarithm of 2 as its first digits (32, or 10 in `f32`) and the rest over them.
    const OF_2: [(f64, f64); 2];
    /// About one over the middles of the intervals; in `f32` not short ones, but with short logarithms.
    const INVERSE: Table;
    /// The logarithms of one over them, as a part of which the sum with that of a power of 2 is exact,
    const LOG: Table;
    /// and in `f64` the rest. All of them in units in which that of 2 has only its first digits.
    const LOW: Table;
    /// `(log(1 + r) - r log(e)) / r^2`.
    const P: [f64; 8];
    /// The same in `f32`.
    const SINGLE: [f64; 4];
}

macro_rules! bases {
    ($($base:ident, $of_e:expr, $two:expr,
       $high:ident $low:ident $near:ident $inverses:ident $of_inverses:ident $single:ident;)*) => {$(
        impl Base for $base {
            const OF_E: f64 = $of_e;
            const OF_2: [(f64, f64); 2] = $two;
            const INVERSE: Table = Table {
                double: &INVERSES_DOUBLE,
                single: {
                    static INVERSES: [f32; 16] = scaled_single($inverses);
                    &INVERSES
                },
            };
            const LOG: Table = Table {
                double: {
                    static LOGS: [f64; 16] = lowered($high, <$base as Base>::OF_2[0].0);
                    &LOGS
                },
                single: {
                    static LOGS: [f32; 16] = lowered_single($of_inverses, <$base as Base>::OF_2[1].0);
                    &LOGS
                },
            };
            const LOW: Table = Table {
                double: {
                    static LOWS: [f64; 16] = less($low, $high, <$base as Base>::OF_2[0].1);
                    &LOWS
                },
                single: &ZEROS,
            };
            const P: [f64; 8] = $near;
            const SINGLE: [f64; 4] = $single;
        }
    )*};
}
bases! {
    Log, 1.0, [parts(LN_2, 32, 2.3190468138462996e-17), parts(LN_2, 10, 0.0)],
        LN_HIGH LN_LOW LN_NEAR LN_INVERSES_SINGLE LN_OF_INVERSES_SINGLE LN_SINGLE;
    Log2, LOG2_E, [(1.0, 0.0); 2],
        LOG2_HIGH LOG2_LOW LOG2_NEAR LOG2_INVERSES_SINGLE LOG2_OF_INVERSES_SINGLE LOG2_SINGLE;
    Log10, LOG10_E, [parts(LOG10_2, 32, -2.8037281277851704e-18), parts(LOG10_2, 10, 0.0)],
        LOG10_HIGH LOG10_LOW LOG10_NEAR LOG10_INVERSES_SINGLE LOG10_OF_INVERSES_SINGLE LOG10_SINGLE;
}

/// A positive number that is not subnormal, as `2^(lowest + k) m`.
struct Split<T: Float> {
    /// `k` where a float has its exponent.
    power: Words<T>,
    /// `2^lowest m`.
    m: Lanes<T>,
}

#[inline(always)]
fn split<T: Float>(x: Lanes<T>) -> Split<T> {
    let power = (x.bits() - first::<T>()) & !((1 << T::FRACTION) - 1);
    Split { power, m: (x.bits() - power).float() }
}

/// The places of numbers in the tables.
#[inline(always)]
fn places<T: Float, const N: usize>(x: [T; N]) -> [T::Bits; N] {
    array::map(
        x,
        #[inline(always)]
        |x| x.bits().minus(T::Bits::of(first::<T>())) >> (T::FRACTION - 4),
    )
}

/// `m c - 1`, rounded once; of an `f64` and a short `c` it is exact.
#[inline(always)]
fn rest<L: Features, T: Float>(m: Lanes<T>, c: Lanes<T>) -> Lanes<T> {
    if L::FUSED {
        return m.fused(c, Lanes::of(-1.0));
    }
    if !T::DOUBLE {
        return Lanes::round(m.double() * c.double() - 1.0);
    }
    // Both products are floats, and so is the difference. Of numbers near 1, so that nothing is subnormal.
    let up = (-lowest::<T>() as u64) << T::FRACTION;
    let (m, c) = ((m.bits() + up).float(), (c.bits() - up).float());
    let high = (m.bits() & !T::LOWER).float();
    (high * c - 1.0) + (m - high) * c
}

/// The logarithm: `k` is times `2^FRACTION`, `high` and `low` are from the tables.
#[inline(always)]
fn log_of<L: Features, B: Base, T: Float>(
    k: Lanes<T>,
    r: Lanes<T>,
    high: Lanes<T>,
    low: Lanes<T>,
) -> Lanes<T> {
    let unit = two_to(-(T::FRACTION as i32));
    let (two, share) = B::OF_2[!T::DOUBLE as usize];
    let whole = exact::<L, _>(k, two * unit, high);
    if !T::DOUBLE {
        let mut rest = r * r * chains(r, B::SINGLE);
        if share != 0.0 {
            rest = rest + whole * share;
        }
        if B::OF_E < 0.5 {
            // As a number by which the product is exact, and what that lacks.
            return whole + (r * 0.5 + (r * (B::OF_E - 0.5) + rest));
        }
        return whole + (r * B::OF_E + rest);
    }
    let mut low = if share == 0.0 { low } else { whole * share + low };
    let mut first = r;
    if B::OF_E != 1.0 {
        let (product, error) = two_product::<L, _>(r, Lanes::of(B::OF_E));
        (first, low) = (product, low + error);
    }
    // The first one is 0 or the larger one.
    let (sum, error) = fast_two_sum(whole, first);
    // The polynomial as four linear ones, so that little waits for the last of them.
    let square = r * r;
    let fourth = square * square;
    let [low_half, high_half] = array::map(
        [0, 2],
        #[inline(always)]
        |i| (fourth * B::P[i + 4] + B::P[i]) + (fourth * B::P[i + 5] + B::P[i + 1]) * r,
    );
    sum + (((error + low) + square * low_half) + fourth * high_half)
}

/// Numbers of which the subnormal ones are so many times as large, and the power of 2 that this is.
#[inline(always)]
fn normal<T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
    map(
        x,
        #[inline(always)]
        |x| if RARE { x.less(T::SMALLEST).select(x * two_to(up::<T>()), x) } else { x },
    )
}

/// The power of 2 that makes a subnormal number a normal one.
const fn up<T: Float>() -> i32 {
    T::FRACTION as i32 + 2
}

/// `k` times `2^FRACTION`, of a number that was perhaps subnormal.
#[inline(always)]
fn exponent<L: Features, T: Float, const RARE: bool>(x: Lanes<T>, power: Words<T>) -> Lanes<T> {
    let k = power.long::<L>();
    if RARE { x.less(T::SMALLEST).select(k - up::<T>() as f64 * two_to(T::FRACTION as i32), k) } else { k }
}

/// The logarithm of numbers of the common kind, or (`RARE`) of any.
#[inline(always)]
pub(super) fn log<L: Features, B: Base, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
    let normal = normal::<T, RARE, N>(x);
    let places = places(normal);
    let c = pick::<L, T, N>(B::INVERSE, places);
    let high = pick::<L, T, N>(B::LOG, places);
    let low = if T::DOUBLE { pick::<L, T, N>(B::LOW, places) } else { high };
    zip(
        [x, normal, c, high, low],
        #[inline(always)]
        |[x, normal, c, high, low]| {
            let Split { power, m } = split(normal);
            let k = exponent::<L, T, RARE>(x, power);
            edges::<T, RARE>(x, log_of::<L, B, T>(k, rest::<L, T>(m, c), high, low))
        },
    )
}

/// `log2` of numbers of the common kind, or (`RARE`) of any positive ones, as a sum of two floats, of which the second is
/// small, to 2^-64 (2^-34 in `f32`): for powers.
#[inline(always)]
pub(super) fn log2_sum<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [[T; N]; 2] {
    static HIGH_SINGLE: [f32; 16] = lowered_single(LOG2_HIGH_SINGLE, 1.0);
    const HIGH: Table = Table { double: Log2::LOG.double, single: &HIGH_SINGLE };
    const LOW: Table = Table { double: Log2::LOW.double, single: &LOG2_LOW_SINGLE };
    // What the float lacks of `1 / ln(2)`.
    let beyond = if T::DOUBLE { 2.0355273740931033e-17 } else { LOG2_E - LOG2_E as f32 as f64 };
    let normal = normal::<T, RARE, N>(x);
    let places = places(normal);
    zip2(
        [
            x,
            normal,
            pick::<L, T, N>(INVERSE, places),
            pick::<L, T, N>(HIGH, places),
            pick::<L, T, N>(LOW, places),
        ],
        #[inline(always)]
        |[x, normal, c, high, low]| {
            let Split { power, m } = split(normal);
            let k = exponent::<L, T, RARE>(x, power);
            let r = rest::<L, T>(m, c);
            // The natural logarithm of 1 + r: r - r^2 / 2, with the errors of both operations, and the rest.
            let (square, square_low) = two_product::<L, _>(r, r);
            let sum = exact::<L, _>(square, -0.5, r);
            let sum_low = exact::<L, _>(square, -0.5, r - sum);
            let p = polynomial::<T, _, _>(r, LN_REST, LN_REST_SINGLE);
            let rest = exact::<L, _>(square_low, -0.5, sum_low) + square * r * p;
            // To base 2.
            let (first, first_low) = two_product::<L, _>(sum, Lanes::of(LOG2_E));
            let unit = two_to(-(T::FRACTION as i32));
            let (high, error) = fast_two_sum(exact::<L, _>(k, unit, high), first);
            // What is known last is added last.
            [high, (error + (first_low + (sum * beyond + low))) + rest * LOG2_E]
        },
    )
}

/// `log(1 + x)`, where the sum is of the common kind, or (`RARE`) any.
#[inline(always)]
pub(super) fn log1p<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
    let sum = map(
        x,
        #[inline(always)]
        |x| 1.0 + x,
    );
    let places = places(sum);
    let c = pick::<L, T, N>(Log::INVERSE, places);
    let high = pick::<L, T, N>(Log::LOG, places);
    let low = if T::DOUBLE { pick::<L, T, N>(Log::LOW, places) } else { high };
    zip(
        [x, sum, c, high, low],
        #[inline(always)]
        |[x, sum, c, high, low]| {
            let Split { power, m } = split(sum);
            // What the sum lost, and 2^-k c.
            let small = x.less(1.0);
            let lost = small.select(x, 1.0) - (sum - small.select(1.0, x));
            let mut factor = (c.bits() - power).float();
            if RARE {
                factor = sum.less_equal(1e37).select(factor, 0.0);
            }
            let r = rest::<L, T>(m, c);
            let (r, low) = match T::DOUBLE {
                true => {
                    let (r, error) = fast_two_sum(r, lost * factor);
                    (r, low + error)
                }
                false => (r + lost * factor, low),
            };
            let y = log_of::<L, Log, T>(power.long::<L>(), r, high, low);
            // A zero keeps its sign, which the sum loses.
            edges::<T, RARE>(sum, y.with_sign_of(x))
        },
    )
}
