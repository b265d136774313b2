//! Inputs that are the output with two axes exchanged: large ones are worked on by pairs of tiles.

use libstrided::engine;
use libstrided::{BinaryOp, DType, Item, Layout, ViewRef};

fn view<'a, T: Item>(data: *mut T, dtype: DType, shape: &'a [i64], strides: &'a [i64]) -> ViewRef<'a> {
    let layout = Layout::new(size_of::<T>() as i64, shape, strides).expect("a layout");
    ViewRef::new(data.cast(), dtype, false, layout).expect("a view")
}

/// Sides that are, and are not, whole tiles; the smallest is copied whole.
const SIDES: [i64; 4] = [90, 363, 512, 601];

#[test]
fn a_matrix_and_its_transpose() {
    for n in SIDES {
        let (c, f) = ([8 * n, 8], [8, 8 * n]);
        for (out, other) in [(c, f), (f, c)] {
            let before: Vec<f64> = (0..n * n).map(|i| (i * 7 % 1013) as f64).collect();
            let mut data = before.clone();
            let shape = [n, n];
            let a = view(data.as_mut_ptr(), DType::F64, &shape, &out);
            let turned = view(data.as_mut_ptr(), DType::F64, &shape, &other);
            // SAFETY: `n * n` elements that nobody else looks at.
            unsafe { engine::binary(BinaryOp::Subtract, a, turned, a) }.expect("runs");
            let at = |i: i64, j: i64| (i * n + j) as usize;
            for i in 0..n {
                for j in 0..n {
                    assert_eq!(data[at(i, j)], before[at(i, j)] - before[at(j, i)], "{n} {i} {j}");
                }
            }
        }
    }
}

#[test]
fn both_inputs_and_another_dtype() {
    for n in SIDES {
        let before: Vec<i64> = (0..n * n).map(|i| i * 31 % 4099).collect();
        let mut data = before.clone();
        let (shape, c, f) = ([n, n], [8 * n, 8], [8, 8 * n]);
        let turned = view(data.as_mut_ptr(), DType::I64, &shape, &f);
        let out = view(data.as_mut_ptr(), DType::F64, &shape, &c);
        // SAFETY: `n * n` elements of 8 bytes that nobody else looks at.
        unsafe { engine::binary(BinaryOp::Multiply, turned, turned, out) }.expect("runs");
        for i in 0..n {
            for j in 0..n {
                let x = before[(j * n + i) as usize] as f64;
                assert_eq!(f64::from_bits(data[(i * n + j) as usize] as u64), x * x, "{n} {i} {j}");
            }
        }
    }
}

#[test]
fn three_axes_and_a_row() {
    for (n, k) in [(150, 5), (380, 3), (40, 7)] {
        let before: Vec<f32> = (0..n * n * k).map(|i| (i % 4099) as f32).collect();
        let row: Vec<f32> = (0..k).map(|i| i as f32).collect();
        let mut data = before.clone();
        let (shape, c, f) = ([n, n, k], [4 * n * k, 4 * k, 4], [4 * k, 4 * n * k, 4]);
        let turned = view(data.as_mut_ptr(), DType::F32, &shape, &f);
        let out = view(data.as_mut_ptr(), DType::F32, &shape, &c);
        let row_shape = [k];
        let row = view(row.as_ptr().cast_mut(), DType::F32, &row_shape, &[4]);
        // SAFETY: as many elements, that nobody else looks at.
        unsafe { engine::binary(BinaryOp::Add, turned, row, out) }.expect("runs");
        for i in 0..n {
            for j in 0..n {
                for l in 0..k {
                    let want = before[((j * n + i) * k + l) as usize] + l as f32;
                    assert_eq!(data[((i * n + j) * k + l) as usize], want, "{n} {k} {i} {j} {l}");
                }
            }
        }
    }
}
