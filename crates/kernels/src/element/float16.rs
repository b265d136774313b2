//! The two 16-bit float types: storage only, arithmetic is done in `f32` and rounded once per operation.
//!
//! The conversions are written without branches, as selects on integers, so that they vectorise at every level, and
//! round to nearest, ties to even. NaN becomes a quiet NaN with what there is room for of its payload, as the hardware
//! does it. From `f64` they round once: the step through `f32` rounds to odd, which keeps what the second rounding needs.

use libstrided_layout::DType;

use super::{Element, Wide, real};

/// IEEE half precision: 1 sign bit, 5 exponent bits, 10 fraction bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct F16(pub u16);

/// bfloat16: the upper half of an `f32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Bf16(pub u16);

impl F16 {
    /// The value as `f32`, exactly.
    #[inline(always)]
    pub fn to_f32(self) -> f32 {
        const EXPONENT: u32 = 0x7c00 << 13;
        let shifted = (self.0 as u32 & 0x7fff) << 13;
        let exponent = shifted & EXPONENT;
        // The bias of the exponent goes from 15 to 127; once more for infinity and NaN.
        let normal = shifted.wrapping_add(112 << 23);
        let quiet = ((shifted > EXPONENT) as u32) << 22;
        let special = normal.wrapping_add(112 << 23) | quiet;
        // A subnormal is a normal with exponent 1 minus the implicit one that it does not have.
        let subnormal = (f32::from_bits(normal.wrapping_add(1 << 23)) - f32::from_bits(113 << 23)).to_bits();
        let magnitude = if exponent == EXPONENT {
            special
        } else if exponent == 0 {
            subnormal
        } else {
            normal
        };
        f32::from_bits(magnitude | (self.0 as u32 & 0x8000) << 16)
    }

    /// Rounds to nearest, ties to even; NaN stays NaN, with the upper part of its payload.
    #[inline(always)]
    pub fn round(x: f32) -> F16 {
        let bits = x.to_bits();
        let sign = bits & 0x8000_0000;
        let magnitude = bits ^ sign;
        let nan = 0x7e00 | magnitude >> 13 & 0x3ff;
        // Adding 0.5 moves the fraction of a subnormal to the lowest bits, and the addition rounds.
        let subnormal = (f32::from_bits(magnitude) + 0.5).to_bits().wrapping_sub(0.5f32.to_bits());
        let odd = magnitude >> 13 & 1;
        let normal = magnitude.wrapping_sub(112 << 23).wrapping_add(0xfff + odd) >> 13;
        let rounded = if magnitude > 0x7f80_0000 {
            nan
        } else if magnitude >= 0x4780_0000 {
            0x7c00
        } else if magnitude < 0x3880_0000 {
            subnormal
        } else {
            normal
        };
        F16((rounded | sign >> 16) as u16)
    }
}

impl Bf16 {
    /// The value as `f32`, exactly.
    #[inline(always)]
    pub fn to_f32(self) -> f32 {
        f32::from_bits((self.0 as u32) << 16)
    }

    /// Rounds to nearest, ties to even; NaN stays NaN, with the upper part of its payload.
    #[inline(always)]
    pub fn round(x: f32) -> Bf16 {
        let bits = x.to_bits();
        let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16;
        let nan = bits >> 16 | 0x40;
        Bf16(if x.is_nan() { nan } else { rounded } as u16)
    }
}

/// Keeps 24 bits, the last of which is set when anything was lost: an `f32` which a second rounding to a narrower float
/// takes to where one rounding would. (Where that is subnormal as an `f32`, only for f16, in which it is nothing.)
#[inline(always)]
pub(crate) fn round_to_odd(x: f64) -> f32 {
    const LOST: u64 = (1 << 29) - 1;
    let bits = x.to_bits();
    // The sum carries into the last bit that is kept if any bit is set.
    f64::from_bits((bits | ((bits & LOST) + LOST)) & !LOST) as f32
}

/// What is subnormal as a bf16 becomes a whole number of its steps, all else is left.
#[inline(always)]
fn round_subnormal_bf16(x: f64) -> f64 {
    // 2^-126, and 1.5 * 2^52 steps of 2^-133: a sum with that has no room for parts of a step.
    let (least, steps) = (f64::from_bits(897 << 52), f64::from_bits(942 << 52 | 1 << 51));
    let whole = (x + steps) - steps;
    if x.abs() < least { whole.copysign(x) } else { x }
}

/// A float with the value of the integer, or, from 2^53 on, one that rounds to the same 8 or 11 bits.
#[inline(always)]
fn sticky_i64(x: i64) -> f64 {
    let exact = x.unsigned_abs() < 1 << 53;
    (if exact { x } else { (x | ((x & 0xfff) + 0xfff)) & !0xfff }) as f64
}

