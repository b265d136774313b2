//! NumPy's memory model as a native library: strided views, broadcasting, copies and arithmetic.

pub mod npy;
