//! The loops over contiguous elements, compiled for every level.
//!
//! ```text
//!   row        one function per pair of dtypes: a row, one past the caches, or many
//!   pairs      the same for the parts of complex numbers
//!     Each       element by element, by a rule
//!     FromHalf   sixteen at a time from half precision, then by a rule
//!     ToHalf     by a rule, then sixteen at a time to half precision
//! ```
//!
//! Past the caches the same loop fills a block that stays in L1, whose lines are then streamed.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::rules::Rule;
use crate::arch::{Body, Features, HALVES, specialize};
use crate::array;
use crate::cache::{LINE, lead, prefetch_run};
use crate::cpu::asks_in_advance;
use crate::element::{self as e, Element};

/// Converts `n` elements at `src` into `n` elements at `dst`, both contiguous and of any alignment.
pub(super) type Row = unsafe fn(src: *const u8, dst: *mut u8, n: usize, how: How);

/// What else there is to a call.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// Nothing.
    Plainly,
    /// Past the caches: the destination begins a line, and the elements make whole lines.
    Past,
    /// So many rows, which begin so many bytes apart in the source and in the destination.
    Rows(usize, isize, isize),
}

/// An element at any address.
#[derive(Clone, Copy)]
#[repr(C, packed)]
pub(super) struct Unaligned<T>(T);

/// One that is still to be written.
type Place<T> = MaybeUninit<Unaligned<T>>;

/// The elements at the two ends of a row.
type Sides<'a, S, D> = (&'a [Unaligned<S>], &'a mut [Place<D>]);

/// A loop over elements.
pub(super) trait Loop {
    type From: Element;
    type To: Element;

    /// Whether the elements before the first line of a long destination are converted by themselves.
    ///
    /// Measured on Emerald Rapids, 60000 elements that begin 16 bytes behind a line, and without this: f64 to c128 26 and 45 us, i16 to
    /// c128 32 and 60, f32 to f64 13 and 15.
    const ALIGNS: bool;

    /// Converts as many elements as both sides have.
    ///
    /// # Safety
    /// Only called in code that is compiled for the level.
    unsafe fn run<F: Features>(src: &[Unaligned<Self::From>], dst: &mut [Place<Self::To>]);
}

/// Element by element, in whatever vectors the compiler makes of it.
pub(super) struct Each<R>(PhantomData<R>);

impl<R: Rule> Loop for Each<R> {
    type From = R::From;
    type To = R::To;
    // Of small ones there are many.
    const ALIGNS: bool = size_of::<R::To>() >= 4;
    #[inline(always)]
    unsafe fn run<F: Features>(src: &[Unaligned<R::From>], dst: &mut [Place<R::To>]) {
        // By indices: an iterator over both is made by a function of its own, which is called for each row.
        for i in 0..src.len().min(dst.len()) {
            let x = src[i].0;
            dst[i].write(Unaligned(R::convert::<F>(x)));
        }
    }
}

/// From half precision, by a rule for single precision.
pub(super) struct FromHalf<R>(PhantomData<R>);

impl<R: Rule<From = f32>> Loop for FromHalf<R> {
    type From = e::F16;
    type To = R::To;
    const ALIGNS: bool = false;
    #[inline(always)]
    unsafe fn run<F: Features>(src: &[Unaligned<e::F16>], dst: &mut [Place<R::To>]) {
        let (mut src, mut dst) = (src.chunks_exact(HALVES), dst.chunks_exact_mut(HALVES));
        for (d, s) in (&mut dst).zip(&mut src) {
            let x = array::each(
                #[inline(always)]
                |i| s[i].0,
            );
            // SAFETY: the caller's promise.
            let x = unsafe { F::to_singles(x) };
            for i in 0..HALVES {
                d[i].write(Unaligned(R::convert::<F>(x[i])));
            }
        }
        for (d, s) in dst.into_remainder().iter_mut().zip(src.remainder()) {
            let x = s.0;
            d.write(Unaligned(R::convert::<F>(x.to_f32())));
        }
    }
}

/// To half precision, by a rule for single precision.
pub(super) struct ToHalf<R>(PhantomData<R>);

impl<R: Rule<To = f32>> Loop for ToHalf<R> {
    type From = R::From;
    type To = e::F16;
    const ALIGNS: bool = false;
    #[inline(always)]
    unsafe fn run<F: Features>(src: &[Unaligned<R::From>], dst: &mut [Place<e::F16>]) {
        let (mut src, mut dst) = (src.chunks_exact(HALVES), dst.chunks_exact_mut(HALVES));
        for (d, s) in (&mut dst).zip(&mut src) {
            let x = array::each(
                #[inline(always)]
                |i| R::convert::<F>(s[i].0),
            );
            // SAFETY: the caller's promise.
            let x = unsafe { F::to_halves(x) };
            for i in 0..HALVES {
                d[i].write(Unaligned(x[i]));
            }
        }
        for (d, s) in dst.into_remainder().iter_mut().zip(src.remainder()) {
            let x = s.0;
            d.write(Unaligned(e::F16::round(R::convert::<F>(x))));
        }
    }
}

