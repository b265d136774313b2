//! What a loop is given that writes past the caches as it computes, and how it does: rows of a block, where the lines of each begin and
//! end, and what is asked for in advance with each line.
//!
//! ```text
//!   output    ...|----line----|----line----|----line----|...
//!   row            [       a row of the block         ]
//!   begins         [ elements one by one, then lines            it is written from its first element on
//!   does not  [    lines from the one on that it begins in      the elements in front of it can be read, and belong to the output
//!   ends                             lines, then the rest ]     it is written to its last element
//!   does not            lines up to the one that it ends in ]   the next rows begin there
//! ```
//!
//! So parts of a row of any phase follow each other, and none leaves a line in parts.

use core::mem::MaybeUninit;

use super::{Block, stream};
use crate::arch::{Features, Wide, step};
use crate::array;
use crate::cache::{LINE, prefetch};

/// Rows on their way past the caches.
pub(crate) struct Past<'a, const N: usize> {
    /// What the loop is compiled for.
    pub(crate) wide: Wide,
    /// The rows.
    pub(crate) block: &'a Block<N>,
    /// Whether they are written from their first element on, and to their last one.
    pub(super) begins: bool,
    pub(super) ends: bool,
    pub(super) asks: &'a Asks<N>,
}

/// What is asked for in advance, of each input.
#[derive(Clone, Copy)]
pub(crate) struct Asks<const N: usize> {
    /// Whether anything is.
    pub(super) any: bool,
    /// With the first line of the first row, and bytes from one row to the next, and from one line to the next. The lines are those of
    /// the last input as the loop reads it.
    pub(super) from: [*const u8; N],
    pub(super) rows: [isize; N],
    pub(super) lines: [isize; N],
}

impl<const N: usize> Asks<N> {
    pub(super) const NONE: Asks<N> =
        Asks { any: false, from: [core::ptr::null(); N], rows: [0; N], lines: [0; N] };

    /// Asks for what comes with the next `W` elements of the row.
    #[inline(always)]
    pub(crate) fn next<T, const W: usize>(&mut self) {
        if self.any {
            for _ in 0..(W * size_of::<T>()).div_ceil(LINE) {
                for k in 0..N - 1 {
                    prefetch(self.from[k]);
                    self.from[k] = self.from[k].wrapping_offset(self.lines[k]);
                }
            }
        }
    }
}

/// An input of a row, as chunks of `W` elements: the row itself, or a chunk of repetitions of the one element that it has.
///
/// So there is one loop and not one for each mixture, and no question in it.
pub(crate) struct Source<T> {
    at: *const T,
    /// What of a step is taken: all, or nothing.
    mask: usize,
}

impl<T: Copy> Source<T> {
    /// # Safety
    /// The first element can be read.
    #[inline(always)]
    pub(crate) unsafe fn new<const W: usize>(
        at: *const T,
        single: bool,
        room: &mut MaybeUninit<[T; W]>,
    ) -> Self {
        if single {
            // SAFETY: as the caller vouches.
            let chunk = room.write([unsafe { at.read_unaligned() }; W]);
            Source { at: chunk.as_ptr(), mask: 0 }
        } else {
            Source { at, mask: usize::MAX }
        }
    }

    /// The next elements.
    ///
    /// # Safety
    /// There are as many, and no more than in a chunk.
    #[inline(always)]
    pub(crate) unsafe fn next<const K: usize>(&mut self) -> [T; K] {
        // SAFETY: as the caller vouches.
        let x = unsafe { (self.at as *const [T; K]).read_unaligned() };
        self.at = self.at.wrapping_byte_add(size_of::<[T; K]>() & self.mask);
        x
    }
}

/// What a row is computed from.
pub(crate) trait Elements {
    /// The last input.
    type In;
    /// The output.
    type Out: Copy;

    /// Computes the next elements.
    ///
    /// # Safety
    /// There are as many.
    unsafe fn next<const K: usize>(&mut self) -> [Self::Out; K];
}

