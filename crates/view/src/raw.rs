//! The view as a value: one C struct, and its checked, borrowed form.
//!
//! [`RawView`] is the struct of the C ABI, byte for byte. It can come from anywhere, so nothing is believed of it until
//! [`RawView::check`] has looked; what that returns, a [`ViewRef`], is what every operation takes. Results are written
//! into a `RawView` that the caller provides, and only as many extents and strides as there are axes: a view with
//! 3 axes never touches the kilobyte that 64 axes would need.
//!
//! Neither type owns or borrows the elements. [`View`](crate::View) and [`ViewMut`](crate::ViewMut) do, for Rust.

use core::mem::{MaybeUninit, offset_of};
use core::slice;

use libstrided_layout::{Axes, DType, Error, Layout, MAX_NDIM, Result, each_axis};

/// The flag of a view that must not be written through.
pub const READONLY: u64 = 1;

/// A view: address, element type, extents and byte strides. The struct of the C ABI.
///
/// Invariant: the first `ndim` entries of `shape` and `strides` are initialised when `ndim` is 0 to 64. Code that takes a
/// `RawView` from a foreign pointer vouches for that.
#[repr(C)]
#[derive(Debug)]
pub struct RawView {
    pub(crate) data: *mut u8,
    pub(crate) itemsize: i64,
    pub(crate) dtype: i32,
    pub(crate) ndim: i32,
    pub(crate) flags: u64,
    pub(crate) shape: [MaybeUninit<i64>; MAX_NDIM],
    pub(crate) strides: [MaybeUninit<i64>; MAX_NDIM],
}

/// A view that has been checked, borrowed from where its extents and strides are kept: the dtype is known, the item
/// size fits it, the layout is a valid [`Layout`], no address wraps, and `data` is not NULL unless there are no elements.
///
/// Whether memory really lies at `data` can not be checked; that remains the promise of whoever made the view.
#[derive(Clone, Copy, Debug)]
pub struct ViewRef<'a> {
    data: *mut u8,
    dtype: DType,
    readonly: bool,
    layout: Layout<'a>,
    /// The addresses from the first byte to behind the last one; equal when there are no elements.
    bounds: (i64, i64),
}

impl RawView {
    /// Where the fields lie, in bytes: `data`, `itemsize`, `dtype`, `ndim`, `flags`, `shape`, `strides`.
    pub const OFFSETS: [usize; 7] = [
        offset_of!(RawView, data),
        offset_of!(RawView, itemsize),
        offset_of!(RawView, dtype),
        offset_of!(RawView, ndim),
        offset_of!(RawView, flags),
        offset_of!(RawView, shape),
        offset_of!(RawView, strides),
    ];

    /// A place for a view: no axes, no data, a dtype that is none. Costs nothing: extents and strides stay unwritten.
    #[inline]
    pub const fn vacant() -> RawView {
        RawView {
            data: core::ptr::null_mut(),
            itemsize: 0,
            dtype: 0,
            ndim: 0,
            flags: 0,
            shape: [const { MaybeUninit::uninit() }; MAX_NDIM],
            strides: [const { MaybeUninit::uninit() }; MAX_NDIM],
        }
    }

