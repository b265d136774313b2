//! Reductions over any set of axes.
//!
//! The loops over the input are planned in the order of its memory; each is *kept* (an axis of the output) or
//! *reduced*. What lies innermost decides:
//!
//! ```text
//!   along    a long reduced loop is innermost: each run is folded into one value, a batch of outputs at a time
//!   across   a kept loop is innermost (or the reduced one is short and not contiguous): rows of many outputs are folded into
//!            a row of accumulators; when the outputs are few, several rows at a time, joined at the end
//! ```
//!
//! Where a kept and a reduced loop take the same steps through memory (the windows of a sliding-window view), the elements
//! between are folded once: rows of outputs and the elements that follow them go across over the other reduced loops, and
//! the windows are joined from them in the end, see [`across`]. So a window of 7 x 7 costs 7 + 4 joins and not 49.
//!
//! Runs and rows that are contiguous and of a dtype that the loops read are read where they are, and so is a second operand
//! or a mask beside them (see [`pair`]); others go through L1 scratch, where they are combined as well (see [`pack`]). Partial
//! results are joined by a [`cascade::Cascade`], so every axis is summed pairwise and the bits of a result depend on the layout
//! alone, not on the vector level. What is done with the accumulators in the end (an initial value, a root) is in [`finish`];
//! means of runs are divided where they are, see [`division`].
//!
//! Results that are too many for the caches go past them: those of short runs by two rooms in turn, see [`past`], those of tiles
//! as they are finished, see [`finish`].
//!
//! The index of the smallest or largest element is found by loops of its own, see [`arg`]; squared distances from the mean, over
//! columns and over rows, have a driver of their own, see [`spread`]. On several threads the tree is the same one, see [`threads`].
//!
//! Measured on Zen 4 (a virtual machine, one thread), shares of what a loop reads that only reads, arrays of 128 MiB in C order,
//! f64 unless said otherwise:
//!
//! ```text
//!   sum of all, of rows                        0.93 0.97     f32 0.93 0.90     i32, u8 0.96
//!   sum of columns                             0.80          f32 0.81          i32 0.6, u8 0.8
//!   max of all, of rows, of columns            0.98 0.96 0.76
//!   sum over the middle of three axes          0.73          over the outer two 0.78
//!   sum of rows of 2, 3, 16                    0.75 0.89 0.76
//!   sum of every other element                 0.6
//!   argmin of all, of rows, of columns         0.95 0.95 0.72; rows of 3: 1.5 ns each
//!   squared distances, inner product, mask     0.95 0.85 0.7 of a sum
//! ```

mod across;
mod along;
mod arg;
mod cascade;
mod division;
mod few;
mod finish;
mod fold;
mod kernel;
mod pack;
mod pair;
mod past;
mod pieces;
mod spread;
mod table;
#[cfg(test)]
mod tests;
mod threads;
mod truth;

use core::ops::Range;

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{AxisSet, DType, Error, MAX_NDIM, Result};

use crate::Operand;
use crate::convert::Conversion;
use crate::elementwise::is_streamed;
use crate::fill::fill;
use crate::{parallel, resident};
use across::Across;
use along::Along;
pub use arg::arg;
pub use few::reduce_lines;
use finish::Emitter;
pub use finish::Finish;
use kernel::{Kernel, Runs};
pub use pack::Second;
use pack::{Packer, Scratch, Side, combine};
pub use spread::spread;
pub use table::Folding;

/// Reduced runs shorter than this are better taken across, many outputs at a time.
const LONG: i64 = 16;

/// Windows of up to this many elements are joined from rows.
const WIDEST: i64 = 256;

/// Bytes of elements that stay in the nearer caches.
const NEAR: i64 = 1 << 19;

/// What to fold and how.
#[derive(Clone, Copy, Debug)]
pub struct Reduction<'a> {
    /// The way of folding.
    pub folding: Folding,
    /// The dtype that elements are folded as, see [`crate::ReduceOp::dtypes`]; the accumulators are of this dtype too, except
    /// as [`Folding`] says.
    pub compute: DType,
    /// An operand that is combined with the elements first; it has strides for every axis of the input.
    pub second: Option<(Second, Operand<'a>)>,
    /// Bools, with strides for every axis of the input: which elements take part.
    pub mask: Option<Operand<'a>>,
    /// What is done with the accumulators.
    pub finish: Finish,
    /// How many threads may be used; the bits of the results do not depend on it.
    pub threads: usize,
}

