//! Measures casts of whole arrays against a plain copy, and fills against the streamed limit.
//!
//! ```text
//! cargo run --release -p libstrided-kernels --example cast_cases -- [side ...]
//! ```
//!
//! Per pair of dtypes and square of each side: GB/s (bytes read and written) of a cast in the same order, transposed,
//! and of every second column; each also as a share of the best copy of as many bytes.

use std::time::Instant;

use libstrided_kernels::{Operand, cast_copy, copy, fill};
use libstrided_layout::DType;

unsafe extern "C" {
    fn mmap(addr: *mut u8, len: usize, prot: i32, flags: i32, fd: i32, offset: i64) -> *mut u8;
    fn madvise(addr: *mut u8, len: usize, advice: i32) -> i32;
}

/// The median nanoseconds of a call.
fn median(mut f: impl FnMut()) -> f64 {
    f();
    let start = Instant::now();
    f();
    let once = start.elapsed().as_nanos().max(20) as usize;
    let calls = (200_000 / once).max(1);
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..calls {
                f();
            }
            start.elapsed().as_nanos() as f64 / calls as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[3]
}

fn room(bytes: usize) -> *mut u8 {
    // SAFETY: a fresh anonymous mapping with huge pages, filled once.
    unsafe {
        let p = mmap(core::ptr::null_mut(), bytes + (4 << 20), 3, 0x22, -1, 0);
        let p = p.add(p.align_offset(2 << 20));
        madvise(p, bytes, 14);
        p.write_bytes(1, bytes);
        p
    }
}

fn main() {
    let sides: Vec<i64> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let most = sides.iter().max().map_or(0, |n| n * n * 32) as usize;
    let (s, d) = (room(most), room(most));
    use DType::*;
    for n in sides {
        for (from, to) in
            [(F64, F32), (F32, F64), (F64, I32), (U8, F32), (I32, F64), (F32, F16), (F64, I64), (C64, C128)]
        {
            let (a, b) = (from.size(), to.size());
            let bytes = (n * n * (a + b)) as usize;
            let rows: &[i64] = &[n * a, a];
            let columns: &[i64] = &[a, n * a];
            let second: &[i64] = &[2 * n * a, 2 * a];
            let out: &[i64] = &[n * b, b];
            let half = [bytes as i64 / 2];
            let one = |data, strides| Operand { data, dtype: U8, itemsize: 1, strides };
            // SAFETY: both rooms hold so many bytes.
            let limit = median(|| unsafe { copy(&half, one(s, &[1]), one(d, &[1])).unwrap_or_default() });
            print!("{:>5} {:>4} {:<4}", n, from.name(), to.name());
            for strides in [rows, columns, second] {
                let src = Operand { data: s, dtype: from, itemsize: a, strides };
                let dst = Operand { data: d, dtype: to, itemsize: b, strides: out };
                // SAFETY: as above.
                let t = median(|| unsafe { cast_copy(&[n, n], src, dst).unwrap_or_default() });
                print!("  {:6.1} {:5.2}", bytes as f64 / t, limit / t);
            }
            println!();
        }
        for item in [1i64, 3, 8, 12, 24] {
            let bytes = (n * n * item) as usize;
            // SAFETY: as above.
            let limit = median(|| unsafe { d.write_bytes(7, bytes) });
            print!("{:>5} fill {:>3} ", n, item);
            for strides in [[n * item, item], [2 * n * item, 2 * item], [item, n * item], [4 * item, item]] {
                let shape = if strides[0] == 4 * item { [n * n / 3, 3] } else { [n, n] };
                let out = Operand { data: d, dtype: Opaque, itemsize: item, strides: &strides };
                // SAFETY: as above.
                let t = median(|| unsafe { fill(&shape, out, s).unwrap_or_default() });
                print!("  {:6.1} {:5.2}", bytes as f64 / t, limit / t);
            }
            println!();
        }
    }
}
