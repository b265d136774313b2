//! Reductions of views: what is checked, which temporaries there are, and how means and variances are put together from
//! the kernels' ways of folding.
//!
//! ```text
//!   sum prod min max any all count_nonzero norm    one pass
//!   mean                                           one pass: the sum, divided by the number of elements
//!   var std                                        columns in one pass; else two over parts: the mean, then the distances
//!   argmin argmax                                  one pass, and a second look at a block that holds a better element
//!   dot                                            one pass over both operands
//! ```
//!
//! Each is done on as many threads as are allowed. Means and variances have a file of their own; the temporary of a variance is
//! one mean per output.

mod statistics;

use libstrided_kernels::{self as kernels, Finish, Folding, Operand, ReduceOp, Reduction, Second};
use libstrided_view::query::{QUICK_OVERLAP_WORK, distance};
use libstrided_view::{
    Array, AxisSet, Broadcast, Casting, DType, Error, Lines, Order, Overlap, Result, ViewRef, Whole,
    broadcast_strides, check_cast, is_c_contiguous, overlap, promote,
};

use crate::engine::{check_writable, copy, operand, with_room};
use crate::threads;

/// What a reduction can be told beside its axes.
#[derive(Clone, Copy, Debug)]
pub struct ReduceOptions<V> {
    /// Which elements take part: bools that broadcast to the input. Not for argmin and argmax; min and max need an initial
    /// value with it.
    pub mask: Option<V>,
    /// One element that is joined with every result: of sum, prod, min, max, any and all.
    pub initial: Option<V>,
    /// What the number of elements is lessened by before a sum of squared distances is divided by it: of var and std.
    pub ddof: f64,
}

impl<V> ReduceOptions<V> {
    /// Whether nothing is asked for.
    #[inline]
    fn is_default(&self) -> bool {
        self.mask.is_none() && self.initial.is_none() && self.ddof == 0.0
    }
}

impl<V> Default for ReduceOptions<V> {
    #[inline]
    fn default() -> Self {
        ReduceOptions { mask: None, initial: None, ddof: 0.0 }
    }
}

/// Reduces the given axes (all without `axes`). `out` has the shape of `input` without these axes, or with extent 1 on
/// them when `keepdims`.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
#[inline]
pub unsafe fn reduce(
    op: ReduceOp,
    input: ViewRef<'_>,
    axes: Option<&[i32]>,
    keepdims: bool,
    out: ViewRef<'_>,
) -> Result<()> {
    // SAFETY: the caller's promise.
    unsafe { reduce_with(op, input, axes, keepdims, &ReduceOptions::default(), out) }
}

/// The same with a mask, an initial value, or fewer degrees of freedom.
///
/// # Safety
/// As [`reduce`], for the views of the options too.
pub unsafe fn reduce_with(
    op: ReduceOp,
    input: ViewRef<'_>,
    axes: Option<&[i32]>,
    keepdims: bool,
    options: &ReduceOptions<ViewRef<'_>>,
    out: ViewRef<'_>,
) -> Result<()> {
    let reduced = reduced_axes(axes, input.ndim())?;
    let (_, result) = op.dtypes(input.dtype())?;
    let compute = op.accumulator_for(input.dtype(), out.dtype())?;
    check_cast(result, out.dtype(), Casting::SameKind)?;
    check_reduced_shape(input.shape(), reduced, keepdims, out.shape())?;
    // SAFETY: the caller's promise; the output has the shape that is left.
    if options.is_default() && unsafe { reduce_few(op, compute, input, reduced, keepdims, out)? } {
        return Ok(());
    }
    check_writable(out)?;
    check_options(op, options)?;
    // SAFETY: the caller's promise.
    unsafe {
        let initial = match options.initial {
            Some(initial) => Some(initial_value(op, initial, compute)?),
            None => None,
        };
        let task = Task { op, compute, input, reduced, mask: options.mask, initial, ddof: options.ddof };
        with_room!(input.ndim(), run(&task, keepdims, out))
    }
}

/// [`reduce`] of a [`Whole`]; `false`, and nothing done, when that is not all there is to say.
///
/// # Safety
/// The elements must be memory that is there, is not written by others, and of which that of the output may be written.
#[inline]
pub unsafe fn reduce_whole(op: ReduceOp, whole: &Whole) -> bool {
    let Whole { dtype, n, src, out } = *whole;
    match op {
        // SAFETY: the caller's promise; the elements lie side by side, and the two are apart.
        ReduceOp::Sum | ReduceOp::Prod | ReduceOp::Min | ReduceOp::Max => unsafe {
            folding(op).is_some_and(|folding| kernels::reduce_packed(folding, dtype, n, src, out))
        },
        _ => false,
    }
}

