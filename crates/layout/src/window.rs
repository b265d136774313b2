//! Views that cut axes: sliding windows and parts.

use crate::{Axes, Error, Layout, Result, normalize_axis};

/// All windows of the given sizes: each axis shrinks by its window less one, and the window axes are appended. `axes`
/// may name an axis more than once (it then shrinks more than once); without `axes`, there is one window per axis.
pub fn sliding_window(l: Layout<'_>, axes: Option<&[i32]>, window: &[i64], out: &mut Axes<'_>) -> Result<()> {
    let expected = axes.map_or(l.ndim(), <[i32]>::len);
    if window.len() != expected {
        return Err(Error::WrongCount { expected, got: window.len() as i64 });
    }
    let axis_of = |i: usize| match axes {
        Some(axes) => normalize_axis(axes[i], l.ndim()),
        None => Ok(i),
    };
    for (i, &w) in window.iter().enumerate() {
        axis_of(i)?;
        if w < 0 {
            return Err(Error::InvalidArgument { rule: "a window must not be negative", value: w });
        }
    }
    for axis in 0..l.ndim() {
        let mut n = l.shape()[axis];
        for (i, &w) in window.iter().enumerate() {
            if axis_of(i)? != axis {
                continue;
            }
            if w > n {
                return Err(Error::WindowTooLong { axis, window: w, extent: n });
            }
            n = (n - w).checked_add(1).ok_or(Error::SizeOverflow)?;
        }
        out.push(n, l.strides()[axis])?;
    }
    for (i, &w) in window.iter().enumerate() {
        out.push(w, l.strides()[axis_of(i)?])?;
    }
    Ok(())
}

/// Part number `part` of `sections` nearly equal parts of an axis, the first ones longer by one where it does not come
/// out even (NumPy's `array_split`). Returns by how many bytes element `[0, 0, ...]` moves.
pub fn split(l: Layout<'_>, sections: i32, axis: i32, part: i32, out: &mut Axes<'_>) -> Result<i64> {
    let axis = normalize_axis(axis, l.ndim())?;
    if sections < 1 {
        return Err(Error::InvalidArgument {
            rule: "the number of sections must be at least 1",
            value: sections.into(),
        });
    }
    let (sections, part) = (i64::from(sections), i64::from(part));
    if !(0..sections).contains(&part) {
        return Err(Error::InvalidArgument { rule: "the part must be one of the sections", value: part });
    }
    let n = l.shape()[axis];
    let (each, longer) = (n / sections, n % sections);
    let len = each + i64::from(part < longer);
    let start = part * each + part.min(longer);
    for i in 0..l.ndim() {
        out.push(if i == axis { len } else { l.shape()[i] }, l.strides()[i])?;
    }
    Ok(if len == 0 || l.is_empty() { 0 } else { start * l.strides()[axis] })
}
