//! The transpose of a tile, once for all vectors.
//!
//! A vector is one or more *lanes* of 16 bytes. A block has as many columns as a lane has items (`N`: 16 for bytes, 4 for
//! floats) and `N` rows per lane, so that lane `l` holds a piece of row `l * N + i` in vector `i`:
//!
//! ```text
//! 4-byte items, 2 lanes            x0 = a0 b0 c0 d0 | a4 b4 c4 d4        rows 0 and 4
//!                                  x1 = a1 b1 c1 d1 | a5 b5 c5 d5        rows 1 and 5
//!                                  x2 = a2 b2 c2 d2 | a6 b6 c6 d6
//!                                  x3 = a3 b3 c3 d3 | a7 b7 c7 d7
//! y0, y1 = low and high halves of  x0, x2 woven item by item: a0 a2 b0 b2 | ..., c0 c2 d0 d2 | ...
//! y2, y3 =                         x1, x3
//! z0, z1 =                         y0, y2:                    a0 a1 a2 a3 | a4 a5 a6 a7, b0 b1 ...
//! ```
//!
//! Weaving vector `i` with vector `i + N / 2` into vectors `2 i` and `2 i + 1`, log2(N) times, transposes every lane, and
//! since the lanes hold rows that follow each other, the vectors that come out are whole columns. No item ever crosses
//! from lane to lane: the only shuffle is "interleave low / high", which every instruction set has at full speed, and
//! the lanes are filled by loads of 16 bytes.

use crate::copy::plan::Axis;
use crate::copy::tile::Tile;

/// A vector of 16-byte lanes.
pub(super) trait Lanes: Copy {
    /// How many lanes.
    const LANES: usize;

    /// The vector of one lane of the same instruction set.
    type One: Lanes;

    /// Lane `l` from the 16 bytes at `rows[l * apart] + at`.
    ///
    /// # Safety
    /// Those bytes can be read. The CPU has the instructions of this vector (as for all functions here).
    unsafe fn load(rows: *const *const u8, apart: usize, at: usize) -> Self;

    /// In each lane, the first halves of `self` and `other`, item by item; a lane has `N` items.
    ///
    /// # Safety
    /// As [`Lanes::load`], for the instructions.
    unsafe fn low<const N: usize>(self, other: Self) -> Self;

    /// In each lane, the second halves.
    ///
    /// # Safety
    /// As [`Lanes::load`], for the instructions.
    unsafe fn high<const N: usize>(self, other: Self) -> Self;

    /// All lanes to memory, of any alignment.
    ///
    /// # Safety
    /// `16 * LANES` bytes can be written there.
    unsafe fn store(self, to: *mut u8);
}

/// Rows that a strip may have: a line of bytes.
const MOST_ROWS: usize = 64;

/// Moves a tile that is packed on both sides and has at least `N` rows and columns of `16 / N` bytes.
///
/// Strips of rows that make a whole line of the destination come first; what is left is done by narrower strips, the
/// last of which is moved back over rows that were done already. Columns likewise. So every access is a whole vector
/// inside the tile, and items that are written twice are written with the same bits.
///
/// # Safety
/// As [`crate::copy::tile::TileFn`], and as above.
#[inline(always)]
pub(super) unsafe fn transpose<V: Lanes, const N: usize, const PARTS: usize>(t: &Tile<'_>) {
    let Axis { n, s, d } = t.times;
    let (mut src, mut dst) = (t.src, t.dst);
    for _ in 0..n {
        // SAFETY: the caller's promise, for one of the repetitions.
        unsafe { strips::<V, N, PARTS>(t.rows, t.columns, src, dst) };
        src = src.wrapping_offset(s);
        dst = dst.wrapping_offset(d);
    }
}