    /// Looks at everything that can be wrong with a view.
    // Inlined always: handing the result over through memory would cost as much again as looking.
    #[inline(always)]
    pub fn check(&self) -> Result<ViewRef<'_>> {
        let dtype = DType::from_code(self.dtype)?;
        let ndim = match usize::try_from(self.ndim) {
            Ok(ndim) if ndim <= MAX_NDIM => ndim,
            _ => return Err(Error::TooManyAxes { ndim: self.ndim.into() }),
        };
        if self.flags & !READONLY != 0 {
            return Err(Error::ReservedFlags { flags: self.flags });
        }
        dtype.check_itemsize(self.itemsize)?;
        // SAFETY: by the invariant of the type the first `ndim` entries, at most all 64, are initialised.
        let (shape, strides) = unsafe {
            (
                slice::from_raw_parts(self.shape.as_ptr().cast::<i64>(), ndim),
                slice::from_raw_parts(self.strides.as_ptr().cast::<i64>(), ndim),
            )
        };
        let (layout, extent) = Layout::with_extent(self.itemsize, shape, strides)?;
        let bounds = check_address(self.data, extent)?;
        Ok(ViewRef { data: self.data, dtype, readonly: self.flags & READONLY != 0, layout, bounds })
    }

    /// The number of axes; too many for [`few`](crate::few) where it is below 0.
    #[inline(always)]
    pub fn few_axes(&self) -> usize {
        self.ndim as usize
    }

    /// Whether another view says to have elements of the same dtype.
    #[inline(always)]
    pub fn has_dtype_of(&self, other: &RawView) -> bool {
        self.dtype == other.dtype
    }

    /// Extent and stride of one of the axes that there are.
    #[inline(always)]
    pub(crate) fn axis(&self, axis: usize) -> Option<(i64, i64)> {
        if axis >= MAX_NDIM || axis >= self.ndim.max(0) as usize {
            return None;
        }
        // SAFETY: by the invariant of the type the first `ndim` entries are initialised.
        unsafe { Some((self.shape[axis].assume_init(), self.strides[axis].assume_init())) }
    }

    /// [`RawView::axis`] without a look at whether there is such an axis.
    ///
    /// # Safety
    /// `axis` is less than `ndim`, and than [`MAX_NDIM`].
    #[inline(always)]
    pub(crate) unsafe fn axis_at(&self, axis: usize) -> (i64, i64) {
        // SAFETY: one of the 64 entries, and by the invariant of the type initialised.
        unsafe {
            (self.shape.get_unchecked(axis).assume_init(), self.strides.get_unchecked(axis).assume_init())
        }
    }

    /// The axes of this view, to be written anew. Whoever takes them calls [`RawView::set`] afterwards.
    #[inline]
    pub(crate) fn axes(&mut self) -> Axes<'_> {
        self.ndim = 0;
        Axes::new(&mut self.shape, &mut self.strides)
    }

    /// Fills in what is not axes. `ndim` is the length of the [`Axes`] that were just written.
    #[inline]
    pub(crate) fn set(&mut self, data: *mut u8, dtype: DType, itemsize: i64, readonly: bool, ndim: usize) {
        self.data = data;
        self.itemsize = itemsize;
        self.dtype = dtype.code();
        self.ndim = ndim as i32;
        self.flags = if readonly { READONLY } else { 0 };
    }

    /// Moves a view to the memory that it was made for.
    #[inline]
    pub(crate) fn set_data(&mut self, data: *mut u8) {
        self.data = data;
    }

    /// The checked form of a view that has passed [`RawView::check`] and can not have changed since.
    #[inline]
    pub(crate) fn trusted(&self) -> ViewRef<'_> {
        // A view that did pass can not fail; were it to, an empty view does no harm.
        self.check().unwrap_or(ViewRef {
            data: core::ptr::null_mut(),
            dtype: DType::U8,
            readonly: true,
            layout: Layout::EMPTY,
            bounds: (0, 0),
        })
    }

    /// Forbids writing through this view.
    #[inline]
    pub fn set_readonly(&mut self) {
        self.flags |= READONLY;
    }

    /// Copies the part of this view that is in use to `out`, and touches nothing else there.
    ///
    /// # Safety
    /// `out` must be valid for writes of a `RawView`.
    #[inline(always)]
    pub unsafe fn write_to(&self, out: *mut RawView) {
        let ndim = (self.ndim.max(0) as usize).min(MAX_NDIM);
        // SAFETY: `out` is valid by the caller's promise; source and destination hold at least `ndim` entries.
        unsafe {
            (*out).data = self.data;
            (*out).itemsize = self.itemsize;
            (*out).dtype = self.dtype;
            (*out).ndim = self.ndim;
            (*out).flags = self.flags;
            let _ = each_axis::<()>(ndim, |axis| {
                (*out).shape[axis] = self.shape[axis];
                (*out).strides[axis] = self.strides[axis];
                Ok(())
            });
        }
    }
}

