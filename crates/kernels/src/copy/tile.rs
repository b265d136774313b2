//! The unit of work: a tile of items, which every kernel of the engine takes.

use super::plan::Axis;
use crate::cache::LINE;

/// Items `(a, b)` for all `a < columns.len()`, `b < rows.len()`, and that `times.n` times.
///
/// ```text
/// item (a, b)   from   src + rows[b] + a * src_step        (packed along a: src_step is the item size)
///               to     dst + columns[a] + b * dst_step     (packed along b: dst_step is the item size)
/// ```
///
/// Tables instead of strides, so that several axes that are packed one after the other on one side make one long run:
/// an axis of 4 items inside one of 100 is a run of 400, and no kernel sees a short extent that the views need not have.
pub(super) struct Tile<'a> {
    /// Address of item (0, 0) in the source.
    pub(super) src: *const u8,
    /// Address of item (0, 0) in the destination.
    pub(super) dst: *mut u8,
    /// Where the items of each `b` begin in the source.
    pub(super) rows: &'a [isize],
    /// Where the items of each `a` begin in the destination.
    pub(super) columns: &'a [isize],
    /// Rows and columns, for kernels for even shapes, which need not look into the tables: these may then be shorter.
    pub(super) even: (usize, usize),
    /// Bytes from one `a` to the next in the source.
    pub(super) src_step: isize,
    /// Bytes from one `b` to the next in the destination.
    pub(super) dst_step: isize,
    /// Bytes per item.
    pub(super) item: usize,
    /// How many rows in advance the source is brought near, and how many bytes further the rows go on after the last one:
    /// where the next tile is.
    pub(super) lead: usize,
    pub(super) ahead: isize,
    /// Room for `arch::MOST_ROWS` rows, a line more for each and one for all, where rows are put first if they would
    /// fall into the same set of the cache where they are; null if not.
    pub(super) pack: *mut u8,
    /// The same tile again, this often, these bytes further.
    pub(super) times: Axis,
}

