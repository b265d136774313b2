//! Variances over the outermost axis of the memory, in one reading of it.
//!
//! The elements are taken in blocks: some steps of that axis, of all outputs or of a part of them. Where neighbours in memory
//! belong to different outputs [`kernels::spread`] reads a block once; else it is small, and read twice, the second time from the
//! caches. Either gives its means and the squared distances from them, and blocks are joined as Chan, Golub and LeVeque do:
//! with `d` the distance of two means, of `m` and `n` elements,
//!
//! ```text
//!   mean    = mean_a + d n / (m + n)
//!   squares = squares_a + squares_b + d^2 m n / (m + n)
//! ```
//!
//! in `f64`, one block after the other. Where the blocks begin depends on the layout alone, so the bits do not depend on the
//! number of threads, which share the blocks.

use core::ops::Range;
use core::slice::{from_raw_parts, from_raw_parts_mut};

use libstrided_kernels::{self as kernels, Finish, Folding, Operand, Reduction, Second, parallel};
use libstrided_view::{Array, DType, Kind, Order, Result};

use super::Task;
use crate::threads;

/// Steps of the axis in a block of a part of the outputs, at least; and where a block is read once.
const STEPS: i64 = 16;
const MANY_STEPS: i64 = 256;

/// Outputs of such a part, at least: rows of fewer are not worth reading by themselves.
pub(super) const WIDE: i64 = 512;

/// Blocks that threads share before they are joined.
const WAVE: i64 = 64;

/// Where the blocks are.
pub(super) struct Blocks {
    /// The axis, and its steps in a block.
    axis: usize,
    steps: i64,
    /// An axis of which a part of the outputs takes some steps at a time, if they do not go all at once.
    part: Option<(usize, i64)>,
}

impl Task<'_> {
    /// The blocks; nothing where the elements are near, or where another way is better.
    pub(super) fn blocks(&self) -> Option<Blocks> {
        let (shape, strides) = (self.input.shape(), self.input.strides());
        let far = |&axis: &usize| strides[axis].unsigned_abs();
        let axis = (0..shape.len()).filter(|&axis| shape[axis] > 1).max_by_key(far)?;
        let (bytes, most, once) = (self.bytes(), self.at_once(), self.goes_once());
        let (least, few) = if once { (MANY_STEPS, most) } else { (STEPS, 4 * most) };
        if !self.reduced.contains(axis) || bytes <= few || strides.contains(&0) {
            return None;
        }
        let each = bytes / shape[axis];
        if each * least <= most {
            return Some(Blocks { axis, steps: most / each, part: None });
        }
        if once && shape[axis] <= least {
            // Parts of the outputs are enough.
            return None;
        }
        let part = self.longest_kept()?;
        let outputs = most / least / (each / shape[part]).max(1);
        (outputs >= WIDE).then_some(Blocks { axis, steps: least, part: Some((part, outputs)) })
    }

    /// The variance, or its root.
    ///
    /// # Safety
    /// As [`super::super::run_into`].
    pub(super) unsafe fn spread_in_blocks<const CAP: usize>(
        &self,
        blocks: &Blocks,
        root: bool,
        out: Operand<'_>,
    ) -> Result<()> {
        let mut room = [0; CAP];
        let shape = &mut room[..self.input.ndim()];
        shape.copy_from_slice(self.input.shape());
        let (axis, extent) = blocks.part.map_or((0, 1), |(axis, _)| (axis, shape[axis]));
        let at_once = blocks.part.map_or(1, |(_, outputs)| outputs.min(extent));
        if blocks.part.is_some() {
            shape[axis] = at_once;
        }
        let joined = Joined::new(self, blocks, shape)?;
        let divisor = (self.count() - self.ddof).max(0.0);
        for first in (0..extent).step_by(at_once as usize) {
            if blocks.part.is_some() {
                shape[axis] = at_once.min(extent - first);
            }
            let offset = |strides: &[i64]| strides.get(axis).map_or(0, |stride| (first * stride) as isize);
            let input = self.operand();
            let input = Operand { data: input.data.wrapping_offset(offset(input.strides)), ..input };
            let out = Operand { data: out.data.wrapping_offset(offset(out.strides)), ..out };
            // SAFETY: as the caller vouches, for a part of the outputs.
            unsafe {
                joined.run::<CAP>(
                    shape,
                    input,
                    |squares| {
                        let variance = squares / divisor;
                        if root { variance.sqrt() } else { variance }
                    },
                    out,
                )?
            };
        }
        Ok(())
    }
}

/// What blocks are joined in.
struct Joined<'a> {
    task: &'a Task<'a>,
    axis: usize,
    steps: i64,
    threads: usize,
    /// Blocks between two joins.
    wave: i64,
    /// Their means and squares, block after block, in the dtypes that they are computed in.
    means: Array,
    squares: Array,
    /// Those of all blocks so far, `f64`.
    total_means: Array,
    total_squares: Array,
}

