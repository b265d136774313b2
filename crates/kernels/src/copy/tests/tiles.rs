//! Two axes in opposite order, at every extent around the size of a block of any kernel.

use super::*;

/// A transposed copy of `rows` x `columns` items, with `gap` bytes after each row of the source and the destination.
pub(super) fn transpose(item: usize, rows: usize, columns: usize, gap: [usize; 2]) -> Case {
    Case {
        item,
        shape: vec![rows as i64, columns as i64],
        src: vec![item as i64, (rows * item + gap[0]) as i64],
        dst: vec![(columns * item + gap[1]) as i64, item as i64],
    }
}

#[test]
fn all_extents_to_70() {
    let mut bench = Bench::new(1 << 20);
    for item in [1, 2, 4, 8, 16] {
        for rows in 0..=70 {
            for columns in (0..=70).filter(|c| rows < 18 || c % 16 < 3 || c % 16 > 14) {
                let case = transpose(item, rows, columns, [0, 0]);
                bench.check(&case, 0, 0);
            }
        }
    }
}

#[test]
fn records_of_all_sizes() {
    let mut bench = Bench::new(2 << 20);
    for item in (3..=16).chain([17, 24, 31, 33, 40, 63]) {
        for rows in (1..=34).chain([70]) {
            for columns in [1, 2, 3, 4, 5, 7, 8, 17, 33] {
                bench.check(&transpose(item, rows, columns, [0, 0]), 0, 0);
            }
        }
        // More columns than are written side by side, with something between the rows.
        bench.check(&transpose(item, 19, 259, [1, 5]), 1, 0);
        bench.check(&transpose(item, 150, 130, [0, 1]), 0, 3);
    }
}

#[test]
fn planes_several_times() {
    let mut bench = Bench::new(1 << 20);
    for item in [1i64, 2, 4, 8, 16] {
        let most = 64 / item.max(2) + 3;
        for rows in 1..=most {
            for columns in (1..=most).filter(|c| (c + 1) % 8 < 3 || rows < 5) {
                // The columns run backwards in the source, or in the destination.
                let (s, d) = [(1, 1), (-1, 1), (1, -1)][((rows + columns) % 3) as usize];
                let (pitch, gap) = (columns * item + 1, rows * item + 3);
                let case = Case {
                    item: item as usize,
                    shape: vec![3, columns, rows],
                    src: vec![rows * pitch, s * item, pitch],
                    dst: vec![columns * gap + 5, d * gap, item],
                };
                bench.check(&case, 0, 1);
            }
        }
    }
}

#[test]
fn planes_of_many_rows() {
    let mut bench = Bench::new(1 << 20);
    for item in [1, 2, 4, 8, 16] {
        for columns in [1, 3, 5, 9, 16, 21] {
            bench.check(&transpose(item, 1037, columns, [0, 0]), 0, 0);
            bench.check(&transpose(item, columns, 1037, [1, 3]), 3, 0);
        }
    }
}

/// Whatever this processor is better off with: strips of rows with and without a square left over, less than one, and columns that
/// begin anywhere in a line, or in an item.
#[test]
fn planes_whose_lines_are_joined() {
    let _pretend = crate::cpu::pretend(crate::cpu::Make::Intel);
    let mut bench = Bench::new(1 << 20);
    for item in [1, 2, 4, 8, 16] {
        for (i, rows) in [5, 65, 127, 128, 200, 513, 575, 577, 1100].into_iter().enumerate() {
            let bytes = [24usize, 32, 128][if item > 2 { 0 } else { item }] << 10;
            let columns = bytes.div_ceil(rows * item) + 16 + i % (16 / item + 1);
            let gap = [[0, 0], [item, 3 * item], [1, 1]][i % 3];
            bench.check(&transpose(item, columns, rows, gap), 0, 0);
            bench.check(&transpose(item, columns, rows, [item, item]), 3, 5 * item);
        }
    }
}

#[test]
fn planes_whose_rows_collide() {
    let mut bench = Bench::new(3 << 20);
    for item in [1i64, 2, 4, 8, 16] {
        let (side, little) = (64 / item, item.min(8));
        for rows in [side, 8 * side - 1, 8 * side, 9 * side + 3] {
            // A little more than 2 KiB apart, and 2 KiB less a little, the other way round; exactly so; on one side only.
            let steps = [
                (2048 + item, 2052),
                (-2048 - item, 2052),
                (2048 + item, -2048 + little),
                (4096, 2048),
                (-2048, 2048),
                (2048 - little, 1104),
                (1024, -1104),
            ];
            for (i, (s, d)) in steps.into_iter().enumerate() {
                for columns in [[1, 64, 70 + side], [side - 1, 65, 3 * side]][i % 2] {
                    let (shape, src, dst) = (vec![columns, rows], vec![item, s], vec![d, item]);
                    bench.check(&Case { item: item as usize, shape, src, dst }, 0, 1);
                }
            }
        }
    }
}

