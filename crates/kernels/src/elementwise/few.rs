//! Few elements along one or two axes: no plan. Inputs that do not run along the output are packed on the stack, all at once.
//!
//! Measured on Zen 4: 8 x 8 elements in C order plus as many in F order take two thirds of the time that they take by a plan,
//! all that happens before included.

use core::mem::MaybeUninit;

use libstrided_layout::DType;

use super::{Block, Kernel};
use crate::Operand;
use crate::copy::{Axis, pack_few};

/// Bytes of an input that are few.
const FEW: i64 = 2048;

/// Room for a packed input.
#[repr(C, align(64))]
struct Room([u8; FEW as usize]);

/// Runs the kernel, if elements are few, have the dtypes of the kernel, and those of the output lie side by side along an
/// axis; `false`, and nothing done, if not.
///
/// # Safety
/// As [`run`](super::run).
#[inline(never)]
pub(super) unsafe fn run<const N: usize>(
    shape: &[i64],
    operands: &[Operand<'_>; N],
    dtypes: &[DType; N],
    kernel: Kernel<'_, N>,
) -> bool {
    let out = &operands[N - 1];
    // The axes: rows, and along a row. A single axis is one row.
    let (outer, inner) = match (shape, out.strides) {
        ([_], [along]) if *along == out.itemsize => (None, 0),
        ([_, _], [_, along]) if *along == out.itemsize => (Some(0), 1),
        ([_, _], [along, _]) if *along == out.itemsize => (Some(1), 0),
        _ => return false,
    };
    let (rows, n) = (outer.map_or(1, |axis| shape[axis]), shape[inner]);
    if !(1..=FEW).contains(&rows) || !(2..=FEW).contains(&n) {
        return false;
    }
    let mut block = Block {
        rows: rows as usize,
        n: n as usize,
        data: [core::ptr::null_mut(); N],
        strides: [0; N],
        single: [false; N],
    };
    let mut all_single = true;
    for (k, operand) in operands.iter().enumerate() {
        if operand.dtype != dtypes[k]
            || operand.strides.len() != shape.len()
            || rows * n * operand.itemsize > FEW
        {
            return false;
        }
        block.data[k] = operand.data;
        block.strides[k] = outer.map_or(0, |axis| operand.strides[axis]) as isize;
        block.single[k] = operand.strides[inner] == 0;
        all_single &= block.single[k] || k + 1 == N;
    }
    if all_single {
        return false;
    }
    let along = operands.each_ref().map(|operand| {
        let along = operand.strides[inner];
        (along != 0 && along != operand.itemsize).then_some(along as isize)
    });
    // SAFETY: the elements of the inputs can be read, and are few.
    unsafe {
        with_packed(block, dtypes, along, |block| {
            kernel(block);
            true
        })
    }
}

/// Runs a kernel on a block whose inputs may have the elements of a row in steps of so many bytes; those are packed first.
///
/// # Safety
/// All elements of the inputs can be read, and those in steps have no more than [`FEW`] bytes.
#[inline(always)]
unsafe fn with_packed<const N: usize>(
    mut block: Block<N>,
    dtypes: &[DType; N],
    along: [Option<isize>; N],
    kernel: impl FnOnce(&Block<N>) -> bool,
) -> bool {
    let mut rooms = MaybeUninit::<[Room; N]>::uninit();
    let first = rooms.as_mut_ptr().cast::<Room>();
    for k in 0..N - 1 {
        if let Some(along) = along[k] {
            let room = first.wrapping_add(k).cast::<u8>();
            let item = dtypes[k].size() as usize;
            let row = (block.n * item) as isize;
            let axes = [
                Axis { n: block.rows, s: block.strides[k], d: row },
                Axis { n: block.n, s: along, d: item as isize },
            ];
            // SAFETY: the elements of the input can be read, and the room holds them.
            unsafe { pack_few(axes, item, block.data[k], room) };
            (block.data[k], block.strides[k]) = (room, row);
        }
    }
    kernel(&block)
}

/// Has a kernel run on a block of elements of these dtypes, whose inputs may have those of a row in steps of so many bytes, of any
/// sign: such inputs are packed first. What the kernel says.
///
/// # Safety
/// All elements of the inputs can be read, and those in steps have no more than 2 KiB.
#[inline(never)]
pub unsafe fn run_packed<const N: usize>(
    block: &Block<N>,
    dtypes: [DType; N],
    along: [Option<isize>; N],
    kernel: impl FnOnce(&Block<N>) -> bool,
) -> bool {
    // SAFETY: as the caller vouches.
    unsafe { with_packed(*block, &dtypes, along, kernel) }
}
