//! How one item is moved: as a word whose size the compiler knows, or as a block of bytes.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// Moves one item.
pub(super) trait Item: Copy {
    /// Moves the item at `src` to `dst`.
    ///
    /// # Safety
    /// `src` can be read and `dst` written for the bytes of an item; both of any alignment.
    unsafe fn move_one(self, src: *const u8, dst: *mut u8);
}

/// An item of the size of `T`, an unsigned integer or bytes.
pub(super) struct Word<T>(PhantomData<T>);

impl<T> Word<T> {
    /// The one value of this type.
    pub(super) const NEW: Word<T> = Word(PhantomData);
}

impl<T> Clone for Word<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Word<T> {}

impl<T: Copy> Item for Word<T> {
    #[inline(always)]
    unsafe fn move_one(self, src: *const u8, dst: *mut u8) {
        // SAFETY: the caller vouches for `size_of::<T>()` bytes on both sides, which may have any bits, or none yet.
        unsafe {
            let word = src.cast::<MaybeUninit<T>>().read_unaligned();
            dst.cast::<MaybeUninit<T>>().write_unaligned(word);
        }
    }
}

/// An item of any number of bytes.
#[derive(Clone, Copy)]
pub(super) struct Block(pub(super) usize);

impl Item for Block {
    #[inline(always)]
    unsafe fn move_one(self, src: *const u8, dst: *mut u8) {
        // SAFETY: the caller vouches for both sides; source and destination of a copy do not overlap.
        unsafe { core::ptr::copy_nonoverlapping(src, dst, self.0) }
    }
}
