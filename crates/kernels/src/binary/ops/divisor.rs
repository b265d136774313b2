//! Floor division and remainder of integers by one divisor: a product and shifts for each quotient.
//!
//! Granlund and Montgomery, Division by Invariant Integers using Multiplication (1994), figure 4.1: with `l` bits that hold `d - 1`,
//! `n / d` is `(t + (n - t >> min(l, 1))) >> max(l - 1, 0)`, where `t` is the upper half of the product of `n` and
//! `floor(2^N * (2^l - d) / d) + 1`, for all unsigned `n` and `d` of `N` bits. Bytes take fewer steps as the products of 16 bits that
//! they fit into.
//!
//! Signed quotients are rounded down: `floor(n / d)` is `!floor(!n / d)` for negative `n`.

use core::convert::identity;

use super::{ByOne, FloorDivide, Remainder};
use crate::arch::settle;
use crate::array;

/// What a quotient is computed with, of unsigned integers with a product of type `T`.
#[derive(Clone, Copy, Debug)]
pub(in crate::binary) struct Divisor<T> {
    multiplier: T,
    first: u32,
    second: u32,
}

/// Unsigned integers that are divided by a product.
pub(in crate::binary) trait Unsigned: Copy {
    /// What the product is made with.
    type Factor: Copy;
    /// Of a divisor that is not 0.
    fn divisor(self) -> Divisor<Self::Factor>;
    /// The floor of the quotient.
    fn quotient(self, by: Divisor<Self::Factor>) -> Self;
}

impl Unsigned for u8 {
    type Factor = u16;

    /// The first shift is a mask: all bits of a product that is 0 for a divisor of 1.
    #[inline(always)]
    fn divisor(self) -> Divisor<u16> {
        let multiplier = (u16::MAX / self as u16).wrapping_add(1);
        Divisor { multiplier, first: if multiplier == 0 { 0xffff } else { 0 }, second: 0 }
    }

    #[inline(always)]
    fn quotient(self, by: Divisor<u16>) -> u8 {
        let n = self as u16;
        let product = ((n as u32 * by.multiplier as u32) >> 16) as u16;
        (product | n & by.first as u16) as u8
    }
}

/// Integers with products of `$wide`: what is kept of the multiplier, and the upper half of a product with it.
macro_rules! unsigned {
    ($($t:ident $wide:ident $factor:ty, $make:ident $high:ident;)*) => {$(
        impl Unsigned for $t {
            type Factor = $factor;

            #[inline(always)]
            fn divisor(self) -> Divisor<$factor> {
                let bits = $t::BITS - (self - 1).leading_zeros();
                let above = ((1 as $wide) << bits) - self as $wide;
                let multiplier = ((above << $t::BITS) / self as $wide + 1) as $t;
                Divisor { multiplier: $make(multiplier), first: bits.min(1), second: bits.saturating_sub(1) }
            }

            #[inline(always)]
            fn quotient(self, by: Divisor<$factor>) -> $t {
                let product = $high(self, by.multiplier);
                // The counts are less than the width.
                let first = (self - product) >> (by.first & ($t::BITS - 1));
                (product + first) >> (by.second & ($t::BITS - 1))
            }
        }
    )*};
}
unsigned!(u16 u32 u16, identity high16; u32 u64 u32, identity high32; u64 u128 [u64; 2], halves high64;);

#[inline(always)]
fn high16(a: u16, b: u16) -> u16 {
    ((a as u32 * b as u32) >> 16) as u16
}

#[inline(always)]
fn high32(a: u32, b: u32) -> u32 {
    ((a as u64 * b as u64) >> 32) as u32
}

/// The halves of a factor. The compiler must not see that they are, or it makes multiplications of 64 bits of the products, one by
/// one: twice the time.
#[inline(always)]
fn halves(factor: u64) -> [u64; 2] {
    let mut halves = [factor & LOW, factor >> 32];
    settle(&mut halves);
    halves
}

const LOW: u64 = u32::MAX as u64;

/// By halves, for which there are vector instructions.
#[inline(always)]
fn high64(a: u64, [b, b_high]: [u64; 2]) -> u64 {
    let (a, a_high, b, b_high) = (a & LOW, a >> 32, b & LOW, b_high & LOW);
    let middle = a_high * b + ((a * b) >> 32);
    let other = a * b_high + (middle & LOW);
    a_high * b_high + (middle >> 32) + (other >> 32)
}

/// An integer as a divisor: of its magnitude, and itself.
#[derive(Clone, Copy, Debug)]
pub(in crate::binary) struct One<T, U> {
    by: Divisor<U>,
    is_negative: bool,
    number: T,
}

