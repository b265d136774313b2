//! Views: made, derived from each other, asked. Nothing here allocates.
//!
//! What the doc comments of every function leave out is said once at the top of the header: outputs are written only on
//! success, `out` may be `v`, axes may be negative, and all of these functions may be called from any thread.

use core::ffi::c_void;

use libstrided::{DType, Error, Index, Layout, Result, ViewRef, algebra, query};

use crate::arguments::{
    derive, list, optional_list, order, pointer, put, sized_dtype, view, view_list, views,
};
use crate::status::{Named, Outcome, boundary};
use crate::types::*;

/// Makes a view of elements of `dtype` at `data`. `shape` holds `ndim` extents; `strides` holds `ndim` strides in bytes, or
/// is NULL for elements packed in `order` (STRIDED_ORDER_C or STRIDED_ORDER_F). The memory is not touched.
/// Errors: STRIDED_E_ENUM, _NDIM, _SHAPE (negative extent), _OVERFLOW (size or addresses beyond 63 bits), _DTYPE
/// (STRIDED_OPAQUE: use strided_view_init_opaque), _NULL.
///
/// # Safety
/// `shape` and `strides` hold `ndim` entries; `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_init(
    out: *mut strided_view,
    data: *mut c_void,
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order: i32,
) -> strided_status {
    boundary("strided_view_init", || {
        let dtype = sized_dtype(dtype)?;
        // SAFETY: the caller's promise.
        unsafe { init(out, data, dtype, dtype.size(), ndim, shape, strides, order) }
    })
}

/// As strided_view_init, for items of any size: records, characters, long double, derived types. Such views can be viewed,
/// copied and transposed, not computed on. `itemsize` is in bytes and at least 1.
///
/// # Safety
/// As strided_view_init.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_init_opaque(
    out: *mut strided_view,
    data: *mut c_void,
    itemsize: i64,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order: i32,
) -> strided_status {
    boundary("strided_view_init_opaque", || {
        // SAFETY: the caller's promise.
        unsafe { init(out, data, DType::Opaque, itemsize, ndim, shape, strides, order) }
    })
}

/// # Safety
/// As [`strided_view_init`].
// The arguments are those of the C function.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
unsafe fn init(
    out: *mut strided_view,
    data: *mut c_void,
    dtype: DType,
    itemsize: i64,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order_code: i32,
) -> Outcome {
    dtype.check_itemsize(itemsize).named("itemsize")?;
    // SAFETY: the caller's promise.
    let (shape, strides) = unsafe {
        (list("shape", shape, ndim).map_err(about_ndim)?, optional_list("strides", strides, ndim)?)
    };
    let order = order(order_code)?;
    // SAFETY: the caller's promise.
    unsafe {
        derive(out, |new| {
            algebra::init(data.cast(), dtype, itemsize, shape, strides, order, new).named_by(|e| match e {
                Error::NullPointer => "data",
                Error::InvalidArgument { .. } => "order",
                _ => match strides {
                    Some(_) => shape_or_strides(itemsize, shape),
                    None => "shape",
                },
            })
        })
    }
}

/// Which of the two a layout is refused for.
#[cold]
#[inline(never)]
fn shape_or_strides(itemsize: i64, shape: &[i64]) -> &'static str {
    if Layout::new(itemsize, shape, &[0; 64][..shape.len()]).is_ok() { "strides" } else { "shape" }
}

/// A number of axes out of range is an error of `ndim`, not of the list that it counts.
pub(crate) fn about_ndim(mut fail: crate::status::Fail) -> crate::status::Fail {
    if matches!(fail.error, Error::TooManyAxes { .. }) {
        fail.argument = "ndim";
    }
    fail
}

