//! Tiles between any two pairs of strides, at once: for packing operands into scratch, and for copies of few items.
//!
//! ```text
//!   both sides run along the same axis             copies of rows
//!   they run across                                transposes in registers
//!   rows evenly stepped, or only 2 to 4 of them    loops with steps, constant ones if they are small, and without tables where
//!                                                  there are such
//!   rows that are packed in the source alone       the same the other way, between which nothing is written
//!   anything else                                  item by item
//! ```

use core::mem::MaybeUninit;

use super::arch::{self, Shape};
use super::boxes::even_part;
use super::plan::Axis;
use super::plane;
use super::small;
use super::table::table;
use super::tile::{Plane, Spread, SpreadFn, Squares, StepsFn, Tile, TileFn};
use crate::Level;

/// Most rows or columns that go to a kernel by tables.
const SIDE: usize = 64;

/// Rows that kernels for evenly stepped tiles look up: those that are woven, or the first two, which say the step.
const LISTED: usize = 4;

/// Longer rows are copied by the C library.
const MOST_ROW: usize = 64;

/// Moves the items that two loops visit: `axes[0].n * axes[1].n` items of `item` bytes, from `src + i * s0 + j * s1` to
/// `dst + i * d0 + j * d1`, by the best kernel for these steps (of any sign, 0 in the source). Nothing is planned beyond
/// that and nothing is streamed: the tile should fit into the nearest caches.
///
/// # Safety
/// All items can be read and written, and those of the destination overlap neither each other nor those of the source.
#[inline]
pub(crate) unsafe fn pack2d(axes: [Axis; 2], item: usize, src: *const u8, dst: *mut u8) {
    // SAFETY: the caller's promise, passed on; the CPU has the instructions of the current level.
    unsafe { pack2d_at(Level::current(), axes, item, src, dst) }
}

/// [`pack2d`] for few items, of which the second axis is packed in the destination: as small copies are made, so that two dozen
/// are moved in less time than it takes to make tables for them.
///
/// # Safety
/// As [`pack2d`].
#[inline]
pub(crate) unsafe fn pack_few(axes: [Axis; 2], item: usize, src: *const u8, dst: *mut u8) {
    let level = Level::current();
    let [a, b] = axes;
    let word = item as isize;
    if b.d == word
        && b.s % word == 0
        && let Some(kernel) = arch::every(level, b.s / word, item)
    {
        // SAFETY: the caller's promise, for so many items, at least one, apart; the CPU has the instructions of the level.
        return unsafe { kernel((a, b.n), src, dst) };
    }
    // SAFETY: the caller's promise, passed on; the CPU has the instructions of the current level.
    unsafe {
        if !small::two_axes(level, axes[0], axes[1], item, src, dst) {
            pack2d_at(level, axes, item, src, dst);
        }
    }
}

