//! Joining partial results two by two, for many outputs at once.
//!
//! Accumulators take up to 16 rows one after the other; then they are a leaf of the tree, and the list of partial
//! results is a binary counter: entry `k` covers `2^k` leaves. A sum of n rows goes through 16 + log2(n / 16) roundings
//! instead of n, whatever axis it runs over, and a list of partial results per output is all the memory it takes.

use core::alloc::Layout;
use core::mem::MaybeUninit;

use libstrided_layout::{Error, Result};

use super::kernel::{Kernel, LEAF, Runs};

/// Bytes that are kept on the stack.
const STACK: usize = 8192;

/// Memory for accumulators and partial results: on the stack when they are few.
pub(crate) struct Partials {
    stack: MaybeUninit<[u64; STACK / 8]>,
    heap: *mut u8,
    layout: Layout,
}

impl Partials {
    /// Memory for this many bytes.
    pub(crate) fn new(bytes: usize) -> Result<Partials> {
        let failed = Error::OutOfMemory { bytes };
        let layout = Layout::from_size_align(bytes.max(1), 64).map_err(|_| failed)?;
        let mut heap = core::ptr::null_mut();
        if bytes > STACK {
            // SAFETY: the size is not 0.
            heap = unsafe { std::alloc::alloc(layout) };
            if heap.is_null() {
                return Err(failed);
            }
        }
        Ok(Partials { stack: MaybeUninit::uninit(), heap, layout })
    }

    /// The memory, not initialised.
    pub(crate) fn as_mut_ptr(&mut self) -> *mut u8 {
        if self.heap.is_null() { self.stack.as_mut_ptr() as *mut u8 } else { self.heap }
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
pub(crate) struct Cascade<'a> {
    kernel: &'a Kernel,
    /// Bytes of an accumulator.
    size: usize,
    /// Accumulators of the tile.
    n: usize,
    /// Accumulators, then the list of partial results, `n` of `size` bytes each.
    memory: *mut u8,
    /// Rows that the accumulators have taken.
    rows: usize,
    /// Leaves in the list.
    leaves: u64,
}

impl<'a> Cascade<'a> {
    /// How many times the bytes of a tile are needed for this many rows.
    pub(crate) fn depth(rows: u64) -> usize {
        2 + (64 - (rows / LEAF as u64).leading_zeros()) as usize
    }

    /// An empty tree of `n` outputs.
    ///
    /// # Safety
    /// `memory` must be valid for reading and writing `depth(rows) * n * size` bytes for as many rows as come.
    pub(crate) unsafe fn new(kernel: &'a Kernel, size: usize, n: usize, memory: *mut u8) -> Cascade<'a> {
        let cascade = Cascade { kernel, size, n, memory, rows: 0, leaves: 0 };
        cascade.clear();
        cascade
    }

    fn clear(&self) {
        for i in 0..self.n {
            // SAFETY: the accumulators are the first `n` elements of the memory.
            unsafe {
                core::ptr::copy_nonoverlapping(
                    self.kernel.identity.as_ptr(),
                    self.memory.add(i * self.size),
                    self.size,
                );
            }
        }
    }

    fn level(&self, level: usize) -> *mut u8 {
        self.memory.wrapping_add((level + 1) * self.n * self.size)
    }

    /// Takes `rows` rows of `n` elements, `stride` bytes apart; elements after the first `n` of a tile keep their value.
    ///
    /// # Safety
    /// The rows must be valid for reading; `n` is at most that of the tile.
    pub(crate) unsafe fn take(&mut self, mut src: *const u8, mut rows: usize, stride: isize, n: usize) {
        while rows > 0 {
            if self.rows == LEAF {
                self.push();
            }
            let count = rows.min(LEAF - self.rows);
            // SAFETY: the next rows, as the caller vouches.
            unsafe {
                (self.kernel.rows)(&Runs { rows: count, n, src, stride, out: self.memory });
            }
            self.rows += count;
            rows -= count;
            src = src.wrapping_offset(stride * count as isize);
        }
    }

    /// Joins two tiles into the second one, the first coming first.
    fn join(&self, first: *mut u8, second: *const u8) {
        // SAFETY: two different tiles of the memory.
        unsafe {
            (self.kernel.rows)(&Runs { rows: 1, n: self.n, src: second, stride: 0, out: first });
        }
    }

    /// Makes a leaf of the accumulators and starts new ones.
    fn push(&mut self) {
        let bytes = self.n * self.size;
        let mut level = 0;
        let mut value: *mut u8 = self.memory;
        while self.leaves >> level & 1 == 1 {
            self.join(self.level(level), value);
            value = self.level(level);
            level += 1;
        }
        // SAFETY: two different tiles of the memory; entry `level` is empty, and there are as many as leaves need.
        unsafe { core::ptr::copy_nonoverlapping(value, self.level(level), bytes) };
        self.leaves += 1;
        self.rows = 0;
        self.clear();
    }

    /// Joins everything; the results are `n` elements at the address returned.
    pub(crate) fn finish(&mut self) -> *mut u8 {
        if self.leaves == 0 {
            return self.memory;
        }
        if self.rows > 0 {
            self.push();
        }
        let mut level = self.leaves.trailing_zeros() as usize;
        let mut value = self.level(level);
        level += 1;
        while level < 64 && self.leaves >> level != 0 {
            if self.leaves >> level & 1 == 1 {
                self.join(self.level(level), value);
                value = self.level(level);
            }
            level += 1;
        }
        value
    }
}
