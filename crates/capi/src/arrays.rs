//! Arrays: reference-counted handles on memory.

use core::ffi::c_void;

use libstrided::{Array, Contents, DType, Error, Order, Source, engine};

use crate::arguments::{array, list, order, pointer, put, sized_dtype, view};
use crate::status::{Named, Outcome, boundary};
use crate::types::*;

/// Hands a new array to C.
///
/// # Safety
/// `out` has passed [`pointer`] and is a place for a pointer.
unsafe fn hand_out(out: *mut *mut strided_array, array: Array) {
    // SAFETY: the caller's promise.
    unsafe { put(out, array.into_raw().cast()) };
}

/// Makes a packed array; the arguments are those of the C functions.
///
/// # Safety
/// As [`strided_array_new`].
unsafe fn build(
    source: Source<'_>,
    contents: Contents,
    (dtype, itemsize): (DType, i64),
    (ndim, shape): (i32, *const i64),
    order_code: i32,
    out: *mut *mut strided_array,
) -> Outcome {
    dtype.check_itemsize(itemsize).named(if dtype == DType::Opaque { "itemsize" } else { "dtype" })?;
    // SAFETY: the caller's promise.
    let shape = unsafe { list("shape", shape, ndim) }.map_err(crate::arguments::about_ndim)?;
    let order = order(order_code)?;
    if matches!(order, Order::A | Order::K) {
        let rule = "the order of a new array must be C or F";
        return Err(Error::InvalidArgument { rule, value: order_code.into() }).named("order");
    }
    pointer("out", out)?;
    let array = Array::build(source, contents, dtype, itemsize, shape, order).named_by(|e| match e {
        Error::InvalidArgument { .. } => "align",
        Error::IncompleteAllocator { .. } | Error::MisalignedBlock { .. } => "allocator",
        _ => "shape",
    })?;
    // SAFETY: checked above, and a place for a pointer by the caller's promise.
    unsafe { hand_out(out, array) };
    Ok(())
}

/// Makes an array of `dtype`, packed in `order` (STRIDED_ORDER_C or _F), its elements not initialised. The memory is aligned to
/// 64 bytes; blocks of 2 MiB and more are mappings of their own. Release it with strided_array_release. Errors:
/// STRIDED_E_NO_MEMORY, _OVERFLOW, _SHAPE, _NDIM, _ENUM, _DTYPE (STRIDED_OPAQUE: use strided_array_new_opaque).
///
/// # Safety
/// `shape` holds `ndim` entries, `out` is a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_new(
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_new", || {
        let dtype = sized_dtype(dtype)?;
        // SAFETY: the caller's promise.
        unsafe { build(Source::DEFAULT, Contents::Uninit, (dtype, dtype.size()), (ndim, shape), order, out) }
    })
}

/// As strided_array_new, with all bytes zero. Pages of large arrays are not touched before they are used.
///
/// # Safety
/// As strided_array_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_zeros(
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_zeros", || {
        let dtype = sized_dtype(dtype)?;
        // SAFETY: the caller's promise.
        unsafe { build(Source::DEFAULT, Contents::Zeroed, (dtype, dtype.size()), (ndim, shape), order, out) }
    })
}

/// As strided_array_new, for STRIDED_OPAQUE items of `itemsize` bytes.
///
/// # Safety
/// As strided_array_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_new_opaque(
    itemsize: i64,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_new_opaque", || {
        // SAFETY: the caller's promise.
        unsafe {
            build(Source::DEFAULT, Contents::Uninit, (DType::Opaque, itemsize), (ndim, shape), order, out)
        }
    })
}

/// As strided_array_new, at a multiple of `align` bytes: a power of two from 64 to 4096. Errors: STRIDED_E_VALUE.
///
/// # Safety
/// As strided_array_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_new_aligned(
    align: i64,
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_new_aligned", || {
        let dtype = sized_dtype(dtype)?;
        let Ok(bytes) = usize::try_from(align) else {
            let rule = "the alignment must be a power of two from 64 to 4096";
            return Err(Error::InvalidArgument { rule, value: align }).named("align");
        };
        let source = Source::Aligned(bytes);
        // SAFETY: the caller's promise.
        unsafe { build(source, Contents::Uninit, (dtype, dtype.size()), (ndim, shape), order, out) }
    })
}

/// As strided_array_new, with memory from the caller's allocator, whose table is copied. It is asked for a multiple of 64
/// bytes of alignment. Errors: STRIDED_E_VALUE (alloc or free is NULL; a misaligned block, which is given back),
/// STRIDED_E_NO_MEMORY.
///
/// # Safety
/// As strided_array_new; the functions of the table keep their promises until the memory has been given back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_new_with(
    allocator: *const strided_allocator,
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_new_with", || {
        // SAFETY: the caller's promise.
        unsafe { build_with(allocator, Contents::Uninit, dtype, (ndim, shape), order, out) }
    })
}

/// As strided_array_new_with, with all bytes zero.
///
/// # Safety
/// As strided_array_new_with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_zeros_with(
    allocator: *const strided_allocator,
    dtype: i32,
    ndim: i32,
    shape: *const i64,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_zeros_with", || {
        // SAFETY: the caller's promise.
        unsafe { build_with(allocator, Contents::Zeroed, dtype, (ndim, shape), order, out) }
    })
}

