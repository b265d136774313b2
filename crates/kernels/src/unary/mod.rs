//! Operations on one array, element by element.

mod complex;
mod functions;
mod kernel;
mod magnitude;
mod ops;
mod past;
mod table;
#[cfg(test)]
mod tests;

use libstrided_layout::{DType, Error, Result};

use crate::op::UnaryOp;
use crate::{Block, Operand, elementwise};

/// `out = op(input)`, computed in the dtype `compute` (see [`UnaryOp::dtypes`]). An input of another dtype is converted
/// to it, and the result to the dtype of the output, a block in L1 at a time.
///
/// # Safety
/// Every element of the input must be valid for reading and of the output for writing. Both have the shape `shape`
/// (strides are 0 where the input is broadcast). The output must not overlap itself, and must not overlap the input,
/// except that an input of the same dtype may have the same address and strides. The dtypes' sizes are the item sizes.
#[inline]
pub unsafe fn unary(
    op: UnaryOp,
    compute: DType,
    shape: &[i64],
    input: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let kernel = table::kernel(op, compute).ok_or(Error::UnsupportedDType { dtype: compute })?;
    // SAFETY: the driver only hands out blocks of elements that the caller vouches for.
    let run: elementwise::Kernel<'_, 2> = &|block| unsafe { (kernel.run)(block) };
    // SAFETY: as above.
    let past = kernel.past.map(|past| move |rows: &elementwise::Past<'_, 2>| unsafe { past(rows) });
    let loops = elementwise::Loops { kernel: run, past: past.as_ref().map(|past| past as _) };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_past(shape, [input, out], [compute, kernel.result], loops) }
}

/// [`unary`] on rows that follow each other, of elements of these dtypes; the input may be the same row throughout. Little
/// time goes by before the loop starts. `false`, and nothing done, when there is no such loop.
///
/// # Safety
/// As [`unary`], for the elements of the block.
#[inline]
pub unsafe fn unary_block(op: UnaryOp, compute: DType, dtypes: [DType; 2], block: &Block<2>) -> bool {
    let Some(kernel) = table::kernel(op, compute) else { return false };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_block(block, dtypes, [compute, kernel.result], kernel.run) }
}

/// [`unary_block`] of an input of the dtype that is computed in, and results that go to the output as they are. What is asked of
/// the tables is one question then. `false`, and nothing done, when it is not so.
///
/// # Safety
/// As [`unary_block`].
#[inline]
pub unsafe fn unary_plain(op: UnaryOp, dtype: DType, out: DType, block: &Block<2>) -> bool {
    // An operation that computes a dtype in another one has no loop for it.
    let Some(kernel) = table::kernel(op, dtype).filter(|kernel| kernel.result == out) else { return false };
    // SAFETY: as the caller vouches.
    unsafe { (kernel.run)(block) };
    true
}

/// [`unary`] where `mask` is set (is not 0); elsewhere the output keeps its elements, bit by bit.
///
/// # Safety
/// As [`unary`]; the mask is one more input.
pub unsafe fn unary_where(
    op: UnaryOp,
    compute: DType,
    shape: &[i64],
    input: Operand<'_>,
    mask: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let kernel = table::kernel(op, compute).ok_or(Error::UnsupportedDType { dtype: compute })?;
    // SAFETY: the driver only hands out blocks of elements that the caller vouches for.
    let run: elementwise::Kernel<'_, 2> = &|block| unsafe { (kernel.run)(block) };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_masked(shape, [input, mask, out], [compute, kernel.result], run) }
}