/// A wave of blocks. Threads share it for the time of a call.
struct Wave<'a, 'b> {
    joined: &'a Joined<'b>,
    shape: &'a [i64],
    input: Operand<'a>,
    /// Strides of packed outputs, in elements; 0 on reduced axes.
    packed: &'a [i64],
    outputs: i64,
    /// The first block.
    first: i64,
}

// SAFETY: inputs are only read, and each block has means and squares of its own.
unsafe impl Sync for Wave<'_, '_> {}

impl Wave<'_, '_> {
    /// Folds some of the blocks.
    fn some<const CAP: usize>(&self, blocks: Range<i64>) -> Result<()> {
        let Joined { task, axis, steps, means, squares, .. } = self.joined;
        let (axis, steps) = (*axis, *steps);
        let mut room = [0; CAP];
        let shape = &mut room[..self.shape.len()];
        shape.copy_from_slice(self.shape);
        for block in blocks {
            let first = (self.first + block) * steps;
            shape[axis] = steps.min(self.shape[axis] - first);
            let offset = (first * self.input.strides[axis]) as isize;
            let input = Operand { data: self.input.data.wrapping_offset(offset), ..self.input };
            let (mut mean_strides, mut square_strides) = ([0; CAP], [0; CAP]);
            let means = self.place(means, block, &mut mean_strides);
            let squares = self.place(squares, block, &mut square_strides);
            let count = task.count_in(shape);
            let finish = Finish { divisor: Some(count), ..Finish::default() };
            let mean = Reduction { finish, ..Reduction::new(Folding::Sum, task.sum_dtype()) };
            let second = Some((Second::Minus, means));
            let distances = Reduction { second, ..Reduction::new(Folding::Squares, task.compute) };
            // SAFETY: elements of the task's input; the temporaries have room for a block, and overlap nothing.
            unsafe {
                if task.reads_once()
                    && kernels::spread(shape, input, Finish::default(), squares, Some(means))?
                {
                    continue;
                }
                kernels::reduce(&mean, shape, task.reduced, input, means)?;
                kernels::reduce(&distances, shape, task.reduced, input, squares)?;
            }
        }
        Ok(())
    }

    /// Where the outputs of a block go.
    fn place<'r, const CAP: usize>(
        &self,
        array: &Array,
        block: i64,
        room: &'r mut [i64; CAP],
    ) -> Operand<'r> {
        let v = array.view();
        let item = v.itemsize();
        for (to, stride) in room.iter_mut().zip(self.packed) {
            *to = stride * item;
        }
        let data = v.data().wrapping_offset((block * self.outputs * item) as isize);
        Operand { data, dtype: v.dtype(), itemsize: item, strides: &room[..self.packed.len()] }
    }
}

