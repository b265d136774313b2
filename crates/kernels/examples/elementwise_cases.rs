//! Measures operations that go element by element, against loops that move as many bytes.
//!
//! ```text
//! cargo run --release -p libstrided-kernels --example elementwise_cases -- [parts of names] [--small-pages]
//! ```
//!
//! Per case are printed: microseconds, GB/s (bytes of all operands, read and written), and the share of the limit: the
//! better of two loops over packed memory, with ordinary stores and with stores past the caches, that read and write as
//! many bytes, measured in turns with the case. The median of several rounds.

mod race;

use libstrided_kernels::{BinaryOp, Operand, UnaryOp, binary, binary_where, fma, select, unary};
use libstrided_layout::DType;
use race::{race, room};

const ROOM: usize = 1280 << 20;

/// An operand of a case: dtype, strides, bytes of memory from the lowest to the highest element, bytes before its first.
struct Array {
    dtype: DType,
    strides: Vec<i64>,
    extent: usize,
    low: usize,
    /// Bytes of elements.
    bytes: usize,
}

fn array(dtype: DType, shape: &[i64], elements: &[i64]) -> Array {
    let item = dtype.size();
    let strides: Vec<i64> = elements.iter().map(|s| s * item).collect();
    let reach = |sign: i64| -> i64 {
        shape.iter().zip(&strides).map(|(n, s)| ((n - 1) * s * sign).max(0)).sum::<i64>()
    };
    let distinct: i64 = shape.iter().zip(&strides).map(|(&n, &s)| if s == 0 { 1 } else { n }).product();
    Array {
        dtype,
        extent: (reach(1) + reach(-1) + item) as usize,
        low: reach(-1) as usize,
        bytes: (distinct * item) as usize,
        strides,
    }
}

enum Op {
    Binary(BinaryOp),
    Unary(UnaryOp),
    Select,
    Fma,
    Masked(BinaryOp),
}

struct Case {
    name: &'static str,
    shape: Vec<i64>,
    op: Op,
    operands: Vec<Array>,
    in_place: bool,
}

/// `C` order, `F` order, a `R`ow, a `K` column, a `S`calar, every other element (`2`), reversed (`-`), with lines between
/// rows (`P`).
fn layout(kind: char, shape: &[i64]) -> Vec<i64> {
    let (n, m) = (shape[0], shape[1]);
    match kind {
        'C' => vec![m, 1],
        'F' => vec![1, n],
        'R' => vec![0, 1],
        'K' => vec![1, 0],
        'S' => vec![0, 0],
        '2' => vec![4 * m, 2],
        '-' => vec![-m, -1],
        'P' => vec![m + 16, 1],
        _ => panic!("{kind}"),
    }
}

