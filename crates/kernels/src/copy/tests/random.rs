//! Random shapes, orders, steps, signs, gaps and alignments.

use super::*;

const ITEMS: [usize; 12] = [1, 2, 4, 8, 16, 3, 5, 6, 12, 24, 32, 70];

/// Strides of a view without overlap: axes in a random order, with gaps and signs.
fn strides(rng: &mut Rng, shape: &[i64], item: usize, broadcast: bool) -> Vec<i64> {
    let mut order: Vec<usize> = (0..shape.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, rng.below(i + 1));
    }
    let mut strides = vec![0; shape.len()];
    let mut step = item as i64;
    for axis in order {
        if broadcast && rng.below(8) == 0 {
            continue;
        }
        match rng.below(8) {
            0 => step *= 1 + rng.below(3) as i64,
            1 => step += 1 + rng.below(9) as i64,
            _ => {}
        }
        strides[axis] = if rng.below(4) == 0 { -step } else { step };
        step *= shape[axis].max(1);
    }
    strides
}

fn case(rng: &mut Rng, most: usize) -> Case {
    let item = ITEMS[rng.below(ITEMS.len())];
    let ndim = rng.below(7);
    let mut room = most;
    let mut shape = Vec::new();
    for _ in 0..ndim {
        let n = match rng.below(12) {
            0 => 1,
            1 => 0,
            2..5 => 1 + rng.below(300),
            5..9 => 1 + rng.below(20),
            _ => 1 + rng.below(4),
        };
        let n = n.min(room);
        room /= n.max(1);
        shape.push(n as i64);
    }
    let src = strides(rng, &shape, item, true);
    let dst = strides(rng, &shape, item, false);
    Case { item, shape, src, dst }
}

fn run(seed: u64, cases: usize, most: usize) {
    let mut rng = Rng::new(seed);
    let mut bench = Bench::new(64 << 20);
    let mut done = 0;
    while done < cases {
        let case = case(&mut rng, most);
        let fits = |strides: &[i64]| {
            let (before, after) = case.span(strides);
            before + after < 60 << 20
        };
        if fits(&case.src) && fits(&case.dst) {
            bench.check(&case, rng.below(70), rng.below(70));
            done += 1;
        }
    }
}

#[test]
fn random_small_views() {
    run(1, 1500, 300);
}

#[test]
fn random_middling_views() {
    run(2, 250, 8000);
}

#[test]
fn many_axes() {
    let mut bench = Bench::new(1 << 20);
    for item in ITEMS {
        for ndim in [9usize, 12, 64] {
            // Axes longer than 1 first, in reverse order in the destination, the rest of extent 1.
            let long = ndim.min(11);
            let shape: Vec<i64> = (0..ndim).map(|axis| if axis < long { 2 } else { 1 }).collect();
            let stride = |at: usize| (item << at) as i64;
            let src = (0..ndim).map(|axis| stride(axis.min(20))).collect();
            let dst = (0..ndim).map(|axis| stride(long.saturating_sub(axis + 1))).collect();
            let case = Case { item, shape, src, dst };
            bench.check(&case, 0, 0);
        }
    }
}

/// Axes that never make whole lines, so that what a box has of a run ends inside of one.
#[test]
fn many_odd_axes() {
    const NDIM: usize = 10;
    let mut bench = Bench::new(1 << 20);
    let mut rng = Rng::new(3);
    for item in [1usize, 4, 8, 12] {
        let strides: Vec<i64> = (0..NDIM as u32).map(|axis| item as i64 * 3i64.pow(axis)).collect();
        for _ in 0..3 {
            let mut src = strides.clone();
            for i in (1..NDIM).rev() {
                src.swap(i, rng.below(i + 1));
            }
            let dst = strides.iter().rev().copied().collect();
            bench.check(&Case { item, shape: vec![3; NDIM], src, dst }, 0, 1);
        }
    }
}
