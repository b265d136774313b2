//! Items that are evenly a few apart, packed: for kernels that take many such blocks, so that how they are moved is found out once.

use super::arch;
use super::plan::Axis;
use super::tile::StepsFn;
use crate::Level;

/// How such items are moved.
#[derive(Clone, Copy)]
pub(crate) struct Every {
    kernel: StepsFn,
    item: usize,
}

impl Every {
    /// For items of this size, which begin so many bytes apart; none where the machine has no fast way for them.
    #[inline]
    pub(crate) fn new(item: usize, step: isize) -> Option<Every> {
        let word = item as isize;
        if word == 0 || step % word != 0 {
            return None;
        }
        let kernel = arch::every(Level::current(), step / word, item)?;
        Some(Every { kernel, item })
    }

    /// Packs `rows` rows of `n` items, at least one, which begin `stride` bytes apart, one after the other.
    ///
    /// # Safety
    /// They can be read, and what lies between the items of a row, and written, and do not overlap. The level has not changed.
    #[inline]
    pub(crate) unsafe fn pack(&self, (rows, n): (usize, usize), stride: isize, src: *const u8, dst: *mut u8) {
        let rows = Axis { n: rows, s: stride, d: (n * self.item) as isize };
        // SAFETY: the caller's promise; the CPU has the instructions of the level.
        unsafe { (self.kernel)((rows, n), src, dst) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copy::tests::guard::{Area, Flush};
    use crate::test_support::{Random, at_every_level};

    /// Packs rows of so many items at one end of an area, and looks at what has come of it.
    fn packs(random: &mut Random, every: Every, step: isize, size: (usize, usize), flush: Flush) {
        let (rows, n) = size;
        let item = every.item;
        let row = ((n - 1) * step.unsigned_abs() + 1) * item;
        let stride = row + random.below(3) * item;
        let bytes = (rows - 1) * stride + row;
        let mut area = Area::new(bytes);
        let at = area.place(bytes, flush, 0);
        let source = &mut area.bytes_mut()[at..at + bytes];
        for byte in source.iter_mut() {
            *byte = random.next() as u8;
        }
        let first = if step < 0 { row - item } else { 0 };
        let mut out = Area::new(rows * n * item);
        let to = out.place(rows * n * item, flush, 0);
        let (src, dst) = (source.as_ptr(), out.bytes_mut()[to..].as_mut_ptr());
        // SAFETY: items of the source, and as many places.
        unsafe { every.pack(size, stride as isize, src.add(first), dst) };
        for i in 0..rows {
            for j in 0..n {
                let from = (i * stride + first).wrapping_add_signed(j as isize * step * item as isize);
                let place = to + (i * n + j) * item;
                let got = &out.bytes_mut()[place..place + item];
                assert_eq!(
                    *got,
                    source[from..from + item],
                    "{item} bytes, {step} apart, ({i}, {j}) of {size:?}"
                );
            }
        }
    }

    #[test]
    fn items_are_packed_and_nothing_beside_them_is_touched() {
        let mut random = Random::new(5);
        at_every_level(|| {
            for item in [2, 4, 8] {
                for step in [-4, -3, -2, 2, 3, 4] {
                    let Some(every) = Every::new(item, step * item as isize) else { continue };
                    for n in 1..=70 {
                        for flush in [Flush::Start, Flush::End] {
                            packs(&mut random, every, step, (1 + n % 3, n), flush);
                        }
                    }
                }
            }
        });
    }
}
