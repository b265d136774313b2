//! `exp`, `exp2`, `cosh` and what `tanh` needs of blocks of `f64`, and what powers need of both floats.
//!
//! The number is `k / 16` powers of 2 and a rest, `2^(k / 16)` is one of sixteen numbers times a power of 2, and the
//! exponential of the rest needs a polynomial of half the degree of that of half a power of 2 (P. T. P. Tang, Table-driven
//! implementation of the exponential function in IEEE floating-point arithmetic, 1989). With AVX-512 the sixteen numbers are
//! two registers, or one, from which one instruction picks; elsewhere they are loaded.
//!
//! ```text
//!   2^(k / 16) = t (1 + low)      exp(x) = t + t (r + (r^2 Q(r) + low))
//! ```
//!
//! `low` is what the float lacks, without which the result could be off by a whole unit of the last place.
//!
//! Measured on Zen 4 in L2, in time of the same with `|r| <= ln(2) / 2` and no table: 0.64 with AVX-512, 1.0 with AVX2, 0.7 with SSE2.

use core::f64::consts::{LN_2, LOG2_E};

use super::bits::{chains, exact, fast_two_sum, polynomial, scale, two_to};
use super::coefficients::*;
use super::float::{Float, Table};
use super::lanes::{Lanes, map, pick, zip, zip2};
use crate::arch::Features;
use crate::array;

/// [`POWERS`], less the bits that the last four bits of `k` have when they stand in the place of a sixteenth of the exponent:
/// with `k` in that place the sum is `2^(k / 16)`.
static BASES: [f64; 16] = {
    let mut bases = POWERS;
    let mut k = 0;
    while k < 16 {
        bases[k] = f64::from_bits(POWERS[k].to_bits().wrapping_sub((k as u64) << 48));
        k += 1;
    }
    bases
};

/// The same of [`POWERS_SINGLE`].
static BASES_SINGLE: [f32; 16] = {
    let mut bases = POWERS_SINGLE;
    let mut k = 0;
    while k < 16 {
        bases[k] = f32::from_bits(POWERS_SINGLE[k].to_bits().wrapping_sub((k as u32) << 19));
        k += 1;
    }
    bases
};

const BASE: Table = Table { double: &BASES, single: &BASES_SINGLE };
const LOW: Table = Table { double: &POWERS_LOW, single: &POWERS_LOW_SINGLE };

/// A sixteenth of ln(2), as its first 32 bits and the rest.
const LN_2_HIGH: f64 = f64::from_bits(LN_2.to_bits() & !0x1f_ffff) / 16.0;
const LN_2_LOW: f64 = 1.9082149292705877e-10 / 16.0;

/// Added to a float, it rounds it to an integer, which then stands in the last bits.
const fn round<T: Float>() -> f64 {
    1.5 * two_to(T::FRACTION as i32)
}

/// Magnitudes of which neither the result of `exp` nor what is added for its last digits is subnormal; of `f64`.
pub(super) const RANGE: [f64; 2] = [0.0, 658.0];

/// The same of `exp2`.
pub(super) const fn range_2<T: Float>() -> [f64; 2] {
    [0.0, if T::DOUBLE { 950.0 } else { 100.0 }]
}

/// `exp(x)`, of magnitudes in [`RANGE`], or (`RARE`) of what may be subnormal or infinite, but not far beyond.
#[inline(always)]
pub(super) fn exp<L: Features, const RARE: bool, const N: usize>(x: [f64; N]) -> [f64; N] {
    let shifted = map(
        x,
        #[inline(always)]
        |x| x * (16.0 * LOG2_E) + round::<f64>(),
    );
    raise::<L, f64, RARE, N>(
        [x, x],
        shifted,
        #[inline(always)]
        |[x, _], shifted, low| {
            let k = shifted - round::<f64>();
            let r = exact::<L, _>(k, -LN_2_HIGH, x) - k * LN_2_LOW;
            (r + low) + r * r * chains(r, EXP_NEAR)
        },
    )
}

/// `exp(x) - 1` as a sum of two, of `x` from 0 to 50. (`t - 1` is 0 or more than `t r`, and a float where one shows beside it.)
#[inline(always)]
pub(super) fn expm1<L: Features, const N: usize>(x: [f64; N]) -> [[f64; N]; 2] {
    let shifted = map(
        x,
        #[inline(always)]
        |x| x * (16.0 * LOG2_E) + round::<f64>(),
    );
    let places = shifted.map(f64::to_bits);
    zip2(
        [x, shifted, pick::<L, f64, N>(BASE, places), pick::<L, f64, N>(LOW, places)],
        #[inline(always)]
        |[x, shifted, base, low]| {
            let k = shifted - round::<f64>();
            let (first, last) = (exact::<L, _>(k, -LN_2_HIGH, x), k * LN_2_LOW);
            let r = first - last;
            let tail = (first - r) - last;
            let t = (base.bits() + (shifted.bits() << 48)).float();
            let (high, error) = fast_two_sum(t - 1.0, t * r);
            [high, error + t * ((r * r * chains(r, EXPM1_NEAR) + low) + tail)]
        },
    )
}

