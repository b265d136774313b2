//! The copy engine: moves the items of one strided view into another, bits unchanged, whatever the strides.
//!
//! ```text
//!   copy            the entry: packed views are one block of bytes
//!     plan          loops of the copy: output forwards, sorted, merged; packed inner axes become bigger items
//!     engine        which way to go, and the ways without a stage
//!     overlap       copies within one block, without a temporary
//!       few         small copies on up to four axes
//!       small       one plane or tile, at once; pack: the same for other kernels, which pack operands into scratch
//!       every       items that are evenly a few apart, packed, for kernels that take many such blocks
//!       planes      transposes with constant steps on both sides, inside the caches; plane: one of them
//!       boxes       the two runs of a tile, and how far a box reaches on each axis
//!       odometer    the loops over boxes
//!       pieces      long items one by one; streamed: long runs across, in registers
//!       rows        long rows in even steps of the source, in registers; spread: rows that go to even steps
//!       even        transposes in even steps, past the caches
//!       woven       records of a few items to columns and back, past the caches
//!       staged      boxes by way of a stage; stage: where things lie in it; alternate: by way of two in turn; drain: what is left of a box
//!       batch       many small blocks, each turned in itself
//!       grid        plain loops where both sides are walked in the same order; over: rows of one item each
//!       apart       transposes of items that are apart, past the caches; strips: rows that go through scratch on their way
//!     tile          what every kernel takes; table: offsets in place of strides
//!     arch          the kernels: one algorithm each, a thin file per instruction set
//!   pack, turn, past  for other kernels: tiles into scratch, many tiles of one array, and results past the caches
//!   columns, converted    for casts: rows in scratch to columns, and rows of one dtype to columns of another
//!     tune          the sizes by which it is decided
//! ```
//!
//! # Ways to move
//!
//! | way | when | why |
//! |---|---|---|
//! | block | both sides packed | the plain copy of the C library; from half of the last-level cache on, lines that are streamed past it, which saves reading the destination: 1.5 to 2 times as fast in main memory, 3 to 10 times as slow in the caches |
//! | small | a transpose on up to three axes; one or two axes of up to 32 items | planning boxes takes longer than moving them; with two axes (see `copy_two_axes`) even looking for loops that can be merged does; with up to four a few comparisons put them in order and merge them (see `copy_few_axes`) |
//! | batch | blocks of up to 4 KiB that are turned in themselves, any number of them | permuted as a whole in registers, or as planes; beyond the caches by way of a stage |
//! | grid | less than half of the last-level cache, both sides walked in the same order | plain loops: boxes and tables cost up to half of the time |
//! | planes | less than a quarter of the last-level cache, two axes that are packed on one side each | squares of a line by a line, from register to register, what is written asked for in advance from 384 KiB on: 2 to 4 times as fast as tiles with tables; records of 3 to 60 bytes likewise, with AVX-512, in whole lines of each column; without, they are moved as words that overlap |
//! | direct | less than half of the last-level cache | boxes of 64 x 64 items, so that both sides of a tile fit into the nearest caches; ordinary stores |
//! | spread | packed rows to even steps of the destination | nothing between the items may be touched |
//! | rows | source and destination as large as the last-level cache, long rows that are a few items apart in the source, or one item over and over | a line of the destination comes from few of the source: put together in registers and streamed |
//! | apart | a transpose of items that are evenly apart, as large as the last-level cache with all that is read | pieces of rows are packed in scratch, and go to columns from there: 1.5 to 3 times as fast as item by item |
//! | over | inside the caches, long rows of one item each | a row is filled: as squares, the same line would be read for each row |
//! | pieces | more than that, or 3 MB where the last level is far away, items of 512 bytes or of whole lines, and of a line or two and more where they follow each other in the destination | each is streamed by itself, those that follow each other together: lines that have bytes of two are put together |
//! | woven | half of the last-level cache or more, or 1.5 MB where it is far away, records of 2 to 8 items, or of up to 96 bytes (doubles 128), from or to as many rows, AVX-512 | lines are permuted in registers, or transposed in blocks, and streamed from there to records of whole lanes and to up to 8 columns that begin equally far into a line: 0.65 to 1.0 of a plain streamed copy against 0.4 to 0.65 by way of a stage; on Zen 4 up to 8 items, and those of half a line and more only to up to 4 columns |
//! | even | 1.3 MB and more where the last level is far away, AVX-512: planes whose rows and columns are evenly apart, from memory if rows do not fall into few sets | as across, with nothing to look up: 0.75 to 1.0 of a plain streamed copy against 0.45 to 0.85 |
//! | across | a quarter of the last-level cache or more, long runs on both sides, AVX-512 | lines of the destination are put together in registers and streamed, 4 of a column at once; in the caches only where columns begin anywhere in a line; records of 3 to 60 bytes by as many lines as make whole ones (0.75 to 0.95 of a plain streamed copy against 0.45 to 0.6 by way of a stage, of 3 to 15 bytes that are no words 0.5 to 0.7 and 0.4) |
//! | gathered | the same, short axes in any order, words of 4 bytes, AVX-512 with fast gathers | lines are gathered word by word and streamed: up to twice as fast as by way of a stage |
//! | staged | more than that, or rows of the source of less than 256 bytes that lie near each other | boxes of 16 to 64 KiB are put together in a stage and streamed in whole lines |
//!
//! Measured on Zen 4, in shares of a plain streamed copy: reading and writing that take turns reach 0.7 at most, so every
//! line that is written past the caches goes with a request for one that is read soon. Boxes that follow each other along
//! the rows of the source, 4 lines of each column written back to back: 1.0 to 1.1 with loads alone, against 0.75 for
//! boxes that follow each other along the destination, 0.6 to 0.7 for single lines. With the transposes: across 0.7 to
//! 0.98 (highest where columns begin lines), 0.45 to 0.75 where rows are 4 KiB times a power of 2 apart, 0.3 to 0.55 for
//! bytes; pieces 0.65 to 0.9, staged 0.5 to 0.7.
//!
//! From a quarter to half of the last-level cache, across past it instead of through it, while other arrays of that size are in
//! use (Zen 4, 32 MiB): 1024 x 1024 f64 0.35 to 0.65, 1000 x 1000 c128 0.3 to 1.0, 2047 x 2047 f32 0.22 to 0.33, 20 axes of 2
//! in any order 0.4 to 0.8. Where all axes are long already from 3/16 on: 1000 x 1000 f64 0.65 to 0.95, 100 x 100 x 100 f64
//! reversed, out of a larger array, 0.3 to 0.55, 900 x 900 f64 and 1250 x 1250 f32 the same either way. 100000 x 8 doubles take
//! twice as long so, and at an eighth 720 x 720 f64 and 1024 x 1024 f32 lose a fifth.
//! Where the last level is shared by dozens of cores, it is far away: long transposes and records of few items go past it as soon as
//! the caches of one core do not hold them (see `tune`).
//!
//! Measured for the staged way on Zen 3, in shares of a plain streamed copy: without a stage 0.1 to 0.2; boxes that fill
//! the second-level cache 0.35 to 0.4, boxes near the size of the first-level cache 0.5 to 0.7. Runs of less than 4 lines
//! on either side cost a third of that. Lines at the ends of runs that are written in parts cost a third where rows are
//! not aligned to lines, so the stage carries the rest of a line on to the next box. Bringing the rows of the next box
//! near pays both while a box is filled and while it is written. Rows a multiple of 4 KiB apart fall into one set of the
//! first-level cache: they are put side by side first, and only as many are brought near as the second level holds.
//!
//! Small ones, Zen 4, through the C ABI, against a loop that knows its type and OpenBLAS's `omatcopy`: 2 x 2 0.2 and 0.6, 8 x 8
//! 1.05 and 0.75 (f32) or 1.1 (f64), 16 x 16 f32 3.0 and 0.9, 32 x 32 4.3 and 1.05, f64 1.7 and 1.7, 3.0 and 2.7; 8 x 8 x 8 in
//! any order 3 to 4.6 (5 x 5 x 5 x 5 reversed in 0.6 and 16 x 16 pixels of 3 in 0.4 of the time that a plan takes); 1000 pixels of
//! 2 to 8 items from or to planes 1.3 to 12 and 0.9 to 2.8, where reaching the kernels straight from the strides is worth half of
//! it.
//!
//! Tiles are moved by transposes in registers where both sides are packed; by loops with constant steps where rows or
//! columns are evenly 2 to 4 items apart, or run backwards; by scalar loops otherwise. Axes that are packed one after the
//! other on one side make one run (with a table of offsets for the other side), so that short axes do not make short
//! runs. A reversed axis is nothing but other offsets, except where both sides have it as their fastest.
//!
//! Item sizes of 1, 2, 4, 8 and 16 bytes are moved as words, every other size as a block of bytes. An axis on which
//! both sides are packed is no loop at all: it makes a bigger item, so that a halo of 4 floats is moved as one word of
//! 16 bytes and a row of 300 as one block.
//!
//! # Safety
//!
//! All pointers are computed from the base address of an operand, extents and strides that the caller vouches for: each
//! address that is read belongs to an element of the source, each address that is written to one of the destination.
//! No kernel touches a byte beside them, not even to read it.

