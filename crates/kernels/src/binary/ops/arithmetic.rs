//! Sum, difference, product, quotient.

use super::Apply;
use crate::number::{Field, Number, Signed};

/// `a + b`; logical or for bool.
pub(in crate::binary) struct Add;
/// `a - b`.
pub(in crate::binary) struct Subtract;
/// `a * b`; logical and for bool.
pub(in crate::binary) struct Multiply;
/// `a / b` of floats and complex numbers.
pub(in crate::binary) struct Divide;

impl<T: Number> Apply<T> for Add {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        a.add(b)
    }
}

impl<T: Signed> Apply<T> for Subtract {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        a.sub(b)
    }
}

impl<T: Number> Apply<T> for Multiply {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        a.mul(b)
    }
}

impl<T: Field> Apply<T> for Divide {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        a.div(b)
    }
}
