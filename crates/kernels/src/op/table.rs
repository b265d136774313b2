//! The table of operations, one line for each: number, name, what it takes and gives, what it does, its edge cases.
//!
//! Names and semantics are NumPy's; where NumPy leaves a result open, the last column says what it is here. A new line is
//! a new operation of the C ABI, in C++, in Fortran and in the documentation; its loops are in the module of its family.

use super::operations;

operations! {
    /// An operation on two arrays, element by element.
    BinaryOp {
        Add = 1, "add", ALL -> Same, "a + b", "integers wrap; of bools, logical or";
        Subtract = 2, "subtract", NUMBER -> Same, "a - b", "integers wrap; not for bools";
        Multiply = 3, "multiply", ALL -> Same, "a * b", "integers wrap; of bools, logical and";
        Divide = 4, "divide", ALL -> Inexact, "a / b", "integers are divided as f64";
        FloorDivide = 5, "floor_divide", REAL -> Number, "The largest integer not above a / b", "integers divided by 0 give 0; the smallest integer divided by -1 is itself";
        Remainder = 6, "remainder", REAL -> Number, "The remainder of the floor division, with the sign of b", "of integers divided by 0, 0";
        Power = 7, "power", ALL -> Number, "a to the power of b", "integers wrap; to a negative power they are rounded towards 0, 0 gives 0; complex 0 to a power without a positive real part is NaN";
        Minimum = 8, "minimum", ALL -> Same, "The smaller of two elements", "NaN when one of them is; complex numbers by real, then imaginary part";
        Maximum = 9, "maximum", ALL -> Same, "The larger of two elements", "NaN when one of them is; complex numbers by real, then imaginary part";
        Fmin = 10, "fmin", ALL -> Same, "The smaller of two elements, leaving NaN out", "NaN only when both are";
        Fmax = 11, "fmax", ALL -> Same, "The larger of two elements, leaving NaN out", "NaN only when both are";
        BitwiseAnd = 12, "bitwise_and", BITS -> Same, "The bits that are set in both", "";
        BitwiseOr = 13, "bitwise_or", BITS -> Same, "The bits that are set in one or both", "";
        BitwiseXor = 14, "bitwise_xor", BITS -> Same, "The bits that are set in exactly one", "";
        LeftShift = 15, "left_shift", BITS -> Number, "a shifted left by b bits", "by the width or more, or by a negative number, gives 0";
        RightShift = 16, "right_shift", BITS -> Number, "a shifted right by b bits, keeping the sign", "by the width or more, or by a negative number, gives 0, or -1 for negative a";
        LogicalAnd = 17, "logical_and", ALL -> Truth, "Whether both are not 0", "NaN is not 0";
        LogicalOr = 18, "logical_or", ALL -> Truth, "Whether one or both are not 0", "NaN is not 0";
        LogicalXor = 19, "logical_xor", ALL -> Truth, "Whether exactly one is not 0", "NaN is not 0";
        Equal = 20, "equal", ALL -> Bool, "Whether a == b", "false for NaN; u64 and signed integers are compared exactly";
        NotEqual = 21, "not_equal", ALL -> Bool, "Whether a != b", "true for NaN; u64 and signed integers are compared exactly";
        Less = 22, "less", ALL -> Bool, "Whether a < b", "as equal; complex numbers by real, then imaginary part";
        LessEqual = 23, "less_equal", ALL -> Bool, "Whether a <= b", "as less";
        Greater = 24, "greater", ALL -> Bool, "Whether a > b", "as less";
        GreaterEqual = 25, "greater_equal", ALL -> Bool, "Whether a >= b", "as less";
        CopySign = 26, "copysign", REAL -> Float, "a with the sign of b", "also of zeros and NaN";
        Hypot = 27, "hypot", REAL -> Float, "The square root of a * a + b * b", "without overflow on the way; infinite when one is, also beside NaN";
        Arctan2 = 28, "arctan2", REAL -> Float, "The angle of the point with y = a and x = b", "in radians, from -pi to pi";
    }
}

