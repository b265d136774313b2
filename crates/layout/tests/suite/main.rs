//! The tests of the crate's face: every operation against a naive model, against NumPy's answers, or against arithmetic
//! that can not overflow. One program, so that the models are shared. Random tests print their seed;
//! `STRIDED_TEST_SEED` sets it.

mod common;
mod overlap;
mod promotion;
