//! More than one thread, for callers who ask for it: an operation is cut into parts, and each part is the operation.
//!
//! ```text
//!   over     number of threads, shape, operands, kernel
//!     split  which axis is cut, and where
//!     team   runs part 0 here and the others on threads of their own; waits for all
//! ```
//!
//! Parts are boxes of the same shape but for one axis, so the kernels know nothing of threads. The axis is the one that is
//! outermost in the memory of the output: every thread writes a stretch of its own, cut between pages where that is
//! possible, so that no two threads write to one cache line (but where rows are shorter than a line, or not aligned to one).
//!
//! Every element of the output is computed as without threads, from the same operands: so the bits are the same whatever
//! the number of threads.
//!
//! # No pool
//!
//! Threads are made for a call and gone when it returns. So there is nothing that a fork could break, nothing that keeps
//! `dlclose` from unloading the library, and no thread that competes with those of an MPI or OpenMP host between calls.
//! Making and joining a thread is not free: 80 to 700 microseconds in a virtual machine on Zen 4, the most when the other
//! core had been idle. Hence `LEAST`, the bytes that a thread must have to do. A thread that can not be made is no error:
//! its part runs on the calling thread.

mod split;
mod team;
#[cfg(test)]
pub(crate) mod tests;

use crate::check;
use core::ops::Range;

use libstrided_layout::{MAX_NDIM, Result};

use crate::Operand;
use split::Cut;

/// No call uses more threads than this, whatever is asked for.
pub const MOST: usize = 64;

/// Bytes read and written by each thread: for less, a thread is not worth making.
const LEAST: i64 = 4 << 20;

/// Runs `kernel(shape, inputs, out)` in parts on up to `threads` threads, the calling one included. With 1 thread, or little
/// to do, it is called once, for the whole.
///
/// # Safety
/// The operands are what the kernel asks for. Elements of the output overlap neither each other nor an input, but for an
/// input with the same address and strides. The kernel may be called on several threads at once, for parts of the shape.
#[inline]
pub unsafe fn over<const N: usize>(
    threads: usize,
    shape: &[i64],
    inputs: [Operand<'_>; N],
    out: Operand<'_>,
    kernel: impl Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync,
) -> Result<()> {
    if threads <= 1 {
        return kernel(shape, inputs, out);
    }
    // SAFETY: the caller's promise, passed on.
    unsafe { over_many(None, threads, LEAST, shape, inputs, out, &kernel) }
}

/// [`over`] of what must not be cut along `axis`.
///
/// # Safety
/// As [`over`].
#[inline]
pub(crate) unsafe fn over_axes_but<const N: usize>(
    axis: usize,
    threads: usize,
    shape: &[i64],
    inputs: [Operand<'_>; N],
    out: Operand<'_>,
    kernel: impl Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync,
) -> Result<()> {
    if threads <= 1 {
        return kernel(shape, inputs, out);
    }
    // SAFETY: the caller's promise, passed on.
    unsafe { over_many(Some(axis), threads, least(), shape, inputs, out, &kernel) }
}

/// What an operation does to a part of its shape, see [`over`].
type Kernel<'a, const N: usize> = &'a (dyn Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync);

/// [`over`], with the axis that must not be cut, if any, and the least number of bytes that are worth a thread.
///
/// # Safety
/// As [`over`].
#[cold]
#[inline(never)]
unsafe fn over_many<const N: usize>(
    whole: Option<usize>,
    threads: usize,
    least: i64,
    shape: &[i64],
    inputs: [Operand<'_>; N],
    out: Operand<'_>,
    kernel: Kernel<'_, N>,
) -> Result<()> {
    let worth = worth_of(threads, least, traffic(shape, inputs.iter().chain([&out])));
    match Cut::new(worth, shape, &out, whole) {
        Some(cut) => {
            let job = Job { shape, inputs, out, kernel, cut };
            team::run(cut.parts(), &|part| job.part(part))
        }
        None => kernel(shape, inputs, out),
    }
}

/// An operation and how it is cut. Threads share it for the time of the call.
struct Job<'a, const N: usize> {
    shape: &'a [i64],
    inputs: [Operand<'a>; N],
    out: Operand<'a>,
    kernel: Kernel<'a, N>,
    cut: Cut,
}

// SAFETY: what keeps it from being shared are the addresses of the operands. The caller of `over` has promised that the
// kernel may run on parts at once: inputs are only read, and no two parts have an element of the output in common.
unsafe impl<const N: usize> Sync for Job<'_, N> {}

impl<'a, const N: usize> Job<'a, N> {
    /// Computes one part.
    fn part(&self, part: usize) -> Result<()> {
        let range = self.cut.range(part);
        let mut room = [0; MAX_NDIM];
        let shape = &mut room[..self.shape.len()];
        shape.copy_from_slice(self.shape);
        shape[self.cut.axis] = range.end - range.start;
        let from = |operand: Operand<'a>| {
            // Within the operand: the part begins inside the shape.
            let offset = range.start.wrapping_mul(operand.strides[self.cut.axis]);
            Operand { data: operand.data.wrapping_offset(offset as isize), ..operand }
        };
        (self.kernel)(shape, self.inputs.map(from), from(self.out))
    }
}

/// How many threads, of those allowed, are worth making for so many bytes that are read and written.
#[inline]
pub(crate) fn worth(threads: usize, bytes: impl FnOnce() -> i64) -> usize {
    if threads <= 1 { 1 } else { worth_of(threads, least(), bytes()) }
}

fn worth_of(threads: usize, least: i64, bytes: i64) -> usize {
    threads.min((bytes / least.max(1)).clamp(1, MOST as i64) as usize)
}

#[cfg(not(test))]
fn least() -> i64 {
    LEAST
}

#[cfg(test)]
use tests::least;

/// Runs `work(part)` for all parts, at most [`MOST`], each on a thread of its own where there is one to be had.
pub(crate) fn team(parts: usize, work: &(dyn Fn(usize) + Sync)) {
    let done = team::run(parts, &|part| {
        work(part);
        Ok(())
    });
    check(done.is_ok(), "what can not fail has failed");
}

/// [`team`] of what can fail; the first error.
pub(crate) fn try_team(parts: usize, work: &(dyn Fn(usize) -> Result<()> + Sync)) -> Result<()> {
    team::run(parts, work)
}

/// Calls `work` with ranges that make up `0..count`, of `bytes` read and written in all: on up to `threads` threads, with as
/// many ranges. Returns the first error.
pub fn ranges(
    threads: usize,
    bytes: i64,
    count: i64,
    work: &(dyn Fn(Range<i64>) -> Result<()> + Sync),
) -> Result<()> {
    let parts = worth(threads, || bytes).min(count.max(1) as usize);
    if parts <= 1 {
        return work(0..count);
    }
    let at = |part: usize| (i128::from(count) * part as i128 / parts as i128) as i64;
    team::run(parts, &|part| work(at(part)..at(part + 1)))
}

/// Bytes of operands over a shape: what is broadcast is read once.
pub(crate) fn traffic<'a>(shape: &[i64], operands: impl Iterator<Item = &'a Operand<'a>>) -> i64 {
    let mut total = 0i64;
    for operand in operands {
        let extents = shape.iter().zip(operand.strides).map(|(&n, &stride)| if stride == 0 { 1 } else { n });
        let bytes = extents.fold(operand.itemsize, |bytes, n| bytes.saturating_mul(n));
        total = total.saturating_add(bytes);
    }
    total
}
