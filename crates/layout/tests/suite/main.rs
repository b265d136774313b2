//! The tests of the crate's face: every operation against a naive model, against NumPy's answers, or against arithmetic
//! that can not overflow. One program, so that the models are shared.
//!
//! Random tests print their seed, and `STRIDED_TEST_SEED` sets it; `STRIDED_TEST_SCALE=20` tries 20 times as many cases.

mod broadcast;
mod common;
mod contiguity;
mod index;
mod lattice;
mod model;
mod nest;
mod numpy;
mod overlap;
mod permute;
mod promotion;
mod reinterpret;
mod reshape;
mod window;
