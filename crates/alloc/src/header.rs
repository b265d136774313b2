//! The bookkeeping of one block: who holds it, where it is, where it came from.
//!
//! A header is 64 bytes. Blocks from the heap carry it in the same `malloc`, right below the data; all others have a
//! small `malloc` of their own for it, so that their data begins where the mapping, the caller's block or the foreign
//! memory begins.

use core::ffi::c_void;
use core::ptr::NonNull;
use core::sync::atomic::AtomicUsize;

use crate::mapping::Mapping;
use crate::{AllocError, Allocator, ReleaseFn, Result};

/// The bookkeeping of one block.
pub(crate) struct Header {
    /// How many [`crate::Memory`] handles hold the block.
    pub(crate) shares: AtomicUsize,
    pub(crate) data: *mut u8,
    pub(crate) nbytes: usize,
    pub(crate) origin: Origin,
}

/// Where a block came from, with what it takes to give it back.
#[derive(Clone, Copy)]
pub(crate) enum Origin {
    /// One `malloc` that holds slack, header and data.
    Heap {
        /// What `malloc` returned.
        raw: *mut c_void,
        align: u16,
    },
    /// A mapping of its own.
    Mapped { mapping: Mapping },
    /// The caller's allocator.
    Caller { table: Allocator, align: u16 },
    /// Memory of somebody else, who is told when the last share goes.
    Foreign { release: Option<ReleaseFn>, ctx: *mut c_void },
}

/// Bytes that a header takes; also the smallest alignment of a block, so that header and data can be neighbours.
pub(crate) const HEADER: usize = 64;

const _: () = assert!(size_of::<Header>() <= HEADER);

impl Header {
    pub(crate) fn new(data: *mut u8, nbytes: usize, origin: Origin) -> Header {
        Header { shares: AtomicUsize::new(1), data, nbytes, origin }
    }
}

/// Room for a header in a small block of its own; given back when dropped, unless it was used.
pub(crate) struct Room(NonNull<Header>);

impl Room {
    pub(crate) fn new() -> Result<Room> {
        // SAFETY: `malloc` may be called with any size.
        let raw = unsafe { libc::malloc(HEADER) };
        match NonNull::new(raw.cast()) {
            Some(room) => Ok(Room(room)),
            None => Err(AllocError::OutOfMemory { bytes: HEADER }),
        }
    }

    /// Writes the header, which takes the room over: [`free_room`] gives it back.
    pub(crate) fn fill(self, header: Header) -> NonNull<Header> {
        let room = self.0;
        core::mem::forget(self);
        // SAFETY: the room is ours, holds `HEADER` bytes (enough for a header) and has `malloc`'s alignment.
        unsafe { room.write(header) };
        room
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // SAFETY: the room came from `malloc` and was not passed on, since `fill` forgets `self`.
        unsafe { libc::free(self.0.as_ptr().cast()) };
    }
}

/// Gives back the room of a header that was written by [`Room::fill`].
///
/// # Safety
/// `header` came from [`Room::fill`] and is not used again.
pub(crate) unsafe fn free_room(header: NonNull<Header>) {
    drop(Room(header));
}
