//! Boxes by way of a stage: a box is put together in a scratch block that stays in the nearest caches, in the order of the
//! destination, and then written past the caches in whole lines.
//!
//! Boxes follow each other along the runs of the destination. A run that does not end with a line leaves the rest in the
//! stage, in front of where the next box goes on with the run, so that only the two ends of a whole run are ever written
//! in parts. While a box is written, the rows of the next are brought near: reading and writing go on together. Words that are
//! packed in both runs go by two stages in turn, where there are vectors of a whole line: see `alternate`.

use super::alternate;
use super::arch::{self, MOST_ROWS, Turns};
use super::boxes::{Boxes, Run};
use super::engine::Kernels;
use super::gathered;
use super::odometer::Odometer;
use super::plan::{Axis, Plan};
use super::room::Room;
use super::stage::{ENTRIES, Layout, Tables};
use super::tile::{Flush, FlushFn, Tile};
use super::tune::Tuning;
use super::walk::walk;
use crate::Level;
use crate::cache::LINE;
use crate::check;

/// Runs of the destination that are too short to be streamed.
const SHORT: usize = 2 * LINE;
/// Bytes of runs of items of a line and more, which are read here and there. Measured on Emerald Rapids in shares of a plain
/// streamed copy, items of 320 bytes: 0.8 instead of 0.5 to 0.65.
const LONG: usize = 1024;
/// Bytes of boxes whose rows follow each other in the source: measured on Zen 4 with pixels of 6 and 8 items, 0.5 to 0.6 of a
/// plain streamed copy against 0.4 to 0.5 with 16 KiB, and 0.3 to 0.4 where the next box is not asked for.
const FEW: usize = 6 << 10;

/// Runs the plan by way of a stage. `false`, with nothing written, where that does not suit: runs of the destination
/// are too short, or there is no memory.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level, tuning: &Tuning) -> bool {
    let Some(flush) = arch::flush(level) else {
        return false;
    };
    // SAFETY: the caller's promise, passed on.
    if unsafe { gathered::run(plan, level, tuning, false) } {
        return true;
    }
    let run = if plan.item >= LINE { LONG } else { 0 };
    let tuning = &Tuning { dst_run: tuning.dst_run.max(run), src_run: tuning.src_run.max(run), ..*tuning };
    let mut boxes = Boxes::new(plan, tuning);
    boxes.keep_short_runs();
    let follow = Tuning { least_box: tuning.least_box.min(FEW), ..*tuning };
    let tuning = if lead(&boxes) == 0 { &follow } else { tuning };
    boxes.enlarge(tuning, Room::STAGE / 2);
    boxes.stretch(tuning.least_box, ENTRIES);
    let along = boxes.along_run(Room::STAGE / 2);
    let layout = Layout::new(&boxes, &boxes.reach, None);
    if boxes.b.step != plan.item as isize || layout.run < SHORT || layout.bytes > Room::STAGE {
        return false;
    }
    let Some(mut room) = Room::new() else {
        return false;
    };
    // SAFETY: the caller's promise, passed on; a full box fits into the stage, or two where they go by turns.
    unsafe {
        if let Some(turns) = turns(&boxes, &layout, level) {
            let kernels = Kernels::new(level, &boxes);
            return alternate::run(&boxes, &layout, along, (&kernels, turns, flush), room.parts());
        }
        gathered::run(plan, level, tuning, true) || run_boxes(&boxes, &layout, along, level, flush, &mut room)
    }
}

/// The kernel for boxes that go by way of two stages in turn, if these do.
fn turns<const CAP: usize>(boxes: &Boxes<CAP>, full: &Layout<CAP>, level: Level) -> Option<Turns> {
    let item = boxes.item;
    let packed = boxes.a.step == item as isize && boxes.b.step == item as isize;
    let items = |run: &Run<CAP>| run.axes().map(|axis| boxes.reach[axis]).product::<usize>();
    let near = matches!(lead(boxes), 0 | usize::MAX) && 2 * full.bytes <= Room::STAGE;
    arch::turns(level, item)
        .filter(|turns| packed && full.phased && near && turns.fit(items(&boxes.b), items(&boxes.a)))
}

