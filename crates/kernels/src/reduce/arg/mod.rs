//! Where the smallest or largest element is: along one axis, or in the whole array.
//!
//! The first one wins where several are equal, and the first NaN wins over everything, as in NumPy. Nothing is transposed:
//!
//! ```text
//!   rows     a kept loop runs along memory: each row is held against a row of best values and their positions
//!   narrow   the same with few columns: some rows are taken as one, see the module
//!   lines    else, where rows are contiguous and not too long: in one pass, each lane of which holds its best element and where
//!            that is against the next one; others are brought together first
//!   runs     else: the best value of a block is found by the loops of min and max; only a block that is better than all
//!            before it is searched for the position; of bools the first best one ends the search (truth)
//!   all      the whole array, in the order of its memory: runs, as above; a run that is as good as the best one is
//!            searched too, for it may come first in the order of the indices
//! ```

mod narrow;
mod search;
mod threads;
mod truth;

use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest};
use libstrided_layout::{AxisSet, DType, Error, MAX_NDIM, Result};

use super::cascade::{Partials, Stack};
use super::kernel::{Kernel, Runs};
use super::table::{self, Folding};
use crate::Operand;
use crate::convert::Conversion;
use crate::cpu::asks_in_advance;
use crate::parallel;
use crate::relocate::{Step, relocate};
use search::{LONGEST, Lines, RowBlock, Search};

/// Bytes of L1 scratch.
const SCRATCH: usize = 8192;

/// Elements of a block that is folded before it is searched.
const BLOCK: usize = 2048;

/// Rows that are held against the best elements at a time, where they are read as they are: as many streams as the machine
/// can follow.
const ROWS: usize = 8;

/// The same where they are near: the best elements and their positions are read and written less often.
const NEAR_ROWS: usize = 64;

/// Rows whose best elements are found together.
const BATCH: usize = 64;

/// Bytes of elements that stay in the nearer caches.
const NEAR: usize = 1 << 19;

/// How far ahead rows that follow each other in memory are asked for, in bytes.
const AHEAD: usize = 4 << 10;

/// Outputs that are held against rows at a time.
const TILE: usize = 1024;

/// The same at least.
const LEAST_TILE: i64 = 64;

/// Runs of up to this many elements are turned into rows on their way through scratch.
const SHORT: i64 = 64;

/// The same of contiguous ones.
const SHORT_LINE: i64 = 16;

/// A loop's strides: the output's (of the whole array: steps in the order of indices), then the input's.
const OUT: usize = 0;
const IN: usize = 1;

/// Where extremes are looked for.
#[derive(Clone, Copy)]
struct Input<'a> {
    largest: bool,
    shape: &'a [i64],
    reduced: AxisSet,
    operand: Operand<'a>,
    out: Operand<'a>,
}

/// The index of the smallest element (of the largest one when `largest`) along the one axis in `reduced`, or in C order in the
/// whole array when all axes are reduced. `out` has strides for every axis of `shape`, 0 on reduced axes. On up to `threads`
/// threads.
///
/// An error when there is nothing to find, or some axes but not all are reduced.
///
/// # Safety
/// Every element of the input must be valid for reading and of the output for writing. The output must overlap neither
/// itself nor the input. The dtypes' sizes are the item sizes.
pub unsafe fn arg(
    largest: bool,
    shape: &[i64],
    reduced: AxisSet,
    input: Operand<'_>,
    out: Operand<'_>,
    threads: usize,
) -> Result<()> {
    if shape.iter().enumerate().any(|(axis, &n)| n == 0 && !reduced.contains(axis)) {
        return Ok(());
    }
    if shape.contains(&0) {
        return Err(Error::EmptyReduction);
    }
    let threads = parallel::worth(threads, || parallel::traffic(shape, [&input].into_iter()));
    let input = Input { largest, shape, reduced, operand: input, out };
    // SAFETY: as the caller vouches, in both cases.
    unsafe {
        if threads > 1
            && let Some(done) = threads::on_threads(&input, &How::find(&input)?, threads)
        {
            return done;
        }
        one(&input)
    }
}

/// [`arg`] on this thread, of something.
unsafe fn one(input: &Input<'_>) -> Result<()> {
    let how = How::find(input)?;
    let mut finder = Finder { how, packed: MaybeUninit::uninit(), raw: MaybeUninit::uninit() };
    // SAFETY: as the caller vouches, in both branches.
    unsafe {
        if input.reduced.len() == input.shape.len() {
            let index = finder.whole(input.shape, &input.operand)?;
            how.narrow.run((&raw const index).cast(), input.out.data, 1);
            Ok(())
        } else {
            finder.along_axis(input.shape, input.reduced, &input.operand, &input.out, how.narrow)
        }
    }
}

