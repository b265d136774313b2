//! Dividing sums by how many elements they are of, where they are: loops that the compiler makes vectors of.
//!
//! The results are those of a division in double precision. A division takes as long as eight additions and more, so by powers of
//! two it is a multiplication, and floats are divided as such. Measured on Emerald Rapids, means of 2000 rows of 4 floats in the first
//! level: 0.8 us, and 2.7 by divisions of two doubles at a time; from memory, of rows of 2 and 4 `f64` 15.7 ms and 13.2 for 27 and 16.6.

use libstrided_layout::DType;

use crate::arch::vectorize;
use crate::element::Complex;

/// A division of accumulators in their place.
#[derive(Clone, Copy)]
pub(super) struct Division {
    acc: DType,
    divisor: f64,
}

impl Division {
    /// Of accumulators of a dtype; none where results are of another size, or have parts.
    pub(super) fn new(acc: DType, divisor: f64) -> Option<Division> {
        let fits = matches!(acc, DType::F32 | DType::F64 | DType::I64 | DType::U64);
        fits.then_some(Division { acc, divisor })
    }

    /// Makes results of `n` accumulators.
    ///
    /// # Safety
    /// They can be read and written.
    pub(super) unsafe fn run(&self, values: *mut u8, n: usize) {
        let divisor = self.divisor;
        // SAFETY: as the caller vouches.
        unsafe {
            match (self.acc, reciprocal(divisor)) {
                (DType::F32, _) => divide_singles(values, n, divisor),
                (DType::F64, _) => divide_doubles(values, n, divisor),
                (DType::I64, Some(by)) => each(
                    values,
                    n,
                    #[inline(always)]
                    move |x: i64| x as f64 * by,
                ),
                (DType::I64, None) => each(
                    values,
                    n,
                    #[inline(always)]
                    move |x: i64| x as f64 / divisor,
                ),
                (_, Some(by)) => each(
                    values,
                    n,
                    #[inline(always)]
                    move |x: u64| x as f64 * by,
                ),
                (_, None) => each(
                    values,
                    n,
                    #[inline(always)]
                    move |x: u64| x as f64 / divisor,
                ),
            }
        }
    }
}

/// What can be multiplied by instead, with the same bits: of powers of two that are no fractions.
fn reciprocal(divisor: f64) -> Option<f64> {
    const FRACTION: u32 = f64::MANTISSA_DIGITS - 1;
    let is_power = divisor.to_bits().trailing_zeros() >= FRACTION;
    (is_power && (1.0..=2f64.powi(64)).contains(&divisor)).then(|| 1.0 / divisor)
}

/// Divides `n` elements of a floating dtype.
///
/// # Safety
/// They can be read and written.
pub(super) unsafe fn divide(dtype: DType, x: *mut u8, n: usize, divisor: f64) {
    // SAFETY: as the caller vouches; a complex number is two real ones.
    unsafe {
        match dtype {
            DType::F32 => divide_singles(x, n, divisor),
            DType::F64 => divide_doubles(x, n, divisor),
            DType::C64 => divide_singles(x, 2 * n, divisor),
            _ => divide_doubles(x, 2 * n, divisor),
        }
    }
}

unsafe fn divide_doubles(x: *mut u8, n: usize, divisor: f64) {
    // SAFETY: as the caller vouches for `n` elements.
    unsafe {
        match reciprocal(divisor) {
            Some(by) => each(
                x,
                n,
                #[inline(always)]
                move |x: f64| x * by,
            ),
            None => each(
                x,
                n,
                #[inline(always)]
                move |x: f64| x / divisor,
            ),
        }
    }
}

/// Divides in double precision, or as if: a quotient of two floats that is rounded to 53 bits and then to 24 is the one that is rounded
/// once, since 53 is at least twice 24 and 2, and below the smallest normal float since the divisor is a whole number.
unsafe fn divide_singles(x: *mut u8, n: usize, divisor: f64) {
    let single = divisor as f32;
    let is_whole = f64::from(single) == divisor && divisor.trunc() == divisor;
    // SAFETY: as the caller vouches for `n` elements.
    unsafe {
        match reciprocal(divisor) {
            Some(by) => {
                let by = by as f32;
                each(
                    x,
                    n,
                    #[inline(always)]
                    move |x: f32| x * by,
                )
            }
            None if is_whole && (1.0..16777216.0).contains(&divisor) => each(
                x,
                n,
                #[inline(always)]
                move |x: f32| x / single,
            ),
            None => each(
                x,
                n,
                #[inline(always)]
                move |x: f32| (f64::from(x) / divisor) as f32,
            ),
        }
    }
}

