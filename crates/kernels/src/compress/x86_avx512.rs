//! Lanes that are set, moved together by the instructions made for it.
//!
//! Only those lanes are read. All lanes are written, the ones that follow being overwritten by the next group: on Zen 4 an
//! ordinary store of the packed register is several times faster than a store that packs.

use core::arch::x86_64::*;

/// Elements that are moved together; twice as many groups of 8-byte ones.
const GROUP: usize = 16;

/// Moves the items that are set, of 64 items of 1, 2, 4 or 8 bytes, to the front of `to`, where 64 may be written.
///
/// # Safety
/// The CPU must have the level AVX-512; the items that are set must be valid for reading, 64 items at `to` for writing.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
pub(super) unsafe fn pack(src: *const u8, set: u64, item: usize, to: *mut u8) {
    let (mut src, mut to, mut left) = (src, to, set);
    while left != 0 {
        let bits = left as u16;
        // SAFETY: the caller vouches for the items that are set; as many items lie before `to` as bits are gone, at most.
        unsafe {
            match item {
                1 => {
                    let lanes = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(bits, src.cast()));
                    let packed = _mm512_cvtepi32_epi8(_mm512_maskz_compress_epi32(bits, lanes));
                    _mm_storeu_si128(to.cast(), packed);
                }
                2 => {
                    let lanes = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(bits, src.cast()));
                    let packed = _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(bits, lanes));
                    _mm256_storeu_si256(to.cast(), packed);
                }
                4 => {
                    let lanes = _mm512_maskz_loadu_epi32(bits, src.cast());
                    _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi32(bits, lanes));
                }
                _ => {
                    let (low, high) = (bits as u8, (bits >> 8) as u8);
                    let lanes = _mm512_maskz_loadu_epi64(low, src.cast());
                    _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi64(low, lanes));
                    let lanes = _mm512_maskz_loadu_epi64(high, src.add(64).cast());
                    let behind = to.add(8 * low.count_ones() as usize);
                    _mm512_storeu_si512(behind.cast(), _mm512_maskz_compress_epi64(high, lanes));
                }
            }
        }
        src = src.wrapping_add(GROUP * item);
        to = to.wrapping_add(bits.count_ones() as usize * item);
        left >>= GROUP;
    }
}
