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

use core::arch::x86_64::*;

use super::cells::{self, Corner};
use super::generic::{Lanes, each, weave};
use super::x86_avx2::Avx2;
use super::x86_avx512::Avx512;
use super::x86_avx512_asked as asking;
use super::x86_avx512_even as even;
use super::x86_avx512_joined as joining;
use super::x86_avx512_partly::{Partly, first};
use super::x86_sse2::Sse2;
use crate::cache::LINE;
use crate::copy::tile::{Plane, PlaneFn, SquaredFn, Squares};

/// The kernels for items of `16 / N` bytes.
const fn kernels<const N: usize>() -> Squares {
    let few = [part::<OneByOne, N>, part::<OneLane, N>, part::<OneLane, N>];
    let some: [PlaneFn; 3] = match N {
        16 => [part::<Beside, N>, part::<Lanewise, N>, part::<Lanewise, N>],
        _ => [part::<TwoByTwo, N>, part::<TwoByTwo, N>, part::<TwoLanes, N>],
    };
    let all: [PlaneFn; 3] = match N {
        8 | 16 => [part::<Beside, N>, part::<Lanewise, N>, part::<Lanewise, N>],
        _ => [part::<FewRows, N>, part::<SomeRows, N>, part::<Whole, N>],
    };
    let whole: PlaneFn = match N {
        8 | 16 => self::all::<Lanewise, N>,
        _ => self::all::<Whole, N>,
    };
    // Bytes have no parts of two lanes; words of 8 bytes and more are turned faster by whole lines wherever they are.
    let most_part = match N {
        16 => 16,
        8 => 32,
        _ => 64,
    };
    // Bytes would be shifted by five instructions.
    let joined: Option<PlaneFn> = if N < 16 { Some(joining::run::<N>) } else { Some(joining::by_stage) };
    let asked: PlaneFn = match N {
        8 | 16 => asking::squares::<Lanewise, N>,
        _ => asking::squares::<Whole, N>,
    };
    let near: Option<PlaneFn> = if N >= 4 { Some(near::<N>) } else { None };
    let (asked, even) = (Some(asked), Some(even::kernel::<N>()));
    Squares { whole, out, parts: [few, some, all], near, joined, asked, even, most_part }
}

/// # Safety
/// As [`PlaneFn`], for at least a lane of rows and of columns, on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn near<const N: usize>(p: &Plane) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::square::<Avx2, N>(p) }
}

/// The kernels for items of this size.
#[inline(always)]
pub(super) fn squares(item: usize) -> Option<&'static Squares> {
    Some(match item {
        1 => &const { kernels::<16>() },
        2 => &const { kernels::<8>() },
        4 => &const { kernels::<4>() },
        8 => &const { kernels::<2>() },
        16 => &const { kernels::<1>() },
        _ => return None,
    })
}

/// The kernel for tiles of whole squares of items of this size.
#[inline]
pub(super) fn squared(item: usize) -> Option<SquaredFn> {
    Some(match item {
        1 => in_squares::<Lanewise, 16>,
        2 => in_squares::<Lanewise, 8>,
        4 => in_squares::<Lanewise, 4>,
        8 => in_squares::<Lanewise, 2>,
        16 => in_squares::<Whole, 1>,
        _ => return None,
    })
}

/// # Safety
/// As [`SquaredFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn in_squares<P: Part, const N: usize>(
    src: *const u8,
    s: isize,
    dst: *mut u8,
    d: isize,
    (rows, columns): (usize, usize),
    side: *mut u8,
) {
    let mut b = 0;
    while b < rows {
        let mut a = 0;
        while a < columns {
            let at = Corner { src, s, dst, d }.at(b, a, 16 / N);
            // SAFETY: a square of the tile.
            unsafe {
                let from = match side.is_null() {
                    true => at,
                    false => {
                        for row in 0..4 * N {
                            Avx512::load_all(at.row(row)).store(side.wrapping_add(row * LINE));
                        }
                        Corner { src: side, s: LINE as isize, ..at }
                    }
                };
                P::once::<N, false>(from, 4 * N, 4 * N);
            }
            a += 4 * N;
        }
        b += 4 * N;
    }
}

