//! How sums round: pairwise over every axis, with the same bits at every level.

use super::*;

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
    let input = Operand {
        data: values.as_ptr() as *mut u8,
        dtype: T::DTYPE,
        itemsize: size_of::<T>() as i64,
        strides: &strides,
    };
    let output = Operand {
        data: out.as_mut_ptr(),
        dtype: R::DTYPE,
        itemsize: size_of::<R>() as i64,
        strides: &out_strides,
    };
    let (acc, _) = ReduceOp::Sum.dtypes(T::DTYPE).expect("sums");
    // SAFETY: both are whole buffers of this shape.
    unsafe { reduce(&Reduction::new(Folding::Sum, acc), shape, reduced, input, output) }.expect("runs");
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
    let out = Operand { data: (&raw mut x).cast(), dtype: DType::F64, itemsize: 8, strides: &[0] };
    let what = Reduction::new(Folding::Min, DType::F64);
    // SAFETY: nothing is read, one element may be written.
    let done = unsafe { reduce(&what, &[0], AxisSet(1), out, out) };
    assert_eq!(done, Err(Error::EmptyReduction));
    assert_eq!(x, 7.0);
}
