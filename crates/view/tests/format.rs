//! Arrays as text, against what NumPy shows (tests/data/format.txt, made by make_format.py), and descriptions.

use std::mem::MaybeUninit;

use libstrided_view::format::{Buffer, describe, format};
use libstrided_view::{DType, Index, Order, RawView, View, algebra};

/// A view of `bytes`, packed in C order.
fn view_of(bytes: &[u8], dtype: DType, itemsize: i64, shape: &[i64]) -> RawView {
    let mut view = RawView::vacant();
    let data = bytes.as_ptr().cast_mut();
    algebra::init(data, dtype, itemsize, shape, None, Order::C, &mut view).expect("a view");
    view
}

fn text(view: &RawView) -> String {
    let mut text = String::new();
    let v = view.check().expect("a valid view");
    // SAFETY: the tests' views describe borrowed bytes.
    unsafe { format(v, &mut text) }.expect("a text");
    text
}

fn dtype_named(name: &str) -> DType {
    DType::ALL.into_iter().find(|dtype| dtype.name() == name).expect("a dtype")
}

/// The elements with the first axis fastest: the same array in Fortran order.
fn reversed_order(bytes: &[u8], dtype: DType, itemsize: i64, shape: &[i64]) -> (Vec<u8>, RawView) {
    let mut fortran = bytes.to_vec();
    let mut view = RawView::vacant();
    let data = fortran.as_mut_ptr();
    algebra::init(data, dtype, itemsize, shape, None, Order::F, &mut view).expect("a view");
    let strides = view.check().expect("a view").strides().to_vec();
    for (i, item) in bytes.chunks_exact(itemsize as usize).enumerate() {
        let mut rest = i as i64;
        let mut offset = 0;
        for (axis, &n) in shape.iter().enumerate().rev() {
            offset += rest % n * strides[axis];
            rest /= n;
        }
        fortran[offset as usize..][..itemsize as usize].copy_from_slice(item);
    }
    (fortran, view)
}

#[test]
fn arrays_look_as_in_numpy() {
    let path = std::env::var("STRIDED_FORMAT_CASES").unwrap_or("tests/data/format.txt".into());
    let cases = std::fs::read_to_string(path).expect("the cases");
    let mut lines = cases.lines().peekable();
    let (mut count, mut wrong) = (0, 0);
    while let Some(case) = lines.next() {
        let [name, itemsize, shape, hex] = case.split(' ').collect::<Vec<_>>()[..] else { panic!("{case}") };
        let number = |text: &str| text.parse::<i64>().expect("a number");
        let shape: Vec<i64> = shape.split('x').filter(|n| *n != "-").map(number).collect();
        let hex = hex.trim_matches('-');
        let byte = |i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("a byte");
        let bytes: Vec<u8> = (0..hex.len() / 2).map(byte).collect();
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
            expected.push(&line[1..]);
        }
        let (dtype, itemsize, expected) = (dtype_named(name), number(itemsize), expected.join("\n"));
        let ours = text(&view_of(&bytes, dtype, itemsize, &shape));
        if ours != expected {
            wrong += 1;
            if wrong < 10 {
                println!("{name} {shape:?} {hex}\n{ours}\nshould be\n{expected}\n");
            }
        }
        let (_fortran, view) = reversed_order(&bytes, dtype, itemsize, &shape);
        assert_eq!(text(&view), ours, "the order in memory must not show");
        count += 1;
    }
    assert!(count > 200);
    assert_eq!(wrong, 0, "of {count} cases");
}

#[test]
fn views_show_their_elements_wherever_they_lie() {
    let values: Vec<i32> = (0..24).collect();
    let a = View::from_slice(&values, &[4, 6], Order::C).expect("a view");
    let every = |step| Index::Range { start: None, stop: None, step: Some(step) };
    let part = a.index(&[every(-2), every(3)]).expect("a view");
    assert_eq!(part.to_string(), "[[18 21]\n [ 6  9]]");
    let stretched =
        part.index(&[Index::At(1)]).and_then(|row| row.broadcast_to(&[2, 2]).map(|v| v.to_string()));
    assert_eq!(stretched.as_deref(), Ok("[[6 9]\n [6 9]]"));
    let bytes = [0_u8, 0, 0, 128, 63, 0, 0, 0, 64];
    let unaligned = view_of(&bytes[1..], DType::F32, 4, &[2]);
    assert_eq!(text(&unaligned), "[1. 2.]");
}

