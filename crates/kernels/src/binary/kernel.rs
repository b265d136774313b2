//! The arithmetic of a block: rows of contiguous elements, one loop per operation and dtype.
//!
//! An input is either contiguous along the row or one element for the whole row. Everything else (strides, other
//! dtypes, other orders) is brought into this form by the driver before it gets here, so there are three loops per
//! operation and dtype and not one per layout.

use core::marker::PhantomData;

use libstrided_layout::DType;

use super::ops::Apply;
use super::past;
use crate::arch::{apart, step, vectorize};
use crate::array;
use crate::cache::{lead, trails};
use crate::element::Element;
use crate::elementwise::{Block, Past};

/// The loop of an operation on one dtype.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    /// Computes a block, see [`elementwise::Kernel`](crate::elementwise::Kernel).
    pub(crate) run: unsafe fn(&Block<3>),
    /// The same past the caches, where there is one: see [`Loops::past`](crate::elementwise::Loops::past).
    pub(crate) past: Option<unsafe fn(&Past<'_, 3>)>,
    /// The dtype of the output.
    pub(crate) result: DType,
}

/// The loop of an operation on a type.
pub(super) fn typed<Op: Apply<T>, T: Element>() -> Kernel {
    // A constant, so that a loop that is not wanted is not compiled.
    let past: Option<unsafe fn(&Past<'_, 3>)> =
        const { if Op::PAST { Some(past::run::<Op, T>) } else { None } };
    Kernel { run: run::<Op, T>, past, result: <Op::Out as Element>::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<Op: Apply<T>, T: Element>(block: &Block<3>) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches. The chunk is two vectors of AVX-512, or one of bytes. The size is
            // asked for in a `const` block so that only one arm is compiled, also in builds that do not optimise much.
            unsafe {
                match const { size_of::<T>() } {
                    _ if const { !Op::VECTOR } => Rows::<Op, T, 1, 1, 1>::run(block),
                    1 | 2 => Rows::<Op, T, 64, 16, 8>::run(block),
                    4 => Rows::<Op, T, 32, 8, 4>::run(block),
                    8 => Rows::<Op, T, 16, 4, 2>::run(block),
                    _ => Rows::<Op, T, 8, 2, 1>::run(block),
                }
            }
        },
    );
}

/// The loops over rows, `W` elements at a time, then `V`, then one; of long rows those before the first line first. All elements
/// of a chunk are read from both inputs before any is written: so an output may coincide with an input, and the compiler makes
/// vectors of a chunk without asking whether they overlap.
///
/// Rows of up to `2 * W` elements end with a chunk of `V`, or of `H`, that begins inside the one before it.
struct Rows<Op, T, const W: usize, const V: usize, const H: usize>(PhantomData<(Op, T)>);

impl<Op: Apply<T>, T: Element, const W: usize, const V: usize, const H: usize> Rows<Op, T, W, V, H> {
    #[inline(always)]
    unsafe fn run(block: &Block<3>) {
        // SAFETY: as the caller vouches for the block.
        unsafe {
            if block.single[0] {
                Self::rows::<true, false>(block);
            } else if block.single[1] {
                Self::rows::<false, true>(block);
            } else {
                Self::rows::<false, false>(block);
            }
        }
    }

    /// All rows; of an input that is `ONE`, one element for each.
    #[inline(always)]
    unsafe fn rows<const ONE_A: bool, const ONE_B: bool>(block: &Block<3>) {
        let [mut a, mut b, mut out] = block.data;
        let n = block.n;
        let is_short = V > 1 && n <= 2 * W;
        for _ in 0..block.rows {
            let (x, y, z) = (a as *const T, b as *const T, out as *mut Op::Out);
            // SAFETY: as the caller vouches for the block.
            unsafe {
                if is_short {
                    Self::short_row::<ONE_A, ONE_B>(x, y, z, n);
                } else {
                    Self::row::<ONE_A, ONE_B>(x, y, z, n);
                }
            }
            a = a.wrapping_offset(block.strides[0]);
            b = b.wrapping_offset(block.strides[1]);
            out = out.wrapping_offset(block.strides[2]);
        }
    }

    /// A row that is too short for anything to be asked about where it lies.
    #[inline(always)]
    unsafe fn short_row<const ONE_A: bool, const ONE_B: bool>(
        a: *const T,
        b: *const T,
        out: *mut Op::Out,
        n: usize,
    ) {
        let mut i = 0;
        // SAFETY: elements of the row. What the last chunks have in common is read before it is written.
        unsafe {
            if n >= V {
                while n - i > 2 * V {
                    step();
                    Self::chunk::<ONE_A, ONE_B, V>(a, b, out, i);
                    i += V;
                }
                return Self::ends::<ONE_A, ONE_B, V>(a, b, out, [i, n - V]);
            }
            if H > 1 && n >= H {
                return Self::ends::<ONE_A, ONE_B, H>(a, b, out, [0, n - H]);
            }
            while i < n {
                step();
                Self::chunk::<ONE_A, ONE_B, 1>(a, b, out, i);
                i += 1;
            }
        }
    }

