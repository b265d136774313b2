//! Held against exact values, against the tables of annex G of C99, level against level, and `c64` against `c128`.

use crate::element::{Complex, Element};
use crate::op::{BinaryOp, UnaryOp};
use crate::test_support::{Random, at_every_level};
use crate::{Operand, binary, unary};

/// The largest errors of the functions in units of the last place of the real and of the imaginary part.
const LIMITS: [(&str, f64, f64); 18] = [
    ("sqrt", 2.0, 2.0),
    ("sign", 2.5, 2.5),
    ("exp", 3.5, 3.5),
    ("exp2", 3.5, 3.5),
    // Of the magnitude of the result.
    ("expm1", 4.0, 4.0),
    ("log", 1.5, 2.0),
    ("log2", 2.0, 2.5),
    ("log10", 2.0, 2.5),
    ("log1p", 1.5, 2.5),
    ("sin", 2.5, 2.5),
    ("cos", 2.5, 2.5),
    ("tan", 5.5, 5.5),
    ("sinh", 2.5, 2.5),
    ("cosh", 2.5, 2.5),
    ("tanh", 5.5, 5.5),
    ("arcsin", 4.0, 4.0),
    ("arccos", 4.0, 4.0),
    ("arctan", 3.0, 3.0),
];

/// Functions `f` with `f(-z) = -f(z)`.
const ODD: [&str; 7] = ["sin", "tan", "sinh", "tanh", "arcsin", "arctan", "sign"];

fn named(name: &str) -> UnaryOp {
    UnaryOp::TABLE.iter().find(|info| info.name == name).expect("a function").op
}

fn operand<'a, T>(data: *const Complex<T>, strides: &'a [i64]) -> Operand<'a>
where
    Complex<T>: Element,
{
    Operand {
        data: data as *mut u8,
        dtype: <Complex<T>>::DTYPE,
        itemsize: size_of::<Complex<T>>() as i64,
        strides,
    }
}

fn of_one<T: Copy>(name: &str, z: &[Complex<T>]) -> Vec<Complex<T>>
where
    Complex<T>: Element,
{
    let mut out = z.to_vec();
    let strides = [size_of::<Complex<T>>() as i64];
    let (from, to) = (operand(z.as_ptr(), &strides), operand(out.as_mut_ptr(), &strides));
    // SAFETY: both have this many elements.
    unsafe { unary(named(name), <Complex<T>>::DTYPE, &[z.len() as i64], from, to) }.expect("a function");
    out
}

/// Powers; one exponent stands for all.
fn powers<T: Copy>(a: &[Complex<T>], b: &[Complex<T>]) -> Vec<Complex<T>>
where
    Complex<T>: Element,
{
    let mut out = a.to_vec();
    let strides = [size_of::<Complex<T>>() as i64];
    let none = [0];
    let b = operand(b.as_ptr(), if b.len() == 1 { &none } else { &strides });
    let (a, to) = (operand(a.as_ptr(), &strides), operand(out.as_mut_ptr(), &strides));
    let n = [out.len() as i64];
    // SAFETY: all have this many elements, or one.
    unsafe { binary(BinaryOp::Power, <Complex<T>>::DTYPE, &n, a, b, to) }.expect("powers");
    out
}

fn complex(re: f64, im: f64) -> Complex<f64> {
    Complex { re, im }
}

fn single(z: Complex<f64>) -> Complex<f32> {
    Complex { re: z.re as f32, im: z.im as f32 }
}

/// The distance of two neighbouring `f64`.
fn unit(x: f64) -> f64 {
    let x = x.abs();
    f64::from_bits(x.to_bits() + 1) - x
}

/// The lines of the exact values of a function.
fn reference(name: &str) -> Vec<Vec<f64>> {
    let rows: Vec<Vec<f64>> = include_str!("reference.txt")
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .map(|line| {
            let bits = |word| u64::from_str_radix(word, 16).expect("bits");
            line.split(' ').map(|word| f64::from_bits(bits(word))).collect()
        })
        .collect();
    assert!(rows.len() > 20, "{name}");
    rows
}

#[test]
fn exact_values() {
    at_every_level(|| {
        for (name, re, im) in LIMITS {
            let rows = reference(name);
            let z: Vec<_> = rows.iter().map(|row| complex(row[0], row[1])).collect();
            for (row, got) in rows.iter().zip(of_one(name, &z)) {
                let size = if name == "expm1" { row[2].hypot(row[4]) } else { 0.0 };
                for (got, want, lacks, limit) in [(got.re, row[2], row[3], re), (got.im, row[4], row[5], im)]
                {
                    let error = ((got - want) - lacks).abs() / unit(want.abs().max(size));
                    assert!(error <= limit, "{name} {row:?}: {got:e} is off by {error}");
                }
            }
        }
    });
}

