//! The operations for Rust: inputs are [`View`]s, outputs [`ViewMut`]s, or new arrays.
//!
//! A `ViewMut` is the only way to its memory while it exists, so outputs never overlap inputs here; for operations in
//! place use a form that takes the output as its first operand, such as [`add_assign`].

mod select;

use libstrided_kernels::{BinaryOp, ReduceOp, ScanOp, UnaryOp};
use libstrided_view::{
    Array, AxisSet, Broadcast, Casting, DType, Item, MAX_NDIM, Order, Result, View, ViewMut,
};

use crate::engine::{self, ReduceOptions};
use crate::small;
pub use select::{
    binary_assign_where, binary_where, clip, clip_assign, copy_where, fma, fma_assign, unary_where, where_,
};

/// Copies `src`, broadcast, to `dst`, casting as `casting` allows.
pub fn copy(src: &View<'_>, dst: &mut ViewMut<'_>, casting: Casting) -> Result<()> {
    // SAFETY: views borrow memory that is there; `dst` borrows it for writing.
    unsafe {
        if small::copy(src.as_raw(), dst.as_raw()) {
            return Ok(());
        }
        engine::copy(src.as_ref()?, dst.as_ref()?, casting)
    }
}

/// A packed copy of `v` in a new array.
pub fn to_array(v: &View<'_>, order: Order) -> Result<Array> {
    // SAFETY: the view borrows memory that is there and not written meanwhile.
    unsafe { engine::to_array(v.as_ref()?, order) }
}

/// A packed copy of `v`, cast to a dtype as `casting` allows, in a new array.
///
/// ```
/// use libstrided::{Casting, DType, Order, View, ops};
/// let v = View::from_slice(&[1.75, -2.5], &[2], Order::C)?;
/// let whole = ops::cast(&v, DType::I32, Casting::Unsafe, Order::C)?;
/// assert_eq!(whole.as_view().get::<i32>(&[1])?, -2);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn cast(v: &View<'_>, dtype: DType, casting: Casting, order: Order) -> Result<Array> {
    // SAFETY: the view borrows memory that is there and not written meanwhile.
    unsafe { engine::cast_array(v.as_ref()?, dtype, casting, order) }
}

/// Sets every element of `dst`, cast under the rule `same_kind`.
pub fn fill<T: Item>(dst: &mut ViewMut<'_>, value: T) -> Result<()> {
    // SAFETY: `dst` borrows its memory for writing; the value is one element of its dtype.
    unsafe { engine::fill(dst.as_ref()?, T::DTYPE, (&raw const value).cast()) }
}

/// `out = op(v)`, element by element, `v` broadcast.
pub fn unary(op: UnaryOp, v: &View<'_>, out: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe {
        if small::unary(op, v.as_raw(), out.as_raw()) {
            return Ok(());
        }
        engine::unary(op, v.as_ref()?, out.as_ref()?)
    }
}

/// `out = op(out)`, in place.
pub fn unary_assign(op: UnaryOp, out: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: as above; each element is read before it is written.
    unsafe {
        if small::unary(op, out.as_raw(), out.as_raw()) {
            return Ok(());
        }
        let target = out.as_ref()?;
        engine::unary(op, target, target)
    }
}

/// `op(v)` in a new array in C order.
pub fn unary_new(op: UnaryOp, v: &View<'_>) -> Result<Array> {
    let v = v.as_ref()?;
    let (_, dtype) = op.dtypes(v.dtype())?;
    let out = Array::new(dtype, dtype.size(), v.shape(), Order::C)?;
    // SAFETY: the view borrows memory that is there; the array is new.
    unsafe { engine::unary(op, v, out.view())? };
    Ok(out)
}

/// `out = a op b`, element by element, `a` and `b` broadcast.
pub fn binary(op: BinaryOp, a: &View<'_>, b: &View<'_>, out: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe {
        if small::binary(op, a.as_raw(), b.as_raw(), out.as_raw()) {
            return Ok(());
        }
        engine::binary(op, a.as_ref()?, b.as_ref()?, out.as_ref()?)
    }
}

/// `out = out op b`, in place.
pub fn binary_assign(op: BinaryOp, out: &mut ViewMut<'_>, b: &View<'_>) -> Result<()> {
    // SAFETY: as above; each element of the output is read before it is written.
    unsafe {
        if small::binary(op, out.as_raw(), b.as_raw(), out.as_raw()) {
            return Ok(());
        }
        let target = out.as_ref()?;
        engine::binary(op, target, b.as_ref()?, target)
    }
}

/// `out += b`, in place.
pub fn add_assign(out: &mut ViewMut<'_>, b: &View<'_>) -> Result<()> {
    binary_assign(BinaryOp::Add, out, b)
}

/// `a op b` in a new array in C order.
pub fn binary_new(op: BinaryOp, a: &View<'_>, b: &View<'_>) -> Result<Array> {
    let (a, b) = (a.as_ref()?, b.as_ref()?);
    let (_, dtype) = op.dtypes(a.dtype(), b.dtype())?;
    let mut shape = Broadcast::new();
    shape.add(a.shape())?;
    shape.add(b.shape())?;
    let out = Array::new(dtype, dtype.size(), shape.checked_shape()?, Order::C)?;
    // SAFETY: views borrow memory that is there; the array is new.
    unsafe { engine::binary(op, a, b, out.view())? };
    Ok(out)
}

/// `a + b` in a new array.
pub fn add(a: &View<'_>, b: &View<'_>) -> Result<Array> {
    binary_new(BinaryOp::Add, a, b)
}

/// `a - b` in a new array.
pub fn subtract(a: &View<'_>, b: &View<'_>) -> Result<Array> {
    binary_new(BinaryOp::Subtract, a, b)
}

