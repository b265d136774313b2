//! `a` to the power of `b`, as `2^(b log2(a))`.
//!
//! The product can be a thousand, and what it lacks is the relative error of the result: so the logarithm needs ten bits
//! more than the result has. For `f32` that is `f64`, and the result is off by 0.61 units of the last place at most; for
//! `f64` it is a sum of two floats, see [`super::power_double`].
//!
//! The signs and the special cases are those of IEEE 754: the power 0 of anything and any power of 1 are 1; a negative
//! number has integer powers only, negative ones for odd integers.

use core::f64::consts::{LN_2, LOG2_E};

use super::bits::{chains, nearest, nearest_word, power_of_two, split, two_to};
use super::coefficients::EXP_SINGLE;
use super::float::{Float, Word};
use super::lanes::Lanes;
use super::log::terms;
use super::power_double::{self, Sum};
use super::{Function2, is_outside};
use crate::arch::Features;

/// `a` to the power of `b`.
pub(crate) struct Power;

impl Function2 for Power {
    /// The common kind: ordinary positive numbers, to any finite power in `f32`, and in `f64` to one that gives an ordinary
    /// number.
    #[inline(always)]
    fn outside<T: Float>(a: T, b: T) -> T::Bits {
        if !T::DOUBLE {
            return is_outside(a + b * T::of(0.0), [T::SMALLEST, 3e38]);
        }
        let exponent = T::exponents(a.bits().minus(T::of(1.0).bits()));
        let size = b.abs() * (exponent.abs() + T::of(1.0));
        is_outside(a, [T::SMALLEST, f64::MAX]) | is_outside(size, [0.0, 1020.0])
    }
    #[inline(always)]
    fn near<F: Features, T: Float, const RARE: bool>(a: Lanes<T>, b: Lanes<T>) -> Lanes<T> {
        let (a, b) = (a.double(), b.double());
        let x = a.abs();
        let factor = if RARE { b.clamp(-two_to(66), two_to(66)) } else { b };
        let product = if T::DOUBLE {
            let (k, m) = split::<f64, RARE>(x);
            power_double::log2::<F>(k, m).times::<F>(factor)
        } else {
            Sum { high: log2(x) * factor, low: Lanes::of(0.0) }
        };
        let product = if RARE { extended(x, b, product) } else { product };
        let y = if T::DOUBLE { power_double::exp2::<RARE>(product) } else { exp2(product.high) };
        Lanes::round(if RARE { signed(a, b, y) } else { y })
    }
}

/// The product where the number is 0 or infinite (or NaN), and where it is too large to matter how large.
#[inline(always)]
fn extended(x: Lanes<f64>, b: Lanes<f64>, product: Sum) -> Sum {
    let ordinary = Lanes::of(0.0).less(x).and(x.less(f64::INFINITY));
    let edge = x.equal(0.0).select(f64::NEG_INFINITY, x) * b;
    let high = ordinary.select(product.high, edge);
    let within = ordinary.and(high.abs().less(1100.0));
    Sum { high: high.clamp(-1100.0, 1100.0), low: within.select(product.low, 0.0) }
}

/// The power of a number of any sign, of which `y` is that of the magnitude.
#[inline(always)]
fn signed(a: Lanes<f64>, b: Lanes<f64>, y: Lanes<f64>) -> Lanes<f64> {
    let size = b.abs();
    // From 2^52 on all numbers are integers, and their last bit is the one of the digits up to 2^53.
    let large = Lanes::of(two_to(52)).less_equal(size);
    let last = large.select_words(size.bits(), nearest_word(size));
    let odd = last.has(1).and(size.less(two_to(53)));
    let integer = large.or(((size + two_to(52)) - two_to(52)).equal(size));
    let negative = a.bits().has(1 << 63);
    let y = negative.and(odd).and(integer).select(-y, y);
    let finite = a.abs().less(f64::INFINITY);
    let root = a.less(0.0).and(finite).and(integer.not());
    let y = root.select(f64::NAN, y);
    a.equal(1.0).or(b.equal(0.0)).select(1.0, y)
}

#[inline(always)]
fn log2(x: Lanes<f64>) -> Lanes<f64> {
    let (k, m) = split::<f64, false>(x);
    let f = m - 1.0;
    let (half, rest) = terms(f);
    k + (f - (half - rest)) * LOG2_E
}

/// Good to more than the digits of `f32`, and beyond its range.
#[inline(always)]
fn exp2(x: Lanes<f64>) -> Lanes<f64> {
    let x = x.clamp(-300.0, 300.0);
    let (k, bits) = nearest(x);
    let r = (x - k) * LN_2;
    (1.0 + (r + r * r * chains(r, EXP_SINGLE))) * power_of_two(bits)
}
