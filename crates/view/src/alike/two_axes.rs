//! The look at a small copy on one or two axes, whatever their strides: a transpose, a section of a larger matrix, a row that
//! goes to all rows, every second element.
//!
//! A matrix of 8 x 8 items is moved in less time than it takes to check two views one by one, to ask how they lie to each
//! other, and to plan the loops. With two axes all of that is a few comparisons.

use libstrided_layout::DType;

use super::is_address;
use crate::raw::{READONLY, RawView};

/// Items, and bytes of all of them, at most: with twice as many the time until the loop starts is 1 % of that of the copy.
pub(super) const MANY: i64 = 64 << 10;
pub(super) const SMALL: i64 = 256 << 10;

/// Bytes from item to item, at most: what all of them make does not overflow.
const FAR: i64 = 1 << 40;

/// Two views of the same dtype and apart from each other: item `(i, j)` is moved from `src + i * from[0] + j * from[1]` to
/// `dst + i * to[0] + j * to[1]`, for all `i` below `shape[0]` and `j` below `shape[1]`.
///
/// The destination may be written, and no two of its items share a byte. The second axis is the one along which they are
/// nearer to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoAxes {
    /// Bytes of an item, at least 1.
    pub item: usize,
    /// Item (0, 0) of the source.
    pub src: *const u8,
    /// Item (0, 0) of the destination.
    pub dst: *mut u8,
    /// The extents, at least 1.
    pub shape: [usize; 2],
    /// Bytes from item to item in the source, of any sign; 0 where it is broadcast, anything on an axis of one item.
    pub from: [isize; 2],
    /// Bytes from item to item in the destination, at least an item; anything on an axis of one item.
    pub to: [isize; 2],
}

/// One axis of both views: how many items, and their strides.
#[derive(Clone, Copy)]
pub(super) struct Both {
    pub(super) n: i64,
    pub(super) s: i64,
    pub(super) d: i64,
}

/// An axis of one item.
const ONE: (i64, i64) = (1, 0);

impl Both {
    /// The same, on both sides.
    const ONE: Both = Both { n: 1, s: 0, d: 0 };

    /// An axis of the destination and the same one of the source, which may be stretched along it; `None` if it does not fit.
    #[inline(always)]
    pub(super) fn of(src: (i64, i64), dst: (i64, i64)) -> Option<Both> {
        let (n, d) = dst;
        match src {
            (from, s) if from == n => Some(Both { n, s, d }),
            (1, _) => Some(Both { n, s: 0, d }),
            _ => None,
        }
    }

    /// Whether there are few items, at least one, and their strides are not such that anything overflows. (With one comparison
    /// for all of them: it is the highest bits that tell.)
    #[inline(always)]
    pub(super) fn are_near(x: Both, y: Both) -> bool {
        const { assert!(MANY.count_ones() == 1 && FAR.count_ones() == 1) };
        let counts = (x.n.wrapping_sub(1) | y.n.wrapping_sub(1)) as u64;
        let steps = [x.s, x.d, y.s, y.d].map(|step| step.wrapping_add(FAR) as u64);
        counts < MANY as u64 && steps[0] | steps[1] | steps[2] | steps[3] < 2 * FAR as u64
    }

    /// Bytes from item to item of the destination; many if there is only one.
    #[inline(always)]
    pub(super) fn apart(self) -> i64 {
        if self.n == 1 { i64::MAX } else { self.d }
    }
}

impl TwoAxes {
    /// `None` when the views are not so, not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{Order, TwoAxes, View, ViewMut};
    /// let (a, mut b) = ([1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], [0.0f32; 6]);
    /// let src = View::from_slice(&a, &[2, 3], Order::F)?;
    /// let dst = ViewMut::from_slice(&mut b, &[2, 3], Order::C)?;
    /// let axes = TwoAxes::of(src.as_raw(), dst.as_raw());
    /// assert_eq!(axes.map(|a| (a.shape, a.from, a.to)), Some(([2, 3], [4, 8], [12, 4])));
    /// assert_eq!(TwoAxes::of(dst.as_raw(), dst.as_raw()), None);
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(src: &RawView, dst: &RawView) -> Option<TwoAxes> {
        let (x, y) = match (src.ndim, dst.ndim) {
            (1, 2) => (Both::of(ONE, dst.axis(0)?)?, Both::of(src.axis(0)?, dst.axis(1)?)?),
            (0, 2) => (Both::of(ONE, dst.axis(0)?)?, Both::of(ONE, dst.axis(1)?)?),
            (0, 1) => (Both::ONE, Both::of(ONE, dst.axis(0)?)?),
            (1, 1) => return TwoAxes::rows(src, dst),
            (2, 2) => return TwoAxes::matrices(src, dst),
            _ => return None,
        };
        TwoAxes::along(src, dst, x, y)
    }

