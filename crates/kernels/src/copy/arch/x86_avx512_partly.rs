//! Loads and stores of some items of a vector, by the masks of AVX-512: bytes beside them are not touched.

use core::arch::x86_64::*;

use super::generic::Lanes;
use super::x86_avx2::Avx2;
use super::x86_avx512::Avx512;
use super::x86_sse2::Sse2;

/// Vectors that are loaded and stored in part.
pub(super) trait Partly: Lanes {
    /// A whole vector of bytes that lie side by side.
    ///
    /// # Safety
    /// They can be read. The CPU has AVX-512 (as for all functions here).
    unsafe fn load_all(from: *const u8) -> Self;

    /// The first items of a vector, those whose bits are set in `mask`, and zeros.
    ///
    /// # Safety
    /// They can be read.
    unsafe fn load_some<const N: usize>(from: *const u8, mask: u64) -> Self;

    /// Stores the items whose bits are set.
    ///
    /// # Safety
    /// They can be written.
    unsafe fn store_some<const N: usize>(self, to: *mut u8, mask: u64);
}

/// The mask of the first `n` items, at least one.
#[inline(always)]
pub(super) fn first<const N: usize>(n: usize) -> u64 {
    // Items of 16 bytes are two each.
    let bits = if N == 1 { 2 * n } else { n };
    u64::MAX >> (64 - bits)
}

impl Partly for Sse2 {
    #[inline(always)]
    unsafe fn load_all(from: *const u8) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Sse2(_mm_loadu_si128(from.cast())) }
    }

    #[inline(always)]
    unsafe fn load_some<const N: usize>(from: *const u8, mask: u64) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Sse2(match N {
                16 => _mm_maskz_loadu_epi8(mask as __mmask16, from.cast()),
                8 => _mm_maskz_loadu_epi16(mask as __mmask8, from.cast()),
                4 => _mm_maskz_loadu_epi32(mask as __mmask8, from.cast()),
                _ => _mm_maskz_loadu_epi64(mask as __mmask8, from.cast()),
            })
        }
    }

    #[inline(always)]
    unsafe fn store_some<const N: usize>(self, to: *mut u8, mask: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            match N {
                16 => _mm_mask_storeu_epi8(to.cast(), mask as __mmask16, self.0),
                8 => _mm_mask_storeu_epi16(to.cast(), mask as __mmask8, self.0),
                4 => _mm_mask_storeu_epi32(to.cast(), mask as __mmask8, self.0),
                _ => _mm_mask_storeu_epi64(to.cast(), mask as __mmask8, self.0),
            }
        }
    }
}

impl Partly for Avx2 {
    #[inline(always)]
    unsafe fn load_all(from: *const u8) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Avx2(_mm256_loadu_si256(from.cast())) }
    }

    #[inline(always)]
    unsafe fn load_some<const N: usize>(from: *const u8, mask: u64) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Avx2(match N {
                16 => _mm256_maskz_loadu_epi8(mask as __mmask32, from.cast()),
                8 => _mm256_maskz_loadu_epi16(mask as __mmask16, from.cast()),
                4 => _mm256_maskz_loadu_epi32(mask as __mmask8, from.cast()),
                _ => _mm256_maskz_loadu_epi64(mask as __mmask8, from.cast()),
            })
        }
    }

    #[inline(always)]
    unsafe fn store_some<const N: usize>(self, to: *mut u8, mask: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            match N {
                16 => _mm256_mask_storeu_epi8(to.cast(), mask as __mmask32, self.0),
                8 => _mm256_mask_storeu_epi16(to.cast(), mask as __mmask16, self.0),
                4 => _mm256_mask_storeu_epi32(to.cast(), mask as __mmask8, self.0),
                _ => _mm256_mask_storeu_epi64(to.cast(), mask as __mmask8, self.0),
            }
        }
    }
}

impl Partly for Avx512 {
    #[inline(always)]
    unsafe fn load_all(from: *const u8) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Avx512(_mm512_loadu_si512(from.cast())) }
    }

    #[inline(always)]
    unsafe fn load_some<const N: usize>(from: *const u8, mask: u64) -> Self {
        // SAFETY: the caller's promise.
        unsafe {
            Avx512(match N {
                16 => _mm512_maskz_loadu_epi8(mask, from.cast()),
                8 => _mm512_maskz_loadu_epi16(mask as __mmask32, from.cast()),
                4 => _mm512_maskz_loadu_epi32(mask as __mmask16, from.cast()),
                _ => _mm512_maskz_loadu_epi64(mask as __mmask8, from.cast()),
            })
        }
    }

    #[inline(always)]
    unsafe fn store_some<const N: usize>(self, to: *mut u8, mask: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            match N {
                16 => _mm512_mask_storeu_epi8(to.cast(), mask, self.0),
                8 => _mm512_mask_storeu_epi16(to.cast(), mask as __mmask32, self.0),
                4 => _mm512_mask_storeu_epi32(to.cast(), mask as __mmask16, self.0),
                _ => _mm512_mask_storeu_epi64(to.cast(), mask as __mmask8, self.0),
            }
        }
    }
}
