//! The transpose of a plane: both sides packed along one axis each, constant steps along the other. Most transposes are of
//! this kind, and need no tables.
//!
//! A plane is cut into *squares* of a line by a line. The squares below each other come first: the rows of the source are
//! then read line by line, and the columns of the destination are written as so many streams that go on. (The other way
//! round, columns are lines here and there: half as fast where rows are a power of 2 apart.) What is left at the ends are
//! parts of squares.
//!
//! Measured on Zen 4 for floats, in shares of `memcpy`: 16 x 16 to 128 x 128 0.7 to 0.98, 1000 x 1000 0.75 to 0.9; rows
//! 2 KiB apart 0.65, 4 KiB 0.4, one item more than that 0.2 to 0.3. Asking for lines in advance, on either side, costs 5 to
//! 40 %.

use core::ptr::{read_unaligned, write_unaligned};

use super::generic::{Lanes, weave};
use crate::copy::plan::Axis;
use crate::copy::stage::LINE;
use crate::copy::tile::Plane;

/// Rows whose squares come first: not more than a processor keeps the places of pages of.
const ROWS: usize = 512;

/// A square of a plane.
#[derive(Clone, Copy)]
pub(super) struct Corner {
    /// Its first item in the source, and bytes from row to row.
    pub(super) src: *const u8,
    pub(super) s: isize,
    /// Its first item in the destination, and bytes from column to column.
    pub(super) dst: *mut u8,
    pub(super) d: isize,
}

impl Corner {
    /// The square that begins at this row and column.
    #[inline(always)]
    pub(super) fn at(self, row: usize, column: usize, item: usize) -> Corner {
        Corner {
            src: self.src.wrapping_offset(row as isize * self.s).wrapping_add(column * item),
            dst: self.dst.wrapping_offset(column as isize * self.d).wrapping_add(row * item),
            ..self
        }
    }

    /// Where a row begins in the source.
    #[inline(always)]
    pub(super) fn row(self, row: usize) -> *const u8 {
        self.src.wrapping_offset(row as isize * self.s)
    }

    /// Where a column begins in the destination.
    #[inline(always)]
    pub(super) fn column(self, column: usize) -> *mut u8 {
        self.dst.wrapping_offset(column as isize * self.d)
    }
}

/// A way to move squares.
pub(super) trait Square {
    /// Bytes per item; a line has `LINE / ITEM` items.
    const ITEM: usize;

    /// Moves a square of as many rows and columns as a line has items.
    ///
    /// # Safety
    /// Its items can be read and written. The CPU has the instructions.
    unsafe fn whole(at: Corner);

    /// Moves some rows and columns of a square, at least one and at most all.
    ///
    /// # Safety
    /// As [`Square::whole`], for these.
    unsafe fn part(at: Corner, rows: usize, columns: usize);
}

/// Moves all items.
///
/// # Safety
/// As [`crate::copy::tile::PlaneFn`].
#[inline(always)]
pub(super) unsafe fn plane<S: Square>(p: &Plane) {
    let Axis { n, s, d } = p.times;
    let (mut src, mut dst) = (p.src, p.dst);
    for _ in 0..n {
        // SAFETY: the caller's promise, for one of the repetitions.
        unsafe { once::<S>(p, Corner { src, s: p.rows.s, dst, d: p.columns.d }) };
        src = src.wrapping_offset(s);
        dst = dst.wrapping_offset(d);
    }
}

/// # Safety
/// As [`plane`].
#[inline(always)]
unsafe fn once<S: Square>(p: &Plane, first: Corner) {
    let side = LINE / S::ITEM;
    let (mut b, mut at) = (0, first);
    while b < p.rows.n {
        let (mut a, rows) = (0, ROWS.min(p.rows.n - b));
        while a < p.columns.n {
            let columns = side.min(p.columns.n - a);
            let mut at = at.at(0, a, S::ITEM);
            let mut left = rows;
            // SAFETY: squares of the plane, as far as it has rows and columns.
            unsafe {
                if columns == side {
                    while left >= side {
                        S::whole(at);
                        at = at.at(side, 0, S::ITEM);
                        left -= side;
                    }
                }
                while left > 0 {
                    let rows = left.min(side);
                    S::part(at, rows, columns);
                    at = at.at(rows, 0, S::ITEM);
                    left -= rows;
                }
            }
            a += side;
        }
        at = at.at(rows, 0, S::ITEM);
        b += ROWS;
    }
}

