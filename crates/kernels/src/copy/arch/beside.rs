//! The transpose of long runs of bytes past the caches: as `across`, with each line of the source looked at once.
//!
//! ```text
//! strip    as many rows as make PARTS lines of a column; a cell is N columns of it
//! side     a line of each row, side by side, and the next line of each, which comes while that one is moved
//! board    what the strip has of the columns of a cell
//! ```
//!
//! A line of the source has 64 columns of bytes, so it is used by cells of many rows: more than the nearest cache holds where they
//! are, and all in the same sets of it where rows are a power of 2 apart. What lies side by side is found there again.
//!
//! Reading and writing have to go on together all the time. So three things are done in turns, a few lines of each per column:
//! lines are written, as many of the source that lie in the second level by now are put side by side, and as many are
//! asked for that are wanted after 512 bytes of each row, 4 lines of a row together.
//!
//! Measured on Zen 4, in shares of a plain streamed copy, against what was before (`across`, `wide`, or by way of a stage):
//! 4096 x 4096 0.48 to 0.54 and 0.33 to 0.4, 8191 x 8191 0.35 to 0.4 and 0.31, 10000 x 10000 0.3 to 0.37 and 0.33 to 0.38, three
//! axes in reverse order 0.33 and 0.19; where columns begin lines and rows do not collide, or fall into one set of the second
//! level, 0.46 and 0.6, so those stay with `across`. Larger items gain nothing. The same in a prototype reaches 0.67, 0.43 and 0.5
//! for the first three; taking the turns cell by cell instead of column by column costs it a fifth, 256 rows at once or 4 lines of
//! each row after the other a quarter, whole lines of rows that begin anywhere (as in `wide`) nothing or a tenth.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;

use super::across::Whole;
use super::generic::{AsIs, block, each, weave};
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::Across;

/// Rows of a strip, at most.
const ROWS: usize = 128;
/// Bytes of the columns of a cell that a strip has, at most.
const CELL: usize = 16 * ROWS;
/// Bytes of a row that are brought near at once, and how many of these in advance.
const CHUNK: usize = 4 * LINE;
const LEAD: usize = 2;

/// A line of each row of a strip, and the next of each.
#[repr(align(64))]
struct Side(MaybeUninit<[u8; 2 * ROWS * LINE]>);

/// What a strip has of the columns of a cell.
#[repr(align(64))]
struct Board(MaybeUninit<[u8; CELL]>);

/// One strip: where its rows and those of the next begin.
struct Strip<'a> {
    t: &'a Across<'a>,
    from: [*const u8; ROWS],
    next: [*const u8; ROWS],
    /// The first row.
    b: usize,
    side: *mut u8,
    board: *mut u8,
    /// Which half of the side is next, and whether it holds the first line of each row already.
    half: usize,
    filled: bool,
}

/// What is brought near: chunks of all rows of a strip, then of the next one. (Pointers, not references to the strip: what is
/// written to anywhere would have all of them loaded again.)
struct Near {
    /// The row that is next in the list, and the end of the list.
    row: *const *const u8,
    end: *const *const u8,
    rows: usize,
    /// Where the chunk is in a row.
    at: usize,
    row_bytes: usize,
    /// The rows after these.
    next: *const *const u8,
}

impl Near {
    /// For a strip: the one before has brought near as many chunks of it.
    #[inline(always)]
    fn new(s: &Strip<'_>, rows: usize, row_bytes: usize) -> Self {
        let at = LEAD * CHUNK;
        let (list, at) = if at < row_bytes { (s.from.as_ptr(), at) } else { (s.next.as_ptr(), 0) };
        Near { row: list, end: list.wrapping_add(rows), rows, at, row_bytes, next: s.next.as_ptr() }
    }

