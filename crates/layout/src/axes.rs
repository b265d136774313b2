//! What a layout is: item size, extents and byte strides, borrowed from whoever holds them.
//!
//! [`Layout`] is the input of every function of this crate, [`Axes`] is where a new layout is written, axis by axis.
//! Both borrow their storage, so a caller keeps a layout where it likes: on the stack, in a C struct, in a handle.
//! [`Axes`] writes into uninitialised storage, so that a view with 3 axes costs 3 axes and not 64.

use core::mem::MaybeUninit;

use crate::{Error, Result};

/// The largest number of axes, as in NumPy 2.
pub const MAX_NDIM: usize = 64;

/// Memory order of elements, and the index order of a reshape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Order {
    /// Row-major: the last axis varies fastest.
    C = 0,
    /// Column-major: the first axis varies fastest.
    F = 1,
    /// F when the source is F- and not C-contiguous, C otherwise.
    A = 2,
    /// As near to the order of the source as possible.
    K = 3,
}

impl Order {
    /// The order with this number.
    #[inline]
    pub fn from_code(code: i32) -> Result<Order> {
        match code {
            0 => Ok(Order::C),
            1 => Ok(Order::F),
            2 => Ok(Order::A),
            3 => Ok(Order::K),
            _ => Err(Error::UnknownEnumerator { what: "order", value: code as i64 }),
        }
    }
}

/// A borrowed layout that has been checked: extents are not negative, the size in bytes fits into 63 bits, and so do
/// the byte offsets of all elements, counted from element `[0, 0, ...]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout<'a> {
    itemsize: i64,
    shape: &'a [i64],
    strides: &'a [i64],
    packed: bool,
}

impl Layout<'static> {
    /// One axis without elements, of single bytes.
    pub const EMPTY: Layout<'static> = Layout { itemsize: 1, shape: &[0], strides: &[1], packed: false };
}

impl<'a> Layout<'a> {
    /// Checks and makes a layout from extents and byte strides. `strides` may be of any sign; those of axes with
    /// extent 0 or 1, and all of them when there are no elements, mean nothing and are not looked at.
    #[inline]
    pub fn new(itemsize: i64, shape: &'a [i64], strides: &'a [i64]) -> Result<Layout<'a>> {
        Layout::with_extent(itemsize, shape, strides).map(|(layout, _)| layout)
    }

    /// As [`Layout::new`], with what [`Layout::extent`] would say: checking comes to the same.
    // Inlined always: handing the result over through memory would cost as much again as checking.
    #[inline(always)]
    pub fn with_extent(
        itemsize: i64,
        shape: &'a [i64],
        strides: &'a [i64],
    ) -> Result<(Layout<'a>, (i64, i64))> {
        if shape.len() <= MAX_NDIM && strides.len() == shape.len() && itemsize >= 1 {
            if let Some(nbytes) = packed_extent(itemsize, shape, strides) {
                return Ok((Layout { itemsize, shape, strides, packed: true }, (0, nbytes)));
            }
            if let Some(extent) = plain_extent(itemsize, shape, strides) {
                return Ok((Layout { itemsize, shape, strides, packed: false }, extent));
            }
        }
        let extent = careful_extent(itemsize, shape, strides)?;
        Ok((Layout { itemsize, shape, strides, packed: false }, extent))
    }

    /// Bytes per element.
    #[inline]
    pub fn itemsize(&self) -> i64 {
        self.itemsize
    }

    /// The extents.
    #[inline]
    pub fn shape(&self) -> &'a [i64] {
        self.shape
    }

    /// The strides in bytes.
    #[inline]
    pub fn strides(&self) -> &'a [i64] {
        self.strides
    }

    /// The number of axes.
    #[inline]
    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    /// Whether there are elements, and every stride is what those of a packed array in C order are, also on axes of
    /// extent 1. Costs nothing, as the check that made the layout has found it out; `false` says nothing.
    #[inline]
    pub fn is_packed(&self) -> bool {
        self.packed
    }

    /// Extent and stride of one axis; of an axis that there is not, those of an axis of extent 1.
    #[inline]
    pub fn axis(&self, axis: usize) -> (i64, i64) {
        match (self.shape.get(axis), self.strides.get(axis)) {
            (Some(&n), Some(&stride)) => (n, stride),
            _ => (1, 0),
        }
    }

    /// Whether the extents are these.
    #[inline]
    pub fn has_shape(&self, shape: &[i64]) -> bool {
        let same = |axis: usize| if self.shape[axis] == shape[axis] { Ok(()) } else { Err(()) };
        self.shape.len() == shape.len() && each_axis(shape.len(), same).is_ok()
    }

    /// The number of elements.
    #[inline]
    pub fn size(&self) -> i64 {
        let mut size = 1i64;
        let _ = each_axis::<()>(self.ndim(), |axis| {
            // Cannot overflow: `new` has checked the product of the extents that are not 0.
            size = size.wrapping_mul(self.axis(axis).0);
            Ok(())
        });
        size
    }

    /// Whether there are no elements.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    /// The bytes that the elements take, `low..high`, counted from element `[0, 0, ...]`; `(0, 0)` without elements.
    #[inline]
    pub fn extent(&self) -> (i64, i64) {
        if self.is_empty() {
            return (0, 0);
        }
        let (mut low, mut high) = (0, self.itemsize);
        for (&n, &stride) in self.shape.iter().zip(self.strides) {
            if n > 1 {
                // Cannot overflow: `with_extent` has computed the same.
                let reach = stride * (n - 1);
                low += reach.min(0);
                high += reach.max(0);
            }
        }
        (low, high)
    }
}

