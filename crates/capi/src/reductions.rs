//! Reductions with a mask, an initial value or fewer degrees of freedom; inner products.

use libstrided::engine::{self, ReduceOptions};
use libstrided::{DType, Error, Order, RawView, ReduceOp, ViewRef, algebra};

use crate::arguments::{boolean, optional_view, pointer, view};
use crate::engine::{about, reduced};
use crate::status::{Named, Outcome, boundary};
use crate::types::*;

/// strided_reduce with options; NULL stands for none. `options->where` (or NULL) is a view of bools that is broadcast to `v`: only
/// elements under true take part; min and max need an initial value with it, argmin and argmax take none. `options->initial` (or
/// NULL) is one element of dtype `options->initial_dtype` that is joined with every result of sum, prod, min, max, any and all.
/// `options->ddof` is what var and std subtract from the number of elements before they divide by it. A zeroed struct is the
/// same as NULL. Errors: as strided_reduce; STRIDED_E_VALUE for an option that the operation does not take, and when
/// `options->reserved` is not 0; STRIDED_E_CASTING for a mask that is not bool.
///
/// # Safety
/// As strided_reduce, and what `options` points to holds to the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_reduce_with(
    op: i32,
    v: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    options: *const strided_reduce_options,
    out: *const strided_view,
) -> strided_status {
    boundary("strided_reduce_with", || {
        let op = ReduceOp::from_code(op).named("op")?;
        if options.is_null() {
            // SAFETY: the caller's promise.
            return unsafe { crate::engine::reduce_any(op, v, naxes, axes, keepdims, out) };
        }
        pointer("options", options)?;
        let mut initial = RawView::vacant();
        // SAFETY: the caller's promise; the pointer has been checked.
        unsafe {
            let (v, out) = (view("v", v)?, view("out", out)?);
            let axes = reduced(axes, naxes)?;
            let keepdims = boolean("keepdims", keepdims)?;
            let options = read(options, &mut initial)?;
            engine::reduce_with(op, v, axes, keepdims, &options, out)
                .named_by(|e| if is_about_options(e) { "options" } else { about(e, "v, options", "out") })
        }
    })
}

/// The options as the library takes them. `room` holds the view of the initial value.
///
/// # Safety
/// As [`strided_reduce_with`]; `options` is not NULL and aligned.
unsafe fn read<'a>(
    options: *const strided_reduce_options,
    room: &'a mut RawView,
) -> Outcome<ReduceOptions<ViewRef<'a>>> {
    // SAFETY: the caller's promise.
    unsafe {
        let options = &*options;
        if options.reserved != 0 {
            let value = options.reserved.into();
            return Err(Error::InvalidArgument { rule: "reserved must be 0", value }).named("options");
        }
        let mask = optional_view("options", options.r#where)?;
        let mut initial = None;
        if !options.initial.is_null() {
            let dtype = DType::from_code(options.initial_dtype).named("options")?;
            if dtype == DType::Opaque {
                return Err(Error::UnsupportedDType { dtype }).named("options");
            }
            let data = options.initial.cast_mut().cast();
            algebra::init(data, dtype, dtype.size(), &[], None, Order::C, room).named("options")?;
            initial = Some(room.check().named("options")?);
        }
        Ok(ReduceOptions { mask, initial, ddof: options.ddof })
    }
}

fn is_about_options(error: &Error) -> bool {
    matches!(error, Error::InvalidArgument { .. })
}

/// The sum of the products of the elements of `a` and `b`, broadcast together, over `naxes` axes of their common shape: over all
/// of them when `axes` is NULL. With one axis this is an inner product, for `a` of shape (n, 1, k) and `b` of shape (m, k) the
/// product of matrices. The result has NumPy's common dtype of `a` and `b`, also for integers, which wrap; it is accumulated as
/// strided_reduce does a sum. `out` and errors: as strided_reduce.
///
/// # Safety
/// As strided_reduce.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_dot(
    a: *const strided_view,
    b: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_dot", || unsafe { dot(false, a, b, naxes, axes, keepdims, out) })
}

/// strided_dot with the complex conjugate of `a`.
///
/// # Safety
/// As strided_reduce.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_vdot(
    a: *const strided_view,
    b: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    boundary("strided_vdot", || unsafe { dot(true, a, b, naxes, axes, keepdims, out) })
}

/// # Safety
/// As [`strided_dot`].
unsafe fn dot(
    conjugate: bool,
    a: *const strided_view,
    b: *const strided_view,
    naxes: i32,
    axes: *const i32,
    keepdims: i32,
    out: *const strided_view,
) -> Outcome {
    // SAFETY: the caller's promise.
    unsafe {
        let (a, b, out) = (view("a", a)?, view("b", b)?, view("out", out)?);
        let axes = reduced(axes, naxes)?;
        let keepdims = boolean("keepdims", keepdims)?;
        engine::dot(a, b, axes, keepdims, conjugate, out).named_by(|e| about(e, "a, b", "out"))
    }
}
