//! Columns of records, items of 3 to 60 bytes that are no powers of two, put together in registers as whole lines, with AVX-512.
//!
//! ```text
//! 12 bytes: 16 rows in lanes of 4 vectors      aaa. bbb. ccc. ddd.    eee. fff. ...     a word of 4 bytes is a letter
//! packed, two vectors at a time                aaab bbcc cddd eeef    ffgg gh...        3 lines of the column
//! ```
//!
//! Sixteen records of `W` words are `W` lines. Up to 16 bytes a record has a lane, up to 32 bytes half a vector, above that a
//! vector. Records of up to 15 bytes that are no words come 4 rows at a time, permuted by bytes (VBMI) so that those of a column
//! follow each other: the four are one record of as many words as each has bytes, and 64 rows make as many lines.
//!
//! ```text
//! 6 bytes: two of each of 4 rows, in lanes     AAAAAABBBBBB....aaaaaabbbbbb....
//! permuted                                     AAAAAAaaaaaa....  | BBBBBBbbbbbb....     24 bytes of either column
//! halves of two vectors joined                 rows 0 to 3, 4 to 7 of A: two records of 6 words; and of B
//! ```

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::arch::x86_64::*;

use super::Turns;
use super::across::Whole;
use super::column::{Items, Join};
use super::generic::{Lanes, MOST_ROWS, each};
use super::past::past;
use super::turns::{Cell, turns};
use super::x86_avx512::{Avx512, lowest};
use super::x86_avx512_bytes::TURNS;
use crate::cache::LINE;
use crate::copy::alternate::Turn;
use crate::copy::plan::Axis;
use crate::copy::tile::{Across, AcrossFn, Plane, PlaneFn, Tile};

/// Words of a line.
const WORDS: usize = 16;

/// Where the words of the lines come from that 16 records of `W` words make.
struct Lines<const W: usize>;

/// For each word of a line, its number in a vector, and in the one after it if that is 16 and more; those of the bits in the vector
/// after that.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Places {
    words: [u32; WORDS],
    third: u16,
}

impl<const W: usize> Lines<W> {
    /// Words of a record with what is empty behind it, and records of a vector.
    const LANE: usize = W.next_power_of_two();
    const EACH: usize = WORDS / Self::LANE;

    const PLACES: [Places; W] = {
        let mut all = [Places { words: [0; WORDS], third: 0 }; W];
        let mut line = 0;
        while line < W {
            let mut i = 0;
            while i < WORDS {
                let (record, word) = ((line * WORDS + i) / W, (line * WORDS + i) % W);
                let number = record / Self::EACH - Self::first(line);
                let place = record % Self::EACH * Self::LANE + word;
                all[line].words[i] = (place + WORDS * (number % 2)) as u32;
                all[line].third |= ((number / 2) << i) as u16;
                i += 1;
            }
            line += 1;
        }
        all
    };

    /// The first vector that a line has words of.
    const fn first(line: usize) -> usize {
        line * WORDS / W / Self::EACH
    }

    /// The lines of the records in as many vectors as they need, the first of these.
    ///
    /// # Safety
    /// The CPU has AVX-512.
    #[inline(always)]
    unsafe fn lines(x: &[__m512i; WORDS]) -> [Avx512; W] {
        let places = const { &Self::PLACES };
        let mut lines = [Avx512(x[0]); W];
        // SAFETY: the caller's promise; vectors of a line.
        unsafe {
            each!(W, line => {
                let first = Self::first(line);
                let words = _mm512_loadu_si512(places[line].words.as_ptr().cast());
                let joined = _mm512_permutex2var_epi32(x[first], words, x[(first + 1) % WORDS]);
                lines[line] = Avx512(match places[line].third {
                    0 => joined,
                    third => _mm512_mask_permutexvar_epi32(joined, third, words, x[(first + 2) % WORDS]),
                });
            });
        }
        lines
    }
}

/// Columns of records of `W` words.
struct Words<const W: usize>;

impl<const W: usize> Cell<Avx512, 1, W> for Words<W> {
    const ITEM: usize = 4 * W;
    const ROWS: usize = WORDS;

