//! `exp` and `exp2` of a block of `f64`, and what powers need.
//!
//! The number is `k / 16` powers of 2 and a rest, `2^(k / 16)` is one of sixteen numbers times a power of 2, and the
//! exponential of the rest needs a polynomial of half the degree of that of half a power of 2 (P. T. P. Tang, Table-driven
//! implementation of the exponential function in IEEE floating-point arithmetic, 1989). With AVX-512 the sixteen numbers are
//! two registers, from which one instruction picks; elsewhere they are loaded.
//!
//! ```text
//!   2^(k / 16) = t (1 + low)      exp(x) = t + t (r + (r^2 Q(r) + low))
//! ```
//!
//! `low` is what the `f64` lacks, without which the result could be off by a whole unit of the last place.
//!
//! Measured on Zen 4 in L2, in time of the same with `|r| <= ln(2) / 2` and no table: 0.64 with AVX-512, 1.0 with AVX2, 0.7 with SSE2.

use core::f64::consts::{LN_2, LOG2_E};

use super::bits::{chains, exact, scale, two_to};
use super::coefficients::{EXP_NEAR, EXP2_NEAR, EXP2_SHORT, POWERS, POWERS_LOW};
use super::lanes::{Lanes, map, pick, zip};
use crate::arch::Features;

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

/// A sixteenth of ln(2), as its first 32 bits and the rest.
const LN_2_HIGH: f64 = f64::from_bits(LN_2.to_bits() & !0x1f_ffff) / 16.0;
const LN_2_LOW: f64 = 1.9082149292705877e-10 / 16.0;

/// Added to a float, it rounds it to an integer, which then stands in the last bits.
const ROUND: f64 = 1.5 * two_to(52);

/// Magnitudes of which neither the result of `exp` nor what is added for its last digits is subnormal.
pub(super) const RANGE: [f64; 2] = [0.0, 658.0];
/// The same of `exp2`.
pub(super) const RANGE_2: [f64; 2] = [0.0, 950.0];

/// `exp(x)`, of magnitudes in [`RANGE`], or (`RARE`) of what may be subnormal or infinite, but not far beyond.
#[inline(always)]
pub(super) fn exp<L: Features, const RARE: bool, const N: usize>(x: [f64; N]) -> [f64; N] {
    let shifted = map(
        x,
        #[inline(always)]
        |x| x * (16.0 * LOG2_E) + ROUND,
    );
    raise::<L, RARE, N>(
        [x, x],
        shifted,
        #[inline(always)]
        |[x, _], shifted, low| {
            let k = shifted - ROUND;
            let r = exact::<L, _>(k, -LN_2_HIGH, x) - k * LN_2_LOW;
            (r + low) + r * r * chains(r, EXP_NEAR)
        },
    )
}

/// `2^x`, as [`exp`] of magnitudes in [`RANGE_2`].
#[inline(always)]
pub(super) fn exp2<L: Features, const RARE: bool, const N: usize>(x: [f64; N]) -> [f64; N] {
    raise::<L, RARE, N>(
        [x, x],
        rounded(x),
        #[inline(always)]
        |[x, _], shifted, low| {
            let r = x - (shifted - ROUND / 16.0);
            r * chains(r, EXP2_NEAR) + low
        },
    )
}

/// `2^(x + more)`, as [`exp2`].
#[inline(always)]
pub(super) fn exp2_sum<L: Features, const RARE: bool, const N: usize>(
    x: [f64; N],
    more: [f64; N],
) -> [f64; N] {
    raise::<L, RARE, N>(
        [x, more],
        rounded(x),
        #[inline(always)]
        |[x, more], shifted, low| {
            let r = (x - (shifted - ROUND / 16.0)) + more;
            r * chains(r, EXP2_NEAR) + low
        },
    )
}

/// `2^x` to 2^-29: for powers of `f32`.
#[inline(always)]
pub(super) fn exp2_short<L: Features, const N: usize>(x: [f64; N]) -> [f64; N] {
    raise::<L, false, N>(
        [x, x],
        rounded(x),
        #[inline(always)]
        |[x, _], shifted, _| {
            let r = x - (shifted - ROUND / 16.0);
            r * chains(r, EXP2_SHORT)
        },
    )
}

/// The nearest sixteenth, in the last bits.
#[inline(always)]
fn rounded<const N: usize>(x: [f64; N]) -> [f64; N] {
    map(
        x,
        #[inline(always)]
        |x| x + ROUND / 16.0,
    )
}

/// `2^(k / 16) (1 + p)`, where `k` stands in the last bits of `shifted` and `p` is made from the numbers, from that, and from
/// what the table's number lacks.
#[inline(always)]
fn raise<L: Features, const RARE: bool, const N: usize>(
    x: [[f64; N]; 2],
    shifted: [f64; N],
    p: impl Fn([Lanes<f64>; 2], Lanes<f64>, Lanes<f64>) -> Lanes<f64>,
) -> [f64; N] {
    let places = shifted.map(
        #[inline(always)]
        |x| x.to_bits(),
    );
    zip(
        [x[0], x[1], shifted, pick::<L, N>(&BASES, places), pick::<L, N>(&POWERS_LOW, places)],
        #[inline(always)]
        |[x, more, shifted, base, low]| {
            let p = p([x, more], shifted, low);
            let bits = shifted.bits();
            if !RARE {
                let t = (base.bits() + (bits << 48)).float();
                return t + t * p;
            }
            let t = (base.bits() + ((bits & 15) << 48)).float();
            // `k / 16`, rounded down.
            let whole = (bits >> 4 & 0xfff).integer();
            let whole = Lanes::of(2047.0).less(whole).select(whole - 4096.0, whole);
            scale(t + t * p, whole)
        },
    )
}
