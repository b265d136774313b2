//! Rows folded into one row of accumulators: element `j` of every row into accumulator `j`, row after row.
//!
//! The driver keeps this to 16 rows where joining rounds, and joins the results by a tree of pairs (`join`).

use super::super::fold::Fold;
use super::{Loops, Rows};
use crate::arch::vectorize;
use crate::cache::prefetch_run;

impl<F: Fold, const L: usize> Loops<F, L> {
    pub(super) unsafe fn rows(rows: &Rows) {
        vectorize(
            #[inline(always)]
            move || {
                // SAFETY: as the caller vouches, in both.
                unsafe { if rows.step == 2 { Self::all::<2>(rows) } else { Self::all::<1>(rows) } }
            },
        );
    }

    #[inline(always)]
    unsafe fn all<const STEP: usize>(rows: &Rows) {
        // SAFETY: as the caller vouches.
        unsafe {
            let at = match size_of::<F::In>() {
                1 | 2 | 4 => Self::strips::<STEP, 16>(rows, Self::strips::<STEP, 64>(rows, 0)),
                8 => Self::strips::<STEP, 8>(rows, Self::strips::<STEP, 32>(rows, 0)),
                _ => Self::strips::<STEP, 4>(rows, Self::strips::<STEP, 16>(rows, 0)),
            };
            Self::strips::<1, 1>(rows, at);
        }
    }

    /// As many strips of `W` accumulators as there are after the first `at`; returns where they end.
    #[inline(always)]
    unsafe fn strips<const STEP: usize, const W: usize>(rows: &Rows, mut at: usize) -> usize {
        // With steps, what is read ends behind the place after the last element.
        while rows.n - at >= W + (STEP - 1) {
            // SAFETY: accumulators `at..at + W`, and the elements of every row below them.
            unsafe {
                let out = (rows.out as *mut F::Acc).add(at) as *mut [F::Acc; W];
                let src = (rows.src as *const F::In).add(rows.step * at) as *const u8;
                if rows.ahead != 0 {
                    for row in 0..rows.rows as isize {
                        let next = src.wrapping_offset(rows.ahead + row * rows.stride);
                        prefetch_run(next, W * STEP * size_of::<F::In>());
                    }
                }
                if F::RESUMES {
                    Self::resume::<STEP, W>(rows, src, out);
                } else {
                    Self::leaves::<STEP, W>(rows, src, out);
                }
            }
            at += W;
        }
        at
    }

    /// Rows that go on where the accumulators stand.
    #[inline(always)]
    unsafe fn resume<const STEP: usize, const W: usize>(rows: &Rows, mut src: *const u8, out: *mut [F::Acc; W]) {
        let mut lanes = [F::START; W];
        // SAFETY: as the caller vouches: a row of accumulators, and rows of elements.
        unsafe {
            if !rows.fresh {
                let before = out.read_unaligned();
                for j in 0..W {
                    lanes[j] = F::open(before[j]);
                }
            }
            for _ in 0..rows.rows {
                let chunk = Self::chunk::<STEP, W>(src as *const F::In);
                Self::fold_chunk(&mut lanes, &chunk);
                src = src.wrapping_offset(rows.stride);
            }
            let mut total = [F::IDENTITY; W];
            for j in 0..W {
                total[j] = F::close(lanes[j]);
            }
            out.write_unaligned(total);
        }
    }

    /// Leaves of as many rows as they may take, joined to the accumulators.
    #[inline(always)]
    unsafe fn leaves<const STEP: usize, const W: usize>(rows: &Rows, mut src: *const u8, out: *mut [F::Acc; W]) {
        // SAFETY: as the caller vouches: a row of accumulators, and rows of elements.
        unsafe {
            let mut total = if rows.fresh { [F::IDENTITY; W] } else { out.read_unaligned() };
            let mut left = rows.rows;
            while left > 0 {
                let count = left.min(F::LEAF);
                let mut lanes = [F::START; W];
                for _ in 0..count {
                    let chunk = Self::chunk::<STEP, W>(src as *const F::In);
                    Self::fold_chunk(&mut lanes, &chunk);
                    src = src.wrapping_offset(rows.stride);
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
