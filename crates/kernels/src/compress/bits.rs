//! The elements of a mask as bits.

/// Elements that are looked at together.
pub(super) const WORD: usize = 64;

/// Bytes whose counts fit into one byte.
const CHUNK: usize = 192;

/// How many of `n` bytes, `step` apart, are not 0.
///
/// # Safety
/// The bytes must be valid for reading.
#[inline(always)]
pub(super) unsafe fn count(mask: *const u8, step: i64, n: usize) -> i64 {
    // SAFETY: the caller vouches for each of the bytes.
    let is_set = |i: usize| unsafe { *mask.wrapping_offset(step as isize * i as isize) != 0 };
    match step {
        0 => i64::from(is_set(0)) * n as i64,
        1 => {
            // SAFETY: the bytes lie side by side.
            let bytes = unsafe { core::slice::from_raw_parts(mask, n) };
            let of_chunk = |chunk: &[u8]| chunk.iter().map(|&byte| u8::from(byte != 0)).sum::<u8>();
            bytes.chunks(CHUNK).map(|chunk| i64::from(of_chunk(chunk))).sum()
        }
        _ => (0..n).map(|i| i64::from(is_set(i))).sum(),
    }
}

/// Which of `n` bytes, at most [`WORD`] and `step` apart, are not 0; the first one is the lowest bit.
///
/// # Safety
/// The bytes must be valid for reading.
#[inline(always)]
pub(super) unsafe fn word(mask: *const u8, step: isize, n: usize) -> u64 {
    // SAFETY: the caller vouches for each of the bytes.
    let bit = |i: usize| u64::from(unsafe { *mask.wrapping_offset(step * i as isize) } != 0) << i;
    if step == 0 {
        return if bit(0) == 0 { 0 } else { u64::MAX >> (WORD - n) };
    }
    #[cfg(target_arch = "x86_64")]
    if step == 1 && n == WORD {
        // SAFETY: a whole word of bytes that lie side by side.
        return unsafe { whole_word(mask) };
    }
    let mut set = 0;
    let mut i = 0;
    while step == 1 && n - i >= 8 {
        // SAFETY: eight bytes that lie side by side.
        let eight = u64::from_le_bytes(unsafe { mask.add(i).cast::<[u8; 8]>().read() });
        set |= bits_of(eight) << i;
        i += 8;
    }
    (i..n).fold(set, |set, i| set | bit(i))
}

/// [`word`] of as many bytes as it has bits, side by side. Every x86-64 has the instructions.
///
/// # Safety
/// As [`word`].
#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn whole_word(mask: *const u8) -> u64 {
    use core::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_setzero_si128,
    };
    let clear = |quarter: usize| {
        // SAFETY: the caller vouches for the bytes; SSE2 is part of what every x86-64 has.
        unsafe {
            let bytes = _mm_loadu_si128(mask.add(16 * quarter).cast::<__m128i>());
            u64::from(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128())) as u16) << (16 * quarter)
        }
    };
    !(clear(0) | clear(1) | clear(2) | clear(3))
}

/// Which of eight bytes are not 0.
#[inline(always)]
fn bits_of(eight: u64) -> u64 {
    // Each byte ORs its bits into its lowest one; what comes from the byte above is masked off.
    let mut x = eight | eight >> 4;
    x |= x >> 2;
    x |= x >> 1;
    // Brings the lowest bit of byte k to bit 56 + k.
    (x & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_that_is_not_0_is_a_bit() {
        for byte in 1..=255u64 {
            for place in 0..8 {
                assert_eq!(bits_of(byte << (8 * place)), 1 << place);
            }
        }
        assert_eq!(bits_of(0), 0);
        assert_eq!(bits_of(u64::MAX), 255);
    }

    #[test]
    fn words_of_all_lengths_and_steps() {
        let bytes: [u8; 200] = core::array::from_fn(|i| if i * i % 7 < 3 { i as u8 | 1 } else { 0 });
        for n in 1..=WORD {
            for step in [0, 1, 2, 3, -1] {
                let first = if step < 0 { 199 } else { 0 };
                let want = (0..n as isize)
                    .map(|i| u64::from(bytes[(first + step * i) as usize] != 0) << i)
                    .fold(0, |set, bit| set | bit);
                // SAFETY: bytes of the array.
                assert_eq!(unsafe { word(bytes.as_ptr().offset(first), step, n) }, want, "{n} by {step}");
            }
        }
    }
}
