//! The kernels of the copy engine: one algorithm, a thin file per set of instructions.
//!
//! ```text
//!   generic    the block transpose over any vector of 16-byte lanes, and how a tile is cut into blocks
//!   cells      squares of planes over the same vectors
//!   across     the transpose of long runs, straight past the caches; column: how they are written
//!   beside     the same for bytes; board: how they are written
//!   wide       the same where rows fall into few sets of the caches
//!   past       across for records
//!   flush      the way from the stage to the destination
//!   turns      tiles into a stage, by turns with what is written from another
//!   pieces     long items, each from its place to its place
//!   steps      rows that the source has in even steps, past the caches
//!   spread     packed rows that go to even steps of the destination
//!   lines      small even steps, planes and pixels
//!   records    planes of items that are no powers of two, without vectors
//!   scalar     any item size, any steps, without vectors
//!   x86_sse2, x86_avx2, x86_avx512, neon      the vectors, and the entry points compiled for them
//!   x86_avx512_square, x86_avx512_partly      squares with AVX-512, and parts of them by its masks
//!   x86_avx512_asked      squares that are asked for before they are written, with AVX-512
//!   x86_avx512_even       planes in even steps, past the caches, with AVX-512
//!   x86_avx512_fields     records of more items to columns and back, with AVX-512
//!   x86_avx512_gather     lines that are gathered word by word, with AVX-512
//!   x86_avx512_joined     planes whose columns begin anywhere in a line, with AVX-512
//!   x86_avx512_bytes      planes and tiles of items of 3 to 63 bytes, with VBMI
//!   x86_avx512_cast       transposes that convert, with AVX-512
//!   x86_avx512_lanes      records of two and four lanes from rows, with AVX-512
//!   x86_avx512_mixed      small blocks in any order, with AVX-512
//!   x86_avx512_packed     tiles and planes of items of 3 to 60 bytes, line by line, with AVX-512
//!   x86_avx512_records    planes of items of 3 to 15 bytes, with AVX-512
//!   x86_avx512_rows       rows of some lines, with AVX-512
//!   x86_avx512_step       every second to fourth item, forwards and backwards, with AVX-512
//!   x86_avx512_woven      records of a few items to columns and back, with AVX-512
//! ```
//!
//! Nothing else in the engine names an instruction set.

use libstrided_layout::DType;

use self::records::Records;
use super::alternate::Turn;
use super::tile::{
    AcrossFn, ConvertedFns, FlushFn, GatherFn, MixedFn, PiecesFn, RowsFn, SpreadFn, SquaredFn, Squares,
    SteppedFn, StepsFn, Tile, TileFn, Way, WovenFn,
};
use crate::Level;
use crate::cache::LINE;

#[cfg(target_arch = "x86_64")]
mod across;
#[cfg(target_arch = "x86_64")]
mod beside;
#[cfg(target_arch = "x86_64")]
mod board;
mod cells;
#[cfg(target_arch = "x86_64")]
mod column;
#[cfg(target_arch = "x86_64")]
mod flush;
mod generic;
mod lines;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod past;
#[cfg(target_arch = "x86_64")]
mod pieces;
mod records;
pub(super) mod scalar;
mod spread;
#[cfg(target_arch = "x86_64")]
mod steps;
#[cfg(target_arch = "x86_64")]
mod turns;
#[cfg(target_arch = "x86_64")]
mod wide;
#[cfg(target_arch = "x86_64")]
mod x86_avx2;
#[cfg(target_arch = "x86_64")]
mod x86_avx512;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_asked;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_bytes;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_cast;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_columns;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_even;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_fields;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_gather;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_joined;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_lanes;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_mixed;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_packed;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_partly;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_records;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_rows;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_square;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_step;
#[cfg(target_arch = "x86_64")]
mod x86_avx512_woven;
#[cfg(target_arch = "x86_64")]
mod x86_sse2;

pub(super) use crate::cache::prefetch;
#[cfg(target_arch = "x86_64")]
pub(super) use crate::cache::prefetch_cut;
pub(super) use generic::MOST_ROWS;
pub(super) use lines::Shape;

