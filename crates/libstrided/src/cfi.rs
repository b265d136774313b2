//! Fortran array descriptors (`CFI_cdesc_t`), read and filled without a header of the compiler that made them.
//!
//! A Fortran compiler hands an assumed-rank argument to C as the address of a descriptor. The standard fixes the
//! names of its fields, not their places; gfortran and flang happen to agree on everything that matters here:
//!
//! ```text
//!   byte  0   base_addr   address of the first element in Fortran's index order
//!         8   elem_len    bytes per element
//!        16   version     i32: 1 (gfortran), 20180515 or 20240719 (flang) <- tells the compilers apart
//!        20   rank        one byte, 0 ..= 15
//!        21   attribute (gfortran) | type (flang)
//!        22   type, two bytes (gfortran) | attribute, extra (flang)
//!        24   dim[rank]   lower bound, extent, sm: three i64 each; sm is the stride in bytes, of any sign
//! ```
//!
//! The type codes differ, so they are not looked at: the caller names the element type, and the element length is
//! what is compared. A descriptor with another `version` is refused, because Intel and NAG order the triple
//! differently; for those compilers there is `strided_fortran.h`, which the user's own compiler compiles.
//!
//! Axis 0 of the view is the first subscript: the index order of Fortran is kept, and a whole Fortran array is a
//! column-major view.
//!
//! What is unsafe: a descriptor's address is taken on trust, as any pointer from C is. All that is read behind it is
//! the 24 bytes of the head and, once version and rank have been approved, 24 bytes for each axis.

use core::ffi::c_void;

use crate::{Error, Result};

/// The largest rank that a Fortran array can have.
pub const MAX_RANK: usize = 15;

/// `version` of gfortran's descriptors.
const GFORTRAN: i32 = 1;
/// `version` of flang's descriptors, up to and from LLVM 20.
const FLANG: [i32; 2] = [20180515, 20240719];

const ELEM_LEN: usize = 8;
const VERSION: usize = 16;
const RANK: usize = 20;
const DIM: usize = 24;
const DIM_BYTES: usize = 24;

/// What a descriptor says, in the terms of a view: byte strides, first Fortran subscript first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor {
    data: *mut c_void,
    itemsize: i64,
    ndim: usize,
    shape: [i64; MAX_RANK],
    strides: [i64; MAX_RANK],
}

impl Descriptor {
    /// The address of the first element.
    pub fn data(&self) -> *mut c_void {
        self.data
    }

    /// Bytes per element.
    pub fn itemsize(&self) -> i64 {
        self.itemsize
    }

    /// The extents, first subscript first.
    pub fn shape(&self) -> &[i64] {
        self.shape.get(..self.ndim).unwrap_or(&[])
    }

    /// The strides in bytes, first subscript first. Those of an array without elements are column-major.
    pub fn strides(&self) -> &[i64] {
        self.strides.get(..self.ndim).unwrap_or(&[])
    }
}

/// Reads the descriptor of any Fortran array, section or scalar.
///
/// Refused are a NULL address (an absent optional argument), an unknown version, a rank outside `0 ..= 15`, a pointer
/// or allocatable without a target, an assumed-size array (its last extent is not known) and elements of no bytes.
/// Whether the elements fit into memory is for the view that is made from the result to check.
///
/// # Safety
/// `cfi` is NULL or the address of a descriptor that a Fortran compiler or its `ISO_Fortran_binding.h` made, not
/// written by anybody else during the call.
pub unsafe fn read(cfi: *const c_void) -> Result<Descriptor> {
    // SAFETY: the caller vouches for the descriptor.
    let head = unsafe { Head::read(cfi) }?;
    if head.base.is_null() && head.attribute != Attribute::Other {
        // Checked before the extents, which mean nothing then.
        return Err(unallocated());
    }
    let mut out = Descriptor {
        data: head.base,
        itemsize: head.elem_len,
        ndim: head.rank,
        shape: [0; MAX_RANK],
        strides: [0; MAX_RANK],
    };
    for (axis, (extent, stride)) in out.shape.iter_mut().zip(&mut out.strides).take(head.rank).enumerate() {
        // SAFETY: `axis` is below the rank, so the descriptor holds this triple.
        (*extent, *stride) = unsafe { read_dim(cfi, axis) };
    }
    check_extents(out.shape())?;
    if out.shape().contains(&0) {
        let Descriptor { shape, strides, .. } = &mut out;
        for ((stride, natural), _) in
            strides.iter_mut().zip(column_major(head.elem_len, shape)).zip(0..head.rank)
        {
            *stride = natural;
        }
    } else if head.base.is_null() {
        return Err(unallocated());
    }
    Ok(out)
}

