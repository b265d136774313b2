//! What is known of the caches: how large the last one is, and how to ask for a line.

use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

/// The size of the last-level cache; 0 before the first question.
static LAST_LEVEL: AtomicUsize = AtomicUsize::new(0);

/// Where nobody says how large the last-level cache is.
const USUAL_LAST_LEVEL: usize = 16 << 20;

/// No more than this is believed to be there for a thread.
const MOST_LAST_LEVEL: usize = 48 << 20;

/// A last level that is larger than this is shared by dozens of cores, and by other machines where this one is virtual; and it is
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
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint, which never faults, on an instruction that every x86-64 has.
    unsafe {
        core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T1 }>(address.cast());
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
/// Measured on Zen 4, `a + b` in the second level: with both inputs a line or two in front of the output modulo 4096 whole lines
/// take 1.3 to 1.5 times as long, with one of them 1.1 times, halves as long as ever. Where the arrays lie well, whole lines
/// are as fast, and faster in the first level. On Emerald Rapids whole lines are as fast wherever the arrays lie, and twice as
/// fast in the first level: so only cores like Zen 4 are asked.
#[inline(always)]
pub(crate) fn trails<T, U>(out: *const U, input: *const T) -> bool {
    let behind = out.addr().wrapping_sub(input.addr()) % 4096;
    behind != 0 && behind <= 512 && waits_for_strangers()
}

/// Whether loads of whole lines wait for stores as [`trails`] says: 0 before the first question, 1 for no, 2 for yes.
static WAITS: AtomicU8 = AtomicU8::new(0);

#[inline]
fn waits_for_strangers() -> bool {
    match WAITS.load(Ordering::Relaxed) {
        0 => ask_waits(),
        answer => answer == 2,
    }
}

#[cold]
fn ask_waits() -> bool {
    let waits = is_zen_4();
    WAITS.store(1 + waits as u8, Ordering::Relaxed);
    waits
}

/// Whether the CPU is of the family of Zen 3 and Zen 4, whose vectors of whole lines go in halves.
fn is_zen_4() -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_amd() {
        let version = core::arch::x86_64::__cpuid(1).eax;
        return (version >> 8 & 0xf) + (version >> 20 & 0xff) == 0x19;
    }
    false
}

/// Whether the CPU says that AMD made it.
#[cfg(target_arch = "x86_64")]
fn is_amd() -> bool {
    const AMD: [u32; 3] = [0x6874_7541, 0x6974_6e65, 0x444d_4163];
    let vendor = core::arch::x86_64::__cpuid(0);
    [vendor.ebx, vendor.edx, vendor.ecx] == AMD
}

/// Bytes of the last-level cache that there are for a thread.
#[inline]
pub(crate) fn last_level() -> usize {
    match LAST_LEVEL.load(Ordering::Relaxed) {
        0 => ask_last_level(),
        bytes => bytes,
    }
}

#[cold]
fn ask_last_level() -> usize {
    let bytes = match system_last_level() {
        bytes @ 0x4_0000..=0x4000_0000 if bytes <= SHARED => bytes.min(MOST_LAST_LEVEL),
        SHARED..=0x4000_0000 => MOST_SHARED,
        _ => USUAL_LAST_LEVEL,
    };
    LAST_LEVEL.store(bytes, Ordering::Relaxed);
    bytes
}

/// Whether it pays to join lines in registers before they are written, where vectors would lie across two of them: 0 before the first
/// question, then 1 for no and 2 for yes.
static JOINS: AtomicU8 = AtomicU8::new(0);

/// Whether it pays to join lines in registers before they are written, where vectors would lie across two of them outside of the
/// nearest cache: on Intel's processors, which take twice as long for such a store, and not on AMD's (see the page of the planes of
/// the copy engine).
#[inline]
pub(crate) fn joins_lines() -> bool {
    match JOINS.load(Ordering::Relaxed) {
        0 => ask_joins_lines(),
        answer => answer == 2,
    }
}

#[cold]
fn ask_joins_lines() -> bool {
    let joins = is_intel();
    JOINS.store(1 + u8::from(joins), Ordering::Relaxed);
    joins
}

#[cfg(target_arch = "x86_64")]
fn is_intel() -> bool {
    let vendor = core::arch::x86_64::__cpuid(0);
    [vendor.ebx, vendor.edx, vendor.ecx] == [0x756e_6547, 0x4965_6e69, 0x6c65_746e]
}

#[cfg(not(target_arch = "x86_64"))]
fn is_intel() -> bool {
    false
}

/// What the CPU says; 0 where it does not say. (The C library's answer counts the caches of all sockets on some machines.)
#[cfg(target_arch = "x86_64")]
fn system_last_level() -> usize {
    use core::arch::x86_64::{__cpuid, __cpuid_count};
    let (leaf, base) = if is_amd() { (0x8000_001d, 0x8000_0000) } else { (4, 0) };
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

/// Whether all that is read from memory is better asked for in advance. The prefetchers of Zen 4 keep up two or more streams of
/// reads by themselves, beside stores past the caches, and one in each page, and requests are in their way.
///
/// Measured on Emerald Rapids, sums of rows of some KiB from memory: eight rows at a time with requests 0.95 to 1.0 of a read, one
/// after the other 0.65 to 0.95.
#[inline]
pub(crate) fn asks_in_advance() -> bool {
    // The same cores.
    !waits_for_strangers()
}

/// Has tests believe in a last-level cache of this size, until the guard is dropped: so they need no large arrays to get
/// to what is done with large ones.
#[cfg(test)]
pub(crate) fn pretend(bytes: usize) -> impl Drop {
    struct Back(usize);
    impl Drop for Back {
        fn drop(&mut self) {
            LAST_LEVEL.store(self.0, Ordering::Relaxed);
        }
    }
    Back(LAST_LEVEL.swap(bytes, Ordering::Relaxed))
}

/// Has tests believe that it pays to join lines, until the guard is dropped.
#[cfg(test)]
pub(crate) fn pretend_joins() -> impl Drop {
    struct Back(u8);
    impl Drop for Back {
        fn drop(&mut self) {
            JOINS.store(self.0, Ordering::Relaxed);
        }
    }
    Back(JOINS.swap(2, Ordering::Relaxed))
}