impl Reduction<'_> {
    /// A reduction of all elements, as they are.
    #[inline]
    pub fn new(folding: Folding, compute: DType) -> Self {
        Reduction { folding, compute, second: None, mask: None, finish: Finish::default(), threads: 1 }
    }

    #[inline]
    fn is_plain(&self) -> bool {
        self.second.is_none() && self.mask.is_none() && self.finish.is_nothing()
    }
}

/// Folds the input over the axes in `reduced` into the output.
///
/// `out` has strides for every axis of `shape`: those of its own axes, and 0 on reduced axes. An error when there is
/// nothing to reduce, no initial value, and the way of folding has no identity.
///
/// # Safety
/// Every element of the inputs must be valid for reading and of the output for writing. The output must overlap neither
/// itself nor an input. The dtypes' sizes are the item sizes.
#[inline]
pub unsafe fn reduce(
    what: &Reduction<'_>,
    shape: &[i64],
    reduced: AxisSet,
    input: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    let unsupported = Error::UnsupportedDType { dtype: input.dtype };
    // A second operand is combined with elements of the dtype that they are folded as.
    let from = if what.second.is_some() { what.compute } else { input.dtype };
    let (kernel, dtype) = table::find(what.folding, from, what.compute).ok_or(unsupported)?;
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
        let as_it_is = input.dtype == dtype && out.dtype == what.folding.accumulator(what.compute);
        if !nothing
            && as_it_is
            && what.is_plain()
            && (packed(what.threads, kernel, shape, reduced, &input, &out)
                || few::few(kernel, shape, reduced, &input, &out))
        {
            Ok(())
        } else if nothing {
            identity(what, kernel, shape, reduced, out)
        } else if shape.len() <= SMALL_NDIM {
            planned::<SMALL_NDIM>(what, kernel, dtype, shape, input, out)
        } else {
            planned::<MAX_NDIM>(what, kernel, dtype, shape, input, out)
        }
    }
}

/// Reduces a C-contiguous array over all its axes, which needs no plan; `false` when it is another reduction. The loops read
/// the dtype of the array and write that of the output.
#[inline]
unsafe fn packed(
    threads: usize,
    kernel: &Kernel,
    shape: &[i64],
    reduced: AxisSet,
    input: &Operand<'_>,
    out: &Operand<'_>,
) -> bool {
    let mut n = 1;
    for (axis, &extent) in shape.iter().enumerate().rev() {
        let fits =
            extent == 1 || reduced.contains(axis) && input.strides.get(axis) == Some(&(input.itemsize * n));
        if !fits {
            return false;
        }
        n *= extent;
    }
    if threads > 1 && n > NEAR {
        return false;
    }
    // SAFETY: `n` contiguous elements of the input, and one of the output.
    unsafe { fold_run(kernel, n as usize, input.data, out.data) };
    true
}

/// Folds `n` packed elements of a dtype into one of the same dtype, with little time before the loop starts. `false`, and nothing
/// done, where that is not all there is to the reduction.
///
/// # Safety
/// As [`reduce`], for at least one element and one result.
#[inline]
pub unsafe fn reduce_packed(folding: Folding, dtype: DType, n: usize, src: *const u8, out: *mut u8) -> bool {
    if folding.accumulator(dtype) != dtype {
        return false;
    }
    let Some((kernel, _)) = table::find(folding, dtype, dtype) else { return false };
    // SAFETY: as the caller vouches; the loops read the dtype, and its accumulators are of it.
    unsafe { fold_run(kernel, n, src, out) };
    true
}

/// Folds `n` contiguous elements into one accumulator.
#[inline]
unsafe fn fold_run(kernel: &Kernel, n: usize, src: *const u8, out: *mut u8) {
    if n > resident::LONG {
        resident::keep();
    }
    let (second, second_stride) = (core::ptr::null(), 0);
    let (rows, step, stride, together, lanes) = (1, 1, 0, false, false);
    let run = Runs { rows, n, step, src, stride, second, second_stride, together, lanes, out };
    // SAFETY: as the caller vouches.
    unsafe { (kernel.runs)(&run) };
}

