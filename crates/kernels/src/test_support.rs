//! What the tests of several modules share: every vector level in turn, and random elements.

use std::sync::{Mutex, MutexGuard};

use libstrided_layout::{DType, Kind};

use crate::{Level, Operand};

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

    /// A shape of up to five axes with at most `most` elements; now and then none, or one of extent 1 or 0.
    pub(crate) fn shape(&mut self, most: usize) -> Vec<i64> {
        let mut left = most;
        let mut shape = Vec::new();
        for _ in 0..self.below(6) {
            let extent = match self.below(8) {
                0 => 1,
                1..=3 => 1 + self.below(left.min(7)),
                4 | 5 => 1 + self.below(left.min(60)),
                6 => 1 + self.below(left),
                _ => usize::from(self.below(4) > 0),
            };
            left /= extent.max(1);
            shape.push(extent as i64);
        }
        shape
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

/// An array with a buffer of its own.
#[derive(Clone)]
pub(crate) struct Strided {
    pub(crate) bytes: Vec<u8>,
    origin: i64,
    dtype: DType,
    item: i64,
    pub(crate) strides: Vec<i64>,
}

impl Strided {
    /// Random elements in a random order of the axes, with gaps, reversed axes, an odd address and, for an input,
    /// broadcast axes.
    pub(crate) fn random(random: &mut Random, dtype: DType, shape: &[i64], input: bool) -> Strided {
        Strided::random_items(random, dtype, dtype.size().max(1), shape, input)
    }

    /// The same for items of a given size, as opaque ones have.
    pub(crate) fn random_items(
        random: &mut Random,
        dtype: DType,
        item: i64,
        shape: &[i64],
        input: bool,
    ) -> Strided {
        let ndim = shape.len();
        let mut order: Vec<usize> = (0..ndim).rev().collect();
        match random.below(4) {
            0 => order.reverse(),
            1 => {
                for i in (1..ndim).rev() {
                    order.swap(i, random.below(i + 1));
                }
            }
            _ => {}
        }
        let wild = random.below(3);
        let mut strides = vec![0; ndim];
        let mut next = item;
        let (mut low, mut high) = (0, 0);
        for axis in order {
            if wild > 0 && random.below(4) == 0 {
                next += [item, 3, 40][random.below(3)];
            }
            if wild > 0 && input && random.below(4) == 0 {
                continue;
            }
            let reversed = wild > 0 && random.below(4) == 0;
            strides[axis] = if reversed { -next } else { next };
            let reach = strides[axis] * (shape[axis] - 1).max(0);
            (low, high) = (low + reach.min(0), high + reach.max(0));
            next *= shape[axis].max(1);
        }
        let margin = 1 + random.below(9) as i64;
        let mut bytes = vec![0xa5; (high - low + item + 2 * margin) as usize];
        let odd = random.below(item as usize);
        let end = bytes.len() - (bytes.len() - odd) % item as usize;
        random.fill(dtype, &mut bytes[odd..end]);
        let mut array = Strided { bytes, origin: margin - low, dtype, item, strides };
        // Elements must be values of the dtype wherever they start.
        for index in indices(shape) {
            let mut element = vec![0; item as usize];
            random.fill(dtype, &mut element);
            array.item_mut(&index).copy_from_slice(&element);
        }
        array
    }

    fn at(&self, index: &[i64]) -> usize {
        let offset: i64 = index.iter().zip(&self.strides).map(|(i, s)| i * s).sum();
        (self.origin + offset) as usize
    }

    pub(crate) fn item(&self, index: &[i64]) -> &[u8] {
        let at = self.at(index);
        &self.bytes[at..at + self.item as usize]
    }

    pub(crate) fn item_mut(&mut self, index: &[i64]) -> &mut [u8] {
        let at = self.at(index);
        &mut self.bytes[at..at + self.item as usize]
    }

    pub(crate) fn operand(&self) -> Operand<'_> {
        Operand {
            data: self.bytes.as_ptr().wrapping_add(self.origin as usize) as *mut u8,
            dtype: self.dtype,
            itemsize: self.item,
            strides: &self.strides,
        }
    }

    pub(crate) fn operand_mut(&mut self) -> Operand<'_> {
        Operand { data: self.bytes.as_mut_ptr().wrapping_add(self.origin as usize), ..self.operand() }
    }
}

/// All indices of a shape, in C order.
pub(crate) fn indices(shape: &[i64]) -> Vec<Vec<i64>> {
    let mut all = vec![Vec::new()];
    for &extent in shape {
        all = all
            .into_iter()
            .flat_map(|index| {
                (0..extent).map(move |i| {
                    let mut longer = index.clone();
                    longer.push(i);
                    longer
                })
            })
            .collect();
    }
    all
}
