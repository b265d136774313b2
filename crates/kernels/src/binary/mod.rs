//! Operations on two arrays, element by element.

mod by_one;
#[cfg(test)]
mod by_one_tests;
mod complex_power;
mod functions;
mod kernel;
mod ops;
mod past;
mod power;
mod table;
#[cfg(test)]
mod tests;

use libstrided_layout::{DType, Error, Kind, Result};

use crate::op::BinaryOp;
use crate::{Block, Operand, elementwise};
pub(crate) use functions::compute;
use kernel::Kernel;

/// The loop of an operation on elements of one dtype, for drivers of other families.
pub(crate) fn loop_of(op: BinaryOp, dtype: DType) -> Option<unsafe fn(&elementwise::Block<3>)> {
    table::kernel(op, dtype).map(|kernel| kernel.run)
}

/// `out = op(a, b)`, computed in the dtype `compute` (see [`BinaryOp::dtypes`]). Inputs of other dtypes are converted
/// to it, and the result to the dtype of the output, a block in L1 at a time. Comparisons of `u64` with signed integers
/// are exact.
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
    let (a, b) = if is_turned(op) { (b, a) } else { (a, b) };
    let (kernel, dtypes) = choose(op, compute, [a.dtype, b.dtype])?;
    // SAFETY: the driver only hands out blocks of elements that the caller vouches for.
    let run: elementwise::Kernel<'_, 3> = &|block| unsafe { (kernel.run)(block) };
    // SAFETY: as above.
    let past = kernel.past.map(|past| move |rows: &elementwise::Past<'_, 3>| unsafe { past(rows) });
    let loops = elementwise::Loops { kernel: run, past: past.as_ref().map(|past| past as _) };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_past(shape, [a, b, out], dtypes, loops) }
}

/// [`binary`] on rows that follow each other, of elements of these dtypes; an input may be the same row throughout, or the
/// same element. Little time goes by before the loop starts. `false`, and nothing done, when there is no such loop.
///
/// # Safety
/// As [`binary`], for the elements of the block.
#[inline]
pub unsafe fn binary_block(op: BinaryOp, compute: DType, dtypes: [DType; 3], block: &Block<3>) -> bool {
    if is_turned(op) {
        let turned = Block {
            data: turn(block.data),
            strides: turn(block.strides),
            single: turn(block.single),
            ..*block
        };
        // SAFETY: as the caller vouches.
        return unsafe { block_of(op, compute, turn(dtypes), &turned) };
    }
    // SAFETY: as the caller vouches.
    unsafe { block_of(op, compute, dtypes, block) }
}

/// [`binary_block`], with the inputs in the order in which the loop takes them.
///
/// # Safety
/// As [`binary_block`].
#[inline]
unsafe fn block_of(op: BinaryOp, compute: DType, dtypes: [DType; 3], block: &Block<3>) -> bool {
    let Ok((kernel, wanted)) = choose(op, compute, [dtypes[0], dtypes[1]]) else { return false };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_block(block, dtypes, wanted, kernel.run) }
}

/// [`binary_block`] of inputs of one dtype that is computed in, and results that go to the output as they are. What is asked of
/// the tables is one question then. `false`, and nothing done, when it is not so.
///
/// # Safety
/// As [`binary_block`].
#[inline]
pub unsafe fn binary_plain(op: BinaryOp, dtype: DType, out: DType, block: &Block<3>) -> bool {
    if is_turned(op) {
        // SAFETY: as the caller vouches.
        return unsafe { turned_plain(op, dtype, out, block) };
    }
    // An operation that computes a dtype in another one has no loop for it.
    let Some(kernel) = table::kernel(op, dtype).filter(|kernel| kernel.result == out) else { return false };
    // SAFETY: as the caller vouches.
    unsafe { (kernel.run)(block) };
    true
}

/// [`binary_plain`] where the loop takes its inputs in the other order. (By itself, for the sake of the others, which need no
/// other block.)
///
/// # Safety
/// As [`binary_block`].
#[inline(never)]
unsafe fn turned_plain(op: BinaryOp, dtype: DType, out: DType, block: &Block<3>) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { binary_block(op, dtype, [dtype, dtype, out], block) }
}

/// [`binary`] where `mask` is set (is not 0); elsewhere the output keeps its elements, bit by bit.
///
/// # Safety
/// As [`binary`]; the mask is one more input.
pub unsafe fn binary_where(
    op: BinaryOp,
    compute: DType,
    shape: &[i64],
    a: Operand<'_>,
    b: Operand<'_>,
    mask: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let (a, b) = if is_turned(op) { (b, a) } else { (a, b) };
    let (kernel, dtypes) = choose(op, compute, [a.dtype, b.dtype])?;
    // SAFETY: the driver only hands out blocks of elements that the caller vouches for.
    let run: elementwise::Kernel<'_, 3> = &|block| unsafe { (kernel.run)(block) };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_masked(shape, [a, b, mask, out], dtypes, run) }
}

/// Whether the loop of an operation takes its inputs in the other order.
#[inline]
fn is_turned(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Greater | BinaryOp::GreaterEqual)
}

/// The inputs exchanged.
#[inline]
fn turn<T>([a, b, out]: [T; 3]) -> [T; 3] {
    [b, a, out]
}

/// The loop of an operation and the dtypes that it reads and writes. `inputs` are in the order in which it takes them.
#[inline]
fn choose(op: BinaryOp, compute: DType, [a, b]: [DType; 2]) -> Result<(Kernel, [DType; 3])> {
    let op = match op {
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        _ => op,
    };
    let mut dtypes = [compute; 2];
    let kernel = if op.is_comparison() && (is_mixed(a, b) || is_mixed(b, a)) {
        dtypes = [a, b].map(|x| if x == DType::U64 { DType::U64 } else { DType::I64 });
        table::mixed(op, dtypes[0] == DType::U64)
    } else {
        table::kernel(op, compute)
    };
    let kernel = kernel.ok_or(Error::UnsupportedDType { dtype: compute })?;
    Ok((kernel, [dtypes[0], dtypes[1], kernel.result]))
}

/// Whether a comparison needs the sign of one integer and the 64th bit of the other.
#[inline]
fn is_mixed(a: DType, b: DType) -> bool {
    a == DType::U64 && b.kind() == Kind::Signed
}
