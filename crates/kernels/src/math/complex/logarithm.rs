//! `log`, `log2`, `log10`, `log1p`.
//!
//! `log(x + iy) = log(x^2 + y^2) / 2 + i atan2(y, x)`, with the sum of squares as a sum of two floats: so the real part
//! keeps its digits near the unit circle, where it is small. `log1p(z)` is the same of `1 + x` as a sum of two.

use core::f64::consts::{LN_2, LOG2_E, LOG10_E};

use super::scalar::real2;
use super::{Function, Pair, is_extreme, scale_of};
use crate::arch::{Features, Plain};
use crate::element::Complex;
use crate::math::bits::{fast_two_sum, two_product};
use crate::math::log::natural_of_sum;
use crate::math::{self, Function2 as _, Lanes};

/// The natural logarithm.
pub(crate) struct Log;
/// The logarithm to base 2.
pub(crate) struct Log2;
/// The logarithm to base 10.
pub(crate) struct Log10;
/// `log(1 + z)`.
pub(crate) struct Log1p;

/// The square and its rounding error, without that where it is no ordinary number.
#[inline(always)]
fn square<F: Features>(x: Lanes<f64>) -> (Lanes<f64>, Lanes<f64>) {
    let (square, error) = two_product::<F, _>(x, x);
    (square, x.less(super::SMALL).select(0.0, error))
}

/// Half the logarithm of `(x + x_low)^2 + y^2`, of numbers that are not negative.
#[inline(always)]
fn half_log<F: Features>(x: Lanes<f64>, x_low: Option<Lanes<f64>>, y: Lanes<f64>) -> Lanes<f64> {
    let (xx, xx_low) = square::<F>(x);
    let (yy, yy_low) = square::<F>(y);
    let less = xx.less(yy);
    let (sum, error) = fast_two_sum(less.select(yy, xx), less.select(xx, yy));
    let mut low = xx_low + yy_low;
    if let Some(x_low) = x_low {
        low = low + x_low * x_low;
        return 0.5 * natural_of_sum(sum, (error + 2.0 * x * x_low) + low);
    }
    0.5 * natural_of_sum(sum, error + low)
}

impl Function for Log {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        let size = x.abs() + y.abs();
        is_extreme(size) | (size == 0.0)
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let im = math::Atan2::near::<F, f64, false>(y, x);
        Pair { re: half_log::<F>(x.abs(), None, y.abs()), im }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        let im = real2::<math::Atan2>(y, x);
        let size = x.abs() + y.abs();
        let re = if x.is_infinite() || y.is_infinite() {
            f64::INFINITY
        } else if size.is_nan() {
            f64::NAN
        } else if size == 0.0 {
            f64::NEG_INFINITY
        } else {
            let scale = scale_of(size);
            let (x, y) = ((x * scale).abs(), (y * scale).abs());
            let log = half_log::<Plain>(Lanes(x, x), None, Lanes(y, y)).0;
            let twos = if scale > 1.0 { -600.0 } else { 600.0 };
            log + twos * LN_2
        };
        Complex { re, im }
    }
}

macro_rules! to_base {
    ($($base:ident $scale:ident;)*) => {$(
        impl Function for $base {
            #[inline(always)]
            fn outside(x: f64, y: f64) -> bool {
                Log::outside(x, y)
            }
            #[inline(always)]
            fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
                let Pair { re, im } = Log::near::<F>(x, y);
                Pair { re: re * $scale, im: im * $scale }
            }
            fn alone(x: f64, y: f64) -> Complex<f64> {
                let Complex { re, im } = Log::alone(x, y);
                Complex { re: re * $scale, im: im * $scale }
            }
        }
    )*};
}
to_base! {
    Log2 LOG2_E;
    Log10 LOG10_E;
}

impl Function for Log1p {
    #[inline(always)]
    fn outside(x: f64, y: f64) -> bool {
        Log::outside(1.0 + x, y)
    }
    #[inline(always)]
    fn near<F: Features>(x: Lanes<f64>, y: Lanes<f64>) -> Pair {
        let u = 1.0 + x;
        // What the sum lost, and its sign for the magnitude of the sum.
        let lost = x.less(1.0).select(x - (u - 1.0), 1.0 - (u - x));
        let low = u.less(0.0).select(0.0 - lost, lost);
        let im = math::Atan2::near::<F, f64, false>(y, u);
        Pair { re: half_log::<F>(u.abs(), Some(low), y.abs()), im }
    }
    fn alone(x: f64, y: f64) -> Complex<f64> {
        Log::alone(1.0 + x, y)
    }
}
