//! The handle: one share in a block.

use core::ffi::c_void;
use core::ptr::NonNull;
use core::sync::atomic::Ordering;

use crate::header::{HEADER, Header, Origin, Room, free_room};
use crate::mapping::{HUGE, Mapping, mapping_len};
use crate::{AllocError, Allocator, Contents, Result, cache, heap};

/// Tells the owner of foreign memory that nobody uses it any more. Called from any thread.
pub type ReleaseFn = unsafe extern "C" fn(ctx: *mut c_void);

/// The alignment of every block unless a larger one is asked for.
pub const DEFAULT_ALIGN: usize = HEADER;

/// The largest alignment that can be asked for.
pub const MAX_ALIGN: usize = 4096;

/// From this many bytes on a block gets a mapping of its own.
pub const LARGE_BLOCK: usize = HUGE;

/// More shares than this are not counted: see [`Memory::try_clone`].
const MAX_SHARES: usize = isize::MAX as usize;

/// A share in a block of memory. The last share that is dropped gives the block back, from whatever thread.
///
/// Cloning and dropping are one atomic operation each. The handle says nothing about who may read or write the bytes:
/// that is the business of the views over it.
pub struct Memory(NonNull<Header>);

// SAFETY: the header is immutable but for its atomic counter, and the functions that give a block back may be called
// from any thread: libc's may, and the constructors that take others demand it.
unsafe impl Send for Memory {}
// SAFETY: as above; a shared handle gives out numbers, an address and, atomically, further shares.
unsafe impl Sync for Memory {}

impl Memory {
    /// A block of the library's own. `align` is a power of two from 64 to 4096; `nbytes` may be 0.
    pub fn new(nbytes: usize, align: usize, contents: Contents) -> Result<Memory> {
        check_align(align)?;
        if nbytes < LARGE_BLOCK {
            heap::new_block(nbytes, align, contents).map(Memory)
        } else {
            Memory::new_mapped(nbytes, contents)
        }
    }

    fn new_mapped(nbytes: usize, contents: Contents) -> Result<Memory> {
        let len = mapping_len(nbytes)?;
        let room = Room::new()?;
        // A kept mapping holds what its last user left there.
        let kept = match contents {
            Contents::Uninit => cache::take(len),
            Contents::Zeroed => None,
        };
        let mapping = match kept {
            Some(mapping) => mapping,
            None => Mapping::new(nbytes)
                .or_else(|error| if cache::trim(0) > 0 { Mapping::new(nbytes) } else { Err(error) })?,
        };
        let header = Header::new(mapping.base, nbytes, Origin::Mapped { mapping });
        Ok(Memory(room.fill(header)))
    }

    /// A block from the caller's allocator, which is remembered and gets it back with the same size and alignment.
    ///
    /// # Safety
    /// Until the last share is gone, from any thread and with the table's `ctx`: `alloc` and `alloc_zeroed` return NULL
    /// or an address where `size` bytes can be read and written until `free` takes them back; what `alloc_zeroed`
    /// returns reads as zeros. None of them unwinds.
    pub unsafe fn new_with(
        allocator: &Allocator,
        nbytes: usize,
        align: usize,
        contents: Contents,
    ) -> Result<Memory> {
        check_align(align)?;
        allocator.check()?;
        if nbytes > isize::MAX as usize {
            return Err(AllocError::SizeOverflow { bytes: nbytes });
        }
        let room = Room::new()?;
        // SAFETY: the caller vouches for the functions.
        let data = unsafe { allocator.obtain(caller_size(nbytes), align, contents) }?;
        let origin = Origin::Caller { table: *allocator, align: align as u16 };
        Ok(Memory(room.fill(Header::new(data, nbytes, origin))))
    }

    /// A share in memory that belongs to somebody else: `release(ctx)` is called once, when the last share goes.
    /// When this function fails, `release` is not called. `data` may be NULL when `nbytes` is 0.
    ///
    /// # Safety
    /// Until `release` is called, the `nbytes` bytes from `data` stay where they are. `release`, if given, may be called
    /// from any thread, and does not unwind.
    pub unsafe fn adopt(
        data: *mut u8,
        nbytes: usize,
        release: Option<ReleaseFn>,
        ctx: *mut c_void,
    ) -> Result<Memory> {
        if data.is_null() && nbytes > 0 {
            return Err(AllocError::NullPointer { bytes: nbytes });
        }
        let fits = nbytes <= isize::MAX as usize && data.addr().checked_add(nbytes).is_some();
        if !fits {
            return Err(AllocError::SizeOverflow { bytes: nbytes });
        }
        let room = Room::new()?;
        let origin = Origin::Foreign { release, ctx };
        Ok(Memory(room.fill(Header::new(data, nbytes, origin))))
    }

    #[inline]
    fn header(&self) -> &Header {
        // SAFETY: the header lives while there is a share, and `self` is one.
        unsafe { self.0.as_ref() }
    }

    /// The address of the first byte. It is NULL only for foreign memory of no bytes.
    #[inline]
    pub fn as_ptr(&self) -> *mut u8 {
        self.header().data
    }

    /// How many bytes were asked for.
    #[inline]
    pub fn nbytes(&self) -> usize {
        self.header().nbytes
    }

