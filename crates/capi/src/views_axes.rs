//! Views with the axes in another order or direction, with more or fewer axes of extent 1.

use libstrided::{Error, RawView, algebra, few};

use crate::arguments::{ByAxes, about_n, by_axes_of, derive, few_list, list, made_few, optional_list, view};
use crate::status::{Named, boundary};
use crate::types::*;

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
    // SAFETY: the caller's promise, in each function.
    unsafe {
        match by_axes_of(&TRANSPOSE, v) {
            Some((few, v)) => few(v, axes, out),
            None => transpose_any(v, axes, out),
        }
    }
}

type TransposeFunction =
    unsafe extern "C" fn(*const RawView, *const i32, *mut strided_view) -> strided_status;

static TRANSPOSE: ByAxes<TransposeFunction> =
    [transpose_few::<1>, transpose_few::<2>, transpose_few::<3>, transpose_few::<4>];

/// [`strided_view_transpose`] of a view with `N` axes.
#[inline(never)]
unsafe extern "C" fn transpose_few<const N: usize>(
    v: *const RawView,
    axes: *const i32,
    out: *mut strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    let done = unsafe {
        made_few(out, || {
            let axes = if axes.is_null() { None } else { Some(few_list(axes, N as i32)?) };
            few::transpose::<N>(&*v, axes)
        })
    };
    // SAFETY: as above.
    if done { STRIDED_OK } else { unsafe { transpose_any(v.cast(), axes, out) } }
}

/// [`strided_view_transpose`] of any view, by any axes, also by wrong ones.
#[cold]
#[inline(never)]
unsafe extern "C" fn transpose_any(
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
    // SAFETY: the caller's promise, in each function.
    unsafe {
        match by_axes_of(&SWAPAXES, v) {
            Some((few, v)) => few(v, a, b, out),
            None => swapaxes_any(v, a, b, out),
        }
    }
}

type SwapAxesFunction = unsafe extern "C" fn(*const RawView, i32, i32, *mut strided_view) -> strided_status;

static SWAPAXES: ByAxes<SwapAxesFunction> =
    [swapaxes_few::<1>, swapaxes_few::<2>, swapaxes_few::<3>, swapaxes_few::<4>];

/// [`strided_view_swapaxes`] of a view with `N` axes.
#[inline(never)]
unsafe extern "C" fn swapaxes_few<const N: usize>(
    v: *const RawView,
    a: i32,
    b: i32,
    out: *mut strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    let done = unsafe { made_few(out, || few::swapaxes::<N>(&*v, a, b)) };
    // SAFETY: as above.
    if done { STRIDED_OK } else { unsafe { swapaxes_any(v.cast(), a, b, out) } }
}

/// [`strided_view_swapaxes`] of any view, by any axes, also by wrong ones.
#[cold]
#[inline(never)]
unsafe extern "C" fn swapaxes_any(
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
pub(crate) fn first_or_second(error: &Error, first: i32, a: &'static str, b: &'static str) -> &'static str {
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
