//! The loops over boxes.

use super::boxes::Boxes;

/// One loop over boxes.
#[derive(Clone, Copy)]
struct Outer {
    axis: usize,
    at: usize,
}

/// Stands at one box after the other.
pub(super) struct Odometer<const CAP: usize> {
    loops: [Outer; CAP],
    len: usize,
    /// The first item of the box.
    pub(super) src: *const u8,
    pub(super) dst: *mut u8,
    /// Positions of the box on each axis.
    pub(super) count: [usize; CAP],
}

impl<const CAP: usize> Odometer<CAP> {
    /// Stands at the first box. Loops are in the order of the strides of the source, so that rows of the source that are
    /// being read go on to be read; but the loop over the axis `along` is innermost.
    pub(super) fn new(boxes: &Boxes<CAP>, along: Option<usize>) -> Self {
        let mut odometer = Odometer {
            loops: [Outer { axis: 0, at: 0 }; CAP],
            len: 0,
            src: boxes.src,
            dst: boxes.dst,
            count: boxes.reach,
        };
        let step = |axis: usize| {
            if along == Some(axis) {
                return (false, 0);
            }
            (true, boxes.axes()[axis].s.unsigned_abs())
        };
        for (axis, a) in boxes.axes().iter().enumerate() {
            if boxes.reach[axis] == a.n {
                continue;
            }
            let mut at = odometer.len;
            while at > 0 && step(odometer.loops[at - 1].axis) < step(axis) {
                odometer.loops[at] = odometer.loops[at - 1];
                at -= 1;
            }
            odometer.loops[at] = Outer { axis, at: 0 };
            odometer.len += 1;
        }
        odometer
    }

    /// Whether this is the first box along the axis, and whether it is the last. Both, when boxes have all of it.
    #[inline]
    pub(super) fn ends(&self, boxes: &Boxes<CAP>, along: Option<usize>) -> (bool, bool) {
        match (along, self.loops[..self.len].last()) {
            (Some(axis), Some(outer)) if outer.axis == axis => {
                (outer.at == 0, outer.at + self.count[axis] == boxes.axes()[axis].n)
            }
            _ => (true, true),
        }
    }

    /// Goes to the next box. `None` after the last one; otherwise whether its extents differ from those of this one.
    #[inline]
    pub(super) fn next(&mut self, boxes: &Boxes<CAP>) -> Option<bool> {
        let mut changed = false;
        for outer in self.loops[..self.len].iter_mut().rev() {
            let axis = boxes.axes()[outer.axis];
            let reach = boxes.reach[outer.axis];
            let count = &mut self.count[outer.axis];
            let left = axis.n - outer.at;
            if left > reach {
                outer.at += reach;
                self.src = self.src.wrapping_offset(axis.s.wrapping_mul(reach as isize));
                self.dst = self.dst.wrapping_offset(axis.d.wrapping_mul(reach as isize));
                let now = reach.min(left - reach);
                changed |= *count != now;
                *count = now;
                return Some(changed);
            }
            let back = (outer.at as isize).wrapping_neg();
            self.src = self.src.wrapping_offset(axis.s.wrapping_mul(back));
            self.dst = self.dst.wrapping_offset(axis.d.wrapping_mul(back));
            outer.at = 0;
            changed |= *count != reach;
            *count = reach;
        }
        None
    }
}
