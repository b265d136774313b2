//! A few numbers at once.
//!
//! A function is one long chain of operations, each of which waits for the one before; the CPU can fill the gaps only
//! with instructions that stand nearby. So the functions are written on `N` numbers, and every operation is `N`
//! independent ones in a row. The loop around them is over vectors: the compiler makes a vector of each number.

use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Shl, Shr, Sub};

/// `N` floats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes<const N: usize>(pub(crate) [f64; N]);

/// `N` words: the bits of floats, or integers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<const N: usize>(pub(super) [u64; N]);

/// `N` answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask<const N: usize>([bool; N]);

#[inline(always)]
fn each<T, const N: usize>(f: impl Fn(usize) -> T) -> [T; N] {
    core::array::from_fn(f)
}

macro_rules! operators {
    ($lanes:ident $element:ident: $($op:ident $method:ident $of:expr;)*) => {$(
        impl<const N: usize> $op for $lanes<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(each(#[inline(always)] |i| $of(self.0[i], other.0[i])))
            }
        }
        impl<const N: usize> $op<$element> for $lanes<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: $element) -> Self {
                Self(each(#[inline(always)] |i| $of(self.0[i], other)))
            }
        }
        impl<const N: usize> $op<$lanes<N>> for $element {
            type Output = $lanes<N>;
            #[inline(always)]
            fn $method(self, other: $lanes<N>) -> $lanes<N> {
                $lanes(each(#[inline(always)] |i| $of(self, other.0[i])))
            }
        }
    )*};
}
operators! {
    Lanes f64:
        Add add |a: f64, b: f64| a + b;
        Sub sub |a: f64, b: f64| a - b;
        Mul mul |a: f64, b: f64| a * b;
        Div div |a: f64, b: f64| a / b;
}
operators! {
    Words u64:
        Add add |a: u64, b: u64| a.wrapping_add(b);
        Sub sub |a: u64, b: u64| a.wrapping_sub(b);
        BitAnd bitand |a: u64, b: u64| a & b;
        BitOr bitor |a: u64, b: u64| a | b;
        BitXor bitxor |a: u64, b: u64| a ^ b;
}

impl<const N: usize> Shl<u32> for Words<N> {
    type Output = Self;
    #[inline(always)]
    fn shl(self, count: u32) -> Self {
        Words(each(
            #[inline(always)]
            |i| self.0[i] << count,
        ))
    }
}

impl<const N: usize> Shr<u32> for Words<N> {
    type Output = Self;
    #[inline(always)]
    fn shr(self, count: u32) -> Self {
        Words(each(
            #[inline(always)]
            |i| self.0[i] >> count,
        ))
    }
}

impl<const N: usize> Neg for Lanes<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Lanes(each(
            #[inline(always)]
            |i| -self.0[i],
        ))
    }
}

impl<const N: usize> From<f64> for Lanes<N> {
    #[inline(always)]
    fn from(x: f64) -> Self {
        Lanes([x; N])
    }
}

/// What may stand for `N` floats: they, or one for all.
pub(super) trait Operand<const N: usize>: Copy {
    fn lane(self, i: usize) -> f64;
}
impl<const N: usize> Operand<N> for Lanes<N> {
    #[inline(always)]
    fn lane(self, i: usize) -> f64 {
        self.0[i]
    }
}
impl<const N: usize> Operand<N> for f64 {
    #[inline(always)]
    fn lane(self, _i: usize) -> f64 {
        self
    }
}

impl<const N: usize> Lanes<N> {
    #[inline(always)]
    pub(super) fn of(x: f64) -> Self {
        Lanes([x; N])
    }

    #[inline(always)]
    pub(super) fn bits(self) -> Words<N> {
        Words(each(
            #[inline(always)]
            |i| self.0[i].to_bits(),
        ))
    }

    #[inline(always)]
    pub(super) fn abs(self) -> Self {
        Lanes(each(
            #[inline(always)]
            |i| self.0[i].abs(),
        ))
    }

    #[inline(always)]
    pub(super) fn sqrt(self) -> Self {
        Lanes(each(
            #[inline(always)]
            |i| self.0[i].sqrt(),
        ))
    }

    #[inline(always)]
    pub(super) fn with_sign_of(self, other: Self) -> Self {
        Lanes(each(
            #[inline(always)]
            |i| self.0[i].copysign(other.0[i]),
        ))
    }

    /// `low` or `high` where `self` lies below or above; NaN stays NaN.
    #[inline(always)]
    pub(super) fn clamp(self, low: f64, high: f64) -> Self {
        let most = Lanes(each::<f64, N>(
            #[inline(always)]
            |i| if self.0[i] > high { high } else { self.0[i] },
        ));
        Lanes(each(
            #[inline(always)]
            |i| if most.0[i] < low { low } else { most.0[i] },
        ))
    }

    #[inline(always)]
    pub(super) fn less(self, other: impl Operand<N>) -> Mask<N> {
        Mask(each(
            #[inline(always)]
            |i| self.0[i] < other.lane(i),
        ))
    }

    #[inline(always)]
    pub(super) fn less_equal(self, other: impl Operand<N>) -> Mask<N> {
        Mask(each(
            #[inline(always)]
            |i| self.0[i] <= other.lane(i),
        ))
    }

    #[inline(always)]
    pub(super) fn equal(self, other: impl Operand<N>) -> Mask<N> {
        Mask(each(
            #[inline(always)]
            |i| self.0[i] == other.lane(i),
        ))
    }
}

impl<const N: usize> Words<N> {
    #[inline(always)]
    pub(super) fn float(self) -> Lanes<N> {
        Lanes(each(
            #[inline(always)]
            |i| f64::from_bits(self.0[i]),
        ))
    }

    /// Where a bit is set.
    #[inline(always)]
    pub(super) fn has(self, bit: u64) -> Mask<N> {
        Mask(each(
            #[inline(always)]
            |i| self.0[i] & bit != 0,
        ))
    }
}

impl<const N: usize> Mask<N> {
    /// `a` where it is so, `b` where it is not.
    #[inline(always)]
    pub(super) fn select<A: Operand<N>, B: Operand<N>>(self, a: A, b: B) -> Lanes<N> {
        Lanes(each(
            #[inline(always)]
            |i| if self.0[i] { a.lane(i) } else { b.lane(i) },
        ))
    }

    /// The same for each coefficient of a polynomial.
    #[inline(always)]
    pub(super) fn select_all<const C: usize>(self, a: [f64; C], b: [f64; C]) -> [Lanes<N>; C] {
        each(
            #[inline(always)]
            |i| self.select(a[i], b[i]),
        )
    }

    #[inline(always)]
    pub(super) fn and(self, other: Self) -> Self {
        Mask(each(
            #[inline(always)]
            |i| self.0[i] & other.0[i],
        ))
    }

    #[inline(always)]
    pub(super) fn or(self, other: Self) -> Self {
        Mask(each(
            #[inline(always)]
            |i| self.0[i] | other.0[i],
        ))
    }
}
