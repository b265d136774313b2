//! Loop nests: from the strides of several operands over one shape to the loops that visit it fastest.
//!
//! The plan is the one of every kernel of the library:
//!
//! 1. drop axes of extent 1,
//! 2. flip axes on which no operand runs forwards and at least one runs backwards,
//! 3. sort the axes by stride, the last operand (the output) first, earlier operands decide ties,
//! 4. merge neighbours that every operand walks through without a gap.
//!
//! ```text
//! shape (4, 3, 5), C-order in, reversed rows out      after the plan: one loop of 60 elements
//! ```
//!
//! Offsets are bytes from element `[0, 0, ...]` of each operand. Nothing here touches memory: the caller adds the
//! offsets to its own pointers.

use crate::{MAX_NDIM, Result};

/// One loop: how often, and how far each of `N` operands moves per step, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop<const N: usize> {
    /// How many steps.
    pub extent: i64,
    /// Bytes per step of each operand.
    pub strides: [i64; N],
}

/// A planned loop nest over `N` operands, outermost loop first, with room for `CAP` loops.
#[derive(Clone, Copy, Debug)]
pub struct Nest<const N: usize, const CAP: usize = MAX_NDIM> {
    loops: [Loop<N>; CAP],
    len: usize,
    start: [i64; N],
    empty: bool,
}

/// Most arrays have few axes; a nest of this capacity is planned without touching a kilobyte of stack.
pub const SMALL_NDIM: usize = 6;

impl<const N: usize, const CAP: usize> Nest<N, CAP> {
    /// Plans the loops over `shape` for operands with these byte strides, one slice of `shape.len()` strides each.
    /// The last operand is the output. An error when more than `CAP` axes are longer than 1, or a list of strides has
    /// another length than `shape`.
    #[inline]
    pub fn plan(shape: &[i64], strides: [&[i64]; N]) -> Result<Nest<N, CAP>> {
        let mut nest = Self::vacant();
        nest.set(shape, strides)?;
        Ok(nest)
    }

    /// The loops in the order of the axes: those of extent 1 are dropped, and neighbours merged.
    #[inline]
    pub fn in_order(shape: &[i64], strides: [&[i64]; N]) -> Result<Nest<N, CAP>> {
        let mut nest = Self::in_given_order(shape, strides)?;
        nest.merge();
        Ok(nest)
    }

    /// No loops: a place to [`set`](Self::set).
    #[inline]
    pub fn vacant() -> Nest<N, CAP> {
        Nest { loops: [Loop { extent: 1, strides: [0; N] }; CAP], len: 0, start: [0; N], empty: false }
    }

    /// [`plan`](Self::plan) into a place that is there, which saves moving what it makes.
    #[inline]
    pub fn set(&mut self, shape: &[i64], strides: [&[i64]; N]) -> Result<()> {
        self.set_in_given_order(shape, strides)?;
        if !self.empty {
            self.flip();
            self.sort();
            self.merge();
        }
        Ok(())
    }

    /// The loops in the order of the axes, only without axes of extent 1.
    #[inline]
    pub fn in_given_order(shape: &[i64], strides: [&[i64]; N]) -> Result<Nest<N, CAP>> {
        let mut nest = Self::vacant();
        nest.set_in_given_order(shape, strides)?;
        Ok(nest)
    }

    #[inline]
    fn set_in_given_order(&mut self, shape: &[i64], strides: [&[i64]; N]) -> Result<()> {
        (self.len, self.start, self.empty) = (0, [0; N], false);
        for s in strides {
            if s.len() != shape.len() {
                return Err(crate::Error::WrongCount { expected: shape.len(), got: s.len() as i64 });
            }
        }
        for (axis, &extent) in shape.iter().enumerate() {
            if extent == 0 {
                self.empty = true;
            }
            if extent == 1 {
                continue;
            }
            let Some(place) = self.loops.get_mut(self.len) else {
                return Err(crate::Error::TooManyAxes { ndim: CAP as i64 + 1 });
            };
            place.extent = extent;
            for (stride, strides) in place.strides.iter_mut().zip(strides) {
                *stride = strides[axis];
            }
            self.len += 1;
        }
        if self.empty {
            self.len = 0;
        }
        Ok(())
    }

