//! Joining partial results two by two, for many outputs at once.
//!
//! Accumulators take up to 16 rows one after the other; then they are a leaf of the tree, and the list of partial
//! results is a binary counter: entry `k` covers `2^k` leaves. A sum of n rows goes through 16 + log2(n / 16) roundings
//! instead of n, whatever axis it runs over, and a list of partial results per output is all the memory it takes. Entries are
//! not moved: which part of the memory is which entry is a table.
//!
//! Where joining does not round there is no tree: one row of accumulators takes everything.

use core::alloc::Layout;
use core::mem::MaybeUninit;

use libstrided_layout::{Error, Result};

use super::across::FAR_TILE;
use super::fold::ROUNDING_LEAF;
use super::kernel::{Kernel, Narrow, Rows};
use crate::cpu::asks_in_advance;

/// Bytes that are kept on the stack.
pub(super) const STACK: usize = 8192;

/// Rows that are read side by side where they come from memory.
const STREAMS: usize = 8;

/// Rows that are read side by side where they are near, and are folded in a narrower type than the accumulators, which are
/// several times as large: these are read and written less often. (From memory that is slower than 8: too many streams.)
const WIDENING: usize = 64;

/// Rows that are a few lines long, in bytes from one to the next, and how many of them are read side by side.
const SHORT_ROW: usize = 512;
const FEW: usize = 4;

/// What the machine follows streams of memory in.
const PAGE: usize = 4096;

/// Memory on the stack for accumulators and partial results that are few. (A variable of its own: within a larger value that
/// begins with something it would be written in full, which takes longer than most small reductions.)
pub(super) type Stack = MaybeUninit<[u64; STACK / 8]>;

/// Memory for accumulators and partial results.
pub(super) struct Partials {
    heap: *mut u8,
    layout: Layout,
}

impl Partials {
    /// No memory yet.
    pub(super) fn new() -> Partials {
        Partials { heap: core::ptr::null_mut(), layout: Layout::new::<u8>() }
    }

    /// Memory for this many bytes, not initialised, on the stack when they fit; asked for once.
    pub(super) fn room(&mut self, bytes: usize, stack: &mut Stack) -> Result<*mut u8> {
        if bytes <= STACK {
            return Ok(stack.as_mut_ptr() as *mut u8);
        }
        let failed = Error::OutOfMemory { bytes };
        self.layout = Layout::from_size_align(bytes, 64).map_err(|_| failed)?;
        // SAFETY: the size is not 0.
        self.heap = unsafe { std::alloc::alloc(self.layout) };
        if self.heap.is_null() { Err(failed) } else { Ok(self.heap) }
    }
}

impl Drop for Partials {
    fn drop(&mut self) {
        if !self.heap.is_null() {
            // SAFETY: allocated in `new` with this layout, freed once.
            unsafe { std::alloc::dealloc(self.heap, self.layout) };
        }
    }
}

/// The tree of a tile of outputs.
pub(super) struct Cascade<'a> {
    kernel: &'a Kernel,
    /// Accumulators of the tile.
    n: usize,
    /// Rows of `n` accumulators: one that is being filled, and the list of partial results.
    memory: *mut u8,
    /// Which rows of the memory are free.
    free: u64,
    /// The row that is being filled.
    current: u8,
    /// The row of each entry of the list.
    entries: [u8; 64],
    /// Rows that the accumulators have taken.
    rows: usize,
    /// Leaves in the list.
    leaves: u64,
}

impl<'a> Cascade<'a> {
    /// How many times the bytes of a tile are needed for this many rows or leaves.
    pub(super) fn depth(rows: u64) -> usize {
        2 + (64 - rows.leading_zeros()) as usize
    }

