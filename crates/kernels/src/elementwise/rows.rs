//! No tiles: where every operand is contiguous along a long inner loop, or one element, the kernel runs along the operands.

use libstrided_layout::nest::Loop;

use super::Block;
use super::ahead::{follow, from_memory};
use super::plan::{Plan, Side};
use super::sink::{ABREAST, Sink};
use super::stream::SHORT;

/// Bytes of the parts of a long row that are worked on by turns; tests have shorter rows.
const PART: usize = if cfg!(test) { 4 << 10 } else { 256 << 10 };

/// Which inputs are one element per row, when the kernel can run along this loop as it is.
pub(super) fn rows<const N: usize>(inner: &Loop<N>, sides: &[Side; N]) -> Option<[bool; N]> {
    let single: [bool; N] = core::array::from_fn(|k| k + 1 < N && inner.strides[k] == 0);
    let fits = (0..N)
        .all(|k| sides[k].conversion.is_none() && (single[k] || inner.strides[k] == sides[k].kernel as i64));
    (fits && !single[..N - 1].iter().all(|&s| s)).then_some(single)
}

/// No tiles: the kernel runs along the rows of the operands.
///
/// # Safety
/// As [`run`](super::run), for the operands of the plan.
pub(super) unsafe fn in_rows<const N: usize, const CAP: usize>(
    plan: &Plan<N, CAP>,
    sink: &mut Sink<'_, N>,
    single: [bool; N],
) {
    let inner = plan.inner();
    let outer = match *plan.loops() {
        [.., outer, _] => outer,
        _ => Loop { extent: 1, strides: [0; N] },
    };
    let large = from_memory(plan);
    let are_long = inner.extent as usize * plan.sides[N - 1].memory > 4 * SHORT;
    if are_long {
        sink.piece = SHORT;
        sink.abreast = large.iter().filter(|&&large| large).count() == 1;
    }
    follow(plan, sink, large, are_long);
    let block = |data: [*mut u8; N], rows, n, strides: [isize; N]| Block { rows, n, data, strides, single };
    // One row alone is cut into parts that are as rows.
    let part = PART / sink.sizes.iter().max().unwrap_or(&1);
    let cut = sink.abreast && sink.stream.is_some() && outer.extent == 1;
    plan.walk(2, |mut data| {
        let mut n = inner.extent as usize;
        // SAFETY: as the caller vouches.
        unsafe {
            while cut && n >= ABREAST * part {
                let steps = inner.strides.map(|s| s as isize * part as isize);
                sink.block(&block(data, ABREAST, part, steps));
                for (data, step) in data.iter_mut().zip(steps) {
                    *data = data.wrapping_offset(step * ABREAST as isize);
                }
                n -= ABREAST * part;
            }
            if n > 0 {
                sink.block(&block(data, outer.extent as usize, n, outer.strides.map(|s| s as isize)));
            }
        }
    });
}
