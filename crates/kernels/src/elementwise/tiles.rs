//! Which loops make a tile, and how each operand of a tile is handed to the kernel.
//!
//! ```text
//!   two loops     the innermost one, and the one along which an operand runs that disagrees (else the next): rows
//!   many loops    as many inner loops as fit, where the innermost one is short: the kernel sees one long row
//! ```
//!
//! Measured on Zen 4 for f64 in C order plus f64 in F order, larger than the caches: tiles of 32 x 128 elements, both
//! sides begun at lines, the next tile brought near while one is computed; see the example `elementwise_cases`.

use core::mem::MaybeUninit;

use aligned_vec::{AVec, ConstAlign};
use libstrided_layout::MAX_NDIM;
use libstrided_layout::nest::Loop;

use super::plan::{Plan, Side};
use super::sink::{Ahead, Sink};
use super::stream::{self, LINE, PIECE, Stream};
use super::{Block, Kernel, Output};
use crate::relocate::{Step, relocate};

/// Inner loops of at least this length are worth running by themselves.
const LONG: i64 = 32;

/// Bytes of an operand that runs across a tile, from its first row to its last.
const ACROSS: usize = 256;

/// Bytes of scratch per operand: tiles of operands that stay in the caches, and of larger ones.
const SCRATCH: usize = 8192;
const LARGE_SCRATCH: usize = 32768;

/// Runs the kernel over the plan.
///
/// # Safety
/// As [`run`](super::run), for the operands of the plan.
pub(super) unsafe fn run<const N: usize, const CAP: usize>(
    plan: &mut Plan<N, CAP>,
    kernel: Kernel<'_, N>,
    output: Output,
) {
    let mut room = MaybeUninit::uninit();
    let large = output == Output::Written && stream::is_large(plan.bytes(N - 1)) && !plan.is_in_place();
    let stream = if large { Stream::new(&mut room) } else { None };
    let sizes = plan.sides.map(|side| side.kernel);
    let mut sink = Sink { kernel, sizes, stream, follow: None, ahead: [Ahead::NONE; N] };
    let inner = plan.inner();
    // SAFETY: as the caller vouches.
    unsafe {
        match rows(&inner, &plan.sides) {
            Some(single) if inner.extent >= LONG || plan.loops().len() <= 1 => {
                in_rows(plan, &mut sink, single);
            }
            _ if inner.extent >= LONG => two_loops(plan, &mut sink, output),
            _ => many_loops(plan, &mut sink, output),
        }
        sink.finish();
    }
}

/// Which inputs are one element per row, when the kernel can run along this loop as it is.
fn rows<const N: usize>(inner: &Loop<N>, sides: &[Side; N]) -> Option<[bool; N]> {
    let single: [bool; N] = core::array::from_fn(|k| k + 1 < N && inner.strides[k] == 0);
    let fits = (0..N)
        .all(|k| sides[k].conversion.is_none() && (single[k] || inner.strides[k] == sides[k].kernel as i64));
    (fits && !single[..N - 1].iter().all(|&s| s)).then_some(single)
}

/// No tiles: the kernel runs along the rows of the operands.
///
/// # Safety
/// As [`run`].
unsafe fn in_rows<const N: usize, const CAP: usize>(
    plan: &Plan<N, CAP>,
    sink: &mut Sink<'_, N>,
    single: [bool; N],
) {
    let inner = plan.inner();
    let outer = match *plan.loops() {
        [.., outer, _] => outer,
        _ => Loop { extent: 1, strides: [0; N] },
    };
    sink.follow = from_memory(plan);
    plan.walk(2, |data| {
        let block = Block {
            rows: outer.extent as usize,
            n: inner.extent as usize,
            data,
            strides: outer.strides.map(|s| s as isize),
            single,
        };
        // SAFETY: as the caller vouches.
        unsafe { sink.block(&block) };
    });
}

