//! Arrays: a view plus a share in the memory that it points into.
//!
//! An [`Array`] is a handle. Copies of it, and other arrays made on the same memory, hold shares in that memory; when
//! the last share goes, from whichever thread, the memory is freed or given back to its owner, exactly once.
//!
//! ```text
//!   Array ──► Inner { handles, RawView, Memory } ──► block of memory
//!   Array ──┘                              Memory ─┘
//!             Inner { handles, RawView, Memory } ──┘        (another view of the same block)
//! ```

use core::ffi::c_void;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering};
use std::alloc;

use libstrided_alloc::{AllocError, Allocator, Contents, DEFAULT_ALIGN, Memory};
use libstrided_layout::{self as layout, DType, Error, Order, Result, checked_nbytes};

use crate::algebra;
use crate::query;
use crate::raw::{RawView, ViewRef};
use crate::view::{Item, View, ViewMut};

/// What an array handle points at; opaque in the C ABI.
pub struct Inner {
    handles: AtomicUsize,
    view: RawView,
    /// One share for every handle: a handle takes its own with it when it goes.
    memory: ManuallyDrop<Memory>,
}

/// A handle to an array: cheap to clone, freed with the last clone.
///
/// ```
/// use libstrided_view::{Array, DType, Order};
/// let mut a = Array::zeros(DType::F64, &[2, 3], Order::F)?;
/// a.as_view_mut()?.set(&[1, 2], 5.0)?;
/// assert_eq!(a.as_view().get::<f64>(&[1, 2])?, 5.0);
/// # Ok::<(), libstrided_view::Error>(())
/// ```
pub struct Array(NonNull<Inner>);

// SAFETY: the counters are atomic, the view never changes, and the elements can be written only through a unique handle or
// through `unsafe` code, whose authors answer for races.
unsafe impl Send for Array {}
// SAFETY: as above.
unsafe impl Sync for Array {}

/// Where the memory of a new array comes from.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// The library's allocator, at a multiple of this many bytes (a power of two from 64 to 4096).
    Aligned(usize),
    /// A table of functions of the caller's, which the array remembers.
    Allocator(&'a Allocator),
}

impl Source<'_> {
    /// The library's allocator with its usual alignment of 64 bytes.
    pub const DEFAULT: Source<'static> = Source::Aligned(DEFAULT_ALIGN);
}

impl Array {
    /// A packed array (C or F order) whose elements are zero bytes.
    pub fn zeros(dtype: DType, shape: &[i64], order: Order) -> Result<Array> {
        Array::build(Source::DEFAULT, Contents::Zeroed, dtype, dtype.size(), shape, order)
    }

    /// A packed array whose elements hold whatever the memory held before; for code that writes them all before it
    /// reads any, through [`Array::view`]. For opaque items `itemsize` is theirs, else that of the dtype.
    pub fn new(dtype: DType, itemsize: i64, shape: &[i64], order: Order) -> Result<Array> {
        Array::build(Source::DEFAULT, Contents::Uninit, dtype, itemsize, shape, order)
    }

    /// A packed array (C or F order) with memory from `source`.
    pub fn build(
        source: Source<'_>,
        contents: Contents,
        dtype: DType,
        itemsize: i64,
        shape: &[i64],
        order: Order,
    ) -> Result<Array> {
        let mut view = RawView::vacant();
        // The address comes with the memory; until then any address will do that is not NULL and wraps nothing.
        algebra::init(core::ptr::without_provenance_mut(1), dtype, itemsize, shape, None, order, &mut view)?;
        Array::allocate(source, contents, view)
    }

    /// An array of the shape of `v` with items of another dtype, packed in C, F, or the order of `v` (A, K), its elements
    /// not yet written.
    pub fn like(v: ViewRef<'_>, dtype: DType, itemsize: i64, order: Order) -> Result<Array> {
        let mut view = RawView::vacant();
        let mut axes = view.axes();
        layout::contiguous_like(v.layout(), itemsize, order, &mut axes)?;
        let ndim = axes.len();
        view.set(core::ptr::without_provenance_mut(1), dtype, itemsize, false, ndim);
        Array::allocate(Source::DEFAULT, Contents::Uninit, view)
    }

