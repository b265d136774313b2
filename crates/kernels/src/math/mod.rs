//! Elementary functions, in plain Rust that the compiler turns into vectors.
//!
//! ```text
//!   exp          exp exp2 expm1           exp_table      exp exp2 cosh tanh of f64 by tables
//!   log          log log2 log10 log1p     log_table      the same by tables
//!   trig         sin cos tan              payne_hanek    angles of any size
//!   inverse      asin acos atan atan2     coefficients   the polynomials, written by tools/coefficients.py
//!   hyperbolic   sinh cosh tanh           float          f32 and f64 as digits, exponent and bits
//!   root         cbrt hypot               real           f16 bf16 f32 f64
//!   power        power                    lanes          two numbers at once
//!   quotient     floor_divide remainder   bits           rounding, scaling, splitting, polynomials, exact sums
//!   complex      of complex numbers
//! ```
//!
//! The functions have no branches and no fused multiply-add (but where the product is a float, or for its rounding error, which
//! have the same bits either way): so they vectorise at every level and give the same bits at each. Blocks have logarithms,
//! powers and (of `f64`) exponentials, `cosh` and `tanh` by tables of sixteen numbers, which AVX-512 holds in registers; nothing
//! else has tables.
//! `f64` and `f32` are computed as themselves, by the same text with polynomials of their own, and 16-bit floats in `f32`. In
//! `f64` the rounding errors that would show are carried along as second floats; in `f32` most are left, for twice the speed.
//! What needs more care than most arguments do (infinities, zeros, subnormals, huge angles) has a version of its own that is
//! used for a block of a few vectors as soon as one of them is there; each element gets the same bits from both.
//!
//! Largest errors in units of the last place: of `f64` as found with half a million random arguments against 64 digits,
//! of `f32` with one in a hundred of all arguments against `f64`; of logarithms, roots and powers with six million, of which
//! many lie where the errors are largest:
//!
//! ```text
//!            f64    f32               f64    f32               f64    f32
//!   exp      0.80   1.06     sin      0.87   1.82     sinh     1.02   1.64
//!   exp2     0.79   1.04     cos      0.84   1.82     cosh     0.58   1.77
//!   expm1    0.97   1.27     tan      1.34   2.41     tanh     1.93   1.79
//!   log      0.71   1.06     asin     1.98   1.97     cbrt     0.77   1.60
//!   log2     0.71   1.80     acos     1.12   1.32     hypot    1.00   1.17
//!   log10    0.74   2.16     atan     1.74   1.90     atan2    1.63   1.89
//!   log1p    0.72   1.52                              power    1.45   0.61
//! ```
//!
//! Time of NumPy 2 (which has vector code with fused multiply-add and tables for most of them) over that of these, for
//! arrays in L2 on Zen 4 with AVX-512, the best of several runs of each, not all of them of one build:
//!
//! ```text
//!            f64    f32               f64    f32               f64    f32
//!   exp       1.4    1.9     sin      10.7    1.4     sinh      1.0    1.1
//!   exp2      1.4    1.0     cos      10.5    1.4     cosh      1.0    1.0
//!   expm1     1.1    1.1     tan       0.8    0.9     tanh      1.0    1.0
//!   log       1.0    1.5     asin      1.2    1.3     cbrt      1.0    0.9
//!   log2      1.0    1.0     acos      1.3    1.3     hypot    13.0   22.0
//!   log10     1.0    0.8     atan      1.1    1.1     atan2     2.0    1.2
//!   log1p     0.9    1.3                              power     1.1    0.9
//! ```
//!
//! The methods are classical and named where they are used; see also J.-M. Muller, Elementary Functions, and W. J. Cody and
//! W. Waite, Software Manual for the Elementary Functions. Crates were looked at first: those that have vector versions need
//! a nightly compiler or fix the instruction set at compile time, the others are scalar.

mod bits;
#[allow(clippy::approx_constant, reason = "polynomials and tables have such numbers, too")]
mod coefficients;
pub(crate) mod complex;
mod exp;
mod exp_table;
mod float;
mod hyperbolic;
mod inverse;
mod lanes;
mod log;
mod log_table;
mod payne_hanek;
mod power;
mod quotient;
mod real;
mod root;
#[cfg(test)]
mod tests;
mod trig;

