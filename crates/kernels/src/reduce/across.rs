//! Folding rows: a kept loop is innermost, or the reduced one is short.
//!
//! **Windows** of `w` elements that slide along the rows need `w - 1` elements more than there are outputs. What the rows have
//! been folded to is joined with itself, shifted by 1, 2, 4, ...: after `k` steps entry `j` covers the elements from `j` on,
//! `2^k` of them. A window is put together from the powers of two that `w` is made of: at most `2 log2 w` joins, the same for sums,
//! products and extremes, and a sum does not drift, for nothing is ever subtracted.

use libstrided_layout::Result;
use libstrided_layout::nest::Loop;

use super::cascade::{Cascade, Partials, Stack};
use super::pack::At;
use super::{IN, ONE, OPERANDS, OUT, Tile, Window, Work, count, positions, step};

/// Bytes of the accumulators of a tile of outputs, and where windows are joined from them.
const TILE: usize = 4096;
const WINDOW_TILE: usize = 8192;

/// The same where rows come from memory: long ones, which the machine fetches in advance.
const FAR_TILE: usize = 1 << 14;

/// Bytes of a row that is worth a tile of its own.
const WIDE: i64 = 64;

/// Bytes of accumulators up to which several rows are folded side by side.
pub(super) const NARROW: usize = 256;

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
        let bytes = if self.window.is_some() { WINDOW_TILE } else { TILE };
        let most = capacity.min((bytes / self.size) as i64);
        // Rows that can be read as they are make tiles of their own; short or packed ones are taken several loops at a time.
        let (tiled, most) = match (self.window, self.kept) {
            (Some(window), [.., inner]) => {
                (core::slice::from_ref(inner), (most - window.elements.extent).max(most / 4))
            }
            (None, [.., inner])
                if inner.extent * item as i64 >= WIDE && self.packer.step(inner).is_some() =>
            {
                let most = if self.far { (FAR_TILE / self.size) as i64 } else { most };
                (core::slice::from_ref(inner), most)
            }
            _ => (self.kept, most),
        };
        let mut tile = Tile::<CAP>::new(tiled, most);
        let window = self.window;
        let span = |outputs: i64| window.map_or(outputs, |window| window.span(outputs)) as usize;
        let width = span(tile.count());
        // Rows side by side, when the outputs are few and the rows lie (or are packed) one after the other.
        let mut direct = match &self.window {
            Some(window) => self.packer.is_direct(&[window.elements]),
            None => self.packer.is_direct(tile.at(0)),
        };
        let mut rows_step = 1;
        if self.window.is_none()
            && let [inner] = *tile.at(0)
            && let Some(step) = self.packer.step(&inner)
        {
            (direct, rows_step) = (true, step);
        }
        let mut beside = 1;
        while self.window.is_none()
            && beside * width * self.size <= NARROW / 2
            && (beside as i64) * 4 <= rows.extent.min(capacity / width as i64)
        {
            beside *= 2;
        }
        if beside > 1
            && (rows_step > 1 || tile.high < tile.extent || rows.strides[IN] != (width * item) as i64)
        {
            direct = false;
        }
        let chunk = if direct {
            rows.extent
        } else {
            let fit = (capacity / width as i64).max(1);
            (fit - fit % beside as i64).max(1)
        };
        let total = count(self.reduced);
        let rows_of_memory = Cascade::depth(total) * width * beside;
        let (mut stack, mut memory) = (Stack::uninit(), Partials::new());
        let memory = memory.room((rows_of_memory + 2 * width) * self.size, &mut stack)?;
        let windows = memory.wrapping_add(rows_of_memory * self.size);
        let split = tile.loops[0];
        let kept_outer = &self.kept[..self.kept.len() - tiled.len() + tile.outside];
        positions(kept_outer, [0; OPERANDS], &mut |at| {
            for i in (0..tile.extent).step_by(tile.high as usize) {
                let base = step(at, &split, i);
                let loops = tile.at(i);
                let outputs = count(loops) as usize;
                let n = span(outputs as i64);
                let wide = self.window.map(|window| [Loop { extent: n as i64, ..window.elements }]);
                let elements = wide.as_ref().map_or(loops, |wide| &wide[..]);
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
                                if self.far {
                                    self.packer.prefetch(
                                        &elements[0],
                                        rows_ahead(&rows, &elements[0], count),
                                        at,
                                    );
                                }
                                (self.pack_rows::<CAP>(count, rows, elements, at), (n * item) as isize)
                            };
                            if beside > 1 {
                                take_beside(&mut cascade, src, count as usize, n, beside, item);
                            } else {
                                let far = direct && self.far;
                                let step = if direct { rows_step } else { 1 };
                                let second = self.second(at, &rows);
                                cascade.take((src, stride), second, count as usize, (n, step), far);
                            }
                        }
                        true
                    });
                    let mut values = cascade.finish();
                    self.join_beside(values, n, beside);
                    if let Some(window) = &self.window {
                        values = self.join_windows(window, values, width, outputs, windows);
                    }
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

    /// Joins the windows of `outputs` outputs from the accumulators of the row, which it uses up; see the page of the module.
    /// `room` is for two rows more.
    unsafe fn join_windows(
        &self,
        window: &Window,
        values: *mut u8,
        width: usize,
        outputs: usize,
        room: *mut u8,
    ) -> *mut u8 {
        let size = self.size;
        let (mut row, mut other, windows) = (values, room, room.wrapping_add(width * size));
        let mut left = window.elements.extent as usize;
        let mut entries = window.span(outputs as i64) as usize;
        let wanted = entries - left + 1;
        // What an entry covers, and what of the windows has been joined.
        let (mut covered, mut joined) = (1, 0);
        let mut result = windows;
        while left > 0 {
            if left & 1 == 1 {
                let next = row.wrapping_add(joined * size);
                // SAFETY: window `j` continues with entry `j + joined`; there are as many entries as windows need.
                unsafe {
                    if joined == 0 && left == 1 {
                        result = next;
                    } else if joined == 0 {
                        core::ptr::copy_nonoverlapping(next, windows, wanted * size);
                    } else {
                        (self.kernel.join)(windows, next, wanted);
                    }
                }
                joined += covered;
            }
            left >>= 1;
            if left > 0 {
                entries -= covered;
                // SAFETY: entries `0..entries` and those `covered` further on, to the row that is not in use.
                unsafe { (self.kernel.join_shifted)(other, row, covered, entries) };
                core::mem::swap(&mut row, &mut other);
                covered *= 2;
            }
        }
        result
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

/// How many steps of the inner loop lead to the rows after the next `count` ones.
fn rows_ahead(rows: &Loop<OPERANDS>, inner: &Loop<OPERANDS>, count: i64) -> i64 {
    rows.strides[IN].wrapping_mul(count) / inner.strides[IN].max(1)
}

/// Hands `rows` rows of `n` elements to the tree, `beside` of them as one.
///
/// # Safety
/// The rows must be valid for reading, and contiguous one after the other when `beside` is not 1.
unsafe fn take_beside(
    cascade: &mut Cascade<'_>,
    src: *const u8,
    rows: usize,
    n: usize,
    beside: usize,
    item: usize,
) {
    let wide = n * beside;
    let (whole, left) = (rows / beside, rows % beside);
    // SAFETY: as the caller vouches.
    unsafe {
        let none = (core::ptr::null(), 0);
        cascade.take((src, (wide * item) as isize), none, whole, (wide, 1), false);
        if left > 0 {
            cascade.take((src.add(whole * wide * item), 0), none, 1, (left * n, 1), false);
        }
    }
}
