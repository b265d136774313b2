//! Blocks of memory for arrays: aligned, shared by counting, given back exactly once to where they came from.
//!
//! An array library needs four kinds of memory, and needs to forget which one it has: blocks of its own, blocks from
//! an allocator that the caller brings (pinned, shared, on another NUMA node), memory that somebody else owns and lends
//! out, and very large blocks, which want mappings and huge pages. [`Memory`] is one share in any of them.
//!
//! ```text
//!   Memory (one pointer) ──> header, 64 bytes: shares │ data │ nbytes │ origin
//!                                                        │
//!   heap      malloc [ slack │ header │ data ........ ] <┘     free(slack)
//!   mapped    malloc [ header ]   mapping [ data ..... ]       ring of freed mappings, or munmap
//!   caller    malloc [ header ]   alloc() [ data ..... ]       the table's free(), same size and alignment
//!   foreign   malloc [ header ]   lent    [ data ..... ]       release(ctx)
//! ```
//!
//! - **Alignment** is 64 bytes, or any power of two up to 4096 on request. It is for non-temporal stores, direct I/O and
//!   one code path in the kernels; it is worth a few per cent in cache and nothing in memory.
//! - **Heap blocks** are one `malloc` with the header below the data: several times cheaper than `posix_memalign`.
//! - **Large blocks**, from 2 MiB, are mappings of their own that begin at a multiple of 2 MiB. Huge pages are asked for on
//!   that mapping only. Freed ones are kept for reuse up to a limit: 256 MiB, or `STRIDED_CACHE_BYTES` in the
//!   environment, or [`set_cache_limit`]; 0 switches that off.
//! - **Zeroed blocks** come from `calloc` or a fresh mapping: their pages are not touched before the program does.
//! - **Errors** are values ([`AllocError`]): sizes that overflow, memory that runs out, incomplete or lying allocators.
//!   Nothing here panics or allocates behind the scenes.
//!
//! # What is unsafe, and why it is sound
//! The count follows the rules of `std::sync::Arc`: a share is added with relaxed ordering, given up with release
//! ordering, and whoever takes the count to 0 acquires before giving the block back. What callers bring (allocator
//! tables, foreign memory) is vouched for by them, in the `# Safety` sections of [`Memory::new_with`] and
//! [`Memory::adopt`]. Bytes are reached through raw pointers only; no reference to them is ever made here.
//!
//! # After `fork`
//! No lock is held by anything here, so a child of a program with many threads can go on allocating and releasing.
//!
//! # Example
//! ```
//! use libstrided_alloc::{Contents, DEFAULT_ALIGN, Memory};
//!
//! let a = Memory::new(1000, DEFAULT_ALIGN, Contents::Zeroed)?;
//! assert!(a.as_ptr().addr().is_multiple_of(64));
//! let b = a.clone();
//! assert_eq!((a.shares(), b.nbytes()), (2, 1000));
//! drop(a);
//! assert!(b.is_unique());
//! # Ok::<(), libstrided_alloc::AllocError>(())
//! ```

mod allocator;
mod cache;
mod error;
mod header;
mod heap;
mod mapping;
mod memory;

pub use allocator::{AllocFn, Allocator, FreeFn};
pub use cache::{cache_limit, cached_bytes, set_cache_limit, trim_cache};
pub use error::{AllocError, Result};
pub use memory::{DEFAULT_ALIGN, LARGE_BLOCK, MAX_ALIGN, Memory, ReleaseFn};

/// What a new block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Anything: the bytes must be written before they are read.
    Uninit,
    /// Zeros, in pages that nobody has touched yet where that is possible.
    Zeroed,
}

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
