//! Basic indexing, each element looked up by its index, and ranges by walking them.

use libstrided_layout::{Error, Index, element_offset, index};
use proptest::prelude::*;

use crate::common::{check, sources};
use crate::model::{Model, indices, moved};

fn end() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![2 => Just(None), 8 => (-9..10i64).prop_map(Some), 1 => Just(Some(i64::MIN)), 1 => Just(Some(i64::MAX))]
}

fn step() -> impl Strategy<Value = Option<i64>> {
    let far = prop::sample::select(vec![i64::MIN, i64::MIN + 1, i64::MAX]);
    prop_oneof![3 => Just(None), 8 => (-4..5i64).prop_map(Some), 1 => far.prop_map(Some)]
}

fn item() -> impl Strategy<Value = Index> {
    prop_oneof![
        5 => (end(), end(), step()).prop_map(|(start, stop, step)| Index::Range { start, stop, step }),
        3 => (-4..4i64).prop_map(Index::At),
        1 => Just(Index::NewAxis),
        1 => Just(Index::Ellipsis),
    ]
}

/// The indices that a Python slice takes from `n` elements, found by walking: absent ends are the ends of the walk,
/// negative ends count from the end, and ends beyond the elements are moved to the nearest one.
fn walk(n: i64, start: Option<i64>, stop: Option<i64>, step: i64) -> Vec<i64> {
    let forwards = step > 0;
    let (before, after) = if forwards { (0, n as i128) } else { (-1, n as i128 - 1) };
    let fit = |end: i64| {
        let end = end as i128;
        (if end < 0 { end + n as i128 } else { end }).clamp(before, after)
    };
    let mut i = start.map_or(if forwards { 0 } else { n as i128 - 1 }, fit);
    let stop = stop.map_or(if forwards { n as i128 } else { -1 }, fit);
    let mut taken = Vec::new();
    while if forwards { i < stop } else { i > stop } {
        taken.push(i as i64);
        i += step as i128;
    }
    taken
}

/// What each axis of the source contributes: a list of its indices, and whether the axis stays.
enum Part {
    Axis(Vec<i64>),
    Fixed(i64),
    New,
}

fn parts(shape: &[i64], items: &[Index]) -> Result<Vec<Part>, Error> {
    let used = items.iter().filter(|i| matches!(i, Index::At(_) | Index::Range { .. })).count();
    if items.iter().filter(|&&i| i == Index::Ellipsis).count() > 1 {
        return Err(Error::RepeatedEllipsis);
    }
    if used > shape.len() {
        return Err(Error::TooManyIndices { items: used, ndim: shape.len() });
    }
    let mut items = items.to_vec();
    if !items.contains(&Index::Ellipsis) {
        items.push(Index::Ellipsis);
    }
    let mut parts = Vec::new();
    let mut axis = 0;
    for item in items {
        match item {
            Index::NewAxis => parts.push(Part::New),
            Index::Ellipsis => {
                for _ in used..shape.len() {
                    parts.push(Part::Axis((0..shape[axis]).collect()));
                    axis += 1;
                }
            }
            Index::At(i) => {
                let n = shape[axis];
                if i < -n || i >= n {
                    return Err(Error::IndexOutOfRange { index: i, axis, extent: n });
                }
                parts.push(Part::Fixed(if i < 0 { i + n } else { i }));
                axis += 1;
            }
            Index::Range { start, stop, step } => {
                let step = step.unwrap_or(1);
                if step == 0 {
                    return Err(Error::ZeroStep { axis });
                }
                parts.push(Part::Axis(walk(shape[axis], start, stop, step)));
                axis += 1;
            }
        }
    }
    Ok(parts)
}

#[test]
fn indexing() {
    let values = (sources(4), prop::collection::vec(item(), 0..6));
    check("indexing", 6_000, values, |(source, items)| {
        let l = source.layout();
        let got = moved(|out| index(l, items.iter().copied().map(Ok), out));
        let parts = match parts(&source.shape, &items) {
            Ok(parts) => parts,
            Err(error) => {
                assert_eq!(got.err(), Some(error));
                return;
            }
        };
        let elements = Model::of(l);
        let shape: Vec<i64> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Axis(taken) => Some(taken.len() as i64),
                Part::Fixed(_) => None,
                Part::New => Some(1),
            })
            .collect();
        let expected = Model::from_fn(&shape, |index| {
            let mut index = index.iter();
            let mut from = Vec::new();
            for part in &parts {
                match part {
                    Part::Axis(taken) => from.push(taken[*index.next().expect("an axis") as usize]),
                    Part::Fixed(i) => from.push(*i),
                    Part::New => assert_eq!(index.next(), Some(&0)),
                }
            }
            elements.at(&from)
        });
        let got = got.expect("a good index");
        assert_eq!(got.model(source.itemsize), expected);
        // No address outside the elements is made.
        let (low, high) = l.extent();
        assert!(got.start == 0 || (low <= got.start && got.start < high));
    });
}

#[test]
fn an_error_among_the_items_is_passed_on() {
    let items = [Ok(Index::ALL), Err(Error::NullPointer)];
    let l = libstrided_layout::Layout::new(8, &[2, 3], &[24, 8]).expect("a layout");
    assert_eq!(moved(|out| index(l, items.into_iter(), out)).err(), Some(Error::NullPointer));
}

#[test]
fn more_axes_than_64() {
    let l = libstrided_layout::Layout::new(8, &[2], &[8]).expect("a layout");
    let items = |n| std::iter::repeat_n(Ok(Index::NewAxis), n);
    assert_eq!(moved(|out| index(l, items(63), out)).map(|m| m.shape.len()), Ok(64));
    assert_eq!(moved(|out| index(l, items(64), out)).err(), Some(Error::TooManyAxes { ndim: 65 }));
}

#[test]
fn single_elements() {
    check("single_elements", 1_000, sources(3), |source| {
        let l = source.layout();
        let elements = Model::of(l);
        for index in indices(&source.shape) {
            assert_eq!(element_offset(l, &index), Ok(elements.at(&index)));
            let from_the_end: Vec<i64> = index.iter().zip(&source.shape).map(|(i, n)| i - n).collect();
            assert_eq!(element_offset(l, &from_the_end), Ok(elements.at(&index)));
        }
        for axis in 0..source.ndim() {
            for beyond in [source.shape[axis], -source.shape[axis] - 1, i64::MIN, i64::MAX] {
                let mut index = vec![0; source.ndim()];
                index[axis] = beyond;
                assert!(matches!(element_offset(l, &index), Err(Error::IndexOutOfRange { .. })));
            }
        }
        let longer = vec![0; source.ndim() + 1];
        assert!(matches!(element_offset(l, &longer), Err(Error::WrongCount { .. })));
    });
}
