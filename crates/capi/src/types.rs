//! The structs and constants of the header.

use core::ffi::c_void;

use libstrided::{AllocFn, FreeFn, RawView};

/// The result of a call: STRIDED_OK, or one of the STRIDED_E_* values.
pub type strided_status = i32;

/// The largest number of axes.
pub const STRIDED_MAX_NDIM: usize = 64;
/// An absent start, stop or step of a range.
pub const STRIDED_NONE: i64 = i64::MIN;
/// Flag of a view: it must not be written through.
pub const STRIDED_READONLY: u64 = 1;

/// Bit of strided_view_query: elements are packed in row-major order (also when there are none).
pub const STRIDED_IS_C_CONTIGUOUS: u32 = 1;
/// Bit of strided_view_query: elements are packed in column-major order (also when there are none).
pub const STRIDED_IS_F_CONTIGUOUS: u32 = 2;
/// Bit of strided_view_query: every element lies at a multiple of its type's alignment.
pub const STRIDED_IS_ALIGNED: u32 = 4;
/// Bit of strided_view_query: the view is not read-only.
pub const STRIDED_IS_WRITEABLE: u32 = 8;
/// Bit of strided_view_query: two elements share memory, so the view can not be an output.
pub const STRIDED_IS_SELF_OVERLAP: u32 = 16;

/// Success.
pub const STRIDED_OK: i32 = 0;
/// A required pointer is NULL.
pub const STRIDED_E_NULL: i32 = 1;
/// A number that is no enumerator of its enumeration.
pub const STRIDED_E_ENUM: i32 = 2;
/// A number of axes outside 0 ..= 64.
pub const STRIDED_E_NDIM: i32 = 3;
/// Another argument outside what the function takes.
pub const STRIDED_E_VALUE: i32 = 4;
/// A size or address that does not fit into 63 bits.
pub const STRIDED_E_OVERFLOW: i32 = 5;
/// A negative extent, a wrong number of entries, or an output of the wrong shape.
pub const STRIDED_E_SHAPE: i32 = 6;
/// An axis out of range, or named twice.
pub const STRIDED_E_AXIS: i32 = 7;
/// An index out of range, a step of 0, or too many items.
pub const STRIDED_E_INDEX: i32 = 8;
/// Shapes that do not broadcast.
pub const STRIDED_E_BROADCAST: i32 = 9;
/// The elements do not lie so in memory: a copy is needed.
pub const STRIDED_E_NEEDS_COPY: i32 = 10;
/// Elements outside the block of memory.
pub const STRIDED_E_BOUNDS: i32 = 11;
/// An output that is read-only.
pub const STRIDED_E_READONLY: i32 = 12;
/// An output in which two elements share memory.
pub const STRIDED_E_SELF_OVERLAP: i32 = 13;
/// A dtype that the operation does not take.
pub const STRIDED_E_DTYPE: i32 = 14;
/// A conversion that the casting rule forbids.
pub const STRIDED_E_CASTING: i32 = 15;
/// The minimum or maximum of no elements.
pub const STRIDED_E_EMPTY: i32 = 16;
/// An overlap question that was not decided within the work allowed.
pub const STRIDED_E_UNDECIDED: i32 = 17;
/// Memory could not be allocated.
pub const STRIDED_E_NO_MEMORY: i32 = 18;
/// A Fortran descriptor that is damaged or of an unknown compiler.
pub const STRIDED_E_DESCRIPTOR: i32 = 19;
/// A defect of the library itself.
pub const STRIDED_E_INTERNAL: i32 = 20;
/// A file that could not be opened, read or written, or does not hold what it should.
pub const STRIDED_E_FILE: i32 = 21;

