//! Held against a loop over indices, one element at a time, in `f64` or exact integers.

use libstrided_layout::{DType, Kind};

use super::unary;
use crate::convert::Conversion;
use crate::element::{Complex, Element};
use crate::op::UnaryOp;
use crate::test_support::{Random, Strided, at_every_level, indices};

fn cast<T: Element>(from: DType, x: &[u8]) -> T {
    let mut out = [0u8; 16];
    let conversion = Conversion::new(from, T::DTYPE).expect("converts");
    // SAFETY: one element each.
    unsafe {
        conversion.run(x.as_ptr(), out.as_mut_ptr(), 1);
        (out.as_ptr() as *const T).read_unaligned()
    }
}

fn float(op: UnaryOp, x: f64) -> f64 {
    match op {
        UnaryOp::Negative => -x,
        UnaryOp::Absolute => x.abs(),
        UnaryOp::Sqrt => x.sqrt(),
        UnaryOp::Square => x * x,
        UnaryOp::Sign if x.is_nan() || x == 0.0 => x,
        UnaryOp::Sign => x.signum(),
        UnaryOp::Reciprocal => 1.0 / x,
        UnaryOp::Conjugate => x,
        UnaryOp::LogicalNot => (x == 0.0) as u8 as f64,
        UnaryOp::Floor => x.floor(),
        UnaryOp::Ceil => x.ceil(),
        UnaryOp::Trunc => x.trunc(),
        UnaryOp::Rint => x.round_ties_even(),
        UnaryOp::IsNan => x.is_nan() as u8 as f64,
        UnaryOp::IsInf => x.is_infinite() as u8 as f64,
        UnaryOp::IsFinite => x.is_finite() as u8 as f64,
        UnaryOp::SignBit => x.is_sign_negative() as u8 as f64,
        UnaryOp::Exp => x.exp(),
        UnaryOp::Exp2 => x.exp2(),
        UnaryOp::Expm1 => x.exp_m1(),
        UnaryOp::Log => x.ln(),
        UnaryOp::Log2 => x.log2(),
        UnaryOp::Log10 => x.log10(),
        UnaryOp::Log1p => x.ln_1p(),
        UnaryOp::Sin => x.sin(),
        UnaryOp::Cos => x.cos(),
        UnaryOp::Tan => x.tan(),
        UnaryOp::Arcsin => x.asin(),
        UnaryOp::Arccos => x.acos(),
        UnaryOp::Arctan => x.atan(),
        UnaryOp::Sinh => x.sinh(),
        UnaryOp::Cosh => x.cosh(),
        UnaryOp::Tanh => x.tanh(),
        UnaryOp::Cbrt => x.cbrt(),
        UnaryOp::Invert => unreachable!(),
    }
}

fn integer(op: UnaryOp, x: i128) -> Option<i128> {
    Some(match op {
        UnaryOp::Negative => -x,
        UnaryOp::Absolute => x.abs(),
        UnaryOp::Square => x.wrapping_mul(x),
        UnaryOp::Sign => x.signum(),
        UnaryOp::Reciprocal => (x == 1) as i128 - (x == -1) as i128,
        UnaryOp::Invert => !x,
        UnaryOp::Conjugate | UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Trunc => x,
        UnaryOp::LogicalNot => (x == 0) as i128,
        _ => return None,
    })
}

