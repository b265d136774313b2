//! Reshaping and broadcasting views with one to four axes.
//!
//! The number of axes is known on both sides, before and after: asked for on the way, either would keep the axes in memory.

use libstrided_layout::Order;

use super::{Few, packed};
use crate::raw::RawView;

/// [`reshape`](crate::algebra::reshape) of a packed array with `N` axes, in its own order, to `M`.
#[inline(always)]
pub fn reshape<const N: usize, const M: usize>(v: &RawView, shape: &[i64], order: Order) -> Option<Few<M>> {
    // A packed array in C order lies in C order, so that is what A stands for.
    if !matches!(order, Order::C | Order::A) {
        return None;
    }
    let shape: [i64; M] = shape.try_into().ok()?;
    let (few, nbytes) = Few::<N>::packed(v)?;
    let (strides, new_nbytes) = packed(few.itemsize, &shape, Order::C)?;
    let Few { data, dtype, itemsize, readonly, .. } = few;
    (nbytes == new_nbytes).then_some(Few { data, dtype, itemsize, readonly, shape, strides })
}

/// [`broadcast_to`](crate::algebra::broadcast_to) of a view with `N` axes, to `M`.
#[inline(always)]
pub fn broadcast<const N: usize, const M: usize>(v: &RawView, shape: &[i64]) -> Option<Few<M>> {
    let added = M.checked_sub(N)?;
    let shape: [i64; M] = shape.try_into().ok()?;
    let few = Few::<N>::of(v)?;
    let mut strides = [0; M];
    let mut nbytes = few.itemsize;
    for axis in 0..M {
        let n = shape[axis];
        nbytes = nbytes.checked_mul(n)?;
        // New axes are repeated, as are those of extent 1 that are to have another.
        if axis >= added && few.shape[axis - added] == n {
            strides[axis] = few.strides[axis - added];
        } else if n < 1 || (axis >= added && few.shape[axis - added] != 1) {
            return None;
        }
    }
    let Few { data, dtype, itemsize, .. } = few;
    Some(Few { data, dtype, itemsize, readonly: true, shape, strides })
}
