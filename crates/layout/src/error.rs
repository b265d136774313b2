//! The one error type of the library: each variant carries the facts, each has one message.
//!
//! Errors are plain values: making one allocates nothing, and the text is only built when somebody asks for it.

use core::fmt;

use crate::DType;

/// What went wrong, with the values that broke the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A required pointer is NULL.
    NullPointer,
    /// A number that is no enumerator of the named enumeration.
    UnknownEnumerator {
        /// Which enumeration: "dtype", "order", "casting", "operation" or "index kind".
        what: &'static str,
        /// The value that was passed.
        value: i64,
    },
    /// A number of axes outside `0 ..= 64`.
    TooManyAxes {
        /// The number of axes asked for.
        ndim: i64,
    },
    /// An argument whose value is outside what the function takes.
    InvalidArgument {
        /// The rule that was broken, as a clause.
        rule: &'static str,
        /// The value that was passed.
        value: i64,
    },
    /// Reserved flag bits are set.
    ReservedFlags {
        /// The whole flags word.
        flags: u64,
    },
    /// An item size that does not belong to the dtype, or is not positive.
    ItemSize {
        /// The item size in bytes that was given.
        itemsize: i64,
        /// The dtype it was given for.
        dtype: DType,
    },
    /// An extent below zero.
    NegativeExtent {
        /// The axis that has it.
        axis: usize,
        /// The extent.
        extent: i64,
    },
    /// A size in elements or bytes that does not fit into 63 bits.
    SizeOverflow,
    /// An axis that the view does not have.
    AxisOutOfRange {
        /// The axis as given, negative counts from the end.
        axis: i64,
        /// The number of axes of the view.
        ndim: usize,
    },
    /// The same axis named twice.
    RepeatedAxis {
        /// The axis, counted from the front.
        axis: usize,
    },
    /// A list of axes or extents of the wrong length.
    WrongCount {
        /// How many were expected.
        expected: usize,
        /// How many were given.
        got: i64,
    },
    /// An integer index outside its axis.
    IndexOutOfRange {
        /// The index as given.
        index: i64,
        /// The axis it was used on.
        axis: usize,
        /// The extent of that axis.
        extent: i64,
    },
    /// A slice with step 0.
    ZeroStep {
        /// The axis it was used on.
        axis: usize,
    },
    /// More integer and range items than axes.
    TooManyIndices {
        /// The number of axes that the items take.
        items: usize,
        /// The number of axes of the view.
        ndim: usize,
    },
    /// More than one ellipsis in one index.
    RepeatedEllipsis,
    /// `squeeze` of an axis that is longer than 1.
    NotUnitAxis {
        /// The axis.
        axis: usize,
        /// Its extent.
        extent: i64,
    },
    /// Two shapes that do not broadcast.
    Broadcast {
        /// The axis of the result where they differ.
        axis: usize,
        /// The extent on that axis that was found first.
        left: i64,
        /// The extent that does not go with it.
        right: i64,
    },
    /// An output whose shape is not the one that the operation gives.
    OutputShape {
        /// The axis where it differs, counted from the front.
        axis: usize,
        /// The extent that was expected.
        expected: i64,
        /// The extent that the output has.
        got: i64,
    },
    /// An output with the wrong number of axes.
    OutputNdim {
        /// The number of axes that was expected.
        expected: usize,
        /// The number of axes that the output has.
        got: usize,
    },
    /// A reshape to a shape with another number of elements.
    ReshapeSize {
        /// Elements in the view.
        from: i64,
        /// Elements in the new shape.
        to: i64,
    },
    /// A reshape whose `-1` can not be determined.
    ReshapeUnknown,
    /// The layout asked for needs the elements to be copied.
    NeedsCopy,
    /// Elements outside the block of memory.
    OutOfBounds {
        /// First byte of the view, counted from the start of the block.
        low: i64,
        /// One past the last byte of the view, counted from the start of the block.
        high: i64,
        /// Bytes in the block.
        nbytes: i64,
    },
    /// A window that is longer than its axis.
    WindowTooLong {
        /// The axis.
        axis: usize,
        /// The window.
        window: i64,
        /// The extent that is left on that axis.
        extent: i64,
    },
    /// An operation that needs more axes than the view has.
    TooFewAxes {
        /// How many axes are needed.
        needed: usize,
        /// How many the view has.
        ndim: usize,
    },
    /// A write through a read-only view.
    ReadOnly,
    /// An output in which two elements share memory.
    SelfOverlap,
    /// A dtype that the operation does not take.
    UnsupportedDType {
        /// The dtype.
        dtype: DType,
    },
    /// Dtypes that have no common type.
    NoCommonDType {
        /// One dtype.
        left: DType,
        /// The other one.
        right: DType,
    },
    /// A conversion that the casting rule forbids.
    Casting {
        /// From this dtype.
        from: DType,
        /// To this one.
        to: DType,
        /// The casting rule, by its name in NumPy.
        rule: &'static str,
    },
    /// A copy between opaque items of different sizes.
    OpaqueSizes {
        /// Bytes per item of the source.
        from: i64,
        /// Bytes per item of the destination.
        to: i64,
    },
    /// A dtype reinterpretation that does not fit the layout.
    Reinterpret {
        /// The rule that was broken, as a clause.
        rule: &'static str,
    },
    /// A field that does not lie inside the item.
    FieldOutOfRange {
        /// Byte offset of the field.
        offset: i64,
        /// Bytes of the field.
        size: i64,
        /// Bytes of the item.
        itemsize: i64,
    },
    /// The result of reducing no elements with an operation that has no identity.
    EmptyReduction,
    /// An overlap question that was not decided within the work allowed.
    OverlapUndecided,
    /// A Fortran array descriptor of a compiler whose descriptors are not known.
    UnknownDescriptor {
        /// The `version` of the descriptor.
        version: i32,
    },
    /// A stride that a Fortran pointer can not carry: zero, or no multiple of the item size. A copy is needed.
    FortranStride {
        /// The axis that has it.
        axis: usize,
        /// The stride in bytes.
        stride: i64,
        /// The item size in bytes.
        itemsize: i64,
    },
    /// Memory could not be allocated.
    OutOfMemory {
        /// Bytes asked for.
        bytes: usize,
    },
    /// An allocator of the caller's without one of its functions.
    IncompleteAllocator {
        /// The name of the function.
        missing: &'static str,
    },
    /// An allocator of the caller's returned an address without the alignment asked for.
    MisalignedBlock {
        /// The address.
        address: usize,
        /// The alignment asked for.
        align: usize,
    },
    /// A file that could not be opened, read or written.
    File {
        /// The system call that failed.
        call: &'static str,
        /// The system's error number.
        errno: i32,
    },
    /// A file whose contents are not what they should be.
    FileFormat {
        /// What is wrong with it, as a clause.
        rule: &'static str,
    },
    /// Memory that is shared by other handles and can not be borrowed for writing.
    Shared,
    /// A defect of the library itself, caught at the boundary.
    Internal,
}