impl<'a> Joined<'a> {
    /// Room for as many outputs as there are over a shape.
    fn new(task: &'a Task<'a>, blocks: &Blocks, shape: &[i64]) -> Result<Joined<'a>> {
        let count = (shape[blocks.axis] + blocks.steps - 1) / blocks.steps;
        let threads = threads::get() as usize;
        let wave = if threads > 1 { WAVE.min(count) } else { 1 };
        let kept = shape.iter().enumerate().filter(|&(axis, _)| !task.reduced.contains(axis));
        let outputs: i64 = kept.map(|(_, &n)| n).product();
        let array = |dtype: DType, n: i64| Array::new(dtype, dtype.size(), &[n], Order::C);
        Ok(Joined {
            task,
            axis: blocks.axis,
            steps: blocks.steps,
            threads,
            wave,
            means: array(task.compute, wave * outputs)?,
            squares: array(task.compute.part(), wave * outputs)?,
            total_means: array(DType::F64, outputs * parts(task.compute))?,
            total_squares: array(DType::F64, outputs)?,
        })
    }

    /// Makes the outputs over a shape, each from its sum of squares.
    ///
    /// # Safety
    /// As [`super::super::run_into`], for the input and an output over this shape.
    unsafe fn run<const CAP: usize>(
        &self,
        shape: &[i64],
        input: Operand<'_>,
        finish: impl Fn(f64) -> f64,
        out: Operand<'_>,
    ) -> Result<()> {
        let mut room = [0; CAP];
        let packed = &mut room[..shape.len()];
        let mut outputs = 1;
        for (axis, stride) in packed.iter_mut().enumerate().rev() {
            if !self.task.reduced.contains(axis) {
                *stride = outputs;
                outputs *= shape[axis];
            }
        }
        let packed = &*packed;
        let count = (shape[self.axis] + self.steps - 1) / self.steps;
        let each = outputs_bytes(shape, input.itemsize) / count.max(1);
        let mut before = 0.0;
        for first in (0..count).step_by(self.wave as usize) {
            let n = self.wave.min(count - first);
            let wave = Wave { joined: self, shape, input, packed, outputs, first };
            parallel::ranges(self.threads, n.saturating_mul(each), n, &|blocks| wave.some::<CAP>(blocks))?;
            for block in 0..n {
                let steps = self.steps.min(shape[self.axis] - (first + block) * self.steps);
                let elements = self.task.count_in(shape) / shape[self.axis] as f64 * steps as f64;
                // SAFETY: the temporaries, packed, with as many elements.
                unsafe { self.join(block * outputs, outputs as usize, before, elements) };
                before += elements;
            }
        }
        // The squares of the first block are no longer needed.
        let v = self.squares.view();
        // SAFETY: temporaries with as many elements; the output as the caller vouches.
        unsafe {
            let total = self.total_squares.view().data().cast::<f64>();
            for i in 0..outputs as usize {
                let x = finish(total.add(i).read());
                match v.dtype() {
                    DType::F32 => v.data().cast::<f32>().add(i).write(x as f32),
                    _ => v.data().cast::<f64>().add(i).write(x),
                }
            }
            self.deliver::<CAP>(shape, packed, out)
        }
    }

    /// Joins the outputs of a block, from element `at` on, to those of all before, of so many elements each.
    unsafe fn join(&self, at: i64, outputs: usize, before: f64, elements: f64) {
        let (at, parts) = (at as usize, parts(self.task.compute) as usize);
        let [means, squares] = [&self.means, &self.squares].map(|a| a.view().data().cast_const());
        let [to_means, to_squares] =
            [&self.total_means, &self.total_squares].map(|a| a.view().data().cast::<f64>());
        // SAFETY: as the caller vouches; a complex number is two parts.
        unsafe {
            let to = (from_raw_parts_mut(to_means, outputs * parts), from_raw_parts_mut(to_squares, outputs));
            if self.task.compute.part() == DType::F32 {
                let from =
                    (elements_of(means, at * parts, outputs * parts), elements_of(squares, at, outputs));
                join::<f32>(from, to, parts, before, elements);
            } else {
                let from =
                    (elements_of(means, at * parts, outputs * parts), elements_of(squares, at, outputs));
                join::<f64>(from, to, parts, before, elements);
            }
        }
    }

    /// Copies results to the output.
    unsafe fn deliver<const CAP: usize>(
        &self,
        shape: &[i64],
        packed: &[i64],
        out: Operand<'_>,
    ) -> Result<()> {
        let v = self.squares.view();
        let (mut kept, mut strides) = ([1; CAP], [0; CAP]);
        for axis in 0..shape.len() {
            if !self.task.reduced.contains(axis) {
                (kept[axis], strides[axis]) = (shape[axis], packed[axis] * v.itemsize());
            }
        }
        let (kept, strides) = (&kept[..shape.len()], &strides[..shape.len()]);
        let from = Operand { data: v.data(), dtype: v.dtype(), itemsize: v.itemsize(), strides };
        // SAFETY: the caller vouches for the output, which has one element per element of the temporary.
        unsafe {
            if v.dtype() == out.dtype {
                kernels::copy(kept, from, out)
            } else {
                kernels::cast_copy(kept, from, out)
            }
        }
    }
}

/// Real numbers that make up a mean.
fn parts(compute: DType) -> i64 {
    if compute.kind() == Kind::Complex { 2 } else { 1 }
}

/// `n` numbers of a temporary, from `first` on.
///
/// # Safety
/// It has as many, of this type, and they have been written.
unsafe fn elements_of<'a, T>(at: *const u8, first: usize, n: usize) -> &'a [T] {
    // SAFETY: the caller's promise; temporaries are aligned.
    unsafe { from_raw_parts(at.cast::<T>().add(first), n) }
}

/// Bytes over a shape.
fn outputs_bytes(shape: &[i64], item: i64) -> i64 {
    shape.iter().fold(item, |bytes, &n| bytes.saturating_mul(n))
}

/// Joins `(means, squares)` of a block of `n` elements to those of `before` elements, or begins with them when there are none.
/// A mean is `parts` numbers.
fn join<T: Copy + Into<f64>>(
    (means, squares): (&[T], &[T]),
    (to_means, to_squares): (&mut [f64], &mut [f64]),
    parts: usize,
    before: f64,
    n: f64,
) {
    if before == 0.0 {
        for (to, &mean) in to_means.iter_mut().zip(means) {
            *to = mean.into();
        }
        for (to, &square) in to_squares.iter_mut().zip(squares) {
            *to = square.into();
        }
        return;
    }
    let share = n / (before + n);
    let weight = before * share;
    for (to, &square) in to_squares.iter_mut().zip(squares) {
        *to += square.into();
    }
    let moved = |to: &mut f64, mean: T| {
        let d = mean.into() - *to;
        *to += d * share;
        d * d * weight
    };
    if parts == 1 {
        for ((total, to), &mean) in to_squares.iter_mut().zip(to_means).zip(means) {
            *total += moved(to, mean);
        }
    } else {
        for ((total, to), mean) in
            to_squares.iter_mut().zip(to_means.chunks_exact_mut(2)).zip(means.chunks_exact(2))
        {
            *total += moved(&mut to[0], mean[0]) + moved(&mut to[1], mean[1]);
        }
    }
}
