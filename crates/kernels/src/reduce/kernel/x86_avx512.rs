//! Rows folded by instructions that the compiler does not find in the loops of [`super::runs`] and [`super::groups`]: AVX-512.
//!
//! ```text
//!   rows     each in four vectors of lanes, joined in halves as those loops join theirs
//!   pairs    rows of 2, 4, ... 64 elements, one after the other: neighbours are joined, by two shuffles for each vector of them,
//!            until a vector is results
//! ```
//!
//! Of rows also every other element, two vectors of memory in one: in lanes as the loops have them, so that a row has the same bits
//! however it lies. Emerald Rapids, 100 rows in the second level, those loops and these: of 8 `f64` 1.46 us and 0.65, of 9 4.0 and
//! 0.9, of 17 4.1 and 0.95; of 20 `f32` 5.4 and 0.8; of 500 8.5 and 4.3; largest of 20 `f32` 7.9 and 0.9.
//!
//! The instructions are in [`super::x86_avx512_vectors`]. The lanes of floats and their order are those of the loops, so the bits
//! are the same. Integers come out the same in any order. Of extremes, two elements are looked at for NaN at a time, and rows
//! with one are left to the loops.
//!
//! Measured on Zen 4 in the second-level cache, against those loops: sums and extremes of rows of 4, 8 and 16 floats 1.8, 2.2 to
//! 2.6 and 2.4 to 3 times as fast, and with that at 0.8 to 1 of what reading alone takes. Rows of 256 floats: sums 1.1, extremes
//! 1.3 (f64) and 2 (f32) times; rows of 512 bytes: sums 1.6, of bools 2.2, extremes 1.9 times.

use libstrided_layout::DType;

use super::Runs;
use super::by_hand::ByHand;
use super::x86_avx512_vectors::{Count, Extreme, Sum};
use crate::Level;
use crate::cache::prefetch_run;
use crate::cpu::asks_in_advance;

/// Bytes at the beginning of the next row that are asked for while a row is folded, as in [`super::runs`].
const NEXT: usize = 1024;

/// Rows of no more bytes than this in all are believed to be in the nearer caches, where requests are in the way (Emerald Rapids, 0.9
/// of the speed).
const NEAR: usize = 1 << 20;

/// Rows that are joined in pairs have up to this many elements, as those of groups.
const MOST_PAIRS: usize = 64;

/// Rows of up to this length are one element per lane.
const SHORT: usize = 16;

/// The sum of elements of a dtype in that dtype.
pub(in crate::reduce) const fn sum(dtype: DType) -> Option<ByHand> {
    match dtype {
        DType::F32 => Some(floats::<Sum<f32>>),
        DType::F64 => Some(floats::<Sum<f64>>),
        _ => None,
    }
}

/// The sum of elements of a dtype in 64 bits.
pub(in crate::reduce) const fn widening(dtype: DType) -> Option<ByHand> {
    match dtype {
        DType::U8 => Some(integers::<Sum<u8>>),
        DType::I8 => Some(integers::<Sum<i8>>),
        DType::U32 => Some(integers::<Sum<u32>>),
        DType::I32 => Some(integers::<Sum<i32>>),
        _ => None,
    }
}

/// How many elements of so many bytes are not zero.
pub(in crate::reduce) const fn count(bytes: usize) -> Option<ByHand> {
    if bytes == 1 { Some(integers::<Count>) } else { None }
}

/// The smallest or largest element.
pub(in crate::reduce) const fn extreme<const LARGEST: bool>(dtype: DType) -> Option<ByHand> {
    match dtype {
        DType::F32 => Some(floats::<Extreme<f32, LARGEST>>),
        DType::F64 => Some(floats::<Extreme<f64, LARGEST>>),
        DType::U8 => Some(integers::<Extreme<u8, LARGEST>>),
        DType::I8 => Some(integers::<Extreme<i8, LARGEST>>),
        DType::U16 => Some(integers::<Extreme<u16, LARGEST>>),
        DType::I16 => Some(integers::<Extreme<i16, LARGEST>>),
        DType::U32 => Some(integers::<Extreme<u32, LARGEST>>),
        DType::I32 => Some(integers::<Extreme<i32, LARGEST>>),
        _ => None,
    }
}

