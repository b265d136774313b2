//! Casts of arrays of more than a few elements, for which the driver's tiles are not the best way.
//!
//! ```text
//!   runs     both sides contiguous along the inner loop:    convert
//!   stepped  the source is not:                             bring it together in L1, some short rows at a time, convert; of
//!            complex elements that become real ones only their real parts
//!   near     the source is contiguous along another loop:   tiles in L1, inside the caches (see the module)
//!   across   the same past the caches:                      convert and then transpose, with vectors of a whole line (see
//!            the module); without, transpose a box into L2 and convert it row by row
//! ```
//!
//! Every way ends with contiguous elements of the destination in its dtype. These go straight to their place or, beyond
//! half of the last-level cache, past the caches, in whole lines.
//!
//! Integers that keep their size, and the real parts of complex elements that are not contiguous, are copies, which are made
//! elsewhere.
//!
//! Measured on Emerald Rapids, 245 x 245 elements in the caches, stepped ones against a row at a time and whole complex elements:
//! c128 to f64, in reverse 1.9 times as fast, c128 to u8 2.3 times, i32 to c128, every second element of every second row, 1.9
//! times. The elements that come next asked for while some are converted: 0.75 of the speed.
//!
//! Measured on Zen 4, runs from and to main memory, in shares of a streamed copy of as many bytes: 0.8 to 1.0, which is
//! what reading the larger side alone, or writing it, takes; 1.1 to 1.3 times as fast as ordinary stores.

use aligned_vec::{AVec, ConstAlign};
use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest};
use libstrided_layout::{DType, Kind, Result};

use crate::Operand;
use crate::cache::LINE;
use crate::convert::Conversion;
use crate::copy::{Axis, Past, Rows, copy, pack2d};

/// Bytes of the block in which the elements of a stepped loop are brought together.
const BLOCK: usize = 4096;

/// Room for elements that are brought together.
#[repr(align(64))]
struct Block(MaybeUninit<[u8; BLOCK]>);

/// Most bytes of a box.
const BOX: usize = 64 << 10;
/// Rows of a box at most.
const ROWS: usize = 256;
/// Elements of a row of a box at most.
const COLUMNS: usize = 256;
/// Bytes of the stage: a box, and for each row a line more at both ends.
const STAGE: usize = BOX + ROWS * 3 * LINE;
/// Inner loops of fewer elements are the driver's, except where the source runs across.
const SHORT: i64 = 64;
/// Elements of the sides of a plane, and of all of it, that are worth a way of their own: where there is no other, where
/// there are more, and where rows of the source have gaps.
const SIDE: i64 = 8;
const ALONE: i64 = 128;
const PLANE: i64 = 1024;
const GAPS: i64 = 8192;

/// What all ways need.
pub(super) struct Work {
    pub(super) conversion: Conversion,
    /// The dtypes of the source and of the destination.
    pub(super) dtypes: [DType; 2],
    /// Bytes per element.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) past: Option<Past>,
}

