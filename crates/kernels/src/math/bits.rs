//! What the functions are made of: rounding, scaling and splitting of floats by their bits, polynomials, and sums and
//! products that keep their rounding errors.

use super::Precision;
use super::lanes::{Lanes, Words};

/// 1.5 * 2^52: added to a float of magnitude below 2^51 it rounds it to an integer, which then stands in the low bits.
/// (There is no vector instruction for it at every level.)
const ROUND: f64 = 6755399441055744.0;
/// The exponent field of 1.
const ONE: u64 = 1023;

/// 2^52, and its bits: or'ed with an integer they are a float whose unit is the last bit.
const TWO_52: f64 = 4503599627370496.0;
const UNITS: u64 = (ONE + 52) << 52;

/// The nearest integer, as a float and in the low bits of a word.
#[inline(always)]
pub(super) fn nearest<const N: usize>(x: Lanes<N>) -> (Lanes<N>, Words<N>) {
    let shifted = x + ROUND;
    (shifted - ROUND, shifted.bits())
}

/// 2 to the power of an integer whose low bits are given, from -1022 to 1023.
#[inline(always)]
pub(super) fn power_of_two<const N: usize>(k: Words<N>) -> Lanes<N> {
    ((k + ONE) << 52).float()
}

/// `x * 2^k` for an integer `k` from -2000 to 2000, rounded once, also when it is subnormal or overflows.
#[inline(always)]
pub(super) fn scale<const N: usize>(x: Lanes<N>, k: Lanes<N>) -> Lanes<N> {
    let (half, half_bits) = nearest(k * 0.5);
    let (_, rest_bits) = nearest(k - half);
    x * power_of_two(half_bits) * power_of_two(rest_bits)
}

/// `x * 2^k`, where both and the result are normal; `k` stands in the low bits.
#[inline(always)]
pub(super) fn scale_normal<const N: usize>(x: Lanes<N>, k: Words<N>) -> Lanes<N> {
    (x.bits() + (k << 52)).float()
}

/// A positive number as `2^k * m`, with `m` from sqrt(1/2) to sqrt(2).
#[inline(always)]
pub(super) fn split<P: Precision, const RARE: bool, const N: usize>(x: Lanes<N>) -> (Lanes<N>, Lanes<N>) {
    const HALF_ROOT: u64 = core::f64::consts::FRAC_1_SQRT_2.to_bits();
    const TWO_54: f64 = 18014398509481984.0;
    let bias = Lanes::of(TWO_52 + ONE as f64);
    // What is made from an `f32` is never subnormal.
    let (x, bias) = if P::DOUBLE && RARE {
        let tiny = x.less(f64::MIN_POSITIVE);
        (tiny.select(x * TWO_54, x), tiny.select(bias + 54.0, bias))
    } else {
        (x, bias)
    };
    let bits = x.bits();
    let biased = (bits + ((ONE << 52) - HALF_ROOT)) >> 52;
    let k = (biased | UNITS).float() - bias;
    let m = (bits + (ONE << 52) - (biased << 52)).float();
    (k, m)
}

/// The exponent field of a positive normal number as a float, and the number with that of 1.
#[inline(always)]
pub(super) fn exponent<const N: usize>(x: Lanes<N>) -> (Lanes<N>, Lanes<N>) {
    let field = ((x.bits() >> 52) | UNITS).float() - TWO_52;
    let m = ((x.bits() & ((1 << 52) - 1)) | ONE << 52).float();
    (field, m)
}

/// The upper half of the digits: 26 bits, so that products of two such are exact.
#[inline(always)]
pub(super) fn upper<const N: usize>(x: Lanes<N>) -> Lanes<N> {
    (x.bits() & !0x7ff_ffff).float()
}

/// A polynomial, the constant first, in two chains of which neither waits for the other.
#[inline(always)]
pub(super) fn two_chains<const N: usize, const C: usize>(
    x: Lanes<N>,
    c: [impl Into<Lanes<N>> + Copy; C],
) -> Lanes<N> {
    let mut sum: Lanes<N> = c[C - 1].into();
    if C < 4 {
        for c in c[..C - 1].iter().rev() {
            sum = sum * x + (*c).into();
        }
        return sum;
    }
    let square = x * x;
    let mut before: Lanes<N> = c[C - 2].into();
    let mut i = C - 2;
    while i >= 2 {
        sum = sum * square + c[i - 1].into();
        before = before * square + c[i - 2].into();
        i -= 2;
    }
    if i == 1 {
        // An odd number of coefficients: `before` has become the one of the odd powers.
        return sum * square + (before * x + c[0].into());
    }
    sum * x + before
}

/// A polynomial with the coefficients for the precision.
#[inline(always)]
pub(super) fn polynomial<P: Precision, const N: usize, const D: usize, const S: usize>(
    x: Lanes<N>,
    double: [f64; D],
    single: [f64; S],
) -> Lanes<N> {
    if P::DOUBLE { two_chains(x, double) } else { two_chains(x, single) }
}

/// The sum and its rounding error, of which `a` must not be the smaller one in magnitude.
#[inline(always)]
pub(super) fn fast_two_sum<const N: usize>(a: Lanes<N>, b: Lanes<N>) -> (Lanes<N>, Lanes<N>) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// The sum and its rounding error.
#[inline(always)]
pub(super) fn two_sum<const N: usize>(a: Lanes<N>, b: Lanes<N>) -> (Lanes<N>, Lanes<N>) {
    let sum = a + b;
    let from_b = sum - a;
    (sum, (a - (sum - from_b)) + (b - from_b))
}

/// The product and its rounding error (Dekker), where nothing overflows or underflows.
#[inline(always)]
pub(super) fn two_product<const N: usize>(a: Lanes<N>, b: Lanes<N>) -> (Lanes<N>, Lanes<N>) {
    let product = a * b;
    let (a1, b1) = (upper(a), upper(b));
    let (a2, b2) = (a - a1, b - b1);
    (product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
}
