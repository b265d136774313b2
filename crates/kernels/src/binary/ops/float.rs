//! Signs of floats.

use super::Apply;
use crate::element::{Bf16, F16};

/// `a` with the sign of `b`.
pub(in crate::binary) struct CopySign;

macro_rules! float {
    ($($t:ident)*) => {$(
        impl Apply<$t> for CopySign {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                a.copysign(b)
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
    )*};
}
float16!(F16 Bf16);
