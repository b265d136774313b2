//! Operations that write past the caches by themselves: the same bits as elsewhere, and none beside.

use aligned_vec::{AVec, ConstAlign};
use libstrided_layout::{DType, Kind};

use crate::cache::{LINE, pretend};
use crate::op::{BinaryOp, UnaryOp};
use crate::test_support::{Random, at_every_level};
use crate::{Operand, binary, ternary, unary};

/// Bytes of an array of the tests.
const ROOM: usize = 40_000;

/// Rows in memory, `begin` bytes from its start and `stride` bytes apart.
struct Rows<'a> {
    memory: &'a mut [u8],
    dtype: DType,
    begin: usize,
    strides: [i64; 2],
}

impl<'a> Rows<'a> {
    /// Rows of `n` elements with a gap of some elements, or none; and of an input, maybe the same throughout, or one element.
    fn new(random: &mut Random, memory: &'a mut [u8], dtype: DType, n: usize, input: bool) -> Rows<'a> {
        let item = dtype.size() as usize;
        let to_line = (n * item).wrapping_neg() % LINE;
        let gap = [0, random.below(9) * item, to_line, 3][random.below(4)];
        let (begin, gap) = match random.below(6) {
            // Rows that begin with lines, however short they are.
            0 | 1 if !input => (0, to_line),
            2 => (random.below(LINE), gap),
            _ => (random.below(LINE / item) * item, gap),
        };
        let strides = [(n * item + gap) as i64, item as i64];
        let strides = match random.below(6) {
            0 if input => [0, item as i64],
            1 if input => [strides[0], 0],
            _ => strides,
        };
        Rows { memory, dtype, begin, strides }
    }

    fn operand(&mut self) -> Operand<'_> {
        let data = self.memory.as_mut_ptr().wrapping_add(self.begin);
        Operand { data, dtype: self.dtype, itemsize: self.dtype.size(), strides: &self.strides }
    }
}

/// Memory that begins with a line.
type Memory = AVec<u8, ConstAlign<LINE>>;

fn filled(random: &mut Random, dtype: DType) -> Memory {
    let mut memory = Memory::from_iter(LINE, core::iter::repeat_n(0, ROOM));
    random.fill(dtype, &mut memory);
    memory
}

/// Whether all elements are the same, or not a number.
fn assert_same(dtype: DType, got: &[u8], want: &[u8], begin: usize, what: &str) {
    let part = dtype.part();
    let size = part.size() as usize;
    assert!(got[..begin] == want[..begin], "{what}: in front");
    for (i, (x, y)) in got[begin..].chunks(size).zip(want[begin..].chunks(size)).enumerate() {
        let both_nan = || part.kind() == Kind::Float && is_nan(part, x) && is_nan(part, y);
        assert!(x == y || both_nan(), "{what}: {x:?} and not {y:?} in place {i}");
    }
}

fn is_nan(dtype: DType, x: &[u8]) -> bool {
    let mut word = [0; 8];
    word[..x.len()].copy_from_slice(x);
    let bits = u64::from_le_bytes(word);
    let (magnitude, infinity) = match dtype {
        DType::F16 => (bits & 0x7fff, 0x7c00),
        DType::Bf16 => (bits & 0x7fff, 0x7f80),
        DType::F32 => (bits & 0x7fff_ffff, 0x7f80_0000),
        _ => (bits & (u64::MAX >> 1), 0x7ff0_0000_0000_0000),
    };
    magnitude > infinity
}

/// Extents: long rows, a few of them.
fn shape(random: &mut Random, size: i64) -> [i64; 2] {
    let rows = 1 + random.below(3);
    let most = ROOM / 2 / rows / size as usize;
    [rows as i64, (33 + random.below(most - 33)) as i64]
}

