//! The transpose of a tile into a stage, by turns with the lines of the box before, which are written past the caches: see
//! `copy::alternate`.
//!
//! Stores to anywhere else wait behind those lines, and so must be few: the rows are read from their table for each cell, and no list
//! of them is put together.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use super::across::Whole;
use super::generic::{each, weave};
use crate::cache::LINE;
use crate::copy::alternate::Turn;
use crate::copy::tile::Tile;

/// Moves a tile, and meanwhile goes on with the turn.
///
/// # Safety
/// As [`crate::copy::tile::TileFn`], for tiles that are packed on both sides, of items of `16 / N` bytes, with `4 * N` rows and `N`
/// columns at least; as [`crate::copy::drain::Drain::next`] for the turn. `V` has 4 lanes.
#[inline(always)]
pub(super) unsafe fn turns<V: Whole, const N: usize>(t: &Tile<'_>, turn: &mut Turn<'_>) {
    let (size, high) = (16 / N, 4 * N);
    let (rows, columns) = (t.rows.len(), t.columns.len());
    let mut cell = turn.ask.cell;
    let mut b = 0;
    while b < rows {
        // The last strip is moved back, and the last cell: what is written twice is written with the same bits.
        let row = b.min(rows - high);
        let list = t.rows[row..].as_ptr();
        let dst = t.dst.wrapping_add(row * size);
        let mut a = 0;
        while a < columns {
            let column = a.min(columns - N);
            let src = t.src.wrapping_add(column * size);
            // SAFETY: cells of the tile; lines of the box before.
            unsafe {
                let mut x = [V::load_listed(src, list, N); N];
                each!(N, i => x[i] = V::load_listed(src, list.add(i), N));
                let x = weave(x);
                let to = t.columns[column..].as_ptr();
                each!(N, j => x[j].store(dst.wrapping_offset(*to.add(j))));
                turn.ask.go_on(cell);
                cell += 1;
                write::<V, N>(turn);
            }
            a += N;
        }
        b += high;
    }
    turn.ask.cell = cell;
}

/// Writes `N` lines of the box before, or fewer where a run ends.
///
/// # Safety
/// As [`crate::copy::drain::Drain::next`].
#[inline(always)]
unsafe fn write<V: Whole, const N: usize>(turn: &mut Turn<'_>) {
    let last = &mut turn.last;
    let (from, to, left) = (last.from, last.to(), last.left());
    // SAFETY: whole lines of the run.
    unsafe {
        if left >= N * LINE {
            each!(N, i => V::load_line(from.wrapping_add(i * LINE)).put::<true>(to.wrapping_add(i * LINE)));
            last.from = from.wrapping_add(N * LINE);
            return;
        }
        for at in (0..left).step_by(LINE) {
            V::load_line(from.wrapping_add(at)).put::<true>(to.wrapping_add(at));
        }
        last.from = last.end;
        last.next();
    }
}
