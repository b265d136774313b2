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

use super::kernel::by_hand::{self, ByHand};
use crate::element::{Complex, Element};
use crate::number::{Number, Ordered};

/// Elements of a leaf where joining rounds.
pub(super) const ROUNDING_LEAF: usize = 16;

/// Elements of a leaf that can not run over: more than there are.
pub(super) const ENDLESS: usize = 1 << 40;

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
    /// An element that needs care (a NaN), where there is a faster step for those that need none.
    const CAREFUL: Option<Self::In> = None;
    /// Whether one of two elements needs care.
    #[inline(always)]
    fn needs_care(_: Self::In, _: Self::In) -> bool {
        false
    }
    /// Whether one of two leaves has taken one that does.
    #[inline(always)]
    fn leaf_needs_care(_: Self::Leaf, _: Self::Leaf) -> bool {
        false
    }
    /// The step for elements that need no care.
    #[inline(always)]
    fn hasty_step(leaf: Self::Leaf, x: Self::In) -> Self::Leaf {
        Self::step(leaf, x)
    }
    /// Joins two leaves that need no care.
    #[inline(always)]
    fn hasty_merge(a: Self::Leaf, b: Self::Leaf) -> Self::Leaf {
        Self::merge(a, b)
    }
    /// Joins two leaves that together have taken no more than one may.
    fn merge(a: Self::Leaf, b: Self::Leaf) -> Self::Leaf;
    fn close(leaf: Self::Leaf) -> Self::Acc;
    fn join(a: Self::Acc, b: Self::Acc) -> Self::Acc;
    /// Whether every other element is picked in registers, and not by way of scratch: where what the compiler makes of it was
    /// measured to be faster. (Zen 4, rows in the second-level cache: f64 1.5 times. It gathers bytes, and what is compared.)
    const PICKS: bool = false;
    /// Whether the rows that are folded into one are kept apart, see [`crate::arch::step`]: where the compiler was seen to fold them
    /// element by element. (Emerald Rapids, `i64` in the second-level cache: 2.4 times as fast; others the same or a little slower.)
    const APART: bool = false;
    /// Loops over rows by hand, where there are some.
    const BY_HAND: Option<ByHand> = None;
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
    const PICKS: bool = matches!(T::DTYPE, DType::F64);
    const BY_HAND: Option<ByHand> = by_hand::sum(T::DTYPE);
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
            const BY_HAND: Option<ByHand> = by_hand::widening(<$t as Element>::DTYPE);
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

/// The leaves of another way of folding: what narrow elements are folded to until their leaf is full, see
/// [`super::kernel::Narrow`].
pub(super) struct Leaves<F>(PhantomData<F>);

impl<F: Fold> Fold for Leaves<F> {
    type In = F::In;
    type Leaf = F::Leaf;
    type Acc = F::Leaf;
    const START: F::Leaf = F::START;
    const IDENTITY: F::Leaf = F::START;
    const NEUTRAL: F::In = F::NEUTRAL;
    const LEAF: usize = F::LEAF;
    const TREE: bool = false;
    const RESUMES: bool = true;
    #[inline(always)]
    fn open(acc: F::Leaf) -> F::Leaf {
        acc
    }
    #[inline(always)]
    fn step(leaf: F::Leaf, x: F::In) -> F::Leaf {
        F::step(leaf, x)
    }
    #[inline(always)]
    fn merge(a: F::Leaf, b: F::Leaf) -> F::Leaf {
        F::merge(a, b)
    }
    #[inline(always)]
    fn close(leaf: F::Leaf) -> F::Leaf {
        leaf
    }
    #[inline(always)]
    fn join(a: F::Leaf, b: F::Leaf) -> F::Leaf {
        F::merge(a, b)
    }
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
    const BY_HAND: Option<ByHand> = by_hand::extreme::<false>(T::DTYPE);
    const APART: bool = matches!(T::DTYPE, DType::I64 | DType::U64);
    const TREE: bool = false;
    const RESUMES: bool = true;
    #[inline(always)]
    fn open(acc: T) -> T {
        acc
    }
    #[inline(always)]
    fn step(leaf: T, x: T) -> T {
        leaf.min_first(x)
    }
    const CAREFUL: Option<T> = T::UNORDERED;
    #[inline(always)]
    fn needs_care(x: T, y: T) -> bool {
        x.is_unordered() | y.is_unordered()
    }
    #[inline(always)]
    fn leaf_needs_care(a: T, b: T) -> bool {
        a.is_unordered() | b.is_unordered()
    }
    #[inline(always)]
    fn hasty_step(leaf: T, x: T) -> T {
        leaf.least(x)
    }
    #[inline(always)]
    fn hasty_merge(a: T, b: T) -> T {
        a.least(b)
    }
    #[inline(always)]
    fn merge(a: T, b: T) -> T {
        a.min_first(b)
    }
    #[inline(always)]
    fn close(leaf: T) -> T {
        leaf
    }
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.min_first(b)
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
    const BY_HAND: Option<ByHand> = by_hand::extreme::<true>(T::DTYPE);
    const APART: bool = matches!(T::DTYPE, DType::I64 | DType::U64);
    const TREE: bool = false;
    const RESUMES: bool = true;
    #[inline(always)]
    fn open(acc: T) -> T {
        acc
    }
    #[inline(always)]
    fn step(leaf: T, x: T) -> T {
        leaf.max_first(x)
    }
    const CAREFUL: Option<T> = T::UNORDERED;
    #[inline(always)]
    fn needs_care(x: T, y: T) -> bool {
        x.is_unordered() | y.is_unordered()
    }
    #[inline(always)]
    fn leaf_needs_care(a: T, b: T) -> bool {
        a.is_unordered() | b.is_unordered()
    }
    #[inline(always)]
    fn hasty_step(leaf: T, x: T) -> T {
        leaf.most(x)
    }
    #[inline(always)]
    fn hasty_merge(a: T, b: T) -> T {
        a.most(b)
    }
    #[inline(always)]
    fn merge(a: T, b: T) -> T {
        a.max_first(b)
    }
    #[inline(always)]
    fn close(leaf: T) -> T {
        leaf
    }
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.max_first(b)
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
