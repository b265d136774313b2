//! Conversion of a contiguous run of elements from one dtype to another.
//!
//! The rules are those of the library: float to integer saturates and NaN becomes 0, integer to integer wraps,
//! integer to float rounds to nearest, anything that is not 0 (NaN included) is true, complex to real drops the
//! imaginary part, every conversion rounds once.
//!
//! Not every pair has a loop of its own, which would be 225 loops at three vector levels. Integers of one size share
//! their loops, since wrapping does not look at the sign, and a pair without a loop goes through a third dtype, a block
//! in L1 at a time, where that loses nothing:
//!
//! ```text
//!   f16, bf16 -> f32 -> any      integer -> f32 -> f16     bool -> u8 -> any     complex -> its part -> any real
//! ```

use core::mem::MaybeUninit;

use libstrided_layout::{DType, Kind};

use crate::arch::vectorize;
use crate::element::{self as e, Complex, Element, with_type};

/// Converts `n` elements at `src` into `n` elements at `dst`, both contiguous and of any alignment.
pub type Row = unsafe fn(src: *const u8, dst: *mut u8, n: usize);

/// A conversion: one loop, or two through a block of a third dtype.
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    first: Row,
    second: Option<Row>,
    /// Bytes per element: source, in between, target.
    sizes: [usize; 3],
}

/// Bytes of the block in between.
const BLOCK: usize = 2048;

impl Conversion {
    /// The conversion from one dtype to another; none for [`DType::Opaque`].
    pub fn new(from: DType, to: DType) -> Option<Conversion> {
        let size = |dtype: DType| dtype.size() as usize;
        if let Some(first) = direct(from, to) {
            return Some(Conversion { first, second: None, sizes: [size(from), size(to), size(to)] });
        }
        let between = between(from, to)?;
        Some(Conversion {
            first: direct(from, between)?,
            second: Some(direct(between, to)?),
            sizes: [size(from), size(between), size(to)],
        })
    }

    /// Converts `n` elements.
    ///
    /// # Safety
    /// `src` must be valid for reading `n` elements of the source dtype, `dst` for writing `n` of the target dtype.
    /// They may have any alignment and must not overlap.
    #[inline]
    pub unsafe fn run(&self, mut src: *const u8, mut dst: *mut u8, mut n: usize) {
        let Some(second) = self.second else {
            // SAFETY: as the caller vouches.
            unsafe { (self.first)(src, dst, n) };
            return;
        };
        let mut block = MaybeUninit::<[u8; BLOCK]>::uninit();
        let block = block.as_mut_ptr() as *mut u8;
        while n > 0 {
            let count = n.min(BLOCK / self.sizes[1]);
            // SAFETY: `count` of the `n` elements, and the block holds that many of the dtype in between.
            unsafe {
                (self.first)(src, block, count);
                second(block, dst, count);
                src = src.add(count * self.sizes[0]);
                dst = dst.add(count * self.sizes[2]);
            }
            n -= count;
        }
    }
}

/// The dtype through which a pair without a loop of its own goes, so that both halves have one.
fn between(from: DType, to: DType) -> Option<DType> {
    use DType::*;
    Some(match (from, to) {
        (Opaque, _) | (_, Opaque) => return None,
        (C64 | C128, _) => from.part(),
        (F16 | Bf16, F64) => F32,
        (Bool, _) => U8,
        (F16 | Bf16, _) => F32,
        (_, C64 | C128) => to.part(),
        (I64 | U64, Bf16) => return None,
        (_, Bf16) => F64,
        (_, F16) => F32,
        _ => return None,
    })
}

/// An integer dtype without its sign.
fn unsigned(dtype: DType) -> DType {
    match dtype {
        DType::I8 => DType::U8,
        DType::I16 => DType::U16,
        DType::I32 => DType::U32,
        DType::I64 => DType::U64,
        other => other,
    }
}

