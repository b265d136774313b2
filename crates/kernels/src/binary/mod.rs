//! Operations on two arrays, element by element.

mod kernel;
#[cfg(test)]
mod tests;

use libstrided_layout::{DType, Error, Result};

use crate::op::BinaryOp;
use crate::{Operand, elementwise};

/// `out = op(a, b)`, computed in the dtype `compute` (see [`BinaryOp::dtypes`]). Inputs of other dtypes are converted
/// to it, and the result to the dtype of the output, a block in L1 at a time.
///
/// # Safety
/// Every element of the inputs must be valid for reading and of the output for writing. All operands have the shape
/// `shape` (strides are 0 where they are broadcast). The output must not overlap itself, and must not overlap an input,
/// except that an input of the same dtype may have the same address and strides. The dtypes' sizes are the item sizes.
#[inline]
pub unsafe fn binary(
    op: BinaryOp,
    compute: DType,
    shape: &[i64],
    a: Operand<'_>,
    b: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let kernel = kernel::kernel(op, compute).ok_or(Error::UnsupportedDType { dtype: compute })?;
    // SAFETY: the driver only hands out blocks of elements that the caller vouches for.
    let run: elementwise::Kernel<'_, 3> = &|block| unsafe { (kernel.run)(block) };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run(shape, [a, b, out], [compute, compute, kernel.result], run) }
}