/// The result of reducing nothing.
#[cold]
unsafe fn identity(
    what: &Reduction<'_>,
    kernel: &'static Kernel,
    shape: &[i64],
    reduced: AxisSet,
    out: Operand<'_>,
) -> Result<()> {
    if what.finish.initial.is_none() && !what.folding.has_identity() || shape.len() > MAX_NDIM {
        return Err(Error::EmptyReduction);
    }
    let emitter = Emitter::new(what, kernel, &out)?;
    let (mut value, mut result, mut between) = ([0u64; 2], [0u64; 2], [0u64; 2]);
    let mut kept = [1; MAX_NDIM];
    for (axis, (kept, &extent)) in kept.iter_mut().zip(shape).enumerate() {
        if !reduced.contains(axis) {
            *kept = extent;
        }
    }
    // SAFETY: one element each; then as the caller vouches for the output, whose reduced axes have one step.
    unsafe {
        let value = (&raw mut value) as *mut u8;
        let result = (&raw mut result) as *mut u8;
        (kernel.identity)(value);
        let finished = emitter.values(value, 1, (&raw mut between) as *mut u8);
        emitter.narrow(finished, result, 1);
        fill(&kept[..shape.len()], out, result)
    }
}

/// Operands of the loops, and where their strides are: the output, the second operand, the mask, the input.
const OPERANDS: usize = 4;
const OUT: usize = 0;
const SECOND: usize = 1;
const MASK: usize = 2;
const IN: usize = 3;

/// A loop of one step.
const ONE: Loop<OPERANDS> = Loop { extent: 1, strides: [0; OPERANDS] };

/// What both ways of reducing need.
struct Work<'a> {
    kernel: &'static Kernel,
    /// The operand that the loops read beside the input, if any: the place of its strides, and its first element.
    pair: Option<(usize, *const u8)>,
    /// Bytes of an accumulator.
    size: usize,
    packer: Packer,
    emitter: Emitter,
    dst: *mut u8,
    /// Loops over the outputs, outermost first.
    kept: &'a [Loop<OPERANDS>],
    /// Loops over what is folded, outermost first.
    reduced: &'a [Loop<OPERANDS>],
    /// The windows along the innermost kept loop, if any.
    window: Option<Window>,
    /// Whether the elements do not fit into the nearer caches, so that they are worth asking for in advance.
    far: bool,
    /// Whether the outputs do not fit into the caches, so that they go past them.
    many: bool,
}

#[inline(never)]
unsafe fn planned<const CAP: usize>(
    what: &Reduction<'_>,
    kernel: &'static Kernel,
    dtype: DType,
    shape: &[i64],
    input: Operand<'_>,
    out: Operand<'_>,
) -> Result<()> {
    resident::keep();
    let convert = |from: DType, to: DType| {
        if from == to {
            return Ok(None);
        }
        let conversion = Conversion::new(from, to).ok_or(Error::UnsupportedDType { dtype: from })?;
        Ok(Some(conversion))
    };
    let zeros = [0; CAP];
    let zeros = &zeros[..shape.len().min(CAP)];
    let second_strides = what.second.map_or(zeros, |(_, operand)| operand.strides);
    let mask_strides = what.mask.map_or(zeros, |operand| operand.strides);
    let nest =
        Nest::<OPERANDS, CAP>::plan(shape, [out.strides, second_strides, mask_strides, input.strides])?;
    let mut start = nest.start();
    let (mut kept, mut reduced) = ([ONE; CAP], [ONE; CAP]);
    let (mut kept_len, mut reduced_len) = (0, 0);
    let mut innermost_is_reduced = false;
    for &l in nest.loops() {
        let mut l = l;
        if l.strides[IN] < 0 {
            // Backwards through the input is forwards, for results do not depend on the direction.
            for (start, stride) in start.iter_mut().zip(&mut l.strides) {
                *start += *stride * (l.extent - 1);
                *stride = -*stride;
            }
        }
        innermost_is_reduced = l.strides[OUT] == 0;
        if innermost_is_reduced {
            reduced[reduced_len] = l;
            reduced_len += 1;
        } else {
            kept[kept_len] = l;
            kept_len += 1;
        }
    }
    let elements: i64 = count(nest.loops()) as i64;
    let mut window = None;
    if kept_len > 0 {
        let kept = &kept[kept_len - 1];
        let alone = reduced_len == 1;
        let found = (0..reduced_len).find_map(|r| Some((r, Window::new(kept, &reduced[r], alone)?)));
        if let Some((r, found)) = found {
            window = Some(found);
            reduced.copy_within(r + 1..reduced_len, r);
            reduced_len -= 1;
        }
    }
    let side = |which: usize, operand: &Operand<'_>, to: DType| {
        Ok(Side {
            which,
            item: operand.itemsize as usize,
            convert: convert(operand.dtype, to)?,
            src: operand.data.wrapping_offset(start[which] as isize),
        })
    };
    let mut second_side = None;
    if let Some((second, operand)) = &what.second {
        let combine = combine(*second, dtype).ok_or(Error::UnsupportedDType { dtype })?;
        second_side = Some((side(SECOND, operand, dtype)?, combine));
    }
    let mut neutral = [0; 16];
    // SAFETY: an element has at most 16 bytes.
    unsafe { (kernel.neutral)(neutral.as_mut_ptr()) };
    let mut work = Work {
        kernel,
        pair: None,
        size: kernel.size,
        packer: Packer {
            input: side(IN, &input, dtype)?,
            second: second_side,
            mask: what.mask.as_ref().map(|mask| side(MASK, mask, DType::Bool)).transpose()?,
            select: crate::ternary::select_loop(kernel.item as i64),
            item: kernel.item,
            neutral,
        },
        emitter: Emitter::new(what, kernel, &out)?,
        dst: out.data.wrapping_offset(start[OUT] as isize),
        kept: &kept[..kept_len],
        reduced: &reduced[..reduced_len],
        window,
        far: elements.saturating_mul(input.itemsize) > NEAR,
        many: is_streamed((count(&kept[..kept_len]) as usize).saturating_mul(out.itemsize as usize)),
    };
    if let Some(kernel) = table::combined(what.folding, dtype, what.second.map(|s| s.0), what.mask.is_some())
    {
        work.combine(kernel, what.second.map(|s| s.0), innermost_is_reduced);
    }
    let threads = parallel::worth(what.threads, || {
        let operands = [Some(input), what.second.map(|(_, operand)| operand), what.mask];
        parallel::traffic(shape, operands.iter().flatten())
    });
    // SAFETY: as the caller vouches.
    unsafe {
        if work.goes_along(innermost_is_reduced) {
            threads::run(&work, Along::<CAP>::new(&work), threads)
        } else {
            threads::run(&work, Across::<CAP>::new(&work), threads)
        }
    }
}

