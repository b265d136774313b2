//! Items of sizes that are no powers of two, in opposite order: strips of rows and what is left of them, in lines and in parts of them.

use super::tiles::transpose;
use super::*;

const SIZES: [usize; 30] = [
    3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 17, 18, 20, 21, 24, 27, 28, 30, 31, 33, 36, 40, 44, 48, 50, 52,
    56, 60, 63,
];

/// Rows of the source that are read together, and the columns that they become, with so many bytes after each of either.
fn turned(item: usize, rows: usize, columns: usize, gap: [usize; 2]) -> Case {
    transpose(item, columns, rows, gap)
}

#[test]
fn strips_and_what_is_left() {
    let mut bench = Bench::new(2 << 20);
    for item in SIZES {
        for rows in [1, 2, 15, 16, 17, 31, 33, 60, 63, 64, 65, 104, 127, 128, 160, 190, 211] {
            for columns in [1, 2, 3, 4, 5, 9, 20, 43] {
                bench.check(&turned(item, rows, columns, [0, 0]), 0, 0);
            }
        }
    }
}

#[test]
fn columns_anywhere() {
    let mut bench = Bench::new(2 << 20);
    for item in SIZES {
        let unit = if item % 4 == 0 { 4 } else { 1 };
        for at in (0..64).step_by(if unit == 4 { 4 } else { 7 }) {
            bench.check(&turned(item, 160, 23, [at % 5, at % 16 / unit * unit]), 0, at);
            bench.check(&turned(item, 115, 30, [at, 0]), at, 0);
        }
        // Rows and columns that begin lines, whole strips only.
        let gap = |n: usize| (n * item).next_multiple_of(64) - n * item;
        bench.check(&turned(item, 128, 37, [gap(37), gap(128)]), 0, 0);
        // Offsets that no word has.
        bench.check(&turned(item, 160, 23, [3, 1]), 1, 2);
    }
}

#[test]
fn rows_that_collide() {
    let mut bench = Bench::new(4 << 20);
    for item in SIZES {
        for columns in [37, 100, 171] {
            let gap = (columns * item).next_multiple_of(4096) - columns * item;
            bench.check(&turned(item, 60, columns, [gap, 0]), 0, 0);
            bench.check(&turned(item, 189, columns, [gap, 4]), 0, 4);
        }
    }
}

#[test]
fn several_axes_in_any_order() {
    let mut bench = Bench::new(2 << 20);
    let mut rng = Rng::new(5);
    for item in SIZES {
        for _ in 0..12 {
            let ndim = 3 + rng.below(3);
            let most = [0, 0, 0, 30, 12, 7][ndim];
            let shape: Vec<i64> = (0..ndim).map(|_| 2 + rng.below(most) as i64).collect();
            let mut order: Vec<usize> = (0..ndim).collect();
            for i in (1..ndim).rev() {
                order.swap(i, rng.below(i + 1));
            }
            let strides = |order: &[usize], gap: i64| {
                let mut strides = vec![0; ndim];
                let mut bytes = item as i64;
                for &axis in order.iter().rev() {
                    strides[axis] = bytes;
                    bytes = bytes * shape[axis] + gap;
                }
                strides
            };
            let gap = [0, 0, 4, 1][rng.below(4)];
            let plain: Vec<usize> = (0..ndim).collect();
            let (src, dst) = (strides(&order, gap), strides(&plain, 0));
            bench.check(&Case { item, shape, src, dst }, 0, rng.below(3) * 4);
        }
    }
}
