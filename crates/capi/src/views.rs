//! Views over memory that is there. Nothing that makes, derives or asks views allocates.
//!
//! What the doc comments of every function leave out is said once at the top of the header: outputs are written only on
//! success, `out` may be `v`, axes may be negative, and all of these functions may be called from any thread.

use core::ffi::c_void;

use libstrided::{DType, Error, Layout, Order, algebra, few};

use crate::arguments::{
    ByAxes, about_ndim, by_axes, derive, few_list, list, made_few, optional_list, order, sized_dtype,
};
use crate::status::{Named, Outcome, boundary};
use crate::types::*;

/// Makes a view of elements of `dtype` at `data`. `shape` holds `ndim` extents; `strides` holds `ndim` strides in bytes, or
/// is NULL for elements packed in `order` (STRIDED_ORDER_C or STRIDED_ORDER_F). The memory is not touched.
/// Errors: STRIDED_E_ENUM, _NDIM, _SHAPE (negative extent), _OVERFLOW (size or addresses beyond 63 bits), _DTYPE
/// (STRIDED_OPAQUE: use strided_view_init_opaque), _NULL.
///
/// # Safety
/// `shape` and `strides` hold `ndim` entries; `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_init(
    out: *mut strided_view,
    data: *mut c_void,
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order: i32,
) -> strided_status {
    // SAFETY: the caller's promise, in each function.
    unsafe {
        match by_axes(&INIT, ndim) {
            Some(few) if strides.is_null() => few(out, data, dtype, ndim, shape, strides, order),
            _ => init_any(out, data, dtype, ndim, shape, strides, order),
        }
    }
}

type InitFunction = unsafe extern "C" fn(
    *mut strided_view,
    *mut c_void,
    i32,
    i32,
    *const i64,
    *const i64,
    i32,
) -> strided_status;

static INIT: ByAxes<InitFunction> = [init_few::<1>, init_few::<2>, init_few::<3>, init_few::<4>];

/// [`strided_view_init`] with `N` axes and without strides.
#[inline(never)]
unsafe extern "C" fn init_few<const N: usize>(
    out: *mut strided_view,
    data: *mut c_void,
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order: i32,
) -> strided_status {
    // SAFETY: the caller's promise.
    let done = unsafe {
        made_few(out, || {
            let (dtype, order) = (DType::from_code(dtype).ok()?, Order::from_code(order).ok()?);
            few::init::<N>(data.cast(), dtype, few_list(shape, ndim)?, order)
        })
    };
    // SAFETY: as above.
    if done { STRIDED_OK } else { unsafe { init_any(out, data, dtype, ndim, shape, strides, order) } }
}

/// [`strided_view_init`] of anything, also of what is wrong.
#[cold]
#[inline(never)]
unsafe extern "C" fn init_any(
    out: *mut strided_view,
    data: *mut c_void,
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order: i32,
) -> strided_status {
    boundary("strided_view_init", || {
        let dtype = sized_dtype(dtype)?;
        // SAFETY: the caller's promise.
        unsafe { init(out, data, dtype, dtype.size(), ndim, shape, strides, order) }
    })
}

/// As strided_view_init, for items of any size: records, characters, long double, derived types. Such views can be viewed,
/// copied and transposed, not computed on. `itemsize` is in bytes and at least 1.
///
/// # Safety
/// As strided_view_init.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_init_opaque(
    out: *mut strided_view,
    data: *mut c_void,
    itemsize: i64,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order: i32,
) -> strided_status {
    boundary("strided_view_init_opaque", || {
        // SAFETY: the caller's promise.
        unsafe { init(out, data, DType::Opaque, itemsize, ndim, shape, strides, order) }
    })
}

/// # Safety
/// As [`strided_view_init`].
// The arguments are those of the C function.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
unsafe fn init(
    out: *mut strided_view,
    data: *mut c_void,
    dtype: DType,
    itemsize: i64,
    ndim: i32,
    shape: *const i64,
    strides: *const i64,
    order_code: i32,
) -> Outcome {
    dtype.check_itemsize(itemsize).named("itemsize")?;
    // SAFETY: the caller's promise.
    let (shape, strides) = unsafe {
        (list("shape", shape, ndim).map_err(about_ndim)?, optional_list("strides", strides, ndim)?)
    };
    let order = order(order_code)?;
    // SAFETY: the caller's promise.
    unsafe {
        derive(out, |new| {
            algebra::init(data.cast(), dtype, itemsize, shape, strides, order, new).named_by(|e| match e {
                Error::NullPointer => "data",
                Error::InvalidArgument { .. } => "order",
                _ => match strides {
                    Some(_) => shape_or_strides(itemsize, shape),
                    None => "shape",
                },
            })
        })
    }
}

/// Which of the two a layout is refused for.
#[cold]
#[inline(never)]
fn shape_or_strides(itemsize: i64, shape: &[i64]) -> &'static str {
    if Layout::new(itemsize, shape, &[0; 64][..shape.len()]).is_ok() { "strides" } else { "shape" }
}