    /// A row; of an input that is `ONE`, the same element all along.
    #[inline(always)]
    unsafe fn row<const ONE_A: bool, const ONE_B: bool>(
        a: *const T,
        b: *const T,
        out: *mut Op::Out,
        n: usize,
    ) {
        let (mut i, mut end) = (0, n);
        // A result of another size goes to other lines than the inputs after a few steps.
        let is_alike = W > 1 && size_of::<Op::Out>() == size_of::<T>();
        let in_pairs = is_alike && (!ONE_A && trails(out, a) || !ONE_B && trails(out, b));
        if W > 1 {
            end = if size_of::<Op::Out>() < size_of::<T>() && !ONE_A { lead(a, n) } else { lead(out, n) };
        }
        loop {
            // SAFETY: elements `i..` of the row, as many as a chunk has.
            unsafe {
                while in_pairs && end - i >= 2 * V {
                    step();
                    Self::pair::<ONE_A, ONE_B>(a, b, out, i);
                    i += 2 * V;
                }
                while end - i >= W {
                    step();
                    Self::chunk::<ONE_A, ONE_B, W>(a, b, out, i);
                    i += W;
                }
                while end - i >= V && V > 1 {
                    step();
                    Self::chunk::<ONE_A, ONE_B, V>(a, b, out, i);
                    i += V;
                }
                while i < end {
                    step();
                    Self::chunk::<ONE_A, ONE_B, 1>(a, b, out, i);
                    i += 1;
                }
            }
            if end == n {
                return;
            }
            end = n;
        }
    }

    /// Two chunks, read one after the other, and then written.
    #[inline(always)]
    unsafe fn pair<const ONE_A: bool, const ONE_B: bool>(
        a: *const T,
        b: *const T,
        out: *mut Op::Out,
        i: usize,
    ) {
        // SAFETY: elements `i..i + 2 * V`.
        unsafe {
            let (x, y) = (load::<T, ONE_A, V>(a, i), load::<T, ONE_B, V>(b, i));
            // Left to itself the compiler joins the two.
            apart();
            let (x2, y2) = (load::<T, ONE_A, V>(a, i + V), load::<T, ONE_B, V>(b, i + V));
            Self::store(x, y, out, i);
            apart();
            Self::store(x2, y2, out, i + V);
        }
    }

    #[inline(always)]
    unsafe fn chunk<const ONE_A: bool, const ONE_B: bool, const N: usize>(
        a: *const T,
        b: *const T,
        out: *mut Op::Out,
        i: usize,
    ) {
        // SAFETY: elements `i..i + N` of the row, or one that stands for them all.
        unsafe {
            let x = load::<T, ONE_A, N>(a, i);
            let y = load::<T, ONE_B, N>(b, i);
            Self::store(x, y, out, i);
        }
    }

    /// Two chunks, of which the second one may begin inside the first: both are read before anything is written.
    #[inline(always)]
    unsafe fn ends<const ONE_A: bool, const ONE_B: bool, const N: usize>(
        a: *const T,
        b: *const T,
        out: *mut Op::Out,
        [i, j]: [usize; 2],
    ) {
        // SAFETY: elements `i..i + N` and `j..j + N`.
        unsafe {
            let (x, y) = (load::<T, ONE_A, N>(a, i), load::<T, ONE_B, N>(b, i));
            let (x2, y2) = (load::<T, ONE_A, N>(a, j), load::<T, ONE_B, N>(b, j));
            Self::store(x, y, out, i);
            Self::store(x2, y2, out, j);
        }
    }

    /// Computes a chunk, and writes it.
    #[inline(always)]
    unsafe fn store<const N: usize>(x: [T; N], y: [T; N], out: *mut Op::Out, i: usize) {
        // SAFETY: as the caller vouches.
        unsafe {
            array::put::<T, Op::Out, N>(
                out.add(i),
                #[inline(always)]
                |k| Op::apply(x[k], y[k]),
            );
        }
    }
}

/// `N` elements from `i` on, or the first one `N` times.
///
/// # Safety
/// They can be read.
#[inline(always)]
pub(super) unsafe fn load<T: Copy, const ONE: bool, const N: usize>(row: *const T, i: usize) -> [T; N] {
    // SAFETY: as the caller vouches.
    unsafe { if ONE { [row.read_unaligned(); N] } else { (row.add(i) as *const [T; N]).read_unaligned() } }
}
