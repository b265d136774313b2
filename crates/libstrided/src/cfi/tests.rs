//! Descriptors as gfortran 12 and flang 19 really write them, byte by byte, and what must be refused.

use super::*;

/// A descriptor in memory: head and up to 15 triples, aligned as compilers align it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C, align(8))]
struct Bytes([u8; DIM + 15 * DIM_BYTES]);

impl Bytes {
    /// `tail` holds bytes 16 to 23: version, and the four bytes whose order differs between the compilers.
    fn new(base: usize, elem_len: u64, tail: [u8; 8], dims: &[[i64; 3]]) -> Bytes {
        let mut bytes = Vec::new();
        bytes.extend(base.to_ne_bytes());
        bytes.extend(elem_len.to_ne_bytes());
        bytes.extend(tail);
        bytes.extend(dims.iter().flatten().flat_map(|word| word.to_ne_bytes()));
        bytes.resize(DIM + 15 * DIM_BYTES, 0xa5);
        Bytes(bytes.try_into().unwrap())
    }

    fn read(&self) -> Result<Descriptor> {
        // SAFETY: head and all triples are there.
        unsafe { read(self.0.as_ptr().cast()) }
    }

    fn fill(&mut self, data: usize, itemsize: i64, shape: &[i64], strides: &[i64]) -> Result<()> {
        // SAFETY: head and all triples are there; the address is only stored.
        unsafe { fill_pointer(self.0.as_mut_ptr().cast(), data as *mut c_void, itemsize, shape, strides) }
    }

    fn base(&self) -> usize {
        usize::from_ne_bytes(self.0[..8].try_into().unwrap())
    }

    fn dim(&self, axis: usize) -> [i64; 3] {
        [0, 8, 16].map(|field| {
            let at = DIM + axis * DIM_BYTES + field;
            i64::from_ne_bytes(self.0[at..at + 8].try_into().unwrap())
        })
    }
}

const AT: usize = 0x7ff0_0000_1000;

/// real64, rank 2, made by gfortran 12 and flang 19 for a `pointer, intent(in)` dummy.
const GFORTRAN_F64_PTR: [u8; 8] = [0x01, 0, 0, 0, 0x02, 0x00, 0x03, 0x08];
const FLANG_F64_PTR: [u8; 8] = [0x23, 0xee, 0x33, 0x01, 0x02, 0x1c, 0x01, 0x00];
/// The same for a `type(*)` dummy.
const GFORTRAN_F64: [u8; 8] = [0x01, 0, 0, 0, 0x02, 0x02, 0x03, 0x08];
const FLANG_F64: [u8; 8] = [0x23, 0xee, 0x33, 0x01, 0x02, 0x1c, 0x00, 0x01];
/// An allocatable dummy of rank 1.
const GFORTRAN_F64_ALLOCATABLE: [u8; 8] = [0x01, 0, 0, 0, 0x01, 0x01, 0x03, 0x08];
const FLANG_F64_ALLOCATABLE: [u8; 8] = [0x23, 0xee, 0x33, 0x01, 0x01, 0x1c, 0x02, 0x00];
const POINTERS: [[u8; 8]; 2] = [GFORTRAN_F64_PTR, FLANG_F64_PTR];
const OTHERS: [[u8; 8]; 2] = [GFORTRAN_F64, FLANG_F64];

fn with_rank(mut tail: [u8; 8], rank: u8) -> [u8; 8] {
    tail[4] = rank;
    tail
}

#[test]
fn reads_whole_arrays_of_both_compilers() {
    for tail in POINTERS {
        let read = Bytes::new(AT, 8, tail, &[[1, 6, 8], [1, 5, 48]]).read().unwrap();
        assert_eq!(read.data() as usize, AT);
        assert_eq!(read.itemsize(), 8);
        assert_eq!(read.shape(), [6, 5]);
        assert_eq!(read.strides(), [8, 48]);
    }
}