#[test]
fn operations_on_one_array() {
    let mut random = Random::new(61);
    at_every_level(|| {
        for info in UnaryOp::TABLE {
            for &dtype in &DType::ALL[..15] {
                let Ok((compute, result)) = info.op.dtypes(dtype) else { continue };
                let shape = shape(&mut random, dtype.size().max(result.size()));
                let mut input = filled(&mut random, dtype);
                let mut input = Rows::new(&mut random, &mut input, dtype, shape[1] as usize, true);
                let before = filled(&mut random, DType::U8);
                let [mut want, mut got] = [before.clone(), before];
                let mut out = Rows::new(&mut random, &mut want, result, shape[1] as usize, false);
                let (begin, strides) = (out.begin, out.strides);
                // SAFETY: each operand lies in memory of its own.
                unsafe { unary(info.op, compute, &shape, input.operand(), out.operand()) }.expect("runs");
                let mut out = Rows { memory: &mut got, dtype: result, begin, strides };
                let small = pretend(1);
                // SAFETY: as above.
                unsafe { unary(info.op, compute, &shape, input.operand(), out.operand()) }.expect("runs");
                drop(small);
                assert_same(result, &got, &want, begin, &format!("{:?} {dtype:?} {shape:?}", info.op));
            }
        }
    });
}

#[test]
fn operations_on_two_arrays() {
    let mut random = Random::new(62);
    at_every_level(|| {
        for info in BinaryOp::TABLE {
            for &dtype in &DType::ALL[..15] {
                let other = if random.below(3) == 0 { DType::ALL[random.below(15)] } else { dtype };
                let Ok((compute, result)) = info.op.dtypes(dtype, other) else { continue };
                let size = dtype.size().max(result.size()).max(other.size());
                let shape = shape(&mut random, size);
                let (mut a, mut b) = (filled(&mut random, dtype), filled(&mut random, other));
                let n = shape[1] as usize;
                let mut a = Rows::new(&mut random, &mut a, dtype, n, true);
                let mut b = Rows::new(&mut random, &mut b, other, n, true);
                let before = filled(&mut random, DType::U8);
                let [mut want, mut got] = [before.clone(), before];
                let mut out = Rows::new(&mut random, &mut want, result, n, false);
                let (begin, strides) = (out.begin, out.strides);
                // SAFETY: each operand lies in memory of its own.
                unsafe { binary(info.op, compute, &shape, a.operand(), b.operand(), out.operand()) }
                    .expect("runs");
                let mut out = Rows { memory: &mut got, dtype: result, begin, strides };
                let small = pretend(1);
                // SAFETY: as above.
                unsafe { binary(info.op, compute, &shape, a.operand(), b.operand(), out.operand()) }
                    .expect("runs");
                drop(small);
                let what = format!("{:?} {dtype:?} {other:?} {shape:?} {begin} {strides:?}", info.op);
                assert_same(result, &got, &want, begin, &what);
            }
        }
    });
}

/// An operation on three arrays.
type OfThree = unsafe fn(
    DType,
    &[i64],
    Operand<'_>,
    Operand<'_>,
    Operand<'_>,
    Operand<'_>,
) -> libstrided_layout::Result<()>;

/// All of them, and whether the first array is a mask.
const OF_THREE: [(OfThree, bool); 3] =
    [(ternary::select, true), (ternary::clip, false), (ternary::fma, false)];

#[test]
fn operations_on_three_arrays() {
    let mut random = Random::new(65);
    at_every_level(|| {
        for (run, is_choice) in OF_THREE {
            for &dtype in &DType::ALL[..15] {
                let first = if is_choice { DType::Bool } else { dtype };
                let shape = shape(&mut random, dtype.size());
                let n = shape[1] as usize;
                let mut memory = [first, dtype, dtype].map(|dtype| filled(&mut random, dtype));
                let [a, b, c] = &mut memory;
                let mut a = Rows::new(&mut random, a, first, n, true);
                let mut b = Rows::new(&mut random, b, dtype, n, true);
                let mut c = Rows::new(&mut random, c, dtype, n, true);
                let before = filled(&mut random, DType::U8);
                let [mut want, mut got] = [before.clone(), before];
                let mut out = Rows::new(&mut random, &mut want, dtype, n, false);
                let (begin, strides) = (out.begin, out.strides);
                // SAFETY: each operand lies in memory of its own.
                let done =
                    unsafe { run(dtype, &shape, a.operand(), b.operand(), c.operand(), out.operand()) };
                if done.is_err() {
                    continue;
                }
                let mut out = Rows { memory: &mut got, dtype, begin, strides };
                let small = pretend(1);
                // SAFETY: as above.
                unsafe { run(dtype, &shape, a.operand(), b.operand(), c.operand(), out.operand()) }
                    .expect("runs");
                drop(small);
                assert_same(dtype, &got, &want, begin, &format!("{dtype:?} {shape:?} {begin} {strides:?}"));
            }
        }
    });
}
