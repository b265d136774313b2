//! Nothing outside the elements is touched: arrays of 0 to 70 elements flush with pages that fault.

use libstrided_layout::{AxisSet, DType};

use crate::copy::tests::guard::{Area, Flush};
use crate::test_support::{Random, at_every_level};
use crate::{Folding, Operand, Reduction, Second, arg, reduce};

/// An operand at one end of an area, and how many bytes it takes.
struct Placed {
    area: Area,
    at: usize,
    bytes: usize,
    low: usize,
    dtype: DType,
    strides: Vec<i64>,
}

impl Placed {
    fn new(random: &mut Random, dtype: DType, shape: &[i64], strides: Vec<i64>, flush: Flush) -> Placed {
        let reach = |sign: i64| -> usize {
            let ends = shape.iter().zip(&strides).map(|(n, s)| ((n - 1) * s * sign).max(0));
            ends.sum::<i64>() as usize
        };
        let empty = shape.contains(&0);
        let low = if empty { 0 } else { reach(-1) };
        let bytes = if empty { 0 } else { low + reach(1) + dtype.size() as usize };
        let mut area = Area::new(bytes.max(1));
        let at = area.place(bytes, flush, 0);
        random.fill(dtype, &mut area.bytes_mut()[at..at + bytes]);
        Placed { area, at, bytes, low, dtype, strides }
    }

    fn operand(&mut self) -> Operand<'_> {
        let data = self.area.bytes_mut().as_mut_ptr().wrapping_add(self.at + self.low);
        Operand { data, dtype: self.dtype, itemsize: self.dtype.size(), strides: &self.strides }
    }

    fn bytes(&mut self) -> Vec<u8> {
        self.area.bytes_mut()[self.at..self.at + self.bytes].to_vec()
    }
}

/// The strides of an array of two axes: `step` elements along its rows, which are `pitch` elements apart.
fn layouts(n: [i64; 2], item: i64) -> [Vec<i64>; 6] {
    let elements = |a: i64, b: i64| vec![a * item, b * item];
    [
        elements(n[1], 1),
        elements(1, n[0]),
        elements(2 * n[1], 2),
        elements(n[1] + 1, -1),
        elements(2 * n[1] + 1, 2),
        elements(3 * n[1] + 1, 3),
    ]
}

fn output_strides(n: [i64; 2], reduced: AxisSet, item: i64) -> Vec<i64> {
    match (reduced.contains(0), reduced.contains(1)) {
        (false, false) => vec![n[1] * item, item],
        (first, second) => [first, second].map(|gone| if gone { 0 } else { item }).to_vec(),
    }
}

#[test]
fn reductions_touch_nothing_but_their_elements() {
    let mut random = Random::new(31);
    at_every_level(|| {
        for n in 0..=70 {
            for other in [1, 3] {
                let shape = if n % 2 == 0 { [other, n] } else { [n, other] };
                let dtype = [DType::F64, DType::F32, DType::U8, DType::I16, DType::C128][random.below(5)];
                for strides in layouts(shape, dtype.size()) {
                    for flush in [Flush::Start, Flush::End] {
                        for axes in 1..=3 {
                            one(&mut random, shape, dtype, &strides, flush, AxisSet(axes));
                        }
                    }
                }
            }
        }
    });
}

#[test]
fn positions_in_narrow_rows_touch_nothing_but_their_elements() {
    let mut random = Random::new(32);
    at_every_level(|| {
        for n in 1..=9 {
            for rows in [127, 256, 301] {
                let shape = [rows, n];
                for dtype in [DType::Bool, DType::U8, DType::F32, DType::I64] {
                    for strides in layouts(shape, dtype.size()) {
                        for flush in [Flush::Start, Flush::End] {
                            let mut input = Placed::new(&mut random, dtype, &shape, strides.clone(), flush);
                            let strides = output_strides(shape, AxisSet(1), 8);
                            let mut out = Placed::new(&mut random, DType::I64, &[1, n], strides, flush);
                            // SAFETY: both lie in areas of their own.
                            let done =
                                unsafe { arg(true, &shape, AxisSet(1), input.operand(), out.operand(), 1) };
                            done.expect("runs");
                        }
                    }
                }
            }
        }
    });
}

fn one(random: &mut Random, shape: [i64; 2], dtype: DType, strides: &[i64], flush: Flush, reduced: AxisSet) {
    let folding = [Folding::Sum, Folding::Min, Folding::Count, Folding::Squares][random.below(4)];
    let wide = match (folding, dtype) {
        (Folding::Sum | Folding::Squares, DType::U8 | DType::I16) => DType::I64,
        _ => dtype,
    };
    let folding = if folding == Folding::Squares && wide == DType::I64 { Folding::Sum } else { folding };
    let kept: Vec<i64> = (0..2).map(|a| if reduced.contains(a) { 1 } else { shape[a] }).collect();
    let mut place =
        |dtype: DType, shape: &[i64], strides: Vec<i64>| Placed::new(random, dtype, shape, strides, flush);
    let mut input = place(dtype, &shape, strides.to_vec());
    let mut mask = place(DType::Bool, &shape, strides.iter().map(|s| s / dtype.size()).collect());
    let mut second = place(wide, &shape, strides.iter().map(|s| s / dtype.size() * wide.size()).collect());
    let result = folding.accumulator(wide);
    let mut out = place(result, &kept, output_strides(shape, reduced, result.size()));
    let mut index = place(DType::I64, &kept, output_strides(shape, reduced, 8));
    let before = (input.bytes(), mask.bytes(), second.bytes());
    let plain = Reduction::new(folding, wide);
    let mut way = 0;
    while way < 3 {
        let what = match way {
            1 => Reduction { mask: Some(mask.operand()), ..plain },
            2 if folding == Folding::Sum => {
                Reduction { second: Some((Second::Times, second.operand())), ..plain }
            }
            _ => plain,
        };
        // SAFETY: all lie in areas of their own.
        let done = unsafe { reduce(&what, &shape, reduced, input.operand(), out.operand()) };
        let nothing = shape.contains(&0) && kept.iter().all(|&n| n > 0);
        assert_eq!(done.is_err(), nothing && folding == Folding::Min, "{folding:?} {shape:?}");
        way += 1;
    }
    // SAFETY: as above.
    let done = unsafe { arg(true, &shape, reduced, input.operand(), index.operand(), 1) };
    assert_eq!(done.is_err(), shape.contains(&0) && kept.iter().all(|&n| n > 0));
    // SAFETY: as above.
    let of_bools = unsafe { arg(true, &shape, reduced, mask.operand(), index.operand(), 1) };
    assert_eq!(of_bools, done);
    assert!(before == (input.bytes(), mask.bytes(), second.bytes()), "an input was written to");
}
