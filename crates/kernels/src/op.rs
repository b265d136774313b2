//! The operations: one table that says what each is called, what it takes and what it gives.
//!
//! Numbers and names are those of the C ABI and never change.

use libstrided_layout::{DType, Error, Kind, Result, promote};

/// One row of the table of operations.
#[derive(Clone, Copy, Debug)]
pub struct OpInfo<Op> {
    /// The operation.
    pub op: Op,
    /// Its name: `"add"`.
    pub name: &'static str,
    /// What it does, as one line of documentation.
    pub doc: &'static str,
    /// The kinds of elements that it takes.
    pub takes: Takes,
    /// The dtype that it gives.
    pub gives: Gives,
}

/// The kinds of elements that an operation takes, before any conversion of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Takes(u8);

impl Takes {
    const BOOL: Takes = Takes(1);
    const INTEGER: Takes = Takes(2);
    const FLOAT: Takes = Takes(4);
    const COMPLEX: Takes = Takes(8);
    const NUMBER: Takes = Takes(2 | 4 | 8);
    const ALL: Takes = Takes(1 | 2 | 4 | 8);

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
}

/// The dtype of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// The dtype in which it is computed: the common dtype of the inputs.
    Same,
    /// The same, but integers and bool are computed as `f64`.
    Inexact,
    /// Sums and products: integers and bool are computed in 64 bits.
    Wide,
}

/// An operation on two arrays, element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum BinaryOp {
    /// `a + b`; logical or for bool.
    Add = 1,
    /// `a - b`; not for bool.
    Subtract = 2,
    /// `a * b`; logical and for bool.
    Multiply = 3,
    /// `a / b`, of integers as `f64`.
    Divide = 4,
}

/// A reduction of an array over some of its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum ReduceOp {
    /// The sum, pairwise; 0 over nothing.
    Sum = 201,
    /// The product; 1 over nothing.
    Prod = 202,
    /// The smallest element; NaN if there is one.
    Min = 203,
    /// The largest element; NaN if there is one.
    Max = 204,
}

const fn info<Op: Copy>(
    op: Op,
    name: &'static str,
    takes: Takes,
    gives: Gives,
    doc: &'static str,
) -> OpInfo<Op> {
    OpInfo { op, name, doc, takes, gives }
}

impl BinaryOp {
    /// The table, in the order of the numbers.
    pub const TABLE: &'static [OpInfo<BinaryOp>] = &[
        info(BinaryOp::Add, "add", Takes::ALL, Gives::Same, "the sum of two arrays, element by element"),
        info(BinaryOp::Subtract, "subtract", Takes::NUMBER, Gives::Same, "the difference of two arrays"),
        info(
            BinaryOp::Multiply,
            "multiply",
            Takes::ALL,
            Gives::Same,
            "the product of two arrays, element by element",
        ),
        info(
            BinaryOp::Divide,
            "divide",
            Takes::ALL,
            Gives::Inexact,
            "the quotient of two arrays; integers are divided as f64",
        ),
    ];

    /// The operation with this number.
    #[inline]
    pub fn from_code(code: i32) -> Result<BinaryOp> {
        find(BinaryOp::TABLE, code, |op| op as i32)
    }

    /// The row of the table.
    #[inline]
    pub fn info(self) -> &'static OpInfo<BinaryOp> {
        row(BinaryOp::TABLE, self, |op| op as i32)
    }

    /// The dtype in which two arrays are computed and that of the result, by the rules of NumPy 2.
    #[inline]
    pub fn dtypes(self, a: DType, b: DType) -> Result<(DType, DType)> {
        let common = if a == b { a } else { promote(a, b)? };
        let info = self.info();
        if !info.takes.contains(common) {
            return Err(Error::UnsupportedDType { dtype: common });
        }
        Ok(match info.gives {
            Gives::Inexact if common.kind() <= Kind::Signed => (DType::F64, DType::F64),
            _ => (common, common),
        })
    }
}

