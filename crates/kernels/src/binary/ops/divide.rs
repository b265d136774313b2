//! Floor division, remainder and power of integers.
//!
//! The remainder has the sign of the divisor, and `a == b * (a // b) + a % b`. For integers `a // 0` and `a % 0` are 0,
//! and the smallest integer divided by -1 is itself: nothing traps. Integers of up to 32 bits are divided as floats,
//! which have vector instructions for it: the float quotient is off by less than `1 / b`, the distance of any quotient
//! that is not an integer to the next integer, so its floor is exact.

use super::Apply;

/// `floor(a / b)`.
pub(in crate::binary) struct FloorDivide;
/// `a - b * floor(a / b)`.
pub(in crate::binary) struct Remainder;
/// `a` to the power of `b`; integers wrap, and to a negative power are rounded towards 0 (1 and -1 are exact, 0 gives 0).
pub(in crate::binary) struct Power;

/// Integers that a float type divides exactly.
macro_rules! by_float {
    ($($t:ident $float:ident)*) => {$(
        impl Apply<$t> for FloorDivide {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                let divisor = if b == 0 { 1 } else { b };
                let quotient = (a as $float / divisor as $float).floor();
                // `MIN / -1` is one more than fits, and wraps.
                // SAFETY: the quotient of two such integers fits into 64 bits.
                let quotient = unsafe { quotient.to_int_unchecked::<i64>() } as $t;
                if b == 0 { 0 } else { quotient }
            }
        }
        impl Apply<$t> for Remainder {
            type Out = $t;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                let quotient = <FloorDivide as Apply<$t>>::apply(a, b);
                if b == 0 { 0 } else { a.wrapping_sub(quotient.wrapping_mul(b)) }
            }
        }
    )*};
}
by_float!(i8 f32 i16 f32 u8 f32 u16 f32 i32 f64 u32 f64);

impl Apply<i64> for FloorDivide {
    type Out = i64;
    const VECTOR: bool = false;
    #[inline(always)]
    fn apply(a: i64, b: i64) -> i64 {
        if b == 0 {
            return 0;
        }
        let (quotient, rest) = (a.wrapping_div(b), a.wrapping_rem(b));
        quotient - (rest != 0 && (rest < 0) != (b < 0)) as i64
    }
}

impl Apply<i64> for Remainder {
    type Out = i64;
    const VECTOR: bool = false;
    #[inline(always)]
    fn apply(a: i64, b: i64) -> i64 {
        if b == 0 {
            return 0;
        }
        let rest = a.wrapping_rem(b);
        if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
    }
}

impl Apply<u64> for FloorDivide {
    type Out = u64;
    const VECTOR: bool = false;
    #[inline(always)]
    fn apply(a: u64, b: u64) -> u64 {
        a.checked_div(b).unwrap_or(0)
    }
}

impl Apply<u64> for Remainder {
    type Out = u64;
    const VECTOR: bool = false;
    #[inline(always)]
    fn apply(a: u64, b: u64) -> u64 {
        a.checked_rem(b).unwrap_or(0)
    }
}

macro_rules! integer_power {
    ($($t:ident)*) => {$(
        impl Apply<$t> for Power {
            type Out = $t;
            const VECTOR: bool = false;
            #[inline(always)]
            fn apply(a: $t, b: $t) -> $t {
                #[allow(unused_comparisons, reason = "one text for signed and unsigned integers")]
                if b < 0 {
                    return match a {
                        1 => 1,
                        _ if a.wrapping_add(1) == 0 => if b & 1 == 0 { 1 } else { a },
                        _ => 0,
                    };
                }
                let (mut base, mut power, mut result) = (a, b, 1 as $t);
                while power != 0 {
                    if power & 1 == 1 {
                        result = result.wrapping_mul(base);
                    }
                    base = base.wrapping_mul(base);
                    power >>= 1;
                }
                result
            }
        }
    )*};
}
integer_power!(i8 i16 i32 i64 u8 u16 u32 u64);