/// Points an already typed Fortran pointer at the elements of a view: fills base address, lower bounds of 1, extents
/// and byte strides; rank, type and element length stay, and have to fit.
///
/// Refused, besides what [`read`] refuses about the descriptor itself: a descriptor that is no pointer's, another rank
/// or element length than the view's, more than 15 axes, and strides that a Fortran pointer can not carry. Those are
/// 0 and every stride that is no multiple of the element length, on an axis longer than 1: gfortran keeps strides in
/// elements and would silently address other memory. Nothing is written on failure.
///
/// # Safety
/// `cfi` is NULL or the address of a descriptor that a Fortran compiler made for a `pointer` dummy argument, not used
/// by anybody else during the call. The pointer is only as good as `data`: it dangles when that memory is freed.
pub unsafe fn fill_pointer(
    cfi: *mut c_void,
    data: *mut c_void,
    itemsize: i64,
    shape: &[i64],
    strides: &[i64],
) -> Result<()> {
    // SAFETY: the caller vouches for the descriptor.
    let head = unsafe { Head::read(cfi) }?;
    if head.attribute != Attribute::Pointer {
        return Err(Error::InvalidArgument {
            rule: "the Fortran argument must be a pointer: its descriptor's attribute must say so",
            value: head.attribute_code,
        });
    }
    if head.rank != shape.len() {
        return Err(Error::OutputNdim { expected: shape.len(), got: head.rank });
    }
    if strides.len() != shape.len() {
        return Err(Error::WrongCount { expected: shape.len(), got: strides.len() as i64 });
    }
    if head.elem_len != itemsize {
        return Err(Error::InvalidArgument {
            rule: "the elements of the Fortran pointer must have the item size of the view",
            value: head.elem_len,
        });
    }
    check_extents(shape)?;
    let empty = shape.contains(&0);
    if !empty {
        check_strides(itemsize, shape, strides)?;
    }
    let data = match (data.is_null(), empty) {
        (true, true) => nowhere(),
        (true, false) => return Err(Error::NullPointer),
        (false, _) => data,
    };

    // SAFETY: a checked descriptor begins with its base address, and the caller lets us write to it.
    unsafe { cfi.cast::<*mut c_void>().write_unaligned(data) };
    let mut natural = itemsize;
    for (axis, (&extent, &stride)) in shape.iter().zip(strides).enumerate() {
        // A unit axis gets the stride that keeps a contiguous array contiguous in the compiler's eyes.
        let stride = if empty || extent == 1 { natural } else { stride };
        // SAFETY: `axis` is below the rank, and the caller lets us write to the descriptor.
        unsafe { write_dim(cfi, axis, extent, stride) };
        natural = stride.checked_mul(extent.max(1)).unwrap_or(itemsize);
    }
    Ok(())
}

/// What the array is in Fortran, which decides what a NULL base address means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attribute {
    Pointer,
    Allocatable,
    Other,
}

/// The checked first 24 bytes of a descriptor.
struct Head {
    base: *mut c_void,
    elem_len: i64,
    rank: usize,
    attribute: Attribute,
    attribute_code: i64,
}

