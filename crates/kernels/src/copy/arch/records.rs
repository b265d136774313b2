//! Planes of records, items of 3 to 63 bytes that are no powers of two, by any instruction set.
//!
//! ```text
//! 12 bytes, one row after the other       aaaaaaaaaaaa....
//!                                                     bbbbbbbbbbbb....
//!                                                                 cccccccccccc
//! ```
//!
//! A record of up to 15 bytes is moved as a word, as large as the next power of two: what is behind it in the source is written behind it,
//! too, and then overwritten by the next record of the column. Only the last of a column, and those that end a row, are moved in
//! parts that lie inside them.

use core::mem::MaybeUninit;

use crate::copy::item::{Ends, Item, Word};
use crate::copy::tile::{Plane, PlaneFn};

/// The kernels for planes of records, items that are no powers of two.
#[derive(Clone, Copy)]
pub(in crate::copy) struct Records {
    /// For planes of rows and columns enough; what is left of them is for the other one.
    #[cfg(target_arch = "x86_64")]
    pub(super) whole: Option<unsafe fn(&Plane, PlaneFn)>,
    pub(super) any: PlaneFn,
}

impl Records {
    /// Moves a plane.
    ///
    /// # Safety
    /// As [`PlaneFn`], of any extents; the kernels are for its items.
    #[inline]
    pub(in crate::copy) unsafe fn run(&self, p: &Plane) {
        #[cfg(target_arch = "x86_64")]
        if let Some(whole) = self.whole {
            // SAFETY: the caller's promise.
            return unsafe { whole(p, self.any) };
        }
        // SAFETY: the caller's promise.
        unsafe { (self.any)(p) };
    }
}

/// The kernel for items of this size, which is the `d` of the rows.
#[inline]
pub(super) fn plane(item: usize) -> Option<PlaneFn> {
    Some(match item {
        3 => run::<u32, Word<[u8; 3]>>,
        5..=7 => run::<u64, Ends<u32>>,
        9..=15 => run::<u128, Ends<u64>>,
        // No more stores than parts of them.
        17..=31 => run::<[u8; 0], Ends<u128>>,
        33..=63 => run::<[u8; 0], Ends<[u128; 2]>>,
        _ => return None,
    })
}

/// A way of moving an item and no more.
trait Exact: Item {
    /// For items of so many bytes.
    fn of(bytes: usize) -> Self;
}

impl<T: Copy> Exact for Ends<T> {
    #[inline(always)]
    fn of(bytes: usize) -> Self {
        Ends::new(bytes)
    }
}

impl<T: Copy> Exact for Word<T> {
    #[inline(always)]
    fn of(_: usize) -> Self {
        Word::NEW
    }
}

/// # Safety
/// As [`PlaneFn`], of any extents, for items that are not longer than `T`, or are moved in parts if that is nothing.
unsafe fn run<T: Copy, E: Exact>(p: &Plane) {
    let item = p.rows.d as usize;
    let exact = E::of(item);
    let (rows, columns) = (p.rows.n, p.columns.n);
    let (mut src, mut dst) = (p.src, p.dst);
    // Columns behind which a row goes on as far as a word.
    let whole = match const { size_of::<T>() } {
        0 => 0,
        word => (columns * item + item).saturating_sub(word) / item,
    };
    for _ in 0..p.times.n {
        for a in 0..columns {
            let mut from = src.wrapping_add(a * item);
            let mut to = dst.wrapping_offset(a as isize * p.columns.d);
            let words = if a < whole { rows.saturating_sub(1) } else { 0 };
            // SAFETY: records of the plane, and what lies behind them in their row, or column.
            unsafe {
                for _ in 0..words {
                    to.cast::<MaybeUninit<T>>()
                        .write_unaligned(from.cast::<MaybeUninit<T>>().read_unaligned());
                    (from, to) = (from.wrapping_offset(p.rows.s), to.wrapping_add(item));
                }
                for _ in words..rows {
                    exact.move_one(from, to);
                    (from, to) = (from.wrapping_offset(p.rows.s), to.wrapping_add(item));
                }
            }
        }
        src = src.wrapping_offset(p.times.s);
        dst = dst.wrapping_offset(p.times.d);
    }
}
