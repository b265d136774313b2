//! What rows are folded to by the loops of [`super::x86_avx512`], as instructions: sums and extremes of floats, sums of narrow
//! integers in 64 bits, extremes of integers, bytes that are not zero.
//!
//! Lanes are joined in halves. Sums of pairs end with a zero added, as if they had begun with one; of extremes that are the same,
//! the first one is taken, as the loops that these stand for do.

use core::arch::x86_64::*;
use core::marker::PhantomData;

use super::x86_avx512::{Pairs, Wide};

/// The sum.
pub(super) struct Sum<T>(PhantomData<T>);

/// The smallest or largest element.
pub(super) struct Extreme<T, const LARGEST: bool>(PhantomData<T>);

/// How many bytes are not zero.
pub(super) struct Count;

macro_rules! floats {
    ($($t:ident $v:ident $width:expr, $load:ident $masked:ident $mask:ident $store:ident $zero:ident $all:ident $add:ident
        $max:ident $min:ident $compare:ident $permute:ident $index:ident $numbers:expr, |$lanes:ident| $total:expr;)*) => {$(
        const _: () = {
            const EVEN: [$index; $width] = $numbers;
            #[inline(always)]
            unsafe fn halves<W: Wide<Lanes = $v>>($lanes: $v) -> $t {
                // SAFETY: only called on a CPU with the level.
                unsafe { $total }
            }
            /// Even elements of two vectors, and odd ones.
            #[inline(always)]
            unsafe fn apart(a: $v, b: $v) -> ($v, $v) {
                // SAFETY: only called on a CPU with the level; the table is a vector.
                unsafe {
                    let even = _mm512_loadu_si512(EVEN.as_ptr().cast());
                    let odd = _mm512_or_si512(even, $all(1));
                    ($permute(a, even, b), $permute(a, odd, b))
                }
            }
            /// Every other element of two vectors of memory, of which those are read whose bits are set; `none` for the others.
            #[inline(always)]
            unsafe fn every_other(src: *const $t, bits: u64, none: $v) -> $v {
                // SAFETY: as the caller vouches, on a CPU with the level.
                unsafe {
                    let a = $masked(none, bits as $mask, src);
                    let b = $masked(none, (bits >> $width) as $mask, src.wrapping_add($width));
                    $permute(a, _mm512_loadu_si512(EVEN.as_ptr().cast()), b)
                }
            }
            /// The bits of the first `n` of the elements, which are every other one, and of what is between them.
            #[inline(always)]
            fn first_of_two(n: usize) -> u64 {
                (1 << (2 * n - 1)) - 1
            }
            #[inline(always)]
            fn last(n: usize) -> $mask {
                $mask::MAX << ($width - n)
            }
            impl Wide for Sum<$t> {
                type In = $t;
                type Out = $t;
                type Vector = $v;
                type Lanes = $v;
                const WIDTH: usize = $width;
                const MOST: usize = 4 * $width * super::super::fold::ROUNDING_LEAF;
                #[inline(always)]
                unsafe fn start() -> $v {
                    // SAFETY: as the caller vouches, here and below.
                    unsafe { $zero(0.0) }
                }
                #[inline(always)]
                unsafe fn load(src: *const $t) -> $v {
                    // SAFETY: see above.
                    unsafe { $load(src) }
                }
                #[inline(always)]
                unsafe fn load_last(end: *const $t, n: usize) -> $v {
                    // SAFETY: see above; nothing is read but these.
                    unsafe { $masked($zero(0.0), last(n), end.wrapping_sub($width)) }
                }
                #[inline(always)]
                unsafe fn step(lanes: $v, x: $v) -> $v {
                    // SAFETY: see above.
                    unsafe { $add(lanes, x) }
                }
                #[inline(always)]
                unsafe fn join(a: $v, b: $v) -> $v {
                    // SAFETY: see above.
                    unsafe { $add(a, b) }
                }
                #[inline(always)]
                unsafe fn total(lanes: $v) -> $t {
                    // SAFETY: see above.
                    unsafe { halves::<Self>(lanes) }
                }
            }
            impl Pairs for Sum<$t> {
                #[inline(always)]
                unsafe fn load_every_other(src: *const $t) -> $v {
                    // SAFETY: see above.
                    unsafe { every_other(src, first_of_two($width), $zero(0.0)) }
                }
                #[inline(always)]
                unsafe fn load_some_of_these(first: *const $t, n: usize, place: usize) -> $v {
                    // SAFETY: see above; nothing is read but these and what is between them.
                    unsafe {
                        every_other(first.wrapping_sub(2 * place), first_of_two(n) << (2 * place), $zero(0.0))
                    }
                }
                #[inline(always)]
                unsafe fn open(x: $v) -> $v {
                    x
                }
                #[inline(always)]
                unsafe fn pair(a: $v, b: $v) -> $v {
                    // SAFETY: see above.
                    unsafe {
                        let (even, odd) = apart(a, b);
                        $add(even, odd)
                    }
                }
                #[inline(always)]
                unsafe fn store(to: *mut $t, lanes: $v) {
                    // SAFETY: see above. What is added makes a zero of a negative one, with which the loops would not begin.
                    unsafe { $store(to, $add(lanes, $zero(0.0))) }
                }
            }
            impl<const LARGEST: bool> Wide for Extreme<$t, LARGEST> {
                type In = $t;
                type Out = $t;
                type Vector = $v;
                type Lanes = $v;
                const WIDTH: usize = $width;
                #[inline(always)]
                unsafe fn start() -> $v {
                    // SAFETY: as the caller vouches, here and below.
                    unsafe { $zero(if LARGEST { $t::NEG_INFINITY } else { $t::INFINITY }) }
                }
                #[inline(always)]
                unsafe fn load(src: *const $t) -> $v {
                    // SAFETY: see above.
                    unsafe { $load(src) }
                }
                #[inline(always)]
                unsafe fn load_last(end: *const $t, n: usize) -> $v {
                    // SAFETY: see above; nothing is read but these.
                    unsafe { $masked(Self::start(), last(n), end.wrapping_sub($width)) }
                }
                #[inline(always)]
                unsafe fn step(lanes: $v, x: $v) -> $v {
                    // SAFETY: see above.
                    unsafe { Self::join(lanes, x) }
                }
                /// The first one where they are the same.
                #[inline(always)]
                unsafe fn join(a: $v, b: $v) -> $v {
                    // SAFETY: see above.
                    unsafe { if LARGEST { $max(b, a) } else { $min(b, a) } }
                }
                #[inline(always)]
                unsafe fn total(lanes: $v) -> $t {
                    // SAFETY: see above.
                    unsafe { halves::<Self>(lanes) }
                }
                #[inline(always)]
                unsafe fn care(x: $v, y: $v) -> u16 {
                    // SAFETY: see above.
                    u16::from(unsafe { $compare::<_CMP_UNORD_Q>(x, y) })
                }
            }
            impl<const LARGEST: bool> Pairs for Extreme<$t, LARGEST> {
                #[inline(always)]
                unsafe fn load_every_other(src: *const $t) -> $v {
                    // SAFETY: see above.
                    unsafe { every_other(src, first_of_two($width), Self::start()) }
                }
                #[inline(always)]
                unsafe fn load_some_of_these(first: *const $t, n: usize, place: usize) -> $v {
                    // SAFETY: see above; nothing is read but these and what is between them.
                    unsafe {
                        every_other(first.wrapping_sub(2 * place), first_of_two(n) << (2 * place), Self::start())
                    }
                }
                #[inline(always)]
                unsafe fn open(x: $v) -> $v {
                    x
                }
                #[inline(always)]
                unsafe fn pair(a: $v, b: $v) -> $v {
                    // SAFETY: see above.
                    unsafe {
                        let (even, odd) = apart(a, b);
                        Self::join(even, odd)
                    }
                }
                #[inline(always)]
                unsafe fn store(to: *mut $t, lanes: $v) {
                    // SAFETY: see above.
                    unsafe { $store(to, lanes) }
                }
            }
        };
    )*};
}
floats! {
    f64 __m512d 8, _mm512_loadu_pd _mm512_mask_loadu_pd __mmask8 _mm512_storeu_pd _mm512_set1_pd _mm512_set1_epi64
        _mm512_add_pd _mm512_max_pd _mm512_min_pd _mm512_cmp_pd_mask _mm512_permutex2var_pd u64
        [0, 2, 4, 6, 8, 10, 12, 14], |x| {
            let x = W::join(x, _mm512_shuffle_f64x2::<0x4e>(x, x));
            let x = W::join(x, _mm512_shuffle_f64x2::<0xb1>(x, x));
            _mm512_cvtsd_f64(W::join(x, _mm512_permute_pd::<0x55>(x)))
        };
    f32 __m512 16, _mm512_loadu_ps _mm512_mask_loadu_ps __mmask16 _mm512_storeu_ps _mm512_set1_ps _mm512_set1_epi32
        _mm512_add_ps _mm512_max_ps _mm512_min_ps _mm512_cmp_ps_mask _mm512_permutex2var_ps u32
        [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30], |x| {
            let x = W::join(x, _mm512_shuffle_f32x4::<0x4e>(x, x));
            let x = W::join(x, _mm512_shuffle_f32x4::<0xb1>(x, x));
            let x = W::join(x, _mm512_permute_ps::<0x4e>(x));
            _mm512_cvtss_f32(W::join(x, _mm512_permute_ps::<0xb1>(x)))
        };
}

