//! Reshaping: the elements in index order are the same, and a refusal is right: no strides would do.

use libstrided_layout::{Error, Order, ravel, reshape, resolve_order};
use proptest::prelude::*;

use crate::common::{Source, check, sources};
use crate::model::{Made, Model, indices, made};

fn order() -> impl Strategy<Value = Order> {
    prop::sample::select(vec![Order::C, Order::F, Order::A])
}

/// The elements of `m` taken in index order and placed into `shape` in the same order.
fn replaced(m: &Model, shape: &[i64], order: Order) -> Model {
    if order == Order::F {
        let taken = m.in_f_order();
        let reversed: Vec<i64> = shape.iter().rev().copied().collect();
        let placed = Model { shape: reversed, offsets: taken };
        return Model::from_fn(shape, |index| placed.at(&index.iter().rev().copied().collect::<Vec<_>>()));
    }
    Model { shape: shape.to_vec(), offsets: m.offsets.clone() }
}

/// The result has the elements of the model, or the model can not be had with strides.
fn assert_view_or_copy(got: Result<Made, Error>, source: &Source, expected: &Model) {
    match got {
        Ok(view) => assert_eq!(&view.model(source.itemsize), expected, "{view:?}"),
        Err(error) => {
            assert_eq!(error, Error::NeedsCopy);
            assert_eq!(expected.strides(), None, "refused, but there are strides for it");
        }
    }
}

/// A shape with as many elements: factors of the size, dealt out at random, and some ones.
fn shapes_of(size: i64) -> impl Strategy<Value = Vec<i64>> {
    (prop::collection::vec(any::<u8>(), 12), 1..6usize).prop_map(move |(choices, ndim)| {
        let mut shape = vec![1i64; ndim];
        let (mut rest, mut factor, mut i) = (size, 2, 0);
        if size == 0 {
            shape[choices[0] as usize % ndim] = 0;
            rest = 1;
            shape.iter_mut().zip(&choices[1..]).for_each(|(n, &c)| *n *= i64::from(c % 3) + 1);
        }
        while rest > 1 {
            if rest % factor == 0 {
                shape[choices[i % choices.len()] as usize % ndim] *= factor;
                rest /= factor;
                i += 1;
            } else {
                factor += 1;
            }
        }
        if size == 1 && choices[0] % 4 == 0 { vec![] } else { shape }
    })
}

#[test]
fn reshaping() {
    let values = sources(5).prop_flat_map(|s| {
        let size: i64 = s.shape.iter().product();
        (Just(s), shapes_of(size), order(), prop::option::weighted(0.3, any::<prop::sample::Index>()))
    });
    let (views, copies) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    check("reshaping", 8_000, values, |(source, shape, order, unknown)| {
        let l = source.layout();
        let expected = replaced(&Model::of(l), &shape, resolve_order(l, order));
        let got = made(|out| reshape(l, &shape, order, out));
        let count = if got.is_ok() { &views } else { &copies };
        count.set(count.get() + 1);
        assert_view_or_copy(got, &source, &expected);

        // One extent left to be computed gives the same.
        let mut asked = shape.clone();
        if let Some(axis) = unknown.filter(|_| !shape.is_empty()).map(|u| u.index(shape.len())) {
            asked[axis] = -1;
            let others: i64 = asked.iter().filter(|&&n| n != -1).product();
            let got = made(|out| reshape(l, &asked, order, out));
            match others {
                0 => assert_eq!(got.err(), Some(Error::ReshapeUnknown)),
                _ => assert_view_or_copy(got, &source, &expected),
            }
        }
    });
    assert!(views.get() > 1_000 && copies.get() > 1_000, "{views:?} views, {copies:?} copies");
}

#[test]
fn reshaping_to_another_size() {
    let values = (sources(3), prop::collection::vec(-1..7i64, 0..4));
    check("reshaping_to_another_size", 5_000, values, |(source, shape)| {
        let size: i64 = source.shape.iter().product();
        let known: i64 = shape.iter().filter(|&&n| n != -1).product();
        let got = made(|out| reshape(source.layout(), &shape, Order::C, out));
        match shape.iter().filter(|&&n| n == -1).count() {
            0 if known != size => {
                assert_eq!(got.err(), Some(Error::ReshapeSize { from: size, to: known }));
            }
            1 if known == 0 => assert_eq!(got.err(), Some(Error::ReshapeUnknown)),
            1 if size % known != 0 => {
                assert_eq!(got.err(), Some(Error::ReshapeSize { from: size, to: known }));
            }
            2.. => assert_eq!(got.err(), Some(Error::ReshapeUnknown)),
            _ => match got {
                Ok(view) => assert_eq!(view.shape.iter().product::<i64>(), size),
                Err(error) => assert_eq!(error, Error::NeedsCopy),
            },
        }
    });
}

#[test]
fn ravelling() {
    let order = prop::sample::select(vec![Order::C, Order::F, Order::A, Order::K]);
    check("ravelling", 4_000, (sources(4), order), |(source, order)| {
        let l = source.layout();
        let size: i64 = source.shape.iter().product();
        let got = made(|out| ravel(l, order, out));
        let resolved = resolve_order(l, order);
        if resolved != Order::K {
            assert_view_or_copy(got, &source, &replaced(&Model::of(l), &[size], resolved));
            return;
        }
        // K: every element once, in the order of some permutation of the axes, by strides that do not grow.
        let Ok(view) = got else {
            assert_eq!(got.err(), Some(Error::NeedsCopy));
            return;
        };
        let mut axes: Vec<usize> = (0..source.ndim()).collect();
        axes.sort_by_key(|&axis| std::cmp::Reverse(source.strides[axis].abs()));
        let shape: Vec<i64> = axes.iter().map(|&axis| source.shape[axis]).collect();
        let offsets = indices(&shape)
            .iter()
            .map(|index| axes.iter().zip(index).map(|(&axis, i)| i * source.strides[axis]).sum())
            .collect();
        assert_eq!(view.model(source.itemsize), Model { shape: vec![size], offsets });
    });
}

#[test]
fn refused_shapes() {
    let source = Source::new(8, &[2, 3], &[24, 8]);
    let refused = |shape: &[i64], order| made(|out| reshape(source.layout(), shape, order, out)).err();
    assert_eq!(refused(&[3, -2], Order::C), Some(Error::NegativeExtent { axis: 1, extent: -2 }));
    assert_eq!(refused(&[i64::MIN], Order::C), Some(Error::NegativeExtent { axis: 0, extent: i64::MIN }));
    assert_eq!(refused(&[1 << 62, 4], Order::C), Some(Error::SizeOverflow));
    assert!(matches!(refused(&[6], Order::K), Some(Error::InvalidArgument { value: 3, .. })));
    assert_eq!(refused(&[1; 65], Order::C), Some(Error::TooManyAxes { ndim: 65 }));
    let mut many = vec![1; 64];
    many[10] = 2;
    many[60] = 3;
    for order in [Order::C, Order::F] {
        assert_eq!(refused(&many, order), None);
        // The same without the short way for packed arrays, and in the large work space.
        let padded = Source::new(8, &[2, 3], &[32, 8]);
        let view = made(|out| reshape(padded.layout(), &many, order, out));
        assert_view_or_copy(view, &padded, &replaced(&Model::of(padded.layout()), &many, order));
    }
}
