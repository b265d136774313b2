//! Moves a small block of elements from one set of strides to another: how tiles get into and out of L1 scratch.
//!
//! The block is meant to fit into L1, so nothing is planned for the memory beyond. What matters is that neither short
//! rows nor rows that run across cost more than the elements themselves:
//!
//! ```text
//!   both sides run along the row        copies of rows
//!   the source runs across              squares, transposed in registers
//!   anything else                       element by element, the longer axis inside
//! ```

use crate::arch::vectorize;

/// One loop of a move: how often, and the bytes per step on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) n: usize,
    pub(crate) src: isize,
    pub(crate) dst: isize,
}

impl Step {
    pub(crate) const ONE: Step = Step { n: 1, src: 0, dst: 0 };
}

/// Moves the elements that these loops visit, outermost loop first.
///
/// # Safety
/// All elements must be valid for reading at the source and for writing at the destination, and the two must not
/// overlap. `itemsize` is one of 1, 2, 4, 8 and 16.
pub(crate) unsafe fn relocate(steps: &[Step], itemsize: usize, src: *const u8, dst: *mut u8) {
    match *steps {
        // SAFETY: as the caller vouches, in each arm.
        [] => unsafe { block([Step::ONE; 2], itemsize, src, dst) },
        // SAFETY: as above.
        [inner] => unsafe { block([Step::ONE, inner], itemsize, src, dst) },
        // SAFETY: as above.
        [outer, inner] => unsafe { block([outer, inner], itemsize, src, dst) },
        [outer, ref inner @ ..] => {
            for i in 0..outer.n as isize {
                // SAFETY: step `i` of the outer loop is part of what the caller vouches for.
                unsafe { relocate(inner, itemsize, src.offset(i * outer.src), dst.offset(i * outer.dst)) }
            }
        }
    }
}

/// Two loops; see [`relocate`].
unsafe fn block(mut steps: [Step; 2], itemsize: usize, src: *const u8, dst: *mut u8) {
    let item = itemsize as isize;
    // Rows of the destination where it has any, else long inner loops.
    let turn = if steps[1].dst == item || steps[0].dst == item {
        steps[0].dst == item && steps[0].n > 1 && (steps[1].dst != item || steps[1].n == 1)
    } else {
        steps[0].n > steps[1].n
    };
    if turn {
        steps.swap(0, 1);
    }
    // SAFETY: as the caller vouches; the item has this size.
    unsafe {
        match itemsize {
            1 => items::<u8, 8>(steps, src, dst),
            2 => items::<u16, 8>(steps, src, dst),
            4 => items::<u32, 8>(steps, src, dst),
            8 => items::<u64, 4>(steps, src, dst),
            _ => items::<[u64; 2], 2>(steps, src, dst),
        }
    }
}

/// Two loops over items of type `T`, the inner one along the rows of the destination if it has any.
unsafe fn items<T: Copy, const SQUARE: usize>(steps: [Step; 2], src: *const u8, dst: *mut u8) {
    let item = size_of::<T>() as isize;
    let [outer, inner] = steps;
    if inner.dst == item && inner.src == item && inner.n as isize * item >= 64 {
        for i in 0..outer.n as isize {
            // SAFETY: a row of both sides.
            unsafe {
                core::ptr::copy_nonoverlapping(
                    src.offset(i * outer.src),
                    dst.offset(i * outer.dst),
                    inner.n * size_of::<T>(),
                );
            }
        }
        return;
    }
    vectorize(
        #[inline(always)]
        || {
            let across = inner.dst == item && outer.src == item;
            // SAFETY: as the caller vouches.
            unsafe {
                if across && outer.n >= SQUARE && inner.n >= SQUARE {
                    transposed::<T, SQUARE>(&steps, src, dst);
                } else if inner.n < 8 && outer.n > inner.n {
                    elements::<T>(&inner, &outer, src, dst);
                } else {
                    elements::<T>(&outer, &inner, src, dst);
                }
            }
        },
    );
}

/// Element by element.
#[inline(always)]
unsafe fn elements<T: Copy>(outer: &Step, inner: &Step, src: *const u8, dst: *mut u8) {
    let item = size_of::<T>() as isize;
    for i in 0..outer.n as isize {
        // SAFETY: row `i`, and element `j` of it, are part of what the caller vouches for.
        unsafe {
            let (from, to) = (src.offset(i * outer.src), dst.offset(i * outer.dst));
            if inner.src == 0 {
                let x = (from as *const T).read_unaligned();
                for j in 0..inner.n as isize {
                    (to.offset(j * inner.dst) as *mut T).write_unaligned(x);
                }
            } else if inner.dst == item {
                for j in 0..inner.n as isize {
                    let x = (from.offset(j * inner.src) as *const T).read_unaligned();
                    (to as *mut T).offset(j).write_unaligned(x);
                }
            } else {
                for j in 0..inner.n as isize {
                    let x = (from.offset(j * inner.src) as *const T).read_unaligned();
                    (to.offset(j * inner.dst) as *mut T).write_unaligned(x);
                }
            }
        }
    }
}

/// The source is contiguous along the outer loop, the destination along the inner one: squares of `B` by `B`.
#[inline(always)]
unsafe fn transposed<T: Copy, const B: usize>(steps: &[Step; 2], src: *const u8, dst: *mut u8) {
    let [outer, inner] = *steps;
    let item = size_of::<T>() as isize;
    let (rows, columns) = (outer.n - outer.n % B, inner.n - inner.n % B);
    for i in (0..rows as isize).step_by(B) {
        for j in (0..columns as isize).step_by(B) {
            // SAFETY: the square at row `i`, column `j` is part of what the caller vouches for; its columns are
            // contiguous at the source and its rows at the destination.
            unsafe {
                let from = src.offset(i * item + j * inner.src);
                let to = dst.offset(i * outer.dst + j * item);
                let square: [[T; B]; B] = core::array::from_fn(
                    #[inline(always)]
                    |k| (from.offset(k as isize * inner.src) as *const [T; B]).read_unaligned(),
                );
                let turned: [[T; B]; B] = core::array::from_fn(
                    #[inline(always)]
                    |r| {
                        core::array::from_fn(
                            #[inline(always)]
                            |k| square[k][r],
                        )
                    },
                );
                for (r, row) in turned.iter().enumerate() {
                    (to.offset(r as isize * outer.dst) as *mut [T; B]).write_unaligned(*row);
                }
            }
        }
    }
    // SAFETY: what the squares have left over: columns at the right, then rows at the bottom.
    unsafe {
        let right = Step { n: inner.n - columns, ..inner };
        let at = columns as isize;
        elements::<T>(&Step { n: rows, ..outer }, &right, src.offset(at * inner.src), dst.offset(at * item));
        let bottom = Step { n: outer.n - rows, ..outer };
        let at = rows as isize;
        elements::<T>(&bottom, &inner, src.offset(at * item), dst.offset(at * outer.dst));
    }
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
                let mut steps = [Step::ONE; 3];
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
