//! The Rust type of each dtype, and the one place that goes from a dtype known at run time to a type.
//!
//! ```text
//!   Bool (u8)   i8..i64   u8..u64   F16 (u16)   Bf16 (u16)   f32   f64   Complex<f32>   Complex<f64>
//! ```
//!
//! Each type can be widened without loss to one of four carriers (`i64`, `u64`, `f32`, `f64`) and made from each carrier
//! with one rounding. A conversion between any two dtypes is a widening and a narrowing, so fifteen types need fifteen
//! impls and not 225; the compiler folds the two steps into one instruction where there is one.
//!
//! The rules of the narrowing are those of the library: float to integer saturates and NaN is 0, integer to integer
//! wraps, integer to float rounds to nearest, anything that is not 0 is true, the imaginary part is dropped.

use libstrided_layout::DType;

mod float16;
pub(crate) use float16::round_to_odd;
pub use float16::{Bf16, F16};

/// A type that elements of a dtype are read as.
pub trait Element: Copy + Send + Sync + 'static {
    /// The dtype.
    const DTYPE: DType;
    /// The carrier that holds every value of this type.
    type Wide: Wide;
    /// The value, or its real part, as the carrier.
    fn widen(self) -> Self::Wide;
    /// The imaginary part as the carrier; 0 for a real type.
    fn widen_imag(self) -> Self::Wide;
    /// Makes a value from a real and an imaginary part; a real type drops the imaginary one, except that a value is
    /// true when either part is not 0.
    fn narrow<W: Wide>(re: W, im: W) -> Self;
    /// Wraps.
    fn from_i64(x: i64) -> Self;
    /// Wraps.
    fn from_u64(x: u64) -> Self;
    /// Saturates; NaN is 0.
    fn from_f32(x: f32) -> Self;
    /// Saturates; NaN is 0.
    fn from_f64(x: f64) -> Self;
    /// The same value in another type.
    #[inline(always)]
    fn cast<T: Element>(self) -> T {
        T::narrow(self.widen(), self.widen_imag())
    }
}

/// A carrier of a conversion.
pub trait Wide: Copy + PartialEq {
    /// Zero.
    const ZERO: Self;
    /// Narrows to an element type.
    fn to<T: Element>(self) -> T;
}

macro_rules! wide {
    ($($t:ty, $zero:expr, $from:ident;)*) => {$(
        impl Wide for $t {
            const ZERO: Self = $zero;
            #[inline(always)]
            fn to<T: Element>(self) -> T {
                T::$from(self)
            }
        }
    )*};
}
wide! {
    i64, 0, from_i64;
    u64, 0, from_u64;
    f32, 0.0, from_f32;
    f64, 0.0, from_f64;
}

/// The parts of [`Element`] that all real types share.
macro_rules! real {
    ($dtype:ident, $wide:ty) => {
        const DTYPE: DType = DType::$dtype;
        type Wide = $wide;
        #[inline(always)]
        fn widen_imag(self) -> $wide {
            <$wide as Wide>::ZERO
        }
    };
    (narrow) => {
        #[inline(always)]
        fn narrow<W: Wide>(re: W, _im: W) -> Self {
            re.to()
        }
    };
}
pub(crate) use real;

/// Float to integer: saturates, NaN is 0. `as` means the same but is not vectorised, so the range is cut by selects.
/// Goes through the integer type `$step`, which vectorises better than the narrow types.
macro_rules! saturate {
    ($x:expr, $float:ident, $int:ident, $step:ident) => {{
        const LOW: $float = $int::MIN as $float;
        const HIGH: $float = $int::MAX as $float;
        const EXACT: bool = HIGH as i128 == $int::MAX as i128;
        // The largest float that is not above the largest integer.
        const TOP: $float = if EXACT { HIGH } else { $float::from_bits(HIGH.to_bits() - 1) };
        let x: $float = $x;
        let x = if x.is_nan() { 0.0 } else { x };
        let y = if x > LOW { x } else { LOW };
        let y = if y < TOP { y } else { TOP };
        // SAFETY: `y` lies in `LOW..=TOP`, which are values of the integer type.
        let r = unsafe { y.to_int_unchecked::<$step>() } as $int;
        if !EXACT && x >= HIGH { $int::MAX } else { r }
    }};
}

macro_rules! integer {
    ($($t:ident, $dtype:ident, $wide:ident, $step32:ident, $step64:ident;)*) => {$(
        impl Element for $t {
            real!($dtype, $wide);
            real!(narrow);
            #[inline(always)]
            fn widen(self) -> $wide {
                self as $wide
            }
            #[inline(always)]
            fn from_i64(x: i64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn from_u64(x: u64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn from_f32(x: f32) -> Self {
                saturate!(x, f32, $t, $step32)
            }
            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                saturate!(x, f64, $t, $step64)
            }
        }
    )*};
}
integer! {
    i8, I8, i64, i32, i32;
    i16, I16, i64, i32, i32;
    i32, I32, i64, i32, i32;
    i64, I64, i64, i64, i64;
    u8, U8, u64, i32, i32;
    u16, U16, u64, i32, i32;
    u32, U32, u64, u32, u32;
    u64, U64, u64, u64, u64;
}

impl Element for f32 {
    real!(F32, f32);
    real!(narrow);
    #[inline(always)]
    fn widen(self) -> f32 {
        self
    }
    #[inline(always)]
    fn from_i64(x: i64) -> Self {
        x as f32
    }
    #[inline(always)]
    fn from_u64(x: u64) -> Self {
        x as f32
    }
    #[inline(always)]
    fn from_f32(x: f32) -> Self {
        x
    }
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        x as f32
    }
}