/// dtype: one byte, 0 or 1.
pub const STRIDED_BOOL: i32 = 1;
/// dtype: int8_t.
pub const STRIDED_I8: i32 = 2;
/// dtype: int16_t.
pub const STRIDED_I16: i32 = 3;
/// dtype: int32_t.
pub const STRIDED_I32: i32 = 4;
/// dtype: int64_t.
pub const STRIDED_I64: i32 = 5;
/// dtype: uint8_t.
pub const STRIDED_U8: i32 = 6;
/// dtype: uint16_t.
pub const STRIDED_U16: i32 = 7;
/// dtype: uint32_t.
pub const STRIDED_U32: i32 = 8;
/// dtype: uint64_t.
pub const STRIDED_U64: i32 = 9;
/// dtype: IEEE half precision, 2 bytes.
pub const STRIDED_F16: i32 = 10;
/// dtype: bfloat16, 2 bytes.
pub const STRIDED_BF16: i32 = 11;
/// dtype: float.
pub const STRIDED_F32: i32 = 12;
/// dtype: double.
pub const STRIDED_F64: i32 = 13;
/// dtype: complex float (real part, imaginary part).
pub const STRIDED_C64: i32 = 14;
/// dtype: complex double (real part, imaginary part).
pub const STRIDED_C128: i32 = 15;
/// dtype: items of any size, which can be viewed, copied and transposed but not computed on.
pub const STRIDED_OPAQUE: i32 = 16;

/// Order: row-major, the last axis varies fastest.
pub const STRIDED_ORDER_C: i32 = 0;
/// Order: column-major, the first axis varies fastest.
pub const STRIDED_ORDER_F: i32 = 1;
/// Order: F when the source is F- and not C-contiguous, else C.
pub const STRIDED_ORDER_A: i32 = 2;
/// Order: as near to the order of the source as possible.
pub const STRIDED_ORDER_K: i32 = 3;

/// Casting rule: the same dtype only.
pub const STRIDED_CAST_NO: i32 = 0;
/// Casting rule: the same dtype only (byte orders, which NumPy also means, are always native here).
pub const STRIDED_CAST_EQUIV: i32 = 1;
/// Casting rule: only casts that keep every value.
pub const STRIDED_CAST_SAFE: i32 = 2;
/// Casting rule: safe casts, and casts within a kind, such as f64 to f32.
pub const STRIDED_CAST_SAME_KIND: i32 = 3;
/// Casting rule: any cast.
pub const STRIDED_CAST_UNSAFE: i32 = 4;

/// Kind of index item: start:stop:step.
pub const STRIDED_INDEX_RANGE: i32 = 0;
/// Kind of index item: the one element at start; the axis is dropped.
pub const STRIDED_INDEX_AT: i32 = 1;
/// Kind of index item: a new axis of extent 1.
pub const STRIDED_INDEX_NEWAXIS: i32 = 2;
/// Kind of index item: all axes that the other items leave over.
pub const STRIDED_INDEX_ELLIPSIS: i32 = 3;

/// A view: where element [0, 0, ...] lies, what elements are, and how far apart they are. A plain value that the caller
/// allocates, on the stack or anywhere; it owns nothing and needs no release. Fill it with strided_view_init or take it
/// from strided_array_view; only the first ndim entries of shape and strides are ever read or written.
#[repr(C)]
#[derive(Debug)]
pub struct strided_view {
    /// Address of element [0, 0, ...], of any alignment; may be NULL only when the view has no elements.
    pub data: *mut c_void,
    /// Bytes per element; that of the dtype, free for STRIDED_OPAQUE.
    pub itemsize: i64,
    /// One of STRIDED_BOOL ... STRIDED_OPAQUE.
    pub dtype: i32,
    /// Number of axes, 0 ..= 64.
    pub ndim: i32,
    /// STRIDED_READONLY or 0; other bits are reserved and must be zero.
    pub flags: u64,
    /// Extents: elements on each axis.
    pub shape: [i64; STRIDED_MAX_NDIM],
    /// Bytes from one element to the next on each axis; any sign, 0 where the axis is broadcast.
    pub strides: [i64; STRIDED_MAX_NDIM],
}

