//! The loops of a search: which of two values is better, where a value is, and rows held against the best values.

use core::marker::PhantomData;

use libstrided_layout::DType;

use super::truth::Truths;
use crate::arch::{settled, step, vectorize};
use crate::cache::prefetch_run;
use crate::element::Complex;

/// Rows of contiguous elements that are held against the best elements so far.
pub(super) struct RowBlock {
    /// First element of the first row.
    pub(super) src: *const u8,
    /// Bytes from one row to the next.
    pub(super) stride: isize,
    /// Rows: at least 1, at most [`Search::rows_at_once`].
    pub(super) rows: usize,
    /// Elements per row.
    pub(super) n: usize,
    /// The index of the first row; 0 when there is no best element yet.
    pub(super) first: i64,
    /// The best elements.
    pub(super) best: *mut u8,
    /// Their indices, `i64`.
    pub(super) index: *mut u8,
    /// How far ahead memory is asked for, in bytes; 0 where the elements are near.
    pub(super) ahead: isize,
}

/// Rows of contiguous elements, in each of which the best one is looked for.
pub(super) struct Lines {
    /// First element of the first row.
    pub(super) src: *const u8,
    /// Bytes from one row to the next.
    pub(super) stride: isize,
    /// Rows.
    pub(super) rows: usize,
    /// Elements per row: at least 1, at most [`LONGEST`].
    pub(super) n: usize,
    /// Where the indices go, one after the other.
    pub(super) index: *mut i64,
    /// How far ahead memory is asked for, in bytes; 0 where the elements are near.
    pub(super) ahead: usize,
}

/// Rows of up to this many elements are searched in one pass.
pub(super) const LONGEST: usize = 8192;

/// Fewer rows are held against the best elements with care: whether that was needed takes longer to see.
const FEW: usize = 4;

/// The loops for a dtype.
#[derive(Clone, Copy)]
pub(super) struct Search {
    /// Columns of a strip of rows, where there are many and where there are few.
    pub(super) strips: [usize; 2],
    /// 1 when the first value is better than the second, 0 when they are as good, else -1.
    pub(super) compare: unsafe fn(*const u8, *const u8) -> i32,
    /// Whether nothing is better than this value.
    pub(super) is_nan: unsafe fn(*const u8) -> bool,
    /// The first of `n` elements that is as good as the value, which one of them is.
    pub(super) position: unsafe fn(*const u8, usize, *const u8) -> usize,
    /// See [`Lines`].
    pub(super) lines: unsafe fn(&Lines),
    /// See [`RowBlock`].
    pub(super) rows: unsafe fn(&RowBlock),
    /// Rows that their positions can be counted in.
    pub(super) rows_at_once: usize,
}

/// A type of elements that are in an order.
pub(super) trait Compared: Copy + 'static {
    /// As wide as the element, so that positions need no shuffles.
    type Position: Copy;
    const START: Self::Position;
    const MOST: usize;
    fn position(row: usize) -> Self::Position;
    fn to_i64(position: Self::Position) -> i64;
    fn less(self, other: Self) -> bool;
    fn same(self, other: Self) -> bool;
    fn nan(self) -> bool;
}

macro_rules! compared {
    ($($t:ty, $position:ident, $most:expr, |$x:ident, $y:ident| $less:expr, $nan:expr;)*) => {$(
        impl Compared for $t {
            type Position = $position;
            const START: $position = 0;
            const MOST: usize = $most;
            #[inline(always)]
            fn position(row: usize) -> $position {
                row as $position
            }
            #[inline(always)]
            fn to_i64(position: $position) -> i64 {
                position as i64
            }
            #[inline(always)]
            fn less(self, other: Self) -> bool {
                let ($x, $y) = (self, other);
                $less
            }
            #[inline(always)]
            fn same(self, other: Self) -> bool {
                self == other
            }
            #[inline(always)]
            fn nan(self) -> bool {
                let $x = self;
                $nan
            }
        }
    )*};
}
compared! {
    u8, u8, 255, |x, y| x < y, { let _ = x; false };
    i8, u8, 255, |x, y| x < y, { let _ = x; false };
    u16, u16, 4096, |x, y| x < y, { let _ = x; false };
    i16, u16, 4096, |x, y| x < y, { let _ = x; false };
    u32, u32, 4096, |x, y| x < y, { let _ = x; false };
    i32, u32, 4096, |x, y| x < y, { let _ = x; false };
    u64, u64, 4096, |x, y| x < y, { let _ = x; false };
    i64, u64, 4096, |x, y| x < y, { let _ = x; false };
    f32, u32, 4096, |x, y| x < y, x.is_nan();
    f64, u64, 4096, |x, y| x < y, x.is_nan();
    Complex<f32>, u64, 4096, |x, y| (x.re < y.re) | ((x.re == y.re) & (x.im < y.im)), x.re.is_nan() | x.im.is_nan();
    Complex<f64>, u64, 4096, |x, y| (x.re < y.re) | ((x.re == y.re) & (x.im < y.im)), x.re.is_nan() | x.im.is_nan();
}

