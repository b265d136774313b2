//! What can be asked of a view.

use core::ffi::c_void;

use libstrided::{Error, query};

use crate::arguments::{about_n, list, pointer, put, view};
use crate::status::{Named, boundary};
use crate::types::*;

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
