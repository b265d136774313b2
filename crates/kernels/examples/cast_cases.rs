//! Measures casts of whole arrays against plain copies of as many bytes and the loop that everybody writes.
//!
//! ```text
//! cargo run --release -p libstrided-kernels --example cast_cases -- [pair of dtypes | side | rows x columns ...]
//! cargo run --release -p libstrided-kernels --example cast_cases -- f64:f32 f32:u8 192 3000x5000
//! ```
//!
//! Per pair of dtypes and shape: microseconds, GB/s (bytes read and written) and the share of the best copy of as many bytes
//! of a cast in the same order, transposed, and of every second column; for the first also how many times faster it is than
//! a loop over elements with ordinary stores.

mod race;

use libstrided_kernels::{Operand, cast_copy};
use libstrided_layout::DType;
use race::{race, room};

/// # Safety
/// `bytes` bytes on both sides.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn stream(src: *const u8, dst: *mut u8, bytes: usize) {
    use core::arch::x86_64::*;
    // SAFETY: inside the bytes that the caller vouches for; `dst` begins a line.
    unsafe {
        for i in (0..bytes / 32).map(|i| 32 * i) {
            _mm256_stream_si256(dst.add(i).cast(), _mm256_loadu_si256(src.add(i).cast()));
        }
        _mm_sfence();
    }
}

/// The loop of a pair.
type Plain = unsafe fn(*const u8, *mut u8, usize);

/// The pairs that are measured.
const PAIRS: [(DType, DType, Plain); 14] = {
    macro_rules! plain {
        ($($from:ident $s:ty, $to:ident $d:ty;)*) => {
            [$((DType::$from, DType::$to, {
                /// # Safety
                /// `n` elements on both sides.
                unsafe fn plain(src: *const u8, dst: *mut u8, n: usize) {
                    for i in 0..n {
                        // SAFETY: as the caller vouches.
                        unsafe { *dst.cast::<$d>().add(i) = *src.cast::<$s>().add(i) as $d };
                    }
                }
                plain
            })),*]
        };
    }
    plain! {
        F64 f64, F32 f32; F32 f32, F64 f64; F64 f64, I32 i32; F32 f32, U8 u8; I32 i32, F64 f64; U8 u8, F32 f32;
        I64 i64, F64 f64; F64 f64, I64 i64; I32 i32, I64 i64; I64 i64, I16 i16; I16 i16, I32 i32; U8 u8, U16 u16;
        U16 u16, U8 u8; F32 f32, I16 i16;
    }
};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |text: &str| text.parse::<i64>().ok();
    let mut shapes = Vec::new();
    for arg in &args {
        match arg.split_once('x') {
            Some((n, m)) => shapes.extend(number(n).zip(number(m))),
            None => shapes.extend(number(arg).map(|n| (n, n))),
        }
    }
    let most = shapes.iter().map(|(n, m)| n * m * 17).max().unwrap_or(0) as usize + (8 << 20);
    let (s, d, other) = (room(most, false), room(most, false), room(most, false));
    // SAFETY: all three have this many bytes, and the second begins elsewhere in a page.
    let d = unsafe {
        for room in [s, d, other] {
            room.write_bytes(1, most);
        }
        d.add(33 * 64)
    };
    for (n, m) in shapes {
        for (from, to, plain) in PAIRS {
            let name = format!("{}:{}", from.name(), to.name());
            if args.iter().any(|a| a.contains(':')) && !args.contains(&name) {
                continue;
            }
            let (a, b) = (from.size(), to.size());
            let bytes = (n * m * (a + b)) as usize;
            print!("{name:10} {:10}", format!("{n}x{m}"));
            for strides in [[m * a, a], [a, n * a], [2 * m * a, 2 * a]] {
                let src = Operand { data: s, dtype: from, itemsize: a, strides: &strides };
                let dst = Operand { data: d, dtype: to, itemsize: b, strides: &[m * b, b] };
                // SAFETY: both rooms hold so many elements.
                let mut ours = || unsafe { cast_copy(&[n, m], src, dst).expect("a cast") };
                // SAFETY: as above.
                let mut block = || unsafe { core::ptr::copy_nonoverlapping(s, other, bytes / 2) };
                // SAFETY: as above.
                let mut lines = || unsafe { stream(s, other, bytes / 2) };
                let (t, share) = race(0.15, &mut [&mut ours, &mut block, &mut lines]);
                print!(" | {:9.2} us {:6.1} GB/s {share:5.2}", t * 1e6, bytes as f64 / t / 1e9);
                if strides == [m * a, a] {
                    // SAFETY: as above.
                    let mut loops = || unsafe { plain(s, other, (n * m) as usize) };
                    print!(" {:5.2} x plain", race(0.1, &mut [&mut ours, &mut loops]).1);
                }
            }
            println!();
        }
    }
}
