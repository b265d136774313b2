//! The transpose of long runs of bytes past the caches: as `across`, with each line of the source looked at once.
//!
//! ```text
//! strip    as many rows as make PARTS lines of a column; a cell is N columns of it
//! side     a line of each row, side by side, and the next line of each, which comes while that one is moved
//! board    what the strip has of the columns of a cell, each behind the line that the strip before has left of it
//! ```
//!
//! A line of the source has 64 columns of bytes, so it is used by cells of many rows: more than the nearest cache holds where they
//! are, and all in the same sets of it where rows are a power of 2 apart. What lies side by side is found there again.
//!
//! Reading and writing have to go on together all the time. So three things are done in turns, a few lines of each per column:
//! lines are written, as many of the source that lie in the second level by now are put side by side, and as many are
//! asked for that are wanted after 512 bytes of each row, 4 lines of a row together.
//!
//! Columns that begin anywhere in a line need no shifts: the lines of the destination are loaded from the board, across two lines of
//! it. What has just been stored can not be loaded so at once, so there are two boards, and a cell is written while the next one is
//! transposed.
//!
//! Measured on Emerald Rapids, in shares of a plain streamed copy, against lines that are shifted in registers and 256 bytes of each
//! row asked for at once: 10000 x 10000 0.47 to 0.61 and 0.36 to 0.48, 8191 x 8191 0.44 to 0.53 and 0.34 to 0.47, 5000 x 5000 0.6
//! and 0.36, 4096 x 4096 0.75 and 0.7. A kilobyte of each row at once makes a fifth of that, 512 bytes and 2 KiB are not as good;
//! boxes that are transposed first, with the next one asked for, and written then: 0.57 to 0.6, 0.48, 0.43 and 0.55. Without any
//! arithmetic 0.92 to 1.0.
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
use super::board::{Board, CELL, Cell, Ends, Inside, Out, Plain, ROWS, Turn, Write, put};
use super::generic::{AsIs, block, each, weave};
use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::Across;
use crate::cpu::asks_in_advance;

/// Bytes of a row that are brought near at once, and how many of these in advance.
#[inline(always)]
fn chunks() -> (usize, usize) {
    if asks_in_advance() { (16 * LINE, 1) } else { (4 * LINE, 2) }
}

/// A line of each row of a strip, and the next of each.
#[repr(align(64))]
struct Side(MaybeUninit<[u8; 2 * ROWS * LINE]>);

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
pub(super) struct Near {
    /// The row that is next in the list, and the end of the list.
    row: *const *const u8,
    end: *const *const u8,
    rows: usize,
    /// Where the chunk is in a row, and its bytes.
    at: usize,
    chunk: usize,
    row_bytes: usize,
    /// After so many columns of a cell, less one, it goes on.
    every: usize,
    /// The rows after these.
    next: *const *const u8,
}

impl Near {
    /// For a strip: the one before has brought near as many chunks of it. A cell of `n` columns uses up a chunk of some rows.
    #[inline(always)]
    fn new(s: &Strip<'_>, rows: usize, row_bytes: usize, n: usize) -> Self {
        let (chunk, lead) = chunks();
        let at = lead * chunk;
        let (list, at) = if at < row_bytes { (s.from.as_ptr(), at) } else { (s.next.as_ptr(), 0) };
        let every = n / (rows * 16).div_ceil(chunk) - 1;
        let end = list.wrapping_add(rows);
        Near { row: list, end, rows, at, chunk, row_bytes, every, next: s.next.as_ptr() }
    }

    /// Brings the chunk of a row near, if its turn comes with this column of a cell.
    ///
    /// # Safety
    /// It is called for all columns of a cell.
    #[inline(always)]
    pub(super) unsafe fn go_on(&mut self, column: usize) {
        if column & self.every == self.every {
            // SAFETY: there is a row left in the list.
            unsafe { self.bring() };
        }
    }

