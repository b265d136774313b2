//! Transposes past the caches whose rows are put together in scratch first, because they are converted there or because their
//! items are apart in the source.
//!
//! ```text
//!   strip    as many rows of the source as make a few lines of the destination
//!   piece    so many columns of it that scratch stays near: put together row by row, then transposed and streamed
//! ```
//!
//! Pieces follow each other along the rows, strips down them. While a piece is written, the next one is brought near, a row
//! at a time.

use crate::check;
use aligned_vec::{AVec, ConstAlign};

use super::columns::{Columns, Strip};
use super::converted::Converted;
use super::plan::Axis;
use super::tile::Soon;
use crate::Level;
use crate::cache::LINE;

/// Bytes of a row of a piece, about, and columns of it at most.
const ROW: usize = 512;
const PIECE: usize = 256;
/// Columns that are gone through strip by strip, at most: a line of each is kept.
const PANEL: usize = 1024;
/// Elements that the loops of all conversions take at once, and columns that a part has at least.
const STEP: usize = 64;
const LEAST: usize = 16;
/// Rows of a strip, at most.
const ROWS: usize = 64;
/// Bytes of scratch: a piece of strips of 4 lines, whose rows begin an odd number of lines apart so that they fall into all
/// sets of the cache, and a line per column of a panel.
const PIECE_BYTES: usize = 4 * LINE * PIECE + 2 * LINE * ROWS;
const SCRATCH: usize = PIECE_BYTES + PANEL * LINE;

/// A way to write planes whose rows are put together first.
pub(crate) struct Strips {
    columns: Columns,
    /// Bytes of an item of the destination, and from item to item of a row of the source.
    item: usize,
    apart: usize,
    /// Columns of a piece, at most.
    piece: usize,
    scratch: AVec<u8, ConstAlign<LINE>>,
    /// Bytes from row to row in scratch.
    pitch: usize,
}

impl Strips {
    /// Columns that a plane has at least, and bytes of a column that are worth it.
    pub(crate) const WIDE: usize = Converted::LEAST;
    pub(crate) const HIGH: usize = 8 * LINE;

    /// The way for items of so many bytes, so many bytes apart in the source, that are `taken` bytes or more there. `None`
    /// where the level has none, or there is no memory.
    pub(crate) fn new(level: Level, item: usize, apart: usize, taken: usize) -> Option<Strips> {
        let columns = Columns::at(level, item)?;
        let mut scratch = AVec::new(LINE);
        scratch.try_reserve_exact(SCRATCH).ok()?;
        let piece = (ROW / item.min(taken)).min(PIECE);
        let pitch = ((piece * item).div_ceil(LINE) | 1) * LINE;
        check(columns.rows() * pitch <= PIECE_BYTES, "a piece fits into scratch");
        Some(Strips { columns, item, apart, piece, scratch, pitch })
    }

    /// Writes `a.n` columns of `b.n` items, which are packed along `b` in the destination and as far apart along `a` in the
    /// source as [`Strips::new`] was told. `fill` puts together rows: from an address of the source to one in scratch, so many
    /// items each, so many rows, so many bytes apart in scratch. Other threads see the result in order after
    /// [`super::Past::done`].
    ///
    /// # Safety
    /// Items can be read, and written to places at multiples of their size, and do not overlap; there are [`Strips::WIDE`]
    /// columns or more, and a row. `fill` writes all items of the rows. The CPU has the instructions of the level.
    pub(crate) unsafe fn run(
        &mut self,
        [a, b]: [Axis; 2],
        src: *const u8,
        dst: *mut u8,
        fill: impl Fn(*const u8, *mut u8, [usize; 2], usize),
    ) {
        let (high, panel) = (self.columns.rows(), even_part(a.n, PANEL));
        let in_scratch: [isize; ROWS] = core::array::from_fn(|k| (k * self.pitch) as isize);
        let in_source: [isize; ROWS] = core::array::from_fn(|k| b.s.wrapping_mul(k as isize));
        let of_columns: [isize; PIECE] = core::array::from_fn(|k| a.d.wrapping_mul(k as isize));
        let scratch = self.scratch.as_mut_ptr();
        let kept = scratch.wrapping_add(PIECE_BYTES);
        let source = |i: usize, j: usize| {
            src.wrapping_add(i * self.apart).wrapping_offset(b.s.wrapping_mul(j as isize))
        };
        for begin in (0..a.n).step_by(panel) {
            let end = a.n.min(begin + panel);
            let wide = even_part(end - begin, self.piece);
            for j in (0..b.n).step_by(high) {
                let m = high.min(b.n - j);
                for i in (begin..end).step_by(wide) {
                    let n = wide.min(end - i);
                    let next = if i + n < end { source(i + n, j) } else { source(begin, j + m) };
                    fill(source(i, j), scratch, [n, m], self.pitch);
                    let strip = Strip {
                        src: scratch,
                        rows: &in_scratch[..m],
                        dst: dst.wrapping_offset(a.d.wrapping_mul(i as isize)).wrapping_add(j * self.item),
                        columns: &of_columns[..n],
                        kept: kept.wrapping_add((i - begin) * LINE),
                        begins: j == 0,
                        ends: j + m == b.n,
                        soon: Soon { from: next, rows: &in_source[..m], bytes: n * self.apart },
                    };
                    // SAFETY: a piece of the plane, for which scratch has room; strips follow each other.
                    unsafe { self.columns.write(&strip) };
                }
            }
        }
    }
}

/// The extent of the parts when `n`, which is `LEAST` or more, is cut into as few parts of at most `most` as possible: of
/// whole `STEP`s, so that no conversion goes element by element at the end of every row of a part, or all about the same
/// where the last one would have too few.
fn even_part(n: usize, most: usize) -> usize {
    let even = n.div_ceil(n.div_ceil(most));
    let steps = even.next_multiple_of(STEP).min(most);
    if n.is_multiple_of(steps) || n % steps >= LEAST { steps } else { even }
}
