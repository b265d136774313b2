//! A quick look at the views of a small operation, which nearly always are alike: one shape, packed in C order.
//!
//! Checking three views one by one, and then how they lie to each other, takes longer than adding eight elements. When all of
//! them are the same but for their address and dtype, or an input is the last axes of the output (a row added to every row, a
//! scalar), one look at all of them together is enough, and it is a fifth of the work. What it finds to be alike has passed
//! everything that [`RawView::check`] asks; where it finds nothing, nothing is said.
//!
//! ```text
//!   Same               views that differ in their addresses alone, packed in either order; the first look
//!   Mixed              the same, with a dtype of its own for each input
//!   Alike::of          one shape, packed in C order, or an input is the last axes of the output
//!   Alike::stretched   either order, inputs stretched along any axes
//!   Alike::sections    matrices whose rows are any distance apart, and inputs in any steps if they are few elements
//!   TwoAxes, FewAxes   a copy on 1 or 2 axes of any strides, on 3 or 4
//!   Whole, Lines       a reduction to one element, along one of two axes
//! ```

use libstrided_layout::{DType, MAX_NDIM};

use crate::raw::{READONLY, RawView};

mod few_axes;
mod lines;
mod same;
mod sections;
mod stretched;
mod two_axes;
mod whole;

pub use few_axes::FewAxes;
pub use lines::Lines;
pub use same::{Mixed, Same};
pub use two_axes::TwoAxes;
pub use whole::Whole;

/// Elements up to which views are looked at: with more, the time until the loop starts no longer matters.
const FEW_ELEMENTS: i64 = 4096;

/// Rows of fewer elements than this are only taken when there are no more than [`FEW_ROWS`].
const SHORT_ROW: i64 = 32;
const FEW_ROWS: i64 = 16;

/// Inputs and an output of an operation that goes element by element: rows of `n` elements, side by side in memory unless an
/// input says otherwise. The output
/// may be written, and is apart from each input or the very same elements, of the same size.
#[derive(Clone, Copy, Debug)]
pub struct Alike<const N: usize> {
    /// The dtype of the output; not opaque.
    pub dtype: DType,
    /// The number of rows; more than 1 only where rows are apart, or an input is one row, or one element per row.
    pub rows: usize,
    /// Elements of a row; at least 1.
    pub n: usize,
    /// The inputs.
    pub inputs: [AlikeInput; N],
    /// The first element of the output.
    pub out: *mut u8,
    /// Bytes from one row of the output to the next.
    pub step: isize,
}

/// An input of [`Alike`] views.
#[derive(Clone, Copy, Debug)]
pub struct AlikeInput {
    /// Its first element.
    pub data: *mut u8,
    /// Its dtype; not opaque.
    pub dtype: DType,
    /// Bytes from one of its rows to the next: 0 when it is the same row throughout.
    pub step: isize,
    /// Whether each of its rows is one element. Never all inputs are so.
    pub single: bool,
    /// Bytes from one element of a row to the next, where they do not lie side by side: in sections, of inputs of at most 2 KiB.
    pub along: Option<isize>,
}

