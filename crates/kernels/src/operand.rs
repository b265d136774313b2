//! What a kernel is given for each array: where element `[0, 0, ...]` lies, what it is, and how far apart elements are.

use libstrided_layout::DType;

/// One array of an operation. The shape is common to all operands and passed beside them.
#[derive(Clone, Copy, Debug)]
pub struct Operand<'a> {
    /// Address of element `[0, 0, ...]`; of any alignment. Never written through for an input.
    pub data: *mut u8,
    /// The type of the elements.
    pub dtype: DType,
    /// Bytes per element.
    pub itemsize: i64,
    /// Bytes from one element to the next on each axis; any sign, 0 where the axis is broadcast.
    pub strides: &'a [i64],
}
