//! Packed items that go to even steps of the destination: every second item of a row is written, and what is between them
//! is not touched.
//!
//! With vectors whose stores leave bytes out, a vector of items makes as many vectors of the destination as the step has
//! items:
//!
//! ```text
//! to every second    a b c d e f g h
//!                    a . b . c . d .     stored without the dots
//!                    e . f . g . h .
//! ```
//!
//! Words of 4 bytes go to the lane where they are wanted, and bytes to their places inside it.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::marker::PhantomData;

use crate::arch::step;
use crate::cache::{LINE, prefetch_write};
use crate::copy::item::{Item, Word};
use crate::copy::tile::{Spread, SpreadFn};

/// A vector of a whole line whose stores leave out bytes.
pub(super) trait Sparse: Copy {
    /// A line from memory.
    ///
    /// # Safety
    /// A line can be read there. The CPU has the instructions of this vector (as for all functions here).
    unsafe fn load(from: *const u8) -> Self;

    /// The words of 4 bytes at these places.
    ///
    /// # Safety
    /// As [`Sparse::load`], for the instructions.
    unsafe fn words(self, places: &[u32; 16]) -> Self;

    /// In each lane of 16 bytes, the bytes at these places of the lane.
    ///
    /// # Safety
    /// As [`Sparse::words`].
    unsafe fn bytes(self, places: &[u8; LINE]) -> Self;

    /// Writes the bytes whose bits are set.
    ///
    /// # Safety
    /// These can be written at their places from `to` on, of any alignment.
    unsafe fn store(self, to: *mut u8, bits: u64);

    /// [`spread`], compiled for the instructions.
    fn compile<const T: usize, const S: usize>() -> SpreadFn;
}

/// So many items that have a line each before one is written, its line is asked for. Measured on Emerald Rapids, 65536 items, 1 or 2 KB
/// apart: of 8 bytes 1.4 times as fast, of 16 bytes 1.1 times, whether 8 or 64.
const ITEMS_AHEAD: usize = 16;

/// The longest step, in items, for vectors.
const MOST: usize = 4;

/// For items of `T` bytes and steps of `S` items: the words and bytes of each vector of the destination, and which of them are
/// items.
struct Places<const T: usize, const S: usize>(PhantomData<[u8; T]>);

/// See [`Places`].
struct Table {
    words: [[u32; 16]; MOST],
    bytes: [[u8; LINE]; MOST],
    bits: [u64; MOST],
}

impl<const T: usize, const S: usize> Places<T, S> {
    const TABLE: Table = {
        let mut table = Table { words: [[0; 16]; MOST], bytes: [[0; LINE]; MOST], bits: [0; MOST] };
        let mut at = 0;
        while at < S * LINE {
            let (vector, byte) = (at / LINE, at % LINE);
            let (slot, rest) = (at / T, at % T);
            // The first item that a lane has, or that follows it.
            let first = (at / 16 * 16 / T).div_ceil(S) * T;
            // The word in the lane, so far that 4 of them are inside the vector.
            let base = if first / 4 > 12 { 12 } else { first / 4 };
            table.words[vector][byte / 4] = (base + byte % 16 / 4) as u32;
            if slot.is_multiple_of(S) {
                table.bytes[vector][byte] = (slot / S * T + rest - 4 * base) as u8;
                table.bits[vector] |= 1 << byte;
            }
            at += 1;
        }
        table
    };
}

/// Moves a row.
///
/// # Safety
/// As [`SpreadFn`], for items of `T` bytes and steps of `S` of them.
#[inline(always)]
pub(super) unsafe fn spread<V: Sparse, const T: usize, const S: usize>(t: &Spread) {
    let table = const { &Places::<T, S>::TABLE };
    let per = LINE / T;
    // The last item is none of these, so that vectors end before it.
    let vectors = (t.n - 1) / per;
    let (mut src, mut dst) = (t.src, t.dst);
    for _ in 0..vectors {
        // SAFETY: a line of items, and their places: an item is behind them.
        unsafe {
            let x = V::load(src);
            for k in 0..S {
                if t.ahead > 0 {
                    super::prefetch(dst.wrapping_add(t.ahead + k * LINE));
                }
                let y = x.words(&table.words[k]).bytes(&table.bytes[k]);
                y.store(dst.wrapping_add(k * LINE), table.bits[k]);
            }
        }
        src = src.wrapping_add(LINE);
        dst = dst.wrapping_add(S * LINE);
    }
    let done = vectors * per;
    // SAFETY: the rest of the row.
    unsafe { one_by_one::<T>(&Spread { src, dst, n: t.n - done, ..*t }) }
}

/// The kernel for items of this size and steps of so many bytes.
#[inline]
pub(super) fn pick<V: Sparse>(item: usize, step: usize) -> Option<SpreadFn> {
    match item {
        1 => pick_step::<V, 1>(step),
        2 => pick_step::<V, 2>(step),
        4 => pick_step::<V, 4>(step),
        8 => pick_step::<V, 8>(step),
        _ => None,
    }
}

fn pick_step<V: Sparse, const T: usize>(step: usize) -> Option<SpreadFn> {
    Some(match step / T {
        _ if !step.is_multiple_of(T) => return None,
        2 => V::compile::<T, 2>(),
        3 => V::compile::<T, 3>(),
        4 => V::compile::<T, 4>(),
        _ => return None,
    })
}

/// The kernel without vectors, for items of this size and any step.
#[inline]
pub(super) fn plain(item: usize) -> Option<SpreadFn> {
    Some(match item {
        1 => one_by_one::<1>,
        2 => one_by_one::<2>,
        4 => one_by_one::<4>,
        8 => one_by_one::<8>,
        16 => one_by_one::<16>,
        _ => return None,
    })
}

/// Moves a row item by item.
///
/// # Safety
/// As [`SpreadFn`], for items of `T` bytes.
#[inline(always)]
unsafe fn one_by_one<const T: usize>(t: &Spread) {
    let (mut src, mut dst) = (t.src, t.dst);
    // Items that have a line each wait for it when they are written.
    let asks = if t.ahead > 0 && t.step >= LINE { t.n.saturating_sub(ITEMS_AHEAD) } else { 0 };
    for i in 0..t.n {
        if i < asks {
            prefetch_write(dst.wrapping_add(ITEMS_AHEAD * t.step));
        }
        // Without this the compiler makes scatters of it, which are slower.
        step();
        // SAFETY: an item of the row.
        unsafe { Word::<[u8; T]>::NEW.move_one(src, dst) };
        src = src.wrapping_add(T);
        dst = dst.wrapping_add(t.step);
    }
}
