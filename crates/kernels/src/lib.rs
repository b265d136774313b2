//! SIMD copy, elementwise and reduction kernels over strided operands.
//!
//! ```text
//!   level        which vector instructions to use
//!   cpu          which make of core this is, where that decides which way is faster
//!   resident     constants that are mapped before the first loop runs
//!   arch         one loop, compiled for each level
//!   array        arrays made element by element
//!   cache        how large the last cache is, asking for lines
//!   operand      address, dtype and byte strides of one array
//!   element      dtype -> Rust type, and the rules of conversion
//!   number       what each dtype means by plus, times, smaller
//!   math         elementary functions, in vectors
//!   op           the table of operations
//!   convert      contiguous runs from one dtype to another
//!   relocate     small blocks from one set of strides to another
//!   elementwise  the driver: operands -> plan -> rows or L1 tiles -> kernel
//!   unary        operations on one array
//!   binary       operations on two arrays
//!   ternary      operations on three arrays
//!   cast         copies between dtypes
//!   copy         copies of items of any size
//!   fill         one value everywhere
//!   reduce       reductions over any set of axes
//!   compress     the elements at which a mask is set
//!   scan         running sums, products, minima and maxima along an axis
//!   parallel     an operation in parts, on threads of its own
//! ```

mod arch;
mod array;
mod binary;
mod cache;
mod cast;
mod compress;
pub mod convert;
mod copy;
mod cpu;
pub mod element;
mod elementwise;
mod fill;
mod level;
mod math;
mod number;
mod op;
mod operand;
pub mod parallel;
mod reduce;
mod relocate;
mod resident;
mod scan;
mod ternary;
#[cfg(test)]
mod test_support;
mod unary;

pub use binary::{binary, binary_block, binary_plain, binary_where};
pub use cast::cast_copy;
pub use compress::{compress, count};
pub use copy::{copy, copy_few_axes, copy_overlapping, copy_two_axes};
pub use elementwise::{Block, run_packed};
pub use fill::fill;
pub use level::Level;
pub use op::{BinaryOp, Gives, OpInfo, ReduceOp, ScanOp, Takes, UnaryOp};
pub use operand::Operand;
pub use reduce::{Finish, Folding, Reduction, Second, arg, reduce, reduce_lines, reduce_packed, spread};
pub use scan::scan;
pub use ternary::{TernaryOp, clip, fma, select, ternary_block};
pub use unary::{unary, unary_block, unary_plain, unary_where};

/// Has tests fail where something does not hold that the kernels rely on. Elsewhere nothing is asked: they do not panic.
#[inline(always)]
#[track_caller]
pub(crate) fn check(holds: bool, what: &str) {
    if cfg!(test) {
        assert!(holds, "{what}");
    }
}
