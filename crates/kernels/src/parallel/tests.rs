//! The same bits for every number of threads, also when there are no threads to be had.

use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::Mutex;
use std::thread::ThreadId;

use libstrided_layout::{DType, Error, Result};

use super::{over, over_many};
use crate::test_support::{Random, hold_level};
use crate::{BinaryOp, Operand};

thread_local! {
    /// How many threads may still be made for the test that this thread runs.
    static LEFT: core::cell::Cell<u32> = const { core::cell::Cell::new(u32::MAX) };
    /// The least number of bytes that are worth a thread, for the test that this thread runs.
    static LEAST: core::cell::Cell<i64> = const { core::cell::Cell::new(super::LEAST) };
}

pub(super) fn least() -> i64 {
    LEAST.get()
}

/// Runs a test in which little work is worth a thread.
pub(crate) fn where_threads_are_cheap(test: impl FnOnce()) {
    LEAST.set(1);
    test();
    LEAST.set(super::LEAST);
}

pub(super) fn allowed() -> bool {
    LEFT.with(|left| {
        let n = left.get();
        left.set(n.saturating_sub(1));
        n > 0
    })
}

pub(crate) fn with_at_most(threads: u32, test: impl FnOnce()) {
    LEFT.set(threads);
    test();
    LEFT.set(u32::MAX);
}

/// A random array over `shape`: strides of a permutation, with gaps, some negative, and the room that they need.
fn layout(random: &mut Random, shape: &[i64], item: i64) -> (Vec<i64>, usize, usize) {
    let mut order: Vec<usize> = (0..shape.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, random.below(i + 1));
    }
    let (mut strides, mut reach, mut start) = (vec![0; shape.len()], item, 0);
    for &axis in &order {
        let stride = reach + item * random.below(3) as i64 * i64::from(random.below(3) == 0);
        reach = stride * shape[axis].max(1);
        strides[axis] = if random.below(4) == 0 {
            start += stride * (shape[axis] - 1).max(0);
            -stride
        } else {
            stride
        };
    }
    (strides, start as usize, reach as usize + 64)
}

#[test]
fn elementwise_operations_have_the_same_bits_for_every_number_of_threads() {
    let _level = hold_level();
    let mut random = Random::new(11);
    for round in 0..60 {
        let shape = random.shape(20_000);
        let (a_strides, a_start, a_room) = layout(&mut random, &shape, 8);
        let (mut b_strides, b_start, b_room) = layout(&mut random, &shape, 4);
        let (out_strides, out_start, out_room) = layout(&mut random, &shape, 8);
        if !shape.is_empty() && round % 3 == 0 {
            b_strides[0] = 0;
        }
        let (mut a, mut b) = (vec![0u8; a_room], vec![0u8; b_room]);
        random.fill(DType::F64, &mut a);
        random.fill(DType::F32, &mut b);
        let mut once = |threads: usize, least: i64| {
            let mut out = vec![0xA5u8; out_room];
            let [left, right, result] = [
                (&raw mut a[a_start], DType::F64, &a_strides),
                (&raw mut b[if round % 3 == 0 { 0 } else { b_start }], DType::F32, &b_strides),
                (&raw mut out[out_start], DType::F64, &out_strides),
            ]
            .map(|(data, dtype, strides)| Operand {
                data,
                dtype,
                itemsize: dtype.size(),
                strides,
            });
            let kernel = |shape: &[i64], [a, b]: [Operand<'_>; 2], out: Operand<'_>| {
                // SAFETY: the arrays above.
                unsafe { crate::binary(BinaryOp::Add, DType::F64, shape, a, b, out) }
            };
            // SAFETY: the arrays above; they do not overlap.
            let done = unsafe { over_many(None, threads, least, &shape, [left, right], result, &kernel) };
            assert_eq!(done, Ok(()));
            out
        };
        if round % 3 == 0 && b_strides.iter().any(|&s| s < 0) {
            continue;
        }
        let expected = once(1, 1);
        for threads in 2..9 {
            assert!(once(threads, 1) == expected, "{shape:?} {out_strides:?} on {threads} threads");
            with_at_most(random.below(threads) as u32, || {
                assert!(once(threads, 1) == expected, "{shape:?} when threads can not be made");
            });
        }
    }
}

/// Counts calls and the threads that they were made on.
fn count(threads: usize, least: i64, n: i64, fail_at: Option<i64>) -> (Result<()>, u32, usize) {
    let calls = AtomicU32::new(0);
    let seen: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
    let strides = [8];
    let mut data = vec![0u64; n as usize];
    let start = data.as_mut_ptr();
    let out = Operand { data: start.cast(), dtype: DType::I64, itemsize: 8, strides: &strides };
    let at = start as usize;
    let kernel = |shape: &[i64], []: [Operand<'_>; 0], out: Operand<'_>| {
        calls.fetch_add(1, Ordering::Relaxed);
        if let Ok(mut seen) = seen.lock() {
            let id = std::thread::current().id();
            if !seen.contains(&id) {
                seen.push(id);
            }
        }
        for i in 0..shape[0] as usize {
            // SAFETY: elements of the part.
            unsafe { *out.data.cast::<u64>().add(i) += 1 };
        }
        let first = (out.data as usize - at) as i64 / 8;
        match fail_at {
            Some(at) if (first..first + shape[0]).contains(&at) => Err(Error::EmptyReduction),
            _ => Ok(()),
        }
    };
    // SAFETY: one array, cut into parts.
    let result = unsafe { over_many(None, threads, least, &[n], [], out, &kernel) };
    assert!(data.iter().all(|&times| times == 1), "each element once");
    let threads = seen.into_inner().map_or(0, |seen| seen.len());
    (result, calls.into_inner(), threads)
}

#[test]
fn parts_run_on_threads_of_their_own() {
    assert_eq!(count(4, 1, 100_000, None), (Ok(()), 4, 4));
    assert_eq!(count(1, 1, 100_000, None), (Ok(()), 1, 1));
    assert_eq!(count(64, 1, 3, None), (Ok(()), 3, 3), "not more parts than elements");
    assert_eq!(count(1000, 1, 100_000, None).1, super::MOST as u32);
}

#[test]
fn little_work_stays_on_one_thread() {
    assert_eq!(count(8, 8 * 30_000, 100_000, None), (Ok(()), 3, 3));
    assert_eq!(count(8, super::LEAST, 1000, None), (Ok(()), 1, 1));
}

#[test]
fn a_thread_that_can_not_be_made_is_no_error() {
    for left in 0..4 {
        with_at_most(left, || assert_eq!(count(4, 1, 100_000, None), (Ok(()), 4, 1 + left as usize)));
    }
}

#[test]
fn an_error_of_any_part_is_that_of_the_whole() {
    for at in [0, 30_000, 60_000, 99_999] {
        assert_eq!(count(4, 1, 100_000, Some(at)).0, Err(Error::EmptyReduction));
    }
}

#[test]
fn one_thread_calls_the_kernel_as_it_is() {
    let strides = [8];
    let mut data = [0u64; 4];
    let out = Operand { data: data.as_mut_ptr().cast(), dtype: DType::I64, itemsize: 8, strides: &strides };
    let kernel = |shape: &[i64], []: [Operand<'_>; 0], _: Operand<'_>| {
        assert_eq!(shape, [4]);
        Ok(())
    };
    // SAFETY: the kernel does nothing.
    assert_eq!(unsafe { over(1, &[4], [], out, kernel) }, Ok(()));
}
