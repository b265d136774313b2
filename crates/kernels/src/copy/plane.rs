//! The transpose of a plane: both sides packed along one axis each, constant steps along the other. Most transposes are of
//! this kind, and need no tables.
//!
//! A plane is cut into *squares* of a line by a line, and what is left at its ends. The squares below each other come
//! first: the rows of the source are then read line by line, and the columns of the destination are written as so many
//! streams that go on. (The other way round, columns are lines here and there: half as fast where rows are a power of 2
//! apart.) There is a kernel for each number of lanes of 16 bytes that a square has on each side, which repeats it.
//! Planes that lie in the nearest cache as a whole are no squares but cells of a lane, one after the other, in one call.
//!
//! Measured on Zen 4 for floats, in shares of `memcpy`: 16 x 16 to 128 x 128 0.7 to 0.98, 1000 x 1000 0.75 to 0.9; rows
//! 2 KiB apart 0.65, 4 KiB 0.4. Asking for lines in advance, on either side, costs 5 to 40 %.
//!
//! Columns that begin anywhere in a line cost 10 to 20 %: putting whole lines together in registers costs twice that. On Intel's
//! processors they cost half of the time and more, so there it is done for all planes that the nearest cache does not hold, and no
//! other order matters then.
//!
//! # Rows that fall into few sets of the caches
//!
//! Rows a multiple of 2 KiB apart, or nearly, share few sets of the first-level cache, and of the second-level cache 32 of
//! 2048 or so. What the processor fetches in advance beside a line is then pushed out before its turn comes, and a row that is
//! read lane by lane is fetched again for each. Columns of the destination do that, too, but as streams they need few
//! lines at a time. So it depends on the side:
//!
//! ```text
//! the source                   squares beside each other first: all that is near a line is read soon after it
//! ... items of 1 or 2 bytes    likewise, but a piece of each row goes to a stage first: their squares have more rows than a set
//!                              has lines
//! both sides                   squares go to a stage, from which 8 lines of each column are written at once
//! the destination, or neither  squares below each other first
//! ```
//!
//! Measured on Zen 4, time against that of squares below each other: doubles, rows 4 KiB apart, 64 x 512 0.45, 700 x 512
//! 0.6, 300 x 256 0.7; floats, 500 x 1024 0.65, 64 x 4096 0.5; 2-byte items 500 x 2048 0.48, bytes 500 x 4096 0.29. On both
//! sides: doubles 512 x 512 0.7, 2-byte items 1024 x 1024 0.87, bytes 2048 x 2048 0.47. An item more or less than 2 or 4 KiB
//! apart is worse than exactly that, as what is read next seems, by the lower bits of its address, to be what was just written:
//! doubles 513 x 513 0.47, floats 0.5, bytes 1025 x 1025 0.48. All others take longer any other way.

use crate::check;
use core::mem::MaybeUninit;
use core::ptr::copy_nonoverlapping;

use super::plan::Axis;
use super::tile::{LANE, PITCH, Plane, PlaneFn, Squares, TALL};
use crate::cache::LINE;
use crate::cpu::{asks_in_advance, joins_lines};

/// Rows that are so many bytes apart fall into few sets of the first-level cache, and bytes already if they are half of that.
const SAME_SET: isize = 2048;

/// How far the rows of a square may drift to other sets, all in all.
const DRIFT: usize = 2 * LINE;

/// Bytes of a copy up to which a stage makes up for rows on both sides that fall into few sets, if they do not drift.
const MOST_STAGED: usize = 4 << 20;

/// Bytes of a plane from which on it pays to join lines: both sides do not fit into the nearest cache.
const LEAST_JOINED: usize = 24 << 10;

/// The same for items of 2 bytes, which take more to be shifted.
const LEAST_SMALL_JOINED: usize = 128 << 10;

/// The same for bytes, which are not shifted.
const LEAST_BYTES_JOINED: usize = 32 << 10;

/// Squares of a column that are enough for what is written of its first and last line in parts not to matter.
const JOINED_SQUARES: usize = 4;

/// Rows a multiple of this apart are too many for their sets of the first-level cache to be read lane by lane.
const SAME_SETS: isize = 256;

/// Bytes of a plane from which on it pays to ask for what is written.
const LEAST_ASKED: usize = 384 << 10;

