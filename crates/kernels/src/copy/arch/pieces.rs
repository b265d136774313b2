//! Long items, each streamed from its place to its place: once for all instruction sets with stores that go past the
//! caches.
//!
//! Every store of a line goes with a request for a line that will be read some dozens of lines later: reading and writing
//! only reach the speed of a plain streamed copy when they always go on together, also from one item to the next, where
//! no hardware foresees the way.

use core::ptr::copy_nonoverlapping;

use super::flush::Stream;
use crate::copy::stage::{LINE, phase};
use crate::copy::tile::Pieces;

/// Lines that are asked for in advance.
const AHEAD: usize = 128;

/// Moves the items of a strip.
///
/// # Safety
/// As [`crate::copy::tile::PiecesFn`].
#[inline(always)]
pub(super) unsafe fn pieces<S: Stream>(t: &Pieces) {
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
                piece::<S>(src.wrapping_offset(s), dst.wrapping_offset(d), t.item, next.wrapping_offset(s));
            }
        }
    }
}

/// Moves an item and brings near what follows: the rest of it, and then what is at `next`.
///
/// # Safety
/// `bytes` bytes can be read at `src` and written at `dst`.
#[inline(always)]
unsafe fn piece<S: Stream>(src: *const u8, dst: *mut u8, bytes: usize, next: *const u8) {
    let head = ((LINE - phase(dst)) % LINE).min(bytes);
    let near = (AHEAD * LINE).min(bytes);
    let ask = |at: usize| match at + near {
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
