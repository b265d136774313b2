//! Held against a loop over indices, one element at a time.

use libstrided_layout::{DType, Kind};

use super::binary;
use crate::element::{Bool, Complex, Element, with_type};
use crate::number::Field;
use crate::op::BinaryOp;
use crate::test_support::{Random, Strided, at_every_level, indices};

/// The meaning of an operation on `f64`, integers and complex numbers, as bytes of the compute dtype.
fn one(op: BinaryOp, dtype: DType, a: &[u8], b: &[u8]) -> Vec<u8> {
    fn read<T: Element>(bytes: &[u8]) -> T {
        assert_eq!(bytes.len(), size_of::<T>());
        // SAFETY: the slice holds one element.
        unsafe { (bytes.as_ptr() as *const T).read_unaligned() }
    }
    fn bytes<T: Element>(x: T) -> Vec<u8> {
        // SAFETY: elements have no padding.
        unsafe { core::slice::from_raw_parts((&raw const x).cast::<u8>(), size_of::<T>()) }.to_vec()
    }
    fn field<T: Field>(op: BinaryOp, a: T, b: T) -> Vec<u8> {
        bytes(match op {
            BinaryOp::Divide => a.div(b),
            BinaryOp::Subtract => a.sub(b),
            BinaryOp::Add => a.add(b),
            BinaryOp::Multiply => a.mul(b),
        })
    }
    if dtype == DType::Bool {
        let (a, b) = (read::<Bool>(a).get(), read::<Bool>(b).get());
        return vec![match op {
            BinaryOp::Add => a | b,
            _ => a & b,
        } as u8];
    }
    with_type!(dtype, integer, T => {
        let (a, b) = (read::<T>(a), read::<T>(b));
        bytes(match op {
            BinaryOp::Add => a.wrapping_add(b),
            BinaryOp::Subtract => a.wrapping_sub(b),
            _ => a.wrapping_mul(b),
        })
    }, with_type!(dtype, float, T => field::<T>(op, read(a), read(b)),
       with_type!(dtype, complex, T => field::<T>(op, read(a), read(b)), unreachable!())))
}

fn cast(from: DType, to: DType, x: &[u8]) -> Vec<u8> {
    let mut out = vec![0u8; to.size() as usize];
    let conversion = crate::convert::Conversion::new(from, to).expect("converts");
    // SAFETY: one element each.
    unsafe { conversion.run(x.as_ptr(), out.as_mut_ptr(), 1) };
    out
}

/// NaN has many bit patterns; all else must agree to the bit.
fn same(dtype: DType, a: &[u8], b: &[u8]) -> bool {
    if a == b {
        return true;
    }
    let part = dtype.part();
    if part.kind() != Kind::Float {
        return false;
    }
    let size = part.size() as usize;
    a.chunks(size).zip(b.chunks(size)).all(|(x, y)| {
        let nan = |z: &[u8]| {
            let z = cast(part, DType::F64, z);
            f64::from_le_bytes(z.try_into().expect("eight bytes")).is_nan()
        };
        x == y || nan(x) && nan(y)
    })
}

fn check(random: &mut Random, op: BinaryOp, dtypes: [DType; 3], shape: &[i64]) {
    let Ok((compute, _)) = op.dtypes(dtypes[0], dtypes[1]) else {
        return;
    };
    let a = Strided::random(random, dtypes[0], shape, true);
    let b = Strided::random(random, dtypes[1], shape, true);
    let mut out = Strided::random(random, dtypes[2], shape, false);
    let mut want = out.clone();
    for index in indices(shape) {
        let x = cast(dtypes[0], compute, a.item(&index));
        let y = cast(dtypes[1], compute, b.item(&index));
        want.item_mut(&index).copy_from_slice(&cast(compute, dtypes[2], &one(op, compute, &x, &y)));
    }
    // SAFETY: all operands have this shape and lie in their own buffers.
    unsafe { binary(op, compute, shape, a.operand(), b.operand(), out.operand_mut()) }.expect("runs");
    for index in indices(shape) {
        assert!(
            same(dtypes[2], out.item(&index), want.item(&index)),
            "{op:?} {dtypes:?} {shape:?} {:?} {:?} {:?} at {index:?}: {:?} and not {:?}",
            a.strides,
            b.strides,
            out.strides,
            out.item(&index),
            want.item(&index)
        );
        let done = out.item(&index).to_vec();
        want.item_mut(&index).copy_from_slice(&done);
    }
    assert!(out.bytes == want.bytes, "wrote outside the elements");
}

#[test]
fn every_operation_on_every_dtype_in_random_layouts() {
    let mut random = Random::new(11);
    at_every_level(|| {
        for info in BinaryOp::TABLE {
            for dtype in DType::ALL {
                for _ in 0..12 {
                    let shape = random.shape(3000);
                    check(&mut random, info.op, [dtype; 3], &shape);
                }
            }
        }
    });
}

#[test]
fn mixed_dtypes_in_random_layouts() {
    let mut random = Random::new(12);
    at_every_level(|| {
        for case in 0..600 {
            let mut dtypes = [DType::F64; 3];
            dtypes.fill_with(|| DType::ALL[random.below(15)]);
            let shape = random.shape(3000);
            check(&mut random, BinaryOp::TABLE[case % BinaryOp::TABLE.len()].op, dtypes, &shape);
        }
    });
}

#[test]
fn an_output_may_be_an_input() {
    let mut random = Random::new(13);
    at_every_level(|| {
        for _ in 0..200 {
            let shape = random.shape(3000);
            let a = Strided::random(&mut random, DType::F32, &shape, false);
            let b = Strided::random(&mut random, DType::F32, &shape, true);
            for twice in [false, true] {
                let mut out = a.clone();
                let mut want = a.clone();
                for index in indices(&shape) {
                    let y = if twice { a.item(&index) } else { b.item(&index) };
                    let z = one(BinaryOp::Add, DType::F32, a.item(&index), y);
                    want.item_mut(&index).copy_from_slice(&z);
                }
                let o = out.operand_mut();
                // SAFETY: all operands have this shape; the output is exactly an input.
                unsafe {
                    binary(BinaryOp::Add, DType::F32, &shape, o, if twice { o } else { b.operand() }, o)
                }
                .expect("runs");
                for index in indices(&shape) {
                    assert!(same(DType::F32, out.item(&index), want.item(&index)));
                }
            }
        }
    });
}

#[test]
fn complex_division_neither_overflows_half_way_nor_forgets_zero() {
    let big = Complex { re: 1e300, im: 1e300 };
    let q = big.div(big);
    assert_eq!((q.re, q.im), (1.0, 0.0));
    let zero = Complex { re: 0.0, im: 0.0 };
    assert_eq!(
        Complex { re: 1.0f64, im: -1.0 }.div(zero),
        Complex { re: f64::INFINITY, im: f64::NEG_INFINITY }
    );
}
