//! Folding runs: a reduced loop is innermost.

use core::mem::MaybeUninit;

use libstrided_layout::Result;
use libstrided_layout::nest::Loop;

use super::cascade::{Cascade, Partials, Stack};
use super::kernel::Runs;
use super::pack::At;
use super::{IN, ONE, OPERANDS, OUT, Tile, Work, count, positions, step};

/// Outputs, or runs, that are folded between two joins.
const BATCH: i64 = 64;

/// The same for short runs.
const SHORT_BATCH: i64 = 256;

/// The same where a batch is one of several leaves from memory, so that it is read in long pieces.
const FAR_BATCH: i64 = 512;

impl Work<'_> {
    /// # Safety
    /// As for [`super::reduce`].
    pub(super) unsafe fn along<const CAP: usize>(&mut self) -> Result<()> {
        let (kept, reduced) = (self.kept, self.reduced);
        let inner = &reduced[reduced.len() - 1..];
        let inner_step = self.packer.step(&inner[0]);
        let direct = inner_step.is_some();
        let inner_step = inner_step.unwrap_or(1);
        // A run is the inner loop where it can be read as it is. Else it is what fits into scratch, and when nothing
        // is kept, several loops of it.
        let capacity = if self.far { self.capacity() / 2 } else { self.capacity() };
        let mut run = Tile::<CAP>::new(inner, if direct { i64::MAX } else { capacity });
        let mut outer = &reduced[..reduced.len() - 1];
        if !direct && kept.is_empty() {
            run = Tile::new(reduced, capacity);
            outer = &reduced[..run.outside];
        }
        let (batch_loop, kept_outer) = match *kept {
            [ref outer @ .., inner] => (inner, outer),
            [] => (ONE, kept),
        };
        // With one output, the batch is of runs that are joined into one value.
        let mut joined = ONE;
        if direct
            && kept.is_empty()
            && let [ref rest @ .., inner] = *outer
        {
            joined = inner;
            outer = rest;
        }
        let most = if self.far && !outer.is_empty() {
            FAR_BATCH
        } else if run.extent < BATCH {
            SHORT_BATCH
        } else {
            BATCH
        };
        let mut batch = batch_loop.extent.min(most);
        let together = inner_step == 1 && run.count() * self.packer.item as i64 == batch_loop.strides[IN];
        let blocks = (run.extent as u64).div_ceil(run.high as u64);
        let leaves = count(outer) * blocks * (joined.extent as u64).div_ceil(BATCH as u64);
        // Runs that are results go to the output by themselves, any number at a time.
        let straight = direct
            && leaves == 1
            && joined.extent == 1
            && self.emitter.is_nothing()
            && (batch_loop.strides[OUT] == self.size as i64 || batch_loop.extent == 1);
        if straight {
            batch = batch_loop.extent;
        }
        let bytes = if straight { 0 } else { Cascade::depth(leaves) * batch as usize * self.size };
        // A run as it is: its elements, and how far apart they are.
        let whole = (run.extent as usize, inner_step);
        let (mut stack, mut memory) = (Stack::uninit(), Partials::new());
        let memory = memory.room(bytes, &mut stack)?;
        let split = run.loops[0];
        positions(kept_outer, [0; OPERANDS], &mut |at| {
            for first in (0..batch_loop.extent).step_by(batch as usize) {
                let n = batch.min(batch_loop.extent - first);
                let base = step(at, &batch_loop, first);
                let tile = [Loop { extent: n, ..batch_loop }];
                // SAFETY: every address is that of an element; the memory has the depth that these leaves need.
                unsafe {
                    if straight {
                        let out = self.dst.wrapping_offset(base[OUT]);
                        self.fold(n as usize, whole, base, &batch_loop, together, out);
                        continue;
                    }
                    let mut cascade = Cascade::new(self.kernel, n as usize, memory);
                    positions(outer, base, &mut |at| {
                        (0..run.extent).step_by(run.high as usize).all(|i| {
                            let at = step(at, &split, i);
                            if joined.extent > 1 {
                                return self.fold_joined(joined, whole, at, &mut cascade);
                            }
                            let values = cascade.room();
                            if direct {
                                self.fold(n as usize, whole, at, &batch_loop, together, values);
                            } else {
                                self.fold_packed(n, run.at(i), at, &batch_loop, values);
                            }
                            cascade.leaf();
                            n > 1 || leaves == 1 || !self.is_settled(values)
                        })
                    });
                    self.emit(&tile, cascade.finish(), base[OUT]);
                }
            }
            true
        });
        Ok(())
    }

    /// Whether no further element can change the accumulator of a leaf.
    unsafe fn is_settled(&self, value: *const u8) -> bool {
        // SAFETY: the caller passes an accumulator; one that has been joined into another one still holds its value.
        unsafe { (self.kernel.is_settled)(value) }
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
        let runs = Runs { rows, n, step, src, stride, second, second_stride, together, out };
        // SAFETY: as the caller vouches.
        unsafe { (self.kernel.runs)(&runs) };
    }

    /// Folds rows that pass through scratch, each into one accumulator.
    unsafe fn fold_packed(
        &mut self,
        rows: i64,
        run: &[Loop<OPERANDS>],
        at: At,
        down: &Loop<OPERANDS>,
        out: *mut u8,
    ) {
        let n = count(run) as usize;
        for row in 0..rows {
            // SAFETY: as the caller vouches.
            unsafe {
                let at = step(at, down, row);
                if self.far {
                    self.packer.prefetch(&run[0], run[0].extent, at);
                }
                let src = self.packer.pack(run, at);
                let out = out.add(row as usize * self.size);
                let (second, second_stride) = (core::ptr::null(), 0);
                let together = false;
                let runs = Runs { rows: 1, n, step: 1, src, stride: 0, second, second_stride, together, out };
                (self.kernel.runs)(&runs);
            }
        }
    }

    /// Folds the runs of a loop, a batch at a time, each batch into one leaf; `false` when the result is known.
    unsafe fn fold_joined(
        &mut self,
        joined: Loop<OPERANDS>,
        run: (usize, usize),
        at: At,
        cascade: &mut Cascade<'_>,
    ) -> bool {
        let mut values = MaybeUninit::<[[u64; 2]; BATCH as usize]>::uninit();
        let values = values.as_mut_ptr() as *mut u8;
        (0..joined.extent).step_by(BATCH as usize).all(|first| {
            let mut runs = BATCH.min(joined.extent - first) as usize;
            // SAFETY: as the caller vouches; the second half of the values is joined into the first, until one is left.
            unsafe {
                self.fold(runs, run, step(at, &joined, first), &joined, false, values);
                while runs > 1 {
                    let half = runs.div_ceil(2);
                    (self.kernel.join)(values, values.add(half * self.size), runs - half);
                    runs = half;
                }
                core::ptr::copy_nonoverlapping(values, cascade.room(), self.size);
                cascade.leaf();
                !self.is_settled(values)
            }
        })
    }
}
