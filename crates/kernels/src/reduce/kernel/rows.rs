//! Rows folded into one row of accumulators: element `j` of every row into accumulator `j`, row after row.
//!
//! The driver keeps this to 16 rows where joining rounds, and joins the results by a tree of pairs (`join`).

use core::mem::MaybeUninit;

use super::super::fold::{Fold, ROUNDING_LEAF};
use super::pick::{self, Picked, Picker};
use super::source::{Plain, Source};
use super::{Loops, Rows};
use crate::arch::{step, vectorize};
use crate::cache::prefetch_run;

impl<F: Fold, const L: usize> Loops<F, L> {
    pub(super) unsafe fn rows<S: Source<Item = F::In>>(rows: &Rows) {
        if S::PLAIN && rows.step != 1 {
            // SAFETY: as the caller vouches.
            return unsafe { Self::picked(rows) };
        }
        vectorize(
            #[inline(always)]
            move || {
                // SAFETY: as the caller vouches.
                unsafe {
                    let at = match (size_of::<F::In>(), size_of::<F::Acc>()) {
                        // Whole lines of bytes, and several of them: rows from memory are read in long pieces.
                        (1, 1) => {
                            let at = Self::strips::<S, 256>(rows, 0);
                            Self::strips::<S, 16>(rows, Self::strips::<S, 64>(rows, at))
                        }
                        (1, 2) => Self::strips::<S, 16>(rows, Self::strips::<S, 128>(rows, 0)),
                        (1 | 2 | 4, _) => Self::strips::<S, 16>(rows, Self::strips::<S, 64>(rows, 0)),
                        (8, _) => Self::strips::<S, 8>(rows, Self::strips::<S, 32>(rows, 0)),
                        _ => Self::strips::<S, 4>(rows, Self::strips::<S, 16>(rows, 0)),
                    };
                    Self::strips::<S, 1>(rows, at);
                }
            },
        );
    }

    /// Every other element: some of each row at a time, packed.
    unsafe fn picked(rows: &Rows) {
        let item = size_of::<F::In>();
        let mut picked = Picked(MaybeUninit::uninit());
        let to = picked.0.as_mut_ptr() as *mut u8;
        let picker = Picker::new(item);
        let most = pick::BYTES / item;
        let beside = rows.rows.min(ROUNDING_LEAF);
        let width = most / beside;
        for at in (0..rows.n).step_by(width) {
            let n = width.min(rows.n - at);
            let src = rows.src.wrapping_add(at * rows.step * item);
            for first in (0..rows.rows).step_by(beside) {
                let count = beside.min(rows.rows - first);
                let src = src.wrapping_offset(first as isize * rows.stride);
                // SAFETY: elements of these rows, and as many places.
                unsafe {
                    if rows.ahead == 0 {
                        picker.pick((count, rows.stride), src, to, n);
                    }
                    // Row by row: requests for all of them at once are more than go on at a time.
                    for row in 0..if rows.ahead == 0 { 0 } else { count } {
                        let src = src.wrapping_offset(row as isize * rows.stride);
                        prefetch_run(src.wrapping_offset(rows.ahead), n * rows.step * item);
                        picker.pick((1, 0), src, to.add(row * n * item), n);
                    }
                }
                let block = Rows {
                    rows: count,
                    n,
                    step: 1,
                    src: to,
                    stride: (n * item) as isize,
                    second: core::ptr::null(),
                    second_stride: 0,
                    out: rows.out.wrapping_add(at * size_of::<F::Acc>()),
                    fresh: rows.fresh && first == 0,
                    ahead: 0,
                };
                // SAFETY: the elements just packed, and the accumulators of these columns.
                unsafe { Self::rows::<Plain<F::In>>(&block) };
            }
        }
    }

    /// As many strips of `W` accumulators as there are after the first `at`; returns where they end.
    #[inline(always)]
    unsafe fn strips<S: Source<Item = F::In>, const W: usize>(rows: &Rows, mut at: usize) -> usize {
        while rows.n - at >= W {
            // SAFETY: accumulators `at..at + W`, and the elements of every row below them.
            unsafe {
                let out = (rows.out as *mut F::Acc).add(at) as *mut [F::Acc; W];
                if rows.ahead != 0 {
                    let src = rows.src.wrapping_add(at * size_of::<F::In>());
                    for row in 0..rows.rows as isize {
                        let next = src.wrapping_offset(rows.ahead + row * rows.stride);
                        prefetch_run(next, W * size_of::<F::In>());
                    }
                }
                if F::RESUMES {
                    Self::resume::<S, W>(rows, at, out);
                } else {
                    Self::leaves::<S, W>(rows, at, out);
                }
            }
            at += W;
        }
        at
    }

    /// Rows that go on where the accumulators stand.
    #[inline(always)]
    unsafe fn resume<S: Source<Item = F::In>, const W: usize>(rows: &Rows, at: usize, out: *mut [F::Acc; W]) {
        let mut lanes = [F::START; W];
        // SAFETY: as the caller vouches: a row of accumulators, and rows of elements.
        unsafe {
            if !rows.fresh {
                let before = out.read_unaligned();
                for j in 0..W {
                    lanes[j] = F::open(before[j]);
                }
            }
            let hasty = Self::hasty(
                &mut lanes,
                rows.rows,
                #[inline(always)]
                |row| Self::chunk_of::<S, W>(rows, row, at),
            );
            for row in hasty..rows.rows {
                let chunk = Self::chunk_of::<S, W>(rows, row, at);
                for j in 0..W {
                    lanes[j] = F::step(lanes[j], chunk[j]);
                }
                if F::APART {
                    step();
                }
            }
            let mut total = [F::IDENTITY; W];
            for j in 0..W {
                total[j] = F::close(lanes[j]);
            }
            out.write_unaligned(total);
        }
    }

    /// Elements `at..at + W` of a row.
    #[inline(always)]
    unsafe fn chunk_of<S: Source<Item = F::In>, const W: usize>(
        rows: &Rows,
        row: usize,
        at: usize,
    ) -> [F::In; W] {
        let row = row as isize;
        let second = rows.second.wrapping_offset(row * rows.second_stride);
        // SAFETY: as the caller vouches.
        unsafe { S::new(rows.src.wrapping_offset(row * rows.stride), second).chunk::<W>(at) }
    }

    /// Leaves of as many rows as they may take, joined to the accumulators.
    #[inline(always)]
    unsafe fn leaves<S: Source<Item = F::In>, const W: usize>(rows: &Rows, at: usize, out: *mut [F::Acc; W]) {
        // SAFETY: as the caller vouches: a row of accumulators, and rows of elements.
        unsafe {
            let mut total = if rows.fresh { [F::IDENTITY; W] } else { out.read_unaligned() };
            let (mut src, mut second) = (rows.src, rows.second);
            let mut left = rows.rows;
            while left > 0 {
                let count = left.min(F::LEAF);
                let mut lanes = [F::START; W];
                for _ in 0..count {
                    let chunk = S::new(src, second).chunk::<W>(at);
                    for j in 0..W {
                        lanes[j] = F::step(lanes[j], chunk[j]);
                    }
                    src = src.wrapping_offset(rows.stride);
                    second = second.wrapping_offset(rows.second_stride);
                }
                for j in 0..W {
                    total[j] = F::join(total[j], F::close(lanes[j]));
                }
                left -= count;
            }
            out.write_unaligned(total);
        }
    }
}
