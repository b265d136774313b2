//! Short axes in any order, past the caches: whole lines of the destination are gathered from where their words are, and streamed.
//!
//! ```text
//! run     axes of a box that follow each other in the destination
//! places  where the words of a run lie in the source, the same for all runs of a box
//! line    as many places, from the first word on that begins a line: gathered, and written past the caches
//! ```
//!
//! A box has some runs that are near each other in the source, so that each of its lines is read from memory once. While it is
//! gathered, the lines of the next box are asked for. Nothing is stored but lines of the destination: no stage, and no transposes, which
//! short axes would leave half empty.
//!
//! Measured on Emerald Rapids in shares of a plain streamed copy, against boxes by way of a stage: axes of 3 and of 5 doubles in random
//! order 0.55 to 0.8 and 0.35 to 0.5, of 3 floats 0.5 to 0.65 and 0.4 to 0.5, of 6 and 7 0.6 to 0.85 and 0.35 to 0.6. Axes of 4, whose
//! pieces fall into few sets of the nearest cache, 0.33 and 0.6: those only where two stages in turn do not suit either (22 axes of 2
//! floats 0.4 and 0.18).

use core::mem::MaybeUninit;

use super::arch;
use super::boxes::Boxes;
use super::odometer::Odometer;
use super::plan::{Axis, Plan};
use super::room::Room;
use super::stage::ENTRIES;
use super::streamed::crowded;
use super::table::table;
use super::tile::Gather;
use super::tune::Tuning;
use crate::{Level, check};

/// Bytes that are read beside each other, at most as many as are wanted for that; of a box that is large enough; and at most. Measured
/// on Emerald Rapids, 9 axes of 5 doubles with boxes of 5, 10 and 25 KB: 0.5, 0.55 and 0.65 of a plain streamed copy; pieces of 200 bytes
/// and not of 5000: 0.85 of the time.
const PIECE: usize = 128;
const BOX: usize = 24 << 10;
const MOST: usize = 40 << 10;

/// Runs the plan. `false`, with nothing written, where that does not suit: items are no words of 4 bytes, runs are too short, or, unless
/// in `any` case, pieces of the source fall into few sets of the nearest cache.
///
/// # Safety
/// As [`super::engine::run`], for a plan with at least one axis.
pub(super) unsafe fn run<const CAP: usize>(
    plan: &Plan<CAP>,
    level: Level,
    tuning: &Tuning,
    any: bool,
) -> bool {
    let Some(gather) = arch::gather(level, plan.item).filter(|_| tuning.gathers) else { return false };
    let word = arch::gather_word(plan.item);
    let mut boxes = Boxes::new(plan, tuning);
    let piece = (tuning.src_run / 2).min(PIECE);
    if !boxes.whole_axes(2 * tuning.dst_run, piece, BOX.min(tuning.least_box), MOST) {
        return false;
    }
    let lasting = boxes.axes()[boxes.axes().len() - 1].d == plan.item as isize;
    let aligned = |d: usize| d.is_multiple_of(word);
    let fits = aligned(plan.dst as usize) && boxes.axes().iter().all(|axis| aligned(axis.d.unsigned_abs()));
    if !lasting || !fits {
        return false;
    }
    let Some(mut room) = Room::new() else { return false };
    let (tables, stage) = room.parts();
    let mut odometer = Odometer::new(&boxes, None);
    let (runs, places) = tables.split_at_mut(4 * ENTRIES);
    // Boxes are equal parts: one table is for all.
    let Some(shape) = Shape::new(&boxes, &odometer.count, word, (runs, places), stage.cast()) else {
        return false;
    };
    if !any && crowded(shape.ahead.iter().copied()) {
        return false;
    }
    loop {
        let (src, dst) = (odometer.src, odometer.dst);
        let next = odometer.next(&boxes);
        check(next != Some(true), "boxes are equal parts");
        let job = Gather {
            src: src.wrapping_offset(shape.low.0),
            dst: dst.wrapping_offset(shape.low.1),
            places: shape.places,
            from: shape.from,
            to: shape.to,
            soon: odometer.src,
            ahead: if next.is_some() { shape.ahead } else { &[] },
            ahead_bytes: shape.ahead_bytes,
        };
        // SAFETY: a box of the view, with tables of its extent. The CPU has the instructions of the level.
        unsafe { gather(&job) };
        if next.is_none() {
            arch::fence();
            return true;
        }
    }
}

