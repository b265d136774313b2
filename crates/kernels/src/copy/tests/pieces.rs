//! Rows that are streamed one by one, which begin anywhere in a line.

use super::*;

/// Rows of so many bytes in another order: those that follow each other in the destination, and those that do not.
#[test]
fn rows_in_another_order() {
    let mut bench = Bench::new(1 << 20);
    for item in [64, 65, 100, 127, 128, 129, 191, 192, 200, 257, 320, 511, 512, 513, 1000] {
        for (few, many) in [(1, 5), (2, 3), (9, 4), (70, 3)] {
            for gap in [0, 1, 64] {
                let (n, m, apart) = (item as i64, many, item as i64 + gap);
                let turned =
                    Case { item, shape: vec![many, few], src: vec![n, m * n], dst: vec![few * n, n] };
                bench.check(&turned, 0, item % 64);
                bench.check(&turned, 3, 16);
                let apart = Case { dst: vec![few * apart, apart], ..turned };
                bench.check(&apart, 1, 5);
            }
        }
    }
}

/// Boxes of larger arrays, packed: rows that lie in the source as they do in the destination, with gaps between them.
#[test]
fn packed_boxes() {
    let mut bench = Bench::new(1 << 20);
    for item in [64, 70, 128, 500, 512, 800, 1601] {
        for gap in [1, 64, 300] {
            let n = item as i64;
            let (row, plane) = (n + gap, 7 * (n + gap));
            let case = Case { item, shape: vec![4, 5], src: vec![plane, row], dst: vec![5 * n, n] };
            for at in [0, 1, 16, 63] {
                bench.check(&case, 2, at);
            }
        }
    }
}
