//! Overlap against sets of bytes: every answer is checked by listing the bytes of every element.

use libstrided_layout::{Layout, Overlap, bounds_overlap, overlap, same_elements, self_overlap};

use crate::common::{Random, Source};

/// The byte offset of every element, in C order.
fn offsets(shape: &[i64], strides: &[i64]) -> Vec<i64> {
    match (shape, strides) {
        ([n, later_shape @ ..], [stride, later_strides @ ..]) => {
            let inner = offsets(later_shape, later_strides);
            (0..*n).flat_map(|i| inner.iter().map(move |o| i * stride + o)).collect()
        }
        _ => vec![0],
    }
}

impl Source {
    /// Its bytes, moved by `delta`.
    fn bytes(&self, delta: i64) -> Bytes {
        let mut bytes = Bytes::default();
        for start in offsets(&self.shape, &self.strides) {
            for byte in start + delta..start + delta + self.itemsize {
                bytes.insert(byte);
            }
        }
        bytes
    }

    /// Whether two elements share a byte.
    fn meets_itself(&self) -> bool {
        let mut bytes = Bytes::default();
        let starts = offsets(&self.shape, &self.strides);
        starts.into_iter().any(|s| (s..s + self.itemsize).any(|byte| !bytes.insert(byte)))
    }
}

/// A set of small numbers of either sign.
#[derive(Default)]
struct Bytes {
    words: [Vec<u64>; 2],
    range: Option<(i64, i64)>,
}

impl Bytes {
    /// Adds a byte; `false` when it is in already.
    fn insert(&mut self, byte: i64) -> bool {
        let words = &mut self.words[(byte < 0) as usize];
        let (word, bit) = ((byte.unsigned_abs() / 64) as usize, 1 << (byte.unsigned_abs() % 64));
        if words.len() <= word {
            words.resize(word + 1, 0);
        }
        let new = words[word] & bit == 0;
        words[word] |= bit;
        let (low, high) = self.range.unwrap_or((byte, byte));
        self.range = Some((low.min(byte), high.max(byte)));
        new
    }

    fn meets(&self, other: &Bytes) -> bool {
        let common = |k: usize| self.words[k].iter().zip(&other.words[k]).any(|(a, b)| a & b != 0);
        common(0) || common(1)
    }

    /// Whether one ends before the other one begins, or one is empty.
    fn is_apart(&self, other: &Bytes) -> bool {
        match (self.range, other.range) {
            (Some((low_a, high_a)), Some((low_b, high_b))) => high_a < low_b || high_b < low_a,
            _ => true,
        }
    }
}

/// Strides of every kind: packed, padded, of any sign, zero, and not multiples of the item size.
fn random_case(random: &mut Random) -> Source {
    let itemsize = [1, 2, 3, 4, 8, 16][random.below(6) as usize];
    let ndim = random.below(5) as usize;
    let shape: Vec<i64> = (0..ndim)
        .map(|_| [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5][random.below(if ndim < 3 { 11 } else { 7 }) as usize])
        .collect();
    let kind = random.below(4);
    let mut packed = itemsize;
    let mut strides: Vec<i64> = shape
        .iter()
        .rev()
        .map(|&n| {
            let stride = match kind {
                0 => packed,
                1 => packed + itemsize * random.between(0, 3),
                2 => random.between(-24, 24),
                _ => itemsize * random.between(-6, 6),
            };
            packed = (stride.abs() * n.max(1)).max(1);
            if kind < 2 && random.below(4) == 0 { -stride } else { stride }
        })
        .collect();
    strides.reverse();
    let mut case = Source { itemsize, shape, strides };
    // Any order of the axes.
    for i in (1..ndim).rev() {
        let j = random.below(i as u64 + 1) as usize;
        case.shape.swap(i, j);
        case.strides.swap(i, j);
    }
    case
}

