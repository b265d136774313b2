//! Rows of any length, and short ways to the same results.

use super::*;
use crate::arg;

/// Rows of `n` elements one after the other, of a few values, with a NaN now and then: where the best of each is, and which.
fn check_rows<T: Element + PartialOrd>(random: &mut Random, n: usize, values: &[T], nan: Option<T>) {
    let rows = 1 + random.below(12);
    let mut x: Vec<T> = (0..rows * n).map(|_| values[random.below(values.len())]).collect();
    if let Some(nan) = nan {
        for _ in 0..random.below(3) {
            x[random.below(rows * n)] = nan;
        }
    }
    let (item, shape) = (size_of::<T>() as i64, [rows as i64, n as i64]);
    let operand = |data: *const u8, dtype: DType, strides| Operand {
        data: data.cast_mut(),
        dtype,
        itemsize: dtype.size(),
        strides,
    };
    let (input_strides, index_strides, value_strides) = ([item * n as i64, item], [8, 0], [item, 0]);
    let input = operand(x.as_ptr().cast(), T::DTYPE, &input_strides);
    for largest in [false, true] {
        let (mut index, mut value) = (vec![-1i64; rows], vec![values[0]; rows]);
        let to_index = operand(index.as_mut_ptr().cast(), DType::I64, &index_strides);
        let to_value = operand(value.as_mut_ptr().cast(), T::DTYPE, &value_strides);
        let folding = if largest { Folding::Max } else { Folding::Min };
        let what = Reduction::new(folding, T::DTYPE);
        // SAFETY: rows of elements, and one element for each row.
        unsafe {
            arg(largest, &shape, AxisSet(2), input, to_index, 1).expect("runs");
            reduce(&what, &shape, AxisSet(2), input, to_value).expect("runs");
        }
        for row in 0..rows {
            let x = &x[row * n..][..n];
            let is_nan = |x: T| x.partial_cmp(&x).is_none();
            let mut best = 0;
            for i in 1..n {
                let ahead = if largest { x[i] > x[best] } else { x[i] < x[best] };
                if !is_nan(x[best]) && (ahead || is_nan(x[i])) {
                    best = i;
                }
            }
            let (got, of) = (value[row], T::DTYPE.name());
            assert_eq!(index[row], best as i64, "{of} {n} {largest} row {row} of {rows}");
            assert!(got == x[best] || is_nan(got) && is_nan(x[best]), "{of} {n} {largest} row {row}");
        }
    }
}

#[test]
fn extremes_of_rows_of_any_length_are_found() {
    let mut random = Random::new(28);
    at_every_level(|| {
        for n in (1..300).chain([1000, 2047, 2048, 2049, 4096, 8192, 8193, 10_000]) {
            check_rows::<u8>(&mut random, n, &[3, 7, 200, 255], None);
            check_rows::<i16>(&mut random, n, &[-300, 0, 5], None);
            check_rows::<u64>(&mut random, n, &[1, 1 << 63, u64::MAX], None);
            check_rows::<f32>(&mut random, n, &[-0.0, 0.0, 1.5, f32::INFINITY], Some(f32::NAN));
            check_rows::<f64>(&mut random, n, &[-2.0, 0.0, 1.5, f64::NEG_INFINITY], Some(f64::NAN));
        }
    });
}

#[test]
fn packed_elements_are_reduced_as_others_are() {
    let mut random = Random::new(29);
    at_every_level(|| {
        for case in 0..600 {
            let (dtype, n) = (DType::ALL[case % 15], 1 + random.below(200));
            let input = Strided::random(&mut random, dtype, &[n as i64], true);
            let elements: Vec<u8> = (0..n as i64).flat_map(|i| input.item(&[i]).to_vec()).collect();
            let strides = [dtype.size()];
            let packed = Operand {
                data: elements.as_ptr().cast_mut(),
                dtype,
                itemsize: dtype.size(),
                strides: &strides,
            };
            for folding in [Folding::Sum, Folding::Prod, Folding::Min, Folding::Max, Folding::Count] {
                let (mut got, mut want) = ([0x55u8; 16], [0x55u8; 16]);
                let out = Operand { data: want.as_mut_ptr(), dtype, itemsize: dtype.size(), strides: &[0] };
                let what = Reduction::new(folding, dtype);
                // SAFETY: the elements, and room for one.
                unsafe {
                    if reduce_packed(folding, dtype, n, packed.data, got.as_mut_ptr()) {
                        reduce(&what, &[n as i64], AxisSet(1), packed, out).expect("is done as well");
                    }
                }
                assert_eq!(got, want, "{folding:?} of {n} {}", dtype.name());
            }
        }
    });
}

