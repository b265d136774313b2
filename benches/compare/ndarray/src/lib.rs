//! ndarray on the views of the C ABI, so that it can be measured in one run, on one buffer, with libstrided.
//!
//! Each function takes `strided_view`s of one dtype (`f32` or `f64`, a mask of bools besides) and up to 3 axes with strides
//! that are not negative, and returns 0 when it did the work, 1 when it does not take such views. Work is done by the
//! statement that a user of ndarray would write for it, on arrays of a fixed number of axes.

use ndarray::{ArrayView, ArrayViewMut, Axis, Dimension, IntoDimension, Ix1, Ix2, Ix3, ShapeBuilder, Zip};

/// `strided_view` of `strided.h`.
#[repr(C)]
pub struct View {
    data: *mut u8,
    itemsize: i64,
    dtype: i32,
    ndim: i32,
    flags: u64,
    shape: [i64; 64],
    strides: [i64; 64],
}

const BOOL: i32 = 1;
const F32: i32 = 12;
const F64: i32 = 13;

/// The shape and the strides in elements, broadcast to the number of axes; nothing when ndarray can not have them.
fn layout<D: Dimension, const N: usize>(v: &View, shape: &[i64; N]) -> Option<ndarray::StrideShape<D>>
where
    [usize; N]: IntoDimension<Dim = D>,
{
    let mut strides = [0; N];
    let missing = N.checked_sub(v.ndim as usize)?;
    for axis in missing..N {
        let (n, stride) = (v.shape[axis - missing], v.strides[axis - missing]);
        if stride < 0 || stride % v.itemsize != 0 || (n != shape[axis] && n != 1) {
            return None;
        }
        strides[axis] = if n == 1 { 0 } else { (stride / v.itemsize) as usize };
    }
    Some(shape.map(|n| n as usize).into_dimension().strides(strides.into_dimension()))
}

fn shape<const N: usize>(v: &View) -> [i64; N] {
    core::array::from_fn(|axis| v.shape[axis])
}

/// # Safety
/// The memory of the view can be read for as long as the result is used.
unsafe fn read<'a, T, D: Dimension, const N: usize>(v: &View, shape: &[i64; N]) -> Option<ArrayView<'a, T, D>>
where
    [usize; N]: IntoDimension<Dim = D>,
{
    let layout = layout::<D, N>(v, shape)?;
    // SAFETY: as the caller vouches.
    Some(unsafe { ArrayView::from_shape_ptr(layout, v.data.cast_const().cast()) })
}

/// # Safety
/// The memory of the view can be written for as long as the result is used, and its elements do not overlap.
unsafe fn write<'a, T, D: Dimension, const N: usize>(v: &View) -> Option<ArrayViewMut<'a, T, D>>
where
    [usize; N]: IntoDimension<Dim = D>,
{
    let layout = layout::<D, N>(v, &shape(v))?;
    // SAFETY: as the caller vouches.
    Some(unsafe { ArrayViewMut::from_shape_ptr(layout, v.data.cast()) })
}

/// Calls a function of a dtype and a number of axes for the dtype and the axes of a view.
macro_rules! dispatch {
    ($by:expr, $ndim:expr, $function:ident($($argument:expr),*)) => {{
        // SAFETY: the views are those of the caller.
        let done = unsafe {
            match ($by.dtype, $ndim) {
                (F64, 1) => $function::<f64, Ix1, 1>($($argument),*),
                (F64, 2) => $function::<f64, Ix2, 2>($($argument),*),
                (F64, 3) => $function::<f64, Ix3, 3>($($argument),*),
                (F32, 1) => $function::<f32, Ix1, 1>($($argument),*),
                (F32, 2) => $function::<f32, Ix2, 2>($($argument),*),
                (F32, 3) => $function::<f32, Ix3, 3>($($argument),*),
                _ => None,
            }
        };
        if done.is_some() { 0 } else { 1 }
    }};
}

unsafe fn copy<T: Copy, D: Dimension, const N: usize>(a: &View, out: &View) -> Option<()>
where
    [usize; N]: IntoDimension<Dim = D>,
{
    // SAFETY: the caller's views.
    unsafe { write::<T, D, N>(out)?.assign(&read::<T, D, N>(a, &shape(out))?) };
    Some(())
}

