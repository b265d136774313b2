//! Measures the copy engine on a table of cases, against the limits of the machine and a naive loop.
//!
//! ```text
//! cargo run --release -p libstrided-kernels --example copy_cases -- cases.csv [part of a name] [--small-pages]
//! ```
//!
//! A case is a line `name,group,category,dtype,shape,src_strides,src_offset,src_elems,dst_strides,dst_offset,...`,
//! shapes as `4x3`, strides as elements separated by blanks. Per case are printed: the bytes moved, microseconds, GB/s
//! (bytes read and written), the share of the limit (the better of the plain and the non-temporal copy of as many
//! bytes, measured beside it), and how many times faster it is than a loop nest in the order of the destination.

mod race;

use std::time::Instant;

use libstrided_kernels::{Operand, copy};
use libstrided_layout::DType;
use race::{race, room};

const ROOM: usize = 640 << 20;

struct Case {
    name: String,
    category: String,
    item: usize,
    shape: Vec<i64>,
    src: Vec<i64>,
    src_offset: usize,
    dst: Vec<i64>,
    dst_offset: usize,
}

fn fields(line: &str) -> Option<Case> {
    let f: Vec<&str> = line.split(',').collect();
    let item = match *f.get(3)? {
        "u8" => 1,
        "u16" => 2,
        "f32" => 4,
        "f64" => 8,
        "c128" => 16,
        _ => return None,
    };
    let numbers =
        |text: &str, by: char| -> Vec<i64> { text.split(by).filter_map(|n| n.parse().ok()).collect() };
    let bytes = |text: &str| -> Vec<i64> { numbers(text, ' ').iter().map(|n| n * item).collect() };
    Some(Case {
        name: f[0].into(),
        category: f[2].into(),
        item: item as usize,
        shape: numbers(f[4], 'x'),
        src: bytes(f[5]),
        src_offset: f[6].parse::<usize>().ok()? * item as usize,
        dst: bytes(f[8]),
        dst_offset: f[9].parse::<usize>().ok()? * item as usize,
    })
}

/// # Safety
/// `bytes` bytes on both sides.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn stream(src: *const u8, dst: *mut u8, bytes: usize) {
    use core::arch::x86_64::*;
    // SAFETY: inside the bytes that the caller vouches for; `dst` is the start of a page.
    unsafe {
        for i in (0..bytes / 32).map(|i| 32 * i) {
            _mm256_stream_si256(dst.add(i).cast(), _mm256_loadu_si256(src.add(i).cast()));
        }
        _mm_sfence();
    }
}

