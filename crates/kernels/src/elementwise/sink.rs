//! Where the blocks of a plan go: to the kernel as they are, or through the stream.

use super::stream::{PIECE, Stream};
use super::{Block, Kernel};

/// Takes blocks whose operands are all in the form that the kernel takes.
pub(super) struct Sink<'a, const N: usize> {
    pub(super) kernel: Kernel<'a, N>,
    /// Bytes per element of each operand of the kernel.
    pub(super) sizes: [usize; N],
    /// Where the output goes when it is not written in place.
    pub(super) stream: Option<Stream<'a>>,
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
            Some(stream) => unsafe { through(stream, self.kernel, &self.sizes, block) },
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

/// Cuts a block into pieces that the stream takes: several rows that follow each other in the output, a row, or a part of
/// one.
///
/// # Safety
/// As [`Sink::block`].
unsafe fn through<const N: usize>(
    stream: &mut Stream<'_>,
    kernel: Kernel<'_, N>,
    sizes: &[usize; N],
    block: &Block<N>,
) {
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
            // SAFETY: a part of the block of at most `PIECE` bytes; rows that are joined follow each other.
            unsafe {
                piece.data[N - 1] = stream.place(piece.data[N - 1]);
                kernel(&piece);
                stream.put(rows * n * item);
            }
        }
        for (data, stride) in data.iter_mut().zip(block.strides) {
            *data = data.wrapping_offset(stride * rows as isize);
        }
    }
}
