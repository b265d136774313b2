//! Rows, each folded into one accumulator.
//!
//! Up to `L * LEAF` elements are a leaf, folded in `L` lanes, lane `j` taking elements `j`, `j + L`, ... Leaves are joined
//! lane by lane, by a tree of pairs where joining rounds, and in the end the lanes are folded in halves (`j` with `j + L/2`):
//! those of a whole leaf vector by vector, those of one vector (`P`) with shuffles. Rows of 144 in L2 on Zen 4 are read at 0.7
//! (f64, i32), 0.5 (f32) and 0.16 (bytes, 10 ns a row) of the speed of one long row, smallest and largest elements of 256 at 0.7
//! (f64) and 0.45 (f32): there the lanes go through memory in pieces, which loops by hand spare them, where there are some (see
//! [`super::by_hand`]). Rows of up to 16 elements are one element per lane.
//!
//! The lanes of a short row are folded while they are still of the leaf's narrow type, as far as nothing runs over.

use core::mem::MaybeUninit;

use super::super::fold::Fold;
use super::pick::{self, Picked, Picker};
use super::source::{EveryOther, Plain, Source};
use super::{Loops, Runs};
use crate::arch::{settle, step, vectorize};
use crate::cache::prefetch_run;

/// Bytes at the beginning of the next row that are asked for while a row is folded: what the machine's own prefetching,
/// which follows a row, comes too late for.
const NEXT: usize = 1024;

/// Rows of up to this length are one element per lane.
const SHORT: usize = 16;

/// Rows of up to this length take no vectors when there is one.
const TINY: usize = 8;

/// Entries of a list of partial results: more than leaves in memory have bits.
const LEVELS: usize = 56;

impl<F: Fold, const L: usize> Loops<F, L> {
    pub(super) unsafe fn runs<S: Source<Item = F::In>>(runs: &Runs) {
        // SAFETY: as the caller vouches, everywhere.
        unsafe {
            if S::PLAIN && (Self::by_hand(runs) || Self::groups(runs)) {
                return;
            }
            if runs.rows == 1 && runs.n <= TINY && runs.step == 1 && !runs.lanes {
                return (runs.out as *mut F::Acc)
                    .write_unaligned(Self::tiny(Self::row::<S>(runs, 0), runs.n));
            }
            Self::vectors::<S>(runs);
        }
    }

    /// Folds rows by instructions that the compiler does not find, where there are such loops; `false` where there are none.
    #[inline(always)]
    unsafe fn by_hand(runs: &Runs) -> bool {
        /// The loops that are not by hand.
        unsafe fn others<F: Fold, const L: usize>(runs: &Runs) {
            // SAFETY: as the caller vouches.
            unsafe {
                if !Loops::<F, L>::groups(runs) {
                    Loops::<F, L>::vectors::<Plain<F::In>>(runs);
                }
            }
        }
        // SAFETY: as the caller vouches.
        F::BY_HAND.is_some_and(|by_hand| unsafe { by_hand(runs, others::<F, L>) })
    }

    /// Rows that are worth vectors. (A function of its own: it has kilobytes of stack, which are touched on the way in.)
    #[inline(never)]
    unsafe fn vectors<S: Source<Item = F::In>>(runs: &Runs) {
        // SAFETY: as the caller vouches.
        unsafe {
            vectorize(
                #[inline(always)]
                || {
                    if runs.n <= SHORT && runs.step == 1 && !runs.lanes {
                        return Self::short_rows::<S>(runs);
                    }
                    match const { size_of::<F::Acc>() } {
                        8 if const { F::PICKS && S::PLAIN } && runs.step == 2 => {
                            Self::long_rows::<EveryOther<F::In>, 8>(runs)
                        }
                        16 => Self::long_rows::<S, 4>(runs),
                        8 => Self::long_rows::<S, 8>(runs),
                        _ => Self::long_rows::<S, 16>(runs),
                    }
                },
            );
        }
    }

