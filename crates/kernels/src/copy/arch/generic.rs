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

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::mem::MaybeUninit;

use crate::cache::LINE;
use crate::copy::plan::Axis;
use crate::copy::tile::Tile;

/// Does something for each number below `N`, at most 16, as straight code: a loop of so many rounds with so large a body
/// stays a loop, and leaves the vectors that it makes in memory; a closure would be compiled without the instructions.
macro_rules! each {
    ($n:ident, $i:ident => $do:expr) => {
        each!(@ $n, $i => $do; 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    };
    (@ $n:ident, $i:ident => $do:expr; $($value:literal),*) => {
        $(if $n > $value {
            let $i = $value;
            $do;
        })*
    };
}
pub(super) use each;

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

/// How the items of a block are read.
pub(super) trait Load<V: Lanes, const N: usize> {
    /// Bytes per item of the source.
    const SIZE: usize;

    /// Lane `l` from the `N` items at `rows[l * N] + at`.
    ///
    /// # Safety
    /// As [`Lanes::load`].
    unsafe fn load(rows: *const *const u8, at: usize) -> V;
}

/// As they are.
pub(super) struct AsIs;

impl<V: Lanes, const N: usize> Load<V, N> for AsIs {
    const SIZE: usize = 16 / N;

    #[inline(always)]
    unsafe fn load(rows: *const *const u8, at: usize) -> V {
        // SAFETY: the caller's promise.
        unsafe { V::load(rows, N, at) }
    }
}

/// Rows that a strip may have: a line of bytes.
pub(in crate::copy) const MOST_ROWS: usize = 64;

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
        unsafe { strips::<V, N, PARTS>(t, src, dst) };
        src = src.wrapping_offset(s);
        dst = dst.wrapping_offset(d);
    }
}