/// Checks that every element of `v` lies in the `nbytes` bytes from `block` on. Errors: STRIDED_E_BOUNDS, and those of a
/// bad view.
///
/// # Safety
/// `v` points to a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_check(
    v: *const strided_view,
    block: *const c_void,
    nbytes: i64,
) -> strided_status {
    boundary("strided_view_check", || {
        // SAFETY: the caller's promise.
        let v = unsafe { view("v", v) }?;
        query::check_inside(v, block.cast(), nbytes).named_by(|e| match e {
            Error::InvalidArgument { .. } => "nbytes",
            Error::NullPointer => "block",
            _ => "v",
        })
    })
}

/// The same elements with the axes in another order: axis i of `out` is axis `axes[i]` of `v`. `axes` holds ndim entries, or is
/// NULL to reverse all axes. Errors: STRIDED_E_AXIS.
///
/// # Safety
/// `v` points to a view, `axes` holds as many entries as it has axes, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_transpose(
    v: *const strided_view,
    axes: *const i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_transpose", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let axes = optional_list("axes", axes, v.ndim() as i32)?;
            derive(out, |new| algebra::transpose(v, axes, new).named("axes"))
        }
    })
}

/// Exchanges axes `a` and `b`. Errors: STRIDED_E_AXIS.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_swapaxes(
    v: *const strided_view,
    a: i32,
    b: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_swapaxes", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::swapaxes(v, a, b, new).named_by(|e| first_or_second(e, a, "a", "b")))
        }
    })
}

/// Which of two axes an error is about.
fn first_or_second(error: &Error, first: i32, a: &'static str, b: &'static str) -> &'static str {
    match *error {
        Error::AxisOutOfRange { axis, .. } if axis == i64::from(first) => a,
        Error::TooFewAxes { .. } => "v",
        _ => b,
    }
}

/// Moves the `n` axes `from[i]` to the positions `to[i]`; the others keep their order. Errors: STRIDED_E_AXIS.
///
/// # Safety
/// `v` points to a view, `from` and `to` hold `n` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_moveaxis(
    v: *const strided_view,
    n: i32,
    from: *const i32,
    to: *const i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_moveaxis", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let (from, to) = (list("from", from, n).map_err(about_n)?, list("to", to, n).map_err(about_n)?);
            let from_is_bad = libstrided::AxisSet::from_axes(from, v.ndim()).is_err();
            derive(out, |new| {
                algebra::moveaxis(v, from, to, new).named(if from_is_bad { "from" } else { "to" })
            })
        }
    })
}

/// A count out of range is an error of `n`.
pub(crate) fn about_n(mut fail: crate::status::Fail) -> crate::status::Fail {
    if matches!(fail.error, Error::TooManyAxes { .. }) {
        fail.argument = "n";
    }
    fail
}

/// NumPy's basic indexing with `n` items: ranges, integers (STRIDED_INDEX_AT), new axes, one ellipsis. Ends of ranges are
/// clamped to the axis. A result without elements keeps the address of `v`. Errors: STRIDED_E_INDEX (index out of range,
/// step 0, too many items, two ellipses), STRIDED_E_ENUM (unknown kind), STRIDED_E_NDIM (more than 64 axes).
///
/// # Safety
/// `v` points to a view, `items` holds `n` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_index(
    v: *const strided_view,
    n: i32,
    items: *const strided_index,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_index", || {
        // SAFETY: the caller's promise. There can be more items than axes, so the list has its own limit.
        unsafe {
            let v = view("v", v)?;
            let items = items_of(items, n)?;
            derive(out, |new| algebra::index(v, items.iter().map(item), new).named("items"))
        }
    })
}

/// The most index items that can mean anything: 64 axes taken, 64 made, one ellipsis.
const MAX_ITEMS: i32 = 129;

/// # Safety
/// As for [`list`].
unsafe fn items_of<'a>(items: *const strided_index, n: i32) -> Outcome<&'a [strided_index]> {
    if n == 0 {
        return Ok(&[]);
    }
    if !(0..=MAX_ITEMS).contains(&n) {
        let rule = "the number of items must be 0 to 129";
        return Err(Error::InvalidArgument { rule, value: n.into() }).named("n");
    }
    pointer("items", items)?;
    // SAFETY: not NULL, aligned, and `n` entries by the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(items, n as usize) })
}

