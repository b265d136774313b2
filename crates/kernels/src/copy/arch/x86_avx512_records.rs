//! Planes of records, items of 3 to 15 bytes that are no words, with AVX-512.
//!
//! ```text
//! 3 bytes: 4 of each row, in lanes             aaabbbcccddd....
//! widened to words of 4                        aaa.bbb.ccc.ddd.
//! lanes transposed, as in `generic`            aaa.AAA.aaa.AAA.     column a of 4 rows
//! narrowed again                               aaaAAAaaaAAA....
//! the lanes joined                             48 bytes of column a: those of 16 rows
//! ```
//!
//! Records of 5 to 7 bytes are words of 8, two of them in a lane; from 9 bytes on each has a lane of its own. Where the bytes
//! of a lane are an odd number, which no permutation of the instruction set joins, each lane is written by itself.
//!
//! Measured on Zen 4 against loops over records, inside the caches: 3 bytes 2.7 to 4.5 times as fast, 5 to 7 bytes 1.7 to 2.8, 10
//! to 14 bytes 1.4 to 1.9; asking for whole lanes where there is more behind the records is no faster than masks.

use core::arch::x86_64::*;

use super::cells::Corner;
use super::generic::{each, weave};
use super::x86_avx512::{Avx512, anywhere};
use crate::cache::LINE;
use crate::copy::tile::{Plane, PlaneFn};

/// Bytes of a lane.
const LANE: usize = 16;

/// Columns that are written side by side: so many lines are near.
const WIDE: usize = 256;

/// The kernel for items of this size.
#[inline]
pub(super) fn records(item: usize) -> Option<PlaneFn> {
    match item {
        3 => Some(run::<4>),
        5..=7 => Some(run::<2>),
        9..=15 => Some(run::<1>),
        _ => None,
    }
}

/// The shuffles for records of one size.
struct Shuffles {
    /// For each byte of a lane of words, the byte of a lane of records, and the other way round; a high bit for none.
    widen: [u8; LANE],
    narrow: [u8; LANE],
    /// For each pair of bytes of joined lanes, the pair of the lanes.
    join: [u16; LINE / 2],
}

static SHUFFLES: [Shuffles; LANE] = {
    let mut all = [const { Shuffles { widen: [0; LANE], narrow: [0; LANE], join: [0; LINE / 2] } }; LANE];
    let mut item = 1;
    while item < LANE {
        all[item] = shuffles(item);
        item += 1;
    }
    all
};

const fn shuffles(item: usize) -> Shuffles {
    let word = item.next_power_of_two();
    let bytes = LANE / word * item;
    let mut made = Shuffles { widen: [0x80; LANE], narrow: [0x80; LANE], join: [0; LINE / 2] };
    let mut i = 0;
    while i < bytes {
        let at = i / item * word + i % item;
        made.narrow[i] = at as u8;
        made.widen[at] = i as u8;
        i += 1;
    }
    let mut i = 0;
    while 2 * i + 1 < 4 * bytes {
        made.join[i] = ((2 * i / bytes * LANE + 2 * i % bytes) / 2) as u16;
        i += 1;
    }
    made
}

/// The shuffles in registers, and the bytes of a record.
#[derive(Clone, Copy)]
struct Records {
    item: usize,
    widen: __m512i,
    narrow: __m512i,
    join: __m512i,
}

/// # Safety
/// As [`PlaneFn`], of any extents and of items of a size of which a lane has `N`, which is the `d` of the rows; on a CPU with
/// AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn run<const N: usize>(p: &Plane) {
    let item = p.rows.d as usize;
    let Some(shuffles) = SHUFFLES.get(item) else { return };
    // SAFETY: arrays of a lane, and of a line.
    let records = unsafe {
        Records {
            item,
            widen: _mm512_broadcast_i32x4(_mm_loadu_si128(shuffles.widen.as_ptr().cast())),
            narrow: _mm512_broadcast_i32x4(_mm_loadu_si128(shuffles.narrow.as_ptr().cast())),
            join: _mm512_loadu_si512(shuffles.join.as_ptr().cast()),
        }
    };
    let mut at = Corner { src: p.src, s: p.rows.s, dst: p.dst, d: p.columns.d };
    for _ in 0..p.times.n {
        let mut a = 0;
        while a < p.columns.n {
            let wide = WIDE.min(p.columns.n - a);
            let (mut strip, mut left) = (at.at(0, a, item), p.rows.n);
            // SAFETY: the caller's promise, for one of the repetitions, these columns, and the rows that are left.
            unsafe {
                while left >= 4 * N {
                    columns::<N, false>(strip, 4 * N, wide, records);
                    strip = strip.at(4 * N, 0, item);
                    left -= 4 * N;
                }
                if left > 0 {
                    columns::<N, true>(strip, left, wide, records);
                }
            }
            a += wide;
        }
        at.src = at.src.wrapping_offset(p.times.s);
        at.dst = at.dst.wrapping_offset(p.times.d);
    }
}

