//! `sin`, `cos`, `tan`.
//!
//! `x = k pi/2 + r` with `|r| <= pi / 4`. Up to half a million quarter turns this is Cody and Waite's reduction: pi/2
//! in parts of 33 bits, whose products with `k` are exact; the rest of `r` is kept as a second float. An `f32` of up to
//! four thousand quarter turns is reduced in the same way in `f32`, with parts of 12 bits, and beyond in `f64`. Then
//! polynomials for sine and cosine of `r`, of which the quadrant chooses one, or for the tangent, which in odd quadrants
//! is turned into `-1 / tan(r)`. Larger arguments are reduced by Payne and Hanek's method (see
//! [`super::payne_hanek`]), one by one.

use core::f64::consts::{FRAC_2_PI, LN_2};

use super::Function;
use super::bits::{chains, fast_two_sum, nearest, polynomial, two_product};
use super::coefficients::{COS, COS_SINGLE, SIN, SIN_SINGLE, TAN, TAN_SINGLE};
use super::float::Float;
use super::lanes::{Lanes, Words};
use super::payne_hanek;
use crate::arch::Features;
use crate::array;

/// The sine.
pub(crate) struct Sin;
/// The cosine.
pub(crate) struct Cos;
/// The tangent.
pub(crate) struct Tan;

/// 2^19 quarter turns.
pub(super) const REACH: f64 = 823549.0;
/// Somewhat less than 2^12 quarter turns, for `f32`.
const REACH_SINGLE: f64 = 6400.0;

/// pi/2: three parts of 33 bits, and the rest.
const PARTS: [f64; 4] =
    [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32];
/// pi/2: three parts of 12 bits, and the rest.
const PARTS_SINGLE: [f64; 4] =
    [1.57080078125, -4.453584551811218e-6, -8.706138032721356e-10, 6.223372171896613e-14];

/// An angle as quarter turns and `r - minus_tail`.
pub(super) struct Reduced<T: Float> {
    /// Quarter turns in the low bits.
    pub(super) quadrant: Words<T>,
    pub(super) r: Lanes<T>,
    /// Subtracted, so that a zero keeps its sign.
    pub(super) minus_tail: Lanes<T>,
}

/// By parts of pi/2.
#[inline(always)]
fn reduce<T: Float>(x: Lanes<T>) -> Reduced<T> {
    let parts = if T::DOUBLE { PARTS } else { PARTS_SINGLE };
    let (k, quadrant) = nearest(x * FRAC_2_PI);
    let first = x - k * parts[0];
    if !T::DOUBLE {
        // Exact up to here, and beyond where digits cancel.
        let second = first - k * parts[1];
        let part = k * parts[2];
        let r = second - part;
        return Reduced { quadrant, r, minus_tail: k * parts[3] - ((second - r) - part) };
    }
    // Each difference is exact where digits cancel, and its error is taken along where they do not.
    let part = k * parts[1];
    let second = first - part;
    let part = k * parts[2] - ((first - second) - part);
    let third = second - part;
    let part = k * parts[3] - ((second - third) - part);
    let r = third - part;
    Reduced { quadrant, r, minus_tail: part - (third - r) }
}

/// By parts of pi/2, of `f32` beyond their reach in `f64`.
#[inline(always)]
fn reduce_any<T: Float, const RARE: bool>(x: Lanes<T>) -> Reduced<T> {
    let angle = reduce(x);
    if T::DOUBLE || !RARE {
        return angle;
    }
    let wide = reduce(x.double());
    let r = Lanes::<T>::round(wide.r);
    let within = x.abs().less_equal(REACH_SINGLE);
    Reduced {
        quadrant: within.select_words(angle.quadrant, Words::low(wide.quadrant)),
        r: within.select(angle.r, r),
        minus_tail: within.select(angle.minus_tail, Lanes::<T>::round(r.double() - wide.r)),
    }
}

/// Sine (of an even quadrant) or cosine, with the sign of the quadrant.
#[inline(always)]
fn sine<T: Float>(angle: Reduced<T>) -> Lanes<T> {
    let Reduced { quadrant, r, minus_tail } = angle;
    let odd = quadrant.has(1);
    let z = r * r;
    let half = 0.5 * z;
    let w = 1.0 - half;
    if !T::DOUBLE {
        let sine = r + (r * z * chains(z, SIN_SINGLE) - minus_tail);
        let cosine = w + z * z * chains(z, COS_SINGLE);
        return signed(odd.select(cosine, sine), quadrant);
    }
    // Both are `base + (correction + m z p(z))` with coefficients of their own.
    let p = chains(z, array::each::<Lanes<T>, 6>(|i| odd.select(COS[i], SIN[i])));
    let base = odd.select(w, r);
    let m = odd.select(z, r);
    let minus = odd.select((half - (1.0 - w)) - r * minus_tail, minus_tail * w);
    signed(base - (minus - m * z * p), quadrant)
}

