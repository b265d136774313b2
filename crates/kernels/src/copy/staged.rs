//! Boxes by way of a stage: a box is put together in a scratch block that stays in the second-level cache, in the order
//! of the destination, and then written past the caches in runs of whole lines.

use aligned_vec::{AVec, ConstAlign};
use core::mem::MaybeUninit;

use super::arch;
use super::boxes::Boxes;
use super::engine::Kernels;
use super::odometer::Odometer;
use super::plan::{Axis, Plan};
use super::table::table;
use super::tile::{StreamFn, Tile};
use super::tune::Tuning;
use super::walk::walk;
use crate::Level;

const LINE: usize = 64;
/// Runs of the destination that are too short to be streamed.
const SHORT: usize = 2 * LINE;
/// Bytes of the stage.
const STAGE: usize = 192 << 10;
/// Entries of each table.
const ENTRIES: usize = 4096;

type Scratch<T> = AVec<T, ConstAlign<LINE>>;

/// Memory for all tables, and the stage.
struct Room {
    tables: Scratch<isize>,
    stage: Scratch<u8>,
}

impl Room {
    fn new() -> Option<Room> {
        let mut tables = Scratch::new(LINE);
        tables.try_reserve_exact(4 * ENTRIES).ok()?;
        let mut stage = Scratch::new(LINE);
        stage.try_reserve_exact(STAGE).ok()?;
        Some(Room { tables, stage })
    }

    fn tables(&mut self) -> &mut [MaybeUninit<isize>] {
        // SAFETY: the capacity that `new` has reserved; entries need not be initialised.
        unsafe { core::slice::from_raw_parts_mut(self.tables.as_mut_ptr().cast(), 4 * ENTRIES) }
    }
}

/// Runs the plan by way of a stage. `false`, with nothing written, where that does not suit: runs of the destination
/// are too short, or there is no memory.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level, tuning: &Tuning) -> bool {
    let Some(stream) = arch::stream(level) else {
        return false;
    };
    let mut boxes = Boxes::new(plan, tuning);
    boxes.enlarge(tuning, STAGE / 2);
    let layout = StageLayout::new(&boxes, &boxes.reach);
    if boxes.b.step != plan.item as isize || layout.run < SHORT || layout.bytes > STAGE {
        return false;
    }
    let Some(mut room) = Room::new() else {
        return false;
    };
    // SAFETY: the caller's promise, passed on.
    unsafe { run_boxes(&boxes, level, stream, &mut room) }
}

/// Where the items of a box lie in the stage: packed as far as the destination is, then in rows.
struct StageLayout<const CAP: usize> {
    /// Bytes from position to position of the box on each axis.
    strides: [isize; CAP],
    /// Bytes of a run.
    run: usize,
    /// Bytes from run to run in the stage.
    pitch: usize,
    /// The axes from run to run: extent, and bytes in the destination.
    outer: [(usize, isize); CAP],
    outer_len: usize,
    /// Where the first item of the box lies, in the stage and as seen from the lowest address in the destination.
    first: usize,
    low: isize,
    /// Bytes in all.
    bytes: usize,
}

impl<const CAP: usize> StageLayout<CAP> {
    fn new(boxes: &Boxes<CAP>, count: &[usize; CAP]) -> Self {
        let mut l = StageLayout {
            strides: [0; CAP],
            run: boxes.item,
            pitch: 0,
            outer: [(1, 0); CAP],
            outer_len: 0,
            first: 0,
            low: 0,
            bytes: boxes.item,
        };
        for (i, axis) in boxes.axes().iter().enumerate().rev() {
            let (n, d) = (count[i], axis.d.unsigned_abs());
            if n == 1 {
                continue;
            }
            let stride = if l.outer_len == 0 && d == l.run {
                l.run *= n;
                d
            } else {
                if l.outer_len == 0 {
                    l.pitch = padded(l.run);
                    l.bytes = l.pitch;
                }
                l.outer[l.outer_len] = (n, d as isize);
                l.outer_len += 1;
                l.bytes
            };
            l.bytes = stride * n;
            l.strides[i] = stride as isize;
            if axis.d < 0 {
                l.first += stride * (n - 1);
                l.low += axis.d * (n - 1) as isize;
                l.strides[i] = -l.strides[i];
            }
        }
        l
    }
}

/// Bytes from run to run: an odd number of lines, so that runs do not all begin in the same set of the cache.
fn padded(run: usize) -> usize {
    if run < 4 * LINE {
        return run;
    }
    (run.div_ceil(LINE) | 1) * LINE
}

/// The tables of a box of one extent.
struct Tables<'a> {
    rows: &'a [isize],
    columns: &'a [isize],
    runs: &'a [isize],
    /// Lines of the source that a box touches, one offset for each row of it.
    ahead: &'a [isize],
    ahead_bytes: usize,
}