/// # Safety
/// As [`crate::copy::tile::OutFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn out(from: *const u8, to: *mut u8, apart: isize, columns: usize) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cells::out(from, to, apart, columns) }
}

/// A way to move the rows and columns of a square that there are.
pub(super) trait Part {
    /// Lanes of the rows, and of the columns, that it moves at most.
    const LANES: (usize, usize);

    /// Moves them, all that there may be if it is no `PART`.
    ///
    /// # Safety
    /// Items in these rows and columns can be read and written. The CPU has AVX-512 (as for all functions here).
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize);
}

/// # Safety
/// As [`PlaneFn`], for no more rows and columns than `P` moves, on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn part<P: Part, const N: usize>(p: &Plane) {
    // SAFETY: the caller's promise, passed on.
    unsafe {
        if p.rows.n == P::LANES.0 * N && p.columns.n == P::LANES.1 * N {
            return all::<P, N>(p);
        }
        repeat::<P, N, true>(p);
    }
}

/// [`part`] for all rows and columns: by itself, so that neither has to prepare what only the other one needs.
///
/// # Safety
/// As [`part`].
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn all<P: Part, const N: usize>(p: &Plane) {
    // SAFETY: the caller's promise, passed on.
    unsafe { repeat::<P, N, false>(p) }
}

/// # Safety
/// As [`part`].
#[inline(always)]
unsafe fn repeat<P: Part, const N: usize, const PART: bool>(p: &Plane) {
    let (mut src, mut dst) = (p.src, p.dst);
    for _ in 0..p.times.n {
        let at = Corner { src, s: p.rows.s, dst, d: p.columns.d };
        // SAFETY: the caller's promise, for one of the repetitions.
        unsafe { P::once::<N, PART>(at, p.rows.n, p.columns.n) };
        src = src.wrapping_offset(p.times.s);
        dst = dst.wrapping_offset(p.times.d);
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

    /// A lane of each of 4 rows.
    #[inline(always)]
    unsafe fn load_four(self, row: usize) -> Avx512 {
        // SAFETY: rows of the square.
        unsafe {
            let x = _mm512_castsi128_si512(self.load::<Sse2>(row).0);
            let x = _mm512_mask_broadcast_i32x4(x, 0x00f0, self.load::<Sse2>(row + N).0);
            let x = _mm512_mask_broadcast_i32x4(x, 0x0f00, self.load::<Sse2>(row + 2 * N).0);
            Avx512(_mm512_mask_broadcast_i32x4(x, 0xf000, self.load::<Sse2>(row + 3 * N).0))
        }
    }

    /// Two lanes of each of 2 rows.
    #[inline(always)]
    unsafe fn load_two(self, row: usize) -> Avx512 {
        // SAFETY: rows of the square.
        unsafe {
            let (low, high) = (self.load::<Avx2>(row).0, self.load::<Avx2>(row + 2 * N).0);
            Avx512(_mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high))
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

/// `N` vectors, woven.
macro_rules! group {
    ($n:ident, $i:ident => $load:expr) => {{
        let $i = 0;
        let mut x = [$load; $n];
        each!($n, $i => x[$i] = $load);
        weave(x)
    }};
}
/// A lane of rows, a lane of columns.
struct OneByOne;

impl Part for OneByOne {
    const LANES: (usize, usize) = (1, 1);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        let e = Extent::<N, PART>::new(at, rows, columns);
        // SAFETY: the caller's promise.
        unsafe {
            let x = group!(N, i => e.load::<Sse2>(i));
            each!(N, j => {
                e.store(j, x[j]);
            });
        }
    }
}

/// Two lanes of rows and of columns.
struct TwoByTwo;

impl Part for TwoByTwo {
    const LANES: (usize, usize) = (2, 2);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        let e = Extent::<N, PART>::new(at, rows, columns);
        // SAFETY: the caller's promise.
        unsafe {
            let (x, y) = (group!(N, i => e.load::<Avx2>(i)), group!(N, i => e.load::<Avx2>(i + N)));
            each!(N, j => {
                e.store(j, Avx2(_mm256_permute2x128_si256::<0x20>(x[j].0, y[j].0)));
                e.store(j + N, Avx2(_mm256_permute2x128_si256::<0x31>(x[j].0, y[j].0)));
            });
        }
    }
}

/// All rows, a lane of columns.
struct OneLane;

impl Part for OneLane {
    const LANES: (usize, usize) = (4, 1);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        let e = Extent::<N, PART>::new(at, rows, columns);
        // SAFETY: the caller's promise.
        unsafe {
            let x = group!(N, i => e.load_four(i));
            each!(N, j => {
                e.store(j, x[j]);
            });
        }
    }
}

