//! Reductions and scans on several threads: the same bits as on one. A file of its own, because the number of threads is that
//! of the process.

use libstrided::engine::ReduceOptions;
use libstrided::{Array, Casting, DType, Order, ReduceOp, ScanOp, View, ViewMut, ops, threads};

const ROWS: i64 = 1500;
const COLUMNS: i64 = 1100;

fn values() -> Vec<f64> {
    let mut state = 7u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    (0..ROWS * COLUMNS).map(|_| next()).collect()
}

fn bits(array: &Array) -> libstrided::Result<Vec<u64>> {
    let mut flat = vec![0.0f64; array.view().size() as usize];
    ops::copy(
        &array.as_view(),
        &mut ViewMut::from_slice(&mut flat, array.view().shape(), Order::C)?,
        Casting::Unsafe,
    )?;
    Ok(flat.into_iter().map(f64::to_bits).collect())
}

/// What every reduction gives, on as many threads as are set: of rows, of columns, of all, of few and of many.
fn results(values: &[f64]) -> libstrided::Result<Vec<(String, Vec<u64>)>> {
    let n = ROWS * COLUMNS;
    let inputs = [
        View::from_slice(values, &[ROWS, COLUMNS], Order::C)?,
        View::from_slice(values, &[ROWS, COLUMNS], Order::F)?,
        View::from_slice(values, &[3, n / 3], Order::C)?,
        View::from_slice(values, &[n / 3, 3], Order::C)?,
        View::from_slice(values, &[n / 2, 2], Order::C)?.transpose(None)?,
    ];
    let mut mask = Array::new(DType::Bool, 1, &[ROWS, COLUMNS], Order::C)?;
    let zeros = View::from_slice(values, &[ROWS, COLUMNS], Order::C)?;
    let none = Array::zeros(DType::F64, &[], Order::C)?;
    ops::binary(libstrided::BinaryOp::Less, &zeros, &none.as_view(), &mut mask.as_view_mut()?)?;
    let mut all = Vec::new();
    use ReduceOp::*;
    for (which, input) in inputs.iter().enumerate() {
        for axes in [None, Some([0].as_slice()), Some([1].as_slice())] {
            for op in [Sum, Prod, Min, Max, Mean, Var, Std, Any, All, CountNonzero, Argmin, Argmax, Norm] {
                let result = ops::reduce_new(op, input, axes)?;
                all.push((format!("{op:?} of {which} over {axes:?}"), bits(&result)?));
            }
            let mut out = ops::reduce_new(Sum, input, axes)?;
            ops::dot(input, input, axes, false, false, &mut out.as_view_mut()?)?;
            all.push((format!("dot of {which} over {axes:?}"), bits(&out)?));
            if which < 2 {
                let mask = mask.as_view();
                let options = ReduceOptions { mask: Some(&mask), ..Default::default() };
                for op in [Sum, Mean, Var] {
                    ops::reduce_with(op, input, axes, false, &options, &mut out.as_view_mut()?)?;
                    all.push((format!("masked {op:?} of {which} over {axes:?}"), bits(&out)?));
                }
            }
        }
        for axis in 0..2 {
            let mut out = Array::zeros(DType::F64, input.shape(), Order::C)?;
            ops::accumulate(ScanOp::Sum, input, axis, &mut out.as_view_mut()?)?;
            all.push((format!("running sums of {which} along {axis}"), bits(&out)?));
        }
    }
    Ok(all)
}

#[test]
fn reductions_have_the_same_bits_for_every_number_of_threads() {
    let values = values();
    threads::set(1).expect("1 is a number of threads");
    let expected = results(&values).expect("results");
    for n in [2, 64] {
        threads::set(n).expect("a number of threads");
        for ((name, one), (_, many)) in expected.iter().zip(results(&values).expect("results")) {
            assert!(*one == many, "{name} on {n} threads");
        }
    }
}