#[test]
fn keeps_strides_of_sections_and_ignores_lower_bounds() {
    for tail in POINTERS.into_iter().chain(OTHERS) {
        // a(6:1:-2, 5:), through a pointer with bounds of its own
        let read = Bytes::new(AT + 40, 8, tail, &[[0, 3, -16], [5, 2, 48]]).read().unwrap();
        assert_eq!(read.data() as usize, AT + 40);
        assert_eq!((read.shape(), read.strides()), (&[3, 2][..], &[-16, 48][..]));
    }
}

#[test]
fn reads_components_with_strides_between_items() {
    // pts%y of a type with three real64: 24 bytes apart, 8 bytes long.
    for tail in POINTERS {
        let read = Bytes::new(AT + 8, 8, with_rank(tail, 1), &[[1, 4, 24]]).read().unwrap();
        assert_eq!((read.itemsize(), read.strides()), (8, &[24][..]));
    }
    // Characters of length 2 inside characters of length 3: strides that are no multiple of the item size.
    let gfortran = [0x01, 0, 0, 0, 0x01, 0x02, 0x05, 0x01];
    let flang = [0x23, 0xee, 0x33, 0x01, 0x01, 0x28, 0x00, 0x00];
    for tail in [gfortran, flang] {
        let read = Bytes::new(AT + 1, 2, tail, &[[0, 4, 3]]).read().unwrap();
        assert_eq!((read.itemsize(), read.strides()), (2, &[3][..]));
    }
    // Derived types, 24 bytes each.
    let gfortran = [0x01, 0, 0, 0, 0x01, 0x02, 0x06, 0x00];
    let flang = [0x23, 0xee, 0x33, 0x01, 0x01, 0x2a, 0x00, 0x01];
    for tail in [gfortran, flang] {
        let read = Bytes::new(AT, 24, tail, &[[0, 4, 24]]).read().unwrap();
        assert_eq!((read.itemsize(), read.strides()), (24, &[24][..]));
    }
}

#[test]
fn reads_scalars_and_every_rank() {
    for tail in POINTERS {
        let read = Bytes::new(AT, 8, with_rank(tail, 0), &[]).read().unwrap();
        assert_eq!((read.shape(), read.strides()), (&[][..], &[][..]));
    }
    for tail in OTHERS {
        for rank in 1..=15u8 {
            let dims: Vec<[i64; 3]> = (0..i64::from(rank)).map(|k| [0, 2, 8 << k]).collect();
            let read = Bytes::new(AT, 8, with_rank(tail, rank), &dims).read().unwrap();
            assert_eq!(read.shape(), vec![2; usize::from(rank)]);
            assert_eq!(read.strides().last(), Some(&(8i64 << (rank - 1))));
        }
    }
}

#[test]
fn knows_the_second_version_of_flang() {
    let mut tail = FLANG_F64_PTR;
    tail[..4].copy_from_slice(&20240719i32.to_ne_bytes());
    assert!(Bytes::new(AT, 8, tail, &[[1, 6, 8], [1, 5, 48]]).read().is_ok());
}

#[test]
fn refuses_unknown_versions() {
    for version in [0i32, 2, -1, 20180514, 20180516, 20210101, i32::MAX, i32::MIN] {
        for mut tail in POINTERS {
            tail[..4].copy_from_slice(&version.to_ne_bytes());
            let mut bytes = Bytes::new(AT, 8, tail, &[[1, 6, 8], [1, 5, 48]]);
            assert_eq!(bytes.read(), Err(Error::UnknownDescriptor { version }));
            let before = bytes;
            assert_eq!(bytes.fill(AT, 8, &[6, 5], &[8, 48]), Err(Error::UnknownDescriptor { version }));
            assert_eq!(bytes, before);
        }
    }
}

#[test]
fn refuses_null_and_bad_ranks() {
    // SAFETY: NULL is allowed.
    assert_eq!(unsafe { read(core::ptr::null()) }, Err(Error::NullPointer));
    for tail in POINTERS {
        for rank in [16, 100, 127, 128, 255] {
            let error = Bytes::new(AT, 8, with_rank(tail, rank), &[]).read().unwrap_err();
            assert!(matches!(error, Error::InvalidArgument { value, .. } if value == i64::from(rank as i8)));
        }
    }
}

