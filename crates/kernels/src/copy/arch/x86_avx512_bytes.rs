//! Planes and tiles of records, items of 3 to 63 bytes that are no words, with AVX-512 and its permutations of bytes (VBMI).
//!
//! ```text
//! 6 bytes: two of each of 4 rows, in lanes       AAAAAABBBBBB....aaaaaabbbbbb....
//! permuted                                       AAAAAAaaaaaa....BBBBBBbbbbbb....    a part for each column
//! ```
//!
//! Up to 16 bytes a vector has 4 rows, up to 32 bytes 2, and one above that. Records of 3 bytes are 4 of a row; the lanes of 4
//! vectors trade places before they are written, so that 16 rows of a column go at once.
//!
//! All that a lane has is loaded, if the row goes on behind its records, which are bytes of the view then; the last of a row by
//! masks.
//!
//! Measured on Emerald Rapids against `x86_avx512_records` up to 15 bytes, and loops over records above: 64 x 64 and 200 x 200
//! records of 3 and 6 bytes 1.2 to 1.3 times as fast, of 12 to 40 bytes 1.7 to 4 times; 500 x 500 1.6 to 3.8 times.

use core::arch::x86_64::*;

use super::x86_avx512::lowest;
use crate::cache::LINE;
use crate::copy::plan::Axis;
use crate::copy::tile::{Plane, PlaneFn, Tile, TileFn};

/// Rows of a strip.
const ROWS: usize = 16;

/// Columns that are written side by side: so many lines are near.
const WIDE: usize = 256;

/// Records of a plane that are enough for it to be better than what there is without.
#[inline]
pub(super) fn least(item: usize) -> usize {
    if item < 16 { 1024 } else { 256 }
}

/// The kernel for planes of items of this size, which is the `d` of their rows.
#[inline]
pub(super) fn plane(item: usize) -> Option<PlaneFn> {
    Some(match item {
        3 => run_plane::<4, 4>,
        5..=7 => run_plane::<4, 2>,
        9..=15 => run_plane::<4, 1>,
        17..=31 => run_plane::<2, 1>,
        33..=63 => run_plane::<1, 1>,
        _ => return None,
    })
}

/// The same for tiles that are packed on both sides, of items of up to 15 bytes: larger ones are no faster than by loops there.
#[inline]
pub(super) fn tile(item: usize) -> Option<TileFn> {
    Some(match item {
        3 => run_tile::<4, 4>,
        5..=7 => run_tile::<4, 2>,
        9..=15 => run_tile::<4, 1>,
        _ => return None,
    })
}

/// Where columns begin in the destination.
trait Columns: Copy {
    /// Where this one does.
    ///
    /// # Safety
    /// There is such a column.
    unsafe fn at(self, a: usize) -> *mut u8;
}

/// Columns that are evenly apart.
#[derive(Clone, Copy)]
struct Even {
    dst: *mut u8,
    d: isize,
}

impl Columns for Even {
    #[inline(always)]
    unsafe fn at(self, a: usize) -> *mut u8 {
        self.dst.wrapping_offset(a as isize * self.d)
    }
}

/// Columns by a table.
#[derive(Clone, Copy)]
struct Listed {
    dst: *mut u8,
    columns: *const isize,
}

impl Columns for Listed {
    #[inline(always)]
    unsafe fn at(self, a: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        self.dst.wrapping_offset(unsafe { *self.columns.add(a) })
    }
}

/// # Safety
/// As [`PlaneFn`], of any extents, for items of a size of which a lane of a vector of `R` rows has `K`; on a CPU with AVX-512 and
/// VBMI.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
unsafe fn run_plane<const R: usize, const K: usize>(p: &Plane) {
    let item = p.rows.d as usize;
    let Axis { n: times, s, d } = p.times;
    let (mut src, mut dst) = (p.src, p.dst);
    // SAFETY: the caller's promise, for one of the repetitions and some of the columns.
    unsafe {
        let records = Records::new(item);
        for _ in 0..times {
            for a in (0..p.columns.n).step_by(WIDE) {
                let from = src.wrapping_add(a * item);
                let columns = Even { dst: dst.wrapping_offset(a as isize * p.columns.d), d: p.columns.d };
                let wide = WIDE.min(p.columns.n - a);
                let row = |b: usize| from.wrapping_offset(b as isize * p.rows.s);
                strips::<R, K>(records, row, p.rows.n, columns, wide);
            }
            src = src.wrapping_offset(s);
            dst = dst.wrapping_offset(d);
        }
    }
}

