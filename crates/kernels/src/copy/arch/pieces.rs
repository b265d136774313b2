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

use core::ptr::copy_nonoverlapping;

use super::flush::Stream;
use crate::cache::LINE;
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
    let lines = t.item.div_ceil(LINE);
    let ahead = AHEAD.div_ceil(lines * t.few.n);
    for a in 0..t.many.n {
        let at = |a: usize| t.many.s.wrapping_mul(a as isize);
        let next = match a + ahead {
            later if later < t.many.n => t.src.wrapping_offset(at(later)),
            later => t.next.wrapping_offset(at((later - t.many.n).min(t.many.n - 1))),
        };
        let src = t.src.wrapping_offset(at(a));
        let dst = t.dst.wrapping_offset(t.many.d.wrapping_mul(a as isize));
        for b in 0..t.few.n as isize {
            let (s, d) = (t.few.s.wrapping_mul(b), t.few.d.wrapping_mul(b));
            // SAFETY: an item of the strip.
            unsafe {
                let next = next.wrapping_offset(s);
                piece::<S, ASK>(src.wrapping_offset(s), dst.wrapping_offset(d), t.item, next);
            }
        }
    }
}

/// Moves an item and, if it is to ask, brings near what follows: the rest of it, and then what is at `next`.
///
/// # Safety
/// `bytes` bytes can be read at `src` and written at `dst`.
#[inline(always)]
unsafe fn piece<S: Stream, const ASK: bool>(src: *const u8, dst: *mut u8, bytes: usize, next: *const u8) {
    let head = ((LINE - phase(dst)) % LINE).min(bytes);
    let near = (AHEAD * LINE).min(bytes);
    let ask = |at: usize| match at + near {
        _ if !ASK => {}
        later if later < bytes => super::prefetch(src.wrapping_add(later)),
        later => super::prefetch(next.wrapping_add(later - bytes)),
    };
    let mut at = head;
    // SAFETY: bytes of the item, in lines of the destination from `head` on.
    unsafe {
        if head > 0 {
            copy_nonoverlapping(src, dst, head);
            ask(0);
        }
        while at + LINE <= bytes {
            S::line(src.add(at), dst.add(at));
            ask(at);
            at += LINE;
        }
        if at < bytes {
            copy_nonoverlapping(src.add(at), dst.add(at), bytes - at);
            ask(at);
        }
    }
}
