//! Operations on three arrays, and operations under a mask. See [`crate::engine`] for what they all check.

use libstrided_kernels::{self as kernels, BinaryOp, Block, TernaryOp, UnaryOp};
use libstrided_view::{
    Alike, Casting, DType, Error, Kind, Mixed, Result, Same, ViewRef, can_cast, check_cast, promote,
};

use crate::elementwise::{each, packed};
use crate::engine::{self, binary, operand};

/// `out = mask ? a : b`, element by element, all three broadcast. An element of the mask counts as whether it is not 0.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
pub unsafe fn where_(mask: ViewRef<'_>, a: ViewRef<'_>, b: ViewRef<'_>, out: ViewRef<'_>) -> Result<()> {
    let compute = promote(a.dtype(), b.dtype())?;
    check_cast(compute, out.dtype(), Casting::SameKind)?;
    if mask.dtype() == DType::Opaque {
        return Err(Error::UnsupportedDType { dtype: mask.dtype() });
    }
    // SAFETY: the caller's promise; `each` hands out operands of one shape that do no harm to each other.
    unsafe {
        each([mask, a, b], out, |shape, [mask, a, b], out| kernels::select(compute, shape, mask, a, b, out))
    }
}

/// `out = minimum(maximum(v, low), high)`, element by element, all broadcast; NaN when one of them is. Without a bound
/// there is none on that side; without both it is a copy. Computed in the common dtype, bool as `i8`.
///
/// # Safety
/// As [`where_`].
pub unsafe fn clip(
    v: ViewRef<'_>,
    low: Option<ViewRef<'_>>,
    high: Option<ViewRef<'_>>,
    out: ViewRef<'_>,
) -> Result<()> {
    // SAFETY: the caller's promise, in each arm; `each` hands out operands of one shape that do no harm to each other.
    unsafe {
        let (low, high) = match (low, high) {
            (Some(low), Some(high)) => (low, high),
            (Some(low), None) => return binary(BinaryOp::Maximum, v, low, out),
            (None, Some(high)) => return binary(BinaryOp::Minimum, v, high, out),
            (None, None) => return engine::copy(v, out, Casting::SameKind),
        };
        let compute = clipped_in([v.dtype(), low.dtype(), high.dtype()])?;
        check_cast(compute, out.dtype(), Casting::SameKind)?;
        each([v, low, high], out, |shape, [v, low, high], out| {
            kernels::clip(compute, shape, v, low, high, out)
        })
    }
}

/// `out = a * b + c` with one rounding, element by element, all three broadcast. Integers wrap; bool and complex
/// numbers are refused.
///
/// # Safety
/// As [`where_`].
pub unsafe fn fma(a: ViewRef<'_>, b: ViewRef<'_>, c: ViewRef<'_>, out: ViewRef<'_>) -> Result<()> {
    let compute = multiplied_in([a.dtype(), b.dtype(), c.dtype()])?;
    check_cast(compute, out.dtype(), Casting::SameKind)?;
    // SAFETY: the caller's promise; `each` hands out operands of one shape that do no harm to each other.
    unsafe { each([a, b, c], out, |shape, [a, b, c], out| kernels::fma(compute, shape, a, b, c, out)) }
}

/// The dtype that [`clip`] computes in.
fn clipped_in([v, low, high]: [DType; 3]) -> Result<DType> {
    let compute = promote(promote(v, low)?, high)?;
    Ok(if compute == DType::Bool { DType::I8 } else { compute })
}

/// The dtype that [`fma`] computes in.
fn multiplied_in([a, b, c]: [DType; 3]) -> Result<DType> {
    let compute = promote(promote(a, b)?, c)?;
    if matches!(compute.kind(), Kind::Bool | Kind::Complex) {
        return Err(Error::UnsupportedDType { dtype: compute });
    }
    Ok(compute)
}

