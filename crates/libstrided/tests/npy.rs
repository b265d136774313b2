//! `.npy` files: those of NumPy are read (made by tests/data/make_npy.py), ours are the same byte for byte.

use std::path::{Path, PathBuf};

use libstrided::npy::{NpyError, load, save};
use libstrided_view::{Array, DType, Error, Index, Item, Order, View};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/npy").join(format!("{name}.npy"))
}

/// A path of its own for each test, removed at its end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Temporary {
        let name = format!("libstrided-{}-{name}.npy", std::process::id());
        Temporary(std::env::temp_dir().join(name))
    }

    fn holding(name: &str, bytes: &[u8]) -> Temporary {
        let file = Temporary::new(name);
        std::fs::write(&file.0, bytes).expect("a file");
        file
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The elements in C order, as the bytes of this machine.
fn bytes(a: &Array) -> Vec<u8> {
    let v = a.view();
    let itemsize = v.itemsize() as usize;
    let mut offsets = vec![0_i64];
    for (&extent, &stride) in v.shape().iter().zip(v.strides()) {
        let inner = |&offset: &i64| (0..extent).map(move |i| offset + i * stride);
        offsets = offsets.iter().flat_map(inner).collect();
    }
    let element = |offset: i64| {
        // SAFETY: the offset is that of an element of a loaded array.
        unsafe { std::slice::from_raw_parts(v.data().offset(offset as isize), itemsize) }
    };
    offsets.into_iter().flat_map(element).copied().collect()
}

/// 0, 1, 2, 3, 4, 5 as elements of this type.
fn counting(dtype: DType) -> Vec<u8> {
    let complex = |re: u32| [f64::from(re), 0.0];
    let one = |i: u32| match dtype {
        DType::Bool => vec![u8::from(i != 0)],
        DType::I8 | DType::U8 => vec![i as u8],
        DType::I16 | DType::U16 => (i as u16).to_ne_bytes().to_vec(),
        DType::I32 | DType::U32 => i.to_ne_bytes().to_vec(),
        DType::I64 | DType::U64 => u64::from(i).to_ne_bytes().to_vec(),
        DType::F16 => [0x0000_u16, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500][i as usize].to_ne_bytes().to_vec(),
        DType::Bf16 => ((i as f32).to_bits().wrapping_shr(16) as u16).to_ne_bytes().to_vec(),
        DType::F32 => (i as f32).to_ne_bytes().to_vec(),
        DType::F64 => f64::from(i).to_ne_bytes().to_vec(),
        DType::C64 => complex(i).iter().flat_map(|&x| (x as f32).to_ne_bytes()).collect(),
        DType::C128 => complex(i).iter().flat_map(|x| x.to_ne_bytes()).collect(),
        DType::Opaque => unreachable!(),
    };
    (0..6).flat_map(one).collect()
}

#[test]
fn files_of_numpy_in_every_dtype_are_read_and_written_again() {
    for dtype in DType::ALL.into_iter().filter(|dtype| *dtype != DType::Opaque) {
        let path = data(&format!("{}_c", dtype.name()));
        let a = load(&path).expect("an array");
        assert_eq!((a.view().dtype(), a.view().shape()), (dtype, &[2, 3][..]));
        assert_eq!(bytes(&a), counting(dtype), "{}", dtype.name());
        assert_written_as(&a.as_view(), &path);
    }
}

/// Whether a view is written exactly as the file that NumPy made.
fn assert_written_as(view: &View<'_>, path: &Path) {
    let file = Temporary::new(&path.file_stem().expect("a name").to_string_lossy());
    save(&file.0, view).expect("written");
    let (ours, theirs) = (std::fs::read(&file.0).expect("ours"), std::fs::read(path).expect("theirs"));
    assert!(ours == theirs, "{}: {}", path.display(), String::from_utf8_lossy(&ours));
}

#[test]
fn fortran_order_stays_fortran_order() {
    for (name, dtype) in [("i16_f", DType::I16), ("f64_f", DType::F64)] {
        let a = load(data(name)).expect("an array");
        assert_eq!(a.view().shape(), [2, 3]);
        assert_eq!(a.view().strides(), [dtype.size(), 2 * dtype.size()]);
        assert_eq!(bytes(&a), counting(dtype));
        assert_written_as(&a.as_view(), &data(name));
    }
}

#[test]
fn the_other_byte_order_is_turned_around() {
    for dtype in [DType::I16, DType::U32, DType::F16, DType::F64, DType::C64, DType::C128] {
        let a = load(data(&format!("{}_big", dtype.name()))).expect("an array");
        assert_eq!((a.view().dtype(), bytes(&a)), (dtype, counting(dtype)));
    }
}

#[test]
fn shapes_at_the_edge() {
    for (name, shape) in [
        ("scalar", &[][..]),
        ("one_axis", &[5]),
        ("empty", &[0, 3]),
        ("both_orders", &[1, 4]),
        ("wide", &[1, 5]),
    ] {
        let a = load(data(name)).expect("an array");
        assert_eq!(a.view().shape(), shape);
        assert_written_as(&a.as_view(), &data(name));
    }
    let a = load(data("axes64")).expect("an array");
    assert_eq!((a.view().ndim(), bytes(&a)), (64, vec![0, 1, 2]));
    assert_written_as(&a.as_view(), &data("axes64"));
}

#[test]
fn other_versions_of_the_format() {
    for name in ["version2", "version3", "python2"] {
        let a = load(data(name)).expect("an array");
        assert_eq!(bytes(&a), counting(DType::F64), "{name}");
    }
}

#[test]
fn bytes_and_records_are_opaque() {
    for (name, itemsize, count) in [("bytes", 3, 3), ("void", 2, 2), ("record", 16, 2)] {
        let a = load(data(name)).expect("an array");
        let v = a.view();
        assert_eq!((v.dtype(), v.itemsize(), v.size()), (DType::Opaque, itemsize, count), "{name}");
    }
    assert_eq!(bytes(&load(data("bytes")).expect("an array")), *b"ab\0c\0\0xyz");
    assert_written_as(&load(data("void")).expect("an array").as_view(), &data("void"));
    for name in ["object_free_str", "date"] {
        assert_eq!(load(data(name)).err(), Some(NpyError::UnknownType));
    }
}

#[test]
fn truth_values_are_0_and_1() {
    assert_eq!(bytes(&load(data("bool_odd")).expect("an array")), [0, 1, 1, 1, 1, 0]);
}

fn range(start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Index {
    Index::Range { start, stop, step }
}

#[test]
fn views_that_are_not_packed_are_written_in_c_order() {
    // Long enough to fill the buffer several times, with runs that are longer than it.
    let values: Vec<u16> = (0..40_000).map(|i| (i * 7) as u16).collect();
    let a = Array::from_slice(&values, &[2, 20_000]).expect("an array");
    let cube = Array::from_slice(&values, &[20, 40, 50]).expect("an array");
    let (a, cube) = (a.as_view(), cube.as_view());
    let views = [
        a.index(&[range(None, None, None), range(Some(5), Some(19_000), None)]),
        a.index(&[range(None, None, Some(-1)), range(None, None, Some(3))]),
        cube.transpose(Some(&[1, 0, 2])),
        cube.transpose(Some(&[2, 0, 1])),
        cube.flip(None),
        cube.diagonal(1, 0, 1),
    ];
    let file = Temporary::new("not-packed");
    for v in views {
        let v = v.expect("a view");
        save(&file.0, &v).expect("written");
        let b = load(&file.0).expect("read");
        assert_eq!(b.view().shape(), v.shape());
        assert_same::<u16>(&b.as_view(), &v);
    }
}

/// Compares element by element.
fn assert_same<T: Item + PartialEq + std::fmt::Debug>(a: &View<'_>, b: &View<'_>) {
    let mut index = vec![0; a.shape().len()];
    loop {
        assert_eq!(a.get::<T>(&index), b.get::<T>(&index), "at {index:?}");
        let Some(axis) = (0..index.len()).rev().find(|&axis| index[axis] + 1 < a.shape()[axis]) else {
            return;
        };
        index[axis] += 1;
        index[axis + 1..].fill(0);
    }
}

#[test]
fn a_broadcast_view_is_written_in_full() {
    let row = Array::from_slice(&[1.5, 2.5, 3.5], &[3]).expect("an array");
    let file = Temporary::new("broadcast");
    save(&file.0, &row.as_view().broadcast_to(&[4, 3]).expect("a view")).expect("written");
    let b = load(&file.0).expect("read");
    assert_eq!(b.view().strides(), [24, 8]);
    assert_eq!(b.as_view().get::<f64>(&[3, 1]), Ok(2.5));
}

#[test]
fn a_file_cut_at_any_byte_is_an_error() {
    let whole = std::fs::read(data("c64_c")).expect("a file");
    for len in 0..whole.len() {
        let file = Temporary::holding("cut", &whole[..len]);
        assert!(load(&file.0).is_err(), "{len} bytes");
    }
}

#[test]
fn a_header_with_any_bit_flipped_never_promises_more_than_the_file_holds() {
    let whole = std::fs::read(data("f64_f")).expect("a file");
    for bit in 0..128 * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let file = Temporary::holding("flipped", &flipped);
        if let Ok(a) = load(&file.0) {
            assert!(a.view().size() * a.view().itemsize() <= 48);
        }
    }
}

#[test]
fn a_promise_of_petabytes_is_refused_before_memory_is_asked_for() {
    let mut file = std::fs::read(data("f64_c")).expect("a file");
    let place = file.windows(6).position(|w| w == b"(2, 3)").expect("the shape");
    file.splice(place..place + 6, *b"(2, 3000000000000000)");
    file.drain(122..122 + 15);
    let file = Temporary::holding("huge", &file);
    let expected = 128 + 48_000_000_000_000_000;
    assert_eq!(load(&file.0).err(), Some(NpyError::Truncated { expected, got: 176 }));
}

#[test]
fn what_the_system_refuses() {
    let nowhere = Path::new("/nowhere/at/all.npy");
    assert_eq!(load(nowhere).err(), Some(NpyError::System { call: "open", errno: libc::ENOENT }));
    let a = Array::from_slice(&[1_u8], &[]).expect("an array");
    assert_eq!(
        save(nowhere, &a.as_view()).err(),
        Some(NpyError::System { call: "open", errno: libc::ENOENT })
    );
    assert!(matches!(load("/").err(), Some(NpyError::Format { .. })));
    assert!(matches!(load("/dev/null").err(), Some(NpyError::Format { .. })));
    assert_eq!(load("a\0b").err(), Some(NpyError::Path));
    assert_eq!(load("x".repeat(4096)).err(), Some(NpyError::Path));
    assert_eq!(
        load("x".repeat(4095)).err(),
        Some(NpyError::System { call: "open", errno: libc::ENAMETOOLONG })
    );
    #[cfg(target_os = "linux")]
    {
        let big = Array::zeros(DType::F64, &[100_000], Order::C).expect("an array");
        let full = save("/dev/full", &big.as_view()).err();
        assert_eq!(full, Some(NpyError::System { call: "write", errno: libc::ENOSPC }));
    }
}

#[test]
fn every_error_has_a_message() {
    let errors = [
        NpyError::System { call: "open", errno: 2 },
        NpyError::Path,
        NpyError::Format { rule: "a rule" },
        NpyError::Version { major: 9, minor: 1 },
        NpyError::UnknownType,
        NpyError::Truncated { expected: 10, got: 5 },
        NpyError::Array(Error::SizeOverflow),
    ];
    for error in errors {
        assert!(error.to_string().len() > 10);
        assert!(!Error::from(error).to_string().is_empty());
    }
}