/// Windows along a kept loop: the elements of a reduced loop that takes the same steps through memory.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// The loop over the elements of a window.
    elements: Loop<OPERANDS>,
}

impl Window {
    /// The windows that a kept and a reduced loop make, if joining them from rows is worth it.
    /// Measured on Zen 4: a few rows that are read where they are cost less, and so do short rows brought to scratch.
    fn new(kept: &Loop<OPERANDS>, reduced: &Loop<OPERANDS>, alone: bool) -> Option<Window> {
        let same = [SECOND, MASK, IN].iter().all(|&k| reduced.strides[k] == kept.strides[k]);
        let n = reduced.extent;
        let slides = n <= WIDEST && n <= 2 * kept.extent && same && (!alone || n > LONG);
        (reduced.strides[IN] != 0 && slides).then_some(Window { elements: *reduced })
    }

    /// Elements of this many windows.
    fn span(&self, windows: i64) -> i64 {
        windows - 1 + self.elements.extent
    }
}

impl Work<'_> {
    /// Whether to fold runs, see the page of the module.
    fn goes_along(&self, innermost_is_reduced: bool) -> bool {
        let Some(inner) = self.reduced.last() else {
            return false;
        };
        let Some(kept) = self.kept.last() else {
            return true;
        };
        // Where both a reduced and a kept loop run along memory, as in windows, whole rows are faster.
        let rows = self.packer.is_plain() && kept.strides[IN] == self.packer.item as i64;
        let long = inner.extent >= LONG || self.packer.step(inner).is_some();
        innermost_is_reduced && self.window.is_none() && long && !rows
    }

    /// How many elements fit into scratch.
    fn capacity(&self) -> i64 {
        // Elements of the operands, accumulators and results all pass through it.
        (pack::SCRATCH / self.size.max(self.packer.largest()).max(self.emitter.largest())) as i64
    }

    /// Converts the results of a tile of outputs and puts them where they belong.
    ///
    /// # Safety
    /// `values` must hold the accumulators of the tile, which must fit into scratch unless it is one loop.
    unsafe fn emit(&self, loops: &[Loop<OPERANDS>], values: *mut u8, at: isize, scratch: &mut Scratch<'_>) {
        let dst = self.dst.wrapping_offset(at);
        let most = match loops {
            [one] => one.extent.min(self.capacity()),
            // SAFETY: as the caller vouches.
            _ => return unsafe { self.emitter.emit(loops, values, dst, scratch) },
        };
        for first in (0..loops[0].extent).step_by(most as usize) {
            let part = Loop { extent: most.min(loops[0].extent - first), ..loops[0] };
            let values = values.wrapping_add(first as usize * self.size);
            let dst = dst.wrapping_offset((first * part.strides[OUT]) as isize);
            // SAFETY: as the caller vouches, for a part that fits.
            unsafe { self.emitter.emit(&[part], values, dst, scratch) };
        }
    }
}

