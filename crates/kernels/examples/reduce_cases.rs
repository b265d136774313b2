//! Measures reductions against loops that read as many cache lines and write as many bytes.
//!
//! ```text
//! cargo run --release -p libstrided-kernels --example reduce_cases -- [part of a name]...
//! ```
//!
//! Per case are printed: microseconds, GB/s of the lines that are touched, nanoseconds per output, and the share of the
//! limit: a loop that reads and writes as much packed memory, measured in turns with the case. The median of several
//! rounds.

mod race;

use libstrided_kernels::{Folding, Operand, Reduction, Second, arg, reduce};
use libstrided_layout::{AxisSet, DType};
use race::{race, room};

const ROOM: usize = 640 << 20;

#[derive(Clone, Copy)]
enum Op {
    Fold(Folding),
    /// The sum of squared distances from a value per output.
    Spread,
    /// The sum of products with another array.
    Dot,
    /// The sum under a mask.
    Masked,
    Argmin,
}

struct Case {
    name: String,
    op: Op,
    dtype: DType,
    shape: Vec<i64>,
    /// In elements.
    strides: Vec<i64>,
    reduced: Vec<usize>,
}

/// `C` order, `F` order, every other element of both axes (`2`) or of one (`h`), reversed rows (`-`), windows (`w`).
fn layout(kind: char, shape: &[i64]) -> Vec<i64> {
    let ndim = shape.len();
    let mut strides = vec![1; ndim];
    match kind {
        'F' => (1..ndim).for_each(|k| strides[k] = strides[k - 1] * shape[k - 1]),
        'w' => strides = vec![1030, 1, 1030, 1],
        'C' | '-' | 'h' | '2' => (0..ndim - 1).rev().for_each(|k| strides[k] = strides[k + 1] * shape[k + 1]),
        _ => panic!("{kind}"),
    }
    match kind {
        '-' => strides[ndim - 1] = -1,
        'h' => strides.iter_mut().for_each(|s| *s *= 2),
        '2' => {
            strides.iter_mut().for_each(|s| *s *= 2);
            strides[0] *= 2;
        }
        _ => {}
    }
    strides
}

fn cases() -> Vec<Case> {
    use DType::{Bool, C64, F16, F32, F64, I16, I32, I64, U8};
    let mut all = Vec::new();
    let mut case = |name: &str, op: Op, dtype: DType, shape: &[i64], kind: char, reduced: &[usize]| {
        all.push(Case {
            name: name.to_string(),
            op,
            dtype,
            shape: shape.to_vec(),
            strides: layout(kind, shape),
            reduced: reduced.to_vec(),
        });
    };
    let (sum, min, max) = (Op::Fold(Folding::Sum), Op::Fold(Folding::Min), Op::Fold(Folding::Max));
    for (size, n) in [("dram", 4096i64), ("l2", 256)] {
        let mut two = |name: &str, op: Op, dtype: DType, n: i64, kind: char| {
            for reduced in [&[0, 1][..], &[0], &[1]] {
                let place = match reduced {
                    [0] => "axis 0",
                    [1] => "axis 1",
                    _ => "all",
                };
                if !(matches!(op, Op::Argmin) && reduced.len() == 2 && size == "l2") {
                    let shape = if kind == '2' || kind == 'h' { [n / 2, n / 2] } else { [n, n] };
                    case(
                        &format!("{size} {} {name} {kind} {place}", dtype.name()),
                        op,
                        dtype,
                        &shape,
                        kind,
                        reduced,
                    );
                }
            }
        };
        for dtype in [F64, F32, C64] {
            two("sum", sum, dtype, n, 'C');
        }
        for dtype in [I64, I32, I16, U8, Bool, F16] {
            two("sum", sum, dtype, if dtype.size() < 4 { 2 * n } else { n }, 'C');
        }
        two("sum", sum, F64, n, 'F');
        two("sum", sum, F64, n, '2');
        two("sum", sum, F64, n, '-');
        two("sum", sum, F32, n, '2');
        two("sum", sum, U8, 2 * n, '2');
        two("max", max, F64, n, 'C');
        two("min", min, F32, n, 'C');
        two("max", max, U8, 2 * n, 'C');
        two("max", max, F64, n, '2');
        two("argmin", Op::Argmin, F64, n, 'C');
        two("argmin", Op::Argmin, F32, n, 'C');
        two("argmin", Op::Argmin, F64, n, '2');
        two("var", Op::Spread, F64, n, 'C');
        two("var", Op::Spread, F32, n, 'C');
        two("dot", Op::Dot, F64, n, 'C');
        two("masked", Op::Masked, F64, n, 'C');
        two("any", Op::Fold(Folding::All), F64, n, 'C');
        two("count", Op::Fold(Folding::Count), F64, n, 'C');
        let k = if size == "dram" { 256 } else { 40 };
        case(&format!("{size} f64 sum 3d axis 1"), sum, F64, &[k, k, k], 'C', &[1]);
        case(&format!("{size} f64 sum 3d axes 0, 2"), sum, F64, &[k, k, k], 'C', &[0, 2]);
        case(&format!("{size} f64 sum 3d axes 0, 2 F"), sum, F64, &[k, k, k], 'F', &[0, 2]);
        case(&format!("{size} f32 max 3d axis 1"), max, F32, &[k, k, k], 'C', &[1]);
        for k in [2i64, 3, 4, 5, 7, 8, 16, 24, 40] {
            let rows = n * n / k / 2;
            case(&format!("{size} f64 sum (n, {k}) axis 1"), sum, F64, &[rows, k], 'C', &[1]);
            case(&format!("{size} f64 sum (n, {k}) axis 0"), sum, F64, &[rows, k], 'C', &[0]);
            case(&format!("{size} f32 sum (n, {k}) axis 1"), sum, F32, &[2 * rows, k], 'C', &[1]);
            case(&format!("{size} u8 sum (n, {k}) axis 1"), sum, U8, &[4 * rows, k], 'C', &[1]);
            case(&format!("{size} u8 max (n, {k}) axis 1"), max, U8, &[4 * rows, k], 'C', &[1]);
            case(&format!("{size} f64 max (n, {k}) axis 1"), max, F64, &[rows, k], 'C', &[1]);
            case(&format!("{size} f64 argmin (n, {k}) axis 1"), Op::Argmin, F64, &[rows, k], 'C', &[1]);
            case(&format!("{size} f64 sum (n, 40, {k}) axis 1"), sum, F64, &[rows / 40, 40, k], 'C', &[1]);
        }
    }
    for n in [8i64, 64, 1000] {
        case(&format!("tiny f64 sum {n}"), sum, F64, &[n], 'C', &[0]);
        case(&format!("tiny f64 max {n}"), max, F64, &[n], 'C', &[0]);
        case(&format!("tiny f64 argmin {n}"), Op::Argmin, F64, &[n], 'C', &[0]);
        case(&format!("tiny f64 sum {n} step 2"), sum, F64, &[n], 'h', &[0]);
    }
    case("tiny f64 sum (4, 6) axis 0", sum, F64, &[4, 6], 'C', &[0]);
    case("tiny f64 sum (4, 6) axis 1", sum, F64, &[4, 6], 'C', &[1]);
    for (name, op, dtype, w) in [("7x7 sum", sum, F64, 7), ("7x7 max", max, F64, 7), ("3x3 sum", sum, F32, 3)]
    {
        let name = format!("window {} {name}", dtype.name());
        case(&name, op, dtype, &[1024, 1024, w, w], 'w', &[2, 3]);
    }
    all
}

