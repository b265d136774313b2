//! `log`, `log2`, `log10`, `log1p`.
//!
//! `x = 2^k (1 + f)` with `1 + f` from sqrt(1/2) to sqrt(2), then `log(x) = k ln(2) + log(1 + f)`. With
//! `s = f / (2 + f)`, `log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + R(s^2))`, which loses least when the large
//! terms are added last (this form is K. C. Ng's, of the 4.3BSD and Sun libraries).

use core::f64::consts::{LN_2, LOG2_E, LOG10_2, LOG10_E};

use super::bits::{fast_two_sum, polynomial, split};
use super::coefficients::{LOG, LOG_SINGLE};
use super::lanes::Lanes;
use super::{Function, Precision};

/// The natural logarithm.
pub(crate) struct Log;
/// The logarithm to base 2.
pub(crate) struct Log2;
/// The logarithm to base 10.
pub(crate) struct Log10;
/// `log(1 + x)`.
pub(crate) struct Log1p;

/// The first 32 bits of ln(2), and the rest.
const LN_2_HIGH: f64 = f64::from_bits(LN_2.to_bits() & !0x1f_ffff);
const LN_2_LOW: f64 = 1.9082149292705877e-10;

/// `f^2/2` and `s (f^2/2 + R(s^2))`.
#[inline(always)]
fn terms<P: Precision, const N: usize>(f: Lanes<N>) -> (Lanes<N>, Lanes<N>) {
    let s = f / (2.0 + f);
    let z = s * s;
    let half = 0.5 * f * f;
    (half, s * (half + z * polynomial::<P, N, _, _>(z, LOG, LOG_SINGLE)))
}

/// What the logarithm of any base is outside the positive numbers.
#[inline(always)]
fn edges<const RARE: bool, const N: usize>(x: Lanes<N>, y: Lanes<N>) -> Lanes<N> {
    if !RARE {
        return y;
    }
    let y = x.less(f64::INFINITY).select(y, x);
    let edge = x.equal(0.0).select(f64::NEG_INFINITY, f64::NAN);
    x.less_equal(0.0).select(edge, y)
}

/// Whether a number is positive, finite and not subnormal.
#[inline(always)]
fn positive(x: f64) -> bool {
    (f64::MIN_POSITIVE..f64::INFINITY).contains(&x)
}

impl Function for Log {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        positive(x)
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let (k, m) = split::<P, RARE, N>(x);
        let f = m - 1.0;
        let (half, rest) = terms::<P, N>(f);
        let y = if P::DOUBLE {
            k * LN_2_HIGH - ((half - (rest + k * LN_2_LOW)) - f)
        } else {
            k * LN_2 + (f - (half - rest))
        };
        edges::<RARE, N>(x, y)
    }
}

/// The logarithm to another base: `scale` is `1 / ln(base)` and `two` is `log(2)`, each in a short and a long part.
#[inline(always)]
fn log_base<P: Precision, const RARE: bool, const N: usize>(
    x: Lanes<N>,
    scale: (f64, f64),
    two: (f64, f64),
) -> Lanes<N> {
    let (k, m) = split::<P, RARE, N>(x);
    let f = m - 1.0;
    let (half, rest) = terms::<P, N>(f);
    if !P::DOUBLE {
        return edges::<RARE, N>(x, k * (two.0 + two.1) + (f - (half - rest)) * (scale.0 + scale.1));
    }
    // The logarithm as a short part, whose products with short constants are exact, and a correction.
    let high = ((f - half).bits() & !0xffff_ffff).float();
    let low = ((f - high) - half) + rest;
    let large = k * two.0;
    let product = high * scale.0;
    let correction = k * two.1 + (low + high) * scale.1 + low * scale.0;
    // `large` is 0 or the larger one: what is lost in the sum is either nothing or what this finds.
    let (sum, error) = fast_two_sum(large, product);
    edges::<RARE, N>(x, sum + (error + correction))
}

/// A constant, of which `beyond` is what its `f64` lacks, as its first 21 bits and the rest.
const fn parts(c: f64, beyond: f64) -> (f64, f64) {
    let high = f64::from_bits(c.to_bits() & !0xffff_ffff);
    (high, (c - high) + beyond)
}

impl Function for Log2 {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        positive(x)
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        const SCALE: (f64, f64) = parts(LOG2_E, 2.0355273740931033e-17);
        log_base::<P, RARE, N>(x, SCALE, (1.0, 0.0))
    }
}

impl Function for Log10 {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        positive(x)
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        const SCALE: (f64, f64) = parts(LOG10_E, 1.098319650216765e-17);
        const TWO: (f64, f64) = parts(LOG10_2, -2.8037281277851704e-18);
        log_base::<P, RARE, N>(x, SCALE, TWO)
    }
}

impl Function for Log1p {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        (x > -1.0) & (x < f64::INFINITY)
    }

    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let u = 1.0 + x;
        let (k, m) = split::<P, RARE, N>(u);
        // What the sum lost, where it is not simply `x` that is wanted.
        let lost = x.less(1.0).select(x - (u - 1.0), 1.0 - (u - x));
        let within = k.equal(0.0);
        let f = within.select(x, m - 1.0);
        let correction = within.select(0.0, lost / u);
        let (half, rest) = terms::<P, N>(f);
        let y = if P::DOUBLE {
            k * LN_2_HIGH - ((half - (rest + (k * LN_2_LOW + correction))) - f)
        } else {
            k * LN_2 + (f - (half - (rest + correction)))
        };
        // Keeps the sign of a zero, which `1 + x` loses.
        let y = x.equal(0.0).select(x, y);
        edges::<RARE, N>(u, y)
    }
}