fn tables<'a, const CAP: usize>(
    boxes: &Boxes<CAP>,
    count: &[usize; CAP],
    layout: &StageLayout<CAP>,
    room: &'a mut [MaybeUninit<isize>],
) -> Option<Tables<'a>> {
    let (rows, room) = room.split_at_mut_checked(ENTRIES)?;
    let (columns, room) = room.split_at_mut_checked(ENTRIES)?;
    let (runs, ahead) = room.split_at_mut_checked(ENTRIES)?;
    let source = |i: usize| (count[i], boxes.axes()[i].s);
    let rows = table(rows, boxes.b.axes().map(source))?;
    let columns = table(columns, boxes.a.axes().map(|i| (count[i], layout.strides[i])))?;
    let runs = table(runs, layout.outer[..layout.outer_len].iter().copied())?;
    let rest = (0..boxes.axes().len()).filter(|&i| boxes.is_rest(i));
    let ahead = table(ahead, boxes.b.axes().chain(rest).map(source)).unwrap_or(&[]);
    Some(Tables {
        rows,
        columns,
        runs,
        ahead,
        ahead_bytes: (columns.len() - 1) * boxes.a.step.unsigned_abs() + boxes.item,
    })
}

/// # Safety
/// As [`run`]; the room is as [`Room::new`] makes it and a full box fits into the stage.
unsafe fn run_boxes<const CAP: usize>(
    boxes: &Boxes<CAP>,
    level: Level,
    stream: StreamFn,
    room: &mut Room,
) -> bool {
    let item = boxes.item;
    let kernels = Kernels::new(level, item, boxes.a.step == item as isize);
    let stage = room.stage.as_mut_ptr();
    let mut odometer = Odometer::new(boxes);
    let mut first = true;
    loop {
        let count = odometer.count;
        let layout = StageLayout::new(boxes, &count);
        let Some(tables) = tables(boxes, &count, &layout, room.tables()) else {
            // Smaller boxes need smaller tables: if the first fits, all do.
            debug_assert!(first, "the tables of a smaller box do not fit");
            return !first;
        };
        first = false;
        loop {
            let (src, dst) = (odometer.src, odometer.dst.wrapping_offset(layout.low));
            // SAFETY: the box that the odometer stands at, and a stage that it fits into.
            unsafe { fill(boxes, &kernels, &count, &layout, &tables, src, stage) };
            let next = odometer.next(boxes);
            // SAFETY: the runs of this box, which the stage now holds.
            unsafe { flush(stream, &layout, &tables, stage, dst, odometer.src) };
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

/// Moves a box into the stage.
///
/// # Safety
/// The box begins at `src`; the stage has room for it.
#[inline(always)]
unsafe fn fill<const CAP: usize>(
    boxes: &Boxes<CAP>,
    kernels: &Kernels,
    count: &[usize; CAP],
    layout: &StageLayout<CAP>,
    tables: &Tables<'_>,
    src: *const u8,
    stage: *mut u8,
) {
    let mut rest = [Axis::ONE; CAP];
    let mut len = 0;
    for i in 0..boxes.axes().len() {
        if boxes.is_rest(i) && count[i] > 1 {
            rest[len] = Axis { n: count[i], s: boxes.axes()[i].s, d: layout.strides[i] };
            len += 1;
        }
    }
    let (times, outer) = match rest[..len].split_last() {
        Some((&times, outer)) => (times, outer),
        None => (Axis::ONE, &[][..]),
    };
    let dst = stage.wrapping_add(layout.first);
    walk::<CAP>(outer, src, dst, |src, dst| {
        let tile = Tile {
            src,
            dst,
            rows: tables.rows,
            columns: tables.columns,
            src_step: boxes.a.step,
            dst_step: boxes.b.step,
            item: boxes.item,
            times,
        };
        // SAFETY: items of the box, and their places in the stage.
        unsafe { kernels.run(&tile) };
    });
}

/// Writes the runs of a box from the stage to the destination, and asks for the rows of the next box meanwhile, so that
/// reading and writing go on at the same time.
///
/// # Safety
/// The stage holds the box; `dst` is its lowest address in the destination.
#[inline(always)]
unsafe fn flush<const CAP: usize>(
    stream: StreamFn,
    layout: &StageLayout<CAP>,
    tables: &Tables<'_>,
    stage: *mut u8,
    dst: *mut u8,
    next: *const u8,
) {
    let share = tables.ahead.len().div_ceil(tables.runs.len());
    let mut ahead = tables.ahead;
    let mut from = stage.cast_const();
    for &run in tables.runs {
        // SAFETY: a run of the box.
        unsafe { stream(from, dst.wrapping_offset(run), layout.run) };
        from = from.wrapping_add(layout.pitch);
        let (now, later) = ahead.split_at(share.min(ahead.len()));
        ahead = later;
        for &row in now {
            let row = next.wrapping_offset(row);
            let mut at = 0;
            while at < tables.ahead_bytes {
                arch::prefetch(row.wrapping_add(at));
                at += LINE;
            }
        }
    }
}