/// # Safety
/// As [`TileFn`], for a tile that is packed on both sides, of items as in [`run_plane`], on such a CPU.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
unsafe fn run_tile<const R: usize, const K: usize>(t: &Tile<'_>) {
    let Axis { n: times, s, d } = t.times;
    let (mut src, mut dst) = (t.src, t.dst);
    // SAFETY: the caller's promise, for one of the repetitions.
    unsafe {
        let records = Records::new(t.item);
        for _ in 0..times {
            let columns = Listed { dst, columns: t.columns.as_ptr() };
            let row = |b: usize| src.wrapping_offset(t.rows[b]);
            strips::<R, K>(records, row, t.rows.len(), columns, t.columns.len());
            src = src.wrapping_offset(s);
            dst = dst.wrapping_offset(d);
        }
    }
}

/// For each byte of the parts of columns, the byte of the lanes of rows; by the bytes of a record.
pub(super) static TURNS: [[u8; LINE]; LINE] = {
    let mut turns = [[0; LINE]; LINE];
    let mut item = 1;
    while item < LINE {
        // Bytes of a lane, and how many columns it has.
        let lane = if item <= 16 { 16 } else { item.next_power_of_two() };
        let columns = lane / item.next_power_of_two();
        let mut at = 0;
        while at < LINE / lane * columns * item {
            let (column, row, i) = (at / item % columns, at / item / columns, at % item);
            turns[item][column * (LINE / columns) + row * item + i] = (row * lane + column * item + i) as u8;
            at += 1;
        }
        item += 1;
    }
    turns
};

/// The first 12 bytes of each lane.
static JOIN: [u8; LINE] = {
    let mut join = [0; LINE];
    let mut i = 0;
    while i < 48 {
        join[i] = (i / 12 * 16 + i % 12) as u8;
        i += 1;
    }
    join
};

/// The permutations for records of one size, in registers.
#[derive(Clone, Copy)]
struct Records {
    item: usize,
    /// From lanes of rows to parts of columns, and from parts of 4 records of 3 bytes to what is written.
    turn: __m512i,
    join: __m512i,
}

impl Records {
    /// For records of so many bytes, fewer than a line.
    ///
    /// # Safety
    /// The CPU has AVX-512.
    #[inline(always)]
    unsafe fn new(item: usize) -> Records {
        // SAFETY: vectors of a line.
        unsafe {
            Records {
                item,
                turn: _mm512_loadu_si512(TURNS[item % LINE].as_ptr().cast()),
                join: _mm512_loadu_si512(JOIN.as_ptr().cast()),
            }
        }
    }
}

/// Moves all rows and columns.
///
/// # Safety
/// As [`run_plane`], for these; `row` says where a row begins in the source.
#[inline(always)]
unsafe fn strips<const R: usize, const K: usize>(
    records: Records,
    row: impl Fn(usize) -> *const u8,
    rows: usize,
    columns: impl Columns,
    n: usize,
) {
    let item = records.item;
    for b in (0..rows).step_by(ROWS) {
        // Beyond the last row, that one again.
        let here = ROWS.min(rows - b);
        let mut from = [row(b + here - 1); ROWS];
        for (i, from) in from[..here].iter_mut().enumerate() {
            *from = row(b + i);
        }
        let strip = Strip { records, from, b, rows: here };
        // Columns behind which a row goes on as far as a lane.
        let whole = (n * item + K * item).saturating_sub(LINE / R) / item;
        let mut a = 0;
        // SAFETY: cells of the strip.
        unsafe {
            if strip.rows == ROWS {
                while a + K <= whole {
                    strip.cell::<R, K, false, true>(columns, a, K);
                    a += K;
                }
            }
            while a + K <= whole {
                strip.cell::<R, K, false, false>(columns, a, K);
                a += K;
            }
            while a < n {
                strip.cell::<R, K, true, false>(columns, a, K.min(n - a));
                a += K;
            }
        }
    }
}

/// Rows on their way.
struct Strip {
    records: Records,
    /// Where they begin in the source.
    from: [*const u8; ROWS],
    /// The first one, and how many there are.
    b: usize,
    rows: usize,
}

