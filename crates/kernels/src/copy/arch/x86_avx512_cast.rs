//! Transposes that convert, with AVX-512: the items of a block are converted as they are read, before they are woven.
//!
//! A vector of the target has as many items of the source in each lane as it has of the target, so a lane is read as 4 to
//! 64 bytes of a row. All results have the bits that `convert` gives.

use core::arch::x86_64::*;
use core::marker::PhantomData;

use libstrided_layout::DType;

use super::across;
use super::generic::{Lanes, Load};
use super::x86_avx512::Avx512;
use crate::copy::tile::{Across, ConvertedFns};
use crate::element as e;

/// Items of the one type that become items of the other.
struct Cast<S, D>(PhantomData<(S, D)>);

/// The address of lane `l`.
///
/// # Safety
/// As [`Load::load`].
#[inline(always)]
unsafe fn lane<const N: usize>(rows: *const *const u8, at: usize, l: usize) -> *const u8 {
    // SAFETY: the caller's promise.
    unsafe { (*rows.add(l * N)).wrapping_add(at) }
}

/// 4 bytes of each lane.
///
/// # Safety
/// As [`Load::load`].
#[inline(always)]
unsafe fn words<const N: usize>(rows: *const *const u8, at: usize) -> __m128i {
    // SAFETY: the caller's promise.
    unsafe {
        let word = |l: usize| lane::<N>(rows, at, l).cast::<i32>().read_unaligned();
        _mm_setr_epi32(word(0), word(1), word(2), word(3))
    }
}

/// 8 bytes of each lane.
///
/// # Safety
/// As [`Load::load`].
#[inline(always)]
unsafe fn longs<const N: usize>(rows: *const *const u8, at: usize) -> __m256i {
    // SAFETY: the caller's promise.
    unsafe {
        let long = |l: usize| lane::<N>(rows, at, l).cast::<i64>().read_unaligned();
        _mm256_setr_epi64x(long(0), long(1), long(2), long(3))
    }
}

/// 32 bytes of lanes `l` and `l + 1`.
///
/// # Safety
/// As [`Load::load`].
#[inline(always)]
unsafe fn halves<const N: usize>(rows: *const *const u8, at: usize, l: usize) -> __m512i {
    // SAFETY: the caller's promise.
    unsafe {
        let half = |l: usize| _mm256_loadu_si256(lane::<N>(rows, at, l).cast());
        _mm512_inserti64x4::<1>(_mm512_castsi256_si512(half(l)), half(l + 1))
    }
}

/// The vector of two halves.
///
/// # Safety
/// The CPU has AVX-512.
#[inline(always)]
unsafe fn both(low: __m256i, high: __m256i) -> Avx512 {
    // SAFETY: the caller's promise.
    unsafe { Avx512(_mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)) }
}

/// How the items of a pair are read: `$size` bytes each, `$n` to a lane.
macro_rules! cast {
    ($($s:ty as $d:ty: $size:literal, $n:literal, |$rows:ident, $at:ident| $load:expr;)*) => {$(
        impl Load<Avx512, $n> for Cast<$s, $d> {
            const SIZE: usize = $size;

            #[inline(always)]
            unsafe fn load($rows: *const *const u8, $at: usize) -> Avx512 {
                // SAFETY: the caller vouches for the items, and for AVX-512.
                unsafe { $load }
            }
        }
    )*};
}

cast! {
    f64 as f32: 8, 4, |rows, at| {
        let two = |l: usize| _mm512_cvtpd_ps(_mm512_castsi512_pd(halves::<4>(rows, at, l)));
        both(_mm256_castps_si256(two(0)), _mm256_castps_si256(two(2)))
    };
    f64 as i32: 8, 4, |rows, at| {
        // What is too small becomes the least integer by itself.
        let two = |l: usize| {
            let x = _mm512_castsi512_pd(halves::<4>(rows, at, l));
            let number = _mm512_cmp_pd_mask::<_CMP_ORD_Q>(x, x);
            _mm512_maskz_cvttpd_epi32(number, _mm512_min_pd(x, _mm512_set1_pd(i32::MAX as f64)))
        };
        both(two(0), two(2))
    };
    f32 as f64: 4, 2, |rows, at| {
        Avx512(_mm512_castpd_si512(_mm512_cvtps_pd(_mm256_castsi256_ps(longs::<2>(rows, at)))))
    };
    i32 as f64: 4, 2, |rows, at| {
        Avx512(_mm512_castpd_si512(_mm512_cvtepi32_pd(longs::<2>(rows, at))))
    };
    i64 as f64: 8, 2, |rows, at| {
        Avx512(_mm512_castpd_si512(_mm512_cvtepi64_pd(Avx512::load(rows, 2, at).0)))
    };
    u8 as f32: 1, 4, |rows, at| {
        Avx512(_mm512_castps_si512(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(words::<4>(rows, at)))))
    };
    e::F16 as f32: 2, 4, |rows, at| {
        Avx512(_mm512_castps_si512(_mm512_cvtph_ps(longs::<4>(rows, at))))
    };
    f32 as e::F16: 4, 8, |rows, at| {
        let two = |l: usize| {
            let x = _mm512_castsi512_ps(halves::<8>(rows, at, l));
            _mm512_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(x)
        };
        both(two(0), two(2))
    };
    f32 as u8: 4, 16, |rows, at| {
        // The second operand is what NaN gives.
        let one = |l: usize| {
            let x = _mm512_loadu_ps(lane::<16>(rows, at, l).cast());
            let x = _mm512_min_ps(_mm512_max_ps(x, _mm512_setzero_ps()), _mm512_set1_ps(255.0));
            _mm512_cvtepi32_epi8(_mm512_cvttps_epi32(x))
        };
        let x = _mm512_castsi128_si512(one(0));
        let x = _mm512_inserti32x4::<1>(x, one(1));
        let x = _mm512_inserti32x4::<2>(x, one(2));
        Avx512(_mm512_inserti32x4::<3>(x, one(3)))
    };
}

/// The kernels for a pair of dtypes.
pub(super) fn converted(from: DType, to: DType) -> Option<ConvertedFns> {
    use DType::*;
    Some(match (from, to) {
        (F64, F32) => kernels::<Cast<f64, f32>, 4, 4>(),
        (F64, I32) => kernels::<Cast<f64, i32>, 4, 4>(),
        (F32, F64) => kernels::<Cast<f32, f64>, 2, 4>(),
        (I32, F64) => kernels::<Cast<i32, f64>, 2, 4>(),
        (I64, F64) => kernels::<Cast<i64, f64>, 2, 4>(),
        (U8, F32) => kernels::<Cast<u8, f32>, 4, 4>(),
        (F16, F32) => kernels::<Cast<e::F16, f32>, 4, 4>(),
        (F32, F16) => kernels::<Cast<f32, e::F16>, 8, 2>(),
        (F32, U8) => kernels::<Cast<f32, u8>, 16, 1>(),
        _ => return None,
    })
}

/// Those with so many lines of a column at once.
fn kernels<L: Load<Avx512, N>, const N: usize, const PARTS: usize>() -> ConvertedFns {
    ConvertedFns { past: run::<L, N, PARTS, false>, wide: run::<L, N, PARTS, true> }
}

/// # Safety
/// As [`crate::copy::tile::AcrossFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx2,f16c,avx512f,avx512bw,avx512dq,avx512vl")]
unsafe fn run<L: Load<Avx512, N>, const N: usize, const PARTS: usize, const WIDE: bool>(t: &Across<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { across::across::<Avx512, L, N, PARTS, true, WIDE>(t) }
}
