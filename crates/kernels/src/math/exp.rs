//! `exp`, `exp2`, `expm1`.
//!
//! `x = k ln(2) + r` with `|r| <= ln(2) / 2` (Cody and Waite: `ln(2)` in two parts, of which the first times `k` is
//! exact), then `exp(x) = 2^k exp(r)`, and `exp(r) = 1 + r + r^2 Q(r)` with a polynomial `Q`. Blocks of `f64` are computed
//! by tables, see [`super::exp_table`].

use core::f64::consts::{LN_2, LOG2_E};

use super::bits::{fast_two_sum, nearest, polynomial, power_of_two, scale, scale_normal};
use super::coefficients::{EXP, EXP_SINGLE};
use super::float::Float;
use super::lanes::{self, Lanes, Words};
use super::{Function, by_lanes, exp_table};
use crate::arch::Features;
use crate::array;

/// e to the power of `x`.
pub(crate) struct Exp;
/// 2 to the power of `x`.
pub(crate) struct Exp2;
/// `exp(x) - 1`.
pub(crate) struct Expm1;

/// ln(2) as its first digits (32 of an `f64`, 10 of an `f32`) and the rest.
const fn ln_2<T: Float>() -> (f64, f64) {
    if T::DOUBLE {
        (f64::from_bits(LN_2.to_bits() & !0x1f_ffff), 1.9082149292705877e-10)
    } else {
        (0.693359375, LN_2 - 0.693359375)
    }
}

/// Between these `exp` is an ordinary number; and a little beyond where it is 0 and infinity.
pub(super) const fn limits<T: Float>() -> (f64, [f64; 2]) {
    if T::DOUBLE { (708.0, [-746.0, 710.0]) } else { (87.0, [-104.0, 89.0]) }
}

/// A little beyond where `exp2` is 0 and infinity.
const fn limits_2<T: Float>() -> [f64; 2] {
    if T::DOUBLE { [-1076.0, 1025.0] } else { [-151.0, 129.0] }
}

/// Numbers between these.
#[inline(always)]
fn limited<T: Float, const N: usize>(x: [T; N], [low, high]: [f64; 2]) -> [T; N] {
    lanes::map(
        x,
        #[inline(always)]
        |x| x.clamp(low, high),
    )
}

/// `x = k ln(2) + r + tail`.
pub(super) struct Reduced<T: Float> {
    pub(super) k: Lanes<T>,
    /// `k` in the low bits.
    pub(super) bits: Words<T>,
    pub(super) r: Lanes<T>,
    pub(super) tail: Lanes<T>,
}

#[inline(always)]
pub(super) fn reduce<T: Float>(x: Lanes<T>) -> Reduced<T> {
    let (high_ln_2, low_ln_2) = ln_2::<T>();
    let (k, bits) = nearest(x * LOG2_E);
    let high = x - k * high_ln_2;
    let low = k * low_ln_2;
    let r = high - low;
    Reduced { k, bits, r, tail: (high - r) - low }
}

impl<T: Float> Reduced<T> {
    /// `exp(r + tail) - 1 - r`.
    #[inline(always)]
    fn rest(&self) -> Lanes<T> {
        let q = self.r * self.r * polynomial::<T, _, _>(self.r, EXP, EXP_SINGLE);
        if T::DOUBLE { q + self.tail } else { q }
    }

    /// `2^k exp(r + tail)`.
    #[inline(always)]
    fn exp<const RARE: bool>(&self) -> Lanes<T> {
        let y = 1.0 + (self.r + self.rest());
        if RARE { scale(y, self.k) } else { scale_normal(y, self.bits) }
    }
}

impl Function for Exp {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(if T::DOUBLE { exp_table::RANGE } else { [0.0, limits::<T>().0] })
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let [low, high] = limits::<T>().1;
        let x = if RARE { x.clamp(low, high) } else { x };
        reduce(x).exp::<RARE>()
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        if !T::DOUBLE {
            return by_lanes::<Self, T, RARE, N>(x);
        }
        let x = array::map(x, T::double);
        array::map(exp_table::exp::<L, RARE, N>(if RARE { limited(x, limits::<T>().1) } else { x }), T::of)
    }
}

impl Function for Exp2 {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(if T::DOUBLE { exp_table::range_2::<f64>() } else { [0.0, 125.0] })
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let [low, high] = limits_2::<T>();
        let x = if RARE { x.clamp(low, high) } else { x };
        let (k, bits) = nearest(x);
        Reduced { k, bits, r: (x - k) * LN_2, tail: Lanes::of(0.0) }.exp::<RARE>()
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        if !T::DOUBLE {
            return by_lanes::<Self, T, RARE, N>(x);
        }
        let x = array::map(x, T::double);
        array::map(exp_table::exp2::<L, RARE, N>(if RARE { limited(x, limits_2::<T>()) } else { x }), T::of)
    }
}

impl<T: Float> Reduced<T> {
    /// `2^k exp(r) - one`, where `unit` is `2^k` and `unit - one` is 0 or larger than `unit r`: as a sum
    /// of two.
    #[inline(always)]
    fn less(&self, unit: Lanes<T>, one: Lanes<T>) -> (Lanes<T>, Lanes<T>) {
        let (high, low) = fast_two_sum(unit - one, unit * self.r);
        (high, low + unit * self.rest())
    }
}

/// `exp(x) - 1` as a sum of two, where it does not overflow.
#[inline(always)]
fn expm1<T: Float>(x: &Reduced<T>) -> (Lanes<T>, Lanes<T>) {
    x.less(power_of_two(x.bits), Lanes::of(1.0))
}

/// `exp(x)` and `exp(x) - 1`, where they are ordinary numbers.
#[inline(always)]
pub(super) fn exp_and_less(x: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    let reduced = reduce(x);
    let (high, low) = expm1(&reduced);
    (reduced.exp::<false>(), (high + low).with_sign_of(x))
}

impl Function for Expm1 {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some([0.0, limits::<T>().0])
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        if !RARE {
            let (high, low) = expm1(&reduce(x));
            return (high + low).with_sign_of(x);
        }
        let reduced = reduce(x.clamp(-50.0, limits::<T>().1[1]));
        // The largest power is one too many for a float: half of it, and twice the sum.
        let large = Lanes::of(T::BIAS as f64).less(reduced.k);
        let unit = power_of_two(nearest(reduced.k - large.select::<T>(1.0, 0.0)).1);
        let (high, low) = reduced.less(unit, large.select(0.5, 1.0));
        ((high + low) * large.select::<T>(2.0, 1.0)).with_sign_of(x)
    }
}