/// Another layout that may well lie in the gaps of this one: the same, with some axis changed.
fn relative(random: &mut Random, case: &Source) -> Source {
    let mut other = case.clone();
    if !other.shape.is_empty() && random.below(2) == 0 {
        let axis = random.below(other.shape.len() as u64) as usize;
        other.shape[axis] = random.between(1, 5);
    }
    if random.below(3) == 0 {
        other.itemsize = [1, 2, 4, 8][random.below(4) as usize];
    }
    other
}

#[test]
fn pairs_of_small_layouts() {
    let mut random = Random::seeded("pairs_of_small_layouts");
    // No because the bounds are apart, No although they intersect, Yes.
    let mut counts = [0u32; 3];
    while counts.iter().sum::<u32>() < 120_000 {
        let a = random_case(&mut random);
        let b = match random.below(3) {
            0 => random_case(&mut random),
            _ => relative(&mut random, &a),
        };
        let bytes_a = a.bytes(0);
        let reach = a.layout().extent().1.max(b.layout().extent().1);
        for reach in [reach, 24] {
            let delta = random.between(-reach, reach);
            let bytes_b = b.bytes(delta);
            let (shared, apart) = (bytes_a.meets(&bytes_b), bytes_a.is_apart(&bytes_b));
            counts[if apart { 0 } else { 1 + shared as usize }] += 1;
            let (la, lb) = (a.layout(), b.layout());
            assert_eq!(bounds_overlap(la, lb, delta), !apart, "{a:?} {b:?} {delta}");
            let expected = if shared { Overlap::Yes } else { Overlap::No };
            assert_eq!(overlap(la, lb, delta, u64::MAX), expected, "{a:?} {b:?} {delta}");
            assert_eq!(overlap(lb, la, -delta, u64::MAX), expected, "{b:?} {a:?} {}", -delta);
            // With no work allowed the answer may be missing but not wrong.
            let cheap = overlap(la, lb, delta, 0);
            assert!(cheap == expected || cheap == Overlap::Undecided);
        }
    }
    println!("apart, interleaved, shared: {counts:?}");
    assert!(counts.iter().all(|&c| c > 8_000), "{counts:?}");
}

#[test]
fn all_pairs_in_one_dimension() {
    let mut counts = [0u32; 2];
    let cases: Vec<Source> = [1, 2]
        .into_iter()
        .flat_map(|itemsize| (0..=8).map(move |n| (itemsize, n)))
        .flat_map(|(itemsize, n)| {
            (-3..=3).map(move |step| Source { itemsize, shape: vec![n], strides: vec![step] })
        })
        .collect();
    // Bytes as bits of a word; they lie within 9 ..= 113, also after the largest shift.
    let masks: Vec<u128> = cases
        .iter()
        .map(|c| {
            offsets(&c.shape, &c.strides)
                .iter()
                .fold(0, |mask, s| mask | ((1u128 << c.itemsize) - 1) << (60 + s))
        })
        .collect();
    for (a, mask_a) in cases.iter().zip(&masks) {
        for (b, mask_b) in cases.iter().zip(&masks) {
            for delta in -30..=30 {
                let moved = if delta < 0 { mask_b >> -delta } else { mask_b << delta };
                let shared = mask_a & moved != 0;
                counts[shared as usize] += 1;
                let expected = if shared { Overlap::Yes } else { Overlap::No };
                assert_eq!(overlap(a.layout(), b.layout(), delta, 0), expected, "{a:?} {b:?} {delta}");
            }
        }
    }
    assert!(counts.iter().all(|&c| c > 100_000), "{counts:?}");
}

