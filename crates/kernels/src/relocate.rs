//! Moves a small block of elements from one set of strides to another: how tiles get into and out of L1 scratch.
//!
//! The two innermost loops are a tile of the copy engine, which knows how to move those; loops outside are only walked.
//! One case is handled here: elements that are each repeated a few times, as a column is beside rows of 2 to 16.

use crate::arch::{step, vectorize};
use crate::array;
use crate::copy::{Axis, pack2d};

/// One loop of a move: how often, and the bytes per step on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) n: usize,
    pub(crate) src: isize,
    pub(crate) dst: isize,
}

impl Step {
    fn axis(self) -> Axis {
        Axis { n: self.n, s: self.src, d: self.dst }
    }
}

/// Moves the elements that these loops visit, outermost loop first.
///
/// # Safety
/// All elements must be valid for reading at the source and for writing at the destination, and the two must not
/// overlap. `itemsize` is one of 1, 2, 4, 8 and 16.
pub(crate) unsafe fn relocate(steps: &[Step], itemsize: usize, src: *const u8, dst: *mut u8) {
    let axes = match *steps {
        [] => [Axis::ONE; 2],
        [inner] => [Axis::ONE, inner.axis()],
        [outer, inner] => {
            let item = itemsize as isize;
            let short = (2..=16).contains(&inner.n) && outer.dst == inner.n as isize * item;
            if short && inner.src == 0 && inner.dst == item && outer.src == item {
                // SAFETY: as the caller vouches, for items of this size.
                return unsafe { repeat(itemsize, inner.n, outer.n, src, dst) };
            }
            [outer.axis(), inner.axis()]
        }
        [outer, ref inner @ ..] => {
            for i in 0..outer.n as isize {
                // SAFETY: step `i` of the outer loop is part of what the caller vouches for.
                unsafe { relocate(inner, itemsize, src.offset(i * outer.src), dst.offset(i * outer.dst)) }
            }
            return;
        }
    };
    // SAFETY: as the caller vouches.
    unsafe { pack2d(axes, itemsize, src, dst) }
}

/// Writes each of `n` packed items `times` times.
///
/// # Safety
/// `n` items can be read and `times * n` be written; they do not overlap.
unsafe fn repeat(item: usize, times: usize, n: usize, src: *const u8, dst: *mut u8) {
    // SAFETY: as the caller vouches.
    unsafe {
        match item {
            1 => repeat_items::<u8>(times, n, src, dst),
            2 => repeat_items::<u16>(times, n, src, dst),
            4 => repeat_items::<u32>(times, n, src, dst),
            8 => repeat_items::<u64>(times, n, src, dst),
            _ => repeat_items::<[u64; 2]>(times, n, src, dst),
        }
    }
}

/// See [`repeat`].
unsafe fn repeat_items<T: Copy>(times: usize, n: usize, src: *const u8, dst: *mut u8) {
    let (src, dst) = (src as *const T, dst as *mut T);
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches; the chunk is 8 items.
            unsafe {
                match times {
                    2 => repeat_by::<T, 16>(2, n, src, dst),
                    3 => repeat_by::<T, 24>(3, n, src, dst),
                    4 => repeat_by::<T, 32>(4, n, src, dst),
                    _ => repeat_rest(times, 0, n, src, dst),
                }
            }
        },
    );
}

/// Eight items at a time, which make `C`.
#[inline(always)]
unsafe fn repeat_by<T: Copy, const C: usize>(times: usize, n: usize, src: *const T, dst: *mut T) {
    let mut i = 0;
    while n - i >= 8 {
        step();
        // SAFETY: items `i .. i + 8`, and where they go.
        unsafe {
            let x = (src.add(i) as *const [T; 8]).read_unaligned();
            let repeated: [T; C] = array::each(
                #[inline(always)]
                |k| x[k / (C / 8)],
            );
            (dst.add(i * (C / 8)) as *mut [T; C]).write_unaligned(repeated);
        }
        i += 8;
    }
    // SAFETY: the items that are left.
    unsafe { repeat_rest(times, i, n, src, dst) }
}

/// Item by item, from `from` on.
#[inline(always)]
unsafe fn repeat_rest<T: Copy>(times: usize, from: usize, n: usize, src: *const T, dst: *mut T) {
    for i in from..n {
        // SAFETY: item `i`, and where it goes.
        unsafe {
            let x = src.add(i).read_unaligned();
            for k in 0..times {
                dst.add(i * times + k).write_unaligned(x);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Random, at_every_level};

    #[test]
    fn moves_agree_with_one_element_at_a_time() {
        let mut random = Random::new(3);
        let src: Vec<u8> = (0..500_000).map(|_| random.next() as u8).collect();
        at_every_level(|| {
            for case in 0..400 {
                let item = [1usize, 2, 4, 8, 16][case % 5];
                let n = [1 + random.below(20), 1 + random.below(20), 1 + random.below(5)];
                // The destination packed in one of the orders of the axes; the source with gaps, repeats, reversed.
                let order = [[0, 1, 2], [1, 0, 2], [2, 1, 0], [2, 0, 1]][random.below(4)];
                let mut steps = [Step { n: 1, src: 0, dst: 0 }; 3];
                let mut packed = item;
                for axis in order {
                    let stride = [0, item, item + 1, packed, 3 * packed + item][random.below(5)] as isize;
                    let sign = if random.below(3) == 0 { -1 } else { 1 };
                    steps[axis] = Step { n: n[axis], src: stride * sign, dst: packed as isize };
                    packed *= n[axis];
                }
                let (mut got, mut want) = (vec![1u8; packed + 2], vec![1u8; packed + 2]);
                // SAFETY: the middle of the source is far enough from both ends for all strides drawn.
                unsafe {
                    let middle = src.as_ptr().add(250_001);
                    relocate(&steps, item, middle, got.as_mut_ptr().add(1));
                    for i in 0..steps[0].n as isize {
                        for j in 0..steps[1].n as isize {
                            for k in 0..steps[2].n as isize {
                                let s = i * steps[0].src + j * steps[1].src + k * steps[2].src;
                                let d = i * steps[0].dst + j * steps[1].dst + k * steps[2].dst;
                                core::ptr::copy(middle.offset(s), want.as_mut_ptr().offset(1 + d), item);
                            }
                        }
                    }
                }
                assert_eq!(got, want, "{steps:?} item {item}");
            }
        });
    }
}
