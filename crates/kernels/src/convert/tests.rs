//! Tests: every pair of dtypes at every level against one cast at a time, and that against its definition.

use super::*;
use crate::element::Element;
use crate::test_support::{Random, at_every_level};

/// The same conversion, one element at a time and from the definition of the cast.
fn naive(from: DType, to: DType, src: *const u8, dst: *mut u8, n: usize) {
    fn to_type<S: Element>(to: DType, src: *const u8, dst: *mut u8, n: usize) {
        with_type!(to, all, D => {
            for i in 0..n {
                // SAFETY: the test passes buffers of n elements.
                unsafe {
                    let x = (src as *const S).add(i).read_unaligned();
                    (dst as *mut D).add(i).write_unaligned(x.cast::<D>());
                }
            }
        }, ())
    }
    with_type!(from, all, S => to_type::<S>(to, src, dst, n), ())
}

#[test]
fn every_pair_agrees_with_one_cast_at_a_time_at_every_level() {
    let n = 700;
    let mut random = Random::new(7);
    let mut src = vec![0u8; n * 16 + 1];
    at_every_level(|| {
        for from in DType::ALL {
            for to in DType::ALL {
                if from == DType::Opaque || to == DType::Opaque {
                    assert!(Conversion::new(from, to).is_none());
                    continue;
                }
                random.fill(from, &mut src[1..]);
                let bytes = n * to.size() as usize;
                let (mut got, mut want) = (vec![7u8; bytes + 2], vec![7u8; bytes + 2]);
                let conversion = Conversion::new(from, to).expect("every pair converts");
                // SAFETY: the buffers hold n elements after their first byte.
                unsafe { conversion.run(src.as_ptr().add(1), got.as_mut_ptr().add(1), n) };
                naive(from, to, src[1..].as_ptr(), want[1..].as_mut_ptr(), n);
                assert!(got == want, "{} to {}", from.name(), to.name());
            }
        }
    });
}

#[test]
fn whole_lines_past_the_caches() {
    #[derive(Clone, Copy)]
    #[repr(align(64))]
    struct Line([u8; 64]);
    let mut random = Random::new(8);
    at_every_level(|| {
        for from in &DType::ALL[..15] {
            for to in &DType::ALL[..15] {
                let in_line = 64 / to.size() as usize;
                for lines in [0, 1, 7, 34] {
                    let n = lines * in_line;
                    let mut src = vec![0u8; n * from.size() as usize + 1];
                    random.fill(*from, &mut src[1..]);
                    let (mut got, mut want) = ([Line([7; 64]); 36], [Line([7; 64]); 36]);
                    let conversion = Conversion::new(*from, *to).expect("every pair converts");
                    // SAFETY: the buffers hold n elements from their second line on, one behind their first byte.
                    unsafe {
                        conversion.stream(src.as_ptr().add(1), got[1..].as_mut_ptr().cast(), n);
                        conversion.run(src.as_ptr().add(1), want[1..].as_mut_ptr().cast(), n);
                    }
                    let same = got.iter().zip(&want).all(|(a, b)| a.0 == b.0);
                    assert!(same, "{} to {}, {lines} lines", from.name(), to.name());
                }
            }
        }
    });
}

#[test]
fn long_rows_from_any_element_of_a_line_on() {
    let n = 1000;
    let mut random = Random::new(10);
    let mut src = vec![0u8; n * 16];
    at_every_level(|| {
        for from in &DType::ALL[..15] {
            random.fill(*from, &mut src);
            for to in &DType::ALL[..15] {
                let item = to.size() as usize;
                let n = n - random.below(70);
                let mut want = vec![7u8; n * item];
                naive(*from, *to, src.as_ptr(), want.as_mut_ptr(), n);
                let mut room = vec![7u8; n * item + 128];
                let conversion = Conversion::new(*from, *to).expect("every pair converts");
                for at in (0..64 / item).map(|k| k * item) {
                    let at = at + room.as_ptr().addr().wrapping_neg() % 64;
                    room.fill(7);
                    // SAFETY: the buffers hold n elements, from there on.
                    unsafe { conversion.run(src.as_ptr(), room.as_mut_ptr().add(at), n) };
                    assert!(room[at..][..n * item] == want, "{} to {}", from.name(), to.name());
                    let outside = room[..at].iter().chain(&room[at + n * item..]);
                    assert!(outside.into_iter().all(|&x| x == 7), "wrote outside the elements");
                }
            }
        }
    });
}

