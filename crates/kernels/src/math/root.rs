//! `cbrt`, `hypot`.
//!
//! The cube root of `2^(3q + j) m` starts with a polynomial for that of `m`, times `2^(j/3)`, cut to 21 bits so that its
//! square is exact; one step of Halley's method then triples the digits. The hypotenuse is the root of the sum of squares, corrected by
//! what the square of the result lacks (C. F. Borges, An improved algorithm for hypot(a, b), 2019), with exact products.

use super::bits::{exponent, polynomial, power_of_two, two_product};
use super::coefficients::{CBRT, CBRT_SINGLE};
use super::lanes::Lanes;
use super::{Function, Function2, Precision};

/// The cube root.
pub(crate) struct Cbrt;
/// `sqrt(x^2 + y^2)`.
pub(crate) struct Hypot;

impl Function for Cbrt {
    #[inline(always)]
    fn common<P: Precision>(x: f64) -> bool {
        (x.abs() >= f64::MIN_POSITIVE) & (x.abs() < f64::INFINITY)
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> Lanes<N> {
        let mut a = x.abs();
        let mut unit = Lanes::of(1.0);
        if RARE {
            let tiny = a.less(f64::MIN_POSITIVE);
            a = tiny.select(a * 18014398509481984.0, a);
            unit = tiny.select(1.0 / 262144.0, unit);
        }
        // The exponent is 3 q + j, counted from that of the smallest number.
        let (field, m) = exponent(a);
        let (q, q_bits) = super::bits::nearest((field - 1.0) * (1.0 / 3.0));
        let j = field - 3.0 * q;
        let (one, two) = (j.equal(1.0), j.equal(2.0));
        let scaled = m * two.select(4.0, one.select(2.0, 1.0));
        let start = polynomial::<P, N, _, _>(m, CBRT, CBRT_SINGLE)
            * two.select(1.5874010519681996, one.select(1.2599210498948732, 1.0));
        let t = (start.bits() & !0xffff_ffff).float();
        let r = scaled / (t * t);
        let y = t + t * ((r - t) / (2.0 * t + r));
        // 1023 = 3 * 341.
        let y = (y * (power_of_two(q_bits - 341) * unit)).with_sign_of(x);
        if RARE { (x.abs().less(f64::INFINITY).and(Lanes::of(0.0).less(x.abs()))).select(y, x) } else { y }
    }
}

impl Function2 for Hypot {
    #[inline(always)]
    fn common<P: Precision>(x: f64, y: f64) -> bool {
        let sum = x.abs() + y.abs();
        if P::DOUBLE { (sum > 1e-140) & (sum < 1e150) } else { sum < f64::INFINITY }
    }
    #[inline(always)]
    fn near<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>, y: Lanes<N>) -> Lanes<N> {
        let (p, q) = (x.abs(), y.abs());
        if !P::DOUBLE {
            let h = (p * p + q * q).sqrt();
            return if RARE { infinite(p, q, h) } else { h };
        }
        let less = p.less(q);
        let (mut a, mut b) = (less.select(q, p), less.select(p, q));
        let mut unit = Lanes::of(1.0);
        if RARE {
            const UP: f64 = f64::from_bits((1023 + 600) << 52);
            let (large, small) = (Lanes::of(1e150).less(a), a.less(1e-140));
            let scale = large.select(1.0 / UP, small.select(UP, 1.0));
            unit = large.select(UP, small.select(1.0 / UP, 1.0));
            (a, b) = (a * scale, b * scale);
        }
        let (aa, aa_low) = two_product(a, a);
        let (bb, bb_low) = two_product(b, b);
        let h = (aa + bb).sqrt();
        let (hh, hh_low) = two_product(h, h);
        let lacks = ((aa - hh) + bb) + ((aa_low - hh_low) + bb_low);
        let h = h + lacks / (2.0 * h);
        if RARE {
            let h = (p + q).equal(0.0).select(0.0, h * unit);
            infinite(p, q, h)
        } else {
            h
        }
    }
}

/// An infinite side makes it infinite, even with NaN.
#[inline(always)]
fn infinite<const N: usize>(p: Lanes<N>, q: Lanes<N>, h: Lanes<N>) -> Lanes<N> {
    p.equal(f64::INFINITY).or(q.equal(f64::INFINITY)).select(f64::INFINITY, h)
}
