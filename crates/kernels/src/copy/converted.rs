//! Transposes past the caches that convert on the way, for casts: as `streamed`, from rows of one dtype to columns of another.
//!
//! Rows are converted as they are read, so that reading, converting and writing go on together all the time, and nothing goes
//! through scratch. Each pair of dtypes has kernels of its own, so only those that are cast most have them.
//!
//! Measured on Zen 4, in shares of a plain streamed copy of as many bytes, against the conversion of pieces in scratch: 3000 x
//! 5000 f64 to f32 0.71 and 0.54, f32 to f64 0.7 and 0.5, u8 to f32 0.61 and 0.43, f16 to f32 0.61 and 0.33, f32 to u8 0.5 and
//! 0.35, i64 to f64 0.79 and 0.54; 4096 x 4096, by chunks of rows side by side, 0.55 to 0.7 and 0.43 to 0.59, but f32 to u8
//! 0.49 and 0.54, so bytes do not come here then. With rows where they are 0.15 to 0.4 there; with 4096 columns in a panel
//! 0.85 to 1.1 of this. A vector of several rows that is converted at once matters: u8 to f32 by lanes of 4 elements 0.45, f32
//! to u8 by what the compiler makes of a lane 0.08.

use crate::check;
use libstrided_layout::DType;

use super::arch::{self, MOST_ROWS};
use super::boxes::even_part;
use super::plan::Axis;
use super::room::Room;
use super::stage::ENTRIES;
use super::streamed::{CONFLICT, crowded};
use super::table::table;
use super::tile::{Across, AcrossFn};
use crate::Level;

/// Columns that are gone through strip by strip, at most, so that what strips keep of them stays in the second-level cache.
const PANEL: usize = 1024;

/// A way from rows of one dtype to columns of another.
pub(crate) struct Converted {
    kernel: AcrossFn,
    /// Whether rows are put side by side.
    side: bool,
    room: Room,
    /// Bytes per element.
    from: usize,
    to: usize,
}

impl Converted {
    /// Columns that a plane has at least.
    pub(crate) const LEAST: usize = 32;

    /// The way for a pair of dtypes and rows so many bytes apart. `None` where it has none, or there is no memory.
    pub(crate) fn new(from: DType, to: DType, apart: isize) -> Option<Converted> {
        let kernels = arch::converted(Level::current(), from, to)?;
        let side = conflict(apart);
        // Strips have no more than a line of each column then.
        if side && to.size() == 1 {
            return None;
        }
        let kernel = if side { kernels.wide } else { kernels.past };
        let [from, to] = [from, to].map(|dtype| dtype.size() as usize);
        Some(Converted { kernel, side, room: Room::new()?, from, to })
    }

    /// Writes `a.n` columns of `b.n` elements: packed along `a` in the source and along `b` in the destination. Other threads
    /// see them in order after [`super::Past::done`].
    ///
    /// # Safety
    /// Elements can be read, and written to places at multiples of their size, and do not overlap; there are
    /// [`Converted::LEAST`] columns or more, and a row; rows are as far apart as [`Converted::new`] was told. The level has not changed.
    pub(crate) unsafe fn run(&mut self, [a, b]: [Axis; 2], src: *const u8, dst: *mut u8) {
        let (tables, kept) = self.room.parts();
        let (row_room, column_room) = tables.split_at_mut(ENTRIES);
        let (wide, high) = (even_part(a.n, PANEL), even_part(b.n, ENTRIES));
        for j in (0..b.n).step_by(high) {
            for i in (0..a.n).step_by(wide) {
                let (m, n) = (high.min(b.n - j), wide.min(a.n - i));
                let axes = ([(m, b.s)].into_iter(), [(n, a.d)].into_iter());
                let (Some(rows), Some(columns)) = (table(row_room, axes.0), table(column_room, axes.1))
                else {
                    check(false, "a part is longer than its table");
                    return;
                };
                let down = b.s.wrapping_mul(j as isize);
                let tile = Across {
                    src: src.wrapping_offset(down).wrapping_add(i * self.from),
                    dst: dst.wrapping_offset(a.d.wrapping_mul(i as isize)).wrapping_add(j * self.to),
                    rows,
                    columns,
                    ahead: (n * self.from) as isize,
                    side: self.side,
                    tall: MOST_ROWS,
                    windows: false,
                    kept,
                    begins: true,
                    ends: true,
                    soon: None,
                };
                // SAFETY: a part of the plane, of 16 columns or more, with tables of its extent; room for a line of each column.
                unsafe { (self.kernel)(&tile) };
            }
        }
    }
}

/// Whether rows so many bytes apart fall into few sets of the first-level cache, with both lines that a piece of them may lie in.
fn conflict(apart: isize) -> bool {
    apart.unsigned_abs().is_multiple_of(CONFLICT)
        || crowded((0..MOST_ROWS as isize).map(|i| i.wrapping_mul(apart)))
}
