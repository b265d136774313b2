//! What a strip has of a column, on its way to the destination: see `across`.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use super::across::Whole;
use crate::cache::LINE;
use crate::copy::stage::phase;

/// How two vectors of a column make a line.
pub(super) trait Join<V> {
    /// As [`Whole::join`].
    ///
    /// # Safety
    /// As that.
    unsafe fn join<const N: usize>(prev: V, cur: V, skip: usize) -> V;
}

/// As the vectors do it.
pub(super) struct Items;

impl<V: Whole> Join<V> for Items {
    #[inline(always)]
    unsafe fn join<const N: usize>(prev: V, cur: V, skip: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::join::<N>(prev, cur, skip) }
    }
}

/// A way of writing what a strip has of a column.
pub(super) trait Write {
    /// Whether it writes parts of lines.
    const ENDS: bool;

    /// Writes it.
    ///
    /// # Safety
    /// As [`super::across::across`]; `lines` are the items of the column from here on, with anything after the last one. What else a
    /// way asks for it says.
    unsafe fn column<V: Whole, J: Join<V>, const N: usize, const PARTS: usize, const PAST: bool>(
        here: Place,
        lines: [V; PARTS],
    );
}

/// Where a column goes on in a strip.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Its next item.
    pub(super) to: *mut u8,
    /// Room for a line, where what is left of the last one is kept.
    pub(super) kept: *mut u8,
    /// Whether it begins in this strip, and whether it goes on behind it.
    pub(super) begins: bool,
    pub(super) goes_on: bool,
    /// Items of the column that are left.
    pub(super) left: usize,
}

/// For whole strips whose columns begin lines.
pub(super) struct Plain;

impl Write for Plain {
    const ENDS: bool = false;

    #[inline(always)]
    unsafe fn column<V: Whole, J: Join<V>, const N: usize, const PARTS: usize, const PAST: bool>(
        here: Place,
        lines: [V; PARTS],
    ) {
        let to = here.to;
        for part in 0..PARTS {
            // SAFETY: a line of the column.
            unsafe { lines[part].put::<PAST>(to.wrapping_add(part * LINE)) };
        }
    }
}

/// For whole strips that are neither the first nor the last.
pub(super) struct Inside;

impl Write for Inside {
    const ENDS: bool = false;

    #[inline(always)]
    unsafe fn column<V: Whole, J: Join<V>, const N: usize, const PARTS: usize, const PAST: bool>(
        here: Place,
        lines: [V; PARTS],
    ) {
        let into = phase(here.to);
        let (to, skip) = (here.to.wrapping_sub(into), into / (16 / N));
        let kept = here.kept;
        // SAFETY: lines of the column, all of whose items are there: the strip before has kept its last vector.
        unsafe {
            let mut prev = V::load_line(kept);
            for part in 0..PARTS {
                J::join::<N>(prev, lines[part], skip).put::<PAST>(to.wrapping_add(part * LINE));
                prev = lines[part];
            }
            prev.store(kept);
        }
    }
}

/// For all strips.
pub(super) struct Ends;

impl Write for Ends {
    const ENDS: bool = true;

    #[inline(always)]
    unsafe fn column<V: Whole, J: Join<V>, const N: usize, const PARTS: usize, const PAST: bool>(
        here: Place,
        lines: [V; PARTS],
    ) {
        let per = 4 * N;
        let into = phase(here.to);
        let (to, skip) = (here.to.wrapping_sub(into), into / (16 / N));
        let kept = here.kept;
        let Place { begins, goes_on, left, .. } = here;
        // Items until the end of the column, or of the lines that are complete.
        let end = if goes_on { PARTS * per } else { skip + left };
        // SAFETY: items of the column; whole lines have no others. If it goes on, the next strip finds the last vector.
        unsafe {
            let mut prev = if begins || skip == 0 { lines[0] } else { V::load_line(kept) };
            for part in 0..PARTS + 1 {
                let cur = if part < PARTS { lines[part] } else { prev };
                let from = if part == 0 && begins { skip } else { 0 };
                let until = end.saturating_sub(part * per).min(per);
                let to = to.wrapping_add(part * LINE);
                let line = J::join::<N>(prev, cur, skip);
                if from == 0 && until == per {
                    line.put::<PAST>(to);
                } else if from < until {
                    line.store_some::<N>(to, from, until);
                }
                prev = cur;
            }
            if goes_on {
                lines[PARTS - 1].store(kept);
            }
        }
    }
}
