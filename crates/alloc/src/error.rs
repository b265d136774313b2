//! What can go wrong when memory is asked for.

use core::fmt;

/// Why memory could not be had. A plain value: making one allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AllocError {
    /// The system or the caller's allocator has no memory left.
    OutOfMemory {
        /// Bytes asked for, with the bookkeeping that goes with them.
        bytes: usize,
    },
    /// An alignment that is not a power of two between 64 and 4096.
    BadAlignment {
        /// The alignment as given.
        align: usize,
    },
    /// A table of allocator functions in which a required one is NULL.
    IncompleteAllocator {
        /// The name of the entry.
        missing: &'static str,
    },
    /// A size that, with its bookkeeping, does not fit into the address space.
    SizeOverflow {
        /// Bytes asked for.
        bytes: usize,
    },
    /// A caller's allocator returned a pointer without the alignment asked for. The pointer was given back to it.
    Misaligned {
        /// The address it returned.
        address: usize,
        /// The alignment asked for.
        align: usize,
    },
    /// A NULL pointer to foreign memory that is said to hold bytes.
    NullPointer {
        /// How many bytes it was said to hold.
        bytes: usize,
    },
    /// The memory has as many shares as can be counted.
    TooManyShares,
}

/// The result of asking for memory.
pub type Result<T> = core::result::Result<T, AllocError>;

impl fmt::Display for AllocError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            AllocError::OutOfMemory { bytes } => write!(f, "{bytes} bytes of memory could not be allocated"),
            AllocError::BadAlignment { align } => {
                write!(f, "the alignment must be a power of two from 64 to 4096, not {align}")
            }
            AllocError::IncompleteAllocator { missing } => {
                write!(f, "the allocator's function '{missing}' is NULL")
            }
            AllocError::SizeOverflow { bytes } => {
                write!(f, "{bytes} bytes do not fit into the address space")
            }
            AllocError::Misaligned { address, align } => {
                write!(f, "the allocator returned {address:#x}, which is not aligned to {align} bytes")
            }
            AllocError::NullPointer { bytes } => {
                write!(f, "a NULL pointer can not hold {bytes} bytes")
            }
            AllocError::TooManyShares => write!(f, "the memory has too many shares"),
        }
    }
}

impl core::error::Error for AllocError {}