/// Writes a row, `W` elements at a time, then `H`, which make whole lines, both of them: what comes before the first line and after
/// the last one is written as it is.
///
/// # Safety
/// Only called in a loop that is compiled for the level. There are `n` elements, and room for them.
#[inline(always)]
pub(crate) unsafe fn write<F: Features, E: Elements, const W: usize, const H: usize, const N: usize>(
    mut elements: E,
    mut out: *mut E::Out,
    n: usize,
    mut asks: Asks<N>,
) {
    let mut left = (out.addr().wrapping_neg() % LINE / size_of::<E::Out>()).min(n);
    let mut rest = n - left;
    // SAFETY: elements of the row, as many as are left.
    unsafe {
        loop {
            while left >= W {
                lines::<F, E, W, N>(&mut elements, &mut out, &mut asks);
                left -= W;
            }
            while H < W && left >= H {
                lines::<F, E, H, N>(&mut elements, &mut out, &mut asks);
                left -= H;
            }
            while left > 0 {
                step();
                out.write_unaligned(elements.next::<1>()[0]);
                out = out.add(1);
                left -= 1;
            }
            if rest == 0 {
                return;
            }
            (left, rest) = (rest, 0);
        }
    }
}

/// Computes the next elements, which are whole lines of the output.
///
/// # Safety
/// As [`write`], for these.
#[inline(always)]
unsafe fn lines<F: Features, E: Elements, const K: usize, const N: usize>(
    elements: &mut E,
    out: &mut *mut E::Out,
    asks: &mut Asks<N>,
) {
    step();
    asks.next::<E::In, K>();
    // SAFETY: as the caller vouches.
    unsafe {
        stream::<F, E::Out, K>(&elements.next::<K>(), *out);
        *out = out.add(K);
    }
}

/// A row: where the elements of the operands lie, and how many there are.
#[derive(Clone, Copy)]
pub(crate) struct Row<const N: usize> {
    pub(crate) data: [*mut u8; N],
    pub(crate) n: usize,
}

impl<const N: usize> Row<N> {
    /// The row of this number.
    #[inline(always)]
    pub(crate) fn new(block: &Block<N>, number: usize) -> Row<N> {
        let number = number as isize;
        let data = array::each(
            #[inline(always)]
            |k| block.data[k].wrapping_offset(number * block.strides[k]),
        );
        Row { data, n: block.n }
    }

    /// The same of rows that may go past the caches; `sizes` are those of the elements.
    #[inline(always)]
    pub(crate) fn of(
        block: &Block<N>,
        past: Option<&Past<'_, N>>,
        number: usize,
        sizes: [usize; N],
    ) -> Row<N> {
        match past {
            Some(past) => past.row(number, sizes),
            None => Row::new(block, number),
        }
    }
}

impl<const N: usize> Past<'_, N> {
    /// The row of this number, of elements of these sizes, from and up to where its lines are written.
    #[inline(always)]
    pub(crate) fn row(&self, number: usize, sizes: [usize; N]) -> Row<N> {
        let mut row = Row::new(self.block, number);
        let item = sizes[N - 1];
        let phase = |address: usize| address % LINE / item;
        let out = row.data[N - 1].addr();
        let after = if self.ends { 0 } else { phase(out.wrapping_add(row.n * item)) };
        let before = if self.begins { 0 } else { phase(out) };
        // (What begins and ends in one line is the next part's, or has all of that line.)
        row.n = (row.n + before).saturating_sub(after);
        let data = row.data;
        row.data = array::each(
            #[inline(always)]
            |k| data[k].wrapping_sub(if self.block.single[k] { 0 } else { before * sizes[k] }),
        );
        row
    }

    /// What is asked for with the row of this number.
    #[inline(always)]
    pub(crate) fn asks(&self, number: usize) -> Asks<N> {
        let mut asks = *self.asks;
        for k in 0..N {
            asks.from[k] = asks.from[k].wrapping_offset(number as isize * asks.rows[k]);
        }
        asks
    }
}
