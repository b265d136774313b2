//! From two lists of strides to the loops of a copy.
//!
//! The loops of [`libstrided_layout::nest`] treat all operands alike. A copy does not: the destination is always walked
//! forwards, because streams of stores want ascending whole lines, and no two of its axes have the same stride, because
//! its items do not overlap. That makes the plan simple enough for one pass over the axes.

use libstrided_layout::{Error, Result};

use crate::Operand;

/// One loop: how many steps, and how many bytes source and destination move per step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    /// How many steps, at least 2 in a plan.
    pub(crate) n: usize,
    /// Bytes per step of the source: any sign, 0 where it is broadcast.
    pub(crate) s: isize,
    /// Bytes per step of the destination.
    pub(crate) d: isize,
}

impl Axis {
    /// The loop that is none.
    pub(crate) const ONE: Axis = Axis { n: 1, s: 0, d: 0 };
}

/// The loops of a copy, outermost first: `d` is above 0 and falls from loop to loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan<const CAP: usize> {
    axes: [Axis; CAP],
    len: usize,
    /// The first item of the source in the order of the loops.
    pub(super) src: *const u8,
    /// The first item of the destination.
    pub(super) dst: *mut u8,
    /// Bytes per item: that of the operands, times the innermost axis where both sides are packed on it.
    pub(super) item: usize,
}

impl<const CAP: usize> Plan<CAP> {
    /// Plans the copy. An error when more than `CAP` axes are longer than 1. The operands have as many strides as the
    /// shape has axes, and the same item size.
    #[inline]
    pub(super) fn new(shape: &[i64], src: &Operand<'_>, dst: &Operand<'_>) -> Result<Plan<CAP>> {
        let mut plan = Plan {
            axes: [Axis::ONE; CAP],
            len: 0,
            src: src.data.cast_const(),
            dst: dst.data,
            item: src.itemsize as usize,
        };
        for ((&n, &s), &d) in shape.iter().zip(src.strides).zip(dst.strides) {
            if n == 0 {
                // No elements: the plan of an item of no bytes.
                plan.len = 0;
                plan.item = 0;
                return Ok(plan);
            }
            if n == 1 {
                continue;
            }
            if plan.len == CAP {
                return Err(Error::TooManyAxes { ndim: CAP as i64 + 1 });
            }
            let axis = Axis { n: n as usize, s: s as isize, d: d as isize };
            plan.insert(axis);
        }
        plan.merge();
        Ok(plan)
    }

    /// The loops, outermost first; none for a single item.
    #[inline]
    pub(super) fn axes(&self) -> &[Axis] {
        &self.axes[..self.len]
    }

    /// Puts an axis where it belongs by its stride in the destination, which is turned forwards.
    #[inline]
    fn insert(&mut self, mut axis: Axis) {
        if axis.d < 0 {
            let last = (axis.n - 1) as isize;
            // The last item on this axis, an address of the view: the product and the sum do not overflow.
            self.src = self.src.wrapping_offset(axis.s.wrapping_mul(last));
            self.dst = self.dst.wrapping_offset(axis.d.wrapping_mul(last));
            axis.s = axis.s.wrapping_neg();
            axis.d = axis.d.wrapping_neg();
        }
        let mut at = self.len;
        while at > 0 && self.axes[at - 1].d < axis.d {
            self.axes[at] = self.axes[at - 1];
            at -= 1;
        }
        self.axes[at] = axis;
        self.len += 1;
    }

    /// Joins loops that both sides walk through as one, and makes the innermost a part of the item where both sides are
    /// packed on it.
    #[inline]
    fn merge(&mut self) {
        let mut kept = 0;
        for i in 0..self.len {
            let inner = self.axes[i];
            if kept > 0 {
                let outer = &mut self.axes[kept - 1];
                let steps = inner.n as isize;
                if inner.s.wrapping_mul(steps) == outer.s && inner.d.wrapping_mul(steps) == outer.d {
                    *outer = Axis { n: outer.n * inner.n, ..inner };
                    continue;
                }
            }
            self.axes[kept] = inner;
            kept += 1;
        }
        self.len = kept;
        if let Some(&Axis { n, s, d }) = self.axes().last()
            && s == self.item as isize
            && d == s
        {
            self.item *= n;
            self.len -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use libstrided_layout::DType;

    use super::*;

    fn plan(shape: &[i64], item: i64, s: &[i64], d: &[i64]) -> (Vec<Axis>, usize, isize, isize) {
        let mut block = [0u8; 1];
        let base = block.as_mut_ptr();
        let operand = |strides| Operand { data: base, dtype: DType::Opaque, itemsize: item, strides };
        let plan = Plan::<8>::new(shape, &operand(s), &operand(d)).unwrap();
        let from = |p: *const u8| (p as isize).wrapping_sub(base as isize);
        (plan.axes().to_vec(), plan.item, from(plan.src), from(plan.dst.cast_const()))
    }

    #[test]
    fn packed_rows_become_one_item() {
        assert_eq!(plan(&[3, 1, 4], 8, &[32, 0, 8], &[32, 0, 8]), (vec![], 96, 0, 0));
        let rows = Axis { n: 3, s: 64, d: 32 };
        assert_eq!(plan(&[3, 4], 8, &[64, 8], &[32, 8]), (vec![rows], 32, 0, 0));
    }

    #[test]
    fn the_destination_is_turned_forwards_and_sorted() {
        let (axes, item, src, dst) = plan(&[3, 4], 8, &[8, 24], &[8, -24]);
        let expected = vec![Axis { n: 4, s: -24, d: 24 }];
        assert_eq!((axes, item, src, dst), (expected, 24, 72, -72));
    }

    #[test]
    fn a_transpose_keeps_two_loops() {
        let expected = vec![Axis { n: 3, s: 8, d: 32 }, Axis { n: 4, s: 24, d: 8 }];
        assert_eq!(plan(&[4, 3], 8, &[24, 8], &[8, 32]).0, expected);
    }

    #[test]
    fn no_elements_no_bytes() {
        assert_eq!(plan(&[4, 0, 3], 8, &[1, 2, 3], &[1, 2, 3]).1, 0);
    }
}
