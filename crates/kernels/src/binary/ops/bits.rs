//! Bits of integers, and bool.

use super::Apply;
use crate::element::Bool;

/// `a & b`.
pub(in crate::binary) struct And;
/// `a | b`.
pub(in crate::binary) struct Or;
/// `a ^ b`.
pub(in crate::binary) struct Xor;
/// Whether both are not 0.
pub(in crate::binary) struct LogicalAnd;
/// Whether one or both are not 0.
pub(in crate::binary) struct LogicalOr;
/// Whether exactly one is not 0.
pub(in crate::binary) struct LogicalXor;
/// `a << b`; 0 when `b` is negative or not less than the width.
pub(in crate::binary) struct LeftShift;
/// `a >> b`; 0, or -1 for a negative `a`, when `b` is negative or not less than the width.
pub(in crate::binary) struct RightShift;

macro_rules! bits {
    ($($t:ident)*) => {$(
        impl Apply<$t> for And {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                a & b
            }
        }
        impl Apply<$t> for Or {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                a | b
            }
        }
        impl Apply<$t> for Xor {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                a ^ b
            }
        }
        impl Apply<$t> for LogicalAnd {
            type Out = Bool;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> Bool {
                Bool::new((a != 0) & (b != 0))
            }
        }
        impl Apply<$t> for LogicalOr {
            type Out = Bool;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> Bool {
                Bool::new(a | b != 0)
            }
        }
        impl Apply<$t> for LogicalXor {
            type Out = Bool;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> Bool {
                Bool::new((a != 0) ^ (b != 0))
            }
        }
        impl Apply<$t> for LeftShift {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                let within = b < $t::BITS as $t;
                if within { a << (b & ($t::BITS - 1) as $t) } else { 0 }
            }
        }
    )*};
}
bits!(u8 u16 u32 u64);

macro_rules! right_shift {
    ($($t:ident $unsigned:ident)*) => {$(
        impl Apply<$t> for RightShift {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                const LAST: $unsigned = ($t::BITS - 1) as $unsigned;
                let count = b as $unsigned;
                let within = count <= LAST;
                // Shifting by the last bit leaves the sign; an unsigned number has to be cleared as well.
                let shifted = a >> (if within { count } else { LAST });
                if within || $t::MIN != 0 { shifted } else { 0 }
            }
        }
    )*};
}
right_shift!(i8 u8 i16 u16 i32 u32 i64 u64 u8 u8 u16 u16 u32 u32 u64 u64);

impl Apply<Bool> for And {
    type Out = Bool;
    #[inline(always)]
    fn apply(a: Bool, b: Bool) -> Bool {
        Bool::new(a.get() & b.get())
    }
}

impl Apply<Bool> for Or {
    type Out = Bool;
    #[inline(always)]
    fn apply(a: Bool, b: Bool) -> Bool {
        Bool::new(a.get() | b.get())
    }
}

impl Apply<Bool> for Xor {
    type Out = Bool;
    #[inline(always)]
    fn apply(a: Bool, b: Bool) -> Bool {
        Bool::new(a.get() ^ b.get())
    }
}
