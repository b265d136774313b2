//! Loop nests: a planned walk visits what the naive odometer visits, in few loops.

use libstrided_layout::Error;
use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use proptest::prelude::*;

use crate::common::{check, views};
use crate::model::indices;

/// A shape and the strides of `N` operands over it: packed, transposed, reversed, broadcast.
fn operands<const N: usize>() -> impl Strategy<Value = (Vec<i64>, [Vec<i64>; N])> {
    let extents = prop::collection::vec(prop::sample::select(vec![1i64, 2, 3, 4, 2, 3, 0]), 0..5);
    extents.prop_flat_map(|shape| {
        let n = shape.len();
        let order = || Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        let one = (order(), any::<bool>(), prop::collection::vec(0..12u8, n));
        let shape_again = shape.clone();
        let strides = one.prop_map(move |(order, c_order, changes)| {
            let order = if c_order { (0..n).collect() } else { order };
            let mut strides = vec![0; n];
            let mut packed = 8;
            for &axis in order.iter().rev() {
                strides[axis] = match changes[axis] {
                    0 => 0,
                    1 | 2 => -packed,
                    3 => 2 * packed,
                    _ => packed,
                };
                packed *= shape_again[axis].max(1) * if changes[axis] == 3 { 2 } else { 1 };
            }
            strides
        });
        (Just(shape), prop::collection::vec(strides, N).prop_map(|list| list.try_into().expect("N operands")))
    })
}

/// The offsets of all operands at every position, in C order.
fn naive<const N: usize>(shape: &[i64], strides: &[Vec<i64>; N]) -> Vec<[i64; N]> {
    let at =
        |index: &Vec<i64>| std::array::from_fn(|k| index.iter().zip(&strides[k]).map(|(i, s)| i * s).sum());
    indices(shape).iter().map(at).collect()
}

/// Everything that a nest visits, with the innermost `inner` loops run by hand.
fn visited<const N: usize, const CAP: usize>(nest: &Nest<N, CAP>, inner: usize) -> Vec<[i64; N]> {
    let loops = nest.loops();
    let by_hand = &loops[loops.len().saturating_sub(inner)..];
    let steps = indices(&by_hand.iter().map(|l| l.extent).collect::<Vec<_>>());
    let mut all = Vec::new();
    let done: Result<(), ()> = nest.walk(inner, |offsets| {
        for step in &steps {
            let ahead = |k: usize| -> i64 { by_hand.iter().zip(step).map(|(l, i)| l.strides[k] * i).sum() };
            all.push(std::array::from_fn(|k| offsets[k] + ahead(k)));
        }
        Ok(())
    });
    assert_eq!(done, Ok(()));
    all
}

/// Whether all operands walk through `outer` and `inner` as if they were one loop.
fn joins<const N: usize>(outer: &Loop<N>, inner: &Loop<N>) -> bool {
    (0..N).all(|k| outer.strides[k] == inner.strides[k] * inner.extent)
}

fn plans<const N: usize>(test: &str) {
    check(test, 4_000, operands::<N>(), |(shape, strides)| {
        let mut expected = naive(&shape, &strides);
        let slices = std::array::from_fn(|k| &strides[k][..]);
        let given = Nest::<N, SMALL_NDIM>::in_given_order(&shape, slices).expect("few axes");
        assert_eq!(given.is_empty(), shape.contains(&0));
        // In the given order the sequence is the same, planned it is the same positions in some order.
        let plan = Nest::<N>::plan(&shape, slices).expect("few axes");
        let small = Nest::<N, SMALL_NDIM>::plan(&shape, slices).expect("few axes");
        assert_eq!(plan.loops(), small.loops());
        for inner in 0..4 {
            if !given.is_empty() || inner == 0 {
                assert_eq!(visited(&given, inner), expected);
            }
        }
        expected.sort();
        for inner in 0..4 {
            let mut all = visited(&plan, inner);
            all.sort();
            if !plan.is_empty() || inner == 0 {
                assert_eq!(all, expected, "{:?}", plan.loops());
            }
        }
        for l in plan.loops() {
            assert!(l.extent > 1);
            assert!(
                l.strides.iter().any(|&s| s > 0) || l.strides.iter().all(|&s| s == 0),
                "{l:?} was not flipped"
            );
        }
        for pair in plan.loops().windows(2) {
            assert!(!joins(&pair[0], &pair[1]), "{pair:?} could be one loop");
        }
    });
}

