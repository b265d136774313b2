//! Choices between elements, and operations under a mask.

use libstrided::{BinaryOp, DType, Error, TernaryOp, UnaryOp, engine};

use crate::arguments::{if_alike, mixed, optional_view, pointer, put, view};
use crate::engine::about;
use crate::status::{Named, boundary, guarded};
use crate::types::*;

/// Does an operation on few elements whose views are alike; `false`, and nothing done, for all others.
///
/// # Safety
/// As [`strided_where`].
#[inline(always)]
unsafe fn quick(op: TernaryOp, inputs: [*const strided_view; 3], out: *const strided_view) -> bool {
    // SAFETY: the caller's promise.
    unsafe { if_alike(inputs, out, |alike| engine::ternary_alike(op, alike)) }
}

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
    // SAFETY: the caller's promise.
    guarded("strided_where", || unsafe { where_mixed(mask, a, b, out) })
}

// As for operations on two arrays, a function for each kind of them, which ends with a call of the next one.

/// # Safety
/// As [`strided_where`].
#[inline(never)]
unsafe fn where_mixed(
    mask: *const strided_view,
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if mixed([mask, a, b], out).is_some_and(|mixed| engine::ternary_mixed(TernaryOp::Select, &mixed)) {
            return STRIDED_OK;
        }
        where_any(mask, a, b, out)
    }
}

/// # Safety
/// As [`strided_where`].
#[inline(never)]
unsafe fn where_any(
    mask: *const strided_view,
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_where", || {
        // SAFETY: the caller's promise.
        unsafe {
            if quick(TernaryOp::Select, [mask, a, b], out) {
                return Ok(());
            }
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
            if quick(TernaryOp::Clip, [v, low, high], out) {
                return Ok(());
            }
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
            if quick(TernaryOp::Fma, [a, b, c], out) {
                return Ok(());
            }
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

/// Copies the elements of `v` at which `mask` is true to the beginning of `out`, as NumPy does for a mask as index and
/// Fortran's pack does, in C or F order of their indices (STRIDED_ORDER_C, _F; _A is F for a view that lies in F and not in C
/// order). `mask` holds bools and is broadcast to the shape of `v`. `out` has one axis and the dtype of `v`; what lies behind
/// the elements stays. With `out` NULL nothing is copied. `*count` is the number of elements that are true. `out` may overlap
/// the others, the result being as if they had been read before; that takes a temporary, but not where a packed `v` begins at
/// `out`, whose gaps are closed in place. Not shared among threads.
/// Errors: STRIDED_E_CASTING (mask not bool; out of another dtype or item size than v), STRIDED_E_BROADCAST, STRIDED_E_SHAPE (out
/// has not one axis, or is too short), STRIDED_E_ENUM, STRIDED_E_VALUE (STRIDED_ORDER_K), STRIDED_E_READONLY,
/// STRIDED_E_SELF_OVERLAP, STRIDED_E_NO_MEMORY.
///
/// # Safety
/// As strided_binary; `count` is a place for one int64_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_compress(
    v: *const strided_view,
    mask: *const strided_view,
    order: i32,
    out: *const strided_view,
    count: *mut i64,
) -> strided_status {
    boundary("strided_compress", || {
        // SAFETY: the caller's promise.
        unsafe {
            let (v, mask) = (view("v", v)?, view("mask", mask)?);
            let order = crate::arguments::order(order)?;
            let out = optional_view("out", out)?;
            pointer("count", count)?;
            let found = engine::compress(v, mask, order, out).named_by(|e| match e {
                Error::Casting { .. } if mask.dtype() != DType::Bool => "mask",
                Error::Broadcast { .. } => "mask",
                Error::InvalidArgument { .. } => "order",
                Error::OutOfMemory { .. } => "",
                _ => "out",
            })?;
            put(count, found);
            Ok(())
        }
    })
}
