//! Short rows that lie one after the other, each folded into one accumulator.
//!
//! A row of `k * 2^m` elements is folded in groups of `k` neighbours, and their accumulators in pairs, `m` times. Each pass
//! is a loop over packed memory that the compiler makes shuffles of, so what a row costs is a few instructions on whole
//! vectors, and not a call, a tail and a last vector of its own.
//!
//! Measured on Zen 4 for f64: groups of 4 where a row has them, rather than pairs once more, are 1.2 (rows of 4) to 1.6 times
//! as fast (rows of 8 and 16) from memory, and 4 to 8 % slower in the second-level cache. Blocks of 16 KiB are slower in both.

use core::mem::MaybeUninit;

use super::super::fold::Fold;
use super::{Loops, Runs};
use crate::arch::vectorize;

/// Longer rows are worth folding one by one.
const LONGEST: usize = 64;

/// Bytes of accumulators between two passes.
const BLOCK: usize = 4096;

#[repr(align(64))]
struct Block(MaybeUninit<[u8; BLOCK]>);

/// The size of the groups of a row, and how often their accumulators are joined in pairs; none where a row is not folded so.
#[inline]
pub(super) fn parts(n: usize) -> Option<(usize, u32)> {
    if !(2..=LONGEST).contains(&n) {
        return None;
    }
    let halvings = n.trailing_zeros();
    match (n >> halvings, halvings) {
        (1, 1) => Some((2, 0)),
        (1, m) => Some((4, m - 2)),
        (odd @ (3 | 5 | 7), m) => Some((odd, m)),
        _ => None,
    }
}

impl<F: Fold, const L: usize> Loops<F, L> {
    /// Folds rows as [`super::Kernel::runs`] does, or returns `false` when they are not short rows one after the other.
    #[inline(always)]
    pub(super) unsafe fn groups(runs: &Runs) -> bool {
        if !runs.together {
            return false;
        }
        let Some((k, halvings)) = parts(runs.n) else { return false };
        // SAFETY: as the caller vouches.
        unsafe { Self::passes(runs, k, halvings) };
        true
    }

    /// Folds rows of `k << halvings` elements. (A function of its own, for its stack.)
    #[inline(never)]
    unsafe fn passes(runs: &Runs, k: usize, halvings: u32) {
        let mut blocks = [const { Block(MaybeUninit::uninit()) }; 2];
        let [first, second] = &mut blocks;
        let (a, b) = (first.0.as_mut_ptr() as *mut F::Acc, second.0.as_mut_ptr() as *mut F::Acc);
        let most = if halvings == 0 { runs.rows } else { (BLOCK / size_of::<F::Acc>()) >> halvings };
        let out = runs.out as *mut F::Acc;
        let src = runs.src as *const F::In;
        vectorize(
            #[inline(always)]
            move || {
                let mut row = 0;
                while row < runs.rows {
                    let rows = most.min(runs.rows - row);
                    // SAFETY: as the caller vouches for the rows; between passes there are at most as many accumulators
                    // as fit into a block.
                    unsafe {
                        let out = out.add(row);
                        let src = src.add(row * runs.n);
                        let mut n = rows << halvings;
                        let (mut from, mut to) = (if halvings == 0 { out } else { a }, b);
                        match k {
                            2 => Self::groups_of::<2>(src, from, n),
                            3 => Self::groups_of::<3>(src, from, n),
                            4 => Self::groups_of::<4>(src, from, n),
                            5 => Self::groups_of::<5>(src, from, n),
                            _ => Self::groups_of::<7>(src, from, n),
                        }
                        for left in (0..halvings).rev() {
                            n /= 2;
                            Self::pairs(from, if left == 0 { out } else { to }, n);
                            core::mem::swap(&mut from, &mut to);
                        }
                    }
                    row += rows;
                }
            },
        );
    }

    /// Folds each `K` elements into one of `n` accumulators: two by two, the last one by itself.
    #[inline(always)]
    unsafe fn groups_of<const K: usize>(src: *const F::In, out: *mut F::Acc, n: usize) {
        for i in 0..n {
            // SAFETY: as the caller vouches for `n * K` elements and `n` accumulators, which lie apart.
            unsafe {
                let x = |j: usize| src.add(i * K + j).read_unaligned();
                let mut acc = Self::two(x(0), x(1));
                let mut j = 2;
                while j + 1 < K {
                    acc = F::join(acc, Self::two(x(j), x(j + 1)));
                    j += 2;
                }
                if K % 2 == 1 {
                    acc = F::join(acc, F::close(F::step(F::START, x(K - 1))));
                }
                out.add(i).write_unaligned(acc);
            }
        }
    }

    #[inline(always)]
    fn two(x: F::In, y: F::In) -> F::Acc {
        F::close(F::step(F::step(F::START, x), y))
    }

    /// Joins each two accumulators into one of `n`.
    #[inline(always)]
    unsafe fn pairs(src: *const F::Acc, out: *mut F::Acc, n: usize) {
        for i in 0..n {
            // SAFETY: as the caller vouches for `2 * n` accumulators and `n`, which lie apart.
            unsafe {
                let joined = F::join(src.add(2 * i).read_unaligned(), src.add(2 * i + 1).read_unaligned());
                out.add(i).write_unaligned(joined);
            }
        }
    }
}
