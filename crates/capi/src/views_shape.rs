//! Views of another shape: reshaped, broadcast, diagonals, windows, parts, any strides.

use core::ffi::c_void;

use libstrided::few;
use libstrided::{Error, Order, RawView, ViewRef, algebra};

use crate::arguments::{
    ByAxes, about_n, about_ndim, by_axes, by_axes_of, derive, few_list, list, made_few, optional_list,
    pointer, put, view, view_list, views,
};
use crate::status::{Named, boundary};
use crate::types::*;
use crate::views_axes::first_or_second;

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
    // SAFETY: the caller's promise, in each function.
    unsafe {
        let few = || {
            let (from, v) = by_axes_of(&RESHAPE, v)?;
            Some((by_axes(from, ndim)?, v))
        };
        match few() {
            Some((few, v)) => few(v, ndim, shape, order, out),
            None => reshape_any(v, ndim, shape, order, out),
        }
    }
}

type ReshapeFunction =
    unsafe extern "C" fn(*const RawView, i32, *const i64, i32, *mut strided_view) -> strided_status;

static RESHAPE: ByAxes<ByAxes<ReshapeFunction>> =
    [reshape_from::<1>(), reshape_from::<2>(), reshape_from::<3>(), reshape_from::<4>()];

const fn reshape_from<const N: usize>() -> ByAxes<ReshapeFunction> {
    [reshape_few::<N, 1>, reshape_few::<N, 2>, reshape_few::<N, 3>, reshape_few::<N, 4>]
}

/// [`strided_view_reshape`] of a view with `N` axes to one with `M`.
#[inline(never)]
unsafe extern "C" fn reshape_few<const N: usize, const M: usize>(
    v: *const RawView,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    let done = unsafe {
        made_few(out, || {
            let (shape, order) = (few_list(shape, ndim)?, Order::from_code(order).ok()?);
            few::reshape::<N, M>(&*v, shape, order)
        })
    };
    // SAFETY: as above.
    if done { STRIDED_OK } else { unsafe { reshape_any(v.cast(), ndim, shape, order, out) } }
}

/// [`strided_view_reshape`] of any view to any shape, also to wrong ones.
#[cold]
#[inline(never)]
unsafe extern "C" fn reshape_any(
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
    // SAFETY: the caller's promise, in each function.
    unsafe {
        let few = || {
            let (from, v) = by_axes_of(&BROADCAST, v)?;
            Some((by_axes(from, ndim)?, v))
        };
        match few() {
            Some((few, v)) => few(v, ndim, shape, out),
            None => broadcast_any(v, ndim, shape, out),
        }
    }
}

type BroadcastFunction =
    unsafe extern "C" fn(*const RawView, i32, *const i64, *mut strided_view) -> strided_status;

static BROADCAST: ByAxes<ByAxes<BroadcastFunction>> =
    [broadcast_from::<1>(), broadcast_from::<2>(), broadcast_from::<3>(), broadcast_from::<4>()];

const fn broadcast_from<const N: usize>() -> ByAxes<BroadcastFunction> {
    [broadcast_few::<N, 1>, broadcast_few::<N, 2>, broadcast_few::<N, 3>, broadcast_few::<N, 4>]
}

/// [`strided_view_broadcast_to`] of a view with `N` axes to `M`.
#[inline(never)]
unsafe extern "C" fn broadcast_few<const N: usize, const M: usize>(
    v: *const RawView,
    ndim: i32,
    shape: *const i64,
    out: *mut strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    let done = unsafe { made_few(out, || few::broadcast::<N, M>(&*v, few_list(shape, ndim)?)) };
    // SAFETY: as above.
    if done { STRIDED_OK } else { unsafe { broadcast_any(v.cast(), ndim, shape, out) } }
}

/// [`strided_view_broadcast_to`] of any view to any shape, also to wrong ones.
#[cold]
#[inline(never)]
unsafe extern "C" fn broadcast_any(
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