/// # Safety
/// As [`transpose`].
#[inline(always)]
unsafe fn strips<V: Lanes, const N: usize, const PARTS: usize>(
    rows: &[isize],
    columns: &[isize],
    src: *const u8,
    dst: *mut u8,
) {
    let (size, count) = (16 / N, rows.len());
    let (one, wide) = (N, N * V::LANES);
    let line = wide * PARTS;
    let mut b = 0;
    // SAFETY (all strips): rows `b ..` of the tile, as many as the strip takes; there are at least `N` of them in all.
    while b + line <= count {
        // SAFETY: as above.
        unsafe { strip::<V, N, PARTS>(&rows[b..b + line], columns, src, dst.wrapping_add(b * size)) };
        b += line;
    }
    while b + wide <= count {
        // SAFETY: as above.
        unsafe { strip::<V, N, 1>(&rows[b..b + wide], columns, src, dst.wrapping_add(b * size)) };
        b += wide;
    }
    if b + one < count && count >= wide {
        b = count - wide;
        // SAFETY: as above.
        unsafe { strip::<V, N, 1>(&rows[b..], columns, src, dst.wrapping_add(b * size)) };
        return;
    }
    while b < count {
        b = b.min(count - one);
        // SAFETY: as above.
        unsafe { strip::<V::One, N, 1>(&rows[b..b + one], columns, src, dst.wrapping_add(b * size)) };
        b += one;
    }
}

/// Moves `PARTS * LANES * N` rows of all columns, of which there are at least `N`.
///
/// # Safety
/// As [`transpose`], for these rows; `dst` is where the first of them goes in column 0.
#[inline(always)]
unsafe fn strip<V: Lanes, const N: usize, const PARTS: usize>(
    rows: &[isize],
    columns: &[isize],
    src: *const u8,
    dst: *mut u8,
) {
    let mut from = [core::ptr::null(); MOST_ROWS];
    for (from, &row) in from.iter_mut().zip(rows) {
        *from = src.wrapping_offset(row);
    }
    let mut a = 0;
    while a < columns.len() {
        a = a.min(columns.len() - N);
        // SAFETY: columns `a .. a + N` of these rows: 16 bytes on each, all of them items of the tile.
        unsafe { cell::<V, N, PARTS>(&from, &columns[a..a + N], a, dst) };
        a += N;
    }
}

/// Moves `N` columns of the rows of a strip.
///
/// # Safety
/// As [`strip`].
#[inline(always)]
unsafe fn cell<V: Lanes, const N: usize, const PARTS: usize>(
    from: &[*const u8; MOST_ROWS],
    columns: &[isize],
    a: usize,
    dst: *mut u8,
) {
    let at = a * (16 / N);
    let blocks: [[V; N]; PARTS] = core::array::from_fn(|part| {
        let first = part * N * V::LANES;
        // SAFETY: the rows of this part, of which 16 bytes at `at` are items of the tile.
        let loaded = core::array::from_fn(|i| unsafe { V::load(from[first + i..].as_ptr(), N, at) });
        // SAFETY: instructions that the CPU has.
        unsafe { weave::<V, N>(loaded) }
    });
    for (j, &column) in columns.iter().enumerate() {
        for (part, block) in blocks.iter().enumerate() {
            let to = dst.wrapping_offset(column).wrapping_add(part * 16 * V::LANES);
            // SAFETY: items of column `a + j`, one for each row of this part.
            unsafe { block[j].store(to) };
        }
    }
}

/// Transposes every lane.
///
/// # Safety
/// The CPU has the instructions of the vector.
#[inline(always)]
unsafe fn weave<V: Lanes, const N: usize>(mut x: [V; N]) -> [V; N] {
    let mut done = 1;
    while done < N {
        // SAFETY: the caller's promise.
        x = core::array::from_fn(|i| unsafe {
            let (first, second) = (x[i / 2], x[i / 2 + N / 2]);
            if i % 2 == 0 { first.low::<N>(second) } else { first.high::<N>(second) }
        });
        done *= 2;
    }
    x
}