/// The best element so far.
struct Best {
    value: [u64; 2],
    index: i64,
}

/// The loops that search.
#[derive(Clone, Copy)]
struct How {
    kernel: &'static Kernel,
    search: Search,
    /// To the dtype of the loops, and from an index to the output.
    widen: Option<Conversion>,
    narrow: Conversion,
    /// Bytes of an element of the input, and of the loops.
    item: usize,
    size: usize,
}

impl How {
    fn find(input: &Input<'_>) -> Result<How> {
        let (from, to) = (input.operand.dtype, input.out.dtype);
        if input.reduced.len() != input.shape.len() && input.reduced.len() != 1 {
            let rule = "the position of an extreme is found along one axis or all of them";
            return Err(Error::InvalidArgument { rule, value: input.reduced.len() as i64 });
        }
        let dtype = match from {
            DType::F16 | DType::Bf16 => DType::F32,
            other => other,
        };
        let unsupported = Error::UnsupportedDType { dtype: from };
        let folding = if input.largest { Folding::Max } else { Folding::Min };
        let (kernel, _) = table::find(folding, dtype, dtype).ok_or(unsupported)?;
        let search = search::find(input.largest, dtype).ok_or(unsupported)?;
        let widen = match dtype == from {
            true => None,
            false => Some(Conversion::new(from, dtype).ok_or(unsupported)?),
        };
        let narrow = Conversion::new(DType::I64, to).ok_or(Error::UnsupportedDType { dtype: to })?;
        let (item, size) = (input.operand.itemsize as usize, dtype.size() as usize);
        Ok(How { kernel, search, widen, narrow, item, size })
    }
}

/// What all ways of searching need.
struct Finder {
    how: How,
    packed: MaybeUninit<[u64; SCRATCH / 8]>,
    raw: MaybeUninit<[u64; SCRATCH / 8]>,
}

impl Finder {
    /// How many elements fit into scratch.
    fn capacity(&self) -> usize {
        SCRATCH / self.how.size.max(self.how.item)
    }

    /// Brings elements into scratch, in the order of the steps, unless they can be read where they are.
    unsafe fn contiguous(&mut self, steps: &mut [Step], src: *const u8) -> *const u8 {
        let mut packed = self.how.item;
        let mut is_run = true;
        for step in steps.iter_mut().rev() {
            is_run &= step.n == 1 || step.src == packed as isize;
            step.dst = packed as isize;
            packed *= step.n;
        }
        let count = packed / self.how.item;
        let to = self.packed.as_mut_ptr() as *mut u8;
        let raw = self.raw.as_mut_ptr() as *mut u8;
        // SAFETY: as the caller vouches, who asks for no more than fits.
        unsafe {
            match self.how.widen {
                None if is_run => src,
                None => {
                    relocate(steps, self.how.item, src, to);
                    to
                }
                Some(conversion) => {
                    let mut from = src;
                    if !is_run {
                        relocate(steps, self.how.item, src, raw);
                        from = raw;
                    }
                    conversion.run(from, to, count);
                    to
                }
            }
        }
    }

    /// Holds a run of `n` elements against the best one; element `i` has index `first + i * step`.
    unsafe fn run(
        &mut self,
        src: *const u8,
        stride: isize,
        n: usize,
        first: i64,
        step: i64,
        best: &mut Option<Best>,
    ) {
        let lowest = first + (step * (n as i64 - 1)).min(0);
        if let Some(best) = best
            && best.index < lowest
            // SAFETY: the best value is an element.
            && unsafe { (self.how.search.is_nan)((&raw const best.value).cast()) }
        {
            return;
        }
        let block = if self.how.widen.is_none() && stride == self.how.item as isize {
            BLOCK
        } else {
            self.capacity()
        };
        for start in (0..n).step_by(block) {
            let count = block.min(n - start);
            let mut value = [0u64; 2];
            let out = (&raw mut value) as *mut u8;
            // SAFETY: elements `start..start + count` of the run.
            unsafe {
                let src = src.offset(start as isize * stride);
                let src = self.contiguous(&mut [Step { n: count, src: stride, dst: 0 }], src);
                (self.how.kernel.runs)(&Runs {
                    rows: 1,
                    n: count,
                    step: 1,
                    src,
                    stride: 0,
                    second: core::ptr::null(),
                    second_stride: 0,
                    together: false,
                    lanes: false,
                    out,
                });
                let order = match best {
                    None => 1,
                    Some(best) => (self.how.search.compare)(out, (&raw const best.value) as *const u8),
                };
                if order < 0
                    || order == 0 && best.as_ref().is_some_and(|b| b.index <= first + start as i64 * step)
                {
                    continue;
                }
                let index = first + (start + (self.how.search.position)(src, count, out)) as i64 * step;
                if order > 0 || best.as_ref().is_some_and(|b| index < b.index) {
                    *best = Some(Best { value, index });
                    if (self.how.search.is_nan)(out) {
                        // The rest of the run comes later.
                        return;
                    }
                }
            }
        }
    }