fn cases() -> Vec<Case> {
    use BinaryOp::{Add, Less};
    use DType::{Bool, C64, F32, F64, I8, I16, I32, I64, U8};
    let mut all = Vec::new();
    let mut case = |name: &'static str, shape: [i64; 2], op: Op, spec: &[(DType, char)]| {
        let operands: Vec<Array> =
            spec.iter().map(|&(dtype, kind)| array(dtype, &shape, &layout(kind, &shape))).collect();
        all.push(Case { name, shape: shape.to_vec(), op, operands, in_place: name.ends_with("in place") });
    };
    const BIG: [i64; 2] = [4000, 4000];
    let c = |d: DType| (d, 'C');
    case("dram f64 a+b", BIG, Op::Binary(Add), &[c(F64); 3]);
    case("dram f32 a+b", BIG, Op::Binary(Add), &[c(F32); 3]);
    case("dram i8 a+b", [8000, 16000], Op::Binary(Add), &[c(I8); 3]);
    case("dram c64 a*b", BIG, Op::Binary(BinaryOp::Multiply), &[c(C64); 3]);
    case("dram f64 a+row", BIG, Op::Binary(Add), &[c(F64), (F64, 'R'), c(F64)]);
    case("dram f64 a+column", BIG, Op::Binary(Add), &[c(F64), (F64, 'K'), c(F64)]);
    case("dram f64 a+scalar", BIG, Op::Binary(Add), &[c(F64), (F64, 'S'), c(F64)]);
    case("dram f64 -a", BIG, Op::Unary(UnaryOp::Negative), &[c(F64); 2]);
    case("dram f64 sqrt", BIG, Op::Unary(UnaryOp::Sqrt), &[c(F64); 2]);
    case("dram f64 exp", BIG, Op::Unary(UnaryOp::Exp), &[c(F64); 2]);
    case("dram f32 exp", BIG, Op::Unary(UnaryOp::Exp), &[c(F32); 2]);
    case("dram f64 a<b", BIG, Op::Binary(Less), &[c(F64), c(F64), c(Bool)]);
    case("dram f64 where", BIG, Op::Select, &[c(Bool), c(F64), c(F64), c(F64)]);
    case("dram f32 where", BIG, Op::Select, &[c(Bool), c(F32), c(F32), c(F32)]);
    case("dram f64 fma", BIG, Op::Fma, &[c(F64); 4]);
    case("dram f64 a+b masked", BIG, Op::Masked(Add), &[c(F64), c(F64), c(Bool), c(F64)]);
    case("dram i32+f64", BIG, Op::Binary(Add), &[c(I32), c(F64), c(F64)]);
    case("dram f32+f64", BIG, Op::Binary(Add), &[c(F32), c(F64), c(F64)]);
    case("dram i32/i32 f64", BIG, Op::Binary(BinaryOp::Divide), &[c(I32), c(I32), c(F64)]);
    case("dram i8+i16", BIG, Op::Binary(Add), &[c(I8), c(I16), c(I16)]);
    case("dram u8+i16", BIG, Op::Binary(Add), &[c(U8), c(I16), c(I16)]);
    case("dram f64 padded rows", BIG, Op::Binary(Add), &[(F64, 'P'); 3]);
    case("dram f64 C+F->C", BIG, Op::Binary(Add), &[c(F64), (F64, 'F'), c(F64)]);
    case("dram f64 C+F->C 4096", [4096; 2], Op::Binary(Add), &[c(F64), (F64, 'F'), c(F64)]);
    case("dram f64 C+F->C 4097", [4097; 2], Op::Binary(Add), &[c(F64), (F64, 'F'), c(F64)]);
    case("dram f64 C+F->F 4096", [4096; 2], Op::Binary(Add), &[c(F64), (F64, 'F'), (F64, 'F')]);
    case("dram f64 F+F->C 4096", [4096; 2], Op::Binary(Add), &[(F64, 'F'), (F64, 'F'), c(F64)]);
    case("dram f32 C+F->C 4096", [4096; 2], Op::Binary(Add), &[c(F32), (F32, 'F'), c(F32)]);
    case("dram f32 C+F->C 5000x3000", [5000, 3000], Op::Binary(Add), &[c(F32), (F32, 'F'), c(F32)]);
    case("dram i16 C+F->C 8192", [8192; 2], Op::Binary(Add), &[c(I16), (I16, 'F'), c(I16)]);
    case("dram u8 C+F->C 8192", [8192; 2], Op::Binary(Add), &[c(U8), (U8, 'F'), c(U8)]);
    case("dram f64 [::2]+[::2]->C", [2000, 2000], Op::Binary(Add), &[(F64, '2'), (F64, '2'), c(F64)]);
    case("dram f64 C+C->[::2]", [2000, 2000], Op::Binary(Add), &[c(F64), c(F64), (F64, '2')]);
    case("dram f32 [::2]+[::2]->C", [4000, 2000], Op::Binary(Add), &[(F32, '2'), (F32, '2'), c(F32)]);
    case("dram f64 a[::-1]+b", BIG, Op::Binary(Add), &[(F64, '-'), c(F64), c(F64)]);
    case("dram f64 (n,2)+row", [8000000, 2], Op::Binary(Add), &[c(F64), (F64, 'R'), c(F64)]);
    case("dram f64 (n,3)+row", [5000000, 3], Op::Binary(Add), &[c(F64), (F64, 'R'), c(F64)]);
    case("dram f32 (n,3)+row", [5000000, 3], Op::Binary(Add), &[c(F32), (F32, 'R'), c(F32)]);
    case("dram f64 (n,3)+column", [5000000, 3], Op::Binary(Add), &[c(F64), (F64, 'K'), c(F64)]);
    case("dram f32 (n,4)+column", [5000000, 4], Op::Binary(Add), &[c(F32), (F32, 'K'), c(F32)]);
    case("dram f64 (n,16)+row", [1000000, 16], Op::Binary(Add), &[c(F64), (F64, 'R'), c(F64)]);
    case("dram f64 (n,40)+column", [400000, 40], Op::Binary(Add), &[c(F64), (F64, 'K'), c(F64)]);
    case("dram f64 a+=b in place", BIG, Op::Binary(Add), &[c(F64); 3]);
    case("l2 f64 a+b", [128, 128], Op::Binary(Add), &[c(F64); 3]);
    case("l2 f32 a+b", [128, 200], Op::Binary(Add), &[c(F32); 3]);
    case("l2 i8 a+b", [256, 400], Op::Binary(Add), &[c(I8); 3]);
    case("l2 i64 a+b in place", [128, 128], Op::Binary(Add), &[c(I64); 3]);
    case("l2 f64 a+row", [128, 128], Op::Binary(Add), &[c(F64), (F64, 'R'), c(F64)]);
    case("l2 f64 a+column", [128, 128], Op::Binary(Add), &[c(F64), (F64, 'K'), c(F64)]);
    case("l2 f64 a<b", [128, 128], Op::Binary(Less), &[c(F64), c(F64), c(Bool)]);
    case("l2 f64 where", [128, 128], Op::Select, &[c(Bool), c(F64), c(F64), c(F64)]);
    case("l2 f64 a+b masked", [128, 128], Op::Masked(Add), &[c(F64), c(F64), c(Bool), c(F64)]);
    case("l2 f64 C+F->C", [128, 128], Op::Binary(Add), &[c(F64), (F64, 'F'), c(F64)]);
    case("l2 f32 C+F->C", [128, 128], Op::Binary(Add), &[c(F32), (F32, 'F'), c(F32)]);
    case("l2 u8 C+F->C", [256, 256], Op::Binary(Add), &[c(U8), (U8, 'F'), c(U8)]);
    case("l2 f64 C+F->C 144", [144, 144], Op::Binary(Add), &[c(F64), (F64, 'F'), c(F64)]);
    case("l2 f64 F+F->C 144", [144, 144], Op::Binary(Add), &[(F64, 'F'), (F64, 'F'), c(F64)]);
    case("l2 f64 C+F->C 100x200", [100, 200], Op::Binary(Add), &[c(F64), (F64, 'F'), c(F64)]);
    case("l2 f32 C+F->C 144", [144, 144], Op::Binary(Add), &[c(F32), (F32, 'F'), c(F32)]);
    case("l2 f32 F+F->C 144", [144, 144], Op::Binary(Add), &[(F32, 'F'), (F32, 'F'), c(F32)]);
    case("l2 u8 C+F->C 144", [144, 144], Op::Binary(Add), &[c(U8), (U8, 'F'), c(U8)]);
    case("l2 f64 where F 144", [144, 144], Op::Select, &[c(Bool), c(F64), (F64, 'F'), c(F64)]);
    case("l2 i32 C + f64 F 144", [144, 144], Op::Binary(Add), &[c(I32), (F64, 'F'), c(F64)]);
    case("l2 i32+f64", [128, 128], Op::Binary(Add), &[c(I32), c(F64), c(F64)]);
    case("l2 i8+i16", [128, 128], Op::Binary(Add), &[c(I8), c(I16), c(I16)]);
    case("l2 f64 exp", [128, 128], Op::Unary(UnaryOp::Exp), &[c(F64); 2]);
    case("l2 f32 exp", [128, 128], Op::Unary(UnaryOp::Exp), &[c(F32); 2]);
    case("l2 f64 (n,3)+row", [4000, 3], Op::Binary(Add), &[c(F64), (F64, 'R'), c(F64)]);
    case("l2 f64 (n,3)+column", [4000, 3], Op::Binary(Add), &[c(F64), (F64, 'K'), c(F64)]);
    case("l2 f64 [::2]+[::2]->C", [100, 100], Op::Binary(Add), &[(F64, '2'), (F64, '2'), c(F64)]);
    case("l1 f64 a+b", [1, 1000], Op::Binary(Add), &[c(F64); 3]);
    case("l1 f32 a+b", [1, 1000], Op::Binary(Add), &[c(F32); 3]);
    case("l1 u8 a+b", [1, 1000], Op::Binary(Add), &[c(U8); 3]);
    case("l1 f64 C+F->C 8", [8, 8], Op::Binary(Add), &[c(F64), (F64, 'F'), c(F64)]);
    all
}

