//! The obvious copy: position by position, byte by byte.

use super::Case;

/// Copies from `source`, whose first element is at `s0`, to `target`, whose first element is at `d0`.
pub(super) fn naive(case: &Case, source: &[u8], s0: usize, target: &mut [u8], d0: usize) {
    let count: i64 = case.shape.iter().product();
    for flat in 0..count {
        let (mut rest, mut s, mut d) = (flat, s0 as i64, d0 as i64);
        for axis in (0..case.shape.len()).rev() {
            let index = rest % case.shape[axis];
            rest /= case.shape[axis];
            s += index * case.src[axis];
            d += index * case.dst[axis];
        }
        let (s, d) = (s as usize, d as usize);
        target[d..d + case.item].copy_from_slice(&source[s..s + case.item]);
    }
}
