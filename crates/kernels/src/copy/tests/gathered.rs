//! Short axes in random order, whose lines are gathered, in boxes of whole axes or equal parts of them.

use super::*;

#[test]
fn short_axes_in_any_order() {
    let _pretend = crate::cpu::pretend(crate::cpu::Make::Intel);
    let mut bench = Bench::new(1 << 20);
    let mut rng = Rng::new(9);
    for item in [4, 8, 12, 16, 20, 24, 1, 2] {
        for (n, ndim) in [(2, 10), (2, 13), (3, 7), (3, 8), (4, 6), (5, 5), (6, 4), (10, 4), (12, 3), (23, 3)]
        {
            for round in 0..3 {
                // Other extents now and then, and axes that run backwards.
                let shape: Vec<i64> =
                    (0..ndim).map(|_| n - i64::from(round == 2 && rng.below(4) == 0)).collect();
                let mut strides = || {
                    let mut order: Vec<usize> = (0..ndim).collect();
                    for i in (1..ndim).rev() {
                        order.swap(i, rng.below(i + 1));
                    }
                    let (mut strides, mut bytes) = (vec![0; ndim], item as i64);
                    for axis in order {
                        strides[axis] = if rng.below(5) == 0 { -bytes } else { bytes };
                        bytes *= shape[axis].max(1);
                    }
                    strides
                };
                let (src, dst) = (strides(), strides());
                let case = Case { item, shape: shape.clone(), src, dst };
                bench.check(&case, 0, [0, 4, 8][round]);
            }
        }
    }
}