impl<const N: usize> Alike<N> {
    /// `None` when the views are not alike, not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{Alike, Order, View, ViewMut};
    /// let (a, mut b) = ([1.0f32, 2.0], [0.0f64; 4]);
    /// let row = View::from_slice(&a, &[2], Order::C)?;
    /// let out = ViewMut::from_slice(&mut b, &[2, 2], Order::C)?;
    /// let alike = Alike::of([row.as_raw()], out.as_raw());
    /// assert_eq!(alike.map(|alike| (alike.rows, alike.n)), Some((2, 2)));
    /// let reversed = row.flip(None)?;
    /// assert!(Alike::of([reversed.as_raw()], out.as_raw()).is_none());
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(inputs: [&RawView; N], out: &RawView) -> Option<Alike<N>> {
        let (dtype, dtypes) = dtypes(&inputs, out)?;
        let ndim = out.ndim as usize;
        // The axes of the shortest input; every other one must have them all.
        let shared = inputs.iter().fold(ndim, |shared, input| shared.min(input.ndim as usize));
        if inputs.iter().any(|input| input.ndim != out.ndim && input.ndim as usize != shared) {
            return None;
        }
        let (mut count, mut row, mut rows) = (1i64, 1i64, 1i64);
        for back in 1..=ndim {
            // SAFETY: there are as many axes, and at most `MAX_NDIM`.
            let (extent, stride) = unsafe { out.axis_at(ndim - back) };
            // The bits in which anything differs from what it should be.
            let mut differ = stride ^ count.wrapping_mul(out.itemsize);
            for input in inputs {
                if back <= shared || input.ndim == out.ndim {
                    // SAFETY: an axis of the shortest input, or one that has as many as the output.
                    let (same, stride) = unsafe { input.axis_at(input.ndim as usize - back) };
                    differ |= same ^ extent | stride ^ count.wrapping_mul(input.itemsize);
                }
            }
            count = count.wrapping_mul(extent);
            if differ != 0 || !are_few(extent, count) {
                return None;
            }
            if back > shared {
                rows = rows.wrapping_mul(extent);
            } else {
                row = count;
            }
        }
        let place = out.data as usize as i64;
        let written = count * out.itemsize;
        let mut good = is_address(place, written);
        for input in inputs {
            let (whole, taken) = if input.ndim == out.ndim { (true, count) } else { (false, row) };
            good &= is_harmless(input, taken * input.itemsize, whole, (place, written));
        }
        if !good {
            return None;
        }
        // An input that is one element throughout asks for one long row and not for many of one element.
        let single = row == 1;
        let (rows, n) = if single { (1, count) } else { (rows, row) };
        let mut found = [AlikeInput {
            data: core::ptr::null_mut(),
            dtype,
            step: 0,
            single: single && n > 1,
            along: None,
        }; N];
        for (k, input) in inputs.iter().enumerate() {
            (found[k].data, found[k].dtype) = (input.data, dtypes[k]);
            if input.ndim == out.ndim {
                (found[k].step, found[k].single) = ((n * input.itemsize) as isize, false);
            }
        }
        let inputs = found;
        if rows > FEW_ROWS && n < SHORT_ROW || N > 0 && inputs.iter().all(|input| input.single) {
            return None;
        }
        let step = (n * out.itemsize) as isize;
        Some(Alike { dtype, rows: rows as usize, n: n as usize, inputs, out: out.data, step })
    }
}

impl<const N: usize> Alike<N> {
    /// Whether the elements of each row lie side by side.
    #[inline(always)]
    pub fn is_packed(&self) -> bool {
        self.inputs.iter().all(|input| input.along.is_none())
    }
}

/// The dtypes of the output and of the inputs, when those and everything else but shape, strides and address is what valid
/// views have, the output can be written, and no input has more axes.
#[inline(always)]
fn dtypes<const N: usize>(inputs: &[&RawView; N], out: &RawView) -> Option<(DType, [DType; N])> {
    let dtype = sized(out)?;
    let mut dtypes = [dtype; N];
    let ndim = out.ndim as usize;
    let mut good = ndim <= MAX_NDIM;
    // The bits in which anything differs from what it should be: one comparison for all of it.
    let mut differ = out.flags as i64 | out.itemsize ^ dtype.size();
    for (input, dtype) in inputs.iter().zip(&mut dtypes) {
        *dtype = sized(input)?;
        differ |= (input.flags & !READONLY) as i64 | input.itemsize ^ dtype.size();
        // A number of axes that is negative is a large one here.
        good &= input.ndim as usize <= ndim;
    }
    (good && differ == 0).then_some((dtype, dtypes))
}

/// The dtype of a view whose elements have a size of their own.
#[inline(always)]
fn sized(v: &RawView) -> Option<DType> {
    DType::from_code(v.dtype).ok().filter(|&dtype| dtype != DType::Opaque)
}

/// Whether an axis, and all axes up to it, have at least one element and at most [`FEW_ELEMENTS`]; those before it do.
#[inline(always)]
fn are_few(extent: i64, count: i64) -> bool {
    const { assert!(FEW_ELEMENTS.count_ones() == 1) };
    // It is the highest bits that tell, those of the extent if the count has overflown.
    ((extent.wrapping_sub(1) | count.wrapping_sub(1)) as u64) < FEW_ELEMENTS as u64
}

/// Whether the elements have the size of their dtype, which is not opaque.
#[inline(always)]
fn is_item(v: &RawView, dtype: DType) -> bool {
    v.itemsize == dtype.size() && v.itemsize > 0
}

