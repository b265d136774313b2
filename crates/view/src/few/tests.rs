//! What is made in registers is what the algebra makes, and what the algebra refuses is not made.

use libstrided_layout::{DType, Index, Order, Result};

use super::*;
use crate::algebra;
use crate::raw::ViewRef;

/// All there is to a view.
#[derive(Debug, PartialEq)]
struct All {
    data: *mut u8,
    itemsize: i64,
    dtype: i32,
    flags: u64,
    axes: Vec<(i64, i64)>,
}

fn all(v: &RawView) -> All {
    let axes = (0..v.ndim as usize).map(|axis| v.axis(axis).unwrap()).collect();
    All { data: v.data, itemsize: v.itemsize, dtype: v.dtype, flags: v.flags, axes }
}

/// Makes a view both ways. Returns whether the quick one did.
fn both(
    quick: impl Fn(*mut RawView) -> bool,
    general: impl Fn(&mut RawView) -> Result<()>,
    what: &dyn std::fmt::Debug,
) -> bool {
    let (mut few, mut expected) = (RawView::vacant(), RawView::vacant());
    let made = quick(&mut few);
    let result = general(&mut expected);
    if made {
        assert_eq!(result, Ok(()), "{what:?}");
        assert_eq!(all(&few), all(&expected), "{what:?}");
    } else {
        assert_eq!(all(&few), all(&RawView::vacant()), "written, but not made: {what:?}");
    }
    made
}

/// A small generator: the tests have no need of a good one.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A view of up to 5 axes, of any strides and mostly packed.
fn random_view(random: &mut Random) -> RawView {
    let ndim = random.below(6) as usize;
    let shape: Vec<i64> = (0..ndim).map(|_| random.one(&[1, 2, 3, 4, 6, 2, 3, 0, 1 << 40])).collect();
    let dtype = random.one(&[DType::U8, DType::F32, DType::C128, DType::Opaque]);
    let itemsize = if dtype == DType::Opaque { 5 } else { dtype.size() };
    let data = core::ptr::without_provenance_mut(1 << 30);
    let mut v = RawView::vacant();
    let order = random.one(&[Order::C, Order::C, Order::F]);
    if algebra::init(data, dtype, itemsize, &shape, None, order, &mut v).is_err() {
        return random_view(random);
    }
    if random.below(3) == 0 {
        for axis in 0..ndim {
            let stride = v.axis(axis).unwrap().1;
            v.strides[axis].write(random.one(&[stride, stride, -stride, 0, 2 * stride]));
        }
        if v.check().is_err() {
            return random_view(random);
        }
    }
    if random.below(4) == 0 {
        v.set_readonly();
    }
    v
}

/// A shape that is, or nearly is, one that `v` can take.
fn random_shape(random: &mut Random, v: ViewRef<'_>) -> Vec<i64> {
    let mut shape = v.shape().to_vec();
    match random.below(6) {
        0 => shape.reverse(),
        1 if shape.len() > 1 => {
            let last = shape.pop().unwrap();
            *shape.last_mut().unwrap() *= last.min(64);
        }
        2 => shape.insert(0, random.one(&[1, 1, 2, 0])),
        3 => shape.iter_mut().for_each(|n| *n = if *n == 1 { random.one(&[1, 5, -1, i64::MAX]) } else { *n }),
        4 if !shape.is_empty() => shape[0] = random.one(&[-1, -2, 1, 7]),
        _ => {}
    }
    shape
}