    /// The alignment that was asked for, or, for large blocks and foreign memory, the one that the address happens to
    /// have (at most 4096; 1 for a NULL pointer).
    pub fn align(&self) -> usize {
        match self.header().origin {
            Origin::Heap { align, .. } | Origin::Caller { align, .. } => align as usize,
            Origin::Mapped { .. } => MAX_ALIGN,
            Origin::Foreign { .. } => match self.as_ptr().addr() {
                0 => 1,
                address => 1 << address.trailing_zeros().min(MAX_ALIGN.trailing_zeros()),
            },
        }
    }

    /// The caller's allocator that the block came from, if it did.
    pub fn allocator(&self) -> Option<Allocator> {
        match self.header().origin {
            Origin::Caller { table, .. } => Some(table),
            _ => None,
        }
    }

    /// How many shares there are. Other threads may change the number at any moment.
    #[inline]
    pub fn shares(&self) -> usize {
        self.header().shares.load(Ordering::Relaxed)
    }

    /// Whether this is the only share. If so, and nobody else can clone this handle meanwhile, then all that others did
    /// with the memory through their shares has happened before.
    #[inline]
    pub fn is_unique(&self) -> bool {
        // Acquire pairs with the release in `drop`.
        self.header().shares.load(Ordering::Acquire) == 1
    }

    /// Whether both handles are shares in the same block.
    #[inline]
    pub fn same_block(&self, other: &Memory) -> bool {
        self.0 == other.0
    }

    /// Another share, or [`AllocError::TooManyShares`] where the counter is at its end. Only a program that forgets
    /// shares by the billion gets there.
    #[inline]
    pub fn try_clone(&self) -> Result<Memory> {
        // Stops one short of the end: only `clone` gets there, and the count stays there for good.
        let next = |n: usize| (n < MAX_SHARES - 1).then_some(n + 1);
        // Relaxed: the new share is passed on by whoever holds this one.
        let count = &self.header().shares;
        match count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) {
            Ok(_) => Ok(Memory(self.0)),
            Err(_) => Err(AllocError::TooManyShares),
        }
    }
}

impl Clone for Memory {
    /// Another share. Where [`Memory::try_clone`] would refuse, the count sticks at its end: the block is then never
    /// given back, which is the only safe answer that is no error.
    #[inline]
    fn clone(&self) -> Memory {
        let next = |n: usize| (n < MAX_SHARES).then_some(n + 1);
        let count = &self.header().shares;
        // An error means that the count is stuck already.
        let _ = count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        Memory(self.0)
    }
}

impl Drop for Memory {
    #[inline]
    fn drop(&mut self) {
        let previous = |n: usize| (n < MAX_SHARES).then(|| n - 1);
        let count = &self.header().shares;
        // Release: what this share did with the memory comes before the block is given back.
        if count.fetch_update(Ordering::Release, Ordering::Relaxed, previous) == Ok(1) {
            // Pairs with the release of every other share. A load, where a fence would do, since ThreadSanitizer knows
            // nothing of fences.
            count.load(Ordering::Acquire);
            // SAFETY: the count went from 1 to 0: this was the last share, and no new one can be made.
            unsafe { give_back(self.0) };
        }
    }
}

impl core::fmt::Debug for Memory {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Memory")
            .field("data", &self.as_ptr())
            .field("nbytes", &self.nbytes())
            .field("align", &self.align())
            .field("shares", &self.shares())
            .finish()
    }
}

/// Gives a block back to where it came from.
///
/// # Safety
/// No share is left.
unsafe fn give_back(header: NonNull<Header>) {
    // SAFETY: the header is alive until it is freed below.
    let Header { data, nbytes, origin, .. } = unsafe { header.read() };
    if let Origin::Heap { raw, .. } = origin {
        // SAFETY: `raw` is the `malloc` that holds data and header.
        unsafe { libc::free(raw) };
        return;
    }
    // The caller's functions come last, so that nothing of ours is pending while they run.
    // SAFETY: headers of all other origins were made by `Room::fill`.
    unsafe { free_room(header) };
    match origin {
        Origin::Heap { .. } | Origin::Foreign { release: None, .. } => {}
        // SAFETY: the mapping was this block's alone.
        Origin::Mapped { mapping } => unsafe { cache::put(mapping) },
        Origin::Caller { table, align } => {
            // SAFETY: these are the size and alignment that `new_with` asked this table for.
            unsafe { table.give_back(data, caller_size(nbytes), align as usize) }
        }
        Origin::Foreign { release: Some(release), ctx } => {
            // SAFETY: `adopt`'s caller vouched for the function.
            unsafe { release(ctx) }
        }
    }
}

/// What a caller's allocator is asked for: never 0 bytes, which many answer with NULL.
fn caller_size(nbytes: usize) -> usize {
    nbytes.max(1)
}

fn check_align(align: usize) -> Result<()> {
    if align.is_power_of_two() && (DEFAULT_ALIGN..=MAX_ALIGN).contains(&align) {
        Ok(())
    } else {
        Err(AllocError::BadAlignment { align })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_at_its_end_is_refused_and_then_sticks() {
        let memory = Memory::new(8, 64, Contents::Zeroed).expect("8 bytes");
        memory.header().shares.store(MAX_SHARES - 2, Ordering::Relaxed);
        let last = memory.try_clone().expect("one below the end");
        assert_eq!(memory.try_clone().err(), Some(AllocError::TooManyShares));
        let beyond = memory.clone();
        drop(last);
        drop(beyond);
        assert_eq!(memory.shares(), MAX_SHARES, "a stuck count does not go down");
        memory.header().shares.store(1, Ordering::Relaxed);
    }
}
