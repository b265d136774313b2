//! Loops by hand, where the compiler does not find the instructions for [`super::runs`] and [`super::groups`]: those of the
//! machine, or none.

use super::Runs;

/// Folds rows, if they are some that it folds; those that need care by the loops that it is given.
pub(in crate::reduce) type ByHand = unsafe fn(&Runs, unsafe fn(&Runs)) -> bool;

#[cfg(target_arch = "x86_64")]
pub(in crate::reduce) use super::x86_avx512::{count, extreme, sum, widening};

#[cfg(not(target_arch = "x86_64"))]
pub(in crate::reduce) use none::{count, extreme, sum, widening};

#[cfg(not(target_arch = "x86_64"))]
mod none {
    use libstrided_layout::DType;

    use super::ByHand;

    pub(in crate::reduce) const fn sum(_: DType) -> Option<ByHand> {
        None
    }
    pub(in crate::reduce) const fn widening(_: DType) -> Option<ByHand> {
        None
    }
    pub(in crate::reduce) const fn count(_: usize) -> Option<ByHand> {
        None
    }
    pub(in crate::reduce) const fn extreme<const LARGEST: bool>(_: DType) -> Option<ByHand> {
        None
    }
}
