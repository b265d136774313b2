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
//!   cheap    bounds apart? corners on each other? interleaved within a period? both packed?
//!     |  not decided
//!   terms    the equation: equal coefficients merged, gapless ones joined
//!     |
//!   solve    at once with one term or two, else by depth-first search pruned by bounds and greatest common
//!            divisors, within a budget
//! ```
//!
//! Where the budget ends first, the answer is [`Overlap::Undecided`], and the caller has to take it for a yes. Sizes
//! of checked layouts fit into 63 bits, so all sums of two of them fit into 64; nothing here wraps or panics,
//! whatever `delta` is.

mod cheap;
mod solve;
mod terms;

use crate::{Layout, MAX_NDIM};
use cheap::{Pair, is_nested, longer_axes};
use solve::solve;
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
/// Terms that always fit: all axes of two layouts.
const MANY: usize = 2 * MAX_NDIM + 1;
/// The same for one layout.
const MANY_OF_ONE: usize = MAX_NDIM + 1;

/// Whether the byte ranges `low..high` of two layouts intersect. `delta` is the address of element `[0, 0, ...]` of
/// `b` minus that of `a`, in bytes. A layout without elements intersects nothing.
#[inline]
pub fn bounds_overlap(a: Layout<'_>, b: Layout<'_>, delta: i64) -> bool {
    Pair::intersecting(a, b, delta).is_some()
}

/// Whether any element of `a` shares a byte with any element of `b`: exact. `delta` is the address of element
/// `[0, 0, ...]` of `b` minus that of `a`, in bytes.
///
/// `max_work` bounds the search: it is the number of partial solutions that may be tried, each a few tens of
/// nanoseconds. With 0 the tests that need no search still run; they decide nearly all pairs of views of one array.
/// Slices of a matrix with different steps on both axes need a handful of tries.
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
    match Pair::intersecting(a, b, delta) {
        None => Overlap::No,
        Some(pair) if pair.corners_meet() => Overlap::Yes,
        Some(pair) if pair.interleave() => Overlap::No,
        Some(pair) if pair.packed_meet() => Overlap::Yes,
        Some(pair) => equation_of_pair(&pair, max_work),
    }
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
    // In nearly every layout each stride steps over all that the axes after it, or before it, take.
    if l.is_empty() || is_nested(l) {
        return Overlap::No;
    }
    // The same element twice, or two that lie less than an item apart.
    if longer_axes(l).any(|(_, stride)| stride < l.itemsize() as u64) {
        return Overlap::Yes;
    }
    equations_of_one(l, max_work)
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

#[inline(never)]
fn equation_of_pair(pair: &Pair<'_>, max_work: u64) -> Overlap {
    try_pair::<FEW>(pair, max_work).unwrap_or_else(|| pair_with_many_terms(pair, max_work))
}

/// Asks the equation for two layouts; `None` when it has more than `CAP` terms.
fn try_pair<const CAP: usize>(pair: &Pair<'_>, max_work: u64) -> Option<Overlap> {
    let mut terms = Terms::<CAP>::new();
    terms.add(1, (pair.a.itemsize() - 1) as u64 + (pair.b.itemsize() - 1) as u64)?;
    for l in [pair.a, pair.b] {
        for (n, stride) in longer_axes(l) {
            // A broadcast axis leads nowhere.
            if stride != 0 {
                terms.add(stride, n - 1)?;
            }
        }
    }
    terms.join();
    Some(solve(terms.as_slice(), pair.target(), max_work).0)
}

#[cold]
#[inline(never)]
fn pair_with_many_terms(pair: &Pair<'_>, max_work: u64) -> Overlap {
    try_pair::<MANY>(pair, max_work).unwrap_or(Overlap::Undecided)
}

#[inline(never)]
fn equations_of_one(l: Layout<'_>, max_work: u64) -> Overlap {
    try_one::<FEW>(l, max_work).unwrap_or_else(|| one_with_many_terms(l, max_work))
}

/// Asks the equations for one layout without zero strides; `None` when they have more than `CAP` terms.
///
/// Two different elements differ by `d_k` on each axis. Take the axis with the largest stride on which they differ,
/// and let `d_k > 0` there (else exchange the two). They share a byte when the axes with smaller strides make up for
/// it: `c_k * d_k = sum(c_j * d_j) + w`, with `-n_j < d_j < n_j` and `w` the difference of two bytes of an item. That
/// is one equation for each axis, and most are out of reach at once: a stride larger than everything below it.
fn try_one<const CAP: usize>(l: Layout<'_>, max_work: u64) -> Option<Overlap> {
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
            let (decided, work) = solve(terms.as_slice(), target, work_left);
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
fn one_with_many_terms(l: Layout<'_>, max_work: u64) -> Overlap {
    try_one::<MANY_OF_ONE>(l, max_work).unwrap_or(Overlap::Undecided)
}