/// The only input that is too large for the caches, if it is only one.
fn from_memory<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>) -> Option<usize> {
    let mut large = (0..N - 1).filter(|&k| stream::is_large(plan.bytes(k)));
    large.next().filter(|_| large.next().is_none())
}

/// How an operand of a tile is handed to the kernel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Where it is.
    Direct,
    /// Where it is, one element per row.
    Single,
    /// Through scratch.
    Packed,
}

/// Scratch on the stack.
#[repr(C, align(64))]
struct Small<const N: usize>([MaybeUninit<[u8; SCRATCH]>; N], MaybeUninit<[u8; SCRATCH]>);

/// One piece of scratch per operand, and one for elements on their way through a conversion.
struct Scratch<const N: usize> {
    packed: [*mut u8; N],
    raw: *mut u8,
    /// Bytes of each.
    bytes: usize,
}

impl<const N: usize> Scratch<N> {
    fn new(at: *mut u8, bytes: usize) -> Scratch<N> {
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
struct Tiles<'a, 'b, const N: usize> {
    sides: &'a [Side; N],
    forms: [Form; N],
    /// Whether the kernel sees one row per step of the inner loop's parent, or the whole tile as one row.
    by_rows: bool,
    output: Output,
    sink: &'a mut Sink<'b, N>,
    scratch: Scratch<N>,
    /// The tile that lies packed in scratch: its address and number of elements.
    last: [(*mut u8, usize); N],
}

impl<const N: usize> Tiles<'_, '_, N> {
    /// Packs, computes and unpacks one tile; brings the tile at `next` near.
    ///
    /// # Safety
    /// As [`run`]; the tile has no more elements than fit into scratch.
    unsafe fn tile(&mut self, loops: &[Loop<N>], data: [*mut u8; N], next: Option<[*mut u8; N]>) {
        let count: usize = loops.iter().map(|l| l.extent as usize).product();
        let (rows, n) = match *loops {
            [outer, inner] if self.by_rows => (outer.extent as usize, inner.extent as usize),
            _ => (1, count),
        };
        let mut block = Block {
            rows,
            n,
            data,
            strides: core::array::from_fn(|k| if self.by_rows { loops[0].strides[k] as isize } else { 0 }),
            single: self.forms.map(|form| form == Form::Single),
        };
        for (k, &address) in data.iter().enumerate() {
            if self.forms[k] == Form::Packed {
                let fresh =
                    if k + 1 == N { self.output == Output::Merged } else { self.last[k] != (address, count) };
                if fresh {
                    // SAFETY: as the caller vouches.
                    unsafe { self.pack(k, loops, count, address) };
                    self.last[k] = (address, count);
                }
                block.data[k] = self.scratch.packed[k];
                block.strides[k] = (n * self.sides[k].kernel) as isize;
            }
        }
        if let (Some(next), [outer, inner]) = (next, loops) {
            self.look_ahead([*outer, *inner], next);
        }
        // SAFETY: the block is either the operands' own tile or scratch that holds as many elements.
        unsafe {
            if self.forms[N - 1] == Form::Packed {
                (self.sink.kernel)(&block);
                self.unpack(loops, count, data[N - 1]);
            } else {
                self.sink.block(&block);
            }
        }
    }

    /// Has the inputs of the tile at `next` asked for while a tile of the same loops is computed.
    fn look_ahead(&mut self, [outer, inner]: [Loop<N>; 2], next: [*mut u8; N]) {
        let bytes = (outer.extent * inner.extent) as usize * self.sides[N - 1].memory;
        for (k, &next) in next.iter().enumerate().take(N - 1) {
            let item = self.sides[k].memory;
            let (o, i) = (outer.strides[k] as isize, inner.strides[k] as isize);
            // Runs along the loop of the smaller steps; those that are long are only touched here and there.
            let (runs, step, n, along) = if o.unsigned_abs() < i.unsigned_abs() && outer.extent > 1 {
                (inner.extent, i, outer.extent, o)
            } else {
                (outer.extent, o, inner.extent, i)
            };
            let run = along.unsigned_abs() * (n - 1) as usize + item;
            let begin = next.wrapping_offset(along.min(0) * (n - 1) as isize);
            let skip =
                self.forms[k] == Form::Single || along.unsigned_abs() > 4 * item || step == 0 && runs > 1;
            self.sink.ahead[k] =
                if skip { Ahead::NONE } else { Ahead::new(begin, run, step, runs as usize, bytes) };
        }
    }

    /// Brings the tile of an input into its scratch.
    unsafe fn pack(&mut self, k: usize, loops: &[Loop<N>], count: usize, src: *const u8) {
        let side = &self.sides[k];
        let mut room = Steps::uninit();
        let steps = steps_of(loops, k, side.memory, &mut room);
        let (packed, raw) = (self.scratch.packed[k], self.scratch.raw);
        // SAFETY: the tile is valid for reading and fits into scratch.
        unsafe {
            match side.conversion {
                None => relocate(steps, side.memory, src, packed),
                Some(conversion) if is_run(steps, side.memory) => conversion.run(src, packed, count),
                Some(conversion) => {
                    relocate(steps, side.memory, src, raw);
                    conversion.run(raw, packed, count);
                }
            }
        }
    }

    /// Puts the tile of the output, which lies in its scratch, where it belongs.
    unsafe fn unpack(&mut self, loops: &[Loop<N>], count: usize, dst: *mut u8) {
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

/// Whether the source of these steps is contiguous and in order.
pub(crate) fn is_run(steps: &[Step], item: usize) -> bool {
    match steps {
        [] => true,
        [one] => one.src == item as isize,
        _ => false,
    }
}

/// Room for the steps of a tile.
pub(crate) type Steps = MaybeUninit<[Step; MAX_NDIM]>;

/// The loops of a tile as moves from operand `k` to packed scratch; loops that the operand walks as one are merged.
pub(crate) fn steps_of<'a, const N: usize>(
    loops: &[Loop<N>],
    k: usize,
    item: usize,
    room: &'a mut Steps,
) -> &'a mut [Step] {
    let end = room.as_mut_ptr().cast::<Step>().wrapping_add(MAX_NDIM);
    let mut first = end;
    let mut packed = item as isize;
    for l in loops.iter().rev() {
        let n = l.extent as usize;
        let stride = l.strides[k] as isize;
        if n > 1 {
            // SAFETY: there are at most `MAX_NDIM` loops, so `first` stays within the room; it has been written unless
            // it is the end.
            unsafe {
                if first != end && (*first).src * (*first).n as isize == stride {
                    (*first).n *= n;
                } else {
                    first = first.sub(1);
                    first.write(Step { n, src: stride, dst: packed });
                }
            }
        }
        packed *= n as isize;
    }
    // SAFETY: everything from `first` to the end of the room has been written.
    unsafe {
        let len = end.offset_from(first) as usize;
        core::slice::from_raw_parts_mut(first, len)
    }
}

/// The loop outside the innermost one along which an input runs that does not run along the innermost one; the first
/// such input of the most bytes decides.
fn across<const N: usize, const CAP: usize>(plan: &Plan<N, CAP>) -> Option<usize> {
    let (outer, inner) = plan.loops().split_at(plan.loops().len().saturating_sub(1));
    let inner = inner.first()?;
    let mut found = None;
    for k in 0..N {
        // A broadcast loop runs nowhere.
        let runs = |l: &Loop<N>| (l.strides[k] != 0).then(|| l.strides[k].unsigned_abs());
        let Some(best) =
            (0..outer.len()).filter(|&i| runs(&outer[i]).is_some()).min_by_key(|&i| runs(&outer[i]))
        else {
            continue;
        };
        let disagrees = runs(inner).is_some_and(|along| runs(&outer[best]) < Some(along));
        if disagrees && found.is_none_or(|(_, bytes)| bytes < plan.sides[k].memory) {
            found = Some((best, plan.sides[k].memory));
        }
    }
    found.map(|(which, _)| which)
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
    let turned = across(plan);
    if let Some(which) = turned {
        plan.bring_inwards(which);
    }
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
    let large = turned.is_some() && sink.stream.is_some();
    let (mut small, mut heap) = (MaybeUninit::<Small<N>>::uninit(), AVec::<u8, ConstAlign<LINE>>::new(LINE));
    let scratch = if large && heap.try_reserve_exact((N + 1) * LARGE_SCRATCH).is_ok() {
        Scratch::new(heap.as_mut_ptr(), LARGE_SCRATCH)
    } else {
        Scratch::new(small.as_mut_ptr().cast(), SCRATCH)
    };
    let capacity = scratch.capacity(&sides);
    let (high, wide) = if turned.is_some() {
        let item = sides.iter().map(|side| side.memory).min().unwrap_or(1);
        let high = outer.extent.min((ACROSS / item) as i64);
        (high, inner.extent.min(capacity / high))
    } else {
        let wide = inner.extent.min(capacity);
        (outer.extent.min(capacity / wide), wide)
    };
    // The operand that runs across, whose runs are best cut at lines.
    let turned = (0..N - 1).find(|&k| forms[k] == Form::Packed && outer.strides[k] == sides[k].memory as i64);
    let ahead = sink.stream.is_some() && forms[N - 1] == Form::Direct;
    let mut tiles = Tiles {
        sides: &sides,
        forms,
        by_rows: true,
        output,
        sink,
        scratch,
        last: [(core::ptr::null_mut(), 0); N],
    };
    plan.walk(2, |data| {
        let first = |k: usize| (LINE - data[k].addr() % LINE) as i64 / sides[k].memory as i64;
        // Up to the first line, then whole tiles.
        let head_i = turned.filter(|_| large).map_or(high, |k| first(k).clamp(1, high));
        let head_j = if large { first(N - 1).clamp(1, wide) } else { wide };
        let at = |i: i64, j: i64| {
            core::array::from_fn(|k| {
                data[k].wrapping_offset((i * outer.strides[k] + j * inner.strides[k]) as isize)
            })
        };
        let (mut i, mut step_i) = (0, head_i);
        while i < outer.extent {
            let (mut j, mut step_j) = (0, head_j);
            while j < inner.extent {
                let loops = [
                    Loop { extent: step_i.min(outer.extent - i), ..outer },
                    Loop { extent: step_j.min(inner.extent - j), ..inner },
                ];
                let next = match j + step_j {
                    next if next < inner.extent => Some(at(i, next)),
                    _ if i + step_i < outer.extent => Some(at(i + step_i, 0)),
                    _ => None,
                };
                // SAFETY: as the caller vouches; the tile has at most `capacity` elements.
                unsafe { tiles.tile(&loops, at(i, j), next.filter(|_| ahead)) };
                j += step_j;
                step_j = wide;
            }
            i += step_i;
            step_i = high;
        }
    });
}

/// The form of each operand: as `fits` says for one without a conversion, else packed. At least one input is not single.
fn forms<const N: usize>(sides: &[Side; N], fits: impl Fn(usize, i64) -> Option<Form>) -> [Form; N] {
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
    sink.follow = from_memory(plan).filter(|&k| forms[k] == Form::Direct);
    let mut tiles = Tiles {
        sides: &sides,
        forms,
        by_rows: false,
        output,
        sink,
        scratch,
        last: [(core::ptr::null_mut(), 0); N],
    };
    plan.walk(all.len() - part, |data| {
        for i in (0..split.extent).step_by(high as usize) {
            tile[0].extent = high.min(split.extent - i);
            let at = core::array::from_fn(|k| data[k].wrapping_offset((i * split.strides[k]) as isize));
            // SAFETY: as the caller vouches; the tile has at most `capacity` elements.
            unsafe { tiles.tile(tile, at, None) };
        }
    });
}
