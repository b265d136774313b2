//! Which vector instructions to use: found out once, capped by `STRIDED_SIMD`, lowered at will by tests.
//!
//! This is the only place of the library that asks the CPU what it can do.

use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicU8, Ordering};

/// A set of vector instructions, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What every machine of the architecture has: SSE2 on x86-64.
    Baseline = 1,
    /// Advanced SIMD on aarch64.
    Neon = 2,
    /// AVX2, FMA, BMI.
    Avx2 = 3,
    /// AVX-512 F, BW, CD, DQ, VL.
    Avx512 = 4,
}

/// The level in use; 0 before the first question.
static LEVEL: AtomicU8 = AtomicU8::new(0);

unsafe extern "C" {
    // std's own way to read the environment allocates, and a failed allocation there aborts the process.
    fn getenv(name: *const c_char) -> *const c_char;
}

impl Level {
    /// Every level that there is, least first.
    pub const ALL: [Level; 4] = [Level::Baseline, Level::Neon, Level::Avx2, Level::Avx512];

    /// The name, as taken by `STRIDED_SIMD` and as C takes it.
    pub fn c_name(self) -> &'static CStr {
        match self {
            Level::Baseline => c"baseline",
            Level::Neon => c"neon",
            Level::Avx2 => c"avx2",
            Level::Avx512 => c"avx512",
        }
    }

    /// The name.
    pub fn name(self) -> &'static str {
        // All names are ASCII.
        self.c_name().to_str().unwrap_or("")
    }

    /// The level in use: the best that this CPU has, capped by the environment variable `STRIDED_SIMD`
    /// (`baseline`, `avx2`, `avx512`, `neon`; anything else is ignored, a level above the CPU's is capped).
    #[inline]
    pub fn current() -> Level {
        match LEVEL.load(Ordering::Relaxed) {
            0 => Level::first_use(),
            code => Level::from_code(code),
        }
    }

    /// Uses `level` from now on, or the best one that is available and not above it; for tests, which run each case
    /// at every level. Returns what was set.
    pub fn set(level: Level) -> Level {
        let level = level.capped();
        LEVEL.store(level as u8, Ordering::Relaxed);
        level
    }

    /// The levels that this CPU can run, least first.
    pub fn available() -> impl Iterator<Item = Level> {
        Level::ALL.into_iter().filter(|level| level.is_available())
    }

    /// Whether bytes can be packed by instructions (VBMI2) that not every CPU with AVX-512 has.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn packs_bytes(self) -> bool {
        self == Level::Avx512 && std::is_x86_feature_detected!("avx512vbmi2")
    }

    /// Whether bytes of two vectors can be permuted by instructions (VBMI) that not every CPU with AVX-512 has.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn permutes_bytes() -> bool {
        std::is_x86_feature_detected!("avx512vbmi")
    }

    fn from_code(code: u8) -> Level {
        Level::ALL.into_iter().find(|&level| level as u8 == code).unwrap_or(Level::Baseline)
    }

    #[cold]
    fn first_use() -> Level {
        crate::resident::touch();
        // SAFETY: the name is NUL-terminated. As with every use of the environment, no other thread may change it
        // at the same time; we read it once, at the first use of a kernel.
        let asked = unsafe { getenv(c"STRIDED_SIMD".as_ptr()) };
        let cap = if asked.is_null() {
            None
        } else {
            // SAFETY: a pointer from getenv is a NUL-terminated string.
            let asked = unsafe { CStr::from_ptr(asked) };
            Level::ALL.into_iter().find(|level| level.name().as_bytes() == asked.to_bytes())
        };
        Level::set(cap.unwrap_or(Level::Avx512))
    }

    fn capped(self) -> Level {
        Level::available().filter(|&level| level <= self).last().unwrap_or(Level::Baseline)
    }

    #[cfg(target_arch = "x86_64")]
    fn is_available(self) -> bool {
        match self {
            Level::Baseline => true,
            Level::Neon => false,
            Level::Avx2 => pulp::x86::V3::try_new().is_some() && std::is_x86_feature_detected!("f16c"),
            Level::Avx512 => Level::Avx2.is_available() && pulp::x86::V4::try_new().is_some(),
        }
    }

    #[cfg(target_arch = "aarch64")]
    fn is_available(self) -> bool {
        match self {
            Level::Baseline => true,
            Level::Neon => pulp::aarch64::Neon::try_new().is_some(),
            Level::Avx2 | Level::Avx512 => false,
        }
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn is_available(self) -> bool {
        self == Level::Baseline
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_never_set_above_the_cpu() {
        let _guard = crate::test_support::hold_level();
        let before = Level::current();
        for level in Level::ALL {
            let got = Level::set(level);
            assert!(got <= level || got == Level::Baseline);
            assert!(Level::available().any(|l| l == got));
            assert_eq!(Level::current(), got);
        }
        Level::set(before);
    }
}
