//! `asin`, `acos`, `atan`, `atan2`.
//!
//! Up to 1/2, `asin(x) = x + x z A(z)` with `z = x^2`; beyond, `asin(x) = pi/2 - 2 asin(sqrt((1 - x) / 2))`.
//!
//! `atan(n / d)` is reduced to `|t| <= tan(pi / 8)` by subtracting 0, pi/4 or pi/2 from the angle, which makes a quotient
//! of a quotient (`t = n/d`, `(n - d)/(n + d)` or `-d/n`), so there is one division for `atan` and `atan2`
//! alike.

use core::f64::consts::PI;

use super::bits::polynomial;
use super::coefficients::{ASIN, ASIN_SINGLE, ATAN, ATAN_SINGLE};
use super::float::Float;
use super::lanes::Lanes;
use super::{Function, Function2, is_outside};
use crate::arch::Features;

/// The inverse sine.
pub(crate) struct Asin;
/// The inverse cosine.
pub(crate) struct Acos;
/// The inverse tangent.
pub(crate) struct Atan;
/// The angle of the point with `y` first and `x` second.
pub(crate) struct Atan2;

/// `c` times pi as a float and what it lacks, where the product with the `f64` is exact.
const fn pi<T: Float>(c: f64) -> (f64, f64) {
    const BEYOND: f64 = 1.2246467991473532e-16;
    if T::DOUBLE {
        return (PI * c, BEYOND * c);
    }
    let single = (PI * c) as f32 as f64;
    (single, PI * c - single)
}

/// 3 pi/4, the same.
const fn three_quarters<T: Float>() -> (f64, f64) {
    const DOUBLE: (f64, f64) = (2.356194490192345, 9.184850993605148e-17);
    if T::DOUBLE {
        return DOUBLE;
    }
    let single = DOUBLE.0 as f32 as f64;
    (single, DOUBLE.0 - single)
}

/// tan(pi/8) and its inverse.
const EIGHTH: f64 = 0.41421356237309503;
const EIGHTH_INVERSE: f64 = 2.414213562373095;

/// Sums of smaller numbers do not overflow.
const fn large<T: Float>() -> f64 {
    if T::DOUBLE { 1e300 } else { 1e37 }
}

impl Function for Asin {
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let (half_pi, half_pi_low) = pi::<T>(0.5);
        let a = x.abs();
        let small = a.less_equal(0.5);
        let z = small.select(a * a, (1.0 - a) * 0.5);
        let s = small.select(a, z.sqrt());
        let rest = s * z * polynomial::<T, _, _>(z, ASIN, ASIN_SINGLE);
        let end = (half_pi - 2.0 * s) - (2.0 * rest - half_pi_low);
        small.select(s + rest, end).with_sign_of(x)
    }
}

impl Function for Acos {
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let ((pi, pi_low), (half_pi, half_pi_low)) = (pi::<T>(1.0), pi::<T>(0.5));
        let a = x.abs();
        let small = a.less_equal(0.5);
        let z = small.select(a * a, (1.0 - a) * 0.5);
        let s = small.select(x, z.sqrt());
        let rest = s * z * polynomial::<T, _, _>(z, ASIN, ASIN_SINGLE);
        let middle = half_pi - (s - (half_pi_low - rest));
        let double = 2.0 * (s + rest);
        let end = x.less(0.0).select(pi - (double - pi_low), double);
        small.select(middle, end)
    }
}

/// `atan(t) - t`.
#[inline(always)]
fn kernel<T: Float>(t: Lanes<T>) -> Lanes<T> {
    let z = t * t;
    t * z * polynomial::<T, _, _>(z, ATAN, ATAN_SINGLE)
}

impl Function for Atan {
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
        let a = x.abs();
        let ((half_pi, half_pi_low), (quarter, quarter_low)) = (pi::<T>(0.5), pi::<T>(0.25));
        let (low, high) = (a.less(EIGHTH), Lanes::of(EIGHTH_INVERSE).less(a));
        let numerator = low.select(a, high.select(-1.0, a - 1.0));
        let denominator = low.select(1.0, high.select(a, a + 1.0));
        let t = numerator / denominator;
        let base = low.select(0.0, high.select::<T>(half_pi, quarter));
        let base_low = low.select(0.0, high.select::<T>(half_pi_low, quarter_low));
        (base + (t + (kernel(t) + base_low))).with_sign_of(x)
    }
}

impl Function2 for Atan2 {
    #[inline(always)]
    fn outside<T: Float>(y: T, x: T) -> T::Bits {
        // Nothing overflows, and not both are 0.
        is_outside(x.abs() + y.abs(), [T::SMALLEST, large::<T>()])
    }
    #[inline(always)]
    fn near<F: Features, T: Float, const RARE: bool>(y: Lanes<T>, x: Lanes<T>) -> Lanes<T> {
        let (pi_high, pi_low) = pi::<T>(1.0);
        let ((half_pi, half_pi_low), (quarter, quarter_low)) = (pi::<T>(0.5), pi::<T>(0.25));
        let (three, three_low) = three_quarters::<T>();
        let (mut b, mut a) = (y.abs(), x.abs());
        if RARE {
            let infinite = a.equal(f64::INFINITY).and(b.equal(f64::INFINITY));
            (a, b) = (infinite.select(1.0, a * 0.25), infinite.select(1.0, b * 0.25));
            // Scaled where the sum could overflow; elsewhere a quarter could lose digits.
            let large = Lanes::of(large::<T>() * 0.1);
            let large = large.less(x.abs()).or(large.less(y.abs()));
            (a, b) = (large.select(a, x.abs()), large.select(b, y.abs()));
        }
        let (low, high) = (b.less_equal(a * EIGHTH), (a * EIGHTH_INVERSE).less(b));
        let numerator = low.select(b, high.select(-a, b - a));
        let mut denominator = low.select(a, high.select(b, b + a));
        if RARE {
            denominator = denominator.equal(0.0).select(1.0, denominator);
        }
        let t = numerator / denominator;
        let left = x.bits().has(1 << T::SIGN);
        let base = low
            .select(left.select::<T>(pi_high, 0.0), high.select(half_pi, left.select::<T>(three, quarter)));
        let base_low = low.select(
            left.select::<T>(pi_low, 0.0),
            high.select(half_pi_low, left.select::<T>(three_low, quarter_low)),
        );
        let t = left.select(-t, t);
        (base + (t + (kernel(t) + base_low))).with_sign_of(y)
    }
}