#![cfg_attr(
    not(target_arch = "x86_64"),
    allow(
        dead_code,
        reason = "ways that have kernels for x86-64 only are planned for, and never taken, elsewhere"
    )
)]

use libstrided_layout::{Error, MAX_NDIM, Result};

use crate::{Level, Operand};

mod alternate;
mod apart;
mod arch;
mod batch;
mod boxes;
mod columns;
mod converted;
mod drain;
mod engine;
mod even;
mod every;
mod few;
mod gathered;
mod grid;
mod item;
mod odometer;
mod over;
mod overlap;
mod pack;
mod past;
mod pieces;
mod plan;
mod plane;
mod planes;
mod room;
mod rows;
mod small;
mod spread;
mod stage;
mod staged;
mod streamed;
mod strips;
mod table;
mod tile;
mod tune;
mod turn;
mod walk;
mod woven;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use converted::Converted;
pub(crate) use every::Every;
pub use overlap::copy_overlapping;
pub(crate) use pack::{pack_few, pack2d};
pub(crate) use past::{Past, Rows};
pub(crate) use plan::Axis;
use plan::Plan;
pub(crate) use strips::Strips;
use tune::Tuning;
pub(crate) use turn::Turn;

/// That the machine has stores past the caches, for kernels that write lines by
/// [`Features::stream_line`](crate::arch::Features::stream_line).
#[derive(Clone, Copy)]
pub(crate) struct Lines(());

