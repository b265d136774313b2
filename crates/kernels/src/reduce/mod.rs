//! Reductions over any set of axes.
//!
//! The loops over the input are planned in the order of its memory; each is *kept* (an axis of the output) or
//! *reduced*. What lies innermost decides:
//!
//! ```text
//!   along    a long reduced loop is innermost: each run is folded into one value, a batch of outputs at a time
//!   across   a kept loop is innermost (or the reduced one is short): rows of many outputs are folded into a row of
//!            accumulators; when the outputs are few, several rows at a time, joined at the end
//! ```
//!
//! Runs and rows that are contiguous and of the accumulator's dtype are read where they are, others through L1
//! scratch. Partial results are joined by a [`cascade::Cascade`], so every axis is summed pairwise and the bits of a
//! result depend on the layout alone, not on the vector level.

mod across;
mod along;
mod cascade;
mod kernel;
#[cfg(test)]
mod tests;

use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{AxisSet, DType, Error, MAX_NDIM, Result};

use crate::Operand;
use crate::convert::Conversion;
use crate::elementwise::{Steps, is_run, steps_of};
use crate::fill::fill;
use crate::op::ReduceOp;
use crate::relocate::relocate;
use kernel::{Kernel, Runs};

/// Bytes of L1 scratch for elements on their way to the accumulators.
const SCRATCH: usize = 8192;

/// Reduced runs shorter than this are better taken across, many outputs at a time.
const LONG: i64 = 16;

/// `out = op(input)` over the axes in `reduced`, accumulated in the dtype `acc` (see [`ReduceOp::dtypes`]) and
/// converted to the dtype of the output.
///
/// `out` has strides for every axis of `shape`: those of its own axes, and 0 on reduced axes. An error when there is
/// nothing to reduce and the operation has no identity.
///
/// # Safety
/// Every element of the input must be valid for reading and of the output for writing. The output must overlap neither
/// itself nor the input. The dtypes' sizes are the item sizes.
#[inline]
pub unsafe fn reduce(
    op: ReduceOp,
    shape: &[i64],
    reduced: AxisSet,
    input: Operand<'_>,
    out: Operand<'_>,
    acc: DType,
) -> Result<()> {
    let kernel = kernel::kernel(op, acc).ok_or(Error::UnsupportedDType { dtype: acc })?;
    let mut nothing = false;
    for (axis, &extent) in shape.iter().enumerate() {
        if extent == 0 {
            if !reduced.contains(axis) {
                return Ok(());
            }
            nothing = true;
        }
    }
    // SAFETY: as the caller vouches, in each branch.
    unsafe {
        if !nothing && packed(&kernel, shape, reduced, &input, &out, acc) {
            Ok(())
        } else if nothing {
            identity(op, &kernel, shape, reduced, out, acc)
        } else if shape.len() <= SMALL_NDIM {
            planned::<SMALL_NDIM>(&kernel, shape, input, out, acc)
        } else {
            planned::<MAX_NDIM>(&kernel, shape, input, out, acc)
        }
    }
}

/// Reduces a C-contiguous array of the accumulator's dtype over all its axes, which needs no plan; `false` when the
/// array is another one.
#[inline]
unsafe fn packed(
    kernel: &Kernel,
    shape: &[i64],
    reduced: AxisSet,
    input: &Operand<'_>,
    out: &Operand<'_>,
    acc: DType,
) -> bool {
    if input.dtype != acc || out.dtype != acc {
        return false;
    }
    let mut n = 1;
    for (axis, &extent) in shape.iter().enumerate().rev() {
        let fits =
            extent == 1 || reduced.contains(axis) && input.strides.get(axis) == Some(&(input.itemsize * n));
        if !fits {
            return false;
        }
        n *= extent;
    }
    // SAFETY: `n` contiguous elements of the input, and one of the output.
    unsafe {
        (kernel.runs)(&Runs { rows: 1, n: n as usize, src: input.data, stride: 0, out: out.data });
    }
    true
}

/// The result of reducing nothing.
#[cold]
unsafe fn identity(
    op: ReduceOp,
    kernel: &Kernel,
    shape: &[i64],
    reduced: AxisSet,
    out: Operand<'_>,
    acc: DType,
) -> Result<()> {
    if !op.has_identity() || shape.len() > MAX_NDIM {
        return Err(Error::EmptyReduction);
    }
    let conversion = Conversion::new(acc, out.dtype).ok_or(Error::UnsupportedDType { dtype: out.dtype })?;
    let mut value = [0u8; 16];
    let mut kept = [1; MAX_NDIM];
    for (axis, (kept, &extent)) in kept.iter_mut().zip(shape).enumerate() {
        if !reduced.contains(axis) {
            *kept = extent;
        }
    }
    // SAFETY: one element; then as the caller vouches for the output, whose reduced axes have one step.
    unsafe {
        conversion.run(kernel.identity.as_ptr(), value.as_mut_ptr(), 1);
        fill(&kept[..shape.len()], out, value.as_ptr())
    }
}

