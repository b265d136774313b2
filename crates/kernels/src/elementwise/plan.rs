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

/// The loops over at least one element, outermost first.
pub(super) struct Plan<const N: usize, const CAP: usize> {
    loops: [Loop<N>; CAP],
    len: usize,
    pub(super) sides: [Side; N],
    /// The first element of each operand in the order of the loops.
    pub(super) data: [*mut u8; N],
}

impl<const N: usize, const CAP: usize> Plan<N, CAP> {
    /// `None` when there are no elements.
    pub(super) fn new(
        shape: &[i64],
        operands: &[Operand<'_>; N],
        dtypes: [DType; N],
    ) -> Result<Option<Self>> {
        let nest = Nest::<N, CAP>::plan(shape, operands.map(|operand| operand.strides))?;
        if nest.is_empty() {
            return Ok(None);
        }
        let mut sides = [Side { memory: 0, kernel: 0, conversion: None }; N];
        for k in 0..N {
            let (from, to) =
                if k + 1 < N { (operands[k].dtype, dtypes[k]) } else { (dtypes[k], operands[k].dtype) };
            sides[k] = Side {
                memory: operands[k].itemsize as usize,
                kernel: dtypes[k].size() as usize,
                conversion: None,
            };
            if from != to {
                let conversion = Conversion::new(from, to).ok_or(Error::UnsupportedDType { dtype: from })?;
                sides[k].conversion = Some(conversion);
            }
        }
        let mut loops = [Loop { extent: 1, strides: [0; N] }; CAP];
        let len = nest.loops().len();
        loops[..len].copy_from_slice(nest.loops());
        let start = nest.start();
        let data = core::array::from_fn(|k| operands[k].data.wrapping_offset(start[k] as isize));
        Ok(Some(Plan { loops, len, sides, data }))
    }

    /// The loops, outermost first.
    pub(super) fn loops(&self) -> &[Loop<N>] {
        &self.loops[..self.len]
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
        let contiguous = core::array::from_fn(|k| self.sides[k].memory as i64);
        self.loops().last().copied().unwrap_or(Loop { extent: 1, strides: contiguous })
    }

    /// Makes the loop at `which` the innermost but one.
    pub(super) fn bring_inwards(&mut self, which: usize) {
        if which + 2 < self.len {
            self.loops[which..self.len - 1].rotate_left(1);
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
        let outer = &self.loops[..self.len.saturating_sub(inner)];
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
