//! How one element is converted, where the definition of the cast is not what a vector unit does best.
//!
//! ```text
//!   Plain       the definition: Element::cast
//!   FromBool    a choice between 0 and 1 of the target
//!   FromLong    64-bit integers to floats:  magic numbers where no instruction does it
//!   OfPart, ToPart                          the real part of a complex number, by another rule
//!   ToLong      floats to 64-bit integers:  one shift per lane where no instruction does it
//!   ToBf16, LongToBf16, RoundToOdd          by a float that keeps what decides the last rounding
//! ```
//!
//! All of them give the bits that the definition gives.

use core::marker::PhantomData;

use libstrided_layout::DType;

use crate::arch::{Features, Long};
use crate::element::{Bf16, Bool, Complex, Element, round_to_odd};
use crate::number::Number;

/// A way to convert one element.
pub(super) trait Rule {
    type From: Element;
    type To: Element;
    fn convert<F: Features>(x: Self::From) -> Self::To;
}

/// The definition.
pub(super) struct Plain<S, D>(PhantomData<(S, D)>);

impl<S: Element, D: Element> Rule for Plain<S, D> {
    type From = S;
    type To = D;
    #[inline(always)]
    fn convert<F: Features>(x: S) -> D {
        x.cast()
    }
}

/// Of the real part of a complex number, by a rule for it.
pub(super) struct OfPart<R>(PhantomData<R>);

impl<R: Rule> Rule for OfPart<R>
where
    R::From: Copy,
    Complex<R::From>: Element,
{
    type From = Complex<R::From>;
    type To = R::To;
    #[inline(always)]
    fn convert<F: Features>(x: Self::From) -> R::To {
        R::convert::<F>(x.re)
    }
}

/// To the real part of a complex number, by a rule; the imaginary part is 0.
pub(super) struct ToPart<R>(PhantomData<R>);

impl<R: Rule> Rule for ToPart<R>
where
    R::To: Number,
    Complex<R::To>: Element,
{
    type From = R::From;
    type To = Complex<R::To>;
    #[inline(always)]
    fn convert<F: Features>(x: R::From) -> Self::To {
        Complex { re: R::convert::<F>(x), im: R::To::ZERO }
    }
}

/// From bool: 0 or 1.
pub(super) struct FromBool<D>(PhantomData<D>);

impl<D: Number> Rule for FromBool<D> {
    type From = Bool;
    type To = D;
    #[inline(always)]
    fn convert<F: Features>(x: Bool) -> D {
        if x.get() { D::ONE } else { D::ZERO }
    }
}

/// A 64-bit integer.
pub(super) trait LongInteger: Element {
    /// To double precision without the instruction for it. The integer is cut into halves that become the fractions of
    /// two doubles of known exponents; taking their excess off is exact, and the sum rounds once.
    fn to_f64(self) -> f64;
    /// To single precision, which is exact or rounds once.
    fn to_f32(self) -> f32;
    /// From 2^53 on, whether any of the last 12 bits is set, as one bit: so it is exact as a double, which rounds to the
    /// same float of fewer bits.
    fn sticky(self) -> Self;
    /// From double precision without the instruction for it: saturates, NaN is 0.
    fn from_f64_by_shift(x: f64) -> Self;
    /// The same, by the language's own conversion.
    fn from_f64_at_once(x: f64) -> Self;
}

/// 2^52 and 2^84 as bits: doubles whose last bits count ones and 2^32s.
const ONES: u64 = 0x4330_0000_0000_0000;
const UPPER: u64 = 0x4530_0000_0000_0000;
const TWO_52: f64 = f64::from_bits(ONES);
const TWO_63: f64 = 9223372036854775808.0;
const TWO_84: f64 = f64::from_bits(UPPER);

/// The whole part of the magnitude, where that is below 2^64; the fraction with its implicit bit, shifted as the exponent
/// says.
#[inline(always)]
fn whole(x: f64) -> u64 {
    let bits = x.to_bits();
    let fraction = bits << 11 | 1 << 63;
    let shift = 1086u64.wrapping_sub(bits >> 52 & 0x7ff);
    if shift < 64 { fraction >> shift } else { 0 }
}

impl LongInteger for i64 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        // The upper half counts from -2^31.
        let upper = f64::from_bits((self as u64 ^ 1 << 63) >> 32 | UPPER);
        let lower = f64::from_bits(self as u64 & 0xffff_ffff | ONES);
        upper - (TWO_84 + TWO_63 + TWO_52) + lower
    }
    #[inline(always)]
    fn to_f32(self) -> f32 {
        self as f32
    }
    #[inline(always)]
    fn sticky(self) -> i64 {
        let exact = (self as u64).wrapping_add(1 << 53) <= 1 << 54;
        if exact { self } else { (self | ((self & 0xfff) + 0xfff)) & !0xfff }
    }
    #[inline(always)]
    fn from_f64_at_once(x: f64) -> i64 {
        x as i64
    }
    #[inline(always)]
    fn from_f64_by_shift(x: f64) -> i64 {
        let sign = (x.to_bits() as i64) >> 63;
        let signed = (whole(x) as i64 ^ sign).wrapping_sub(sign);
        let saturated = i64::MAX ^ sign;
        let fits = x.abs() < TWO_63;
        if x.is_nan() {
            0
        } else if fits {
            signed
        } else {
            saturated
        }
    }
}