/// Squares by the vectors of any instruction set.
pub(super) struct Cells<V, const N: usize>(core::marker::PhantomData<V>);

impl<V: Lanes, const N: usize> Square for Cells<V, N> {
    const ITEM: usize = 16 / N;

    #[inline(always)]
    unsafe fn whole(at: Corner) {
        // SAFETY: the caller's promise.
        unsafe { cells::<V, N>(at, 4 * N, 4 * N) }
    }

    #[inline(always)]
    unsafe fn part(at: Corner, rows: usize, columns: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            if rows >= N && columns >= N {
                cells::<V, N>(at, rows, columns);
            } else {
                match N {
                    16 => items::<u8>(at, rows, columns),
                    8 => items::<u16>(at, rows, columns),
                    4 => items::<u32>(at, rows, columns),
                    2 => items::<u64>(at, rows, columns),
                    _ => items::<u128>(at, rows, columns),
                }
            }
        }
    }
}

/// Moves rows and columns of which there are at least `N` each: the last cells are moved back over others.
///
/// # Safety
/// As [`Square::whole`], for these.
#[inline(always)]
unsafe fn cells<V: Lanes, const N: usize>(at: Corner, rows: usize, columns: usize) {
    let high = N * V::LANES;
    let mut b = 0;
    // SAFETY: cells of the square.
    unsafe {
        while b + high <= rows {
            across::<V, N>(at.at(b, 0, 16 / N), columns);
            b += high;
        }
        while b < rows {
            b = b.min(rows - N);
            across::<V::One, N>(at.at(b, 0, 16 / N), columns);
            b += N;
        }
    }
}

/// Moves the cells beside each other.
///
/// # Safety
/// As [`cells`], for `LANES * N` rows.
#[inline(always)]
unsafe fn across<V: Lanes, const N: usize>(at: Corner, columns: usize) {
    let mut a = 0;
    while a < columns {
        a = a.min(columns - N);
        // SAFETY: a cell of the square.
        unsafe { cell::<V, N>(at.at(0, a, 16 / N)) };
        a += N;
    }
}

/// Moves `LANES * N` rows of `N` columns.
///
/// # Safety
/// As [`cells`], for these.
#[inline(always)]
unsafe fn cell<V: Lanes, const N: usize>(at: Corner) {
    let row = |i: usize| [at.row(i), at.row(i + N), at.row(i + 2 * N), at.row(i + 3 * N)];
    // SAFETY: 16 bytes of each of these rows, of which as many count as the vector has lanes; then whole vectors of each
    // column. Loops with indices and no more, so that all of it stays in registers.
    #[allow(clippy::needless_range_loop)]
    unsafe {
        let mut x = [V::load(row(0).as_ptr(), 1, 0); N];
        for i in 1..N {
            x[i] = V::load(row(i).as_ptr(), 1, 0);
        }
        let x = weave(x);
        for j in 0..N {
            x[j].store(at.column(j));
        }
    }
}

/// Moves items one by one.
///
/// # Safety
/// As [`Square::part`]; `T` has the size of an item.
#[inline(always)]
unsafe fn items<T: Copy>(at: Corner, rows: usize, columns: usize) {
    for a in 0..columns {
        for b in 0..rows {
            let at = at.at(b, a, size_of::<T>());
            // SAFETY: an item of the square, whatever its bits.
            unsafe {
                let item = read_unaligned(at.src.cast::<core::mem::MaybeUninit<T>>());
                write_unaligned(at.dst.cast(), item);
            }
        }
    }
}
