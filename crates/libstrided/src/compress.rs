//! The elements at which a mask is set, one after another. See [`crate::engine`] for what is checked.

use libstrided_kernels::{self as kernels, Operand};
use libstrided_view::query::{QUICK_OVERLAP_WORK, distance};
use libstrided_view::{
    Casting, DType, Error, MAX_NDIM, Order, Overlap, Result, ViewRef, broadcast_strides, check_cast,
    is_c_contiguous, is_f_contiguous, overlap,
};

use crate::engine::{check_writable, operand, to_array};

/// Copies the elements of `v` at which `mask`, bools that are broadcast to `v`, is set to the beginning of `out`, in C or F
/// order of their indices (A: in F order when `v` lies in that and not in C order). Returns how many there are.
///
/// `out` has one axis, the dtype of `v` and room for the elements; what lies behind them stays. Without it they are counted
/// only. It may overlap the others: the result is as if they had been read before.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
pub unsafe fn compress(
    v: ViewRef<'_>,
    mask: ViewRef<'_>,
    order: Order,
    out: Option<ViewRef<'_>>,
) -> Result<i64> {
    check_cast(mask.dtype(), DType::Bool, Casting::Safe)?;
    let reversed = match order {
        Order::C => false,
        Order::F => true,
        Order::A => is_f_contiguous(v.layout()) && !is_c_contiguous(v.layout()),
        Order::K => {
            let rule = "the order in which elements are taken must be C, F or A";
            return Err(Error::InvalidArgument { rule, value: order as i64 });
        }
    };
    if mask.ndim() > v.ndim() {
        return Err(Error::Broadcast { axis: 0, left: mask.shape()[0], right: 1 });
    }
    let mut room = [[0; MAX_NDIM]; 4];
    let [broadcast, shape, from, set] = &mut room;
    let mask_strides = broadcast_strides(mask.layout(), v.shape(), broadcast)?;
    let shape = in_order(v.shape(), reversed, shape);
    let from = Operand { strides: in_order(v.strides(), reversed, from), ..operand(v, &[]) };
    let set = Operand { strides: in_order(mask_strides, reversed, set), ..operand(mask, &[]) };
    // SAFETY: the caller's promise; the strides are those of the mask over the shape of `v`.
    let count = unsafe { kernels::count(shape, set) }?;
    let Some(out) = out else { return Ok(count) };
    check_output(v, count, out)?;
    if count == 0 {
        return Ok(0);
    }
    // SAFETY: the caller's promise; what is harmed is read from a copy, which overlaps nothing.
    unsafe {
        if meet(mask, out) {
            let before = to_array(mask, Order::K)?;
            return compress(v, before.view(), order, Some(out));
        }
        if !closes_gaps(v, reversed, out) && meet(v, out) {
            let before = to_array(v, Order::K)?;
            return compress(before.view(), mask, if reversed { Order::F } else { Order::C }, Some(out));
        }
        kernels::compress(shape, from, set, operand(out, out.strides()), count)?;
    }
    Ok(count)
}

/// The entries of a list over the axes, in the order in which the axes are gone through.
fn in_order<'a>(list: &[i64], reversed: bool, room: &'a mut [i64; MAX_NDIM]) -> &'a [i64] {
    let room = &mut room[..list.len()];
    room.copy_from_slice(list);
    if reversed {
        room.reverse();
    }
    room
}

fn check_output(v: ViewRef<'_>, count: i64, out: ViewRef<'_>) -> Result<()> {
    check_cast(v.dtype(), out.dtype(), Casting::No)?;
    if v.itemsize() != out.itemsize() {
        return Err(Error::OpaqueSizes { from: v.itemsize(), to: out.itemsize() });
    }
    check_writable(out)?;
    if out.ndim() != 1 {
        return Err(Error::OutputNdim { expected: 1, got: out.ndim() });
    }
    if out.shape()[0] < count {
        return Err(Error::OutputShape { axis: 0, expected: count, got: out.shape()[0] });
    }
    Ok(())
}

/// Whether two views have memory in common, or it takes too long to find out.
fn meet(a: ViewRef<'_>, b: ViewRef<'_>) -> bool {
    let apart = || overlap(a.layout(), b.layout(), distance(a, b), QUICK_OVERLAP_WORK) == Overlap::No;
    !a.is_apart_from(b) && !apart()
}

/// Whether the elements move towards the first one inside their own memory: then each is read before it is overwritten.
fn closes_gaps(v: ViewRef<'_>, reversed: bool, out: ViewRef<'_>) -> bool {
    let packed = if reversed { is_f_contiguous(v.layout()) } else { is_c_contiguous(v.layout()) };
    packed && v.data() == out.data() && is_c_contiguous(out.layout())
}
