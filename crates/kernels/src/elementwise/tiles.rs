//! Which loops make a tile, and how each operand of a tile is handed to the kernel.
//!
//! ```text
//!   two loops     the innermost one and the next: rows
//!   many loops    as many inner loops as fit, where the innermost one is short: the kernel sees one long row
//! ```
//!
//! Where operands run along different loops, see [`mixed`].

use core::mem::MaybeUninit;

use libstrided_layout::nest::Loop;

use super::ahead::{TILES, asked, follow, from_memory};
use super::mixed;
use super::near::Near;
use super::plan::{Plan, Side};
use super::rows::{in_rows, rows};
use super::sink::Sink;
use super::steps::{Steps, is_run, steps_of};
use super::stream::{self, PIECE, Stream};
use super::{Block, Loops, Output};
use crate::arch::Wide;
use crate::cache::LINE;
use crate::copy::{Every, Turn};
use crate::relocate::relocate;

/// Inner loops of at least this length are worth running by themselves.
const LONG: i64 = 32;

/// Bytes of scratch per operand.
pub(super) const SCRATCH: usize = 8192;

/// Bytes per operand of a tile that comes from memory: reading, packing and writing take turns, and with long turns
/// memory has nothing to do. Measured on Zen 4: every other element of two arrays, 0.25 with 8 KiB and 0.30 with 2 KiB.
const FAR_TILE: usize = 2048;

/// Bytes per operand of a tile of which several operands are packed: with what they are packed from, scratch stays in the first level.
/// Emerald Rapids, every second element of two arrays in the second level: 8 KiB 3.6 us, 4 KiB 2.8, 2 KiB 3.2.
const SEVERAL_TILE: usize = 4096;

/// Runs the kernel over the plan.
///
/// # Safety
/// As [`run`](super::run), for the operands of the plan.
pub(super) unsafe fn run<const N: usize, const CAP: usize>(
    plan: &mut Plan<N, CAP>,
    Loops { kernel, past }: Loops<'_, N>,
    output: Output,
) {
    let mut room = MaybeUninit::uninit();
    let large = output == Output::Written && stream::is_large(plan.bytes(N - 1)) && !plan.is_in_place();
    let stream = if large { Stream::new(&mut room) } else { None };
    let sizes = plan.sides.map(|side| side.kernel);
    let past = past.and_then(|past| Some((past, Wide::current()?)));
    let mut sink =
        Sink { kernel, past, sizes, stream, piece: PIECE, follow: [false; N], far: 0, abreast: false };
    let inner = plan.inner();
    // SAFETY: as the caller vouches.
    unsafe {
        match rows(&inner, &plan.sides) {
            Some(single) if inner.extent >= LONG || plan.loops().len() <= 1 => {
                in_rows(plan, &mut sink, single);
            }
            _ if inner.extent >= LONG => match mixed::across(plan) {
                Some(which) => mixed::run(plan, &mut sink, output, which),
                None => two_loops(plan, &mut sink, output),
            },
            _ => many_loops(plan, &mut sink, output),
        }
        sink.finish();
    }
}

/// How an operand of a tile is handed to the kernel.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Where it is.
    Direct,
    /// Where it is, one element per row.
    Single,
    /// Through scratch.
    Packed,
}

/// Scratch on the stack.
#[repr(C, align(64))]
pub(super) struct Small<const N: usize>([MaybeUninit<[u8; SCRATCH]>; N], MaybeUninit<[u8; SCRATCH]>);

/// One piece of scratch per operand, and one for elements on their way through a conversion.
pub(super) struct Scratch<const N: usize> {
    pub(super) packed: [*mut u8; N],
    pub(super) raw: *mut u8,
    /// Bytes of each.
    bytes: usize,
}

impl<const N: usize> Scratch<N> {
    pub(super) fn new(at: *mut u8, bytes: usize) -> Scratch<N> {
        Scratch {
            packed: core::array::from_fn(|k| at.wrapping_add(k * bytes)),
            raw: at.wrapping_add(N * bytes),
            bytes,
        }
    }

