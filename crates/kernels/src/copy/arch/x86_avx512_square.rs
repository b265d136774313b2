//! Squares of a line by a line with AVX-512, and any part of one, by loads and stores under masks: no tail has loops over
//! items.
//!
//! ```text
//! floats, 16 x 16: rows r of 4 lanes         weave of rows 4 k .. 4 k + 4     lanes of g0[c], g1[c], g2[c], g3[c] transposed
//!                                            in each lane
//! r0 = 0a 0b 0c 0d | 0e .. | 0i .. | 0m ..   g0[0] = 0a 1a 2a 3a | 0e ..      column a = 0a 1a 2a 3a | 4a .. | 8a .. | 12a ..
//! r1 = 1a 1b 1c 1d | 1e ..                   g0[1] = 0b 1b 2b 3b | 0f ..      column e = 0e 1e 2e 3e | 4e ..
//! r2 = ...                                   g1[0] = 4a 5a 6a 7a | 4e ..      ...
//! ```
//!
//! A line of the source is read once, as a whole, so that it does not matter whether the cache holds all of them: rows 4
//! KiB apart come out 1.6 times as fast as by lanes of 16 bytes. Where there are few rows or columns, only so many lanes
//! are loaded, and lanes of several rows share a vector. Squares of 2-byte items, whose 32 rows do not fit into the
//! registers, are made of two halves, those of bytes of four quarters.

// Loops over indices become straight code in registers; iterators over the same arrays leave them in memory.
#![allow(clippy::needless_range_loop)]

use core::arch::x86_64::*;

use super::generic::{Lanes, weave};
use super::plane::{Corner, Square, plane};
use super::x86_avx2::Avx2;
use super::x86_avx512::Avx512;
use super::x86_avx512_partly::{Partly, first};
use super::x86_sse2::Sse2;
use crate::copy::tile::{Plane, PlaneFn};

/// Squares of items of `16 / N` bytes.
struct Masked<const N: usize>;

/// The kernel for items of this size.
#[inline]
pub(super) fn kernel(item: usize) -> Option<PlaneFn> {
    Some(match item {
        1 => run::<16>,
        2 => run::<8>,
        4 => run::<4>,
        8 => run::<2>,
        16 => run::<1>,
        _ => return None,
    })
}

/// # Safety
/// As [`PlaneFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn run<const N: usize>(p: &Plane) {
    // SAFETY: the caller's promise, passed on.
    unsafe { plane::<Masked<N>>(p) }
}

impl<const N: usize> Square for Masked<N> {
    const ITEM: usize = 16 / N;

    #[inline(always)]
    unsafe fn whole(at: Corner) {
        // SAFETY: the caller's promise, for parts that make up the square.
        unsafe {
            match N {
                16 => {
                    for a in 0..4 {
                        one_lane::<N, false>(at.at(0, a * N, 1), 4 * N, N);
                    }
                }
                8 => {
                    two_lanes::<N, false>(at, 4 * N, 2 * N);
                    two_lanes::<N, false>(at.at(0, 2 * N, 2), 4 * N, 2 * N);
                }
                _ => square::<N, false>(at, 4 * N, 4 * N),
            }
        }
    }

    #[inline(always)]
    unsafe fn part(at: Corner, rows: usize, columns: usize) {
        // The most columns at once that the registers hold.
        let most = match N {
            16 => N,
            8 => 2 * N,
            _ => 4 * N,
        };
        let mut a = 0;
        while a < columns {
            // SAFETY: the caller's promise, for some of the columns.
            unsafe { strip::<N>(at.at(0, a, Self::ITEM), rows, most.min(columns - a)) };
            a += most;
        }
    }
}

/// Moves rows and columns of a square, no more columns than the registers hold.
///
/// # Safety
/// As [`Square::part`] (as for all functions here).
#[inline(always)]
unsafe fn strip<const N: usize>(at: Corner, rows: usize, columns: usize) {
    // SAFETY: the caller's promise; each takes as many rows and columns as it is called for.
    unsafe {
        if N == 16 || columns <= N {
            if rows <= N {
                one_by_one::<N>(at, rows, columns);
            } else {
                one_lane::<N, true>(at, rows, columns);
            }
        } else if N == 8 || columns <= 2 * N {
            if rows <= 2 * N {
                two_by_two::<N>(at, rows, columns);
            } else {
                two_lanes::<N, true>(at, rows, columns);
            }
        } else if rows <= N {
            few_rows::<N>(at, rows, columns);
        } else if rows <= 2 * N {
            some_rows::<N>(at, rows, columns);
        } else {
            square::<N, true>(at, rows, columns);
        }
    }
}

