//! Views with one to four axes, made in registers.
//!
//! Most views have few axes and are made over and over, inside loops. For them the general way, which collects axes in a
//! place of its own and copies them to the caller's when nothing has gone wrong, costs more in going through memory than in
//! arithmetic. Here the number of axes is known to the compiler: extents and strides stay in registers until everything is
//! known to be right, and are then written where the caller wants them, also when that is one of the inputs.
//!
//! Each operation is a struct of its arguments that [`Make`]s the view. It answers `None` to everything that is wrong, rare or
//! has more axes; the function of [`algebra`](crate::algebra) with the same name then does it, or says what is wrong.

use libstrided_layout::{DType, Fitted, MAX_NDIM, Order, fit_range};

use crate::raw::{READONLY, RawView, ViewRef, check_address};

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
    pub v: ViewRef<'a>,
    /// The new order of its axes; reversed without.
    pub axes: Option<&'a [i32]>,
}

impl Make for Transpose<'_> {
    #[inline(always)]
    fn ndim(&self) -> usize {
        self.v.ndim()
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
    pub v: ViewRef<'a>,
    /// The two axes.
    pub axes: [i32; 2],
}

impl Make for SwapAxes<'_> {
    #[inline(always)]
    fn ndim(&self) -> usize {
        self.v.ndim()
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
fn in_order<const N: usize>(v: ViewRef<'_>, from: impl Fn(usize) -> usize) -> Option<Few<N>> {
    let (mut shape, mut strides) = ([0; N], [0; N]);
    for axis in 0..N {
        shape[axis] = *v.shape().get(from(axis))?;
        strides[axis] = *v.strides().get(from(axis))?;
    }
    Some(like(v, shape, strides, v.is_readonly()))
}

/// [`reshape`](crate::algebra::reshape) of a packed array, in its own order.
pub struct Reshape<'a> {
    /// The view.
    pub v: ViewRef<'a>,
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
        let in_order = self.v.layout().is_packed() && matches!(self.order, Order::C | Order::A);
        let (strides, nbytes) = packed(self.v.itemsize(), &shape, Order::C)?;
        (in_order && nbytes == self.v.nbytes()).then_some(like(self.v, shape, strides, self.v.is_readonly()))
    }
}

/// [`broadcast_to`](crate::algebra::broadcast_to).
pub struct Broadcast<'a> {
    /// The view.
    pub v: ViewRef<'a>,
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
        let (old, mut strides) = padded::<N>(self.v)?;
        let mut nbytes = self.v.itemsize();
        for axis in 0..N {
            if shape[axis] != old[axis] {
                if old[axis] != 1 || shape[axis] < 1 {
                    return None;
                }
                strides[axis] = 0;
            }
            nbytes = nbytes.checked_mul(shape[axis])?;
        }
        Some(like(self.v, shape, strides, true))
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

impl Taken {
    /// One element of the `n`; the axis is dropped.
    #[inline(always)]
    pub fn at(n: i64, i: i64) -> Option<Taken> {
        let counted = if i < 0 { i.wrapping_add(n) } else { i };
        (0..n).contains(&counted).then_some(Taken { first: counted, len: 1, step: 1, kept: false })
    }