    /// How many elements of every operand fit.
    fn capacity(&self, sides: &[Side; N]) -> i64 {
        let largest = sides.iter().map(|s| s.memory.max(s.kernel)).max().unwrap_or(1);
        (self.bytes / largest.max(1)) as i64
    }
}

/// The work on tiles.
pub(super) struct Tiles<'a, 'b, const N: usize> {
    pub(super) sides: &'a [Side; N],
    pub(super) forms: [Form; N],
    /// Whether the kernel sees one row per step of the inner loop's parent, or the whole tile as one row.
    by_rows: bool,
    output: Output,
    pub(super) sink: &'a mut Sink<'b, N>,
    pub(super) scratch: Scratch<N>,
    /// Whether it asks for the next tile of an operand.
    asks: [bool; N],
    /// Inputs whose elements are a few apart along the rows.
    every: [Option<Every>; N],
    /// What the kernel is given. It is changed in its place, number by number: lines that are streamed wait in the store buffer for
    /// memory, and a copy of numbers that were just written, by vectors, waits there behind all of them.
    block: Block<N>,
    /// The tile that lies packed in scratch: its address and number of elements.
    last: [(*mut u8, usize); N],
}

impl<'a, 'b, const N: usize> Tiles<'a, 'b, N> {
    pub(super) fn new(
        sides: &'a [Side; N],
        forms: [Form; N],
        by_rows: bool,
        output: Output,
        sink: &'a mut Sink<'b, N>,
        scratch: Scratch<N>,
    ) -> Self {
        let asks = forms.map(|form| form == Form::Packed);
        let single = forms.map(|form| form == Form::Single);
        let nowhere = core::ptr::null_mut();
        let block = Block { rows: 0, n: 0, data: [nowhere; N], strides: [0; N], single };
        Tiles {
            sides,
            forms,
            by_rows,
            output,
            sink,
            scratch,
            asks,
            every: [None; N],
            block,
            last: [(nowhere, 0); N],
        }
    }

    /// Packs, computes and unpacks one tile, the elements of which lie `at` some place; of what is packed, brings the tile at
    /// `next` near.
    ///
    /// # Safety
    /// As [`run`]; the tile has no more elements than fit into scratch.
    #[inline(always)]
    unsafe fn tile(
        &mut self,
        loops: &[Loop<N>],
        at: impl Fn(usize) -> *mut u8,
        next: impl Fn(usize) -> Option<*mut u8>,
    ) {
        let count: usize = loops.iter().map(|l| l.extent as usize).product();
        let (rows, n) = match *loops {
            [outer, inner] if self.by_rows => (outer.extent as usize, inner.extent as usize),
            _ => (1, count),
        };
        (self.block.rows, self.block.n) = (rows, n);
        for k in 0..N {
            self.block.data[k] = at(k);
            self.block.strides[k] = if self.by_rows { loops[0].strides[k] as isize } else { 0 };
        }
        let ask = |tiles: &Self, k: usize| {
            if tiles.asks[k]
                && let (Some(next), [outer, inner]) = (next(k), loops)
                && next != at(k)
            {
                let size = (outer.extent as usize, inner.extent as usize);
                tiles.near([outer, inner], size, k, next).all();
            }
        };
        for k in (0..N - 1).filter(|&k| self.forms[k] == Form::Direct) {
            ask(self, k);
        }
        for k in 0..N {
            if self.forms[k] == Form::Packed {
                // One after the other: requests for all at once are more than go on at a time.
                if k + 1 < N {
                    ask(self, k);
                }
                // SAFETY: as the caller vouches.
                unsafe { self.bring(k, loops, count, at(k)) };
                self.block.data[k] = self.scratch.packed[k];
                self.block.strides[k] = (n * self.sides[k].kernel) as isize;
            }
        }
        // SAFETY: the block is either the operands' own tile or scratch that holds as many elements.
        unsafe {
            if self.forms[N - 1] == Form::Packed {
                (self.sink.kernel)(&self.block);
                self.unpack(loops, count, at(N - 1));
            } else {
                self.sink.block(&self.block);
            }
        }
    }

