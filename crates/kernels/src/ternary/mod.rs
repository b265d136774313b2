//! Operations on three arrays, element by element: choose, clip, multiply and add.

mod kernel;
mod ops;
mod past;
#[cfg(test)]
mod tests;

use libstrided_layout::{DType, Error, Result};

use crate::element::{Bf16, F16, with_type};
use crate::{Block, Operand, elementwise};
use kernel::Kernel;

/// The loop of [`select`] on items of this size, for drivers of other families.
pub(crate) fn select_loop(size: i64) -> unsafe fn(&elementwise::Block<4>) {
    kernel::select(size).run
}

/// Operations on three arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TernaryOp {
    /// `mask ? a : b`; an element of the mask counts as whether it is not 0.
    Select,
    /// `minimum(maximum(v, low), high)`, NaN when one of them is.
    Clip,
    /// `a * b + c` with one rounding; integers wrap. Not for bool and complex numbers.
    Fma,
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
    // SAFETY: as the caller vouches.
    unsafe { run(TernaryOp::Select, compute, shape, [mask, a, b, out]) }
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
    // SAFETY: as the caller vouches.
    unsafe { run(TernaryOp::Clip, compute, shape, [v, low, high, out]) }
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
    // SAFETY: as the caller vouches.
    unsafe { run(TernaryOp::Fma, compute, shape, [a, b, c, out]) }
}

/// # Safety
/// As [`select`].
unsafe fn run(op: TernaryOp, compute: DType, shape: &[i64], operands: [Operand<'_>; 4]) -> Result<()> {
    let kernel = choose(op, compute).ok_or(Error::UnsupportedDType { dtype: compute })?;
    // SAFETY: the driver only hands out blocks of elements that the caller vouches for.
    let run: elementwise::Kernel<'_, 4> = &|block| unsafe { (kernel.run)(block) };
    // SAFETY: as above.
    let past = kernel.past.map(|past| move |rows: &elementwise::Past<'_, 4>| unsafe { past(rows) });
    let loops = elementwise::Loops { kernel: run, past: past.as_ref().map(|past| past as _) };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_past(shape, operands, dtypes(op, compute), loops) }
}

/// One of these operations on a block of packed rows of these dtypes, without a plan; `false`, and nothing done, where there
/// is no such operation or conversion.
///
/// # Safety
/// The elements of the block can be read and written. Where the output shares memory with an input, element `i` of both is
/// the same element, of the same dtype.
#[inline]
pub unsafe fn ternary_block(op: TernaryOp, compute: DType, types: [DType; 4], block: &Block<4>) -> bool {
    let Some(kernel) = choose(op, compute) else { return false };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run_block(block, types, dtypes(op, compute), kernel.run) }
}

/// The dtypes that a kernel reads and writes.
#[inline]
fn dtypes(op: TernaryOp, compute: DType) -> [DType; 4] {
    let first = if op == TernaryOp::Select { DType::Bool } else { compute };
    [first, compute, compute, compute]
}

/// The loop of an operation in this dtype.
#[inline]
fn choose(op: TernaryOp, compute: DType) -> Option<Kernel> {
    match op {
        TernaryOp::Select => (compute != DType::Opaque).then(|| kernel::select(compute.size())),
        TernaryOp::Clip => clipping(compute),
        TernaryOp::Fma => multiplying(compute),
    }
}

/// Which loop clips in this dtype.
fn clipping(compute: DType) -> Option<Kernel> {
    Some(with_type!(compute, integer, T => kernel::typed::<ops::Clip, T>(),
        with_type!(compute, float, T => kernel::typed::<ops::Clip, T>(),
        with_type!(compute, complex, T => kernel::typed::<ops::Clip, T>(), return None))))
}

/// Which loop multiplies and adds in this dtype.
fn multiplying(compute: DType) -> Option<Kernel> {
    Some(match compute {
        DType::F16 => kernel::typed::<ops::Fma, F16>(),
        DType::Bf16 => kernel::typed::<ops::Fma, Bf16>(),
        DType::F32 => kernel::typed::<ops::Fma, f32>(),
        DType::F64 => kernel::typed::<ops::Fma, f64>(),
        DType::I8 | DType::U8 => kernel::typed::<ops::Fma, u8>(),
        DType::I16 | DType::U16 => kernel::typed::<ops::Fma, u16>(),
        DType::I32 | DType::U32 => kernel::typed::<ops::Fma, u32>(),
        DType::I64 | DType::U64 => kernel::typed::<ops::Fma, u64>(),
        _ => return None,
    })
}
