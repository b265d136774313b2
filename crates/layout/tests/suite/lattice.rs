//! Extreme numbers in every place, against arithmetic in 128 bits: nothing panics, nothing wraps, what fits is taken
//! and what does not is refused. The numbers are the edges of the types and of what fits after a multiplication.

use libstrided_layout::{
    Error, Index, Layout, Order, broadcast_to, checked_nbytes, diagonal, element_offset, flip, index,
    reinterpret, reshape, rot90, sliding_window, split, transpose,
};

use crate::model::{Made, made, moved};

const EDGES: [i64; 12] =
    [0, 1, 2, (1 << 31) - 1, 1 << 31, (1 << 31) + 1, 1 << 32, 1 << 62, i64::MAX, -1, -(1 << 32), i64::MIN];

const LARGEST: i128 = i64::MAX as i128;

/// All tuples of edges.
fn tuples<const N: usize>() -> impl Iterator<Item = [i64; N]> {
    (0..EDGES.len().pow(N as u32)).map(|number| {
        let mut rest = number;
        std::array::from_fn(|_| {
            let edge = EDGES[rest % EDGES.len()];
            rest /= EDGES.len();
            edge
        })
    })
}

/// The product of the item size and all extents but 0, which must fit also when there are no elements.
fn packed_bytes(itemsize: i64, shape: &[i64]) -> Result<i128, Error> {
    let mut bytes = itemsize as i128;
    for (axis, &n) in shape.iter().enumerate() {
        if n < 0 {
            return Err(Error::NegativeExtent { axis, extent: n });
        }
        // Past the largest number it may stay: another factor makes it no smaller.
        bytes = (bytes * n.max(1) as i128).min(LARGEST + 1);
    }
    if bytes > LARGEST { Err(Error::SizeOverflow) } else { Ok(bytes) }
}

/// The byte extent of a shape with these strides.
fn extent(itemsize: i64, shape: &[i64], strides: &[i64]) -> (i128, i128) {
    if shape.contains(&0) {
        return (0, 0);
    }
    let reach = shape.iter().zip(strides).map(|(&n, &s)| (n as i128 - 1) * s as i128);
    let (low, high) = reach.fold((0, 0), |(low, high), r| (low + r.min(0), high + r.max(0)));
    (low, high + itemsize as i128)
}

/// Whether a layout is one: a size that fits, and all offsets too.
fn is_layout(itemsize: i64, shape: &[i64], strides: &[i64]) -> bool {
    let (low, high) = extent(itemsize, shape, strides);
    let fits = low >= i64::MIN as i128 && high <= LARGEST && high - low <= LARGEST;
    itemsize >= 1 && packed_bytes(itemsize, shape).is_ok() && fits
}

/// The result of an operation on a view is a layout, and its elements lie among those of the source.
fn assert_inside(source: Layout<'_>, itemsize: i64, made: &Made) {
    assert!(is_layout(itemsize, &made.shape, &made.strides), "{source:?} gave {made:?}");
    let (low, high) = extent(itemsize, &made.shape, &made.strides);
    let (source_low, source_high) = source.extent();
    let start = made.start as i128;
    if low < high {
        assert!(
            source_low as i128 <= start + low && start + high <= source_high as i128,
            "{source:?} gave {made:?}"
        );
    } else {
        assert!(
            made.start == 0 || (source_low..source_high).contains(&made.start),
            "{source:?} gave {made:?}"
        );
    }
}

/// All layouts over the edges with one axis, and those with two whose second axis is one of a few.
fn layouts() -> Vec<(i64, Vec<i64>, Vec<i64>)> {
    let one = tuples().map(|[itemsize, n, stride]| (itemsize, vec![n], vec![stride]));
    let second = [(1, 5), (2, 1), (3, -8), (0, 16), (1 << 20, 0)];
    let two = tuples().flat_map(move |[itemsize, n, stride]| {
        second.into_iter().map(move |(m, other)| (itemsize, vec![m, n], vec![other, stride]))
    });
    one.chain(two).filter(|(itemsize, shape, strides)| is_layout(*itemsize, shape, strides)).collect()
}

#[test]
fn layouts_of_two_axes() {
    let mut taken = 0;
    for [itemsize, n, m, s, t] in tuples() {
        let (shape, strides) = ([n, m], [s, t]);
        let got = Layout::new(itemsize, &shape, &strides);
        if itemsize < 1 {
            assert!(matches!(got, Err(Error::InvalidArgument { .. })));
        } else if let Some(axis) = shape.iter().position(|&n| n < 0) {
            // A size that does not fit may be seen before or after it.
            let negative = Error::NegativeExtent { axis, extent: shape[axis] };
            assert!(matches!(got, Err(e) if e == negative || e == Error::SizeOverflow), "{got:?}");
        } else {
            assert_eq!(
                got.is_ok(),
                is_layout(itemsize, &shape, &strides),
                "{itemsize} {shape:?} {strides:?}"
            );
        }
        if let Ok(l) = got {
            taken += 1;
            let (low, high) = extent(itemsize, &shape, &strides);
            assert_eq!((l.extent().0 as i128, l.extent().1 as i128), (low, high));
            assert_eq!(Layout::with_extent(itemsize, &shape, &strides), Ok((l, l.extent())));
            assert_eq!(l.size() as i128, n as i128 * m as i128);
        }
    }
    assert!(taken > 5_000, "{taken}");
}

