//! Operations on few elements, told by one look at all their views.
//!
//! For them the checks, the broadcast and the plan of [`engine`] take ten times as long as the work. Most are of one
//! of a few forms, each of which one look knows: views that differ in their addresses alone, rows and columns that are
//! stretched over a matrix, sections of matrices. Every function answers `false`, and has done nothing, when no look tells what
//! is to be done, or when something is wrong; `engine` then does it, or says what.

use libstrided_kernels::{BinaryOp, ReduceOp, TernaryOp, UnaryOp};
use libstrided_view::{Alike, FewAxes, Lines, Mixed, RawView, Same, TwoAxes, Whole};

use crate::engine;

/// Runs the operation on views that are alike in one way or another.
#[inline(always)]
pub fn if_alike<const N: usize>(
    inputs: [&RawView; N],
    out: &RawView,
    run: impl Fn(&Alike<N>) -> bool,
) -> bool {
    // Each answer is used where it was made: one for all would be moved there first, as soon as it was written.
    if let Some(alike) = &Alike::of(inputs, out) {
        return run(alike);
    }
    if let Some(alike) = &Alike::stretched(inputs, out) {
        return run(alike);
    }
    if let Some(alike) = &Alike::sections(inputs, out) {
        return run(alike);
    }
    false
}

/// [`engine::copy`].
///
/// # Safety
/// As there, of the views of which it is not yet known whether they are right.
#[inline]
pub unsafe fn copy(src: &RawView, dst: &RawView) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let done = match (src.few_axes(), dst.few_axes()) {
            (3.., 3..) => FewAxes::of(src, dst).is_some_and(|axes| engine::copy_few_axes(&axes)),
            _ => TwoAxes::of(src, dst).is_some_and(|axes| engine::copy_two_axes(&axes)),
        };
        done || Alike::of([src], dst).is_some_and(|alike| engine::copy_alike(&alike))
    }
}

/// [`engine::unary`].
///
/// # Safety
/// As [`copy`].
#[inline]
pub unsafe fn unary(op: UnaryOp, v: &RawView, out: &RawView) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        Same::of([v], out).is_some_and(|same| engine::unary_same(op, &same))
            || if_alike([v], out, |alike| engine::unary_alike(op, alike))
    }
}

/// [`engine::binary`].
///
/// # Safety
/// As [`copy`].
#[inline]
pub unsafe fn binary(op: BinaryOp, a: &RawView, b: &RawView, out: &RawView) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        Same::of([a, b], out).is_some_and(|same| engine::binary_same(op, &same))
            || !a.has_dtype_of(b)
                && Mixed::of([a, b], out).is_some_and(|mixed| engine::binary_mixed(op, &mixed))
            || if_alike([a, b], out, |alike| engine::binary_alike(op, alike))
    }
}

/// [`engine::where_`], [`engine::clip`] with both bounds, [`engine::fma`].
///
/// # Safety
/// As [`copy`].
#[inline]
pub unsafe fn ternary(op: TernaryOp, inputs: [&RawView; 3], out: &RawView) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        Mixed::of(inputs, out).is_some_and(|mixed| engine::ternary_mixed(op, &mixed))
            || if_alike(inputs, out, |alike| engine::ternary_alike(op, alike))
    }
}

/// [`engine::reduce`].
///
/// # Safety
/// As [`copy`].
#[inline]
pub unsafe fn reduce(op: ReduceOp, v: &RawView, axes: Option<&[i32]>, keepdims: bool, out: &RawView) -> bool {
    let everything = match axes {
        None => !keepdims,
        // The only axis is everything.
        Some([0 | -1]) => !keepdims && v.few_axes() == 1,
        Some(_) => false,
    };
    // SAFETY: the caller's promise.
    unsafe {
        match axes {
            _ if everything => Whole::of(v, out).is_some_and(|whole| engine::reduce_whole(op, &whole)),
            Some(&[axis]) => {
                Lines::of(v, axis, keepdims, out).is_some_and(|lines| engine::reduce_lines(op, &lines))
            }
            _ => false,
        }
    }
}
