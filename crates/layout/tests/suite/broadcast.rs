//! Broadcasting, with shapes aligned at their last axes by hand.

use libstrided_layout::{Broadcast, Error, broadcast_strides, broadcast_to, check_output};
use proptest::prelude::*;

use crate::common::{check, sources};
use crate::model::{Model, made};

/// Shapes that often go together.
fn shapes() -> impl Strategy<Value = Vec<Vec<i64>>> {
    let common = prop::collection::vec(prop::sample::select(vec![0i64, 1, 2, 3]), 1..5);
    let changes = prop::collection::vec((prop::collection::vec(0..12u8, 5), 0..3usize), 2..4);
    (common, changes).prop_map(|(common, changes)| {
        let changed = |(changes, dropped): (Vec<u8>, usize)| {
            let extents = common.iter().zip(changes).map(|(&n, change)| match change {
                0..5 => 1,
                5 | 6 => n + 1,
                _ => n,
            });
            extents.skip(dropped).collect()
        };
        changes.into_iter().map(changed).collect()
    })
}

/// The common shape: on each axis, counted from the last, the one extent that is not 1.
fn common(shapes: &[Vec<i64>]) -> Option<Vec<i64>> {
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    (0..ndim)
        .map(|axis| {
            let mut extents: Vec<i64> = shapes
                .iter()
                .filter_map(|s| (axis + s.len()).checked_sub(ndim).map(|own| s[own]))
                .filter(|&n| n != 1)
                .collect();
            extents.dedup();
            match extents[..] {
                [] => Some(1),
                [n] => Some(n),
                _ => None,
            }
        })
        .collect()
}

#[test]
fn shapes_of_several_operands() {
    let (fits, misfits) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    check("shapes_of_several_operands", 6_000, shapes(), |shapes| {
        let mut broadcast = Broadcast::new();
        let added: Result<Vec<()>, Error> = shapes.iter().map(|s| broadcast.add(s)).collect();
        match common(&shapes) {
            Some(expected) => {
                fits.set(fits.get() + 1);
                assert_eq!(added.map(|_| broadcast.shape()), Ok(&expected[..]));
                assert_eq!(broadcast.checked_shape(), Ok(&expected[..]));
            }
            None => {
                misfits.set(misfits.get() + 1);
                let Err(Error::Broadcast { left, right, .. }) = added else { panic!("{added:?}") };
                assert!(left != right && left != 1 && right != 1);
            }
        }
    });
    assert!(fits.get() > 500 && misfits.get() > 500, "{fits:?}, {misfits:?}");
}

#[test]
fn stretching() {
    let values = (sources(3), prop::collection::vec(0..5i64, 0..5), 0..8u8);
    check("stretching", 4_000, values, |(source, wanted, own)| {
        let l = source.layout();
        // Mostly a shape that fits: the own extents where they are not 1.
        let mut shape = wanted;
        if own > 0 && shape.len() >= source.ndim() {
            let added = shape.len() - source.ndim();
            for (n, &old) in shape[added..].iter_mut().zip(&source.shape) {
                *n = if old == 1 { *n } else { old };
            }
        }
        let got = made(|out| broadcast_to(l, &shape, out));
        let mut room = [0; 8];
        let strides = broadcast_strides(l, &shape, &mut room).map(<[i64]>::to_vec);
        let added = shape.len().checked_sub(source.ndim());
        let fits = added.is_some_and(|added| {
            source.shape.iter().zip(&shape[added..]).all(|(&old, &n)| old == n || old == 1)
        });
        if !fits {
            let error = got.expect_err("does not fit");
            assert!(matches!(error, Error::Broadcast { .. } | Error::OutputNdim { .. }));
            assert_eq!(strides, Err(error));
            return;
        }
        let elements = Model::of(l);
        let expected = Model::from_fn(&shape, |index| {
            let own = index[added.unwrap_or(0)..].iter().zip(&source.shape);
            let from: Vec<i64> = own.map(|(&i, &n)| if n == 1 { 0 } else { i }).collect();
            elements.at(&from)
        });
        let mut got = got.expect("fits");
        assert_eq!(got.model(source.itemsize), expected);
        got.strides = strides.expect("fits");
        assert_eq!(got.model(source.itemsize), expected);
    });
}

#[test]
fn outputs() {
    let shape = || prop::collection::vec(prop::sample::select(vec![0i64, 1, 2, 3]), 0..4);
    check("outputs", 5_000, (shape(), shape()), |(inputs, out)| {
        // The inputs must broadcast to the output, and leave it as it is.
        let fits = common(&[inputs.clone(), out.clone()]) == Some(out.clone());
        assert_eq!(check_output(&inputs, &out).is_ok(), fits);
    });
}

#[test]
fn limits() {
    let mut broadcast = Broadcast::new();
    assert_eq!(broadcast.add(&[1; 65]), Err(Error::TooManyAxes { ndim: 65 }));
    assert_eq!(broadcast.add(&[2; 64]), Ok(()));
    assert_eq!(broadcast.checked_shape(), Err(Error::SizeOverflow));
    let one = libstrided_layout::Layout::new(8, &[1], &[0]).expect("a layout");
    assert_eq!(made(|out| broadcast_to(one, &[1; 65], out)).err(), Some(Error::TooManyAxes { ndim: 65 }));
    assert_eq!(made(|out| broadcast_to(one, &[1 << 61], out)).err(), Some(Error::SizeOverflow));
    assert_eq!(
        made(|out| broadcast_to(one, &[2, -1], out)).err(),
        Some(Error::NegativeExtent { axis: 1, extent: -1 })
    );
    let mut room = [0; 2];
    assert_eq!(broadcast_strides(one, &[1, 1, 1], &mut room), Err(Error::TooManyAxes { ndim: 3 }));
}