#[test]
fn refuses_assumed_size_and_negative_extents() {
    for tail in OTHERS {
        let error = Bytes::new(AT, 8, tail, &[[0, 6, 8], [0, -1, 48]]).read().unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { value: -1, .. }), "{error}");
        assert!(error.to_string().contains("assumed-size"), "{error}");
        let error = Bytes::new(AT, 8, tail, &[[0, -1, 8], [0, 5, 48]]).read().unwrap_err();
        assert_eq!(error, Error::NegativeExtent { axis: 0, extent: -1 });
        let error = Bytes::new(AT, 8, tail, &[[0, 6, 8], [0, -2, 48]]).read().unwrap_err();
        assert_eq!(error, Error::NegativeExtent { axis: 1, extent: -2 });
        // Also beside an extent of 0, which makes strides, not extents, meaningless.
        assert!(Bytes::new(AT, 8, tail, &[[0, 0, 8], [0, -1, 48]]).read().is_err());
    }
}

#[test]
fn ignores_strides_without_elements() {
    for tail in OTHERS {
        let read = Bytes::new(AT, 8, tail, &[[0, 0, i64::MIN], [0, 5, i64::MAX]]).read().unwrap();
        assert_eq!((read.shape(), read.strides()), (&[0, 5][..], &[8, 8][..]));
        let read = Bytes::new(AT, 8, tail, &[[0, 3, 77], [0, 0, 0]]).read().unwrap();
        assert_eq!((read.shape(), read.strides()), (&[3, 0][..], &[8, 24][..]));
    }
}

#[test]
fn refuses_pointers_to_nothing_before_looking_at_extents() {
    // What gfortran leaves in a nullified pointer, and extents that would pass as "no elements" or as assumed size.
    for extents in [[3, 4], [0, 0], [3, -1], [i64::MIN, i64::MAX]] {
        for tail in POINTERS {
            let error =
                Bytes::new(0, 8, tail, &[[1, extents[0], 8], [1, extents[1], 24]]).read().unwrap_err();
            assert!(error.to_string().contains("associated"), "{error}");
        }
        for tail in [GFORTRAN_F64_ALLOCATABLE, FLANG_F64_ALLOCATABLE] {
            let error = Bytes::new(0, 8, tail, &[[1, extents[0], 8]]).read().unwrap_err();
            assert!(error.to_string().contains("allocated"), "{error}");
        }
    }
    for tail in OTHERS {
        assert!(Bytes::new(0, 8, tail, &[[0, 3, 8], [0, 4, 24]]).read().is_err());
        assert!(Bytes::new(0, 8, tail, &[[0, 3, 8], [0, 0, 24]]).read().is_ok());
        assert!(Bytes::new(0, 8, with_rank(tail, 0), &[]).read().is_err());
    }
}

#[test]
fn refuses_elements_without_bytes_and_of_absurd_size() {
    for tail in OTHERS {
        let dims = [[0, 3, 8], [0, 4, 24]];
        assert!(matches!(
            Bytes::new(AT, 0, tail, &dims).read(),
            Err(Error::InvalidArgument { value: 0, .. })
        ));
        assert_eq!(Bytes::new(AT, u64::MAX, tail, &dims).read(), Err(Error::SizeOverflow));
    }
}

#[test]
fn fills_pointers_and_nothing_else() {
    for tail in POINTERS {
        let mut bytes = Bytes::new(0, 8, tail, &[[9, 9, 9], [9, 9, 9]]);
        let before = bytes;
        bytes.fill(AT, 8, &[3, 4], &[-32, 8]).unwrap();
        assert_eq!(bytes.base(), AT);
        assert_eq!((bytes.dim(0), bytes.dim(1)), ([1, 3, -32], [1, 4, 8]));
        assert_eq!(bytes.0[8..DIM], before.0[8..DIM], "element length, version, rank and type stay");
        let end = DIM + 2 * DIM_BYTES;
        assert_eq!(bytes.0[end..], before.0[end..], "axes beyond the rank stay");
        let read = bytes.read().unwrap();
        assert_eq!((read.shape(), read.strides()), (&[3, 4][..], &[-32, 8][..]));
    }
}