/// Whether an input of so many bytes is apart from an output of so many at a place, or, if it has all of its elements, the same.
#[inline(always)]
fn is_harmless(input: &RawView, taken: i64, whole: bool, (place, written): (i64, i64)) -> bool {
    let from = input.data as usize as i64;
    // Both are addresses, and there are few bytes: nothing overflows.
    let apart = from.wrapping_sub(place);
    let meet = (apart.wrapping_add(taken - 1) as u64) < (taken + written - 1) as u64;
    let same = whole && apart | taken ^ written == 0;
    is_address(from, taken) & (!meet | same)
}

/// Whether these are addresses below 2^63, and none of them NULL, of at least one byte.
#[inline(always)]
fn is_address(first: i64, nbytes: i64) -> bool {
    first.wrapping_sub(1) | first.wrapping_add(nbytes) >= 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::MaybeUninit;

    use crate::algebra;
    use libstrided_layout::Order;

    /// A view of `shape` at `data`, changed by `change`.
    fn made(data: *mut u8, shape: &[i64], change: impl FnOnce(&mut RawView)) -> RawView {
        let mut raw = RawView::vacant();
        assert_eq!(algebra::init(data, DType::F32, 4, shape, None, Order::C, &mut raw), Ok(()));
        change(&mut raw);
        raw
    }

    #[test]
    fn views_that_differ_are_not_alike() {
        let mut memory = [0f32; 64];
        let at = memory.as_mut_ptr().cast::<u8>();
        let out = || made(at.wrapping_add(128), &[2, 3], |_| ());
        let alike = |v: &RawView| Alike::of([v], &out()).is_some();
        assert!(alike(&made(at, &[2, 3], |_| ())));
        assert!(alike(&made(at, &[2, 3], |v| v.set_readonly())));
        assert!(alike(&out()), "in place");
        assert!(alike(&made(at.wrapping_add(104), &[2, 3], |_| ())), "just before");
        assert!(!alike(&made(at.wrapping_add(105), &[2, 3], |_| ())), "one byte into it");
        assert!(!alike(&made(at.wrapping_add(151), &[2, 3], |_| ())), "its last byte");
        assert!(alike(&made(at.wrapping_add(152), &[2, 3], |_| ())), "just behind");
        assert!(!alike(&made(at, &[3, 2], |_| ())));
        assert!(!alike(&made(at, &[6], |_| ())));
        assert!(!alike(&made(at, &[1, 2, 3], |_| ())));
        assert!(!alike(&made(at, &[2, 3], |v| v.flags = 2)));
        assert!(!alike(&made(at, &[2, 3], |v| v.dtype = 99)));
        assert!(!alike(&made(at, &[2, 3], |v| v.dtype = DType::U8.code())), "not the item size of its dtype");
        assert!(!alike(&made(at, &[2, 3], |v| v.dtype = DType::Opaque.code())));
        assert!(!alike(&made(at, &[2, 3], |v| v.itemsize = 8)));
        assert!(!alike(&made(at, &[2, 3], |v| v.data = core::ptr::null_mut())));
        assert!(!alike(&made(at, &[2, 3], |v| v.data = core::ptr::without_provenance_mut(usize::MAX))));
        assert!(!alike(&made(at, &[2, 3], |v| v.strides[1] = MaybeUninit::new(8))));
    }

    #[test]
    fn dtypes_may_differ() {
        let mut memory = [0f64; 64];
        let at = memory.as_mut_ptr().cast::<u8>();
        let of = |offset: usize, dtype: DType, shape: &[i64]| {
            let mut raw = RawView::vacant();
            let data = at.wrapping_add(offset);
            assert_eq!(algebra::init(data, dtype, dtype.size(), shape, None, Order::C, &mut raw), Ok(()));
            raw
        };
        let out = of(256, DType::F64, &[2, 3]);
        let alike = |offset: usize, dtype: DType, shape: &[i64]| Alike::of([&of(offset, dtype, shape)], &out);
        let input =
            |found: Option<Alike<1>>| found.map(|f| (f.rows, f.n, f.inputs[0].dtype, f.inputs[0].step));
        assert_eq!(input(alike(0, DType::I16, &[2, 3])), Some((1, 6, DType::I16, 12)));
        assert_eq!(input(alike(0, DType::C128, &[3])), Some((2, 3, DType::C128, 0)));
        assert_eq!(
            input(alike(256, DType::I64, &[2, 3])),
            Some((1, 6, DType::I64, 48)),
            "in place, of one size"
        );
        assert!(alike(256, DType::I32, &[2, 3]).is_none(), "in place, of another size");
        assert!(alike(256 - 96, DType::C128, &[2, 3]).is_some(), "just before");
        assert!(alike(256 - 95, DType::C128, &[2, 3]).is_none(), "one byte into it");
        assert!(alike(256 + 47, DType::I8, &[2, 3]).is_none(), "its last byte");
        assert!(alike(256 + 48, DType::I8, &[2, 3]).is_some(), "just behind");
    }

    #[test]
    fn outputs_that_can_not_be_written_or_are_not_views_are_not_alike() {
        let mut memory = [0f32; 64];
        let at = memory.as_mut_ptr().cast::<u8>();
        let both = |change: fn(&mut RawView)| {
            let (v, out) = (made(at, &[2, 3], change), made(at.wrapping_add(128), &[2, 3], change));
            Alike::of([&v], &out).map(|alike| alike.n)
        };
        assert_eq!(both(|_| ()), Some(6));
        assert_eq!(both(|v| v.set_readonly()), None);
        assert_eq!(both(|v| v.dtype = 99), None);
        assert_eq!(both(|v| v.ndim = -1), None);
        assert_eq!(both(|v| v.ndim = 65), None);
        assert_eq!(both(|v| v.itemsize = 0), None);
        assert_eq!(both(|v| v.shape[0] = MaybeUninit::new(0)), None, "no elements");
        assert_eq!(both(|v| v.shape[0] = MaybeUninit::new(-1)), None);
        assert_eq!(both(|v| v.shape[0] = MaybeUninit::new(i64::MAX)), None);
        assert_eq!(both(|v| v.strides[0] = MaybeUninit::new(-12)), None);
        let few = |n: i64| {
            let (v, out) = (made(at, &[n], |_| ()), made(at.wrapping_add(1 << 20), &[n], |_| ()));
            Alike::of([&v], &out).map(|alike| alike.n)
        };
        assert_eq!((few(4096), few(4097)), (Some(4096), None));
        assert_eq!(Alike::of([], &made(at, &[], |_| ())).map(|alike| alike.n), Some(1), "0-d");
    }

    #[test]
    fn inputs_may_be_the_last_axes_of_the_output() {
        let mut memory = [0f32; 512];
        let at = memory.as_mut_ptr().cast::<u8>();
        let out = made(at.wrapping_add(1024), &[4, 2, 3], |_| ());
        let whole = made(at, &[4, 2, 3], |_| ());
        let with = |shape: &[i64]| {
            let other = made(at.wrapping_add(512), shape, |_| ());
            Alike::of([&whole, &other], &out)
                .map(|alike| (alike.rows, alike.n, alike.inputs.map(|input| (input.step, input.single))))
        };
        assert_eq!(with(&[4, 2, 3]), Some((1, 24, [(96, false), (96, false)])));
        assert_eq!(with(&[2, 3]), Some((4, 6, [(24, false), (0, false)])));
        assert_eq!(with(&[3]), Some((8, 3, [(12, false), (0, false)])));
        assert_eq!(with(&[]), Some((1, 24, [(96, false), (0, true)])));
        assert_eq!(with(&[1]), None, "stretched axes are for the plan");
        assert_eq!(with(&[2]), None);
        let row = made(at, &[3], |_| ());
        let both = Alike::of([&row, &row], &out).map(|alike| (alike.rows, alike.n));
        assert_eq!(both, Some((8, 3)), "two rows");
        let scalar = made(at, &[], |_| ());
        assert!(Alike::of([&scalar, &scalar], &out).is_none(), "nothing to run along");
        assert!(Alike::of([&row, &scalar], &out).is_none(), "two lengths");
        // A row that is read again must not be written meanwhile.
        let first = made(at.wrapping_add(1024), &[3], |_| ());
        let before = made(at.wrapping_add(1024 - 12), &[3], |_| ());
        let last = made(at.wrapping_add(1024 + 84), &[3], |_| ());
        let behind = made(at.wrapping_add(1024 + 96), &[3], |_| ());
        assert!(Alike::of([&whole, &first], &out).is_none());
        assert!(Alike::of([&whole, &before], &out).is_some());
        assert!(Alike::of([&whole, &last], &out).is_none());
        assert!(Alike::of([&whole, &behind], &out).is_some());
        let many = made(at.wrapping_add(1024), &[17, 3], |_| ());
        assert!(Alike::of([&row], &many).is_none(), "many short rows");
        let long = made(at.wrapping_add(1024), &[17, 32], |_| ());
        assert!(Alike::of([&made(at, &[32], |_| ())], &long).is_some());
    }
}
