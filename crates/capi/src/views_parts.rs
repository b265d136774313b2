//! Views of a part of each element, of the same bytes as another type, or that can not be written.

use libstrided::{DType, Error, algebra};

use crate::arguments::{derive, sized_dtype, view};
use crate::status::{Named, boundary};
use crate::types::*;

/// The same bytes as elements of another dtype. A change of the item size needs an axis along which the bytes follow each
/// other; the last such axis changes its extent. To STRIDED_OPAQUE the item size stays. Errors: STRIDED_E_ENUM,
/// STRIDED_E_VALUE.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_reinterpret(
    v: *const strided_view,
    dtype: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_reinterpret", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let dtype = crate::arguments::dtype("dtype", dtype)?;
            derive(out, |new| algebra::reinterpret(v, dtype, new).named("dtype"))
        }
    })
}

/// The real parts of a complex view, or a real view itself. Errors: STRIDED_E_DTYPE (opaque).
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_real(v: *const strided_view, out: *mut strided_view) -> strided_status {
    boundary("strided_view_real", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::real(v, new).named("v"))
        }
    })
}

/// The imaginary parts of a complex view; of a real view, zeros of its dtype that can only be read (they lie in the library).
/// Errors: STRIDED_E_DTYPE (opaque).
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_imag(v: *const strided_view, out: *mut strided_view) -> strided_status {
    boundary("strided_view_imag", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::imag(v, new).named("v"))
        }
    })
}

/// The field of type `dtype` that starts `byte_offset` bytes into every item, as a view with the same shape. Errors:
/// STRIDED_E_VALUE (the field leaves the item), STRIDED_E_DTYPE (STRIDED_OPAQUE: use strided_view_field_opaque), STRIDED_E_ENUM.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_field(
    v: *const strided_view,
    byte_offset: i64,
    dtype: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_field", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let dtype = sized_dtype(dtype)?;
            derive(out, |new| algebra::field(v, byte_offset, dtype, dtype.size(), new).named_by(about_field))
        }
    })
}

/// As strided_view_field, for a field of `itemsize` bytes of any kind. Errors: STRIDED_E_VALUE.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_field_opaque(
    v: *const strided_view,
    byte_offset: i64,
    itemsize: i64,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_field_opaque", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let opaque = DType::Opaque;
            derive(out, |new| algebra::field(v, byte_offset, opaque, itemsize, new).named_by(about_field))
        }
    })
}

fn about_field(error: &Error) -> &'static str {
    match error {
        Error::ItemSize { dtype: DType::Opaque, .. } => "itemsize",
        Error::ItemSize { .. } => "dtype",
        _ => "byte_offset",
    }
}

/// The same view, which can not be written through.
///
/// # Safety
/// `v` points to a view, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_readonly(
    v: *const strided_view,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_readonly", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            derive(out, |new| algebra::readonly(v, new).named("v"))
        }
    })
}
