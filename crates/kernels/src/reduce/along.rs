//! Folding runs: a reduced loop is innermost.
//!
//! ```text
//!   run      elements that are folded into one value: the inner loop where it can be read as it is, else what fits into scratch
//!   leaf     of the tree of partial results: a run, or up to 64 runs that have been joined, of one output
//!   unit     a batch of outputs along the innermost kept loop
//! ```

use core::mem::MaybeUninit;
use core::ops::Range;

use libstrided_layout::nest::Loop;

use super::cascade::Cascade;
use super::division::Division;
use super::kernel;
use super::pack::{At, Scratch};
use super::past;
use super::pieces::Runs;
use super::threads::{Nodes, Way};
use super::{IN, ONE, OPERANDS, OUT, START, Tile, Work, count, step, steps_of_positions};

/// Outputs, or runs, that are folded between two joins.
pub(super) const BATCH: i64 = 64;

/// The same for short runs.
const SHORT_BATCH: i64 = 256;

/// The same where a batch is one of several leaves from memory, so that it is read in long pieces.
const FAR_BATCH: i64 = 512;

/// Bytes of results that are divided at a time, while they are in the first level.
const DIVIDED: usize = 4096;

/// How runs are folded.
#[derive(Clone, Copy)]
pub(super) struct Along<'a, const CAP: usize> {
    run: Tile<CAP>,
    /// How many elements apart the elements of a run are, where it is read as it is.
    inner_step: Option<usize>,
    /// Loops over the elements of an output.
    reduced: &'a [Loop<OPERANDS>],
    /// Loops over its leaves.
    outer: &'a [Loop<OPERANDS>],
    /// The loop of runs that are joined into one value before that is a leaf.
    joined: Loop<OPERANDS>,
    /// Loops over the outputs.
    kept_outer: &'a [Loop<OPERANDS>],
    kept: Loop<OPERANDS>,
    /// Outputs of a batch.
    batch: i64,
    /// Whether runs lie one after the other.
    together: bool,
    /// Leaves at each position of the outer loops.
    leaves_each: u64,
    /// Whether runs are results, or only have to be divided, and go to the output by themselves, any number at a time.
    straight: bool,
    division: Option<Division>,
}

impl<'a, const CAP: usize> Along<'a, CAP> {
    pub(super) fn new(work: &Work<'a>) -> Along<'a, CAP> {
        let (kept, reduced) = (work.kept, work.reduced);
        let inner = &reduced[reduced.len() - 1..];
        let inner_step = work.packer.step(&inner[0]);
        let direct = inner_step.is_some();
        let capacity = if work.far { work.capacity() / 2 } else { work.capacity() };
        let mut run = Tile::<CAP>::new(inner, if direct { i64::MAX } else { capacity });
        let mut outer = &reduced[..reduced.len() - 1];
        if !direct && kept.is_empty() {
            // When nothing is kept, several loops of what fits into scratch.
            run = Tile::new(reduced, capacity);
            outer = &reduced[..run.outside];
        }
        let (kept, kept_outer) = match *kept {
            [ref outer @ .., inner] => (inner, outer),
            [] => (ONE, kept),
        };
        // With one output, the batch is of runs that are joined into one value.
        let mut joined = ONE;
        if direct
            && work.kept.is_empty()
            && let [ref rest @ .., inner] = *outer
        {
            joined = inner;
            outer = rest;
        }
        let most = if work.far && !outer.is_empty() {
            FAR_BATCH
        } else if run.extent < BATCH {
            SHORT_BATCH
        } else {
            BATCH
        };
        let together = inner_step == Some(1) && run.count() * work.packer.item as i64 == kept.strides[IN];
        let blocks = (run.extent as u64).div_ceil(run.high as u64);
        let leaves_each = blocks * (joined.extent as u64).div_ceil(BATCH as u64);
        let division = work.emitter.division();
        let straight = direct
            && leaves_each == 1
            && outer.is_empty()
            && joined.extent == 1
            && (work.emitter.is_nothing() || division.is_some())
            && (kept.strides[OUT] == work.size as i64 || kept.extent == 1);
        let batch = if straight { kept.extent } else { kept.extent.min(most) };
        Along {
            run,
            inner_step,
            reduced,
            outer,
            joined,
            kept_outer,
            kept,
            batch,
            together,
            leaves_each,
            straight,
            division,
        }
    }

    fn batches(&self) -> u64 {
        (self.kept.extent as u64).div_ceil(self.batch as u64)
    }

    /// A run as it is: its elements, and how far apart they are.
    fn whole(&self) -> (usize, usize) {
        (self.run.extent as usize, self.inner_step.unwrap_or(1))
    }

    /// Calls `visit` with where each batch of these begins, and how many outputs it has.
    fn each_batch(&self, units: Range<u64>, visit: &mut dyn FnMut(At, i64)) {
        steps_of_positions(self.kept_outer, self.batches(), units, START, &mut |at, batches| {
            for batch in batches {
                let first = batch as i64 * self.batch;
                visit(step(at, &self.kept, first), self.batch.min(self.kept.extent - first));
            }
            true
        });
    }
}

impl<const CAP: usize> Way for Along<'_, CAP> {
    fn units(&self) -> u64 {
        count(self.kept_outer) * self.batches()
    }