    /// Gives a packed view its memory.
    fn allocate(source: Source<'_>, contents: Contents, mut view: RawView) -> Result<Array> {
        let v = view.check()?;
        let nbytes = checked_nbytes(v.itemsize(), v.shape())?;
        let nbytes = usize::try_from(nbytes).map_err(|_| Error::SizeOverflow)?;
        let memory = match source {
            Source::Aligned(align) => Memory::new(nbytes, align, contents),
            // SAFETY: whoever made the table vouches for its functions.
            Source::Allocator(table) => unsafe { Memory::new_with(table, nbytes, DEFAULT_ALIGN, contents) },
        }
        .map_err(from_alloc)?;
        view.set_data(memory.as_ptr());
        Array::from_parts(view, memory)
    }

    /// Puts a view and its memory behind a handle. When that fails the memory's share is dropped.
    fn from_parts(view: RawView, memory: Memory) -> Result<Array> {
        Ok(Room::new()?.fill(&view, memory))
    }

    /// Takes over memory of someone else's: `release(ctx)` is called once, from whichever thread drops the last share.
    /// On an error it is not called, and the memory stays the caller's.
    ///
    /// # Safety
    /// Until `release` is called, every element of `v` must be memory that stays there; `release` must be sound to call
    /// with `ctx` from any thread.
    pub unsafe fn adopt(
        v: ViewRef<'_>,
        release: Option<unsafe extern "C" fn(*mut c_void)>,
        ctx: *mut c_void,
    ) -> Result<Array> {
        // Everything that can fail comes before the memory has an owner that would release it.
        let room = Room::new()?;
        let view = v.to_raw()?;
        let (low, high) = v.layout().extent();
        let start = v.at(low);
        // SAFETY: the caller's promise.
        let memory =
            unsafe { Memory::adopt(start, (high - low) as usize, release, ctx) }.map_err(from_alloc)?;
        Ok(room.fill(&view, memory))
    }

    /// Another array on the same memory: `v` must lie inside it. The memory lives until both are gone.
    pub fn with_view(&self, v: ViewRef<'_>) -> Result<Array> {
        let inner = self.inner();
        query::check_inside(v, inner.memory.as_ptr(), inner.memory.nbytes() as i64)?;
        let mut view = v.to_raw()?;
        if self.view().is_readonly() {
            view.set_readonly();
        }
        let memory = inner.memory.try_clone().map_err(from_alloc)?;
        Array::from_parts(view, memory)
    }

    /// This array when it is packed in `order` already (A and K: when it is packed in C or F order).
    pub fn if_contiguous(&self, order: Order) -> Option<Array> {
        let l = self.view().layout();
        let packed = match order {
            Order::C => layout::is_c_contiguous(l),
            Order::F => layout::is_f_contiguous(l),
            Order::A | Order::K => layout::is_c_contiguous(l) || layout::is_f_contiguous(l),
        };
        packed.then(|| self.clone())
    }

    #[inline]
    fn inner(&self) -> &Inner {
        // SAFETY: the handle holds a share, so what it points at is there.
        unsafe { self.0.as_ref() }
    }

    /// The view of this array.
    #[inline]
    pub fn view(&self) -> ViewRef<'_> {
        self.inner().view.trusted()
    }

    /// The view of this array, as the struct of the C ABI.
    #[inline]
    pub fn as_raw(&self) -> &RawView {
        &self.inner().view
    }

    /// How many handles hold the memory, those of other views of it included.
    #[inline]
    pub fn shares(&self) -> usize {
        self.inner().memory.shares()
    }

    /// The elements, to be read.
    pub fn as_view(&self) -> View<'_> {
        // SAFETY: the memory is there as long as this handle. Safe code writes only through `as_view_mut`, which needs a
        // unique handle; arrays from `new`, whose elements may be unwritten, come with that condition.
        unsafe { View::from_raw(self.as_raw().clone()) }
    }

    /// The elements, to be written: [`Error::Shared`] when another handle holds the memory.
    pub fn as_view_mut(&mut self) -> Result<ViewMut<'_>> {
        if !self.inner().memory.is_unique() {
            return Err(Error::Shared);
        }
        if self.view().is_readonly() {
            return Err(Error::ReadOnly);
        }
        // SAFETY: nobody else holds the memory, and this handle is borrowed for as long as the view.
        Ok(unsafe { ViewMut::from_raw(self.as_raw().clone()) })
    }

    /// A packed array in C order with the elements of a slice.
    pub fn from_slice<T: Item>(data: &[T], shape: &[i64]) -> Result<Array> {
        let array = Array::new(T::DTYPE, T::DTYPE.size(), shape, Order::C)?;
        let size = array.view().size();
        if size as usize != data.len() {
            return Err(Error::ReshapeSize { from: data.len() as i64, to: size });
        }
        // SAFETY: the new array is packed, has room for exactly these elements, and is nobody else's.
        unsafe { core::ptr::copy_nonoverlapping(data.as_ptr(), array.view().data().cast::<T>(), data.len()) };
        Ok(array)
    }

    /// Another handle, or `None` when they can not be counted any more.
    pub fn try_clone(&self) -> Option<Array> {
        let share = self.inner().memory.try_clone().ok()?;
        core::mem::forget(share);
        self.inner().handles.fetch_add(1, Ordering::Relaxed);
        Some(Array(self.0))
    }

    /// The handle as a pointer, for the C ABI; it keeps its share.
    pub fn into_raw(self) -> *mut Inner {
        let raw = self.0.as_ptr();
        core::mem::forget(self);
        raw
    }

    /// The handle behind a pointer from [`Array::into_raw`].
    ///
    /// # Safety
    /// `raw` must come from `into_raw`, and each such pointer be taken back once.
    pub unsafe fn from_raw(raw: NonNull<Inner>) -> Array {
        Array(raw)
    }
}

