//! Bounded linear Diophantine equations: has `sum(c_i * z_i) = target` a solution with `0 <= z_i <= u_i`?
//!
//! The search fixes the unknowns one after the other. When `z_0` to
//! `z_(i-1)` are fixed and `rest` is what is left of the target, the candidates for `z_i` are those that leave
//! something the later terms can make up:
//!
//! ```text
//!   0 <= rest - c_i * z_i <= sum(c_j * u_j),  j > i                    an interval for z_i
//!   rest - c_i * z_i = 0  (mod g),  g = gcd(c_j),  j > i               one residue for z_i, modulo g / gcd(g, c_i)
//! ```
//!
//! With two terms left, every candidate is a solution; so up to two terms need no search, and strides of real arrays,
//! each a multiple of the ones before it, leave one candidate or two at every step. The method is that of Ramachandran
//! (2006), as used by NumPy, which brought it to array overlap.
//!
//! Any other order of the terms is as right. Smallest first lets the divisors prune, largest first the bounds: long
//! runs of bytes at distances without a common divisor are hopeless in the one order and trivial in the other. So where
//! the first order leaves many candidates, the reverse is looked at, and the one that promises less work is taken.
//!
//! Coefficients, bounds and the target come from checked layouts: the largest sum of all terms fits into 64 bits, and
//! so does everything here but one product.

use super::terms::Term;
use super::{MANY, Overlap};

/// What the search needs to know about the terms after one term.
#[derive(Clone, Copy)]
struct Level {
    term: Term,
    /// The largest sum of the later terms.
    later_reach: u64,
    /// The greatest common divisor of this and all later coefficients.
    gcd: u64,
    /// Candidates for the unknown are this far apart.
    step: u64,
    /// The inverse of `coefficient / gcd` modulo `step`.
    inverse: u64,
}

impl Level {
    /// For a term that stands before others: the greatest common divisor of their coefficients (0 when there are
    /// none), and the largest value of their sum.
    #[inline]
    fn before(term: Term, later_gcd: u64, later_reach: u64) -> Level {
        let (gcd, inverse) = gcd_and_inverse(term.coefficient, later_gcd);
        Level { term, later_reach, gcd, step: later_gcd / gcd, inverse }
    }
}

/// The candidates at one level that are still to be tried: `next, next + step, ...` up to `last`.
#[derive(Clone, Copy)]
struct Frame {
    rest: u64,
    next: u64,
    last: u64,
}

/// Solves the equation for terms that are sorted, smallest coefficient first. Tries at most `max_work` partial
/// solutions, and says how many.
pub(super) fn solve(terms: &[Term], target: u64, max_work: u64) -> (Overlap, u64) {
    let yes_or_no = |yes| if yes { Overlap::Yes } else { Overlap::No };
    match *terms {
        [] => (yes_or_no(target == 0), 0),
        [t] => (yes_or_no(target <= t.reach() && target.is_multiple_of(t.coefficient)), 0),
        [s, t] => {
            let level = Level::before(s, t.coefficient, t.reach());
            (yes_or_no(candidates(&level, target).is_some()), 0)
        }
        _ if terms.len() <= FEW => search(&ordered_levels::<FEW>(terms), terms.len(), target, max_work),
        _ => search_long(terms, target, max_work),
    }
}

#[cold]
#[inline(never)]
fn search_long(terms: &[Term], target: u64, max_work: u64) -> (Overlap, u64) {
    search(&ordered_levels::<MANY>(terms), terms.len(), target, max_work)
}

/// As many terms as are searched in little space.
const FEW: usize = 6;

/// The terms in the better one of the two orders.
fn ordered_levels<const CAP: usize>(terms: &[Term]) -> [Level; CAP] {
    let blank = Term { coefficient: 1, bound: 0 };
    let mut levels = [Level { term: blank, later_reach: 0, gcd: 1, step: 1, inverse: 0 }; CAP];
    let smallest_first = doublings(terms.iter());
    // With few partial solutions to try, the other order is not worth a look.
    if smallest_first > 2 && doublings(terms.iter().rev()) < smallest_first {
        put_levels(&mut levels, terms.iter().rev());
    } else {
        put_levels(&mut levels, terms.iter());
    }
    levels
}

