//! Which loop computes an operation in a dtype.

use libstrided_layout::{DType, Kind};

use super::kernel::{Kernel, typed};
use super::ops::*;
use super::{complex as numbers, functions, magnitude};
use crate::element::{Bf16, Bool, Complex, F16, with_type};
use crate::math::{self, complex};
use crate::op::UnaryOp;

/// The loop of an operation that computes in this dtype; none when there is none.
pub(super) fn kernel(op: UnaryOp, compute: DType) -> Option<Kernel> {
    use UnaryOp as Op;
    match op {
        Op::Negative => bits::<Negative>(compute)
            .or_else(|| floats::<Negative>(compute))
            .or_else(|| parts::<Negative>(compute)),
        Op::Absolute => signed::<Absolute>(compute)
            .or_else(|| unsigned::<Same>(compute))
            .or_else(|| floats::<Absolute>(compute))
            .or_else(|| magnitude(compute))
            .or_else(|| boolean::<Same>(compute)),
        Op::Sqrt => floats::<Sqrt>(compute).or_else(|| complex_function::<complex::Sqrt>(compute)),
        Op::Square => {
            bits::<Square>(compute).or_else(|| floats::<Square>(compute)).or_else(|| parts::<Square>(compute))
        }
        Op::Sign => signed::<Sign>(compute)
            .or_else(|| unsigned::<Sign>(compute))
            .or_else(|| floats::<Sign>(compute))
            .or_else(|| complex_function::<complex::Sign>(compute)),
        Op::Reciprocal => signed::<Reciprocal>(compute)
            .or_else(|| unsigned::<Reciprocal>(compute))
            .or_else(|| floats::<Reciprocal>(compute))
            .or_else(|| parts::<Reciprocal>(compute)),
        // Computed as `i8`.
        Op::Conjugate if compute == DType::Bool => None,
        Op::Conjugate if compute == DType::C64 => {
            Some(Kernel { result: compute, ..typed::<Conjugate, u64>() })
        }
        Op::Conjugate if compute == DType::C128 => Some(typed::<Conjugate, Complex<f64>>()),
        Op::Conjugate => copy(compute),
        Op::LogicalNot => bits::<Not>(compute).or_else(|| boolean::<Not>(compute)),
        Op::Invert => bits::<Invert>(compute).or_else(|| boolean::<Not>(compute)),
        Op::Floor => floats::<Floor>(compute).or_else(|| copy(compute)),
        Op::Ceil => floats::<Ceil>(compute).or_else(|| copy(compute)),
        Op::Trunc => floats::<Trunc>(compute).or_else(|| copy(compute)),
        Op::Rint => floats::<Rint>(compute).or_else(|| parts::<Rint>(compute)),
        Op::IsNan => question::<IsNan>(compute).or_else(|| answer::<Answer<false>>(compute)),
        Op::IsInf => question::<IsInf>(compute).or_else(|| answer::<Answer<false>>(compute)),
        Op::IsFinite => question::<IsFinite>(compute).or_else(|| answer::<Answer<true>>(compute)),
        Op::SignBit => floats::<SignBit>(compute)
            .or_else(|| signed::<SignBit>(compute))
            .or_else(|| answer::<Answer<false>>(compute)),
        Op::Exp => both::<math::Exp, complex::Exp>(compute),
        Op::Exp2 => both::<math::Exp2, complex::Exp2>(compute),
        Op::Expm1 => both::<math::Expm1, complex::Expm1>(compute),
        Op::Log => both::<math::Log, complex::Log>(compute),
        Op::Log2 => both::<math::Log2, complex::Log2>(compute),
        Op::Log10 => both::<math::Log10, complex::Log10>(compute),
        Op::Log1p => both::<math::Log1p, complex::Log1p>(compute),
        Op::Sin => both::<math::Sin, complex::Sin>(compute),
        Op::Cos => both::<math::Cos, complex::Cos>(compute),
        Op::Tan => both::<math::Tan, complex::Tan>(compute),
        Op::Arcsin => both::<math::Asin, complex::Asin>(compute),
        Op::Arccos => both::<math::Acos, complex::Acos>(compute),
        Op::Arctan => both::<math::Atan, complex::Atan>(compute),
        Op::Sinh => both::<math::Sinh, complex::Sinh>(compute),
        Op::Cosh => both::<math::Cosh, complex::Cosh>(compute),
        Op::Tanh => both::<math::Tanh, complex::Tanh>(compute),
        Op::Cbrt => function::<math::Cbrt>(compute),
    }
}

/// What holds of all integers and of bool.
fn answer<Op>(dtype: DType) -> Option<Kernel>
where
    Op: Apply<u8> + Apply<u16> + Apply<u32> + Apply<u64> + Apply<Bool>,
{
    bits::<Op>(dtype).or_else(|| boolean::<Op>(dtype))
}

/// Integer operations that do not look at the sign; the result has the dtype of the input, or is bool.
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

/// Elementary functions of real floats and of complex numbers.
fn both<F: math::Function, C: complex::Function>(dtype: DType) -> Option<Kernel> {
    function::<F>(dtype).or_else(|| complex_function::<C>(dtype))
}

/// Elementary functions of complex numbers.
fn complex_function<F: complex::Function>(dtype: DType) -> Option<Kernel> {
    Some(match dtype {
        DType::C64 => numbers::typed::<F, f32>(),
        DType::C128 => numbers::typed::<F, f64>(),
        _ => return None,
    })
}

/// Operations on complex numbers.
fn parts<Op: Apply<Complex<f32>> + Apply<Complex<f64>>>(dtype: DType) -> Option<Kernel> {
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
    floats::<Op>(dtype).or_else(|| parts::<Op>(dtype))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dtype_with_a_loop_is_computed_as_it_is() {
        for info in UnaryOp::TABLE {
            for dtype in DType::ALL {
                if let Some(kernel) = kernel(info.op, dtype) {
                    let dtypes = info.op.dtypes(dtype);
                    assert_eq!(dtypes, Ok((dtype, kernel.result)), "{:?} of {dtype:?}", info.op);
                }
            }
        }
    }
}
