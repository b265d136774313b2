//! The element types: one table that every other layer reads.
//!
//! A dtype is a number with a name, a size, an alignment and a kind. The numbers are part of the C ABI and never change.

use core::ffi::CStr;

use crate::{Error, Result};

/// The type of an element. The numbers are those of the C ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum DType {
    /// One byte, 0 or 1.
    Bool = 1,
    /// Signed 8-bit integer.
    I8 = 2,
    /// Signed 16-bit integer.
    I16 = 3,
    /// Signed 32-bit integer.
    I32 = 4,
    /// Signed 64-bit integer.
    I64 = 5,
    /// Unsigned 8-bit integer.
    U8 = 6,
    /// Unsigned 16-bit integer.
    U16 = 7,
    /// Unsigned 32-bit integer.
    U32 = 8,
    /// Unsigned 64-bit integer.
    U64 = 9,
    /// IEEE half precision (binary16).
    F16 = 10,
    /// The upper half of a binary32 (bfloat16).
    Bf16 = 11,
    /// IEEE single precision.
    F32 = 12,
    /// IEEE double precision.
    F64 = 13,
    /// Two `F32`: real part, imaginary part.
    C64 = 14,
    /// Two `F64`: real part, imaginary part.
    C128 = 15,
    /// Any item size: can be viewed, copied and transposed, not computed on.
    Opaque = 16,
}

/// The kinds of dtype, in the order of NumPy's "same kind" rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `Bool`.
    Bool,
    /// `U8` to `U64`.
    Unsigned,
    /// `I8` to `I64`.
    Signed,
    /// `F16`, `Bf16`, `F32`, `F64`.
    Float,
    /// `C64`, `C128`.
    Complex,
    /// `Opaque`.
    Opaque,
}

/// One row of the dtype table.
struct Row {
    dtype: DType,
    name: &'static CStr,
    /// Bytes per element; 0 for `Opaque`, whose size is the caller's.
    size: u8,
    /// Alignment in bytes of the C type.
    align: u8,
    kind: Kind,
}

const fn row(dtype: DType, name: &'static CStr, size: u8, align: u8, kind: Kind) -> Row {
    Row { dtype, name, size, align, kind }
}

/// The dtype table, in the order of the numbers, from 1.
const TABLE: [Row; 16] = [
    row(DType::Bool, c"bool", 1, 1, Kind::Bool),
    row(DType::I8, c"i8", 1, 1, Kind::Signed),
    row(DType::I16, c"i16", 2, 2, Kind::Signed),
    row(DType::I32, c"i32", 4, 4, Kind::Signed),
    row(DType::I64, c"i64", 8, 8, Kind::Signed),
    row(DType::U8, c"u8", 1, 1, Kind::Unsigned),
    row(DType::U16, c"u16", 2, 2, Kind::Unsigned),
    row(DType::U32, c"u32", 4, 4, Kind::Unsigned),
    row(DType::U64, c"u64", 8, 8, Kind::Unsigned),
    row(DType::F16, c"f16", 2, 2, Kind::Float),
    row(DType::Bf16, c"bf16", 2, 2, Kind::Float),
    row(DType::F32, c"f32", 4, 4, Kind::Float),
    row(DType::F64, c"f64", 8, 8, Kind::Float),
    row(DType::C64, c"c64", 8, 4, Kind::Complex),
    row(DType::C128, c"c128", 16, 8, Kind::Complex),
    row(DType::Opaque, c"opaque", 0, 1, Kind::Opaque),
];

/// The sizes by number, in one cache line: each check of a view looks here.
const SIZES: [u8; 17] = {
    let mut sizes = [0; 17];
    let mut i = 0;
    while i < 16 {
        sizes[i + 1] = TABLE[i].size;
        i += 1;
    }
    sizes
};

impl DType {
    /// Every dtype, in the order of the numbers.
    pub const ALL: [DType; 16] = {
        let mut all = [DType::Bool; 16];
        let mut i = 0;
        while i < 16 {
            all[i] = TABLE[i].dtype;
            i += 1;
        }
        all
    };

    /// The dtype with this number.
    #[inline]
    pub fn from_code(code: i32) -> Result<DType> {
        // Written out, this is a comparison and no look into a table.
        match code {
            1 => Ok(DType::Bool),
            2 => Ok(DType::I8),
            3 => Ok(DType::I16),
            4 => Ok(DType::I32),
            5 => Ok(DType::I64),
            6 => Ok(DType::U8),
            7 => Ok(DType::U16),
            8 => Ok(DType::U32),
            9 => Ok(DType::U64),
            10 => Ok(DType::F16),
            11 => Ok(DType::Bf16),
            12 => Ok(DType::F32),
            13 => Ok(DType::F64),
            14 => Ok(DType::C64),
            15 => Ok(DType::C128),
            16 => Ok(DType::Opaque),
            _ => Err(Error::UnknownEnumerator { what: "dtype", value: code as i64 }),
        }
    }

    #[inline]
    fn row(self) -> &'static Row {
        &TABLE[self as usize - 1]
    }

    /// The number in the C ABI.
    #[inline]
    pub fn code(self) -> i32 {
        self as i32
    }

    /// The name: `"f64"`, `"c128"`, `"opaque"`.
    #[inline]
    pub fn name(self) -> &'static str {
        // The table holds nothing but ASCII.
        self.row().name.to_str().unwrap_or("")
    }

    /// The name as C takes it.
    #[inline]
    pub fn c_name(self) -> &'static CStr {
        self.row().name
    }

    /// Bytes per element; 0 for [`DType::Opaque`], whose item size is the caller's.
    #[inline]
    pub fn size(self) -> i64 {
        SIZES[self as usize] as i64
    }

    /// Alignment in bytes of the C type; 1 for [`DType::Opaque`].
    #[inline]
    pub fn align(self) -> i64 {
        self.row().align as i64
    }

    /// The kind.
    #[inline]
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// Whether `itemsize` bytes can be an item of this dtype.
    #[inline]
    pub fn check_itemsize(self, itemsize: i64) -> Result<()> {
        let size = self.size();
        if itemsize > 0 && (itemsize == size || size == 0) {
            Ok(())
        } else {
            Err(Error::ItemSize { itemsize, dtype: self })
        }
    }

    /// The dtype of the real and imaginary parts; the dtype itself when it is not complex.
    #[inline]
    pub fn part(self) -> DType {
        match self {
            DType::C64 => DType::F32,
            DType::C128 => DType::F64,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_numbers() {
        for (i, dtype) in DType::ALL.into_iter().enumerate() {
            assert_eq!(dtype.code(), i as i32 + 1);
            assert_eq!(DType::from_code(dtype.code()), Ok(dtype));
        }
        assert!(DType::from_code(0).is_err());
        assert!(DType::from_code(17).is_err());
        assert!(DType::from_code(i32::MIN).is_err());
    }

    #[test]
    fn complex_types_are_two_parts() {
        for dtype in [DType::C64, DType::C128] {
            assert_eq!(dtype.part().size() * 2, dtype.size());
            assert_eq!(dtype.part().align(), dtype.align());
        }
    }
}
