//! What the next tile reads from memory, and when it is asked for.

use crate::cache::{LINE, prefetch};

/// Runs of bytes that will be read soon, and the line of them that is asked for next.
#[derive(Clone, Copy)]
pub(super) struct Near {
    /// The run that is being asked for, and bytes from one to the next.
    begin: *const u8,
    step: isize,
    /// Bytes of a run.
    bytes: usize,
    /// Runs that are left, with this one.
    runs: usize,
    /// The next line, or its beginning.
    line: *const u8,
}

impl Near {
    pub(super) const NONE: Near =
        Near { begin: core::ptr::null(), step: 0, bytes: 0, runs: 0, line: core::ptr::null() };

    /// `runs` runs of so many bytes, `step` bytes apart.
    #[inline]
    pub(super) fn new(begin: *const u8, step: isize, bytes: usize, runs: usize) -> Near {
        Near { begin, step, bytes, runs, line: line_of(begin) }
    }

    /// How many lines are left, or a few more.
    #[inline]
    pub(super) fn lines(&self) -> usize {
        self.runs * (self.begin.addr() % LINE + self.bytes).div_ceil(LINE)
    }

    /// Asks for all of them.
    pub(super) fn all(mut self) {
        while self.runs > 0 {
            self.one();
        }
    }

    /// The first one of which lines are left, or any.
    #[inline(always)]
    pub(super) fn first<const N: usize>(near: &mut [Near; N]) -> &mut Near {
        let at = near.iter().position(|near| near.runs > 0).unwrap_or(0);
        &mut near[at]
    }

    /// Asks for the next `n` lines, as long as there are any.
    #[inline(always)]
    pub(super) fn some(&mut self, n: usize) {
        for _ in 0..n {
            if self.runs == 0 {
                return;
            }
            self.one();
        }
    }

    /// Asks for the next line.
    #[inline(always)]
    fn one(&mut self) {
        prefetch(self.line);
        self.line = self.line.wrapping_add(LINE);
        if self.line >= self.begin.wrapping_add(self.bytes) {
            self.begin = self.begin.wrapping_offset(self.step);
            self.line = line_of(self.begin);
            self.runs -= 1;
        }
    }
}

/// Where the line of a byte begins.
#[inline(always)]
fn line_of(byte: *const u8) -> *const u8 {
    byte.wrapping_sub(byte.addr() % LINE)
}
