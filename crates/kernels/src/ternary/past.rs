//! The loops of operations on three arrays where the output goes past the caches: each line is written as soon as it is computed.
//!
//! See the same of operations on two arrays, and [`elementwise::Loops`](crate::elementwise::Loops).

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::ops::Apply;
use crate::arch::{Body, Features};
use crate::array;
use crate::elementwise::{Asks, Elements, Past, Row, Source, write};

/// The loop of an operation for its types.
pub(super) unsafe fn run<Op: Apply<A, T>, A: Copy, T: Copy>(past: &Past<'_, 4>) {
    past.wide.specialize(Rows::<Op, A, T>(past, PhantomData));
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

/// A row, see [`write`]; `W` elements make a line.
#[inline(always)]
unsafe fn row<F: Features, Op: Apply<A, T>, A: Copy, T: Copy, const W: usize>(
    Row { data: [a, b, c, out], n }: Row<4>,
    single: [bool; 4],
    asks: Asks<4>,
) {
    let (mut x, mut y, mut z) =
        (MaybeUninit::<[A; W]>::uninit(), MaybeUninit::<[T; W]>::uninit(), MaybeUninit::<[T; W]>::uninit());
    // SAFETY: elements of the row.
    unsafe {
        let inputs = Inputs::<Op, A, T> {
            a: Source::new(a as *const A, single[0], &mut x),
            b: Source::new(b as *const T, single[1], &mut y),
            c: Source::new(c as *const T, single[2], &mut z),
            operation: PhantomData,
        };
        write::<F, _, W, W, 4>(inputs, out as *mut T, n, asks);
    }
}

/// The inputs of a row.
struct Inputs<Op, A, T> {
    a: Source<A>,
    b: Source<T>,
    c: Source<T>,
    operation: PhantomData<Op>,
}

impl<Op: Apply<A, T>, A: Copy, T: Copy> Elements for Inputs<Op, A, T> {
    type In = T;
    type Out = T;

    #[inline(always)]
    unsafe fn next<const K: usize>(&mut self) -> [T; K] {
        // SAFETY: as the caller vouches.
        let (x, y, z) = unsafe { (self.a.next::<K>(), self.b.next::<K>(), self.c.next::<K>()) };
        array::each(
            #[inline(always)]
            |k| Op::apply(x[k], y[k], z[k]),
        )
    }
}
