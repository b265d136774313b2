//! Squared distances from the mean in one reading: held against two readings in `f64`, between pages that fault.

use libstrided_layout::DType;

use crate::copy::tests::guard::{Area, Flush};
use crate::test_support::at_every_level;
use crate::{Finish, Operand, spread};

/// Small numbers on top of a large one.
fn value(i: usize) -> f64 {
    1000.0 + (i.wrapping_mul(2_654_435_761) % 1009) as f64 / 16.0
}

/// An array in an area of its own: reduced where `over` says so. Strides are in elements.
struct Case<'a> {
    shape: &'a [i64],
    strides: &'a [i64],
    over: &'a [bool],
}

impl Case<'_> {
    fn low(&self) -> i64 {
        self.shape.iter().zip(self.strides).map(|(n, s)| ((n - 1) * s).min(0)).sum()
    }

    fn span(&self) -> i64 {
        self.shape.iter().zip(self.strides).map(|(n, s)| (n - 1) * s.abs()).sum::<i64>() + 1
    }

    /// The offsets of the elements of each output, in elements from the lowest one; C order.
    fn groups(&self) -> Vec<Vec<i64>> {
        let mut groups = vec![vec![-self.low()]];
        for (axis, &n) in self.shape.iter().enumerate() {
            let at = |i: i64, group: &Vec<i64>| -> Vec<i64> {
                group.iter().map(|at| at + i * self.strides[axis]).collect()
            };
            groups = match self.over[axis] {
                true => groups.iter().map(|group| (0..n).flat_map(|i| at(i, group)).collect()).collect(),
                false => groups.iter().flat_map(|group| (0..n).map(|i| at(i, group))).collect(),
            };
        }
        groups
    }

    /// Folds elements of a dtype; the bits of the sums, or nothing where that is left to others.
    fn run(&self, dtype: DType, flush: Flush, gap: usize) -> Option<Vec<u64>> {
        let item = dtype.size();
        let bytes = (self.span() * item) as usize;
        let mut area = Area::new(bytes + gap);
        let at = area.place(bytes, flush, gap);
        let mut values = Vec::new();
        for (i, to) in area.bytes_mut()[at..at + bytes].chunks_exact_mut(item as usize).enumerate() {
            if item == 4 {
                values.push(f64::from(value(i) as f32));
                to.copy_from_slice(&(value(i) as f32).to_ne_bytes());
            } else {
                values.push(value(i));
                to.copy_from_slice(&value(i).to_ne_bytes());
            }
        }
        let groups = self.groups();
        let (mut squares, mut means) = (vec![-1.0f64; 2 * groups.len()], vec![-1.0f64; groups.len()]);
        let mut next = 1;
        let mut outer = vec![0; self.shape.len()];
        for axis in (0..self.shape.len()).rev().filter(|&axis| !self.over[axis]) {
            outer[axis] = next * 8;
            next *= self.shape[axis];
        }
        // Every other place of the sums.
        let apart: Vec<i64> = outer.iter().map(|s| 2 * s).collect();
        let strides: Vec<i64> = self.strides.iter().map(|s| s * item).collect();
        let data =
            area.bytes_mut().as_mut_ptr().wrapping_add(at).wrapping_offset((-self.low() * item) as isize);
        let input = Operand { data, dtype, itemsize: item, strides: &strides };
        let to = |v: &mut Vec<f64>| v.as_mut_ptr().cast::<u8>();
        let out = Operand { data: to(&mut squares), dtype: DType::F64, itemsize: 8, strides: &apart };
        let mean = Operand { data: to(&mut means), dtype: DType::F64, itemsize: 8, strides: &outer };
        // SAFETY: all lie in memory of their own.
        let done = unsafe { spread(self.shape, input, Finish::default(), out, Some(mean)) }.expect("runs");
        if !done {
            assert!(squares.iter().chain(&means).all(|&x| x == -1.0));
            return None;
        }
        let room = if item == 4 { 1e-4 } else { 1e-11 };
        for (i, group) in groups.iter().enumerate() {
            let n = group.len() as f64;
            let mean = group.iter().map(|&at| values[at as usize]).sum::<f64>() / n;
            let want = group.iter().map(|&at| (values[at as usize] - mean).powi(2)).sum::<f64>();
            let (got, context) = (squares[2 * i], (self.shape, self.strides, self.over, dtype, i));
            assert!((got - want).abs() <= room * want.max(1.0), "{context:?}: {got} and not {want}");
            assert!((means[i] - mean).abs() <= room * mean, "{context:?}: mean {} and not {mean}", means[i]);
            assert_eq!(squares[2 * i + 1], -1.0, "{context:?}");
        }
        Some(squares.iter().chain(&means).map(|x| x.to_bits()).collect())
    }
}

