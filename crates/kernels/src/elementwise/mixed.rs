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
//! A large output is written line by line by the loop of the operation ([`lines`]) or staged ([`Stage`]), others are written where they
//! are.
//!
//! Measured on Zen 4 with `f64` and more than the caches hold: all reads and writes of a tile alone (requests for the
//! next one, lines streamed) reach the limit, and its transposes and arithmetic add three quarters of that time, since
//! their loads wait behind the requests. So requests go with the stores and not with the transposes (0.6 against 0.5 of
//! the limit), a few with each line, and those of what is transposed come first, as it is read first; groups of rows, each computed
//! and written at once, were slower, and so were requests into the first-level cache (half the speed).

use core::mem::MaybeUninit;

use aligned_vec::{AVec, ConstAlign};
use libstrided_layout::nest::Loop;

use super::lines;
use super::near::Near;
use super::plan::{Plan, Side};
use super::sink::Sink;
use super::stage::{Rows, Stage};
use super::stream;
use super::tiles::{Form, SCRATCH, Scratch, Small, Tiles, forms};
use super::{Block, Output};
use crate::cache::LINE;
use crate::copy::Turn;
use crate::cpu::asks_in_advance;

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

/// The extents of a tile: rows and elements of a row. A full tile fits into so many bytes of scratch.
fn extents<const N: usize>(
    outer: &Loop<N>,
    inner: &Loop<N>,
    sides: &[Side; N],
    scratch: usize,
) -> (i64, i64) {
    let most = Turn::MOST as i64;
    let largest = sides.iter().map(|side| side.memory.max(side.kernel)).max().unwrap_or(1).max(1);
    // Of the inputs that run down the rows.
    let down = |&k: &usize| {
        let (o, i) = (outer.strides[k].unsigned_abs(), inner.strides[k].unsigned_abs());
        o != 0 && (o < i || i == 0)
    };
    let least = (0..N - 1).filter(down).map(|k| sides[k].memory).min().unwrap_or(largest).max(1);
    let elements = (scratch / largest) as i64;
    // Whole lines of the output, and so few that the rows of a tile use up the lines of the others.
    let lines = (LINE / sides[N - 1].memory.max(1)).max(1) as i64;
    let used_up = outer.extent.min((LINE * (scratch / SCRATCH) / least).max(1) as i64);
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

/// The forms of operands in tiles of rows along this loop.
pub(super) fn forms_of<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>, inner: &Loop<N>) -> [Form; N] {
    forms(&plan.sides, |k, item| {
        if inner.strides[k] == item {
            Some(Form::Direct)
        } else {
            (inner.strides[k] == 0).then_some(Form::Single)
        }
    })
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
    let forms = forms_of(plan, &inner);
    let far = (0..N).any(|k| stream::is_large(plan.bytes(k)));
    let staged = sink.stream.is_some() && inner.strides[N - 1] == item as i64;
    let turned = output == Output::Written && all_run_down(&outer, &inner, &sides);
    // SAFETY: as the caller vouches; an output that is streamed is large.
    if staged && !turned && unsafe { lines::run(plan, sink) } {
        return;
    }
    // Tiles of bytes are wider where the nearest cache has room for it: on Emerald Rapids 0.47 of the limit for 0.4; where rows
    // begin anywhere in a line 0.44 for 0.5.
    let small = sides.iter().all(|side| side.memory.max(side.kernel) == 1);
    let alike = (outer.strides[N - 1] as usize).is_multiple_of(LINE);
    let bytes = if small && alike && far && asks_in_advance() { 2 * SCRATCH } else { SCRATCH };
    let (mut high, mut wide) = extents(&outer, &inner, &sides, bytes);
    let row = wide as usize * item;
    let side = Turn::side(high as usize * sides.iter().map(|side| side.memory).max().unwrap_or(1));
    let (kept, room) = (BLOCK as usize * LINE, Stage::room(high as usize, row));
    let (mut small, mut heap) = (MaybeUninit::<Small<N>>::uninit(), AVec::<u8, ConstAlign<LINE>>::new(LINE));
    let more = if bytes > SCRATCH { (N + 1) * bytes } else { 0 };
    let has_heap = far && heap.try_reserve_exact(kept + more + room + side).is_ok();
    if !has_heap {
        (high, wide) = extents(&outer, &inner, &sides, SCRATCH);
    }
    let heap = if has_heap { heap.as_mut_ptr() } else { core::ptr::null_mut() };
    let side = if has_heap { heap.wrapping_add(kept + more + room) } else { heap };
    let scratch = if has_heap && more > 0 {
        Scratch::new(heap.wrapping_add(kept), bytes)
    } else {
        Scratch::new(small.as_mut_ptr().cast(), SCRATCH)
    };
    let stage = (staged && has_heap)
        .then(|| Stage::new(heap.wrapping_add(kept + more), heap, outer.strides[N - 1] as isize, row));
    let tiles = Tiles::new(&sides, forms, true, output, sink, scratch);
    let mut mixed = Mixed {
        tiles,
        loops: [outer, inner],
        base: plan.data,
        turns: [const { Turn::VACANT }; N],
        stage,
        turned,
        pitch: high as usize * item,
        near: [Near::NONE; N],
        order: core::array::from_fn(|k| k),
        block: Block { rows: 0, n: 0, data: plan.data, strides: [0; N], single: [false; N] },
    };
    mixed.turn(high as usize, wide as usize, side);
    let turns = &mixed.turns;
    mixed.order.sort_by_key(|&k| turns[k].is_vacant());
    plan.walk(2, |data| {
        mixed.base = data;
        // The first strip ends with a line of the output, and so do the others, unless that makes one more of a few.
        let apart = data[N - 1].addr() % LINE;
        let short = if alike && apart.is_multiple_of(item) { (apart / item) as i64 } else { 0 };
        places([outer.extent, inner.extent], (high, wide, BLOCK), short, |place| {
            let rows = Rows {
                to: mixed.address(N - 1, place.at),
                rows: place.size.0,
                bytes: place.size.1 * item,
                number: place.number,
                begins: place.begins,
                ends: place.ends,
            };
            // SAFETY: as the caller vouches; the tile has at most `high` rows of `wide` elements.
            unsafe { mixed.tile(place.at, place.size, place.next.filter(|_| far), &rows) };
        });
    });
}