#[inline]
fn item(item: &strided_index) -> Result<Index> {
    if item.reserved != 0 {
        return Err(Error::InvalidArgument { rule: "reserved must be 0", value: item.reserved.into() });
    }
    let given = |end: i64| (end != STRIDED_NONE).then_some(end);
    match item.kind {
        STRIDED_INDEX_RANGE => {
            Ok(Index::Range { start: given(item.start), stop: given(item.stop), step: given(item.step) })
        }
        STRIDED_INDEX_AT => Ok(Index::At(item.start)),
        STRIDED_INDEX_NEWAXIS => Ok(Index::NewAxis),
        STRIDED_INDEX_ELLIPSIS => Ok(Index::Ellipsis),
        other => Err(Error::UnknownEnumerator { what: "index kind", value: other.into() }),
    }
}

/// Drops `n` axes, which must have extent 1; with `axes` NULL, all that have. Errors: STRIDED_E_AXIS.
///
/// # Safety
/// `v` points to a view, `axes` holds `n` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_squeeze(
    v: *const strided_view,
    n: i32,
    axes: *const i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_squeeze", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let axes = optional_list("axes", axes, n).map_err(about_n)?;
            derive(out, |new| algebra::squeeze(v, axes, new).named("axes"))
        }
    })
}

/// Inserts `n` axes of extent 1; `axes` are their positions in the result. Errors: STRIDED_E_AXIS, STRIDED_E_NDIM.
///
/// # Safety
/// `v` points to a view, `axes` holds `n` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_expand_dims(
    v: *const strided_view,
    n: i32,
    axes: *const i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_expand_dims", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let axes = list("axes", axes, n).map_err(about_n)?;
            derive(out, |new| algebra::expand_dims(v, axes, new).named("axes"))
        }
    })
}

/// Reverses `n` axes, or all with `axes` NULL. Errors: STRIDED_E_AXIS.
///
/// # Safety
/// `v` points to a view, `axes` holds `n` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_flip(
    v: *const strided_view,
    n: i32,
    axes: *const i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_flip", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let axes = optional_list("axes", axes, n).map_err(about_n)?;
            derive(out, |new| algebra::flip(v, axes, new).named("axes"))
        }
    })
}

/// Rotates by `k` times 90 degrees from axis `a` towards axis `b` (any `k`). Errors: STRIDED_E_AXIS, STRIDED_E_NDIM.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_rot90(
    v: *const strided_view,
    k: i32,
    a: i32,
    b: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_rot90", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::rot90(v, k, a, b, new).named_by(|e| first_or_second(e, a, "a", "b")))
        }
    })
}

/// The same elements under another shape of `ndim` extents, of which one may be -1 (computed). `order` is the index order in
/// which elements are taken and placed: STRIDED_ORDER_C, _F, or _A (F for F-ordered views). Never copies: when the strides
/// do not allow it the status is STRIDED_E_NEEDS_COPY (use strided_array_copy). Errors: STRIDED_E_SHAPE (another number of
/// elements, two -1, other negative extents), STRIDED_E_ENUM, STRIDED_E_VALUE (order K).
///
/// # Safety
/// `v` points to a view, `shape` holds `ndim` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_reshape(
    v: *const strided_view,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_reshape", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let shape = list("shape", shape, ndim).map_err(about_ndim)?;
            let order = crate::arguments::order(order)?;
            derive(out, |new| {
                algebra::reshape(v, shape, order, new).named_by(|e| match e {
                    Error::InvalidArgument { .. } => "order",
                    Error::NeedsCopy => "v",
                    _ => "shape",
                })
            })
        }
    })
}

/// All elements on one axis, in C or F index order, the order of the view (STRIDED_ORDER_A), or the order of its strides
/// (STRIDED_ORDER_K). Never copies: STRIDED_E_NEEDS_COPY when the strides do not allow it.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_ravel(
    v: *const strided_view,
    order: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_ravel", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let order = crate::arguments::order(order)?;
            derive(out, |new| algebra::ravel(v, order, new).named("v"))
        }
    })
}

