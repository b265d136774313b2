//! Blocks from libc's `malloc`, with the header in the same block.
//!
//! `posix_memalign` costs four to nine times a `malloc` in glibc, because only the latter has per-thread lists of freed
//! blocks. So a block is one `malloc` with some slack: the data begins at the first address that the alignment divides
//! and that leaves room for the header below it.

use core::ffi::c_void;
use core::ptr::NonNull;

use crate::header::{HEADER, Header, Origin};
use crate::{AllocError, Contents, Result, cache};

/// The alignment of `malloc`'s results: two words on every system that we know of.
const MALLOC_ALIGN: usize = 2 * size_of::<usize>();

/// A block of `nbytes` bytes; `align` is a power of two of at least [`HEADER`].
pub(crate) fn new_block(nbytes: usize, align: usize, contents: Contents) -> Result<NonNull<Header>> {
    // At least one byte of data, so that the data pointer of an empty block is inside its own block.
    let total = nbytes
        .max(1)
        .checked_add(HEADER + align - MALLOC_ALIGN)
        .filter(|&total| total <= isize::MAX as usize)
        .ok_or(AllocError::SizeOverflow { bytes: nbytes })?;
    let raw = raw_block(total, contents).ok_or(AllocError::OutOfMemory { bytes: total })?;
    let data_offset = (raw.addr().get() + HEADER).next_multiple_of(align) - raw.addr().get();
    // SAFETY: `raw` is aligned to MALLOC_ALIGN, so the offset is at most HEADER + align - MALLOC_ALIGN, and data and
    // header lie within the `total` bytes.
    let data: *mut u8 = unsafe { raw.cast::<u8>().add(data_offset) }.as_ptr();
    // SAFETY: the offset is at least HEADER.
    let header: NonNull<Header> = unsafe { raw.cast::<u8>().add(data_offset - HEADER) }.cast();
    let origin = Origin::Heap { raw: raw.as_ptr(), align: align as u16 };
    // SAFETY: the header lies in the new block, and is aligned since `align` and HEADER are multiples of its alignment.
    unsafe { header.write(Header::new(data, nbytes, origin)) };
    Ok(header)
}

/// `malloc` or `calloc`. Where it fails, the mappings kept for reuse are given back and it is asked once more.
fn raw_block(total: usize, contents: Contents) -> Option<NonNull<c_void>> {
    let ask = || {
        // SAFETY: both may be called with any size.
        NonNull::new(unsafe {
            match contents {
                Contents::Uninit => libc::malloc(total),
                Contents::Zeroed => libc::calloc(total, 1),
            }
        })
    };
    ask().or_else(|| if cache::trim(0) > 0 { ask() } else { None })
}