/// A tile of two loops.
pub(super) struct Place {
    /// Its first row and column.
    pub(super) at: (i64, i64),
    /// Its rows and columns.
    pub(super) size: (usize, usize),
    /// Where the one after it is.
    pub(super) next: Option<(i64, i64)>,
    /// The number of the first row in its block.
    number: usize,
    /// Whether its rows are the first and the last elements of those of the output.
    pub(super) begins: bool,
    pub(super) ends: bool,
}

/// Whether the first strip can be `short` columns shorter: unless that makes one more of a few.
pub(super) fn strips_end(columns: i64, wide: i64, short: i64) -> bool {
    let strips = |extent: i64| (extent + wide - 1) / wide;
    let more = strips(columns + short) > strips(columns);
    short < wide && !(more && strips(columns) < MANY)
}

/// Visits the tiles of two loops of these extents, of so many rows and columns at most. The first strip is `short` columns shorter,
/// if [they can end so](strips_end).
pub(super) fn places(
    [rows, columns]: [i64; 2],
    (high, wide, block): (i64, i64, i64),
    short: i64,
    mut visit: impl FnMut(&Place),
) {
    let first_wide = if strips_end(columns, wide, short) { wide - short } else { wide };
    for first in (0..rows).step_by(block as usize) {
        let end = rows.min(first + block);
        let mut j = 0;
        while j < columns {
            let w = if j == 0 { first_wide } else { wide }.min(columns - j);
            for i in (first..end).step_by(high as usize) {
                let h = high.min(end - i);
                let next = match i + h {
                    next if next < end => Some((next, j)),
                    _ if j + w < columns => Some((first, j + w)),
                    _ if end < rows => Some((end, 0)),
                    _ => None,
                };
                let place = Place {
                    at: (i, j),
                    size: (h as usize, w as usize),
                    next,
                    number: (i - first) as usize,
                    begins: j == 0,
                    ends: j + w == columns,
                };
                visit(&place);
            }
            j += w;
        }
    }
}

