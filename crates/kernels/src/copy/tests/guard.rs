//! Memory between two pages that can not be touched.

use core::ffi::{c_int, c_void};

const PAGE: usize = 4096;

unsafe extern "C" {
    fn mmap(addr: *mut c_void, len: usize, prot: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    fn mprotect(addr: *mut c_void, len: usize, prot: c_int) -> c_int;
    fn munmap(addr: *mut c_void, len: usize) -> c_int;
}

/// At which end of the area a view lies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Flush {
    Start,
    End,
}

/// A block of memory with a page before and one after it that fault on any access.
pub(crate) struct Area {
    map: *mut u8,
    bytes: usize,
}

impl Area {
    pub(crate) fn new(bytes: usize) -> Area {
        let bytes = bytes.next_multiple_of(PAGE);
        // SAFETY: a fresh anonymous mapping: no access, then read and write for all but the first and last page.
        unsafe {
            let map = mmap(core::ptr::null_mut(), bytes + 2 * PAGE, 0, 0x22, -1, 0);
            assert_ne!(map as isize, -1);
            assert_eq!(mprotect(map.add(PAGE), bytes, 3), 0);
            Area { map: map.cast(), bytes }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes
    }

    pub(crate) fn base(&self) -> *mut u8 {
        // SAFETY: inside the mapping.
        unsafe { self.map.add(PAGE) }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: the accessible part of the mapping, borrowed as long as the area.
        unsafe { core::slice::from_raw_parts_mut(self.base(), self.bytes) }
    }

    /// Where a view of `bytes` bytes begins that lies `gap` bytes from this end.
    pub(crate) fn place(&self, bytes: usize, flush: Flush, gap: usize) -> usize {
        assert!(bytes + gap <= self.bytes, "{bytes} bytes do not fit");
        match flush {
            Flush::Start => gap,
            Flush::End => self.bytes - bytes - gap,
        }
    }
}

impl Drop for Area {
    fn drop(&mut self) {
        // SAFETY: the mapping made by `new`.
        unsafe { munmap(self.map.cast(), self.bytes + 2 * PAGE) };
    }
}