#[test]
fn one_layout_with_itself() {
    let mut random = Random::seeded("one_layout_with_itself");
    let mut counts = [0u32; 2];
    while counts.iter().sum::<u32>() < 100_000 {
        let case = random_case(&mut random);
        let meets = case.meets_itself();
        counts[meets as usize] += 1;
        let expected = if meets { Overlap::Yes } else { Overlap::No };
        assert_eq!(self_overlap(case.layout(), u64::MAX), expected, "{case:?}");
        let cheap = self_overlap(case.layout(), 0);
        assert!(cheap == expected || cheap == Overlap::Undecided);
    }
    println!("distinct, meeting: {counts:?}");
    assert!(counts.iter().all(|&c| c > 8_000), "{counts:?}");
}

/// Pairs of slices of one matrix, with different steps and in either order, need next to no search.
#[test]
fn slices_of_one_matrix_need_little_work() {
    let mut random = Random::seeded("slices_of_one_matrix_need_little_work");
    let mut counts = [0u32; 2];
    for _ in 0..20_000 {
        let (rows, columns) = (random.between(1, 9), random.between(1, 9));
        let mut slice = || {
            let (r, c) = (random.between(0, rows - 1), random.between(0, columns - 1));
            let (dr, dc) = (random.between(1, 3), random.between(1, 3));
            let mut case = Source {
                itemsize: 8,
                shape: vec![(rows - r + dr - 1) / dr, (columns - c + dc - 1) / dc],
                strides: vec![8 * columns * dr, 8 * dc],
            };
            if random.below(2) == 0 {
                case.shape.reverse();
                case.strides.reverse();
            }
            (case, 8 * (columns * r + c))
        };
        let ((a, at_a), (b, at_b)) = (slice(), slice());
        let shared = a.bytes(at_a).meets(&b.bytes(at_b));
        counts[shared as usize] += 1;
        let answer = overlap(a.layout(), b.layout(), at_b - at_a, SLICES_WORK);
        assert_eq!(answer, if shared { Overlap::Yes } else { Overlap::No }, "{a:?} {b:?} {}", at_b - at_a);
        assert_eq!(self_overlap(a.layout(), 0), Overlap::No);
    }
    assert!(counts.iter().all(|&c| c > 3_000), "{counts:?}");
}

const SLICES_WORK: u64 = 20;

/// Strides without a common divisor, made so that only a search can tell: it stops at the budget, and soon.
#[test]
fn hard_pairs_stop_at_the_budget() {
    let mut random = Random::seeded("hard_pairs_stop_at_the_budget");
    let mut counts = [0u32; 3];
    let begin = std::time::Instant::now();
    for _ in 0..300 {
        let ndim = random.between(10, 31) as usize;
        let shape = vec![2; ndim];
        let mut strides = || (0..ndim).map(|_| 3 * (random.below(1 << 40) as i64 + (1 << 40)) + 1).collect();
        let (a, b): (Vec<i64>, Vec<i64>) = (strides(), strides());
        let a = Layout::new(1, &shape, &a).expect("fits");
        let b = Layout::new(1, &shape, &b).expect("fits");
        let delta = random.below(1 << 42) as i64;
        counts[overlap(a, b, delta, 10_000) as usize] += 1;
        counts[self_overlap(a, 10_000) as usize] += 1;
    }
    let elapsed = begin.elapsed();
    // 6 million steps at the most; a build with debug checks takes about a second.
    assert!(elapsed.as_secs() < 20, "{elapsed:?}");
    assert!(counts[Overlap::Undecided as usize] > 100, "{counts:?}");
    println!("{counts:?} in {elapsed:?}");
}