/// The largest number of partial solutions, as a power of two: by how much each level multiplies it at the most.
fn doublings<'a>(terms: impl DoubleEndedIterator<Item = &'a Term>) -> u32 {
    let (mut gcd, mut reach, mut sum) = (0, 0, 0);
    for (later, term) in terms.rev().enumerate() {
        let divisor = common_divisor(term.coefficient, gcd);
        // The last two terms need no search.
        if later >= 2 {
            let in_reach = term.bound.min(reach / term.coefficient);
            sum += (in_reach / (gcd / divisor) + 1).ilog2();
        }
        gcd = divisor;
        reach += term.reach();
    }
    sum
}

/// What the search needs to know, for terms in this order.
fn put_levels<'a>(
    levels: &mut [Level],
    terms: impl DoubleEndedIterator<Item = &'a Term> + ExactSizeIterator,
) {
    let (mut gcd, mut reach) = (0, 0);
    for (level, &term) in levels.iter_mut().zip(terms).rev() {
        *level = Level::before(term, gcd, reach);
        gcd = level.gcd;
        reach += term.reach();
    }
}

/// Depth-first search over the first `count` levels, at least two.
fn search<const CAP: usize>(
    levels: &[Level; CAP],
    count: usize,
    target: u64,
    max_work: u64,
) -> (Overlap, u64) {
    let mut work = 0;
    let mut frames = [Frame { rest: 0, next: 0, last: 0 }; CAP];
    match candidates(&levels[0], target) {
        Some(frame) => frames[0] = frame,
        None => return (Overlap::No, work),
    }
    let mut depth = 0;
    loop {
        let (level, frame) = (&levels[depth], &mut frames[depth]);
        // With two terms left, every candidate is a solution.
        if depth + 2 == count {
            return (Overlap::Yes, work);
        }
        if frame.next > frame.last {
            if depth == 0 {
                return (Overlap::No, work);
            }
            depth -= 1;
            continue;
        }
        if work == max_work {
            return (Overlap::Undecided, work);
        }
        work += 1;
        let rest = frame.rest - level.term.coefficient * frame.next;
        // Past `last` also where it saturates: no bound is that large.
        frame.next = frame.next.saturating_add(level.step);
        if let Some(frame) = candidates(&levels[depth + 1], rest) {
            depth += 1;
            frames[depth] = frame;
        }
    }
}

/// The candidates for the unknown of this level; `None` when there are none.
#[inline]
fn candidates(level: &Level, rest: u64) -> Option<Frame> {
    if !rest.is_multiple_of(level.gcd) {
        return None;
    }
    let low = rest.saturating_sub(level.later_reach).div_ceil(level.term.coefficient);
    let last = level.term.bound.min(rest / level.term.coefficient);
    let residue = multiply_modulo(rest / level.gcd % level.step, level.inverse, level.step);
    // From `low` up to the next number with this residue; both are below `step`, which is below 2^63.
    let ahead = (residue + level.step - low % level.step) % level.step;
    let next = low.checked_add(ahead)?;
    (next <= last).then_some(Frame { rest, next, last })
}

#[inline]
fn multiply_modulo(a: u64, b: u64, modulus: u64) -> u64 {
    match a.checked_mul(b) {
        Some(product) => product % modulus,
        None => (a as u128 * b as u128 % modulus as u128) as u64,
    }
}

