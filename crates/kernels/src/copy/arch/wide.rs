//! The columns of a strip where its rows fall into few sets of the caches: a window of each row is put side by side.
//!
//! ```text
//! row                  |.....rrr|rrrrrrrr|rrrrrrrr|rrrrrrrr|rrrrrrrr|rrrr....|        lines of the cache
//! windows     -        |.....rrr|rrrrrrrr|rrrrrrrr|rrrrrrrr|                          a line and a chunk of 4
//!                                                 |rrrrrrrr|rrrrrrrr|rrrr....|
//! ```
//!
//! Each row is read in whole lines of its own, wherever it begins in a line, and each line once: it would have been pushed out
//! by the lines of other rows before a second look. So chunks of different rows hold different columns; what all
//! rows have is moved, which is up to a line less than a chunk, and the last line of a window is the first of the next.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use super::across::{AHEAD, Near, Strip, Whole, cell};
use super::column::Write;
use super::generic::{Load, MOST_ROWS};
use crate::cache::LINE;
use crate::copy::stage::phase;

/// Bytes of a row that are put side by side, and brought near, at once.
const CHUNK: usize = 4 * LINE;
/// Bytes from row to row where they are side by side: a window, which is an odd number of lines.
pub(super) const PITCH: usize = LINE + CHUNK;

/// Brings the lines of a chunk of one row near, where rows have so many bytes and may lie in so many bytes of lines.
#[inline(always)]
fn bring(near: &mut Near<'_>, row_bytes: usize, lines: usize) {
    let row = near.begin();
    let into = phase(row);
    let line = row.wrapping_sub(into).wrapping_add(near.at);
    let mut at = 0;
    while at < CHUNK.min((into + row_bytes).saturating_sub(near.at)) {
        super::prefetch(line.wrapping_add(at));
        at += LINE;
    }
    near.step(CHUNK, lines);
}

/// All columns of a strip.
///
/// # Safety
/// As [`super::across::across`], where `W` can write; `side` has room for a window of each row.
#[inline(always)]
pub(super) unsafe fn columns<
    V: Whole,
    L: Load<V, N>,
    W: Write,
    const N: usize,
    const PARTS: usize,
    const PAST: bool,
>(
    s: &Strip<'_>,
    side: *mut u8,
) {
    let size = L::SIZE;
    let (rows, n) = (PARTS * 4 * N, s.t.columns.len());
    let row_bytes = n * size;
    let mut in_side = [side.cast_const(); MOST_ROWS];
    // By how much the columns that all rows have are fewer than a chunk.
    let mut margin = 0;
    for i in 0..rows {
        let into = phase(s.from[i]);
        in_side[i] = side.wrapping_add(i * PITCH + into);
        if into != 0 {
            margin = LINE;
        }
    }
    let lines = row_bytes + margin;
    // Chunks in advance; the strip before has brought near as many of this one.
    let chunks = AHEAD.div_ceil(rows * CHUNK).min(lines.div_ceil(CHUNK));
    let (at, row) = ((chunks - 1) * CHUNK, rows - 1);
    let mut near = Near { t: s.t, b: s.b, rows, at, row, src: s.t.src };
    bring(&mut near, row_bytes, lines);
    // As many as a cell uses up.
    let share = rows.div_ceil((row_bytes.min(CHUNK) / (N * size)).max(1));
    let (mut done, mut chunk) = (0, 0);
    while done < n {
        let window = Window { s, side, chunk, row_bytes, margin };
        // SAFETY: rows of the tile, and room for their windows.
        unsafe { window.fill::<V>(rows) };
        let until = ((chunk + CHUNK - margin) / size).min(n);
        while done < until {
            for _ in 0..share {
                bring(&mut near, row_bytes, lines);
            }
            // The last cell is moved back; only its last columns are new.
            let a = done.min(n - N);
            let at = a * size;
            // SAFETY: cells of the tile; those that are not moved back lie in the windows.
            unsafe {
                if a == done {
                    cell::<V, L, W, N, PARTS, PAST>(s, &in_side, LINE + at - chunk, a, 0);
                } else {
                    cell::<V, L, W, N, PARTS, PAST>(s, &s.from, at, a, done - a);
                }
            }
            done = a + N;
        }
        chunk += CHUNK;
    }
}

/// The windows of all rows.
struct Window<'a> {
    s: &'a Strip<'a>,
    side: *mut u8,
    /// Where the chunk begins, as seen from the line that a row begins in.
    chunk: usize,
    row_bytes: usize,
    margin: usize,
}

impl Window<'_> {
    /// Reads the next chunk of each row.
    ///
    /// # Safety
    /// As [`columns`].
    #[inline(always)]
    unsafe fn fill<V: Whole>(&self, rows: usize) {
        let whole = (self.chunk > 0 || self.margin == 0) && self.chunk + CHUNK <= self.row_bytes;
        for i in 0..rows {
            let to = self.side.wrapping_add(i * PITCH);
            let row = self.s.from[i];
            let into = phase(row);
            let from = row.wrapping_sub(into).wrapping_add(self.chunk);
            // SAFETY: lines of the row, or the bytes of them that belong to it.
            unsafe {
                if self.margin != 0 && self.chunk != 0 {
                    V::load_line(to.wrapping_add(CHUNK)).store(to);
                }
                for k in 0..CHUNK / LINE {
                    let to = to.wrapping_add(LINE + k * LINE);
                    let from = from.wrapping_add(k * LINE);
                    if whole {
                        V::load_line(from).store(to);
                    } else {
                        let at = self.chunk + k * LINE;
                        let begin = into.saturating_sub(at).min(LINE);
                        let end = (into + self.row_bytes).saturating_sub(at).min(LINE);
                        V::load_some(from, begin, end).store(to);
                    }
                }
            }
        }
    }
}
