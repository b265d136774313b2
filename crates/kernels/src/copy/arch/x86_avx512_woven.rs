//! Records of a few items to columns and back, with AVX-512.
//!
//! Lines of columns that begin equally far into a line are streamed from registers. Those of others, and of records, go by way of a
//! stage of some lines of each column, where they lie behind the last line that was there before, so that whole lines of the
//! destination can be streamed wherever in a line it begins.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::arch::x86_64::*;
use core::mem::MaybeUninit;
use core::ops::Range;
use core::ptr::copy_nonoverlapping;

use super::generic::Lanes;
use super::x86_avx512::Avx512;
use super::x86_avx512_columns::{Columns, alike};
use crate::Level;
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::{MOST_FIELDS, Woven, WovenFn};

/// Groups whose lines are streamed together: to columns, and to records.
const FEW: usize = 4;
const MANY: usize = 8;

/// Lines of the stage: those of so many groups, and one before each run of them.
const STAGE: usize = MOST_FIELDS * MANY + MOST_FIELDS;

#[repr(C, align(64))]
struct Stage(MaybeUninit<[[u8; LINE]; STAGE]>);

/// The kernel for records of so many items of this size.
#[inline]
pub(super) fn woven(item: usize, fields: usize) -> Option<WovenFn> {
    match item {
        1 if Level::permutes_bytes() => pick_bytes(fields),
        2 => pick::<8>(fields),
        4 => pick::<4>(fields),
        8 => pick::<2>(fields),
        16 => pick::<1>(fields),
        _ => None,
    }
}

fn pick<const N: usize>(fields: usize) -> Option<WovenFn> {
    Some(match fields {
        2 => run::<N, 2>,
        3 => run::<N, 3>,
        4 => run::<N, 4>,
        5 => run::<N, 5>,
        6 => run::<N, 6>,
        7 => run::<N, 7>,
        8 => run::<N, 8>,
        _ => return None,
    })
}

fn pick_bytes(fields: usize) -> Option<WovenFn> {
    Some(match fields {
        2 => run_bytes::<2>,
        3 => run_bytes::<3>,
        4 => run_bytes::<4>,
        5 => run_bytes::<5>,
        6 => run_bytes::<6>,
        7 => run_bytes::<7>,
        8 => run_bytes::<8>,
        _ => return None,
    })
}

/// Items of two vectors by their numbers: those of the second follow those of the first.
#[inline(always)]
unsafe fn permute<const N: usize>(x: __m512i, places: __m512i, y: __m512i) -> __m512i {
    // SAFETY: the caller vouches for AVX-512, and for VBMI where items are bytes.
    unsafe {
        match N {
            16 => _mm512_permutex2var_epi8(x, places, y),
            8 => _mm512_permutex2var_epi16(x, places, y),
            4 => _mm512_permutex2var_epi32(x, places, y),
            _ => _mm512_permutex2var_epi64(x, places, y),
        }
    }
}

/// # Safety
/// As [`WovenFn`], on a CPU with AVX-512; records have `C` items of `16 / N` bytes.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run<const N: usize, const C: usize>(w: &Woven<'_>) {
    // SAFETY: the caller's promise.
    unsafe { pick_columns::<N, C>(w) }
}

/// # Safety
/// As [`run`], for bytes, on a CPU that has VBMI as well.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
unsafe fn run_bytes<const C: usize>(w: &Woven<'_>) {
    // SAFETY: the caller's promise.
    unsafe { pick_columns::<16, C>(w) }
}

/// # Safety
/// As [`run`].
#[inline(always)]
unsafe fn pick_columns<const N: usize, const C: usize>(w: &Woven<'_>) {
    // SAFETY: the caller's promise.
    unsafe {
        match alike(w, 16 / N) {
            true if phase(w.dst) == 0 => columns::<N, C, true>(w),
            true => columns::<N, C, false>(w),
            false => groups::<N, C>(w),
        }
    }
}

/// Moves all groups to columns that begin alike.
///
/// # Safety
/// As [`run`].
#[inline(always)]
unsafe fn columns<const N: usize, const C: usize, const ALIGNED: bool>(w: &Woven<'_>) {
    let columns = Columns::<N, ALIGNED>::new(w);
    // SAFETY: the caller's promise: whole groups of records, and a line of each column for each.
    unsafe {
        let steps = vectors(w);
        let mut kept = [Avx512(_mm512_setzero_si512()); C];
        for number in 0..w.groups {
            let lines = lines::<N, C>(w, number, &steps);
            for j in 0..C {
                columns.put(j, number, &mut kept[j], Avx512(lines[j]));
            }
        }
        for j in 0..C {
            columns.finish(j, w.groups, kept[j]);
        }
    }
}