/// The loops for a dtype.
pub(super) fn find(largest: bool, dtype: DType) -> Option<Search> {
    if largest { table::<true>(dtype) } else { table::<false>(dtype) }
}

fn table<const LARGEST: bool>(dtype: DType) -> Option<Search> {
    Some(match dtype {
        DType::Bool => Truths::<LARGEST>::SEARCH,
        DType::I8 => Loops::<i8, LARGEST>::SEARCH,
        DType::U8 => Loops::<u8, LARGEST>::SEARCH,
        DType::I16 => Loops::<i16, LARGEST>::SEARCH,
        DType::U16 => Loops::<u16, LARGEST>::SEARCH,
        DType::I32 => Loops::<i32, LARGEST>::SEARCH,
        DType::U32 => Loops::<u32, LARGEST>::SEARCH,
        DType::I64 => Loops::<i64, LARGEST>::SEARCH,
        DType::U64 => Loops::<u64, LARGEST>::SEARCH,
        DType::F32 => Loops::<f32, LARGEST>::SEARCH,
        DType::F64 => Loops::<f64, LARGEST>::SEARCH,
        DType::C64 => Loops::<Complex<f32>, LARGEST>::SEARCH,
        DType::C128 => Loops::<Complex<f64>, LARGEST>::SEARCH,
        _ => return None,
    })
}

pub(super) struct Loops<T, const LARGEST: bool>(PhantomData<T>);

impl<T: Compared, const LARGEST: bool> Loops<T, LARGEST> {
    pub(super) const SEARCH: Search = Search {
        strips: Self::STRIPS,
        compare: Self::compare,
        is_nan: Self::is_nan,
        position: Self::position,
        lines: Self::lines,
        rows: Self::rows,
        rows_at_once: T::MOST,
    };

    /// See [`Search::strips`].
    const STRIPS: [usize; 2] = match size_of::<T>() {
        1 | 2 => [64, 16],
        4 => [32, 8],
        _ => [16, 4],
    };

    /// Whether `x` comes before `best`; neither is a NaN.
    #[inline(always)]
    fn ahead(x: T, best: T) -> bool {
        if LARGEST { best.less(x) } else { x.less(best) }
    }

    /// Whether `x` takes the place of `best`.
    #[inline(always)]
    fn better(x: T, best: T) -> bool {
        (Self::ahead(x, best) | x.nan()) & !best.nan()
    }

    unsafe fn compare(x: *const u8, best: *const u8) -> i32 {
        // SAFETY: the caller passes two elements.
        let (x, best) = unsafe { ((x as *const T).read_unaligned(), (best as *const T).read_unaligned()) };
        i32::from(Self::better(x, best)) - i32::from(Self::better(best, x))
    }

    unsafe fn is_nan(x: *const u8) -> bool {
        // SAFETY: the caller passes an element.
        unsafe { (x as *const T).read_unaligned() }.nan()
    }

    unsafe fn position(src: *const u8, n: usize, value: *const u8) -> usize {
        // SAFETY: as the caller vouches.
        let value = unsafe { (value as *const T).read_unaligned() };
        let src = src as *const T;
        vectorize(
            #[inline(always)]
            move || {
                // SAFETY: the caller vouches for `n` elements.
                unsafe {
                    if value.nan() {
                        Self::first::<true>(src, n, value)
                    } else {
                        Self::first::<false>(src, n, value)
                    }
                }
            },
        )
    }

    /// Whether this element is one that is looked for: a NaN, or one that is equal.
    #[inline(always)]
    fn hit<const NAN: bool>(x: T, value: T) -> bool {
        if NAN { x.nan() } else { x.same(value) }
    }

    /// The first hit of `n` elements, the last one of them if there was none before.
    #[inline(always)]
    unsafe fn first<const NAN: bool>(src: *const T, n: usize, value: T) -> usize {
        let mut i = 0;
        // SAFETY: the caller vouches for `n` elements.
        unsafe {
            while i + 64 <= n && !Self::any_of::<64, NAN>(src.add(i), value) {
                i += 64;
            }
            while i + 8 <= n && !Self::any_of::<8, NAN>(src.add(i), value) {
                i += 8;
            }
            while i + 1 < n && !Self::hit::<NAN>(src.add(i).read_unaligned(), value) {
                i += 1;
            }
        }
        i
    }

    /// Whether there is a hit among the next `W` elements.
    #[inline(always)]
    unsafe fn any_of<const W: usize, const NAN: bool>(src: *const T, value: T) -> bool {
        // SAFETY: the caller vouches for them.
        let x = unsafe { (src as *const [T; W]).read_unaligned() };
        let mut any = false;
        for j in 0..W / 2 {
            any |= Self::hit::<NAN>(x[j], value) | Self::hit::<NAN>(x[W / 2 + j], value);
        }
        any
    }