/// Strips of two lines of each column and of one, whole or not, whose columns begin lines or not, with rows that collide or not.
#[test]
fn long_runs_of_bytes() {
    let mut bench = Bench::new(1 << 20);
    for columns in [1, 63, 64, 65, 127, 128, 129, 191, 256, 257, 300, 448, 513] {
        for rows in [64, 65, 79, 80, 127, 128, 129, 200, 263, 321, 600] {
            for pitch in [1, 64, 1024] {
                let gap = |n: usize| n.next_multiple_of(pitch) - n;
                bench.check(&transpose(1, rows, columns, [gap(rows), gap(columns)]), 0, 0);
                bench.check(&transpose(1, rows, columns, [gap(rows), 3]), 5, 7);
            }
        }
    }
}

/// More of them than are gone through at once, also so many that in whole lines nearly none would be left for the last time; asked
/// for in longer pieces or in shorter ones.
#[test]
fn panels_of_bytes() {
    let mut bench = Bench::new(6 << 20);
    for make in [crate::cpu::Make::Intel, crate::cpu::Make::Zen4] {
        let _pretend = crate::cpu::pretend(make);
        for rows in [1025, 2048, 3333, 65 * 1024 - 63, 65537] {
            bench.check(&transpose(1, rows, 70, [0, 0]), 0, 1);
        }
        // More than a table has.
        bench.check(&transpose(1, 70, 20_500, [0, 3]), 0, 1);
        bench.check(&transpose(1, 1100, 300, [0, 3]), 0, 1);
    }
}

/// Columns that all begin as far into a line: their first rows go before all others.
#[test]
fn columns_that_begin_together() {
    let mut bench = Bench::new(2 << 20);
    for item in [1usize, 2, 4, 8, 16, 12, 24] {
        for (columns, rows) in [(70, 700), (33, 512), (100, 1100)] {
            let rows = rows / item + 1;
            let gap = (rows * item).next_multiple_of(64) - rows * item;
            for at in [4, 8, 16, 24, 40, 48, 52, 63] {
                bench.check(&transpose(item, columns, rows, [0, gap]), 0, at);
            }
        }
    }
}

#[test]
fn all_alignments() {
    let mut bench = Bench::new(1 << 20);
    for item in [1, 2, 4, 8, 16, 3, 12] {
        for at in 0..64 {
            let case = transpose(item, 37, 70, [at % 5, at % 7]);
            bench.check(&case, at, 0);
            bench.check(&case, 0, at);
        }
    }
}

#[test]
fn reversed_and_stepped_axes() {
    let mut bench = Bench::new(1 << 22);
    for item in [1i64, 2, 4, 8, 16, 3, 12] {
        for n in [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 70, 131] {
            for (s, d) in [(1, 1), (-1, 1), (2, 1), (-2, 1), (3, 1), (1, 2), (-1, 3), (4, 1), (0, 1), (5, 2)]
            {
                let one =
                    Case { item: item as usize, shape: vec![n], src: vec![s * item], dst: vec![d * item] };
                bench.check(&one, 1, 0);
                let rows = Case {
                    item: item as usize,
                    shape: vec![n, 5],
                    src: vec![s * item, 400 * item],
                    dst: vec![d * item, 500 * item],
                };
                bench.check(&rows, 0, 1);
                let transposed = Case {
                    item: item as usize,
                    shape: vec![n, 37],
                    src: vec![s * item, 600 * item],
                    dst: vec![37 * d * item, d * item],
                };
                bench.check(&transposed, 0, 0);
            }
        }
    }
}

#[test]
fn long_rows_in_even_steps() {
    let mut bench = Bench::new(1 << 20);
    for item in [1i64, 2, 4, 8, 16, 3] {
        for bytes in [510, 512, 575, 577, 640, 701, 1100] {
            let n = bytes / item + 1;
            for (s, d) in [(0, 1), (-1, 1), (-2, 1), (2, 1), (3, 1), (4, 1), (5, 1), (1, 2), (1, 3), (1, 4)] {
                let case = |gap: i64| Case {
                    item: item as usize,
                    shape: vec![3, n],
                    src: vec![n * 5 * item + gap, s * item],
                    dst: vec![n * d * item + gap, d * item],
                };
                for gap in [0, item, 1] {
                    bench.check(&case(gap), 0, 0);
                }
                for at in [1, 4, 16, 63] {
                    bench.check(&case(0), 0, at);
                    bench.check(&case(0), at, 0);
                }
            }
        }
    }
}