/// Reads `read` bytes in two streams and writes `write` bytes at `to`.
///
/// # Safety
/// The CPU has AVX2, and the bytes can be read and written; `to` begins a line.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn limit<const STREAM: bool>(from: *const u8, read: usize, to: *mut u8, write: usize) {
    use core::arch::x86_64::*;
    const CHUNK: usize = 2048;
    let chunks = (write / CHUNK).max(1);
    let half = read / 2 / chunks / 128 * 128;
    // SAFETY: the caller's promise.
    unsafe {
        let (mut a, mut b, mut to) = (from, from.add(read / 2), to);
        for _ in 0..chunks {
            let mut sums = [_mm256_setzero_si256(); 4];
            let mut at = 0;
            while at < half {
                for (k, sum) in sums.iter_mut().enumerate() {
                    let (x, y) = (a.add(at + 32 * k), b.add(at + 32 * k));
                    *sum = _mm256_add_epi64(*sum, _mm256_loadu_si256(x.cast()));
                    *sum = _mm256_add_epi64(*sum, _mm256_loadu_si256(y.cast()));
                }
                at += 128;
            }
            a = a.add(half);
            b = b.add(half);
            let end = to.add(CHUNK.min(write));
            while to < end {
                for (k, &sum) in sums.iter().enumerate() {
                    match STREAM {
                        true => _mm256_stream_si256(to.add(32 * k).cast(), sum),
                        false => _mm256_storeu_si256(to.add(32 * k).cast(), sum),
                    }
                }
                to = to.add(128);
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

fn run(case: &Case, memory: *mut u8) -> (f64, f64, usize) {
    let mut at = 0;
    let mut operands: Vec<Operand<'_>> = Vec::new();
    for array in &case.operands {
        operands.push(Operand {
            data: memory.wrapping_add(at + array.low),
            dtype: array.dtype,
            itemsize: array.dtype.size(),
            strides: &array.strides,
        });
        at += (array.extent + 4096 + 127) / 64 * 64;
    }
    assert!(at < ROOM / 2);
    let last = operands.len() - 1;
    if case.in_place {
        operands[last] = operands[0];
    }
    let bytes: Vec<usize> = case.operands.iter().map(|a| a.bytes).collect();
    let (read, write) = (bytes[..last].iter().sum::<usize>(), bytes[last]);
    let (o, s) = (operands, &case.shape);
    let dtype = |k: usize| case.operands[k].dtype;
    let mut ours = || {
        // SAFETY: operands with this shape in memory of their own.
        unsafe {
            match case.op {
                Op::Binary(op) => {
                    let (compute, _) = op.dtypes(dtype(0), dtype(1)).expect("takes");
                    binary(op, compute, s, o[0], o[1], o[2])
                }
                Op::Unary(op) => unary(op, op.dtypes(dtype(0)).expect("takes").0, s, o[0], o[1]),
                Op::Select => select(dtype(1), s, o[0], o[1], o[2], o[3]),
                Op::Fma => fma(dtype(1), s, o[0], o[1], o[2], o[3]),
                Op::Masked(op) => binary_where(op, dtype(0), s, o[0], o[1], o[2], o[3]),
            }
        }
        .expect("runs")
    };
    let from = memory.wrapping_add(ROOM / 2 - (2 << 20)) as *const u8;
    let to = if case.in_place { from.cast_mut() } else { memory.wrapping_add(ROOM / 2 + read) };
    let to = to.wrapping_add(to.align_offset(64));
    // SAFETY: the other half of the memory.
    let (mut plain, mut streamed) = (
        || unsafe { limit::<false>(from, read, to, write) },
        || unsafe { limit::<true>(from, read, to, write) },
    );
    let (seconds, share) = race(0.3, &mut [&mut ours, &mut plain, &mut streamed]);
    (seconds, share, read + write)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let small_pages = arguments.iter().any(|a| a == "--small-pages");
    let parts: Vec<&String> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    let memory = room(ROOM, small_pages);
    for i in (0..ROOM - (4 << 20)).step_by(8) {
        // Masks in runs and at random; small numbers of any dtype.
        let x = (i as u64 / 8).wrapping_mul(0x9e37_79b9_7f4a_7c15) & 0x0001_0001_0100_0101;
        // SAFETY: inside the mapping.
        unsafe { memory.add(i).cast::<u64>().write(x) };
    }
    for case in
        cases().iter().filter(|case| parts.is_empty() || parts.iter().any(|&part| case.name.contains(part)))
    {
        let (seconds, share, bytes) = run(case, memory);
        println!(
            "{:28} {:10.2} us {:7.2} GB/s  {:5.2} of the limit",
            case.name,
            seconds * 1e6,
            bytes as f64 / seconds * 1e-9,
            share
        );
    }
}
