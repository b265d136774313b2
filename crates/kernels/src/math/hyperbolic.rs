//! `sinh`, `cosh`, `tanh`.
//!
//! From half of `e^x` and its inverse; below 1, where these cancel, `sinh(x) = x + x z H(z)` with `z = x^2`, and
//! `tanh(x) = m / (m + 2)` with `m = expm1(2 x)`.

use super::bits::{polynomial, two_sum};
use super::coefficients::{SINH, SINH_SINGLE};
use super::exp::{expm1, half_exp};
use super::lanes::Lanes;
use super::{Function, Precision};

/// The hyperbolic sine.
pub(crate) struct Sinh;
/// The hyperbolic cosine.
pub(crate) struct Cosh;
/// The hyperbolic tangent.
pub(crate) struct Tanh;

impl Function for Sinh {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        x.abs() <= 707.0
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let a = x.abs();
        let z = a * a;
        let small = a + a * z * polynomial::<P, N, _, _>(z, SINH, SINH_SINGLE);
        let half = half_exp::<P, RARE, N>(a);
        a.less(1.0).select(small, half - 0.25 / half).with_sign_of(x)
    }
}

impl Function for Cosh {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        x.abs() <= 707.0
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let half = half_exp::<P, RARE, N>(x.abs());
        half + 0.25 / half
    }
}

impl Function for Tanh {
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let (m, m_low) = expm1::<P, N>((2.0 * x.abs()).clamp(0.0, 60.0));
        if !P::DOUBLE {
            let m = m + m_low;
            return (m / (m + 2.0)).with_sign_of(x);
        }
        let (d, d_low) = two_sum(m, Lanes::of(2.0));
        let q = m / d;
        (q + (m_low - q * (d_low + m_low)) / d).with_sign_of(x)
    }
}
