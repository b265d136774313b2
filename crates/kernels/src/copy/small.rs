//! Copies of few items on one or two axes: what there is to plan for large ones takes longer than to move these.

use core::mem::MaybeUninit;

use super::arch;
use super::plan::{Axis, Plan};
use super::table::table;
use super::tile::Tile;
use crate::Level;

/// The longest axis of a small copy.
const LONGEST: usize = 32;

/// Runs the plan of a small copy as one tile. `false`, with nothing written, if it is none.
///
/// # Safety
/// As [`super::engine::run`].
#[inline]
pub(super) unsafe fn run<const CAP: usize>(plan: &Plan<CAP>, level: Level) -> bool {
    let (a, b) = match *plan.axes() {
        [b] => (Axis { n: 1, s: plan.item as isize, d: 0 }, b),
        [a, b] => (a, b),
        _ => return false,
    };
    if a.n > LONGEST || b.n > LONGEST {
        return false;
    }
    let (mut rows, mut columns) = ([MaybeUninit::uninit(); LONGEST], [MaybeUninit::uninit(); LONGEST]);
    let of_b = [(b.n, b.s)].into_iter();
    let of_a = [(a.n, a.d)].into_iter();
    let (Some(rows), Some(columns)) = (table(&mut rows, of_b), table(&mut columns, of_a)) else {
        return false;
    };
    let item = plan.item;
    let packed = a.s == item as isize && b.d == item as isize;
    let least = 16 / item.clamp(1, 16);
    let kernel = if packed && a.n >= least && b.n >= least { arch::transpose(level, item) } else { None };
    let tile = Tile {
        src: plan.src,
        dst: plan.dst,
        rows,
        columns,
        even: (b.n, a.n),
        src_step: a.s,
        dst_step: b.d,
        item,
        lead: 0,
        ahead: 0,
        pack: core::ptr::null_mut(),
        times: Axis::ONE,
    };
    // SAFETY: all items of the plan, by a kernel for their size; the CPU has the instructions of the level.
    unsafe { kernel.unwrap_or(arch::scalar::tile(item))(&tile) };
    true
}
