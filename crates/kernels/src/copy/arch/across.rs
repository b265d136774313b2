//! The transpose of long runs, straight to the destination or past the caches: no stage, since whole lines of the
//! destination are put together in registers.
//!
//! ```text
//! strip    as many rows as make PARTS lines of a column; a cell is N columns of it
//! line     cur = a column of 64 bytes of rows       phase = how far into a line the column begins, in items
//!          join(prev, cur)                          the last items of prev, then the first of cur: a whole line
//! ```
//!
//! Strips follow each other down the rows; inside a strip the source is read along its rows, whose lines some 256 bytes
//! further are brought near on the way, a few per line that is written, so that reading and writing always go on
//! together. The lines that a strip has of a column are written one after the other. What a column leaves of its last line
//! is kept (as the whole vector `prev`) until the next strip.
//!
//! Rows that are a power of 2 apart, or nearly, fall into few sets of the cache, and would push each other out between one
//! cell and the next: a line of each row of the strip is put side by side first. Where they fall into few sets of the
//! second-level cache, too, 4 lines of a row are, and are brought near together, and strips are as tall as they can be. Where
//! rows begin anywhere in a line, whole lines of each are (see `wide`).
//!
//! Measured on Zen 4, in shares of a plain streamed copy. What limits this are not the shuffles (leaving them out changes
//! nothing) but how the source comes into the first-level cache: fewer of its lines, and it is at the limit. With lines
//! brought into the first level in advance: 0.4 to 0.5 instead of 0.6 to 0.95. With strips of 128 rows and `prev` in registers
//! all the way down: 0.3 to 0.5 instead of 0.6 to 0.9. Floats by strips of 32 rows 0.85 to 0.95, of 64 rows 0.75 to 0.85.
//! Rows 4, 8 or 16 KiB of floats apart: by single lines 0.3 to 0.5, by 4 lines 0.45 to 0.7; one item more or less than that:
//! by lines of the source 0.35 to 0.5, by whole lines of each row 0.5 to 0.6. Columns that begin anywhere in a line cost a
//! quarter.
//!
//! The same without any arithmetic, loads and streamed stores alone, as a bound: reading is what limits it. Lines written one by
//! one, in any order over the columns, take 0.65 to 0.8 of the time of a copy, by 2 and more 0.7. Reading takes 0.65 in one
//! stream or up to 16 rows side by side left to the hardware, but 1.1 to 2.3 by 32 and 64 rows, 1.5 in pieces of 512 bytes to 4
//! KiB of one row after the other, 1.1 with a line asked for before each that is read in one stream. Together, asked for in the
//! second-level cache 512 bytes to 2 KiB ahead: 32 rows 0.7 to 0.93, 64 rows 0.65 to 0.85, what is kept of columns costs 0.1
//! of that; in the first-level cache 0.6 to 0.7, touched by loads 0.45 to 0.6. Bytes 8191 apart 0.36, each line read once 0.6.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;

use super::column::{Ends, Inside, Items, Place, Plain, Write};
use super::generic::{Lanes, Load, MOST_ROWS, block};
use super::wide;
use crate::cache::LINE;
use crate::copy::tile::{Across, Soon};

/// What the kernel needs of vectors of a whole line.
pub(super) trait Whole: Lanes {
    /// The last `skip` items of `prev`, then the first of `cur`; a vector has `4 * N` items.
    ///
    /// # Safety
    /// `skip` is below `4 * N`. The CPU has the instructions of this vector (as for all functions here).
    unsafe fn join<const N: usize>(prev: Self, cur: Self, skip: usize) -> Self;

    /// Writes the whole line `to`, past the caches if `PAST`.
    ///
    /// # Safety
    /// A line can be written there, and it begins one.
    unsafe fn put<const PAST: bool>(self, to: *mut u8);

    /// Writes items `from .. until` of the line `to`, which may be none.
    ///
    /// # Safety
    /// These can be written.
    unsafe fn store_some<const N: usize>(self, to: *mut u8, from: usize, until: usize);