    #[inline(always)]
    unsafe fn block(src: *const u8, rows: *const isize, left: usize) -> [[Avx512; W]; 1] {
        let each = Lines::<W>::EACH;
        let bits = lowest(W) as __mmask16;
        // SAFETY: as many bytes of each of these rows as are left, of which a record is read at least, and no more by masks.
        unsafe {
            let row = |i: usize| src.wrapping_offset(*rows.add(i));
            let one = |i: usize| _mm512_maskz_loadu_epi32(bits, row(i).cast());
            // Record `at` of a vector, by a load that begins so much before it.
            let more = |x: __m512i, i: usize, at: usize| {
                let words = Lines::<W>::LANE * at;
                _mm512_mask_loadu_epi32(x, bits << words, row(i + at).wrapping_sub(4 * words).cast())
            };
            let mut x = [_mm512_setzero_si512(); WORDS];
            if each == 1 {
                each!(WORDS, i => x[i] = one(i));
            } else if each == 2 && left >= 32 {
                each!(WORDS, i => if i < WORDS / 2 {
                    let first = _mm512_castsi256_si512(_mm256_loadu_si256(row(2 * i).cast()));
                    x[i] = _mm512_inserti64x4::<1>(first, _mm256_loadu_si256(row(2 * i + 1).cast()));
                });
            } else if each == 2 {
                each!(WORDS, i => if i < WORDS / 2 { x[i] = more(one(2 * i), 2 * i, 1) });
            } else if left >= 16 {
                each!(WORDS, i => if i < WORDS / 4 {
                    x[i] = Avx512::load_listed(src, rows.add(4 * i), 1).0;
                });
            } else {
                each!(WORDS, i => if i < WORDS / 4 {
                    x[i] = more(more(more(one(4 * i), 4 * i, 1), 4 * i, 2), 4 * i, 3);
                });
            }
            [Lines::<W>::lines(&x)]
        }
    }
}

/// Columns of records of `W` bytes, of which a lane has `K`.
struct Bytes<const K: usize, const W: usize>;

impl<const K: usize, const W: usize> Cell<Avx512, K, W> for Bytes<K, W> {
    const ITEM: usize = W;
    const ROWS: usize = 4 * WORDS;

    #[inline(always)]
    unsafe fn block(src: *const u8, rows: *const isize, left: usize) -> [[Avx512; W]; K] {
        // SAFETY: as many bytes of each of these rows as are left, of which `K` records are read at least, and no more by masks.
        unsafe {
            let turn = _mm512_loadu_si512(TURNS[W].as_ptr().cast());
            let mut x = [_mm512_setzero_si512(); WORDS];
            if left >= 16 {
                each!(WORDS, i => x[i] = Avx512::load_listed(src, rows.add(4 * i), 1).0);
            } else {
                let bits = lowest(K * W);
                let row = |i: usize| src.wrapping_offset(*rows.add(i));
                let more = |x: __m512i, i: usize, at: usize| {
                    _mm512_mask_loadu_epi8(x, bits << (16 * at), row(i + at).wrapping_sub(16 * at).cast())
                };
                let one = |i: usize| _mm512_maskz_loadu_epi8(bits, row(i).cast());
                each!(WORDS, i => x[i] = more(more(more(one(4 * i), 4 * i, 1), 4 * i, 2), 4 * i, 3));
            }
            each!(WORDS, i => x[i] = _mm512_permutexvar_epi8(turn, x[i]));
            let mut lines = [[Avx512(x[0]); W]; K];
            let columns = apart::<K>(x);
            each!(K, j => lines[j] = Lines::<W>::lines(&columns[j]));
            lines
        }
    }
}

/// Lines of bytes are joined by permutations of bytes: of each line once, since the next one is joined from it in the same way.
struct Turned;

/// Numbers of bytes in a line, twice.
static COUNT: [u8; 2 * LINE] = {
    let mut numbers = [0; 2 * LINE];
    let mut i = 0;
    while i < 2 * LINE {
        numbers[i] = (i % LINE) as u8;
        i += 1;
    }
    numbers
};

impl Join<Avx512> for Turned {
    #[inline(always)]
    unsafe fn join<const N: usize>(prev: Avx512, cur: Avx512, skip: usize) -> Avx512 {
        // SAFETY: the caller vouches for AVX-512 and VBMI, and that `skip` is less than a line.
        unsafe {
            let places = _mm512_loadu_si512(COUNT.as_ptr().add(LINE - skip).cast());
            let turned = |x: Avx512| _mm512_permutexvar_epi8(places, x.0);
            Avx512(_mm512_mask_mov_epi8(turned(cur), lowest(skip), turned(prev)))
        }
    }
}

