//! Operations on views: what is checked, what is refused, when a temporary is made. The loops are the kernels'.
//!
//! Every operation follows the same steps:
//!
//! 1. dtypes: what is computed in, and whether the result may be cast to the output (`same_kind`, as in NumPy),
//! 2. shapes: inputs broadcast to the shape of the output, which is itself never broadcast,
//! 3. the output: not read-only, no two of its elements in the same memory,
//! 4. overlap: results are as if every input had been read before any output was written. Operands that are disjoint
//!    or exactly the same cost nothing; only an input that overlaps otherwise is copied first.
//!
//! Nothing is written before all four have passed, and nothing allocates but the copy of step 4.
//!
//! The functions here are `unsafe`, because a [`ViewRef`] does not prove that there is memory behind its address; for
//! Rust, [`crate::ops`] has the same operations on [`View`](crate::View) and [`ViewMut`](crate::ViewMut).

use crate::elementwise::{each, packed};
use crate::threads;
use libstrided_kernels::{self as kernels, BinaryOp, Block, Operand, parallel};
use libstrided_view::query::{QUICK_OVERLAP_WORK, distance, overlaps_itself};
use libstrided_view::{
    Alike, Array, Casting, DType, Error, FewAxes, Mixed, Order, Overlap, Result, Same, TwoAxes, ViewRef,
    broadcast_strides, can_cast, check_cast, overlap, same_elements,
};

pub use crate::compress::compress;
pub use crate::reduce::{ReduceOptions, dot, reduce, reduce_lines, reduce_whole, reduce_with};
pub use crate::scan::accumulate;
pub use crate::select::{
    binary_where, clip, fma, ternary_alike, ternary_mixed, unary, unary_alike, unary_same, unary_where,
    where_,
};

/// The operand of a kernel.
pub(crate) fn operand<'a>(v: ViewRef<'_>, strides: &'a [i64]) -> Operand<'a> {
    Operand { data: v.data(), dtype: v.dtype(), itemsize: v.itemsize(), strides }
}

/// Refuses outputs that must not be written, or in which one write would change two elements.
#[inline]
pub(crate) fn check_writable(out: ViewRef<'_>) -> Result<()> {
    if out.is_readonly() {
        return Err(Error::ReadOnly);
    }
    if overlaps_itself(out.layout()) {
        return Err(Error::SelfOverlap);
    }
    Ok(())
}

/// Whether writing `out` element by element can change elements of `input` that are still to be read. `strides` are
/// those with which the input takes part.
#[inline]
pub(crate) fn is_harmed(input: ViewRef<'_>, strides: &[i64], out: ViewRef<'_>) -> bool {
    !input.is_apart_from(out) && is_harmed_near(input, strides, out)
}

/// [`is_harmed`] for views whose bounds meet.
#[inline(never)]
fn is_harmed_near(input: ViewRef<'_>, strides: &[i64], out: ViewRef<'_>) -> bool {
    let apart = distance(input, out);
    if apart == 0
        && input.itemsize() == out.itemsize()
        && out.shape().iter().zip(strides).zip(out.strides()).all(|((&n, a), b)| n == 1 || a == b)
    {
        // Exactly the same elements: each is read before it is written.
        return false;
    }
    !matches!(overlap(input.layout(), out.layout(), apart, QUICK_OVERLAP_WORK), Overlap::No)
}

/// Runs `f` with the work space that `ndim` axes need; most views have few.
macro_rules! with_room {
    ($ndim:expr, $f:ident($($arg:expr),*)) => {
        if $ndim <= 8 { $f::<8>($($arg),*) } else { $f::<{ libstrided_view::MAX_NDIM }>($($arg),*) }
    };
}
pub(crate) use with_room;

