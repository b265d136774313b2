//! Operations on elements: arithmetic, reductions, callers' loops.

use core::ffi::c_void;

use libstrided::{BinaryOp, Error, ReduceOp, Same, ScanOp, UnaryOp, engine};

use crate::arguments::about_n;
use crate::arguments::{
    few_view, if_alike, lines, mixed, optional_list, places, same, view, view_list, views, whole,
};
use crate::status::{Named, Outcome, boundary, guarded, otherwise, status};
use crate::types::*;

/// Which argument of an operation an error is about.
pub(crate) fn about(error: &Error, inputs: &'static str, output: &'static str) -> &'static str {
    match error {
        Error::ReadOnly
        | Error::SelfOverlap
        | Error::OutputShape { .. }
        | Error::OutputNdim { .. }
        | Error::OpaqueSizes { .. }
        | Error::Casting { .. } => output,
        Error::AxisOutOfRange { .. } | Error::RepeatedAxis { .. } => "axes",
        _ => inputs,
    }
}

/// out = op(v), element by element, with `v` broadcast to the shape of `out`. Computed in NumPy's dtype for `v` (see
/// strided_unary_result_type), cast to `out` under the rule same_kind. `out` may be `v` or overlap it: the result is as if `v` had
/// been read in full first, and when the elements coincide no memory is needed. Errors: STRIDED_E_ENUM (op), _DTYPE,
/// _BROADCAST, _SHAPE, _CASTING, _READONLY, _SELF_OVERLAP (of `out`), _NO_MEMORY (only when the views overlap otherwise).
///
/// # Safety
/// Both point to views of memory that is there and that no other thread writes; no other thread reads `out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_unary(
    op: i32,
    v: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    let function = "strided_unary";
    match UnaryOp::from_code(op).named("op") {
        // SAFETY: the caller's promise.
        Ok(op) => unsafe { unary(function, op, v, out) },
        Err(fail) => status(function, Err(fail)),
    }
}

/// # Safety
/// As [`strided_unary`].
#[inline(always)]
pub(crate) unsafe fn unary(
    function: &'static str,
    op: UnaryOp,
    v: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    guarded(function, || unsafe { unary_same(v, out, op, function) })
}

// What a small operation mostly is, what others are, and all the rest: three functions, each of which ends with a call of the
// next one if the operation is not its. So the first one has only what it needs in registers and on the stack, and the
// arguments stay where they came in.

/// # Safety
/// As [`strided_unary`].
#[inline(never)]
unsafe fn unary_same(
    v: *const strided_view,
    out: *const strided_view,
    op: UnaryOp,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if same([v], out).is_some_and(|same| engine::unary_same(op, &same)) {
            return STRIDED_OK;
        }
        unary_alike(v, out, op, function)
    }
}

/// # Safety
/// As [`strided_unary`].
#[inline(never)]
unsafe fn unary_alike(
    v: *const strided_view,
    out: *const strided_view,
    op: UnaryOp,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if if_alike([v], out, |alike| engine::unary_alike(op, alike)) {
            return STRIDED_OK;
        }
        unary_any(v, out, op, function)
    }
}

/// # Safety
/// As [`strided_unary`].
#[inline(never)]
unsafe fn unary_any(
    v: *const strided_view,
    out: *const strided_view,
    op: UnaryOp,
    function: &'static str,
) -> strided_status {
    boundary(function, || {
        // SAFETY: the caller's promise.
        unsafe {
            let (v, out) = (view("v", v)?, view("out", out)?);
            engine::unary(op, v, out).named_by(|e| about(e, "v", "out"))
        }
    })
}

/// out = a op b, element by element, with `a` and `b` broadcast to the shape of `out`. Computed in NumPy's result type of `a` and `b`,
/// cast to `out` under the rule same_kind. `out` may be `a` or `b` or overlap them: the result is as if both had been read in full
/// first, and when the elements coincide no memory is needed. Errors: STRIDED_E_ENUM (op), _DTYPE, _BROADCAST, _SHAPE,
/// _CASTING, _READONLY, _SELF_OVERLAP (of `out`), _NO_MEMORY (only when views overlap otherwise).
///
/// # Safety
/// All point to views of memory that is there and that no other thread writes; no other thread reads `out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_binary(
    op: i32,
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    let function = "strided_binary";
    match BinaryOp::from_code(op).named("op") {
        // SAFETY: the caller's promise.
        Ok(op) => unsafe { binary(function, op, a, b, out) },
        Err(fail) => status(function, Err(fail)),
    }
}

/// # Safety
/// As [`strided_binary`].
#[inline(always)]
pub(crate) unsafe fn binary(
    function: &'static str,
    op: BinaryOp,
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    guarded(function, || unsafe { binary_same(a, b, out, op, function) })
}

