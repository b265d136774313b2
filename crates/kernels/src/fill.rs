//! Filling an array with one value of any item size.

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{MAX_NDIM, Result};

use crate::Operand;
use crate::arch::vectorize;

/// Writes the value, `itemsize` bytes of the output's own dtype, to every element.
///
/// # Safety
/// Every element of the output must be valid for writing; `value` must be valid for reading `itemsize` bytes and must
/// not lie inside the output.
#[inline]
pub unsafe fn fill(shape: &[i64], out: Operand<'_>, value: *const u8) -> Result<()> {
    // SAFETY: as the caller vouches, in both branches.
    unsafe {
        if shape.len() <= SMALL_NDIM {
            planned::<SMALL_NDIM>(shape, out, value)
        } else {
            planned::<MAX_NDIM>(shape, out, value)
        }
    }
}

unsafe fn planned<const CAP: usize>(shape: &[i64], out: Operand<'_>, value: *const u8) -> Result<()> {
    let nest = Nest::<1, CAP>::plan(shape, [out.strides])?;
    let item = out.itemsize;
    let one = |stride| Loop { extent: 1, strides: [stride] };
    let (outer, inner) = match *nest.loops() {
        [] => (one(0), one(item)),
        [inner] => (one(0), inner),
        [.., outer, inner] => (outer, inner),
    };
    nest.walk(2, |[offset]| {
        let dst = out.data.wrapping_offset(offset as isize);
        // SAFETY: the two inner loops from here are elements of the output.
        unsafe {
            match item {
                1 => rows::<u8>(outer, inner, value, dst),
                2 => rows::<u16>(outer, inner, value, dst),
                4 => rows::<u32>(outer, inner, value, dst),
                8 => rows::<u64>(outer, inner, value, dst),
                16 => rows::<[u64; 2]>(outer, inner, value, dst),
                _ => records(outer, inner, item as usize, value, dst),
            }
        }
        Ok(())
    })
}

/// Two loops over items of a machine size.
unsafe fn rows<T: Copy>(outer: Loop<1>, inner: Loop<1>, value: *const u8, dst: *mut u8) {
    let (rows, n) = (outer.extent as isize, inner.extent as isize);
    let (down, along) = (outer.strides[0] as isize, inner.strides[0] as isize);
    // SAFETY: the caller vouches for the value and for every element.
    unsafe {
        let x = (value as *const T).read_unaligned();
        vectorize(
            #[inline(always)]
            || {
                for i in 0..rows {
                    let row = dst.offset(i * down);
                    if along == size_of::<T>() as isize {
                        for j in 0..n {
                            (row as *mut T).offset(j).write_unaligned(x);
                        }
                    } else {
                        for j in 0..n {
                            (row.offset(j * along) as *mut T).write_unaligned(x);
                        }
                    }
                }
            },
        );
    }
}

/// Two loops over items of any size. A contiguous row is filled by copying what is filled already, doubling it.
unsafe fn records(outer: Loop<1>, inner: Loop<1>, item: usize, value: *const u8, dst: *mut u8) {
    /// Bytes after which the filled part is long enough to copy from, and still in L1.
    const ENOUGH: usize = 4096;
    let n = inner.extent as usize;
    for i in 0..outer.extent as isize {
        let row = dst.wrapping_offset(i * outer.strides[0] as isize);
        // SAFETY: the caller vouches for the value and for every element; copies go from filled elements to later ones.
        unsafe {
            if inner.strides[0] == item as i64 {
                core::ptr::copy_nonoverlapping(value, row, item);
                let mut done = 1;
                while done < n {
                    let count = done.min(n - done).min((ENOUGH / item).max(1));
                    core::ptr::copy_nonoverlapping(row, row.add(done * item), count * item);
                    done += count;
                }
            } else {
                for j in 0..n as isize {
                    core::ptr::copy_nonoverlapping(value, row.offset(j * inner.strides[0] as isize), item);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use libstrided_layout::DType;

    use super::*;
    use crate::test_support::{Random, Strided, at_every_level, indices};

    #[test]
    fn every_element_and_nothing_else() {
        let mut random = Random::new(5);
        at_every_level(|| {
            for case in 0..200 {
                let item = [1usize, 2, 4, 8, 16, 3, 12, 24][case % 8];
                let shape = random.shape(400);
                let mut out = Strided::random_items(&mut random, DType::Opaque, item as i64, &shape, false);
                let value: Vec<u8> = (0..item).map(|_| random.next() as u8).collect();
                let mut want = out.clone();
                for index in indices(&shape) {
                    want.item_mut(&index).copy_from_slice(&value);
                }
                // SAFETY: the output lies in its own buffer.
                unsafe { fill(&shape, out.operand_mut(), value.as_ptr()) }.expect("runs");
                assert!(out.bytes == want.bytes, "item {item} shape {shape:?}");
            }
        });
    }
}
