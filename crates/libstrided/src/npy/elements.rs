//! Elements on their way to and from a file: packed in order, turned to this machine's byte order.

use libstrided_view::nest::Nest;
use libstrided_view::{DType, MAX_NDIM, ViewRef, is_c_contiguous, is_f_contiguous};

use super::error::Result;
use super::file::File;
use super::header::Header;

/// Bytes that are gathered before they are written.
const GATHERED: usize = 1 << 14;

/// A file with a buffer in front of it.
struct Gather<'a> {
    file: &'a File,
    bytes: [u8; GATHERED],
    len: usize,
}

impl Gather<'_> {
    /// # Safety
    /// `len` bytes from `from` on must be readable memory.
    unsafe fn push(&mut self, from: *const u8, len: usize) -> Result<()> {
        if len > GATHERED - self.len {
            self.flush()?;
        }
        if len > GATHERED {
            // SAFETY: the caller's promise.
            return unsafe { self.file.write(from, len) };
        }
        // SAFETY: there is room for `len` bytes behind `self.len`; the source is the caller's promise.
        unsafe { self.bytes.as_mut_ptr().add(self.len).copy_from_nonoverlapping(from, len) };
        self.len += len;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        // SAFETY: the buffer holds as many bytes.
        unsafe { self.file.write(self.bytes.as_ptr(), self.len)? };
        self.len = 0;
        Ok(())
    }
}

/// Writes all elements: as they lie when they are packed in C or F order, else in C order.
///
/// # Safety
/// `v` must describe memory that is there and is not being written.
pub(super) unsafe fn write(file: &File, v: ViewRef<'_>) -> Result<()> {
    let l = v.layout();
    let itemsize = v.itemsize() as usize;
    if l.is_empty() {
        return Ok(());
    }
    if is_c_contiguous(l) || is_f_contiguous(l) {
        // SAFETY: the elements are packed from `data` on.
        return unsafe { file.write(v.data(), v.size() as usize * itemsize) };
    }
    let nest = Nest::<1, MAX_NDIM>::in_given_order(v.shape(), [v.strides()])?;
    let (count, stride) = nest.loops().last().map_or((1, 0), |l| (l.extent, l.strides[0]));
    let mut gather = Gather { file, bytes: [0; GATHERED], len: 0 };
    nest.walk(1, |[offset]| {
        let first = v.data().wrapping_offset(offset as isize);
        if stride == v.itemsize() {
            // SAFETY: `count` elements lie here without a gap.
            return unsafe { gather.push(first, count as usize * itemsize) };
        }
        for i in 0..count {
            let element = first.wrapping_offset((i * stride) as isize);
            // SAFETY: the nest visits the addresses of elements only.
            unsafe { gather.push(element, itemsize)? };
        }
        Ok(())
    })?;
    gather.flush()
}

/// Turns packed bytes from a file into elements: numbers to this machine's byte order, truth values to 0 and 1.
pub(super) fn settle(header: &Header, bytes: &mut [u8]) {
    let dtype = header.descr.dtype;
    if header.descr.swapped {
        // Complex numbers are swapped part by part.
        match dtype.part().size() {
            2 => swap::<2>(bytes),
            4 => swap::<4>(bytes),
            8 => swap::<8>(bytes),
            _ => {}
        }
    }
    if dtype == DType::Bool {
        for byte in bytes {
            *byte = (*byte != 0).into();
        }
    }
}

fn swap<const N: usize>(bytes: &mut [u8]) {
    for number in bytes.as_chunks_mut::<N>().0 {
        number.reverse();
    }
}
