//! Copies whose sides share memory, without a temporary, where the order of the moves can make up for it.
//!
//! ```text
//!   shift   both sides have the same strides, so that all items move by the same distance. Walked from the end to which
//!           they move, no item is overwritten before it has moved. Parts that move by more than their own extent overlap
//!           nothing, and go the way of any other copy
//!   turn    a square changes places with its transpose: tiles trade places, by way of a scratch block
//! ```

use core::mem::MaybeUninit;

use libstrided_layout::{Error, MAX_NDIM, Result};

use super::pack::pack2d;
use super::plan::Axis;
use super::{copy, walk::walk};
use crate::Operand;

/// Copies all items of `src` to the same positions of `dst`, as if all had been read before any is written, where that needs
/// no temporary. `false`, with nothing written, where it does.
///
/// An error when the item sizes differ or a list of strides has another length than `shape`; nothing is written then.
///
/// # Safety
/// As for [`copy`], but that items of `dst` may overlap items of `src`.
pub unsafe fn copy_overlapping(shape: &[i64], src: Operand<'_>, dst: Operand<'_>) -> Result<bool> {
    for strides in [src.strides, dst.strides] {
        if strides.len() != shape.len() {
            return Err(Error::WrongCount { expected: shape.len(), got: strides.len() as i64 });
        }
    }
    if src.itemsize != dst.itemsize {
        return Err(Error::InvalidArgument {
            rule: "source and destination must have items of the same size",
            value: dst.itemsize,
        });
    }
    if shape.contains(&0) {
        return Ok(true);
    }
    // SAFETY: the caller's promise, passed on.
    unsafe {
        match Shift::new(shape, &src, &dst) {
            Some(shift) => shift.run()?,
            None => match Turn::new(shape, &src, &dst) {
                Some(turn) => turn.run(),
                None => return Ok(false),
            },
        }
    }
    Ok(true)
}

/// Axes without those of one position, by falling strides of the destination, which are turned forwards.
struct Axes {
    list: [Axis; MAX_NDIM],
    len: usize,
}

impl Axes {
    fn as_slice(&self) -> &[Axis] {
        &self.list[..self.len]
    }
}

/// All items move by the same distance.
struct Shift {
    axes: Axes,
    src: *mut u8,
    /// Bytes from the source of an item to its destination.
    by: isize,
    item: usize,
}

impl Shift {
    /// `None` if strides differ, or items of one axis lie between those of another.
    fn new(shape: &[i64], src: &Operand<'_>, dst: &Operand<'_>) -> Option<Shift> {
        let mut axes = Axes { list: [Axis::ONE; MAX_NDIM], len: 0 };
        let mut first = src.data;
        for ((&n, &s), &d) in shape.iter().zip(src.strides).zip(dst.strides) {
            if n == 1 {
                continue;
            }
            if s != d || s == 0 || axes.len == MAX_NDIM {
                return None;
            }
            let mut axis = Axis { n: n as usize, s: s as isize, d: d as isize };
            if s < 0 {
                first = first.wrapping_offset(axis.s.wrapping_mul((n - 1) as isize));
                axis.s = axis.s.wrapping_neg();
                axis.d = axis.s;
            }
            let mut at = axes.len;
            while at > 0 && axes.list[at - 1].d < axis.d {
                axes.list[at] = axes.list[at - 1];
                at -= 1;
            }
            axes.list[at] = axis;
            axes.len += 1;
        }
        let item = src.itemsize as usize;
        let mut span = item;
        for axis in axes.as_slice().iter().rev() {
            if axis.d.unsigned_abs() < span {
                return None;
            }
            span += (axis.n - 1) * axis.d.unsigned_abs();
        }
        let by = (dst.data as isize).wrapping_sub(src.data as isize);
        Some(Shift { axes, src: first, by, item })
    }