/// Sine and cosine.
#[inline(always)]
pub(super) fn sine_and_cosine(x: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    let (sine, cosine) = both(reduce(x));
    // Zeros keep their sign.
    (x.equal(0.0).select(x, sine), cosine)
}

/// `x ln(2)` and what that lacks.
#[inline(always)]
pub(super) fn times_ln_2<F: Features>(x: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    // What the `f64` lacks of ln(2).
    const BEYOND: f64 = 2.3190468138462996e-17;
    let (product, error) = two_product::<F, _>(x, Lanes::of(LN_2));
    (product, x.abs().less(1e-100).select(0.0, error + x * BEYOND))
}

/// Sine and cosine of `x ln(2)`, where the product keeps its rounding error.
#[inline(always)]
pub(super) fn sine_and_cosine_of_ln_2<F: Features>(x: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    let (angle, lacks) = times_ln_2::<F>(x);
    let Reduced { quadrant, r, minus_tail } = reduce(angle);
    // The tail is again what is below the digits.
    let more = lacks - minus_tail;
    let sum = r + more;
    let part = sum - r;
    let minus_tail = ((sum - part) - r) - (more - part);
    let (sine, cosine) = both(Reduced { quadrant, r: sum, minus_tail });
    (x.equal(0.0).select(x, sine), cosine)
}

/// Sine and cosine of one angle: both polynomials, of which the quadrant says which is which.
#[inline(always)]
fn both(angle: Reduced<f64>) -> (Lanes<f64>, Lanes<f64>) {
    let Reduced { quadrant, r, minus_tail } = angle;
    let odd = quadrant.has(1);
    let z = r * r;
    let half = 0.5 * z;
    let w = 1.0 - half;
    let sine = r - (minus_tail * w - r * z * chains(z, SIN));
    let cosine = w - (((half - (1.0 - w)) - r * minus_tail) - z * z * chains(z, COS));
    (signed(odd.select(cosine, sine), quadrant), signed(odd.select(sine, cosine), quadrant + 1))
}

#[inline(always)]
fn signed<T: Float>(y: Lanes<T>, quadrant: Words<T>) -> Lanes<T> {
    (y.bits() ^ ((quadrant & 2) << (T::SIGN - 1))).float()
}

/// `tan(r)` as a sum of two, and in odd quadrants `-1 / tan(r)`.
#[inline(always)]
fn tangent<T: Float>(angle: Reduced<T>) -> Lanes<T> {
    let Reduced { quadrant, r, minus_tail } = angle;
    let odd = quadrant.has(1);
    let z = r * r;
    let rest = r * z * polynomial::<T, _, _>(z, TAN, TAN_SINGLE);
    if !T::DOUBLE {
        let t = r + (rest - (minus_tail + minus_tail * z));
        return odd.select(-1.0 / t, t);
    }
    // The slope is 1 + tan^2.
    let t = r + rest;
    let (t, low) = fast_two_sum(r, rest - minus_tail * (1.0 + t * t));
    let inverse = -1.0 / t;
    odd.select(inverse + inverse * inverse * low, t + low)
}

/// Zeros keep their sign.
#[inline(always)]
fn zeros<T: Float, const RARE: bool>(x: Lanes<T>, y: Lanes<T>) -> Lanes<T> {
    if RARE { x.equal(0.0).select(x, y) } else { y }
}

/// What is reduced by parts, but zeros, whose sign is to be kept.
const fn range<T: Float>() -> [f64; 2] {
    [1e-37, if T::DOUBLE { REACH } else { REACH_SINGLE }]
}

impl Function for Sin {
    const REACH: f64 = REACH;
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(range::<T>())
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        zeros::<T, RARE>(x, sine(reduce_any::<T, RARE>(x)))
    }
    fn far(x: f64) -> f64 {
        sine(payne_hanek::reduce(x)).0
    }
}

impl Function for Cos {
    const REACH: f64 = REACH;
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some([0.0, range::<T>()[1]])
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let angle = reduce_any::<T, RARE>(x);
        sine(Reduced { quadrant: angle.quadrant + 1, ..angle })
    }
    fn far(x: f64) -> f64 {
        let angle = payne_hanek::reduce(x);
        sine(Reduced { quadrant: angle.quadrant + 1, ..angle }).0
    }
}

impl Function for Tan {
    const REACH: f64 = REACH;
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some(range::<T>())
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        zeros::<T, RARE>(x, tangent(reduce_any::<T, RARE>(x)))
    }
    fn far(x: f64) -> f64 {
        tangent(payne_hanek::reduce(x)).0
    }
}
