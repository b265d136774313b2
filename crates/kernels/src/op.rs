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
    const BITS: Takes = Takes(1 | 2);
    const REAL: Takes = Takes(1 | 2 | 4);
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
    /// The same, but bool is computed as `i8`.
    Number,
    /// The same, but integers and bool are computed as `f64`.
    Inexact,
    /// The same, but integers and bool are computed in the smallest float that holds them: `f16`, `f32` or `f64`.
    Float,
    /// The same, but complex numbers give their real dtype.
    Part,
    /// Bool, computed in the dtype of the input, integers and bool as `f64`.
    Question,
    /// Bool, computed in the common dtype of the inputs.
    Bool,
    /// Bool, computed in bool: an element counts as whether it is not 0.
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

/// An operation on two arrays, element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum BinaryOp {
    /// The sum of two arrays; logical or for bool.
    Add = 1,
    /// The difference of two arrays.
    Subtract = 2,
    /// The product of two arrays, element by element; logical and for bool.
    Multiply = 3,
    /// The quotient of two arrays; integers are divided as f64.
    Divide = 4,
    /// The largest integer not above the quotient; 0 for integers divided by 0.
    FloorDivide = 5,
    /// The remainder of the floor division, with the sign of the divisor; 0 for integers divided by 0.
    Remainder = 6,
    /// The first to the power of the second; integers wrap, and are rounded towards 0 for negative powers.
    Power = 7,
    /// The smaller of two elements; NaN when one of them is.
    Minimum = 8,
    /// The larger of two elements; NaN when one of them is.
    Maximum = 9,
    /// The smaller of two elements; NaN only when both are.
    Fmin = 10,
    /// The larger of two elements; NaN only when both are.
    Fmax = 11,
    /// The bits that are set in both.
    BitwiseAnd = 12,
    /// The bits that are set in either.
    BitwiseOr = 13,
    /// The bits that are set in one of the two.
    BitwiseXor = 14,
    /// The first shifted left by the second; 0 beyond the width.
    LeftShift = 15,
    /// The first shifted right by the second; 0 or -1 beyond the width.
    RightShift = 16,
    /// Whether both are not 0.
    LogicalAnd = 17,
    /// Whether one of the two is not 0.
    LogicalOr = 18,
    /// Whether exactly one of the two is not 0.
    LogicalXor = 19,
    /// Whether two elements are equal.
    Equal = 20,
    /// Whether two elements are not equal.
    NotEqual = 21,
    /// Whether the first is less than the second.
    Less = 22,
    /// Whether the first is not greater than the second.
    LessEqual = 23,
    /// Whether the first is greater than the second.
    Greater = 24,
    /// Whether the first is not less than the second.
    GreaterEqual = 25,
    /// The first with the sign of the second.
    CopySign = 26,
    /// The hypotenuse of a right triangle.
    Hypot = 27,
    /// The angle of the point whose y is the first and x the second.
    Atan2 = 28,
}

