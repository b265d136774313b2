//! Casts across, past the caches: the elements of a piece of some rows of the source are converted where they are contiguous,
//! into scratch that stays in the nearest caches, and go from there to columns of the destination.
//!
//! ```text
//!   strip    as many rows of the source as make a few lines of the destination
//!   piece    so many columns of it that scratch stays near: converted row by row, then transposed and streamed
//! ```
//!
//! Pieces follow each other along the rows, strips down them. While a piece is written, the next one is brought near, a row
//! at a time.
//!
//! Measured on Zen 4, in shares of a plain streamed copy of as many bytes, 4096 x 4096 and 3000 x 5000: f64 to f32 0.55 to
//! 0.6, f32 to f64 0.5 to 0.57, f32 to u8 0.55 and 0.4, u8 to f32 0.45, 64 bits to 64 bits 0.55; transposing first and
//! converting the rows of the result 0.25 to 0.4. With the lines of the next piece asked for column by column 0.45, some of
//! them while this one is converted 0.8 to 0.95 of this, none of them 0.5; with 4096 columns in a panel 0.95. Pairs
//! that are converted in the registers of the transpose do not come here: see `copy::converted`.

use aligned_vec::{AVec, ConstAlign};

use libstrided_layout::nest::Loop;

use super::large::{Work, walk};
use crate::cache::LINE;
use crate::copy::{Axis, Columns, Converted, Soon, Strip};

/// Bytes of a row of a piece, about, and columns of it at most.
const ROW: usize = 512;
const PIECE: usize = 256;
/// Columns that are gone through strip by strip, at most: a line of each is kept.
const PANEL: usize = 1024;
/// Elements that the loops of all conversions take at once, and columns that a part has at least.
const STEP: usize = 64;
const LEAST: usize = 16;
/// Rows of a strip, at most.
const ROWS: usize = 64;
/// Bytes of scratch: a piece of strips of 4 lines, whose rows begin an odd number of lines apart so that they fall into all
/// sets of the cache, and a line per column of a panel.
const PIECE_BYTES: usize = 4 * LINE * PIECE + 2 * LINE * ROWS;
const SCRATCH: usize = PIECE_BYTES + PANEL * LINE;
/// Columns and bytes of a column that are worth it.
const WIDE: i64 = Converted::LEAST as i64;
const HIGH: usize = 8 * LINE;

/// A plane of the source, whose columns are contiguous in the destination.
struct Plane {
    /// The loop along which the source is contiguous, and the one along which the destination is.
    a: Loop<2>,
    b: Loop<2>,
    columns: Columns,
    /// Columns of a piece, at most.
    piece: usize,
    scratch: *mut u8,
    /// Bytes from row to row in scratch.
    pitch: usize,
}

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
        let long = a.extent >= WIDE && b.extent as usize * self.to >= HIGH;
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
        if let Some(mut way) = Converted::new(self.dtypes[0], self.dtypes[1], b.strides[0] as isize) {
            let axes = [a, b].map(|l| Axis {
                n: l.extent as usize,
                s: l.strides[0] as isize,
                d: l.strides[1] as isize,
            });
            walk::<CAP>(rest, src, dst, |src, dst| {
                // SAFETY: the two loops from here on, which suit.
                unsafe { way.run(axes, src, dst) };
            });
            return true;
        }
        let mut scratch = AVec::<u8, ConstAlign<LINE>>::new(LINE);
        let (Some(columns), Ok(())) = (Columns::new(self.to), scratch.try_reserve_exact(SCRATCH)) else {
            return false;
        };
        let piece = (ROW / self.to.min(self.from)).min(PIECE);
        let pitch = ((piece * self.to).div_ceil(LINE) | 1) * LINE;
        debug_assert!(columns.rows() * pitch <= PIECE_BYTES);
        let plane = Plane { a, b, columns, piece, scratch: scratch.as_mut_ptr(), pitch };
        walk::<CAP>(rest, src, dst, |src, dst| {
            // SAFETY: the two loops from here on; there is room for a piece and a line per column.
            unsafe { self.strips(&plane, src, dst) };
        });
        true
    }

    /// # Safety
    /// As [`Work::across`], for one plane, which suits.
    unsafe fn strips(&self, plane: &Plane, src: *const u8, dst: *mut u8) {
        let [width, height] = [plane.a.extent as usize, plane.b.extent as usize];
        let [[_, a_d], [b_s, _]] = [plane.a, plane.b].map(|l| l.strides.map(|stride| stride as isize));
        let (high, panel) = (plane.columns.rows(), even_part(width, PANEL));
        let in_scratch: [isize; ROWS] = core::array::from_fn(|k| (k * plane.pitch) as isize);
        let in_source: [isize; ROWS] = core::array::from_fn(|k| b_s.wrapping_mul(k as isize));
        let of_columns: [isize; PIECE] = core::array::from_fn(|k| a_d.wrapping_mul(k as isize));
        let kept = plane.scratch.wrapping_add(PIECE_BYTES);
        let source = |i: usize, j: usize| {
            src.wrapping_add(i * self.from).wrapping_offset(b_s.wrapping_mul(j as isize))
        };
        for begin in (0..width).step_by(panel) {
            let end = width.min(begin + panel);
            let wide = even_part(end - begin, plane.piece);
            for j in (0..height).step_by(high) {
                let m = high.min(height - j);
                for i in (begin..end).step_by(wide) {
                    let n = wide.min(end - i);
                    let next = if i + n < end { source(i + n, j) } else { source(begin, j + m) };
                    // SAFETY: a piece of the plane, for which scratch has room; strips follow each other.
                    unsafe {
                        let steps = [b_s, plane.pitch as isize];
                        self.conversion.run_rows(source(i, j), plane.scratch, n, m, steps);
                        plane.columns.write(&Strip {
                            src: plane.scratch,
                            rows: &in_scratch[..m],
                            dst: dst.wrapping_offset(a_d.wrapping_mul(i as isize)).wrapping_add(j * self.to),
                            columns: &of_columns[..n],
                            kept: kept.wrapping_add((i - begin) * LINE),
                            begins: j == 0,
                            ends: j + m == height,
                            soon: Soon { from: next, rows: &in_source[..m], bytes: n * self.from },
                        });
                    }
                }
            }
        }
    }
}

/// The extent of the parts when `n`, which is `LEAST` or more, is cut into as few parts of at most `most` as possible: of
/// whole `STEP`s, so that no conversion goes element by element at the end of every row of a part, or all about the same
/// where the last one would have too few.
fn even_part(n: usize, most: usize) -> usize {
    let even = n.div_ceil(n.div_ceil(most));
    let steps = even.next_multiple_of(STEP).min(most);
    if n.is_multiple_of(steps) || n % steps >= LEAST { steps } else { even }
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