/// The work on tiles of two loops.
///
/// What changes from tile to tile is changed in its place, number by number: lines that are streamed wait in the store buffer for
/// memory, and a copy of numbers that were just written, by vectors, waits there behind all of them.
struct Mixed<'a, 'b, const N: usize> {
    tiles: Tiles<'a, 'b, N>,
    /// The loops: rows, and along a row.
    loops: [Loop<N>; 2],
    /// The first element of each operand in these loops.
    base: [*mut u8; N],
    /// Of the inputs that run down the rows, or of the output if it is [`turned`](Mixed::turned).
    turns: [Turn; N],
    /// Where the output is put together, if it is streamed.
    stage: Option<Stage>,
    /// Whether tiles are computed down the columns; bytes from one of them to the next in scratch.
    turned: bool,
    pitch: usize,
    /// What the next tile has in memory, of the operands in the order in which it is read.
    near: [Near; N],
    order: [usize; N],
    /// What the kernel is given.
    block: Block<N>,
}

impl<const N: usize> Mixed<'_, '_, N> {
    /// Tiles have up to `high` rows of `wide` elements.
    fn turn(&mut self, high: usize, wide: usize, side: *mut u8) {
        let [outer, inner] = self.loops;
        if self.turned {
            let to = self.stage.as_ref().map_or(outer.strides[N - 1] as isize, Stage::pitch) as usize;
            let item = self.tiles.sides[N - 1].memory;
            for k in 0..N - 1 {
                self.block.single[k] = outer.strides[k] == 0;
            }
            return self.turns[N - 1].set(item, false, self.pitch as isize, to, (wide, high), side);
        }
        for k in 0..N - 1 {
            let item = self.tiles.sides[k].memory;
            let (down, along) = (outer.strides[k] as isize, inner.strides[k] as isize);
            self.block.single[k] = self.tiles.forms[k] == Form::Single;
            if self.tiles.forms[k] == Form::Packed && down.unsigned_abs() == item {
                self.turns[k].set(item, down < 0, along, wide * item, (wide, high), side);
            }
        }
    }

    /// Where an operand has the element of this row and column.
    #[inline(always)]
    fn address(&self, k: usize, (i, j): (i64, i64)) -> *mut u8 {
        let [outer, inner] = &self.loops;
        self.base[k].wrapping_offset((i * outer.strides[k] + j * inner.strides[k]) as isize)
    }

    /// Computes the tile of so many rows and columns at a row and column, and meanwhile asks for the next one.
    ///
    /// # Safety
    /// As [`run`]; the tile fits into scratch, the rows are its own, and no more elements than [`Mixed::turn`] was told.
    unsafe fn tile(&mut self, at: (i64, i64), size: (usize, usize), next: Option<(i64, i64)>, rows: &Rows) {
        for (place, &k) in self.order.iter().enumerate() {
            let next = next.filter(|_| k + 1 < N || self.stage.is_none()).map(|next| self.address(k, next));
            self.near[place] = match next {
                Some(next) if next != self.address(k, at) => {
                    self.tiles.near([&self.loops[0], &self.loops[1]], size, k, next)
                }
                _ => Near::NONE,
            };
        }
        // SAFETY: tiles follow each other as the stage asks for; all of the rows are written, where they belong or in the stage.
        unsafe {
            if self.turned {
                return self.columns(at, size, rows);
            }
            self.bring(at, size);
            self.rows(rows);
            if self.stage.is_none() && self.tiles.forms[N - 1] == Form::Packed {
                let to = self.address(N - 1, at);
                self.tiles.unpack(&loops_of(&self.loops, size), size.0 * size.1, to);
            }
        }
    }

