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

/// A function for each kind of small copies, which ends with a call of the one for all if the copy is none: see
/// `engine::unary_same`.
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
            (1, 1) => copy_by(from, to, casting, function, |src, dst| two_axes(TwoAxes::rows(src, dst))),
            (2, 2) => copy_by(from, to, casting, function, |src, dst| two_axes(TwoAxes::matrices(src, dst))),
            (3.., 3..) => copy_by(from, to, casting, function, |src, dst| few_axes(FewAxes::of(src, dst))),
            _ => copy_by(from, to, casting, function, |src, dst| two_axes(TwoAxes::of(src, dst))),
        }
    })
}

/// # Safety
/// As [`strided_copy`], for the views that were found to be so.
#[inline(always)]
unsafe fn two_axes(found: Option<TwoAxes>) -> bool {
    // SAFETY: the caller's promise.
    found.is_some_and(|axes| unsafe { engine::copy_two_axes(&axes) })
}

/// # Safety
/// As [`two_axes`].
#[inline(always)]
unsafe fn few_axes(found: Option<FewAxes>) -> bool {
    // SAFETY: the caller's promise.
    found.is_some_and(|axes| unsafe { engine::copy_few_axes(&axes) })
}

/// A copy that one look may tell of, and else the last one, or that is no small one.
///
/// # Safety
/// As [`strided_copy`], which is what `done` does or does not.
// A function for each look: they are all different closures.
#[inline(never)]
unsafe fn copy_by(
    src: &RawView,
    dst: &RawView,
    casting: Casting,
    function: &'static str,
    done: impl FnOnce(&RawView, &RawView) -> bool,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe { if done(src, dst) { STRIDED_OK } else { copy_alike(src, dst, casting, function) } }
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
