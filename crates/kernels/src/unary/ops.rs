//! What each operation does to one element.

use core::hint::select_unpredictable as choose;

use crate::element::{Bf16, Bool, Complex, Element, F16};
use crate::number::{Field, Number, Signed};

/// An operation on one element.
pub(super) trait Apply<T: Element>: Sized {
    /// What it gives.
    type Out: Element;
    /// Whether the compiler can make vector code of it; the loops are not unrolled where it can not.
    const VECTOR: bool = true;
    /// Whether there is a loop past the caches, see [`elementwise::Loops`](crate::elementwise::Loops).
    const PAST: bool = Self::VECTOR;
    fn apply(x: T) -> Self::Out;
}

/// `-x`; wraps.
pub(super) struct Negative;
/// `|x|`; the smallest integer is itself.
pub(super) struct Absolute;
/// `x * x`.
pub(super) struct Square;
/// -1, 0 or 1; NaN for NaN.
pub(super) struct Sign;
/// `1 / x`; of integers rounded towards 0, and 0 of 0.
pub(super) struct Reciprocal;
/// The complex conjugate.
pub(super) struct Conjugate;
/// Whether `x` is 0.
pub(super) struct Not;
/// All bits turned.
pub(super) struct Invert;
/// `x`.
pub(super) struct Same;
/// The same for every `x`, which is not looked at.
pub(super) struct Answer<const YES: bool>;

impl<T: Number> Apply<T> for Square {
    type Out = T;
    #[inline(always)]
    fn apply(x: T) -> T {
        x.mul(x)
    }
}

impl<T: Field> Apply<T> for Reciprocal {
    type Out = T;
    #[inline(always)]
    fn apply(x: T) -> T {
        T::ONE.div(x)
    }
}

impl Apply<Bool> for Not {
    type Out = Bool;
    #[inline(always)]
    fn apply(x: Bool) -> Bool {
        Bool::new(!x.get())
    }
}

impl<const YES: bool, T: Element> Apply<T> for Answer<YES> {
    type Out = Bool;
    // The input need not be read, and is not asked for.
    const PAST: bool = false;
    #[inline(always)]
    fn apply(_x: T) -> Bool {
        Bool::new(YES)
    }
}

macro_rules! same {
    ($($t:ident)*) => {$(
        impl Apply<$t> for Same {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                x
            }
        }
    )*};
}
same!(u8 u16 u32 u64);

impl Apply<Bool> for Same {
    type Out = Bool;
    #[inline(always)]
    fn apply(x: Bool) -> Bool {
        Bool::new(x.get())
    }
}

macro_rules! bits {
    ($($t:ident)*) => {$(
        impl Apply<$t> for Negative {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                <$t>::ZERO.sub(x)
            }
        }
        impl Apply<$t> for Invert {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                !x
            }
        }
        impl Apply<$t> for Not {
            type Out = Bool;
            #[inline(always)]
            fn apply(x: $t) -> Bool {
                Bool::new(x == 0)
            }
        }
    )*};
}
bits!(u8 u16 u32 u64);

macro_rules! signed {
    ($($t:ident)*) => {$(
        impl Apply<$t> for Absolute {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                x.wrapping_abs()
            }
        }
        impl Apply<$t> for Sign {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                (x > 0) as $t - (x < 0) as $t
            }
        }
        impl Apply<$t> for Reciprocal {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                (x == 1) as $t - (x == -1) as $t
            }
        }
        impl Apply<$t> for SignBit {
            type Out = Bool;
            #[inline(always)]
            fn apply(x: $t) -> Bool {
                Bool::new(x < 0)
            }
        }
    )*};
}
signed!(i8 i16 i32 i64);

macro_rules! unsigned {
    ($($t:ident)*) => {$(
        impl Apply<$t> for Sign {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                (x > 0) as $t
            }
        }
        impl Apply<$t> for Reciprocal {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                (x == 1) as $t
            }
        }
    )*};
}
unsigned!(u8 u16 u32 u64);

macro_rules! float {
    ($($t:ident)*) => {$(
        impl Apply<$t> for Negative {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                -x
            }
        }
        impl Apply<$t> for Absolute {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                x.abs()
            }
        }
        impl Apply<$t> for Sign {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                let sign = (x > 0.0) as u8 as $t - (x < 0.0) as u8 as $t;
                choose(x.is_nan(), x, sign)
            }
        }
        impl Apply<Complex<$t>> for Negative {
            type Out = Complex<$t>;
            #[inline(always)]
            fn apply(x: Complex<$t>) -> Complex<$t> {
                Complex { re: -x.re, im: -x.im }
            }
        }
    )*};
}
float!(f32 f64);

