//! Every other element, packed.
//!
//! The loop is one that the compiler makes shuffles of. Pieces are small and come one after the other, so that memory is read
//! as steadily as by a loop that folds what it reads.

use core::mem::MaybeUninit;

use crate::arch::vectorize;

/// Bytes of packed elements.
pub(super) const BYTES: usize = 4096;

/// Room for packed elements.
#[repr(align(64))]
pub(super) struct Picked(pub(super) MaybeUninit<[u8; BYTES]>);

/// Copies elements `0`, `2`, `4`, ..., `n` of them.
///
/// # Safety
/// They must be valid for reading, and the destination for writing `n` elements of this size, which lie apart.
pub(super) unsafe fn pick(item: usize, src: *const u8, dst: *mut u8, n: usize) {
    // SAFETY: as the caller vouches.
    unsafe {
        match item {
            1 => pick_items::<u8>(src, dst, n),
            2 => pick_items::<u16>(src, dst, n),
            4 => pick_items::<u32>(src, dst, n),
            8 => pick_items::<u64>(src, dst, n),
            _ => pick_items::<[u64; 2]>(src, dst, n),
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
