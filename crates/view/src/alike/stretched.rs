//! The second look: outputs packed in C or in Fortran order, inputs that are packed so but for axes along which they are
//! stretched.
//!
//! Going through the axes from the fastest to the slowest, an input is either there (its elements go on side by side) or
//! stretched (the same elements again). As long as that is the same for each input, axes make one: the first such axis is
//! along a row, the second one goes from row to row, and with a third one there is no such block.
//!
//! ```text
//!   (4, 6) + (6,)   in Fortran order: 6 rows of 4, of the second input one element per row
//!   (4, 6) + (4, 1) in C order:       4 rows of 6, and the same
//! ```

use super::{Alike, AlikeInput, FEW_ELEMENTS, FEW_ROWS, SHORT_ROW, dtypes, is_address, is_harmless};
use crate::raw::RawView;

/// What is found out about an input on the way.
#[derive(Clone, Copy)]
struct State {
    /// The product of the extents along which it is there.
    count: i64,
    /// Whether it is there along rows, and from row to row.
    there: [bool; 2],
}

impl<const N: usize> Alike<N> {
    /// [`Alike::of`], in either order of the axes, and with inputs that are stretched along any of them.
    ///
    /// ```
    /// use libstrided_view::{Alike, Order, View, ViewMut};
    /// let (a, mut b) = ([1.0f32, 2.0, 3.0], [0.0f32; 6]);
    /// let row = View::from_slice(&a, &[3], Order::C)?;
    /// let out = ViewMut::from_slice(&mut b, &[2, 3], Order::F)?;
    /// assert!(Alike::of([out.as_raw(), row.as_raw()], out.as_raw()).is_none());
    /// let alike = Alike::stretched([out.as_raw(), row.as_raw()], out.as_raw());
    /// assert_eq!(alike.map(|alike| (alike.rows, alike.n, alike.inputs[1].single)), Some((3, 2, true)));
    /// # Ok::<(), libstrided_view::Error>(())
    /// ```
    #[inline(always)]
    pub fn stretched(inputs: [&RawView; N], out: &RawView) -> Option<Alike<N>> {
        if begins_so(&inputs, out) { Alike::found(inputs, out) } else { None }
    }

    /// [`Alike::stretched`], all of it.
    #[inline(never)]
    fn found(inputs: [&RawView; N], out: &RawView) -> Option<Alike<N>> {
        let (dtype, dtypes) = dtypes(&inputs, out)?;
        let ndim = out.ndim as usize;
        let backwards = is_backwards(out);
        let (mut count, mut row) = (1i64, 1i64);
        let mut states = [State { count: 1, there: [false; 2] }; N];
        // Along rows, or from row to row; more than that there is not.
        let mut group = 0;
        for step in 0..ndim {
            let axis = if backwards { ndim - 1 - step } else { step };
            let (extent, stride) = out.axis(axis)?;
            // At most `FEW_ELEMENTS` before, and not more after: nothing overflows.
            if !(1..=FEW_ELEMENTS).contains(&extent) || extent != 1 && stride != count * out.itemsize {
                return None;
            }
            let mut there = [false; N];
            for (k, input) in inputs.iter().enumerate() {
                there[k] = is_there(input, ndim - axis, extent, states[k].count)?;
            }
            if extent == 1 {
                continue;
            }
            let fits = |states: &[State; N], group: usize| {
                states.iter().zip(there).all(|(state, there)| state.there[group] == there)
            };
            if count == 1 || !fits(&states, group) {
                if count != 1 {
                    (group, row) = (group + 1, count);
                }
                if group > 1 {
                    return None;
                }
                for (state, there) in states.iter_mut().zip(there) {
                    state.there[group] = there;
                }
            }
            for (state, _) in states.iter_mut().zip(there).filter(|(_, there)| *there) {
                state.count *= extent;
            }
            count *= extent;
            if count > FEW_ELEMENTS {
                return None;
            }
        }
        let (rows, n) = if group == 0 { (1, count) } else { (count / row, row) };
        if rows > FEW_ROWS && n < SHORT_ROW {
            return None;
        }
        let place = out.data as usize as i64;
        let written = count * out.itemsize;
        let mut good = is_address(place, written) && !inputs.is_empty();
        let mut found =
            [AlikeInput { data: core::ptr::null_mut(), dtype, step: 0, single: false, along: None }; N];
        for (k, input) in inputs.iter().enumerate() {
            let [along, down] = states[k].there;
            let single = !along && count != 1;
            let step = if along { n * input.itemsize } else { input.itemsize };
            found[k] = AlikeInput {
                data: input.data,
                dtype: dtypes[k],
                step: if down || rows == 1 && !single { step as isize } else { 0 },
                single,
                along: None,
            };
            let taken = states[k].count;
            good &= is_harmless(input, taken * input.itemsize, taken == count, (place, written));
        }
        if !good || found.iter().all(|input| input.single) {
            return None;
        }
        let step = (n * out.itemsize) as isize;
        Some(Alike { dtype, rows: rows as usize, n: n as usize, inputs: found, out: out.data, step })
    }
}

