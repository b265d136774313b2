//! The ways of the driver, held against each other: streamed or not, under a mask or not, beside pages that can not be
//! touched or not. That the values are right is held against a naive loop where the operations are.

use libstrided_layout::DType;

use crate::cache::pretend;
use crate::copy::tests::guard::{Area, Flush};
use crate::op::{BinaryOp, UnaryOp};
use crate::test_support::{Random, Strided, at_every_level, indices};
use crate::{
    Block, Operand, TernaryOp, binary, binary_block, binary_where, clip, fma, select, ternary_block, unary,
    unary_block, unary_where,
};

/// A shape that has what tiles are made of: long and short axes, narrow inner ones.
fn shape(random: &mut Random) -> Vec<i64> {
    let mut draw = |most: usize| 1 + random.below(most) as i64;
    match draw(6) {
        1 => vec![draw(9000), draw(16)],
        2 => vec![draw(90), draw(300)],
        3 => vec![draw(4), draw(60), draw(90)],
        4 => vec![draw(20000)],
        5 => vec![draw(300), draw(4), draw(4)],
        _ => random.shape(20000),
    }
}

/// Runs one of several operations; all dtypes that there are come by.
fn any(case: usize, shape: &[i64], x: [Operand<'_>; 3], out: Operand<'_>) -> bool {
    let [a, b, mask] = x;
    // SAFETY: the tests pass operands of this shape that overlap nothing.
    let done = unsafe {
        match case % 4 {
            0 => select(a.dtype, shape, mask, a, b, out),
            1 => unary(UnaryOp::LogicalNot, DType::Bool, shape, a, out),
            n => {
                let op = if n == 2 { BinaryOp::Add } else { BinaryOp::Less };
                let Ok((compute, _)) = op.dtypes(a.dtype, b.dtype) else { return false };
                binary(op, compute, shape, a, b, out)
            }
        }
    };
    done.is_ok()
}

/// Random inputs of one dtype or of two, a mask, an output.
fn operands(random: &mut Random, case: usize, shape: &[i64]) -> ([Strided; 3], Strided) {
    let one = DType::ALL[random.below(15)];
    let mut dtypes = [one; 3];
    if random.below(2) == 0 {
        dtypes.fill_with(|| DType::ALL[random.below(15)]);
    }
    if case % 4 == 3 && random.below(2) == 0 {
        dtypes[2] = DType::Bool;
    }
    let a = Strided::random(random, dtypes[0], shape, true);
    let b = Strided::random(random, dtypes[1], shape, true);
    ([a, b, mask(random, shape)], Strided::random(random, dtypes[2], shape, false))
}

/// A case whose output is taken for a large one, as caches of this size hold little, against the same one as it is.
fn streamed_is_the_same(random: &mut Random, case: usize, shape: &[i64], caches: usize) {
    let (inputs, mut out) = operands(random, case, shape);
    let mut want = out.clone();
    let x = inputs.each_ref().map(|input| input.operand());
    let ran = any(case, shape, x, want.operand_mut());
    let small = pretend(caches);
    assert_eq!(any(case, shape, x, out.operand_mut()), ran);
    drop(small);
    let place = (case, shape, inputs.each_ref().map(|i| i.strides.clone()), &out.strides);
    assert!(out.bytes == want.bytes, "{place:?}");
}

#[test]
fn streamed_outputs_are_the_same() {
    let mut random = Random::new(43);
    at_every_level(|| {
        for case in 0..400 {
            let shape = shape(&mut random);
            streamed_is_the_same(&mut random, case, &shape, 1);
        }
    });
}

#[test]
fn long_rows_by_turns_are_the_same() {
    let mut random = Random::new(47);
    at_every_level(|| {
        for case in 0..60 {
            // Caches that hold a row that is there once for all rows, and not all of an array.
            let shape = [5 + random.below(9) as i64, 2100 + random.below(900) as i64];
            streamed_is_the_same(&mut random, case, &shape, 50_000);
        }
        // One row alone, of whole parts and what is left.
        for case in 0..40 {
            let shape = [20_000 + random.below(30_000) as i64];
            streamed_is_the_same(&mut random, case, &shape, 10_000);
        }
    });
}

#[test]
fn mixed_orders_by_blocks_and_strips() {
    // More rows than a block has, rows of less and of more than a strip, ends of all kinds.
    let mut random = Random::new(45);
    at_every_level(|| {
        for case in 0..24 {
            let (long, short) = (1000 + random.below(60) as i64, 32 + random.below(40) as i64);
            let shape = [[long, short], [short, long], [150, 150]][random.below(3)];
            streamed_is_the_same(&mut random, case, &shape, 1);
        }
    });
}

/// C order, and F order forwards and backwards, against a loop, at every place of the rows in their lines.
#[test]
fn a_transposed_operand_at_every_phase() {
    let (n, m) = (90usize, 70usize);
    let src: Vec<u16> = (0..n * m).map(|i| (i * 7 + i / 11) as u16).collect();
    at_every_level(|| {
        for phase in 0..32 {
            let pitch = m + [0, 1, 5, 32][phase % 4];
            let mut out = vec![0xa5a5u16; phase + n * pitch + 32];
            let backwards = phase % 3 == 0;
            let (c, f, strides) = ([2 * m as i64, 2], [2, 2 * n as i64], [2 * pitch as i64, 2]);
            let f = if backwards { [-f[0], f[1]] } else { f };
            let first = if backwards { n - 1 } else { 0 };
            let at = |data: *const u16, strides| Operand {
                data: data.cast_mut().cast(),
                dtype: DType::U16,
                itemsize: 2,
                strides,
            };
            let (x, y) = (at(src.as_ptr(), &c[..]), at(src.as_ptr().wrapping_add(first), &f[..]));
            let small = if phase % 2 == 0 { Some(pretend(1)) } else { None };
            // SAFETY: the source has `n * m` elements and the output `n` rows, from `phase` on.
            unsafe {
                let to = at(out.as_mut_ptr().add(phase), &strides[..]);
                binary(BinaryOp::Add, DType::U16, &[n as i64, m as i64], x, y, to).expect("runs");
            }
            drop(small);
            let mut want = vec![0xa5a5u16; out.len()];
            for i in 0..n {
                for j in 0..m {
                    let row = if backwards { n - 1 - i } else { i };
                    want[phase + i * pitch + j] = src[i * m + j].wrapping_add(src[row + j * n]);
                }
            }
            assert!(out == want, "{phase} {pitch}");
        }
    });
}

/// `where` of inputs that all run down the rows, one of them the same element for a whole column or for a whole row, against
/// a loop, at every place of the rows in their lines.
#[test]
fn inputs_that_all_run_down_the_rows() {
    let (n, m) = (75usize, 83usize);
    let src: Vec<u32> = (0..n * m).map(|i| (i * 7 + i / 11) as u32).collect();
    let mask: Vec<u8> = (0..n * m).map(|i| (i % 7 < 3) as u8).collect();
    let strides = |item: usize, kind: usize| match kind {
        0 => [0, item as i64],
        1 => [item as i64, 0],
        2 => [item as i64, (item * n) as i64],
        _ => [(item * m) as i64, item as i64],
    };
    at_every_level(|| {
        for case in 0..64 {
            let (phase, kinds) = (case % 16, [case / 16, 2 + usize::from(case % 5 == 0)]);
            let pitch = m + [0, 1, 5, 16][case % 4];
            let mut out = vec![0xa5a5_a5a5u32; phase + n * pitch + 16];
            let at = |data: *const u32, strides| Operand {
                data: data.cast_mut().cast(),
                dtype: DType::U32,
                itemsize: 4,
                strides,
            };
            let of = kinds.map(|kind| strides(4, kind));
            let of_mask = strides(1, 2);
            let to = [4 * pitch as i64, 4];
            let small = if case % 2 == 0 { Some(pretend(1)) } else { None };
            // SAFETY: the sources have `n * m` elements and the output `n` rows, from `phase` on.
            unsafe {
                let mask = Operand {
                    data: mask.as_ptr().cast_mut(),
                    dtype: DType::Bool,
                    itemsize: 1,
                    strides: &of_mask,
                };
                let (x, y) = (at(src.as_ptr(), &of[0][..]), at(src.as_ptr(), &of[1][..]));
                let to = at(out.as_mut_ptr().add(phase), &to[..]);
                select(DType::U32, &[n as i64, m as i64], mask, x, y, to).expect("runs");
            }
            drop(small);
            let mut want = vec![0xa5a5_a5a5u32; out.len()];
            for i in 0..n {
                for j in 0..m {
                    let index = |kind: usize| {
                        let [down, along] = strides(1, kind);
                        i * down as usize + j * along as usize
                    };
                    let from = kinds[usize::from(mask[i + j * n] == 0)];
                    want[phase + i * pitch + j] = src[index(from)];
                }
            }
            assert!(out == want, "{case}");
        }
    });
}

/// A copy of an array that begins or ends beside a page that can not be touched.
struct Guarded<'a> {
    area: Area,
    /// Where element `[0, 0, ...]` lies in the area, and the bytes of the array before and after it.
    at: usize,
    before: usize,
    bytes: usize,
    array: &'a Strided,
}

