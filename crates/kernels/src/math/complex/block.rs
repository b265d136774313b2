//! Blocks of complex numbers as their real and their imaginary parts in `f64`.

use crate::array;
use crate::math::{Float, Real};

/// How many numbers a block has.
pub(crate) const WIDTH: usize = 16;

/// The parts of the numbers of a block.
pub(crate) type Parts = [[f64; WIDTH]; 2];

/// The parts of up to a block of numbers, filled up with copies of the first one.
///
/// # Safety
/// `count` numbers can be read, at least one.
#[inline(always)]
pub(crate) unsafe fn load(src: *const u8, single: bool, count: usize) -> Parts {
    // SAFETY: as the caller vouches.
    unsafe { if single { load_as::<f32>(src, count) } else { load_as::<f64>(src, count) } }
}

/// # Safety
/// As [`load`].
#[inline(always)]
unsafe fn load_as<T: Real>(src: *const u8, count: usize) -> Parts {
    let src = src as *const [T; 2];
    // SAFETY: as the caller vouches; a complex number is its two parts in a row.
    let z: [[T; 2]; WIDTH] = unsafe {
        if count == WIDTH {
            (src as *const [[T; 2]; WIDTH]).read_unaligned()
        } else {
            let mut z = [src.read_unaligned(); WIDTH];
            src.cast::<u8>().copy_to_nonoverlapping(z.as_mut_ptr().cast(), count * size_of::<[T; 2]>());
            z
        }
    };
    array::map(
        [0, 1],
        #[inline(always)]
        |part| {
            array::map(
                z,
                #[inline(always)]
                |z| z[part].to_float().double(),
            )
        },
    )
}

/// Puts up to a block of numbers together.
///
/// # Safety
/// `count` numbers can be written.
#[inline(always)]
pub(crate) unsafe fn store(dst: *mut u8, single: bool, count: usize, parts: Parts) {
    // SAFETY: as the caller vouches.
    unsafe {
        if single {
            store_as::<f32>(dst, count, parts);
        } else {
            store_as::<f64>(dst, count, parts);
        }
    }
}

/// # Safety
/// As [`store`].
#[inline(always)]
unsafe fn store_as<T: Real>(dst: *mut u8, count: usize, [re, im]: Parts) {
    let z: [[T; 2]; WIDTH] = array::each(
        #[inline(always)]
        |k| {
            array::map(
                [re[k], im[k]],
                #[inline(always)]
                |x| T::from_float(T::Float::of(x)),
            )
        },
    );
    // SAFETY: as the caller vouches.
    unsafe {
        if count == WIDTH {
            (dst as *mut [[T; 2]; WIDTH]).write_unaligned(z);
        } else {
            z.as_ptr().cast::<u8>().copy_to_nonoverlapping(dst, count * size_of::<[T; 2]>());
        }
    }
}
