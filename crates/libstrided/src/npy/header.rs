//! The header of a `.npy` file: read without belief, written into a fixed buffer. Nothing here allocates.
//!
//! ```text
//!   \x93NUMPY  major minor  length           { 'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }    \n  data
//!   6 bytes    1     1      2 (1.0) or 4     a Python dictionary, padded with spaces to a multiple of 64
//! ```
//!
//! What the dictionary may hold is a small part of Python: strings without escapes, `True`, `False`, numbers, tuples
//! and, for records, lists. Each of the three keys must be there once, in any order, and no other.

use core::ops::Range;

use libstrided_view::{DType, Error, MAX_NDIM, checked_nbytes};

use super::descr::Descr;
use super::error::{NpyError, Result};

/// Bytes before the dictionary, in the longest case.
pub const MAX_PREAMBLE: usize = 12;

/// The longest dictionary that is read, as in NumPy. 64 axes take less than 1500 bytes.
pub const MAX_DICTIONARY: usize = 10_000;

/// The longest header that is written.
pub const MAX_WRITTEN: usize = 2048;

/// Data begins at a multiple of this many bytes.
const ALIGN: usize = 64;

/// NumPy leaves room for the first extent (in Fortran order the last) to grow in place to so many digits.
const GROWTH_DIGITS: usize = 21;

const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// How deep records in records may go.
const MAX_DEPTH: usize = 16;

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The element type.
    pub descr: Descr,
    /// Whether the first axis runs fastest in the file.
    pub fortran_order: bool,
    extents: [i64; MAX_NDIM],
    ndim: usize,
}

/// Where the dictionary of a file lies, counted from its first byte. `preamble` is the beginning of the file, up to
/// [`MAX_PREAMBLE`] bytes of it. The data begins where the dictionary ends.
pub fn dictionary(preamble: &[u8]) -> Result<Range<usize>> {
    let format = |rule| NpyError::Format { rule };
    let rest = preamble.strip_prefix(MAGIC).ok_or(format("the magic string is missing"))?;
    let short = format("the header is cut off");
    let [major, minor, rest @ ..] = rest else { return Err(short) };
    let (start, len) = match (major, minor, rest) {
        (1, 0, [a, b, ..]) => (10, u16::from_le_bytes([*a, *b]).into()),
        (2 | 3, 0, [a, b, c, d, ..]) => (12, u32::from_le_bytes([*a, *b, *c, *d])),
        (1..=3, 0, _) => return Err(short),
        _ => return Err(NpyError::Version { major: *major, minor: *minor }),
    };
    match usize::try_from(len) {
        Ok(len) if len <= MAX_DICTIONARY => Ok(start..start + len),
        _ => Err(format("the header is longer than 10000 bytes")),
    }
}

impl Header {
    /// A header for elements of this type and these extents. Fails like any layout of that shape.
    pub fn new(descr: Descr, fortran_order: bool, shape: &[i64]) -> Result<Header> {
        let mut extents = [0; MAX_NDIM];
        let room = extents.get_mut(..shape.len());
        room.ok_or(Error::TooManyAxes { ndim: shape.len() as i64 })?.copy_from_slice(shape);
        descr.dtype.check_itemsize(descr.itemsize)?;
        checked_nbytes(descr.itemsize, shape)?;
        Ok(Header { descr, fortran_order, extents, ndim: shape.len() })
    }

    /// Reads the dictionary.
    pub fn parse(dictionary: &[u8]) -> Result<Header> {
        let mut text = Text { rest: dictionary };
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        text.expect(b'{')?;
        while !text.accept(b'}') {
            let key = text.string()?;
            text.expect(b':')?;
            let repeated = match key {
                b"descr" => descr.replace(text.descr(0)?).is_some(),
                b"fortran_order" => fortran_order.replace(text.boolean()?).is_some(),
                b"shape" => shape.replace(text.extents()?).is_some(),
                _ => return Err(NpyError::Format { rule: "the header holds an unknown key" }),
            };
            if repeated {
                return Err(NpyError::Format { rule: "the header holds a key twice" });
            }
            if !text.accept(b',') {
                text.expect(b'}')?;
                break;
            }
        }
        text.end()?;
        match (descr, fortran_order, shape) {
            (Some(descr), Some(fortran_order), Some((extents, ndim))) => {
                Header::new(descr, fortran_order, &extents[..ndim])
            }
            _ => Err(NpyError::Format { rule: "the header needs the keys descr, fortran_order and shape" }),
        }
    }

