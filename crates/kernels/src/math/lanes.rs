//! Two numbers at once.
//!
//! A function is one long chain of operations, each of which waits for the one before; the CPU can fill the gaps only
//! with instructions that stand nearby. So the functions are written on two numbers, and every operation is two
//! independent ones in a row. The loop around them is over vectors: the compiler makes a vector of each of the two.
//!
//! Constants are written as `f64` and rounded to the type of the numbers when the program is compiled.

use core::hint::select_unpredictable as choose;
use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Shl, Shr, Sub};

use super::float::{Float, Table, Word};
use crate::arch::Features;
use crate::array;

/// Two floats. (Fields and not an array: the compiler passes these in two registers, and arrays as one integer that it does
/// not always take apart again.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes<T>(pub(crate) T, pub(crate) T);

/// Some functions of the numbers at each place of some blocks, two places at once.
#[inline(always)]
fn zips<T: Float, const K: usize, const M: usize, const N: usize>(
    x: [[T; N]; K],
    f: impl Fn([Lanes<T>; K]) -> [Lanes<T>; M],
) -> [[T; N]; M] {
    let step = N / 2;
    let mut y = [x[0]; M];
    for k in 0..step {
        let lanes = f(array::each(
            #[inline(always)]
            |i| Lanes(x[i][k], x[i][k + step]),
        ));
        for i in 0..M {
            (y[i][k], y[i][k + step]) = (lanes[i].0, lanes[i].1);
        }
    }
    y
}

/// A function of the numbers at each place of some blocks.
#[inline(always)]
pub(super) fn zip<T: Float, const K: usize, const N: usize>(
    x: [[T; N]; K],
    f: impl Fn([Lanes<T>; K]) -> Lanes<T>,
) -> [T; N] {
    let [y] = zips(
        x,
        #[inline(always)]
        |x| [f(x)],
    );
    y
}

/// Two functions of them.
#[inline(always)]
pub(super) fn zip2<T: Float, const K: usize, const N: usize>(
    x: [[T; N]; K],
    f: impl Fn([Lanes<T>; K]) -> [Lanes<T>; 2],
) -> [[T; N]; 2] {
    zips(x, f)
}

/// A function of each number of a block, two at once.
#[inline(always)]
pub(super) fn map<T: Float, const N: usize>(x: [T; N], f: impl Fn(Lanes<T>) -> Lanes<T>) -> [T; N] {
    zip(
        [x],
        #[inline(always)]
        |[x]| f(x),
    )
}

/// The numbers at these places of a table, of which the last four bits count. Only called in a loop that is compiled for
/// the level `L`, as all functions of blocks are.
#[inline(always)]
pub(super) fn pick<L: Features, T: Float, const N: usize>(table: Table, places: [T::Bits; N]) -> [T; N] {
    T::pick::<L, N>(table, places)
}

/// Two words: the bits of floats, or integers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<T: Float>(pub(super) T::Bits, pub(super) T::Bits);

/// Two answers. (A choice between two numbers must be one to the compiler, too: branches on the same answer that stand in
/// a row would become paths of their own, which are not vector code.)
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask(bool, bool);

macro_rules! operators {
    ($lanes:ident $constant:ident: $($op:ident $method:ident $of:expr;)*) => {$(
        impl<T: Float> $op for $lanes<T> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                $lanes($of(self.0, other.0), $of(self.1, other.1))
            }
        }
        impl<T: Float> $op<$constant> for $lanes<T> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: $constant) -> Self {
                self.$method(Self::of(other))
            }
        }
        impl<T: Float> $op<$lanes<T>> for $constant {
            type Output = $lanes<T>;
            #[inline(always)]
            fn $method(self, other: $lanes<T>) -> $lanes<T> {
                $lanes::of(self).$method(other)
            }
        }
    )*};
}
operators! {
    Lanes f64:
        Add add T::add;
        Sub sub T::sub;
        Mul mul T::mul;
        Div div T::div;
}
operators! {
    Words u64:
        Add add T::Bits::plus;
        Sub sub T::Bits::minus;
        BitAnd bitand T::Bits::bitand;
        BitOr bitor T::Bits::bitor;
        BitXor bitxor T::Bits::bitxor;
}

impl<T: Float> Shl<u32> for Words<T> {
    type Output = Self;
    #[inline(always)]
    fn shl(self, count: u32) -> Self {
        Words(self.0 << count, self.1 << count)
    }
}

impl<T: Float> Shr<u32> for Words<T> {
    type Output = Self;
    #[inline(always)]
    fn shr(self, count: u32) -> Self {
        Words(self.0 >> count, self.1 >> count)
    }
}

impl<T: Float> Neg for Lanes<T> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Lanes(-self.0, -self.1)
    }
}