#[test]
fn views_with_few_axes_are_those_of_the_algebra() {
    let mut random = Random(1);
    let mut made = [0; 6];
    for _ in 0..40_000 {
        let raw = random_view(&mut random);
        let v = raw.check().unwrap();
        let axes: Vec<i32> = match random.below(3) {
            0 => (0..v.ndim() as i32).rev().collect(),
            1 => (0..v.ndim() as i32).map(|axis| axis - v.ndim() as i32).collect(),
            _ => (0..v.ndim()).map(|_| random.below(6) as i32 - 2).collect(),
        };
        let shape = random_shape(&mut random, v);
        let order = random.one(&[Order::C, Order::C, Order::F, Order::A, Order::K]);
        let about = (&raw, &axes, &shape, order);
        let (data, dtype) = (v.data(), v.dtype());
        made[0] += both(
            // SAFETY: the place is one of `both`.
            |out| unsafe { init_few(out, data, dtype, &shape, order) },
            |out| algebra::init(data, dtype, dtype.size(), &shape, None, order, out),
            &about,
        ) as usize;
        for axes in [None, Some(&axes[..])] {
            made[1] += both(
                // SAFETY: as above.
                |out| unsafe { transpose_few(out, &raw, axes) },
                |out| algebra::transpose(v, axes, out),
                &about,
            ) as usize;
        }
        made[2] += both(
            // SAFETY: as above.
            |out| unsafe { reshape_few(out, &raw, &shape, order) },
            |out| algebra::reshape(v, &shape, order, out),
            &about,
        ) as usize;
        made[3] += both(
            // SAFETY: as above.
            |out| unsafe { broadcast_few(out, &raw, &shape) },
            |out| algebra::broadcast_to(v, &shape, out),
            &about,
        ) as usize;
        let (a, b) = (random.below(9) as i32 - 4, random.below(9) as i32 - 4);
        made[5] += both(
            // SAFETY: as above.
            |out| unsafe { swapaxes_few(out, &raw, a, b) },
            |out| algebra::swapaxes(v, a, b, out),
            &about,
        ) as usize;
        made[4] += both_indexed(&mut random, &raw) as usize;
    }
    // Each of them is what happens to a good part of the views.
    assert!(made.iter().all(|&n| n > 4_000), "{made:?}");
}

fn both_indexed(random: &mut Random, raw: &RawView) -> bool {
    let v = raw.check().unwrap();
    let len = random.below(v.ndim() as u64 + 2) as usize;
    let end = |random: &mut Random| {
        random.one(&[None, None, Some(0), Some(1), Some(2), Some(-1), Some(-3), Some(99), Some(i64::MIN + 1)])
    };
    let items: Vec<Index> = (0..len)
        .map(|_| match random.below(3) {
            0 => Index::At(random.one(&[0, 0, 1, -1, -2, 3, i64::MAX, i64::MIN])),
            _ => {
                let (start, stop) = (end(random), end(random));
                Index::Range {
                    start,
                    stop,
                    step: random.one(&[
                        None,
                        None,
                        Some(1),
                        Some(2),
                        Some(-1),
                        Some(-3),
                        Some(0),
                        Some(i64::MAX),
                    ]),
                }
            }
        })
        .collect();
    both(
        // SAFETY: the place is one of `both`.
        |out| unsafe { index_few(out, raw, &items) },
        |out| algebra::index(v, items.iter().map(|&item| Ok(item)), out),
        &(v, &items),
    )
}

/// # Safety
/// As [`Made::write_to`].
unsafe fn index_few(out: *mut RawView, v: &RawView, items: &[Index]) -> bool {
    /// # Safety
    /// As [`Made::write_to`].
    unsafe fn of<const N: usize>(out: *mut RawView, v: &RawView, items: &[Index]) -> bool {
        // Axes without an item are taken whole, as the C ABI has it.
        let mut all = [Index::Range { start: None, stop: None, step: None }; N];
        let Some(given) = all.get_mut(..items.len()) else { return false };
        given.copy_from_slice(items);
        // SAFETY: the caller's promise.
        unsafe { written(out, index(v, &all)) || written(out, index_any(v, &all)) }
    }
    // SAFETY: the caller's promise.
    unsafe {
        match v.few_axes() {
            1 => of::<1>(out, v, items),
            2 => of::<2>(out, v, items),
            3 => of::<3>(out, v, items),
            4 => of::<4>(out, v, items),
            _ => false,
        }
    }
}

/// # Safety
/// As [`Made::write_to`].
unsafe fn written(out: *mut RawView, few: Option<impl Made>) -> bool {
    // SAFETY: the caller's promise.
    few.map(|few| unsafe { few.write_to(out) }).is_some()
}

/// # Safety
/// As [`Made::write_to`].
unsafe fn init_few(out: *mut RawView, data: *mut u8, dtype: DType, shape: &[i64], order: Order) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        match shape.len() {
            1 => written(out, init::<1>(data, dtype, shape, order)),
            2 => written(out, init::<2>(data, dtype, shape, order)),
            3 => written(out, init::<3>(data, dtype, shape, order)),
            4 => written(out, init::<4>(data, dtype, shape, order)),
            _ => false,
        }
    }
}