/// # Safety
/// As [`run`].
#[inline(always)]
unsafe fn groups<const N: usize, const C: usize>(w: &Woven<'_>) {
    // SAFETY: the caller's promise.
    let steps = unsafe { vectors(w) };
    let mut stage = Stage(MaybeUninit::uninit());
    let stage = stage.0.as_mut_ptr().cast::<u8>();
    // Lines of a run in the stage: of a column, or of the records.
    let (per_group, together) = if w.deal { (1, FEW) } else { (C, MANY) };
    let pitch = (together * per_group + 1) * LINE;
    let mut group = 0;
    while group < w.groups {
        let count = together.min(w.groups - group);
        // SAFETY: whole groups of the records, and room for their lines in the stage.
        unsafe {
            for k in 0..count {
                let lines = lines::<N, C>(w, group + k, &steps);
                for j in 0..C {
                    let at = if w.deal { j * pitch + (k + 1) * LINE } else { (k * C + j + 1) * LINE };
                    Avx512(lines[j]).store(stage.add(at));
                }
            }
            stream_runs(w, stage, pitch, group..group + count);
        }
        group += count;
    }
}

/// The permutations, each a vector.
///
/// # Safety
/// The CPU has AVX-512.
#[inline(always)]
unsafe fn vectors<const C: usize>(w: &Woven<'_>) -> [[__m512i; C]; C] {
    // SAFETY: the caller vouches for AVX-512; vectors of indices.
    unsafe {
        let mut steps = [[_mm512_setzero_si512(); C]; C];
        for line in 0..C {
            for source in 1..C {
                steps[line][source] = _mm512_loadu_si512(w.steps[line][source].as_ptr().cast());
            }
        }
        steps
    }
}

/// The lines that a group becomes: one of each column, or of records.
///
/// # Safety
/// As [`run`], for the group with this number.
#[inline(always)]
unsafe fn lines<const N: usize, const C: usize>(
    w: &Woven<'_>,
    number: usize,
    steps: &[[__m512i; C]; C],
) -> [__m512i; C] {
    let soon = w.soon(number * LINE * if w.deal { C } else { 1 });
    // SAFETY: the lines of the group.
    unsafe {
        let mut x = [_mm512_setzero_si512(); C];
        for i in 0..C {
            let from = if w.deal {
                w.src.wrapping_add((number * C + i) * LINE)
            } else {
                w.src.wrapping_offset(w.fields.s.wrapping_mul(i as isize)).wrapping_add(number * LINE)
            };
            if w.ahead > 0 {
                super::prefetch(from.wrapping_offset(soon));
            }
            x[i] = _mm512_loadu_si512(from.cast());
        }
        let mut lines = x;
        for j in 0..C {
            lines[j] = permute::<N>(x[0], steps[j][1], x[1]);
            for i in 2..C {
                lines[j] = permute::<N>(lines[j], steps[j][i], x[i]);
            }
        }
        lines
    }
}

/// Streams what the stage has of each run, a column or the records, after these groups. A run begins with its second line there,
/// and each is `pitch` bytes behind the one before.
///
/// # Safety
/// As [`stream`], for each run.
#[inline(always)]
pub(super) unsafe fn stream_runs(w: &Woven<'_>, stage: *mut u8, pitch: usize, groups: Range<usize>) {
    let (runs, per_group) = if w.deal { (w.fields.n, 1) } else { (1, w.fields.n) };
    for run in 0..runs {
        let to = w.dst.wrapping_offset(if w.deal { w.fields.d.wrapping_mul(run as isize) } else { 0 });
        let to = to.wrapping_add(groups.start * per_group * LINE);
        let (begins, ends) = (groups.start == 0, groups.end == w.groups);
        // SAFETY: the caller's promise.
        unsafe { stream(stage.add(run * pitch + LINE), to, groups.len() * per_group, begins, ends) };
    }
}

/// Streams lines of a run, and what the run had left before, if it does not begin with them; what is left now is kept, or
/// written if it ends.
///
/// # Safety
/// So many lines at `from`, the start of a line of the stage, belong to `to`; the line before has what was left.
#[inline(always)]
unsafe fn stream(from: *mut u8, to: *mut u8, lines: usize, begins: bool, ends: bool) {
    let into = phase(to);
    // SAFETY: bytes of the run; the first line of the destination only has some of them if it begins.
    unsafe {
        let mut first = 0;
        if begins && into > 0 {
            copy_nonoverlapping(from, to, LINE - into);
            first = 1;
        }
        let (from_line, to_line) = (from.sub(into), to.wrapping_sub(into));
        for i in first..lines {
            let line = _mm512_loadu_si512(from_line.add(i * LINE).cast());
            _mm512_stream_si512(to_line.wrapping_add(i * LINE).cast(), line);
        }
        if ends {
            let at = lines * LINE - into;
            copy_nonoverlapping(from.add(at), to.wrapping_add(at), into);
        } else {
            let last = _mm512_load_si512(from.add((lines - 1) * LINE).cast());
            _mm512_store_si512(from.sub(LINE).cast(), last);
        }
    }
}
