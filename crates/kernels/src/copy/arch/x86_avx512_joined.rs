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
//! (In a sketch, half a line of columns at once was as good for doubles and a fifth slower for floats; a whole one, whose vectors
//! do not fit into the registers, as slow as squares, and so was a way by a stage.)

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use super::across::Whole;
use super::cells::Corner;
use super::generic::{Lanes, each, weave};
use super::x86_avx512::{Avx512, anywhere};
use crate::cache::LINE;
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
unsafe fn square<const N: usize>(at: Corner, b: usize, rows: usize) -> [Avx512; N] {
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
