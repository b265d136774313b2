//! Views with one to four axes, made in registers.
//!
//! Most views have few axes and are made over and over, inside loops. For them the general way, which collects axes in a
//! place of its own and copies them to the caller's when nothing has gone wrong, costs more in going through memory than in
//! arithmetic. Here the number of axes is known to the compiler: extents and strides stay in registers until everything is
//! known to be right, and are then written where the caller wants them, also when that is one of the inputs.
//!
//! Each operation is a struct of its arguments that [`Make`]s the view. It answers `None` to everything that is wrong, rare or
//! has more axes; the function of [`algebra`](crate::algebra) with the same name then does it, or says what is wrong.

use libstrided_layout::{DType, MAX_NDIM, Order};

use crate::raw::{READONLY, RawView, check_address};

/// The most axes that a view has here.
pub const MAX_AXES: usize = 4;

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

/// An operation that makes a view.
pub trait Make {
    /// The number of axes that the view will have, if it can be made here.
    fn ndim(&self) -> usize;

    /// The view; `N` is what [`Make::ndim`] says.
    fn make<const N: usize>(&self) -> Option<Few<N>>;
}

/// Makes a view and writes it to `out`. `false` when it can not be made here: then nothing has been written.
///
/// # Safety
/// `out` must be valid for writes of a `RawView`; it may be what `operation` reads from.
#[inline(always)]
pub unsafe fn write(out: *mut RawView, operation: impl Make) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        match operation.ndim() {
            1 => operation.make::<1>().is_some_and(|few| few.write_to(out)),
            2 => operation.make::<2>().is_some_and(|few| few.write_to(out)),
            3 => operation.make::<3>().is_some_and(|few| few.write_to(out)),
            4 => operation.make::<4>().is_some_and(|few| few.write_to(out)),
            _ => false,
        }
    }
}

impl<const N: usize> Few<N> {
    /// A view that has `N` axes and elements, looked at as [`RawView::check`] does; `None` for every other one.
    // With a number of axes that is known, all of it is half as many instructions.
    #[inline(always)]
    pub fn of(raw: &RawView) -> Option<Few<N>> {
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
        check_address(raw.data, extent(raw.itemsize, &shape, &strides)?).ok()?;
        let readonly = raw.flags & READONLY != 0;
        Some(Few { data: raw.data, dtype, itemsize: raw.itemsize, readonly, shape, strides })
    }

    /// A packed array with other extents.
    #[inline(always)]
    fn reshaped<const M: usize>(self, shape: [i64; M]) -> Option<Few<M>> {
        let Few { data, dtype, itemsize, readonly, .. } = self;
        let mut nbytes = itemsize;
        // Arrays would be compared in memory.
        for axis in (0..N).rev() {
            if self.strides[axis] != nbytes {
                return None;
            }
            nbytes *= self.shape[axis];
        }
        let (strides, new_nbytes) = packed(itemsize, &shape, Order::C)?;
        (nbytes == new_nbytes).then_some(Few { data, dtype, itemsize, readonly, shape, strides })
    }

    /// The same with axes of extent 1 in front until there are `M`.
    #[inline(always)]
    fn padded<const M: usize>(self) -> Option<Few<M>> {
        let added = M.checked_sub(N)?;
        let (mut shape, mut strides) = ([1; M], [0; M]);
        for axis in added..M {
            (shape[axis], strides[axis]) = (self.shape[axis - added], self.strides[axis - added]);
        }
        let Few { data, dtype, itemsize, readonly, .. } = self;
        Some(Few { data, dtype, itemsize, readonly, shape, strides })
    }

    /// # Safety
    /// As [`write()`].
    #[inline(always)]
    unsafe fn write_to(self, out: *mut RawView) -> bool {
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
        true
    }
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
pub struct Init<'a> {
    /// Element `[0, 0, ...]`.
    pub data: *mut u8,
    /// The type of the elements.
    pub dtype: DType,
    /// The extents.
    pub shape: &'a [i64],
    /// C or F.
    pub order: Order,
}

impl Make for Init<'_> {
    #[inline(always)]
    fn ndim(&self) -> usize {
        self.shape.len()
    }

    #[inline(always)]
    fn make<const N: usize>(&self) -> Option<Few<N>> {
        let (data, dtype, itemsize) = (self.data, self.dtype, self.dtype.size());
        let shape: [i64; N] = self.shape.try_into().ok()?;
        let (strides, nbytes) = packed(itemsize, &shape, self.order)?;
        check_address(data, (0, nbytes)).ok()?;
        (itemsize > 0).then_some(Few { data, dtype, itemsize, readonly: false, shape, strides })
    }
}

