//! Small copies on up to four axes, whose loops are already in order: what a plan would find out about them, at once.
//!
//! Axes that both sides walk as one are one. With two that are left it is a matter for [`small`](super::small); with more it
//! is planes, one after the other, or items one by one.

use super::plan::Axis;
use super::tile::Plane;
use super::{grid, small};
use crate::Level;

/// Loops, at most.
pub(super) const FEW: usize = 4;

/// Bytes of several planes that are few enough for their order not to matter.
const PLANES: usize = 16 << 10;

/// Items that are moved one by one in less time than it takes to plan anything better.
const ITEMS: usize = 512;

/// Moves all items of four loops, outermost first, of which the first may be none. `false`, with nothing written, if a plan is
/// better.
///
/// # Safety
/// As [`super::copy_few_axes`]; the CPU has the instructions of the level.
#[inline(always)]
pub(super) unsafe fn few_axes(
    level: Level,
    axes: [Axis; FEW],
    item: usize,
    src: *const u8,
    dst: *mut u8,
) -> bool {
    let ([a, b, c, d], item) = merged(axes, item);
    // SAFETY: the caller's promise: the same items.
    unsafe {
        let done = if a.n == 1 && b.n == 1 {
            small::two_axes(level, c, d, item, src, dst)
        } else {
            planes(level, [a, b, c, d], item, src, dst)
        };
        done || one_by_one([a, b, c, d], item, src, dst)
    }
}

/// Joins loops that both sides walk as one, and makes the innermost a part of the item where both sides are packed on it. Loops
/// that are none come first.
#[inline(always)]
fn merged([mut a, mut b, mut c, mut d]: [Axis; FEW], item: usize) -> ([Axis; FEW], usize) {
    let one = |outer: Axis, inner: Axis| {
        let steps = inner.n as isize;
        let same = inner.s.wrapping_mul(steps) == outer.s && inner.d.wrapping_mul(steps) == outer.d;
        (same && outer.n > 1).then(|| Axis { n: outer.n * inner.n, ..inner })
    };
    if let Some(both) = one(c, d) {
        (a, b, c, d) = (Axis::ONE, a, b, both);
        if let Some(both) = one(c, d) {
            (a, b, c, d) = (Axis::ONE, a, b, both);
        }
    }
    if let Some(both) = one(b, c) {
        (a, b, c) = (Axis::ONE, a, both);
    }
    if let Some(both) = one(a, b) {
        (a, b) = (Axis::ONE, both);
    }
    if d.s == item as isize && d.d == d.s && d.n > 1 && c.n > 1 {
        return ([Axis::ONE, a, b, c], item * d.n);
    }
    ([a, b, c, d], item)
}

/// Moves them plane by plane, if both sides are packed along one loop each.
///
/// # Safety
/// As [`few_axes`].
#[inline(always)]
unsafe fn planes(
    level: Level,
    [a, b, c, rows]: [Axis; FEW],
    item: usize,
    src: *const u8,
    dst: *mut u8,
) -> bool {
    let word = item as isize;
    let (columns, times, outer) = if c.s == word {
        (c, b, a)
    } else if b.s == word {
        (b, c, a)
    } else {
        (a, c, b)
    };
    let bytes = rows.n * columns.n * item;
    if rows.d != word || columns.s != word || columns.n == 1 || bytes * times.n * outer.n > PLANES {
        return false;
    }
    let mut plane = Plane { src, dst, rows, columns, times };
    for _ in 0..outer.n {
        // SAFETY: the caller's promise, for one of the positions of the outer loop.
        if !unsafe { small::planar(&plane, bytes, item, level) } {
            return false;
        }
        plane.src = plane.src.wrapping_offset(outer.s);
        plane.dst = plane.dst.wrapping_offset(outer.d);
    }
    true
}

/// Moves them one by one, if they are few.
///
/// # Safety
/// As [`few_axes`].
#[inline(never)]
unsafe fn one_by_one(axes: [Axis; FEW], item: usize, src: *const u8, dst: *mut u8) -> bool {
    let few = axes.iter().map(|axis| axis.n).product::<usize>() <= ITEMS;
    if few {
        // SAFETY: the caller's promise.
        unsafe { grid::nest(axes, item, src, dst) };
    }
    few
}
