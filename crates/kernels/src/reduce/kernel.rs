//! The folding of contiguous elements: one pair of loops per operation and accumulator dtype.
//!
//! **Along a row** (`runs`): a leaf of up to `16 * L` elements is folded in `L` lanes, lane `j` taking elements `j`,
//! `j + L`, ...; the lanes are folded in halves (`j` with `j + L/2`), the leaves by a tree of pairs. The tree depends on
//! the number of elements alone, not on the vector level.
//!
//! **Across rows** (`rows`): element `j` of every row is folded into accumulator `j`, row after row. The driver keeps
//! this to 16 rows and joins the results by a tree of pairs.
//!
//! Lanes start at the identity, so a sum of -0.0 is 0.0 as in NumPy, and lanes without elements change nothing.

use core::marker::PhantomData;

use libstrided_layout::DType;

use crate::arch::vectorize;
use crate::element::{Bool, Complex, Element, with_type};
use crate::number::{Number, Ordered};
use crate::op::ReduceOp;

/// Steps of a leaf: how many elements a lane takes one after the other, and rows between two joins.
pub(crate) const LEAF: usize = 16;

/// Rows of contiguous elements that are folded, each into one value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Runs {
    /// Rows.
    pub(crate) rows: usize,
    /// Elements per row; at least 1.
    pub(crate) n: usize,
    /// First element, of the accumulator dtype.
    pub(crate) src: *const u8,
    /// Bytes from one row to the next.
    pub(crate) stride: isize,
    /// Where the values go, one after the other.
    pub(crate) out: *mut u8,
}

/// The loops of an operation on one accumulator dtype.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    /// Folds each row into one value, see [`Runs`].
    pub(crate) runs: unsafe fn(&Runs),
    /// Folds each element of `rows` rows into the `n` accumulators at `out`.
    pub(crate) rows: unsafe fn(&Runs),
    /// The value that changes nothing.
    pub(crate) identity: [u8; 16],
}

/// An operation that joins two partial results.
trait Join<T> {
    const IDENTITY: T;
    fn join(a: T, b: T) -> T;
}

struct Sum;
struct Prod;
struct Min;
struct Max;

impl<T: Number> Join<T> for Sum {
    const IDENTITY: T = T::ZERO;
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.add(b)
    }
}

impl<T: Number> Join<T> for Prod {
    const IDENTITY: T = T::ONE;
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.mul(b)
    }
}

impl<T: Ordered> Join<T> for Min {
    const IDENTITY: T = T::LARGEST;
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.min(b)
    }
}

impl<T: Ordered> Join<T> for Max {
    const IDENTITY: T = T::SMALLEST;
    #[inline(always)]
    fn join(a: T, b: T) -> T {
        a.max(b)
    }
}

/// The loops of an operation that accumulates in this dtype; none when there are none.
pub(crate) fn kernel(op: ReduceOp, acc: DType) -> Option<Kernel> {
    match op {
        ReduceOp::Sum => numbers::<Sum>(acc),
        ReduceOp::Prod => numbers::<Prod>(acc),
        ReduceOp::Min => ordered::<Min>(acc),
        ReduceOp::Max => ordered::<Max>(acc),
    }
}

/// Sums and products: 64-bit integers (wrapping does not look at the sign), floats, complex numbers.
fn numbers<Op>(acc: DType) -> Option<Kernel>
where
    Op: Join<u64> + Join<f32> + Join<f64> + Join<Complex<f32>> + Join<Complex<f64>>,
{
    Some(match acc {
        DType::I64 | DType::U64 => lanes::<Op, u64>(),
        DType::F32 => lanes::<Op, f32>(),
        DType::F64 => lanes::<Op, f64>(),
        DType::C64 => lanes::<Op, Complex<f32>>(),
        DType::C128 => lanes::<Op, Complex<f64>>(),
        _ => return None,
    })
}

/// Smallest and largest elements.
fn ordered<Op>(acc: DType) -> Option<Kernel>
where
    Op: Join<i8> + Join<i16> + Join<i32> + Join<i64> + Join<u8> + Join<u16> + Join<u32> + Join<u64>,
    Op: Join<f32> + Join<f64> + Join<Complex<f32>> + Join<Complex<f64>> + Join<Bool>,
{
    match acc {
        DType::Bool => Some(lanes::<Op, Bool>()),
        DType::F32 => Some(lanes::<Op, f32>()),
        DType::F64 => Some(lanes::<Op, f64>()),
        _ => with_type!(acc, integer, T => Some(lanes::<Op, T>()),
            with_type!(acc, complex, T => Some(lanes::<Op, T>()), None)),
    }
}

fn lanes<Op: Join<T>, T: Element>() -> Kernel {
    let mut identity = [0; 16];
    // SAFETY: an element has at most 16 bytes.
    unsafe { (identity.as_mut_ptr() as *mut T).write_unaligned(Op::IDENTITY) };
    Kernel { runs: runs::<Op, T>, rows: rows::<Op, T>, identity }
}

/// See [`Kernel::runs`]; 256 bytes of lanes, or 64 lanes.
unsafe fn runs<Op: Join<T>, T: Element>(runs: &Runs) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches. `size_of` is a constant, so one arm is left.
            unsafe {
                match size_of::<T>() {
                    1 | 2 | 4 => Fold::<Op, T, 64>::runs(runs),
                    8 => Fold::<Op, T, 32>::runs(runs),
                    _ => Fold::<Op, T, 16>::runs(runs),
                }
            }
        },
    );
}

