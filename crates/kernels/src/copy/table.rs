//! Tables of offsets: the positions of several axes in one list.

use core::mem::MaybeUninit;

/// Writes the offsets of all positions of `axes` (extent and stride, fastest first) and returns them; `None` when there is
/// no room.
#[inline]
pub(super) fn table(
    room: &mut [MaybeUninit<isize>],
    axes: impl Iterator<Item = (usize, isize)>,
) -> Option<&[isize]> {
    room.first_mut()?.write(0);
    let mut len = 1usize;
    for (n, stride) in axes {
        let all = len.checked_mul(n).filter(|&all| all <= room.len())?;
        for i in len..all {
            // SAFETY: `i - len` is below `i`, and all entries below `i` have been written.
            let before = unsafe { room[i - len].assume_init() };
            room[i].write(before.wrapping_add(stride));
        }
        len = all;
    }
    // SAFETY: the first `len` entries have been written.
    Some(unsafe { room[..len].assume_init_ref() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_two_axes() {
        let mut room = [MaybeUninit::uninit(); 6];
        let got = table(&mut room, [(2, 5), (3, -100)].into_iter());
        assert_eq!(got, Some(&[0, 5, -100, -95, -200, -195][..]));
        assert_eq!(table(&mut room, [(2, 5), (4, 1)].into_iter()), None);
        assert_eq!(table(&mut room, [].into_iter()), Some(&[0][..]));
    }
}
