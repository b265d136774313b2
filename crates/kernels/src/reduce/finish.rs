//! From accumulators to results: an initial value, a division, a root, a conversion, and to where the outputs lie.

use libstrided_layout::nest::Loop;
use libstrided_layout::{DType, Error, Kind, Result};

use super::division::{Division, divide, each};
use super::kernel::Kernel;
use super::pack::Scratch;
use super::{OPERANDS, OUT, Reduction};
use crate::Operand;
use crate::cache::LINE;
use crate::convert::Conversion;
use crate::elementwise::{PIECE, Steps, Stream, is_run, steps_of};
use crate::relocate::relocate;

/// What is done with the accumulators before they are converted to the dtype of the output, in this order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish {
    /// Joined with every result: one value of the accumulators' dtype, in its first bytes.
    pub initial: Option<[u8; 16]>,
    /// Every result is divided by this; integers become `f64` first.
    pub divisor: Option<f64>,
    /// The square root is taken; of real results only.
    pub root: bool,
}

impl Finish {
    #[inline]
    pub(super) fn is_nothing(&self) -> bool {
        self.initial.is_none() && self.divisor.is_none() && !self.root
    }
}

/// Puts results where they belong.
pub(super) struct Emitter {
    kernel: &'static Kernel,
    finish: Finish,
    /// The dtype of the accumulators.
    acc: DType,
    /// From the accumulators to `f64`, where something is done that integers can not.
    to_float: Option<Conversion>,
    /// The dtype in which the results are finished.
    dtype: DType,
    /// To the output.
    narrow: Option<Conversion>,
    /// Bytes of a result.
    size: usize,
    /// Bytes of an element of the output.
    item: usize,
}

impl Emitter {
    pub(super) fn new(what: &Reduction<'_>, kernel: &'static Kernel, out: &Operand<'_>) -> Result<Emitter> {
        let acc = what.folding.accumulator(what.compute);
        let convert = |from: DType, to: DType| match from == to {
            true => Ok(None),
            false => Conversion::new(from, to).map(Some).ok_or(Error::UnsupportedDType { dtype: to }),
        };
        let finish = what.finish;
        let is_float = acc.kind() >= Kind::Float;
        let floats = !is_float && (finish.divisor.is_some() || finish.root);
        let dtype = if floats { DType::F64 } else { acc };
        Ok(Emitter {
            kernel,
            finish,
            acc,
            to_float: if floats { convert(acc, DType::F64)? } else { None },
            dtype,
            narrow: convert(dtype, out.dtype)?,
            size: dtype.size() as usize,
            item: out.itemsize as usize,
        })
    }

    /// Whether accumulators are results, and can be written where those belong.
    pub(super) fn is_nothing(&self) -> bool {
        self.finish.is_nothing() && self.narrow.is_none()
    }

    /// What makes results of accumulators in their place, where a division is all there is to it and results are as large.
    pub(super) fn division(&self) -> Option<Division> {
        let plain = self.finish.initial.is_none() && !self.finish.root && self.narrow.is_none();
        self.finish.divisor.filter(|_| plain).and_then(|divisor| Division::new(self.acc, divisor))
    }

    /// Bytes of the largest element that passes through scratch.
    pub(super) fn largest(&self) -> usize {
        self.size.max(self.item)
    }

    /// Finishes `n` accumulators; the results are at the address returned, either `values` or `room`.
    ///
    /// # Safety
    /// `values` must be valid for reading and writing `n` accumulators, `room` for as many results.
    pub(super) unsafe fn values(&self, values: *mut u8, n: usize, room: *mut u8) -> *mut u8 {
        // SAFETY: as the caller vouches.
        unsafe {
            if let Some(initial) = &self.finish.initial {
                for i in 0..n {
                    (self.kernel.join)(values.add(i * self.kernel.size), initial.as_ptr(), 1);
                }
            }
            let mut results = values;
            if let Some(conversion) = self.to_float {
                conversion.run(values, room, n);
                results = room;
            }
            if let Some(divisor) = self.finish.divisor {
                divide(self.dtype, results, n, divisor);
            }
            if self.finish.root {
                match self.dtype {
                    DType::F32 => each::<f32, f32>(results, n, f32::sqrt),
                    _ => each::<f64, f64>(results, n, f64::sqrt),
                }
            }
            results
        }
    }

    /// Converts `n` results to the dtype of the output.
    ///
    /// # Safety
    /// Both must be valid for `n` elements, and disjoint.
    pub(super) unsafe fn narrow(&self, results: *const u8, out: *mut u8, n: usize) {
        // SAFETY: as the caller vouches.
        unsafe {
            match self.narrow {
                Some(conversion) => conversion.run(results, out, n),
                None => core::ptr::copy_nonoverlapping(results, out, n * self.size),
            }
        }
    }

    /// The same past the caches.
    ///
    /// # Safety
    /// As [`narrow`](Self::narrow).
    unsafe fn narrow_past(&self, past: &mut Stream<'_>, results: *const u8, out: *mut u8, n: usize) {
        for (first, count) in pieces(out, self.item, n) {
            // SAFETY: as the caller vouches, for some of the elements; a place has room for a piece.
            unsafe {
                let place = past.place(out.wrapping_add(first * self.item));
                self.narrow(results.wrapping_add(first * self.size), place, count);
                past.put(count * self.item);
            }
        }
    }

    /// Finishes the results of a tile of outputs and puts them where they belong.
    ///
    /// # Safety
    /// `values` must hold the accumulators of the tile, which must fit into scratch, and not lie in it.
    pub(super) unsafe fn emit(
        &self,
        loops: &[Loop<OPERANDS>],
        values: *mut u8,
        dst: *mut u8,
        scratch: &mut Scratch<'_>,
    ) {
        let count: usize = loops.iter().map(|l| l.extent as usize).product();
        let raw = scratch.raw.as_mut_ptr() as *mut u8;
        let mut room = Steps::uninit();
        let steps = steps_of(loops, OUT, self.item, &mut room);
        // SAFETY: as the caller vouches.
        unsafe {
            let results = self.values(values, count, scratch.packed.as_mut_ptr() as *mut u8);
            if is_run(steps, self.item) {
                return match &mut scratch.past {
                    Some(past) => self.narrow_past(past, results, dst, count),
                    None => self.narrow(results, dst, count),
                };
            }
            let mut from = results as *const u8;
            if let Some(conversion) = self.narrow {
                conversion.run(results, raw, count);
                from = raw;
            }
            for step in &mut *steps {
                core::mem::swap(&mut step.src, &mut step.dst);
            }
            relocate(steps, self.item, from, dst);
        }
    }
}

/// The pieces in which `n` elements go past the caches: the first of each, and how many. All but the first begin a line of `out`, and
/// so of what they are written to first: a line that is written in two parts is read from there only when both have left the
/// core, which takes as long as the lines before take to memory.
fn pieces(out: *mut u8, item: usize, n: usize) -> impl Iterator<Item = (usize, usize)> {
    let to_line = (LINE - out.addr() % LINE) % LINE / item;
    let mut first = 0;
    core::iter::from_fn(move || {
        let most = if first == 0 && to_line > 0 { to_line } else { PIECE / item };
        let count = most.min(n - first);
        first += count;
        (count > 0).then_some((first - count, count))
    })
}