impl ReduceOp {
    /// The table, in the order of the numbers.
    pub const TABLE: &'static [OpInfo<ReduceOp>] = &[
        info(ReduceOp::Sum, "sum", Takes::ALL, Gives::Wide, "the sum over axes, by a fixed tree of pairs"),
        info(ReduceOp::Prod, "prod", Takes::ALL, Gives::Wide, "the product over axes"),
        info(
            ReduceOp::Min,
            "min",
            Takes::ALL,
            Gives::Same,
            "the smallest element over axes; NaN if there is one",
        ),
        info(
            ReduceOp::Max,
            "max",
            Takes::ALL,
            Gives::Same,
            "the largest element over axes; NaN if there is one",
        ),
    ];

    /// The operation with this number.
    #[inline]
    pub fn from_code(code: i32) -> Result<ReduceOp> {
        find(ReduceOp::TABLE, code, |op| op as i32)
    }

    /// The row of the table.
    #[inline]
    pub fn info(self) -> &'static OpInfo<ReduceOp> {
        row(ReduceOp::TABLE, self, |op| op as i32)
    }

    /// The dtype in which an array is accumulated and that of the result, by the rules of NumPy 2: integers and bool
    /// are summed and multiplied as `i64` or `u64`, `f16` and `bf16` as `f32`.
    #[inline]
    pub fn dtypes(self, input: DType) -> Result<(DType, DType)> {
        let info = self.info();
        if !info.takes.contains(input) {
            return Err(Error::UnsupportedDType { dtype: input });
        }
        Ok(match (info.gives, input.kind()) {
            (Gives::Wide, Kind::Bool | Kind::Signed) => (DType::I64, DType::I64),
            (Gives::Wide, Kind::Unsigned) => (DType::U64, DType::U64),
            _ => (accumulator(input), input),
        })
    }

    /// The dtype in which an array is accumulated when the caller asks for a result of another dtype: the sum of
    /// `f32` elements into an `f64` output is an `f64` sum, as `dtype=` of NumPy.
    #[inline]
    pub fn accumulator_for(self, input: DType, output: DType) -> Result<DType> {
        let (acc, result) = self.dtypes(input)?;
        if output == result || self.info().gives != Gives::Wide {
            return Ok(acc);
        }
        let wider = promote(result, output)?;
        Ok(if wider == output { accumulator(output) } else { acc })
    }

    /// Whether reducing nothing has a result.
    #[inline]
    pub fn has_identity(self) -> bool {
        matches!(self, ReduceOp::Sum | ReduceOp::Prod)
    }
}

/// The dtype that partial results of a dtype are held in.
#[inline]
fn accumulator(dtype: DType) -> DType {
    match dtype {
        DType::Bool => DType::U8,
        DType::F16 | DType::Bf16 => DType::F32,
        other => other,
    }
}

#[inline]
fn find<Op: Copy>(table: &'static [OpInfo<Op>], code: i32, number: impl Fn(Op) -> i32) -> Result<Op> {
    table
        .iter()
        .map(|row| row.op)
        .find(|&op| number(op) == code)
        .ok_or(Error::UnknownEnumerator { what: "operation", value: code as i64 })
}

/// The numbers of a table have no gaps, so an operation is found by its distance from the first.
#[inline]
fn row<Op: Copy>(table: &'static [OpInfo<Op>], op: Op, number: impl Fn(Op) -> i32) -> &'static OpInfo<Op> {
    &table[(number(op) - number(table[0].op)) as usize]
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
        for (i, row) in ReduceOp::TABLE.iter().enumerate() {
            assert_eq!(row.op as usize, i + 201);
            assert_eq!(ReduceOp::from_code(i as i32 + 201), Ok(row.op));
        }
        assert!(BinaryOp::from_code(0).is_err());
        assert!(BinaryOp::from_code(201).is_err());
        assert!(ReduceOp::from_code(1).is_err());
    }

    #[test]
    fn results_have_the_dtypes_of_numpy() {
        use DType::*;
        assert_eq!(BinaryOp::Add.dtypes(U8, I8), Ok((I16, I16)));
        assert_eq!(BinaryOp::Divide.dtypes(U8, I8), Ok((F64, F64)));
        assert_eq!(BinaryOp::Divide.dtypes(Bool, Bool), Ok((F64, F64)));
        assert_eq!(BinaryOp::Divide.dtypes(F32, I8), Ok((F32, F32)));
        assert!(BinaryOp::Subtract.dtypes(Bool, Bool).is_err());
        assert!(BinaryOp::Add.dtypes(Opaque, Opaque).is_err());
        assert_eq!(ReduceOp::Sum.dtypes(Bool), Ok((I64, I64)));
        assert_eq!(ReduceOp::Sum.dtypes(U32), Ok((U64, U64)));
        assert_eq!(ReduceOp::Sum.dtypes(F16), Ok((F32, F16)));
        assert_eq!(ReduceOp::Max.dtypes(Bool), Ok((U8, Bool)));
        assert_eq!(ReduceOp::Sum.accumulator_for(F32, F64), Ok(F64));
        assert_eq!(ReduceOp::Sum.accumulator_for(I32, F64), Ok(F64));
        assert_eq!(ReduceOp::Sum.accumulator_for(I64, I8), Ok(I64));
        assert_eq!(ReduceOp::Max.accumulator_for(F32, F64), Ok(F32));
    }
}