/// Reads `read` bytes and writes `write` bytes at `to`, past the caches when `STREAM`.
///
/// # Safety
/// The CPU has AVX2, and the bytes can be read and written; `to` begins a line.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn limit<const STREAM: bool>(from: *const u8, read: usize, to: *mut u8, write: usize) {
    use core::arch::x86_64::*;
    const CHUNK: usize = 1024;
    let chunks = (write / CHUNK).max(1);
    let part = read / chunks / 512 * 512;
    // SAFETY: the caller's promise.
    unsafe {
        let (mut from, mut to) = (from, to);
        for _ in 0..chunks {
            let mut sums = [_mm256_setzero_si256(); 8];
            let end = from.add(part);
            while from < end {
                for (k, sum) in sums.iter_mut().enumerate() {
                    *sum = _mm256_add_epi64(*sum, _mm256_loadu_si256(from.add(64 * k).cast()));
                    *sum = _mm256_add_epi64(*sum, _mm256_loadu_si256(from.add(64 * k + 32).cast()));
                }
                from = from.add(512);
            }
            let end = to.add(CHUNK.min(write.max(256)));
            while to < end {
                for (k, &sum) in sums.iter().enumerate() {
                    match STREAM {
                        true => _mm256_stream_si256(to.add(32 * k).cast(), sum),
                        false => _mm256_storeu_si256(to.add(32 * k).cast(), sum),
                    }
                }
                to = to.add(256);
            }
        }
        _mm_sfence();
    }
}

#[cfg(not(target_arch = "x86_64"))]
unsafe fn limit<const STREAM: bool>(from: *const u8, read: usize, to: *mut u8, write: usize) {
    // SAFETY: the caller's promise.
    unsafe { core::ptr::copy(from, to, read.min(write)) }
}

/// Bytes of the lines that an array touches.
fn touched(case: &Case) -> usize {
    let item = case.dtype.size();
    let n = case.shape.len();
    if case.name.starts_with("window") {
        return (1030 * 1030 * item) as usize;
    }
    let inner = case.strides.iter().map(|s| s.abs()).min().unwrap_or(1).max(1);
    let elements: i64 = case.shape.iter().product();
    let dense = if n > 0 { inner } else { 1 };
    (elements * dense * item) as usize
}

