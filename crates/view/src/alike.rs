//! A quick look at the views of a small operation, which nearly always are alike: one dtype, one shape, packed in C order.
//!
//! Checking three views one by one, and then how they lie to each other, takes longer than adding eight elements. When all of
//! them are the same but for their address, one look at all of them together is enough, and it is a fifth of the work.
//! What it finds to be alike has passed everything that [`RawView::check`] asks; where it finds nothing, nothing is said.

use libstrided_layout::{DType, MAX_NDIM};

use crate::raw::{READONLY, RawView};

/// Elements up to which views are looked at: with more, the time until the loop starts no longer matters.
const FEW_ELEMENTS: i64 = 4096;

/// Inputs and an output of an operation that goes element by element: `n` elements of one dtype each, side by side in
/// memory. The output may be written, and is apart from each input or the very same elements.
#[derive(Clone, Copy, Debug)]
pub struct Alike<const N: usize> {
    /// The dtype of all of them; not opaque.
    pub dtype: DType,
    /// The number of elements; at least 1.
    pub n: usize,
    /// The first element of each input.
    pub inputs: [*mut u8; N],
    /// The first element of the output.
    pub out: *mut u8,
}

impl<const N: usize> Alike<N> {
    /// `None` when the views are not alike, not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{Alike, Order, View, ViewMut};
    /// let (a, mut b) = ([1.0f32, 2.0], [0.0f32, 0.0]);
    /// let from = View::from_slice(&a, &[2], Order::C)?;
    /// let to = ViewMut::from_slice(&mut b, &[2], Order::C)?;
    /// assert_eq!(Alike::of([from.as_raw()], to.as_raw()).map(|alike| alike.n), Some(2));
    /// let reversed = from.flip(None)?;
    /// assert!(Alike::of([reversed.as_raw()], to.as_raw()).is_none());
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(inputs: [&RawView; N], out: &RawView) -> Option<Alike<N>> {
        let dtype = DType::from_code(out.dtype).ok()?;
        let (itemsize, ndim) = (out.itemsize, out.ndim as usize);
        let mut same = itemsize == dtype.size() && itemsize > 0 && ndim <= MAX_NDIM && out.flags == 0;
        for input in inputs {
            same &= input.dtype == out.dtype && input.itemsize == itemsize && input.ndim == out.ndim;
            same &= input.flags & !READONLY == 0;
        }
        if !same {
            return None;
        }
        let mut stride = itemsize;
        for axis in (0..ndim).rev() {
            let n = out.axis(axis)?.0;
            // At most `FEW_ELEMENTS` times the itemsize before, and not more after: nothing overflows.
            let mut fits = (1..=FEW_ELEMENTS).contains(&n) && out.axis(axis)?.1 == stride;
            for input in inputs {
                fits &= input.axis(axis)? == (n, stride);
            }
            stride = stride.wrapping_mul(n);
            if !fits || stride > FEW_ELEMENTS * itemsize {
                return None;
            }
        }
        let nbytes = stride;
        let place = out.data as usize as i64;
        let mut good = is_address(place, nbytes);
        for input in inputs {
            let from = input.data as usize as i64;
            // Both are addresses: their distance fits.
            let apart = from.wrapping_sub(place);
            good &= is_address(from, nbytes) && (apart == 0 || apart >= nbytes || apart <= -nbytes);
        }
        let n = (nbytes / itemsize) as usize;
        good.then_some(Alike { dtype, n, inputs: inputs.map(|input| input.data), out: out.data })
    }
}

/// Whether these are addresses below 2^63, and none of them NULL.
#[inline(always)]
fn is_address(first: i64, nbytes: i64) -> bool {
    first > 0 && first.wrapping_add(nbytes) > 0
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
        assert!(!alike(&made(at, &[2, 3], |v| v.flags = 2)));
        assert!(!alike(&made(at, &[2, 3], |v| v.dtype = 8)));
        assert!(!alike(&made(at, &[2, 3], |v| v.itemsize = 8)));
        assert!(!alike(&made(at, &[2, 3], |v| v.data = core::ptr::null_mut())));
        assert!(!alike(&made(at, &[2, 3], |v| v.data = core::ptr::without_provenance_mut(usize::MAX))));
        assert!(!alike(&made(at, &[2, 3], |v| v.strides[1] = MaybeUninit::new(8))));
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
}
