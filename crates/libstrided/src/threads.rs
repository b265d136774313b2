//! How many threads an operation may use.
//!
//! Hosts that run under MPI or OpenMP own the cores, so the answer is 1 unless somebody says otherwise: the environment
//! variable `STRIDED_NUM_THREADS`, which is read once, or [`set`]. How the work is shared, and when it is not worth sharing,
//! is for [`libstrided_kernels::parallel`] to say; there is no pool of threads, and results have the same bits whatever the number.

use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicI32, Ordering};

use libstrided_view::{Error, Result};

/// The number; 0 before the first question.
static THREADS: AtomicI32 = AtomicI32::new(0);

unsafe extern "C" {
    // std's own way to read the environment allocates, and a failed allocation there aborts the process.
    fn getenv(name: *const c_char) -> *const c_char;
}

/// Allows operations to use `n` threads, the calling one included.
pub fn set(n: i32) -> Result<()> {
    if n < 1 {
        return Err(Error::InvalidArgument {
            rule: "the number of threads must be at least 1",
            value: n.into(),
        });
    }
    THREADS.store(n, Ordering::Relaxed);
    Ok(())
}

/// How many threads operations may use.
#[inline]
pub fn get() -> i32 {
    match THREADS.load(Ordering::Relaxed) {
        0 => first_use(),
        n => n,
    }
}

#[cold]
fn first_use() -> i32 {
    // SAFETY: the name is NUL-terminated. As with every use of the environment, no other thread may change it at the
    // same time; we read it once.
    let text = unsafe { getenv(c"STRIDED_NUM_THREADS".as_ptr()) };
    let asked = if text.is_null() {
        None
    } else {
        // SAFETY: a pointer from getenv is a NUL-terminated string.
        unsafe { CStr::from_ptr(text) }.to_str().ok().and_then(|text| text.trim().parse().ok())
    };
    let n = asked.filter(|&n: &i32| n >= 1).unwrap_or(1);
    // Somebody may have set it meanwhile: that counts.
    match THREADS.compare_exchange(0, n, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => n,
        Err(set) => set,
    }
}