/// As [`unary_same`].
///
/// # Safety
/// As [`strided_binary`].
#[inline(never)]
unsafe fn binary_same(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
    op: BinaryOp,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        let Some((inputs, place)) = places([a, b], out) else { return binary_any(a, b, out, op, function) };
        if Same::of(inputs, place).is_some_and(|same| engine::binary_same(op, &same)) {
            return STRIDED_OK;
        }
        if (*a).dtype != (*b).dtype {
            return binary_mixed(a, b, out, op, function);
        }
        binary_alike(a, b, out, op, function)
    }
}

/// # Safety
/// As [`strided_binary`].
#[inline(never)]
unsafe fn binary_mixed(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
    op: BinaryOp,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if mixed([a, b], out).is_some_and(|mixed| engine::binary_mixed(op, &mixed)) {
            return STRIDED_OK;
        }
        binary_alike(a, b, out, op, function)
    }
}

/// # Safety
/// As [`strided_binary`].
#[inline(never)]
unsafe fn binary_alike(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
    op: BinaryOp,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if if_alike([a, b], out, |alike| engine::binary_alike(op, alike)) {
            return STRIDED_OK;
        }
        binary_any(a, b, out, op, function)
    }
}

/// # Safety
/// As [`strided_binary`].
#[inline(never)]
unsafe fn binary_any(
    a: *const strided_view,
    b: *const strided_view,
    out: *const strided_view,
    op: BinaryOp,
    function: &'static str,
) -> strided_status {
    boundary(function, || {
        // SAFETY: the caller's promise.
        unsafe {
            let (a, b, out) = (view("a", a)?, view("b", b)?, view("out", out)?);
            engine::binary(op, a, b, out).named_by(|e| about(e, "a, b", "out"))
        }
    })
}

/// Reduces `naxes` axes of `v` with `op`; all of them when `axes` is NULL; none, an element-wise copy, when `naxes` is 0 and `axes` is
/// not NULL. `out` has the shape of `v` without these axes, or, with `keepdims` 1, with extent 1 on them. Results are NumPy's:
/// sums and products of integers and bools are made in 64 bits, min and max pass NaN on, sums of floats are pairwise over
/// every axis and have the same bits on every machine. An output of a wider dtype makes a sum, product, mean, variance or norm
/// in that dtype. argmin and argmax take one axis or all. Errors: STRIDED_E_ENUM (op), _AXIS, _SHAPE (of `out`), _DTYPE,
/// _CASTING, _EMPTY (min, max, argmin or argmax of no elements), _READONLY, _SELF_OVERLAP, _NO_MEMORY.
///
/// # Safety
/// `v` and `out` point to views of memory that is there and that no other thread writes; no other thread reads `out`; `axes` is NULL
/// or holds `naxes` entries.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_reduce(
    op: i32,
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    let function = "strided_reduce";
    match ReduceOp::from_code(op).named("op") {
        // SAFETY: the caller's promise.
        Ok(op) => unsafe { reduce(function, op, v, naxes, axes, keepdims, out) },
        Err(fail) => status(function, Err(fail)),
    }
}

/// A function for each kind of small reductions, which ends with a call of that for all if it is none: see [`unary_same`].
///
/// # Safety
/// As [`strided_reduce`].
#[inline(always)]
pub(crate) unsafe fn reduce(
    function: &'static str,
    op: ReduceOp,
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    guarded(function, || unsafe {
        // An output without axes that are kept: everything is reduced.
        if axes.is_null() && keepdims == 0 {
            return reduce_whole(v, out, op, function);
        }
        if naxes == 1 && !axes.is_null() && axes.is_aligned() && matches!(keepdims, 0 | 1) {
            // The only axis is everything.
            if keepdims == 0 && matches!(*axes, 0 | -1) && few_view(v).is_some_and(|v| v.few_axes() == 1) {
                return reduce_whole(v, out, op, function);
            }
            return reduce_lines(v, *axes, keepdims == 1, out, op, function);
        }
        otherwise(function, || reduce_any(op, v, naxes, axes, keepdims, out))
    })
}

/// # Safety
/// As [`strided_reduce`].
#[inline(never)]
unsafe fn reduce_whole(
    v: *const strided_view,
    out: *const strided_view,
    op: ReduceOp,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if whole(v, out).is_some_and(|whole| engine::reduce_whole(op, &whole)) {
            return STRIDED_OK;
        }
        otherwise(function, || reduce_any(op, v, 0, core::ptr::null(), 0, out))
    }
}

/// # Safety
/// As [`strided_reduce`].
#[inline(never)]
unsafe fn reduce_lines(
    v: *const strided_view,
    axis: i32,
    keepdims: bool,
    out: *const strided_view,
    op: ReduceOp,
    function: &'static str,
) -> strided_status {
    // SAFETY: the caller's promise.
    unsafe {
        if lines(v, axis, keepdims, out).is_some_and(|lines| engine::reduce_lines(op, &lines)) {
            return STRIDED_OK;
        }
        otherwise(function, || reduce_any(op, v, 1, &axis, i32::from(keepdims), out))
    }
}