    fn leaves(&self) -> u64 {
        count(self.outer) * self.leaves_each
    }

    fn width(&self) -> usize {
        self.batch as usize
    }

    fn room(&self, work: &Work<'_>) -> usize {
        if self.straight { 0 } else { Cascade::depth(self.leaves()) * self.batch as usize * work.size }
    }

    fn runs(&self) -> Option<Runs<'_>> {
        let [outer @ .., inner] = self.reduced else { return None };
        Some(Runs { inner: *inner, step: self.inner_step?, outer, joined: self.joined.extent })
    }

    fn refine(&mut self, units: u64) {
        let batches = units.div_ceil(count(self.kept_outer)) as i64;
        self.batch = self.batch.min(self.kept.extent / batches).max(1);
    }

    unsafe fn outputs(&self, work: &Work<'_>, units: Range<u64>, memory: *mut u8, scratch: &mut Scratch<'_>) {
        self.each_batch(units, &mut |base, n| {
            // SAFETY: every address is that of an element; the memory has the depth that these leaves need.
            unsafe {
                if self.straight {
                    return self.fold_straight(work, base, n as usize);
                }
                let mut cascade = Cascade::new(work.kernel, n as usize, memory);
                self.fold_leaves(work, base, n, 0..self.leaves(), &mut cascade, scratch);
                work.emit(&[Loop { extent: n, ..self.kept }], cascade.finish(), base[OUT], scratch);
            }
        });
    }

    unsafe fn node(
        &self,
        work: &Work<'_>,
        unit: u64,
        leaves: Range<u64>,
        memory: *mut u8,
        scratch: &mut Scratch<'_>,
        to: *mut u8,
    ) {
        self.each_batch(unit..unit + 1, &mut |base, n| {
            // SAFETY: as above; the caller has room for the accumulators of a batch.
            unsafe {
                let mut cascade = Cascade::new(work.kernel, n as usize, memory);
                self.fold_leaves(work, base, n, leaves.clone(), &mut cascade, scratch);
                core::ptr::copy_nonoverlapping(cascade.finish(), to, n as usize * work.size);
            }
        });
    }

    unsafe fn join_nodes(
        &self,
        work: &Work<'_>,
        unit: u64,
        nodes: &Nodes,
        memory: *mut u8,
        scratch: &mut Scratch<'_>,
    ) {
        self.each_batch(unit..unit + 1, &mut |base, n| {
            // SAFETY: as above; the nodes are those of the batch.
            unsafe {
                let mut cascade = Cascade::new(work.kernel, n as usize, memory);
                nodes.join(&mut cascade, n as usize * work.size);
                work.emit(&[Loop { extent: n, ..self.kept }], cascade.finish(), base[OUT], scratch);
            }
        });
    }
}

impl<const CAP: usize> Along<'_, CAP> {
    /// Folds runs that are results.
    unsafe fn fold_straight(&self, work: &Work<'_>, base: At, n: usize) {
        let out = work.dst.wrapping_offset(base[OUT]);
        let mut fold = |first: usize, count: usize, out: *mut u8| {
            let at = step(base, &self.kept, first as i64);
            // SAFETY: as the caller vouches.
            unsafe {
                work.fold(count, self.whole(), at, &self.kept, self.together, out);
                if let Some(division) = &self.division {
                    division.run(out, count);
                }
            }
        };
        let src = work.packer.input.src.wrapping_offset(base[IN]);
        let stride = self.kept.strides[IN] as usize;
        let results = past::Results { count: n, src, stride, out, size: work.size };
        // SAFETY: as the caller vouches.
        if !work.many || !results.are_worth_it() || !unsafe { results.fold(&mut fold) } {
            let each = if self.division.is_some() { DIVIDED / work.size } else { n };
            for first in (0..n).step_by(each.max(1)) {
                fold(first, each.min(n - first), out.wrapping_add(first * work.size));
            }
        }
    }

    /// Folds some of the leaves of a batch into the tree.
    unsafe fn fold_leaves(
        &self,
        work: &Work<'_>,
        base: At,
        n: i64,
        leaves: Range<u64>,
        cascade: &mut Cascade<'_>,
        scratch: &mut Scratch<'_>,
    ) {
        let only = n == 1 && self.leaves() > 1;
        steps_of_positions(self.outer, self.leaves_each, leaves, base, &mut |at, leaves| {
            for leaf in leaves {
                // SAFETY: as the caller vouches.
                unsafe {
                    let values = cascade.room();
                    if self.joined.extent > 1 {
                        self.fold_joined(work, at, leaf as i64 * BATCH, values);
                    } else if self.inner_step.is_some() {
                        work.fold(n as usize, self.whole(), at, &self.kept, self.together, values);
                    } else {
                        let first = leaf as i64 * self.run.high;
                        let at = step(at, &self.run.at(0)[0], first);
                        work.fold_packed::<CAP>(n, self.run.at(first), at, &self.kept, values, scratch);
                    }
                    cascade.leaf();
                    if only && work.is_settled(values) {
                        return false;
                    }
                }
            }
            true
        });
    }

    /// Folds a batch of runs, from `first` on, into one value.
    unsafe fn fold_joined(&self, work: &Work<'_>, at: At, first: i64, to: *mut u8) {
        let mut values = MaybeUninit::<[[u64; 2]; BATCH as usize]>::uninit();
        let values = values.as_mut_ptr() as *mut u8;
        let runs = BATCH.min(self.joined.extent - first) as usize;
        // SAFETY: as the caller vouches.
        unsafe {
            let at = step(at, &self.joined, first);
            work.fold(runs, self.whole(), at, &self.joined, false, values);
            work.halve(values, runs, 1);
            core::ptr::copy_nonoverlapping(values, to, work.size);
        }
    }
}