/// Bytes of the larger side that are converted before what they make is streamed. Even the smallest elements made from the
/// largest are a whole line then.
///
/// Measured on Zen 4 in main memory, against lines that are streamed from the registers in which they were made: 256 to
/// 1024 bytes the same or up to a tenth faster; 64 half as fast, 4096 0.8. Asking for the source in advance costs a tenth to
/// a third, however far: loads that wait for memory go on while streamed stores leave, and nothing else is needed. A
/// function that is called for each block costs a quarter at 256 bytes, one for each row of a transposed cast a tenth of all
/// the time. On Emerald Rapids asking for the source pays: floats to bytes, 64 MB, 0.72 of the time, doubles to floats 0.82, bytes to floats
/// 1.0.
const AT_ONCE: usize = 1024;

/// Bytes by which the source is asked for in advance, where that pays and rows are several times as long.
const AHEAD: usize = 4 << 10;

/// Results on their way past the caches.
#[repr(C, align(64))]
struct Block([u8; AT_ONCE]);

/// A row, see [`Row`].
///
/// # Safety
/// See there.
pub(super) unsafe fn row<L: Loop>(src: *const u8, dst: *mut u8, n: usize, how: How) {
    specialize(Elements::<L> { src, dst, n, how, of: PhantomData });
}

/// A row of complex numbers, each part by itself, see [`Row`].
///
/// # Safety
/// See there.
pub(super) unsafe fn pairs<L: Loop>(src: *const u8, dst: *mut u8, n: usize, how: How) {
    // SAFETY: the caller's promise, for twice as many parts.
    unsafe { row::<L>(src, dst, 2 * n, how) }
}

struct Elements<L: Loop> {
    src: *const u8,
    dst: *mut u8,
    n: usize,
    how: How,
    of: PhantomData<L>,
}

impl<L: Loop> Elements<L> {
    /// Both sides of `n` elements.
    ///
    /// # Safety
    /// The caller of [`row`] vouches for them, and nothing else uses them meanwhile.
    #[inline(always)]
    unsafe fn sides<'a>(src: *const u8, dst: *mut u8, n: usize) -> Sides<'a, L::From, L::To> {
        // SAFETY: `n` elements at both, which do not overlap; the wrapper has alignment 1. Nothing is read from the destination.
        unsafe {
            (
                core::slice::from_raw_parts(src as *const Unaligned<L::From>, n),
                core::slice::from_raw_parts_mut(dst as *mut Place<L::To>, n),
            )
        }
    }

    /// One row after the other.
    ///
    /// # Safety
    /// As [`row`]; only called in code that is compiled for the level.
    #[inline(always)]
    unsafe fn rows<F: Features>(&self, rows: usize, src_step: isize, dst_step: isize) {
        let (mut from, mut to) = (self.src, self.dst);
        for _ in 0..rows {
            let head = if L::ALIGNS { lead(to.cast::<L::To>(), self.n) } else { 0 };
            let (mut done, mut end) = (0, if head == 0 { self.n } else { head });
            loop {
                // SAFETY: the caller's promise, for a part of one of the rows.
                unsafe {
                    let (src, dst) =
                        (from.add(done * size_of::<L::From>()), to.add(done * size_of::<L::To>()));
                    let (src, dst) = Self::sides(src, dst, end - done);
                    L::run::<F>(src, dst);
                }
                if end == self.n {
                    break;
                }
                (done, end) = (end, self.n);
            }
            (from, to) = (from.wrapping_offset(src_step), to.wrapping_offset(dst_step));
        }
    }

    /// Past the caches.
    ///
    /// # Safety
    /// As [`row`]; only called in code that is compiled for the level.
    #[inline(always)]
    unsafe fn past<F: Features>(&self) {
        let count = AT_ONCE / size_of::<L::From>().max(size_of::<L::To>());
        let mut block = MaybeUninit::<Block>::uninit();
        let block = block.as_mut_ptr();
        // SAFETY: the caller's promise.
        let (src, dst) = unsafe { Self::sides(self.src, self.dst, self.n) };
        let asks = asks_in_advance() && size_of_val(src) >= 4 * AHEAD;
        for (src, dst) in src.chunks(count).zip(dst.chunks_mut(count)) {
            if asks {
                prefetch_run(src.as_ptr().cast::<u8>().wrapping_add(AHEAD), size_of_val(src));
            }
            // SAFETY: the block holds `count` elements of alignment 1, which may be uninitialised; `dst` are whole lines, the
            // first of which begins one.
            unsafe {
                L::run::<F>(src, core::slice::from_raw_parts_mut(block.cast(), src.len()));
                for at in (0..size_of_val(dst)).step_by(LINE) {
                    F::stream_line(block.cast::<u8>().add(at), dst.as_mut_ptr().cast::<u8>().add(at));
                }
            }
        }
    }
}

impl<L: Loop> Body for Elements<L> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        // SAFETY: this is compiled for the level, and the caller of `row` vouches for the elements.
        unsafe {
            match self.how {
                How::Plainly => self.rows::<F>(1, 0, 0),
                How::Rows(rows, src_step, dst_step) => self.rows::<F>(rows, src_step, dst_step),
                How::Past => self.past::<F>(),
            }
        }
    }
}