#[test]
fn fills_every_rank() {
    for tail in POINTERS {
        for rank in 0..=15u8 {
            let shape = vec![2; usize::from(rank)];
            let strides: Vec<i64> = (0..rank).map(|k| 8 << (rank - k)).collect();
            let mut bytes = Bytes::new(0, 8, with_rank(tail, rank), &[]);
            bytes.fill(AT, 8, &shape, &strides).unwrap();
            let read = bytes.read().unwrap();
            assert_eq!((read.shape(), read.strides()), (&shape[..], &strides[..]));
        }
    }
}

#[test]
fn unit_axes_get_a_stride_that_keeps_arrays_contiguous() {
    for tail in POINTERS {
        let mut bytes = Bytes::new(0, 8, with_rank(tail, 4), &[]);
        // Strides 0 and 3 would be refused on longer axes.
        bytes.fill(AT, 8, &[1, 5, 1, 2], &[0, 8, 3, 40]).unwrap();
        assert_eq!(bytes.read().unwrap().strides(), [8, 8, 40, 40]);
    }
}

#[test]
fn pointers_without_elements_are_associated() {
    for tail in POINTERS {
        let mut bytes = Bytes::new(0, 8, tail, &[]);
        bytes.fill(0, 8, &[3, 0], &[0, 0]).unwrap();
        assert_ne!(bytes.base(), 0);
        assert_eq!((bytes.dim(0), bytes.dim(1)), ([1, 3, 8], [1, 0, 24]));
        bytes.fill(AT, 8, &[0, i64::MAX], &[7, 7]).unwrap();
        assert_eq!(bytes.base(), AT);
    }
}

#[test]
fn refuses_strides_that_a_pointer_can_not_carry() {
    for tail in POINTERS {
        for stride in [0, 4, 12, -12, 7, i64::MAX] {
            let mut bytes = Bytes::new(0, 8, tail, &[]);
            let before = bytes;
            let error = bytes.fill(AT, 8, &[3, 4], &[8, stride]).unwrap_err();
            assert_eq!(error, Error::FortranStride { axis: 1, stride, itemsize: 8 });
            assert_eq!(bytes, before, "nothing is written on failure");
        }
    }
}

#[test]
fn refuses_what_does_not_fit_the_pointer() {
    for tail in POINTERS {
        let mut bytes = Bytes::new(0, 8, tail, &[]);
        let before = bytes;
        let error = bytes.fill(AT, 8, &[3], &[8]).unwrap_err();
        assert_eq!(error, Error::OutputNdim { expected: 1, got: 2 });
        let error = bytes.fill(AT, 8, &[3, 4], &[8]).unwrap_err();
        assert_eq!(error, Error::WrongCount { expected: 2, got: 1 });
        let error = bytes.fill(AT, 4, &[3, 4], &[4, 12]).unwrap_err();
        assert!(matches!(error, Error::InvalidArgument { value: 8, .. }));
        let error = bytes.fill(AT, 8, &[3, -4], &[8, 24]).unwrap_err();
        assert_eq!(error, Error::NegativeExtent { axis: 1, extent: -4 });
        assert_eq!(bytes.fill(0, 8, &[3, 4], &[8, 24]), Err(Error::NullPointer));
        assert_eq!(bytes, before, "nothing is written on failure");
    }
    for tail in OTHERS {
        let error = Bytes::new(AT, 8, tail, &[]).fill(AT, 8, &[3, 4], &[8, 24]).unwrap_err();
        assert!(error.to_string().contains("pointer"), "{error}");
    }
    // SAFETY: NULL is allowed.
    let error = unsafe { fill_pointer(core::ptr::null_mut(), AT as *mut c_void, 8, &[], &[]) };
    assert_eq!(error, Err(Error::NullPointer));
}
