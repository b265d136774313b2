//! The look at a small operation whose views differ in their addresses alone, and in the dtype of the output: the most common
//! one, and the one that is found out soonest. And the look at one whose inputs differ in their dtypes, too.

use libstrided_layout::{DType, MAX_NDIM};

use super::{are_few, is_address, is_harmless, sized};
use crate::raw::{READONLY, RawView};

/// Inputs of one dtype and an output, `n` elements each, side by side in memory and in one order. The output may be written, and is apart from
/// each input or the very same elements, of the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Same<const N: usize> {
    /// How many elements each has; at least 1.
    pub n: usize,
    /// The dtype of the inputs; not opaque.
    pub dtype: DType,
    /// The first element of each input.
    pub inputs: [*mut u8; N],
    /// The dtype of the output; not opaque.
    pub out_dtype: DType,
    /// The first element of the output.
    pub out: *mut u8,
}

impl<const N: usize> Same<N> {
    /// `None` when the views differ in more, are not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{Order, Same, View, ViewMut};
    /// let (a, mut b) = ([1.0f32, 2.0], [0u8; 2]);
    /// let v = View::from_slice(&a, &[2], Order::C)?;
    /// let out = ViewMut::from_slice(&mut b, &[2], Order::C)?;
    /// assert_eq!(Same::of([v.as_raw()], out.as_raw()).map(|same| same.n), Some(2));
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(inputs: [&RawView; N], out: &RawView) -> Option<Same<N>> {
        let first = *inputs.first()?;
        let (dtype, out_dtype) = (sized(first)?, sized(out)?);
        let (item, size) = (dtype.size(), out_dtype.size());
        let ndim = out.ndim as usize;
        // The bits in which anything differs from what it should be: one comparison for all of it.
        let mut differ = out.flags as i64 | out.itemsize ^ size;
        for input in inputs {
            differ |= i64::from(input.ndim ^ out.ndim) | i64::from(input.dtype ^ first.dtype);
            differ |= (input.flags & !READONLY) as i64 | input.itemsize ^ item;
        }
        // A number of axes that is negative is a large one here.
        if differ != 0 || ndim > MAX_NDIM {
            return None;
        }
        // SAFETY: all have as many axes, and no more than there may be.
        let n = unsafe { side_by_side(inputs, [item; N], out, size)? };
        let inputs = inputs.map(|input| input.data);
        Some(Same { n, dtype, inputs, out_dtype, out: out.data })
    }
}

/// As [`Same`], but that each input has a dtype of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mixed<const N: usize> {
    /// How many elements each has; at least 1.
    pub n: usize,
    /// The dtypes of the inputs; none is opaque.
    pub dtypes: [DType; N],
    /// The first element of each input.
    pub inputs: [*mut u8; N],
    /// The dtype of the output; not opaque.
    pub out_dtype: DType,
    /// The first element of the output.
    pub out: *mut u8,
}

impl<const N: usize> Mixed<N> {
    /// `None` when the views differ in more, are not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{DType, Mixed, Order, Same, View, ViewMut};
    /// let (a, b, mut c) = ([1.0f32, 2.0], [3i16, 4], [0f64; 2]);
    /// let a = View::from_slice(&a, &[2], Order::C)?;
    /// let b = View::from_slice(&b, &[2], Order::C)?;
    /// let out = ViewMut::from_slice(&mut c, &[2], Order::C)?;
    /// let inputs = [a.as_raw(), b.as_raw()];
    /// assert!(Same::of(inputs, out.as_raw()).is_none());
    /// let mixed = Mixed::of(inputs, out.as_raw());
    /// assert_eq!(mixed.map(|mixed| (mixed.n, mixed.dtypes)), Some((2, [DType::F32, DType::I16])));
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(inputs: [&RawView; N], out: &RawView) -> Option<Mixed<N>> {
        let out_dtype = sized(out)?;
        let (mut dtypes, mut items) = ([out_dtype; N], [0; N]);
        let (size, ndim) = (out_dtype.size(), out.ndim as usize);
        // As in `Same::of`.
        let mut differ = out.flags as i64 | out.itemsize ^ size;
        for (k, input) in inputs.iter().enumerate() {
            dtypes[k] = sized(input)?;
            items[k] = dtypes[k].size();
            differ |= i64::from(input.ndim ^ out.ndim);
            differ |= (input.flags & !READONLY) as i64 | input.itemsize ^ items[k];
        }
        if differ != 0 || ndim > MAX_NDIM {
            return None;
        }
        // SAFETY: all have as many axes, and no more than there may be.
        let n = unsafe { side_by_side(inputs, items, out, size)? };
        let inputs = inputs.map(|input| input.data);
        Some(Mixed { n, dtypes, inputs, out_dtype, out: out.data })
    }
}

