//! The loops of `power` of floats: a constant exponent that is a small matter (2, 1/2, 1, 0, -1) has loops of its own.
//!
//! Other powers are a logarithm and an exponential, one after the other. That is a chain of a hundred operations, and the CPU
//! has no room for enough of such chains at a time to be busy throughout: so a few hundred pairs are computed at a time, all
//! the logarithms first. Measured on Zen 4 with AVX-512: 0.6 of the time of both in one loop.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::functions::{self, load, load_one, vectors};
use super::kernel::{self, Kernel};
use super::ops::Apply;
use crate::arch::{Body, Features, apart, specialize, step};
use crate::array;
use crate::cache::LINE;
use crate::elementwise::{Asks, Block, Past, Row, stream};
use crate::math::{self, Real, none};

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
    Kernel { run: run::<T>, past: Some(past::<T>), result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<T: Powers>(block: &Block<3>) {
    // SAFETY: as the caller vouches.
    unsafe { (kernel_of::<T>(block).run)(block) }
}

/// See [`Kernel::past`].
unsafe fn past<T: Powers>(past: &Past<'_, 3>) {
    // SAFETY: as the caller vouches.
    unsafe { kernel_of::<T>(past.block).past.unwrap_or(past_general::<T>)(past) }
}

/// The loop of the powers of a block.
///
/// # Safety
/// The block can be read.
unsafe fn kernel_of<T: Powers>(block: &Block<3>) -> Kernel {
    if block.single[1] && (block.rows == 1 || block.strides[1] == 0) {
        // SAFETY: the one exponent of the block, as the caller vouches.
        let exponent = unsafe { (block.data[1] as *const T).read_unaligned() };
        if let Some((_, small)) = T::SMALL.iter().find(|(small, _)| *small == exponent) {
            return small();
        }
    }
    general::<T>()
}

/// The loop of any powers of a type.
pub(super) fn general<T: Real>() -> Kernel {
    Kernel { run: run_general::<T>, past: Some(past_general::<T>), result: T::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run_general<T: Real>(block: &Block<3>) {
    specialize(Rows::<T> { block, past: None, of: PhantomData });
}

/// See [`Kernel::past`].
unsafe fn past_general<T: Real>(past: &Past<'_, 3>) {
    past.wide.specialize(Rows::<T> { block: past.block, past: Some(past), of: PhantomData });
}

/// A block on its way to the loops of a level.
struct Rows<'a, 'b, T> {
    block: &'a Block<3>,
    /// The same, if whole lines are written past the caches.
    past: Option<&'a Past<'b, 3>>,
    of: PhantomData<T>,
}

/// Steps at a time.
const STEPS: usize = 16;

impl<T: Real> Body for Rows<'_, '_, T> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let Rows { block, past, .. } = self;
        for i in 0..block.rows {
            let Row { data: [a, b, out], n } = Row::of(block, past, i, [size_of::<T>(); 3]);
            let asks = past.map(
                #[inline(always)]
                |past| past.asks(i),
            );
            // SAFETY: rows of the block, as the caller vouches.
            unsafe {
                let (inputs, out) = ([a as *const T, b as *const T], out as *mut T);
                match const { size_of::<T::Float>() } {
                    4 => row::<F, T, 32>(inputs, block.single, out, n, asks),
                    _ => row::<F, T, 16>(inputs, block.single, out, n, asks),
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn row<F: Features, T: Real, const WIDTH: usize>(
    inputs: [*const T; 2],
    single: [bool; 3],
    out: *mut T,
    n: usize,
    mut asks: Option<Asks<3>>,
) {
    let past = asks.is_some();
    let mut exponents: MaybeUninit<[[[T::Float; WIDTH]; 2]; STEPS]> = MaybeUninit::uninit();
    let exponents = exponents.as_mut_ptr() as *mut [[T::Float; WIDTH]; 2];
    let mut i = 0;
    if past {
        // What comes before the first line.
        i = (out.addr().wrapping_neg() % LINE / size_of::<T>()).min(n);
        // SAFETY: as the caller vouches.
        unsafe { functions::end::<F, math::Power, T, WIDTH>(inputs, single, out, 0, i) };
    }
    while n - i >= WIDTH {
        let steps = ((n - i) / WIDTH).min(STEPS);
        // Steps with pairs that are not of the common kind.
        let mut rare = 0u32;
        for k in 0..steps {
            step();
            // SAFETY: elements of the row, and a part of the array.
            unsafe {
                let a: [T; WIDTH] = load_one(inputs[0], single[0], i + k * WIDTH);
                let answers = array::map(T::to_floats::<F, WIDTH>(a), math::Power::rare_base);
                if none(answers) {
                    // Once more: the question takes the vectors apart in another way than the numbers are computed in.
                    apart();
                    let [a, b] = load::<T, WIDTH>(inputs, single, i + k * WIDTH);
                    let (a, b) = (T::to_floats::<F, WIDTH>(a), T::to_floats::<F, WIDTH>(b));
                    *exponents.add(k) = math::Power::exponents::<F, T::Float, WIDTH>(a, b);
                } else {
                    rare |= 1 << k;
                }
            }
        }
        for k in 0..steps {
            step();
            // SAFETY: as above; the part was written if the pairs are of the common kind.
            unsafe {
                let highs = (*exponents.add(k))[0];
                let common = rare >> k & 1 == 0
                    && none(array::each::<_, WIDTH>(
                        #[inline(always)]
                        |k| math::Power::rare_exponent(highs[k]),
                    ));
                let y = if common {
                    apart();
                    T::from_floats::<F, WIDTH>(math::Power::powers::<F, T::Float, WIDTH>(*exponents.add(k)))
                } else {
                    let [a, b] = load::<T, WIDTH>(inputs, single, i + k * WIDTH);
                    vectors::<F, math::Power, T, true, WIDTH>(a, b)
                };
                let at = i + k * WIDTH;
                if let Some(asks) = &mut asks {
                    asks.next::<T, WIDTH>();
                    stream::<F, T, WIDTH>(&y, out.add(at));
                } else {
                    (out.add(at) as *mut [T; WIDTH]).write_unaligned(y);
                }
            }
        }
        i += steps * WIDTH;
    }
    // SAFETY: as the caller vouches.
    unsafe { functions::end::<F, math::Power, T, WIDTH>(inputs, single, out, i, n) };
}
