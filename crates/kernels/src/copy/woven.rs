//! Records of a few items to columns and back, past the caches: fields of points, channels of pixels, parts of complex numbers.
//!
//! ```text
//! group    as many records as a line has items: so many lines on either side as a record has items
//! deal     lines of records, which follow each other, make one line of each column
//! weave    one line of each row makes lines of records
//! ```
//!
//! A line of the result is put together in registers from all lines of its group, by one permutation for each but the first.
//! A few groups later the lines of a column, or of the records, are streamed together. See `arch::x86_avx512_woven`.

use super::arch;
use super::plan::{Axis, Plan};
use super::tile::{MOST_FIELDS, Woven};
use super::tune::Tuning;
use super::walk::walk;
use crate::Level;
use crate::cache::LINE;

/// Records of fewer bytes per column are not worth it.
const LONG: usize = 16 * LINE;

/// Columns that records of half a line and more are dealt to, at most: to 6 of 8 bytes it is 0.85 times as fast as by way of a
/// stage.
const MOST_COLUMNS: usize = 4;

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
    let Some((shape, at)) = shape(plan).filter(|_| bytes >= tuning.stream_from) else {
        return false;
    };
    let Some(kernel) = arch::woven(level, item, shape.fields.n) else {
        return false;
    };
    let last = plan.axes().len() - 1;
    let mut rest = [Axis::ONE; CAP];
    let mut len = 0;
    for (i, axis) in plan.axes()[..last].iter().enumerate() {
        if i != at {
            rest[len] = *axis;
            len += 1;
        }
    }
    let places = places(item, shape.fields.n, shape.deal);
    let in_group = LINE / item;
    let groups = shape.records.n / in_group;
    walk::<CAP>(&rest[..len], plan.src, plan.dst, |src, dst| {
        let woven = Woven { src, dst, fields: shape.fields, groups, deal: shape.deal, places: &places };
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
    let few = |n: usize| (2..=MOST_FIELDS).contains(&n);
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
    // More columns at once are more than memory is written to well: by way of a stage they get longer pieces.
    let many = shape.deal && shape.fields.n > MOST_COLUMNS && shape.fields.n * plan.item >= LINE / 2;
    (few(shape.fields.n) && fits && long && !many).then_some((shape, at))
}

/// For each line of the result and each of its items: the line of the source, and the number in that.
type Places = [[[u8; 2]; LINE / 2]; MOST_FIELDS];

fn places(item: usize, fields: usize, deal: bool) -> Places {
    let in_line = LINE / item;
    let mut places = [[[0; 2]; LINE / 2]; MOST_FIELDS];
    for (line, places) in places[..fields].iter_mut().enumerate() {
        for (i, place) in places[..in_line].iter_mut().enumerate() {
            *place = if deal {
                let at = i * fields + line;
                [(at / in_line) as u8, (at % in_line) as u8]
            } else {
                let at = line * in_line + i;
                [(at % fields) as u8, (at / fields) as u8]
            };
        }
    }
    places
}