impl Element for f64 {
    real!(F64, f64);
    real!(narrow);
    #[inline(always)]
    fn widen(self) -> f64 {
        self
    }
    #[inline(always)]
    fn from_i64(x: i64) -> Self {
        x as f64
    }
    #[inline(always)]
    fn from_u64(x: u64) -> Self {
        x as f64
    }
    #[inline(always)]
    fn from_f32(x: f32) -> Self {
        x as f64
    }
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        x
    }
}

/// One byte: 0 is false, any other value counts as true when read; only 0 and 1 are written.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Bool(pub u8);

impl Bool {
    /// Makes 0 or 1.
    #[inline(always)]
    pub fn new(x: bool) -> Bool {
        Bool(x as u8)
    }

    /// Whether the byte is not 0.
    #[inline(always)]
    pub fn get(self) -> bool {
        self.0 != 0
    }
}

impl Element for Bool {
    real!(Bool, u64);
    #[inline(always)]
    fn widen(self) -> u64 {
        self.get() as u64
    }
    #[inline(always)]
    fn narrow<W: Wide>(re: W, im: W) -> Self {
        Bool::new((re != W::ZERO) | (im != W::ZERO))
    }
    #[inline(always)]
    fn from_i64(x: i64) -> Self {
        Bool::new(x != 0)
    }
    #[inline(always)]
    fn from_u64(x: u64) -> Self {
        Bool::new(x != 0)
    }
    #[inline(always)]
    fn from_f32(x: f32) -> Self {
        Bool::new(x != 0.0)
    }
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        Bool::new(x != 0.0)
    }
}

/// A complex number: real part, imaginary part, as in C, C++ and Fortran.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Complex<T> {
    /// The real part.
    pub re: T,
    /// The imaginary part.
    pub im: T,
}

macro_rules! complex {
    ($($t:ident, $dtype:ident;)*) => {$(
        impl Element for Complex<$t> {
            const DTYPE: DType = DType::$dtype;
            type Wide = $t;
            #[inline(always)]
            fn widen(self) -> $t {
                self.re
            }
            #[inline(always)]
            fn widen_imag(self) -> $t {
                self.im
            }
            #[inline(always)]
            fn narrow<W: Wide>(re: W, im: W) -> Self {
                Complex { re: re.to(), im: im.to() }
            }
            #[inline(always)]
            fn from_i64(x: i64) -> Self {
                Complex { re: x as $t, im: 0.0 }
            }
            #[inline(always)]
            fn from_u64(x: u64) -> Self {
                Complex { re: x as $t, im: 0.0 }
            }
            #[inline(always)]
            fn from_f32(x: f32) -> Self {
                Complex { re: x as $t, im: 0.0 }
            }
            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                Complex { re: x as $t, im: 0.0 }
            }
        }
    )*};
}
complex! {
    f32, C64;
    f64, C128;
}

/// Runs an expression with a type name bound to the type of a dtype, or `$none` for a dtype that is not in the list.
///
/// ```text
/// with_type!(dtype, all, T => kernel::<T>(), None)
/// ```
///
/// The lists: `all`, `integer`, `boolean`, `float`, `complex`, `inexact` (the last two).
macro_rules! with_type {
    (@ $dtype:expr, $t:ident => $e:expr, $none:expr, $($name:ident $ty:ty),*) => {
        match $dtype {
            $(libstrided_layout::DType::$name => {
                type $t = $ty;
                $e
            })*
            #[allow(unreachable_patterns, reason = "one list names every dtype but opaque")]
            _ => $none,
        }
    };
    ($dtype:expr, all, $t:ident => $e:expr, $none:expr) => {
        with_type!(@ $dtype, $t => $e, $none, Bool $crate::element::Bool, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16,
            U32 u32, U64 u64, F16 $crate::element::F16, Bf16 $crate::element::Bf16, F32 f32, F64 f64,
            C64 $crate::element::Complex<f32>, C128 $crate::element::Complex<f64>)
    };
    ($dtype:expr, integer, $t:ident => $e:expr, $none:expr) => {
        with_type!(@ $dtype, $t => $e, $none, I8 i8, I16 i16, I32 i32, I64 i64, U8 u8, U16 u16, U32 u32, U64 u64)
    };
    ($dtype:expr, boolean, $t:ident => $e:expr, $none:expr) => {
        with_type!(@ $dtype, $t => $e, $none, Bool $crate::element::Bool)
    };
    ($dtype:expr, float, $t:ident => $e:expr, $none:expr) => {
        with_type!(@ $dtype, $t => $e, $none, F16 $crate::element::F16, Bf16 $crate::element::Bf16, F32 f32, F64 f64)
    };
    ($dtype:expr, inexact, $t:ident => $e:expr, $none:expr) => {
        with_type!(@ $dtype, $t => $e, $none, F16 $crate::element::F16, Bf16 $crate::element::Bf16, F32 f32, F64 f64,
            C64 $crate::element::Complex<f32>, C128 $crate::element::Complex<f64>)
    };
    ($dtype:expr, complex, $t:ident => $e:expr, $none:expr) => {
        with_type!(@ $dtype, $t => $e, $none, C64 $crate::element::Complex<f32>, C128 $crate::element::Complex<f64>)
    };
}
pub(crate) use with_type;
