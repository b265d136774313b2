//! Element types as NumPy writes them: `'<f8'`, `'|b1'`, `'>c16'`, `'|V12'`.
//!
//! | file            | dtype                                                                              |
//! |-----------------|------------------------------------------------------------------------------------|
//! | `b1`            | `bool`                                                                             |
//! | `i1` ... `i8`   | `i8` ... `i64`                                                                     |
//! | `u1` ... `u8`   | `u8` ... `u64`                                                                     |
//! | `f2` `f4` `f8`  | `f16` `f32` `f64`                                                                  |
//! | `c8` `c16`      | `c64` `c128`                                                                       |
//! | `<V2`           | `bf16`: NumPy has no such type, this is how Python's `ml_dtypes` writes it         |
//! | `\|V2`, `V<n>`, `S<n>` | opaque items of n bytes                                                     |
//! | a list of fields | opaque items of the record's size; the names of the fields are not kept           |

use libstrided_view::DType;

use super::error::{NpyError, Result};

/// An element type of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descr {
    /// The dtype here.
    pub dtype: DType,
    /// Bytes per element.
    pub itemsize: i64,
    /// Whether numbers are stored with the other byte order than this machine's.
    pub swapped: bool,
}

/// The sign of this machine's byte order.
pub(super) const NATIVE: u8 = if cfg!(target_endian = "little") { b'<' } else { b'>' };

/// Dtypes with their letter; the size that follows it is the item size.
const LETTERS: [(DType, u8); 14] = [
    (DType::Bool, b'b'),
    (DType::I8, b'i'),
    (DType::I16, b'i'),
    (DType::I32, b'i'),
    (DType::I64, b'i'),
    (DType::U8, b'u'),
    (DType::U16, b'u'),
    (DType::U32, b'u'),
    (DType::U64, b'u'),
    (DType::F16, b'f'),
    (DType::F32, b'f'),
    (DType::F64, b'f'),
    (DType::C64, b'c'),
    (DType::C128, b'c'),
];

impl Descr {
    /// The type that a string like `<f8` stands for.
    pub fn parse(text: &[u8]) -> Result<Descr> {
        let (order, rest) = match text {
            [order @ (b'<' | b'>' | b'|' | b'='), rest @ ..] => (*order, rest),
            rest => (b'=', rest),
        };
        let [letter, digits @ ..] = rest else { return Err(NpyError::UnknownType) };
        let size = parse_size(digits).ok_or(NpyError::UnknownType)?;
        let swapped = matches!(order, b'<' | b'>') && order != NATIVE;
        if matches!(letter, b'V' | b'S') {
            // The sign says nothing for bytes, but for the one type that is told by it.
            let dtype =
                if *letter == b'V' && order == NATIVE && size == 2 { DType::Bf16 } else { DType::Opaque };
            return Ok(Descr { dtype, itemsize: size, swapped: false });
        }
        let known = LETTERS.iter().find(|(dtype, l)| l == letter && dtype.size() == size);
        let (dtype, _) = *known.ok_or(NpyError::UnknownType)?;
        Ok(Descr { dtype, itemsize: size, swapped: swapped && dtype.part().size() > 1 })
    }

    /// The sign and letter that stand before the item size.
    pub(super) fn prefix(dtype: DType) -> [u8; 2] {
        let letter = LETTERS.iter().find(|(known, _)| *known == dtype).map_or(b'V', |(_, letter)| *letter);
        let has_order = dtype != DType::Opaque && dtype.part().size() > 1;
        [if has_order { NATIVE } else { b'|' }, letter]
    }
}

/// A positive decimal number.
fn parse_size(digits: &[u8]) -> Option<i64> {
    let value = super::header::parse_extent(digits)?;
    (value > 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dtype_is_read_as_it_is_written() {
        for dtype in DType::ALL {
            let itemsize = if dtype == DType::Opaque { 37 } else { dtype.size() };
            let [order, letter] = Descr::prefix(dtype);
            let text = format!("{}{}{itemsize}", order as char, letter as char);
            assert_eq!(
                Descr::parse(text.as_bytes()),
                Ok(Descr { dtype, itemsize, swapped: false }),
                "{text}"
            );
        }
    }

    #[test]
    fn the_other_byte_order() {
        let other = if NATIVE == b'<' { ">" } else { "<" };
        for (name, swapped) in [("f8", true), ("c16", true), ("u2", true), ("i1", false), ("b1", false)] {
            let descr = Descr::parse(format!("{other}{name}").as_bytes());
            assert_eq!(descr.map(|d| d.swapped), Ok(swapped));
        }
    }

    #[test]
    fn types_without_a_dtype() {
        for text in
            ["", "<", "f", "<f", "<f3", "<f16", "|O", "<U4", "<M8[ns]", "b2", "<i16", "V0", "S0", "|V-1"]
        {
            assert_eq!(Descr::parse(text.as_bytes()), Err(NpyError::UnknownType), "{text}");
        }
        assert_eq!(Descr::parse(b"V99999999999999999999"), Err(NpyError::UnknownType));
    }
}