/// Casts by one of the ways above. `false`, with nothing written, where none of them suits.
///
/// # Safety
/// As [`super::cast_copy`].
pub(super) unsafe fn run<const CAP: usize>(
    shape: &[i64],
    src: Operand<'_>,
    dst: Operand<'_>,
    conversion: Conversion,
    past: Option<Past>,
) -> Result<bool> {
    let nest = Nest::<2, CAP>::plan(shape, [src.strides, dst.strides])?;
    let Some((&inner, outer)) = nest.loops().split_last() else {
        return Ok(false);
    };
    if src.dtype != dst.dtype && src.dtype.part() == dst.dtype && inner.strides[0] != src.itemsize {
        let real = Operand { dtype: dst.dtype, itemsize: dst.itemsize, ..src };
        // SAFETY: the caller's promise; each element begins with its real part.
        return unsafe { copy(shape, real, dst) }.map(|()| true);
    }
    let turned = across(outer, &inner);
    let suits = match turned {
        Some(i) => {
            let least = match outer.len() {
                _ if outer[i].strides[0].abs() != src.itemsize => GAPS,
                1 => ALONE,
                _ => PLANE,
            };
            inner.extent >= SIDE && inner.extent.saturating_mul(outer[i].extent) >= least
        }
        None => inner.extent >= SHORT,
    };
    if inner.strides[1] != dst.itemsize || !suits {
        return Ok(false);
    }
    let mut work = Work {
        conversion,
        dtypes: [src.dtype, dst.dtype],
        from: src.itemsize as usize,
        to: dst.itemsize as usize,
        past,
    };
    let start = nest.start();
    let src = src.data.cast_const().wrapping_offset(start[0] as isize);
    let dst = dst.data.wrapping_offset(start[1] as isize);
    let (rest, a) = match outer.split_last() {
        Some((&a, rest)) if past.is_none() => (rest, a),
        _ => (outer, Loop { extent: 1, strides: [0; 2] }),
    };
    // SAFETY: the caller's promise, for the first elements in the order of the loops.
    let done = unsafe {
        if inner.strides[0] == work.from as i64 {
            walk::<CAP>(rest, src, dst, |src, dst| work.rows([a, inner], src, dst));
            true
        } else if let Some(across) = turned {
            work.boxes::<CAP>(outer, across, &inner, src, dst)
        } else {
            work.skip_imaginary();
            walk::<CAP>(rest, src, dst, |src, dst| work.stepped_rows([a, inner], src, dst));
            true
        }
    };
    if let Some(past) = past {
        past.done();
    }
    Ok(done)
}

/// The loop along which the source moves least, if that is less than along the inner one.
fn across(outer: &[Loop<2>], inner: &Loop<2>) -> Option<usize> {
    let step = |l: &Loop<2>| l.strides[0].unsigned_abs();
    let moving = (0..outer.len()).filter(|&i| outer[i].strides[0] != 0);
    let least = moving.min_by_key(|&i| step(&outer[i]))?;
    (step(&outer[least]) < step(inner) && outer[least].extent >= SIDE).then_some(least)
}

/// Calls `visit` at every position of the loops.
pub(super) fn walk<const CAP: usize>(
    loops: &[Loop<2>],
    src: *const u8,
    dst: *mut u8,
    mut visit: impl FnMut(*const u8, *mut u8),
) {
    let mut position = [0i64; CAP];
    let (mut s, mut d) = (src, dst);
    loop {
        visit(s, d);
        let mut axis = loops.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            let Loop { extent, strides: [by_s, by_d] } = loops[axis];
            position[axis] += 1;
            if position[axis] < extent {
                s = s.wrapping_offset(by_s as isize);
                d = d.wrapping_offset(by_d as isize);
                break;
            }
            position[axis] = 0;
            s = s.wrapping_offset((by_s * (1 - extent)) as isize);
            d = d.wrapping_offset((by_d * (1 - extent)) as isize);
        }
    }
}

impl Work {
    /// Converts `n` contiguous elements to their place.
    ///
    /// # Safety
    /// They can be read and written and do not overlap.
    unsafe fn put(&self, src: *const u8, dst: *mut u8, n: usize) {
        let head = dst.addr().wrapping_neg() % LINE;
        // Elements that lie across two lines are rare, and not worth a way of their own.
        if self.past.is_none() || !head.is_multiple_of(self.to) || n * self.to < head + LINE {
            // SAFETY: the caller's promise.
            return unsafe { self.conversion.run(src, dst, n) };
        }
        let head = head / self.to;
        let lines = (n - head) * self.to / LINE * LINE / self.to;
        let (from, to) =
            (|i: usize| src.wrapping_add(i * self.from), |i: usize| dst.wrapping_add(i * self.to));
        // SAFETY: all of the elements, those of whole lines past the caches.
        unsafe {
            self.conversion.run(src, dst, head);
            self.conversion.stream(from(head), to(head), lines);
            let done = head + lines;
            self.conversion.run(from(done), to(done), n - done);
        }
    }

