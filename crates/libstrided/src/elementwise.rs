//! What all operations that go element by element share: shapes, the output, overlap. Then the kernel, on as many threads
//! as are allowed.

use libstrided_kernels::{Operand, parallel};
use libstrided_view::query::distance;
use libstrided_view::{
    Array, Broadcast, Casting, Error, Layout, MAX_NDIM, Order, Result, ViewRef, broadcast_strides,
    check_output,
};

use crate::engine::{self, check_writable, is_harmed, operand};
use crate::threads;

mod mirrored;

/// What is run: it gets the shape, the inputs and the output, once, or for one block after the other, or for several parts
/// at once.
pub(crate) trait Kernel<const N: usize>:
    Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync
{
}

impl<const N: usize, F: Fn(&[i64], [Operand<'_>; N], Operand<'_>) -> Result<()> + Sync> Kernel<N> for F {}

/// Runs `kernel` over `inputs`, broadcast to the shape of `out`: on their elements, or on those of a copy of an input
/// that overlaps the output in a way that does harm. The kernel gets the shape, the inputs and the output, or parts of
/// them on several threads.
///
/// # Safety
/// The views must describe memory that is there, is not written by others, and of which `out` may be written.
#[inline]
pub(crate) unsafe fn each<const N: usize>(
    inputs: [ViewRef<'_>; N],
    out: ViewRef<'_>,
    kernel: impl Kernel<N>,
) -> Result<()> {
    // SAFETY: the caller's promise.
    unsafe {
        // Most views have few axes; the others need more room.
        if out.ndim() <= 8 {
            each_in::<N, 8>(inputs, out, &kernel)
        } else {
            each_in::<N, MAX_NDIM>(inputs, out, &kernel)
        }
    }
}

/// Elements up to which [`packed`] is asked: with more, the time until the kernel starts no longer matters.
const FEW_ELEMENTS: i64 = 4096;

/// The number of elements, when they are few, all views have one shape and are packed in one order, so that their elements
/// lie side by side in memory, and writing the output does no harm to an input. What small operations nearly always are.
#[inline]
pub(crate) fn packed<const N: usize>(inputs: &[ViewRef<'_>; N], out: ViewRef<'_>) -> Option<i64> {
    let ndim = out.ndim();
    let mut harmless = !out.is_readonly();
    for input in inputs {
        let in_place = input.data() == out.data() && input.itemsize() == out.itemsize();
        harmless &= input.ndim() == ndim && (in_place || input.is_apart_from(out));
    }
    if !harmless {
        return None;
    }
    let last_is_fastest = ndim > 0 && out.strides()[ndim - 1] == out.itemsize();
    let mut size = 1i64;
    for i in 0..ndim {
        let axis = if last_is_fastest { ndim - 1 - i } else { i };
        let (n, stride) = out.layout().axis(axis);
        // Wraps only where there are no elements, of which nothing comes.
        let mut same = stride == size.wrapping_mul(out.itemsize());
        for input in inputs {
            same &= input.layout().axis(axis) == (n, size.wrapping_mul(input.itemsize()));
        }
        if !same {
            return None;
        }
        size = size.wrapping_mul(n);
    }
    (1..=FEW_ELEMENTS).contains(&size).then_some(size)
}

/// # Safety
/// As [`each`].
#[inline]
unsafe fn each_in<const N: usize, const CAP: usize>(
    inputs: [ViewRef<'_>; N],
    out: ViewRef<'_>,
    kernel: &impl Kernel<N>,
) -> Result<()> {
    let mut room = [[0; CAP]; N];
    let mut strides = [[].as_slice(); N];
    let mut harmed = [false; N];
    for (k, room) in room.iter_mut().enumerate() {
        strides[k] = match broadcast_strides(inputs[k].layout(), out.shape(), room) {
            Ok(strides) => strides,
            Err(error) => return Err(shapes_error(&inputs, out, error)),
        };
        harmed[k] = is_harmed(inputs[k], strides[k], out);
    }
    check_writable(out)?;
    if out.is_empty() {
        return Ok(());
    }
    if harmed.contains(&true) {
        // SAFETY: the caller's promise.
        return unsafe { each_copied::<N, CAP>(inputs, harmed, out, kernel) };
    }
    let inputs = core::array::from_fn(|k| operand(inputs[k], strides[k]));
    // SAFETY: the caller's promise; inputs that would be harmed have been copied.
    unsafe {
        parallel::over(threads::get() as usize, out.shape(), inputs, operand(out, out.strides()), kernel)
    }
}

/// [`each_in`] on copies of the inputs that would be harmed: of all of them at once, or, where the output is an input
/// that is shifted, of as much as a block at a time.
///
/// # Safety
/// As [`each`].
#[cold]
unsafe fn each_copied<const N: usize, const CAP: usize>(
    inputs: [ViewRef<'_>; N],
    harmed: [bool; N],
    out: ViewRef<'_>,
    kernel: &impl Kernel<N>,
) -> Result<()> {
    // SAFETY: the caller's promise.
    unsafe {
        match travel(&inputs, harmed, out) {
            Some(travel) => each_block::<N, CAP>(inputs, harmed, out, travel, kernel),
            None => match mirrored::axes(&inputs, harmed, out) {
                Some(axes) => mirrored::each_pair::<N, CAP>(inputs, harmed, out, axes, kernel),
                None => each_copy::<N, CAP>(inputs, harmed, out, kernel),
            },
        }
    }
}

/// # Safety
/// As [`each`].
unsafe fn each_copy<const N: usize, const CAP: usize>(
    inputs: [ViewRef<'_>; N],
    harmed: [bool; N],
    out: ViewRef<'_>,
    kernel: &impl Kernel<N>,
) -> Result<()> {
    let room = room_for(&inputs, harmed, out)?;
    let copies = room.each_ref().map(|room| room.as_ref().map(Array::view));
    // SAFETY: the caller's promise; copies overlap nothing, so this does not come back.
    unsafe {
        copy_harmed(&inputs, &copies)?;
        each_in::<N, CAP>(replaced(inputs, &copies), out, kernel)
    }
}

/// Room for copies of the inputs that would be harmed, in the order of the output where they have its shape: a copy changes
/// the order at less cost than the operation does. What is done block by block takes the room for its largest one before
/// anything is written: then there is nothing left that can fail.
fn room_for<const N: usize>(
    inputs: &[ViewRef<'_>; N],
    harmed: [bool; N],
    out: ViewRef<'_>,
) -> Result<[Option<Array>; N]> {
    let mut room = [const { None }; N];
    for (k, room) in room.iter_mut().enumerate().filter(|(k, _)| harmed[*k]) {
        let input = inputs[k];
        let order = if input.shape() == out.shape() { out } else { input };
        *room = Some(Array::like(order, input.dtype(), input.itemsize(), Order::K)?);
    }
    Ok(room)
}

/// Copies inputs to where their copies are to be.
///
/// # Safety
/// As [`each`]; the copies have the shapes of their inputs, and memory that nothing else describes.
unsafe fn copy_harmed<const N: usize>(
    inputs: &[ViewRef<'_>; N],
    copies: &[Option<ViewRef<'_>>; N],
) -> Result<()> {
    for (&input, copy) in inputs.iter().zip(copies) {
        if let Some(copy) = copy {
            // SAFETY: the caller's promise.
            unsafe { engine::copy(input, *copy, Casting::No)? };
        }
    }
    Ok(())
}

/// The inputs, or their copies where there are any.
fn replaced<'a, const N: usize>(
    inputs: [ViewRef<'a>; N],
    copies: &[Option<ViewRef<'a>>; N],
) -> [ViewRef<'a>; N] {
    core::array::from_fn(|k| copies[k].unwrap_or(inputs[k]))
}

/// The axis along which blocks are visited one after the other, and whether from its end to its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Travel {
    axis: usize,
    backwards: bool,
}

/// The order of blocks in which no element is overwritten before it has been read. There is one when every harmed input
/// is the output but shifted, as in `a[1:] = a[:-1] + b`, all to the same side, and the elements with one index on some
/// axis lie before all with the next: then blocks along that axis are visited towards the inputs.
fn travel<const N: usize>(inputs: &[ViewRef<'_>; N], harmed: [bool; N], out: ViewRef<'_>) -> Option<Travel> {
    let axes = || out.shape().iter().zip(out.strides()).enumerate().filter(|(_, (n, _))| **n > 1);
    let (axis, (_, &stride)) = axes().max_by_key(|(_, (_, stride))| stride.unsigned_abs())?;
    let others = axes().filter(|(other, _)| *other != axis);
    // Within the checked extent of the output.
    let slab = others.fold(out.itemsize(), |bytes, (_, (n, s))| bytes + (n - 1) * s.abs());
    if slab > stride.abs() {
        return None;
    }
    let mut ahead = None;
    for (&input, _) in inputs.iter().zip(harmed).filter(|(_, harmed)| *harmed) {
        let shifted = input.shape() == out.shape()
            && input.itemsize() == out.itemsize()
            && axes().all(|(axis, (_, &stride))| input.strides()[axis] == stride);
        let is_ahead = distance(out, input) > 0;
        if !shifted || ahead.is_some_and(|ahead| ahead != is_ahead) {
            return None;
        }
        ahead = Some(is_ahead);
    }
    Some(Travel { axis, backwards: ahead? != (stride > 0) })
}

/// Bytes of the output per block: copies of as much stay in the nearest caches.
const BLOCK: i64 = 64 << 10;

/// # Safety
/// As [`each`], in an order of blocks that is right.
unsafe fn each_block<const N: usize, const CAP: usize>(
    inputs: [ViewRef<'_>; N],
    harmed: [bool; N],
    out: ViewRef<'_>,
    travel: Travel,
    kernel: &impl Kernel<N>,
) -> Result<()> {
    let extent = out.shape()[travel.axis];
    let length = (BLOCK / (out.size() / extent * out.itemsize())).clamp(1, extent);
    let back = out.ndim() - travel.axis;
    let mut rooms = [[[0; CAP]; N]; 2];
    let mut room_out = [0; CAP];
    let [largest, _] = &mut rooms;
    let parts = parts_of(inputs, back, extent, (0, length), largest)?;
    let kept = room_for(&parts, harmed, part_of(out, back, extent, 0, length, &mut room_out)?)?;
    let blocks = (extent - 1) / length + 1;
    for block in 0..blocks {
        let block = if travel.backwards { blocks - 1 - block } else { block };
        let from = block * length;
        let n = length.min(extent - from);
        let [room, room_copies] = &mut rooms;
        let parts = parts_of(inputs, back, extent, (from, n), room)?;
        let mut copies = [None; N];
        for ((copy, kept), room) in copies.iter_mut().zip(&kept).zip(room_copies) {
            if let Some(kept) = kept {
                *copy = Some(part_of(kept.view(), back, length, 0, n, room)?);
            }
        }
        let part = part_of(out, back, extent, from, n, &mut room_out)?;
        // SAFETY: the caller's promise; what is copied is not yet overwritten, and copies overlap nothing.
        unsafe {
            copy_harmed(&parts, &copies)?;
            each_in::<N, CAP>(replaced(parts, &copies), part, kernel)?;
        }
    }
    Ok(())
}

/// [`part_of`] each of these views: `n` elements from the `from`-th on.
fn parts_of<'a, const N: usize, const CAP: usize>(
    mut views: [ViewRef<'a>; N],
    back: usize,
    extent: i64,
    (from, n): (i64, i64),
    rooms: &'a mut [[i64; CAP]; N],
) -> Result<[ViewRef<'a>; N]> {
    for (view, room) in views.iter_mut().zip(rooms) {
        *view = part_of(*view, back, extent, from, n, room)?;
    }
    Ok(views)
}

/// Elements `from .. from + n` of the axis that is the `back`th from the end and of this extent in the output; all of a
/// view that is broadcast along it.
fn part_of<'a>(
    v: ViewRef<'a>,
    back: usize,
    extent: i64,
    from: i64,
    n: i64,
    room: &'a mut [i64],
) -> Result<ViewRef<'a>> {
    let Some(axis) = v.ndim().checked_sub(back).filter(|&axis| v.shape()[axis] == extent) else {
        return Ok(v);
    };
    let room = &mut room[..v.ndim()];
    room.copy_from_slice(v.shape());
    room[axis] = n;
    let layout = Layout::new(v.itemsize(), room, v.strides())?;
    let data = v.data().wrapping_offset((from * v.strides()[axis]) as isize);
    ViewRef::new(data, v.dtype(), v.is_readonly(), layout)
}

/// What is wrong with shapes of which one does not stretch to that of the output: they do not go together, or not with
/// the output.
#[cold]
#[inline(never)]
fn shapes_error(inputs: &[ViewRef<'_>], out: ViewRef<'_>, error: Error) -> Error {
    let mut shape = Broadcast::new();
    let joined = inputs.iter().try_for_each(|input| shape.add(input.shape()));
    joined.and_then(|()| check_output(shape.shape(), out.shape())).err().unwrap_or(error)
}
