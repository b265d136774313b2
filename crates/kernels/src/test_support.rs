//! What the tests of several modules share: every vector level in turn, and random elements.

use std::sync::{Mutex, MutexGuard};

use libstrided_layout::{DType, Kind};

use crate::Level;

static LEVEL: Mutex<()> = Mutex::new(());

/// Keeps other tests from changing the level.
pub(crate) fn hold_level() -> MutexGuard<'static, ()> {
    LEVEL.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Runs the test at every level that this machine has.
pub(crate) fn at_every_level(mut test: impl FnMut()) {
    let _guard = hold_level();
    let before = Level::current();
    for level in Level::available() {
        Level::set(level);
        test();
    }
    Level::set(before);
}

/// A small generator of random numbers (xorshift), so that a failure can be repeated.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// Fills a buffer with elements: small values, extremes, infinities and NaN, bytes other than 0 and 1 for bool.
    pub(crate) fn fill(&mut self, dtype: DType, bytes: &mut [u8]) {
        let part = dtype.part();
        for chunk in bytes.chunks_exact_mut(part.size().max(1) as usize) {
            let word = match part.kind() {
                Kind::Float => self.float(part),
                _ => match self.below(4) {
                    0 => self.next() << 11 ^ self.next(),
                    1 => (self.below(9) as u64).wrapping_sub(4),
                    2 => [0, 1, u64::MAX, i64::MIN as u64, i64::MAX as u64, 1 << 31, 1 << 15, 128]
                        [self.below(8)],
                    _ => self.below(300) as u64,
                },
            };
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    }

    fn float(&mut self, dtype: DType) -> u64 {
        use crate::element::{Bf16, Element, F16};
        let x = match self.below(8) {
            0 => [0.0, -0.0, 1.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 255.5, -1e10][self.below(8)],
            1 => self.next() as f64 * 1e3,
            2 => self.next() as f64 * 1e-25,
            3 => (self.below(1 << 20) as f64 - 5e5) * 1e-3,
            _ => (self.below(2001) as f64 - 1000.0) / 16.0,
        };
        match dtype {
            DType::F16 => F16::from_f64(x).0 as u64,
            DType::Bf16 => Bf16::from_f64(x).0 as u64,
            DType::F32 => (x as f32).to_bits() as u64,
            _ => x.to_bits(),
        }
    }
}
