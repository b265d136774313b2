//! The view algebra on addresses: each function writes a new view of the same memory into a place of the caller's.
//!
//! The arithmetic is `libstrided-layout`'s; here the byte offset becomes an address, the dtype and the read-only flag are
//! carried along, and views whose elements share memory become read-only. Nothing is allocated, nothing is copied. On
//! an error the contents of `out` mean nothing.

use libstrided_layout as layout;
use libstrided_layout::{Axes, Broadcast, DType, Error, Index, Kind, Layout, Order, Result};

use crate::raw::{RawView, ViewRef, check_address};

/// What the imaginary part of a real array is read from: zero bytes, enough for any element.
static ZERO: [u64; 2] = [0; 2];

/// Writes the axes with `f`, which returns by how many bytes element `[0, 0, ...]` moves.
#[inline]
fn derive(
    v: ViewRef<'_>,
    out: &mut RawView,
    f: impl FnOnce(Layout<'_>, &mut Axes<'_>) -> Result<i64>,
) -> Result<()> {
    let mut axes = out.axes();
    let offset = f(v.layout(), &mut axes)?;
    let ndim = axes.len();
    finish(v, offset, ndim, out);
    Ok(())
}

/// Fills in what is not axes, `ndim` of which have been written: the memory of `v`, from another element on.
// The four most called operations do without `derive`: a closure that is not inlined would cost them half of their time.
#[inline(always)]
fn finish(v: ViewRef<'_>, offset: i64, ndim: usize, out: &mut RawView) {
    out.set(v.at(offset), v.dtype(), v.itemsize(), v.is_readonly(), ndim);
}

/// As [`derive`], for operations whose result can be larger than what it was made from: it is checked again.
#[inline]
fn derive_checked(
    v: ViewRef<'_>,
    out: &mut RawView,
    f: impl FnOnce(Layout<'_>, &mut Axes<'_>) -> Result<i64>,
) -> Result<()> {
    derive(v, out, f)?;
    out.check().map(|_| ())
}

/// A view of packed (`strides` absent) or given strides over memory at `data`.
#[inline(always)]
pub fn init(
    data: *mut u8,
    dtype: DType,
    itemsize: i64,
    shape: &[i64],
    strides: Option<&[i64]>,
    order: Order,
    out: &mut RawView,
) -> Result<()> {
    dtype.check_itemsize(itemsize)?;
    if matches!(order, Order::A | Order::K) && strides.is_none() {
        return Err(Error::InvalidArgument {
            rule: "the order of a new view must be C or F",
            value: order as i64,
        });
    }
    let mut axes = out.axes();
    let extent = match strides {
        Some(strides) => {
            let (layout, extent) = Layout::with_extent(itemsize, shape, strides)?;
            axes.extend(layout)?;
            extent
        }
        None => (0, layout::contiguous(itemsize, shape, order, &mut axes)?),
    };
    check_address(data, extent)?;
    let ndim = axes.len();
    out.set(data, dtype, itemsize, false, ndim);
    Ok(())
}

/// Other extents and strides over the memory of `v`, checked to stay inside `block`.
pub fn as_strided(
    v: ViewRef<'_>,
    shape: &[i64],
    strides: &[i64],
    block: *const u8,
    nbytes: i64,
    out: &mut RawView,
) -> Result<()> {
    let layout = Layout::new(v.itemsize(), shape, strides)?;
    let new = ViewRef::new(v.data(), v.dtype(), v.is_readonly(), layout)?;
    crate::query::check_inside(new, block, nbytes)?;
    copy(new, out)
}

/// The same view.
#[inline]
pub fn copy(v: ViewRef<'_>, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, axes| axes.extend(l).map(|()| 0))
}

/// Axes in another order; reversed without `axes`.
#[inline(always)]
pub fn transpose(v: ViewRef<'_>, axes: Option<&[i32]>, out: &mut RawView) -> Result<()> {
    let mut new = out.axes();
    layout::transpose(v.layout(), axes, &mut new)?;
    let ndim = new.len();
    finish(v, 0, ndim, out);
    Ok(())
}

/// Two axes exchanged.
#[inline]
pub fn swapaxes(v: ViewRef<'_>, a: i32, b: i32, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::swapaxes(l, a, b, new).map(|()| 0))
}

/// Axes `from[i]` moved to positions `to[i]`.
pub fn moveaxis(v: ViewRef<'_>, from: &[i32], to: &[i32], out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::moveaxis(l, from, to, new).map(|()| 0))
}

/// Basic indexing: integers, ranges, new axes, an ellipsis.
#[inline(always)]
pub fn index(
    v: ViewRef<'_>,
    items: impl Iterator<Item = Result<Index>> + Clone,
    out: &mut RawView,
) -> Result<()> {
    let mut new = out.axes();
    let offset = layout::index(v.layout(), items, &mut new)?;
    let ndim = new.len();
    finish(v, offset, ndim, out);
    Ok(())
}

/// Without the given axes of extent 1, or without all of them.
pub fn squeeze(v: ViewRef<'_>, axes: Option<&[i32]>, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::squeeze(l, axes, new).map(|()| 0))
}

/// With axes of extent 1 at the given positions of the result.
pub fn expand_dims(v: ViewRef<'_>, axes: &[i32], out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::expand_dims(l, axes, new).map(|()| 0))
}

/// With the given axes, or all, reversed.
pub fn flip(v: ViewRef<'_>, axes: Option<&[i32]>, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::flip(l, axes, new))
}

