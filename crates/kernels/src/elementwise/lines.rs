//! Tiles of mixed orders where the loop of the operation writes past the caches by itself.
//!
//! ```text
//!   operands that run down the rows, or are converted    packed into scratch, a tile of each
//!   the others                                           where they are
//!        |      and the next tile is asked for with each line: row i of the tile asks for row i of the next one of
//!        v      operands that run along the rows, and for column i of those that run down them
//!   lines of the output, as they are computed
//! ```
//!
//! Tiles are squares, so that a row and a column have as many elements. Where rows begin anywhere in a line, the lines of a tile begin
//! in front of it, each row by itself, and of what is packed a line more is.
//!
//! Measured on Emerald Rapids, from memory, in shares of two packed loops, by way of a [`Stage`](super::stage) and so: C order plus F
//! order `f64` 0.60 to 0.68 and 0.73 to 0.8, `f32` 0.53 to 0.62 and 0.65 to 0.73, bytes 0.36 to 0.5 and 0.45 to 0.6; `int32` with `f64`
//! 0.45 to 0.57 and 0.57 to 0.7; `where` with an F mask 0.55 and 0.79. Where nothing is packed and all else is the same, 1.0 is reached
//! (bytes 0.85): while a tile is packed, memory waits. Tried without gain: requests while a tile is packed (0.76 to 0.64 in a sketch),
//! tiles that are packed by turns with lines that are written (0.76 to 0.70), some rows of a tile at a time, so that what is packed stays
//! in L1 (doubles up to 1.08, floats 0.93). Sides of 32, 64 and 128: doubles 0.69, 0.73 and 0.74, floats 0.62, 0.65 and 0.68.

use aligned_vec::{AVec, ConstAlign};
use libstrided_layout::nest::Loop;

use super::mixed::{Place, forms_of, loops_of, places, strips_end};
use super::past::{Asks, Past};
use super::plan::Plan;
use super::sink::Sink;
use super::tiles::{Form, Scratch, Tiles};
use super::{Block, Output, PastKernel};
use crate::arch::Wide;
use crate::cache::{LINE, prefetch_cut};
use crate::copy::Turn;
use crate::cpu::asks_in_advance;

/// Bytes of a row of a tile in the largest dtype, and the most elements that it has.
const WIDE: usize = 512;
const MOST: usize = 128;

/// Rows of a block: the next strip finds the lines that it shares with this one.
const BLOCK: i64 = 256;

/// The side of a tile.
fn side<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>) -> usize {
    let largest = plan.sides.iter().map(|side| side.memory.max(side.kernel)).max().unwrap_or(1).max(1);
    (WIDE / largest).min(MOST)
}

/// What is asked for, but for where it begins; `None` where a line of what the loop reads needs several lines in memory.
fn asks<const N: usize, const CAP: usize>(
    plan: &Plan<N, CAP>,
    [outer, inner]: [&Loop<N>; 2],
    forms: &[Form; N],
) -> Option<Asks<N>> {
    let mut asks = Asks { any: true, ..Asks::NONE };
    let elements = LINE / plan.sides[N - 2].kernel;
    for k in 0..N - 1 {
        let (o, i) = (outer.strides[k] as isize, inner.strides[k] as isize);
        let (row, along) = if runs_down(plan, [outer, inner], forms, k) { (i, o) } else { (o, i) };
        (asks.rows[k], asks.lines[k]) = (row, elements as isize * along);
        if asks.lines[k].unsigned_abs() > LINE {
            return None;
        }
    }
    Some(asks)
}

/// Whether an operand is transposed into scratch.
fn runs_down<const N: usize, const CAP: usize>(
    plan: &Plan<N, CAP>,
    [outer, _]: [&Loop<N>; 2],
    forms: &[Form; N],
    k: usize,
) -> bool {
    forms[k] == Form::Packed && outer.strides[k].unsigned_abs() as usize == plan.sides[k].memory
}

