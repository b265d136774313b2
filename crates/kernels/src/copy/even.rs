//! Transposes of planes whose rows and columns are evenly apart, past the caches: see `arch::x86_avx512_even`.
//!
//! Measured on Emerald Rapids, whose last level is far away, in shares of a plain streamed copy and against what was before
//! (`planes`, `streamed` and `staged`), 1.5 to 12 MB:
//!
//! ```text
//! 2 bytes, 900 to 2000 a side     0.5 to 0.85    0.4 to 0.55        bytes, 1300 to 3000    0.4 to 0.6      0.3 to 0.55
//! 4 bytes, 640 to 1500            0.75 to 1.0    0.5 to 0.75        ... 1024 apart         0.65            0.55
//! 8 bytes, 450 to 1250            0.8 to 1.0     0.6 to 0.85        ... 1024 apart         0.85            0.75
//! 16 bytes, 400 to 900            0.85 to 1.0    0.7 to 0.85
//! records of 3 to 33 items of 2 to 16 bytes to columns, whether these begin lines or not     0.75 to 1.0     0.2 to 0.75
//! ```
//!
//! What it costs where rows fall into few sets is that they push each other out of the nearest cache before their lines are used
//! up. At 1 MB and less `planes` are as fast or faster, and leave what they write in the caches.
//!
//! From memory it depends: 5000 x 5000 and 1000 x 20000 floats 1.0 to 1.1 and 0.85 to 1.0, 6000 x 6000 of 2 bytes 0.9 and 0.75; but
//! 0.6 and 0.9 where rows fall into few sets, 0.75 and 0.9 where they are short and follow each other, and 0.6 and 0.95 where planes
//! are small.

use super::arch;
use super::plan::{Axis, Plan};
use super::room::Room;
use super::tile::{Even, LANE, Plane};
use super::tune::Tuning;
use super::walk::walk;
use super::woven::rest;
use crate::Level;
use crate::cache::LINE;

/// Bytes of a column that are worth it: its first and its last line are written in parts.
const LONG: usize = 8 * LINE;

/// Bytes of a row by which it is asked for in advance.
const AHEAD: usize = 4 * LINE;

/// Rows that are read side by side, sets of the first-level cache, and how many of the rows may meet in one.
const STRIP: usize = 32;
const SETS: usize = 64;
const CROWD: usize = 8;

/// Runs the plan. `false`, with nothing written, if it is not such.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level, tuning: &Tuning) -> bool {
    let item = plan.item;
    let bytes = plan.axes().iter().fold(item, |bytes, axis| bytes.saturating_mul(axis.n));
    if bytes < tuning.even_from() {
        return false;
    }
    let Some((&rows, outer)) = plan.axes().split_last() else { return false };
    let Some(at) = outer.iter().position(|axis| axis.s == item as isize) else { return false };
    let columns = outer[at];
    let Some(kernel) = arch::squares(level, item).and_then(|squares| squares.even) else { return false };
    let aligned = |step: usize| step.is_multiple_of(item);
    let begin = aligned(plan.dst.addr()) && plan.axes().iter().all(|axis| aligned(axis.d as usize));
    let (column, row) = (rows.n.saturating_mul(item), columns.n.saturating_mul(item));
    if rows.d != item as isize || !begin || column < LONG || row < LANE {
        return false;
    }
    let ahead = ahead(rows.s, row);
    // From memory, and bytes, only where nothing is in the way of requests. (Bytes from memory are as fast either way.)
    let far = bytes >= tuning.stream_from;
    if far && (outer.len() > 1 || item == 1) || (far || item == 1) && ahead < AHEAD {
        return false;
    }
    let Some(mut room) = Room::new() else { return false };
    let (_, kept) = room.parts();
    let (rest, len) = rest(plan, at);
    walk::<CAP>(&rest[..len], plan.src, plan.dst, |src, dst| {
        let mut done = 0;
        while done < columns.n {
            let left = columns.n - done;
            // No part is less than a lane.
            let n = if left <= Room::LINES { left } else { Room::LINES.min(left - LANE) };
            let plane = Plane {
                src: src.wrapping_add(done * item),
                dst: dst.wrapping_offset(columns.d.wrapping_mul(done as isize)),
                rows,
                columns: Axis { n, ..columns },
                times: Axis::ONE,
            };
            let ahead = ahead.min(n * item);
            // SAFETY: columns of the plane at this position, at least a lane, and room for a line of each. The CPU has the instructions
            // of the level.
            unsafe { kernel(&Even { plane, kept, ahead }) };
            done += n;
        }
    });
    arch::fence();
    true
}

/// Bytes of a row by which rows `step` bytes apart are asked for in advance. Rows that follow each other are one stream, which the
/// processor sees by itself; those that fall into few sets of the first-level cache would push each other out.
fn ahead(step: isize, row: usize) -> usize {
    let follow = step.unsigned_abs() < 4 * LINE;
    let set = |i: usize| step.wrapping_mul(i as isize) as usize / LINE % SETS;
    let alike = (0..STRIP).filter(|&i| set(i) % (SETS - 1) < 2).count();
    if follow || alike > CROWD { 0 } else { AHEAD.min(row) }
}