    /// [`TwoAxes::of`] for one axis on both sides; `None` for all others.
    #[inline(always)]
    pub fn rows(src: &RawView, dst: &RawView) -> Option<TwoAxes> {
        if (src.ndim, dst.ndim) != (1, 1) {
            return None;
        }
        // SAFETY: there is one axis.
        let y = unsafe { Both::of(src.axis_at(0), dst.axis_at(0)) }?;
        TwoAxes::along(src, dst, Both::ONE, y)
    }

    /// [`TwoAxes::of`] for two axes on both sides; `None` for all others.
    #[inline(always)]
    pub fn matrices(src: &RawView, dst: &RawView) -> Option<TwoAxes> {
        if (src.ndim, dst.ndim) != (2, 2) {
            return None;
        }
        // SAFETY: there are two axes.
        let (x, y) =
            unsafe { (Both::of(src.axis_at(0), dst.axis_at(0))?, Both::of(src.axis_at(1), dst.axis_at(1))?) };
        TwoAxes::along(src, dst, x, y)
    }

    /// Two views and their axes, as they were found.
    #[inline(always)]
    fn along(src: &RawView, dst: &RawView, x: Both, y: Both) -> Option<TwoAxes> {
        let (item, dtype) = (dst.itemsize, DType::from_code(dst.dtype).ok()?);
        let size = if dtype == DType::Opaque { item.clamp(1, SMALL) } else { dtype.size() };
        // The bits in which anything differs from what it should be: one comparison for all of it.
        let differ = (dst.flags | src.flags & !READONLY) as i64
            | i64::from(src.dtype ^ dst.dtype)
            | (src.itemsize ^ item)
            | (item ^ size);
        if differ != 0 || !Both::are_near(x, y) {
            return None;
        }
        // The nearer one is the second.
        let [a, b] = if x.apart() < y.apart() { [y, x] } else { [x, y] };
        let over = ((a.n - 1) * a.s, (b.n - 1) * b.s);
        let (far, near) = ((a.n - 1) * a.d, (b.n - 1) * b.d + item);
        let bytes = a.n * b.n * item;
        if b.apart() < item || a.apart() < near || a.n * b.n > MANY || bytes > SMALL {
            return None;
        }
        let (from, to) = (src.data as usize as i64, dst.data as usize as i64);
        let first = from.wrapping_add(over.0.min(0) + over.1.min(0));
        let (taken, written) = (over.0.abs() + over.1.abs() + item, far + near);
        if from <= 0 || !is_address(first, taken) || !is_address(to, written) {
            return None;
        }
        // Both are addresses: their distance fits.
        let apart = first - to;
        (apart >= written || apart <= -taken).then_some(TwoAxes {
            item: item as usize,
            src: src.data.cast_const(),
            dst: dst.data,
            shape: [a.n as usize, b.n as usize],
            from: [a.s as isize, b.s as isize],
            to: [a.d as isize, b.d as isize],
        })
    }
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

    /// What is found of two views, 1 KiB from each other and from the ends of their memory.
    fn of(shape: &[i64], from: &[i64], to: &[i64]) -> Option<([usize; 2], [isize; 2], [isize; 2])> {
        let mut memory = [0f64; 640];
        let at = memory.as_mut_ptr().cast::<u8>();
        let src = made(at.wrapping_add(1024), shape, from, |_| ());
        let dst = made(at.wrapping_add(3072), shape, to, |_| ());
        TwoAxes::of(&src, &dst).map(|c| (c.shape, c.from, c.to))
    }