#[test]
fn exact_powers() {
    let rows = reference("power");
    let [a, b] = [0, 2].map(|k| rows.iter().map(|row| complex(row[k], row[k + 1])).collect::<Vec<_>>());
    at_every_level(|| {
        for (row, got) in rows.iter().zip(powers(&a, &b)) {
            let size = row[4].hypot(row[6]);
            let log = complex(row[0].hypot(row[1]).ln(), row[1].atan2(row[0]));
            let growth = row[2].hypot(row[3]) * log.re.hypot(log.im);
            for (got, want, lacks) in [(got.re, row[4], row[5]), (got.im, row[6], row[7])] {
                let error = ((got - want) - lacks).abs() / unit(size);
                assert!(error <= 4.0 + 2.0 * growth, "{row:?}: {got:e} is off by {error}");
            }
        }
    });
}

#[test]
fn whole_powers_are_products() {
    let numbers: Vec<Complex<f64>> =
        (0..400).map(|k| complex((k % 20 - 10) as f64, (k / 20 - 10) as f64)).collect();
    at_every_level(|| {
        for exponent in [1, 2, 3, 7, -1, -2, 13] {
            let one = powers(&numbers, &[complex(exponent as f64, 0.0)]);
            let each = powers(&numbers, &vec![complex(exponent as f64, 0.0); numbers.len()]);
            for ((z, got), other) in numbers.iter().zip(one).zip(each) {
                assert!(same(got, other), "{z:?} to {exponent}: {got:?} and {other:?}");
                let (mut re, mut im) = (1i64, 0i64);
                for _ in 0..exponent {
                    (re, im) = (re * z.re as i64 - im * z.im as i64, re * z.im as i64 + im * z.re as i64);
                }
                if exponent > 0 {
                    assert_eq!(got, complex(re as f64, im as f64), "{z:?} to {exponent}");
                } else if z.re == 0.0 && z.im == 0.0 {
                    assert!(got.re.is_nan() && got.im.is_nan());
                } else {
                    let (re, im) = (z.re / (z.re * z.re + z.im * z.im), -z.im / (z.re * z.re + z.im * z.im));
                    let want = if exponent == -1 { (re, im) } else { (re * re - im * im, 2.0 * re * im) };
                    assert!((got.re - want.0).abs() + (got.im - want.1).abs() < 1e-15, "{z:?} to {exponent}");
                }
            }
        }
    });
}

#[test]
fn powers_that_have_rules() {
    let (zero, one, nan) = (complex(0.0, 0.0), complex(1.0, 0.0), complex(f64::NAN, f64::NAN));
    let cases = [
        (nan, zero, one),
        (zero, zero, one),
        (zero, complex(0.5, 3.0), zero),
        (complex(-0.0, 0.0), complex(2.0, 0.0), zero),
        (zero, complex(0.0, 1.0), nan),
        (zero, complex(-1.0, 0.0), nan),
        (one, complex(f64::NAN, 0.0), nan),
        (complex(1e200, 0.0), complex(2.0, 0.0), complex(f64::INFINITY, 0.0)),
        (complex(1e-200, 0.0), complex(2.5, 0.0), zero),
        (complex(3.0, 0.0), complex(-f64::INFINITY, f64::NAN), zero),
        (complex(0.5, 0.0), complex(f64::INFINITY, f64::NAN), zero),
        (complex(-f64::INFINITY, -1.0), complex(-1.0, f64::NAN), zero),
        (complex(f64::INFINITY, f64::INFINITY), complex(-f64::INFINITY, f64::NAN), zero),
        (complex(2.0, 3.0), complex(-f64::INFINITY, -f64::INFINITY), nan),
    ];
    at_every_level(|| {
        for (a, b, want) in cases {
            for (a, b) in [(vec![a; 5], vec![b; 5]), (vec![a; 5], vec![b])] {
                for got in powers(&a, &b) {
                    let fine = same(got, want) || got == want;
                    assert!(fine, "{a:?} to {b:?}: {got:?} and not {want:?}");
                }
            }
        }
    });
}

