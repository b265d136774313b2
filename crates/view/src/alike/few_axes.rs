//! The look at a small copy on 3 or 4 axes, whatever their strides: a tensor whose axes trade places, a box of a larger one.
//!
//! It is the look of [`TwoAxes`](super::TwoAxes) for more axes, which are put in order by a few comparisons. That order is
//! what a plan would begin with: the destination is walked forwards, its nearest items last.

use libstrided_layout::DType;

use super::two_axes::{Both, MANY, SMALL};
use super::{is_address, is_item};
use crate::raw::{READONLY, RawView};

/// Axes at most.
const MOST: usize = 4;

/// Two views of the same dtype and apart from each other: item `(i, j, k, l)` is moved from `src + i * from[0] + j * from[1] + ..`
/// to `dst + i * to[0] + j * to[1] + ..`, for all `i` below `shape[0]`, `j` below `shape[1]` and so on.
///
/// The destination may be written, and no two of its items share a byte. Axes of one item come first, the others in the order
/// of their strides in the destination, the largest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FewAxes {
    /// Bytes of an item, at least 1.
    pub item: usize,
    /// The first item of the source.
    pub src: *const u8,
    /// The first item of the destination.
    pub dst: *mut u8,
    /// The extents, at least 1.
    pub shape: [usize; MOST],
    /// Bytes from item to item in the source, of any sign; 0 where it is broadcast, anything on an axis of one item.
    pub from: [isize; MOST],
    /// Bytes from item to item in the destination, at least an item; anything on an axis of one item.
    pub to: [isize; MOST],
}

/// An axis of one item.
const ONE: (i64, i64) = (1, 0);

impl FewAxes {
    /// `None` when the views are not so, not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{FewAxes, Order, View, ViewMut};
    /// let (a, mut b) = ([1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], [0.0f32; 6]);
    /// let src = View::from_slice(&a, &[1, 2, 3], Order::F)?;
    /// let dst = ViewMut::from_slice(&mut b, &[1, 2, 3], Order::C)?;
    /// let axes = FewAxes::of(src.as_raw(), dst.as_raw()).ok_or("no small copy")?;
    /// assert_eq!(axes.shape, [1, 1, 2, 3]);
    /// assert_eq!((&axes.from[2..], &axes.to[2..]), (&[4, 8][..], &[12, 4][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline(always)]
    pub fn of(src: &RawView, dst: &RawView) -> Option<FewAxes> {
        // Axis by axis and not in a loop over as many as there are: an array would be written to memory and read again.
        let both = |axis: usize| Both::of(src.axis(axis)?, dst.axis(axis)?);
        let axes = match (src.ndim, dst.ndim) {
            (3, 3) => [Both::of(ONE, ONE)?, both(0)?, both(1)?, both(2)?],
            (4, 4) => [both(0)?, both(1)?, both(2)?, both(3)?],
            _ => return None,
        };
        let item = dst.itemsize;
        let dtype = DType::from_code(dst.dtype).ok()?;
        let valid = is_item(dst, dtype) || dtype == DType::Opaque && (1..=SMALL).contains(&item);
        let same = src.dtype == dst.dtype && src.itemsize == item;
        let near = Both::are_near(axes[0], axes[1]) && Both::are_near(axes[2], axes[3]);
        if !(valid && same && src.flags & !READONLY == 0 && dst.flags == 0 && near) {
            return None;
        }
        let axes = sorted(axes);
        // How far both sides reach from the first item. Neither can overflow: few items, near each other.
        let (mut low, mut high, mut reach, mut items) = (0, 0, item, 1i64);
        for axis in axes.iter().rev() {
            let over = (axis.n - 1) * axis.s;
            (low, high) = (low + over.min(0), high + over.max(0));
            items *= axis.n;
            // Items behind all those of the axes that are nearer, and at most `MANY` before the next product.
            if axis.d < reach || items > MANY {
                return None;
            }
            reach += (axis.n - 1) * axis.d;
        }
        let (from, to) = (src.data as usize as i64, dst.data as usize as i64);
        let (first, taken) = (from.wrapping_add(low), high - low + item);
        if items * item > SMALL || from <= 0 || !is_address(first, taken) || !is_address(to, reach) {
            return None;
        }
        // Both are addresses: their distance fits.
        let apart = first - to;
        (apart >= reach || apart <= -taken).then_some(FewAxes {
            item: item as usize,
            src: src.data.cast_const(),
            dst: dst.data,
            shape: axes.map(|axis| axis.n as usize),
            from: axes.map(|axis| axis.s as isize),
            to: axes.map(|axis| axis.d as isize),
        })
    }
}