/// Whether the last axis of the output is the fastest one.
#[inline(always)]
fn is_backwards(out: &RawView) -> bool {
    (out.ndim as usize).checked_sub(1).and_then(|last| out.axis(last)).is_some_and(|(_, s)| s == out.itemsize)
}

/// Whether the fastest axes look as if there was something to find: sections of larger arrays and transposed inputs are told
/// apart here, before a call.
#[inline(always)]
fn begins_so<const N: usize>(inputs: &[&RawView; N], out: &RawView) -> bool {
    let ndim = out.ndim as usize;
    let (fastest, next) =
        if is_backwards(out) { (ndim.wrapping_sub(1), ndim.wrapping_sub(2)) } else { (0, 1) };
    let packed = match (out.axis(fastest), out.axis(next)) {
        (Some((n, _)), Some((extent, stride))) => {
            extent == 1 || n == 1 || stride == n.wrapping_mul(out.itemsize)
        }
        _ => true,
    };
    let back = ndim.wrapping_sub(fastest);
    let begins = |input: &&RawView| {
        let axis = input.axis((input.ndim as usize).wrapping_sub(back));
        axis.is_none_or(|(n, stride)| n == 1 || stride == input.itemsize || stride == 0)
    };
    packed && inputs.iter().all(begins)
}