#[test]
fn rows_that_are_apart() {
    let (rows, n) = (5, 37);
    let mut random = Random::new(9);
    at_every_level(|| {
        for from in &DType::ALL[..15] {
            for to in &DType::ALL[..15] {
                let [a, b] = [from, to].map(|dtype| dtype.size() as usize);
                let (src_row, dst_row) = (n * a + 3, n * b + 5);
                let mut src = vec![0u8; rows * src_row];
                for row in src.chunks_exact_mut(src_row) {
                    random.fill(*from, &mut row[..n * a]);
                }
                let (mut got, mut want) = (vec![7u8; rows * dst_row], vec![7u8; rows * dst_row]);
                let conversion = Conversion::new(*from, *to).expect("every pair converts");
                // SAFETY: so many rows, from the last one backwards.
                unsafe {
                    let steps = [-(src_row as isize), -(dst_row as isize)];
                    let last =
                        (src.as_ptr().add((rows - 1) * src_row), got.as_mut_ptr().add((rows - 1) * dst_row));
                    conversion.run_rows(last.0, last.1, n, rows, steps);
                    for k in 0..rows {
                        conversion.run(src.as_ptr().add(k * src_row), want.as_mut_ptr().add(k * dst_row), n);
                    }
                }
                assert!(got == want, "{} to {}", from.name(), to.name());
            }
        }
    });
}

fn one<S: Element, D: Element>(x: S) -> D {
    let mut out = MaybeUninit::<D>::uninit();
    let conversion = Conversion::new(S::DTYPE, D::DTYPE).expect("converts");
    // SAFETY: one element each; the conversion writes it.
    unsafe {
        conversion.run((&raw const x).cast(), out.as_mut_ptr().cast(), 1);
        out.assume_init()
    }
}

#[test]
fn floats_saturate_to_integers_and_nan_is_0() {
    assert_eq!(one::<f64, i8>(300.5), 127);
    assert_eq!(one::<f64, u8>(-1.0), 0);
    assert_eq!(one::<f64, u8>(255.9), 255);
    assert_eq!(one::<f64, i64>(1e19), i64::MAX);
    assert_eq!(one::<f64, i64>(-1e19), i64::MIN);
    assert_eq!(one::<f64, u64>(1.8446744073709552e19), u64::MAX);
    assert_eq!(one::<f64, u64>(f64::NAN), 0);
    assert_eq!(one::<f32, i32>(2147483648.0), i32::MAX);
    assert_eq!(one::<f32, i32>(2147483520.0), 2147483520);
    assert_eq!(one::<f32, u32>(f32::INFINITY), u32::MAX);
    assert_eq!(one::<e::F16, i16>(e::F16(0x7c00)), i16::MAX);
    assert_eq!(one::<f64, i32>(-3.99), -3);
    for x in [0.5f64, -0.5, 1e9, -2147483648.5, 4294967295.5, 9.2e18, -9.3e18, 1.9e19, 127.4, -128.9] {
        assert_eq!(one::<f64, i32>(x), x as i32);
        assert_eq!(one::<f64, u32>(x), x as u32);
        assert_eq!(one::<f64, i64>(x), x as i64);
        assert_eq!(one::<f64, u64>(x), x as u64);
        assert_eq!(one::<f32, i64>(x as f32), x as f32 as i64);
        assert_eq!(one::<f32, i8>(x as f32), x as f32 as i8);
    }
}

