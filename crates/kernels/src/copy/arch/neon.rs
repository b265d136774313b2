//! Advanced SIMD: one lane. Every aarch64 that the library runs its kernels on has it.

use core::arch::aarch64::*;

use super::cells;
use super::generic::{self, Lanes};
use super::lines::{self, Compile, Line, Shape};
use crate::copy::tile::{Plane, Squares, Tile, TileFn};

#[derive(Clone, Copy)]
struct Neon(uint8x16_t);

impl Lanes for Neon {
    const LANES: usize = 1;
    type One = Neon;

    #[inline(always)]
    unsafe fn load(rows: *const *const u8, _apart: usize, at: usize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for the instructions.
        unsafe { Neon(vld1q_u8((*rows).wrapping_add(at))) }
    }

    #[inline(always)]
    unsafe fn low<const N: usize>(self, other: Self) -> Self {
        let (x, y) = (self.0, other.0);
        // SAFETY: the caller vouches for the instructions.
        unsafe {
            Neon(match N {
                16 => vzip1q_u8(x, y),
                8 => vreinterpretq_u8_u16(vzip1q_u16(vreinterpretq_u16_u8(x), vreinterpretq_u16_u8(y))),
                4 => vreinterpretq_u8_u32(vzip1q_u32(vreinterpretq_u32_u8(x), vreinterpretq_u32_u8(y))),
                _ => vreinterpretq_u8_u64(vzip1q_u64(vreinterpretq_u64_u8(x), vreinterpretq_u64_u8(y))),
            })
        }
    }

    #[inline(always)]
    unsafe fn high<const N: usize>(self, other: Self) -> Self {
        let (x, y) = (self.0, other.0);
        // SAFETY: the caller vouches for the instructions.
        unsafe {
            Neon(match N {
                16 => vzip2q_u8(x, y),
                8 => vreinterpretq_u8_u16(vzip2q_u16(vreinterpretq_u16_u8(x), vreinterpretq_u16_u8(y))),
                4 => vreinterpretq_u8_u32(vzip2q_u32(vreinterpretq_u32_u8(x), vreinterpretq_u32_u8(y))),
                _ => vreinterpretq_u8_u64(vzip2q_u64(vreinterpretq_u64_u8(x), vreinterpretq_u64_u8(y))),
            })
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, and for the instructions.
        unsafe { vst1q_u8(to, self.0) }
    }
}

/// The kernel for items of this size.
#[inline]
pub(super) fn transpose(item: usize) -> Option<TileFn> {
    Some(match item {
        1 => run::<16, 1>,
        2 => run::<8, 4>,
        4 => run::<4, 4>,
        8 => run::<2, 4>,
        16 => run::<1, 4>,
        _ => return None,
    })
}

/// # Safety
/// As [`generic::transpose`], on a CPU with Advanced SIMD.
#[target_feature(enable = "neon")]
unsafe fn run<const N: usize, const PARTS: usize>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { generic::transpose::<Neon, N, PARTS>(t) }
}

/// The kernels for squares of planes of items of this size.
#[inline]
pub(super) fn squares(item: usize) -> Option<&'static Squares> {
    Some(match item {
        1 => &const { Squares::same(square::<16>, out) },
        2 => &const { Squares::same(square::<8>, out) },
        4 => &const { Squares::same(square::<4>, out) },
        8 => &const { Squares::same(square::<2>, out) },
        16 => &const { Squares::same(square::<1>, out) },
        _ => return None,
    })
}

/// # Safety
/// As [`crate::copy::tile::OutFn`], on a CPU with Advanced SIMD.
#[target_feature(enable = "neon")]
unsafe fn out(from: *const u8, to: *mut u8, apart: isize, columns: usize) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::out(from, to, apart, columns) }
}

/// # Safety
/// As [`crate::copy::tile::PlaneFn`], on a CPU with Advanced SIMD.
#[target_feature(enable = "neon")]
unsafe fn square<const N: usize>(p: &Plane) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::square::<Neon, N>(p) }
}

/// The kernel for an even shape and items of this size.
#[inline]
pub(super) fn line(shape: Shape, item: usize) -> Option<TileFn> {
    lines::pick::<Neon>(shape, item)
}

impl Compile for Neon {
    fn tile<L: Line>() -> TileFn {
        run_line::<L>
    }
}

/// # Safety
/// As [`lines::run`], on a CPU with Advanced SIMD.
#[target_feature(enable = "neon")]
unsafe fn run_line<L: Line>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { lines::run::<L>(t) }
}
