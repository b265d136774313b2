//! The driver of every operation that goes element by element: from strided operands to blocks that a kernel takes.
//!
//! A kernel computes rows of contiguous elements of its own dtypes. The driver plans the loops and then, from the best
//! case to the worst:
//!
//! ```text
//!   rows     every operand is contiguous (or constant) along a long inner loop: the kernel runs on the operands
//!   tiles    else: a tile of two loops (or, when rows are short, of as many as fill it); operands that are contiguous
//!            over it are used where they are, the others are packed into L1 scratch and converted, the result is
//!            converted and put back
//! ```
//!
//! So a strided, transposed, broadcast or differently typed operand costs one pass through L1, and the arithmetic
//! always runs on unit stride. An input whose tile has not moved (a row added to every row) is packed once. Large outputs
//! are streamed past the caches either way.
//!
//! ```text
//!   plan     loops, and what an operand is in memory and to the kernel
//!   rows     the kernel along the operands
//!   tiles    which loops make a tile, how each operand is handed over
//!   steps    the loops of a tile as moves to and from scratch
//!   mixed    tiles where some operands run along the rows and some down them
//!   lines    the same, where the loop of the operation writes past the caches by itself
//!   near     what the next tile reads, as it is asked for
//!   stage    tiles of a large output on their way past the caches
//!   sink     where blocks go: to the kernel, or through the stream
//!   stream   outputs that go past the caches
//!   past     what such a loop is given, and how it goes along a row
//!   ahead    inputs that are asked for in advance
//!   masked   any operation under a mask
//!   block    packed rows of other dtypes, without a plan
//!   few      few elements in other orders, without a plan
//! ```
//!
//! Where arrays do not begin with a line, long rows do their first elements by themselves and tiles end with a line of the
//! output: on Zen 4 1.2 to 1.3 times as fast inside the caches.
//!
//! While lines are streamed, what is written waits behind them for memory, and so does a read that needs several writes: a copy, by
//! vectors, of numbers that were just written one by one. So what changes from tile to tile and from piece to piece is changed in
//! its place. On Emerald Rapids, in shares of the limit, C order plus F order 0.63 to 0.66 with such copies and 0.7 to 0.73 without,
//! a matrix and one in reverse 0.67 and 0.78, two in reverse 0.53 and 0.66.
//!
//! Measured on Zen 4, in shares of two loops over packed memory that read and write as many useful bytes (the example
//! `elementwise_cases`): arrays larger than the caches, same order 0.85 to 1.0, 0.7 where an input is one row for all; C order
//! plus F order 0.5 to 0.6 in `f64` and `f32`, 0.4 in 16 and 8 bits, whatever the leading dimension; every other element in
//! two axes 0.3, where half of what is read is not used. Inside the caches C order plus F order 0.9, F order plus F order into C
//! order 0.95 in `f64`, 0.6 in `f32` (0.6 and 0.5 where each input is transposed and not the result).

use libstrided_layout::nest::SMALL_NDIM;
use libstrided_layout::{DType, MAX_NDIM, Result};

use crate::{Operand, resident};

mod ahead;
mod block;
mod few;
mod lines;
#[cfg(test)]
mod lines_tests;
mod masked;
mod mixed;
mod near;
mod past;
#[cfg(test)]
mod past_tests;
mod plan;
mod rows;
mod sink;
mod stage;
mod steps;
mod stream;
#[cfg(test)]
mod tests;
mod tiles;

pub(crate) use block::run_block;
pub use few::run_packed;
pub(crate) use masked::{Bits, run_masked};
pub(crate) use past::{Asks, Elements, Past, Row, Source, write};
pub(crate) use steps::{Steps, is_run, steps_of};
pub(crate) use stream::{PIECE, Room, Stream, Streamed, is_large as is_streamed, stream};

use plan::Plan;

/// Rows of elements of `N` operands, the last one the output; the elements of a row lie one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Block<const N: usize> {
    /// Rows.
    pub rows: usize,
    /// Elements per row.
    pub n: usize,
    /// First element of each operand.
    pub data: [*mut u8; N],
    /// Bytes from one row to the next.
    pub strides: [isize; N],
    /// Which inputs are one element per row; never all of them, never the output.
    pub single: [bool; N],
}