/// # Safety
/// As [`strided_array_new_with`].
unsafe fn build_with(
    allocator: *const strided_allocator,
    contents: Contents,
    dtype_code: i32,
    shape: (i32, *const i64),
    order: i32,
    out: *mut *mut strided_array,
) -> Outcome {
    pointer("allocator", allocator)?;
    let dtype = sized_dtype(dtype_code)?;
    // SAFETY: not NULL, aligned, and a table by the caller's promise.
    unsafe {
        let table = (*allocator).table();
        build(Source::Allocator(&table), contents, (dtype, dtype.size()), shape, order, out)
    }
}

/// Makes an array of memory that belongs to someone else: `release(ctx)` is called once, when the last share is dropped, from
/// whichever thread does that. `release` may be NULL. On failure it is not called, and the memory stays the caller's. The
/// array is read-only when `v` is.
///
/// # Safety
/// `v` points to a view of memory that stays where it is until `release` is called; `release` may be called from any thread and
/// must not unwind.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_adopt(
    v: *const strided_view,
    release: strided_release,
    ctx: *mut c_void,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_adopt", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            pointer("out", out)?;
            hand_out(out, Array::adopt(v, release, ctx).named("v")?);
        }
        Ok(())
    })
}

/// Makes another array on the memory of `base`, with the view `v`, which must lie inside it: NumPy's `base`. The memory lives until
/// both are released. Errors: STRIDED_E_BOUNDS, STRIDED_E_READONLY (`v` can be written to and `base` can not).
///
/// # Safety
/// `base` is a live handle, `v` points to a view, `out` is a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_from_view(
    base: *const strided_array,
    v: *const strided_view,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_from_view", || {
        // SAFETY: the caller's promise.
        unsafe {
            let base = array("base", base)?;
            let v = view("v", v)?;
            pointer("out", out)?;
            hand_out(out, base.with_view(v).named("v")?);
        }
        Ok(())
    })
}

/// Makes a packed copy of `v` in a new array. `order`: STRIDED_ORDER_C, _F, _A (F when v is F- and not C-contiguous), _K (axes in
/// the order of v's strides). Errors: STRIDED_E_NO_MEMORY, STRIDED_E_ENUM.
///
/// # Safety
/// `v` points to a view of memory that is not being written, `out` is a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_copy(
    v: *const strided_view,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_copy", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let order = crate::arguments::order(order)?;
            pointer("out", out)?;
            hand_out(out, engine::to_array(v, order).named("v")?);
        }
        Ok(())
    })
}

/// As strided_array_copy, with the elements cast to `dtype` as far as `casting` allows. Floats cast to integers saturate, NaN
/// becomes 0. Errors: STRIDED_E_CASTING.
///
/// # Safety
/// As strided_array_copy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_cast(
    v: *const strided_view,
    dtype: i32,
    casting: i32,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_cast", || {
        // SAFETY: the caller's promise.
        unsafe {
            let v = view("v", v)?;
            let dtype = crate::arguments::dtype("dtype", dtype)?;
            let casting = crate::arguments::casting(casting)?;
            let order = crate::arguments::order(order)?;
            pointer("out", out)?;
            hand_out(out, engine::cast_array(v, dtype, casting, order).named("dtype")?);
        }
        Ok(())
    })
}

/// An array with the elements of `a` packed in `order`: another share in the same memory when they are so already (for A and K:
/// in C or F order), else a copy. Release it in either case.
///
/// # Safety
/// `a` is a live handle whose memory is not being written, `out` is a place for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_contiguous(
    a: *const strided_array,
    order: i32,
    out: *mut *mut strided_array,
) -> strided_status {
    boundary("strided_array_contiguous", || {
        // SAFETY: the caller's promise.
        unsafe {
            let a = array("a", a)?;
            let order = crate::arguments::order(order)?;
            pointer("out", out)?;
            let packed = match a.if_contiguous(order) {
                Some(same) => same,
                None => engine::to_array(a.view(), order).named("a")?,
            };
            hand_out(out, packed);
        }
        Ok(())
    })
}

/// The view of an array; valid, and unchanged, as long as the handle. NULL for NULL.
///
/// # Safety
/// `a` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_view(a: *const strided_array) -> *const strided_view {
    // SAFETY: the caller's promise.
    match unsafe { array("a", a) } {
        Ok(a) => core::ptr::from_ref(a.as_raw()).cast(),
        Err(_) => core::ptr::null(),
    }
}

/// Takes another share in `a` and returns it: release it as often as it was made and retained. NULL for NULL. May be called from
/// any thread that holds a share.
///
/// # Safety
/// `a` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_retain(a: *mut strided_array) -> *mut strided_array {
    // SAFETY: the caller's promise.
    match unsafe { array("a", a) }.ok().and_then(|a| a.try_clone()) {
        Some(share) => share.into_raw().cast(),
        None => core::ptr::null_mut(),
    }
}

/// Gives a share back; the last one frees the memory, or calls its owner's release. NULL does nothing. May be called from any
/// thread.
///
/// # Safety
/// `a` is NULL or a live handle, which must not be used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_release(a: *mut strided_array) {
    if let Some(inner) = core::ptr::NonNull::new(a.cast()) {
        // SAFETY: a live handle, given up by the caller.
        drop(unsafe { Array::from_raw(inner) });
    }
}

/// How many shares there are in the memory of `a`, those of other views of it included; 0 for NULL. Other threads may change it
/// at any time.
///
/// # Safety
/// `a` is NULL or a live handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_array_shares(a: *const strided_array) -> i64 {
    // SAFETY: the caller's promise.
    unsafe { array("a", a) }.map_or(0, |a| a.shares() as i64)
}
