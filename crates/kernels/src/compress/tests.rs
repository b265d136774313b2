//! Tests: masks of every density in random layouts against one element at a time, in place, and between guard pages.

use libstrided_layout::DType;

use super::*;
use crate::copy::tests::guard::{Area, Flush};
use crate::test_support::{Random, Strided, at_every_level, indices};

/// A mask of which about `of` in 8 elements are set, as bytes that are not all 0 or 1, with runs that are all of a kind.
fn random_mask(random: &mut Random, mask: &mut Strided, shape: &[i64]) {
    let of = random.below(9);
    let run = [1, 1, 5, 100][random.below(4)];
    let mut value = 0;
    for (i, index) in indices(shape).iter().enumerate() {
        if i % run == 0 {
            value = if random.below(8) < of { [1, 1, 2, 128, 255][random.below(5)] } else { 0 };
        }
        mask.item_mut(index)[0] = value;
    }
}

/// What is to come out: the items that are set, in the order of the axes.
fn expected(src: &Strided, mask: &Strided, shape: &[i64]) -> Vec<Vec<u8>> {
    let set = |index: &&Vec<i64>| mask.item(index)[0] != 0;
    indices(shape).iter().filter(set).map(|index| src.item(index).to_vec()).collect()
}

#[test]
fn random_masks_in_random_layouts() {
    let mut random = Random::new(41);
    at_every_level(|| {
        for case in 0..400 {
            let item = [1, 2, 4, 8, 16, 3, 12, 24][case % 8];
            let shape = random.shape(1200);
            let src = Strided::random_items(&mut random, DType::Opaque, item, &shape, true);
            let mut mask = Strided::random(&mut random, DType::Bool, &shape, true);
            random_mask(&mut random, &mut mask, &shape);
            let want = expected(&src, &mask, &shape);
            // SAFETY: the mask lies in its own buffer.
            let counted = unsafe { count(&shape, mask.operand()) }.expect("counts");
            assert_eq!(counted, want.len() as i64, "{shape:?}");
            let room = counted + random.below(3) as i64 * 40;
            let mut out = Strided::random_items(&mut random, DType::Opaque, item, &[room.max(1)], false);
            let before = out.clone();
            // With next to no caches, the output goes past them.
            let small = (case % 3 == 0).then(|| crate::cache::pretend(1));
            // SAFETY: all three lie in their own buffers, and there is room.
            unsafe { compress(&shape, src.operand(), mask.operand(), out.operand_mut(), room) }
                .expect("runs");
            drop(small);
            for (i, item) in want.iter().enumerate() {
                assert_eq!(out.item(&[i as i64]), item, "{case}: {shape:?} at {i} of {counted}");
                // What lies between the elements is compared below.
                out.item_mut(&[i as i64]).copy_from_slice(before.item(&[i as i64]));
            }
            // What there is room for but no element is not said to stay.
            for i in counted..room {
                out.item_mut(&[i]).copy_from_slice(before.item(&[i]));
            }
            assert!(out.bytes == before.bytes, "{case}: {shape:?} wrote outside of the output");
        }
    });
}

#[test]
fn gaps_are_closed_in_place() {
    fn check<T: Copy + PartialEq + core::fmt::Debug>(random: &mut Random, value: fn(usize) -> T) {
        for n in [1, 15, 63, 64, 65, 1000] {
            for of in 0..=8 {
                let mut data: Vec<T> = (0..n).map(value).collect();
                let mask: Vec<u8> = (0..n).map(|_| u8::from(random.below(8) < of)).collect();
                let want: Vec<T> =
                    data.iter().zip(&mask).filter(|(_, m)| **m == 1).map(|(x, _)| *x).collect();
                let item = size_of::<T>() as i64;
                let (step, one) = ([item], [1]);
                let all = Operand {
                    data: data.as_mut_ptr().cast(),
                    dtype: DType::Opaque,
                    itemsize: item,
                    strides: &step,
                };
                let mask = Operand {
                    data: mask.as_ptr().cast_mut(),
                    dtype: DType::Bool,
                    itemsize: 1,
                    strides: &one,
                };
                // SAFETY: the array is both operands, side by side.
                unsafe { compress(&[n as i64], all, mask, all, want.len() as i64) }.expect("runs");
                assert_eq!(data[..want.len()], want, "{n} {of}");
            }
        }
        // Short rows, of which all or none is taken: no more may be written at a time than was read.
        for (rows, row) in [(200, 5), (100, 15), (40, 70)] {
            let mut data: Vec<T> = (0..rows * row).map(value).collect();
            let mask: Vec<u8> = (0..row).map(|_| u8::from(random.below(8) < 5)).collect();
            let is_set = |i: &usize| mask[i % row] == 1;
            let want: Vec<T> = (0..rows * row).filter(is_set).map(value).collect();
            let item = size_of::<T>() as i64;
            let (shape, strides) = ([rows as i64, row as i64], [row as i64 * item, item]);
            let operand =
                |data: *mut u8, itemsize, strides| Operand { data, dtype: DType::Opaque, itemsize, strides };
            let place = data.as_mut_ptr().cast();
            let all = operand(place, item, &strides);
            let set = operand(mask.as_ptr().cast_mut(), 1, &[0, 1]);
            // SAFETY: the array is both operands, side by side.
            unsafe { compress(&shape, all, set, operand(place, item, &[item]), want.len() as i64) }
                .expect("runs");
            assert_eq!(data[..want.len()], want, "{rows} {row}");
        }
    }
    let mut random = Random::new(7);
    at_every_level(|| {
        check(&mut random, |i| i as u8);
        check(&mut random, |i| i as u16);
        check(&mut random, |i| i as u32);
        check(&mut random, |i| i as u64);
        check(&mut random, |i| [i as u64, !i as u64]);
        check(&mut random, |i| [i as u8, 1, 2]);
    });
}

#[test]
fn nothing_is_touched_before_or_behind() {
    let mut random = Random::new(3);
    at_every_level(|| {
        for item in [1usize, 2, 4, 8, 16, 3] {
            for n in (0..140).chain([500]) {
                let mut mask: Vec<u8> = (0..n).map(|_| u8::from(random.below(3) > 0)).collect();
                if n > 0 {
                    // The last element of the source, next to its guard page, is read, or it is not.
                    mask[n - 1] = u8::from(n % 2 == 0);
                }
                let set = mask.iter().filter(|&&m| m == 1).count();
                let [src, marks, out] =
                    [n * item, n, set * item].map(|bytes| (Area::new(bytes.max(1)), bytes));
                let (step, one) = ([item as i64], [1]);
                let operand = |data: *mut u8, itemsize: usize, strides| Operand {
                    data,
                    dtype: DType::Opaque,
                    itemsize: itemsize as i64,
                    strides,
                };
                for flush in [Flush::Start, Flush::End] {
                    let place = |(area, bytes): &(Area, usize)| {
                        area.base().wrapping_add(area.place(*bytes, flush, 0))
                    };
                    // SAFETY: the areas are as long as that.
                    unsafe {
                        place(&marks).copy_from_nonoverlapping(mask.as_ptr(), n);
                        let from = operand(place(&src), item, &step);
                        let mask = operand(place(&marks), 1, &one);
                        let to = operand(place(&out), item, &step);
                        assert_eq!(count(&[n as i64], mask), Ok(set as i64));
                        compress(&[n as i64], from, mask, to, set as i64).expect("runs");
                    }
                }
            }
        }
    });
}
