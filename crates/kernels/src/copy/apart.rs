//! Transposes past the caches of a source whose items are evenly apart: every second column of an array, one channel of its
//! pixels. Pieces of rows are packed in scratch first: see `strips`.

use super::arch;
use super::grid::is_stepped;
use super::pack::pack2d_at;
use super::plan::{Axis, Plan};
use super::strips::Strips;
use super::tune::Tuning;
use super::walk::walk;
use crate::Level;

/// Runs the plan. `false`, with nothing written, if it is no such transpose.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level, tuning: &Tuning) -> bool {
    let Some((&b, outer)) = plan.axes().split_last() else { return false };
    let (item, step) = (plan.item, |axis: &Axis| axis.s.unsigned_abs());
    let moves = outer.iter().enumerate().filter(|(_, axis)| axis.s != 0);
    let Some(at) = moves.min_by_key(|(_, axis)| step(axis)).map(|(at, _)| at) else { return false };
    let (mut a, mut src, mut dst) = (outer[at], plan.src, plan.dst);
    let apart = step(&a);
    if b.d != item as isize || apart <= item || apart >= step(&b) {
        return false;
    }
    // What is read along with the items counts as well, as it does for rows.
    let bytes = plan.axes().iter().fold(item, |bytes, axis| bytes.saturating_mul(axis.n));
    if bytes.saturating_mul(1 + apart / item) < tuning.stream_from.saturating_mul(2) {
        return false;
    }
    let aligned = |d: usize| d.is_multiple_of(item);
    let long = a.n >= Strips::WIDE && b.n * item >= Strips::HIGH;
    if !long || !aligned(plan.dst as usize) || !plan.axes().iter().all(|axis| aligned(axis.d.unsigned_abs()))
    {
        return false;
    }
    if a.s < 0 {
        let last = a.n as isize - 1;
        (src, dst) =
            (src.wrapping_offset(a.s.wrapping_mul(last)), dst.wrapping_offset(a.d.wrapping_mul(last)));
        (a.s, a.d) = (-a.s, -a.d);
    }
    if !is_stepped(level, Axis { d: item as isize, ..a }, item) {
        return false;
    }
    let Some(mut strips) = Strips::new(level, item, apart, item) else { return false };
    let mut rest = [Axis::ONE; CAP];
    let mut len = 0;
    for (i, &axis) in outer.iter().enumerate() {
        if i != at {
            rest[len] = axis;
            len += 1;
        }
    }
    walk::<CAP>(&rest[..len], src, dst, |src, dst| {
        // SAFETY: a plane of the view, and pieces of its rows to scratch, which has room for them. The CPU has the
        // instructions of the level.
        unsafe {
            strips.run([a, b], src, dst, |src, scratch, [n, m], pitch| {
                let rows = Axis { n: m, s: b.s, d: pitch as isize };
                let along = Axis { n, s: a.s, d: item as isize };
                pack2d_at(level, [rows, along], item, src, scratch);
            });
        }
    });
    arch::fence();
    true
}