/// Stretches `v` to `shape`: new axes in front and axes of extent 1 get stride 0. The result is read-only, since its
/// elements share memory. Errors: STRIDED_E_BROADCAST, STRIDED_E_SHAPE (fewer axes, negative extent), STRIDED_E_OVERFLOW.
///
/// # Safety
/// `v` points to a view, `shape` holds `ndim` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_broadcast_to(
    v: *const strided_view,
    ndim: i32,
    shape: *const i64,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_broadcast_to", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let shape = list("shape", shape, ndim).map_err(about_ndim)?;
            derive(out, |new| algebra::broadcast_to(v, shape, new).named("shape"))
        }
    })
}

/// The shape that `n` views broadcast to. `shape` has room for 64 extents; `*ndim` of them are written. Without views the
/// shape is (). Errors: STRIDED_E_BROADCAST, STRIDED_E_OVERFLOW.
///
/// # Safety
/// `views` holds `n` pointers to views; `ndim` and `shape` are places for one int32_t and 64 int64_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_broadcast_shapes(
    n: i32,
    views: *const *const strided_view,
    ndim: *mut i32,
    shape: *mut i64,
) -> strided_status {
    boundary("strided_broadcast_shapes", || {
        // SAFETY: the caller's promise.
        unsafe {
            let list = view_list("views", views, n)?;
            pointer("ndim", ndim)?;
            pointer("shape", shape)?;
            let result = algebra::broadcast_shapes(crate::arguments::views(list)).named("views")?;
            core::ptr::copy_nonoverlapping(result.shape().as_ptr(), shape, result.shape().len());
            put(ndim, result.shape().len() as i32);
        }
        Ok(())
    })
}

/// Broadcasts `n` views against each other: `out[i]` is `views[i]` stretched to their common shape, and read-only. Outputs may be
/// the inputs; they are written only when all have gone well. Errors: STRIDED_E_BROADCAST, STRIDED_E_OVERFLOW.
///
/// # Safety
/// `v` holds `n` pointers to views, `out` `n` pointers to places for views.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_broadcast_many(
    n: i32,
    v: *const *const strided_view,
    out: *const *mut strided_view,
) -> strided_status {
    boundary("strided_view_broadcast_many", || {
        // SAFETY: the caller's promise. The second walk repeats what has gone well in the first: outputs may be inputs,
        // but output i is written after view i was read, and stretching a stretched view changes nothing.
        unsafe {
            let (list, outs) = (view_list("v", v, n)?, view_list("out", out, n)?);
            let shape = algebra::broadcast_shapes(views(list)).named("v")?;
            let mut scratch = libstrided::RawView::vacant();
            for (v, &out) in views(list).zip(outs) {
                pointer("out", out)?;
                algebra::broadcast_to(v.named("v")?, shape.shape(), &mut scratch).named("v")?;
            }
            for (v, &out) in views(list).zip(outs) {
                let v: ViewRef<'_> = v.named("v")?;
                derive(out, |new| algebra::broadcast_to(v, shape.shape(), new).named("v"))?;
            }
        }
        Ok(())
    })
}

/// The diagonal of axes `a` and `b`, `offset` elements to the side of b (of a when negative), as the last axis; without
/// elements when it lies beyond the edge. It can be written to when `v` can. Errors: STRIDED_E_AXIS, STRIDED_E_NDIM.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_diagonal(
    v: *const strided_view,
    offset: i64,
    a: i32,
    b: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_diagonal", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| {
                algebra::diagonal(v, offset, a, b, new).named_by(|e| first_or_second(e, a, "a", "b"))
            })
        }
    })
}

