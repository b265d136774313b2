//! The dtype in which an operation computes, and the dtype that it gives: those of NumPy 2.

use libstrided_layout::{DType, Error, Kind, Result, promote};

use super::{BinaryOp, Gives, ReduceOp, ScanOp, UnaryOp};

impl BinaryOp {
    /// Whether the result says how two elements compare.
    #[inline]
    pub fn is_comparison(self) -> bool {
        self.info().gives == Gives::Bool
    }

    /// The dtype in which two arrays are computed and that of the result.
    #[inline]
    pub fn dtypes(self, a: DType, b: DType) -> Result<(DType, DType)> {
        let common = if a == b { a } else { promote(a, b)? };
        let info = self.info();
        if !info.takes.contains(common) {
            return Err(Error::UnsupportedDType { dtype: common });
        }
        Ok(match info.gives {
            Gives::Inexact if is_exact(common) => (DType::F64, DType::F64),
            Gives::Float => {
                // Each input is taken to floats by itself: `i8` and `u8` meet in `f16`, not in `i16` and then `f32`.
                let float = promote(smallest_float(a), smallest_float(b))?;
                (float, float)
            }
            Gives::Number if common == DType::Bool => (DType::I8, DType::I8),
            Gives::Bool => (common, DType::Bool),
            // Integers of one dtype are as good as bool where they are.
            Gives::Truth if a == b && is_exact(a) => (a, DType::Bool),
            Gives::Truth => (DType::Bool, DType::Bool),
            _ => (common, common),
        })
    }
}

impl UnaryOp {
    /// The dtype in which an array is computed and that of the result.
    #[inline]
    pub fn dtypes(self, input: DType) -> Result<(DType, DType)> {
        let info = self.info();
        if !info.takes.contains(input) {
            return Err(Error::UnsupportedDType { dtype: input });
        }
        Ok(match info.gives {
            Gives::Inexact if is_exact(input) => (DType::F64, DType::F64),
            Gives::Float => {
                let float = smallest_float(input);
                (float, float)
            }
            Gives::Number if input == DType::Bool => (DType::I8, DType::I8),
            Gives::Part => (input, input.part()),
            Gives::Truth if !is_exact(input) => (DType::Bool, DType::Bool),
            Gives::Truth | Gives::Bool => (input, DType::Bool),
            _ => (input, input),
        })
    }
}

impl ReduceOp {
    /// The dtype in which the elements of an array are computed and that of the result: integers and bool are summed and
    /// multiplied as `i64` or `u64`, averaged as `f64`; `f16` and `bf16` are computed as `f32`.
    #[inline]
    pub fn dtypes(self, input: DType) -> Result<(DType, DType)> {
        let info = self.info();
        if !info.takes.contains(input) {
            return Err(Error::UnsupportedDType { dtype: input });
        }
        Ok(match (info.gives, input.kind()) {
            (Gives::Wide, Kind::Bool | Kind::Signed) => (DType::I64, DType::I64),
            (Gives::Wide, Kind::Unsigned) => (DType::U64, DType::U64),
            (Gives::Inexact | Gives::Real, _) if is_exact(input) => (DType::F64, DType::F64),
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
        // Compared by their parts: the variance of complex elements is real.
        let wider = promote(acc, output)?;
        Ok(if wider.part() == output.part() && wider != acc { accumulator(wider) } else { acc })
    }

    /// Whether reducing nothing has a result.
    #[inline]
    pub fn has_identity(self) -> bool {
        !matches!(self, ReduceOp::Min | ReduceOp::Max | ReduceOp::Argmin | ReduceOp::Argmax)
    }
}

impl ScanOp {
    /// The dtype of the result: sums and products of bool and of small integers have 64 bits.
    #[inline]
    pub fn dtype(self, input: DType) -> Result<DType> {
        let info = self.info();
        if !info.takes.contains(input) {
            return Err(Error::UnsupportedDType { dtype: input });
        }
        Ok(match (info.gives, input.kind()) {
            (Gives::Wide, Kind::Bool | Kind::Signed) => DType::I64,
            (Gives::Wide, Kind::Unsigned) => DType::U64,
            _ => input,
        })
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

/// Bool and integers.
#[inline]
fn is_exact(dtype: DType) -> bool {
    dtype.kind() <= Kind::Signed
}

/// The dtype itself, or for integers and bool the smallest float that holds them all.
#[inline]
fn smallest_float(dtype: DType) -> DType {
    match dtype.size() {
        _ if !is_exact(dtype) => dtype,
        1 => DType::F16,
        2 => DType::F32,
        _ => DType::F64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_have_the_dtypes_of_numpy() {
        use DType::*;
        assert_eq!(BinaryOp::Add.dtypes(U8, I8), Ok((I16, I16)));
        assert_eq!(BinaryOp::Divide.dtypes(U8, I8), Ok((F64, F64)));
        assert_eq!(BinaryOp::Divide.dtypes(Bool, Bool), Ok((F64, F64)));
        assert_eq!(BinaryOp::Divide.dtypes(F32, I8), Ok((F32, F32)));
        assert_eq!(BinaryOp::Hypot.dtypes(U8, I8), Ok((F16, F16)));
        assert_eq!(BinaryOp::Hypot.dtypes(I16, F16), Ok((F32, F32)));
        assert_eq!(BinaryOp::Hypot.dtypes(I16, Bf16), Ok((F32, F32)));
        assert_eq!(BinaryOp::Arctan2.dtypes(I64, F32), Ok((F64, F64)));
        assert!(BinaryOp::Subtract.dtypes(Bool, Bool).is_err());
        assert!(BinaryOp::Add.dtypes(Opaque, Opaque).is_err());
        assert!(BinaryOp::LeftShift.dtypes(I64, U64).is_err());
        assert_eq!(UnaryOp::Sqrt.dtypes(I8), Ok((F16, F16)));
        assert_eq!(UnaryOp::Absolute.dtypes(C64), Ok((C64, F32)));
        assert_eq!(ScanOp::Sum.dtype(I8), Ok(I64));
        assert_eq!(ScanOp::Prod.dtype(Bool), Ok(I64));
        assert_eq!(ScanOp::Sum.dtype(F16), Ok(F16));
        assert_eq!(ScanOp::Max.dtype(U8), Ok(U8));
        assert!(ScanOp::Min.dtype(Opaque).is_err());
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
