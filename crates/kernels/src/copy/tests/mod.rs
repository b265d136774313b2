//! Every copy is compared, byte by byte, with the obvious one, in memory whose neighbour pages can not be touched.

mod batch;
mod even;
mod gathered;
pub(crate) mod guard;
mod naive;
mod overlap;
mod pieces;
mod random;
mod records;
mod tiles;
mod woven;

use libstrided_layout::DType;

use super::*;
use guard::{Area, Flush};
use naive::naive;

/// By size, which means without a stage for what is tested here.
const BY_SIZE: Tuning = Tuning {
    stream_from: usize::MAX,
    direct_from: Some(usize::MAX),
    even_from: Some(usize::MAX),
    near: usize::MAX,
    dst_run: 2048,
    src_run: 256,
    across_from: usize::MAX,
    across_rows: 0,
    least_box: 16 << 10,
    gathers: false,
};

/// Past the caches always.
const PAST: Tuning = Tuning { stream_from: 1, direct_from: Some(1), ..BY_SIZE };

/// By way of a stage, in boxes that are small enough to leave over parts of all extents.
const STAGED: Tuning = Tuning { dst_run: 192, src_run: 64, least_box: 1000, ..PAST };

/// All ways that a copy can go.
const TUNINGS: [Tuning; 6] = [
    Tuning { near: 1, across_from: 1, ..BY_SIZE },
    Tuning { across_from: 1, ..PAST },
    STAGED,
    BY_SIZE,
    Tuning { dst_run: 64, gathers: true, ..STAGED },
    Tuning { near: 1, even_from: Some(1), ..BY_SIZE },
];

/// Random numbers of a seed that is printed when a case fails.
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound as u64) as usize
    }
}

/// One copy: strides in bytes.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) item: usize,
    pub(super) shape: Vec<i64>,
    pub(super) src: Vec<i64>,
    pub(super) dst: Vec<i64>,
}

impl Case {
    /// Bytes of the view before and after its first element.
    fn span(&self, strides: &[i64]) -> (usize, usize) {
        if self.shape.contains(&0) {
            return (0, 0);
        }
        let (mut before, mut after) = (0, self.item);
        for (&n, &stride) in self.shape.iter().zip(strides) {
            let reach = (n - 1) * stride;
            if reach < 0 {
                before += (-reach) as usize;
            } else {
                after += reach as usize;
            }
        }
        (before, after)
    }

    /// The two loops of the case, the one with the nearer items of the destination last, if it has two axes.
    fn two_axes(&self) -> Option<[plan::Axis; 2]> {
        let axis = |i: usize| plan::Axis {
            n: self.shape[i] as usize,
            s: self.src[i] as isize,
            d: self.dst[i] as isize,
        };
        let (a, b) = match self.shape.len() {
            1 => (plan::Axis::ONE, axis(0)),
            2 => (axis(0), axis(1)),
            _ => return None,
        };
        let turned = b.n == 1 || a.n != 1 && a.d.abs() < b.d.abs();
        (a.n * b.n > 0).then_some(if turned { [b, a] } else { [a, b] })
    }

    /// The loops of the case as [`copy_few_axes`] takes them, if it has no more.
    fn few_axes(&self) -> Option<[plan::Axis; 4]> {
        let mut axes = [plan::Axis::ONE; 4];
        for (i, &n) in self.shape.iter().enumerate() {
            *axes.get_mut(i)? =
                plan::Axis { n: n as usize, s: self.src[i] as isize, d: self.dst[i] as isize };
        }
        axes.sort_by_key(|axis| {
            core::cmp::Reverse(if axis.n == 1 { usize::MAX } else { axis.d.unsigned_abs() })
        });
        axes.iter().all(|axis| axis.n > 0).then_some(axes)
    }
}

/// What is tested.
#[derive(Clone, Copy, Debug)]
enum Way<'a> {
    Tuned(&'a Tuning),
    /// Without a plan, if the case has one or two axes.
    TwoAxes([plan::Axis; 2]),
    /// The same for up to four.
    FewAxes([plan::Axis; 4]),
}

/// Two guarded areas, and the way of copying that is tested.
pub(super) struct Bench {
    src: Area,
    dst: Area,
    seed: u64,
}

impl Bench {
    pub(super) fn new(bytes: usize) -> Bench {
        Bench { src: Area::new(bytes), dst: Area::new(bytes), seed: 1 }
    }

