//! Arrays as text: what `numpy.array2string` shows under NumPy's default print options, and a description of a layout.
//!
//! ```text
//!   array     which elements are shown, the brackets, the lines      value   elements as values
//!   lines     words, broken at 75 characters                        float   one width for all numbers of an array
//!   word      text in a fixed buffer                                decimal the digits of one number
//!   describe  dtype, shape, strides, flags, extent, a picture       buffer  a writer into memory that may be too small
//! ```
//!
//! Everything goes through [`core::fmt::Write`] and allocates nothing. Elements are read up to three times: to choose
//! the form, to find the widths, to write. Arrays of more than 1000 elements are cut to three at each end of each axis.
//!
//! Opaque items are written as NumPy writes `void`: `b'\x00\x2A'`. `bf16`, which NumPy lacks, follows the rules for its
//! other floating-point types.

mod array;
mod buffer;
mod decimal;
mod describe;
mod float;
mod lines;
mod value;
mod word;

pub use array::{check_printable, format};
pub use buffer::Buffer;
pub use describe::describe;
