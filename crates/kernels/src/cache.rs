//! What is known of the caches: how large the last one is, and how to ask for a line.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::cpu::waits_for_strangers;

/// The size of the last-level cache; 0 before the first question.
static LAST_LEVEL: AtomicUsize = AtomicUsize::new(0);

/// Whether it is far away; known with its size.
static IS_FAR: AtomicBool = AtomicBool::new(false);

/// Where nobody says how large the last-level cache is.
const USUAL_LAST_LEVEL: usize = 16 << 20;

/// No more than this is believed to be there for a thread.
const MOST_LAST_LEVEL: usize = 48 << 20;

/// A last level of this size and more is shared by dozens of cores, and by other machines where this one is virtual; and it is
/// far away. So much of it is believed to be there.
///
/// Measured on two cores of an Emerald Rapids of 60, which says 260 MiB: copies of 2 to 32 MiB are faster past the caches (26 to 28
/// GB/s for 18 to 24), those of 64 MiB and more 1.8 times; a copy that is then read is faster kept in the caches up to 16 MiB (23
/// GB/s for 20), and past them from 32 MiB (18 for 14). Half of this is where copies begin to go past the caches, in shares of a
/// plain streamed copy against where that was 24 MiB: records of 2 doubles of 16 MB 0.8 and 0.45 to 0.6, of 3 doubles of 24 MB
/// 0.65 to 0.85 and 0.35 to 0.65, 16 MiB in rows of 256 bytes 0.75 and 0.4, 4000 rows of bytes in reverse order 0.84 and 0.53.
const SHARED: usize = 100 << 20;
const MOST_SHARED: usize = 24 << 20;

/// Asks for the line at `address` to be brought into the second-level cache. Any address will do.
#[inline(always)]
pub(crate) fn prefetch(address: *const u8) {
    ask::<2>(address);
}

/// Asks for the line that `address` is in the middle of, if it is, since a part of it will be written that begins or ends there: a
/// store to a line that is not in the first-level cache waits for it, and all stores behind that one wait with it, also those that go
/// past the caches. Any address will do.
#[inline(always)]
pub(crate) fn prefetch_cut(address: *const u8) {
    if !address.addr().is_multiple_of(LINE) {
        ask::<3>(address);
    }
}

/// Asks for the line at `address` to be brought into the first-level cache. Any address will do.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn prefetch_nearest(address: *const u8) {
    ask::<3>(address);
}

/// Asks for the line at `address` to be brought into the first-level cache, for it will be written: so no other core keeps it. Any
/// address will do.
#[allow(clippy::pointers_in_nomem_asm_block, reason = "nothing is read or written there")]
#[inline(always)]
pub(crate) fn prefetch_write(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which never faults, and does nothing on processors that do not know it. (The intrinsic is another hint where the
    // compiler is not told that they do.)
    unsafe {
        core::arch::asm!("prefetchw byte ptr [{0}]", in(reg) address, options(nomem, nostack, preserves_flags));
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// Asks for a line to be brought into this level of the caches: 3 is the first, 2 the second.
#[inline(always)]
fn ask<const LEVEL: i32>(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which never faults, on an instruction that every x86-64 has.
    unsafe {
        core::arch::x86_64::_mm_prefetch::<LEVEL>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// Asks for every line of the `bytes` bytes from `address` on.
#[inline(always)]
pub(crate) fn prefetch_run(address: *const u8, bytes: usize) {
    for at in (0..bytes).step_by(64) {
        prefetch(address.wrapping_add(at));
    }
}

/// Bytes of a line.
pub(crate) const LINE: usize = 64;

/// Rows of fewer bytes than this begin where they begin.
const LONG_ROW: usize = 1024;

/// How many of the `n` elements of a row come before the first one that begins a line, if it pays to do these first: vectors
/// that lie across two lines take twice as long, stores above all. (Arrays that come from one allocator mostly lie alike in
/// their lines, so one of them speaks for all.)
#[inline(always)]
pub(crate) fn lead<T>(row: *const T, n: usize) -> usize {
    let past = row.addr() % LINE;
    if n * size_of::<T>() < LONG_ROW || !past.is_multiple_of(size_of::<T>()) {
        return 0;
    }
    (LINE - past) % LINE / size_of::<T>()
}

/// Whether what is written lies a little behind what is read soon, but for the bits of the address that a core compares
/// first: then loads wait for stores that they have nothing to do with, unless vectors are half a line.
///
/// Only cores that wait so are asked: see [`waits_for_strangers`].
#[inline(always)]
pub(crate) fn trails<T, U>(out: *const U, input: *const T) -> bool {
    let behind = out.addr().wrapping_sub(input.addr()) % 4096;
    behind != 0 && behind <= 512 && waits_for_strangers()
}

/// Bytes of the last-level cache that there are for a thread.
#[inline]
pub(crate) fn last_level() -> usize {
    match LAST_LEVEL.load(Ordering::Relaxed) {
        0 => ask_last_level(),
        bytes => bytes,
    }
}

/// Whether the last-level cache is so large that it is far away: outputs that the caches of a core do not hold are faster past it,
/// where they are written as fast as that takes.
#[inline]
pub(crate) fn is_far() -> bool {
    last_level();
    IS_FAR.load(Ordering::Relaxed)
}

#[cold]
fn ask_last_level() -> usize {
    let system = system_last_level();
    IS_FAR.store(system >= SHARED, Ordering::Relaxed);
    let bytes = match system {
        bytes @ 0x4_0000..SHARED => bytes.min(MOST_LAST_LEVEL),
        SHARED..=0x4000_0000 => MOST_SHARED,
        _ => USUAL_LAST_LEVEL,
    };
    LAST_LEVEL.store(bytes, Ordering::Relaxed);
    bytes
}

/// What the CPU says; 0 where it does not say. (The C library's answer counts the caches of all sockets on some machines.)
#[cfg(target_arch = "x86_64")]
fn system_last_level() -> usize {
    use core::arch::x86_64::{__cpuid, __cpuid_count};
    let (leaf, base) =
        if crate::cpu::vendor() == *b"AuthenticAMD" { (0x8000_001d, 0x8000_0000) } else { (4, 0) };
    let highest = __cpuid(base).eax;
    if highest < leaf {
        return 0;
    }
    let mut last = 0;
    for index in 0..8 {
        let cache = __cpuid_count(leaf, index);
        if cache.eax & 0x1f == 0 {
            break;
        }
        let ways = (cache.ebx >> 22) as usize + 1;
        let partitions = (cache.ebx >> 12 & 0x3ff) as usize + 1;
        let line = (cache.ebx & 0xfff) as usize + 1;
        let sets = cache.ecx as usize + 1;
        last = last.max(ways.saturating_mul(partitions).saturating_mul(line).saturating_mul(sets));
    }
    last
}

#[cfg(not(target_arch = "x86_64"))]
fn system_last_level() -> usize {
    0
}

/// Has tests believe in a last-level cache of this size, until the guard is dropped: so they need no large arrays to get
/// to what is done with large ones.
#[cfg(test)]
pub(crate) fn pretend(bytes: usize) -> impl Drop {
    struct Back(usize, bool);
    impl Drop for Back {
        fn drop(&mut self) {
            LAST_LEVEL.store(self.0, Ordering::Relaxed);
            IS_FAR.store(self.1, Ordering::Relaxed);
        }
    }
    let far = IS_FAR.swap(false, Ordering::Relaxed);
    Back(LAST_LEVEL.swap(bytes, Ordering::Relaxed), far)
}
