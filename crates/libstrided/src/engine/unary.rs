//! Operations on one array, element by element.

use libstrided_kernels::{self as kernels, UnaryOp};
use libstrided_view::{
    Broadcast, Casting, DType, Order, Result, ViewRef, broadcast_strides, check_cast, check_output,
};

use super::{check_writable, is_harmed, operand, to_array, with_room};

/// `out = op(v)`, element by element, `v` broadcast.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
pub unsafe fn unary(op: UnaryOp, v: ViewRef<'_>, out: ViewRef<'_>) -> Result<()> {
    let (compute, result) = op.dtypes(v.dtype())?;
    check_cast(result, out.dtype(), Casting::SameKind)?;
    // SAFETY: the caller's promise.
    unsafe { with_room!(out.ndim(), unary_in(op, compute, v, out)) }
}

/// # Safety
/// As [`unary`].
unsafe fn unary_in<const CAP: usize>(
    op: UnaryOp,
    compute: DType,
    v: ViewRef<'_>,
    out: ViewRef<'_>,
) -> Result<()> {
    if v.shape() != out.shape() {
        let mut shape = Broadcast::new();
        shape.add(v.shape())?;
        check_output(shape.shape(), out.shape())?;
    }
    let mut room = [0; CAP];
    let strides = broadcast_strides(v.layout(), out.shape(), &mut room)?;
    check_writable(out)?;
    if out.layout().is_empty() {
        return Ok(());
    }
    // SAFETY: the caller's promise; a copy overlaps nothing, so this does not come back a second time.
    unsafe {
        if is_harmed(v, strides, out) {
            let before = to_array(v, Order::K)?;
            return unary_in::<CAP>(op, compute, before.view(), out);
        }
        kernels::unary(op, compute, out.shape(), operand(v, strides), operand(out, out.strides()))
    }
}
