//! Casts across, past the caches: the elements of a piece of some rows of the source are converted where they are contiguous,
//! into scratch that stays in the nearest caches, and go from there to columns of the destination.
//!
//! See `copy::strips`.
//!
//! Measured on Zen 4, in shares of a plain streamed copy of as many bytes, 4096 x 4096 and 3000 x 5000: f64 to f32 0.55 to
//! 0.6, f32 to f64 0.5 to 0.57, f32 to u8 0.55 and 0.4, u8 to f32 0.45, 64 bits to 64 bits 0.55; transposing first and
//! converting the rows of the result 0.25 to 0.4. With the lines of the next piece asked for column by column 0.45, some of
//! them while this one is converted 0.8 to 0.95 of this, none of them 0.5; with 4096 columns in a panel 0.95. Pairs
//! that are converted in the registers of the transpose do not come here: see `copy::converted`.

use libstrided_layout::nest::Loop;

use super::large::{Work, walk};
use crate::Level;
use crate::copy::{Axis, Converted, Strips};

impl Work {
    /// Casts planes of `a` and `b`, at all positions of `rest`. `false`, with nothing written, where that does not suit.
    ///
    /// # Safety
    /// As [`Work::put`], for the elements of all loops.
    pub(super) unsafe fn across<const CAP: usize>(
        &self,
        [mut a, b]: [Loop<2>; 2],
        rest: &[Loop<2>],
        mut src: *const u8,
        mut dst: *mut u8,
    ) -> bool {
        let whole = |d: usize| d.is_multiple_of(self.to);
        let places = rest.iter().chain([&a]).all(|l| whole(l.strides[1].unsigned_abs() as usize));
        let long = a.extent as usize >= Strips::WIDE && b.extent as usize * self.to >= Strips::HIGH;
        let contiguous = a.strides[0].unsigned_abs() as usize == self.from;
        if self.past.is_none() || !long || !contiguous || !places || !whole(dst.addr()) {
            return false;
        }
        if a.strides[0] < 0 {
            let last = a.extent as isize - 1;
            (src, dst) = (
                src.wrapping_offset(a.strides[0] as isize * last),
                dst.wrapping_offset(a.strides[1] as isize * last),
            );
            a.strides = a.strides.map(|stride| -stride);
        }
        let axes =
            [a, b].map(|l| Axis { n: l.extent as usize, s: l.strides[0] as isize, d: l.strides[1] as isize });
        if let Some(mut way) = Converted::new(self.dtypes[0], self.dtypes[1], axes[1].s) {
            walk::<CAP>(rest, src, dst, |src, dst| {
                // SAFETY: the two loops from here on, which suit.
                unsafe { way.run(axes, src, dst) };
            });
            return true;
        }
        let Some(mut strips) = Strips::new(Level::current(), self.to, self.from, self.from) else {
            return false;
        };
        walk::<CAP>(rest, src, dst, |src, dst| {
            // SAFETY: the two loops from here on, which suit; rows of them are converted to scratch.
            unsafe {
                strips.run(axes, src, dst, |src, scratch, [n, m], pitch| {
                    self.conversion.run_rows(src, scratch, n, m, [axes[1].s, pitch as isize]);
                });
            }
        });
        true
    }
}

#[cfg(test)]
mod tests {
    use libstrided_layout::DType;

    use crate::Operand;
    use crate::cast::cast_large;
    use crate::convert::Conversion;
    use crate::copy::Past;
    use crate::copy::tests::guard::{Area, Flush};
    use crate::test_support::{Random, at_every_level};

    /// Casts `height` rows of `width` elements to as many columns, `gap` elements apart, next to pages that can not be touched.
    fn check([from, to]: [DType; 2], [height, width, gap]: [usize; 3], areas: &mut [Area; 3], end: Flush) {
        let conversion = Conversion::new(from, to).expect("converts");
        let (a, b) = (from.size() as usize, to.size() as usize);
        let (row, column) = ((width + gap) * a, (height + gap) * b);
        let (source, result) = ((height - 1) * row + width * a, (width - 1) * column + height * b);
        let [src, got, want] = areas;
        let (s, d) = (src.place(source, end, 0), got.place(result, end, 0));
        want.bytes_mut().fill(7);
        for i in 0..height {
            for j in 0..width {
                // SAFETY: one element each.
                unsafe {
                    let to = want.base().add(d + j * column + i * b);
                    conversion.run(src.base().add(s + i * row + j * a), to, 1);
                }
            }
        }
        let strides = [[a as i64, row as i64], [column as i64, b as i64]];
        let operand = |area: &Area, at: usize, dtype: DType, strides| Operand {
            // SAFETY: inside the area.
            data: unsafe { area.base().add(at) },
            dtype,
            itemsize: dtype.size(),
            strides,
        };
        let (src, dst) = (operand(src, s, from, &strides[0]), operand(got, d, to, &strides[1]));
        let shape = [width as i64, height as i64];
        for past in [None, Past::always()] {
            got.bytes_mut().fill(7);
            // SAFETY: both lie in their own areas.
            let done = unsafe { cast_large(&shape, src, dst, conversion, past) };
            assert!(done.expect("runs"));
            let how = past.is_some();
            assert!(
                got.bytes_mut() == want.bytes_mut(),
                "{from:?} {to:?} {height} x {width}, gap {gap}, {how}"
            );
        }
    }

    #[test]
    fn columns_that_begin_anywhere() {
        use DType::*;
        let mut random = Random::new(33);
        let mut areas = [0; 3].map(|_| Area::new(4 << 20));
        areas[0].bytes_mut().iter_mut().for_each(|byte| *byte = random.next() as u8);
        // Those that are converted as they are turned, then others.
        let pairs =
            [[F64, F32], [F64, I32], [F32, F64], [I32, F64], [I64, F64], [U8, F32], [F16, F32], [F32, F16]];
        let pairs = [&pairs[..], &[[F32, U8], [U16, F64], [F64, I64], [C64, C128], [C128, I8]]].concat();
        at_every_level(|| {
            for &pair in &pairs {
                for height in [512, 515, 601] {
                    for width in [32, 129] {
                        for (gap, end) in [(0, Flush::Start), (1, Flush::End), (32, Flush::Start)] {
                            check(pair, [height, width, gap], &mut areas, end);
                        }
                    }
                }
                // Rows that fall into few sets of the caches.
                check(pair, [515, 256, 0], &mut areas, Flush::End);
                check(pair, [515, 250, 6], &mut areas, Flush::Start);
                check(pair, [70, 1100, 3], &mut areas, Flush::End);
                check(pair, [130, 1024, 3], &mut areas, Flush::End);
            }
        });
    }
}
