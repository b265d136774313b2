//! The loops of operations on one array: rows of contiguous elements, one loop per operation and dtype.

use libstrided_layout::DType;

use super::ops::Apply;
use crate::arch::{apart, step, vectorize};
use crate::cache::{lead, trails};
use crate::element::Element;
use crate::elementwise::Block;

/// The loop of an operation on one dtype.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kernel {
    /// Computes a block, see [`elementwise::Kernel`](crate::elementwise::Kernel).
    pub(super) run: unsafe fn(&Block<2>),
    /// The dtype of the output.
    pub(super) result: DType,
}

/// The loop of an operation on a type.
pub(super) fn typed<Op: Apply<T>, T: Element>() -> Kernel {
    Kernel { run: run::<Op, T>, result: <Op::Out as Element>::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<Op: Apply<T>, T: Element>(block: &Block<2>) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches. The chunk is two vectors of AVX-512, or one of bytes; `size_of` is a
            // constant, so one arm is left.
            unsafe {
                match size_of::<T>() {
                    _ if !Op::VECTOR => rows::<Op, T, 1, 1, 1>(block),
                    1 => rows::<Op, T, 64, 16, 32>(block),
                    2 => rows::<Op, T, 64, 16, 16>(block),
                    4 => rows::<Op, T, 32, 8, 8>(block),
                    8 => rows::<Op, T, 16, 4, 4>(block),
                    _ => rows::<Op, T, 8, 2, 2>(block),
                }
            }
        },
    );
}

/// `W` elements at a time, then `V`, then one; of long rows those before the first line first. All elements of a chunk are read
/// before any is written: so the output may coincide with the input. Half a line has `H` elements, see [`trails`].
#[inline(always)]
unsafe fn rows<Op: Apply<T>, T: Element, const W: usize, const V: usize, const H: usize>(block: &Block<2>) {
    let [mut src, mut dst] = block.data;
    for _ in 0..block.rows {
        let (x, y) = (src as *const T, dst as *mut Op::Out);
        let (mut i, mut end) = (0, block.n);
        if W > 1 {
            end = if size_of::<Op::Out>() < size_of::<T>() { lead(x, block.n) } else { lead(y, block.n) };
        }
        // A result of another size goes to other lines than the input after a few steps.
        let in_pairs = W > 1 && size_of::<Op::Out>() == size_of::<T>() && trails(y, x);
        loop {
            // SAFETY: elements `i..` of the row, as many as a chunk has.
            unsafe {
                while in_pairs && end - i >= 2 * H {
                    step();
                    pair::<Op, T, H>(x.add(i), y.add(i));
                    i += 2 * H;
                }
                while end - i >= W {
                    step();
                    chunk::<Op, T, W>(x.add(i), y.add(i));
                    i += W;
                }
                while end - i >= V && V > 1 {
                    step();
                    chunk::<Op, T, V>(x.add(i), y.add(i));
                    i += V;
                }
                while i < end {
                    step();
                    chunk::<Op, T, 1>(x.add(i), y.add(i));
                    i += 1;
                }
            }
            if end == block.n {
                break;
            }
            end = block.n;
        }
        src = src.wrapping_offset(block.strides[0]);
        dst = dst.wrapping_offset(block.strides[1]);
    }
}

/// Two chunks, read one after the other, and then written.
#[inline(always)]
unsafe fn pair<Op: Apply<T>, T: Element, const N: usize>(src: *const T, dst: *mut Op::Out) {
    // SAFETY: as the caller vouches, for `2 * N` elements.
    unsafe {
        let x = (src as *const [T; N]).read_unaligned();
        // Left to itself the compiler joins the two.
        apart();
        let x2 = (src.add(N) as *const [T; N]).read_unaligned();
        store::<Op, T, N>(x, dst);
        apart();
        store::<Op, T, N>(x2, dst.add(N));
    }
}

#[inline(always)]
unsafe fn chunk<Op: Apply<T>, T: Element, const N: usize>(src: *const T, dst: *mut Op::Out) {
    // SAFETY: as the caller vouches, for `N` elements.
    unsafe { store::<Op, T, N>((src as *const [T; N]).read_unaligned(), dst) };
}

/// Computes a chunk, and writes it.
#[inline(always)]
unsafe fn store<Op: Apply<T>, T: Element, const N: usize>(x: [T; N], dst: *mut Op::Out) {
    let done: [Op::Out; N] = core::array::from_fn(
        #[inline(always)]
        |k| Op::apply(x[k]),
    );
    // SAFETY: as the caller vouches, for `N` elements.
    unsafe { (dst as *mut [Op::Out; N]).write_unaligned(done) };
}
