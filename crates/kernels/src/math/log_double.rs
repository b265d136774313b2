//! `log`, `log2`, `log10` and `log1p` of blocks of `f64`, and what powers need.
//!
//! `x = 2^k m` with `m` from 0.7 to 1.4, in one of sixteen intervals that have the same length in bits. Each has a number
//! `c`, about one over its middle, of six bits, and the logarithm of `1 / c` as a short part and the rest. Then `r = m c - 1`
//! is a float of a magnitude below 0.036, and
//!
//! ```text
//!   log(x) = (k log(2) + log(1 / c)) + (r + (r^2 P(r) + ...))
//! ```
//!
//! where the first sum is exact, and the rounding error of the second is carried along. Around 1 there is an interval
//! with `c = 1`, in which nothing cancels. To other bases, the product of `r` with `1 / log(base)` keeps its rounding error.
//! There is no division. (P. T. P. Tang, Table-driven implementation of the logarithm function in IEEE floating-point
//! arithmetic, 1990.)
//!
//! Measured on Zen 4 in L2 with AVX-512, which picks from the tables in one instruction: 0.65 to 0.9 of the time of a
//! polynomial in `s = (m - 1) / (m + 1)`; 1.0 to 1.2 with less.

use core::f64::consts::{LN_2, LOG2_E, LOG10_2, LOG10_E};

use super::bits::{chains, exact, fast_two_sum, two_product, two_to};
use super::coefficients::*;
use super::float::Float;
use super::lanes::{Lanes, Words, map, pick, zip, zip2};
use super::log::edges;
use super::{Log, Log2, Log10};
use crate::arch::Features;

/// The bits of the lowest end of the intervals, of which each has 2^48. 1 lies in the tenth, at five eighths.
const FIRST: u64 = (1023 << 52) - (9 << 48) - (5 << 45);

/// The first 32 bits of a logarithm of 2, of which `beyond` is what its `f64` lacks, and the rest.
const fn parts(c: f64, beyond: f64) -> (f64, f64) {
    let high = f64::from_bits(c.to_bits() & !0x1f_ffff);
    (high, (c - high) + beyond)
}

