//! AVX-512 (F and BW): four lanes, which make a whole line of the cache.

use core::arch::x86_64::*;

use super::across::{self, Whole};
use super::beside;
use super::flush::{self, Stream};
use super::generic::{self, AsIs, Lanes};
use super::lines::{self, Compile, Line, Shape};
use super::pieces::{self};
use super::spread::{self, Sparse};
use super::steps::{self, Shuffle};
use super::turns::{self as by_turns, Words};
use super::x86_avx512_step as step;
use super::x86_sse2::Sse2;
use super::{TurnFn, Turns};
use crate::copy::alternate::Turn;
use crate::copy::tile::{
    Across, AcrossFn, Flush, Pieces, Spread, SpreadFn, Stepped, SteppedFn, Tile, TileFn, Way,
};

#[derive(Clone, Copy)]
pub(super) struct Avx512(pub(super) __m512i);

impl Lanes for Avx512 {
    const LANES: usize = 4;
    type One = Sse2;

    #[inline(always)]
    unsafe fn load(rows: *const *const u8, apart: usize, at: usize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for AVX-512.
        unsafe {
            let lane = |l: usize| _mm_loadu_si128((*rows.add(l * apart)).wrapping_add(at).cast());
            let x = _mm512_castsi128_si512(lane(0));
            let x = _mm512_inserti32x4::<1>(x, lane(1));
            let x = _mm512_inserti32x4::<2>(x, lane(2));
            Avx512(_mm512_inserti32x4::<3>(x, lane(3)))
        }
    }

