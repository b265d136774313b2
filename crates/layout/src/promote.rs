//! Which dtype two operands are computed in, and which casts are allowed: NumPy 2's rules.
//!
//! [`promote`] gives the smallest dtype that both operands can be cast to without losing more than NumPy accepts
//! (NumPy takes `i64 -> f64` as lossless, and so do we). It is derived from kind and size rather than listed:
//!
//! ```text
//!   bool      with anything                 the other one
//!   unsigned  with unsigned                 the larger one
//!   signed    with signed                   the larger one
//!   unsigned  with signed                   the signed one if it is larger, else the next signed one; u64: f64
//!   integer   with float                    the float, but at least f16, f32, f64, f64 for 1, 2, 4, 8 bytes
//!   float     with float                    the larger one; f16 with bf16: f32
//!   complex   with anything                 complex, with parts of the type that the parts promote to
//! ```
//!
//! From it follow the casting rules: a cast is *safe* when the target is what source and target promote to, and of the
//! *same kind* when the kind does not go down in the order bool, unsigned, signed, float, complex.
//!
//! NumPy has no `bf16` of its own; the rules are those of the `ml_dtypes` package, completed where it has no answer.
//! Integers of 2 bytes make `f32` of it and larger ones `f64` (`ml_dtypes` refuses), `f16` makes `f32` (refused too);
//! 1-byte integers and bool stay `bf16`. Under the "same kind" rule `bf16 -> f16` is allowed and `complex -> bf16` is
//! not, as for every other float type (`ml_dtypes` has both the other way round).
//!
//! Nothing is promoted with [`DType::Opaque`], not even itself: there is nothing to compute on bytes of unknown
//! meaning. It casts to itself only, under every rule, and the caller checks that the item sizes are equal.

use crate::{DType, Error, Kind, Result};

/// The dtype in which `a` and `b` are computed together; [`Error::NoCommonDType`] when one of them is
/// [`DType::Opaque`].
///
/// ```
/// use libstrided_layout::{DType, promote};
///
/// assert_eq!(promote(DType::U8, DType::I8), Ok(DType::I16));
/// assert_eq!(promote(DType::I64, DType::U64), Ok(DType::F64));
/// assert_eq!(promote(DType::I32, DType::C64), Ok(DType::C128));
/// assert!(promote(DType::Opaque, DType::U8).is_err());
/// ```
#[inline]
pub fn promote(a: DType, b: DType) -> Result<DType> {
    // Nearly always both are the same.
    if a == b && a != DType::Opaque {
        return Ok(a);
    }
    let (low, high) = if a.kind() <= b.kind() { (a, b) } else { (b, a) };
    if high == DType::Opaque {
        return Err(Error::NoCommonDType { left: a, right: b });
    }
    Ok(promote_sorted(low, high))
}

/// Promotion of two dtypes that are not opaque; the kind of `low` is not above the kind of `high`.
fn promote_sorted(low: DType, high: DType) -> DType {
    match (low.kind(), high.kind()) {
        (Kind::Bool, _) => high,
        (Kind::Unsigned, Kind::Unsigned) | (Kind::Signed, Kind::Signed) => larger(low, high),
        (Kind::Unsigned, Kind::Signed) if high.size() > low.size() => high,
        (Kind::Unsigned, Kind::Signed) => signed_above(low),
        (Kind::Unsigned | Kind::Signed, Kind::Float) => match (low.size(), high) {
            (1, DType::Bf16) => DType::Bf16,
            _ => promote_floats(float_holding(low), high),
        },
        (Kind::Float, Kind::Float) => promote_floats(low, high),
        (_, Kind::Complex) => complex_of(promote_sorted(low.part(), high.part())),
        // Nothing else is left: `low` is not above `high`, and neither is opaque.
        _ => high,
    }
}

fn larger(a: DType, b: DType) -> DType {
    if a.size() > b.size() { a } else { b }
}

/// The smallest signed integer that holds all values of an unsigned one; `f64`, which does not quite, for `u64`.
fn signed_above(unsigned: DType) -> DType {
    match unsigned.size() {
        1 => DType::I16,
        2 => DType::I32,
        4 => DType::I64,
        _ => DType::F64,
    }
}

/// The smallest float that NumPy takes as holding all values of an integer of this size.
fn float_holding(integer: DType) -> DType {
    match integer.size() {
        1 => DType::F16,
        2 => DType::F32,
        _ => DType::F64,
    }
}

/// Two different floats of the same size have no common type below `f32`.
fn promote_floats(a: DType, b: DType) -> DType {
    if a != b && a.size() == b.size() { DType::F32 } else { larger(a, b) }
}

/// The complex type that holds this real one in its parts.
fn complex_of(part: DType) -> DType {
    if part == DType::F64 { DType::C128 } else { DType::C64 }
}

/// How much a cast may lose. The numbers are those of the C ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i32)]
pub enum Casting {
    /// No cast at all.
    No = 0,
    /// Only a change of byte order, of which this library knows none: the same as [`Casting::No`].
    Equiv = 1,
    /// Only casts that keep the value.
    Safe = 2,
    /// Safe casts, and casts within a kind or to a higher kind, such as `f64 -> f32` and `i64 -> f32`.
    SameKind = 3,
    /// Any cast between dtypes that can be computed on.
    Unsafe = 4,
}

impl Casting {
    /// The rule with this number.
    #[inline]
    pub fn from_code(code: i32) -> Result<Casting> {
        match code {
            0 => Ok(Casting::No),
            1 => Ok(Casting::Equiv),
            2 => Ok(Casting::Safe),
            3 => Ok(Casting::SameKind),
            4 => Ok(Casting::Unsafe),
            _ => Err(Error::UnknownEnumerator { what: "casting", value: code as i64 }),
        }
    }

    /// NumPy's name of the rule.
    #[inline]
    pub fn name(self) -> &'static str {
        match self {
            Casting::No => "no",
            Casting::Equiv => "equiv",
            Casting::Safe => "safe",
            Casting::SameKind => "same_kind",
            Casting::Unsafe => "unsafe",
        }
    }
}

/// Whether `rule` allows the cast. Opaque items go to opaque items only, and the caller checks that both have the
/// same size.
///
/// ```
/// use libstrided_layout::{Casting, DType, can_cast};
///
/// assert!(can_cast(DType::I64, DType::F64, Casting::Safe));
/// assert!(can_cast(DType::F64, DType::F32, Casting::SameKind));
/// assert!(!can_cast(DType::I8, DType::U8, Casting::SameKind));
/// ```
#[inline]
pub fn can_cast(from: DType, to: DType, rule: Casting) -> bool {
    if from == to {
        return true;
    }
    if from == DType::Opaque || to == DType::Opaque {
        return false;
    }
    match rule {
        Casting::No | Casting::Equiv => false,
        Casting::Safe => promote(from, to) == Ok(to),
        Casting::SameKind => from.kind() <= to.kind(),
        Casting::Unsafe => true,
    }
}

/// [`can_cast`] as a check: [`Error::Casting`] when the rule forbids the cast.
#[inline]
pub fn check_cast(from: DType, to: DType, rule: Casting) -> Result<()> {
    if can_cast(from, to, rule) { Ok(()) } else { Err(Error::Casting { from, to, rule: rule.name() }) }
}
