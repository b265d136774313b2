//! Operations on three views, and operations under a mask.

use libstrided_kernels::{BinaryOp, TernaryOp, UnaryOp};
use libstrided_view::{Result, View, ViewMut};

use crate::{engine, small};

/// `out = mask ? a : b`, element by element, all three broadcast. An element of the mask counts as whether it is not 0.
///
/// ```
/// use libstrided::{BinaryOp, Order, View, ViewMut, ops};
/// let v = [1.5, -2.0, 3.0, -4.0];
/// let v = View::from_slice(&v, &[2, 2], Order::F)?;
/// let zero = View::from_slice(&[0.0], &[], Order::C)?;
/// let positive = ops::binary_new(BinaryOp::Greater, &v, &zero)?;
/// let mut kept = [0.0; 4];
/// ops::where_(&positive.as_view(), &v, &zero, &mut ViewMut::from_slice(&mut kept, &[2, 2], Order::F)?)?;
/// assert_eq!(kept, [1.5, 0.0, 3.0, 0.0]);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn where_(mask: &View<'_>, a: &View<'_>, b: &View<'_>, out: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe {
        if small::ternary(TernaryOp::Select, [mask.as_raw(), a.as_raw(), b.as_raw()], out.as_raw()) {
            return Ok(());
        }
        engine::where_(mask.as_ref()?, a.as_ref()?, b.as_ref()?, out.as_ref()?)
    }
}

/// Copies the elements of `src`, broadcast, at which `mask`, broadcast as well, is not 0; `dst` keeps the others.
///
/// ```
/// use libstrided::{Order, View, ViewMut, ops};
/// let mut v = [1, 2, 3];
/// let mask = [true, false, true];
/// let mask = View::from_bools(&mask, &[3], Order::C)?;
/// let nine = View::from_slice(&[9], &[], Order::C)?;
/// ops::copy_where(&nine, &mask, &mut ViewMut::from_slice(&mut v, &[3], Order::C)?)?;
/// assert_eq!(v, [9, 2, 9]);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn copy_where(src: &View<'_>, mask: &View<'_>, dst: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: as above; each element of the output is read before it is written.
    unsafe {
        if small::ternary(TernaryOp::Select, [mask.as_raw(), src.as_raw(), dst.as_raw()], dst.as_raw()) {
            return Ok(());
        }
        let target = dst.as_ref()?;
        engine::where_(mask.as_ref()?, src.as_ref()?, target, target)
    }
}

/// `out = minimum(maximum(v, low), high)`, element by element, all broadcast; NaN when one of them is. Without a bound there
/// is none on that side. Computed in the common dtype.
///
/// ```
/// use libstrided::{Order, View, ViewMut, ops};
/// let (v, low) = ([-3.0, 0.5, 7.0], [0.0]);
/// let v = View::from_slice(&v, &[3], Order::C)?;
/// let low = View::from_slice(&low, &[], Order::C)?;
/// let mut out = [0.0; 3];
/// ops::clip(&v, Some(&low), None, &mut ViewMut::from_slice(&mut out, &[3], Order::C)?)?;
/// assert_eq!(out, [0.0, 0.5, 7.0]);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn clip(
    v: &View<'_>,
    low: Option<&View<'_>>,
    high: Option<&View<'_>>,
    out: &mut ViewMut<'_>,
) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe {
        if let (Some(low), Some(high)) = (low, high)
            && small::ternary(TernaryOp::Clip, [v.as_raw(), low.as_raw(), high.as_raw()], out.as_raw())
        {
            return Ok(());
        }
        let low = low.map(View::as_ref).transpose()?;
        let high = high.map(View::as_ref).transpose()?;
        engine::clip(v.as_ref()?, low, high, out.as_ref()?)
    }
}

/// [`clip`] in place.
pub fn clip_assign(out: &mut ViewMut<'_>, low: Option<&View<'_>>, high: Option<&View<'_>>) -> Result<()> {
    // SAFETY: as above; each element of the output is read before it is written.
    unsafe {
        if let (Some(low), Some(high)) = (low, high)
            && small::ternary(TernaryOp::Clip, [out.as_raw(), low.as_raw(), high.as_raw()], out.as_raw())
        {
            return Ok(());
        }
        let low = low.map(View::as_ref).transpose()?;
        let high = high.map(View::as_ref).transpose()?;
        let target = out.as_ref()?;
        engine::clip(target, low, high, target)
    }
}

