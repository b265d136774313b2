//! The folding of contiguous elements: three loops per way of folding.
//!
//! **Along a row** (`runs`): up to `L * LEAF` elements are a leaf, folded in `L` lanes, lane `j` taking elements `j`,
//! `j + L`, ... Leaves are joined lane by lane, by a tree of pairs where joining rounds, and in the end the lanes are folded
//! in halves (`j` with `j + L/2`). Rows of up to 16 elements are one element per lane. The tree depends on the number of
//! elements alone, not on the vector level.
//!
//! **Across rows** (`rows`): element `j` of every row is folded into accumulator `j`, row after row. The driver keeps this to
//! 16 rows where joining rounds, and joins the results by a tree of pairs (`join`).
//!
//! Lanes start at the identity, so a sum of -0.0 is 0.0 as in NumPy, and lanes without elements change nothing.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::fold::Fold;
use crate::arch::vectorize;
use crate::cache::prefetch_run;

/// Rows of contiguous elements that are folded, each into one accumulator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs {
    /// Rows.
    pub(super) rows: usize,
    /// Elements per row; at least 1.
    pub(super) n: usize,
    /// First element.
    pub(super) src: *const u8,
    /// Bytes from one row to the next.
    pub(super) stride: isize,
    /// Where the accumulators go, one after the other.
    pub(super) out: *mut u8,
}

/// Rows of contiguous elements that are folded into one row of accumulators.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    /// Rows; at least 1.
    pub(super) rows: usize,
    /// Elements per row, and accumulators.
    pub(super) n: usize,
    /// First element.
    pub(super) src: *const u8,
    /// Bytes from one row to the next.
    pub(super) stride: isize,
    /// The accumulators.
    pub(super) out: *mut u8,
    /// Whether the accumulators hold nothing yet; they are not read then.
    pub(super) fresh: bool,
    /// How far ahead memory is asked for, in bytes; 0 where the elements are near.
    pub(super) ahead: isize,
}

/// The loops of a way of folding.
#[derive(Debug)]
pub(super) struct Kernel {
    /// Folds each row into one accumulator, see [`Runs`].
    pub(super) runs: unsafe fn(&Runs),
    /// Folds rows into one row, see [`Rows`].
    pub(super) rows: unsafe fn(&Rows),
    /// Joins `n` accumulators at the second address into those at the first, which come first; both apart.
    pub(super) join: unsafe fn(*mut u8, *const u8, usize),
    /// Joins each of `n` accumulators at the second address with the one so many places further on, to the first address,
    /// which lies apart.
    pub(super) join_shifted: unsafe fn(*mut u8, *const u8, usize, usize),
    /// Writes the identity, an accumulator.
    pub(super) identity: unsafe fn(*mut u8),
    /// Writes the element that changes nothing.
    pub(super) neutral: unsafe fn(*mut u8),
    /// Whether no further element can change this accumulator.
    pub(super) is_settled: unsafe fn(*const u8) -> bool,
    /// Whether accumulators are joined by a tree of pairs.
    pub(super) tree: bool,
    /// Bytes of an element.
    pub(super) item: usize,
    /// Bytes of an accumulator.
    pub(super) size: usize,
}

/// Bytes at the beginning of the next row that are asked for while a row is folded: what the machine's own prefetching,
/// which follows a row, comes too late for.
const NEXT: usize = 1024;

/// Rows of up to this length are one element per lane.
const SHORT: usize = 16;

/// Entries of a list of partial results: more than leaves in memory have bits.
const LEVELS: usize = 56;

/// The loops of one way of folding, in `L` lanes.
pub(super) struct Loops<F, const L: usize>(PhantomData<F>);

impl<F: Fold, const L: usize> Loops<F, L> {
    /// The loops, as the drivers take them.
    pub(super) const KERNEL: Kernel = Kernel {
        runs: Self::runs,
        rows: Self::rows,
        join: Self::join,
        join_shifted: Self::join_shifted,
        identity: Self::identity,
        neutral: Self::neutral,
        is_settled: Self::is_settled,
        tree: F::TREE,
        item: size_of::<F::In>(),
        size: size_of::<F::Acc>(),
    };

