//! The operations: one table that says what each is called, what it takes, what it gives and how it treats edge cases.
//!
//! ```text
//!   table    the operations, one line for each: the only place that lists them
//!   dtypes   the dtype in which an operation computes and the one that it gives, by the rules of NumPy 2
//! ```
//!
//! Everything that exists once for each operation follows from the table: the enums here, the constants and functions of
//! the C ABI, their C++ and Fortran forms, and the table in the documentation (`cargo xtask header` writes these).
//! Numbers and names are those of the C ABI and never change.

mod dtypes;
mod table;

use libstrided_layout::{DType, Error, Kind, Result};

pub use table::{BinaryOp, ReduceOp, ScanOp, UnaryOp};

/// One row of the table of operations.
#[derive(Clone, Copy, Debug)]
pub struct OpInfo<Op> {
    /// The operation.
    pub op: Op,
    /// Its name: `"add"`.
    pub name: &'static str,
    /// The kinds of elements that it takes.
    pub takes: Takes,
    /// The dtype that it gives.
    pub gives: Gives,
    /// What it does, as one line of documentation.
    pub doc: &'static str,
    /// How it treats edge cases, as another line; empty where there is nothing to say.
    pub rule: &'static str,
}

/// The kinds of elements that an operation takes, before any conversion of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Takes(u8);

impl Takes {
    const BOOL: Takes = Takes(1);
    const INTEGER: Takes = Takes(2);
    const FLOAT: Takes = Takes(4);
    const COMPLEX: Takes = Takes(8);
    /// Bool and integers.
    pub const BITS: Takes = Takes(1 | 2);
    /// Bool, integers and floats.
    pub const REAL: Takes = Takes(1 | 2 | 4);
    /// Integers, floats and complex numbers.
    pub const NUMBER: Takes = Takes(2 | 4 | 8);
    /// Everything but opaque items.
    pub const ALL: Takes = Takes(1 | 2 | 4 | 8);

    /// Whether a dtype is of these kinds.
    pub fn contains(self, dtype: DType) -> bool {
        let bit = match dtype.kind() {
            Kind::Bool => Takes::BOOL,
            Kind::Unsigned | Kind::Signed => Takes::INTEGER,
            Kind::Float => Takes::FLOAT,
            Kind::Complex => Takes::COMPLEX,
            Kind::Opaque => return false,
        };
        self.0 & bit.0 != 0
    }

    /// The kinds in words.
    pub fn text(self) -> &'static str {
        match self {
            Takes::BITS => "bool, integers",
            Takes::REAL => "bool, integers, floats",
            Takes::NUMBER => "integers, floats, complex",
            _ => "all",
        }
    }
}

/// The dtype of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// The dtype in which it is computed: the common dtype of the inputs.
    Same,
    /// The same, but bool is computed as `i8`.
    Number,
    /// The same, but integers and bool are computed as `f64`.
    Inexact,
    /// The same, but integers and bool are computed in the smallest float that holds them: `f16`, `f32` or `f64`.
    Float,
    /// The same, but complex numbers give their real dtype.
    Part,
    /// Bool, computed in the common dtype of the inputs.
    Bool,
    /// Bool, computed in bool: an element counts as whether it is not 0. Integers of one dtype are asked as they are.
    Truth,
    /// Sums and products: integers and bool are computed in 64 bits.
    Wide,
    /// The same, but integers and bool are computed as `f64`, and complex numbers give their real dtype.
    Real,
    /// `i64`: a number of elements.
    Count,
    /// `i64`: the index of an element.
    Index,
}

impl Gives {
    /// The dtype in words.
    pub fn text(self) -> &'static str {
        match self {
            Gives::Same => "the common dtype",
            Gives::Number => "the common dtype; bool gives i8",
            Gives::Inexact => "the common dtype; bool and integers give f64",
            Gives::Float => "the common dtype; bool and integers of 8, 16, more bits give f16, f32, f64",
            Gives::Part => "the dtype; complex gives its real dtype",
            Gives::Bool | Gives::Truth => "bool",
            Gives::Wide => "the dtype; bool and signed integers give i64, unsigned ones u64",
            Gives::Real => "the dtype; bool and integers give f64, complex its real dtype",
            Gives::Count | Gives::Index => "i64",
        }
    }
}

/// The enum of a family of operations and its table, from one line for each operation.
macro_rules! operations {
    ($(#[$doc:meta])* $family:ident {
        $($op:ident = $code:literal, $name:literal, $takes:ident -> $gives:ident, $does:literal, $rule:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(i32)]
        pub enum $family {
            $(#[doc = concat!($does, ".")] $op = $code,)*
        }

        impl $family {
            /// The table, in the order of the numbers.
            pub const TABLE: &'static [$crate::op::OpInfo<$family>] = &[
                $($crate::op::OpInfo {
                    op: $family::$op,
                    name: $name,
                    takes: $crate::op::Takes::$takes,
                    gives: $crate::op::Gives::$gives,
                    doc: $does,
                    rule: $rule,
                },)*
            ];

            /// The operation with this number.
            #[inline]
            pub fn from_code(code: i32) -> libstrided_layout::Result<$family> {
                $crate::op::find($family::TABLE, $family::TABLE[0].op as i32, code)
            }

            /// The row of the table.
            #[inline]
            pub fn info(self) -> &'static $crate::op::OpInfo<$family> {
                &$family::TABLE[(self as i32 - $family::TABLE[0].op as i32) as usize]
            }

            /// The number.
            #[inline]
            pub const fn code(self) -> i32 {
                self as i32
            }
        }
    };
}
use operations;

/// The numbers of a table have no gaps, so an operation is found by its distance from the first.
#[inline]
fn find<Op: Copy>(table: &'static [OpInfo<Op>], first: i32, code: i32) -> Result<Op> {
    let place = usize::try_from(i64::from(code) - i64::from(first)).ok();
    place
        .and_then(|place| table.get(place))
        .map(|row| row.op)
        .ok_or(Error::UnknownEnumerator { what: "operation", value: code.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_the_order_of_the_numbers() {
        for (i, row) in BinaryOp::TABLE.iter().enumerate() {
            assert_eq!(row.op as usize, i + 1);
            assert_eq!(row.op.info().name, row.name);
            assert_eq!(BinaryOp::from_code(i as i32 + 1), Ok(row.op));
        }
        for (i, row) in UnaryOp::TABLE.iter().enumerate() {
            assert_eq!(row.op as usize, i + 101);
            assert_eq!(UnaryOp::from_code(i as i32 + 101), Ok(row.op));
        }
        for (i, row) in ReduceOp::TABLE.iter().enumerate() {
            assert_eq!(row.op as usize, i + 201);
            assert_eq!(ReduceOp::from_code(i as i32 + 201), Ok(row.op));
        }
        for (i, row) in ScanOp::TABLE.iter().enumerate() {
            assert_eq!(row.op as usize, i + 301);
            assert_eq!(ScanOp::from_code(i as i32 + 301), Ok(row.op));
        }
        assert!(ScanOp::from_code(305).is_err());
        for code in [i32::MIN, -1, 0, 29, 201, i32::MAX] {
            assert!(BinaryOp::from_code(code).is_err());
        }
        assert!(ReduceOp::from_code(1).is_err());
    }
}
