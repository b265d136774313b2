//! Reductions of views: every operation, its options, and what is refused.

use libstrided::engine::ReduceOptions;
use libstrided::ops::{self, reduce_new};
use libstrided::{Array, Casting, DType, Error, Item, Order, ReduceOp, View};

fn f64s(values: &[f64], shape: &[i64]) -> Array {
    Array::from_slice(values, shape).expect("array")
}

fn flat<T: Item>(array: &Array) -> Vec<T> {
    let view = array.as_view();
    let n = view.shape().iter().product::<i64>();
    let ndim = view.shape().len();
    (0..n)
        .map(|i| {
            let mut index = vec![0; ndim];
            let mut rest = i;
            for axis in (0..ndim).rev() {
                index[axis] = rest % view.shape()[axis];
                rest /= view.shape()[axis];
            }
            view.get(&index).expect("element")
        })
        .collect()
}

fn cast(array: &Array, dtype: DType) -> Array {
    let view = array.as_view();
    let mut out = Array::zeros(dtype, view.shape(), Order::C).expect("array");
    ops::copy(&view, &mut out.as_view_mut().expect("alone"), Casting::Unsafe).expect("casts");
    out
}

/// Bools, as 0 and 1.
fn bools(values: &[u8]) -> Array {
    cast(&Array::from_slice(values, &[values.len() as i64]).expect("array"), DType::Bool)
}

/// Bools as 0 and 1.
fn truths(array: &Array) -> Vec<u8> {
    flat(&cast(array, DType::U8))
}

fn reduced(op: ReduceOp, array: &Array, axes: Option<&[i32]>) -> Vec<f64> {
    flat(&reduce_new(op, &array.as_view(), axes).expect("reduces"))
}

/// A reduction with options into a new array.
fn with(
    op: ReduceOp,
    v: &Array,
    axes: &[i32],
    options: &ReduceOptions<&View<'_>>,
    dtype: DType,
    shape: &[i64],
) -> Result<Array, Error> {
    let mut out = Array::zeros(dtype, shape, Order::C)?;
    let done = ops::reduce_with(op, &v.as_view(), Some(axes), false, options, &mut out.as_view_mut()?);
    done.map(|()| out)
}

#[test]
fn means_and_variances() {
    let a = f64s(&[1.0, 2.0, 3.0, 4.0, 6.0, 11.0], &[2, 3]);
    assert_eq!(reduced(ReduceOp::Mean, &a, Some(&[1])), [2.0, 7.0]);
    assert_eq!(reduced(ReduceOp::Mean, &a, Some(&[0])), [2.5, 4.0, 7.0]);
    assert_eq!(reduced(ReduceOp::Mean, &a, None), [4.5]);
    assert_eq!(reduced(ReduceOp::Var, &a, Some(&[1])), [2.0 / 3.0, 26.0 / 3.0]);
    assert_eq!(reduced(ReduceOp::Std, &a, Some(&[0])), [1.5, 2.0, 4.0]);
    assert_eq!(reduced(ReduceOp::Norm, &f64s(&[3.0, 4.0], &[2]), None), [5.0]);
    let options = ReduceOptions { ddof: 1.0, ..Default::default() };
    let var = with(ReduceOp::Var, &a, &[1], &options, DType::F64, &[2]).expect("runs");
    assert_eq!(flat::<f64>(&var), [1.0, 13.0]);
    // As many degrees of freedom as elements: a quotient by 0, as in NumPy.
    let options = ReduceOptions { ddof: 3.0, ..Default::default() };
    let var = with(ReduceOp::Var, &a, &[1], &options, DType::F64, &[2]).expect("runs");
    assert!(flat::<f64>(&var).iter().all(|x| x.is_infinite()));
}

