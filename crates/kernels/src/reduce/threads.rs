//! A reduction on several threads, with the bits that it has on one.
//!
//! Everything that decides how elements are folded is found out for the whole, before anything is shared. Then
//!
//! ```text
//!   outputs   many outputs: each thread makes some of them
//!   nodes     few outputs: the leaves of each are cut where the tree is, after multiples of 2^k leaves. What a thread folds
//!             is a node of the tree, and the nodes are joined as they would have been
//!   pieces    few outputs of few long runs: the same inside the runs, see [`super::pieces`]
//! ```
//!
//! The memory that threads need is found before the first one starts; when there is none, there is one thread.

use core::mem::MaybeUninit;
use core::ops::Range;

use libstrided_layout::Result;

use super::Work;
use super::cascade::{Cascade, Partials, Stack};
use super::pack::Scratch;
use super::pieces::{Pieces, Runs};
use crate::elementwise::Stream;
use crate::parallel;

/// Nodes for each thread: they are not of one size, and no thread should wait long for another one.
const NODES: u64 = 8;

/// A way of folding, see the page of reductions. Outputs come in units; those of a unit are folded together, leaf by leaf.
pub(super) trait Way: Copy {
    /// How many units there are.
    fn units(&self) -> u64;
    /// How many leaves each has.
    fn leaves(&self) -> u64;
    /// Accumulators of a unit, at most.
    fn width(&self) -> usize;
    /// Bytes of memory that folding units takes.
    fn room(&self, work: &Work<'_>) -> usize;
    /// Makes units smaller, so that there are about so many, if that changes nothing else.
    fn refine(&mut self, _units: u64) {}
    /// The runs, where they can be cut.
    fn runs(&self) -> Option<Runs<'_>> {
        None
    }
    /// Makes the outputs of some units.
    ///
    /// # Safety
    /// As for [`super::reduce`]; the memory has the room.
    unsafe fn outputs(&self, work: &Work<'_>, units: Range<u64>, memory: *mut u8, scratch: &mut Scratch<'_>);
    /// Folds some leaves of a unit; the accumulators go to `to`, for which there is room.
    ///
    /// # Safety
    /// As for [`Way::outputs`].
    unsafe fn node(
        &self,
        work: &Work<'_>,
        unit: u64,
        leaves: Range<u64>,
        memory: *mut u8,
        scratch: &mut Scratch<'_>,
        to: *mut u8,
    );
    /// Makes the outputs of a unit from its nodes.
    ///
    /// # Safety
    /// As for [`Way::outputs`].
    unsafe fn join_nodes(
        &self,
        work: &Work<'_>,
        unit: u64,
        nodes: &Nodes,
        memory: *mut u8,
        scratch: &mut Scratch<'_>,
    );
}

/// Accumulators of the nodes of a unit.
pub(super) struct Nodes {
    pub(super) first: *const u8,
    /// Bytes from one node to the next.
    pub(super) stride: usize,
    pub(super) count: u64,
}

impl Nodes {
    /// Joins the nodes, of as many accumulators as the tree has.
    ///
    /// # Safety
    /// They hold that many; the tree has room for as many leaves.
    pub(super) unsafe fn join(&self, cascade: &mut Cascade<'_>, bytes: usize) {
        for i in 0..self.count as usize {
            // SAFETY: as the caller vouches.
            unsafe {
                core::ptr::copy_nonoverlapping(self.first.add(i * self.stride), cascade.room(), bytes);
            }
            cascade.leaf();
        }
    }
}

/// Leaves in a node, so that there are about `wanted` nodes.
pub(super) fn leaves_in_node(leaves: u64, wanted: u64) -> u64 {
    let mut node = 1;
    while leaves.div_ceil(2 * node) >= wanted.max(1) && node < leaves {
        node *= 2;
    }
    node
}

/// The share of a part.
pub(super) fn share(count: u64, part: usize, parts: usize) -> Range<u64> {
    let at = |part: usize| (u128::from(count) * part as u128 / parts as u128) as u64;
    at(part)..at(part + 1)
}

