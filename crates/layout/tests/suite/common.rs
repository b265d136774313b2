//! What the tests of this folder share: repeatable random numbers and the naive walk over a layout.

/// A small generator (xorshift64*). Its seed is printed, and `STRIDED_TEST_SEED` sets it.
pub(crate) struct Random(u64);

impl Random {
    /// A generator for the named test.
    pub(crate) fn seeded(test: &str) -> Random {
        let seed = match std::env::var("STRIDED_TEST_SEED") {
            Ok(text) => text.parse().expect("STRIDED_TEST_SEED is a number"),
            Err(_) => 0x5eed,
        };
        println!("{test}: STRIDED_TEST_SEED={seed}");
        Random(seed | 1 << 63)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) % n
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }
}

/// The byte offset of every element, in C order: all indices, one after the other.
pub(crate) fn offsets(shape: &[i64], strides: &[i64]) -> Vec<i64> {
    match (shape, strides) {
        ([n, later_shape @ ..], [stride, later_strides @ ..]) => {
            let inner = offsets(later_shape, later_strides);
            (0..*n).flat_map(|i| inner.iter().map(move |o| i * stride + o)).collect()
        }
        _ => vec![0],
    }
}