/// The kernel that transposes tiles of items of this size in registers; only sizes 1, 2, 4, 8 and 16 have one, and others of up to 15
/// where the machine permutes bytes.
#[inline]
pub(super) fn transpose(level: Level, item: usize) -> Option<TileFn> {
    #[cfg(target_arch = "x86_64")]
    {
        match level {
            Level::Avx512 if !item.is_power_of_two() && Level::permutes_bytes() => {
                x86_avx512_bytes::tile(item)
            }
            Level::Avx512 => x86_avx512::transpose(item),
            Level::Avx2 => x86_avx2::transpose(item),
            _ => x86_sse2::transpose(item),
        }
    }
    #[cfg(target_arch = "aarch64")]
    {
        match level {
            Level::Neon => neon::transpose(item),
            _ => None,
        }
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let _ = (level, item);
        None
    }
}

/// The kernels for squares of planes of items of this size; only sizes 1, 2, 4, 8 and 16 have one.
#[inline(always)]
pub(super) fn squares(level: Level, item: usize) -> Option<&'static Squares> {
    #[cfg(target_arch = "x86_64")]
    {
        match level {
            Level::Avx512 => x86_avx512_square::squares(item),
            Level::Avx2 => x86_avx2::squares(item),
            _ => x86_sse2::squares(item),
        }
    }
    #[cfg(target_arch = "aarch64")]
    {
        match level {
            Level::Neon => neon::squares(item),
            _ => None,
        }
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let _ = (level, item);
        None
    }
}

/// The kernel for tiles of whole squares of items of this size, where the machine has vectors of a whole line.
#[inline]
pub(super) fn squared(level: Level, item: usize) -> Option<SquaredFn> {
    #[cfg(target_arch = "x86_64")]
    {
        if level == Level::Avx512 { x86_avx512_square::squared(item) } else { None }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, item);
        None
    }
}

/// The kernels for planes of so many rows and columns of items of this size, of 3 to 63 bytes, that is no power of two. They take the
/// size from the step of the rows in the destination.
#[inline]
pub(super) fn records(level: Level, item: usize, rows: usize, columns: usize) -> Option<Records> {
    let plain = records::plane(item)?;
    #[cfg(target_arch = "x86_64")]
    {
        if level != Level::Avx512 {
            return Some(Records { whole: None, any: plain });
        }
        let by_bytes = rows * columns >= x86_avx512_bytes::least(item) && Level::permutes_bytes();
        let any = if by_bytes { x86_avx512_bytes::plane(item) } else { None };
        let any = any.or_else(|| x86_avx512_records::records(item)).unwrap_or(plain);
        let whole = packed(level, item).filter(|packed| packed.turns.is_enough(rows, columns));
        Some(Records { whole: whole.map(|packed| packed.plane), any })
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, rows, columns);
        Some(Records { any: plain })
    }
}

/// The kernel for blocks of items of this size that trade places, where the machine has permutations of whole lines.
#[inline]
pub(super) fn mixed(level: Level, item: usize) -> Option<MixedFn> {
    #[cfg(target_arch = "x86_64")]
    {
        if level == Level::Avx512 { x86_avx512_mixed::mixed(item) } else { None }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, item);
        None
    }
}

/// The kernel for records of so many items of this size, which are the source if they are dealt, where the machine has permutations of
/// whole lines. `whole` if columns begin equally far into a line, and at multiples of the item, or records that are the destination at
/// such.
#[inline]
pub(super) fn woven(level: Level, item: usize, fields: usize, deal: bool, whole: bool) -> Option<WovenFn> {
    #[cfg(target_arch = "x86_64")]
    {
        if level != Level::Avx512 {
            return None;
        }
        if whole && let Some(lanes) = x86_avx512_lanes::lanes(item, fields, deal) {
            return Some(lanes);
        }
        match x86_avx512_fields::fits(item, fields) {
            true => x86_avx512_fields::fields(item),
            false => x86_avx512_woven::woven(item, fields),
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, item, fields, deal, whole);
        None
    }
}

