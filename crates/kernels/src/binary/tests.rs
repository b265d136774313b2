//! Held against a loop over indices, one element at a time.

use core::cmp::Ordering;

use libstrided_layout::{DType, Kind};

use super::binary;
use crate::element::{Complex, Element, with_type};
use crate::math;
use crate::number::{Field, Ordered};
use crate::op::BinaryOp;
use crate::test_support::{Random, Strided, at_every_level, indices};

/// The meaning of an operation on two elements of the compute dtype: what NumPy says, written out per kind.
pub(super) fn one(op: BinaryOp, dtype: DType, a: &[u8], b: &[u8]) -> Vec<u8> {
    if dtype == DType::Bool {
        return vec![one_bool(op, a[0] != 0, b[0] != 0) as u8];
    }
    with_type!(dtype, integer, T => {
        let (x, y) = (read::<T>(a), read::<T>(b));
        let wide = (x as i128, y as i128);
        if let Some(truth) = compare(op, wide.0.partial_cmp(&wide.1)).or(logical(op, x != 0, y != 0)) {
            return vec![truth as u8];
        }
        bytes(one_integer(op, wide.0, wide.1, T::BITS, T::MIN != 0) as T)
    }, with_type!(dtype, float, T => {
        let (x, y): (f64, f64) = (read::<T>(a).cast(), read::<T>(b).cast());
        if let Some(truth) = compare(op, x.partial_cmp(&y)) {
            return vec![truth as u8];
        }
        if dtype == DType::F64 {
            return bytes(one_f64(op, x, y));
        }
        // Computed in f32 and rounded once more for the 16-bit types.
        bytes(one_f32(op, x as f32, y as f32).cast::<T>())
    }, with_type!(dtype, complex, T => one_complex::<T>(op, a, b), unreachable!())))
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

fn compare(op: BinaryOp, order: Option<Ordering>) -> Option<bool> {
    Some(match op {
        BinaryOp::Equal => order == Some(Ordering::Equal),
        BinaryOp::NotEqual => order != Some(Ordering::Equal),
        BinaryOp::Less => order == Some(Ordering::Less),
        BinaryOp::LessEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        BinaryOp::Greater => order == Some(Ordering::Greater),
        BinaryOp::GreaterEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        _ => return None,
    })
}

fn logical(op: BinaryOp, a: bool, b: bool) -> Option<bool> {
    Some(match op {
        BinaryOp::LogicalAnd => a && b,
        BinaryOp::LogicalOr => a || b,
        BinaryOp::LogicalXor => a != b,
        _ => return None,
    })
}

fn one_bool(op: BinaryOp, a: bool, b: bool) -> bool {
    match op {
        BinaryOp::Add | BinaryOp::LogicalOr | BinaryOp::BitwiseOr | BinaryOp::Maximum | BinaryOp::Fmax => {
            a || b
        }
        BinaryOp::Multiply
        | BinaryOp::LogicalAnd
        | BinaryOp::BitwiseAnd
        | BinaryOp::Minimum
        | BinaryOp::Fmin => a && b,
        BinaryOp::LogicalXor | BinaryOp::BitwiseXor => a != b,
        _ => compare(op, Some(a.cmp(&b))).expect("an operation on bool"),
    }
}

/// Exact integers; the caller wraps the result.
fn one_integer(op: BinaryOp, a: i128, b: i128, width: u32, signed: bool) -> i128 {
    let within = (0..width as i128).contains(&b);
    match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a.wrapping_mul(b),
        BinaryOp::FloorDivide | BinaryOp::Remainder if b == 0 => 0,
        BinaryOp::FloorDivide => a.div_euclid(b) - (b < 0 && a.rem_euclid(b) != 0) as i128,
        BinaryOp::Remainder => a - b * (a.div_euclid(b) - (b < 0 && a.rem_euclid(b) != 0) as i128),
        BinaryOp::Power if b < 0 => match a {
            1 => 1,
            -1 => 1 - 2 * (b & 1),
            _ => 0,
        },
        BinaryOp::Power => {
            let (mut base, mut power, mut result) = (a, b, 1i128);
            while power > 0 {
                if power % 2 == 1 {
                    result = result.wrapping_mul(base);
                }
                base = base.wrapping_mul(base);
                power /= 2;
            }
            result
        }
        BinaryOp::Minimum | BinaryOp::Fmin => a.min(b),
        BinaryOp::Maximum | BinaryOp::Fmax => a.max(b),
        BinaryOp::BitwiseAnd => a & b,
        BinaryOp::BitwiseOr => a | b,
        BinaryOp::BitwiseXor => a ^ b,
        BinaryOp::LeftShift => {
            if within {
                a << b
            } else {
                0
            }
        }
        BinaryOp::RightShift => {
            if within {
                a >> b
            } else if signed && a < 0 {
                -1
            } else {
                0
            }
        }
        _ => unreachable!(),
    }
}