    /// Brings the chunk of so many rows near.
    ///
    /// # Safety
    /// It goes through the rows of a strip in equal steps.
    #[inline(always)]
    unsafe fn go_on(&mut self, rows: usize) {
        let left = self.row_bytes - self.at;
        for i in 0..rows {
            // SAFETY: the row is in the list.
            let row = unsafe { *self.row.add(i) }.wrapping_add(self.at + LINE - 1);
            // The lines that the last bytes are in: the one before was wanted by the chunk before.
            super::prefetch(row);
            if left > CHUNK - LINE {
                super::prefetch(row.wrapping_add(LINE));
                super::prefetch(row.wrapping_add(2 * LINE));
                super::prefetch(row.wrapping_add(3 * LINE));
            } else {
                for k in 1..left.div_ceil(LINE) {
                    super::prefetch(row.wrapping_add(k * LINE));
                }
            }
        }
        self.row = self.row.wrapping_add(rows);
        if self.row == self.end {
            self.at += CHUNK;
            let list = if self.at >= self.row_bytes {
                self.at = 0;
                self.next
            } else {
                self.end.wrapping_sub(self.rows)
            };
            (self.row, self.end) = (list, list.wrapping_add(self.rows));
        }
    }
}

/// A line of each row on its way to the side.
struct Fill {
    /// The row that is next in the list, and the end of the list.
    row: *const *const u8,
    end: *const *const u8,
    /// Where the line is in a row, and where it goes.
    at: usize,
    to: *mut u8,
}

impl Fill {
    /// Moves so many lines, if there are any left.
    ///
    /// # Safety
    /// The line can be read in all rows of the list, and there is room for as many. It goes through them in equal steps.
    #[inline(always)]
    unsafe fn go_on<V: Whole>(&mut self, lines: usize) {
        if self.row == self.end {
            return;
        }
        for i in 0..lines {
            // SAFETY: the caller's promise.
            unsafe {
                V::load_line((*self.row.add(i)).wrapping_add(self.at)).store(self.to.wrapping_add(i * LINE))
            };
        }
        self.row = self.row.wrapping_add(lines);
        self.to = self.to.wrapping_add(lines * LINE);
    }
}

/// Moves all items of a tile that begins and ends its columns.
///
/// # Safety
/// As [`crate::copy::tile::AcrossFn`]. `V` has 4 lanes, and `N * PARTS` is at most 32.
#[inline(always)]
pub(super) unsafe fn beside<V: Whole, const N: usize, const PARTS: usize>(t: &Across<'_>) {
    let mut side = Side(MaybeUninit::uninit());
    let mut board = Board(MaybeUninit::uninit());
    let mut s = Strip {
        t,
        from: [t.src; ROWS],
        next: [t.src; ROWS],
        b: 0,
        side: side.0.as_mut_ptr().cast(),
        board: board.0.as_mut_ptr().cast(),
        half: 0,
        filled: false,
    };
    let aligned = t.columns.iter().all(|&column| phase(t.dst.wrapping_offset(column)) == 0);
    while s.b < t.rows.len() {
        // SAFETY: rows `b ..` of the tile. What is left after the last strip is done line by line.
        unsafe {
            if t.rows.len() - s.b >= PARTS * 4 * N {
                strip::<V, N, PARTS>(&mut s, aligned);
            } else {
                strip::<V, N, 1>(&mut s, aligned);
            }
        }
    }
}

/// Moves a strip, and goes on to the next.
///
/// # Safety
/// As [`beside`]; there is a row.
#[inline(always)]
unsafe fn strip<V: Whole, const N: usize, const PARTS: usize>(s: &mut Strip<'_>, aligned: bool) {
    let rows = PARTS * 4 * N;
    let left = s.t.rows.len() - s.b;
    s.stand(rows);
    // SAFETY: the caller's promise; what each way of writing asks for has just been looked at.
    unsafe {
        if aligned && left >= rows {
            columns::<V, Plain, N, PARTS>(s);
        } else if s.b > 0 && left > rows {
            columns::<V, Inside, N, PARTS>(s);
        } else {
            columns::<V, Ends, N, PARTS>(s);
        }
    }
    // The next strip finds its first lines only if it is as tall.
    let lines = s.lines(16 / N);
    s.half ^= lines % 2;
    s.b += rows;
    s.filled = lines > 0 && left >= 2 * rows;
}

