//! Promotion and casting against the answers of NumPy 2 and `ml_dtypes` for every pair of dtypes (`../data/promotion.txt`,
//! made by `../data/promotion.py`).

use libstrided_layout::{Casting, DType, Error, can_cast, check_cast, promote};

const RULES: [Casting; 5] = [Casting::No, Casting::Equiv, Casting::Safe, Casting::SameKind, Casting::Unsafe];

fn named(name: &str) -> DType {
    DType::ALL.into_iter().find(|d| d.name() == name).expect("a known dtype")
}

/// Where `ml_dtypes` has no common dtype for bfloat16: the 2-byte types make `f32` of it, larger integers `f64`.
fn completed(a: DType, b: DType) -> DType {
    let other = if a == DType::Bf16 { b } else { a };
    match other {
        DType::I16 | DType::U16 | DType::F16 => DType::F32,
        DType::I32 | DType::U32 | DType::I64 | DType::U64 => DType::F64,
        _ => panic!("no answer in the table for {a:?} and {b:?}"),
    }
}

/// Casts where `ml_dtypes` differs from what NumPy does with all its own float types.
fn differs(from: DType, to: DType, rule: Casting) -> bool {
    rule == Casting::SameKind
        && matches!((from, to), (DType::Bf16, DType::F16) | (DType::C64 | DType::C128, DType::Bf16))
}

#[test]
fn every_pair_as_in_numpy() {
    let (mut pairs, mut without) = (0, 0);
    for line in include_str!("../data/promotion.txt").lines() {
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split(' ');
        let mut word = || words.next().expect("four words");
        let (from, to, common, casts) = (named(word()), named(word()), word(), word());
        let expected = if common == "-" {
            without += 1;
            completed(from, to)
        } else {
            named(common)
        };
        assert_eq!(promote(from, to), Ok(expected), "{line}");
        for (rule, digit) in RULES.into_iter().zip(casts.bytes()) {
            let allowed = (digit == b'1') != differs(from, to, rule);
            assert_eq!(can_cast(from, to, rule), allowed, "{line}, {rule:?}");
            assert_eq!(check_cast(from, to, rule).is_ok(), allowed);
        }
        pairs += 1;
    }
    // 15 x 15 pairs; bf16 with i16, i32, i64, u16, u32, u64, f16 in either order.
    assert_eq!((pairs, without), (225, 14));
}

#[test]
fn opaque_casts_to_itself_and_promotes_with_nothing() {
    for d in DType::ALL {
        assert_eq!(promote(DType::Opaque, d), Err(Error::NoCommonDType { left: DType::Opaque, right: d }));
        assert!(promote(d, DType::Opaque).is_err());
        for rule in RULES {
            assert_eq!(can_cast(d, DType::Opaque, rule), d == DType::Opaque);
            assert_eq!(can_cast(DType::Opaque, d, rule), d == DType::Opaque);
        }
    }
}

#[test]
fn rules_have_their_numbers_and_names() {
    for (code, name) in ["no", "equiv", "safe", "same_kind", "unsafe"].into_iter().enumerate() {
        let rule = Casting::from_code(code as i32).expect("a known number");
        assert_eq!((rule as usize, rule.name()), (code, name));
    }
    for code in [-1, 5, i32::MIN, i32::MAX] {
        assert!(Casting::from_code(code).is_err());
    }
    assert_eq!(
        check_cast(DType::F64, DType::I32, Casting::SameKind),
        Err(Error::Casting { from: DType::F64, to: DType::I32, rule: "same_kind" })
    );
}
