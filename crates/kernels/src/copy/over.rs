//! Long rows of one item each, inside the caches: columns that are broadcast. A row is filled, with nothing read but its item;
//! as planes, the same line would be read and turned for each of them.

use super::arch::{self, Shape};
use super::plan::{Axis, Plan};
use super::tile::Tile;
use super::walk::walk;
use crate::Level;
use crate::cache::LINE;

/// Bytes of a row that is worth it.
const LONG: usize = 4 * LINE;

/// Whether rows are such.
#[inline(always)]
pub(super) fn is_over(row: Axis, item: usize) -> bool {
    row.s == 0 && row.n.wrapping_mul(item) >= LONG
}

/// Runs the plan. `false`, with nothing written, if its rows are not such, or there is no kernel for their items.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level) -> bool {
    let Some((&row, outer)) = plan.axes().split_last() else { return false };
    let (times, outer) = match outer.split_last() {
        Some((&times, outer)) => (times, outer),
        None => (Axis::ONE, outer),
    };
    if row.d != plan.item as isize || !is_over(row, plan.item) || kernel(level, plan.item).is_none() {
        return false;
    }
    walk::<CAP>(outer, plan.src, plan.dst, |src, dst| {
        // SAFETY: rows of the view; the CPU has the instructions of the level.
        unsafe { rows(level, row, times, plan.item, src, dst) };
    });
    true
}

/// Fills `times.n` packed rows. `false`, with nothing written, if there is no kernel for their items.
///
/// # Safety
/// Their items can be read and written, and do not overlap; the CPU has the instructions of the level.
#[inline(never)]
pub(super) unsafe fn rows(
    level: Level,
    row: Axis,
    times: Axis,
    item: usize,
    src: *const u8,
    dst: *mut u8,
) -> bool {
    let Some(kernel) = kernel(level, item) else { return false };
    let tile = Tile {
        src,
        dst,
        rows: &[0],
        columns: &[0],
        even: (row.n, 1),
        src_step: item as isize,
        dst_step: item as isize,
        item,
        lead: 0,
        ahead: 0,
        pack: core::ptr::null_mut(),
        times,
    };
    // SAFETY: the caller's promise, for each of the rows.
    unsafe { kernel(&tile) };
    true
}

#[inline(always)]
fn kernel(level: Level, item: usize) -> Option<super::tile::TileFn> {
    arch::line(level, Shape::Step(0), item)
}
