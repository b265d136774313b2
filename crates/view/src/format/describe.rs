//! A layout in words and as a picture.
//!
//! ```text
//! dtype     f64, 8 bytes
//! shape     (2, 3)
//! strides   (8, 16) bytes
//! elements  6
//! flags     F-contiguous, aligned, writeable
//! extent    bytes 0 to 48 from the first element
//! offsets   axis 0 down, axis 1 across, in bytes
//!             0   16   32
//!             8   24   40
//! memory    ######
//!           one sign is 8 bytes: # in this view, . skipped
//! ```

use core::fmt::{self, Write};

use super::word::Word;
use crate::query::{self, flag};
use crate::raw::ViewRef;

/// How many rows and columns of offsets are shown at each end.
const EDGE: i64 = 3;

/// How many items of memory the picture has room for.
const CELLS: i64 = 64;

/// Views with more elements are not drawn: walking them is not worth a picture.
const MAX_DRAWN: i64 = 1 << 16;

/// Writes dtype, shape, strides, number of elements, flags, extent, and a picture of where the elements lie. The
/// elements themselves are not looked at.
pub fn describe(v: ViewRef<'_>, out: &mut dyn Write) -> fmt::Result {
    let bytes = |n| if n == 1 { "byte" } else { "bytes" };
    writeln!(out, "dtype     {}, {} {}", v.dtype().name(), v.itemsize(), bytes(v.itemsize()))?;
    write_tuple("shape     ", v.shape(), out)?;
    out.write_str("\n")?;
    write_tuple("strides   ", v.strides(), out)?;
    out.write_str(" bytes\n")?;
    writeln!(out, "elements  {}", v.size())?;
    write_flags(v, out)?;
    let (low, high) = v.layout().extent();
    if v.is_empty() {
        return out.write_str("extent    no bytes");
    }
    write!(out, "extent    bytes {low} to {high} from the first element")?;
    if v.ndim() > 0 {
        out.write_str("\n")?;
        write_offsets(v, out)?;
        write_memory(v, low, high, out)?;
    }
    Ok(())
}

/// A tuple as Python writes it.
fn write_tuple(title: &str, numbers: &[i64], out: &mut dyn Write) -> fmt::Result {
    write!(out, "{title}(")?;
    for (i, n) in numbers.iter().enumerate() {
        write!(out, "{}{n}", if i > 0 { ", " } else { "" })?;
    }
    out.write_str(if numbers.len() == 1 { ",)" } else { ")" })
}

fn write_flags(v: ViewRef<'_>, out: &mut dyn Write) -> fmt::Result {
    let flags = query::flags(v);
    let has = |bit| flags & bit != 0;
    let names = [
        (has(flag::C_CONTIGUOUS), "C-contiguous"),
        (has(flag::F_CONTIGUOUS), "F-contiguous"),
        (has(flag::ALIGNED), "aligned"),
        (!has(flag::ALIGNED), "not aligned"),
        (has(flag::WRITEABLE), "writeable"),
        (!has(flag::WRITEABLE), "read-only"),
        (has(flag::SELF_OVERLAP), "elements share memory"),
    ];
    out.write_str("flags     ")?;
    for (i, (_, name)) in names.iter().filter(|(holds, _)| *holds).enumerate() {
        write!(out, "{}{name}", if i > 0 { ", " } else { "" })?;
    }
    out.write_str("\n")
}

/// The positions of an axis that a table shows; none stands for a gap.
fn positions(extent: i64) -> impl Iterator<Item = Option<i64>> + Clone {
    let cut = extent > 2 * EDGE + 1;
    let front = if cut { EDGE } else { extent };
    let back = if cut { extent - EDGE } else { extent };
    (0..front).map(Some).chain(cut.then_some(None)).chain((back..extent).map(Some))
}

/// The byte offsets of the elements along the last two axes, at index 0 of the others.
fn write_offsets(v: ViewRef<'_>, out: &mut dyn Write) -> fmt::Result {
    let last = v.ndim() - 1;
    let across = (v.shape()[last], v.strides()[last]);
    let down = if last > 0 { (v.shape()[last - 1], v.strides()[last - 1]) } else { (1, 0) };
    match last {
        0 => out.write_str("offsets   axis 0 across, in bytes\n")?,
        1 => out.write_str("offsets   axis 0 down, axis 1 across, in bytes\n")?,
        _ => writeln!(
            out,
            "offsets   axis {} down, axis {last} across, in bytes, at index 0 of the others",
            last - 1
        )?,
    }
    let offset = |row: i64, column: i64| row * down.1 + column * across.1;
    let (shown_rows, shown_columns) = (positions(down.0), positions(across.0));
    let mut width = 3;
    // The longest numbers are at the corners.
    for (row, column) in [(0, across.0 - 1), (down.0 - 1, 0), (down.0 - 1, across.0 - 1)] {
        let mut text = Word::new();
        write!(text, "{}", offset(row, column))?;
        width = width.max(text.len());
    }
    for row in shown_rows {
        out.write_str("        ")?;
        for column in shown_columns.clone() {
            match (row, column) {
                (Some(row), Some(column)) => write!(out, "  {:>width$}", offset(row, column))?,
                _ => write!(out, "  {:>width$}", "...")?,
            }
        }
        out.write_str("\n")?;
    }
    Ok(())
}

/// The items of memory between the first and the last byte of the view, one sign each.
fn write_memory(v: ViewRef<'_>, low: i64, high: i64, out: &mut dyn Write) -> fmt::Result {
    if v.size() > MAX_DRAWN {
        return out.write_str("memory    too many elements for a picture");
    }
    let cells = (high - low + v.itemsize() - 1) / v.itemsize();
    let mut used = [false; CELLS as usize];
    mark(v, 0, -low, &mut used);
    out.write_str("memory    ")?;
    for cell in used.iter().take(cells.min(CELLS) as usize) {
        out.write_str(if *cell { "#" } else { "." })?;
    }
    if cells > CELLS {
        write!(out, " and {} more", cells - CELLS)?;
    }
    let itemsize = v.itemsize();
    let bytes = if itemsize == 1 { "byte" } else { "bytes" };
    write!(out, "\n          one sign is {itemsize} {bytes}: # in this view, . skipped")
}

/// Marks the cells that elements touch. `offset` counts from the first byte of the view.
fn mark(v: ViewRef<'_>, axis: usize, offset: i64, used: &mut [bool]) {
    if axis == v.ndim() {
        // An element that begins inside a cell touches the next one as well.
        let first = offset / v.itemsize();
        let last = (offset + v.itemsize() - 1) / v.itemsize();
        for cell in [first, last] {
            if let Some(cell) = usize::try_from(cell).ok().and_then(|cell| used.get_mut(cell)) {
                *cell = true;
            }
        }
        return;
    }
    for position in 0..v.shape()[axis] {
        mark(v, axis + 1, offset + position * v.strides()[axis], used);
    }
}