    #[test]
    fn any_strides() {
        assert_eq!(of(&[3, 5], &[8, 24], &[40, 8]), Some(([3, 5], [8, 24], [40, 8])));
        assert_eq!(of(&[3, 5], &[40, 8], &[8, 24]), Some(([5, 3], [8, 40], [24, 8])));
        assert_eq!(of(&[3, 5], &[8, 32], &[48, 8]), Some(([3, 5], [8, 32], [48, 8])), "sections");
        assert_eq!(of(&[3, 5], &[0, 8], &[41, 8]), Some(([3, 5], [0, 8], [41, 8])), "broadcast");
        assert_eq!(of(&[3, 5], &[-8, 3], &[40, 8]), Some(([3, 5], [-8, 3], [40, 8])));
        assert_eq!(of(&[3, 5], &[8, 24], &[8, -24]), None, "backwards");
        assert_eq!(of(&[5], &[16], &[8]), Some(([1, 5], [0, 16], [0, 8])));
        assert_eq!(of(&[5, 1], &[16, 99], &[8, 99]), Some(([1, 5], [99, 16], [99, 8])), "one axis");
        assert_eq!(of(&[1, 5], &[99, 16], &[-1, 8]), Some(([1, 5], [99, 16], [-1, 8])));
        assert_eq!(of(&[1, 1], &[99, 16], &[1, 8]), Some(([1, 1], [99, 16], [1, 8])));
        for to in [[39, 8], [0, 8], [-39, 8], [40, 7], [8, 8], [40, 0], [8, 23], [8, -23], [-40, 8]] {
            assert_eq!(of(&[3, 5], &[8, 24], &to), None, "items of the destination meet: {to:?}");
        }
        assert_eq!(of(&[3, 5, 1], &[8, 24, 8], &[40, 8, 8]), None, "three axes");
        assert_eq!(of(&[], &[], &[]), None, "none");
        assert_eq!(of(&[0, 5], &[8, 24], &[40, 8]), None, "no elements");
    }

    #[test]
    fn the_source_may_be_stretched() {
        let mut memory = [0f64; 256];
        let at = memory.as_mut_ptr().cast::<u8>();
        let dst = made(at.wrapping_add(1024), &[3, 5], &[40, 8], |_| ());
        let from = |shape: &[i64], strides: &[i64]| {
            TwoAxes::of(&made(at, shape, strides, |_| ()), &dst).map(|c| c.from)
        };
        assert_eq!(from(&[5], &[8]), Some([0, 8]));
        assert_eq!(from(&[3, 1], &[8, 99]), Some([8, 0]));
        assert_eq!(from(&[1, 5], &[99, 16]), Some([0, 16]));
        assert_eq!(from(&[], &[]), Some([0, 0]));
        assert_eq!(from(&[3], &[8]), None, "does not stretch");
        assert_eq!(from(&[5, 3], &[8, 40]), None);
        assert_eq!(from(&[1, 3, 5], &[0, 40, 8]), None, "more axes");
    }