    #[inline(always)]
    unsafe fn low<const N: usize>(self, other: Self) -> Self {
        // SAFETY: the caller vouches for AVX-512.
        unsafe {
            Avx512(match N {
                16 => _mm512_unpacklo_epi8(self.0, other.0),
                8 => _mm512_unpacklo_epi16(self.0, other.0),
                4 => _mm512_unpacklo_epi32(self.0, other.0),
                _ => _mm512_unpacklo_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn high<const N: usize>(self, other: Self) -> Self {
        // SAFETY: the caller vouches for AVX-512.
        unsafe {
            Avx512(match N {
                16 => _mm512_unpackhi_epi8(self.0, other.0),
                8 => _mm512_unpackhi_epi16(self.0, other.0),
                4 => _mm512_unpackhi_epi32(self.0, other.0),
                _ => _mm512_unpackhi_epi64(self.0, other.0),
            })
        }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, and for AVX-512.
        unsafe { _mm512_storeu_si512(to.cast(), self.0) }
    }
}

/// The kernel for items of this size.
#[inline]
pub(super) fn transpose(item: usize) -> Option<TileFn> {
    Some(match item {
        1 => run::<16, 1>,
        2 => run::<8, 1>,
        4 => run::<4, 1>,
        8 => run::<2, 1>,
        16 => run::<1, 1>,
        _ => return None,
    })
}

/// # Safety
/// As [`generic::transpose`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run<const N: usize, const PARTS: usize>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { generic::transpose::<Avx512, N, PARTS>(t) }
}

/// Consecutive numbers, of which 64 bytes from `4 * N - skip` on are the indices of a join.
struct Count<T, const LEN: usize>([T; LEN]);

static COUNT16: Count<u16, 64> = Count(count16());
/// (One more, for words that lie between two.)
static COUNT32: Count<u32, 33> = Count(count32());
static COUNT64: Count<u64, 16> = Count([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

const fn count16() -> [u16; 64] {
    let mut numbers = [0; 64];
    let mut i = 0;
    while i < 64 {
        numbers[i] = i as u16;
        i += 1;
    }
    numbers
}

const fn count32() -> [u32; 33] {
    let mut numbers = [0; 33];
    let mut i = 0;
    while i < 33 {
        numbers[i] = i as u32;
        i += 1;
    }
    numbers
}

/// The lowest `n` bits; `n` is at most 64.
#[inline(always)]
pub(super) fn lowest(n: usize) -> u64 {
    if n == 0 { 0 } else { u64::MAX >> (64 - n) }
}

/// The same address, of which the compiler is not to know that it is a step from the one before: it would keep one for each row, in
/// memory, and add to all of them in each round.
#[allow(clippy::pointers_in_nomem_asm_block, reason = "nothing is read or written there")]
#[inline(always)]
pub(super) fn anywhere(mut address: *const u8) -> *const u8 {
    // SAFETY: no instruction at all.
    unsafe {
        core::arch::asm!("/* {0} */", inout(reg) address, options(pure, nomem, nostack, preserves_flags))
    };
    address
}

impl Whole for Avx512 {
    #[inline(always)]
    unsafe fn join<const N: usize>(prev: Self, cur: Self, skip: usize) -> Self {
        // SAFETY: the caller vouches for AVX-512, and that `skip` is below the items of a vector: the indices lie in the
        // table.
        unsafe {
            Avx512(match N {
                16 => {
                    // Whole words first, then the bytes of a word and the next one.
                    let (word, byte) = ((64 - skip) / 4, (64 - skip) % 4);
                    let index = |word: usize| _mm512_loadu_si512(COUNT32.0.as_ptr().add(word).cast());
                    let low = _mm512_permutex2var_epi32(prev.0, index(word), cur.0);
                    let high = _mm512_permutex2var_epi32(prev.0, index(word + 1), cur.0);
                    let bits = |n: usize| _mm_cvtsi32_si128(8 * n as i32);
                    _mm512_or_si512(_mm512_srl_epi32(low, bits(byte)), _mm512_sll_epi32(high, bits(4 - byte)))
                }
                8 => {
                    let index = _mm512_loadu_si512(COUNT16.0.as_ptr().add(32 - skip).cast());
                    _mm512_permutex2var_epi16(prev.0, index, cur.0)
                }
                4 => {
                    let index = _mm512_loadu_si512(COUNT32.0.as_ptr().add(16 - skip).cast());
                    _mm512_permutex2var_epi32(prev.0, index, cur.0)
                }
                _ => {
                    let words = if N == 2 { skip } else { 2 * skip };
                    let index = _mm512_loadu_si512(COUNT64.0.as_ptr().add(8 - words).cast());
                    _mm512_permutex2var_epi64(prev.0, index, cur.0)
                }
            })
        }
    }

    #[inline(always)]
    unsafe fn put<const PAST: bool>(self, to: *mut u8) {
        // SAFETY: the caller vouches for the line, and for AVX-512.
        unsafe {
            if PAST {
                _mm512_stream_si512(to.cast(), self.0);
            } else {
                _mm512_store_si512(to.cast(), self.0);
            }
        }
    }

    #[inline(always)]
    unsafe fn store_some<const N: usize>(self, to: *mut u8, from: usize, until: usize) {
        let items = |each: usize| lowest(each * until) & !lowest(each * from.min(until));
        // SAFETY: the caller vouches for these items, and for AVX-512.
        unsafe {
            match N {
                16 => _mm512_mask_storeu_epi8(to.cast(), items(1), self.0),
                8 => _mm512_mask_storeu_epi16(to.cast(), items(1) as __mmask32, self.0),
                4 => _mm512_mask_storeu_epi32(to.cast(), items(1) as __mmask16, self.0),
                2 => _mm512_mask_storeu_epi64(to.cast(), items(1) as __mmask8, self.0),
                _ => _mm512_mask_storeu_epi64(to.cast(), items(2) as __mmask8, self.0),
            }
        }
    }

    #[inline(always)]
    unsafe fn load_line(from: *const u8) -> Self {
        // SAFETY: the caller vouches for the line, and for AVX-512.
        unsafe { Avx512(_mm512_loadu_si512(from.cast())) }
    }

    #[inline(always)]
    unsafe fn load_even(from: *const u8, apart: usize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for AVX-512.
        unsafe {
            let lane = |l: usize| _mm_loadu_si128(from.wrapping_add(l * apart).cast());
            let x = _mm512_castsi128_si512(lane(0));
            let x = _mm512_inserti32x4::<1>(x, lane(1));
            let x = _mm512_inserti32x4::<2>(x, lane(2));
            Avx512(_mm512_inserti32x4::<3>(x, lane(3)))
        }
    }

    #[inline(always)]
    unsafe fn load_listed(src: *const u8, rows: *const isize, apart: usize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for AVX-512.
        unsafe {
            let lane = |l: usize| _mm_loadu_si128(src.wrapping_offset(*rows.add(l * apart)).cast());
            let x = _mm512_castsi128_si512(lane(0));
            let x = _mm512_inserti32x4::<1>(x, lane(1));
            let x = _mm512_inserti32x4::<2>(x, lane(2));
            Avx512(_mm512_inserti32x4::<3>(x, lane(3)))
        }
    }

    #[inline(always)]
    unsafe fn load_some(line: *const u8, from: usize, until: usize) -> Self {
        // SAFETY: the caller vouches for these bytes, and for AVX-512.
        unsafe { Avx512(_mm512_maskz_loadu_epi8(lowest(until) & !lowest(from.min(until)), line.cast())) }
    }
}

/// The kernel for long runs of items of this size.
#[inline]
pub(super) fn across(item: usize, way: Way) -> Option<AcrossFn> {
    Some(match item {
        1 if way == Way::Beside => run_beside,
        1 => pick_across::<16, 1, 1, 1>(way),
        2 => pick_across::<8, 2, 2, 2>(way),
        4 => pick_across::<4, 4, 2, 4>(way),
        8 => pick_across::<2, 4, 4, 8>(way),
        16 => pick_across::<1, 4, 4, 8>(way),
        _ => return None,
    })
}

/// The kernel with so many lines of a column at once, where columns begin lines, and where strips are wide.
fn pick_across<const N: usize, const PARTS: usize, const ALIGNED: usize, const WIDE: usize>(
    way: Way,
) -> AcrossFn {
    match way {
        Way::Near => run_across::<N, PARTS, false, false>,
        Way::Past | Way::Beside => run_across::<N, PARTS, true, false>,
        Way::Aligned => run_across::<N, ALIGNED, true, false>,
        Way::Wide => run_across::<N, WIDE, true, true>,
    }
}

/// # Safety
/// As [`AcrossFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run_across<const N: usize, const PARTS: usize, const PAST: bool, const WIDE: bool>(t: &Across<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { across::across::<Avx512, AsIs, N, PARTS, PAST, WIDE>(t) }
}

/// # Safety
/// As [`AcrossFn`], for bytes, on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run_beside(t: &Across<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { beside::beside::<Avx512, 16, 2>(t) }
}

/// The kernel that transposes tiles of items of this size by turns.
#[inline]
pub(super) fn turns(item: usize) -> Option<Turns> {
    let kernel: TurnFn = match item {
        1 => run_turns::<16>,
        2 => run_turns::<8>,
        4 => run_turns::<4>,
        8 => run_turns::<2>,
        16 => run_turns::<1>,
        _ => return None,
    };
    Some(Turns { kernel, rows: 64 / item, columns: 16 / item, most: 16 })
}

/// # Safety
/// As [`by_turns::turns`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run_turns<const N: usize>(t: &Tile<'_>, turn: &mut Turn<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { by_turns::turns::<Avx512, Words, N, 1>(t, turn) }
}

impl Stream for Avx512 {
    #[inline(always)]
    unsafe fn line(from: *const u8, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, the alignment and the instructions.
        unsafe {
            _mm512_stream_si512(to.cast(), _mm512_loadu_si512(from.cast()));
        }
    }

    #[inline(always)]
    unsafe fn joined(first: *const u8, n: usize, second: *const u8, to: *mut u8) {
        let some = (1 << n) - 1;
        // SAFETY: as above; what is masked out is not read.
        unsafe {
            let x = _mm512_maskz_loadu_epi8(some, first.cast());
            let line = _mm512_mask_loadu_epi8(x, !some, second.wrapping_sub(n).cast());
            _mm512_stream_si512(to.cast(), line);
        }
    }
}

/// # Safety
/// As [`crate::copy::tile::FlushFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) unsafe fn flush(f: &Flush<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { flush::flush::<Avx512>(f) }
}

/// # Safety
/// As [`crate::copy::tile::PiecesFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) unsafe fn pieces(t: &Pieces) {
    // SAFETY: the caller's promise, passed on.
    unsafe { pieces::pieces::<Avx512>(t) }
}