/// What there is of a square: how many rows and columns, and their masks.
#[derive(Clone, Copy)]
struct Extent<const N: usize, const PART: bool> {
    at: Corner,
    rows: usize,
    columns: usize,
    of_rows: u64,
    of_columns: u64,
}

impl<const N: usize, const PART: bool> Extent<N, PART> {
    #[inline(always)]
    fn new(at: Corner, rows: usize, columns: usize) -> Self {
        Extent { at, rows, columns, of_rows: first::<N>(rows), of_columns: first::<N>(columns) }
    }

    /// A row, or the last one again.
    #[inline(always)]
    unsafe fn load<V: Partly>(self, row: usize) -> V {
        // SAFETY: a row of the square, as much of it as there is.
        unsafe {
            if PART {
                V::load_some::<N>(self.at.row(row.min(self.rows - 1)), self.of_columns)
            } else {
                V::load_all(self.at.row(row))
            }
        }
    }

    /// Writes a column, if there is one.
    #[inline(always)]
    unsafe fn store<V: Partly>(self, column: usize, v: V) {
        // SAFETY: a column of the square, as much of it as there is.
        unsafe {
            if !PART {
                v.store(self.at.column(column));
            } else if column < self.columns {
                v.store_some::<N>(self.at.column(column), self.of_rows);
            }
        }
    }
}

/// Up to `N` rows and columns.
#[inline(always)]
unsafe fn one_by_one<const N: usize>(at: Corner, rows: usize, columns: usize) {
    let e = Extent::<N, true>::new(at, rows, columns);
    // SAFETY: the caller's promise.
    unsafe {
        let x = group::<Sse2, N>(|i| e.load(i));
        for j in 0..N {
            e.store(j, x[j]);
        }
    }
}

/// Up to `2 * N` rows and columns.
#[inline(always)]
unsafe fn two_by_two<const N: usize>(at: Corner, rows: usize, columns: usize) {
    let e = Extent::<N, true>::new(at, rows, columns);
    // SAFETY: the caller's promise.
    unsafe {
        let (x, y) = (group::<Avx2, N>(|i| e.load(i)), group::<Avx2, N>(|i| e.load(i + N)));
        for j in 0..N {
            e.store(j, Avx2(_mm256_permute2x128_si256::<0x20>(x[j].0, y[j].0)));
            e.store(j + N, Avx2(_mm256_permute2x128_si256::<0x31>(x[j].0, y[j].0)));
        }
    }
}

/// Up to `N` columns of all rows.
#[inline(always)]
unsafe fn one_lane<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
    let e = Extent::<N, PART>::new(at, rows, columns);
    // SAFETY: the caller's promise.
    unsafe {
        let lane = |i: usize| e.load::<Sse2>(i).0;
        let x = group::<Avx512, N>(|i| {
            let x = _mm512_castsi128_si512(lane(i));
            let x = _mm512_mask_broadcast_i32x4(x, 0x00f0, lane(i + N));
            let x = _mm512_mask_broadcast_i32x4(x, 0x0f00, lane(i + 2 * N));
            Avx512(_mm512_mask_broadcast_i32x4(x, 0xf000, lane(i + 3 * N)))
        });
        for j in 0..N {
            e.store(j, x[j]);
        }
    }
}

/// Up to `2 * N` columns of all rows: row `i` lies beside row `i + 2 * N`.
#[inline(always)]
unsafe fn two_lanes<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
    let e = Extent::<N, PART>::new(at, rows, columns);
    // SAFETY: the caller's promise.
    unsafe {
        let pair = |i: usize| {
            let (low, high) = (e.load::<Avx2>(i).0, e.load::<Avx2>(i + 2 * N).0);
            Avx512(_mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high))
        };
        let (x, y) = (group::<Avx512, N>(pair), group::<Avx512, N>(|i| pair(i + N)));
        let (low, high) = (words([0, 1, 8, 9, 4, 5, 12, 13]), words([2, 3, 10, 11, 6, 7, 14, 15]));
        for j in 0..N {
            e.store(j, Avx512(_mm512_permutex2var_epi64(x[j].0, low, y[j].0)));
            e.store(j + N, Avx512(_mm512_permutex2var_epi64(x[j].0, high, y[j].0)));
        }
    }
}

