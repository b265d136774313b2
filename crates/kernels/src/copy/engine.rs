//! Runs a plan: chooses between the ways to move, and moves box by box.

use core::mem::MaybeUninit;

use super::arch;
use super::boxes::Boxes;
use super::odometer::Odometer;
use super::plan::{Axis, Plan};
use super::staged;
use super::table::table;
use super::tile::{Tile, TileFn};
use super::tune::Tuning;
use crate::Level;

/// The kernels for one item size.
#[derive(Clone, Copy)]
pub(super) struct Kernels {
    /// For tiles that are packed on both sides and have enough rows and columns.
    transpose: Option<TileFn>,
    any: TileFn,
    /// Rows and columns that are enough.
    least: usize,
}

impl Kernels {
    #[inline]
    pub(super) fn new(level: Level, item: usize, packed: bool) -> Kernels {
        Kernels {
            transpose: if packed {
                arch::transpose(level, item)
            } else {
                None
            },
            any: arch::scalar::tile(item),
            least: 16 / item.clamp(1, 16),
        }
    }

    /// Moves a tile.
    ///
    /// # Safety
    /// As [`TileFn`]; these are the kernels for the tile's items and steps.
    #[inline(always)]
    pub(super) unsafe fn run(&self, t: &Tile<'_>) {
        match self.transpose {
            // SAFETY: the caller's promise; the tile is packed and has enough rows and columns.
            Some(f) if t.rows.len() >= self.least && t.columns.len() >= self.least => unsafe { f(t) },
            // SAFETY: the caller's promise.
            _ => unsafe { (self.any)(t) },
        }
    }
}

/// Runs the plan.
///
/// # Safety
/// The items of the plan can be read and written, and do not overlap: what the caller of `copy` promises. The CPU has the
/// instructions of the level.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level, tuning: &Tuning) {
    if plan.axes().is_empty() {
        // SAFETY: a plan without loops is one block of bytes.
        unsafe { core::ptr::copy_nonoverlapping(plan.src, plan.dst, plan.item) };
        return;
    }
    let bytes = plan
        .axes()
        .iter()
        .fold(plan.item, |bytes, axis| bytes.saturating_mul(axis.n));
    if bytes >= tuning.stream_from {
        // SAFETY: the caller's promise, passed on.
        let done = unsafe { staged::run(plan, level, tuning) };
        if done {
            return;
        }
    }
    // SAFETY: the caller's promise, passed on.
    unsafe { direct(plan, level) };
}

/// Items on each side of a tile that is moved without a stage.
const SIDE: usize = 64;

/// Moves boxes from their place to their place.
///
/// # Safety
/// As [`run`], for a plan with at least one axis.
unsafe fn direct<const CAP: usize>(plan: &Plan<CAP>, level: Level) {
    let sides = Tuning {
        stream_from: 0,
        dst_run: plan.item.saturating_mul(SIDE),
        src_run: plan.item.saturating_mul(SIDE),
        least_box: 0,
    };
    let mut boxes = Boxes::new(plan, &sides);
    let times = boxes.repeat();
    let item = plan.item;
    let packed = boxes.a.step == item as isize && boxes.b.step == item as isize;
    let kernels = Kernels::new(level, item, packed);
    let mut odometer = Odometer::new(&boxes, None);
    let (mut rows, mut columns) = ([MaybeUninit::uninit(); SIDE], [MaybeUninit::uninit(); SIDE]);
    loop {
        let count = odometer.count;
        let along = |axis: usize| (count[axis], boxes.axes()[axis]);
        let of_b = boxes.b.axes().map(along).map(|(n, axis)| (n, axis.s));
        let of_a = boxes.a.axes().map(along).map(|(n, axis)| (n, axis.d));
        let (Some(rows), Some(columns)) = (table(&mut rows, of_b), table(&mut columns, of_a)) else {
            // Runs are cut to fewer items than the tables hold.
            debug_assert!(false, "a run is longer than its table");
            return;
        };
        loop {
            let tile = Tile {
                src: odometer.src,
                dst: odometer.dst,
                rows,
                columns,
                src_step: boxes.a.step,
                dst_step: boxes.b.step,
                item,
                lead: 0,
                pack: core::ptr::null_mut(),
                ahead: 0,
                times: times.map_or(Axis::ONE, |axis| boxes.axes()[axis]),
            };
            // SAFETY: the box that the odometer stands at; every box is a part of the view.
            unsafe { kernels.run(&tile) };
            match odometer.next(&boxes) {
                None => return,
                Some(true) => break,
                Some(false) => {}
            }
        }
    }
}
