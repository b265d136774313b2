use super::*;

fn header(descr: &str, fortran_order: bool, shape: &[i64]) -> Header {
    Header::new(Descr::parse(descr.as_bytes()).expect("a type"), fortran_order, shape).expect("a header")
}

fn written(header: &Header) -> Vec<u8> {
    header.write(&mut [0; MAX_WRITTEN]).expect("it fits").to_vec()
}

fn read(file: &[u8]) -> Result<Header> {
    let place = dictionary(&file[..file.len().min(MAX_PREAMBLE)])?;
    let text = file.get(place).ok_or(NpyError::Format { rule: "cut off" })?;
    Header::parse(text)
}

#[test]
fn what_is_written_is_read() {
    for descr in ["|b1", "|i1", "<i8", "<f2", "<V2", "<c16", "|V2", "|V9999999999"] {
        for shape in [&[][..], &[5], &[2, 3], &[0, 7], &[1; 64]] {
            for fortran_order in [false, true] {
                let h = header(descr, fortran_order, shape);
                let file = written(&h);
                assert_eq!(read(&file), Ok(h));
                assert_eq!((file.len() % 64, file[file.len() - 1]), (0, b'\n'));
            }
        }
    }
}

#[test]
fn the_longest_header_fits() {
    // The extents of an empty array are bounded by their product without the zeros, so only one can be long.
    let mut shape = [1; 64];
    (shape[0], shape[1]) = (0, i64::MAX);
    let file = written(&header("|V1", true, &shape));
    assert_eq!(read(&file).map(|h| h.shape() == shape), Ok(true));
}

#[test]
fn the_words_of_numpy() {
    let file = written(&header("<f8", false, &[3, 4]));
    let text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";
    assert_eq!(file.len(), 128);
    assert_eq!(file[..10], *b"\x93NUMPY\x01\x00v\x00");
    assert_eq!(file[10..10 + text.len()], *text);
    assert!(written(&header("|u1", false, &[7])).windows(4).any(|w| w == b"(7,)"));
    assert!(written(&header("|u1", false, &[])).windows(2).any(|w| w == b"()"));
}

#[test]
fn dictionaries_in_other_words() {
    let expected = Ok(header("<f8", true, &[2, 3]));
    for text in [
        "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
        "{'shape':(2,3),'fortran_order':True,'descr':'<f8'}",
        "  {\n\"fortran_order\" : True ,\t\"shape\" : ( 2 , 3 , ) , 'descr' : \"f8\" , }  \n\n",
        "{'descr': '=f8', 'fortran_order': True, 'shape': (2L, 3L), }",
    ] {
        assert_eq!(Header::parse(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn records_are_opaque_items() {
    let size = |descr: &str| {
        let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (), }}");
        Header::parse(text.as_bytes()).map(|h| (h.descr.dtype, h.descr.itemsize))
    };
    assert_eq!(size("[('a', '<f8'), ('b', '|i1'), ('', '|V7')]"), Ok((DType::Opaque, 16)));
    assert_eq!(size("[('a', '<i4', (2, 3)), (('a title', 'b'), '<U2x')]"), Err(NpyError::UnknownType));
    assert_eq!(size("[('a', '<i4', (2, 3)), (('a title', 'b'), '|S2')]"), Ok((DType::Opaque, 26)));
    assert_eq!(size("[('r', [('x', '<f4'), ('y', '<f4')], (5,))]"), Ok((DType::Opaque, 40)));
    assert_eq!(size("[]"), Err(NpyError::UnknownType));
    assert!(size("[('a', '>f8')]").is_err());
    let deep = format!("{}{}", "[('a', ".repeat(20), "'<f8')]".repeat(20));
    assert!(size(&deep).is_err());
    let huge = format!("[('a', '|V{0}'), ('b', '|V{0}')]", i64::MAX);
    assert_eq!(size(&huge), Err(NpyError::Array(Error::SizeOverflow)));
}

#[test]
fn dictionaries_that_are_refused() {
    let with_shape = |shape: &str| format!("{{'descr': '<f8', 'fortran_order': True, 'shape': {shape}, }}");
    let mut bad: Vec<String> =
        ["3", "(3)", "[3]", "(-1,)", "(3,,)", "(1.5,)", "(0x3,)", "('a',)", "()()", "(3", ""]
            .iter()
            .map(|shape| with_shape(shape))
            .collect();
    bad.push(with_shape("(9223372036854775808,)"));
    bad.push(with_shape("(4611686018427387904, 4)"));
    bad.push(with_shape("(0, 4611686018427387904, 4)"));
    bad.push(with_shape(&format!("({})", "1, ".repeat(65))));
    for text in [
        "",
        "{}",
        "{'descr': '<f8'}",
        "{'descr': '<f8', 'fortran_order': True}",
        "{'descr': '<f8', 'fortran_order': True, 'shape': (), 'more': 1}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': True, 'shape': ()}",
        "{'descr': '<f8', 'fortran_order': 1, 'shape': ()}",
        "{'descr': '<f8', 'fortran_order': Truely, 'shape': ()}",
        "{'descr': '<f8', 'fortran_order': True, 'shape': ()} x",
        "{'descr': '<f8' 'fortran_order': True, 'shape': ()}",
        "{'descr': '<f\\x38', 'fortran_order': True, 'shape': ()}",
        "{'descr': '|O', 'fortran_order': True, 'shape': ()}",
        "{'descr': f8, 'fortran_order': True, 'shape': ()}",
        "('descr', 'fortran_order', 'shape')",
        "{'descr': '<f8",
    ] {
        bad.push(text.into());
    }
    for text in bad {
        assert!(Header::parse(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn preambles_that_are_refused() {
    assert!(dictionary(b"").is_err());
    assert!(dictionary(b"\x93NUMPX\x01\x00v\x00").is_err());
    assert_eq!(dictionary(b"\x93NUMPY\x04\x00v\x00\0\0"), Err(NpyError::Version { major: 4, minor: 0 }));
    assert_eq!(dictionary(b"\x93NUMPY\x01\x01v\x00\0\0"), Err(NpyError::Version { major: 1, minor: 1 }));
    assert!(dictionary(b"\x93NUMPY\x02\x00\xff\xff\xff\xff").is_err());
    assert_eq!(dictionary(b"\x93NUMPY\x03\x00\x74\x00\x00\x00"), Ok(12..128));
}

#[test]
fn a_header_cut_at_any_byte_is_an_error() {
    let file = written(&header("<c16", true, &[10, 200, 3000]));
    // Nothing but padding follows the closing brace, but the length in the preamble says that it must be there.
    for len in 0..file.len() {
        assert!(read(&file[..len]).is_err(), "{len} bytes");
    }
    let closing = file.iter().position(|&c| c == b'}').expect("a dictionary");
    for len in 10..closing {
        assert!(Header::parse(&file[10..len]).is_err(), "{len} bytes");
    }
}

#[test]
fn a_header_with_any_bit_flipped_is_an_error_or_a_valid_header() {
    let mut accepted = 0;
    for h in [header("<c16", true, &[10, 200, 3000]), header("|V12", false, &[]), header("<u2", false, &[9])]
    {
        let file = written(&h);
        for bit in 0..file.len() * 8 {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = read(&flipped) {
                accepted += 1;
                assert!(other.nbytes().is_ok());
                assert_eq!(read(&written(&other)).map(|h| h.shape().len()), Ok(other.shape().len()));
            }
        }
    }
    // A digit of an extent can become another digit, a space another kind of space.
    assert!(accepted > 0);
}