#[test]
fn distances_in_one_reading() {
    let mut all: Vec<(Vec<i64>, Vec<i64>, Vec<bool>)> = Vec::new();
    for rows in [1, 2, 15, 16, 17, 40, 200] {
        for n in [32, 33, 64, 71, 100, 1025, 2100] {
            all.push((vec![rows, n], vec![n, 1], vec![true, false]));
            all.push((vec![rows, n], vec![-(n + 3), 1], vec![true, false]));
            all.push((vec![n, rows], vec![-1, n], vec![false, true]));
        }
    }
    for n in [2, 3, 5, 7, 8, 12, 31, 48] {
        for rows in [70, 1000, 1601] {
            all.push((vec![rows, n], vec![n, 1], vec![true, false]));
            // Twice over, and around an axis of outputs.
            all.push((vec![2, rows, n], vec![rows * n + 5, n, 1], vec![true, true, false]));
            all.push((vec![3, rows, n], vec![rows * n, n, 1], vec![false, true, false]));
        }
    }
    // Rows, each an output.
    for n in [64, 65, 100, 512, 1000, 5000] {
        for rows in [1, 2, 63, 65, 200] {
            all.push((vec![rows, n], vec![n, 1], vec![false, true]));
            all.push((vec![rows, n], vec![-(n + 3), 1], vec![false, true]));
        }
        all.push((vec![2, 3, n], vec![n, 2 * n + 1, -1], vec![false, false, true]));
        all.push((vec![3, n, 2, 5], vec![10 * n, 1, 5 * n, n], vec![false, true, false, false]));
        all.push((vec![4, n], vec![0, 1], vec![false, true]));
    }
    // Broadcast along what is reduced.
    all.push((vec![37, 50], vec![0, 1], vec![true, false]));
    // Steps, and short rows: another way's.
    all.push((vec![37, 50], vec![100, 2], vec![true, false]));
    all.push((vec![37, 50], vec![50, 1], vec![false, true]));
    let mut made = Vec::new();
    at_every_level(|| {
        for (i, (shape, strides, over)) in all.iter().enumerate() {
            for (k, dtype) in [DType::F32, DType::F64].into_iter().enumerate() {
                for (flush, gap) in [(Flush::Start, 0), (Flush::End, 0), (Flush::End, 3)] {
                    let got = Case { shape, strides, over }.run(dtype, flush, gap);
                    if made.len() <= 2 * i + k {
                        made.push(got.clone());
                    }
                    assert_eq!(got, made[2 * i + k], "{shape:?} {strides:?}: bits");
                }
            }
        }
    });
    let left = made.iter().filter(|bits| bits.is_none()).count();
    assert!(left >= 4 && left * 5 < made.len(), "{left} of {}", made.len());
}

/// Values whose squares would be infinite, and those that are no numbers, stay in their columns.
#[test]
fn distances_of_what_is_no_number() {
    const ROWS: usize = 50;
    let mut values = [[1.0f64; 40]; ROWS];
    values[20][3] = f64::NAN;
    values[33][4] = f64::INFINITY;
    for row in &mut values {
        row[5] = 2f64.powi(600);
    }
    let mut out = [0.0f64; 40];
    let data = values.as_mut_ptr().cast::<u8>();
    let input = Operand { data, dtype: DType::F64, itemsize: 8, strides: &[320, 8] };
    let to = Operand { data: out.as_mut_ptr().cast(), dtype: DType::F64, itemsize: 8, strides: &[0, 8] };
    // SAFETY: both arrays are of this shape.
    let done = unsafe { spread(&[ROWS as i64, 40], input, Finish::default(), to, None) };
    assert_eq!(done, Ok(true));
    for (j, x) in out.iter().enumerate() {
        assert!(if j == 3 || j == 4 { x.is_nan() } else { *x == 0.0 }, "{j}: {x}");
    }
}
