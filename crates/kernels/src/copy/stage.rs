//! Where the items of a box lie in the stage, and the tables that say it to the kernels.
//!
//! The stage holds the *runs* of a box: stretches without a gap in the destination. Each run begins in the stage as far
//! into a line of the cache as it does in the destination (its *phase*), so that a line of the stage is a line of the
//! destination. Runs lie an odd number of lines apart, so that they do not all fall into the same set of the cache.

use core::mem::MaybeUninit;

use super::boxes::Boxes;
use super::table::table;
use crate::cache::LINE;

/// Entries of each table.
pub(super) const ENTRIES: usize = 4096;
/// Tables that a box needs.
pub(super) const TABLES: usize = 6;

/// The places of the items of a box.
pub(super) struct Layout<const CAP: usize> {
    /// Bytes in the stage from position to position of the box on each axis.
    pub(super) strides: [isize; CAP],
    /// Bytes of a run.
    pub(super) run: usize,
    /// Bytes from run to run in the stage.
    pub(super) pitch: usize,
    /// The axes from run to run: extent, and bytes in the destination.
    outer: [(usize, isize); CAP],
    outer_len: usize,
    /// The axes inside the run, one bit each.
    inside: u64,
    /// Where the first item of the box lies in the stage, without the phase.
    pub(super) first: usize,
    /// Where the lowest address of the box lies as seen from its first item in the destination, and where that of its run.
    pub(super) low: isize,
    pub(super) low_in_run: isize,
    /// Whether runs have a phase.
    pub(super) phased: bool,
    /// Bytes in all.
    pub(super) bytes: usize,
}

impl<const CAP: usize> Layout<CAP> {
    /// The layout of a box with these extents. Runs lie as far apart as in the layout of a full box, if one is given: what
    /// a box leaves of a run is found by the next one.
    pub(super) fn new(boxes: &Boxes<CAP>, count: &[usize; CAP], full: Option<&Self>) -> Self {
        let pitch = |run: usize| full.map_or(((run + LINE).div_ceil(LINE) | 1) * LINE, |full| full.pitch);
        let mut l = Layout {
            strides: [0; CAP],
            run: boxes.item,
            pitch: 0,
            outer: [(1, 0); CAP],
            outer_len: 0,
            inside: 0,
            first: 0,
            low: 0,
            low_in_run: 0,
            phased: true,
            bytes: 0,
        };
        for (i, axis) in boxes.axes().iter().enumerate().rev() {
            let (n, d) = (count[i], axis.d.unsigned_abs());
            if n == 1 {
                continue;
            }
            let stride = if l.outer_len == 0 && d == l.run {
                l.run *= n;
                l.inside |= 1 << i;
                d
            } else {
                if l.outer_len == 0 {
                    l.pitch = pitch(l.run);
                    l.bytes = l.pitch;
                }
                l.outer[l.outer_len] = (n, d as isize);
                l.outer_len += 1;
                // The phase of a run is kept per column of a tile, so no other axis may change it.
                l.phased &= !boxes.is_rest(i) || d % LINE == 0;
                let stride = l.bytes;
                l.bytes *= n;
                stride
            };
            l.strides[i] = stride as isize;
            if axis.d < 0 {
                let back = axis.d * (n - 1) as isize;
                l.first += stride * (n - 1);
                l.low += back;
                l.low_in_run += if l.inside >> i & 1 == 1 { back } else { 0 };
                l.strides[i] = -l.strides[i];
            }
        }
        if l.outer_len == 0 {
            l.pitch = pitch(l.run);
            l.bytes = l.pitch;
        }
        l
    }
}

/// The tables of boxes of one extent.
pub(super) struct Tables<'a> {
    /// Where the rows of a tile begin in the source.
    pub(super) rows: &'a [isize],
    /// Where its columns begin in the stage, without and with their phase.
    plain: &'a [isize],
    phased: &'a mut [MaybeUninit<isize>],
    /// Where the run of each column begins in the destination, as seen from the run of the first.
    starts: &'a [isize],
    /// Where each run begins in the destination, as seen from the lowest.
    pub(super) runs: &'a [isize],
    /// Where each row of the box begins in the source, and the bytes that it has.
    pub(super) ahead: &'a [isize],
    pub(super) ahead_bytes: usize,
}

impl<'a> Tables<'a> {
    pub(super) fn new<const CAP: usize>(
        boxes: &Boxes<CAP>,
        count: &[usize; CAP],
        layout: &Layout<CAP>,
        room: &'a mut [MaybeUninit<isize>],
    ) -> Option<Tables<'a>> {
        let mut parts = room.chunks_exact_mut(ENTRIES);
        let mut part = || parts.next();
        let source = |i: usize| (count[i], boxes.axes()[i].s);
        let rows = table(part()?, boxes.b.axes().map(source))?;
        let plain = table(part()?, boxes.a.axes().map(|i| (count[i], layout.strides[i])))?;
        let start = |i: usize| {
            let inside = layout.inside >> i & 1 == 1;
            (count[i], if inside { 0 } else { boxes.axes()[i].d })
        };
        let starts = table(part()?, boxes.a.axes().map(start))?;
        let runs = table(part()?, layout.outer[..layout.outer_len].iter().copied())?;
        let rest = (0..boxes.axes().len()).filter(|&i| boxes.is_rest(i));
        let first = boxes.b.axes().next().map(|i| (count[i], boxes.axes()[i].s));
        let bytes = (plain.len() - 1) * boxes.a.step.unsigned_abs() + boxes.item;
        let (ahead, ahead_bytes) = match first {
            Some((n, s)) if s.unsigned_abs() < LINE && n > 1 => {
                let span = s.unsigned_abs() * (n - 1) + bytes;
                let by = if s < 0 { -(LINE as isize) } else { LINE as isize };
                let lines = (span.div_ceil(LINE), by);
                let others = boxes.b.axes().skip(1).chain(rest).map(source);
                (table(part()?, core::iter::once(lines).chain(others)).unwrap_or(&[]), 1)
            }
            _ => (table(part()?, boxes.b.axes().chain(rest).map(source)).unwrap_or(&[]), bytes),
        };
        let mut tables = Tables { rows, plain, phased: part()?, starts, runs, ahead, ahead_bytes };
        tables.set_phases(None);
        Some(tables)
    }

    /// The columns of the boxes from now on: with the phases that they have when the run of the first one begins at this
    /// address, or with none.
    pub(super) fn set_phases(&mut self, run: Option<*const u8>) {
        for ((phased, &plain), &start) in self.phased.iter_mut().zip(self.plain).zip(self.starts) {
            phased.write(plain + run.map_or(0, |run| phase(run.wrapping_offset(start)) as isize));
        }
    }

    /// Where the columns of a tile begin in the stage.
    pub(super) fn columns(&self) -> &[isize] {
        // SAFETY: `set_phases`, which `new` calls, writes as many entries as there are plain ones.
        unsafe { self.phased[..self.plain.len()].assume_init_ref() }
    }
}

/// How far into a line an address is.
#[inline(always)]
pub(super) fn phase(address: *const u8) -> usize {
    address as usize % LINE
}
