//! The loops of the elementary functions.
//!
//! A function is some fifty instructions without a branch, so a row is computed in blocks of a few vectors: the block
//! is read, computed by a loop that the compiler vectorises, and written. The end of a row is filled up to a block,
//! so that it costs one more block and not one call per element. Arguments out of the function's reach are computed
//! again, one by one, after the block.

use super::kernel::Kernel;
use crate::arch::{step, vectorize};
use crate::elementwise::Block;
use crate::math::{Function, Lanes, Real};

/// The numbers that are computed side by side, see [`Lanes`].
const LANES: usize = 2;
/// Elements of a block: a vector of `f64` at the highest level for each lane.
const WIDTH: usize = 8 * LANES;

/// The loop of a function on a type.
pub(super) fn typed<F: Function, T: Real>() -> Kernel {
    Kernel { run: run::<F, T>, result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<F: Function, T: Real>(block: &Block<2>) {
    vectorize(
        #[inline(always)]
        || {
            let [mut src, mut dst] = block.data;
            for _ in 0..block.rows {
                // SAFETY: rows of the block, as the caller vouches.
                unsafe { row::<F, T>(src as *const T, dst as *mut T, block.n) };
                src = src.wrapping_offset(block.strides[0]);
                dst = dst.wrapping_offset(block.strides[1]);
            }
        },
    );
}

#[inline(always)]
unsafe fn row<F: Function, T: Real>(src: *const T, dst: *mut T, n: usize) {
    let whole = n - n % WIDTH;
    let mut i = 0;
    while i < whole {
        step();
        // SAFETY: elements `i..i + WIDTH` of the row.
        unsafe {
            let x = (src.add(i) as *const [T; WIDTH]).read_unaligned();
            (dst.add(i) as *mut [T; WIDTH]).write_unaligned(compute::<F, T>(&x));
        }
        i += WIDTH;
    }
    if i < n {
        // SAFETY: elements `i..n` of the row, fewer than WIDTH.
        unsafe {
            let mut x = [src.add(i).read_unaligned(); WIDTH];
            src.add(i).cast::<u8>().copy_to_nonoverlapping(x.as_mut_ptr().cast(), (n - i) * size_of::<T>());
            let y = compute::<F, T>(&x);
            y.as_ptr().cast::<u8>().copy_to_nonoverlapping(dst.add(i).cast(), (n - i) * size_of::<T>());
        }
    }
}

#[inline(always)]
fn compute<F: Function, T: Real>(x: &[T; WIDTH]) -> [T; WIDTH] {
    let mut common = true;
    for x in x {
        common &= F::common::<T::Precision>(x.to_double());
    }
    if common {
        return vectors::<F, T, false>(x);
    }
    let mut y = vectors::<F, T, true>(x);
    if F::REACH < f64::INFINITY {
        far::<F, T>(x, &mut y);
    }
    y
}

#[inline(always)]
fn vectors<F: Function, T: Real, const RARE: bool>(x: &[T; WIDTH]) -> [T; WIDTH] {
    const STEP: usize = WIDTH / LANES;
    let mut y = *x;
    for k in 0..STEP {
        let mut lanes = [0.0; LANES];
        for i in 0..LANES {
            lanes[i] = x[k + i * STEP].to_double();
        }
        let lanes = F::near::<T::Precision, RARE, LANES>(Lanes(lanes));
        for i in 0..LANES {
            y[k + i * STEP] = T::from_double(lanes.0[i]);
        }
    }
    y
}

#[cold]
#[inline(never)]
fn far<F: Function, T: Real>(x: &[T; WIDTH], y: &mut [T; WIDTH]) {
    for (x, y) in x.iter().zip(y) {
        let x = x.to_double();
        if x.abs() > F::REACH {
            *y = T::from_double(F::far(x));
        }
    }
}
