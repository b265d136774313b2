//! Errors on their way out: the status of each, and the thread's message.
//!
//! The message lives in a fixed buffer of each thread, so that reporting an error allocates nothing and can not fail,
//! also when memory has run out. The buffer has no destructor: the library can be unloaded.

use core::cell::UnsafeCell;
use core::ffi::c_char;
use core::fmt::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use libstrided::Error;

use crate::types::*;

/// Bytes kept of a message, the final NUL included; longer ones are cut.
const CAPACITY: usize = 512;

thread_local! {
    static MESSAGE: UnsafeCell<[u8; CAPACITY]> = const { UnsafeCell::new([0; CAPACITY]) };
}

/// An error and the argument that caused it.
pub(crate) struct Fail {
    pub(crate) argument: &'static str,
    pub(crate) error: Error,
}

/// What the body of an exported function returns.
pub(crate) type Outcome<T = ()> = Result<T, Fail>;

/// Says which argument an error is about.
pub(crate) trait Named<T> {
    fn named(self, argument: &'static str) -> Outcome<T>;
    /// As `named`, with the argument chosen by the error.
    fn named_by(self, argument: impl FnOnce(&Error) -> &'static str) -> Outcome<T>;
}

impl<T> Named<T> for Result<T, Error> {
    #[inline]
    fn named(self, argument: &'static str) -> Outcome<T> {
        self.map_err(|error| Fail { argument, error })
    }

    #[inline]
    fn named_by(self, argument: impl FnOnce(&Error) -> &'static str) -> Outcome<T> {
        self.map_err(|error| Fail { argument: argument(&error), error })
    }
}

/// Runs the body of an exported function: its error becomes the thread's message and the status. A panic, which would be
/// a defect of the library, is stopped here.
#[inline]
pub(crate) fn boundary(function: &'static str, body: impl FnOnce() -> Outcome) -> strided_status {
    // A status is looked at where it was made: handed on through memory, of which a part was just written, an outcome takes
    // 5 ns.
    guarded(function, || status(function, body()))
}

/// [`boundary`] for a body that has reported its error.
// Inlined always: by itself it would take what the body needs from memory, which costs as much as a third of a small copy.
#[inline(always)]
pub(crate) fn guarded(function: &'static str, body: impl FnOnce() -> strided_status) -> strided_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(status) => status,
        Err(_) => report(function, Fail { argument: "", error: Error::Internal }),
    }
}

/// The status of an outcome; an error becomes the thread's message.
#[inline(always)]
pub(crate) fn status(function: &'static str, outcome: Outcome) -> strided_status {
    match outcome {
        Ok(()) => STRIDED_OK,
        Err(fail) => report(function, fail),
    }
}

/// [`boundary`] for what a quick way has left. The function that tries the quick way has no part of this inside, and so needs
/// few registers, which it would have to save.
#[cold]
#[inline(never)]
pub(crate) fn otherwise(function: &'static str, body: impl FnOnce() -> Outcome) -> strided_status {
    boundary(function, body)
}

/// Writes the message of this thread and returns the status.
#[cold]
fn report(function: &'static str, fail: Fail) -> strided_status {
    // A thread that is ending may have no message any more; the status still goes out.
    let _ = MESSAGE.try_with(|buffer| {
        // SAFETY: only this thread has this buffer, and nothing called from here comes back to it.
        let buffer = unsafe { &mut *buffer.get() };
        let mut text = Fixed { buffer, len: 0 };
        // Text that does not fit is cut, so writing never fails.
        let _ = match fail.argument {
            "" => write!(text, "{function}: {}", fail.error),
            argument => write!(text, "{function}: {argument}: {}", fail.error),
        };
        text.buffer[text.len] = 0;
    });
    status_of(&fail.error)
}

/// A writer into the message buffer that leaves room for the final NUL.
struct Fixed<'a> {
    buffer: &'a mut [u8; CAPACITY],
    len: usize,
}

impl Write for Fixed<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = CAPACITY - 1 - self.len;
        let text = &text.as_bytes()[..text.len().min(room)];
        self.buffer[self.len..self.len + text.len()].copy_from_slice(text);
        self.len += text.len();
        Ok(())
    }
}

/// The calling thread's message.
pub(crate) fn message() -> *const c_char {
    MESSAGE.try_with(|buffer| buffer.get().cast::<c_char>().cast_const()).unwrap_or(c"".as_ptr())
}