/// An operation on one array, element by element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum UnaryOp {
    /// The negative; integers wrap.
    Negative = 101,
    /// The absolute value; of complex numbers the magnitude.
    Absolute = 102,
    /// The square root; NaN of negative numbers.
    Sqrt = 103,
    /// The square; integers wrap.
    Square = 104,
    /// -1, 0 or 1; NaN for NaN.
    Sign = 105,
    /// One divided by the element; of integers as f64.
    Reciprocal = 106,
    /// The complex conjugate; a real number is its own.
    Conjugate = 107,
    /// Whether the element is 0.
    LogicalNot = 108,
    /// All bits turned; logical not for bool.
    Invert = 109,
    /// The largest integer not above.
    Floor = 110,
    /// The smallest integer not below.
    Ceil = 111,
    /// The integer part.
    Trunc = 112,
    /// The nearest integer, ties to even.
    Rint = 113,
    /// Whether the element is NaN.
    IsNan = 114,
    /// Whether the element is infinite.
    IsInf = 115,
    /// Whether the element is neither NaN nor infinite.
    IsFinite = 116,
    /// Whether the sign bit is set.
    SignBit = 117,
    /// E to the power of the element.
    Exp = 118,
    /// 2 to the power of the element.
    Exp2 = 119,
    /// E to the power of the element, minus 1.
    Expm1 = 120,
    /// The natural logarithm.
    Log = 121,
    /// The logarithm to base 2.
    Log2 = 122,
    /// The logarithm to base 10.
    Log10 = 123,
    /// The natural logarithm of 1 plus the element.
    Log1p = 124,
    /// The sine.
    Sin = 125,
    /// The cosine.
    Cos = 126,
    /// The tangent.
    Tan = 127,
    /// The inverse sine.
    Asin = 128,
    /// The inverse cosine.
    Acos = 129,
    /// The inverse tangent.
    Atan = 130,
    /// The hyperbolic sine.
    Sinh = 131,
    /// The hyperbolic cosine.
    Cosh = 132,
    /// The hyperbolic tangent.
    Tanh = 133,
    /// The cube root.
    Cbrt = 134,
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
    /// The mean; NaN over nothing.
    Mean = 205,
    /// The variance: the mean of the squared distances from the mean.
    Var = 206,
    /// The standard deviation: the root of the variance.
    Std = 207,
    /// Whether one element is not 0.
    Any = 208,
    /// Whether all elements are not 0.
    All = 209,
    /// How many elements are not 0.
    CountNonzero = 210,
    /// The index of the smallest element, the first one of several; of the first NaN if there is one.
    Argmin = 211,
    /// The index of the largest element, the first one of several; of the first NaN if there is one.
    Argmax = 212,
    /// The 2-norm: the root of the sum of squared magnitudes.
    Norm = 213,
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
        info(BinaryOp::Add, "add", Takes::ALL, Gives::Same, "the sum of two arrays; logical or for bool"),
        info(BinaryOp::Subtract, "subtract", Takes::NUMBER, Gives::Same, "the difference of two arrays"),
        info(
            BinaryOp::Multiply,
            "multiply",
            Takes::ALL,
            Gives::Same,
            "the product of two arrays, element by element; logical and for bool",
        ),
        info(
            BinaryOp::Divide,
            "divide",
            Takes::ALL,
            Gives::Inexact,
            "the quotient of two arrays; integers are divided as f64",
        ),
        info(
            BinaryOp::FloorDivide,
            "floor_divide",
            Takes::REAL,
            Gives::Number,
            "the largest integer not above the quotient; 0 for integers divided by 0",
        ),
        info(
            BinaryOp::Remainder,
            "remainder",
            Takes::REAL,
            Gives::Number,
            "the remainder of the floor division, with the sign of the divisor; 0 for integers divided by 0",
        ),
        info(
            BinaryOp::Power,
            "power",
            Takes::REAL,
            Gives::Number,
            "the first to the power of the second; integers wrap, and are rounded towards 0 for negative powers",
        ),
        info(
            BinaryOp::Minimum,
            "minimum",
            Takes::ALL,
            Gives::Same,
            "the smaller of two elements; NaN when one of them is",
        ),
        info(
            BinaryOp::Maximum,
            "maximum",
            Takes::ALL,
            Gives::Same,
            "the larger of two elements; NaN when one of them is",
        ),
        info(
            BinaryOp::Fmin,
            "fmin",
            Takes::ALL,
            Gives::Same,
            "the smaller of two elements; NaN only when both are",
        ),
        info(
            BinaryOp::Fmax,
            "fmax",
            Takes::ALL,
            Gives::Same,
            "the larger of two elements; NaN only when both are",
        ),
        info(BinaryOp::BitwiseAnd, "bitwise_and", Takes::BITS, Gives::Same, "the bits that are set in both"),
        info(BinaryOp::BitwiseOr, "bitwise_or", Takes::BITS, Gives::Same, "the bits that are set in either"),
        info(
            BinaryOp::BitwiseXor,
            "bitwise_xor",
            Takes::BITS,
            Gives::Same,
            "the bits that are set in one of the two",
        ),
        info(
            BinaryOp::LeftShift,
            "left_shift",
            Takes::BITS,
            Gives::Number,
            "the first shifted left by the second; 0 beyond the width",
        ),
        info(
            BinaryOp::RightShift,
            "right_shift",
            Takes::BITS,
            Gives::Number,
            "the first shifted right by the second; 0 or -1 beyond the width",
        ),
        info(BinaryOp::LogicalAnd, "logical_and", Takes::ALL, Gives::Truth, "whether both are not 0"),
        info(BinaryOp::LogicalOr, "logical_or", Takes::ALL, Gives::Truth, "whether one of the two is not 0"),
        info(
            BinaryOp::LogicalXor,
            "logical_xor",
            Takes::ALL,
            Gives::Truth,
            "whether exactly one of the two is not 0",
        ),
        info(BinaryOp::Equal, "equal", Takes::ALL, Gives::Bool, "whether two elements are equal"),
        info(BinaryOp::NotEqual, "not_equal", Takes::ALL, Gives::Bool, "whether two elements are not equal"),
        info(BinaryOp::Less, "less", Takes::ALL, Gives::Bool, "whether the first is less than the second"),
        info(
            BinaryOp::LessEqual,
            "less_equal",
            Takes::ALL,
            Gives::Bool,
            "whether the first is not greater than the second",
        ),
        info(
            BinaryOp::Greater,
            "greater",
            Takes::ALL,
            Gives::Bool,
            "whether the first is greater than the second",
        ),
        info(
            BinaryOp::GreaterEqual,
            "greater_equal",
            Takes::ALL,
            Gives::Bool,
            "whether the first is not less than the second",
        ),
        info(
            BinaryOp::CopySign,
            "copysign",
            Takes::REAL,
            Gives::Inexact,
            "the first with the sign of the second",
        ),
        info(BinaryOp::Hypot, "hypot", Takes::REAL, Gives::Inexact, "the hypotenuse of a right triangle"),
        info(
            BinaryOp::Atan2,
            "atan2",
            Takes::REAL,
            Gives::Inexact,
            "the angle of the point whose y is the first and x the second",
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

    /// Whether the result says how two elements compare.
    #[inline]
    pub fn is_comparison(self) -> bool {
        self.info().gives == Gives::Bool
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
            Gives::Number if common == DType::Bool => (DType::I8, DType::I8),
            Gives::Bool => (common, DType::Bool),
            Gives::Truth => (DType::Bool, DType::Bool),
            _ => (common, common),
        })
    }
}