/// `cosh(x)`: with `t` and `u` for the powers of 2 and their inverses, it is half of `(t + u) cosh(r) + (t - u) sinh(r)`.
/// Of magnitudes up to `most`, or (`RARE`) of any.
#[inline(always)]
pub(super) fn cosh<L: Features, const RARE: bool, const N: usize>(x: [f64; N], most: f64) -> [f64; N] {
    let size = map(
        x,
        #[inline(always)]
        |x| if RARE { x.abs().clamp(0.0, 712.0) } else { x.abs() },
    );
    let shifted = map(
        size,
        #[inline(always)]
        |x| x * (16.0 * LOG2_E) + round::<f64>(),
    );
    let up = shifted.map(f64::to_bits);
    let down = up.map(u64::wrapping_neg);
    zip(
        [
            size,
            shifted,
            pick::<L, f64, N>(BASE, up),
            pick::<L, f64, N>(LOW, up),
            pick::<L, f64, N>(BASE, down),
            pick::<L, f64, N>(LOW, down),
        ],
        #[inline(always)]
        |[size, shifted, base, low, base_down, low_down]| {
            let k = shifted - round::<f64>();
            let r = exact::<L, _>(k, -LN_2_HIGH, size) - k * LN_2_LOW;
            let place = shifted.bits() << 48;
            let mut t = (base.bits() + place).float();
            let mut u = (base_down.bits() - place).float();
            let mut unit = Lanes::of(0.5);
            if RARE {
                // A part that does not overflow, and the other one is nothing beside it.
                let large = Lanes::of(most).less(size);
                t = large.select((base.bits() + place - (8 << 52)).float(), t);
                u = large.select(0.0, u);
                unit = large.select(128.0, unit);
            }
            let (sum, error) = fast_two_sum(t, u);
            let z = r * r;
            let sinh = r + r * z * chains(z, SINH_NEAR);
            let rest = (t - u) * sinh + sum * (z * chains(z, COSH_NEAR));
            (sum + (rest + (error + (t * low + u * low_down)))) * unit
        },
    )
}

/// `2^x`, as [`exp`] of magnitudes in [`range_2`].
#[inline(always)]
pub(super) fn exp2<L: Features, const RARE: bool, const N: usize>(x: [f64; N]) -> [f64; N] {
    raise::<L, f64, RARE, N>(
        [x, x],
        rounded(x),
        #[inline(always)]
        |[x, _], shifted, low| {
            let r = x - (shifted - round::<f64>() / 16.0);
            r * chains(r, EXP2_NEAR) + low
        },
    )
}

/// `2^(x + more)`, as [`exp2`], of both floats; `more` is a small part of 1.
#[inline(always)]
pub(super) fn exp2_sum<L: Features, T: Float, const RARE: bool, const N: usize>(
    x: [T; N],
    more: [T; N],
) -> [T; N] {
    let sum = zip(
        [x, more],
        #[inline(always)]
        |[x, more]| x + more,
    );
    raise::<L, T, RARE, N>(
        [x, more],
        rounded(sum),
        #[inline(always)]
        |[x, more], shifted, low| {
            let r = (x - (shifted - round::<T>() / 16.0)) + more;
            r * polynomial::<T, _, _>(r, EXP2_NEAR, EXP2_NEAR_SINGLE) + low
        },
    )
}

/// `2^x` of `f32` of the common kind, to 2^-24 of it: less than [`exp2_sum`] does.
#[inline(always)]
pub(super) fn exp2_short<L: Features, T: Float, const N: usize>(x: [T; N]) -> [T; N] {
    raise::<L, T, false, N>(
        [x, x],
        rounded(x),
        #[inline(always)]
        |[x, _], shifted, _| {
            let r = x - (shifted - round::<T>() / 16.0);
            r * chains(r, EXP2_NEAR_SINGLE)
        },
    )
}

/// The nearest sixteenth, in the last bits.
#[inline(always)]
fn rounded<T: Float, const N: usize>(x: [T; N]) -> [T; N] {
    map(
        x,
        #[inline(always)]
        |x| x + round::<T>() / 16.0,
    )
}

/// `2^(k / 16) (1 + p)`, where `k` stands in the last bits of `shifted` and `p` is made from the numbers, from that, and from
/// what the table's number lacks.
#[inline(always)]
fn raise<L: Features, T: Float, const RARE: bool, const N: usize>(
    x: [[T; N]; 2],
    shifted: [T; N],
    p: impl Fn([Lanes<T>; 2], Lanes<T>, Lanes<T>) -> Lanes<T>,
) -> [T; N] {
    let places = array::map(shifted, T::bits);
    zip(
        [x[0], x[1], shifted, pick::<L, T, N>(BASE, places), pick::<L, T, N>(LOW, places)],
        #[inline(always)]
        |[x, more, shifted, base, low]| {
            let p = p([x, more], shifted, low);
            let bits = shifted.bits();
            let sixteenth = T::FRACTION - 4;
            if !RARE {
                let t = (base.bits() + (bits << sixteenth)).float();
                return t + t * p;
            }
            let t = (base.bits() + ((bits & 15) << sixteenth)).float();
            // `k / 16`, rounded down.
            let whole = (bits >> 4 & 0xfff).integer();
            let whole = Lanes::of(2047.0).less(whole).select(whole - 4096.0, whole);
            scale(t + t * p, whole)
        },
    )
}
