//! Views with the same elements in another order of axes: transpose, flip, rotate, add and drop unit axes.
//!
//! Every function writes the new axes to `out`; those that move element `[0, 0, ...]` return by how many bytes.

use crate::axes::each_axis;
use crate::{Axes, AxisSet, Error, Layout, MAX_NDIM, Result, normalize_axis};

/// Reorders the axes: axis `i` of the result is axis `axes[i]` of `l`; without `axes`, reverses them.
#[inline(always)]
pub fn transpose(l: Layout<'_>, axes: Option<&[i32]>, out: &mut Axes<'_>) -> Result<()> {
    let Some(axes) = axes else {
        return each_axis(l.ndim(), |axis| {
            let (n, stride) = l.axis(l.ndim() - 1 - axis);
            out.push(n, stride)
        });
    };
    if axes.len() != l.ndim() {
        return Err(Error::WrongCount { expected: l.ndim(), got: axes.len() as i64 });
    }
    let mut seen = AxisSet::default();
    each_axis(axes.len(), |i| {
        let axis = normalize_axis(axes[i], l.ndim())?;
        seen.insert(axis)?;
        let (n, stride) = l.axis(axis);
        out.push(n, stride)
    })
}

/// Exchanges two axes.
#[inline]
pub fn swapaxes(l: Layout<'_>, a: i32, b: i32, out: &mut Axes<'_>) -> Result<()> {
    let a = normalize_axis(a, l.ndim())?;
    let b = normalize_axis(b, l.ndim())?;
    for axis in 0..l.ndim() {
        let from = match axis {
            _ if axis == a => b,
            _ if axis == b => a,
            _ => axis,
        };
        out.push(l.shape()[from], l.strides()[from])?;
    }
    Ok(())
}

/// Moves axis `from[i]` to position `to[i]`; the other axes keep their order.
pub fn moveaxis(l: Layout<'_>, from: &[i32], to: &[i32], out: &mut Axes<'_>) -> Result<()> {
    if from.len() != to.len() {
        return Err(Error::WrongCount { expected: from.len(), got: to.len() as i64 });
    }
    let moved = AxisSet::from_axes(from, l.ndim())?;
    let taken = AxisSet::from_axes(to, l.ndim())?;
    let mut source = [0u8; MAX_NDIM];
    for (&f, &t) in from.iter().zip(to) {
        source[normalize_axis(t, l.ndim())?] = normalize_axis(f, l.ndim())? as u8;
    }
    let mut others = (0..l.ndim()).filter(|&axis| !moved.contains(axis));
    for (axis, &source) in source[..l.ndim()].iter().enumerate() {
        let from = if taken.contains(axis) { source as usize } else { others.next().unwrap_or(0) };
        out.push(l.shape()[from], l.strides()[from])?;
    }
    Ok(())
}

/// Drops the given axes, which must have extent 1; without `axes`, drops all that have.
pub fn squeeze(l: Layout<'_>, axes: Option<&[i32]>, out: &mut Axes<'_>) -> Result<()> {
    let dropped = match axes {
        Some(axes) => AxisSet::from_axes(axes, l.ndim())?,
        None => {
            let mut units = AxisSet::default();
            for (axis, &n) in l.shape().iter().enumerate() {
                if n == 1 {
                    units.insert(axis)?;
                }
            }
            units
        }
    };
    for (axis, (&n, &stride)) in l.shape().iter().zip(l.strides()).enumerate() {
        if !dropped.contains(axis) {
            out.push(n, stride)?;
        } else if n != 1 {
            return Err(Error::NotUnitAxis { axis, extent: n });
        }
    }
    Ok(())
}

/// Inserts axes of extent 1 (and stride 0); `axes` are positions in the result.
pub fn expand_dims(l: Layout<'_>, axes: &[i32], out: &mut Axes<'_>) -> Result<()> {
    let ndim = l.ndim() + axes.len();
    if ndim > MAX_NDIM {
        return Err(Error::TooManyAxes { ndim: ndim as i64 });
    }
    let added = AxisSet::from_axes(axes, ndim)?;
    let mut old = l.shape().iter().zip(l.strides());
    for axis in 0..ndim {
        let (n, stride) = match added.contains(axis) {
            true => (1, 0),
            false => old.next().map_or((1, 0), |(&n, &stride)| (n, stride)),
        };
        out.push(n, stride)?;
    }
    Ok(())
}