/// 64 axes on each side, with and without an easy answer.
#[test]
fn all_axes_in_use() {
    let shape = [2; 62];
    let mut strides = [0; 62];
    for (k, stride) in strides.iter_mut().enumerate() {
        *stride = if k % 2 == 0 { 1 << k } else { -(1 << k) };
    }
    let all = Layout::new(1, &shape, &strides).expect("fits");
    assert_eq!(self_overlap(all, 0), Overlap::No);
    assert_eq!(overlap(all, all, 1, 0), Overlap::Yes);
    assert_eq!(overlap(all, all, i64::MAX, 0), Overlap::No);

    // Odd bytes only: the axis with stride 1 left out.
    let even = Layout::new(1, &shape[1..], &strides[1..]).expect("fits");
    assert_eq!(overlap(even, even, 1, 0), Overlap::No);
    assert_eq!(overlap(even, even, 4, 0), Overlap::Yes);

    let (shape, strides) = ([2; 60], [3; 60]);
    let same = Layout::new(1, &shape, &strides).expect("fits");
    assert_eq!(self_overlap(same, 0), Overlap::Yes);
    assert_eq!(overlap(same, same, 4, 0), Overlap::No);
    assert_eq!(overlap(same, same, -6, 0), Overlap::Yes);
}

/// Whatever the numbers are, there is an answer: no overflow, no panic, and the same one from both sides.
#[test]
fn extreme_numbers() {
    let edge = [
        i64::MIN,
        i64::MIN + 1,
        -(1 << 62),
        -(1 << 32),
        -1,
        0,
        1,
        2,
        1 << 31,
        1 << 32,
        1 << 62,
        i64::MAX - 1,
        i64::MAX,
    ];
    let mut cases = Vec::new();
    for itemsize in [1, 2, 1 << 31, 1 << 62, i64::MAX] {
        for n in [0, 1, 2, 3, 1 << 31, 1 << 62, i64::MAX] {
            for stride in edge {
                for m in [1, 2, 3] {
                    cases.push((itemsize, [n, m], [stride, 1]));
                    cases.push((itemsize, [m, n], [i64::MAX / 2, stride]));
                }
            }
        }
    }
    let layouts: Vec<Layout> = cases.iter().filter_map(|(i, n, s)| Layout::new(*i, n, s).ok()).collect();
    let mut counts = [0u32; 3];
    for &a in &layouts {
        counts[self_overlap(a, 100) as usize] += 1;
        for &b in layouts.iter().step_by(11) {
            for delta in edge {
                let answer = overlap(a, b, delta, 100);
                counts[answer as usize] += 1;
                if !bounds_overlap(a, b, delta) {
                    assert_eq!(answer, Overlap::No);
                }
                if delta != i64::MIN {
                    let mirrored = overlap(b, a, -delta, 100);
                    let open = answer == Overlap::Undecided || mirrored == Overlap::Undecided;
                    assert!(open || mirrored == answer, "{a:?} {b:?} {delta}");
                }
            }
        }
    }
    println!("{} layouts, answers {counts:?}", layouts.len());
    assert!(counts[0] > 10_000 && counts[1] > 10_000, "{counts:?}");
}

#[test]
fn the_same_elements_in_the_same_order() {
    fn same(a: (i64, &[i64], &[i64]), b: (i64, &[i64], &[i64])) -> bool {
        let layout = |(itemsize, shape, strides)| Layout::new(itemsize, shape, strides).expect("a layout");
        same_elements(layout(a), layout(b))
    }
    assert!(same((8, &[2, 3], &[24, 8]), (8, &[2, 3], &[24, 8])));
    assert!(same((8, &[2, 1, 3], &[24, 5, 8]), (8, &[2, 3], &[24, 8])));
    assert!(same((8, &[1], &[7]), (8, &[], &[])));
    assert!(same((8, &[0, 3], &[1, 2]), (8, &[4, 0], &[3, 4])));
    assert!(!same((8, &[2, 3], &[24, 8]), (8, &[2, 3], &[8, 16])));
    assert!(!same((8, &[2, 3], &[24, 8]), (8, &[3, 2], &[8, 24])));
    assert!(!same((8, &[2, 3], &[24, 8]), (4, &[2, 3], &[24, 8])));
    assert!(!same((8, &[2], &[8]), (8, &[2, 2], &[8, 0])));
    assert!(!same((8, &[0], &[8]), (8, &[], &[])));
}
