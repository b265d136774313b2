//! Operands of mixed orders: tiles of two loops, of which some operands run along the one and some along the other.
//!
//! ```text
//!               j: the output runs here            strip     as many elements of the rows as make some lines
//!           +-------+-------+-------+--            tile      a strip of so many rows that a line of an operand that runs
//!    i      | tile  |   :   |       |                        down them is used up
//!    the    |.......|   :   |       |              block     as many rows as have room for what a tile leaves of a line
//!  others   | next  |   :   |       |
//!    run    |.......|   :   |       |
//!   here    |   :   |       |       |
//!           +-------+-------+-------+--
//! ```
//!
//! Operands that run down the rows are transposed into scratch in registers; where all inputs of a tile do so and there are
//! several, it is computed column by column, and only the result is transposed. The tiles of a strip follow each other
//! downwards, so that these operands are read in long runs, and the others and the output by runs of a few lines.
//! A large output is staged ([`Stage`]), others are written where they are.
//!
//! Measured on Zen 4 with `f64` and more than the caches hold: all reads and writes of a tile alone (requests for the
//! next one, lines streamed) reach the limit, and its transposes and arithmetic add three quarters of that time, since
//! their loads wait behind the requests. So requests go with the stores and not with the transposes (0.6 against 0.5 of
//! the limit); groups of rows, each computed and written at once, were slower, and so were requests into the
//! first-level cache (half the speed).

use core::mem::MaybeUninit;

use aligned_vec::{AVec, ConstAlign};
use libstrided_layout::nest::Loop;

use super::plan::{Plan, Side};
use super::sink::Sink;
use super::stage::{Near, Rows, Stage};
use super::stream;
use super::tiles::{Form, SCRATCH, Scratch, Small, Tiles, forms};
use super::{Block, Output};
use crate::cache::LINE;
use crate::copy::Turn;

/// So many strips that one more does not matter.
const MANY: i64 = 8;

/// Rows of a block.
const BLOCK: i64 = 1024;

/// The loop outside the innermost one along which an input runs that does not run along the innermost one; the first
/// such input of the most bytes decides.
pub(super) fn across<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>) -> Option<usize> {
    let (outer, inner) = plan.loops().split_at(plan.loops().len().saturating_sub(1));
    let inner = inner.first()?;
    let mut found = None;
    for k in 0..N {
        // A broadcast loop runs nowhere.
        let runs = |l: &Loop<N>| (l.strides[k] != 0).then(|| l.strides[k].unsigned_abs());
        let Some(best) =
            (0..outer.len()).filter(|&i| runs(&outer[i]).is_some()).min_by_key(|&i| runs(&outer[i]))
        else {
            continue;
        };
        let disagrees = runs(inner).is_some_and(|along| runs(&outer[best]) < Some(along));
        if disagrees && found.is_none_or(|(_, bytes)| bytes < plan.sides[k].memory) {
            found = Some((best, plan.sides[k].memory));
        }
    }
    found.map(|(which, _)| which)
}

/// Bytes of a row of a tile in the largest dtype, and of what a tile has of a run down the rows.
const WIDE: usize = 256;
const HIGH: usize = 256;

/// The extents of a tile: rows and elements of a row. A full tile fits into scratch.
fn extents<const N: usize>(outer: &Loop<N>, inner: &Loop<N>, sides: &[Side; N]) -> (i64, i64) {
    let most = Turn::MOST as i64;
    let largest = sides.iter().map(|side| side.memory.max(side.kernel)).max().unwrap_or(1).max(1);
    // Of the inputs that run down the rows.
    let down = |&k: &usize| {
        let (o, i) = (outer.strides[k].unsigned_abs(), inner.strides[k].unsigned_abs());
        o != 0 && (o < i || i == 0)
    };
    let least = (0..N - 1).filter(down).map(|k| sides[k].memory).min().unwrap_or(largest).max(1);
    let elements = (SCRATCH / largest) as i64;
    // Whole lines of the output, and so few that the rows of a tile use up the lines of the others.
    let lines = (LINE / sides[N - 1].memory.max(1)).max(1) as i64;
    let used_up = outer.extent.min((LINE / least).max(1) as i64);
    let wide = ((WIDE / largest) as i64).min(elements / used_up).max(lines).min(most);
    let wide = wide.min((inner.extent + lines - 1) / lines * lines);
    let high = (elements / wide).min((HIGH / least).max(1) as i64).min(most).clamp(1, outer.extent);
    // A short side leaves room for the other one.
    let wide = wide.max((elements / high).min(most) / lines * lines);
    (high, wide.min(inner.extent))
}