impl Lines {
    /// `None` where it has none.
    #[inline]
    pub(crate) fn new() -> Option<Lines> {
        arch::flush(Level::current()).map(|_| Lines(()))
    }

    /// Orders all lines before later stores.
    #[inline]
    pub(crate) fn fence(self) {
        arch::fence();
    }
}

/// Plans of up to this many axes, after axes of extent 1 are dropped, do not touch a kilobyte of stack.
const FEW_AXES: usize = 8;

/// Copies all items of `src` to the same positions of `dst`. Both have the shape `shape` and items of the same size; the
/// dtypes are not looked at.
///
/// An error when the item sizes differ or a list of strides has another length than `shape`; nothing is written then.
///
/// # Safety
///
/// - Every item of `src` can be read and every item of `dst` can be written: `data + sum(index * stride)` for all
///   positions of the shape is an address of `itemsize` bytes inside one allocation. Extents are not negative.
/// - Items of `dst` overlap neither each other nor items of `src`.
#[inline]
pub unsafe fn copy(shape: &[i64], src: Operand<'_>, dst: Operand<'_>) -> Result<()> {
    // SAFETY: the caller's promise, passed on.
    unsafe { copy_tuned(shape, src, dst, Level::current(), &Tuning::auto(src.itemsize as usize)) }
}

