//! Operations on three arrays and under masks, as users call them: broadcast, refused, overlapping.

use libstrided::{
    BinaryOp, DType, Error, Index, Item, Layout, Order, UnaryOp, View, ViewMut, ViewRef, engine, ops,
};

fn view<'a, T: Item>(data: &'a [T], shape: &'a [i64], strides: &'a [i64]) -> ViewRef<'a> {
    let layout = Layout::new(size_of::<T>() as i64, shape, strides).expect("a layout");
    ViewRef::new(data.as_ptr().cast_mut().cast(), T::DTYPE, false, layout).expect("a view")
}

fn out<'a, T: Item>(data: &'a mut [T], shape: &'a [i64], strides: &'a [i64]) -> ViewRef<'a> {
    let layout = Layout::new(size_of::<T>() as i64, shape, strides).expect("a layout");
    ViewRef::new(data.as_mut_ptr().cast(), T::DTYPE, false, layout).expect("a view")
}

#[test]
fn where_broadcasts_and_promotes() {
    let mask = [1i32, 0, -5];
    let (a, b) = ([1i16, 2], [0.5f32]);
    let mut c = [0f64; 6];
    // SAFETY: views of arrays.
    unsafe {
        let (m, x, y) = (view(&mask, &[3], &[4]), view(&a, &[2, 1], &[2, 2]), view(&b, &[], &[]));
        engine::where_(m, x, y, out(&mut c, &[2, 3], &[24, 8])).expect("runs");
    }
    assert_eq!(c, [1.0, 0.5, 1.0, 2.0, 0.5, 2.0]);
}

#[test]
fn where_refuses_what_does_not_go_together() {
    let (x, z, mut o) = ([1.0f64; 4], [1i8; 3], [0i32; 4]);
    // SAFETY: views of arrays.
    unsafe {
        let (v, w) = (view(&x, &[4], &[8]), view(&z, &[3], &[1]));
        let o = out(&mut o, &[4], &[4]);
        assert!(matches!(engine::where_(v, v, v, o), Err(Error::Casting { .. })));
        assert!(matches!(engine::where_(w, w, w, o), Err(Error::OutputShape { .. })));
        assert!(matches!(engine::where_(v, v, w, v), Err(Error::Broadcast { .. })));
        assert!(matches!(engine::binary_where(BinaryOp::Add, v, v, v, v), Err(Error::Casting { .. })));
        assert!(matches!(engine::fma(v, v, v, o), Err(Error::Casting { .. })));
    }
    assert_eq!(o, [0; 4]);
}

#[test]
fn clip_with_one_bound_with_both_and_with_none() {
    let (v, low, high) = ([1.0f64, 5.0, f64::NAN, -3.0], [0.0f64], [4.0f64]);
    let mut o = [0.0f64; 4];
    let mut run = |low: Option<ViewRef<'_>>, high: Option<ViewRef<'_>>| {
        // SAFETY: views of arrays.
        unsafe { engine::clip(view(&v, &[4], &[8]), low, high, out(&mut o, &[4], &[8])) }.expect("runs");
        o.map(|x| if x.is_nan() { 99.0 } else { x })
    };
    let (low, high) = (view(&low, &[], &[]), view(&high, &[1], &[8]));
    assert_eq!(run(Some(low), Some(high)), [1.0, 4.0, 99.0, 0.0]);
    assert_eq!(run(Some(low), None), [1.0, 5.0, 99.0, 0.0]);
    assert_eq!(run(None, Some(high)), [1.0, 4.0, 99.0, -3.0]);
    assert_eq!(run(None, None), [1.0, 5.0, 99.0, -3.0]);
}

#[test]
fn fma_rounds_once_and_refuses_complex_numbers() {
    let e = f64::EPSILON;
    let (a, b, c, mut o) = ([1.0 + e], [1.0 - e], [-1.0f64], [0.0f64]);
    // SAFETY: views of arrays.
    unsafe {
        let (a, b, c) = (view(&a, &[1], &[8]), view(&b, &[1], &[8]), view(&c, &[1], &[8]));
        engine::fma(a, b, c, out(&mut o, &[1], &[8])).expect("runs");
        let wrong = ViewRef::new(a.data(), DType::C64, false, a.layout()).expect("a view");
        let refused = Err(Error::UnsupportedDType { dtype: DType::C128 });
        assert_eq!(engine::fma(wrong, a, c, out(&mut o, &[1], &[8])), refused);
    }
    assert_eq!(o, [-e * e]);
}

#[test]
fn a_masked_operation_keeps_what_is_not_set() {
    let (a, mask) = ([1.0f32, 4.0, 9.0, 16.0], [1u8, 0, 0, 1]);
    let mut o = [-1.0f64; 4];
    // SAFETY: views of arrays; bytes that are 0 or 1 are bools.
    unsafe {
        let bits = view(&mask, &[4], &[1]);
        let mask = ViewRef::new(bits.data(), DType::Bool, false, bits.layout()).expect("a view");
        let (a, o) = (view(&a, &[4], &[4]), out(&mut o, &[4], &[8]));
        engine::unary_where(UnaryOp::Sqrt, a, mask, o).expect("runs");
        engine::binary_where(BinaryOp::Add, o, a, mask, o).expect("runs");
    }
    assert_eq!(o, [2.0, -1.0, -1.0, 20.0]);
}