/// Whether a tile can be computed down the columns, with at least two inputs that are not one element per column, so that
/// one transpose is less work than those of the inputs.
fn all_run_down<const N: usize>(outer: &Loop<N>, inner: &Loop<N>, sides: &[Side; N]) -> bool {
    let packed = |k: usize, stride: i64| stride == sides[k].memory as i64;
    let fits = |k: usize| outer.strides[k] == 0 || packed(k, outer.strides[k]);
    let running = (0..N - 1).filter(|&k| outer.strides[k] != 0).count();
    let output = packed(N - 1, inner.strides[N - 1]) && outer.strides[N - 1] > 0;
    output && running > 1 && (0..N - 1).all(fits) && sides.iter().all(|side| side.conversion.is_none())
}

/// Runs the plan in tiles of its innermost loop and the one at `which`.
///
/// # Safety
/// As [`run`](super::run), for the operands of the plan.
#[inline(never)]
pub(super) unsafe fn run<const N: usize, const CAP: usize>(
    plan: &mut Plan<N, CAP>,
    sink: &mut Sink<'_, N>,
    output: Output,
    which: usize,
) {
    plan.bring_inwards(which);
    let [.., outer, inner] = *plan.loops() else { return };
    let sides = plan.sides;
    let item = sides[N - 1].memory;
    let forms = forms(&sides, |k, item| {
        if inner.strides[k] == item {
            Some(Form::Direct)
        } else {
            (inner.strides[k] == 0).then_some(Form::Single)
        }
    });
    let far = (0..N).any(|k| stream::is_large(plan.bytes(k)));
    let staged = sink.stream.is_some() && inner.strides[N - 1] == item as i64;
    let (high, wide) = extents(&outer, &inner, &sides);
    let row = wide as usize * item;
    let side = Turn::side(high as usize * sides.iter().map(|side| side.memory).max().unwrap_or(1));
    let (kept, room) = (BLOCK as usize * LINE, Stage::room(high as usize, row));
    let (mut small, mut heap) = (MaybeUninit::<Small<N>>::uninit(), AVec::<u8, ConstAlign<LINE>>::new(LINE));
    let scratch = Scratch::new(small.as_mut_ptr().cast(), SCRATCH);
    let has_heap = far && heap.try_reserve_exact(side + kept + room).is_ok();
    let heap = if has_heap { heap.as_mut_ptr() } else { core::ptr::null_mut() };
    let side = if has_heap { heap.wrapping_add(kept + room) } else { heap };
    let stage = (staged && has_heap)
        .then(|| Stage::new(heap.wrapping_add(kept), heap, outer.strides[N - 1] as isize, row));
    let tiles = Tiles::new(&sides, forms, true, output, sink, scratch);
    let turned = output == Output::Written && all_run_down(&outer, &inner, &sides);
    let pitch = high as usize * item;
    let mut mixed =
        Mixed { tiles, loops: [outer, inner], turns: [const { Turn::VACANT }; N], stage, turned, pitch };
    mixed.turn(high as usize, wide as usize, side);
    plan.walk(2, |data| {
        let at = |i: i64, j: i64| -> [*mut u8; N] {
            let mut at = data;
            for (k, at) in at.iter_mut().enumerate() {
                *at = at.wrapping_offset((i * outer.strides[k] + j * inner.strides[k]) as isize);
            }
            at
        };
        // The first strip ends with a line of the output, and so do the others, unless that makes one more of a few.
        let apart = data[N - 1].addr() % LINE;
        let lined = (outer.strides[N - 1] as usize).is_multiple_of(LINE) && apart.is_multiple_of(item);
        let short = (apart / item) as i64;
        let strips = |extent: i64| (extent + wide - 1) / wide;
        let more = strips(inner.extent + short) > strips(inner.extent);
        let first_wide = if lined && !(more && strips(inner.extent) < MANY) { wide - short } else { wide };
        for first in (0..outer.extent).step_by(BLOCK as usize) {
            let end = outer.extent.min(first + BLOCK);
            let mut j = 0;
            while j < inner.extent {
                let w = if j == 0 && first_wide > 0 { first_wide } else { wide }.min(inner.extent - j);
                for i in (first..end).step_by(high as usize) {
                    let h = high.min(end - i);
                    let next = match i + h {
                        next if next < end => Some(at(next, j)),
                        _ if j + w < inner.extent => Some(at(first, j + w)),
                        _ if end < outer.extent => Some(at(end, 0)),
                        _ => None,
                    };
                    let data = at(i, j);
                    let next = next.filter(|_| far).unwrap_or(data);
                    let rows = Rows {
                        to: data[N - 1],
                        rows: h as usize,
                        bytes: w as usize * item,
                        number: (i - first) as usize,
                        begins: j == 0,
                        ends: j + w == inner.extent,
                    };
                    // SAFETY: as the caller vouches; the tile has at most `high` rows of `wide` elements.
                    unsafe { mixed.tile((h, w), data, &rows, next) };
                }
                j += w;
            }
        }
    });
}

