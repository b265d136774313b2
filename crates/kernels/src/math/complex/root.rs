//! `sqrt`, and `sign`: a number divided by its magnitude.
//!
//! With `t = sqrt((|x| + |z|) / 2)` the root is `t + i y / 2t` to the right of the imaginary axis and `|y| / 2t` with
//! the imaginary part `t` to its left.

use super::{Function, Pair, is_extreme, scale_of};
use crate::arch::Features;
use crate::element::Complex;
use crate::math::Lanes;
use crate::math::bits::two_to;

/// The square root.
pub(crate) struct Sqrt;
/// `z / |z|`.
pub(crate) struct Sign;

/// `sqrt((x + |x + iy|) / 2)` and `y / 2` divided by it, of numbers that are not negative and of which one has an ordinary
/// square.
#[inline(always)]
pub(super) fn parts(x: Lanes<f64>, y: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    let t = ((x + (x * x + y * y).sqrt()) * 0.5).sqrt();
    let twice = t + t;
    (t, y / twice.equal(0.0).select(1.0, twice))
}

/// The same of numbers of any magnitude.
pub(super) fn parts_alone(x: f64, y: f64) -> (f64, f64) {
    let scale = scale_of(x + y);
    let root = if scale > 1.0 { two_to(-300) } else { two_to(300) };
    let (sx, sy) = (x * scale, y * scale);
    let t = parts(Lanes(sx, sx), Lanes(sy, sy)).0.0 * if scale == 1.0 { 1.0 } else { root };
    (t, if t == 0.0 { y } else { y / (t + t) })
}

impl Function for Sqrt {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        is_extreme(x.abs() + y.abs())
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let (t, other) = parts(x.abs(), y.abs());
        let left = x.less(0.0);
        Pair { re: left.select(other, t), im: left.select(t, other).with_sign_of(y) }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        if y.is_infinite() {
            return Complex { re: f64::INFINITY, im: y };
        }
        if x.is_infinite() {
            let (zero, infinity) = (if y.is_nan() { y } else { 0.0 }, f64::INFINITY);
            return match x > 0.0 {
                true => Complex { re: infinity, im: zero.copysign(y) },
                false => Complex { re: zero, im: infinity.copysign(y) },
            };
        }
        let (t, other) = parts_alone(x.abs(), y.abs());
        let (re, im) = if x < 0.0 { (other, t) } else { (t, other) };
        Complex { re, im: im.copysign(y) }
    }
}

impl Function for Sign {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        is_extreme(x.abs() + y.abs())
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let size = (x * x + y * y).sqrt();
        let zero = size.equal(0.0);
        let size = zero.select(1.0, size);
        Pair { re: zero.select(0.0, x / size), im: zero.select(0.0, y / size) }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        match (x.is_infinite(), y.is_infinite()) {
            (true, true) => Complex { re: f64::NAN, im: f64::NAN },
            (true, false) => Complex { re: x.signum(), im: 0.0 },
            (false, true) => Complex { re: 0.0, im: y.signum() },
            (false, false) => {
                let scale = scale_of(x.abs() + y.abs());
                let (a, b) = (x * scale, y * scale);
                let size = (a * a + b * b).sqrt();
                Complex { re: x / size * scale, im: y / size * scale }
            }
        }
    }
}
