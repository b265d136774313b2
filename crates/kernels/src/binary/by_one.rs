//! The loops of operations that take less when the second element is the same throughout: integers divided by a scalar, or to
//! its power.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::kernel::{self, Kernel};
use super::ops::{Apply, ByOne};
use super::past;
use crate::arch::{Body, Features, step, vectorize};
use crate::element::Element;
use crate::elementwise::{Asks, Block, Elements, Past, Row, Source, write};

/// Elements of a row that make up for what is found out of the one: a division.
const LEAST: usize = 16;

/// The loop of an operation on a type, and that of all other blocks, `All`.
pub(super) fn typed<Op: ByOne<T>, All: Apply<T, Out = Op::Out>, T: Element>() -> Kernel {
    let past = past_one::<Op, All, T> as unsafe fn(&Past<'_, 3>);
    Kernel { run: run::<Op, All, T>, past: Some(past), result: <Op::Out as Element>::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<Op: ByOne<T>, All: Apply<T, Out = Op::Out>, T: Element>(block: &Block<3>) {
    let all = kernel::typed::<All, T>().run;
    // SAFETY: as the caller vouches for the block, and so for each of its rows.
    unsafe {
        if !block.single[1] || block.single[0] || block.n < LEAST {
            return all(block);
        }
        for i in 0..block.rows {
            let Row { data, n } = Row::new(block, i);
            match Op::one((data[1] as *const T).read_unaligned()) {
                Some(one) => row::<Op, T>(data[0] as *const T, one, data[2] as *mut Op::Out, n),
                None => all(&Block { data, rows: 1, ..*block }),
            }
        }
    }
}

/// A row.
#[inline(always)]
unsafe fn row<Op: ByOne<T>, T: Element>(a: *const T, one: Op::One, out: *mut Op::Out, n: usize) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches. A chunk is as much as vectors of AVX-512 hold, twice, or once of bytes.
            unsafe {
                match const { size_of::<T>() } {
                    1 | 2 => chunks::<Op, T, 64>(a, one, out, n),
                    4 => chunks::<Op, T, 32>(a, one, out, n),
                    _ => chunks::<Op, T, 16>(a, one, out, n),
                }
            }
        },
    );
}

/// A row, `W` elements at a time, and then one. All of a chunk is read before any is written, so the output may coincide with
/// the input.
#[inline(always)]
unsafe fn chunks<Op: ByOne<T>, T: Element, const W: usize>(
    a: *const T,
    one: Op::One,
    out: *mut Op::Out,
    n: usize,
) {
    let mut i = 0;
    // SAFETY: elements `i..` of the row, as many as a chunk has; the last ones are fewer.
    unsafe {
        while n - i >= W {
            step();
            let x = (a.add(i) as *const [T; W]).read_unaligned();
            (out.add(i) as *mut [Op::Out; W]).write_unaligned(Op::chunk(x, one));
            i += W;
        }
        if i < n {
            let mut x = [a.add(i).read_unaligned(); W];
            let bytes = (n - i) * size_of::<T>();
            a.add(i).cast::<u8>().copy_to_nonoverlapping(x.as_mut_ptr().cast(), bytes);
            let y = Op::chunk(x, one);
            let bytes = (n - i) * size_of::<Op::Out>();
            y.as_ptr().cast::<u8>().copy_to_nonoverlapping(out.add(i).cast(), bytes);
        }
    }
}

/// See [`Kernel::past`].
unsafe fn past_one<Op: ByOne<T>, All: Apply<T, Out = Op::Out>, T: Element>(past: &Past<'_, 3>) {
    let block = past.block;
    let is_one = block.single[1] && !block.single[0] && (block.rows == 1 || block.strides[1] == 0);
    // SAFETY: the one element of the block, as the caller vouches.
    let one = if is_one { Op::one(unsafe { (block.data[1] as *const T).read_unaligned() }) } else { None };
    match one {
        Some(one) => past.wide.specialize(Rows::<Op, T> { past, one, of: PhantomData }),
        // SAFETY: as the caller vouches.
        None => unsafe { past::run::<All, T>(past) },
    }
}

/// A block on its way to the loops of a level.
struct Rows<'a, 'b, Op: ByOne<T>, T: Element> {
    past: &'a Past<'b, 3>,
    one: Op::One,
    of: PhantomData<T>,
}

impl<Op: ByOne<T>, T: Element> Body for Rows<'_, '_, Op, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let past = self.past;
        for i in 0..past.block.rows {
            let sizes = [size_of::<T>(), size_of::<T>(), size_of::<Op::Out>()];
            let Row { data: [a, _, out], n } = past.row(i, sizes);
            let (a, out, asks) = (a as *const T, out as *mut Op::Out, past.asks(i));
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                match const { size_of::<Op::Out>() } {
                    1 => past_row::<F, Op, T, 64, 64>(a, self.one, out, n, asks),
                    2 => past_row::<F, Op, T, 32, 32>(a, self.one, out, n, asks),
                    4 => past_row::<F, Op, T, 32, 16>(a, self.one, out, n, asks),
                    _ => past_row::<F, Op, T, 16, 8>(a, self.one, out, n, asks),
                }
            }
        }
    }
}

/// A row, see [`write`].
#[inline(always)]
unsafe fn past_row<F: Features, Op: ByOne<T>, T: Element, const W: usize, const H: usize>(
    a: *const T,
    one: Op::One,
    out: *mut Op::Out,
    n: usize,
    asks: Asks<3>,
) {
    let mut room = MaybeUninit::<[T; W]>::uninit();
    // SAFETY: elements of the row.
    unsafe {
        let input = Input::<Op, T> { a: Source::new(a, false, &mut room), one };
        write::<F, _, W, H, 3>(input, out, n, asks);
    }
}

/// The input of a row.
struct Input<Op: ByOne<T>, T: Element> {
    a: Source<T>,
    one: Op::One,
}

impl<Op: ByOne<T>, T: Element> Elements for Input<Op, T> {
    type In = T;
    type Out = Op::Out;

    #[inline(always)]
    unsafe fn next<const K: usize>(&mut self) -> [Op::Out; K] {
        // SAFETY: as the caller vouches.
        Op::chunk(unsafe { self.a.next::<K>() }, self.one)
    }
}
