//! Columns of records, which cells of rows make whole lines of, straight past the caches: `across` for items that are no powers of
//! two.
//!
//! Where a column begins anywhere in a line, what is left of its last line is kept until the next strip of rows, as there; rows that
//! fall into few sets of the first-level cache are put side by side first, some lines of each at once.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;

use super::across::{AHEAD, ENDS_AHEAD, Whole};
use super::column::{Ends, Inside, Join, Place, Plain, Write};
use super::generic::{MOST_ROWS, each};
use super::turns::Cell;
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::Across;

/// Rows of a tile, from `b` on: as many as a cell has.
struct Strip<'a> {
    t: &'a Across<'a>,
    b: usize,
    /// Where they begin, and those that are read next; beyond the last row, that one again.
    rows: [isize; MOST_ROWS],
    next: [isize; MOST_ROWS],
    /// Room for a chunk of each.
    side: *mut u8,
}

/// Bytes of a row that are put side by side at once, and from row to row there: an odd number of lines.
const CHUNK: usize = 4 * LINE;
const PITCH: usize = CHUNK + LINE;

/// Chunks of the rows of a strip, and where they begin.
#[repr(align(64))]
struct Side(MaybeUninit<[u8; MOST_ROWS * PITCH]>);

static SIDE: [isize; MOST_ROWS] = {
    let mut rows = [0; MOST_ROWS];
    let mut i = 0;
    while i < MOST_ROWS {
        rows[i] = (i * PITCH) as isize;
        i += 1;
    }
    rows
};

/// Moves all items.
///
/// # Safety
/// As [`crate::copy::tile::AcrossFn`], for columns that begin at multiples of `16 / N` bytes, as do items, and of which there are `K`
/// at least. `V` has 4 lanes.
#[inline(always)]
pub(super) unsafe fn past<
    V: Whole,
    J: Join<V>,
    C: Cell<V, K, L>,
    const N: usize,
    const K: usize,
    const L: usize,
>(
    t: &Across<'_>,
) {
    let count = t.rows.len();
    let aligned = t.columns.iter().all(|&column| phase(t.dst.wrapping_offset(column)) == 0);
    let mut side = Side(MaybeUninit::uninit());
    let mut s =
        Strip { t, b: 0, rows: [0; MOST_ROWS], next: [0; MOST_ROWS], side: side.0.as_mut_ptr().cast() };
    while s.b < count {
        let goes_on = s.b + C::ROWS < count;
        for i in 0..C::ROWS {
            s.rows[i] = t.rows[(s.b + i).min(count - 1)];
            s.next[i] = match goes_on {
                true => t.rows[(s.b + C::ROWS + i).min(count - 1)],
                false => t.rows[i.min(count - 1)].wrapping_add(t.ahead),
            };
        }
        let whole = s.b + C::ROWS <= count;
        // SAFETY: rows of the tile; what each way of writing asks for has just been looked at.
        unsafe {
            if aligned && whole {
                s.columns::<V, J, C, Plain, N, K, L>();
            } else if s.b > 0 && goes_on {
                s.columns::<V, J, C, Inside, N, K, L>();
            } else {
                s.columns::<V, J, C, Ends, N, K, L>();
            }
        }
        s.b += C::ROWS;
    }
}

impl Strip<'_> {
    /// All columns of the strip.
    ///
    /// # Safety
    /// As [`past`], where `W` can write.
    #[inline(always)]
    unsafe fn columns<
        V: Whole,
        J: Join<V>,
        C: Cell<V, K, L>,
        W: Write,
        const N: usize,
        const K: usize,
        const L: usize,
    >(
        &self,
    ) {
        let (t, count, n) = (self.t, self.t.rows.len(), self.t.columns.len());
        let row_lines = (n * C::ITEM).div_ceil(LINE);
        let lead = (AHEAD / LINE / C::ROWS).min(row_lines);
        let (begins, goes_on) = (self.b == 0, self.b + C::ROWS < count);
        // Columns that are put side by side at once, and how many of those are left.
        let (chunk, mut near) = (CHUNK / (K * C::ITEM) * K, 0);
        // Lines that are asked for with each cell, as many as it uses up: by its number alone, so that nothing is stored.
        let share = (row_lines * C::ROWS * WHOLE).div_ceil(n.div_ceil(K));
        let asked = |cell: usize| (cell * share / WHOLE).min(row_lines * C::ROWS);
        let mut done = 0;
        while done < n {
            // The last cell is moved back; only its last columns are new.
            let a = done.min(n - K);
            for number in asked(done / K)..asked(done / K + 1) {
                let (row, line) = (number % C::ROWS, number / C::ROWS + lead);
                let (list, line) =
                    if line < row_lines { (&self.rows, line) } else { (&self.next, line - row_lines) };
                // The line that its last byte is in: the one before was wanted by the cells before.
                super::prefetch(t.src.wrapping_offset(list[row]).wrapping_add(line * LINE + LINE - 1));
            }
            if W::ENDS {
                self.ask_for_ends(a + ENDS_AHEAD, K, C::ITEM, C::ROWS);
            }
            let src = t.src.wrapping_add(a * C::ITEM);
            // SAFETY: cells of the tile; whole chunks of its rows go to the side.
            unsafe {
                if t.side && near == 0 && (n - done) * C::ITEM >= CHUNK {
                    self.put_aside::<V>(src, C::ROWS);
                    near = chunk;
                }
                let x = if near > 0 {
                    let at = (chunk - near) * C::ITEM;
                    near -= K;
                    C::block(self.side.wrapping_add(at), SIDE.as_ptr(), CHUNK - at)
                } else {
                    C::block(src, self.rows.as_ptr(), (n - a) * C::ITEM)
                };
                each!(K, j => if a + j >= done {
                    let here = Place {
                        to: t.dst.wrapping_offset(t.columns[a + j]).wrapping_add(self.b * C::ITEM),
                        kept: t.kept.wrapping_add((a + j) * LINE),
                        begins,
                        goes_on,
                        left: (count - self.b) * C::ITEM * N / 16,
                    };
                    W::column::<V, J, N, L, true>(here, x[j]);
                });
            }
            done = a + K;
        }
    }

    /// Puts a chunk of each row side by side.
    ///
    /// # Safety
    /// So many bytes can be read at `src` in each row.
    #[inline(always)]
    unsafe fn put_aside<V: Whole>(&self, src: *const u8, rows: usize) {
        for i in 0..rows {
            let (from, to) = (src.wrapping_offset(self.rows[i]), self.side.wrapping_add(i * PITCH));
            for at in (0..CHUNK).step_by(LINE) {
                // SAFETY: the caller's promise; there is room for it.
                unsafe { V::load_line(from.wrapping_add(at)).store(to.wrapping_add(at)) };
            }
        }
    }

    /// Asks for the lines of columns `a .. a + n` that are written in part, as `across` does.
    #[inline(always)]
    fn ask_for_ends(&self, a: usize, n: usize, item: usize, rows: usize) {
        let (t, count) = (self.t, self.t.columns.len());
        for &column in &t.columns[a.min(count)..(a + n).min(count)] {
            let to = t.dst.wrapping_offset(column);
            if self.b == 0 {
                super::prefetch_cut(to);
            }
            if self.b + rows >= t.rows.len() {
                super::prefetch_cut(to.wrapping_add(t.rows.len() * item));
            }
        }
    }
}

/// As many parts make a line.
const WHOLE: usize = 1 << 16;
