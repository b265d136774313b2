//! The driver of every operation that goes element by element: from strided operands to blocks that a kernel takes.
//!
//! A kernel computes rows of contiguous elements of its own dtypes. The driver plans the loops and then, from the best
//! case to the worst:
//!
//! ```text
//!   rows     every operand is contiguous (or constant) along a long inner loop: the kernel runs on the operands
//!   tiles    else: a tile of the two inner loops (or, when rows are short, of as many as fill it); operands that
//!            are contiguous over it are used where they are, the others are packed into L1 scratch and converted,
//!            the result is converted and put back
//! ```
//!
//! So a strided, transposed, broadcast or differently typed operand costs one pass through L1, and the arithmetic
//! always runs on unit stride. An input whose tile has not moved (a row added to every row) is packed once.

use core::mem::MaybeUninit;

use libstrided_layout::nest::{Loop, Nest, SMALL_NDIM};
use libstrided_layout::{DType, Error, MAX_NDIM, Result};

use crate::Operand;
use crate::convert::Conversion;
use crate::relocate::{Step, relocate};

mod masked;
#[cfg(test)]
mod tests;

pub(crate) use masked::{Bits, run_masked};

/// Rows of elements of `N` operands, the last one the output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block<const N: usize> {
    /// Rows.
    pub(crate) rows: usize,
    /// Elements per row.
    pub(crate) n: usize,
    /// First element of each operand.
    pub(crate) data: [*mut u8; N],
    /// Bytes from one row to the next.
    pub(crate) strides: [isize; N],
    /// Which inputs are one element per row; never all of them, never the output.
    pub(crate) single: [bool; N],
}

/// The loop of an operation for its dtypes. It is only called with blocks whose inputs are valid for reading and whose
/// output is valid for writing. Where the output shares memory with an input, element `i` of both is the same element.
pub(crate) type Kernel<'a, const N: usize> = &'a dyn Fn(&Block<N>);

/// This many rows are worth running one by one, however short they are.
const FEW: i64 = 16;

/// Inner loops of at least this length are worth running by themselves.
const LONG: i64 = 32;

/// Bytes of L1 scratch per operand.
const SCRATCH: usize = 8192;

/// Runs a kernel over operands of one shape. `dtypes` are those that the kernel reads and writes; operands of other
/// dtypes are converted.
///
/// # Safety
/// Every element of the inputs must be valid for reading and of the output for writing. The output must not overlap
/// itself, and must not overlap an input, except that an input of the same dtype may have the same address and strides.
#[inline]
pub(crate) unsafe fn run<const N: usize>(
    shape: &[i64],
    operands: [Operand<'_>; N],
    dtypes: [DType; N],
    kernel: Kernel<'_, N>,
) -> Result<()> {
    // SAFETY: as the caller vouches.
    unsafe { drive(shape, operands, dtypes, kernel, Output::Written) }
}

/// What a kernel does to the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    /// Every element is written, none is read.
    Written,
    /// Elements that the kernel does not write are kept.
    Merged,
}

