//! Rows of the destination that the source has in even steps, straight past the caches: every second item, items in
//! reverse, one item over and over.
//!
//! A lane of 16 bytes of the destination comes from as many loads as the step has items, since so many times 16 bytes of
//! the source hold its items, and each is shuffled by a table of its own:
//!
//! ```text
//! every second float    a . b . | c . d .     two loads for a lane
//!                       a b . . | . . c d     shuffled, the rest zero
//!                       a b c d               one or the other
//! ```
//!
//! A step back is the same with other tables, and lanes that are filled in descending order; a step of none is one vector
//! for the whole row.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;
use core::ptr::copy_nonoverlapping;

use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::{Stepped, SteppedFn};

/// A vector of 16-byte lanes with shuffles of bytes and stores past the caches.
pub(super) trait Shuffle: Copy {
    /// Bytes of all lanes, at most a line.
    const BYTES: usize;

    /// The same 16 bytes in every lane.
    ///
    /// # Safety
    /// The CPU has the instructions of this vector (as for all functions here).
    unsafe fn splat(lane: &[u8; 16]) -> Self;

    /// Lane `l` from the 16 bytes at `from + l * step`.
    ///
    /// # Safety
    /// Those bytes can be read.
    unsafe fn gather(from: *const u8, step: isize) -> Self;

    /// In each lane, the bytes at the places that `table` says; zero where it says more than 127.
    ///
    /// # Safety
    /// As [`Shuffle::splat`].
    unsafe fn shuffle(self, table: Self) -> Self;

    /// The bits of both.
    ///
    /// # Safety
    /// As [`Shuffle::splat`].
    unsafe fn or(self, other: Self) -> Self;

    /// Writes all lanes past the caches.
    ///
    /// # Safety
    /// They can be written, at a multiple of their size.
    unsafe fn stream(self, to: *mut u8);

    /// [`stepped`], compiled for the instructions.
    fn compile<const T: usize, const S: isize>() -> SteppedFn;
}

/// The kernel for items of this size and steps of so many items.
#[inline]
pub(super) fn pick<V: Shuffle>(item: usize, step: isize) -> Option<SteppedFn> {
    match item {
        1 => pick_step::<V, 1>(step),
        2 => pick_step::<V, 2>(step),
        4 => pick_step::<V, 4>(step),
        8 => pick_step::<V, 8>(step),
        16 => pick_step::<V, 16>(step),
        _ => None,
    }
}

fn pick_step<V: Shuffle, const T: usize>(step: isize) -> Option<SteppedFn> {
    Some(match step {
        0 => V::compile::<T, 0>(),
        -1 => V::compile::<T, -1>(),
        -2 => V::compile::<T, -2>(),
        2 => V::compile::<T, 2>(),
        3 => V::compile::<T, 3>(),
        4 => V::compile::<T, 4>(),
        _ => return None,
    })
}

/// The longest step, in items.
const MOST: usize = 4;

/// The tables for items of `T` bytes and steps of `S` items: where a lane's bytes are in each of its loads.
const fn tables<const T: usize, const S: isize>() -> [[u8; 16]; MOST] {
    let mut tables = [[0x80; 16]; MOST];
    let mut byte = 0;
    while byte < 16 {
        let (item, rest) = (byte / T, byte % T);
        let nth = if S < 0 { 16 / T - 1 - item } else { item };
        // Backwards, the loads end with the last byte of the lane's highest item.
        let gap = if S < 0 { (S.unsigned_abs() - 1) * T } else { 0 };
        let from = nth * S.unsigned_abs() * T + gap + rest;
        tables[from / 16][byte] = (from % 16) as u8;
        byte += 1;
    }
    tables
}

/// Which of the loads have any bytes of a lane.
const fn used(tables: &[[u8; 16]; MOST]) -> [bool; MOST] {
    let mut used = [false; MOST];
    let mut i = 0;
    while i < 16 * MOST {
        used[i / 16] |= tables[i / 16][i % 16] < 16;
        i += 1;
    }
    used
}

