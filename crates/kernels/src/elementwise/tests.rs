//! Operations under a mask, held against the same operation without one.

use libstrided_layout::DType;

use crate::op::{BinaryOp, UnaryOp};
use crate::test_support::{Random, Strided, at_every_level, indices};
use crate::{binary, binary_where, unary, unary_where};

/// A mask: random, in runs, all set or none.
fn mask(random: &mut Random, shape: &[i64]) -> Strided {
    let mut mask = Strided::random(random, DType::Bool, shape, true);
    let kind = random.below(4);
    let mut left = 0;
    let mut value = 0;
    for index in indices(shape) {
        if left == 0 {
            left = if kind == 0 { 1 } else { 1 + random.below(700) };
            value = [random.below(3) as u8, random.below(2) as u8, 0, 2][kind];
        }
        left -= 1;
        mask.item_mut(&index)[0] = value;
    }
    mask
}

#[test]
fn binary_under_a_mask() {
    let mut random = Random::new(41);
    at_every_level(|| {
        for case in 0..600 {
            let op = BinaryOp::TABLE[case % BinaryOp::TABLE.len()].op;
            let mixed = random.below(3) == 0;
            let one = DType::ALL[random.below(15)];
            let mut draw = || if mixed { DType::ALL[random.below(15)] } else { one };
            let (x, y) = (draw(), draw());
            let Ok((compute, result)) = op.dtypes(x, y) else { continue };
            let to = if mixed { DType::ALL[random.below(15)] } else { result };
            let shape = random.shape(5000);
            let a = Strided::random(&mut random, x, &shape, true);
            let b = Strided::random(&mut random, y, &shape, true);
            let m = mask(&mut random, &shape);
            let mut out = Strided::random(&mut random, to, &shape, false);
            let mut whole = out.clone();
            let mut want = out.clone();
            let (p, q, s) = (a.operand(), b.operand(), m.operand());
            // SAFETY: all operands have this shape and lie in their own buffers.
            unsafe {
                binary(op, compute, &shape, p, q, whole.operand_mut()).expect("runs");
                binary_where(op, compute, &shape, p, q, s, out.operand_mut()).expect("runs");
            }
            for index in indices(&shape) {
                if m.item(&index)[0] != 0 {
                    want.item_mut(&index).copy_from_slice(whole.item(&index));
                }
            }
            assert!(out.bytes == want.bytes, "{op:?} {x:?} {y:?} {to:?} {shape:?}");
        }
    });
}

#[test]
fn unary_under_a_mask_in_place() {
    let mut random = Random::new(42);
    at_every_level(|| {
        for _ in 0..100 {
            let shape = random.shape(5000);
            let m = mask(&mut random, &shape);
            let mut out = Strided::random(&mut random, DType::F32, &shape, false);
            let before = out.clone();
            let mut whole = out.clone();
            let mut want = out.clone();
            let o = out.operand_mut();
            // SAFETY: all operands have this shape; the output is exactly the input.
            unsafe {
                unary(UnaryOp::Square, DType::F32, &shape, before.operand(), whole.operand_mut())
                    .expect("runs");
                unary_where(UnaryOp::Square, DType::F32, &shape, o, m.operand(), o).expect("runs");
            }
            for index in indices(&shape) {
                if m.item(&index)[0] != 0 {
                    want.item_mut(&index).copy_from_slice(whole.item(&index));
                }
            }
            assert!(out.bytes == want.bytes, "{shape:?}");
        }
    });
}

#[test]
fn elements_that_stay_keep_their_bits() {
    // 0.5 would not survive a way through the integers of the kernel, nor a signalling NaN one through floats.
    let (a, mask) = ([3i32; 40], [0u8; 40]);
    let mut out = [0.5f64; 40];
    out[7] = f64::from_bits(0x7ff0_0000_0000_0001);
    let before = out.map(f64::to_bits);
    let at = |data: *const u8, dtype: DType, strides| crate::Operand {
        data: data.cast_mut(),
        dtype,
        itemsize: dtype.size(),
        strides,
    };
    let (x, m) = (at(a.as_ptr().cast(), DType::I32, &[4]), at(mask.as_ptr(), DType::Bool, &[1]));
    let o = at(out.as_mut_ptr().cast(), DType::F64, &[8]);
    // SAFETY: arrays of as many elements.
    unsafe { binary_where(BinaryOp::Add, DType::I32, &[40], x, x, m, o) }.expect("runs");
    assert_eq!(out.map(f64::to_bits), before);
    // Over strides, where the output comes through scratch.
    let o = at(out.as_mut_ptr().cast(), DType::F64, &[16]);
    // SAFETY: as above, every other element.
    unsafe { binary_where(BinaryOp::Add, DType::I32, &[20], x, x, m, o) }.expect("runs");
    assert_eq!(out.map(f64::to_bits), before);
}
