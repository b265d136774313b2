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
//!   bf16 -> f32 -> any      small integer -> f32 -> bf16      complex -> its part -> f16 and bf16, and back
//! ```
//!
//! Measured on Zen 4 at AVX-512 in L1, in picoseconds per element: integers 10 to 80, what the stores take; f16 to and
//! from f32 40, to and from other types 50 to 150; floats to 8 and 16 bits 60 to 130, to 64 bits 100 to 125; integers to
//! bf16 110 to 400. At AVX2 64-bit integers to and from floats take 70 to 400.
//!
//! Half precision is converted sixteen at a time, by the instructions for it where there are any; the other side of the
//! pair is computed from these in registers.

use core::mem::MaybeUninit;

use libstrided_layout::{DType, Kind};

use crate::cache::LINE;
use crate::element::{self as e, Complex, with_type};

mod rows;
mod rules;
use rows::{Each, FromHalf, How, Row, ToHalf, pairs, row};
use rules::{FromBool, FromLong, LongToBf16, OfPart, Plain, RoundToOdd, ToBf16, ToLong, ToPart};

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

/// The block in between.
#[repr(align(64))]
struct Block(MaybeUninit<[u8; BLOCK]>);

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
    pub unsafe fn run(&self, src: *const u8, dst: *mut u8, n: usize) {
        match self.second {
            // SAFETY: as the caller vouches.
            None => unsafe { (self.first)(src, dst, n, How::Plainly) },
            // SAFETY: as the caller vouches.
            Some(second) => unsafe { self.twice(second, src, dst, n, How::Plainly) },
        }
    }

    /// Converts `n` elements past the caches, where the machine has such stores. Other threads see them in order only after
    /// a fence.
    ///
    /// # Safety
    /// As [`run`](Self::run); `dst` begins a line of the cache, and the elements make whole lines.
    pub(crate) unsafe fn stream(&self, src: *const u8, dst: *mut u8, n: usize) {
        match self.second {
            // SAFETY: as the caller vouches.
            None => unsafe { (self.first)(src, dst, n, How::Past) },
            // SAFETY: as the caller vouches.
            Some(second) => unsafe { self.twice(second, src, dst, n, How::Past) },
        }
    }

    /// Converts so many rows of `n` elements, which begin so many bytes apart.
    ///
    /// # Safety
    /// As [`run`](Self::run), for each row.
    pub(crate) unsafe fn run_rows(
        &self,
        mut src: *const u8,
        mut dst: *mut u8,
        n: usize,
        rows: usize,
        [src_step, dst_step]: [isize; 2],
    ) {
        let Some(second) = self.second else {
            // SAFETY: as the caller vouches.
            return unsafe { (self.first)(src, dst, n, How::Rows(rows, src_step, dst_step)) };
        };
        for _ in 0..rows {
            // SAFETY: as the caller vouches, for one of the rows.
            unsafe { self.twice(second, src, dst, n, How::Plainly) };
            (src, dst) = (src.wrapping_offset(src_step), dst.wrapping_offset(dst_step));
        }
    }

    /// Converts `n` elements by way of the dtype in between.
    ///
    /// # Safety
    /// As [`run`](Self::run) or [`stream`](Self::stream); they are one row.
    unsafe fn twice(&self, second: Row, mut src: *const u8, mut dst: *mut u8, mut n: usize, how: How) {
        let mut block = Block(MaybeUninit::uninit());
        let block = block.0.as_mut_ptr().cast::<u8>();
        // The first part ends with a line, if parts can: so that all others are whole lines.
        let mut most = BLOCK / self.sizes[1] - dst.addr() % LINE / self.sizes[2];
        while n > 0 {
            let count = n.min(most);
            // SAFETY: `count` of the `n` elements, and the block holds that many of the dtype in between; a full block makes
            // whole lines, whatever the target.
            unsafe {
                (self.first)(src, block, count, How::Plainly);
                second(block, dst, count, how);
                src = src.add(count * self.sizes[0]);
                dst = dst.add(count * self.sizes[2]);
            }
            n -= count;
            most = BLOCK / self.sizes[1];
        }
    }
}

