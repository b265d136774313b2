//! Rows folded into a row of means and one of sums of squared distances from them.
//!
//! Up to 16 rows are a leaf. Its elements are read twice, a strip of a few lines at a time, which the nearest cache keeps: for
//! their mean, and for their distances from it. Then it is joined to what has been folded before, as Chan, Golub and LeVeque do:
//! with `d` the distance of two means, of `m` and of `n` elements,
//!
//! ```text
//!   mean    = mean_a + d n / (m + n)
//!   squares = squares_a + squares_b + d^2 m n / (m + n)
//! ```
//!
//! The elements of a leaf are folded in their own type, leaves are joined in `f64`.

use super::super::fold::ROUNDING_LEAF;
use crate::arch::vectorize;
use crate::cache::prefetch_run;
use crate::number::Field;

/// Rows of contiguous elements.
pub(super) struct Block {
    /// Rows; at least 1.
    pub(super) rows: usize,
    /// Elements per row.
    pub(super) n: usize,
    /// First element.
    pub(super) src: *const u8,
    /// Bytes from one row to the next.
    pub(super) stride: isize,
    /// How many rows have been folded before; where there are none, what the accumulators hold is not read.
    pub(super) before: f64,
    /// A mean, and a sum of squares, for each element of a row.
    pub(super) means: *mut f64,
    pub(super) squares: *mut f64,
    /// Whether memory is asked for in advance.
    pub(super) far: bool,
}

impl Block {
    /// Asks for half of the elements below a chunk of `W`, those from `first` on, in the next leaf: the other half is asked for
    /// by the other pass, for that many at a time are what the machine can wait for.
    #[inline(always)]
    fn ask<T, const W: usize>(&self, row: *const u8, first: usize) {
        if self.far && W > 1 {
            let next = row.wrapping_offset(ROUNDING_LEAF as isize * self.stride);
            prefetch_run(next.wrapping_add(first * size_of::<T>()), W / 2 * size_of::<T>());
        }
    }
}

/// A type of elements that have a mean.
pub(super) trait Real: Field + Into<f64> + 'static {
    fn of(n: usize) -> Self;
}
impl Real for f32 {
    #[inline(always)]
    fn of(n: usize) -> f32 {
        n as f32
    }
}
impl Real for f64 {
    #[inline(always)]
    fn of(n: usize) -> f64 {
        n as f64
    }
}

/// Folds rows.
///
/// # Safety
/// The rows must be valid for reading, and the accumulators for reading and writing.
pub(super) unsafe fn fold<T: Real>(block: &Block) {
    vectorize(
        #[inline(always)]
        || {
            for first in (0..block.rows).step_by(ROUNDING_LEAF) {
                let leaf = Block {
                    rows: ROUNDING_LEAF.min(block.rows - first),
                    src: block.src.wrapping_offset(first as isize * block.stride),
                    before: block.before + first as f64,
                    ..*block
                };
                // SAFETY: as the caller vouches, for some of the rows.
                unsafe {
                    let at = if const { size_of::<T>() == 4 } { strips::<T, 64>(&leaf, 0) } else { 0 };
                    let at = strips::<T, 32>(&leaf, at);
                    strips::<T, 1>(&leaf, strips::<T, 8>(&leaf, at));
                }
            }
        },
    );
}

/// As many strips of `W` elements as there are after the first `at`; returns where they end.
#[inline(always)]
unsafe fn strips<T: Real, const W: usize>(leaf: &Block, mut at: usize) -> usize {
    // Exact where the leaf is a whole one.
    let part = T::ONE.div(T::of(leaf.rows));
    let n = leaf.rows as f64;
    let share = n / (leaf.before + n);
    let weight = leaf.before * share;
    while leaf.n - at >= W {
        let src = leaf.src.wrapping_add(at * size_of::<T>());
        let (mut means, mut squares) = ([T::ZERO; W], [T::ZERO; W]);
        // SAFETY: elements `at..at + W` of every row, and their accumulators.
        unsafe {
            for row in 0..leaf.rows as isize {
                let row = src.wrapping_offset(row * leaf.stride);
                leaf.ask::<T, W>(row, 0);
                let chunk = (row as *const [T; W]).read_unaligned();
                for j in 0..W {
                    means[j] = means[j].add(chunk[j]);
                }
            }
            for mean in &mut means {
                *mean = mean.mul(part);
            }
            for row in 0..leaf.rows as isize {
                let row = src.wrapping_offset(row * leaf.stride);
                leaf.ask::<T, W>(row, W / 2);
                let chunk = (row as *const [T; W]).read_unaligned();
                for j in 0..W {
                    let d = chunk[j].sub(means[j]);
                    squares[j] = squares[j].add(d.mul(d));
                }
            }
            let (to_means, to_squares) = (leaf.means.add(at), leaf.squares.add(at));
            if leaf.before == 0.0 {
                for j in 0..W {
                    to_means.add(j).write_unaligned(means[j].into());
                    to_squares.add(j).write_unaligned(squares[j].into());
                }
            } else {
                for j in 0..W {
                    let before = to_means.add(j).read_unaligned();
                    let d = means[j].into() - before;
                    let square: f64 = squares[j].into();
                    let all = to_squares.add(j).read_unaligned() + (square + d * d * weight);
                    to_means.add(j).write_unaligned(before + d * share);
                    to_squares.add(j).write_unaligned(all);
                }
            }
        }
        at += W;
    }
    at
}

/// Means and sums of squares of as many elements each.
#[derive(Clone, Copy)]
pub(super) struct Moments {
    pub(super) means: *const f64,
    pub(super) squares: *const f64,
    /// Elements of each.
    pub(super) count: f64,
}

/// Joins `n` means and sums of squares to others, of so many elements each.
///
/// # Safety
/// Both must be valid for as many, the latter for writing; they lie apart.
pub(super) unsafe fn join(n: usize, from: Moments, means: *mut f64, squares: *mut f64, before: f64) {
    let share = from.count / (before + from.count);
    let weight = before * share;
    vectorize(
        #[inline(always)]
        || {
            for j in 0..n {
                // SAFETY: as the caller vouches.
                unsafe {
                    let (mean, square) = (from.means.add(j).read(), from.squares.add(j).read());
                    if before == 0.0 {
                        means.add(j).write(mean);
                        squares.add(j).write(square);
                    } else {
                        let to = means.add(j).read();
                        let d = mean - to;
                        means.add(j).write(to + d * share);
                        squares.add(j).write(squares.add(j).read() + (square + d * d * weight));
                    }
                }
            }
        },
    );
}
