//! Planes whose columns begin anywhere in a line, with AVX-512: lines are joined in registers, so that each is written as a whole
//! and once.
//!
//! ```text
//! a column, of which squares have a vector each     |aaaaaaaa|bbbbbbbb|ccccccc.|
//! its lines, which begin 3 items before it       |...aaaaa|aaabbbbb|bbbccccc|cc......|
//! ```
//!
//! A strip is a lane of columns wide, so that the vectors of the square before, and how they are shifted, stay in registers. What is
//! left of the lines at both ends, and of rows at the last one, is written by masks.
//!
//! Measured on Emerald Rapids against squares that are stored where they belong, in the second level and the last: doubles 127 x
//! 127 1.8 times as fast, 513 x 513 1.3 to 1.45; floats 127 x 127 1.65, 513 x 513 1.05 to 1.35, 1000 x 1000 1.3, 1000 x 8 1.3; 2-byte
//! items 513 x 513 1.65, 200 x 200 0.8; bytes 0.5 to 0.9; in the first level 0.7 to 0.8.
//!
//! Bytes are not shifted at all: a lane of columns goes to a stage, from where lines of the destination are loaded that begin in the
//! middle of one. Against squares: 250 x 250 to 1023 x 1023 1.3 to 1.9 times as fast, 1200 x 1200, which the second level does not
//! hold, 3 times; 200 x 200 as fast.
//! (In a sketch, half a line of columns at once was as good for doubles and a fifth slower for floats; a whole one, whose vectors
//! do not fit into the registers, as slow as squares, and so was a way by a stage.)

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use crate::check;
use core::mem::MaybeUninit;

use super::across::Whole;
use super::cells::Corner;
use super::generic::{Lanes, each, weave};
use super::x86_avx512::{Avx512, anywhere};
use crate::cache::LINE;
use crate::copy::plane::MOST_JOINED;
use crate::copy::stage::phase;
use crate::copy::tile::Plane;

/// Moves a plane, once.
///
/// # Safety
/// As [`crate::copy::tile::PlaneFn`], for at least a line of rows and a lane of columns, which begin at multiples of the item size
/// in the destination; on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
pub(super) unsafe fn run<const N: usize>(p: &Plane) {
    let at = Corner { src: p.src, s: p.rows.s, dst: p.dst, d: p.columns.d };
    for a in (0..p.columns.n).step_by(N) {
        // The last strip is moved back over columns that were done already.
        let strip = at.at(0, a.min(p.columns.n - N), 16 / N);
        // SAFETY: the caller's promise, for these columns.
        unsafe { columns::<N>(strip, p.rows.n) };
    }
}

/// Moves a lane of columns.
///
/// # Safety
/// As [`run`], for these.
#[inline(always)]
unsafe fn columns<const N: usize>(at: Corner, rows: usize) {
    let (item, side) = (16 / N, 4 * N);
    let (mut skip, mut line) = ([0; N], [at.dst; N]);
    for j in 0..N {
        skip[j] = phase(at.column(j)) / item;
        line[j] = at.column(j).wrapping_sub(skip[j] * item);
    }
    // SAFETY: squares of the plane; lines of its columns, and what belongs to them of the first and the last ones.
    unsafe {
        let mut before = square::<N>(at, 0, rows);
        each!(N, j => {
            let first = Avx512::join::<N>(before[j], before[j], skip[j]);
            first.store_some::<N>(line[j], skip[j], side);
        });
        let mut b = side;
        while b + side <= rows {
            let x = square::<N>(at, b, rows);
            each!(N, j => {
                Avx512::join::<N>(before[j], x[j], skip[j]).put::<false>(line[j].wrapping_add(b * item));
            });
            before = x;
            b += side;
        }
        let left = rows - b;
        let x = if left == 0 { before } else { square::<N>(at, b, rows) };
        each!(N, j => {
            let (items, to) = (skip[j] + left, line[j].wrapping_add(b * item));
            Avx512::join::<N>(before[j], x[j], skip[j]).store_some::<N>(to, 0, items.min(side));
            if items > side {
                let last = Avx512::join::<N>(x[j], x[j], skip[j]);
                last.store_some::<N>(to.wrapping_add(LINE), 0, items - side);
            }
        });
    }
}

