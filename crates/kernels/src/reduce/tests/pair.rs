//! Second operands and masks that are read beside the elements: every shape around the lengths of vectors, lanes and leaves.

use libstrided_layout::{AxisSet, DType};

use crate::element::Element;
use crate::test_support::{Random, at_every_level};
use crate::{Folding, Operand, Reduction, Second, reduce};

/// A shape, the strides of the second operand in elements, and the axes that are reduced.
type Case<'a> = (&'a [i64; 2], [i64; 2], &'a [usize]);

/// Reduces a packed array together with a second operand; `None` is a mask.
fn run<T: Element + Default>(
    second: Option<Second>,
    (shape, second_strides, axes): Case<'_>,
    a: &[T],
    b: &[T],
    mask: &[u8],
) -> Vec<T> {
    let item = size_of::<T>() as i64;
    let mut reduced = AxisSet(0);
    axes.iter().for_each(|&axis| reduced.insert(axis).expect("an axis"));
    let outputs: i64 = (0..2).filter(|axis| !axes.contains(axis)).map(|axis| shape[axis]).product();
    let mut out = vec![T::default(); outputs as usize];
    let strides = [shape[1] * item, item];
    let bytes = second_strides.map(|s| s * if second.is_some() { item } else { 1 });
    let out_strides = match axes {
        [0] => [0, item],
        [1] => [item, 0],
        _ => [0, 0],
    };
    let operand = |data: *mut u8, dtype, strides| Operand { data, dtype, itemsize: dtype.size(), strides };
    let input = operand(a.as_ptr() as *mut u8, T::DTYPE, &strides);
    let folding = if second == Some(Second::Minus) { Folding::Squares } else { Folding::Sum };
    let mut what = Reduction::new(folding, T::DTYPE);
    match second {
        Some(second) => what.second = Some((second, operand(b.as_ptr() as *mut u8, T::DTYPE, &bytes))),
        None => what.mask = Some(operand(mask.as_ptr() as *mut u8, DType::Bool, &bytes)),
    }
    let out_operand = operand(out.as_mut_ptr() as *mut u8, T::DTYPE, &out_strides);
    // SAFETY: the arrays have this shape, or as many elements as their strides reach.
    unsafe { reduce(&what, shape, reduced, input, out_operand) }.expect("runs");
    out
}

/// The same, one by one in `f64`.
fn naive(
    second: Option<Second>,
    (shape, strides, axes): Case<'_>,
    a: &[f64],
    b: &[f64],
    mask: &[u8],
) -> Vec<f64> {
    let outputs: i64 = (0..2).filter(|axis| !axes.contains(axis)).map(|axis| shape[axis]).product();
    let mut out = vec![0.0; outputs as usize];
    for i in 0..shape[0] {
        for j in 0..shape[1] {
            let x = a[(i * shape[1] + j) as usize];
            let at = (i * strides[0] + j * strides[1]) as usize;
            let to = match axes {
                [0] => j,
                [1] => i,
                _ => 0,
            };
            out[to as usize] += match second {
                Some(Second::Minus) => (x - b[at]).powi(2),
                Some(_) => x * b[at],
                None if mask[at] != 0 => x,
                None => 0.0,
            };
        }
    }
    out
}

fn hold<T: Element + Default + Into<f64> + PartialEq>(from: fn(f64) -> T, epsilon: f64) {
    let mut random = Random::new(61);
    let most = 40 * 700;
    let [a, b] = [0, 1].map(|_| -> Vec<T> {
        (0..most).map(|_| from((random.below(2000) as f64 - 1000.0) / 256.0)).collect()
    });
    // Bytes other than 0 and 1 are true as well.
    let mask: Vec<u8> = (0..most).map(|_| [0, 1, 2, 255][random.below(4)]).collect();
    let [wide_a, wide_b] = [&a, &b].map(|x| x.iter().map(|&x| x.into()).collect::<Vec<f64>>());
    let lengths = [1, 2, 5, 8, 9, 16, 17, 31, 33, 63, 64, 65, 100, 128, 130, 144, 255, 300, 520, 700];
    for shape in lengths.iter().flat_map(|&n| [[3, n], [40, n], [n, 3], [n, 33], [n, 40]]) {
        for axes in [&[0][..], &[1], &[0, 1]] {
            for second in [Some(Second::Minus), Some(Second::Times), None] {
                let strides = match (second, axes) {
                    (Some(Second::Minus), [0]) => [0, 1],
                    (Some(Second::Minus), [1]) => [1, 0],
                    (Some(Second::Minus), _) => [0, 0],
                    _ => [shape[1], 1],
                };
                let case = (&shape, strides, axes);
                let want = naive(second, case, &wide_a, &wide_b, &mask);
                let mut first: Option<Vec<T>> = None;
                at_every_level(|| {
                    let got = run(second, case, &a, &b, &mask);
                    for (got, want) in got.iter().zip(&want) {
                        let got: f64 = (*got).into();
                        let room = epsilon * (shape[0] * shape[1] * 64) as f64;
                        assert!((got - want).abs() <= room, "{second:?} {case:?}: {got} and not {want}");
                    }
                    assert!(first.get_or_insert_with(|| got.clone()) == &got, "{second:?} {case:?}");
                });
            }
        }
    }
}

#[test]
fn pairs_of_operands_are_folded_as_they_are_read() {
    hold::<f64>(|x| x, f64::EPSILON);
    hold::<f32>(|x| x as f32, f32::EPSILON.into());
}
