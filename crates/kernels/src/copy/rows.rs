//! Long rows of the destination that the source has in even steps, past the caches: every second item, items in reverse,
//! one item over and over. See `arch::steps`.
//!
//! A row is gone through once and in registers: reading and writing always go on together, and what is read soon is asked
//! for. Rows that run backwards are read forwards all the same and written from their ends, since the hardware only
//! foresees a rising source where one row follows the other.
//!
//! Measured on Zen 4, in shares of a plain streamed copy of all bytes in the lines that are touched: every second and third
//! item 0.85 to 0.95 (by way of a stage 0.5 to 0.6); rows in reverse 0.95 to 1.05 (0.4 to 0.5; read backwards 0.55); one
//! item over and over 1.3, what a plain streamed fill reaches (0.35 to 0.6 by transposes).

use super::arch;
use super::plan::Plan;
use super::tile::Stepped;
use super::tune::Tuning;
use super::walk::walk;
use crate::Level;
use crate::cache::LINE;
use crate::cpu::asks_in_advance;

/// Rows of fewer bytes are not long: their ends are written in parts.
const LONG: usize = 8 * LINE;

/// Bytes of the source that are asked for in advance: on Zen 4, and elsewhere.
const NEAR: usize = 16 * LINE;
const FAR: usize = 64 * LINE;

/// Runs the plan. `false`, with nothing written, if its rows are not such.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level, tuning: &Tuning) -> bool {
    let Some((&row, outer)) = plan.axes().split_last() else {
        return false;
    };
    let (item, step) = (plan.item, row.s.unsigned_abs());
    if row.d != item as isize || row.n * item < LONG || !step.is_multiple_of(item) {
        return false;
    }
    // What is read along with the items counts as well. Where that is one per row, past the caches is faster from half of
    // that on, as for long transposes.
    let bytes = outer.iter().fold(row.n * item, |bytes, axis| bytes.saturating_mul(axis.n));
    let enough = if step == 0 { tuning.stream_from / 2 } else { tuning.stream_from.saturating_mul(2) };
    if bytes.saturating_mul(1 + step / item) < enough {
        return false;
    }
    // Where the source moves less along another axis, rows share its lines.
    let across = outer.iter().any(|axis| axis.s != 0 && axis.s.unsigned_abs() < step);
    let aligned = |d: usize| d.is_multiple_of(item);
    if across || !aligned(plan.dst as usize) || !outer.iter().all(|axis| aligned(axis.d.unsigned_abs())) {
        return false;
    }
    let Some(kernel) = arch::stepped(level, item, row.s / item as isize) else {
        return false;
    };
    // At most what is there of the next row.
    let ahead = if asks_in_advance() { FAR.min(row.n * step).max(NEAR) } else { NEAR };
    let on = outer.last().map_or(0, |axis| axis.s);
    walk::<CAP>(outer, plan.src, plan.dst, |src, dst| {
        let row = Stepped { src, dst, n: row.n, next: src.wrapping_offset(on), ahead };
        // SAFETY: a row of the view. The CPU has the instructions of the level.
        unsafe { kernel(&row) };
    });
    arch::fence();
    true
}
