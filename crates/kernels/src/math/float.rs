//! The two floats that functions are computed in, as their digits, their exponent and their bits.

use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Shl, Shr, Sub};

use crate::arch::Features;

/// Sixteen numbers, for each of the floats.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(crate) double: &'static [f64; 16],
    pub(crate) single: &'static [f32; 16],
}

/// `f32` or `f64`.
pub(crate) trait Float:
    Copy
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// An integer of as many bits.
    type Bits: Word;
    /// Whether it is `f64`: where it is not, polynomials are shorter and corrections are left out.
    const DOUBLE: bool;
    /// Digits after the point.
    const FRACTION: u32;
    /// The place of the sign.
    const SIGN: u32;
    /// The exponent field of 1.
    const BIAS: u64;
    /// The smallest normal number.
    const SMALLEST: f64;
    /// The bits of the lower half of the digits.
    const LOWER: u64;

    /// The nearest such float; of constants.
    fn of(x: f64) -> Self;
    fn double(self) -> f64;
    fn bits(self) -> Self::Bits;
    fn from_bits(bits: Self::Bits) -> Self;
    /// The exponent of a positive number counted from that of another one, of which `distance` is by how much its bits
    /// are more: rounded down to an integer.
    fn exponents(distance: Self::Bits) -> Self;
    /// A positive or negative multiple of `2^FRACTION`, as a float. Only called in a loop that is compiled for the level, as
    /// the next one.
    fn long<L: Features>(bits: Self::Bits) -> Self;
    /// The numbers at these places of a table, of which the last four bits count.
    fn pick<L: Features, const N: usize>(table: Table, places: [Self::Bits; N]) -> [Self; N];
    fn abs(self) -> Self;
    fn sqrt(self) -> Self;
    fn copysign(self, sign: Self) -> Self;
    fn floor(self) -> Self;
    /// The rest of the division that is rounded towards 0.
    fn rest(self, divisor: Self) -> Self;
    /// `self * b + c`, rounded once.
    fn fused(self, b: Self, c: Self) -> Self;
}

/// `u32` or `u64`.
pub(crate) trait Word:
    Copy
    + PartialOrd
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    /// The low bits.
    fn of(x: u64) -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
}

// 32-bit integers have vector instructions for it at every level, 64-bit ones have not: they are put in the place of the
// digits.
macro_rules! exponents {
    (f32 $distance:ident) => {
        ($distance as i32 >> Self::FRACTION) as f32
    };
    (f64 $distance:ident) => {{
        const UNIT: f64 = 4503599627370496.0;
        let biased = $distance.wrapping_add(Self::BIAS << Self::FRACTION) >> Self::FRACTION;
        f64::from_bits(biased | UNIT.to_bits()) - (UNIT + Self::BIAS as f64)
    }};
}

macro_rules! long {
    (f32 $bits:ident $level:ident) => {
        $bits as i32 as f32
    };
    (f64 $bits:ident $level:ident) => {
        $level::long($bits)
    };
}

macro_rules! float {
    ($($t:ident $bits:ident $table:ident $pick:ident $double:literal $digits:literal $bias:literal $lower:literal;)*) => {$(
        impl Float for $t {
            type Bits = $bits;
            const DOUBLE: bool = $double;
            const FRACTION: u32 = $digits;
            const SIGN: u32 = $bits::BITS - 1;
            const BIAS: u64 = $bias;
            const SMALLEST: f64 = $t::MIN_POSITIVE as f64;
            const LOWER: u64 = $lower;

            #[inline(always)]
            fn of(x: f64) -> Self {
                x as $t
            }
            #[inline(always)]
            fn double(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn bits(self) -> $bits {
                self.to_bits()
            }
            #[inline(always)]
            fn from_bits(bits: $bits) -> Self {
                $t::from_bits(bits)
            }
            #[inline(always)]
            fn exponents(distance: $bits) -> Self {
                exponents!($t distance)
            }
            #[inline(always)]
            fn long<L: Features>(bits: $bits) -> Self {
                long!($t bits L)
            }
            #[inline(always)]
            fn pick<L: Features, const N: usize>(table: Table, places: [$bits; N]) -> [Self; N] {
                // SAFETY: as said.
                unsafe { L::$pick(table.$table, places) }
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                self.copysign(sign)
            }
            #[inline(always)]
            fn floor(self) -> Self {
                self.floor()
            }
            #[inline(always)]
            fn rest(self, divisor: Self) -> Self {
                self % divisor
            }
            #[inline(always)]
            fn fused(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
        }
        impl Word for $bits {
            #[inline(always)]
            fn of(x: u64) -> Self {
                x as $bits
            }
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
        }
    )*};
}
float! {
    f32 u32 single pick_single false 23 127 0xfff;
    f64 u64 double pick true 52 1023 0x7ff_ffff;
}
