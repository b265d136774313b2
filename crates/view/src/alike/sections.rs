//! The third look: matrices whose rows may be any distance apart: sections of larger arrays, `a[1:-1, 1:-1] + b`. The elements of
//! a row lie side by side in the output, and mostly in the inputs, too. Inputs of few elements may have them in any steps, `a.T + b`,
//! `a[::2] + b[::2]`: to pack them first takes less time than to plan anything.

use super::{Alike, AlikeInput, FEW_ELEMENTS, FEW_ROWS, SHORT_ROW, dtypes, is_address};
use crate::raw::RawView;

/// Bytes from row to row, at most: what all of them make does not overflow.
const FAR: i64 = 1 << 40;

/// Bytes of an input that are few enough to be packed.
const PACKED: i64 = 2048;

/// A matrix, row by row.
#[derive(Clone, Copy)]
struct Rows {
    /// Bytes from one element of a row to the next; 0 when there is one for all of them.
    along: i64,
    /// Bytes from row to row; 0 when it is the same one.
    down: i64,
    /// The address of its first byte, and how many bytes there are up to its last.
    place: (i64, i64),
}

impl Rows {
    /// `None` when it does not lie so.
    #[inline(always)]
    fn of(
        v: &RawView,
        [rows, n]: [i64; 2],
        row: Option<(i64, i64)>,
        element: Option<(i64, i64)>,
    ) -> Option<Rows> {
        let along = match element {
            Some((extent, _)) if extent != 1 && extent != n => return None,
            _ if n == 1 => v.itemsize,
            Some((extent, stride)) if extent == n => stride,
            _ => 0,
        };
        let down = match row {
            Some((extent, stride)) if extent == rows && rows > 1 => stride,
            Some((extent, _)) if extent != 1 => return None,
            _ => 0,
        };
        if (down.wrapping_add(FAR) | along.wrapping_add(FAR)) as u64 >= 2 * FAR as u64 {
            return None;
        }
        let over = ((rows - 1) * down, (n - 1) * along);
        let first = v.data.addr() as i64;
        let first = first.wrapping_add(over.0.min(0) + over.1.min(0));
        let nbytes = over.0.abs() + over.1.abs() + v.itemsize;
        (v.data.addr() as i64 > 0 && is_address(first, nbytes)).then_some(Rows {
            along,
            down,
            place: (first, nbytes),
        })
    }
}

impl<const N: usize> Alike<N> {
    /// [`Alike::of`] for sections of matrices.
    ///
    /// ```
    /// use libstrided_view::{Alike, Index, Order, View, ViewMut};
    /// let (a, mut b) = ([1.0f32; 12], [0.0f32; 6]);
    /// let first = |n| Index::Range { start: None, stop: Some(n), step: None };
    /// let whole = View::from_slice(&a, &[3, 4], Order::C)?;
    /// let section = whole.index(&[first(2), first(3)])?;
    /// let out = ViewMut::from_slice(&mut b, &[2, 3], Order::C)?;
    /// let alike = Alike::sections([section.as_raw()], out.as_raw());
    /// assert_eq!(alike.map(|alike| (alike.rows, alike.n, alike.inputs[0].step)), Some((2, 3, 16)));
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn sections(inputs: [&RawView; N], out: &RawView) -> Option<Alike<N>> {
        if matches!(out.ndim, 1 | 2) { Alike::rows(inputs, out) } else { None }
    }

    /// [`Alike::sections`], all of it.
    #[inline(never)]
    fn rows(inputs: [&RawView; N], out: &RawView) -> Option<Alike<N>> {
        let (dtype, dtypes) = dtypes(&inputs, out)?;
        let axes = if out.ndim == 2 { [out.axis(0)?, out.axis(1)?] } else { [(1, 0), out.axis(0)?] };
        let fast = usize::from(axes[1].1 == out.itemsize);
        let ((rows, _), (n, _)) = (axes[1 - fast], axes[fast]);
        let few = 1..=FEW_ELEMENTS;
        if !few.contains(&rows)
            || !few.contains(&n)
            || rows * n > FEW_ELEMENTS
            || rows > FEW_ROWS && n < SHORT_ROW
        {
            return None;
        }
        let to = Rows::of(out, [rows, n], Some(axes[1 - fast]), Some(axes[fast]))?;
        if to.along != out.itemsize || rows > 1 && to.down.abs() < n * out.itemsize {
            return None;
        }
        let mut found =
            [AlikeInput { data: core::ptr::null_mut(), dtype, step: 0, single: false, along: None }; N];
        for (k, input) in inputs.iter().enumerate() {
            let axis = |axis: usize| input.axis((input.ndim as usize + axis).wrapping_sub(2));
            let from = Rows::of(input, [rows, n], axis(1 - fast), axis(fast))?;
            // Both are addresses: their distance fits.
            let apart = from.place.0 - to.place.0;
            let same = input.data == out.data
                && input.itemsize == out.itemsize
                && from.along == to.along
                && from.down == to.down;
            let in_steps = from.along != 0 && from.along != input.itemsize;
            if in_steps && rows * n * input.itemsize > PACKED {
                return None;
            }
            if !(apart >= to.place.1 || apart <= -from.place.1 || same) {
                return None;
            }
            found[k] = AlikeInput {
                data: input.data,
                dtype: dtypes[k],
                step: from.down as isize,
                single: from.along == 0,
                along: in_steps.then_some(from.along as isize),
            };
        }
        if found.iter().all(|input| input.single) {
            return None;
        }
        let (rows, n, step) = (rows as usize, n as usize, to.down as isize);
        Some(Alike { dtype, rows, n, inputs: found, out: out.data, step })
    }
}

