//! `sin`, `cos`, `tan`.
//!
//! `x = k pi/2 + r` with `|r| <= pi / 4`. Up to half a million quarter turns this is Cody and Waite's reduction: pi/2
//! in parts of 33 bits, whose products with `k` are exact; the rest of `r` is kept as a second float. Then polynomials
//! for sine and cosine of `r`, of which the quadrant chooses one, and both make the tangent. Larger arguments are
//! reduced by Payne and Hanek's method (see [`super::payne_hanek`]), one by one.

use core::f64::consts::FRAC_2_PI;

use super::bits::{fast_two_sum, nearest, polynomial, two_chains, two_product};
use super::coefficients::{COS, COS_SINGLE, SIN, SIN_SINGLE};
use super::lanes::{Lanes, Words};
use super::payne_hanek;
use super::{Double, Function, Precision};

/// The sine.
pub(crate) struct Sin;
/// The cosine.
pub(crate) struct Cos;
/// The tangent.
pub(crate) struct Tan;

/// 2^19 quarter turns.
const REACH: f64 = 823549.0;

/// pi/2: three parts of 33 bits, and the rest.
const PARTS: [f64; 4] =
    [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32];
/// All but the first part.
const REST: f64 = 6.077100506506192e-11;

/// An angle as quarter turns and `r - minus_tail`.
pub(super) struct Reduced<const N: usize> {
    /// Quarter turns in the low bits.
    pub(super) quadrant: Words<N>,
    pub(super) r: Lanes<N>,
    /// Subtracted, so that a zero keeps its sign.
    pub(super) minus_tail: Lanes<N>,
}

#[inline(always)]
fn reduce<P: Precision, const N: usize>(x: Lanes<N>) -> Reduced<N> {
    let (k, quadrant) = nearest(x * FRAC_2_PI);
    let first = x - k * PARTS[0];
    if !P::DOUBLE {
        return Reduced { quadrant, r: first - k * REST, minus_tail: Lanes::of(0.0) };
    }
    // Each difference is exact where digits cancel, and its error is taken along where they do not.
    let part = k * PARTS[1];
    let second = first - part;
    let part = k * PARTS[2] - ((first - second) - part);
    let third = second - part;
    let part = k * PARTS[3] - ((second - third) - part);
    let r = third - part;
    Reduced { quadrant, r, minus_tail: part - (third - r) }
}

/// Sine (of an even quadrant) or cosine, with the sign of the quadrant.
#[inline(always)]
fn sine<P: Precision, const N: usize>(angle: Reduced<N>) -> Lanes<N> {
    let Reduced { quadrant, r, minus_tail } = angle;
    let odd = quadrant.has(1);
    let z = r * r;
    // Both are `base + (correction + m z p(z))` with coefficients of their own.
    let p = if P::DOUBLE {
        two_chains(z, odd.select_all(COS, SIN))
    } else {
        two_chains(z, odd.select_all(COS_SINGLE, SIN_SINGLE))
    };
    let half = 0.5 * z;
    let w = 1.0 - half;
    let base = odd.select(w, r);
    let m = odd.select(z, r);
    let y = if P::DOUBLE {
        let minus = odd.select((half - (1.0 - w)) - r * minus_tail, minus_tail * w);
        base - (minus - m * z * p)
    } else {
        base + m * z * p
    };
    (y.bits() ^ ((quadrant & 2) << 62)).float()
}

/// Sine and cosine of `r`, each as a sum of two floats.
#[inline(always)]
fn both<P: Precision, const N: usize>(angle: &Reduced<N>) -> [(Lanes<N>, Lanes<N>); 2] {
    let (r, minus_tail) = (angle.r, angle.minus_tail);
    let (z, z_low) = two_product(r, r);
    let half = 0.5 * z;
    let w = 1.0 - half;
    let s = polynomial::<P, N, _, _>(z, SIN, SIN_SINGLE);
    let c = polynomial::<P, N, _, _>(z, COS, COS_SINGLE);
    let sine = fast_two_sum(r, r * z * s - minus_tail * w);
    let cosine = fast_two_sum(w, ((1.0 - w) - half) + (z * z * c + (r * minus_tail - 0.5 * z_low)));
    [sine, cosine]
}

#[inline(always)]
fn tangent<P: Precision, const N: usize>(angle: Reduced<N>) -> Lanes<N> {
    let odd = angle.quadrant.has(1);
    let [sine, cosine] = both::<P, N>(&angle);
    let (n, n_low) = (odd.select(-cosine.0, sine.0), odd.select(-cosine.1, sine.1));
    let (d, d_low) = (odd.select(sine.0, cosine.0), odd.select(sine.1, cosine.1));
    if !P::DOUBLE {
        return n / d;
    }
    let inverse = 1.0 / d;
    let q = n * inverse;
    let (product, error) = two_product(q, d);
    // What is left of the numerator.
    let left = ((n - product) - error) + (n_low - q * d_low);
    q + left * inverse
}

/// Zeros keep their sign.
#[inline(always)]
fn zeros<const RARE: bool, const N: usize>(x: Lanes<N>, y: Lanes<N>) -> Lanes<N> {
    if RARE { x.equal(0.0).select(x, y) } else { y }
}

/// Whether an argument is reduced by parts and has no sign to keep.
#[inline(always)]
fn common(x: f64) -> bool {
    (x.abs() <= REACH) & (x != 0.0)
}

impl Function for Sin {
    const REACH: f64 = REACH;
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        common(x)
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        zeros::<RARE, N>(x, sine::<P, N>(reduce::<P, N>(x)))
    }
    fn far(x: f64) -> f64 {
        sine::<Double, 1>(payne_hanek::reduce(x)).0[0]
    }
}

impl Function for Cos {
    const REACH: f64 = REACH;
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        x.abs() <= REACH
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let angle = reduce::<P, N>(x);
        sine::<P, N>(Reduced { quadrant: angle.quadrant + 1, ..angle })
    }
    fn far(x: f64) -> f64 {
        let angle = payne_hanek::reduce(x);
        sine::<Double, 1>(Reduced { quadrant: angle.quadrant + 1, ..angle }).0[0]
    }
}

impl Function for Tan {
    const REACH: f64 = REACH;
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        common(x)
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        zeros::<RARE, N>(x, tangent::<P, N>(reduce::<P, N>(x)))
    }
    fn far(x: f64) -> f64 {
        tangent::<Double, 1>(payne_hanek::reduce(x)).0[0]
    }
}