    #[test]
    fn what_is_not_valid_or_not_small_is_not_taken() {
        let mut memory = [0f64; 256];
        let at = memory.as_mut_ptr().cast::<u8>();
        let both = |a: fn(&mut RawView), b: fn(&mut RawView)| {
            let src = made(at, &[3, 5], &[8, 24], a);
            let dst = made(at.wrapping_add(1024), &[3, 5], &[40, 8], b);
            TwoAxes::of(&src, &dst).map(|c| c.item)
        };
        let same = |change: fn(&mut RawView)| both(change, change);
        assert_eq!(same(|_| ()), Some(8));
        assert_eq!(same(|v| v.dtype = DType::Opaque.code()), Some(8));
        let item = |v: &mut RawView| (v.dtype, v.itemsize) = (DType::Opaque.code(), 7);
        assert_eq!(same(item), Some(7));
        for wrong in [0, -1, 9, i64::MAX, i64::MIN] {
            let (mut src, mut dst) = (made(at, &[3, 5], &[8, 24], item), made(at, &[3, 5], &[40, 8], item));
            dst.data = at.wrapping_add(1024);
            (src.itemsize, dst.itemsize) = (wrong, wrong);
            assert_eq!(TwoAxes::of(&src, &dst), None, "{wrong}");
        }
        assert_eq!(both(|v| v.dtype = DType::I64.code(), |_| ()), None, "a cast");
        assert_eq!(same(|v| v.dtype = 99), None);
        assert_eq!(same(|v| v.dtype = DType::F32.code()), None, "not the item size of its dtype");
        assert_eq!(both(|v| v.set_readonly(), |_| ()), Some(8));
        assert_eq!(both(|_| (), |v| v.set_readonly()), None);
        assert_eq!(both(|v| v.flags = 2, |_| ()), None);
        assert_eq!(both(|_| (), |v| v.flags = 2), None);
        for address in [0, 1 << 63, usize::MAX, (1 << 63) - 8] {
            let data = core::ptr::without_provenance_mut(address);
            let (src, dst) = (made(at, &[3, 5], &[8, 24], |_| ()), made(at, &[3, 5], &[40, 8], |_| ()));
            let (low, high) = (RawView { data, ..src.clone() }, RawView { data, ..dst.clone() });
            assert_eq!(TwoAxes::of(&low, &dst), None, "{address:#x}");
            assert_eq!(TwoAxes::of(&src, &high), None, "{address:#x}");
        }
        let before = made(at, &[3, 5], &[8, -24], |v| v.data = core::ptr::without_provenance_mut(90));
        let dst = made(at, &[3, 5], &[40, 8], |_| ());
        assert_eq!(TwoAxes::of(&before, &dst), None, "elements below address 0");
        for (n, taken) in
            [(i64::MIN, 0), (-1, 0), (0, 0), (10_922, 1), (10_923, 0), (1 << 17, 0), (i64::MAX, 0)]
        {
            let set = |v: &mut RawView| v.shape[1] = MaybeUninit::new(n);
            let src = made(at, &[3, 5], &[8, 24], set);
            let dst = made(at.wrapping_add(1 << 20), &[3, 5], &[1 << 20, 8], set);
            assert_eq!(TwoAxes::of(&src, &dst).iter().count(), taken, "{n}");
        }
        for far in [i64::MAX, i64::MIN, 1 << 62, 1 << 40, -(1 << 40) - 1] {
            let src = made(at, &[3, 5], &[8, 24], |v| v.strides[1] = MaybeUninit::new(far));
            let dst = made(at.wrapping_add(1024), &[3, 5], &[40, 8], |_| ());
            assert_eq!(TwoAxes::of(&src, &dst), None, "{far}");
            assert_eq!(TwoAxes::of(&dst, &src), None, "{far}");
        }
        assert_eq!(both(|v| v.ndim = -1, |_| ()), None);
        assert_eq!(both(|_| (), |v| v.ndim = -1), None);
    }

    #[test]
    fn what_meets_is_not_taken() {
        let mut memory = [0f64; 512];
        let at = memory.as_mut_ptr().cast::<u8>();
        // 5 and 3 rows of 24 and of 40 bytes in steps of 32 and 48: 152 and 136 bytes.
        let dst = made(at.wrapping_add(1024), &[3, 5], &[48, 8], |_| ());
        let at_offset = |offset: usize, strides: &[i64]| {
            TwoAxes::of(&made(at.wrapping_add(offset), &[3, 5], strides, |_| ()), &dst).is_some()
        };
        let from = |offset: usize| at_offset(offset, &[8, 32]);
        assert!(from(1024 - 152), "just before");
        assert!(!from(1024 - 151));
        assert!(!from(1024), "in place");
        assert!(!at_offset(1024, &[48, 8]), "the same");
        assert!(!from(1024 + 135));
        assert!(from(1024 + 136), "just behind");
        let backwards = |offset: usize| at_offset(offset, &[-8, -32]);
        assert!(backwards(1024 - 8), "just before");
        assert!(!backwards(1024 - 7));
        assert!(!backwards(1024 + 136 + 143));
        assert!(backwards(1024 + 136 + 144), "just behind");
    }
}
