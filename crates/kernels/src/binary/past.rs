//! The loops of operations where the output goes past the caches: each line is written as soon as it is computed.
//!
//! See the same of operations on one array, and [`elementwise::Loops`](crate::elementwise::Loops).

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::ops::Apply;
use crate::arch::{Body, Features, specialize, step};
use crate::array;
use crate::cache::LINE;
use crate::element::Element;
use crate::elementwise::{Asks, Past, Row, Source, stream};

/// See [`Kernel::past`](super::kernel::Kernel::past).
pub(super) unsafe fn run<Op: Apply<T>, T: Element>(past: &Past<'_, 3>) {
    specialize(Rows::<Op, T>(past, PhantomData));
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
                match const { size_of::<T>() } {
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

/// A row, `W` elements at a time, then `H`, which make a line: what comes before the first line and after the last one is written as
/// it is.
#[inline(always)]
unsafe fn row<F: Features, Op: Apply<T>, T: Element, const W: usize, const H: usize>(
    [a, b]: [*const T; 2],
    single: [bool; 3],
    mut out: *mut Op::Out,
    n: usize,
    mut asks: Asks<3>,
) {
    let (mut x, mut y) = (MaybeUninit::<[T; W]>::uninit(), MaybeUninit::<[T; W]>::uninit());
    // SAFETY: elements of the row, as many as are left.
    unsafe {
        let mut inputs = [Source::new(a, single[0], &mut x), Source::new(b, single[1], &mut y)];
        let mut left = (out.addr().wrapping_neg() % LINE / size_of::<Op::Out>()).min(n);
        let mut rest = n - left;
        loop {
            while left >= W {
                lines::<F, Op, T, W>(&mut inputs, &mut out, &mut asks);
                left -= W;
            }
            while H < W && left >= H {
                lines::<F, Op, T, H>(&mut inputs, &mut out, &mut asks);
                left -= H;
            }
            while left > 0 {
                step();
                out.write_unaligned(apply::<Op, T, 1>(&mut inputs)[0]);
                out = out.add(1);
                left -= 1;
            }
            if rest == 0 {
                return;
            }
            (left, rest) = (rest, 0);
        }
    }
}

/// Computes the next elements, which are whole lines of the output.
///
/// # Safety
/// They can be read and written.
#[inline(always)]
unsafe fn lines<F: Features, Op: Apply<T>, T: Element, const K: usize>(
    inputs: &mut [Source<T>; 2],
    out: &mut *mut Op::Out,
    asks: &mut Asks<3>,
) {
    step();
    asks.next::<T, K>();
    // SAFETY: as the caller vouches.
    unsafe {
        let y = apply::<Op, T, K>(inputs);
        stream::<F, Op::Out, K>(&y, *out);
        *out = out.add(K);
    }
}

/// The next elements.
///
/// # Safety
/// They can be read.
#[inline(always)]
unsafe fn apply<Op: Apply<T>, T: Element, const K: usize>(inputs: &mut [Source<T>; 2]) -> [Op::Out; K] {
    // SAFETY: as the caller vouches.
    let (x, y) = unsafe { (inputs[0].next::<K>(), inputs[1].next::<K>()) };
    array::each(
        #[inline(always)]
        |k| Op::apply(x[k], y[k]),
    )
}