impl Strip<'_> {
    /// Lists the rows from `b` on, and those after them, which may be those of the next tile; beyond the last row, that one again.
    #[inline(always)]
    fn stand(&mut self, rows: usize) {
        let (t, count) = (self.t, self.t.rows.len());
        let row = |base: *const u8, b: usize| base.wrapping_offset(t.rows[b.min(count - 1)]);
        let last = self.b + rows >= count;
        for i in 0..rows {
            self.from[i] = row(t.src, self.b + i);
            self.next[i] =
                if last { row(t.src.wrapping_offset(t.ahead), i) } else { row(t.src, self.b + rows + i) };
        }
    }

    /// Lines of a row that go to the side, if items have so many bytes.
    #[inline(always)]
    fn lines(&self, size: usize) -> usize {
        self.t.columns.len() * size / LINE
    }

    /// A line of each row, to half of the side: of this strip, or of the next if this has no more and that has as many rows.
    #[inline(always)]
    fn fill(&self, rows: usize, half: usize, line: usize, lines: usize) -> Fill {
        let to = self.side.wrapping_add(half * ROWS * LINE);
        let alike = self.t.rows.len() - self.b >= 2 * rows;
        let (list, at, rows) = match line < lines {
            true => (&self.from, line * LINE, rows),
            false => (&self.next, 0, if alike { rows } else { 0 }),
        };
        Fill { row: list.as_ptr(), end: list.as_ptr().wrapping_add(rows), at, to }
    }
}

/// All columns of a strip.
///
/// # Safety
/// As [`beside`], where `W` can write.
#[inline(always)]
unsafe fn columns<V: Whole, W: Write, const N: usize, const PARTS: usize>(s: &Strip<'_>) {
    let (size, rows, n) = (16 / N, PARTS * 4 * N, s.t.columns.len());
    let (row_bytes, lines) = (n * size, s.lines(size));
    let (side, board) = (s.side, s.board);
    let out = Out::new(s, size);
    let mut near = Near::new(s, rows, row_bytes);
    // A cell uses up as many chunks, a part of which goes with each column.
    let chunks = |j: usize| j * (rows * 16).div_ceil(CHUNK) / N;
    let (mut done, mut half) = (0, s.half);
    // SAFETY: lines and cells of the tile. A column uses up a line of the source for each line that is written.
    unsafe {
        if lines > 0 && !s.filled {
            s.fill(rows, half, 0, lines).go_on::<V>(rows);
        }
        for line in 0..lines {
            let mut fill = s.fill(rows, half ^ 1, line + 1, lines);
            for at in (0..LINE).step_by(16) {
                cell::<V, N, PARTS>(board, side.wrapping_add(half * ROWS * LINE + at));
                for j in 0..N {
                    near.go_on(chunks(j + 1) - chunks(j));
                    W::column::<V, N, PARTS>(&out, done + j, board.wrapping_add(j * PARTS * LINE));
                    fill.go_on::<V>(PARTS);
                }
                done += N;
            }
            half ^= 1;
        }
        while done < n {
            // The last cell is moved back; only its last columns are new.
            let a = done.min(n - N);
            cell_of_rows::<V, N, PARTS>(board, &s.from, a * size);
            for j in 0..N {
                near.go_on(chunks(j + 1) - chunks(j));
                if j >= done - a {
                    W::column::<V, N, PARTS>(&out, a + j, board.wrapping_add(j * PARTS * LINE));
                }
            }
            done = a + N;
        }
    }
}

/// Puts the columns of a cell on the board that lie in the side.
///
/// # Safety
/// There is half of a side from there on.
#[inline(always)]
unsafe fn cell<V: Whole, const N: usize, const PARTS: usize>(board: *mut u8, side: *const u8) {
    for part in 0..PARTS {
        let from = side.wrapping_add(part * 4 * N * LINE);
        // SAFETY: the caller's promise; the board has room for so many columns and parts.
        unsafe {
            let mut lines = [V::load_even(from, N * LINE); N];
            each!(N, i => lines[i] = V::load_even(from.wrapping_add(i * LINE), N * LINE));
            put::<V, N, PARTS>(board, part, weave(lines));
        }
    }
}

/// Puts the columns of a cell on the board that lie `at` so many bytes in rows.
///
/// # Safety
/// As many can be read in each row.
#[inline(always)]
unsafe fn cell_of_rows<V: Whole, const N: usize, const PARTS: usize>(
    board: *mut u8,
    from: &[*const u8; ROWS],
    at: usize,
) {
    for part in 0..PARTS {
        // SAFETY: the caller's promise; the board has room for so many columns and parts.
        unsafe { put::<V, N, PARTS>(board, part, block::<V, AsIs, N>(from.as_ptr().add(part * 4 * N), at)) };
    }
}