/// The byte extent of a layout that has elements, in which nothing overflows, and which reaches over less than 2^62
/// bytes: what nearly every layout is, so there is one quick look for that.
#[inline(always)]
fn plain_extent(itemsize: i64, shape: &[i64], strides: &[i64]) -> Option<(i64, i64)> {
    // `spread` is what the elements reach over in all, `low` the negative part of that.
    let (mut nbytes, mut low, mut spread) = (itemsize, 0i64, itemsize as u64);
    let mut add = |axis: usize| {
        let (n, stride) = (shape[axis], strides[axis]);
        if n < 1 {
            return None;
        }
        nbytes = nbytes.checked_mul(n)?;
        let reach = stride.checked_mul(n - 1)?;
        spread = spread.checked_add(reach.unsigned_abs())?;
        low = low.wrapping_add(reach.min(0));
        Some(())
    };
    each_axis(shape.len().min(strides.len()), |axis| add(axis).ok_or(())).ok()?;
    if spread >> 62 != 0 {
        return None;
    }
    Some((low, low + spread as i64))
}

/// The bytes of a layout that has elements and is packed in C order: what most layouts are, and a third of the work.
#[inline(always)]
fn packed_extent(itemsize: i64, shape: &[i64], strides: &[i64]) -> Option<i64> {
    let mut nbytes = itemsize;
    let mut add = |axis: usize| {
        let (n, stride) = (shape[axis], strides[axis]);
        if n < 1 || stride != nbytes {
            return None;
        }
        nbytes = nbytes.checked_mul(n)?;
        Some(())
    };
    let ndim = shape.len().min(strides.len());
    each_axis(ndim, |i| add(ndim - 1 - i).ok_or(())).ok()?;
    Some(nbytes)
}

/// The same for all others: finds what is wrong, or that nothing is.
// It takes its arguments in registers, so that nobody has to have a `Layout` in memory for it.
#[cold]
#[inline(never)]
fn careful_extent(itemsize: i64, shape: &[i64], strides: &[i64]) -> Result<(i64, i64)> {
    if shape.len() > MAX_NDIM {
        return Err(Error::TooManyAxes { ndim: shape.len() as i64 });
    }
    if strides.len() != shape.len() {
        return Err(Error::WrongCount { expected: shape.len(), got: strides.len() as i64 });
    }
    if itemsize < 1 {
        return Err(Error::InvalidArgument { rule: "the item size must be at least 1", value: itemsize });
    }
    checked_nbytes(itemsize, shape)?;
    let layout = Layout { itemsize, shape, strides, packed: false };
    // Without elements the strides mean nothing.
    if layout.is_empty() {
        return Ok((0, 0));
    }
    let mut spread = itemsize;
    for (&n, &stride) in shape.iter().zip(strides) {
        let reach = stride.checked_mul(n - 1).and_then(i64::checked_abs).ok_or(Error::SizeOverflow)?;
        spread = spread.checked_add(reach).ok_or(Error::SizeOverflow)?;
    }
    Ok(layout.extent())
}

/// The bytes that elements of this shape take when they are packed; an error when an extent is negative or the product
/// of the item size and all extents **other than 0** does not fit into 63 bits (so an array of shape `(0, 2^62, 4)`
/// is refused, as in NumPy).
#[inline]
pub fn checked_nbytes(itemsize: i64, shape: &[i64]) -> Result<i64> {
    let mut nbytes = itemsize;
    let mut empty = false;
    for (axis, &n) in shape.iter().enumerate() {
        if n <= 0 {
            if n < 0 {
                return Err(Error::NegativeExtent { axis, extent: n });
            }
            empty = true;
        } else {
            nbytes = nbytes.checked_mul(n).ok_or(Error::SizeOverflow)?;
        }
    }
    Ok(if empty { 0 } else { nbytes })
}

