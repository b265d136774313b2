//! Held against a loop over indices: integers and extremes to the bit, sums of floats within the error of a tree.

mod extremes;
mod guard;
mod pair;
mod past;
mod rows;
mod spread;
mod sums;
mod threads;

use libstrided_layout::{AxisSet, DType, Error, Kind};

use super::{Finish, Folding, Reduction, Second, reduce, reduce_lines, reduce_packed};
use crate::convert::Conversion;
use crate::cpu::{Make, pretend};
use crate::element::{Bf16, Complex, Element, F16};
use crate::op::ReduceOp;
use crate::test_support::{Random, Strided, at_every_level, indices};
use crate::{Level, Operand};

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

/// The positions of each output and those of the elements that make it.
fn groups(shape: &[i64], reduced: AxisSet) -> Vec<(Vec<i64>, Vec<Vec<i64>>)> {
    let part = |of: bool| -> Vec<i64> {
        (0..shape.len()).map(|a| if reduced.contains(a) == of { shape[a] } else { 1 }).collect()
    };
    let rest = indices(&part(true));
    let sum = |k: &[i64], r: &[i64]| k.iter().zip(r).map(|(a, b)| a + b).collect();
    indices(&part(false))
        .into_iter()
        .map(|k| (k.clone(), rest.iter().map(|r| sum(&k, r)).collect()))
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
        _ => values.max().expect("not empty"),
    }
}

fn is_true(dtype: DType, x: &[u8]) -> bool {
    cast(dtype, DType::Bool, x) != [0]
}

fn complex(dtype: DType, x: &[u8]) -> Complex<f64> {
    read(&cast(dtype, DType::C128, x))
}

fn is_nan(z: Complex<f64>) -> bool {
    z.re.is_nan() || z.im.is_nan()
}

/// Whether `x` comes before `y`, or is a NaN and `y` is not.
fn is_better(largest: bool, x: Complex<f64>, y: Complex<f64>) -> bool {
    let (a, b) = ((x.re, x.im), (y.re, y.im));
    !is_nan(y) && (is_nan(x) || if largest { a > b } else { a < b })
}

/// The parts of a fold of floats or complex numbers in `f64`, each with the sum of magnitudes.
fn floats(op: ReduceOp, dtype: DType, elements: &[Vec<u8>]) -> [(f64, f64); 2] {
    let mut total = Complex { re: if op == ReduceOp::Prod { 1.0 } else { 0.0 }, im: 0.0 };
    let mut magnitude = (0.0, 0.0);
    for (i, x) in elements.iter().map(|x| complex(dtype, x)).enumerate() {
        magnitude = (magnitude.0 + x.re.abs(), magnitude.1 + x.im.abs());
        match op {
            ReduceOp::Sum => total = Complex { re: total.re + x.re, im: total.im + x.im },
            ReduceOp::Prod => {
                total =
                    Complex { re: total.re * x.re - total.im * x.im, im: total.re * x.im + total.im * x.re }
            }
            ReduceOp::Norm => total.re += x.re * x.re + x.im * x.im,
            _ if i == 0 || is_better(op == ReduceOp::Max, x, total) => total = x,
            _ => {}
        }
    }
    if op == ReduceOp::Norm {
        let norm = total.re.sqrt();
        // The loop here is less accurate than what it is held against.
        return [(norm, 10.0 * norm), (0.0, 0.0)];
    }
    [(total.re, magnitude.0), (total.im, magnitude.1)]
}

fn folding_of(op: ReduceOp) -> Folding {
    match op {
        ReduceOp::Sum => Folding::Sum,
        ReduceOp::Prod => Folding::Prod,
        ReduceOp::Min => Folding::Min,
        ReduceOp::Max => Folding::Max,
        ReduceOp::Any => Folding::Any,
        ReduceOp::All => Folding::All,
        ReduceOp::CountNonzero => Folding::Count,
        _ => Folding::Squares,
    }
}

fn epsilon(dtype: DType) -> f64 {
    match dtype {
        DType::F16 => 1e-3,
        DType::Bf16 => 8e-3,
        DType::F32 | DType::C64 => 1e-6,
        _ => 1e-14,
    }
}