impl Head {
    /// # Safety
    /// As for [`read`].
    unsafe fn read(cfi: *const c_void) -> Result<Head> {
        if cfi.is_null() {
            return Err(Error::NullPointer);
        }
        // SAFETY: every descriptor has the 24 bytes of the head; unaligned reads ask for no alignment.
        let (base, elem_len, version, tail) = unsafe {
            let bytes = cfi.cast::<u8>();
            (
                bytes.cast::<*mut c_void>().read_unaligned(),
                bytes.add(ELEM_LEN).cast::<u64>().read_unaligned(),
                bytes.add(VERSION).cast::<i32>().read_unaligned(),
                bytes.add(RANK).cast::<[u8; 4]>().read_unaligned(),
            )
        };
        let [rank, second, third, _] = tail;
        let (attribute, code) = if version == GFORTRAN {
            (named(second, 0, 1), second)
        } else if FLANG.contains(&version) {
            (named(third, 1, 2), third)
        } else {
            return Err(Error::UnknownDescriptor { version });
        };
        if usize::from(rank) > MAX_RANK {
            return Err(Error::InvalidArgument {
                rule: "the rank of a Fortran descriptor must be 0 to 15",
                value: i64::from(rank as i8),
            });
        }
        match i64::try_from(elem_len) {
            Ok(0) => Err(Error::InvalidArgument {
                rule: "the elements of a Fortran array must have at least one byte",
                value: 0,
            }),
            Err(_) => Err(Error::SizeOverflow),
            Ok(elem_len) => Ok(Head {
                base,
                elem_len,
                rank: usize::from(rank),
                attribute,
                attribute_code: i64::from(code),
            }),
        }
    }
}

fn named(code: u8, pointer: u8, allocatable: u8) -> Attribute {
    if code == pointer {
        Attribute::Pointer
    } else if code == allocatable {
        Attribute::Allocatable
    } else {
        Attribute::Other
    }
}

/// Extent and byte stride of one axis.
///
/// # Safety
/// `cfi` is a descriptor whose rank is above `axis`.
unsafe fn read_dim(cfi: *const c_void, axis: usize) -> (i64, i64) {
    // SAFETY: the caller vouches for this triple.
    let [_lower, extent, sm] =
        unsafe { cfi.cast::<u8>().add(DIM + axis * DIM_BYTES).cast::<[i64; 3]>().read_unaligned() };
    (extent, sm)
}

/// Writes one axis with the lower bound 1.
///
/// # Safety
/// `cfi` is a writable descriptor whose rank is above `axis`.
unsafe fn write_dim(cfi: *mut c_void, axis: usize, extent: i64, sm: i64) {
    // SAFETY: the caller vouches for this triple.
    unsafe {
        cfi.cast::<u8>().add(DIM + axis * DIM_BYTES).cast::<[i64; 3]>().write_unaligned([1, extent, sm]);
    }
}

fn check_extents(shape: &[i64]) -> Result<()> {
    let last = shape.len().wrapping_sub(1);
    match shape.iter().enumerate().find(|&(_, &extent)| extent < 0) {
        None => Ok(()),
        Some((axis, &-1)) if axis == last => Err(Error::InvalidArgument {
            rule: "the last extent must be known (pass a section with bounds of an assumed-size array)",
            value: -1,
        }),
        Some((axis, &extent)) => Err(Error::NegativeExtent { axis, extent }),
    }
}

fn check_strides(itemsize: i64, shape: &[i64], strides: &[i64]) -> Result<()> {
    for (axis, (&extent, &stride)) in shape.iter().zip(strides).enumerate() {
        if extent > 1 && (stride == 0 || stride.checked_rem(itemsize) != Some(0)) {
            return Err(Error::FortranStride { axis, stride, itemsize });
        }
    }
    Ok(())
}

fn unallocated() -> Error {
    Error::InvalidArgument {
        rule: "the array must be allocated or associated: its base address must not be",
        value: 0,
    }
}

/// The byte strides of a column-major array; what would overflow is the item size, for arrays without elements.
fn column_major(itemsize: i64, shape: &[i64]) -> impl Iterator<Item = i64> {
    let mut next = itemsize;
    shape.iter().map(move |&extent| {
        let stride = next;
        next = stride.checked_mul(extent.max(1)).unwrap_or(itemsize);
        stride
    })
}

/// An address for pointers without elements, so that `associated` says yes; nothing is ever read or written there.
fn nowhere() -> *mut c_void {
    #[repr(align(64))]
    struct Line([u8; 64]);
    static NOWHERE: Line = Line([0; 64]);
    NOWHERE.0.as_ptr().cast_mut().cast()
}

#[cfg(test)]
mod tests;
