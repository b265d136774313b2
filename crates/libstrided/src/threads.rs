//! How many threads an operation may use.
//!
//! Hosts that run under MPI or OpenMP own the cores, so the answer is 1 unless somebody says otherwise. This version
//! computes on the calling thread whatever is set.

use core::sync::atomic::{AtomicI32, Ordering};

use libstrided_view::{Error, Result};

static THREADS: AtomicI32 = AtomicI32::new(1);

/// Allows operations to use `n` threads.
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
pub fn get() -> i32 {
    THREADS.load(Ordering::Relaxed)
}