/// [`run`], for kernels that write all of the output or only some of it.
///
/// # Safety
/// As [`run`].
#[inline]
unsafe fn drive<const N: usize>(
    shape: &[i64],
    operands: [Operand<'_>; N],
    dtypes: [DType; N],
    kernel: Kernel<'_, N>,
    output: Output,
) -> Result<()> {
    // SAFETY: as the caller vouches, in each branch.
    unsafe {
        if let Some(n) = packed(shape, &operands, &dtypes) {
            if n > 0 {
                kernel(&Block {
                    rows: 1,
                    n: n as usize,
                    data: operands.map(|operand| operand.data),
                    strides: [0; N],
                    single: [false; N],
                });
            }
            Ok(())
        } else if let Some(block) = few_rows(shape, &operands, &dtypes) {
            kernel(&block);
            Ok(())
        } else if shape.len() <= SMALL_NDIM {
            planned::<N, SMALL_NDIM>(shape, operands, dtypes, kernel, output)
        } else {
            planned::<N, MAX_NDIM>(shape, operands, dtypes, kernel, output)
        }
    }
}

/// The number of elements when all operands are C-contiguous and of the kernel's dtypes: the case that needs no plan.
#[inline]
fn packed<const N: usize>(shape: &[i64], operands: &[Operand<'_>; N], dtypes: &[DType; N]) -> Option<i64> {
    let mut size = 1;
    for (axis, &extent) in shape.iter().enumerate().rev() {
        if extent == 0 {
            return Some(0);
        }
        if extent != 1 {
            for operand in operands {
                if *operand.strides.get(axis)? != operand.itemsize * size {
                    return None;
                }
            }
        }
        size *= extent;
    }
    (0..N).all(|k| operands[k].dtype == dtypes[k]).then_some(size)
}

/// The block of an array of one or two axes whose rows the kernel can run along as they are, when there is nothing to
/// gain from a plan: rows are long, or there are only a few of them.
#[inline]
fn few_rows<const N: usize>(
    shape: &[i64],
    operands: &[Operand<'_>; N],
    dtypes: &[DType; N],
) -> Option<Block<N>> {
    let (rows, n) = match *shape {
        [n] => (1, n),
        [rows, n] if rows <= FEW => (rows, n),
        _ => return None,
    };
    if n < 2 || rows < 1 {
        return None;
    }
    let mut block = Block {
        rows: rows as usize,
        n: n as usize,
        data: operands.map(|operand| operand.data),
        strides: [0; N],
        single: [false; N],
    };
    for k in 0..N {
        let (along, down) = match *operands[k].strides {
            [along] => (along, 0),
            [down, along] => (along, down),
            _ => return None,
        };
        block.strides[k] = down as isize;
        block.single[k] = along == 0;
        if operands[k].dtype != dtypes[k] || along != 0 && along != operands[k].itemsize {
            return None;
        }
    }
    let fits = !block.single[N - 1] && !block.single[..N - 1].iter().all(|&s| s);
    fits.then_some(block)
}

/// Everything about an operand but where it is.
#[derive(Clone, Copy)]
struct Side {
    /// Bytes per element in memory.
    memory: usize,
    /// Bytes per element in the kernel.
    kernel: usize,
    /// From memory to kernel for an input, from kernel to memory for the output; none when they are the same.
    conversion: Option<Conversion>,
}

#[inline(never)]
unsafe fn planned<const N: usize, const CAP: usize>(
    shape: &[i64],
    mut operands: [Operand<'_>; N],
    dtypes: [DType; N],
    kernel: Kernel<'_, N>,
    output: Output,
) -> Result<()> {
    let nest = Nest::<N, CAP>::plan(shape, operands.map(|operand| operand.strides))?;
    if nest.is_empty() {
        return Ok(());
    }
    let mut sides = [Side { memory: 0, kernel: 0, conversion: None }; N];
    for k in 0..N {
        let (from, to) =
            if k + 1 < N { (operands[k].dtype, dtypes[k]) } else { (dtypes[k], operands[k].dtype) };
        sides[k] = Side {
            memory: operands[k].itemsize as usize,
            kernel: dtypes[k].size() as usize,
            conversion: None,
        };
        if from != to {
            let conversion = Conversion::new(from, to).ok_or(Error::UnsupportedDType { dtype: from })?;
            sides[k].conversion = Some(conversion);
        }
    }
    // A constant of another dtype is converted once.
    let mut constants = [[0u64; 2]; N];
    for k in 0..N - 1 {
        if let Some(conversion) = sides[k].conversion
            && nest.loops().iter().all(|l| l.strides[k] == 0)
        {
            let constant = (&raw mut constants[k]) as *mut u8;
            // SAFETY: one element, which the caller vouches for; the largest element has 16 bytes.
            unsafe { conversion.run(operands[k].data, constant, 1) };
            operands[k].data = constant;
            sides[k] = Side { memory: sides[k].kernel, conversion: None, ..sides[k] };
        }
    }
    let start = nest.start();
    let data: [*mut u8; N] = core::array::from_fn(|k| operands[k].data.wrapping_offset(start[k] as isize));
    let (outer, inner) = innermost(&nest, &sides);
    // SAFETY: as the caller vouches.
    unsafe {
        match rows(&inner, &sides) {
            Some(single) if inner.extent >= LONG || nest.loops().len() <= 1 => {
                walk(&nest, 2, data, |data| {
                    kernel(&Block {
                        rows: outer.extent as usize,
                        n: inner.extent as usize,
                        data,
                        strides: outer.strides.map(|s| s as isize),
                        single,
                    });
                });
            }
            _ if inner.extent >= LONG => two_loops(&nest, &sides, data, kernel, output),
            _ => many_loops(&nest, &sides, data, kernel, output),
        }
    }
    Ok(())
}

/// The two innermost loops, with loops of one step where there are fewer.
fn innermost<const N: usize, const CAP: usize>(nest: &Nest<N, CAP>, sides: &[Side; N]) -> (Loop<N>, Loop<N>) {
    let one = |strides| Loop { extent: 1, strides };
    let contiguous = core::array::from_fn(|k| sides[k].memory as i64);
    match *nest.loops() {
        [] => (one([0; N]), one(contiguous)),
        [inner] => (one([0; N]), inner),
        [.., outer, inner] => (outer, inner),
    }
}

/// Which inputs are one element per row, when the kernel can run along this loop as it is.
fn rows<const N: usize>(inner: &Loop<N>, sides: &[Side; N]) -> Option<[bool; N]> {
    let single: [bool; N] = core::array::from_fn(|k| k + 1 < N && inner.strides[k] == 0);
    let fits = (0..N)
        .all(|k| sides[k].conversion.is_none() && (single[k] || inner.strides[k] == sides[k].kernel as i64));
    (fits && !single[..N - 1].iter().all(|&s| s)).then_some(single)
}

/// Visits all positions of the loops outside the innermost `inner` ones.
fn walk<const N: usize, const CAP: usize>(
    nest: &Nest<N, CAP>,
    inner: usize,
    data: [*mut u8; N],
    mut visit: impl FnMut([*mut u8; N]),
) {
    let start = nest.start();
    let Ok(()) = nest.walk(inner, |offsets| {
        visit(core::array::from_fn(|k| data[k].wrapping_offset((offsets[k] - start[k]) as isize)));
        Ok::<(), core::convert::Infallible>(())
    });
}

/// L1 scratch: one buffer per operand and one for elements on their way through a conversion.
#[repr(C, align(64))]
struct Scratch<const N: usize> {
    packed: [MaybeUninit<[u8; SCRATCH]>; N],
    raw: MaybeUninit<[u8; SCRATCH]>,
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

/// What the work on a tile needs, apart from its loops.
struct Tiles<'a, const N: usize> {
    sides: &'a [Side; N],
    forms: [Form; N],
    /// Whether the kernel sees one row per step of the inner loop's parent, or the whole tile as one row.
    by_rows: bool,
    kernel: Kernel<'a, N>,
    output: Output,
    scratch: &'a mut Scratch<N>,
    /// The tile that lies packed in scratch: its address and number of elements.
    last: [(*mut u8, usize); N],
}

impl<const N: usize> Tiles<'_, N> {
    /// Packs, computes and unpacks one tile.
    ///
    /// # Safety
    /// As [`run`]; the tile has no more elements than fit into scratch.
    unsafe fn tile(&mut self, loops: &[Loop<N>], data: [*mut u8; N]) {
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
                if k + 1 == N {
                    if self.output == Output::Merged {
                        // SAFETY: as the caller vouches.
                        unsafe { self.pack(k, loops, count, address) };
                    }
                } else if self.last[k] != (address, count) {
                    // SAFETY: as the caller vouches.
                    unsafe { self.pack(k, loops, count, address) };
                    self.last[k] = (address, count);
                }
                block.data[k] = self.scratch.packed[k].as_mut_ptr() as *mut u8;
                block.strides[k] = (n * self.sides[k].kernel) as isize;
            }
        }
        // SAFETY: the block is either the operands' own tile or scratch that holds as many elements.
        unsafe {
            (self.kernel)(&block);
            if self.forms[N - 1] == Form::Packed {
                self.unpack(loops, count, data[N - 1]);
            }
        }
    }

    /// Brings the tile of an input into its scratch.
    unsafe fn pack(&mut self, k: usize, loops: &[Loop<N>], count: usize, src: *const u8) {
        let side = &self.sides[k];
        let mut room = Steps::uninit();
        let steps = steps_of(loops, k, side.memory, &mut room);
        let packed = self.scratch.packed[k].as_mut_ptr() as *mut u8;
        let raw = self.scratch.raw.as_mut_ptr() as *mut u8;
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
        let packed = self.scratch.packed[N - 1].as_mut_ptr() as *mut u8;
        let raw = self.scratch.raw.as_mut_ptr() as *mut u8;
        // SAFETY: the tile is valid for writing and scratch holds its elements.
        unsafe {
            let from = match side.conversion {
                None => packed,
                Some(conversion) if is_run(steps, side.memory) => return conversion.run(packed, dst, count),
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

/// How many elements of every operand fit into its scratch.
fn capacity<const N: usize>(sides: &[Side; N]) -> i64 {
    let largest = sides.iter().map(|s| s.memory.max(s.kernel)).max().unwrap_or(1);
    (SCRATCH / largest.max(1)) as i64
}

/// Tiles of the two inner loops, where rows are long: the kernel sees rows.
#[inline(never)]
unsafe fn two_loops<const N: usize, const CAP: usize>(
    nest: &Nest<N, CAP>,
    sides: &[Side; N],
    data: [*mut u8; N],
    kernel: Kernel<'_, N>,
    output: Output,
) {
    let (outer, inner) = innermost(nest, sides);
    let mut forms: [Form; N] = core::array::from_fn(|k| {
        if sides[k].conversion.is_none() && inner.strides[k] == sides[k].kernel as i64 {
            Form::Direct
        } else if sides[k].conversion.is_none() && inner.strides[k] == 0 && k + 1 < N {
            Form::Single
        } else {
            Form::Packed
        }
    });
    if forms[..N - 1].iter().all(|&form| form == Form::Single) {
        forms[0] = Form::Packed;
    }
    let across = (0..N).any(|k| {
        let (o, i) = (outer.strides[k].unsigned_abs(), inner.strides[k].unsigned_abs());
        forms[k] == Form::Packed && o != 0 && o < i
    });
    let capacity = capacity(sides);
    let (high, wide) = if across {
        let high = outer.extent.min(32);
        (high, inner.extent.min(capacity / high))
    } else {
        let wide = inner.extent.min(capacity);
        (outer.extent.min(capacity / wide), wide)
    };
    let mut scratch = MaybeUninit::<Scratch<N>>::uninit();
    let mut tiles = Tiles {
        sides,
        forms,
        by_rows: true,
        kernel,
        output,
        // SAFETY: every field of `Scratch` may be uninitialised.
        scratch: unsafe { scratch.assume_init_mut() },
        last: [(core::ptr::null_mut(), 0); N],
    };
    walk(nest, 2, data, |data| {
        for i in (0..outer.extent).step_by(high as usize) {
            for j in (0..inner.extent).step_by(wide as usize) {
                let loops = [
                    Loop { extent: high.min(outer.extent - i), ..outer },
                    Loop { extent: wide.min(inner.extent - j), ..inner },
                ];
                let at = core::array::from_fn(|k| {
                    data[k].wrapping_offset((i * outer.strides[k] + j * inner.strides[k]) as isize)
                });
                // SAFETY: as the caller vouches; the tile has at most `capacity` elements.
                unsafe { tiles.tile(&loops, at) };
            }
        }
    });
}

/// Tiles of as many inner loops as fit, where rows are short: the kernel sees each tile as one long row.
#[inline(never)]
unsafe fn many_loops<const N: usize, const CAP: usize>(
    nest: &Nest<N, CAP>,
    sides: &[Side; N],
    data: [*mut u8; N],
    kernel: Kernel<'_, N>,
    output: Output,
) {
    let (_, one) = innermost(nest, sides);
    let all = match nest.loops() {
        [] => core::slice::from_ref(&one),
        loops => loops,
    };
    // Whole loops from the inside, then a part of the next one.
    let capacity = capacity(sides);
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
    let mut forms: [Form; N] = core::array::from_fn(|k| {
        let mut packed = sides[k].kernel as i64;
        let mut contiguous = true;
        for l in tile.iter().rev() {
            contiguous &= l.strides[k] == packed || l.extent == 1;
            packed *= l.extent;
        }
        if sides[k].conversion.is_none() && contiguous {
            Form::Direct
        } else if sides[k].conversion.is_none() && k + 1 < N && tile.iter().all(|l| l.strides[k] == 0) {
            Form::Single
        } else {
            Form::Packed
        }
    });
    if forms[..N - 1].iter().all(|&form| form == Form::Single) {
        forms[0] = Form::Packed;
    }
    let mut scratch = MaybeUninit::<Scratch<N>>::uninit();
    let mut tiles = Tiles {
        sides,
        forms,
        by_rows: false,
        kernel,
        output,
        // SAFETY: every field of `Scratch` may be uninitialised.
        scratch: unsafe { scratch.assume_init_mut() },
        last: [(core::ptr::null_mut(), 0); N],
    };
    walk(nest, all.len() - part, data, |data| {
        for i in (0..split.extent).step_by(high as usize) {
            tile[0].extent = high.min(split.extent - i);
            let at = core::array::from_fn(|k| data[k].wrapping_offset((i * split.strides[k]) as isize));
            // SAFETY: as the caller vouches; the tile has at most `capacity` elements.
            unsafe { tiles.tile(tile, at) };
        }
    });
}
