//! Views with the same elements in another order, each element looked up by its index.

use libstrided_layout::{Error, diagonal, expand_dims, flip, moveaxis, rot90, squeeze, swapaxes, transpose};
use proptest::prelude::*;

use crate::common::{Source, axis_of, check, counted, sources};
use crate::model::{Made, Model, made, moved};

const CASES: u32 = 2_000;

/// The elements of `source` with axis `i` of the result being axis `order[i]`.
fn reordered(source: &Source, order: &[usize]) -> Model {
    let elements = Model::of(source.layout());
    let shape: Vec<i64> = order.iter().map(|&axis| source.shape[axis]).collect();
    Model::from_fn(&shape, |index| {
        let mut from = vec![0; order.len()];
        for (&axis, &i) in order.iter().zip(index) {
            from[axis] = i;
        }
        elements.at(&from)
    })
}

fn assert_elements(made: &Made, source: &Source, expected: &Model) {
    assert_eq!(&made.model(source.itemsize), expected, "{made:?}");
}

#[test]
fn transposing() {
    let values = sources(4).prop_flat_map(|s| {
        let order = Just((0..s.ndim() as i32).collect::<Vec<_>>()).prop_shuffle();
        let signs = prop::collection::vec(any::<bool>(), s.ndim());
        (Just(s), order, signs)
    });
    check("transposing", CASES, values, |(source, order, from_the_end)| {
        let n = source.ndim() as i32;
        let axes: Vec<i32> =
            order.iter().zip(&from_the_end).map(|(&a, &end)| if end { a - n } else { a }).collect();
        let order: Vec<usize> = order.iter().map(|&a| a as usize).collect();
        let got = made(|out| transpose(source.layout(), Some(&axes), out)).expect("a permutation");
        assert_elements(&got, &source, &reordered(&source, &order));

        let reversed: Vec<usize> = (0..source.ndim()).rev().collect();
        let got = made(|out| transpose(source.layout(), None, out)).expect("always");
        assert_elements(&got, &source, &reordered(&source, &reversed));
    });
}

#[test]
fn swapping_and_moving_axes() {
    let values = sources(4).prop_filter("axes", |s| s.ndim() > 0).prop_flat_map(|s| {
        let n = s.ndim();
        let from = Just((0..n as i32).collect::<Vec<_>>()).prop_shuffle();
        (Just(s), axis_of(n), axis_of(n), from.clone(), from, 0..=n)
    });
    check("swapping_and_moving_axes", CASES, values, |(source, a, b, mut from, mut to, moves)| {
        let n = source.ndim();
        let mut order: Vec<usize> = (0..n).collect();
        order.swap(counted(a, n), counted(b, n));
        let got = made(|out| swapaxes(source.layout(), a, b, out)).expect("axes in range");
        assert_elements(&got, &source, &reordered(&source, &order));

        // As NumPy says it: take the others, then insert each moved axis at its place, lowest place first.
        from.truncate(moves);
        to.truncate(moves);
        let mut order: Vec<usize> = (0..n).filter(|&axis| !from.contains(&(axis as i32))).collect();
        let mut pairs: Vec<(i32, i32)> = to.iter().copied().zip(from.iter().copied()).collect();
        pairs.sort();
        for (place, axis) in pairs {
            order.insert(place as usize, axis as usize);
        }
        let got = made(|out| moveaxis(source.layout(), &from, &to, out)).expect("axes in range");
        assert_elements(&got, &source, &reordered(&source, &order));
    });
}

