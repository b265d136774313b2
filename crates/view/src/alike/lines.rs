//! The look at a small reduction along one of two axes: elements with any strides, and packed results of the same dtype.

use libstrided_layout::DType;

use super::{are_few, is_address, sized};
use crate::raw::{READONLY, RawView};

/// Strides from here on are left to the plan: with fewer nothing overflows.
const FAR: i64 = 1 << 40;

/// Lines of elements, each of which is reduced to one element of an output that is apart from them and may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The dtype of both; not opaque.
    pub dtype: DType,
    /// Elements of a line, at least 2, and bytes from one to the next.
    pub along: (usize, isize),
    /// Lines, at least 2, and bytes from one to the next.
    pub lines: (usize, isize),
    /// The first element of the first line.
    pub src: *const u8,
    /// The results, side by side.
    pub out: *mut u8,
}

impl Lines {
    /// `None` when the views are others, not small, or not valid.
    ///
    /// ```
    /// use libstrided_view::{Lines, Order, View, ViewMut};
    /// let (a, mut sums) = ([1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0], [0.0f32; 3]);
    /// let v = View::from_slice(&a, &[2, 3], Order::C)?;
    /// let out = ViewMut::from_slice(&mut sums, &[3], Order::C)?;
    /// let lines = Lines::of(v.as_raw(), 0, false, out.as_raw());
    /// assert_eq!(lines.map(|l| (l.along, l.lines)), Some(((2, 12), (3, 4))));
    /// assert_eq!(Lines::of(v.as_raw(), 1, false, out.as_raw()), None);
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn of(v: &RawView, axis: i32, keepdims: bool, out: &RawView) -> Option<Lines> {
        let dtype = sized(out)?;
        let (item, ndim) = (dtype.size(), if keepdims { 2 } else { 1 });
        // The bits in which anything differs from what it should be: one comparison for all of it.
        let differ = (out.flags | v.flags & !READONLY) as i64
            | i64::from(v.ndim ^ 2 | out.ndim ^ ndim | v.dtype ^ out.dtype)
            | (out.itemsize ^ item)
            | (v.itemsize ^ item);
        if differ != 0 {
            return None;
        }
        let (reduced, kept) = match axis {
            0 | -2 => (0, 1),
            1 | -1 => (1, 0),
            _ => return None,
        };
        // SAFETY: there are two axes, and in the output two or, if none is kept for the reduced one, one.
        let ((n, step), (lines, down), to) =
            unsafe { (v.axis_at(reduced), v.axis_at(kept), out.axis_at(if keepdims { kept } else { 0 })) };
        let fits = to == (lines, item) && (!keepdims || out.axis(reduced)?.0 == 1);
        let small = n > 1 && lines > 1 && are_few(n, n) && are_few(lines, n.wrapping_mul(lines));
        let near = step.wrapping_add(FAR) as u64 | down.wrapping_add(FAR) as u64;
        if !fits || !small || near >= 2 * FAR as u64 {
            return None;
        }
        let (over, across) = ((n - 1) * step, (lines - 1) * down);
        let (from, place) = (v.data as usize as i64, out.data as usize as i64);
        let first = from.wrapping_add(over.min(0) + across.min(0));
        let (taken, written) = (over.abs() + across.abs() + item, lines * item);
        if from <= 0 || !is_address(first, taken) || !is_address(place, written) {
            return None;
        }
        // Both are addresses: their distance fits.
        let apart = first - place;
        (apart >= written || apart <= -taken).then_some(Lines {
            dtype,
            along: (n as usize, step as isize),
            lines: (lines as usize, down as isize),
            src: v.data,
            out: out.data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra;
    use core::mem::MaybeUninit;
    use libstrided_layout::Order;

    fn made(
        data: *mut u8,
        shape: &[i64],
        strides: Option<&[i64]>,
        change: impl FnOnce(&mut RawView),
    ) -> RawView {
        let mut raw = RawView::vacant();
        assert_eq!(algebra::init(data, DType::F32, 4, shape, strides, Order::C, &mut raw), Ok(()));
        change(&mut raw);
        raw
    }

    type Found = Option<((usize, isize), (usize, isize))>;

    #[test]
    fn lines_have_any_strides() {
        let mut memory = [0f32; 512];
        let at = memory.as_mut_ptr().cast::<u8>();
        let to = at.wrapping_add(1024);
        let of = |strides: &[i64], axis: i32, keepdims: bool, shape: &[i64]| -> Found {
            let v = made(at.wrapping_add(512), &[3, 5], Some(strides), |_| ());
            Lines::of(&v, axis, keepdims, &made(to, shape, None, |_| ())).map(|l| (l.along, l.lines))
        };
        let (rows, columns) = (Some(((5, 4), (3, 20))), Some(((3, 20), (5, 4))));
        assert_eq!(of(&[20, 4], 1, false, &[3]), rows);
        assert_eq!(of(&[20, 4], -1, false, &[3]), rows);
        assert_eq!(of(&[20, 4], 0, false, &[5]), columns);
        assert_eq!(of(&[20, 4], -2, false, &[5]), columns);
        assert_eq!(of(&[20, 4], 1, true, &[3, 1]), rows);
        assert_eq!(of(&[20, 4], 0, true, &[1, 5]), columns);
        assert_eq!(of(&[4, -12], 1, false, &[3]), Some(((5, -12), (3, 4))));
        assert_eq!(of(&[0, 4], 0, false, &[5]), Some(((3, 0), (5, 4))));
        assert_eq!(of(&[20, 4], 2, false, &[3]), None, "no such axis");
        assert_eq!(of(&[20, 4], i32::MIN, false, &[3]), None);
        assert_eq!(of(&[20, 4], 1, false, &[5]), None, "another shape");
        assert_eq!(of(&[20, 4], 1, true, &[3]), None);
        assert_eq!(of(&[20, 4], 1, false, &[3, 1]), None);
        assert_eq!(of(&[20, 4], 1, true, &[3, 2]), None);
        assert_eq!(of(&[20, 4], 1, true, &[1, 3]), None);
    }

    #[test]
    fn what_is_not_small_or_not_valid_is_not_taken() {
        let mut memory = [0f32; 512];
        let at = memory.as_mut_ptr().cast::<u8>();
        let out = made(at.wrapping_add(1024), &[3], None, |_| ());
        let n = |change: fn(&mut RawView)| {
            Lines::of(&made(at, &[3, 5], None, change), 1, false, &out).map(|l| l.along.0)
        };
        assert_eq!(n(|_| ()), Some(5));
        assert_eq!(n(|v| v.set_readonly()), Some(5));
        assert_eq!(n(|v| v.flags = 2), None);
        assert_eq!(n(|v| v.dtype = 99), None);
        assert_eq!(n(|v| v.dtype = DType::I32.code()), None, "another dtype");
        assert_eq!(n(|v| v.itemsize = 8), None);
        assert_eq!(n(|v| v.ndim = -1), None);
        assert_eq!(n(|v| v.ndim = 1), None);
        assert_eq!(n(|v| v.ndim = 65), None);
        assert_eq!(n(|v| v.data = core::ptr::null_mut()), None);
        assert_eq!(n(|v| v.data = core::ptr::without_provenance_mut(usize::MAX)), None);
        assert_eq!(n(|v| v.shape[1] = MaybeUninit::new(0)), None, "nothing");
        assert_eq!(n(|v| v.shape[1] = MaybeUninit::new(1)), None, "nothing to fold");
        assert_eq!(n(|v| v.shape[1] = MaybeUninit::new(-5)), None);
        assert_eq!(n(|v| v.shape[1] = MaybeUninit::new(1365)), None, "into the output");
        assert_eq!(n(|v| v.shape[1] = MaybeUninit::new(1366)), None, "many");
        assert_eq!(n(|v| v.shape[1] = MaybeUninit::new(i64::MAX)), None);
        for far in [i64::MAX, i64::MIN, 1 << 40, 1 << 62, -(1 << 40) - 1] {
            let v = made(at, &[3, 5], None, |v| v.strides[0] = MaybeUninit::new(far));
            assert_eq!(Lines::of(&v, 1, false, &out), None, "{far}");
            assert_eq!(Lines::of(&v, 0, false, &out), None, "{far}");
        }
        let v = made(at, &[3, 5], None, |_| ());
        let fits = |change: fn(&mut RawView)| {
            Lines::of(&v, 1, false, &made(at.wrapping_add(1024), &[3], None, change)).is_some()
        };
        assert!(fits(|_| ()));
        assert!(!fits(|out| out.set_readonly()));
        assert!(!fits(|out| out.data = core::ptr::null_mut()));
        assert!(!fits(|out| out.dtype = DType::Opaque.code()));
        assert!(!fits(|out| out.strides[0] = MaybeUninit::new(8)), "gaps");
        assert!(!fits(|out| out.strides[0] = MaybeUninit::new(-4)));
        assert!(!fits(|out| out.ndim = 0));
    }

    #[test]
    fn what_meets_the_output_is_not_taken() {
        let mut memory = [0f32; 512];
        let at = memory.as_mut_ptr().cast::<u8>();
        // 3 rows of 20 bytes in steps of 32: 84 bytes; 12 bytes of output.
        let out = made(at.wrapping_add(1024), &[3], None, |_| ());
        let from = |offset: usize, strides: &[i64]| {
            let v = made(at.wrapping_add(offset), &[3, 5], Some(strides), |_| ());
            Lines::of(&v, 1, false, &out)
        };
        assert!(from(1024 - 84, &[32, 4]).is_some(), "just before");
        assert!(from(1024 - 83, &[32, 4]).is_none());
        assert!(from(1024, &[32, 4]).is_none());
        assert!(from(1024 + 11, &[32, 4]).is_none());
        assert!(from(1024 + 12, &[32, 4]).is_some(), "just behind");
        assert!(from(1024 - 4, &[-32, -4]).is_some(), "backwards, just before");
        assert!(from(1024 - 3, &[-32, -4]).is_none());
        assert!(from(1024 + 12 + 79, &[-32, -4]).is_none());
        assert!(from(1024 + 12 + 80, &[-32, -4]).is_some(), "just behind");
    }
}