#[test]
fn overlapping_inputs_are_read_first() {
    let mut x = [1.0f64, 2.0, 3.0, 4.0, 5.0];
    // SAFETY: views of one array.
    unsafe {
        let (a, b) = (view(&x[..4], &[4], &[8]), view(&x[1..], &[4], &[8]));
        // x[1:] = x[:-1] * 1 + x[1:], then x[::-1] = -x.
        let o = ViewRef::new(b.data(), DType::F64, false, b.layout()).expect("a view");
        let one = [1.0f64];
        engine::fma(a, view(&one, &[], &[]), b, o).expect("runs");
        let all = out(&mut x, &[5], &[8]);
        let layout = Layout::new(8, &[5], &[-8]).expect("a layout");
        let back = ViewRef::new(all.data().add(32), DType::F64, false, layout).expect("a view");
        engine::unary(UnaryOp::Negative, all, back).expect("runs");
    }
    assert_eq!(x, [-9.0, -7.0, -5.0, -3.0, -1.0]);
}

/// Shifts of one, two and three axes to both sides, larger than a block, against copies made first.
#[test]
fn shifts_go_by_the_direction_of_travel() {
    let cases: [(&[i64], &[i64], i64); 7] = [
        (&[40_000], &[1], 1),
        (&[40_000], &[1], -3),
        (&[40_000], &[-1], 1),
        (&[300, 200], &[210, 1], 1),
        (&[300, 200], &[210, 1], -210),
        (&[200, 300], &[1, -200], 200),
        (&[3, 100, 100], &[-10_000, 100, 1], 7),
    ];
    for (shape, elements, shift) in cases {
        let mut x: Vec<i64> = (0..140_000).map(|i| i * i % 1013).collect();
        let strides: Vec<i64> = elements.iter().map(|s| s * 8).collect();
        let begin = 70_000 * 8;
        let row = [5i64];
        let layout = Layout::new(8, shape, &strides).expect("a layout");
        let before = x.clone();
        let all = out(&mut x, &[140_000], &[8]);
        let at = |offset: i64| {
            let data = all.data().wrapping_offset(offset as isize);
            ViewRef::new(data, DType::I64, false, layout).expect("a view")
        };
        let (target, source) = (at(begin), at(begin + shift * 8));
        // SAFETY: views of one array.
        unsafe {
            engine::binary(BinaryOp::Add, source, view(&row, &[], &[]), target).expect("runs");
            engine::fma(source, view(&row, &[1], &[8]), target, target).expect("runs");
        }
        let mut want = before;
        for pass in 0..2 {
            let old = want.clone();
            let mut index = vec![0; shape.len()];
            'all: loop {
                let offset: i64 = index.iter().zip(elements).map(|(i, s)| i * s).sum();
                let (to, from) = ((70_000 + offset) as usize, (70_000 + offset + shift) as usize);
                want[to] = if pass == 0 { old[from] + 5 } else { old[from] * 5 + old[to] };
                for axis in (0..shape.len()).rev() {
                    index[axis] += 1;
                    if index[axis] < shape[axis] {
                        continue 'all;
                    }
                    index[axis] = 0;
                }
                break;
            }
        }
        assert!(x == want, "{shape:?} {elements:?} {shift}");
    }
}

/// The safe forms, on few elements and on many, side by side and in steps: two ways lead to the same results.
#[test]
fn operations_in_place_and_of_mixed_dtypes() {
    for n in [3usize, 1000] {
        for step in [1usize, 2] {
            let shape = [n as i64];
            let ints: Vec<i32> = (0..n as i32).map(|i| i % 7 - 3).collect();
            let mask: Vec<bool> = (0..n).map(|i| i % 3 == 0).collect();
            let mut data: Vec<f64> = (0..n * step).map(|i| i as f64 / 2.0 - 1.0).collect();
            let before = data.clone();
            let ints_view = View::from_slice(&ints, &shape, Order::C).expect("a view");
            let mask_view = View::from_bools(&mask, &shape, Order::C).expect("a view");
            let (low, high) = ([-1i8], [1.5f32]);
            let low = View::from_slice(&low, &[], Order::C).expect("a view");
            let high = View::from_slice(&high, &[], Order::C).expect("a view");
            {
                let rows = [n as i64, step as i64];
                let mut all = ViewMut::from_slice(&mut data, &rows, Order::C).expect("a view");
                let mut out = all.index(&[Index::ALL, Index::At(0)]).expect("a view");
                ops::fma_assign(&mut out, &ints_view, &high).expect("runs");
                ops::clip_assign(&mut out, Some(&low), Some(&high)).expect("runs");
                ops::copy_where(&ints_view, &mask_view, &mut out).expect("runs");
                ops::binary_assign_where(BinaryOp::Subtract, &mut out, &high, &mask_view).expect("runs");
                ops::binary_assign(BinaryOp::Multiply, &mut out, &ints_view).expect("runs");
            }
            for (i, (&x, &old)) in data.iter().zip(&before).enumerate() {
                if !i.is_multiple_of(step) {
                    assert_eq!(x, old, "element {i} is not of the view");
                    continue;
                }
                let (int, set) = (f64::from(ints[i / step]), mask[i / step]);
                let clipped = int.mul_add(1.5, old).clamp(-1.0, 1.5);
                assert_eq!(x, if set { int - 1.5 } else { clipped } * int, "element {i} of {n}");
            }
        }
    }
}