/// A kernel that moves a tile.
///
/// # Safety
/// All items of the tile can be read and written, and do not overlap. The CPU has the instructions of the kernel. What
/// else a kernel asks for (packed sides, a least extent, an item size) it says.
pub(super) type TileFn = unsafe fn(&Tile<'_>);

/// Items `(a, b)` for all `a < columns.n`, `b < rows.n`, and that `times.n` times.
///
/// ```text
/// item (a, b)   from   src + b * rows.s + a * item         (packed along a)
///               to     dst + a * columns.d + b * item      (packed along b)
/// ```
pub(super) struct Plane {
    /// Address of item (0, 0) in the source.
    pub(super) src: *const u8,
    /// Address of item (0, 0) in the destination.
    pub(super) dst: *mut u8,
    /// How many, and their step in the source (that in the destination is the item size).
    pub(super) rows: Axis,
    /// How many, and their step in the destination (that in the source is the item size).
    pub(super) columns: Axis,
    /// The same plane again, this often, these bytes further.
    pub(super) times: Axis,
}

/// A kernel that moves a plane whose rows and columns have no more items than a line, all of one size.
///
/// # Safety
/// All items of the plane can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type PlaneFn = unsafe fn(&Plane);

/// A kernel that moves a tile of so many rows and columns, both multiples of the items of a line: rows lie `s` bytes apart in the
/// source, columns `d` bytes in the destination. Lines of the source go by way of `side`, with room for as many as a square has rows,
/// unless that is null.
///
/// All that it is told is in registers: what is stored before would wait behind lines that are streamed.
///
/// # Safety
/// All items of the tile can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type SquaredFn =
    unsafe fn(src: *const u8, s: isize, dst: *mut u8, d: isize, size: (usize, usize), side: *mut u8);

/// A kernel that moves so many columns of [`TALL`] lines from a stage, where they lie [`PITCH`] bytes apart, to their places,
/// so many bytes apart.
///
/// # Safety
/// They can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type OutFn = unsafe fn(from: *const u8, to: *mut u8, apart: isize, columns: usize);

/// Lines of a column in a stage for squares, and bytes from column to column: an odd number of lines.
pub(super) const TALL: usize = 8;
pub(super) const PITCH: usize = (TALL + 1) * LINE;

/// The kernels for items of one size.
pub(super) struct Squares {
    /// For planes of as many rows and columns as a line has items.
    pub(super) whole: PlaneFn,
    /// For what several of them have put side by side.
    pub(super) out: OutFn,
    /// For any, by lanes of columns (1, 2 or up to 4), and of rows.
    pub(super) parts: [[PlaneFn; 3]; 3],
    /// For planes of at least a lane of rows and columns, of any extents, that lie in the nearest cache as a whole: the rows one
    /// after the other, cell by cell, with nothing to choose for each square.
    pub(super) near: Option<PlaneFn>,
    /// For planes of at least a line of rows and a lane of columns, of any extents, that are there once, whose columns begin at
    /// multiples of the item size: each line of the destination is written as a whole.
    pub(super) joined: Option<PlaneFn>,
    /// As `whole`, for destinations that lie outside of the nearest cache, of which each square is a line further: lines are asked for
    /// before they are written.
    pub(super) asked: Option<PlaneFn>,
    /// For planes that go past the caches.
    pub(super) even: Option<EvenFn>,
    /// Bytes of rows and columns up to which a part of a square is better than that; a line at most.
    pub(super) most_part: usize,
}

impl Squares {
    /// The same kernel for all.
    pub(super) const fn same(any: PlaneFn, out: OutFn) -> Squares {
        Squares {
            whole: any,
            out,
            parts: [[any; 3]; 3],
            near: Some(any),
            joined: None,
            asked: None,
            even: None,
            most_part: LINE,
        }
    }

    /// The kernel for this plane, if it is a near one.
    #[inline]
    pub(super) fn near(&self, p: &Plane, item: usize) -> Option<PlaneFn> {
        // Extents and steps of the views: if they are large enough to overflow, a kernel is as good as the other.
        let span = |x: usize, step: isize| x.wrapping_mul(step.unsigned_abs());
        let spans = span(p.rows.n, p.rows.s).wrapping_add(span(p.columns.n, p.columns.d));
        let lanes = p.rows.n * item >= LANE && p.columns.n * item >= LANE;
        self.near.filter(|_| lanes && spans <= NEAR)
    }

    /// The one for so many rows and columns.
    #[inline(always)]
    pub(super) fn pick(&self, p: &Plane, item: usize) -> PlaneFn {
        let lanes = |n: usize| (n * item > LANE) as usize + (n * item > 2 * LANE) as usize;
        self.parts[lanes(p.columns.n)][lanes(p.rows.n)]
    }
}

/// Bytes of a lane.
pub(super) const LANE: usize = 16;

/// Bytes of both sides of a plane that fit into the nearest cache. (Measured on Zen 4, with 32 KiB: up to that cells are 1.1 to
/// 1.6 times as fast as squares, with twice as many 0.6 to 0.9.)
const NEAR: usize = 36 << 10;

/// A plane that goes past the caches.
pub(super) struct Even {
    /// Moved once, of at least a lane of columns, which begin at multiples of the item size.
    pub(super) plane: Plane,
    /// Room for a line of each column.
    pub(super) kept: *mut u8,
    /// Bytes of a row by which it is asked for in advance, no more than it has; 0 if it is not.
    pub(super) ahead: usize,
}

/// A kernel that moves such a plane, of items of one size.
///
/// # Safety
/// All items can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type EvenFn = unsafe fn(&Even);

/// Blocks without a gap on both sides, whose items trade places.
pub(super) struct Mixed {
    /// Bytes of a block, at least an item and at most two lines.
    pub(super) bytes: usize,
    /// For each item of the destination, the number of the item of the source; 0 after the last one.
    pub(super) places: [u8; 2 * LINE],
}

/// A kernel that moves so many blocks, of items of one size.
///
/// # Safety
/// All bytes of the blocks from the first address on can be read, and those from the second on written, and do not overlap.
/// The CPU has the instructions of the kernel.
pub(super) type MixedFn = unsafe fn(&Mixed, Axis, *const u8, *mut u8);

/// Items of a record that is put together by permutations, at most.
pub(super) const MOST_FIELDS: usize = 8;

/// Bytes of a record of any other number of such items, at most. (Measured on Emerald Rapids, 100 to 128 bytes: 13 to 16 doubles 1.05 to
/// 1.5 times as fast as by other ways, smaller items 0.8 to 1.0.)
pub(super) const fn most_record(item: usize) -> usize {
    if item == 8 { 128 } else { 96 }
}

/// For each line of a group in the destination and each line but the first of that in the source: the permutation of what has been
/// gathered so far and that line, by words of up to 8 bytes.
pub(super) type Steps = [[[u8; LINE]; MOST_FIELDS]; MOST_FIELDS];

/// Whole groups of records, without a gap on one side, whose items lie in as many rows or columns on the other.
pub(super) struct Woven<'a> {
    /// The first item of the first record.
    pub(super) src: *const u8,
    pub(super) dst: *mut u8,
    /// From item to item of a record.
    pub(super) fields: Axis,
    /// How many groups: each of as many records as a line has items.
    pub(super) groups: usize,
    /// Whether the records are the source.
    pub(super) deal: bool,
    /// How lines are put together, for records of up to [`MOST_FIELDS`] items.
    pub(super) steps: &'a Steps,
    /// Bytes by which the source is asked for in advance, 0 if it is not; those of a row of it, at least as many, and where it goes on
    /// after its rows.
    pub(super) ahead: usize,
    pub(super) row: usize,
    pub(super) next: *const u8,
}

