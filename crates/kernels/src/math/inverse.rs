//! `asin`, `acos`, `atan`, `atan2`.
//!
//! Up to 1/2, `asin(x) = x + x z A(z)` with `z = x^2`; beyond, `asin(x) = pi/2 - 2 asin(sqrt((1 - x) / 2))`.
//!
//! `atan(n / d)` is reduced to `|t| <= tan(pi / 8)` by subtracting 0, pi/4 or pi/2 from the angle, which makes a quotient
//! of a quotient (`t = n/d`, `(n - d)/(n + d)` or `-d/n`), so there is one division for `atan` and `atan2`
//! alike.

use core::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use super::bits::polynomial;
use super::coefficients::{ASIN, ASIN_SINGLE, ATAN, ATAN_SINGLE};
use super::lanes::Lanes;
use super::{Function, Function2, Precision};

/// The inverse sine.
pub(crate) struct Asin;
/// The inverse cosine.
pub(crate) struct Acos;
/// The inverse tangent.
pub(crate) struct Atan;
/// The angle of the point with `y` first and `x` second.
pub(crate) struct Atan2;

/// What pi, pi/2, pi/4 and 3 pi/4 have beyond their `f64`.
const PI_LOW: f64 = 1.2246467991473532e-16;
const HALF_PI_LOW: f64 = PI_LOW / 2.0;
const QUARTER_PI_LOW: f64 = PI_LOW / 4.0;
const THREE_QUARTERS: f64 = 2.356194490192345;
const THREE_QUARTERS_LOW: f64 = 9.184850993605148e-17;
/// tan(pi/8) and its inverse.
const EIGHTH: f64 = 0.41421356237309503;
const EIGHTH_INVERSE: f64 = 2.414213562373095;

impl Function for Asin {
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let a = x.abs();
        let small = a.less_equal(0.5);
        let z = small.select(a * a, (1.0 - a) * 0.5);
        let s = small.select(a, z.sqrt());
        let rest = s * z * polynomial::<P, N, _, _>(z, ASIN, ASIN_SINGLE);
        let end = (FRAC_PI_2 - 2.0 * s) - (2.0 * rest - HALF_PI_LOW);
        small.select(s + rest, end).with_sign_of(x)
    }
}

impl Function for Acos {
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let a = x.abs();
        let small = a.less_equal(0.5);
        let z = small.select(a * a, (1.0 - a) * 0.5);
        let s = small.select(x, z.sqrt());
        let rest = s * z * polynomial::<P, N, _, _>(z, ASIN, ASIN_SINGLE);
        let middle = FRAC_PI_2 - (s - (HALF_PI_LOW - rest));
        let double = 2.0 * (s + rest);
        let end = x.less(0.0).select(PI - (double - PI_LOW), double);
        small.select(middle, end)
    }
}

/// `atan(t) - t`.
#[inline(always)]
fn kernel<P: Precision, const N: usize>(t: Lanes<N>) -> Lanes<N> {
    let z = t * t;
    t * z * polynomial::<P, N, _, _>(z, ATAN, ATAN_SINGLE)
}

impl Function for Atan {
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let a = x.abs();
        let (low, high) = (a.less(EIGHTH), Lanes::of(EIGHTH_INVERSE).less(a));
        let numerator = low.select(a, high.select(-1.0, a - 1.0));
        let denominator = low.select(1.0, high.select(a, a + 1.0));
        let t = numerator / denominator;
        let base = low.select(0.0, high.select(FRAC_PI_2, FRAC_PI_4));
        let base_low = low.select(0.0, high.select(HALF_PI_LOW, QUARTER_PI_LOW));
        (base + (t + (kernel::<P, N>(t) + base_low))).with_sign_of(x)
    }
}

impl Function2 for Atan2 {
    #[inline(always)]
    fn common<P: Precision>(y: f64, x: f64) -> bool {
        // Nothing overflows, and no zero, infinity or NaN.
        let sum = y.abs() + x.abs();
        (sum < 1e300) & (sum > 0.0)
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(y: Lanes<N>, x: Lanes<N>) -> Lanes<N> {
        let (mut b, mut a) = (y.abs(), x.abs());
        if RARE {
            let infinite = a.equal(f64::INFINITY).and(b.equal(f64::INFINITY));
            (a, b) = (infinite.select(1.0, a * 0.25), infinite.select(1.0, b * 0.25));
            // Scaled where the sum could overflow; elsewhere a quarter could lose digits.
            let large = Lanes::of(1e299).less(x.abs()).or(Lanes::of(1e299).less(y.abs()));
            (a, b) = (large.select(a, x.abs()), large.select(b, y.abs()));
        }
        let (low, high) = (b.less_equal(a * EIGHTH), (a * EIGHTH_INVERSE).less(b));
        let numerator = low.select(b, high.select(-a, b - a));
        let mut denominator = low.select(a, high.select(b, b + a));
        if RARE {
            denominator = denominator.equal(0.0).select(1.0, denominator);
        }
        let t = numerator / denominator;
        let left = x.bits().has(1 << 63);
        let base =
            low.select(left.select(PI, 0.0), high.select(FRAC_PI_2, left.select(THREE_QUARTERS, FRAC_PI_4)));
        let base_low = low.select(
            left.select(PI_LOW, 0.0),
            high.select(HALF_PI_LOW, left.select(THREE_QUARTERS_LOW, QUARTER_PI_LOW)),
        );
        let t = left.select(-t, t);
        (base + (t + (kernel::<P, N>(t) + base_low))).with_sign_of(y)
    }
}
