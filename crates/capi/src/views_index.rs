//! Basic indexing: integers, ranges, new axes, an ellipsis.

use libstrided::few::{self, Item, Taken};
use libstrided::{Error, Index, RawView, Result, algebra};

use crate::arguments::{ByAxes, by_axes_of, derive, few_list, made_few, pointer, view};
use crate::status::{Named, Outcome, boundary};
use crate::types::*;

/// NumPy's basic indexing with `n` items: ranges, integers (STRIDED_INDEX_AT), new axes, one ellipsis. Ends of ranges are
/// clamped to the axis. A result without elements keeps the address of `v`. Errors: STRIDED_E_INDEX (index out of range,
/// step 0, too many items, two ellipses), STRIDED_E_ENUM (unknown kind), STRIDED_E_NDIM (more than 64 axes).
///
/// # Safety
/// `v` points to a view, `items` holds `n` entries, `out` is a place for a view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn strided_view_index(
    v: *const strided_view,
    n: i32,
    items: *const strided_index,
    out: *mut strided_view,
) -> strided_status {
    // SAFETY: the caller's promise, in each function.
    unsafe {
        match by_axes_of(&INDEX, v) {
            Some((few, v)) => few(v, n, items, out),
            None => index_any(v, n, items, out),
        }
    }
}

type IndexFunction =
    unsafe extern "C" fn(*const RawView, i32, *const strided_index, *mut strided_view) -> strided_status;

static INDEX: ByAxes<IndexFunction> = [index_few::<1>, index_few::<2>, index_few::<3>, index_few::<4>];

/// [`strided_view_index`] of a view with `N` axes.
#[inline(never)]
unsafe extern "C" fn index_few<const N: usize>(
    v: *const RawView,
    n: i32,
    items: *const strided_index,
    out: *mut strided_view,
) -> strided_status {
    // SAFETY: the caller's promise.
    let done = n == N as i32
        && unsafe { made_few(out, || few::index::<N>(&*v, few_list(items, n)?.try_into().ok()?)) };
    // SAFETY: as above.
    if done { STRIDED_OK } else { unsafe { index_fewer::<N>(v, n, items, out) } }
}

/// [`index_few`] by fewer items than axes, of which the others are taken whole, and of unusual views.
#[inline(never)]
unsafe extern "C" fn index_fewer<const N: usize>(
    v: *const RawView,
    n: i32,
    items: *const strided_index,
    out: *mut strided_view,
) -> strided_status {
    const WHOLE: strided_index =
        strided_index { kind: STRIDED_INDEX_RANGE, reserved: 0, start: 0, stop: STRIDED_NONE, step: 1 };
    // SAFETY: the caller's promise.
    let done = unsafe {
        made_few(out, || {
            let given = few_list(items, n)?;
            let mut all = [WHOLE; N];
            all.get_mut(..given.len())?.copy_from_slice(given);
            few::index_any::<N>(&*v, &all)
        })
    };
    // SAFETY: as above.
    if done { STRIDED_OK } else { unsafe { index_any(v.cast(), n, items, out) } }
}

/// [`strided_view_index`] of any view, by any items, also by wrong ones.
#[cold]
#[inline(never)]
unsafe extern "C" fn index_any(
    v: *const strided_view,
    n: i32,
    items: *const strided_index,
    out: *mut strided_view,
) -> strided_status {
    boundary("strided_view_index", || {
        // SAFETY: the caller's promise. There can be more items than axes, so the list has its own limit.
        unsafe {
            let v = view("v", v)?;
            let items = items_of(items, n)?;
            derive(out, |new| algebra::index(v, items.iter().map(item), new).named("items"))
        }
    })
}

/// The most index items that can mean anything: 64 axes taken, 64 made, one ellipsis.
const MAX_ITEMS: i32 = 129;

/// # Safety
/// As for [`list`].
unsafe fn items_of<'a>(items: *const strided_index, n: i32) -> Outcome<&'a [strided_index]> {
    if n == 0 {
        return Ok(&[]);
    }
    if !(0..=MAX_ITEMS).contains(&n) {
        let rule = "the number of items must be 0 to 129";
        return Err(Error::InvalidArgument { rule, value: n.into() }).named("n");
    }
    pointer("items", items)?;
    // SAFETY: not NULL, aligned, and `n` entries by the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(items, n as usize) })
}

#[inline]
fn item(item: &strided_index) -> Result<Index> {
    if item.reserved != 0 {
        return Err(Error::InvalidArgument { rule: "reserved must be 0", value: item.reserved.into() });
    }
    let given = |end: i64| (end != STRIDED_NONE).then_some(end);
    match item.kind {
        STRIDED_INDEX_RANGE => {
            Ok(Index::Range { start: given(item.start), stop: given(item.stop), step: given(item.step) })
        }
        STRIDED_INDEX_AT => Ok(Index::At(item.start)),
        STRIDED_INDEX_NEWAXIS => Ok(Index::NewAxis),
        STRIDED_INDEX_ELLIPSIS => Ok(Index::Ellipsis),
        other => Err(Error::UnknownEnumerator { what: "index kind", value: other.into() }),
    }
}

impl Item for strided_index {
    #[inline(always)]
    fn taken(&self, n: i64) -> Option<Taken> {
        const { assert!(STRIDED_NONE == few::ABSENT) };
        // The kind and the field behind it, which is 0, in one comparison.
        const RANGE: u64 = STRIDED_INDEX_RANGE as u64;
        const AT: u64 = STRIDED_INDEX_AT as u64;
        match u64::from(self.kind as u32) | u64::from(self.reserved as u32) << 32 {
            RANGE => Taken::range(n, self.start, self.stop, self.step),
            AT => Taken::at(n, self.start),
            _ => None,
        }
    }
}
