//! Held against a loop over indices: integers and extremes to the bit, sums of floats within the error of a tree.

use libstrided_layout::{AxisSet, DType, Error, Kind};

use super::reduce;
use crate::Level;
use crate::convert::Conversion;
use crate::element::{Bf16, Complex, Element, F16};
use crate::op::ReduceOp;
use crate::test_support::{Random, Strided, at_every_level, indices};

fn cast(from: DType, to: DType, x: &[u8]) -> Vec<u8> {
    let mut out = vec![0u8; to.size() as usize];
    let conversion = Conversion::new(from, to).expect("converts");
    // SAFETY: one element each.
    unsafe { conversion.run(x.as_ptr(), out.as_mut_ptr(), 1) };
    out
}

fn read<T: Element>(bytes: &[u8]) -> T {
    assert_eq!(bytes.len(), size_of::<T>());
    // SAFETY: the slice holds one element.
    unsafe { (bytes.as_ptr() as *const T).read_unaligned() }
}

/// The reduced elements of each output, in index order, as the output's index and their bytes.
fn groups(shape: &[i64], reduced: AxisSet, input: &Strided) -> Vec<(Vec<i64>, Vec<Vec<u8>>)> {
    let kept: Vec<i64> = (0..shape.len()).map(|a| if reduced.contains(a) { 1 } else { shape[a] }).collect();
    let rest: Vec<i64> = (0..shape.len()).map(|a| if reduced.contains(a) { shape[a] } else { 1 }).collect();
    indices(&kept)
        .into_iter()
        .map(|k| {
            let elements = indices(&rest)
                .into_iter()
                .map(|r| {
                    let index: Vec<i64> = k.iter().zip(&r).map(|(a, b)| a + b).collect();
                    input.item(&index).to_vec()
                })
                .collect();
            (k, elements)
        })
        .collect()
}

/// Integers exactly, in 64 bits.
fn integers(op: ReduceOp, dtype: DType, elements: &[Vec<u8>]) -> i64 {
    let values = elements.iter().map(|x| read::<i64>(&cast(dtype, DType::I64, x)));
    match op {
        ReduceOp::Sum => values.fold(0, i64::wrapping_add),
        ReduceOp::Prod => values.fold(1, i64::wrapping_mul),
        ReduceOp::Min if dtype == DType::U64 => values.min_by_key(|&x| x as u64).expect("not empty"),
        ReduceOp::Max if dtype == DType::U64 => values.max_by_key(|&x| x as u64).expect("not empty"),
        ReduceOp::Min => values.min().expect("not empty"),
        ReduceOp::Max => values.max().expect("not empty"),
    }
}

/// One part of floats or complex numbers in `f64`, with the sum of magnitudes.
fn floats(op: ReduceOp, dtype: DType, elements: &[Vec<u8>]) -> [(f64, f64); 2] {
    let start = if op == ReduceOp::Prod { 1.0 } else { 0.0 };
    let mut total = (start, 0.0);
    let mut magnitude = (0.0, 0.0);
    let mut best: Option<(f64, f64)> = None;
    for x in elements {
        let x: Complex<f64> = read(&cast(dtype, DType::C128, x));
        magnitude = (magnitude.0 + x.re.abs(), magnitude.1 + x.im.abs());
        match op {
            ReduceOp::Sum => total = (total.0 + x.re, total.1 + x.im),
            ReduceOp::Prod => total = (total.0 * x.re - total.1 * x.im, total.0 * x.im + total.1 * x.re),
            _ => {
                let nan = |z: (f64, f64)| z.0.is_nan() || z.1.is_nan();
                let x = (x.re, x.im);
                best = Some(match best {
                    None => x,
                    Some(b) if nan(b) => b,
                    Some(_) if nan(x) => x,
                    Some(b) if op == ReduceOp::Min => {
                        if x < b {
                            x
                        } else {
                            b
                        }
                    }
                    Some(b) => {
                        if x > b {
                            x
                        } else {
                            b
                        }
                    }
                });
            }
        }
    }
    let total = best.unwrap_or(total);
    [(total.0, magnitude.0), (total.1, magnitude.1)]
}