/// [`reduce`] of [`Lines`]; `false`, and nothing done, when that is not all there is to say.
///
/// # Safety
/// As [`reduce_whole`].
#[inline]
pub unsafe fn reduce_lines(op: ReduceOp, found: &Lines) -> bool {
    let Lines { dtype, along, lines, src, out } = *found;
    match op {
        // SAFETY: the caller's promise; the results lie side by side, and are apart from the elements.
        ReduceOp::Sum | ReduceOp::Prod | ReduceOp::Min | ReduceOp::Max => unsafe {
            folding(op).is_some_and(|folding| kernels::reduce_lines(folding, dtype, along, lines, src, out))
        },
        _ => false,
    }
}

/// Elements up to which [`reduce_few`] is asked: with more, the time until the loop starts no longer matters.
const FEW_ELEMENTS: usize = 4096;

/// Axes up to which it is.
const FEW_AXES: usize = 8;

/// A reduction of few elements into a packed output, of which there is less to find out; `false`, and nothing done,
/// when it is another one.
///
/// # Safety
/// As [`reduce_with`]; `out` has the shape that is left.
#[inline]
unsafe fn reduce_few(
    op: ReduceOp,
    compute: DType,
    input: ViewRef<'_>,
    reduced: AxisSet,
    keepdims: bool,
    out: ViewRef<'_>,
) -> Result<bool> {
    let Some(folding) = folding(op).filter(|_| !out.is_readonly() && input.is_apart_from(out)) else {
        return Ok(false);
    };
    let n = input.size() as usize;
    let ndim = input.ndim();
    if !(1..=FEW_ELEMENTS).contains(&n) || ndim > FEW_AXES {
        return Ok(false);
    }
    let what = finishing(op, Reduction::new(folding, compute));
    if reduced == AxisSet::all(ndim) && is_c_contiguous(input.layout()) {
        let step = [input.itemsize()];
        // SAFETY: the caller's promise; that is how the elements lie, and the output is apart.
        unsafe {
            kernels::reduce(&what, &[n as i64], AxisSet(1), operand(input, &step), operand(out, &[0]))?
        };
        return Ok(true);
    }
    if !is_c_contiguous(out.layout()) {
        return Ok(false);
    }
    let mut room = [0; FEW_AXES];
    let out = operand(out, strides_over(ndim, reduced, keepdims, out, &mut room));
    // SAFETY: the caller's promise; an output that is packed does not overlap itself, and it is apart.
    unsafe { kernels::reduce(&what, input.shape(), reduced, operand(input, input.strides()), out)? };
    Ok(true)
}

/// The way of folding of an operation that folds once.
#[inline]
fn folding(op: ReduceOp) -> Option<Folding> {
    Some(match op {
        ReduceOp::Sum => Folding::Sum,
        ReduceOp::Prod => Folding::Prod,
        ReduceOp::Min => Folding::Min,
        ReduceOp::Max => Folding::Max,
        ReduceOp::Any => Folding::Any,
        ReduceOp::All => Folding::All,
        ReduceOp::CountNonzero => Folding::Count,
        ReduceOp::Norm => Folding::Squares,
        _ => return None,
    })
}