#[test]
fn anything_but_0_is_true() {
    assert_eq!(one::<f64, e::Bool>(f64::NAN).0, 1);
    assert_eq!(one::<f64, e::Bool>(-0.0).0, 0);
    assert_eq!(one::<i64, e::Bool>(1 << 40).0, 1);
    assert_eq!(one::<e::Bool, e::Bool>(e::Bool(7)).0, 1);
    assert_eq!(one::<e::Bool, f64>(e::Bool(7)), 1.0);
    assert_eq!(one::<Complex<f32>, e::Bool>(Complex { re: 0.0, im: 2.0 }).0, 1);
    assert_eq!(one::<e::F16, e::Bool>(e::F16(1)).0, 1);
}

#[test]
fn each_conversion_rounds_once() {
    // 2^30 + 2^22 lies between two bf16; one more decides.
    assert_eq!(one::<i64, e::Bf16>((1 << 30) + (1 << 22) + 1).to_f32(), ((1u64 << 30) + (1 << 23)) as f32);
    assert_eq!(one::<u32, e::Bf16>((1 << 30) + (1 << 22) + 1).to_f32(), ((1u64 << 30) + (1 << 23)) as f32);
    assert_eq!(one::<f64, e::F16>(1.0 + 2f64.powi(-11) + 2f64.powi(-40)).0, 0x3c01);
}

/// Elements at which conversions change what they do: all there are of 16 bits and less, else all exponents with the
/// fractions around ties, and integers around powers of two and around ties.
fn edges(dtype: DType) -> Vec<u8> {
    let size = dtype.size() as usize;
    let mut words: Vec<u64> = Vec::new();
    match dtype {
        _ if size <= 2 => words.extend(0..1 << (8 * size)),
        DType::F32 | DType::F64 | DType::C64 | DType::C128 => {
            let part = dtype.part().size() as usize;
            let (fraction, exponents) = if part == 4 { (23, 1 << 8) } else { (52, 1 << 11) };
            for exponent in 0..exponents {
                for sign in [0, 1] {
                    let head = (sign << (8 * part - 1)) | exponent << fraction;
                    let mut push = |x: u64| words.push(head | x & ((1 << fraction) - 1));
                    [0u64, 1, 2, 3]
                        .iter()
                        .for_each(|&x| [x, x.wrapping_neg()].into_iter().for_each(&mut push));
                    for bit in [7, 8, 10, 11, 12, 21, 22, 23, 24, 25, 29, 30, 31, 51, 52] {
                        if bit <= fraction {
                            // A bit of the fraction, counted from its top, and what lies next to it; with odd bits above.
                            let tie = 1u64 << (fraction - bit);
                            for x in [tie, tie * 3, tie * 5] {
                                [x.wrapping_sub(1), x, x + 1].into_iter().for_each(&mut push);
                            }
                        }
                    }
                }
            }
        }
        _ => {
            for shift in 0..64 {
                for x in [1u64, 3, 5, 0x101, 0x103, 0x801, 0x803, 0x100_0001, 0x100_0003, (1 << 54) + 1] {
                    for delta in [-2i64, -1, 0, 1, 2] {
                        let x = (x << shift).wrapping_add_signed(delta);
                        words.extend([x, x.wrapping_neg()]);
                    }
                }
            }
        }
    }
    let part = dtype.part().size() as usize;
    words.iter().flat_map(|word| word.to_le_bytes()[..part].to_vec()).collect()
}

