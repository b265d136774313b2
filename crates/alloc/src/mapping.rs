//! Mappings of their own for large blocks.
//!
//! The first touch of a fresh 4 KiB page costs several times the copy that fills it, so large blocks ask for huge pages.
//! They ask on their own mapping only: advice on heap memory would stay behind after the block is freed. Mappings begin
//! at a multiple of 2 MiB, and their length is one, so that every huge page belongs to one block alone.
//!
//! ```text
//!   |<------------------------- length: a multiple of 2 MiB ------------------------->|
//!   |<- nbytes ------------------------------------------------------->|   untouched   |
//!   |   huge page   |   huge page   |   huge page   |  huge page only if half used    |
//! ```

use core::ffi::c_void;

use crate::{AllocError, Result};

/// The size of a huge page, and the smallest block that gets a mapping of its own.
pub(crate) const HUGE: usize = 2 << 20;

/// A private anonymous mapping: `len` bytes from `base`, both multiples of [`HUGE`].
///
/// A plain value; whoever holds it last must [`Mapping::unmap`] it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) base: *mut u8,
    pub(crate) len: usize,
}

/// The length of a mapping that holds `nbytes` bytes.
pub(crate) fn mapping_len(nbytes: usize) -> Result<usize> {
    nbytes
        .checked_next_multiple_of(HUGE)
        .filter(|&len| len <= isize::MAX as usize - HUGE)
        .ok_or(AllocError::SizeOverflow { bytes: nbytes })
}

impl Mapping {
    /// A fresh mapping of zeros for `nbytes` bytes. No page of it is touched.
    pub(crate) fn new(nbytes: usize) -> Result<Mapping> {
        let len = mapping_len(nbytes)?;
        let failed = AllocError::OutOfMemory { bytes: len };
        // One huge page more than needed, so that an aligned range lies inside; then the ends are cut off. A kernel
        // that keeps account of memory has nothing to account for in the part that is cut off.
        let reserved = map_anonymous(len + HUGE).ok_or(failed)?;
        let before = reserved.addr().wrapping_neg() % HUGE;
        // SAFETY: `before` < HUGE, so `before + len` lies inside the `len + HUGE` bytes of the reservation.
        let base = unsafe { reserved.add(before) };
        // SAFETY: as above.
        let end = unsafe { base.add(len) };
        // SAFETY: both ranges are parts of the fresh reservation that nobody has seen, outside `base .. base + len`.
        unsafe {
            unmap_range(reserved, before);
            unmap_range(end, HUGE - before);
        }
        let mapping = Mapping { base, len };
        mapping.ask_for_huge_pages(nbytes);
        Ok(mapping)
    }

    /// Asks for huge pages where the data fills them, rounded to the nearest: a block's last huge page is worth its
    /// memory when at least half of it is used.
    #[cfg(target_os = "linux")]
    fn ask_for_huge_pages(&self, nbytes: usize) {
        let used = ((nbytes + HUGE / 2) / HUGE * HUGE).min(self.len);
        // SAFETY: the range lies inside the mapping; the advice changes no contents. A kernel without huge pages
        // answers with an error, which changes nothing either.
        unsafe { libc::madvise(self.base.cast(), used, libc::MADV_HUGEPAGE) };
    }

    #[cfg(not(target_os = "linux"))]
    fn ask_for_huge_pages(&self, _nbytes: usize) {}

    /// Gives the mapping back to the system.
    ///
    /// # Safety
    /// Nobody uses the memory again.
    pub(crate) unsafe fn unmap(self) {
        // SAFETY: the mapping is ours, and the caller vouches that nobody uses it.
        unsafe { unmap_range(self.base, self.len) };
    }
}

/// `len` bytes of anonymous private memory somewhere.
fn map_anonymous(len: usize) -> Option<*mut u8> {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let kind = libc::MAP_PRIVATE | libc::MAP_ANON;
    // SAFETY: without MAP_FIXED no existing mapping is touched.
    let base = unsafe { libc::mmap(core::ptr::null_mut(), len, access, kind, -1, 0) };
    if base == libc::MAP_FAILED { None } else { Some(base.cast()) }
}

/// Unmaps a range. The kernel refuses when cutting a neighbour off would take one mapping more than a process may have;
/// then at least the pages are given back.
///
/// # Safety
/// The range is ours and nobody uses it again.
unsafe fn unmap_range(base: *mut u8, len: usize) {
    if len == 0 {
        return;
    }
    let base: *mut c_void = base.cast();
    // SAFETY: the caller vouches for the range.
    if unsafe { libc::munmap(base, len) } != 0 {
        // SAFETY: the range is still mapped, and its contents are not needed.
        unsafe { libc::madvise(base, len, libc::MADV_DONTNEED) };
    }
}
