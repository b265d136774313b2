//! `a` to the power of `b`, as `exp(b log(a))`; whole real exponents of a magnitude below 100 by products, as in NumPy.
//!
//! The power 0 of anything is 1; of 0, powers with a positive real part are 0 and others NaN. The product of infinite numbers is
//! infinite, as in C: so the power `-inf + nan i` of 3 is 0, as it is in NumPy.

use core::f64::consts::LN_2;
use core::ops::{Add, Mul, Sub};

use super::exponential::Exp;
use super::logarithm::Log;
use super::{Function, Function2, Pair, is_extreme, within};
use crate::arch::{Features, Plain};
use crate::array;
use crate::element::Complex;
use crate::math::Lanes;
use crate::math::float::Float;
use crate::number::{Field, Number};

/// `a` to the power of `b`.
pub(crate) struct Power;

/// The exponent, if it is one that products are used for.
#[inline(always)]
pub(crate) fn whole(re: f64, im: f64) -> Option<i32> {
    let near = re as i32;
    (im == 0.0 && re.abs() < 100.0 && near as f64 == re).then_some(near)
}

/// `a` to a whole power that is not 0.
#[inline(always)]
fn whole_power<T: Field>(a: T, exponent: i32) -> T {
    let (mut power, mut factor) = (None, a);
    let mut rest = exponent.unsigned_abs();
    loop {
        if rest & 1 == 1 {
            power = Some(power.map_or(factor, |power: T| power.mul(factor)));
        }
        rest >>= 1;
        if rest == 0 {
            break;
        }
        factor = factor.mul(factor);
    }
    let power = power.unwrap_or(T::ONE);
    if exponent < 0 { T::ONE.div(power) } else { power }
}

/// The product of two numbers.
#[inline(always)]
fn product<T>(a: [T; 2], b: [T; 2]) -> [T; 2]
where
    T: Copy + Add<Output = T> + Sub<Output = T> + Mul<Output = T>,
{
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}

/// The product of any two numbers: also where the parts come out as NaN, it is infinite if one of them is, as annex G of C (G.5.1)
/// has it.
fn any_product([x, y]: [f64; 2], [u, v]: [f64; 2]) -> [f64; 2] {
    let plain = product([x, y], [u, v]);
    if !(plain[0].is_nan() && plain[1].is_nan()) {
        return plain;
    }
    let is_infinite = |[re, im]: [f64; 2]| re.is_infinite() || im.is_infinite();
    // Of an infinite number its direction, of the other one what is no NaN.
    let unit = |part: f64| f64::from(part.is_infinite()).copysign(part);
    let clear = |part: f64| if part.is_nan() { 0f64.copysign(part) } else { part };
    let (mut a, mut b) = ([x, y], [u, v]);
    let infinite = is_infinite(a) || is_infinite(b);
    if is_infinite(a) {
        (a, b) = (array::map(a, unit), array::map(b, clear));
    }
    if is_infinite(b) {
        (a, b) = (array::map(a, clear), array::map(b, unit));
    }
    if infinite { product(a, b).map(|part| f64::INFINITY * part) } else { plain }
}

impl Function2 for Power {
    #[inline(always)]
    fn outside([x, y]: [f64; 2], [p, q]: [f64; 2]) -> bool {
        const ROUND: f64 = 1.5 * (1u64 << 52) as f64;
        let size = x.abs() + y.abs();
        // Not less than the logarithm of the magnitude.
        let distance = size.to_bits().wrapping_sub(1f64.to_bits());
        let log = (f64::exponents(distance).abs() + 1.0) * LN_2;
        let most = p.abs() * log + q.abs() * 3.2;
        let whole = (q == 0.0) & ((p + ROUND) - ROUND == p) & (p.abs() < 100.0);
        is_extreme(size) | (size == 0.0) | !within(most, 0.0, 700.0) | whole
    }
    #[inline(always)]
    fn near<F: Features>(a: Pair, b: Pair) -> Pair {
        let log = Log::near::<F>(a.re, a.im);
        let [re, im] = product([b.re, b.im], [log.re, log.im]);
        Exp::near::<F>(re, im)
    }
    fn alone(a: Complex<f64>, b: Complex<f64>) -> Complex<f64> {
        let zero = Complex { re: 0.0, im: 0.0 };
        if b == zero {
            return Complex::ONE;
        }
        if a == zero {
            let undefined = Complex { re: f64::NAN, im: f64::NAN };
            return if b.re > 0.0 { zero } else { undefined };
        }
        if let Some(exponent) = whole(b.re, b.im) {
            return whole_power(a, exponent);
        }
        let log = any::<Log>(a.re, a.im);
        let [re, im] = any_product([b.re, b.im], [log.re, log.im]);
        any::<Exp>(re, im)
    }
}

/// The function of a number of any kind.
fn any<Op: Function>(x: f64, y: f64) -> Complex<f64> {
    if Op::outside(x, y) {
        return Op::alone(x, y);
    }
    let Pair { re, im } = Op::near::<Plain>(Lanes(x, x), Lanes(y, y));
    Complex { re: re.0, im: im.0 }
}

/// The power of one pair of numbers, as in a block.
#[cfg(test)]
pub(crate) fn power(a: Complex<f64>, b: Complex<f64>) -> Complex<f64> {
    let pair = |z: Complex<f64>| Pair { re: Lanes(z.re, z.re), im: Lanes(z.im, z.im) };
    if Power::outside([a.re, a.im], [b.re, b.im]) {
        return Power::alone(a, b);
    }
    let Pair { re, im } = Power::near::<Plain>(pair(a), pair(b));
    Complex { re: re.0, im: im.0 }
}
