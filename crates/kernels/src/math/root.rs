//! `cbrt`, `hypot`.
//!
//! The cube root comes from the inverse one, `y = a^(-1/3)`: a third of the bits of `a`, as an integer, taken from a
//! constant, is `y` to one part in thirty, for the exponent and the digits alike. With `e = 1 - a y^3` the root is
//! `a y^2 (1 - e)^(-2/3)`, of which the last factor is a polynomial in `e`. In `f32` that is all, with a `y` of eight digits
//! whose powers are exact. In `f64` this root is cut to 20 bits, `t`, so that `t^3` is rounded only once, and one step of
//! Halley's method, `t + t (a - t^3) / (a + 2 t^3)`, makes it three times as many.
//!
//! The hypotenuse is the root of the sum of squares, in `f64` corrected by what the square of the result lacks
//! (C. F. Borges, An improved algorithm for hypot(a, b), 2019), with exact products.

use super::bits::{chains, two_product, two_to};
use super::coefficients::{CBRT, CBRT_SINGLE};
use super::float::Float;
use super::lanes::{Lanes, map};
use super::{Function, Function2, is_outside};
use crate::arch::{Features, Plain};

/// The cube root.
pub(crate) struct Cbrt;
/// `sqrt(x^2 + y^2)`.
pub(crate) struct Hypot;

/// `a^(-1/3)` to one part in thirty.
#[inline(always)]
fn guess<T: Float>(a: Lanes<T>) -> Lanes<T> {
    // Four thirds of the bits of 1, less what makes the largest error smallest, in units of the last bit that is kept; more
    // so much that the difference stands in the last bits.
    let kept = if T::DOUBLE { 12 } else { 16 };
    let constant = (T::BIAS as f64 * 4.0 / 3.0 - 0.0675) * two_to(T::FRACTION as i32 - kept);
    let constant = constant + two_to(T::FRACTION as i32);
    let third = match T::DOUBLE {
        true => (a.bits() >> kept as u32).integer() * (1.0 / 3.0),
        false => a.bits().long::<Plain>() * (two_to(-kept) / 3.0),
    };
    ((constant - third).bits() << kept as u32).float()
}

/// Three times this is finite, and one over it is not subnormal.
const fn large<T: Float>() -> f64 {
    if T::DOUBLE { 4e307 } else { 8e37 }
}

impl Function for Cbrt {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some([T::SMALLEST, large::<T>()])
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        cbrt::<Plain, T, RARE>(x)
    }
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        map(
            x,
            #[inline(always)]
            |x| cbrt::<L, T, RARE>(x),
        )
    }
}

#[inline(always)]
fn cbrt<L: Features, T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
    let mut a = x.abs();
    let mut unit = Lanes::of(1.0);
    if RARE {
        let (tiny, huge) = (a.less(T::SMALLEST), Lanes::of(large::<T>()).less(a));
        a = a * tiny.select(two_to(54), huge.select::<T>(two_to(-54), 1.0));
        unit = tiny.select(two_to(-18), huge.select::<T>(two_to(18), 1.0));
    }
    let y = guess(a);
    let square = y * y;
    let rough = a * square;
    let root = if T::DOUBLE {
        let e = 1.0 - rough * y;
        halley(a, rough + rough * e * chains(e, CBRT))
    } else {
        let e = less_product::<L, _>(a, square * y);
        rough + rough * e * chains(e, CBRT_SINGLE)
    };
    if !RARE {
        return root.with_sign_of(x);
    }
    let ordinary = x.abs().less(f64::INFINITY).and(Lanes::of(0.0).less(x.abs()));
    ordinary.select((root * unit).with_sign_of(x), x)
}

/// `1 - a b` of `f32`, rounded once.
#[inline(always)]
fn less_product<L: Features, T: Float>(a: Lanes<T>, b: Lanes<T>) -> Lanes<T> {
    if L::FUSED { a.fused(-b, Lanes::of(1.0)) } else { Lanes::round(1.0 - a.double() * b.double()) }
}

/// The cube root, of which `t` has 19 bits.
#[inline(always)]
fn halley<T: Float>(a: Lanes<T>, t: Lanes<T>) -> Lanes<T> {
    let t = ((t.bits() + (1 << 32)) & !0x1_ffff_ffff).float();
    let cube = t * t * t;
    t + t * ((a - cube) / (cube + cube + a))
}

impl Function2 for Hypot {
    #[inline(always)]
    fn outside<T: Float>(x: T, y: T) -> T::Bits {
        is_outside(x.abs() + y.abs(), squares::<T>())
    }
    #[inline(always)]
    fn near<F: Features, T: Float, const RARE: bool>(x: Lanes<T>, y: Lanes<T>) -> Lanes<T> {
        let (p, q) = (x.abs(), y.abs());
        let less = p.less(q);
        let (mut a, mut b) = (less.select(q, p), less.select(p, q));
        let mut unit = Lanes::of(1.0);
        if RARE {
            let up = two_to(if T::DOUBLE { 600 } else { 80 });
            let [low, high] = squares::<T>();
            let (large, small) = (Lanes::of(high).less(a), a.less(low));
            let scale = large.select(1.0 / up, small.select::<T>(up, 1.0));
            unit = large.select(up, small.select::<T>(1.0 / up, 1.0));
            (a, b) = (a * scale, b * scale);
        }
        let h = hypotenuse::<F, T>(a, b);
        if !RARE {
            return h;
        }
        let h = (p + q).equal(0.0).select(0.0, h * unit);
        // An infinite side makes it infinite, even with NaN.
        p.equal(f64::INFINITY).or(q.equal(f64::INFINITY)).select(f64::INFINITY, h)
    }
}

/// Squares of numbers between these are ordinary, and so are their rounding errors.
const fn squares<T: Float>() -> [f64; 2] {
    if T::DOUBLE { [1e-140, 1e150] } else { [1e-16, 1e18] }
}

/// Of sides of which the first is not the shorter one.
#[inline(always)]
fn hypotenuse<F: Features, T: Float>(a: Lanes<T>, b: Lanes<T>) -> Lanes<T> {
    if !T::DOUBLE {
        return (a * a + b * b).sqrt();
    }
    let (aa, aa_low) = two_product::<F, T>(a, a);
    let (bb, bb_low) = two_product::<F, T>(b, b);
    let h = (aa + bb).sqrt();
    let (hh, hh_low) = two_product::<F, T>(h, h);
    let lacks = ((aa - hh) + bb) + ((aa_low - hh_low) + bb_low);
    h + lacks / (2.0 * h)
}