/// Arrays that are taken in parts: the same as one output at a time.
#[test]
fn variances_of_large_arrays() {
    for shape in [[1, 300, 700], [40, 50, 120], [3, 9000, 11]] {
        let [a, b, c] = shape;
        let values: Vec<f64> =
            (0..a * b * c).map(|i| ((i * i) % 1013) as f64 * 0.25 + (i % 7) as f64).collect();
        let array = f64s(&values, &shape);
        let integers = cast(&array, DType::I32);
        for axis in 0..3 {
            let want = |value: &dyn Fn(f64) -> f64| -> Vec<f64> {
                let strides = [b * c, c, 1];
                let kept: Vec<usize> = (0..3).filter(|&k| k != axis).collect();
                let mut all = Vec::new();
                for i in 0..shape[kept[0]] {
                    for j in 0..shape[kept[1]] {
                        let at = |k: i64| {
                            (i * strides[kept[0]] + j * strides[kept[1]] + k * strides[axis]) as usize
                        };
                        let n = shape[axis] as f64;
                        let mean = (0..shape[axis]).map(|k| value(values[at(k)])).sum::<f64>() / n;
                        all.push(
                            (0..shape[axis]).map(|k| (value(values[at(k)]) - mean).powi(2)).sum::<f64>() / n,
                        );
                    }
                }
                all
            };
            for (array, want) in [(&array, want(&|x| x)), (&integers, want(&|x| x.trunc()))] {
                let got = reduced(ReduceOp::Var, array, Some(&[axis as i32]));
                assert_eq!(got.len(), want.len());
                for (got, want) in got.iter().zip(&want) {
                    assert!(
                        (got - want).abs() <= 1e-11 * want.max(1.0),
                        "{shape:?} {axis}: {got} and not {want}"
                    );
                }
            }
        }
    }
}

/// Arrays over whose outermost axis blocks are joined: some of all outputs, some of a part of them, and a last one of each.
#[test]
fn variances_in_blocks() {
    for shape in [[700, 1201], [19, 30_011], [41_000, 7]] {
        let [rows, columns] = shape;
        let value = |i: i64, j: i64| ((i * 31 + j * j) % 101) as f64 * 0.5 + 1e3 + (i % 5) as f64;
        let values: Vec<f64> = (0..rows * columns).map(|k| value(k / columns, k % columns)).collect();
        let array = f64s(&values, &shape);
        for (array, room) in [(array.clone(), 1e-10), (cast(&array, DType::F32), 1e-3)] {
            let options = ReduceOptions { ddof: 1.0, ..Default::default() };
            let got = flat::<f64>(
                &with(ReduceOp::Var, &array, &[0], &options, DType::F64, &[columns]).expect("runs"),
            );
            for (j, got) in got.iter().enumerate() {
                let column = || (0..rows).map(|i| value(i, j as i64));
                let mean = column().sum::<f64>() / rows as f64;
                let want = column().map(|x| (x - mean).powi(2)).sum::<f64>() / (rows - 1) as f64;
                assert!((got - want).abs() <= room * want.max(1.0), "{shape:?} {j}: {got} and not {want}");
            }
        }
        let all = reduced(ReduceOp::Std, &array, None);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let want = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64;
        assert!((all[0] - want.sqrt()).abs() <= 1e-10 * want, "{all:?} and not {want}");
    }
    // A column that is one value throughout varies by nothing, one with a NaN by NaN.
    let mut values = vec![3.25f64; 400_000 * 2];
    values[399_999 * 2] = f64::NAN;
    let got = reduced(ReduceOp::Var, &f64s(&values, &[400_000, 2]), Some(&[0]));
    assert!(got[0].is_nan() && got[1] == 0.0, "{got:?}");
}

#[test]
fn integers_are_averaged_as_f64() {
    let a = Array::from_slice(&[250u8, 251, 255, 0], &[4]).expect("array");
    assert_eq!(reduced(ReduceOp::Mean, &a, None), [189.0]);
    assert_eq!(reduced(ReduceOp::Var, &a, None), [11910.5]);
    let a = Array::from_slice(&[i64::MAX, i64::MAX], &[2]).expect("array");
    assert_eq!(reduced(ReduceOp::Mean, &a, None), [i64::MAX as f64]);
    let a = bools(&[1, 1, 0, 1]);
    assert_eq!(reduced(ReduceOp::Mean, &a, None), [0.75]);
}

#[test]
fn truths_counts_and_positions() {
    let a = f64s(&[0.0, f64::NAN, 0.0, -0.0, 0.0, 0.0], &[2, 3]);
    let new = |op, axes: Option<&[i32]>| reduce_new(op, &a.as_view(), axes).expect("reduces");
    assert_eq!(truths(&new(ReduceOp::Any, Some(&[1]))), [1, 0]);
    assert_eq!(truths(&new(ReduceOp::All, Some(&[0]))), [0; 3]);
    assert_eq!(flat::<i64>(&new(ReduceOp::CountNonzero, None)), [1]);
    assert_eq!(flat::<i64>(&new(ReduceOp::Argmax, None)), [1]);
    assert_eq!(flat::<i64>(&new(ReduceOp::Argmin, Some(&[1]))), [1, 0]);
    assert_eq!(flat::<i64>(&new(ReduceOp::Argmin, Some(&[0]))), [0, 0, 0]);
    let some = reduce_new(ReduceOp::Argmin, &f64s(&[0.0; 8], &[2, 2, 2]).as_view(), Some(&[0, 1]));
    assert!(matches!(some, Err(Error::InvalidArgument { .. })));
}

