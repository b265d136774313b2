//! Do two layouts share memory, and do elements of one layout share memory with each other?
//!
//! The byte `u` of the element `x` of a layout `a` lies at `sum(stride_k * x_k) + u`. So two layouts share a byte
//! exactly when an equation in bounded integers has a solution:
//!
//! ```text
//!   sum(a.stride_k * x_k) + u  =  delta + sum(b.stride_k * y_k) + v
//!   0 <= x_k < a.shape_k,  0 <= u < a.itemsize,  0 <= y_k < b.shape_k,  0 <= v < b.itemsize
//! ```
//!
//! Counting negative strides from the other end, and all of `b` from the other end, makes every coefficient positive
//! and moves all constants to one side. What is left is `sum(c_i * z_i) = target` with `0 <= z_i <= u_i`, a bounded
//! linear Diophantine problem, as in NumPy's `shares_memory`. It is NP-hard in general and easy for nearly every
//! pair of views that anybody makes, so it is asked in steps, the cheap ones first:
//!
//! ```text
//!   cheap tests (this page)   bounds apart? corners on each other? both packed? interleaved within a period?
//!        |  not decided
//!   terms                     the equation: equal coefficients merged, gapless ones joined
//!        |  more than two terms left
//!   solve                     depth-first search pruned by bounds and greatest common divisors, within a budget
//! ```
//!
//! Where the budget ends first, the answer is [`Overlap::Undecided`], and the caller has to take it for a yes. Sizes
//! of checked layouts fit into 63 bits, so all sums of two of them fit into 64; nothing here wraps or panics,
//! whatever `delta` is.

mod solve;
mod terms;

use crate::{Layout, MAX_NDIM};
use terms::Terms;

/// The answer to a question about shared memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// No byte is shared.
    No,
    /// A byte is shared.
    Yes,
    /// The work allowed was spent before it was known.
    Undecided,
}

/// Terms that fit into the small equation: 5 axes on each side and the bytes of an item.
const FEW: usize = 11;
/// Terms that always fit.
const MANY: usize = 2 * MAX_NDIM + 1;

/// Whether the byte ranges `low..high` of two layouts intersect. `delta` is the address of element `[0, 0, ...]` of
/// `b` minus that of `a`, in bytes. A layout without elements intersects nothing.
#[inline]
pub fn bounds_overlap(a: Layout<'_>, b: Layout<'_>, delta: i64) -> bool {
    let (a, b) = (Bounds::of(a, 0), Bounds::of(b, delta));
    a.intersect(b)
}

/// Whether any element of `a` shares a byte with any element of `b`: exact. `delta` is the address of element
/// `[0, 0, ...]` of `b` minus that of `a`, in bytes.
///
/// `max_work` bounds the search: it is the number of partial solutions that may be tried after the tests that need no
/// search, each a few tens of nanoseconds. These tests, which run with 0 too, decide all pairs of contiguous, sliced
/// and transposed views of one matrix.
///
/// ```
/// use libstrided_layout::{Layout, Overlap, bounds_overlap, overlap};
///
/// // The even and the odd columns of a 4 x 6 matrix of 8-byte elements: the ranges intersect, the elements do not.
/// let columns = Layout::new(8, &[4, 3], &[48, 16])?;
/// assert!(bounds_overlap(columns, columns, 8));
/// assert_eq!(overlap(columns, columns, 8, 0), Overlap::No);
/// assert_eq!(overlap(columns, columns, 12, 0), Overlap::Yes);
/// # Ok::<(), libstrided_layout::Error>(())
/// ```
#[inline]
pub fn overlap(a: Layout<'_>, b: Layout<'_>, delta: i64, max_work: u64) -> Overlap {
    let (bounds_a, bounds_b) = (Bounds::of(a, 0), Bounds::of(b, delta));
    if !bounds_a.intersect(bounds_b) {
        return Overlap::No;
    }
    if corners_meet(a, b, delta, bounds_a, bounds_b) {
        return Overlap::Yes;
    }
    if interleave(a, b, delta) {
        return Overlap::No;
    }
    if packed_meet(a, b, bounds_a, bounds_b) {
        return Overlap::Yes;
    }
    // The bounds intersect, so this is from 0 to the sum of both spans, which fits into 64 bits.
    let target = (bounds_b.high - 1 - bounds_a.low) as u64;
    pair_equation::<FEW>(a, b, target, max_work)
        .unwrap_or_else(|| pair_with_many_terms(a, b, target, max_work))
}

