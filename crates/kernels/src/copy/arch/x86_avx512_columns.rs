//! Columns past the caches, one line of each at a time from registers, with AVX-512: as long as all begin equally far into a line, nothing
//! needs a stage.
//!
//! Measured on Emerald Rapids, 64 MB of records of 2 to 7 items of 4 and 8 bytes, against a stage of four lines of each column: 1.1 to
//! 1.25 times as fast.

use super::across::Whole;
use super::x86_avx512::Avx512;
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::Woven;

/// Where columns of items of `16 / N` bytes begin. `ALIGNED` ones begin a line.
#[derive(Clone, Copy)]
pub(super) struct Columns<const N: usize, const ALIGNED: bool> {
    /// The line in which the first one begins, and the items of that before it.
    line: *mut u8,
    skip: usize,
    /// From column to column, in bytes.
    step: isize,
}

/// Whether columns begin at multiples of the item, and equally far into a line, wherever that is.
#[inline(always)]
pub(super) fn alike(w: &Woven<'_>, item: usize) -> bool {
    w.deal && w.dst.addr().is_multiple_of(item) && w.fields.d.unsigned_abs().is_multiple_of(LINE)
}

impl<const N: usize, const ALIGNED: bool> Columns<N, ALIGNED> {
    #[inline(always)]
    pub(super) fn new(w: &Woven<'_>) -> Self {
        let into = phase(w.dst);
        Columns { line: w.dst.wrapping_sub(into), skip: into / (16 / N), step: w.fields.d }
    }

    /// Writes the line with this number of a column, once `kept`, the one before it, fills what is before it there; it is kept then.
    ///
    /// # Safety
    /// The items of both belong to the column. The CPU has AVX-512.
    #[inline(always)]
    pub(super) unsafe fn put(self, column: usize, number: usize, kept: &mut Avx512, line: Avx512) {
        let to = self.at(column, number);
        // SAFETY: the caller's promise; the first line only has some items of the column where it does not begin one.
        unsafe {
            if ALIGNED {
                return line.put::<true>(to);
            }
            let joined = Avx512::join::<N>(*kept, line, self.skip);
            if number == 0 {
                joined.store_some::<N>(to, self.skip, 4 * N);
            } else {
                joined.put::<true>(to);
            }
            *kept = line;
        }
    }

    /// Writes what is left of a column of so many lines.
    ///
    /// # Safety
    /// As [`Columns::put`].
    #[inline(always)]
    pub(super) unsafe fn finish(self, column: usize, lines: usize, kept: Avx512) {
        if !ALIGNED && lines > 0 {
            let to = self.at(column, lines);
            // SAFETY: the caller's promise.
            unsafe { Avx512::join::<N>(kept, kept, self.skip).store_some::<N>(to, 0, self.skip) };
        }
    }

    #[inline(always)]
    fn at(self, column: usize, number: usize) -> *mut u8 {
        self.line.wrapping_offset(self.step.wrapping_mul(column as isize)).wrapping_add(number * LINE)
    }
}
