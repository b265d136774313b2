//! What a loop can know about the level that it is compiled for: where the compiler does not find the instruction that
//! does it, or where another form is better without that instruction.
//!
//! All forms give the same bits.

#[cfg(target_arch = "x86_64")]
use crate::Level;
use crate::array;
use crate::element::F16;

/// How many half-precision numbers are converted at a time.
pub(crate) const HALVES: usize = 16;

/// How 64-bit integers become floats and are made from floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Long {
    /// By vector instructions.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only AVX-512 has them"))]
    Vector,
    /// By arithmetic on vectors of their bits.
    Bits,
    /// One at a time, by what the language has for it.
    Scalar,
}

/// The features of a level.
pub(crate) trait Features {
    /// How 64-bit integers are best converted.
    const LONG: Long;
    /// Whether a fused multiply-add is one instruction. It is only used where its result has the same bits as what is done
    /// without it: for the rounding error of a product.
    const FUSED: bool;

    /// Half precision to single precision.
    ///
    /// # Safety
    /// Only called in a loop that is compiled for this level.
    #[inline(always)]
    unsafe fn to_singles(x: [F16; HALVES]) -> [f32; HALVES] {
        array::map(x, F16::to_f32)
    }

    /// The numbers at these places of a table, of which the last four bits count. (Not by the gather of AVX2, which takes
    /// longer than loads one by one on Zen 4.)
    ///
    /// # Safety
    /// Only called in a loop that is compiled for this level.
    #[inline(always)]
    unsafe fn pick<const N: usize>(table: &[f64; 16], places: [u64; N]) -> [f64; N] {
        array::map(
            places,
            #[inline(always)]
            |place| table[place as usize % 16],
        )
    }

    /// The same of single precision.
    ///
    /// # Safety
    /// Only called in a loop that is compiled for this level.
    #[inline(always)]
    unsafe fn pick_single<const N: usize>(table: &[f32; 16], places: [u32; N]) -> [f32; N] {
        array::map(
            places,
            #[inline(always)]
            |place| table[place as usize % 16],
        )
    }

    /// `k * 2^52` as a float, of `k` from -2 to 2045.
    #[inline(always)]
    fn long(x: u64) -> f64 {
        const UNIT: f64 = 4503599627370496.0;
        let biased = x.wrapping_add(2 << 52) >> 52;
        (f64::from_bits(biased | UNIT.to_bits()) - (UNIT + 2.0)) * UNIT
    }

    /// Copies a line of 64 bytes to where a line begins, past the caches where the level can.
    ///
    /// # Safety
    /// Only called in a loop that is compiled for this level; the bytes can be read and written.
    #[inline(always)]
    unsafe fn stream_line(from: *const u8, to: *mut u8) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the caller vouches for the bytes; SSE2 is part of what every x86-64 has.
        unsafe {
            use core::arch::x86_64::{_mm_loadu_si128, _mm_stream_si128};
            for at in [0, 16, 32, 48] {
                _mm_stream_si128(to.add(at).cast(), _mm_loadu_si128(from.add(at).cast()));
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        // SAFETY: the caller vouches for the bytes.
        unsafe {
            core::ptr::copy_nonoverlapping(from, to, 64)
        };
    }

    /// Single precision to half precision, to nearest even.
    ///
    /// # Safety
    /// Only called in a loop that is compiled for this level.
    #[inline(always)]
    unsafe fn to_halves(x: [f32; HALVES]) -> [F16; HALVES] {
        array::map(x, F16::round)
    }
}

/// A loop that is compiled once for each level.
pub(crate) trait Body {
    /// What it computes.
    type Out;
    /// The loop; `#[inline(always)]`.
    fn run<F: Features>(self) -> Self::Out;
}

/// Nothing but what every machine of the architecture has.
pub(crate) struct Plain;

impl Features for Plain {
    const LONG: Long = Long::Scalar;
    // Part of what every 64-bit Arm has.
    const FUSED: bool = cfg!(target_arch = "aarch64");
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::*;
    use core::mem::transmute;

    use super::{Body, F16, Features, HALVES, Long};

    pub(super) struct Avx2;

    impl Features for Avx2 {
        const LONG: Long = Long::Bits;
        const FUSED: bool = true;

        #[inline(always)]
        unsafe fn pick_single<const N: usize>(table: &[f32; 16], places: [u32; N]) -> [f32; N] {
            const { assert!(N.is_multiple_of(8)) };
            let mut picked = [0.0; N];
            // SAFETY: the caller vouches for AVX2; eight elements each, which need not be aligned.
            unsafe {
                let half = |k: usize| _mm256_loadu_ps(table.as_ptr().add(8 * k));
                for k in 0..N / 8 {
                    let places = _mm256_loadu_si256(places.as_ptr().add(8 * k).cast());
                    let [low, high] = crate::array::map(
                        [half(0), half(1)],
                        #[inline(always)]
                        |half| _mm256_permutevar8x32_ps(half, places),
                    );
                    // The fourth bit, in the place of the sign.
                    let second = _mm256_castsi256_ps(_mm256_slli_epi32::<28>(places));
                    _mm256_storeu_ps(picked.as_mut_ptr().add(8 * k), _mm256_blendv_ps(low, high, second));
                }
            }
            picked
        }

        #[inline(always)]
        unsafe fn to_singles(x: [F16; HALVES]) -> [f32; HALVES] {
            // SAFETY: the caller vouches for F16C; arrays and vectors have the same layout.
            unsafe {
                let [low, high]: [__m128i; 2] = transmute(x);
                transmute([_mm256_cvtph_ps(low), _mm256_cvtph_ps(high)])
            }
        }

