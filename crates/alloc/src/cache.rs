//! Freed large mappings, kept for reuse.
//!
//! A program that computes `c = a + b` in a loop frees a result and asks for the next one of the same size. Unmapping
//! and mapping costs far more than the copy: every page is faulted in and cleared again. So a freed mapping is put into
//! a ring of [`SLOTS`] and handed out again, with whatever it holds, to the next request that it fits (blocks that must
//! read as zeros always get a fresh mapping).
//!
//! ```text
//!   put:   slot[next % 64] <- mapping          what was there is unmapped: a mapping that nobody wanted
//!          next += 1                           while 64 others were freed is not worth keeping
//!   take:  the smallest one that fits and is at most a quarter too long
//! ```
//!
//! There is no lock. A slot is one word: the address of a mapping (a multiple of 2 MiB) with its length in units of
//! 2 MiB in the low 21 bits, or NULL. Whoever exchanges the word for NULL owns the mapping. So a thread that is stopped
//! at any point, or a `fork` at any point, can not block the others; the worst is one mapping that is forgotten.
//!
//! The sum of the lengths stays within a limit: 256 MiB, or `STRIDED_CACHE_BYTES` from the environment, or what
//! [`set_cache_limit`] says. A limit of 0 switches reuse off.

use core::ops::RangeInclusive;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use crate::mapping::{HUGE, Mapping};

/// How many mappings are kept at most.
const SLOTS: usize = 64;

/// The limit where neither the environment nor the program says otherwise.
const DEFAULT_LIMIT: usize = 256 << 20;

/// Stands for a limit that was not looked up yet.
const UNSET: usize = usize::MAX;

/// The ring, with the numbers that go with it.
struct Ring {
    slots: [AtomicPtr<u8>; SLOTS],
    /// How many mappings were ever put; where the next one goes.
    next: AtomicUsize,
    /// At least the sum of the lengths in the slots: raised before a mapping is put, lowered after it is taken.
    held: AtomicUsize,
}

static RING: Ring = Ring::new();
static LIMIT: AtomicUsize = AtomicUsize::new(UNSET);

/// The most bytes of freed mappings that are kept for reuse.
pub fn cache_limit() -> usize {
    match LIMIT.load(Ordering::Relaxed) {
        UNSET => {
            let found = limit_from_environment();
            // Another thread may have set the limit meanwhile: what the program says wins.
            match LIMIT.compare_exchange(UNSET, found, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => found,
                Err(set) => set,
            }
        }
        limit => limit,
    }
}

/// Sets the most bytes of freed mappings that are kept for reuse, for the whole process; 0 switches reuse off.
/// What is kept beyond the limit is given back to the system at once.
pub fn set_cache_limit(bytes: usize) {
    LIMIT.store(bytes.min(UNSET - 1), Ordering::Relaxed);
    RING.trim(bytes);
}

/// How many bytes of freed mappings are kept at the moment.
pub fn cached_bytes() -> usize {
    RING.held.load(Ordering::Relaxed)
}

/// Gives kept mappings back to the system, oldest first, until at most `keep` bytes are left; returns how many bytes
/// were given back. The limit stays as it is.
pub fn trim_cache(keep: usize) -> usize {
    trim(keep)
}

/// [`trim_cache`] for the library's own use, where memory has run out.
pub(crate) fn trim(keep: usize) -> usize {
    RING.trim(keep)
}

/// A kept mapping for a block of `len` bytes of mapping, with any contents.
pub(crate) fn take(len: usize) -> Option<Mapping> {
    if cached_bytes() < len {
        return None;
    }
    RING.take(len)
}

/// Keeps the mapping, or unmaps it.
///
/// # Safety
/// The mapping is the caller's to give, and nobody uses its memory again.
pub(crate) unsafe fn put(mapping: Mapping) {
    // SAFETY: passed on from our caller.
    unsafe { RING.put(mapping, cache_limit()) };
}

impl Ring {
    const fn new() -> Ring {
        Ring {
            slots: [const { AtomicPtr::new(null_mut()) }; SLOTS],
            next: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
        }
    }

    /// Takes what is in a slot.
    fn empty_slot(&self, slot: &AtomicPtr<u8>) -> Option<Mapping> {
        // Acquire, here and in `take`: what the last owner wrote to the memory comes before what we write.
        let mapping = unpack(slot.swap(null_mut(), Ordering::Acquire))?;
        self.held.fetch_sub(mapping.len, Ordering::Relaxed);
        Some(mapping)
    }

