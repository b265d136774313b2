//! Arrays and layouts as text.

use core::ffi::c_char;
use core::fmt;
use core::mem::MaybeUninit;

use libstrided::format::{Buffer, check_printable, describe, format};
use libstrided::{Error, ViewRef};

use crate::arguments::{pointer, put, view};
use crate::status::{Named, Outcome, boundary};
use crate::types::*;

/// Writes the elements as text, as numpy.array2string shows them under NumPy's default print options (long arrays are
/// summarised). `buf` has room for `cap` bytes, the final NUL included; text that does not fit is cut, and still ends with a
/// NUL. `*needed` is the length of the whole text without the NUL, so a first call with `cap` 0 (and `buf` NULL) measures it;
/// `needed` may be NULL. Errors: STRIDED_E_NULL, STRIDED_E_VALUE (negative `cap`; more than 2^24 elements to show).
///
/// # Safety
/// `v` points to a view of memory that is not being written, `buf` to `cap` bytes, `needed` is NULL or a place for an int64_t.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_format(
    v: *const strided_view,
    buf: *mut c_char,
    cap: i64,
    needed: *mut i64,
) -> strided_status {
    boundary("strided_format", || {
        // SAFETY: the caller's promise.
        unsafe {
            write(v, buf, cap, needed, |v, out| {
                check_printable(v).named("v")?;
                format(v, out).or(Err(Error::Internal)).named("v")
            })
        }
    })
}

/// Describes a view: dtype, shape, strides, flags, extent, and a small picture of the layout. The buffer is filled as by
/// strided_format.
///
/// # Safety
/// As strided_format.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_describe(
    v: *const strided_view,
    buf: *mut c_char,
    cap: i64,
    needed: *mut i64,
) -> strided_status {
    boundary("strided_describe", || {
        // SAFETY: the caller's promise.
        unsafe { write(v, buf, cap, needed, |v, out| describe(v, out).or(Err(Error::Internal)).named("v")) }
    })
}

/// # Safety
/// As [`strided_format`].
unsafe fn write(
    v: *const strided_view,
    buf: *mut c_char,
    cap: i64,
    needed: *mut i64,
    text: impl FnOnce(ViewRef<'_>, &mut dyn fmt::Write) -> Outcome,
) -> Outcome {
    // SAFETY: the caller's promise.
    let v = unsafe { view("v", v) }?;
    let Ok(room) = usize::try_from(cap) else {
        return Err(Error::InvalidArgument { rule: "the room must not be negative", value: cap })
            .named("cap");
    };
    if room > 0 {
        pointer("buf", buf)?;
    }
    if !needed.is_null() {
        pointer("needed", needed)?;
    }
    let room = if room == 0 {
        &mut []
    } else {
        // SAFETY: `cap` bytes by the caller's promise.
        unsafe { core::slice::from_raw_parts_mut(buf.cast::<MaybeUninit<u8>>(), room) }
    };
    let mut out = Buffer::new(room);
    text(v, &mut out)?;
    let length = out.finish() as i64;
    if !needed.is_null() {
        // SAFETY: checked above, and a place for an int64_t by the caller's promise.
        unsafe { put(needed, length) };
    }
    Ok(())
}
