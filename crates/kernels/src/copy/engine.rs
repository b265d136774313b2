//! Runs a plan: chooses between the ways to move, and moves box by box.

use crate::check;
use core::mem::MaybeUninit;

use super::arch::{self, Shape};
use super::boxes::{Boxes, Run};
use super::odometer::Odometer;
use super::plan::{Axis, Plan};
use super::table::table;
use super::tile::{Flush, Tile, TileFn};
use super::tune::Tuning;
use super::{apart, batch, even, grid, pieces, planes, rows, small, spread, staged, streamed, woven};
use crate::Level;
use crate::cache::LINE;
use crate::cpu::asks_in_advance;

/// An axis of so many items is long: transposes of such axes alone go past the caches sooner.
const LONG_AXIS: usize = 64;

/// Bytes that a long block is asked for in advance.
const LEAD: usize = 8 << 10;

/// The kernels for one item size.
#[derive(Clone, Copy)]
pub(super) struct Kernels {
    /// For tiles that are packed on both sides and have enough rows and columns.
    transpose: Option<TileFn>,
    /// For all others.
    any: TileFn,
    /// Rows and columns that are enough.
    least: usize,
    /// What is even about all tiles, if it is by that that they are moved.
    even: Option<Shape>,
}

impl Kernels {
    #[inline]
    pub(super) fn new<const CAP: usize>(level: Level, boxes: &Boxes<CAP>) -> Kernels {
        let item = boxes.item;
        let packed = boxes.a.step == item as isize && boxes.b.step == item as isize;
        let shape = boxes.shape();
        let few = match shape {
            Some(Shape::Deal(_)) => item < 8,
            Some(Shape::Weave(_)) => item <= 8,
            _ => false,
        };
        let line = shape.and_then(|shape| arch::line(level, shape, item));
        let transpose = if packed && !few { arch::transpose(level, item) } else { None };
        let alone = boxes.a.is_empty() && item < 16;
        Kernels {
            transpose,
            even: shape.filter(|_| line.is_some() && (transpose.is_none() || alone)),
            any: line.unwrap_or(arch::scalar::tile),
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
        unsafe { block(plan.src, plan.dst, plan.item, level, tuning) };
        return;
    }
    // SAFETY: the caller's promise, passed on.
    if tuning.stream_from > 1 && unsafe { small::run(plan, level) } {
        return;
    }
    // SAFETY: the caller's promise, passed on.
    if unsafe {
        spread::run(plan, level)
            || rows::run(plan, level, tuning)
            || batch::run(plan, level, tuning)
            || apart::run(plan, level, tuning)
    } {
        return;
    }
    let bytes = plan.axes().iter().fold(plan.item, |bytes, axis| bytes.saturating_mul(axis.n));
    // SAFETY: the caller's promise, passed on.
    if unsafe { even::run(plan, level, tuning) } {
        return;
    }
    // SAFETY: the caller's promise, passed on.
    if bytes >= tuning.records_from() && unsafe { woven::run(plan, level, tuning) } {
        return;
    }
    // Long transposes gain by it from half of that on, those of long axes only from a little less: see the page of the engine.
    let long = plan.axes().iter().all(|axis| axis.n >= LONG_AXIS);
    if bytes >= if long { tuning.long_from(plan.item) } else { tuning.short_from(plan.item) } {
        // Records have no other way past the caches: measured on Emerald Rapids, 1000 x 1000 of 3 to 12 bytes 1.4 to 1.8 times as fast.
        let by_stage = match plan.item.is_power_of_two() {
            true => bytes >= tuning.stage_from(plan.item),
            false => bytes >= tuning.records_from(),
        };
        // Single items that the source has here and there gain nothing by a stage.
        let single = plan.item < LINE && tuning.any_way() && grid::in_order(plan);
        // SAFETY: the caller's promise, passed on.
        let done = unsafe {
            (bytes >= tuning.pieces_from() && pieces::run(plan, level))
                || streamed::run(plan, level, tuning, true)
                || (by_stage && !single && staged::run(plan, level, tuning))
        };
        if done {
            return;
        }
    }
    // SAFETY: the caller's promise, passed on.
    if tuning.any_way() && unsafe { planes::run(plan, level) || grid::run(plan, level) } {
        return;
    }
    // SAFETY: the caller's promise, passed on.
    if bytes >= tuning.near && unsafe { streamed::run(plan, level, tuning, false) } {
        return;
    }
    // SAFETY: the caller's promise, passed on.
    unsafe { direct(plan, level) };
}

/// Copies packed bytes: past the caches if they are many, by the C library's way if not.
///
/// # Safety
/// As [`run`], for `bytes` bytes at `src` and `dst`.
#[inline]
pub(super) unsafe fn block(src: *const u8, dst: *mut u8, bytes: usize, level: Level, tuning: &Tuning) {
    if bytes >= tuning.stream_from
        && let Some(flush) = arch::flush(level)
    {
        // SAFETY: the caller's promise, passed on.
        unsafe {
            flush(&Flush { lead: if asks_in_advance() { LEAD } else { 0 }, ..Flush::block(src, dst, bytes) })
        };
        arch::fence();
        return;
    }
    // SAFETY: the caller's promise.
    unsafe { core::ptr::copy_nonoverlapping(src, dst, bytes) };
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
        direct_from: None,
        even_from: Some(usize::MAX),
        dst_run: plan.item.saturating_mul(SIDE),
        src_run: plan.item.saturating_mul(SIDE),
        across_from: usize::MAX,
        across_rows: 0,
        near: usize::MAX,
        least_box: 0,
        gathers: false,
    };
    let mut boxes = Boxes::new(plan, &sides);
    let times = boxes.repeat();
    let item = plan.item;
    let kernels = Kernels::new(level, &boxes);
    if let Some(shape) = kernels.even {
        boxes.reach_evenly(shape);
    }
    let mut odometer = Odometer::new(&boxes, None);
    let (mut rows, mut columns) = ([MaybeUninit::uninit(); SIDE], [MaybeUninit::uninit(); SIDE]);
    loop {
        let count = odometer.count;
        let items = |run: &Run<CAP>| run.axes().map(|axis| count[axis]).product::<usize>();
        let even = (items(&boxes.b), items(&boxes.a));
        // Only tiles that are moved by what is even about them have more rows or columns than a table holds.
        let cut = |(n, stride): (usize, isize)| (n.min(SIDE), stride);
        let along = |axis: usize| (count[axis], boxes.axes()[axis]);
        let of_b = boxes.b.axes().map(along).map(|(n, axis)| (n, axis.s));
        let of_a = boxes.a.axes().map(along).map(|(n, axis)| (n, axis.d));
        let of_b = of_b.map(cut);
        let of_a = of_a.map(cut);
        let (Some(rows), Some(columns)) = (table(&mut rows, of_b), table(&mut columns, of_a)) else {
            // Runs are cut to fewer items than the tables hold.
            check(false, "a run is longer than its table");
            return;
        };
        loop {
            let tile = Tile {
                src: odometer.src,
                dst: odometer.dst,
                rows,
                columns,
                even,
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
