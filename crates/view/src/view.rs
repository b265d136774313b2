//! Views with a lifetime, for Rust: [`View`] reads, [`ViewMut`] also writes.
//!
//! They are [`RawView`]s that borrow the memory that they describe, so a view can not outlive it and nothing else can
//! touch it while it is written through. Elements are read and written by type; the type is checked against the dtype.

use core::fmt;
use core::marker::PhantomData;

use libstrided_layout::{DType, Error, Index, Order, Result};

use crate::algebra;
use crate::query;
use crate::raw::{RawView, ViewRef};

mod sealed {
    /// Keeps [`super::Item`] to types without padding for which any bytes that a view of their dtype holds are valid.
    pub trait Sealed {}
}

/// A Rust type that is the element type of a dtype. Complex numbers are pairs, real part first.
///
/// ```
/// use libstrided_view::{DType, Item, Order, View};
/// let z = [[1.0, 2.0], [3.0, -4.0]];
/// let v = View::from_slice(&z, &[2], Order::C)?;
/// assert_eq!(v.dtype()?, DType::C128);
/// assert_eq!(v.get::<[f64; 2]>(&[-1])?, [3.0, -4.0]);
/// # Ok::<(), libstrided_view::Error>(())
/// ```
pub trait Item: Copy + sealed::Sealed + 'static {
    /// The dtype.
    const DTYPE: DType;
}

macro_rules! item {
    ($($t:ty = $dtype:ident),*) => {$(
        impl sealed::Sealed for $t {}
        impl Item for $t {
            const DTYPE: DType = DType::$dtype;
        }
    )*};
}
item!(
    i8 = I8,
    i16 = I16,
    i32 = I32,
    i64 = I64,
    u8 = U8,
    u16 = U16,
    u32 = U32,
    u64 = U64,
    f32 = F32,
    f64 = F64,
    [f32; 2] = C64,
    [f64; 2] = C128
);

/// A view that can be read for as long as `'a`.
#[derive(Clone)]
pub struct View<'a> {
    raw: RawView,
    memory: PhantomData<&'a [u8]>,
}

/// A view that can be read and written for as long as `'a`, and is the only one that can.
pub struct ViewMut<'a> {
    raw: RawView,
    memory: PhantomData<&'a mut [u8]>,
}

// SAFETY: a `View` is a shared borrow of plain bytes.
unsafe impl Send for View<'_> {}
// SAFETY: as above.
unsafe impl Sync for View<'_> {}
// SAFETY: a `ViewMut` is a unique borrow of plain bytes.
unsafe impl Send for ViewMut<'_> {}
// SAFETY: through a shared reference to a `ViewMut` bytes are only read.
unsafe impl Sync for ViewMut<'_> {}

impl<'a> View<'a> {
    /// Views a slice with these extents, packed in C or F order. An error unless there are exactly as many elements.
    ///
    /// ```
    /// use libstrided_view::{Order, View};
    /// let data = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    /// let a = View::from_slice(&data, &[2, 3], Order::F)?;
    /// assert_eq!(a.get::<f64>(&[1, 0])?, 2.0);
    /// assert_eq!(a.transpose(None)?.shape(), [3, 2]);
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    pub fn from_slice<T: Item>(data: &'a [T], shape: &[i64], order: Order) -> Result<View<'a>> {
        let raw = over_slice(data.as_ptr().cast_mut(), T::DTYPE, data.len(), shape, order)?;
        // SAFETY: the view takes exactly the slice, which is borrowed for 'a.
        Ok(unsafe { View::from_raw(raw) })
    }

    /// The same of bools, such as a mask. (They are no [`Item`]: a view may hold bytes that are neither 0 nor 1, and counts those
    /// as true. Single ones are read and written as `u8`, through [`reinterpret`](View::reinterpret).)
    ///
    /// ```
    /// use libstrided_view::{DType, Order, View};
    /// let mask = View::from_bools(&[true, false, true], &[3], Order::C)?;
    /// assert_eq!(mask.dtype()?, DType::Bool);
    /// assert_eq!(mask.reinterpret(DType::U8)?.get::<u8>(&[2])?, 1);
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    pub fn from_bools(data: &'a [bool], shape: &[i64], order: Order) -> Result<View<'a>> {
        let raw = over_slice(data.as_ptr().cast_mut(), DType::Bool, data.len(), shape, order)?;
        // SAFETY: the view takes exactly the slice, which is borrowed for 'a.
        Ok(unsafe { View::from_raw(raw) })
    }

    /// Borrows the memory that `raw` describes.
    ///
    /// # Safety
    /// For as long as `'a`, every element of `raw` must be initialised memory that nobody writes.
    pub unsafe fn from_raw(raw: RawView) -> View<'a> {
        View { raw, memory: PhantomData }
    }
}

impl<'a> ViewMut<'a> {
    /// Views a slice with these extents, packed in C or F order, to be written.
    pub fn from_slice<T: Item>(data: &'a mut [T], shape: &[i64], order: Order) -> Result<ViewMut<'a>> {
        let raw = over_slice(data.as_mut_ptr(), T::DTYPE, data.len(), shape, order)?;
        // SAFETY: the view takes exactly the slice, which is borrowed for 'a and for nobody else.
        Ok(unsafe { ViewMut::from_raw(raw) })
    }

    /// Borrows the memory that `raw` describes, to be written.
    ///
    /// # Safety
    /// For as long as `'a`, every element of `raw` must be initialised memory that nobody else reads or writes.
    pub unsafe fn from_raw(raw: RawView) -> ViewMut<'a> {
        ViewMut { raw, memory: PhantomData }
    }

