//! Where the blocks of a plan go: to the kernel as they are, or through the stream.

use super::ahead::{ask, ask_by_turns, asks};
use super::past::Past;
use super::stream::{PIECE, Stream};
use super::{Block, Kernel, PastKernel};
use crate::arch::Wide;
use crate::cache::LINE;
use crate::cpu::asks_in_advance;

/// Rows that are worked on by turns. One stream of reads is not enough to keep memory busy: on Zen 4 a copy past the caches is
/// 1.1 times as fast with four, a row added to every row 1.25 times.
pub(super) const ABREAST: usize = 4;

/// Takes blocks whose operands are all in the form that the kernel takes.
pub(super) struct Sink<'a, const N: usize> {
    pub(super) kernel: Kernel<'a, N>,
    /// See [`Loops::past`](super::Loops::past).
    pub(super) past: Option<(PastKernel<'a, N>, Wide)>,
    /// Bytes per element of each operand of the kernel.
    pub(super) sizes: [usize; N],
    /// Where the output goes when it is not written in place.
    pub(super) stream: Option<Stream<'a>>,
    /// Bytes of the output that go through the stream at a time, see [`PIECE`](super::stream::PIECE) and
    /// [`SHORT`](super::stream::SHORT).
    pub(super) piece: usize,
    /// The inputs that are asked for in advance, and so many bytes in advance.
    pub(super) follow: [bool; N],
    pub(super) far: usize,
    /// Whether rows are long, and several of them are worked on by turns.
    pub(super) abreast: bool,
}

impl<const N: usize> Sink<'_, N> {
    /// Computes a block.
    ///
    /// # Safety
    /// The elements of the block can be read and written.
    #[inline]
    pub(super) unsafe fn block(&mut self, block: &Block<N>) {
        // SAFETY: as the caller vouches, in each branch.
        unsafe {
            if self.stream.is_none() {
                (self.kernel)(block);
            } else if let Some((past, wide)) = self.past.filter(|_| self.goes_past(block)) {
                past(&Past { wide, block, begins: true, ends: true, asks: &asks(block, &self.sizes) });
            } else if self.abreast && self.can_end_with_lines(block) {
                self.by_turns(block);
            } else {
                self.through(block);
            }
        }
    }

    /// Whether rows begin with lines of the output, or are so long that those that they have in parts do not matter. (Zen 4 wants rows
    /// of a single input by turns.)
    fn goes_past(&self, block: &Block<N>) -> bool {
        if self.abreast && !asks_in_advance() {
            return false;
        }
        let item = self.sizes[N - 1];
        let stride = if block.rows > 1 { block.strides[N - 1] as usize } else { 0 };
        let begins = block.data[N - 1].addr() | stride;
        begins.is_multiple_of(LINE) || begins.is_multiple_of(item) && block.n * item > PIECE
    }

    /// Whether there are several rows, and elements of the output begin where lines do. (Where they never do, each piece would
    /// leave a line in parts, and none of the rows one after the other does.)
    fn can_end_with_lines(&self, block: &Block<N>) -> bool {
        let (first, stride) = (block.data[N - 1].addr(), block.strides[N - 1] as usize);
        block.rows > 1 && (first | stride).is_multiple_of(self.sizes[N - 1])
    }

    /// Cuts a block into pieces that the stream takes: several rows that follow each other in the output, a row, or a
    /// part of one.
    ///
    /// # Safety
    /// As [`block`](Self::block).
    unsafe fn through(&mut self, block: &Block<N>) {
        let Some(stream) = &mut self.stream else { return };
        let sizes = &self.sizes;
        let item = sizes[N - 1];
        let row = block.n * item;
        let joined = block.strides[N - 1] == row as isize;
        let rows = if joined { (self.piece / row).clamp(1, block.rows) } else { 1 };
        let most = self.piece / item;
        // Changed in its place: see the page of this folder.
        let mut piece = *block;
        for i in (0..block.rows).step_by(rows) {
            let rows = rows.min(block.rows - i);
            let out = block.data[N - 1].wrapping_offset(block.strides[N - 1] * i as isize).addr();
            // The first piece goes up to a line, and a whole piece further: lines that the kernel writes in two parts can not be read
            // before both are in the cache, behind all that is streamed.
            let mut lead =
                if rows == 1 && out.is_multiple_of(item) { out.wrapping_neg() % LINE / item } else { 0 };
            let mut j = 0;
            while j < block.n {
                let n = (lead + most).min(block.n - j);
                lead = 0;
                (piece.rows, piece.n) = (rows, n);
                for (k, &size) in sizes.iter().enumerate() {
                    let row = block.data[k].wrapping_offset(block.strides[k] * i as isize);
                    piece.data[k] = if block.single[k] { row } else { row.wrapping_add(j * size) };
                    if k + 1 < N && self.follow[k] {
                        ask(block, k, size, (i, rows), (j, n), self.far / size);
                    }
                }
                // SAFETY: a part of the block of at most `PIECE` bytes, as `piece` is, and those before the first line; rows that are joined
                // follow each other.
                unsafe {
                    piece.data[N - 1] = stream.place(piece.data[N - 1]);
                    (self.kernel)(&piece);
                    stream.put(rows * n * item);
                }
                j += n;
            }
        }
    }

    /// Cuts a block of long rows into pieces that the stream takes, and takes pieces of several rows by turns. The pieces
    /// of a row end with lines of the output, so that none of them is left in parts.
    ///
    /// # Safety
    /// As [`block`](Self::block).
    unsafe fn by_turns(&mut self, block: &Block<N>) {
        let Some(stream) = &mut self.stream else { return };
        let item = self.sizes[N - 1];
        let most = self.piece / item;
        // Bytes from one element to the next; 0 for one element per row.
        let mut steps = self.sizes;
        for (step, _) in steps.iter_mut().zip(block.single).filter(|(_, single)| *single) {
            *step = 0;
        }
        let mut piece = Block { rows: 1, ..*block };
        for first in (0..block.rows).step_by(ABREAST) {
            let rows = first..block.rows.min(first + ABREAST);
            let mut turn = 0;
            let mut left = true;
            while left {
                left = false;
                for i in rows.clone() {
                    let row = |k: usize| block.data[k].wrapping_offset(block.strides[k] * i as isize);
                    // The first piece goes up to a line, and a whole piece further.
                    let lead = row(N - 1).addr().wrapping_neg() % LINE / item;
                    let begin = if turn == 0 { 0 } else { lead + turn * most };
                    if begin >= block.n {
                        continue;
                    }
                    left = true;
                    let n = (lead + (turn + 1) * most).min(block.n) - begin;
                    piece.n = n;
                    for (k, &step) in steps.iter().enumerate() {
                        piece.data[k] = row(k).wrapping_add(begin * step);
                        if k + 1 < N && self.follow[k] && step != 0 {
                            ask_by_turns(block, k, piece.data[k], step, (begin, n), self.far / step);
                        }
                    }
                    // SAFETY: a part of the block, of less than `SHORT` bytes and a line.
                    unsafe {
                        piece.data[N - 1] = stream.place(piece.data[N - 1]);
                        (self.kernel)(&piece);
                        stream.put(n * item);
                    }
                }
                turn += 1;
            }
        }
    }

    /// All blocks have been computed.
    ///
    /// # Safety
    /// As [`block`](Self::block), for all of them.
    pub(super) unsafe fn finish(&mut self) {
        if let Some(stream) = &mut self.stream {
            // SAFETY: as the caller vouches.
            unsafe { stream.finish() };
        }
    }
}