    unsafe fn identity(to: *mut u8) {
        // SAFETY: the caller has room for one accumulator.
        unsafe { (to as *mut F::Acc).write_unaligned(F::IDENTITY) };
    }

    unsafe fn neutral(to: *mut u8) {
        // SAFETY: the caller has room for one element.
        unsafe { (to as *mut F::In).write_unaligned(F::NEUTRAL) };
    }

    unsafe fn is_settled(at: *const u8) -> bool {
        // SAFETY: the caller passes an accumulator.
        unsafe { F::is_settled((at as *const F::Acc).read_unaligned()) }
    }

    unsafe fn join(a: *mut u8, b: *const u8, n: usize) {
        let (a, b) = (a as *mut F::Acc, b as *const F::Acc);
        vectorize(
            #[inline(always)]
            move || {
                for i in 0..n {
                    // SAFETY: as the caller vouches for `n` accumulators at both.
                    unsafe {
                        let joined = F::join(a.add(i).read_unaligned(), b.add(i).read_unaligned());
                        a.add(i).write_unaligned(joined);
                    }
                }
            },
        );
    }

    unsafe fn join_shifted(out: *mut u8, src: *const u8, shift: usize, n: usize) {
        let (out, src) = (out as *mut F::Acc, src as *const F::Acc);
        let ahead = src.wrapping_add(shift);
        vectorize(
            #[inline(always)]
            move || {
                for i in 0..n {
                    // SAFETY: as the caller vouches for `n + shift` accumulators at the source and `n` at the other.
                    unsafe {
                        let joined = F::join(src.add(i).read_unaligned(), ahead.add(i).read_unaligned());
                        out.add(i).write_unaligned(joined);
                    }
                }
            },
        );
    }

    unsafe fn runs(runs: &Runs) {
        vectorize(
            #[inline(always)]
            move || {
                let out = runs.out as *mut F::Acc;
                for row in 0..runs.rows {
                    // SAFETY: as the caller vouches for the rows and for one accumulator each.
                    unsafe {
                        let src = runs.src.offset(row as isize * runs.stride) as *const F::In;
                        if runs.n * size_of::<F::In>() >= NEXT && row + 1 < runs.rows {
                            prefetch_run((src as *const u8).wrapping_offset(runs.stride), NEXT);
                        }
                        let value =
                            if runs.n <= SHORT { Self::short(src, runs.n) } else { Self::long(src, runs.n) };
                        out.add(row).write_unaligned(value);
                    }
                }
            },
        );
    }

    /// At most [`SHORT`] elements: one each in the first lanes.
    #[inline(always)]
    unsafe fn short(src: *const F::In, n: usize) -> F::Acc {
        let mut lanes = [F::IDENTITY; SHORT];
        for (j, lane) in lanes.iter_mut().enumerate().take(n) {
            // SAFETY: element `j` of the row.
            *lane = F::close(F::step(F::START, unsafe { src.add(j).read_unaligned() }));
        }
        let mut width = n.next_power_of_two();
        while width > 1 {
            width /= 2;
            for j in 0..width {
                lanes[j] = F::join(lanes[j], lanes[j + width]);
            }
        }
        lanes[0]
    }

