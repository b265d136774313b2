//! Transposes of long runs, straight from the source to the destination, past the caches or not: see `arch::across`.
//!
//! The axes that make the two runs are laid out in tables, thousands of rows and columns at once, so that there is little
//! to do per box: the kernel finds its way by itself.

use super::arch::{self, MOST_ROWS};
use super::boxes::{Boxes, Run};
use super::odometer::Odometer;
use super::plan::{Axis, Plan};
use super::room::Room;
use super::stage::{ENTRIES, TABLES, phase};
use super::table::table;
use super::tile::{Across, Way};
use super::tune::Tuning;
use crate::Level;
use crate::cache::LINE;
use crate::check;
use crate::cpu::asks_in_advance;

/// Sets of the first-level cache, and how many rows that fall into one are too many.
const SETS: usize = 64;
const CROWD: usize = 8;
/// Sets of the second-level cache, and how many of the rows of a strip it holds in one.
const NEAR_SETS: usize = 2048;
const NEAR_CROWD: usize = 8;
/// Rows of a strip at least, however few the second-level cache holds.
const FEW_ROWS: usize = 16;
/// Rows that are a multiple of this apart are put side by side in any case; inside the caches, only those.
pub(super) const CONFLICT: usize = 512;

/// Columns of items of 1 and 2 bytes that are gone through strip by strip, at most, where they begin anywhere in a line: so what
/// strips keep of them stays in the second-level cache. Measured on Zen 4, in shares of a plain streamed copy: 6000 x 6000
/// items of 2 bytes 0.6 to 0.7 instead of 0.58; larger items gain nothing.
const PANEL: usize = 1024;

/// Rows of a table, at most: where a run is cut, a line of each column is written in two parts.
const ROWS: usize = (TABLES - 1) * ENTRIES;

/// Bytes of runs that are worth no more merging of axes: inside the caches, and past them, where what is written in parts at the
/// ends of a run costs more. Measured on Emerald Rapids, runs of 4 KiB against such of 1 KiB: 300 x 301 x 302 floats reversed
/// 0.8, permutations of 4 to 6 axes 0.8 to 1 of the time, and 0.6 to 0.95 where columns begin anywhere in a line.
const RUN: usize = 1024;
const LONG_RUN: usize = 4096;

/// What a run of records may lack for whole strips, as a part of it. Measured on Emerald Rapids, 199 rows of 3 bytes, by strips of 64:
/// 0.43 of a plain streamed copy, 0.52 by way of a stage; 20 rows of 40 bytes, by strips of 16, 0.54 and 0.67.
const FILLED: usize = 4;

/// Bytes of a column from which on its first line may be written before all others.
const LONG_COLUMN: usize = 512;

