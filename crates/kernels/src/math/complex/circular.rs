//! `sinh`, `cosh`, `tanh`, and `sin`, `cos`, `tan`, which are these turned by a quarter: `sin(z) = -i sinh(iz)`,
//! `cos(z) = cosh(iz)`, `tan(z) = -i tanh(iz)`.
//!
//! ```text
//!   sinh(x + iy) = sinh(x) cos(y) + i cosh(x) sin(y)
//!   cosh(x + iy) = cosh(x) cos(y) + i sinh(x) sin(y)
//!   tanh(x + iy) = (sinh(x) cosh(x) + i sin(y) cos(y)) / (sinh(x)^2 + cos(y)^2)
//! ```

use core::marker::PhantomData;

use super::scalar::{real, sine_and_cosine};
use super::{Function, Pair, within};
use crate::arch::Features;
use crate::element::Complex;
use crate::math::hyperbolic::sinh_and_cosh;
use crate::math::{self, Lanes, trig};

/// The hyperbolic sine.
pub(crate) struct Sinh;
/// The hyperbolic cosine.
pub(crate) struct Cosh;
/// The hyperbolic tangent.
pub(crate) struct Tanh;
/// The function of a number that is turned by a quarter first and, with `BACK`, back at the end.
pub(crate) struct Turned<Op, const BACK: bool>(PhantomData<Op>);
/// The sine.
pub(crate) type Sin = Turned<Sinh, true>;
/// The cosine.
pub(crate) type Cos = Turned<Cosh, false>;
/// The tangent.
pub(crate) type Tan = Turned<Tanh, true>;

/// Where the hyperbolic functions are ordinary numbers.
const REACH: f64 = 700.0;

/// `sinh` and `cosh` of a number beyond that, each divided by the second result.
fn beyond(x: f64) -> (f64, f64, f64) {
    if x.abs() <= REACH {
        return (real::<math::Sinh>(x), real::<math::Cosh>(x), 1.0);
    }
    let root = if x.is_infinite() { f64::INFINITY } else { real::<math::Exp>(x.abs() * 0.5) };
    (root.copysign(x) * 0.5, root * 0.5, root)
}

impl Function for Sinh {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        !(within(x.abs(), 0.0, REACH) & within(y.abs(), 0.0, trig::REACH))
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let (sinh, cosh) = sinh_and_cosh(x);
        let (sine, cosine) = trig::sine_and_cosine(y);
        Pair { re: sinh * cosine, im: cosh * sine }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        if y == 0.0 {
            return Complex { re: real::<math::Sinh>(x), im: y };
        }
        if !y.is_finite() {
            let re = if x == 0.0 || x.is_infinite() { x } else { f64::NAN };
            return Complex { re, im: f64::NAN };
        }
        let (sine, cosine) = sine_and_cosine(y);
        let (sinh, cosh, factor) = beyond(x);
        Complex { re: sinh * cosine * factor, im: cosh * sine * factor }
    }
}

impl Function for Cosh {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        Sinh::outside(x, y)
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let (sinh, cosh) = sinh_and_cosh(x);
        let (sine, cosine) = trig::sine_and_cosine(y);
        Pair { re: cosh * cosine, im: sinh * sine }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        let zero = if x.is_nan() { y } else { 0f64.copysign(y) * 1f64.copysign(x) };
        if y == 0.0 {
            return Complex { re: real::<math::Cosh>(x), im: zero };
        }
        if !y.is_finite() {
            let re = if x.is_infinite() { f64::INFINITY } else { f64::NAN };
            return Complex { re, im: if x == 0.0 { zero } else { f64::NAN } };
        }
        let (sine, cosine) = sine_and_cosine(y);
        let (sinh, cosh, factor) = beyond(x);
        Complex { re: cosh * cosine * factor, im: sinh * sine * factor }
    }
}

impl Function for Tanh {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        // The square of the hyperbolic sine is an ordinary number.
        !(within(x.abs(), 0.0, REACH * 0.5) & within(y.abs(), 0.0, trig::REACH))
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let (sinh, cosh) = sinh_and_cosh(x);
        let (sine, cosine) = trig::sine_and_cosine(y);
        let inverse = 1.0 / (sinh * sinh + cosine * cosine);
        Pair { re: sinh * cosh * inverse, im: sine * cosine * inverse }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        if y == 0.0 {
            return Complex { re: real::<math::Tanh>(x), im: y };
        }
        if x.is_infinite() && !y.is_finite() {
            return Complex { re: 1f64.copysign(x), im: 0f64.copysign(y) };
        }
        if x.is_nan() || !y.is_finite() {
            return Complex { re: if x == 0.0 { x } else { f64::NAN }, im: f64::NAN };
        }
        let (sine, cosine) = sine_and_cosine(y);
        if x.abs() > 22.0 {
            let small = real::<math::Exp>(-2.0 * x.abs());
            return Complex { re: 1f64.copysign(x), im: 4.0 * sine * cosine * small };
        }
        let (sinh, cosh) = (real::<math::Sinh>(x), real::<math::Cosh>(x));
        let size = sinh * sinh + cosine * cosine;
        Complex { re: sinh * cosh / size, im: sine * cosine / size }
    }
}

impl<Op: Function, const BACK: bool> Function for Turned<Op, BACK> {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        Op::outside(y, x)
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let Pair { re, im } = Op::near::<F>(-y, x);
        if BACK { Pair { re: im, im: -re } } else { Pair { re, im } }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        let Complex { re, im } = Op::alone(-y, x);
        if BACK { Complex { re: im, im: -re } } else { Complex { re, im } }
    }
}
