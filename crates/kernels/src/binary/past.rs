//! The loops of operations where the output goes past the caches: each line is written as soon as it is computed.
//!
//! See the same of operations on one array, and [`elementwise::Loops`](crate::elementwise::Loops).

use core::marker::PhantomData;

use super::functions::load_one;
use super::ops::Apply;
use crate::arch::{Body, Features, specialize, step};
use crate::array;
use crate::cache::LINE;
use crate::element::Element;
use crate::elementwise::{Ahead, Block, stream};

/// See [`Kernel::past`](super::kernel::Kernel::past).
pub(super) unsafe fn run<Op: Apply<T>, T: Element>(block: &Block<3>) {
    specialize(Rows::<Op, T>(block, PhantomData));
}

/// A block on its way to the loops of a level.
struct Rows<'a, Op, T>(&'a Block<3>, PhantomData<(Op, T)>);

impl<Op: Apply<T>, T: Element> Body for Rows<'_, Op, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let block = self.0;
        let [mut a, mut b, mut out] = block.data;
        for _ in 0..block.rows {
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                let (inputs, out) = ([a as *const T, b as *const T], out as *mut Op::Out);
                match const { size_of::<T>() } {
                    1 => row::<F, Op, T, 64>(inputs, block.single, out, block.n),
                    2 | 4 => row::<F, Op, T, 32>(inputs, block.single, out, block.n),
                    _ => row::<F, Op, T, 16>(inputs, block.single, out, block.n),
                }
            }
            a = a.wrapping_offset(block.strides[0]);
            b = b.wrapping_offset(block.strides[1]);
            out = out.wrapping_offset(block.strides[2]);
        }
    }
}

/// A row: what comes before the first line and after the last one is written as it is.
#[inline(always)]
unsafe fn row<F: Features, Op: Apply<T>, T: Element, const W: usize>(
    inputs: [*const T; 2],
    single: [bool; 3],
    out: *mut Op::Out,
    n: usize,
) {
    let ahead = Ahead::new();
    let mut i = 0;
    let mut end = (out.addr().wrapping_neg() % LINE / size_of::<Op::Out>()).min(n);
    loop {
        while end - i >= W {
            step();
            // SAFETY: elements `i..i + W` of the row.
            unsafe {
                inputs.iter().for_each(|input| ahead.ask::<T, W>(input.wrapping_add(i)));
                let y = apply::<Op, T, W>(inputs, single, i);
                stream::<F, Op::Out, W>(&y, out.add(i));
            }
            i += W;
        }
        while i < end {
            step();
            // SAFETY: element `i` of the row.
            unsafe { out.add(i).write_unaligned(apply::<Op, T, 1>(inputs, single, i)[0]) };
            i += 1;
        }
        if end == n {
            return;
        }
        end = n;
    }
}

/// Elements from `i` on.
///
/// # Safety
/// They can be read.
#[inline(always)]
unsafe fn apply<Op: Apply<T>, T: Element, const N: usize>(
    inputs: [*const T; 2],
    single: [bool; 3],
    i: usize,
) -> [Op::Out; N] {
    // SAFETY: as the caller vouches.
    let [x, y]: [[T; N]; 2] =
        unsafe { [load_one(inputs[0], single[0], i), load_one(inputs[1], single[1], i)] };
    array::each(
        #[inline(always)]
        |k| Op::apply(x[k], y[k]),
    )
}
