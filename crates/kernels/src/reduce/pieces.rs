//! Few long runs, cut into pieces for several threads.
//!
//! A run is a tree of its own: of leaves that are folded in lanes and joined lane by lane, see [`super::kernel`]. A piece is a
//! node of it, all lanes. From the pieces each run is put together as it would have been, and from the runs the outputs.

use core::mem::MaybeUninit;

use libstrided_layout::nest::Loop;

use super::along::BATCH;
use super::cascade::{Cascade, Partials, Stack};
use super::fold::ROUNDING_LEAF;
use super::pack::{At, Scratch};
use super::threads::{Nodes, leaves_in_node, share};
use super::{OPERANDS, OUT, START, Work, count, positions, step, steps_of_positions};
use crate::parallel;

/// Runs that can be read where they are.
#[derive(Clone, Copy)]
pub(super) struct Runs<'a> {
    /// The loop along a run, and how many elements apart its elements are.
    pub(super) inner: Loop<OPERANDS>,
    pub(super) step: usize,
    /// Loops over the runs of an output: of the inner one of them, up to [`BATCH`] are joined into a leaf when `is_joined`.
    pub(super) outer: &'a [Loop<OPERANDS>],
    pub(super) joined: i64,
}

impl Runs<'_> {
    /// Runs of an output.
    fn count(&self) -> u64 {
        count(self.outer)
    }
}

/// How runs are cut.
pub(super) struct Pieces {
    /// Elements of a piece.
    elements: i64,
    /// Pieces of a run; 1 when it stays whole, and is folded into one accumulator.
    each: u64,
    /// Runs in all.
    runs: u64,
}

impl Pieces {
    /// About `wanted` pieces; nothing where runs are no trees.
    pub(super) fn of(work: &Work<'_>, runs: &Runs<'_>, wanted: u64) -> Option<Pieces> {
        let grain = (work.kernel.lanes * ROUNDING_LEAF) as u64;
        let leaves = (runs.inner.extent as u64).div_ceil(grain);
        let all = count(work.kept) * runs.count();
        if leaves < 2 || all == 0 {
            return None;
        }
        let node = leaves_in_node(leaves, wanted.div_ceil(all));
        Some(Pieces { elements: (node * grain) as i64, each: leaves.div_ceil(node), runs: all })
    }

    /// Bytes of the accumulators of a piece.
    fn slot(&self, work: &Work<'_>) -> usize {
        if self.each > 1 { work.kernel.lanes * work.size } else { work.size }
    }

    /// Makes all outputs; `false`, and nothing done, when there is no memory.
    ///
    /// # Safety
    /// As for [`super::reduce`].
    pub(super) unsafe fn fold(&self, work: &Work<'_>, runs: &Runs<'_>, threads: usize) -> bool {
        let slot = self.slot(work);
        let tasks = self.runs * self.each;
        let lanes = Cascade::depth(self.each) * slot;
        let leaves = Cascade::depth(runs.count()) * work.size;
        let (mut stack, mut memory) = (Stack::uninit(), Partials::new());
        let Ok(memory) = memory.room(tasks as usize * slot + lanes + leaves, &mut stack) else {
            return false;
        };
        let slots = memory.wrapping_add(lanes + leaves);
        let shared = Shared { pieces: self, work, runs, slots };
        parallel::team(threads, &|part| {
            // SAFETY: as the caller vouches; every piece has a slot of its own.
            unsafe { shared.some(share(tasks, part, threads)) };
        });
        // SAFETY: as the caller vouches; all slots have been written.
        unsafe { shared.join(memory, memory.wrapping_add(lanes)) };
        true
    }
}

/// What threads are given.
struct Shared<'a> {
    pieces: &'a Pieces,
    work: &'a Work<'a>,
    runs: &'a Runs<'a>,
    /// Where the accumulators of pieces go.
    slots: *mut u8,
}

// SAFETY: the caller of `fold` has promised that inputs are only read; no two threads have a slot in common.
unsafe impl Sync for Shared<'_> {}

impl Shared<'_> {
    /// Folds some of the pieces.
    unsafe fn some(&self, tasks: core::ops::Range<u64>) {
        let (work, runs, pieces) = (self.work, self.runs, self.pieces);
        let slot = pieces.slot(work);
        let mut to = self.slots.wrapping_add(tasks.start as usize * slot);
        steps_of_positions(work.kept, runs.count() * pieces.each, tasks, START, &mut |at, tasks| {
            steps_of_positions(runs.outer, pieces.each, tasks, at, &mut |at, tasks| {
                for piece in tasks {
                    let first = piece as i64 * pieces.elements;
                    let n = pieces.elements.min(runs.inner.extent - first) as usize;
                    let lanes = pieces.each > 1;
                    // SAFETY: elements of the run, and a slot.
                    unsafe { work.fold_one((n, runs.step), step(at, &runs.inner, first), lanes, to) };
                    to = to.wrapping_add(slot);
                }
                true
            })
        });
    }

    /// Makes the outputs.
    unsafe fn join(&self, lanes: *mut u8, leaves: *mut u8) {
        let (work, runs) = (self.work, self.runs);
        let (slot, each) = (self.pieces.slot(work), self.pieces.each);
        let mut values = MaybeUninit::<[[u64; 2]; BATCH as usize]>::uninit();
        let values = values.as_mut_ptr() as *mut u8;
        let mut scratch = Scratch::new(None);
        let mut from = self.slots as *const u8;
        let most = if runs.joined > 1 { runs.joined } else { 1 };
        positions(work.kept, START, &mut |at: At| {
            // SAFETY: the slots of all pieces, in their order; the memory has room for both trees.
            unsafe {
                let mut cascade = Cascade::new(work.kernel, 1, leaves);
                let mut left = runs.count() as i64;
                while left > 0 {
                    // One position of the outer loops: all runs that are joined, a batch at a time.
                    for first in (0..most).step_by(BATCH as usize) {
                        let batch = BATCH.min(most - first) as usize;
                        for run in 0..batch {
                            let value = self.run(from, lanes);
                            core::ptr::copy_nonoverlapping(value, values.add(run * work.size), work.size);
                            from = from.wrapping_add(each as usize * slot);
                        }
                        work.halve(values, batch, 1);
                        core::ptr::copy_nonoverlapping(values, cascade.room(), work.size);
                        cascade.leaf();
                    }
                    left -= most;
                }
                let one = Loop { extent: 1, strides: [0; OPERANDS] };
                work.emit(&[one], cascade.finish(), at[OUT], &mut scratch);
            }
            true
        });
    }

    /// The accumulator of a run, from its pieces.
    unsafe fn run(&self, pieces: *const u8, lanes: *mut u8) -> *const u8 {
        let (work, count) = (self.work, self.pieces.each);
        if count == 1 {
            return pieces;
        }
        let stride = self.pieces.slot(work);
        // SAFETY: as the caller vouches.
        unsafe {
            let mut cascade = Cascade::new(work.kernel, work.kernel.lanes, lanes);
            Nodes { first: pieces, stride, count }.join(&mut cascade, stride);
            let all = cascade.finish();
            work.halve(all, work.kernel.lanes, 1);
            all
        }
    }
}