/// # Safety
/// As `copy`.
unsafe fn naive<T: Copy>(axes: &[(i64, i64, i64)], src: *const u8, dst: *mut u8) {
    // SAFETY: the positions of the view, as the caller promises.
    unsafe {
        match axes {
            [] => dst.cast::<T>().write_unaligned(src.cast::<T>().read_unaligned()),
            [(n, s, d)] => {
                for i in 0..*n {
                    dst.offset((i * d) as isize)
                        .cast::<T>()
                        .write_unaligned(src.offset((i * s) as isize).cast::<T>().read_unaligned());
                }
            }
            [(n, s, d), inner @ ..] => {
                for i in 0..*n {
                    naive::<T>(inner, src.offset((i * s) as isize), dst.offset((i * d) as isize));
                }
            }
        }
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let small_pages = args.iter().any(|a| a == "--small-pages");
    let budget = if args.iter().any(|a| a == "--quick") { 0.1 } else { 0.4 };
    let plain: Vec<&String> = args.iter().filter(|a| !a.starts_with("--")).collect();
    let table = std::fs::read_to_string(plain.first().expect("a table of cases")).expect("the table");
    let wanted: Vec<&str> = plain.get(1).map_or("", |s| s.as_str()).split(',').collect();
    let (from, to, other) = (room(ROOM, small_pages), room(ROOM, small_pages), room(ROOM, small_pages));
    // SAFETY: all three are mappings of more than this.
    unsafe {
        for i in (0..ROOM - (8 << 20)).step_by(4) {
            from.add(i).cast::<u32>().write((i as u32).wrapping_mul(2_654_435_761) >> 3);
        }
        to.write_bytes(1, ROOM - (8 << 20));
        other.write_bytes(1, ROOM - (8 << 20));
    }
    println!(
        "{:28} {:8} {:>10} {:>10} {:>7} {:>7} {:>6} {:>7}",
        "case", "class", "bytes", "us", "GB/s", "limit", "share", "naive x"
    );
    let mut shares: Vec<(String, f64)> = Vec::new();
    for case in table.lines().filter_map(fields) {
        if !wanted.iter().any(|w| case.name.contains(w) || *w == case.category) {
            continue;
        }
        let items: i64 = case.shape.iter().product();
        let bytes = items as usize * case.item;
        // SAFETY: every case fits into the mappings.
        let (src, dst, check) =
            unsafe { (from.add(case.src_offset), to.add(case.dst_offset), other.add(case.dst_offset)) };
        fn operand(data: *mut u8, item: usize, strides: &[i64]) -> Operand<'_> {
            Operand { data, dtype: DType::Opaque, itemsize: item as i64, strides }
        }
        let mut ours = || {
            // SAFETY: as above, and the views do not overlap: they lie in different mappings.
            unsafe {
                copy(&case.shape, operand(src, case.item, &case.src), operand(dst, case.item, &case.dst))
                    .expect("a copy");
            }
        };
        // SAFETY: as above.
        let mut plain = || unsafe { core::ptr::copy_nonoverlapping(from, other, bytes) };
        // SAFETY: as above.
        let mut streamed = || unsafe { stream(from, other, bytes) };
        let (ours, share) = race(budget, &mut [&mut ours, &mut plain, &mut streamed]);
        let mut axes: Vec<(i64, i64, i64)> =
            (0..case.shape.len()).map(|i| (case.shape[i], case.src[i], case.dst[i])).collect();
        axes.sort_by_key(|a| -a.2.abs());
        let start = Instant::now();
        // SAFETY: as above.
        unsafe {
            match case.item {
                1 => naive::<u8>(&axes, src, check),
                2 => naive::<u16>(&axes, src, check),
                4 => naive::<u32>(&axes, src, check),
                8 => naive::<u64>(&axes, src, check),
                _ => naive::<u128>(&axes, src, check),
            }
        }
        let loops = start.elapsed().as_secs_f64();
        let mut equal = true;
        let mut compare = |s: *const u8, d: *const u8| {
            // SAFETY: rows of the two views.
            unsafe {
                equal &= std::slice::from_raw_parts(s, case.item) == std::slice::from_raw_parts(d, case.item)
            }
        };
        if bytes < 1 << 20 || case.name.len() % 2 == 0 {
            for flat in 0..items {
                let (mut rest, mut at) = (flat, 0);
                for a in (0..axes.len()).rev() {
                    at += rest % axes[a].0 * axes[a].2;
                    rest /= axes[a].0;
                }
                compare(dst.wrapping_offset(at as isize), check.wrapping_offset(at as isize));
            }
        }
        let rate = |t: f64| 2.0 * bytes as f64 / t / 1e9;
        println!(
            "{:28} {:8} {:>10} {:>10.2} {:>7.2} {:>7.2} {:>6.2} {:>7.1}{}",
            case.name,
            case.category,
            bytes,
            ours * 1e6,
            rate(ours),
            rate(ours) / share,
            share,
            loops / ours,
            if equal { "" } else { "  WRONG" }
        );
        shares.push((case.category.clone(), share));
    }
    let mut classes: Vec<String> = shares.iter().map(|s| s.0.clone()).collect();
    classes.sort();
    classes.dedup();
    for class in classes {
        let of: Vec<f64> = shares.iter().filter(|s| s.0 == class).map(|s| s.1).collect();
        let mean = (of.iter().map(|x| x.ln()).sum::<f64>() / of.len() as f64).exp();
        let least = of.iter().copied().fold(f64::INFINITY, f64::min);
        println!(
            "{class:10} {:3} cases: geometric mean {mean:.3}, least {least:.3}, at least 0.85: {}",
            of.len(),
            of.iter().filter(|&&x| x >= 0.85).count()
        );
    }
}
