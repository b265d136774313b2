//! The loops of the elementary functions.
//!
//! A function is some fifty instructions without a branch, so a row is computed in blocks of a few vectors: the block
//! is read, computed by a loop that the compiler vectorises, and written. The end of a row is filled up to a block,
//! so that it costs one more block and not one call per element. Arguments out of the function's reach are computed
//! again, one by one, after the block.

use super::kernel::Kernel;
use core::marker::PhantomData;

use crate::arch::{Body, Features, specialize, step};
use crate::array;
use crate::cache::LINE;
use crate::elementwise::{Asks, Block, Past, Row, stream};
use crate::math::{Float, Function, Real, is_outside, none};

/// The loop of a function on a type.
pub(super) fn typed<F: Function, T: Real>() -> Kernel {
    Kernel { run: run::<F, T>, past: Some(past::<F, T>), result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<F: Function, T: Real>(block: &Block<2>) {
    specialize(Rows::<F, T> { block, past: None, function: PhantomData });
}

/// See [`Kernel::past`].
unsafe fn past<F: Function, T: Real>(past: &Past<'_, 2>) {
    past.wide.specialize(Rows::<F, T> { block: past.block, past: Some(past), function: PhantomData });
}

/// A block on its way to the loops of a level.
struct Rows<'a, 'b, F, T> {
    block: &'a Block<2>,
    /// The same, if whole lines are written past the caches.
    past: Option<&'a Past<'b, 2>>,
    function: PhantomData<(F, T)>,
}

impl<F: Function, T: Real> Body for Rows<'_, '_, F, T> {
    type Out = ();
    #[inline(always)]
    fn run<L: Features>(self) {
        let Rows { block, past, .. } = self;
        for i in 0..block.rows {
            let Row { data: [src, dst], n } = Row::of(block, past, i, [size_of::<T>(); 2]);
            let asks = past.map(
                #[inline(always)]
                |past| past.asks(i),
            );
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                let (src, dst) = (src as *const T, dst as *mut T);
                match const { size_of::<T::Float>() } {
                    4 => row::<L, F, T, 32>(src, dst, n, asks),
                    _ => row::<L, F, T, 16>(src, dst, n, asks),
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn row<L: Features, F: Function, T: Real, const WIDTH: usize>(
    src: *const T,
    dst: *mut T,
    n: usize,
    mut asks: Option<Asks<2>>,
) {
    let past = asks.is_some();
    let mut i = 0;
    // Past the caches, what comes before the first line by itself.
    let mut end = if past { (dst.addr().wrapping_neg() % LINE / size_of::<T>()).min(n) } else { n };
    loop {
        while end - i >= WIDTH {
            step();
            // SAFETY: elements `i..i + WIDTH` of the row.
            unsafe {
                let y = compute::<L, F, T, WIDTH>(src.add(i) as *const [T; WIDTH]);
                if let Some(asks) = &mut asks {
                    asks.next::<T, WIDTH>();
                    stream::<L, T, WIDTH>(&y, dst.add(i));
                } else {
                    (dst.add(i) as *mut [T; WIDTH]).write_unaligned(y);
                }
            }
            i += WIDTH;
        }
        if i < end {
            // SAFETY: elements `i..end` of the row, fewer than WIDTH.
            unsafe {
                let mut x = [src.add(i).read_unaligned(); WIDTH];
                let bytes = (end - i) * size_of::<T>();
                src.add(i).cast::<u8>().copy_to_nonoverlapping(x.as_mut_ptr().cast(), bytes);
                let y = compute::<L, F, T, WIDTH>(&x);
                y.as_ptr().cast::<u8>().copy_to_nonoverlapping(dst.add(i).cast(), bytes);
            }
            i = end;
        }
        if end == n {
            return;
        }
        end = n;
    }
}

/// The function of a block.
///
/// # Safety
/// The block can be read; it need not be aligned.
#[inline(always)]
unsafe fn compute<L: Features, F: Function, T: Real, const WIDTH: usize>(
    block: *const [T; WIDTH],
) -> [T; WIDTH] {
    // SAFETY: as the caller vouches.
    let x = unsafe { block.read_unaligned() };
    let common = F::range::<T::Float>().is_none_or(
        #[inline(always)]
        |range| {
            // SAFETY: compiled for the level.
            let x = unsafe { T::to_floats::<L, WIDTH>(x) };
            none(array::map(
                x,
                #[inline(always)]
                |x| is_outside(F::key(x), range),
            ))
        },
    );
    if common {
        return vectors::<L, F, T, false, WIDTH>(x);
    }
    let mut y = vectors::<L, F, T, true, WIDTH>(x);
    if F::REACH < f64::INFINITY {
        // SAFETY: as the caller vouches. It gets the block and not `x`, which can so stay in registers.
        unsafe { far::<F, T, WIDTH>(block, &mut y) };
    }
    y
}

#[inline(always)]
fn vectors<L: Features, F: Function, T: Real, const RARE: bool, const WIDTH: usize>(
    x: [T; WIDTH],
) -> [T; WIDTH] {
    // SAFETY: compiled for the level.
    unsafe { T::from_floats::<L, WIDTH>(F::block::<L, T::Float, RARE, WIDTH>(T::to_floats::<L, WIDTH>(x))) }
}

/// Computes what is out of reach of the function, one by one.
///
/// # Safety
/// As [`compute`].
#[cold]
#[inline(never)]
unsafe fn far<F: Function, T: Real, const WIDTH: usize>(block: *const [T; WIDTH], y: &mut [T; WIDTH]) {
    // SAFETY: as the caller vouches.
    let x = unsafe { block.read_unaligned() };
    for (x, y) in x.iter().zip(y) {
        let x = x.to_float().double();
        if x.abs() > F::REACH {
            *y = T::from_float(T::Float::of(F::far(x)));
        }
    }
}
