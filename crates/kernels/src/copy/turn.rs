//! Transposes of many tiles of one array into scratch, for other kernels: what is the same for all of them is made once.
//! Columns may run backwards: they are then taken from their other end.

use crate::check;
use core::mem::MaybeUninit;

use super::arch::{self, MOST_ROWS};
use super::pack::pack2d;
use super::plan::Axis;
use super::plane;
use super::table::table;
use super::tile::{Plane, SquaredFn, Squares, Tile, TileFn};
use crate::Level;
use crate::cache::LINE;
use crate::cpu::asks_in_advance;

/// Most rows and columns of a tile.
const SIDE: usize = 256;

/// Rows this far apart or a multiple of it fall into few sets of the first-level cache, and those of items of up to so many bytes
/// are put side by side before they are read, by lanes. Vectors of whole lines read rows of larger items where they are: on Emerald
/// Rapids floats of an array that is read down and one that is read along the rows 0.62 of the limit, and 0.54 side by side.
const SAME_SET: usize = 2048;
const MOST_CROWDED: usize = 4;
const MOST_CROWDED_BY_LINES: usize = 2;

/// Tiles whose items are packed, or packed backwards, along the columns in the source, and packed along the rows in
/// scratch.
pub(crate) struct Turn {
    /// The kernels for a plane, which need none of the tables; none where rows are put side by side.
    squares: Option<&'static Squares>,
    kernel: Option<TileFn>,
    /// The kernel for tiles of whole squares, which are faster turned by whole lines on other machines than Zen 4: on Emerald Rapids 32 x
    /// 32 doubles 99 ns for 160, 64 x 64 floats 275 for 400, 128 x 128 bytes 500 for 740.
    squared: Option<SquaredFn>,
    item: usize,
    /// Bytes from column to column and from row to row in the source, and from column to column in scratch.
    along: isize,
    step: isize,
    pitch: usize,
    /// Fewer rows or columns are not worth a kernel.
    least: usize,
    rows: [MaybeUninit<isize>; SIDE],
    columns: [MaybeUninit<isize>; SIDE],
    count: (usize, usize),
    /// Room where rows are put side by side; null if they can be read where they are.
    side: *mut u8,
}

impl Turn {
    /// The most rows and columns that tiles can have.
    pub(crate) const MOST: usize = SIDE;

    /// Bytes of the room that [`Turn::set`] wants for rows of this many bytes.
    pub(crate) const fn side(row: usize) -> usize {
        MOST_ROWS * (row + 2 * LINE) + LINE
    }

    /// For no tiles: a place to [`set`](Self::set).
    pub(crate) const VACANT: Turn = Turn {
        squares: None,
        kernel: None,
        squared: None,
        item: 0,
        along: 0,
        step: 0,
        pitch: 0,
        least: 0,
        rows: [MaybeUninit::uninit(); SIDE],
        columns: [MaybeUninit::uninit(); SIDE],
        count: (0, 0),
        side: core::ptr::null_mut(),
    };

    /// Whether it has not been set.
    #[inline]
    pub(crate) fn is_vacant(&self) -> bool {
        self.item == 0
    }

    /// Bytes from column to column in scratch.
    #[inline]
    pub(crate) fn pitch(&self) -> usize {
        self.pitch
    }

