//! The outer loops of a plan: all positions, as pairs of addresses.

use super::plan::Axis;

/// Calls `visit` with the addresses at every position of `axes`, outermost first, starting from `src` and `dst`.
///
/// Addresses are computed without wrapping checks of the language: those that are visited belong to the views.
#[inline]
pub(super) fn walk<const CAP: usize>(
    axes: &[Axis],
    mut src: *const u8,
    mut dst: *mut u8,
    mut visit: impl FnMut(*const u8, *mut u8),
) {
    let Some((&last, outer)) = axes.split_last() else {
        return visit(src, dst);
    };
    let mut position = [0usize; CAP];
    loop {
        let (mut s, mut d) = (src, dst);
        for _ in 0..last.n {
            visit(s, d);
            s = s.wrapping_offset(last.s);
            d = d.wrapping_offset(last.d);
        }
        let mut axis = outer.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            let Axis { n, s, d } = outer[axis];
            position[axis] += 1;
            if position[axis] < n {
                src = src.wrapping_offset(s);
                dst = dst.wrapping_offset(d);
                break;
            }
            position[axis] = 0;
            let back = (n - 1) as isize;
            src = src.wrapping_offset(s.wrapping_mul(back).wrapping_neg());
            dst = dst.wrapping_offset(d.wrapping_mul(back).wrapping_neg());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_once_in_order() {
        let axes = [Axis { n: 2, s: 100, d: 6 }, Axis { n: 3, s: -10, d: 2 }, Axis { n: 2, s: 0, d: 1 }];
        let mut seen = Vec::new();
        let (src, dst) = (1000 as *const u8, 1000 as *mut u8);
        walk::<3>(&axes, src, dst, |s, d| seen.push((s as isize - 1000, d as isize - 1000)));
        let mut expected = Vec::new();
        for i in 0..2 {
            for j in 0..3 {
                for k in 0..2 {
                    expected.push((100 * i - 10 * j, 6 * i + 2 * j + k));
                }
            }
        }
        assert_eq!(seen, expected);
    }
}
