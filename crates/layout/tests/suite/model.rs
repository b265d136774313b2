//! The naive model of an array: its shape and where each element lies, in C order, with every element looked up by its
//! index. No strides, no cleverness; what an operation does is said by the index that each element comes from.

use std::mem::MaybeUninit;

use libstrided_layout::{Axes, Layout, MAX_NDIM, Result};

use crate::common::Source;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) shape: Vec<i64>,
    /// Byte offset of each element, in C order.
    pub(crate) offsets: Vec<i64>,
}

/// All indices of a shape in C order: an odometer.
pub(crate) fn indices(shape: &[i64]) -> Vec<Vec<i64>> {
    let mut all = vec![vec![]];
    for &n in shape {
        all = all
            .into_iter()
            .flat_map(|index| (0..n).map(move |i| [index.as_slice(), &[i]].concat()))
            .collect();
    }
    all
}

impl Model {
    /// The array whose element at each index is `offset(index)`.
    pub(crate) fn from_fn(shape: &[i64], offset: impl Fn(&[i64]) -> i64) -> Model {
        Model { shape: shape.to_vec(), offsets: indices(shape).iter().map(|index| offset(index)).collect() }
    }

    /// The elements of a layout.
    pub(crate) fn of(layout: Layout<'_>) -> Model {
        Model::from_fn(layout.shape(), |index| index.iter().zip(layout.strides()).map(|(i, s)| i * s).sum())
    }

    /// Where an element lies.
    pub(crate) fn at(&self, index: &[i64]) -> i64 {
        assert_eq!(index.len(), self.shape.len());
        let mut place = 0;
        for (&i, &n) in index.iter().zip(&self.shape) {
            assert!((0..n).contains(&i), "{index:?} in {:?}", self.shape);
            place = place * n + i;
        }
        self.offsets[place as usize]
    }

    /// The elements with the first axis varying fastest.
    pub(crate) fn in_f_order(&self) -> Vec<i64> {
        let reversed: Vec<i64> = self.shape.iter().rev().copied().collect();
        indices(&reversed)
            .iter()
            .map(|index| self.at(&index.iter().rev().copied().collect::<Vec<_>>()))
            .collect()
    }

    /// The layout that has these elements, if strides for it exist: the first step along each axis gives its stride.
    pub(crate) fn strides(&self) -> Option<Vec<i64>> {
        let Some(&first) = self.offsets.first() else {
            return Some(vec![0; self.shape.len()]);
        };
        let strides: Vec<i64> = (0..self.shape.len())
            .map(|axis| {
                let mut index = vec![0; self.shape.len()];
                index[axis] = 1;
                if self.shape[axis] > 1 { self.at(&index) - first } else { 0 }
            })
            .collect();
        let walked = Model::from_fn(&self.shape, |index| {
            first + index.iter().zip(&strides).map(|(i, s)| i * s).sum::<i64>()
        });
        (walked == *self).then_some(strides)
    }
}

/// What an operation has made: new axes, and by how many bytes the first element moved.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) start: i64,
    pub(crate) shape: Vec<i64>,
    pub(crate) strides: Vec<i64>,
}

impl Made {
    /// The elements, with the shape and strides checked on the way.
    pub(crate) fn model(&self, itemsize: i64) -> Model {
        let source = Source::new(itemsize, &self.shape, &self.strides);
        let mut model = Model::of(source.layout());
        model.offsets.iter_mut().for_each(|o| *o += self.start);
        model
    }
}

/// Runs an operation that may move the first element.
pub(crate) fn moved(operation: impl FnOnce(&mut Axes<'_>) -> Result<i64>) -> Result<Made> {
    let mut shape = [MaybeUninit::new(i64::MIN); MAX_NDIM];
    let mut strides = [MaybeUninit::new(i64::MIN); MAX_NDIM];
    let mut axes = Axes::new(&mut shape, &mut strides);
    let start = operation(&mut axes)?;
    let len = axes.len();
    // SAFETY: all entries were written above, and an `Axes` writes only numbers.
    let read = |list: &[MaybeUninit<i64>]| list[..len].iter().map(|n| unsafe { n.assume_init() }).collect();
    Ok(Made { start, shape: read(&shape), strides: read(&strides) })
}

/// Runs an operation that leaves the first element where it is.
pub(crate) fn made(operation: impl FnOnce(&mut Axes<'_>) -> Result<()>) -> Result<Made> {
    moved(|axes| operation(axes).map(|()| 0))
}
