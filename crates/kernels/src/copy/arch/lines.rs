//! Kernels for tiles that one side walks through in small steps: every second item, items in reverse, planes dealt out
//! of pixels and pixels woven from planes.
//!
//! They are plain loops with steps that the compiler knows, compiled once for each level: it turns them into the shuffles
//! of the level. The tables of a tile say nothing about steps, so each kernel is only for tiles whose rows (or columns)
//! are known to be evenly apart.

use core::marker::PhantomData;
use core::mem::MaybeUninit;

use crate::copy::plan::Axis;
use crate::copy::tile::{Tile, TileFn};

/// What is even about a tile, in items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::copy) enum Shape {
    /// Rows begin this many items apart, and items of a column are packed.
    Step(isize),
    /// Rows begin any number of bytes apart, always the same, and items of a column are packed.
    Evenly,
    /// So many columns, packed in the source, where a row follows the other: pixels to planes.
    Deal(usize),
    /// So many rows, packed in the destination, where a column follows the other: planes to pixels.
    Weave(usize),
}

/// A kernel, before it is compiled for a level.
pub(super) trait Line {
    /// Moves one repetition of the tile.
    ///
    /// # Safety
    /// As [`TileFn`], for the tile moved to `src` and `dst`; it has the shape that the kernel is for.
    unsafe fn once(t: &Tile<'_>, src: *const u8, dst: *mut u8);
}

/// A level, to compile kernels for.
pub(super) trait Compile {
    /// The kernel for all repetitions.
    fn tile<L: Line>() -> TileFn;
}

/// All repetitions of a tile.
///
/// # Safety
/// As [`Line::once`].
#[inline(always)]
pub(super) unsafe fn run<L: Line>(t: &Tile<'_>) {
    let Axis { n, s, d } = t.times;
    let (mut src, mut dst) = (t.src, t.dst);
    for _ in 0..n {
        // SAFETY: the caller's promise, for one of the repetitions.
        unsafe { L::once(t, src, dst) };
        src = src.wrapping_offset(s);
        dst = dst.wrapping_offset(d);
    }
}

/// The kernel for a shape and an item size.
pub(super) fn pick<C: Compile>(shape: Shape, item: usize) -> Option<TileFn> {
    match item {
        1 => pick_for::<C, u8>(shape),
        2 => pick_for::<C, u16>(shape),
        4 => pick_for::<C, u32>(shape),
        8 => pick_for::<C, u64>(shape),
        16 if shape == Shape::Evenly => Some(C::tile::<Evenly<u128>>()),
        _ => None,
    }
}

fn pick_for<C: Compile, T: Copy>(shape: Shape) -> Option<TileFn> {
    Some(match shape {
        Shape::Step(0) => C::tile::<Step<T, 0>>(),
        Shape::Step(-1) => C::tile::<Step<T, -1>>(),
        Shape::Step(-2) => C::tile::<Step<T, -2>>(),
        Shape::Step(2) => C::tile::<Step<T, 2>>(),
        Shape::Step(3) => C::tile::<Step<T, 3>>(),
        Shape::Step(4) => C::tile::<Step<T, 4>>(),
        Shape::Evenly => C::tile::<Evenly<T>>(),
        Shape::Deal(2) => C::tile::<Deal<T, 2>>(),
        Shape::Deal(3) => C::tile::<Deal<T, 3>>(),
        Shape::Deal(4) => C::tile::<Deal<T, 4>>(),
        Shape::Weave(2) => C::tile::<Weave<T, 2>>(),
        Shape::Weave(3) => C::tile::<Weave<T, 3>>(),
        Shape::Weave(4) => C::tile::<Weave<T, 4>>(),
        _ => return None,
    })
}

/// An item at any address, of any bits, even none yet: outputs need not be initialised.
#[derive(Clone, Copy)]
#[repr(C, packed)]
struct Any<T: Copy>(MaybeUninit<T>);

struct Step<T, const S: isize>(PhantomData<T>);

impl<T: Copy, const S: isize> Line for Step<T, S> {
    #[inline(always)]
    unsafe fn once(t: &Tile<'_>, src: *const u8, dst: *mut u8) {
        for (a, &column) in t.columns.iter().enumerate() {
            let from = src.wrapping_offset(a as isize * t.src_step).cast::<Any<T>>();
            let to = dst.wrapping_offset(column).cast::<Any<T>>();
            if S == 0 {
                // SAFETY: item (a, 0), and where all items of the column go.
                unsafe { over_and_over(*from, to, t.even.0) };
                continue;
            }
            for b in 0..t.even.0 {
                // SAFETY: item (a, b): rows are `S` items apart, columns packed.
                unsafe { *to.add(b) = *from.offset(b as isize * S) };
            }
        }
    }
}

struct Evenly<T>(PhantomData<T>);

impl<T: Copy> Line for Evenly<T> {
    #[inline(always)]
    unsafe fn once(t: &Tile<'_>, src: *const u8, dst: *mut u8) {
        const AT_ONCE: usize = 4;
        let step = t.rows.get(1).copied().unwrap_or(0);
        for (a, &column) in t.columns.iter().enumerate() {
            let mut from = src.wrapping_offset(a as isize * t.src_step);
            let to = dst.wrapping_offset(column).cast::<Any<T>>();
            let mut b = 0;
            // SAFETY: item (a, b): rows are `step` bytes apart, columns packed.
            unsafe {
                while b + AT_ONCE <= t.even.0 {
                    for i in 0..AT_ONCE {
                        *to.add(b + i) = *from.wrapping_offset(i as isize * step).cast::<Any<T>>();
                    }
                    from = from.wrapping_offset(AT_ONCE as isize * step);
                    b += AT_ONCE;
                }
                while b < t.even.0 {
                    *to.add(b) = *from.cast::<Any<T>>();
                    from = from.wrapping_offset(step);
                    b += 1;
                }
            }
        }
    }
}

/// Writes an item `n` times.
///
/// # Safety
/// So many can be written.
#[inline(always)]
unsafe fn over_and_over<T: Copy>(item: Any<T>, to: *mut Any<T>, n: usize) {
    const MANY: usize = 32;
    // Written out, because a loop over items that may have no bits yet is no loop over vectors.
    let many = [item; MANY];
    let mut done = 0;
    // SAFETY: items below `n`.
    unsafe {
        while done + MANY <= n {
            to.add(done).cast::<[Any<T>; MANY]>().write(many);
            done += MANY;
        }
        for i in done..n {
            *to.add(i) = item;
        }
    }
}

/// `count` items from `at` on.
///
/// # Safety
/// They can be read, and are not written as long as this lives.
#[inline(always)]
unsafe fn items<'a, T: Copy>(at: *const u8, count: usize) -> &'a [Any<T>] {
    // SAFETY: the caller's promise; `Any` may lie at any address.
    unsafe { core::slice::from_raw_parts(at.cast(), count) }
}

/// `count` items from `at` on, to be written.
///
/// # Safety
/// They can be read and written, and are only used by way of this as long as it lives.
#[inline(always)]
unsafe fn items_mut<'a, T: Copy>(at: *mut u8, count: usize) -> &'a mut [Any<T>] {
    // SAFETY: the caller's promise; `Any` may lie at any address.
    unsafe { core::slice::from_raw_parts_mut(at.cast(), count) }
}

struct Deal<T, const C: usize>(PhantomData<T>);

impl<T: Copy, const C: usize> Line for Deal<T, C> {
    #[inline(always)]
    unsafe fn once(t: &Tile<'_>, src: *const u8, dst: *mut u8) {
        let n = t.even.0;
        // SAFETY: `n` packed pixels of `C` items.
        let pixels = unsafe { items::<T>(src, n * C) };
        // SAFETY: column `c` of the tile, `n` packed items that nothing else overlaps.
        let plane = |c: usize| unsafe { items_mut::<T>(dst.wrapping_offset(t.columns[c]), n) };
        match C {
            2 => deal2(pixels, plane(0), plane(1)),
            3 => deal3(pixels, plane(0), plane(1), plane(2)),
            _ => deal4(pixels, plane(0), plane(1), plane(2), plane(3)),
        }
    }
}

#[inline(always)]
fn deal2<T: Copy>(pixels: &[T], x: &mut [T], y: &mut [T]) {
    for (i, pixel) in pixels.chunks_exact(2).enumerate().take(x.len().min(y.len())) {
        x[i] = pixel[0];
        y[i] = pixel[1];
    }
}

#[inline(always)]
fn deal3<T: Copy>(pixels: &[T], x: &mut [T], y: &mut [T], z: &mut [T]) {
    let n = x.len().min(y.len()).min(z.len());
    for (i, pixel) in pixels.chunks_exact(3).enumerate().take(n) {
        x[i] = pixel[0];
        y[i] = pixel[1];
        z[i] = pixel[2];
    }
}

#[inline(always)]
fn deal4<T: Copy>(pixels: &[T], x: &mut [T], y: &mut [T], z: &mut [T], w: &mut [T]) {
    let n = x.len().min(y.len()).min(z.len()).min(w.len());
    for (i, pixel) in pixels.chunks_exact(4).enumerate().take(n) {
        x[i] = pixel[0];
        y[i] = pixel[1];
        z[i] = pixel[2];
        w[i] = pixel[3];
    }
}

struct Weave<T, const C: usize>(PhantomData<T>);

impl<T: Copy, const C: usize> Line for Weave<T, C> {
    #[inline(always)]
    unsafe fn once(t: &Tile<'_>, src: *const u8, dst: *mut u8) {
        let n = t.even.1;
        // The first column is where the pixels begin.
        // SAFETY: `n` packed pixels of `C` items, which nothing else overlaps.
        let pixels = unsafe { items_mut::<T>(dst.wrapping_offset(t.columns[0]), n * C) };
        // SAFETY: row `c` of the tile, `n` packed items.
        let plane = |c: usize| unsafe { items::<T>(src.wrapping_offset(t.rows[c]), n) };
        match C {
            2 => {
                let (x, y) = (plane(0), plane(1));
                for (i, pixel) in pixels.chunks_exact_mut(2).enumerate().take(n) {
                    pixel[0] = x[i];
                    pixel[1] = y[i];
                }
            }
            3 => {
                let (x, y, z) = (plane(0), plane(1), plane(2));
                for (i, pixel) in pixels.chunks_exact_mut(3).enumerate().take(n) {
                    pixel[0] = x[i];
                    pixel[1] = y[i];
                    pixel[2] = z[i];
                }
            }
            _ => {
                let (x, y, z, w) = (plane(0), plane(1), plane(2), plane(3));
                for (i, pixel) in pixels.chunks_exact_mut(4).enumerate().take(n) {
                    pixel[0] = x[i];
                    pixel[1] = y[i];
                    pixel[2] = z[i];
                    pixel[3] = w[i];
                }
            }
        }
    }
}
