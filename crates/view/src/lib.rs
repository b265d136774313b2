//! Views and reference-counted arrays over strided memory.
//!
//! A view is an address, an element type, and a layout (extents and byte strides). Making one allocates nothing and
//! copies nothing; it is a value that says where elements are.
//!
//! ```text
//!   raw        RawView, the struct of the C ABI, and ViewRef, its checked form
//!   alike      a quick look at the views of a small operation
//!   algebra    views from views: transpose, index, reshape, broadcast, windows, fields, ...
//!   few        the most frequent of them with up to four axes, in registers
//!   query      contiguity, alignment, extent, overlap, addresses
//!   foreach    several views walked together in memory order
//!   view       View and ViewMut: views with a lifetime, for Rust
//!   format     arrays and layouts as text
//!   array      Array: a view plus a share in the memory that it points into
//! ```
//!
//! `unsafe` is in `raw` (reading the axes of a struct that came from C), in `foreach` and in the element access of
//! `view` and `array`; the arithmetic that makes it sound is `libstrided-layout`'s and is checked there.

pub mod algebra;
mod alike;
mod array;
pub mod few;
mod foreach;
pub mod format;
pub mod query;
mod raw;
mod view;

pub use alike::{Alike, AlikeInput, FewAxes, Lines, Mixed, Same, TwoAxes, Whole};
pub use array::{Array, ArrayRef, Inner, Source};
pub use foreach::{MAX_OPERANDS, foreach};
pub use libstrided_alloc::{AllocFn, Allocator, Contents, FreeFn, ReleaseFn};
pub use libstrided_layout::{
    AxisSet, Broadcast, Casting, DType, Error, Index, Kind, Layout, MAX_NDIM, Order, Result,
    broadcast_strides, can_cast, check_cast, check_output, checked_nbytes, contiguous_like, is_c_contiguous,
    is_f_contiguous, nest, normalize_axis, promote,
};
pub use libstrided_layout::{Overlap, overlap, same_elements};
pub use raw::{READONLY, RawView, ViewRef};
pub use view::{Item, View, ViewMut};