/// One item of an index, as between the commas of NumPy's a[..., 1:9:2, None, -1].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct strided_index {
    /// STRIDED_INDEX_RANGE, STRIDED_INDEX_AT, STRIDED_INDEX_NEWAXIS or STRIDED_INDEX_ELLIPSIS.
    pub kind: i32,
    /// Must be 0.
    pub reserved: i32,
    /// RANGE: the first index, or STRIDED_NONE. AT: the index. Negative ones count from the end.
    pub start: i64,
    /// RANGE: where to stop (not included), or STRIDED_NONE.
    pub stop: i64,
    /// RANGE: the step, not 0, or STRIDED_NONE for 1.
    pub step: i64,
}

/// An array: a view plus a share in the memory that it points into. Opaque; handled through pointers only.
pub struct strided_array {
    _opaque: [u8; 0],
}

/// An allocator of the caller's: three functions that are called with ctx, a size in bytes and an alignment in bytes (a
/// power of two). Every array remembers the table it was made with (by value) and gives its memory back to free with the
/// same size and alignment, from whichever thread drops the last share. alloc_zeroed may be NULL; alloc and free not.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct strided_allocator {
    /// Passed to every call.
    pub ctx: *mut c_void,
    /// Returns size bytes at a multiple of align, or NULL.
    pub alloc: Option<unsafe extern "C" fn(ctx: *mut c_void, size: usize, align: usize) -> *mut c_void>,
    /// As alloc, with all bytes zero.
    pub alloc_zeroed:
        Option<unsafe extern "C" fn(ctx: *mut c_void, size: usize, align: usize) -> *mut c_void>,
    /// Takes back what alloc or alloc_zeroed returned.
    pub free: Option<unsafe extern "C" fn(ctx: *mut c_void, p: *mut c_void, size: usize, align: usize)>,
}

/// What strided_reduce_with can be told beside the axes. Zero it first: what is zero asks for nothing, also in later versions.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct strided_reduce_options {
    /// Which elements take part: a view of bools, broadcast to the input. NULL: all.
    pub r#where: *const strided_view,
    /// One element, of any alignment, that is joined with every result. NULL: none.
    pub initial: *const c_void,
    /// The dtype of `*initial`.
    pub initial_dtype: i32,
    /// 0.
    pub reserved: i32,
    /// var, std: what is subtracted from the number of elements that the sum of squares is divided by.
    pub ddof: f64,
}

/// A caller's inner loop for strided_foreach: count elements, `pointers[k]` to the first of view k, `strides[k]` bytes from
/// one to the next.
pub type strided_inner = Option<
    unsafe extern "C" fn(ctx: *mut c_void, count: i64, pointers: *const *mut c_void, strides: *const i64),
>;

/// Called once, when the last share in adopted memory is dropped.
pub type strided_release = Option<unsafe extern "C" fn(ctx: *mut c_void)>;

// The header's struct and the library's are one: a pointer to the one is used as a pointer to the other.
const _: () = {
    assert!(size_of::<strided_view>() == size_of::<RawView>());
    assert!(align_of::<strided_view>() == align_of::<RawView>());
    assert!(core::mem::offset_of!(strided_view, data) == RawView::OFFSETS[0]);
    assert!(core::mem::offset_of!(strided_view, itemsize) == RawView::OFFSETS[1]);
    assert!(core::mem::offset_of!(strided_view, dtype) == RawView::OFFSETS[2]);
    assert!(core::mem::offset_of!(strided_view, ndim) == RawView::OFFSETS[3]);
    assert!(core::mem::offset_of!(strided_view, flags) == RawView::OFFSETS[4]);
    assert!(core::mem::offset_of!(strided_view, shape) == RawView::OFFSETS[5]);
    assert!(core::mem::offset_of!(strided_view, strides) == RawView::OFFSETS[6]);
    assert!(size_of::<strided_allocator>() == size_of::<libstrided::Allocator>());
};

impl strided_allocator {
    /// The table as the library's own type.
    pub(crate) fn table(&self) -> libstrided::Allocator {
        let (alloc, alloc_zeroed): (Option<AllocFn>, Option<AllocFn>) = (self.alloc, self.alloc_zeroed);
        let free: Option<FreeFn> = self.free;
        libstrided::Allocator { ctx: self.ctx, alloc, alloc_zeroed, free }
    }
}