/// Whether two *different* elements of the layout share a byte. `max_work` as for [`overlap`].
///
/// ```
/// use libstrided_layout::{Layout, Overlap, self_overlap};
///
/// let windows = Layout::new(8, &[5, 3], &[8, 8])?;
/// assert_eq!(self_overlap(windows, 0), Overlap::Yes);
/// let transposed = Layout::new(8, &[5, 3], &[8, 40])?;
/// assert_eq!(self_overlap(transposed, 0), Overlap::No);
/// # Ok::<(), libstrided_layout::Error>(())
/// ```
#[inline]
pub fn self_overlap(l: Layout<'_>, max_work: u64) -> Overlap {
    let axes = || l.shape().iter().copied().zip(l.strides().iter().copied());
    // In nearly every layout each stride steps over all that the axes after it, or before it, take.
    if l.is_empty() || nested(l.itemsize(), axes().rev()) || nested(l.itemsize(), axes()) {
        return Overlap::No;
    }
    // The same element twice, or two that lie less than an item apart.
    if axes().any(|(n, stride)| n > 1 && stride.unsigned_abs() < l.itemsize() as u64) {
        return Overlap::Yes;
    }
    self_equations::<FEW>(l, max_work).unwrap_or_else(|| self_with_many_terms(l, max_work))
}

/// Whether two layouts, laid at the same address, walk through the same elements in the same order: equal item sizes,
/// and equal extents and strides where axes of extent 1 are left out. An operation may then read and write
/// element by element in place. A `false` says nothing: `(2, 3)` and `(6,)` over packed memory walk alike too.
#[inline]
pub fn same_elements(a: Layout<'_>, b: Layout<'_>) -> bool {
    fn walked<'a>(l: Layout<'a>) -> impl Iterator<Item = (&'a i64, &'a i64)> {
        l.shape().iter().zip(l.strides()).filter(|&(&n, _)| n != 1)
    }
    a.itemsize() == b.itemsize() && (walked(a).eq(walked(b)) || a.is_empty() && b.is_empty())
}

/// A byte range on a common scale: offsets from element `[0, 0, ...]` of the first layout.
#[derive(Clone, Copy)]
struct Bounds {
    low: i128,
    high: i128,
}

impl Bounds {
    #[inline]
    fn of(l: Layout<'_>, delta: i64) -> Bounds {
        let (low, high) = l.extent();
        Bounds { low: delta as i128 + low as i128, high: delta as i128 + high as i128 }
    }

    #[inline]
    fn is_empty(self) -> bool {
        self.low == self.high
    }

    #[inline]
    fn intersect(self, other: Bounds) -> bool {
        !self.is_empty() && !other.is_empty() && self.low < other.high && other.low < self.high
    }

    #[inline]
    fn contains(self, byte: i128) -> bool {
        self.low <= byte && byte < self.high
    }
}

/// Whether the elements at index 0, the lowest or the highest ones share a byte.
#[inline]
fn corners_meet(a: Layout<'_>, b: Layout<'_>, delta: i64, bounds_a: Bounds, bounds_b: Bounds) -> bool {
    let (bytes_a, bytes_b) = (a.itemsize() as i128, b.itemsize() as i128);
    let near = |b_minus_a: i128| -bytes_b < b_minus_a && b_minus_a < bytes_a;
    near(delta as i128)
        || near(bounds_b.low - bounds_a.low)
        || near(bounds_b.high - bytes_b - (bounds_a.high - bytes_a))
}

/// Whether one layout is packed and an end of the other one lies in it, or both are packed; the bounds intersect.
#[inline]
fn packed_meet(a: Layout<'_>, b: Layout<'_>, bounds_a: Bounds, bounds_b: Bounds) -> bool {
    let ends_in = |inner: Bounds, outer: Bounds| outer.contains(inner.low) || outer.contains(inner.high - 1);
    match (is_packed(a), is_packed(b)) {
        (true, true) => true,
        (true, false) => ends_in(bounds_b, bounds_a),
        (false, true) => ends_in(bounds_a, bounds_b),
        (false, false) => false,
    }
}

/// Whether the elements, in C or F order, take every byte of their range.
#[inline]
fn is_packed(l: Layout<'_>) -> bool {
    fn gapless(itemsize: i64, axes: impl Iterator<Item = (i64, i64)>) -> bool {
        let mut taken = itemsize as u64;
        for (n, stride) in axes {
            if n != 1 {
                if stride.unsigned_abs() != taken {
                    return false;
                }
                taken *= n as u64;
            }
        }
        true
    }
    let axes = || l.shape().iter().copied().zip(l.strides().iter().copied());
    gapless(l.itemsize(), axes().rev()) || gapless(l.itemsize(), axes())
}