/// The work on tiles of two loops.
struct Mixed<'a, 'b, const N: usize> {
    tiles: Tiles<'a, 'b, N>,
    /// The loops: rows, and along a row.
    loops: [Loop<N>; 2],
    /// Of the inputs that run down the rows, or of the output if it is [`turned`](Mixed::turned).
    turns: [Turn; N],
    /// Where the output is put together, if it is streamed.
    stage: Option<Stage>,
    /// Whether tiles are computed down the columns; bytes from one of them to the next in scratch.
    turned: bool,
    pitch: usize,
}

impl<const N: usize> Mixed<'_, '_, N> {
    /// Tiles have up to `high` rows of `wide` elements.
    fn turn(&mut self, high: usize, wide: usize, side: *mut u8) {
        let [outer, inner] = self.loops;
        if self.turned {
            let to = self.stage.as_ref().map_or(outer.strides[N - 1] as isize, Stage::pitch) as usize;
            let item = self.tiles.sides[N - 1].memory;
            return self.turns[N - 1].set(item, false, self.pitch as isize, to, (wide, high), side);
        }
        for k in 0..N - 1 {
            let item = self.tiles.sides[k].memory;
            let (down, along) = (outer.strides[k] as isize, inner.strides[k] as isize);
            if self.tiles.forms[k] == Form::Packed && down.unsigned_abs() == item {
                self.turns[k].set(item, down < 0, along, wide * item, (wide, high), side);
            }
        }
    }