#[cfg(test)]
mod tests {
    use core::mem::MaybeUninit;

    use super::*;
    use crate::algebra;
    use libstrided_layout::{DType, Order};

    /// A view of floats.
    fn made(data: *mut u8, shape: &[i64], strides: &[i64], change: impl FnOnce(&mut RawView)) -> RawView {
        let mut raw = RawView::vacant();
        assert_eq!(algebra::init(data, DType::F32, 4, shape, Some(strides), Order::C, &mut raw), Ok(()));
        change(&mut raw);
        raw
    }

    /// Rows, elements of a row, the step of the output, and of the input its step and whether it is single.
    type Found = (usize, usize, isize, isize, bool);

    /// What is found of an input and an output, 1.5 KiB from each other.
    fn of(shape: &[i64], from: &[i64], out_shape: &[i64], to: &[i64]) -> Option<Found> {
        in_steps(shape, from, out_shape, to).map(|(found, along)| {
            assert_eq!(along, None);
            found
        })
    }

    /// The same, and the steps of the input along rows.
    fn in_steps(
        shape: &[i64],
        from: &[i64],
        out_shape: &[i64],
        to: &[i64],
    ) -> Option<(Found, Option<isize>)> {
        // Nothing is read there, and strides of either sign lead to addresses, which those of the stack need not.
        let at = core::ptr::without_provenance_mut::<u8>(1 << 46);
        let v = made(at.wrapping_add(1024), shape, from, |_| ());
        let out = made(at.wrapping_add(2560), out_shape, to, |_| ());
        // The output is an input, too: one of them has to have all elements.
        let found = Alike::sections([&v, &out], &out)?;
        assert_eq!((found.inputs[0].data, found.out, found.dtype), (v.data, out.data, DType::F32));
        assert_eq!((found.inputs[1].data, found.inputs[1].step), (out.data, found.step));
        let v = found.inputs[0];
        Some(((found.rows, found.n, found.step, v.step, v.single), v.along))
    }

    #[test]
    fn rows_any_distance_apart() {
        let shape = &[3, 5];
        assert_eq!(of(shape, &[40, 4], shape, &[48, 4]), Some((3, 5, 48, 40, false)));
        assert_eq!(of(shape, &[-40, 4], shape, &[-20, 4]), Some((3, 5, -20, -40, false)), "backwards");
        assert_eq!(of(shape, &[4, 40], shape, &[4, 12]), Some((5, 3, 12, 40, false)), "the other axis");
        assert_eq!(of(shape, &[41, 4], shape, &[23, 4]), Some((3, 5, 23, 41, false)), "unaligned");
        assert_eq!(
            of(shape, &[7, 4], shape, &[20, 4]),
            Some((3, 5, 20, 7, false)),
            "an input that meets itself"
        );
        assert_eq!(of(&[5], &[4], shape, &[40, 4]), Some((3, 5, 40, 0, false)), "a row to all rows");
        assert_eq!(of(&[1, 5], &[99, 4], shape, &[40, 4]), Some((3, 5, 40, 0, false)));
        assert_eq!(of(&[3, 1], &[40, 99], shape, &[40, 4]), Some((3, 5, 40, 40, true)), "a column");
        assert_eq!(of(&[5], &[4], shape, &[4, 40]), Some((5, 3, 40, 4, true)), "a column of the other order");
        assert_eq!(of(&[], &[], shape, &[40, 4]), Some((3, 5, 40, 0, true)), "one element");
        assert_eq!(of(shape, &[0, 4], shape, &[40, 4]), Some((3, 5, 40, 0, false)), "broadcast");
        assert_eq!(of(shape, &[40, 0], shape, &[40, 4]), Some((3, 5, 40, 40, true)));
        assert_eq!(
            of(&[3, 1], &[40, 99], &[3, 1], &[40, 4]),
            Some((3, 1, 40, 40, false)),
            "a row is one element"
        );
        assert_eq!(of(&[1, 5], &[99, 4], &[1, 5], &[-1, 4]), Some((1, 5, 0, 0, false)), "one row");
        for to in [8, -4, 5] {
            assert_eq!(of(&[5], &[4], &[5], &[to]), Some((5, 1, to as isize, 4, false)), "a column");
        }
        assert_eq!(of(&[17, 32], &[128, 4], &[17, 32], &[136, 4]), None, "more than lies between them");
    }