/// [`where_`], [`clip`] with both bounds, or [`fma`], of views that are [`Alike`]; `false`, and nothing done, when that is not
/// all there is to say.
///
/// # Safety
/// The elements must be memory that is there, is not written by others, and of which those of the output may be written.
#[inline]
pub unsafe fn ternary_alike(op: TernaryOp, alike: &Alike<3>) -> bool {
    let [a, b, c] = alike.inputs;
    let dtypes = [a.dtype, b.dtype, c.dtype];
    let Some(compute) = computed_in(op, dtypes, alike.dtype) else { return false };
    let block = Block {
        rows: alike.rows,
        n: alike.n,
        data: [a.data, b.data, c.data, alike.out],
        strides: [a.step, b.step, c.step, alike.step],
        single: [a.single, b.single, c.single, false],
    };
    // SAFETY: the caller's promise; alike views lie so, and writing does no harm.
    unsafe {
        let dtypes = [a.dtype, b.dtype, c.dtype, alike.dtype];
        let run = |block: &Block<4>| kernels::ternary_block(op, compute, dtypes, block);
        if alike.is_packed() {
            run(&block)
        } else {
            kernels::run_packed(&block, dtypes, [a.along, b.along, c.along, None], run)
        }
    }
}

/// [`ternary_alike`] of views that are [`Mixed`].
///
/// # Safety
/// As [`ternary_alike`].
#[inline]
pub unsafe fn ternary_mixed(op: TernaryOp, mixed: &Mixed<3>) -> bool {
    let ([a, b, c], [first, second, third]) = (mixed.inputs, mixed.dtypes);
    let Some(compute) = computed_in(op, mixed.dtypes, mixed.out_dtype) else { return false };
    let dtypes = [first, second, third, mixed.out_dtype];
    let block =
        Block { rows: 1, n: mixed.n, data: [a, b, c, mixed.out], strides: [0; 4], single: [false; 4] };
    // SAFETY: the caller's promise; the views lie so, and writing does no harm.
    unsafe { kernels::ternary_block(op, compute, dtypes, &block) }
}

/// The dtype that an operation computes in, if its results can go to elements of the dtype `out`.
#[inline]
fn computed_in(op: TernaryOp, dtypes: [DType; 3], out: DType) -> Option<DType> {
    let compute = match op {
        TernaryOp::Select if dtypes[1] == dtypes[2] => Ok(dtypes[1]),
        TernaryOp::Select => promote(dtypes[1], dtypes[2]),
        TernaryOp::Clip => clipped_in(dtypes),
        TernaryOp::Fma => multiplied_in(dtypes),
    };
    compute.ok().filter(|&compute| compute == out || can_cast(compute, out, Casting::SameKind))
}

/// `out = op(v)`, element by element, `v` broadcast.
///
/// # Safety
/// As [`where_`].
pub unsafe fn unary(op: UnaryOp, v: ViewRef<'_>, out: ViewRef<'_>) -> Result<()> {
    let (compute, result) = op.dtypes(v.dtype())?;
    check_cast(result, out.dtype(), Casting::SameKind)?;
    if let Some(n) = packed(&[v], out) {
        let strides = [[v.itemsize()], [out.itemsize()]];
        let [v, out] = [operand(v, &strides[0]), operand(out, &strides[1])];
        // SAFETY: the caller's promise; that is how the elements lie, and writing does no harm.
        return unsafe { kernels::unary(op, compute, &[n], v, out) };
    }
    // SAFETY: the caller's promise; `each` hands out operands of one shape that do no harm to each other.
    unsafe { each([v], out, |shape, [v], out| kernels::unary(op, compute, shape, v, out)) }
}

/// [`unary`] of views that are the [`Same`]; `false`, and nothing done, when that is not all there is to say.
///
/// # Safety
/// As [`unary_alike`].
#[inline(always)]
pub unsafe fn unary_same(op: UnaryOp, same: &Same<1>) -> bool {
    let block =
        Block { rows: 1, n: same.n, data: [same.inputs[0], same.out], strides: [0; 2], single: [false; 2] };
    // SAFETY: the caller's promise; the views lie so, and writing does no harm.
    unsafe { kernels::unary_plain(op, same.dtype, same.out_dtype, &block) }
}