impl Woven<'_> {
    /// Where the source is that is to be asked for when its rows have been read up to this byte, as seen from that byte. It never
    /// faults to ask for what is not there.
    #[inline(always)]
    pub(super) fn soon(&self, at: usize) -> isize {
        let soon = at + self.ahead;
        if soon < self.row {
            return self.ahead as isize;
        }
        (self.next as isize).wrapping_sub(self.src as isize).wrapping_add(soon as isize - self.row as isize)
            - at as isize
    }
}

/// A kernel that moves groups of records of so many items of one size past the caches.
///
/// # Safety
/// All items can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type WovenFn = unsafe fn(&Woven<'_>);

/// Runs of a box that the stage holds, on their way to the destination. (See `stage` for runs and phases.)
pub(super) struct Flush<'a> {
    /// The first run in the stage, at the start of a line, and bytes from run to run.
    pub(super) from: *mut u8,
    pub(super) pitch: usize,
    /// The lowest address of the box in the destination, and where each run begins as seen from there.
    pub(super) to: *mut u8,
    pub(super) runs: &'a [isize],
    /// Bytes of a run.
    pub(super) run: usize,
    /// Whether a run begins as far into a line in the stage as in the destination; otherwise at the start of a line.
    pub(super) phased: bool,
    /// Whether the box has the first bytes of the runs, and the last.
    pub(super) begins: bool,
    pub(super) ends: bool,
    /// Where the rows of the next box begin in the source, as seen from `next`, and their bytes.
    pub(super) ahead: &'a [isize],
    pub(super) ahead_bytes: usize,
    pub(super) next: *const u8,
    /// Bytes by which runs without a phase are asked for in advance; 0 if they are near.
    pub(super) lead: usize,
}

impl Flush<'_> {
    /// Packed bytes that go from their place to their place.
    pub(super) fn block(src: *const u8, dst: *mut u8, bytes: usize) -> Flush<'static> {
        Flush {
            // Only read from, since the runs have no phase.
            from: src.cast_mut(),
            pitch: 0,
            to: dst,
            runs: &[0],
            run: bytes,
            phased: false,
            begins: true,
            ends: true,
            ahead: &[],
            ahead_bytes: 0,
            next: src,
            lead: 0,
        }
    }
}

/// A kernel that writes runs past the caches.
///
/// # Safety
/// The stage holds the runs, and before each, if the box does not begin them, what the box before has left of its last line.
/// The destination can be written. The CPU has the instructions of the kernel.
pub(super) type FlushFn = unsafe fn(&Flush<'_>);

/// Items `(a, b)` for all `a < columns.len()`, `b < rows.len()`, packed along `a` in the source and along `b` in the
/// destination, that go straight to the destination and past the caches.
#[derive(Clone, Copy)]
pub(super) struct Across<'a> {
    /// Address of item (0, 0) in the source.
    pub(super) src: *const u8,
    /// Address of item (0, 0) in the destination: a multiple of the item size, as are `columns`.
    pub(super) dst: *mut u8,
    /// Where the items of each `b` begin in the source; at least one.
    pub(super) rows: &'a [isize],
    /// Where the items of each `a` begin in the destination; 16 bytes of items or more.
    pub(super) columns: &'a [isize],
    /// How many bytes further the rows go on after the last one: where the next tile is.
    pub(super) ahead: isize,
    /// Whether rows fall into few sets of the first-level cache.
    pub(super) side: bool,
    /// Rows of a strip, at most, where rows fall into few sets of the second-level cache.
    pub(super) tall: usize,
    /// Whether rows are read in whole lines of their own there.
    pub(super) windows: bool,
    /// Room for a line per column.
    pub(super) kept: *mut u8,
    /// Whether the tile has the first items of its columns, and the last. If not the first, what the tile before has left
    /// of their last lines is kept; if not the last, the rows make whole strips.
    pub(super) begins: bool,
    pub(super) ends: bool,
    /// What is to be brought near meanwhile, if not the rows that follow.
    pub(super) soon: Option<Soon<'a>>,
}