/// Puts a line of each column on the board.
///
/// # Safety
/// There is room.
#[inline(always)]
unsafe fn put<V: Whole, const N: usize, const PARTS: usize>(board: *mut u8, part: usize, lines: [V; N]) {
    // SAFETY: the caller's promise.
    unsafe {
        each!(N, j => lines[j].store(board.wrapping_add((j * PARTS + part) * LINE)));
    }
}

/// Where what a strip has of the columns goes.
struct Out {
    /// Where the columns begin, as seen from the first row of the strip in the first.
    columns: *const isize,
    dst: *mut u8,
    /// Room for a line per column.
    kept: *mut u8,
    /// Rows until the end of the columns, and whether these are the first.
    left: usize,
    begins: bool,
}

impl Out {
    #[inline(always)]
    fn new(s: &Strip<'_>, size: usize) -> Self {
        Out {
            columns: s.t.columns.as_ptr(),
            dst: s.t.dst.wrapping_add(s.b * size),
            kept: s.t.kept,
            left: s.t.rows.len() - s.b,
            begins: s.b == 0,
        }
    }

    /// Where column `a` goes on: the line, how many items into it, and the room for what is left of it.
    ///
    /// # Safety
    /// There is such a column.
    #[inline(always)]
    unsafe fn column<const N: usize>(&self, a: usize) -> (*mut u8, usize, *mut u8) {
        // SAFETY: the caller's promise.
        let to = self.dst.wrapping_offset(unsafe { *self.columns.add(a) });
        let into = phase(to);
        (to.wrapping_sub(into), into / (16 / N), self.kept.wrapping_add(a * LINE))
    }
}

/// A way of writing what a strip has of a column.
trait Write {
    /// Writes it.
    ///
    /// # Safety
    /// As [`beside`]; `lines` are the items of column `a` of the strip, with anything after the last one. What else a way asks
    /// for it says.
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(out: &Out, a: usize, lines: *const u8);
}

/// For whole strips whose columns begin lines.
struct Plain;

impl Write for Plain {
    #[inline(always)]
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(out: &Out, a: usize, lines: *const u8) {
        // SAFETY: lines of the column.
        unsafe {
            let (to, ..) = out.column::<N>(a);
            for part in 0..PARTS {
                V::load_line(lines.wrapping_add(part * LINE)).put::<true>(to.wrapping_add(part * LINE));
            }
        }
    }
}

/// For whole strips that are neither the first nor the last.
struct Inside;

impl Write for Inside {
    #[inline(always)]
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(out: &Out, a: usize, lines: *const u8) {
        // SAFETY: lines of the column, all of whose items are there: the strip before has kept its last vector.
        unsafe {
            let (to, skip, kept) = out.column::<N>(a);
            let mut prev = V::load_line(kept);
            for part in 0..PARTS {
                let cur = V::load_line(lines.wrapping_add(part * LINE));
                V::join::<N>(prev, cur, skip).put::<true>(to.wrapping_add(part * LINE));
                prev = cur;
            }
            prev.store(kept);
        }
    }
}

/// For all strips.
struct Ends;

impl Write for Ends {
    #[inline(always)]
    unsafe fn column<V: Whole, const N: usize, const PARTS: usize>(out: &Out, a: usize, lines: *const u8) {
        let per = 4 * N;
        let goes_on = out.left > PARTS * per;
        // SAFETY: items of the column; whole lines have no others. If it goes on, the next strip finds the last vector.
        unsafe {
            let (to, skip, kept) = out.column::<N>(a);
            // Items until the end of the column, or of the lines that are complete.
            let end = if goes_on { PARTS * per } else { skip + out.left };
            let mut prev = V::load_line(if out.begins || skip == 0 { lines } else { kept });
            for part in 0..PARTS + 1 {
                let cur = if part < PARTS { V::load_line(lines.wrapping_add(part * LINE)) } else { prev };
                let from = if part == 0 && out.begins { skip } else { 0 };
                let until = end.saturating_sub(part * per).min(per);
                let to = to.wrapping_add(part * LINE);
                let line = V::join::<N>(prev, cur, skip);
                if from == 0 && until == per {
                    line.put::<true>(to);
                } else if from < until {
                    line.store_some::<N>(to, from, until);
                }
                prev = cur;
            }
            if goes_on {
                prev.store(kept);
            }
        }
    }
}
