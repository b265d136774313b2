//! An open file over `open`, `pread` and `write` themselves: `std::fs` allocates for its paths, and could abort.

use core::ffi::{CStr, c_int};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::error::{NpyError, Result};

/// The longest path that can be opened, its final NUL included; the system's own limit.
const MAX_PATH: usize = 4096;

/// The most bytes of one system call.
const MAX_TRANSFER: usize = 1 << 30;

/// An open file, closed when dropped.
pub(super) struct File(c_int);

/// The error of the system call that has just failed.
fn failed(call: &'static str) -> NpyError {
    NpyError::System { call, errno: io::Error::last_os_error().raw_os_error().unwrap_or(0) }
}

/// Makes a system call again while a signal interrupts it.
fn uninterrupted(call: &'static str, f: impl Fn() -> isize) -> Result<usize> {
    loop {
        match usize::try_from(f()) {
            Ok(done) => return Ok(done),
            Err(_) if failed(call) == (NpyError::System { call, errno: libc::EINTR }) => {}
            Err(_) => return Err(failed(call)),
        }
    }
}

/// Calls `f` with the path as a C string, which it builds on the stack.
pub(super) fn with_c_path<T>(path: &Path, f: impl FnOnce(&CStr) -> Result<T>) -> Result<T> {
    let bytes = path.as_os_str().as_bytes();
    let mut room = [0; MAX_PATH];
    let place = room.get_mut(..bytes.len()).ok_or(NpyError::Path)?;
    place.copy_from_slice(bytes);
    let text = room.get(..=bytes.len()).ok_or(NpyError::Path)?;
    f(CStr::from_bytes_with_nul(text).map_err(|_| NpyError::Path)?)
}

impl File {
    /// Opens a file to be read.
    pub(super) fn open(path: &CStr) -> Result<File> {
        // SAFETY: the path is a C string.
        let fd = unsafe { libc::open(path.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC) };
        if fd < 0 { Err(failed("open")) } else { Ok(File(fd)) }
    }

    /// Makes a file, or empties the one that is there.
    pub(super) fn create(path: &CStr) -> Result<File> {
        let flags = libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC | libc::O_CLOEXEC;
        let mode: libc::c_uint = 0o666;
        // SAFETY: the path is a C string; the mode goes with O_CREAT.
        let fd = unsafe { libc::open(path.as_ptr(), flags, mode) };
        if fd < 0 { Err(failed("open")) } else { Ok(File(fd)) }
    }

    /// The length in bytes of a regular file.
    pub(super) fn len(&self) -> Result<u64> {
        // SAFETY: all fields of the struct are numbers, for which zero is a value.
        let mut stat: libc::stat = unsafe { core::mem::zeroed() };
        // SAFETY: `stat` is a place for the answer.
        if unsafe { libc::fstat(self.0, &raw mut stat) } != 0 {
            return Err(failed("fstat"));
        }
        if stat.st_mode & libc::S_IFMT != libc::S_IFREG {
            return Err(NpyError::Format { rule: "it must be a regular file" });
        }
        Ok(u64::try_from(stat.st_size).unwrap_or(0))
    }

    /// Fills `len` bytes from `to` on with what the file holds from `offset` on; returns how many bytes there were.
    ///
    /// # Safety
    /// The bytes must be the caller's to write.
    pub(super) unsafe fn read_at(&self, to: *mut u8, len: usize, offset: u64) -> Result<usize> {
        let mut done = 0;
        while done < len {
            let count = (len - done).min(MAX_TRANSFER);
            let position = libc::off_t::try_from(offset + done as u64)
                .map_err(|_| NpyError::System { call: "pread", errno: libc::EOVERFLOW })?;
            let got = uninterrupted("pread", || {
                // SAFETY: `done + count` is at most `len`, and the caller vouches for `len` bytes.
                unsafe { libc::pread(self.0, to.add(done).cast(), count, position) }
            })?;
            if got == 0 {
                break;
            }
            done += got;
        }
        Ok(done)
    }

    /// Writes `len` bytes from `from` on.
    ///
    /// # Safety
    /// The bytes must be readable memory.
    pub(super) unsafe fn write(&self, from: *const u8, len: usize) -> Result<()> {
        let mut done = 0;
        while done < len {
            let count = (len - done).min(MAX_TRANSFER);
            let written = uninterrupted("write", || {
                // SAFETY: `done + count` is at most `len`, and the caller vouches for `len` bytes.
                unsafe { libc::write(self.0, from.add(done).cast(), count) }
            })?;
            if written == 0 {
                // No file does so; going on might never end.
                return Err(NpyError::System { call: "write", errno: libc::EIO });
            }
            done += written;
        }
        Ok(())
    }

    /// Closes the file; some systems report only here that what was written did not arrive.
    pub(super) fn close(self) -> Result<()> {
        let fd = self.0;
        core::mem::forget(self);
        // SAFETY: the descriptor is ours, and is not used again.
        if unsafe { libc::close(fd) } != 0 { Err(failed("close")) } else { Ok(()) }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: the descriptor is ours, and is not used again.
        unsafe { libc::close(self.0) };
    }
}