#[test]
fn sizes_of_four_axes() {
    for [itemsize, a, b, c, d] in tuples() {
        if itemsize < 1 {
            continue;
        }
        let shape = [a, b, c, d];
        match packed_bytes(itemsize, &shape) {
            Ok(bytes) => {
                let expected = if shape.contains(&0) { 0 } else { bytes as i64 };
                assert_eq!(checked_nbytes(itemsize, &shape), Ok(expected));
            }
            Err(_) => assert!(checked_nbytes(itemsize, &shape).is_err(), "{itemsize} {shape:?}"),
        }
    }
}

#[test]
fn ranges() {
    let absent_too = || EDGES.iter().copied().map(Some).chain([None]);
    let items: Vec<Index> = absent_too()
        .flat_map(|start| absent_too().map(move |stop| (start, stop)))
        .flat_map(|(start, stop)| absent_too().map(move |step| Index::Range { start, stop, step }))
        .collect();
    let layouts: Vec<_> = layouts().into_iter().filter(|(itemsize, ..)| *itemsize < 3).collect();
    let mut tried = 0;
    for (i, (itemsize, shape, strides)) in layouts.iter().enumerate() {
        let l = Layout::new(*itemsize, shape, strides).expect("a layout");
        // Every range on every seventh layout, another seventh of them for each range.
        for item in items.iter().skip(i % 7).step_by(7) {
            tried += 1;
            let got = moved(|out| index(l, [Ok(Index::Ellipsis), Ok(*item)].into_iter(), out));
            match got {
                Ok(made) => assert_inside(l, *itemsize, &made),
                Err(error) => assert_eq!(error, Error::ZeroStep { axis: shape.len() - 1 }),
            }
        }
    }
    assert!(tried > 200_000, "{tried}");
}

#[test]
fn single_elements() {
    for (itemsize, shape, strides) in layouts() {
        let l = Layout::new(itemsize, &shape, &strides).expect("a layout");
        for i in EDGES {
            let mut indices = vec![0; shape.len()];
            indices[shape.len() - 1] = i;
            let n = shape[shape.len() - 1] as i128;
            let counted = if i < 0 { i as i128 + n } else { i as i128 };
            let inside = (0..n).contains(&counted) && shape[0] > 0;
            let offset = element_offset(l, &indices);
            let at = moved(|out| index(l, [Ok(Index::Ellipsis), Ok(Index::At(i))].into_iter(), out));
            if inside {
                let expected = counted * strides[shape.len() - 1] as i128;
                assert_eq!(offset.map(i128::from), Ok(expected));
                assert_inside(l, itemsize, &at.expect("inside"));
            } else {
                assert!(offset.is_err());
                // An index into an array without elements may be one inside its axis.
                assert!(at.is_err() || l.is_empty());
            }
        }
    }
}

#[test]
fn operations_on_extreme_layouts() {
    for (itemsize, shape, strides) in layouts() {
        let l = Layout::new(itemsize, &shape, &strides).expect("a layout");
        let all = [
            moved(|out| flip(l, None, out)),
            made(|out| transpose(l, None, out)),
            made(|out| transpose(l, Some(&vec![-1; shape.len()][..1]), out)),
            moved(|out| rot90(l, 1, 0, -1, out)),
            moved(|out| rot90(l, 2, 0, -1, out)),
            moved(|out| rot90(l, i32::MIN + 1, 0, -1, out)),
            made(|out| reshape(l, &[-1], Order::C, out)),
            made(|out| reshape(l, &[1, -1, 1], Order::F, out)),
        ];
        for made in all.iter().flatten() {
            assert_inside(l, itemsize, made);
        }
        for i in EDGES {
            let (a, b) = (i as i32, (i >> 32) as i32);
            let all = [
                moved(|out| diagonal(l, i, 0, -1, out)),
                moved(|out| diagonal(l, i, -1, 0, out)),
                moved(|out| split(l, a, -1, b, out)),
                moved(|out| split(l, i32::MAX, -1, a, out)),
                moved(|out| split(l, 3, -1, a, out)),
                made(|out| broadcast_to(l, &shape, out)),
            ];
            for made in all.iter().flatten() {
                assert_inside(l, itemsize, made);
            }
            if let Ok(made) = made(|out| reinterpret(l, i, out)) {
                assert_inside(l, i, &made);
            }
        }
    }
}

#[test]
fn new_shapes() {
    let mut reshaped = 0;
    for (itemsize, shape, strides) in layouts().into_iter().step_by(5) {
        let l = Layout::new(itemsize, &shape, &strides).expect("a layout");
        for new in tuples::<3>() {
            for order in [Order::C, Order::F] {
                if let Ok(made) = made(|out| reshape(l, &new, order, out)) {
                    reshaped += 1;
                    assert_inside(l, itemsize, &made);
                    assert_eq!(made.shape.iter().map(|&n| n as i128).product::<i128>(), l.size() as i128);
                }
            }
            if let Ok(made) = made(|out| broadcast_to(l, &new, out)) {
                assert_eq!(made.shape, new);
                assert_inside(l, itemsize, &made);
            }
        }
    }
    assert!(reshaped > 100, "{reshaped}");
}

/// Windows may make more elements than can be counted out of few bytes; the caller checks the result as a layout. The
/// extents and the bytes are right all the same.
#[test]
fn window_sizes() {
    for (itemsize, shape, strides) in layouts().into_iter().step_by(3) {
        let l = Layout::new(itemsize, &shape, &strides).expect("a layout");
        for [w, v] in tuples() {
            let Ok(made) = made(|out| sliding_window(l, Some(&[-1, -1]), &[w, v], out)) else { continue };
            let last = shape.len() - 1;
            let expected = shape[last] as i128 - w as i128 + 1 - v as i128 + 1;
            assert_eq!(made.shape[last] as i128, expected);
            if packed_bytes(itemsize, &made.shape).is_ok() {
                assert_inside(l, itemsize, &made);
            }
        }
    }
}