/// All rows, two lanes of columns: row `i` lies beside row `i + 2 * N`.
struct TwoLanes;

impl Part for TwoLanes {
    const LANES: (usize, usize) = (4, 2);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        let e = Extent::<N, PART>::new(at, rows, columns);
        // SAFETY: the caller's promise.
        unsafe {
            let (x, y) = (group!(N, i => e.load_two(i)), group!(N, i => e.load_two(i + N)));
            let (low, high) = (words([0, 1, 8, 9, 4, 5, 12, 13]), words([2, 3, 10, 11, 6, 7, 14, 15]));
            each!(N, j => {
                e.store(j, Avx512(_mm512_permutex2var_epi64(x[j].0, low, y[j].0)));
                e.store(j + N, Avx512(_mm512_permutex2var_epi64(x[j].0, high, y[j].0)));
            });
        }
    }
}

/// All rows and columns, a lane or two of columns after the other: more rows than the registers hold as a whole.
struct Lanewise;

impl Part for Lanewise {
    const LANES: (usize, usize) = (4, 4);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        // SAFETY: the caller's promise, for some of the columns.
        unsafe {
            if N == 16 {
                for a in (0..columns).step_by(N) {
                    OneLane::once::<N, PART>(at.at(0, a, 1), rows, N.min(columns - a));
                }
            } else {
                TwoLanes::once::<N, PART>(at, rows, columns.min(2 * N));
                if columns > 2 * N {
                    TwoLanes::once::<N, PART>(at.at(0, 2 * N, 16 / N), rows, columns - 2 * N);
                }
            }
        }
    }
}

/// A lane of rows, all columns, a lane of them after the other, as more do not fit into the registers.
struct Beside;

impl Part for Beside {
    const LANES: (usize, usize) = (1, 4);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        for a in (0..columns).step_by(N) {
            // SAFETY: the caller's promise, for some of the columns.
            unsafe { OneByOne::once::<N, PART>(at.at(0, a, 16 / N), rows, N.min(columns - a)) };
        }
    }
}

/// A lane of rows, all columns.
struct FewRows;

impl Part for FewRows {
    const LANES: (usize, usize) = (1, 4);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        let e = Extent::<N, PART>::new(at, rows, columns);
        // SAFETY: the caller's promise.
        unsafe {
            let x = group!(N, i => e.load::<Avx512>(i));
            each!(N, j => {
                e.store(j, Sse2(_mm512_castsi512_si128(x[j].0)));
                e.store(j + N, Sse2(_mm512_extracti32x4_epi32::<1>(x[j].0)));
                e.store(j + 2 * N, Sse2(_mm512_extracti32x4_epi32::<2>(x[j].0)));
                e.store(j + 3 * N, Sse2(_mm512_extracti32x4_epi32::<3>(x[j].0)));
            });
        }
    }
}

/// Two lanes of rows, all columns.
struct SomeRows;

