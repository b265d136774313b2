//! Copies of few items on up to three axes, straight from shape and strides: what there is to plan for large ones takes
//! longer than to move these.

use super::arch::{self, Shape};
use super::grid;
use super::over;
use super::pack::pack2d_at;
use super::plan::{Axis, Plan};
use super::plane;
use super::planes::dealt;
use super::tile::{Plane, Tile};
use crate::cache::LINE;
use crate::{Level, Operand};

/// Bytes of the largest copy that is small enough for the order of its loops not to matter: of one plane, and of several.
const MOST: usize = 256 << 10;
const MOST_TIMES: usize = 16 << 10;

/// Bytes of a plane from which on it pays to look for the kernels that deal and weave, which move few pixels one by one.
const LEAST_DEALT: usize = 256;

/// Records that are moved in less time by loops than it takes to make the shuffles for them.
const FEW_RECORDS: usize = 16;

/// Items of 16 bytes, which are vectors as they are, that are moved one by one in less time than as parts of several squares.
const FEW_LANES: usize = 64;

/// The longest axis of a small copy that is one tile.
const LONGEST: usize = 32;

/// Moves a plane, once or at every position of a third axis. `false`, with nothing written, if the copy is not that.
///
/// # Safety
/// As [`super::copy`], whose arguments have been checked.
#[inline(always)]
pub(super) unsafe fn plane(shape: &[i64], src: &Operand<'_>, dst: &Operand<'_>, level: Level) -> bool {
    let axis =
        |i: usize| Axis { n: shape[i] as usize, s: src.strides[i] as isize, d: dst.strides[i] as isize };
    let item = src.itemsize as usize;
    let word = item as isize;
    let is_row = |x: Axis| x.d == word && x.n > 1;
    let (rows, columns, times) = match shape.len() {
        2 => {
            let (a, b) = (axis(0), axis(1));
            if is_row(b) { (b, a, Axis::ONE) } else { (a, b, Axis::ONE) }
        }
        3 => {
            let (a, b, c) = (axis(0), axis(1), axis(2));
            let (rows, x, y) = if is_row(c) {
                (c, b, a)
            } else if is_row(b) {
                (b, c, a)
            } else {
                (a, c, b)
            };
            if x.s == word { (rows, x, y) } else { (rows, y, x) }
        }
        _ => return false,
    };
    if !is_row(rows) || columns.s != word || rows.s == word {
        return false;
    }
    // The bytes of the destination, which exist: no overflow, unless there are none.
    let bytes = rows.n.wrapping_mul(columns.n).wrapping_mul(item);
    let all = bytes.wrapping_mul(times.n);
    if all == 0 || all > if times.n == 1 { MOST } else { MOST_TIMES } {
        return false;
    }
    let plane = Plane { src: src.data.cast_const(), dst: dst.data, rows, columns, times };
    // SAFETY: all items; the CPU has the instructions of the level.
    unsafe { planar(&plane, bytes, item, level) }
}

/// Moves all items of two loops, an outer and an inner one. `false`, with nothing written, if a plan is better.
///
/// # Safety
/// As [`super::copy_two_axes`]; the CPU has the instructions of the level.
#[inline(always)]
pub(super) unsafe fn two_axes(
    level: Level,
    a: Axis,
    b: Axis,
    item: usize,
    src: *const u8,
    dst: *mut u8,
) -> bool {
    let word = item as isize;
    let bytes = a.n.wrapping_mul(b.n).wrapping_mul(item);
    if b.d == word && b.s == word || b.n == 1 && a.n == 1 {
        let row = b.n.wrapping_mul(item);
        // SAFETY: the caller's promise, for the same bytes.
        unsafe {
            if a.n == 1 || a.s == row as isize && a.d == row as isize {
                core::ptr::copy_nonoverlapping(src, dst, bytes);
            } else {
                grid::rows(level, a, row, src, dst);
            }
        }
        return true;
    }
    if b.d == word && a.s == word && a.n > 1 && b.n > 1 {
        // Number by number: copied as a whole, they would have to be in memory first.
        let (rows, columns) = (Axis { n: b.n, s: b.s, d: word }, Axis { n: a.n, s: word, d: a.d });
        let plane = Plane { src, dst, rows, columns, times: Axis::ONE };
        // SAFETY: the caller's promise.
        if unsafe { planar(&plane, bytes, item, level) } {
            return true;
        }
    }
    let stepped = grid::is_stepped(level, b, item);
    if a.n > LONGEST || b.n > LONGEST && !stepped {
        return false;
    }
    // SAFETY: the caller's promise.
    unsafe { one_by_one(level, [a, b], item, stepped, src, dst) };
    true
}