#[test]
fn masks_and_initial_values() {
    let a = f64s(&[1.0, 2.0, 30.0, 4.0, 6.0, 50.0], &[2, 3]);
    let mask = bools(&[1, 1, 0]);
    let mask = mask.as_view();
    let masked = ReduceOptions { mask: Some(&mask), ..Default::default() };
    let run = |op, options: &ReduceOptions<&View<'_>>| with(op, &a, &[1], options, DType::F64, &[2]);
    assert_eq!(flat::<f64>(&run(ReduceOp::Sum, &masked).expect("runs")), [3.0, 10.0]);
    assert_eq!(flat::<f64>(&run(ReduceOp::Mean, &masked).expect("runs")), [1.5, 5.0]);
    assert_eq!(flat::<f64>(&run(ReduceOp::Var, &masked).expect("runs")), [0.25, 1.0]);
    assert_eq!(flat::<f64>(&run(ReduceOp::Std, &masked).expect("runs")), [0.5, 1.0]);
    assert!(matches!(run(ReduceOp::Max, &masked), Err(Error::EmptyReduction)));
    let five = f64s(&[5.0], &[]);
    let five = five.as_view();
    let initial = ReduceOptions { initial: Some(&five), ..Default::default() };
    let both = ReduceOptions { initial: Some(&five), ..masked };
    assert_eq!(flat::<f64>(&run(ReduceOp::Max, &both).expect("runs")), [5.0, 6.0]);
    assert_eq!(flat::<f64>(&run(ReduceOp::Sum, &initial).expect("runs")), [38.0, 65.0]);
    assert_eq!(flat::<f64>(&run(ReduceOp::Prod, &both).expect("runs")), [10.0, 120.0]);
    assert!(matches!(run(ReduceOp::Mean, &initial), Err(Error::InvalidArgument { .. })));
    let ddof = ReduceOptions { ddof: 1.0, ..Default::default() };
    assert!(matches!(run(ReduceOp::Mean, &ddof), Err(Error::InvalidArgument { .. })));
    let ints = Array::from_slice(&[1i64, 1, 0], &[3]).expect("array");
    let ints = ints.as_view();
    let wrong = ReduceOptions { mask: Some(&ints), ..Default::default() };
    assert!(matches!(run(ReduceOp::Sum, &wrong), Err(Error::Casting { .. })));
    let none = bools(&[0]);
    let none = none.as_view();
    let none = ReduceOptions { mask: Some(&none), ..Default::default() };
    assert!(flat::<f64>(&run(ReduceOp::Mean, &none).expect("runs")).iter().all(|x| x.is_nan()));
    assert_eq!(flat::<f64>(&run(ReduceOp::Sum, &none).expect("runs")), [0.0, 0.0]);
}

#[test]
fn nothing_to_reduce() {
    let a = f64s(&[], &[0, 2]);
    assert!(reduced(ReduceOp::Mean, &a, Some(&[0])).iter().all(|x| x.is_nan()));
    assert!(reduced(ReduceOp::Var, &a, Some(&[0])).iter().all(|x| x.is_nan()));
    assert_eq!(reduced(ReduceOp::Norm, &a, Some(&[0])), [0.0, 0.0]);
    for op in [ReduceOp::Min, ReduceOp::Argmax] {
        assert!(matches!(reduce_new(op, &a.as_view(), Some(&[0])), Err(Error::EmptyReduction)));
        assert!(reduce_new(op, &a.as_view(), Some(&[1])).is_ok());
    }
    let all = reduce_new(ReduceOp::All, &a.as_view(), None).expect("reduces");
    assert_eq!(truths(&all), [1]);
}

#[test]
fn inner_products() {
    let a = f64s(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3]);
    let b = f64s(&[1.0, 10.0, 100.0], &[3]);
    let mut out = Array::zeros(DType::F64, &[2], Order::C).expect("array");
    let target = &mut out.as_view_mut().expect("alone");
    ops::dot(&a.as_view(), &b.as_view(), Some(&[-1]), false, false, target).expect("runs");
    assert_eq!(flat::<f64>(&out), [321.0, 654.0]);
    let i = Array::from_slice(&[100i32, 200], &[2]).expect("array");
    let mut out = Array::zeros(DType::I32, &[], Order::C).expect("array");
    let target = &mut out.as_view_mut().expect("alone");
    ops::dot(&i.as_view(), &i.as_view(), None, false, true, target).expect("runs");
    assert_eq!(flat::<i32>(&out), [50_000]);
}