    /// Converts rows of contiguous elements; past the caches there is one of them.
    ///
    /// # Safety
    /// As [`Work::put`], for the elements of both loops.
    unsafe fn rows(&self, [a, b]: [Loop<2>; 2], src: *const u8, dst: *mut u8) {
        let n = b.extent as usize;
        // SAFETY: the caller's promise.
        unsafe {
            match self.past {
                Some(_) => self.put(src, dst, n),
                None => {
                    let steps = a.strides.map(|stride| stride as isize);
                    self.conversion.run_rows(src, dst, n, a.extent as usize, steps);
                }
            }
        }
    }

    /// Reads complex elements as their real parts, where nothing else is wanted of them.
    fn skip_imaginary(&mut self) {
        let [from, to] = self.dtypes;
        let part = from.part();
        if part != from
            && !matches!(to.kind(), Kind::Complex | Kind::Bool)
            && let Some(conversion) = Conversion::new(part, to)
        {
            (self.conversion, self.dtypes[0], self.from) = (conversion, part, part.size() as usize);
        }
    }

    /// Brings the elements of some rows together and converts them.
    ///
    /// # Safety
    /// As [`Work::put`], for the elements of both loops.
    unsafe fn stepped_rows(&self, [a, b]: [Loop<2>; 2], src: *const u8, dst: *mut u8) {
        let (rows, n) = (a.extent as usize, b.extent as usize);
        let [a_s, a_d] = a.strides.map(|stride| stride as isize);
        let at_once = (BLOCK / self.from.max(self.to) / n).min(rows);
        let mut block = Block(MaybeUninit::uninit());
        let block = block.0.as_mut_ptr().cast::<u8>();
        for i in (0..rows).step_by(at_once.max(1)) {
            let src = src.wrapping_offset(a_s * i as isize);
            let dst = dst.wrapping_offset(a_d * i as isize);
            // SAFETY: some of the rows, for which the block has room, or a part of one.
            unsafe {
                if at_once < 2 {
                    self.stepped(&b, src, dst, block);
                    continue;
                }
                let (rows, row) = (at_once.min(rows - i), (n * self.from) as isize);
                let axes = [
                    Axis { n: rows, s: a_s, d: row },
                    Axis { n, s: b.strides[0] as isize, d: self.from as isize },
                ];
                pack2d(axes, self.from, src, block);
                self.conversion.run_rows(block, dst, n, rows, [row, a_d]);
            }
        }
    }

    /// Brings the elements of the inner loop together, a part at a time, and converts them.
    ///
    /// # Safety
    /// As [`Work::put`], for the elements of the loop; the block is one.
    unsafe fn stepped(&self, inner: &Loop<2>, mut src: *const u8, mut dst: *mut u8, block: *mut u8) {
        let step = inner.strides[0] as isize;
        let mut n = inner.extent as usize;
        let mut count = (BLOCK - dst.addr() % LINE) / self.from.max(self.to);
        while n > 0 {
            count = count.min(n);
            // SAFETY: `count` of the elements, for which the block has room.
            unsafe {
                let along = Axis { n: count, s: step, d: self.from as isize };
                pack2d([Axis::ONE, along], self.from, src, block);
                self.put(block, dst, count);
            }
            src = src.wrapping_offset(step * count as isize);
            dst = dst.wrapping_add(count * self.to);
            n -= count;
            count = BLOCK / self.from.max(self.to);
        }
    }

