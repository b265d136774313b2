//! Arguments as C passes them, checked one by one and named when they are wrong.

use core::ffi::c_void;

use libstrided::few::{self, Made};
use libstrided::{
    Alike, Casting, DType, Error, Lines, MAX_NDIM, Mixed, Order, RawView, Result, Same, ViewRef, Whole, small,
};

use crate::status::{Fail, Named, Outcome};
use crate::types::{strided_array, strided_view};

/// Refuses NULL and addresses at which no `T` can lie.
#[inline]
pub(crate) fn pointer<T>(argument: &'static str, p: *const T) -> Outcome {
    if p.is_null() {
        return Err(Error::NullPointer).named(argument);
    }
    if !p.is_aligned() {
        let value = p.addr() as i64;
        return Err(Error::InvalidArgument { rule: "the pointer is not aligned to its type", value })
            .named(argument);
    }
    Ok(())
}

/// An input view.
///
/// # Safety
/// `v` is NULL, misaligned, or points to a view that stays as it is during the call.
// Inlined always, as `RawView::check` is, and for the same reason.
#[inline(always)]
pub(crate) unsafe fn view<'a>(argument: &'static str, v: *const strided_view) -> Outcome<ViewRef<'a>> {
    // SAFETY: the caller's promise.
    unsafe { view_value(v) }.named(argument)
}

/// # Safety
/// As [`view`].
#[inline(always)]
unsafe fn view_value<'a>(v: *const strided_view) -> Result<ViewRef<'a>> {
    if v.is_null() {
        return Err(Error::NullPointer);
    }
    if !v.is_aligned() {
        let value = v.addr() as i64;
        return Err(Error::InvalidArgument { rule: "the pointer is not aligned to its type", value });
    }
    // SAFETY: not NULL, aligned, and a view by the caller's promise; the two structs are the same.
    unsafe { (*v.cast::<RawView>()).check() }
}

/// Does a small operation on views that are alike in one way or another: `false`, and nothing done, for all others.
///
/// # Safety
/// As [`view`], for each of them.
#[inline(always)]
pub(crate) unsafe fn if_alike<const N: usize>(
    inputs: [*const strided_view; N],
    out: *const strided_view,
    run: impl Fn(&Alike<N>) -> bool,
) -> bool {
    // SAFETY: the caller's promise.
    let Some((inputs, out)) = (unsafe { places(inputs, out) }) else { return false };
    small::if_alike(inputs, out, run)
}

/// The views of a small operation, when they differ in their addresses alone, and maybe in the dtype of the output.
///
/// # Safety
/// As [`view`], for each of them.
#[inline(always)]
pub(crate) unsafe fn same<const N: usize>(
    inputs: [*const strided_view; N],
    out: *const strided_view,
) -> Option<Same<N>> {
    // SAFETY: the caller's promise.
    unsafe { places(inputs, out) }.and_then(|(inputs, out)| Same::of(inputs, out))
}

/// The views of a small operation, when they differ in their addresses and dtypes alone.
///
/// # Safety
/// As [`view`], for each of them.
#[inline(always)]
pub(crate) unsafe fn mixed<const N: usize>(
    inputs: [*const strided_view; N],
    out: *const strided_view,
) -> Option<Mixed<N>> {
    // SAFETY: the caller's promise.
    unsafe { places(inputs, out) }.and_then(|(inputs, out)| Mixed::of(inputs, out))
}

/// Views of which nothing is known yet, if they can be looked at.
///
/// # Safety
/// As [`view`], for each of them.
#[inline(always)]
pub(crate) unsafe fn places<'a, const N: usize>(
    inputs: [*const strided_view; N],
    out: *const strided_view,
) -> Option<([&'a RawView; N], &'a RawView)> {
    let bits = inputs.iter().fold(out.addr(), |bits, v| bits | v.addr());
    if !bits.is_multiple_of(align_of::<strided_view>()) || out.is_null() || inputs.iter().any(|v| v.is_null())
    {
        return None;
    }
    // SAFETY: not NULL, aligned, and views by the caller's promise; the two structs are the same.
    unsafe { Some((inputs.map(|v| &*v.cast::<RawView>()), &*out.cast::<RawView>())) }
}

/// The views of a small reduction of everything to one element, when there is no more to say of them.
///
/// # Safety
/// As [`view`], for both.
#[inline(always)]
pub(crate) unsafe fn whole(v: *const strided_view, out: *const strided_view) -> Option<Whole> {
    // SAFETY: the caller's promise.
    unsafe { places([v], out) }.and_then(|([v], out)| Whole::of(v, out))
}

/// The views of a small reduction along one of two axes, when there is no more to say of them.
///
/// # Safety
/// As [`view`], for both.
#[inline(always)]
pub(crate) unsafe fn lines(
    v: *const strided_view,
    axis: i32,
    keepdims: bool,
    out: *const strided_view,
) -> Option<Lines> {
    // SAFETY: the caller's promise.
    unsafe { places([v], out) }.and_then(|([v], out)| Lines::of(v, axis, keepdims, out))
}

/// An input view that may be absent: NULL.
///
/// # Safety
/// As [`view`].
#[inline]
pub(crate) unsafe fn optional_view<'a>(
    argument: &'static str,
    v: *const strided_view,
) -> Outcome<Option<ViewRef<'a>>> {
    if v.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { view(argument, v).map(Some) }
}

