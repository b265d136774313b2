//! Operands of different orders, past the caches: the same bits as inside them, and none beside.

use libstrided_layout::DType;

use crate::cache::pretend;
use crate::cpu::{self, Make};
use crate::op::BinaryOp;
use crate::test_support::{Random, at_every_level};
use crate::{Operand, binary, ternary};

/// How an operand lies in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    C,
    F,
    /// F, from the last row to the first.
    Upwards,
    /// C, from the last element of a row to the first.
    Backwards,
    /// A row for all, a column for all.
    Row,
    Column,
}

/// An array of some planes of rows.
struct Array {
    memory: Vec<u8>,
    dtype: DType,
    first: usize,
    strides: [i64; 3],
}

impl Array {
    /// With a gap of some bytes behind each row or column, and `begin` bytes in front of it.
    fn new(
        random: &mut Random,
        dtype: DType,
        [planes, rows, columns]: [i64; 3],
        order: Order,
        (begin, gap): (usize, i64),
    ) -> Array {
        let item = dtype.size();
        let (across, down) = (columns * item + gap, rows * item + gap);
        let (strides, first) = match order {
            Order::C => ([across * rows, across, item], 0),
            Order::F => ([down * columns, item, down], 0),
            Order::Upwards => ([down * columns, -item, down], (rows - 1) * item),
            Order::Backwards => ([across * rows, across, -item], (columns - 1) * item),
            Order::Row => ([0, 0, item], 0),
            Order::Column => ([0, item, 0], 0),
        };
        let bytes = (planes * (across * rows).max(down * columns)) as usize + begin + 64;
        let mut memory = vec![0; bytes + 64];
        random.fill(dtype, &mut memory);
        // Arrays begin where they are said to, wherever the memory does.
        let line = memory.as_ptr().addr().wrapping_neg() % 64;
        Array { memory, dtype, first: line + begin + first as usize, strides }
    }

    fn operand(&mut self) -> Operand<'_> {
        let data = self.memory.as_mut_ptr().wrapping_add(self.first);
        Operand { data, dtype: self.dtype, itemsize: self.dtype.size(), strides: &self.strides }
    }
}

/// Extents of some planes, of odd sizes, and now and then with few or many columns.
fn shape(random: &mut Random) -> [i64; 3] {
    let planes = 1 + random.below(2) as i64;
    let mut side = || {
        let most = [60, 200, 400][random.below(3)];
        (40 + random.below(most)) as i64
    };
    [planes, side(), side()]
}

/// Where the output begins, and the gap behind its rows: mostly at elements.
fn place(random: &mut Random, dtype: DType) -> (usize, i64) {
    let item = dtype.size() as usize;
    let begin = if random.below(8) == 0 { random.below(64) } else { random.below(64 / item) * item };
    let gap = [0, 1, 5, 64 / item][random.below(4)] * item;
    (begin, if random.below(8) == 0 { 3 } else { gap as i64 })
}

fn orders<const N: usize>(random: &mut Random) -> [Order; N] {
    let all = [Order::C, Order::F, Order::F, Order::Upwards, Order::Backwards, Order::Row, Order::Column];
    let mut orders = core::array::from_fn(|_| all[random.below(all.len())]);
    if !orders.contains(&Order::F) {
        orders[random.below(N)] = Order::F;
    }
    orders
}

/// Runs an operation inside the caches and past them.
fn check(
    random: &mut Random,
    out: DType,
    shape: [i64; 3],
    what: &str,
    mut run: impl FnMut(&[i64], Operand<'_>),
) {
    let place = place(random, out);
    let mut want = Array::new(random, out, shape, Order::C, place);
    let before = want.memory.clone();
    let start = want.memory.as_ptr().addr() % 64;
    run(&shape, want.operand());
    // The same place in a line, in memory of its own.
    let mut memory = vec![0; before.len() + 64];
    let shift = start.wrapping_sub(memory.as_ptr().addr()) % 64;
    memory[shift..][..before.len()].copy_from_slice(&before);
    let mut got = Array { memory, first: want.first + shift, ..want };
    let small = pretend(1);
    run(&shape, got.operand());
    drop(small);
    let got = &got.memory[shift..][..before.len()];
    let different = got.iter().zip(&want.memory).position(|(x, y)| x != y);
    assert_eq!(different, None, "{what} {shape:?} {place:?}");
}

#[test]
fn two_arrays_of_different_orders() {
    let mut random = Random::new(63);
    let _make = cpu::pretend(Make::Intel);
    let dtypes =
        [DType::F64, DType::F32, DType::U8, DType::I16, DType::I32, DType::C128, DType::U8, DType::F64];
    at_every_level(|| {
        for case in 0..120 {
            let dtype = dtypes[case % dtypes.len()];
            let other = if random.below(3) == 0 { dtypes[random.below(5)] } else { dtype };
            let op =
                [BinaryOp::Maximum, BinaryOp::Add, BinaryOp::BitwiseXor, BinaryOp::Less][random.below(4)];
            let Ok((compute, result)) = op.dtypes(dtype, other) else { continue };
            let shape = shape(&mut random);
            let [x, y] = orders(&mut random);
            let (begin, gap) = (random.below(64), random.below(3) as i64 * 32);
            let mut a = Array::new(&mut random, dtype, shape, x, (begin, gap));
            let mut b = Array::new(&mut random, other, shape, y, (begin & 56, 8));
            // NaN may have any bits.
            a.memory.iter_mut().chain(&mut b.memory).for_each(|byte| *byte &= 0x3f);
            let what = format!("{op:?} {dtype:?} {x:?} {other:?} {y:?}");
            check(&mut random, result, shape, &what, |shape, out| {
                // SAFETY: each operand lies in memory of its own.
                unsafe { binary(op, compute, shape, a.operand(), b.operand(), out) }.expect("runs");
            });
        }
    });
}

#[test]
fn choices_between_arrays_of_different_orders() {
    let mut random = Random::new(64);
    let _make = cpu::pretend(Make::Intel);
    let dtypes = [DType::F64, DType::F32, DType::U8, DType::I16, DType::C128];
    at_every_level(|| {
        for case in 0..60 {
            let dtype = dtypes[case % dtypes.len()];
            let shape = shape(&mut random);
            let [m, x, y] = orders(&mut random);
            let begin = random.below(64);
            let mut mask = Array::new(&mut random, DType::Bool, shape, m, (begin, 3));
            let mut a = Array::new(&mut random, dtype, shape, x, (begin ^ 21, 0));
            let mut b = Array::new(&mut random, dtype, shape, y, (begin & 56, 8));
            let what = format!("{dtype:?} {m:?} {x:?} {y:?}");
            check(&mut random, dtype, shape, &what, |shape, out| {
                let [mask, a, b] = [mask.operand(), a.operand(), b.operand()];
                // SAFETY: each operand lies in memory of its own.
                unsafe { ternary::select(dtype, shape, mask, a, b, out) }.expect("runs");
            });
        }
    });
}
