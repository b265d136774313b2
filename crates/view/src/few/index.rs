//! Basic indexing of views with one to four axes.

use core::hint::cold_path;
use core::mem::MaybeUninit;

use libstrided_layout::DType;

use super::{Few, Made};
use crate::raw::{READONLY, RawView};

/// What an item of an index takes of an axis.
// Made by whoever knows the item: an enum of items, handed over, would be put together in memory and taken apart again.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    first: i64,
    /// Extent and step of what stays of the axis, if it does.
    stays: Option<(i64, i64)>,
}

/// An end or a step of a range that is not given, as in the C ABI. No end of an array is that far away.
pub const ABSENT: i64 = i64::MIN;

// The extent of an axis may be anything here, also 0 or less. Of an axis without elements nothing can be taken.
impl Taken {
    /// One element of the `n`; the axis is dropped.
    #[inline(always)]
    pub fn at(n: i64, i: i64) -> Option<Taken> {
        let first = if is_below(i, n) { i } else { counted_back(i, n)? };
        Some(Taken { first, stays: None })
    }

    /// Some of the `n` elements, as [`Index::Range`](crate::Index::Range) has it. Ends that have to be moved to those of the axis
    /// are left to others.
    #[inline(always)]
    pub fn range(n: i64, start: i64, stop: i64, step: i64) -> Option<Taken> {
        let mut step = step;
        if step < 1 {
            if step == -1 {
                return Taken::downwards(n, start, stop, step);
            }
            cold_path();
            match step {
                0 => return None,
                ABSENT => step = 1,
                _ => return Taken::downwards(n, start, stop, step),
            }
        }
        let first = end(start, is_below(start, n), n, 0)?;
        let span = end(stop, stop as u64 <= n as u64, n, n)?.wrapping_sub(first);
        if span < 1 {
            return None;
        }
        Some(Taken { first, stays: Some((every(step as u64, span), step)) })
    }

    /// A range with a step below 0.
    #[inline(always)]
    fn downwards(n: i64, start: i64, stop: i64, step: i64) -> Option<Taken> {
        let first = end(start, is_below(start, n), n, n.wrapping_sub(1))?;
        let span = first.wrapping_sub(end(stop, is_below(stop, n), n, -1)?);
        if span < 1 {
            return None;
        }
        let len = if step == -1 { span } else { every(step.unsigned_abs(), span) };
        Some(Taken { first, stays: Some((len, step)) })
    }
}

/// An end of a range in an axis of `n`: right as it is, or not given, or counted from the end.
#[inline(always)]
fn end(end: i64, right: bool, n: i64, absent: i64) -> Option<i64> {
    if right {
        return Some(end);
    }
    cold_path();
    // As 0 is right where there are elements, only `ABSENT` has no other bit than the first. A comparison would take a register
    // for a constant.
    if opaque(end << 1) == 0 { Some(absent) } else { counted_back(end, n) }
}

/// An index below 0, counted from the end of an axis of `n`; `None` when there is no such element.
#[inline(always)]
fn counted_back(i: i64, n: i64) -> Option<i64> {
    cold_path();
    let counted = i.wrapping_add(n);
    // From an index that is too large this does not make one that is not.
    is_below(counted, n).then_some(counted)
}

/// Whether an index is in `0..n`. One comparison: the compiler does not know that no axis has less than 0 elements.
#[inline(always)]
fn is_below(i: i64, n: i64) -> bool {
    (i as u64) < n as u64
}

/// How many of `span` elements, at least 1, a step of at least 1 takes.
#[inline(always)]
fn every(step: u64, span: i64) -> i64 {
    let behind = (span - 1) as u64;
    let steps = if step.is_power_of_two() {
        behind >> step.trailing_zeros()
    } else {
        cold_path();
        behind / step
    };
    steps as i64 + 1
}

/// An item of an index, as a language's interface has it.
// A trait and no closure: closures can not be told to be inlined always, and a call for each item costs as much as the rest.
pub trait Item {
    /// What it takes of an axis of `n` elements; `None` for what is wrong, takes nothing, or is no integer and no range.
    fn taken(&self, n: i64) -> Option<Taken>;
}

/// A view of `N` axes of which some may be dropped.
pub struct Indexed<const N: usize> {
    data: *mut u8,
    itemsize: i64,
    dtype: i32,
    flags: u64,
    axes: [Axis; N],
}

/// What is left of an axis.
#[derive(Clone, Copy)]
struct Axis {
    len: MaybeUninit<i64>,
    stride: MaybeUninit<i64>,
    stays: bool,
}

impl Axis {
    const GONE: Axis = Axis { len: MaybeUninit::uninit(), stride: MaybeUninit::uninit(), stays: false };
}

/// [`index`](crate::algebra::index) of a view of `N` axes by as many integers and ranges. Views with negative strides, and other
/// unusual ones, are left to [`index_any`].
#[inline(always)]
pub fn index<const N: usize>(v: &RawView, items: &[impl Item; N]) -> Option<Indexed<N>> {
    if is_ordinary::<N>(v) { index_right(v, items) } else { None }
}

