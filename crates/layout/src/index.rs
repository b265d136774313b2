//! Basic indexing: integers, ranges with a step, new axes and an ellipsis, in one call.

use crate::{Axes, Error, Layout, Result};

/// One item of an index, as between the commas of `a[..., 1:9:2, None, -1]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// `start:stop:step`; absent ends are `None`. Ends beyond the axis are clamped to it.
    Range {
        /// The first element.
        start: Option<i64>,
        /// Where to stop, not included.
        stop: Option<i64>,
        /// The step, not 0; absent means 1.
        step: Option<i64>,
    },
    /// One element; the axis is dropped.
    At(i64),
    /// A new axis of extent 1.
    NewAxis,
    /// All axes that the other items leave over; once at most. Without one it stands at the end.
    Ellipsis,
}

impl Index {
    /// The whole axis: `:`.
    pub const ALL: Index = Index::Range { start: None, stop: None, step: None };

    /// `start:stop`.
    pub fn range(start: i64, stop: i64) -> Index {
        Index::Range { start: Some(start), stop: Some(stop), step: None }
    }
}

/// Applies an index; returns by how many bytes element `[0, 0, ...]` moves.
///
/// A result without elements starts where `l` does: no address outside the elements of `l` is ever made.
#[inline(always)]
pub fn index(
    l: Layout<'_>,
    items: impl Iterator<Item = Result<Index>> + Clone,
    out: &mut Axes<'_>,
) -> Result<i64> {
    // A wrong number of items is the first thing to say, but as long as nothing is wrong nobody has to count them.
    apply(l, items.clone(), out).map_err(|error| check_count(l.ndim(), items).err().unwrap_or(error))
}

/// Whether there are as many items as there can be: one for each axis, and one ellipsis.
#[cold]
fn check_count(ndim: usize, items: impl Iterator<Item = Result<Index>>) -> Result<()> {
    let mut consumed = 0usize;
    let mut ellipsis = false;
    for item in items {
        match item? {
            Index::Range { .. } | Index::At(_) => consumed += 1,
            Index::NewAxis => {}
            Index::Ellipsis if ellipsis => return Err(Error::RepeatedEllipsis),
            Index::Ellipsis => ellipsis = true,
        }
    }
    if consumed > ndim { Err(Error::TooManyIndices { items: consumed, ndim }) } else { Ok(()) }
}

/// How many items take an axis.
fn consumed(items: impl Iterator<Item = Result<Index>>) -> usize {
    items.filter(|item| matches!(item, Ok(Index::Range { .. } | Index::At(_)))).count()
}

#[inline(always)]
fn apply(
    l: Layout<'_>,
    mut items: impl Iterator<Item = Result<Index>> + Clone,
    out: &mut Axes<'_>,
) -> Result<i64> {
    let mut axes = l.shape().iter().copied().zip(l.strides().iter().copied()).enumerate();
    let too_many = || Error::TooManyIndices { items: l.ndim() + 1, ndim: l.ndim() };
    let mut ellipsis = false;
    let mut offset = 0i64;
    let mut empty = false;
    while let Some(item) = items.next() {
        match item? {
            Index::NewAxis => out.push(1, 0)?,
            Index::Ellipsis => {
                if ellipsis {
                    return Err(Error::RepeatedEllipsis);
                }
                ellipsis = true;
                let left_over = axes.len().checked_sub(consumed(items.clone())).ok_or_else(too_many)?;
                for (_, (n, stride)) in axes.by_ref().take(left_over) {
                    empty |= n == 0;
                    out.push(n, stride)?;
                }
            }
            Index::At(i) => {
                let (axis, (n, stride)) = axes.next().ok_or_else(too_many)?;
                let counted = if i < 0 { i.wrapping_add(n) } else { i };
                if !(0..n).contains(&counted) {
                    return Err(Error::IndexOutOfRange { index: i, axis, extent: n });
                }
                // Wraps only when there are no elements, and then the offset is not used.
                offset = offset.wrapping_add(stride.wrapping_mul(counted));
            }
            Index::Range { start, stop, step } => {
                let (axis, (n, stride)) = axes.next().ok_or_else(too_many)?;
                let r = fit_range(n, start, stop, step).ok_or(Error::ZeroStep { axis })?;
                empty |= r.len == 0;
                offset = offset.wrapping_add(stride.wrapping_mul(r.start));
                out.push(r.len, stride.wrapping_mul(r.step))?;
            }
        }
    }
    for (_, (n, stride)) in axes {
        empty |= n == 0;
        out.push(n, stride)?;
    }
    Ok(if empty { 0 } else { offset })
}

/// A range that has been fitted to its axis.
struct Fitted {
    /// The first element; inside the axis unless there are none.
    start: i64,
    /// The step, not 0.
    step: i64,
    /// The number of elements.
    len: i64,
}

/// Fits a range to an axis of extent `n` by the rules of Python's slices; `None` when the step is 0.
#[inline]
fn fit_range(n: i64, start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Option<Fitted> {
    let step = step.unwrap_or(1);
    let up = step > 0;
    let (low, high) = if up { (0, n) } else { (-1, n - 1) };
    // An end below 0 and an extent never overflow.
    let counted = |end: i64| if end < 0 { end.wrapping_add(n) } else { end };
    let fit = |end: Option<i64>, absent: i64| end.map_or(absent, |end| counted(end).max(low).min(high));
    let (start, stop) =
        if up { (fit(start, low), fit(stop, high)) } else { (fit(start, high), fit(stop, low)) };
    let span = if up { stop - start } else { start - stop };
    let len = match step.unsigned_abs() {
        0 => return None,
        _ if span <= 0 => 0,
        1 => span,
        stride => ((span - 1) as u64 / stride) as i64 + 1,
    };
    // The most negative step has no positive counterpart; one less does the same.
    Some(Fitted { start, step: step.max(-i64::MAX), len })
}

/// The byte offset of one element, given by one index per axis, negative ones counting from the end.
#[inline]
pub fn element_offset(l: Layout<'_>, indices: &[i64]) -> Result<i64> {
    if indices.len() != l.ndim() {
        return Err(Error::WrongCount { expected: l.ndim(), got: indices.len() as i64 });
    }
    let mut offset = 0i64;
    for (axis, &i) in indices.iter().enumerate() {
        let n = l.shape()[axis];
        let counted = if i < 0 { i.wrapping_add(n) } else { i };
        if !(0..n).contains(&counted) {
            return Err(Error::IndexOutOfRange { index: i, axis, extent: n });
        }
        offset = offset.wrapping_add(l.strides()[axis].wrapping_mul(counted));
    }
    Ok(offset)
}