impl LongInteger for u64 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        let upper = f64::from_bits(self >> 32 | UPPER);
        let lower = f64::from_bits(self & 0xffff_ffff | ONES);
        upper - (TWO_84 + TWO_52) + lower
    }
    #[inline(always)]
    fn to_f32(self) -> f32 {
        // As half of it, rounded to odd, where it is not a signed integer.
        let large = self >> 63 == 1;
        let half = if large { self >> 1 | self & 1 } else { self };
        let x = half as i64 as f32;
        if large { x + x } else { x }
    }
    #[inline(always)]
    fn sticky(self) -> u64 {
        if self < 1 << 53 { self } else { (self | ((self & 0xfff) + 0xfff)) & !0xfff }
    }
    #[inline(always)]
    fn from_f64_at_once(x: f64) -> u64 {
        x as u64
    }
    #[inline(always)]
    fn from_f64_by_shift(x: f64) -> u64 {
        let whole = if x < 2.0 * TWO_63 { whole(x) } else { u64::MAX };
        // Neither NaN nor what is negative.
        if x > 0.0 { whole } else { 0 }
    }
}

/// To double precision, by an instruction if there is one.
#[inline(always)]
fn to_f64<F: Features, S: LongInteger>(x: S) -> f64 {
    if F::LONG == Long::Bits { x.to_f64() } else { x.cast() }
}

/// 64-bit integers to `f32` and `f64`.
pub(super) struct FromLong<S, D>(PhantomData<(S, D)>);

impl<S: LongInteger, D: Element> Rule for FromLong<S, D> {
    type From = S;
    type To = D;
    #[inline(always)]
    fn convert<F: Features>(x: S) -> D {
        if F::LONG != Long::Bits {
            x.cast()
        } else if matches!(D::DTYPE, DType::F64) {
            D::from_f64(x.to_f64())
        } else {
            D::from_f32(x.to_f32())
        }
    }
}

/// `f32` and `f64` to 64-bit integers.
pub(super) struct ToLong<S, D>(PhantomData<(S, D)>);

impl<S: Element, D: LongInteger> Rule for ToLong<S, D> {
    type From = S;
    type To = D;
    #[inline(always)]
    fn convert<F: Features>(x: S) -> D {
        match F::LONG {
            Long::Vector => x.cast(),
            Long::Bits => D::from_f64_by_shift(x.cast::<f64>()),
            Long::Scalar => D::from_f64_at_once(x.cast::<f64>()),
        }
    }
}

/// An integer of 32 bits.
pub(super) trait MediumInteger: Element {
    /// From 2^24 on, whether any of the last 8 bits is set, as one bit: so it is exact as a single, which rounds to the
    /// same float of fewer bits.
    fn sticky(self) -> Self;
}

impl MediumInteger for i32 {
    #[inline(always)]
    fn sticky(self) -> i32 {
        let exact = (self as u32).wrapping_add(1 << 24) <= 1 << 25;
        if exact { self } else { (self | ((self & 0xff) + 0xff)) & !0xff }
    }
}

impl MediumInteger for u32 {
    #[inline(always)]
    fn sticky(self) -> u32 {
        if self < 1 << 24 { self } else { (self | ((self & 0xff) + 0xff)) & !0xff }
    }
}

/// Integers of 32 bits to bf16.
pub(super) struct ToBf16<S>(PhantomData<S>);

impl<S: MediumInteger> Rule for ToBf16<S> {
    type From = S;
    type To = Bf16;
    #[inline(always)]
    fn convert<F: Features>(x: S) -> Bf16 {
        Bf16::round(x.sticky().cast::<f32>())
    }
}

/// Integers of 64 bits to bf16.
pub(super) struct LongToBf16<S>(PhantomData<S>);

impl<S: LongInteger> Rule for LongToBf16<S> {
    type From = S;
    type To = Bf16;
    #[inline(always)]
    fn convert<F: Features>(x: S) -> Bf16 {
        Bf16::round(round_to_odd(to_f64::<F, S>(x.sticky())))
    }
}

/// `f64` to the `f32` that rounds to the same f16.
pub(super) struct RoundToOdd;

impl Rule for RoundToOdd {
    type From = f64;
    type To = f32;
    #[inline(always)]
    fn convert<F: Features>(x: f64) -> f32 {
        round_to_odd(x)
    }
}
