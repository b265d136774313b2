//! Long items, each streamed from its place to its place: once for all instruction sets with stores that go past the
//! caches.
//!
//! Every store of a line goes with a request for a line that will be read some dozens of lines later: reading and writing
//! only reach the speed of a plain streamed copy when they always go on together, also from one item to the next, where
//! no hardware foresees the way. Where it does, since an item begins where the last one ended, or soon after, requests only
//! get into each other's way.
//!
//! Measured on Zen 4, in shares of a plain streamed copy, with and without requests: rows that follow each other in the
//! source 0.78 and 0.9, the inner part of a larger array 0.8 and 0.92, a box in a larger one 0.56 and 0.61; blocks of 500 to
//! 1000 bytes that trade places 0.83 and 0.2 to 0.8.
//!
//! Where items do not begin lines of the destination, lines that have bytes of two of them are put together in registers, and
//! those that have bytes of something else are asked for before they are written in part: a store waits for its line,
//! and what is streamed behind it waits with it. Measured on Emerald Rapids, rows of 68 to 508 bytes in another order, in
//! shares of a plain streamed copy: by way of a stage 0.45 to 0.6, with whole lines alone streamed 0.6 to 0.65, with the ones
//! of two items 0.65 to 0.9, with requests besides 0.75 to 1.0.

use core::ptr::copy_nonoverlapping;

use super::flush::Stream;
use crate::cache::LINE;
use crate::copy::plan::Axis;
use crate::copy::stage::phase;
use crate::copy::tile::Pieces;

/// Lines that are asked for in advance.
const AHEAD: usize = 128;

/// Bytes between one item and the next in the source that do not keep the hardware from seeing one stream.
const GAP: isize = 4 * LINE as isize;

/// Moves the items of a strip.
///
/// # Safety
/// As [`crate::copy::tile::PiecesFn`].
#[inline(always)]
pub(super) unsafe fn pieces<S: Stream>(t: &Pieces) {
    let gap = t.many.s.wrapping_sub(t.item as isize);
    // SAFETY: the caller's promise.
    unsafe {
        if t.few.n == 1 && (0..GAP).contains(&gap) {
            strip::<S, false>(t);
        } else {
            strip::<S, true>(t);
        }
    }
}

/// Moves the items of a strip, with requests or without.
///
/// # Safety
/// As [`pieces`].
#[inline(always)]
unsafe fn strip<S: Stream, const ASK: bool>(t: &Pieces) {
    let together = t.item * t.few.n;
    let ahead = AHEAD.div_ceil(t.item.div_ceil(LINE) * t.few.n);
    let follow = |axis: Axis| axis.d == t.item as isize && t.item >= LINE;
    if t.few.n == 1 && follow(t.many) {
        let next = t.src.wrapping_offset(t.many.s.wrapping_mul(ahead as isize));
        let all = Run { src: t.src, dst: t.dst, item: t.item, n: t.many.n, step: t.many.s, next };
        // SAFETY: the items of the strip.
        return unsafe { run::<S, ASK>(all) };
    }
    for a in 0..t.many.n {
        let source = |from: *const u8, a: usize| from.wrapping_offset(t.many.s.wrapping_mul(a as isize));
        let destination = |to: *mut u8, a: usize| to.wrapping_offset(t.many.d.wrapping_mul(a as isize));
        let (src, dst) = (source(t.src, a), destination(t.dst, a));
        let (next, next_dst) = match a + ahead {
            later if later < t.many.n => (source(t.src, later), destination(t.dst, later)),
            later => {
                let a = (later - t.many.n).min(t.many.n - 1);
                (source(t.next, a), destination(t.next_dst, a))
            }
        };
        // SAFETY: items of the strip.
        unsafe {
            if t.few.n == 1 || follow(t.few) {
                ask_for_ends(next_dst, together);
                run::<S, ASK>(Run { src, dst, item: t.item, n: t.few.n, step: t.few.s, next });
                continue;
            }
            for b in 0..t.few.n as isize {
                let (s, d) = (t.few.s.wrapping_mul(b), t.few.d.wrapping_mul(b));
                let (src, dst, next) =
                    (src.wrapping_offset(s), dst.wrapping_offset(d), next.wrapping_offset(s));
                ask_for_ends(next_dst.wrapping_offset(d), t.item);
                run::<S, ASK>(Run { src, dst, item: t.item, n: 1, step: 0, next });
            }
        }
    }
}

/// Asks for the lines that will be written in part.
#[inline(always)]
fn ask_for_ends(to: *const u8, bytes: usize) {
    super::prefetch_cut(to);
    super::prefetch_cut(to.wrapping_add(bytes));
}

/// Items that follow each other in the destination without a gap.
struct Run {
    src: *const u8,
    dst: *mut u8,
    /// Bytes of an item, and how many there are.
    item: usize,
    n: usize,
    /// Bytes from one to the next in the source.
    step: isize,
    /// What is read after them.
    next: *const u8,
}

/// Moves them and, if it is to ask, brings near what follows: the rest of an item, and then what is at `next`. Lines that have bytes
/// of two items are put together.
///
/// # Safety
/// All items can be read and written; if there is more than one, they have at least a line.
#[inline(always)]
unsafe fn run<S: Stream, const ASK: bool>(t: Run) {
    let near = (AHEAD * LINE).min(t.item);
    let head = ((LINE - phase(t.dst)) % LINE).min(t.item);
    let (mut from, mut to, mut next, mut at) = (t.src, t.dst, t.next, head);
    // SAFETY: bytes of the items, in lines of the destination from `head` on.
    unsafe {
        copy_nonoverlapping(from, to, head);
        for left in (0..t.n).rev() {
            let ask = |at: usize| match at + near {
                _ if !ASK => {}
                later if later < t.item => super::prefetch(from.wrapping_add(later)),
                later => super::prefetch(next.wrapping_add(later - t.item)),
            };
            if at > 0 {
                ask(0);
            }
            while at + LINE <= t.item {
                S::line(from.add(at), to.add(at));
                ask(at);
                at += LINE;
            }
            let rest = t.item - at;
            let after = from.wrapping_offset(t.step);
            if left == 0 {
                copy_nonoverlapping(from.add(at), to.add(at), rest);
                ask(at);
            } else if rest > 0 {
                S::joined(from.add(at), rest, after, to.add(at));
                ask(at);
            }
            at = (LINE - rest) % LINE;
            (from, to, next) = (after, to.wrapping_add(t.item), next.wrapping_offset(t.step));
        }
    }
}