fn check(random: &mut Random, op: UnaryOp, dtype: DType, shape: &[i64]) {
    let Ok((compute, result)) = op.dtypes(dtype) else { return };
    let input = Strided::random(random, dtype, shape, true);
    let mut out = Strided::random(random, result, shape, false);
    let before = out.clone();
    // SAFETY: both lie in their own buffers.
    unsafe { unary(op, compute, shape, input.operand(), out.operand_mut()) }.expect("runs");
    let mut outside = before.clone();
    for index in indices(shape) {
        let (x, got) = (input.item(&index), out.item(&index));
        let place = format!("{op:?} {} {shape:?} at {index:?}", dtype.name());
        let exact = match dtype {
            DType::U64 => Some(cast::<u64>(dtype, x) as i128),
            _ if dtype.kind() <= Kind::Signed => Some(cast::<i64>(dtype, x) as i128),
            _ => None,
        };
        if dtype.kind() == Kind::Complex {
            check_complex(
                op,
                cast(dtype, x),
                cast(result, got),
                result == DType::C64 || dtype == DType::C64,
                &place,
            );
        } else if dtype == DType::Bool && op == UnaryOp::Invert {
            assert_eq!(got[0], 1 - (x[0] != 0) as u8);
        } else if let Some(want) = exact.and_then(|x| integer(op, x)) {
            assert_eq!(got, &want.to_le_bytes()[..got.len()], "{place}");
        } else {
            // What the operation sees: the element in the compute dtype.
            let mut seen = vec![0u8; compute.size() as usize];
            let conversion = Conversion::new(dtype, compute).expect("converts");
            // SAFETY: one element each.
            unsafe { conversion.run(x.as_ptr(), seen.as_mut_ptr(), 1) };
            close(cast(result, got), float(op, cast(compute, &seen)), compute, &place);
        }
        outside.item_mut(&index).copy_from_slice(got);
    }
    assert!(out.bytes == outside.bytes, "wrote outside the elements");
}

fn close(got: f64, want: f64, dtype: DType, place: &str) {
    let (epsilon, large, small) = match dtype {
        DType::F16 => (1e-3, 6.5e4, 1e-7),
        DType::Bf16 => (8e-3, 3e38, 1e-37),
        DType::F32 | DType::C64 => (4e-7, 3e38, 1e-37),
        _ => (1e-15, f64::MAX, 1e-300),
    };
    let fine = got == want
        || got.is_nan() && want.is_nan()
        || (got - want).abs() <= epsilon * want.abs() + small
        || want.abs() > large && got.abs() >= large;
    assert!(fine, "{place}: {got} and not {want}");
}

fn check_complex(op: UnaryOp, z: Complex<f64>, got: Complex<f64>, single: bool, place: &str) {
    let nan = z.re.is_nan() || z.im.is_nan();
    let (re, im) = match op {
        UnaryOp::Negative => (-z.re, -z.im),
        UnaryOp::Absolute => (z.re.hypot(z.im), 0.0),
        UnaryOp::Conjugate => (z.re, -z.im),
        UnaryOp::LogicalNot => ((z.re == 0.0 && z.im == 0.0) as u8 as f64, 0.0),
        UnaryOp::IsNan => (nan as u8 as f64, 0.0),
        UnaryOp::IsInf => ((z.re.is_infinite() || z.im.is_infinite()) as u8 as f64, 0.0),
        UnaryOp::IsFinite => ((z.re.is_finite() && z.im.is_finite()) as u8 as f64, 0.0),
        // The arithmetic is tested with two arrays.
        _ => return,
    };
    let dtype = if single { DType::F32 } else { DType::F64 };
    close(got.re, re, dtype, place);
    close(got.im, im, dtype, place);
}

#[test]
fn every_operation_on_every_dtype_in_random_layouts() {
    let mut random = Random::new(41);
    at_every_level(|| {
        for info in UnaryOp::TABLE {
            for dtype in &DType::ALL[..15] {
                for _ in 0..2 {
                    let shape = random.shape(1500);
                    check(&mut random, info.op, *dtype, &shape);
                }
            }
        }
    });
}

#[test]
fn results_have_the_dtypes_of_numpy() {
    use DType::*;
    assert_eq!(UnaryOp::Sqrt.dtypes(I8), Ok((F16, F16)));
    assert_eq!(UnaryOp::Sqrt.dtypes(U16), Ok((F32, F32)));
    assert_eq!(UnaryOp::Exp.dtypes(I64), Ok((F64, F64)));
    assert_eq!(UnaryOp::Absolute.dtypes(C64), Ok((C64, F32)));
    assert_eq!(UnaryOp::IsNan.dtypes(I8), Ok((I8, Bool)));
    assert_eq!(UnaryOp::LogicalNot.dtypes(F32), Ok((Bool, Bool)));
    assert!(UnaryOp::Negative.dtypes(Bool).is_err());
    assert!(UnaryOp::Invert.dtypes(F32).is_err());
}
