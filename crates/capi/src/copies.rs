//! Copies, casts and fills of elements.

use core::ffi::c_void;

use libstrided::{Alike, Casting, FewAxes, RawView, TwoAxes, engine};

use crate::arguments::{bytes, places, view};
use crate::engine::about;
use crate::status::{Named, boundary, guarded, status};
use crate::types::*;

/// Copies the elements of `src`, broadcast, to `dst`, casting under the rule same_kind. The views may overlap: the result is as if
/// `src` had been read in full first. Errors: STRIDED_E_BROADCAST or _SHAPE, _CASTING, _READONLY, _SELF_OVERLAP (of `dst`),
/// _NO_MEMORY (only when the views overlap).
///
/// # Safety
/// Both point to views of memory that is there and that no other thread writes; no other thread reads `dst`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_copy(src: *const strided_view, dst: *const strided_view) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe { copy("strided_copy", src, dst, Casting::SameKind) }
}

/// As strided_copy, under another casting rule. Floats cast to integers saturate, NaN becomes 0; integers cast to narrower ones
/// wrap; complex numbers cast to real ones lose the imaginary part; anything cast to bool is whether it is not 0.
///
/// # Safety
/// As strided_copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_copy_cast(
    src: *const strided_view,
    dst: *const strided_view,
    casting: i32,
) -> strided_status {
    let function = "strided_copy_cast";
    match crate::arguments::casting(casting) {
        // SAFETY: the caller's promise.
        Ok(casting) => unsafe { copy(function, src, dst, casting) },
        Err(fail) => status(function, Err(fail)),
    }
}

/// A function for each kind of small copies, which ends with a call of the next one if the copy is none: see `engine::unary_same`.
///
/// # Safety
/// As [`strided_copy`].
#[inline(always)]
unsafe fn copy(
    function: &'static str,
    src: *const strided_view,
    dst: *const strided_view,
    casting: Casting,
) -> strided_status {
    // SAFETY: the caller's promise.
    guarded(function, || unsafe {
        let Some(([from], to)) = places([src], dst) else { return copy_any(src, dst, casting, function) };
        match (from.few_axes(), to.few_axes()) {
            (1, 1) => copy_row(from, to, casting, function),
            (2, 2) => copy_matrix(from, to, casting, function),
            (3.., 3..) => copy_few_axes(from, to, casting, function),
            _ => copy_stretched(from, to, casting, function),
        }
    })
}

/// # Safety
/// As [`strided_copy`].
#[inline(never)]
unsafe fn copy_row(src: &RawView, dst: &RawView, casting: Casting, function: &'static str) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if TwoAxes::rows(src, dst).is_some_and(|axes| engine::copy_two_axes(&axes)) {
            return STRIDED_OK;
        }
        copy_alike(src, dst, casting, function)
    }
}

/// # Safety
/// As [`strided_copy`].
#[inline(never)]
unsafe fn copy_matrix(
    src: &RawView,
    dst: &RawView,
    casting: Casting,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if TwoAxes::matrices(src, dst).is_some_and(|axes| engine::copy_two_axes(&axes)) {
            return STRIDED_OK;
        }
        copy_alike(src, dst, casting, function)
    }
}

/// # Safety
/// As [`strided_copy`].
#[inline(never)]
unsafe fn copy_few_axes(
    src: &RawView,
    dst: &RawView,
    casting: Casting,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if FewAxes::of(src, dst).is_some_and(|axes| engine::copy_few_axes(&axes)) {
            return STRIDED_OK;
        }
        copy_alike(src, dst, casting, function)
    }
}

/// # Safety
/// As [`strided_copy`].
#[inline(never)]
unsafe fn copy_stretched(
    src: &RawView,
    dst: &RawView,
    casting: Casting,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if TwoAxes::of(src, dst).is_some_and(|axes| engine::copy_two_axes(&axes)) {
            return STRIDED_OK;
        }
        copy_alike(src, dst, casting, function)
    }
}

/// # Safety
/// As [`strided_copy`].
#[inline(never)]
unsafe fn copy_alike(
    src: &RawView,
    dst: &RawView,
    casting: Casting,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if Alike::of([src], dst).is_some_and(|alike| engine::copy_alike(&alike)) {
            return STRIDED_OK;
        }
        copy_any(core::ptr::from_ref(src).cast(), core::ptr::from_ref(dst).cast(), casting, function)
    }
}

/// # Safety
/// As [`strided_copy`].
#[inline(never)]
unsafe fn copy_any(
    src: *const strided_view,
    dst: *const strided_view,
    casting: Casting,
    function: &'static str,
) -> strided_status {
    boundary(function, || {
        // SAFETY: the caller's promise.
        unsafe {
            let (src, dst) = (view("src", src)?, view("dst", dst)?);
            engine::copy(src, dst, casting).named_by(|e| about(e, "src", "dst"))
        }
    })
}

/// Sets every element of `dst` to `*value`, one element of `dtype`, cast under the rule same_kind. For STRIDED_OPAQUE the value has
/// the item size of `dst`. Errors: STRIDED_E_CASTING, _READONLY, _SELF_OVERLAP, _NO_MEMORY (opaque items only).
///
/// # Safety
/// `dst` points to a view of memory that no other thread reads or writes; `value` points to one element, of any alignment.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_fill(
    dst: *const strided_view,
    dtype: i32,
    value: *const c_void,
) -> strided_status {
    boundary("strided_fill", || {
        // SAFETY: the caller's promise.
        unsafe {
            let dst = view("dst", dst)?;
            let dtype = crate::arguments::dtype("dtype", dtype)?;
            let value = bytes("value", value)?;
            engine::fill(dst, dtype, value).named_by(|e| about(e, "dst", "dst"))
        }
    })
}
