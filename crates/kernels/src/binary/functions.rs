//! The loops of the elementary functions of two numbers, in blocks as those of one number.

use core::marker::PhantomData;

use super::kernel::Kernel;
use crate::arch::{Body, Features, specialize, step};
use crate::array;
use crate::cache::LINE;
use crate::elementwise::{Asks, Block, Past, Row, stream};
use crate::math::{Function2, Real, none};

/// The loop of a function on a type.
pub(super) fn typed<F: Function2, T: Real>() -> Kernel {
    Kernel { run: run::<F, T>, past: Some(past::<F, T>), result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<F: Function2, T: Real>(block: &Block<3>) {
    specialize(Rows::<F, T> { block, past: None, function: PhantomData });
}

/// See [`Kernel::past`].
unsafe fn past<F: Function2, T: Real>(past: &Past<'_, 3>) {
    past.wide.specialize(Rows::<F, T> { block: past.block, past: Some(past), function: PhantomData });
}

/// A block on its way to the loops of a level.
struct Rows<'a, 'b, F, T> {
    block: &'a Block<3>,
    /// The same, if whole lines are written past the caches.
    past: Option<&'a Past<'b, 3>>,
    function: PhantomData<(F, T)>,
}

impl<Op: Function2, T: Real> Body for Rows<'_, '_, Op, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let Rows { block, past, .. } = self;
        for i in 0..block.rows {
            let Row { data: [a, b, out], n } = Row::of(block, past, i, [size_of::<T>(); 3]);
            let asks = past.map(
                #[inline(always)]
                |past| past.asks(i),
            );
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                let (inputs, out) = ([a as *const T, b as *const T], out as *mut T);
                match const { size_of::<T::Float>() } {
                    4 => row::<F, Op, T, 32>(inputs, block.single, out, n, asks),
                    _ => row::<F, Op, T, 16>(inputs, block.single, out, n, asks),
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn row<F: Features, Op: Function2, T: Real, const WIDTH: usize>(
    inputs: [*const T; 2],
    single: [bool; 3],
    out: *mut T,
    n: usize,
    mut asks: Option<Asks<3>>,
) {
    let past = asks.is_some();
    let mut i = 0;
    // Past the caches, what comes before the first line by itself.
    let mut end = if past { (out.addr().wrapping_neg() % LINE / size_of::<T>()).min(n) } else { n };
    loop {
        while end - i >= WIDTH {
            step();
            // SAFETY: the element of the row, or elements `i..i + WIDTH` of it.
            unsafe {
                let [a, b] = load::<T, WIDTH>(inputs, single, i);
                let y = compute::<F, Op, T, WIDTH>(a, b);
                if let Some(asks) = &mut asks {
                    asks.next::<T, WIDTH>();
                    stream::<F, T, WIDTH>(&y, out.add(i));
                } else {
                    (out.add(i) as *mut [T; WIDTH]).write_unaligned(y);
                }
            }
            i += WIDTH;
        }
        // SAFETY: as the caller vouches.
        unsafe { self::end::<F, Op, T, WIDTH>(inputs, single, out, i, end) };
        if end == n {
            return;
        }
        (i, end) = (end, n);
    }
}

/// The pairs from `i` on, as many as a block has.
///
/// # Safety
/// They can be read.
#[inline(always)]
pub(super) unsafe fn load<T: Real, const WIDTH: usize>(
    inputs: [*const T; 2],
    single: [bool; 3],
    i: usize,
) -> [[T; WIDTH]; 2] {
    // SAFETY: as the caller vouches.
    unsafe { [load_one(inputs[0], single[0], i), load_one(inputs[1], single[1], i)] }
}

/// The same of one input.
///
/// # Safety
/// As [`load`].
#[inline(always)]
pub(super) unsafe fn load_one<T: Copy, const WIDTH: usize>(
    input: *const T,
    single: bool,
    i: usize,
) -> [T; WIDTH] {
    // SAFETY: as the caller vouches.
    unsafe {
        match single {
            true => [input.read_unaligned(); WIDTH],
            false => (input.add(i) as *const [T; WIDTH]).read_unaligned(),
        }
    }
}

/// The end of a row of `n` from `i` on: fewer than a block has.
///
/// # Safety
/// They can be read and written.
#[inline(always)]
pub(super) unsafe fn end<F: Features, Op: Function2, T: Real, const WIDTH: usize>(
    inputs: [*const T; 2],
    single: [bool; 3],
    out: *mut T,
    i: usize,
    n: usize,
) {
    if i < n {
        let bytes = (n - i) * size_of::<T>();
        // SAFETY: the element of the row, or elements `i..n` of it, fewer than WIDTH.
        unsafe {
            let [a, b] = array::map([0, 1], |k| {
                let first = if single[k] { inputs[k] } else { inputs[k].add(i) };
                let mut block = [first.read_unaligned(); WIDTH];
                if !single[k] {
                    first.cast::<u8>().copy_to_nonoverlapping(block.as_mut_ptr().cast(), bytes);
                }
                block
            });
            let y = compute::<F, Op, T, WIDTH>(a, b);
            y.as_ptr().cast::<u8>().copy_to_nonoverlapping(out.add(i).cast(), bytes);
        }
    }
}

/// The function of a block of pairs.
#[inline(always)]
pub(crate) fn compute<F: Features, Op: Function2, T: Real, const WIDTH: usize>(
    a: [T; WIDTH],
    b: [T; WIDTH],
) -> [T; WIDTH] {
    if is_common::<F, Op, T, WIDTH>(a, b) {
        vectors::<F, Op, T, false, WIDTH>(a, b)
    } else if Op::ONE_BY_ONE {
        let mut y = vectors::<F, Op, T, false, WIDTH>(a, b);
        one_by_one::<Op, T, WIDTH>(&a, &b, &mut y);
        y
    } else {
        vectors::<F, Op, T, true, WIDTH>(a, b)
    }
}

/// Whether all pairs are of the common kind.
#[inline(always)]
fn is_common<F: Features, Op: Function2, T: Real, const WIDTH: usize>(a: [T; WIDTH], b: [T; WIDTH]) -> bool {
    // SAFETY: compiled for the level.
    let (a, b) = unsafe { (T::to_floats::<F, WIDTH>(a), T::to_floats::<F, WIDTH>(b)) };
    none(array::each::<_, WIDTH>(
        #[inline(always)]
        |k| Op::outside(a[k], b[k]),
    ))
}

/// Computes the pairs that are not of the common kind.
#[cold]
#[inline(never)]
fn one_by_one<Op: Function2, T: Real, const WIDTH: usize>(
    a: &[T; WIDTH],
    b: &[T; WIDTH],
    y: &mut [T; WIDTH],
) {
    for ((a, b), y) in a.iter().zip(b).zip(y) {
        let (a, b) = (a.to_float(), b.to_float());
        if !none([Op::outside(a, b)]) {
            *y = T::from_float(Op::alone(a, b));
        }
    }
}

#[inline(always)]
pub(super) fn vectors<F: Features, Op: Function2, T: Real, const RARE: bool, const WIDTH: usize>(
    a: [T; WIDTH],
    b: [T; WIDTH],
) -> [T; WIDTH] {
    // SAFETY: compiled for the level.
    unsafe {
        let (a, b) = (T::to_floats::<F, WIDTH>(a), T::to_floats::<F, WIDTH>(b));
        T::from_floats::<F, WIDTH>(Op::block::<F, T::Float, RARE, WIDTH>(a, b))
    }
}
