//! Operations of the mathematical library on two floats.

use super::Apply;
use crate::element::{Bf16, F16};

/// `a` with the sign of `b`.
pub(in crate::binary) struct CopySign;
/// `sqrt(a * a + b * b)` without overflow.
pub(in crate::binary) struct Hypot;
/// The angle of the point with `y = a`, `x = b`.
pub(in crate::binary) struct Atan2;

macro_rules! float {
    ($($t:ident)*) => {$(
        impl Apply<$t> for CopySign {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                a.copysign(b)
            }
        }
        impl Apply<$t> for Hypot {
            type Out = $t;
            const VECTOR: bool = false;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                a.hypot(b)
            }
        }
        impl Apply<$t> for Atan2 {
            type Out = $t;
            const VECTOR: bool = false;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                a.atan2(b)
            }
        }
    )*};
}
float!(f32 f64);

macro_rules! float16 {
    ($($t:ident)*) => {$(
        impl Apply<$t> for CopySign {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                $t(a.0 & 0x7fff | b.0 & 0x8000)
            }
        }
        impl Apply<$t> for Hypot {
            type Out = $t;
            const VECTOR: bool = false;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                $t::round(a.to_f32().hypot(b.to_f32()))
            }
        }
        impl Apply<$t> for Atan2 {
            type Out = $t;
            const VECTOR: bool = false;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                $t::round(a.to_f32().atan2(b.to_f32()))
            }
        }
    )*};
}
float16!(F16 Bf16);