    /// Some of the `n` elements, as [`Index::Range`](crate::Index::Range) has it.
    #[inline(always)]
    pub fn range(n: i64, start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Option<Taken> {
        let Fitted { start, step, len } = fit_range(n, start, stop, step)?;
        (len != 0).then_some(Taken { first: start, len, step, kept: true })
    }
}

/// An item of an index, as a language's interface has it.
// A trait and no closure: closures can not be told to be inlined always, and a call for each item costs as much as the rest.
pub trait Item {
    /// What it takes of an axis of `n` elements; `None` for what is wrong, takes nothing, or is no integer and no range.
    fn taken(&self, n: i64) -> Option<Taken>;
}

/// [`index`](crate::algebra::index) by integers and ranges. How many axes come out shows only as it goes, so this is no
/// [`Make`]. Returns what [`write()`] does.
///
/// # Safety
/// As for [`write()`].
#[inline(always)]
pub unsafe fn index(out: *mut RawView, v: ViewRef<'_>, items: &[impl Item]) -> bool {
    if items.len() > v.ndim() || v.is_empty() {
        return false;
    }
    // SAFETY: the caller's promise.
    let written = unsafe {
        match v.ndim() {
            1 => take::<1>(out, v, items),
            2 => take::<2>(out, v, items),
            3 => take::<3>(out, v, items),
            4 => take::<4>(out, v, items),
            _ => None,
        }
    };
    written.is_some()
}

/// # Safety
/// As for [`write()`].
#[inline(always)]
unsafe fn take<const N: usize>(out: *mut RawView, v: ViewRef<'_>, items: &[impl Item]) -> Option<()> {
    const { assert!(N <= MAX_AXES) };
    let (shape, strides): (&[i64; N], &[i64; N]) = (v.shape().try_into().ok()?, v.strides().try_into().ok()?);
    let (mut lens, mut steps, mut places) = ([0; N], [0; N], [0; N]);
    let (mut ndim, mut offset) = (0, 0);
    let whole = Taken { first: 0, len: 1, step: 1, kept: true };
    let mut all = [whole; MAX_AXES];
    // Written out: in a loop this would be too much for the compiler to unroll, and all of it be kept in memory.
    if N > 0 {
        all[0] = taken(items, 0, shape[0])?;
    }
    if N > 1 {
        all[1] = taken(items, 1, shape[1])?;
    }
    if N > 2 {
        all[2] = taken(items, 2, shape[2])?;
    }
    if N > 3 {
        all[3] = taken(items, 3, shape[3])?;
    }
    for axis in 0..N {
        let taken = all[axis];
        offset += strides[axis] * taken.first;
        lens[axis] = taken.len;
        steps[axis] = strides[axis].wrapping_mul(taken.step);
        places[axis] = ndim;
        ndim += usize::from(taken.kept);
    }
    let few = like(v, lens, steps, v.is_readonly());
    // SAFETY: `out` is valid by the caller's promise, and has room for `MAX_NDIM` axes.
    unsafe {
        (*out).data = few.data.wrapping_offset(offset as isize);
        (*out).itemsize = few.itemsize;
        (*out).dtype = few.dtype.code();
        (*out).ndim = ndim as i32;
        (*out).flags = if few.readonly { READONLY } else { 0 };
        // An axis that is dropped is written where the next one will be. That spares a question, and what has a place
        // that is known only as it goes would have to be gathered in memory.
        for (axis, &place) in places.iter().enumerate() {
            (*out).shape[place].write(few.shape[axis]);
            (*out).strides[place].write(few.strides[axis]);
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

/// The axes of a view that has elements, with axes of extent 1 in front until there are `N`.
#[inline(always)]
fn padded<const N: usize>(v: ViewRef<'_>) -> Option<([i64; N], [i64; N])> {
    if v.is_empty() {
        return None;
    }
    if let (Ok(shape), Ok(strides)) = (v.shape().try_into(), v.strides().try_into()) {
        return Some((shape, strides));
    }
    let added = N.checked_sub(v.ndim())?;
    let (mut shape, mut strides) = ([1; N], [0; N]);
    for axis in 0..N {
        if axis >= added {
            (shape[axis], strides[axis]) = v.layout().axis(axis - added);
        }
    }
    Some((shape, strides))
}

/// Other axes over the memory of `v`.
#[inline(always)]
fn like<const N: usize>(v: ViewRef<'_>, shape: [i64; N], strides: [i64; N], readonly: bool) -> Few<N> {
    Few { data: v.data(), dtype: v.dtype(), itemsize: v.itemsize(), readonly, shape, strides }
}

#[cfg(test)]
mod tests;
