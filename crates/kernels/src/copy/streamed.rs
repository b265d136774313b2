//! Transposes of long runs, straight from the source to the destination, past the caches or not: see `arch::across`.
//!
//! The axes that make the two runs are laid out in tables, thousands of rows and columns at once, so that there is little
//! to do per box: the kernel finds its way by itself.

use super::arch;
use super::boxes::{Boxes, Run};
use super::odometer::Odometer;
use super::plan::Plan;
use super::room::Room;
use super::stage::{ENTRIES, LINE};
use super::table::table;
use super::tile::Across;
use super::tune::Tuning;
use crate::Level;

/// Bytes from row to row that are a multiple of this make rows fall into few sets of the first-level cache.
const CONFLICT: usize = 512;

/// Runs the plan. `false`, with nothing written, where that does not suit.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(
    plan: &Plan<CAP>,
    level: Level,
    tuning: &Tuning,
    past: bool,
) -> bool {
    let item = plan.item;
    let Some(kernel) = arch::across(level, item, past) else {
        return false;
    };
    let mut boxes = Boxes::new(plan, &Tuning { dst_run: 1024, src_run: 1024, ..*tuning });
    if !suits(&boxes, tuning) || !(past || splits(&boxes)) {
        return false;
    }
    boxes.widen(Room::LINES, ENTRIES);
    let Some(mut room) = Room::new() else {
        return false;
    };
    let (tables, kept) = room.parts();
    let (row_room, column_room) = tables.split_at_mut(ENTRIES);
    let first = boxes.b.axes().next();
    let apart = first.map_or(1, |axis| boxes.axes()[axis].s);
    let mut odometer = Odometer::new(&boxes, None);
    loop {
        let count = odometer.count;
        let (Some(rows), Some(columns)) = (
            table(row_room, boxes.b.axes().map(|i| (count[i], boxes.axes()[i].s))),
            table(column_room, boxes.a.axes().map(|i| (count[i], boxes.axes()[i].d))),
        ) else {
            debug_assert!(false, "a run is longer than its table");
            return false;
        };
        loop {
            let (src, dst) = (odometer.src, odometer.dst);
            let next = odometer.next(&boxes);
            let tile = Across {
                src,
                dst,
                rows,
                columns,
                ahead: (odometer.src as isize).wrapping_sub(src as isize),
                conflict: apart.unsigned_abs().is_multiple_of(CONFLICT),
                kept,
            };
            // SAFETY: a box of the view, with tables of its extent. The CPU has the instructions of the level.
            unsafe { kernel(&tile) };
            match next {
                None => {
                    arch::fence();
                    return true;
                }
                Some(true) => break,
                Some(false) => {}
            }
        }
    }
}

/// Whether both runs are packed and long, and items of the destination at multiples of their size.
fn suits<const CAP: usize>(boxes: &Boxes<CAP>, tuning: &Tuning) -> bool {
    let item = boxes.item;
    let items = |run: &Run<CAP>| run.axes().map(|axis| boxes.axes()[axis].n).product::<usize>();
    let aligned = |d: usize| d.is_multiple_of(item);
    let run = items(&boxes.b) * item;
    let line = |d: usize| d.is_multiple_of(LINE);
    let in_run = |i: usize| boxes.b.axes().any(|axis| axis == i);
    let whole = line(run)
        && line(boxes.dst as usize)
        && (0..boxes.axes().len()).all(|i| in_run(i) || line(boxes.axes()[i].d.unsigned_abs()));
    let long = (whole || run >= tuning.across_from) && items(&boxes.a) * item >= LINE;
    long && boxes.a.step == item as isize
        && boxes.b.step == item as isize
        && aligned(boxes.dst as usize)
        && boxes.axes().iter().all(|axis| aligned(axis.d.unsigned_abs()))
}

/// Whether columns begin anywhere in a line, so that vectors of a tile would mostly be written across two of them. Only then
/// is this faster in the caches: 1.4 to 1.8 times at 513 x 513, but 0.5 times at 1000 x 1000 floats, where columns begin
/// lines or halves of them.
fn splits<const CAP: usize>(boxes: &Boxes<CAP>) -> bool {
    boxes.a.axes().any(|i| !boxes.axes()[i].d.unsigned_abs().is_multiple_of(LINE / 2))
}
