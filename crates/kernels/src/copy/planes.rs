//! Copies that are planes: one axis packed in the source, another one packed in the destination, further axes around them.

use super::arch::{self, Shape};
use super::over;
use super::plan::{Axis, Plan};
use super::plane;
use super::tile::Plane;
use super::walk::walk;
use crate::Level;

/// Bytes of a run of either side that are enough for a plane where there are further axes, which might lengthen it.
const LEAST: usize = 32;

/// Bytes of a copy whose planes may be short, as there is little to gain by longer runs.
const NEAR: usize = 16 << 10;

/// The shape of planes whose pixels are dealt out or woven, for which there are better kernels.
#[inline]
pub(super) fn dealt(rows: Axis, columns: Axis, item: usize) -> Option<Shape> {
    let follow = |n: usize, step: isize| (2..=4).contains(&n) && step == (item * n) as isize;
    if item < 8 && follow(columns.n, rows.s) {
        Some(Shape::Deal(columns.n))
    } else if item <= 8 && follow(rows.n, columns.d) {
        Some(Shape::Weave(rows.n))
    } else {
        None
    }
}

/// Runs the plan. `false`, with nothing written, if it is not one of planes.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level) -> bool {
    let word = plan.item as isize;
    let Some((&rows, outer)) = plan.axes().split_last() else { return false };
    // SAFETY: the caller's promise, passed on.
    if unsafe { over::run(plan, level) } {
        return true;
    }
    let Some(at) = outer.iter().position(|axis| axis.s == word || axis.s == -word) else { return false };
    let (mut columns, mut src, mut dst) = (outer[at], plan.src, plan.dst);
    let long = |axis: Axis| axis.n * plan.item >= LEAST;
    let bytes = plan.axes().iter().fold(plan.item, |bytes, axis| bytes.saturating_mul(axis.n));
    let short = outer.len() > 1 && bytes > NEAR && !(long(rows) && long(columns));
    if rows.d != word || short || dealt(rows, columns, plan.item).is_some() {
        return false;
    }
    let squares = arch::squares(level, plan.item);
    let records = match plan.item.is_power_of_two() {
        true => None,
        false => arch::records(level, plan.item, rows.n, columns.n),
    };
    if squares.is_none() && records.is_none() {
        return false;
    }
    if columns.s < 0 {
        let last = columns.n as isize - 1;
        (src, dst) = (src.wrapping_offset(columns.s * last), dst.wrapping_offset(columns.d * last));
        columns.d = -columns.d;
    }
    // Planes that are near each other in the source follow each other.
    let (mut rest, mut len) = ([Axis::ONE; CAP], 0);
    for (i, &axis) in outer.iter().enumerate() {
        let mut to = len;
        if i == at {
            continue;
        }
        while to > 0 && rest[to - 1].s.unsigned_abs() < axis.s.unsigned_abs() {
            rest[to] = rest[to - 1];
            to -= 1;
        }
        rest[to] = axis;
        len += 1;
    }
    let (times, slower) = match rest[..len].split_last() {
        Some((&times, slower)) => (times, slower),
        None => (Axis::ONE, &rest[..0]),
    };
    walk::<CAP>(slower, src, dst, |src, dst| {
        let plane = Plane { src, dst, rows, columns, times };
        // SAFETY: a plane of the view at each position of the other axes; the CPU has the instructions of the level.
        unsafe {
            if let Some(squares) = squares {
                plane::run(&plane, squares, plan.item);
            } else if let Some(records) = records {
                records.run(&plane);
            }
        }
    });
    true
}