/// Rotated `k` times by 90 degrees from axis `a` towards axis `b`.
pub fn rot90(v: ViewRef<'_>, k: i32, a: i32, b: i32, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::rot90(l, k, a, b, new))
}

/// Another shape over the same elements; an error when that needs a copy.
#[inline(always)]
pub fn reshape(v: ViewRef<'_>, shape: &[i64], order: Order, out: &mut RawView) -> Result<()> {
    let mut new = out.axes();
    layout::reshape(v.layout(), shape, order, &mut new)?;
    let ndim = new.len();
    finish(v, 0, ndim, out);
    Ok(())
}

/// All elements on one axis; an error when that needs a copy.
pub fn ravel(v: ViewRef<'_>, order: Order, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::ravel(l, order, new).map(|()| 0))
}

/// Stretched to `shape`; read-only, as elements may share memory.
#[inline(always)]
pub fn broadcast_to(v: ViewRef<'_>, shape: &[i64], out: &mut RawView) -> Result<()> {
    let mut new = out.axes();
    layout::broadcast_to(v.layout(), shape, &mut new)?;
    let ndim = new.len();
    // Stretched axes have stride 0, so the elements stay where they are: there is no address to check again.
    finish(v, 0, ndim, out);
    out.set_readonly();
    Ok(())
}

/// The shape that views broadcast to.
pub fn broadcast_shapes<'a>(views: impl Iterator<Item = Result<ViewRef<'a>>>) -> Result<Broadcast> {
    let mut shape = Broadcast::new();
    for v in views {
        shape.add(v?.shape())?;
    }
    shape.checked_shape()?;
    Ok(shape)
}

/// A diagonal as the last axis. It can be written to when `v` can (NumPy makes it read-only for historical reasons).
pub fn diagonal(v: ViewRef<'_>, offset: i64, a: i32, b: i32, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::diagonal(l, offset, a, b, new))
}

/// All windows of the given sizes, on axes appended at the end; read-only, as windows share memory.
pub fn sliding_window(v: ViewRef<'_>, axes: Option<&[i32]>, window: &[i64], out: &mut RawView) -> Result<()> {
    derive_checked(v, out, |l, new| layout::sliding_window(l, axes, window, new).map(|()| 0))?;
    out.set_readonly();
    Ok(())
}

/// One of `sections` nearly equal parts of an axis.
pub fn split(v: ViewRef<'_>, sections: i32, axis: i32, part: i32, out: &mut RawView) -> Result<()> {
    derive(v, out, |l, new| layout::split(l, sections, axis, part, new))
}

/// The same bytes as elements of another type; to `Opaque` the item size stays.
pub fn reinterpret(v: ViewRef<'_>, dtype: DType, out: &mut RawView) -> Result<()> {
    let itemsize = if dtype == DType::Opaque { v.itemsize() } else { dtype.size() };
    derive_as(v, dtype, itemsize, 0, out, |l, new| layout::reinterpret(l, itemsize, new))
}

/// The real part: every other float of a complex view, a real view itself.
pub fn real(v: ViewRef<'_>, out: &mut RawView) -> Result<()> {
    match v.dtype().kind() {
        Kind::Complex => part(v, 0, out),
        Kind::Opaque => Err(Error::UnsupportedDType { dtype: v.dtype() }),
        _ => copy(v, out),
    }
}

/// The imaginary part; of a real view, zeros of its dtype that can only be read.
pub fn imag(v: ViewRef<'_>, out: &mut RawView) -> Result<()> {
    match v.dtype().kind() {
        Kind::Complex => part(v, v.dtype().part().size(), out),
        Kind::Opaque => Err(Error::UnsupportedDType { dtype: v.dtype() }),
        _ => {
            let mut axes = out.axes();
            for &n in v.shape() {
                axes.push(n, 0)?;
            }
            let ndim = axes.len();
            let zeros = ZERO.as_ptr().cast::<u8>().cast_mut();
            out.set(zeros, v.dtype(), v.itemsize(), true, ndim);
            Ok(())
        }
    }
}

fn part(v: ViewRef<'_>, offset: i64, out: &mut RawView) -> Result<()> {
    let dtype = v.dtype().part();
    derive_as(v, dtype, dtype.size(), offset, out, |l, axes| axes.extend(l))
}

/// The field of `itemsize` bytes at byte `offset` of every item.
pub fn field(v: ViewRef<'_>, offset: i64, dtype: DType, itemsize: i64, out: &mut RawView) -> Result<()> {
    dtype.check_itemsize(itemsize)?;
    layout::check_field(v.layout(), offset, itemsize)?;
    derive_as(v, dtype, itemsize, offset, out, |l, axes| axes.extend(l))
}

/// The same view, which can not be written through.
pub fn readonly(v: ViewRef<'_>, out: &mut RawView) -> Result<()> {
    copy(v, out)?;
    out.set_readonly();
    Ok(())
}

/// A view of another dtype whose elements start `offset` bytes into the items of `v`.
fn derive_as(
    v: ViewRef<'_>,
    dtype: DType,
    itemsize: i64,
    offset: i64,
    out: &mut RawView,
    f: impl FnOnce(Layout<'_>, &mut Axes<'_>) -> Result<()>,
) -> Result<()> {
    let mut axes = out.axes();
    f(v.layout(), &mut axes)?;
    let ndim = axes.len();
    // Without elements there may be no address to move.
    let offset = if v.is_empty() { 0 } else { offset };
    out.set(v.at(offset), dtype, itemsize, v.is_readonly(), ndim);
    Ok(())
}