/// Bytes of a column that a stage should have at least where rows are short.
const COLUMN: usize = 1024;

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
    // Bytes inside the caches are as fast by tiles, or faster (1023 x 1023: 0.42 against 0.28).
    let way = if past { Way::Past } else { Way::Near };
    if arch::across(level, item, way).is_none() || (item == 1 && !past) {
        return false;
    }
    let run = if past { LONG_RUN } else { RUN };
    let mut boxes = Boxes::new(plan, &Tuning { dst_run: run, src_run: run, ..*tuning });
    if !suits(&boxes, tuning, level) || !(past || splits(&boxes)) {
        return false;
    }
    if past && few_columns(&boxes, tuning) {
        return false;
    }
    let aligned = boxes.a.axes().all(|i| boxes.axes()[i].d.unsigned_abs().is_multiple_of(LINE));
    boxes.widen(if item <= 2 && !aligned { PANEL } else { Room::LINES }, ROWS);
    let Some(mut room) = Room::new() else {
        return false;
    };
    let (tables, kept) = room.parts();
    let (row_room, column_room) = tables.split_at_mut(ROWS);
    let mut chosen = None;
    let mut odometer = Odometer::new(&boxes, None);
    loop {
        let count = odometer.count;
        let (Some(rows), Some(columns)) = (
            table(row_room, boxes.b.axes().map(|i| (count[i], boxes.axes()[i].s))),
            table(column_room, boxes.a.axes().map(|i| (count[i], boxes.axes()[i].d))),
        ) else {
            check(false, "a run is longer than its table");
            return false;
        };
        // Found out once: it takes longer than a box, and later tables are parts of the first, or nearly.
        let (kernel, side, tall, windows) = match chosen {
            Some(chosen) => chosen,
            None => {
                let windows = past && windows(&boxes, rows);
                let (way, side, tall) = match windows {
                    true => (Way::Wide, true, MOST_ROWS),
                    false => choose(&boxes, rows, columns, past),
                };
                let Some(kernel) = arch::across(level, item, way) else { return false };
                *chosen.insert((kernel, side, tall, windows))
            }
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
                side,
                tall,
                windows,
                kept,
                begins: true,
                ends: true,
                soon: None,
            };
            let head = if past { head(&tile, item) } else { 0 };
            // SAFETY: a box of the view, with tables of its extent, or some rows of it and then the others. The CPU has the
            // instructions of the level.
            unsafe {
                if head > 0 {
                    let (first, others) = rows.split_at(head);
                    kernel(&Across { rows: first, ahead: others[0].wrapping_sub(first[0]), ..tile });
                    kernel(&Across { rows: others, dst: dst.wrapping_add(head * item), ..tile });
                } else {
                    kernel(&tile);
                }
            }
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

/// Rows of a tile up to where all columns begin a line, if they do so together and not at once: what these have is written in part,
/// and then nothing needs to be kept of a column from strip to strip. Measured on Emerald Rapids, outputs that begin 16 bytes behind a
/// line, in shares of a plain streamed copy: floats 0.62 and 0.57, doubles 0.73 and 0.66, of 16 bytes 0.76 and 0.72. (Bytes have
/// kernels of their own for columns that begin anywhere.)
fn head(tile: &Across<'_>, item: usize) -> usize {
    let first = tile.dst.wrapping_offset(tile.columns[0]);
    let bytes = phase(first).wrapping_neg() % LINE;
    if bytes == 0 || item == 1 || !bytes.is_multiple_of(item) || tile.rows.len() * item < LONG_COLUMN {
        return 0;
    }
    // (All are looked at, which becomes vectors.)
    let differ = |column: isize| tile.dst.wrapping_offset(column) as usize ^ first as usize;
    let together = tile.columns.iter().fold(0, |all, &column| all | differ(column)).is_multiple_of(LINE);
    if together { bytes / item } else { 0 }
}

/// Whether both runs are packed and long, and items of the destination lie as the kernels want them.
fn suits<const CAP: usize>(boxes: &Boxes<CAP>, tuning: &Tuning, level: Level) -> bool {
    let item = boxes.item;
    let items = |run: &Run<CAP>| run.axes().map(|axis| boxes.axes()[axis].n).product::<usize>();
    let (unit, strip) = arch::across_unit(level, item);
    let aligned = |d: usize| d.is_multiple_of(unit);
    let run = items(&boxes.b) * item;
    // Strips of records are done as a whole, however few rows are left for the last one.
    let rows = items(&boxes.b);
    let filled = rows.next_multiple_of(strip) <= rows + rows / FILLED;
    let line = |d: usize| d.is_multiple_of(LINE);
    let in_run = |i: usize| boxes.b.axes().any(|axis| axis == i);
    let whole = line(run)
        && line(boxes.dst as usize)
        && (0..boxes.axes().len()).all(|i| in_run(i) || line(boxes.axes()[i].d.unsigned_abs()));
    let long = (whole || run >= tuning.across_from) && items(&boxes.a) * item >= LINE;
    long && filled
        && boxes.a.step == item as isize
        && boxes.b.step == item as isize
        && aligned(boxes.dst as usize)
        && boxes.axes().iter().all(|axis| aligned(axis.d.unsigned_abs()))
}

/// Whether short rows of the source lie near each other, and there are enough of them for a stage. There is one stream of
/// the destination for each column then, each of which goes on by 256 bytes at once, too little for the memory; the stage
/// has a kilobyte of a column, or is no better. Measured on Zen 4 for rows of 64 to 250 bytes, packed or not: the stage is 1.05
/// to 2 times as fast; on Emerald Rapids 0.85 to 0.97 times for up to 16 columns, and 0.6 to 0.9 times for more of 2 bytes and
/// larger. Bytes go on by one line at once: the stage is 1.05 to 1.1 times as fast for any number of columns.
fn few_columns<const CAP: usize>(boxes: &Boxes<CAP>, tuning: &Tuning) -> bool {
    let items = |run: &Run<CAP>| run.axes().map(|axis| boxes.axes()[axis].n).product::<usize>();
    let long = |run: &Run<CAP>| items(run) * boxes.item;
    let column = tuning.least_box / items(&boxes.a);
    let apart = boxes.b.axes().next().map_or(0, |axis| boxes.axes()[axis].s.unsigned_abs());
    let bytes = boxes.axes().iter().fold(boxes.item, |bytes, axis| bytes.saturating_mul(axis.n));
    (boxes.item == 1 || column >= COLUMN)
        && long(&boxes.a) < tuning.across_rows
        && long(&boxes.b) >= tuning.across_from
        && apart < 2 * tuning.across_rows
        && bytes >= tuning.stream_from
}

/// For boxes with these tables: the way, whether rows are put side by side, and how many rows strips have at most.
fn choose<const CAP: usize>(
    boxes: &Boxes<CAP>,
    rows: &[isize],
    columns: &[isize],
    past: bool,
) -> (Way, bool, usize) {
    let first = boxes.b.axes().next().map_or(Axis::ONE, |axis| boxes.axes()[axis]);
    let apart = first.s.unsigned_abs().is_multiple_of(CONFLICT);
    if !past {
        return (Way::Near, apart, MOST_ROWS);
    }
    let strip = &rows[..rows.len().min(4 * LINE / boxes.item)];
    let crossing = crossing(boxes, rows, strip);
    let side = apart || crossing || crowd(strip.iter().copied(), SETS) > CROWD;
    if !boxes.item.is_power_of_two() {
        return (Way::Past, side, MOST_ROWS);
    }
    let into = |column: isize| phase(boxes.dst.wrapping_offset(column));
    let first = if boxes.item > 1 && rows.len() * boxes.item >= LONG_COLUMN { into(columns[0]) } else { 0 };
    let aligned = columns.iter().all(|&column| into(column) == first);
    let near = crowd(rows.iter().copied(), NEAR_SETS);
    // A strip of two lines of each column at least, of which the second-level cache holds what is asked for, or reads it all the
    // same where it is far to the memory (64 x 64 x 64 x 64 reversed: 0.57 of a plain streamed copy instead of 0.44).
    let held = near < NEAR_CROWD || asks_in_advance();
    if boxes.item == 1 && (side || !aligned) && rows.len() >= 2 * LINE && held {
        return (Way::Beside, side, MOST_ROWS);
    }
    // Where it holds only a part of them whatever is done, single lines come sooner than pieces: 64 x 64 x 64 x 64 items of 2 bytes
    // reversed 0.69 of a plain streamed copy instead of 0.52. (Larger ones gain nothing.)
    if boxes.item == 2 && near > 2 * NEAR_CROWD && asks_in_advance() {
        return (Way::Past, side, MOST_ROWS);
    }
    // As many as the second-level cache holds side by side.
    let tall = (MOST_ROWS * NEAR_CROWD / near.max(1)).clamp(FEW_ROWS, MOST_ROWS);
    if crossing || side && near >= NEAR_CROWD / 2 && (boxes.item < 8 || tall * boxes.item >= 4 * LINE) {
        return (Way::Wide, side, tall);
    }
    (if aligned { Way::Aligned } else { Way::Past }, side, tall)
}

/// Whether rows of 8-byte items begin anywhere in a line, and those of a strip fall into few sets of the first-level cache with
/// both lines that a piece of them lies in. Measured on Zen 4, in shares of a plain streamed copy: 4095 and 4097 doubles
/// apart 0.6 to 0.66 by 4 lines of a row at once, 0.5 by one, 0.47 to 0.6 where they are.
fn crossing<const CAP: usize>(boxes: &Boxes<CAP>, rows: &[isize], strip: &[isize]) -> bool {
    let split = || rows.iter().any(|&row| phase(boxes.src.wrapping_offset(row)) != 0);
    boxes.item == 8 && split() && crowded(strip.iter().copied())
}

/// Whether rows are read in whole lines of their own, by strips as tall as can be: 2 and 4-byte items whose rows fall into
/// few sets of the first-level cache and begin anywhere in a line, as long as the second-level cache holds what is read
/// of them; floats also where it does not hold the rows of a strip in any case. Measured on Zen 4, in shares of a plain
/// streamed copy: 2047 and 4097 floats apart 0.34 to 0.54 and 0.48, 8192 and 16384 floats 0.44 to 0.6, 4095 items of 2
/// bytes 0.3 to 0.43. Items of 1, 8 and 16 bytes gain nothing.
fn windows<const CAP: usize>(boxes: &Boxes<CAP>, rows: &[isize]) -> bool {
    let strip = rows.iter().copied().take(MOST_ROWS);
    if !matches!(boxes.item, 2 | 4) || crowd(strip, SETS) <= CROWD {
        return false;
    }
    let split = rows.iter().any(|&row| phase(boxes.src.wrapping_offset(row)) != 0);
    let near = |lines: usize| crowd_of(rows.iter().copied(), NEAR_SETS, lines);
    if split { near(8) <= 2 * boxes.item } else { boxes.item == 4 && near(1) > NEAR_CROWD }
}

/// Whether too many of the first rows fall into one set of the first-level cache with one of two lines.
pub(super) fn crowded(rows: impl ExactSizeIterator<Item = isize> + Clone) -> bool {
    crowd_of(rows, SETS, 2) > CROWD
}

/// How many of the first rows begin in the same set of a cache, at most.
fn crowd(rows: impl ExactSizeIterator<Item = isize> + Clone, sets: usize) -> usize {
    crowd_of(rows, sets, 1)
}

/// How many of the first rows have one of their first so many lines in the same set of a cache, at most.
fn crowd_of(rows: impl ExactSizeIterator<Item = isize> + Clone, sets: usize, lines: usize) -> usize {
    let set = |row: isize| row as usize / LINE % sets;
    let rows = rows.take(MOST_ROWS);
    let meets = |row: isize, other: isize| (set(row) + sets - set(other)) % sets < lines;
    let alike = |row: isize| rows.clone().filter(|&other| meets(row, other)).count();
    rows.clone().map(alike).max().unwrap_or(0)
}

/// Whether columns begin anywhere in a line, so that vectors of a tile would mostly be written across two of them. Only then
/// is this faster in the caches: 1.4 to 1.8 times at 513 x 513, but 0.5 times at 1000 x 1000 floats, where columns begin
/// lines or halves of them.
fn splits<const CAP: usize>(boxes: &Boxes<CAP>) -> bool {
    boxes.a.axes().any(|i| !boxes.axes()[i].d.unsigned_abs().is_multiple_of(LINE / 2))
}
