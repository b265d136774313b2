//! More results than the caches hold, against the same a few at a time.

use libstrided_layout::{AxisSet, DType};

use super::super::past;
use crate::test_support::{Random, at_every_level};
use crate::{Finish, Folding, Operand, Reduction, reduce};

/// Results of one kind, and bytes that are none of them around them.
const AROUND: usize = 128;

#[test]
fn runs_come_in_pieces_that_make_up_the_whole() {
    let src: Vec<u8> = (0..40_000u32).map(|i| (i * 7 % 251) as u8).collect();
    at_every_level(|| {
        for size in [1, 2, 4, 8, 16] {
            for count in [0, 1, 2, 7, 31, 64, 500, 1024 / size, 4096 / size, 8191 / size, 20_000 / size] {
                for shift in [0, size, 48, 63 / size * size] {
                    let mut out = vec![0xa5u8; count * size + 2 * AROUND];
                    let at = out.as_ptr().align_offset(64) + shift;
                    let first = out.as_mut_ptr().wrapping_add(at);
                    let results = past::Results { count, src: src.as_ptr(), stride: size, out: first, size };
                    let mut copied = 0;
                    let mut fold = |first: usize, n: usize, to: *mut u8| {
                        copied += n;
                        let from = src.as_ptr().wrapping_add(first * size);
                        // SAFETY: as many bytes of both.
                        unsafe { core::ptr::copy_nonoverlapping(from, to, n * size) };
                    };
                    // SAFETY: there is room for all results.
                    if !unsafe { results.fold(&mut fold) } {
                        assert_eq!(copied, 0);
                        continue;
                    }
                    assert_eq!(copied, count);
                    let end = at + count * size;
                    assert!(out[at..end] == src[..count * size], "{size} {count} {shift}");
                    assert!(
                        out[..at].iter().chain(&out[end..]).all(|&x| x == 0xa5),
                        "{size} {count} {shift}"
                    );
                }
            }
        }
    });
}

/// Folds along an axis of a packed array, into results that begin `shift` bytes into `out`.
fn folded(
    what: &Reduction<'_>,
    shape: [i64; 2],
    axis: usize,
    (dtype, src): (DType, &[u8]),
    out: &mut [u8],
    shift: usize,
) {
    let (item, result) = (dtype.size(), what.folding.accumulator(what.compute));
    let steps = [shape[1] * item, item];
    let mut strides = [0, 0];
    strides[1 - axis] = result.size();
    let input = Operand { data: src.as_ptr().cast_mut(), dtype, itemsize: item, strides: &steps };
    let data = out[shift..].as_mut_ptr();
    let to = Operand { data, dtype: result, itemsize: result.size(), strides: &strides };
    // SAFETY: packed arrays of these shapes.
    unsafe { reduce(what, &shape, AxisSet(1 << axis), input, to).expect("reduces") };
}

/// A small number of a dtype.
fn element(dtype: DType, x: u8) -> Vec<u8> {
    match dtype {
        DType::F64 => f64::from(x).sqrt().to_ne_bytes().to_vec(),
        DType::F32 => f32::from(x).sqrt().to_ne_bytes().to_vec(),
        DType::I32 => i32::from(x).to_ne_bytes().to_vec(),
        _ => vec![x],
    }
}

#[test]
fn many_results_are_those_of_few() {
    // More bytes of results than any machine is believed to have in half of its last cache.
    const BYTES: usize = (24 << 20) + 4096;
    let mut random = Random::new(91);
    let mean = Finish { divisor: Some(3.0), ..Finish::default() };
    let cases = [
        (Folding::Sum, DType::F64, DType::F64, 2, 1, Finish::default()),
        (Folding::Max, DType::F64, DType::F64, 3, 1, Finish::default()),
        (Folding::Sum, DType::F32, DType::F32, 3, 1, mean),
        (Folding::Sum, DType::U8, DType::U64, 3, 1, Finish::default()),
        (Folding::Min, DType::I32, DType::I32, 20, 1, Finish::default()),
        (Folding::Sum, DType::F64, DType::F64, 3, 0, Finish::default()),
    ];
    for (folding, dtype, compute, short, axis, finish) in cases {
        let what = Reduction { finish, ..Reduction::new(folding, compute) };
        let size = folding.accumulator(compute).size() as usize;
        // Less than a line is left over.
        let n = BYTES / size + 3;
        let item = dtype.size() as usize;
        let src: Vec<u8> = (0..n * short).flat_map(|_| element(dtype, random.below(200) as u8)).collect();
        for shift in [0, 16] {
            let mut many = vec![0u8; n * size + 64];
            let begin = many.as_ptr().align_offset(64) + shift;
            let shape =
                |n: usize| if axis == 1 { [n as i64, short as i64] } else { [short as i64, n as i64] };
            folded(&what, shape(n), axis, (dtype, &src), &mut many, begin);
            for first in (0..n).step_by(n / 5).chain([n - 4]) {
                let count = 300.min(n - first);
                let part: Vec<u8> = if axis == 1 {
                    src[first * short * item..][..count * short * item].to_vec()
                } else {
                    (0..short).flat_map(|k| src[(k * n + first) * item..][..count * item].to_vec()).collect()
                };
                let mut few = vec![0u8; count * size];
                folded(&what, shape(count), axis, (dtype, &part), &mut few, 0);
                let same = many[begin + first * size..][..count * size] == few[..];
                assert!(same, "{folding:?} {dtype:?} rows of {short}, axis {axis}, {first} at {shift}");
            }
        }
    }
}