    /// A line from memory.
    ///
    /// # Safety
    /// A line can be read there.
    unsafe fn load_line(from: *const u8) -> Self;

    /// Lane `l` from the 16 bytes that lie `l * apart` bytes further.
    ///
    /// # Safety
    /// These can be read.
    unsafe fn load_even(from: *const u8, apart: usize) -> Self;

    /// Lane `l` from the 16 bytes at `src + rows[l * apart]`.
    ///
    /// # Safety
    /// These can be read.
    unsafe fn load_listed(src: *const u8, rows: *const isize, apart: usize) -> Self;

    /// Bytes `from .. until` of a line in memory, and zeros.
    ///
    /// # Safety
    /// These can be read.
    unsafe fn load_some(line: *const u8, from: usize, until: usize) -> Self;
}

/// Bytes of all rows together that the source is brought near in advance.
pub(super) const AHEAD: usize = 20 << 10;

/// So many columns before they are written, lines that are written in part are asked for.
pub(super) const ENDS_AHEAD: usize = 16;

/// Bytes of a row that are put side by side, and brought near, at once where a strip is `WIDE`.
const CHUNK: usize = 4 * LINE;
/// Bytes from row to row where so many are side by side.
const PITCH: usize = wide::PITCH;

/// A line, or a chunk, of each row of a strip.
#[repr(align(64))]
struct Side<const BYTES: usize>(MaybeUninit<[u8; BYTES]>);

/// One strip: where its rows and those of the next begin.
pub(super) struct Strip<'a> {
    pub(super) t: &'a Across<'a>,
    pub(super) from: [*const u8; MOST_ROWS],
    next: [*const u8; MOST_ROWS],
    /// How many rows the next one has.
    coming: usize,
    /// The first row.
    pub(super) b: usize,
}

/// What is brought near: chunks of all rows of a strip, then of the next one.
pub(super) struct Near<'a> {
    pub(super) t: &'a Across<'a>,
    /// The first row of the strip, and how many it has.
    pub(super) b: usize,
    pub(super) rows: usize,
    /// Where the chunk is in a row, and the row that is next.
    pub(super) at: usize,
    pub(super) row: usize,
    pub(super) src: *const u8,
}

impl Near<'_> {
    /// Brings a chunk of one row near, of so many bytes.
    #[inline(always)]
    fn go_on(&mut self, row_bytes: usize) {
        let row = self.begin().wrapping_add(self.at);
        let mut at = 0;
        while at < CHUNK.min(row_bytes - self.at) {
            // The line that its last byte is in: the one before was wanted by the chunk before.
            super::prefetch(row.wrapping_add(at + LINE - 1));
            at += LINE;
        }
        self.step(CHUNK, row_bytes);
    }

    /// Where the row that is next begins.
    #[inline(always)]
    pub(super) fn begin(&self) -> *const u8 {
        let b = (self.b + self.row).min(self.t.rows.len() - 1);
        self.src.wrapping_offset(self.t.rows[b])
    }

    /// Goes on to the next row, then to the next chunk as long as rows have one, then to the next strip.
    #[inline(always)]
    pub(super) fn step(&mut self, chunk: usize, row_bytes: usize) {
        self.row += 1;
        if self.row == self.rows {
            self.row = 0;
            self.at += chunk;
            if self.at >= row_bytes {
                self.at = 0;
                self.b += self.rows;
                if self.b >= self.t.rows.len() {
                    self.b = 0;
                    self.src = self.src.wrapping_offset(self.t.ahead);
                }
            }
        }
    }
}

/// What is brought near instead, if rows are not the source: all of one row, then the next.
struct Asked<'a> {
    soon: &'a Soon<'a>,
    row: usize,
    at: usize,
    /// Lines per cell.
    share: usize,
}

impl<'a> Asked<'a> {
    #[inline(always)]
    fn new(soon: &'a Soon<'a>, cells: usize) -> Self {
        let lines = soon.bytes.div_ceil(LINE) * soon.rows.len();
        Asked { soon, row: 0, at: 0, share: lines.div_ceil(cells.max(1)) }
    }