/// Copies the elements of `src`, broadcast to the shape of `dst`, casting as `casting` allows.
///
/// # Safety
/// Both views must describe memory that is there, is not written by others, and of which `dst` may be written.
pub unsafe fn copy(src: ViewRef<'_>, dst: ViewRef<'_>, casting: Casting) -> Result<()> {
    check_copyable(src, dst, casting)?;
    // SAFETY: the caller's promise.
    unsafe { with_room!(dst.ndim(), copy_in(src, dst)) }
}

/// [`copy`] of views that are [`Alike`]; `false`, and nothing done, when one row is to become several, or another dtype.
///
/// # Safety
/// The elements must be memory that is there, is not written by others, and of which those of the output may be written.
#[inline]
pub unsafe fn copy_alike(alike: &Alike<1>) -> bool {
    let [src] = alike.inputs;
    if alike.rows != 1 || src.single || !alike.is_packed() || src.dtype != alike.dtype {
        return false;
    }
    if src.data != alike.out {
        let nbytes = alike.n * alike.dtype.size() as usize;
        // SAFETY: the caller's promise; the elements lie side by side, and the two are apart.
        unsafe { core::ptr::copy_nonoverlapping(src.data, alike.out, nbytes) };
    }
    true
}

/// [`copy`] of views with [`TwoAxes`]; `false`, and nothing done, when it is worth a plan.
///
/// # Safety
/// As [`copy_alike`].
#[inline]
pub unsafe fn copy_two_axes(c: &TwoAxes) -> bool {
    // SAFETY: the caller's promise; the elements lie so, and the two views are apart.
    unsafe { kernels::copy_two_axes(c.src, c.dst, c.item, c.shape, c.from, c.to) }
}

/// [`copy_two_axes`] for views with [`FewAxes`].
///
/// # Safety
/// As [`copy_alike`].
#[inline]
pub unsafe fn copy_few_axes(c: &FewAxes) -> bool {
    // SAFETY: the caller's promise; the elements lie so, and the two views are apart.
    unsafe { kernels::copy_few_axes(c.src, c.dst, c.item, c.shape, c.from, c.to) }
}

/// Checks the dtypes of a copy. Opaque items can be copied to opaque items of the same size.
fn check_copyable(src: ViewRef<'_>, dst: ViewRef<'_>, casting: Casting) -> Result<()> {
    check_cast(src.dtype(), dst.dtype(), casting)?;
    if dst.dtype() == DType::Opaque && src.itemsize() != dst.itemsize() {
        return Err(Error::OpaqueSizes { from: src.itemsize(), to: dst.itemsize() });
    }
    Ok(())
}

/// # Safety
/// As [`copy`].
unsafe fn copy_in<const CAP: usize>(src: ViewRef<'_>, dst: ViewRef<'_>) -> Result<()> {
    let mut room = [0; CAP];
    let strides = broadcast_strides(src.layout(), dst.shape(), &mut room)?;
    check_writable(dst)?;
    if dst.is_empty() {
        return Ok(());
    }
    let same_type = src.dtype() == dst.dtype();
    if distance(src, dst) == 0 && same_type && same_elements(src.layout(), dst.layout()) {
        return Ok(());
    }
    let (from, to) = (operand(src, strides), operand(dst, dst.strides()));
    if is_harmed(src, strides, dst) {
        // SAFETY: both operands are elements of checked views over the shape of `dst`; a temporary overlaps nothing.
        return unsafe {
            if same_type && kernels::copy_overlapping(dst.shape(), from, to)? {
                return Ok(());
            }
            let before = to_array(src, Order::K)?;
            copy_in::<CAP>(before.view(), dst)
        };
    }
    // SAFETY: both operands are elements of checked views over the shape of `dst`, and do not overlap.
    unsafe {
        parallel::over(threads::get() as usize, dst.shape(), [from], to, |shape, [from], to| {
            if same_type { kernels::copy(shape, from, to) } else { kernels::cast_copy(shape, from, to) }
        })
    }
}