/// Whether every row of the output begins with an element that begins where elements of lines do.
fn has_whole_elements<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>) -> bool {
    let item = plan.sides[N - 1].memory;
    plan.data[N - 1].addr().is_multiple_of(item)
        && plan.loops().iter().all(|l| (l.strides[N - 1] as usize).is_multiple_of(item))
}

/// Runs the plan in tiles of its two innermost loops; `false`, and nothing done, where another way must be taken.
///
/// # Safety
/// As [`run`](super::run), for the operands of the plan; the output is packed along the innermost loop, large and not an input.
#[inline(never)]
pub(super) unsafe fn run<const N: usize, const CAP: usize>(
    plan: &Plan<N, CAP>,
    sink: &mut Sink<'_, N>,
) -> bool {
    let (Some((past, wide)), [.., outer, inner]) = (sink.past, plan.loops()) else { return false };
    let sides = plan.sides;
    let forms = forms_of(plan, inner).map(|form| if form == Form::Single { Form::Packed } else { form });
    let extent = side(plan);
    let item = sides[N - 1].memory;
    let lines = LINE / item;
    let fits =
        sides[N - 1].conversion.is_none() && extent.is_multiple_of(lines.max(1)) && has_whole_elements(plan);
    let is_large = outer.extent.min(inner.extent) >= extent as i64;
    if !(fits && is_large && asks_in_advance()) {
        return false;
    }
    let Some(asks) = asks(plan, [outer, inner], &forms) else { return false };
    // Where rows begin alike in lines, the first strip ends with a line, and so do the others, unless that makes one more of a few.
    let alike = plan.loops()[..plan.loops().len() - 1]
        .iter()
        .all(|l| (l.strides[N - 1] as usize).is_multiple_of(LINE));
    let phase = (plan.data[N - 1].addr() % LINE / item) as i64;
    let short = if alike { phase } else { 0 };
    let lined = alike && strips_end(inner.extent, extent as i64, short);
    let more = if lined { 0 } else { lines };
    let largest = sides.iter().map(|side| side.memory.max(side.kernel)).max().unwrap_or(1);
    let bytes = (extent * (extent + more) * largest).next_multiple_of(LINE);
    let mut heap = AVec::<u8, ConstAlign<LINE>>::new(LINE);
    if heap.try_reserve_exact((N + 1) * bytes + Turn::side(extent * largest)).is_err() {
        return false;
    }
    let heap = heap.as_mut_ptr();
    let mut turns = [const { Turn::VACANT }; N];
    let block = Block {
        rows: 0,
        n: 0,
        data: plan.data,
        strides: outer.strides.map(|stride| stride as isize),
        single: [false; N],
    };
    for k in 0..N - 1 {
        if runs_down(plan, [outer, inner], &forms, k) {
            let (item, along) = (sides[k].memory, inner.strides[k] as isize);
            let (pitch, size) = ((extent + more) * item, (extent + more, extent));
            let side = heap.wrapping_add((N + 1) * bytes);
            turns[k].set(item, outer.strides[k] < 0, along, pitch, size, side);
        }
    }
    let ahead = core::array::from_fn(|k| match asks.lines[k] {
        0 => 0,
        line if line < 0 => sides[k].memory as isize + line,
        line => line - 1,
    });
    let scratch = Scratch::new(heap, bytes);
    let tiles = Tiles::new(&sides, forms, true, Output::Written, sink, scratch);
    let loops = [*outer, *inner];
    let mut lines_of = Lines {
        tiles,
        loops,
        base: plan.data,
        after: plan.data,
        turns,
        block,
        asks,
        ahead,
        lead: more,
        past,
        wide,
    };
    // Planes are computed when the next one is known, since the last tile of one asks for the first of the next.
    let size = (extent as i64, extent as i64, BLOCK);
    let mut compute = |here: [*mut u8; N], after: [*mut u8; N]| {
        (lines_of.base, lines_of.after) = (here, after);
        places([outer.extent, inner.extent], size, short, |place| {
            // SAFETY: as the caller vouches; the tile has at most `extent` rows and elements of a row.
            unsafe { lines_of.tile(place) };
        });
    };
    let mut waiting = None;
    plan.walk(2, |data| {
        if let Some(here) = waiting.replace(data) {
            compute(here, data);
        }
    });
    if let Some(here) = waiting {
        compute(here, here);
    }
    true
}

