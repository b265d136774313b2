//! Rows, each folded into one accumulator.
//!
//! Up to `L * LEAF` elements are a leaf, folded in `L` lanes, lane `j` taking elements `j`, `j + L`, ... Leaves are joined
//! lane by lane, by a tree of pairs where joining rounds, and in the end the lanes are folded in halves (`j` with
//! `j + L/2`). Rows of up to 16 elements are one element per lane.

use core::mem::MaybeUninit;

use super::super::fold::Fold;
use super::{Loops, Runs};
use crate::arch::{settle, step, vectorize};
use crate::cache::prefetch_run;

/// Bytes at the beginning of the next row that are asked for while a row is folded: what the machine's own prefetching,
/// which follows a row, comes too late for.
const NEXT: usize = 1024;

/// Rows of up to this length are one element per lane.
const SHORT: usize = 16;

/// Entries of a list of partial results: more than leaves in memory have bits.
const LEVELS: usize = 56;

impl<F: Fold, const L: usize> Loops<F, L> {
    pub(super) unsafe fn runs(runs: &Runs) {
        // SAFETY: as the caller vouches.
        if unsafe { Self::groups(runs) } {
            return;
        }
        vectorize(
            #[inline(always)]
            move || {
                if runs.step == 2 {
                    // SAFETY: as the caller vouches.
                    return unsafe { Self::each::<2>(runs) };
                }
                // SAFETY: as above.
                unsafe { Self::each::<1>(runs) }
            },
        );
    }

    #[inline(always)]
    unsafe fn each<const STEP: usize>(runs: &Runs) {
        let out = runs.out as *mut F::Acc;
        let bytes = (runs.n * STEP * size_of::<F::In>()) as isize;
        for row in 0..runs.rows {
            // SAFETY: as the caller vouches for the rows and for one accumulator each.
            unsafe {
                let src = runs.src.offset(row as isize * runs.stride) as *const F::In;
                if bytes >= NEXT as isize && runs.stride != bytes && row + 1 < runs.rows {
                    prefetch_run((src as *const u8).wrapping_offset(runs.stride), NEXT);
                }
                let value = if runs.n <= SHORT {
                    Self::short::<STEP>(src, runs.n)
                } else {
                    Self::long::<STEP>(src, runs.n)
                };
                out.add(row).write_unaligned(value);
            }
        }
    }

    /// At most [`SHORT`] elements: one each in the first lanes.
    #[inline(always)]
    unsafe fn short<const STEP: usize>(src: *const F::In, n: usize) -> F::Acc {
        let mut lanes = [F::START; SHORT];
        // SAFETY: the elements of the row, at most as many as there are lanes.
        unsafe { Self::rest::<STEP, SHORT>(&mut lanes, src, n) };
        Self::halves(&Self::closed(&lanes))
    }

    /// Any number of elements: leaves, joined lane by lane. Partial result `k` of the list covers `2^k` leaves.
    #[inline(always)]
    unsafe fn long<const STEP: usize>(mut src: *const F::In, mut n: usize) -> F::Acc {
        // No row is longer.
        let whole = L.saturating_mul(F::LEAF).min(isize::MAX as usize / 64);
        let first = n.min(whole);
        // SAFETY: the first elements of the row.
        let mut value = unsafe { Self::leaf::<STEP>(src, first) };
        if first == n {
            return Self::halves(&value);
        }
        let mut partial = [const { MaybeUninit::<[F::Acc; L]>::uninit() }; LEVELS];
        let mut leaves = 1usize;
        partial[0].write(value);
        loop {
            src = src.wrapping_add(STEP * whole);
            n = n.saturating_sub(whole);
            if n == 0 {
                break;
            }
            // SAFETY: the next elements of the row; entries of the list whose bit is set have been written.
            unsafe {
                value = Self::leaf::<STEP>(src, n.min(whole));
                if F::TREE {
                    let mut level = 0;
                    while leaves >> level & 1 == 1 {
                        Self::join_to(&mut value, partial[level].assume_init_ref());
                        level += 1;
                    }
                    partial[level].write(value);
                    leaves += 1;
                } else {
                    Self::join_to(&mut value, partial[0].assume_init_ref());
                    partial[0].write(value);
                    let mut settled = false;
                    for x in &value {
                        settled |= F::is_settled(*x);
                    }
                    if settled {
                        break;
                    }
                }
            }
        }
        let mut level = leaves.trailing_zeros() as usize;
        // SAFETY: entries of the list whose bit is set have been written.
        unsafe {
            value = partial[level].assume_init_read();
            level += 1;
            while leaves >> level != 0 {
                if leaves >> level & 1 == 1 {
                    Self::join_to(&mut value, partial[level].assume_init_ref());
                }
                level += 1;
            }
        }
        Self::halves(&value)
    }

