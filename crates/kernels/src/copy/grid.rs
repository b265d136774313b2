//! Copies in which both sides are walked in the same order, with steps between the items of one of them at least: faces of
//! a box, rows of a larger array, columns of records. Inside the caches plain loops are best.
//!
//! Past the caches as well, where items are apart in the source: by way of a stage a quarter of what is moved would not be read
//! first, but most of that are the lines between the items. Measured on Emerald Rapids against a stage: every 2nd, 3rd, 5th and
//! 7th item of 1 to 8 bytes in rows of 80 bytes to 16 KiB 1.0 to 1.4 times as fast (long rows of every 2nd to 4th are
//! `rows`).
//!
//! Measured on Zen 4, where each item has a line of its own: asking for lines in advance, on either side, makes it 0 to 15
//! % slower; cutting the loops into boxes, with tables of offsets, 20 to 60 %. Rows of 1 and 2 KiB are as fast by the C
//! library's copy as by loops over vectors (elsewhere less fast: see `arch::x86_avx512_rows`). Records that are transposed,
//! where there are no vectors for them, are 1.3 times as fast by loops as by boxes as long as they are near.

use super::arch::{self, Shape};
use super::item::{Item, WithItem, with_item};
use super::plan::{Axis, Plan};
use super::walk::walk;
use crate::Level;

/// Bytes of a copy of records that is small enough for the order of its loops not to matter.
const NEAR: usize = 128 << 10;

/// Items of a row that are worth vectors.
const LONG: usize = 16;

/// Whether both sides are walked in the same order: along no other axis does the source move less than along the innermost.
pub(super) fn in_order<const CAP: usize>(plan: &Plan<CAP>) -> bool {
    let Some((inner, outer)) = plan.axes().split_last() else { return true };
    let across =
        |axis: &Axis| axis.s != 0 && (axis.s.unsigned_abs() < inner.s.unsigned_abs() || inner.s == 0);
    !outer.iter().any(across)
}

/// Runs the plan. `false`, with nothing written, where the sides are not walked in the same order, or vectors do better.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level) -> bool {
    let Some((&inner, outer)) = plan.axes().split_last() else { return false };
    let bytes = plan.axes().iter().fold(plan.item, |bytes, axis| bytes.saturating_mul(axis.n));
    let near = bytes <= NEAR && !plan.item.is_power_of_two();
    if plan.item == 0 || (!near && !in_order(plan)) {
        return false;
    }
    if is_stepped(level, inner, plan.item) {
        return false;
    }
    let (middle, rest) = match outer.split_last() {
        Some((&middle, rest)) => (middle, rest),
        None => (Axis::ONE, outer),
    };
    walk::<CAP>(rest, plan.src, plan.dst, |src, dst| {
        // SAFETY: items of the view at each position of the other axes; the CPU has the instructions of the level.
        unsafe { all(level, [middle, inner], plan.item, src, dst) };
    });
    true
}

/// Whether there are vectors for a row in these steps, and it is worth them.
#[inline(always)]
pub(super) fn is_stepped(level: Level, row: Axis, item: usize) -> bool {
    let word = item as isize;
    row.n >= LONG
        && row.d == word
        && row.s % word == 0
        && arch::line(level, Shape::Step(row.s / word), item).is_some()
}

/// Moves the items of two loops, which may be rows for which there are vectors.
///
/// # Safety
/// As [`items`]; the CPU has the instructions of the level.
#[inline(always)]
unsafe fn all(level: Level, axes: [Axis; 2], item: usize, src: *const u8, dst: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe {
        match arch::rows(level, item) {
            Some(rows) => rows(axes, item, src, dst),
            None => items(axes, item, src, dst),
        }
    }
}

/// Moves the items of two loops one by one.
///
/// # Safety
/// They can be read and written, and do not overlap.
#[inline]
pub(super) unsafe fn items(axes: [Axis; 2], item: usize, src: *const u8, dst: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { with_item(item, Grid { src, dst, axes }) }
}

/// Moves the items of four loops one by one.
///
/// # Safety
/// As [`items`].
pub(super) unsafe fn nest(axes: [Axis; 4], item: usize, src: *const u8, dst: *mut u8) {
    let [a, b, c, d] = axes;
    // SAFETY: the caller's promise.
    unsafe { with_item(item, Nest { outer: [a, b], grid: Grid { src, dst, axes: [c, d] } }) }
}

/// Moves rows of so many bytes.
///
/// # Safety
/// As [`items`]; the CPU has the instructions of the level.
#[inline(never)]
pub(super) unsafe fn rows(level: Level, rows: Axis, bytes: usize, src: *const u8, dst: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe { all(level, [Axis::ONE, rows], bytes, src, dst) }
}

/// Items of four loops.
struct Nest {
    outer: [Axis; 2],
    grid: Grid,
}

impl WithItem for Nest {
    #[inline(always)]
    unsafe fn run<I: Item>(self, item: I) {
        let ([outer, inner], grid) = (self.outer, self.grid);
        let (mut src, mut dst) = (grid.src, grid.dst);
        for _ in 0..outer.n {
            let (mut from, mut to) = (src, dst);
            for _ in 0..inner.n {
                // SAFETY: items of two loops, as the caller promises.
                unsafe { Grid { src: from, dst: to, axes: grid.axes }.run(item) };
                from = from.wrapping_offset(inner.s);
                to = to.wrapping_offset(inner.d);
            }
            src = src.wrapping_offset(outer.s);
            dst = dst.wrapping_offset(outer.d);
        }
    }
}

/// Items of two loops.
struct Grid {
    src: *const u8,
    dst: *mut u8,
    axes: [Axis; 2],
}

impl WithItem for Grid {
    #[inline(always)]
    unsafe fn run<I: Item>(self, item: I) {
        let [outer, inner] = self.axes;
        let (mut src, mut dst) = (self.src, self.dst);
        for _ in 0..outer.n {
            let (mut from, mut to) = (src, dst);
            for _ in 0..inner.n {
                // SAFETY: an item of both sides, as the caller promises.
                unsafe { item.move_one(from, to) };
                from = from.wrapping_offset(inner.s);
                to = to.wrapping_offset(inner.d);
            }
            src = src.wrapping_offset(outer.s);
            dst = dst.wrapping_offset(outer.d);
        }
    }
}