impl<T: Float> From<f64> for Lanes<T> {
    #[inline(always)]
    fn from(x: f64) -> Self {
        Lanes::of(x)
    }
}

impl<T: Float> Lanes<T> {
    #[inline(always)]
    pub(super) fn of(x: f64) -> Self {
        Lanes(T::of(x), T::of(x))
    }

    /// As `f64`.
    #[inline(always)]
    pub(super) fn double(self) -> Lanes<f64> {
        Lanes(self.0.double(), self.1.double())
    }

    /// From `f64`.
    #[inline(always)]
    pub(super) fn round(x: Lanes<f64>) -> Self {
        Lanes(T::of(x.0), T::of(x.1))
    }

    #[inline(always)]
    pub(super) fn bits(self) -> Words<T> {
        Words(self.0.bits(), self.1.bits())
    }

    #[inline(always)]
    pub(super) fn abs(self) -> Self {
        Lanes(self.0.abs(), self.1.abs())
    }

    #[inline(always)]
    pub(super) fn sqrt(self) -> Self {
        Lanes(self.0.sqrt(), self.1.sqrt())
    }

    /// `self * b + c`, rounded once; only where the level has an instruction for it.
    #[inline(always)]
    pub(super) fn fused(self, b: Self, c: Self) -> Self {
        Lanes(self.0.fused(b.0, c.0), self.1.fused(b.1, c.1))
    }

    #[inline(always)]
    pub(super) fn with_sign_of(self, other: Self) -> Self {
        Lanes(self.0.copysign(other.0), self.1.copysign(other.1))
    }

    /// `low` or `high` where `self` lies below or above; NaN stays NaN.
    #[inline(always)]
    pub(super) fn clamp(self, low: f64, high: f64) -> Self {
        let most = Lanes::<T>::of(high).less(self).select(high, self);
        most.less(low).select(low, most)
    }

    #[inline(always)]
    pub(super) fn less(self, other: impl Into<Self>) -> Mask {
        let other = other.into();
        Mask(self.0 < other.0, self.1 < other.1)
    }

    #[inline(always)]
    pub(super) fn less_equal(self, other: impl Into<Self>) -> Mask {
        let other = other.into();
        Mask(self.0 <= other.0, self.1 <= other.1)
    }

    #[inline(always)]
    pub(super) fn equal(self, other: impl Into<Self>) -> Mask {
        let other = other.into();
        Mask(self.0 == other.0, self.1 == other.1)
    }
}

impl<T: Float> Words<T> {
    #[inline(always)]
    pub(super) fn of(x: u64) -> Self {
        Words(T::Bits::of(x), T::Bits::of(x))
    }

    #[inline(always)]
    pub(super) fn float(self) -> Lanes<T> {
        Lanes(T::from_bits(self.0), T::from_bits(self.1))
    }

    /// See [`Float::exponents`].
    #[inline(always)]
    pub(super) fn exponents(self) -> Lanes<T> {
        Lanes(T::exponents(self.0), T::exponents(self.1))
    }

    /// See [`Float::long`].
    #[inline(always)]
    pub(super) fn long<L: Features>(self) -> Lanes<T> {
        Lanes(T::long::<L>(self.0), T::long::<L>(self.1))
    }

    /// The low bits of longer ones.
    #[inline(always)]
    pub(super) fn low(long: Words<f64>) -> Self {
        Words(T::Bits::of(long.0), T::Bits::of(long.1))
    }

    /// Where a bit is set.
    #[inline(always)]
    pub(super) fn has(self, bit: u64) -> Mask {
        let (bit, none) = (T::Bits::of(bit), T::Bits::of(0));
        Mask(self.0 & bit != none, self.1 & bit != none)
    }
}

impl Mask {
    /// `a` where it is so, `b` where it is not.
    #[inline(always)]
    pub(super) fn select<T: Float>(self, a: impl Into<Lanes<T>>, b: impl Into<Lanes<T>>) -> Lanes<T> {
        let (a, b) = (a.into(), b.into());
        Lanes(choose(self.0, a.0, b.0), choose(self.1, a.1, b.1))
    }

    /// The same of words.
    #[inline(always)]
    pub(super) fn select_words<T: Float>(self, a: Words<T>, b: Words<T>) -> Words<T> {
        Words(choose(self.0, a.0, b.0), choose(self.1, a.1, b.1))
    }

    #[inline(always)]
    pub(super) fn and(self, other: Self) -> Self {
        Mask(self.0 & other.0, self.1 & other.1)
    }

    #[inline(always)]
    pub(super) fn not(self) -> Self {
        Mask(!self.0, !self.1)
    }

    #[inline(always)]
    pub(super) fn or(self, other: Self) -> Self {
        Mask(self.0 | other.0, self.1 | other.1)
    }
}
