//! Views with one to four axes, made in registers.
//!
//! Most views have few axes and are made over and over, inside loops. For them the general way, which collects axes in a
//! place of its own and copies them to the caller's when nothing has gone wrong, costs more in going through memory than in
//! arithmetic. Here the number of axes is known to the compiler: extents and strides stay in registers until everything is
//! known to be right, and are then written where the caller wants them, also when that is one of the inputs.
//!
//! Each operation answers `None` to everything that is wrong, rare or has another number of axes; the function of
//! [`algebra`](crate::algebra) with the same name then does it, or says what is wrong.

use libstrided_layout::{DType, MAX_NDIM, Order};

use crate::raw::{READONLY, RawView, check_address};

pub use index::{ABSENT, Indexed, Item, Taken, index, index_any};
pub use shapes::{broadcast, reshape};

mod index;
mod shapes;

/// The most axes that a view has here.
pub const MAX_AXES: usize = 4;

/// A view that has been made and not yet been written.
pub trait Made {
    /// Writes the view to where the caller wants it.
    ///
    /// # Safety
    /// `out` must be valid for writes of a `RawView`. It may be what the view was made from.
    unsafe fn write_to(self, out: *mut RawView);
}

/// A view with `N` axes.
#[derive(Clone, Copy, Debug)]
pub struct Few<const N: usize> {
    data: *mut u8,
    dtype: DType,
    itemsize: i64,
    readonly: bool,
    shape: [i64; N],
    strides: [i64; N],
}

impl<const N: usize> Few<N> {
    /// A view that has `N` axes and elements, looked at as [`RawView::check`] does; `None` for every other one.
    // With a number of axes that is known, all of it is half as many instructions.
    #[inline(always)]
    pub fn of(raw: &RawView) -> Option<Few<N>> {
        let few = Few::read(raw)?;
        if !few.is_ordinary() {
            check_address(few.data, extent(few.itemsize, &few.shape, &few.strides)?).ok()?;
        }
        Some(few)
    }

    /// Whether there are elements, no more and no farther apart than in nearly all arrays.
    #[inline(always)]
    fn is_ordinary(&self) -> bool {
        let (mut extents, mut strides) = (self.itemsize as u64, 0);
        for axis in 0..N {
            // Too many bits also where there are no elements, and where a stride is negative.
            extents |= self.shape[axis].wrapping_sub(1) as u64;
            strides |= self.strides[axis] as u64;
        }
        few_bits::<N>(self.data, extents, strides)
    }

    /// A view as [`Few::of`] takes it, if it is packed in C order, and its bytes.
    #[inline(always)]
    fn packed(raw: &RawView) -> Option<(Few<N>, i64)> {
        let few = Few::read(raw)?;
        let (strides, nbytes) = packed(few.itemsize, &few.shape, Order::C)?;
        // Arrays would be compared in memory.
        for (have, packed) in few.strides.iter().zip(strides) {
            if *have != packed {
                return None;
            }
        }
        check_address(few.data, (0, nbytes)).ok()?;
        Some((few, nbytes))
    }

    /// The fields, of which each is right by itself.
    #[inline(always)]
    fn read(raw: &RawView) -> Option<Few<N>> {
        const { assert!(N <= MAX_AXES) };
        let dtype = DType::from_code(raw.dtype).ok()?;
        dtype.check_itemsize(raw.itemsize).ok()?;
        if raw.ndim != N as i32 || raw.flags & !READONLY != 0 {
            return None;
        }
        let (mut shape, mut strides) = ([0; N], [0; N]);
        for axis in 0..N {
            (shape[axis], strides[axis]) = raw.axis(axis)?;
        }
        let readonly = raw.flags & READONLY != 0;
        Some(Few { data: raw.data, dtype, itemsize: raw.itemsize, readonly, shape, strides })
    }
}

impl<const N: usize> Made for Few<N> {
    #[inline(always)]
    unsafe fn write_to(self, out: *mut RawView) {
        const { assert!(N <= MAX_NDIM) };
        // SAFETY: `out` is valid by the caller's promise, and has room for `MAX_NDIM` axes.
        unsafe {
            (*out).data = self.data;
            (*out).itemsize = self.itemsize;
            (*out).dtype = self.dtype.code();
            (*out).ndim = N as i32;
            (*out).flags = if self.readonly { READONLY } else { 0 };
            for axis in 0..N {
                (*out).shape[axis].write(self.shape[axis]);
                (*out).strides[axis].write(self.strides[axis]);
            }
        }
    }
}

