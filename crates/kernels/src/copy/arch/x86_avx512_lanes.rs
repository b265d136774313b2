//! Records of whole lanes, from and to as many rows or columns as they have items, with AVX-512: lines go from registers past the
//! caches, without a stage.
//!
//! ```text
//! floats, 8 rows: vectors of rows 0 .. 4 and 4 .. 8, woven    x[i] = lane l: items 0 .. 4 of record 4 l + i    y[i] = items 4 .. 8
//! a line of records from a lane of each of                     x[i], y[i], x[i + 1], y[i + 1]
//! ```
//!
//! From records to columns the same steps are taken backwards.
//!
//! Measured on Emerald Rapids, 2 to 10 MB, in shares of a plain streamed copy, records of 32 and 64 bytes: 0.85 to 1.0 against 0.5 to
//! 0.65 by way of a stage.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::arch::x86_64::*;

use super::across::Whole;
use super::generic::{each, weave};
use super::x86_avx512::Avx512;
use super::x86_avx512_columns::Columns;
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::{Woven, WovenFn};

/// The kernel for records of so many items of this size: to records that begin at multiples of it, or to columns that begin
/// equally far into a line.
#[inline]
pub(super) fn lanes(item: usize, fields: usize, deal: bool) -> Option<WovenFn> {
    // More than 8 columns at once are dealt faster by way of a stage, which gives each some lines in turn.
    Some(match (item, item * fields) {
        (4, 32) => pick::<4, 2, 8>(deal),
        (8, 32) => pick::<2, 2, 4>(deal),
        (8, 64) => pick::<2, 4, 8>(deal),
        (2, 32) if !deal => to_records::<8, 2, 16>,
        (4, 48) if !deal => to_records::<4, 3, 12>,
        (4, 64) if !deal => to_records::<4, 4, 16>,
        (8, 96) if !deal => to_records::<2, 6, 12>,
        (8, 128) if !deal => to_records::<2, 8, 16>,
        _ => return None,
    })
}

fn pick<const N: usize, const R: usize, const M: usize>(deal: bool) -> WovenFn {
    if deal { to_columns::<N, R, M> } else { to_records::<N, R, M> }
}

/// # Safety
/// As [`WovenFn`], for records of `R` lanes of `N` items, `M` in all, that are the source, and columns that begin alike; on a CPU with
/// AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn to_columns<const N: usize, const R: usize, const M: usize>(w: &Woven<'_>) {
    // SAFETY: the caller's promise.
    unsafe {
        if phase(w.dst) == 0 {
            columns::<N, R, M, true>(w);
        } else {
            columns::<N, R, M, false>(w);
        }
    }
}

/// Moves all groups to columns. `ALIGNED` ones begin a line.
///
/// # Safety
/// As [`to_columns`].
#[inline(always)]
unsafe fn columns<const N: usize, const R: usize, const M: usize, const ALIGNED: bool>(w: &Woven<'_>) {
    let columns = Columns::<N, ALIGNED>::new(w);
    // SAFETY: the caller's promise: `M` lines of records, and a line of each column, for each group.
    unsafe {
        let mut kept = [[Avx512(_mm512_setzero_si512()); N]; R];
        for number in 0..w.groups {
            let at = number * M * LINE;
            let (from, soon) = (w.src.wrapping_add(at), w.soon(at));
            let mut lines = [kept[0][0]; M];
            each!(M, k => {
                if w.ahead > 0 {
                    super::prefetch(from.wrapping_add(k * LINE).wrapping_offset(soon));
                }
                lines[k] = Avx512::load_line(from.add(k * LINE));
            });
            let mut x = split::<N, R, M>(lines);
            for r in 0..R {
                x[r] = weave(x[r]);
                each!(N, i => columns.put(r * N + i, number, &mut kept[r][i], x[r][i]));
            }
        }
        for r in 0..R {
            each!(N, i => columns.finish(r * N + i, w.groups, kept[r][i]));
        }
    }
}

/// # Safety
/// As [`WovenFn`], for records of `R` lanes of `N` items, `M` in all, that are the destination; on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn to_records<const N: usize, const R: usize, const M: usize>(w: &Woven<'_>) {
    // SAFETY: the caller's promise.
    unsafe {
        if phase(w.dst) == 0 {
            groups::<N, R, M, true>(w);
        } else {
            groups::<N, R, M, false>(w);
        }
    }
}

