//! Elements that are set, moved together by the instructions made for it: whole words of elements that lie side by side, as
//! long as there is room for as many.
//!
//! Only those lanes are read. All lanes are written, the ones that follow being overwritten by the next group: on Zen 4 an
//! ordinary store of the packed register is several times faster than a store that packs. Bytes and words are packed by
//! instructions (VBMI2) that not every CPU of the level has; else as 32-bit elements.

use core::arch::x86_64::*;

use super::bits::WORD;
use super::row::{Row, Sink};
use crate::Level;

/// Copies elements of a row that are set; returns how many it has looked at.
///
/// # Safety
/// As [`super::row::copy`], for items of this size that lie side by side, as do the elements of the mask, and go to places that
/// do; the CPU has the level AVX-512.
pub(super) unsafe fn words(item: usize, row: &Row, sink: &mut Sink) -> usize {
    let packs = Level::Avx512.packs_bytes();
    // SAFETY: as the caller vouches.
    unsafe {
        match item {
            1 if packs => packing_words::<Bytes>(row, sink),
            1 => plain_words::<WideBytes>(row, sink),
            2 if packs => packing_words::<Pairs>(row, sink),
            2 => plain_words::<WidePairs>(row, sink),
            4 => plain_words::<Fours>(row, sink),
            _ => plain_words::<Eights>(row, sink),
        }
    }
}

/// # Safety
/// As [`words`].
#[target_feature(enable = "avx512f,avx512bw,avx512vl,popcnt")]
unsafe fn plain_words<G: Group>(row: &Row, sink: &mut Sink) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { each_word::<G>(row, sink) }
}

/// # Safety
/// As [`words`], on a CPU that has VBMI2.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,popcnt")]
unsafe fn packing_words<G: Group>(row: &Row, sink: &mut Sink) -> usize {
    // SAFETY: as the caller vouches.
    unsafe { each_word::<G>(row, sink) }
}

/// Elements that are moved together.
trait Group {
    /// How many.
    const N: usize;
    /// Bytes of an element.
    const ITEM: usize;
    /// Moves those of `N` elements whose bits are set to the front of `to`, where `N` may be written.
    ///
    /// # Safety
    /// The CPU has what it takes; the elements can be read, and as many be written.
    unsafe fn pack(src: *const u8, set: u64, to: *mut u8);
}

#[inline(always)]
unsafe fn each_word<G: Group>(row: &Row, sink: &mut Sink) -> usize {
    let (mut next, mut room, mut at) = (sink.next, sink.room, 0);
    while at < row.n && room >= WORD {
        let n = WORD.min(row.n - at);
        if n < WORD && sink.in_place {
            break;
        }
        // SAFETY: a word of the row, or what is left of it, as the caller vouches, and room for a word. In place, what is
        // written ends no later than the group that has been read.
        unsafe {
            let mask = _mm512_maskz_loadu_epi8(u64::MAX >> (WORD - n), row.mask.add(at).cast());
            let set = _mm512_test_epi8_mask(mask, mask);
            if set != 0 {
                let src = row.src.add(at * G::ITEM);
                for group in 0..n.div_ceil(G::N) {
                    let bits = set >> (group * G::N) & (u64::MAX >> (WORD - G::N));
                    G::pack(src.add(group * G::N * G::ITEM), bits, next);
                    next = next.add(bits.count_ones() as usize * G::ITEM);
                }
                room -= set.count_ones() as usize;
            }
        }
        at += n;
    }
    (sink.next, sink.room) = (next, room);
    at
}

/// Groups: the elements, how they are read, packed and written.
macro_rules! groups {
    ($($(#[$doc:meta])* $name:ident $n:expr, $item:expr, |$src:ident, $set:ident, $to:ident| $pack:expr;)*) => {$(
        $(#[$doc])*
        struct $name;

        impl Group for $name {
            const N: usize = $n;
            const ITEM: usize = $item;
            #[inline(always)]
            unsafe fn pack($src: *const u8, $set: u64, $to: *mut u8) {
                // SAFETY: as the caller vouches.
                unsafe { $pack }
            }
        }
    )*};
}
groups! {
    /// Bytes, with VBMI2.
    Bytes 64, 1, |src, set, to| {
        let x = _mm512_maskz_loadu_epi8(set, src.cast());
        _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi8(set, x))
    };
    /// Elements of two bytes, with VBMI2.
    Pairs 32, 2, |src, set, to| {
        let x = _mm512_maskz_loadu_epi16(set as u32, src.cast());
        _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi16(set as u32, x))
    };
    /// Bytes as elements of four.
    WideBytes 16, 1, |src, set, to| {
        let x = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(set as u16, src.cast()));
        _mm_storeu_si128(to.cast(), _mm512_cvtepi32_epi8(_mm512_maskz_compress_epi32(set as u16, x)))
    };
    /// Elements of two bytes as elements of four.
    WidePairs 16, 2, |src, set, to| {
        let x = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(set as u16, src.cast()));
        _mm256_storeu_si256(to.cast(), _mm512_cvtepi32_epi16(_mm512_maskz_compress_epi32(set as u16, x)))
    };
    /// Elements of four bytes.
    Fours 16, 4, |src, set, to| {
        let x = _mm512_maskz_loadu_epi32(set as u16, src.cast());
        _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi32(set as u16, x))
    };
    /// Elements of eight bytes.
    Eights 8, 8, |src, set, to| {
        let x = _mm512_maskz_loadu_epi64(set as u8, src.cast());
        _mm512_storeu_si512(to.cast(), _mm512_maskz_compress_epi64(set as u8, x))
    };
}
