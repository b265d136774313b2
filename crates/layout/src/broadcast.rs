//! Broadcasting: shapes are aligned at their last axes, and an axis of extent 1 stretches by taking stride 0.

use crate::axes::reserve;
use crate::{Axes, Error, Layout, MAX_NDIM, Result, checked_nbytes};

/// The shape that several shapes broadcast to, built one shape at a time.
///
/// ```
/// use libstrided_layout::Broadcast;
/// let mut shape = Broadcast::new();
/// shape.add(&[4, 1, 3])?;
/// shape.add(&[5, 1])?;
/// assert_eq!(shape.shape(), [4, 5, 3]);
/// # Ok::<(), libstrided_layout::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Broadcast {
    /// Filled from the back, so that shapes are aligned at their last axes.
    extents: [i64; MAX_NDIM],
    ndim: usize,
}

impl Default for Broadcast {
    fn default() -> Self {
        Broadcast::new()
    }
}

impl Broadcast {
    /// The shape `()`, with which every shape broadcasts.
    #[inline]
    pub fn new() -> Broadcast {
        Broadcast { extents: [1; MAX_NDIM], ndim: 0 }
    }

    /// Takes another shape in. On an error the result means nothing.
    #[inline]
    pub fn add(&mut self, shape: &[i64]) -> Result<()> {
        if shape.len() > MAX_NDIM {
            return Err(Error::TooManyAxes { ndim: shape.len() as i64 });
        }
        self.ndim = self.ndim.max(shape.len());
        for (i, &n) in shape.iter().enumerate() {
            let place = &mut self.extents[MAX_NDIM - shape.len() + i];
            if *place == 1 {
                *place = n;
            } else if n != 1 && n != *place {
                return Err(Error::Broadcast { axis: self.ndim - shape.len() + i, left: *place, right: n });
            }
        }
        Ok(())
    }

    /// The shape so far.
    #[inline]
    pub fn shape(&self) -> &[i64] {
        &self.extents[MAX_NDIM - self.ndim..]
    }

    /// The shape, after checking that as many elements can be counted.
    #[inline]
    pub fn checked_shape(&self) -> Result<&[i64]> {
        checked_nbytes(1, self.shape())?;
        Ok(self.shape())
    }
}

/// Stretches `l` to `shape`: new axes in front and axes of extent 1 get stride 0.
#[inline(always)]
pub fn broadcast_to(l: Layout<'_>, shape: &[i64], out: &mut Axes<'_>) -> Result<()> {
    let Some(added) = shape.len().checked_sub(l.ndim()) else {
        checked_nbytes(l.itemsize(), shape)?;
        return Err(Error::OutputNdim { expected: l.ndim(), got: shape.len() });
    };
    let (extents, strides) = reserve(out, shape.len())?;
    let mut nbytes = l.itemsize();
    for (axis, &n) in shape.iter().enumerate() {
        let (old, stride) = if axis < added { (1, 0) } else { l.axis(axis - added) };
        extents[axis].write(n);
        if n == old {
            strides[axis].write(stride);
        } else if old == 1 && n >= 0 {
            strides[axis].write(0);
        } else {
            return Err(why_not(l, shape, added));
        }
        if n != 0 {
            nbytes = nbytes.checked_mul(n).ok_or(Error::SizeOverflow)?;
        }
    }
    Ok(())
}

/// Why `l` does not stretch to `shape`.
#[cold]
#[inline(never)]
fn why_not(l: Layout<'_>, shape: &[i64], added: usize) -> Error {
    if let Err(error) = checked_nbytes(l.itemsize(), shape) {
        return error;
    }
    for (axis, (&old, &n)) in l.shape().iter().zip(&shape[added..]).enumerate() {
        if old != n && old != 1 {
            return Error::Broadcast { axis: added + axis, left: old, right: n };
        }
    }
    Error::Internal
}

/// Checks that an operation over operands of shape `broadcast` can write to an output of shape `out`: the output may be
/// larger than the broadcast shape of the inputs, but is itself not broadcast.
#[inline]
pub fn check_output(broadcast: &[i64], out: &[i64]) -> Result<()> {
    if out.len() < broadcast.len() {
        return Err(Error::OutputNdim { expected: broadcast.len(), got: out.len() });
    }
    let added = out.len() - broadcast.len();
    for (axis, &n) in out.iter().enumerate().skip(added) {
        let expected = broadcast[axis - added];
        if expected != n && expected != 1 {
            return Err(Error::OutputShape { axis, expected, got: n });
        }
    }
    Ok(())
}

/// The strides with which `l` takes part in an operation over `shape`: its own when the shapes are equal, else written
/// to `room`, which must hold `shape.len()` entries.
#[inline]
pub fn broadcast_strides<'a>(l: Layout<'a>, shape: &[i64], room: &'a mut [i64]) -> Result<&'a [i64]> {
    if l.has_shape(shape) { Ok(l.strides()) } else { stretched_strides(l, shape, room) }
}

#[inline(never)]
fn stretched_strides<'a>(l: Layout<'_>, shape: &[i64], room: &'a mut [i64]) -> Result<&'a [i64]> {
    let Some(added) = shape.len().checked_sub(l.ndim()) else {
        return Err(Error::OutputNdim { expected: l.ndim(), got: shape.len() });
    };
    let Some(room) = room.get_mut(..shape.len()) else {
        return Err(Error::TooManyAxes { ndim: shape.len() as i64 });
    };
    for (axis, (place, &n)) in room.iter_mut().zip(shape).enumerate() {
        let (old, stride) = if axis < added { (1, 0) } else { l.axis(axis - added) };
        *place = match old {
            _ if old == n => stride,
            1 => 0,
            _ => return Err(Error::Broadcast { axis, left: old, right: n }),
        };
    }
    Ok(room)
}
