//! The loops of operations where the output goes past the caches: each line is written as soon as it is computed.
//!
//! See the same of operations on one array, and [`elementwise::Loops`](crate::elementwise::Loops).

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::ops::Apply;
use crate::arch::{Body, Features};
use crate::array;
use crate::element::Element;
use crate::elementwise::{Asks, Elements, Past, Row, Source, write};

/// See [`Kernel::past`](super::kernel::Kernel::past).
pub(super) unsafe fn run<Op: Apply<T>, T: Element>(past: &Past<'_, 3>) {
    past.wide.specialize(Rows::<Op, T>(past, PhantomData));
}

/// A block on its way to the loops of a level.
struct Rows<'a, 'b, Op, T>(&'a Past<'b, 3>, PhantomData<(Op, T)>);

impl<Op: Apply<T>, T: Element> Body for Rows<'_, '_, Op, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let past = self.0;
        let single = past.block.single;
        for i in 0..past.block.rows {
            let Row { data: [a, b, out], n } =
                past.row(i, [size_of::<T>(), size_of::<T>(), size_of::<Op::Out>()]);
            let asks = past.asks(i);
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                let (inputs, out) = ([a as *const T, b as *const T], out as *mut Op::Out);
                match const { size_of::<Op::Out>() } {
                    1 => row::<F, Op, T, 64, 64>(inputs, single, out, n, asks),
                    2 => row::<F, Op, T, 32, 32>(inputs, single, out, n, asks),
                    4 => row::<F, Op, T, 32, 16>(inputs, single, out, n, asks),
                    8 => row::<F, Op, T, 16, 8>(inputs, single, out, n, asks),
                    _ => row::<F, Op, T, 16, 4>(inputs, single, out, n, asks),
                }
            }
        }
    }
}

/// A row, see [`write`].
#[inline(always)]
unsafe fn row<F: Features, Op: Apply<T>, T: Element, const W: usize, const H: usize>(
    [a, b]: [*const T; 2],
    single: [bool; 3],
    out: *mut Op::Out,
    n: usize,
    asks: Asks<3>,
) {
    let (mut x, mut y) = (MaybeUninit::<[T; W]>::uninit(), MaybeUninit::<[T; W]>::uninit());
    // SAFETY: elements of the row.
    unsafe {
        let inputs = [Source::new(a, single[0], &mut x), Source::new(b, single[1], &mut y)];
        write::<F, _, W, H, 3>(Inputs::<Op, T>(inputs, PhantomData), out, n, asks);
    }
}

/// The inputs of a row.
struct Inputs<Op, T>([Source<T>; 2], PhantomData<Op>);

impl<Op: Apply<T>, T: Element> Elements for Inputs<Op, T> {
    type In = T;
    type Out = Op::Out;

    #[inline(always)]
    unsafe fn next<const K: usize>(&mut self) -> [Op::Out; K] {
        let [a, b] = &mut self.0;
        // SAFETY: as the caller vouches.
        let (x, y) = unsafe { (a.next::<K>(), b.next::<K>()) };
        array::each(
            #[inline(always)]
            |k| Op::apply(x[k], y[k]),
        )
    }
}
