//! The types that have elementary functions.

use super::{Double, Precision, Single};
use crate::element::{Bf16, Element, F16};

/// A real float: computed as `f64`, rounded once (16-bit floats first to `f32`, as their arithmetic is).
pub(crate) trait Real: Element {
    /// How exact its functions have to be.
    type Precision: Precision;
    /// The value.
    fn to_double(self) -> f64;
    /// Rounds.
    fn from_double(x: f64) -> Self;
}

impl Real for f64 {
    type Precision = Double;
    #[inline(always)]
    fn to_double(self) -> f64 {
        self
    }
    #[inline(always)]
    fn from_double(x: f64) -> f64 {
        x
    }
}

impl Real for f32 {
    type Precision = Single;
    #[inline(always)]
    fn to_double(self) -> f64 {
        self as f64
    }
    #[inline(always)]
    fn from_double(x: f64) -> f32 {
        x as f32
    }
}

macro_rules! float16 {
    ($($t:ident)*) => {$(
        impl Real for $t {
            type Precision = Single;
            #[inline(always)]
            fn to_double(self) -> f64 {
                self.to_f32() as f64
            }
            #[inline(always)]
            fn from_double(x: f64) -> $t {
                $t::round(x as f32)
            }
        }
    )*};
}
float16!(F16 Bf16);
