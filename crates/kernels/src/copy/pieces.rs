//! Long items past the caches, one by one: rows of a larger array, blocks that trade places.
//!
//! The source is read as it lies: its smallest step is the innermost loop. But some that follow each other in the
//! destination go together, so that lines of it are written back to back (measured with items of 64 bytes: twice as fast
//! with 4 KiB at once as with 256 bytes).

use super::arch;
use super::plan::{Axis, Plan};
use super::tile::Pieces;
use super::walk::walk;
use crate::Level;
use crate::cache::LINE;

/// Items of fewer bytes are only streamed by themselves if they are whole lines, or follow each other in the destination.
const LONG: usize = 8 * LINE;
/// Bytes of the destination that are written back to back, if there are.
const TOGETHER: usize = 64 * LINE;

/// Runs the plan. `false`, with nothing written, if items are not long or can not be streamed.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level) -> bool {
    let whole = |d: usize| d.is_multiple_of(LINE);
    let lines = whole(plan.item)
        && whole(plan.dst as usize)
        && plan.axes().iter().all(|axis| whole(axis.d.unsigned_abs()));
    let Some((&fastest, slower)) = plan.axes().split_last() else {
        return false;
    };
    let follow = fastest.d == plan.item as isize && fastest.n > 1;
    let long = plan.item >= if follow { arch::joins(level) } else { LONG };
    let Some(kernel) = arch::pieces(level).filter(|_| plan.item > 0 && (lines || long)) else {
        return false;
    };
    // The innermost loop, the loop of items that go together, and all others by the step of the source.
    let mut outer = [Axis::ONE; CAP];
    let mut len = 0;
    for &axis in plan.axes() {
        let mut at = len;
        while at > 0 && outer[at - 1].s.unsigned_abs() < axis.s.unsigned_abs() {
            outer[at] = outer[at - 1];
            at -= 1;
        }
        outer[at] = axis;
        len += 1;
    }
    let many = outer[len - 1];
    len -= 1;
    let together = TOGETHER.div_ceil(plan.item).min(fastest.n);
    let mut few = Axis::ONE;
    let mut left = 0;
    if together > 1 && many != fastest && !slower.is_empty() {
        for axis in &mut outer[..len] {
            if *axis == fastest {
                let n = together as isize;
                few = Axis { n: together, ..fastest };
                left = fastest.n % together;
                *axis = Axis { n: fastest.n / together, s: fastest.s * n, d: fastest.d * n };
            }
        }
    }
    let step = outer[..len].last().copied().unwrap_or(Axis::ONE);
    let strips = |few: Axis, outer: &[Axis], src: *const u8, dst: *mut u8| {
        walk::<CAP>(outer, src, dst, |src, dst| {
            let (next, next_dst) = (src.wrapping_offset(step.s), dst.wrapping_offset(step.d));
            let strip = Pieces { src, dst, item: plan.item, many, few, next, next_dst };
            // SAFETY: items of the view. The CPU has the instructions of the level.
            unsafe { kernel(&strip) };
        });
    };
    strips(few, &outer[..len], plan.src, plan.dst);
    if left > 0 {
        let done = (fastest.n - left) as isize;
        for axis in &mut outer[..len] {
            if axis.d == few.d * few.n as isize {
                *axis = Axis::ONE;
            }
        }
        let (src, dst) =
            (plan.src.wrapping_offset(fastest.s * done), plan.dst.wrapping_offset(fastest.d * done));
        strips(Axis { n: left, ..fastest }, &outer[..len], src, dst);
    }
    arch::fence();
    true
}