    /// Any number of elements: leaves, joined lane by lane. Partial result `k` of the list covers `2^k` leaves.
    #[inline(always)]
    unsafe fn long(mut src: *const F::In, mut n: usize) -> F::Acc {
        let first = n.min(L.saturating_mul(F::LEAF));
        // SAFETY: the first elements of the row.
        let mut value = unsafe { Self::leaf(src, first) };
        if first == n {
            return Self::halves(value);
        }
        let mut partial = [const { MaybeUninit::<[F::Acc; L]>::uninit() }; LEVELS];
        let mut leaves = 1usize;
        partial[0].write(value);
        loop {
            src = src.wrapping_add(L * F::LEAF);
            n = n.saturating_sub(L * F::LEAF);
            if n == 0 {
                break;
            }
            // SAFETY: the next elements of the row; entries of the list whose bit is set have been written.
            unsafe {
                value = Self::leaf(src, n.min(L * F::LEAF));
                if F::TREE {
                    let mut level = 0;
                    while leaves >> level & 1 == 1 {
                        value = Self::joined(partial[level].assume_init_ref(), &value);
                        level += 1;
                    }
                    partial[level].write(value);
                    leaves += 1;
                } else {
                    value = Self::joined(partial[0].assume_init_ref(), &value);
                    partial[0].write(value);
                    if value.iter().any(
                        #[inline(always)]
                        |&x| F::is_settled(x),
                    ) {
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
                    value = Self::joined(partial[level].assume_init_ref(), &value);
                }
                level += 1;
            }
        }
        Self::halves(value)
    }

    #[inline(always)]
    fn joined(a: &[F::Acc; L], b: &[F::Acc; L]) -> [F::Acc; L] {
        core::array::from_fn(
            #[inline(always)]
            |j| F::join(a[j], b[j]),
        )
    }

    /// At most `L * LEAF` elements.
    #[inline(always)]
    unsafe fn leaf(src: *const F::In, n: usize) -> [F::Acc; L] {
        let mut lanes = [F::START; L];
        let mut i = 0;
        while n - i >= L {
            // SAFETY: elements `i..i + L` of the row.
            let chunk = unsafe { (src.add(i) as *const [F::In; L]).read_unaligned() };
            Self::step(&mut lanes, &chunk);
            i += L;
            crate::arch::step();
        }
        if i < n {
            let mut chunk = [F::NEUTRAL; L];
            // SAFETY: elements `i..n` of the row, fewer than `L`.
            unsafe {
                core::ptr::copy_nonoverlapping(
                    src.add(i) as *const u8,
                    chunk.as_mut_ptr() as *mut u8,
                    (n - i) * size_of::<F::In>(),
                );
            }
            Self::step(&mut lanes, &chunk);
        }
        lanes.map(
            #[inline(always)]
            |lane| F::close(lane),
        )
    }

    #[inline(always)]
    fn step<const W: usize>(lanes: &mut [F::Leaf; W], chunk: &[F::In; W]) {
        for j in 0..W {
            lanes[j] = F::step(lanes[j], chunk[j]);
        }
    }

    /// Folds the lanes in halves.
    #[inline(always)]
    fn halves(mut lanes: [F::Acc; L]) -> F::Acc {
        let mut width = L;
        while width > 1 {
            width /= 2;
            for j in 0..width {
                lanes[j] = F::join(lanes[j], lanes[j + width]);
            }
        }
        lanes[0]
    }

    unsafe fn rows(rows: &Rows) {
        vectorize(
            #[inline(always)]
            move || {
                // SAFETY: as the caller vouches.
                unsafe {
                    let at = match size_of::<F::In>() {
                        1 | 2 | 4 => Self::strips::<16>(rows, Self::strips::<64>(rows, 0)),
                        8 => Self::strips::<8>(rows, Self::strips::<32>(rows, 0)),
                        _ => Self::strips::<4>(rows, Self::strips::<16>(rows, 0)),
                    };
                    Self::strips::<1>(rows, at);
                }
            },
        );
    }

    /// As many strips of `W` accumulators as there are after the first `at`; returns where they end.
    #[inline(always)]
    unsafe fn strips<const W: usize>(rows: &Rows, mut at: usize) -> usize {
        while rows.n - at >= W {
            // SAFETY: accumulators `at..at + W`, and the elements of every row below them.
            unsafe {
                let out = (rows.out as *mut F::Acc).add(at) as *mut [F::Acc; W];
                let mut total = if rows.fresh { [F::IDENTITY; W] } else { out.read_unaligned() };
                let mut src = (rows.src as *const F::In).add(at) as *const u8;
                if rows.ahead != 0 {
                    for row in 0..rows.rows as isize {
                        let next = src.wrapping_offset(rows.ahead + row * rows.stride);
                        prefetch_run(next, W * size_of::<F::In>());
                    }
                }
                let mut left = rows.rows;
                while left > 0 {
                    let count = left.min(F::LEAF);
                    let mut lanes = [F::START; W];
                    for _ in 0..count {
                        let chunk = (src as *const [F::In; W]).read_unaligned();
                        Self::step(&mut lanes, &chunk);
                        src = src.wrapping_offset(rows.stride);
                    }
                    for j in 0..W {
                        total[j] = F::join(total[j], F::close(lanes[j]));
                    }
                    left -= count;
                }
                out.write_unaligned(total);
            }
            at += W;
        }
        at
    }
}