/// The tables of the boxes.
struct Shape<'a> {
    /// Where the lowest address of the box lies in the destination as seen from its first item, and that item in the source.
    low: (isize, isize),
    /// Where the words of a run lie in the source, as seen from the first.
    places: &'a [i32],
    /// Where runs begin on both sides.
    from: &'a [isize],
    to: &'a [isize],
    /// Where the pieces of the source begin, as seen from the first item, and their bytes.
    ahead: &'a [isize],
    ahead_bytes: usize,
}

impl<'a> Shape<'a> {
    /// `None` where there is no room.
    fn new<const CAP: usize>(
        boxes: &Boxes<CAP>,
        count: &[usize; CAP],
        word: usize,
        (runs, items): (&'a mut [MaybeUninit<isize>], &mut [MaybeUninit<isize>]),
        places: *mut i32,
    ) -> Option<Shape<'a>> {
        let len = boxes.axes().len();
        let (mut low, mut axes) = ((0, 0), [Axis::ONE; CAP]);
        for i in 0..len {
            let axis = boxes.axes()[i];
            let last = count[i] as isize - 1;
            axes[i] = Axis { n: count[i], ..axis };
            if axis.d < 0 {
                low.0 += axis.s * last;
                low.1 += axis.d * last;
                (axes[i].s, axes[i].d) = (-axis.s, -axis.d);
            }
        }
        // The run: what follows each other in the destination.
        let mut run = boxes.item;
        let (mut inside, mut inside_len) = ([Axis::ONE; CAP], 0);
        while let Some(i) = (0..len).find(|&i| axes[i].n > 1 && axes[i].d.unsigned_abs() == run) {
            inside[inside_len] = axes[i];
            inside_len += 1;
            run *= axes[i].n;
            axes[i].n = 1;
        }
        let own = table(items, inside[..inside_len].iter().map(|axis| (axis.n, axis.s)))?;
        let words = boxes.item / word;
        if own.len() * words > Room::STAGE / 4 {
            return None;
        }
        for (i, &own) in own.iter().enumerate() {
            for k in 0..words {
                let place = i32::try_from(own + (k * word) as isize).ok()?;
                // SAFETY: as many fit into the stage.
                unsafe { places.add(i * words + k).write(place) };
            }
        }
        let count_of = own.len() * words;
        // Runs that are near in the source follow each other.
        let (mut outer, mut outer_len) = ([Axis::ONE; CAP], 0);
        for &axis in axes[..len].iter().filter(|axis| axis.n > 1) {
            let mut to = outer_len;
            while to > 0 && outer[to - 1].s.unsigned_abs() > axis.s.unsigned_abs() {
                outer[to] = outer[to - 1];
                to -= 1;
            }
            outer[to] = axis;
            outer_len += 1;
        }
        let mut parts = runs.chunks_exact_mut(ENTRIES);
        let mut part = || parts.next();
        let outer = &outer[..outer_len];
        let from = table(part()?, outer.iter().map(|axis| (axis.n, axis.s)))?;
        let to = table(part()?, outer.iter().map(|axis| (axis.n, axis.d)))?;
        // The pieces: what follows each other in the source.
        let (mut bytes, mut first, mut used) = (boxes.item, 0, 0u64);
        while let Some(i) = (0..len)
            .find(|&i| count[i] > 1 && used >> i & 1 == 0 && boxes.axes()[i].s.unsigned_abs() == bytes)
        {
            used |= 1 << i;
            first += boxes.axes()[i].s.min(0) * (count[i] as isize - 1);
            bytes *= count[i];
            if count[i] < boxes.axes()[i].n {
                break;
            }
        }
        let rest = (0..len).filter(|&i| used >> i & 1 == 0).map(|i| (count[i], boxes.axes()[i].s));
        let ahead = table(part()?, core::iter::once((1, first)).chain(rest))?;
        // SAFETY: as many have been written.
        let places = unsafe { core::slice::from_raw_parts(places, count_of) };
        Some(Shape { low, places, from, to, ahead, ahead_bytes: bytes })
    }
}
