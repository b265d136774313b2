//! `exp`, `exp2`, `expm1`.
//!
//! `x = k ln(2) + r` with `|r| <= ln(2) / 2` (Cody and Waite: `ln(2)` in two parts, of which the first times `k` is
//! exact), then `exp(x) = 2^k exp(r)`, and `exp(r) = 1 + r + r^2 Q(r)` with a polynomial `Q`.

use core::f64::consts::{LN_2, LOG2_E};

use super::bits::{fast_two_sum, nearest, polynomial, power_of_two, scale, scale_normal, two_sum};
use super::coefficients::{EXP, EXP_SINGLE};
use super::lanes::{Lanes, Words};
use super::{Function, Precision};

/// e to the power of `x`.
pub(crate) struct Exp;
/// 2 to the power of `x`.
pub(crate) struct Exp2;
/// `exp(x) - 1`.
pub(crate) struct Expm1;

/// The first 32 bits of ln(2), and the rest.
const LN_2_HIGH: f64 = f64::from_bits(LN_2.to_bits() & !0x1f_ffff);
const LN_2_LOW: f64 = 1.9082149292705877e-10;

/// `x = k ln(2) + r + tail`.
struct Reduced<const N: usize> {
    k: Lanes<N>,
    /// `k` in the low bits.
    bits: Words<N>,
    r: Lanes<N>,
    tail: Lanes<N>,
}

#[inline(always)]
fn reduce<P: Precision, const N: usize>(x: Lanes<N>) -> Reduced<N> {
    let (k, bits) = nearest(x * LOG2_E);
    if !P::DOUBLE {
        return Reduced { k, bits, r: x - k * LN_2, tail: Lanes::of(0.0) };
    }
    let high = x - k * LN_2_HIGH;
    let low = k * LN_2_LOW;
    let r = high - low;
    Reduced { k, bits, r, tail: (high - r) - low }
}

impl<const N: usize> Reduced<N> {
    /// `exp(r + tail) - 1 - r`.
    #[inline(always)]
    fn rest<P: Precision>(&self) -> Lanes<N> {
        let q = self.r * self.r * polynomial::<P, N, _, _>(self.r, EXP, EXP_SINGLE);
        if P::DOUBLE { q + self.tail } else { q }
    }

    /// `2^k exp(r + tail)`.
    #[inline(always)]
    fn exp<P: Precision, const RARE: bool>(&self) -> Lanes<N> {
        let y = 1.0 + (self.r + self.rest::<P>());
        if RARE { scale(y, self.k) } else { scale_normal(y, self.bits) }
    }
}

/// Half of `exp(x)`, which overflows later.
#[inline(always)]
pub(super) fn half_exp<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
    let x = if RARE { x.clamp(-746.0, 712.0) } else { x };
    let whole = reduce::<P, N>(x);
    Reduced { k: whole.k - 1.0, bits: whole.bits - 1, ..whole }.exp::<P, RARE>()
}

impl Function for Exp {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        x.abs() <= 708.0
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let x = if RARE { x.clamp(-746.0, 710.0) } else { x };
        reduce::<P, N>(x).exp::<P, RARE>()
    }
}

impl Function for Exp2 {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        x.abs() <= 1021.0
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let x = if RARE { x.clamp(-1076.0, 1025.0) } else { x };
        let (k, bits) = nearest(x);
        Reduced { k, bits, r: (x - k) * LN_2, tail: Lanes::of(0.0) }.exp::<P, RARE>()
    }
}

/// `expm1(x)` as a sum of two, the first much the larger.
#[inline(always)]
pub(super) fn expm1<P: Precision, const N: usize>(x: Lanes<N>) -> (Lanes<N>, Lanes<N>) {
    let reduced = reduce::<P, N>(x.clamp(-50.0, 710.0));
    let (r, q) = (reduced.r, reduced.rest::<P>());
    if !P::DOUBLE {
        let unit = power_of_two(reduced.bits);
        return (unit - 1.0, unit * (r + q));
    }
    // 2^k (1 + r + q) - 1. The largest power is one too many for a float: half of it, and twice the sum.
    let large = Lanes::of(1023.0).less(reduced.k);
    let unit = power_of_two(nearest(reduced.k - large.select(1.0, 0.0)).1);
    let (high, low) = fast_two_sum(r * unit, q * unit);
    let (sum, error) = two_sum(unit - large.select(0.0, 1.0), high);
    let twice = large.select(2.0, 1.0);
    (sum * twice, (error + low) * twice)
}

impl Function for Expm1 {
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let (high, low) = expm1::<P, N>(x);
        // The sign of a zero.
        x.equal(0.0).select(x, high + low)
    }
}
