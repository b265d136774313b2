//! Folding rows: a kept loop is innermost, or the reduced one is short.
//!
//! **Windows** of `w` elements that slide along the rows need `w - 1` elements more than there are outputs. What the rows have
//! been folded to is joined with itself, shifted by 1, 2, 4, ...: after `k` steps entry `j` covers the elements from `j` on,
//! `2^k` of them. A window is put together from the powers of two that `w` is made of: at most `2 log2 w` joins, the same for sums,
//! products and extremes, and a sum does not drift, for nothing is ever subtracted.

use core::ops::Range;

use libstrided_layout::nest::Loop;

use super::cascade::Cascade;
use super::fold::ROUNDING_LEAF;
use super::pack::{At, Scratch};
use super::threads::{Nodes, Way};
use super::{IN, ONE, OPERANDS, OUT, START, Tile, Window, Work, count, step, steps_of_positions};

/// Bytes of the accumulators of a tile of outputs, and where windows are joined from them.
const TILE: usize = 4096;
const WINDOW_TILE: usize = 8192;

/// The same where rows come from memory: long ones, which the machine fetches in advance.
pub(super) const FAR_TILE: usize = 1 << 14;

/// Bytes of a row that is worth a tile of its own.
const WIDE: i64 = 64;

/// Bytes of accumulators up to which several rows are folded side by side.
pub(super) const NARROW: usize = 256;

/// How rows are folded.
#[derive(Clone, Copy)]
pub(super) struct Across<'a, const CAP: usize> {
    /// Outputs that are made together.
    tile: Tile<CAP>,
    /// Loops over the outputs outside a tile.
    kept_outer: &'a [Loop<OPERANDS>],
    /// The loop over rows, and the loops outside it.
    rows: Loop<OPERANDS>,
    outer: &'a [Loop<OPERANDS>],
    /// Rows that are folded side by side, where outputs are few and rows lie, or are packed, one after the other.
    beside: usize,
    /// Whether rows are read where they are.
    direct: bool,
    /// How many elements apart the elements of such a row are.
    row_step: usize,
    /// Rows that are handed to the tree at a time.
    chunk: i64,
    /// Accumulators of a row.
    width: usize,
}

