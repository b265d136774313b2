//! Held against a loop over indices, one element at a time.

use libstrided_layout::{DType, Kind};

use super::{clip, fma, select};
use crate::convert::Conversion;
use crate::element::{Bf16, Bool, Element, F16, with_type};
use crate::number::Ordered;
use crate::test_support::{Random, Strided, at_every_level, indices};

fn cast(from: DType, to: DType, x: &[u8]) -> Vec<u8> {
    if from == to {
        return x.to_vec();
    }
    let mut out = vec![0u8; to.size() as usize];
    // SAFETY: one element each.
    unsafe { Conversion::new(from, to).expect("converts").run(x.as_ptr(), out.as_mut_ptr(), 1) };
    out
}

fn read<T: Element>(bytes: &[u8]) -> T {
    assert_eq!(bytes.len(), size_of::<T>());
    // SAFETY: the slice holds one element.
    unsafe { (bytes.as_ptr() as *const T).read_unaligned() }
}

fn bytes<T: Element>(x: T) -> Vec<u8> {
    // SAFETY: elements have no padding.
    unsafe { core::slice::from_raw_parts((&raw const x).cast::<u8>(), size_of::<T>()) }.to_vec()
}

/// NaN has many bit patterns; all else must agree to the bit.
fn same(dtype: DType, a: &[u8], b: &[u8]) -> bool {
    let part = dtype.part();
    let size = part.size() as usize;
    let nan = |z: &[u8]| read::<f64>(&cast(part, DType::F64, z)).is_nan();
    a == b
        || part.kind() == Kind::Float
            && a.chunks(size).zip(b.chunks(size)).all(|(x, y)| x == y || nan(x) && nan(y))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Select,
    Clip,
    Fma,
}

fn one(op: Op, compute: DType, x: [&[u8]; 3]) -> Vec<u8> {
    let [a, b, c] = x;
    match op {
        Op::Select => if a[0] != 0 { b } else { c }.to_vec(),
        Op::Clip => {
            fn clipped<T: Ordered>([a, b, c]: [&[u8]; 3]) -> Vec<u8> {
                bytes(read::<T>(a).max(read::<T>(b)).min(read::<T>(c)))
            }
            with_type!(compute, all, T => clipped::<T>(x), unreachable!())
        }
        Op::Fma => match compute {
            DType::F32 => bytes(read::<f32>(a).mul_add(read(b), read(c))),
            DType::F64 => bytes(read::<f64>(a).mul_add(read(b), read(c))),
            DType::F16 => bytes(fma_f16(read(a), read(b), read(c))),
            _ => with_type!(compute, integer, T => {
                bytes(read::<T>(a).wrapping_mul(read(b)).wrapping_add(read(c)))
            }, unreachable!()),
        },
    }
}

/// By integers: all three are multiples of 2^-24, so the exact result is a multiple of 2^-48 below 2^33.
fn fma_f16(a: F16, b: F16, c: F16) -> F16 {
    let [x, y, z] = [a, b, c].map(|h| f64::from(h.to_f32()));
    let near = x * y + z;
    if !near.is_finite() {
        return F16::from_f64(near);
    }
    let scaled = |x: f64| (x * 2f64.powi(24)) as i128;
    let exact = scaled(x) * scaled(y) + (scaled(z) << 24);
    if exact == 0 {
        return F16::from_f64(near);
    }
    // The nearest of the neighbours, the even one of two; infinity stands for 2^16.
    let guess = F16::from_f64(near).0;
    let distance = |h: u16| match h & 0x7fff {
        0x7c00 => ((if h >> 15 == 1 { -65536 } else { 65536i128 }) << 48).abs_diff(exact),
        _ => (scaled(F16(h).to_f32().into()) << 24).abs_diff(exact),
    };
    let magnitude = guess & 0x7fff;
    let around = [magnitude.saturating_sub(1), magnitude, Ord::min(magnitude + 1, 0x7c00)];
    let best = around.into_iter().map(|m| m | guess & 0x8000).min_by_key(|&h| (distance(h), h & 1));
    F16(best.expect("three"))
}

fn check(random: &mut Random, op: Op, inputs: [DType; 3], compute: DType, result: DType, shape: &[i64]) {
    let mut first = compute;
    if op == Op::Select {
        first = DType::Bool;
    }
    let [a, b, c] = inputs.map(|dtype| Strided::random(random, dtype, shape, true));
    let mut out = Strided::random(random, result, shape, false);
    let mut want = out.clone();
    for index in indices(shape) {
        let x = cast(inputs[0], first, a.item(&index));
        let y = cast(inputs[1], compute, b.item(&index));
        let z = cast(inputs[2], compute, c.item(&index));
        want.item_mut(&index).copy_from_slice(&cast(compute, result, &one(op, compute, [&x, &y, &z])));
    }
    let (x, y, z, o) = (a.operand(), b.operand(), c.operand(), out.operand_mut());
    // SAFETY: all operands have this shape and lie in their own buffers.
    unsafe {
        match op {
            Op::Select => select(compute, shape, x, y, z, o),
            Op::Clip => clip(compute, shape, x, y, z, o),
            Op::Fma => fma(compute, shape, x, y, z, o),
        }
    }
    .expect("runs");
    for index in indices(shape) {
        assert!(
            same(result, out.item(&index), want.item(&index)),
            "{op:?} {inputs:?} {compute:?} {result:?} {shape:?} {:?} {:?} {:?} {:?} at {index:?}: {:?} and not {:?}",
            a.strides,
            b.strides,
            c.strides,
            out.strides,
            out.item(&index),
            want.item(&index)
        );
        let done = out.item(&index).to_vec();
        want.item_mut(&index).copy_from_slice(&done);
    }
    assert!(out.bytes == want.bytes, "wrote outside the elements");
}

