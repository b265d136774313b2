//! The types that have elementary functions.

use super::Float;
use crate::arch::{Features, HALVES};
use crate::array;
use crate::element::{Bf16, Element, F16};

/// A real float, and the one that its functions are computed in.
pub(crate) trait Real: Element {
    /// `f32`, also for 16-bit floats, or `f64`.
    type Float: Float;
    /// The value.
    fn to_float(self) -> Self::Float;
    /// Rounds.
    fn from_float(x: Self::Float) -> Self;

    /// The values of a block, by the instructions of the level.
    ///
    /// # Safety
    /// Only called in a loop that is compiled for this level.
    #[inline(always)]
    unsafe fn to_floats<F: Features, const N: usize>(x: [Self; N]) -> [Self::Float; N] {
        array::map(x, Self::to_float)
    }

    /// Rounds those of a block.
    ///
    /// # Safety
    /// As [`Real::to_floats`].
    #[inline(always)]
    unsafe fn from_floats<F: Features, const N: usize>(x: [Self::Float; N]) -> [Self; N] {
        array::map(x, Self::from_float)
    }
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

impl Real for Bf16 {
    type Float = f32;
    #[inline(always)]
    fn to_float(self) -> f32 {
        self.to_f32()
    }
    #[inline(always)]
    fn from_float(x: f32) -> Bf16 {
        Bf16::round(x)
    }
}

impl Real for F16 {
    type Float = f32;
    #[inline(always)]
    fn to_float(self) -> f32 {
        self.to_f32()
    }
    #[inline(always)]
    fn from_float(x: f32) -> F16 {
        F16::round(x)
    }

    #[inline(always)]
    unsafe fn to_floats<F: Features, const N: usize>(x: [F16; N]) -> [f32; N] {
        const { assert!(N.is_multiple_of(HALVES)) };
        let mut floats = [0.0; N];
        for k in (0..N).step_by(HALVES) {
            // SAFETY: as the caller vouches; elements `k..k + HALVES` of both.
            unsafe {
                let part = x.as_ptr().add(k).cast::<[F16; HALVES]>().read();
                floats.as_mut_ptr().add(k).cast::<[f32; HALVES]>().write(F::to_singles(part));
            }
        }
        floats
    }

    #[inline(always)]
    unsafe fn from_floats<F: Features, const N: usize>(x: [f32; N]) -> [F16; N] {
        const { assert!(N.is_multiple_of(HALVES)) };
        let mut halves = [F16(0); N];
        for k in (0..N).step_by(HALVES) {
            // SAFETY: as the caller vouches; elements `k..k + HALVES` of both.
            unsafe {
                let part = x.as_ptr().add(k).cast::<[f32; HALVES]>().read();
                halves.as_mut_ptr().add(k).cast::<[F16; HALVES]>().write(F::to_halves(part));
            }
        }
        halves
    }
}