    /// What the tile of an operand that lies at `next` has in memory, for the tile of these two loops; nothing where
    /// elements are far from each other.
    #[inline(always)]
    pub(super) fn near(
        &self,
        [outer, inner]: [&Loop<N>; 2],
        (rows, columns): (usize, usize),
        k: usize,
        next: *const u8,
    ) -> Near {
        let item = self.sides[k].memory;
        let (o, i) = (outer.strides[k] as isize, inner.strides[k] as isize);
        // Runs along the loop of the smaller steps.
        let down = i == 0 || o != 0 && o.unsigned_abs() < i.unsigned_abs();
        let (runs, step, n, along) = if down { (columns, i, rows, o) } else { (rows, o, columns, i) };
        let reach = along * (n - 1) as isize;
        if along.unsigned_abs() > 4 * item {
            return Near::NONE;
        }
        let runs = if step == 0 { 1 } else { runs };
        Near::new(next.wrapping_offset(reach.min(0)), step, reach.unsigned_abs() + item, runs)
    }

    /// Has the tile of an operand in its scratch: of the output only if not all of it is written.
    ///
    /// # Safety
    /// The tile can be read, and fits into scratch.
    #[inline]
    pub(super) unsafe fn bring(&mut self, k: usize, loops: &[Loop<N>], count: usize, address: *mut u8) {
        let fresh = if k + 1 == N { self.output == Output::Merged } else { self.last[k] != (address, count) };
        if fresh {
            // SAFETY: as the caller vouches.
            unsafe { self.pack(k, loops, count, address) };
            self.last[k] = (address, count);
        }
    }

    /// Brings a tile of an input that runs down the rows into its scratch: `high` rows of `wide` elements. Returns how many
    /// elements the rows lie apart there.
    ///
    /// # Safety
    /// As [`bring`](Self::bring).
    #[inline]
    pub(super) unsafe fn turned(
        &mut self,
        turn: &Turn,
        k: usize,
        (high, wide): (usize, usize),
        src: *const u8,
    ) -> usize {
        let side = &self.sides[k];
        let (packed, raw) = (self.scratch.packed[k], self.scratch.raw);
        let pitch = turn.pitch() / side.memory;
        // SAFETY: as the caller vouches; rows of the scratch that the transpose has written.
        unsafe {
            let Some(conversion) = &side.conversion else {
                turn.run(src, packed, wide, high);
                return pitch;
            };
            turn.run(src, raw, wide, high);
            if wide == pitch {
                conversion.run(raw, packed, high * wide);
            } else {
                for i in 0..high {
                    let (from, to) = (raw.add(i * turn.pitch()), packed.add(i * pitch * side.kernel));
                    conversion.run(from, to, wide);
                }
            }
        }
        pitch
    }

    /// Brings the tile of an input into its scratch.
    unsafe fn pack(&mut self, k: usize, loops: &[Loop<N>], count: usize, src: *const u8) {
        let side = &self.sides[k];
        if let ([outer, inner], Some(every)) = (loops, &self.every[k]) {
            let size = (outer.extent as usize, inner.extent as usize);
            // SAFETY: the tile is valid for reading and fits into scratch.
            return unsafe { every.pack(size, outer.strides[k] as isize, src, self.scratch.packed[k]) };
        }
        let mut room = Steps::uninit();
        let steps = steps_of(loops, k, side.memory, &mut room);
        let (packed, raw) = (self.scratch.packed[k], self.scratch.raw);
        // SAFETY: the tile is valid for reading and fits into scratch.
        unsafe {
            match side.conversion {
                None => relocate(steps, side.memory, src, packed),
                Some(conversion) if is_run(steps, side.memory) => conversion.run(src, packed, count),
                Some(conversion) => match *loops {
                    [outer, inner] if inner.strides[k] == side.memory as i64 => {
                        let n = inner.extent as usize;
                        let apart = [outer.strides[k] as isize, (n * side.kernel) as isize];
                        conversion.run_rows(src, packed, n, outer.extent as usize, apart);
                    }
                    _ => {
                        relocate(steps, side.memory, src, raw);
                        conversion.run(raw, packed, count);
                    }
                },
            }
        }
    }

