//! Any operation under a mask: the output keeps its elements where the mask is not set.
//!
//! There is no masked kernel. A masked operation of `N` operands is an operation of `N + 1`, whose kernel is made from
//! the plain one: it computes a chunk into L1 scratch, converts it to the dtype of the output, and blends it in. Masks
//! of real data come in runs, so a chunk without a set element is passed over, and one without an unset element goes
//! straight to the output.
//!
//! The blend is done in the dtype of the output and never by way of the kernel's: elements that stay keep their bits.

use core::mem::MaybeUninit;

use libstrided_layout::{DType, Error, Result};

use super::{Block, Kernel, Loops, Output, drive};
use crate::Operand;
use crate::arch::{step, vectorize};
use crate::array;
use crate::convert::Conversion;

/// Bytes of a chunk in the larger of its dtypes.
const CHUNK: usize = 4096;

/// [`run`](super::run) under a mask: `M` is `N + 1`, and the operands are the inputs, the mask and the output. `dtypes`
/// are those of the kernel's `N` operands; the mask is bool, or counts as whether its elements are not 0.
///
/// # Safety
/// As [`run`](super::run); the output is also read.
pub(crate) unsafe fn run_masked<const N: usize, const M: usize>(
    shape: &[i64],
    operands: [Operand<'_>; M],
    dtypes: [DType; N],
    kernel: Kernel<'_, N>,
) -> Result<()> {
    const { assert!(M == N + 1) };
    let (result, out) = (dtypes[N - 1], operands[M - 1].dtype);
    let conversion = if result == out {
        None
    } else {
        Some(Conversion::new(result, out).ok_or(Error::UnsupportedDType { dtype: result })?)
    };
    let masked =
        Masked { kernel, conversion, sizes: dtypes.map(|d| d.size() as usize), item: out.size() as usize };
    let all = core::array::from_fn(|k| match k {
        _ if k + 1 < N => dtypes[k],
        _ if k + 1 < M => DType::Bool,
        _ => out,
    });
    // SAFETY: as the caller vouches; the driver hands out blocks of these elements, and brings the output in first.
    unsafe {
        let loops = Loops { kernel: &|block: &Block<M>| masked.block(block), past: None };
        drive(shape, operands, all, loops, Output::Merged)
    }
}

/// The kernel under a mask, made from the plain one.
struct Masked<'a, const N: usize> {
    kernel: Kernel<'a, N>,
    /// From what the kernel gives to the dtype of the output.
    conversion: Option<Conversion>,
    /// Bytes per element of what the kernel reads and writes.
    sizes: [usize; N],
    /// Bytes per element of the output.
    item: usize,
}

/// Scratch for a chunk: what the kernel gives, and the same in the dtype of the output.
#[repr(C, align(64))]
struct Chunk([MaybeUninit<[u8; CHUNK]>; 2]);

impl<const N: usize> Masked<'_, N> {
    /// Computes a block of inputs, mask and output.
    ///
    /// # Safety
    /// As for every kernel.
    unsafe fn block<const M: usize>(&self, block: &Block<M>) {
        let mut chunk = MaybeUninit::<Chunk>::uninit();
        // SAFETY: every field of `Chunk` may be uninitialised.
        let chunk = unsafe { chunk.assume_init_mut() };
        let most = CHUNK / self.sizes[N - 1].max(self.item);
        let mut row = block.data;
        for _ in 0..block.rows {
            for start in (0..block.n).step_by(most) {
                let count = most.min(block.n - start);
                let inputs = core::array::from_fn(|k| match k {
                    _ if k + 1 == N => row[M - 1].wrapping_add(start * self.item),
                    _ if block.single[k] => row[k],
                    _ => row[k].wrapping_add(start * self.sizes[k]),
                });
                let single = core::array::from_fn(|k| k + 1 < N && block.single[k]);
                let mask = row[N - 1].wrapping_add(if block.single[N - 1] { 0 } else { start });
                let bits = if block.single[N - 1] { 1 } else { count };
                // SAFETY: elements `start .. start + count` of the row; a mask has a byte per element.
                unsafe {
                    match set(mask, bits) {
                        Set::None => {}
                        Set::All => self.chunk(inputs, single, count, None, chunk),
                        Set::Some => self.chunk(inputs, single, count, Some(mask), chunk),
                    }
                }
            }
            for (data, stride) in row.iter_mut().zip(block.strides) {
                *data = data.wrapping_offset(stride);
            }
        }
    }

    /// Computes a chunk and puts what the mask says (all without one) into the output, the last of `data`.
    ///
    /// # Safety
    /// As [`block`](Self::block), for `count` elements, which fit into the chunk.
    unsafe fn chunk(
        &self,
        mut data: [*mut u8; N],
        mut single: [bool; N],
        count: usize,
        mask: Option<*const u8>,
        chunk: &mut Chunk,
    ) {
        let out = data[N - 1];
        let [computed, converted] = &mut chunk.0;
        let (computed, converted) = (computed.as_mut_ptr() as *mut u8, converted.as_mut_ptr() as *mut u8);
        // A kernel has at least one input with an element for each of the output.
        let constant = single[..N - 1].iter().all(|&s| s);
        let n = if constant { 1 } else { count };
        if constant {
            single = [false; N];
        }
        let direct = mask.is_none() && self.conversion.is_none() && !constant;
        if !direct {
            data[N - 1] = computed;
        }
        (self.kernel)(&Block { rows: 1, n, data, strides: [0; N], single });
        if direct {
            return;
        }
        // SAFETY: the kernel has written `n` elements; scratch has room for a chunk of either dtype.
        unsafe {
            let mut done = computed;
            if let Some(conversion) = &self.conversion {
                conversion.run(computed, converted, n);
                done = converted;
            }
            put(self.item, mask, done, constant, out, count);
        }
    }
}

