//! What a reduction does with one element and with two partial results.
//!
//! ```text
//!   elements --step--> leaf, in the narrowest type that holds it --close--> accumulator --join--> accumulator
//! ```
//!
//! A leaf takes up to `LEAF` elements one after the other. Where joining rounds (`TREE`: floats, complex numbers) that is
//! 16, and accumulators are joined two by two. Integers, extremes and truths come out the same in any order; their leaves
//! end only where a narrow type would run over: bytes are summed in 16 bits, 256 of them at a time.

use core::marker::PhantomData;

use libstrided_layout::DType;

use crate::element::{Bf16, Bool, Complex, Element, F16};
use crate::number::{Number, Ordered};

/// Elements of a leaf where joining rounds.
pub(super) const ROUNDING_LEAF: usize = 16;

/// Elements of a leaf that can not run over: more than there are.
const ENDLESS: usize = 1 << 40;

/// A way of folding elements of one type.
pub(super) trait Fold: 'static {
    /// The type of the elements.
    type In: Copy;
    /// What a lane holds inside a leaf.
    type Leaf: Copy;
    /// The type of partial results.
    type Acc: Copy;
    /// A leaf without elements.
    const START: Self::Leaf;
    /// The accumulator that changes nothing.
    const IDENTITY: Self::Acc;
    /// The element that changes nothing.
    const NEUTRAL: Self::In;
    /// How many elements a leaf may take.
    const LEAF: usize;
    /// Whether accumulators are joined by a tree of pairs.
    const TREE: bool;
    fn step(leaf: Self::Leaf, x: Self::In) -> Self::Leaf;
    /// Joins two leaves that together have taken no more than one may.
    fn merge(a: Self::Leaf, b: Self::Leaf) -> Self::Leaf;
    fn close(leaf: Self::Leaf) -> Self::Acc;
    fn join(a: Self::Acc, b: Self::Acc) -> Self::Acc;
    /// Whether a leaf can go on from an accumulator.
    const RESUMES: bool = false;
    /// The leaf that an accumulator is, where [`Fold::RESUMES`].
    #[inline(always)]
    fn open(_: Self::Acc) -> Self::Leaf {
        Self::START
    }
    /// Whether no further element can change this accumulator.
    #[inline(always)]
    fn is_settled(_: Self::Acc) -> bool {
        false
    }
}

/// Whether sums and products of a type round.
const fn rounds<T: Element>() -> bool {
    matches!(T::DTYPE, DType::F32 | DType::F64 | DType::C64 | DType::C128)
}

const fn leaf_of<T: Element>() -> usize {
    if rounds::<T>() { ROUNDING_LEAF } else { ENDLESS }
}

/// The sum in the type of the elements.
pub(super) struct Sum<T>(PhantomData<T>);

impl<T: Number> Fold for Sum<T> {
    type In = T;
    type Leaf = T;
    type Acc = T;
    const START: T = T::ZERO;
    const IDENTITY: T = T::ZERO;
    const NEUTRAL: T = T::ZERO;
    const LEAF: usize = leaf_of::<T>();
    const TREE: bool = rounds::<T>();
    const RESUMES: bool = true;
    #[inline(always)]
    fn open(acc: T) -> T {
        acc
    }
    #[inline(always)]
    fn step(leaf: T, x: T) -> T {
        leaf.add(x)
    }
    #[inline(always)]
    fn merge(a: T, b: T) -> T {
        a.add(b)
    }
    #[inline(always)]
    fn close(leaf: T) -> T {
        leaf
    }
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.add(b)
    }
}

/// The sum of narrow integers in 64 bits.
pub(super) struct Widening<T>(PhantomData<T>);

macro_rules! widening {
    ($($t:ident, $leaf:ident, $acc:ident, $count:expr;)*) => {$(
        impl Fold for Widening<$t> {
            type In = $t;
            type Leaf = $leaf;
            type Acc = $acc;
            const START: $leaf = 0;
            const IDENTITY: $acc = 0;
            const NEUTRAL: $t = 0;
            const LEAF: usize = $count;
            const TREE: bool = false;
            #[inline(always)]
            fn step(leaf: $leaf, x: $t) -> $leaf {
                leaf.wrapping_add(x as $leaf)
            }
            #[inline(always)]
            fn merge(a: $leaf, b: $leaf) -> $leaf {
                a.wrapping_add(b)
            }
            #[inline(always)]
            fn close(leaf: $leaf) -> $acc {
                leaf as $acc
            }
            #[inline(always)]
            fn join(a: $acc, b: $acc) -> $acc {
                a.wrapping_add(b)
            }
        }
    )*};
}
widening! {
    u8, u16, u64, 256;
    i8, i16, i64, 255;
    u16, u32, u64, 1 << 16;
    i16, i32, i64, (1 << 16) - 1;
    u32, u64, u64, ENDLESS;
    i32, i64, i64, ENDLESS;
}