/// # Safety
/// As [`transpose`].
#[inline(always)]
unsafe fn strips<V: Lanes, const N: usize, const PARTS: usize>(t: &Tile<'_>, src: *const u8, dst: *mut u8) {
    let rows = t.rows;
    let (size, count) = (16 / N, rows.len());
    let (one, wide) = (N, N * V::LANES);
    let line = wide * PARTS;
    let mut b = 0;
    let next = |b: usize| match t.lead {
        0 => None,
        lead if b + lead < count => Some((src, &rows[b + lead..])),
        lead => Some((src.wrapping_offset(t.ahead), &rows[(b + lead - count).min(count)..])),
    };
    // SAFETY (all strips): rows `b ..` of the tile, as many as the strip takes; there are at least `N` of them in all.
    while b + line <= count {
        // SAFETY: as above.
        unsafe { strip::<V, N, PARTS>(&rows[b..b + line], t, src, next(b), dst.wrapping_add(b * size)) };
        b += line;
    }
    while b + wide <= count {
        // SAFETY: as above.
        unsafe { strip::<V, N, 1>(&rows[b..b + wide], t, src, next(b), dst.wrapping_add(b * size)) };
        b += wide;
    }
    if b + one < count && count >= wide {
        b = count - wide;
        // SAFETY: as above.
        unsafe { strip::<V, N, 1>(&rows[b..], t, src, next(b), dst.wrapping_add(b * size)) };
        return;
    }
    while b < count {
        b = b.min(count - one);
        // SAFETY: as above.
        unsafe { strip::<V::One, N, 1>(&rows[b..b + one], t, src, next(b), dst.wrapping_add(b * size)) };
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
    t: &Tile<'_>,
    src: *const u8,
    next: Option<(*const u8, &[isize])>,
    dst: *mut u8,
) {
    let mut from = [const { MaybeUninit::<*const u8>::uninit() }; MOST_ROWS];
    for i in 0..PARTS * V::LANES * N {
        from[i].write(src.wrapping_offset(rows[i]));
    }
    let from = from.as_mut_ptr().cast::<*const u8>();
    let columns = t.columns;
    if !t.pack.is_null() {
        // SAFETY: as many rows as the list has, `columns` items each; room for a strip.
        unsafe { pack(from, PARTS * V::LANES * N, columns.len() * (16 / N), t.pack) };
    }
    let mut a = 0;
    while a < columns.len() {
        a = a.min(columns.len() - N);
        if let Some((src, rows)) = next
            && (a * (16 / N)).is_multiple_of(LINE)
        {
            for row in &rows[..rows.len().min(PARTS * V::LANES * N)] {
                super::prefetch(src.wrapping_offset(row + (a * (16 / N)) as isize));
            }
        }
        // SAFETY: columns `a .. a + N` of these rows: 16 bytes on each, all of them items of the tile.
        unsafe { cell::<V, N, PARTS>(from, columns.as_ptr().add(a), a, dst) };
        a += N;
    }
}

/// Copies the rows of a strip to where they do not fall into the same set of the cache, and points the list there.
///
/// # Safety
/// `bytes` bytes can be read at each of `count` addresses; `to` has room for as many, and a line more for each row and one
/// for all.
#[inline(always)]
unsafe fn pack(from: *mut *const u8, count: usize, bytes: usize, to: *mut u8) {
    let pitch = (bytes.div_ceil(LINE) | 1) * LINE;
    for i in 0..count {
        let to = to.wrapping_add(i * pitch);
        // SAFETY: the caller's promise; line by line, which needs no call, and then the rest.
        unsafe {
            let row = *from.add(i);
            let mut at = 0;
            while at + LINE <= bytes {
                let line = row.add(at).cast::<MaybeUninit<[u8; LINE]>>().read_unaligned();
                to.add(at).cast::<MaybeUninit<[u8; LINE]>>().write_unaligned(line);
                at += LINE;
            }
            if at < bytes {
                core::ptr::copy_nonoverlapping(row.add(at), to.add(at), bytes - at);
            }
            *from.add(i) = to.cast_const();
        }
    }
}

/// Moves `N` columns of the rows of a strip.
///
/// # Safety
/// As [`strip`]; `from` has the addresses of the rows, `columns` the offsets of the columns from `a` on.
#[inline(always)]
unsafe fn cell<V: Lanes, const N: usize, const PARTS: usize>(
    from: *const *const u8,
    columns: *const isize,
    a: usize,
    dst: *mut u8,
) {
    let at = a * (16 / N);
    // SAFETY: the rows of each part, of which 16 bytes at `at` are items of the tile; then the items of column `a + j`,
    // one for each row of a part. Loops with indices and no more, so that all of it stays in registers.
    unsafe {
        let mut parts = [block::<V, AsIs, N>(from, at); PARTS];
        for part in 1..PARTS {
            parts[part] = block::<V, AsIs, N>(from.add(part * N * V::LANES), at);
        }
        each!(N, j => {
            let to = dst.wrapping_offset(*columns.add(j));
            for part in 0..PARTS {
                parts[part][j].store(to.wrapping_add(part * 16 * V::LANES));
            }
        });
    }
}

/// Loads and transposes the block of the rows from `from` on.
///
/// # Safety
/// As [`Load::load`], for `N` rows per lane.
#[inline(always)]
pub(super) unsafe fn block<V: Lanes, L: Load<V, N>, const N: usize>(
    from: *const *const u8,
    at: usize,
) -> [V; N] {
    // SAFETY: the caller's promise.
    unsafe {
        let mut x = [L::load(from, at); N];
        each!(N, i => x[i] = L::load(from.add(i), at));
        weave(x)
    }
}

/// Transposes every lane.
///
/// # Safety
/// The CPU has the instructions of the vector.
#[inline(always)]
pub(super) unsafe fn weave<V: Lanes, const N: usize>(mut x: [V; N]) -> [V; N] {
    // SAFETY: the caller's promise. (Written out, so that all of it becomes straight code in registers.)
    unsafe {
        if N >= 2 {
            x = weave_once(x);
        }
        if N >= 4 {
            x = weave_once(x);
        }
        if N >= 8 {
            x = weave_once(x);
        }
        if N >= 16 {
            x = weave_once(x);
        }
    }
    x
}

/// # Safety
/// As [`weave`].
#[inline(always)]
unsafe fn weave_once<V: Lanes, const N: usize>(x: [V; N]) -> [V; N] {
    let mut y = x;
    // Pair by pair: as a loop, it leaves the 16 vectors of bytes in memory.
    // SAFETY: the caller's promise.
    unsafe {
        if N >= 2 {
            weave_pair(&x, &mut y, 0);
        }
        if N >= 4 {
            weave_pair(&x, &mut y, 1);
        }
        if N >= 8 {
            weave_pair(&x, &mut y, 2);
            weave_pair(&x, &mut y, 3);
        }
        if N >= 16 {
            weave_pair(&x, &mut y, 4);
            weave_pair(&x, &mut y, 5);
            weave_pair(&x, &mut y, 6);
            weave_pair(&x, &mut y, 7);
        }
    }
    y
}

/// # Safety
/// As [`weave`]; `i` is below `N / 2`.
#[inline(always)]
unsafe fn weave_pair<V: Lanes, const N: usize>(x: &[V; N], y: &mut [V; N], i: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        y[2 * i] = x[i].low::<N>(x[i + N / 2]);
        y[2 * i + 1] = x[i].high::<N>(x[i + N / 2]);
    }
}