/// A small copy on two axes, without a plan: item `(i, j)` goes from `src + i * from[0] + j * from[1]` to
/// `dst + i * to[0] + j * to[1]`, for all `i` below `shape[0]` and `j` below `shape[1]`. The second axis is the one along which
/// items of the destination are nearer to each other. `false`, with nothing written, where a plan is worth its time.
///
/// # Safety
///
/// - Every item can be read and written, and each lies inside one allocation with the first. Extents are at least 1.
/// - Items of the destination overlap neither each other nor items of the source.
#[inline]
pub unsafe fn copy_two_axes(
    src: *const u8,
    dst: *mut u8,
    item: usize,
    shape: [usize; 2],
    from: [isize; 2],
    to: [isize; 2],
) -> bool {
    // One by one: an array of them would be written to memory, and wait for that when it is read in other pieces.
    let outer = Axis { n: shape[0], s: from[0], d: to[0] };
    let inner = Axis { n: shape[1], s: from[1], d: to[1] };
    // SAFETY: the caller's promise; the CPU has the instructions of the level.
    unsafe { small::two_axes(Level::current(), outer, inner, item, src, dst) }
}

/// [`copy_two_axes`] for four axes: outermost first, in the order of the steps of the destination, the largest first, but axes
/// of extent 1 before all others.
///
/// # Safety
/// As [`copy_two_axes`].
#[inline]
pub unsafe fn copy_few_axes(
    src: *const u8,
    dst: *mut u8,
    item: usize,
    shape: [usize; 4],
    from: [isize; 4],
    to: [isize; 4],
) -> bool {
    let axis = |i: usize| Axis { n: shape[i], s: from[i], d: to[i] };
    let axes = [axis(0), axis(1), axis(2), axis(3)];
    // SAFETY: the caller's promise; the CPU has the instructions of the level.
    unsafe { few::few_axes(Level::current(), axes, item, src, dst) }
}

/// [`copy`] with the instructions of a level, which this CPU must have, and by the ways that a tuning allows.
///
/// # Safety
/// As [`copy`].
#[inline]
unsafe fn copy_tuned(
    shape: &[i64],
    src: Operand<'_>,
    dst: Operand<'_>,
    level: Level,
    tuning: &Tuning,
) -> Result<()> {
    if src.itemsize != dst.itemsize {
        return Err(Error::InvalidArgument {
            rule: "source and destination must have items of the same size",
            value: dst.itemsize,
        });
    }
    for strides in [src.strides, dst.strides] {
        if strides.len() != shape.len() {
            return Err(Error::WrongCount { expected: shape.len(), got: strides.len() as i64 });
        }
    }
    let mut packed = src.itemsize;
    for axis in (0..shape.len()).rev() {
        let n = shape[axis];
        if n != 1 {
            if src.strides[axis] != packed || dst.strides[axis] != packed {
                // SAFETY: the caller's promise, passed on.
                return unsafe {
                    if tuning.any_way() && small::plane(shape, &src, &dst, level) {
                        return Ok(());
                    }
                    if small::is_small(shape) && small::run(&Plan::<2>::new(shape, &src, &dst)?, level) {
                        return Ok(());
                    }
                    copy_planned(shape, src, dst, level, tuning)
                };
            }
            // Bytes of a part of the source, which exist: no overflow. 0 when there are no elements.
            packed = packed.wrapping_mul(n);
        }
    }
    // SAFETY: both sides are `packed` bytes without a gap, and do not overlap, as the caller promises.
    unsafe { engine::block(src.data.cast_const(), dst.data, packed as usize, level, tuning) };
    Ok(())
}

/// # Safety
/// As [`copy`].
#[inline(never)]
unsafe fn copy_planned(
    shape: &[i64],
    src: Operand<'_>,
    dst: Operand<'_>,
    level: Level,
    tuning: &Tuning,
) -> Result<()> {
    match Plan::<FEW_AXES>::new(shape, &src, &dst) {
        Ok(plan) => {
            // SAFETY: the caller's promise, passed on.
            unsafe { engine::run(&plan, level, tuning) };
            Ok(())
        }
        Err(Error::TooManyAxes { .. }) => {
            let plan = Plan::<MAX_NDIM>::new(shape, &src, &dst)?;
            // SAFETY: the caller's promise, passed on.
            unsafe { engine::run(&plan, level, tuning) };
            Ok(())
        }
        Err(error) => Err(error),
    }
}