    /// For tiles of up to `rows` rows, `step` bytes apart, of up to `columns` items of `item` bytes; the columns lie
    /// `pitch` bytes apart in scratch, and in the source packed or, if `backwards`, from the last to the first. In `side`
    /// is room for rows of so many items, see [`Turn::side`].
    pub(crate) fn set(
        &mut self,
        item: usize,
        backwards: bool,
        step: isize,
        pitch: usize,
        (rows, columns): (usize, usize),
        side: *mut u8,
    ) {
        let (along, across) = match backwards {
            true => (-(item as isize), -(pitch as isize)),
            false => (item as isize, pitch as isize),
        };
        let by_lines = Level::current() == Level::Avx512 && asks_in_advance();
        let most = if by_lines { MOST_CROWDED_BY_LINES } else { MOST_CROWDED };
        let crowded = step.unsigned_abs().is_multiple_of(SAME_SET) && item <= most;
        (self.item, self.along, self.step, self.pitch) = (item, along, step, pitch);
        self.least = 16 / item.clamp(1, 16);
        self.count = (rows.min(SIDE), columns.min(SIDE));
        self.side = if crowded { side } else { core::ptr::null_mut() };
        self.squared = if by_lines { arch::squared(Level::current(), item) } else { None };
        self.squares = if self.side.is_null() { arch::squares(Level::current(), item) } else { None };
        if self.squares.is_some() {
            return;
        }
        self.kernel = arch::transpose(Level::current(), item);
        let made = table(&mut self.rows, [(self.count.0, step)].into_iter()).is_some()
            && table(&mut self.columns, [(self.count.1, across)].into_iter()).is_some();
        check(made, "tables hold a side");
    }

    /// A tile as a plane.
    #[inline]
    fn plane(&self, src: *const u8, dst: *mut u8, rows: usize, columns: usize) -> Plane {
        let (item, pitch) = (self.item as isize, self.pitch as isize);
        let last = columns as isize - 1;
        let (src, dst, d) = match self.along < 0 {
            true => (src.wrapping_offset(last * self.along), dst.wrapping_offset(last * pitch), -pitch),
            false => (src, dst, pitch),
        };
        let (rows, columns) = (Axis { n: rows, s: self.step, d: item }, Axis { n: columns, s: item, d });
        Plane { src, dst, rows, columns, times: Axis::ONE }
    }

    /// Moves a tile of `rows` rows of `columns` items, no more than there may be.
    ///
    /// # Safety
    /// The items can be read at `src`, and be written in scratch, and do not overlap. The level has not changed.
    #[inline]
    pub(crate) unsafe fn run(&self, src: *const u8, dst: *mut u8, rows: usize, columns: usize) {
        if let Some(squared) = self.squared
            && ((rows | columns) * self.item).is_multiple_of(LINE)
            && self.along > 0
        {
            // SAFETY: the caller's promise; whole squares, and room for the rows of one at the side.
            return unsafe { squared(src, self.step, dst, self.pitch as isize, (rows, columns), self.side) };
        }
        if let Some(squares) = self.squares {
            let plane = self.plane(src, dst, rows, columns);
            // SAFETY: the caller's promise.
            return unsafe { plane::run(&plane, squares, self.item) };
        }
        let kernel = self.kernel.filter(|_| rows >= self.least && columns >= self.least);
        let Some(kernel) = kernel.filter(|_| rows <= self.count.0 && columns <= self.count.1) else {
            let item = self.item as isize;
            let axes = [
                Axis { n: columns, s: self.along, d: self.pitch as isize },
                Axis { n: rows, s: self.step, d: item },
            ];
            // SAFETY: the caller's promise.
            return unsafe { pack2d(axes, self.item, src, dst) };
        };
        let last = columns as isize - 1;
        let (src, dst) = match self.along < 0 {
            true => (src.wrapping_offset(last * self.along), dst.wrapping_offset(last * self.pitch as isize)),
            false => (src, dst),
        };
        // SAFETY: `set` has written as many entries.
        let (of_rows, of_columns) =
            unsafe { (self.rows[..rows].assume_init_ref(), self.columns[..columns].assume_init_ref()) };
        let tile = Tile {
            src,
            dst,
            rows: of_rows,
            columns: of_columns,
            even: (rows, columns),
            src_step: self.item as isize,
            dst_step: self.item as isize,
            item: self.item,
            lead: 0,
            ahead: 0,
            pack: self.side,
            times: Axis::ONE,
        };
        // SAFETY: the caller's promise; there are rows and columns enough, and room at the side.
        unsafe { kernel(&tile) };
    }
}