#[inline]
fn common_divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The greatest common divisor `g` of `c > 0` and `m`, and the inverse of `c / g` modulo `m / g`; 0 where the modulus
/// is 1, and for the last term, which has no modulus yet (`m` = 0).
#[inline]
fn gcd_and_inverse(c: u64, m: u64) -> (u64, u64) {
    if m == 0 {
        return (c, 0);
    }
    // Euclid's algorithm, keeping `r = s * c (mod m)`. No factor exceeds `m` in size, which is below 2^63.
    let (mut r0, mut r1) = (m, c % m);
    let (mut s0, mut s1) = (0i64, 1i64);
    while r1 != 0 {
        let quotient = r0 / r1;
        (r0, r1) = (r1, r0 - quotient * r1);
        (s0, s1) = (s1, s0 - quotient as i64 * s1);
    }
    let step = m / r0;
    (r0, if step == 1 { 0 } else { s0.rem_euclid(step as i64) as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overlap::terms::Terms;

    /// A small generator, so that failures can be repeated.
    struct Random(u64);

    impl Random {
        fn below(&mut self, n: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % n
        }
    }

    fn naive(terms: &[Term], target: i128) -> bool {
        match terms {
            [] => target == 0,
            [t, later @ ..] => {
                (0..=t.bound).any(|z| naive(later, target - t.coefficient as i128 * z as i128))
            }
        }
    }

    #[test]
    fn agrees_with_trying_everything() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut counts = [0; 2];
        for _ in 0..30_000 {
            let mut terms = Terms::<6>::new();
            let spread = 2 + random.below(40);
            for _ in 0..random.below(6) {
                terms.add(1 + random.below(spread), random.below(5)).unwrap();
            }
            let total: u64 = terms.as_slice().iter().map(|t| t.reach()).sum();
            let target = random.below(total + 2);
            let expected = naive(terms.as_slice(), target as i128);
            counts[expected as usize] += 1;
            let expected = if expected { Overlap::Yes } else { Overlap::No };
            assert_eq!(solve(terms.as_slice(), target, u64::MAX).0, expected, "{terms:?} {target}");
            terms.join();
            assert_eq!(solve(terms.as_slice(), target, u64::MAX).0, expected, "joined: {terms:?} {target}");
        }
        assert!(counts[0] > 5_000 && counts[1] > 5_000, "{counts:?}");
    }

    #[test]
    fn inverses_are_inverses() {
        let mut random = Random(7);
        let top = i64::MAX as u64;
        for i in 0..100_000 {
            let m = if i % 3 == 0 { top - random.below(50) } else { 1 + random.below(1 << (i % 62)) };
            let c = if i % 5 == 0 { top - random.below(50) } else { 1 + random.below(1 << (i % 59)) };
            let (g, inverse) = gcd_and_inverse(c, m);
            assert_eq!(g, common_divisor(c, m));
            assert!(c.is_multiple_of(g) && m.is_multiple_of(g));
            let step = m / g;
            assert_eq!(multiply_modulo(c / g % step, inverse, step), 1 % step, "{c} {m}");
        }
    }

    /// Solving subset sums of large coprime numbers is hopeless; the budget ends it.
    #[test]
    fn hard_equations_stop_at_the_budget() {
        let mut random = Random(3);
        let mut terms = Terms::<60>::new();
        for _ in 0..60 {
            terms.add((1 << 56) + random.below(1 << 56) * 2 + 1, 1).unwrap();
        }
        let target = terms.as_slice().iter().map(|t| t.reach()).sum::<u64>() / 2;
        for max_work in [0, 1, 1_000, 200_000] {
            assert_eq!(solve(terms.as_slice(), target, max_work), (Overlap::Undecided, max_work));
        }
    }

    /// A planted solution that needs the largest numbers: 2^64 - 4 is the largest sum of two layouts.
    #[test]
    fn the_largest_numbers_do_not_wrap() {
        let span = i64::MAX as u64 - 1;
        let mut terms = Terms::<4>::new();
        terms.add(span, 1).unwrap();
        terms.add(span - 1, 1).unwrap();
        terms.add(1, 1).unwrap();
        for (target, expected) in [
            (2 * span, Overlap::Yes),
            (2 * span - 1, Overlap::Yes),
            (2 * span - 2, Overlap::No),
            (span + 1, Overlap::Yes),
            (span + 2, Overlap::No),
            (2, Overlap::No),
            (0, Overlap::Yes),
        ] {
            assert_eq!(solve(terms.as_slice(), target, 100).0, expected, "{target}");
        }
    }
}
