//! The kernel for everything that no vector kernel takes: any item size, any steps, any extents.

use crate::copy::item::{Block, Ends, Item, Word};
use crate::copy::plan::Axis;
use crate::copy::tile::{Tile, TileFn};

/// The scalar kernel for items of this size.
#[inline]
pub(in crate::copy) fn tile(item: usize) -> TileFn {
    match item {
        1 => |t| {
            // SAFETY: the promise of the caller of a kernel; the item has the size that was matched.
            unsafe { run(t, Word::<u8>::NEW) }
        },
        2 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<u16>::NEW) }
        },
        4 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<u32>::NEW) }
        },
        8 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<u64>::NEW) }
        },
        16 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<u128>::NEW) }
        },
        3 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<[u8; 3]>::NEW) }
        },
        12 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<[u8; 12]>::NEW) }
        },
        24 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<[u8; 24]>::NEW) }
        },
        32 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<[u8; 32]>::NEW) }
        },
        64 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Word::<[u8; 64]>::NEW) }
        },
        5..8 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Ends::<u32>::new(t.item)) }
        },
        9..16 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Ends::<u64>::new(t.item)) }
        },
        17..32 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Ends::<u128>::new(t.item)) }
        },
        33..64 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Ends::<[u8; 32]>::new(t.item)) }
        },
        65..128 => |t| {
            // SAFETY: as above.
            unsafe { run(t, Ends::<[u8; 64]>::new(t.item)) }
        },
        _ => |t| {
            // SAFETY: as above.
            unsafe { run(t, Block(t.item)) }
        },
    }
}

/// # Safety
/// As [`crate::copy::tile::TileFn`]; `item` has the size of the tile's items.
#[inline(always)]
unsafe fn run<I: Item>(t: &Tile<'_>, item: I) {
    let Axis { n, s, d } = t.times;
    let (mut src, mut dst) = (t.src, t.dst);
    for _ in 0..n {
        // SAFETY: the caller's promise, for one of the repetitions.
        unsafe { once(t, src, dst, item) };
        src = src.wrapping_offset(s);
        dst = dst.wrapping_offset(d);
    }
}

/// # Safety
/// As [`run`], for the tile moved to `src` and `dst`.
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
