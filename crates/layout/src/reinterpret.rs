//! The same bytes as items of another size: whole items reinterpreted, and fields inside items.

use crate::{Axes, Error, Layout, Result};

/// Sees items of `itemsize` bytes in the same memory. With another item size one axis has to change its extent: an axis
/// along which the bytes follow each other (stride equal to the item size, or extent 1). The last axis is preferred,
/// as in NumPy; unlike NumPy, any other such axis will do, so column-major arrays can be reinterpreted too.
pub fn reinterpret(l: Layout<'_>, itemsize: i64, out: &mut Axes<'_>) -> Result<()> {
    if itemsize < 1 {
        return Err(Error::InvalidArgument { rule: "the item size must be at least 1", value: itemsize });
    }
    let old = l.itemsize();
    if itemsize == old {
        return out.extend(l);
    }
    if itemsize < old && old % itemsize != 0 {
        return Err(Error::Reinterpret { rule: "the new item size does not divide the old one" });
    }
    // Without elements the strides mean nothing.
    let runs = |axis: usize| l.strides()[axis] == old || l.shape()[axis] == 1 || l.is_empty();
    let fits = |axis: usize| {
        // The bytes of an axis that runs lie inside the extent; an extent without elements may be anything.
        runs(axis) && l.shape()[axis].checked_mul(old).is_some_and(|nbytes| nbytes % itemsize == 0)
    };
    let Some(chosen) = (0..l.ndim()).rev().find(|&axis| fits(axis)) else {
        let rule = match (0..l.ndim()).any(runs) {
            true => "the bytes along the contiguous axis are no multiple of the new item size",
            false => "another item size needs an axis along which the bytes follow each other",
        };
        return Err(Error::Reinterpret { rule });
    };
    let mut nbytes = itemsize;
    for axis in 0..l.ndim() {
        let n = if axis == chosen { l.shape()[axis] * old / itemsize } else { l.shape()[axis] };
        // Without elements the other extents may be too large for larger items.
        nbytes = nbytes.checked_mul(n.max(1)).ok_or(Error::SizeOverflow)?;
        if axis == chosen {
            out.push(n, itemsize)?;
        } else {
            out.push(n, l.strides()[axis])?;
        }
    }
    Ok(())
}

/// Checks that `size` bytes at `offset` lie inside an item; the axes of a view of that field are those of `l`.
pub fn check_field(l: Layout<'_>, offset: i64, size: i64) -> Result<()> {
    let inside = offset >= 0 && size >= 1 && offset.checked_add(size).is_some_and(|end| end <= l.itemsize());
    if inside { Ok(()) } else { Err(Error::FieldOutOfRange { offset, size, itemsize: l.itemsize() }) }
}