/// [`pack2d`] with the instructions of a level.
///
/// # Safety
/// As [`pack2d`]; the CPU has the instructions of the level.
#[inline]
pub(super) unsafe fn pack2d_at(level: Level, axes: [Axis; 2], item: usize, src: *const u8, dst: *mut u8) {
    let word = item as isize;
    let [a, b] = turned(axes, word);
    if b.s == b.d && b.d == word && b.n > 1 {
        let row = b.n * item;
        if row > MOST_ROW {
            // SAFETY: the caller's promise, passed on.
            return unsafe { rows(a, row, src, dst) };
        }
        // Short rows are items of their own.
        // SAFETY: the caller's promise, for the same bytes.
        return unsafe { pack2d_at(level, [Axis::ONE, a], row, src, dst) };
    }
    if let Some((kernel, row, other)) = spread(level, a, b, item) {
        for i in 0..other.n as isize {
            let (src, dst) = (src.wrapping_offset(i * other.s), dst.wrapping_offset(i * other.d));
            // SAFETY: the caller's promise, for one of the rows; the CPU has the instructions of the level.
            unsafe { kernel(&Spread { src, dst, n: row.n, step: row.d as usize, ahead: 0 }) };
        }
        return;
    }
    let (kernel, far, by_rows) = match choose(level, a, b, item) {
        // SAFETY: the caller's promise; so many items, at least one, apart.
        Way::Steps(kernel) => return unsafe { kernel((a, b.n), src, dst) },
        Way::Tiles(kernel, far) => (kernel, far, true),
        Way::Columns(kernel) => (kernel, a.n <= SIDE, false),
        Way::Plane(squares) => {
            let plane = Plane { src, dst, rows: b, columns: a, times: Axis::ONE };
            // SAFETY: the caller's promise; both sides are packed along one axis.
            return unsafe { plane::run(&plane, squares, item) };
        }
    };
    let mut room = ([MaybeUninit::uninit(); SIDE], [MaybeUninit::uninit(); SIDE]);
    let (side_a, side_b) = if far { (a.n, b.n) } else { (even_part(a.n, SIDE), even_part(b.n, SIDE)) };
    for i in (0..a.n).step_by(side_a) {
        for j in (0..b.n).step_by(side_b) {
            let (rows, columns) = (side_b.min(b.n - j), side_a.min(a.n - i));
            let listed = if !by_rows { 0 } else { rows.min(if far { LISTED } else { SIDE }) };
            let of_b = [(listed, b.s)].into_iter();
            let of_a = [(columns.min(SIDE), a.d)].into_iter();
            let (Some(of_b), Some(of_a)) = (table(&mut room.0, of_b), table(&mut room.1, of_a)) else {
                return;
            };
            let tile = Tile {
                src: src.wrapping_offset(a.s * i as isize + b.s * j as isize),
                dst: dst.wrapping_offset(a.d * i as isize + b.d * j as isize),
                rows: of_b,
                columns: of_a,
                even: (rows, columns),
                src_step: a.s,
                dst_step: b.d,
                item,
                lead: 0,
                ahead: 0,
                pack: core::ptr::null_mut(),
                times: Axis::ONE,
            };
            // SAFETY: a part of the items, by a kernel for their steps; the CPU has the instructions of the level.
            unsafe { kernel(&tile) };
        }
    }
}

/// Columns and rows of a tile: rows are the axis that is packed in the destination, if one is, and the longer one if not.
#[inline]
fn turned(axes: [Axis; 2], word: isize) -> [Axis; 2] {
    let [a, b] = axes;
    let packed = |x: Axis| x.d == word && x.n > 1;
    let turn = if packed(a) || packed(b) { packed(a) } else { a.n > b.n };
    if turn { [b, a] } else { axes }
}

/// Rows that are packed on both sides.
///
/// # Safety
/// As [`pack2d`], for rows of `bytes` bytes.
#[inline(always)]
unsafe fn rows(a: Axis, bytes: usize, src: *const u8, dst: *mut u8) {
    for i in 0..a.n as isize {
        // SAFETY: a row of both sides.
        unsafe {
            let (src, dst) = (src.wrapping_offset(i * a.s), dst.wrapping_offset(i * a.d));
            core::ptr::copy_nonoverlapping(src, dst, bytes);
        }
    }
}

/// The kernel for rows that are packed in the source alone, which rows those are, and the axis from one to the next.
#[inline]
fn spread(level: Level, a: Axis, b: Axis, item: usize) -> Option<(SpreadFn, Axis, Axis)> {
    const LONG: usize = 16;
    let word = item as isize;
    if b.d == word {
        return None;
    }
    let fits = |row: &Axis| row.s == word && row.d > word && row.n >= LONG;
    let (row, other) = if fits(&b) { (b, a) } else { (a, b) };
    let kernel = if fits(&row) { arch::spread_by_vectors(level, item, row.d as usize) } else { None };
    Some((kernel?, row, other))
}