/// The product.
pub(super) struct Prod<T>(PhantomData<T>);

impl<T: Number> Fold for Prod<T> {
    type In = T;
    type Leaf = T;
    type Acc = T;
    const START: T = T::ONE;
    const IDENTITY: T = T::ONE;
    const NEUTRAL: T = T::ONE;
    const LEAF: usize = leaf_of::<T>();
    const TREE: bool = rounds::<T>();
    const RESUMES: bool = true;
    #[inline(always)]
    fn open(acc: T) -> T {
        acc
    }
    #[inline(always)]
    fn step(leaf: T, x: T) -> T {
        leaf.mul(x)
    }
    #[inline(always)]
    fn merge(a: T, b: T) -> T {
        a.mul(b)
    }
    #[inline(always)]
    fn close(leaf: T) -> T {
        leaf
    }
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.mul(b)
    }
}

/// The smallest element.
pub(super) struct Min<T>(PhantomData<T>);

impl<T: Ordered> Fold for Min<T> {
    type In = T;
    type Leaf = T;
    type Acc = T;
    const START: T = T::LARGEST;
    const IDENTITY: T = T::LARGEST;
    const NEUTRAL: T = T::LARGEST;
    const LEAF: usize = ENDLESS;
    const TREE: bool = false;
    const RESUMES: bool = true;
    #[inline(always)]
    fn open(acc: T) -> T {
        acc
    }
    #[inline(always)]
    fn step(leaf: T, x: T) -> T {
        leaf.min(x)
    }
    #[inline(always)]
    fn merge(a: T, b: T) -> T {
        a.min(b)
    }
    #[inline(always)]
    fn close(leaf: T) -> T {
        leaf
    }
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.min(b)
    }
}

/// The largest element.
pub(super) struct Max<T>(PhantomData<T>);

impl<T: Ordered> Fold for Max<T> {
    type In = T;
    type Leaf = T;
    type Acc = T;
    const START: T = T::SMALLEST;
    const IDENTITY: T = T::SMALLEST;
    const NEUTRAL: T = T::SMALLEST;
    const LEAF: usize = ENDLESS;
    const TREE: bool = false;
    const RESUMES: bool = true;
    #[inline(always)]
    fn open(acc: T) -> T {
        acc
    }
    #[inline(always)]
    fn step(leaf: T, x: T) -> T {
        leaf.max(x)
    }
    #[inline(always)]
    fn merge(a: T, b: T) -> T {
        a.max(b)
    }
    #[inline(always)]
    fn close(leaf: T) -> T {
        leaf
    }
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.max(b)
    }
}

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

/// The sum of the squares of magnitudes.
pub(super) struct Squares<T>(PhantomData<T>);

macro_rules! squares {
    ($($t:ty, $part:ident, $zero:expr, |$x:ident| $square:expr;)*) => {$(
        impl Fold for Squares<$t> {
            type In = $t;
            type Leaf = $part;
            type Acc = $part;
            const START: $part = 0.0;
            const IDENTITY: $part = 0.0;
            const NEUTRAL: $t = $zero;
            const LEAF: usize = ROUNDING_LEAF;
            const TREE: bool = true;
            const RESUMES: bool = true;
            #[inline(always)]
            fn open(acc: $part) -> $part {
                acc
            }
            #[inline(always)]
            fn step(leaf: $part, $x: $t) -> $part {
                leaf + $square
            }
            #[inline(always)]
            fn merge(a: $part, b: $part) -> $part {
                a + b
            }
            #[inline(always)]
            fn close(leaf: $part) -> $part {
                leaf
            }
            #[inline(always)]
            fn join(a: $part, b: $part) -> $part {
                a + b
            }
        }
    )*};
}
squares! {
    f32, f32, 0.0, |x| x * x;
    f64, f64, 0.0, |x| x * x;
    Complex<f32>, f32, Complex { re: 0.0, im: 0.0 }, |x| (x.re * x.re + x.im * x.im);
    Complex<f64>, f64, Complex { re: 0.0, im: 0.0 }, |x| (x.re * x.re + x.im * x.im);
}
