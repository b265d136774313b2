//! The loops of `power` of floats: a constant exponent that is a small matter (2, 1/2, 1, 0, -1) has loops of its own.

use super::functions;
use super::kernel::{self, Kernel};
use super::ops::Apply;
use crate::elementwise::Block;
use crate::math;

/// A float type with powers.
pub(super) trait Powers: math::Real + PartialEq {
    /// The loops of some exponents.
    const SMALL: [(Self, fn() -> Kernel); 5];
}

/// The power with the exponent at this place of [`Powers::SMALL`].
struct Small<const PLACE: usize>;

macro_rules! powers {
    ($($t:ident)*) => {$(
        impl Powers for $t {
            const SMALL: [(Self, fn() -> Kernel); 5] = [
                (0.0, kernel::typed::<Small<0>, $t>),
                (1.0, kernel::typed::<Small<1>, $t>),
                (2.0, kernel::typed::<Small<2>, $t>),
                (-1.0, kernel::typed::<Small<3>, $t>),
                (0.5, kernel::typed::<Small<4>, $t>),
            ];
        }
        impl Apply<$t> for Small<0> {
            type Out = $t;
            #[inline(always)]
            fn apply(_a: $t, _b: $t) -> $t {
                1.0
            }
        }
        impl Apply<$t> for Small<1> {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, _b: $t) -> $t {
                a
            }
        }
        impl Apply<$t> for Small<2> {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, _b: $t) -> $t {
                a * a
            }
        }
        impl Apply<$t> for Small<3> {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, _b: $t) -> $t {
                1.0 / a
            }
        }
        impl Apply<$t> for Small<4> {
            type Out = $t;
            /// Unlike the root, that of -0 is 0 and that of minus infinity infinite.
            #[inline(always)]
            fn apply(a: $t, _b: $t) -> $t {
                let root = a.sqrt() + 0.0;
                if a == $t::NEG_INFINITY { $t::INFINITY } else { root }
            }
        }
    )*};
}
powers!(f32 f64);

/// The loop of the power of a type.
pub(super) fn typed<T: Powers>() -> Kernel {
    Kernel { run: run::<T>, result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<T: Powers>(block: &Block<3>) {
    let mut kernel = functions::typed::<math::Power, T>();
    if block.single[1] && (block.rows == 1 || block.strides[1] == 0) {
        // SAFETY: the one exponent of the block, as the caller vouches.
        let exponent = unsafe { (block.data[1] as *const T).read_unaligned() };
        if let Some((_, small)) = T::SMALL.iter().find(|(small, _)| *small == exponent) {
            kernel = small();
        }
    }
    // SAFETY: as the caller vouches.
    unsafe { (kernel.run)(block) }
}
