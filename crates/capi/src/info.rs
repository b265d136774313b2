//! Version, names, types, messages.

use core::ffi::c_char;

use libstrided::{BinaryOp, DType, ReduceOp, ScanOp, UnaryOp, can_cast, promote};

use crate::arguments::{dtype, pointer, put};
use crate::status::{Named, boundary, message, status_name};
use crate::types::*;

/// The version of the library, "major.minor.patch"; that of the header is STRIDED_VERSION_MAJOR, _MINOR, _PATCH.
#[unsafe(no_mangle)]
pub extern "C" fn strided_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// What went wrong in the calling thread's last call that failed: "function: argument: message". Empty when none did; never
/// NULL. The text stays until the thread's next failing call; calls that succeed leave it.
#[unsafe(no_mangle)]
pub extern "C" fn strided_last_error() -> *const c_char {
    message()
}

/// The name of a status, such as "STRIDED_E_AXIS"; "unknown" for other numbers.
#[unsafe(no_mangle)]
pub extern "C" fn strided_status_name(status: i32) -> *const c_char {
    status_name(status).as_ptr()
}

/// The name of a dtype, such as "f64"; "unknown" for other numbers.
#[unsafe(no_mangle)]
pub extern "C" fn strided_dtype_name(dtype: i32) -> *const c_char {
    DType::from_code(dtype).map_or(c"unknown", DType::c_name).as_ptr()
}

/// Bytes per element of a dtype; 0 for STRIDED_OPAQUE, whose items have any size; -1 for other numbers.
#[unsafe(no_mangle)]
pub extern "C" fn strided_dtype_size(dtype: i32) -> i64 {
    DType::from_code(dtype).map_or(-1, DType::size)
}

/// The vector instructions in use: "baseline", "avx2", "avx512" or "neon". The best that the CPU has, capped by the environment
/// variable STRIDED_SIMD, which is read at the first use.
#[unsafe(no_mangle)]
pub extern "C" fn strided_simd_level() -> *const c_char {
    libstrided::Level::current().c_name().as_ptr()
}

/// The dtype in which elements of `a` and `b` are computed together: NumPy 2's promotion. Errors: STRIDED_E_ENUM, STRIDED_E_DTYPE
/// (opaque).
///
/// # Safety
/// `out` is a place for an int32_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_result_type(a: i32, b: i32, out: *mut i32) -> strided_status {
    boundary("strided_result_type", || {
        let (a, b) = (dtype("a", a)?, dtype("b", b)?);
        pointer("out", out)?;
        let common = promote(a, b).named("a, b")?;
        // SAFETY: the caller's promise.
        unsafe { put(out, common.code()) };
        Ok(())
    })
}

/// The dtype that strided_unary gives for elements of `v`, as NumPy 2 would: an output of this dtype needs no cast. Errors:
/// STRIDED_E_ENUM, STRIDED_E_DTYPE (the operation does not take this dtype).
///
/// # Safety
/// `out` is a place for an int32_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_unary_result_type(op: i32, v: i32, out: *mut i32) -> strided_status {
    boundary("strided_unary_result_type", || {
        let op = UnaryOp::from_code(op).named("op")?;
        let v = dtype("v", v)?;
        pointer("out", out)?;
        let (_, result) = op.dtypes(v).named("v")?;
        // SAFETY: the caller's promise.
        unsafe { put(out, result.code()) };
        Ok(())
    })
}

/// The dtype that strided_binary gives for elements of `a` and `b`, as strided_unary_result_type.
///
/// # Safety
/// `out` is a place for an int32_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_binary_result_type(
    op: i32,
    a: i32,
    b: i32,
    out: *mut i32,
) -> strided_status {
    boundary("strided_binary_result_type", || {
        let op = BinaryOp::from_code(op).named("op")?;
        let (a, b) = (dtype("a", a)?, dtype("b", b)?);
        pointer("out", out)?;
        let (_, result) = op.dtypes(a, b).named("a, b")?;
        // SAFETY: the caller's promise.
        unsafe { put(out, result.code()) };
        Ok(())
    })
}

/// The dtype that strided_reduce gives for elements of `v`, as strided_unary_result_type.
///
/// # Safety
/// `out` is a place for an int32_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_reduce_result_type(op: i32, v: i32, out: *mut i32) -> strided_status {
    boundary("strided_reduce_result_type", || {
        let op = ReduceOp::from_code(op).named("op")?;
        let v = dtype("v", v)?;
        pointer("out", out)?;
        let (_, result) = op.dtypes(v).named("v")?;
        // SAFETY: the caller's promise.
        unsafe { put(out, result.code()) };
        Ok(())
    })
}

/// The dtype that strided_accumulate gives for elements of `v`, as strided_unary_result_type.
///
/// # Safety
/// `out` is a place for an int32_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_accumulate_result_type(op: i32, v: i32, out: *mut i32) -> strided_status {
    boundary("strided_accumulate_result_type", || {
        let op = ScanOp::from_code(op).named("op")?;
        let v = dtype("v", v)?;
        pointer("out", out)?;
        let result = op.dtype(v).named("v")?;
        // SAFETY: the caller's promise.
        unsafe { put(out, result.code()) };
        Ok(())
    })
}

/// Whether the casting rule allows a cast: `*answer` is 1 or 0. Errors: STRIDED_E_ENUM.
///
/// # Safety
/// `answer` is a place for an int32_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_can_cast(
    from: i32,
    to: i32,
    casting: i32,
    answer: *mut i32,
) -> strided_status {
    boundary("strided_can_cast", || {
        let (from, to) = (dtype("from", from)?, dtype("to", to)?);
        let casting = crate::arguments::casting(casting)?;
        pointer("answer", answer)?;
        // SAFETY: the caller's promise.
        unsafe { put(answer, can_cast(from, to, casting).into()) };
        Ok(())
    })
}
