//! Records of a few items to columns and back, past the caches: fields of points, channels of pixels, parts of complex numbers.
//!
//! ```text
//! group    as many records as a line has items: so many lines on either side as a record has items
//! deal     lines of records, which follow each other, make one line of each column
//! weave    one line of each row makes lines of records
//! ```
//!
//! A line of the result is put together in registers from all lines of its group, by one permutation for each but the first.
//! A few groups later the lines of a column, or of the records, are streamed together. See `arch::x86_avx512_woven`. Records of more
//! items are transposed in blocks instead: see `arch::x86_avx512_fields`.
//!
//! Measured on Emerald Rapids in memory, in shares of a plain streamed copy, against what was before: 2 to 8 items of a byte 0.5 to
//! 1.0 and 0.3 to 0.55, of 2 to 8 bytes 0.6 to 1.0 and 0.5 to 0.8; 9 to 24 items 0.65 to 1.0 and 0.5 to 0.8.

use super::arch;
use super::plan::{Axis, Plan};
use super::tile::{MOST_FIELDS, Steps, Woven, most_record};
use super::tune::Tuning;
use super::walk::walk;
use crate::Level;
use crate::cache::LINE;
use crate::cpu::{asks_in_advance, writes_many};

/// Records of fewer bytes per column are not worth it.
const LONG: usize = 16 * LINE;

/// Columns that records of half a line and more are dealt to, at most, where many are not written well: to 6 of 8 bytes it is 0.85
/// times as fast as by way of a stage.
const MOST_COLUMNS: usize = 4;

/// Rows that are a multiple of this apart fall into one set of the second-level cache, which does not hold what is asked for of many.
const SAME_SET: usize = 128 << 10;

/// Bytes by which the source is asked for in advance, on each of its rows.
const AHEAD: usize = 4 << 10;

/// Records, and what they are made of or become.
#[derive(Clone, Copy)]
struct Shape {
    /// From record to record.
    records: Axis,
    /// From item to item of a record.
    fields: Axis,
    /// Whether the records are the source.
    deal: bool,
}

/// Runs the plan. `false`, with nothing written, if it is not such.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level, tuning: &Tuning) -> bool {
    let item = plan.item;
    let bytes = plan.axes().iter().fold(item, |bytes, axis| bytes.saturating_mul(axis.n));
    let Some((shape, at)) = shape(plan) else { return false };
    if bytes < tuning.records_from() {
        return false;
    }
    let (rest, len) = rest(plan, at);
    let mut steps_to = rest[..len].iter().map(|axis| axis.d.unsigned_abs());
    let alike = !shape.deal || shape.fields.d.unsigned_abs().is_multiple_of(LINE);
    let whole = alike && plan.dst.addr().is_multiple_of(item) && steps_to.all(|d| d.is_multiple_of(item));
    let Some(kernel) = arch::woven(level, item, shape.fields.n, shape.deal, whole) else {
        return false;
    };
    let on = rest[..len].last().map_or(0, |axis| axis.s);
    let permuted = shape.fields.n <= MOST_FIELDS;
    let steps = if permuted { steps(item, shape.fields.n, shape.deal) } else { NO_STEPS };
    let row = shape.records.n * item * if shape.deal { shape.fields.n } else { 1 };
    let ahead = if asks_in_advance() { AHEAD.min(row) } else { 0 };
    let in_group = LINE / item;
    let groups = shape.records.n / in_group;
    walk::<CAP>(&rest[..len], plan.src, plan.dst, |src, dst| {
        let woven = Woven {
            src,
            dst,
            fields: shape.fields,
            groups,
            deal: shape.deal,
            steps: &steps,
            ahead,
            row,
            next: src.wrapping_offset(on),
        };
        // SAFETY: whole groups of the records at this position. The CPU has the instructions of the level.
        unsafe { kernel(&woven) };
        for record in groups * in_group..shape.records.n {
            for field in 0..shape.fields.n {
                let at = |a: isize, b: isize| {
                    a.wrapping_mul(record as isize).wrapping_add(b.wrapping_mul(field as isize))
                };
                let from = src.wrapping_offset(at(shape.records.s, shape.fields.s));
                let to = dst.wrapping_offset(at(shape.records.d, shape.fields.d));
                // SAFETY: an item of the view.
                unsafe { core::ptr::copy_nonoverlapping(from, to, item) };
            }
        }
    });
    arch::fence();
    true
}