/// The result of a fallible operation.
pub type Result<T> = core::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Error::NullPointer => write!(f, "the pointer is NULL"),
            Error::UnknownEnumerator { what, value } => write!(f, "{value} is not a known {what}"),
            Error::TooManyAxes { ndim } => write!(f, "the number of axes must be 0 to 64, not {ndim}"),
            Error::InvalidArgument { rule, value } => write!(f, "{rule}, not {value}"),
            Error::ReservedFlags { flags } => {
                write!(f, "reserved flag bits must be zero, flags are {flags:#x}")
            }
            Error::ItemSize { itemsize, dtype } => {
                write!(f, "an item of {} can not have {itemsize} bytes", dtype.name())
            }
            Error::NegativeExtent { axis, extent } => {
                write!(f, "axis {axis} has the negative extent {extent}")
            }
            Error::SizeOverflow => write!(f, "the size in bytes does not fit into 63 bits"),
            Error::AxisOutOfRange { axis, ndim } => {
                write!(f, "axis {axis} is out of range for a view with {ndim} dimensions")
            }
            Error::RepeatedAxis { axis } => write!(f, "axis {axis} is named more than once"),
            Error::WrongCount { expected, got } => write!(f, "expected {expected} entries, got {got}"),
            Error::IndexOutOfRange { index, axis, extent } => {
                write!(f, "index {index} is out of range for axis {axis} with extent {extent}")
            }
            Error::ZeroStep { axis } => write!(f, "the slice on axis {axis} has step 0"),
            Error::TooManyIndices { items, ndim } => {
                write!(f, "{items} axes are indexed, the view has {ndim} dimensions")
            }
            Error::RepeatedEllipsis => write!(f, "an index can hold only one ellipsis"),
            Error::NotUnitAxis { axis, extent } => {
                write!(f, "axis {axis} has extent {extent}, only axes of extent 1 can be squeezed")
            }
            Error::Broadcast { axis, left, right } => {
                write!(f, "extents {left} and {right} on axis {axis} can not be broadcast together")
            }
            Error::OutputShape { axis, expected, got } => {
                write!(f, "axis {axis} of the output must have extent {expected}, not {got}")
            }
            Error::OutputNdim { expected, got } => {
                write!(f, "the output must have {expected} dimensions, not {got}")
            }
            Error::ReshapeSize { from, to } => {
                write!(f, "{from} elements can not be reshaped into {to}")
            }
            Error::ReshapeUnknown => {
                write!(f, "the extent given as -1 can not be determined (one -1 at most, none beside a 0)")
            }
            Error::NeedsCopy => write!(f, "the elements do not lie so in memory: a copy is needed"),
            Error::OutOfBounds { low, high, nbytes } => {
                write!(f, "the view takes bytes {low} to {high} of a block of {nbytes} bytes")
            }
            Error::WindowTooLong { axis, window, extent } => {
                write!(f, "the window {window} is longer than the extent {extent} of axis {axis}")
            }
            Error::TooFewAxes { needed, ndim } => {
                write!(f, "at least {needed} dimensions are needed, the view has {ndim}")
            }
            Error::ReadOnly => write!(f, "the view is read-only"),
            Error::SelfOverlap => write!(f, "elements of the output share memory with each other"),
            Error::UnsupportedDType { dtype } => {
                write!(f, "the operation is not defined for {}", dtype.name())
            }
            Error::NoCommonDType { left, right } => {
                write!(f, "{} and {} have no common dtype", left.name(), right.name())
            }
            Error::Casting { from, to, rule } => {
                write!(f, "{} can not be cast to {} under the rule '{rule}'", from.name(), to.name())
            }
            Error::OpaqueSizes { from, to } => {
                write!(f, "opaque items of {from} bytes can not be cast to opaque items of {to} bytes")
            }
            Error::Reinterpret { rule } => write!(f, "the dtype can not be reinterpreted: {rule}"),
            Error::FieldOutOfRange { offset, size, itemsize } => {
                write!(
                    f,
                    "a field of {size} bytes at byte {offset} does not lie inside an item of {itemsize} bytes"
                )
            }
            Error::EmptyReduction => {
                write!(f, "no elements to reduce, and the operation has no identity")
            }
            Error::OverlapUndecided => write!(f, "the overlap was not decided within the work allowed"),
            Error::UnknownDescriptor { version } => {
                write!(
                    f,
                    "the Fortran descriptor has the unknown version {version} (use strided_fortran.h with this compiler)"
                )
            }
            Error::FortranStride { axis, stride, itemsize } => {
                write!(
                    f,
                    "axis {axis} has the stride {stride}; a Fortran pointer needs a non-zero multiple of its element size {itemsize}: copy the view first"
                )
            }
            Error::OutOfMemory { bytes } => write!(f, "{bytes} bytes of memory could not be allocated"),
            Error::IncompleteAllocator { missing } => {
                write!(f, "the allocator's function '{missing}' is NULL")
            }
            Error::MisalignedBlock { address, align } => {
                write!(f, "the allocator returned {address:#x}, which is not aligned to {align} bytes")
            }
            Error::File { call, errno } => write!(f, "{call} failed with errno {errno}"),
            Error::FileFormat { rule } => write!(f, "not a usable .npy file: {rule}"),
            Error::Shared => write!(f, "the memory is shared by other handles"),
            Error::Internal => write!(f, "internal error in libstrided"),
        }
    }
}

impl core::error::Error for Error {}
