//! Casts across inside the caches: tiles that stay in the first-level cache, turned while their elements are small.
//!
//! ```text
//!   to smaller elements, or of one size    the rows of the source are converted into scratch, which is then transposed
//!   to larger ones, or rows have gaps      a tile of the source is transposed into scratch, whose rows are then converted
//! ```
//!
//! Rows of scratch begin an odd number of lines apart, so that they do not fall into few sets of the cache, and tiles end
//! with lines of the result where it begins with one.
//!
//! Measured on Zen 4, in shares of a plain copy of as many bytes, against transposing boxes of 64 KiB first whatever the
//! sizes: 192 x 192 f64 to f32 0.9 and 0.65, f32 to u8 0.6 and 0.38, u8 to f32 0.75 and 0.4, 64 bits to 16 0.95 and 0.5, f32
//! to f64 0.85 and 0.82; 1000 x 300 1.0 to 1.4 times as fast, f32 to f64 0.95 times. Against the driver's tiles, 20 x 20 to
//! 100 x 100: 1.05 to 4 times as fast, mostly 1.3 to 2.5.

use core::mem::MaybeUninit;

use libstrided_layout::nest::Loop;

use super::large::{Work, walk};
use crate::cache::LINE;
use crate::copy::{Axis, pack2d};

/// Elements of a side of a tile, and bytes that it has in scratch, at most.
const SIDE: usize = 64;
const TILE: usize = 16 << 10;

/// Room for a tile whose rows are as far apart as they ever are.
#[repr(align(64))]
struct Scratch(MaybeUninit<[u8; TILE + 2 * LINE * SIDE]>);

impl Work {
    /// Casts planes of `a`, along which the source moves least, and `b`, along which the destination is contiguous, at all
    /// positions of `rest`.
    ///
    /// # Safety
    /// As [`Work::put`], for the elements of all loops.
    pub(super) unsafe fn near<const CAP: usize>(
        &self,
        [a, b]: [Loop<2>; 2],
        rest: &[Loop<2>],
        src: *const u8,
        dst: *mut u8,
    ) {
        let mut scratch = Scratch(MaybeUninit::uninit());
        let scratch = scratch.0.as_mut_ptr().cast::<u8>();
        let first = self.to <= self.from && a.strides[0] == self.from as i64;
        let item = if first { self.to } else { self.from };
        let high = part(b.extent as usize, SIDE, LINE / self.to);
        let wide = part(a.extent as usize, SIDE.min(TILE / item / high), LINE / self.from);
        let [[a_s, a_d], [b_s, _]] = [a, b].map(|l| l.strides.map(|stride| stride as isize));
        walk::<CAP>(rest, src, dst, |src, dst| {
            for j in (0..b.extent as usize).step_by(high) {
                let m = high.min(b.extent as usize - j);
                for i in (0..a.extent as usize).step_by(wide) {
                    let n = wide.min(a.extent as usize - i);
                    let src = src.wrapping_offset(a_s * i as isize + b_s * j as isize);
                    let dst = dst.wrapping_offset(a_d * i as isize).wrapping_add(j * self.to);
                    let axes = [Axis { n, s: a_s, d: a_d }, Axis { n: m, s: b_s, d: self.to as isize }];
                    // SAFETY: a tile of the plane, for which the scratch has room.
                    unsafe { self.tile(axes, first, src, dst, scratch) };
                }
            }
        });
    }

    /// Casts a tile of `a.n` by `b.n` elements, of which the source has contiguous rows if they are converted first.
    ///
    /// # Safety
    /// As [`Work::put`], for these; the scratch has room for the tile.
    #[inline]
    unsafe fn tile(&self, [a, b]: [Axis; 2], first: bool, src: *const u8, dst: *mut u8, scratch: *mut u8) {
        let (from, to) = (self.from as isize, self.to as isize);
        let pitch = |row: usize| ((row.div_ceil(LINE) | 1) * LINE) as isize;
        // SAFETY: the caller's promise; each row of scratch is written before it is read.
        unsafe {
            if first {
                let pitch = pitch(a.n * self.to);
                self.conversion.run_rows(src, scratch, a.n, b.n, [b.s, pitch]);
                pack2d([Axis { s: to, ..a }, Axis { s: pitch, ..b }], self.to, scratch, dst);
            } else {
                let pitch = pitch(b.n * self.from);
                pack2d([Axis { d: pitch, ..a }, Axis { d: from, ..b }], self.from, src, scratch);
                self.conversion.run_rows(scratch, dst, b.n, a.n, [pitch, a.d]);
            }
        }
    }
}

/// The extent of the parts when `n` elements are cut into about equal parts of at most `most`, all of which but the last make
/// whole lines.
fn part(n: usize, most: usize, line: usize) -> usize {
    n.div_ceil(n.div_ceil(most)).next_multiple_of(line).min(most).min(n)
}
