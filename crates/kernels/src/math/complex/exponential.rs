//! `exp`, `exp2`, `expm1`.
//!
//! `exp(x + iy) = exp(x) (cos(y) + i sin(y))`, `exp2(z) = 2^x (cos(y ln(2)) + i sin(y ln(2)))`, and
//! `expm1(z) = expm1(x) cos(y) - 2 sin(y/2)^2 + i exp(x) sin(y)`.

use core::ops::{Add, Mul, Sub};

use super::scalar::{real, sine_and_cosine};
use super::{Function, Pair, within};
use crate::arch::{Features, Plain};
use crate::element::Complex;
use crate::math::{self, Function as _, Lanes, exp, trig};

/// e to the power of a number.
pub(crate) struct Exp;
/// 2 to the power of a number.
pub(crate) struct Exp2;
/// `exp(z) - 1`.
pub(crate) struct Expm1;

/// Where `exp` is an ordinary number.
const REACH: f64 = 707.0;

/// `factor^2` times the number of magnitude 1 at the angle `y`, of which sine and cosine are given: so the square may
/// overflow where the result does not. The rules for infinities are those of the C library's `cexp`.
fn turned(factor: f64, y: f64, (sine, cosine): (f64, f64)) -> Complex<f64> {
    if y == 0.0 {
        return Complex { re: factor * factor, im: y };
    }
    if !y.is_finite() {
        return match factor {
            0.0 => Complex { re: 0.0, im: 0f64.copysign(y) },
            f64::INFINITY => Complex { re: factor, im: f64::NAN },
            _ => Complex { re: f64::NAN, im: f64::NAN },
        };
    }
    Complex { re: factor * cosine * factor, im: factor * sine * factor }
}

impl Function for Exp {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        !(within(x.abs(), 0.0, REACH) & within(y.abs(), 0.0, trig::REACH))
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let size = math::Exp::near::<f64, false>(x);
        let (sine, cosine) = trig::sine_and_cosine(y);
        Pair { re: size * cosine, im: size * sine }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        if y == 0.0 {
            return Complex { re: real::<math::Exp>(x), im: y };
        }
        // A finite number keeps its infinities for the end.
        let factor = match x {
            f64::INFINITY | f64::NEG_INFINITY => real::<math::Exp>(x),
            _ => real::<math::Exp>(x * 0.5),
        };
        turned(factor, y, sine_and_cosine(y))
    }
}

impl Function for Exp2 {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        !(within(x.abs(), 0.0, 1020.0) & within(y.abs(), 0.0, trig::REACH))
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let size = math::Exp2::near::<f64, false>(x);
        let (sine, cosine) = trig::sine_and_cosine_of_ln_2::<F>(y);
        Pair { re: size * cosine, im: size * sine }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        if y == 0.0 {
            return Complex { re: real::<math::Exp2>(x), im: y };
        }
        let factor = match x {
            f64::INFINITY | f64::NEG_INFINITY => real::<math::Exp2>(x),
            _ => real::<math::Exp2>(x * 0.5),
        };
        if y.abs() <= trig::REACH {
            let (sine, cosine) = trig::sine_and_cosine_of_ln_2::<Plain>(Lanes(y, y));
            return turned(factor, y, (sine.0, cosine.0));
        }
        // The angle is a sum of two.
        let (angle, lacks) = trig::times_ln_2::<Plain>(Lanes(y, y));
        let ((a, b), (c, d)) = (sine_and_cosine(angle.0), sine_and_cosine(lacks.0));
        turned(factor, y, (a * d + b * c, b * d - a * c))
    }
}

/// `expm1` from `expm1` and `exp` of the real part and sine and cosine of half the imaginary part.
#[inline(always)]
fn less<T>(less: T, size: T, (sine, cosine): (T, T)) -> (T, T)
where
    T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T>,
{
    let (square, product) = (sine * sine, sine * cosine);
    (less * (cosine * cosine - square) - (square + square), size * (product + product))
}

impl Function for Expm1 {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        Exp::outside(x, y)
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let (size, minus_1) = exp::exp_and_less(x);
        let (re, im) = less(minus_1, size, trig::sine_and_cosine(y * 0.5));
        Pair { re: y.equal(0.0).select(minus_1, re), im: y.equal(0.0).select(y, im) }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        if x.abs() <= REACH && y.is_finite() {
            let halves = sine_and_cosine(y * 0.5);
            let (re, im) = less(real::<math::Expm1>(x), real::<math::Exp>(x), halves);
            return Complex { re, im };
        }
        let Complex { re, im } = Exp::alone(x, y);
        Complex { re: if y == 0.0 { real::<math::Expm1>(x) } else { re - 1.0 }, im }
    }
}
