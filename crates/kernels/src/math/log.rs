//! `log`, `log2`, `log10`, `log1p`.
//!
//! `x = 2^k (1 + f)` with `1 + f` from sqrt(1/2) to sqrt(2), then `log(x) = k log(2) + log(1 + f)`.
//!
//! Blocks are computed by tables, see [`super::log_table`]. Of single `f64`, with `s = f / (2 + f)`,
//! `log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + R(s^2))`, which loses least when the large terms are added last (this form
//! is K. C. Ng's, of the 4.3BSD and Sun libraries).

use core::f64::consts::LN_2;

use super::bits::{chains, fast_two_sum, split};
use super::coefficients::LOG;
use super::float::Float;
use super::lanes::Lanes;
use super::{Function, alone, log_table};
use crate::arch::Features;

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
pub(super) fn terms<T: Float>(f: Lanes<T>) -> (Lanes<T>, Lanes<T>) {
    let s = f / (2.0 + f);
    let z = s * s;
    let half = 0.5 * f * f;
    (half, s * (half + z * chains(z, LOG)))
}

/// The natural logarithm in `f64`, of `2^k (1 + f + correction)`.
#[inline(always)]
fn natural<T: Float>(k: Lanes<T>, f: Lanes<T>, correction: Lanes<T>) -> Lanes<T> {
    let (half, rest) = terms(f);
    k * LN_2_HIGH - ((half - (rest + (k * LN_2_LOW + correction))) - f)
}

/// The logarithm of a sum of which the second part is below the digits of the first one, an ordinary number. Near 1 the
/// second part is most of the result.
#[inline(always)]
pub(super) fn natural_of_sum(high: Lanes<f64>, low: Lanes<f64>) -> Lanes<f64> {
    let (k, m) = split::<f64, false>(high);
    // 2^-k.
    let unit = (m.bits() - high.bits() + (f64::BIAS << f64::FRACTION)).float();
    let f = m - 1.0;
    // The last factor is about `1 / m`.
    natural(k, f, low * unit * (1.0 - f))
}

/// What the logarithm of any base is outside the positive numbers.
#[inline(always)]
pub(super) fn edges<T: Float, const RARE: bool>(x: Lanes<T>, y: Lanes<T>) -> Lanes<T> {
    if !RARE {
        return y;
    }
    let y = x.less(f64::INFINITY).select(y, x);
    let edge = x.equal(0.0).select::<T>(f64::NEG_INFINITY, f64::NAN);
    x.less_equal(0.0).select(edge, y)
}

impl Function for Log {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(log_table::range::<T>())
    }
    #[inline(always)]
    fn key<T: Float>(x: T) -> T {
        x
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        if !T::DOUBLE {
            return alone::<Self, T, RARE>(x);
        }
        let (k, m) = split::<T, RARE>(x);
        edges::<T, RARE>(x, natural(k, m - 1.0, Lanes::of(0.0)))
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        log_table::log::<L, Self, T, RARE, N>(x)
    }
}

impl Function for Log2 {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(log_table::range::<T>())
    }
    #[inline(always)]
    fn key<T: Float>(x: T) -> T {
        x
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        alone::<Self, T, RARE>(x)
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        log_table::log::<L, Self, T, RARE, N>(x)
    }
}

impl Function for Log10 {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(log_table::range::<T>())
    }
    #[inline(always)]
    fn key<T: Float>(x: T) -> T {
        x
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        alone::<Self, T, RARE>(x)
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        log_table::log::<L, Self, T, RARE, N>(x)
    }
}

impl Function for Log1p {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some([log_table::range::<T>()[0], 1e37])
    }
    #[inline(always)]
    fn key<T: Float>(x: T) -> T {
        T::of(1.0) + x
    }

    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        if !T::DOUBLE {
            return alone::<Self, T, RARE>(x);
        }
        let u = 1.0 + x;
        let (k, m) = split::<T, false>(u);
        // What the sum lost, and 2^-k.
        let lost = x.less(1.0).select(x - (u - 1.0), 1.0 - (u - x));
        let mut unit = (m.bits() - u.bits() + (T::BIAS << T::FRACTION)).float();
        if RARE {
            unit = u.less_equal(1e37).select(unit, 0.0);
        }
        let (f, low) = fast_two_sum(m - 1.0, lost * unit);
        // A zero keeps its sign, which `1 + x` loses.
        edges::<T, RARE>(u, natural(k, f, low).with_sign_of(x))
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        log_table::log1p::<L, T, RARE, N>(x)
    }
}
