//! Rows that are one output each. A few are read for their means, and again for the distances from these while the nearest cache
//! holds them. The bits are those of [`reduce`](super::super::reduce) twice over.
//!
//! Measured on Emerald Rapids, rows of 4096 f64 from memory, against two readings of half a megabyte each: 1.06 to 1.08 times as fast,
//! and there is one plan, and no temporary for the means.

use core::mem::MaybeUninit;

use libstrided_layout::nest::Loop;

use super::super::finish::Emitter;
use super::super::kernel::{Kernel, Runs};
use super::super::pack::{Scratch, Second};
use super::super::{Folding, IN, OPERANDS, OUT, Reduction, START, positions, step, table};
use super::{Finish, Output};
use crate::Operand;

/// Bytes that are read twice in a go.
const NEAR: usize = 1 << 15;

/// Rows of a go, at most.
const MOST: usize = 64;

/// Elements of a row that is worth it; shorter ones may be better off side by side.
const SHORT: i64 = 64;

/// Bytes of a row that the nearer caches hold.
const LONG: i64 = 1 << 19;

/// How rows are folded.
pub(super) struct Rows<'a> {
    pub(super) sum: &'static Kernel,
    pub(super) squares: &'static Kernel,
    mean: Emitter,
    src: *const u8,
    /// Elements of a row, and bytes of one.
    n: usize,
    item: usize,
    /// Whether rows lie one after the other.
    together: bool,
    /// Loops over the rows.
    kept: Loop<OPERANDS>,
    kept_outer: &'a [Loop<OPERANDS>],
}

impl<'a> Rows<'a> {
    /// `None` where the loop `row` does not run along such rows.
    pub(super) fn new(
        row: &Loop<OPERANDS>,
        kept: Loop<OPERANDS>,
        kept_outer: &'a [Loop<OPERANDS>],
        input: &Operand<'_>,
    ) -> Option<Rows<'a>> {
        let (dtype, item) = (input.dtype, input.itemsize);
        if row.strides[IN] != item || row.extent < SHORT || row.extent > LONG / item {
            return None;
        }
        let (sum, _) = table::find(Folding::Sum, dtype, dtype)?;
        let squares = table::combined(Folding::Squares, dtype, Some(Second::Minus), false)?;
        let finish = Finish { divisor: Some(row.extent as f64), ..Finish::default() };
        let what = Reduction { finish, ..Reduction::new(Folding::Sum, dtype) };
        Some(Rows {
            sum,
            squares,
            mean: Emitter::new(&what, sum, input).ok()?,
            src: input.data,
            n: row.extent as usize,
            item: item as usize,
            together: kept.strides[IN] == row.extent * item,
            kept,
            kept_outer,
        })
    }

    /// Makes all outputs; the input begins at the offset `start`.
    ///
    /// # Safety
    /// As [`super::spread`].
    pub(super) unsafe fn outputs(&self, start: isize, out: &Output, means: Option<&Output>) {
        let mut room = MaybeUninit::<[[f64; MOST]; 2]>::uninit();
        let values = room.as_mut_ptr().cast::<u8>();
        let to_means = values.wrapping_add(MOST * size_of::<f64>());
        let mut scratch = Scratch::new(None);
        let most = (NEAR / (self.n * self.item)).clamp(1, MOST) as i64;
        positions(self.kept_outer, START, &mut |at| {
            for first in (0..self.kept.extent).step_by(most as usize) {
                let at = step(at, &self.kept, first);
                let part = Loop { extent: most.min(self.kept.extent - first), ..self.kept };
                let mut packed = part;
                packed.strides[OUT] = self.item as i64;
                let runs = Runs {
                    rows: part.extent as usize,
                    n: self.n,
                    step: 1,
                    src: self.src.wrapping_offset(start + at[IN]),
                    stride: part.strides[IN] as isize,
                    second: core::ptr::null(),
                    second_stride: 0,
                    together: self.together,
                    lanes: false,
                    out: values,
                };
                let (second, second_stride) = (to_means.cast_const(), self.item as isize);
                // SAFETY: rows of the input, and room for an accumulator and a mean of each.
                unsafe {
                    (self.sum.runs)(&runs);
                    self.mean.emit(&[packed], values, to_means, &mut scratch);
                    (self.squares.runs)(&Runs { second, second_stride, ..runs });
                    out.emit_few(&part, values, at, &mut scratch);
                    if let Some(means) = means {
                        means.emit_few(&part, to_means, at, &mut scratch);
                    }
                }
            }
            true
        });
    }
}