/// Puts what a function makes of elements in their place.
///
/// # Safety
/// `n` of them can be read and written.
pub(super) unsafe fn each<T: Copy, U>(x: *mut u8, n: usize, f: impl Fn(T) -> U) {
    const { assert!(size_of::<T>() == size_of::<U>()) };
    // All by value: what a closure refers to could be among the elements.
    vectorize(
        #[inline(always)]
        move || {
            for i in 0..n {
                // SAFETY: as the caller vouches for `n` elements.
                unsafe {
                    let at = (x as *mut T).add(i);
                    let y = f(at.read_unaligned());
                    at.cast::<U>().write_unaligned(y);
                }
            }
        },
    );
}

// A complex number is laid out as its two parts.
const _: () = assert!(size_of::<Complex<f64>>() == 2 * size_of::<f64>());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{Random, at_every_level};

    const DIVISORS: [f64; 22] = [
        1.0,
        2.0,
        3.0,
        4.0,
        5.0,
        6.0,
        7.0,
        8.0,
        10.0,
        49.0,
        1000.0,
        16777215.0,
        16777216.0,
        16777217.0,
        0.5,
        3.5,
        0.0,
        -2.0,
        -3.0,
        1e30,
        f64::INFINITY,
        18446744073709551616.0,
    ];

    /// Numbers of any kind: bits at random, and those that are few.
    fn numbers(random: &mut Random, i: usize) -> u64 {
        let few = [0.0, -0.0, f64::INFINITY, f64::NAN, 5e-324, -1e-310, 1e-40, 3e-45, f64::MAX, 1.0];
        match i % 4 {
            0 => few[random.below(few.len())].to_bits(),
            1 => random.next(),
            2 => (random.below(2000) as f64 - 1000.0).to_bits(),
            _ => random.next() >> random.below(64),
        }
    }

    #[test]
    fn quotients_are_those_of_double_precision() {
        let mut random = Random::new(17);
        at_every_level(|| {
            for divisor in DIVISORS {
                for n in [0, 1, 7, 16, 31, 400] {
                    let bits: Vec<u64> = (0..n).map(|i| numbers(&mut random, i)).collect();
                    let doubles: Vec<f64> = bits.iter().map(|&x| f64::from_bits(x)).collect();
                    // Half of them by their bits, for small ones are none of the others.
                    let single = |(i, &x): (usize, &f64)| match i % 2 {
                        0 => x as f32,
                        _ => f32::from_bits(x.to_bits() as u32),
                    };
                    let singles: Vec<f32> = doubles.iter().enumerate().map(single).collect();
                    let (mut x, mut y) = (doubles.clone(), singles.clone());
                    let (mut signed, mut unsigned) = (bits.clone(), bits.clone());
                    let run = |acc, at: *mut u64| {
                        let division = Division::new(acc, divisor).expect("a dtype that is divided");
                        // SAFETY: as many elements.
                        unsafe { division.run(at.cast(), n) };
                    };
                    run(DType::F64, x.as_mut_ptr().cast());
                    run(DType::F32, y.as_mut_ptr().cast());
                    run(DType::I64, signed.as_mut_ptr());
                    run(DType::U64, unsigned.as_mut_ptr());
                    for i in 0..n {
                        let same = |got: f64, want: f64| {
                            let nan = got.is_nan() && want.is_nan();
                            assert!(nan || got.to_bits() == want.to_bits(), "{got} for {want}, by {divisor}");
                        };
                        same(x[i], doubles[i] / divisor);
                        same(f64::from(y[i]), f64::from((f64::from(singles[i]) / divisor) as f32));
                        same(f64::from_bits(signed[i]), bits[i] as i64 as f64 / divisor);
                        same(f64::from_bits(unsigned[i]), bits[i] as f64 / divisor);
                    }
                }
            }
        });
    }
}