macro_rules! by_one {
    ($($t:ident $unsigned:ident $factor:ty;)*) => {$(
        impl ByOne<$t> for FloorDivide {
            type One = One<$t, $factor>;

            #[inline(always)]
            fn one(number: $t) -> Option<Self::One> {
                #[allow(unused_comparisons, reason = "one text for signed and unsigned integers")]
                let is_negative = number < 0;
                let magnitude = if is_negative { number.wrapping_neg() } else { number } as $unsigned;
                (number != 0).then(|| One { by: magnitude.divisor(), is_negative, number })
            }

            #[inline(always)]
            fn chunk<const N: usize>(a: [$t; N], one: Self::One) -> [$t; N] {
                if one.is_negative {
                    array::map(
                        a,
                        #[inline(always)]
                        |n| {
                            let below = if n > 0 { !0 } else { 0 };
                            let magnitude = if n > 0 { n - 1 } else { n.wrapping_neg() } as $unsigned;
                            magnitude.quotient(one.by) as $t ^ below
                        },
                    )
                } else {
                    array::map(
                        a,
                        #[inline(always)]
                        |n| {
                            #[allow(unused_comparisons, reason = "one text for signed and unsigned integers")]
                            let below = if n < 0 { !0 } else { 0 };
                            ((n ^ below) as $unsigned).quotient(one.by) as $t ^ below
                        },
                    )
                }
            }
        }

        impl ByOne<$t> for Remainder {
            type One = One<$t, $factor>;

            #[inline(always)]
            fn one(number: $t) -> Option<Self::One> {
                <FloorDivide as ByOne<$t>>::one(number)
            }

            #[inline(always)]
            fn chunk<const N: usize>(a: [$t; N], one: Self::One) -> [$t; N] {
                let quotients = <FloorDivide as ByOne<$t>>::chunk(a, one);
                array::each(
                    #[inline(always)]
                    |k| a[k].wrapping_sub(quotients[k].wrapping_mul(one.number)),
                )
            }
        }
    )*};
}
by_one! {
    i8 u8 u16; i16 u16 u16; i32 u32 u32; i64 u64 [u64; 2];
    u8 u8 u16; u16 u16 u16; u32 u32 u32; u64 u64 [u64; 2];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binary::ops::Apply;

    /// All of these divided by all others, in chunks, as they are one by one.
    fn check<T, const N: usize>(numbers: [T; N], divisors: impl IntoIterator<Item = T>)
    where
        T: crate::element::Element + PartialEq + core::fmt::Debug,
        FloorDivide: ByOne<T> + Apply<T, Out = T>,
        Remainder: ByOne<T> + Apply<T, Out = T>,
    {
        for by in divisors {
            let Some(one) = <FloorDivide as ByOne<T>>::one(by) else { continue };
            let quotients = <FloorDivide as ByOne<T>>::chunk(numbers, one);
            let one = <Remainder as ByOne<T>>::one(by).unwrap();
            let rests = <Remainder as ByOne<T>>::chunk(numbers, one);
            for (k, &n) in numbers.iter().enumerate() {
                assert_eq!(quotients[k], <FloorDivide as Apply<T>>::apply(n, by), "{n:?} // {by:?}");
                assert_eq!(rests[k], <Remainder as Apply<T>>::apply(n, by), "{n:?} % {by:?}");
            }
        }
    }

    macro_rules! check_some {
        ($($t:ident)*) => {$({
            // What is next to the powers of 2, of both signs.
            let near = |k: u32| ((1 as $t) << (k / 6 % $t::BITS)).wrapping_add((k % 6) as $t).wrapping_sub(3);
            let numbers: [$t; 6 * $t::BITS as usize] = core::array::from_fn(|k| near(k as u32));
            let turned = numbers.map(|n| n.wrapping_neg());
            check(numbers, numbers);
            check(numbers, turned);
            check(turned, numbers);
            check(turned, turned);
        })*};
    }

    #[test]
    fn quotients_by_one_divisor() {
        check::<u8, 256>(core::array::from_fn(|n| n as u8), 0..=255);
        check::<i8, 256>(core::array::from_fn(|n| n as u8 as i8), -128..=127);
        let mut at = 0u16;
        let all: Vec<u16> = (0..=u16::MAX).collect();
        for numbers in all.chunks_exact(256) {
            let numbers: [u16; 256] = numbers.try_into().unwrap();
            at = at.wrapping_mul(40503).wrapping_add(1);
            let divisors = (0..20).map(|k| at.wrapping_mul(2 * k + 1) >> (k % 16));
            check(numbers, divisors.clone());
            check(numbers.map(|n| n as i16), divisors.map(|n| n as i16));
        }
        check_some!(u16 i16 u32 i32 u64 i64);
    }
}
