//! Filling an array with one value of any item size.
//!
//! ```text
//!   runs of up to 128 bytes      two words that overlap, whatever the size: 12 bytes are 8 at 0 and 8 at 4
//!   longer runs                  copies of a block in L1 that holds the value over and over; past the caches when
//!                                they are long and all of them are more than half of the last-level cache
//! ```
//!
//! A run is what is contiguous along the inner loop: a pixel of three channels inside a row of four is one of three items.

use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{MAX_NDIM, Result};

use crate::Operand;
use crate::arch::{step, vectorize};
use crate::cache::LINE;
use crate::copy::Past;

/// Bytes of a run that is written as two words.
const SHORT: usize = 128;
/// Runs of at least this many bytes are worth writing past the caches.
const LONG: usize = 2048;
/// Bytes of the block of a long run, and the room for it and for what a shift needs.
const BLOCK: usize = 4096;
const ROOM: usize = 2 * BLOCK;

/// Writes the value, `itemsize` bytes of the output's own dtype, to every element.
///
/// # Safety
/// Every element of the output must be valid for writing; `value` must be valid for reading `itemsize` bytes and must
/// not lie inside the output.
#[inline]
pub unsafe fn fill(shape: &[i64], out: Operand<'_>, value: *const u8) -> Result<()> {
    // SAFETY: as the caller vouches, in both branches.
    unsafe {
        if shape.len() <= SMALL_NDIM {
            planned::<SMALL_NDIM>(shape, out, value)
        } else {
            planned::<MAX_NDIM>(shape, out, value)
        }
    }
}

unsafe fn planned<const CAP: usize>(shape: &[i64], out: Operand<'_>, value: *const u8) -> Result<()> {
    let nest = Nest::<1, CAP>::plan(shape, [out.strides])?;
    if nest.is_empty() {
        return Ok(());
    }
    let item = out.itemsize as usize;
    let one = Loop { extent: 1, strides: [0] };
    // The innermost loop, if its elements are contiguous, is a run; else an element is one.
    let (run, inner) = match nest.loops().last() {
        Some(l) if l.strides[0] == out.itemsize => (l.extent as usize * item, 1),
        _ => (item, 0),
    };
    let outer = &nest.loops()[..nest.loops().len() - inner];
    if run <= SHORT {
        let (rows, along) = match *outer {
            [] => (one, one),
            [l] => (one, l),
            [.., rows, along] => (rows, along),
        };
        let mut room = MaybeUninit::<[u64; SHORT / 8]>::uninit();
        // SAFETY: the room holds a run; the caller vouches for the value and for every run of the output.
        unsafe {
            let pattern = room.as_mut_ptr().cast::<u8>();
            repeat(value, item, pattern, run);
            return nest.walk(inner + 2, |[offset]| {
                short(&rows, &along, pattern, run, out.data.wrapping_offset(offset as isize));
                Ok(())
            });
        }
    }
    let runs = outer.iter().fold(run, |bytes, l| bytes.saturating_mul(l.extent as usize));
    let past = if run >= LONG { Past::caches(runs) } else { None };
    let mut room = MaybeUninit::<[u64; ROOM / 8]>::uninit();
    // SAFETY: the room is that of a pattern; the caller vouches for the value and for every run of the output.
    unsafe {
        let pattern = Pattern::new(value, item, run, room.as_mut_ptr().cast());
        nest.walk(inner, |[offset]| {
            pattern.write(out.data.wrapping_offset(offset as isize), run, past);
            Ok(())
        })?;
    }
    if let Some(past) = past {
        past.done();
    }
    Ok(())
}

/// Writes the value over and over, `bytes` bytes.
///
/// # Safety
/// The value has `item` bytes; `bytes` bytes, rounded up to a multiple of 8, can be written.
unsafe fn repeat(value: *const u8, item: usize, to: *mut u8, bytes: usize) {
    // SAFETY: the caller's promise; copies go from what is written to what follows it.
    unsafe {
        let word = match item {
            1 => value.read() as u64 * 0x0101_0101_0101_0101,
            2 => value.cast::<u16>().read_unaligned() as u64 * 0x0001_0001_0001_0001,
            4 => value.cast::<u32>().read_unaligned() as u64 * 0x0000_0001_0000_0001,
            8 => value.cast::<u64>().read_unaligned(),
            _ => {
                core::ptr::copy_nonoverlapping(value, to, item);
                let mut done = item;
                while done < bytes {
                    let count = done.min(bytes - done);
                    core::ptr::copy_nonoverlapping(to, to.add(done), count);
                    done += count;
                }
                return;
            }
        };
        for at in (0..bytes).step_by(8) {
            to.add(at).cast::<u64>().write_unaligned(word);
        }
    }
}

/// Runs of at most `SHORT` bytes, at all positions of two loops.
///
/// # Safety
/// The pattern is a run; every run can be written.
unsafe fn short(rows: &Loop<1>, along: &Loop<1>, pattern: *const u8, run: usize, dst: *mut u8) {
    // SAFETY: the caller's promise; a word is at most as long as a run.
    unsafe {
        match run {
            0 => {}
            1 => words::<u8>(rows, along, pattern, run, dst),
            2..4 => words::<u16>(rows, along, pattern, run, dst),
            4..8 => words::<u32>(rows, along, pattern, run, dst),
            8..16 => words::<u64>(rows, along, pattern, run, dst),
            16..32 => words::<[u64; 2]>(rows, along, pattern, run, dst),
            32..64 => words::<[u64; 4]>(rows, along, pattern, run, dst),
            _ => words::<[u64; 8]>(rows, along, pattern, run, dst),
        }
    }
}

