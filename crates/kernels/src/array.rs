//! Arrays made element by element, in loops that are inlined in every build.
//!
//! `core::array::from_fn` and `map` are functions of the standard library without `#[inline(always)]`. In builds without link-time
//! optimisation of everything, which users of the crates have, they were compiled for themselves: with the instructions of every
//! machine of the architecture, one element at a time. Functions and integer division were 2 to 8 times as slow then.

use core::mem::MaybeUninit;

/// As [`core::array::from_fn`].
#[inline(always)]
pub(crate) fn each<T, const N: usize>(mut f: impl FnMut(usize) -> T) -> [T; N] {
    let mut all = [const { MaybeUninit::uninit() }; N];
    let mut k = 0;
    while k < N {
        all[k].write(f(k));
        k += 1;
    }
    // SAFETY: an array of the same size, of which every element has been written.
    unsafe { all.as_ptr().cast::<[T; N]>().read() }
}

/// Writes elements, made one by one from numbers of type `From`, side by side.
///
/// An array of eight bytes or less is one integer for the compiler. Where they are results of wider numbers it puts that integer
/// together by shifts, element by element: 37 instructions for eight comparisons of floats, and 13 where each is written by itself.
/// (Of more elements it makes the better vectors when they are an array.)
///
/// # Safety
/// There is room for them. It may be that of what they are made from, if all of that was read before.
#[inline(always)]
pub(crate) unsafe fn put<From, To, const N: usize>(to: *mut To, mut f: impl FnMut(usize) -> To) {
    // SAFETY: as the caller vouches.
    unsafe {
        if const { size_of::<[To; N]>() <= 8 && size_of::<To>() < size_of::<From>() } {
            let mut k = 0;
            while k < N {
                to.add(k).write_unaligned(f(k));
                k += 1;
            }
        } else {
            (to as *mut [To; N]).write_unaligned(each(f));
        }
    }
}

/// As the method of arrays.
#[inline(always)]
pub(crate) fn map<T: Copy, U, const N: usize>(x: [T; N], mut f: impl FnMut(T) -> U) -> [U; N] {
    each(
        #[inline(always)]
        |k| f(x[k]),
    )
}
