//! Positions in a few columns of many rows: so many rows are taken as one that it fills vectors.
//!
//! ```text
//! rows      a0 b0 c0 | a1 b1 c1 | a2 b2 c2 | a3 b3 c3 | ...
//! wide      a0 b0 c0 a1 b1 c1                                held against
//!           a2 b2 c2 a3 b3 c3                                each other: a strip of its columns is a vector
//! in the end the best of a0, a2, .. and of a1, a3, .. against each other
//! ```
//!
//! Rows that are not one behind the other are brought together first.
//!
//! Measured on Emerald Rapids, 15000 x 4 elements, against columns one by one: `f32` 19 times as fast, `u8` 26 times, `f64`, of which
//! four made a strip before, 2.5 times.

use super::search::RowBlock;
use super::{Finder, IN, SCRATCH, TILE};
use crate::relocate::Step;
use libstrided_layout::nest::Loop;

/// Rows that are worth it, in those that are taken as one.
const LEAST: usize = 4;

impl Finder {
    /// How many of `extent` rows of `n` elements are to be taken as one; none where that is not worth it.
    pub(super) fn rows_in_one(&self, extent: usize, n: usize) -> Option<usize> {
        let [most, least] = self.how.search.strips;
        // Strips are powers of two.
        let mut rows = least >> n.trailing_zeros().min(least.trailing_zeros());
        while rows * n < most {
            rows *= 2;
        }
        let fits = rows * n <= TILE.min(SCRATCH / self.how.size.max(self.how.item));
        (2 * n <= most && extent >= LEAST * rows && fits).then_some(rows)
    }

    /// Holds `extent` rows of `n` elements against each other, `in_one` of them at a time; the indices are at the address returned.
    ///
    /// # Safety
    /// All of the elements can be read; `memory` has room for as many of a tile.
    pub(super) unsafe fn narrow_rows(
        &mut self,
        src: *const u8,
        [extent, in_one]: [usize; 2],
        stride: isize,
        inner: &Loop<2>,
        n: usize,
        memory: *mut u8,
    ) -> *const u8 {
        let (index, best) = (memory, memory.wrapping_add(TILE * 8));
        let (wide, size) = (n * in_one, self.how.size);
        let packed = inner.strides[IN] == self.how.item as i64 && stride == (n * self.how.item) as isize;
        let at_once = match packed && self.how.widen.is_none() {
            true => self.how.search.rows_at_once,
            false => (self.capacity() / wide).clamp(1, self.how.search.rows_at_once),
        };
        let whole = extent / in_one * in_one;
        for first in (0..whole).step_by(at_once * in_one) {
            let rows = (whole - first).min(at_once * in_one);
            // SAFETY: as the caller vouches: these rows, which fit into scratch if they go there.
            unsafe {
                let src = self.some_rows(src, first, rows, stride, inner, n);
                let (rows, first) = (rows / in_one, (first / in_one) as i64);
                let stride = (wide * size) as isize;
                (self.how.search.rows)(&RowBlock {
                    src,
                    stride,
                    rows,
                    n: wide,
                    first,
                    best,
                    index,
                    ahead: 0,
                });
            }
        }
        let index = index.cast::<i64>();
        // SAFETY: the best elements and their indices, of which there are `wide`; then the rows that are left.
        unsafe {
            for at in 0..wide {
                let row = index.add(at).read() * in_one as i64 + (at / n) as i64;
                index.add(at).write(row);
                if at >= n {
                    self.hold(best.add(at * size), row, best.add(at % n * size), index.add(at % n));
                }
            }
            if whole < extent {
                let src = self.some_rows(src, whole, extent - whole, stride, inner, n);
                for at in 0..(extent - whole) * n {
                    let row = (whole + at / n) as i64;
                    self.hold(src.add(at * size), row, best.add(at % n * size), index.add(at % n));
                }
            }
        }
        memory
    }

    /// Rows from `first` on, one behind the other.
    unsafe fn some_rows(
        &mut self,
        src: *const u8,
        first: usize,
        rows: usize,
        stride: isize,
        inner: &Loop<2>,
        n: usize,
    ) -> *const u8 {
        let src = src.wrapping_offset(first as isize * stride);
        let outer = Step { n: rows, src: stride, dst: 0 };
        // SAFETY: as the caller vouches, who asks for no more than fits.
        unsafe { self.contiguous(&mut [outer, Step { n, src: inner.strides[IN] as isize, dst: 0 }], src) }
    }

    /// Holds an element against the best one.
    unsafe fn hold(&self, x: *const u8, row: i64, best: *mut u8, index: *mut i64) {
        // SAFETY: elements and an index, as the caller vouches.
        unsafe {
            let order = (self.how.search.compare)(x, best);
            if order > 0 || order == 0 && row < index.read() {
                core::ptr::copy(x, best, self.how.size);
                index.write(row);
            }
        }
    }
}
