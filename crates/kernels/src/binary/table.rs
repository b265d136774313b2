//! Which loop computes an operation in a dtype.

use libstrided_layout::{DType, Kind};

use super::kernel::{Kernel, typed};
use super::ops::*;
use super::{by_one, complex_power, functions, power};
use crate::arch::converts_long;
use crate::element::{Bf16, Bool, Complex, F16, with_type};
use crate::math;
use crate::op::BinaryOp;

/// The loop of an operation that computes in this dtype; none when there is none. [`BinaryOp::Greater`] and
/// [`BinaryOp::GreaterEqual`] have none: they are [`BinaryOp::Less`] and [`BinaryOp::LessEqual`] of exchanged inputs.
pub(super) fn kernel(op: BinaryOp, compute: DType) -> Option<Kernel> {
    use BinaryOp as Op;
    match op {
        Op::Add => {
            bits::<Add>(compute).or_else(|| inexact::<Add>(compute)).or_else(|| boolean::<Add>(compute))
        }
        Op::Subtract => bits::<Subtract>(compute).or_else(|| inexact::<Subtract>(compute)),
        Op::Multiply => bits::<Multiply>(compute)
            .or_else(|| inexact::<Multiply>(compute))
            .or_else(|| boolean::<Multiply>(compute)),
        Op::Divide => inexact::<Divide>(compute),
        Op::FloorDivide => long::<FloorDivide>(compute)
            .or_else(|| by_one::<FloorDivide>(compute))
            .or_else(|| function::<math::FloorDivide>(compute)),
        Op::Remainder => long::<Remainder>(compute)
            .or_else(|| by_one::<Remainder>(compute))
            .or_else(|| function::<math::Remainder>(compute)),
        Op::Power => by_one::<Power>(compute).or_else(|| powers(compute)),
        Op::Minimum => ordered::<Minimum>(compute),
        Op::Maximum => ordered::<Maximum>(compute),
        Op::Fmin => inexact::<Fmin>(compute).or_else(|| ordered::<Minimum>(compute)),
        Op::Fmax => inexact::<Fmax>(compute).or_else(|| ordered::<Maximum>(compute)),
        Op::BitwiseAnd => bits::<And>(compute).or_else(|| boolean::<And>(compute)),
        Op::BitwiseOr => bits::<Or>(compute).or_else(|| boolean::<Or>(compute)),
        Op::BitwiseXor => bits::<Xor>(compute).or_else(|| boolean::<Xor>(compute)),
        Op::LeftShift => bits::<LeftShift>(compute),
        Op::RightShift => integers::<RightShift>(compute),
        Op::LogicalAnd => bits::<LogicalAnd>(compute).or_else(|| boolean::<And>(compute)),
        Op::LogicalOr => bits::<LogicalOr>(compute).or_else(|| boolean::<Or>(compute)),
        Op::LogicalXor => bits::<LogicalXor>(compute).or_else(|| boolean::<Xor>(compute)),
        Op::Equal => equality::<Equal>(compute),
        Op::NotEqual => equality::<NotEqual>(compute),
        Op::Less => ordered::<Less>(compute),
        Op::LessEqual => ordered::<LessEqual>(compute),
        Op::Greater | Op::GreaterEqual => None,
        Op::CopySign => floats::<CopySign>(compute),
        Op::Hypot => function::<math::Hypot>(compute),
        Op::Arctan2 => function::<math::Atan2>(compute),
    }
}

/// The loop of a comparison of an `i64` with a `u64`, in this order or, with `turned`, in the other one.
pub(super) fn mixed(op: BinaryOp, turned: bool) -> Option<Kernel> {
    Some(match (op, turned) {
        (BinaryOp::Equal, _) => typed::<SignedEqual, u64>(),
        (BinaryOp::NotEqual, _) => typed::<SignedNotEqual, u64>(),
        (BinaryOp::Less, false) => typed::<SignedLess, u64>(),
        (BinaryOp::LessEqual, false) => typed::<SignedLessEqual, u64>(),
        (BinaryOp::Less, true) => typed::<UnsignedLess, u64>(),
        (BinaryOp::LessEqual, true) => typed::<UnsignedLessEqual, u64>(),
        _ => return None,
    })
}