impl<'a, const CAP: usize> Across<'a, CAP> {
    pub(super) fn new(work: &Work<'a>) -> Across<'a, CAP> {
        let (rows, outer) = match *work.reduced {
            [ref outer @ .., inner] => (inner, outer),
            [] => (ONE, work.reduced),
        };
        let item = work.packer.item;
        let capacity = work.capacity();
        let bytes = if work.window.is_some() { WINDOW_TILE } else { TILE };
        let most = capacity.min((bytes / work.size) as i64);
        // Rows that can be read as they are make tiles of their own; short or packed ones are taken several loops at a time.
        let (tiled, most) = match (work.window, work.kept) {
            (Some(window), [.., inner]) => {
                (core::slice::from_ref(inner), (most - window.elements.extent).max(most / 4))
            }
            (None, [.., inner])
                if inner.extent * item as i64 >= WIDE && work.packer.step(inner).is_some() =>
            {
                // What rows are folded to first may be narrower than accumulators.
                let size = work.kernel.narrow.as_ref().map_or(work.size, |narrow| narrow.size);
                let most = if work.far { (FAR_TILE / size) as i64 } else { most };
                (core::slice::from_ref(inner), most)
            }
            _ => (work.kept, most),
        };
        let tile = Tile::<CAP>::new(tiled, most);
        let width = work.span(tile.count()) as usize;
        let mut direct = match &work.window {
            Some(window) => work.packer.is_direct(&[window.elements]),
            None => work.packer.is_direct(tile.at(0)),
        };
        let mut row_step = 1;
        if work.window.is_none()
            && let [inner] = *tile.at(0)
            && let Some(step) = work.packer.step(&inner)
        {
            (direct, row_step) = (true, step);
        }
        let mut beside = 1;
        while work.window.is_none()
            && beside * width * work.size <= NARROW / 2
            && (beside as i64) * 4 <= rows.extent.min(capacity / width as i64)
        {
            beside *= 2;
        }
        if beside > 1
            && (row_step > 1 || tile.high < tile.extent || rows.strides[IN] != (width * item) as i64)
        {
            direct = false;
        }
        let chunk = if direct {
            rows.extent
        } else {
            let fit = (capacity / width as i64).max(1);
            (fit - fit % beside as i64).max(1)
        };
        let kept_outer = &work.kept[..work.kept.len() - tiled.len() + tile.outside];
        Across { tile, kept_outer, rows, outer, beside, direct, row_step, chunk, width }
    }

    fn tiles(&self) -> u64 {
        (self.tile.extent as u64).div_ceil(self.tile.high as u64)
    }

    /// Rows of accumulators that are handed to the tree at each position of the outer loops: `beside` rows in one.
    fn wide_rows(&self) -> u64 {
        (self.rows.extent as u64).div_ceil(self.beside as u64)
    }

    /// Bytes of memory for the tree.
    fn tree(&self, work: &Work<'_>) -> usize {
        Cascade::depth(count(self.outer) * self.rows.extent as u64) * self.width * self.beside * work.size
    }

    /// Calls `visit` with where each of these tiles begins, its loops over the outputs, and how many elements a row has.
    fn each_tile(
        &self,
        work: &Work<'_>,
        units: Range<u64>,
        visit: &mut dyn FnMut(At, &[Loop<OPERANDS>], usize),
    ) {
        steps_of_positions(self.kept_outer, self.tiles(), units, START, &mut |at, tiles| {
            for tile in tiles {
                let first = tile as i64 * self.tile.high;
                let loops = self.tile.at(first);
                visit(step(at, &loops[0], first), loops, work.span(count(loops) as i64) as usize);
            }
            true
        });
    }

    /// Hands some of the (wide) rows of a tile to the tree; `n` is the number of elements of a row.
    unsafe fn fold_rows(
        &self,
        work: &Work<'_>,
        (base, loops, n): (At, &[Loop<OPERANDS>], usize),
        wide_rows: Range<u64>,
        cascade: &mut Cascade<'_>,
        scratch: &mut Scratch<'_>,
    ) {
        let wide = work.window.map(|window| [Loop { extent: n as i64, ..window.elements }]);
        let elements = wide.as_ref().map_or(loops, |wide| &wide[..]);
        let (rows, item) = (&self.rows, work.packer.item);
        steps_of_positions(self.outer, self.wide_rows(), wide_rows, base, &mut |at, wide_rows| {
            let end = rows.extent.min(wide_rows.end as i64 * self.beside as i64);
            for first in (wide_rows.start as i64 * self.beside as i64..end).step_by(self.chunk as usize) {
                let count = self.chunk.min(end - first);
                let at = step(at, rows, first);
                // SAFETY: every address is that of an element; the memory has the depth that these rows need.
                unsafe {
                    let (src, stride) = if self.direct {
                        (work.packer.input.src.wrapping_offset(at[IN]), rows.strides[IN] as isize)
                    } else {
                        if work.far {
                            let ahead = rows_ahead(rows, &elements[0], count);
                            work.packer.prefetch(&elements[0], ahead, at);
                        }
                        (work.pack_rows::<CAP>(count, *rows, elements, at, scratch), (n * item) as isize)
                    };
                    if self.beside > 1 {
                        take_beside(cascade, src, count as usize, n, self.beside, item);
                    } else {
                        let far = self.direct && work.far;
                        let row_step = if self.direct { self.row_step } else { 1 };
                        let second = work.second(at, rows);
                        cascade.take((src, stride), second, count as usize, (n, row_step), far);
                    }
                }
            }
            true
        });
    }

    /// Makes the outputs of a tile of what all of its rows have been folded to.
    unsafe fn deliver(
        &self,
        work: &Work<'_>,
        (base, loops, n): (At, &[Loop<OPERANDS>], usize),
        mut values: *mut u8,
        memory: *mut u8,
        scratch: &mut Scratch<'_>,
    ) {
        // SAFETY: as the caller vouches; beyond the tree there is room for two rows.
        unsafe {
            work.halve(values, self.beside, n);
            if let Some(window) = &work.window {
                let windows = memory.wrapping_add(self.tree(work));
                values = work.join_windows(window, values, self.width, count(loops) as usize, windows);
            }
            work.emit(loops, values, base[OUT], scratch);
        }
    }
}

impl<const CAP: usize> Way for Across<'_, CAP> {
    fn units(&self) -> u64 {
        count(self.kept_outer) * self.tiles()
    }