fn check(random: &mut Random, op: ReduceOp, dtype: DType, shape: &[i64], reduced: AxisSet) {
    let input = Strided::random(random, dtype, shape, true);
    let (acc, result) = op.dtypes(dtype).expect("reduces");
    let kept: Vec<i64> = (0..shape.len()).map(|a| if reduced.contains(a) { 1 } else { shape[a] }).collect();
    let mut out = Strided::random(random, result, &kept, false);
    for axis in 0..shape.len() {
        if reduced.contains(axis) {
            out.strides[axis] = 0;
        }
    }
    let mut want = out.clone();
    // SAFETY: both lie in their own buffers.
    let done = unsafe { reduce(op, shape, reduced, input.operand(), out.operand_mut(), acc) };
    let outputs = kept.iter().product::<i64>();
    if shape.iter().product::<i64>() == 0 && outputs > 0 && !op.has_identity() {
        assert_eq!(done, Err(Error::EmptyReduction));
        return;
    }
    done.expect("runs");
    for (index, elements) in groups(shape, reduced, &input) {
        let got = out.item(&index).to_vec();
        let context =
            format!("{op:?} {} {shape:?} {:?} over {reduced:?} at {index:?}", dtype.name(), input.strides);
        if dtype.kind() <= Kind::Signed {
            let expected = cast(DType::I64, result, &integers(op, dtype, &elements).to_le_bytes());
            assert_eq!(got, expected, "{context}");
        } else {
            let z: Complex<f64> = read(&cast(result, DType::C128, &got));
            let epsilon = match result {
                DType::F16 => 1e-3,
                DType::Bf16 => 8e-3,
                DType::F32 | DType::C64 => 1e-6,
                _ => 1e-14,
            };
            for (got, (want, magnitude)) in [z.re, z.im].into_iter().zip(floats(op, dtype, &elements)) {
                if matches!(op, ReduceOp::Min | ReduceOp::Max) && z.re.is_nan() | z.im.is_nan() {
                    let [(re, _), (im, _)] = floats(op, dtype, &elements);
                    assert!(re.is_nan() || im.is_nan(), "{context}");
                    continue;
                }
                let exact = matches!(op, ReduceOp::Min | ReduceOp::Max);
                let room = if exact { 0.0 } else { magnitude * epsilon * 2.0 };
                let fine = got == want
                    || (got - want).abs() <= room
                    || got.is_nan() && !want.is_finite()
                    || !want.is_finite()
                    || !got.is_finite();
                assert!(fine, "{context}: {got} and not {want}");
            }
        }
        want.item_mut(&index).copy_from_slice(&got);
    }
    assert!(out.bytes == want.bytes, "wrote outside the elements");
}

fn random_axes(random: &mut Random, ndim: usize) -> AxisSet {
    let mut set = AxisSet(0);
    for axis in 0..ndim {
        if random.below(2) == 0 {
            set.insert(axis).expect("new");
        }
    }
    set
}

#[test]
fn every_reduction_of_every_dtype_in_random_layouts() {
    let mut random = Random::new(21);
    at_every_level(|| {
        for op in [ReduceOp::Sum, ReduceOp::Min, ReduceOp::Max] {
            for dtype in &DType::ALL[..15] {
                for _ in 0..8 {
                    let shape = random.shape(4000);
                    let reduced = random_axes(&mut random, shape.len());
                    check(&mut random, op, *dtype, &shape, reduced);
                }
            }
        }
        for dtype in &DType::ALL[..9] {
            for _ in 0..4 {
                let shape = random.shape(4000);
                let reduced = random_axes(&mut random, shape.len());
                check(&mut random, ReduceOp::Prod, *dtype, &shape, reduced);
            }
        }
    });
}