    /// One row of at most [`TINY`] elements, folded as [`Self::short_rows`] does, but for lanes without elements, which
    /// change nothing. No vectors: which ones there are takes longer to ask than this.
    #[inline(always)]
    unsafe fn tiny<S: Source<Item = F::In>>(src: S, n: usize) -> F::Acc {
        let mut lanes = [F::IDENTITY; TINY];
        for (i, lane) in lanes.iter_mut().enumerate().take(n) {
            // SAFETY: element `i` of the row.
            let [x] = unsafe { src.chunk::<1>(i) };
            *lane = F::close(F::step(F::START, x));
        }
        let [value] = Self::halved(&lanes);
        value
    }

    /// Rows of at most [`SHORT`] elements: one each in the first lanes.
    #[inline(always)]
    unsafe fn short_rows<S: Source<Item = F::In>>(runs: &Runs) {
        for row in 0..runs.rows {
            let mut chunk = [F::NEUTRAL; SHORT];
            let to = chunk.as_mut_ptr();
            let mut lanes = [F::START; SHORT];
            // SAFETY: the elements of the row, at most as many as there are lanes: pieces of 16, 8, ... elements, as the
            // bits of their number say; and one accumulator.
            unsafe {
                let src = Self::row::<S>(runs, row);
                let mut at = piece::<S, 16>(src, to, runs.n, 0);
                at = piece::<S, 8>(src, to, runs.n, at);
                at = piece::<S, 4>(src, to, runs.n, at);
                at = piece::<S, 2>(src, to, runs.n, at);
                piece::<S, 1>(src, to, runs.n, at);
                for j in 0..SHORT {
                    lanes[j] = F::step(lanes[j], chunk[j]);
                }
                let mut lanes = Self::closed(&lanes);
                settle(&mut lanes);
                let [value] = Self::halved(&lanes);
                (runs.out as *mut F::Acc).add(row).write_unaligned(value);
            }
        }
    }

    #[inline(always)]
    unsafe fn row<S: Source<Item = F::In>>(runs: &Runs, row: usize) -> S {
        let row = row as isize;
        let second = runs.second.wrapping_offset(row * runs.second_stride);
        // SAFETY: the row, as the caller vouches.
        unsafe { S::new(runs.src.wrapping_offset(row * runs.stride), second) }
    }

    /// Rows of any length, each in `P` lanes, which are then folded in halves as well.
    #[inline(always)]
    unsafe fn long_rows<S: Source<Item = F::In>, const P: usize>(runs: &Runs) {
        let bytes = (runs.n * runs.step * size_of::<F::In>()) as isize;
        for row in 0..runs.rows {
            // SAFETY: as the caller vouches for the rows and for one accumulator each.
            unsafe {
                if bytes >= NEXT as isize && runs.stride != bytes && row + 1 < runs.rows {
                    prefetch_run(runs.src.wrapping_offset((row + 1) as isize * runs.stride), NEXT);
                }
                let out = (runs.out as *mut F::Acc).wrapping_add(row);
                if const { F::CAREFUL.is_some() && S::PLAIN } && runs.step == 1 && !runs.lanes {
                    let lanes = Self::leaf(Self::row::<S>(runs, row), runs.n);
                    let value = match Self::hastily_merged::<P>(&lanes) {
                        Some(value) => F::close(value),
                        None => Self::carefully_merged(&lanes),
                    };
                    out.write_unaligned(value);
                    continue;
                }
                let lanes = if runs.lanes { runs.out as *mut [F::Acc; L] } else { core::ptr::null_mut() };
                let mut vector: [F::Acc; P] = if S::PLAIN && !F::PICKS && runs.step != 1 {
                    let src = runs.src.wrapping_offset(row as isize * runs.stride) as *const F::In;
                    Self::left_in(&Self::every_other(src, runs.n, runs.step), lanes)
                } else {
                    Self::partial(Self::row::<S>(runs, row), runs.n, lanes)
                };
                if runs.lanes {
                    return;
                }
                settle(&mut vector);
                let [value] = Self::halved(&vector);
                out.write_unaligned(value);
            }
        }
    }

