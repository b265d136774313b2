//! `cbrt`, `hypot`.
//!
//! The cube root comes from the inverse one, `y = a^(-1/3)`: a third of the bits of `a`, as an integer, taken from a
//! constant, is `y` to one part in thirty, for the exponent and the digits alike. With `e = 1 - a y^3` a polynomial for
//! `(1 - e)^(-1/3)` makes it good to 18 bits. In `f32` then `a y^2` is the root but for one more such step. In `f64` it
//! is cut to 17 bits, `t`, so that `t^3` is exact, and corrected by what that lacks of `a`. No step divides.
//!
//! The hypotenuse is the root of the sum of squares, in `f64` corrected by what the square of the result lacks
//! (C. F. Borges, An improved algorithm for hypot(a, b), 2019), with exact products.

use super::bits::{chains, nearest_word, two_product, two_to};
use super::coefficients::INVERSE_CBRT;
use super::float::Float;
use super::lanes::Lanes;
use super::{Function, Function2, is_outside};
use crate::arch::Features;

/// The cube root.
pub(crate) struct Cbrt;
/// `sqrt(x^2 + y^2)`.
pub(crate) struct Hypot;

/// `a^(-1/3)` to 18 bits.
#[inline(always)]
fn inverse<T: Float>(a: Lanes<T>) -> Lanes<T> {
    // Four thirds of the bits of 1, less what makes the largest error smallest; as far as they fit into the digits.
    let spare = T::SIGN + 1 - T::FRACTION;
    let constant = (T::BIAS as f64 * 4.0 / 3.0 - 0.06) * two_to(T::FRACTION as i32 - spare as i32);
    let third = (a.bits() >> spare).integer() * (1.0 / 3.0);
    let y = (nearest_word(constant - third) << spare).float();
    y * chains(1.0 - a * y * y * y, INVERSE_CBRT)
}

impl Function for Cbrt {
    #[inline(always)]
    fn range<T: Float>() -> Option<[f64; 2]> {
        Some([T::SMALLEST, if T::DOUBLE { 1e308 } else { 3e38 }])
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let mut a = x.abs();
        let mut unit = Lanes::of(1.0);
        if RARE {
            let tiny = a.less(T::SMALLEST);
            a = tiny.select(a * two_to(54), a);
            unit = tiny.select(two_to(-18), unit);
        }
        let y = inverse(a);
        let root = if T::DOUBLE { double(a, y) } else { single(a, y) };
        if !RARE {
            return root.with_sign_of(x);
        }
        let ordinary = x.abs().less(f64::INFINITY).and(Lanes::of(0.0).less(x.abs()));
        ordinary.select((root * unit).with_sign_of(x), x)
    }
}

#[inline(always)]
fn single<T: Float>(a: Lanes<T>, y: Lanes<T>) -> Lanes<T> {
    let c = a * y * y;
    c + c * (1.0 - c * y) * (2.0 / 3.0)
}

#[inline(always)]
fn double<T: Float>(a: Lanes<T>, y: Lanes<T>) -> Lanes<T> {
    let square = y * y;
    let cube = square * y;
    let e = 1.0 - a * cube;
    // 1 / a = y^3 / (1 - e).
    let inverse = cube + cube * (e + e * e);
    let t = ((a * square).bits() & !0xf_ffff_ffff).float();
    // a (1 - u) is t^3, so t times (1 - u)^(-1/3) is the root.
    let u = (a - t * t * t) * inverse;
    t + t * u * ((14.0 / 81.0 * u + 2.0 / 9.0) * u + 1.0 / 3.0)
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
