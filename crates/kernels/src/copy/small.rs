//! Copies of few items on one or two axes: what there is to plan for large ones takes longer than to move these.

use super::pack::pack2d_at;
use super::plan::{Axis, Plan};
use crate::Level;

/// The longest axis of a small copy.
const LONGEST: usize = 32;

/// Whether a copy of this shape is a small one.
#[inline]
pub(super) fn is_small(shape: &[i64]) -> bool {
    shape.len() <= 2 && shape.iter().all(|&n| n <= LONGEST as i64)
}

/// Runs the plan of a small copy as one tile. `false`, with nothing written, if it is none.
///
/// # Safety
/// As [`super::engine::run`].
#[inline]
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level) -> bool {
    let axes = match *plan.axes() {
        [b] => [Axis::ONE, b],
        [a, b] => [a, b],
        _ => return false,
    };
    if axes[0].n > LONGEST || axes[1].n > LONGEST {
        return false;
    }
    // SAFETY: all items of the plan; the CPU has the instructions of the level.
    unsafe { pack2d_at(level, axes, plan.item, plan.src, plan.dst) };
    true
}
