//! Running sums, products, minima and maxima. See [`crate::engine`] for what is checked.

use libstrided_kernels::{self as kernels, ScanOp};
use libstrided_view::{Casting, Error, Order, Result, ViewRef, check_cast, normalize_axis};

use crate::engine::{check_writable, is_harmed, operand, to_array};
use crate::threads;

/// Nothing is broadcast here: an axis that is repeated could be the one that is run along.
fn check_shape(shape: &[i64], out: &[i64]) -> Result<()> {
    if shape.len() != out.len() {
        return Err(Error::OutputNdim { expected: shape.len(), got: out.len() });
    }
    for (axis, (&expected, &got)) in shape.iter().zip(out).enumerate() {
        if expected != got {
            return Err(Error::OutputShape { axis, expected, got });
        }
    }
    Ok(())
}

/// `out[i] = op(out[i - 1], v[i])` along `axis`, in the dtype of `out`, to which the result may be cast under
/// `same_kind`. Sums and products of bool and of small integers have 64 bits, as in NumPy. `out` has the shape of `v`, and
/// may be `v`.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
pub unsafe fn accumulate(op: ScanOp, v: ViewRef<'_>, axis: i32, out: ViewRef<'_>) -> Result<()> {
    let axis = normalize_axis(axis, v.ndim())?;
    check_cast(op.dtype(v.dtype())?, out.dtype(), Casting::SameKind)?;
    check_shape(v.shape(), out.shape())?;
    check_writable(out)?;
    if out.is_empty() {
        return Ok(());
    }
    // An element needs the one before it: what is shared among threads is the lines.
    // SAFETY: the caller's promise; a copy overlaps nothing.
    unsafe {
        if is_harmed(v, v.strides(), out) || v.dtype() != out.dtype() && !v.is_apart_from(out) {
            let before = to_array(v, Order::K)?;
            return accumulate(op, before.view(), axis as i32, out);
        }
        let threads = threads::get() as usize;
        kernels::scan(op, out.shape(), axis, operand(v, v.strides()), operand(out, out.strides()), threads)
    }
}
