//! The look at a small reduction of everything to one element: packed elements, and one of the same dtype.

use libstrided_layout::{DType, MAX_NDIM};

use super::{are_few, is_address, is_harmless, sized};
use crate::raw::{READONLY, RawView};

/// Elements side by side in memory, and one element of the same dtype that is apart from them and may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The dtype of both; not opaque.
    pub dtype: DType,
    /// How many elements there are; at least 1.
    pub n: usize,
    /// The first of them.
    pub src: *const u8,
    /// The one element.
    pub out: *mut u8,
}

impl Whole {
    /// `None` when the views are others, not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{Order, View, ViewMut, Whole};
    /// let (a, mut sum) = ([1.0f32, 2.0], [0.0f32]);
    /// let v = View::from_slice(&a, &[2], Order::C)?;
    /// let out = ViewMut::from_slice(&mut sum, &[], Order::C)?;
    /// assert_eq!(Whole::of(v.as_raw(), out.as_raw()).map(|whole| whole.n), Some(2));
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(v: &RawView, out: &RawView) -> Option<Whole> {
        let dtype = sized(out)?;
        let (ndim, item) = (v.ndim as usize, dtype.size());
        // The bits in which anything differs from what it should be: one comparison for all of it.
        let differ = (out.flags | v.flags & !READONLY) as i64
            | i64::from(out.ndim | v.dtype ^ out.dtype)
            | (out.itemsize ^ item)
            | (v.itemsize ^ item);
        // A number of axes that is negative is a large one here.
        if differ != 0 || ndim > MAX_NDIM {
            return None;
        }
        let mut n = 1i64;
        for back in 1..=ndim {
            // SAFETY: there are as many axes, and at most `MAX_NDIM`.
            let (extent, stride) = unsafe { v.axis_at(ndim - back) };
            let differ = stride ^ n.wrapping_mul(item);
            n = n.wrapping_mul(extent);
            if differ != 0 || !are_few(extent, n) {
                return None;
            }
        }
        let place = out.data as usize as i64;
        let good = is_address(place, item) && is_harmless(v, n * item, false, (place, item));
        good.then_some(Whole { dtype, n: n as usize, src: v.data, out: out.data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra;
    use core::mem::MaybeUninit;
    use libstrided_layout::Order;

    fn made(data: *mut u8, shape: &[i64], change: impl FnOnce(&mut RawView)) -> RawView {
        let mut raw = RawView::vacant();
        assert_eq!(algebra::init(data, DType::F32, 4, shape, None, Order::C, &mut raw), Ok(()));
        change(&mut raw);
        raw
    }

    #[test]
    fn only_packed_elements_of_one_dtype_are_whole() {
        let mut memory = [0f32; 64];
        let at = memory.as_mut_ptr().cast::<u8>();
        let out = made(at.wrapping_add(128), &[], |_| ());
        let n = |v: RawView| Whole::of(&v, &out).map(|whole| whole.n);
        assert_eq!(n(made(at, &[2, 3], |_| ())), Some(6));
        assert_eq!(n(made(at, &[2, 3], |v| v.set_readonly())), Some(6));
        assert_eq!(n(made(at, &[], |_| ())), Some(1), "0-d");
        assert_eq!(n(made(at.wrapping_add(104), &[6], |_| ())), Some(6), "just before");
        assert_eq!(n(made(at.wrapping_add(105), &[6], |_| ())), None, "one byte into it");
        assert_eq!(n(made(at.wrapping_add(131), &[6], |_| ())), None, "its last byte");
        assert_eq!(n(made(at.wrapping_add(132), &[6], |_| ())), Some(6), "just behind");
        assert_eq!(n(made(at.wrapping_add(128), &[1], |_| ())), None, "the same element");
        assert_eq!(n(made(at, &[2, 0], |_| ())), None, "nothing");
        assert_eq!(n(made(at, &[2, 3], |v| v.flags = 2)), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.dtype = 99)), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.dtype = DType::I32.code())), None, "another dtype");
        assert_eq!(n(made(at, &[2, 3], |v| v.itemsize = 8)), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.ndim = -1)), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.ndim = 65)), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.data = core::ptr::null_mut())), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.strides[0] = MaybeUninit::new(-12))), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.strides[1] = MaybeUninit::new(8))), None);
        assert_eq!(n(made(at, &[2, 3], |v| v.shape[0] = MaybeUninit::new(i64::MAX))), None);
    }

    #[test]
    fn the_output_is_one_element_that_can_be_written() {
        let mut memory = [0f32; 64];
        let at = memory.as_mut_ptr().cast::<u8>();
        let v = made(at, &[6], |_| ());
        let fits = |out: RawView| Whole::of(&v, &out).is_some();
        let to = at.wrapping_add(128);
        assert!(fits(made(to, &[], |_| ())));
        assert!(!fits(made(to, &[1], |_| ())), "an axis");
        assert!(!fits(made(to, &[], |out| out.set_readonly())));
        assert!(!fits(made(to, &[], |out| out.data = core::ptr::null_mut())));
        assert!(!fits(made(to, &[], |out| out.dtype = DType::Opaque.code())));
        assert!(!fits(made(to, &[], |out| out.itemsize = 0)));
    }
}
