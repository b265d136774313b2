//! Elementary functions, in plain Rust that the compiler turns into vectors.
//!
//! ```text
//!   exp          exp exp2 expm1          lanes          a few numbers at once
//!   log          log log2 log10 log1p    bits           rounding, scaling, splitting, polynomials, exact sums
//!   trig         sin cos tan             payne_hanek    angles of any size
//!   inverse      asin acos atan atan2    coefficients   the polynomials, written by tools/coefficients.py
//!   hyperbolic   sinh cosh tanh          real           f16 bf16 f32 f64
//!   root         cbrt hypot
//! ```
//!
//! The functions have no branches, no tables and no fused multiply-add: so they vectorise at every level and give the
//! same bits at each. Everything is computed in `f64`. For `f32` and the 16-bit floats that is enough by itself; for `f64`
//! the rounding errors that would show are carried along as second floats. What needs more care than most arguments do
//! (infinities, zeros, subnormals, huge angles) has a version of its own that is used for a block of a few vectors as soon as one of
//! them is there; each element gets the same bits from both.
//!
//! Largest errors in units of the last place, found with some million random arguments against 113-bit arithmetic
//! and, for `f32`, with one in a few thousand of all arguments against `f64`:
//!
//! ```text
//!            f64    f32               f64    f32               f64    f32
//!   exp      1.00   0.51     sin      0.85   0.51     sinh     1.58   0.51
//!   exp2     0.99   0.51     cos      0.92   0.51     cosh     1.26   0.51
//!   expm1    1.03   0.51     tan      1.00   0.51     tanh     1.19   0.51
//!   log      0.81   0.53     asin     1.96   0.52     cbrt     0.67   0.51
//!   log2     0.78   0.54     acos     1.10   0.52     hypot    1.00   0.51
//!   log10    0.69   0.53     atan     1.71   0.53     atan2    1.63   0.53
//!   log1p    0.83   0.53
//! ```
//!
//! The methods are classical and named where they are used; see also J.-M. Muller, Elementary Functions, and W. J. Cody and
//! W. Waite, Software Manual for the Elementary Functions. Crates were looked at first: those that have vector versions need
//! a nightly compiler or fix the instruction set at compile time, the others are scalar.

mod bits;
mod coefficients;
mod exp;
mod hyperbolic;
mod inverse;
mod lanes;
mod log;
mod payne_hanek;
mod real;
mod root;
#[cfg(test)]
mod tests;
mod trig;

pub(crate) use exp::{Exp, Exp2, Expm1};
pub(crate) use hyperbolic::{Cosh, Sinh, Tanh};
pub(crate) use inverse::{Acos, Asin, Atan, Atan2};
pub(crate) use lanes::Lanes;
pub(crate) use log::{Log, Log1p, Log2, Log10};
pub(crate) use real::Real;
pub(crate) use root::{Cbrt, Hypot};
pub(crate) use trig::{Cos, Sin, Tan};

/// How exact a function is made. Everything is computed in `f64`; a result that is going to be rounded to `f32` needs
/// shorter polynomials and no corrections.
pub(crate) trait Precision {
    /// Whether the result is wanted as `f64`.
    const DOUBLE: bool;
}

/// Exact enough for `f64`.
pub(crate) struct Double;
impl Precision for Double {
    const DOUBLE: bool = true;
}

/// Exact enough for `f32`.
pub(crate) struct Single;
impl Precision for Single {
    const DOUBLE: bool = false;
}

/// A function of one real number.
///
/// Most arguments of most arrays are of the common kind, for which there is nothing to watch; a block with any other is
/// computed by the version that takes care of them all (`RARE`). Both give the same for a common argument.
pub(crate) trait Function {
    /// Arguments of a larger magnitude are for `far`.
    const REACH: f64 = f64::INFINITY;
    /// Whether an argument is of the common kind.
    fn common<P: Precision>(_x: f64) -> bool {
        true
    }
    /// The function, without branches.
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N>;
    /// The function of what is out of reach.
    fn far(x: f64) -> f64 {
        x
    }
}

/// A function of two real numbers, see [`Function`].
pub(crate) trait Function2 {
    /// Whether a pair of arguments is of the common kind.
    fn common<P: Precision>(x: f64, y: f64) -> bool;
    /// The function, without branches.
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>, y: Lanes<N>) -> Lanes<N>;
}
