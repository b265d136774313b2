//! Writing past the caches for other kernels: results that are put together in scratch and will not be read soon.

use super::arch;
use super::tile::Flush;
use super::tune::Tuning;
use crate::Level;

/// A way to write past the caches.
#[derive(Clone, Copy)]
pub(crate) struct Past(super::tile::FlushFn);

impl Past {
    /// The way for a result of this many bytes; none when it is small enough for the caches to be of use, or the machine
    /// has no such stores.
    #[inline]
    pub(crate) fn caches(bytes: usize) -> Option<Past> {
        if bytes < Tuning::auto(1).stream_from {
            return None;
        }
        arch::flush(Level::current()).map(Past)
    }

    /// The same whatever the size.
    #[cfg(test)]
    pub(crate) fn always() -> Option<Past> {
        arch::flush(Level::current()).map(Past)
    }

    /// Writes packed bytes, in whole lines where there are whole ones. They are seen by other threads in order only after
    /// [`Past::done`].
    ///
    /// # Safety
    /// `bytes` bytes can be read at `src` and written at `dst`, and do not overlap. The level has not changed.
    #[inline]
    pub(crate) unsafe fn write(self, src: *const u8, dst: *mut u8, bytes: usize) {
        // SAFETY: the caller's promise.
        unsafe { (self.0)(&Flush::block(src, dst, bytes)) }
    }

    /// Writes the rows of a box, which follow those of the box before.
    ///
    /// # Safety
    /// Each row lies in the stage, a line or more of which belongs to it alone, as far behind the start of a line as it
    /// belongs behind one; before it, unless the box begins the rows, is what this function left there. It can be written.
    #[inline]
    pub(crate) unsafe fn write_rows(self, rows: &Rows<'_>) {
        let flush = Flush {
            from: rows.stage,
            pitch: rows.pitch,
            to: rows.to,
            runs: rows.places,
            run: rows.bytes,
            phased: true,
            begins: rows.begins,
            ends: rows.ends,
            ahead: rows.ahead,
            ahead_bytes: rows.ahead_bytes,
            next: rows.next,
            lead: 0,
        };
        // SAFETY: the caller's promise.
        unsafe { (self.0)(&flush) }
    }

    /// Ends a series of writes.
    #[inline]
    pub(crate) fn done(self) {
        arch::fence();
    }
}

/// The rows of a box on their way past the caches.
pub(crate) struct Rows<'a> {
    /// Where the rows are: at the start of a line, and bytes from row to row, whole lines.
    pub(crate) stage: *mut u8,
    pub(crate) pitch: usize,
    /// Where they belong: the first one, and each as seen from there.
    pub(crate) to: *mut u8,
    pub(crate) places: &'a [isize],
    /// Bytes of a row.
    pub(crate) bytes: usize,
    /// Whether the box has the first bytes of the rows of the whole, and the last.
    pub(crate) begins: bool,
    pub(crate) ends: bool,
    /// What is to be brought near meanwhile: runs of bytes as seen from an address.
    pub(crate) ahead: &'a [isize],
    pub(crate) ahead_bytes: usize,
    pub(crate) next: *const u8,
}