fn is_close(got: f64, want: f64, room: f64) -> bool {
    got == want || (got - want).abs() <= room || !want.is_finite() || !got.is_finite()
}

/// The output of a reduction: random bytes, with stride 0 on reduced axes.
fn output(random: &mut Random, dtype: DType, shape: &[i64], reduced: AxisSet) -> Strided {
    let kept: Vec<i64> = (0..shape.len()).map(|a| if reduced.contains(a) { 1 } else { shape[a] }).collect();
    let mut out = Strided::random(random, dtype, &kept, false);
    for axis in 0..shape.len() {
        if reduced.contains(axis) {
            out.strides[axis] = 0;
        }
    }
    out
}

fn check(random: &mut Random, op: ReduceOp, dtype: DType, shape: &[i64], reduced: AxisSet, masked: bool) {
    let input = Strided::random(random, dtype, shape, true);
    let mask = Strided::random(random, DType::Bool, shape, true);
    let (compute, result) = op.dtypes(dtype).expect("reduces");
    let mut out = output(random, result, shape, reduced);
    let mut want = out.clone();
    let folding = folding_of(op);
    let extreme = matches!(op, ReduceOp::Min | ReduceOp::Max);
    // Where a mask may leave nothing, extremes need an initial value.
    let initial = (masked && extreme).then(|| {
        let mut element = vec![0; dtype.size() as usize];
        random.fill(dtype, &mut element);
        element
    });
    let mut finish = Finish { root: op == ReduceOp::Norm, ..Finish::default() };
    if let Some(initial) = &initial {
        let mut bytes = [0; 16];
        bytes[..compute.size() as usize].copy_from_slice(&cast(dtype, compute, initial));
        finish.initial = Some(bytes);
    }
    let what = Reduction { mask: masked.then(|| mask.operand()), finish, ..Reduction::new(folding, compute) };
    // SAFETY: all lie in their own buffers.
    let done = unsafe { reduce(&what, shape, reduced, input.operand(), out.operand_mut()) };
    let outputs: i64 = (0..shape.len()).map(|a| if reduced.contains(a) { 1 } else { shape[a] }).product();
    if shape.iter().product::<i64>() == 0 && outputs > 0 && extreme && !masked {
        assert_eq!(done, Err(Error::EmptyReduction));
        return;
    }
    done.expect("runs");
    for (index, positions) in groups(shape, reduced) {
        let takes_part = |at: &&Vec<i64>| !masked || mask.item(at)[0] != 0;
        let mut elements: Vec<Vec<u8>> =
            positions.iter().filter(takes_part).map(|at| input.item(at).to_vec()).collect();
        elements.extend(initial.clone());
        let got = out.item(&index).to_vec();
        let context = format!(
            "{op:?} {} {shape:?} {:?} over {reduced:?} at {index:?}, masked {masked}",
            dtype.name(),
            input.strides
        );
        let trues = elements.iter().filter(|x| is_true(dtype, x)).count();
        if let ReduceOp::Any | ReduceOp::All | ReduceOp::CountNonzero = op {
            let want = match op {
                ReduceOp::Any => i64::from(trues > 0),
                ReduceOp::All => i64::from(trues == elements.len()),
                _ => trues as i64,
            };
            assert_eq!(got, cast(DType::I64, result, &want.to_le_bytes()), "{context}");
        } else if op != ReduceOp::Norm && dtype.kind() <= Kind::Signed {
            let expected = cast(DType::I64, result, &integers(op, dtype, &elements).to_le_bytes());
            assert_eq!(got, expected, "{context}");
        } else {
            let z = complex(result, &got);
            let parts = floats(op, dtype, &elements);
            for (got, (want, magnitude)) in [z.re, z.im].into_iter().zip(parts) {
                if extreme && is_nan(z) {
                    assert!(parts[0].0.is_nan() || parts[1].0.is_nan(), "{context}");
                    continue;
                }
                let room = if extreme { 0.0 } else { magnitude * epsilon(result) * 4.0 };
                assert!(is_close(got, want, room), "{context}: {got} and not {want}");
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
    use ReduceOp::*;
    let mut random = Random::new(21);
    at_every_level(|| {
        for op in [Sum, Prod, Min, Max, Any, All, CountNonzero, Norm] {
            // Products of floats run over soon, and then there is nothing to compare.
            let dtypes = if op == Prod { 9 } else { 15 };
            for dtype in &DType::ALL[..dtypes] {
                for case in 0..10 {
                    let shape = random.shape(4000);
                    let reduced = random_axes(&mut random, shape.len());
                    check(&mut random, op, *dtype, &shape, reduced, case >= 6);
                }
            }
        }
    });
}

#[test]
fn long_runs_and_rows_of_narrow_types_do_not_run_over() {
    let mut random = Random::new(25);
    at_every_level(|| {
        for dtype in [DType::Bool, DType::U8, DType::I8, DType::U16, DType::I16, DType::I32] {
            for op in [ReduceOp::Sum, ReduceOp::CountNonzero] {
                check(&mut random, op, dtype, &[70_003], AxisSet(1), false);
                check(&mut random, op, dtype, &[1500, 67], AxisSet(1), false);
                check(&mut random, op, dtype, &[67, 1500], AxisSet(2), false);
            }
        }
        for dtype in [DType::U8, DType::I8, DType::U16] {
            let item = dtype.size() as usize;
            let mut most = vec![0xffu8; 300_000 * item];
            if dtype == DType::I8 {
                most.fill(0x80);
            }
            let x = if dtype == DType::I8 { -128 } else { (1i64 << (8 * item)) - 1 };
            for (shape, axis) in [([300_000i64, 1], 0), ([1000, 300], 0), ([300, 1000], 1)] {
                let strides = [shape[1] * item as i64, item as i64];
                let input = Operand {
                    data: most.as_ptr() as *mut u8,
                    dtype,
                    itemsize: item as i64,
                    strides: &strides,
                };
                let n = (shape[1 - axis]) as usize;
                let mut sums = vec![0i64; n];
                let mut out_strides = [0; 2];
                out_strides[1 - axis] = 8;
                let compute = ReduceOp::Sum.dtypes(dtype).expect("sums").0;
                let data = sums.as_mut_ptr() as *mut u8;
                let out = Operand { data, dtype: compute, itemsize: 8, strides: &out_strides };
                let what = Reduction::new(Folding::Sum, compute);
                // SAFETY: both are whole buffers of this shape.
                unsafe { reduce(&what, &shape, AxisSet(1 << axis), input, out) }.expect("runs");
                assert!(sums.iter().all(|&s| s == x * shape[axis]), "{} {shape:?}", dtype.name());
            }
        }
    });
}

#[test]
fn arrays_that_are_far_are_reduced_like_near_ones() {
    let mut random = Random::new(33);
    for make in [Make::Zen4, Make::Other] {
        let _pretend = pretend(make);
        at_every_level(|| {
            for shape in [[270i64, 260], [2000, 35], [35, 2000]] {
                for axes in 1..=3 {
                    check(&mut random, ReduceOp::Sum, DType::F64, &shape, AxisSet(axes), false);
                    check(&mut random, ReduceOp::Max, DType::F64, &shape, AxisSet(axes), axes == 1);
                    check(&mut random, ReduceOp::Sum, DType::I64, &shape, AxisSet(axes), axes == 2);
                }
            }
            check(&mut random, ReduceOp::Sum, DType::U8, &[700, 800], AxisSet(1), false);
        });
    }
}

#[test]
fn short_rows_are_reduced_in_groups() {
    let mut random = Random::new(35);
    at_every_level(|| {
        for n in 1..=70 {
            let dtype = [DType::F64, DType::F32, DType::U8, DType::I32, DType::C64][n % 5];
            let shape = [1 + random.below(40) as i64, n as i64];
            for op in [ReduceOp::Sum, ReduceOp::Min, ReduceOp::CountNonzero] {
                check(&mut random, op, dtype, &shape, AxisSet(2), false);
            }
        }
    });
}

/// Inner products and sums of squared distances, in random layouts.
#[test]
fn a_second_operand_is_combined_with_the_elements() {
    let mut random = Random::new(29);
    at_every_level(|| {
        for case in 0..400 {
            let dtype = [DType::I32, DType::U8, DType::F32, DType::F64, DType::C64, DType::C128][case % 6];
            let shape = random.shape(3000);
            let reduced = random_axes(&mut random, shape.len());
            let a = Strided::random(&mut random, dtype, &shape, true);
            let b = Strided::random(&mut random, dtype, &shape, true);
            let exact = dtype.kind() <= Kind::Signed;
            let second = [Second::Times, Second::ConjugateTimes, Second::Minus]
                [random.below(if exact { 2 } else { 3 })];
            let compute = ReduceOp::Sum.dtypes(dtype).expect("sums").0;
            let folding = if second == Second::Minus { Folding::Squares } else { Folding::Sum };
            let result = folding.accumulator(compute);
            let mut out = output(&mut random, result, &shape, reduced);
            let what = Reduction { second: Some((second, b.operand())), ..Reduction::new(folding, compute) };
            // SAFETY: all lie in their own buffers.
            unsafe { reduce(&what, &shape, reduced, a.operand(), out.operand_mut()) }.expect("runs");
            for (index, positions) in groups(&shape, reduced) {
                let got = out.item(&index);
                if exact {
                    let value = |of: &Strided, at: &[i64]| read::<i64>(&cast(dtype, DType::I64, of.item(at)));
                    let products = positions.iter().map(|at| value(&a, at).wrapping_mul(value(&b, at)));
                    assert_eq!(read::<i64>(got), products.fold(0, i64::wrapping_add));
                    continue;
                }
                let (mut re, mut im, mut room) = (0.0, 0.0, 0.0);
                for at in &positions {
                    let (x, y) = (complex(dtype, a.item(at)), complex(dtype, b.item(at)));
                    let sign = if second == Second::ConjugateTimes { -1.0 } else { 1.0 };
                    let (p, q) = match second {
                        Second::Minus => ((x.re - y.re).powi(2) + (x.im - y.im).powi(2), 0.0),
                        _ => (x.re * y.re - sign * x.im * y.im, x.re * y.im + sign * x.im * y.re),
                    };
                    (re, im) = (re + p, im + q);
                    room += (x.re.abs() + x.im.abs() + y.re.abs() + y.im.abs()).powi(2);
                }
                let z = complex(result, got);
                let room = room * epsilon(result) * 2.0;
                let fine = is_close(z.re, re, room) && (is_close(z.im, im, room));
                assert!(fine, "{second:?} {} {shape:?} {reduced:?}: {z:?} and not {re}, {im}", dtype.name());
            }
        }
    });
}

#[test]
fn results_are_divided_rooted_and_joined_with_an_initial_value() {
    let values = [1i32, 2, 3, 4];
    let input = Operand { data: values.as_ptr() as *mut u8, dtype: DType::I32, itemsize: 4, strides: &[4] };
    let mut x = [0.0f64; 2];
    let out = Operand { data: (&raw mut x).cast(), dtype: DType::F64, itemsize: 8, strides: &[0] };
    let mut initial = [0; 16];
    initial[..8].copy_from_slice(&22i64.to_le_bytes());
    let finish = Finish { initial: Some(initial), divisor: Some(2.0), root: true };
    let what = Reduction { finish, ..Reduction::new(Folding::Sum, DType::I64) };
    // SAFETY: four elements, and one for the result.
    unsafe { reduce(&what, &[4], AxisSet(1), input, out) }.expect("runs");
    assert_eq!(x, [4.0, 0.0]);
    // Nothing but the initial value; the mean of nothing.
    // SAFETY: nothing is read, one element is written.
    unsafe { reduce(&what, &[0], AxisSet(1), input, out) }.expect("runs");
    assert_eq!(x, [11f64.sqrt(), 0.0]);
    let finish = Finish { divisor: Some(0.0), ..Finish::default() };
    let what = Reduction { finish, ..Reduction::new(Folding::Sum, DType::F64) };
    // SAFETY: as above.
    unsafe { reduce(&what, &[0], AxisSet(1), input, out) }.expect("runs");
    assert!(x[0].is_nan());
}
