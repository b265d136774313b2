//! Where the blocks of a plan go: to the kernel as they are, or through the stream.

use super::stream::{LINE, PIECE, Stream};
use super::{Block, Kernel};
use crate::cache::prefetch;

/// How far in advance the one input that comes from memory is asked for.
const FAR: usize = 8192;

/// Runs of bytes that will be read soon; a few lines are asked for with each piece of output.
#[derive(Clone, Copy)]
pub(super) struct Ahead {
    /// The next line, and how many bytes of its run are left from there.
    at: *const u8,
    left: usize,
    /// Where the run begins, its bytes, bytes from one run to the next, and how many runs are left.
    begin: *const u8,
    run: usize,
    step: isize,
    runs: usize,
    /// Lines per piece.
    share: usize,
}

impl Ahead {
    pub(super) const NONE: Ahead = Ahead {
        at: core::ptr::null(),
        left: 0,
        begin: core::ptr::null(),
        run: 0,
        step: 0,
        runs: 0,
        share: 0,
    };

    /// `runs` runs of `run` bytes, spread over the pieces of `bytes` bytes of output.
    pub(super) fn new(begin: *const u8, run: usize, step: isize, runs: usize, bytes: usize) -> Ahead {
        let lines = runs * (run / LINE + 1);
        let share = (lines * PIECE).div_ceil(bytes.max(PIECE));
        let left = run + begin.addr() % LINE;
        Ahead { at: begin, left, begin, run, step, runs, share }
    }

    #[inline]
    fn some(&mut self) {
        for _ in 0..self.share {
            if self.runs == 0 {
                return;
            }
            prefetch(self.at);
            self.at = self.at.wrapping_add(LINE);
            self.left = self.left.saturating_sub(LINE);
            if self.left == 0 {
                self.runs -= 1;
                self.begin = self.begin.wrapping_offset(self.step);
                self.at = self.begin;
                self.left = self.run + self.begin.addr() % LINE;
            }
        }
    }
}

/// Takes blocks whose operands are all in the form that the kernel takes.
pub(super) struct Sink<'a, const N: usize> {
    pub(super) kernel: Kernel<'a, N>,
    /// Bytes per element of each operand of the kernel.
    pub(super) sizes: [usize; N],
    /// Where the output goes when it is not written in place.
    pub(super) stream: Option<Stream<'a>>,
    /// The input that is asked for in advance where the kernel runs along the operands: the only one that comes from
    /// memory. (Two or more keep the machine's own prefetchers busy: measured, they are better left alone.)
    pub(super) follow: Option<usize>,
    /// What else is read soon.
    pub(super) ahead: [Ahead; N],
}

impl<const N: usize> Sink<'_, N> {
    /// Computes a block.
    ///
    /// # Safety
    /// The elements of the block can be read and written.
    #[inline]
    pub(super) unsafe fn block(&mut self, block: &Block<N>) {
        match &mut self.stream {
            None => (self.kernel)(block),
            // SAFETY: as the caller vouches.
            Some(_) => unsafe { self.through(block) },
        }
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
        let rows = if joined { (PIECE / row).clamp(1, block.rows) } else { 1 };
        let most = PIECE / item;
        let mut data = block.data;
        for i in (0..block.rows).step_by(rows) {
            let rows = rows.min(block.rows - i);
            for j in (0..block.n).step_by(most) {
                let n = most.min(block.n - j);
                let mut piece = Block { rows, n, data, ..*block };
                for k in 0..N {
                    if !block.single[k] {
                        piece.data[k] = data[k].wrapping_add(j * sizes[k]);
                    }
                }
                if let Some(k) = self.follow {
                    near(piece.data[k].wrapping_add(FAR), rows * n * sizes[k]);
                }
                self.ahead.iter_mut().for_each(Ahead::some);
                // SAFETY: a part of the block of at most `PIECE` bytes; rows that are joined follow each other.
                unsafe {
                    piece.data[N - 1] = stream.place(piece.data[N - 1]);
                    (self.kernel)(&piece);
                    stream.put(rows * n * item);
                }
            }
            for (data, stride) in data.iter_mut().zip(block.strides) {
                *data = data.wrapping_offset(stride * rows as isize);
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

/// Asks for all lines of `bytes` bytes at an address.
#[inline(always)]
fn near(at: *const u8, bytes: usize) {
    for offset in (0..bytes).step_by(LINE) {
        prefetch(at.wrapping_add(offset));
    }
}
