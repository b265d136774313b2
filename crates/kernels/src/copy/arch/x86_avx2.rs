//! AVX2: two lanes.

use core::arch::x86_64::*;

use super::cells;
use super::flush::{self, Stream};
use super::generic::{self, Lanes};
use super::lines::{self, Compile, Line, Shape};
use super::pieces::{self};
use super::steps::{self, Shuffle};
use super::x86_sse2::Sse2;
use crate::copy::tile::{Flush, Pieces, Plane, Squares, Stepped, SteppedFn, Tile, TileFn};

#[derive(Clone, Copy)]
pub(super) struct Avx2(pub(super) __m256i);

impl Lanes for Avx2 {
    const LANES: usize = 2;
    type One = Sse2;

    #[inline(always)]
    unsafe fn load(rows: *const *const u8, apart: usize, at: usize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for AVX2.
        unsafe {
            let first = _mm_loadu_si128((*rows).wrapping_add(at).cast());
            let second = _mm_loadu_si128((*rows.add(apart)).wrapping_add(at).cast());
            Avx2(_mm256_inserti128_si256::<1>(_mm256_castsi128_si256(first), second))
        }
    }

    #[inline(always)]
    unsafe fn low<const N: usize>(self, other: Self) -> Self {
        // SAFETY: the caller vouches for AVX2.
        unsafe {
            Avx2(match N {
                16 => _mm256_unpacklo_epi8(self.0, other.0),
                8 => _mm256_unpacklo_epi16(self.0, other.0),
                4 => _mm256_unpacklo_epi32(self.0, other.0),
                _ => _mm256_unpacklo_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn high<const N: usize>(self, other: Self) -> Self {
        // SAFETY: the caller vouches for AVX2.
        unsafe {
            Avx2(match N {
                16 => _mm256_unpackhi_epi8(self.0, other.0),
                8 => _mm256_unpackhi_epi16(self.0, other.0),
                4 => _mm256_unpackhi_epi32(self.0, other.0),
                _ => _mm256_unpackhi_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, and for AVX2.
        unsafe { _mm256_storeu_si256(to.cast(), self.0) }
    }
}

/// The kernel for items of this size.
#[inline]
pub(super) fn transpose(item: usize) -> Option<TileFn> {
    Some(match item {
        1 => run::<16, 1>,
        2 => run::<8, 2>,
        4 => run::<4, 2>,
        8 => run::<2, 2>,
        16 => run::<1, 2>,
        _ => return None,
    })
}

/// # Safety
/// As [`generic::transpose`], on a CPU with AVX2.
#[target_feature(enable = "avx2")]
unsafe fn run<const N: usize, const PARTS: usize>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { generic::transpose::<Avx2, N, PARTS>(t) }
}

impl Stream for Avx2 {
    #[inline(always)]
    unsafe fn line(from: *const u8, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, the alignment and the instructions.
        unsafe {
            let x = _mm256_loadu_si256(from.cast());
            let y = _mm256_loadu_si256(from.add(32).cast());
            _mm256_stream_si256(to.cast(), x);
            _mm256_stream_si256(to.add(32).cast(), y);
        }
    }
}

/// # Safety
/// As [`crate::copy::tile::FlushFn`], on a CPU with AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn flush(f: &Flush<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { flush::flush::<Avx2>(f) }
}

/// # Safety
/// As [`crate::copy::tile::PiecesFn`], on a CPU with AVX2.
#[target_feature(enable = "avx2")]
pub(super) unsafe fn pieces(t: &Pieces) {
    // SAFETY: the caller's promise, passed on.
    unsafe { pieces::pieces::<Avx2>(t) }
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
/// As [`crate::copy::tile::OutFn`], on a CPU with AVX2.
#[target_feature(enable = "avx2")]
unsafe fn out(from: *const u8, to: *mut u8, apart: isize, columns: usize) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::out(from, to, apart, columns) }
}

/// # Safety
/// As [`crate::copy::tile::PlaneFn`], on a CPU with AVX2.
#[target_feature(enable = "avx2")]
unsafe fn square<const N: usize>(p: &Plane) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::square::<Avx2, N>(p) }
}

impl Shuffle for Avx2 {
    const BYTES: usize = 32;

    #[inline(always)]
    unsafe fn splat(lane: &[u8; 16]) -> Self {
        // SAFETY: the caller vouches for AVX2.
        unsafe { Avx2(_mm256_broadcastsi128_si256(_mm_loadu_si128(lane.as_ptr().cast()))) }
    }

    #[inline(always)]
    unsafe fn gather(from: *const u8, step: isize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for the instructions.
        unsafe {
            let lane = |l: isize| _mm_loadu_si128(from.wrapping_offset(l * step).cast());
            Avx2(_mm256_inserti128_si256::<1>(_mm256_castsi128_si256(lane(0)), lane(1)))
        }
    }

    #[inline(always)]
    unsafe fn shuffle(self, table: Self) -> Self {
        // SAFETY: as above.
        unsafe { Avx2(_mm256_shuffle_epi8(self.0, table.0)) }
    }

    #[inline(always)]
    unsafe fn or(self, other: Self) -> Self {
        // SAFETY: as above.
        unsafe { Avx2(_mm256_or_si256(self.0, other.0)) }
    }

    #[inline(always)]
    unsafe fn stream(self, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, their alignment and the instructions.
        unsafe { _mm256_stream_si256(to.cast(), self.0) }
    }

    fn compile<const T: usize, const S: isize>() -> SteppedFn {
        run_stepped::<T, S>
    }
}

/// # Safety
/// As [`steps::stepped`], on a CPU with these instructions.
#[target_feature(enable = "avx2")]
unsafe fn run_stepped<const T: usize, const S: isize>(t: &Stepped) {
    // SAFETY: the caller's promise, passed on.
    unsafe { steps::stepped::<Avx2, T, S>(t) }
}

/// The kernel for an even shape and items of this size.
#[inline]
pub(super) fn line(shape: Shape, item: usize) -> Option<TileFn> {
    lines::pick::<Avx2>(shape, item)
}

impl Compile for Avx2 {
    fn tile<L: Line>() -> TileFn {
        run_line::<L>
    }
}

/// # Safety
/// As [`lines::run`], on a CPU with AVX2.
#[target_feature(enable = "avx2")]
unsafe fn run_line<L: Line>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { lines::run::<L>(t) }
}
