//! An input that is the output with two axes exchanged, as in `a += a.T`: only tiles are copied, two at a time.
//!
//! ```text
//!        j: . . J . .        the tile (I, J) of the output reads the tile (J, I), and the other way round: both are copied
//!      i .                   before either is written, and no other tile reads or writes them
//!      I     [x]
//!      .
//!      J [y]     [d]         a tile on the diagonal reads itself
//! ```
//!
//! So the matrix is read and written once, and the memory that is needed does not grow with it.

use libstrided_view::query::distance;
use libstrided_view::{Array, Result, ViewRef};

use super::{Kernel, copy_harmed, each_in, part_of, replaced, room_for};

/// Bytes of the output per tile: copies of two stay in the nearest caches.
const TILE: i64 = 32 << 10;

/// Smaller outputs are not cut: a copy of all of the input stays in the caches, too.
const LEAST: i64 = 1 << 20;

/// Tiles of shorter sides than this are not worth cutting for.
const SHORT: i64 = 16;

/// The two axes that are exchanged in every input that would be harmed, with the side of a tile along them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Axes {
    first: usize,
    second: usize,
    side: i64,
}

/// The axes, if every harmed input is the output with the same two axes exchanged, and the output is large.
pub(super) fn axes<const N: usize>(
    inputs: &[ViewRef<'_>; N],
    harmed: [bool; N],
    out: ViewRef<'_>,
) -> Option<Axes> {
    let mut found = None;
    for (&input, _) in inputs.iter().zip(harmed).filter(|(_, harmed)| *harmed) {
        let here = exchanged(input, out)?;
        if found.is_some_and(|found| found != here) {
            return None;
        }
        found = Some(here);
    }
    let (first, second) = found?;
    let n = out.shape()[first];
    // The output is memory that is there: none of this overflows.
    let bytes = out.size() * out.itemsize();
    let mut side = n;
    while side > SHORT && bytes / n / n * side * side > TILE {
        side = (side / 2).max(SHORT);
    }
    (bytes >= LEAST && bytes / n / n * side * side <= 2 * TILE).then_some(Axes { first, second, side })
}

/// The two axes that are exchanged in an input that has the elements of the output.
fn exchanged(input: ViewRef<'_>, out: ViewRef<'_>) -> Option<(usize, usize)> {
    let (strides, mirror) = (input.strides(), out.strides());
    if distance(input, out) != 0 || input.itemsize() != out.itemsize() || input.shape() != out.shape() {
        return None;
    }
    let differs = |axis: &usize| out.shape()[*axis] > 1 && strides[*axis] != mirror[*axis];
    let mut axes = (0..out.ndim()).filter(differs);
    let (first, second) = (axes.next()?, axes.next()?);
    let fits = axes.next().is_none()
        && out.shape()[first] == out.shape()[second]
        && (strides[first], strides[second]) == (mirror[second], mirror[first]);
    fits.then_some((first, second))
}

/// Runs the kernel tile by tile.
///
/// # Safety
/// As [`each`](super::each), for axes as [`axes`] finds them.
pub(super) unsafe fn each_pair<const N: usize, const CAP: usize>(
    inputs: [ViewRef<'_>; N],
    harmed: [bool; N],
    out: ViewRef<'_>,
    axes: Axes,
    kernel: &impl Kernel<N>,
) -> Result<()> {
    let mut rooms = [const { Rooms::<N, CAP>::NEW }; 2];
    let mut shapes = [[[[0; CAP]; 2]; N]; 2];
    let [here, there] = &mut rooms;
    let (largest, largest_out) = here.tile(inputs, out, axes, (0, 0))?;
    // Room for both copies, before anything is written.
    let kept = [room_for(&largest, harmed, largest_out)?, room_for(&largest, harmed, largest_out)?];
    let blocks = (out.shape()[axes.first] - 1) / axes.side + 1;
    for i in 0..blocks {
        for j in i..blocks {
            let [shapes, mirrored] = &mut shapes;
            let (x, x_out) = here.tile(inputs, out, axes, (i, j))?;
            let copies = copies_in(&kept[0], axes, x_out, shapes)?;
            // SAFETY: the caller's promise; both tiles are read before either is written, and by no other pair.
            unsafe {
                copy_harmed(&x, &copies)?;
                if i != j {
                    let (y, y_out) = there.tile(inputs, out, axes, (j, i))?;
                    let mirror = copies_in(&kept[1], axes, y_out, mirrored)?;
                    copy_harmed(&y, &mirror)?;
                    each_in::<N, CAP>(replaced(y, &mirror), y_out, kernel)?;
                }
                each_in::<N, CAP>(replaced(x, &copies), x_out, kernel)?;
            }
        }
    }
    Ok(())
}

/// As much of the room as a tile of the output takes.
fn copies_in<'a, const N: usize, const CAP: usize>(
    kept: &'a [Option<Array>; N],
    axes: Axes,
    out: ViewRef<'_>,
    rooms: &'a mut [[[i64; CAP]; 2]; N],
) -> Result<[Option<ViewRef<'a>>; N]> {
    let mut copies = [None; N];
    for ((copy, kept), [first, second]) in copies.iter_mut().zip(kept).zip(rooms) {
        if let Some(kept) = kept {
            let part =
                |v, axis: usize, room| part_of(v, out.ndim() - axis, axes.side, 0, out.shape()[axis], room);
            *copy = Some(part(part(kept.view(), axes.first, first)?, axes.second, second)?);
        }
    }
    Ok(copies)
}

/// Room for the shapes of the parts of a tile: cut along one axis, then along the other.
struct Rooms<const N: usize, const CAP: usize> {
    inputs: [[[i64; CAP]; 2]; N],
    out: [[i64; CAP]; 2],
}

impl<const N: usize, const CAP: usize> Rooms<N, CAP> {
    const NEW: Self = Rooms { inputs: [[[0; CAP]; 2]; N], out: [[0; CAP]; 2] };

    /// The tile at `(i, j)` of the inputs and the output.
    fn tile<'a>(
        &'a mut self,
        inputs: [ViewRef<'a>; N],
        out: ViewRef<'a>,
        axes: Axes,
        at: (i64, i64),
    ) -> Result<([ViewRef<'a>; N], ViewRef<'a>)> {
        let extent = out.shape()[axes.first];
        let cut = |v: ViewRef<'a>, [first, second]: &'a mut [[i64; CAP]; 2]| {
            let part = |v, axis: usize, index: i64, room| {
                let from = index * axes.side;
                part_of(v, out.ndim() - axis, extent, from, axes.side.min(extent - from), room)
            };
            part(part(v, axes.first, at.0, first)?, axes.second, at.1, second)
        };
        let mut parts = inputs;
        for (part, room) in parts.iter_mut().zip(&mut self.inputs) {
            *part = cut(*part, room)?;
        }
        Ok((parts, cut(out, &mut self.out)?))
    }
}