macro_rules! one_float {
    ($name:ident, $t:ident) => {
        fn $name(op: BinaryOp, a: $t, b: $t) -> $t {
            let rest = if a % b != 0.0 && (a % b < 0.0) != (b < 0.0) { a % b + b } else { a % b };
            match op {
                BinaryOp::Add => a + b,
                BinaryOp::Subtract => a - b,
                BinaryOp::Multiply => a * b,
                BinaryOp::Divide => a / b,
                BinaryOp::Remainder => rest,
                BinaryOp::FloorDivide if b == 0.0 => a / b,
                BinaryOp::FloorDivide if b.is_infinite() && a.is_finite() => {
                    if a != 0.0 && (a < 0.0) != (b < 0.0) { -1.0 } else { 0.0 }
                }
                BinaryOp::FloorDivide => {
                    let exact = (a - a % b) / b - (a % b != rest) as u8 as $t;
                    exact.floor() + (exact - exact.floor() > 0.5) as u8 as $t
                }
                BinaryOp::Power => a.powf(b),
                BinaryOp::CopySign => a.copysign(b),
                BinaryOp::Hypot => a.hypot(b),
                BinaryOp::Arctan2 => a.atan2(b),
                BinaryOp::Fmin | BinaryOp::Fmax if a.is_nan() => b,
                BinaryOp::Fmin | BinaryOp::Fmax if b.is_nan() => a,
                _ if a.is_nan() || b.is_nan() => $t::NAN,
                BinaryOp::Minimum | BinaryOp::Fmin => {
                    if b < a {
                        b
                    } else {
                        a
                    }
                }
                BinaryOp::Maximum | BinaryOp::Fmax => {
                    if b > a {
                        b
                    } else {
                        a
                    }
                }
                _ => unreachable!(),
            }
        }
    };
}
one_float!(one_f32, f32);
one_float!(one_f64, f64);

fn one_complex<T: Field + Ordered>(op: BinaryOp, a: &[u8], b: &[u8]) -> Vec<u8> {
    let (x, y) = (read::<T>(a), read::<T>(b));
    let (p, q): (Complex<f64>, Complex<f64>) = (x.cast(), y.cast());
    let nan = |z: Complex<f64>| z.re.is_nan() || z.im.is_nan();
    let order = if p.re == q.re {
        p.im.partial_cmp(&q.im)
    } else if nan(p) || nan(q) {
        None
    } else {
        p.re.partial_cmp(&q.re)
    };
    if let Some(truth) = compare(op, order) {
        return vec![truth as u8];
    }
    if op == BinaryOp::Power {
        // Held against exact values with the other functions; in a block it must be the same.
        return cast(DType::C128, T::DTYPE, &bytes(math::complex::power(p, q)));
    }
    let smaller = order != Some(Ordering::Greater);
    bytes(match op {
        BinaryOp::Add => x.add(y),
        BinaryOp::Subtract => x.sub(y),
        BinaryOp::Multiply => x.mul(y),
        BinaryOp::Divide => x.div(y),
        BinaryOp::Fmin | BinaryOp::Fmax if nan(q) => x,
        BinaryOp::Fmin | BinaryOp::Fmax if nan(p) => y,
        BinaryOp::Minimum | BinaryOp::Maximum if nan(p) => x,
        BinaryOp::Minimum | BinaryOp::Maximum if nan(q) => y,
        BinaryOp::Minimum | BinaryOp::Fmin => {
            if smaller {
                x
            } else {
                y
            }
        }
        BinaryOp::Maximum | BinaryOp::Fmax => {
            if smaller {
                y
            } else {
                x
            }
        }
        _ => unreachable!(),
    })
}

fn cast(from: DType, to: DType, x: &[u8]) -> Vec<u8> {
    let mut out = vec![0u8; to.size() as usize];
    let conversion = crate::convert::Conversion::new(from, to).expect("converts");
    // SAFETY: one element each.
    unsafe { conversion.run(x.as_ptr(), out.as_mut_ptr(), 1) };
    out
}

/// NaN has many bit patterns and 0 two; all else must agree to the bit.
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
        let value = |z: &[u8]| read::<f64>(&cast(part, DType::F64, z));
        value(x) == value(y) || value(x).is_nan() && value(y).is_nan()
    })
}

