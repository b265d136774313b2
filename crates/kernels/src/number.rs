//! The arithmetic of one element: what each dtype means by plus, minus, times, divided by, smaller, larger.
//!
//! Integers wrap. `f16` and `bf16` compute in `f32` and round once per operation. Complex division is Smith's, as in
//! NumPy, so that it does not overflow half way. Minimum and maximum give NaN when there is one; complex numbers are
//! ordered by their real parts, then by their imaginary parts.

use core::hint::select_unpredictable as choose;

use crate::element::{Bf16, Bool, Complex, Element, F16};

/// A type with sum and product.
pub(crate) trait Number: Element {
    /// What added to anything gives that thing: 0.
    const ZERO: Self;
    /// What multiplied with anything gives that thing: 1.
    const ONE: Self;
    fn add(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
}

/// A type with differences.
pub(crate) trait Signed: Number {
    fn sub(self, other: Self) -> Self;
}

/// A type with quotients.
pub(crate) trait Field: Signed {
    fn div(self, other: Self) -> Self;
}

/// A type with smallest and largest elements.
pub(crate) trait Ordered: Element {
    /// Nothing is larger.
    const LARGEST: Self;
    /// Nothing is smaller.
    const SMALLEST: Self;
    /// The smaller one, NaN when either is.
    fn min(self, other: Self) -> Self;
    /// The larger one, NaN when either is.
    fn max(self, other: Self) -> Self;
    /// [`min`](Self::min), of equal ones (-0.0 and 0.0) the first, and of NaN the first: so it does not matter in which
    /// groups, one after the other, elements are compared.
    #[inline(always)]
    fn min_first(self, next: Self) -> Self {
        self.min(next)
    }
    /// [`max`](Self::max), likewise.
    #[inline(always)]
    fn max_first(self, next: Self) -> Self {
        self.max(next)
    }
    /// An element that must be compared by [`min`](Self::min) and [`max`](Self::max), a NaN, where there is a faster way for
    /// others: [`least`](Self::least) and [`most`](Self::most).
    const UNORDERED: Option<Self> = None;
    /// Whether it is one of those.
    #[inline(always)]
    fn is_unordered(self) -> bool {
        false
    }
    /// The smaller one, where the next one is not unordered.
    #[inline(always)]
    fn least(self, next: Self) -> Self {
        self.min(next)
    }
    /// The larger one, where the next one is not unordered.
    #[inline(always)]
    fn most(self, next: Self) -> Self {
        self.max(next)
    }
}

macro_rules! integer {
    ($($t:ident)*) => {$(
        impl Number for $t {
            const ZERO: Self = 0;
            const ONE: Self = 1;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                self.wrapping_mul(other)
            }
        }
        impl Signed for $t {
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
        }
        impl Ordered for $t {
            const LARGEST: Self = $t::MAX;
            const SMALLEST: Self = $t::MIN;
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                if other < self { other } else { self }
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                if other > self { other } else { self }
            }
        }
    )*};
}
integer!(i8 i16 i32 i64 u8 u16 u32 u64);

macro_rules! float {
    ($($t:ident)*) => {$(
        impl Number for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                self * other
            }
        }
        impl Signed for $t {
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                self - other
            }
        }
        impl Field for $t {
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                self / other
            }
        }
        impl Ordered for $t {
            const LARGEST: Self = $t::INFINITY;
            const SMALLEST: Self = $t::NEG_INFINITY;
            const UNORDERED: Option<Self> = Some($t::NAN);
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                if self < other || self.is_nan() { self } else { other }
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                if self > other || self.is_nan() { self } else { other }
            }
            // Turned comparisons, which hold for a NaN: two instructions.
            #[inline(always)]
            fn min_first(self, next: Self) -> Self {
                let stays = self <= next;
                if !stays & !self.is_nan() { next } else { self }
            }
            #[inline(always)]
            fn max_first(self, next: Self) -> Self {
                let stays = self >= next;
                if !stays & !self.is_nan() { next } else { self }
            }
            #[inline(always)]
            fn is_unordered(self) -> bool {
                self.is_nan()
            }
            // One instruction each; a NaN stays.
            #[inline(always)]
            fn least(self, next: Self) -> Self {
                if next < self { next } else { self }
            }
            #[inline(always)]
            fn most(self, next: Self) -> Self {
                if next > self { next } else { self }
            }
        }
    )*};
}
float!(f32 f64);