/// A packed copy of `v` with the same dtype, in a new array.
///
/// # Safety
/// `v` must describe memory that is there and is not being written.
pub unsafe fn to_array(v: ViewRef<'_>, order: Order) -> Result<Array> {
    // SAFETY: the caller's promise.
    unsafe { cast_array(v, v.dtype(), Casting::No, order) }
}

/// A packed copy of `v` with elements of `dtype`, in a new array.
///
/// # Safety
/// `v` must describe memory that is there and is not being written.
pub unsafe fn cast_array(v: ViewRef<'_>, dtype: DType, casting: Casting, order: Order) -> Result<Array> {
    check_cast(v.dtype(), dtype, casting)?;
    let itemsize = if dtype == DType::Opaque { v.itemsize() } else { dtype.size() };
    let array = Array::like(v, dtype, itemsize, order)?;
    // SAFETY: the array is new: nothing else describes its memory.
    unsafe { copy(v, array.view(), casting)? };
    Ok(array)
}

/// Sets every element of `dst` to one value of type `dtype`, cast under `same_kind`. For opaque items the value has the
/// item size of `dst`.
///
/// # Safety
/// `dst` must describe memory that may be written, and `value` one readable element, of any alignment.
pub unsafe fn fill(dst: ViewRef<'_>, dtype: DType, value: *const u8) -> Result<()> {
    check_cast(dtype, dst.dtype(), Casting::SameKind)?;
    check_writable(dst)?;
    if dst.is_empty() {
        return Ok(());
    }
    if dtype == DType::Opaque {
        // The value may be one of the elements: it is read in full before anything is written.
        let one = Array::new(DType::Opaque, dst.itemsize(), &[], Order::C)?;
        // SAFETY: both are `itemsize` bytes; the array is new.
        unsafe {
            core::ptr::copy_nonoverlapping(value, one.view().data(), dst.itemsize() as usize);
            return fill_with(dst, one.view().data());
        }
    }
    let mut converted = [0u64; 2];
    let to = converted.as_mut_ptr().cast::<u8>();
    let from = Operand { data: value.cast_mut(), dtype, itemsize: dtype.size(), strides: &[] };
    let into = Operand { data: to, dtype: dst.dtype(), itemsize: dst.itemsize(), strides: &[] };
    // SAFETY: the buffer holds any element; `dst` is a checked view over its own shape.
    unsafe {
        kernels::cast_copy(&[], from, into)?;
        fill_with(dst, to)
    }
}

/// Sets every element of `dst` to the one at `value`.
///
/// # Safety
/// `dst` is a checked view of memory that may be written; `value` is an element of its size.
unsafe fn fill_with(dst: ViewRef<'_>, value: *const u8) -> Result<()> {
    /// Threads read the value at the same time.
    struct Value(*const u8);
    // SAFETY: it is only read, as long as the threads run.
    unsafe impl Sync for Value {}
    impl Value {
        fn get(&self) -> *const u8 {
            self.0
        }
    }

    let value = Value(value);
    // SAFETY: the caller's promise.
    unsafe {
        let out = operand(dst, dst.strides());
        parallel::over(threads::get() as usize, dst.shape(), [], out, |shape, [], out| {
            kernels::fill(shape, out, value.get())
        })
    }
}

/// `out = a op b`, element by element, `a` and `b` broadcast.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
#[inline]
pub unsafe fn binary(op: BinaryOp, a: ViewRef<'_>, b: ViewRef<'_>, out: ViewRef<'_>) -> Result<()> {
    let (compute, result) = op.dtypes(a.dtype(), b.dtype())?;
    check_cast(result, out.dtype(), Casting::SameKind)?;
    if let Some(n) = packed(&[a, b], out) {
        let strides = [[a.itemsize()], [b.itemsize()], [out.itemsize()]];
        let [a, b, out] = [operand(a, &strides[0]), operand(b, &strides[1]), operand(out, &strides[2])];
        // SAFETY: the caller's promise; that is how the elements lie, and writing does no harm.
        return unsafe { kernels::binary(op, compute, &[n], a, b, out) };
    }
    // SAFETY: the caller's promise.
    unsafe { binary_each(op, compute, &[a, b], out) }
}