/// # Safety
/// As [`strided_reduce`].
#[inline(never)]
pub(crate) unsafe fn reduce_any(
    op: ReduceOp,
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let (v, out) = (view("v", v)?, view("out", out)?);
        let axes = reduced(axes, naxes)?;
        let keepdims = crate::arguments::boolean("keepdims", keepdims)?;
        engine::reduce(op, v, axes, keepdims, out).named_by(|e| about(e, "v", "out"))
    }
}

/// Running sums, products, minima and maxima (STRIDED_CUMULATIVE_SUM, ...) along `axis`, which may be negative: each element of `out`
/// is `op` of the one before it and of that of `v`, one after the other as NumPy makes them. `out` has the shape of `v`, and may be `v`. Computed
/// in the dtype of `out`, to which the result of strided_accumulate_result_type must be castable under the rule same_kind. Overlap:
/// as strided_binary. Errors: STRIDED_E_ENUM (op), _AXIS, _SHAPE (of `out`), _DTYPE, _CASTING, _READONLY, _SELF_OVERLAP, _NO_MEMORY.
///
/// # Safety
/// As strided_unary.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_accumulate(
    op: i32,
    v: *const strided_view,
    axis: i32,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_accumulate", || {
        let op = ScanOp::from_code(op).named("op")?;
        // SAFETY: the caller's promise.
        unsafe { accumulate(op, v, axis, out) }
    })
}

/// # Safety
/// As [`strided_accumulate`].
pub(crate) unsafe fn accumulate(
    op: ScanOp,
    v: *const strided_view,
    axis: i32,
    out: *const strided_view,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let (v, out) = (view("v", v)?, view("out", out)?);
        engine::accumulate(op, v, axis, out).named_by(|e| {
            if matches!(e, Error::AxisOutOfRange { .. }) { "axis" } else { about(e, "v", "out") }
        })
    }
}

/// The axes of a reduction; none when `axes` is NULL.
///
/// # Safety
/// `axes` is NULL or holds `naxes` entries.
#[inline]
pub(crate) unsafe fn reduced<'a>(axes: *const i32, naxes: i32) -> Outcome<Option<&'a [i32]>> {
    // SAFETY: the caller's promise.
    unsafe { optional_list("axes", axes, naxes) }.map_err(about_naxes)
}

fn about_naxes(fail: crate::status::Fail) -> crate::status::Fail {
    let fail = about_n(fail);
    crate::status::Fail { argument: if fail.argument == "n" { "naxes" } else { fail.argument }, ..fail }
}

/// Calls `inner(ctx, count, pointers, strides)` until every position of the shape that `n` views (up to 8) broadcast to has been
/// visited once. The order of positions is the one that suits the memory best; axes are merged and turned around, so that
/// `count` is large. `flags` must be 0. Views that `inner` writes to should not share memory with others; that is the caller's to
/// see to, as is that read-only views are not written. `inner` may call this library, must not unwind or longjmp out, and must
/// not change the views. Errors: STRIDED_E_BROADCAST, STRIDED_E_VALUE (more than 8 views, flags), STRIDED_E_NULL.
///
/// # Safety
/// `views` holds `n` pointers to views of memory that `inner` may use as it does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_foreach(
    n: i32,
    views: *const *const strided_view,
    flags: u64,
    inner: strided_inner,
    ctx: *mut c_void,
) -> strided_status {
    boundary("strided_foreach", || {
        if flags != 0 {
            return Err(Error::ReservedFlags { flags }).named("flags");
        }
        let Some(inner) = inner else { return Err(Error::NullPointer).named("inner") };
        // SAFETY: the caller's promise.
        unsafe {
            let list = view_list("views", views, n)?;
            libstrided::foreach(crate::engine::views(list), |count, pointers, strides| {
                inner(ctx, count, pointers.as_ptr().cast(), strides.as_ptr());
            })
            .named_by(|e| if matches!(e, Error::InvalidArgument { .. }) { "n" } else { "views" })
        }
    })
}

/// Sets how many threads each operation may use, the calling one included: 1 or more; more than 64 are never used. Without a
/// call it is the environment variable STRIDED_NUM_THREADS, read at the first use, or 1. The setting is that of the process.
///
/// Threads are made for a call that reads and writes at least 4 megabytes for each of them, and are gone when it returns: there is
/// no pool, so a process may fork, and the library be unloaded, at any time between calls. Results have the same bits whatever the
/// number (of a NaN only that it is one). A thread that can not be made is no error: the call then does its part itself. Operations
/// that go element by element use threads: copies, casts, fills, arithmetic, comparisons, selections. So do reductions and inner
/// products, also to a single element, and running sums and the like where there is another axis than the one they run along.
/// Errors: STRIDED_E_VALUE.
#[unsafe(no_mangle)]
pub extern "C" fn strided_set_num_threads(n: i32) -> strided_status {
    boundary("strided_set_num_threads", || libstrided::threads::set(n).named("n"))
}
