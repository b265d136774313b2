//! Operations on several threads: the same bits as on one, for every kind of operation. A file of its own, because the
//! number of threads is that of the process.

use libstrided::{BinaryOp, Casting, Order, View, ViewMut, ops, threads};

const ROWS: usize = 700;
const COLUMNS: usize = 900;
const SHAPE: [i64; 2] = [ROWS as i64, COLUMNS as i64];

fn values(seed: u64) -> Vec<f64> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    (0..ROWS * COLUMNS).map(|_| next()).collect()
}

/// What every operation gives, on as many threads as are set.
fn results() -> libstrided::Result<Vec<Vec<u8>>> {
    let (a, b) = (values(1), values(2));
    let c_order = View::from_slice(&a, &SHAPE, Order::C)?;
    let f_order = View::from_slice(&b, &SHAPE, Order::F)?;
    let across = View::from_slice(&b, &[COLUMNS as i64, ROWS as i64], Order::C)?.transpose(None)?;
    let row = View::from_slice(&b[..COLUMNS], &[COLUMNS as i64], Order::C)?;
    let mut all = Vec::new();
    let mut out = vec![0.0f64; a.len()];
    let mut keep = |out: &[f64]| all.push(out.iter().flat_map(|x| x.to_bits().to_le_bytes()).collect());

    let mut view = ViewMut::from_slice(&mut out, &SHAPE, Order::C)?;
    ops::copy(&across, &mut view, Casting::SameKind)?;
    keep(&out);
    let mut view = ViewMut::from_slice(&mut out, &SHAPE, Order::C)?;
    ops::binary(BinaryOp::Add, &c_order, &f_order, &mut view)?;
    keep(&out);
    let mut view = ViewMut::from_slice(&mut out, &SHAPE, Order::F)?;
    ops::binary(BinaryOp::Multiply, &c_order, &row, &mut view)?;
    ops::binary_assign(BinaryOp::Subtract, &mut view, &across)?;
    keep(&out);
    let mut view = ViewMut::from_slice(&mut out, &SHAPE, Order::C)?;
    ops::fill(&mut view, 1.5f32)?;
    keep(&out);

    let mut narrow = vec![0.0f32; a.len()];
    ops::copy(&f_order, &mut ViewMut::from_slice(&mut narrow, &SHAPE, Order::C)?, Casting::SameKind)?;
    all.push(narrow.iter().flat_map(|x| x.to_bits().to_le_bytes()).collect());
    for axes in [None, Some([0].as_slice()), Some([1].as_slice())] {
        let sums = ops::sum(&c_order, axes)?;
        let n = sums.view().shape().iter().product::<i64>();
        let bits = (0..n).map(|i| {
            let index = if axes.is_some() { vec![i] } else { vec![] };
            sums.as_view().get::<f64>(&index).map(f64::to_bits)
        });
        let bits: libstrided::Result<Vec<u64>> = bits.collect();
        all.push(bits?.into_iter().flat_map(u64::to_le_bytes).collect());
    }
    Ok(all)
}

#[test]
fn results_have_the_same_bits_for_every_number_of_threads() {
    assert!(threads::set(0).is_err());
    threads::set(1).expect("1 is a number of threads");
    let expected = results().expect("results");
    for n in 2..=8 {
        threads::set(n).expect("a number of threads");
        assert_eq!(threads::get(), n);
        for (which, (one, many)) in expected.iter().zip(results().expect("results")).enumerate() {
            assert!(*one == many, "operation {which} on {n} threads");
        }
    }
}