    /// Runs the case in every way, at every level that this CPU has, with the views at both ends of their areas, `src_gap` and
    /// `dst_gap` bytes from them; compares all bytes of the destination's area near the view.
    pub(super) fn check(&mut self, case: &Case, src_gap: usize, dst_gap: usize) {
        let without_plan = (case.two_axes().map(Way::TwoAxes), case.few_axes().map(Way::FewAxes));
        for flush in [Flush::Start, Flush::End] {
            let laid = self.lay(case, flush, src_gap, dst_gap);
            for level in crate::Level::available() {
                for how in TUNINGS.iter().map(Way::Tuned).chain(without_plan.0).chain(without_plan.1) {
                    self.dst.bytes_mut()[laid.near.clone()].copy_from_slice(&laid.before);
                    if !self.copy(case, &laid, level, how) {
                        continue;
                    }
                    let got = &self.dst.bytes_mut()[laid.near.clone()];
                    if got != &laid.expected[..] {
                        let first = (0..got.len()).find(|&i| got[i] != laid.expected[i]).unwrap_or(0);
                        panic!(
                            "{case:?} {flush:?} gaps {src_gap} {dst_gap} {level:?} {how:?}: byte {} of the view differs",
                            (first + laid.near.start) as isize - laid.dst as isize
                        );
                    }
                }
            }
        }
    }

    /// Fills the views, and says what the destination is to become.
    fn lay(&mut self, case: &Case, flush: Flush, src_gap: usize, dst_gap: usize) -> Laid {
        let (s_before, s_after) = case.span(&case.src);
        let (d_before, d_after) = case.span(&case.dst);
        let s_at = self.src.place(s_before + s_after, flush, src_gap);
        let d_at = self.dst.place(d_before + d_after, flush, dst_gap);
        self.seed += 1;
        let mut rng = Rng::new(self.seed);
        let source = self.src.bytes_mut();
        for byte in &mut source[s_at..s_at + s_before + s_after] {
            *byte = rng.below(256) as u8;
        }
        let margin = 512;
        let near = d_at.saturating_sub(margin)..(d_at + d_before + d_after + margin).min(self.dst.len());
        let before: Vec<u8> = near.clone().map(|_| rng.below(256) as u8).collect();
        let mut expected = before.clone();
        naive(case, &source[s_at..], s_before, &mut expected, d_at + d_before - near.start);
        Laid { src: s_at + s_before, dst: d_at + d_before, near, before, expected }
    }

    /// Copies in one way, if that is one for this case.
    fn copy(&mut self, case: &Case, laid: &Laid, level: crate::Level, how: Way<'_>) -> bool {
        let operand = |data: *mut u8, strides| Operand {
            data,
            dtype: DType::Opaque,
            itemsize: case.item as i64,
            strides,
        };
        // SAFETY: both places lie inside the areas, which are two mappings of their own.
        unsafe {
            let src = operand(self.src.base().add(laid.src), &case.src[..]);
            let dst = operand(self.dst.base().add(laid.dst), &case.dst[..]);
            match how {
                Way::Tuned(tuning) => {
                    copy_tuned(&case.shape, src, dst, level, tuning).unwrap();
                    true
                }
                Way::TwoAxes([a, b]) => small::two_axes(level, a, b, case.item, src.data, dst.data),
                Way::FewAxes(axes) => few::few_axes(level, axes, case.item, src.data, dst.data),
            }
        }
    }
}

/// A case in the areas: where the first elements are, the bytes near the destination, and what they are before and after.
struct Laid {
    src: usize,
    dst: usize,
    near: core::ops::Range<usize>,
    before: Vec<u8>,
    expected: Vec<u8>,
}

#[test]
fn item_sizes_must_agree() {
    let mut byte = 0u8;
    let data = &raw mut byte;
    let operand = |itemsize| Operand { data, dtype: DType::Opaque, itemsize, strides: &[] };
    // SAFETY: refused before anything is touched.
    let got = unsafe { copy(&[], operand(1), operand(2)) };
    assert!(matches!(got, Err(Error::InvalidArgument { value: 2, .. })));
}

#[test]
fn lists_of_strides_must_be_as_long_as_the_shape() {
    let mut byte = 0u8;
    let data = &raw mut byte;
    let operand = |strides| Operand { data, dtype: DType::U8, itemsize: 1, strides };
    // SAFETY: refused before anything is touched.
    let got = unsafe { copy(&[1], operand(&[1]), operand(&[])) };
    assert_eq!(got, Err(Error::WrongCount { expected: 1, got: 0 }));
}

fn null(strides: &[i64]) -> Operand<'_> {
    Operand { data: core::ptr::null_mut(), dtype: DType::F64, itemsize: 8, strides }
}

#[test]
fn no_elements_touch_nothing() {
    for shape in [[0i64, 3], [3, 0], [0, 0]] {
        for strides in [[24, 8], [8, 24], [i64::MIN, i64::MIN], [0, -8]] {
            // SAFETY: there is no element to read or write.
            let got = unsafe { copy(&shape, null(&strides), null(&strides)) };
            assert_eq!(got, Ok(()));
        }
    }
}