/// The views of an array of pointers. They are checked each time they are walked: use the first walk to find errors.
///
/// # Safety
/// `views` points to `n` pointers, each as [`view`] takes it.
pub(crate) unsafe fn views<'a>(
    views: &'a [*const strided_view],
) -> impl Iterator<Item = Result<ViewRef<'a>>> + Clone {
    // SAFETY: the caller's promise.
    views.iter().map(|&v| unsafe { view_value(v) })
}

/// A list of `n` entries; NULL is fine when `n` is 0.
///
/// # Safety
/// `p` is NULL, misaligned, or points to `n` entries that stay as they are during the call.
#[inline]
pub(crate) unsafe fn list<'a, T>(argument: &'static str, p: *const T, n: i32) -> Outcome<&'a [T]> {
    let n = match usize::try_from(n) {
        Ok(0) => return Ok(&[]),
        Ok(n) if n <= MAX_NDIM => n,
        _ => return Err(Error::TooManyAxes { ndim: n.into() }).named(argument),
    };
    pointer(argument, p)?;
    // SAFETY: not NULL, aligned, and `n` entries by the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(p, n) })
}

/// A number of axes out of range is an error of `ndim`, not of the list that it counts.
pub(crate) fn about_ndim(mut fail: Fail) -> Fail {
    if matches!(fail.error, Error::TooManyAxes { .. }) {
        fail.argument = "ndim";
    }
    fail
}

/// A count out of range is an error of `n`.
pub(crate) fn about_n(mut fail: Fail) -> Fail {
    if matches!(fail.error, Error::TooManyAxes { .. }) {
        fail.argument = "n";
    }
    fail
}

/// A list of `n` pointers to views.
///
/// # Safety
/// As [`list`].
pub(crate) unsafe fn view_list<'a, T>(argument: &'static str, p: *const T, n: i32) -> Outcome<&'a [T]> {
    if !(0..=MAX_NDIM as i32).contains(&n) {
        let rule = "the number of views must be 0 to 64";
        return Err(Error::InvalidArgument { rule, value: n.into() }).named("n");
    }
    // SAFETY: the caller's promise.
    unsafe { list(argument, p, n) }
}

/// As [`list`], where NULL means that there is none.
///
/// # Safety
/// As [`list`].
#[inline]
pub(crate) unsafe fn optional_list<'a, T>(
    argument: &'static str,
    p: *const T,
    n: i32,
) -> Outcome<Option<&'a [T]>> {
    if p.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { list(argument, p, n).map(Some) }
}

/// Fills in an output view, of which nothing is touched before everything has gone well.
///
/// # Safety
/// `out` is NULL, misaligned, or a place for a view; it may be one of the inputs.
#[inline(always)]
pub(crate) unsafe fn derive(out: *mut strided_view, f: impl FnOnce(&mut RawView) -> Outcome) -> Outcome {
    pointer("out", out)?;
    let mut new = RawView::vacant();
    f(&mut new)?;
    // SAFETY: a place for a view by the caller's promise; the two structs are the same.
    unsafe { new.write_to(out.cast::<RawView>()) };
    Ok(())
}

/// Makes a view with few axes, the quick way: no error is named, nothing is written, and the answer is `false` when anything
/// about the arguments is unusual. Everything has to be done again then, by [`derive`].
///
/// # Safety
/// As [`derive`].
#[inline(always)]
pub(crate) unsafe fn made_few<T: Made>(out: *mut strided_view, make: impl FnOnce() -> Option<T>) -> bool {
    // In two questions: handed to a method of `Option`, the view could go through memory.
    if let Some(out) = place(out)
        && let Some(made) = make()
    {
        // SAFETY: a place for a view by the caller's promise.
        unsafe { made.write_to(out) };
        return true;
    }
    false
}

