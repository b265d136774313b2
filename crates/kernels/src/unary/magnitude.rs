//! The loop of the magnitude of complex numbers: the hypotenuse of their parts, in blocks as the functions of two numbers.

use core::marker::PhantomData;

use super::kernel::Kernel;
use crate::arch::{Body, Features, specialize, step};
use crate::array;
use crate::binary::compute;
use crate::element::Complex;
use crate::elementwise::Block;
use crate::math::{Hypot, Real};

/// The loop for complex numbers with parts of a type.
pub(super) fn typed<T: Real>() -> Kernel {
    Kernel { run: run::<T>, past: None, result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<T: Real>(block: &Block<2>) {
    specialize(Rows::<T>(block, PhantomData));
}

/// A block on its way to the loops of a level.
struct Rows<'a, T>(&'a Block<2>, PhantomData<T>);

impl<T: Real> Body for Rows<'_, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let block = self.0;
        let [mut src, mut dst] = block.data;
        for _ in 0..block.rows {
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                let (src, dst) = (src as *const Complex<T>, dst as *mut T);
                match const { size_of::<T>() } {
                    4 => row::<F, T, 32>(src, dst, block.n),
                    _ => row::<F, T, 16>(src, dst, block.n),
                }
            }
            src = src.wrapping_offset(block.strides[0]);
            dst = dst.wrapping_offset(block.strides[1]);
        }
    }
}

#[inline(always)]
unsafe fn row<F: Features, T: Real, const WIDTH: usize>(src: *const Complex<T>, dst: *mut T, n: usize) {
    let whole = n - n % WIDTH;
    let mut i = 0;
    while i < whole {
        step();
        // SAFETY: elements `i..i + WIDTH` of the row.
        unsafe {
            let y = magnitudes::<F, T, WIDTH>(src.add(i) as *const [Complex<T>; WIDTH]);
            (dst.add(i) as *mut [T; WIDTH]).write_unaligned(y);
        }
        i += WIDTH;
    }
    if i < n {
        // SAFETY: elements `i..n` of the row, fewer than WIDTH.
        unsafe {
            let mut z = [src.add(i).read_unaligned(); WIDTH];
            let bytes = (n - i) * size_of::<Complex<T>>();
            src.add(i).cast::<u8>().copy_to_nonoverlapping(z.as_mut_ptr().cast(), bytes);
            let y = magnitudes::<F, T, WIDTH>(&z);
            y.as_ptr().cast::<u8>().copy_to_nonoverlapping(dst.add(i).cast(), (n - i) * size_of::<T>());
        }
    }
}

/// # Safety
/// The block can be read; it need not be aligned.
#[inline(always)]
unsafe fn magnitudes<F: Features, T: Real, const WIDTH: usize>(
    block: *const [Complex<T>; WIDTH],
) -> [T; WIDTH] {
    // SAFETY: as the caller vouches; a complex number is its two parts in a row.
    let parts = unsafe { (block as *const [[T; 2]; WIDTH]).read_unaligned() };
    let [re, im] = array::map(
        [0, 1],
        #[inline(always)]
        |part| {
            array::map(
                parts,
                #[inline(always)]
                |z| z[part],
            )
        },
    );
    compute::<F, Hypot, T, WIDTH>(re, im)
}