/// A number of the tables: `~` before one of either sign.
fn number(word: &str) -> (f64, bool) {
    let (rest, any) = word.strip_prefix('~').map_or((word, false), |rest| (rest, true));
    let pi = core::f64::consts::PI;
    let value = match rest {
        "pi" => pi,
        "pi/2" => pi / 2.0,
        "pi/4" => pi / 4.0,
        "3pi/4" => 3.0 * pi / 4.0,
        _ => rest.parse().expect("a number"),
    };
    (value, any)
}

/// Whether a part is the wanted one, to the sign of zeros.
fn is(got: f64, (want, any): (f64, bool)) -> bool {
    got.is_nan() && want.is_nan()
        || any && got.abs() == want
        || (got - want).abs() <= 2.0 * unit(want) && got.is_sign_negative() == want.is_sign_negative()
        || got == want && got.is_sign_negative() == want.is_sign_negative()
}

#[test]
fn special_values() {
    at_every_level(|| {
        for line in include_str!("special.txt").lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let [name, words @ ..] = &words[..] else { panic!("an empty line") };
            let [x, y, re, im] = [0, 1, 2, 3].map(|k| number(words[k]));
            let minus = |x: (f64, bool)| (-x.0, x.1);
            // The function itself, of the conjugate, and of the negative.
            check(name, x.0, y.0, re, im);
            check(name, x.0, -y.0, re, if im.1 { im } else { minus(im) });
            if ODD.contains(name) {
                let [re, im] = [re, im].map(|part| if part.1 { part } else { minus(part) });
                check(name, -x.0, -y.0, re, im);
            }
        }
    });
}

fn check(name: &str, x: f64, y: f64, re: (f64, bool), im: (f64, bool)) {
    for n in [1, 16] {
        for got in of_one(name, &vec![complex(x, y); n]) {
            assert!(is(got.re, re) && is(got.im, im), "{name} {x} {y}: {got:?} and not {re:?} {im:?}");
        }
    }
}

/// The same bits, or NaN.
fn same(a: Complex<f64>, b: Complex<f64>) -> bool {
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    same(a.re, b.re) && same(a.im, b.im)
}

/// Numbers of all kinds.
fn numbers(random: &mut Random, n: usize) -> Vec<Complex<f64>> {
    const RARE: [f64; 12] =
        [0.0, -0.0, 1.0, -1.0, 1e-310, 1e300, -1e-200, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e5, 1e30];
    let part = |random: &mut Random| match random.below(8) {
        0 => f64::from_bits(random.next() << 11 ^ random.next()),
        1 | 2 => RARE[random.below(RARE.len())],
        _ => (random.next() as f64 - 4.5e15) * 1e-15,
    };
    (0..n).map(|_| complex(part(random), part(random))).collect()
}

#[test]
fn same_bits_at_every_level_and_in_every_company() {
    let mut random = Random::new(61);
    let z = numbers(&mut random, 997);
    let turned: Vec<_> = z.iter().rev().copied().collect();
    for name in LIMITS.iter().map(|row| row.0).chain(["power"]) {
        let run = |z: &[Complex<f64>], other: &[Complex<f64>]| match name {
            "power" => powers(z, other),
            _ => of_one(name, z),
        };
        let mut first: Option<Vec<Complex<f64>>> = None;
        at_every_level(|| {
            let whole = run(&z, &turned);
            let first = first.get_or_insert_with(|| whole.clone());
            for (k, got) in whole.iter().enumerate() {
                let alone = run(&z[k..k + 1], &turned[k..k + 1])[0];
                assert!(same(*got, alone), "{name} {:?}: {got:?} and alone {alone:?}", z[k]);
                assert!(same(*got, first[k]), "{name} {:?}: {got:?} and {:?}", z[k], first[k]);
            }
        });
    }
}

#[test]
fn single_precision_is_double_precision_rounded() {
    let mut random = Random::new(62);
    let z: Vec<Complex<f32>> = numbers(&mut random, 500).into_iter().map(single).collect();
    let wide: Vec<_> = z.iter().map(|z| complex(z.re.into(), z.im.into())).collect();
    let bits = |x: f32| if x.is_nan() { 0 } else { x.to_bits() };
    at_every_level(|| {
        for name in LIMITS.iter().map(|row| row.0) {
            for (got, want) in of_one(name, &z).into_iter().zip(of_one(name, &wide)) {
                let want = single(want);
                assert_eq!((bits(got.re), bits(got.im)), (bits(want.re), bits(want.im)), "{name}");
            }
        }
    });
}
