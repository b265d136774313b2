//! What each operation does to two elements.

mod arithmetic;
mod bits;
mod compare;
mod divide;
mod divisor;
mod float;
mod long_division;
mod order;

pub(super) use arithmetic::{Add, Divide, Multiply, Subtract};
pub(super) use bits::{And, LeftShift, LogicalAnd, LogicalOr, LogicalXor, Or, RightShift, Xor};
pub(super) use compare::{
    Equal, Less, LessEqual, NotEqual, SignedEqual, SignedLess, SignedLessEqual, SignedNotEqual, UnsignedLess,
    UnsignedLessEqual,
};
pub(super) use divide::{FloorDivide, Power, Remainder};
pub(super) use float::CopySign;
pub(super) use long_division::ByFloats;
pub(super) use order::{Fmax, Fmin, Maximum, Minimum};

use crate::element::Element;

/// An operation on two elements.
pub(super) trait Apply<T: Element>: Sized {
    /// What it gives.
    type Out: Element;
    /// Whether the compiler can make vector code of it; the loops are not unrolled where it can not.
    const VECTOR: bool = true;
    /// Whether there is a loop past the caches, see [`elementwise::Loops`](crate::elementwise::Loops).
    const PAST: bool = Self::VECTOR;
    fn apply(a: T, b: T) -> Self::Out;
}

/// An operation that takes less when the second element is the same throughout.
pub(super) trait ByOne<T: Element>: Apply<T> {
    /// What is known of that element.
    type One: Copy;
    /// `None` where it takes as long as any other.
    fn one(b: T) -> Option<Self::One>;
    /// The results of a chunk.
    fn chunk<const N: usize>(a: [T; N], b: Self::One) -> [Self::Out; N];
}