impl Clone for Array {
    fn clone(&self) -> Array {
        match self.try_clone() {
            Some(clone) => clone,
            // 2^63 handles do not fit into memory: only leaking them gets here.
            None => std::process::abort(),
        }
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        let inner = self.0.as_ptr();
        // SAFETY: `inner` is there until the last handle is counted out. The memory's share of this handle is read out
        // before that and dropped after it, each handle its own. Releasing counts and the acquiring load of the last one
        // order all use of the array before the end of `inner` (a fence would do, but race detectors do not see it).
        unsafe {
            let share = core::ptr::read(&(*inner).memory);
            if (*inner).handles.fetch_sub(1, Ordering::Release) == 1 {
                (*inner).handles.load(Ordering::Acquire);
                alloc::dealloc(inner.cast(), alloc::Layout::new::<Inner>());
            }
            drop(ManuallyDrop::into_inner(share));
        }
    }
}

/// Memory for an [`Inner`], so that what can fail comes before what must not be undone.
struct Room(NonNull<Inner>);

impl Room {
    fn new() -> Result<Room> {
        let layout = alloc::Layout::new::<Inner>();
        // SAFETY: `Inner` is not empty.
        let raw = unsafe { alloc::alloc(layout) };
        NonNull::new(raw.cast()).map(Room).ok_or(Error::OutOfMemory { bytes: layout.size() })
    }

    /// Makes the first handle.
    fn fill(self, view: &RawView, memory: Memory) -> Array {
        let inner = self.0.as_ptr();
        core::mem::forget(self);
        // SAFETY: the memory was allocated for an `Inner`; every field is written, of the view the part in use.
        unsafe {
            (&raw mut (*inner).handles).write(AtomicUsize::new(1));
            view.write_to(&raw mut (*inner).view);
            (&raw mut (*inner).memory).write(ManuallyDrop::new(memory));
            Array(NonNull::new_unchecked(inner))
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this layout, and not used.
        unsafe { alloc::dealloc(self.0.as_ptr().cast(), alloc::Layout::new::<Inner>()) };
    }
}

/// The library's error for one of the allocation layer.
fn from_alloc(error: AllocError) -> Error {
    match error {
        AllocError::OutOfMemory { bytes } => Error::OutOfMemory { bytes },
        AllocError::BadAlignment { align } => Error::InvalidArgument {
            rule: "the alignment must be a power of two from 64 to 4096",
            value: i64::try_from(align).unwrap_or(i64::MAX),
        },
        AllocError::IncompleteAllocator { missing } => Error::IncompleteAllocator { missing },
        AllocError::SizeOverflow { .. } => Error::SizeOverflow,
        AllocError::Misaligned { address, align } => Error::MisalignedBlock { address, align },
        AllocError::NullPointer { .. } => Error::NullPointer,
        _ => Error::Internal,
    }
}

/// An array handle that is borrowed from a pointer of the C ABI: it holds no share.
pub struct ArrayRef<'a> {
    array: ManuallyDrop<Array>,
    borrowed: PhantomData<&'a Inner>,
}

impl ArrayRef<'_> {
    /// Borrows the handle behind a pointer from [`Array::into_raw`].
    ///
    /// # Safety
    /// The handle must stay alive as long as the borrow.
    #[inline]
    pub unsafe fn from_raw(raw: NonNull<Inner>) -> Self {
        ArrayRef { array: ManuallyDrop::new(Array(raw)), borrowed: PhantomData }
    }
}

impl core::ops::Deref for ArrayRef<'_> {
    type Target = Array;

    #[inline]
    fn deref(&self) -> &Array {
        &self.array
    }
}