/// A base.
pub(super) trait Base {
    /// The logarithm of e.
    const OF_E: f64;
    /// The logarithm of 2, as a part whose product with `k` is exact and the rest.
    const OF_2: (f64, f64);
    /// The logarithms of `1 / c`, as multiples of 2^-41 and the rest.
    const TABLES: [&'static [f64; 16]; 2];
    /// `(log(1 + r) - r log(e)) / r^2`.
    const P: [f64; 8];
}

impl Base for Log {
    const OF_E: f64 = 1.0;
    const OF_2: (f64, f64) = parts(LN_2, 2.3190468138462996e-17);
    const TABLES: [&'static [f64; 16]; 2] = [&LN_HIGH, &LN_LOW];
    const P: [f64; 8] = LN_NEAR;
}
impl Base for Log2 {
    const OF_E: f64 = LOG2_E;
    const OF_2: (f64, f64) = (1.0, 0.0);
    const TABLES: [&'static [f64; 16]; 2] = [&LOG2_HIGH, &LOG2_LOW];
    const P: [f64; 8] = LOG2_NEAR;
}
impl Base for Log10 {
    const OF_E: f64 = LOG10_E;
    const OF_2: (f64, f64) = parts(LOG10_2, -2.8037281277851704e-18);
    const TABLES: [&'static [f64; 16]; 2] = [&LOG10_HIGH, &LOG10_LOW];
    const P: [f64; 8] = LOG10_NEAR;
}

/// A positive number that is not subnormal, as `2^k m`.
struct Split {
    /// `k` where an `f64` has its exponent.
    power: Words<f64>,
    m: Lanes<f64>,
}

#[inline(always)]
fn split(x: Lanes<f64>) -> Split {
    let power = (x.bits() - FIRST) & !((1 << f64::FRACTION) - 1);
    Split { power, m: (x.bits() - power).float() }
}

/// The places of numbers in the tables.
#[inline(always)]
fn places<const N: usize>(x: [f64; N]) -> [u64; N] {
    x.map(
        #[inline(always)]
        |x| x.to_bits().wrapping_sub(FIRST) >> 48,
    )
}

/// `m c - 1`, rounded once.
#[inline(always)]
fn rest<L: Features>(m: Lanes<f64>, c: Lanes<f64>) -> Lanes<f64> {
    if L::FUSED {
        return m.fused(c, Lanes::of(-1.0));
    }
    // Both products are floats, and so is the difference.
    let high = (m.bits() & !0x3ff_ffff).float();
    (high * c - 1.0) + (m - high) * c
}

/// The logarithm: `k` is times 2^52, `high` and `low` are from the tables.
#[inline(always)]
fn log_of<L: Features, B: Base>(
    k: Lanes<f64>,
    r: Lanes<f64>,
    high: Lanes<f64>,
    low: Lanes<f64>,
) -> Lanes<f64> {
    const UNIT: f64 = two_to(-52);
    let mut low = if B::OF_2.1 == 0.0 { low } else { k * (B::OF_2.1 * UNIT) + low };
    let mut first = r;
    if B::OF_E != 1.0 {
        let (product, error) = two_product::<L, _>(r, Lanes::of(B::OF_E));
        (first, low) = (product, low + error);
    }
    // The first one is 0 or the larger one.
    let (sum, error) = fast_two_sum(exact::<L, _>(k, B::OF_2.0 * UNIT, high), first);
    // The polynomial as four linear ones, so that little waits for the last of them.
    let square = r * r;
    let fourth = square * square;
    let [low_half, high_half] = [0, 2].map(
        #[inline(always)]
        |i| (fourth * B::P[i + 4] + B::P[i]) + (fourth * B::P[i + 5] + B::P[i + 1]) * r,
    );
    sum + (((error + low) + square * low_half) + fourth * high_half)
}

/// The logarithm of positive numbers that are not subnormal, or (`RARE`) of any.
#[inline(always)]
pub(super) fn log<L: Features, B: Base, const RARE: bool, const N: usize>(x: [f64; N]) -> [f64; N] {
    let normal = map(
        x,
        #[inline(always)]
        |x| if RARE { x.less(f64::SMALLEST).select(x * two_to(54), x) } else { x },
    );
    let places = places(normal);
    let [highs, lows] = B::TABLES;
    zip(
        [x, normal, pick::<L, N>(&INVERSES, places), pick::<L, N>(highs, places), pick::<L, N>(lows, places)],
        #[inline(always)]
        |[x, normal, c, high, low]| {
            let Split { power, m } = split(normal);
            let mut k = power.long::<L>();
            if RARE {
                k = x.less(f64::SMALLEST).select(k - 54.0 * two_to(52), k);
            }
            edges::<f64, RARE>(x, log_of::<L, B>(k, rest::<L>(m, c), high, low))
        },
    )
}

/// `log2` of positive numbers that are not subnormal, to 2^-36: for powers of `f32`.
#[inline(always)]
pub(super) fn log2_short<L: Features, const N: usize>(x: [f64; N]) -> [f64; N] {
    let places = places(x);
    zip(
        [x, pick::<L, N>(&INVERSES, places), pick::<L, N>(&LOG2_HIGH, places)],
        #[inline(always)]
        |[x, c, high]| {
            let Split { power, m } = split(x);
            // Of 24 digits and of six.
            let r = exact::<L, _>(m, c, Lanes::of(-1.0));
            exact::<L, _>(power.long::<L>(), two_to(-52), high) + r * chains(r, LOG2_SHORT)
        },
    )
}

/// `log2` of positive numbers that are not subnormal, as a sum of two floats, of which the second is small, to 2^-64: for
/// powers of `f64`.
#[inline(always)]
pub(super) fn log2_sum<L: Features, const RARE: bool, const N: usize>(x: [f64; N]) -> [[f64; N]; 2] {
    /// What the `f64` lacks of `1 / ln(2)`.
    const BEYOND: f64 = 2.0355273740931033e-17;
    let normal = map(
        x,
        #[inline(always)]
        |x| if RARE { x.less(f64::SMALLEST).select(x * two_to(54), x) } else { x },
    );
    let places = places(normal);
    let [highs, lows] = Log2::TABLES;
    zip2(
        [x, normal, pick::<L, N>(&INVERSES, places), pick::<L, N>(highs, places), pick::<L, N>(lows, places)],
        #[inline(always)]
        |[x, normal, c, high, low]| {
            let Split { power, m } = split(normal);
            let mut k = power.long::<L>();
            if RARE {
                k = x.less(f64::SMALLEST).select(k - 54.0 * two_to(52), k);
            }
            let (product, r_low) = short_product::<L>(m, c);
            let (r, r_low) = fast_two_sum(product - 1.0, r_low);
            // The natural logarithm of 1 + r: r - r^2 / 2, with the errors of both operations, and the rest.
            let half = r * -0.5;
            let (square, square_low) = two_product::<L, _>(r, half);
            let (sum, sum_low) = fast_two_sum(r, square);
            let rest = (sum_low + square_low) + r_low * (1.0 - r) + square * r * chains(r, LN_REST);
            // To base 2.
            let (first, first_low) = two_product::<L, _>(sum, Lanes::of(LOG2_E));
            let first_low = first_low + (sum * BEYOND + rest * LOG2_E);
            let (high, error) = fast_two_sum(exact::<L, _>(k, two_to(-52), high), first);
            [high, error + (first_low + low)]
        },
    )
}

/// `m c`, of a `c` of six bits, and its rounding error.
#[inline(always)]
fn short_product<L: Features>(m: Lanes<f64>, c: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    if L::FUSED {
        return two_product::<L, _>(m, c);
    }
    let high = (m.bits() & !0x3ff_ffff).float();
    let (high, low) = (high * c, (m - high) * c);
    fast_two_sum(high, low)
}

/// `log(1 + x)`, where the sum is an ordinary number, or (`RARE`) any.
#[inline(always)]
pub(super) fn log1p<L: Features, const RARE: bool, const N: usize>(x: [f64; N]) -> [f64; N] {
    let sum = map(
        x,
        #[inline(always)]
        |x| 1.0 + x,
    );
    let places = places(sum);
    zip(
        [
            x,
            sum,
            pick::<L, N>(&INVERSES, places),
            pick::<L, N>(&LN_HIGH, places),
            pick::<L, N>(&LN_LOW, places),
        ],
        #[inline(always)]
        |[x, sum, c, high, low]| {
            let Split { power, m } = split(sum);
            // What the sum lost, and 2^-k.
            let small = x.less(1.0);
            let lost = small.select(x, 1.0) - (sum - small.select(1.0, x));
            let mut unit = (Lanes::of(1.0).bits() - power).float();
            if RARE {
                unit = sum.less_equal(1e37).select(unit, 0.0);
            }
            let (r, error) = fast_two_sum(rest::<L>(m, c), lost * unit * c);
            let y = log_of::<L, Log>(power.long::<L>(), r, high, low + error);
            // A zero keeps its sign, which the sum loses.
            edges::<f64, RARE>(sum, y.with_sign_of(x))
        },
    )
}