/// Sums of narrow integers in 64 bits.
macro_rules! sums {
    ($($t:ident $out:ident $vector:ty, $width:expr, |$p:ident| $load:expr, |$end:ident, $n:ident| $last:expr, |$x:ident| $sum:expr;)*) => {$(
        impl Wide for Sum<$t> {
            type In = $t;
            type Out = $out;
            type Vector = $vector;
            type Lanes = __m512i;
            const WIDTH: usize = $width;
            const AHEAD: usize = 4096;
            #[inline(always)]
            unsafe fn start() -> __m512i {
                // SAFETY: as the caller vouches, here and below.
                unsafe { _mm512_setzero_si512() }
            }
            #[inline(always)]
            unsafe fn load($p: *const $t) -> $vector {
                // SAFETY: see above.
                unsafe { $load }
            }
            #[inline(always)]
            unsafe fn load_last($end: *const $t, $n: usize) -> $vector {
                // SAFETY: see above; nothing is read but these.
                unsafe { $last }
            }
            #[inline(always)]
            unsafe fn step(lanes: __m512i, $x: $vector) -> __m512i {
                // SAFETY: see above.
                unsafe { _mm512_add_epi64(lanes, $sum) }
            }
            #[inline(always)]
            unsafe fn join(a: __m512i, b: __m512i) -> __m512i {
                // SAFETY: see above.
                unsafe { _mm512_add_epi64(a, b) }
            }
            #[inline(always)]
            unsafe fn total(lanes: __m512i) -> $out {
                // SAFETY: see above.
                unsafe { _mm512_reduce_add_epi64(lanes) as $out }
            }
        }
    )*};
}
sums! {
    u8 u64 __m512i, 64, |p| _mm512_loadu_si512(p.cast()),
        |end, n| _mm512_maskz_loadu_epi8(!0 << (64 - n), end.wrapping_sub(64).cast()),
        |x| _mm512_sad_epu8(x, _mm512_setzero_si512());
    // As bytes from 0 on, of which 8 are 1024 too many.
    i8 i64 __m512i, 64, |p| _mm512_loadu_si512(p.cast()),
        |end, n| _mm512_maskz_loadu_epi8(!0 << (64 - n), end.wrapping_sub(64)),
        |x| _mm512_sub_epi64(
            _mm512_sad_epu8(_mm512_xor_si512(x, _mm512_set1_epi8(-128)), _mm512_setzero_si512()),
            _mm512_set1_epi64(1024),
        );
    u32 u64 [__m256i; 2], 16, |p| [_mm256_loadu_si256(p.cast()), _mm256_loadu_si256(p.add(8).cast())],
        |end, n| halves_of(_mm512_maskz_loadu_epi32(!0 << (16 - n), end.wrapping_sub(16).cast())),
        |x| _mm512_add_epi64(_mm512_cvtepu32_epi64(x[0]), _mm512_cvtepu32_epi64(x[1]));
    i32 i64 [__m256i; 2], 16, |p| [_mm256_loadu_si256(p.cast()), _mm256_loadu_si256(p.add(8).cast())],
        |end, n| halves_of(_mm512_maskz_loadu_epi32(!0 << (16 - n), end.wrapping_sub(16))),
        |x| _mm512_add_epi64(_mm512_cvtepi32_epi64(x[0]), _mm512_cvtepi32_epi64(x[1]));
}