    #[inline(always)]
    fn go_on(&mut self) {
        for _ in 0..self.share {
            if self.row == self.soon.rows.len() {
                return;
            }
            // The line that its last byte is in, as in `Near`.
            let row = self.soon.from.wrapping_offset(self.soon.rows[self.row]);
            super::prefetch(row.wrapping_add(self.at + LINE - 1));
            self.at += LINE;
            if self.at >= self.soon.bytes {
                self.at = 0;
                self.row += 1;
            }
        }
    }
}

/// Moves all items.
///
/// # Safety
/// As [`crate::copy::tile::AcrossFn`]. `V` has 4 lanes.
#[inline(always)]
pub(super) unsafe fn across<
    V: Whole,
    L: Load<V, N>,
    const N: usize,
    const PARTS: usize,
    const PAST: bool,
    const WIDE: bool,
>(
    t: &Across<'_>,
) {
    let mut s = Strip { t, from: [t.src; MOST_ROWS], next: [t.src; MOST_ROWS], coming: 0, b: 0 };
    let mut lines = Side::<{ MOST_ROWS * LINE }>(MaybeUninit::uninit());
    let mut chunks = Side::<{ MOST_ROWS * PITCH }>(MaybeUninit::uninit());
    let side = if WIDE { chunks.0.as_mut_ptr().cast() } else { lines.0.as_mut_ptr().cast() };
    let phases = t.columns.iter().fold(0, |all, &column| all | t.dst.wrapping_offset(column) as usize);
    let aligned = phases.is_multiple_of(LINE);
    while s.b < t.rows.len() {
        // SAFETY: rows `b ..` of the tile. What is left after the last strip is done line by line.
        unsafe {
            let left = t.rows.len() - s.b;
            let parts = part_count::<N, PARTS, WIDE>(t, left);
            let rows = parts * 4 * N;
            // The first strip of the next box, which is like this one, comes after the last.
            let after = if left > rows { left - rows } else { t.rows.len() };
            // (No more than twice the rows of this one: more requests at once than that hold up what is read meanwhile.)
            s.coming = after.min(part_count::<N, PARTS, WIDE>(t, after) * 4 * N).min(2 * rows);
            if parts == PARTS {
                strip::<V, L, N, PARTS, PAST, WIDE>(&mut s, aligned, side);
            } else if WIDE && parts == 2 {
                strip::<V, L, N, 2, PAST, WIDE>(&mut s, aligned, side);
            } else {
                strip::<V, L, N, 1, PAST, WIDE>(&mut s, aligned, side);
            }
        }
    }
}

/// How many parts the next strip has, of so many rows that are left: `PARTS`, 2 or 1.
#[inline(always)]
fn part_count<const N: usize, const PARTS: usize, const WIDE: bool>(t: &Across<'_>, left: usize) -> usize {
    if left >= PARTS * 4 * N && (!WIDE || t.tall >= PARTS * 4 * N) {
        PARTS
    } else if WIDE && PARTS >= 8 && left >= 2 * 4 * N {
        2
    } else {
        1
    }
}

/// Moves a strip, and goes on to the next.
///
/// # Safety
/// As [`columns`].
#[inline(always)]
unsafe fn strip<
    V: Whole,
    L: Load<V, N>,
    const N: usize,
    const PARTS: usize,
    const PAST: bool,
    const WIDE: bool,
>(
    s: &mut Strip<'_>,
    aligned: bool,
    side: *mut u8,
) {
    let rows = PARTS * 4 * N;
    let left = s.t.rows.len() - s.b;
    s.stand::<N, PARTS>();
    // SAFETY: the caller's promise; what each way of writing asks for has just been looked at.
    unsafe {
        if aligned && left >= rows {
            columns::<V, L, Plain, N, PARTS, PAST, WIDE>(s, side);
        } else if !s.begins() && s.goes_on(rows) && left >= rows {
            columns::<V, L, Inside, N, PARTS, PAST, WIDE>(s, side);
        } else {
            columns::<V, L, Ends, N, PARTS, PAST, WIDE>(s, side);
        }
    }
    s.b += rows;
}

