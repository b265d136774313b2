//! Real functions of one number of any kind, for complex numbers that are computed one by one.

use super::super::trig;
use crate::arch::Plain;
use crate::math::{self, Lanes};

/// A function of a number.
#[inline(never)]
pub(super) fn real<Op: math::Function>(x: f64) -> f64 {
    if x.abs() > Op::REACH { Op::far(x) } else { Op::near::<f64, true>(Lanes(x, x)).0 }
}

/// A function of two numbers.
#[inline(never)]
pub(super) fn real2<Op: math::Function2>(x: f64, y: f64) -> f64 {
    Op::near::<Plain, f64, true>(Lanes(x, x), Lanes(y, y)).0
}

/// Sine and cosine.
pub(super) fn sine_and_cosine(x: f64) -> (f64, f64) {
    if x.abs() <= trig::REACH {
        let (sine, cosine) = trig::sine_and_cosine(Lanes(x, x));
        return (sine.0, cosine.0);
    }
    (real::<math::Sin>(x), real::<math::Cos>(x))
}