impl<'a> Guarded<'a> {
    fn new(random: &mut Random, array: &'a Strided, shape: &[i64]) -> Guarded<'a> {
        let operand = array.operand();
        let reach = |sign: i64| -> i64 {
            shape.iter().zip(&array.strides).map(|(n, s)| ((n - 1).max(0) * s * sign).max(0)).sum()
        };
        let (before, bytes) = (reach(-1) as usize, (reach(-1) + reach(1) + operand.itemsize) as usize);
        let mut area = Area::new(bytes);
        let flush = [Flush::Start, Flush::End][random.below(2)];
        let low = area.place(bytes, flush, 0);
        let origin = operand.data.addr() - array.bytes.as_ptr().addr();
        area.bytes_mut()[low..low + bytes].copy_from_slice(&array.bytes[origin - before..][..bytes]);
        Guarded { area, at: low + before, before, bytes, array }
    }

    fn operand(&self) -> Operand<'_> {
        Operand { data: self.area.base().wrapping_add(self.at), ..self.array.operand() }
    }

    fn contents(&mut self) -> Vec<u8> {
        let low = self.at - self.before;
        let bytes = self.bytes;
        self.area.bytes_mut()[low..low + bytes].to_vec()
    }
}

#[test]
fn nothing_beside_the_elements_is_touched() {
    let mut random = Random::new(44);
    at_every_level(|| {
        for case in 0..200 {
            let shape = shape(&mut random);
            if shape.contains(&0) {
                continue;
            }
            let (inputs, out) = operands(&mut random, case, &shape);
            let guarded = inputs.each_ref().map(|input| Guarded::new(&mut random, input, &shape));
            let mut target = Guarded::new(&mut random, &out, &shape);
            let mut want = out.clone();
            let small = if random.below(2) == 0 { Some(pretend(1)) } else { None };
            let ran = any(case, &shape, guarded.each_ref().map(|g| g.operand()), target.operand());
            drop(small);
            let x = inputs.each_ref().map(|input| input.operand());
            assert_eq!(any(case, &shape, x, want.operand_mut()), ran);
            let low = want.operand().data.addr() - want.bytes.as_ptr().addr() - target.before;
            let bytes = target.bytes;
            assert!(target.contents() == want.bytes[low..low + bytes], "{case} {shape:?}");
        }
    });
}

