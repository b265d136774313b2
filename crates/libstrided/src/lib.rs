//! NumPy's memory model as a native library: views, broadcasting, copies and arithmetic over strided memory.
//!
//! This crate puts the layers together. Views and arrays come from `libstrided-view`, the loops from
//! `libstrided-kernels`; here is what lies between: which operands go together, what is refused, when overlapping memory
//! needs a temporary.
//!
//! ```text
//!   engine       the operations on views as C passes them: checked, but unsafe
//!   elementwise  what those that go element by element share: shapes, the output, overlap
//!   select       where, clip, fma, and operations under a mask
//!   reduce       operations that reduce axes
//!   compress     the elements at which a mask is set
//!   scan         running sums, products, minima and maxima
//!   small        operations on few elements, told by one look
//!   ops          the same operations for Rust, on View and ViewMut, safe
//!   npy          .npy files: read, write
//!   cfi          descriptors of Fortran arrays, read and filled
//!   threads      how many threads an operation may use
//! ```
//!
//! ```
//! use libstrided::{Array, Order, View, ops};
//! // A column-major matrix plus a row, summed over the first axis.
//! let matrix = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
//! let matrix = View::from_slice(&matrix, &[2, 3], Order::F)?;
//! let row = [10.0, 20.0, 30.0];
//! let row = View::from_slice(&row, &[3], Order::C)?;
//! let sum = ops::add(&matrix, &row)?;
//! let columns = ops::sum(&sum.as_view(), Some(&[0]))?;
//! assert_eq!(columns.as_view().get::<f64>(&[0])?, 23.0);
//! # Ok::<(), libstrided::Error>(())
//! ```

pub mod cfi;
mod compress;
mod elementwise;
pub mod engine;
pub mod npy;
pub mod ops;
pub mod reduce;
mod scan;
mod select;
pub mod small;
pub mod threads;

pub use libstrided_kernels::{BinaryOp, Level, ReduceOp, ScanOp, TernaryOp, UnaryOp};
pub use libstrided_view::*;