    fn take(&self, len: usize) -> Option<Mapping> {
        let longest = len.saturating_add(len / 4);
        // Another thread may take the mapping that we chose; a few such losses are enough.
        for _ in 0..4 {
            let (slot, mapping) = self.best_fit(len..=longest)?;
            let word = pack(mapping)?;
            // The word says everything about the mapping, so it does not matter what happened to the slot meanwhile.
            if slot.compare_exchange(word, null_mut(), Ordering::Acquire, Ordering::Relaxed).is_ok() {
                self.held.fetch_sub(mapping.len, Ordering::Relaxed);
                return Some(mapping);
            }
        }
        None
    }

    /// The shortest kept mapping with such a length.
    fn best_fit(&self, lengths: RangeInclusive<usize>) -> Option<(&AtomicPtr<u8>, Mapping)> {
        self.slots
            .iter()
            .filter_map(|slot| Some((slot, unpack(slot.load(Ordering::Relaxed))?)))
            .filter(|(_, mapping)| lengths.contains(&mapping.len))
            .min_by_key(|(_, mapping)| mapping.len)
    }

    /// # Safety
    /// As [`put`].
    unsafe fn put(&self, mapping: Mapping, limit: usize) {
        let packed = pack(mapping).filter(|_| mapping.len <= limit && self.make_room(mapping.len, limit));
        let Some(packed) = packed else {
            // SAFETY: the caller gives us the mapping, which nobody uses.
            unsafe { mapping.unmap() };
            return;
        };
        let slot = &self.slots[self.next.fetch_add(1, Ordering::Relaxed) % SLOTS];
        // Release: what was written to the memory comes before what its next owner does with it. Acquire: the same for
        // the mapping that makes way.
        if let Some(old) = unpack(slot.swap(packed, Ordering::AcqRel)) {
            self.held.fetch_sub(old.len, Ordering::Relaxed);
            // SAFETY: the exchange made the old mapping ours; mappings in the ring are used by nobody.
            unsafe { old.unmap() };
        }
    }

    /// Counts `len` bytes in, after unmapping old mappings until they fit. False when others fill the ring faster than
    /// we empty it.
    fn make_room(&self, len: usize, limit: usize) -> bool {
        self.trim(limit.saturating_sub(len));
        let fits = |held: usize| held.checked_add(len).filter(|&sum| sum <= limit);
        self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
    }

    fn trim(&self, keep: usize) -> usize {
        let oldest = self.next.load(Ordering::Relaxed);
        let mut given_back = 0;
        for i in 0..SLOTS {
            if self.held.load(Ordering::Relaxed) <= keep {
                break;
            }
            if let Some(mapping) = self.empty_slot(&self.slots[oldest.wrapping_add(i) % SLOTS]) {
                given_back += mapping.len;
                // SAFETY: the exchange made the mapping ours; mappings in the ring are used by nobody.
                unsafe { mapping.unmap() };
            }
        }
        given_back
    }
}

/// A mapping as one word; none for one that is too long for it (4 TiB).
fn pack(mapping: Mapping) -> Option<*mut u8> {
    let units = mapping.len / HUGE;
    (units < HUGE).then(|| mapping.base.map_addr(|base| base | units))
}

fn unpack(word: *mut u8) -> Option<Mapping> {
    let base = word.map_addr(|word| word & !(HUGE - 1));
    let len = (word.addr() % HUGE) * HUGE;
    (!word.is_null()).then_some(Mapping { base, len })
}

/// `STRIDED_CACHE_BYTES`, a number of bytes in decimal; anything else counts as absent.
fn limit_from_environment() -> usize {
    // SAFETY: the name is a NUL-terminated string. As for every reader of the environment, the program must not change
    // it in another thread at the same time.
    let text = unsafe { libc::getenv(c"STRIDED_CACHE_BYTES".as_ptr()) };
    if text.is_null() {
        return DEFAULT_LIMIT;
    }
    // SAFETY: `getenv` returned a NUL-terminated string, which stays while nobody changes the environment.
    let text = unsafe { core::ffi::CStr::from_ptr(text) };
    parse_bytes(text.to_bytes()).unwrap_or(DEFAULT_LIMIT)
}

/// A decimal number, cut to what a limit can be.
fn parse_bytes(text: &[u8]) -> Option<usize> {
    let mut value: usize = 0;
    for &c in text {
        let digit = (c as char).to_digit(10)? as usize;
        value = value.saturating_mul(10).saturating_add(digit);
    }
    (!text.is_empty()).then_some(value.min(UNSET - 1))
}

#[cfg(test)]
mod tests;