/// The axes in the order of their strides in the destination, the largest first. Those of one item come before all others: they
/// get a stride that is larger.
#[inline(always)]
fn sorted(axes: [Both; MOST]) -> [Both; MOST] {
    let [a, b, c, d] = axes.map(|axis| Both { d: axis.apart(), ..axis });
    // As it is with destinations in C order, which are most.
    if a.d >= b.d && b.d >= c.d && c.d >= d.d {
        return [a, b, c, d];
    }
    let order = |x: Both, y: Both| if x.d < y.d { (y, x) } else { (x, y) };
    let ((a, b), (c, d)) = (order(a, b), order(c, d));
    let ((a, c), (b, d)) = (order(a, c), order(b, d));
    let (b, c) = order(b, c);
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use core::mem::MaybeUninit;

    use super::*;
    use crate::algebra;
    use libstrided_layout::Order;

    /// A view of doubles with these strides, changed by `change`.
    fn made(data: *mut u8, shape: &[i64], strides: &[i64], change: impl FnOnce(&mut RawView)) -> RawView {
        let mut raw = RawView::vacant();
        let done = algebra::init(data, DType::F64, 8, shape, Some(strides), Order::C, &mut raw);
        assert_eq!(done, Ok(()));
        change(&mut raw);
        raw
    }

    /// Extents and strides that are found of two views, 1 KiB from each other and from the ends of their memory.
    fn of(shape: &[i64], from: &[i64], to: &[i64]) -> Option<[(usize, isize, isize); MOST]> {
        stretched(shape, from, shape, to)
    }

    fn stretched(
        from_shape: &[i64],
        from: &[i64],
        to_shape: &[i64],
        to: &[i64],
    ) -> Option<[(usize, isize, isize); MOST]> {
        let mut memory = [0f64; 1024];
        let at = memory.as_mut_ptr().cast::<u8>();
        let src = made(at.wrapping_add(1024), from_shape, from, |_| ());
        let dst = made(at.wrapping_add(5120), to_shape, to, |_| ());
        let found = FewAxes::of(&src, &dst)?;
        Some([0, 1, 2, 3].map(|k| (found.shape[k], found.from[k], found.to[k])))
    }

    /// The axis that there is not.
    const NONE: (usize, isize, isize) = (1, 0, isize::MAX);

    #[test]
    fn axes_in_the_order_of_the_destination() {
        let (a, b, c) = ((2, 8, 96), (3, 16, 32), (4, 48, 8));
        let expected = Some([NONE, a, b, c]);
        assert_eq!(of(&[2, 3, 4], &[8, 16, 48], &[96, 32, 8]), expected);
        assert_eq!(of(&[2, 4, 3], &[8, 48, 16], &[96, 8, 32]), expected);
        assert_eq!(of(&[3, 2, 4], &[16, 8, 48], &[32, 96, 8]), expected);
        assert_eq!(of(&[3, 4, 2], &[16, 48, 8], &[32, 8, 96]), expected);
        assert_eq!(of(&[4, 2, 3], &[48, 8, 16], &[8, 96, 32]), expected);
        assert_eq!(of(&[4, 3, 2], &[48, 16, 8], &[8, 32, 96]), expected);
        let expected = Some([(5, 0, 192), a, b, c]);
        assert_eq!(of(&[4, 3, 2, 5], &[48, 16, 8, 0], &[8, 32, 96, 192]), expected, "broadcast");
        assert_eq!(of(&[3, 5, 4, 2], &[16, 0, 48, 8], &[32, 192, 8, 96]), expected);
        let expected = Some([(1, 77, isize::MAX), (2, -8, 96), (3, -16, 32), (4, 48, 8)]);
        assert_eq!(of(&[2, 1, 3, 4], &[-8, 77, -16, 48], &[96, 88, 32, 8]), expected);
    }

    #[test]
    fn the_source_may_be_stretched() {
        let (shape, to) = ([2, 3, 4], [96, 32, 8]);
        let from = |shape_of, strides| stretched(shape_of, strides, &shape, &to);
        let (a, b, c) = ((2, 0, 96), (3, 0, 32), (4, 0, 8));
        assert_eq!(from(&[1, 1, 1], &[7, 8, 9]), Some([NONE, a, b, c]));
        assert_eq!(from(&[1, 3, 1], &[7, 24, 9]), Some([NONE, a, (3, 24, 32), c]));
        assert_eq!(from(&[2, 1, 4], &[80, 9, 24]), Some([NONE, (2, 80, 96), b, (4, 24, 8)]));
        assert_eq!(from(&[2, 3, 2], &[80, 9, 24]), None, "does not stretch");
        assert_eq!(from(&[3, 4], &[9, 24]), None, "fewer axes");
        assert_eq!(from(&[1, 2, 3, 4], &[0, 8, 16, 48]), None, "more axes");
    }

    #[test]
    fn destinations_whose_items_meet_are_not_taken() {
        for to in [
            [96, 32, 7],
            [96, 31, 8],
            [95, 32, 8],
            [97, 33, 8],
            [96, 96, 8],
            [0, 32, 8],
            [96, 32, 0],
            [96, -32, 8],
        ] {
            assert_eq!(of(&[2, 3, 4], &[8, 16, 48], &to), None, "{to:?}");
        }
        assert!(of(&[2, 3, 4], &[8, 16, 48], &[98, 33, 8]).is_some());
        assert_eq!(of(&[3, 4], &[16, 48], &[32, 8]), None, "two axes");
        assert_eq!(of(&[1, 1, 1, 3, 4], &[0, 0, 0, 16, 48], &[0, 0, 0, 32, 8]), None, "five axes");
        assert_eq!(of(&[2, 0, 4], &[8, 16, 48], &[96, 32, 8]), None, "no elements");
    }

    #[test]
    fn what_is_not_valid_or_not_small_is_not_taken() {
        let mut memory = [0f64; 512];
        let at = memory.as_mut_ptr().cast::<u8>();
        let both = |a: fn(&mut RawView), b: fn(&mut RawView)| {
            let src = made(at, &[2, 3, 4], &[8, 16, 48], a);
            let dst = made(at.wrapping_add(1024), &[2, 3, 4], &[96, 32, 8], b);
            FewAxes::of(&src, &dst).map(|c| c.item)
        };
        let same = |change: fn(&mut RawView)| both(change, change);
        assert_eq!(same(|_| ()), Some(8));
        assert_eq!(same(|v| v.dtype = DType::Opaque.code()), Some(8));
        assert_eq!(same(|v| (v.dtype, v.itemsize) = (DType::Opaque.code(), 7)), Some(7));
        assert_eq!(same(|v| (v.dtype, v.itemsize) = (DType::Opaque.code(), 0)), None);
        assert_eq!(same(|v| (v.dtype, v.itemsize) = (DType::Opaque.code(), i64::MAX)), None);
        assert_eq!(same(|v| (v.dtype, v.itemsize) = (DType::Opaque.code(), i64::MIN)), None);
        assert_eq!(both(|v| v.dtype = DType::I64.code(), |_| ()), None, "a cast");
        assert_eq!(same(|v| v.dtype = 99), None);
        assert_eq!(same(|v| v.dtype = DType::F32.code()), None, "not the item size of its dtype");
        assert_eq!(both(|v| v.set_readonly(), |_| ()), Some(8));
        assert_eq!(both(|_| (), |v| v.set_readonly()), None);
        assert_eq!(both(|v| v.flags = 2, |_| ()), None);
        assert_eq!(both(|_| (), |v| v.flags = 2), None);
        for ndim in [i32::MIN, -1, 2, 5, 65, i32::MAX] {
            let mut dst = made(at.wrapping_add(1024), &[2, 3, 4], &[96, 32, 8], |_| ());
            dst.ndim = ndim;
            let mut src = made(at, &[2, 3, 4], &[8, 16, 48], |_| ());
            assert_eq!(FewAxes::of(&src, &dst), None, "{ndim}");
            (src.ndim, dst.ndim) = (ndim, 3);
            assert_eq!(FewAxes::of(&src, &dst), None, "{ndim}");
        }
        for address in [0, 1 << 63, usize::MAX, (1 << 63) - 8] {
            let data = core::ptr::without_provenance_mut(address);
            let src = made(at, &[2, 3, 4], &[8, 16, 48], |_| ());
            let dst = made(at.wrapping_add(1024), &[2, 3, 4], &[96, 32, 8], |_| ());
            let (low, high) = (RawView { data, ..src.clone() }, RawView { data, ..dst.clone() });
            assert_eq!(FewAxes::of(&low, &dst), None, "{address:#x}");
            assert_eq!(FewAxes::of(&src, &high), None, "{address:#x}");
        }
        for (n, taken) in [(i64::MIN, 0), (-1, 0), (0, 0), (5461, 1), (5462, 0), (1 << 17, 0), (i64::MAX, 0)]
        {
            let set = |v: &mut RawView| v.shape[2] = MaybeUninit::new(n);
            let src = made(at, &[2, 3, 4], &[8, 16, 48], set);
            let dst = made(at.wrapping_add(1 << 20), &[2, 3, 4], &[1 << 22, 1 << 20, 8], set);
            assert_eq!(FewAxes::of(&src, &dst).iter().count(), taken, "{n}");
        }
        let huge = 1 << 16;
        let set = |v: &mut RawView| v.shape[..3].fill(MaybeUninit::new(huge));
        let dst = made(at, &[1, 1, 1], &[1 << 40, 1 << 24, 8], set);
        assert_eq!(FewAxes::of(&made(at, &[1, 1, 1], &[8, 8, 8], set), &dst), None, "2^48 items");
        for far in [i64::MAX, i64::MIN, 1 << 62, 1 << 40, -(1 << 40) - 1] {
            for axis in 0..3 {
                let src = made(at, &[2, 3, 4], &[8, 16, 48], |v| v.strides[axis] = MaybeUninit::new(far));
                let dst = made(at.wrapping_add(1024), &[2, 3, 4], &[96, 32, 8], |_| ());
                assert_eq!(FewAxes::of(&src, &dst), None, "{far}");
                assert_eq!(FewAxes::of(&dst, &src), None, "{far}");
            }
        }
    }

    #[test]
    fn what_meets_is_not_taken() {
        let mut memory = [0f64; 512];
        let at = memory.as_mut_ptr().cast::<u8>();
        // 24 doubles without a gap on both sides.
        let dst = made(at.wrapping_add(1024), &[2, 3, 4], &[96, 32, 8], |_| ());
        let at_offset = |offset: usize, strides: &[i64]| {
            FewAxes::of(&made(at.wrapping_add(offset), &[2, 3, 4], strides, |_| ()), &dst).is_some()
        };
        let from = |offset: usize| at_offset(offset, &[8, 16, 48]);
        assert!(from(1024 - 192), "just before");
        assert!(!from(1024 - 191));
        assert!(!from(1024), "in place");
        assert!(!at_offset(1024, &[96, 32, 8]), "the same");
        assert!(!from(1024 + 191));
        assert!(from(1024 + 192), "just behind");
        let backwards = |offset: usize| at_offset(offset, &[-8, -16, -48]);
        assert!(backwards(1024 - 8), "just before");
        assert!(!backwards(1024 - 7));
        assert!(!backwards(1024 + 192 + 183));
        assert!(backwards(1024 + 192 + 184), "just behind");
    }
}