    /// Puts the tile of the output, which lies in its scratch, where it belongs.
    pub(super) unsafe fn unpack(&mut self, loops: &[Loop<N>], count: usize, dst: *mut u8) {
        let side = &self.sides[N - 1];
        let mut room = Steps::uninit();
        let steps = steps_of(loops, N - 1, side.memory, &mut room);
        let (packed, raw) = (self.scratch.packed[N - 1], self.scratch.raw);
        // SAFETY: the tile is valid for writing and scratch holds its elements.
        unsafe {
            let from = match side.conversion {
                None => packed,
                Some(conversion) if is_run(steps, side.memory) => {
                    let Some(stream) = &mut self.sink.stream else {
                        return conversion.run(packed, dst, count);
                    };
                    let most = PIECE / side.memory;
                    for i in (0..count).step_by(most) {
                        let n = most.min(count - i);
                        let place = stream.place(dst.wrapping_add(i * side.memory));
                        conversion.run(packed.wrapping_add(i * side.kernel), place, n);
                        stream.put(n * side.memory);
                    }
                    return;
                }
                Some(conversion) => {
                    conversion.run(packed, raw, count);
                    raw
                }
            };
            for step in &mut *steps {
                core::mem::swap(&mut step.src, &mut step.dst);
            }
            relocate(steps, side.memory, from, dst);
        }
    }
}

/// Whether an operand has only some of the elements of its lines.
fn is_sparse<const N: usize>(sides: &[Side; N], inner: &Loop<N>) -> bool {
    sides.iter().zip(inner.strides).any(|(side, stride)| {
        let stride = stride.unsigned_abs() as usize;
        side.memory < stride && stride < LINE
    })
}

/// Tiles of two loops, where rows are long: the kernel sees rows.
///
/// # Safety
/// As [`run`].
#[inline(never)]
unsafe fn two_loops<const N: usize, const CAP: usize>(
    plan: &mut Plan<N, CAP>,
    sink: &mut Sink<'_, N>,
    output: Output,
) {
    let (outer, inner) = match *plan.loops() {
        [.., outer, inner] => (outer, inner),
        _ => (Loop { extent: 1, strides: [0; N] }, plan.inner()),
    };
    let sides = plan.sides;
    let forms = forms(&sides, |k, item| {
        if inner.strides[k] == item {
            Some(Form::Direct)
        } else {
            (inner.strides[k] == 0).then_some(Form::Single)
        }
    });
    let mut small = MaybeUninit::<Small<N>>::uninit();
    let scratch = Scratch::new(small.as_mut_ptr().cast(), SCRATCH);
    let far = (0..N).any(|k| stream::is_large(plan.bytes(k)));
    let capacity = scratch.capacity(&sides);
    let several = forms.iter().filter(|&&form| form == Form::Packed).count() > 1;
    let capacity = match (far, several) {
        (true, _) => capacity / (SCRATCH / FAR_TILE) as i64,
        (false, true) => capacity / (SCRATCH / SEVERAL_TILE) as i64,
        (false, false) => capacity,
    };
    let asked = if sink.stream.is_some() && !is_sparse(&sides, &inner) { asked(plan) } else { [false; N] };
    let ahead = if asked.contains(&true) { TILES } else { 1 };
    let wide = inner.extent.min(capacity);
    let high = outer.extent.min(capacity / wide);
    // Where the kernel writes past the caches by itself, tiles of long rows end with lines of the output.
    let lined = sink.stream.is_some() && sink.past.is_some() && wide < inner.extent;
    let mut tiles = Tiles::new(&sides, forms, true, output, sink, scratch);
    for k in 0..N {
        tiles.asks[k] |= asked[k] && forms[k] == Form::Direct;
        if forms[k] == Form::Packed && k + 1 < N && sides[k].conversion.is_none() {
            tiles.every[k] = Every::new(sides[k].memory, inner.strides[k] as isize);
        }
    }
    plan.walk(2, |data| {
        let at = |(i, j): (i64, i64), k: usize| {
            data[k].wrapping_offset((i * outer.strides[k] + j * inner.strides[k]) as isize)
        };
        for i in (0..outer.extent).step_by(high as usize) {
            let item = sides[N - 1].memory;
            let short = if lined { at((i, 0), N - 1).addr() % LINE / item } else { 0 };
            for end in (wide - short as i64..inner.extent + wide).step_by(wide as usize) {
                let j = (end - wide).max(0);
                if j >= inner.extent {
                    break;
                }
                let loops = [
                    Loop { extent: high.min(outer.extent - i), ..outer },
                    Loop { extent: end.min(inner.extent) - j, ..inner },
                ];
                let next = match j + wide * ahead {
                    next if next < inner.extent => Some((i, next)),
                    next if wide < inner.extent && i + high < outer.extent => {
                        Some((i + high, (next - inner.extent) / wide * wide))
                    }
                    _ if i + high * ahead < outer.extent => Some((i + high * ahead, 0)),
                    _ => None,
                };
                // SAFETY: as the caller vouches; the tile has at most `capacity` elements.
                unsafe {
                    tiles.tile(&loops, |k| at((i, j), k), |k| next.filter(|_| far).map(|next| at(next, k)))
                };
            }
        }
    });
}

