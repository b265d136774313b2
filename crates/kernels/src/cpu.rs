//! Which make of core this is, where that decides which way is faster. Results are the same whichever way is taken.

use core::sync::atomic::{AtomicU8, Ordering};

/// Cores that were measured to want something else than others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Make {
    /// Zen 3 and Zen 4, whose vectors of whole lines go in halves.
    Zen4 = 1,
    /// Of Intel.
    Intel,
    /// All others.
    Other,
}

/// The make; 0 before the first question.
static MAKE: AtomicU8 = AtomicU8::new(0);

impl Make {
    /// That of this core.
    #[inline]
    pub(crate) fn current() -> Make {
        const ALL: [Make; 3] = [Make::Zen4, Make::Intel, Make::Other];
        match (MAKE.load(Ordering::Relaxed) as usize).checked_sub(1).and_then(|at| ALL.get(at)) {
            Some(&make) => make,
            None => ask(),
        }
    }
}

/// Whether loads of whole lines wait for stores to addresses that only their last bits have in common (see
/// [`trails`](crate::cache::trails)).
///
/// Measured, `a + b` in the second level with the inputs a line or two in front of the output modulo 4096. Zen 4: whole lines take
/// 1.1 to 1.5 times as long as elsewhere, halves as long as ever. Emerald Rapids: whole lines are as fast wherever the arrays lie,
/// and twice as fast as halves in the first level.
#[inline]
pub(crate) fn waits_for_strangers() -> bool {
    Make::current() == Make::Zen4
}

/// Whether it pays to join lines in registers before they are written, where vectors would lie across two of them outside of the
/// nearest cache: on Intel's processors, which take twice as long for such a store, and not on AMD's (see the page of the planes of
/// the copy engine).
#[inline]
pub(crate) fn joins_lines() -> bool {
    Make::current() == Make::Intel
}

/// Whether rows that are read from memory together, and all that is read while an output goes past the caches, are better asked for in
/// advance. The prefetchers of Zen 4 keep up one stream in each page by themselves, and requests are in their way.
///
/// Measured on Emerald Rapids, sums of rows of some KiB from memory: eight rows at a time with requests 0.95 to 1.0 of a read, one
/// after the other 0.65 to 0.95. Copies, in shares of a plain streamed copy, asked for 4 KiB in advance and not: packed ones 1.15 and
/// 1.0, records of 2 to 8 items 0.75 to 1.0 and 0.55 to 0.8, rows in reverse 0.95 to 1.1 and 0.7 to 0.9; what is written to every
/// third item, on both sides, 0.37 and 0.25.
#[inline]
pub(crate) fn asks_in_advance() -> bool {
    Make::current() != Make::Zen4
}

/// Whether many columns may be written past the caches side by side, some lines of each at once.
///
/// Measured, shares of a plain streamed copy, records of 8 bytes per field to columns. Zen 4: by way of a stage, which writes more of
/// each column at once, 6 fields are 1.2 times as fast. Emerald Rapids: 2 to 17 columns 0.85 to 1.0 without any arithmetic, whether 2
/// lines of each are written at once or 8.
#[inline]
pub(crate) fn writes_many() -> bool {
    Make::current() != Make::Zen4
}

/// Whether words that lie here and there are gathered faster by the instruction for that than one by one.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(crate) fn gathers() -> bool {
    Make::current() == Make::Intel
}

#[cold]
fn ask() -> Make {
    let make = asked();
    MAKE.store(make as u8, Ordering::Relaxed);
    make
}

#[cfg(target_arch = "x86_64")]
fn asked() -> Make {
    let version = core::arch::x86_64::__cpuid(1).eax;
    let family = (version >> 8 & 0xf) + (version >> 20 & 0xff);
    match &vendor() {
        b"AuthenticAMD" if family == 0x19 => Make::Zen4,
        b"GenuineIntel" => Make::Intel,
        _ => Make::Other,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn asked() -> Make {
    Make::Other
}

/// The name that the CPU gives its maker.
#[cfg(target_arch = "x86_64")]
pub(crate) fn vendor() -> [u8; 12] {
    let leaf = core::arch::x86_64::__cpuid(0);
    let mut name = [0; 12];
    for (part, register) in name.chunks_exact_mut(4).zip([leaf.ebx, leaf.edx, leaf.ecx]) {
        part.copy_from_slice(&register.to_le_bytes());
    }
    name
}

/// Has tests believe in another make, until the guard is dropped.
#[cfg(test)]
pub(crate) fn pretend(make: Make) -> impl Drop {
    struct Back(u8);
    impl Drop for Back {
        fn drop(&mut self) {
            MAKE.store(self.0, Ordering::Relaxed);
        }
    }
    Back(MAKE.swap(make as u8, Ordering::Relaxed))
}