/// Every second column and the like, turned: by pieces that are packed first, of several panels and strips.
#[test]
fn items_that_are_apart_turned() {
    let mut bench = Bench::new(1 << 22);
    for item in [1i64, 2, 4, 8, 16] {
        // More columns than a panel has, once for each size: they take most of the time.
        for (columns, bytes, steps) in [
            (32, 512, &[2, 3, 4, 5, -2, -3][..]),
            (70, 601, &[2, 3, 4, 5, -2, -3]),
            (301, 700, &[3, -2]),
            (1100, 520, &[2]),
        ] {
            let rows = bytes / item + 1;
            for &step in steps {
                let case = Case {
                    item: item as usize,
                    shape: vec![columns, rows],
                    src: vec![step * item, (columns * 5 + 1) * item],
                    dst: vec![(rows + 3) * item, item],
                };
                bench.check(&case, 0, 0);
                bench.check(&case, 1, item as usize);
            }
        }
    }
}

/// Rows of one item each, once and at several positions of a third axis.
#[test]
fn columns_that_are_broadcast() {
    let mut bench = Bench::new(1 << 20);
    for item in [1i64, 2, 4, 8, 16, 3] {
        for bytes in [250, 256, 300, 1000] {
            let n = bytes / item + 1;
            for gap in [0, item, 1] {
                let case = Case {
                    item: item as usize,
                    shape: vec![3, 40, n],
                    src: vec![50 * item, item, 0],
                    dst: vec![(n * item + gap) * 41, n * item + gap, item],
                };
                bench.check(&case, 0, 0);
                let plane = Case {
                    item: item as usize,
                    shape: case.shape[1..].to_vec(),
                    src: case.src[1..].to_vec(),
                    dst: case.dst[1..].to_vec(),
                };
                bench.check(&plane, 1, 1);
            }
        }
    }
}

#[test]
fn packed_rows_to_even_steps() {
    let mut bench = Bench::new(1 << 20);
    for item in [1i64, 2, 4, 8, 16, 3] {
        for n in (1..=70).chain([127, 128, 129, 200]) {
            for step in [2, 3, 4, 7] {
                for gap in [0, 1] {
                    let case = Case {
                        item: item as usize,
                        shape: vec![3, n],
                        src: vec![n * item, item],
                        dst: vec![n * (step * item + gap) + 1, step * item + gap],
                    };
                    bench.check(&case, 0, gap as usize);
                }
            }
        }
    }
}

#[test]
fn rows_that_fall_into_few_sets_of_the_cache() {
    let mut bench = Bench::new(5 << 20);
    for item in [1, 2, 4, 8, 16] {
        for (pitch, columns) in [(4096, 70), (4096 - item, 333 / item + 50), (32768 + item, 1100 / item)] {
            for gap in [0, 64 - 131 * item % 64] {
                let rows = 131 * item + gap;
                let case = Case {
                    item,
                    shape: vec![columns as i64, 131],
                    src: vec![item as i64, pitch as i64],
                    dst: vec![rows as i64, item as i64],
                };
                bench.check(&case, 0, 0);
            }
        }
    }
}

#[test]
fn both_sides_in_the_same_order() {
    let mut bench = Bench::new(4 << 20);
    for item in [1i64, 2, 4, 8, 16, 3, 7, 12, 20, 24, 48, 64, 100, 800] {
        for n in [1, 2, 5, 37] {
            for (s, d) in [(1, 2), (5, 1), (-5, 3), (2, -1), (0, 3)] {
                let case = Case {
                    item: item as usize,
                    shape: vec![2, 3, n],
                    src: vec![4 * n * 6 * item + 3, n * 6 * item, s * item],
                    dst: vec![4 * n * 3 * item + 1, n * 3 * item + 1, d * item],
                };
                bench.check(&case, 0, 0);
            }
        }
    }
}

#[test]
fn pixels_dealt_and_woven() {
    let mut bench = Bench::new(1 << 20);
    for item in [1i64, 2, 4, 8, 16] {
        for fields in 2..=5 {
            for n in [1, 2, 3, 7, 8, 9, 16, 31, 33, 64, 100, 515] {
                let (pixels, planes) = ([item, fields * item], [n * item + 1, item]);
                let case = |src: [i64; 2], dst: [i64; 2]| Case {
                    item: item as usize,
                    shape: vec![fields, n],
                    src: src.to_vec(),
                    dst: dst.to_vec(),
                };
                bench.check(&case(pixels, planes), 0, 1);
                bench.check(&case(planes, pixels), 1, 0);
                // And several times.
                let case = |src: [i64; 3], dst: [i64; 3]| Case {
                    item: item as usize,
                    shape: vec![2, n, fields],
                    src: src.to_vec(),
                    dst: dst.to_vec(),
                };
                let far = fields * (n * item + 1);
                bench.check(&case([far, pixels[1], item], [far, item, planes[0]]), 0, 0);
                bench.check(&case([far, item, planes[0]], [far, pixels[1], item]), 0, 0);
            }
        }
    }
}
