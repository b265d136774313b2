//! Choices between elements, and operations under a mask.

use libstrided::{BinaryOp, UnaryOp, engine};

use crate::arguments::{optional_view, view};
use crate::engine::about;
use crate::status::{Named, boundary};
use crate::types::*;

/// out = `a` where `mask` is not 0, else `b`, element by element, all three broadcast to the shape of `out`. The mask may have any
/// dtype but STRIDED_OPAQUE. The result has the common dtype of `a` and `b` and is cast to `out` under the rule same_kind. Only
/// chosen elements are looked at. Overlap, errors: as strided_binary.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_where(
    mask: *const strided_view,
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_where", || {
        // SAFETY: the caller's promise.
        unsafe {
            let (mask, a, b, out) = (view("mask", mask)?, view("a", a)?, view("b", b)?, view("out", out)?);
            engine::where_(mask, a, b, out).named_by(|e| about(e, "mask, a, b", "out"))
        }
    })
}

/// out = the elements of `v`, those below `low` raised to it and those above `high` lowered to it: minimum(maximum(v, low), high),
/// also where `low` is above `high`; NaN where one of the three is. `low` and `high` are broadcast views; NULL means no bound on
/// that side. Computed in the common dtype, bool as i8. Overlap, errors: as strided_binary.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_clip(
    v: *const strided_view,
    low: *const strided_view,
    high: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_clip", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let (low, high) = (optional_view("low", low)?, optional_view("high", high)?);
            let out = view("out", out)?;
            engine::clip(v, low, high, out).named_by(|e| about(e, "v, low, high", "out"))
        }
    })
}

/// out = a * b + c, element by element, with one rounding, all three broadcast. Integers wrap; not for bools and complex numbers.
/// Overlap, errors: as strided_binary.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_fma(
    a: *const strided_view,
    b: *const strided_view,
    c: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_fma", || {
        // SAFETY: the caller's promise.
        unsafe {
            let (a, b, c, out) = (view("a", a)?, view("b", b)?, view("c", c)?, view("out", out)?);
            engine::fma(a, b, c, out).named_by(|e| about(e, "a, b, c", "out"))
        }
    })
}

/// strided_unary where `mask`, a broadcast view of bools, is true; the other elements of `out` stay as they are. No floating-point
/// flag is raised for elements that are left out. Overlap, errors: as strided_unary; STRIDED_E_CASTING for a mask that is not bool.
///
/// # Safety
/// As strided_unary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_unary_where(
    op: i32,
    v: *const strided_view,
    mask: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_unary_where", || {
        let op = UnaryOp::from_code(op).named("op")?;
        // SAFETY: the caller's promise.
        unsafe {
            let (v, mask, out) = (view("v", v)?, view("mask", mask)?, view("out", out)?);
            engine::unary_where(op, v, mask, out).named_by(|e| about(e, "v, mask", "out"))
        }
    })
}

/// strided_binary where `mask`, a broadcast view of bools, is true; as strided_unary_where.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_binary_where(
    op: i32,
    a: *const strided_view,
    b: *const strided_view,
    mask: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_binary_where", || {
        let op = BinaryOp::from_code(op).named("op")?;
        // SAFETY: the caller's promise.
        unsafe {
            let (a, b) = (view("a", a)?, view("b", b)?);
            let (mask, out) = (view("mask", mask)?, view("out", out)?);
            engine::binary_where(op, a, b, mask, out).named_by(|e| about(e, "a, b, mask", "out"))
        }
    })
}
