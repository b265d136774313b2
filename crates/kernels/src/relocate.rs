//! Moves a small block of elements from one set of strides to another: how tiles get into and out of L1 scratch.
//!
//! The two innermost loops are a tile of the copy engine, which knows how to move those; loops outside are only walked.

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
        [outer, inner] => [outer.axis(), inner.axis()],
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Random, at_every_level};

    #[test]
    fn moves_agree_with_one_element_at_a_time() {
        let mut random = Random::new(3);
        let src: Vec<u8> = (0..100_000).map(|_| random.next() as u8).collect();
        at_every_level(|| {
            for case in 0..400 {
                let item = [1usize, 2, 4, 8, 16][case % 5];
                let n = [1 + random.below(20), 1 + random.below(20), 1 + random.below(3)];
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
                    let middle = src.as_ptr().add(50_001);
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
