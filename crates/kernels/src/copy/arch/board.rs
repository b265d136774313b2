//! What a strip has of the columns of a cell, on its way to the destination: see `beside`.

use super::across::Whole;
use super::beside::{Fill, Near};
use super::generic::each;
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::Across;

/// Rows of a strip, at most.
pub(super) const ROWS: usize = 128;

/// Bytes of the columns of a cell that a strip has, at most, with the line before each.
pub(super) const CELL: usize = 16 * (ROWS + LINE);

/// What a strip has of the columns of two cells: one is transposed while the other one is written. (And a line, which is loaded with
/// the last one.)
#[repr(align(64))]
pub(super) struct Board(pub(super) [u8; 2 * CELL + LINE]);

/// A cell on a board: where its columns lie, the first of them, and how many of them are not written.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    board: *const u8,
    a: usize,
    old: usize,
}

impl Cell {
    /// No cell.
    pub(super) const NONE: Cell = Cell { board: core::ptr::null(), a: 0, old: usize::MAX };

    /// Writes the columns, while lines that will be wanted are brought near, and to the side.
    ///
    /// # Safety
    /// As [`Write::column`], and as [`Fill::go_on`] for as many lines as are written if it is to `FILL`.
    #[inline(always)]
    pub(super) unsafe fn write<V: Whole, W: Write, const N: usize, const PARTS: usize, const FILL: bool>(
        self,
        out: &Out,
        near: &mut Near,
        fill: &mut Fill,
    ) {
        let mut lines = self.board.wrapping_add(LINE);
        let mut column = out.columns.wrapping_add(self.a);
        let mut kept = out.kept.wrapping_add(self.a * LINE);
        for j in 0..N {
            // SAFETY: the caller's promise.
            unsafe {
                near.go_on(j);
                if j >= self.old {
                    W::column::<V, N, PARTS>(out, out.dst.wrapping_offset(*column), lines, kept);
                }
                if FILL {
                    fill.go_on::<V>(PARTS);
                }
            }
            lines = lines.wrapping_add((PARTS + 1) * LINE);
            column = column.wrapping_add(1);
            kept = kept.wrapping_add(LINE);
        }
    }
}

/// Two boards in turn. What has just been stored can not yet be loaded in other pieces, as where a line of the destination begins in
/// the middle of two of the board; so it is written when the next cell is there.
pub(super) struct Turn {
    pub(super) out: Out,
    /// For the next cell, and for the one after it.
    pub(super) board: *mut u8,
    pub(super) other: *mut u8,
    pub(super) last: Cell,
}

impl Turn {
    /// Puts before each column what was kept of it, and returns the cell before this one.
    ///
    /// # Safety
    /// As [`Write::column`], for the cell on the board, whose first column is `a`.
    #[inline(always)]
    pub(super) unsafe fn go_on<V: Whole, W: Write, const N: usize, const PARTS: usize>(
        &mut self,
        a: usize,
        old: usize,
    ) -> Cell {
        let cell = Cell { board: self.board.cast_const(), a, old };
        if W::JOINS && self.out.kept_some {
            for j in 0..N {
                let kept = self.out.kept.wrapping_add((a + j) * LINE);
                // SAFETY: the strip before has kept a line of each column, as none that begin lines do; the board has room for it.
                unsafe { V::load_line(kept).store(self.board.wrapping_add(j * (PARTS + 1) * LINE)) };
            }
        }
        core::mem::swap(&mut self.board, &mut self.other);
        core::mem::replace(&mut self.last, cell)
    }
}

/// Puts a line of each column on the board.
///
/// # Safety
/// There is room.
#[inline(always)]
pub(super) unsafe fn put<V: Whole, const N: usize, const PARTS: usize>(
    board: *mut u8,
    part: usize,
    lines: [V; N],
) {
    // SAFETY: the caller's promise.
    unsafe {
        each!(N, j => lines[j].store(board.wrapping_add((j * (PARTS + 1) + 1 + part) * LINE)));
    }
}