/// Rows of any dtypes, some of them apart, of which an input may be the same row or element throughout, as a block and as operands.
#[test]
fn blocks_are_operands_of_two_axes() {
    let mut random = Random::new(46);
    at_every_level(|| {
        for case in 0..900 {
            let op = BinaryOp::TABLE[case % BinaryOp::TABLE.len()].op;
            let (rows, n) = (1 + random.below(5), [1 + random.below(20), 1 + random.below(700)][case % 2]);
            let mut dtypes = [DType::Bool; 3].map(|_| DType::ALL[random.below(15)]);
            if random.below(3) == 0 {
                dtypes[1] = dtypes[0];
            }
            let Ok((compute, _)) = op.dtypes(dtypes[0], dtypes[1]) else { continue };
            // Elements between one row and the next.
            let between = dtypes.map(|_| [0, 0, 1 + random.below(9)][random.below(3)]);
            let size = |k: usize| dtypes[k].size() as usize;
            let mut memory: [Vec<u8>; 3] = core::array::from_fn(|k| {
                let mut bytes = vec![0; rows * (n + between[k]) * size(k)];
                random.fill(dtypes[k], &mut bytes);
                bytes
            });
            let mut block = Block {
                rows,
                n,
                data: memory.each_mut().map(|bytes| bytes.as_mut_ptr()),
                strides: core::array::from_fn(|k| ((n + between[k]) * size(k)) as isize),
                single: [false; 3],
            };
            if random.below(4) == 0 {
                // The last row is the first one.
                for k in 0..3 {
                    block.data[k] = block.data[k].wrapping_offset(block.strides[k] * (rows as isize - 1));
                    block.strides[k] = -block.strides[k];
                }
            }
            let same = random.below(6);
            if same < 2 {
                // One row for all, one element for all, one element per row.
                let along = dtypes[same].size() as isize;
                let step = [0, 0, along, block.strides[same]][random.below(4)];
                (block.strides[same], block.single[same]) = (step, step != 0 || random.below(2) == 0);
                if step == along {
                    block.data[same] = memory[same].as_mut_ptr();
                }
            }
            let strides: Vec<[i64; 2]> = (0..3)
                .map(|k| [block.strides[k] as i64, if block.single[k] { 0 } else { dtypes[k].size() }])
                .collect();
            let mut want = memory[2].clone();
            let first = block.data[2].addr() - memory[2].as_ptr().addr();
            let at = |k: usize, data: *mut u8| {
                let dtype = dtypes[k];
                Operand { data, dtype, itemsize: dtype.size(), strides: &strides[k] }
            };
            let (a, b, to) =
                (at(0, block.data[0]), at(1, block.data[1]), at(2, want.as_mut_ptr().wrapping_add(first)));
            // SAFETY: as many elements, in memory of their own.
            let [ran, also] = unsafe {
                let ran = binary(op, compute, &[rows as i64, n as i64], a, b, to).is_ok();
                [ran, binary_block(op, compute, dtypes, &block)]
            };
            assert_eq!(ran, also, "{op:?} {dtypes:?}");
            assert!(memory[2] == want, "{op:?} {dtypes:?} {rows} {n} {same}");
        }
    });
}

