//! Comparisons; they give bool. Complex numbers are ordered by their real parts, then by their imaginary parts.

use super::Apply;
use crate::element::{Bf16, Bool, Complex, Element, F16};

/// A type with comparisons; NaN is neither equal to, nor less than, nor greater than anything.
pub(in crate::binary) trait Compare: Element {
    fn equal(self, other: Self) -> bool;
    fn less(self, other: Self) -> bool;
    fn less_equal(self, other: Self) -> bool;
}

macro_rules! compare {
    ($($t:ty, $x:ident => $key:expr;)*) => {$(
        impl Compare for $t {
            #[inline(always)]
            fn equal(self, other: Self) -> bool {
                let key = |$x: Self| $key;
                key(self) == key(other)
            }
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                let key = |$x: Self| $key;
                key(self) < key(other)
            }
            #[inline(always)]
            fn less_equal(self, other: Self) -> bool {
                let key = |$x: Self| $key;
                key(self) <= key(other)
            }
        }
    )*};
}
compare! {
    Bool, x => x.get() as u8;
    i8, x => x; i16, x => x; i32, x => x; i64, x => x;
    u8, x => x; u16, x => x; u32, x => x; u64, x => x;
    f32, x => x; f64, x => x;
    F16, x => x.to_f32();
    Bf16, x => x.to_f32();
}

macro_rules! complex {
    ($($t:ty)*) => {$(
        impl Compare for Complex<$t> {
            #[inline(always)]
            fn equal(self, other: Self) -> bool {
                (self.re == other.re) & (self.im == other.im)
            }
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                let comparable = !(self.im.is_nan() | other.im.is_nan());
                (self.re < other.re) & comparable | (self.re == other.re) & (self.im < other.im)
            }
            #[inline(always)]
            fn less_equal(self, other: Self) -> bool {
                let comparable = !(self.im.is_nan() | other.im.is_nan());
                (self.re < other.re) & comparable | (self.re == other.re) & (self.im <= other.im)
            }
        }
    )*};
}
complex!(f32 f64);

/// `a == b`.
pub(in crate::binary) struct Equal;
/// `a != b`.
pub(in crate::binary) struct NotEqual;
/// `a < b`.
pub(in crate::binary) struct Less;
/// `a <= b`.
pub(in crate::binary) struct LessEqual;

macro_rules! apply {
    ($($op:ident, $a:ident, $b:ident => $e:expr;)*) => {$(
        impl<T: Compare> Apply<T> for $op {
            type Out = Bool;
            #[inline(always)]
            fn apply($a: T, $b: T) -> Bool {
                Bool::new($e)
            }
        }
    )*};
}
apply! {
    Equal, a, b => a.equal(b);
    NotEqual, a, b => !a.equal(b);
    Less, a, b => a.less(b);
    LessEqual, a, b => a.less_equal(b);
}

/// `a == b` of an `i64` and a `u64`.
pub(in crate::binary) struct SignedEqual;
/// `a != b` of an `i64` and a `u64`.
pub(in crate::binary) struct SignedNotEqual;
/// `a < b` of an `i64` and a `u64`.
pub(in crate::binary) struct SignedLess;
/// `a <= b` of an `i64` and a `u64`.
pub(in crate::binary) struct SignedLessEqual;
/// `a < b` of a `u64` and an `i64`.
pub(in crate::binary) struct UnsignedLess;
/// `a <= b` of a `u64` and an `i64`.
pub(in crate::binary) struct UnsignedLessEqual;

/// Both come as the bits of 64-bit integers, one of them signed: no common type holds both, so the sign decides first.
macro_rules! mixed {
    ($($op:ident, $a:ident, $b:ident => $e:expr;)*) => {$(
        impl Apply<u64> for $op {
            type Out = Bool;
            #[inline(always)]
            fn apply($a: u64, $b: u64) -> Bool {
                Bool::new($e)
            }
        }
    )*};
}
mixed! {
    SignedEqual, a, b => (a as i64 >= 0) & (a == b);
    SignedNotEqual, a, b => ((a as i64) < 0) | (a != b);
    SignedLess, a, b => ((a as i64) < 0) | (a < b);
    SignedLessEqual, a, b => ((a as i64) < 0) | (a <= b);
    UnsignedLess, a, b => (b as i64 >= 0) & (a < b);
    UnsignedLessEqual, a, b => (b as i64 >= 0) & (a <= b);
}