        #[inline(always)]
        unsafe fn stream_line(from: *const u8, to: *mut u8) {
            // SAFETY: the caller vouches for the bytes and for AVX.
            unsafe {
                for at in [0, 32] {
                    _mm256_stream_si256(to.add(at).cast(), _mm256_loadu_si256(from.add(at).cast()));
                }
            }
        }

        #[inline(always)]
        unsafe fn to_halves(x: [f32; HALVES]) -> [F16; HALVES] {
            // SAFETY: as above.
            unsafe {
                let [low, high]: [__m256; 2] = transmute(x);
                transmute([
                    _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(low),
                    _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(high),
                ])
            }
        }
    }

    pub(super) struct Avx512;

    impl Features for Avx512 {
        const LONG: Long = Long::Vector;
        const FUSED: bool = true;

        #[inline(always)]
        fn long(x: u64) -> f64 {
            x as i64 as f64
        }

        #[inline(always)]
        unsafe fn pick<const N: usize>(table: &[f64; 16], places: [u64; N]) -> [f64; N] {
            const { assert!(N.is_multiple_of(8)) };
            let mut picked = [0.0; N];
            // SAFETY: the caller vouches for AVX-512; eight elements each, which need not be aligned.
            unsafe {
                let half = |k: usize| _mm512_loadu_pd(table.as_ptr().add(8 * k));
                for k in 0..N / 8 {
                    let places = _mm512_loadu_si512(places.as_ptr().add(8 * k).cast());
                    let numbers = _mm512_permutex2var_pd(half(0), places, half(1));
                    _mm512_storeu_pd(picked.as_mut_ptr().add(8 * k), numbers);
                }
            }
            picked
        }

        #[inline(always)]
        unsafe fn pick_single<const N: usize>(table: &[f32; 16], places: [u32; N]) -> [f32; N] {
            const { assert!(N.is_multiple_of(16)) };
            let mut picked = [0.0; N];
            // SAFETY: the caller vouches for AVX-512; sixteen elements each, which need not be aligned.
            unsafe {
                let table = _mm512_loadu_ps(table.as_ptr());
                for k in 0..N / 16 {
                    let places = _mm512_loadu_si512(places.as_ptr().add(16 * k).cast());
                    _mm512_storeu_ps(picked.as_mut_ptr().add(16 * k), _mm512_permutexvar_ps(places, table));
                }
            }
            picked
        }

        #[inline(always)]
        unsafe fn to_singles(x: [F16; HALVES]) -> [f32; HALVES] {
            // SAFETY: the caller vouches for AVX-512; arrays and vectors have the same layout.
            unsafe { transmute(_mm512_cvtph_ps(transmute::<[F16; HALVES], __m256i>(x))) }
        }

        #[inline(always)]
        unsafe fn stream_line(from: *const u8, to: *mut u8) {
            // SAFETY: the caller vouches for the bytes and for AVX-512.
            unsafe { _mm512_stream_si512(to.cast(), _mm512_loadu_si512(from.cast())) };
        }

        #[inline(always)]
        unsafe fn to_halves(x: [f32; HALVES]) -> [F16; HALVES] {
            // SAFETY: as above.
            unsafe {
                transmute(_mm512_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(transmute::<[f32; HALVES], __m512>(x)))
            }
        }
    }

    /// # Safety
    /// The CPU has these features.
    #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c")]
    pub(super) unsafe fn avx2<B: Body>(body: B) -> B::Out {
        body.run::<Avx2>()
    }

    /// # Safety
    /// The CPU has these features.
    #[target_feature(
        enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt,f16c,avx512f,avx512bw,avx512cd,avx512dq,avx512vl"
    )]
    pub(super) unsafe fn avx512<B: Body>(body: B) -> B::Out {
        body.run::<Avx512>()
    }
}

/// Whether the level in use has vector instructions between 64-bit integers and floats.
pub(crate) fn converts_long() -> bool {
    struct Ask;
    impl Body for Ask {
        type Out = bool;
        #[inline(always)]
        fn run<F: Features>(self) -> bool {
            F::LONG == Long::Vector
        }
    }
    specialize(Ask)
}

/// The level in use where its vectors are wide: loops that gain little from others are compiled for these levels alone.
#[derive(Clone, Copy)]
pub(crate) struct Wide(Vectors);

/// Of half a line, or of a line.
#[derive(Clone, Copy)]
enum Vectors {
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Wide {
    /// `None` where they are not.
    #[inline]
    pub(crate) fn current() -> Option<Wide> {
        #[cfg(target_arch = "x86_64")]
        match Level::current() {
            Level::Avx512 => return Some(Wide(Vectors::Avx512)),
            Level::Avx2 => return Some(Wide(Vectors::Avx2)),
            Level::Baseline | Level::Neon => {}
        }
        None
    }

    /// Runs the body, compiled for this level.
    #[inline(always)]
    pub(crate) fn specialize<B: Body>(self, body: B) -> B::Out {
        #[cfg(not(target_arch = "x86_64"))]
        let _ = body;
        match self.0 {
            // SAFETY: only made of the level in use, which is one that this CPU has.
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512 => unsafe { x86::avx512(body) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2 => unsafe { x86::avx2(body) },
        }
    }
}

/// Runs the body, compiled for the level in use.
#[inline(always)]
pub(crate) fn specialize<B: Body>(body: B) -> B::Out {
    #[cfg(target_arch = "x86_64")]
    match Level::current() {
        // SAFETY: `Level::current` is only ever a level that this CPU has.
        Level::Avx512 => unsafe { x86::avx512(body) },
        // SAFETY: as above.
        Level::Avx2 => unsafe { x86::avx2(body) },
        Level::Baseline | Level::Neon => body.run::<Plain>(),
    }
    // Advanced SIMD is part of what every 64-bit Arm has.
    #[cfg(not(target_arch = "x86_64"))]
    body.run::<Plain>()
}