/// See [`short`]: a word at the start of each run and one at its end.
///
/// # Safety
/// As there; a run has as many bytes as a word, or up to twice as many.
unsafe fn words<W: Copy>(rows: &Loop<1>, along: &Loop<1>, pattern: *const u8, run: usize, dst: *mut u8) {
    let last = run - size_of::<W>();
    vectorize(
        #[inline(always)]
        || {
            // SAFETY: the caller's promise.
            unsafe {
                let x = pattern.cast::<W>().read_unaligned();
                let y = pattern.add(last).cast::<W>().read_unaligned();
                for i in 0..rows.extent as isize {
                    let mut to = dst.wrapping_offset(i * rows.strides[0] as isize);
                    for _ in 0..along.extent {
                        // Without this the compiler makes scatters of it, which are slower.
                        step();
                        to.cast::<W>().write_unaligned(x);
                        if last > 0 {
                            to.add(last).cast::<W>().write_unaligned(y);
                        }
                        to = to.wrapping_offset(along.strides[0] as isize);
                    }
                }
            }
        },
    );
}

/// A value over and over.
struct Pattern {
    /// Where it is, `bytes` and one item more if it is shorter than a block.
    at: *const u8,
    /// Bytes after which it starts again; a multiple of the item.
    bytes: usize,
    item: usize,
}

impl Pattern {
    /// The pattern for runs of `run` bytes.
    ///
    /// # Safety
    /// The value has `item` bytes, which outlive the pattern, and the room `ROOM`.
    unsafe fn new(value: *const u8, item: usize, run: usize, room: *mut u8) -> Pattern {
        if item > BLOCK / 2 {
            return Pattern { at: value, bytes: item, item };
        }
        // Whole lines, if whole items can be that.
        let mut period = item;
        while !period.is_multiple_of(LINE) && period <= BLOCK / 2 {
            period *= 2;
        }
        let bytes = BLOCK / period * period;
        // SAFETY: a block and an item, rounded up, are less than the room.
        unsafe { repeat(value, item, room, (bytes + item).min(run)) };
        Pattern { at: room, bytes, item }
    }

    /// Writes a run.
    ///
    /// # Safety
    /// The run can be written, and has no more bytes than the pattern was made for.
    unsafe fn write(&self, dst: *mut u8, run: usize, past: Option<Past>) {
        // Up to a line first; from there on the pattern begins in the middle of an item.
        let head =
            if past.is_some() && self.bytes > self.item { dst.addr().wrapping_neg() % LINE } else { 0 };
        // SAFETY: the caller's promise.
        unsafe {
            core::ptr::copy_nonoverlapping(self.at, dst, head);
            let from = self.at.add(head % self.item);
            let mut at = head;
            while at < run {
                let count = self.bytes.min(run - at);
                match past {
                    Some(past) => past.write(from, dst.add(at), count),
                    None => core::ptr::copy_nonoverlapping(from, dst.add(at), count),
                }
                at += count;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use libstrided_layout::DType;

    use super::*;
    use crate::test_support::{Random, Strided, at_every_level, indices};

    #[test]
    fn every_element_and_nothing_else() {
        let mut random = Random::new(5);
        at_every_level(|| {
            for case in 0..300 {
                let item = [1usize, 2, 4, 8, 16, 3, 12, 24, 5, 40, 100, 129, 3000][case % 13];
                let shape = random.shape(400);
                let mut out = Strided::random_items(&mut random, DType::Opaque, item as i64, &shape, false);
                let value: Vec<u8> = (0..item).map(|_| random.next() as u8).collect();
                let mut want = out.clone();
                for index in indices(&shape) {
                    want.item_mut(&index).copy_from_slice(&value);
                }
                // SAFETY: the output lies in its own buffer.
                unsafe { fill(&shape, out.operand_mut(), value.as_ptr()) }.expect("runs");
                assert!(out.bytes == want.bytes, "item {item} shape {shape:?}");
            }
        });
    }

    #[test]
    fn long_runs_past_the_caches_and_not() {
        at_every_level(|| {
            for item in [1usize, 3, 4, 12, 16, 24, 100, 129, 2047, 2049, 5000] {
                for run in [item, item * 3, item * (20_000 / item)] {
                    for odd in [0, 1, 63] {
                        let value: Vec<u8> = (0..item).map(|i| (i * 7 + 3) as u8).collect();
                        let want: Vec<u8> = value.iter().copied().cycle().take(run).collect();
                        for past in [None, Past::always()] {
                            if past.is_some() && run < LONG {
                                continue;
                            }
                            let mut got = vec![0xa5u8; run + 130];
                            let mut room = [0u64; ROOM / 8];
                            // SAFETY: the run lies inside the buffer.
                            unsafe {
                                let pattern =
                                    Pattern::new(value.as_ptr(), item, run, room.as_mut_ptr().cast());
                                pattern.write(got.as_mut_ptr().add(odd), run, past);
                            }
                            assert!(got[odd..odd + run] == want, "item {item} run {run}");
                            let rest = got[..odd].iter().chain(&got[odd + run..]);
                            assert!(rest.copied().all(|b| b == 0xa5), "item {item} run {run}");
                        }
                    }
                }
            }
        });
    }
}