/// Part `j` of `K` parts of each vector, as many of them side by side as a vector has.
///
/// # Safety
/// The CPU has AVX-512.
#[inline(always)]
unsafe fn apart<const K: usize>(x: [__m512i; WORDS]) -> [[__m512i; WORDS]; K] {
    let mut y = [x; K];
    // SAFETY: the caller's promise.
    unsafe {
        if K == 2 {
            each!(WORDS, i => if i < WORDS / 2 {
                y[0][i] = _mm512_shuffle_i64x2::<0x44>(x[2 * i], x[2 * i + 1]);
                y[1 % K][i] = _mm512_shuffle_i64x2::<0xee>(x[2 * i], x[2 * i + 1]);
            });
        }
        if K == 4 {
            each!(WORDS, i => if i < WORDS / 4 {
                let low = _mm512_shuffle_i64x2::<0x44>(x[4 * i], x[4 * i + 1]);
                let high = _mm512_shuffle_i64x2::<0xee>(x[4 * i], x[4 * i + 1]);
                let low_too = _mm512_shuffle_i64x2::<0x44>(x[4 * i + 2], x[4 * i + 3]);
                let high_too = _mm512_shuffle_i64x2::<0xee>(x[4 * i + 2], x[4 * i + 3]);
                y[0][i] = _mm512_shuffle_i64x2::<0x88>(low, low_too);
                y[1 % K][i] = _mm512_shuffle_i64x2::<0xdd>(low, low_too);
                y[2 % K][i] = _mm512_shuffle_i64x2::<0x88>(high, high_too);
                y[3 % K][i] = _mm512_shuffle_i64x2::<0xdd>(high, high_too);
            });
        }
    }
    y
}

/// Columns of a plane that are written side by side.
const WIDE: usize = 256;

/// Moves all strips of a plane; `rest` is for those rows, or columns, that are too few for that.
///
/// # Safety
/// As [`PlaneFn`], of any extents. The CPU has the instructions of the cell.
#[inline(always)]
unsafe fn plane<C: Cell<Avx512, K, W>, const K: usize, const W: usize>(p: &Plane, rest: PlaneFn) {
    let (rows, columns) = (p.rows.n, p.columns.n);
    if rows < C::ROWS || columns < K {
        // SAFETY: the caller's promise.
        return unsafe { rest(p) };
    }
    let mut list = [0; MOST_ROWS];
    for i in 0..C::ROWS {
        list[i] = p.rows.s * i as isize;
    }
    // The last strip is moved back over rows that were done already, unless that would be most of it.
    let over = rows % C::ROWS;
    let few = if 2 * over < C::ROWS && K < C::ROWS { over } else { 0 };
    let (mut src, mut dst) = (p.src, p.dst);
    for _ in 0..p.times.n {
        for first in (0..columns).step_by(WIDE) {
            let end = (first + WIDE).min(columns);
            let mut b = 0;
            while b < rows - few {
                let row = b.min(rows - C::ROWS);
                let from = src.wrapping_offset(row as isize * p.rows.s);
                let to = dst.wrapping_add(row * C::ITEM);
                let mut a = first;
                while a < end {
                    let column = a.min(columns - K);
                    // SAFETY: cells of the plane.
                    unsafe {
                        let at = from.wrapping_add(column * C::ITEM);
                        let x = C::block(at, list.as_ptr(), (columns - column) * C::ITEM);
                        let to = to.wrapping_offset(column as isize * p.columns.d);
                        each!(K, j => {
                            let to = to.wrapping_offset(j as isize * p.columns.d);
                            each!(W, line => x[j][line].store(to.wrapping_add(line * LINE)));
                        });
                    }
                    a += K;
                }
                b += C::ROWS;
            }
        }
        src = src.wrapping_offset(p.times.s);
        dst = dst.wrapping_offset(p.times.d);
    }
    if few > 0 {
        let done = rows - few;
        let rest_of = Plane {
            src: p.src.wrapping_offset(done as isize * p.rows.s),
            dst: p.dst.wrapping_add(done * C::ITEM),
            rows: Axis { n: few, ..p.rows },
            ..*p
        };
        // SAFETY: the rows that are left.
        unsafe { rest(&rest_of) };
    }
}