    #[test]
    fn inputs_in_steps() {
        let shape = &[3, 5];
        let of = |from: &[i64]| in_steps(shape, from, shape, &[40, 4]);
        let found = |step: isize, along: isize| Some(((3, 5, 40, step, false), Some(along)));
        assert_eq!(of(&[40, 8]), found(40, 8));
        assert_eq!(of(&[4, 12]), found(4, 12), "transposed");
        assert_eq!(of(&[-40, -4]), found(-40, -4), "backwards");
        assert_eq!(of(&[1, 2]), found(1, 2), "elements that meet");
        let row = |n: i64, from: i64| in_steps(&[n], &[from], &[n], &[4]);
        assert_eq!(row(5, 8), Some(((1, 5, 0, 0, false), Some(8))));
        assert_eq!(row(5, -4), Some(((1, 5, 0, 0, false), Some(-4))));
        assert_eq!(row(5, 4), Some(((1, 5, 0, 0, false), None)));
        let mut memory = [0f32; 4096];
        let at = memory.as_mut_ptr().cast::<u8>();
        let many = |n: i64, step: i64| {
            let out = made(at.wrapping_add(8192), &[n], &[4], |_| ());
            Alike::sections([&made(at, &[n], &[step], |_| ()), &out], &out).is_some()
        };
        assert!(many(512, 8) && !many(513, 8), "2 KiB");
        assert!(many(513, 4), "side by side");
    }

    #[test]
    fn others_are_not_taken() {
        let shape = &[3, 5];
        for to in [[40, 8], [19, 4], [0, 4], [-19, 4], [8, 40], [4, 8], [40, 0], [40, -4]] {
            assert_eq!(of(shape, &[40, 4], shape, &to), None, "{to:?}");
        }
        for from in [[1 << 41, 4], [40, 1 << 41], [4, -1 << 41]] {
            assert_eq!(of(shape, &from, shape, &[40, 4]), None, "{from:?}");
        }
        for other in [&[3][..], &[2, 5], &[3, 4], &[5, 3]] {
            assert_eq!(of(other, &[40, 4][2 - other.len()..], shape, &[40, 4]), None, "{other:?}");
        }
        for to in [0, 2, -2] {
            assert_eq!(of(&[5], &[4], &[5], &[to]), None, "{to}");
        }
        assert_eq!(of(&[0, 5], &[40, 4], &[0, 5], &[40, 4]), None, "nothing");
        assert_eq!(of(&[17, 3], &[16, 4], &[17, 3], &[16, 4]), None, "many short rows");
    }

    #[test]
    fn inputs_in_the_way_of_the_output_are_not_taken() {
        let mut memory = [0f32; 256];
        let at = memory.as_mut_ptr().cast::<u8>();
        let out = made(at.wrapping_add(512), &[3, 5], &[40, 4], |_| ());
        let fits = |offset: usize, strides: &[i64], change: fn(&mut RawView)| {
            Alike::sections([&made(at.wrapping_add(offset), &[3, 5], strides, change)], &out).is_some()
        };
        let right = |_: &mut RawView| ();
        assert!(fits(512, &[40, 4], right), "in place");
        assert!(!fits(512, &[44, 4], right), "in place, but for the distance of rows");
        assert!(
            fits(412, &[40, 4], right) && !fits(413, &[40, 4], right),
            "just before, and one byte into it"
        );
        assert!(fits(612, &[40, 4], right) && !fits(611, &[40, 4], right), "just behind, and its last byte");
        assert!(fits(492, &[-40, 4], right) && !fits(493, &[-40, 4], right), "backwards");
        assert!(!fits(532, &[40, 4], right), "between its rows");
        assert!(!fits(0, &[40, 4], |v| v.flags = 2));
        assert!(fits(0, &[40, 4], |v| v.set_readonly()));
        assert!(!fits(0, &[40, 4], |v| v.itemsize = 8));
        assert!(!fits(0, &[40, 4], |v| v.ndim = -1));
        assert!(!fits(0, &[40, 4], |v| v.ndim = 3));
        assert!(!fits(0, &[40, 4], |v| v.data = core::ptr::null_mut()));
        assert!(!fits(0, &[40, 4], |v| v.shape[0] = MaybeUninit::new(i64::MIN)));
        assert!(!fits(0, &[40, 4], |v| v.strides[0] = MaybeUninit::new(i64::MIN)));
        assert!(!fits(0, &[40, 4], |v| v.strides[1] = MaybeUninit::new(i64::MIN)));
        assert!(!fits(0, &[40, 4], |v| v.strides[1] = MaybeUninit::new(i64::MAX)));
        let v = made(at, &[3, 5], &[40, 4], |_| ());
        let to = |change: fn(&mut RawView)| {
            Alike::sections([&v], &made(at.wrapping_add(512), &[3, 5], &[40, 4], change)).is_some()
        };
        assert!(to(right) && !to(|out| out.set_readonly()) && !to(|out| out.data = core::ptr::null_mut()));
        assert!(!to(|out| out.strides[0] = MaybeUninit::new(i64::MAX)) && !to(|out| out.dtype = 0));
        let row = made(at, &[5], &[0], |_| ());
        assert!(Alike::sections([&row], &out).is_none(), "no input has a row");
    }
}
