//! The arithmetic of a block: rows of contiguous elements, one loop per operation and dtype.
//!
//! An input is either contiguous along the row or one element for the whole row. Everything else (strides, other
//! dtypes, other orders) is brought into this form by the driver before it gets here, so there are three loops per
//! operation and dtype and not one per layout.

use core::marker::PhantomData;

use libstrided_layout::DType;

use super::ops::Apply;
use crate::arch::vectorize;
use crate::element::Element;
use crate::elementwise::Block;

/// The loop of an operation on one dtype.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    /// Computes a block, see [`elementwise::Kernel`](crate::elementwise::Kernel).
    pub(crate) run: unsafe fn(&Block<3>),
    /// The dtype of the output.
    pub(crate) result: DType,
}

/// The loop of an operation on a type.
pub(super) fn typed<Op: Apply<T>, T: Element>() -> Kernel {
    Kernel { run: run::<Op, T>, result: <Op::Out as Element>::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<Op: Apply<T>, T: Element>(block: &Block<3>) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches. The chunk is one to four vectors of AVX2; `size_of` is a constant, so
            // one arm is left.
            unsafe {
                match size_of::<T>() {
                    _ if !Op::VECTOR => Rows::<Op, T, 1>::run(block),
                    1 | 2 | 4 => Rows::<Op, T, 32>::run(block),
                    8 => Rows::<Op, T, 16>::run(block),
                    _ => Rows::<Op, T, 8>::run(block),
                }
            }
        },
    );
}

/// The loops over rows, `W` elements at a time. All `W` of both inputs are read before any is written: so an output
/// may coincide with an input, and the compiler vectorises without asking whether they overlap.
struct Rows<Op, T, const W: usize>(PhantomData<(Op, T)>);

impl<Op: Apply<T>, T: Element, const W: usize> Rows<Op, T, W> {
    #[inline(always)]
    unsafe fn run(block: &Block<3>) {
        let [mut a, mut b, mut out] = block.data;
        for _ in 0..block.rows {
            // SAFETY: as the caller vouches for the block.
            unsafe {
                let (x, y, z) = (a as *const T, b as *const T, out as *mut Op::Out);
                if block.single[0] {
                    Self::row_left(x.read_unaligned(), y, z, block.n);
                } else if block.single[1] {
                    Self::row_right(x, y.read_unaligned(), z, block.n);
                } else {
                    Self::row(x, y, z, block.n);
                }
            }
            a = a.wrapping_offset(block.strides[0]);
            b = b.wrapping_offset(block.strides[1]);
            out = out.wrapping_offset(block.strides[2]);
        }
    }

    #[inline(always)]
    unsafe fn row(a: *const T, b: *const T, out: *mut Op::Out, n: usize) {
        let mut i = 0;
        while n - i >= W {
            // SAFETY: elements `i..i + W` of the row.
            unsafe {
                let x = (a.add(i) as *const [T; W]).read_unaligned();
                let y = (b.add(i) as *const [T; W]).read_unaligned();
                let z: [Op::Out; W] = core::array::from_fn(
                    #[inline(always)]
                    |k| Op::apply(x[k], y[k]),
                );
                (out.add(i) as *mut [Op::Out; W]).write_unaligned(z);
            }
            i += W;
        }
        while i < n {
            // SAFETY: element `i` of the row.
            unsafe {
                let z = Op::apply(a.add(i).read_unaligned(), b.add(i).read_unaligned());
                out.add(i).write_unaligned(z);
            }
            i += 1;
        }
    }

    #[inline(always)]
    unsafe fn row_left(a: T, b: *const T, out: *mut Op::Out, n: usize) {
        let mut i = 0;
        while n - i >= W {
            // SAFETY: elements `i..i + W` of the row.
            unsafe {
                let y = (b.add(i) as *const [T; W]).read_unaligned();
                let z: [Op::Out; W] = core::array::from_fn(
                    #[inline(always)]
                    |k| Op::apply(a, y[k]),
                );
                (out.add(i) as *mut [Op::Out; W]).write_unaligned(z);
            }
            i += W;
        }
        while i < n {
            // SAFETY: element `i` of the row.
            unsafe {
                let z = Op::apply(a, b.add(i).read_unaligned());
                out.add(i).write_unaligned(z);
            }
            i += 1;
        }
    }

    #[inline(always)]
    unsafe fn row_right(a: *const T, b: T, out: *mut Op::Out, n: usize) {
        let mut i = 0;
        while n - i >= W {
            // SAFETY: elements `i..i + W` of the row.
            unsafe {
                let x = (a.add(i) as *const [T; W]).read_unaligned();
                let z: [Op::Out; W] = core::array::from_fn(
                    #[inline(always)]
                    |k| Op::apply(x[k], b),
                );
                (out.add(i) as *mut [Op::Out; W]).write_unaligned(z);
            }
            i += W;
        }
        while i < n {
            // SAFETY: element `i` of the row.
            unsafe {
                let z = Op::apply(a.add(i).read_unaligned(), b);
                out.add(i).write_unaligned(z);
            }
            i += 1;
        }
    }
}