/// The output of [`made_few`]; the two structs are the same.
#[inline(always)]
pub(crate) fn place(out: *mut strided_view) -> Option<*mut RawView> {
    (!out.is_null() && out.is_aligned()).then_some(out.cast())
}

/// An input of [`made_few`].
///
/// # Safety
/// As [`view`].
#[inline(always)]
pub(crate) unsafe fn few_view<'a>(v: *const strided_view) -> Option<&'a RawView> {
    // SAFETY: a view by the caller's promise, if it is not NULL; the two structs are the same.
    if v.is_aligned() { unsafe { v.cast::<RawView>().as_ref() } } else { None }
}

/// A list for [`made_few`].
///
/// # Safety
/// As [`list`].
#[inline(always)]
pub(crate) unsafe fn few_list<'a, T>(p: *const T, n: i32) -> Option<&'a [T]> {
    if p.is_null() || !p.is_aligned() || !(1..=few::MAX_AXES as i32).contains(&n) {
        return None;
    }
    // SAFETY: not NULL, aligned, and `n` entries by the caller's promise.
    Some(unsafe { core::slice::from_raw_parts(p, n as usize) })
}

/// A function for each number of axes.
// Each takes what the exported one does and ends with a call of the next: so none has more in registers than there are, and no
// call costs more than a jump.
pub(crate) type ByAxes<F> = [F; few::MAX_AXES];

/// The one for `ndim` axes, if they are few.
#[inline(always)]
pub(crate) fn by_axes<F>(of: &ByAxes<F>, ndim: i32) -> Option<&F> {
    of.get((ndim as usize).wrapping_sub(1))
}

/// The one for the axes of a view, and the view, which may be anything before, also NULL.
///
/// # Safety
/// As [`view`].
// A pointer comes back, as a view may be written to where it lies.
#[inline(always)]
pub(crate) unsafe fn by_axes_of<F>(of: &ByAxes<F>, v: *const strided_view) -> Option<(&F, *const RawView)> {
    // SAFETY: the caller's promise.
    let v = unsafe { few_view(v)? };
    Some((by_axes(of, v.few_axes() as i32)?, v))
}

/// Writes one result.
///
/// # Safety
/// `out` has passed [`pointer`] and is a place for a `T`.
#[inline]
pub(crate) unsafe fn put<T>(out: *mut T, value: T) {
    // SAFETY: the caller's promise.
    unsafe { out.write(value) };
}

#[inline]
pub(crate) fn dtype(argument: &'static str, code: i32) -> Outcome<DType> {
    DType::from_code(code).named(argument)
}

/// A dtype whose elements have a size of their own.
#[inline]
pub(crate) fn sized_dtype(code: i32) -> Outcome<DType> {
    match dtype("dtype", code)? {
        DType::Opaque => Err(Error::UnsupportedDType { dtype: DType::Opaque }).named("dtype"),
        sized => Ok(sized),
    }
}

#[inline]
pub(crate) fn order(code: i32) -> Outcome<Order> {
    Order::from_code(code).named("order")
}

#[inline]
pub(crate) fn casting(code: i32) -> Outcome<Casting> {
    Casting::from_code(code).named("casting")
}

/// A flag that is passed as an int: 0 or 1.
#[inline]
pub(crate) fn boolean(argument: &'static str, value: i32) -> Outcome<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Error::InvalidArgument { rule: "must be 0 or 1", value: value.into() }).named(argument),
    }
}

/// An array handle, borrowed.
///
/// # Safety
/// `a` is NULL or a handle that stays alive during the call.
#[inline]
pub(crate) unsafe fn array<'a>(
    argument: &'static str,
    a: *const strided_array,
) -> Outcome<libstrided::ArrayRef<'a>> {
    match core::ptr::NonNull::new(a.cast_mut().cast()) {
        // SAFETY: a live handle by the caller's promise.
        Some(inner) => Ok(unsafe { libstrided::ArrayRef::from_raw(inner) }),
        None => Err(Error::NullPointer).named(argument),
    }
}

/// An untyped pointer that must not be NULL.
#[inline]
pub(crate) fn bytes(argument: &'static str, p: *const c_void) -> Outcome<*const u8> {
    if p.is_null() { Err(Error::NullPointer).named(argument) } else { Ok(p.cast()) }
}