    /// An empty tree of `n` outputs.
    ///
    /// # Safety
    /// `memory` must be valid for reading and writing `depth(rows)` times the bytes of `n` accumulators, for as many rows
    /// as come.
    pub(super) unsafe fn new(kernel: &'a Kernel, n: usize, memory: *mut u8) -> Cascade<'a> {
        Cascade { kernel, n, memory, free: !1, current: 0, entries: [0; 64], rows: 0, leaves: 0 }
    }

    fn row(&self, row: u8) -> *mut u8 {
        self.memory.wrapping_add(row as usize * self.n * self.kernel.size)
    }

    /// Takes `rows` rows of `n` elements, `step` apart, the rows `stride` bytes apart, and rows of a second operand;
    /// accumulators after the first `n` of a tile keep their value. So many rows at a time:
    ///
    /// ```text
    ///   near                                  16: the accumulators stay in registers
    ///   far, a page or more apart              8, and the next 8 are asked for: as many streams as the machine can follow;
    ///                                          into leaves first, where they are narrower than the accumulators
    ///   near, accumulators larger             64: they are read and written less often
    ///   far, several in a page                 1: the machine follows one stream in a page and fetches it in advance; or as those
    ///                                          a page apart where it is asked in advance
    ///   far, many in a page                    4, and the next 4 but 4 are asked for: the next row begins before it follows one
    /// ```
    ///
    /// (Zen 4, 4096 x 4096 of f64: 8 rows 1.0 of the read limit, 1 row 0.4 to 0.6; 65536 x 256: 1 row 0.9, more 0.3 to 0.7.
    /// Blocks of 40 x 24: 1 row 0.35, 4 rows 0.6. Columns of `i32`, 4096 x 4096: 16 rows 0.5, 8 rows 0.63. Emerald Rapids, rows of
    /// 64 to 512 f64: 8 rows 0.95 to 1.0, 1 row 0.7 to 0.85.)
    ///
    /// # Safety
    /// The rows must be valid for reading; `n` is at most that of the tile.
    pub(super) unsafe fn take(
        &mut self,
        (mut src, stride): (*const u8, isize),
        (mut second, second_stride): (*const u8, isize),
        mut rows: usize,
        (n, step): (usize, usize),
        far: bool,
    ) {
        let leaf = if self.kernel.tree { ROUNDING_LEAF } else { usize::MAX };
        let apart = stride.unsigned_abs() >= PAGE;
        let (most, ahead) = match (far, self.kernel.resumes) {
            (true, _) if apart => (STREAMS, STREAMS as isize),
            (true, true) if stride.unsigned_abs() <= SHORT_ROW => (FEW, 2 * FEW as isize),
            (true, true) if asks_in_advance() => (STREAMS, STREAMS as isize),
            (true, true) => (1, 0),
            (false, false) => (WIDENING, 0),
            _ => (ROUNDING_LEAF, 0),
        };
        let ahead = stride.wrapping_mul(ahead);
        if let Some(narrow) = &self.kernel.narrow
            && far
            && n == self.n
        {
            let fresh = self.rows == 0;
            self.rows = self.rows.max(1);
            // SAFETY: as the caller vouches.
            return unsafe { self.take_narrow(narrow, (src, stride), rows, (n, step), (most, ahead, fresh)) };
        }
        while rows > 0 {
            if self.rows == leaf {
                self.push();
            }
            let count = rows.min(leaf - self.rows).min(most);
            let out = self.row(self.current);
            let mut fresh = self.rows == 0;
            // SAFETY: the next rows, as the caller vouches, and a row of accumulators.
            unsafe {
                if fresh && n < self.n {
                    for i in 0..self.n {
                        (self.kernel.identity)(out.add(i * self.kernel.size));
                    }
                    fresh = false;
                }
                let rows =
                    Rows { rows: count, n, step, src, stride, second, second_stride, out, fresh, ahead };
                (self.kernel.rows)(&rows);
            }
            self.rows = self.rows.saturating_add(count).min(leaf);
            rows -= count;
            src = src.wrapping_offset(stride.wrapping_mul(count as isize));
            second = second.wrapping_offset(second_stride.wrapping_mul(count as isize));
        }
    }

    /// Takes rows by way of leaves, which are narrower than the accumulators and so are read and written in less time.
    /// (A function of its own, for its stack. Zen 4, columns of bytes from memory: 1.5 times as fast.)
    #[inline(never)]
    unsafe fn take_narrow(
        &mut self,
        narrow: &Narrow,
        (src, stride): (*const u8, isize),
        rows: usize,
        (n, step): (usize, usize),
        (most_rows, ahead, fresh): (usize, isize, bool),
    ) {
        let mut leaves = MaybeUninit::<[u64; FAR_TILE / 8]>::uninit();
        let leaves = leaves.as_mut_ptr() as *mut u8;
        let (second, second_stride) = (core::ptr::null(), 0);
        let out = self.row(self.current);
        let most = FAR_TILE / narrow.size;
        for at in (0..n).step_by(most) {
            let n = most.min(n - at);
            let src = src.wrapping_add(at * step * self.kernel.item);
            let out = out.wrapping_add(at * self.kernel.size);
            for first in (0..rows).step_by(narrow.most) {
                let end = rows.min(first + narrow.most);
                for row in (first..end).step_by(most_rows) {
                    let (rows, fresh) = (most_rows.min(end - row), row == first);
                    let src = src.wrapping_offset(stride.wrapping_mul(row as isize));
                    let out = leaves;
                    // SAFETY: some of the rows, as the caller vouches, and as many leaves as there is room for.
                    unsafe {
                        (narrow.rows)(&Rows {
                            rows,
                            n,
                            step,
                            src,
                            stride,
                            second,
                            second_stride,
                            out,
                            fresh,
                            ahead,
                        });
                    }
                }
                // SAFETY: the leaves, and as many accumulators.
                unsafe { (narrow.close)(out, leaves, n, fresh && first == 0) };
            }
        }
    }

    /// Where a leaf of the caller's is to be written, all of its accumulators, before [`Cascade::leaf`].
    pub(super) fn room(&self) -> *mut u8 {
        self.row(self.current)
    }

    /// Takes the accumulators at [`Cascade::room`] as a leaf.
    pub(super) fn leaf(&mut self) {
        self.push();
    }

    /// Joins two rows of the memory into the first one.
    fn join(&mut self, first: u8, second: u8) -> u8 {
        // SAFETY: two different rows of the memory.
        unsafe { (self.kernel.join)(self.row(first), self.row(second), self.n) };
        self.free |= 1 << second;
        first
    }

    /// Makes a leaf of the accumulators and starts new ones.
    fn push(&mut self) {
        let mut value = self.current;
        let mut level = 0;
        while self.leaves >> level & 1 == 1 {
            value = self.join(self.entries[level], value);
            level += 1;
        }
        self.entries[level] = value;
        self.leaves += 1;
        self.rows = 0;
        self.current = self.free.trailing_zeros() as u8;
        self.free &= !(1 << self.current);
    }

    /// Joins everything; the results are `n` accumulators at the address returned.
    pub(super) fn finish(&mut self) -> *mut u8 {
        if self.rows > 0 {
            if self.leaves == 0 {
                return self.row(self.current);
            }
            self.push();
        }
        let mut level = self.leaves.trailing_zeros() as usize;
        if level > 63 {
            return self.row(self.current);
        }
        let mut value = self.entries[level];
        level += 1;
        while level < 64 && self.leaves >> level != 0 {
            if self.leaves >> level & 1 == 1 {
                value = self.join(self.entries[level], value);
            }
            level += 1;
        }
        self.row(value)
    }
}
