//! `sinh`, `cosh`, `tanh`.
//!
//! With `x = k ln(2) + r` as for `exp`, `a = (2^k - 2^-k) / 2` and `b = (2^k + 2^-k) / 2`:
//!
//! ```text
//!   sinh(x) = a cosh(r) + b sinh(r)        cosh(x) = b cosh(r) + a sinh(r)
//! ```
//!
//! with polynomials for `sinh` and `cosh` on `|r| <= ln(2) / 2`. Nothing cancels, small arguments (where `k` and `a` are
//! 0) are no case of their own, and nothing is divided. `cosh` of blocks of `f64` takes sixteenths of powers of 2 from tables, see
//! [`super::exp_table`]. `tanh(x)` is `m / (m + 2)` with `m = expm1(2 x)`, and
//! `1 - 2 / (m + 2)` where that is nearer to 1: in `f64` with `m` from the tables, too, in `f32` the first is a polynomial.

use core::f64::consts::LOG2_E;

use super::bits::{chains, fast_two_sum, nearest, polynomial, power_of_two};
use super::coefficients::{COSH, COSH_SINGLE, SINH, SINH_SINGLE, TANH_SINGLE};
use super::exp::{Reduced, limits, reduce};
use super::exp_table::{self, exp2_short};
use super::float::Float;
use super::lanes::{Lanes, Words, map, zip};
use super::{Function, alone, by_lanes};
use crate::arch::Features;
use crate::array;

/// The hyperbolic sine.
pub(crate) struct Sinh;
/// The hyperbolic cosine.
pub(crate) struct Cosh;
/// The hyperbolic tangent.
pub(crate) struct Tanh;

/// What both functions are made of.
struct Parts<T: Float> {
    r: Lanes<T>,
    /// `sinh(r) - r`, `cosh(r) - 1`.
    sinh: Lanes<T>,
    cosh: Lanes<T>,
    /// `2^k / 2`, `2^-k / 2`.
    up: Lanes<T>,
    down: Lanes<T>,
}

#[inline(always)]
fn parts<T: Float>(angle: Reduced<T>) -> Parts<T> {
    let Reduced { bits, r, tail, .. } = angle;
    let z = r * r;
    let sinh = r * z * polynomial::<T, _, _>(z, SINH, SINH_SINGLE);
    let cosh = z * polynomial::<T, _, _>(z, COSH, COSH_SINGLE);
    let down = power_of_two(Words::of(0) - 1 - bits);
    Parts { r, sinh: if T::DOUBLE { sinh + tail } else { sinh }, cosh, up: power_of_two(bits - 1), down }
}

impl<T: Float> Parts<T> {
    #[inline(always)]
    fn sinh(&self) -> Lanes<T> {
        let (a, b) = (self.up - self.down, self.up + self.down);
        if !T::DOUBLE {
            return a + (b * self.r + (a * self.cosh + b * self.sinh));
        }
        // `a` is 0 or the larger one.
        let (high, low) = fast_two_sum(a, self.up * self.r);
        high + (low + (self.down * self.r + (a * self.cosh + b * self.sinh)))
    }

    #[inline(always)]
    fn cosh(&self) -> Lanes<T> {
        let (a, b) = (self.up - self.down, self.up + self.down);
        if !T::DOUBLE {
            return b + (a * (self.r + self.sinh) + b * self.cosh);
        }
        let (high, low) = fast_two_sum(b, self.up * self.r);
        high + (low + ((b * self.cosh + a * self.sinh) - self.down * self.r))
    }
}

/// Hyperbolic sine and cosine, where nothing overflows.
#[inline(always)]
pub(super) fn sinh_and_cosh(x: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    let parts = parts(reduce(x.abs()));
    (parts.sinh().with_sign_of(x), parts.cosh())
}

/// The magnitude of the argument as parts that do not overflow, and the factor that they lack.
#[inline(always)]
fn safe<T: Float, const RARE: bool>(x: Lanes<T>) -> (Parts<T>, Lanes<T>) {
    if !RARE {
        return (parts(reduce(x.abs())), Lanes::of(1.0));
    }
    let [_, high] = limits::<T>().1;
    let mut whole = reduce(x.abs().clamp(0.0, high + 2.0));
    // Near the end of the range the whole power of 2 would overflow, or the other one vanish.
    let large = Lanes::of(T::BIAS as f64 - 4.0).less(whole.k);
    whole.k = large.select(whole.k - 8.0, whole.k);
    whole.bits = nearest(whole.k).1;
    let mut parts = parts(whole);
    parts.down = large.select(0.0, parts.down);
    (parts, large.select(256.0, 1.0))
}

/// Nothing overflows.
const fn range<T: Float>() -> [f64; 2] {
    [0.0, limits::<T>().0 - 2.0]
}

impl Function for Sinh {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(range::<T>())
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let (parts, factor) = safe::<T, RARE>(x);
        let y = if RARE { parts.sinh() * factor } else { parts.sinh() };
        y.with_sign_of(x)
    }
}

impl Function for Cosh {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(range::<T>())
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let (parts, factor) = safe::<T, RARE>(x);
        if RARE { parts.cosh() * factor } else { parts.cosh() }
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        if !T::DOUBLE {
            return by_lanes::<Self, T, RARE, N>(x);
        }
        array::map(exp_table::cosh::<L, RARE, N>(array::map(x, T::double), range::<T>()[1]), T::of)
    }
}

impl Function for Tanh {
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        alone::<Self, T, RARE>(x)
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        if T::DOUBLE {
            array::map(tanh_double::<L, N>(array::map(x, T::double)), T::of)
        } else {
            tanh_single::<L, T, N>(x)
        }
    }
}

/// Of `f64`.
#[inline(always)]
fn tanh_double<L: Features, const N: usize>(x: [f64; N]) -> [f64; N] {
    let twice = map(
        x,
        #[inline(always)]
        |x| (x.abs() * 2.0).clamp(0.0, 40.0),
    );
    let [high, low] = exp_table::expm1::<L, N>(twice);
    zip(
        [x, high, low],
        #[inline(always)]
        |[x, high, low]| {
            let (m, m_low) = fast_two_sum(high, low);
            let large = Lanes::of(core::f64::consts::E - 1.0).less(m);
            let d = m + 2.0;
            let quotient = large.select(-2.0, m) / d;
            // What the roundings of `m` and `d` make in a small quotient; the last factor is about `1 / d`.
            let d_low = (2.0 - d) + m + m_low;
            let correction = (m_low - quotient * d_low) * (0.5 - 0.1345 * m);
            (large.select(1.0, correction) + quotient).with_sign_of(x)
        },
    )
}

/// Of `f32`: the quotient is at most 1/2 where it is used, and needs fewer digits than the result.
#[inline(always)]
fn tanh_single<L: Features, T: Float, const N: usize>(x: [T; N]) -> [T; N] {
    // Beyond this the result is 1.
    const MOST: f64 = 30.0;
    let power = map(
        x,
        #[inline(always)]
        |x| {
            let power = x.abs() * (2.0 * LOG2_E);
            Lanes::of(MOST).less(power).select(MOST, power)
        },
    );
    zip(
        [x, exp2_short::<L, T, N>(power)],
        #[inline(always)]
        |[x, power]| {
            let size = x.abs();
            let z = x * x;
            let small = size + size * z * chains(z, TANH_SINGLE);
            let large = 1.0 - 2.0 / (power + 1.0);
            size.less(0.55).select(small, large).with_sign_of(x)
        },
    )
}