/// Up to `N` rows of all columns.
#[inline(always)]
unsafe fn few_rows<const N: usize>(at: Corner, rows: usize, columns: usize) {
    let e = Extent::<N, true>::new(at, rows, columns);
    // SAFETY: the caller's promise.
    unsafe {
        let x = group::<Avx512, N>(|i| e.load(i));
        for j in 0..N {
            e.store(j, Sse2(_mm512_castsi512_si128(x[j].0)));
            e.store(j + N, Sse2(_mm512_extracti32x4_epi32::<1>(x[j].0)));
            e.store(j + 2 * N, Sse2(_mm512_extracti32x4_epi32::<2>(x[j].0)));
            e.store(j + 3 * N, Sse2(_mm512_extracti32x4_epi32::<3>(x[j].0)));
        }
    }
}

/// Up to `2 * N` rows of all columns.
#[inline(always)]
unsafe fn some_rows<const N: usize>(at: Corner, rows: usize, columns: usize) {
    let e = Extent::<N, true>::new(at, rows, columns);
    // SAFETY: the caller's promise.
    unsafe {
        let (x, y) = (group::<Avx512, N>(|i| e.load(i)), group::<Avx512, N>(|i| e.load(i + N)));
        let (low, high) = (words([0, 1, 8, 9, 2, 3, 10, 11]), words([4, 5, 12, 13, 6, 7, 14, 15]));
        for j in 0..N {
            let low = _mm512_permutex2var_epi64(x[j].0, low, y[j].0);
            let high = _mm512_permutex2var_epi64(x[j].0, high, y[j].0);
            e.store(j, Avx2(_mm512_castsi512_si256(low)));
            e.store(j + N, Avx2(_mm512_extracti64x4_epi64::<1>(low)));
            e.store(j + 2 * N, Avx2(_mm512_castsi512_si256(high)));
            e.store(j + 3 * N, Avx2(_mm512_extracti64x4_epi64::<1>(high)));
        }
    }
}

/// All rows and columns.
#[inline(always)]
unsafe fn square<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
    let e = Extent::<N, PART>::new(at, rows, columns);
    // SAFETY: the caller's promise.
    unsafe {
        let quarter = |k: usize| group::<Avx512, N>(|i| e.load(k * N + i));
        let (x, y, z, w) = (quarter(0), quarter(1), quarter(2), quarter(3));
        for j in 0..N {
            let low = |x: &[Avx512; N], y: &[Avx512; N]| _mm512_shuffle_i32x4::<0x44>(x[j].0, y[j].0);
            let high = |x: &[Avx512; N], y: &[Avx512; N]| _mm512_shuffle_i32x4::<0xee>(x[j].0, y[j].0);
            let (low, low_too) = (low(&x, &y), low(&z, &w));
            let (high, high_too) = (high(&x, &y), high(&z, &w));
            e.store(j, Avx512(_mm512_shuffle_i32x4::<0x88>(low, low_too)));
            e.store(j + N, Avx512(_mm512_shuffle_i32x4::<0xdd>(low, low_too)));
            e.store(j + 2 * N, Avx512(_mm512_shuffle_i32x4::<0x88>(high, high_too)));
            e.store(j + 3 * N, Avx512(_mm512_shuffle_i32x4::<0xdd>(high, high_too)));
        }
    }
}

/// `N` vectors, woven.
#[inline(always)]
unsafe fn group<V: Lanes, const N: usize>(load: impl Fn(usize) -> V) -> [V; N] {
    let mut x = [load(0); N];
    for i in 1..N {
        x[i] = load(i);
    }
    // SAFETY: the caller's promise.
    unsafe { weave(x) }
}

/// The indices of a permutation of words of 8 bytes.
#[inline(always)]
unsafe fn words(i: [i64; 8]) -> __m512i {
    // SAFETY: the caller's promise.
    unsafe { _mm512_setr_epi64(i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7]) }
}
