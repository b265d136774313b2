//! The unit of work: a tile of items, which every kernel of the engine takes.

use super::plan::Axis;

/// Items `(a, b)` for all `a < columns.len()`, `b < rows.len()`, and that `times.n` times.
///
/// ```text
/// item (a, b)   from   src + rows[b] + a * src_step        (packed along a: src_step is the item size)
///               to     dst + columns[a] + b * dst_step     (packed along b: dst_step is the item size)
/// ```
///
/// Tables instead of strides, so that several axes that are packed one after the other on one side make one long run:
/// an axis of 4 items inside one of 100 is a run of 400, and no kernel sees a short extent that the views need not have.
pub(super) struct Tile<'a> {
    /// Address of item (0, 0) in the source.
    pub(super) src: *const u8,
    /// Address of item (0, 0) in the destination.
    pub(super) dst: *mut u8,
    /// Where the items of each `b` begin in the source.
    pub(super) rows: &'a [isize],
    /// Where the items of each `a` begin in the destination.
    pub(super) columns: &'a [isize],
    /// Bytes from one `a` to the next in the source.
    pub(super) src_step: isize,
    /// Bytes from one `b` to the next in the destination.
    pub(super) dst_step: isize,
    /// Bytes per item.
    pub(super) item: usize,
    /// The same tile again, this often, these bytes further.
    pub(super) times: Axis,
}

/// A kernel that moves a tile.
///
/// # Safety
/// All items of the tile can be read and written, and do not overlap. The CPU has the instructions of the kernel. What
/// else a kernel asks for (packed sides, a least extent, an item size) it says.
pub(super) type TileFn = unsafe fn(&Tile<'_>);

/// A kernel that copies packed bytes with stores that go past the caches.
///
/// # Safety
/// `bytes` bytes can be read at `src` and written at `dst`, and do not overlap. The CPU has the instructions.
pub(super) type StreamFn = unsafe fn(src: *const u8, dst: *mut u8, bytes: usize);
