//! Packed layouts: where each element lies, and how they are recognised.

use libstrided_layout::{
    Error, Layout, Order, contiguous, contiguous_like, is_c_contiguous, is_f_contiguous, resolve_order,
};

use crate::common::{check, sources};
use crate::model::{Model, made};

/// Whether the elements, in this order, follow each other from the first one on.
fn follow(offsets: &[i64], itemsize: i64) -> bool {
    offsets.iter().enumerate().all(|(i, &offset)| offset == i as i64 * itemsize)
}

#[test]
fn recognised() {
    let counts = std::cell::RefCell::new([0; 4]);
    check("recognised", 4_000, sources(4), |source| {
        let l = source.layout();
        let model = Model::of(l);
        let c = follow(&model.offsets, source.itemsize);
        let f = follow(&model.in_f_order(), source.itemsize);
        counts.borrow_mut()[c as usize + 2 * f as usize] += 1;
        assert_eq!((is_c_contiguous(l), is_f_contiguous(l)), (c, f));
        assert_eq!(resolve_order(l, Order::C), Order::C);
        assert_eq!(resolve_order(l, Order::F), Order::F);
        assert_eq!(resolve_order(l, Order::A), if f && !c { Order::F } else { Order::C });
        let k = if c {
            Order::C
        } else if f {
            Order::F
        } else {
            Order::K
        };
        assert_eq!(resolve_order(l, Order::K), k);
    });
    assert!(counts.borrow().iter().all(|&n| n > 20), "{counts:?}");
}

#[test]
fn made_in_every_order() {
    let values = (sources(4), 1..20i64);
    check("made_in_every_order", 3_000, values, |(source, itemsize)| {
        let l = source.layout();
        for order in [Order::C, Order::F] {
            let fresh = made(|out| contiguous(itemsize, &source.shape, order, out).map(|_| ()))
                .expect("small")
                .model(itemsize);
            let like = made(|out| contiguous_like(l, itemsize, order, out)).expect("small").model(itemsize);
            assert_eq!(fresh, like);
            let walked = if order == Order::F { fresh.in_f_order() } else { fresh.offsets.clone() };
            assert!(follow(&walked, itemsize));
        }
        // A and K: packed, and K keeps the order of the strides.
        for order in [Order::A, Order::K] {
            let like = made(|out| contiguous_like(l, itemsize, order, out)).expect("small");
            let mut offsets = like.model(itemsize).offsets;
            offsets.sort();
            assert!(follow(&offsets, itemsize));
            for a in 0..source.ndim() {
                for b in 0..source.ndim() {
                    let longer = !l.is_empty() && source.shape[a] > 1 && source.shape[b] > 1;
                    if order == Order::K && longer && source.strides[a].abs() > source.strides[b].abs() {
                        assert!(like.strides[a] > like.strides[b], "{like:?}");
                    }
                }
            }
        }
    });
}

#[test]
fn sizes_that_do_not_fit() {
    for order in [Order::C, Order::F] {
        for shape in [&[1 << 60, 4][..], &[4, 1 << 60], &[0, 1 << 62, 4], &[i64::MAX], &[1 << 31; 3]] {
            assert_eq!(
                made(|out| contiguous(8, shape, order, out).map(|_| ())).err(),
                Some(Error::SizeOverflow),
                "{shape:?}"
            );
        }
        assert_eq!(
            made(|out| contiguous(8, &[2, -1], order, out).map(|_| ())).err(),
            Some(Error::NegativeExtent { axis: 1, extent: -1 })
        );
        assert_eq!(
            made(|out| contiguous(8, &[1; 65], order, out).map(|_| ())).err(),
            Some(Error::TooManyAxes { ndim: 65 })
        );
    }
    // Broadcast over more than the memory of the world: fine as a view, not as a copy of larger items.
    let l = Layout::new(1, &[1 << 60, 3], &[0, 1]).expect("a broadcast row");
    for order in [Order::C, Order::F, Order::A, Order::K] {
        assert_eq!(made(|out| contiguous_like(l, 8, order, out)).err(), Some(Error::SizeOverflow));
    }
}
