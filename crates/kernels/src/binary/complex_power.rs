//! The loops of `power` of complex numbers, in blocks as the functions of one complex number; a whole number that is the
//! exponent throughout is a matter of a few products, which have a loop of their own.

use super::kernel::Kernel;
use crate::arch::{Body, Features, specialize, step};
use crate::element::{Complex, Element};
use crate::elementwise::Block;
use crate::math::complex::block::{Parts, WIDTH, load, store};
use crate::math::complex::{Function2, Pair, Power, whole};
use crate::math::{Lanes, Real};
use crate::number::{Field, Number};

/// The loop for complex numbers with parts of a type.
pub(super) fn typed<T: Real>() -> Kernel
where
    Complex<T>: Element,
{
    Kernel { run: run::<T>, past: None, result: <Complex<T>>::DTYPE }
}

/// See [`Kernel::run`].
unsafe fn run<T: Real>(block: &Block<3>) {
    let single = size_of::<T>() == 4;
    let mut exponent = None;
    if block.single[1] && (block.rows == 1 || block.strides[1] == 0) {
        // SAFETY: the one exponent of the block, as the caller vouches.
        let [re, im] = unsafe { load(block.data[1], single, 1) };
        // The power 0 has a rule for NaN.
        exponent = whole(re[0], im[0]).filter(|&exponent| exponent != 0);
    }
    specialize(Rows { block, single, exponent });
}

/// A block on its way to the loops of a level.
struct Rows<'a> {
    block: &'a Block<3>,
    /// Whether the parts are `f32`.
    single: bool,
    /// The exponent, where it is the same whole number throughout.
    exponent: Option<i32>,
}

impl Body for Rows<'_> {
    type Out = ();
    #[inline(always)]
    fn run<F: Features>(self) {
        let Rows { block, single, exponent } = self;
        let [mut a, mut b, mut out] = block.data;
        let size = if single { 8 } else { 16 };
        for _ in 0..block.rows {
            let mut i = 0;
            while i < block.n {
                step();
                let count = (block.n - i).min(WIDTH);
                // SAFETY: the element of the row, or elements `i..i + count` of it, as the caller vouches.
                unsafe {
                    let x = match block.single[0] {
                        true => load(a, single, 1),
                        false => load(a.add(i * size), single, count),
                    };
                    let y = match block.single[1] {
                        true => load(b, single, 1),
                        false => load(b.add(i * size), single, count),
                    };
                    let powers = match exponent {
                        Some(exponent) => whole_powers(x, exponent),
                        None => powers::<F>(x, y),
                    };
                    store(out.add(i * size), single, count, powers);
                }
                i += count;
            }
            a = a.wrapping_offset(block.strides[0]);
            b = b.wrapping_offset(block.strides[1]);
            out = out.wrapping_offset(block.strides[2]);
        }
    }
}

/// The powers of a block.
#[inline(always)]
fn powers<F: Features>([x, y]: Parts, [p, q]: Parts) -> Parts {
    let mut outside = 0u64;
    for k in 0..WIDTH {
        outside |= Power::outside([x[k], y[k]], [p[k], q[k]]) as u64;
    }
    let [mut re, mut im] = [x, y];
    for k in 0..WIDTH / 2 {
        let pair = |part: &[f64; WIDTH]| Lanes(part[k], part[k + WIDTH / 2]);
        let (a, b) = (Pair { re: pair(&x), im: pair(&y) }, Pair { re: pair(&p), im: pair(&q) });
        let power = Power::near::<F>(a, b);
        (re[k], re[k + WIDTH / 2]) = (power.re.0, power.re.1);
        (im[k], im[k + WIDTH / 2]) = (power.im.0, power.im.1);
    }
    if outside != 0 {
        one_by_one([&x, &y, &p, &q], [&mut re, &mut im]);
    }
    [re, im]
}

/// Computes the pairs that are not of the common kind.
#[cold]
#[inline(never)]
fn one_by_one([x, y, p, q]: [&[f64; WIDTH]; 4], [re, im]: [&mut [f64; WIDTH]; 2]) {
    for k in 0..WIDTH {
        if Power::outside([x[k], y[k]], [p[k], q[k]]) {
            let z = Power::alone(Complex { re: x[k], im: y[k] }, Complex { re: p[k], im: q[k] });
            (re[k], im[k]) = (z.re, z.im);
        }
    }
}

/// The same whole power, which is not 0, of the numbers of a block.
#[inline(always)]
fn whole_powers(x: Parts, exponent: i32) -> Parts {
    let (mut power, mut factor) = (None, x);
    let mut rest = exponent.unsigned_abs();
    loop {
        if rest & 1 == 1 {
            power = Some(match power {
                Some(power) => each([power, factor], |[a, b]| a.mul(b)),
                None => factor,
            });
        }
        rest >>= 1;
        if rest == 0 {
            break;
        }
        factor = each([factor, factor], |[a, b]| a.mul(b));
    }
    let power = power.unwrap_or(x);
    let (power, of_zero) = match exponent < 0 {
        true => (each([power, power], |[a, _]| Complex::ONE.div(a)), f64::NAN),
        false => (power, 0.0),
    };
    let of_zero = Complex { re: of_zero, im: of_zero };
    each([x, power], |[x, power]| {
        let zero = (x.re == 0.0) & (x.im == 0.0);
        Complex { re: if zero { of_zero.re } else { power.re }, im: if zero { of_zero.im } else { power.im } }
    })
}

/// An operation on each pair of numbers of two blocks.
#[inline(always)]
fn each(blocks: [Parts; 2], op: impl Fn([Complex<f64>; 2]) -> Complex<f64>) -> Parts {
    let mut out = blocks[0];
    for k in 0..WIDTH {
        let z = op(blocks.map(|[re, im]| Complex { re: re[k], im: im[k] }));
        (out[0][k], out[1][k]) = (z.re, z.im);
    }
    out
}
