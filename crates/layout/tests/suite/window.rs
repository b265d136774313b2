//! Sliding windows and parts, each element looked up by its index.

use libstrided_layout::{Error, Layout, sliding_window, split};
use proptest::prelude::*;

use crate::common::{axis_of, check, counted, sources};
use crate::model::{Model, made, moved};

#[test]
fn windows() {
    let values = sources(3).prop_filter("axes", |s| s.ndim() > 0).prop_flat_map(|s| {
        let n = s.ndim();
        let named = prop::collection::vec((axis_of(n), -1..4i64), 0..4);
        (Just(s), named, any::<bool>())
    });
    check("windows", 5_000, values, |(source, named, all)| {
        let l = source.layout();
        let mut axes: Vec<i32> = named.iter().map(|w| w.0).collect();
        let mut sizes: Vec<i64> = named.iter().map(|w| w.1).collect();
        if all {
            axes = (0..source.ndim() as i32).collect();
            sizes.resize(source.ndim(), 1);
        }
        let got = made(|out| sliding_window(l, if all { None } else { Some(&axes) }, &sizes, out));
        let places: Vec<usize> = axes.iter().map(|&axis| counted(axis, source.ndim())).collect();
        let mut shape = source.shape.clone();
        for (&axis, &size) in places.iter().zip(&sizes) {
            if size < 0 || size > shape[axis] {
                let error = got.expect_err("does not fit");
                assert!(matches!(error, Error::InvalidArgument { .. } | Error::WindowTooLong { .. }));
                return;
            }
            shape[axis] -= size - 1;
        }
        shape.extend(&sizes);
        let elements = Model::of(l);
        let expected = Model::from_fn(&shape, |index| {
            let (mut from, within) = (index[..source.ndim()].to_vec(), &index[source.ndim()..]);
            for (&axis, &i) in places.iter().zip(within) {
                from[axis] += i;
            }
            elements.at(&from)
        });
        assert_eq!(got.expect("fits").model(source.itemsize), expected);
    });
}

#[test]
fn parts() {
    let values = sources(3).prop_filter("axes", |s| s.ndim() > 0).prop_flat_map(|s| {
        let n = s.ndim();
        (Just(s), axis_of(n), 1..8i32)
    });
    check("parts", 3_000, values, |(source, axis, sections)| {
        let l = source.layout();
        let at = counted(axis, source.ndim());
        let elements = Model::of(l);
        // Deal the elements of the axis out: one more for each section until none are left.
        let mut lengths = vec![0; sections as usize];
        (0..source.shape[at]).for_each(|i| lengths[i as usize % sections as usize] += 1);
        let mut begin = 0;
        for (part, &length) in lengths.iter().enumerate() {
            let got = moved(|out| split(l, sections, axis, part as i32, out)).expect("one of the sections");
            let mut shape = source.shape.clone();
            shape[at] = length;
            let expected = Model::from_fn(&shape, |index| {
                let mut from = index.to_vec();
                from[at] += begin;
                elements.at(&from)
            });
            assert_eq!(got.model(source.itemsize), expected);
            begin += length;
        }
        for part in [-1, sections, i32::MIN, i32::MAX] {
            assert!(moved(|out| split(l, sections, axis, part, out)).is_err());
        }
        for none in [0, -1, i32::MIN] {
            assert!(moved(|out| split(l, none, axis, 0, out)).is_err());
        }
    });
}

#[test]
fn refused_windows() {
    let l = Layout::new(1, &[4, 4], &[4, 1]).expect("a layout");
    let refused = |axes: Option<&[i32]>, sizes: &[i64]| made(|out| sliding_window(l, axes, sizes, out)).err();
    assert_eq!(refused(None, &[2]), Some(Error::WrongCount { expected: 2, got: 1 }));
    assert_eq!(refused(Some(&[2]), &[2]), Some(Error::AxisOutOfRange { axis: 2, ndim: 2 }));
    assert_eq!(refused(Some(&[0; 63]), &[1; 63]), Some(Error::TooManyAxes { ndim: 65 }));
    assert_eq!(refused(Some(&[0; 62]), &[1; 62]), None);
}
