//! Positions of extremes on several threads.
//!
//! The array is cut along one axis. Where that is an axis of the output, each thread makes some of the outputs. Else each finds
//! the positions in its part, and the elements that lie there are held against each other: no value depends on where the cuts
//! are, for the first of equal elements wins.

use core::ops::Range;

use libstrided_layout::{DType, MAX_NDIM, Result};

use super::{How, Input, one};
use crate::Operand;
use crate::parallel;
use crate::reduce::cascade::{Partials, Stack};
use crate::reduce::threads::share;

/// What is cut, and where. Threads share it for the time of the call.
struct Job<'a> {
    input: &'a Input<'a>,
    axis: usize,
    parts: usize,
    /// Where the indices go that each part finds, one part after the other; NULL where they are the outputs.
    found: *mut u8,
    outputs: usize,
}

// SAFETY: the caller of `arg` has promised that the input is only read; no two parts have an output in common.
unsafe impl Sync for Job<'_> {}

/// Finds the positions on `threads` threads; nothing when it is better done on one.
///
/// # Safety
/// As for [`super::arg`].
#[cold]
#[inline(never)]
pub(super) unsafe fn on_threads(input: &Input<'_>, how: &How, threads: usize) -> Option<Result<()>> {
    let (shape, reduced) = (input.shape, input.reduced);
    if shape.len() > MAX_NDIM {
        return None;
    }
    let enough = |n: i64| n >= 4 * threads as i64 || n % threads as i64 == 0;
    let farthest = |axis: &usize| input.operand.strides[*axis].unsigned_abs();
    let axes = || (0..shape.len()).filter(|&axis| shape[axis] > 1);
    let kept = axes().filter(|&axis| !reduced.contains(axis) && enough(shape[axis])).max_by_key(farthest);
    let mut job = Job { input, axis: 0, parts: threads, found: core::ptr::null_mut(), outputs: 1 };
    let (mut stack, mut memory) = (Stack::uninit(), Partials::new());
    if let Some(axis) = kept {
        job.axis = axis;
    } else {
        let cut = || axes().filter(|&axis| reduced.contains(axis));
        job.axis = cut()
            .filter(|&axis| enough(shape[axis]))
            .max_by_key(farthest)
            .or_else(|| cut().max_by_key(|&axis| shape[axis]))?;
        job.parts = threads.min(shape[job.axis] as usize);
        let kept = (0..shape.len()).filter(|&axis| !reduced.contains(axis));
        job.outputs = kept.map(|axis| shape[axis] as usize).product();
        job.found = memory.room(job.parts.checked_mul(job.outputs)?.checked_mul(8)?, &mut stack).ok()?;
    }
    // SAFETY: as the caller vouches.
    let done = parallel::try_team(job.parts, &|part| unsafe { job.part(part) });
    if done.is_ok() && kept.is_none() {
        // SAFETY: as the caller vouches; all parts have been searched.
        unsafe { job.join(how) };
    }
    Some(done)
}

impl Job<'_> {
    fn range(&self, part: usize) -> Range<i64> {
        let range = share(self.input.shape[self.axis] as u64, part, self.parts);
        range.start as i64..range.end as i64
    }

    /// Strides of indices that lie packed.
    fn packed<'r>(&self, room: &'r mut [i64; MAX_NDIM]) -> &'r [i64] {
        let mut next = 8;
        for (axis, &n) in self.input.shape.iter().enumerate().rev() {
            room[axis] = 0;
            if !self.input.reduced.contains(axis) {
                room[axis] = next;
                next *= n;
            }
        }
        &room[..self.input.shape.len()]
    }

    /// Searches one part.
    unsafe fn part(&self, part: usize) -> Result<()> {
        let range = self.range(part);
        let mut room = [0; MAX_NDIM];
        let shape = &mut room[..self.input.shape.len()];
        shape.copy_from_slice(self.input.shape);
        shape[self.axis] = range.end - range.start;
        let from = |operand: Operand<'_>| {
            operand.data.wrapping_offset((range.start * operand.strides[self.axis]) as isize)
        };
        let mut strides = [0; MAX_NDIM];
        let out = if self.found.is_null() {
            Operand { data: from(self.input.out), ..self.input.out }
        } else {
            let data = self.found.wrapping_add(part * self.outputs * 8);
            Operand { data, dtype: DType::I64, itemsize: 8, strides: self.packed(&mut strides) }
        };
        let operand = Operand { data: from(self.input.operand), ..self.input.operand };
        // SAFETY: as the caller vouches, for elements of the part.
        unsafe { one(&Input { shape, operand, out, ..*self.input }) }
    }

    /// Holds what the parts have found against each other.
    unsafe fn join(&self, how: &How) {
        let Input { shape, reduced, operand, out, .. } = *self.input;
        let value = |offset: i64| {
            let mut value = [0u64; 2];
            let (from, to) = (operand.data.wrapping_offset(offset as isize), (&raw mut value).cast::<u8>());
            // SAFETY: an element of the input.
            unsafe {
                match how.widen {
                    Some(conversion) => conversion.run(from, to, 1),
                    None => core::ptr::copy_nonoverlapping(from, to, operand.itemsize as usize),
                }
            }
            value
        };
        for output in 0..self.outputs {
            let (mut from, mut to, mut rest) = (0, 0, output as i64);
            for (axis, &n) in shape.iter().enumerate().rev().filter(|&(axis, _)| !reduced.contains(axis)) {
                from += rest % n * operand.strides[axis];
                to += rest % n * out.strides[axis];
                rest /= n;
            }
            let mut best: Option<([u64; 2], i64)> = None;
            for part in 0..self.parts {
                // SAFETY: the index that this part has found for the output.
                let found =
                    unsafe { self.found.cast::<i64>().add(part * self.outputs + output).read_unaligned() };
                let (index, offset) = self.place(part, found);
                let value = value(from + offset);
                let better = best.is_none_or(|(best, at)| {
                    // SAFETY: two elements.
                    let order =
                        unsafe { (how.search.compare)((&raw const value).cast(), (&raw const best).cast()) };
                    order > 0 || order == 0 && index < at
                });
                if better {
                    best = Some((value, index));
                }
            }
            let index = best.map_or(0, |(_, index)| index);
            // SAFETY: an element of the output.
            unsafe { how.narrow.run((&raw const index).cast(), out.data.wrapping_offset(to as isize), 1) };
        }
    }

    /// The index in the whole of what has an index in a part, and where it lies.
    fn place(&self, part: usize, mut index: i64) -> (i64, i64) {
        let Input { shape, reduced, operand, .. } = *self.input;
        let range = self.range(part);
        let (mut whole, mut offset, mut next) = (0, 0, 1);
        for (axis, &n) in shape.iter().enumerate().rev().filter(|&(axis, _)| reduced.contains(axis)) {
            let (extent, first) =
                if axis == self.axis { (range.end - range.start, range.start) } else { (n, 0) };
            let at = index % extent + first;
            index /= extent;
            whole += at * next;
            offset += at * operand.strides[axis];
            next *= n;
        }
        (whole, offset)
    }
}
