//! Boxes by way of two stages in turn: while a box is put together in one, the box before is written from the other, some lines after
//! each cell of a transpose, and as many lines of the source are asked for. See `staged`; the kernel is `arch::turns`.
//!
//! Stores are done in order, and those past the caches take long: behind all lines of a box, those to the stage would wait for
//! memory, and the next lines for those. By turns both go on together, as long as there are few other stores, and both stages stay
//! in the nearest cache.
//!
//! Measured on Emerald Rapids in a sketch that moves lines and no more, boxes of 7 KiB, 128 bytes of each row, in shares of a plain
//! streamed copy: all of a box, then all of it written 0.82 (0.75 with boxes of 35 KiB); by turns of 8 to 28 lines 0.97, of 56 lines
//! 0.81. With 1.5, 3 and 4.5 numbers more that are stored per line 0.85, 0.81 and 0.66: so nothing is put together in memory for
//! each cell.
//!
//! The kernel against a tile, then all of it written: 20 axes of 2 in random order 1.2 to 2.5 times as fast, 13 axes of 3 1.1 to 1.2,
//! bytes that trade the first and the last of three axes 1.2, permutations of 5 and 6 axes of floats 1.0 to 1.1 times.

use core::mem::MaybeUninit;

use super::arch::{self, Turns};
use super::boxes::Boxes;
use super::drain::Drain;
use super::engine::Kernels;
use super::odometer::Odometer;
use super::plan::Axis;
use super::stage::{ENTRIES, Layout, TABLES, Tables};
use super::tile::{FlushFn, Tile};
use super::walk::walk;
use crate::cache::LINE;

/// Moves all boxes. `false` where the tables of one do not fit.
///
/// # Safety
/// As [`super::staged::run`], for boxes whose runs have a phase; `tables` has room for those of two boxes, `stage` for two full
/// boxes; `turns` are for the items of the boxes, which are packed in both runs.
pub(super) unsafe fn run<const CAP: usize>(
    boxes: &Boxes<CAP>,
    full: &Layout<CAP>,
    along: Option<usize>,
    (kernels, turns, flush): (&Kernels, Turns, FlushFn),
    (tables, stage): (&mut [MaybeUninit<isize>], *mut u8),
) -> bool {
    let halves = [tables.as_mut_ptr(), tables[TABLES * ENTRIES..].as_mut_ptr()];
    let (mut stage, mut other) = (stage, stage.wrapping_add(full.bytes));
    let mut odometer = Odometer::new(boxes, along);
    let mut turn = Turn { last: Drain::none(full.pitch, boxes.dst), ask: Ask::none(boxes.src) };
    let mut half = 0;
    loop {
        let layout = Layout::new(boxes, &odometer.count, Some(full));
        // SAFETY: the half of the tables that the box before has not used.
        let room = unsafe { core::slice::from_raw_parts_mut(halves[half], TABLES * ENTRIES) };
        half ^= 1;
        let Some(mut tables) = Tables::new(boxes, &odometer.count, &layout, room) else {
            // Smaller boxes need smaller tables: if the first fits, all do. (And if not, another way writes all once more.)
            return false;
        };
        let (rest, len) = rest(boxes, &odometer.count, &layout);
        let by_turns = turns.fit(tables.rows.len(), tables.columns().len());
        let tiles: usize = rest[..len].iter().map(|axis| axis.n).product();
        let cells = tiles * turns.cells(tables.rows.len(), tables.columns().len());
        let share = (tables.ahead.len() * WHOLE).div_ceil(cells.max(1));
        let mut fresh = true;
        loop {
            let (src, dst) = (odometer.src, odometer.dst);
            let ends = odometer.ends(boxes, along);
            if ends.0 || fresh {
                tables.set_phases(Some(dst.wrapping_offset(layout.low_in_run)));
            }
            fresh = false;
            let next = odometer.next(boxes);
            let asked = if next.is_some() { tables.ahead } else { &[] };
            turn.ask.begin(asked, tables.ahead_bytes, odometer.src, share);
            let first = stage.wrapping_add(layout.first);
            walk::<CAP>(&rest[..len], src, first, |src, dst| {
                let tile = Tile {
                    src,
                    dst,
                    rows: tables.rows,
                    columns: tables.columns(),
                    src_step: boxes.a.step,
                    dst_step: boxes.b.step,
                    item: boxes.item,
                    lead: 0,
                    ahead: 0,
                    pack: core::ptr::null_mut(),
                    even: (tables.rows.len(), tables.columns().len()),
                    times: Axis::ONE,
                };
                // SAFETY: items of the box and their places in the stage, while the other stage has the box before.
                unsafe { if by_turns { (turns.kernel)(&tile, &mut turn) } else { kernels.run(&tile) } }
            });
            // SAFETY: the box before is in its stage, and this one now.
            unsafe { turn.last.finish(flush) };
            turn.last.begin((stage, other), dst.wrapping_offset(layout.low), tables.runs, layout.run, ends);
            core::mem::swap(&mut stage, &mut other);
            match next {
                None => {
                    // SAFETY: the last box is in its stage.
                    unsafe { turn.last.finish(flush) };
                    arch::fence();
                    return true;
                }
                Some(true) => break,
                Some(false) => {}
            }
        }
    }
}

/// The axes of a box of this extent that belong to no run: their steps in the source and in the stage, and how many they are.
fn rest<const CAP: usize>(
    boxes: &Boxes<CAP>,
    count: &[usize; CAP],
    layout: &Layout<CAP>,
) -> ([Axis; CAP], usize) {
    let (mut rest, mut len) = ([Axis::ONE; CAP], 0);
    for (i, axis) in boxes.axes().iter().enumerate() {
        if boxes.is_rest(i) && count[i] > 1 {
            rest[len] = Axis { n: count[i], s: axis.s, d: layout.strides[i] };
            len += 1;
        }
    }
    (rest, len)
}

/// What goes on while a box is put together: the box before is written, and the next one is asked for.
pub(super) struct Turn<'a> {
    pub(super) last: Drain<'a>,
    pub(super) ask: Ask<'a>,
}

/// Rows of the next box, which are asked for.
pub(super) struct Ask<'a> {
    rows: &'a [isize],
    /// Bytes of a row.
    bytes: usize,
    from: *const u8,
    /// Rows with each cell, by [`WHOLE`].
    share: usize,
    /// How many cells there were.
    pub(super) cell: usize,
}

/// As many parts make a row.
const WHOLE: usize = 1 << 16;

impl<'a> Ask<'a> {
    fn none(from: *const u8) -> Self {
        Ask { rows: &[], bytes: 0, from, share: 0, cell: 0 }
    }

    #[inline(always)]
    fn begin(&mut self, rows: &'a [isize], bytes: usize, from: *const u8, share: usize) {
        self.rows = rows;
        self.bytes = bytes;
        self.from = from;
        self.share = share;
        self.cell = 0;
    }

    /// Asks for the rows that come with this cell. (By its number alone: nothing is stored.)
    #[inline(always)]
    pub(super) fn go_on(&self, cell: usize) {
        let row = |cell: usize| (cell * self.share / WHOLE).min(self.rows.len());
        for &row in &self.rows[row(cell)..row(cell + 1)] {
            let row = self.from.wrapping_offset(row);
            let mut at = 0;
            while at < self.bytes {
                arch::prefetch(row.wrapping_add(at));
                at += LINE;
            }
        }
    }
}