    /// The extents.
    pub fn shape(&self) -> &[i64] {
        &self.extents[..self.ndim]
    }

    /// Bytes of data.
    pub fn nbytes(&self) -> Result<i64> {
        Ok(checked_nbytes(self.descr.itemsize, self.shape())?)
    }

    /// Writes the whole header, in the words of NumPy, byte for byte; returns the part of `room` that it takes, a
    /// multiple of 64 bytes.
    pub fn write<'a>(&self, room: &'a mut [u8; MAX_WRITTEN]) -> Result<&'a [u8]> {
        // Preamble, and 64 extents of at most 19 digits, take 1500 bytes at most.
        let mut out = Room { bytes: room, len: 0 };
        out.push(MAGIC)?;
        out.push(&[1, 0, 0, 0])?;
        out.push(b"{'descr': '")?;
        self.write_descr(&mut out)?;
        out.push(b"', 'fortran_order': ")?;
        out.push(if self.fortran_order { b"True" } else { b"False" })?;
        out.push(b", 'shape': (")?;
        for (axis, &extent) in self.shape().iter().enumerate() {
            out.push(if axis == 0 { b"" } else { b", " })?;
            out.number(extent)?;
        }
        out.push(if self.ndim == 1 { b",), }" } else { b"), }" })?;

        let growing = if self.fortran_order { self.shape().last() } else { self.shape().first() };
        let growth = growing.map_or(0, |&extent| GROWTH_DIGITS - digits(extent));
        let unpadded = out.len + growth + 1;
        // NumPy pads by 1 to 64 bytes, never by none.
        let total = unpadded + ALIGN - unpadded % ALIGN;
        while out.len < total - 1 {
            out.push(b" ")?;
        }
        out.push(b"\n")?;
        let [low, high] = (total as u16 - 10).to_le_bytes();
        room[8] = low;
        room[9] = high;
        Ok(&room[..total])
    }

    fn write_descr(&self, out: &mut Room<'_>) -> Result<()> {
        match self.descr.dtype {
            // As Python's `ml_dtypes`.
            DType::Bf16 => out.push(&[super::descr::NATIVE, b'V', b'2']),
            dtype => {
                out.push(&Descr::prefix(dtype))?;
                out.number(self.descr.itemsize)
            }
        }
    }
}

/// A buffer that is filled from the front.
struct Room<'a> {
    bytes: &'a mut [u8; MAX_WRITTEN],
    len: usize,
}

impl Room<'_> {
    fn push(&mut self, text: &[u8]) -> Result<()> {
        let end = self.len + text.len();
        let place = self.bytes.get_mut(self.len..end).ok_or(NpyError::Array(Error::Internal))?;
        place.copy_from_slice(text);
        self.len = end;
        Ok(())
    }

    fn number(&mut self, value: i64) -> Result<()> {
        let mut scale = 10_i64.pow(digits(value) as u32 - 1);
        while scale > 0 {
            self.push(&[b'0' + (value / scale % 10) as u8])?;
            scale /= 10;
        }
        Ok(())
    }
}