/// How many elements of a mask are set.
enum Set {
    None,
    Some,
    All,
}

/// # Safety
/// `n` bytes can be read.
unsafe fn set(mask: *const u8, n: usize) -> Set {
    // SAFETY: as the caller vouches.
    let mask = unsafe { core::slice::from_raw_parts(mask, n) };
    let first = mask[0] != 0;
    let mixed = vectorize(
        #[inline(always)]
        || {
            // In pieces, so that a mixed mask is known for one soon.
            mask.chunks(256).any(
                #[inline(always)]
                |piece| {
                    let differing = piece.iter().fold(
                        0u8,
                        #[inline(always)]
                        |any, &m| any | u8::from((m != 0) != first),
                    );
                    differing != 0
                },
            )
        },
    );
    match (mixed, first) {
        (true, _) => Set::Some,
        (false, true) => Set::All,
        (false, false) => Set::None,
    }
}

/// Writes `n` items, or with `constant` one item `n` times, where the mask says.
///
/// # Safety
/// The items can be read and written, the mask (if there is one) has `n` bytes, and scratch does not overlap the output.
unsafe fn put(item: usize, mask: Option<*const u8>, from: *const u8, constant: bool, to: *mut u8, n: usize) {
    // SAFETY: as the caller vouches; the item has this size.
    unsafe {
        match item {
            1 => put_items::<u8>(mask, from, constant, to, n),
            2 => put_items::<u16>(mask, from, constant, to, n),
            4 => put_items::<u32>(mask, from, constant, to, n),
            8 => put_items::<u64>(mask, from, constant, to, n),
            _ => put_items::<[u64; 2]>(mask, from, constant, to, n),
        }
    }
}

/// See [`put`].
#[inline(always)]
unsafe fn put_items<T: Bits>(
    mask: Option<*const u8>,
    from: *const u8,
    constant: bool,
    to: *mut u8,
    n: usize,
) {
    let (from, to) = (from as *const T, to as *mut T);
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches, for each item.
            unsafe {
                let one = from.read_unaligned();
                match mask {
                    None if constant => (0..n).for_each(
                        #[inline(always)]
                        |i| to.add(i).write_unaligned(one),
                    ),
                    None => {
                        core::ptr::copy_nonoverlapping(from as *const u8, to as *mut u8, n * size_of::<T>())
                    }
                    Some(mask) if constant => blend::<T, 0>(mask, from, to, n),
                    Some(mask) => blend::<T, 1>(mask, from, to, n),
                }
            }
        },
    );
}

/// Items at a time.
const WIDE: usize = 32;

/// # Safety
/// As [`put`].
#[inline(always)]
unsafe fn blend<T: Bits, const STEP: usize>(mask: *const u8, from: *const T, to: *mut T, n: usize) {
    let mut i = 0;
    // SAFETY: items `i .. i + WIDE`, then item `i`.
    unsafe {
        let one = from.read_unaligned();
        while n - i >= WIDE {
            step();
            let m = (mask.add(i) as *const [u8; WIDE]).read_unaligned();
            let new =
                if STEP == 0 { [one; WIDE] } else { (from.add(i) as *const [T; WIDE]).read_unaligned() };
            let old = (to.add(i) as *const [T; WIDE]).read_unaligned();
            let done: [T; WIDE] = array::each(
                #[inline(always)]
                |k| T::choose(m[k] != 0, new[k], old[k]),
            );
            (to.add(i) as *mut [T; WIDE]).write_unaligned(done);
            i += WIDE;
        }
        while i < n {
            step();
            let new = from.add(i * STEP).read_unaligned();
            let old = to.add(i).read_unaligned();
            to.add(i).write_unaligned(T::choose(mask.add(i).read() != 0, new, old));
            i += 1;
        }
    }
}

/// An item as bits.
pub(crate) trait Bits: Copy {
    /// `first` if `condition`, else `second`: by a mask of bits and not by a choice, which is what becomes vector code
    /// whatever the sizes of mask and item.
    fn choose(condition: bool, first: Self, second: Self) -> Self;
}

macro_rules! bits {
    ($($t:ty)*) => {$(
        impl Bits for $t {
            #[inline(always)]
            fn choose(condition: bool, first: Self, second: Self) -> Self {
                let bits = <$t>::from(condition).wrapping_neg();
                first & bits | second & !bits
            }
        }
    )*};
}
bits!(u8 u16 u32 u64);

impl Bits for [u64; 2] {
    #[inline(always)]
    fn choose(condition: bool, first: Self, second: Self) -> Self {
        [u64::choose(condition, first[0], second[0]), u64::choose(condition, first[1], second[1])]
    }
}