impl Part for SomeRows {
    const LANES: (usize, usize) = (2, 4);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        let e = Extent::<N, PART>::new(at, rows, columns);
        // SAFETY: the caller's promise.
        unsafe {
            let (mut x, mut y) =
                (group!(N, i => e.load::<Avx512>(i)), group!(N, i => e.load::<Avx512>(i + N)));
            let (low, high) = (words([0, 1, 8, 9, 2, 3, 10, 11]), words([4, 5, 12, 13, 6, 7, 14, 15]));
            each!(N, j => {
                let (a, b) = (x[j].0, y[j].0);
                x[j].0 = _mm512_permutex2var_epi64(a, low, b);
                y[j].0 = _mm512_permutex2var_epi64(a, high, b);
            });
            if PART && columns == 4 * N && at.d == (rows * (16 / N)) as isize && rows > N {
                return follow(e, x, y);
            }
            each!(N, j => {
                e.store(j, Avx2(_mm512_castsi512_si256(x[j].0)));
                e.store(j + N, Avx2(_mm512_extracti64x4_epi64::<1>(x[j].0)));
                e.store(j + 2 * N, Avx2(_mm512_castsi512_si256(y[j].0)));
                e.store(j + 3 * N, Avx2(_mm512_extracti64x4_epi64::<1>(y[j].0)));
            });
        }
    }
}

/// Writes all columns of more than a lane of rows where a column begins where the one before ends: one after the other and as
/// whole vectors, of which the next column puts right what was too much. Stores under masks take 1.2 times as long.
///
/// # Safety
/// As [`Extent::store`]; the first half of the columns is in `x`, in the low halves of the vectors first.
#[inline(always)]
unsafe fn follow<const N: usize, const PART: bool>(e: Extent<N, PART>, x: [Avx512; N], y: [Avx512; N]) {
    // SAFETY: a vector is less than two columns, and the last column is written under its mask.
    unsafe {
        each!(N, j => Avx2(_mm512_castsi512_si256(x[j].0)).store(e.at.column(j)));
        each!(N, j => Avx2(_mm512_extracti64x4_epi64::<1>(x[j].0)).store(e.at.column(j + N)));
        each!(N, j => Avx2(_mm512_castsi512_si256(y[j].0)).store(e.at.column(j + 2 * N)));
        each!(N, j => if j + 1 < N {
            Avx2(_mm512_extracti64x4_epi64::<1>(y[j].0)).store(e.at.column(j + 3 * N));
        });
        e.store(4 * N - 1, Avx2(_mm512_extracti64x4_epi64::<1>(y[N - 1].0)));
    }
}

/// All rows and columns.
struct Whole;

impl Part for Whole {
    const LANES: (usize, usize) = (4, 4);

    #[inline(always)]
    unsafe fn once<const N: usize, const PART: bool>(at: Corner, rows: usize, columns: usize) {
        let e = Extent::<N, PART>::new(at, rows, columns);
        // SAFETY: the caller's promise.
        unsafe {
            let (x, y) = (group!(N, i => e.load::<Avx512>(i)), group!(N, i => e.load::<Avx512>(i + N)));
            let (z, w) =
                (group!(N, i => e.load::<Avx512>(i + 2 * N)), group!(N, i => e.load::<Avx512>(i + 3 * N)));
            each!(N, j => {
                let low = _mm512_shuffle_i32x4::<0x44>(x[j].0, y[j].0);
                let high = _mm512_shuffle_i32x4::<0xee>(x[j].0, y[j].0);
                let low_too = _mm512_shuffle_i32x4::<0x44>(z[j].0, w[j].0);
                let high_too = _mm512_shuffle_i32x4::<0xee>(z[j].0, w[j].0);
                e.store(j, Avx512(_mm512_shuffle_i32x4::<0x88>(low, low_too)));
                e.store(j + N, Avx512(_mm512_shuffle_i32x4::<0xdd>(low, low_too)));
                e.store(j + 2 * N, Avx512(_mm512_shuffle_i32x4::<0x88>(high, high_too)));
                e.store(j + 3 * N, Avx512(_mm512_shuffle_i32x4::<0xdd>(high, high_too)));
            });
        }
    }
}

/// The indices of a permutation of words of 8 bytes.
#[inline(always)]
unsafe fn words(i: [i64; 8]) -> __m512i {
    // SAFETY: the caller's promise.
    unsafe { _mm512_setr_epi64(i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7]) }
}