/// The status of each error: the one place where they meet.
fn status_of(error: &Error) -> strided_status {
    match error {
        Error::NullPointer => STRIDED_E_NULL,
        Error::UnknownEnumerator { .. } => STRIDED_E_ENUM,
        Error::TooManyAxes { .. } | Error::TooFewAxes { .. } => STRIDED_E_NDIM,
        Error::InvalidArgument { .. }
        | Error::ReservedFlags { .. }
        | Error::ItemSize { .. }
        | Error::WindowTooLong { .. }
        | Error::Reinterpret { .. }
        | Error::FieldOutOfRange { .. }
        | Error::IncompleteAllocator { .. }
        | Error::MisalignedBlock { .. }
        | Error::Shared => STRIDED_E_VALUE,
        Error::SizeOverflow => STRIDED_E_OVERFLOW,
        Error::NegativeExtent { .. }
        | Error::WrongCount { .. }
        | Error::OutputShape { .. }
        | Error::OutputNdim { .. }
        | Error::ReshapeSize { .. }
        | Error::ReshapeUnknown => STRIDED_E_SHAPE,
        Error::AxisOutOfRange { .. } | Error::RepeatedAxis { .. } | Error::NotUnitAxis { .. } => {
            STRIDED_E_AXIS
        }
        Error::IndexOutOfRange { .. }
        | Error::ZeroStep { .. }
        | Error::TooManyIndices { .. }
        | Error::RepeatedEllipsis => STRIDED_E_INDEX,
        Error::Broadcast { .. } => STRIDED_E_BROADCAST,
        Error::NeedsCopy | Error::FortranStride { .. } => STRIDED_E_NEEDS_COPY,
        Error::OutOfBounds { .. } => STRIDED_E_BOUNDS,
        Error::ReadOnly => STRIDED_E_READONLY,
        Error::SelfOverlap => STRIDED_E_SELF_OVERLAP,
        Error::UnsupportedDType { .. } | Error::NoCommonDType { .. } => STRIDED_E_DTYPE,
        Error::Casting { .. } | Error::OpaqueSizes { .. } => STRIDED_E_CASTING,
        Error::EmptyReduction => STRIDED_E_EMPTY,
        Error::OverlapUndecided => STRIDED_E_UNDECIDED,
        Error::OutOfMemory { .. } => STRIDED_E_NO_MEMORY,
        Error::UnknownDescriptor { .. } => STRIDED_E_DESCRIPTOR,
        Error::File { .. } | Error::FileFormat { .. } => STRIDED_E_FILE,
        // `Internal`, and variants that a later version adds without naming a status here.
        _ => STRIDED_E_INTERNAL,
    }
}

/// The name of a status.
pub(crate) fn status_name(status: i32) -> &'static core::ffi::CStr {
    match status {
        STRIDED_OK => c"STRIDED_OK",
        STRIDED_E_NULL => c"STRIDED_E_NULL",
        STRIDED_E_ENUM => c"STRIDED_E_ENUM",
        STRIDED_E_NDIM => c"STRIDED_E_NDIM",
        STRIDED_E_VALUE => c"STRIDED_E_VALUE",
        STRIDED_E_OVERFLOW => c"STRIDED_E_OVERFLOW",
        STRIDED_E_SHAPE => c"STRIDED_E_SHAPE",
        STRIDED_E_AXIS => c"STRIDED_E_AXIS",
        STRIDED_E_INDEX => c"STRIDED_E_INDEX",
        STRIDED_E_BROADCAST => c"STRIDED_E_BROADCAST",
        STRIDED_E_NEEDS_COPY => c"STRIDED_E_NEEDS_COPY",
        STRIDED_E_BOUNDS => c"STRIDED_E_BOUNDS",
        STRIDED_E_READONLY => c"STRIDED_E_READONLY",
        STRIDED_E_SELF_OVERLAP => c"STRIDED_E_SELF_OVERLAP",
        STRIDED_E_DTYPE => c"STRIDED_E_DTYPE",
        STRIDED_E_CASTING => c"STRIDED_E_CASTING",
        STRIDED_E_EMPTY => c"STRIDED_E_EMPTY",
        STRIDED_E_UNDECIDED => c"STRIDED_E_UNDECIDED",
        STRIDED_E_NO_MEMORY => c"STRIDED_E_NO_MEMORY",
        STRIDED_E_DESCRIPTOR => c"STRIDED_E_DESCRIPTOR",
        STRIDED_E_INTERNAL => c"STRIDED_E_INTERNAL",
        STRIDED_E_FILE => c"STRIDED_E_FILE",
        _ => c"unknown",
    }
}
