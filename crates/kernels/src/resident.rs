//! Constants that are mapped before a loop needs them.
//!
//! The compiler makes bytes of a mask by loading a vector of ones under this mask. Where no lane is set, such a load does not
//! fault: as long as nothing else has touched the page of the ones, the page stays unmapped, and on Zen 4 every such load
//! takes an assist of some 150 ns. Comparisons that were false throughout took 10 to 20 times as long as others. So the pages
//! of the constants are touched before the first kernel runs: some 30 microseconds.
//!
//! That does not hold for good: a system that takes back pages which nobody seems to use can take these, too, and such loads
//! do not bring them back. Seen in processes of some minutes under memory reclaim: a comparison of 100000 elements then took
//! 900 microseconds instead of 9, until something else touched the page. So operations that are long enough to ask for the
//! time ([`keep`]) touch them again, a few microseconds in every second.

/// Touches them.
pub(crate) fn touch() {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    linux::touch();
}

/// An operation on this many elements does not notice [`keep`].
pub(crate) const LONG: usize = 2048;

/// Touches them again where the last time was in another second; to be called by what takes longer than some hundred
/// nanoseconds, as asking for the time takes up to ten.
#[inline]
pub(crate) fn keep() {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    linux::keep();
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod linux {
    use core::ffi::{c_char, c_int, c_void};
    use core::sync::atomic::{AtomicI64, Ordering};

    /// A constant among the others.
    static HERE: [u8; 64] = *b"libstrided: constants of its loops lie before and after this one";

    /// Bytes before and after it that are touched, at most: a program may be linked with much else.
    const NEAR: usize = 1 << 20;

    /// The smallest page.
    const PAGE: usize = 4096;

    /// `PT_LOAD` of elf.h: a segment that lies in memory.
    const LOADED: u32 = 1;

    /// The beginning of `struct dl_phdr_info`.
    #[repr(C)]
    struct Object {
        base: usize,
        name: *const c_char,
        segments: *const Segment,
        count: u16,
    }

    /// `Elf64_Phdr`.
    #[repr(C)]
    struct Segment {
        kind: u32,
        flags: u32,
        offset: u64,
        address: usize,
        physical: u64,
        file_bytes: usize,
        bytes: u64,
        align: u64,
    }

    unsafe extern "C" {
        fn dl_iterate_phdr(
            visit: unsafe extern "C" fn(*const Object, usize, *mut c_void) -> c_int,
            data: *mut c_void,
        ) -> c_int;

        fn clock_gettime(clock: c_int, now: *mut Time) -> c_int;
    }

    /// `struct timespec`.
    #[repr(C)]
    #[derive(Default)]
    struct Time {
        seconds: i64,
        nanoseconds: i64,
    }

    /// `CLOCK_MONOTONIC_COARSE` of Linux: the time of the last tick, which is read without a system call.
    const COARSE: c_int = 6;

    /// The second in which [`keep`] touched the pages last.
    pub(super) static LAST: AtomicI64 = AtomicI64::new(0);

    pub(super) fn keep() {
        let mut now = Time::default();
        // SAFETY: room for what is asked for.
        if unsafe { clock_gettime(COARSE, &raw mut now) } == 0 && LAST.load(Ordering::Relaxed) != now.seconds
        {
            // Threads that come at the same time both touch them, which does no harm.
            LAST.store(now.seconds, Ordering::Relaxed);
            touch();
        }
    }

    /// Whether there were any.
    #[cold]
    pub(super) fn touch() -> bool {
        // SAFETY: the callback takes what is passed, and only for the time of the call.
        unsafe { dl_iterate_phdr(visit, HERE.as_ptr().cast_mut().cast()) == 1 }
    }

    /// Touches the pages around `here` if they are of this object, which ends the visits.
    ///
    /// # Safety
    /// The loader's description of a loaded object.
    unsafe extern "C" fn visit(object: *const Object, _: usize, here: *mut c_void) -> c_int {
        let here = here.addr();
        // SAFETY: as the loader says; its segments are so many.
        let object = unsafe { &*object };
        for i in 0..usize::from(object.count) {
            // SAFETY: one of them.
            let segment = unsafe { &*object.segments.add(i) };
            let begin = object.base.wrapping_add(segment.address);
            let end = begin.wrapping_add(segment.file_bytes);
            if segment.kind != LOADED || !(begin..end).contains(&here) {
                continue;
            }
            let (begin, end) = (begin.max(here.saturating_sub(NEAR)), end.min(here.saturating_add(NEAR)));
            let mut at = begin;
            while at < end {
                // SAFETY: a byte of a segment that holds a constant, which is mapped for reading.
                unsafe { core::ptr::with_exposed_provenance::<u8>(at).read_volatile() };
                at = (at | (PAGE - 1)) + 1;
            }
            return 1;
        }
        0
    }
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests {
    #[test]
    fn the_object_that_holds_the_constants_is_found() {
        assert!(super::linux::touch());
    }

    #[test]
    fn they_are_touched_in_every_second() {
        use core::sync::atomic::Ordering;
        use std::time::{Duration, Instant};

        super::keep();
        let before = super::linux::LAST.load(Ordering::Relaxed);
        assert_ne!(before, 0);
        let start = Instant::now();
        while super::linux::LAST.load(Ordering::Relaxed) == before {
            assert!(start.elapsed() < Duration::from_secs(60));
            super::keep();
        }
    }
}