#[test]
fn every_pair_at_all_edges() {
    at_every_level(|| {
        for from in &DType::ALL[..15] {
            let src = edges(*from);
            let n = src.len() / from.size() as usize;
            for to in &DType::ALL[..15] {
                let bytes = n * to.size() as usize;
                let (mut got, mut want) = (vec![7u8; bytes], vec![7u8; bytes]);
                let conversion = Conversion::new(*from, *to).expect("every pair converts");
                // SAFETY: the buffers hold n elements.
                unsafe { conversion.run(src.as_ptr(), got.as_mut_ptr(), n) };
                naive(*from, *to, src.as_ptr(), want.as_mut_ptr(), n);
                if from == to && *from != DType::Bool {
                    // Nothing is converted: signalling NaN stays that.
                    want.copy_from_slice(&src);
                }
                if got != want {
                    let size = to.size() as usize;
                    let i = got.iter().zip(&want).position(|(g, w)| g != w).unwrap_or(0) / size;
                    let s = from.size() as usize;
                    panic!(
                        "{} to {}: {:x?} gave {:x?}, not {:x?}",
                        from.name(),
                        to.name(),
                        &src[i * s..(i + 1) * s],
                        &got[i * size..(i + 1) * size],
                        &want[i * size..(i + 1) * size]
                    );
                }
            }
        }
    });
}

/// The definition of the cast is that of the language, where the language has one.
#[test]
fn the_cast_is_that_of_the_language() {
    macro_rules! check {
        ($($from:ident $dtype:ident: $($to:ident)*;)*) => {$($(
            for bytes in edges(DType::$dtype).chunks_exact(size_of::<$from>()) {
                let x = $from::from_ne_bytes(bytes.try_into().expect("one element"));
                assert!(x.cast::<$to>() == x as $to || (x as f64).is_nan(), "{x:?} to {}", stringify!($to));
            }
        )*)*};
    }
    if cfg!(target_endian = "little") {
        check! {
            f32 F32: i8 i16 i32 i64 u8 u16 u32 u64 f64;
            f64 F64: i8 i16 i32 i64 u8 u16 u32 u64 f32;
            i64 I64: i8 i16 i32 u8 u16 u32 u64 f32 f64;
            u64 U64: i8 i16 i32 i64 u8 u16 u32 f32 f64;
            i32 I32: i8 u64 f32 f64;
            u32 U32: i64 u8 f32 f64;
        }
    }
}

/// Half precision from its definition, and with single rounding.
#[test]
fn halves_and_bf16_are_nearest() {
    for (dtype, fraction, bias, top) in [(DType::F16, 10, 15, 0x7c00u64), (DType::Bf16, 7, 127, 0x7f80)] {
        let value = |h: u64| {
            let (exponent, f) = ((h >> fraction) as i32, (h & ((1 << fraction) - 1)) as f64);
            let unit = 2f64.powi(exponent.max(1) - bias - fraction);
            unit * (f + if exponent == 0 { 0.0 } else { (1u64 << fraction) as f64 })
        };
        let src: Vec<f64> = edges(DType::F64)
            .chunks_exact(8)
            .map(|b| f64::from_le_bytes(b.try_into().expect("8 bytes")))
            .filter(|x| x.is_sign_positive() && !x.is_nan())
            .collect();
        let mut got = vec![0u16; src.len()];
        let conversion = Conversion::new(DType::F64, dtype).expect("converts");
        // SAFETY: both hold as many elements.
        unsafe { conversion.run(src.as_ptr().cast(), got.as_mut_ptr().cast(), src.len()) };
        for (x, h) in src.iter().zip(&got) {
            let h = *h as u64;
            let limit = value(top) - value(top - 1);
            if *x >= value(top - 1) + limit / 2.0 {
                assert_eq!(h, top, "{x:e}");
                continue;
            }
            let error = |h: u64| (value(h) - x).abs();
            assert!(error(h) < error(h + 1) || error(h) == error(h + 1) && h & 1 == 0, "{x:e} gave {h:x}");
            assert!(
                h == 0 || error(h) < error(h - 1) || error(h) == error(h - 1) && h & 1 == 0,
                "{x:e} gave {h:x}"
            );
        }
    }
}