operations! {
    /// An operation on one array, element by element.
    UnaryOp {
        Negative = 101, "negative", NUMBER -> Same, "-v", "integers wrap; not for bools";
        Absolute = 102, "absolute", ALL -> Part, "The absolute value, of complex numbers the magnitude", "the smallest integer is itself";
        Sqrt = 103, "sqrt", ALL -> Float, "The square root", "NaN for negative real numbers; of complex numbers the one with a real part that is not negative";
        Square = 104, "square", ALL -> Number, "v * v", "integers wrap";
        Sign = 105, "sign", NUMBER -> Same, "-1, 0 or 1 for numbers below, at and above 0", "NaN for NaN; of complex numbers v divided by its magnitude; not for bools";
        Reciprocal = 106, "reciprocal", ALL -> Number, "1 / v", "integers are rounded towards 0: 1 and -1 are their own, all else gives 0";
        Conjugate = 107, "conjugate", ALL -> Number, "The complex conjugate", "a real number is its own";
        LogicalNot = 108, "logical_not", ALL -> Truth, "Whether v is 0", "";
        Invert = 109, "invert", BITS -> Same, "All bits turned", "of bools, logical not";
        Floor = 110, "floor", REAL -> Same, "The largest integer not above", "integers are their own";
        Ceil = 111, "ceil", REAL -> Same, "The smallest integer not below", "integers are their own";
        Trunc = 112, "trunc", REAL -> Same, "The integer part", "integers are their own";
        Rint = 113, "rint", ALL -> Float, "The nearest integer", "halves go to the even neighbour; of complex numbers each part";
        IsNan = 114, "isnan", ALL -> Bool, "Whether v is NaN", "of complex numbers, whether a part is";
        IsInf = 115, "isinf", ALL -> Bool, "Whether v is infinite", "of complex numbers, whether a part is";
        IsFinite = 116, "isfinite", ALL -> Bool, "Whether v is neither NaN nor infinite", "of complex numbers, whether both parts are";
        SignBit = 117, "signbit", REAL -> Bool, "Whether the sign bit is set", "also of zeros and NaN";
        Exp = 118, "exp", ALL -> Float, "e to the power of v", "";
        Exp2 = 119, "exp2", ALL -> Float, "2 to the power of v", "";
        Expm1 = 120, "expm1", ALL -> Float, "e to the power of v, minus 1", "accurate near 0";
        Log = 121, "log", ALL -> Float, "The natural logarithm", "-inf for 0, NaN for negative real numbers";
        Log2 = 122, "log2", ALL -> Float, "The logarithm to base 2", "-inf for 0, NaN for negative real numbers";
        Log10 = 123, "log10", ALL -> Float, "The logarithm to base 10", "-inf for 0, NaN for negative real numbers";
        Log1p = 124, "log1p", ALL -> Float, "The natural logarithm of 1 + v", "accurate near 0; -inf for -1, NaN for real numbers below";
        Sin = 125, "sin", ALL -> Float, "The sine", "of radians; NaN for infinities";
        Cos = 126, "cos", ALL -> Float, "The cosine", "of radians; NaN for infinities";
        Tan = 127, "tan", ALL -> Float, "The tangent", "of radians; NaN for infinities";
        Arcsin = 128, "arcsin", ALL -> Float, "The inverse sine", "in radians; NaN for real numbers beyond -1 and 1";
        Arccos = 129, "arccos", ALL -> Float, "The inverse cosine", "in radians; NaN for real numbers beyond -1 and 1";
        Arctan = 130, "arctan", ALL -> Float, "The inverse tangent", "in radians";
        Sinh = 131, "sinh", ALL -> Float, "The hyperbolic sine", "";
        Cosh = 132, "cosh", ALL -> Float, "The hyperbolic cosine", "";
        Tanh = 133, "tanh", ALL -> Float, "The hyperbolic tangent", "";
        Cbrt = 134, "cbrt", REAL -> Float, "The cube root", "negative for negative numbers";
    }
}

operations! {
    /// A reduction of an array over some of its axes.
    ReduceOp {
        Sum = 201, "sum", ALL -> Wide, "The sum", "0 over nothing; pairwise over every axis, the same bits on every machine";
        Prod = 202, "prod", ALL -> Wide, "The product", "1 over nothing";
        Min = 203, "min", ALL -> Same, "The smallest element", "NaN if there is one; over nothing an error";
        Max = 204, "max", ALL -> Same, "The largest element", "NaN if there is one; over nothing an error";
        Mean = 205, "mean", ALL -> Inexact, "The mean", "integers as f64; NaN over nothing";
        Var = 206, "var", ALL -> Real, "The variance: the mean of the squared distances from the mean", "integers as f64; NaN over nothing";
        Std = 207, "std", ALL -> Real, "The standard deviation: the root of the variance", "integers as f64; NaN over nothing";
        Any = 208, "any", ALL -> Truth, "Whether one element is not 0", "NaN is not 0; false over nothing";
        All = 209, "all", ALL -> Truth, "Whether every element is not 0", "NaN is not 0; true over nothing";
        CountNonzero = 210, "count_nonzero", ALL -> Count, "How many elements are not 0", "NaN is not 0";
        Argmin = 211, "argmin", ALL -> Index, "The index of the smallest element, along one axis or in C order over all of them", "the first of several, the first NaN if there is one; over nothing an error";
        Argmax = 212, "argmax", ALL -> Index, "The index of the largest element, along one axis or in C order over all of them", "the first of several, the first NaN if there is one; over nothing an error";
        Norm = 213, "norm", ALL -> Real, "The 2-norm: the root of the sum of squared magnitudes", "integers as f64; 0 over nothing";
    }
}

operations! {
    /// A running operation along one axis: each element is that of the output before it and the input's.
    ScanOp {
        Sum = 301, "cumulative_sum", ALL -> Wide, "The sum of all elements up to each, along one axis", "one after the other, in the dtype of the output";
        Prod = 302, "cumulative_prod", ALL -> Wide, "The product of all elements up to each, along one axis", "one after the other, in the dtype of the output";
        Min = 303, "cumulative_min", ALL -> Same, "The smallest of all elements up to each, along one axis", "NaN from the first NaN on";
        Max = 304, "cumulative_max", ALL -> Same, "The largest of all elements up to each, along one axis", "NaN from the first NaN on";
    }
}