unsafe fn add<T: Copy + core::ops::Add<Output = T>, D: Dimension, const N: usize>(
    a: &View,
    b: &View,
    out: &View,
) -> Option<()>
where
    [usize; N]: IntoDimension<Dim = D>,
{
    // SAFETY: the caller's views.
    let (a, b, mut out) = unsafe {
        (read::<T, D, N>(a, &shape(out))?, read::<T, D, N>(b, &shape(out))?, write::<T, D, N>(out)?)
    };
    Zip::from(&mut out).and(&a).and(&b).for_each(|o, &a, &b| *o = a + b);
    Some(())
}

unsafe fn less<T: Copy + PartialOrd, D: Dimension, const N: usize>(
    a: &View,
    b: &View,
    out: &View,
) -> Option<()>
where
    [usize; N]: IntoDimension<Dim = D>,
{
    // SAFETY: the caller's views.
    let (a, b, mut out) = unsafe {
        (read::<T, D, N>(a, &shape(out))?, read::<T, D, N>(b, &shape(out))?, write::<bool, D, N>(out)?)
    };
    Zip::from(&mut out).and(&a).and(&b).for_each(|o, &a, &b| *o = a < b);
    Some(())
}

unsafe fn select<T: Copy, D: Dimension, const N: usize>(
    mask: &View,
    a: &View,
    b: &View,
    out: &View,
) -> Option<()>
where
    [usize; N]: IntoDimension<Dim = D>,
{
    // SAFETY: the caller's views.
    let (mask, a, b, mut out) = unsafe {
        (
            read::<bool, D, N>(mask, &shape(out))?,
            read::<T, D, N>(a, &shape(out))?,
            read::<T, D, N>(b, &shape(out))?,
            write::<T, D, N>(out)?,
        )
    };
    Zip::from(&mut out).and(&mask).and(&a).and(&b).for_each(|o, &m, &a, &b| *o = if m { a } else { b });
    Some(())
}

/// Over one axis, or over all when `axis` is -1. ndarray makes the result of an axis itself; it is copied to `out`.
unsafe fn sum<T, D: Dimension + ndarray::RemoveAxis, const N: usize>(
    v: &View,
    out: &View,
    axis: i64,
) -> Option<()>
where
    T: Copy + core::ops::Add<Output = T> + ndarray::LinalgScalar,
    [usize; N]: IntoDimension<Dim = D>,
{
    // SAFETY: the caller's views.
    let array = unsafe { read::<T, D, N>(v, &shape(v))? };
    let result = out.data.cast::<T>();
    if axis < 0 || out.ndim == 0 {
        // SAFETY: the output is one element.
        unsafe { result.write(array.sum()) };
        return Some(());
    }
    let sums = array.sum_axis(Axis(axis as usize));
    let n = sums.len();
    if out.ndim > 1 && out.strides[out.ndim as usize - 1] != out.itemsize {
        return None;
    }
    // SAFETY: the output is packed, with as many elements.
    unsafe { core::ptr::copy_nonoverlapping(sums.as_slice()?.as_ptr(), result, n) };
    Some(())
}

/// `out = a`.
///
/// # Safety
/// The views are valid, and `out` overlaps nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peer_copy(a: &View, out: &View) -> i32 {
    if a.dtype != out.dtype || a.ndim > out.ndim { 1 } else { dispatch!(out, out.ndim, copy(a, out)) }
}

/// `out = a + b`.
///
/// # Safety
/// As `peer_copy`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peer_add(a: &View, b: &View, out: &View) -> i32 {
    if a.dtype != out.dtype || b.dtype != out.dtype { 1 } else { dispatch!(out, out.ndim, add(a, b, out)) }
}

/// `out = a < b`.
///
/// # Safety
/// As `peer_copy`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peer_less(a: &View, b: &View, out: &View) -> i32 {
    if out.dtype != BOOL || a.dtype != b.dtype { 1 } else { dispatch!(a, out.ndim, less(a, b, out)) }
}

/// `out = mask ? a : b`.
///
/// # Safety
/// As `peer_copy`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peer_where(mask: &View, a: &View, b: &View, out: &View) -> i32 {
    if mask.dtype != BOOL || a.dtype != out.dtype || b.dtype != out.dtype {
        1
    } else {
        dispatch!(out, out.ndim, select(mask, a, b, out))
    }
}

/// `out = sum(v)` over one axis, or over all when `axis` is -1.
///
/// # Safety
/// As `peer_copy`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peer_sum(v: &View, out: &View, axis: i64) -> i32 {
    if v.dtype != out.dtype { 1 } else { dispatch!(v, v.ndim, sum(v, out, axis)) }
}
