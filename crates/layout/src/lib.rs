//! Shape and stride mathematics of strided arrays, without a pointer in sight.
//!
//! An array is a block of memory and a *layout*: an item size, and for each axis an extent (how many elements) and a
//! stride (how many **bytes** from one element to the next; any sign, 0 where an axis is broadcast). Everything that
//! NumPy calls a view (transposing, slicing, broadcasting, reshaping without a copy) is arithmetic on these numbers,
//! and all of that arithmetic is here, once, and checked: overflow is an error, never a wrap.
//!
//! ```text
//!   axes       Layout (borrowed, checked), Axes (where a new layout is written), AxisSet, Order
//!   dtype      the table of element types
//!   error      what can go wrong, as values
//!   contiguity packed layouts in C, F, A and K order, and the relaxed contiguity rules
//!   permute    transpose, swap, move, squeeze, expand, flip, rotate, diagonal
//!   index      integers, ranges, new axes, ellipsis
//!   reshape    another shape without a copy, or the answer that a copy is needed
//!   broadcast  shapes that stretch
//!   window     sliding windows, parts
//!   reinterpret  other item sizes over the same bytes, fields of records
//!   promote    NumPy 2's promotion and casting rules
//!   overlap    do two layouts, or two elements of one, share memory?
//!   nest       several operands over one shape -> the loops that visit it fastest
//! ```
//!
//! Nothing here allocates, nothing is `unsafe`, nothing needs `std`. Shapes and strides are `i64`; axes are `i32` and
//! may be negative, counting from the end.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod axes;
mod broadcast;
mod contiguity;
mod dtype;
mod error;
mod index;
pub mod nest;
mod overlap;
mod permute;
mod promote;
mod reinterpret;
mod reshape;
mod window;

pub use axes::{Axes, AxisSet, Layout, MAX_NDIM, Order, checked_nbytes, each_axis, normalize_axis};
pub use broadcast::{Broadcast, broadcast_strides, broadcast_to, check_output};
pub use contiguity::{contiguous, contiguous_like, is_c_contiguous, is_f_contiguous, resolve_order};
pub use dtype::{DType, Kind};
pub use error::{Error, Result};
pub use index::{Index, element_offset, index};
pub use overlap::{Overlap, bounds_overlap, overlap, same_elements, self_overlap};
pub use permute::{diagonal, expand_dims, flip, moveaxis, rot90, squeeze, swapaxes, transpose};
pub use promote::{Casting, can_cast, check_cast, promote};
pub use reinterpret::{check_field, reinterpret};
pub use reshape::{ravel, reshape};
pub use window::{sliding_window, split};
