//! Held against exact values (`f64`), against `f64` (`f32`, densely), and level against level.

use crate::element::Element;
use crate::op::{BinaryOp, OpInfo, UnaryOp};
use crate::test_support::{Random, at_every_level};
use crate::{Operand, binary, unary};

/// The largest errors of the functions in units of the last place, in `f64` and in `f32`.
const LIMITS: [(&str, f64, f64); 20] = [
    ("exp", 1.0, 1.2),
    ("exp2", 1.0, 1.2),
    ("expm1", 1.0, 1.4),
    ("log", 1.0, 1.2),
    ("log2", 1.0, 1.9),
    ("log10", 1.0, 2.3),
    ("log1p", 1.0, 1.7),
    ("sin", 1.0, 1.9),
    ("cos", 1.0, 1.9),
    ("tan", 1.5, 2.6),
    ("arcsin", 2.0, 2.1),
    ("arccos", 1.2, 1.4),
    ("arctan", 1.8, 2.0),
    ("sinh", 1.2, 1.8),
    ("cosh", 0.8, 1.9),
    ("tanh", 2.0, 1.9),
    ("cbrt", 0.8, 1.7),
    ("hypot", 1.0, 1.3),
    ("arctan2", 1.8, 2.1),
    ("power", 1.5, 0.8),
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

fn of_two<T: Element + Default>(op: BinaryOp, x: &[T], y: &[T]) -> Vec<T> {
    let mut z = vec![T::default(); x.len()];
    let strides = [size_of::<T>() as i64];
    let operand = |data: *const T| Operand {
        data: data as *mut u8,
        dtype: T::DTYPE,
        itemsize: strides[0],
        strides: &strides,
    };
    let n = [x.len() as i64];
    // SAFETY: all have this many elements.
    unsafe { binary(op, T::DTYPE, &n, operand(x.as_ptr()), operand(y.as_ptr()), operand(z.as_mut_ptr())) }
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
        for (name, limit, _) in LIMITS {
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

/// Whether it is what `f64` makes of it, but for some units of the last place; infinite when that is the nearest.
fn close(got: f32, want: f64, limit: f64) -> bool {
    let near = want as f32;
    if near.is_nan() || near.is_infinite() || near == 0.0 {
        let nearly = near.is_infinite() && limit > 1.0 && got == f32::MAX.copysign(near);
        return got == near && got.is_sign_negative() == near.is_sign_negative()
            || got.is_nan() && near.is_nan()
            || nearly
            || near == 0.0 && want != 0.0 && (got as f64 - want).abs() <= limit * 1.5e-45;
    }
    let unit = f32::from_bits(near.abs().to_bits() + 1) as f64 - near.abs() as f64;
    (got as f64 - want).abs() / unit <= limit
}

/// Holds every `step`th of all bit patterns of `f32` against `f64`.
fn single_precision(step: u32) {
    at_every_level(|| {
        for first in (0..=u32::MAX).step_by(step as usize * 4096) {
            let x: Vec<f32> = (0..4096).map(|i| f32::from_bits(first.wrapping_add(i * step))).collect();
            for (name, _, limit) in LIMITS {
                let Some(op) = named(UnaryOp::TABLE, name) else { continue };
                for (x, got) in x.iter().zip(of_one(op, &x)) {
                    let want = std(name, *x as f64);
                    assert!(close(got, want, limit), "{name} {x:e}: {got:e} and not {want:e}");
                }
            }
        }
    });
}

#[test]
fn single_precision_everywhere() {
    single_precision(32003);
}

#[test]
#[ignore = "some hours"]
fn single_precision_at_every_number() {
    single_precision(1);
}

#[test]
fn single_precision_of_two() {
    let mut random = Random::new(52);
    let [x, y] = [0, 1].map(|_| -> Vec<f32> {
        (0..30000)
            .map(|i| match i % 2 {
                0 => (random.below(1 << 20) as f32 - 524288.5) * 1e-3,
                _ => f32::from_bits(random.next() as u32),
            })
            .collect()
    });
    at_every_level(|| {
        for (name, _, limit) in LIMITS {
            let Some(op) = named(BinaryOp::TABLE, name) else { continue };
            for (i, got) in of_two(op, &x, &y).into_iter().enumerate() {
                let (a, b) = (x[i] as f64, y[i] as f64);
                let want = match op {
                    BinaryOp::Hypot => a.hypot(b),
                    BinaryOp::Power => a.powf(b),
                    _ => a.atan2(b),
                };
                assert!(close(got, want, limit), "{name} {a:e} {b:e}: {got:e} and not {want:e}");
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
        for (name, ..) in LIMITS {
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
            1 => [0.0, -1.0, 1e-310, 1e300, f64::NAN, f64::INFINITY, 1e5, 1e30][random.below(8)],
            _ => (random.next() as f64 - 4.5e15) * 1e-15,
        })
        .collect();
    same_bits(&x, |x| if x.is_nan() { 0 } else { x.to_bits() });
    let x: Vec<f32> = x.into_iter().map(|x| x as f32).collect();
    same_bits(&x, |x| if x.is_nan() { 0 } else { x.to_bits().into() });
}

fn same_bits<T: Element + Default>(x: &[T], bits: impl Fn(T) -> u64) {
    let bits = |values: Vec<T>| -> Vec<u64> { values.into_iter().map(&bits).collect() };
    let turned: Vec<T> = x.iter().rev().copied().collect();
    for (name, ..) in LIMITS {
        let mut first: Option<Vec<u64>> = None;
        at_every_level(|| {
            let whole = match named(UnaryOp::TABLE, name) {
                // One by one as well: an element does not depend on its neighbours.
                Some(op) => {
                    let whole = bits(of_one(op, x));
                    let single = x.iter().flat_map(|x| bits(of_one(op, &[*x]))).collect::<Vec<u64>>();
                    assert!(whole == single, "{name}");
                    whole
                }
                None => {
                    let op = named(BinaryOp::TABLE, name).expect("an operation");
                    let whole = bits(of_two(op, x, &turned));
                    let single = x.iter().zip(&turned).flat_map(|(x, y)| bits(of_two(op, &[*x], &[*y])));
                    assert!(whole == single.collect::<Vec<u64>>(), "{name}");
                    whole
                }
            };
            assert!(first.get_or_insert_with(|| whole.clone()) == &whole, "{name}");
        });
    }
}

#[test]
fn powers_of_long_rows_with_some_rare_pairs() {
    let mut random = Random::new(54);
    let n = 1000;
    let ordinary = |random: &mut Random| random.below(1 << 20) as f64 * 1e-5 + 0.1;
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for _ in 0..n {
        x.push(ordinary(&mut random));
        y.push(ordinary(&mut random) - 5.0);
    }
    // One per step of sixteen at most, and none in most.
    for (i, (a, b)) in [
        (-2.0, 3.0),
        (0.0, -1.0),
        (1e-310, 0.5),
        (f64::NAN, 0.0),
        (1e300, 2.0),
        (0.5, 1e9),
        (1.0, f64::MAX),
        (1.0, f32::MAX as f64),
        (1.0, -f64::INFINITY),
        (1.0 + 1e-15, 1e17),
        (0.75, 2300.0),
    ]
    .into_iter()
    .enumerate()
    {
        (x[i * 80 + 7], y[i * 80 + 7]) = (a, b);
    }
    let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<f32>>();
    let (singles, others) = (single(&x), single(&y));
    at_every_level(|| {
        let whole = of_two(BinaryOp::Power, &x, &y);
        let whole_single = of_two(BinaryOp::Power, &singles, &others);
        for i in 0..n {
            let alone = of_two(BinaryOp::Power, &x[i..=i], &y[i..=i])[0];
            assert!(alone.to_bits() == whole[i].to_bits() || alone.is_nan() && whole[i].is_nan(), "{i}");
            let want = x[i].powf(y[i]);
            assert!(alone == want || (alone - want).abs() <= 1.5 * unit(want) || want.is_nan(), "{i}");
            let (alone, got) = (of_two(BinaryOp::Power, &singles[i..=i], &others[i..=i])[0], whole_single[i]);
            assert!(alone.to_bits() == got.to_bits() || alone.is_nan() && got.is_nan(), "{i}");
            let want = (singles[i] as f64).powf(others[i] as f64);
            assert!(close(got, want, 0.8), "{i}: {got:e} and not {want:e}");
        }
    });
}

/// NumPy's floor division and remainder.
fn divided(a: f64, b: f64, round: fn(f64) -> f64) -> [f64; 2] {
    let rest = a % b;
    if b == 0.0 {
        return [a / b, rest];
    }
    let turned = rest != 0.0 && (b < 0.0) != (rest < 0.0);
    let quotient = round(round(round(a - rest) / b) - f64::from(u8::from(turned)));
    let rest = if turned { round(rest + b) } else { rest };
    let floor = quotient.floor();
    let quotient = match quotient {
        0.0 => 0f64.copysign(a / b),
        _ if quotient - floor > 0.5 => floor + 1.0,
        _ => floor,
    };
    [quotient, if rest == 0.0 { 0f64.copysign(b) } else { rest }]
}

#[test]
fn quotients_of_every_size() {
    let mut random = Random::new(53);
    let rare =
        [0.0, -0.0, 1.0, -1.0, 3.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, 1e-310, f64::MAX];
    let mut some = |i: usize| match i % 5 {
        0 => rare[random.below(rare.len())],
        1 => f64::from_bits(random.next() << 11 ^ random.next()),
        2 => random.below(2000) as f64 - 1000.0,
        3 => (random.below(200) as f64 - 100.0) * 0.1,
        _ => (random.next() as f64 - 4.5e15) * (random.below(120) as f64 - 60.0).exp2(),
    };
    let [a, b] = [0, 1].map(|k| -> Vec<f64> { (0..6000).map(|i| some(i * (k + 1) + i / 7)).collect() });
    let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<f32>>();
    let (singles, others) = (single(&a), single(&b));
    let same = |x: f64, y: f64| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan();
    at_every_level(|| {
        for (which, op) in [BinaryOp::FloorDivide, BinaryOp::Remainder].into_iter().enumerate() {
            for (i, got) in of_two(op, &a, &b).into_iter().enumerate() {
                let want = divided(a[i], b[i], |x| x)[which];
                assert!(same(got, want), "{op:?} {:e} {:e}: {got:e} and not {want:e}", a[i], b[i]);
            }
            for (i, got) in of_two(op, &singles, &others).into_iter().enumerate() {
                let (a, b) = (singles[i] as f64, others[i] as f64);
                let want = divided(a, b, |x| x as f32 as f64)[which];
                assert!(same(got as f64, want), "{op:?} {a:e} {b:e}: {got:e} and not {want:e}");
            }
        }
    });
}