pub(crate) use exp::{Exp, Exp2, Expm1};

pub(crate) use float::{Float, Word};
pub(crate) use hyperbolic::{Cosh, Sinh, Tanh};
pub(crate) use inverse::{Acos, Asin, Atan, Atan2};
pub(crate) use lanes::Lanes;
pub(crate) use log::{Log, Log1p, Log2, Log10};
pub(crate) use power::Power;
pub(crate) use quotient::{FloorDivide, Remainder};
pub(crate) use real::Real;
pub(crate) use root::{Cbrt, Hypot};
pub(crate) use trig::{Cos, Sin, Tan};

use crate::arch::{Features, Plain};

/// A function of one real number.
///
/// Most arguments of most arrays are of the common kind, for which there is nothing to watch; a block with any other is
/// computed by the version that takes care of them all (`RARE`). Both give the same for a common argument.
pub(crate) trait Function {
    /// Arguments of a larger magnitude are for `far`.
    const REACH: f64 = f64::INFINITY;
    /// The common kind is between these two positive numbers, in [`key`](Self::key); without them every argument is.
    fn range<T: Float>() -> Option<[f64; 2]> {
        None
    }
    /// What decides of which kind an argument is.
    #[inline(always)]
    fn key<T: Float>(x: T) -> T {
        x.abs()
    }
    /// The function, without branches.
    fn near<T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T>;
    /// The function of a block of numbers: in `f64` some have a quicker way for blocks. Only called in a loop that is
    /// compiled for the level.
    #[inline(always)]
    fn block<L: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
        by_lanes::<Self, T, RARE, N>(x)
    }
    /// The function of what is out of reach.
    fn far(x: f64) -> f64 {
        x
    }
}

/// A function of a block of numbers, two at once.
#[inline(always)]
fn by_lanes<F: Function + ?Sized, T: Float, const RARE: bool, const N: usize>(x: [T; N]) -> [T; N] {
    lanes::map(
        x,
        #[inline(always)]
        |x| F::near::<T, RARE>(x),
    )
}

/// A function of two numbers by what computes blocks.
fn alone<F: Function, T: Float, const RARE: bool>(x: Lanes<T>) -> Lanes<T> {
    let [a, b] = F::block::<Plain, T, RARE, 2>([x.0, x.1]);
    Lanes(a, b)
}

/// Whether a key lies outside a range of positive numbers: 1 or 0. As integers, which are ordered as their floats: so one
/// comparison does, and NaN and negative numbers are outside.
#[inline(always)]
pub(crate) fn is_outside<T: Float>(key: T, range: [f64; 2]) -> T::Bits {
    let [low, high] = range.map(|x| T::of(x).bits());
    T::Bits::of((key.bits().minus(low) > high.minus(low)) as u64)
}

/// Whether no answer is 1.
#[inline(always)]
pub(crate) fn none<B: Word, const N: usize>(answers: [B; N]) -> bool {
    let mut any = B::of(0);
    for answer in answers {
        any = any | answer;
    }
    any == B::of(0)
}

/// A function of two real numbers, see [`Function`].
pub(crate) trait Function2 {
    /// Whether a pair of arguments is not of the common kind: 1 or 0.
    fn outside<T: Float>(x: T, y: T) -> T::Bits;
    /// The function, without branches.
    fn near<F: Features, T: Float, const RARE: bool>(x: Lanes<T>, y: Lanes<T>) -> Lanes<T>;
    /// The function of a block of pairs. Only called in a loop that is compiled for the level.
    #[inline(always)]
    fn block<F: Features, T: Float, const RARE: bool, const N: usize>(x: [T; N], y: [T; N]) -> [T; N] {
        lanes::zip(
            [x, y],
            #[inline(always)]
            |[x, y]| Self::near::<F, T, RARE>(x, y),
        )
    }
    /// Whether pairs that are not of the common kind are computed one by one, by [`alone`](Self::alone), and no version
    /// takes care of them.
    const ONE_BY_ONE: bool = false;
    /// The function of one pair of any kind.
    fn alone<T: Float>(x: T, _y: T) -> T {
        x
    }
}