/// The work on tiles. What changes is changed in its place, number by number, as is said on the page of this folder.
struct Lines<'a, 'b, const N: usize> {
    tiles: Tiles<'a, 'b, N>,
    /// The loops: rows, and along a row.
    loops: [Loop<N>; 2],
    /// The first element of each operand in these loops.
    base: [*mut u8; N],
    /// The same of the next plane.
    after: [*mut u8; N],
    /// Of the inputs that run down the rows.
    turns: [Turn; N],
    /// What the loop is given.
    block: Block<N>,
    asks: Asks<N>,
    /// From where rows of the next tile begin to what is asked for first: where they begin anywhere in lines, the first one has been
    /// asked for with the tile in front of it.
    ahead: [isize; N],
    /// Elements in front of a tile that are packed with it, unless it begins the rows.
    lead: usize,
    past: PastKernel<'a, N>,
    wide: Wide,
}

impl<const N: usize> Lines<'_, '_, N> {
    /// Where an operand has the element of this row and column.
    #[inline(always)]
    fn address(&self, k: usize, (i, j): (i64, i64)) -> *mut u8 {
        let [outer, inner] = &self.loops;
        self.base[k].wrapping_offset((i * outer.strides[k] + j * inner.strides[k]) as isize)
    }

    /// Computes a tile, and meanwhile asks for the next one.
    ///
    /// # Safety
    /// As [`run`]; the tile fits into scratch.
    unsafe fn tile(&mut self, place: &Place) {
        let ((i, j), (high, wide)) = (place.at, place.size);
        let lead = if place.begins { 0 } else { self.lead };
        (self.block.rows, self.block.n) = (high, wide);
        for k in 0..N {
            let here = self.address(k, (i, j));
            let next = place.next.map_or(self.after[k], |next| self.address(k, next));
            self.asks.from[k] = next.wrapping_offset(self.ahead[k]);
            if self.tiles.forms[k] != Form::Packed {
                self.block.data[k] = here;
                continue;
            }
            let from = self.address(k, (i, j - lead as i64));
            let (turn, n) = (&self.turns[k], wide + lead);
            // SAFETY: as the caller vouches; the elements in front of the tile are of the same rows.
            let pitch = unsafe {
                if turn.is_vacant() {
                    self.tiles.bring(k, &loops_of(&self.loops, (high, n)), high * n, from);
                    n
                } else {
                    self.tiles.turned(turn, k, (high, n), from)
                }
            };
            let item = self.tiles.sides[k].kernel;
            self.block.data[k] = self.tiles.scratch.packed[k].wrapping_add(lead * item);
            self.block.strides[k] = (pitch * item) as isize;
        }
        self.ask_cut(place);
        let Place { begins, ends, .. } = *place;
        // SAFETY (of the loop): rows of the operands, or of scratch that holds as many elements, and those in front of them.
        (self.past)(&Past { wide: self.wide, block: &self.block, begins, ends, asks: &self.asks });
    }

    /// Asks for the lines of the output that a tile writes in part.
    #[inline]
    fn ask_cut(&self, place: &Place) {
        let (first, stride) = (self.block.data[N - 1], self.block.strides[N - 1]);
        let bytes = self.block.n * self.tiles.sides[N - 1].memory;
        for (asked, at) in [(place.begins, 0), (place.ends, bytes)] {
            for row in 0..if asked { self.block.rows } else { 0 } {
                prefetch_cut(first.wrapping_offset(row as isize * stride).wrapping_add(at));
            }
        }
    }
}
