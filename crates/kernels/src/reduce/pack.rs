//! Bringing elements to the loops: a tile of the input, contiguous and of the dtype that they read.
//!
//! On their way through L1 scratch elements are converted, a second operand is subtracted from them or multiplied with them
//! (the deviations from a mean, the products of an inner product), and those that a mask leaves out are replaced by the
//! element that changes nothing: a blend, not a branch, so a random mask costs what a regular one does.

use core::mem::MaybeUninit;

use libstrided_layout::DType;
use libstrided_layout::nest::Loop;

use super::{IN, MASK, OPERANDS, SECOND};
use crate::arch::{step, vectorize};
use crate::cache::prefetch;
use crate::convert::Conversion;
use crate::element::{Complex, Element};
use crate::elementwise::{Steps, is_run, steps_of};
use crate::number::{Number, Signed};
use crate::relocate::relocate;

/// Bytes of L1 scratch for elements of an operand.
pub(super) const SCRATCH: usize = 8192;

/// What a second operand does to the elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// It is subtracted from them.
    Minus,
    /// They are multiplied with it.
    Times,
    /// Their conjugates are multiplied with it.
    ConjugateTimes,
}

/// An operand on its way to the loops.
#[derive(Clone, Copy)]
pub(super) struct Side {
    /// Which stride of a loop is its own.
    pub(super) which: usize,
    /// Bytes of an element in memory.
    pub(super) item: usize,
    /// To the dtype of the loops.
    pub(super) convert: Option<Conversion>,
    /// Its first element.
    pub(super) src: *const u8,
}

/// `out[i] = x[i] op y[i]`.
type Combine = unsafe fn(*mut u8, *const u8, *const u8, usize);

/// All operands of a reduction, and the scratch that they pass through.
pub(super) struct Packer<'a> {
    pub(super) input: Side,
    pub(super) second: Option<(Side, Combine)>,
    pub(super) mask: Option<Side>,
    /// Bytes of an element in the loops.
    pub(super) item: usize,
    /// The element that changes nothing.
    pub(super) neutral: [u8; 16],
    /// Not by value: kilobytes that would be copied whenever a packer is.
    pub(super) scratch: &'a mut Scratch,
}

/// L1 scratch.
#[repr(C, align(64))]
pub(super) struct Scratch {
    pub(super) packed: MaybeUninit<[u8; SCRATCH]>,
    pub(super) raw: MaybeUninit<[u8; SCRATCH]>,
    second: MaybeUninit<[u8; SCRATCH]>,
}

impl Scratch {
    pub(super) fn new() -> Scratch {
        Scratch { packed: MaybeUninit::uninit(), raw: MaybeUninit::uninit(), second: MaybeUninit::uninit() }
    }
}

/// Byte offsets of the operands.
pub(super) type At = [isize; OPERANDS];

impl Packer<'_> {
    /// Whether elements can be read where they are, along these loops.
    pub(super) fn is_direct(&self, loops: &[Loop<OPERANDS>]) -> bool {
        let mut packed = self.item as i64;
        self.is_plain()
            && loops.iter().rev().all(|l| {
                let fits = l.strides[IN] == packed || l.extent == 1;
                packed *= l.extent;
                fits
            })
    }

    /// Whether elements are folded as they are in memory.
    pub(super) fn is_plain(&self) -> bool {
        self.input.convert.is_none() && self.second.is_none() && self.mask.is_none()
    }

    /// Bytes of the largest element that passes through scratch.
    pub(super) fn largest(&self) -> usize {
        let second = self.second.map_or(0, |(side, _)| side.item);
        self.item.max(self.input.item).max(second)
    }

    /// Brings the elements of a tile into scratch, in the order of its loops, if they do not lie so already.
    ///
    /// # Safety
    /// The elements must be valid for reading and fit into scratch.
    pub(super) unsafe fn pack(&mut self, loops: &[Loop<OPERANDS>], at: At) -> *const u8 {
        let count: usize = loops.iter().map(|l| l.extent as usize).product();
        let packed = self.scratch.packed.as_mut_ptr() as *mut u8;
        let raw = self.scratch.raw.as_mut_ptr() as *mut u8;
        let other = self.scratch.second.as_mut_ptr() as *mut u8;
        // SAFETY: as the caller vouches; the three parts of scratch are disjoint. What is combined is read and written
        // element by element, so it may be where the result goes.
        unsafe {
            let mut x = bring(&self.input, loops, count, at[IN], raw, packed);
            if let Some((second, combine)) = &self.second {
                let y = bring(second, loops, count, at[SECOND], raw, other);
                combine(packed, x, y, count);
                x = packed;
            }
            if let Some(mask) = &self.mask {
                let mask = bring(mask, loops, count, at[MASK], raw, other);
                blend(self.item, packed, x, mask, count, &self.neutral);
                x = packed;
            }
            x
        }
    }
}

impl Packer<'_> {
    /// Asks for the elements of the input that follow `steps` steps of this loop, as many again.
    pub(super) fn prefetch(&self, l: &Loop<OPERANDS>, steps: i64, at: At) {
        let stride = l.strides[IN] as isize;
        let src = self.input.src.wrapping_offset(at[IN]);
        let each = (64 / stride.max(1)).max(1);
        for i in (0..l.extent as isize).step_by(each as usize) {
            prefetch(src.wrapping_offset((steps as isize + i) * stride));
        }
    }
}