/// Whether no extent, item, stride or address of a view with `N` axes has many bits, and no stride is negative; `extents` are
/// the bits of all extents (less 1) and of the size of an item together, `strides` those of all strides. Then nothing can
/// overflow, and no product is needed to know it:
///
/// - `N` extents and the size of an item, of at most 60 / (N + 1) bits each, make fewer than 2^60 bytes;
/// - the last element lies `N` times an extent times a stride, less than 4 * 2^58 bytes, behind the first;
/// - which lies at an address below 2^61.
#[inline(always)]
fn few_bits<const N: usize>(data: *mut u8, extents: u64, strides: u64) -> bool {
    let extent_bits = (60 / (N as u32 + 1)).min(29);
    let stride_bits = 58 - extent_bits;
    let before = (data.addr() as u64).wrapping_sub(1);
    // In one question: what is too many bits for one is moved to where it is for the next.
    let strides = strides | before >> (61 - stride_bits);
    let extents = extents | strides >> (stride_bits - extent_bits);
    extents >> extent_bits == 0
}

/// The bytes that the elements of a layout take, counted from element `[0, 0, ...]`; `None` without elements, and when something
/// overflows.
#[inline(always)]
fn extent<const N: usize>(itemsize: i64, shape: &[i64; N], strides: &[i64; N]) -> Option<(i64, i64)> {
    let mut nbytes = itemsize;
    let mut packed = true;
    for axis in (0..N).rev() {
        packed &= strides[axis] == nbytes;
        if shape[axis] < 1 {
            return None;
        }
        nbytes = nbytes.checked_mul(shape[axis])?;
    }
    if packed {
        return Some((0, nbytes));
    }
    let (mut low, mut high) = (0i64, itemsize);
    for axis in 0..N {
        let reach = strides[axis].checked_mul(shape[axis] - 1)?;
        low = low.checked_add(reach.min(0))?;
        high = high.checked_add(reach.max(0))?;
    }
    Some((low, high))
}

/// The strides of a packed layout that has elements, and its bytes.
#[inline(always)]
fn packed<const N: usize>(itemsize: i64, shape: &[i64; N], order: Order) -> Option<([i64; N], i64)> {
    let fortran = match order {
        Order::C => false,
        Order::F => true,
        Order::A | Order::K => return None,
    };
    let mut strides = [0; N];
    let mut nbytes = itemsize;
    for place in 0..N {
        let axis = if fortran { place } else { N - 1 - place };
        strides[axis] = nbytes;
        nbytes = nbytes.checked_mul(shape[axis])?;
        if shape[axis] < 1 {
            return None;
        }
    }
    Some((strides, nbytes))
}

/// [`init`](crate::algebra::init) with elements that are packed.
#[inline(always)]
pub fn init<const N: usize>(data: *mut u8, dtype: DType, shape: &[i64], order: Order) -> Option<Few<N>> {
    let itemsize = dtype.size();
    let shape: [i64; N] = shape.try_into().ok()?;
    let (strides, nbytes) = packed(itemsize, &shape, order)?;
    check_address(data, (0, nbytes)).ok()?;
    (itemsize > 0).then_some(Few { data, dtype, itemsize, readonly: false, shape, strides })
}

/// [`transpose`](crate::algebra::transpose).
#[inline(always)]
pub fn transpose<const N: usize>(v: &RawView, axes: Option<&[i32]>) -> Option<Few<N>> {
    let Some(axes) = axes else { return in_order(v, |axis| N - 1 - axis) };
    let axes: &[i32; N] = axes.try_into().ok()?;
    let from = |axis: usize| counted::<N>(axes[axis]);
    let mut seen = 0u32;
    let few = in_order(v, from)?;
    for axis in 0..N {
        seen |= 1 << from(axis);
    }
    (seen == (1 << N) - 1).then_some(few)
}

/// [`swapaxes`](crate::algebra::swapaxes).
#[inline(always)]
pub fn swapaxes<const N: usize>(v: &RawView, a: i32, b: i32) -> Option<Few<N>> {
    let (a, b) = (counted::<N>(a), counted::<N>(b));
    if a >= N || b >= N {
        return None;
    }
    in_order(v, |axis| match axis {
        _ if axis == a => b,
        _ if axis == b => a,
        _ => axis,
    })
}

/// Counts a negative axis of `N` from the end; what is out of range stays so.
#[inline(always)]
fn counted<const N: usize>(axis: i32) -> usize {
    (if axis < 0 { axis.wrapping_add(N as i32) } else { axis }) as usize
}

/// The axes of a view in another order: axis `i` of the result is axis `from(i)` of `v`, if there is one. They are read from
/// where they are: moved about in an array, they would have to be written to memory first.
#[inline(always)]
fn in_order<const N: usize>(v: &RawView, from: impl Fn(usize) -> usize) -> Option<Few<N>> {
    let mut few = Few::<N>::of(v)?;
    for axis in 0..N {
        (few.shape[axis], few.strides[axis]) = v.axis(from(axis))?;
    }
    Some(few)
}

#[cfg(test)]
mod tests;
