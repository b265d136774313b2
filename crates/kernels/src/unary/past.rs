//! The loops of operations where the output goes past the caches: each line is written as soon as it is computed.
//!
//! By way of a room in L1 some lines are written at once, and while they wait for memory little is computed. See
//! [`elementwise::Loops`](crate::elementwise::Loops).

use core::marker::PhantomData;

use super::ops::Apply;
use crate::arch::{Body, Features, specialize, step};
use crate::array;
use crate::cache::LINE;
use crate::element::Element;
use crate::elementwise::{Asks, Past, Row, stream};

/// See [`Kernel::past`](super::kernel::Kernel::past).
pub(super) unsafe fn run<Op: Apply<T>, T: Element>(past: &Past<'_, 2>) {
    specialize(Rows::<Op, T>(past, PhantomData));
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
                let (src, dst) = (src as *const T, dst as *mut Op::Out);
                match const { size_of::<T>() } {
                    1 => row::<F, Op, T, 64>(src, dst, n, asks),
                    2 | 4 => row::<F, Op, T, 32>(src, dst, n, asks),
                    _ => row::<F, Op, T, 16>(src, dst, n, asks),
                }
            }
        }
    }
}

/// A row: what comes before the first line and after the last one is written as it is.
#[inline(always)]
unsafe fn row<F: Features, Op: Apply<T>, T: Element, const W: usize>(
    src: *const T,
    dst: *mut Op::Out,
    n: usize,
    mut asks: Asks<2>,
) {
    let mut i = 0;
    let mut end = (dst.addr().wrapping_neg() % LINE / size_of::<Op::Out>()).min(n);
    loop {
        while end - i >= W {
            step();
            // SAFETY: elements `i..i + W` of the row.
            unsafe {
                asks.next::<T, W>();
                let y = apply::<Op, T, W>(src.add(i));
                stream::<F, Op::Out, W>(&y, dst.add(i));
            }
            i += W;
        }
        while i < end {
            step();
            // SAFETY: element `i` of the row.
            unsafe { dst.add(i).write_unaligned(apply::<Op, T, 1>(src.add(i))[0]) };
            i += 1;
        }
        if end == n {
            return;
        }
        end = n;
    }
}

/// `N` elements.
///
/// # Safety
/// They can be read.
#[inline(always)]
unsafe fn apply<Op: Apply<T>, T: Element, const N: usize>(src: *const T) -> [Op::Out; N] {
    // SAFETY: as the caller vouches.
    let x = unsafe { (src as *const [T; N]).read_unaligned() };
    array::each(
        #[inline(always)]
        |k| Op::apply(x[k]),
    )
}