#[test]
fn bf16_follows_the_rules_of_its_sisters() {
    let show = |values: &[f32]| {
        let bytes: Vec<u8> = values.iter().flat_map(|x| ((x.to_bits() >> 16) as u16).to_ne_bytes()).collect();
        text(&view_of(&bytes, DType::Bf16, 2, &[values.len() as i64]))
    };
    assert_eq!(show(&[1.0, -2.5, 0.15625]), "[ 1.    -2.5    0.156]");
    assert_eq!(show(&[3.0e38, 1.0e-38, f32::NAN]), "[2.99e+38 9.92e-39      nan]");
    assert_eq!(show(&[99.0, f32::INFINITY]), "[99. inf]");
}

#[test]
fn a_buffer_keeps_what_fits_and_counts_the_rest() {
    let values = [10_u8, 20, 30];
    let view = View::from_slice(&values, &[3], Order::C).expect("a view");
    let whole = "[10 20 30]";
    for cap in 0..15 {
        let mut room = [MaybeUninit::new(b'#'); 15];
        let mut buffer = Buffer::new(&mut room[..cap]);
        let v = view.as_ref().expect("a valid view");
        // SAFETY: the view borrows its elements.
        unsafe { format(v, &mut buffer) }.expect("a buffer never fails");
        assert_eq!(buffer.finish(), whole.len());
        // SAFETY: all bytes were initialised above.
        let room = room.map(|byte| unsafe { byte.assume_init() });
        let kept = whole.len().min(cap.saturating_sub(1));
        assert_eq!(room[..kept], whole.as_bytes()[..kept]);
        assert!(cap == 0 || room[kept] == 0);
        assert!(room[cap.min(kept + 1)..].iter().all(|&b| b == b'#'), "nothing behind the text");
    }
}

fn described(view: &View<'_>) -> String {
    let mut text = String::new();
    describe(view.as_ref().expect("a valid view"), &mut text).expect("a text");
    text
}

#[test]
fn a_description_says_where_the_elements_lie() {
    let values: Vec<f64> = (0..24).map(f64::from).collect();
    let a = View::from_slice(&values, &[4, 6], Order::C).expect("a view");
    let every = |step| Index::Range { start: None, stop: None, step: Some(step) };
    let part = a.index(&[every(-2), every(3)]).and_then(|v| v.transpose(None)).expect("a view");
    let expected = "\
dtype     f64, 8 bytes
shape     (2, 2)
strides   (24, -96) bytes
elements  4
flags     aligned, writeable
extent    bytes -96 to 32 from the first element
offsets   axis 0 down, axis 1 across, in bytes
            0  -96
           24  -72
memory    #..#........#..#
          one sign is 8 bytes: # in this view, . skipped";
    assert_eq!(described(&part), expected);

    let row = View::from_slice(&values, &[24], Order::C).expect("a view");
    let text = described(&row.broadcast_to(&[3, 24]).expect("a view"));
    assert!(text.contains("read-only, elements share memory"), "{text}");
    assert!(text.contains("strides   (0, 8) bytes"), "{text}");
    let text = described(&row);
    assert!(text.contains("shape     (24,)") && text.contains("axis 0 across"), "{text}");
    assert!(text.contains("0    8   16  ...  168  176  184"), "{text}");
}

#[test]
fn descriptions_of_every_size() {
    let bytes = vec![0_u8; 1 << 17];
    for (shape, words) in [
        (&[][..], "elements  1\nflags     C-contiguous, F-contiguous, aligned"),
        (&[0, 5], "extent    no bytes"),
        (&[100], "and 36 more"),
        (&[2, 2, 2], "axis 1 down, axis 2 across, in bytes, at index 0 of the others"),
        (&[1 << 17], "too many elements for a picture"),
        (&[1; 64], "axis 62 down"),
    ] {
        let size = shape.iter().product::<i64>() as usize;
        let view = View::from_slice(&bytes[..size], shape, Order::C).expect("a view");
        assert!(described(&view).contains(words), "{}", described(&view));
    }
}