fn takes(op: Op, dtype: DType) -> bool {
    match op {
        Op::Select => dtype != DType::Opaque,
        Op::Clip => !matches!(dtype, DType::Opaque | DType::Bool),
        Op::Fma => !matches!(dtype, DType::Opaque | DType::Bool | DType::C64 | DType::C128 | DType::Bf16),
    }
}

#[test]
fn every_operation_on_every_dtype_in_random_layouts() {
    let mut random = Random::new(21);
    at_every_level(|| {
        for op in [Op::Select, Op::Clip, Op::Fma] {
            for dtype in DType::ALL.into_iter().filter(|&dtype| takes(op, dtype)) {
                for _ in 0..8 {
                    let shape = random.shape(3000);
                    let first = if op == Op::Select { DType::Bool } else { dtype };
                    check(&mut random, op, [first, dtype, dtype], dtype, dtype, &shape);
                }
            }
        }
    });
}

#[test]
fn mixed_dtypes_in_random_layouts() {
    let mut random = Random::new(22);
    at_every_level(|| {
        for case in 0..300 {
            let op = [Op::Select, Op::Clip, Op::Fma][case % 3];
            let mut dtypes = [DType::F64; 5];
            dtypes.fill_with(|| DType::ALL[random.below(15)]);
            let [a, b, c, compute, result] = dtypes;
            if takes(op, compute) {
                let shape = random.shape(3000);
                check(&mut random, op, [a, b, c], compute, result, &shape);
            }
        }
    });
}

#[test]
fn what_is_refused() {
    let x = Strided::random(&mut Random::new(1), DType::F32, &[], true);
    let x = x.operand();
    // SAFETY: nothing is written.
    unsafe {
        assert!(select(DType::Opaque, &[], x, x, x, x).is_err());
        assert!(clip(DType::Bool, &[], x, x, x, x).is_err());
        assert!(fma(DType::C64, &[], x, x, x, x).is_err());
        assert!(fma(DType::Bool, &[], x, x, x, x).is_err());
    }
}

fn fma_of<T: Element>(a: T, b: T, c: T) -> T {
    let mut values = [a, b, c, c];
    let data = values.as_mut_ptr();
    let at = |i| crate::Operand {
        data: data.wrapping_add(i).cast(),
        dtype: T::DTYPE,
        itemsize: T::DTYPE.size(),
        strides: &[],
    };
    // SAFETY: elements of one array.
    unsafe { fma(T::DTYPE, &[], at(0), at(1), at(2), at(3)) }.expect("runs");
    values[3]
}

#[test]
fn fused_means_one_rounding() {
    at_every_level(|| {
        let e = f64::EPSILON;
        assert_eq!(fma_of(1.0 + e, 1.0 - e, -1.0), -e * e);
        assert_eq!(fma_of(1.0 + f32::EPSILON, 1.0 - f32::EPSILON, -1.0), -f32::EPSILON * f32::EPSILON);
        // 1 + 2^-11 lies half way between two f16; a product of 2^-24 more decides, one less too.
        let half = |x: f64| F16::from_f64(x);
        let low = half(2f64.powi(-12));
        assert_eq!(fma_of(low, low, half(1.0)).0, 0x3c00);
        let tie = fma_of(half(1.0 + 2f64.powi(-10)), half(2f64.powi(-11)), half(1.0));
        assert_eq!(tie.0, 0x3c01);
        // (1 + 2^-7) * 2^-8 is more than half a step of 1 in bf16, and its excess is lost in f32 beside 2^120.
        let b = |x: f64| Bf16::from_f64(x);
        assert_eq!(fma_of(b(1.0 + 2f64.powi(-7)), b(2f64.powi(-8)), b(1.0)).0, 0x3f81);
        let tiny = b(2f64.powi(-60));
        assert_eq!(fma_of(b(2f64.powi(-8)), b(1.0), b(1.0)).0, 0x3f80);
        assert_eq!(fma_of(tiny, tiny, b(1.0)).0, 0x3f80);
        assert!(fma_of(f64::INFINITY, 0.0, 1.0).is_nan());
        assert!(fma_of(F16(0x7c00), half(0.0), half(1.0)).to_f32().is_nan());
    });
}

#[test]
fn any_byte_but_0_is_a_set_mask() {
    let mask = [7u8, 0, 128, 1];
    let (a, b, mut out) = ([1i32, 2, 3, 4], [-1i32, -2, -3, -4], [0i32; 4]);
    let at = |data: *const u8, dtype, strides| crate::Operand {
        data: data.cast_mut(),
        dtype,
        itemsize: DType::size(dtype),
        strides,
    };
    let (m, x) = (at(mask.as_ptr(), DType::Bool, &[1]), at(a.as_ptr().cast(), DType::I32, &[4]));
    let (y, o) = (at(b.as_ptr().cast(), DType::I32, &[4]), at(out.as_mut_ptr().cast(), DType::I32, &[4]));
    // SAFETY: arrays of four elements.
    unsafe { select(DType::I32, &[4], m, x, y, o) }.expect("runs");
    assert_eq!(out, [1, -2, 3, 4]);
    assert!(Bool(7).get());
}
