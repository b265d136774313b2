//! What each operation does to three elements.

use crate::element::{Bf16, Bool, F16};
use crate::elementwise::Bits;
use crate::number::Ordered;

/// An operation on an `A` and two elements of type `T`.
pub(super) trait Apply<A, T> {
    fn apply(a: A, b: T, c: T) -> T;
}

/// `mask ? a : b`, on bits.
pub(super) struct Select;
/// `minimum(maximum(v, low), high)`.
pub(super) struct Clip;
/// `a * b + c`, rounded once.
pub(super) struct Fma;

impl<T: Bits> Apply<Bool, T> for Select {
    #[inline(always)]
    fn apply(mask: Bool, a: T, b: T) -> T {
        T::choose(mask.get(), a, b)
    }
}

impl<T: Ordered> Apply<T, T> for Clip {
    #[inline(always)]
    fn apply(v: T, low: T, high: T) -> T {
        v.max(low).min(high)
    }
}

macro_rules! fma_integer {
    ($($t:ty)*) => {$(
        impl Apply<$t, $t> for Fma {
            #[inline(always)]
            fn apply(a: $t, b: $t, c: $t) -> $t {
                a.wrapping_mul(b).wrapping_add(c)
            }
        }
    )*};
}
fma_integer!(u8 u16 u32 u64);

macro_rules! fma_float {
    ($($t:ty)*) => {$(
        impl Apply<$t, $t> for Fma {
            // The instruction where the level has it, else the C library's function; both round once, so the bits are
            // the same.
            #[inline(always)]
            fn apply(a: $t, b: $t, c: $t) -> $t {
                a.mul_add(b, c)
            }
        }
    )*};
}
fma_float!(f32 f64);

macro_rules! fma_float16 {
    ($($t:ident)*) => {$(
        impl Apply<$t, $t> for Fma {
            #[inline(always)]
            fn apply(a: $t, b: $t, c: $t) -> $t {
                let product = f64::from(a.to_f32()) * f64::from(b.to_f32());
                crate::element::Element::from_f64(sum_to_odd(product, c.to_f32().into()))
            }
        }
    )*};
}
fma_float16!(F16 Bf16);

/// The sum, rounded so that a second rounding to fewer bits gives what one alone would: an inexact result is made the
/// neighbour whose last bit is 1. Products of two 16-bit floats are exact in `f64`, their sums with a third are not.
#[inline(always)]
fn sum_to_odd(x: f64, y: f64) -> f64 {
    let sum = x + y;
    // What the sum has lost, exactly (Knuth).
    let of_y = sum - x;
    let lost = (x - (sum - of_y)) + (y - of_y);
    let bits = sum.to_bits();
    let away = (lost > 0.0) == (sum > 0.0);
    let odd = if away { bits.wrapping_add(1) } else { bits.wrapping_sub(1) };
    let inexact = (lost > 0.0) | (lost < 0.0);
    f64::from_bits(if inexact & (bits & 1 == 0) { odd } else { bits })
}
