//! What can go wrong with a file.

use core::fmt;

use libstrided_view::{DType, Error};

/// Why a `.npy` file could not be read or written. A plain value: making one allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NpyError {
    /// A system call failed.
    System {
        /// Its name: "open", "read", "write", "close", "fstat".
        call: &'static str,
        /// The value of `errno`.
        errno: i32,
    },
    /// A path that is too long or holds a NUL byte.
    Path,
    /// The file breaks the format.
    Format {
        /// The rule that it breaks, as a clause.
        rule: &'static str,
    },
    /// A version of the format that is none of 1.0, 2.0, 3.0.
    Version {
        /// The major version.
        major: u8,
        /// The minor version.
        minor: u8,
    },
    /// An element type that libstrided has no dtype for.
    UnknownType,
    /// The file ends before its last element.
    Truncated {
        /// Bytes that the header promises, itself included.
        expected: u64,
        /// Bytes in the file.
        got: u64,
    },
    /// What is wrong has nothing to do with the file: the array could not be made, the view is not valid.
    Array(Error),
}

/// The result of reading or writing a file.
pub type Result<T> = core::result::Result<T, NpyError>;

impl From<Error> for NpyError {
    fn from(error: Error) -> NpyError {
        NpyError::Array(error)
    }
}

/// The nearest error of the rest of the library, for callers that know no other.
impl From<NpyError> for Error {
    fn from(error: NpyError) -> Error {
        match error {
            NpyError::Array(error) => error,
            NpyError::UnknownType => Error::UnsupportedDType { dtype: DType::Opaque },
            NpyError::System { call, errno } => Error::File { call, errno },
            NpyError::Truncated { .. } => {
                Error::FileFormat { rule: "it ends before the bytes that its header promises" }
            }
            NpyError::Version { .. } => Error::FileFormat { rule: "its version is none of 1.0, 2.0 and 3.0" },
            NpyError::Path => {
                Error::InvalidArgument { rule: "the path must be shorter than 4096 bytes", value: 4096 }
            }
            NpyError::Format { rule } => Error::FileFormat { rule },
        }
    }
}

impl fmt::Display for NpyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            NpyError::System { call, errno } => write!(f, "{call} failed with errno {errno}"),
            NpyError::Path => write!(f, "the path is too long or holds a NUL byte"),
            NpyError::Format { rule } => write!(f, "not a valid .npy file: {rule}"),
            NpyError::Version { major, minor } => {
                write!(f, "version {major}.{minor} of the .npy format is not known (1.0, 2.0 and 3.0 are)")
            }
            NpyError::UnknownType => write!(f, "the file's element type has no dtype here"),
            NpyError::Truncated { expected, got } => {
                write!(f, "the file has {got} bytes, its header promises {expected}")
            }
            NpyError::Array(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for NpyError {}
