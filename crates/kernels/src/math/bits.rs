//! What the functions are made of: rounding, scaling and splitting of floats by their bits, polynomials, and sums and
//! products that keep their rounding errors.

use super::float::Float;
use super::lanes::{Lanes, Words};
use crate::arch::Features;

/// A power of two, for constants.
pub(super) const fn two_to(k: i32) -> f64 {
    f64::from_bits(((1023 + k) as u64) << 52)
}

/// A float whose unit is the last bit, and its bits: or'ed with an integer they are it plus the integer.
const fn units<T: Float>() -> (f64, u64) {
    (two_to(T::FRACTION as i32), (T::BIAS + T::FRACTION as u64) << T::FRACTION)
}

/// The nearest integer, as a float and in the low bits of a word. (There is no vector instruction for it at every level.)
#[inline(always)]
pub(super) fn nearest<T: Float>(x: Lanes<T>) -> (Lanes<T>, Words<T>) {
    // Added to a float of a magnitude below a third of it, it rounds it to an integer, which then stands in the low bits.
    let round = 1.5 * units::<T>().0;
    let shifted = x + round;
    (shifted - round, shifted.bits())
}

/// The nearest integer to a number that is not negative and that the digits hold; above these the word has other bits.
#[inline(always)]
pub(super) fn nearest_word<T: Float>(x: Lanes<T>) -> Words<T> {
    (x + units::<T>().0).bits()
}

impl<T: Float> Words<T> {
    /// An integer that the digits hold, as a float.
    #[inline(always)]
    pub(super) fn integer(self) -> Lanes<T> {
        let (unit, bits) = units::<T>();
        (self | bits).float() - unit
    }
}

/// 2 to the power of an integer whose low bits are given and which gives a normal number.
#[inline(always)]
pub(super) fn power_of_two<T: Float>(k: Words<T>) -> Lanes<T> {
    ((k + T::BIAS) << T::FRACTION).float()
}

/// `x * 2^k` for an integer `k` of up to twice the exponents of normal numbers, rounded once, also when it is subnormal
/// or overflows.
#[inline(always)]
pub(super) fn scale<T: Float>(x: Lanes<T>, k: Lanes<T>) -> Lanes<T> {
    let (half, half_bits) = nearest(k * 0.5);
    let (_, rest_bits) = nearest(k - half);
    x * power_of_two(half_bits) * power_of_two(rest_bits)
}

/// `x * 2^k`, where both and the result are normal; `k` stands in the low bits.
#[inline(always)]
pub(super) fn scale_normal<T: Float>(x: Lanes<T>, k: Words<T>) -> Lanes<T> {
    (x.bits() + (k << T::FRACTION)).float()
}

/// A positive number as `2^k * m`, with `m` from sqrt(1/2) to sqrt(2).
#[inline(always)]
pub(super) fn split<T: Float, const RARE: bool>(x: Lanes<T>) -> (Lanes<T>, Lanes<T>) {
    let mut x = x;
    let mut down = Lanes::of(0.0);
    if RARE {
        let up = T::FRACTION as i32 + 2;
        let tiny = x.less(T::SMALLEST);
        x = tiny.select(x * two_to(up), x);
        down = tiny.select::<T>(up as f64, 0.0);
    }
    let distance = x.bits() - Lanes::of(core::f64::consts::FRAC_1_SQRT_2).bits();
    let k = distance.exponents();
    let m = (x.bits() - (distance & !((1 << T::FRACTION) - 1))).float();
    (if RARE { k - down } else { k }, m)
}

/// The upper half of the digits, rounded, so that products of halves are exact.
#[inline(always)]
pub(super) fn upper<T: Float>(x: Lanes<T>) -> Lanes<T> {
    ((x.bits() + (T::LOWER / 2 + 1)) & !T::LOWER).float()
}

/// A polynomial, the constant first, in two or four chains of which none waits for another.
#[inline(always)]
pub(super) fn chains<T: Float, const C: usize>(x: Lanes<T>, c: [impl Into<Lanes<T>> + Copy; C]) -> Lanes<T> {
    if C < 4 {
        return chain::<T, C, 1>(x, c, 0);
    }
    let square = x * x;
    if C < 7 {
        return chain::<T, C, 2>(square, c, 0) + chain::<T, C, 2>(square, c, 1) * x;
    }
    let fourth = square * square;
    let low = chain::<T, C, 4>(fourth, c, 0) + chain::<T, C, 4>(fourth, c, 1) * x;
    let high = chain::<T, C, 4>(fourth, c, 2) + chain::<T, C, 4>(fourth, c, 3) * x;
    low + high * square
}

/// Every `STEP`th coefficient from one on.
#[inline(always)]
fn chain<T: Float, const C: usize, const STEP: usize>(
    power: Lanes<T>,
    c: [impl Into<Lanes<T>> + Copy; C],
    first: usize,
) -> Lanes<T> {
    let mut i = first + (C - 1 - first) / STEP * STEP;
    let mut sum: Lanes<T> = c[i].into();
    while i >= STEP {
        i -= STEP;
        sum = sum * power + c[i].into();
    }
    sum
}

/// A polynomial with the coefficients for the precision.
#[inline(always)]
pub(super) fn polynomial<T: Float, const D: usize, const S: usize>(
    x: Lanes<T>,
    double: [f64; D],
    single: [f64; S],
) -> Lanes<T> {
    if T::DOUBLE { chains(x, double) } else { chains(x, single) }
}

/// The sum and its rounding error, of which `a` must not be the smaller one in magnitude.
#[inline(always)]
pub(super) fn fast_two_sum<T: Float>(a: Lanes<T>, b: Lanes<T>) -> (Lanes<T>, Lanes<T>) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a * b + c`, where the product is a float.
#[inline(always)]
pub(super) fn exact<F: Features, T: Float>(a: Lanes<T>, b: impl Into<Lanes<T>>, c: Lanes<T>) -> Lanes<T> {
    let b = b.into();
    if F::FUSED { a.fused(b, c) } else { a * b + c }
}

/// The product and its rounding error, where nothing overflows or underflows. The error is a float: so the same bits come
/// from one fused instruction and, where there is none, from the halves of the digits (Dekker).
#[inline(always)]
pub(super) fn two_product<F: Features, T: Float>(a: Lanes<T>, b: Lanes<T>) -> (Lanes<T>, Lanes<T>) {
    let product = a * b;
    if F::FUSED {
        return (product, a.fused(b, -product));
    }
    let (a1, b1) = (upper(a), upper(b));
    let (a2, b2) = (a - a1, b - b1);
    (product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
}
