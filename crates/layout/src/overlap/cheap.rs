//! The tests that decide nearly all pairs of views in a few nanoseconds.

use crate::Layout;

/// The bytes that a layout with elements takes, `low..high`, counted from element `[0, 0, ...]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    low: i64,
    high: i64,
}

impl Bounds {
    /// `None` when there are no elements.
    #[inline]
    pub(super) fn of(l: Layout<'_>) -> Option<Bounds> {
        let (mut low, mut high) = (0i64, l.itemsize());
        for (&n, &stride) in l.shape().iter().zip(l.strides()) {
            if n == 0 {
                return None;
            }
            // A checked layout without elements may have strides that overflow here, before its extent 0 is seen.
            let reach = stride.wrapping_mul(n - 1);
            low = low.wrapping_add(reach.min(0));
            high = high.wrapping_add(reach.max(0));
        }
        Some(Bounds { low, high })
    }
}

/// Two layouts with elements, the second one `delta` bytes after the first one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub(super) a: Layout<'a>,
    pub(super) b: Layout<'a>,
    delta: i64,
    bounds_a: Bounds,
    bounds_b: Bounds,
}

impl<'a> Pair<'a> {
    /// `None` when the byte ranges are apart.
    #[inline]
    pub(super) fn intersecting(a: Layout<'a>, b: Layout<'a>, delta: i64) -> Option<Pair<'a>> {
        let pair = Pair { a, b, delta, bounds_a: Bounds::of(a)?, bounds_b: Bounds::of(b)? };
        let (low_b, high_b) = pair.range_b();
        ((pair.bounds_a.low as i128) < high_b && low_b < pair.bounds_a.high as i128).then_some(pair)
    }

    /// The byte range of `b`, counted from element `[0, 0, ...]` of `a`.
    #[inline]
    fn range_b(&self) -> (i128, i128) {
        let delta = self.delta as i128;
        (delta + self.bounds_b.low as i128, delta + self.bounds_b.high as i128)
    }

    /// What all positive steps from the lowest byte of `a` and all steps back from the highest byte of `b` have to
    /// sum up to. Since the ranges intersect, it is from 0 to the sum of both spans, and fits into 64 bits.
    #[inline]
    pub(super) fn target(&self) -> u64 {
        (self.range_b().1 - 1 - self.bounds_a.low as i128) as u64
    }

    /// Whether the elements at index 0, the lowest or the highest ones share a byte.
    #[inline]
    pub(super) fn corners_meet(&self) -> bool {
        let (bytes_a, bytes_b) = (self.a.itemsize() as i128, self.b.itemsize() as i128);
        let near = |b_minus_a: i128| -bytes_b < b_minus_a && b_minus_a < bytes_a;
        let (low_b, high_b) = self.range_b();
        near(self.delta as i128)
            || near(low_b - self.bounds_a.low as i128)
            || near(high_b - bytes_b - (self.bounds_a.high as i128 - bytes_a))
    }

    /// Whether both layouts are packed, or one is, and an end of the other one lies in it.
    #[inline]
    pub(super) fn packed_meet(&self) -> bool {
        let (low_a, high_a) = (self.bounds_a.low as i128, self.bounds_a.high as i128);
        let (low_b, high_b) = self.range_b();
        match (is_packed(self.a), is_packed(self.b)) {
            (true, true) => true,
            (true, false) => low_a <= low_b || high_b <= high_a,
            (false, true) => low_b <= low_a || high_a <= high_b,
            (false, false) => false,
        }
    }

    /// Whether all strides of both layouts are multiples of one period in which the items lie side by side, as the
    /// even and odd columns of a matrix or the channels of an image do.
    #[inline]
    pub(super) fn interleave(&self) -> bool {
        let strides = || longer_axes(self.a).chain(longer_axes(self.b)).map(|(_, stride)| stride);
        let (mut bits, mut smallest) = (0, u64::MAX);
        for (_, stride) in longer_axes(self.a) {
            bits |= stride;
            smallest = smallest.min(stride);
        }
        for (_, stride) in longer_axes(self.b) {
            bits |= stride;
            smallest = smallest.min(stride);
        }
        let (bytes_a, bytes_b) = (self.a.itemsize() as u64, self.b.itemsize() as u64);
        let fits = |within: u64, period: u64| within >= bytes_a && period - within >= bytes_b;
        // The largest power of two that divides all strides costs no division.
        let power = bits & bits.wrapping_neg();
        if power > 1 && fits(self.delta as u64 & (power - 1), power) {
            return true;
        }
        // Then the smallest stride, if it divides the others. No stride of a checked layout reaches 2^63.
        match i64::try_from(smallest) {
            Ok(period) if smallest != power && bytes_a < smallest && bytes_b < smallest => {
                fits(self.delta.rem_euclid(period) as u64, smallest)
                    && strides().all(|s| s.is_multiple_of(smallest))
            }
            _ => false,
        }
    }
}

/// Whether the elements, in C or F order, take every byte of their range; there are elements.
#[inline]
fn is_packed(l: Layout<'_>) -> bool {
    fn gapless(itemsize: i64, axes: impl Iterator<Item = (u64, u64)>) -> bool {
        let mut taken = itemsize as u64;
        for (n, stride) in axes {
            if stride != taken {
                return false;
            }
            // At most the checked size in bytes.
            taken *= n;
        }
        true
    }
    gapless(l.itemsize(), longer_axes(l).rev()) || gapless(l.itemsize(), longer_axes(l))
}

/// Whether each stride, in C or F order, steps over all that the axes inside it take, so that no two elements meet;
/// there are elements.
#[inline]
pub(super) fn is_nested(l: Layout<'_>) -> bool {
    fn nested(itemsize: i64, axes: impl Iterator<Item = (u64, u64)>) -> bool {
        let mut taken = itemsize as u64;
        for (n, stride) in axes {
            if stride < taken {
                return false;
            }
            // At most the span of a checked layout.
            taken += stride * (n - 1);
        }
        true
    }
    nested(l.itemsize(), longer_axes(l).rev()) || nested(l.itemsize(), longer_axes(l))
}

/// Extents and absolute strides of the axes that lead from one element to another one.
#[inline]
pub(super) fn longer_axes(l: Layout<'_>) -> impl DoubleEndedIterator<Item = (u64, u64)> {
    l.shape()
        .iter()
        .zip(l.strides())
        .filter(|&(&n, _)| n != 1)
        .map(|(&n, &stride)| (n as u64, stride.unsigned_abs()))
}