/// As [`sticky_i64`].
#[inline(always)]
fn sticky_u64(x: u64) -> f64 {
    (if x < 1 << 53 { x } else { (x | ((x & 0xfff) + 0xfff)) & !0xfff }) as f64
}

macro_rules! float16 {
    ($($t:ident, $dtype:ident, $x:ident => $from_f64:expr;)*) => {$(
        impl Element for $t {
            real!($dtype, f32);
            real!(narrow);
            #[inline(always)]
            fn widen(self) -> f32 {
                self.to_f32()
            }
            #[inline(always)]
            fn from_i64(x: i64) -> Self {
                Self::from_f64(sticky_i64(x))
            }
            #[inline(always)]
            fn from_u64(x: u64) -> Self {
                Self::from_f64(sticky_u64(x))
            }
            #[inline(always)]
            fn from_f32(x: f32) -> Self {
                $t::round(x)
            }
            #[inline(always)]
            fn from_f64($x: f64) -> Self {
                $t::round($from_f64)
            }
        }
    )*};
}
float16! {
    F16, F16, x => round_to_odd(x);
    Bf16, Bf16, x => round_to_odd(round_subnormal_bf16(x));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an f16 is worth, from its definition.
    fn value(h: u16) -> f64 {
        let sign = if h >> 15 == 1 { -1.0 } else { 1.0 };
        let (exponent, fraction) = ((h >> 10 & 31) as i32, (h & 1023) as f64);
        sign * match exponent {
            0 => fraction * 2f64.powi(-24),
            31 if fraction == 0.0 => f64::INFINITY,
            31 => f64::NAN,
            _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
        }
    }

    #[test]
    fn every_f16_is_exact_as_f32_and_comes_back() {
        for h in 0..=u16::MAX {
            let x = F16(h).to_f32();
            if value(h).is_nan() {
                assert!(x.is_nan() && F16::round(x).to_f32().is_nan());
            } else {
                assert_eq!(x as f64, value(h));
                assert_eq!(F16::round(x).0, h);
                assert_eq!(F16::from_f64(x as f64).0, h);
            }
        }
    }

    #[test]
    fn f16_rounds_once_to_nearest_even() {
        for h in 0..0x7bff_u16 {
            let (low, high) = (value(h), value(h + 1));
            let middle = (low + high) / 2.0;
            let even = if h & 1 == 0 { h } else { h + 1 };
            assert_eq!(F16::from_f64(middle).0, even);
            assert_eq!(F16::from_f32(middle as f32).0, even);
            // One bit of f64 away from the tie: the f32 on the way is the tie itself.
            assert_eq!(F16::from_f64(f64::from_bits(middle.to_bits() + 1)).0, h + 1);
            assert_eq!(F16::from_f64(f64::from_bits(middle.to_bits() - 1)).0, h);
            assert_eq!(F16::from_f64(-middle).0, even | 0x8000);
        }
        assert_eq!(F16::from_f64(65520.0).0, 0x7c00);
        assert_eq!(F16::from_f64(65519.999999).0, 0x7bff);
        assert_eq!(F16::from_f64(1e300).0, 0x7c00);
        assert_eq!(F16::from_f64(-1e-300).0, 0x8000);
        assert_eq!(F16::from_i64(i64::MIN).0, 0xfc00);
    }

    #[test]
    fn bf16_rounds_once_to_nearest_even() {
        for h in 0..0x7f7f_u16 {
            let (low, high) = (Bf16(h).to_f32() as f64, Bf16(h + 1).to_f32() as f64);
            let middle = (low + high) / 2.0;
            let even = if h & 1 == 0 { h } else { h + 1 };
            assert_eq!(Bf16::from_f64(middle).0, even);
            assert_eq!(Bf16::from_f64(f64::from_bits(middle.to_bits() + 1)).0, h + 1);
            assert_eq!(Bf16::from_f64(f64::from_bits(middle.to_bits() - 1)).0, h);
        }
        assert!(Bf16::from_f64(f64::NAN).to_f32().is_nan());
        assert_eq!(Bf16::from_f64(f64::MAX).0, 0x7f80);
    }

    #[test]
    fn integers_round_once_to_bf16() {
        for shift in 9..55 {
            let tie = 0x101i64 << shift;
            // 0x101 has nine bits: exactly between 0x100 and 0x102.
            for (delta, expected) in [(-1, 0x100i64), (0, 0x100), (1, 0x102)] {
                let expected = (expected << shift) as f32;
                assert_eq!(Bf16::from_i64(tie + delta).to_f32(), expected);
                assert_eq!(Bf16::from_i64(-tie - delta).to_f32(), -expected);
                assert_eq!(Bf16::from_u64((tie + delta) as u64).to_f32(), expected);
            }
        }
    }
}