/// The dtype through which a pair without a loop of its own goes, so that both halves have one.
fn between(from: DType, to: DType) -> Option<DType> {
    use DType::*;
    Some(match (from, to) {
        (Opaque, _) | (_, Opaque) => return None,
        (C64 | C128, _) => from.part(),
        (_, C64 | C128) => to.part(),
        (Bf16, _) | (_, Bf16) => F32,
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

/// Whether a conversion moves the bits of elements as they are: between integers of one size.
pub(crate) fn keeps_bits(from: DType, to: DType) -> bool {
    let bits = |d: DType| if matches!(d.kind(), Kind::Signed | Kind::Unsigned) { unsigned(d) } else { d };
    bits(from) == bits(to) && from != DType::Bool
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
            1 => row::<Each<Plain<u8, u8>>>,
            2 => row::<Each<Plain<u16, u16>>>,
            4 => row::<Each<Plain<u32, u32>>>,
            8 => row::<Each<Plain<u64, u64>>>,
            _ => pairs::<Each<Plain<u64, u64>>>,
        });
    }
    Some(match (from_bits, to_bits) {
        (Bool, F16 | Bf16 | C64 | C128) => {
            return with_type!(to, inexact, D => Some(row::<Each<FromBool<D>>>), None);
        }
        (Bool, _) => return with_type!(to_bits, all, D => Some(row::<Each<Plain<e::Bool, D>>>), None),
        (F16, Bool) => row::<FromHalf<Plain<f32, e::Bool>>>,
        (F16, Bf16) => row::<FromHalf<Plain<f32, e::Bf16>>>,
        (F16, F32) => row::<FromHalf<Plain<f32, f32>>>,
        (F16, F64) => row::<FromHalf<Plain<f32, f64>>>,
        (F16, I64) => row::<FromHalf<ToLong<f32, i64>>>,
        (F16, U64) => row::<FromHalf<ToLong<f32, u64>>>,
        (F16, _) => return with_type!(to, integer, D => Some(row::<FromHalf<Plain<f32, D>>>), None),
        (Bf16, F16) => row::<ToHalf<Plain<e::Bf16, f32>>>,
        (F32, F16) => row::<ToHalf<Plain<f32, f32>>>,
        (F64, F16) => row::<ToHalf<RoundToOdd>>,
        (I64, F16) => row::<ToHalf<FromLong<i64, f32>>>,
        (U64, F16) => row::<ToHalf<FromLong<u64, f32>>>,
        (_, F16) => return with_type!(from, integer, S => Some(row::<ToHalf<Plain<S, f32>>>), None),
        (Bf16, F32) => row::<Each<Plain<e::Bf16, f32>>>,
        (Bf16, F64) => row::<Each<Plain<e::Bf16, f64>>>,
        (F32, Bf16) => row::<Each<Plain<f32, e::Bf16>>>,
        (F64, Bf16) => row::<Each<Plain<f64, e::Bf16>>>,
        (I32, Bf16) => row::<Each<ToBf16<i32>>>,
        (U32, Bf16) => row::<Each<ToBf16<u32>>>,
        (I64, Bf16) => row::<Each<LongToBf16<i64>>>,
        (U64, Bf16) => row::<Each<LongToBf16<u64>>>,
        (C64, C128) => pairs::<Each<Plain<f32, f64>>>,
        (C128, C64) => pairs::<Each<Plain<f64, f32>>>,
        (C64, F32) => row::<Each<Plain<Complex<f32>, f32>>>,
        (C128, F64) => row::<Each<Plain<Complex<f64>, f64>>>,
        (F32, C64) => row::<Each<Plain<f32, Complex<f32>>>>,
        (F32, C128) => row::<Each<Plain<f32, Complex<f64>>>>,
        (F64, C128) => row::<Each<Plain<f64, Complex<f64>>>>,
        (C64, Bool) => row::<Each<Plain<Complex<f32>, e::Bool>>>,
        (C128, Bool) => row::<Each<Plain<Complex<f64>, e::Bool>>>,
        (C64, F64) => row::<Each<OfPart<Plain<f32, f64>>>>,
        (C128, F32) => row::<Each<OfPart<Plain<f64, f32>>>>,
        (C64, I64) => row::<Each<OfPart<ToLong<f32, i64>>>>,
        (C64, U64) => row::<Each<OfPart<ToLong<f32, u64>>>>,
        (C128, I64) => row::<Each<OfPart<ToLong<f64, i64>>>>,
        (C128, U64) => row::<Each<OfPart<ToLong<f64, u64>>>>,
        (C64, _) => return with_type!(to, integer, D => Some(row::<Each<OfPart<Plain<f32, D>>>>), None),
        (C128, _) => return with_type!(to, integer, D => Some(row::<Each<OfPart<Plain<f64, D>>>>), None),
        (F64, C64) => row::<Each<ToPart<Plain<f64, f32>>>>,
        (I64, C64) => row::<Each<ToPart<FromLong<i64, f32>>>>,
        (U64, C64) => row::<Each<ToPart<FromLong<u64, f32>>>>,
        (I64, C128) => row::<Each<ToPart<FromLong<i64, f64>>>>,
        (U64, C128) => row::<Each<ToPart<FromLong<u64, f64>>>>,
        (_, C64) if integer(from) => {
            return with_type!(from, integer, S => Some(row::<Each<ToPart<Plain<S, f32>>>>), None);
        }
        (_, C128) if integer(from) => {
            return with_type!(from, integer, S => Some(row::<Each<ToPart<Plain<S, f64>>>>), None);
        }
        (F32, Bool) => row::<Each<Plain<f32, e::Bool>>>,
        (F64, Bool) => row::<Each<Plain<f64, e::Bool>>>,
        (F32, F64) => row::<Each<Plain<f32, f64>>>,
        (F64, F32) => row::<Each<Plain<f64, f32>>>,
        (U8, Bool) => row::<Each<Plain<u8, e::Bool>>>,
        (U16, Bool) => row::<Each<Plain<u16, e::Bool>>>,
        (U32, Bool) => row::<Each<Plain<u32, e::Bool>>>,
        (U64, Bool) => row::<Each<Plain<u64, e::Bool>>>,
        (I8, U16) => row::<Each<Plain<i8, u16>>>,
        (I8, U32) => row::<Each<Plain<i8, u32>>>,
        (I8, U64) => row::<Each<Plain<i8, u64>>>,
        (I16, U32) => row::<Each<Plain<i16, u32>>>,
        (I16, U64) => row::<Each<Plain<i16, u64>>>,
        (I32, U64) => row::<Each<Plain<i32, u64>>>,
        (U8, U16) => row::<Each<Plain<u8, u16>>>,
        (U8, U32) => row::<Each<Plain<u8, u32>>>,
        (U8, U64) => row::<Each<Plain<u8, u64>>>,
        (U16, U32) => row::<Each<Plain<u16, u32>>>,
        (U16, U64) => row::<Each<Plain<u16, u64>>>,
        (U32, U64) => row::<Each<Plain<u32, u64>>>,
        (U16, U8) => row::<Each<Plain<u16, u8>>>,
        (U32, U8) => row::<Each<Plain<u32, u8>>>,
        (U32, U16) => row::<Each<Plain<u32, u16>>>,
        (U64, U8) => row::<Each<Plain<u64, u8>>>,
        (U64, U16) => row::<Each<Plain<u64, u16>>>,
        (U64, U32) => row::<Each<Plain<u64, u32>>>,
        (I64, F32) => row::<Each<FromLong<i64, f32>>>,
        (I64, F64) => row::<Each<FromLong<i64, f64>>>,
        (U64, F32) => row::<Each<FromLong<u64, f32>>>,
        (U64, F64) => row::<Each<FromLong<u64, f64>>>,
        (F32, I64) => row::<Each<ToLong<f32, i64>>>,
        (F32, U64) => row::<Each<ToLong<f32, u64>>>,
        (F64, I64) => row::<Each<ToLong<f64, i64>>>,
        (F64, U64) => row::<Each<ToLong<f64, u64>>>,
        (_, F32) => return with_type!(from, integer, S => Some(row::<Each<Plain<S, f32>>>), None),
        (_, F64) => return with_type!(from, integer, S => Some(row::<Each<Plain<S, f64>>>), None),
        (F32, _) => return with_type!(to, integer, D => Some(row::<Each<Plain<f32, D>>>), None),
        (F64, _) => return with_type!(to, integer, D => Some(row::<Each<Plain<f64, D>>>), None),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
