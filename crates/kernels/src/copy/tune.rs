//! The sizes by which a plan chooses how to move, and where they come from.

use core::sync::atomic::{AtomicUsize, Ordering};

/// Sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tuning {
    /// From this many bytes on, the destination is written past the caches.
    pub(super) stream_from: usize,
    /// A run of the destination that is worth no more merging of axes.
    pub(super) dst_run: usize,
    /// A run of the source that is worth no more merging of axes.
    pub(super) src_run: usize,
    /// A run of the destination that is long enough to be transposed without a stage: its ends are written in parts.
    pub(super) across_from: usize,
    /// A box should have at least this many bytes.
    pub(super) least_box: usize,
}

/// The size of the last-level cache; 0 before the first question.
static LAST_LEVEL: AtomicUsize = AtomicUsize::new(0);

/// Where nobody says how large the last-level cache is.
const USUAL_LAST_LEVEL: usize = 16 << 20;

impl Tuning {
    /// What suits this machine.
    #[inline]
    pub(super) fn auto(item: usize) -> Tuning {
        // Measured: boxes of 16 to 64 KiB, runs of 4 to 8 lines.
        let run = if item < 8 { 256 } else { 512 };
        Tuning {
            stream_from: last_level() / 2,
            dst_run: run,
            src_run: run,
            across_from: 512,
            least_box: 16 << 10,
        }
    }
}

/// Bytes of the last-level cache.
#[inline]
fn last_level() -> usize {
    match LAST_LEVEL.load(Ordering::Relaxed) {
        0 => ask_last_level(),
        bytes => bytes,
    }
}

#[cold]
fn ask_last_level() -> usize {
    let bytes = match system_last_level() {
        bytes @ 0x4_0000..=0x4000_0000 => bytes,
        _ => USUAL_LAST_LEVEL,
    };
    LAST_LEVEL.store(bytes, Ordering::Relaxed);
    bytes
}

/// What the CPU says; 0 where it does not say. (The C library's answer counts the caches of all sockets on some machines.)
#[cfg(target_arch = "x86_64")]
fn system_last_level() -> usize {
    use core::arch::x86_64::{__cpuid, __cpuid_count};
    const AMD: [u32; 3] = [0x6874_7541, 0x6974_6e65, 0x444d_4163];
    let vendor = __cpuid(0);
    let amd = [vendor.ebx, vendor.edx, vendor.ecx] == AMD;
    let (leaf, highest) = if amd { (0x8000_001d, __cpuid(0x8000_0000).eax) } else { (4, vendor.eax) };
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