/// Columns of a stage, or rows.
const WIDE: usize = 64;

/// Columns of some lines each, or pieces of rows of half as many.
#[repr(align(64))]
struct Stage(MaybeUninit<[u8; WIDE * PITCH]>);

/// Bytes of a row in a stage, and from row to row.
const PIECE: usize = TALL / 2 * LINE;
const APART: usize = PIECE + LINE;

/// Rows whose squares come first: not more than a processor keeps the places of pages of.
const ROWS: usize = 512;

/// Rows that a kernel that joins lines is given at once: fewer than this.
pub(super) const MOST_JOINED: usize = ROWS + LINE;

/// Moves all items, which have `item` bytes each.
///
/// # Safety
/// As [`super::tile::PlaneFn`], of any extents; the kernels are for these items.
#[inline(always)]
pub(super) unsafe fn run(p: &Plane, squares: &Squares, item: usize) {
    let most = squares.most_part;
    // SAFETY: the caller's promise, passed on.
    unsafe {
        if p.rows.n * item <= most && p.columns.n * item <= most {
            squares.pick(p, item)(p);
        } else {
            large(p, squares, item);
        }
    }
}

/// Moves a plane that is more than the part of a square that a kernel is best for.
///
/// # Safety
/// As [`run`].
#[inline(never)]
unsafe fn large(p: &Plane, squares: &Squares, item: usize) {
    // SAFETY: the caller's promise, passed on.
    unsafe {
        if let Some(near) = squares.near(p, item) {
            near(p);
        } else if p.rows.n * item <= LINE && p.columns.n * item <= LINE {
            squares.pick(p, item)(p);
        } else if p.rows.n * p.columns.n * item < LEAST_JOINED {
            cut::<false>(p, squares, item);
        } else {
            cut_or_join(p, squares, item);
        }
    }
}

/// Cuts a plane that may be large enough for lines to be joined: by itself, so that others need not prepare for that.
///
/// # Safety
/// As [`run`].
#[inline(never)]
unsafe fn cut_or_join(p: &Plane, squares: &Squares, item: usize) {
    // SAFETY: the caller's promise, passed on.
    unsafe { cut::<true>(p, squares, item) }
}

/// Cuts a plane that is more than one square, or joins its lines if it may.
///
/// # Safety
/// As [`run`].
#[inline]
unsafe fn cut<const MAY_JOIN: bool>(p: &Plane, squares: &Squares, item: usize) {
    let side = LINE >> item.trailing_zeros();
    let (rows, columns) = (p.rows.n, p.columns.n);
    let mut at = Corner { src: p.src, s: p.rows.s, dst: p.dst, d: p.columns.d, squares, item };
    for _ in 0..p.times.n {
        // SAFETY: the caller's promise, for one of the repetitions.
        unsafe {
            if rows <= side {
                at.few_rows(rows, columns, side);
            } else if MAY_JOIN && let Some(joined) = at.joined(rows, columns, side) {
                at.joins(joined, rows, columns, side);
            } else {
                match at.order(rows * columns * item, side) {
                    Order::Below => {
                        let far = rows * columns * item >= LEAST_ASKED && asks_in_advance();
                        let asked = squares.asked.filter(|_| far);
                        at.strips(rows, columns, side, asked.unwrap_or(squares.whole));
                    }
                    Order::Beside => at.beside(rows, columns, side),
                    Order::Pieces => at.pieces(rows, columns, side),
                    Order::Staged => {
                        let tall = rows - rows % (TALL * side);
                        at.staged(tall, columns, side);
                        at.at(tall, 0).strips(rows - tall, columns, side, squares.whole);
                    }
                }
            }
        }
        at.src = at.src.wrapping_offset(p.times.s);
        at.dst = at.dst.wrapping_offset(p.times.d);
    }
}

/// In which order squares are moved: see the page of this module.
enum Order {
    Below,
    Beside,
    /// Beside each other, from pieces of rows in a stage.
    Pieces,
    /// To a stage.
    Staged,
}

/// A place in a plane.
#[derive(Clone, Copy)]
struct Corner<'a> {
    /// The item in the source, and bytes from row to row.
    src: *const u8,
    s: isize,
    /// The item in the destination, and bytes from column to column.
    dst: *mut u8,
    d: isize,
    squares: &'a Squares,
    item: usize,
}