/// A loop's strides: the output's, then the input's.
const OUT: usize = 0;
const IN: usize = 1;

/// A loop of one step.
const ONE: Loop<2> = Loop { extent: 1, strides: [0; 2] };

/// What both ways of reducing need.
struct Reduction<'a> {
    kernel: &'a Kernel,
    /// Bytes of an accumulator.
    size: usize,
    /// Bytes of an element of the input.
    item: usize,
    /// From the input to the accumulator.
    widen: Option<Conversion>,
    /// From the accumulator to the output.
    narrow: Option<Conversion>,
    out_item: usize,
    src: *const u8,
    dst: *mut u8,
    /// Loops over the outputs, outermost first.
    kept: &'a [Loop<2>],
    /// Loops over what is folded, outermost first.
    reduced: &'a [Loop<2>],
    scratch: Scratch,
}

/// L1 scratch.
struct Scratch {
    packed: MaybeUninit<[u64; SCRATCH / 8]>,
    raw: MaybeUninit<[u64; SCRATCH / 8]>,
}

unsafe fn planned<const CAP: usize>(
    kernel: &Kernel,
    shape: &[i64],
    input: Operand<'_>,
    out: Operand<'_>,
    acc: DType,
) -> Result<()> {
    let convert = |from: DType, to: DType| {
        if from == to {
            return Ok(None);
        }
        let conversion = Conversion::new(from, to).ok_or(Error::UnsupportedDType { dtype: from })?;
        Ok(Some(conversion))
    };
    let nest = Nest::<2, CAP>::plan(shape, [out.strides, input.strides])?;
    let (mut kept, mut reduced) = ([ONE; CAP], [ONE; CAP]);
    let (mut kept_len, mut reduced_len) = (0, 0);
    for &l in nest.loops() {
        if l.strides[OUT] == 0 {
            reduced[reduced_len] = l;
            reduced_len += 1;
        } else {
            kept[kept_len] = l;
            kept_len += 1;
        }
    }
    let start = nest.start();
    let mut reduction = Reduction {
        kernel,
        size: acc.size() as usize,
        item: input.itemsize as usize,
        widen: convert(input.dtype, acc)?,
        narrow: convert(acc, out.dtype)?,
        out_item: out.itemsize as usize,
        src: input.data.wrapping_offset(start[IN] as isize),
        dst: out.data.wrapping_offset(start[OUT] as isize),
        kept: &kept[..kept_len],
        reduced: &reduced[..reduced_len],
        scratch: Scratch { packed: MaybeUninit::uninit(), raw: MaybeUninit::uninit() },
    };
    // SAFETY: as the caller vouches.
    unsafe {
        if reduction.goes_along(nest.loops()) { reduction.along::<CAP>() } else { reduction.across::<CAP>() }
    }
}