/// The kernel for rows of items of this size, so many items apart, that needs no tables.
#[inline]
pub(super) fn every(level: Level, step: isize, item: usize) -> Option<StepsFn> {
    #[cfg(target_arch = "x86_64")]
    if level == Level::Avx512 {
        return x86_avx512_step::rows(step, item);
    }
    let _ = (level, step, item);
    None
}

/// The kernel for tiles of an even shape.
#[inline]
pub(super) fn line(level: Level, shape: Shape, item: usize) -> Option<TileFn> {
    #[cfg(target_arch = "x86_64")]
    {
        match level {
            Level::Avx512 => x86_avx512::line(shape, item),
            Level::Avx2 => x86_avx2::line(shape, item),
            _ => x86_sse2::line(shape, item),
        }
    }
    #[cfg(target_arch = "aarch64")]
    {
        match level {
            Level::Neon => neon::line(shape, item),
            _ => None,
        }
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let _ = (level, shape, item);
        None
    }
}

/// The kernel that writes the runs of a box past the caches, where the machine has such stores.
#[inline]
pub(super) fn flush(level: Level) -> Option<FlushFn> {
    #[cfg(target_arch = "x86_64")]
    {
        Some(match level {
            Level::Avx512 => x86_avx512::flush,
            Level::Avx2 => x86_avx2::flush,
            _ => x86_sse2::flush,
        })
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = level;
        None
    }
}

/// A kernel that moves a tile that is packed on both sides, and goes on with the turn meanwhile.
///
/// # Safety
/// As [`TileFn`], and as [`super::drain::Drain::next`] for the turn; the tile has rows and columns enough for [`Turns::fit`].
pub(super) type TurnFn = unsafe fn(&Tile<'_>, &mut Turn<'_>);

/// The kernel for items of one size.
#[derive(Clone, Copy)]
pub(super) struct Turns {
    pub(super) kernel: TurnFn,
    /// Rows and columns of a cell.
    rows: usize,
    columns: usize,
    /// Rows of all cells for so many of a tile, in eighths, at most: the last cell is moved back over what was done already.
    most: usize,
}

impl Turns {
    /// Whether there are the rows and columns of a cell.
    #[inline]
    pub(super) fn is_enough(self, rows: usize, columns: usize) -> bool {
        rows >= self.rows && columns >= self.columns
    }

    /// Whether it is one for tiles of so many rows and columns.
    #[inline]
    pub(super) fn fit(self, rows: usize, columns: usize) -> bool {
        let all = rows.next_multiple_of(self.rows);
        self.is_enough(rows, columns) && all * 8 <= rows * self.most
    }

    /// How many cells they have.
    #[inline]
    pub(super) fn cells(self, rows: usize, columns: usize) -> usize {
        rows.div_ceil(self.rows) * columns.div_ceil(self.columns)
    }
}

/// The kernel that transposes tiles of items of this size by turns with what is written, where the machine has vectors of a whole line.
#[inline]
pub(super) fn turns(level: Level, item: usize) -> Option<Turns> {
    #[cfg(target_arch = "x86_64")]
    {
        match level {
            Level::Avx512 if item.is_power_of_two() => x86_avx512::turns(item),
            Level::Avx512 => packed(level, item).map(|packed| packed.turns),
            _ => None,
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, item);
        None
    }
}

/// The kernel that transposes long runs in this way, where the machine has vectors of a whole line: for all ways or none.
#[inline]
pub(super) fn across(level: Level, item: usize, way: Way) -> Option<AcrossFn> {
    #[cfg(target_arch = "x86_64")]
    {
        match level {
            Level::Avx512 if item.is_power_of_two() => x86_avx512::across(item, way),
            Level::Avx512 if way != Way::Near => packed(level, item).map(|packed| packed.past),
            _ => None,
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, item, way);
        None
    }
}

/// The kernels that put columns of records together in registers.
#[cfg(target_arch = "x86_64")]
#[inline]
fn packed(level: Level, item: usize) -> Option<x86_avx512_packed::Packed> {
    if level == Level::Avx512 { x86_avx512_packed::packed(item, Level::permutes_bytes()) } else { None }
}