/// Calls `f` for each axis, in order, until it fails. The first four are written out: nearly all arrays have no more, and
/// for them the loop, or the start of a vectorised one, would cost more than what it does.
#[inline(always)]
pub fn each_axis<E>(
    ndim: usize,
    mut f: impl FnMut(usize) -> core::result::Result<(), E>,
) -> core::result::Result<(), E> {
    for axis in 0..4 {
        if axis == ndim {
            return Ok(());
        }
        f(axis)?;
    }
    for axis in 4..ndim {
        f(axis)?;
    }
    Ok(())
}

/// A place for a new layout: extents and strides are pushed axis by axis.
#[derive(Debug)]
pub struct Axes<'a> {
    shape: &'a mut [MaybeUninit<i64>; MAX_NDIM],
    strides: &'a mut [MaybeUninit<i64>; MAX_NDIM],
    len: usize,
}

impl<'a> Axes<'a> {
    /// An empty list of axes over this storage.
    #[inline]
    pub fn new(
        shape: &'a mut [MaybeUninit<i64>; MAX_NDIM],
        strides: &'a mut [MaybeUninit<i64>; MAX_NDIM],
    ) -> Axes<'a> {
        Axes { shape, strides, len: 0 }
    }

    /// Appends an axis.
    #[inline]
    pub fn push(&mut self, extent: i64, stride: i64) -> Result<()> {
        if self.len == MAX_NDIM {
            return Err(Error::TooManyAxes { ndim: MAX_NDIM as i64 + 1 });
        }
        self.shape[self.len].write(extent);
        self.strides[self.len].write(stride);
        self.len += 1;
        Ok(())
    }

    /// Appends all axes of a layout.
    #[inline]
    pub fn extend(&mut self, layout: Layout<'_>) -> Result<()> {
        for (&n, &stride) in layout.shape.iter().zip(layout.strides) {
            self.push(n, stride)?;
        }
        Ok(())
    }

    /// How many axes were pushed. Exactly that many entries of the storage have been written.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no axis was pushed.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// Counts a negative axis from the end and checks it.
#[inline]
pub fn normalize_axis(axis: i32, ndim: usize) -> Result<usize> {
    let n = ndim as i64;
    let a = axis as i64;
    let counted = if a < 0 { a + n } else { a };
    if (0..n).contains(&counted) {
        Ok(counted as usize)
    } else {
        Err(Error::AxisOutOfRange { axis: a, ndim })
    }
}

/// A set of axes, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AxisSet(pub u64);

impl AxisSet {
    /// The set of these axes, each counted from the end when negative and named once only.
    #[inline]
    pub fn from_axes(axes: &[i32], ndim: usize) -> Result<AxisSet> {
        let mut set = AxisSet(0);
        for &axis in axes {
            set.insert(normalize_axis(axis, ndim)?)?;
        }
        Ok(set)
    }

    /// All axes of an array with `ndim` axes.
    #[inline]
    pub fn all(ndim: usize) -> AxisSet {
        AxisSet(if ndim >= 64 { u64::MAX } else { (1 << ndim) - 1 })
    }

    /// Adds an axis; an error when it is in already.
    #[inline]
    pub fn insert(&mut self, axis: usize) -> Result<()> {
        if axis >= MAX_NDIM {
            return Err(Error::AxisOutOfRange { axis: axis as i64, ndim: MAX_NDIM });
        }
        if self.contains(axis) {
            return Err(Error::RepeatedAxis { axis });
        }
        self.0 |= 1 << axis;
        Ok(())
    }

    /// Whether the axis is in the set.
    #[inline]
    pub fn contains(self, axis: usize) -> bool {
        axis < 64 && self.0 >> axis & 1 == 1
    }

    /// How many axes are in the set.
    #[inline]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether the set is empty.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Storage for extents or strides that is still to be written.
pub(crate) type Unwritten = [MaybeUninit<i64>];

/// Makes room for `ndim` axes in an empty list, for layouts that are not written front to back. The caller writes
/// every entry of both slices.
#[inline]
pub(crate) fn reserve<'o>(
    out: &'o mut Axes<'_>,
    ndim: usize,
) -> Result<(&'o mut Unwritten, &'o mut Unwritten)> {
    if ndim > MAX_NDIM {
        return Err(Error::TooManyAxes { ndim: ndim as i64 });
    }
    out.len = ndim;
    Ok((&mut out.shape[..ndim], &mut out.strides[..ndim]))
}