    fn leaves(&self) -> u64 {
        (count(self.outer) * self.wide_rows()).div_ceil(ROUNDING_LEAF as u64)
    }

    fn width(&self) -> usize {
        self.width * self.beside
    }

    fn room(&self, work: &Work<'_>) -> usize {
        self.tree(work) + 2 * self.width * work.size
    }

    unsafe fn outputs(&self, work: &Work<'_>, units: Range<u64>, memory: *mut u8, scratch: &mut Scratch<'_>) {
        self.each_tile(work, units, &mut |base, loops, n| {
            // SAFETY: as the caller vouches.
            unsafe {
                let mut cascade = Cascade::new(work.kernel, n * self.beside, memory);
                let all = 0..count(self.outer) * self.wide_rows();
                self.fold_rows(work, (base, loops, n), all, &mut cascade, scratch);
                self.deliver(work, (base, loops, n), cascade.finish(), memory, scratch);
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
        let all = count(self.outer) * self.wide_rows();
        let leaf = ROUNDING_LEAF as u64;
        let rows = leaves.start * leaf..all.min(leaves.end * leaf);
        self.each_tile(work, unit..unit + 1, &mut |base, loops, n| {
            // SAFETY: as the caller vouches; there is room for the accumulators of a tile.
            unsafe {
                let mut cascade = Cascade::new(work.kernel, n * self.beside, memory);
                self.fold_rows(work, (base, loops, n), rows.clone(), &mut cascade, scratch);
                core::ptr::copy_nonoverlapping(cascade.finish(), to, n * self.beside * work.size);
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
        self.each_tile(work, unit..unit + 1, &mut |base, loops, n| {
            // SAFETY: as the caller vouches; the nodes are those of the tile.
            unsafe {
                let mut cascade = Cascade::new(work.kernel, n * self.beside, memory);
                nodes.join(&mut cascade, n * self.beside * work.size);
                self.deliver(work, (base, loops, n), cascade.finish(), memory, scratch);
            }
        });
    }
}

impl Work<'_> {
    /// The elements of a row that this many outputs of a tile come from.
    fn span(&self, outputs: i64) -> i64 {
        self.window.map_or(outputs, |window| window.span(outputs))
    }

    /// Brings rows of a tile into scratch, one after the other.
    unsafe fn pack_rows<const CAP: usize>(
        &self,
        count: i64,
        rows: Loop<OPERANDS>,
        loops: &[Loop<OPERANDS>],
        at: At,
        scratch: &mut Scratch<'_>,
    ) -> *const u8 {
        // SAFETY: as the caller vouches, in both branches.
        unsafe {
            if count == 1 {
                return self.packer.pack(scratch, loops, at);
            }
            // There are at most `CAP` loops in all, and one of them is not in the tile.
            let mut block = [ONE; CAP];
            block[0] = Loop { extent: count, ..rows };
            block[1..=loops.len()].copy_from_slice(loops);
            self.packer.pack(scratch, &block[..=loops.len()], at)
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