#[test]
fn one_operand() {
    plans::<1>("one_operand");
}

#[test]
fn two_operands() {
    plans::<2>("two_operands");
}

#[test]
fn three_operands() {
    plans::<3>("three_operands");
}

/// Without broadcast axes, the output's strides sort all loops, so that no two of them, adjacent or not, could be one.
#[test]
fn packed_operands_become_one_loop() {
    let values = views(4).prop_filter("elements", |s| !s.shape.contains(&0));
    check("packed_operands_become_one_loop", 4_000, values, |source| {
        let nest = Nest::<2>::plan(&source.shape, [&source.strides, &source.strides]).expect("few axes");
        let mut sorted: Vec<i64> = source.strides.iter().map(|s| s.abs()).collect();
        sorted.sort();
        let overlap = libstrided_layout::self_overlap(source.layout(), u64::MAX);
        if overlap == libstrided_layout::Overlap::No {
            for (i, outer) in nest.loops().iter().enumerate() {
                for inner in &nest.loops()[i + 1..] {
                    assert!(outer.strides[1] > inner.strides[1]);
                }
            }
        }
        // Any order of axes over packed memory is one loop.
        let bytes = source.shape.iter().product::<i64>() * source.itemsize;
        let (low, high) = source.layout().extent();
        if overlap == libstrided_layout::Overlap::No && high - low == bytes {
            assert!(nest.loops().len() <= 1, "{:?}", nest.loops());
        }
    });
}

#[test]
fn a_visitor_can_stop_the_walk() {
    let nest = Nest::<1>::plan(&[3, 4], [&[100, 8]]).expect("few axes");
    let mut visits = 0;
    let stopped = nest.walk(0, |_| {
        visits += 1;
        if visits == 5 { Err("enough") } else { Ok(()) }
    });
    assert_eq!((stopped, visits), (Err("enough"), 5));
}

#[test]
fn too_many_axes_and_wrong_counts() {
    let (shape, strides) = ([2; 7], [8; 7]);
    assert_eq!(Nest::<1, 6>::plan(&shape, [&strides]).err(), Some(Error::TooManyAxes { ndim: 7 }));
    assert!(Nest::<1, 6>::plan(&[2, 2, 2, 1, 2, 2, 2], [&strides]).is_ok());
    assert_eq!(
        Nest::<2>::plan(&shape, [&strides, &strides[1..]]).err(),
        Some(Error::WrongCount { expected: 7, got: 6 })
    );
}

/// Reductions: the output stands still on the reduced axes. Over a packed input, in any order of its axes, neighbours
/// in memory that are both reduced, or both kept, are one loop.
#[test]
fn reductions_of_packed_operands_are_planned_in_few_loops() {
    let values = prop::collection::vec(2..4i64, 1..5).prop_flat_map(|shape| {
        let n = shape.len();
        let order = Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        (Just(shape), order, prop::collection::vec(any::<bool>(), n))
    });
    check("reductions_of_packed_operands", 4_000, values, |(shape, order, reduced)| {
        // `order` is the order of the axes in the memory of the input, outermost first; the output follows it.
        let (mut input, mut output) = (vec![0; shape.len()], vec![0; shape.len()]);
        let (mut packed, mut kept) = (8, 8);
        for &axis in order.iter().rev() {
            input[axis] = packed;
            packed *= shape[axis];
            if !reduced[axis] {
                output[axis] = kept;
                kept *= shape[axis];
            }
        }
        let runs = 1 + order.windows(2).filter(|pair| reduced[pair[0]] != reduced[pair[1]]).count();
        let nest = Nest::<2>::plan(&shape, [&input, &output]).expect("few axes");
        assert_eq!(nest.loops().len(), runs, "{:?}", nest.loops());
    });
}