/// The loop of a pair that has one.
fn direct(from: DType, to: DType) -> Option<Row> {
    use DType::*;
    if from == Opaque || to == Opaque {
        return None;
    }
    // The sign of an integer matters only where it grows or becomes a float.
    let integer = |d: DType| matches!(d.kind(), Kind::Signed | Kind::Unsigned);
    let to_bits = if integer(from) { unsigned(to) } else { to };
    let from_bits = if to == Bool || integer(to) && to.size() <= from.size() { unsigned(from) } else { from };
    if from_bits == to_bits && from != Bool {
        return Some(match from.size() {
            1 => convert::<u8, u8>,
            2 => convert::<u16, u16>,
            4 => convert::<u32, u32>,
            8 => convert::<u64, u64>,
            _ => convert::<Complex<f64>, Complex<f64>>,
        });
    }
    Some(match (from_bits, to_bits) {
        (Bool, Bool) => convert::<e::Bool, e::Bool>,
        (Bool, U8 | I8) => convert::<e::Bool, u8>,
        (Bool, F16) => convert::<e::Bool, e::F16>,
        (Bool, Bf16) => convert::<e::Bool, e::Bf16>,
        (Bool, C64) => convert::<e::Bool, Complex<f32>>,
        (Bool, C128) => convert::<e::Bool, Complex<f64>>,
        (F32, C128) => convert::<f32, Complex<f64>>,
        (F16, F32) => convert::<e::F16, f32>,
        (Bf16, F32) => convert::<e::Bf16, f32>,
        (F32, F16) => convert::<f32, e::F16>,
        (F32, Bf16) => convert::<f32, e::Bf16>,
        (F64, F16) => convert::<f64, e::F16>,
        (F64, Bf16) => convert::<f64, e::Bf16>,
        (I64, Bf16) => convert::<i64, e::Bf16>,
        (U64, Bf16) => convert::<u64, e::Bf16>,
        (C64, C128) => convert::<Complex<f32>, Complex<f64>>,
        (C128, C64) => convert::<Complex<f64>, Complex<f32>>,
        (C64, F32) => convert::<Complex<f32>, f32>,
        (C128, F64) => convert::<Complex<f64>, f64>,
        (F32, C64) => convert::<f32, Complex<f32>>,
        (F64, C128) => convert::<f64, Complex<f64>>,
        (C64, Bool) => convert::<Complex<f32>, e::Bool>,
        (C128, Bool) => convert::<Complex<f64>, e::Bool>,
        (F32, Bool) => convert::<f32, e::Bool>,
        (F64, Bool) => convert::<f64, e::Bool>,
        (F32, F64) => convert::<f32, f64>,
        (F64, F32) => convert::<f64, f32>,
        (U8, Bool) => convert::<u8, e::Bool>,
        (U16, Bool) => convert::<u16, e::Bool>,
        (U32, Bool) => convert::<u32, e::Bool>,
        (U64, Bool) => convert::<u64, e::Bool>,
        (I8, U16) => convert::<i8, u16>,
        (I8, U32) => convert::<i8, u32>,
        (I8, U64) => convert::<i8, u64>,
        (I16, U32) => convert::<i16, u32>,
        (I16, U64) => convert::<i16, u64>,
        (I32, U64) => convert::<i32, u64>,
        (U8, U16) => convert::<u8, u16>,
        (U8, U32) => convert::<u8, u32>,
        (U8, U64) => convert::<u8, u64>,
        (U16, U32) => convert::<u16, u32>,
        (U16, U64) => convert::<u16, u64>,
        (U32, U64) => convert::<u32, u64>,
        (U16, U8) => convert::<u16, u8>,
        (U32, U8) => convert::<u32, u8>,
        (U32, U16) => convert::<u32, u16>,
        (U64, U8) => convert::<u64, u8>,
        (U64, U16) => convert::<u64, u16>,
        (U64, U32) => convert::<u64, u32>,
        (_, F32) => return with_type!(from, integer, S => Some(convert::<S, f32> as Row), None),
        (_, F64) => return with_type!(from, integer, S => Some(convert::<S, f64> as Row), None),
        (F32, _) => return with_type!(to, integer, D => Some(convert::<f32, D> as Row), None),
        (F64, _) => return with_type!(to, integer, D => Some(convert::<f64, D> as Row), None),
        _ => return None,
    })
}

/// An element at any address.
#[derive(Clone, Copy)]
#[repr(C, packed)]
struct Unaligned<T>(T);

/// See [`Row`].
unsafe fn convert<S: Element, D: Element>(src: *const u8, dst: *mut u8, n: usize) {
    // SAFETY: the caller vouches for `n` elements at both, which do not overlap; the wrapper has alignment 1.
    let src = unsafe { core::slice::from_raw_parts(src as *const Unaligned<S>, n) };
    let dst = dst as *mut MaybeUninit<Unaligned<D>>;
    // SAFETY: as above, for writing; nothing is read from it.
    let dst = unsafe { core::slice::from_raw_parts_mut(dst, n) };
    vectorize(
        #[inline(always)]
        || each(src, dst),
    );
}

