//! Which loops fold elements of a dtype.

use libstrided_layout::DType;

use super::fold::{Max, Min, Prod, Squares, Sum, Widening};
use super::kernel::{Chosen, Kernel, Loops, MinusEach, MinusOne, Times};
use super::pack::Second;
use super::truth::{All, Any, Count};
use crate::element::{Bf16, Complex, F16, with_type};

/// The loops of a way of folding that asks whether elements are zero: integers of one size share them.
macro_rules! truth {
    ($fold:ident, $dtype:expr) => {
        Some(match $dtype {
            DType::Bool | DType::I8 | DType::U8 => &Loops::<$fold<u8>, 128>::KERNEL,
            DType::I16 | DType::U16 => &Loops::<$fold<u16>, 128>::KERNEL,
            DType::I32 | DType::U32 => &Loops::<$fold<u32>, 64>::KERNEL,
            DType::I64 | DType::U64 => &Loops::<$fold<u64>, 32>::KERNEL,
            DType::F16 => &Loops::<$fold<F16>, 128>::KERNEL,
            DType::Bf16 => &Loops::<$fold<Bf16>, 128>::KERNEL,
            DType::F32 => &Loops::<$fold<f32>, 64>::KERNEL,
            DType::F64 => &Loops::<$fold<f64>, 32>::KERNEL,
            DType::C64 => &Loops::<$fold<Complex<f32>>, 32>::KERNEL,
            DType::C128 => &Loops::<$fold<Complex<f64>>, 16>::KERNEL,
            DType::Opaque => return None,
        })
    };
}

/// A way of folding. What a reduction of [`crate::ReduceOp`] does before and after it is the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folding {
    /// The sum.
    Sum,
    /// The product.
    Prod,
    /// The smallest element.
    Min,
    /// The largest element.
    Max,
    /// Whether one element is not zero; accumulates in bool.
    Any,
    /// Whether every element is not zero; accumulates in bool.
    All,
    /// How many elements are not zero; accumulates in `i64`.
    Count,
    /// The sum of the squares of magnitudes; accumulates in the real dtype.
    Squares,
}

impl Folding {
    /// The dtype of the accumulators of elements that are folded as `compute`.
    pub(super) fn accumulator(self, compute: DType) -> DType {
        match self {
            Folding::Any | Folding::All => DType::Bool,
            Folding::Count => DType::I64,
            Folding::Squares => compute.part(),
            _ => compute,
        }
    }

    /// Whether folding nothing has a result.
    pub(super) fn has_identity(self) -> bool {
        !matches!(self, Folding::Min | Folding::Max)
    }
}

/// The loops that fold elements of `input` as `compute`, and the dtype of the elements that they read: `input` where
/// there are such loops, else `compute`, to which the elements are to be converted.
#[inline]
pub(super) fn find(folding: Folding, input: DType, compute: DType) -> Option<(&'static Kernel, DType)> {
    let direct = if input == compute { None } else { widening(folding, input, compute) };
    match direct {
        Some(kernel) => Some((kernel, input)),
        None => Some((same(folding, compute)?, compute)),
    }
}

/// Elements of another dtype than the one that they are folded as.
fn widening(folding: Folding, input: DType, compute: DType) -> Option<&'static Kernel> {
    if folding != Folding::Sum || !matches!(compute, DType::I64 | DType::U64) {
        return None;
    }
    Some(match input {
        DType::Bool => &Loops::<Count<u8>, 128>::KERNEL,
        DType::U8 => &Loops::<Widening<u8>, 128>::KERNEL,
        DType::I8 => &Loops::<Widening<i8>, 128>::KERNEL,
        DType::U16 => &Loops::<Widening<u16>, 64>::KERNEL,
        DType::I16 => &Loops::<Widening<i16>, 64>::KERNEL,
        DType::U32 => &Loops::<Widening<u32>, 32>::KERNEL,
        DType::I32 => &Loops::<Widening<i32>, 32>::KERNEL,
        DType::I64 | DType::U64 => &Loops::<Sum<u64>, 32>::KERNEL,
        _ => return None,
    })
}

