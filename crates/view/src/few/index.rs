//! Basic indexing of views with one to four axes.

use super::{Few, Made};
use crate::raw::{READONLY, RawView};

/// What an item of an index takes of an axis.
// Made by whoever knows the item: an enum of items, handed over, would be put together in memory and taken apart again.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    first: i64,
    len: i64,
    step: i64,
    /// Whether the axis stays.
    kept: bool,
}

/// An end or a step of a range that is not given, as in the C ABI. No end of an array is that far away.
pub const ABSENT: i64 = i64::MIN;

impl Taken {
    /// One element of the `n`; the axis is dropped.
    #[inline(always)]
    pub fn at(n: i64, i: i64) -> Option<Taken> {
        let first = if is_within(i, n - 1) { i } else { counted_back(i, n, n - 1)? };
        Some(Taken { first, len: 1, step: 1, kept: false })
    }

    /// Some of the `n` elements, as [`Index::Range`](crate::Index::Range) has it. Ends that have to be moved to those of the axis
    /// are left to others.
    #[inline(always)]
    pub fn range(n: i64, start: i64, stop: i64, step: i64) -> Option<Taken> {
        let fit = |end: i64, absent: i64| match end {
            _ if is_within(end, n) => Some(end),
            ABSENT => Some(absent),
            _ => counted_back(end, n, n),
        };
        // Most ranges take every element.
        let (first, len, step) = if step == 1 || step == ABSENT {
            let first = fit(start, 0)?;
            (first, fit(stop, n)? - first, 1)
        } else if step > 0 {
            let first = fit(start, 0)?;
            (first, every(step, fit(stop, n)? - first), step)
        } else {
            let first = fit(start, n - 1)?;
            (first, every(step, first - fit(stop, -1)?), step)
        };
        (len > 0 && first < n).then_some(Taken { first, len, step, kept: true })
    }
}

/// An index below 0, counted from the end of an axis of `n`; `None` when it is not in `0..=last` then.
#[inline(always)]
fn counted_back(i: i64, n: i64, last: i64) -> Option<i64> {
    let counted = i.wrapping_add(n);
    // From an index that is too large this does not make one that is not.
    is_within(counted, last).then_some(counted)
}

/// Whether an index is in `0..=last`. One comparison: the compiler does not know that no axis has less than 0 elements.
#[inline(always)]
fn is_within(i: i64, last: i64) -> bool {
    i as u64 <= last as u64
}

/// How many of `span` elements a step takes; 0 when the step is 0.
#[inline(always)]
fn every(step: i64, span: i64) -> i64 {
    match step.unsigned_abs() {
        0 => 0,
        1 => span,
        _ if span < 1 => 0,
        stride => ((span - 1) as u64 / stride) as i64 + 1,
    }
}

/// An item of an index, as a language's interface has it.
// A trait and no closure: closures can not be told to be inlined always, and a call for each item costs as much as the rest.
pub trait Item {
    /// What it takes of an axis of `n` elements; `None` for what is wrong, takes nothing, or is no integer and no range.
    fn taken(&self, n: i64) -> Option<Taken>;
}

/// A view of `N` axes of which some may be dropped: how many come out shows only as it goes.
pub struct Indexed<const N: usize> {
    view: Few<N>,
    offset: i64,
    taken: [Taken; N],
}

/// [`index`](crate::algebra::index) of a view of `N` axes by integers and ranges.
#[inline(always)]
pub fn index<const N: usize>(v: &RawView, items: &[impl Item]) -> Option<Indexed<N>> {
    let view = Few::<N>::of(v)?;
    if items.len() > N {
        return None;
    }
    let mut all = [Taken { first: 0, len: 1, step: 1, kept: true }; N];
    // Written out: in a loop this would be too much for the compiler to unroll, and all of it be kept in memory.
    if N > 0 {
        all[0] = taken(items, 0, view.shape[0])?;
    }
    if N > 1 {
        all[1] = taken(items, 1, view.shape[1])?;
    }
    if N > 2 {
        all[2] = taken(items, 2, view.shape[2])?;
    }
    if N > 3 {
        all[3] = taken(items, 3, view.shape[3])?;
    }
    let mut offset = 0;
    for (stride, taken) in view.strides.iter().zip(&all) {
        offset += stride * taken.first;
    }
    Some(Indexed { view, offset, taken: all })
}

impl<const N: usize> Made for Indexed<N> {
    #[inline(always)]
    unsafe fn write_to(self, out: *mut RawView) {
        let Indexed { view, offset, taken } = self;
        let mut ndim = 0;
        // SAFETY: `out` is valid by the caller's promise, and has room for `MAX_NDIM` axes.
        unsafe {
            (*out).data = view.data.wrapping_offset(offset as isize);
            (*out).itemsize = view.itemsize;
            (*out).dtype = view.dtype.code();
            (*out).flags = if view.readonly { READONLY } else { 0 };
            // An axis that is dropped is written where the next one will be. That spares a question, and what has a place
            // that is known only as it goes would have to be gathered in memory.
            for (stride, taken) in view.strides.iter().zip(&taken) {
                (*out).shape[ndim].write(taken.len);
                (*out).strides[ndim].write(stride.wrapping_mul(taken.step));
                ndim += usize::from(taken.kept);
            }
            (*out).ndim = ndim as i32;
        }
    }
}

/// What the items take of an axis of `n` elements; those that there are not take all of it.
#[inline(always)]
fn taken(items: &[impl Item], axis: usize, n: i64) -> Option<Taken> {
    match items.get(axis) {
        Some(item) => item.taken(n),
        None => Some(Taken { first: 0, len: n, step: 1, kept: true }),
    }
}
