//! Copies between dtypes: blocks are converted in L1 on their way, whatever the strides.

use libstrided_layout::{DType, Result};

use crate::Operand;
use crate::elementwise::{Block, Kernel, run};

/// Copies `src` to `dst`, converting every element: floats to integers saturate and NaN becomes 0, integers to narrower
/// ones wrap, complex to real drops the imaginary part, anything to bool is whether it is not 0.
///
/// # Safety
/// Every element of `src` must be valid for reading and of `dst` for writing; they must not overlap each other, nor
/// `dst` itself.
#[inline]
pub unsafe fn cast_copy(shape: &[i64], src: Operand<'_>, dst: Operand<'_>) -> Result<()> {
    // The driver converts `src` into the dtype of `dst`; what is left to do is to move it.
    let kernel: Kernel<2> = match dst.dtype {
        DType::C128 => rows::<[u64; 2]>,
        other => match other.size() {
            1 => rows::<u8>,
            2 => rows::<u16>,
            4 => rows::<u32>,
            _ => rows::<u64>,
        },
    };
    // SAFETY: as the caller vouches.
    unsafe { run(shape, [src, dst], [dst.dtype; 2], kernel) }
}

/// Moves rows; one element per row where the input is constant along it.
///
/// # Safety
/// As for every [`Kernel`].
unsafe fn rows<T: Copy>(block: &Block<2>) {
    let [mut src, mut dst] = block.data;
    for _ in 0..block.rows {
        // SAFETY: the caller vouches for `n` elements of each row, or one where the input is single.
        unsafe {
            if block.single[0] {
                let x = (src as *const T).read_unaligned();
                for i in 0..block.n {
                    (dst as *mut T).add(i).write_unaligned(x);
                }
            } else {
                core::ptr::copy(src, dst, block.n * size_of::<T>());
            }
        }
        src = src.wrapping_offset(block.strides[0]);
        dst = dst.wrapping_offset(block.strides[1]);
    }
}
