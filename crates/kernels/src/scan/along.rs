//! Scans line by line: each element waits for the one before, so what can be done is to work on several lines at once.

use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{Error, MAX_NDIM, Result};

use crate::Operand;
use crate::arch::step;
use crate::array;
use crate::cache::prefetch_run;
use crate::cpu::asks_in_advance;
use crate::element::{Element, with_type};
use crate::elementwise::{Room, Stream, is_streamed};
use crate::number::{Number, Ordered};
use crate::op::ScanOp;

/// Lines that are worked on together.
const LINES: usize = 4;

/// Accumulates along lines of `[extent, bytes per step of the source, of the output]` that begin at the elements of the
/// slices.
///
/// # Safety
/// As [`super::scan`], for operands of one dtype.
pub(super) unsafe fn run(
    op: ScanOp,
    shape: &[i64],
    line: [i64; 3],
    src: Operand<'_>,
    out: Operand<'_>,
    in_place: bool,
) -> Result<()> {
    let unsupported = Error::UnsupportedDType { dtype: out.dtype };
    let elements = shape.iter().fold(line[0], |all, &n| all.saturating_mul(n));
    let bytes = (elements as usize).saturating_mul(out.itemsize as usize);
    let row = (line[0] as usize).saturating_mul(out.itemsize as usize);
    let past = !in_place && line[2] == out.itemsize && row >= LONG && is_streamed(bytes);
    let lines: LinesFn = with_type!(out.dtype, all, T => kernel::<T>(op, past), return Err(unsupported));
    let one = Loop { extent: line[0], strides: [line[1], line[2]] };
    // SAFETY: the caller's promise, passed on.
    unsafe {
        if shape.len() <= SMALL_NDIM {
            all::<SMALL_NDIM>(shape, &one, src, out, lines)
        } else {
            all::<MAX_NDIM>(shape, &one, src, out, lines)
        }
    }
}

/// Lines along one loop, at the positions of another, from a source to an output.
type LinesFn = unsafe fn(&Loop<2>, &Loop<2>, *const u8, *mut u8);

/// # Safety
/// As [`run`]; the function is for the dtype.
unsafe fn all<const CAP: usize>(
    shape: &[i64],
    line: &Loop<2>,
    src: Operand<'_>,
    out: Operand<'_>,
    lines: LinesFn,
) -> Result<()> {
    let nest = Nest::<2, CAP>::plan(shape, [src.strides, out.strides])?;
    let beside = nest.loops().last().copied().unwrap_or(Loop { extent: 1, strides: [0; 2] });
    nest.walk(1, |[s, d]| {
        let (s, d) = (src.data.wrapping_offset(s as isize), out.data.wrapping_offset(d as isize));
        // SAFETY: the lines that begin at the positions of the innermost loop.
        unsafe { lines(line, &beside, s, d) };
        Ok(())
    })
}

/// The function for an operation on a type.
fn kernel<T: Number + Ordered>(op: ScanOp, past: bool) -> LinesFn {
    match op {
        ScanOp::Sum if past => lines_past::<T, Sum>,
        ScanOp::Prod if past => lines_past::<T, Prod>,
        ScanOp::Min if past => lines_past::<T, Min>,
        ScanOp::Max if past => lines_past::<T, Max>,
        ScanOp::Sum => lines::<T, Sum>,
        ScanOp::Prod => lines::<T, Prod>,
        ScanOp::Min => lines::<T, Min>,
        ScanOp::Max => lines::<T, Max>,
    }
}

/// One step of a scan.
trait Step<T> {
    fn step(before: T, x: T) -> T;
}

struct Sum;
struct Prod;
struct Min;
struct Max;

impl<T: Number> Step<T> for Sum {
    #[inline(always)]
    fn step(before: T, x: T) -> T {
        before.add(x)
    }
}

impl<T: Number> Step<T> for Prod {
    #[inline(always)]
    fn step(before: T, x: T) -> T {
        before.mul(x)
    }
}

impl<T: Ordered> Step<T> for Min {
    #[inline(always)]
    fn step(before: T, x: T) -> T {
        before.min(x)
    }
}

impl<T: Ordered> Step<T> for Max {
    #[inline(always)]
    fn step(before: T, x: T) -> T {
        before.max(x)
    }
}

/// See [`LinesFn`].
unsafe fn lines<T: Element, S: Step<T>>(line: &Loop<2>, beside: &Loop<2>, src: *const u8, dst: *mut u8) {
    let count = beside.extent as usize;
    let mut i = 0;
    while i < count {
        let s = src.wrapping_offset(i as isize * beside.strides[0] as isize);
        let d = dst.wrapping_offset(i as isize * beside.strides[1] as isize);
        // SAFETY: the caller's promise, for some of the lines.
        unsafe {
            if count - i >= LINES {
                some::<T, S, LINES>(line, beside, s, d);
                i += LINES;
            } else {
                some::<T, S, 1>(line, beside, s, d);
                i += 1;
            }
        }
    }
}

