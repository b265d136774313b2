//! Sums of squared distances from the mean: over columns in one reading of the elements, over rows in two of a few rows at a time.
//!
//! Rows of many outputs are folded as [`leaf`] says, a tile of outputs at a time. Where rows are short and lie one after the
//! other, several go side by side as one, and what they have been folded to is joined in the end. An output whose elements lie
//! one after the other is made of two readings, which takes fewer instructions, see [`rows`].
//!
//! Measured on Zen 4 against two readings, columns of f64 from memory: 1.6 times as fast (4096 x 4096), rows of 64 to 256 1.5 to
//! 1.8, of 3 and 8 3.9 and 2.3; f32 1.2. In L2 1.3 to 1.4, rows of 8 5.5. That is 0.6 of the limit from memory: both passes over
//! a leaf are arithmetic that the next leaf waits for.

mod leaf;
mod rows;

use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{DType, MAX_NDIM, Result};

use super::finish::Emitter;
use super::fold::ROUNDING_LEAF;
use super::kernel::Kernel;
use super::pack::{At, SCRATCH, Scratch};
use super::table;
use super::{
    Finish, Folding, IN, NEAR, ONE, OPERANDS, OUT, Reduction, SECOND, START, count, positions, step,
};
use crate::Operand;
use leaf::{Block, Moments, fold, join};
use rows::Rows;

/// Outputs that are made together.
const TILE: usize = 1024;

/// Outputs that pass through scratch together.
const BATCH: usize = SCRATCH / 16;

/// Elements of a row that is worth vectors.
const WIDE: usize = 64;

/// The same, of which whole vectors are made.
const EVEN: usize = 32;

/// Rows side by side, at most.
const BESIDE: usize = 64;

/// Folds the elements, `f32` or `f64`, over the axes on which `out` has stride 0 into sums of squared distances from their
/// mean, which are finished in `f64` and converted to the dtype of `out`; the means go to `means`, if they are wanted. `false`,
/// and nothing done, where another way is better. Allocates nothing.
///
/// # Safety
/// As for [`super::reduce`]; both outputs have the same axes.
pub unsafe fn spread(
    shape: &[i64],
    input: Operand<'_>,
    finish: Finish,
    out: Operand<'_>,
    means: Option<Operand<'_>>,
) -> Result<bool> {
    if shape.contains(&0) {
        return Ok(false);
    }
    // SAFETY: as the caller vouches.
    unsafe {
        if shape.len() <= SMALL_NDIM {
            planned::<SMALL_NDIM>(shape, input, finish, out, means)
        } else {
            planned::<MAX_NDIM>(shape, input, finish, out, means)
        }
    }
}

/// How elements are folded.
struct Task<'a> {
    fold: unsafe fn(&Block),
    src: *const u8,
    /// The loop over rows, and the loops outside it.
    rows: Loop<OPERANDS>,
    outer: &'a [Loop<OPERANDS>],
    /// Elements per row, and rows that go side by side.
    width: usize,
    beside: usize,
    far: bool,
}

/// The outputs.
struct Output {
    emitter: Emitter,
    data: *mut u8,
    /// Which stride of a loop is its own.
    which: usize,
}

unsafe fn planned<const CAP: usize>(
    shape: &[i64],
    input: Operand<'_>,
    finish: Finish,
    out: Operand<'_>,
    means: Option<Operand<'_>>,
) -> Result<bool> {
    let fold = match input.dtype {
        DType::F32 => fold::<f32>,
        DType::F64 => fold::<f64>,
        _ => return Ok(false),
    };
    let item = input.itemsize;
    let zeros = [0; CAP];
    let zeros = &zeros[..shape.len().min(CAP)];
    let means_strides = means.map_or(zeros, |means| means.strides);
    let nest = Nest::<OPERANDS, CAP>::plan(shape, [out.strides, means_strides, zeros, input.strides])?;
    let mut start = nest.start();
    let (mut kept, mut reduced) = ([ONE; CAP], [ONE; CAP]);
    let (mut kept_len, mut reduced_len) = (0, 0);
    for &l in nest.loops() {
        let mut l = l;
        if l.strides[IN] < 0 {
            for (start, stride) in start.iter_mut().zip(&mut l.strides) {
                *start += *stride * (l.extent - 1);
                *stride = -*stride;
            }
        }
        let (list, len) =
            if l.strides[OUT] == 0 { (&mut reduced, &mut reduced_len) } else { (&mut kept, &mut kept_len) };
        list[*len] = l;
        *len += 1;
    }
    let (kept, reduced) = (&kept[..kept_len], &reduced[..reduced_len]);
    let [ref outer @ .., rows] = *reduced else { return Ok(false) };
    let (tiled, kept_outer) = match *kept {
        [ref outer @ .., inner] => (inner, outer),
        [] => (ONE, kept),
    };
    let output = |what: Reduction<'_>, kernel: &'static Kernel, to: &Operand<'_>, which: usize| {
        let data = to.data.wrapping_offset(start[which] as isize);
        Ok(Output { emitter: Emitter::new(&what, kernel, to)?, data, which })
    };
    if outer.is_empty()
        && let Some(rows) = Rows::new(&rows, tiled, kept_outer, &input)
    {
        let dtype = input.dtype;
        let out =
            output(Reduction { finish, ..Reduction::new(Folding::Squares, dtype) }, rows.squares, &out, OUT)?;
        let sums = Reduction::new(Folding::Sum, dtype);
        let means = means.as_ref().map(|means| output(sums, rows.sum, means, SECOND)).transpose()?;
        // SAFETY: as the caller vouches.
        unsafe { rows.outputs(start[IN] as isize, &out, means.as_ref()) };
        return Ok(true);
    }
    let columns = tiled.strides[IN] == item && tiled.extent > 1;
    let width = (tiled.extent as usize).min(TILE);
    let mut beside = 1;
    let together = rows.strides[IN] == tiled.extent * item;
    // Each of them has some leaves of its own.
    let most = BESIDE.min(rows.extent as usize / ROUNDING_LEAF / 2);
    while together
        && width < WIDE
        && beside * 2 <= most
        && width * beside * 2 <= TILE
        && (width * beside < WIDE || !(width * beside).is_multiple_of(EVEN))
    {
        beside *= 2;
    }
    if !columns || width * beside < EVEN {
        return Ok(false);
    }
    let far = count(nest.loops()) as i64 > NEAR / item;
    let src = input.data.wrapping_offset(start[IN] as isize);
    let task = Task { fold, src, rows, outer, width, beside, far };
    let Some((kernel, _)) = table::find(Folding::Squares, DType::F64, DType::F64) else { return Ok(false) };
    let squares = Reduction::new(Folding::Squares, DType::F64);
    let out = output(Reduction { finish, ..squares }, kernel, &out, OUT)?;
    let means = means.as_ref().map(|means| output(squares, kernel, means, SECOND)).transpose()?;
    // SAFETY: as the caller vouches.
    unsafe { task.outputs(kept_outer, &tiled, &out, means.as_ref()) };
    Ok(true)
}