    /// The lanes of a leaf in one. (A function of its own: it is rare.)
    #[cold]
    #[inline(never)]
    fn carefully_merged(lanes: &[F::Leaf; L]) -> F::Acc {
        let [value] = Self::merged::<1>(lanes);
        F::close(value)
    }

    /// All lanes, written to where they are wanted unless that is nowhere, and what they are in `P` lanes.
    #[inline(always)]
    unsafe fn left_in<const P: usize>(lanes: &[F::Acc; L], to: *mut [F::Acc; L]) -> [F::Acc; P] {
        if !to.is_null() {
            // SAFETY: the caller has room for them there.
            unsafe { to.write_unaligned(*lanes) };
        }
        Self::halved(lanes)
    }

    /// A row in `P` lanes; in all of them where they are wanted.
    #[inline(always)]
    unsafe fn partial<S: Source<Item = F::In>, const P: usize>(
        src: S,
        n: usize,
        to: *mut [F::Acc; L],
    ) -> [F::Acc; P] {
        // What the lanes of a leaf take so few of can be folded in the type of the leaf.
        let few = (F::LEAF / (L / P)).saturating_mul(L);
        // SAFETY: as the caller vouches.
        unsafe {
            if n <= few && to.is_null() {
                let lanes = Self::merged::<P>(&Self::leaf(src, n));
                let mut out = [F::IDENTITY; P];
                for j in 0..P {
                    out[j] = F::close(lanes[j]);
                }
                return out;
            }
            let lanes = Self::tree(
                n,
                L.saturating_mul(F::LEAF),
                #[inline(always)]
                |i, n| Self::closed(&Self::leaf(src.from(i), n)),
            );
            Self::left_in(&lanes, to)
        }
    }

    /// Every other element, in pieces that pass through scratch.
    #[inline(always)]
    unsafe fn every_other(src: *const F::In, n: usize, step: usize) -> [F::Acc; L] {
        let mut picked = Picked(MaybeUninit::uninit());
        let to = picked.0.as_mut_ptr() as *mut u8;
        let whole = L.saturating_mul(F::LEAF).min(pick::BYTES / size_of::<F::In>());
        let picker = Picker::new(size_of::<F::In>());
        Self::tree(
            n,
            whole,
            #[inline(always)]
            |i, n| {
                // SAFETY: elements `i..i + n` of the row, which fit into scratch.
                unsafe {
                    picker.pick((1, 0), src.add(i * step) as *const u8, to, n);
                    Self::closed(&Self::leaf(Plain(to as *const F::In), n))
                }
            },
        )
    }