/// [`transpose`](crate::algebra::transpose).
pub struct Transpose<'a> {
    /// The view.
    pub v: &'a RawView,
    /// The new order of its axes; reversed without.
    pub axes: Option<&'a [i32]>,
}

impl Make for Transpose<'_> {
    #[inline(always)]
    fn ndim(&self) -> usize {
        self.v.few_axes()
    }

    #[inline(always)]
    fn make<const N: usize>(&self) -> Option<Few<N>> {
        let Some(axes) = self.axes else { return in_order(self.v, |axis| N - 1 - axis) };
        let axes: &[i32; N] = axes.try_into().ok()?;
        let from = |axis: usize| counted::<N>(axes[axis]);
        let mut seen = 0u32;
        let few = in_order(self.v, from)?;
        for axis in 0..N {
            seen |= 1 << from(axis);
        }
        (seen == (1 << N) - 1).then_some(few)
    }
}

/// [`swapaxes`](crate::algebra::swapaxes).
pub struct SwapAxes<'a> {
    /// The view.
    pub v: &'a RawView,
    /// The two axes.
    pub axes: [i32; 2],
}

impl Make for SwapAxes<'_> {
    #[inline(always)]
    fn ndim(&self) -> usize {
        self.v.few_axes()
    }

    #[inline(always)]
    fn make<const N: usize>(&self) -> Option<Few<N>> {
        let [a, b] = self.axes.map(counted::<N>);
        if a >= N || b >= N {
            return None;
        }
        in_order(self.v, |axis| match axis {
            _ if axis == a => b,
            _ if axis == b => a,
            _ => axis,
        })
    }
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

/// [`reshape`](crate::algebra::reshape) of a packed array, in its own order.
pub struct Reshape<'a> {
    /// The view.
    pub v: &'a RawView,
    /// The new extents.
    pub shape: &'a [i64],
    /// The order in which the elements are taken.
    pub order: Order,
}

impl Make for Reshape<'_> {
    #[inline(always)]
    fn ndim(&self) -> usize {
        self.shape.len()
    }

    #[inline(always)]
    fn make<const N: usize>(&self) -> Option<Few<N>> {
        let shape: [i64; N] = self.shape.try_into().ok()?;
        // A packed array in C order lies in C order, so that is what A stands for.
        if !matches!(self.order, Order::C | Order::A) {
            return None;
        }
        match self.v.few_axes() {
            1 => Few::<1>::of(self.v)?.reshaped(shape),
            2 => Few::<2>::of(self.v)?.reshaped(shape),
            3 => Few::<3>::of(self.v)?.reshaped(shape),
            4 => Few::<4>::of(self.v)?.reshaped(shape),
            _ => None,
        }
    }
}

/// [`broadcast_to`](crate::algebra::broadcast_to).
pub struct Broadcast<'a> {
    /// The view.
    pub v: &'a RawView,
    /// The extents that it is stretched to.
    pub shape: &'a [i64],
}

impl Make for Broadcast<'_> {
    #[inline(always)]
    fn ndim(&self) -> usize {
        self.shape.len()
    }

    #[inline(always)]
    fn make<const N: usize>(&self) -> Option<Few<N>> {
        let shape: [i64; N] = self.shape.try_into().ok()?;
        let mut few = match self.v.few_axes() {
            1 => Few::<1>::of(self.v)?.padded::<N>()?,
            2 => Few::<2>::of(self.v)?.padded::<N>()?,
            3 => Few::<3>::of(self.v)?.padded::<N>()?,
            4 => Few::<4>::of(self.v)?.padded::<N>()?,
            _ => return None,
        };
        let mut nbytes = few.itemsize;
        for (axis, &n) in shape.iter().enumerate() {
            if n != few.shape[axis] {
                if few.shape[axis] != 1 || n < 1 {
                    return None;
                }
                few.strides[axis] = 0;
            }
            nbytes = nbytes.checked_mul(n)?;
        }
        Some(Few { shape, readonly: true, ..few })
    }
}

/// What an item of an index takes of an axis.
// Made by whoever knows the item: an enum of items, handed over, would be put together in memory and taken apart again.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    first: i64,
    len: i64,
    step: i64,
    /// Whether the axis stays.
    kept: bool,
}

/// An end or a step of a range that is not given, as in the C ABI. No end of an array is that far away.
pub const ABSENT: i64 = i64::MIN;

impl Taken {
    /// One element of the `n`; the axis is dropped.
    #[inline(always)]
    pub fn at(n: i64, i: i64) -> Option<Taken> {
        let first = if is_within(i, n - 1) { i } else { counted_back(i, n, n - 1)? };
        Some(Taken { first, len: 1, step: 1, kept: false })
    }