    /// Transposes boxes of the inner loop and the one across it, and converts their rows. `false`, with nothing written,
    /// without memory.
    ///
    /// # Safety
    /// As [`Work::put`], for the elements of all loops.
    unsafe fn boxes<const CAP: usize>(
        &self,
        outer: &[Loop<2>],
        across: usize,
        inner: &Loop<2>,
        src: *const u8,
        dst: *mut u8,
    ) -> bool {
        let a = outer[across];
        let mut rest = [Loop { extent: 1, strides: [0; 2] }; CAP];
        let mut len = 0;
        for (i, l) in outer.iter().enumerate() {
            if i != across {
                rest[len] = *l;
                len += 1;
            }
        }
        let Some(past) = self.past else {
            // SAFETY: the caller's promise.
            unsafe { self.near::<CAP>([a, *inner], &rest[..len], src, dst) };
            return true;
        };
        // SAFETY: the caller's promise.
        if unsafe { self.across::<CAP>([a, *inner], &rest[..len], src, dst) } {
            return true;
        }
        let mut scratch = AVec::<u8, ConstAlign<LINE>>::new(LINE);
        if scratch.try_reserve_exact(BOX + STAGE).is_err() {
            return false;
        }
        // Runs of 4 to 8 lines of the source, as for copies.
        let run = if self.from < 8 { 256 } else { 512 };
        let high = (a.extent as usize).min((run / self.from).clamp(8, ROWS));
        let wide = (BOX / self.from.max(self.to) / high).min(COLUMNS);
        let plane = Plane { a, b: *inner, high, wide, box_at: scratch.as_mut_ptr() };
        walk::<CAP>(&rest[..len], src, dst, |src, dst| {
            // SAFETY: the two loops from here on; the scratch has room for a box and a stage.
            unsafe { self.plane(&plane, past, src, dst) };
        });
        true
    }

    /// One plane of [`Work::boxes`].
    ///
    /// # Safety
    /// As there.
    unsafe fn plane(&self, plane: &Plane, past: Past, src: *const u8, dst: *mut u8) {
        let Plane { a, b, high, wide, box_at } = *plane;
        let stage = box_at.wrapping_add(BOX);
        let (rows, columns) = (a.extent as usize, b.extent as usize);
        let [a_s, a_d, b_s, b_d] =
            [a.strides[0], a.strides[1], b.strides[0], b.strides[1]].map(|x| x as isize);
        let places: [isize; ROWS] = core::array::from_fn(|k| k as isize * a_d);
        let ahead: [isize; COLUMNS] = core::array::from_fn(|k| k as isize * b_s);
        let pitch = (wide * self.to).next_multiple_of(LINE) + 2 * LINE;
        for i in (0..rows).step_by(high) {
            let m = high.min(rows - i);
            for j in (0..columns).step_by(wide) {
                let n = wide.min(columns - j);
                let s = src.wrapping_offset(i as isize * a_s + j as isize * b_s);
                let d = dst.wrapping_offset(i as isize * a_d + j as isize * b_d);
                let steps = [
                    Axis { n: m, s: a_s, d: (n * self.from) as isize },
                    Axis { n, s: b_s, d: self.from as isize },
                ];
                // SAFETY: a box of the plane, for which the scratch has room; so has the stage.
                unsafe {
                    pack2d(steps, self.from, s, box_at);
                    let row = |k: usize| box_at.add(k * n * self.from).cast_const();
                    for (k, place) in places[..m].iter().enumerate() {
                        let phase = d.wrapping_offset(*place).addr() % LINE;
                        self.conversion.run(row(k), stage.add(k * pitch + phase), n);
                    }
                    let ends = j + n == columns;
                    past.write_rows(&Rows {
                        stage,
                        pitch,
                        to: d,
                        places: &places[..m],
                        bytes: n * self.to,
                        begins: j == 0,
                        ends,
                        ahead: &ahead[..if ends { wide.min(columns) } else { wide.min(columns - j - n) }],
                        ahead_bytes: m * self.from,
                        next: if ends {
                            src.wrapping_offset((i + m) as isize * a_s)
                        } else {
                            s.wrapping_offset(n as isize * b_s)
                        },
                    });
                }
            }
        }
    }
}

/// Two loops that run across each other, and the boxes into which they are cut.
#[derive(Clone, Copy)]
struct Plane {
    /// The loop along which the source is contiguous, or nearly.
    a: Loop<2>,
    /// The loop along which the destination is.
    b: Loop<2>,
    /// Positions of a box on each.
    high: usize,
    wide: usize,
    /// Room for a box and, behind it, for the stage.
    box_at: *mut u8,
}