/// [`unary`] of views that are [`Alike`]; `false`, and nothing done, when that is not all there is to say.
///
/// # Safety
/// The elements must be memory that is there, is not written by others, and of which those of the output may be written.
#[inline]
pub unsafe fn unary_alike(op: UnaryOp, alike: &Alike<1>) -> bool {
    let [v] = alike.inputs;
    let block = Block {
        rows: alike.rows,
        n: alike.n,
        data: [v.data, alike.out],
        strides: [v.step, alike.step],
        single: [v.single, false],
    };
    let dtypes = [v.dtype, alike.dtype];
    // SAFETY: the caller's promise; alike views lie so, and writing does no harm.
    unsafe {
        if alike.is_packed() {
            unary_rows(op, dtypes, &block)
        } else {
            kernels::run_packed(&block, dtypes, [v.along, None], |block| unary_rows(op, dtypes, block))
        }
    }
}

/// [`unary_alike`] of rows whose elements lie side by side.
///
/// # Safety
/// As [`unary_alike`].
#[inline(always)]
unsafe fn unary_rows(op: UnaryOp, [v, out]: [DType; 2], block: &Block<2>) -> bool {
    // SAFETY: the caller's promise.
    unsafe { kernels::unary_plain(op, v, out, block) || unary_converted(op, [v, out], block) }
}

/// [`unary_alike`] where elements are converted on the way.
///
/// # Safety
/// As [`unary_alike`].
#[inline(never)]
unsafe fn unary_converted(op: UnaryOp, dtypes: [DType; 2], block: &Block<2>) -> bool {
    let [v, out] = dtypes;
    let Ok((compute, result)) = op.dtypes(v) else { return false };
    // SAFETY: the caller's promise.
    can_cast(result, out, Casting::SameKind) && unsafe { kernels::unary_block(op, compute, dtypes, block) }
}

/// [`unary`] where the mask, a bool array that is broadcast too, is set; elsewhere `out` keeps its elements.
///
/// # Safety
/// As [`where_`].
pub unsafe fn unary_where(op: UnaryOp, v: ViewRef<'_>, mask: ViewRef<'_>, out: ViewRef<'_>) -> Result<()> {
    let (compute, result) = op.dtypes(v.dtype())?;
    check_cast(result, out.dtype(), Casting::SameKind)?;
    check_mask(mask)?;
    // SAFETY: the caller's promise; `each` hands out operands of one shape that do no harm to each other.
    unsafe {
        each([v, mask], out, |shape, [v, mask], out| kernels::unary_where(op, compute, shape, v, mask, out))
    }
}

/// `out = a op b` where the mask, a bool array that is broadcast too, is set; elsewhere `out` keeps its elements.
///
/// # Safety
/// As [`where_`].
pub unsafe fn binary_where(
    op: BinaryOp,
    a: ViewRef<'_>,
    b: ViewRef<'_>,
    mask: ViewRef<'_>,
    out: ViewRef<'_>,
) -> Result<()> {
    let (compute, result) = op.dtypes(a.dtype(), b.dtype())?;
    check_cast(result, out.dtype(), Casting::SameKind)?;
    check_mask(mask)?;
    // SAFETY: the caller's promise; `each` hands out operands of one shape that do no harm to each other.
    unsafe {
        each([a, b, mask], out, |shape, [a, b, mask], out| {
            kernels::binary_where(op, compute, shape, a, b, mask, out)
        })
    }
}

/// A mask is bool: an array of numbers is more likely a mistake, and NumPy refuses it too.
fn check_mask(mask: ViewRef<'_>) -> Result<()> {
    check_cast(mask.dtype(), DType::Bool, Casting::Safe)
}
