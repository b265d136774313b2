//! The loops of operations on three arrays: rows of contiguous elements, one loop per operation and type.
//!
//! An input is either contiguous along the row or one element for the whole row. There are eight such mixtures and only
//! one loop: an element that stands for a row is written to a chunk of scratch once, and the loop reads that chunk again
//! and again, which costs a load from L1 where a register would do and saves seven loops per operation and type.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::ops::{Apply, Select};
use super::past;
use crate::arch::{step, vectorize};
use crate::array;
use crate::element::Bool;
use crate::elementwise::{Bits, Block, Past};

/// The loop of an operation for its types.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kernel {
    /// See [`elementwise::Kernel`](crate::elementwise::Kernel).
    pub(super) run: unsafe fn(&Block<4>),
    /// The same past the caches, where there is one: see [`Loops::past`](crate::elementwise::Loops::past).
    pub(super) past: Option<unsafe fn(&Past<'_, 4>)>,
}

/// The loop of an operation on elements of one type.
pub(super) fn typed<Op: Apply<T, T>, T: Copy>() -> Kernel {
    Kernel { run: run::<Op, T, T>, past: Some(past::run::<Op, T, T>) }
}

/// The loop that chooses between items of this size.
pub(super) fn select(size: i64) -> Kernel {
    match size {
        1 => choice::<u8>(),
        2 => choice::<u16>(),
        4 => choice::<u32>(),
        8 => choice::<u64>(),
        _ => choice::<[u64; 2]>(),
    }
}

fn choice<T: Bits>() -> Kernel {
    Kernel { run: run::<Select, Bool, T>, past: Some(past::run::<Select, Bool, T>) }
}

/// See [`Kernel::run`].
unsafe fn run<Op: Apply<A, T>, A: Copy, T: Copy>(block: &Block<4>) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches. The chunk is two vectors of AVX-512, or one of bytes. The size is
            // asked for in a `const` block so that only one arm is compiled, also in builds that do not optimise much.
            unsafe {
                match const { size_of::<T>() } {
                    1 | 2 => Rows::<Op, A, T, 64>::run(block),
                    4 => Rows::<Op, A, T, 32>::run(block),
                    8 => Rows::<Op, A, T, 16>::run(block),
                    _ => Rows::<Op, A, T, 8>::run(block),
                }
            }
        },
    );
}

/// The loop over rows, `W` elements at a time. All `W` of the inputs are read before any is written: so an output may
/// coincide with an input, and the compiler vectorises without asking whether they overlap.
struct Rows<Op, A, T, const W: usize>(PhantomData<(Op, A, T)>);

/// Where an input is read, and how many elements further the next chunk begins.
struct Source<T>(*const T, usize);

impl<Op: Apply<A, T>, A: Copy, T: Copy, const W: usize> Rows<Op, A, T, W> {
    #[inline(always)]
    unsafe fn run(block: &Block<4>) {
        let [mut a, mut b, mut c, mut out] = block.data;
        for _ in 0..block.rows {
            let (mut x, mut y, mut z) = (MaybeUninit::uninit(), MaybeUninit::uninit(), MaybeUninit::uninit());
            // SAFETY: as the caller vouches for the block: an input has `n` elements, or one.
            unsafe {
                let a = Self::source::<A>(a, block.single[0], &mut x);
                let b = Self::source::<T>(b, block.single[1], &mut y);
                let c = Self::source::<T>(c, block.single[2], &mut z);
                Self::row(a, b, c, out as *mut T, block.n);
            }
            a = a.wrapping_offset(block.strides[0]);
            b = b.wrapping_offset(block.strides[1]);
            c = c.wrapping_offset(block.strides[2]);
            out = out.wrapping_offset(block.strides[3]);
        }
    }

    /// An input as what the loop reads: itself, or a chunk of repetitions.
    #[inline(always)]
    unsafe fn source<E: Copy>(at: *const u8, single: bool, room: &mut MaybeUninit<[E; W]>) -> Source<E> {
        let at = at as *const E;
        if single {
            // SAFETY: one element, as the caller vouches.
            let chunk = room.write([unsafe { at.read_unaligned() }; W]);
            Source(chunk.as_ptr(), 0)
        } else {
            Source(at, W)
        }
    }

    #[inline(always)]
    unsafe fn row(a: Source<A>, b: Source<T>, c: Source<T>, out: *mut T, n: usize) {
        let (mut x, mut y, mut z) = (a.0, b.0, c.0);
        let mut i = 0;
        while n - i >= W {
            step();
            // SAFETY: elements `i..i + W` of the row, or the chunk that stands for them.
            unsafe {
                let p = (x as *const [A; W]).read_unaligned();
                let q = (y as *const [T; W]).read_unaligned();
                let r = (z as *const [T; W]).read_unaligned();
                let done: [T; W] = array::each(
                    #[inline(always)]
                    |k| Op::apply(p[k], q[k], r[k]),
                );
                (out.add(i) as *mut [T; W]).write_unaligned(done);
            }
            (x, y, z) = (x.wrapping_add(a.1), y.wrapping_add(b.1), z.wrapping_add(c.1));
            i += W;
        }
        for k in 0..n - i {
            step();
            // SAFETY: element `i + k` of the row, or of the chunk: fewer than `W` are left.
            unsafe {
                let done = Op::apply(
                    x.add(k).read_unaligned(),
                    y.add(k).read_unaligned(),
                    z.add(k).read_unaligned(),
                );
                out.add(i + k).write_unaligned(done);
            }
        }
    }
}
