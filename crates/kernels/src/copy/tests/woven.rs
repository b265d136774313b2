//! Records of a few items to columns and back, at the ends of the memory that may be touched.

use super::*;
use crate::copy::tile::most_record;

#[test]
fn records_and_columns() {
    let mut bench = Bench::new(1 << 20);
    let _pretend = crate::cpu::pretend(crate::cpu::Make::Intel);
    for item in [1i64, 2, 4, 8, 16] {
        let line = 64 / item;
        // Some in blocks, the last of which is moved back, and more than there are any for.
        let most = most_record(item as usize) as i64 / item;
        let many = [11, 12, 16, 17, most, most + 1].into_iter().filter(|&n| n > 9);
        for fields in (2..=9).chain(many) {
            // Fewer groups than are streamed together, as many, and more; with records left over. Columns begin equally far into
            // a line, or anywhere.
            for (records, gap) in
                [(16 * line, 0), (17 * line - 1, 1), (29 * line + 1, 3), (30 * line + 1, line - 1)]
            {
                let apart = (records + gap) * item;
                let (record, column) = (fields * item, item);
                for planes in [1, 2] {
                    let far = [fields * apart + 5 * item, records * record + 3 * item];
                    let deal = Case {
                        item: item as usize,
                        shape: vec![planes, fields, records],
                        src: vec![far[1], column, record],
                        dst: vec![far[0], apart, column],
                    };
                    bench.check(&deal, 1, if planes == 1 { 0 } else { 7 });
                    bench.check(&deal, 0, 7 * item as usize % 64);
                    let weave = Case {
                        item: item as usize,
                        shape: vec![planes, records, fields],
                        src: vec![far[0], column, apart],
                        dst: vec![far[1], record, column],
                    };
                    bench.check(&weave, 0, if planes == 1 { 0 } else { 9 });
                    // Rows of the source in reverse, and one row for all.
                    for by in [-apart, 0] {
                        let src = vec![far[0], column, by];
                        bench.check(&Case { src, ..weave.clone() }, 3, 8);
                    }
                }
            }
        }
    }
}
