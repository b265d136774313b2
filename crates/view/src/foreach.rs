//! Several views walked together, in the order that suits their memory: the loop nest for callers' own inner loops.
//!
//! The views are broadcast against each other; the axes are reordered, merged and turned around as
//! [`libstrided_layout::nest`] plans it, and the innermost loop is handed out whole: a count, one pointer and one byte
//! stride per view. This is NumPy's `nditer` with `external_loop`.

use libstrided_layout::nest::Nest;
use libstrided_layout::{Broadcast, Error, MAX_NDIM, Result, broadcast_strides};

use crate::raw::ViewRef;

/// The largest number of views in one walk.
pub const MAX_OPERANDS: usize = 8;

/// Calls `inner(count, pointers, strides)` until every position of the broadcast shape has been visited once. The order
/// of the positions is not specified.
///
/// # Safety
/// The views must describe memory that `inner` may use as it does: the pointers that it gets address elements of the
/// views and nothing else.
pub unsafe fn foreach<'a, V>(views: V, inner: impl FnMut(i64, &[*mut u8], &[i64])) -> Result<()>
where
    V: Iterator<Item = Result<ViewRef<'a>>> + Clone,
{
    let n = views.clone().count();
    if n > MAX_OPERANDS {
        return Err(Error::InvalidArgument {
            rule: "at most 8 views can be walked together",
            value: n as i64,
        });
    }
    let mut shape = Broadcast::new();
    for v in views.clone() {
        shape.add(v?.shape())?;
    }
    let shape = shape.checked_shape()?;
    // Most views have few axes: keep the work space small for them.
    if shape.len() <= 6 { walk::<6>(shape, views, inner) } else { walk::<MAX_NDIM>(shape, views, inner) }
}

fn walk<'a, const CAP: usize>(
    shape: &[i64],
    views: impl Iterator<Item = Result<ViewRef<'a>>>,
    mut inner: impl FnMut(i64, &[*mut u8], &[i64]),
) -> Result<()> {
    let mut data = [core::ptr::null_mut(); MAX_OPERANDS];
    let mut room = [[0; CAP]; MAX_OPERANDS];
    // Views that are not there have stride 0 and take part in nothing.
    let mut strides = [&[0; MAX_NDIM][..shape.len()]; MAX_OPERANDS];
    let mut n = 0;
    for (v, room) in views.zip(&mut room) {
        let v = v?;
        data[n] = v.data();
        strides[n] = broadcast_strides(v.layout(), shape, room)?;
        n += 1;
    }
    let nest = Nest::<MAX_OPERANDS, CAP>::plan(shape, strides)?;
    let (count, steps) = nest.loops().last().map_or((1, [0; MAX_OPERANDS]), |l| (l.extent, l.strides));
    nest.walk(1, |offsets| {
        let pointers: [*mut u8; MAX_OPERANDS] =
            core::array::from_fn(|k| data[k].wrapping_offset(offsets[k] as isize));
        inner(count, &pointers[..n], &steps[..n]);
        Ok(())
    })
}