/// A line of rows of a lane of columns, transposed; the last row again where there are no more.
///
/// # Safety
/// As [`columns`], for rows from `b` on, of which there is one at least.
#[inline(always)]
pub(super) unsafe fn square<const N: usize>(at: Corner, b: usize, rows: usize) -> [Avx512; N] {
    if b + 4 * N <= rows {
        let mut at = at.at(b, 0, 16 / N);
        at.src = anywhere(at.src);
        // SAFETY: the caller's promise.
        unsafe { lanes(|i| at.row(i)) }
    } else {
        // SAFETY: the caller's promise.
        unsafe { lanes(|i| at.row((b + i).min(rows - 1))) }
    }
}

/// A lane of each of `4 * N` rows, transposed.
///
/// # Safety
/// The lanes can be read. The CPU has AVX-512.
#[inline(always)]
unsafe fn lanes<const N: usize>(row: impl Fn(usize) -> *const u8) -> [Avx512; N] {
    // SAFETY: the caller's promise.
    unsafe {
        let four = |i: usize| [row(i), row(i + N), row(i + 2 * N), row(i + 3 * N)];
        let mut x = [Avx512::load(four(0).as_ptr(), 1, 0); N];
        each!(N, i => x[i] = Avx512::load(four(i).as_ptr(), 1, 0));
        weave(x)
    }
}

/// Rows that [`by_stage`] takes at most.
const MOST_STAGED_ROWS: usize = 640;
const _: () = assert!(MOST_JOINED <= MOST_STAGED_ROWS);

/// A lane of columns of so many bytes, and the line that is loaded with the last one.
#[repr(align(64))]
struct Stage(MaybeUninit<[u8; LANE * MOST_STAGED_ROWS + LINE]>);

/// Bytes of a lane.
const LANE: usize = 16;

/// [`run`] for bytes, by way of a stage.
///
/// # Safety
/// As [`run`], for at most [`MOST_STAGED_ROWS`] rows.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
pub(super) unsafe fn by_stage(p: &Plane) {
    let mut stage = Stage(MaybeUninit::uninit());
    let stage = stage.0.as_mut_ptr().cast::<u8>();
    let at = Corner { src: p.src, s: p.rows.s, dst: p.dst, d: p.columns.d };
    let rows = p.rows.n;
    check((LINE..=MOST_STAGED_ROWS).contains(&rows), "rows of a stage");
    for a in (0..p.columns.n).step_by(LANE) {
        // The last strip is moved back over columns that were done already, and so is the last square over rows.
        let strip = at.at(0, a.min(p.columns.n - LANE), 1);
        for b in (0..rows).step_by(LINE) {
            let b = b.min(rows - LINE);
            // SAFETY: a line of rows of the plane, and room for as much of each column.
            unsafe {
                let x = square::<LANE>(strip, b, rows);
                let to = stage.wrapping_add(b);
                each!(LANE, j => x[j].store(to.wrapping_add(j * MOST_STAGED_ROWS)));
            }
        }
        for j in 0..LANE {
            // SAFETY: the stage holds the column.
            unsafe { put_column(stage.wrapping_add(j * MOST_STAGED_ROWS), strip.column(j), rows) };
        }
    }
}

/// Writes a column of so many bytes, a line at least: all lines but the first and the last one as a whole.
///
/// # Safety
/// They can be read and written. The CPU has AVX-512.
#[inline(always)]
unsafe fn put_column(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: lines of the column.
    unsafe {
        Avx512::load_line(from).store(to);
        let mut at = LINE - phase(to);
        while at + LINE <= bytes {
            Avx512::load_line(from.wrapping_add(at)).put::<false>(to.wrapping_add(at));
            at += LINE;
        }
        if at < bytes {
            Avx512::load_line(from.wrapping_add(bytes - LINE)).store(to.wrapping_add(bytes - LINE));
        }
    }
}
