//! Rows, each folded into one accumulator.
//!
//! Up to `L * LEAF` elements are a leaf, folded in `L` lanes, lane `j` taking elements `j`, `j + L`, ... Leaves are joined
//! lane by lane, by a tree of pairs where joining rounds, and in the end the lanes are folded in halves (`j` with
//! `j + L/2`). Rows of up to 16 elements are one element per lane.

use core::mem::MaybeUninit;

use super::super::fold::Fold;
use super::pick::{self, Picked};
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
                let out = runs.out as *mut F::Acc;
                let bytes = (runs.n * runs.step * size_of::<F::In>()) as isize;
                for row in 0..runs.rows {
                    // SAFETY: as the caller vouches for the rows and for one accumulator each.
                    unsafe {
                        let src = runs.src.offset(row as isize * runs.stride) as *const F::In;
                        if bytes >= NEXT as isize && runs.stride != bytes && row + 1 < runs.rows {
                            prefetch_run((src as *const u8).wrapping_offset(runs.stride), NEXT);
                        }
                        let value = if runs.n <= SHORT && runs.step == 1 {
                            Self::short(src, runs.n)
                        } else {
                            Self::long(src, runs.n, runs.step)
                        };
                        out.add(row).write_unaligned(value);
                    }
                }
            },
        );
    }

    /// At most [`SHORT`] elements: one each in the first lanes.
    #[inline(always)]
    unsafe fn short(src: *const F::In, n: usize) -> F::Acc {
        let mut lanes = [F::START; SHORT];
        // SAFETY: the elements of the row, at most as many as there are lanes.
        unsafe { Self::rest(&mut lanes, src, n) };
        Self::halves(&Self::closed(&lanes))
    }

    /// Any number of elements: leaves, joined lane by lane. Partial result `k` of the list covers `2^k` leaves.
    #[inline(always)]
    unsafe fn long(mut src: *const F::In, mut n: usize, step: usize) -> F::Acc {
        let mut picked = Picked(MaybeUninit::uninit());
        let most = if step == 1 { usize::MAX } else { pick::BYTES / size_of::<F::In>() };
        let whole = L.saturating_mul(F::LEAF).min(most);
        let mut partial = [const { MaybeUninit::<[F::Acc; L]>::uninit() }; LEVELS];
        let mut leaves = 0usize;
        loop {
            let count = n.min(whole);
            let mut packed = src;
            // SAFETY: the next elements of the row; entries of the list whose bit is set have been written.
            unsafe {
                if step != 1 {
                    let to = picked.0.as_mut_ptr() as *mut u8;
                    pick::pick(size_of::<F::In>(), src as *const u8, to, count);
                    packed = to as *const F::In;
                }
                let mut value = Self::leaf(packed, count);
                src = src.wrapping_add(step * count);
                n -= count;
                if n == 0 && leaves == 0 {
                    return Self::halves(&value);
                }
                let mut level = 0;
                if F::TREE {
                    while leaves >> level & 1 == 1 {
                        Self::join_to(&mut value, partial[level].assume_init_ref());
                        level += 1;
                    }
                    leaves += 1;
                } else if leaves == 0 {
                    leaves = 1;
                } else {
                    Self::join_to(&mut value, partial[0].assume_init_ref());
                }
                partial[level].write(value);
                let mut settled = n == 0;
                for x in &value {
                    settled |= F::is_settled(*x);
                }
                if settled {
                    break;
                }
            }
        }
        let mut level = leaves.trailing_zeros() as usize;
        // SAFETY: entries of the list whose bit is set have been written.
        unsafe {
            let mut value = partial[level].assume_init_read();
            level += 1;
            while leaves >> level != 0 {
                if leaves >> level & 1 == 1 {
                    Self::join_to(&mut value, partial[level].assume_init_ref());
                }
                level += 1;
            }
            Self::halves(&value)
        }
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
    unsafe fn leaf(src: *const F::In, n: usize) -> [F::Acc; L] {
        let mut lanes = [F::START; L];
        let mut i = 0;
        while n - i >= L {
            // SAFETY: elements `i..i + L` of the row.
            let chunk = unsafe { (src.add(i) as *const [F::In; L]).read_unaligned() };
            Self::fold_chunk(&mut lanes, &chunk);
            i += L;
            step();
        }
        if i < n {
            // SAFETY: elements `i..n` of the row, fewer than `L`.
            unsafe { Self::rest(&mut lanes, src.add(i), n - i) };
        }
        Self::closed(&lanes)
    }

    /// Folds `n` elements into the first lanes, at most as many as there are.
    #[inline(always)]
    unsafe fn rest<const W: usize>(lanes: &mut [F::Leaf; W], src: *const F::In, n: usize) {
        let mut chunk = [F::NEUTRAL; W];
        let to = chunk.as_mut_ptr();
        let mut at = 0;
        // SAFETY: elements of the row and places of the chunk: pieces of 64, 32, ... elements, as the bits of `n` say.
        unsafe {
            if W > 64 {
                at = piece::<F::In, 64>(src, to, n, at);
            }
            if W > 32 {
                at = piece::<F::In, 32>(src, to, n, at);
            }
            // 16 may be all there are lanes for.
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