/// Moves the columns of up to `4 * N` rows, all of them if it is no `PART`.
///
/// # Safety
/// As [`run`], for these.
#[inline(always)]
unsafe fn columns<const N: usize, const PART: bool>(mut at: Corner, rows: usize, n: usize, records: Records) {
    let mut left = n;
    // SAFETY: the caller's promise.
    unsafe {
        while left >= N {
            at.src = anywhere(at.src);
            cell::<N, PART>(at, rows, N, records);
            at = at.at(0, N, records.item);
            left -= N;
        }
        if left > 0 {
            cell::<N, PART>(at, rows, left, records);
        }
    }
}

/// The lowest `n` bits, at least one.
#[inline(always)]
fn lowest(n: usize) -> u64 {
    u64::MAX >> (64 - n)
}

/// A lane of row `row`, of the row `N` further and so on, or of the last one again.
///
/// # Safety
/// The bytes of the mask can be read in each row.
#[inline(always)]
unsafe fn load<const N: usize, const PART: bool>(at: Corner, row: usize, rows: usize, mask: u64) -> __m512i {
    // SAFETY: the caller's promise.
    unsafe {
        let lane = |l: usize| {
            let row = row + l * N;
            let row = if PART { row.min(rows - 1) } else { row };
            _mm_maskz_loadu_epi8(mask as __mmask16, at.row(row).cast())
        };
        let x = _mm512_castsi128_si512(lane(0));
        let x = _mm512_inserti32x4::<1>(x, lane(1));
        let x = _mm512_inserti32x4::<2>(x, lane(2));
        _mm512_inserti32x4::<3>(x, lane(3))
    }
}

/// Moves up to `4 * N` rows of up to `N` columns.
///
/// # Safety
/// As [`run`], for these.
#[inline(always)]
unsafe fn cell<const N: usize, const PART: bool>(at: Corner, rows: usize, n: usize, records: Records) {
    let mask = lowest(n * records.item);
    // SAFETY: records of these rows and columns.
    unsafe {
        let mut x = [Avx512(_mm512_setzero_si512()); N];
        each!(N, i => x[i] = {
            let lanes = load::<N, PART>(at, i, rows, mask);
            Avx512(if N == 1 { lanes } else { _mm512_shuffle_epi8(lanes, records.widen) })
        });
        let x = weave(x);
        each!(N, j => if j < n {
            let lanes = if N == 1 { x[j].0 } else { _mm512_shuffle_epi8(x[j].0, records.narrow) };
            store::<N>(at.column(j), lanes, rows, records);
        });
    }
}

/// Writes the records of a column.
///
/// # Safety
/// So many can be written.
#[inline(always)]
unsafe fn store<const N: usize>(to: *mut u8, lanes: __m512i, rows: usize, records: Records) {
    let bytes = N * records.item;
    // SAFETY: the caller's promise.
    unsafe {
        if bytes.is_multiple_of(2) {
            let joined = _mm512_permutexvar_epi16(records.join, lanes);
            _mm512_mask_storeu_epi8(to.cast(), lowest(rows * records.item), joined);
            return;
        }
        // One record in each lane, and no more lanes than rows.
        let put = |l: usize, lane: __m128i| {
            if l < rows {
                let to = to.wrapping_add(l * bytes);
                _mm_mask_storeu_epi8(to.cast(), lowest(bytes) as __mmask16, lane);
            }
        };
        put(0, _mm512_castsi512_si128(lanes));
        put(1, _mm512_extracti32x4_epi32::<1>(lanes));
        put(2, _mm512_extracti32x4_epi32::<2>(lanes));
        put(3, _mm512_extracti32x4_epi32::<3>(lanes));
    }
}
