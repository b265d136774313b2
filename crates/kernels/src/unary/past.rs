//! The loops of operations where the output goes past the caches: each line is written as soon as it is computed.
//!
//! By way of a room in L1 some lines are written at once, and while they wait for memory little is computed. See
//! [`elementwise::Loops`](crate::elementwise::Loops).

use core::marker::PhantomData;

use super::ops::Apply;
use crate::arch::{Body, Features};
use crate::array;
use crate::element::Element;
use crate::elementwise::{Elements, Past, Row, write};

/// See [`Kernel::past`](super::kernel::Kernel::past).
pub(super) unsafe fn run<Op: Apply<T>, T: Element>(past: &Past<'_, 2>) {
    past.wide.specialize(Rows::<Op, T>(past, PhantomData));
}

/// A block on its way to the loops of a level.
struct Rows<'a, 'b, Op, T>(&'a Past<'b, 2>, PhantomData<(Op, T)>);

impl<Op: Apply<T>, T: Element> Body for Rows<'_, '_, Op, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let past = self.0;
        for i in 0..past.block.rows {
            let Row { data: [src, dst], n } = past.row(i, [size_of::<T>(), size_of::<Op::Out>()]);
            let asks = past.asks(i);
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                let (input, dst) = (Input::<Op, T>(src as *const T, PhantomData), dst as *mut Op::Out);
                match const { size_of::<Op::Out>() } {
                    1 => write::<F, _, 64, 64, 2>(input, dst, n, asks),
                    2 | 4 => write::<F, _, 32, 32, 2>(input, dst, n, asks),
                    _ => write::<F, _, 16, 16, 2>(input, dst, n, asks),
                }
            }
        }
    }
}

/// What is left of the input of a row.
struct Input<Op, T>(*const T, PhantomData<Op>);

impl<Op: Apply<T>, T: Element> Elements for Input<Op, T> {
    type In = T;
    type Out = Op::Out;

    #[inline(always)]
    unsafe fn next<const K: usize>(&mut self) -> [Op::Out; K] {
        // SAFETY: as the caller vouches.
        let x = unsafe { (self.0 as *const [T; K]).read_unaligned() };
        self.0 = self.0.wrapping_add(K);
        array::each(
            #[inline(always)]
            |k| Op::apply(x[k]),
        )
    }
}
