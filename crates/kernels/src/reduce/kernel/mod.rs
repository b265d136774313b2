//! The folding of contiguous elements: the loops of a way of folding.
//!
//! ```text
//!   runs     along rows: each row is folded into one accumulator
//!   groups   the same for short rows that lie one after the other
//!   rows     across rows: element j of every row is folded into accumulator j
//!   hasty    the steps of both where no element needs care
//!   by_hand  rows and groups where the compiler does not find the instructions: x86_avx512, with x86_avx512_vectors
//!   source   where elements come from: memory, or two operands combined as they are read
//! ```
//!
//! Every other element is read by picking a few rows, or some of a row, into scratch first, see [`pick`]; floats along rows are
//! picked in registers by hand, and f64 that are summed along longer rows as well, see [`source::EveryOther`].
//!
//! How rows are folded depends on their number and length alone, not on the vector level: so do the bits of a result.
//! Lanes start at the identity, so a sum of -0.0 is 0.0 as in NumPy, and lanes without elements change nothing.
//!
//! All loops are over arrays of a fixed number of lanes, element by element. No closures over arrays (`map`, `from_fn`): the
//! standard library's are functions of their own, compiled without the instructions of the level.

pub(super) mod by_hand;
mod groups;
mod hasty;
mod pick;
mod rows;
mod runs;
mod source;
#[cfg(target_arch = "x86_64")]
mod x86_avx512;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_vectors;

use core::marker::PhantomData;

use super::fold::{Fold, Leaves};
use crate::arch::vectorize;
pub(super) use source::{Chosen, MinusEach, MinusOne, Times};
use source::{Plain, Source};

/// Rows of contiguous elements that are folded, each into one accumulator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs {
    /// Rows.
    pub(super) rows: usize,
    /// Elements per row; at least 1.
    pub(super) n: usize,
    /// From one element of a row to the next, in elements: 1 or 2.
    pub(super) step: usize,
    /// First element.
    pub(super) src: *const u8,
    /// Bytes from one row to the next.
    pub(super) stride: isize,
    /// The second operand of the first row, and bytes from one row to the next; of kernels that read it.
    pub(super) second: *const u8,
    pub(super) second_stride: isize,
    /// Whether rows lie one after the other. Not asked of the stride, which may be anything where there is one row: how a row
    /// is folded must not depend on how many come at a time.
    pub(super) together: bool,
    /// Whether the accumulators of all lanes are wanted, of one row: it is part of a longer one, see [`Kernel::lanes`].
    pub(super) lanes: bool,
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
    /// From one element of a row to the next, in elements: 1 or 2.
    pub(super) step: usize,
    /// First element.
    pub(super) src: *const u8,
    /// Bytes from one row to the next.
    pub(super) stride: isize,
    /// The second operand of the first row, and bytes from one row to the next; of kernels that read it.
    pub(super) second: *const u8,
    pub(super) second_stride: isize,
    /// The accumulators.
    pub(super) out: *mut u8,
    /// Whether the accumulators hold nothing yet; they are not read then.
    pub(super) fresh: bool,
    /// How far ahead memory is asked for, in bytes; 0 where the elements are near, or where the machine sees to it.
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
    /// Whether rows can go on where others ended at no more than the cost of reading the accumulators.
    pub(super) resumes: bool,
    /// Rows in the narrower type of a leaf, where accumulators are wider.
    pub(super) narrow: Option<Narrow>,
    /// How many lanes a row is folded in. A row is a tree of leaves of `ROUNDING_LEAF` elements for each lane, joined lane by
    /// lane, and in the end the lanes are folded in halves.
    pub(super) lanes: usize,
    /// Bytes of an element.
    pub(super) item: usize,
    /// Bytes of an accumulator.
    pub(super) size: usize,
}

/// The folding of rows into leaves, which are narrower than accumulators, and can go on where others ended.
#[derive(Debug)]
pub(super) struct Narrow {
    /// Folds rows into one row of leaves, as [`Kernel::rows`] into accumulators.
    pub(super) rows: unsafe fn(&Rows),
    /// Joins `n` leaves to the accumulators at the first address, which hold nothing yet if so.
    pub(super) close: unsafe fn(*mut u8, *const u8, usize, bool),
    /// How many rows a leaf may take.
    pub(super) most: usize,
    /// Bytes of a leaf.
    pub(super) size: usize,
}

/// The loops of one way of folding, in `L` lanes.
pub(super) struct Loops<F, const L: usize>(PhantomData<F>);

impl<F: Fold, const L: usize> Loops<F, L> {
    /// The loops, as the drivers take them.
    pub(super) const KERNEL: Kernel = Kernel {
        runs: Self::runs::<Plain<F::In>>,
        rows: Self::rows::<Plain<F::In>>,
        join: Self::join,
        join_shifted: Self::join_shifted,
        identity: Self::identity,
        neutral: Self::neutral,
        is_settled: Self::is_settled,
        tree: F::TREE,
        resumes: F::RESUMES,
        narrow: if F::RESUMES || size_of::<F::Leaf>() >= size_of::<F::Acc>() {
            None
        } else {
            Some(Narrow {
                rows: Loops::<Leaves<F>, L>::rows::<Plain<F::In>>,
                close: Self::close,
                most: F::LEAF,
                size: size_of::<F::Leaf>(),
            })
        },
        lanes: L,
        item: size_of::<F::In>(),
        size: size_of::<F::Acc>(),
    };

    /// The same of elements that are combined as they are read: `R` along rows, `S` across them.
    pub(super) const fn of<R: Source<Item = F::In>, S: Source<Item = F::In>>() -> Kernel {
        Kernel { runs: Self::runs::<R>, rows: Self::rows::<S>, ..Self::KERNEL }
    }

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

    unsafe fn close(out: *mut u8, leaves: *const u8, n: usize, fresh: bool) {
        let (out, leaves) = (out as *mut F::Acc, leaves as *const F::Leaf);
        vectorize(
            #[inline(always)]
            move || {
                for i in 0..n {
                    // SAFETY: as the caller vouches for `n` of both.
                    unsafe {
                        let before = if fresh { F::IDENTITY } else { out.add(i).read_unaligned() };
                        let joined = F::join(before, F::close(leaves.add(i).read_unaligned()));
                        out.add(i).write_unaligned(joined);
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
}