#[test]
fn blocks_of_three_inputs() {
    let mut random = Random::new(48);
    at_every_level(|| {
        for case in 0..600 {
            let op = [TernaryOp::Select, TernaryOp::Clip, TernaryOp::Fma][case % 3];
            let (rows, n) = (1 + random.below(4), [1 + random.below(20), 1 + random.below(600)][case % 2]);
            let one = DType::ALL[random.below(15)];
            let other = DType::ALL[random.below(15)];
            let dtypes = [[one; 4], [other, one, one, other]][random.below(2)];
            // Elements between one row and the next.
            let between = dtypes.map(|_| [0, 0, 1 + random.below(9)][random.below(3)]);
            let size = |k: usize| dtypes[k].size() as usize;
            let mut memory: [Vec<u8>; 4] = core::array::from_fn(|k| {
                let mut bytes = vec![0; rows * (n + between[k]) * size(k)];
                random.fill(dtypes[k], &mut bytes);
                bytes
            });
            let mut block = Block {
                rows,
                n,
                data: memory.each_mut().map(|bytes| bytes.as_mut_ptr()),
                strides: core::array::from_fn(|k| ((n + between[k]) * size(k)) as isize),
                single: [false; 4],
            };
            if random.below(4) == 0 {
                // The last row is the first one.
                for k in 0..4 {
                    block.data[k] = block.data[k].wrapping_offset(block.strides[k] * (rows as isize - 1));
                    block.strides[k] = -block.strides[k];
                }
            }
            let same = random.below(6);
            if same < 3 {
                // One row for all, one element for all, one element per row.
                let along = dtypes[same].size() as isize;
                let step = [0, 0, along, block.strides[same]][random.below(4)];
                (block.strides[same], block.single[same]) = (step, step != 0 || random.below(2) == 0);
                if step == along {
                    block.data[same] = memory[same].as_mut_ptr();
                }
            }
            let strides: Vec<[i64; 2]> = (0..4)
                .map(|k| [block.strides[k] as i64, if block.single[k] { 0 } else { dtypes[k].size() }])
                .collect();
            let mut want = memory[3].clone();
            let first = block.data[3].addr() - memory[3].as_ptr().addr();
            let at = |k: usize, data: *mut u8| {
                let dtype = dtypes[k];
                Operand { data, dtype, itemsize: dtype.size(), strides: &strides[k] }
            };
            let [a, b, c] = [0, 1, 2].map(|k| at(k, block.data[k]));
            let (shape, out) = ([rows as i64, n as i64], at(3, want.as_mut_ptr().wrapping_add(first)));
            // SAFETY: as many elements, in memory of their own.
            let [ran, also] = unsafe {
                let ran = match op {
                    TernaryOp::Select => select(one, &shape, a, b, c, out),
                    TernaryOp::Clip => clip(one, &shape, a, b, c, out),
                    TernaryOp::Fma => fma(one, &shape, a, b, c, out),
                };
                [ran.is_ok(), ternary_block(op, one, dtypes, &block)]
            };
            assert_eq!(ran, also, "{op:?} {dtypes:?}");
            assert!(memory[3] == want, "{op:?} {dtypes:?} {rows} {n} {same}");
        }
    });
}

