//! Bringing elements to the loops: a tile of the input, contiguous and of the dtype that they read.
//!
//! On their way through L1 scratch elements are converted, a second operand is subtracted from them or multiplied with them
//! (the deviations from a mean, the products of an inner product), and those that a mask leaves out are replaced by the
//! element that changes nothing: a blend, not a branch, so a random mask costs what a regular one does.

use core::mem::MaybeUninit;

use libstrided_layout::DType;
use libstrided_layout::nest::Loop;

use super::{IN, MASK, OPERANDS, SECOND};
use crate::arch::vectorize;
use crate::binary;
use crate::cache::prefetch;
use crate::convert::Conversion;
use crate::element::Complex;
use crate::elementwise::{Block, Steps, Stream, is_run, steps_of};
use crate::number::Number;
use crate::op::BinaryOp;
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

/// The loop that combines two operands.
type Combine = unsafe fn(&Block<3>);

/// All operands of a reduction.
pub(super) struct Packer {
    pub(super) input: Side,
    pub(super) second: Option<(Side, Combine)>,
    pub(super) mask: Option<Side>,
    /// The loop that chooses between an element and the neutral one.
    pub(super) select: unsafe fn(&Block<4>),
    /// Bytes of an element in the loops.
    pub(super) item: usize,
    /// The element that changes nothing.
    pub(super) neutral: [u8; 16],
}

/// L1 scratch, and the way of results past the caches, where they go that way.
#[repr(C, align(64))]
pub(super) struct Scratch<'a> {
    pub(super) packed: MaybeUninit<[u8; SCRATCH]>,
    pub(super) raw: MaybeUninit<[u8; SCRATCH]>,
    second: MaybeUninit<[u8; SCRATCH]>,
    pub(super) past: Option<Stream<'a>>,
}

impl<'a> Scratch<'a> {
    pub(super) fn new(past: Option<Stream<'a>>) -> Scratch<'a> {
        let packed = MaybeUninit::uninit();
        Scratch { packed, raw: MaybeUninit::uninit(), second: MaybeUninit::uninit(), past }
    }
}

/// Byte offsets of the operands.
pub(super) type At = [isize; OPERANDS];

impl Packer {
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

