//! The loops of operations on three arrays where the output goes past the caches: each line is written as soon as it is computed.
//!
//! See the same of operations on two arrays, and [`elementwise::Loops`](crate::elementwise::Loops).

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::ops::Apply;
use crate::arch::{Body, Features, specialize, step};
use crate::array;
use crate::cache::LINE;
use crate::elementwise::{Asks, Past, Row, Source, stream};

/// The loop of an operation for its types.
pub(super) unsafe fn run<Op: Apply<A, T>, A: Copy, T: Copy>(past: &Past<'_, 4>) {
    specialize(Rows::<Op, A, T>(past, PhantomData));
}

/// A block on its way to the loops of a level.
struct Rows<'a, 'b, Op, A, T>(&'a Past<'b, 4>, PhantomData<(Op, A, T)>);

impl<Op: Apply<A, T>, A: Copy, T: Copy> Body for Rows<'_, '_, Op, A, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let past = self.0;
        let sizes = [size_of::<A>(), size_of::<T>(), size_of::<T>(), size_of::<T>()];
        for i in 0..past.block.rows {
            let (row, asks) = (past.row(i, sizes), past.asks(i));
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                match const { size_of::<T>() } {
                    1 => self::row::<F, Op, A, T, 64>(row, past.block.single, asks),
                    2 => self::row::<F, Op, A, T, 32>(row, past.block.single, asks),
                    4 => self::row::<F, Op, A, T, 16>(row, past.block.single, asks),
                    8 => self::row::<F, Op, A, T, 8>(row, past.block.single, asks),
                    _ => self::row::<F, Op, A, T, 4>(row, past.block.single, asks),
                }
            }
        }
    }
}

/// A row, a line of `W` elements at a time: what comes before the first line and after the last one is written as it is.
#[inline(always)]
unsafe fn row<F: Features, Op: Apply<A, T>, A: Copy, T: Copy, const W: usize>(
    Row { data: [a, b, c, out], n }: Row<4>,
    single: [bool; 4],
    mut asks: Asks<4>,
) {
    let mut out = out as *mut T;
    let (mut x, mut y, mut z) =
        (MaybeUninit::<[A; W]>::uninit(), MaybeUninit::<[T; W]>::uninit(), MaybeUninit::<[T; W]>::uninit());
    // SAFETY: elements of the row, as many as are left.
    unsafe {
        let mut a = Source::new(a as *const A, single[0], &mut x);
        let mut b = Source::new(b as *const T, single[1], &mut y);
        let mut c = Source::new(c as *const T, single[2], &mut z);
        let mut left = (out.addr().wrapping_neg() % LINE / size_of::<T>()).min(n);
        let mut rest = n - left;
        loop {
            while left >= W {
                step();
                asks.next::<T, W>();
                let y = apply::<Op, A, T, W>(&mut a, &mut b, &mut c);
                stream::<F, T, W>(&y, out);
                out = out.add(W);
                left -= W;
            }
            while left > 0 {
                step();
                out.write_unaligned(apply::<Op, A, T, 1>(&mut a, &mut b, &mut c)[0]);
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

/// The next elements.
///
/// # Safety
/// They can be read.
#[inline(always)]
unsafe fn apply<Op: Apply<A, T>, A: Copy, T: Copy, const K: usize>(
    a: &mut Source<A>,
    b: &mut Source<T>,
    c: &mut Source<T>,
) -> [T; K] {
    // SAFETY: as the caller vouches.
    let (x, y, z) = unsafe { (a.next::<K>(), b.next::<K>(), c.next::<K>()) };
    array::each(
        #[inline(always)]
        |k| Op::apply(x[k], y[k], z[k]),
    )
}
