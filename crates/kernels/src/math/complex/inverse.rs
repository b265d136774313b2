//! `asin`, `acos`, `atan`.
//!
//! With `p = sqrt(1 - z)` and `q = sqrt(1 + z)` (Kahan's formulas, in which every sum is of numbers of the same sign):
//!
//! ```text
//!   asin(z) = atan2(x, Re(p q)) + i asinh(Im(conj(p) q))
//!   acos(z) = 2 atan2(Re(p), Re(q)) + i asinh(Im(conj(q) p))
//!   atan(z) = atan2(2x, 1 - |z|^2) / 2 + i log1p(4y / (x^2 + (1 - y)^2)) / 4        y >= 0
//! ```
//!
//! computed in the first quadrant and given the signs that the symmetries of the functions ask for.

use core::f64::consts::{FRAC_PI_2, FRAC_PI_4, LN_2};

use super::logarithm::Log;
use super::root::{parts, parts_alone};
use super::scalar::{real, real2};
use super::{Function, LARGE, Pair, SMALL, within};
use crate::arch::Features;
use crate::element::Complex;
use crate::math::{self, Function as _, Function2 as _, Lanes};

/// The inverse sine.
pub(crate) struct Asin;
/// The inverse cosine.
pub(crate) struct Acos;
/// The inverse tangent.
pub(crate) struct Atan;

/// Squares of squares of numbers up to this are ordinary.
const FOURTH: f64 = 1e75;

/// `p` and `q` as the magnitudes of their real and imaginary parts, of numbers that are not negative.
struct Roots {
    p: (Lanes<f64>, Lanes<f64>),
    q: (Lanes<f64>, Lanes<f64>),
}

impl Roots {
    #[inline(always)]
    fn near(x: Lanes<f64>, y: Lanes<f64>) -> Roots {
        let inside = 1.0 - x;
        let (t, other) = parts(inside.abs(), y);
        let left = inside.less(0.0);
        Roots { p: (left.select(other, t), left.select(t, other)), q: parts(1.0 + x, y) }
    }

    /// The same of one number of any kind.
    fn alone(x: f64, y: f64) -> Roots {
        let (t, other) = parts_alone((1.0 - x).abs(), y);
        let q = parts_alone(1.0 + x, y);
        let p = if x > 1.0 { (other, t) } else { (t, other) };
        let lanes = |(a, b): (f64, f64)| (Lanes(a, a), Lanes(b, b));
        Roots { p: lanes(p), q: lanes(q) }
    }

    /// `Re(p q)`.
    #[inline(always)]
    fn across(&self) -> Lanes<f64> {
        self.p.0 * self.q.0 + self.p.1 * self.q.1
    }

    /// The magnitude of `asinh(Im(conj(p) q))`.
    #[inline(always)]
    fn height(&self) -> Lanes<f64> {
        let v = self.p.0 * self.q.1 + self.p.1 * self.q.0;
        let square = v * v;
        math::Log1p::near::<f64, false>(v + square / (1.0 + (1.0 + square).sqrt()))
    }
}

/// The same kind for `asin` and `acos`: no square vanishes or overflows.
#[inline(always)]
fn outside(x: f64, y: f64) -> bool {
    let (a, b) = (x.abs(), y.abs());
    !(within(a, 0.0, FOURTH) & (within(b, SMALL, FOURTH) | (b == 0.0)))
}

/// The logarithm of twice the magnitude.
fn log_of_twice(x: f64, y: f64) -> f64 {
    let size = x.abs() + y.abs();
    if size > LARGE || !size.is_finite() {
        return Log::alone(x, y).re + LN_2;
    }
    real::<math::Log>(real2::<math::Hypot>(x, y)) + LN_2
}

impl Function for Asin {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        outside(x, y)
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let roots = Roots::near(x.abs(), y.abs());
        let re = math::Atan2::near::<F, f64, false>(x.abs(), roots.across());
        Pair { re: re.with_sign_of(x), im: roots.height().with_sign_of(y) }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        let (a, b) = (x.abs(), y.abs());
        if x == 0.0 && y.is_nan() {
            return Complex { re: x, im: y };
        }
        let (re, im) = if a <= FOURTH && b <= FOURTH {
            let roots = Roots::alone(a, b);
            (real2::<math::Atan2>(a, roots.across().0), roots.height().0)
        } else {
            (real2::<math::Atan2>(a, b), log_of_twice(a, b))
        };
        Complex { re: re.copysign(x), im: im.copysign(y) }
    }
}

impl Function for Acos {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        outside(x, y)
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let roots = Roots::near(x.abs(), y.abs());
        let left = x.less(0.0);
        let (p, q) = (left.select(roots.q.0, roots.p.0), left.select(roots.p.0, roots.q.0));
        let re = 2.0 * math::Atan2::near::<F, f64, false>(p, q);
        Pair { re, im: roots.height().with_sign_of(-y) }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        let (a, b) = (x.abs(), y.abs());
        if x == 0.0 && y.is_nan() {
            return Complex { re: FRAC_PI_2, im: y };
        }
        let (re, im) = if a <= FOURTH && b <= FOURTH {
            let roots = Roots::alone(a, b);
            let (p, q) = (roots.p.0.0, roots.q.0.0);
            let (p, q) = if x < 0.0 { (q, p) } else { (p, q) };
            (2.0 * real2::<math::Atan2>(p, q), roots.height().0)
        } else {
            (real2::<math::Atan2>(b, x), log_of_twice(a, b))
        };
        Complex { re, im: im.copysign(-y) }
    }
}

impl Function for Atan {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        let (a, b) = (x.abs(), y.abs());
        // No square overflows, and next to the poles one is an ordinary number.
        !(within(a + b, 0.0, LARGE) & within(a + (1.0 - b).abs(), SMALL, f64::INFINITY))
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let (a, b) = (x.abs(), y.abs());
        let less = a.less(b);
        let (m, n) = (less.select(b, a), less.select(a, b));
        let re = math::Atan2::near::<F, f64, false>(2.0 * a, (1.0 - m) * (1.0 + m) - n * n);
        let c = 1.0 - b;
        let im = math::Log1p::near::<f64, false>(4.0 * b / (a * a + c * c));
        Pair { re: (0.5 * re).with_sign_of(x), im: (0.25 * im).with_sign_of(y) }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        let (a, b) = (x.abs(), y.abs());
        let (re, im) = if a.is_infinite() || b.is_infinite() {
            (if a.is_nan() { a } else { FRAC_PI_2 }, 0.0)
        } else if a.is_nan() || b.is_nan() {
            (f64::NAN, if b == 0.0 { b } else { f64::NAN })
        } else if a + b > LARGE {
            // The reciprocal, by quarters that do not overflow.
            let size = real2::<math::Hypot>(a * 0.25, b * 0.25);
            (FRAC_PI_2, b * 0.25 / size / size * 0.25)
        } else if a == 0.0 {
            (0.0, f64::INFINITY)
        } else {
            (FRAC_PI_4, 0.5 * (LN_2 - real::<math::Log>(a)))
        };
        Complex { re: re.copysign(x), im: im.copysign(y) }
    }
}
