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

mod axes;
mod dtype;
mod error;
pub mod nest;
mod overlap;
mod promote;

pub use axes::{Axes, AxisSet, Layout, MAX_NDIM, Order, checked_nbytes, normalize_axis};
pub use dtype::{DType, Kind};
pub use error::{Error, Result};
pub use overlap::{Overlap, bounds_overlap, overlap, same_elements, self_overlap};
pub use promote::{Casting, can_cast, check_cast, promote};
