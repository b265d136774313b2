//! Where the blocks of a plan go: to the kernel as they are, or through the stream.

use super::ahead::{ask, ask_by_turns};
use super::stream::Stream;
use super::{Block, Kernel};
use crate::cache::LINE;

/// Rows that are worked on by turns. One stream of reads is not enough to keep memory busy: on Zen 4 a copy past the caches is
/// 1.1 times as fast with four, a row added to every row 1.25 times.
pub(super) const ABREAST: usize = 4;

/// Takes blocks whose operands are all in the form that the kernel takes.
pub(super) struct Sink<'a, const N: usize> {
    pub(super) kernel: Kernel<'a, N>,
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
            } else if self.abreast && self.can_end_with_lines(block) {
                self.by_turns(block);
            } else {
                self.through(block);
            }
        }
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
            for j in (0..block.n).step_by(most) {
                let n = most.min(block.n - j);
                (piece.rows, piece.n) = (rows, n);
                for (k, &size) in sizes.iter().enumerate() {
                    let row = block.data[k].wrapping_offset(block.strides[k] * i as isize);
                    piece.data[k] = if block.single[k] { row } else { row.wrapping_add(j * size) };
                    if k + 1 < N && self.follow[k] {
                        ask(block, k, size, (i, rows), (j, n), self.far / size);
                    }
                }
                // SAFETY: a part of the block of at most `PIECE` bytes, as `piece` is; rows that are joined follow each other.
                unsafe {
                    piece.data[N - 1] = stream.place(piece.data[N - 1]);
                    (self.kernel)(&piece);
                    stream.put(rows * n * item);
                }
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
        let mut first = block.data;
        for i in (0..block.rows).step_by(ABREAST) {
            let rows = ABREAST.min(block.rows - i);
            // Where the next piece of each row begins, and elements up to there.
            let mut data = [first; ABREAST];
            let mut done = [0; ABREAST];
            for data in &mut data[..rows] {
                *data = first;
                for (first, stride) in first.iter_mut().zip(block.strides) {
                    *first = first.wrapping_offset(stride);
                }
            }
            while done[..rows].iter().any(|&done| done < block.n) {
                for (data, done) in data[..rows].iter_mut().zip(&mut done) {
                    // The first piece goes up to a line, and a whole piece further.
                    let lead = if *done == 0 { data[N - 1].addr().wrapping_neg() % LINE / item } else { 0 };
                    let n = (lead + most).min(block.n - *done);
                    let mut piece = Block { rows: 1, n, data: *data, ..*block };
                    for k in (0..N - 1).filter(|&k| self.follow[k] && steps[k] != 0) {
                        ask_by_turns(block, k, data[k], steps[k], (*done, n), self.far / steps[k]);
                    }
                    for (data, step) in data.iter_mut().zip(steps) {
                        *data = data.wrapping_add(n * step);
                    }
                    *done += n;
                    // SAFETY: a part of the block, of less than `SHORT` bytes and a line.
                    unsafe {
                        piece.data[N - 1] = stream.place(piece.data[N - 1]);
                        (self.kernel)(&piece);
                        stream.put(n * item);
                    }
                }
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