fn run(case: &Case, memory: *mut u8) -> (f64, f64, usize, i64) {
    let item = case.dtype.size();
    let strides: Vec<i64> = case.strides.iter().map(|s| s * item).collect();
    let low: i64 = case.shape.iter().zip(&strides).map(|(n, s)| ((n - 1) * s).min(0)).sum();
    let mut reduced = AxisSet(0);
    for &axis in &case.reduced {
        reduced.insert(axis).expect("an axis");
    }
    let folding = match case.op {
        Op::Fold(folding) => folding,
        Op::Spread => Folding::Squares,
        _ => Folding::Sum,
    };
    let (compute, result) = match (case.op, case.dtype) {
        (Op::Argmin, dtype) => (dtype, DType::I64),
        (Op::Fold(Folding::Count), dtype) => (dtype, DType::I64),
        (Op::Fold(Folding::All | Folding::Any), dtype) => (dtype, DType::Bool),
        (Op::Fold(Folding::Sum), DType::Bool | DType::I16 | DType::I32) => (DType::I64, DType::I64),
        (Op::Fold(Folding::Sum), DType::U8) => (DType::U64, DType::U64),
        (Op::Fold(Folding::Sum), DType::F16) => (DType::F32, DType::F16),
        (_, dtype) => (dtype, dtype),
    };
    let out_strides: Vec<i64> = {
        let mut next = result.size();
        let mut out = vec![0; strides.len()];
        for axis in (0..strides.len()).rev().filter(|axis| !case.reduced.contains(axis)) {
            out[axis] = next;
            next *= case.shape[axis];
        }
        out
    };
    let outputs: i64 =
        (0..strides.len()).filter(|a| !case.reduced.contains(a)).map(|a| case.shape[a]).product();
    let at = |megabytes: usize| memory.wrapping_add((megabytes << 20) + 64 * (megabytes / 64));
    let input = Operand {
        data: at(0).wrapping_offset(-low as isize),
        dtype: case.dtype,
        itemsize: item,
        strides: &strides,
    };
    let out = Operand { data: at(320), dtype: result, itemsize: result.size(), strides: &out_strides };
    let mean_strides: Vec<i64> = out_strides.clone();
    let mask_strides: Vec<i64> = case.strides.clone();
    let mean = Operand { data: at(384), dtype: compute, itemsize: compute.size(), strides: &mean_strides };
    let other = Operand { data: at(160), ..input };
    let mask = Operand { data: at(160), dtype: DType::Bool, itemsize: 1, strides: &mask_strides };
    let plain = Reduction::new(folding, compute);
    let what = match case.op {
        Op::Spread => Reduction { second: Some((Second::Minus, mean)), ..plain },
        Op::Dot => Reduction { second: Some((Second::Times, other)), ..plain },
        Op::Masked => Reduction { mask: Some(mask), ..plain },
        _ => plain,
    };
    let mut ours = || {
        // SAFETY: operands with this shape in memory of their own.
        unsafe {
            match case.op {
                Op::Argmin => arg(false, &case.shape, reduced, input, out, 1),
                _ => reduce(&what, &case.shape, reduced, input, out),
            }
        }
        .expect("runs")
    };
    let mut read = touched(case);
    match case.op {
        Op::Dot => read *= 2,
        Op::Masked => read += read / item as usize,
        _ => {}
    }
    let write = (outputs * result.size()) as usize;
    let write = if write < 4096 { 0 } else { write };
    // SAFETY: the other half of the memory.
    let (mut plain, mut streamed) = (
        || unsafe { limit::<false>(at(448) as *const u8, read.min(160 << 20), at(384), write) },
        || unsafe { limit::<true>(at(448) as *const u8, read.min(160 << 20), at(384), write) },
    );
    assert!(read <= 320 << 20 && write <= 60 << 20, "{read} {write}");
    let (seconds, share) = race(0.12, &mut [&mut ours, &mut plain, &mut streamed]);
    let share = share * (read as f64 / read.min(160 << 20) as f64);
    (seconds, share, read + write, outputs)
}

fn main() {
    let parts: Vec<String> = std::env::args().skip(1).collect();
    let memory = room(ROOM, false);
    for i in (0..ROOM - (4 << 20)).step_by(8) {
        // Small numbers of any dtype, and masks.
        let x = (i as u64 / 8).wrapping_mul(0x9e37_79b9_7f4a_7c15) & 0x0001_0001_0100_0101;
        // SAFETY: inside the mapping.
        unsafe { memory.add(i).cast::<u64>().write(x) };
    }
    for case in cases().iter().filter(|case| parts.iter().all(|part| case.name.contains(part.as_str()))) {
        let (seconds, share, bytes, outputs) = run(case, memory);
        println!(
            "{:34} {:10.2} us {:7.2} GB/s {:8.2} ns/out {:5.2} of the limit",
            case.name,
            seconds * 1e6,
            bytes as f64 / seconds * 1e-9,
            seconds * 1e9 / outputs as f64,
            share
        );
    }
}