#[inline(always)]
unsafe fn halves_of(x: __m512i) -> [__m256i; 2] {
    // SAFETY: only called on a CPU with the level.
    unsafe { [_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64::<1>(x)] }
}

impl Wide for Count {
    type In = u8;
    type Out = i64;
    type Vector = __m512i;
    type Lanes = i64;
    const WIDTH: usize = 64;
    #[inline(always)]
    unsafe fn start() -> i64 {
        0
    }
    #[inline(always)]
    unsafe fn load(src: *const u8) -> __m512i {
        // SAFETY: as the caller vouches, here and below.
        unsafe { _mm512_loadu_si512(src.cast()) }
    }
    #[inline(always)]
    unsafe fn load_last(end: *const u8, n: usize) -> __m512i {
        // SAFETY: see above; nothing is read but these.
        unsafe { _mm512_maskz_loadu_epi8(!0 << (64 - n), end.wrapping_sub(64).cast()) }
    }
    #[inline(always)]
    unsafe fn step(lanes: i64, x: __m512i) -> i64 {
        // SAFETY: see above.
        lanes + i64::from(unsafe { _mm512_test_epi8_mask(x, x) }.count_ones())
    }
    #[inline(always)]
    unsafe fn join(a: i64, b: i64) -> i64 {
        a + b
    }
    #[inline(always)]
    unsafe fn total(lanes: i64) -> i64 {
        lanes
    }
}

