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
    pub(super) fn auto() -> Tuning {
        Tuning { stream_from: last_level() / 2, dst_run: 2048, src_run: 256, least_box: 16 << 10 }
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
        bytes @ 0x4_0000..=0x4000_0000 => bytes as usize,
        _ => USUAL_LAST_LEVEL,
    };
    LAST_LEVEL.store(bytes, Ordering::Relaxed);
    bytes
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn system_last_level() -> i64 {
    unsafe extern "C" {
        fn sysconf(name: core::ffi::c_int) -> core::ffi::c_long;
    }
    const LEVEL3_CACHE_SIZE: core::ffi::c_int = 194;
    // SAFETY: asks for a number, and takes any name.
    unsafe { sysconf(LEVEL3_CACHE_SIZE) }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn system_last_level() -> i64 {
    0
}