/// Where what a strip has of the columns goes.
pub(super) struct Out {
    /// Where the columns begin, as seen from the first row of the strip in the first.
    columns: *const isize,
    dst: *mut u8,
    /// Room for a line per column.
    kept: *mut u8,
    /// Rows until the end of the columns, and whether these are the first.
    left: usize,
    begins: bool,
    /// Whether there is a line of each column that the strip before has kept, and that is wanted.
    kept_some: bool,
}

impl Out {
    #[inline(always)]
    pub(super) fn new(t: &Across<'_>, b: usize, size: usize, aligned: bool) -> Self {
        Out {
            columns: t.columns.as_ptr(),
            dst: t.dst.wrapping_add(b * size),
            kept: t.kept,
            left: t.rows.len() - b,
            begins: b == 0,
            kept_some: b > 0 && !aligned,
        }
    }
}

/// A way of writing what a strip has of a column.
pub(super) trait Write {
    /// Whether it wants what the strip before has kept.
    const JOINS: bool;

    /// Writes it.
    ///
    /// # Safety
    /// As [`super::beside::beside`]; `lines` are the items of a column of the strip, which go to `to`, with anything after the last one, and before
    /// them is the last line of the strip before, if there is one; `kept` is the room for what is left. What else a way asks for it
    /// says.
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(
        out: &Out,
        to: *mut u8,
        lines: *const u8,
        kept: *mut u8,
    );
}

/// For whole strips whose columns begin lines.
pub(super) struct Plain;

impl Write for Plain {
    const JOINS: bool = false;

    #[inline(always)]
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(
        _: &Out,
        to: *mut u8,
        lines: *const u8,
        _: *mut u8,
    ) {
        // SAFETY: lines of the column.
        unsafe {
            for part in 0..PARTS {
                V::load_line(lines.wrapping_add(part * LINE)).put::<true>(to.wrapping_add(part * LINE));
            }
        }
    }
}

/// For whole strips that are neither the first nor the last.
pub(super) struct Inside;

impl Write for Inside {
    const JOINS: bool = true;

    #[inline(always)]
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(
        _: &Out,
        to: *mut u8,
        lines: *const u8,
        kept: *mut u8,
    ) {
        let into = phase(to);
        let to = to.wrapping_sub(into);
        // SAFETY: lines of the column, all of whose items are there.
        unsafe {
            for part in 0..PARTS {
                let line = V::load_line(lines.wrapping_sub(into).wrapping_add(part * LINE));
                line.put::<true>(to.wrapping_add(part * LINE));
            }
            V::load_line(lines.wrapping_add((PARTS - 1) * LINE)).store(kept);
        }
    }
}

/// For all strips.
pub(super) struct Ends;

impl Write for Ends {
    const JOINS: bool = true;

    #[inline(always)]
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(
        out: &Out,
        to: *mut u8,
        lines: *const u8,
        kept: *mut u8,
    ) {
        let (per, size) = (4 * N, 16 / N);
        let goes_on = out.left > PARTS * per;
        let (into, skip) = (phase(to), phase(to) / size);
        let to = to.wrapping_sub(into);
        // Items until the end of the column, or of the lines that are complete.
        let end = if goes_on { PARTS * per } else { skip + out.left };
        // SAFETY: items of the column; whole lines have no others. If it goes on, the next strip finds the last line. What is loaded
        // before the first item and after the last one lies on the board.
        unsafe {
            for part in 0..PARTS + 1 {
                let from = if part == 0 && out.begins { skip } else { 0 };
                let until = end.saturating_sub(part * per).min(per);
                let line = V::load_line(lines.wrapping_sub(into).wrapping_add(part * LINE));
                let to = to.wrapping_add(part * LINE);
                if from == 0 && until == per {
                    line.put::<true>(to);
                } else if from < until {
                    line.store_some::<N>(to, from, until);
                }
            }
            if goes_on {
                V::load_line(lines.wrapping_add((PARTS - 1) * LINE)).store(kept);
            }
        }
    }
}
