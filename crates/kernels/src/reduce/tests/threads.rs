//! The same bits for every number of threads, also when they can not be made.

use libstrided_layout::{AxisSet, DType};

use super::{folding_of, output, random_axes};
use crate::Operand;
use crate::op::ReduceOp;
use crate::parallel::tests::{where_threads_are_cheap, with_at_most};
use crate::reduce::{Finish, Folding, Reduction, Second, arg, reduce};
use crate::test_support::{Random, Strided, at_every_level, indices};

const THREADS: [usize; 5] = [2, 3, 5, 7, 64];

/// A random array without NaN: which one comes out of two is not said, by no machine's addition.
fn numbers(random: &mut Random, dtype: DType, shape: &[i64]) -> Strided {
    let mut array = Strided::random(random, dtype, shape, true);
    for index in indices(shape) {
        clean(dtype, array.item_mut(&index));
    }
    array
}

/// Puts 1 in the place of each NaN.
fn clean(dtype: DType, elements: &mut [u8]) {
    match dtype.part() {
        DType::F64 => clean_as::<f64>(elements, |x| x.is_nan(), 1.0),
        DType::F32 => clean_as::<f32>(elements, |x| x.is_nan(), 1.0),
        _ => {}
    }
}

fn clean_as<T: Copy>(elements: &mut [u8], is_nan: impl Fn(T) -> bool, one: T) {
    for x in elements.chunks_exact_mut(size_of::<T>()) {
        let at = x.as_mut_ptr().cast::<T>();
        // SAFETY: an element of the type.
        unsafe {
            if is_nan(at.read_unaligned()) {
                at.write_unaligned(one);
            }
        }
    }
}

/// Reduces on one thread and on several, into the same place.
fn same(
    random: &mut Random,
    what: &Reduction<'_>,
    shape: &[i64],
    reduced: AxisSet,
    input: Operand<'_>,
    result: DType,
) {
    let out = output(random, result, shape, reduced);
    let run = |threads: usize| {
        let mut out = out.clone();
        // SAFETY: all lie in their own buffers.
        let done =
            unsafe { reduce(&Reduction { threads, ..*what }, shape, reduced, input, out.operand_mut()) };
        (done, out.bytes)
    };
    let expected = run(1);
    for threads in THREADS {
        let context = format!("{:?} {shape:?} {:?} over {reduced:?}", what.folding, input.strides);
        assert!(run(threads) == expected, "{context} on {threads} threads");
    }
    with_at_most(random.below(3) as u32, || assert!(run(4) == expected, "when threads can not be made"));
}

fn case(random: &mut Random, op: ReduceOp, dtype: DType, shape: &[i64], reduced: AxisSet, masked: bool) {
    let input = match op {
        ReduceOp::Min | ReduceOp::Max => Strided::random(random, dtype, shape, true),
        _ => numbers(random, dtype, shape),
    };
    let mask = Strided::random(random, DType::Bool, shape, true);
    let (compute, result) = op.dtypes(dtype).expect("reduces");
    let mut finish = Finish { root: op == ReduceOp::Norm, ..Finish::default() };
    if masked {
        finish.initial = Some([0; 16]);
    }
    let mask = masked.then(|| mask.operand());
    let what = Reduction { mask, finish, ..Reduction::new(folding_of(op), compute) };
    same(random, &what, shape, reduced, input.operand(), result);
}

#[test]
fn reductions_have_the_same_bits_for_every_number_of_threads() {
    use ReduceOp::*;
    let mut random = Random::new(41);
    at_every_level(|| {
        where_threads_are_cheap(|| {
            for op in [Sum, Prod, Min, Max, Any, All, CountNonzero, Norm] {
                for dtype in [DType::F64, DType::F32, DType::U8, DType::I32, DType::C64] {
                    for case_number in 0..6 {
                        let shape = random.shape(9000);
                        let reduced = random_axes(&mut random, shape.len());
                        case(&mut random, op, dtype, &shape, reduced, case_number >= 4);
                    }
                }
            }
        });
    });
}

/// Few outputs of long and of many runs, many of short ones, windows.
#[test]
fn so_have_reductions_of_every_shape() {
    let mut random = Random::new(43);
    let shapes: [&[i64]; 14] = [
        &[30_000],
        &[1, 30_001],
        &[3, 9_000],
        &[9_000, 3],
        &[700, 40],
        &[40, 700],
        &[5, 70, 80],
        &[80, 5, 70],
        &[2, 3, 4, 5, 6, 7],
        &[2, 1, 13_000],
        &[13_000, 2, 1],
        &[65, 300],
        &[10, 20, 3, 40],
        &[4000, 7],
    ];
    at_every_level(|| {
        where_threads_are_cheap(|| {
            for shape in shapes {
                for axes in 1..(1u64 << shape.len()).min(16) {
                    let dtype = [DType::F64, DType::F32, DType::F64, DType::U8][random.below(4)];
                    let op = [ReduceOp::Sum, ReduceOp::Sum, ReduceOp::Max, ReduceOp::Prod][random.below(4)];
                    let masked = random.below(4) == 0;
                    case(&mut random, op, dtype, shape, AxisSet(axes), masked);
                }
            }
        });
    });
}

