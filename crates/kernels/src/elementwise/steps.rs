//! The loops of a tile as moves between an operand and packed scratch.

use core::mem::MaybeUninit;

use libstrided_layout::MAX_NDIM;
use libstrided_layout::nest::Loop;

use crate::relocate::Step;

/// Whether the source of these steps is contiguous and in order.
pub(crate) fn is_run(steps: &[Step], item: usize) -> bool {
    match steps {
        [] => true,
        [one] => one.src == item as isize,
        _ => false,
    }
}

/// Room for the steps of a tile.
pub(crate) type Steps = MaybeUninit<[Step; MAX_NDIM]>;

/// The loops of a tile as moves from operand `k` to packed scratch; loops that the operand walks as one are merged.
pub(crate) fn steps_of<'a, const N: usize>(
    loops: &[Loop<N>],
    k: usize,
    item: usize,
    room: &'a mut Steps,
) -> &'a mut [Step] {
    let end = room.as_mut_ptr().cast::<Step>().wrapping_add(MAX_NDIM);
    let mut first = end;
    let mut packed = item as isize;
    for l in loops.iter().rev() {
        let n = l.extent as usize;
        let stride = l.strides[k] as isize;
        if n > 1 {
            // SAFETY: there are at most `MAX_NDIM` loops, so `first` stays within the room; it has been written unless
            // it is the end.
            unsafe {
                if first != end && (*first).src * (*first).n as isize == stride {
                    (*first).n *= n;
                } else {
                    first = first.sub(1);
                    first.write(Step { n, src: stride, dst: packed });
                }
            }
        }
        packed *= n as isize;
    }
    // SAFETY: everything from `first` to the end of the room has been written.
    unsafe {
        let len = end.offset_from(first) as usize;
        core::slice::from_raw_parts_mut(first, len)
    }
}
