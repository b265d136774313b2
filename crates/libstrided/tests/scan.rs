//! Scans, as users call them: dtypes, refusals, in place, overlap.

use libstrided::{DType, Error, Item, Layout, ScanOp, ViewRef, engine};

fn view<'a, T: Item>(data: &'a mut [T], shape: &'a [i64], strides: &'a [i64]) -> ViewRef<'a> {
    let layout = Layout::new(size_of::<T>() as i64, shape, strides).expect("a layout");
    ViewRef::new(data.as_mut_ptr().cast(), T::DTYPE, false, layout).expect("a view")
}

#[test]
fn small_integers_are_summed_in_64_bits() {
    let (mut a, mut o) = ([200u8, 100, 50], [0u64; 3]);
    // SAFETY: views of arrays.
    unsafe {
        let (v, out) = (view(&mut a, &[3], &[1]), view(&mut o, &[3], &[8]));
        engine::accumulate(ScanOp::Sum, v, -1, out).expect("runs");
    }
    assert_eq!(o, [200, 300, 350]);
}

#[test]
fn along_each_axis_and_in_place() {
    let mut a = [1.0f64, 2.0, 3.0, 4.0, 5.0, 6.0];
    // SAFETY: a view of an array, which is both input and output.
    unsafe {
        let v = view(&mut a, &[2, 3], &[24, 8]);
        engine::accumulate(ScanOp::Prod, v, 1, v).expect("runs");
    }
    assert_eq!(a, [1.0, 2.0, 6.0, 4.0, 20.0, 120.0]);
    // SAFETY: as above.
    unsafe {
        let v = view(&mut a, &[2, 3], &[24, 8]);
        engine::accumulate(ScanOp::Min, v, 0, v).expect("runs");
    }
    assert_eq!(a, [1.0, 2.0, 6.0, 1.0, 2.0, 6.0]);
}

#[test]
fn an_output_that_overlaps_the_input_otherwise() {
    let mut a = [1i64, 2, 3, 4];
    let data = a.as_mut_ptr().cast::<u8>();
    let (shape, forwards, backwards) = ([4], [8], [-8]);
    let layout = |strides| Layout::new(8, &shape, strides).expect("a layout");
    // SAFETY: two views of one array, from its first and from its last element on.
    unsafe {
        let v = ViewRef::new(data, DType::I64, false, layout(&forwards)).expect("a view");
        let o = ViewRef::new(data.add(24), DType::I64, false, layout(&backwards)).expect("a view");
        engine::accumulate(ScanOp::Sum, v, 0, o).expect("runs");
    }
    assert_eq!(a, [10, 6, 3, 1]);
    // The same memory as another dtype.
    let mut b = [1i64, 2, 3];
    let data = b.as_mut_ptr().cast::<u8>();
    let layout = Layout::new(8, &[3], &[8]).expect("a layout");
    // SAFETY: both are views of the array.
    unsafe {
        let v = ViewRef::new(data, DType::I64, false, layout).expect("a view");
        let o = ViewRef::new(data, DType::F64, false, layout).expect("a view");
        engine::accumulate(ScanOp::Sum, v, 0, o).expect("runs");
    }
    assert_eq!(b.map(|x| f64::from_bits(x as u64)), [1.0, 3.0, 6.0]);
}

#[test]
fn what_is_refused() {
    let (mut a, mut o) = ([1.5f64; 4], [0i32; 4]);
    // SAFETY: views of arrays.
    unsafe {
        let (v, out) = (view(&mut a, &[4], &[8]), view(&mut o, &[4], &[4]));
        assert!(matches!(engine::accumulate(ScanOp::Sum, v, 0, out), Err(Error::Casting { .. })));
        assert!(engine::accumulate(ScanOp::Sum, v, 1, v).is_err());
        let mut short = [0.0f64; 3];
        let short = view(&mut short, &[3], &[8]);
        assert!(matches!(engine::accumulate(ScanOp::Sum, v, 0, short), Err(Error::OutputShape { .. })));
        let mut one = [0.0f64; 1];
        let broadcast = view(&mut one, &[4], &[0]);
        assert!(matches!(engine::accumulate(ScanOp::Sum, v, 0, broadcast), Err(Error::SelfOverlap)));
    }
    assert_eq!(o, [0; 4]);
    assert!(ScanOp::from_code(300).is_err());
    assert!(matches!(ScanOp::from_code(304), Ok(ScanOp::Max)));
}

#[test]
fn large_arrays_are_neither_cut_for_threads_nor_into_blocks() {
    libstrided::threads::set(2).expect("a number of threads");
    let (rows, columns) = (4096i64, 512i64);
    let mut a = vec![1i64; (rows * columns) as usize];
    let mut o = vec![0i64; a.len()];
    let (shape, strides) = ([rows, columns], [8 * columns, 8]);
    // SAFETY: views of two arrays.
    unsafe {
        engine::accumulate(ScanOp::Sum, view(&mut a, &shape, &strides), 0, view(&mut o, &shape, &strides))
            .expect("runs");
    }
    libstrided::threads::set(1).expect("a number of threads");
    assert!(o.iter().enumerate().all(|(i, &sum)| sum == i as i64 / columns + 1));
    // The output is the input, one element further.
    let n = 100_000;
    let mut b = vec![1i64; n as usize + 1];
    let data = b.as_mut_ptr().cast::<u8>();
    let (shape, strides) = ([n], [8]);
    let layout = Layout::new(8, &shape, &strides).expect("a layout");
    // SAFETY: both are views of the array.
    unsafe {
        let v = ViewRef::new(data, DType::I64, false, layout).expect("a view");
        let o = ViewRef::new(data.add(8), DType::I64, false, layout).expect("a view");
        engine::accumulate(ScanOp::Sum, v, 0, o).expect("runs");
    }
    assert!(b[1..].iter().enumerate().all(|(i, &sum)| sum == i as i64 + 1));
}
