//! The loops of operations on one array: rows of contiguous elements, one loop per operation and dtype.

use libstrided_layout::DType;

use super::ops::Apply;
use crate::arch::vectorize;
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
            // SAFETY: as the caller vouches. The chunk is one to four vectors of AVX2; `size_of` is a constant, so
            // one arm is left.
            unsafe {
                match size_of::<T>() {
                    _ if !Op::VECTOR => rows::<Op, T, 1>(block),
                    1 | 2 | 4 => rows::<Op, T, 32>(block),
                    8 => rows::<Op, T, 16>(block),
                    _ => rows::<Op, T, 8>(block),
                }
            }
        },
    );
}

/// `W` elements at a time, all of them read before any is written: so the output may coincide with the input.
#[inline(always)]
unsafe fn rows<Op: Apply<T>, T: Element, const W: usize>(block: &Block<2>) {
    let [mut src, mut dst] = block.data;
    for _ in 0..block.rows {
        let (x, y) = (src as *const T, dst as *mut Op::Out);
        let mut i = 0;
        while block.n - i >= W {
            // SAFETY: elements `i..i + W` of the row.
            unsafe {
                let chunk = (x.add(i) as *const [T; W]).read_unaligned();
                let done: [Op::Out; W] = core::array::from_fn(
                    #[inline(always)]
                    |k| Op::apply(chunk[k]),
                );
                (y.add(i) as *mut [Op::Out; W]).write_unaligned(done);
            }
            i += W;
        }
        while i < block.n {
            // SAFETY: element `i` of the row.
            unsafe { y.add(i).write_unaligned(Op::apply(x.add(i).read_unaligned())) };
            i += 1;
        }
        src = src.wrapping_offset(block.strides[0]);
        dst = dst.wrapping_offset(block.strides[1]);
    }
}