/// The reduction with what this operation does to a sum in the end.
#[inline]
fn finishing(op: ReduceOp, what: Reduction<'_>) -> Reduction<'_> {
    let finish = Finish { root: op == ReduceOp::Norm, ..what.finish };
    Reduction { finish, ..what }
}

/// The set of axes to reduce. An array without axes can be reduced over axis 0 or -1, as in NumPy.
fn reduced_axes(axes: Option<&[i32]>, ndim: usize) -> Result<AxisSet> {
    match axes {
        None => Ok(AxisSet::all(ndim)),
        Some([0 | -1]) if ndim == 0 => Ok(AxisSet::default()),
        Some(axes) => AxisSet::from_axes(axes, ndim),
    }
}

fn check_reduced_shape(shape: &[i64], reduced: AxisSet, keepdims: bool, out: &[i64]) -> Result<()> {
    let expected_ndim = if keepdims { shape.len() } else { shape.len() - reduced.len() };
    if out.len() != expected_ndim {
        return Err(Error::OutputNdim { expected: expected_ndim, got: out.len() });
    }
    let kept = shape.iter().enumerate().filter_map(|(axis, &n)| match reduced.contains(axis) {
        true if keepdims => Some(1),
        true => None,
        false => Some(n),
    });
    for (axis, (expected, &got)) in kept.zip(out).enumerate() {
        if expected != got {
            return Err(Error::OutputShape { axis, expected, got });
        }
    }
    Ok(())
}

fn check_options(op: ReduceOp, options: &ReduceOptions<ViewRef<'_>>) -> Result<()> {
    use ReduceOp::*;
    let refused = |rule| Err(Error::InvalidArgument { rule, value: op as i64 });
    if let Some(mask) = options.mask {
        check_cast(mask.dtype(), DType::Bool, Casting::Safe)?;
        if matches!(op, Argmin | Argmax) {
            return refused("the operation must be one that takes a mask");
        }
        if matches!(op, Min | Max) && options.initial.is_none() {
            return Err(Error::EmptyReduction);
        }
    }
    if options.initial.is_some() && !matches!(op, Sum | Prod | Min | Max | Any | All) {
        return refused("the operation must be one that takes an initial value");
    }
    if options.ddof != 0.0 && !matches!(op, Var | Std) {
        return refused("the operation must be var or std to take degrees of freedom");
    }
    Ok(())
}

/// The initial value as an accumulator.
///
/// # Safety
/// `initial` must describe memory that is there and is not written by others.
unsafe fn initial_value(op: ReduceOp, initial: ViewRef<'_>, compute: DType) -> Result<[u8; 16]> {
    if initial.size() != 1 {
        let rule = "the initial value must be one element";
        return Err(Error::InvalidArgument { rule, value: initial.size() });
    }
    let dtype = if matches!(op, ReduceOp::Any | ReduceOp::All) { DType::Bool } else { compute };
    if dtype != DType::Bool {
        check_cast(initial.dtype(), dtype, Casting::SameKind)?;
    }
    let mut value = [0u64; 2];
    let to = Operand { data: (&raw mut value).cast(), dtype, itemsize: dtype.size(), strides: &[] };
    let from =
        Operand { data: initial.data(), dtype: initial.dtype(), itemsize: initial.itemsize(), strides: &[] };
    let mut bytes = [0; 16];
    // SAFETY: one element each; no element is larger than the buffer.
    unsafe { kernels::cast_copy(&[], from, to)? };
    for (bytes, word) in bytes.chunks_exact_mut(8).zip(value) {
        bytes.copy_from_slice(&word.to_ne_bytes());
    }
    Ok(bytes)
}

/// A reduction whose arguments have been checked.
struct Task<'a> {
    op: ReduceOp,
    /// The dtype that elements are folded as.
    compute: DType,
    input: ViewRef<'a>,
    reduced: AxisSet,
    mask: Option<ViewRef<'a>>,
    initial: Option<[u8; 16]>,
    ddof: f64,
}

/// # Safety
/// As [`reduce_with`].
unsafe fn run<const CAP: usize>(task: &Task<'_>, keepdims: bool, out: ViewRef<'_>) -> Result<()> {
    let mut mask_room = [0; CAP];
    let mask = match task.mask {
        Some(mask) => {
            let strides = broadcast_strides(mask.layout(), task.input.shape(), &mut mask_room)?;
            Some(operand(mask, strides))
        }
        None => None,
    };
    let harmed = |v: ViewRef<'_>| {
        !v.is_apart_from(out)
            && !matches!(overlap(v.layout(), out.layout(), distance(v, out), QUICK_OVERLAP_WORK), Overlap::No)
    };
    // SAFETY: the caller's promise; a temporary overlaps nothing.
    unsafe {
        if harmed(task.input) || task.mask.is_some_and(harmed) {
            let result = Array::like(out, out.dtype(), out.itemsize(), Order::K)?;
            run_into::<CAP>(task, mask, keepdims, result.view())?;
            return copy(result.view(), out, Casting::No);
        }
        run_into::<CAP>(task, mask, keepdims, out)
    }
}

/// # Safety
/// As [`reduce_with`], and `out` must not overlap the inputs.
unsafe fn run_into<const CAP: usize>(
    task: &Task<'_>,
    mask: Option<Operand<'_>>,
    keepdims: bool,
    out: ViewRef<'_>,
) -> Result<()> {
    let mut room = [0; CAP];
    let out = operand(out, strides_over(task.input.ndim(), task.reduced, keepdims, out, &mut room));
    // SAFETY: as the caller vouches, in each arm.
    unsafe {
        match task.op {
            ReduceOp::Mean => task.mean::<CAP>(mask, out),
            ReduceOp::Var | ReduceOp::Std => task.spread::<CAP>(mask, out),
            ReduceOp::Argmin | ReduceOp::Argmax => {
                let largest = task.op == ReduceOp::Argmax;
                let threads = threads::get() as usize;
                kernels::arg(largest, task.input.shape(), task.reduced, task.operand(), out, threads)
            }
            op => {
                let folding = folding(op).ok_or(Error::Internal)?;
                let finish = Finish { initial: task.initial, ..Finish::default() };
                let what = Reduction { mask, finish, ..Reduction::new(folding, task.compute) };
                task.fold(&finishing(op, what), out)
            }
        }
    }
}