/// See [`Turns`]: what is done twice costs more than with words. (Measured on Emerald Rapids: 20 rows of 20 and 24 bytes, by strips of
/// 16 rows, 0.9 of the speed of tiles that are written then.)
const MOST: usize = 12;

/// The kernels for items of one size.
#[derive(Clone, Copy)]
pub(super) struct Packed {
    /// Tiles by turns.
    pub(super) turns: Turns,
    /// Planes in the caches, with the kernel for what is too few for this one.
    pub(super) plane: unsafe fn(&Plane, PlaneFn),
    /// Long runs past the caches.
    pub(super) past: AcrossFn,
    /// Columns begin at multiples of so many bytes.
    pub(super) unit: usize,
}

/// Those for items of this size; `bytes` is whether the CPU permutes them.
#[inline]
pub(super) fn packed(item: usize, bytes: bool) -> Option<Packed> {
    Some(match item {
        12 => words::<3>(),
        20 => words::<5>(),
        24 => words::<6>(),
        28 => words::<7>(),
        36 => words::<9>(),
        40 => words::<10>(),
        44 => words::<11>(),
        48 => words::<12>(),
        52 => words::<13>(),
        56 => words::<14>(),
        60 => words::<15>(),
        3 if bytes => grouped::<4, 3>(),
        5 if bytes => grouped::<2, 5>(),
        6 if bytes => grouped::<2, 6>(),
        7 if bytes => grouped::<2, 7>(),
        9 if bytes => grouped::<1, 9>(),
        10 if bytes => grouped::<1, 10>(),
        11 if bytes => grouped::<1, 11>(),
        13 if bytes => grouped::<1, 13>(),
        14 if bytes => grouped::<1, 14>(),
        15 if bytes => grouped::<1, 15>(),
        _ => return None,
    })
}

/// For items of `W` words.
#[inline]
fn words<const W: usize>() -> Packed {
    let turns = Turns { kernel: turns_of_words::<W>, rows: WORDS, columns: 1, most: MOST };
    Packed { turns, plane: plane_of_words::<W>, past: past_of_words::<W>, unit: 4 }
}

/// For items of `W` bytes.
#[inline]
fn grouped<const K: usize, const W: usize>() -> Packed {
    let turns = Turns { kernel: turns_of_bytes::<K, W>, rows: 4 * WORDS, columns: K, most: MOST };
    Packed { turns, plane: plane_of_bytes::<K, W>, past: past_of_bytes::<K, W>, unit: 1 }
}

/// # Safety
/// As [`turns`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
unsafe fn turns_of_words<const W: usize>(t: &Tile<'_>, turn: &mut Turn<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { turns::<Avx512, Words<W>, 1, W>(t, turn) }
}

/// # Safety
/// As [`turns`], on a CPU with AVX-512 and VBMI.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
unsafe fn turns_of_bytes<const K: usize, const W: usize>(t: &Tile<'_>, turn: &mut Turn<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { turns::<Avx512, Bytes<K, W>, K, W>(t, turn) }
}

/// # Safety
/// As [`past`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
unsafe fn past_of_words<const W: usize>(t: &Across<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { past::<Avx512, Items, Words<W>, 4, 1, W>(t) }
}

/// # Safety
/// As [`past`], on a CPU with AVX-512 and VBMI.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
unsafe fn past_of_bytes<const K: usize, const W: usize>(t: &Across<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { past::<Avx512, Turned, Bytes<K, W>, 16, K, W>(t) }
}

/// # Safety
/// As [`plane`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
unsafe fn plane_of_words<const W: usize>(p: &Plane, rest: PlaneFn) {
    // SAFETY: the caller's promise, passed on.
    unsafe { plane::<Words<W>, 1, W>(p, rest) }
}

/// # Safety
/// As [`plane`], on a CPU with AVX-512 and VBMI.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi")]
unsafe fn plane_of_bytes<const K: usize, const W: usize>(p: &Plane, rest: PlaneFn) {
    // SAFETY: the caller's promise, passed on.
    unsafe { plane::<Bytes<K, W>, K, W>(p, rest) }
}
