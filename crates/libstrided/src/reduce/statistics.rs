//! Means, variances and standard deviations.
//!
//! A variance is two passes: the mean, then the squared distances from it. Rows are taken in parts of half a megabyte, so that
//! the second pass finds them in the caches (measured on Zen 4, arrays of 128 MiB: 1.55 times as fast). Columns are read once, and
//! both passes over rows of floats are one call, see [`kernels::spread`]; what lies over the outermost axis is taken in blocks that
//! are joined, see [`blocks`]. Under a mask the number of elements differs from output to output, and a temporary of the size of the
//! output holds it.
//!
//! Where there are several parts or blocks, a temporary takes the results too: when there is no memory for one of them, nothing
//! has been written to the output.

mod blocks;

use core::ops::Range;

use libstrided_kernels::{self as kernels, Finish, Folding, Operand, ReduceOp, Reduction, Second, parallel};
use libstrided_view::{Array, DType, Kind, MAX_NDIM, Order, Result};

use super::{Task, strides_over};
use crate::engine::operand;
use crate::threads;
use blocks::WIDE;

/// Bytes of elements that stay in the nearer caches.
const NEAR: i64 = 1 << 19;

/// Bytes that are read in one go where that is done once.
const FAR: i64 = 1 << 23;

/// Some of the outputs: steps of one axis.
struct Part<'a> {
    task: &'a Task<'a>,
    /// The shape of the elements that make them.
    shape: &'a [i64],
    axis: usize,
    /// The first step.
    first: i64,
    /// How many threads may be used.
    threads: usize,
}

impl Part<'_> {
    /// The part of an operand over the shape of the input.
    fn of<'o>(&self, whole: Operand<'o>) -> Operand<'o> {
        let offset = whole.strides.get(self.axis).map_or(0, |stride| stride * self.first);
        Operand { data: whole.data.wrapping_offset(offset as isize), ..whole }
    }

    /// # Safety
    /// As [`super::run_into`]; `out` is the part of an output.
    unsafe fn fold(&self, what: &Reduction<'_>, out: Operand<'_>) -> Result<()> {
        let input = self.of(self.task.operand());
        let what = &Reduction { threads: self.threads, ..*what };
        // SAFETY: elements of a checked view, which do not overlap `out`, as the caller vouches.
        unsafe { kernels::reduce(what, self.shape, self.task.reduced, input, out) }
    }

    /// The variances of this part; `means` has room for its means.
    ///
    /// # Safety
    /// As [`Part::fold`].
    unsafe fn spread(&self, finish: Finish, means: Operand<'_>, out: Operand<'_>) -> Result<()> {
        // SAFETY: as the caller vouches.
        unsafe {
            let task = self.task;
            // Rows of few parts are shared among threads, which this does not do.
            let alone = task.goes_once() || self.threads == 1;
            let once = alone && task.reads_once();
            if once && kernels::spread(self.shape, self.of(task.operand()), finish, out, None)? {
                return Ok(());
            }
            self.fold(&task.means(), means)?;
            let squares = Reduction::new(Folding::Squares, task.compute);
            self.fold(&Reduction { second: Some((Second::Minus, means)), finish, ..squares }, out)
        }
    }
}

/// How outputs are cut into parts.
struct Cut {
    axis: usize,
    /// Steps of the axis in a part.
    steps: i64,
    /// Parts in all.
    count: i64,
    /// Whether there is nothing to cut.
    whole: bool,
}

/// Parts of `steps` steps of an axis, and what is done with them.
struct Parts<'a, F> {
    task: &'a Task<'a>,
    axis: usize,
    steps: i64,
    threads: usize,
    run: F,
}

// SAFETY: the caller of `in_parts` has promised that parts can be run on several threads at once.
unsafe impl<F> Sync for Parts<'_, F> {}

