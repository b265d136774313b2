//! Elements under a mask: orders, outputs that lie in the memory of the inputs, and what is refused.

use libstrided::{DType, Error, Layout, Order, ViewRef, engine};

/// A packed view of elements from the `at`-th on.
fn view<'a, T>(data: &mut [T], at: usize, dtype: DType, shape: &'a [i64], strides: &'a [i64]) -> ViewRef<'a> {
    let layout = Layout::new(dtype.size(), shape, strides).expect("a layout");
    let place = data[at..].as_mut_ptr().cast();
    ViewRef::new(place, dtype, false, layout).expect("a view")
}

#[test]
fn elements_are_taken_in_either_order() {
    let mut data: Vec<i32> = (0..6).collect();
    let mut mask = [1u8, 1, 0, 1, 0, 1];
    let mut out = [-1; 5];
    let v = view(&mut data, 0, DType::I32, &[2, 3], &[12, 4]);
    let mask = view(&mut mask, 0, DType::Bool, &[2, 3], &[3, 1]);
    for (order, want) in
        [(Order::C, [0, 1, 3, 5, -1]), (Order::F, [0, 3, 1, 5, -1]), (Order::A, [0, 1, 3, 5, -1])]
    {
        let to = view(&mut out, 0, DType::I32, &[5], &[4]);
        // SAFETY: the views lie in the three arrays.
        assert_eq!(unsafe { engine::compress(v, mask, order, Some(to)) }, Ok(4));
        assert_eq!(out, want, "{order:?}");
    }
    let turned = view(&mut data, 0, DType::I32, &[3, 2], &[4, 12]);
    let mut all = [1u8];
    let all = view(&mut all, 0, DType::Bool, &[], &[]);
    for (order, want) in
        [(Order::C, [0, 3, 1, 4, 2, 5]), (Order::F, [0, 1, 2, 3, 4, 5]), (Order::A, [0, 1, 2, 3, 4, 5])]
    {
        let mut out = [-1; 6];
        let to = view(&mut out, 0, DType::I32, &[6], &[4]);
        // SAFETY: as above.
        assert_eq!(unsafe { engine::compress(turned, all, order, Some(to)) }, Ok(6));
        assert_eq!(out, want, "{order:?}");
    }
    // SAFETY: as above.
    let refused = unsafe { engine::compress(turned, all, Order::K, None) };
    assert!(matches!(refused, Err(Error::InvalidArgument { .. })));
}

/// Every place of an output of 100 elements in an array of 200, of which every other two are taken.
#[test]
fn the_output_may_lie_in_the_memory_of_the_input() {
    for at in 0..=100 {
        let mut data: Vec<u64> = (0..200).collect();
        let mut mask: Vec<u8> = (0..200).map(|i| u8::from(i % 4 < 2)).collect();
        let want: Vec<u64> = (0..200).filter(|i| i % 4 < 2).collect();
        let v = view(&mut data, 0, DType::U64, &[200], &[8]);
        let to = view(&mut data, at, DType::U64, &[100], &[8]);
        let mask = view(&mut mask, 0, DType::Bool, &[200], &[1]);
        // SAFETY: the views lie in the two arrays.
        assert_eq!(unsafe { engine::compress(v, mask, Order::C, Some(to)) }, Ok(100));
        assert_eq!(data[at..at + 100], want, "at {at}");
    }
}

#[test]
fn the_output_may_lie_in_the_memory_of_the_mask() {
    for at in 0..=100 {
        let mut data: Vec<u8> = (0..200).collect();
        let mut mask: Vec<u8> = (0..200).map(|i| u8::from(i % 4 < 2)).collect();
        let v = view(&mut data, 0, DType::U8, &[20, 10], &[10, 1]);
        let (set, to) = (
            view(&mut mask, 0, DType::Bool, &[20, 10], &[10, 1]),
            view(&mut mask, at, DType::U8, &[100], &[1]),
        );
        // SAFETY: the views lie in the two arrays.
        assert_eq!(unsafe { engine::compress(v, set, Order::C, Some(to)) }, Ok(100));
        let want: Vec<u8> = (0..200).filter(|i| i % 4 < 2).collect();
        assert_eq!(mask[at..at + 100], want, "at {at}");
    }
}

#[test]
fn a_short_output_stays() {
    let (mut data, mut mask, mut out) = ([1i16, 2, 3], [1u8, 1, 1], [9i16, 9]);
    let v = view(&mut data, 0, DType::I16, &[3], &[2]);
    let mask = view(&mut mask, 0, DType::Bool, &[3], &[1]);
    let to = view(&mut out, 0, DType::I16, &[2], &[2]);
    // SAFETY: the views lie in the three arrays.
    let refused = unsafe { engine::compress(v, mask, Order::C, Some(to)) };
    assert_eq!(refused, Err(Error::OutputShape { axis: 0, expected: 3, got: 2 }));
    assert_eq!(out, [9, 9]);
    // SAFETY: as above.
    assert_eq!(unsafe { engine::compress(v, mask, Order::C, None) }, Ok(3));
}
