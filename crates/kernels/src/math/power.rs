//! `a` to the power of `b` in `f32`.
//!
//! `2^(b log2(a))` in `f64`, which has the digits that the product loses, so the result
//! is off by 0.61 units of the last place at most. The signs and
//! the special cases are those of IEEE 754: the power 0 of anything and any power of 1 are 1; a negative number has
//! integer powers only, negative ones for odd integers.

use core::f64::consts::{LN_2, LOG2_E};

use super::Function2;
use super::bits::{nearest, power_of_two, split, two_chains};
use super::coefficients::EXP_SINGLE;
use super::float::Float;
use super::lanes::Lanes;
use super::log::terms;

/// `a` to the power of `b`, of `f32`.
pub(crate) struct Power;

impl Function2 for Power {
    fn range<T: Float>() -> [f64; 2] {
        [T::SMALLEST, 3e38]
    }
    /// Ordinary positive numbers, to any finite power.
    #[inline(always)]
    fn key<T: Float>(a: T, b: T) -> T {
        a + b * T::of(0.0)
    }
    #[inline(always)]
    fn near<T: Float, const RARE: bool>(a: Lanes<T>, b: Lanes<T>) -> Lanes<T> {
        let (a, b) = (a.double(), b.double());
        let x = a.abs();
        if !RARE {
            return Lanes::round(exp2(log2(x) * b));
        }
        let zero = x.equal(0.0);
        let infinite = x.equal(f64::INFINITY);
        let log = x.equal(x).select(log2(x), x);
        let log = zero.select(f64::NEG_INFINITY, infinite.select(f64::INFINITY, log));
        let product = x.equal(1.0).and(b.abs().equal(f64::INFINITY)).select(0.0, log * b);
        let y = exp2(product);
        // All numbers that large are even.
        let large = Lanes::of(16777216.0).less_equal(b.abs());
        let even = large.or((nearest(b * 0.5).0 * 2.0).equal(b));
        let integer = large.or(nearest(b).0.equal(b));
        let negative = a.bits().has(1 << 63);
        let y = negative.select(even.select(y, integer.select(-y, y)), y);
        let root = a.less(0.0).and(zero.or(infinite).or(integer).not());
        let y = root.select(f64::NAN, y);
        Lanes::round(a.equal(1.0).or(b.equal(0.0)).select(1.0, y))
    }
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
    (1.0 + (r + r * r * two_chains(r, EXP_SINGLE))) * power_of_two(bits)
}
