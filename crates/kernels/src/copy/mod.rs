//! The copy engine: moves the items of one strided view into another, bits unchanged, whatever the strides.
//!
//! ```text
//!   copy            the entry: packed views go to the plain copy at once
//!   plan            axes of extent 1 dropped, output turned forwards, sorted, merged; runs become bigger items
//!   walk            positions of the outer loops
//!   item            one item of a size known to the compiler, or of any size
//!   strided         one or two loops over items: the innermost part of every plan
//! ```
//!
//! Item sizes of 1, 2, 4, 8 and 16 bytes are moved as words, every other size as a block of bytes. An axis on which
//! both sides are packed is no loop at all: it makes a bigger item, so that a halo of 4 floats is moved as one word of
//! 16 bytes and a row of 300 as one block.
//!
//! # Safety
//!
//! All pointers are computed from the base address of an operand, extents and strides that the caller vouches for: each
//! address that is read belongs to an element of the source, each address that is written to one of the destination.
//! No kernel touches a byte beside them, not even to read it.

use libstrided_layout::{Error, MAX_NDIM, Result};

use crate::{Level, Operand};

mod arch;
mod boxes;
mod engine;
mod item;
mod odometer;
mod plan;
mod stage;
mod staged;
mod table;
mod tile;
mod tune;
mod walk;

#[cfg(test)]
mod tests;

use plan::Plan;
use tune::Tuning;

/// Plans of up to this many axes, after axes of extent 1 are dropped, do not touch a kilobyte of stack.
const FEW_AXES: usize = 8;

/// Copies all items of `src` to the same positions of `dst`. Both have the shape `shape` and items of the same size; the
/// dtypes are not looked at.
///
/// An error when the item sizes differ or a list of strides has another length than `shape`; nothing is written then.
///
/// # Safety
///
/// - Every item of `src` can be read and every item of `dst` can be written: `data + sum(index * stride)` for all
///   positions of the shape is an address of `itemsize` bytes inside one allocation. Extents are not negative.
/// - Items of `dst` overlap neither each other nor items of `src`.
#[inline]
pub unsafe fn copy(shape: &[i64], src: Operand<'_>, dst: Operand<'_>) -> Result<()> {
    // SAFETY: the caller's promise, passed on.
    unsafe {
        copy_tuned(
            shape,
            src,
            dst,
            Level::current(),
            &Tuning::auto(src.itemsize as usize),
        )
    }
}

/// [`copy`] with the instructions of a level, which this CPU must have, and by the ways that a tuning allows.
///
/// # Safety
/// As [`copy`].
#[inline]
unsafe fn copy_tuned(
    shape: &[i64],
    src: Operand<'_>,
    dst: Operand<'_>,
    level: Level,
    tuning: &Tuning,
) -> Result<()> {
    if src.itemsize != dst.itemsize {
        return Err(Error::InvalidArgument {
            rule: "source and destination must have items of the same size",
            value: dst.itemsize,
        });
    }
    for strides in [src.strides, dst.strides] {
        if strides.len() != shape.len() {
            return Err(Error::WrongCount {
                expected: shape.len(),
                got: strides.len() as i64,
            });
        }
    }
    let mut packed = src.itemsize;
    for axis in (0..shape.len()).rev() {
        let n = shape[axis];
        if n != 1 {
            if src.strides[axis] != packed || dst.strides[axis] != packed {
                // SAFETY: the caller's promise, passed on.
                return unsafe { copy_planned(shape, src, dst, level, tuning) };
            }
            // Bytes of a part of the source, which exist: no overflow. 0 when there are no elements.
            packed = packed.wrapping_mul(n);
        }
    }
    // SAFETY: both sides are `packed` bytes without a gap, and do not overlap, as the caller promises.
    unsafe { engine::block(src.data.cast_const(), dst.data, packed as usize, level, tuning) };
    Ok(())
}

/// # Safety
/// As [`copy`].
unsafe fn copy_planned(
    shape: &[i64],
    src: Operand<'_>,
    dst: Operand<'_>,
    level: Level,
    tuning: &Tuning,
) -> Result<()> {
    match Plan::<FEW_AXES>::new(shape, &src, &dst) {
        Ok(plan) => {
            // SAFETY: the caller's promise, passed on.
            unsafe { engine::run(&plan, level, tuning) };
            Ok(())
        }
        Err(Error::TooManyAxes { .. }) => {
            let plan = Plan::<MAX_NDIM>::new(shape, &src, &dst)?;
            // SAFETY: the caller's promise, passed on.
            unsafe { engine::run(&plan, level, tuning) };
            Ok(())
        }
        Err(error) => Err(error),
    }
}