/// All windows of `window[i]` elements along `axes[i]`: these axes shrink by the window less one, and `n` window axes are
/// appended. An axis may be named twice. With `axes` NULL there is one window per axis. The result is read-only, since
/// windows share memory. Errors: STRIDED_E_AXIS, STRIDED_E_VALUE (window negative or longer than its axis), STRIDED_E_NDIM.
///
/// # Safety
/// `v` points to a view, `axes` and `window` hold `n` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_sliding_window(
    v: *const strided_view,
    n: i32,
    axes: *const i32,
    window: *const i64,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_sliding_window", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let axes = optional_list("axes", axes, n).map_err(about_n)?;
            let window = list("window", window, n).map_err(about_n)?;
            derive(out, |new| {
                algebra::sliding_window(v, axes, window, new).named_by(|e| match e {
                    Error::AxisOutOfRange { .. } => "axes",
                    Error::TooManyAxes { .. } => "n",
                    _ => "window",
                })
            })
        }
    })
}

/// Part number `part` (from 0) of `sections` nearly equal parts of an axis; the first ones are longer by one where it does
/// not come out even. Errors: STRIDED_E_AXIS, STRIDED_E_VALUE.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_split(
    v: *const strided_view,
    sections: i32,
    axis: i32,
    part: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_split", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| {
                algebra::split(v, sections, axis, part, new).named_by(|e| match e {
                    Error::AxisOutOfRange { .. } => "axis",
                    _ if sections < 1 => "sections",
                    _ => "part",
                })
            })
        }
    })
}

/// Other extents and strides (in bytes) from the first element of `v` on, checked to stay inside the `nbytes` bytes from
/// `block` on. Elements may share memory. Errors: STRIDED_E_BOUNDS, _NDIM, _SHAPE, _OVERFLOW.
///
/// # Safety
/// `v` points to a view, `shape` and `strides` hold `ndim` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_as_strided(
    v: *const strided_view,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    block: *const c_void,
    nbytes: i64,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_as_strided", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let shape = list("shape", shape, ndim).map_err(about_ndim)?;
            let strides = list("strides", strides, ndim).map_err(about_ndim)?;
            derive(out, |new| {
                algebra::as_strided(v, shape, strides, block.cast(), nbytes, new).named_by(|e| match e {
                    Error::NullPointer => "block",
                    Error::InvalidArgument { .. } => "nbytes",
                    Error::OutOfBounds { .. } => "strides",
                    _ => "shape",
                })
            })
        }
    })
}

/// The same bytes as elements of another dtype. A change of the item size needs an axis along which the bytes follow each
/// other; the last such axis changes its extent. To STRIDED_OPAQUE the item size stays. Errors: STRIDED_E_ENUM,
/// STRIDED_E_VALUE.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_reinterpret(
    v: *const strided_view,
    dtype: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_reinterpret", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let dtype = crate::arguments::dtype("dtype", dtype)?;
            derive(out, |new| algebra::reinterpret(v, dtype, new).named("dtype"))
        }
    })
}

/// The real parts of a complex view, or a real view itself. Errors: STRIDED_E_DTYPE (opaque).
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_real(v: *const strided_view, out: *mut strided_view) -> strided_status {
    boundary("strided_view_real", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::real(v, new).named("v"))
        }
    })
}

/// The imaginary parts of a complex view; of a real view, zeros of its dtype that can only be read (they lie in the library).
/// Errors: STRIDED_E_DTYPE (opaque).
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_imag(v: *const strided_view, out: *mut strided_view) -> strided_status {
    boundary("strided_view_imag", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::imag(v, new).named("v"))
        }
    })
}

/// The field of type `dtype` that starts `byte_offset` bytes into every item, as a view with the same shape. Errors:
/// STRIDED_E_VALUE (the field leaves the item), STRIDED_E_DTYPE (STRIDED_OPAQUE: use strided_view_field_opaque), STRIDED_E_ENUM.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_field(
    v: *const strided_view,
    byte_offset: i64,
    dtype: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_field", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let dtype = sized_dtype(dtype)?;
            derive(out, |new| algebra::field(v, byte_offset, dtype, dtype.size(), new).named_by(about_field))
        }
    })
}