/// Whether rows are worth vectors, and one vector after the other. (Short rows of every other element have no other loops.)
fn are_rows(runs: &Runs, most: usize) -> bool {
    (runs.n > SHORT || runs.step != 1) && runs.n <= most && !runs.lanes
}

unsafe fn integers<W: Wide>(runs: &Runs, careful: unsafe fn(&Runs)) -> bool {
    let taken = are_rows(runs, usize::MAX) && runs.step == 1 && Level::current() == Level::Avx512;
    if taken {
        // SAFETY: as the caller vouches; the CPU has the level.
        unsafe { rows::<W, EveryOne>(runs, careful) };
    }
    taken
}

unsafe fn floats<P: Pairs>(runs: &Runs, careful: unsafe fn(&Runs)) -> bool {
    let is_power = runs.n.is_power_of_two() && (2..=MOST_PAIRS).contains(&runs.n);
    let in_pairs = runs.together && is_power && runs.rows >= P::WIDTH;
    let in_groups = runs.together && super::groups::parts(runs.n).is_some();
    if !in_pairs && (in_groups || !are_rows(runs, P::MOST)) || Level::current() != Level::Avx512 {
        return false;
    }
    // SAFETY: as the caller vouches; the CPU has the level.
    unsafe {
        if in_pairs {
            pairs::<P>(runs, careful);
        } else if runs.step == 1 {
            rows::<P, EveryOne>(runs, careful);
        } else {
            rows::<P, EveryOther>(runs, careful);
        }
    }
    true
}