/// Moves all groups. `ALIGNED` ones begin a line.
///
/// # Safety
/// As [`to_records`].
#[inline(always)]
unsafe fn groups<const N: usize, const R: usize, const M: usize, const ALIGNED: bool>(w: &Woven<'_>) {
    if w.groups == 0 {
        return;
    }
    let skip = if ALIGNED { 0 } else { phase(w.dst) / (16 / N) };
    let mut to = w.dst.wrapping_sub(skip * (16 / N));
    // SAFETY: lines of the destination; the first and the last one only have some of its bytes where it does not begin one.
    unsafe {
        let mut prev = Avx512(_mm512_setzero_si512());
        for number in 0..w.groups {
            let lines = group::<N, R, M>(w, number);
            each!(M, k => {
                let line = if ALIGNED { lines[k] } else { Avx512::join::<N>(prev, lines[k], skip) };
                if !ALIGNED && k == 0 && number == 0 {
                    line.store_some::<N>(to, skip, 4 * N);
                } else {
                    line.put::<true>(to.wrapping_add(k * LINE));
                }
                prev = lines[k];
            });
            to = to.wrapping_add(M * LINE);
        }
        if !ALIGNED {
            Avx512::join::<N>(prev, prev, skip).store_some::<N>(to, 0, skip);
        }
    }
}

/// The lines of records of a group.
///
/// # Safety
/// As [`to_records`], for the group with this number.
#[inline(always)]
unsafe fn group<const N: usize, const R: usize, const M: usize>(w: &Woven<'_>, number: usize) -> [Avx512; M] {
    let soon = w.soon(number * LINE);
    let row = |field: usize| {
        w.src.wrapping_offset(w.fields.s.wrapping_mul(field as isize)).wrapping_add(number * LINE)
    };
    // SAFETY: a line of each row.
    unsafe {
        if w.ahead > 0 {
            each!(M, field => super::prefetch(row(field).wrapping_offset(soon)));
        }
        let mut x = [[Avx512::load_line(row(0)); N]; R];
        for r in 0..R {
            each!(N, i => x[r][i] = Avx512::load_line(row(r * N + i)));
            x[r] = weave(x[r]);
        }
        join::<N, R, M>(x)
    }
}

/// Lane `l` of `x[r][i]`, which is lane `r` of record `N * l + i`, to where it lies in lines of records.
///
/// # Safety
/// The CPU has AVX-512.
#[inline(always)]
unsafe fn join<const N: usize, const R: usize, const M: usize>(x: [[Avx512; N]; R]) -> [Avx512; M] {
    let mut lines = [x[0][0]; M];
    // Lines whose lanes come from the same lane of all.
    let each = M / 4;
    for c in 0..each {
        let part = |lane: usize| x[(4 * c + lane) % R][(4 * c + lane) / R];
        // SAFETY: the caller's promise.
        let four = unsafe { by_lanes(part(0), part(1), part(2), part(3)) };
        for lane in 0..4 {
            lines[lane * each + c] = four[lane];
        }
    }
    lines
}

/// What [`join`] has joined.
///
/// # Safety
/// As [`join`].
#[inline(always)]
unsafe fn split<const N: usize, const R: usize, const M: usize>(lines: [Avx512; M]) -> [[Avx512; N]; R] {
    let mut x = [[lines[0]; N]; R];
    let each = M / 4;
    for c in 0..each {
        // SAFETY: the caller's promise.
        let four = unsafe { by_lanes(lines[c], lines[each + c], lines[2 * each + c], lines[3 * each + c]) };
        for lane in 0..4 {
            x[(4 * c + lane) % R][(4 * c + lane) / R] = four[lane];
        }
    }
    x
}

/// The same lanes of four vectors, side by side.
///
/// # Safety
/// The CPU has AVX-512.
#[inline(always)]
unsafe fn by_lanes(a: Avx512, b: Avx512, c: Avx512, d: Avx512) -> [Avx512; 4] {
    // SAFETY: the caller's promise.
    unsafe {
        let (low, high) = (_mm512_shuffle_i32x4::<0x44>(a.0, b.0), _mm512_shuffle_i32x4::<0xee>(a.0, b.0));
        let (low_too, high_too) =
            (_mm512_shuffle_i32x4::<0x44>(c.0, d.0), _mm512_shuffle_i32x4::<0xee>(c.0, d.0));
        [
            Avx512(_mm512_shuffle_i32x4::<0x88>(low, low_too)),
            Avx512(_mm512_shuffle_i32x4::<0xdd>(low, low_too)),
            Avx512(_mm512_shuffle_i32x4::<0x88>(high, high_too)),
            Avx512(_mm512_shuffle_i32x4::<0xdd>(high, high_too)),
        ]
    }
}