    /// This view to be read, for as long as it is not written.
    pub fn as_view(&self) -> View<'_> {
        View { raw: self.raw.clone(), memory: PhantomData }
    }

    /// Writes one element; negative indices count from the end.
    pub fn set<T: Item>(&mut self, indices: &[i64], value: T) -> Result<()> {
        let v = self.as_ref()?;
        if v.is_readonly() {
            return Err(Error::ReadOnly);
        }
        let place = typed_address::<T>(v, indices)?;
        // SAFETY: the address is that of an element, which is borrowed for writing; it need not be aligned.
        unsafe { place.write_unaligned(value) };
        Ok(())
    }
}

/// The view algebra as methods: a `View` makes views that live as long as the memory, a `ViewMut` makes ones that
/// borrow it. One list for both.
macro_rules! algebra_methods {
    ($view:ident, $life:lifetime, $($receiver:tt)+) => {
        impl<'a> $view<'a> {
            #[inline]
            fn derive<'s>(
                $($receiver)+ self,
                f: impl FnOnce(ViewRef<'_>, &mut RawView) -> Result<()>,
            ) -> Result<$view<$life>> {
                let mut raw = RawView::vacant();
                f(self.raw.check()?, &mut raw)?;
                Ok($view { raw, memory: PhantomData })
            }

            /// Axes in another order; reversed without `axes`.
            pub fn transpose<'s>($($receiver)+ self, axes: Option<&[i32]>) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::transpose(v, axes, out))
            }

            /// Two axes exchanged.
            pub fn swapaxes<'s>($($receiver)+ self, a: i32, b: i32) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::swapaxes(v, a, b, out))
            }

            /// Axes `from[i]` moved to positions `to[i]`.
            pub fn moveaxis<'s>($($receiver)+ self, from: &[i32], to: &[i32]) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::moveaxis(v, from, to, out))
            }

            /// Basic indexing: integers, ranges, new axes, an ellipsis.
            pub fn index<'s>($($receiver)+ self, items: &[Index]) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::index(v, items.iter().copied().map(Ok), out))
            }

            /// Without the given axes of extent 1, or without all of them.
            pub fn squeeze<'s>($($receiver)+ self, axes: Option<&[i32]>) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::squeeze(v, axes, out))
            }

            /// With axes of extent 1 at the given positions of the result.
            pub fn expand_dims<'s>($($receiver)+ self, axes: &[i32]) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::expand_dims(v, axes, out))
            }

            /// With the given axes, or all, reversed.
            pub fn flip<'s>($($receiver)+ self, axes: Option<&[i32]>) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::flip(v, axes, out))
            }

            /// Rotated `k` times by 90 degrees from axis `a` towards axis `b`.
            pub fn rot90<'s>($($receiver)+ self, k: i32, a: i32, b: i32) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::rot90(v, k, a, b, out))
            }

            /// Another shape over the same elements; [`Error::NeedsCopy`] when their strides do not allow it.
            pub fn reshape<'s>($($receiver)+ self, shape: &[i64], order: Order) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::reshape(v, shape, order, out))
            }

            /// All elements on one axis; [`Error::NeedsCopy`] when their strides do not allow it.
            pub fn ravel<'s>($($receiver)+ self, order: Order) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::ravel(v, order, out))
            }

            /// Stretched to `shape` by zero strides; read-only.
            pub fn broadcast_to<'s>($($receiver)+ self, shape: &[i64]) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::broadcast_to(v, shape, out))
            }

            /// A diagonal as the last axis.
            pub fn diagonal<'s>($($receiver)+ self, offset: i64, a: i32, b: i32) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::diagonal(v, offset, a, b, out))
            }

            /// All windows of the given sizes, on axes appended at the end; read-only.
            pub fn sliding_window<'s>(
                $($receiver)+ self,
                axes: Option<&[i32]>,
                window: &[i64],
            ) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::sliding_window(v, axes, window, out))
            }

            /// Part number `part` of `sections` nearly equal parts of an axis.
            pub fn split<'s>($($receiver)+ self, sections: i32, axis: i32, part: i32) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::split(v, sections, axis, part, out))
            }

            /// The same bytes as elements of another type.
            pub fn reinterpret<'s>($($receiver)+ self, dtype: DType) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::reinterpret(v, dtype, out))
            }

            /// The real part.
            pub fn real<'s>($($receiver)+ self) -> Result<$view<$life>> {
                self.derive(algebra::real)
            }

            /// The imaginary part; of a real view, zeros that can only be read.
            pub fn imag<'s>($($receiver)+ self) -> Result<$view<$life>> {
                self.derive(algebra::imag)
            }

            /// The field of type `dtype` at byte `offset` of every item.
            pub fn field<'s>($($receiver)+ self, offset: i64, dtype: DType) -> Result<$view<$life>> {
                self.derive(|v, out| algebra::field(v, offset, dtype, dtype.size(), out))
            }
        }
    };
}
algebra_methods!(View, 'a, &'s);
algebra_methods!(ViewMut, 's, &'s mut);