/// # Safety
/// As [`Made::write_to`].
unsafe fn transpose_few(out: *mut RawView, v: &RawView, axes: Option<&[i32]>) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        match v.few_axes() {
            1 => written(out, transpose::<1>(v, axes)),
            2 => written(out, transpose::<2>(v, axes)),
            3 => written(out, transpose::<3>(v, axes)),
            4 => written(out, transpose::<4>(v, axes)),
            _ => false,
        }
    }
}

/// # Safety
/// As [`Made::write_to`].
unsafe fn swapaxes_few(out: *mut RawView, v: &RawView, a: i32, b: i32) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        match v.few_axes() {
            1 => written(out, swapaxes::<1>(v, a, b)),
            2 => written(out, swapaxes::<2>(v, a, b)),
            3 => written(out, swapaxes::<3>(v, a, b)),
            4 => written(out, swapaxes::<4>(v, a, b)),
            _ => false,
        }
    }
}

/// # Safety
/// As [`Made::write_to`].
unsafe fn reshape_few(out: *mut RawView, v: &RawView, shape: &[i64], order: Order) -> bool {
    /// # Safety
    /// As [`Made::write_to`].
    unsafe fn to<const M: usize>(out: *mut RawView, v: &RawView, shape: &[i64], order: Order) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            match v.few_axes() {
                1 => written(out, reshape::<1, M>(v, shape, order)),
                2 => written(out, reshape::<2, M>(v, shape, order)),
                3 => written(out, reshape::<3, M>(v, shape, order)),
                4 => written(out, reshape::<4, M>(v, shape, order)),
                _ => false,
            }
        }
    }
    // SAFETY: the caller's promise.
    unsafe {
        match shape.len() {
            1 => to::<1>(out, v, shape, order),
            2 => to::<2>(out, v, shape, order),
            3 => to::<3>(out, v, shape, order),
            4 => to::<4>(out, v, shape, order),
            _ => false,
        }
    }
}

/// # Safety
/// As [`Made::write_to`].
unsafe fn broadcast_few(out: *mut RawView, v: &RawView, shape: &[i64]) -> bool {
    /// # Safety
    /// As [`Made::write_to`].
    unsafe fn to<const M: usize>(out: *mut RawView, v: &RawView, shape: &[i64]) -> bool {
        // SAFETY: the caller's promise.
        unsafe {
            match v.few_axes() {
                1 => written(out, broadcast::<1, M>(v, shape)),
                2 => written(out, broadcast::<2, M>(v, shape)),
                3 => written(out, broadcast::<3, M>(v, shape)),
                4 => written(out, broadcast::<4, M>(v, shape)),
                _ => false,
            }
        }
    }
    // SAFETY: the caller's promise.
    unsafe {
        match shape.len() {
            1 => to::<1>(out, v, shape),
            2 => to::<2>(out, v, shape),
            3 => to::<3>(out, v, shape),
            4 => to::<4>(out, v, shape),
            _ => false,
        }
    }
}

impl Item for Index {
    fn taken(&self, n: i64) -> Option<Taken> {
        match *self {
            Index::At(i) => Taken::at(n, i),
            Index::Range { start, stop, step } => {
                let [start, stop, step] = [start, stop, step].map(|end| end.unwrap_or(ABSENT));
                Taken::range(n, start, stop, step)
            }
            _ => None,
        }
    }
}

#[test]
fn a_view_can_take_the_place_of_what_it_is_made_from() {
    let mut data = [0f32; 24];
    let mut v = RawView::vacant();
    let place: *mut RawView = &mut v;
    let data = data.as_mut_ptr().cast();
    // SAFETY: `place` holds a view from the first line on, and nothing else refers to it.
    unsafe {
        assert!(init_few(place, data, DType::F32, &[2, 3, 4], Order::F));
        let axes = Some(&[1, 2, 0][..]);
        assert!(transpose_few(place, &*place, axes));
        assert_eq!(all(&*place).axes, [(3, 8), (4, 24), (2, 4)]);
        let items = [Index::At(1), Index::Range { start: None, stop: None, step: None }];
        assert!(index_few(place, &*place, &items));
        assert_eq!((all(&*place).axes, (*place).data), (vec![(4, 24), (2, 4)], data.add(8)));
        let shape = [5, 4, 2];
        assert!(broadcast_few(place, &*place, &shape));
        assert_eq!(all(&*place).axes, [(5, 0), (4, 24), (2, 4)]);
        // Here the extents lie in the view itself.
        assert!(init_few(place, data, DType::F32, &[6, 4], Order::C));
        let own = core::slice::from_raw_parts((*place).shape.as_ptr().cast::<i64>(), 2);
        assert!(reshape_few(place, &*place, own, Order::C));
        assert_eq!(all(&*place).axes, [(6, 16), (4, 4)]);
    }
}