/// Rows that will be wanted soon.
#[derive(Clone, Copy)]
pub(crate) struct Soon<'a> {
    /// Where they begin: the address, and each as seen from there.
    pub(crate) from: *const u8,
    pub(crate) rows: &'a [isize],
    /// Bytes of a row.
    pub(crate) bytes: usize,
}

/// What such a tile is like, for which there are kernels of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It goes through the caches after all.
    Near,
    /// Columns begin lines.
    Aligned,
    /// Rows fall into few sets of the second-level cache.
    Wide,
    /// It has the first and the last items of its columns, which are bytes.
    Beside,
    /// Anything else.
    Past,
}

/// A kernel that transposes a tile past the caches.
///
/// # Safety
/// All items of the tile can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type AcrossFn = unsafe fn(&Across<'_>);

/// The kernels that also convert: packed items of the source become packed items of the destination of another dtype.
#[derive(Clone, Copy)]
pub(super) struct ConvertedFns {
    /// For [`Way::Past`], and for [`Way::Wide`].
    pub(super) past: AcrossFn,
    pub(super) wide: AcrossFn,
}

/// Runs of the destination that are gathered from words here and there: see `gathered`.
pub(super) struct Gather<'a> {
    /// What runs are seen from on either side.
    pub(super) src: *const u8,
    pub(super) dst: *mut u8,
    /// Where the words of a run lie in the source, as seen from where it begins.
    pub(super) places: &'a [i32],
    /// Where runs begin: in the source, and in the destination, at multiples of a word.
    pub(super) from: &'a [isize],
    pub(super) to: &'a [isize],
    /// Pieces that will be wanted soon, as seen from an address, and their bytes.
    pub(super) soon: *const u8,
    pub(super) ahead: &'a [isize],
    pub(super) ahead_bytes: usize,
}

/// A kernel that gathers runs and writes them past the caches.
///
/// # Safety
/// All words can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type GatherFn = unsafe fn(&Gather<'_>);

/// Items that are each streamed from their place to their place: those of two loops, the inner one of a few items that
/// follow each other in the destination.
pub(super) struct Pieces {
    /// The first item.
    pub(super) src: *const u8,
    pub(super) dst: *mut u8,
    /// Bytes per item, at least one.
    pub(super) item: usize,
    /// The loops.
    pub(super) many: Axis,
    pub(super) few: Axis,
    /// Where source and destination go on after these items.
    pub(super) next: *const u8,
    pub(super) next_dst: *mut u8,
}

/// A kernel that streams items.
///
/// # Safety
/// All items can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type PiecesFn = unsafe fn(&Pieces);

/// A kernel that moves rows of so many bytes: those of two loops, from the first one on.
///
/// # Safety
/// They can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type RowsFn = unsafe fn([Axis; 2], usize, *const u8, *mut u8);

/// A kernel that moves rows of items of some size and step to where they are packed: so many rows, and items of each.
///
/// # Safety
/// There is at least one item. All can be read, and what lies between them, and written, and do not overlap. The CPU has the
/// instructions of the kernel.
pub(super) type StepsFn = unsafe fn((Axis, usize), *const u8, *mut u8);

/// A row of items that is packed in the destination, and in even steps in the source.
pub(super) struct Stepped {
    /// The first item.
    pub(super) src: *const u8,
    /// The first item: a multiple of the item size.
    pub(super) dst: *mut u8,
    /// How many.
    pub(super) n: usize,
    /// Where the source goes on after this row.
    pub(super) next: *const u8,
    /// Bytes by which the source is asked for in advance.
    pub(super) ahead: usize,
}

/// A kernel that moves a row of items of some size and step past the caches.
///
/// # Safety
/// All items can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type SteppedFn = unsafe fn(&Stepped);

/// A row of items that is packed in the source, and in even steps in the destination.
pub(super) struct Spread {
    /// The first item.
    pub(super) src: *const u8,
    pub(super) dst: *mut u8,
    /// How many, at least one.
    pub(super) n: usize,
    /// Bytes from one to the next in the destination.
    pub(super) step: usize,
    /// Bytes by which the destination is asked for in advance; 0 if it is not.
    pub(super) ahead: usize,
}

/// A kernel that moves such a row, of some item size and step, and touches nothing between its items.
///
/// # Safety
/// All items can be read and written, and do not overlap. The CPU has the instructions of the kernel.
pub(super) type SpreadFn = unsafe fn(&Spread);