fn sum_of<T: Element, R: Element>(values: &[T], shape: &[i64], axes: &[i32], n: usize) -> Vec<R> {
    let mut strides = vec![size_of::<T>() as i64; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    let reduced = AxisSet::from_axes(axes, shape.len()).expect("axes");
    let mut out = vec![0u8; n * size_of::<R>()];
    let mut out_strides = vec![0; shape.len()];
    let mut next = size_of::<R>() as i64;
    for axis in (0..shape.len()).rev() {
        if !reduced.contains(axis) {
            out_strides[axis] = next;
            next *= shape[axis];
        }
    }
    let input = crate::Operand {
        data: values.as_ptr() as *mut u8,
        dtype: T::DTYPE,
        itemsize: size_of::<T>() as i64,
        strides: &strides,
    };
    let output = crate::Operand {
        data: out.as_mut_ptr(),
        dtype: R::DTYPE,
        itemsize: size_of::<R>() as i64,
        strides: &out_strides,
    };
    let (acc, _) = ReduceOp::Sum.dtypes(T::DTYPE).expect("sums");
    // SAFETY: both are whole buffers of this shape.
    unsafe { reduce(ReduceOp::Sum, shape, reduced, input, output, acc) }.expect("runs");
    out.chunks(size_of::<R>()).map(read).collect()
}

#[test]
fn sums_are_pairwise_over_the_slow_axis_too() {
    // 2^24 and then ones: added one after the other, none of the ones would count.
    let (n, large) = (8192, (1 << 24) as f32);
    for width in [2usize, 256] {
        let mut rows = vec![1f32; n * width];
        rows[..width].fill(large);
        let mut columns = vec![1f32; n * width];
        columns.iter_mut().step_by(n).for_each(|x| *x = large);
        let over_slow = sum_of::<f32, f32>(&rows, &[n as i64, width as i64], &[0], width);
        let over_fast = sum_of::<f32, f32>(&columns, &[width as i64, n as i64], &[1], width);
        for sum in over_slow.into_iter().chain(over_fast) {
            assert!((sum - large - n as f32).abs() <= 32.0, "{sum}");
        }
    }
}

#[test]
fn sums_have_the_same_bits_at_every_level() {
    let mut random = Random::new(23);
    let values: Vec<f64> = (0..70 * 90 * 11).map(|_| random.next() as f64 * 1e-9 - 4.5e6).collect();
    let shapes: [&[i64]; 4] = [&[70 * 90 * 11], &[70 * 90, 11], &[11, 70 * 90], &[70, 90, 11]];
    let mut first: Option<Vec<Vec<u64>>> = None;
    at_every_level(|| {
        let mut bits = Vec::new();
        for shape in shapes {
            for axes in [&[0][..], &[-1], &[0, -1]] {
                let Ok(set) = AxisSet::from_axes(axes, shape.len()) else { continue };
                let n: i64 = (0..shape.len()).map(|a| if set.contains(a) { 1 } else { shape[a] }).product();
                let sums: Vec<f64> = sum_of(&values, shape, axes, n as usize);
                bits.push(sums.iter().map(|x| x.to_bits()).collect::<Vec<u64>>());
            }
        }
        match &first {
            None => first = Some(bits),
            Some(first) => assert!(*first == bits, "{:?}", Level::current()),
        }
    });
}

#[test]
fn a_sum_of_negative_zeros_is_zero_as_in_numpy() {
    for n in [1usize, 3, 40, 3000] {
        let zeros = vec![-0.0f64; n * 3];
        for (shape, axis) in [([n as i64, 3], 0), ([3, n as i64], 1)] {
            let sums: Vec<f64> = sum_of(&zeros, &shape, &[axis], 3);
            assert!(sums.iter().all(|x| x.to_bits() == 0), "{shape:?}");
        }
    }
}

#[test]
fn sixteen_bit_floats_accumulate_in_32() {
    let ones = vec![F16::from_f64(1.0); 5000];
    let sum: Vec<F16> = sum_of(&ones, &[5000], &[0], 1);
    assert_eq!(sum[0].to_f32(), 5000.0);
    let ones = vec![Bf16::from_f64(1.0); 4096];
    let sum: Vec<Bf16> = sum_of(&ones, &[4096], &[0], 1);
    assert_eq!(sum[0].to_f32(), 4096.0);
}

#[test]
fn nothing_sums_to_0_and_has_no_smallest_element() {
    let sums: Vec<f64> = sum_of::<f64, f64>(&[], &[0, 3], &[0], 3);
    assert_eq!(sums, [0.0; 3]);
    let mut x = 7.0f64;
    let out = crate::Operand { data: (&raw mut x).cast(), dtype: DType::F64, itemsize: 8, strides: &[0] };
    // SAFETY: nothing is read, one element may be written.
    let done = unsafe { reduce(ReduceOp::Min, &[0], AxisSet(1), out, out, DType::F64) };
    assert_eq!(done, Err(Error::EmptyReduction));
    assert_eq!(x, 7.0);
}
