//! Planes whose rows and columns are evenly apart, past the caches, with AVX-512: the transpose of long runs (see `across`) without
//! tables.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use super::across::ENDS_AHEAD;
use super::cells::Corner;
use super::column::{Ends, Inside, Items, Place, Plain, Write};
use super::x86_avx512::Avx512;
use super::x86_avx512_joined::square;
use crate::cache::{LINE, prefetch_nearest};
use crate::copy::stage::phase;
use crate::copy::tile::{Even, EvenFn};

/// The kernel for items of `16 / N` bytes. More lines of a column at once are no faster, and slower where rows fall into few sets of the
/// caches: 1024 x 1024 doubles, strips of 32 rows 0.65 of a plain streamed copy, of 16 0.85.
pub(super) const fn kernel<const N: usize>() -> EvenFn {
    match N {
        1 => run::<N, 4>,
        2 | 4 => run::<N, 2>,
        _ => run::<N, 1>,
    }
}

/// Rows of a plane from one of them on.
#[derive(Clone, Copy)]
struct Rows<'a> {
    e: &'a Even,
    at: Corner,
    /// Whether columns begin here, and how many rows are left of them.
    begins: bool,
    left: usize,
}

/// # Safety
/// As [`EvenFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn run<const N: usize, const PARTS: usize>(e: &Even) {
    let p = &e.plane;
    let at = Corner { src: p.src, s: p.rows.s, dst: p.dst, d: p.columns.d };
    let rows = Rows { e, at, begins: true, left: p.rows.n };
    // SAFETY: the caller's promise: some rows of the plane, then the others.
    unsafe {
        if !p.columns.d.unsigned_abs().is_multiple_of(LINE) {
            return strips::<N, PARTS, false>(rows);
        }
        // What columns have of their first lines is written at once, then they begin lines.
        let head = (phase(p.dst).wrapping_neg() % LINE) / (16 / N);
        if head > 0 {
            strip::<Ends, N, 1>(Rows { left: head, ..rows });
        }
        strips::<N, PARTS, true>(rows.after::<N>(head));
    }
}

impl Rows<'_> {
    /// What is left of them after so many.
    #[inline(always)]
    fn after<const N: usize>(self, rows: usize) -> Self {
        Rows { at: self.at.at(rows, 0, 16 / N), begins: false, left: self.left - rows, ..self }
    }
}

/// Moves them strip by strip. In `ALIGNED` ones columns begin lines.
///
/// # Safety
/// As [`run`], for these rows.
#[inline(always)]
unsafe fn strips<const N: usize, const PARTS: usize, const ALIGNED: bool>(mut rows: Rows<'_>) {
    let strip = PARTS * 4 * N;
    while rows.left > 0 {
        // SAFETY: the caller's promise; whole strips, which are neither the first nor the last one where columns begin anywhere.
        unsafe {
            if ALIGNED && rows.left >= strip {
                self::strip::<Plain, N, PARTS>(rows);
                rows = rows.after::<N>(strip);
            } else if !ALIGNED && !rows.begins && rows.left > strip {
                self::strip::<Inside, N, PARTS>(rows);
                rows = rows.after::<N>(strip);
            } else {
                self::strip::<Ends, N, 1>(rows);
                rows = rows.after::<N>(rows.left.min(4 * N));
            }
        }
    }
}

/// Moves a strip.
///
/// # Safety
/// As [`run`], for the first of these rows, where `W` can write.
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn strip<W: Write, const N: usize, const PARTS: usize>(rows: Rows<'_>) {
    let (n, item, side) = (rows.e.plane.columns.n, 16 / N, 4 * N);
    let mut done = 0;
    while done < n {
        // The last cell is moved back; only its last columns are new.
        let a = done.min(n - N);
        if rows.e.ahead > 0 {
            rows.ask::<N, PARTS>(a);
        }
        if W::ENDS {
            rows.ask_for_ends::<N>(a + ENDS_AHEAD);
        }
        let at = rows.at.at(0, a, item);
        // SAFETY: a cell of the plane, of which columns before `done` have been written.
        unsafe {
            let mut parts = [square::<N>(at, 0, rows.left); PARTS];
            for part in 1..PARTS {
                parts[part] = square::<N>(at.at(part * side, 0, item), 0, side);
            }
            for j in 0..N {
                if a + j >= done {
                    let mut lines = [parts[0][j]; PARTS];
                    for part in 1..PARTS {
                        lines[part] = parts[part][j];
                    }
                    let place = Place {
                        to: at.column(j),
                        kept: rows.e.kept.wrapping_add((a + j) * LINE),
                        begins: rows.begins,
                        goes_on: rows.left > PARTS * side,
                        left: rows.left,
                    };
                    W::column::<Avx512, Items, N, PARTS, true>(place, lines);
                }
            }
        }
        done = a + N;
    }
}

impl Rows<'_> {
    /// Asks for what is read soon: a line of a quarter of the rows of a strip, since a cell has a quarter of a line of each.
    #[inline(always)]
    fn ask<const N: usize, const PARTS: usize>(self, a: usize) {
        let (item, rows) = (16 / N, PARTS * 4 * N);
        let row = self.e.plane.columns.n * item;
        let (mut from, mut at) = (self.at.src, a * item + self.e.ahead);
        if at >= row {
            (from, at) = (self.at.row(rows), at - row);
        }
        let quarter = a / N % 4 * (rows / 4);
        // The line that its last byte is in: the one before was wanted by the cells before.
        let mut from =
            from.wrapping_offset(quarter as isize * self.at.s).wrapping_add(at / LINE * LINE + LINE - 1);
        for _ in 0..rows / 4 {
            prefetch_nearest(from);
            from = from.wrapping_offset(self.at.s);
        }
    }

    /// Asks for the lines of `N` columns from `a` on that are written in part.
    #[inline(always)]
    fn ask_for_ends<const N: usize>(self, a: usize) {
        for column in a..(a + N).min(self.e.plane.columns.n) {
            let to = self.at.column(column);
            if self.begins {
                super::prefetch_cut(to);
            }
            if self.left <= 4 * N {
                super::prefetch_cut(to.wrapping_add(self.left * (16 / N)));
            }
        }
    }
}
