//! Copies within one block, against a copy by way of a temporary.

use super::*;
use crate::copy::copy_overlapping;

const BLOCK: usize = 1 << 16;

/// Runs the case at offsets of its two sides in one block; returns whether it could be done in place.
fn check(case: &Case, s0: usize, d0: usize) -> bool {
    let mut rng = Rng::new(7);
    let before: Vec<u8> = (0..BLOCK).map(|_| rng.below(256) as u8).collect();
    let (mut got, mut want) = (before.clone(), before.clone());
    naive(case, &before, s0, &mut want, d0);
    let data = got.as_mut_ptr();
    let operand = |at: usize, strides| Operand {
        // SAFETY: inside the block.
        data: unsafe { data.add(at) },
        dtype: DType::Opaque,
        itemsize: case.item as i64,
        strides,
    };
    // SAFETY: both views lie inside the block.
    let done =
        unsafe { copy_overlapping(&case.shape, operand(s0, &case.src), operand(d0, &case.dst)) }.unwrap();
    assert!(got == if done { want } else { before }, "{case:?} from {s0} to {d0}");
    done
}

#[test]
fn shifts_of_all_distances() {
    let _guard = crate::test_support::hold_level();
    for item in [1usize, 3, 8, 16] {
        for (rows, gap) in [(1i64, 1i64), (1, 2), (-1, 1), (-1, 3), (1, -1)] {
            let inner = gap * item as i64;
            let outer = rows * (13 * inner.abs() + 5);
            let case = Case { item, shape: vec![7, 13], src: vec![outer, inner], dst: vec![outer, inner] };
            for by in (-800..800).step_by(if item == 1 { 1 } else { 7 }) {
                assert!(check(&case, 30_000, (30_000 + by) as usize));
            }
        }
    }
}

#[test]
fn squares_trade_places_with_their_transposes() {
    let _guard = crate::test_support::hold_level();
    for level in crate::Level::available() {
        crate::Level::set(level);
        for item in [1usize, 2, 4, 8, 16, 12] {
            for n in [1i64, 2, 3, 15, 16, 17, 33, 40] {
                let (p, q) = (n * item as i64 + 3, item as i64);
                let case =
                    Case { item, shape: vec![2, n, n], src: vec![n * p, q, p], dst: vec![n * p, p, q] };
                assert!(check(&case, 100, 100));
                let negative = Case { item, shape: vec![n, n], src: vec![-q, p], dst: vec![p, -q] };
                assert!(check(&negative, 1000, 1000));
            }
        }
    }
    crate::Level::set(crate::Level::Avx512);
}

#[test]
fn what_needs_a_temporary_is_left_alone() {
    let case = Case { item: 8, shape: vec![10], src: vec![8], dst: vec![-8] };
    assert!(!check(&case, 80, 152));
    let case = Case { item: 8, shape: vec![4, 5], src: vec![8, 40], dst: vec![40, 8] };
    assert!(!check(&case, 80, 80));
}