    /// Computes a tile.
    ///
    /// # Safety
    /// As [`run`]; the tile fits into scratch, the rows are its own, and no more elements than [`Mixed::turn`] was told.
    unsafe fn tile(&mut self, (high, wide): (i64, i64), data: [*mut u8; N], rows: &Rows, next: [*mut u8; N]) {
        let [outer, inner] = self.loops;
        let loops = [Loop { extent: high, ..outer }, Loop { extent: wide, ..inner }];
        let size = (high as usize, wide as usize);
        let near: [Near; N] = core::array::from_fn(|k| {
            let staged = k + 1 == N && self.stage.is_some();
            if staged || next[k] == data[k] { Near::NONE } else { self.tiles.near(loops, k, next[k]) }
        });
        // SAFETY: tiles follow each other as the stage asks for; all of the rows are written, where they belong or in the stage.
        unsafe {
            match self.stage {
                None => {
                    let near = || near.into_iter().for_each(Near::all);
                    if self.turned {
                        near();
                        self.columns(size, data, data[N - 1]);
                    } else {
                        let block = self.brought(&loops, size, data);
                        near();
                        (self.tiles.sink.kernel)(&block);
                        if self.tiles.forms[N - 1] == Form::Packed {
                            self.tiles.unpack(&loops, size.0 * size.1, data[N - 1]);
                        }
                    }
                }
                Some(stage) => {
                    if self.turned {
                        let place = stage.place(rows);
                        self.columns(size, data, place);
                    } else {
                        let block = self.brought(&loops, size, data);
                        let place = stage.place(rows);
                        self.rows(block, place, stage.pitch());
                    }
                    stage.flush(rows, near);
                }
            }
        }
    }

    /// Computes a tile down the columns, and transposes it to `to`.
    ///
    /// # Safety
    /// As [`Mixed::tile`]; the rows can be written there, as far apart as [`Mixed::turn`] was told.
    unsafe fn columns(&mut self, (high, wide): (usize, usize), data: [*mut u8; N], to: *mut u8) {
        let [outer, inner] = self.loops;
        let scratch = self.tiles.scratch.packed[N - 1];
        let mut block = Block {
            rows: wide,
            n: high,
            data,
            strides: inner.strides.map(|stride| stride as isize),
            single: core::array::from_fn(|k| k + 1 < N && outer.strides[k] == 0),
        };
        (block.data[N - 1], block.strides[N - 1]) = (scratch, self.pitch as isize);
        (self.tiles.sink.kernel)(&block);
        // SAFETY: the caller's promise; the kernel has written as many columns.
        unsafe { self.turns[N - 1].run(scratch, to, wide, high) };
    }

    /// Brings the inputs of a tile into the form that the kernel takes.
    ///
    /// # Safety
    /// As [`Mixed::tile`].
    unsafe fn brought(
        &mut self,
        loops: &[Loop<N>; 2],
        (high, wide): (usize, usize),
        data: [*mut u8; N],
    ) -> Block<N> {
        let mut block = Block {
            rows: high,
            n: wide,
            data,
            strides: loops[0].strides.map(|stride| stride as isize),
            single: self.tiles.forms.map(|form| form == Form::Single),
        };
        for (k, &from) in data.iter().enumerate() {
            if self.tiles.forms[k] != Form::Packed {
                continue;
            }
            let turn = &self.turns[k];
            // SAFETY: as the caller vouches.
            let pitch = unsafe {
                if turn.is_vacant() {
                    self.tiles.bring(k, loops, high * wide, from);
                    wide
                } else {
                    self.tiles.turned(turn, k, (high, wide), from)
                }
            };
            block.data[k] = self.tiles.scratch.packed[k];
            block.strides[k] = (pitch * self.tiles.sides[k].kernel) as isize;
        }
        block
    }

    /// Computes a block into rows at `to`, `pitch` bytes apart.
    ///
    /// # Safety
    /// As [`Mixed::tile`]; the rows can be written there.
    unsafe fn rows(&mut self, mut block: Block<N>, to: *mut u8, pitch: isize) {
        let Some(conversion) = &self.tiles.sides[N - 1].conversion else {
            (block.data[N - 1], block.strides[N - 1]) = (to, pitch);
            return (self.tiles.sink.kernel)(&block);
        };
        (self.tiles.sink.kernel)(&block);
        for i in 0..block.rows as isize {
            let from = block.data[N - 1].wrapping_offset(i * block.strides[N - 1]);
            // SAFETY: a row that the kernel has written; the caller's promise.
            unsafe { conversion.run(from, to.wrapping_offset(i * pitch), block.n) };
        }
    }
}