impl Strip<'_> {
    /// Whether columns begin in this strip.
    #[inline(always)]
    pub(super) fn begins(&self) -> bool {
        self.b == 0 && self.t.begins
    }

    /// Whether columns go on behind these rows.
    #[inline(always)]
    pub(super) fn goes_on(&self, rows: usize) -> bool {
        self.t.rows.len() - self.b > rows || !self.t.ends
    }

    /// Where a column goes on in this strip, which has so many rows.
    #[inline(always)]
    pub(super) fn place<const N: usize>(&self, a: usize, rows: usize) -> Place {
        // SAFETY: the callers go through the columns of the table.
        let column = unsafe { *self.t.columns.get_unchecked(a) };
        Place {
            to: self.t.dst.wrapping_offset(column).wrapping_add(self.b * (16 / N)),
            kept: self.t.kept.wrapping_add(a * LINE),
            begins: self.begins(),
            goes_on: self.goes_on(rows),
            left: self.t.rows.len() - self.b,
        }
    }

    /// Asks for the lines of columns `a .. a + n` that are written in part: those that they begin and end in the middle of, if they do
    /// in this strip, which has so many rows.
    #[inline(always)]
    fn ask_for_ends(&self, a: usize, n: usize, size: usize, rows: usize) {
        let (t, count) = (self.t, self.t.columns.len());
        for &column in &t.columns[a.min(count)..(a + n).min(count)] {
            let to = t.dst.wrapping_offset(column);
            if self.begins() {
                super::prefetch_cut(to);
            }
            if !self.goes_on(rows) {
                super::prefetch_cut(to.wrapping_add(t.rows.len() * size));
            }
        }
    }

    /// Lists the rows of this strip and the next; beyond the last row, that one again.
    #[inline(always)]
    fn stand<const N: usize, const PARTS: usize>(&mut self) {
        let (t, strip) = (self.t, PARTS * 4 * N);
        let last = self.b + strip >= t.rows.len();
        list(t.src, &t.rows[self.b..], &mut self.from[..strip]);
        let (src, b) = if last { (t.src.wrapping_offset(t.ahead), 0) } else { (t.src, self.b + strip) };
        list(src, &t.rows[b..], &mut self.next[..strip]);
        if self.coming > strip {
            list(src, &t.rows[b + strip..], &mut self.next[strip..self.coming]);
        }
    }
}

/// Lists where these rows begin; beyond the last row, that one again.
#[inline(always)]
fn list(src: *const u8, rows: &[isize], to: &mut [*const u8]) {
    let last = src.wrapping_offset(rows[rows.len() - 1]);
    // (Without a look at the end for each row this becomes vectors: what is stored here waits behind lines on their way to memory.)
    if rows.len() >= to.len() {
        for i in 0..to.len() {
            to[i] = src.wrapping_offset(rows[i]);
        }
    } else {
        for i in 0..to.len() {
            to[i] = if i < rows.len() { src.wrapping_offset(rows[i]) } else { last };
        }
    }
}

/// All columns of a strip.
///
/// # Safety
/// As [`across`], where `W` can write; `side` has room for a chunk of each row.
#[inline(always)]
unsafe fn columns<
    V: Whole,
    L: Load<V, N>,
    W: Write,
    const N: usize,
    const PARTS: usize,
    const PAST: bool,
    const WIDE: bool,