/// How many decimal digits a number that is not negative has.
fn digits(value: i64) -> usize {
    value.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// A decimal number that is not negative and fits.
pub(super) fn parse_extent(digits: &[u8]) -> Option<i64> {
    let add = |value: i64, &c: &u8| {
        let digit = (c as char).to_digit(10)?;
        value.checked_mul(10)?.checked_add(digit.into())
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}

/// What is left of the dictionary.
struct Text<'a> {
    rest: &'a [u8],
}

impl<'a> Text<'a> {
    /// The next byte that is no space, left where it is.
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.first().copied()
    }

    /// Whether this byte comes next; then it is taken.
    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.accept(byte) {
            Ok(())
        } else {
            Err(NpyError::Format { rule: "the header is no dictionary of the known form" })
        }
    }

    fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(NpyError::Format { rule: "something follows the dictionary in the header" }),
        }
    }

    /// Takes bytes while `wanted`.
    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a [u8] {
        let len = self.rest.iter().position(|&c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }

    /// A string in either kind of quotes.
    fn string(&mut self) -> Result<&'a [u8]> {
        let rule = "a string in the header is not closed, or holds an escape";
        let quote = if self.accept(b'\'') {
            b'\''
        } else {
            self.expect(b'"')?;
            b'"'
        };
        let content = self.take_while(|c| c != quote && c != b'\\' && c != b'\n');
        match self.rest {
            [c, rest @ ..] if *c == quote => {
                self.rest = rest;
                Ok(content)
            }
            _ => Err(NpyError::Format { rule }),
        }
    }

    fn boolean(&mut self) -> Result<bool> {
        self.peek();
        match self.take_while(|c| c.is_ascii_alphanumeric()) {
            b"True" => Ok(true),
            b"False" => Ok(false),
            _ => Err(NpyError::Format { rule: "fortran_order must be True or False" }),
        }
    }

    fn extent(&mut self) -> Result<i64> {
        self.peek();
        let digits = self.take_while(|c| c.is_ascii_digit());
        // Python 2 wrote long numbers as 3L.
        if let [b'L', rest @ ..] = self.rest {
            self.rest = rest;
        }
        parse_extent(digits).ok_or(NpyError::Format { rule: "an extent must be a number from 0 to 2^63 - 1" })
    }

    /// A tuple of extents, with how many there are.
    fn extents(&mut self) -> Result<([i64; MAX_NDIM], usize)> {
        let mut extents = [0; MAX_NDIM];
        let mut ndim = 0;
        self.expect(b'(')?;
        while !self.accept(b')') {
            let extent = self.extent()?;
            *extents.get_mut(ndim).ok_or(Error::TooManyAxes { ndim: ndim as i64 + 1 })? = extent;
            ndim += 1;
            if !self.accept(b',') {
                self.expect(b')')?;
                // (3) is a number in parentheses, not a tuple.
                if ndim == 1 {
                    return Err(NpyError::Format { rule: "the shape must be a tuple" });
                }
                break;
            }
        }
        Ok((extents, ndim))
    }

    /// A type: a string, or a list of fields.
    fn descr(&mut self, depth: usize) -> Result<Descr> {
        if self.peek() != Some(b'[') {
            return Descr::parse(self.string()?);
        }
        if depth == MAX_DEPTH {
            return Err(NpyError::Format { rule: "records must not be nested deeper than 16" });
        }
        self.expect(b'[')?;
        let mut itemsize: i64 = 0;
        while !self.accept(b']') {
            let size = self.field(depth)?;
            itemsize = itemsize.checked_add(size).ok_or(Error::SizeOverflow)?;
            if !self.accept(b',') {
                self.expect(b']')?;
                break;
            }
        }
        if itemsize == 0 {
            return Err(NpyError::UnknownType);
        }
        Ok(Descr { dtype: DType::Opaque, itemsize, swapped: false })
    }

    /// `(name, type)` or `(name, type, shape)`; returns the bytes that the field takes.
    fn field(&mut self, depth: usize) -> Result<i64> {
        self.expect(b'(')?;
        if self.accept(b'(') {
            // A title and a name.
            self.string()?;
            self.expect(b',')?;
            self.string()?;
            self.expect(b')')?;
        } else {
            self.string()?;
        }
        self.expect(b',')?;
        let descr = self.descr(depth + 1)?;
        if descr.swapped {
            // The bytes of a record are passed on as they are.
            return Err(NpyError::Format { rule: "records must be in this machine's byte order" });
        }
        let mut size = descr.itemsize;
        if self.accept(b',') && self.peek() == Some(b'(') {
            let (extents, ndim) = self.extents()?;
            size = checked_nbytes(size, &extents[..ndim])?;
        }
        self.accept(b',');
        self.expect(b')')?;
        Ok(size)
    }
}

#[cfg(test)]
mod tests;
