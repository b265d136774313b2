//! SIMD copy, elementwise and reduction kernels over strided operands.