/// How a tile is moved.
enum Way {
    /// By a kernel that takes tables, and whether it takes any number of rows and columns at once.
    Tiles(TileFn, bool),
    /// By a kernel that takes a table for the columns only.
    Columns(TileFn),
    /// By a kernel that takes none.
    Steps(StepsFn),
    /// As a plane.
    Plane(&'static Squares),
}

/// The best way for these steps.
#[inline]
fn choose(level: Level, a: Axis, b: Axis, item: usize) -> Way {
    const FEW: core::ops::RangeInclusive<usize> = 2..=4;
    let word = item as isize;
    let none = Way::Tiles(arch::scalar::tile, false);
    if b.d != word {
        return none;
    }
    let across = a.s == word && a.n > 1;
    let shape = if across && b.s == word * a.n as isize && FEW.contains(&a.n) {
        Some(Shape::Deal(a.n))
    } else if across && a.d == word * b.n as isize && FEW.contains(&b.n) {
        Some(Shape::Weave(b.n))
    } else {
        None
    };
    let most = if matches!(shape, Some(Shape::Weave(_))) { 8 } else { 4 };
    if let Some(shape) = shape
        && item <= most
        && let Some(kernel) = arch::line(level, shape, item)
    {
        return Way::Tiles(kernel, true);
    }
    if across
        && b.n > 1
        && let Some(squares) = arch::squares(level, item)
    {
        return Way::Plane(squares);
    }
    if b.s % word == 0 && b.n > 2 {
        let step = b.s / word;
        if let Some(kernel) = arch::every(level, step, item) {
            return Way::Steps(kernel);
        }
        if b.n >= 8
            && let Some(kernel) = arch::line(level, Shape::Step(step), item)
        {
            return Way::Columns(kernel);
        }
    }
    if b.n >= 8
        && let Some(kernel) = arch::line(level, Shape::Evenly, item)
    {
        // By tables for the columns only.
        return Way::Tiles(kernel, a.n <= SIDE);
    }
    none
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Random, hold_level};

    /// Steps of two axes without overlap in the destination.
    fn steps(random: &mut Random, item: usize) -> [Axis; 2] {
        let n = [1 + random.below(70), 1 + random.below(70)];
        let mut axes = [0, 1].map(|k| Axis { n: n[k], s: 0, d: 0 });
        let gap = |random: &mut Random| [0, 0, 0, item, 3][random.below(5)];
        let side = |random: &mut Random, broadcast: bool| {
            let inner = random.below(2);
            let first = item * [1, 1, 1, 2, 3, 4][random.below(6)] + gap(random);
            let second = first * n[inner] + gap(random);
            let sign = |random: &mut Random| if random.below(4) == 0 { -1 } else { 1 };
            let mut out = [0; 2];
            out[inner] = if broadcast && random.below(6) == 0 { 0 } else { first as isize * sign(random) };
            out[1 - inner] = second as isize * sign(random);
            out
        };
        let (s, d) = (side(random, true), side(random, false));
        for k in 0..2 {
            (axes[k].s, axes[k].d) = (s[k], d[k]);
        }
        axes
    }

    #[test]
    fn agrees_with_one_item_at_a_time() {
        let _guard = hold_level();
        const MIDDLE: usize = 1 << 19;
        let mut random = Random::new(11);
        let src: Vec<u8> = (0..2 * MIDDLE).map(|_| random.next() as u8).collect();
        let (mut got, mut want) = (vec![1u8; 2 * MIDDLE], vec![1u8; 2 * MIDDLE]);
        for case in 0..800 {
            let item = [1usize, 2, 4, 8, 16, 3, 12][case % 7];
            let axes = steps(&mut random, item);
            let [outer, inner] = axes;
            for level in Level::available() {
                // SAFETY: both middles are farther from the ends than the steps reach.
                unsafe {
                    let from = src.as_ptr().add(MIDDLE);
                    pack2d_at(level, axes, item, from, got.as_mut_ptr().add(MIDDLE));
                    for i in 0..outer.n as isize {
                        for j in 0..inner.n as isize {
                            let s = from.offset(i * outer.s + j * inner.s);
                            let d = want.as_mut_ptr().add(MIDDLE).offset(i * outer.d + j * inner.d);
                            core::ptr::copy_nonoverlapping(s, d, item);
                        }
                    }
                }
                let reach = axes.iter().map(|x| x.n * x.d.unsigned_abs()).sum::<usize>() + item;
                let near = MIDDLE - reach..MIDDLE + reach;
                assert!(got[near.clone()] == want[near], "{axes:?} item {item} {level:?}");
            }
        }
    }
}
