//! Batches of small blocks, below and beyond what a stage holds, at the ends of the memory that may be touched.

use super::*;

/// Strides of packed axes in this order, slowest first.
fn packed(shape: &[i64], order: &[usize], item: i64) -> Vec<i64> {
    let mut strides = vec![0; shape.len()];
    let mut step = item;
    for &axis in order.iter().rev() {
        strides[axis] = step;
        step *= shape[axis];
    }
    strides
}

#[test]
fn matrices() {
    let mut bench = Bench::new(1 << 20);
    for item in [1i64, 2, 4, 8, 16, 3] {
        for (rows, columns) in [(2, 2), (3, 3), (4, 4), (3, 5), (7, 2), (8, 8), (16, 16), (5, 11), (12, 32)] {
            // The last are more than a stage holds, twice.
            for times in [2, 2 + (30 << 10) / (rows * columns * item)] {
                let shape = [times, rows, columns];
                let case = Case {
                    item: item as usize,
                    shape: shape.to_vec(),
                    src: packed(&shape, &[0, 2, 1], item),
                    dst: packed(&shape, &[0, 1, 2], item),
                };
                bench.check(&case, 0, 0);
                bench.check(&case, 1, 8);
                // Blocks that lie apart, or in reverse, in the source.
                let far = rows * columns * item + 5;
                for by in [far, -far] {
                    let mut src = case.src.clone();
                    src[0] = by;
                    bench.check(&Case { src, ..case.clone() }, 0, 3);
                }
            }
        }
    }
}

#[test]
fn any_order_and_direction() {
    let mut bench = Bench::new(1 << 20);
    let shape = [90, 2, 3, 2];
    for item in [1i64, 2, 4, 8, 16] {
        for order in [[0, 3, 2, 1], [0, 2, 3, 1], [0, 1, 3, 2], [0, 3, 1, 2]] {
            for reversed in 0..4 {
                let mut src = packed(&shape, &order, item);
                src[reversed] = -src[reversed];
                let dst = packed(&shape, &[0, 1, 2, 3], item);
                bench.check(&Case { item: item as usize, shape: shape.to_vec(), src, dst }, 0, 0);
            }
        }
        // One item several times: what is between the items of the source is not the view's.
        let src = vec![12 * item, 0, 2 * item, item];
        let dst = packed(&shape, &[0, 1, 2, 3], item);
        bench.check(&Case { item: item as usize, shape: shape.to_vec(), src, dst }, 0, 0);
    }
}
