//! Positions of extremes are those of a loop over indices: in any layout, in a few columns of many rows, among bools, and where few
//! values come often.

use libstrided_layout::{AxisSet, DType, Error, Kind};

use super::{cast, complex, groups, is_better, is_nan, output, read};
use crate::arg;
use crate::test_support::{Random, Strided, at_every_level, indices};

/// Which of the elements is found.
fn best_of(dtype: DType, largest: bool, input: &Strided, positions: &[Vec<i64>]) -> usize {
    let mut best = 0;
    for (i, at) in positions.iter().enumerate() {
        // Wide integers do not survive as floats.
        let better = if dtype.kind() <= Kind::Signed {
            let value = |at: &[i64]| {
                let x = read::<i64>(&cast(dtype, DType::I64, input.item(at)));
                if dtype == DType::U64 { i128::from(x as u64) } else { i128::from(x) }
            };
            let (x, y) = (value(at), value(&positions[best]));
            if largest { x > y } else { x < y }
        } else {
            is_better(largest, complex(dtype, input.item(at)), complex(dtype, input.item(&positions[best])))
        };
        if better {
            best = i;
        }
    }
    best
}

/// Holds what is found against [`best_of`].
fn check(random: &mut Random, dtype: DType, shape: &[i64], reduced: AxisSet, input: &Strided) {
    let largest = random.below(2) == 0;
    let mut out = output(random, DType::I64, shape, reduced);
    let mut want = out.clone();
    // SAFETY: both lie in their own buffers.
    let done = unsafe { arg(largest, shape, reduced, input.operand(), out.operand_mut(), 1) };
    let outputs: i64 = (0..shape.len()).map(|a| if reduced.contains(a) { 1 } else { shape[a] }).product();
    if shape.contains(&0) && outputs > 0 {
        assert_eq!(done, Err(Error::EmptyReduction));
        return;
    }
    done.expect("runs");
    for (index, positions) in groups(shape, reduced) {
        let best = best_of(dtype, largest, input, &positions);
        let got = read::<i64>(out.item(&index));
        let strides = &input.strides;
        assert_eq!(got, best as i64, "{} {shape:?} {strides:?} {reduced:?} {index:?}", dtype.name());
        want.item_mut(&index).copy_from_slice(&got.to_le_bytes());
    }
    assert!(out.bytes == want.bytes, "wrote outside the elements");
}

/// Makes all elements but a few one of three, which are no NaNs: so that the first one of many counts.
fn level(random: &mut Random, dtype: DType, shape: &[i64], input: &mut Strided, nans: bool) {
    let mut values = Vec::new();
    while values.len() < 3 {
        let mut value = vec![0; dtype.size() as usize];
        random.fill(dtype, &mut value);
        if dtype.kind() <= Kind::Signed || !is_nan(complex(dtype, &value)) {
            values.push(value);
        }
    }
    for index in indices(shape) {
        if !nans || random.below(200) > 0 {
            // The last one is rare.
            let which = [0, 1, 2][(random.below(20) / 8).min(2)];
            input.item_mut(&index).copy_from_slice(&values[which]);
        }
    }
}

#[test]
fn in_random_layouts() {
    let mut random = Random::new(27);
    at_every_level(|| {
        for case in 0..600 {
            let dtype = DType::ALL[case % 15];
            let shape = random.shape(4000);
            let all = random.below(3) == 0 || shape.is_empty();
            let reduced =
                if all { AxisSet::all(shape.len()) } else { AxisSet(1 << random.below(shape.len())) };
            let mut input = Strided::random(&mut random, dtype, &shape, true);
            if random.below(2) == 0 {
                let nans = random.below(2) == 0;
                level(&mut random, dtype, &shape, &mut input, nans);
            }
            check(&mut random, dtype, &shape, reduced, &input);
        }
    });
}

#[test]
fn in_a_few_columns_of_many_rows() {
    let mut random = Random::new(28);
    at_every_level(|| {
        for case in 0..240 {
            let dtype = DType::ALL[case % 15];
            let n = 1 + random.below(34) as i64;
            let shape = [1 + random.below(900 / n as usize + 200) as i64, n];
            let mut input = Strided::random(&mut random, dtype, &shape, true);
            if case % 3 > 0 {
                level(&mut random, dtype, &shape, &mut input, case % 3 == 1);
            }
            check(&mut random, dtype, &shape, AxisSet(1), &input);
            check(&mut random, dtype, &[shape[0], n], AxisSet(2), &input);
        }
    });
}

#[test]
fn of_bools_that_are_nearly_all_the_same() {
    let mut random = Random::new(29);
    at_every_level(|| {
        for case in 0..120 {
            let shape = [1 + random.below(5) as i64, 1 + random.below(300) as i64];
            let mut input = Strided::random(&mut random, DType::Bool, &shape, true);
            for index in indices(&shape) {
                let odd = random.below(100) == 0;
                input.item_mut(&index)[0] =
                    if odd == (case % 2 == 0) { 1 + random.below(255) as u8 } else { 0 };
            }
            for reduced in 1..=3 {
                check(&mut random, DType::Bool, &shape, AxisSet(reduced), &input);
            }
        }
    });
}