impl UnaryOp {
    /// The table, in the order of the numbers.
    pub const TABLE: &'static [OpInfo<UnaryOp>] = &[
        info(UnaryOp::Negative, "negative", Takes::NUMBER, Gives::Same, "the negative; integers wrap"),
        info(
            UnaryOp::Absolute,
            "absolute",
            Takes::ALL,
            Gives::Part,
            "the absolute value; of complex numbers the magnitude",
        ),
        info(UnaryOp::Sqrt, "sqrt", Takes::REAL, Gives::Float, "the square root; NaN of negative numbers"),
        info(UnaryOp::Square, "square", Takes::ALL, Gives::Number, "the square; integers wrap"),
        info(UnaryOp::Sign, "sign", Takes::REAL, Gives::Number, "-1, 0 or 1; NaN for NaN"),
        info(
            UnaryOp::Reciprocal,
            "reciprocal",
            Takes::ALL,
            Gives::Inexact,
            "one divided by the element; of integers as f64",
        ),
        info(
            UnaryOp::Conjugate,
            "conjugate",
            Takes::ALL,
            Gives::Number,
            "the complex conjugate; a real number is its own",
        ),
        info(UnaryOp::LogicalNot, "logical_not", Takes::ALL, Gives::Truth, "whether the element is 0"),
        info(UnaryOp::Invert, "invert", Takes::BITS, Gives::Same, "all bits turned; logical not for bool"),
        info(UnaryOp::Floor, "floor", Takes::REAL, Gives::Same, "the largest integer not above"),
        info(UnaryOp::Ceil, "ceil", Takes::REAL, Gives::Same, "the smallest integer not below"),
        info(UnaryOp::Trunc, "trunc", Takes::REAL, Gives::Same, "the integer part"),
        info(UnaryOp::Rint, "rint", Takes::REAL, Gives::Float, "the nearest integer, ties to even"),
        info(UnaryOp::IsNan, "isnan", Takes::ALL, Gives::Question, "whether the element is NaN"),
        info(UnaryOp::IsInf, "isinf", Takes::ALL, Gives::Question, "whether the element is infinite"),
        info(
            UnaryOp::IsFinite,
            "isfinite",
            Takes::ALL,
            Gives::Question,
            "whether the element is neither NaN nor infinite",
        ),
        info(UnaryOp::SignBit, "signbit", Takes::REAL, Gives::Question, "whether the sign bit is set"),
        info(UnaryOp::Exp, "exp", Takes::REAL, Gives::Float, "e to the power of the element"),
        info(UnaryOp::Exp2, "exp2", Takes::REAL, Gives::Float, "2 to the power of the element"),
        info(UnaryOp::Expm1, "expm1", Takes::REAL, Gives::Float, "e to the power of the element, minus 1"),
        info(UnaryOp::Log, "log", Takes::REAL, Gives::Float, "the natural logarithm"),
        info(UnaryOp::Log2, "log2", Takes::REAL, Gives::Float, "the logarithm to base 2"),
        info(UnaryOp::Log10, "log10", Takes::REAL, Gives::Float, "the logarithm to base 10"),
        info(
            UnaryOp::Log1p,
            "log1p",
            Takes::REAL,
            Gives::Float,
            "the natural logarithm of 1 plus the element",
        ),
        info(UnaryOp::Sin, "sin", Takes::REAL, Gives::Float, "the sine"),
        info(UnaryOp::Cos, "cos", Takes::REAL, Gives::Float, "the cosine"),
        info(UnaryOp::Tan, "tan", Takes::REAL, Gives::Float, "the tangent"),
        info(UnaryOp::Asin, "arcsin", Takes::REAL, Gives::Float, "the inverse sine"),
        info(UnaryOp::Acos, "arccos", Takes::REAL, Gives::Float, "the inverse cosine"),
        info(UnaryOp::Atan, "arctan", Takes::REAL, Gives::Float, "the inverse tangent"),
        info(UnaryOp::Sinh, "sinh", Takes::REAL, Gives::Float, "the hyperbolic sine"),
        info(UnaryOp::Cosh, "cosh", Takes::REAL, Gives::Float, "the hyperbolic cosine"),
        info(UnaryOp::Tanh, "tanh", Takes::REAL, Gives::Float, "the hyperbolic tangent"),
        info(UnaryOp::Cbrt, "cbrt", Takes::REAL, Gives::Float, "the cube root"),
    ];

    /// The operation with this number.
    #[inline]
    pub fn from_code(code: i32) -> Result<UnaryOp> {
        find(UnaryOp::TABLE, code, |op| op as i32)
    }

    /// The row of the table.
    #[inline]
    pub fn info(self) -> &'static OpInfo<UnaryOp> {
        row(UnaryOp::TABLE, self, |op| op as i32)
    }

    /// The dtype in which an array is computed and that of the result, by the rules of NumPy 2.
    #[inline]
    pub fn dtypes(self, input: DType) -> Result<(DType, DType)> {
        let info = self.info();
        if !info.takes.contains(input) {
            return Err(Error::UnsupportedDType { dtype: input });
        }
        let exact = input.kind() <= Kind::Signed;
        Ok(match info.gives {
            Gives::Inexact if exact => (DType::F64, DType::F64),
            Gives::Float if exact => {
                let float = match input.size() {
                    1 => DType::F16,
                    2 => DType::F32,
                    _ => DType::F64,
                };
                (float, float)
            }
            Gives::Number if input == DType::Bool => (DType::I8, DType::I8),
            Gives::Part => (input, input.part()),
            Gives::Truth => (DType::Bool, DType::Bool),
            Gives::Question if exact => (DType::F64, DType::Bool),
            Gives::Question | Gives::Bool => (input, DType::Bool),
            _ => (input, input),
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
        info(ReduceOp::Mean, "mean", Takes::ALL, Gives::Inexact, "the mean over axes; of integers as f64"),
        info(
            ReduceOp::Var,
            "var",
            Takes::ALL,
            Gives::Real,
            "the variance over axes: the mean of the squared distances from the mean",
        ),
        info(
            ReduceOp::Std,
            "std",
            Takes::ALL,
            Gives::Real,
            "the standard deviation over axes: the root of the variance",
        ),
        info(ReduceOp::Any, "any", Takes::ALL, Gives::Truth, "whether one element over axes is not 0"),
        info(ReduceOp::All, "all", Takes::ALL, Gives::Truth, "whether all elements over axes are not 0"),
        info(
            ReduceOp::CountNonzero,
            "count_nonzero",
            Takes::ALL,
            Gives::Count,
            "how many elements over axes are not 0, as i64",
        ),
        info(
            ReduceOp::Argmin,
            "argmin",
            Takes::ALL,
            Gives::Index,
            "the index of the smallest element along one axis, or in C order in the whole array; the first of several, the \
             first NaN if there is one",
        ),
        info(
            ReduceOp::Argmax,
            "argmax",
            Takes::ALL,
            Gives::Index,
            "the index of the largest element along one axis, or in C order in the whole array; the first of several, the \
             first NaN if there is one",
        ),
        info(
            ReduceOp::Norm,
            "norm",
            Takes::ALL,
            Gives::Real,
            "the 2-norm over axes: the root of the sum of squared magnitudes",
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

    /// The dtype in which the elements of an array are computed and that of the result, by the rules of NumPy 2: integers
    /// and bool are summed and multiplied as `i64` or `u64`, averaged as `f64`; `f16` and `bf16` are computed as `f32`.
    #[inline]
    pub fn dtypes(self, input: DType) -> Result<(DType, DType)> {
        let info = self.info();
        if !info.takes.contains(input) {
            return Err(Error::UnsupportedDType { dtype: input });
        }
        Ok(match (info.gives, input.kind()) {
            (Gives::Wide, Kind::Bool | Kind::Signed) => (DType::I64, DType::I64),
            (Gives::Wide, Kind::Unsigned) => (DType::U64, DType::U64),
            (Gives::Inexact | Gives::Real, Kind::Bool | Kind::Signed | Kind::Unsigned) => {
                (DType::F64, DType::F64)
            }
            (Gives::Real, _) => (accumulator(input), input.part()),
            (Gives::Truth, _) => (input, DType::Bool),
            (Gives::Count | Gives::Index, _) => (input, DType::I64),
            _ => (accumulator(input), input),
        })
    }

    /// The dtype in which elements are computed when the caller asks for a result of another dtype: the sum of `f32`
    /// elements into an `f64` output is an `f64` sum, as `dtype=` of NumPy.
    #[inline]
    pub fn accumulator_for(self, input: DType, output: DType) -> Result<DType> {
        let (acc, result) = self.dtypes(input)?;
        if output == result || !matches!(self.info().gives, Gives::Wide | Gives::Inexact | Gives::Real) {
            return Ok(acc);
        }
        // Compared as real or complex numbers, whichever the elements are.
        let wider = promote(acc, output)?;
        Ok(if wider.part() == output.part() && wider != acc { accumulator(wider) } else { acc })
    }

    /// Whether reducing nothing has a result.
    #[inline]
    pub fn has_identity(self) -> bool {
        !matches!(self, ReduceOp::Min | ReduceOp::Max | ReduceOp::Argmin | ReduceOp::Argmax)
    }
}

/// The dtype that partial results of a dtype are held in.
#[inline]
fn accumulator(dtype: DType) -> DType {
    match dtype {
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
        for (i, row) in UnaryOp::TABLE.iter().enumerate() {
            assert_eq!(row.op as usize, i + 101);
            assert_eq!(UnaryOp::from_code(i as i32 + 101), Ok(row.op));
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
        assert_eq!(ReduceOp::Max.dtypes(Bool), Ok((Bool, Bool)));
        assert_eq!(ReduceOp::Sum.accumulator_for(F32, F64), Ok(F64));
        assert_eq!(ReduceOp::Sum.accumulator_for(I32, F64), Ok(F64));
        assert_eq!(ReduceOp::Sum.accumulator_for(I64, I8), Ok(I64));
        assert_eq!(ReduceOp::Max.accumulator_for(F32, F64), Ok(F32));
        assert_eq!(ReduceOp::Mean.dtypes(U8), Ok((F64, F64)));
        assert_eq!(ReduceOp::Mean.dtypes(C64), Ok((C64, C64)));
        assert_eq!(ReduceOp::Var.dtypes(C64), Ok((C64, F32)));
        assert_eq!(ReduceOp::Var.dtypes(F16), Ok((F32, F16)));
        assert_eq!(ReduceOp::Any.dtypes(C128), Ok((C128, Bool)));
        assert_eq!(ReduceOp::CountNonzero.dtypes(Bool), Ok((Bool, I64)));
        assert_eq!(ReduceOp::Argmax.dtypes(Bf16), Ok((Bf16, I64)));
        assert_eq!(ReduceOp::Norm.dtypes(I64), Ok((F64, F64)));
        assert_eq!(ReduceOp::Var.accumulator_for(C64, F64), Ok(C128));
        assert_eq!(ReduceOp::Mean.accumulator_for(F32, F64), Ok(F64));
        assert_eq!(ReduceOp::Mean.accumulator_for(F16, F32), Ok(F32));
    }
}
