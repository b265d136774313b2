//! The loops of the functions of complex numbers: in blocks, as those of real ones.
//!
//! A block is taken apart into real and imaginary parts in `f64`, which the function computes in vectors, and put together
//! again; so one loop serves both complex dtypes. Numbers that are not of the function's common kind are computed again,
//! one by one.

use core::marker::PhantomData;

use super::kernel::Kernel;
use crate::arch::{Body, Features, specialize, step};
use crate::element::{Complex, Element};
use crate::elementwise::Block;
use crate::math::complex::block::{Parts, WIDTH, load, store};
use crate::math::complex::{Function, Pair};
use crate::math::{Lanes, Real};

/// The loop of a function on complex numbers with parts of a type.
pub(super) fn typed<Op: Function, T: Real>() -> Kernel
where
    Complex<T>: Element,
{
    Kernel { run: run::<Op, T>, past: None, result: <Complex<T>>::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<Op: Function, T: Real>(block: &Block<2>) {
    specialize(Rows::<Op> { block, single: size_of::<T>() == 4, op: PhantomData });
}

/// A block on its way to the loops of a level.
struct Rows<'a, Op> {
    block: &'a Block<2>,
    /// Whether the parts are `f32`.
    single: bool,
    op: PhantomData<Op>,
}

impl<Op: Function> Body for Rows<'_, Op> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let block = self.block;
        let [mut src, mut dst] = block.data;
        let size = if self.single { 8 } else { 16 };
        for _ in 0..block.rows {
            let mut i = 0;
            while i < block.n {
                step();
                let count = (block.n - i).min(WIDTH);
                // SAFETY: elements `i..i + count` of a row of the block, as the caller vouches.
                unsafe {
                    let [x, y] = load(src.add(i * size), self.single, count);
                    let parts = compute::<F, Op>(x, y);
                    store(dst.add(i * size), self.single, count, parts);
                }
                i += count;
            }
            src = src.wrapping_offset(block.strides[0]);
            dst = dst.wrapping_offset(block.strides[1]);
        }
    }
}

/// The function of a block.
#[inline(always)]
fn compute<F: Features, Op: Function>(x: [f64; WIDTH], y: [f64; WIDTH]) -> Parts {
    let mut outside = 0u64;
    for k in 0..WIDTH {
        outside |= Op::outside(x[k], y[k]) as u64;
    }
    let [mut re, mut im] = [x, y];
    for k in 0..WIDTH / 2 {
        let other = k + WIDTH / 2;
        let Pair { re: a, im: b } = Op::near::<F>(Lanes(x[k], x[other]), Lanes(y[k], y[other]));
        (re[k], re[other]) = (a.0, a.1);
        (im[k], im[other]) = (b.0, b.1);
    }
    if outside != 0 {
        one_by_one::<Op>([&x, &y], [&mut re, &mut im]);
    }
    [re, im]
}

/// Computes the numbers that are not of the common kind.
#[cold]
#[inline(never)]
fn one_by_one<Op: Function>([x, y]: [&[f64; WIDTH]; 2], [re, im]: [&mut [f64; WIDTH]; 2]) {
    for k in 0..WIDTH {
        if Op::outside(x[k], y[k]) {
            let z = Op::alone(x[k], y[k]);
            (re[k], im[k]) = (z.re, z.im);
        }
    }
}
