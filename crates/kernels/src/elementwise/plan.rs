//! The loops of an operation, and what each operand is in memory and to the kernel.

use libstrided_layout::nest::{Loop, Nest};
use libstrided_layout::{DType, Error, Result};

use crate::Operand;
use crate::convert::Conversion;

/// Everything about an operand but where it is.
#[derive(Clone, Copy)]
pub(super) struct Side {
    /// Bytes per element in memory.
    pub(super) memory: usize,
    /// Bytes per element in the kernel.
    pub(super) kernel: usize,
    /// From memory to kernel for an input, from kernel to memory for the output; none when they are the same.
    pub(super) conversion: Option<Conversion>,
}

impl Side {
    pub(super) const NONE: Side = Side { memory: 0, kernel: 0, conversion: None };

    /// How many runs of how many elements `rows` of `n` elements are that lie so many bytes apart: one, or one for each.
    #[inline]
    pub(super) fn runs(&self, rows: usize, n: usize, step: isize) -> (usize, usize) {
        if step == (n * self.memory) as isize { (1, rows * n) } else { (rows, n) }
    }

    /// Of operands of these dtypes, for a kernel that reads and writes the dtypes `wanted`. The last operand is the output.
    #[inline]
    pub(super) fn set<const N: usize>(
        sides: &mut [Side; N],
        dtypes: [DType; N],
        wanted: [DType; N],
    ) -> Result<()> {
        for (k, side) in sides.iter_mut().enumerate() {
            let [memory, kernel] = [dtypes[k], wanted[k]];
            (side.memory, side.kernel) = (memory.size() as usize, kernel.size() as usize);
            if memory != kernel {
                let (from, to) = if k + 1 < N { (memory, kernel) } else { (kernel, memory) };
                let conversion = Conversion::new(from, to).ok_or(Error::UnsupportedDType { dtype: from })?;
                side.conversion = Some(conversion);
            }
        }
        Ok(())
    }
}

/// The loops over at least one element, outermost first.
pub(super) struct Plan<const N: usize, const CAP: usize> {
    nest: Nest<N, CAP>,
    pub(super) sides: [Side; N],
    /// The first element of each operand in the order of the loops.
    pub(super) data: [*mut u8; N],
}

impl<const N: usize, const CAP: usize> Plan<N, CAP> {
    /// A place to [`set`](Self::set): a plan is too large to be moved about.
    #[inline(always)]
    pub(super) fn vacant() -> Self {
        Plan { nest: Nest::vacant(), sides: [Side::NONE; N], data: [core::ptr::null_mut(); N] }
    }

    /// `false` when there are no elements.
    #[inline(always)]
    pub(super) fn set(
        &mut self,
        shape: &[i64],
        operands: &[Operand<'_>; N],
        dtypes: [DType; N],
    ) -> Result<bool> {
        self.nest.set(shape, operands.each_ref().map(|operand| operand.strides))?;
        if self.nest.is_empty() {
            return Ok(false);
        }
        Side::set(&mut self.sides, operands.each_ref().map(|operand| operand.dtype), dtypes)?;
        for (k, start) in self.nest.start().into_iter().enumerate() {
            self.data[k] = operands[k].data.wrapping_offset(start as isize);
        }
        Ok(true)
    }

    /// The loops, outermost first.
    #[inline]
    pub(super) fn loops(&self) -> &[Loop<N>] {
        self.nest.loops()
    }

    /// Converts inputs that are one element for all of the output once and for all, into `room`.
    ///
    /// # Safety
    /// The elements can be read. The plan is not used after `room`.
    pub(super) unsafe fn convert_constants(&mut self, room: &mut [[u64; 2]; N]) {
        for (k, room) in room.iter_mut().enumerate().take(N - 1) {
            if let Some(conversion) = self.sides[k].conversion
                && self.loops().iter().all(|l| l.strides[k] == 0)
            {
                let constant = (&raw mut *room) as *mut u8;
                // SAFETY: one element, which the caller vouches for; the largest element has 16 bytes.
                unsafe { conversion.run(self.data[k], constant, 1) };
                self.data[k] = constant;
                self.sides[k] = Side { memory: self.sides[k].kernel, conversion: None, ..self.sides[k] };
            }
        }
    }

    /// The innermost loop; one step when there is none.
    pub(super) fn inner(&self) -> Loop<N> {
        let one = || Loop { extent: 1, strides: self.sides.each_ref().map(|side| side.memory as i64) };
        self.loops().last().copied().unwrap_or_else(one)
    }

    /// Makes the loop at `which` the innermost but one.
    pub(super) fn bring_inwards(&mut self, which: usize) {
        let loops = self.nest.loops_mut();
        if which + 2 < loops.len() {
            let end = loops.len() - 1;
            loops[which..end].rotate_left(1);
        }
    }

    /// Bytes of the distinct elements of an operand.
    pub(super) fn bytes(&self, k: usize) -> usize {
        let loops = self.loops().iter().filter(|l| l.strides[k] != 0);
        loops.fold(self.sides[k].memory, |bytes, l| bytes.saturating_mul(l.extent as usize))
    }

    /// Whether an input is the output: the same elements in the same order.
    pub(super) fn is_in_place(&self) -> bool {
        (0..N - 1).any(|k| {
            self.data[k] == self.data[N - 1] && self.loops().iter().all(|l| l.strides[k] == l.strides[N - 1])
        })
    }

    /// Visits all positions of the loops outside the innermost `inner` ones.
    pub(super) fn walk(&self, inner: usize, mut visit: impl FnMut([*mut u8; N])) {
        let outer = &self.loops()[..self.loops().len().saturating_sub(inner)];
        let mut position = [0i64; CAP];
        let mut data = self.data;
        loop {
            visit(data);
            let mut axis = outer.len();
            loop {
                if axis == 0 {
                    return;
                }
                axis -= 1;
                let l = &outer[axis];
                position[axis] += 1;
                let back = position[axis] == l.extent;
                for (data, &stride) in data.iter_mut().zip(&l.strides) {
                    let step = if back { -stride * (l.extent - 1) } else { stride };
                    *data = data.wrapping_offset(step as isize);
                }
                if !back {
                    break;
                }
                position[axis] = 0;
            }
        }
    }
}