    /// Brings the chunk of a row near, and goes on to the next one, which may be of the next chunk.
    ///
    /// # Safety
    /// There is a row left in the list.
    #[inline(always)]
    unsafe fn bring(&mut self) {
        let left = self.row_bytes - self.at;
        // The lines that the last bytes are in: the one before was wanted by the chunk before.
        // SAFETY: the caller's promise.
        let mut line = unsafe { *self.row }.wrapping_add(self.at + LINE - 1);
        if left > self.chunk - LINE {
            for _ in 0..self.chunk / (4 * LINE) {
                super::prefetch(line);
                super::prefetch(line.wrapping_add(LINE));
                super::prefetch(line.wrapping_add(2 * LINE));
                super::prefetch(line.wrapping_add(3 * LINE));
                line = line.wrapping_add(4 * LINE);
            }
        } else {
            for _ in 0..left.div_ceil(LINE) {
                super::prefetch(line);
                line = line.wrapping_add(LINE);
            }
        }
        self.row = self.row.wrapping_add(1);
        if self.row == self.end {
            self.at += self.chunk;
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
pub(super) struct Fill {
    /// The row that is next in the list, and the end of the list.
    row: *const *const u8,
    end: *const *const u8,
    /// Where the line is in a row, and where it goes.
    at: usize,
    to: *mut u8,
}

impl Fill {
    /// Whether there are no lines left.
    #[inline(always)]
    fn is_done(&self) -> bool {
        self.row == self.end
    }

    /// Moves so many lines.
    ///
    /// # Safety
    /// There are as many left; the line can be read in all rows of the list, and there is room for as many.
    #[inline(always)]
    pub(super) unsafe fn go_on<V: Whole>(&mut self, lines: usize) {
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
    let mut board = Board([0; 2 * CELL + LINE]);
    let mut s = Strip {
        t,
        from: [t.src; ROWS],
        next: [t.src; ROWS],
        b: 0,
        side: side.0.as_mut_ptr().cast(),
        board: board.0.as_mut_ptr(),
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
            columns::<V, Plain, N, PARTS>(s, aligned);
        } else if s.b > 0 && left > rows {
            columns::<V, Inside, N, PARTS>(s, aligned);
        } else {
            columns::<V, Ends, N, PARTS>(s, aligned);
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
unsafe fn columns<V: Whole, W: Write, const N: usize, const PARTS: usize>(s: &Strip<'_>, aligned: bool) {
    let (size, rows, n) = (16 / N, PARTS * 4 * N, s.t.columns.len());
    let (row_bytes, lines) = (n * size, s.lines(size));
    let side = s.side;
    let mut near = Near::new(s, rows, row_bytes, N);
    let mut turn = Turn {
        out: Out::new(s.t, s.b, size, aligned),
        board: s.board,
        other: s.board.wrapping_add(CELL),
        last: Cell::NONE,
    };
    let (mut done, mut half) = (0, s.half);
    // SAFETY: lines and cells of the tile. A column uses up a line of the source for each line that is written.
    unsafe {
        if lines > 0 && !s.filled {
            s.fill(rows, half, 0, lines).go_on::<V>(rows);
        }
        for line in 0..lines {
            let mut fill = s.fill(rows, half ^ 1, line + 1, lines);
            for at in (0..LINE).step_by(16) {
                cell::<V, N, PARTS>(turn.board, side.wrapping_add(half * ROWS * LINE + at));
                let last = turn.go_on::<V, W, N, PARTS>(done, 0);
                if fill.is_done() {
                    last.write::<V, W, N, PARTS, false>(&turn.out, &mut near, &mut fill);
                } else {
                    last.write::<V, W, N, PARTS, true>(&turn.out, &mut near, &mut fill);
                }
                done += N;
            }
            half ^= 1;
        }
        let mut fill = s.fill(0, half, lines, lines);
        while done < n {
            // The last cell is moved back; only its last columns are new.
            let a = done.min(n - N);
            cell_of_rows::<V, N, PARTS>(turn.board, &s.from, a * size);
            let last = turn.go_on::<V, W, N, PARTS>(a, done - a);
            last.write::<V, W, N, PARTS, false>(&turn.out, &mut near, &mut fill);
            done = a + N;
        }
        let mut none = Near { every: usize::MAX, ..near };
        turn.last.write::<V, W, N, PARTS, false>(&turn.out, &mut none, &mut fill);
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
