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

/// How `K` columns of as many rows as make `L` lines of each are put together.
pub(super) trait Cell<V, const K: usize, const L: usize> {
    /// Bytes of an item.
    const ITEM: usize;
    /// Rows.
    const ROWS: usize;

    /// The lines of the columns at `src`, each of whose rows begins so many bytes further.
    ///
    /// # Safety
    /// `left` bytes of each of these rows can be read, at least those of `K` items. The CPU has the instructions.
    unsafe fn block(src: *const u8, rows: *const isize, left: usize) -> [[V; L]; K];
}

/// Items of `16 / N` bytes.
pub(super) struct Words;

impl<V: Whole, const N: usize> Cell<V, N, 1> for Words {
    const ITEM: usize = 16 / N;
    const ROWS: usize = 4 * N;

    #[inline(always)]
    unsafe fn block(src: *const u8, rows: *const isize, _: usize) -> [[V; 1]; N] {
        // SAFETY: a lane of each of the rows.
        unsafe {
            let mut x = [V::load_listed(src, rows, N); N];
            each!(N, i => x[i] = V::load_listed(src, rows.add(i), N));
            let x = weave(x);
            let mut columns = [[x[0]]; N];
            each!(N, j => columns[j] = [x[j]]);
            columns
        }
    }
}

/// Moves a tile, and meanwhile goes on with the turn.
///
/// # Safety
/// As [`crate::copy::tile::TileFn`], for tiles that are packed on both sides, with the rows and columns of a cell at least; as
/// [`crate::copy::drain::Drain::next`] for the turn. `V` has 4 lanes.
#[inline(always)]
pub(super) unsafe fn turns<V: Whole, C: Cell<V, K, L>, const K: usize, const L: usize>(
    t: &Tile<'_>,
    turn: &mut Turn<'_>,
) {
    let (rows, columns) = (t.rows.len(), t.columns.len());
    let mut cell = turn.ask.cell;
    let mut b = 0;
    while b < rows {
        // The last strip is moved back, and the last cell: what is written twice is written with the same bits.
        let row = b.min(rows - C::ROWS);
        let list = t.rows[row..].as_ptr();
        let dst = t.dst.wrapping_add(row * C::ITEM);
        let mut a = 0;
        while a < columns {
            let column = a.min(columns - K);
            let src = t.src.wrapping_add(column * C::ITEM);
            // SAFETY: cells of the tile; lines of the box before.
            unsafe {
                let x = C::block(src, list, (columns - column) * C::ITEM);
                let to = t.columns[column..].as_ptr();
                each!(K, j => {
                    let to = dst.wrapping_offset(*to.add(j));
                    each!(L, line => x[j][line].store(to.wrapping_add(line * LINE)));
                });
                turn.ask.go_on(cell);
                cell += 1;
                write::<V, K, L>(turn);
            }
            a += K;
        }
        b += C::ROWS;
    }
    turn.ask.cell = cell;
}

/// Writes `K * L` lines of the box before, or fewer where a run ends.
///
/// # Safety
/// As [`crate::copy::drain::Drain::next`].
#[inline(always)]
unsafe fn write<V: Whole, const K: usize, const L: usize>(turn: &mut Turn<'_>) {
    let last = &mut turn.last;
    let (from, to, left) = (last.from, last.to(), last.left());
    // SAFETY: whole lines of the run.
    unsafe {
        if left >= K * L * LINE {
            each!(K, j => each!(L, i => {
                let at = (j * L + i) * LINE;
                V::load_line(from.wrapping_add(at)).put::<true>(to.wrapping_add(at))
            }));
            last.from = from.wrapping_add(K * L * LINE);
            return;
        }
        for at in (0..left).step_by(LINE) {
            V::load_line(from.wrapping_add(at)).put::<true>(to.wrapping_add(at));
        }
        last.from = last.end;
        last.next();
    }
}