/// What both kinds of view can be asked.
macro_rules! reading {
    ($view:ident) => {
        impl $view<'_> {
            /// The checked form that the functions of this crate take.
            #[inline]
            pub fn as_ref(&self) -> Result<ViewRef<'_>> {
                self.raw.check()
            }

            /// The struct of the C ABI.
            #[inline]
            pub fn as_raw(&self) -> &RawView {
                &self.raw
            }

            /// The type of the elements. An error only when the view is one of [`from_raw`](Self::from_raw) that is wrong.
            pub fn dtype(&self) -> Result<DType> {
                self.raw.check().map(|v| v.dtype())
            }

            /// How many elements there are.
            pub fn size(&self) -> i64 {
                self.raw.check().map_or(0, |v| v.size())
            }

            /// The extents.
            pub fn shape(&self) -> &[i64] {
                self.raw.check().map_or(&[], |v| v.shape())
            }

            /// The strides in bytes.
            pub fn strides(&self) -> &[i64] {
                self.raw.check().map_or(&[], |v| v.strides())
            }

            /// Reads one element; negative indices count from the end.
            pub fn get<T: Item>(&self, indices: &[i64]) -> Result<T> {
                let place = typed_address::<T>(self.raw.check()?, indices)?;
                // SAFETY: the address is that of an element, borrowed by this view; it need not be aligned.
                Ok(unsafe { place.read_unaligned() })
            }
        }

        /// The elements, as `numpy.array2string` shows them.
        impl fmt::Display for $view<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let v = self.raw.check().map_err(|_| fmt::Error)?;
                // SAFETY: the view borrows its memory.
                unsafe { crate::format::format(v, f) }
            }
        }

        impl fmt::Debug for $view<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($view))
                    .field("shape", &self.shape())
                    .field("strides", &self.strides())
                    .finish_non_exhaustive()
            }
        }
    };
}
reading!(View);
reading!(ViewMut);

fn over_slice<T>(data: *mut T, dtype: DType, len: usize, shape: &[i64], order: Order) -> Result<RawView> {
    let mut raw = RawView::vacant();
    algebra::init(data.cast(), dtype, dtype.size(), shape, None, order, &mut raw)?;
    let size = raw.check()?.size();
    if size as usize != len {
        return Err(Error::ReshapeSize { from: len as i64, to: size });
    }
    Ok(raw)
}

fn typed_address<T: Item>(v: ViewRef<'_>, indices: &[i64]) -> Result<*mut T> {
    if v.dtype() != T::DTYPE {
        return Err(Error::Casting { from: v.dtype(), to: T::DTYPE, rule: "no" });
    }
    Ok(query::address(v, indices)?.cast())
}