/// Elementary functions are not those of the standard library to the bit.
fn close(op: BinaryOp, compute: DType, dtype: DType, a: &[u8], b: &[u8]) -> bool {
    let approximate = matches!(op, BinaryOp::Hypot | BinaryOp::Arctan2 | BinaryOp::Power);
    if !approximate || compute.kind() == Kind::Complex {
        return false;
    }
    if dtype.kind() == Kind::Complex {
        // The real part is what was computed, the other one 0.
        let (part, size) = (dtype.part(), dtype.part().size() as usize);
        let parts = |z: &[u8]| [z[..size].to_vec(), z[size..].to_vec()];
        let ([x, i], [y, j]) = (parts(a), parts(b));
        return close(op, compute, part, &x, &y) && same(part, &i, &j);
    }
    let (x, y): (f64, f64) = (read(&cast(dtype, DType::F64, a)), read(&cast(dtype, DType::F64, b)));
    let epsilon = |dtype| match dtype {
        DType::F16 => 1e-3,
        DType::Bf16 => 8e-3,
        DType::F32 => 2.5e-7,
        _ => 5e-16,
    };
    let epsilon = f64::max(epsilon(compute), epsilon(dtype));
    // An integer may have been cut off on the other side.
    let cut = (dtype.kind() <= Kind::Signed) as u8 as f64;
    let tiny = if compute == DType::F32 { 1.5e-45 } else { 0.0 };
    (x - y).abs() <= epsilon * y.abs() + cut + tiny
}

