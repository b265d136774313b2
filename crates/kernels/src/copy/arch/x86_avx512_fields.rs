//! Records of more items than permutations are good for, to columns and back, with AVX-512.
//!
//! A line of each of as many columns as a lane has items is a block of records: it is transposed in registers, as a cell of a tile is
//! (see `generic`). The lines of the result go by way of a stage, as those of permuted records do.
//!
//! Measured on Emerald Rapids, in shares of a plain streamed copy, against permutations: 8 items of 2 bytes 1.0 and 0.6, of 4 bytes as
//! fast, of 8 bytes 1.0 and 0.9; 4 and 6 items of 4 and 8 bytes 0.7 and 0.85. Against runs across or a stage: records up to 96 bytes
//! 1.05 to 1.4 times as fast, of 128 bytes and more 0.7 to 1.1 times (but see `most_record`).

use core::arch::x86_64::*;
use core::mem::MaybeUninit;

use super::across::Whole;
use super::generic::{Lanes, each, weave};
use super::x86_avx512::Avx512;
use super::x86_avx512_woven::stream_runs;
use crate::cache::LINE;
use crate::copy::tile::{LANE, MOST_FIELDS, Woven, WovenFn, most_record};

/// Groups of records whose lines are streamed together to columns, and lines of records.
const FEW: usize = 4;
const MANY: usize = 64;

/// Lines of the stage: those of so many groups of records of the most items, and one before each column.
const STAGE: usize = most_record(1) * (FEW + 1);

#[repr(C, align(64))]
struct Stage(MaybeUninit<[[u8; LINE]; STAGE]>);

/// Whether records of so many items of this size are moved faster so.
#[inline]
pub(super) fn fits(item: usize, fields: usize) -> bool {
    let record = item * fields;
    (LANE..=most_record(item)).contains(&record) && (fields > MOST_FIELDS || item <= 2)
}

/// The kernel for items of this size; records have a lane of items at least.
#[inline]
pub(super) fn fields(item: usize) -> Option<WovenFn> {
    Some(match item {
        1 => run::<16>,
        2 => run::<8>,
        4 => run::<4>,
        8 => run::<2>,
        _ => return None,
    })
}

/// # Safety
/// As [`WovenFn`], on a CPU with AVX-512; records have at least `N` items, `16 / N` bytes each.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run<const N: usize>(w: &Woven<'_>) {
    let mut stage = Stage(MaybeUninit::uninit());
    let stage = stage.0.as_mut_ptr().cast::<u8>();
    let fields = w.fields.n;
    // Lines of a run in the stage: of a column, or of the records.
    let (per_group, together) = if w.deal { (1, FEW) } else { (fields, (MANY / fields).max(1)) };
    let pitch = (together * per_group + 1) * LINE;
    let mut group = 0;
    while group < w.groups {
        let count = together.min(w.groups - group);
        // SAFETY: whole groups of the records, and room for their lines in the stage.
        unsafe {
            for k in 0..count {
                if w.deal {
                    deal::<N>(w, group + k, stage.add((k + 1) * LINE), pitch);
                } else {
                    join::<N>(w, group + k, stage.add((k * fields + 1) * LINE));
                }
            }
            stream_runs(w, stage, pitch, group..group + count);
        }
        group += count;
    }
}

/// Makes a line of each column from a group of records.
///
/// # Safety
/// As [`run`], for the group with this number; a line can be written at `to` and every `pitch` bytes behind it.
#[inline(always)]
unsafe fn deal<const N: usize>(w: &Woven<'_>, group: usize, to: *mut u8, pitch: usize) {
    let (item, fields) = (16 / N, w.fields.n);
    let record = item * fields;
    let at = group * fields * LINE;
    let (group, soon) = (w.src.wrapping_add(at), w.soon(at));
    let mut done = 0;
    while done < fields {
        // The last block is moved back.
        let field = done.min(fields - N);
        if w.ahead > 0 {
            for line in done..field + N {
                super::prefetch(group.wrapping_add(line * LINE).wrapping_offset(soon));
            }
        }
        // SAFETY: a lane of items of each record of the group, from this field on.
        unsafe {
            let from = |i: usize| group.wrapping_add(field * item + i * record);
            let mut x = [Avx512::load_even(from(0), N * record); N];
            each!(N, i => x[i] = Avx512::load_even(from(i), N * record));
            let x = weave(x);
            each!(N, j => x[j].store(to.add((field + j) * pitch)));
        }
        done = field + N;
    }
}

/// Makes a group of records from a line of each column.
///
/// # Safety
/// As [`run`], for the group with this number, for which there is room at `to`.
#[inline(always)]
unsafe fn join<const N: usize>(w: &Woven<'_>, group: usize, to: *mut u8) {
    let (item, fields) = (16 / N, w.fields.n);
    let record = item * fields;
    let soon = w.soon(group * LINE);
    let column = |field: usize| {
        w.src.wrapping_offset(w.fields.s.wrapping_mul(field as isize)).wrapping_add(group * LINE)
    };
    let mut done = 0;
    while done < fields {
        // The last block is moved back.
        let field = done.min(fields - N);
        if w.ahead > 0 {
            for new in done..field + N {
                super::prefetch(column(new).wrapping_offset(soon));
            }
        }
        // SAFETY: lines of the columns; a lane of items of each record, from this field on.
        unsafe {
            let mut x = [Avx512::load_line(column(field)); N];
            each!(N, j => x[j] = Avx512::load_line(column(field + j)));
            let x = weave(x);
            each!(N, i => store_even(x[i], to.add(field * item + i * record), N * record));
        }
        done = field + N;
    }
}

/// Lane `l` to the 16 bytes that lie `l * apart` bytes further.
///
/// # Safety
/// These can be written. The CPU has AVX-512.
#[inline(always)]
unsafe fn store_even(x: Avx512, to: *mut u8, apart: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        _mm_storeu_si128(to.cast(), _mm512_castsi512_si128(x.0));
        _mm_storeu_si128(to.add(apart).cast(), _mm512_extracti32x4_epi32::<1>(x.0));
        _mm_storeu_si128(to.add(2 * apart).cast(), _mm512_extracti32x4_epi32::<2>(x.0));
        _mm_storeu_si128(to.add(3 * apart).cast(), _mm512_extracti32x4_epi32::<3>(x.0));
    }
}