    /// `n` elements as leaves of up to `whole`, joined lane by lane. Partial result `k` of the list covers `2^k` leaves.
    #[inline(always)]
    fn tree(n: usize, whole: usize, leaf: impl Fn(usize, usize) -> [F::Acc; L]) -> [F::Acc; L] {
        let mut partial = [const { MaybeUninit::<[F::Acc; L]>::uninit() }; LEVELS];
        let mut leaves = 0usize;
        let mut i = 0;
        loop {
            let count = whole.min(n - i);
            let mut value = leaf(i, count);
            i += count;
            if i == n && leaves == 0 {
                return value;
            }
            // SAFETY: entries of the list whose bit is set have been written.
            unsafe {
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
                let mut settled = i == n;
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
            value
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
    unsafe fn leaf<S: Source<Item = F::In>>(src: S, n: usize) -> [F::Leaf; L] {
        let mut lanes = [F::START; L];
        // SAFETY: chunks of the row.
        let mut i = L * Self::hasty(
            &mut lanes,
            n / L,
            #[inline(always)]
            |k| unsafe { src.chunk::<L>(k * L) },
        );
        while n - i >= L {
            // SAFETY: elements `i..i + L` of the row.
            let chunk = unsafe { src.chunk::<L>(i) };
            for j in 0..L {
                lanes[j] = F::step(lanes[j], chunk[j]);
            }
            i += L;
            step();
        }
        if i < n {
            // SAFETY: elements `i..n` of the row, fewer than `L`, and those before.
            unsafe {
                match const { size_of::<F::In>() } {
                    1 => Self::rest::<S, 64>(&mut lanes, src, i, n),
                    2 => Self::rest::<S, 32>(&mut lanes, src, i, n),
                    4 => Self::rest::<S, 16>(&mut lanes, src, i, n),
                    8 => Self::rest::<S, 8>(&mut lanes, src, i, n),
                    _ => Self::rest::<S, 4>(&mut lanes, src, i, n),
                }
            }
        }
        // Sums come out as vectors by themselves.
        if F::RESUMES && !F::TREE {
            settle(&mut lanes);
        }
        lanes
    }

    /// Folds elements `i..n`, fewer than there are lanes: vectors of `V`, and of the last one only what is left of it.
    #[inline(always)]
    unsafe fn rest<S: Source<Item = F::In>, const V: usize>(
        lanes: &mut [F::Leaf; L],
        src: S,
        mut i: usize,
        n: usize,
    ) {
        for first in (0..L).step_by(V) {
            if n - i < V {
                break;
            }
            // SAFETY: elements `i..i + V` of the row.
            let chunk = unsafe { src.chunk::<V>(i) };
            for j in 0..V {
                lanes[first + j] = F::step(lanes[first + j], chunk[j]);
            }
            i += V;
        }
        if i == n {
            return;
        }
        let mut chunk = [F::NEUTRAL; V];
        // SAFETY: the last `V` elements of the row, of which those before `i` count no more; or all of a shorter row.
        unsafe {
            if n >= V {
                let last = src.chunk::<V>(n - V);
                for j in 0..V {
                    chunk[j] = if j >= V - (n - i) { last[j] } else { F::NEUTRAL };
                }
            } else {
                let to = chunk.as_mut_ptr();
                let mut at = if V > 32 { piece::<S, 32>(src, to, n, 0) } else { 0 };
                // 16 may be all there are places for.
                at = if V > 16 { piece::<S, 16>(src, to, n, at) } else { at };
                at = if V > 8 { piece::<S, 8>(src, to, n, at) } else { at };
                at = if V > 4 { piece::<S, 4>(src, to, n, at) } else { at };
                at = piece::<S, 2>(src, to, n, at);
                piece::<S, 1>(src, to, n, at);
            }
        }
        for j in 0..V {
            lanes[L - V + j] = F::step(lanes[L - V + j], chunk[j]);
        }
    }

    #[inline(always)]
    fn closed<const W: usize>(lanes: &[F::Leaf; W]) -> [F::Acc; W] {
        let mut out = [F::IDENTITY; W];
        for j in 0..W {
            out[j] = F::close(lanes[j]);
        }
        out
    }

    /// Folds the lanes in halves until `P` are left.
    #[inline(always)]
    fn halved<const W: usize, const P: usize>(lanes: &[F::Acc; W]) -> [F::Acc; P] {
        let mut lanes = *lanes;
        let mut width = W;
        while width > P {
            width /= 2;
            for j in 0..width {
                lanes[j] = F::join(lanes[j], lanes[j + width]);
            }
        }
        let mut left = [F::IDENTITY; P];
        left.copy_from_slice(&lanes[..P]);
        left
    }

    /// The same of the lanes of a leaf.
    #[inline(always)]
    fn merged<const P: usize>(lanes: &[F::Leaf; L]) -> [F::Leaf; P] {
        let mut lanes = *lanes;
        let mut width = L;
        while width > P {
            width /= 2;
            for j in 0..width {
                lanes[j] = F::merge(lanes[j], lanes[j + width]);
            }
        }
        let mut left = [F::START; P];
        left.copy_from_slice(&lanes[..P]);
        left
    }
}

/// Writes the next `P` elements if that bit of `n` is set; `at` elements have been written before.
#[inline(always)]
unsafe fn piece<S: Source, const P: usize>(src: S, to: *mut S::Item, n: usize, at: usize) -> usize {
    if n & P == 0 {
        return at;
    }
    // SAFETY: the caller vouches for `n` elements at both.
    unsafe { (to.add(at) as *mut [S::Item; P]).write_unaligned(src.chunk::<P>(at)) };
    at + P
}
