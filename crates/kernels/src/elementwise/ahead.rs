//! What is asked for in advance: inputs that come from memory, while the output goes past the caches.
//!
//! Measured on Emerald Rapids, shares of the limit without and with requests, f64: `a + b` 0.8 and 0.95, a matrix and a row 0.8 and
//! 0.9, a matrix and a column 0.8 and 0.97, `where` 0.82 and 0.98, negation 0.78 and 0.9; the same with 4 KiB in advance and with 8.
//! Where much more is read than written, requests for a whole piece are in the way (comparisons of f64 1.08 and 0.96; those that
//! loops past the caches make with each line are not, see [`Loops::past`](super::Loops::past)), and so they are for what the last
//! cache may still hold (16 MiB of bytes 1.05 and 0.91). Tiles that are packed first,
//! `int32 + float64`: 0.59 with the next tile of what is packed, 0.75 with the fourth of everything.
//!
//! On Zen 4 two inputs or more keep the machine's own prefetchers busy, and are better left alone, as are long rows of one input.

use super::Block;
use super::past::Asks;
use super::plan::Plan;
use super::sink::{ABREAST, Sink};
use super::stream;
use crate::array;
use crate::cache::{self, LINE, prefetch_run};
use crate::cpu::asks_in_advance;

/// How far in advance all inputs are asked for, and the only one where others would not be.
const FAR: usize = 4096;
const FAR_ALONE: usize = 8192;

/// Tiles in advance.
pub(super) const TILES: i64 = 4;

/// Bytes that are read for each that is written, at most.
const MOST_READ: usize = 4;

/// The inputs that are too large for the caches.
pub(super) fn from_memory<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>) -> [bool; N] {
    core::array::from_fn(|k| k + 1 < N && stream::is_large(plan.bytes(k)))
}

/// The inputs that are asked for, where that is done with all of them.
pub(super) fn asked<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>) -> [bool; N] {
    let far = core::array::from_fn(|k| k + 1 < N && plan.bytes(k) >= cache::last_level());
    let read: usize = plan.sides.iter().zip(far).map(|(side, far)| if far { side.memory } else { 0 }).sum();
    if asks_in_advance() && read <= MOST_READ * plan.sides[N - 1].memory { far } else { [false; N] }
}

/// Has the sink ask for inputs, of rows that are long or not.
pub(super) fn follow<const N: usize, const CAP: usize>(
    plan: &Plan<N, CAP>,
    sink: &mut Sink<'_, N>,
    large: [bool; N],
    are_long: bool,
) {
    let asked = asked(plan);
    if asked.contains(&true) {
        (sink.follow, sink.far) = (asked, FAR);
    } else if !are_long && large.iter().filter(|&&large| large).count() == 1 {
        (sink.follow, sink.far) = (large, FAR_ALONE);
    }
}

/// Asks for what comes `far` elements after some rows of an input, or a part of one: `n` elements from element `j` on.
#[inline(always)]
pub(super) fn ask<const N: usize>(
    block: &Block<N>,
    k: usize,
    size: usize,
    (i, rows): (usize, usize),
    (j, n): (usize, usize),
    far: usize,
) {
    let (first, stride) = (block.data[k], block.strides[k]);
    if block.single[k] || stride == 0 && block.rows > 1 {
        return;
    }
    let place =
        |row: usize, at: usize| first.wrapping_offset((i + row) as isize * stride).wrapping_add(at * size);
    if stride == (block.n * size) as isize || block.rows == 1 {
        return prefetch_run(place(0, j + far), rows * n * size);
    }
    let (mut row, mut at) = (0, j + far);
    if at >= block.n {
        (row, at) = (at / block.n, at % block.n);
    }
    for more in 0..rows {
        prefetch_run(place(row + more, at), n * size);
    }
}

/// The same for a row that is worked on by turns with others; `at` is its element `j`, and elements are `step` bytes apart.
#[inline(always)]
pub(super) fn ask_by_turns<const N: usize>(
    block: &Block<N>,
    k: usize,
    at: *const u8,
    step: usize,
    (j, n): (usize, usize),
    far: usize,
) {
    let mut at = at.wrapping_add(far * step);
    if j + far >= block.n {
        // On in the row that comes in the place of this one.
        at = at.wrapping_offset(ABREAST as isize * block.strides[k]).wrapping_sub(block.n * step);
    }
    prefetch_run(at, n * step);
}

/// What a loop asks for that writes rows past the caches by itself: what comes some KiB later. `sizes` are those of the elements.
#[inline]
pub(super) fn asks<const N: usize>(block: &Block<N>, sizes: &[usize; N]) -> Asks<N> {
    Asks {
        any: asks_in_advance(),
        from: array::each(|k| block.data[k].wrapping_add(FAR).cast_const()),
        rows: block.strides,
        lines: array::each(|k| if block.single[k] { 0 } else { (LINE * sizes[k] / sizes[N - 2]) as isize }),
    }
}