/// Whether the elements of an input go on, side by side, along its axis that is the `back`th from the end and of this extent in
/// the output, or are the same ones again; `None` when neither. Axes inside have `count` elements of it.
#[inline(always)]
fn is_there(input: &RawView, back: usize, extent: i64, count: i64) -> Option<bool> {
    let Some(axis) = (input.ndim as usize).checked_sub(back) else {
        return Some(false);
    };
    let (n, stride) = input.axis(axis)?;
    if n == 1 || n == extent && stride == 0 {
        return Some(false);
    }
    (n == extent && stride == count * input.itemsize).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra;
    use libstrided_layout::{DType, Order};

    const F: DType = DType::F32;

    fn made(data: *mut u8, dtype: DType, shape: &[i64], strides: Option<&[i64]>, order: Order) -> RawView {
        let mut raw = RawView::vacant();
        let made = algebra::init(data, dtype, dtype.size(), shape, strides, order, &mut raw);
        assert_eq!(made, Ok(()));
        raw
    }

    /// Rows, elements of a row, and of the second input its step and whether it is single.
    fn with(
        order: Order,
        shape: &[i64],
        other: &[i64],
        strides: Option<&[i64]>,
    ) -> Option<(usize, usize, isize, bool)> {
        let mut memory = [0f32; 1024];
        let at = memory.as_mut_ptr().cast::<u8>();
        let (a, out) = (made(at, F, shape, None, order), made(at.wrapping_add(2048), F, shape, None, order));
        let b = made(at.wrapping_add(1024), F, other, strides, order);
        let alike = Alike::stretched([&a, &b], &out)?;
        let [a, b] = alike.inputs;
        assert!(!a.single && a.step == 4 * alike.n as isize && a.dtype == F);
        Some((alike.rows, alike.n, b.step, b.single))
    }

    #[test]
    fn both_orders_and_stretched_axes() {
        use Order::{C, F};
        assert_eq!(with(C, &[4, 6], &[4, 6], None), Some((1, 24, 96, false)));
        assert_eq!(with(F, &[4, 6], &[4, 6], None), Some((1, 24, 96, false)));
        assert_eq!(with(F, &[3, 4, 5], &[3, 4, 5], None), Some((1, 60, 240, false)));
        assert_eq!(with(F, &[4, 6], &[6], None), Some((6, 4, 4, true)), "one element per column");
        assert_eq!(with(F, &[4, 6], &[4, 1], None), Some((6, 4, 0, false)), "the same column");
        assert_eq!(with(C, &[4, 6], &[4, 1], None), Some((4, 6, 4, true)));
        assert_eq!(with(C, &[4, 6], &[6], None), Some((4, 6, 0, false)));
        assert_eq!(with(C, &[4, 6], &[1, 1], None), Some((1, 24, 0, true)));
        assert_eq!(with(F, &[4, 6], &[], None), Some((1, 24, 0, true)));
        assert_eq!(with(F, &[2, 3, 4], &[4], None), Some((4, 6, 4, true)), "two axes make a row");
        assert_eq!(with(F, &[2, 3, 4], &[3, 1], None), None, "a third group");
        assert_eq!(with(C, &[2, 3, 4], &[2, 1, 4], None), None);
        assert_eq!(with(C, &[4, 6], &[4, 6], Some(&[0, 4])), Some((4, 6, 0, false)), "stride 0");
        assert_eq!(with(C, &[4, 6], &[4, 6], Some(&[4, 0])), Some((4, 6, 4, true)));
        assert_eq!(with(C, &[4, 6], &[4, 6], Some(&[4, 16])), None, "another order");
        assert_eq!(with(C, &[4, 6], &[4, 6], Some(&[48, 8])), None, "steps");
        assert_eq!(with(C, &[4, 6], &[3], None), None, "does not stretch");
        assert_eq!(with(C, &[4, 1, 6], &[4, 1, 6], Some(&[24, 999, 4])), Some((1, 24, 96, false)));
        assert_eq!(with(C, &[1, 1], &[1], None), Some((1, 1, 4, false)), "one element");
        assert_eq!(with(C, &[17, 3], &[3], None), None, "many short rows");
        assert_eq!(with(F, &[0, 3], &[0, 3], None), None, "no elements");
    }

    #[test]
    fn inputs_in_the_way_of_the_output_are_not_alike() {
        let mut memory = [0f32; 256];
        let at = memory.as_mut_ptr().cast::<u8>();
        let out = made(at.wrapping_add(512), F, &[4, 6], None, Order::F);
        let other = |offset: usize, shape: &[i64]| {
            let b = made(at.wrapping_add(offset), F, shape, None, Order::F);
            Alike::stretched([&out, &b], &out).is_some()
        };
        assert!(other(512, &[4, 6]), "in place");
        assert!(!other(516, &[4, 6]));
        assert!(!other(512, &[6]), "the first six, which are written meanwhile");
        assert!(other(512 - 24, &[6]), "just before");
        assert!(!other(512 - 20, &[6]));
        assert!(!other(512 + 92, &[4, 1]), "the last one");
        assert!(other(512 + 96, &[4, 1]), "just behind");
        let single = made(at, F, &[], None, Order::C);
        assert!(Alike::stretched([&single, &single], &out).is_none(), "nothing to run along");
        let mut readonly = made(out.data, F, &[4, 6], None, Order::F);
        readonly.set_readonly();
        assert!(Alike::stretched([&out], &readonly).is_none());
        assert!(Alike::stretched([&readonly], &out).is_some());
        let null = made(at, F, &[4, 6], None, Order::F);
        assert!(Alike::stretched([&RawView { data: core::ptr::null_mut(), ..null }], &out).is_none());
        assert!(Alike::stretched([], &out).is_none());
    }
}
