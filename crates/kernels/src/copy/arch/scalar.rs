//! The kernel for everything that no vector kernel takes: any item size, any steps, any extents.

use crate::copy::item::{Item, WithItem, with_item};
use crate::copy::plan::Axis;
use crate::copy::tile::Tile;

/// Moves a tile.
///
/// # Safety
/// As [`crate::copy::tile::TileFn`].
pub(in crate::copy) unsafe fn tile(t: &Tile<'_>) {
    // SAFETY: the caller's promise, passed on.
    unsafe { with_item(t.item, t) }
}

impl WithItem for &Tile<'_> {
    #[inline(always)]
    unsafe fn run<I: Item>(self, item: I) {
        let Axis { n, s, d } = self.times;
        let (mut src, mut dst) = (self.src, self.dst);
        for _ in 0..n {
            // SAFETY: the caller's promise, for one of the repetitions.
            unsafe { once(self, src, dst, item) };
            src = src.wrapping_offset(s);
            dst = dst.wrapping_offset(d);
        }
    }
}

/// # Safety
/// As [`tile`], for the tile moved to `src` and `dst`.
#[inline(always)]
unsafe fn once<I: Item>(t: &Tile<'_>, src: *const u8, dst: *mut u8, item: I) {
    for (a, &column) in t.columns.iter().enumerate() {
        let from = src.wrapping_offset(a as isize * t.src_step);
        let mut to = dst.wrapping_offset(column);
        for &row in t.rows {
            // SAFETY: the addresses of an item of the tile.
            unsafe { item.move_one(from.wrapping_offset(row), to) };
            to = to.wrapping_offset(t.dst_step);
        }
    }
}