/// What rows are folded to, in vectors.
///
/// # Safety
/// All functions need AVX-512; those that load, the elements.
pub(super) trait Wide {
    /// An element.
    type In: Copy;
    /// What a row is folded to.
    type Out: Copy;
    /// Elements as they are read.
    type Vector: Copy;
    /// What they are folded to.
    type Lanes: Copy;
    /// Elements of a vector.
    const WIDTH: usize;
    /// Elements of a row up to which the lanes are a leaf.
    const MOST: usize = usize::MAX;
    /// How far ahead memory is asked for where rows lie one after the other, in bytes, on machines that like it; 0 where they fetch it
    /// in time by themselves. Emerald Rapids, rows of `i32` in shares of a read: 0.75 without, 0.81 with 1 KiB, 0.86 with 2, 0.93 with
    /// 4, 0.9 with 8; floats 0.98 either way.
    const AHEAD: usize = 0;
    unsafe fn start() -> Self::Lanes;
    unsafe fn load(src: *const Self::In) -> Self::Vector;
    /// The last `n` of the elements of a vector that ends there, and before them elements that change nothing.
    unsafe fn load_last(end: *const Self::In, n: usize) -> Self::Vector;
    unsafe fn step(lanes: Self::Lanes, x: Self::Vector) -> Self::Lanes;
    unsafe fn join(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    /// All lanes in one, in halves.
    unsafe fn total(lanes: Self::Lanes) -> Self::Out;
    /// Whether elements need care, a bit for each lane.
    #[inline(always)]
    unsafe fn care(_: Self::Vector, _: Self::Vector) -> u16 {
        0
    }
}

/// Lanes whose neighbours can be joined.
///
/// # Safety
/// As [`Wide`].
pub(super) trait Pairs: Wide {
    /// Every other element, the first one at `src`; nothing behind the last one of these is read.
    unsafe fn load_every_other(src: *const Self::In) -> Self::Vector;
    /// `n` of such elements, the first one in lane `place`, and elsewhere elements that change nothing.
    unsafe fn load_some_of_these(first: *const Self::In, n: usize, place: usize) -> Self::Vector;
    unsafe fn open(x: Self::Vector) -> Self::Lanes;
    /// Joins neighbours: those of the first vector come first.
    unsafe fn pair(a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    unsafe fn store(to: *mut Self::Out, lanes: Self::Lanes);
}

/// Which elements are read, and how.
///
/// # Safety
/// As [`Wide`].
trait Reads<W: Wide> {
    /// From one element to the next, in elements.
    const STEP: usize;
    /// A vector of elements from `i` on.
    unsafe fn load(src: *const W::In, i: usize) -> W::Vector;
    /// The last `left` of `n` elements.
    unsafe fn load_last(src: *const W::In, n: usize, left: usize) -> W::Vector;
}

/// Elements that follow each other.
struct EveryOne;

impl<W: Wide> Reads<W> for EveryOne {
    const STEP: usize = 1;
    #[inline(always)]
    unsafe fn load(src: *const W::In, i: usize) -> W::Vector {
        // SAFETY: as the caller vouches.
        unsafe { W::load(src.add(i)) }
    }
    #[inline(always)]
    unsafe fn load_last(src: *const W::In, n: usize, left: usize) -> W::Vector {
        // SAFETY: as the caller vouches.
        unsafe { W::load_last(src.add(n), left) }
    }
}

/// Every other element.
struct EveryOther;

impl<P: Pairs> Reads<P> for EveryOther {
    const STEP: usize = 2;
    #[inline(always)]
    unsafe fn load(src: *const P::In, i: usize) -> P::Vector {
        // SAFETY: as the caller vouches.
        unsafe { P::load_every_other(src.add(2 * i)) }
    }
    #[inline(always)]
    unsafe fn load_last(src: *const P::In, n: usize, left: usize) -> P::Vector {
        // As the loops do: short rows begin with a vector, what is left of others ends with one.
        let place = if n < P::WIDTH { 0 } else { P::WIDTH - left };
        // SAFETY: as the caller vouches.
        unsafe { P::load_some_of_these(src.add(2 * (n - left)), left, place) }
    }
}

/// Folds each row by itself.
///
/// # Safety
/// As [`super::Kernel::runs`], on a CPU with the level AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,popcnt")]
unsafe fn rows<W: Wide, R: Reads<W>>(runs: &Runs, careful: unsafe fn(&Runs)) {
    let bytes = (runs.n * R::STEP * size_of::<W::In>()) as isize;
    let follow = (runs.rows == 1 || runs.stride == bytes) && runs.rows * bytes as usize > NEAR;
    let ahead = if W::AHEAD > 0 && follow && asks_in_advance() { W::AHEAD } else { 0 };
    for row in 0..runs.rows {
        let at = runs.src.wrapping_offset(row as isize * runs.stride);
        let out = (runs.out as *mut W::Out).wrapping_add(row);
        if bytes >= NEXT as isize && runs.stride != bytes && row + 1 < runs.rows {
            prefetch_run(at.wrapping_offset(runs.stride), NEXT);
        }
        // SAFETY: the elements of the row, and its result.
        unsafe {
            let (value, care) = one::<W, R>(at as *const W::In, runs.n, ahead);
            if care == 0 {
                out.write_unaligned(value);
            } else {
                careful(&Runs { rows: 1, src: at, out: out as *mut u8, ..*runs });
            }
        }
    }
}

/// What a row is folded to, and whether elements need care.
#[inline(always)]
unsafe fn one<W: Wide, R: Reads<W>>(src: *const W::In, n: usize, ahead: usize) -> (W::Out, u16) {
    let width = W::WIDTH;
    // SAFETY: elements `0..n`, as the caller vouches.
    unsafe {
        let mut lanes = [W::start(); 4];
        let (mut care, mut i) = (0, 0);
        while n - i >= 4 * width {
            if W::AHEAD > 0 && ahead > 0 {
                let next = src.wrapping_add(i).cast::<u8>().wrapping_add(ahead);
                prefetch_run(next, 4 * width * size_of::<W::In>());
            }
            let (a, b) = (R::load(src, i), R::load(src, i + width));
            let (c, d) = (R::load(src, i + 2 * width), R::load(src, i + 3 * width));
            care |= W::care(a, b) | W::care(c, d);
            lanes[0] = W::step(lanes[0], a);
            lanes[1] = W::step(lanes[1], b);
            lanes[2] = W::step(lanes[2], c);
            lanes[3] = W::step(lanes[3], d);
            i += 4 * width;
        }
        for lanes in &mut lanes[..3] {
            if n - i < width {
                break;
            }
            let x = R::load(src, i);
            care |= W::care(x, x);
            *lanes = W::step(*lanes, x);
            i += width;
        }
        if i < n {
            let x = R::load_last(src, n, n - i);
            care |= W::care(x, x);
            lanes[3] = W::step(lanes[3], x);
        }
        let [a, b, c, d] = lanes;
        (W::total(W::join(W::join(a, c), W::join(b, d))), care)
    }
}

/// Folds short rows one after the other, as many at a time as a vector has lanes.
///
/// # Safety
/// As [`super::Kernel::runs`], on a CPU with the level AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,popcnt")]
unsafe fn pairs<P: Pairs>(runs: &Runs, careful: unsafe fn(&Runs)) {
    // SAFETY: as the caller vouches.
    unsafe {
        match runs.n {
            2 => each_vector::<P>(runs, careful, pairs_of_2::<P>),
            4 => each_vector::<P>(runs, careful, pairs_of_4::<P>),
            8 => each_vector::<P>(runs, careful, pairs_of_8::<P>),
            n => each_vector::<P>(
                runs,
                careful,
                #[inline(always)]
                |src| pairs_of_many::<P>(src, n),
            ),
        }
    }
}

/// A vector of results, and whether elements need care.
type Results<P> = (<P as Wide>::Lanes, u16);

#[inline(always)]
unsafe fn each_vector<P: Pairs>(
    runs: &Runs,
    careful: unsafe fn(&Runs),
    results: impl Fn(*const P::In) -> Results<P>,
) {
    let (item, size) = (size_of::<P::In>(), size_of::<P::Out>());
    let mut row = 0;
    while row < runs.rows {
        let src = runs.src.wrapping_add(row * runs.n * item);
        let out = runs.out.wrapping_add(row * size);
        let rows = P::WIDTH.min(runs.rows - row);
        // SAFETY: as many rows as a vector has lanes, and their results; or fewer, which are left to the loops.
        unsafe {
            let mut left = rows < P::WIDTH;
            if !left {
                let (lanes, care) = results(src as *const P::In);
                P::store(out as *mut P::Out, lanes);
                left = care != 0;
            }
            if left {
                careful(&Runs { rows, src, out, ..*runs });
            }
        }
        row += rows;
    }
}

/// The loops over neighbours: of two vectors, and of twice as many each.
macro_rules! neighbours {
    ($($name:ident: $half:ident $n:expr;)*) => {$(
        #[inline(always)]
        fn $name<P: Pairs>(src: *const P::In) -> Results<P> {
            let (a, x) = $half::<P>(src);
            let (b, y) = $half::<P>(src.wrapping_add($n / 2 * P::WIDTH));
            // SAFETY: only called on a CPU with the level.
            (unsafe { P::pair(a, b) }, x | y)
        }
    )*};
}
neighbours! {
    pairs_of_4: pairs_of_2 4;
    pairs_of_8: pairs_of_4 8;
}

/// Rows of 16, 32 or 64: of eighths of them first.
#[inline(always)]
fn pairs_of_many<P: Pairs>(src: *const P::In, n: usize) -> Results<P> {
    // SAFETY: only called on a CPU with the level.
    unsafe {
        let mut room = [P::start(); MOST_PAIRS / 8];
        let (mut count, mut care) = (n / 8, 0);
        for (k, place) in room[..count].iter_mut().enumerate() {
            let (lanes, marks) = pairs_of_8::<P>(src.wrapping_add(8 * k * P::WIDTH));
            *place = lanes;
            care |= marks;
        }
        while count > 1 {
            count /= 2;
            for k in 0..count {
                room[k] = P::pair(room[2 * k], room[2 * k + 1]);
            }
        }
        (room[0], care)
    }
}

#[inline(always)]
fn pairs_of_2<P: Pairs>(src: *const P::In) -> Results<P> {
    // SAFETY: only called on a CPU with the level, where two vectors can be read.
    unsafe {
        let (a, b) = (P::load(src), P::load(src.add(P::WIDTH)));
        (P::pair(P::open(a), P::open(b)), P::care(a, b))
    }
}
