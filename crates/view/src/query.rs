//! Questions about views: contiguity, alignment, extent, overlap, addresses.

use libstrided_layout::{
    self as layout, Error, Layout, Overlap, Result, bounds_overlap, overlap, self_overlap,
};

use crate::raw::ViewRef;

/// How many steps the exact overlap search may take before it answers "undecided". Real layouts need a handful; only
/// layouts made to be hard come near. A million steps are some milliseconds.
pub const MAX_OVERLAP_WORK: u64 = 1_000_000;

/// The work allowed when the answer only decides whether a temporary is made: then "undecided" costs little.
pub const QUICK_OVERLAP_WORK: u64 = 1_000;

/// What [`flags`] says about a view, one bit each; the bits of `strided_view_query`.
pub mod flag {
    /// Elements are packed in row-major order.
    pub const C_CONTIGUOUS: u32 = 1;
    /// Elements are packed in column-major order.
    pub const F_CONTIGUOUS: u32 = 2;
    /// Every element lies at a multiple of its type's alignment.
    pub const ALIGNED: u32 = 4;
    /// Writing is not forbidden.
    pub const WRITEABLE: u32 = 8;
    /// Two elements share memory, or it could not be ruled out.
    pub const SELF_OVERLAP: u32 = 16;
}

/// All flags of a view.
pub fn flags(v: ViewRef<'_>) -> u32 {
    let mut bits = 0;
    let mut set = |holds: bool, bit: u32| bits |= if holds { bit } else { 0 };
    set(layout::is_c_contiguous(v.layout()), flag::C_CONTIGUOUS);
    set(layout::is_f_contiguous(v.layout()), flag::F_CONTIGUOUS);
    set(is_aligned(v), flag::ALIGNED);
    set(!v.is_readonly(), flag::WRITEABLE);
    set(overlaps_itself(v.layout()), flag::SELF_OVERLAP);
    bits
}

/// Whether every element lies at a multiple of its type's alignment. Axes of extent 1 are not looked at; a view
/// without elements is aligned.
#[inline]
pub fn is_aligned(v: ViewRef<'_>) -> bool {
    let strides = v.shape().iter().zip(v.strides()).filter(|(n, _)| **n > 1);
    let bits = strides.fold(v.data() as usize as i64, |bits, (_, &stride)| bits | stride);
    bits & (v.dtype().align() - 1) == 0 || v.is_empty()
}

/// Whether two elements share memory; a layout that is too hard to decide counts as if.
#[inline]
pub fn overlaps_itself(l: Layout<'_>) -> bool {
    !matches!(self_overlap(l, MAX_OVERLAP_WORK), Overlap::No)
}

/// The distance in bytes from the first element of `a` to that of `b`.
#[inline]
pub fn distance(a: ViewRef<'_>, b: ViewRef<'_>) -> i64 {
    // Addresses of checked views are below 2^63.
    (b.data() as usize as i64).wrapping_sub(a.data() as usize as i64)
}

/// Whether the byte extents of two views meet: quick, and sometimes yes for views that share nothing.
#[inline]
pub fn may_overlap(a: ViewRef<'_>, b: ViewRef<'_>) -> bool {
    bounds_overlap(a.layout(), b.layout(), distance(a, b))
}

/// Whether two views share a byte, exactly; an error when that is not decided within [`MAX_OVERLAP_WORK`] steps.
pub fn overlaps(a: ViewRef<'_>, b: ViewRef<'_>) -> Result<bool> {
    match overlap(a.layout(), b.layout(), distance(a, b), MAX_OVERLAP_WORK) {
        Overlap::No => Ok(false),
        Overlap::Yes => Ok(true),
        Overlap::Undecided => Err(Error::OverlapUndecided),
    }
}

/// Checks that every element of `v` lies in the `nbytes` bytes from `block` on.
pub fn check_inside(v: ViewRef<'_>, block: *const u8, nbytes: i64) -> Result<()> {
    if nbytes < 0 {
        return Err(Error::InvalidArgument {
            rule: "the number of bytes must not be negative",
            value: nbytes,
        });
    }
    if v.is_empty() {
        return Ok(());
    }
    if block.is_null() {
        return Err(Error::NullPointer);
    }
    let start = (v.data() as usize as i128) - (block as usize as i128);
    let (low, high) = v.layout().extent();
    let (low, high) = (start + i128::from(low), start + i128::from(high));
    if low >= 0 && high <= i128::from(nbytes) {
        Ok(())
    } else {
        // Addresses have 64 bits; a distance between two of them always fits when clamped.
        let fit = |x: i128| x.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        Err(Error::OutOfBounds { low: fit(low), high: fit(high), nbytes })
    }
}

/// The address of one element; negative indices count from the end.
#[inline]
pub fn address(v: ViewRef<'_>, indices: &[i64]) -> Result<*mut u8> {
    Ok(v.at(layout::element_offset(v.layout(), indices)?))
}