/// A number that some field of a view could have wrongly.
fn wrong(random: &mut Random, right: i64) -> i64 {
    let near = random.one(&[-1, 0, 1, 2, 16, 17, 64]);
    let far = random.one(&[i64::MIN, i64::MAX, i64::MAX / 3, 1 << 62, 1 << 40, -(1 << 61)]);
    random.one(&[right, near, near, far, right.wrapping_neg(), right.wrapping_mul(2)])
}

#[test]
fn a_view_is_taken_when_the_general_look_finds_nothing_wrong() {
    let mut random = Random(2);
    let mut taken = [0; 2];
    for _ in 0..40_000 {
        let mut raw = random_view(&mut random);
        for _ in 0..random.below(3) {
            match random.below(6) {
                0 => raw.itemsize = wrong(&mut random, raw.itemsize),
                1 => raw.dtype = wrong(&mut random, raw.dtype.into()) as i32,
                2 => raw.flags = wrong(&mut random, raw.flags as i64) as u64,
                3 => raw.data = core::ptr::without_provenance_mut(wrong(&mut random, 1 << 30) as usize),
                place if raw.ndim > 0 => {
                    let axis = random.below(raw.ndim as u64) as usize;
                    let (n, stride) = raw.axis(axis).unwrap();
                    if place == 4 {
                        raw.shape[axis].write(wrong(&mut random, n));
                    } else {
                        raw.strides[axis].write(wrong(&mut random, stride));
                    }
                }
                _ => {}
            }
        }
        let is_right = raw.check().is_ok_and(|v| !v.is_empty());
        let is_taken = match raw.ndim {
            1 => Few::<1>::of(&raw).is_some(),
            2 => Few::<2>::of(&raw).is_some(),
            3 => Few::<3>::of(&raw).is_some(),
            4 => Few::<4>::of(&raw).is_some(),
            _ => continue,
        };
        let few = [Few::<1>::of(&raw).is_some(), Few::<4>::of(&raw).is_some()];
        assert!(few[0] <= (raw.ndim == 1) && few[1] <= (raw.ndim == 4));
        // An axis of one element may have any stride, also one that reaches nowhere.
        assert_eq!(is_taken, is_right, "{raw:?}");
        taken[usize::from(is_taken)] += 1;
    }
    assert!(taken.iter().all(|&n| n > 4_000), "{taken:?}");
}

#[test]
fn views_that_are_wrong_are_left_to_others() {
    let mut random = Random(7);
    let wild = [0, 1, -1, 3, 1 << 14, 1 << 15, 1 << 42, 1 << 43, 1 << 60, i64::MAX, i64::MIN, i64::MIN + 1];
    let whole = Index::Range { start: None, stop: None, step: None };
    let back = Index::Range { start: None, stop: None, step: Some(-1) };
    let (mut wrong, mut right) = (0, 0);
    for _ in 0..20000 {
        let mut v = random_view(&mut random);
        let ndim = v.few_axes();
        if !(1..=MAX_AXES).contains(&ndim) {
            continue;
        }
        let axis = random.below(ndim as u64) as usize;
        match random.below(6) {
            0 => v.itemsize = random.one(&wild),
            1 => v.dtype = random.one(&[0, 17, 200, -1, i32::MIN]),
            2 => v.flags = random.one(&[2, 3, u64::MAX]),
            3 => {
                v.data = core::ptr::without_provenance_mut(random.one(&[0, 1, 1 << 61, 1 << 63, usize::MAX]))
            }
            4 => drop(v.shape[axis].write(random.one(&wild))),
            _ => drop(v.strides[axis].write(random.one(&wild))),
        }
        let items = [random.one(&[whole, back, Index::At(0), Index::At(-1)]); MAX_AXES];
        let mut out = RawView::vacant();
        // SAFETY: `out` is a place for a view.
        let made = unsafe { index_few(&mut out, &v, &items[..ndim]) };
        // SAFETY: as above.
        let turned = unsafe { transpose_few(&mut out, &v, None) };
        if v.check().is_err() {
            wrong += 1;
            assert!(!made && !turned, "{:?}", all(&v));
        } else {
            right += made as usize;
        }
    }
    assert!(wrong > 5000 && right > 1000, "{wrong} {right}");
}
