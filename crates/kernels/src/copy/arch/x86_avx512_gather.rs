//! Lines that are gathered word by word, with AVX-512: see `copy::gathered`.

use core::arch::x86_64::*;

use super::x86_avx512::lowest;
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::{Gather, GatherFn};

/// So many runs before they are written, lines that are written in part are asked for.
const ENDS_AHEAD: usize = 3;

/// The kernel for words of 4 or of 8 bytes.
#[inline]
pub(super) fn gather(word: usize) -> Option<GatherFn> {
    match word {
        4 => Some(run::<4>),
        8 => Some(run::<8>),
        _ => None,
    }
}

/// # Safety
/// As [`GatherFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
unsafe fn run<const WORD: usize>(g: &Gather<'_>) {
    let (per, n) = (LINE / WORD, g.places.len());
    let lines = n.div_ceil(per) * g.from.len();
    // Pieces that are asked for with each line, by its number alone.
    let share = (g.ahead.len() * WHOLE).div_ceil(lines);
    let asked = |line: usize| (line * share / WHOLE).min(g.ahead.len());
    let mut line = 0;
    for (i, (&from, &to)) in g.from.iter().zip(g.to).enumerate() {
        let (from, to) = (g.src.wrapping_offset(from), g.dst.wrapping_offset(to));
        if let Some(&later) = g.to.get(i + ENDS_AHEAD) {
            let later = g.dst.wrapping_offset(later);
            super::prefetch_cut(later);
            super::prefetch_cut(later.wrapping_add(n * WORD));
        }
        let head = ((LINE - phase(to)) % LINE / WORD).min(n);
        let mut at = 0;
        // SAFETY: words of the run, at the places that the table has for them.
        unsafe {
            if head > 0 {
                some::<WORD>(from, g.places.as_ptr(), to, head);
                at = head;
            }
            while at + per <= n {
                let place = g.places.as_ptr().add(at);
                let x = if WORD == 4 {
                    _mm512_i32gather_epi32::<1>(_mm512_loadu_si512(place.cast()), from.cast())
                } else {
                    _mm512_i32gather_epi64::<1>(_mm256_loadu_si256(place.cast()), from.cast())
                };
                _mm512_stream_si512(to.add(at * WORD).cast(), x);
                at += per;
                for &row in &g.ahead[asked(line)..asked(line + 1)] {
                    let row = g.soon.wrapping_offset(row);
                    for byte in (0..g.ahead_bytes).step_by(LINE) {
                        super::prefetch(row.wrapping_add(byte));
                    }
                }
                line += 1;
            }
            if at < n {
                some::<WORD>(from, g.places.as_ptr().add(at), to.add(at * WORD), n - at);
            }
        }
    }
}

/// As many parts make a piece.
const WHOLE: usize = 1 << 16;

/// Moves fewer words than a line has.
///
/// # Safety
/// As [`run`], for these.
#[inline(always)]
unsafe fn some<const WORD: usize>(from: *const u8, places: *const i32, to: *mut u8, n: usize) {
    // SAFETY: the caller's promise; what is masked out is neither read nor written.
    unsafe {
        if WORD == 4 {
            let bits = lowest(n) as __mmask16;
            let place = _mm512_maskz_loadu_epi32(bits, places);
            let x = _mm512_mask_i32gather_epi32::<1>(place, bits, place, from.cast());
            _mm512_mask_storeu_epi32(to.cast(), bits, x);
        } else {
            let bits = lowest(n) as __mmask8;
            let place = _mm256_maskz_loadu_epi32(bits, places);
            let x = _mm512_mask_i32gather_epi64::<1>(_mm512_setzero_si512(), bits, place, from.cast());
            _mm512_mask_storeu_epi64(to.cast(), bits, x);
        }
    }
}
