//! What all operations that go element by element share: shapes, the output, overlap. Then the kernel, on as many threads
//! as are allowed.

use libstrided_kernels::{Operand, parallel};
use libstrided_view::{Array, Broadcast, MAX_NDIM, Order, Result, ViewRef, broadcast_strides, check_output};

use crate::engine::{check_writable, is_harmed, operand, to_array};
use crate::threads;

/// Runs `kernel` over `inputs`, broadcast to the shape of `out`: on their elements, or on those of a copy of an input
/// that overlaps the output in a way that does harm. The kernel gets the shape, the inputs and the output, or parts of
/// them on several threads.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
#[inline]
pub(crate) unsafe fn each<const N: usize>(
    inputs: [ViewRef<'_>; N],
    out: ViewRef<'_>,
    kernel: impl Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync,
) -> Result<()> {
    // SAFETY: the caller's promise.
    unsafe {
        // Most views have few axes; the others need more room.
        if out.ndim() <= 8 {
            each_in::<N, 8>(inputs, out, kernel)
        } else {
            each_in::<N, MAX_NDIM>(inputs, out, kernel)
        }
    }
}

/// # Safety
/// As [`each`].
#[inline]
unsafe fn each_in<const N: usize, const CAP: usize>(
    inputs: [ViewRef<'_>; N],
    out: ViewRef<'_>,
    kernel: impl Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync,
) -> Result<()> {
    if inputs.iter().any(|input| input.shape() != out.shape()) {
        check_shapes(&inputs, out)?;
    }
    check_writable(out)?;
    if out.layout().is_empty() {
        return Ok(());
    }
    let mut room = [[0; CAP]; N];
    let mut strides = [[].as_slice(); N];
    let mut harmed = [false; N];
    for (k, room) in room.iter_mut().enumerate() {
        strides[k] = broadcast_strides(inputs[k].layout(), out.shape(), room)?;
        harmed[k] = is_harmed(inputs[k], strides[k], out);
    }
    if harmed.contains(&true) {
        // SAFETY: the caller's promise.
        return unsafe { each_copied::<N, CAP>(inputs, harmed, out, kernel) };
    }
    let inputs = core::array::from_fn(|k| operand(inputs[k], strides[k]));
    // SAFETY: the caller's promise; inputs that would be harmed have been copied.
    unsafe {
        parallel::over(threads::get() as usize, out.shape(), inputs, operand(out, out.strides()), kernel)
    }
}

/// [`each_in`] on copies of the inputs that would be harmed.
///
/// # Safety
/// As [`each`].
#[cold]
unsafe fn each_copied<const N: usize, const CAP: usize>(
    inputs: [ViewRef<'_>; N],
    harmed: [bool; N],
    out: ViewRef<'_>,
    kernel: impl Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync,
) -> Result<()> {
    let mut copies = [const { None::<Array> }; N];
    for k in 0..N {
        if harmed[k] {
            // SAFETY: the caller's promise.
            copies[k] = Some(unsafe { to_array(inputs[k], Order::K)? });
        }
    }
    let inputs = core::array::from_fn(|k| copies[k].as_ref().map_or(inputs[k], |copy| copy.view()));
    // SAFETY: the caller's promise; copies overlap nothing, so this does not come back.
    unsafe { each_in::<N, CAP>(inputs, out, kernel) }
}

/// Refuses shapes that do not go together, or not to that of the output.
#[inline(never)]
fn check_shapes(inputs: &[ViewRef<'_>], out: ViewRef<'_>) -> Result<()> {
    let mut shape = Broadcast::new();
    for input in inputs {
        shape.add(input.shape())?;
    }
    check_output(shape.shape(), out.shape())
}
