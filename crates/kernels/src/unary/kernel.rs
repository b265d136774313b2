//! The loops of operations on one array: rows of contiguous elements, one loop per operation and dtype.

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
pub(super) struct Kernel {
    /// Computes a block, see [`elementwise::Kernel`](crate::elementwise::Kernel).
    pub(super) run: unsafe fn(&Block<2>),
    /// The same past the caches, where there is one: see [`Loops::past`](crate::elementwise::Loops::past).
    pub(super) past: Option<unsafe fn(&Past<'_, 2>)>,
    /// The dtype of the output.
    pub(super) result: DType,
}

/// The loop of an operation on a type.
pub(super) fn typed<Op: Apply<T>, T: Element>() -> Kernel {
    // A constant, so that a loop that is not wanted is not compiled.
    let past: Option<unsafe fn(&Past<'_, 2>)> =
        const { if Op::PAST { Some(past::run::<Op, T>) } else { None } };
    Kernel { run: run::<Op, T>, past, result: <Op::Out as Element>::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<Op: Apply<T>, T: Element>(block: &Block<2>) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches. The chunk is two vectors of AVX-512, or one of bytes. The size is
            // asked for in a `const` block so that only one arm is compiled, also in builds that do not optimise much.
            unsafe {
                match const { size_of::<T>() } {
                    _ if const { !Op::VECTOR } => rows::<Op, T, 1, 1, 1>(block),
                    1 | 2 => rows::<Op, T, 64, 16, 8>(block),
                    4 => rows::<Op, T, 32, 8, 4>(block),
                    8 => rows::<Op, T, 16, 4, 2>(block),
                    _ => rows::<Op, T, 8, 2, 1>(block),
                }
            }
        },
    );
}

/// The rows of a block: see [`row`] and [`short_row`].
#[inline(always)]
unsafe fn rows<Op: Apply<T>, T: Element, const W: usize, const V: usize, const H: usize>(block: &Block<2>) {
    let [mut src, mut dst] = block.data;
    let is_short = V > 1 && block.n <= 2 * W;
    for _ in 0..block.rows {
        let (x, y) = (src as *const T, dst as *mut Op::Out);
        // SAFETY: as the caller vouches for the block.
        unsafe {
            if is_short {
                short_row::<Op, T, V, H>(x, y, block.n);
            } else {
                row::<Op, T, W, V>(x, y, block.n);
            }
        }
        src = src.wrapping_offset(block.strides[0]);
        dst = dst.wrapping_offset(block.strides[1]);
    }
}

/// A row that is too short for anything to be asked about where it lies: `V` elements at a time, or `H`, and the last ones
/// together with some of those before them.
#[inline(always)]
unsafe fn short_row<Op: Apply<T>, T: Element, const V: usize, const H: usize>(
    x: *const T,
    y: *mut Op::Out,
    n: usize,
) {
    let mut i = 0;
    // SAFETY: elements of the row. What the last chunks have in common is read before it is written.
    unsafe {
        if n >= V {
            while n - i > 2 * V {
                step();
                chunk::<Op, T, V>(x.add(i), y.add(i));
                i += V;
            }
            return ends::<Op, T, V>(x, y, [i, n - V]);
        }
        if H > 1 && n >= H {
            return ends::<Op, T, H>(x, y, [0, n - H]);
        }
        while i < n {
            step();
            chunk::<Op, T, 1>(x.add(i), y.add(i));
            i += 1;
        }
    }
}

/// `W` elements at a time, then `V`, then one; of long rows those before the first line first. All elements of a chunk are read
/// before any is written: so the output may coincide with the input.
#[inline(always)]
unsafe fn row<Op: Apply<T>, T: Element, const W: usize, const V: usize>(
    x: *const T,
    y: *mut Op::Out,
    n: usize,
) {
    let (mut i, mut end) = (0, n);
    if W > 1 {
        end = if size_of::<Op::Out>() < size_of::<T>() { lead(x, n) } else { lead(y, n) };
    }
    // A result of another size goes to other lines than the input after a few steps.
    let in_pairs = W > 1 && size_of::<Op::Out>() == size_of::<T>() && trails(y, x);
    loop {
        // SAFETY: elements `i..` of the row, as many as a chunk has.
        unsafe {
            while in_pairs && end - i >= 2 * V {
                step();
                pair::<Op, T, V>(x.add(i), y.add(i));
                i += 2 * V;
            }
            while end - i >= W {
                step();
                chunk::<Op, T, W>(x.add(i), y.add(i));
                i += W;
            }
            while end - i >= V && V > 1 {
                step();
                chunk::<Op, T, V>(x.add(i), y.add(i));
                i += V;
            }
            while i < end {
                step();
                chunk::<Op, T, 1>(x.add(i), y.add(i));
                i += 1;
            }
        }
        if end == n {
            break;
        }
        end = n;
    }
}

/// Two chunks, read one after the other, and then written.
#[inline(always)]
unsafe fn pair<Op: Apply<T>, T: Element, const N: usize>(src: *const T, dst: *mut Op::Out) {
    // SAFETY: as the caller vouches, for `2 * N` elements.
    unsafe {
        let x = (src as *const [T; N]).read_unaligned();
        // Left to itself the compiler joins the two.
        apart();
        let x2 = (src.add(N) as *const [T; N]).read_unaligned();
        store::<Op, T, N>(x, dst);
        apart();
        store::<Op, T, N>(x2, dst.add(N));
    }
}

/// Two chunks, of which the second one may begin inside the first: both are read before anything is written.
#[inline(always)]
unsafe fn ends<Op: Apply<T>, T: Element, const N: usize>(
    src: *const T,
    dst: *mut Op::Out,
    [i, j]: [usize; 2],
) {
    // SAFETY: as the caller vouches, for elements `i..i + N` and `j..j + N`.
    unsafe {
        let x = (src.add(i) as *const [T; N]).read_unaligned();
        let x2 = (src.add(j) as *const [T; N]).read_unaligned();
        store::<Op, T, N>(x, dst.add(i));
        store::<Op, T, N>(x2, dst.add(j));
    }
}

#[inline(always)]
unsafe fn chunk<Op: Apply<T>, T: Element, const N: usize>(src: *const T, dst: *mut Op::Out) {
    // SAFETY: as the caller vouches, for `N` elements.
    unsafe { store::<Op, T, N>((src as *const [T; N]).read_unaligned(), dst) };
}

/// Computes a chunk, and writes it.
#[inline(always)]
unsafe fn store<Op: Apply<T>, T: Element, const N: usize>(x: [T; N], dst: *mut Op::Out) {
    // SAFETY: as the caller vouches, for `N` elements.
    unsafe {
        array::put::<T, Op::Out, N>(
            dst,
            #[inline(always)]
            |k| Op::apply(x[k]),
        );
    }
}