    unsafe fn lines(lines: &Lines) {
        vectorize(
            #[inline(always)]
            move || {
                for row in 0..lines.rows {
                    let src = lines.src.wrapping_offset(row as isize * lines.stride) as *const T;
                    // SAFETY: the row, as the caller vouches, and one index.
                    unsafe {
                        let index = match const { size_of::<T>() } {
                            1 | 2 => Self::line::<64, 8>(src, lines.n, lines.ahead),
                            4 => Self::line::<32, 8>(src, lines.n, lines.ahead),
                            8 => Self::line::<16, 4>(src, lines.n, lines.ahead),
                            _ => Self::line::<4, 4>(src, lines.n, lines.ahead),
                        };
                        lines.index.add(row).write_unaligned(index as i64);
                    }
                }
            },
        );
    }

    /// Where the best of `n` elements is: in chunks of `W`, or of `V` where there are fewer.
    #[inline(always)]
    unsafe fn line<const W: usize, const V: usize>(src: *const T, n: usize, ahead: usize) -> usize {
        // SAFETY: as the caller vouches.
        let found = unsafe {
            if n >= W {
                Self::chunks::<W>(src, n, ahead)
            } else if n >= V {
                Self::chunks::<V>(src, n, 0)
            } else {
                Self::chunks::<1>(src, n, 0)
            }
        };
        // SAFETY: likewise; one of the elements is a NaN, and the first one wins.
        found.unwrap_or_else(|| unsafe { Self::first_nan(src, n) })
    }

    /// Where the best of at least `W` elements is, unless one is a NaN. Each lane holds its best element against the next
    /// ones, and the chunk that it was in; the last chunk is moved back over others, which changes nothing.
    #[inline(always)]
    unsafe fn chunks<const W: usize>(src: *const T, n: usize, ahead: usize) -> Option<usize> {
        // SAFETY: `W` elements from one at which as many are left, as the caller vouches.
        let chunk = |at: usize| unsafe { (src.add(at) as *const [T; W]).read_unaligned() };
        let mut values = chunk(0);
        let mut positions = [T::START; W];
        let mut nan = Nans::<T, W>::new(&values);
        let chunks = n.div_ceil(W);
        for k in 1..chunks {
            let at = (k * W).min(n - W);
            if ahead > 0 {
                prefetch_run(src.wrapping_add(at).cast::<u8>().wrapping_add(ahead), W * size_of::<T>());
            }
            let x = chunk(at);
            nan.look(&x);
            let position = T::position(k);
            for j in 0..W {
                let better = Self::ahead(x[j], values[j]);
                values[j] = if better { x[j] } else { values[j] };
                positions[j] = if better { position } else { positions[j] };
            }
            step();
        }
        if nan.found() {
            return None;
        }
        let (values, positions) = (settled(&values), settled(&positions));
        let mut best = values;
        let mut width = W;
        while width > 1 {
            width /= 2;
            for j in 0..width {
                best[j] = if Self::ahead(best[j + width], best[j]) { best[j + width] } else { best[j] };
            }
        }
        let mut first = [u32::MAX; W];
        for j in 0..W {
            let at = (T::to_i64(positions[j]) as u32).wrapping_mul(W as u32).min((n - W) as u32);
            first[j] = if values[j].same(best[0]) { at + j as u32 } else { u32::MAX };
        }
        let first = settled(&first);
        let mut index = u32::MAX;
        for at in first {
            index = index.min(at);
        }
        Some(index as usize)
    }

    /// The first NaN of `n` elements, of which one is. (A function of its own: it is rare.)
    #[cold]
    #[inline(never)]
    unsafe fn first_nan(src: *const T, n: usize) -> usize {
        // SAFETY: the caller vouches for `n` elements; the value is not asked for.
        unsafe { Self::first::<true>(src, n, src.read_unaligned()) }
    }

    unsafe fn rows(block: &RowBlock) {
        vectorize(
            #[inline(always)]
            move || {
                // SAFETY: as the caller vouches.
                unsafe {
                    match const { size_of::<T>() } {
                        1 | 2 => Self::columns::<64, 16>(block),
                        4 => Self::columns::<32, 8>(block),
                        _ => Self::columns::<16, 4>(block),
                    }
                }
            },
        );
    }

    /// All columns, in strips of `W` and of `V`; the last one is moved back over others, which changes nothing: no element is
    /// better than itself.
    #[inline(always)]
    unsafe fn columns<const W: usize, const V: usize>(block: &RowBlock) {
        // SAFETY: as the caller vouches.
        unsafe {
            let mut at = Self::strips::<V>(block, Self::strips::<W>(block, 0));
            if at < block.n && block.n >= V {
                at = Self::strips::<V>(block, block.n - V);
            }
            Self::strips::<1>(block, at);
        }
    }