impl Task<'_> {
    /// Makes all outputs.
    unsafe fn outputs(
        &self,
        kept_outer: &[Loop<OPERANDS>],
        tiled: &Loop<OPERANDS>,
        out: &Output,
        means: Option<&Output>,
    ) {
        let mut room = [const { MaybeUninit::<[f64; TILE]>::uninit() }; 2];
        let [a, b] = &mut room;
        let (to_means, to_squares) = (a.as_mut_ptr() as *mut f64, b.as_mut_ptr() as *mut f64);
        let mut scratch = Scratch::new(None);
        let most = self.width as i64;
        positions(kept_outer, START, &mut |at| {
            for first in (0..tiled.extent).step_by(most as usize) {
                let n = most.min(tiled.extent - first);
                let at = step(at, tiled, first);
                // SAFETY: elements of some outputs, and room for as many.
                unsafe {
                    self.fold(at, n as usize, to_means, to_squares);
                    let part = Loop { extent: n, ..*tiled };
                    out.emit(&part, to_squares, at, &mut scratch);
                    if let Some(means) = means {
                        means.emit(&part, to_means, at, &mut scratch);
                    }
                }
            }
            true
        });
    }

    /// Folds rows of `n` elements, and joins those that went side by side. There is room for all of these.
    unsafe fn fold(&self, at: At, n: usize, means: *mut f64, squares: *mut f64) {
        let beside = self.beside;
        let (whole, left) = (self.rows.extent as usize / beside, self.rows.extent as usize % beside);
        let stride = self.rows.strides[IN] as isize;
        let (mut before, mut rest) = (0.0, 0.0);
        // Rows that are left over; there are such only where rows are narrow.
        let mut room = [[0.0; WIDE]; 2];
        let [rest_means, rest_squares] = &mut room;
        positions(self.outer, at, &mut |at| {
            let src = self.src.wrapping_offset(at[IN]);
            let wide = Block {
                rows: whole,
                n: n * beside,
                src,
                stride: stride * beside as isize,
                before,
                means,
                squares,
                far: self.far,
            };
            // SAFETY: rows of the input, and their accumulators.
            unsafe {
                (self.fold)(&wide);
                if left > 0 {
                    (self.fold)(&Block {
                        rows: left,
                        n,
                        src: src.wrapping_offset((whole * beside) as isize * stride),
                        stride,
                        before: rest,
                        means: rest_means.as_mut_ptr(),
                        squares: rest_squares.as_mut_ptr(),
                        far: false,
                    });
                }
            }
            before += whole as f64;
            rest += left as f64;
            true
        });
        let mut lanes = beside;
        while lanes > 1 {
            lanes /= 2;
            let upper = lanes * n;
            // SAFETY: the upper half of the accumulators, and the lower one.
            unsafe {
                let from = Moments { means: means.add(upper), squares: squares.add(upper), count: before };
                join(upper, from, means, squares, before);
            }
            before *= 2.0;
        }
        if rest > 0.0 {
            let from = Moments { means: rest_means.as_ptr(), squares: rest_squares.as_ptr(), count: rest };
            // SAFETY: as many accumulators.
            unsafe { join(n, from, means, squares, before) };
        }
    }
}

impl Output {
    /// Finishes `n` values and puts them where they belong.
    unsafe fn emit(&self, part: &Loop<OPERANDS>, values: *mut f64, at: At, scratch: &mut Scratch<'_>) {
        let mut l = *part;
        l.strides[OUT] = part.strides[self.which];
        for first in (0..part.extent).step_by(BATCH) {
            let l = Loop { extent: (BATCH as i64).min(part.extent - first), ..l };
            let offset = at[self.which] + (first * l.strides[OUT]) as isize;
            // SAFETY: as the caller vouches, for some of the values.
            unsafe {
                let values = values.add(first as usize) as *mut u8;
                self.emitter.emit(&[l], values, self.data.wrapping_offset(offset), scratch);
            }
        }
    }

    /// The same of accumulators of any size, which are no more than a batch.
    unsafe fn emit_few(&self, part: &Loop<OPERANDS>, values: *mut u8, at: At, scratch: &mut Scratch<'_>) {
        let mut l = *part;
        l.strides[OUT] = part.strides[self.which];
        // SAFETY: as the caller vouches.
        unsafe { self.emitter.emit(&[l], values, self.data.wrapping_offset(at[self.which]), scratch) };
    }
}
