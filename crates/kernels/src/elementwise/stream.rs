//! Outputs that go past the caches.
//!
//! Where an output is larger than the caches can hold, an ordinary store first reads the line that it then writes in
//! full. A kernel knows nothing of this: it writes into a little room in L1, and from there whole lines are streamed.
//!
//! ```text
//!   output    ...|----line----|----line----|----line----|...        pieces follow each other, or begin somewhere else
//!                      [ piece ][  piece  ][   piece ]
//!   room               [ piece ][  piece  ]                         what is not yet a whole line waits for the next piece
//! ```
//!
//! A piece that begins where the last one ended goes on with its line, so only the first and the last line of a run are
//! written in parts, by ordinary stores.

use crate::check;
use core::mem::MaybeUninit;

use crate::arch::{Body, Features, specialize};
use crate::cache::{self, LINE};
use crate::copy::Lines;

/// Bytes that a piece may have. Measured on Zen 4, where some inputs come from memory and some from the caches, or are
/// packed first: with longer pieces loads and streamed stores take turns too slowly, with shorter ones the reads of several
/// inputs do.
pub(crate) const PIECE: usize = 2048;

/// Bytes of a piece where all inputs are read from memory as they lie: reading and writing past the caches only reach the
/// speed of memory when they go on together, and a core looks some hundred instructions ahead. Measured on Zen 4, `a + b`
/// in shares of a loop without a room: 0.6 with 8 KiB, 0.7 with 4, 0.8 with 2, 0.95 with a half.
pub(crate) const SHORT: usize = 512;

/// A line of anything.
type Line = MaybeUninit<[u8; LINE]>;

/// The room, in which lines begin where they do in the output.
#[repr(C, align(64))]
pub(crate) struct Room(MaybeUninit<[u8; PIECE + 2 * LINE]>);

/// A stream of pieces. What it holds is lost unless it is finished.
pub(crate) struct Stream<'a> {
    room: &'a mut Room,
    lines: Lines,
    /// Where the line at the start of the room belongs.
    line: *mut u8,
    /// The bytes held: they lie at `first..end` of the room.
    first: usize,
    end: usize,
}

/// Whether an output of this many bytes is better streamed.
#[inline]
pub(crate) fn is_large(bytes: usize) -> bool {
    bytes >= cache::last_level() / 2
}

