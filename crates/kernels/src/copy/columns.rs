//! Transposes past the caches strip by strip: rows that have been put together in scratch go to columns of
//! the destination. What a strip leaves of a line is kept until the next one.

use super::arch;
use super::tile::{Across, AcrossFn, Soon, Way};
use crate::Level;
use crate::cache::LINE;

/// A way to write columns of items of one size.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    kernel: AcrossFn,
    item: usize,
}

/// Rows of some columns, on their way.
pub(super) struct Strip<'a> {
    /// The first item of the rows, and where each begins as seen from there.
    pub(super) src: *const u8,
    pub(super) rows: &'a [isize],
    /// The first item in the destination, and where each column goes on as seen from there.
    pub(super) dst: *mut u8,
    pub(super) columns: &'a [isize],
    /// Room for a line of each column: the same for all strips of these columns.
    pub(super) kept: *mut u8,
    /// Whether columns begin and end in this strip.
    pub(super) begins: bool,
    pub(super) ends: bool,
    /// What is to be brought near meanwhile.
    pub(super) soon: Soon<'a>,
}

impl Columns {
    /// Bytes of the destination that a strip has of a column, at most.
    const BYTES: usize = 4 * LINE;

    /// The way, if the level has vectors of a whole line.
    #[inline]
    pub(super) fn at(level: Level, item: usize) -> Option<Columns> {
        arch::across(level, item, Way::Past).map(|kernel| Columns { kernel, item })
    }

    /// Rows of a strip. Only the last one of some columns may have fewer.
    #[inline]
    pub(super) fn rows(self) -> usize {
        (Columns::BYTES / self.item).min(arch::MOST_ROWS)
    }

    /// Writes a strip. Other threads see it in order after [`super::Past::done`].
    ///
    /// # Safety
    /// Its items can be read, and written to places at multiples of their size, and do not overlap; it has rows
    /// and 16 bytes of columns, and follows the strip before. The level has not changed.
    #[inline]
    pub(super) unsafe fn write(self, strip: &Strip<'_>) {
        let tile = Across {
            src: strip.src,
            dst: strip.dst,
            rows: strip.rows,
            columns: strip.columns,
            ahead: 0,
            side: false,
            tall: arch::MOST_ROWS,
            windows: false,
            kept: strip.kept,
            begins: strip.begins,
            ends: strip.ends,
            soon: Some(strip.soon),
        };
        // SAFETY: the caller's promise.
        unsafe { (self.kernel)(&tile) }
    }
}