    /// Turns axes around on which no operand runs forwards.
    fn flip(&mut self) {
        for l in &mut self.loops[..self.len] {
            if l.strides.iter().all(|&s| s <= 0) && l.strides.iter().any(|&s| s < 0) {
                for (start, stride) in self.start.iter_mut().zip(&mut l.strides) {
                    *start += *stride * (l.extent - 1);
                    *stride = -*stride;
                }
            }
        }
    }

    /// Whether `outer` should enclose `inner`: compares strides from the last operand to the first.
    #[inline]
    fn encloses(outer: &Loop<N>, inner: &Loop<N>) -> bool {
        for k in (0..N).rev() {
            let (o, i) = (outer.strides[k].unsigned_abs(), inner.strides[k].unsigned_abs());
            // A broadcast axis (stride 0) says nothing about where the loop belongs.
            if o != i && o != 0 && i != 0 {
                return o > i;
            }
        }
        true
    }

    /// Stable insertion sort, largest stride outermost.
    fn sort(&mut self) {
        for i in 1..self.len {
            let mut j = i;
            while j > 0 && !Self::encloses(&self.loops[j - 1], &self.loops[j]) {
                self.loops.swap(j - 1, j);
                j -= 1;
            }
        }
    }

    /// Joins loops that all operands walk through as if they were one.
    fn merge(&mut self) {
        if self.len == 0 {
            return;
        }
        let mut kept = 0;
        for i in 1..self.len {
            let (outer, inner) = (self.loops[kept], self.loops[i]);
            let joins = (0..N).all(|k| inner.strides[k].checked_mul(inner.extent) == Some(outer.strides[k]));
            if joins && let Some(extent) = outer.extent.checked_mul(inner.extent) {
                self.loops[kept] = Loop { extent, strides: inner.strides };
            } else {
                kept += 1;
                self.loops[kept] = inner;
            }
        }
        self.len = kept + 1;
    }

    /// Whether there is nothing to visit.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// The loops, outermost first; none for a single element.
    #[inline]
    pub fn loops(&self) -> &[Loop<N>] {
        &self.loops[..self.len]
    }

    /// The loops, to be put into another order.
    #[inline]
    pub fn loops_mut(&mut self) -> &mut [Loop<N>] {
        &mut self.loops[..self.len]
    }

    /// Byte offsets at which the walk starts; not zero where axes were flipped.
    #[inline]
    pub fn start(&self) -> [i64; N] {
        self.start
    }

    /// Takes the innermost `inner` loops out (or what there is) and visits all positions of the others: `visit` gets
    /// the byte offset of each operand. Stops at the first error.
    #[inline]
    pub fn walk<E>(
        &self,
        inner: usize,
        mut visit: impl FnMut([i64; N]) -> core::result::Result<(), E>,
    ) -> core::result::Result<(), E> {
        if self.empty {
            return Ok(());
        }
        let outer = &self.loops[..self.len.saturating_sub(inner)];
        if outer.is_empty() {
            return visit(self.start);
        }
        let mut position = [0i64; CAP];
        let mut offsets = self.start;
        loop {
            visit(offsets)?;
            let mut axis = outer.len();
            loop {
                if axis == 0 {
                    return Ok(());
                }
                axis -= 1;
                let l = &outer[axis];
                position[axis] += 1;
                if position[axis] < l.extent {
                    for (offset, stride) in offsets.iter_mut().zip(&l.strides) {
                        *offset += stride;
                    }
                    break;
                }
                position[axis] = 0;
                for (offset, stride) in offsets.iter_mut().zip(&l.strides) {
                    *offset -= stride * (l.extent - 1);
                }
            }
        }
    }
}
