//! The loops of the elementary functions of two numbers, in blocks as those of one number.

use super::kernel::Kernel;
use crate::arch::{step, vectorize};
use crate::elementwise::Block;
use crate::math::{Function2, Lanes, Real};

/// The numbers that are computed side by side, see [`Lanes`].
const LANES: usize = 2;
/// Elements of a block: a vector of `f64` at the highest level for each lane.
const WIDTH: usize = 8 * LANES;

/// The loop of a function on a type.
pub(super) fn typed<F: Function2, T: Real>() -> Kernel {
    Kernel { run: run::<F, T>, result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<F: Function2, T: Real>(block: &Block<3>) {
    vectorize(
        #[inline(always)]
        || {
            let [mut a, mut b, mut out] = block.data;
            for _ in 0..block.rows {
                // SAFETY: rows of the block, as the caller vouches.
                unsafe { row::<F, T>([a as *const T, b as *const T], block.single, out as *mut T, block.n) };
                a = a.wrapping_offset(block.strides[0]);
                b = b.wrapping_offset(block.strides[1]);
                out = out.wrapping_offset(block.strides[2]);
            }
        },
    );
}

#[inline(always)]
unsafe fn row<F: Function2, T: Real>(inputs: [*const T; 2], single: [bool; 3], out: *mut T, n: usize) {
    let mut i = 0;
    while i < n {
        step();
        let count = (n - i).min(WIDTH);
        let mut blocks = [[T::from_double(1.0); WIDTH]; 2];
        for (k, block) in blocks.iter_mut().enumerate() {
            // SAFETY: the element of the row, or elements `i..i + count` of it.
            unsafe {
                if single[k] {
                    *block = [inputs[k].read_unaligned(); WIDTH];
                } else if count == WIDTH {
                    *block = (inputs[k].add(i) as *const [T; WIDTH]).read_unaligned();
                } else {
                    let bytes = count * size_of::<T>();
                    inputs[k].add(i).cast::<u8>().copy_to_nonoverlapping(block.as_mut_ptr().cast(), bytes);
                }
            }
        }
        let y = compute::<F, T>(&blocks[0], &blocks[1]);
        // SAFETY: elements `i..i + count` of the row.
        unsafe {
            if count == WIDTH {
                (out.add(i) as *mut [T; WIDTH]).write_unaligned(y);
            } else {
                y.as_ptr().cast::<u8>().copy_to_nonoverlapping(out.add(i).cast(), count * size_of::<T>());
            }
        }
        i += count;
    }
}

#[inline(always)]
fn compute<F: Function2, T: Real>(a: &[T; WIDTH], b: &[T; WIDTH]) -> [T; WIDTH] {
    let mut common = true;
    for k in 0..WIDTH {
        common &= F::common::<T::Precision>(a[k].to_double(), b[k].to_double());
    }
    if common { vectors::<F, T, false>(a, b) } else { vectors::<F, T, true>(a, b) }
}

#[inline(always)]
fn vectors<F: Function2, T: Real, const RARE: bool>(a: &[T; WIDTH], b: &[T; WIDTH]) -> [T; WIDTH] {
    const STEP: usize = WIDTH / LANES;
    let mut y = *a;
    for k in 0..STEP {
        let (mut p, mut q) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            p[i] = a[k + i * STEP].to_double();
            q[i] = b[k + i * STEP].to_double();
        }
        let lanes = F::near::<T::Precision, RARE, LANES>(Lanes(p), Lanes(q));
        for i in 0..LANES {
            y[k + i * STEP] = T::from_double(lanes.0[i]);
        }
    }
    y
}