impl Reduction<'_> {
    /// Whether to fold runs, see the page of the module.
    fn goes_along(&self, loops: &[Loop<2>]) -> bool {
        let (Some(inner), Some(_)) = (loops.last(), self.reduced.last()) else {
            return false;
        };
        let Some(kept) = self.kept.last() else {
            return true;
        };
        // Where both a reduced and a kept loop run along memory, as in windows, whole rows are faster.
        let rows = self.widen.is_none() && kept.strides[IN] == self.item as i64;
        inner.strides[OUT] == 0 && inner.extent >= LONG && !rows
    }

    /// Whether elements can be read where they are, along these loops.
    fn is_direct(&self, loops: &[Loop<2>]) -> bool {
        let mut packed = self.item as i64;
        self.widen.is_none()
            && loops.iter().rev().all(|l| {
                let fits = l.strides[IN] == packed || l.extent == 1;
                packed *= l.extent;
                fits
            })
    }

    /// How many elements fit into scratch.
    fn capacity(&self) -> i64 {
        // Values of the input, of the accumulator and of the output all pass through it.
        (SCRATCH / self.size.max(self.item).max(self.out_item)) as i64
    }

    /// Brings the elements of a tile into scratch, in the order of its loops, as accumulators.
    ///
    /// # Safety
    /// The elements must be valid for reading and fit into scratch.
    unsafe fn pack(&mut self, loops: &[Loop<2>], src: *const u8) -> *const u8 {
        let mut room = Steps::uninit();
        let steps = steps_of(loops, IN, self.item, &mut room);
        let packed = self.scratch.packed.as_mut_ptr() as *mut u8;
        let raw = self.scratch.raw.as_mut_ptr() as *mut u8;
        // SAFETY: as the caller vouches.
        unsafe {
            match self.widen {
                None => relocate(steps, self.item, src, packed),
                Some(conversion) => {
                    let count: usize = loops.iter().map(|l| l.extent as usize).product();
                    let mut from = src;
                    if !is_run(steps, self.item) {
                        relocate(steps, self.item, src, raw);
                        from = raw;
                    }
                    conversion.run(from, packed, count);
                }
            }
        }
        packed
    }

    /// Converts the results of a tile of outputs and puts them where they belong.
    ///
    /// # Safety
    /// `values` must hold the accumulators of the tile, which must fit into scratch.
    unsafe fn emit(&mut self, loops: &[Loop<2>], values: *const u8, dst: *mut u8) {
        let raw = self.scratch.raw.as_mut_ptr() as *mut u8;
        let mut room = Steps::uninit();
        let steps = steps_of(loops, OUT, self.out_item, &mut room);
        let count: usize = loops.iter().map(|l| l.extent as usize).product();
        // SAFETY: as the caller vouches.
        unsafe {
            let from = match self.narrow {
                None => values,
                Some(conversion) if is_run(steps, self.out_item) => {
                    return conversion.run(values, dst, count);
                }
                Some(conversion) => {
                    conversion.run(values, raw, count);
                    raw
                }
            };
            for step in &mut *steps {
                core::mem::swap(&mut step.src, &mut step.dst);
            }
            relocate(steps, self.out_item, from, dst);
        }
    }

    /// Folds rows, each into one value at `out`.
    ///
    /// # Safety
    /// See [`Runs`].
    unsafe fn fold(&self, rows: usize, n: usize, src: *const u8, stride: isize, out: *mut u8) {
        // SAFETY: as the caller vouches.
        unsafe {
            (self.kernel.runs)(&Runs { rows, n, src, stride, out });
        }
    }
}

/// The innermost loops that make up a tile of at most `capacity` elements: whole loops, and part of the next one.
struct Tile<const CAP: usize> {
    loops: [Loop<2>; CAP],
    len: usize,
    /// Loops outside the tile, the one that it takes part of not counted.
    outside: usize,
    /// The loop of which the tile takes a part: its steps in all.
    extent: i64,
    /// Steps of that loop in a tile.
    high: i64,
}

impl<const CAP: usize> Tile<CAP> {
    fn new(all: &[Loop<2>], capacity: i64) -> Tile<CAP> {
        let mut loops = [ONE; CAP];
        if all.is_empty() {
            return Tile { loops, len: 1, outside: 0, extent: 1, high: 1 };
        }
        let mut first = all.len() - 1;
        let mut size = 1;
        while first > 0 && size * all[first].extent <= capacity / 2 {
            size *= all[first].extent;
            first -= 1;
        }
        let part = &all[first..];
        loops[..part.len()].copy_from_slice(part);
        let high = part[0].extent.min((capacity / size).max(1));
        Tile { loops, len: part.len(), outside: first, extent: part[0].extent, high }
    }

    /// The loops of the tile that begins at step `i` of the loop that is taken in parts.
    fn at(&mut self, i: i64) -> &[Loop<2>] {
        self.loops[0].extent = self.high.min(self.extent - i);
        &self.loops[..self.len]
    }

    /// Elements of a full tile.
    fn count(&self) -> i64 {
        let inner: i64 = self.loops[1..self.len].iter().map(|l| l.extent).product();
        inner * self.high
    }
}

/// Calls `visit` with the byte offsets of the output and the input at every position of these loops.
fn positions(
    loops: &[Loop<2>],
    at: [isize; 2],
    visit: &mut dyn FnMut([isize; 2]) -> Result<()>,
) -> Result<()> {
    let Some((first, rest)) = loops.split_first() else {
        return visit(at);
    };
    for i in 0..first.extent as isize {
        let next = [at[OUT] + i * first.strides[OUT] as isize, at[IN] + i * first.strides[IN] as isize];
        positions(rest, next, visit)?;
    }
    Ok(())
}

/// The number of positions of these loops.
fn count(loops: &[Loop<2>]) -> u64 {
    loops.iter().map(|l| l.extent as u64).product()
}