    /// Computes a tile down the columns, and transposes it to its rows.
    ///
    /// # Safety
    /// As [`Mixed::tile`].
    unsafe fn columns(&mut self, at: (i64, i64), (high, wide): (usize, usize), rows: &Rows) {
        let to = self.address(N - 1, at);
        let scratch = self.tiles.scratch.packed[N - 1];
        for k in 0..N {
            let output = k + 1 == N;
            self.block.data[k] = if output { scratch } else { self.address(k, at) };
            self.block.strides[k] =
                if output { self.pitch as isize } else { self.loops[1].strides[k] as isize };
        }
        (self.block.rows, self.block.n) = (wide, high);
        let share = self.share(high * wide);
        // SAFETY: the caller's promise; the kernel writes as many columns.
        unsafe {
            match &self.stage {
                Some(stage) => {
                    (self.tiles.sink.kernel)(&self.block);
                    let place = stage.place(rows);
                    self.turns[N - 1].run(scratch, place, wide, high);
                    stage.flush(rows, &mut self.near, share);
                }
                None => {
                    self.ask();
                    (self.tiles.sink.kernel)(&self.block);
                    self.turns[N - 1].run(scratch, to, wide, high);
                }
            }
        }
    }

    /// Asks for all that is near.
    fn ask(&self) {
        for near in &self.near {
            near.all();
        }
    }

    /// Brings the inputs of a tile into the form that the kernel takes.
    ///
    /// # Safety
    /// As [`Mixed::tile`].
    unsafe fn bring(&mut self, at: (i64, i64), (high, wide): (usize, usize)) {
        (self.block.rows, self.block.n) = (high, wide);
        for k in 0..N {
            let from = self.address(k, at);
            if self.tiles.forms[k] != Form::Packed {
                self.block.data[k] = from;
                self.block.strides[k] = self.loops[0].strides[k] as isize;
                continue;
            }
            let turn = &self.turns[k];
            // SAFETY: as the caller vouches.
            let pitch = unsafe {
                if turn.is_vacant() {
                    let loops = loops_of(&self.loops, (high, wide));
                    self.tiles.bring(k, &loops, high * wide, from);
                    wide
                } else {
                    self.tiles.turned(turn, k, (high, wide), from)
                }
            };
            self.block.data[k] = self.tiles.scratch.packed[k];
            self.block.strides[k] = (pitch * self.tiles.sides[k].kernel) as isize;
        }
    }

    /// How many lines of what is near there are for each that is written of so many elements.
    fn share(&self, elements: usize) -> usize {
        let mut lines = 0;
        for near in &self.near {
            lines += near.lines();
        }
        lines.div_ceil((elements * self.tiles.sides[N - 1].memory / LINE).max(1))
    }

    /// Computes the block to where its rows belong.
    ///
    /// # Safety
    /// As [`Mixed::tile`].
    unsafe fn rows(&mut self, rows: &Rows) {
        let share = self.share(self.block.rows * self.block.n);
        let Some(stage) = &self.stage else {
            self.ask();
            return (self.tiles.sink.kernel)(&self.block);
        };
        // SAFETY: the caller's promise.
        unsafe {
            let (place, pitch) = (stage.place(rows), stage.pitch());
            match &self.tiles.sides[N - 1].conversion {
                None => {
                    (self.block.data[N - 1], self.block.strides[N - 1]) = (place, pitch);
                    (self.tiles.sink.kernel)(&self.block);
                }
                Some(conversion) => {
                    (self.tiles.sink.kernel)(&self.block);
                    let (from, step) = (self.block.data[N - 1], self.block.strides[N - 1]);
                    for i in 0..self.block.rows as isize {
                        let to = place.wrapping_offset(i * pitch);
                        conversion.run(from.wrapping_offset(i * step), to, self.block.n);
                    }
                }
            }
            stage.flush(rows, &mut self.near, share);
        }
    }
}

/// The loops of a tile of so many rows and columns.
pub(super) fn loops_of<const N: usize>(
    [outer, inner]: &[Loop<N>; 2],
    (high, wide): (usize, usize),
) -> [Loop<N>; 2] {
    [Loop { extent: high as i64, ..*outer }, Loop { extent: wide as i64, ..*inner }]
}
