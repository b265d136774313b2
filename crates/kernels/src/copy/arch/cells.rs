//! Squares of planes, or all of a small one, by the vectors of any instruction set: cells of a lane of columns and as many rows
//! as fill a vector, the last of which are moved back over others.

use core::mem::MaybeUninit;

use super::generic::{Lanes, each, weave};
use crate::cache::LINE;
use crate::copy::tile::{PITCH, Plane, TALL};

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

    /// The square that begins so many rows and columns before.
    #[inline(always)]
    pub(super) fn back(self, rows: usize, columns: usize, item: usize) -> Corner {
        Corner {
            src: self.src.wrapping_offset(-(rows as isize * self.s)).wrapping_sub(columns * item),
            dst: self.dst.wrapping_offset(-(columns as isize * self.d)).wrapping_sub(rows * item),
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

/// Moves a square, or a part of one, or any plane, of items of `16 / N` bytes.
///
/// # Safety
/// As [`crate::copy::tile::PlaneFn`]. The CPU has the instructions of the vector (as for all functions here).
#[inline(always)]
pub(super) unsafe fn square<V: Lanes, const N: usize>(p: &Plane) {
    let (rows, columns) = (p.rows.n, p.columns.n);
    let mut at = Corner { src: p.src, s: p.rows.s, dst: p.dst, d: p.columns.d };
    for _ in 0..p.times.n {
        // SAFETY: the caller's promise, for one of the repetitions.
        unsafe {
            // A lane that is one item is no vector.
            if rows >= N && columns >= N && N * V::LANES > 1 {
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
        at.src = at.src.wrapping_offset(p.times.s);
        at.dst = at.dst.wrapping_offset(p.times.d);
    }
}

/// Moves rows and columns of which there are at least `N` each: the last cells are moved back over others.
///
/// # Safety
/// As [`square`], for these.
#[inline(always)]
unsafe fn cells<V: Lanes, const N: usize>(mut at: Corner, rows: usize, columns: usize) {
    let high = N * V::LANES;
    let mut left = rows;
    // SAFETY: cells of the square.
    unsafe {
        while left >= high {
            across::<V, N>(at, columns);
            at = at.at(high, 0, 16 / N);
            left -= high;
        }
        while left > 0 {
            if left < N {
                at = at.back(N - left, 0, 16 / N);
                left = N;
            }
            across::<V::One, N>(at, columns);
            at = at.at(N, 0, 16 / N);
            left -= N;
        }
    }
}

/// Moves the cells beside each other.
///
/// # Safety
/// As [`cells`], for `LANES * N` rows.
#[inline(always)]
unsafe fn across<V: Lanes, const N: usize>(mut at: Corner, columns: usize) {
    let mut left = columns;
    // SAFETY: cells of the square.
    unsafe {
        while left >= N {
            cell::<V, N>(at);
            at = at.at(0, N, 16 / N);
            left -= N;
        }
        if left > 0 {
            cell::<V, N>(at.back(0, N - left, 16 / N));
        }
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
    // column.
    unsafe {
        let mut x = [V::load(row(0).as_ptr(), 1, 0); N];
        each!(N, i => x[i] = V::load(row(i).as_ptr(), 1, 0));
        let x = weave(x);
        each!(N, j => x[j].store(at.column(j)));
    }
}

/// Moves items one by one.
///
/// # Safety
/// As [`square`], for these; `T` has the size of an item.
#[inline(always)]
unsafe fn items<T: Copy>(at: Corner, rows: usize, columns: usize) {
    for a in 0..columns {
        let mut from = at.src.wrapping_add(a * size_of::<T>()).cast::<MaybeUninit<T>>();
        let mut to = at.column(a).cast::<MaybeUninit<T>>();
        for _ in 0..rows {
            // SAFETY: an item of the square, whatever its bits.
            unsafe { to.write_unaligned(from.read_unaligned()) };
            from = from.wrapping_byte_offset(at.s);
            to = to.wrapping_add(1);
        }
    }
}

/// Moves columns of some lines from a stage to their places.
///
/// # Safety
/// As [`crate::copy::tile::OutFn`].
#[inline(always)]
pub(super) unsafe fn out(mut from: *const u8, mut to: *mut u8, apart: isize, columns: usize) {
    for _ in 0..columns {
        for at in (0..TALL * LINE).step_by(LINE) {
            // SAFETY: a line of the column, whatever its bits.
            unsafe {
                let line = from.wrapping_add(at).cast::<MaybeUninit<[u8; LINE]>>().read_unaligned();
                to.wrapping_add(at).cast::<MaybeUninit<[u8; LINE]>>().write_unaligned(line);
            }
        }
        from = from.wrapping_add(PITCH);
        to = to.wrapping_offset(apart);
    }
}