/// `out = a * b + c` with one rounding, element by element, all three broadcast. Integers wrap; bool and complex numbers are
/// refused.
///
/// ```
/// use libstrided::{Order, View, ViewMut, ops};
/// let (a, b, c) = ([1.0 + f64::EPSILON, 2.0], [1.0 - f64::EPSILON, 3.0], [-1.0]);
/// let a = View::from_slice(&a, &[2], Order::C)?;
/// let b = View::from_slice(&b, &[2], Order::C)?;
/// let c = View::from_slice(&c, &[], Order::C)?;
/// let mut out = [0.0; 2];
/// ops::fma(&a, &b, &c, &mut ViewMut::from_slice(&mut out, &[2], Order::C)?)?;
/// // With two roundings the first one would be 0.
/// assert_eq!(out, [-f64::EPSILON * f64::EPSILON, 5.0]);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn fma(a: &View<'_>, b: &View<'_>, c: &View<'_>, out: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe {
        if small::ternary(TernaryOp::Fma, [a.as_raw(), b.as_raw(), c.as_raw()], out.as_raw()) {
            return Ok(());
        }
        engine::fma(a.as_ref()?, b.as_ref()?, c.as_ref()?, out.as_ref()?)
    }
}

/// `out = a * b + out` with one rounding, as [`fma`].
pub fn fma_assign(out: &mut ViewMut<'_>, a: &View<'_>, b: &View<'_>) -> Result<()> {
    // SAFETY: as above; each element of the output is read before it is written.
    unsafe {
        if small::ternary(TernaryOp::Fma, [a.as_raw(), b.as_raw(), out.as_raw()], out.as_raw()) {
            return Ok(());
        }
        let target = out.as_ref()?;
        engine::fma(a.as_ref()?, b.as_ref()?, target, target)
    }
}

/// `out = op(v)` where `mask`, bools that are broadcast as `v` is, is set; elsewhere `out` keeps its elements.
///
/// ```
/// use libstrided::{Order, UnaryOp, View, ViewMut, ops};
/// let v = [4.0, -1.0, 9.0];
/// let v = View::from_slice(&v, &[3], Order::C)?;
/// let mask = [true, false, true];
/// let mask = View::from_bools(&mask, &[3], Order::C)?;
/// let mut out = [0.0; 3];
/// ops::unary_where(UnaryOp::Sqrt, &v, &mask, &mut ViewMut::from_slice(&mut out, &[3], Order::C)?)?;
/// assert_eq!(out, [2.0, 0.0, 3.0]);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn unary_where(op: UnaryOp, v: &View<'_>, mask: &View<'_>, out: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe { engine::unary_where(op, v.as_ref()?, mask.as_ref()?, out.as_ref()?) }
}

/// `out = a op b` where `mask`, bools that are broadcast as `a` and `b` are, is set; elsewhere `out` keeps its elements.
pub fn binary_where(
    op: BinaryOp,
    a: &View<'_>,
    b: &View<'_>,
    mask: &View<'_>,
    out: &mut ViewMut<'_>,
) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe { engine::binary_where(op, a.as_ref()?, b.as_ref()?, mask.as_ref()?, out.as_ref()?) }
}

/// `out = out op b` where `mask`, bools that are broadcast as `b` is, is set; elsewhere `out` keeps its elements.
///
/// ```
/// use libstrided::{BinaryOp, Order, View, ViewMut, ops};
/// let mut sums = [1.0, 2.0, 3.0];
/// let (b, mask) = ([10.0], [false, true, true]);
/// let b = View::from_slice(&b, &[], Order::C)?;
/// let mask = View::from_bools(&mask, &[3], Order::C)?;
/// let mut out = ViewMut::from_slice(&mut sums, &[3], Order::C)?;
/// ops::binary_assign_where(BinaryOp::Add, &mut out, &b, &mask)?;
/// assert_eq!(sums, [1.0, 12.0, 13.0]);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn binary_assign_where(op: BinaryOp, out: &mut ViewMut<'_>, b: &View<'_>, mask: &View<'_>) -> Result<()> {
    // SAFETY: as above; each element of the output is read before it is written.
    unsafe {
        let target = out.as_ref()?;
        engine::binary_where(op, target, b.as_ref()?, mask.as_ref()?, target)
    }
}
