//! Folding elements that are zero or not: whether any is not, whether all are not, how many are not.

use core::marker::PhantomData;

use super::fold::{ENDLESS, Fold};
use super::kernel::by_hand::{self, ByHand};
use crate::element::{Bf16, Bool, Complex, F16};

/// A type of elements that are zero or not.
pub(super) trait Truth: Copy + 'static {
    /// An unsigned integer as wide as the element (or its part), so that lanes need no shuffles.
    type Word: Word;
    const FALSE: Self;
    const TRUE: Self;
    fn is_true(self) -> bool;
}

/// An unsigned integer that counts, or holds a truth.
pub(super) trait Word: Copy + 'static {
    const ZERO: Self;
    const ONE: Self;
    /// Steps of one that fit.
    const MOST: usize;
    fn from_bool(x: bool) -> Self;
    fn plus(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn to_i64(self) -> i64;
}

macro_rules! words {
    ($($t:ident, $most:expr;)*) => {$(
        impl Word for $t {
            const ZERO: $t = 0;
            const ONE: $t = 1;
            const MOST: usize = $most;
            #[inline(always)]
            fn from_bool(x: bool) -> $t {
                x as $t
            }
            #[inline(always)]
            fn plus(self, other: $t) -> $t {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn or(self, other: $t) -> $t {
                self | other
            }
            #[inline(always)]
            fn and(self, other: $t) -> $t {
                self & other
            }
            #[inline(always)]
            fn to_i64(self) -> i64 {
                self as i64
            }
        }
    )*};
}
words! {
    u8, 255;
    u16, 65535;
    u32, u32::MAX as usize;
    u64, ENDLESS;
}

macro_rules! truths {
    ($($t:ty, $word:ident, $false:expr, $true:expr, |$x:ident| $test:expr;)*) => {$(
        impl Truth for $t {
            type Word = $word;
            const FALSE: Self = $false;
            const TRUE: Self = $true;
            #[inline(always)]
            fn is_true(self) -> bool {
                let $x = self;
                $test
            }
        }
    )*};
}
truths! {
    u8, u8, 0, 1, |x| x != 0;
    u16, u16, 0, 1, |x| x != 0;
    u32, u32, 0, 1, |x| x != 0;
    u64, u64, 0, 1, |x| x != 0;
    // Shifted left, the sign of a zero is gone.
    F16, u16, F16(0), F16(1), |x| x.0 << 1 != 0;
    Bf16, u16, Bf16(0), Bf16(1), |x| x.0 << 1 != 0;
    f32, u32, 0.0, 1.0, |x| x != 0.0;
    f64, u64, 0.0, 1.0, |x| x != 0.0;
    Complex<f32>, u32, Complex { re: 0.0, im: 0.0 }, Complex { re: 1.0, im: 0.0 }, |x| (x.re != 0.0) | (x.im != 0.0);
    Complex<f64>, u64, Complex { re: 0.0, im: 0.0 }, Complex { re: 1.0, im: 0.0 }, |x| (x.re != 0.0) | (x.im != 0.0);
}

/// Elements between two looks at whether the answer is known.
const LOOK: usize = 64;

/// Whether one element is not zero.
pub(super) struct Any<T>(PhantomData<T>);

impl<T: Truth> Fold for Any<T> {
    type In = T;
    type Leaf = T::Word;
    type Acc = Bool;
    const START: T::Word = T::Word::ZERO;
    const IDENTITY: Bool = Bool(0);
    const NEUTRAL: T = T::FALSE;
    const LEAF: usize = LOOK;
    const TREE: bool = false;
    #[inline(always)]
    fn step(leaf: T::Word, x: T) -> T::Word {
        leaf.or(T::Word::from_bool(x.is_true()))
    }
    #[inline(always)]
    fn merge(a: T::Word, b: T::Word) -> T::Word {
        a.or(b)
    }
    #[inline(always)]
    fn close(leaf: T::Word) -> Bool {
        Bool(leaf.to_i64() as u8)
    }
    #[inline(always)]
    fn join(a: Bool, b: Bool) -> Bool {
        Bool(a.0 | b.0)
    }
    #[inline(always)]
    fn is_settled(x: Bool) -> bool {
        x.0 != 0
    }
}

/// Whether every element is not zero.
pub(super) struct All<T>(PhantomData<T>);

impl<T: Truth> Fold for All<T> {
    type In = T;
    type Leaf = T::Word;
    type Acc = Bool;
    const START: T::Word = T::Word::ONE;
    const IDENTITY: Bool = Bool(1);
    const NEUTRAL: T = T::TRUE;
    const LEAF: usize = LOOK;
    const TREE: bool = false;
    #[inline(always)]
    fn step(leaf: T::Word, x: T) -> T::Word {
        leaf.and(T::Word::from_bool(x.is_true()))
    }
    #[inline(always)]
    fn merge(a: T::Word, b: T::Word) -> T::Word {
        a.and(b)
    }
    #[inline(always)]
    fn close(leaf: T::Word) -> Bool {
        Bool(leaf.to_i64() as u8)
    }
    #[inline(always)]
    fn join(a: Bool, b: Bool) -> Bool {
        Bool(a.0 & b.0)
    }
    #[inline(always)]
    fn is_settled(x: Bool) -> bool {
        x.0 == 0
    }
}

/// How many elements are not zero.
pub(super) struct Count<T>(PhantomData<T>);

impl<T: Truth> Fold for Count<T> {
    type In = T;
    type Leaf = T::Word;
    type Acc = i64;
    const START: T::Word = T::Word::ZERO;
    const IDENTITY: i64 = 0;
    const NEUTRAL: T = T::FALSE;
    const LEAF: usize = T::Word::MOST;
    const BY_HAND: Option<ByHand> = by_hand::count(size_of::<T>());
    const TREE: bool = false;
    #[inline(always)]
    fn step(leaf: T::Word, x: T) -> T::Word {
        leaf.plus(T::Word::from_bool(x.is_true()))
    }
    #[inline(always)]
    fn merge(a: T::Word, b: T::Word) -> T::Word {
        a.plus(b)
    }
    #[inline(always)]
    fn close(leaf: T::Word) -> i64 {
        leaf.to_i64()
    }
    #[inline(always)]
    fn join(a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }
}