/// Integer operations that do not look at the sign; the result has the dtype of the inputs, or is bool.
fn bits<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<u8> + Apply<u16> + Apply<u32> + Apply<u64>,
{
    if !matches!(dtype.kind(), Kind::Signed | Kind::Unsigned) {
        return None;
    }
    let mut kernel = match dtype.size() {
        1 => typed::<Op, u8>(),
        2 => typed::<Op, u16>(),
        4 => typed::<Op, u32>(),
        _ => typed::<Op, u64>(),
    };
    if kernel.result != DType::Bool {
        kernel.result = dtype;
    }
    Some(kernel)
}

/// Operations on integers that look at the sign.
fn integers<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<i8> + Apply<i16> + Apply<i32> + Apply<i64> + Apply<u8> + Apply<u16> + Apply<u32> + Apply<u64>,
{
    with_type!(dtype, integer, T => Some(typed::<Op, T>()), None)
}

/// Operations on integers that take less with one element.
fn by_one<Op>(dtype: DType) -> Option<Kernel>
where
    Op: ByOne<i8> + ByOne<i16> + ByOne<i32> + ByOne<i64> + ByOne<u8> + ByOne<u16> + ByOne<u32> + ByOne<u64>,
{
    with_type!(dtype, integer, T => Some(by_one::typed::<Op, Op, T>()), None)
}

/// Divisions of 64-bit integers, where there are instructions for it.
fn long<Op: ByOne<i64>>(dtype: DType) -> Option<Kernel>
where
    ByFloats<Op>: Apply<i64, Out = Op::Out>,
{
    (dtype == DType::I64 && converts_long()).then(by_one::typed::<Op, ByFloats<Op>, i64>)
}

/// Operations on real floats.
fn floats<Op: Apply<F16> + Apply<Bf16> + Apply<f32> + Apply<f64>>(dtype: DType) -> Option<Kernel> {
    with_type!(dtype, float, T => Some(typed::<Op, T>()), None)
}

/// Elementary functions of real floats.
fn function<F: math::Function2>(dtype: DType) -> Option<Kernel> {
    with_type!(dtype, float, T => Some(functions::typed::<F, T>()), None)
}

/// Powers of floats and complex numbers.
fn powers(dtype: DType) -> Option<Kernel> {
    Some(match dtype {
        DType::F16 => power::general::<F16>(),
        DType::Bf16 => power::general::<Bf16>(),
        DType::F32 => power::typed::<f32>(),
        DType::F64 => power::typed::<f64>(),
        DType::C64 => complex_power::typed::<f32>(),
        DType::C128 => complex_power::typed::<f64>(),
        _ => return None,
    })
}

/// Operations on floats and complex numbers.
fn inexact<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<F16> + Apply<Bf16> + Apply<f32> + Apply<f64> + Apply<Complex<f32>> + Apply<Complex<f64>>,
{
    floats::<Op>(dtype).or_else(|| with_type!(dtype, complex, T => Some(typed::<Op, T>()), None))
}

/// Operations on bool.
fn boolean<Op: Apply<Bool>>(dtype: DType) -> Option<Kernel> {
    (dtype == DType::Bool).then(typed::<Op, Bool>)
}

/// Operations on everything.
fn ordered<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<i8> + Apply<i16> + Apply<i32> + Apply<i64> + Apply<u8> + Apply<u16> + Apply<u32> + Apply<u64>,
    Op: Apply<F16> + Apply<Bf16> + Apply<f32> + Apply<f64> + Apply<Complex<f32>> + Apply<Complex<f64>>,
    Op: Apply<Bool>,
{
    integers::<Op>(dtype).or_else(|| inexact::<Op>(dtype)).or_else(|| boolean::<Op>(dtype))
}

/// Comparisons that do not look at the sign of an integer.
fn equality<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<u8> + Apply<u16> + Apply<u32> + Apply<u64> + Apply<Bool>,
    Op: Apply<F16> + Apply<Bf16> + Apply<f32> + Apply<f64> + Apply<Complex<f32>> + Apply<Complex<f64>>,
{
    bits::<Op>(dtype).or_else(|| inexact::<Op>(dtype)).or_else(|| boolean::<Op>(dtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dtype_with_a_loop_is_computed_as_it_is() {
        for info in BinaryOp::TABLE {
            for dtype in DType::ALL {
                if let Some(kernel) = kernel(info.op, dtype) {
                    let dtypes = info.op.dtypes(dtype, dtype);
                    assert_eq!(dtypes, Ok((dtype, kernel.result)), "{:?} of {dtype:?}", info.op);
                }
            }
        }
    }
}