/// Whether all strides of both layouts are multiples of one period in which the items lie side by side, as the even
/// and odd columns of a matrix or the channels of an image do.
#[inline]
fn interleave(a: Layout<'_>, b: Layout<'_>, delta: i64) -> bool {
    let strides = || longer_axes(a).chain(longer_axes(b)).map(|(_, stride)| stride);
    let (mut bits, mut smallest) = (0, u64::MAX);
    for stride in strides() {
        bits |= stride;
        smallest = smallest.min(stride);
    }
    let (bytes_a, bytes_b) = (a.itemsize() as u64, b.itemsize() as u64);
    let fits = |within: u64, period: u64| within >= bytes_a && period - within >= bytes_b;
    // The largest power of two that divides all strides costs no division.
    let power = bits & bits.wrapping_neg();
    if power > 1 && fits(delta as u64 & (power - 1), power) {
        return true;
    }
    // Then the smallest stride, if it divides the others; no stride of a checked layout reaches 2^63.
    match i64::try_from(smallest) {
        Ok(period) if smallest != power && strides().all(|s| s.is_multiple_of(smallest)) => {
            fits(delta.rem_euclid(period) as u64, smallest)
        }
        _ => false,
    }
}

/// Extents and absolute strides of the axes that lead from one element to another one; the layout is not empty.
#[inline]
fn longer_axes(l: Layout<'_>) -> impl DoubleEndedIterator<Item = (u64, u64)> {
    l.shape()
        .iter()
        .zip(l.strides())
        .filter(|&(&n, &stride)| n != 1 && stride != 0)
        .map(|(&n, &stride)| (n as u64, stride.unsigned_abs()))
}

/// Whether each stride steps over all that the axes before it take, so that no two elements meet.
#[inline]
fn nested(itemsize: i64, axes: impl Iterator<Item = (i64, i64)>) -> bool {
    let mut taken = itemsize as u64;
    for (n, stride) in axes {
        if n != 1 {
            let stride = stride.unsigned_abs();
            if stride < taken {
                return false;
            }
            // At most the span of a checked layout.
            taken += stride * (n as u64 - 1);
        }
    }
    true
}

/// Asks the equation for two layouts; `None` when it has more than `CAP` terms.
#[inline]
fn pair_equation<const CAP: usize>(
    a: Layout<'_>,
    b: Layout<'_>,
    target: u64,
    max_work: u64,
) -> Option<Overlap> {
    let mut terms = Terms::<CAP>::new();
    terms.add(1, (a.itemsize() - 1) as u64 + (b.itemsize() - 1) as u64)?;
    for (n, stride) in longer_axes(a).chain(longer_axes(b)) {
        terms.add(stride, n - 1)?;
    }
    terms.join();
    Some(solve::solve(&terms, target, max_work))
}

#[cold]
#[inline(never)]
fn pair_with_many_terms(a: Layout<'_>, b: Layout<'_>, target: u64, max_work: u64) -> Overlap {
    pair_equation::<MANY>(a, b, target, max_work).unwrap_or(Overlap::Undecided)
}

/// Asks the equations for one layout without zero strides; `None` when they have more than `CAP` terms.
///
/// Two different elements differ by `d_k` on each axis. Take the axis with the largest stride on which they differ,
/// and let `d_k > 0` there (else exchange the two). They share a byte when the axes with smaller strides make up for
/// it: `c_k * d_k = sum(c_j * d_j) + w`, with `-n_j < d_j < n_j` and `w` the difference of two bytes of an item. That
/// is one equation for each axis, and most are out of reach at once: a stride larger than everything below it.
fn self_equations<const CAP: usize>(l: Layout<'_>, max_work: u64) -> Option<Overlap> {
    let mut axes = Terms::<CAP>::new();
    for (n, stride) in longer_axes(l) {
        if !axes.add_distinct(stride, n - 1)? {
            // Equal strides: one step forth on one axis, one back on the other.
            return Some(Overlap::Yes);
        }
    }
    let mut below = Terms::<CAP>::new();
    let mut reach = (l.itemsize() - 1) as u64;
    below.add(1, 2 * reach)?;
    let mut work_left = max_work;
    let mut answer = Overlap::No;
    for &axis in axes.as_slice() {
        if axis.coefficient <= reach {
            let mut terms = below;
            terms.add(axis.coefficient, axis.bound - 1)?;
            terms.join();
            let target = reach + axis.coefficient * axis.bound;
            let (decided, work) = solve::solve_counting(&terms, target, work_left);
            work_left -= work;
            match decided {
                Overlap::Yes => return Some(Overlap::Yes),
                Overlap::No => {}
                Overlap::Undecided => answer = Overlap::Undecided,
            }
        }
        below.add(axis.coefficient, 2 * axis.bound)?;
        reach += axis.coefficient * axis.bound;
    }
    Some(answer)
}

#[cold]
#[inline(never)]
fn self_with_many_terms(l: Layout<'_>, max_work: u64) -> Overlap {
    self_equations::<MANY>(l, max_work).unwrap_or(Overlap::Undecided)
}
