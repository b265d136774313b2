//! Slices that are accumulated one after the other into an output that is larger than the caches.
//!
//! A strip of the slice is kept in L1; with each step one more of the source is added to it, and it is streamed to where it belongs:
//!
//! ```text
//!             | strip |        |
//!   out[i-1]  |       |        |      what the strip holds
//!   in[i]     |  asked for     |      read once
//!   out[i]    |   streamed     |      written once, and not read
//! ```

use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{MAX_NDIM, Result};

use super::{convert, step};
use crate::binary::loop_of;
use crate::cache::{LINE, prefetch_run};
use crate::cpu::asks_in_advance;
use crate::elementwise::{Block, Stream, is_streamed};
use crate::op::ScanOp;
use crate::{Operand, binary};

/// Bytes of a strip.
const STRIP: usize = 2048;

/// Shorter runs are not worth a strip; tests have shorter ones.
const LEAST: usize = if cfg!(test) { 16 } else { 512 };

/// Bytes that are asked for in advance.
const FAR: usize = 8192;

/// A strip.
#[repr(C, align(64))]
struct Strip([u8; STRIP]);

/// Accumulates `[extent, bytes per step of the source, of the output]` slices; `false`, and nothing done, where there is nothing to
/// gain.
///
/// # Safety
/// As [`super::scan`], for operands that do not overlap.
pub(super) unsafe fn run(
    op: ScanOp,
    slice: &[i64],
    steps: [i64; 3],
    src: Operand<'_>,
    out: Operand<'_>,
) -> Result<bool> {
    // SAFETY: as the caller vouches.
    unsafe {
        if slice.len() <= SMALL_NDIM {
            planned::<SMALL_NDIM>(op, slice, steps, src, out)
        } else {
            planned::<MAX_NDIM>(op, slice, steps, src, out)
        }
    }
}

/// # Safety
/// As [`run`].
unsafe fn planned<const CAP: usize>(
    op: ScanOp,
    slice: &[i64],
    steps: [i64; 3],
    src: Operand<'_>,
    out: Operand<'_>,
) -> Result<bool> {
    let nest = Nest::<2, CAP>::plan(slice, [src.strides, out.strides])?;
    let Some(&beside) = nest.loops().last() else { return Ok(false) };
    let all = nest.loops().iter().fold(steps[0], |all, l| all.saturating_mul(l.extent));
    let item = out.itemsize as usize;
    let fits = beside.strides[1] == out.itemsize && beside.extent as usize * item >= LEAST;
    if !fits || !is_streamed((all as usize).saturating_mul(item)) {
        return Ok(false);
    }
    let mut room = MaybeUninit::uninit();
    let Some(mut stream) = Stream::new(&mut room) else { return Ok(false) };
    let done = nest.walk(1, |[s, d]| {
        let (s, d) = (src.data.wrapping_offset(s as isize), out.data.wrapping_offset(d as isize));
        let src = Operand { data: s, ..src };
        let out = Operand { data: d, ..out };
        // SAFETY: as the caller vouches, for the slices along one loop.
        unsafe { strips(op, &beside, steps, src, out, &mut stream) }
    });
    // SAFETY: all that was put into the stream belongs to the output.
    unsafe { stream.finish() };
    done.map(|()| true)
}

/// The strips along a loop that the output runs along.
///
/// # Safety
/// As [`run`].
unsafe fn strips(
    op: ScanOp,
    beside: &Loop<2>,
    [n, s, d]: [i64; 3],
    src: Operand<'_>,
    out: Operand<'_>,
    stream: &mut Stream<'_>,
) -> Result<()> {
    let mut strip = MaybeUninit::<Strip>::uninit();
    let data = strip.as_mut_ptr().cast::<u8>();
    let item = out.itemsize as usize;
    let most = STRIP / item;
    let along = [beside.strides[0]];
    let (row, ahead) = (src.itemsize as usize, (FAR / (most * src.itemsize as usize)) as i64);
    let asks = asks_in_advance() && beside.strides[0] == src.itemsize;
    let direct =
        loop_of(step(op), out.dtype).filter(|_| src.dtype == out.dtype && beside.strides[0] == src.itemsize);
    let mut first = 0;
    while first < beside.extent as usize {
        // The first strip ends with a line, and so do the others.
        let to = out.data.wrapping_add(first * item);
        let lead = (to.addr().wrapping_neg() % LINE) / item;
        let wide = if first == 0 && lead > 0 { lead } else { most }.min(beside.extent as usize - first);
        let shape = [wide as i64];
        let from = src.data.wrapping_offset(first as isize * beside.strides[0] as isize);
        let packed = [out.itemsize];
        let kept = Operand { data, strides: &packed, ..out };
        for i in 0..n {
            let data = from.wrapping_offset((i * s) as isize);
            if asks {
                prefetch_run(data.wrapping_offset((ahead * s) as isize), wide * row);
            }
            let x = Operand { data, strides: &along, ..src };
            // SAFETY: elements of the source, and as many of the strip; those of the output that they are for.
            unsafe {
                if i == 0 {
                    convert(&shape, x, kept)?;
                } else if let Some(run) = direct {
                    let data = [kept.data, x.data, kept.data];
                    run(&Block { rows: 1, n: wide, data, strides: [0; 3], single: [false; 3] });
                } else {
                    binary(step(op), out.dtype, &shape, kept, x, kept)?;
                }
                stream.take(kept.data, to.wrapping_offset((i * d) as isize), wide * item);
            }
        }
        first += wide;
    }
    Ok(())
}
