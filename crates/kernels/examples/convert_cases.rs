//! Measures the conversions of contiguous runs between all pairs of dtypes at every vector level.
//!
//! ```text
//! cargo run --release -p libstrided-kernels --example convert_cases -- [bytes [ns]]
//! ```
//!
//! Rows are what is converted from, columns to what; source and destination have `bytes` bytes together (16384 without
//! an argument: the first-level cache). A number is the time against that of a plain copy which moves as many bytes, or
//! picoseconds per element with `ns`.

use std::time::Instant;

use libstrided_kernels::Level;
use libstrided_kernels::convert::Conversion;
use libstrided_layout::DType;

/// The least nanoseconds of a call out of several rounds.
fn least(mut f: impl FnMut()) -> f64 {
    f();
    let start = Instant::now();
    f();
    let once = start.elapsed().as_nanos().max(20) as usize;
    let calls = (100_000 / once).max(1);
    let mut best = f64::INFINITY;
    for _ in 0..7 {
        let start = Instant::now();
        for _ in 0..calls {
            f();
        }
        best = best.min(start.elapsed().as_nanos() as f64 / calls as f64);
    }
    best
}

fn main() {
    let mut args = std::env::args().skip(1);
    let bytes: usize = args.next().and_then(|b| b.parse().ok()).unwrap_or(16384);
    let picoseconds = args.next().is_some();
    let dtypes = &DType::ALL[..15];
    let mut src = vec![0u64; bytes / 8 + 8];
    let mut dst = vec![0u64; bytes / 8 + 8];
    for level in Level::available() {
        Level::set(level);
        println!("{} {:>5}", level.name(), bytes);
        print!("{:5}", "");
        dtypes.iter().for_each(|to| print!("{:>6}", to.name()));
        println!();
        for &from in dtypes {
            print!("{:5}", from.name());
            for &to in dtypes {
                let both = (from.size() + to.size()) as usize;
                let n = bytes / both;
                let one = Conversion::new(DType::F64, from).expect("converts");
                let values: Vec<f64> = (0..n).map(|i| (i * 7 % 120) as f64 + 0.25).collect();
                let (s, d) = (src.as_mut_ptr().cast::<u8>(), dst.as_mut_ptr().cast::<u8>());
                // SAFETY: both buffers hold `n` elements of either dtype.
                unsafe { one.run(values.as_ptr().cast(), s, n) };
                let conversion = Conversion::new(from, to).expect("converts");
                // SAFETY: as above.
                let t = least(|| unsafe { conversion.run(s, d, std::hint::black_box(n)) });
                let half = n * both / 2;
                // SAFETY: as above.
                let copy = least(|| unsafe { s.copy_to_nonoverlapping(d, std::hint::black_box(half)) });
                match picoseconds {
                    true => print!("{:6.0}", t / n as f64 * 1000.0),
                    false => print!("{:6.2}", t / copy),
                }
            }
            println!();
        }
    }
}
