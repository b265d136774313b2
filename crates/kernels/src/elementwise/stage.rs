//! Tiles of an output on their way past the caches.
//!
//! A kernel writes the rows of a tile into a room in L1, each as far into a line as it belongs in the output, and from
//! there whole lines are streamed. Tiles that follow each other along the rows cut lines where rows do not begin with
//! one: what a tile leaves of the last line of a row is kept until the next tile of these rows.
//!
//! ```text
//!   output   ...|----line----|----line----|----line----|...
//!   tile              [   row of a tile     ]
//!   streamed          (part) |----line----|                    the first line of a whole row, and the last, in parts
//!   kept                                  [ ]                  put in front of the same row of the next tile
//! ```
//!
//! With every line that is written some of the lines that the next tile reads are asked for: reading and writing past the
//! caches only reach the speed of memory when they go on together.

use core::mem::MaybeUninit;
use core::ptr::copy_nonoverlapping;

use super::near::Near;
use crate::arch::{Body, Features, specialize};
use crate::cache::LINE;

/// A line of anything.
type Line = MaybeUninit<[u8; LINE]>;

/// The room.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    /// Where the rows of a tile are put, from the start of a line on, and bytes from row to row there: as in the output
    /// but for whole lines.
    room: *mut u8,
    pitch: usize,
    /// A line for each row of the tiles that follow each other.
    kept: *mut u8,
    /// Bytes from row to row in the output.
    stride: isize,
}

/// Rows of a tile: what of them the stage must know.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// Where the first one belongs.
    pub(super) to: *mut u8,
    /// How many, and the bytes of each.
    pub(super) rows: usize,
    pub(super) bytes: usize,
    /// Their number among the rows of the tiles that follow each other.
    pub(super) number: usize,
    /// Whether they are the first and the last bytes of the rows of the output.
    pub(super) begins: bool,
    pub(super) ends: bool,
}

impl Stage {
    /// Bytes of room for rows of so many bytes.
    pub(super) const fn room(rows: usize, bytes: usize) -> usize {
        rows * (bytes + 3 * LINE) + 2 * LINE
    }

    /// For rows of up to `bytes` bytes. The room is as [`Stage::room`] says, and begins a line, as do the kept ones.
    pub(super) fn new(room: *mut u8, kept: *mut u8, stride: isize, bytes: usize) -> Stage {
        let apart = stride.rem_euclid(LINE as isize) as usize;
        Stage { room, pitch: bytes.next_multiple_of(LINE) + LINE + apart, kept, stride }
    }

    /// Bytes from row to row in the room.
    pub(super) fn pitch(&self) -> isize {
        self.pitch as isize
    }

    /// Whether rows begin and end with lines.
    fn is_aligned(&self, tile: &Rows) -> bool {
        (tile.to.addr() | self.stride as usize).is_multiple_of(LINE)
    }

    /// Where to write the first row; [`Stage::flush`] follows.
    ///
    /// # Safety
    /// The tile fits into the room; unless it begins the rows, the one before it has been flushed.
    #[inline]
    pub(super) unsafe fn place(&self, tile: &Rows) -> *mut u8 {
        let first = self.room.wrapping_add(tile.to.addr() % LINE);
        if !tile.begins && !self.is_aligned(tile) {
            specialize(Placed { stage: self, tile });
        }
        first
    }

    /// Streams the rows of a tile, and with each line asks for so many lines of what is near.
    ///
    /// # Safety
    /// As [`Stage::place`]; the rows have been written to their place, and can be written to the output.
    #[inline]
    pub(super) unsafe fn flush<const N: usize>(&self, tile: &Rows, near: &mut [Near; N], share: usize) {
        specialize(Flushed { stage: self, tile, near, share });
    }
}

/// See [`Stage::place`].
struct Placed<'a> {
    stage: &'a Stage,
    tile: &'a Rows,
}

impl Body for Placed<'_> {
    type Out = ();

    #[inline(always)]
    fn run<F: Features>(self) {
        let (stage, tile) = (self.stage, self.tile);
        let mut row = stage.room.wrapping_add(tile.to.addr() % LINE);
        for i in 0..tile.rows {
            let line = row.wrapping_sub(row.addr() % LINE);
            // SAFETY: the line that the row begins in is of the room, and the row's alone.
            unsafe {
                let kept = stage.kept.add((tile.number + i) * LINE).cast::<Line>();
                line.cast::<Line>().write(kept.read());
            }
            row = row.wrapping_add(stage.pitch);
        }
    }
}

/// See [`Stage::flush`].
struct Flushed<'a, const N: usize> {
    stage: &'a Stage,
    tile: &'a Rows,
    near: &'a mut [Near; N],
    share: usize,
}

impl<const N: usize> Body for Flushed<'_, N> {
    type Out = ();

    #[inline(always)]
    fn run<F: Features>(self) {
        let (stage, tile) = (self.stage, self.tile);
        let mut from = stage.room.wrapping_add(tile.to.addr() % LINE);
        let mut to = tile.to;
        for i in 0..tile.rows {
            let phase = to.addr() % LINE;
            let end = phase + tile.bytes;
            let lines = end / LINE * LINE;
            let (row, line) = (from.wrapping_sub(phase), to.wrapping_sub(phase));
            let mut at = 0;
            // (A copy, which the compiler keeps in registers.)
            let next = Near::first(self.near);
            let mut near = *next;
            // SAFETY: bytes of the row, and in front of them what was kept; the output's lines have no others.
            unsafe {
                if tile.begins && phase != 0 {
                    at = LINE;
                    copy_nonoverlapping(row.add(phase), line.wrapping_add(phase), end.min(LINE) - phase);
                }
                while at < lines {
                    F::stream_line(row.add(at), line.wrapping_add(at));
                    near.some(self.share);
                    at += LINE;
                }
                if end == lines {
                    // Nothing is left: what is kept would only take the place of something else in the cache.
                } else if !tile.ends {
                    // A row that ends before its first line does stays in that line.
                    let kept = stage.kept.add((tile.number + i) * LINE).cast::<Line>();
                    kept.write(row.add(lines).cast::<Line>().read());
                } else if end > at {
                    copy_nonoverlapping(row.add(at), line.wrapping_add(at), end - at);
                }
            }
            *next = near;
            from = from.wrapping_add(stage.pitch);
            to = to.wrapping_offset(stage.stride);
        }
    }
}
