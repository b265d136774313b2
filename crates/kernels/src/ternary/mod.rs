//! Operations on three arrays, element by element: choose, clip, multiply and add.

mod kernel;
mod ops;
#[cfg(test)]
mod tests;

use libstrided_layout::{DType, Error, Result};

use crate::element::{Bf16, F16, with_type};
use crate::{Operand, elementwise};
use kernel::Kernel;

/// The loop of [`select`] on items of this size, for drivers of other families.
pub(crate) fn select_loop(size: i64) -> unsafe fn(&elementwise::Block<4>) {
    kernel::select(size)
}

/// `out = mask ? a : b`. An element of the mask counts as whether it is not 0; `a` and `b` are converted to the dtype
/// `compute`, and the result to the dtype of the output, a block in L1 at a time.
///
/// # Safety
/// Every element of the inputs must be valid for reading and of the output for writing. All operands have the shape
/// `shape` (strides are 0 where they are broadcast). The output must not overlap itself, and must not overlap an input,
/// except that an input of the same dtype may have the same address and strides. The dtypes' sizes are the item sizes.
pub unsafe fn select(
    compute: DType,
    shape: &[i64],
    mask: Operand<'_>,
    a: Operand<'_>,
    b: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let kernel = match compute {
        DType::Opaque => return Err(Error::UnsupportedDType { dtype: compute }),
        _ => kernel::select(compute.size()),
    };
    // SAFETY: as the caller vouches.
    unsafe { run(kernel, shape, [mask, a, b, out], [DType::Bool, compute, compute, compute]) }
}

/// `out = minimum(maximum(v, low), high)`, NaN when one of them is, computed in the dtype `compute`.
///
/// # Safety
/// As [`select`].
pub unsafe fn clip(
    compute: DType,
    shape: &[i64],
    v: Operand<'_>,
    low: Operand<'_>,
    high: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let none = Err(Error::UnsupportedDType { dtype: compute });
    let kernel = with_type!(compute, integer, T => kernel::typed::<ops::Clip, T>(),
        with_type!(compute, float, T => kernel::typed::<ops::Clip, T>(),
        with_type!(compute, complex, T => kernel::typed::<ops::Clip, T>(), return none)));
    // SAFETY: as the caller vouches.
    unsafe { run(kernel, shape, [v, low, high, out], [compute; 4]) }
}

/// `out = a * b + c`, computed in the dtype `compute` with one rounding; integers wrap.
///
/// # Safety
/// As [`select`].
pub unsafe fn fma(
    compute: DType,
    shape: &[i64],
    a: Operand<'_>,
    b: Operand<'_>,
    c: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let kernel = match compute {
        DType::F16 => kernel::typed::<ops::Fma, F16>(),
        DType::Bf16 => kernel::typed::<ops::Fma, Bf16>(),
        DType::F32 => kernel::typed::<ops::Fma, f32>(),
        DType::F64 => kernel::typed::<ops::Fma, f64>(),
        DType::I8 | DType::U8 => kernel::typed::<ops::Fma, u8>(),
        DType::I16 | DType::U16 => kernel::typed::<ops::Fma, u16>(),
        DType::I32 | DType::U32 => kernel::typed::<ops::Fma, u32>(),
        DType::I64 | DType::U64 => kernel::typed::<ops::Fma, u64>(),
        _ => return Err(Error::UnsupportedDType { dtype: compute }),
    };
    // SAFETY: as the caller vouches.
    unsafe { run(kernel, shape, [a, b, c, out], [compute; 4]) }
}

/// # Safety
/// As [`select`]; the kernel takes these dtypes.
unsafe fn run(kernel: Kernel, shape: &[i64], operands: [Operand<'_>; 4], dtypes: [DType; 4]) -> Result<()> {
    // SAFETY: the driver only hands out blocks of elements that the caller vouches for.
    let run: elementwise::Kernel<'_, 4> = &|block| unsafe { kernel(block) };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run(shape, operands, dtypes, run) }
}