/// The strides of an output for every axis of the input: 0 on reduced ones.
fn strides_over<'a>(
    ndim: usize,
    reduced: AxisSet,
    keepdims: bool,
    out: ViewRef<'_>,
    room: &'a mut [i64],
) -> &'a [i64] {
    let mut strides = out.strides().iter();
    for (axis, stride) in room[..ndim].iter_mut().enumerate() {
        *stride = 0;
        if !reduced.contains(axis) {
            *stride = strides.next().copied().unwrap_or(0);
        } else if keepdims {
            strides.next();
        }
    }
    &room[..ndim]
}

impl Task<'_> {
    fn operand(&self) -> Operand<'_> {
        operand(self.input, self.input.strides())
    }

    /// # Safety
    /// As [`run_into`].
    unsafe fn fold(&self, what: &Reduction<'_>, out: Operand<'_>) -> Result<()> {
        let what = &Reduction { threads: threads::get() as usize, ..*what };
        // SAFETY: the operands are elements of checked views over the shape of the input, and do not overlap `out`.
        unsafe { kernels::reduce(what, self.input.shape(), self.reduced, self.operand(), out) }
    }
}

/// The inner product over the given axes (all without `axes`) of the shape that `a` and `b` broadcast to: the sum of `a * b`,
/// or of `conj(a) * b` when `conjugate`. The result has the common dtype of the two; products and sums of integers are made in
/// 64 bits and wrap. `out` has the shape without these axes, or with extent 1 on them when `keepdims`.
///
/// # Safety
/// As [`reduce`].
pub unsafe fn dot(
    a: ViewRef<'_>,
    b: ViewRef<'_>,
    axes: Option<&[i32]>,
    keepdims: bool,
    conjugate: bool,
    out: ViewRef<'_>,
) -> Result<()> {
    let common = promote(a.dtype(), b.dtype())?;
    let compute = ReduceOp::Sum.accumulator_for(common, out.dtype())?;
    check_cast(common, out.dtype(), Casting::SameKind)?;
    let mut shape = Broadcast::new();
    shape.add(a.shape())?;
    shape.add(b.shape())?;
    let shape = shape.checked_shape()?;
    let reduced = reduced_axes(axes, shape.len())?;
    check_reduced_shape(shape, reduced, keepdims, out.shape())?;
    check_writable(out)?;
    let how = if conjugate { Second::ConjugateTimes } else { Second::Times };
    // SAFETY: the caller's promise.
    unsafe { with_room!(shape.len(), dot_in(shape, [a, b], reduced, keepdims, (how, compute), out)) }
}

/// # Safety
/// As [`dot`].
unsafe fn dot_in<const CAP: usize>(
    shape: &[i64],
    [a, b]: [ViewRef<'_>; 2],
    reduced: AxisSet,
    keepdims: bool,
    (how, compute): (Second, DType),
    out: ViewRef<'_>,
) -> Result<()> {
    let (mut room_a, mut room_b, mut room) = ([0; CAP], [0; CAP], [0; CAP]);
    let strides_a = broadcast_strides(a.layout(), shape, &mut room_a)?;
    let strides_b = broadcast_strides(b.layout(), shape, &mut room_b)?;
    let harmed = |v: ViewRef<'_>| {
        !v.is_apart_from(out)
            && !matches!(overlap(v.layout(), out.layout(), distance(v, out), QUICK_OVERLAP_WORK), Overlap::No)
    };
    // SAFETY: the caller's promise; a temporary overlaps nothing.
    unsafe {
        if harmed(a) || harmed(b) {
            let result = Array::like(out, out.dtype(), out.itemsize(), Order::K)?;
            dot_in::<CAP>(shape, [a, b], reduced, keepdims, (how, compute), result.view())?;
            return copy(result.view(), out, Casting::No);
        }
        let second = Some((how, operand(b, strides_b)));
        let threads = threads::get() as usize;
        let what = Reduction { second, threads, ..Reduction::new(Folding::Sum, compute) };
        let out = operand(out, strides_over(shape.len(), reduced, keepdims, out, &mut room));
        kernels::reduce(&what, shape, reduced, operand(a, strides_a), out)
    }
}