impl Shuffle for Avx512 {
    const BYTES: usize = 64;

    #[inline(always)]
    unsafe fn splat(lane: &[u8; 16]) -> Self {
        // SAFETY: the caller vouches for AVX-512.
        unsafe { Avx512(_mm512_broadcast_i32x4(_mm_loadu_si128(lane.as_ptr().cast()))) }
    }

    #[inline(always)]
    unsafe fn gather(from: *const u8, step: isize) -> Self {
        // SAFETY: the caller vouches for the bytes, and for the instructions.
        unsafe {
            let lane = |l: isize| _mm_loadu_si128(from.wrapping_offset(l * step).cast());
            let x = _mm512_castsi128_si512(lane(0));
            let x = _mm512_inserti32x4::<1>(x, lane(1));
            let x = _mm512_inserti32x4::<2>(x, lane(2));
            Avx512(_mm512_inserti32x4::<3>(x, lane(3)))
        }
    }

    #[inline(always)]
    unsafe fn shuffle(self, table: Self) -> Self {
        // SAFETY: as above.
        unsafe { Avx512(_mm512_shuffle_epi8(self.0, table.0)) }
    }

    #[inline(always)]
    unsafe fn or(self, other: Self) -> Self {
        // SAFETY: as above.
        unsafe { Avx512(_mm512_or_si512(self.0, other.0)) }
    }

