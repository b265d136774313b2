//! Copying between arrays of different dtypes: a few elements by the driver of elementwise operations, more of them by ways
//! of their own.

use libstrided_layout::nest::SMALL_NDIM;
use libstrided_layout::{Error, MAX_NDIM, Result};

use crate::Operand;
use crate::convert::{Conversion, keeps_bits};
use crate::copy::{Past, copy};
use crate::elementwise::{self, Block};
use crate::resident;

mod across;
mod large;
mod near;

/// Bytes from which on an array is large.
const LARGE: usize = 512;

/// Copies every element of `src` to `dst`, converted to its dtype: float to integer saturates and NaN becomes 0,
/// integer to integer wraps, integer to float rounds to nearest, anything that is not 0 is true, complex to real drops
/// the imaginary part. Works a block in L1 at a time; an error for [`DType::Opaque`](libstrided_layout::DType::Opaque).
///
/// # Safety
/// Every element of the source must be valid for reading and of the destination for writing. Both have the shape
/// `shape`. The destination must overlap neither itself nor the source. The dtypes' sizes are the item sizes.
pub unsafe fn cast_copy(shape: &[i64], src: Operand<'_>, dst: Operand<'_>) -> Result<()> {
    if keeps_bits(src.dtype, dst.dtype) {
        // SAFETY: the caller's promise.
        return unsafe { copy(shape, src, dst) };
    }
    let unsupported = Error::UnsupportedDType { dtype: src.dtype };
    let conversion = Conversion::new(src.dtype, dst.dtype).ok_or(unsupported)?;
    let larger = src.itemsize.max(dst.itemsize) as usize;
    let bytes = shape.iter().fold(larger, |bytes, &n| bytes.saturating_mul(n as usize));
    if bytes >= resident::LONG {
        resident::keep();
    }
    // SAFETY: as the caller vouches.
    if bytes >= LARGE && unsafe { cast_large(shape, src, dst, conversion, Past::caches(bytes))? } {
        return Ok(());
    }
    let kernel = |block: &Block<2>| {
        let [mut from, mut to] = block.data;
        for _ in 0..block.rows {
            // SAFETY: the driver hands out rows of elements that the caller vouches for.
            unsafe { conversion.run(from, to, block.n) };
            from = from.wrapping_offset(block.strides[0]);
            to = to.wrapping_offset(block.strides[1]);
        }
    };
    // SAFETY: as the caller vouches.
    unsafe { elementwise::run(shape, [src, dst], [src.dtype, dst.dtype], &kernel) }
}

/// See [`large::run`].
///
/// # Safety
/// As [`cast_copy`].
unsafe fn cast_large(
    shape: &[i64],
    src: Operand<'_>,
    dst: Operand<'_>,
    conversion: Conversion,
    past: Option<Past>,
) -> Result<bool> {
    // SAFETY: as the caller vouches.
    unsafe {
        if shape.len() <= SMALL_NDIM {
            large::run::<SMALL_NDIM>(shape, src, dst, conversion, past)
        } else {
            large::run::<MAX_NDIM>(shape, src, dst, conversion, past)
        }
    }
}

#[cfg(test)]
mod tests {
    use libstrided_layout::DType;

    use super::*;
    use crate::test_support::{Random, Strided, at_every_level, indices};

    #[test]
    fn every_pair_in_random_layouts() {
        let mut random = Random::new(31);
        at_every_level(|| {
            for from in &DType::ALL[..15] {
                for to in &DType::ALL[..15] {
                    let shape = random.shape(2000);
                    let src = Strided::random(&mut random, *from, &shape, true);
                    let mut dst = Strided::random(&mut random, *to, &shape, false);
                    let mut want = dst.clone();
                    let conversion = Conversion::new(*from, *to).expect("converts");
                    for index in indices(&shape) {
                        let to = want.item_mut(&index).as_mut_ptr();
                        // SAFETY: one element each.
                        unsafe { conversion.run(src.item(&index).as_ptr(), to, 1) };
                    }
                    // SAFETY: both lie in their own buffers.
                    unsafe { cast_copy(&shape, src.operand(), dst.operand_mut()) }.expect("runs");
                    let place = (from.name(), to.name(), &shape, &src.strides, &dst.strides);
                    assert!(dst.bytes == want.bytes, "{place:?}");
                }
            }
        });
    }

    #[test]
    fn large_arrays_past_the_caches_and_not() {
        let mut random = Random::new(32);
        at_every_level(|| {
            for case in 0..75 {
                let from = DType::ALL[random.below(15)];
                let to = DType::ALL[random.below(15)];
                let shape = match case % 5 {
                    0 => vec![1 + random.below(40) as i64, 64 + random.below(900) as i64],
                    1 => vec![64 + random.below(900) as i64, 1 + random.below(40) as i64],
                    2 => vec![100 + random.below(100) as i64, 100 + random.below(200) as i64],
                    3 => vec![1000 + random.below(200) as i64, 64 + random.below(80) as i64],
                    _ => vec![
                        64 + random.below(60) as i64,
                        1 + random.below(4) as i64,
                        64 + random.below(60) as i64,
                    ],
                };
                let src = Strided::random(&mut random, from, &shape, true);
                let mut dst = Strided::random(&mut random, to, &shape, false);
                let mut want = dst.clone();
                let conversion = Conversion::new(from, to).expect("converts");
                for index in indices(&shape) {
                    let to = want.item_mut(&index).as_mut_ptr();
                    // SAFETY: one element each.
                    unsafe { conversion.run(src.item(&index).as_ptr(), to, 1) };
                }
                for past in [None, Past::always()] {
                    let mut got = dst.clone();
                    // SAFETY: both lie in their own buffers.
                    let done =
                        unsafe { cast_large(&shape, src.operand(), got.operand_mut(), conversion, past) };
                    let place = (from.name(), to.name(), &shape, &src.strides, &dst.strides, past.is_some());
                    if done.expect("runs") {
                        assert!(got.bytes == want.bytes, "{place:?}");
                    } else {
                        assert!(got.bytes == dst.bytes, "{place:?}");
                    }
                }
                // SAFETY: as above.
                unsafe { cast_copy(&shape, src.operand(), dst.operand_mut()) }.expect("runs");
                assert!(dst.bytes == want.bytes);
            }
        });
    }
}
