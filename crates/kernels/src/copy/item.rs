//! How one item is moved: as a word whose size the compiler knows, or as a block of bytes.

use crate::check;
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

/// An item of a number of bytes above the size of `T` and below twice that: its first and its last bytes.
#[derive(Clone, Copy)]
pub(super) struct Ends<T> {
    word: Word<T>,
    /// Where the last bytes begin.
    last: usize,
}

impl<T> Ends<T> {
    /// An item of `bytes` bytes.
    #[inline(always)]
    pub(super) fn new(bytes: usize) -> Ends<T> {
        check((size_of::<T>()..=2 * size_of::<T>()).contains(&bytes), "two parts cover an item");
        Ends { word: Word::NEW, last: bytes - size_of::<T>() }
    }
}

impl<T: Copy> Item for Ends<T> {
    #[inline(always)]
    unsafe fn move_one(self, src: *const u8, dst: *mut u8) {
        // SAFETY: both words lie inside the item, which the caller vouches for.
        unsafe {
            self.word.move_one(src, dst);
            self.word.move_one(src.wrapping_add(self.last), dst.wrapping_add(self.last));
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

/// Something to do with items of a size that is only known when it runs.
pub(super) trait WithItem {
    /// Does it for this kind of item.
    ///
    /// # Safety
    /// What the implementation asks for.
    unsafe fn run<I: Item>(self, item: I);
}

/// Has it done for items of this many bytes: those that are frequent are words, for which it is compiled.
///
/// # Safety
/// What the implementation asks for.
#[inline(always)]
pub(super) unsafe fn with_item(bytes: usize, job: impl WithItem) {
    // SAFETY: the caller's promise; each item has the size that was matched.
    unsafe {
        match bytes {
            1 => job.run(Word::<u8>::NEW),
            2 => job.run(Word::<u16>::NEW),
            4 => job.run(Word::<u32>::NEW),
            8 => job.run(Word::<u64>::NEW),
            16 => job.run(Word::<u128>::NEW),
            3 => job.run(Word::<[u8; 3]>::NEW),
            12 => job.run(Word::<[u8; 12]>::NEW),
            24 => job.run(Word::<[u8; 24]>::NEW),
            32 => job.run(Word::<[u8; 32]>::NEW),
            64 => job.run(Word::<[u8; 64]>::NEW),
            5..8 => job.run(Ends::<u32>::new(bytes)),
            9..16 => job.run(Ends::<u64>::new(bytes)),
            17..32 => job.run(Ends::<u128>::new(bytes)),
            33..64 => job.run(Ends::<[u8; 32]>::new(bytes)),
            65..128 => job.run(Ends::<[u8; 64]>::new(bytes)),
            _ => job.run(Block(bytes)),
        }
    }
}
