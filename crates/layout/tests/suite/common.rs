//! What the tests of this folder share: seeds, random numbers and random layouts.

use std::fmt::Debug;

use libstrided_layout::Layout;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// The seed of all random tests, printed with the name of the test.
fn seed(test: &str) -> u64 {
    let seed = match std::env::var("STRIDED_TEST_SEED") {
        Ok(text) => text.parse().expect("STRIDED_TEST_SEED is a number"),
        Err(_) => 0x5eed,
    };
    println!("{test}: STRIDED_TEST_SEED={seed}");
    seed
}

/// How many times as many cases to try: `STRIDED_TEST_SCALE`, 1 when it is not set.
fn scale() -> u32 {
    std::env::var("STRIDED_TEST_SCALE")
        .map_or(1, |text| text.parse().expect("STRIDED_TEST_SCALE is a number"))
}

/// Tries a property on `cases` random values; the failing one is made as small as it can be.
#[track_caller]
pub(crate) fn check<S: Strategy>(test: &str, cases: u32, values: S, property: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed(test).to_le_bytes());
    let config = Config { cases: cases * scale(), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    match runner.run(&values, |value| {
        property(value);
        Ok(())
    }) {
        Ok(()) => {}
        Err(TestError::Fail(reason, value)) => panic!("{test}: {reason}\nwith {value:#?}"),
        Err(other) => panic!("{test}: {other}"),
    }
}

/// A small generator (xorshift64*), for tests that need millions of numbers.
pub(crate) struct Random(u64);

impl Random {
    /// A generator for the named test.
    pub(crate) fn seeded(test: &str) -> Random {
        Random(seed(test) | 1 << 63)
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

/// A layout that owns its numbers.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) itemsize: i64,
    pub(crate) shape: Vec<i64>,
    pub(crate) strides: Vec<i64>,
}

impl Source {
    pub(crate) fn new(itemsize: i64, shape: &[i64], strides: &[i64]) -> Source {
        Source { itemsize, shape: shape.to_vec(), strides: strides.to_vec() }
    }

    pub(crate) fn layout(&self) -> Layout<'_> {
        Layout::new(self.itemsize, &self.shape, &self.strides).expect("a small layout")
    }

    pub(crate) fn ndim(&self) -> usize {
        self.shape.len()
    }
}

/// Small layouts as views of arrays have them: a packed array with axes cut, padded, reversed, broadcast and reordered.
pub(crate) fn views(max_ndim: usize) -> impl Strategy<Value = Source> {
    let axis = (
        extents(),
        prop_oneof![6 => Just(1i64), 1 => Just(2), 1 => Just(-1), 1 => Just(0), 1 => Just(-3)],
        0..4i64,
    );
    let itemsize = prop::sample::select(vec![1i64, 2, 4, 8, 12, 16]);
    (itemsize, prop::collection::vec(axis, 0..=max_ndim), any::<u64>()).prop_map(
        |(itemsize, axes, shuffle)| {
            let mut packed = itemsize;
            let mut list: Vec<(i64, i64)> = axes
                .iter()
                .map(|&(n, step, padding)| {
                    let stride = packed * step;
                    // Every fourth axis is padded.
                    packed *= (n.max(1) + if padding == 3 { 1 } else { 0 }) * step.abs().max(1);
                    (n, stride)
                })
                .collect();
            list.reverse();
            permute(&mut list, shuffle);
            Source {
                itemsize,
                shape: list.iter().map(|a| a.0).collect(),
                strides: list.iter().map(|a| a.1).collect(),
            }
        },
    )
}

/// Small layouts with any strides.
pub(crate) fn any_strides(max_ndim: usize) -> impl Strategy<Value = Source> {
    (1..9i64, prop::collection::vec((extents(), -40..40i64), 0..=max_ndim)).prop_map(|(itemsize, axes)| {
        Source {
            itemsize,
            shape: axes.iter().map(|a| a.0).collect(),
            strides: axes.iter().map(|a| a.1).collect(),
        }
    })
}

/// Both kinds.
pub(crate) fn sources(max_ndim: usize) -> impl Strategy<Value = Source> {
    prop_oneof![3 => views(max_ndim), 1 => any_strides(max_ndim)]
}

/// Extents: 1 and 2 often, 0 now and then.
fn extents() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![1i64, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 0])
}

/// Leaves the order as it is for an even `shuffle`, else one of all orders.
fn permute<T>(list: &mut [T], shuffle: u64) {
    let mut rest = shuffle / 2;
    if shuffle % 2 == 1 {
        for i in (1..list.len()).rev() {
            list.swap(i, (rest % (i as u64 + 1)) as usize);
            rest /= i as u64 + 1;
        }
    }
}

/// One axis, counted from either end, that the layout has.
pub(crate) fn axis_of(ndim: usize) -> impl Strategy<Value = i32> + Clone {
    let n = ndim as i32;
    -n..n
}

/// An axis counted from the front.
pub(crate) fn counted(axis: i32, ndim: usize) -> usize {
    (if axis < 0 { axis + ndim as i32 } else { axis }) as usize
}
