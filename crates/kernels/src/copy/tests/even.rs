//! Planes in even steps past the caches, at the ends of the memory that may be touched.

use super::*;

#[test]
fn planes_in_even_steps() {
    let mut bench = Bench::new(4 << 20);
    for item in [1i64, 2, 4, 8, 16] {
        let (line, lane) = (64 / item, 16 / item);
        for rows in [8 * line, 8 * line + 1, 11 * line - 1, 13 * line] {
            for columns in [lane, lane + 1, 3 * line + 1] {
                // Columns that begin lines, that lie alike in them, and that begin anywhere; rows that follow each other, and that do
                // not.
                let whole = (rows + line - 1) / line * line;
                for (row, column) in [(columns, rows), (columns + 3, whole), (256 + 3 * line, whole + 1)] {
                    let case = Case {
                        item: item as usize,
                        shape: vec![columns, rows],
                        src: vec![item, row * item],
                        dst: vec![column * item, item],
                    };
                    bench.check(&case, 1, 0);
                    bench.check(&case, 0, 16);
                }
            }
        }
        let (far, near) = (vec![590 * 81 * item, item, 81 * item], vec![600 * 80 * item, 600 * item, item]);
        bench.check(&Case { item: item as usize, shape: vec![2, 5 * lane, 590], src: far, dst: near }, 0, 5);
    }
}
