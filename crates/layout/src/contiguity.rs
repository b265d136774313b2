//! Packed layouts: making them in a given order, and recognising them.
//!
//! Contiguity follows NumPy's relaxed rules: an array without elements is contiguous in both orders, and axes of
//! extent 1 are not looked at, so one array can be C- and F-contiguous at once.

use core::cmp::Reverse;

use crate::axes::{each_axis, reserve};
use crate::{Axes, Error, Layout, MAX_NDIM, Order, Result, checked_nbytes};

/// Whether the elements are packed in row-major order.
#[inline]
pub fn is_c_contiguous(l: Layout<'_>) -> bool {
    let last = l.ndim().wrapping_sub(1);
    l.is_packed() || is_packed(l, |i| last.wrapping_sub(i)) || l.is_empty()
}

/// Whether the elements are packed in column-major order.
#[inline]
pub fn is_f_contiguous(l: Layout<'_>) -> bool {
    is_packed(l, |i| i) || l.is_empty()
}

/// Whether axes, of which `nth` counts the fastest first, follow each other without a gap.
#[inline(always)]
fn is_packed(l: Layout<'_>, nth: impl Fn(usize) -> usize) -> bool {
    let mut expected = l.itemsize();
    each_axis(l.ndim(), |i| {
        let (n, stride) = l.axis(nth(i));
        if n != 1 && stride != expected {
            return Err(());
        }
        // Within the size in bytes, which `Layout::new` has checked, unless there are no elements.
        expected = expected.wrapping_mul(n);
        Ok(())
    })
    .is_ok()
}

/// The order that `order` stands for when a copy of `l` is made: C or F for everything but K.
#[inline]
pub fn resolve_order(l: Layout<'_>, order: Order) -> Order {
    match order {
        Order::A if is_f_contiguous(l) && !is_c_contiguous(l) => Order::F,
        Order::A => Order::C,
        Order::K if is_c_contiguous(l) => Order::C,
        Order::K if is_f_contiguous(l) => Order::F,
        other => other,
    }
}

/// Writes a packed layout of this shape in C or F order (A and K have nothing to follow and mean C), and returns the bytes
/// that its elements take.
#[inline(always)]
pub fn contiguous(itemsize: i64, shape: &[i64], order: Order, out: &mut Axes<'_>) -> Result<i64> {
    let ndim = shape.len();
    let (shapes, strides) = reserve(out, ndim)?;
    let (mut stride, mut empty) = (itemsize, false);
    // Strides and the size in bytes are the same products. An extent of 0 counts as 1.
    let mut place = |axis: usize| {
        let n = shape[axis];
        shapes[axis].write(n);
        strides[axis].write(stride);
        match n {
            1.. => stride = stride.checked_mul(n).ok_or(())?,
            0 => empty = true,
            _ => return Err(()),
        }
        Ok(())
    };
    let placed = if order == Order::F {
        each_axis(ndim, &mut place)
    } else {
        each_axis(ndim, |i| place(ndim - 1 - i))
    };
    match placed {
        Ok(()) => Ok(if empty { 0 } else { stride }),
        // Which extent it is that is wrong.
        Err(()) => Err(checked_nbytes(itemsize, shape).err().unwrap_or(Error::SizeOverflow)),
    }
}

/// Writes a packed layout with the shape of `l` and items of `itemsize` bytes, in C or F order, in whichever of the two
/// `l` has (A), or with the axes in the order of the strides of `l` (K).
///
/// K sorts as NumPy does: by the size of the stride, largest first, ties in C order. Negative strides are not kept,
/// and broadcast axes (stride 0) become the fastest.
pub fn contiguous_like(l: Layout<'_>, itemsize: i64, order: Order, out: &mut Axes<'_>) -> Result<()> {
    match resolve_order(l, order) {
        Order::K => {
            checked_nbytes(itemsize, l.shape())?;
            let (shapes, strides) = reserve(out, l.ndim())?;
            let mut sorted = [0u8; MAX_NDIM];
            let sorted = by_stride(l, &mut sorted);
            let mut stride = itemsize;
            for &axis in sorted.iter().rev() {
                let axis = axis as usize;
                shapes[axis].write(l.shape()[axis]);
                strides[axis].write(stride);
                stride = stride.wrapping_mul(l.shape()[axis].max(1));
            }
            Ok(())
        }
        order => contiguous(itemsize, l.shape(), order, out).map(|_| ()),
    }
}

/// The axes by the size of their strides, largest first, ties in C order.
pub(crate) fn by_stride<'a>(l: Layout<'_>, axes: &'a mut [u8; MAX_NDIM]) -> &'a [u8] {
    let axes = &mut axes[..l.ndim()];
    for (i, axis) in axes.iter_mut().enumerate() {
        *axis = i as u8;
    }
    // Sorting by the axis as well makes the unstable sort, which needs no memory, a stable one.
    axes.sort_unstable_by_key(|&axis| (Reverse(l.strides()[axis as usize].unsigned_abs()), axis));
    axes
}