/// Moves a row.
///
/// # Safety
/// As [`crate::copy::tile::SteppedFn`].
#[inline(always)]
pub(super) unsafe fn stepped<V: Shuffle, const T: usize, const S: isize>(t: &Stepped) {
    let apart = S.unsigned_abs();
    let (per, step) = (LINE / T, S * T as isize);
    let head = ((LINE - phase(t.dst)) % LINE / T).min(t.n);
    // The last line reads no further than the last item: what is behind it in a load is not an item.
    let lines = (t.n - head).saturating_sub((apart > 1) as usize) / per;
    let tail = head + lines * per;
    // SAFETY: items of the row; the loads for a line begin and end at items of it.
    unsafe {
        items::<T>(t, step, 0, head);
        let to = t.dst.wrapping_add(head * T);
        if S == 0 {
            let x = one::<V, T>(t.src);
            for at in (0..lines * LINE).step_by(V::BYTES) {
                x.stream(to.wrapping_add(at));
            }
        } else {
            // The source is read upwards in any case: lines of the destination come in descending order if it runs down.
            let bytes = t.n * T * apart;
            let lanes = Lanes::<V, T, S>::new();
            let (low, next, done) = match S < 0 {
                true => (
                    t.src.wrapping_offset(step * (t.n as isize - 1)),
                    t.next.wrapping_offset(step * (t.n as isize - 1)),
                    t.n - tail,
                ),
                false => (t.src, t.next, head),
            };
            let mut ahead = done * T * apart + t.ahead;
            for i in 0..lines {
                let line = if S < 0 { lines - 1 - i } else { i };
                let (near, at) = if ahead < bytes { (low, ahead) } else { (next, ahead - bytes) };
                for k in 0..apart {
                    super::prefetch(near.wrapping_add(at + k * LINE));
                }
                let from = t.src.wrapping_offset(step * (head + line * per) as isize);
                let to = to.wrapping_add(line * LINE);
                for at in (0..LINE).step_by(V::BYTES) {
                    lanes.load(from.wrapping_offset(S * at as isize)).stream(to.wrapping_add(at));
                }
                ahead += LINE * apart;
            }
        }
        items::<T>(t, step, tail, t.n);
    }
}

/// The item at `src`, over and over.
///
/// # Safety
/// It can be read. The CPU has the instructions of the vector.
#[inline(always)]
unsafe fn one<V: Shuffle, const T: usize>(src: *const u8) -> V {
    let mut lane = [0; 16];
    // SAFETY: the caller's promise; a lane has room for `16 / T` items of `T` bytes.
    unsafe {
        for i in 0..16 / T {
            copy_nonoverlapping(src, lane.as_mut_ptr().add(i * T), T);
        }
        V::splat(&lane)
    }
}

/// How lanes are loaded.
struct Lanes<V, const T: usize, const S: isize>([V; MOST]);

impl<V: Shuffle, const T: usize, const S: isize> Lanes<V, T, S> {
    const TABLES: [[u8; 16]; MOST] = tables::<T, S>();

    /// # Safety
    /// The CPU has the instructions of the vector.
    #[inline(always)]
    unsafe fn new() -> Self {
        let mut tables = [MaybeUninit::uninit(); MOST];
        for k in 0..MOST {
            // SAFETY: the caller's promise.
            tables[k].write(unsafe { V::splat(&Self::TABLES[k]) });
        }
        // SAFETY: all have been written.
        Lanes(tables.map(|table| unsafe { table.assume_init() }))
    }

    /// The items from the one at `from` on.
    ///
    /// # Safety
    /// For each lane, so many times 16 bytes as items are apart can be read, upwards from its first item or downwards from
    /// the end of that. The CPU has the instructions of the vector.
    #[inline(always)]
    unsafe fn load(&self, from: *const u8) -> V {
        let low = if S < 0 { T as isize + 16 * S } else { 0 };
        let at = |k: usize| from.wrapping_offset(low).wrapping_add(16 * k);
        // SAFETY: the caller's promise.
        unsafe {
            if T == 16 {
                return V::gather(at(if S < 0 { S.unsigned_abs() - 1 } else { 0 }), 16 * S);
            }
            let mut x = V::gather(at(0), 16 * S).shuffle(self.0[0]);
            for k in 1..S.unsigned_abs() {
                if const { used(&Self::TABLES) }[k] {
                    x = x.or(V::gather(at(k), 16 * S).shuffle(self.0[k]));
                }
            }
            x
        }
    }
}

/// Moves items `from .. until` of a row.
///
/// # Safety
/// They are items of the row, `T` bytes each.
#[inline(always)]
unsafe fn items<const T: usize>(t: &Stepped, step: isize, from: usize, until: usize) {
    for i in from..until {
        // SAFETY: an item of the row.
        unsafe {
            let src = t.src.wrapping_offset(step * i as isize).cast::<MaybeUninit<[u8; T]>>();
            t.dst.wrapping_add(i * T).cast::<MaybeUninit<[u8; T]>>().write_unaligned(src.read_unaligned());
        }
    }
}
