//! A caller's allocator: a table of C functions with a context.
//!
//! The table is copied into every block made with it, so each block is given back to the functions it came from, with
//! the size and the alignment it was asked for with, whatever table the next block uses.

use core::ffi::c_void;

use crate::{AllocError, Contents, Result};

/// Asks for `size` bytes at an address that `align` divides; NULL when there are none.
pub type AllocFn = unsafe extern "C" fn(ctx: *mut c_void, size: usize, align: usize) -> *mut c_void;

/// Takes back `p`, which was asked for with the same `size` and `align`.
pub type FreeFn = unsafe extern "C" fn(ctx: *mut c_void, p: *mut c_void, size: usize, align: usize);

/// A table of functions that give and take memory, laid out as the C struct `strided_allocator`.
///
/// The functions see the exact size that was asked for (the bookkeeping lives elsewhere), except that a block of no
/// bytes is asked for as one byte, since many allocators answer 0 with NULL. The alignment is a power of two from 64 to
/// 4096.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Allocator {
    /// Passed to every function, never looked at.
    pub ctx: *mut c_void,
    /// Gives memory with any contents. Required.
    pub alloc: Option<AllocFn>,
    /// Gives memory that reads as zeros. NULL stands for `alloc` followed by a fill with zeros.
    pub alloc_zeroed: Option<AllocFn>,
    /// Takes memory back, from any thread. Required.
    pub free: Option<FreeFn>,
}

impl Allocator {
    /// Whether the required functions are there.
    pub fn check(&self) -> Result<()> {
        self.required().map(|_| ())
    }

    fn required(&self) -> Result<(AllocFn, FreeFn)> {
        let missing = |missing| AllocError::IncompleteAllocator { missing };
        let alloc = self.alloc.ok_or(missing("alloc"))?;
        let free = self.free.ok_or(missing("free"))?;
        Ok((alloc, free))
    }

    /// Gets a block from the table.
    ///
    /// # Safety
    /// The functions must do what [`AllocFn`] and [`FreeFn`] say, for this `ctx`.
    pub(crate) unsafe fn obtain(&self, size: usize, align: usize, contents: Contents) -> Result<*mut u8> {
        let (alloc, free) = self.required()?;
        let zeroed_by_table = self.alloc_zeroed.filter(|_| contents == Contents::Zeroed);
        let function = zeroed_by_table.unwrap_or(alloc);
        // SAFETY: the caller vouches for the functions and their context.
        let p = unsafe { function(self.ctx, size, align) };
        if p.is_null() {
            return Err(AllocError::OutOfMemory { bytes: size });
        }
        if !p.addr().is_multiple_of(align) {
            // SAFETY: `p` came from this table with this size and alignment, and nobody else has seen it.
            unsafe { free(self.ctx, p, size, align) };
            let address = p.addr();
            return Err(AllocError::Misaligned { address, align });
        }
        if contents == Contents::Zeroed && zeroed_by_table.is_none() {
            // SAFETY: the allocator gave `size` bytes at `p`, which nobody else has seen.
            unsafe { p.write_bytes(0, size) };
        }
        Ok(p.cast())
    }

    /// Gives a block back to the table.
    ///
    /// # Safety
    /// `p` came from [`Allocator::obtain`] on an equal table with the same `size` and `align`, and is not used again.
    pub(crate) unsafe fn give_back(&self, p: *mut u8, size: usize, align: usize) {
        if let Some(free) = self.free {
            // SAFETY: the caller vouches for `p`; `obtain` gave nothing unless `free` was there.
            unsafe { free(self.ctx, p.cast(), size, align) };
        }
    }
}