impl<F: Fn(&Part<'_>) -> Result<()>> Parts<'_, F> {
    /// Some of the parts, one after the other.
    fn some<const CAP: usize>(&self, parts: Range<i64>) -> Result<()> {
        let Parts { task, axis, steps, threads, run } = self;
        let mut shape = [0; CAP];
        let shape = &mut shape[..task.input.ndim()];
        shape.copy_from_slice(task.input.shape());
        for part in parts {
            let first = part * steps;
            shape[*axis] = (*steps).min(task.input.shape()[*axis] - first);
            run(&Part { task, shape, axis: *axis, first, threads: *threads })?;
        }
        Ok(())
    }
}

impl Task<'_> {
    /// How many elements make one result, without a mask.
    fn count(&self) -> f64 {
        self.count_in(self.input.shape())
    }

    /// The same over another shape.
    fn count_in(&self, shape: &[i64]) -> f64 {
        let axes = shape.iter().enumerate().filter(|&(axis, _)| self.reduced.contains(axis));
        axes.map(|(_, &n)| n).product::<i64>() as f64
    }

    /// A new array with one element per output, in the shape of the input with extent 1 on reduced axes.
    fn temporary(&self, dtype: DType) -> Result<Array> {
        let mut shape = [1; MAX_NDIM];
        for (axis, &n) in self.input.shape().iter().enumerate() {
            if !self.reduced.contains(axis) {
                shape[axis] = n;
            }
        }
        Array::new(dtype, dtype.size(), &shape[..self.input.ndim()], Order::C)
    }

    /// The dtype that the elements of a mean are summed in: integers of up to 32 bits are summed exactly in 64.
    fn sum_dtype(&self) -> DType {
        let dtype = self.input.dtype();
        let exact = dtype.size() <= 4 && self.compute == DType::F64 && self.count() < 2f64.powi(31);
        match dtype.kind() {
            Kind::Bool | Kind::Signed if exact => DType::I64,
            Kind::Unsigned if exact => DType::U64,
            _ => self.compute,
        }
    }

    /// # Safety
    /// As [`super::run_into`].
    pub(super) unsafe fn mean<const CAP: usize>(
        &self,
        mask: Option<Operand<'_>>,
        out: Operand<'_>,
    ) -> Result<()> {
        // SAFETY: as the caller vouches; temporaries overlap nothing.
        unsafe {
            if mask.is_some() {
                let counts = self.counts::<CAP>(mask)?;
                let means = self.masked_means::<CAP>(mask, &counts)?;
                return self.deliver::<CAP>(&means, out);
            }
            self.fold(&self.means(), out)
        }
    }

    /// The variance, or its root.
    ///
    /// # Safety
    /// As [`super::run_into`].
    pub(super) unsafe fn spread<const CAP: usize>(
        &self,
        mask: Option<Operand<'_>>,
        out: Operand<'_>,
    ) -> Result<()> {
        let root = self.op == ReduceOp::Std;
        let squares = Reduction { mask, ..Reduction::new(Folding::Squares, self.compute) };
        // SAFETY: as the caller vouches; temporaries overlap nothing.
        unsafe {
            if mask.is_some() {
                let counts = self.counts::<CAP>(mask)?;
                let means = self.masked_means::<CAP>(mask, &counts)?;
                let spread = self.temporary(self.compute.part())?;
                let (mut room, mut means_room) = ([0; CAP], [0; CAP]);
                let means = self.over(&means, &mut means_room);
                let target = self.over(&spread, &mut room);
                self.fold(&Reduction { second: Some((Second::Minus, means)), ..squares }, target)?;
                divide(&spread, &counts, self.ddof, root);
                return self.deliver::<CAP>(&spread, out);
            }
            let divisor = Some((self.count() - self.ddof).max(0.0));
            let finish = Finish { divisor, root, ..Finish::default() };
            if let Some(blocks) = self.blocks() {
                let spread = self.temporary(self.compute.part())?;
                let mut room = [0; CAP];
                self.spread_in_blocks::<CAP>(&blocks, root, self.over(&spread, &mut room))?;
                return self.deliver::<CAP>(&spread, out);
            }
            let parts = self.parts();
            if parts.count == 1 && self.reads_once() {
                let (shape, input) = (self.input.shape(), self.operand());
                if kernels::spread(shape, input, finish, out, None)? {
                    return Ok(());
                }
            }
            let means = self.temporary(self.compute)?;
            let mut room = [0; CAP];
            let means = self.over(&means, &mut room);
            if parts.count == 1 {
                return self.in_parts::<CAP>(&parts, |part| part.spread(finish, means, out));
            }
            let spread = self.temporary(self.compute.part())?;
            let mut room = [0; CAP];
            let target = self.over(&spread, &mut room);
            self.in_parts::<CAP>(&parts, |part| part.spread(finish, part.of(means), part.of(target)))?;
            self.deliver::<CAP>(&spread, out)
        }
    }

    /// The sum, divided by the number of elements.
    fn means(&self) -> Reduction<'static> {
        let finish = Finish { divisor: Some(self.count()), ..Finish::default() };
        Reduction { finish, ..Reduction::new(Folding::Sum, self.sum_dtype()) }
    }

    /// Whether [`kernels::spread`] may make the outputs.
    fn reads_once(&self) -> bool {
        self.compute == self.input.dtype() && self.compute.kind() == Kind::Float
    }

    /// Whether it does: neighbours in memory belong to different outputs.
    fn goes_once(&self) -> bool {
        let (shape, strides) = (self.input.shape(), self.input.strides());
        let axes = (0..shape.len()).filter(|&axis| shape[axis] > 1);
        let inner = axes.min_by_key(|&axis| strides[axis].unsigned_abs());
        self.reads_once()
            && inner.is_some_and(|axis| {
                !self.reduced.contains(axis) && strides[axis].abs() == self.input.itemsize()
            })
    }

    /// Bytes of elements that are folded in one go: as many as stay in the caches for the second pass, if there is one.
    fn at_once(&self) -> i64 {
        if self.goes_once() { FAR } else { NEAR }
    }

    /// The longest axis of the outputs.
    fn longest_kept(&self) -> Option<usize> {
        let shape = self.input.shape();
        (0..shape.len()).filter(|&axis| !self.reduced.contains(axis)).max_by_key(|&axis| shape[axis])
    }

    /// How the outputs are cut into parts, so that [`Task::at_once`] is what each has of elements. This depends on the layout
    /// alone, not on the number of threads.
    fn parts(&self) -> Cut {
        let shape = self.input.shape();
        let strides = self.input.strides();
        // The outermost axis of the memory, if its steps are outputs.
        let outer =
            (0..shape.len()).filter(|&axis| shape[axis] > 1).max_by_key(|&axis| strides[axis].unsigned_abs());
        let outer = outer.filter(|&axis| !self.reduced.contains(axis));
        let axis = if self.goes_once() { outer.or(self.longest_kept()) } else { outer };
        let whole = Cut { axis: 0, steps: 1, count: 1, whole: true };
        let Some(axis) = axis else {
            return whole;
        };
        let (extent, bytes, most) = (shape[axis], self.bytes(), self.at_once());
        let each = (bytes / extent.max(1)).max(1);
        let steps = if bytes <= most { extent } else { (most / each).clamp(1, extent) };
        if outer.is_none() && steps < WIDE {
            return whole;
        }
        Cut { axis, steps, count: (extent + steps - 1) / steps, whole: false }
    }

    /// Bytes of the elements. (An array that is there, or is broadcast: no more than 64 bits matter.)
    fn bytes(&self) -> i64 {
        self.input.shape().iter().fold(self.input.itemsize(), |bytes, &n| bytes.saturating_mul(n))
    }

    /// Calls `run` for parts of the outputs: one after the other, or on several threads at once. Where there is one part, or
    /// a few large ones, threads share each pass over it.
    ///
    /// # Safety
    /// `run` may be called on several threads at once, for parts that have no output in common.
    unsafe fn in_parts<const CAP: usize>(
        &self,
        parts: &Cut,
        run: impl Fn(&Part<'_>) -> Result<()>,
    ) -> Result<()> {
        let threads = threads::get() as usize;
        let &Cut { axis, steps, count, whole } = parts;
        if whole {
            return run(&Part { task: self, shape: self.input.shape(), axis: 0, first: 0, threads });
        }
        let (beside, within) = if count >= 4 * threads as i64 { (threads, 1) } else { (1, threads) };
        let job = Parts { task: self, axis, steps, threads: within, run };
        parallel::ranges(beside, self.bytes(), count, &|range| job.some::<CAP>(range))
    }

    /// How many elements take part, for each output.
    unsafe fn counts<const CAP: usize>(&self, mask: Option<Operand<'_>>) -> Result<Array> {
        let counts = self.temporary(DType::F64)?;
        let mut room = [0; CAP];
        if let Some(mask) = mask {
            let target = self.over(&counts, &mut room);
            let threads = threads::get() as usize;
            let what = Reduction { threads, ..Reduction::new(Folding::Count, DType::Bool) };
            // SAFETY: as the caller vouches; the temporary overlaps nothing.
            unsafe { kernels::reduce(&what, self.input.shape(), self.reduced, mask, target)? };
        }
        Ok(counts)
    }

    /// The means of the elements that take part.
    unsafe fn masked_means<const CAP: usize>(
        &self,
        mask: Option<Operand<'_>>,
        counts: &Array,
    ) -> Result<Array> {
        let means = self.temporary(self.compute)?;
        let mut room = [0; CAP];
        let target = self.over(&means, &mut room);
        // SAFETY: as the caller vouches; the temporary overlaps nothing.
        unsafe { self.fold(&Reduction { mask, ..Reduction::new(Folding::Sum, self.sum_dtype()) }, target)? };
        divide(&means, counts, 0.0, false);
        Ok(means)
    }

    /// A temporary as an operand over the shape of the input.
    fn over<'a>(&self, temporary: &Array, room: &'a mut [i64]) -> Operand<'a> {
        let v = temporary.view();
        operand(v, strides_over(self.input.ndim(), self.reduced, true, v, room))
    }

    /// Copies results to the output.
    unsafe fn deliver<const CAP: usize>(&self, results: &Array, out: Operand<'_>) -> Result<()> {
        let v = results.view();
        let from = operand(v, v.strides());
        // SAFETY: the caller vouches for the output, which has one element per element of the temporary.
        unsafe {
            if v.dtype() == out.dtype {
                kernels::copy(v.shape(), from, out)
            } else {
                kernels::cast_copy(v.shape(), from, out)
            }
        }
    }
}

/// Divides sums by numbers of elements, lessened by `ddof`, and takes the root if asked to. Both are packed.
fn divide(sums: &Array, counts: &Array, ddof: f64, root: bool) {
    let (sums, counts) = (sums.view(), counts.view());
    let parts = if sums.dtype().kind() == Kind::Complex { 2 } else { 1 };
    let finish = |x: f64, count: f64| {
        let quotient = x / (count - ddof).max(0.0);
        if root { quotient.sqrt() } else { quotient }
    };
    for i in 0..sums.size() as usize * parts {
        // SAFETY: both are temporaries of the caller's with as many elements, packed in C order and of these dtypes.
        unsafe {
            let count = (counts.data() as *const f64).add(i / parts).read();
            if sums.dtype().part() == DType::F32 {
                let at = (sums.data() as *mut f32).add(i);
                at.write(finish(f64::from(at.read()), count) as f32);
            } else {
                let at = (sums.data() as *mut f64).add(i);
                at.write(finish(at.read(), count));
            }
        }
    }
}