/// [`binary`] of views that are the [`Same`]; `false`, and nothing done, when that is not all there is to say.
///
/// # Safety
/// As [`binary_alike`].
#[inline(always)]
pub unsafe fn binary_same(op: BinaryOp, same: &Same<2>) -> bool {
    let [a, b] = same.inputs;
    let block = Block { rows: 1, n: same.n, data: [a, b, same.out], strides: [0; 3], single: [false; 3] };
    // SAFETY: the caller's promise; the views lie so, and writing does no harm.
    unsafe { kernels::binary_plain(op, same.dtype, same.out_dtype, &block) }
}

/// [`binary`] of views that are [`Mixed`]; `false`, and nothing done, when that is not all there is to say.
///
/// # Safety
/// As [`binary_alike`].
#[inline]
pub unsafe fn binary_mixed(op: BinaryOp, mixed: &Mixed<2>) -> bool {
    let ([a, b], [first, second]) = (mixed.inputs, mixed.dtypes);
    let block = Block { rows: 1, n: mixed.n, data: [a, b, mixed.out], strides: [0; 3], single: [false; 3] };
    // SAFETY: the caller's promise; the views lie so, and writing does no harm.
    unsafe { binary_converted(op, [first, second, mixed.out_dtype], &block) }
}

/// [`binary`] of views that are [`Alike`]; `false`, and nothing done, when that is not all there is to say.
///
/// # Safety
/// The elements must be memory that is there, is not written by others, and of which those of the output may be written.
#[inline]
pub unsafe fn binary_alike(op: BinaryOp, alike: &Alike<2>) -> bool {
    let [a, b] = alike.inputs;
    let block = Block {
        rows: alike.rows,
        n: alike.n,
        data: [a.data, b.data, alike.out],
        strides: [a.step, b.step, alike.step],
        single: [a.single, b.single, false],
    };
    let dtypes = [a.dtype, b.dtype, alike.dtype];
    // SAFETY: the caller's promise; alike views lie so, and writing does no harm.
    unsafe {
        if alike.is_packed() {
            binary_rows(op, dtypes, &block)
        } else {
            let along = [a.along, b.along, None];
            kernels::run_packed(&block, dtypes, along, |block| binary_rows(op, dtypes, block))
        }
    }
}

/// [`binary_alike`] of rows whose elements lie side by side.
///
/// # Safety
/// As [`binary_alike`].
#[inline(always)]
unsafe fn binary_rows(op: BinaryOp, dtypes: [DType; 3], block: &Block<3>) -> bool {
    let [a, b, out] = dtypes;
    // SAFETY: the caller's promise.
    unsafe { a == b && kernels::binary_plain(op, a, out, block) || binary_converted(op, dtypes, block) }
}

/// [`binary_alike`] where elements are converted on the way.
///
/// # Safety
/// As [`binary_alike`].
#[inline(never)]
unsafe fn binary_converted(op: BinaryOp, dtypes: [DType; 3], block: &Block<3>) -> bool {
    let [a, b, out] = dtypes;
    let Ok((compute, result)) = op.dtypes(a, b) else { return false };
    // SAFETY: the caller's promise.
    can_cast(result, out, Casting::SameKind) && unsafe { kernels::binary_block(op, compute, dtypes, block) }
}

/// # Safety
/// As [`binary`].
#[inline(never)]
unsafe fn binary_each(
    op: BinaryOp,
    compute: DType,
    inputs: &[ViewRef<'_>; 2],
    out: ViewRef<'_>,
) -> Result<()> {
    // SAFETY: the caller's promise; `each` hands out operands of one shape that do no harm to each other.
    unsafe { each(*inputs, out, |shape, [a, b], out| kernels::binary(op, compute, shape, a, b, out)) }
}