    /// The index in C order of the best element of the whole array.
    unsafe fn whole(&mut self, shape: &[i64], input: &Operand<'_>) -> Result<i64> {
        let mut indices = [0; MAX_NDIM];
        let indices =
            indices.get_mut(..shape.len()).ok_or(Error::TooManyAxes { ndim: shape.len() as i64 })?;
        let mut next = 1i64;
        for (index, &extent) in indices.iter_mut().zip(shape).rev() {
            *index = next;
            next *= extent;
        }
        let nest = Nest::<2>::plan(shape, [indices, input.strides])?;
        let inner = nest.loops().last().copied().unwrap_or(Loop { extent: 1, strides: [0; 2] });
        let mut best = None;
        let _ = nest.walk(1, |at| {
            // SAFETY: the run at this position, as the caller vouches.
            unsafe {
                let src = input.data.wrapping_offset(at[IN] as isize);
                let (stride, n) = (inner.strides[IN] as isize, inner.extent as usize);
                self.run(src, stride, n, at[OUT], inner.strides[OUT], &mut best);
            }
            Ok::<(), ()>(())
        });
        best.map(|best| best.index).ok_or(Error::EmptyReduction)
    }

    /// The indices along one axis.
    unsafe fn along_axis(
        &mut self,
        shape: &[i64],
        reduced: AxisSet,
        input: &Operand<'_>,
        out: &Operand<'_>,
        narrow: Conversion,
    ) -> Result<()> {
        // The loops over the outputs; the axis itself is not planned, for its direction and its steps matter.
        let mut kept = [0; MAX_NDIM];
        let kept = kept.get_mut(..shape.len()).ok_or(Error::TooManyAxes { ndim: shape.len() as i64 })?;
        kept.copy_from_slice(shape);
        let Some(axis) = (0..shape.len()).find(|&axis| reduced.contains(axis)) else { return Ok(()) };
        kept[axis] = 1;
        let (extent, stride) = (shape[axis], input.strides[axis]);
        let nest = Nest::<2>::plan(kept, [out.strides, input.strides])?;
        let one = Loop { extent: 1, strides: [0; 2] };
        let inner = nest.loops().last().copied().unwrap_or(one);
        let direct = self.how.widen.is_none() && stride == self.how.item as i64;
        let short = if direct { SHORT_LINE } else { SHORT };
        let rows = inner.extent > 1
            && (inner.strides[IN].unsigned_abs() < stride.unsigned_abs()
                || extent <= short && inner.extent >= 8);
        // Where rows pass through scratch, several at a time.
        let tile = match inner.strides[IN] == self.how.item as i64 && self.how.widen.is_none() {
            true => TILE as i64,
            false => (self.capacity() as i64 / extent).clamp(LEAST_TILE, TILE as i64),
        };
        // Rows that follow each other in memory are asked for in advance.
        let length = extent.saturating_mul(self.how.item as i64);
        let follow =
            direct && inner.strides[IN] == length && length.saturating_mul(inner.extent) > NEAR as i64;
        let ahead = if follow && asks_in_advance() { AHEAD } else { 0 };
        // Rows that are searched in one pass have at most so many elements.
        let at_once = if direct { LONGEST } else { self.capacity().min(LONGEST) };
        let in_one = if inner.extent <= tile {
            self.rows_in_one(extent as usize, inner.extent as usize)
        } else {
            None
        };
        let (mut stack, mut memory) = (Stack::uninit(), Partials::new());
        let memory = memory.room(if rows { TILE * (self.how.size + 8) } else { 0 }, &mut stack)?;
        nest.walk(1, |at| {
            let src = input.data.wrapping_offset(at[IN] as isize) as *const u8;
            let dst = out.data.wrapping_offset(at[OUT] as isize);
            // SAFETY: every address is that of an element.
            unsafe {
                if rows {
                    for first in (0..inner.extent).step_by(tile as usize) {
                        let n = tile.min(inner.extent - first) as usize;
                        let src = src.wrapping_offset((first * inner.strides[IN]) as isize);
                        let dst = dst.wrapping_offset((first * inner.strides[OUT]) as isize);
                        let (extent, stride) = (extent as usize, stride as isize);
                        let indices = match in_one {
                            Some(in_one) => {
                                self.narrow_rows(src, [extent, in_one], stride, &inner, n, memory)
                            }
                            None => self.rows(src, extent, stride, &inner, n, memory),
                        };
                        deliver(indices, n, dst, inner.strides[OUT] as isize, out.itemsize as isize, narrow);
                    }
                } else if extent as usize <= at_once {
                    let mut indices = [0i64; BATCH];
                    let batch = if direct { BATCH } else { (at_once / extent as usize).min(BATCH) };
                    for first in (0..inner.extent).step_by(batch) {
                        let rows = (batch as i64).min(inner.extent - first) as usize;
                        let mut src = src.wrapping_offset((first * inner.strides[IN]) as isize);
                        let dst = dst.wrapping_offset((first * inner.strides[OUT]) as isize);
                        let (n, mut apart, index) =
                            (extent as usize, inner.strides[IN] as isize, indices.as_mut_ptr());
                        if !direct {
                            let outer = Step { n: rows, src: apart, dst: 0 };
                            src =
                                self.contiguous(&mut [outer, Step { n, src: stride as isize, dst: 0 }], src);
                            apart = (n * self.how.size) as isize;
                        }
                        (self.how.search.lines)(&Lines { src, stride: apart, rows, n, index, ahead });
                        let step = inner.strides[OUT] as isize;
                        deliver(indices.as_ptr().cast(), rows, dst, step, out.itemsize as isize, narrow);
                    }
                } else {
                    for i in 0..inner.extent as isize {
                        let src = src.wrapping_offset(i * inner.strides[IN] as isize);
                        let dst = dst.wrapping_offset(i * inner.strides[OUT] as isize);
                        let mut best = None;
                        self.run(src, stride as isize, extent as usize, 0, 1, &mut best);
                        let index = best.map_or(0, |best| best.index);
                        narrow.run((&raw const index).cast(), dst, 1);
                    }
                }
            }
            Ok::<(), Error>(())
        })
    }