impl<'a> Stream<'a> {
    /// `None` where the machine has no such stores.
    pub(crate) fn new(room: &'a mut MaybeUninit<Room>) -> Option<Stream<'a>> {
        let lines = Lines::new()?;
        // SAFETY: the one field may be uninitialised.
        let room = unsafe { room.assume_init_mut() };
        Some(Stream { room, lines, line: core::ptr::null_mut(), first: 0, end: 0 })
    }

    fn room(&mut self) -> *mut u8 {
        self.room.0.as_mut_ptr() as *mut u8
    }

    /// Where to write a piece of up to [`PIECE`] bytes, and as many more as are before the first line of the output, that belongs to
    /// `to`; [`put`](Self::put) follows.
    ///
    /// # Safety
    /// All pieces so far can be written to the output.
    #[inline]
    pub(crate) unsafe fn place(&mut self, to: *mut u8) -> *mut u8 {
        if to != self.line.wrapping_add(self.end) {
            // SAFETY: as the caller vouches.
            unsafe { self.part() };
            self.first = to.addr() % LINE;
            self.end = self.first;
            self.line = to.wrapping_sub(self.first);
            cache::prefetch_cut(to);
        }
        let end = self.end;
        self.room().wrapping_add(end)
    }

    /// `bytes` bytes have been written to the place; streams the lines that are complete.
    ///
    /// # Safety
    /// As [`place`](Self::place).
    #[inline]
    pub(crate) unsafe fn put(&mut self, bytes: usize) {
        self.end += bytes;
        let whole = self.end / LINE * LINE;
        if whole == 0 {
            return;
        }
        let room = self.room();
        let mut at = 0;
        // SAFETY: bytes of the room that have been written, and the part of the output that they belong to; what is left
        // is less than a line, in another line of the room, which has room for all of that line.
        unsafe {
            if self.first != 0 {
                at = LINE;
                let first = self.first;
                core::ptr::copy_nonoverlapping(room.add(first), self.line.add(first), LINE - first);
                self.first = 0;
            }
            let to = self.line.wrapping_add(at);
            specialize(Streamed { from: room.add(at), to, bytes: whole - at, asks: (core::ptr::null(), 0) });
            if self.end != whole {
                room.cast::<Line>().write(room.add(whole).cast::<Line>().read());
            }
        }
        self.line = self.line.wrapping_add(whole);
        self.end -= whole;
    }

    /// Takes `bytes` bytes from elsewhere that belong to `to`.
    ///
    /// # Safety
    /// As [`place`](Self::place); they can be read, and do not overlap the output.
    #[inline]
    pub(crate) unsafe fn take(&mut self, from: *const u8, to: *mut u8, bytes: usize) {
        for at in (0..bytes).step_by(PIECE) {
            let n = PIECE.min(bytes - at);
            // SAFETY: as the caller vouches; a place has room for a piece.
            unsafe {
                let place = self.place(to.wrapping_add(at));
                core::ptr::copy_nonoverlapping(from.add(at), place, n);
                self.put(n);
            }
        }
    }

    /// Writes what is still held; after it, later stores of any kind come later.
    ///
    /// # Safety
    /// As [`place`](Self::place).
    pub(crate) unsafe fn finish(&mut self) {
        // SAFETY: as the caller vouches.
        unsafe { self.part() };
        self.lines.fence();
    }

    /// Writes the part of a line that is held.
    ///
    /// # Safety
    /// As [`place`](Self::place).
    #[inline]
    unsafe fn part(&mut self) {
        let (first, bytes) = (self.first, self.end - self.first);
        let room = self.room();
        // SAFETY: less than a line, which has been written to the room.
        unsafe {
            core::ptr::copy_nonoverlapping(room.wrapping_add(first), self.line.wrapping_add(first), bytes)
        };
        (self.first, self.end, self.line) = (0, 0, core::ptr::null_mut());
    }
}

/// Whole lines of a room on their way to the output. (Pieces are short: a kernel for any copy would take as long to look at
/// its arguments.)
#[derive(Clone, Copy)]
pub(crate) struct Streamed {
    pub(crate) from: *const u8,
    pub(crate) to: *mut u8,
    pub(crate) bytes: usize,
    /// What is asked for meanwhile, and how many lines of it with each that is written.
    pub(crate) asks: (*const u8, usize),
}

impl Body for Streamed {
    type Out = ();

    #[inline(always)]
    fn run<F: Features>(self) {
        let (mut ask, each) = self.asks;
        for at in (0..self.bytes).step_by(LINE) {
            for _ in 0..each {
                cache::prefetch(ask);
                ask = ask.wrapping_add(LINE);
            }
            // SAFETY: lines of the room that have been written, to lines of the output.
            unsafe { F::stream_line(self.from.wrapping_add(at), self.to.wrapping_add(at)) };
        }
    }
}

/// Writes elements that begin a line past the caches.
///
/// # Safety
/// Only called in a loop that is compiled for the level. The elements are whole lines, and can be written.
#[inline(always)]
pub(crate) unsafe fn stream<L: Features, T, const N: usize>(elements: &[T; N], to: *mut T) {
    check(size_of::<[T; N]>().is_multiple_of(LINE), "whole lines");
    let from = elements.as_ptr().cast::<u8>();
    for at in (0..size_of::<[T; N]>()).step_by(LINE) {
        // SAFETY: as the caller vouches.
        unsafe { L::stream_line(from.add(at), to.cast::<u8>().add(at)) };
    }
}
