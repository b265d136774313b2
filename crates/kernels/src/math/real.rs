//! The types that have elementary functions.

use super::Float;
use crate::element::{Bf16, Element, F16};

/// A real float, and the one that its functions are computed in.
pub(crate) trait Real: Element {
    /// `f32`, also for 16-bit floats, or `f64`.
    type Float: Float;
    /// The value.
    fn to_float(self) -> Self::Float;
    /// Rounds.
    fn from_float(x: Self::Float) -> Self;
}

macro_rules! float {
    ($($t:ident)*) => {$(
        impl Real for $t {
            type Float = $t;
            #[inline(always)]
            fn to_float(self) -> $t {
                self
            }
            #[inline(always)]
            fn from_float(x: $t) -> $t {
                x
            }
        }
    )*};
}
float!(f32 f64);

macro_rules! float16 {
    ($($t:ident)*) => {$(
        impl Real for $t {
            type Float = f32;
            #[inline(always)]
            fn to_float(self) -> f32 {
                self.to_f32()
            }
            #[inline(always)]
            fn from_float(x: f32) -> $t {
                $t::round(x)
            }
        }
    )*};
}
float16!(F16 Bf16);