/// How many elements each view has, where they lie side by side in one order, are few, and writing those of the output does no
/// harm. They have so many bytes.
///
/// # Safety
/// All have as many axes, and no more than there may be.
#[inline(always)]
unsafe fn side_by_side<const N: usize>(
    inputs: [&RawView; N],
    items: [i64; N],
    out: &RawView,
    size: i64,
) -> Option<usize> {
    let ndim = out.ndim as usize;
    // In C order, or else in Fortran order.
    // SAFETY: the last axis of more than one.
    let backwards = ndim < 2 || unsafe { out.axis_at(ndim - 1) }.1 == size;
    let (mut axis, next) = if backwards { (ndim.wrapping_sub(1), usize::MAX) } else { (0, 1) };
    let mut n = 1i64;
    for _ in 0..ndim {
        // SAFETY: `axis` takes each value below `ndim` once; all views have as many axes.
        let (extent, stride) = unsafe { out.axis_at(axis) };
        let mut differ = stride ^ n.wrapping_mul(size);
        for (input, item) in inputs.iter().zip(items) {
            // SAFETY: as above.
            let (same, stride) = unsafe { input.axis_at(axis) };
            differ |= same ^ extent | stride ^ n.wrapping_mul(item);
        }
        n = n.wrapping_mul(extent);
        if differ != 0 || !are_few(extent, n) {
            return None;
        }
        axis = axis.wrapping_add(next);
    }
    let place = (out.data as usize as i64, n * size);
    let mut good = is_address(place.0, place.1);
    for (input, item) in inputs.iter().zip(items) {
        good &= is_harmless(input, n * item, true, place);
    }
    good.then_some(n as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Alike, algebra};
    use core::mem::MaybeUninit;
    use libstrided_layout::Order;

    #[test]
    fn what_is_the_same_is_alike() {
        let mut memory = [0f64; 64];
        let at = memory.as_mut_ptr().cast::<u8>();
        let made = |at: *mut u8, dtype: DType, shape: &[i64]| {
            let mut raw = RawView::vacant();
            assert_eq!(algebra::init(at, dtype, dtype.size(), shape, None, Order::C, &mut raw), Ok(()));
            raw
        };
        // The same in the other order.
        let turned = |v: &RawView| {
            let mut turned = RawView::vacant();
            v.check().and_then(|v| algebra::transpose(v, None, &mut turned)).map(|()| turned)
        };
        // Both looks at `a`, `b` and `out`, after a change to one of them.
        let both = |dtype: DType, place: usize, which: usize, change: &dyn Fn(&mut RawView)| {
            let shape = &[2, 3];
            let out = made(at.wrapping_add(place), dtype, shape);
            let mut views = [made(at, DType::F64, shape), made(at.wrapping_add(48), DType::F64, shape), out];
            change(&mut views[which]);
            let [a, b, out] = &views;
            let same = Same::of([a, b], out);
            let alike = Alike::of([a, b], out);
            let mixed = Mixed::of([a, b], out);
            assert_eq!(mixed.map(|mixed| (mixed.n, mixed.inputs, mixed.out, mixed.out_dtype)), {
                let alike =
                    alike.filter(|alike| alike.inputs.iter().all(|input| !input.single) && alike.rows == 1);
                alike.map(|alike| (alike.n, alike.inputs.map(|input| input.data), alike.out, alike.dtype))
            });
            if let Some(same) = same {
                let alike = alike.expect("alike, too");
                assert_eq!((alike.rows, alike.n), (1, same.n));
                assert_eq!(
                    alike.inputs.map(|input| (input.data, input.dtype)),
                    same.inputs.map(|at| (at, same.dtype))
                );
                assert_eq!((alike.out, alike.dtype), (same.out, same.out_dtype));
            }
            if let [Ok(a), Ok(b), Ok(out)] = views.each_ref().map(turned) {
                let also = Same::of([&a, &b], &out);
                assert_eq!(also, same);
                assert!(also.is_none() || Alike::stretched([&a, &b], &out).is_some());
            }
            same.map(|same| same.n)
        };
        let right = |_: &mut RawView| ();
        assert_eq!(both(DType::F64, 128, 0, &right), Some(6));
        assert_eq!(both(DType::Bool, 128, 0, &right), Some(6), "a dtype of its own");
        assert_eq!(both(DType::F64, 0, 0, &right), Some(6), "in place of the first");
        assert_eq!(both(DType::F64, 48, 0, &right), Some(6), "in place of the second");
        assert_eq!(both(DType::F64, 40, 0, &right), None);
        assert_eq!(both(DType::F32, 48, 0, &right), None, "in place, of another size");
        assert_eq!(both(DType::F64, 95, 0, &right), None, "the last byte of the second");
        assert_eq!(both(DType::F64, 96, 0, &right), Some(6), "just behind");
        assert_eq!(both(DType::F64, 128, 0, &|v| v.set_readonly()), Some(6));
        assert_eq!(both(DType::F64, 128, 2, &|v| v.set_readonly()), None);
        let wrong: [&dyn Fn(&mut RawView); 16] = [
            &|v| v.flags = 2,
            &|v| v.dtype = 99,
            &|v| v.dtype = DType::Opaque.code(),
            &|v| v.dtype = DType::F32.code(),
            &|v| v.itemsize = 4,
            &|v| v.ndim = 1,
            &|v| v.ndim = -1,
            &|v| v.ndim = 65,
            &|v| v.data = core::ptr::null_mut(),
            &|v| v.data = core::ptr::without_provenance_mut(usize::MAX),
            &|v| v.shape[0] = MaybeUninit::new(0),
            &|v| v.shape[0] = MaybeUninit::new(3),
            &|v| v.shape[1] = MaybeUninit::new(i64::MAX),
            &|v| v.strides[0] = MaybeUninit::new(-24),
            &|v| v.strides[1] = MaybeUninit::new(16),
            &|v| v.strides[1] = MaybeUninit::new(0),
        ];
        for (k, change) in wrong.iter().enumerate() {
            for which in 0..3 {
                assert_eq!(both(DType::F64, 128, which, *change), None, "{k} of {which}");
            }
        }
    }

    #[test]
    fn only_small_views_are_taken() {
        let at = core::ptr::without_provenance_mut::<u8>(1 << 20);
        let n = |shape: &[i64]| {
            let mut raw = RawView::vacant();
            assert_eq!(algebra::init(at, DType::U8, 1, shape, None, Order::C, &mut raw), Ok(()));
            Same::of([&raw], &raw).map(|same| same.n)
        };
        assert_eq!(n(&[]), Some(1), "0-d");
        assert_eq!(
            (n(&[4096]), n(&[4097]), n(&[64, 64]), n(&[64, 65])),
            (Some(4096), None, Some(4096), None)
        );
        assert_eq!((n(&[1; 64]), n(&[0]), n(&[5, 0])), (Some(1), None, None));
        assert!(Same::of([], &RawView::vacant()).is_none());
    }
}