/// Columns of items of this size begin at multiples of so many bytes where they go by [`across`], and rows that are done at once,
/// whether there are as many or not.
#[inline]
pub(super) fn across_unit(level: Level, item: usize) -> (usize, usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(packed) = packed(level, item) {
        return (packed.unit, packed.turns.rows);
    }
    let _ = level;
    (item, 1)
}

/// The kernels that transpose long runs and convert them, where the machine has vectors of a whole line.
#[inline]
pub(super) fn converted(level: Level, from: DType, to: DType) -> Option<ConvertedFns> {
    #[cfg(target_arch = "x86_64")]
    {
        if level == Level::Avx512 { x86_avx512_cast::converted(from, to) } else { None }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, from, to);
        None
    }
}

/// The kernel that gathers items of this size, which are words of 4 or 8 bytes, where that is fast.
#[inline]
pub(super) fn gather(level: Level, item: usize) -> Option<GatherFn> {
    #[cfg(target_arch = "x86_64")]
    if level == Level::Avx512 && item.is_multiple_of(4) && crate::cpu::gathers() {
        return x86_avx512_gather::gather(gather_word(item));
    }
    let _ = (level, item);
    None
}

/// Bytes of the words that make such items.
#[inline]
pub(super) fn gather_word(item: usize) -> usize {
    if item.is_multiple_of(8) { 8 } else { 4 }
}

/// From how many bytes on items that follow each other in the destination go by [`pieces`]: fewer where lines that have bytes of two of
/// them are put together in registers. (By way of memory, 68 bytes took 1.3 times as long as by a stage, 96 as long, 132 0.7 times.)
#[inline]
pub(super) fn joins(level: Level) -> usize {
    if level == Level::Avx512 { LINE } else { 2 * LINE }
}

/// The kernel that streams items one by one, where the machine has such stores.
#[inline]
pub(super) fn pieces(level: Level) -> Option<PiecesFn> {
    #[cfg(target_arch = "x86_64")]
    {
        Some(match level {
            Level::Avx512 => x86_avx512::pieces,
            Level::Avx2 => x86_avx2::pieces,
            _ => x86_sse2::pieces,
        })
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = level;
        None
    }
}

/// The kernel that streams rows of items of this size, so many items apart in the source, where the machine has shuffles
/// and such stores.
#[inline]
pub(super) fn stepped(level: Level, item: usize, step: isize) -> Option<SteppedFn> {
    #[cfg(target_arch = "x86_64")]
    {
        match level {
            Level::Avx512 => steps::pick::<x86_avx512::Avx512>(item, step),
            Level::Avx2 => steps::pick::<x86_avx2::Avx2>(item, step),
            _ => None,
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, item, step);
        None
    }
}

/// The kernel that moves packed rows of items of this size to places so many bytes apart.
#[inline]
pub(super) fn spread(level: Level, item: usize, step: usize) -> Option<SpreadFn> {
    spread_by_vectors(level, item, step).or_else(|| spread::plain(item))
}

/// The same, where it is one of vectors.
#[inline]
pub(super) fn spread_by_vectors(level: Level, item: usize, step: usize) -> Option<SpreadFn> {
    #[cfg(target_arch = "x86_64")]
    if level == Level::Avx512 {
        return spread::pick::<x86_avx512::Avx512>(item, step);
    }
    let _ = (level, item, step);
    None
}

/// The kernel for rows of so many bytes, where it is better than the C library's copy of each.
#[inline]
pub(super) fn rows(level: Level, bytes: usize) -> Option<RowsFn> {
    #[cfg(target_arch = "x86_64")]
    {
        if level == Level::Avx512 && x86_avx512_rows::fits(bytes) {
            Some(x86_avx512_rows::rows)
        } else {
            None
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (level, bytes);
        None
    }
}

/// Orders streamed stores before all later ones.
#[inline]
pub(super) fn fence() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: an instruction that every x86-64 has.
    unsafe {
        core::arch::x86_64::_mm_sfence();
    }
}
