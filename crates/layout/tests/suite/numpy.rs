//! NumPy's own answers for thousands of random views (`../data/views.txt`, made by `../data/views.py`).

use libstrided_layout::{Error, Index, Order, contiguous_like, diagonal, index, reinterpret, reshape};

use crate::common::Source;
use crate::model::{Made, made, moved};

/// The questions of one kind: their words.
fn questions(kind: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = include_str!("../data/views.txt").lines().map(|line| line.split(' ').collect::<Vec<_>>());
    lines.filter(move |words| words[0] == kind)
}

fn number(word: &str) -> i64 {
    word.parse().expect("a number")
}

fn list(word: &str) -> Vec<i64> {
    if word == "()" { vec![] } else { word.split(',').map(number).collect() }
}

/// The array that a question begins with.
fn source(words: &[&str]) -> Source {
    Source { itemsize: number(words[1]), shape: list(words[2]), strides: list(words[3]) }
}

/// The same shape, and the same strides where they mean something: on axes longer than 1 of arrays with elements.
fn assert_axes(got: &Made, shape: &[i64], strides: &[i64], question: &[&str]) {
    assert_eq!(got.shape, shape, "{question:?}");
    for (axis, &n) in shape.iter().enumerate() {
        if n > 1 && !shape.contains(&0) {
            assert_eq!(got.strides[axis], strides[axis], "axis {axis} of {question:?}");
        }
    }
}

#[test]
fn reshapes() {
    let (mut views, mut copies, mut errors) = (0, 0, 0);
    for words in questions("reshape") {
        let source = source(&words);
        let order = match words[4] {
            "C" => Order::C,
            "F" => Order::F,
            _ => Order::A,
        };
        let mut shape = list(words[5]);
        let got = made(|out| reshape(source.layout(), &shape, order, out));
        match words[6] {
            "copy" => {
                copies += 1;
                assert_eq!(got.err(), Some(Error::NeedsCopy), "{words:?}");
            }
            "error" => {
                errors += 1;
                let error = got.expect_err(words[5]);
                assert!(
                    matches!(error, Error::ReshapeSize { .. } | Error::ReshapeUnknown),
                    "{words:?}: {error}"
                );
            }
            strides => {
                views += 1;
                let got = got.expect(words[5]);
                if let Some(unknown) = shape.iter().position(|&n| n == -1) {
                    shape[unknown] = got.shape[unknown];
                }
                assert_axes(&got, &shape, &list(strides), &words);
            }
        }
    }
    assert!(views > 500 && copies > 200 && errors > 50, "{views} views, {copies} copies, {errors} errors");
}

#[test]
fn slices() {
    let mut count = 0;
    for words in questions("slice") {
        let source = source(&words);
        let range = |word: &str| {
            let mut ends = word.split(':').map(|end| (!end.is_empty()).then(|| number(end)));
            let mut next = || ends.next().expect("three ends");
            Ok(Index::Range { start: next(), stop: next(), step: next() })
        };
        let items: Vec<_> = if words[4] == "()" { vec![] } else { words[4].split(',').map(range).collect() };
        let got = moved(|out| index(source.layout(), items.iter().copied(), out)).expect("a good index");
        assert_axes(&got, &list(words[6]), &list(words[7]), &words);
        assert_eq!(got.start, number(words[5]), "{words:?}");
        count += 1;
    }
    assert_eq!(count, 600);
}

/// Where NumPy has a view, so have we, and the same one. Where it refuses, we may find another axis than the last.
#[test]
fn other_item_sizes() {
    let (mut same, mut more, mut errors) = (0, 0, 0);
    for words in questions("view") {
        let source = source(&words);
        let got = made(|out| reinterpret(source.layout(), number(words[4]), out));
        if words[5] == "error" {
            let Ok(got) = got else {
                errors += 1;
                continue;
            };
            more += 1;
            assert_eq!(got.shape.last(), source.shape.last(), "{words:?}");
        } else {
            same += 1;
            assert_axes(&got.expect("a view in NumPy"), &list(words[5]), &list(words[6]), &words);
        }
    }
    assert!(same > 100 && more > 20 && errors > 100, "{same} the same, {more} more, {errors} errors");
}

#[test]
fn copies_in_k_order() {
    for words in questions("order_k") {
        let source = source(&words);
        let got =
            made(|out| contiguous_like(source.layout(), source.itemsize, Order::K, out)).expect("small");
        assert_axes(&got, &source.shape, &list(words[4]), &words);
    }
}

#[test]
fn diagonals() {
    for words in questions("diagonal") {
        let source = source(&words);
        let axes = list(words[5]);
        let (a, b) = (axes[0] as i32, axes[1] as i32);
        let got = moved(|out| diagonal(source.layout(), number(words[4]), a, b, out)).expect("two axes");
        assert_axes(&got, &list(words[7]), &list(words[8]), &words);
        assert_eq!(got.start, number(words[6]), "{words:?}");
    }
}