/// [`index`] of any view that has elements.
#[inline(always)]
pub fn index_any<const N: usize>(v: &RawView, items: &[impl Item; N]) -> Option<Indexed<N>> {
    Few::<N>::of(v)?;
    index_right(v, items)
}

/// [`index`] of a view that has been looked at.
#[inline(always)]
fn index_right<const N: usize>(v: &RawView, items: &[impl Item; N]) -> Option<Indexed<N>> {
    const { assert!(N <= super::MAX_AXES) };
    // There are not registers enough for what has been read and what comes out; so each axis is read again when it is its turn,
    // and done with before the next.
    let v = opaque_view(v);
    let mut axes = [Axis::GONE; N];
    let mut offset = 0;
    // SAFETY: there are `N` axes. Written out: in a loop this would be too much for the compiler to unroll, and all of it be kept
    // in memory.
    unsafe {
        if N > 0 {
            offset = opaque(left(v, 0, &items[0], &mut axes[0])?);
        }
        if N > 1 {
            offset = opaque(offset + left(v, 1, &items[1], &mut axes[1])?);
        }
        if N > 2 {
            offset = opaque(offset + left(v, 2, &items[2], &mut axes[2])?);
        }
        if N > 3 {
            offset = opaque(offset + left(v, 3, &items[3], &mut axes[3])?);
        }
    }
    let RawView { data, itemsize, dtype, flags, .. } = *opaque_view(v);
    Some(Indexed { data: data.wrapping_offset(offset as isize), itemsize, dtype, flags, axes })
}

/// What an item leaves of an axis of a view. Returns how many bytes behind the first one its elements begin.
///
/// # Safety
/// The view has this axis.
#[inline(always)]
unsafe fn left(v: &RawView, axis: usize, item: &impl Item, left: &mut Axis) -> Option<i64> {
    // SAFETY: the caller's promise.
    let (n, stride) = unsafe { v.axis_at(axis) };
    let taken = item.taken(n)?;
    if let Some((len, step)) = taken.stays {
        let stride = opaque(stride.wrapping_mul(step));
        *left = Axis { len: MaybeUninit::new(len), stride: MaybeUninit::new(stride), stays: true };
    }
    Some(stride * taken.first)
}

impl<const N: usize> Made for Indexed<N> {
    #[inline(always)]
    unsafe fn write_to(self, out: *mut RawView) {
        let mut ndim = 0;
        // SAFETY: `out` is valid by the caller's promise, and has room for `MAX_NDIM` axes.
        unsafe {
            (*out).data = self.data;
            (*out).itemsize = self.itemsize;
            (*out).dtype = self.dtype;
            (*out).flags = self.flags;
            // An axis that is dropped is written where the next one will be. That spares a question, and what has a place
            // that is known only as it goes would have to be gathered in memory.
            for axis in &self.axes {
                (*out).shape[ndim] = axis.len;
                (*out).strides[ndim] = axis.stride;
                ndim += usize::from(axis.stays);
            }
            (*out).ndim = ndim as i32;
        }
    }
}

/// Whether a view has `N` axes, and no more elements and no farther apart than nearly all arrays, as [`super::Few`] has it. An
/// axis may be without elements here: nothing can be taken of it.
#[inline(always)]
fn is_ordinary<const N: usize>(v: &RawView) -> bool {
    const { assert!(N <= super::MAX_AXES) };
    let Ok(dtype) = DType::from_code(v.dtype) else { return false };
    if v.itemsize != dtype.size() {
        cold_path();
        if dtype.check_itemsize(v.itemsize).is_err() {
            return false;
        }
    }
    if v.ndim != N as i32 || v.flags & !READONLY != 0 {
        return false;
    }
    // An item of 0 bytes has too many bits, too.
    let (mut extents, mut strides) = (v.itemsize.wrapping_sub(1) as u64, 0);
    for axis in 0..N {
        // SAFETY: there are `N` axes.
        let (n, stride) = unsafe { v.axis_at(axis) };
        extents |= n as u64;
        strides |= stride as u64;
    }
    super::few_bits::<N>(v.data, extents, strides)
}

/// A value of which the compiler knows nothing: what it is made of is worked out here and not kept for later.
#[inline(always)]
fn opaque(value: i64) -> i64 {
    let mut value = value;
    #[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
    // SAFETY: no instruction.
    unsafe {
        core::arch::asm!("/* {} */", inout(reg) value, options(pure, nomem, nostack, preserves_flags))
    };
    value
}

/// The same view, of which the compiler does not know that it is: what has been read of it is read again and not kept.
#[inline(always)]
fn opaque_view(v: &RawView) -> &RawView {
    let mut view: *const RawView = v;
    #[cfg(all(any(target_arch = "x86_64", target_arch = "aarch64"), not(miri)))]
    // SAFETY: no instruction.
    unsafe {
        core::arch::asm!("/* {} */", inout(reg) view, options(pure, readonly, nostack, preserves_flags))
    };
    // SAFETY: `v` has been a reference.
    unsafe { &*view }
}