/// The loop of an operation for its dtypes. It is only called with blocks whose inputs are valid for reading and whose
/// output is valid for writing. Where the output shares memory with an input, element `i` of both is the same element.
pub(crate) type Kernel<'a, const N: usize> = &'a dyn Fn(&Block<N>);

/// The loop of an operation that writes past the caches, see [`Loops::past`]; called as [`Kernel`] is.
pub(crate) type PastKernel<'a, const N: usize> = &'a dyn Fn(&Past<'_, N>);

/// This many rows are worth running one by one, however short they are.
const FEW: i64 = 16;

/// Runs a kernel over operands of one shape. `dtypes` are those that the kernel reads and writes; operands of other
/// dtypes are converted.
///
/// # Safety
/// Every element of the inputs must be valid for reading and of the output for writing. The output must not overlap
/// itself, and must not overlap an input, except that an input of the same dtype may have the same address and strides.
#[inline]
pub(crate) unsafe fn run<const N: usize>(
    shape: &[i64],
    operands: [Operand<'_>; N],
    dtypes: [DType; N],
    kernel: Kernel<'_, N>,
) -> Result<()> {
    // SAFETY: as the caller vouches.
    unsafe { drive(shape, operands, dtypes, Loops { kernel, past: None }, Output::Written) }
}

/// The loops of an operation.
#[derive(Clone, Copy)]
pub(crate) struct Loops<'a, const N: usize> {
    /// The usual one.
    pub(crate) kernel: Kernel<'a, N>,
    /// One that writes whole lines of the output past the caches as it computes them: lines that are written
    /// some at a time keep the core from computing. It is called with rows of elements that lie at multiples of their
    /// size, and shares no memory with an input; what is not a whole line it writes as usual.
    ///
    /// Measured on Emerald Rapids, from memory, times by way of the room and as here: `exp` of `f64` 17 and 15 ms, `log` 27 and 20,
    /// `sin` 38 and 29, `tanh` 37 and 29, `log` of `f32` 10.7 and 7.9, `divide` of `f64` 21 and 18, by a scalar 15 and 11,
    /// of `int32` 24 and 18; `add` of `f64` 20 and 18, of `f32` 9.9 and 8.7, of `int32` and `f64` 14.3 and 14. Longer pieces in the
    /// room are slower than those of 512 bytes: `exp` 21, 24, 29 ms with 0.5, 2, 4 KiB.
    ///
    /// The same of results of one byte, a line of which are several of the inputs: `less` of `f64` 24.8 and 19.6, of `f32` 13.6 and
    /// 10.1, of `int32` 13.1 and 9.6, of bytes 12.4 and 10.7, of halves 16 and 13.3, of `complex64` 22.2 and 19.9; `isnan` of `f64`
    /// 13.9 and 10; `isfinite` 16.7 and 10.6; `logical_and` 12.4 and 11.3. And `clip` by scalars of `f64` 9.2 and 7.3, `fma` 18 and
    /// 15.7, `fmax` 11.7 and 10.7, shifts of `int32` 12.3 and 10.6, by a scalar 7.9 and 6.3, `copysign` 11.7 and 10.4, `sign` of
    /// `int32` 7.7 and 7.1, `invert` 6.5 and 5.6. So every operation has one that the compiler makes vectors of.
    ///
    /// They are compiled for AVX2 and AVX-512 alone, which is a third less of them: with the vectors of every x86-64 functions take
    /// four to five times as long as memory, and `add` goes by way of the room at 0.9 to 0.95 of the speed (`sqrt` of `f64` at 0.67). Other
    /// architectures have no stores past the caches here.
    pub(crate) past: Option<PastKernel<'a, N>>,
}

/// [`run`], for operations that may have a loop past the caches.
///
/// # Safety
/// As [`run`].
#[inline]
pub(crate) unsafe fn run_past<const N: usize>(
    shape: &[i64],
    operands: [Operand<'_>; N],
    dtypes: [DType; N],
    loops: Loops<'_, N>,
) -> Result<()> {
    // SAFETY: as the caller vouches.
    unsafe { drive(shape, operands, dtypes, loops, Output::Written) }
}

/// What a kernel does to the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    /// Every element is written, none is read.
    Written,
    /// Elements that the kernel does not write are kept.
    Merged,
}

/// [`run`], for kernels that write all of the output or only some of it.
///
/// # Safety
/// As [`run`].
#[inline]
unsafe fn drive<const N: usize>(
    shape: &[i64],
    operands: [Operand<'_>; N],
    dtypes: [DType; N],
    loops: Loops<'_, N>,
    output: Output,
) -> Result<()> {
    // SAFETY: as the caller vouches, in each branch.
    unsafe {
        if let Some(n) = packed(shape, &operands, &dtypes) {
            if n > resident::LONG {
                resident::keep();
            }
            if n > 0 {
                (loops.kernel)(&Block {
                    rows: 1,
                    n,
                    data: operands.map(|operand| operand.data),
                    strides: [0; N],
                    single: [false; N],
                });
            }
            Ok(())
        } else if let Some(block) = few_rows(shape, &operands, &dtypes) {
            (loops.kernel)(&block);
            Ok(())
        } else if few::run(shape, &operands, &dtypes, loops.kernel) {
            Ok(())
        } else if shape.len() <= SMALL_NDIM {
            planned::<N, SMALL_NDIM>(shape, operands, dtypes, loops, output)
        } else {
            planned::<N, MAX_NDIM>(shape, operands, dtypes, loops, output)
        }
    }
}

/// The number of elements when all operands are C-contiguous, of the kernel's dtypes and not large: the case that needs
/// no plan.
#[inline]
fn packed<const N: usize>(shape: &[i64], operands: &[Operand<'_>; N], dtypes: &[DType; N]) -> Option<usize> {
    let mut size = 1;
    for (axis, &extent) in shape.iter().enumerate().rev() {
        if extent == 0 {
            return Some(0);
        }
        if extent != 1 {
            for operand in operands {
                if *operand.strides.get(axis)? != operand.itemsize * size {
                    return None;
                }
            }
        }
        size *= extent;
    }
    let fits = (0..N).all(|k| operands[k].dtype == dtypes[k]) && !is_large(operands, size);
    fits.then_some(size as usize)
}

/// Whether the output, with this many elements, should be streamed.
#[inline]
fn is_large<const N: usize>(operands: &[Operand<'_>; N], size: i64) -> bool {
    // Bytes of an array that is there: no overflow.
    stream::is_large(size.wrapping_mul(operands[N - 1].itemsize) as usize)
}

/// The block of an array of one or two axes whose rows the kernel can run along as they are, when there is nothing to
/// gain from a plan: rows are long, or there are only a few of them.
#[inline]
fn few_rows<const N: usize>(
    shape: &[i64],
    operands: &[Operand<'_>; N],
    dtypes: &[DType; N],
) -> Option<Block<N>> {
    let (rows, n) = match *shape {
        [n] => (1, n),
        [rows, n] if rows <= FEW => (rows, n),
        _ => return None,
    };
    if n < 2 || rows < 1 || is_large(operands, rows.wrapping_mul(n)) {
        return None;
    }
    let mut block = Block {
        rows: rows as usize,
        n: n as usize,
        data: operands.map(|operand| operand.data),
        strides: [0; N],
        single: [false; N],
    };
    for k in 0..N {
        let (along, down) = match *operands[k].strides {
            [along] => (along, 0),
            [down, along] => (along, down),
            _ => return None,
        };
        block.strides[k] = down as isize;
        block.single[k] = along == 0;
        if operands[k].dtype != dtypes[k] || along != 0 && along != operands[k].itemsize {
            return None;
        }
    }
    let fits = !block.single[N - 1] && !block.single[..N - 1].iter().all(|&s| s);
    fits.then_some(block)
}

/// # Safety
/// As [`run`].
#[inline(never)]
unsafe fn planned<const N: usize, const CAP: usize>(
    shape: &[i64],
    operands: [Operand<'_>; N],
    dtypes: [DType; N],
    loops: Loops<'_, N>,
    output: Output,
) -> Result<()> {
    resident::keep();
    let mut constants = [[0u64; 2]; N];
    let mut plan = Plan::<N, CAP>::vacant();
    // SAFETY: as the caller vouches.
    unsafe {
        if plan.set(shape, &operands, dtypes)? {
            plan.convert_constants(&mut constants);
            tiles::run(&mut plan, loops, output);
        }
    }
    Ok(())
}