#[test]
fn unit_axes_come_and_go() {
    let values = sources(4).prop_flat_map(|s| {
        let added = 0..4usize;
        (Just(s), added).prop_flat_map(|(s, added)| {
            let places = Just((0..(s.ndim() + added) as i32).collect::<Vec<_>>()).prop_shuffle();
            (Just(s), Just(added), places, any::<bool>())
        })
    });
    check("unit_axes_come_and_go", CASES, values, |(source, added, mut places, from_the_end)| {
        let elements = Model::of(source.layout());
        let ndim = source.ndim() + added;
        places.truncate(added);
        let mut shape = source.shape.iter().copied();
        let expected: Vec<i64> = (0..ndim)
            .map(|axis| if places.contains(&(axis as i32)) { 1 } else { shape.next().expect("an old axis") })
            .collect();
        if from_the_end {
            places.iter_mut().for_each(|p| *p -= ndim as i32);
        }
        let got = made(|out| expand_dims(source.layout(), &places, out)).expect("places in range");
        assert_elements(&got, &source, &Model { shape: expected.clone(), offsets: elements.offsets.clone() });

        // Squeezing the same places gives the source back, squeezing all leaves no unit axis.
        let expanded = Source::new(source.itemsize, &got.shape, &got.strides);
        let back = made(|out| squeeze(expanded.layout(), Some(&places), out)).expect("unit axes");
        assert_elements(&back, &source, &elements);
        let bare = made(|out| squeeze(expanded.layout(), None, out)).expect("always");
        let kept: Vec<i64> = expected.iter().copied().filter(|&n| n != 1).collect();
        assert_elements(&bare, &source, &Model { shape: kept, offsets: elements.offsets });
        if let Some(axis) = (0..ndim).find(|&axis| expected[axis] != 1) {
            let refused = made(|out| squeeze(expanded.layout(), Some(&[axis as i32]), out));
            assert_eq!(refused.err(), Some(Error::NotUnitAxis { axis, extent: expected[axis] }));
        }
    });
}

#[test]
fn flipping() {
    let values = sources(4).prop_flat_map(|s| {
        let mask = prop::collection::vec(any::<bool>(), s.ndim());
        (Just(s), mask, any::<bool>())
    });
    check("flipping", CASES, values, |(source, mask, all)| {
        let elements = Model::of(source.layout());
        let axes: Vec<i32> = (0..source.ndim() as i32).filter(|&axis| mask[axis as usize]).collect();
        let got = moved(|out| flip(source.layout(), if all { None } else { Some(&axes) }, out))
            .expect("axes in range");
        let expected = Model::from_fn(&source.shape, |index| {
            let from: Vec<i64> = (0..index.len())
                .map(
                    |axis| if all || mask[axis] { source.shape[axis] - 1 - index[axis] } else { index[axis] },
                )
                .collect();
            elements.at(&from)
        });
        assert_elements(&got, &source, &expected);
    });
}

/// One turn: `result[.., i, .., j, ..] = m[.., j, .., last - i, ..]`.
fn turned(m: &Model, a: usize, b: usize) -> Model {
    let mut shape = m.shape.clone();
    shape.swap(a, b);
    Model::from_fn(&shape, |index| {
        let mut from = index.to_vec();
        from[a] = index[b];
        from[b] = m.shape[b] - 1 - index[a];
        m.at(&from)
    })
}

#[test]
fn rotating() {
    let values = sources(4).prop_filter("a plane", |s| s.ndim() > 1).prop_flat_map(|s| {
        let n = s.ndim();
        (Just(s), -9..9i32, axis_of(n), axis_of(n))
    });
    check("rotating", CASES, values, |(source, k, a, b)| {
        let (i, j) = (counted(a, source.ndim()), counted(b, source.ndim()));
        let got = moved(|out| rot90(source.layout(), k, a, b, out));
        if i == j {
            assert_eq!(got.err(), Some(Error::RepeatedAxis { axis: i }));
            return;
        }
        let mut expected = Model::of(source.layout());
        for _ in 0..k.rem_euclid(4) {
            expected = turned(&expected, i, j);
        }
        assert_elements(&got.expect("two axes"), &source, &expected);
    });
}