/// The elements of one operand: where they are if they lie there as they are wanted, else in `packed`.
unsafe fn bring(
    side: &Side,
    loops: &[Loop<OPERANDS>],
    count: usize,
    offset: isize,
    raw: *mut u8,
    packed: *mut u8,
) -> *const u8 {
    let mut room = Steps::uninit();
    let steps = steps_of(loops, side.which, side.item, &mut room);
    let src = side.src.wrapping_offset(offset);
    let run = is_run(steps, side.item);
    // SAFETY: as the caller of `pack` vouches.
    unsafe {
        match side.convert {
            None if run => return src,
            None => relocate(steps, side.item, src, packed),
            Some(conversion) => {
                let mut from = src;
                if !run {
                    relocate(steps, side.item, src, raw);
                    from = raw;
                }
                conversion.run(from, packed, count);
            }
        }
    }
    packed
}

/// Replaces the elements that the mask leaves out.
unsafe fn blend(item: usize, out: *mut u8, x: *const u8, mask: *const u8, n: usize, neutral: &[u8; 16]) {
    // SAFETY: as the caller vouches; an element has this size, and `neutral` is one.
    unsafe {
        let neutral = neutral.as_ptr();
        match item {
            1 => select::<u8>(out, x, mask, n, neutral.read()),
            2 => select::<u16>(out, x, mask, n, (neutral as *const u16).read_unaligned()),
            4 => select::<u32>(out, x, mask, n, (neutral as *const u32).read_unaligned()),
            8 => select::<u64>(out, x, mask, n, (neutral as *const u64).read_unaligned()),
            _ => select::<u128>(out, x, mask, n, (neutral as *const u128).read_unaligned()),
        }
    }
}

/// Elements that are handled in a step of the loops below.
const CHUNK: usize = 16;

unsafe fn select<T: Copy>(out: *mut u8, x: *const u8, mask: *const u8, n: usize, neutral: T) {
    let (out, x) = (out as *mut T, x as *const T);
    let one = |value: T, mask: u8| if mask != 0 { value } else { neutral };
    vectorize(
        #[inline(always)]
        move || {
            let mut i = 0;
            // SAFETY: as the caller vouches for `n` elements and bytes.
            unsafe {
                while n - i >= CHUNK {
                    let mut chunk = (x.add(i) as *const [T; CHUNK]).read_unaligned();
                    let mask = (mask.add(i) as *const [u8; CHUNK]).read_unaligned();
                    for j in 0..CHUNK {
                        chunk[j] = one(chunk[j], mask[j]);
                    }
                    (out.add(i) as *mut [T; CHUNK]).write_unaligned(chunk);
                    i += CHUNK;
                    step();
                }
                for i in i..n {
                    out.add(i).write_unaligned(one(x.add(i).read_unaligned(), mask.add(i).read()));
                }
            }
        },
    );
}

/// What is made of an element and that of the second operand.
trait Pair<T> {
    fn of(x: T, y: T) -> T;
}

struct Minus;
struct Times;
struct ConjugateTimes;

impl<T: Signed> Pair<T> for Minus {
    #[inline(always)]
    fn of(x: T, y: T) -> T {
        x.sub(y)
    }
}

impl<T: Number> Pair<T> for Times {
    #[inline(always)]
    fn of(x: T, y: T) -> T {
        x.mul(y)
    }
}

impl<P: Copy + core::ops::Neg<Output = P>> Pair<Complex<P>> for ConjugateTimes
where
    Complex<P>: Number,
{
    #[inline(always)]
    fn of(x: Complex<P>, y: Complex<P>) -> Complex<P> {
        Complex { re: x.re, im: -x.im }.mul(y)
    }
}

unsafe fn each<Op: Pair<T>, T: Element>(out: *mut u8, x: *const u8, y: *const u8, n: usize) {
    let (out, x, y) = (out as *mut T, x as *const T, y as *const T);
    vectorize(
        #[inline(always)]
        move || {
            let mut i = 0;
            // SAFETY: as the caller vouches for `n` elements of all three.
            unsafe {
                while n - i >= CHUNK {
                    let mut chunk = (x.add(i) as *const [T; CHUNK]).read_unaligned();
                    let other = (y.add(i) as *const [T; CHUNK]).read_unaligned();
                    for j in 0..CHUNK {
                        chunk[j] = Op::of(chunk[j], other[j]);
                    }
                    (out.add(i) as *mut [T; CHUNK]).write_unaligned(chunk);
                    i += CHUNK;
                    step();
                }
                for i in i..n {
                    out.add(i).write_unaligned(Op::of(x.add(i).read_unaligned(), y.add(i).read_unaligned()));
                }
            }
        },
    );
}

/// The loop of a second operand; none for dtypes that nothing is accumulated in.
pub(super) fn combine(second: Second, dtype: DType) -> Option<Combine> {
    Some(match (second, dtype) {
        (Second::Minus, DType::F32) => each::<Minus, f32>,
        (Second::Minus, DType::F64) => each::<Minus, f64>,
        (Second::Minus, DType::C64) => each::<Minus, Complex<f32>>,
        (Second::Minus, DType::C128) => each::<Minus, Complex<f64>>,
        (Second::Minus, _) => return None,
        (_, DType::I64 | DType::U64) => each::<Times, u64>,
        (_, DType::F32) => each::<Times, f32>,
        (_, DType::F64) => each::<Times, f64>,
        (Second::Times, DType::C64) => each::<Times, Complex<f32>>,
        (Second::Times, DType::C128) => each::<Times, Complex<f64>>,
        (_, DType::C64) => each::<ConjugateTimes, Complex<f32>>,
        (_, DType::C128) => each::<ConjugateTimes, Complex<f64>>,
        _ => return None,
    })
}
