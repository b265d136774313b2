//! Arrays in files: NumPy's `.npy` format, read and written.
//!
//! ```text
//!   save   view ──► header (64 k bytes) ──► elements as they lie, if packed in C or F order; else packed in C order
//!   load   header, believed in nothing ──► size checked against the file ──► array ──► elements read into it
//! ```
//!
//! Headers are byte for byte those of NumPy, so the data of a saved file begins at a multiple of 64 bytes. Files are
//! read in versions 1.0, 2.0 and 3.0, in either memory order and either byte order. A header that promises more than
//! the file holds is refused before anything is allocated. The table of element types is in [`Descr`]'s module:
//! records and byte strings come in as opaque items, `bf16` is written as Python's `ml_dtypes` writes it (`<V2`), and
//! Python objects, dates and Unicode strings are refused.
//!
//! Reading and writing allocate nothing but the array that is loaded. Truth values other than 0 and 1 in a file
//! become 1.
//!
//! ```
//! use libstrided::npy;
//! use libstrided_view::{Array, Order};
//!
//! let path = std::env::temp_dir().join("libstrided-npy-example.npy");
//! let a = Array::from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[2, 3])?;
//! npy::save(&path, &a.as_view().transpose(None)?)?;
//! let b = npy::load(&path)?;
//! assert_eq!(b.as_view().shape(), [3, 2]);
//! assert_eq!(b.as_view().get::<f64>(&[2, 0])?, 3.0);
//! assert_eq!(b.as_view().strides(), [8, 24]); // Fortran order, as it was saved
//! # std::fs::remove_file(&path).expect("the file is there");
//! # Ok::<(), npy::NpyError>(())
//! ```

mod descr;
mod elements;
mod error;
mod file;
mod header;

use core::ffi::CStr;
use std::path::Path;

use libstrided_view::{Array, Order, View, ViewRef, is_c_contiguous, is_f_contiguous};

pub use descr::Descr;
pub use error::{NpyError, Result};
pub use header::{Header, MAX_DICTIONARY, MAX_PREAMBLE, MAX_WRITTEN, dictionary};

use file::{File, with_c_path};

/// Writes a view to a file. A file that is there is overwritten; after an error it may be incomplete.
pub fn save(path: impl AsRef<Path>, view: &View<'_>) -> Result<()> {
    let v = view.as_ref()?;
    // SAFETY: a `View` borrows its memory.
    with_c_path(path.as_ref(), |path| unsafe { save_ref(path, v) })
}

/// Reads the array in a file. It is packed, in the memory order of the file. What follows its last element is ignored.
pub fn load(path: impl AsRef<Path>) -> Result<Array> {
    with_c_path(path.as_ref(), load_c)
}

/// [`save`] for a view without a lifetime.
///
/// # Safety
/// `v` must describe memory that is there and is not being written, also not by overwriting the file (if the memory is
/// a mapping of it).
pub unsafe fn save_ref(path: &CStr, v: ViewRef<'_>) -> Result<()> {
    let descr = Descr { dtype: v.dtype(), itemsize: v.itemsize(), swapped: false };
    let fortran_order = is_f_contiguous(v.layout()) && !is_c_contiguous(v.layout());
    let mut room = [0; MAX_WRITTEN];
    // Everything that can be wrong with the view comes before the file is touched.
    let header = Header::new(descr, fortran_order, v.shape())?.write(&mut room)?;
    let file = File::create(path)?;
    // SAFETY: the header is a slice; the view is the caller's promise.
    unsafe {
        file.write(header.as_ptr(), header.len())?;
        elements::write(&file, v)?;
    }
    file.close()
}

/// [`load`] from a C path.
pub fn load_c(path: &CStr) -> Result<Array> {
    let file = File::open(path)?;
    let size = file.len()?;
    let (header, offset) = read_header(&file)?;
    let nbytes = header.nbytes()?;
    // Both are below 2^63.
    let expected = offset + nbytes as u64;
    if size < expected {
        return Err(NpyError::Truncated { expected, got: size });
    }
    let order = if header.fortran_order { Order::F } else { Order::C };
    let array = Array::new(header.descr.dtype, header.descr.itemsize, header.shape(), order)?;
    let len = nbytes as usize;
    // SAFETY: the new array holds `nbytes` packed bytes, which are nobody else's. They are written before they become
    // a slice: the slice is made only when as many have been read.
    unsafe {
        let data = array.view().data();
        let got = file.read_at(data, len, offset)?;
        if got < len {
            return Err(NpyError::Truncated { expected, got: offset + got as u64 });
        }
        elements::settle(&header, core::slice::from_raw_parts_mut(data, len));
    }
    Ok(array)
}

/// The header of a file, and where its data begins.
fn read_header(file: &File) -> Result<(Header, u64)> {
    let mut room = [0; MAX_DICTIONARY];
    // SAFETY: the room is ours, and longer than a preamble.
    let got = unsafe { file.read_at(room.as_mut_ptr(), MAX_PREAMBLE, 0)? };
    let place = dictionary(&room[..got])?;
    let len = place.len();
    // SAFETY: `dictionary` answers with no longer place than the room.
    let got = unsafe { file.read_at(room.as_mut_ptr(), len, place.start as u64)? };
    if got < len {
        let got = (place.start + got) as u64;
        return Err(NpyError::Truncated { expected: place.end as u64, got });
    }
    Ok((Header::parse(&room[..len])?, place.end as u64))
}