/// Makes all outputs, on up to `threads` threads.
///
/// # Safety
/// As for [`super::reduce`].
pub(super) unsafe fn run<W: Way>(work: &Work<'_>, way: W, threads: usize) -> Result<()> {
    // SAFETY: as the caller vouches.
    unsafe {
        if threads > 1 && on_threads(work, way, threads) {
            return Ok(());
        }
        let (mut stack, mut memory) = (Stack::uninit(), Partials::new());
        let memory = memory.room(way.room(work), &mut stack)?;
        outputs(work, &way, 0..way.units(), memory);
    }
    Ok(())
}

/// Makes the outputs of some units; many of them past the caches.
///
/// # Safety
/// As for [`Way::outputs`].
unsafe fn outputs<W: Way>(work: &Work<'_>, way: &W, units: Range<u64>, memory: *mut u8) {
    let mut room = MaybeUninit::uninit();
    let past = if work.many { Stream::new(&mut room) } else { None };
    let mut scratch = Scratch::new(past);
    // SAFETY: as the caller vouches; what goes past the caches are outputs.
    unsafe {
        way.outputs(work, units, memory, &mut scratch);
        if let Some(past) = &mut scratch.past {
            past.finish();
        }
    }
}

/// What threads are given: they read it, and write to places of their own.
struct Shared<'a, W> {
    work: &'a Work<'a>,
    way: W,
    memory: *mut u8,
    /// Bytes for each thread.
    each: usize,
    /// Where nodes go, and bytes of one.
    slots: *mut u8,
    slot: usize,
}

// SAFETY: the caller of `run` has promised that inputs are only read; no two threads have an output, a slot or memory in common.
unsafe impl<W> Sync for Shared<'_, W> {}

impl<W> Shared<'_, W> {
    /// The memory of a thread.
    fn memory(&self, part: usize) -> *mut u8 {
        self.memory.wrapping_add(part * self.each)
    }

    fn slot(&self, i: u64) -> *mut u8 {
        self.slots.wrapping_add(i as usize * self.slot)
    }
}

/// `false`, and nothing done, when it is better done on one thread.
#[cold]
#[inline(never)]
unsafe fn on_threads<W: Way>(work: &Work<'_>, mut way: W, threads: usize) -> bool {
    let wanted = NODES * threads as u64;
    let even = |n: u64| n >= wanted / 2 || n.is_multiple_of(threads as u64);
    if !even(way.units()) {
        way.refine(wanted);
    }
    let (units, leaves) = (way.units(), way.leaves());
    let (mut stack, mut partials) = (Stack::uninit(), Partials::new());
    let each = way.room(work).next_multiple_of(64);
    // SAFETY: as the caller vouches, everywhere.
    unsafe {
        if !even(units) && units * leaves < wanted {
            let runs = way.runs();
            if let Some((runs, pieces)) = runs.and_then(|runs| Some((runs, Pieces::of(work, &runs, wanted)?)))
            {
                return pieces.fold(work, &runs, threads);
            }
        }
        if !even(units) && leaves > 1 {
            let node = leaves_in_node(leaves, wanted.div_ceil(units));
            let nodes = leaves.div_ceil(node);
            let slot = (way.width() * work.size).next_multiple_of(64);
            let slots = (units * nodes) as usize * slot;
            let Ok(memory) = partials.room(each * threads + slots, &mut stack) else { return false };
            let slots = memory.wrapping_add(each * threads);
            let shared = Shared { work, way, memory, each, slots, slot };
            parallel::team(threads, &|part| {
                let mut scratch = Scratch::new(None);
                for i in share(units * nodes, part, threads) {
                    let first = i % nodes * node;
                    let range = first..leaves.min(first + node);
                    let memory = shared.memory(part);
                    shared.way.node(shared.work, i / nodes, range, memory, &mut scratch, shared.slot(i));
                }
            });
            let mut scratch = Scratch::new(None);
            for unit in 0..units {
                let nodes = Nodes { first: shared.slot(unit * nodes), stride: slot, count: nodes };
                way.join_nodes(work, unit, &nodes, memory, &mut scratch);
            }
            return true;
        }
        let parts = threads.min(units as usize);
        let Ok(memory) = partials.room(each * parts, &mut stack) else { return false };
        let shared = Shared { work, way, memory, each, slots: memory, slot: 0 };
        parallel::team(parts, &|part| {
            let units = share(units, part, parts);
            outputs(shared.work, &shared.way, units, shared.memory(part));
        });
    }
    true
}