impl Corner<'_> {
    /// So many rows and columns further.
    #[inline(always)]
    fn at(self, row: usize, column: usize) -> Self {
        Corner {
            src: self.src.wrapping_offset(row as isize * self.s).wrapping_add(column * self.item),
            dst: self.dst.wrapping_offset(column as isize * self.d).wrapping_add(row * self.item),
            ..self
        }
    }

    /// The plane that begins here.
    #[inline(always)]
    fn plane(self, rows: usize, columns: usize, times: Axis) -> Plane {
        Plane {
            src: self.src,
            dst: self.dst,
            rows: Axis { n: rows, s: self.s, d: 0 },
            columns: Axis { n: columns, s: 0, d: self.d },
            times,
        }
    }

    /// The kernel that joins lines, if there is one for columns like these, and the processor is better off with it.
    #[inline]
    fn joined(&self, rows: usize, columns: usize, side: usize) -> Option<PlaneFn> {
        let (least, squares) = match self.item {
            1 => (LEAST_BYTES_JOINED, JOINED_SQUARES - 1),
            2 => (LEAST_SMALL_JOINED, JOINED_SQUARES),
            _ => (LEAST_JOINED, JOINED_SQUARES),
        };
        if rows * columns * self.item < least || rows < squares * side || columns * self.item < LANE {
            return None;
        }
        let begin = self.dst.addr() | self.d as usize;
        let fits = !begin.is_multiple_of(LINE) && begin.is_multiple_of(self.item);
        let spreads = self.s % SAME_SETS != 0;
        self.squares.joined.filter(|_| fits && spreads && joins_lines())
    }

    /// The best order for a plane of so many bytes.
    #[inline]
    fn order(&self, bytes: usize, side: usize) -> Order {
        let (s, d) = (drift(self.s, SAME_SET), drift(self.d, SAME_SET));
        let few = |drift: usize| drift * side <= DRIFT;
        if self.item <= 2 {
            let pieces = few(s) || self.item == 1 && few(drift(self.s, SAME_SET / 2));
            return if pieces { Order::Pieces } else { Order::Below };
        }
        if few(s) && few(d) {
            // Rows that are 2 KiB apart on both sides are not yet worth a stage.
            let many = self.s % (2 * SAME_SET) == 0 || self.d % (2 * SAME_SET) == 0;
            let staged = s + d > 0 || many && bytes <= MOST_STAGED;
            return if staged { Order::Staged } else { Order::Below };
        }
        if few(s) { Order::Beside } else { Order::Below }
    }

    /// Moves squares by way of a stage, from which each column goes on by some lines at once.
    ///
    /// # Safety
    /// As [`run`], for these rows, which make whole columns of the stage, and columns from here on.
    #[inline(never)]
    unsafe fn staged(self, rows: usize, columns: usize, side: usize) {
        let mut room = Stage(MaybeUninit::uninit());
        let stage = room.0.as_mut_ptr().cast::<u8>();
        for b in (0..rows).step_by(TALL * side) {
            for a in (0..columns).step_by(WIDE) {
                let wide = WIDE.min(columns - a);
                let at = self.at(b, a);
                let beside = Axis { n: wide / side, s: LINE as isize, d: (PITCH * side) as isize };
                let left = wide % side;
                let mut to = Corner { dst: stage, d: PITCH as isize, ..at };
                // SAFETY: squares of the plane, and columns of the stage for them.
                unsafe {
                    for _ in 0..TALL {
                        to.square(side, side, beside);
                        to.at(0, wide - left).square(side, left, Axis::ONE);
                        to = to.at(side, 0);
                    }
                    (self.squares.out)(stage, at.dst, at.d, wide);
                }
            }
        }
    }

    /// Moves squares below each other, then those beside them, whole ones by this kernel.
    ///
    /// # Safety
    /// As [`run`] (as for all functions here), for these rows and columns from here on.
    #[inline(never)]
    unsafe fn strips(self, rows: usize, columns: usize, side: usize, whole: PlaneFn) {
        let mut b = 0;
        while b < rows {
            let here = ROWS.min(rows - b);
            let left = here % side;
            let below = Axis { n: here / side, s: self.s.wrapping_mul(side as isize), d: LINE as isize };
            let (mut at, mut a) = (self.at(b, 0), 0);
            let mut squares = at.plane(side, side, below);
            // SAFETY: the caller's promise.
            unsafe {
                while a + side <= columns {
                    (squares.src, squares.dst) = (at.src, at.dst);
                    whole(&squares);
                    at.at(here - left, 0).square(left, side, Axis::ONE);
                    at = at.at(0, side);
                    a += side;
                }
                at.square(side, columns - a, below);
                at.at(here - left, 0).square(left, columns - a, Axis::ONE);
            }
            b += here;
        }
    }

    /// Moves lanes of columns, with whole lines of each.
    ///
    /// # Safety
    /// As [`Corner::strips`], for rows and columns as the kernel wants them.
    #[inline(never)]
    unsafe fn joins(self, joined: PlaneFn, rows: usize, columns: usize, side: usize) {
        let mut b = 0;
        while b < rows {
            let left = rows - b;
            let here = if left < ROWS + side { left } else { ROWS };
            check(here < MOST_JOINED, "rows that are joined");
            // SAFETY: the caller's promise; at least a line of rows.
            unsafe { joined(&self.at(b, 0).plane(here, columns, Axis::ONE)) };
            b += here;
        }
    }

    /// Moves squares beside each other, then those below them.
    ///
    /// # Safety
    /// As [`Corner::strips`].
    #[inline(never)]
    unsafe fn beside(self, rows: usize, columns: usize, side: usize) {
        for b in (0..rows).step_by(side) {
            // SAFETY: the caller's promise.
            unsafe { self.at(b, 0).few_rows(side.min(rows - b), columns, side) };
        }
    }

    /// Moves squares beside each other, whose rows are put side by side in a stage first.
    ///
    /// # Safety
    /// As [`Corner::strips`], for items of at most 2 bytes.
    #[inline(never)]
    unsafe fn pieces(self, rows: usize, columns: usize, side: usize) {
        const { assert!(WIDE >= LINE && APART <= PITCH) };
        let mut room = Stage(MaybeUninit::uninit());
        let stage = room.0.as_mut_ptr().cast::<u8>();
        let wide = PIECE / self.item;
        for b in (0..rows).step_by(side) {
            let here = side.min(rows - b);
            for a in (0..columns).step_by(wide) {
                let (at, wide) = (self.at(b, a), wide.min(columns - a));
                // SAFETY: at most `PIECE` bytes of at most `LINE` rows of the plane, for which the stage has room; from there to
                // their places.
                unsafe {
                    for row in 0..here {
                        let from = at.src.wrapping_offset(row as isize * at.s);
                        copy_nonoverlapping(from, stage.wrapping_add(row * APART), wide * self.item);
                    }
                    Corner { src: stage, s: APART as isize, ..at }.few_rows(here, wide, side);
                }
            }
        }
    }

    /// Moves no more rows than a square has.
    ///
    /// # Safety
    /// As [`Corner::strips`].
    #[inline(never)]
    unsafe fn few_rows(self, rows: usize, columns: usize, side: usize) {
        let left = columns % side;
        let beside = Axis { n: columns / side, s: LINE as isize, d: self.d.wrapping_mul(side as isize) };
        // SAFETY: the caller's promise.
        unsafe {
            self.square(rows, side, beside);
            self.at(0, columns - left).square(rows, left, Axis::ONE);
        }
    }

    /// Moves a square, or what there is of one, several times.
    ///
    /// # Safety
    /// As [`Corner::strips`].
    #[inline(always)]
    unsafe fn square(self, rows: usize, columns: usize, times: Axis) {
        if rows == 0 || columns == 0 || times.n == 0 {
            return;
        }
        let plane = self.plane(rows, columns, times);
        // SAFETY: the caller's promise.
        unsafe { self.squares.pick(&plane, self.item)(&plane) }
    }
}

/// Bytes by which a step misses the nearest multiple of a period; a period where that is 0: what is so near is beside each other.
#[inline(always)]
fn drift(step: isize, period: isize) -> usize {
    if step.abs() < period / 2 {
        return period as usize;
    }
    let over = step.rem_euclid(period);
    over.min(period - over).unsigned_abs()
}