/// Extremes of integers: the loads, the neutral elements, and the instructions; `|x|` is a vector of 128 bits.
macro_rules! extremes {
    ($($t:ident $width:expr, $masked:ident $set:ident $as:ident, $max:ident $min:ident $max128:ident $min128:ident;)*) => {$(
        impl<const LARGEST: bool> Wide for Extreme<$t, LARGEST> {
            type In = $t;
            type Out = $t;
            type Vector = __m512i;
            type Lanes = __m512i;
            const WIDTH: usize = $width;
            #[inline(always)]
            unsafe fn start() -> __m512i {
                // SAFETY: as the caller vouches, here and below.
                unsafe { $set((if LARGEST { $t::MIN } else { $t::MAX }) as $as) }
            }
            #[inline(always)]
            unsafe fn load(src: *const $t) -> __m512i {
                // SAFETY: see above.
                unsafe { _mm512_loadu_si512(src.cast()) }
            }
            #[inline(always)]
            unsafe fn load_last(end: *const $t, n: usize) -> __m512i {
                // SAFETY: see above; nothing is read but these.
                unsafe { $masked(Self::start(), !0 << ($width - n), end.wrapping_sub($width).cast()) }
            }
            #[inline(always)]
            unsafe fn step(lanes: __m512i, x: __m512i) -> __m512i {
                // SAFETY: see above.
                unsafe { Self::join(lanes, x) }
            }
            #[inline(always)]
            unsafe fn join(a: __m512i, b: __m512i) -> __m512i {
                // SAFETY: see above.
                unsafe { if LARGEST { $max(a, b) } else { $min(a, b) } }
            }
            #[inline(always)]
            unsafe fn total(lanes: __m512i) -> $t {
                // SAFETY: see above.
                unsafe {
                    #[inline(always)]
                    unsafe fn join<const LARGEST: bool>(a: __m128i, b: __m128i) -> __m128i {
                        // SAFETY: as the caller vouches.
                        unsafe { if LARGEST { $max128(a, b) } else { $min128(a, b) } }
                    }
                    let x = Self::join(lanes, _mm512_shuffle_i64x2::<0x4e>(lanes, lanes));
                    let x = _mm512_castsi512_si128(Self::join(x, _mm512_shuffle_i64x2::<0xb1>(x, x)));
                    let x = join::<LARGEST>(x, _mm_shuffle_epi32::<0x4e>(x));
                    let mut x = join::<LARGEST>(x, _mm_shuffle_epi32::<0xb1>(x));
                    if size_of::<$t>() < 4 {
                        x = join::<LARGEST>(x, _mm_srli_epi32::<16>(x));
                    }
                    if size_of::<$t>() < 2 {
                        x = join::<LARGEST>(x, _mm_srli_epi16::<8>(x));
                    }
                    _mm_cvtsi128_si32(x) as $t
                }
            }
        }
    )*};
}
extremes! {
    u8 64, _mm512_mask_loadu_epi8 _mm512_set1_epi8 i8, _mm512_max_epu8 _mm512_min_epu8 _mm_max_epu8 _mm_min_epu8;
    i8 64, _mm512_mask_loadu_epi8 _mm512_set1_epi8 i8, _mm512_max_epi8 _mm512_min_epi8 _mm_max_epi8 _mm_min_epi8;
    u16 32, _mm512_mask_loadu_epi16 _mm512_set1_epi16 i16, _mm512_max_epu16 _mm512_min_epu16 _mm_max_epu16 _mm_min_epu16;
    i16 32, _mm512_mask_loadu_epi16 _mm512_set1_epi16 i16, _mm512_max_epi16 _mm512_min_epi16 _mm_max_epi16 _mm_min_epi16;
    u32 16, _mm512_mask_loadu_epi32 _mm512_set1_epi32 i32, _mm512_max_epu32 _mm512_min_epu32 _mm_max_epu32 _mm_min_epu32;
    i32 16, _mm512_mask_loadu_epi32 _mm512_set1_epi32 i32, _mm512_max_epi32 _mm512_min_epi32 _mm_max_epi32 _mm_min_epi32;
}
