//! Plain loops over items: one loop, or two of them in blocks that stay in the first-level cache.

use super::item::{Block, Item, Word};
use super::plan::{Axis, Plan};
use super::walk::walk;

/// Bytes of a line of the cache.
const LINE: usize = 64;

/// Runs the plan.
///
/// # Safety
/// The items of the plan can be read and written, and do not overlap: what the caller of `copy` promises.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>) {
    // SAFETY: the caller's promise, passed on; the item has the size that was matched.
    unsafe {
        match plan.item {
            0 => {}
            1 => run_items(plan, Word::<u8>::NEW),
            2 => run_items(plan, Word::<u16>::NEW),
            4 => run_items(plan, Word::<u32>::NEW),
            8 => run_items(plan, Word::<u64>::NEW),
            16 => run_items(plan, Word::<u128>::NEW),
            size => run_items(plan, Block(size)),
        }
    }
}

/// # Safety
/// As [`run`]; `item` has the size of the plan's items.
unsafe fn run_items<const CAP: usize, I: Item>(plan: &Plan<CAP>, item: I) {
    let Some((&inner, outer)) = plan.axes().split_last() else {
        // SAFETY: a plan without loops has one item.
        unsafe { item.move_one(plan.src, plan.dst) };
        return;
    };
    let Some(column) = column_axis(outer, inner) else {
        walk::<CAP>(outer, plan.src, plan.dst, |src, dst| {
            // SAFETY: a position of the outer loops, from which the items of the innermost one are all in the views.
            unsafe { row(src, dst, inner, item) }
        });
        return;
    };
    let mut rest = [Axis::ONE; CAP];
    let mut len = 0;
    for (i, &axis) in outer.iter().enumerate() {
        if i != column {
            rest[len] = axis;
            len += 1;
        }
    }
    walk::<CAP>(&rest[..len], plan.src, plan.dst, |src, dst| {
        // SAFETY: a position of the other loops, from which the items of these two are all in the views.
        unsafe { blocked(src, dst, outer[column], inner, item) }
    });
}

/// The axis on which the source is walked in smaller steps than on the innermost one of the destination, if any.
fn column_axis(outer: &[Axis], inner: Axis) -> Option<usize> {
    let step = |axis: &Axis| axis.s.unsigned_abs();
    let (at, axis) =
        outer.iter().enumerate().filter(|(_, axis)| axis.s != 0).min_by_key(|(_, axis)| step(axis))?;
    (step(axis) < step(&inner)).then_some(at)
}

/// Moves the items of one loop.
///
/// # Safety
/// `n` items are readable from `src` on, `s` bytes apart, and writable from `dst` on, `d` bytes apart.
#[inline(always)]
unsafe fn row<I: Item>(src: *const u8, dst: *mut u8, axis: Axis, item: I) {
    let (mut src, mut dst) = (src, dst);
    for _ in 0..axis.n {
        // SAFETY: the address of an item, as the caller promises; the step past the last one is not used.
        unsafe { item.move_one(src, dst) };
        src = src.wrapping_offset(axis.s);
        dst = dst.wrapping_offset(axis.d);
    }
}

/// Moves the items of two loops in blocks: each line of the source that is fetched is used up before it is evicted.
///
/// # Safety
/// As [`row`], for all positions of both loops.
unsafe fn blocked<I: Item>(src: *const u8, dst: *mut u8, column: Axis, inner: Axis, item: I) {
    // Of the source, a line on each of some dozens of rows; of the destination likewise.
    let columns = (LINE / item.size()).clamp(4, 64);
    let rows = 64;
    let mut i = 0;
    while i < inner.n {
        let rows = rows.min(inner.n - i);
        let mut j = 0;
        while j < column.n {
            let columns = columns.min(column.n - j);
            for k in j..j + columns {
                let s = src.wrapping_offset(column.s * k as isize + inner.s * i as isize);
                let d = dst.wrapping_offset(column.d * k as isize + inner.d * i as isize);
                // SAFETY: the positions `i .. i + rows` of the inner loop at position `k` of the other.
                unsafe { row(s, d, Axis { n: rows, ..inner }, item) };
            }
            j += columns;
        }
        i += rows;
    }
}
