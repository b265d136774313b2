//! Few elements, of which there is less to find out than to plan: rows or columns that are read where they are, and go to the
//! output as they come. Measured on Zen 4, a sum of 4 rows of 6 f64: 190 ns with a plan, and most of it was the plan.

use core::mem::MaybeUninit;

use libstrided_layout::{AxisSet, DType};

use super::across::NARROW;
use super::cascade::{Cascade, STACK, Stack};
use super::fold::ROUNDING_LEAF;
use super::kernel::{Kernel, Rows, Runs};
use super::table::{self, Folding};
use crate::Operand;

/// More elements, or more bytes of them, are worth a plan: what it takes is a tenth of what they take, and rows from further away
/// are asked for in advance.
const MOST: i64 = 1 << 15;
const BYTES: i64 = 1 << 18;

/// Axes that are one loop: all kept, or all reduced.
#[derive(Clone, Copy)]
struct Group {
    n: i64,
    /// Bytes per step of the input and of the output.
    step: i64,
    out: i64,
    is_kept: bool,
}

/// Reduces along one loop, with one kept loop beside it and perhaps one around both; `false`, and nothing done, when it is
/// another reduction. The loops read the dtype of the input and write that of the output.
///
/// # Safety
/// As for [`super::reduce`]; no extent is 0.
#[inline]
pub(super) unsafe fn few(
    kernel: &Kernel,
    shape: &[i64],
    reduced: AxisSet,
    input: &Operand<'_>,
    out: &Operand<'_>,
) -> bool {
    let mut groups = [Group { n: 1, step: 0, out: 0, is_kept: true }; 3];
    let (mut len, mut count) = (0, 1);
    for (axis, &n) in shape.iter().enumerate().rev() {
        if n == 1 {
            continue;
        }
        if n > MOST {
            return false;
        }
        count *= n;
        if count > MOST || count * input.itemsize > BYTES {
            return false;
        }
        let (step, to) = (input.strides[axis], out.strides[axis]);
        let is_kept = !reduced.contains(axis);
        if let Some(last) = groups[..len].last_mut()
            && last.is_kept == is_kept
            && step == last.step.wrapping_mul(last.n)
            && to == last.out.wrapping_mul(last.n)
        {
            last.n *= n;
            continue;
        }
        let Some(place) = groups.get_mut(len) else { return false };
        *place = Group { n, step, out: to, is_kept };
        len += 1;
    }
    let [first, second, around] = groups;
    if len < 2 || first.is_kept == second.is_kept || !around.is_kept {
        return false;
    }
    let (kept, over) = if first.is_kept { (first, second) } else { (second, first) };
    if kept.out != kernel.size as i64 {
        return false;
    }
    let Some(way) = way(kernel, &kept, &over) else { return false };
    for i in 0..around.n {
        let src = input.data.wrapping_offset((i * around.step) as isize);
        let to = out.data.wrapping_offset((i * around.out) as isize);
        // SAFETY: elements of the input, and accumulators that are results; as the caller vouches.
        unsafe { way(kernel, &kept, &over, src, to) };
    }
    true
}

/// Folds lines of elements of a dtype, the second pair, along the first one, each into one of as many packed elements of the same
/// dtype; how many there are, at least 2, and bytes from one to the next. With little time before the loop starts. `false`, and
/// nothing done, where that is not all there is to the reduction.
///
/// # Safety
/// As [`super::reduce`].
#[inline]
pub unsafe fn reduce_lines(
    folding: Folding,
    dtype: DType,
    along: (usize, isize),
    lines: (usize, isize),
    src: *const u8,
    out: *mut u8,
) -> bool {
    if folding.accumulator(dtype) != dtype || along.0 * lines.0 > MOST as usize {
        return false;
    }
    let Some((kernel, _)) = table::find(folding, dtype, dtype) else { return false };
    let group = |(n, step): (usize, isize), is_kept| Group {
        n: n as i64,
        step: step as i64,
        out: if is_kept { kernel.size as i64 } else { 0 },
        is_kept,
    };
    let (kept, over) = (group(lines, true), group(along, false));
    let Some(way) = way(kernel, &kept, &over) else { return false };
    // SAFETY: as the caller vouches; the loops read the dtype, and its accumulators are of it.
    unsafe { way(kernel, &kept, &over, src, out) };
    true
}

/// Folds the elements of one loop at every step of the kept one.
type Way = unsafe fn(&Kernel, &Group, &Group, *const u8, *mut u8);

/// How a kept loop and a reduced one are folded, where that takes no plan.
#[inline]
fn way(kernel: &Kernel, kept: &Group, over: &Group) -> Option<Way> {
    let item = kernel.item as i64;
    let is_leaf = !kernel.tree || over.n <= ROUNDING_LEAF as i64;
    // Many rows of few elements are faster several at a time.
    let wide = kept.n as usize * kernel.size > NARROW / 2;
    if over.step == item {
        Some(rows_to_values)
    } else if kept.step != item {
        None
    } else if is_leaf {
        Some(rows_to_row)
    } else if wide {
        Some(leaves_to_row)
    } else {
        None
    }
}

unsafe fn rows_to_values(kernel: &Kernel, kept: &Group, over: &Group, src: *const u8, out: *mut u8) {
    let runs = Runs {
        rows: kept.n as usize,
        n: over.n as usize,
        step: 1,
        src,
        stride: kept.step as isize,
        second: core::ptr::null(),
        second_stride: 0,
        together: kept.step == over.n * kernel.item as i64,
        lanes: false,
        out,
    };
    // SAFETY: as the caller vouches.
    unsafe { (kernel.runs)(&runs) };
}

unsafe fn rows_to_row(kernel: &Kernel, kept: &Group, over: &Group, src: *const u8, out: *mut u8) {
    let rows = Rows {
        rows: over.n as usize,
        n: kept.n as usize,
        step: 1,
        src,
        stride: over.step as isize,
        second: core::ptr::null(),
        second_stride: 0,
        out,
        fresh: true,
        ahead: 0,
    };
    // SAFETY: as the caller vouches.
    unsafe { (kernel.rows)(&rows) };
}

/// More rows than a leaf has. (A function of its own, for its stack.)
#[inline(never)]
unsafe fn leaves_to_row(kernel: &Kernel, kept: &Group, over: &Group, src: *const u8, out: *mut u8) {
    let mut stack: Stack = MaybeUninit::uninit();
    let memory = stack.as_mut_ptr() as *mut u8;
    let (mut first, rows, n) = (0, over.n as usize, kept.n as usize);
    // As many columns at a time as the tree has room for.
    let most = (STACK / kernel.size / Cascade::depth(over.n as u64)).max(1);
    while first < n {
        let count = most.min(n - first);
        // SAFETY: as the caller vouches, for some of the columns; the memory has room for their tree.
        unsafe {
            let mut cascade = Cascade::new(kernel, count, memory);
            let src = src.add(first * kernel.item);
            cascade.take((src, over.step as isize), (core::ptr::null(), 0), rows, (count, 1), false);
            let values = cascade.finish();
            core::ptr::copy_nonoverlapping(values, out.add(first * kernel.size), count * kernel.size);
        }
        first += count;
    }
}