    /// As many strips of `W` columns as there are after the first `at`; returns where they end.
    #[inline(always)]
    unsafe fn strips<const W: usize>(block: &RowBlock, mut at: usize) -> usize {
        while block.n - at >= W {
            // SAFETY: columns `at..at + W` of the rows, of the best elements and of their indices.
            unsafe {
                let best = (block.best as *mut T).add(at) as *mut [T; W];
                let index = (block.index as *mut i64).add(at) as *mut [i64; W];
                let src = (block.src as *const T).add(at) as *const u8;
                let values = if block.first == 0 {
                    (src as *const [T; W]).read_unaligned()
                } else {
                    best.read_unaligned()
                };
                if block.ahead != 0 {
                    for row in 0..block.rows as isize {
                        let next = src.wrapping_offset(block.ahead + row * block.stride);
                        prefetch_run(next, W * size_of::<T>());
                    }
                }
                let hasty = if block.rows < FEW { None } else { Self::hasty_rows(block, src, &values) };
                let (values, positions) = match hasty {
                    Some(found) => found,
                    None => Self::careful_rows(block, src, &values),
                };
                best.write_unaligned(values);
                let mut indices = if block.first == 0 { [0; W] } else { index.read_unaligned() };
                for j in 0..W {
                    let position = T::to_i64(positions[j]);
                    indices[j] = if position == 0 { indices[j] } else { block.first + position - 1 };
                }
                index.write_unaligned(indices);
            }
            at += W;
        }
        at
    }

    /// The best elements of the columns of a strip, and the rows that they are in: rows count from 1, and 0 is an element that
    /// was there before. None where there is a NaN.
    #[inline(always)]
    unsafe fn hasty_rows<const W: usize>(
        block: &RowBlock,
        src: *const u8,
        before: &[T; W],
    ) -> Option<([T; W], [T::Position; W])> {
        let (mut values, mut positions) = (*before, [T::START; W]);
        let mut nan = Nans::<T, W>::new(before);
        for row in 1..=block.rows {
            // SAFETY: as the caller vouches.
            let x = unsafe { Self::row_chunk::<W>(block, src, row) };
            nan.look(&x);
            let position = T::position(row);
            for j in 0..W {
                let better = Self::ahead(x[j], values[j]);
                values[j] = if better { x[j] } else { values[j] };
                positions[j] = if better { position } else { positions[j] };
            }
            step();
        }
        (!nan.found()).then_some((values, settled(&positions)))
    }

    /// The same where there are.
    #[inline(always)]
    unsafe fn careful_rows<const W: usize>(
        block: &RowBlock,
        src: *const u8,
        before: &[T; W],
    ) -> ([T; W], [T::Position; W]) {
        let (mut values, mut positions) = (*before, [T::START; W]);
        for row in 1..=block.rows {
            // SAFETY: as the caller vouches.
            let x = unsafe { Self::row_chunk::<W>(block, src, row) };
            let position = T::position(row);
            for j in 0..W {
                let better = Self::better(x[j], values[j]);
                values[j] = if better { x[j] } else { values[j] };
                positions[j] = if better { position } else { positions[j] };
            }
        }
        (values, positions)
    }

    /// `W` elements of a row, which count from 1.
    #[inline(always)]
    unsafe fn row_chunk<const W: usize>(block: &RowBlock, src: *const u8, row: usize) -> [T; W] {
        let src = src.wrapping_offset((row as isize - 1) * block.stride);
        // SAFETY: as the caller vouches.
        unsafe { (src as *const [T; W]).read_unaligned() }
    }
}

/// Whether there has been a NaN in one of the chunks looked at: a mark in the lane that it was in, so that nothing is branched
/// on before the end.
struct Nans<T: Compared, const W: usize>([T::Position; W]);

impl<T: Compared, const W: usize> Nans<T, W> {
    #[inline(always)]
    fn new(chunk: &[T; W]) -> Self {
        let mut nans = Nans([T::START; W]);
        nans.look(chunk);
        nans
    }

    #[inline(always)]
    fn look(&mut self, x: &[T; W]) {
        // Two elements half a chunk apart are looked at by one instruction.
        let (half, mark) = (W / 2, T::position(1));
        for j in 0..half {
            self.0[j] = if x[j].nan() | x[half + j].nan() { mark } else { self.0[j] };
        }
        if W == 1 {
            self.0[0] = if x[0].nan() { mark } else { self.0[0] };
        }
    }

    #[inline(always)]
    fn found(&self) -> bool {
        let mut found = false;
        for mark in settled(&self.0) {
            found |= T::to_i64(mark) != 0;
        }
        found
    }
}
