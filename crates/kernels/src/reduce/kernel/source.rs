//! Where the elements come from that are folded: memory as it is, or two operands that are combined as they are read.
//!
//! A second operand (a mean that is subtracted, a factor, a mask) that lies as the loops run is read beside the elements, so
//! that nothing passes through scratch on the way. The values are those that the loops of the operations compute.

use core::hint::select_unpredictable as choose;
use core::marker::PhantomData;

use super::super::fold::Fold;
use crate::number::Signed;

/// The elements of a row.
pub(in crate::reduce) trait Source: Copy {
    /// Their type.
    type Item: Copy;
    /// Whether they are what lies in memory.
    const PLAIN: bool = false;
    /// A row that begins at an address, and at an address of the second operand.
    ///
    /// # Safety
    /// What is one element for a row can be read.
    unsafe fn new(src: *const u8, second: *const u8) -> Self;
    /// The row from element `i` on.
    fn from(self, i: usize) -> Self;
    /// Elements `i..i + W`.
    ///
    /// # Safety
    /// They can be read, of both operands.
    unsafe fn chunk<const W: usize>(self, i: usize) -> [Self::Item; W];
}

/// Memory as it is.
#[derive(Clone, Copy)]
pub(super) struct Plain<T>(pub(super) *const T);

impl<T: Copy> Source for Plain<T> {
    type Item = T;
    const PLAIN: bool = true;
    #[inline(always)]
    unsafe fn new(src: *const u8, _: *const u8) -> Self {
        Plain(src as *const T)
    }
    #[inline(always)]
    fn from(self, i: usize) -> Self {
        Plain(self.0.wrapping_add(i))
    }
    #[inline(always)]
    unsafe fn chunk<const W: usize>(self, i: usize) -> [T; W] {
        // SAFETY: as the caller vouches.
        unsafe { (self.0.add(i) as *const [T; W]).read_unaligned() }
    }
}

/// Every other element of memory, picked out of two vectors: for ways of folding with [`Fold::PICKS`].
#[derive(Clone, Copy)]
pub(super) struct EveryOther<T>(*const T);

impl<T: Copy> Source for EveryOther<T> {
    type Item = T;
    #[inline(always)]
    unsafe fn new(src: *const u8, _: *const u8) -> Self {
        EveryOther(src as *const T)
    }
    #[inline(always)]
    fn from(self, i: usize) -> Self {
        EveryOther(self.0.wrapping_add(2 * i))
    }
    #[inline(always)]
    unsafe fn chunk<const W: usize>(self, i: usize) -> [T; W] {
        // SAFETY: the first element, as the caller vouches; then the elements and what lies between them. The second half
        // begins one early, so that nothing behind the last element is read.
        unsafe {
            let first = self.0.add(2 * i);
            let mut out = [first.read_unaligned(); W];
            if W > 1 {
                let low = (first as *const [T; W]).read_unaligned();
                let high = (first.add(W - 1) as *const [T; W]).read_unaligned();
                for j in 0..W / 2 {
                    out[j] = low[2 * j];
                    out[W / 2 + j] = high[2 * j + 1];
                }
            }
            out
        }
    }
}

/// Elements less one value for the row.
#[derive(Clone, Copy)]
pub(in crate::reduce) struct MinusOne<T>(*const T, T);

impl<T: Signed> Source for MinusOne<T> {
    type Item = T;
    #[inline(always)]
    unsafe fn new(src: *const u8, second: *const u8) -> Self {
        // SAFETY: as the caller vouches.
        MinusOne(src as *const T, unsafe { (second as *const T).read_unaligned() })
    }
    #[inline(always)]
    fn from(self, i: usize) -> Self {
        MinusOne(self.0.wrapping_add(i), self.1)
    }
    #[inline(always)]
    unsafe fn chunk<const W: usize>(self, i: usize) -> [T; W] {
        // SAFETY: as the caller vouches.
        let mut x = unsafe { (self.0.add(i) as *const [T; W]).read_unaligned() };
        for x in &mut x {
            *x = x.sub(self.1);
        }
        x
    }
}

/// Two operands that both lie along the row.
macro_rules! both {
    ($(#[$doc:meta] $source:ident $bound:ident $op:ident;)*) => {$(
        #[$doc]
        #[derive(Clone, Copy)]
        pub(in crate::reduce) struct $source<T>(*const T, *const T);

        impl<T: $bound> Source for $source<T> {
            type Item = T;
            #[inline(always)]
            unsafe fn new(src: *const u8, second: *const u8) -> Self {
                $source(src as *const T, second as *const T)
            }
            #[inline(always)]
            fn from(self, i: usize) -> Self {
                $source(self.0.wrapping_add(i), self.1.wrapping_add(i))
            }
            #[inline(always)]
            unsafe fn chunk<const W: usize>(self, i: usize) -> [T; W] {
                // SAFETY: as the caller vouches.
                let (mut x, y) = unsafe {
                    let x = (self.0.add(i) as *const [T; W]).read_unaligned();
                    (x, (self.1.add(i) as *const [T; W]).read_unaligned())
                };
                for j in 0..W {
                    x[j] = x[j].$op(y[j]);
                }
                x
            }
        }
    )*};
}
both! {
    /// Elements less those of the second operand.
    MinusEach Signed sub;
    /// Elements times those of the second operand.
    Times Signed mul;
}

/// Elements where the second operand, a mask, is not 0, and elsewhere the one that changes nothing.
pub(in crate::reduce) struct Chosen<F: Fold>(*const F::In, *const u8, PhantomData<F>);

impl<F: Fold> Clone for Chosen<F> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<F: Fold> Copy for Chosen<F> {}

impl<F: Fold> Source for Chosen<F> {
    type Item = F::In;
    #[inline(always)]
    unsafe fn new(src: *const u8, second: *const u8) -> Self {
        Chosen(src as *const F::In, second, PhantomData)
    }
    #[inline(always)]
    fn from(self, i: usize) -> Self {
        Chosen(self.0.wrapping_add(i), self.1.wrapping_add(i), PhantomData)
    }
    #[inline(always)]
    unsafe fn chunk<const W: usize>(self, i: usize) -> [F::In; W] {
        // SAFETY: as the caller vouches.
        let (mut x, mask) = unsafe {
            let x = (self.0.add(i) as *const [F::In; W]).read_unaligned();
            (x, (self.1.add(i) as *const [u8; W]).read_unaligned())
        };
        for j in 0..W {
            // Left to itself the compiler reads the first element only if it is set: a branch on each chunk of the mask (Emerald Rapids,
            // random masks of `f64`, 1.25 times as long from memory, 1.2 times in the second level).
            x[j] = choose(mask[j] != 0, x[j], F::NEUTRAL);
        }
        x
    }
}
