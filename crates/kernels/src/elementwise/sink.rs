//! Where the blocks of a plan go: to the kernel as they are, or through the stream.

use super::stage::Near;
use super::stream::{LINE, PIECE, Stream};
use super::{Block, Kernel};

/// How far in advance an input that comes from memory is asked for where it is walked without a gap.
pub(super) const FAR: isize = 8192;

/// Takes blocks whose operands are all in the form that the kernel takes.
pub(super) struct Sink<'a, const N: usize> {
    pub(super) kernel: Kernel<'a, N>,
    /// Bytes per element of each operand of the kernel.
    pub(super) sizes: [usize; N],
    /// Where the output goes when it is not written in place.
    pub(super) stream: Option<Stream<'a>>,
    /// The inputs that are asked for in advance where the kernel runs along the operands: those that come from memory.
    pub(super) follow: [bool; N],
    /// How far in advance, in bytes.
    pub(super) far: [isize; N],
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
            // The first piece ends with a line, and so do the others.
            let apart = (data[N - 1].addr() % LINE).div_ceil(item);
            let mut j = 0;
            while j < block.n {
                let n = if j == 0 { most - apart } else { most }.min(block.n - j);
                let mut piece = Block { rows, n, data, ..*block };
                for k in 0..N {
                    if !block.single[k] {
                        piece.data[k] = data[k].wrapping_add(j * sizes[k]);
                    }
                }
                let mut near = [Near::NONE; N];
                for (k, near) in near.iter_mut().enumerate() {
                    if self.follow[k] {
                        *near = Near::lines(piece.data[k].wrapping_offset(self.far[k]), rows * n * sizes[k]);
                    }
                }
                // Requests for more than half a piece at once are more than the core can have under way.
                near.iter_mut().for_each(|near| near.some(near.runs / 2));
                // SAFETY: a part of the block of at most `PIECE` bytes; rows that are joined follow each other.
                unsafe {
                    piece.data[N - 1] = stream.place(piece.data[N - 1]);
                    (self.kernel)(&piece);
                    near.into_iter().for_each(Near::all);
                    stream.put(rows * n * item);
                }
                j += n;
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
