//! `.npy` files, as NumPy reads and writes them.

use core::ffi::{CStr, c_char};

use libstrided::npy;

use crate::arguments::{pointer, put, view};
use crate::status::{Named, boundary};
use crate::types::*;

/// Writes `v` to a .npy file, in F order when it is F- and not C-contiguous, else in C order. A file that is there is overwritten;
/// after an error it may be incomplete. Errors: STRIDED_E_FILE.
///
/// # Safety
/// `path` is a NUL-terminated string; `v` points to a view of memory that is not being written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_npy_save(path: *const c_char, v: *const strided_view) -> strided_status {
    boundary("strided_npy_save", || {
        pointer("path", path)?;
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            npy::save_ref(CStr::from_ptr(path), v).map_err(libstrided::Error::from).named("path")
        }
    })
}

/// Reads a .npy file into a new array, packed in the order of the file. The file is not trusted: its size is checked before memory
/// is allocated. Errors: STRIDED_E_FILE (can not be read, or is no valid .npy file), STRIDED_E_DTYPE, STRIDED_E_NO_MEMORY.
///
/// # Safety
/// `path` is a NUL-terminated string; `out` is a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_npy_load(
    path: *const c_char,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_npy_load", || {
        pointer("path", path)?;
        pointer("out", out)?;
        // SAFETY: the caller's promise.
        unsafe {
            let array = npy::load_c(CStr::from_ptr(path)).map_err(libstrided::Error::from).named("path")?;
            put(out, array.into_raw().cast());
        }
        Ok(())
    })
}