/// # Safety
/// As [`run`]; the room is as [`Room::new`] makes it and a full box fits into the stage.
unsafe fn run_boxes<const CAP: usize>(
    boxes: &Boxes<CAP>,
    full: &Layout<CAP>,
    along: Option<usize>,
    level: Level,
    flush: FlushFn,
    room: &mut Room,
) -> bool {
    let item = boxes.item;
    let kernels = Kernels::new(level, boxes);
    let (table_room, stage) = room.parts();
    let lead = lead(boxes);
    let mut odometer = Odometer::new(boxes, along);
    // Rows that would push each other out of the first-level cache are put side by side first. It pays where a line has
    // many items, and so is used by many blocks.
    let row = boxes.row_bytes() + 2 * LINE;
    let pack = if lead != 0 && lead < usize::MAX && item <= 4 && row * MOST_ROWS <= Room::PACK {
        stage.wrapping_add(Room::STAGE)
    } else {
        core::ptr::null_mut()
    };
    let mut first = true;
    loop {
        let count = odometer.count;
        let layout = Layout::new(boxes, &count, Some(full));
        let Some(mut tables) = Tables::new(boxes, &count, &layout, table_room) else {
            // Smaller boxes need smaller tables: if the first fits, all do.
            check(first, "the tables of a smaller box do not fit");
            return !first;
        };
        let fill = Fill { boxes, kernels: &kernels, count, layout: &layout, lead, pack, stage };
        let mut fresh = true;
        first = false;
        loop {
            let (src, dst) = (odometer.src, odometer.dst);
            let (begins, ends) = odometer.ends(boxes, along);
            if layout.phased && (begins || fresh) {
                tables.set_phases(Some(dst.wrapping_offset(layout.low_in_run)));
            }
            fresh = false;
            let next = odometer.next(boxes);
            // SAFETY: the box that the odometer stood at, and a stage that it fits into.
            unsafe { fill.run(src, (odometer.src as isize).wrapping_sub(src as isize), &tables) };
            let written = Flush {
                from: stage,
                pitch: layout.pitch,
                to: dst.wrapping_offset(layout.low),
                runs: tables.runs,
                run: layout.run,
                phased: layout.phased,
                begins,
                ends,
                ahead: if lead == 0 { tables.ahead } else { &tables.ahead[..lead.min(tables.ahead.len())] },
                ahead_bytes: tables.ahead_bytes,
                next: odometer.src,
                lead: 0,
            };
            // SAFETY: the stage holds this box. The CPU has the instructions of the level.
            unsafe { flush(&written) };
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

/// How many rows in advance the source is brought near: as many as stay in the second-level cache until they are used. Rows
/// that are a power of 2 apart fall into few of its sets.
fn lead<const CAP: usize>(boxes: &Boxes<CAP>) -> usize {
    const WAY: usize = 64 << 10;
    const WAYS: usize = 8;
    let step = boxes.b.axes().next().map_or(1, |axis| boxes.axes()[axis].s.unsigned_abs());
    if step < LINE {
        // Rows follow each other: the hardware sees that by itself.
        return 0;
    }
    let apart = 1 << step.trailing_zeros().min(WAY.trailing_zeros());
    if apart < 4096 {
        return usize::MAX;
    }
    (WAY / apart * WAYS / 2).max(8)
}

/// The way of boxes of one extent into the stage.
struct Fill<'a, const CAP: usize> {
    boxes: &'a Boxes<CAP>,
    kernels: &'a Kernels,
    count: [usize; CAP],
    layout: &'a Layout<CAP>,
    /// See [`Tile`].
    lead: usize,
    pack: *mut u8,
    stage: *mut u8,
}

impl<const CAP: usize> Fill<'_, CAP> {
    /// Moves the box at `src` into the stage; the next box is `ahead` bytes further.
    ///
    /// # Safety
    /// The box begins at `src`; the stage has room for it; the tables are those for boxes of this extent.
    #[inline(always)]
    unsafe fn run(&self, src: *const u8, ahead: isize, tables: &Tables<'_>) {
        let mut rest = [Axis::ONE; CAP];
        let mut len = 0;
        for (i, axis) in self.boxes.axes().iter().enumerate() {
            if self.boxes.is_rest(i) && self.count[i] > 1 {
                rest[len] = Axis { n: self.count[i], s: axis.s, d: self.layout.strides[i] };
                len += 1;
            }
        }
        let (times, outer) = match rest[..len].split_last() {
            Some((&times, outer)) => (times, outer),
            None => (Axis::ONE, &[][..]),
        };
        let dst = self.stage.wrapping_add(self.layout.first);
        walk::<CAP>(outer, src, dst, |src, dst| {
            let tile = Tile {
                src,
                dst,
                rows: tables.rows,
                columns: tables.columns(),
                src_step: self.boxes.a.step,
                dst_step: self.boxes.b.step,
                item: self.boxes.item,
                lead: self.lead.min(tables.rows.len()),
                ahead,
                pack: self.pack,
                even: (tables.rows.len(), tables.columns().len()),
                times,
            };
            // SAFETY: items of the box, and their places in the stage.
            unsafe { self.kernels.run(&tile) };
        });
    }
}
