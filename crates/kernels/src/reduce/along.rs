//! Folding runs: a reduced loop is innermost.

use core::mem::MaybeUninit;

use libstrided_layout::Result;
use libstrided_layout::nest::Loop;

use super::cascade::{Cascade, Partials};
use super::{IN, ONE, OUT, Reduction, Tile, count, positions};

/// Outputs, or runs, that are folded between two joins.
const BATCH: i64 = 64;

impl Reduction<'_> {
    /// # Safety
    /// As for [`super::reduce`].
    pub(super) unsafe fn along<const CAP: usize>(&mut self) -> Result<()> {
        let (kept, reduced) = (self.kept, self.reduced);
        let direct = self.is_direct(&reduced[reduced.len() - 1..]);
        // A run is the inner loop where it can be read as it is. Else it is what fits into scratch, and when nothing
        // is kept, several loops of it.
        let mut run =
            Tile::<CAP>::new(&reduced[reduced.len() - 1..], if direct { i64::MAX } else { self.capacity() });
        let mut outer = &reduced[..reduced.len() - 1];
        if !direct && kept.is_empty() {
            run = Tile::new(reduced, self.capacity());
            outer = &reduced[..run.outside];
        }
        let blocks = (run.extent as u64).div_ceil(run.high as u64);
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
        let batch = batch_loop.extent.min(BATCH);
        let pieces = (joined.extent as u64).div_ceil(BATCH as u64);
        let rows = count(outer) * blocks * pieces;
        let mut memory =
            Partials::new(if rows > 1 { Cascade::depth(rows) * batch as usize * self.size } else { 0 })?;
        let mut values = MaybeUninit::<[[u64; 2]; BATCH as usize]>::uninit();
        let values = values.as_mut_ptr() as *mut u8;
        let kernel = self.kernel;
        let split = run.loops[0];
        positions(kept_outer, [0; 2], &mut |at| {
            for first in (0..batch_loop.extent).step_by(batch as usize) {
                let n = batch.min(batch_loop.extent - first);
                let base = [OUT, IN].map(|k| at[k] + (first * batch_loop.strides[k]) as isize);
                let tile = [Loop { extent: n, ..batch_loop }];
                // SAFETY: every address is that of an element; the memory has the depth that these rows need.
                unsafe {
                    let mut cascade =
                        (rows > 1).then(|| Cascade::new(kernel, self.size, n as usize, memory.as_mut_ptr()));
                    positions(outer, base, &mut |at| {
                        for i in (0..run.extent).step_by(run.high as usize) {
                            let src = self.src.offset(at[IN] + (i * split.strides[IN]) as isize);
                            if joined.extent > 1 {
                                self.fold_joined(joined, run.extent, src, values, cascade.as_mut());
                                continue;
                            }
                            if direct {
                                let stride = batch_loop.strides[IN] as isize;
                                self.fold(n as usize, run.extent as usize, src, stride, values);
                            } else {
                                let loops = run.at(i);
                                let elements = count(loops) as usize;
                                for j in 0..n as isize {
                                    let src = src.offset(j * batch_loop.strides[IN] as isize);
                                    let packed = self.pack(loops, src);
                                    self.fold(1, elements, packed, 0, values.add(j as usize * self.size));
                                }
                            }
                            if let Some(cascade) = &mut cascade {
                                cascade.take(values, 1, 0, n as usize);
                            }
                        }
                        Ok(())
                    })?;
                    let result = match &mut cascade {
                        Some(cascade) => cascade.finish(),
                        None => values,
                    };
                    self.emit(&tile, result, self.dst.offset(base[OUT]));
                }
            }
            Ok(())
        })
    }

    /// Folds the runs of a loop, a batch at a time, each batch into one value.
    unsafe fn fold_joined(
        &mut self,
        joined: Loop<2>,
        n: i64,
        src: *const u8,
        values: *mut u8,
        mut cascade: Option<&mut Cascade<'_>>,
    ) {
        for first in (0..joined.extent).step_by(BATCH as usize) {
            let runs = BATCH.min(joined.extent - first) as usize;
            // SAFETY: as the caller vouches; the values of a batch are read before the first of them is written.
            unsafe {
                let src = src.offset((first * joined.strides[IN]) as isize);
                self.fold(runs, n as usize, src, joined.strides[IN] as isize, values);
                self.fold(1, runs, values, 0, values);
                if let Some(cascade) = &mut cascade {
                    cascade.take(values, 1, 0, 1);
                }
            }
        }
    }
}
