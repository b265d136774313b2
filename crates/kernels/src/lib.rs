//! SIMD copy, elementwise and reduction kernels over strided operands.
//!
//! ```text
//!   level      which vector instructions to use: the only place that asks the CPU
//!   operand    address, dtype and byte strides of one array
//! ```

mod copy;
mod level;
mod operand;

pub use copy::copy;
pub use level::Level;
pub use operand::Operand;
