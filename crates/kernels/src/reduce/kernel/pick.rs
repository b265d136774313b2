//! Every other element, packed.
//!
//! The loop is one that the compiler makes shuffles of, or the copy engine has them. Pieces are small and come one after the
//! other, so that memory is read as steadily as by a loop that folds what it reads.

use core::mem::MaybeUninit;

use crate::arch::vectorize;
use crate::copy::Every;

/// Bytes of packed elements.
pub(super) const BYTES: usize = 4096;

/// Room for packed elements.
#[repr(align(64))]
pub(super) struct Picked(pub(super) MaybeUninit<[u8; BYTES]>);

/// How elements of a size are picked.
#[derive(Clone, Copy)]
pub(super) struct Picker {
    item: usize,
    every: Option<Every>,
}

impl Picker {
    #[inline]
    pub(super) fn new(item: usize) -> Picker {
        Picker { item, every: Every::new(item, 2 * item as isize) }
    }

    /// Copies elements `0`, `2`, `4`, ..., `n` of them, of so many rows that lie `stride` bytes apart, one row after the other.
    ///
    /// # Safety
    /// They must be valid for reading, and what lies between them, and the destination for writing as many elements, which lie
    /// apart. The level has not changed.
    #[inline]
    pub(super) unsafe fn pick(&self, (rows, stride): (usize, isize), src: *const u8, dst: *mut u8, n: usize) {
        if let Some(every) = &self.every {
            // SAFETY: as the caller vouches.
            return unsafe { every.pack((rows, n), stride, src, dst) };
        }
        for row in 0..rows {
            let src = src.wrapping_offset(row as isize * stride);
            let dst = dst.wrapping_add(row * n * self.item);
            // SAFETY: as the caller vouches, for one of the rows.
            unsafe {
                match self.item {
                    1 => pick_items::<u8>(src, dst, n),
                    2 => pick_items::<u16>(src, dst, n),
                    4 => pick_items::<u32>(src, dst, n),
                    8 => pick_items::<u64>(src, dst, n),
                    _ => pick_items::<[u64; 2]>(src, dst, n),
                }
            }
        }
    }
}

unsafe fn pick_items<T: Copy>(src: *const u8, dst: *mut u8, n: usize) {
    let (src, dst) = (src as *const T, dst as *mut T);
    vectorize(
        #[inline(always)]
        move || {
            for i in 0..n {
                // SAFETY: as the caller vouches.
                unsafe { dst.add(i).write_unaligned(src.add(2 * i).read_unaligned()) };
            }
        },
    );
}