/// The form of each operand: as `fits` says for one without a conversion, else packed. At least one input is not single.
pub(super) fn forms<const N: usize>(
    sides: &[Side; N],
    fits: impl Fn(usize, i64) -> Option<Form>,
) -> [Form; N] {
    let mut forms = core::array::from_fn(|k| {
        let form = if sides[k].conversion.is_none() { fits(k, sides[k].kernel as i64) } else { None };
        form.filter(|&form| form == Form::Direct || k + 1 < N).unwrap_or(Form::Packed)
    });
    if forms[..N - 1].iter().all(|&form| form == Form::Single) {
        forms[0] = Form::Packed;
    }
    forms
}

/// Tiles of as many inner loops as fit, where rows are short: the kernel sees each tile as one long row.
///
/// # Safety
/// As [`run`].
#[inline(never)]
unsafe fn many_loops<const N: usize, const CAP: usize>(
    plan: &mut Plan<N, CAP>,
    sink: &mut Sink<'_, N>,
    output: Output,
) {
    let sides = plan.sides;
    let one = plan.inner();
    let all = match plan.loops() {
        [] => core::slice::from_ref(&one),
        loops => loops,
    };
    let mut small = MaybeUninit::<Small<N>>::uninit();
    let scratch = Scratch::new(small.as_mut_ptr().cast(), SCRATCH);
    // Whole loops from the inside, then a part of the next one.
    let capacity = scratch.capacity(&sides);
    let mut whole = all.len();
    let mut size = 1;
    while whole > 0 && size * all[whole - 1].extent <= capacity {
        whole -= 1;
        size *= all[whole].extent;
    }
    let part = whole.saturating_sub(1);
    let (split, high) = if whole == 0 { (all[0], all[0].extent) } else { (all[part], capacity / size) };
    let mut tile = [one; CAP];
    let tile = &mut tile[..all.len() - part];
    tile.copy_from_slice(&all[part..]);
    tile[0].extent = high;
    let forms = forms(&sides, |k, item| {
        let mut packed = item;
        let mut contiguous = true;
        for l in tile.iter().rev() {
            contiguous &= l.strides[k] == packed || l.extent == 1;
            packed *= l.extent;
        }
        if contiguous {
            Some(Form::Direct)
        } else {
            tile.iter().all(|l| l.strides[k] == 0).then_some(Form::Single)
        }
    });
    follow(plan, sink, from_memory(plan), false);
    for (asks, form) in sink.follow.iter_mut().zip(forms) {
        *asks &= form == Form::Direct;
    }
    let mut tiles = Tiles::new(&sides, forms, false, output, sink, scratch);
    plan.walk(all.len() - part, |data| {
        for i in (0..split.extent).step_by(high as usize) {
            tile[0].extent = high.min(split.extent - i);
            let at = |k: usize| data[k].wrapping_offset((i * split.strides[k]) as isize);
            // SAFETY: as the caller vouches; the tile has at most `capacity` elements.
            unsafe { tiles.tile(tile, at, |_| None) };
        }
    });
}