#[test]
fn lines_are_reduced_as_others_are() {
    let mut random = Random::new(31);
    let mut taken = 0;
    at_every_level(|| {
        for case in 0..900 {
            let (dtype, axis) = (DType::ALL[case % 15], random.below(2));
            let shape = [2, 2].map(|n| n + random.below(40) as i64);
            let item = dtype.size();
            let broadcast = random.below(4) == 0;
            let input = Strided::random(&mut random, dtype, &shape, broadcast);
            let (along, lines) = (shape[axis] as usize, shape[1 - axis] as usize);
            let step = |axis: usize| input.strides[axis] as isize;
            let out_strides = if axis == 0 { [0, item] } else { [item, 0] };
            let reduced = AxisSet(1 << axis);
            for folding in [Folding::Sum, Folding::Prod, Folding::Min, Folding::Max, Folding::Count] {
                let (mut got, mut want) = ([0x55u8; 16 * 44], [0x55u8; 16 * 44]);
                let out = Operand { data: want.as_mut_ptr(), dtype, itemsize: item, strides: &out_strides };
                let (along, lines) = ((along, step(axis)), (lines, step(1 - axis)));
                let (src, to) = (input.operand().data, got.as_mut_ptr());
                // SAFETY: the elements, and room for more results.
                unsafe {
                    if reduce_lines(folding, dtype, along, lines, src, to) {
                        taken += 1;
                        reduce(&Reduction::new(folding, dtype), &shape, reduced, input.operand(), out)
                            .expect("is done as well");
                    }
                }
                assert_eq!(got, want, "{folding:?} of {shape:?} over {axis} {}", dtype.name());
            }
        }
    });
    assert!(taken > 500, "{taken}");
}

/// The results of rows of `n` elements, `apart` elements from one to the next, as bytes.
fn rows_of(folding: Folding, dtype: DType, bytes: &[u8], (rows, n): (usize, usize), apart: i64) -> Vec<u8> {
    let (item, size) = (dtype.size(), if folding == Folding::Count { 8 } else { dtype.size() });
    let mut out = vec![0u8; rows * size as usize];
    let (strides, to) = ([apart * item, item], [size, 0]);
    let input = Operand { data: bytes.as_ptr().cast_mut(), dtype, itemsize: item, strides: &strides };
    let result = if folding == Folding::Count { DType::I64 } else { dtype };
    let out_operand = Operand { data: out.as_mut_ptr(), dtype: result, itemsize: size, strides: &to };
    // SAFETY: rows of elements, and one result for each.
    unsafe {
        reduce(&Reduction::new(folding, dtype), &[rows as i64, n as i64], AxisSet(2), input, out_operand)
    }
    .expect("runs");
    out
}

#[test]
fn rows_have_the_same_bits_at_every_level() {
    let mut random = Random::new(37);
    let mut bytes = vec![0u8; 8 * 20 * 1100];
    let mut first: Vec<Vec<u8>> = Vec::new();
    let mut level = 0;
    for x in bytes.chunks_exact_mut(8) {
        // Numbers of all sizes, as pairs of f32 or as f64, and zeros of both signs.
        let (x, f): (_, fn(u64) -> f32) = (x, |r| match r % 5 {
            0 => 0.0,
            1 => -0.0,
            _ => (r >> 40) as f32 * 1e-3 - 8e3,
        });
        x[..4].copy_from_slice(&f(random.next()).to_le_bytes());
        x[4..].copy_from_slice(&f(random.next()).to_le_bytes());
    }
    at_every_level(|| {
        let mut all = Vec::new();
        for n in (1..140).chain([144, 200, 255, 256, 257, 500, 512, 513, 1000, 1024, 1025]) {
            for (rows, apart) in [(1, n as i64), (19, n as i64), (17, n as i64 + 3)] {
                for folding in [Folding::Sum, Folding::Min, Folding::Max] {
                    for dtype in [DType::F32, DType::F64] {
                        all.push(rows_of(folding, dtype, &bytes, (rows, n), apart));
                    }
                }
                all.push(rows_of(Folding::Min, DType::I16, &bytes, (rows, n), apart));
                all.push(rows_of(Folding::Count, DType::U8, &bytes, (rows, n), apart));
            }
        }
        level += 1;
        if level == 1 {
            first = all;
        } else {
            assert!(first == all, "{:?}", Level::current());
        }
    });
}
