//! Folding rows: a kept loop is innermost, or the reduced one is short.

use libstrided_layout::Result;
use libstrided_layout::nest::Loop;

use super::cascade::{Cascade, Partials};
use super::pack::At;
use super::{IN, ONE, OPERANDS, OUT, Tile, Work, count, positions, step};

/// Bytes of the accumulators of a tile of outputs.
const TILE: usize = 4096;

/// Bytes of accumulators below which several rows are folded side by side.
const NARROW: usize = 256;

impl Work<'_> {
    /// # Safety
    /// As for [`super::reduce`].
    pub(super) unsafe fn across<const CAP: usize>(&mut self) -> Result<()> {
        let (rows, outer) = match *self.reduced {
            [ref outer @ .., inner] => (inner, outer),
            [] => (ONE, self.reduced),
        };
        let item = self.packer.item;
        let capacity = self.capacity();
        let mut tile = Tile::<CAP>::new(self.kept, capacity.min((TILE / self.size) as i64));
        let width = tile.count() as usize;
        // Rows side by side, when the outputs are few and the rows lie (or are packed) one after the other.
        let mut direct = self.packer.is_direct(tile.at(0));
        let mut beside = 1;
        while beside * width * self.size < NARROW
            && (beside as i64) * 4 <= rows.extent.min(capacity / width as i64)
        {
            beside *= 2;
        }
        if beside > 1 && (tile.high < tile.extent || rows.strides[IN] != (width * item) as i64) {
            direct = false;
        }
        let chunk = if direct {
            rows.extent
        } else {
            let fit = (capacity / width as i64).max(1);
            (fit - fit % beside as i64).max(1)
        };
        let total = count(self.reduced);
        let mut memory = Partials::new(Cascade::depth(total) * width * beside * self.size)?;
        let memory = memory.as_mut_ptr();
        let split = tile.loops[0];
        let kept_outer = &self.kept[..tile.outside];
        positions(kept_outer, [0; OPERANDS], &mut |at| {
            for i in (0..tile.extent).step_by(tile.high as usize) {
                let base = step(at, &split, i);
                let loops = tile.at(i);
                let n = count(loops) as usize;
                // SAFETY: every address is that of an element; the memory has the depth that these rows need.
                unsafe {
                    let mut cascade = Cascade::new(self.kernel, n * beside, memory);
                    positions(outer, base, &mut |at| {
                        for first in (0..rows.extent).step_by(chunk as usize) {
                            let count = chunk.min(rows.extent - first);
                            let at = step(at, &rows, first);
                            let (src, stride) = if direct {
                                let src = self.packer.input.src.wrapping_offset(at[IN]);
                                (src, rows.strides[IN] as isize)
                            } else {
                                (self.pack_rows::<CAP>(count, rows, loops, at), (n * item) as isize)
                            };
                            take(&mut cascade, src, count as usize, stride, n, beside, item);
                        }
                        true
                    });
                    let values = cascade.finish();
                    self.join_beside(values, n, beside);
                    self.emit(loops, values, base[OUT]);
                }
            }
            true
        });
        Ok(())
    }

    /// Brings rows of a tile into scratch, one after the other.
    unsafe fn pack_rows<const CAP: usize>(
        &mut self,
        count: i64,
        rows: Loop<OPERANDS>,
        loops: &[Loop<OPERANDS>],
        at: At,
    ) -> *const u8 {
        // SAFETY: as the caller vouches, in both branches.
        unsafe {
            if count == 1 {
                return self.packer.pack(loops, at);
            }
            // There are at most `CAP` loops in all, and one of them is not in the tile.
            let mut block = [ONE; CAP];
            block[0] = Loop { extent: count, ..rows };
            block[1..=loops.len()].copy_from_slice(loops);
            self.packer.pack(&block[..=loops.len()], at)
        }
    }

    /// Joins the accumulators of rows that were folded side by side, in halves.
    unsafe fn join_beside(&self, values: *mut u8, n: usize, mut beside: usize) {
        while beside > 1 {
            beside /= 2;
            // SAFETY: the upper half of the accumulators is joined into the lower one.
            unsafe { (self.kernel.join)(values, values.add(n * beside * self.size), n * beside) };
        }
    }
}

/// Hands `rows` rows of `n` elements to the tree, `beside` of them as one.
///
/// # Safety
/// The rows must be valid for reading, and contiguous one after the other when `beside` is not 1.
unsafe fn take(
    cascade: &mut Cascade<'_>,
    src: *const u8,
    rows: usize,
    stride: isize,
    n: usize,
    beside: usize,
    item: usize,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        if beside == 1 {
            cascade.take(src, rows, stride, n);
            return;
        }
        let wide = n * beside;
        let whole = rows / beside;
        cascade.take(src, whole, (wide * item) as isize, wide);
        let left = rows % beside;
        if left > 0 {
            cascade.take(src.add(whole * wide * item), 1, 0, left * n);
        }
    }
}