>(
    s: &Strip<'_>,
    side: *mut u8,
) {
    if WIDE && N >= 4 && s.t.windows {
        // SAFETY: the caller's promise.
        return unsafe { wide::columns::<V, L, W, N, PARTS, PAST>(s, side) };
    }
    let size = L::SIZE;
    // Bytes of a row that a cell has, and how many cells make a line.
    let (taken, cells) = (N * size, LINE / (N * size));
    let (rows, n) = (PARTS * 4 * N, s.t.columns.len());
    let row_bytes = n * size;
    let lead = AHEAD / rows.max(s.coming);
    let lead = if row_bytes >= 2 * lead { lead } else { row_bytes };
    let pitch = if WIDE { PITCH } else { LINE };
    let mut in_side = [side.cast_const(); MOST_ROWS];
    for i in 0..rows {
        in_side[i] = side.wrapping_add(i * pitch);
    }
    // Chunks in advance; the strip before has brought near as many of this one.
    let chunks = AHEAD.div_ceil(rows * CHUNK).min(row_bytes.div_ceil(CHUNK));
    let mut near = Near { t: s.t, b: s.b, rows, at: (chunks - 1) * CHUNK, row: rows - 1, src: s.t.src };
    if WIDE {
        near.go_on(row_bytes);
    }
    let mut soon = s.t.soon.as_ref().map(|soon| Asked::new(soon, n / N));
    // As many as a cell uses up.
    let share = rows.div_ceil((row_bytes.min(CHUNK) / taken).max(1));
    let wide = if WIDE { CHUNK } else { LINE };
    let mut done = 0;
    while done < n {
        // The last cell is moved back; only its last columns are new.
        let a = done.min(n - N);
        let at = a * size;
        if WIDE {
            for _ in 0..share {
                near.go_on(row_bytes);
            }
        } else if let Some(soon) = &mut soon {
            soon.go_on();
        } else {
            // As large a part of the rows per cell as a cell is of a line.
            let part = rows / cells;
            let mut first = at / taken % cells * part;
            let (list, near, count) = match at + lead < row_bytes {
                true => (&s.from, at + lead, rows),
                false => (&s.next, at + lead - row_bytes, s.coming),
            };
            loop {
                for i in first..first + part {
                    // The line that its last byte is in: the one before was wanted by the cells before.
                    super::prefetch(list[i].wrapping_add(near / LINE * LINE + LINE - 1));
                }
                // The next strip may be taller.
                first += rows;
                if first >= count {
                    break;
                }
            }
        }
        if W::ENDS {
            s.ask_for_ends(a + ENDS_AHEAD, N, size, rows);
        }
        // SAFETY: cells of the tile; whole chunks of rows go to the side.
        unsafe {
            let chunk = at - at % wide;
            if s.t.side && a == done && chunk + wide <= row_bytes {
                if at == chunk {
                    for i in 0..rows {
                        let (from, to) = (s.from[i].wrapping_add(chunk), in_side[i].cast_mut());
                        V::load_line(from).store(to);
                        if WIDE {
                            for k in 1..CHUNK / LINE {
                                V::load_line(from.wrapping_add(k * LINE)).store(to.wrapping_add(k * LINE));
                            }
                        }
                    }
                }
                cell::<V, L, W, N, PARTS, PAST>(s, &in_side, at - chunk, a, 0);
            } else {
                cell::<V, L, W, N, PARTS, PAST>(s, &s.from, at, a, done - a);
            }
        }
        done = a + N;
    }
}

/// Moves columns `a + new .. a + N` of a strip.
///
/// # Safety
/// `N` items can be read at `at` in each row, which are columns `a .. a + N`; `W` can write.
#[inline(always)]
pub(super) unsafe fn cell<
    V: Whole,
    L: Load<V, N>,
    W: Write,
    const N: usize,
    const PARTS: usize,
    const PAST: bool,
>(
    s: &Strip<'_>,
    from: &[*const u8; MOST_ROWS],
    at: usize,
    a: usize,
    new: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut parts = [block::<V, L, N>(from.as_ptr(), at); PARTS];
        for part in 1..PARTS {
            parts[part] = block::<V, L, N>(from.as_ptr().add(part * 4 * N), at);
        }
        for j in 0..N {
            if j >= new {
                let mut lines = [parts[0][j]; PARTS];
                for part in 1..PARTS {
                    lines[part] = parts[part][j];
                }
                W::column::<V, Items, N, PARTS, PAST>(s.place::<N>(a + j, PARTS * 4 * N), lines);
            }
        }
    }
}