    /// Joins what comes first, lane by lane.
    #[inline(always)]
    fn join_to(value: &mut [F::Acc; L], first: &[F::Acc; L]) {
        for j in 0..L {
            value[j] = F::join(first[j], value[j]);
        }
    }

    /// At most `L * LEAF` elements.
    #[inline(always)]
    unsafe fn leaf<const STEP: usize>(src: *const F::In, n: usize) -> [F::Acc; L] {
        let mut lanes = [F::START; L];
        let mut i = 0;
        // With steps, what is read ends behind the place after the last element.
        while n - i >= L + (STEP - 1) {
            // SAFETY: elements `i..i + L` of the row, and with steps one more.
            let chunk = unsafe { Self::chunk::<STEP, L>(src.add(STEP * i)) };
            Self::fold_chunk(&mut lanes, &chunk);
            i += L;
            step();
        }
        if i < n {
            // SAFETY: elements `i..n` of the row, at most `L`.
            unsafe { Self::rest::<STEP, L>(&mut lanes, src.add(STEP * i), n - i) };
        }
        Self::closed(&lanes)
    }

    /// Folds `n` elements into the first lanes, at most as many as there are.
    #[inline(always)]
    unsafe fn rest<const STEP: usize, const W: usize>(
        lanes: &mut [F::Leaf; W],
        src: *const F::In,
        n: usize,
    ) {
        let mut chunk = [F::NEUTRAL; W];
        let to = chunk.as_mut_ptr();
        if STEP != 1 {
            for j in 0..n {
                // SAFETY: element `j` of the row, and its place.
                unsafe { to.add(j).write(src.add(STEP * j).read_unaligned()) };
            }
            return Self::fold_chunk(lanes, &chunk);
        }
        let mut at = 0;
        // SAFETY: elements of the row and places of the chunk: pieces of 128, 64, ... elements, as the bits of `n` say.
        unsafe {
            at = piece::<F::In, 128>(src, to, n, at);
            at = piece::<F::In, 64>(src, to, n, at);
            at = piece::<F::In, 32>(src, to, n, at);
            at = piece::<F::In, 16>(src, to, n, at);
            at = piece::<F::In, 8>(src, to, n, at);
            at = piece::<F::In, 4>(src, to, n, at);
            at = piece::<F::In, 2>(src, to, n, at);
            piece::<F::In, 1>(src, to, n, at);
        }
        Self::fold_chunk(lanes, &chunk);
    }

    #[inline(always)]
    fn closed<const W: usize>(lanes: &[F::Leaf; W]) -> [F::Acc; W] {
        let mut out = [F::IDENTITY; W];
        for j in 0..W {
            out[j] = F::close(lanes[j]);
        }
        settle(&mut out);
        out
    }

    /// Folds the lanes in halves.
    #[inline(always)]
    fn halves<const W: usize>(lanes: &[F::Acc; W]) -> F::Acc {
        let mut lanes = *lanes;
        let mut width = W;
        while width > 1 {
            width /= 2;
            for j in 0..width {
                lanes[j] = F::join(lanes[j], lanes[j + width]);
            }
        }
        lanes[0]
    }
}

/// Copies the next `P` elements if that bit of `n` is set; `at` elements have been copied before.
#[inline(always)]
unsafe fn piece<T: Copy, const P: usize>(src: *const T, to: *mut T, n: usize, at: usize) -> usize {
    if n & P == 0 {
        return at;
    }
    // SAFETY: the caller vouches for `n` elements at both.
    unsafe {
        let x = (src.add(at) as *const [T; P]).read_unaligned();
        (to.add(at) as *mut [T; P]).write_unaligned(x);
    }
    at + P
}