impl Strip {
    /// Moves `n` columns, at most `K`, from `a` on.
    ///
    /// # Safety
    /// As [`strips`]; if this is no `PART`, the lanes can be read, and `n` is `K`; if it is `FULL`, there are all rows.
    #[inline(always)]
    unsafe fn cell<const R: usize, const K: usize, const PART: bool, const FULL: bool>(
        &self,
        columns: impl Columns,
        a: usize,
        n: usize,
    ) {
        let (item, rows) = (self.records.item, if FULL { ROWS } else { self.rows });
        let mask = lowest(n * item);
        // SAFETY: the caller's promise.
        unsafe {
            let load = |first: usize| lanes::<R, PART>(self.from.as_ptr().add(first), a * item, mask);
            let turned = |first: usize| _mm512_permutexvar_epi8(self.records.turn, load(first));
            let to = |column: usize| columns.at(a + column).wrapping_add(self.b * item);
            if K == 4 {
                let (x, y, z, w) = (turned(0), turned(4), turned(8), turned(12));
                let (low, high) = (_mm512_shuffle_i32x4::<0x44>(x, y), _mm512_shuffle_i32x4::<0xee>(x, y));
                let (low_too, high_too) =
                    (_mm512_shuffle_i32x4::<0x44>(z, w), _mm512_shuffle_i32x4::<0xee>(z, w));
                let bytes = lowest(rows * item);
                let put = |column: usize, lanes: __m512i| {
                    if column < n {
                        let joined = _mm512_permutexvar_epi8(self.records.join, lanes);
                        _mm512_mask_storeu_epi8(to(column).cast(), bytes, joined);
                    }
                };
                put(0, _mm512_shuffle_i32x4::<0x88>(low, low_too));
                put(1, _mm512_shuffle_i32x4::<0xdd>(low, low_too));
                put(2, _mm512_shuffle_i32x4::<0x88>(high, high_too));
                put(3, _mm512_shuffle_i32x4::<0xdd>(high, high_too));
                return;
            }
            let mut first = 0;
            while first < rows {
                let x = turned(first);
                let bytes = lowest(if FULL { R * item } else { R.min(rows - first) * item });
                let at = first * item;
                if K == 1 {
                    _mm512_mask_storeu_epi8(to(0).wrapping_add(at).cast(), bytes, x);
                } else {
                    let (low, high) = (_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64::<1>(x));
                    _mm256_mask_storeu_epi8(to(0).wrapping_add(at).cast(), bytes as __mmask32, low);
                    if !PART || n > 1 {
                        _mm256_mask_storeu_epi8(to(1).wrapping_add(at).cast(), bytes as __mmask32, high);
                    }
                }
                first += R;
            }
        }
    }
}

/// A lane of each of `R` rows, from `at` on: as many bytes as a line has for each, or those of the mask if it is a `PART`.
///
/// # Safety
/// They can be read; there are so many rows. The CPU has AVX-512.
#[inline(always)]
unsafe fn lanes<const R: usize, const PART: bool>(rows: *const *const u8, at: usize, mask: u64) -> __m512i {
    // SAFETY: the caller's promise.
    unsafe {
        let row = |i: usize| (*rows.add(i)).wrapping_add(at);
        match R {
            4 => {
                let lane = |i: usize| match PART {
                    true => _mm_maskz_loadu_epi8(mask as __mmask16, row(i).cast()),
                    false => _mm_loadu_si128(row(i).cast()),
                };
                let x = _mm512_inserti32x4::<1>(_mm512_castsi128_si512(lane(0)), lane(1));
                _mm512_inserti32x4::<3>(_mm512_inserti32x4::<2>(x, lane(2)), lane(3))
            }
            2 => {
                let half = |i: usize| match PART {
                    true => _mm256_maskz_loadu_epi8(mask as __mmask32, row(i).cast()),
                    false => _mm256_loadu_si256(row(i).cast()),
                };
                _mm512_inserti64x4::<1>(_mm512_castsi256_si512(half(0)), half(1))
            }
            _ => match PART {
                true => _mm512_maskz_loadu_epi8(mask, row(0).cast()),
                false => _mm512_loadu_si512(row(0).cast()),
            },
        }
    }
}