fn check(random: &mut Random, op: BinaryOp, dtypes: [DType; 3], shape: &[i64]) {
    let Ok((compute, result)) = op.dtypes(dtypes[0], dtypes[1]) else {
        return;
    };
    let a = Strided::random(random, dtypes[0], shape, true);
    let b = Strided::random(random, dtypes[1], shape, true);
    let mut out = Strided::random(random, dtypes[2], shape, false);
    let mut want = out.clone();
    for index in indices(shape) {
        let x = cast(dtypes[0], compute, a.item(&index));
        let y = cast(dtypes[1], compute, b.item(&index));
        // No common dtype holds all of both: compared as the integers that they are.
        if op.is_comparison() && compute == DType::F64 && dtypes[0].kind() <= Kind::Signed {
            let wide = |dtype, z: &[u8]| match dtype {
                DType::U64 => read::<u64>(z) as i128,
                _ => read::<i64>(&cast(dtype, DType::I64, z)) as i128,
            };
            if dtypes[1].kind() <= Kind::Signed {
                let order = wide(dtypes[0], a.item(&index)).cmp(&wide(dtypes[1], b.item(&index)));
                let truth = [compare(op, Some(order)).expect("compares") as u8];
                want.item_mut(&index).copy_from_slice(&cast(result, dtypes[2], &truth));
                continue;
            }
        }
        want.item_mut(&index).copy_from_slice(&cast(result, dtypes[2], &one(op, compute, &x, &y)));
    }
    // SAFETY: all operands have this shape and lie in their own buffers.
    unsafe { binary(op, compute, shape, a.operand(), b.operand(), out.operand_mut()) }.expect("runs");
    for index in indices(shape) {
        assert!(
            same(dtypes[2], out.item(&index), want.item(&index))
                || close(op, compute, dtypes[2], out.item(&index), want.item(&index)),
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
                for _ in 0..3 {
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
        for case in 0..300 {
            let mut dtypes = [DType::F64; 3];
            dtypes.fill_with(|| DType::ALL[random.below(15)]);
            let shape = random.shape(3000);
            check(&mut random, BinaryOp::TABLE[case % BinaryOp::TABLE.len()].op, dtypes, &shape);
        }
    });
}

#[test]
fn comparisons_of_signed_and_unsigned_are_exact() {
    let mut random = Random::new(14);
    at_every_level(|| {
        for info in BinaryOp::TABLE {
            for signed in [DType::I8, DType::I32, DType::I64] {
                if info.op.is_comparison() {
                    let shape = random.shape(2000);
                    check(&mut random, info.op, [signed, DType::U64, DType::Bool], &shape);
                    check(&mut random, info.op, [DType::U64, signed, DType::Bool], &shape);
                }
            }
        }
    });
}

#[test]
fn floor_division_of_floats_is_numpys() {
    let floor = |a: f64, b: f64| read::<f64>(&run_one(BinaryOp::FloorDivide, a, b));
    let rest = |a: f64, b: f64| read::<f64>(&run_one(BinaryOp::Remainder, a, b));
    for (a, b, q, r) in [
        (7.0, -2.0, -4.0, -1.0),
        (-7.0, 2.0, -4.0, 1.0),
        (-8.0, 2.0, -4.0, 0.0),
        (1.0, 0.1, 9.0, 0.09999999999999995),
    ] {
        assert_eq!((floor(a, b), rest(a, b)), (q, r), "{a} {b}");
    }
    assert_eq!(floor(5.0, 0.0), f64::INFINITY);
    assert!(rest(5.0, 0.0).is_nan());
    assert!(rest(-4.0, 2.0).is_sign_positive() && rest(4.0, -2.0).is_sign_negative());
}

fn run_one(op: BinaryOp, a: f64, b: f64) -> Vec<u8> {
    let mut values = [a, b, 0.0];
    let data = values.as_mut_ptr();
    let at = |i| crate::Operand {
        data: data.wrapping_add(i).cast(),
        dtype: DType::F64,
        itemsize: 8,
        strides: &[],
    };
    // SAFETY: three elements of one array.
    unsafe { binary(op, DType::F64, &[], at(0), at(1), at(2)) }.expect("runs");
    bytes(values[2])
}

/// Holds all powers of these numbers to these numbers against another's.
fn hold_powers<T: Element + Into<f64> + Default>(
    values: &[T],
    power: fn(T, T) -> T,
    tolerance: f64,
    smallest: f64,
) {
    let n = values.len();
    let item = size_of::<T>() as i64;
    at_every_level(|| {
        for &exponent in values {
            for strides in [[item], [0]] {
                let (exponents, mut out) = (vec![exponent; n], vec![T::default(); n]);
                let operand = |data: *mut u8, strides| crate::Operand {
                    data,
                    dtype: T::DTYPE,
                    itemsize: item,
                    strides,
                };
                let (a, b) = (values.as_ptr() as *mut u8, exponents.as_ptr() as *mut u8);
                let (packed, z) = ([item], out.as_mut_ptr() as *mut u8);
                let (a, b, z) = (operand(a, &packed), operand(b, &strides), operand(z, &packed));
                // SAFETY: all have this many elements.
                unsafe { binary(BinaryOp::Power, T::DTYPE, &[n as i64], a, b, z) }.expect("runs");
                for (&x, got) in values.iter().zip(out) {
                    let (want, got): (f64, f64) = (power(x, exponent).into(), got.into());
                    let near = (got - want).abs() <= tolerance * want.abs() + smallest;
                    let same = got == want && got.is_sign_negative() == want.is_sign_negative();
                    let (x, exponent): (f64, f64) = (x.into(), exponent.into());
                    assert!(
                        same || got.is_nan() && want.is_nan() || near && want != 0.0,
                        "{x} to the power of {exponent}: {got} and not {want}"
                    );
                }
            }
        }
    });
}

#[test]
fn powers_of_special_values() {
    let common = [0.0, 0.5, 1.0, 2.0, 3.0, 2.5, 1e9, 33554435.0, 1e38, 0.1, 1e-4, f32::INFINITY, f32::NAN];
    let signs = |x: f64| [x, -x];
    let singles: Vec<f32> = common.into_iter().chain([1e-40]).flat_map(|x| [x, -x]).collect();
    hold_powers(&singles, f32::powf, 2e-7, 1.5e-45);
    // Around the last odd numbers, and those where all that is not 1 is infinite or 0.
    let large = [52, 53, 54].map(|k| (k as f64).exp2()).into_iter().flat_map(|x| [x - 1.0, x, x + 1.0]);
    let next = [1.0 + f64::EPSILON, 1.0 - f64::EPSILON / 2.0, 4503599627370495.5, 2251799813685248.5];
    let rare = [1e-310, 5e-324, 1e300, f64::MAX, f64::MIN_POSITIVE, 1e19, 709.0, 1e-300];
    let doubles = common.into_iter().map(f64::from).chain(large).chain(next).chain(rare).flat_map(signs);
    hold_powers(&doubles.collect::<Vec<f64>>(), f64::powf, 4.5e-16, 5e-324);
}

#[test]
fn long_divisions_are_exact_next_to_multiples() {
    let mut random = Random::new(54);
    let mut a = Vec::new();
    let mut b = Vec::new();
    for i in 0..20000 {
        let long = |random: &mut Random| ((random.next() << 11 ^ random.next()) as i64) >> random.below(63);
        let (divisor, other) = (long(&mut random), long(&mut random));
        let multiple = divisor.checked_mul(other >> random.below(63)).unwrap_or(other);
        a.push(if i % 4 == 0 { other } else { multiple.wrapping_add(random.below(5) as i64 - 2) });
        b.push(if i % 9 == 0 { [0, 1, -1, 2, -2, i64::MIN, i64::MAX][random.below(7)] } else { divisor });
    }
    let n = a.len();
    at_every_level(|| {
        for op in [BinaryOp::FloorDivide, BinaryOp::Remainder] {
            let mut out = vec![0i64; n];
            let operand = |data: *const i64| crate::Operand {
                data: data as *mut u8,
                dtype: DType::I64,
                itemsize: 8,
                strides: &[8],
            };
            let (x, y, z) = (operand(a.as_ptr()), operand(b.as_ptr()), operand(out.as_mut_ptr()));
            // SAFETY: all have this many elements.
            unsafe { binary(op, DType::I64, &[n as i64], x, y, z) }.expect("runs");
            for i in 0..n {
                let (x, y) = (a[i] as i128, b[i] as i128);
                let floor =
                    if y == 0 { 0 } else { x.div_euclid(y) - (y < 0 && x.rem_euclid(y) != 0) as i128 };
                let rest = if y == 0 { 0 } else { x - floor * y };
                let want = if op == BinaryOp::Remainder { rest } else { floor };
                assert_eq!(out[i], want as i64, "{op:?} {x} {y}");
            }
        }
    });
}

#[test]
fn an_output_may_be_an_input() {
    let mut random = Random::new(13);
    at_every_level(|| {
        for case in 0..160 {
            // Also every length of a short row.
            let shape = if case < 60 { random.shape(3000) } else { vec![case - 59] };
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

/// An output a little behind its inputs modulo a page is computed in narrower vectors by cores that want it: the same bits, and none
/// beside.
#[test]
fn an_output_that_trails_its_inputs_is_what_it_is_elsewhere() {
    let _pretend = crate::cpu::pretend(crate::cpu::Make::Zen4);
    const PAGE: usize = 4096;
    let mut random = Random::new(21);
    at_every_level(|| {
        for info in BinaryOp::TABLE {
            for dtype in [DType::F64, DType::I32, DType::F16, DType::U8, DType::C64] {
                let Ok((compute, result)) = info.op.dtypes(dtype, dtype) else { continue };
                let (item, size) = (dtype.size() as usize, result.size() as usize);
                let n = random.below(PAGE / item.max(size) / 2);
                let mut memory: Vec<u8> = (0..5 * PAGE).map(|_| random.below(256) as u8).collect();
                let (at, behind) = (random.below(PAGE / 4), 1 + random.below(600));
                let (a, b, out) = (at, at + 2 * PAGE + random.below(64), at + PAGE + behind);
                // Half a page away nothing trails.
                let mut want = vec![0u8; 2 * PAGE];
                let elsewhere =
                    (out + PAGE / 2).wrapping_sub(want.as_ptr().addr() - memory.as_ptr().addr()) % PAGE;
                let one = random.below(3);
                let strides =
                    [if one == 1 { 0 } else { item as i64 }, if one == 2 { 0 } else { item as i64 }];
                let input = |at: usize, stride: usize| crate::Operand {
                    data: memory.as_ptr().wrapping_add(at).cast_mut(),
                    dtype,
                    itemsize: item as i64,
                    strides: &strides[stride..=stride],
                };
                let (a, b) = (input(a, 0), input(b, 1));
                let packed = [size as i64];
                let output = |data: *mut u8| crate::Operand {
                    data,
                    dtype: result,
                    itemsize: size as i64,
                    strides: &packed,
                };
                // SAFETY: each operand lies in memory of its own: the inputs in the first and the third page, the output
                // in the second, or in other memory.
                unsafe {
                    binary(info.op, compute, &[n as i64], a, b, output(want.as_mut_ptr().add(elsewhere)))
                        .expect("runs");
                    let before = memory.clone();
                    binary(info.op, compute, &[n as i64], a, b, output(memory.as_mut_ptr().add(out)))
                        .expect("runs");
                    let bytes = n * size;
                    let (written, kept) = (&memory[out..out + bytes], &want[elsewhere..elsewhere + bytes]);
                    for (x, y) in written.chunks(size).zip(kept.chunks(size)) {
                        assert!(same(result, x, y), "{:?} {dtype:?} of {n}, {behind} bytes behind", info.op);
                    }
                    assert!(memory[..out] == before[..out] && memory[out + bytes..] == before[out + bytes..]);
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
