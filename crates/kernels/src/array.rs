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

/// As the method of arrays.
#[inline(always)]
pub(crate) fn map<T: Copy, U, const N: usize>(x: [T; N], mut f: impl FnMut(T) -> U) -> [U; N] {
    each(
        #[inline(always)]
        |k| f(x[k]),
    )
}