    /// Some of the `n` elements, as [`Index::Range`](crate::Index::Range) has it. Ends that have to be moved to those of the axis
    /// are left to others.
    #[inline(always)]
    pub fn range(n: i64, start: i64, stop: i64, step: i64) -> Option<Taken> {
        let fit = |end: i64, absent: i64| match end {
            _ if is_within(end, n) => Some(end),
            ABSENT => Some(absent),
            _ => counted_back(end, n, n),
        };
        // Most ranges take every element.
        let (first, len, step) = if step == 1 || step == ABSENT {
            let first = fit(start, 0)?;
            (first, fit(stop, n)? - first, 1)
        } else if step > 0 {
            let first = fit(start, 0)?;
            (first, every(step, fit(stop, n)? - first), step)
        } else {
            let first = fit(start, n - 1)?;
            (first, every(step, first - fit(stop, -1)?), step)
        };
        (len > 0 && first < n).then_some(Taken { first, len, step, kept: true })
    }
}

/// An index below 0, counted from the end of an axis of `n`; `None` when it is not in `0..=last` then.
#[inline(always)]
fn counted_back(i: i64, n: i64, last: i64) -> Option<i64> {
    let counted = i.wrapping_add(n);
    // From an index that is too large this does not make one that is not.
    is_within(counted, last).then_some(counted)
}

/// Whether an index is in `0..=last`. One comparison: the compiler does not know that no axis has less than 0 elements.
#[inline(always)]
fn is_within(i: i64, last: i64) -> bool {
    i as u64 <= last as u64
}

/// How many of `span` elements a step takes; 0 when the step is 0.
#[inline(always)]
fn every(step: i64, span: i64) -> i64 {
    match step.unsigned_abs() {
        0 => 0,
        1 => span,
        _ if span < 1 => 0,
        stride => ((span - 1) as u64 / stride) as i64 + 1,
    }
}

/// An item of an index, as a language's interface has it.
// A trait and no closure: closures can not be told to be inlined always, and a call for each item costs as much as the rest.
pub trait Item {
    /// What it takes of an axis of `n` elements; `None` for what is wrong, takes nothing, or is no integer and no range.
    fn taken(&self, n: i64) -> Option<Taken>;
}

/// [`index`](crate::algebra::index) of a view of `N` axes by integers and ranges. How many axes come out shows only as it goes,
/// so this is no [`Make`]. Returns what [`write()`] does.
///
/// # Safety
/// As for [`write()`].
#[inline(always)]
pub unsafe fn index<const N: usize>(out: *mut RawView, v: &RawView, items: &[impl Item]) -> bool {
    // SAFETY: the caller's promise.
    unsafe { take::<N>(out, v, items) }.is_some()
}

/// # Safety
/// As for [`write()`].
#[inline(always)]
unsafe fn take<const N: usize>(out: *mut RawView, v: &RawView, items: &[impl Item]) -> Option<()> {
    let few = Few::<N>::of(v)?;
    if items.len() > N {
        return None;
    }
    let mut all = [Taken { first: 0, len: 1, step: 1, kept: true }; N];
    let (mut places, mut ndim, mut offset) = ([0; N], 0, 0);
    // Written out: in a loop this would be too much for the compiler to unroll, and all of it be kept in memory.
    if N > 0 {
        all[0] = taken(items, 0, few.shape[0])?;
    }
    if N > 1 {
        all[1] = taken(items, 1, few.shape[1])?;
    }
    if N > 2 {
        all[2] = taken(items, 2, few.shape[2])?;
    }
    if N > 3 {
        all[3] = taken(items, 3, few.shape[3])?;
    }
    for axis in 0..N {
        offset += few.strides[axis] * all[axis].first;
        places[axis] = ndim;
        ndim += usize::from(all[axis].kept);
    }
    // SAFETY: `out` is valid by the caller's promise, and has room for `MAX_NDIM` axes.
    unsafe {
        (*out).data = few.data.wrapping_offset(offset as isize);
        (*out).itemsize = few.itemsize;
        (*out).dtype = few.dtype.code();
        (*out).ndim = ndim as i32;
        (*out).flags = if few.readonly { READONLY } else { 0 };
        // An axis that is dropped is written where the next one will be. That spares a question, and what has a place
        // that is known only as it goes would have to be gathered in memory.
        for axis in 0..N {
            (*out).shape[places[axis]].write(all[axis].len);
            (*out).strides[places[axis]].write(few.strides[axis].wrapping_mul(all[axis].step));
        }
    }
    Some(())
}

/// What the items take of an axis of `n` elements; those that there are not take all of it.
#[inline(always)]
fn taken(items: &[impl Item], axis: usize, n: i64) -> Option<Taken> {
    match items.get(axis) {
        Some(item) => item.taken(n),
        None => Some(Taken { first: 0, len: n, step: 1, kept: true }),
    }
}

#[cfg(test)]
mod tests;
