//! Which axis is cut, and where.

use core::ops::Range;

use crate::Operand;

const LINE: i64 = 64;
const PAGE: i64 = 4096;

/// An axis in parts. Cuts lie at multiples of `grain` from the index `first`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) axis: usize,
    extent: i64,
    parts: i64,
    grain: i64,
    first: i64,
}

impl Cut {
    /// How to cut a shape into up to `parts` parts, not along `whole`; nothing when it stays whole.
    pub(super) fn new(parts: usize, shape: &[i64], out: &Operand<'_>, whole: Option<usize>) -> Option<Cut> {
        let parts = parts as i64;
        if parts < 2 || shape.contains(&0) || shape.len() > libstrided_layout::MAX_NDIM {
            return None;
        }
        let axis = outermost(shape, out.strides, parts, whole)?;
        let (extent, stride) = (shape[axis], out.strides[axis]);
        let parts = parts.min(extent);
        // Between pages if parts are many pages, between lines if they are many lines.
        let (grain, unit) = [PAGE, LINE]
            .map(|unit| (unit / common_divisor(stride.unsigned_abs(), unit as u64) as i64, unit))
            .into_iter()
            .find(|(grain, _)| extent / parts >= 8 * grain)
            .unwrap_or((1, 1));
        // The first element that begins a page, or a line; when none does, it does not matter.
        let missing = (out.data as usize as i64).wrapping_neg().rem_euclid(unit);
        let first = (0..grain).find(|i| (i * stride).rem_euclid(unit) == missing).unwrap_or(0);
        Some(Cut { axis, extent, parts, grain, first })
    }

    /// How many parts there are.
    pub(super) fn parts(&self) -> usize {
        self.parts as usize
    }

    /// The indices of a part; empty ones do not occur.
    pub(super) fn range(&self, part: usize) -> Range<i64> {
        self.at(part as i64)..self.at(part as i64 + 1)
    }

    /// Where part `part` begins.
    fn at(&self, part: i64) -> i64 {
        if part <= 0 {
            return 0;
        }
        if part >= self.parts {
            return self.extent;
        }
        let even = (self.extent as i128 * part as i128 / self.parts as i128) as i64;
        // At least 8 grains per part: a cut that moves by less than one stays in its place.
        if self.grain == 1 { even } else { (even - self.first) / self.grain * self.grain + self.first }
    }
}

/// The axis that is outermost in the memory of the output, if the parts come out about the same; else the longest one.
fn outermost(shape: &[i64], strides: &[i64], parts: i64, whole: Option<usize>) -> Option<usize> {
    let even = |n: i64| n >= 8 * parts || n % parts == 0;
    let all = || (0..shape.len()).filter(|&axis| shape[axis] > 1 && Some(axis) != whole);
    let far = all().filter(|&axis| even(shape[axis])).max_by_key(|&axis| strides[axis].unsigned_abs());
    far.or_else(|| all().max_by_key(|&axis| shape[axis]))
}

/// The greatest common divisor; `b` is not 0.
fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while a != 0 {
        (a, b) = (b % a, a);
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;
    use libstrided_layout::DType;

    fn cut(parts: usize, shape: &[i64], strides: &[i64], address: usize) -> Option<Cut> {
        let out = Operand { data: address as *mut u8, dtype: DType::F64, itemsize: 8, strides };
        Cut::new(parts, shape, &out, None)
    }

    #[test]
    fn parts_cover_the_axis_once_and_none_is_empty() {
        for extent in [2, 3, 7, 8, 63, 64, 65, 1000, 4097, 100_000] {
            for stride in [8i64, -8, 16, 24, 64, 72, 4096, 100_000] {
                for parts in 2..9 {
                    for address in [0usize, 8, 24, 4000, 4096 - 8, 3] {
                        let cut = cut(parts, &[1, extent], &[0, stride], address).expect("a cut");
                        let mut next = 0;
                        for part in 0..cut.parts() {
                            let range = cut.range(part);
                            assert_eq!(range.start, next);
                            assert!(
                                range.end > range.start,
                                "{extent} {stride} {parts} {address}: {range:?}"
                            );
                            next = range.end;
                        }
                        assert_eq!((cut.axis, next), (1, extent));
                        let longest = (0..cut.parts()).map(|p| cut.range(p)).map(|r| r.end - r.start).max();
                        assert!(longest <= Some(extent * 5 / 4 / cut.parts() as i64 + 1));
                    }
                }
            }
        }
    }

    #[test]
    fn long_rows_are_cut_between_pages_whatever_their_address() {
        for address in [0usize, 8, 64, 4088] {
            let cut = cut(4, &[1 << 20], &[8], address).expect("a cut");
            for part in 1..4 {
                assert_eq!((address as i64 + 8 * cut.range(part).start) % PAGE, 0);
            }
        }
    }

    #[test]
    fn the_outermost_axis_of_the_output_is_cut() {
        assert_eq!(cut(2, &[100, 200], &[8, 800], 0).map(|c| c.axis), Some(1));
        assert_eq!(cut(2, &[100, 200], &[-1600, 8], 0).map(|c| c.axis), Some(0));
        assert_eq!(cut(4, &[3, 1_000_000], &[8_000_000, 8], 0).map(|c| c.axis), Some(1), "3 is not even");
        assert_eq!(cut(4, &[4, 1_000_000], &[8_000_000, 8], 0).map(|c| c.axis), Some(0));
        assert!(cut(4, &[1, 1], &[8, 8], 0).is_none());
        assert!(cut(4, &[], &[], 0).is_none());
        assert!(cut(4, &[9, 0], &[8, 8], 0).is_none());
        assert!(cut(1, &[100], &[8], 0).is_none());
    }
}