#[test]
fn diagonals() {
    let values = sources(4).prop_filter("a plane", |s| s.ndim() > 1).prop_flat_map(|s| {
        let n = s.ndim();
        (Just(s), -7..8i64, axis_of(n), axis_of(n))
    });
    check("diagonals", CASES, values, |(source, offset, a, b)| {
        let (i, j) = (counted(a, source.ndim()), counted(b, source.ndim()));
        let got = moved(|out| diagonal(source.layout(), offset, a, b, out));
        if i == j {
            assert_eq!(got.err(), Some(Error::RepeatedAxis { axis: i }));
            return;
        }
        let elements = Model::of(source.layout());
        // Walk along the diagonal until it leaves the plane.
        let (row, column) = ((-offset).max(0), offset.max(0));
        let inside = |d: &i64| row + d < source.shape[i] && column + d < source.shape[j];
        let length = (0..).take_while(inside).count() as i64;
        let others: Vec<usize> = (0..source.ndim()).filter(|&axis| axis != i && axis != j).collect();
        let mut shape: Vec<i64> = others.iter().map(|&axis| source.shape[axis]).collect();
        shape.push(length);
        let expected = Model::from_fn(&shape, |index| {
            let mut from = vec![0; source.ndim()];
            for (&axis, &i) in others.iter().zip(index) {
                from[axis] = i;
            }
            from[i] = row + index[others.len()];
            from[j] = column + index[others.len()];
            elements.at(&from)
        });
        assert_elements(&got.expect("two axes"), &source, &expected);
    });
}

#[test]
fn axes_that_do_not_exist_or_are_named_twice() {
    let source = Source::new(8, &[2, 3, 4], &[96, 32, 8]);
    let l = source.layout();
    let out_of_range = |axis| Some(Error::AxisOutOfRange { axis, ndim: 3 });
    assert_eq!(made(|out| transpose(l, Some(&[0, 1, 3]), out)).err(), out_of_range(3));
    assert_eq!(made(|out| transpose(l, Some(&[0, 1, -4]), out)).err(), out_of_range(-4));
    assert_eq!(made(|out| transpose(l, Some(&[0, 1, -2]), out)).err(), Some(Error::RepeatedAxis { axis: 1 }));
    assert_eq!(
        made(|out| transpose(l, Some(&[0, 1]), out)).err(),
        Some(Error::WrongCount { expected: 3, got: 2 })
    );
    assert_eq!(made(|out| swapaxes(l, 0, 3, out)).err(), out_of_range(3));
    assert_eq!(made(|out| moveaxis(l, &[0], &[i32::MIN], out)).err(), out_of_range(i32::MIN.into()));
    assert_eq!(made(|out| moveaxis(l, &[0, -3], &[1, 2], out)).err(), Some(Error::RepeatedAxis { axis: 0 }));
    assert_eq!(
        made(|out| moveaxis(l, &[0, 1], &[1], out)).err(),
        Some(Error::WrongCount { expected: 2, got: 1 })
    );
    assert_eq!(made(|out| squeeze(l, Some(&[i32::MAX]), out)).err(), out_of_range(i32::MAX.into()));
    assert_eq!(made(|out| expand_dims(l, &[4, -1], out)).err(), Some(Error::RepeatedAxis { axis: 4 }));
    assert_eq!(made(|out| expand_dims(l, &[0; 62], out)).err(), Some(Error::TooManyAxes { ndim: 65 }));
    assert_eq!(moved(|out| flip(l, Some(&[1, 1]), out)).err(), Some(Error::RepeatedAxis { axis: 1 }));
    assert_eq!(moved(|out| rot90(l, 1, 0, 3, out)).err(), out_of_range(3));
    assert_eq!(moved(|out| diagonal(l, 0, -5, 1, out)).err(), out_of_range(-5));
    let line = Source::new(8, &[3], &[8]);
    let too_few = Some(Error::TooFewAxes { needed: 2, ndim: 1 });
    assert_eq!(moved(|out| diagonal(line.layout(), 0, 0, 1, out)).err(), too_few);
    assert_eq!(moved(|out| rot90(line.layout(), 1, 0, 1, out)).err(), too_few);
}