impl Work<'_> {
    /// Whether no further element can change the accumulator of a leaf.
    unsafe fn is_settled(&self, value: *const u8) -> bool {
        // SAFETY: the caller passes an accumulator; one that has been joined into another one still holds its value.
        unsafe { (self.kernel.is_settled)(value) }
    }

    /// Joins `n` times `width` accumulators in halves, until `width` are left: the upper ones into the lower ones.
    pub(super) unsafe fn halve(&self, values: *mut u8, mut n: usize, width: usize) {
        while n > 1 {
            let half = n.div_ceil(2);
            // SAFETY: as the caller vouches.
            unsafe { (self.kernel.join)(values, values.add(half * width * self.size), (n - half) * width) };
            n = half;
        }
    }

    /// Folds rows that can be read where they are, each into one accumulator.
    unsafe fn fold(
        &self,
        rows: usize,
        (n, step): (usize, usize),
        at: At,
        down: &Loop<OPERANDS>,
        together: bool,
        out: *mut u8,
    ) {
        let src = self.packer.input.src.wrapping_offset(at[IN]);
        let stride = down.strides[IN] as isize;
        let (second, second_stride) = self.second(at, down);
        let lanes = false;
        let runs = kernel::Runs { rows, n, step, src, stride, second, second_stride, together, lanes, out };
        // SAFETY: as the caller vouches.
        unsafe { (self.kernel.runs)(&runs) };
    }

    /// Folds a row, or a part of one, that can be read where it is: into one accumulator, or those of all lanes.
    pub(super) unsafe fn fold_one(&self, (n, step): (usize, usize), at: At, lanes: bool, out: *mut u8) {
        let src = self.packer.input.src.wrapping_offset(at[IN]);
        let (second, _) = self.second(at, &ONE);
        let (stride, second_stride) = (0, 0);
        let (rows, together) = (1, false);
        let runs = kernel::Runs { rows, n, step, src, stride, second, second_stride, together, lanes, out };
        // SAFETY: as the caller vouches.
        unsafe { (self.kernel.runs)(&runs) };
    }

    /// Folds rows that pass through scratch, each into one accumulator.
    unsafe fn fold_packed<const CAP: usize>(
        &self,
        rows: i64,
        run: &[Loop<OPERANDS>],
        at: At,
        down: &Loop<OPERANDS>,
        out: *mut u8,
        scratch: &mut Scratch<'_>,
    ) {
        let n = count(run);
        let fit = if self.far { self.capacity() / 2 } else { self.capacity() };
        let high = (fit / n as i64).clamp(1, rows);
        // Where there are several rows, theirs is one of the `CAP` loops that there are at most.
        let mut block = [*down; CAP];
        let len = if high > 1 { run.len() } else { 0 };
        let block = &mut block[..len + 1];
        block[1..].copy_from_slice(&run[..len]);
        for first in (0..rows).step_by(high as usize) {
            let here = step(at, down, first);
            let some = high.min(rows - first);
            if self.far && high == 1 {
                self.packer.prefetch(&run[0], run[0].extent, here);
            } else if self.far {
                for row in first + some..rows.min(first + 2 * some) {
                    self.packer.prefetch(&run[0], 0, step(at, down, row));
                }
            }
            block[0].extent = some;
            let loops = if some == 1 { run } else { &block[..] };
            let (second, second_stride) = (core::ptr::null(), 0);
            // SAFETY: as the caller vouches: some of the rows, which fit into scratch.
            unsafe {
                let src = self.packer.pack(scratch, loops, here);
                let out = out.add(first as usize * self.size);
                (self.kernel.runs)(&kernel::Runs {
                    rows: some as usize,
                    n: n as usize,
                    step: 1,
                    src,
                    stride: (n as usize * self.packer.item) as isize,
                    second,
                    second_stride,
                    together: false,
                    lanes: false,
                    out,
                });
            }
        }
    }
}
