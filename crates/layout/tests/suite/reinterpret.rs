//! Other item sizes over the same bytes, byte by byte.

use libstrided_layout::{Error, check_field, reinterpret};
use proptest::prelude::*;

use crate::common::{Source, check, sources};
use crate::model::{Model, indices, made};

/// The bytes along `axis`, as the axis would be read: for each index of the others, all bytes one after the other.
fn runs(model: &Model, itemsize: i64, axis: usize) -> Vec<Vec<i64>> {
    let mut others = model.shape.clone();
    others[axis] = 1;
    let run = |mut index: Vec<i64>| {
        let mut bytes = Vec::new();
        for i in 0..model.shape[axis] {
            index[axis] = i;
            let first = model.at(&index);
            bytes.extend(first..first + itemsize);
        }
        bytes
    };
    indices(&others).into_iter().map(run).collect()
}

/// Whether the bytes along the axis follow each other, so that they can be cut anew.
fn follows(source: &Source, axis: usize, itemsize: i64) -> bool {
    let n = source.shape[axis];
    let follow = n == 1 || source.shape.contains(&0) || source.strides[axis] == source.itemsize;
    follow && n * source.itemsize % itemsize == 0
}

#[test]
fn other_item_sizes() {
    let sizes = prop::sample::select(vec![1i64, 2, 3, 4, 6, 8, 16, 24]);
    let (views, refusals) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    check("other_item_sizes", 6_000, (sources(3), sizes), |(source, itemsize)| {
        let l = source.layout();
        let got = made(|out| reinterpret(l, itemsize, out));
        let possible = itemsize > source.itemsize || source.itemsize % itemsize == 0;
        let axis = (0..source.ndim()).rev().find(|&axis| follows(&source, axis, itemsize));
        if itemsize == source.itemsize {
            assert_eq!(got.expect("nothing to do").model(itemsize), Model::of(l));
        } else if let (true, Some(axis)) = (possible, axis) {
            views.set(views.get() + 1);
            let got = got.expect("an axis that can be cut").model(itemsize);
            assert_eq!(got.shape[axis] * itemsize, source.shape[axis] * source.itemsize);
            assert_eq!(runs(&got, itemsize, axis), runs(&Model::of(l), source.itemsize, axis));
        } else {
            refusals.set(refusals.get() + 1);
            assert!(matches!(got, Err(Error::Reinterpret { .. })));
        }
    });
    assert!(views.get() > 500 && refusals.get() > 500, "{views:?}, {refusals:?}");
}

#[test]
fn fields() {
    let l = libstrided_layout::Layout::new(12, &[3], &[12]).expect("a layout");
    for offset in -2..15 {
        for size in -2..15 {
            // Every byte of the field is one of the item, and there is one.
            let inside = size > 0 && (offset..offset + size).all(|byte| (0..12).contains(&byte));
            assert_eq!(check_field(l, offset, size).is_ok(), inside, "{size} bytes at {offset}");
        }
    }
    for (offset, size) in
        [(i64::MAX, 1), (1, i64::MAX), (i64::MIN, i64::MAX), (i64::MAX, i64::MAX), (0, i64::MIN)]
    {
        assert_eq!(check_field(l, offset, size), Err(Error::FieldOutOfRange { offset, size, itemsize: 12 }));
    }
}