macro_rules! float16 {
    ($($t:ident, $one:expr, $infinity:expr;)*) => {$(
        impl Number for $t {
            const ZERO: Self = $t(0);
            const ONE: Self = $t($one);
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                $t::round(self.to_f32() + other.to_f32())
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                $t::round(self.to_f32() * other.to_f32())
            }
        }
        impl Signed for $t {
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                $t::round(self.to_f32() - other.to_f32())
            }
        }
        impl Field for $t {
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                $t::round(self.to_f32() / other.to_f32())
            }
        }
        impl Ordered for $t {
            const LARGEST: Self = $t($infinity);
            const SMALLEST: Self = $t($infinity | 0x8000);
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                let (x, y) = (self.to_f32(), other.to_f32());
                if x <= y || x.is_nan() { self } else { other }
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                let (x, y) = (self.to_f32(), other.to_f32());
                if x >= y || x.is_nan() { self } else { other }
            }
        }
    )*};
}
float16! {
    F16, 0x3c00, 0x7c00;
    Bf16, 0x3f80, 0x7f80;
}

macro_rules! complex {
    ($($t:ident)*) => {$(
        impl Number for Complex<$t> {
            const ZERO: Self = Complex { re: 0.0, im: 0.0 };
            const ONE: Self = Complex { re: 1.0, im: 0.0 };
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Complex { re: self.re + other.re, im: self.im + other.im }
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Complex {
                    re: self.re * other.re - self.im * other.im,
                    im: self.re * other.im + self.im * other.re,
                }
            }
        }
        impl Signed for Complex<$t> {
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Complex { re: self.re - other.re, im: self.im - other.im }
            }
        }
        impl Field for Complex<$t> {
            // Selects instead of branches, so that it vectorises: the divisor is turned so that its larger part
            // comes first.
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                let (re_abs, im_abs) = (other.re.abs(), other.im.abs());
                let upright = re_abs >= im_abs;
                let (large, small) = if upright { (other.re, other.im) } else { (other.im, other.re) };
                let ratio = small / large;
                let re = if upright { self.re + self.im * ratio } else { self.re * ratio + self.im };
                let im = if upright { self.im - self.re * ratio } else { self.im * ratio - self.re };
                // Divided by 0, the parts are multiplied by what that is the reciprocal of: no division more.
                let zero = re_abs == 0.0 && im_abs == 0.0;
                let scale = 1.0 / (if zero { re_abs } else { large + small * ratio });
                Complex {
                    re: (if zero { self.re } else { re }) * scale,
                    im: (if zero { self.im } else { im }) * scale,
                }
            }
        }
        impl Complex<$t> {
            #[inline(always)]
            fn is_nan(self) -> bool {
                self.re.is_nan() | self.im.is_nan()
            }
            /// The other one if so. (A choice for each part, and no branch: so it vectorises.)
            #[inline(always)]
            fn unless(self, other: Self, so: bool) -> Self {
                Complex { re: choose(so, other.re, self.re), im: choose(so, other.im, self.im) }
            }
        }
        impl Ordered for Complex<$t> {
            const LARGEST: Self = Complex { re: $t::INFINITY, im: $t::INFINITY };
            const SMALLEST: Self = Complex { re: $t::NEG_INFINITY, im: $t::NEG_INFINITY };
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                let first = (self.re < other.re) | (self.re == other.re) & (self.im <= other.im);
                self.unless(other, !self.is_nan() & (!first | other.is_nan()))
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                let first = (self.re > other.re) | (self.re == other.re) & (self.im >= other.im);
                self.unless(other, !self.is_nan() & (!first | other.is_nan()))
            }
        }
    )*};
}
complex!(f32 f64);

impl Number for Bool {
    const ZERO: Self = Bool(0);
    const ONE: Self = Bool(1);
    /// Logical or.
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Bool::new(self.0 | other.0 != 0)
    }
    /// Logical and.
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Bool::new((self.0 != 0) & (other.0 != 0))
    }
}

impl Ordered for Bool {
    const LARGEST: Self = Bool(1);
    const SMALLEST: Self = Bool(0);
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.mul(other)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.add(other)
    }
}
