//! A function of its own for each operation: strided_add is strided_binary with STRIDED_ADD, and so on.
//!
//! They are written out, not made by a macro, because the header generator reads the source.

use libstrided::{BinaryOp, ReduceOp};

use crate::engine::{binary, reduce};
use crate::status::boundary;
use crate::types::*;

/// Operation of strided_binary: a + b; of bools, logical or.
pub const STRIDED_ADD: i32 = 1;
/// Operation of strided_binary: a - b; not for bools.
pub const STRIDED_SUBTRACT: i32 = 2;
/// Operation of strided_binary: a * b; of bools, logical and.
pub const STRIDED_MULTIPLY: i32 = 3;
/// Operation of strided_binary: a / b; integers and bools give f64.
pub const STRIDED_DIVIDE: i32 = 4;

/// Operation of strided_reduce: the sum; of nothing 0.
pub const STRIDED_SUM: i32 = 201;
/// Operation of strided_reduce: the product; of nothing 1.
pub const STRIDED_PROD: i32 = 202;
/// Operation of strided_reduce: the smallest element, NaN if there is one.
pub const STRIDED_MIN: i32 = 203;
/// Operation of strided_reduce: the largest element, NaN if there is one.
pub const STRIDED_MAX: i32 = 204;

/// out = a + b: strided_binary with STRIDED_ADD.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_add(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_add", || unsafe { binary(BinaryOp::Add, a, b, out) })
}

/// out = a - b: strided_binary with STRIDED_SUBTRACT.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_subtract(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_subtract", || unsafe { binary(BinaryOp::Subtract, a, b, out) })
}

/// out = a * b: strided_binary with STRIDED_MULTIPLY.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_multiply(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_multiply", || unsafe { binary(BinaryOp::Multiply, a, b, out) })
}

/// out = a / b: strided_binary with STRIDED_DIVIDE.
///
/// # Safety
/// As strided_binary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_divide(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_divide", || unsafe { binary(BinaryOp::Divide, a, b, out) })
}

/// The sum over axes: strided_reduce with STRIDED_SUM.
///
/// # Safety
/// As strided_reduce.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_sum(
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_sum", || unsafe { reduce(ReduceOp::Sum, v, naxes, axes, keepdims, out) })
}

/// The product over axes: strided_reduce with STRIDED_PROD.
///
/// # Safety
/// As strided_reduce.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_prod(
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_prod", || unsafe { reduce(ReduceOp::Prod, v, naxes, axes, keepdims, out) })
}

/// The smallest elements over axes: strided_reduce with STRIDED_MIN.
///
/// # Safety
/// As strided_reduce.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_min(
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_min", || unsafe { reduce(ReduceOp::Min, v, naxes, axes, keepdims, out) })
}

/// The largest elements over axes: strided_reduce with STRIDED_MAX.
///
/// # Safety
/// As strided_reduce.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_max(
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_max", || unsafe { reduce(ReduceOp::Max, v, naxes, axes, keepdims, out) })
}