/// The loops that fold elements combined with a second operand, or under a mask, as they are read; where there are any.
pub(super) fn combined(
    folding: Folding,
    dtype: DType,
    second: Option<Second>,
    masked: bool,
) -> Option<&'static Kernel> {
    Some(match (folding, second, masked, dtype) {
        (Folding::Squares, Some(Second::Minus), false, DType::F64) => {
            const { &Loops::<Squares<f64>, 32>::of::<MinusOne<f64>, MinusEach<f64>>() }
        }
        (Folding::Squares, Some(Second::Minus), false, DType::F32) => {
            const { &Loops::<Squares<f32>, 64>::of::<MinusOne<f32>, MinusEach<f32>>() }
        }
        (Folding::Sum, Some(Second::Times), false, DType::F64) => {
            const { &Loops::<Sum<f64>, 32>::of::<Times<f64>, Times<f64>>() }
        }
        (Folding::Sum, Some(Second::Times), false, DType::F32) => {
            const { &Loops::<Sum<f32>, 64>::of::<Times<f32>, Times<f32>>() }
        }
        (Folding::Sum, None, true, DType::F64) => {
            const { &Loops::<Sum<f64>, 32>::of::<Chosen<Sum<f64>>, Chosen<Sum<f64>>>() }
        }
        (Folding::Sum, None, true, DType::F32) => {
            const { &Loops::<Sum<f32>, 64>::of::<Chosen<Sum<f32>>, Chosen<Sum<f32>>>() }
        }
        _ => return None,
    })
}

fn same(folding: Folding, dtype: DType) -> Option<&'static Kernel> {
    match folding {
        Folding::Sum => Some(match dtype {
            // Wrapping does not look at the sign.
            DType::I64 | DType::U64 => &Loops::<Sum<u64>, 32>::KERNEL,
            DType::F32 => &Loops::<Sum<f32>, 64>::KERNEL,
            DType::F64 => &Loops::<Sum<f64>, 32>::KERNEL,
            DType::C64 => &Loops::<Sum<Complex<f32>>, 32>::KERNEL,
            DType::C128 => &Loops::<Sum<Complex<f64>>, 16>::KERNEL,
            _ => return None,
        }),
        Folding::Prod => Some(match dtype {
            DType::I64 | DType::U64 => &Loops::<Prod<u64>, 32>::KERNEL,
            DType::F32 => &Loops::<Prod<f32>, 64>::KERNEL,
            DType::F64 => &Loops::<Prod<f64>, 32>::KERNEL,
            DType::C64 => &Loops::<Prod<Complex<f32>>, 32>::KERNEL,
            DType::C128 => &Loops::<Prod<Complex<f64>>, 16>::KERNEL,
            _ => return None,
        }),
        Folding::Squares => Some(match dtype {
            DType::F32 => &Loops::<Squares<f32>, 64>::KERNEL,
            DType::F64 => &Loops::<Squares<f64>, 32>::KERNEL,
            DType::C64 => &Loops::<Squares<Complex<f32>>, 32>::KERNEL,
            DType::C128 => &Loops::<Squares<Complex<f64>>, 16>::KERNEL,
            _ => return None,
        }),
        Folding::Min => match dtype {
            // Which stops where the answer is known.
            DType::Bool => truth!(All, dtype),
            DType::I8 => Some(&Loops::<Min<i8>, 128>::KERNEL),
            DType::U8 => Some(&Loops::<Min<u8>, 128>::KERNEL),
            DType::I16 => Some(&Loops::<Min<i16>, 128>::KERNEL),
            DType::U16 => Some(&Loops::<Min<u16>, 128>::KERNEL),
            DType::I32 => Some(&Loops::<Min<i32>, 64>::KERNEL),
            DType::U32 => Some(&Loops::<Min<u32>, 64>::KERNEL),
            DType::F32 => Some(&Loops::<Min<f32>, 64>::KERNEL),
            DType::I64 => Some(&Loops::<Min<i64>, 32>::KERNEL),
            DType::U64 => Some(&Loops::<Min<u64>, 32>::KERNEL),
            DType::F64 => Some(&Loops::<Min<f64>, 32>::KERNEL),
            _ => with_type!(dtype, complex, T => Some(&Loops::<Min<T>, 16>::KERNEL), None),
        },
        Folding::Max => match dtype {
            DType::Bool => truth!(Any, dtype),
            DType::I8 => Some(&Loops::<Max<i8>, 128>::KERNEL),
            DType::U8 => Some(&Loops::<Max<u8>, 128>::KERNEL),
            DType::I16 => Some(&Loops::<Max<i16>, 128>::KERNEL),
            DType::U16 => Some(&Loops::<Max<u16>, 128>::KERNEL),
            DType::I32 => Some(&Loops::<Max<i32>, 64>::KERNEL),
            DType::U32 => Some(&Loops::<Max<u32>, 64>::KERNEL),
            DType::F32 => Some(&Loops::<Max<f32>, 64>::KERNEL),
            DType::I64 => Some(&Loops::<Max<i64>, 32>::KERNEL),
            DType::U64 => Some(&Loops::<Max<u64>, 32>::KERNEL),
            DType::F64 => Some(&Loops::<Max<f64>, 32>::KERNEL),
            _ => with_type!(dtype, complex, T => Some(&Loops::<Max<T>, 16>::KERNEL), None),
        },
        Folding::Any => truth!(Any, dtype),
        Folding::All => truth!(All, dtype),
        Folding::Count => truth!(Count, dtype),
    }
}