/// `a * b` in a new array.
pub fn multiply(a: &View<'_>, b: &View<'_>) -> Result<Array> {
    binary_new(BinaryOp::Multiply, a, b)
}

/// `a / b` in a new array.
pub fn divide(a: &View<'_>, b: &View<'_>) -> Result<Array> {
    binary_new(BinaryOp::Divide, a, b)
}

/// The elements of `v` at which `mask`, bools that are broadcast to `v`, is set, in C or F order of their indices, in a new
/// array with one axis.
///
/// ```
/// use libstrided::{Order, View, ops};
/// let v = View::from_slice(&[1.5, -2.0, 3.0, -4.0], &[2, 2], Order::C)?;
/// let zero = View::from_slice(&[0.0], &[], Order::C)?;
/// let positive = ops::binary_new(libstrided::BinaryOp::Greater, &v, &zero)?;
/// let found = ops::compress(&v, &positive.as_view(), Order::C)?;
/// assert_eq!(found.as_view().shape(), [2]);
/// assert_eq!(found.as_view().get::<f64>(&[1])?, 3.0);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn compress(v: &View<'_>, mask: &View<'_>, order: Order) -> Result<Array> {
    let (v, mask) = (v.as_ref()?, mask.as_ref()?);
    // SAFETY: views borrow memory that is there and not written meanwhile; the array is new.
    unsafe {
        let count = engine::compress(v, mask, order, None)?;
        let out = Array::new(v.dtype(), v.itemsize(), &[count], Order::C)?;
        engine::compress(v, mask, order, Some(out.view()))?;
        Ok(out)
    }
}

/// The running sums, products, minima or maxima of `v` along `axis` into `out`, which has the same shape.
///
/// ```
/// use libstrided::{Order, ScanOp, View, ViewMut, ops};
/// let steps = [200u8, 100, 50];
/// let mut sums = [0u64; 3];
/// let v = View::from_slice(&steps, &[3], Order::C)?;
/// ops::accumulate(ScanOp::Sum, &v, 0, &mut ViewMut::from_slice(&mut sums, &[3], Order::C)?)?;
/// assert_eq!(sums, [200, 300, 350]);
/// # Ok::<(), libstrided::Error>(())
/// ```
pub fn accumulate(op: ScanOp, v: &View<'_>, axis: i32, out: &mut ViewMut<'_>) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe { engine::accumulate(op, v.as_ref()?, axis, out.as_ref()?) }
}

/// Reduces axes, or all, into `out`.
pub fn reduce(
    op: ReduceOp,
    v: &View<'_>,
    axes: Option<&[i32]>,
    keepdims: bool,
    out: &mut ViewMut<'_>,
) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe {
        if small::reduce(op, v.as_raw(), axes, keepdims, out.as_raw()) {
            return Ok(());
        }
        engine::reduce(op, v.as_ref()?, axes, keepdims, out.as_ref()?)
    }
}

/// Reduces axes, or all, into a new array in C order.
pub fn reduce_new(op: ReduceOp, v: &View<'_>, axes: Option<&[i32]>) -> Result<Array> {
    let v = v.as_ref()?;
    let reduced = match axes {
        Some(axes) => AxisSet::from_axes(axes, v.ndim())?,
        None => AxisSet::all(v.ndim()),
    };
    let mut shape = [0; MAX_NDIM];
    let mut ndim = 0;
    for (axis, &n) in v.shape().iter().enumerate() {
        if !reduced.contains(axis) {
            shape[ndim] = n;
            ndim += 1;
        }
    }
    let (_, dtype) = op.dtypes(v.dtype())?;
    let out = Array::new(dtype, dtype.size(), &shape[..ndim], Order::C)?;
    // SAFETY: the view borrows memory that is there; the array is new.
    unsafe { engine::reduce(op, v, axes, false, out.view())? };
    Ok(out)
}

/// The same as [`reduce`] with a mask, an initial value, or fewer degrees of freedom.
pub fn reduce_with(
    op: ReduceOp,
    v: &View<'_>,
    axes: Option<&[i32]>,
    keepdims: bool,
    options: &ReduceOptions<&View<'_>>,
    out: &mut ViewMut<'_>,
) -> Result<()> {
    let options = ReduceOptions {
        mask: options.mask.map(View::as_ref).transpose()?,
        initial: options.initial.map(View::as_ref).transpose()?,
        ddof: options.ddof,
    };
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe { engine::reduce_with(op, v.as_ref()?, axes, keepdims, &options, out.as_ref()?) }
}

/// The sum of `a * b`, broadcast, over axes or of all, into `out`; of `conj(a) * b` when `conjugate`.
pub fn dot(
    a: &View<'_>,
    b: &View<'_>,
    axes: Option<&[i32]>,
    keepdims: bool,
    conjugate: bool,
    out: &mut ViewMut<'_>,
) -> Result<()> {
    // SAFETY: views borrow memory that is there; `out` borrows it for writing.
    unsafe { engine::dot(a.as_ref()?, b.as_ref()?, axes, keepdims, conjugate, out.as_ref()?) }
}

/// The sum over axes, or of all elements, in a new array.
pub fn sum(v: &View<'_>, axes: Option<&[i32]>) -> Result<Array> {
    reduce_new(ReduceOp::Sum, v, axes)
}

/// The smallest elements over axes, or of all, in a new array.
pub fn min(v: &View<'_>, axes: Option<&[i32]>) -> Result<Array> {
    reduce_new(ReduceOp::Min, v, axes)
}

/// The largest elements over axes, or of all, in a new array.
pub fn max(v: &View<'_>, axes: Option<&[i32]>) -> Result<Array> {
    reduce_new(ReduceOp::Max, v, axes)
}