/// The innermost loops that make up a tile of at most `capacity` elements: whole loops, and part of the next one.
#[derive(Clone, Copy)]
struct Tile<const CAP: usize> {
    /// The loops of a tile, and of the last one.
    loops: [[Loop<OPERANDS>; CAP]; 2],
    len: usize,
    /// Loops outside the tile, the one that it takes part of not counted.
    outside: usize,
    /// The loop of which the tile takes a part: its steps in all.
    extent: i64,
    /// Steps of that loop in a tile.
    high: i64,
}

impl<const CAP: usize> Tile<CAP> {
    fn new(all: &[Loop<OPERANDS>], capacity: i64) -> Tile<CAP> {
        let loops = [[ONE; CAP]; 2];
        let mut tile = Tile { loops, len: 1, outside: 0, extent: 1, high: 1 };
        if all.is_empty() {
            return tile;
        }
        let mut first = all.len() - 1;
        let mut size = 1;
        while first > 0 && size * all[first].extent <= capacity / 2 {
            size *= all[first].extent;
            first -= 1;
        }
        let part = &all[first..];
        let extent = part[0].extent;
        let mut high = extent.min((capacity / size).max(1));
        if high < extent && high > 64 {
            // Tiles of about the same size, so that the last one is not a sliver.
            let tiles = (extent - 1) / high + 1;
            let even = (extent - 1) / tiles + 1;
            high = high.min((even + 63) / 64 * 64);
        }
        for (loops, high) in tile.loops.iter_mut().zip([high, extent % high]) {
            loops[..part.len()].copy_from_slice(part);
            loops[0].extent = high;
        }
        (tile.len, tile.outside, tile.extent, tile.high) = (part.len(), first, extent, high);
        tile
    }

    /// The loops of the tile that begins at step `i` of the loop that is taken in parts.
    fn at(&self, i: i64) -> &[Loop<OPERANDS>] {
        &self.loops[usize::from(self.extent - i < self.high)][..self.len]
    }

    /// Elements of a full tile.
    fn count(&self) -> i64 {
        count(self.at(0)) as i64
    }
}

/// The offsets after `steps` steps of a loop.
fn step(at: pack::At, l: &Loop<OPERANDS>, steps: i64) -> pack::At {
    core::array::from_fn(|k| at[k] + (steps * l.strides[k]) as isize)
}

/// Calls `visit` with the byte offsets of the operands at every position of these loops, until it says `false`.
fn positions(loops: &[Loop<OPERANDS>], at: pack::At, visit: &mut dyn FnMut(pack::At) -> bool) -> bool {
    let Some((first, rest)) = loops.split_first() else {
        return visit(at);
    };
    (0..first.extent).all(|i| positions(rest, step(at, first, i), visit))
}

/// Where loops begin.
const START: pack::At = [0; OPERANDS];

/// Of the steps that there are `each` of at every position of these loops, calls `visit` with those that are in `range`: the
/// byte offsets of a position, and which of its steps they are; until it says `false`.
fn steps_of_positions(
    loops: &[Loop<OPERANDS>],
    each: u64,
    range: Range<u64>,
    at: pack::At,
    visit: &mut dyn FnMut(pack::At, Range<u64>) -> bool,
) -> bool {
    let Some((first, rest)) = loops.split_first() else {
        return visit(at, range);
    };
    let inner = each * count(rest);
    let mut i = if range.start == 0 { 0 } else { range.start / inner };
    while i * inner < range.end {
        let begin = i * inner;
        let steps = range.start.saturating_sub(begin)..inner.min(range.end - begin);
        if !steps_of_positions(rest, each, steps, step(at, first, i as i64), visit) {
            return false;
        }
        i += 1;
    }
    true
}

/// The number of positions of these loops.
fn count(loops: &[Loop<OPERANDS>]) -> u64 {
    loops.iter().map(|l| l.extent as u64).product()
}
