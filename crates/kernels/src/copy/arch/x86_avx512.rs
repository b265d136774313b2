//! AVX-512 (F and BW): four lanes, which make a whole line of the cache.

use core::arch::x86_64::*;

use super::flush::{self, Stream};
use super::generic::{self, Lanes};
use super::lines::{self, Compile, Line, Shape};
use super::x86_sse2::Sse2;
use crate::copy::tile::{Flush, Tile, TileFn};

#[derive(Clone, Copy)]
struct Avx512(__m512i);

impl Lanes for Avx512 {
    const LANES: usize = 4;
    type One = Sse2;

    #[inline(always)]
    unsafe fn load(rows: *const *const u8, apart: usize, at: usize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for AVX-512.
        unsafe {
            let lane = |l: usize| _mm_loadu_si128((*rows.add(l * apart)).wrapping_add(at).cast());
            let x = _mm512_castsi128_si512(lane(0));
            let x = _mm512_inserti32x4::<1>(x, lane(1));
            let x = _mm512_inserti32x4::<2>(x, lane(2));
            Avx512(_mm512_inserti32x4::<3>(x, lane(3)))
        }
    }

    #[inline(always)]
    unsafe fn low<const N: usize>(self, other: Self) -> Self {
        // SAFETY: the caller vouches for AVX-512.
        unsafe {
            Avx512(match N {
                16 => _mm512_unpacklo_epi8(self.0, other.0),
                8 => _mm512_unpacklo_epi16(self.0, other.0),
                4 => _mm512_unpacklo_epi32(self.0, other.0),
                _ => _mm512_unpacklo_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn high<const N: usize>(self, other: Self) -> Self {
        // SAFETY: the caller vouches for AVX-512.
        unsafe {
            Avx512(match N {
                16 => _mm512_unpackhi_epi8(self.0, other.0),
                8 => _mm512_unpackhi_epi16(self.0, other.0),
                4 => _mm512_unpackhi_epi32(self.0, other.0),
                _ => _mm512_unpackhi_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, and for AVX-512.
        unsafe { _mm512_storeu_si512(to.cast(), self.0) }
    }
}

/// The kernel for items of this size.
#[inline]
pub(super) fn transpose(item: usize) -> Option<TileFn> {
    Some(match item {
        1 => run::<16, 1>,
        2 => run::<8, 1>,
        4 => run::<4, 1>,
        8 => run::<2, 1>,
        16 => run::<1, 1>,
        _ => return None,
    })
}

/// # Safety
/// As [`generic::transpose`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run<const N: usize, const PARTS: usize>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { generic::transpose::<Avx512, N, PARTS>(t) }
}

impl Stream for Avx512 {
    #[inline(always)]
    unsafe fn line(from: *const u8, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, the alignment and the instructions.
        unsafe {
            _mm512_stream_si512(to.cast(), _mm512_loadu_si512(from.cast()));
        }
    }
}

/// # Safety
/// As [`crate::copy::tile::FlushFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) unsafe fn flush(f: &Flush<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { flush::flush::<Avx512>(f) }
}

/// The kernel for an even shape and items of this size.
#[inline]
pub(super) fn line(shape: Shape, item: usize) -> Option<TileFn> {
    lines::pick::<Avx512>(shape, item)
}

impl Compile for Avx512 {
    fn tile<L: Line>() -> TileFn {
        run_line::<L>
    }
}

/// # Safety
/// As [`lines::run`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
unsafe fn run_line<L: Line>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { lines::run::<L>(t) }
}