    /// Holds `extent` rows of `n` elements against each other; the indices are at the address returned.
    unsafe fn rows(
        &mut self,
        src: *const u8,
        extent: usize,
        stride: isize,
        inner: &Loop<2>,
        n: usize,
        memory: *mut u8,
    ) -> *const u8 {
        let index = memory;
        let best = memory.wrapping_add(TILE * 8);
        let direct = self.how.widen.is_none() && inner.strides[IN] == self.how.item as i64;
        let far = direct && extent * n * self.how.item > NEAR;
        let ahead = if far { stride * ROWS as isize } else { 0 };
        let block = match direct {
            true if far => ROWS,
            true => NEAR_ROWS,
            false => (self.capacity() / n).clamp(1, self.how.search.rows_at_once),
        };
        for first in (0..extent).step_by(block) {
            let rows = block.min(extent - first);
            // SAFETY: as the caller vouches: rows `first..first + rows`, which fit into scratch if they go there.
            unsafe {
                let src = src.wrapping_offset(first as isize * stride);
                let (src, stride) = if direct {
                    (src, stride)
                } else if rows == 1 {
                    let mut steps = [Step { n, src: inner.strides[IN] as isize, dst: 0 }];
                    (self.contiguous(&mut steps, src), 0)
                } else {
                    let mut steps = [
                        Step { n: rows, src: stride, dst: 0 },
                        Step { n, src: inner.strides[IN] as isize, dst: 0 },
                    ];
                    (self.contiguous(&mut steps, src), (n * self.how.size) as isize)
                };
                (self.how.search.rows)(&RowBlock {
                    src,
                    stride,
                    rows,
                    n,
                    first: first as i64,
                    best,
                    index,
                    ahead,
                });
            }
        }
        index
    }
}

/// Converts `n` indices and puts them where they belong, `step` bytes apart.
///
/// # Safety
/// They must be there, and room for as many items of `item` bytes.
unsafe fn deliver(indices: *const u8, n: usize, dst: *mut u8, step: isize, item: isize, narrow: Conversion) {
    // SAFETY: as the caller vouches, in both cases.
    unsafe {
        if step == item {
            return narrow.run(indices, dst, n);
        }
        for i in 0..n {
            narrow.run(indices.add(i * 8), dst.wrapping_offset(i as isize * step), 1);
        }
    }
}
