//! Another shape over the same elements in the same index order, when their strides allow it.
//!
//! The rule is NumPy's: old and new axes are cut into groups with the same number of elements; each group of old axes
//! must be one run (every stride the inner extent times the inner stride), and the new axes of the group cut that run.

use crate::axes::{each_axis, reserve};
use crate::contiguity::{by_stride, is_c_contiguous, is_f_contiguous, resolve_order};
use crate::{Axes, Error, Layout, MAX_NDIM, Order, Result};

/// Changes the shape without touching the elements; `order` is the index order in which elements are taken and placed
/// (C, F, or A for the order that `l` lies in). One extent may be -1 and is then computed.
/// [`Error::NeedsCopy`] when the elements do not lie so in memory.
#[inline(always)]
pub fn reshape(l: Layout<'_>, shape: &[i64], order: Order, out: &mut Axes<'_>) -> Result<()> {
    if order == Order::K {
        return Err(Error::InvalidArgument { rule: "the order of a reshape must be C, F or A", value: 3 });
    }
    if shape.len() > MAX_NDIM {
        return Err(Error::TooManyAxes { ndim: shape.len() as i64 });
    }
    let size = l.size();
    let shape = NewShape::new(size, shape)?;
    if size == 0 {
        shape.check_nbytes(l.itemsize())?;
    }
    let order = resolve_order(l, order);
    let packed = if order == Order::F { is_f_contiguous(l) } else { is_c_contiguous(l) };
    if packed {
        return write_packed(l.itemsize(), &shape, order, out);
    }
    // Most arrays have few axes: keep the work space small for them.
    if l.ndim() <= 8 && shape.ndim() <= 8 {
        regroup::<8>(l, &shape, order, out)
    } else {
        regroup::<MAX_NDIM>(l, &shape, order, out)
    }
}

/// All elements on one axis, without touching them: as [`reshape`] to `(-1,)` for C, F and A; K takes the axes in the
/// order of their strides, as NumPy's `ravel('K')` does when it makes a view.
pub fn ravel(l: Layout<'_>, order: Order, out: &mut Axes<'_>) -> Result<()> {
    let order = resolve_order(l, order);
    if order != Order::K {
        return reshape(l, &[-1], order, out);
    }
    let mut axes = [0u8; MAX_NDIM];
    let axes = by_stride(l, &mut axes);
    let mut step = None;
    let mut expected = 0i64;
    for &axis in axes.iter().rev() {
        let (n, stride) = (l.shape()[axis as usize], l.strides()[axis as usize]);
        if n == 1 {
            continue;
        }
        if step.is_some() && stride != expected {
            return Err(Error::NeedsCopy);
        }
        step.get_or_insert(stride);
        expected = stride.wrapping_mul(n);
    }
    out.push(l.size(), step.unwrap_or(l.itemsize()))
}

/// A shape in which the -1 has been computed.
struct NewShape<'a> {
    given: &'a [i64],
    inferred: i64,
}

impl<'a> NewShape<'a> {
    #[inline(always)]
    fn new(size: i64, given: &'a [i64]) -> Result<NewShape<'a>> {
        let mut known = 1i64;
        let mut unknown = false;
        each_axis(given.len(), |axis| {
            match given[axis] {
                n @ 0.. => known = known.checked_mul(n).ok_or(Error::SizeOverflow)?,
                -1 if unknown => return Err(Error::ReshapeUnknown),
                -1 => unknown = true,
                extent => return Err(Error::NegativeExtent { axis, extent }),
            }
            Ok(())
        })?;
        if !unknown {
            return match known == size {
                true => Ok(NewShape { given, inferred: 1 }),
                false => Err(Error::ReshapeSize { from: size, to: known }),
            };
        }
        if known == 0 {
            return Err(Error::ReshapeUnknown);
        }
        match size % known {
            0 => Ok(NewShape { given, inferred: size / known }),
            _ => Err(Error::ReshapeSize { from: size, to: known }),
        }
    }

    #[inline]
    fn ndim(&self) -> usize {
        self.given.len()
    }

    #[inline]
    fn extent(&self, axis: usize) -> i64 {
        if self.given[axis] == -1 { self.inferred } else { self.given[axis] }
    }

    /// With elements the size in bytes is that of the old shape; without any, extents may still be too large.
    #[inline]
    fn check_nbytes(&self, itemsize: i64) -> Result<()> {
        let mut nbytes = itemsize;
        for axis in 0..self.ndim() {
            nbytes = nbytes.checked_mul(self.extent(axis).max(1)).ok_or(Error::SizeOverflow)?;
        }
        Ok(())
    }
}

#[inline(always)]
fn write_packed(itemsize: i64, shape: &NewShape<'_>, order: Order, out: &mut Axes<'_>) -> Result<()> {
    let ndim = shape.ndim();
    let (shapes, strides) = reserve(out, ndim)?;
    let mut stride = itemsize;
    let mut place = |axis: usize| {
        let n = shape.extent(axis);
        shapes[axis].write(n);
        strides[axis].write(stride);
        stride = stride.wrapping_mul(n.max(1));
        Ok(())
    };
    if order == Order::F { each_axis(ndim, place) } else { each_axis(ndim, |i| place(ndim - 1 - i)) }
}

/// Cuts old and new axes into groups of equal size and gives the new axes of each group their strides.
fn regroup<const CAP: usize>(
    l: Layout<'_>,
    shape: &NewShape<'_>,
    order: Order,
    out: &mut Axes<'_>,
) -> Result<()> {
    // Axes fastest first, whatever the order: then both orders are one algorithm.
    let mut old = [(1i64, 0i64); CAP];
    let mut old_len = 0;
    let mut keep = |axis: usize| {
        if l.shape()[axis] != 1 {
            old[old_len] = (l.shape()[axis], l.strides()[axis]);
            old_len += 1;
        }
    };
    let nth = |axis: usize| {
        if order == Order::F { axis } else { shape.ndim() - 1 - axis }
    };
    if order == Order::F {
        (0..l.ndim()).for_each(&mut keep);
    } else {
        (0..l.ndim()).rev().for_each(&mut keep);
    }
    let old = &old[..old_len];
    let mut strides = [0i64; CAP];
    let (mut i, mut j) = (0, 0);
    // A layout that is not contiguous has elements, so all extents are at least 1 and the groups always close.
    while i < old.len() {
        let (mut from, mut to) = (old[i].0, 1);
        let mut stride = old[i].1;
        let mut last = i;
        while from != to {
            if to < from {
                if j == shape.ndim() {
                    return Err(Error::Internal);
                }
                let n = shape.extent(nth(j));
                strides[j] = stride;
                stride = stride.wrapping_mul(n);
                to *= n;
                j += 1;
            } else {
                let (n, s) = old[last];
                last += 1;
                if last == old.len() || old[last].1 != s.wrapping_mul(n) {
                    return Err(Error::NeedsCopy);
                }
                from *= old[last].0;
            }
        }
        i = last + 1;
    }
    // What is left of the new axes has extent 1: any stride will do.
    let rest = if j > 0 { strides[j - 1].wrapping_mul(shape.extent(nth(j - 1))) } else { l.itemsize() };
    strides[j..shape.ndim()].fill(rest);
    for axis in 0..shape.ndim() {
        out.push(shape.extent(axis), strides[nth(axis)])?;
    }
    Ok(())
}