    #[inline(always)]
    unsafe fn stream(self, to: *mut u8) {
        // SAFETY: the caller vouches for the bytes, their alignment and the instructions.
        unsafe { _mm512_stream_si512(to.cast(), self.0) }
    }

    fn compile<const T: usize, const S: isize>() -> SteppedFn {
        run_stepped::<T, S>
    }
}

/// # Safety
/// As [`steps::stepped`], on a CPU with these instructions.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run_stepped<const T: usize, const S: isize>(t: &Stepped) {
    // SAFETY: the caller's promise, passed on.
    unsafe { steps::stepped::<Avx512, T, S>(t) }
}

impl Sparse for Avx512 {
    #[inline(always)]
    unsafe fn load(from: *const u8) -> Self {
        // SAFETY: the caller vouches for the line, and for the instructions.
        unsafe { Avx512(_mm512_loadu_si512(from.cast())) }
    }

    #[inline(always)]
    unsafe fn words(self, places: &[u32; 16]) -> Self {
        // SAFETY: as above.
        unsafe { Avx512(_mm512_permutexvar_epi32(_mm512_loadu_si512(places.as_ptr().cast()), self.0)) }
    }

    #[inline(always)]
    unsafe fn bytes(self, places: &[u8; 64]) -> Self {
        // SAFETY: as above.
        unsafe { Avx512(_mm512_shuffle_epi8(self.0, _mm512_loadu_si512(places.as_ptr().cast()))) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut u8, bits: u64) {
        // SAFETY: the caller vouches for these bytes, and for the instructions.
        unsafe { _mm512_mask_storeu_epi8(to.cast(), bits, self.0) }
    }

    fn compile<const T: usize, const S: usize>() -> SpreadFn {
        run_spread::<T, S>
    }
}

/// # Safety
/// As [`spread::spread`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw")]
unsafe fn run_spread<const T: usize, const S: usize>(t: &Spread) {
    // SAFETY: the caller's promise, passed on.
    unsafe { spread::spread::<Avx512, T, S>(t) }
}

/// The kernel for an even shape and items of this size.
#[inline]
pub(super) fn line(shape: Shape, item: usize) -> Option<TileFn> {
    step::pick(shape, item).or_else(|| lines::pick::<Avx512>(shape, item))
}

impl Compile for Avx512 {
    fn tile<L: Line>() -> TileFn {
        run_line::<L>
    }
}

/// # Safety
/// As [`lines::run`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
unsafe fn run_line<L: Line>(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { lines::run::<L>(t) }
}
