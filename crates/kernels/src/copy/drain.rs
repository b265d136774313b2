//! A box on its way from its stage to the destination, some lines at a time: see `alternate`.

use core::ptr::copy_nonoverlapping;

use super::stage::phase;
use super::tile::{Flush, FlushFn};
use crate::cache::{LINE, prefetch_cut};

/// So many runs before they are written, lines that are written in part are asked for.
const ENDS_AHEAD: usize = 3;

/// What is left to write of a box.
pub(super) struct Drain<'a> {
    /// Whole lines of the run that is written: from where, up to where, and what is to be taken from that for where they go, as seen
    /// from the lowest address of the box. (So only one number changes with each line.)
    pub(super) from: *const u8,
    pub(super) end: *const u8,
    pub(super) away: isize,
    /// The runs after it, as seen from the lowest address of the box, and where in the stage the first of them is.
    runs: &'a [isize],
    low: *mut u8,
    stage: *mut u8,
    /// Bytes from run to run in the stage, and of a run.
    pitch: usize,
    run: usize,
    /// Where the stage of the next box has that run, which gets what is left of the last line if the run goes on.
    rest: *mut u8,
    begins: bool,
    ends: bool,
}

impl<'a> Drain<'a> {
    /// Nothing, of boxes whose runs lie so far apart.
    pub(super) fn none(pitch: usize, dst: *mut u8) -> Self {
        Drain {
            from: dst.cast_const(),
            end: dst.cast_const(),
            away: 0,
            runs: &[],
            low: dst,
            stage: dst,
            pitch,
            run: 0,
            rest: dst,
            begins: true,
            ends: true,
        }
    }

    /// Begins with a box in this stage: runs of so many bytes, whether it has their first and last bytes, and the stage of the box
    /// after it.
    ///
    /// (Number by number in place: what is put together elsewhere and copied is read by larger loads, behind lines that wait to be
    /// written, and what several stores have written can not be read at once then.)
    #[inline(always)]
    pub(super) fn begin(
        &mut self,
        (stage, rest): (*mut u8, *mut u8),
        low: *mut u8,
        runs: &'a [isize],
        run: usize,
        (begins, ends): (bool, bool),
    ) {
        self.stage = stage;
        self.rest = rest;
        self.low = low;
        self.runs = runs;
        self.run = run;
        self.begins = begins;
        self.ends = ends;
    }

    /// Bytes of the run that are left to write.
    #[inline(always)]
    pub(super) fn left(&self) -> usize {
        self.end as usize - self.from as usize
    }

    /// Where they go.
    #[inline(always)]
    pub(super) fn to(&self) -> *mut u8 {
        self.low.wrapping_offset((self.from as isize).wrapping_sub(self.away))
    }

    /// Goes on to the next run, if there is one: the parts of lines at its ends are written, and what is left of a run that goes on
    /// is put where the next box goes on with it. Returns whether there was one.
    ///
    /// # Safety
    /// The lines of the run before are written. The stage has, from the line of a run on, what the box before has left, if it has,
    /// and the bytes of the run at its phase; the next stage has room in front of that phase.
    #[inline(never)]
    pub(super) unsafe fn next(&mut self) -> bool {
        let Some((&run, runs)) = self.runs.split_first() else { return false };
        if let Some(&later) = runs.get(ENDS_AHEAD) {
            let to = self.low.wrapping_offset(later);
            if self.begins {
                prefetch_cut(to);
            }
            if self.ends {
                prefetch_cut(to.wrapping_add(self.run));
            }
        }
        let (from, to) = (self.stage, self.low.wrapping_offset(run));
        let into = phase(to);
        let end = into + self.run;
        let (lines, left) = (end / LINE, end % LINE);
        let to = to.wrapping_sub(into);
        let part = self.begins && into != 0;
        // SAFETY: bytes of the run. (A run that goes on has a whole line, and its last one is not its first.)
        unsafe {
            if part {
                copy_nonoverlapping(from.add(into), to.wrapping_add(into), end.min(LINE) - into);
            }
            let last = lines * LINE;
            if self.ends && left > 0 && !(part && lines == 0) {
                copy_nonoverlapping(from.add(last), to.wrapping_add(last), left);
            } else if !self.ends && left > 0 {
                copy_nonoverlapping(from.add(last), self.rest, left);
            }
        }
        let first = if part { LINE } else { 0 };
        self.from = from.wrapping_add(first);
        self.end = from.wrapping_add(first.max(lines * LINE));
        // (As seen from the lowest address of the box, which is where they may be written.)
        self.away = (from as isize).wrapping_sub((to as isize).wrapping_sub(self.low as isize));
        self.runs = runs;
        self.stage = from.wrapping_add(self.pitch);
        self.rest = self.rest.wrapping_add(self.pitch);
        true
    }

    /// Writes all that is left.
    ///
    /// # Safety
    /// As [`Drain::next`] and [`FlushFn`].
    pub(super) unsafe fn finish(&mut self, flush: FlushFn) {
        loop {
            // SAFETY: whole lines of a run; the caller's promise.
            unsafe {
                let bytes = self.left();
                if bytes > 0 {
                    flush(&Flush::block(self.from, self.to(), bytes));
                    self.from = self.end;
                }
                if !self.next() {
                    return;
                }
            }
        }
    }
}