impl Apply<Complex<f64>> for Conjugate {
    type Out = Complex<f64>;
    #[inline(always)]
    fn apply(x: Complex<f64>) -> Complex<f64> {
        Complex { re: x.re, im: -x.im }
    }
}

/// As one number: of two parts the compiler turns the signs in vectors of each, that it takes apart and joins again.
impl Apply<u64> for Conjugate {
    type Out = u64;
    #[inline(always)]
    fn apply(x: u64) -> u64 {
        x ^ 1 << (if cfg!(target_endian = "little") { 63 } else { 31 })
    }
}

macro_rules! float16 {
    ($($t:ident)*) => {$(
        impl Apply<$t> for Negative {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                $t(x.0 ^ 0x8000)
            }
        }
        impl Apply<$t> for Absolute {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                $t(x.0 & 0x7fff)
            }
        }
        impl Apply<$t> for Sign {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                $t::round(<Sign as Apply<f32>>::apply(x.to_f32()))
            }
        }
    )*};
}
float16!(F16 Bf16);

/// Functions of the standard library on `f32` and `f64`; 16-bit floats go through `f32`.
macro_rules! functions {
    ($($(#[$doc:meta])* $op:ident $function:ident;)*) => {$(
        $(#[$doc])*
        pub(super) struct $op;
        functions!(@ $op $function f32 f64);
        functions!(# $op $function F16 Bf16);
    )*};
    (@ $op:ident $function:ident $($t:ident)*) => {$(
        impl Apply<$t> for $op {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                x.$function()
            }
        }
    )*};
    (# $op:ident $function:ident $($t:ident)*) => {$(
        impl Apply<$t> for $op {
            type Out = $t;
            #[inline(always)]
            fn apply(x: $t) -> $t {
                $t::round(x.to_f32().$function())
            }
        }
    )*};
}
functions! {
    /// The square root.
    Sqrt sqrt;
    /// The largest integer not above.
    Floor floor;
    /// The smallest integer not below.
    Ceil ceil;
    /// The integer part.
    Trunc trunc;
    /// The nearest integer, ties to even.
    Rint round_ties_even;
}

/// The parts on their own.
macro_rules! rint {
    ($($t:ident)*) => {$(
        impl Apply<Complex<$t>> for Rint {
            type Out = Complex<$t>;
            #[inline(always)]
            fn apply(x: Complex<$t>) -> Complex<$t> {
                Complex { re: x.re.round_ties_even(), im: x.im.round_ties_even() }
            }
        }
    )*};
}
rint!(f32 f64);

/// Questions to floats; a complex number is NaN or infinite when one of its parts is, and finite when both are.
macro_rules! questions {
    ($($(#[$doc:meta])* $op:ident $function:ident $join:tt;)*) => {$(
        $(#[$doc])*
        pub(super) struct $op;
        questions!(@ $op $function $join f32 f64);
        questions!(# $op $function F16 Bf16);
    )*};
    (@ $op:ident $function:ident $join:tt $($t:ident)*) => {$(
        impl Apply<$t> for $op {
            type Out = Bool;
            #[inline(always)]
            fn apply(x: $t) -> Bool {
                Bool::new(x.$function())
            }
        }
        impl Apply<Complex<$t>> for $op {
            type Out = Bool;
            #[inline(always)]
            fn apply(x: Complex<$t>) -> Bool {
                Bool::new(x.re.$function() $join x.im.$function())
            }
        }
    )*};
    (# $op:ident $function:ident $($t:ident)*) => {$(
        impl Apply<$t> for $op {
            type Out = Bool;
            #[inline(always)]
            fn apply(x: $t) -> Bool {
                Bool::new(x.to_f32().$function())
            }
        }
    )*};
}
questions! {
    /// Whether `x` is NaN.
    IsNan is_nan |;
    /// Whether `x` is infinite.
    IsInf is_infinite |;
    /// Whether `x` is neither NaN nor infinite.
    IsFinite is_finite &;
    /// Whether the sign bit is set.
    SignBit is_sign_negative |;
}