    /// # Safety
    /// As [`copy_overlapping`].
    unsafe fn run(&self) -> Result<()> {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.part(self.axes.as_slice(), self.src) }
    }

    /// Bytes from the first of these items to the end of the last.
    fn span(&self, axes: &[Axis]) -> usize {
        axes.iter().fold(self.item, |span, axis| span + (axis.n - 1) * axis.d.unsigned_abs())
    }

    /// Moves the items of these axes from `src` on.
    ///
    /// # Safety
    /// As [`copy_overlapping`]; every item between the place that one of these moves to and its own has moved.
    unsafe fn part(&self, axes: &[Axis], src: *mut u8) -> Result<()> {
        let far = self.by.unsigned_abs();
        let Some((&outer, inner)) = axes.split_first() else {
            // SAFETY: an item of both sides; this copy may overlap.
            unsafe { core::ptr::copy(src, src.wrapping_offset(self.by), self.item) };
            return Ok(());
        };
        let span = self.span(inner);
        let step = outer.d.unsigned_abs();
        if inner.is_empty() && step == self.item {
            // SAFETY: items without a gap; this copy may overlap.
            unsafe { core::ptr::copy(src, src.wrapping_offset(self.by), self.item * outer.n) };
            return Ok(());
        }
        // As many positions as overlap nothing when they move together; none if not even one does.
        let together = if far < span { 0 } else { ((far - span) / step).saturating_add(1).min(outer.n) };
        let mut left = outer.n;
        while left > 0 {
            let count = together.clamp(1, left);
            // Forwards when items move backwards.
            let at = if self.by < 0 { outer.n - left } else { left - count };
            let from = src.wrapping_add(at * step);
            left -= count;
            // SAFETY: the caller's promise; positions of the outer axis before (or after) these have moved.
            unsafe {
                if together == 0 {
                    self.part(inner, from)?;
                } else {
                    self.disjoint(Axis { n: count, ..outer }, inner, from)?;
                }
            }
        }
        Ok(())
    }

    /// Moves items that move by more than they reach.
    ///
    /// # Safety
    /// As [`Shift::part`].
    unsafe fn disjoint(&self, outer: Axis, inner: &[Axis], src: *mut u8) -> Result<()> {
        let (mut shape, mut strides) = ([1i64; MAX_NDIM], [0i64; MAX_NDIM]);
        let ndim = inner.len() + 1;
        for (i, axis) in core::iter::once(&outer).chain(inner).enumerate() {
            (shape[i], strides[i]) = (axis.n as i64, axis.d as i64);
        }
        let operand = |data| Operand {
            data,
            dtype: libstrided_layout::DType::Opaque,
            itemsize: self.item as i64,
            strides: &strides[..ndim],
        };
        // SAFETY: these items overlap nothing of where they go.
        unsafe { copy(&shape[..ndim], operand(src), operand(src.wrapping_offset(self.by))) }
    }
}

/// Bytes of a side of a tile that trades places.
const SIDE: usize = 256;
/// Bytes of the scratch block.
const SCRATCH: usize = 16 << 10;

/// A square and its transpose, once or at every position of further axes.
struct Turn {
    rest: Axes,
    /// The two axes, of the same extent.
    n: usize,
    p: isize,
    q: isize,
    data: *mut u8,
    item: usize,
}

impl Turn {
    /// `None` if that is not what is to be done.
    fn new(shape: &[i64], src: &Operand<'_>, dst: &Operand<'_>) -> Option<Turn> {
        if src.data != dst.data || src.itemsize as usize > SIDE || src.itemsize == 0 {
            return None;
        }
        let mut rest = Axes { list: [Axis::ONE; MAX_NDIM], len: 0 };
        let mut turned: Option<Axis> = None;
        let mut pairs = 0;
        for ((&n, &s), &d) in shape.iter().zip(src.strides).zip(dst.strides) {
            let axis = Axis { n: n as usize, s: s as isize, d: d as isize };
            if n == 1 {
                continue;
            }
            if s == d {
                *rest.list.get_mut(rest.len)? = axis;
                rest.len += 1;
                continue;
            }
            match turned {
                None => turned = Some(axis),
                Some(other) if other.n == axis.n && other.s == axis.d && other.d == axis.s => pairs += 1,
                Some(_) => return None,
            }
        }
        let axis = turned.filter(|_| pairs == 1)?;
        Some(Turn { rest, n: axis.n, p: axis.d, q: axis.s, data: dst.data, item: dst.itemsize as usize })
    }

    /// # Safety
    /// As [`copy_overlapping`].
    unsafe fn run(&self) {
        walk::<MAX_NDIM>(self.rest.as_slice(), self.data, self.data, |_, data| {
            // SAFETY: a square of the view.
            unsafe { self.square(data) }
        });
    }

    /// # Safety
    /// As [`Turn::run`], for the square at `data`.
    unsafe fn square(&self, data: *mut u8) {
        let mut scratch = MaybeUninit::<[u8; SCRATCH]>::uninit();
        let scratch = scratch.as_mut_ptr().cast::<u8>();
        let item = self.item as isize;
        let mut side = 1;
        while 2 * side * self.item <= SIDE && 4 * side * side * self.item <= SCRATCH {
            side *= 2;
        }
        let at = |i: usize, j: usize| data.wrapping_offset(self.p * i as isize + self.q * j as isize);
        for i in (0..self.n).step_by(side) {
            let rows = side.min(self.n - i);
            for j in (0..=i).step_by(side) {
                let columns = side.min(self.n - j);
                let (here, there) = (at(i, j), at(j, i));
                // Rows of the scratch block are the columns of the tile `here`, which become rows `there`.
                let pitch = rows as isize * item;
                let out = [Axis { n: rows, s: self.p, d: item }, Axis { n: columns, s: self.q, d: pitch }];
                let across =
                    [Axis { n: rows, s: self.q, d: self.p }, Axis { n: columns, s: self.p, d: self.q }];
                let back = [Axis { n: rows, s: item, d: self.q }, Axis { n: columns, s: pitch, d: self.p }];
                // SAFETY: two tiles of the square, which are the same or apart, and a block that one of them fits into.
                unsafe {
                    pack2d(out, self.item, here, scratch);
                    if i != j {
                        pack2d(across, self.item, there, here);
                    }
                    pack2d(back, self.item, scratch, there);
                }
            }
        }
    }
}
