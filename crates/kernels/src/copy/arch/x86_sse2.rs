//! SSE2: one lane. Every x86-64 has it.

use core::arch::x86_64::*;

use super::cells;
use super::flush::{self, Stream};
use super::generic::{self, Lanes};
use super::lines::{self, Compile, Line, Shape};
use super::pieces::{self};
use crate::copy::tile::{Flush, Pieces, Plane, Squares, Tile, TileFn};

#[derive(Clone, Copy)]
pub(super) struct Sse2(pub(super) __m128i);

impl Lanes for Sse2 {
    const LANES: usize = 1;
    type One = Sse2;

    #[inline(always)]
    unsafe fn load(rows: *const *const u8, _apart: usize, at: usize) -> Self {
        // SAFETY: the caller vouches for the bytes.
        unsafe { Sse2(_mm_loadu_si128((*rows).wrapping_add(at).cast())) }
    }

    #[inline(always)]
    unsafe fn low<const N: usize>(self, other: Self) -> Self {
        // SAFETY: SSE2 is part of x86-64.
        unsafe {
            Sse2(match N {
                16 => _mm_unpacklo_epi8(self.0, other.0),
                8 => _mm_unpacklo_epi16(self.0, other.0),
                4 => _mm_unpacklo_epi32(self.0, other.0),
                _ => _mm_unpacklo_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn high<const N: usize>(self, other: Self) -> Self {
        // SAFETY: SSE2 is part of x86-64.
        unsafe {
            Sse2(match N {
                16 => _mm_unpackhi_epi8(self.0, other.0),
                8 => _mm_unpackhi_epi16(self.0, other.0),
                4 => _mm_unpackhi_epi32(self.0, other.0),
                _ => _mm_unpackhi_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes.
        unsafe { _mm_storeu_si128(to.cast(), self.0) }
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
/// As [`generic::transpose`].
unsafe fn run<const N: usize, const PARTS: usize>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { generic::transpose::<Sse2, N, PARTS>(t) }
}

impl Stream for Sse2 {
    #[inline(always)]
    unsafe fn line(from: *const u8, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, the alignment and the instructions.
        unsafe {
            for i in [0, 16, 32, 48] {
                _mm_stream_si128(to.add(i).cast(), _mm_loadu_si128(from.add(i).cast()));
            }
        }
    }
}

/// # Safety
/// As [`crate::copy::tile::FlushFn`].
pub(super) unsafe fn flush(f: &Flush<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { flush::flush::<Sse2>(f) }
}

/// # Safety
/// As [`crate::copy::tile::PiecesFn`].
pub(super) unsafe fn pieces(t: &Pieces) {
    // SAFETY: the caller's promise, passed on.
    unsafe { pieces::pieces::<Sse2>(t) }
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
/// As [`crate::copy::tile::OutFn`], on a CPU with SSE2.
#[target_feature(enable = "sse2")]
unsafe fn out(from: *const u8, to: *mut u8, apart: isize, columns: usize) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::out(from, to, apart, columns) }
}

/// # Safety
/// As [`crate::copy::tile::PlaneFn`], on a CPU with SSE2.
#[target_feature(enable = "sse2")]
unsafe fn square<const N: usize>(p: &Plane) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::square::<Sse2, N>(p) }
}

/// The kernel for an even shape and items of this size.
#[inline]
pub(super) fn line(shape: Shape, item: usize) -> Option<TileFn> {
    lines::pick::<Sse2>(shape, item)
}

impl Compile for Sse2 {
    fn tile<L: Line>() -> TileFn {
        run_line::<L>
    }
}

/// # Safety
/// As [`lines::run`], on a CPU with x86-64.
unsafe fn run_line<L: Line>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { lines::run::<L>(t) }
}