/// See [`Kernel::rows`].
unsafe fn rows<Op: Join<T>, T: Element>(runs: &Runs) {
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: as the caller vouches.
            unsafe {
                match size_of::<T>() {
                    1 | 2 | 4 => Fold::<Op, T, 32>::rows(runs),
                    8 => Fold::<Op, T, 16>::rows(runs),
                    _ => Fold::<Op, T, 8>::rows(runs),
                }
            }
        },
    );
}

/// The loops, in `L` lanes.
struct Fold<Op, T, const L: usize>(PhantomData<(Op, T)>);

impl<Op: Join<T>, T: Element, const L: usize> Fold<Op, T, L> {
    #[inline(always)]
    unsafe fn runs(runs: &Runs) {
        let out = runs.out as *mut T;
        for row in 0..runs.rows {
            // SAFETY: as the caller vouches for the rows and for one value each.
            unsafe {
                let src = runs.src.offset(row as isize * runs.stride) as *const T;
                let value = if runs.n <= L {
                    Self::short(src, runs.n)
                } else if runs.n <= L * LEAF {
                    Self::leaf(src, runs.n)
                } else {
                    Self::tree(src, runs.n)
                };
                out.add(row).write_unaligned(value);
            }
        }
    }

    /// At most `L` elements: one each in the first lanes.
    #[inline(always)]
    unsafe fn short(src: *const T, n: usize) -> T {
        let mut lanes = [Op::IDENTITY; L];
        for (j, lane) in lanes.iter_mut().enumerate().take(n) {
            // SAFETY: element `j` of the row.
            *lane = Op::join(Op::IDENTITY, unsafe { src.add(j).read_unaligned() });
        }
        let mut width = n.next_power_of_two();
        while width > 1 {
            width /= 2;
            for j in 0..width {
                lanes[j] = Op::join(lanes[j], lanes[j + width]);
            }
        }
        lanes[0]
    }

    /// At most `L * LEAF` elements.
    #[inline(always)]
    unsafe fn leaf(src: *const T, n: usize) -> T {
        let mut lanes = [Op::IDENTITY; L];
        let mut i = 0;
        while n - i >= L {
            // SAFETY: elements `i..i + L` of the row.
            let chunk = unsafe { (src.add(i) as *const [T; L]).read_unaligned() };
            Self::step(&mut lanes, &chunk);
            i += L;
        }
        if i < n {
            let mut chunk = [Op::IDENTITY; L];
            for (j, x) in chunk.iter_mut().enumerate().take(n - i) {
                // SAFETY: element `i + j` of the row, which has `n`.
                *x = unsafe { src.add(i + j).read_unaligned() };
            }
            Self::step(&mut lanes, &chunk);
        }
        Self::halves(lanes)
    }

    #[inline(always)]
    fn step(lanes: &mut [T; L], chunk: &[T; L]) {
        for j in 0..L {
            lanes[j] = Op::join(lanes[j], chunk[j]);
        }
    }

    /// Folds the lanes in halves.
    #[inline(always)]
    fn halves(mut lanes: [T; L]) -> T {
        let mut width = L;
        while width > 1 {
            width /= 2;
            for j in 0..width {
                lanes[j] = Op::join(lanes[j], lanes[j + width]);
            }
        }
        lanes[0]
    }

    /// Any number of elements: leaves, joined two by two. Partial result `k` of the list covers `2^k` leaves.
    #[inline(always)]
    unsafe fn tree(mut src: *const T, mut n: usize) -> T {
        let mut partial = [Op::IDENTITY; usize::BITS as usize];
        let mut leaves = 0usize;
        while n > 0 {
            let count = n.min(L * LEAF);
            // SAFETY: the next `count` elements of the row.
            let mut value = unsafe { Self::leaf(src, count) };
            let mut level = 0;
            while leaves >> level & 1 == 1 {
                value = Op::join(partial[level], value);
                level += 1;
            }
            partial[level] = value;
            leaves += 1;
            src = src.wrapping_add(count);
            n -= count;
        }
        let mut level = leaves.trailing_zeros() as usize;
        let mut value = partial[level];
        level += 1;
        while leaves >> level != 0 {
            if leaves >> level & 1 == 1 {
                value = Op::join(partial[level], value);
            }
            level += 1;
        }
        value
    }

    #[inline(always)]
    unsafe fn rows(runs: &Runs) {
        let out = runs.out as *mut T;
        let mut i = 0;
        while runs.n - i >= L {
            // SAFETY: accumulators `i..i + L`, and the elements of every row below them.
            unsafe {
                let mut lanes = (out.add(i) as *const [T; L]).read_unaligned();
                let mut src = (runs.src as *const T).add(i) as *const u8;
                for _ in 0..runs.rows {
                    let chunk = (src as *const [T; L]).read_unaligned();
                    Self::step(&mut lanes, &chunk);
                    src = src.wrapping_offset(runs.stride);
                }
                (out.add(i) as *mut [T; L]).write_unaligned(lanes);
            }
            i += L;
        }
        while i < runs.n {
            // SAFETY: accumulator `i`, and the element of every row below it.
            unsafe {
                let mut value = out.add(i).read_unaligned();
                let mut src = (runs.src as *const T).add(i) as *const u8;
                for _ in 0..runs.rows {
                    value = Op::join(value, (src as *const T).read_unaligned());
                    src = src.wrapping_offset(runs.stride);
                }
                out.add(i).write_unaligned(value);
            }
            i += 1;
        }
    }
}
