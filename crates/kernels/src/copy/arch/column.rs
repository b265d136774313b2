//! What a strip has of a column, on its way to the destination: see `across`.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use super::across::{Strip, Whole};
use crate::cache::LINE;
use crate::copy::stage::phase;

/// A way of writing what a strip has of a column.
pub(super) trait Write {
    /// Whether it writes parts of lines.
    const ENDS: bool;

    /// Writes it.
    ///
    /// # Safety
    /// As [`super::across::across`]; `lines` are the items of column `a` from row `b` on, with anything after the last one. What else a
    /// way asks for it says.
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize, const PAST: bool>(
        s: &Strip<'_>,
        a: usize,
        lines: [V; PARTS],
    );
}

/// Where the column goes on in this strip.
#[inline(always)]
fn target<const N: usize>(s: &Strip<'_>, a: usize) -> *mut u8 {
    // SAFETY: the callers go through the columns of the table.
    let column = unsafe { *s.t.columns.get_unchecked(a) };
    s.t.dst.wrapping_offset(column).wrapping_add(s.b * (16 / N))
}

/// For whole strips whose columns begin lines.
pub(super) struct Plain;

impl Write for Plain {
    const ENDS: bool = false;

    #[inline(always)]
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize, const PAST: bool>(
        s: &Strip<'_>,
        a: usize,
        lines: [V; PARTS],
    ) {
        let to = target::<N>(s, a);
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
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize, const PAST: bool>(
        s: &Strip<'_>,
        a: usize,
        lines: [V; PARTS],
    ) {
        let to = target::<N>(s, a);
        let into = phase(to);
        let (to, skip) = (to.wrapping_sub(into), into / (16 / N));
        let kept = s.t.kept.wrapping_add(a * LINE);
        // SAFETY: lines of the column, all of whose items are there: the strip before has kept its last vector.
        unsafe {
            let mut prev = V::load_line(kept);
            for part in 0..PARTS {
                V::join::<N>(prev, lines[part], skip).put::<PAST>(to.wrapping_add(part * LINE));
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
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize, const PAST: bool>(
        s: &Strip<'_>,
        a: usize,
        lines: [V; PARTS],
    ) {
        let per = 4 * N;
        let to = target::<N>(s, a);
        let into = phase(to);
        let (to, skip) = (to.wrapping_sub(into), into / (16 / N));
        let kept = s.t.kept.wrapping_add(a * LINE);
        let left = s.t.rows.len() - s.b;
        let (begins, goes_on) = (s.begins(), s.goes_on(PARTS * per));
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
                let line = V::join::<N>(prev, cur, skip);
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