/// The two axes of records, if the fastest is one of them, and the number of the other one.
fn shape<const CAP: usize>(plan: &Plan<CAP>) -> Option<(Shape, usize)> {
    let (&last, outer) = plan.axes().split_last()?;
    let item = plan.item as isize;
    if last.d != item {
        return None;
    }
    let most =
        if writes_many() { (most_record(plan.item) / plan.item).max(MOST_FIELDS) } else { MOST_FIELDS };
    let few = |n: usize| (2..=most).contains(&n);
    let find = |s: isize| outer.iter().position(|axis| axis.s == s);
    let (shape, at) = if last.s == item.wrapping_mul(last.n as isize) || !few(last.n) {
        let at = find(item)?;
        (Shape { records: last, fields: outer[at], deal: true }, at)
    } else {
        let at = find(item)?;
        (Shape { records: outer[at], fields: last, deal: false }, at)
    };
    let packed = |step: isize| step == item.wrapping_mul(shape.fields.n as isize);
    let fits = packed(if shape.deal { shape.records.s } else { shape.records.d });
    let long = shape.records.n.saturating_mul(plan.item) >= LONG;
    // More columns at once are more than some write to memory well: by way of a stage they get longer pieces.
    let many = !writes_many()
        && shape.deal
        && shape.fields.n > MOST_COLUMNS
        && shape.fields.n * plan.item >= LINE / 2;
    // Whole lines of so many rows are better transposed as `streamed` does it, which puts lines of them side by side first: 64 x 64 x
    // 64 x 64 bytes, the last axis in front, 0.72 of a plain streamed copy instead of 0.47 (Emerald Rapids).
    let same_set = asks_in_advance()
        && !shape.deal
        && item == 1
        && shape.fields.n.is_multiple_of(LINE)
        && shape.fields.s.unsigned_abs().is_multiple_of(SAME_SET);
    (few(shape.fields.n) && fits && long && !many && !same_set).then_some((shape, at))
}

/// The axes of the plan but that of the records, the last one, and the one with this number: those on which the source moves least
/// come last, so that what is read soon is near. And how many.
pub(super) fn rest<const CAP: usize>(plan: &Plan<CAP>, but: usize) -> ([Axis; CAP], usize) {
    let (mut rest, mut len) = ([Axis::ONE; CAP], 0);
    let last = plan.axes().len() - 1;
    for (_, &axis) in plan.axes()[..last].iter().enumerate().filter(|&(i, _)| i != but) {
        let mut to = len;
        while to > 0 && rest[to - 1].s.unsigned_abs() < axis.s.unsigned_abs() {
            rest[to] = rest[to - 1];
            to -= 1;
        }
        rest[to] = axis;
        len += 1;
    }
    (rest, len)
}

const NO_STEPS: Steps = [[[0; LINE]; MOST_FIELDS]; MOST_FIELDS];

/// See [`Steps`].
fn steps(item: usize, fields: usize, deal: bool) -> Steps {
    // Items of 16 bytes are two words.
    let (word, part) = (item.min(8), item.div_ceil(8));
    let (in_line, words) = (LINE / item, LINE / word);
    let mut steps = NO_STEPS;
    for (line, steps) in steps[..fields].iter_mut().enumerate() {
        for i in 0..words {
            // The line of the source, and the number in that.
            let (from, number) = if deal {
                let at = i / part * fields + line;
                (at / in_line, at % in_line)
            } else {
                let at = line * in_line + i / part;
                (at % fields, at / fields)
            };
            let number = part * number + i % part;
            for (source, step) in steps[..fields].iter_mut().enumerate().skip(1) {
                step[i * word] = match from {
                    _ if from == source => words + number,
                    0 if source == 1 => number,
                    _ => i,
                } as u8;
            }
        }
    }
    steps
}
