//! Floor division and remainder of floats.
//!
//! With `q` the nearest integer to `a / b`, the rest `a - q b` is a float, and exact when it is computed from the product
//! and its rounding error; where it does not have the sign of the divisor, one divisor is added and `q` is one less. That
//! holds while `q` is an integer that is known exactly, up to 2^50 (2^21 in `f32`); everything else (larger quotients,
//! a divisor that is 0, subnormal or infinite, NaN) is computed one by one, with the remainder of the C library. The
//! results are those of NumPy, bit by bit, either way.
//!
//! Measured on Zen 4, arrays in L2, with AVX-512 and with AVX2: fourteen times as fast as NumPy and twenty times as fast as one
//! by one.

use super::bits::{nearest, two_product, two_to};
use super::float::{Float, Word};
use super::lanes::Lanes;
use super::{Function2, is_outside};
use crate::arch::Features;

/// `floor(a / b)`.
pub(crate) struct FloorDivide;
/// `a - b * floor(a / b)`.
pub(crate) struct Remainder;

/// Whether the divisor is no ordinary number or the quotient is large.
#[inline(always)]
fn outside<T: Float>(a: T, b: T) -> T::Bits {
    let (largest, most) = if T::DOUBLE { (1e290, two_to(50)) } else { (1e30, two_to(21)) };
    let small = a.abs() < b.abs() * T::of(most);
    is_outside(b.abs(), [T::SMALLEST, largest]) | T::Bits::of(!small as u64)
}

/// The quotient, the integer below it, and the rest.
struct Division<T> {
    quotient: Lanes<T>,
    floor: Lanes<T>,
    rest: Lanes<T>,
}

#[inline(always)]
fn divide<F: Features, T: Float>(a: Lanes<T>, b: Lanes<T>) -> Division<T> {
    let quotient = a / b;
    let (near, _) = nearest(quotient);
    let (product, error) = two_product::<F, T>(near, b);
    let rest = (a - product) - error;
    let zero = Lanes::of(0.0);
    let wrong = rest.less(0.0).and(zero.less(b)).or(zero.less(rest).and(b.less(0.0)));
    Division { quotient, floor: wrong.select(near - 1.0, near), rest: wrong.select(rest + b, rest) }
}

impl Function2 for FloorDivide {
    const ONE_BY_ONE: bool = true;
    #[inline(always)]
    fn outside<T: Float>(a: T, b: T) -> T::Bits {
        outside(a, b)
    }
    #[inline(always)]
    fn near<F: Features, T: Float, const RARE: bool>(a: Lanes<T>, b: Lanes<T>) -> Lanes<T> {
        let Division { quotient, floor, .. } = divide::<F, T>(a, b);
        floor.equal(0.0).select(Lanes::of(0.0).with_sign_of(quotient), floor)
    }
    fn alone<T: Float>(a: T, b: T) -> T {
        let zero = T::of(0.0);
        if b == zero {
            return a / b;
        }
        let rest = a.rest(b);
        let mut quotient = (a - rest) / b;
        if rest != zero && (b < zero) != (rest < zero) {
            quotient = quotient - T::of(1.0);
        }
        if quotient == zero {
            return zero.copysign(a / b);
        }
        let floor = quotient.floor();
        if quotient - floor > T::of(0.5) { floor + T::of(1.0) } else { floor }
    }
}

impl Function2 for Remainder {
    const ONE_BY_ONE: bool = true;
    #[inline(always)]
    fn outside<T: Float>(a: T, b: T) -> T::Bits {
        outside(a, b)
    }
    #[inline(always)]
    fn near<F: Features, T: Float, const RARE: bool>(a: Lanes<T>, b: Lanes<T>) -> Lanes<T> {
        let rest = divide::<F, T>(a, b).rest;
        rest.equal(0.0).select(Lanes::of(0.0).with_sign_of(b), rest)
    }
    fn alone<T: Float>(a: T, b: T) -> T {
        let zero = T::of(0.0);
        let rest = a.rest(b);
        if b == zero {
            rest
        } else if rest == zero {
            zero.copysign(b)
        } else if (b < zero) != (rest < zero) {
            rest + b
        } else {
            rest
        }
    }
}