/// As strided_view_field, for a field of `itemsize` bytes of any kind. Errors: STRIDED_E_VALUE.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_field_opaque(
    v: *const strided_view,
    byte_offset: i64,
    itemsize: i64,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_field_opaque", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let opaque = DType::Opaque;
            derive(out, |new| algebra::field(v, byte_offset, opaque, itemsize, new).named_by(about_field))
        }
    })
}

fn about_field(error: &Error) -> &'static str {
    match error {
        Error::ItemSize { dtype: DType::Opaque, .. } => "itemsize",
        Error::ItemSize { .. } => "dtype",
        _ => "byte_offset",
    }
}

/// The same view, which can not be written through.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_readonly(
    v: *const strided_view,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_readonly", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::readonly(v, new).named("v"))
        }
    })
}

/// The number of elements; -1 when `v` is NULL or no valid view (strided_last_error says why).
///
/// # Safety
/// `v` points to a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_size(v: *const strided_view) -> i64 {
    let mut size = -1;
    boundary("strided_view_size", || {
        // SAFETY: the caller's promise.
        size = unsafe { view("v", v) }?.size();
        Ok(())
    });
    size
}

/// STRIDED_IS_C_CONTIGUOUS, _F_CONTIGUOUS, _ALIGNED, _WRITEABLE and _SELF_OVERLAP, as far as they hold; 0 when `v` is NULL or
/// no valid view. Contiguity follows NumPy: axes of extent 1 are not looked at, and views without elements have both.
///
/// # Safety
/// `v` points to a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_query(v: *const strided_view) -> u32 {
    let mut flags = 0;
    boundary("strided_view_query", || {
        // SAFETY: the caller's promise.
        flags = query::flags(unsafe { view("v", v) }?);
        Ok(())
    });
    flags
}

/// The bytes that the elements take, `*low` to `*high` (not included), counted from `v->data`; both 0 without elements. `*low`
/// is negative when an axis runs backwards.
///
/// # Safety
/// `v` points to a view, `low` and `high` are places for an int64_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_extent(
    v: *const strided_view,
    low: *mut i64,
    high: *mut i64,
) -> strided_status {
    boundary("strided_view_extent", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            pointer("low", low)?;
            pointer("high", high)?;
            let (l, h) = v.layout().extent();
            put(low, l);
            put(high, h);
        }
        Ok(())
    })
}

/// Whether `a` and `b` share memory: `*answer` is 1 or 0. With `exact` 0 only their byte extents are compared, which is quick and
/// sometimes says 1 for views that share nothing; with `exact` 1 the answer is exact, or the status STRIDED_E_UNDECIDED when
/// it would take too long (about a million steps; real layouts need a handful). Views without elements share nothing.
///
/// # Safety
/// `a` and `b` point to views, `answer` is a place for an int32_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_overlap(
    a: *const strided_view,
    b: *const strided_view,
    exact: i32,
    answer: *mut i32,
) -> strided_status {
    boundary("strided_view_overlap", || {
        // SAFETY: the caller's promise.
        unsafe {
            let (a, b) = (view("a", a)?, view("b", b)?);
            let exact = crate::arguments::boolean("exact", exact)?;
            pointer("answer", answer)?;
            let shared = if exact { query::overlaps(a, b).named("a, b")? } else { query::may_overlap(a, b) };
            put(answer, shared.into());
        }
        Ok(())
    })
}

/// The address of one element, given by `n` = ndim indices; negative ones count from the end. Errors: STRIDED_E_INDEX,
/// STRIDED_E_SHAPE (wrong `n`).
///
/// # Safety
/// `v` points to a view, `indices` holds `n` entries, `out` is a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_address(
    v: *const strided_view,
    n: i32,
    indices: *const i64,
    out: *mut *mut c_void,
) -> strided_status {
    boundary("strided_view_address", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let indices = list("indices", indices, n).map_err(about_n)?;
            pointer("out", out)?;
            let address = query::address(v, indices).named("indices")?;
            put(out, address.cast());
        }
        Ok(())
    })
}
