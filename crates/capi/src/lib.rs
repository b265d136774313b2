//! The C ABI of libstrided: pointers are checked, `libstrided` is called, errors become statuses. There is no logic here.
//!
//! ```text
//!   types      the structs and constants of the header
//!   status     errors on their way out: statuses, the thread's message, the boundary that stops panics
//!   arguments  what C passes, checked and named
//!   info       version, names, dtypes
//!   views      views made
//!   views_axes .. with the axes in another order or direction
//!   views_index .. of the elements that integers and ranges take
//!   views_shape .. of another shape
//!   views_parts .. of parts of each element
//!   views_query .. asked
//!   arrays     reference-counted handles
//!   copies     copies, casts, fills
//!   engine     arithmetic, reductions, callers' loops
//!   select     choices between elements, operations under a mask
//!   reductions .. with options; inner products
//!   text       arrays and layouts as text
//!   files      .npy files
//!   fortran    descriptors of Fortran arrays
//!   named      one function for each operation, generated from the table of operations:
//!   unary      .. on one array
//!   binary     .. on two arrays
//!   reduce     .. over axes
//!   accumulate .. running along an axis
//! ```
//!
//! The header `include/strided.h` is generated from the doc comments of these files.

// The names of the types are those of the header.
#![allow(non_camel_case_types)]

mod arguments;
pub mod arrays;
pub mod copies;
pub mod engine;
pub mod files;
pub mod fortran;
pub mod info;
pub mod named;
pub mod reductions;
pub mod select;
mod status;
pub mod text;
pub mod types;
pub mod views;
pub mod views_axes;
pub mod views_index;
pub mod views_parts;
pub mod views_query;
pub mod views_shape;