/// Moves all items of two loops: by vectors, if the inner one has steps for which there are some, and in order if not.
///
/// # Safety
/// As [`two_axes`].
#[inline(never)]
unsafe fn one_by_one(
    level: Level,
    axes: [Axis; 2],
    item: usize,
    stepped: bool,
    src: *const u8,
    dst: *mut u8,
) {
    // SAFETY: the caller's promise.
    unsafe {
        if stepped {
            pack2d_at(level, axes, item, src, dst);
        } else {
            grid::items(axes, item, src, dst);
        }
    }
}

/// Moves a plane of so many bytes, at least one item, as often as it is, by the kernels that there are for its items. `false`,
/// with nothing written, if there are none.
///
/// # Safety
/// As [`super::tile::PlaneFn`], of any extents.
#[inline(always)]
pub(super) unsafe fn planar(plane: &Plane, bytes: usize, item: usize, level: Level) -> bool {
    if !item.is_power_of_two() {
        let (rows, columns) = (plane.rows.n, plane.columns.n);
        if item < 8 && rows * columns < FEW_RECORDS {
            return false;
        }
        let Some(records) = arch::records(level, item, rows, columns) else { return false };
        // SAFETY: the caller's promise.
        unsafe { records.run(plane) };
        return true;
    }
    let (rows, columns) = (plane.rows.n, plane.columns.n);
    if item == 16 && rows * columns <= FEW_LANES && rows.max(columns) > LINE / 16 {
        return false;
    }
    if bytes > LEAST_DEALT
        && let Some(shape) = dealt(plane.rows, plane.columns, item)
    {
        // SAFETY: the caller's promise; the plane has this shape.
        return unsafe { deal(plane, shape, item, level) };
    }
    if plane.times.n == 1 && over::is_over(plane.rows, item) {
        let each = Axis { s: item as isize, ..plane.columns };
        // SAFETY: the caller's promise; an item of a row after the other is read.
        if unsafe { over::rows(level, plane.rows, each, item, plane.src, plane.dst) } {
            return true;
        }
    }
    let Some(squares) = arch::squares(level, item) else { return false };
    // SAFETY: the caller's promise.
    unsafe { plane::run(plane, squares, item) };
    true
}

/// Deals pixels out to planes, or weaves them. `false`, with nothing written, if there is no kernel for it.
///
/// # Safety
/// As [`super::tile::PlaneFn`]; the plane has this shape.
#[inline(never)]
unsafe fn deal(p: &Plane, shape: Shape, item: usize, level: Level) -> bool {
    let Some(kernel) = arch::line(level, shape, item) else { return false };
    let table = |step: isize| [0, 1, 2, 3].map(|k| step.wrapping_mul(k));
    let tile = Tile {
        src: p.src,
        dst: p.dst,
        rows: &table(p.rows.s)[..p.rows.n.min(4)],
        columns: &table(p.columns.d)[..p.columns.n.min(4)],
        even: (p.rows.n, p.columns.n),
        src_step: item as isize,
        dst_step: item as isize,
        item,
        lead: 0,
        ahead: 0,
        pack: core::ptr::null_mut(),
        times: p.times,
    };
    // SAFETY: the caller's promise; a pixel has at most 4 items.
    unsafe { kernel(&tile) };
    true
}

/// Whether a copy of this shape is one tile.
#[inline]
pub(super) fn is_small(shape: &[i64]) -> bool {
    shape.len() <= 2 && shape.iter().all(|&n| n <= LONGEST as i64)
}

/// Runs the plan of a small copy as one tile. `false`, with nothing written, if it is none.
///
/// # Safety
/// As [`super::engine::run`].
#[inline]
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level) -> bool {
    let axes = match *plan.axes() {
        [b] => [Axis::ONE, b],
        [a, b] => [a, b],
        _ => return false,
    };
    if axes[0].n > LONGEST || axes[1].n > LONGEST {
        return false;
    }
    // SAFETY: the caller's promise, passed on.
    if unsafe { grid::run(plan, level) } {
        return true;
    }
    // SAFETY: all items of the plan; the CPU has the instructions of the level.
    unsafe { pack2d_at(level, axes, plan.item, plan.src, plan.dst) };
    true
}
