//! Angles of any size in quarter turns.
//!
//! M. Payne and R. Hanek, Radian reduction for trigonometric functions, 1983: of `x * 2/pi` only the digits around the
//! point matter, so an integer product of the digits of `x` with the right 192 bits of `2/pi` gives the quadrant and
//! 128 bits of what is left, enough for the argument that comes nearest to a multiple of `pi/2`.

use super::lanes::{Lanes, Words};
use super::trig::Reduced;

/// 2/pi, after 64 zeros.
const TWO_OVER_PI: [u64; 21] = [
    0,
    0xa2f9836e4e441529,
    0xfc2757d1f534ddc0,
    0xdb6295993c439041,
    0xfe5163abdebbc561,
    0xb7246e3a424dd2e0,
    0x06492eea09d1921c,
    0xfe1deb1cb129a73e,
    0xe88235f52ebb4484,
    0xe99c7026b45f7e41,
    0x3991d639835339f4,
    0x9c845f8bbdf9283b,
    0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f,
    0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea,
    0x6bfb5fb11f8d5d08,
    0x56033046fc7b6bab,
    0xf0cfbc209af4361d,
];

/// pi/2 times 2^63.
const HALF_PI: u64 = 0xc90fdaa22168c235;

/// The angle `x`, of at least 2^19; NaN for NaN and infinities.
pub(super) fn reduce(x: f64) -> Reduced<f64> {
    if !x.is_finite() {
        return Reduced { quadrant: Words::of(0), r: Lanes::of(f64::NAN), minus_tail: Lanes::of(0.0) };
    }
    let digits = x.to_bits() & ((1 << 52) - 1) | 1 << 52;
    // x = digits * 2^exponent; the digits of 2/pi before this one make multiples of 4.
    let exponent = (x.to_bits() >> 52 & 0x7ff) as i64 - 1075;
    let first = (exponent - 2 + 64).clamp(0, 64 * 17 - 1) as usize;
    let (word, shift) = (first / 64, first % 64);
    let window = |i: usize| {
        let pair = (TWO_OVER_PI[word + i] as u128) << 64 | TWO_OVER_PI[word + i + 1] as u128;
        (pair << shift >> 64) as u64
    };
    // The product modulo 4, with 190 digits after the point.
    let low = digits as u128 * window(2) as u128;
    let middle = digits as u128 * window(1) as u128 + (low >> 64);
    let high = digits.wrapping_mul(window(0)).wrapping_add((middle >> 64) as u64);
    let low = low as u64;
    let middle = middle as u64;
    // The fraction with 128 digits, as a signed number: the nearest multiple of pi/2 is what counts.
    let fraction = ((high as u128) << 64 | middle as u128) << 2 | (low >> 62) as u128;
    let quadrant = (high >> 62).wrapping_add((fraction >> 127) as u64);
    let negative = (fraction as i128) < 0;
    let magnitude = (fraction as i128).unsigned_abs();
    let zeros = magnitude.leading_zeros();
    // 64 digits of it are enough; times pi/2.
    let leading = (magnitude << zeros.min(127) >> 64) as u64;
    let product = leading as u128 * HALF_PI as u128;
    let r = product as f64;
    let tail = product.wrapping_sub(r as u128) as i128 as f64;
    let unit = f64::from_bits((1023 - 127 - zeros as u64) << 52);
    let sign = if negative != x.is_sign_negative() { -unit } else { unit };
    let quadrant = if x.is_sign_negative() { quadrant.wrapping_neg() } else { quadrant };
    Reduced {
        quadrant: Words(quadrant, quadrant),
        r: Lanes::of(r * sign),
        minus_tail: Lanes::of(-(tail * sign)),
    }
}