#[inline(always)]
fn each<S: Element, D: Element>(src: &[Unaligned<S>], dst: &mut [MaybeUninit<Unaligned<D>>]) {
    for (d, s) in dst.iter_mut().zip(src) {
        let x = s.0;
        d.write(Unaligned(x.cast()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Random, at_every_level};

    /// The same conversion, one element at a time and from the definition of the cast.
    fn naive(from: DType, to: DType, src: *const u8, dst: *mut u8, n: usize) {
        fn to_type<S: Element>(to: DType, src: *const u8, dst: *mut u8, n: usize) {
            with_type!(to, all, D => {
                for i in 0..n {
                    // SAFETY: the test passes buffers of n elements.
                    unsafe {
                        let x = (src as *const S).add(i).read_unaligned();
                        (dst as *mut D).add(i).write_unaligned(x.cast::<D>());
                    }
                }
            }, ())
        }
        with_type!(from, all, S => to_type::<S>(to, src, dst, n), ())
    }

    #[test]
    fn every_pair_agrees_with_one_cast_at_a_time_at_every_level() {
        let n = 700;
        let mut random = Random::new(7);
        let mut src = vec![0u8; n * 16 + 1];
        at_every_level(|| {
            for from in DType::ALL {
                for to in DType::ALL {
                    if from == DType::Opaque || to == DType::Opaque {
                        assert!(Conversion::new(from, to).is_none());
                        continue;
                    }
                    random.fill(from, &mut src[1..]);
                    let bytes = n * to.size() as usize;
                    let (mut got, mut want) = (vec![7u8; bytes + 2], vec![7u8; bytes + 2]);
                    let conversion = Conversion::new(from, to).expect("every pair converts");
                    // SAFETY: the buffers hold n elements after their first byte.
                    unsafe { conversion.run(src.as_ptr().add(1), got.as_mut_ptr().add(1), n) };
                    naive(from, to, src[1..].as_ptr(), want[1..].as_mut_ptr(), n);
                    assert!(got == want, "{} to {}", from.name(), to.name());
                }
            }
        });
    }

    fn one<S: Element, D: Element>(x: S) -> D {
        let mut out = MaybeUninit::<D>::uninit();
        let conversion = Conversion::new(S::DTYPE, D::DTYPE).expect("converts");
        // SAFETY: one element each; the conversion writes it.
        unsafe {
            conversion.run((&raw const x).cast(), out.as_mut_ptr().cast(), 1);
            out.assume_init()
        }
    }

    #[test]
    fn floats_saturate_to_integers_and_nan_is_0() {
        assert_eq!(one::<f64, i8>(300.5), 127);
        assert_eq!(one::<f64, u8>(-1.0), 0);
        assert_eq!(one::<f64, u8>(255.9), 255);
        assert_eq!(one::<f64, i64>(1e19), i64::MAX);
        assert_eq!(one::<f64, i64>(-1e19), i64::MIN);
        assert_eq!(one::<f64, u64>(1.8446744073709552e19), u64::MAX);
        assert_eq!(one::<f64, u64>(f64::NAN), 0);
        assert_eq!(one::<f32, i32>(2147483648.0), i32::MAX);
        assert_eq!(one::<f32, i32>(2147483520.0), 2147483520);
        assert_eq!(one::<f32, u32>(f32::INFINITY), u32::MAX);
        assert_eq!(one::<e::F16, i16>(e::F16(0x7c00)), i16::MAX);
        assert_eq!(one::<f64, i32>(-3.99), -3);
        for x in [0.5f64, -0.5, 1e9, -2147483648.5, 4294967295.5, 9.2e18, -9.3e18, 1.9e19, 127.4, -128.9] {
            assert_eq!(one::<f64, i32>(x), x as i32);
            assert_eq!(one::<f64, u32>(x), x as u32);
            assert_eq!(one::<f64, i64>(x), x as i64);
            assert_eq!(one::<f64, u64>(x), x as u64);
            assert_eq!(one::<f32, i64>(x as f32), x as f32 as i64);
            assert_eq!(one::<f32, i8>(x as f32), x as f32 as i8);
        }
    }

    #[test]
    fn anything_but_0_is_true() {
        assert_eq!(one::<f64, e::Bool>(f64::NAN).0, 1);
        assert_eq!(one::<f64, e::Bool>(-0.0).0, 0);
        assert_eq!(one::<i64, e::Bool>(1 << 40).0, 1);
        assert_eq!(one::<e::Bool, e::Bool>(e::Bool(7)).0, 1);
        assert_eq!(one::<e::Bool, f64>(e::Bool(7)), 1.0);
        assert_eq!(one::<Complex<f32>, e::Bool>(Complex { re: 0.0, im: 2.0 }).0, 1);
        assert_eq!(one::<e::F16, e::Bool>(e::F16(1)).0, 1);
    }

    #[test]
    fn each_conversion_rounds_once() {
        // 2^30 + 2^22 lies between two bf16; one more decides.
        assert_eq!(
            one::<i64, e::Bf16>((1 << 30) + (1 << 22) + 1).to_f32(),
            ((1u64 << 30) + (1 << 23)) as f32
        );
        assert_eq!(
            one::<u32, e::Bf16>((1 << 30) + (1 << 22) + 1).to_f32(),
            ((1u64 << 30) + (1 << 23)) as f32
        );
        assert_eq!(one::<f64, e::F16>(1.0 + 2f64.powi(-11) + 2f64.powi(-40)).0, 0x3c01);
    }
}
