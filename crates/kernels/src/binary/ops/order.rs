//! The smaller and the larger of two.

use core::hint::select_unpredictable as choose;

use super::Apply;
use crate::element::{Bf16, Complex, F16};
use crate::number::Ordered;

/// The smaller one; NaN when there is one.
pub(in crate::binary) struct Minimum;
/// The larger one; NaN when there is one.
pub(in crate::binary) struct Maximum;
/// The smaller one that is not NaN.
pub(in crate::binary) struct Fmin;
/// The larger one that is not NaN.
pub(in crate::binary) struct Fmax;

impl<T: Ordered> Apply<T> for Minimum {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        a.min(b)
    }
}

impl<T: Ordered> Apply<T> for Maximum {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        a.max(b)
    }
}

/// A type that has NaN.
trait MaybeNan: Ordered {
    fn nan(self) -> bool;
}

macro_rules! maybe_nan {
    ($($t:ty, $x:ident => $nan:expr;)*) => {$(
        impl MaybeNan for $t {
            #[inline(always)]
            fn nan(self) -> bool {
                let $x = self;
                $nan
            }
        }
    )*};
}
maybe_nan! {
    f32, x => x.is_nan();
    f64, x => x.is_nan();
    F16, x => x.to_f32().is_nan();
    Bf16, x => x.to_f32().is_nan();
    Complex<f32>, x => x.re.is_nan() | x.im.is_nan();
    Complex<f64>, x => x.re.is_nan() | x.im.is_nan();
}

impl<T: MaybeNan> Apply<T> for Fmin {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        // Of two complex NaN the first, as in NumPy.
        choose(b.nan(), a, choose(a.nan(), b, a.min(b)))
    }
}

impl<T: MaybeNan> Apply<T> for Fmax {
    type Out = T;
    #[inline(always)]
    fn apply(a: T, b: T) -> T {
        // Of two complex NaN the first, as in NumPy.
        choose(b.nan(), a, choose(a.nan(), b, a.max(b)))
    }
}
