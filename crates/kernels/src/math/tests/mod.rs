//! Held against exact values (`f64`), against `f64` (`f32`, densely), and level against level.

use libstrided_layout::DType;

use crate::element::Element;
use crate::op::{BinaryOp, OpInfo, UnaryOp};
use crate::test_support::{Random, at_every_level};
use crate::{Operand, binary, unary};

/// The largest errors of the `f64` functions in units of the last place, as the module's page states them.
const LIMITS: [(&str, f64); 19] = [
    ("exp", 1.0),
    ("exp2", 1.0),
    ("expm1", 1.1),
    ("log", 1.0),
    ("log2", 1.0),
    ("log10", 1.0),
    ("log1p", 1.0),
    ("sin", 1.0),
    ("cos", 1.0),
    ("tan", 1.0),
    ("arcsin", 2.0),
    ("arccos", 1.2),
    ("arctan", 1.8),
    ("sinh", 1.8),
    ("cosh", 1.4),
    ("tanh", 1.4),
    ("cbrt", 0.7),
    ("hypot", 1.0),
    ("arctan2", 1.8),
];

fn named<Op: Copy>(table: &[OpInfo<Op>], name: &str) -> Option<Op> {
    table.iter().find(|info| info.name == name).map(|info| info.op)
}

fn of_one<T: Element + Default>(op: UnaryOp, x: &[T]) -> Vec<T> {
    let mut y = vec![T::default(); x.len()];
    let strides = [size_of::<T>() as i64];
    let operand = |data: *const T| Operand {
        data: data as *mut u8,
        dtype: T::DTYPE,
        itemsize: strides[0],
        strides: &strides,
    };
    // SAFETY: both have this many elements.
    unsafe { unary(op, T::DTYPE, &[x.len() as i64], operand(x.as_ptr()), operand(y.as_mut_ptr())) }
        .expect("a function");
    y
}

fn of_two(op: BinaryOp, x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut z = vec![0.0; x.len()];
    let operand =
        |data: *const f64| Operand { data: data as *mut u8, dtype: DType::F64, itemsize: 8, strides: &[8] };
    let n = [x.len() as i64];
    // SAFETY: all have this many elements.
    unsafe { binary(op, DType::F64, &n, operand(x.as_ptr()), operand(y.as_ptr()), operand(z.as_mut_ptr())) }
        .expect("a function");
    z
}

/// The distance of two neighbouring `f64`.
fn unit(x: f64) -> f64 {
    let x = x.abs();
    f64::from_bits(x.to_bits() + 1) - x
}

#[test]
fn exact_values() {
    at_every_level(|| {
        for (name, limit) in LIMITS {
            let rows: Vec<Vec<f64>> = include_str!("reference.txt")
                .lines()
                .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
                .map(|line| {
                    line.split(' ')
                        .map(|word| f64::from_bits(u64::from_str_radix(word, 16).expect("bits")))
                        .collect()
                })
                .collect();
            assert!(rows.len() > 20, "{name}");
            let column = |i: usize| -> Vec<f64> { rows.iter().map(|row| row[i]).collect() };
            let results = match named(UnaryOp::TABLE, name) {
                Some(op) => of_one(op, &column(0)),
                None => of_two(named(BinaryOp::TABLE, name).expect("an operation"), &column(0), &column(1)),
            };
            for (row, got) in rows.iter().zip(results) {
                let [.., want, lacks] = row[..] else { panic!("a short line") };
                let error = ((got - want) - lacks).abs() / unit(want);
                assert!(error <= limit, "{name} {row:?}: {got:e} is off by {error}");
            }
        }
    });
}

/// What `std` makes of it: as the oracle of `f32` in `f64`, and for special values.
fn std(name: &str, x: f64) -> f64 {
    match name {
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "expm1" => x.exp_m1(),
        "log" => x.ln(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "log1p" => x.ln_1p(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "arcsin" => x.asin(),
        "arccos" => x.acos(),
        "arctan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "cbrt" => x.cbrt(),
        _ => unreachable!(),
    }
}

#[test]
fn single_precision_everywhere() {
    // Every 32003rd of all bit patterns.
    let x: Vec<f32> = (0..u32::MAX / 32003).map(|i| f32::from_bits(i * 32003 + 77)).collect();
    at_every_level(|| {
        for (name, _) in LIMITS {
            let Some(op) = named(UnaryOp::TABLE, name) else { continue };
            for (x, got) in x.iter().zip(of_one(op, &x)) {
                let want = std(name, *x as f64);
                let near = want as f32;
                let same = got == near || got.is_nan() && near.is_nan();
                let unit = f32::from_bits(near.abs().to_bits() + 1) as f64 - near.abs() as f64;
                let error = (got as f64 - want).abs() / unit;
                assert!(same || error <= 0.55, "{name} {x:e}: {got:e} and not {want:e}, off by {error}");
            }
        }
    });
}

#[test]
fn special_values() {
    let values = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1.0, -1.0, 2.0, -2.0, 800.0, -800.0];
    let fine = |got: f64, want: f64| {
        got.is_nan() && want.is_nan()
            || (got - want).abs() <= 2.0 * unit(want)
            || got == want && got.is_sign_negative() == want.is_sign_negative()
    };
    at_every_level(|| {
        for (name, _) in LIMITS {
            let Some(op) = named(UnaryOp::TABLE, name) else { continue };
            for (x, got) in values.iter().zip(of_one(op, &values)) {
                let want = std(name, *x);
                assert!(fine(got, want), "{name} {x}: {got} and not {want}");
                if want == 0.0 {
                    assert_eq!(got.is_sign_negative(), want.is_sign_negative(), "{name} {x}");
                }
            }
        }
        for x in values {
            let y = [x; 11];
            for (i, got) in of_two(BinaryOp::Arctan2, &y, &values).into_iter().enumerate() {
                assert!(fine(got, x.atan2(values[i])), "atan2 {x} {}: {got}", values[i]);
            }
            for (i, got) in of_two(BinaryOp::Hypot, &y, &values).into_iter().enumerate() {
                assert!(fine(got, x.hypot(values[i])), "hypot {x} {}: {got}", values[i]);
            }
        }
    });
}

#[test]
fn same_bits_at_every_level_and_in_every_company() {
    let mut random = Random::new(51);
    let x: Vec<f64> = (0..997)
        .map(|i| match i % 8 {
            0 => f64::from_bits(random.next() << 11 ^ random.next()),
            1 => [0.0, -1.0, 1e-310, 1e300, f64::NAN, f64::INFINITY][random.below(6)],
            _ => (random.next() as f64 - 4.5e15) * 1e-15,
        })
        .collect();
    let turned: Vec<f64> = x.iter().rev().copied().collect();
    for (name, _) in LIMITS {
        let mut first: Option<Vec<u64>> = None;
        at_every_level(|| {
            let bits = |values: Vec<f64>| -> Vec<u64> {
                values.into_iter().map(|x| if x.is_nan() { 0 } else { x.to_bits() }).collect()
            };
            let whole = match named(UnaryOp::TABLE, name) {
                // One by one as well: an element does not depend on its neighbours.
                Some(op) => {
                    let whole = bits(of_one(op, &x));
                    let single = x.iter().flat_map(|x| bits(of_one(op, &[*x]))).collect::<Vec<u64>>();
                    assert!(whole == single, "{name}");
                    whole
                }
                None => bits(of_two(named(BinaryOp::TABLE, name).expect("an operation"), &x, &turned)),
            };
            assert!(first.get_or_insert_with(|| whole.clone()) == &whole, "{name}");
        });
    }
}
