//! Fortran arrays by descriptor: views of them, and pointers to views.

use core::ffi::c_void;

use libstrided::{DType, Error, Order, algebra, cfi};

use crate::arguments::{derive, dtype, view};
use crate::status::{Named, Outcome, boundary};
use crate::types::*;

/// Makes a view of the Fortran array, section or scalar whose descriptor (CFI_cdesc_t of gfortran or flang) is at `cfi`, without
/// a copy: axis 0 is the first Fortran subscript. `dtype` says what the elements are, and has to have their size; 0 makes
/// opaque items. Errors: STRIDED_E_DESCRIPTOR (another compiler's: use strided_fortran.h), STRIDED_E_VALUE (assumed-size,
/// no target, wrong element size), STRIDED_E_ENUM.
///
/// # Safety
/// `cfi` points to a descriptor that one of these compilers made; `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_from_cfi(
    cfi: *const c_void,
    dtype: i32,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_from_cfi", || {
        let dtype = if dtype == 0 { DType::Opaque } else { crate::arguments::dtype("dtype", dtype)? };
        // SAFETY: the caller's promise.
        unsafe {
            let found = cfi::read(cfi).named("cfi")?;
            dtype.check_itemsize(found.itemsize()).named("dtype")?;
            derive(out, |new| {
                let strides = Some(found.strides());
                let (data, itemsize) = (found.data().cast(), found.itemsize());
                algebra::init(data, dtype, itemsize, found.shape(), strides, Order::F, new).named("cfi")
            })
        }
    })
}

/// Points the Fortran pointer whose descriptor is at `cfi` at the elements of `v`, without a copy: lower bounds are 1, extents and
/// byte strides those of `v`, negative ones included. Fortran
/// knows no read-only pointers: it is the caller's not to assign through the pointer when `v` is read-only. The rank and element size of the pointer must be those of `v`; `dtype` is the
/// dtype of the pointer's elements and must be that of `v` (0: any). Errors: STRIDED_E_NEEDS_COPY (a stride of 0, or one that is no
/// multiple of the element size: compilers would read other memory), STRIDED_E_SHAPE (rank),
/// STRIDED_E_DTYPE, STRIDED_E_VALUE, STRIDED_E_DESCRIPTOR.
///
/// # Safety
/// `v` points to a view; `cfi` to the descriptor of a pointer dummy argument of one of these compilers. The Fortran pointer dangles when
/// the memory of `v` is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_to_cfi(
    v: *const strided_view,
    dtype: i32,
    cfi: *mut c_void,
) -> strided_status {
    boundary("strided_view_to_cfi", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            check_pointer_type(v.dtype(), dtype)?;
            cfi::fill_pointer(cfi, v.data().cast(), v.itemsize(), v.shape(), v.strides()).named_by(
                |e| match e {
                    Error::FortranStride { .. } => "v",
                    _ => "cfi",
                },
            )
        }
    })
}

fn check_pointer_type(of_view: DType, code: i32) -> Outcome {
    if code == 0 || dtype("dtype", code)? == of_view {
        Ok(())
    } else {
        Err(Error::UnsupportedDType { dtype: of_view }).named("dtype")
    }
}
