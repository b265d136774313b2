//! Which loop computes an operation in a dtype.

use libstrided_layout::{DType, Kind};

use super::kernel::{Kernel, typed};
use super::ops::*;
use super::{functions, magnitude};
use crate::element::{Bf16, Bool, Complex, F16, with_type};
use crate::math;
use crate::op::UnaryOp;

/// The loop of an operation that computes in this dtype; none when there is none.
pub(super) fn kernel(op: UnaryOp, compute: DType) -> Option<Kernel> {
    use UnaryOp as Op;
    match op {
        Op::Negative => bits::<Negative>(compute)
            .or_else(|| floats::<Negative>(compute))
            .or_else(|| complex::<Negative>(compute)),
        Op::Absolute => signed::<Absolute>(compute)
            .or_else(|| unsigned::<Same>(compute))
            .or_else(|| floats::<Absolute>(compute))
            .or_else(|| magnitude(compute))
            .or_else(|| boolean::<Same>(compute)),
        Op::Sqrt => floats::<Sqrt>(compute),
        Op::Square => bits::<Square>(compute)
            .or_else(|| floats::<Square>(compute))
            .or_else(|| complex::<Square>(compute)),
        Op::Sign => {
            signed::<Sign>(compute).or_else(|| unsigned::<Sign>(compute)).or_else(|| floats::<Sign>(compute))
        }
        Op::Reciprocal => signed::<Reciprocal>(compute)
            .or_else(|| unsigned::<Reciprocal>(compute))
            .or_else(|| floats::<Reciprocal>(compute))
            .or_else(|| complex::<Reciprocal>(compute)),
        Op::Conjugate => complex::<Conjugate>(compute).or_else(|| copy(compute)),
        Op::LogicalNot => boolean::<Not>(compute),
        Op::Invert => bits::<Invert>(compute).or_else(|| boolean::<Not>(compute)),
        Op::Floor => floats::<Floor>(compute).or_else(|| copy(compute)),
        Op::Ceil => floats::<Ceil>(compute).or_else(|| copy(compute)),
        Op::Trunc => floats::<Trunc>(compute).or_else(|| copy(compute)),
        Op::Rint => floats::<Rint>(compute),
        Op::IsNan => question::<IsNan>(compute),
        Op::IsInf => question::<IsInf>(compute),
        Op::IsFinite => question::<IsFinite>(compute),
        Op::SignBit => floats::<SignBit>(compute),
        Op::Exp => function::<math::Exp>(compute),
        Op::Exp2 => function::<math::Exp2>(compute),
        Op::Expm1 => function::<math::Expm1>(compute),
        Op::Log => function::<math::Log>(compute),
        Op::Log2 => function::<math::Log2>(compute),
        Op::Log10 => function::<math::Log10>(compute),
        Op::Log1p => function::<math::Log1p>(compute),
        Op::Sin => function::<math::Sin>(compute),
        Op::Cos => function::<math::Cos>(compute),
        Op::Tan => function::<math::Tan>(compute),
        Op::Arcsin => function::<math::Asin>(compute),
        Op::Arccos => function::<math::Acos>(compute),
        Op::Arctan => function::<math::Atan>(compute),
        Op::Sinh => function::<math::Sinh>(compute),
        Op::Cosh => function::<math::Cosh>(compute),
        Op::Tanh => function::<math::Tanh>(compute),
        Op::Cbrt => function::<math::Cbrt>(compute),
    }
}

/// Integer operations that do not look at the sign.
fn bits<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<u8> + Apply<u16> + Apply<u32> + Apply<u64>,
{
    if !matches!(dtype.kind(), Kind::Signed | Kind::Unsigned) {
        return None;
    }
    let kernel = match dtype.size() {
        1 => typed::<Op, u8>(),
        2 => typed::<Op, u16>(),
        4 => typed::<Op, u32>(),
        _ => typed::<Op, u64>(),
    };
    Some(Kernel { result: dtype, ..kernel })
}

/// Operations on unsigned integers.
fn unsigned<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<u8> + Apply<u16> + Apply<u32> + Apply<u64>,
{
    if dtype.kind() == Kind::Unsigned { bits::<Op>(dtype) } else { None }
}

/// Operations on signed integers.
fn signed<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<i8> + Apply<i16> + Apply<i32> + Apply<i64>,
{
    Some(match dtype {
        DType::I8 => typed::<Op, i8>(),
        DType::I16 => typed::<Op, i16>(),
        DType::I32 => typed::<Op, i32>(),
        DType::I64 => typed::<Op, i64>(),
        _ => return None,
    })
}

/// Operations on real floats.
fn floats<Op: Apply<F16> + Apply<Bf16> + Apply<f32> + Apply<f64>>(dtype: DType) -> Option<Kernel> {
    with_type!(dtype, float, T => Some(typed::<Op, T>()), None)
}

/// Elementary functions of real floats.
fn function<F: math::Function>(dtype: DType) -> Option<Kernel> {
    with_type!(dtype, float, T => Some(functions::typed::<F, T>()), None)
}

/// Operations on complex numbers.
fn complex<Op: Apply<Complex<f32>> + Apply<Complex<f64>>>(dtype: DType) -> Option<Kernel> {
    with_type!(dtype, complex, T => Some(typed::<Op, T>()), None)
}

/// The magnitude of complex numbers.
fn magnitude(dtype: DType) -> Option<Kernel> {
    Some(match dtype {
        DType::C64 => magnitude::typed::<f32>(),
        DType::C128 => magnitude::typed::<f64>(),
        _ => return None,
    })
}

/// Operations on bool.
fn boolean<Op: Apply<Bool>>(dtype: DType) -> Option<Kernel> {
    (dtype == DType::Bool).then(typed::<Op, Bool>)
}

/// Questions to floats and complex numbers.
fn question<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<F16> + Apply<Bf16> + Apply<f32> + Apply<f64> + Apply<Complex<f32>> + Apply<Complex<f64>>,
{
    floats::<Op>(dtype).or_else(|| complex::<Op>(dtype))
}

/// The element itself: integers, floats, bool.
fn copy(dtype: DType) -> Option<Kernel> {
    let kernel = match dtype {
        DType::Bool => return boolean::<Same>(dtype),
        DType::C64 | DType::C128 | DType::Opaque => return None,
        _ => match dtype.size() {
            1 => typed::<Same, u8>(),
            2 => typed::<Same, u16>(),
            4 => typed::<Same, u32>(),
            _ => typed::<Same, u64>(),
        },
    };
    Some(Kernel { result: dtype, ..kernel })
}
