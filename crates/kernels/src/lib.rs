//! SIMD copy, elementwise and reduction kernels over strided operands.
//!
//! ```text
//!   level      which vector instructions to use: the only place that asks the CPU
//!   arch       one loop, compiled for each level
//!   operand    address, dtype and byte strides of one array
//!   element    dtype -> Rust type, and the rules of conversion
//!   convert    contiguous runs from one dtype to another
//! ```

mod arch;
pub mod convert;
pub mod element;
mod level;
mod operand;
#[cfg(test)]
mod test_support;

pub use level::Level;
pub use operand::Operand;