    /// How many elements apart the elements of a loop are, where the loops of the kernels can read them.
    pub(super) fn step(&self, l: &Loop<OPERANDS>) -> Option<usize> {
        let item = self.item as i64;
        match l.strides[IN] {
            _ if !self.is_plain() => None,
            s if s == item || l.extent == 1 => Some(1),
            s if s == 2 * item => Some(2),
            _ => None,
        }
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
    pub(super) unsafe fn pack(
        &self,
        scratch: &mut Scratch<'_>,
        loops: &[Loop<OPERANDS>],
        at: At,
    ) -> *const u8 {
        let count: usize = loops.iter().map(|l| l.extent as usize).product();
        let packed = scratch.packed.as_mut_ptr() as *mut u8;
        let raw = scratch.raw.as_mut_ptr() as *mut u8;
        let other = scratch.second.as_mut_ptr() as *mut u8;
        let n = loops.last().map_or(1, |l| l.extent as usize);
        let row = (n * self.item) as isize;
        // SAFETY: as the caller vouches; the three parts of scratch are disjoint. What is combined is read and written
        // element by element, so it may be where the result goes.
        unsafe {
            if self.second.is_none() && self.mask.is_none() {
                return bring(&self.input, loops, count, at[IN], raw, packed);
            }
            let mut x = bring_rows(&self.input, loops, self.item, count, at[IN], raw, packed);
            if x.single {
                // Not all inputs of a loop may be one element for a row.
                bring(&self.input, loops, count, at[IN], raw, packed);
                x = Rows { src: packed, stride: row, single: false };
            }
            if let Some((second, combine)) = &self.second {
                let y = bring_rows(second, loops, self.item, count, at[SECOND], raw, other);
                combine(&Block {
                    rows: count / n,
                    n,
                    data: [x.src.cast_mut(), y.src.cast_mut(), packed],
                    strides: [x.stride, y.stride, row],
                    single: [false, y.single, false],
                });
                x = Rows { src: packed, stride: row, single: false };
            }
            if let Some(mask) = &self.mask {
                let mask = bring_rows(mask, loops, 1, count, at[MASK], raw, other);
                let neutral = self.neutral.as_ptr().cast_mut();
                (self.select)(&Block {
                    rows: count / n,
                    n,
                    data: [mask.src.cast_mut(), x.src.cast_mut(), neutral, packed],
                    strides: [mask.stride, x.stride, 0, row],
                    single: [mask.single, false, true, false],
                });
            }
        }
        packed
    }
}

impl Packer {
    /// Asks for the elements of the input that follow `steps` steps of this loop, as many again. What lies together the
    /// machine fetches by itself, and asking for it in one go is slower.
    pub(super) fn prefetch(&self, l: &Loop<OPERANDS>, steps: i64, at: At) {
        let stride = l.strides[IN] as isize;
        if stride == self.input.item as isize {
            return;
        }
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

/// Rows of elements.
#[derive(Clone, Copy)]
struct Rows {
    src: *const u8,
    /// Bytes from one row to the next.
    stride: isize,
    /// Whether the elements of a row are all the same one.
    single: bool,
}

/// The elements of one operand, of `item` bytes after conversion, as rows along the innermost loop: where they are if they
/// lie there in rows, else in `packed`.
unsafe fn bring_rows(
    side: &Side,
    loops: &[Loop<OPERANDS>],
    item: usize,
    count: usize,
    offset: isize,
    raw: *mut u8,
    packed: *mut u8,
) -> Rows {
    if let [.., inner] = loops
        && loops.len() <= 2
        && side.convert.is_none()
    {
        let step = inner.strides[side.which];
        let single = step == 0 && inner.extent > 1;
        if single || step == side.item as i64 || inner.extent == 1 {
            let stride = if loops.len() == 2 { loops[0].strides[side.which] as isize } else { 0 };
            return Rows { src: side.src.wrapping_offset(offset), stride, single };
        }
    }
    let n = loops.last().map_or(1, |l| l.extent as usize);
    // SAFETY: as the caller of `pack` vouches.
    let src = unsafe { bring(side, loops, count, offset, raw, packed) };
    Rows { src, stride: (n * item) as isize, single: false }
}

/// `conj(x) * y` of complex numbers.
unsafe fn conjugate_times<P: Copy + core::ops::Neg<Output = P>>(block: &Block<3>)
where
    Complex<P>: Number,
{
    let [x, y, out] = block.data;
    let [x_stride, y_stride, out_stride] = block.strides;
    let y_step = usize::from(!block.single[1]);
    vectorize(
        #[inline(always)]
        move || {
            for row in 0..block.rows as isize {
                let x = x.wrapping_offset(row * x_stride) as *const Complex<P>;
                let y = y.wrapping_offset(row * y_stride) as *const Complex<P>;
                let out = out.wrapping_offset(row * out_stride) as *mut Complex<P>;
                for i in 0..block.n {
                    // SAFETY: as the caller vouches for the block.
                    unsafe {
                        let (a, b) = (x.add(i).read_unaligned(), y.add(i * y_step).read_unaligned());
                        out.add(i).write_unaligned(Complex { re: a.re, im: -a.im }.mul(b));
                    }
                }
            }
        },
    );
}

/// The loop of a second operand; none for dtypes that nothing is accumulated in.
pub(super) fn combine(second: Second, dtype: DType) -> Option<Combine> {
    let inexact = matches!(dtype, DType::F32 | DType::F64 | DType::C64 | DType::C128);
    match (second, dtype) {
        (Second::ConjugateTimes, DType::C64) => Some(conjugate_times::<f32>),
        (Second::ConjugateTimes, DType::C128) => Some(conjugate_times::<f64>),
        (Second::Minus, _) if inexact => binary::loop_of(BinaryOp::Subtract, dtype),
        (Second::Times | Second::ConjugateTimes, DType::I64 | DType::U64) => {
            binary::loop_of(BinaryOp::Multiply, dtype)
        }
        (Second::Times | Second::ConjugateTimes, _) if inexact => binary::loop_of(BinaryOp::Multiply, dtype),
        _ => None,
    }
}