impl Clone for RawView {
    /// Copies the part that is in use.
    #[inline]
    fn clone(&self) -> RawView {
        let mut copy = RawView::vacant();
        // SAFETY: `copy` is a valid place.
        unsafe { self.write_to(&mut copy) };
        copy
    }
}

/// Refuses NULL where there are elements, and extents that leave the address space. Returns the addresses of the first
/// byte and of the one behind the last; without elements twice the same.
#[inline]
pub(crate) fn check_address(data: *mut u8, (low, high): (i64, i64)) -> Result<(i64, i64)> {
    if high == low {
        // No elements.
        return Ok((0, 0));
    }
    if data.is_null() {
        return Err(Error::NullPointer);
    }
    let address = data as usize as i64;
    let first = address.checked_add(low);
    let end = address.checked_add(high);
    // Addresses are below 2^63, so that their distances fit into an `i64`.
    match (first, end) {
        (Some(first @ 0..), Some(end)) if address > 0 => Ok((first, end)),
        _ => Err(Error::SizeOverflow),
    }
}

impl<'a> ViewRef<'a> {
    /// Checks and makes a view from its parts.
    #[inline]
    pub fn new(data: *mut u8, dtype: DType, readonly: bool, layout: Layout<'a>) -> Result<ViewRef<'a>> {
        dtype.check_itemsize(layout.itemsize())?;
        let bounds = check_address(data, layout.extent())?;
        Ok(ViewRef { data, dtype, readonly, layout, bounds })
    }

    /// Address of element `[0, 0, ...]`.
    #[inline]
    pub fn data(&self) -> *mut u8 {
        self.data
    }

    /// The type of the elements.
    #[inline]
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Bytes per element.
    #[inline]
    pub fn itemsize(&self) -> i64 {
        self.layout.itemsize()
    }

    /// Whether writing is forbidden.
    #[inline]
    pub fn is_readonly(&self) -> bool {
        self.readonly
    }

    /// Extents and strides.
    #[inline]
    pub fn layout(&self) -> Layout<'a> {
        self.layout
    }

    /// The extents.
    #[inline]
    pub fn shape(&self) -> &'a [i64] {
        self.layout.shape()
    }

    /// The strides in bytes.
    #[inline]
    pub fn strides(&self) -> &'a [i64] {
        self.layout.strides()
    }

    /// The number of axes.
    #[inline]
    pub fn ndim(&self) -> usize {
        self.layout.ndim()
    }

    /// The number of elements.
    #[inline]
    pub fn size(&self) -> i64 {
        self.layout.size()
    }

    /// The bytes from the first element to the last one, gaps between them included; 0 without elements.
    #[inline]
    pub fn nbytes(&self) -> i64 {
        self.bounds.1.wrapping_sub(self.bounds.0)
    }

    /// Whether there are no elements.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bounds.0 == self.bounds.1
    }

    /// Whether all bytes of this view lie before all of the other one, or after. Costs two comparisons: the bounds
    /// are known since the view was checked. A view without elements is apart from all.
    #[inline]
    pub fn is_apart_from(&self, other: ViewRef<'_>) -> bool {
        self.bounds.1 <= other.bounds.0
            || other.bounds.1 <= self.bounds.0
            || self.is_empty()
            || other.is_empty()
    }

    /// Copies this view into a struct.
    #[inline]
    pub fn to_raw(&self) -> Result<RawView> {
        let mut raw = RawView::vacant();
        crate::algebra::copy(*self, &mut raw)?;
        Ok(raw)
    }

    /// Address `offset` bytes from element `[0, 0, ...]`.
    #[inline]
    pub(crate) fn at(&self, offset: i64) -> *mut u8 {
        self.data.wrapping_offset(offset as isize)
    }
}