#[test]
fn blocks_in_place_and_of_one_input() {
    let mut random = Random::new(47);
    at_every_level(|| {
        for n in [1usize, 7, 300, 900] {
            // Of another dtype but the same size: the output is the input.
            let values: Vec<i64> = (0..n).map(|_| random.next() as i64 >> 20).collect();
            let mut data = values.clone();
            let at = data.as_mut_ptr().cast::<u8>();
            let one = Block { rows: 1, n, data: [at; 2], strides: [0; 2], single: [false; 2] };
            // SAFETY: `n` elements, each of which is read before it is written.
            assert!(unsafe { unary_block(UnaryOp::Negative, DType::F64, [DType::I64, DType::F64], &one) });
            let got: Vec<f64> = data.iter().map(|&x| f64::from_bits(x as u64)).collect();
            let want: Vec<f64> = values.iter().map(|&x| -(x as f64)).collect();
            assert_eq!(got, want);
        }
    });
    let mut none = [0u64; 2];
    let at = none.as_mut_ptr().cast::<u8>();
    let one = Block { rows: 1, n: 1, data: [at; 2], strides: [0; 2], single: [false; 2] };
    // SAFETY: nothing is done.
    assert!(!unsafe { unary_block(UnaryOp::Sqrt, DType::F64, [DType::F64, DType::Opaque], &one) });
}

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