/// `N` lines at once.
///
/// # Safety
/// All their elements can be read and written; an element of both sides may be the same.
#[inline(always)]
unsafe fn some<T: Element, S: Step<T>, const N: usize>(
    line: &Loop<2>,
    beside: &Loop<2>,
    src: *const u8,
    dst: *mut u8,
) {
    let [down_s, down_d] = beside.strides.map(|x| x as isize);
    let [along_s, along_d] = line.strides.map(|x| x as isize);
    // SAFETY: the caller's promise: element `j` of line `k` on both sides.
    unsafe {
        let load = |j: isize, k: usize| {
            src.wrapping_offset(j * along_s + k as isize * down_s).cast::<T>().read_unaligned()
        };
        let store = |j: isize, k: usize, x: T| {
            dst.wrapping_offset(j * along_d + k as isize * down_d).cast::<T>().write_unaligned(x);
        };
        let mut last: [T; N] = array::each(|k| load(0, k));
        for (k, x) in last.iter().enumerate() {
            store(0, k, *x);
        }
        for j in 1..line.extent as isize {
            // Lines lie apart: vectors of them would be gathers and scatters.
            step();
            for (k, before) in last.iter_mut().enumerate() {
                *before = S::step(*before, load(j, k));
                store(j, k, *before);
            }
        }
    }
}

/// Bytes of a line that is worth its way past the caches; tests have shorter ones.
const LONG: usize = if cfg!(test) { 16 } else { 2048 };

/// Bytes of a line that are computed at a time when they go past the caches, and those that are asked for in advance.
const CHUNK: usize = 512;
const FAR: usize = 4096;

/// [`lines`], for an output that goes past the caches, whose elements lie one after the other along the lines.
unsafe fn lines_past<T: Element, S: Step<T>>(line: &Loop<2>, beside: &Loop<2>, src: *const u8, dst: *mut u8) {
    let count = beside.extent as usize;
    let mut rooms = [const { MaybeUninit::<Room>::uninit() }; LINES];
    let mut i = 0;
    while i < count {
        let s = src.wrapping_offset(i as isize * beside.strides[0] as isize);
        let d = dst.wrapping_offset(i as isize * beside.strides[1] as isize);
        // SAFETY: the caller's promise, for some of the lines.
        unsafe {
            let some = match &mut rooms {
                [a, b, c, e] if count - i >= LINES => {
                    let streams = [Stream::new(a), Stream::new(b), Stream::new(c), Stream::new(e)];
                    if let [Some(a), Some(b), Some(c), Some(e)] = streams {
                        some_past::<T, S, LINES>(line, beside, s, d, [a, b, c, e]);
                    } else {
                        some::<T, S, LINES>(line, beside, s, d);
                    }
                    LINES
                }
                [a, ..] => {
                    match Stream::new(a) {
                        Some(a) => some_past::<T, S, 1>(line, beside, s, d, [a]),
                        None => some::<T, S, 1>(line, beside, s, d),
                    }
                    1
                }
            };
            i += some;
        }
    }
}

/// [`some`], past the caches.
///
/// # Safety
/// As [`some`]; no element of the one side is one of the other.
#[inline(always)]
unsafe fn some_past<T: Element, S: Step<T>, const N: usize>(
    line: &Loop<2>,
    beside: &Loop<2>,
    src: *const u8,
    dst: *mut u8,
    mut streams: [Stream<'_>; N],
) {
    let [down_s, down_d] = beside.strides.map(|x| x as isize);
    let along = line.strides[0] as isize;
    let (n, most) = (line.extent as usize, CHUNK / size_of::<T>());
    let asks = asks_in_advance() && along == size_of::<T>() as isize;
    // SAFETY: the caller's promise: element `j` of line `k` on both sides.
    unsafe {
        let load = |j: usize, k: usize| {
            src.wrapping_offset(j as isize * along + k as isize * down_s).cast::<T>().read_unaligned()
        };
        let mut last: [T; N] = core::array::from_fn(
            #[inline(always)]
            |k| load(0, k),
        );
        for first in (0..n).step_by(most) {
            let count = most.min(n - first);
            let mut to = [core::ptr::null_mut::<T>(); N];
            for k in 0..N {
                if asks {
                    let here = src.wrapping_offset(first as isize * along + k as isize * down_s);
                    prefetch_run(here.wrapping_add(FAR), CHUNK);
                }
                let place = dst.wrapping_offset(k as isize * down_d).wrapping_add(first * size_of::<T>());
                to[k] = streams[k].place(place).cast();
            }
            let mut j = 0;
            if first == 0 {
                for k in 0..N {
                    to[k].write_unaligned(last[k]);
                }
                j = 1;
            }
            while j < count {
                step();
                for k in 0..N {
                    last[k] = S::step(last[k], load(first + j, k));
                    to[k].add(j).write_unaligned(last[k]);
                }
                j += 1;
            }
            for stream in &mut streams {
                stream.put(count * size_of::<T>());
            }
        }
        for stream in &mut streams {
            stream.finish();
        }
    }
}
