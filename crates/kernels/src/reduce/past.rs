//! Results past the caches: short runs that are folded to more results than the caches hold.
//!
//! ```text
//!   rooms    [ results k ]   [ results k + 1 ]      loops fold some runs into one room, while the other one is full
//!   output   ...|line|line|line|...                 then the other one is streamed, line by line, and the runs after these are asked for
//! ```
//!
//! Two rooms, for loops write a line in parts, and parts can only be read together once they have left the core, which they do
//! behind the lines that were streamed before.

use core::mem::MaybeUninit;

use crate::arch::specialize;
use crate::cache::{LINE, prefetch_cut};
use crate::copy::Lines;
use crate::elementwise::Streamed;

/// Bytes of a room.
const ROOM: usize = 4096;

/// Bytes that are read for each that is written: from so many on, results take little of the time, and reading goes on better if
/// nothing else happens in between.
///
/// Emerald Rapids, with ordinary stores and past the caches, ms: sums of rows of 2 of `f64` 17.2 and 14.7, largest elements 18.5 and 15.7,
/// sums of rows of 3 of `int32` 18.9 and 14.6, of bytes 11.6 and 8.0; rows of 3 of `f64` as long either way, rows of 4 and 8 14.1 and
/// 14.8, 13.3 and 14.8.
const MOST_READ: usize = 3;

/// Bytes of results one after the other that are worth it: behind them everything waits until they have left the core.
const LEAST: usize = 16 * ROOM;

/// The rooms.
#[repr(align(64))]
struct Rooms(MaybeUninit<[[u8; ROOM]; 2]>);

/// Results of runs that are evenly apart.
pub(super) struct Results {
    pub(super) count: usize,
    /// First element, and bytes from one run to the next.
    pub(super) src: *const u8,
    pub(super) stride: usize,
    /// Where the results go, one after the other, and bytes of one.
    pub(super) out: *mut u8,
    pub(super) size: usize,
}

impl Results {
    /// Whether it pays to have them go past the caches, where all results of the reduction do not fit there: so little is read for
    /// each, and so many come one after the other.
    pub(super) fn are_worth_it(&self) -> bool {
        self.stride < MOST_READ * self.size && self.count * self.size >= LEAST
    }

    /// Makes the results: `fold` folds so many runs from one on to where it is told. `false`, and nothing done, where the machine has no such
    /// stores, or results are not at a multiple of their size.
    ///
    /// # Safety
    /// The results can be written.
    #[inline(never)]
    pub(super) unsafe fn fold(&self, fold: &mut dyn FnMut(usize, usize, *mut u8)) -> bool {
        let Some(lines) = Lines::new() else { return false };
        let size = self.size;
        if !self.out.addr().is_multiple_of(size) {
            return false;
        }
        let mut rooms = Rooms(MaybeUninit::uninit());
        let rooms = rooms.0.as_mut_ptr() as *mut u8;
        let first = (self.out.addr().wrapping_neg() % LINE / size).min(self.count);
        let whole = (self.count - first) * size / LINE * LINE / size;
        prefetch_cut(self.out);
        prefetch_cut(self.out.wrapping_add(self.count * size));
        fold(0, first, self.out);
        let each = self.stride.div_ceil(size);
        let mut waiting = Streamed { from: rooms, to: rooms, bytes: 0, asks: (self.src, each) };
        for (k, at) in (first..first + whole).step_by(ROOM / size).enumerate() {
            let count = (ROOM / size).min(first + whole - at);
            let room = rooms.wrapping_add(k % 2 * ROOM);
            fold(at, count, room);
            specialize(waiting);
            let ask = self.src.wrapping_add((at + 2 * count) * self.stride);
            let to = self.out.wrapping_add(at * size);
            waiting = Streamed { from: room, to, bytes: count * size, asks: (ask, each) };
        }
        specialize(waiting);
        fold(first + whole, self.count - first - whole, self.out.wrapping_add((first + whole) * size));
        lines.fence();
        true
    }
}