/// Of 1.5 megabytes, so that they are far.
#[test]
fn so_have_reductions_of_large_arrays() {
    let mut random = Random::new(45);
    let mut values = vec![0u8; 200_000 * 8];
    random.fill(DType::F64, &mut values);
    clean(DType::F64, &mut values);
    let data = values.as_mut_ptr();
    let layouts: [(&[i64], &[i64]); 9] = [
        (&[200_000], &[8]),
        (&[100_000], &[16]),
        (&[50_000], &[32]),
        (&[400, 500], &[4000, 8]),
        (&[500, 400], &[8, 4000]),
        (&[3, 66_000], &[66_000 * 8, 8]),
        (&[66_000, 3], &[24, 8]),
        (&[390, 300], &[4096, 8]),
        (&[500, 20, 9], &[8, 4000, 80_000]),
    ];
    at_every_level(|| {
        where_threads_are_cheap(|| {
            for (shape, strides) in layouts {
                let input = Operand { data, dtype: DType::F64, itemsize: 8, strides };
                for axes in 1..1u64 << shape.len() {
                    for folding in [Folding::Sum, Folding::Min, Folding::Squares, Folding::Count] {
                        let what = Reduction::new(folding, DType::F64);
                        let result = folding.accumulator(DType::F64);
                        same(&mut random, &what, shape, AxisSet(axes), input, result);
                    }
                }
            }
        });
    });
}

#[test]
fn so_have_windows_and_second_operands() {
    let mut random = Random::new(47);
    at_every_level(|| {
        where_threads_are_cheap(|| {
            for dtype in [DType::F64, DType::F32, DType::I64] {
                let size = dtype.size();
                let mut values = vec![0u8; 60 * 90 * size as usize];
                random.fill(dtype, &mut values);
                clean(dtype, &mut values);
                let row = 90 * size;
                for (w, h) in [(7, 7), (1, 40), (20, 1), (3, 30)] {
                    let shape = [61 - h, 91 - w, h, w];
                    let strides = [row, size, row, size];
                    let input =
                        Operand { data: values.as_mut_ptr(), dtype, itemsize: size, strides: &strides };
                    for axes in [0b1100, 0b0100, 0b1000, 0b1111] {
                        let what = Reduction::new(Folding::Sum, dtype);
                        same(&mut random, &what, &shape, AxisSet(axes), input, dtype);
                    }
                }
                for _ in 0..12 {
                    let shape = random.shape(6000);
                    let reduced = random_axes(&mut random, shape.len());
                    let a = numbers(&mut random, dtype, &shape);
                    let b = numbers(&mut random, dtype, &shape);
                    let second = Some((Second::Times, b.operand()));
                    let what = Reduction { second, ..Reduction::new(Folding::Sum, dtype) };
                    same(&mut random, &what, &shape, reduced, a.operand(), dtype);
                    if dtype != DType::I64 {
                        let second = Some((Second::Minus, b.operand()));
                        let what = Reduction { second, ..Reduction::new(Folding::Squares, dtype) };
                        same(&mut random, &what, &shape, reduced, a.operand(), dtype);
                    }
                }
            }
        });
    });
}

#[test]
fn positions_of_extremes_are_the_same_for_every_number_of_threads() {
    let mut random = Random::new(49);
    at_every_level(|| {
        where_threads_are_cheap(|| {
            for case in 0..200 {
                let dtype = [DType::F64, DType::U8, DType::F32, DType::I32, DType::F16][case % 5];
                let shape = random.shape(4000);
                let all = random.below(3) == 0 || shape.is_empty();
                let reduced =
                    if all { AxisSet::all(shape.len()) } else { AxisSet(1 << random.below(shape.len())) };
                let input = Strided::random(&mut random, dtype, &shape, true);
                let out = output(&mut random, DType::I64, &shape, reduced);
                let largest = random.below(2) == 0;
                let run = |threads: usize| {
                    let mut out = out.clone();
                    // SAFETY: both lie in their own buffers.
                    let done =
                        unsafe { arg(largest, &shape, reduced, input.operand(), out.operand_mut(), threads) };
                    (done, out.bytes)
                };
                let expected = run(1);
                for threads in THREADS {
                    let context = format!("{} {shape:?} {:?} {reduced:?}", dtype.name(), input.strides);
                    assert!(run(threads) == expected, "{context} on {threads} threads");
                }
            }
        });
    });
}

/// Zeros of both signs are equal, and must come out the same wherever the cuts are.
#[test]
fn the_sign_of_a_zero_does_not_depend_on_the_number_of_threads() {
    let mut random = Random::new(51);
    let values: Vec<f64> = (0..40_000).map(|_| [0.0, -0.0][random.below(2)]).collect();
    let data = values.as_ptr().cast_mut().cast();
    at_every_level(|| {
        where_threads_are_cheap(|| {
            for shape in [[1, 40_000], [3, 13_000], [13_000, 3], [200, 200], [20, 2000]] {
                let strides = [8 * shape[1], 8];
                let input = Operand { data, dtype: DType::F64, itemsize: 8, strides: &strides };
                for axes in 1..4 {
                    for folding in [Folding::Min, Folding::Max] {
                        let what = Reduction::new(folding, DType::F64);
                        same(&mut random, &what, &shape, AxisSet(axes), input, DType::F64);
                    }
                }
            }
        });
    });
}
