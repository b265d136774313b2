//! Compiles one piece of code for every vector level and runs the version for the level in use.
//!
//! ```text
//!   vectorize(#[inline(always)] || loop over elements)
//!        baseline     the loop as the compiler makes it for the target
//!        avx2/avx512  the same loop inside a function with these target features
//!        neon         the same on aarch64
//! ```
//!
//! Everything called inside must be `#[inline(always)]`: a function of its own would be compiled for the baseline.
//! Nothing inside uses `mul_add`: results have the same bits at every level.
//!
//! Where the best form of a loop depends on the level, the loop is a [`Body`], which is told the level's [`Features`].

use crate::Level;

mod features;
pub(crate) use features::{Body, Features, HALVES, Long, Plain, Wide, converts_long, specialize};

/// Keeps the steps of the loop that this is called in apart.
///
/// A loop that handles a chunk of elements per step is vector code within a step, once the chunk is unrolled. Left to
/// itself the compiler vectorises such a loop a second time, across its steps, and gathers what lies side by side:
/// measured on Zen 4 at a third of the speed with AVX-512. An instruction sequence that it can not see into, here an
/// empty one, is something that it does not vectorise across.
#[inline(always)]
pub(crate) fn step() {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instructions, which touch nothing.
    unsafe {
        core::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// Keeps what is read and written before this apart from what is read and written after it: the compiler does not join
/// neighbours to wider vectors.
#[inline(always)]
pub(crate) fn apart() {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instructions; the compiler only has to think that they could touch memory.
    unsafe {
        core::arch::asm!("", options(nostack, preserves_flags));
    }
}

/// Has an array be in memory here, whatever is done with it later.
///
/// The compiler makes vectors of the elements of an array by their uses. What folds the array to one value in the end uses
/// elements that lie apart: without this, that decides for the loop before it, too, which then loads elements one by one
/// (measured on Zen 4 at a quarter of the speed). Stores of neighbours make vectors of neighbours.
#[inline(always)]
pub(crate) fn settle<T, const N: usize>(array: &mut [T; N]) {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instructions, which touch nothing.
    unsafe {
        core::arch::asm!("/* {0} */", in(reg) array.as_mut_ptr(), options(nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = array;
}

/// A copy that is in memory. Where the array is that of a loop, this keeps it in registers inside the loop; [`settle`] has it
/// written in every step.
#[inline(always)]
pub(crate) fn settled<T: Copy, const N: usize>(array: &[T; N]) -> [T; N] {
    let mut copy = *array;
    settle(&mut copy);
    copy
}

/// Runs `body`, compiled for the level in use.
#[inline(always)]
pub(crate) fn vectorize<R>(body: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    match Level::current() {
        // SAFETY: `Level::current` is only ever a level that this CPU has.
        Level::Avx2 => unsafe { pulp::x86::V3::new_unchecked() }.vectorize(body),
        // SAFETY: as above.
        Level::Avx512 => unsafe { pulp::x86::V4::new_unchecked() }.vectorize(body),
        Level::Baseline | Level::Neon => body(),
    }
    #[cfg(target_arch = "aarch64")]
    match Level::current() {
        // SAFETY: `Level::current` is only ever a level that this CPU has.
        Level::Neon => unsafe { pulp::aarch64::Neon::new_unchecked() }.vectorize(body),
        _ => body(),
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    body()
}
