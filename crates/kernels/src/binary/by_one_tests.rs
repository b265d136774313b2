//! Operations with one number for a row, held against one element at a time.

use libstrided_layout::DType;

use super::binary;
use super::tests::one;
use crate::Operand;
use crate::op::BinaryOp;
use crate::test_support::{Random, at_every_level};

const OPS: [BinaryOp; 3] = [BinaryOp::FloorDivide, BinaryOp::Remainder, BinaryOp::Power];

const INTEGERS: [DType; 8] =
    [DType::I8, DType::I16, DType::I32, DType::I64, DType::U8, DType::U16, DType::U32, DType::U64];

/// Rows of every length up to some chunks, each with a number of its own, or all with one; also where they are.
#[test]
fn rows_with_one_number() {
    let mut random = Random::new(71);
    at_every_level(|| {
        for op in OPS {
            for dtype in INTEGERS {
                for n in (1..40).chain([63, 64, 65, 130, 200]) {
                    check(&mut random, op, dtype, n);
                }
            }
        }
    });
}

/// A number, often one next to a power of 2, 0, or the smallest or the largest.
fn number(random: &mut Random, item: usize) -> Vec<u8> {
    let near = (1i64 << random.below(64)).wrapping_add(random.below(5) as i64 - 2);
    let all = random.next() << 32 ^ random.next();
    let number = [near, near.wrapping_neg(), all as i64, i64::MIN >> (64 - 8 * item)][random.below(4)];
    number.to_le_bytes()[..item].to_vec()
}

fn check(random: &mut Random, op: BinaryOp, dtype: DType, n: usize) {
    let item = dtype.size() as usize;
    let rows = 3;
    let (same, in_place) = (random.below(2) == 0, random.below(2) == 0);
    let a: Vec<u8> = (0..rows * n).flat_map(|_| number(random, item)).collect();
    let by: Vec<u8> = (0..rows).flat_map(|_| number(random, item)).collect();
    let mut out = if in_place { a.clone() } else { vec![0; a.len()] };
    let along = [(n * item) as i64, item as i64];
    let down = [if same { 0 } else { item as i64 }, 0];
    let operand =
        |data: *const u8, strides| Operand { data: data.cast_mut(), dtype, itemsize: item as i64, strides };
    let z = operand(out.as_mut_ptr(), &along);
    let x = if in_place { z } else { operand(a.as_ptr(), &along) };
    // SAFETY: all have these elements; the output is the first input, or apart from it.
    unsafe { binary(op, dtype, &[rows as i64, n as i64], x, operand(by.as_ptr(), &down), z) }.expect("runs");
    for (i, (x, got)) in a.chunks(item).zip(out.chunks(item)).enumerate() {
        let row = if same { 0 } else { i / n };
        let y = &by[row * item..][..item];
        assert_eq!(got, one(op, dtype, x, y), "{op:?} {dtype:?} {n}: {x:?} by {y:?}");
    }
}
