//! A row of elements: 64 at a time, those that are set are moved to where the output goes on.

use core::mem::MaybeUninit;
use core::ptr;

use super::bits::{self, WORD};
use crate::Level;
use crate::cache::prefetch_run;
use crate::cpu::asks_in_advance;
use crate::elementwise::{PIECE, Stream};

/// With no more elements set in a word than this, one after the other is fetched.
const FEW: u32 = 8;

/// A row of the source and of the mask.
pub(super) struct Row {
    pub(super) src: *const u8,
    /// Bytes from one element to the next.
    pub(super) step: isize,
    pub(super) mask: *const u8,
    pub(super) mask_step: isize,
    pub(super) n: usize,
}

/// Where the next element goes.
pub(super) struct Sink {
    pub(super) next: *mut u8,
    /// Bytes from one element to the next.
    pub(super) step: isize,
    /// Elements that there still is room for.
    pub(super) room: usize,
    /// Whether the elements come from the same memory: then nothing may be written behind those that have been read.
    pub(super) in_place: bool,
}

/// Some elements of a row.
struct Part {
    src: *const u8,
    step: isize,
    n: usize,
    /// Which of them are set; at least one.
    set: u64,
}

/// Copies the elements of a row that are set.
///
/// # Safety
/// As [`compress`](super::compress) for this row; the sink has room for the elements.
pub(super) unsafe fn copy(level: Level, row: &Row, item: usize, sink: &mut Sink) {
    let mut at = 0;
    #[cfg(target_arch = "x86_64")]
    if level == Level::Avx512
        && matches!(item, 1 | 2 | 4 | 8)
        && (row.step, row.mask_step, sink.step) == (item as isize, 1, item as isize)
    {
        // SAFETY: the caller vouches for the row; the CPU has the level.
        at = unsafe { super::x86_avx512::words(item, row, sink) };
    }
    let _ = level;
    while at < row.n {
        let n = (row.n - at).min(WORD);
        let place = |base: *const u8, step: isize| base.wrapping_offset(step * at as isize);
        // SAFETY: the caller vouches for the row; the elements are some of it.
        unsafe {
            let set = bits::word(place(row.mask, row.mask_step), row.mask_step, n);
            if set != 0 {
                let part = Part { src: place(row.src, row.step), step: row.step, n, set };
                match item {
                    1 => part.copy::<u8>(sink),
                    2 => part.copy::<u16>(sink),
                    4 => part.copy::<u32>(sink),
                    8 => part.copy::<u64>(sink),
                    16 => part.copy::<[u64; 2]>(sink),
                    _ => part.copy_each(item, sink),
                }
            }
        }
        at += n;
    }
}

/// Bytes of the source and of the mask that are asked for in advance. (Emerald Rapids, from memory, in shares of the traffic: with
/// the source alone 0.89 in `f64` and `f32` and 0.79 in bytes, with the mask as well 0.9 and 0.92.)
const FAR: usize = 8192;
const FAR_MASK: usize = 4096;

/// [`copy()`], past the caches: some words at a time through the stream.
///
/// # Safety
/// As [`copy()`], for an output that has nothing in common with the source, and whose elements lie one after the other.
pub(super) unsafe fn stream(
    level: Level,
    mut row: Row,
    item: usize,
    sink: &mut Sink,
    stream: &mut Stream<'_>,
) {
    // So many that a place has room for a word more than all of them.
    let most = (PIECE / item / 2 / WORD * WORD).max(WORD);
    let asks = asks_in_advance() && row.step == item as isize;
    let mut left = row.n;
    while left > 0 {
        row.n = most.min(left);
        if asks {
            prefetch_run(row.src.wrapping_add(FAR), row.n * item);
            if row.mask_step == 1 {
                prefetch_run(row.mask.wrapping_add(FAR_MASK), row.n);
            }
        }
        // SAFETY: the caller vouches for the elements, and for the room: a place has that of a piece.
        unsafe {
            let next = stream.place(sink.next);
            let mut part = Sink { next, step: sink.step, room: PIECE / item, in_place: false };
            copy(level, &row, item, &mut part);
            let taken = part.next.addr() - next.addr();
            stream.put(taken);
            sink.next = sink.next.wrapping_add(taken);
            sink.room -= taken / item;
        }
        row.src = row.src.wrapping_offset(row.step * row.n as isize);
        row.mask = row.mask.wrapping_offset(row.mask_step * row.n as isize);
        left -= row.n;
    }
}

impl Part {
    /// # Safety
    /// As [`copy()`]; the items have the size of a `T`.
    #[inline(always)]
    unsafe fn copy<T: Copy>(&self, sink: &mut Sink) {
        let item = size_of::<T>();
        let taken = self.set.count_ones() as usize;
        // SAFETY: the caller vouches for the elements, and for the room.
        unsafe {
            if sink.step != item as isize {
                return self.copy_each(item, sink);
            }
            if taken == self.n && self.step == item as isize {
                // In place they may be on their way to a place in front of them.
                ptr::copy(self.src, sink.next, taken * item);
            } else if sink.room >= WORD && (self.n == WORD || !sink.in_place) {
                self.pack(sink.next.cast::<T>());
            } else {
                let mut buffer = [const { MaybeUninit::<T>::uninit() }; WORD];
                self.pack(buffer.as_mut_ptr().cast::<T>());
                ptr::copy_nonoverlapping(buffer.as_ptr().cast::<u8>(), sink.next, taken * item);
            }
        }
        sink.next = sink.next.wrapping_add(taken * item);
        sink.room -= taken;
    }

    /// Moves what is set to the front of `to`, where as many as [`WORD`] elements may be written.
    ///
    /// # Safety
    /// As [`copy()`].
    #[inline(always)]
    unsafe fn pack<T: Copy>(&self, to: *mut T) {
        let at = |i: usize| self.src.wrapping_offset(self.step * i as isize).cast::<T>();
        let mut to = to;
        if self.set.count_ones() <= FEW {
            let mut left = self.set;
            while left != 0 {
                // SAFETY: the elements that are set can be read, and as many be written.
                unsafe { to.write_unaligned(at(left.trailing_zeros() as usize).read_unaligned()) };
                to = to.wrapping_add(1);
                left &= left - 1;
            }
            return;
        }
        for i in 0..self.n {
            // SAFETY: the elements of the part can be read; no more are written than are read.
            unsafe { to.write_unaligned(at(i).read_unaligned()) };
            to = to.wrapping_add((self.set >> i & 1) as usize);
        }
    }

    /// Items of any size to places any distance apart.
    ///
    /// # Safety
    /// As [`copy()`].
    unsafe fn copy_each(&self, item: usize, sink: &mut Sink) {
        let mut left = self.set;
        while left != 0 {
            let from = self.src.wrapping_offset(self.step * left.trailing_zeros() as isize);
            // SAFETY: an element that is set, and the next one of the output; in place they may be the same.
            unsafe { ptr::copy(from, sink.next, item) };
            sink.next = sink.next.wrapping_offset(sink.step);
            sink.room -= 1;
            left &= left - 1;
        }
    }
}
