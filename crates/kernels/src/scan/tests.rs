//! Tests: scans in all dtypes and random layouts against one element at a time.

use libstrided_layout::DType;

use super::*;
use crate::element::{Element, with_type};
use crate::number::{Number, Ordered};
use crate::parallel::tests::where_threads_are_cheap;
use crate::test_support::{Random, Strided, at_every_level, indices};

/// One step from the definition, on elements as bytes.
fn one_step(op: ScanOp, dtype: DType, before: &[u8], x: &[u8]) -> Vec<u8> {
    fn typed<T: Number + Ordered>(op: ScanOp, before: &[u8], x: &[u8]) -> Vec<u8> {
        // SAFETY: the test passes elements of the type.
        let (a, b) = unsafe {
            (before.as_ptr().cast::<T>().read_unaligned(), x.as_ptr().cast::<T>().read_unaligned())
        };
        let r = match op {
            ScanOp::Sum => a.add(b),
            ScanOp::Prod => a.mul(b),
            ScanOp::Min => a.min(b),
            ScanOp::Max => a.max(b),
        };
        // SAFETY: an element is as many bytes.
        unsafe { core::slice::from_raw_parts((&raw const r).cast::<u8>(), size_of::<T>()).to_vec() }
    }
    with_type!(dtype, all, T => typed::<T>(op, before, x), Vec::new())
}

/// Whether two elements are the same, all NaN being so.
fn same(dtype: DType, a: &[u8], b: &[u8]) -> bool {
    fn values<T: Element>(bytes: &[u8]) -> [f64; 2] {
        // SAFETY: the test passes elements of the type.
        let x = unsafe { bytes.as_ptr().cast::<T>().read_unaligned() };
        let c: crate::element::Complex<f64> = x.cast();
        [c.re, c.im]
    }
    let nan = |v: [f64; 2]| v.map(f64::is_nan);
    a == b
        || with_type!(dtype, all, T => {
        let (x, y) = (values::<T>(a), values::<T>(b));
        nan(x).contains(&true) && nan(y).contains(&true)
    }, false)
}

#[test]
fn all_operations_in_random_layouts() {
    let mut random = Random::new(77);
    at_every_level(|| {
        for case in 0..240 {
            let op = ScanOp::TABLE[case % 4].op;
            let from = DType::ALL[random.below(15)];
            let to = if case % 3 == 0 { DType::ALL[random.below(15)] } else { from };
            let mut shape = random.shape(1500);
            if shape.is_empty() {
                shape = vec![7];
            }
            let axis = random.below(shape.len());
            let src = Strided::random(&mut random, from, &shape, true);
            let mut out = Strided::random(&mut random, to, &shape, false);
            let mut want = out.clone();
            let conversion = crate::convert::Conversion::new(from, to).expect("converts");
            for index in indices(&shape) {
                let mut x = vec![0u8; to.size() as usize];
                // SAFETY: one element each.
                unsafe { conversion.run(src.item(&index).as_ptr(), x.as_mut_ptr(), 1) };
                if from == to {
                    x.copy_from_slice(src.item(&index));
                }
                if index[axis] > 0 {
                    let mut before = index.clone();
                    before[axis] -= 1;
                    x = one_step(op, to, want.item(&before), &x);
                }
                want.item_mut(&index).copy_from_slice(&x);
            }
            // With next to no caches, outputs go past them.
            let small = (case % 5 < 3).then(|| crate::cache::pretend(1));
            let mut shared = out.clone();
            // SAFETY: both lie in their own buffers.
            unsafe { scan(op, &shape, axis, src.operand(), out.operand_mut(), 1) }.expect("runs");
            where_threads_are_cheap(|| {
                let threads = 2 + random.below(5);
                // SAFETY: as above.
                unsafe { scan(op, &shape, axis, src.operand(), shared.operand_mut(), threads) }
                    .expect("runs");
            });
            drop(small);
            for index in indices(&shape) {
                let (got, wanted) = (out.item(&index).to_vec(), want.item(&index).to_vec());
                assert!(
                    same(to, &got, &wanted),
                    "{op:?} {from:?} {to:?} {shape:?} axis {axis} at {index:?}: {got:x?} {wanted:x?}"
                );
                // Which of two NaN survives depends on how many elements are done at a time.
                let also = shared.item(&index);
                assert!(same(to, also, &got), "{op:?} {to:?} on several threads: {also:x?} {got:x?}");
                // What lies between the elements is compared below.
                out.item_mut(&index).copy_from_slice(&wanted);
            }
            assert!(out.bytes == want.bytes);
        }
    });
}

#[test]
fn in_place_along_both_axes() {
    for axis in 0..2 {
        let mut data: Vec<f64> = (0..100 * 70).map(|i| (i % 13) as f64 + 0.1).collect();
        let mut want = data.clone();
        for i in 0..100 {
            for j in 0..70 {
                if [i, j][axis] > 0 {
                    want[i * 70 + j] += want[i * 70 + j - [70, 1][axis]];
                }
            }
        }
        let strides = [560, 8];
        let operand =
            Operand { data: data.as_mut_ptr().cast(), dtype: DType::F64, itemsize: 8, strides: &strides };
        where_threads_are_cheap(|| {
            // SAFETY: the array itself is both operands.
            unsafe { scan(ScanOp::Sum, &[100, 70], axis, operand, operand, 3) }.expect("runs");
        });
        assert_eq!(data, want);
    }
}