/// Reverses the given axes, or all of them.
pub fn flip(l: Layout<'_>, axes: Option<&[i32]>, out: &mut Axes<'_>) -> Result<i64> {
    let flipped = match axes {
        Some(axes) => AxisSet::from_axes(axes, l.ndim())?,
        None => AxisSet::all(l.ndim()),
    };
    let empty = l.is_empty();
    let mut offset = 0;
    for (axis, (&n, &stride)) in l.shape().iter().zip(l.strides()).enumerate() {
        if flipped.contains(axis) && n > 1 {
            if !empty {
                // The last element of each axis lies inside the extent, which fits.
                offset += stride * (n - 1);
            }
            // Only a stride that means nothing (no elements) can wrap here.
            out.push(n, stride.wrapping_neg())?;
        } else {
            out.push(n, stride)?;
        }
    }
    Ok(offset)
}

/// Rotates `k` times by 90 degrees from axis `a` towards axis `b`.
pub fn rot90(l: Layout<'_>, k: i32, a: i32, b: i32, out: &mut Axes<'_>) -> Result<i64> {
    if l.ndim() < 2 {
        return Err(Error::TooFewAxes { needed: 2, ndim: l.ndim() });
    }
    let (a, b) = (normalize_axis(a, l.ndim())?, normalize_axis(b, l.ndim())?);
    if a == b {
        return Err(Error::RepeatedAxis { axis: a });
    }
    let turns = k.rem_euclid(4);
    let mut flipped = AxisSet::default();
    if turns == 1 || turns == 2 {
        flipped.insert(b)?;
    }
    if turns == 2 || turns == 3 {
        flipped.insert(a)?;
    }
    // An odd number of turns exchanges the axes after the flip.
    let source = |axis: usize| match axis {
        _ if turns % 2 == 0 => axis,
        _ if axis == a => b,
        _ if axis == b => a,
        _ => axis,
    };
    let mut offset = 0;
    for axis in 0..l.ndim() {
        let from = source(axis);
        let (n, stride) = (l.shape()[from], l.strides()[from]);
        if flipped.contains(from) && n > 1 {
            if !l.is_empty() {
                offset += stride * (n - 1);
            }
            out.push(n, stride.wrapping_neg())?;
        } else {
            out.push(n, stride)?;
        }
    }
    Ok(offset)
}

/// The diagonal of axes `a` and `b`, `offset` places to the side of `b` (to the side of `a` when negative). The
/// diagonal is the last axis of the result; beyond the edge it has no elements.
pub fn diagonal(l: Layout<'_>, offset: i64, a: i32, b: i32, out: &mut Axes<'_>) -> Result<i64> {
    if l.ndim() < 2 {
        return Err(Error::TooFewAxes { needed: 2, ndim: l.ndim() });
    }
    let (a, b) = (normalize_axis(a, l.ndim())?, normalize_axis(b, l.ndim())?);
    if a == b {
        return Err(Error::RepeatedAxis { axis: a });
    }
    let (mut rows, mut columns) = (l.shape()[a], l.shape()[b]);
    let (row, column) = (l.strides()[a], l.strides()[b]);
    let mut start = 0i64;
    if offset >= 0 {
        columns = columns.saturating_sub(offset);
        start = start.wrapping_add(column.wrapping_mul(offset));
    } else {
        rows = rows.saturating_add(offset);
        start = start.wrapping_sub(row.wrapping_mul(offset));
    }
    let n = rows.min(columns).max(0);
    for axis in 0..l.ndim() {
        if axis != a && axis != b {
            out.push(l.shape()[axis], l.strides()[axis])?;
        }
    }
    // With two elements or more the step lies inside the extent; with fewer it means nothing.
    out.push(n, row.wrapping_add(column))?;
    // Without elements the start may be anywhere: stay where the view began.
    Ok(if n == 0 || l.is_empty() { 0 } else { start })
}
