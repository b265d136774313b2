//! From a plan to boxes: which axes make the two runs of a tile, and how far a box reaches on each axis.
//!
//! ```text
//! a   the run of the source: axes that are packed in the source one after the other, fastest first
//! b   the run of the destination: likewise in the destination; no axis is in both
//! box the positions that are moved together: whole axes of both runs, the slowest of each cut where the run is long
//!     enough, and further axes (the rest) where tiles are small
//! ```

use super::arch::Shape;
use super::plan::{Axis, Plan};
use super::stage::ENTRIES;
use super::tune::Tuning;
use crate::cache::LINE;

/// A run: axes that one side walks through without a gap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<const CAP: usize> {
    axes: [u8; CAP],
    len: usize,
    /// Bytes from item to item on the side that is packed; the item size, or more where items are apart.
    pub(super) step: isize,
    /// Bytes that an item counts for: the step, or the item size where items overlap.
    width: usize,
    /// Items on the whole axes.
    items: usize,
}

impl<const CAP: usize> Run<CAP> {
    fn new() -> Self {
        Run { axes: [0; CAP], len: 0, step: 0, width: 1, items: 1 }
    }

    fn start(&mut self, step: isize, item: usize) {
        self.step = step;
        self.width = step.unsigned_abs().max(item);
    }

    fn push(&mut self, axis: usize, n: usize) {
        self.axes[self.len] = axis as u8;
        self.len += 1;
        self.items = self.items.saturating_mul(n);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The axes, fastest first.
    pub(super) fn axes(&self) -> impl Iterator<Item = usize> + '_ {
        self.axes[..self.len].iter().map(|&axis| axis as usize)
    }

    fn bytes(&self) -> usize {
        self.items.saturating_mul(self.width)
    }

    /// Where the next item after the whole run would be, if it is packed.
    fn next(&self) -> Option<isize> {
        self.step.checked_mul(isize::try_from(self.items).ok()?)
    }
}

/// Runs of the destination up to so many bytes are not cut where they follow each other, since together they make whole
/// lines. Measured on Zen 4, in shares of a plain streamed copy: rows of 301 bytes 0.35 instead of 0.16, batches of 3 x 3,
/// 4 x 4 and 16 x 16 matrices 0.55 to 0.75 instead of 0.3 to 0.5; rows of 1200 bytes are no faster.
const SHORT_RUN: usize = 640;

/// Bytes of a run whose ends may be written in parts, and of a box that need not be larger for them not to be. Measured on Emerald
/// Rapids, matrices of bytes of 100 to 300 rows of odd lengths, by the hundred: 0.5 of a plain streamed copy for 0.4 with boxes of 60
/// to 180 KiB.
const LONG_RUN: usize = 4 << 10;
const NEAR_BOX: usize = 32 << 10;

/// Axes of so many items are not cut into parts for boxes of whole axes.
const SHORT_AXIS: usize = 12;

/// A plan cut into boxes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boxes<const CAP: usize> {
    axes: [Axis; CAP],
    len: usize,
    /// How many positions a box has on each axis, the last box on an axis perhaps fewer.
    pub(super) reach: [usize; CAP],
    /// The run of the source.
    pub(super) a: Run<CAP>,
    /// The run of the destination.
    pub(super) b: Run<CAP>,
    /// The axes in both.
    used: u64,
    pub(super) src: *const u8,
    pub(super) dst: *mut u8,
    pub(super) item: usize,
}

impl<const CAP: usize> Boxes<CAP> {
    /// Cuts a plan that has at least one axis.
    pub(super) fn new(plan: &Plan<CAP>, tuning: &Tuning) -> Boxes<CAP> {
        let mut boxes = Boxes {
            axes: [Axis::ONE; CAP],
            len: plan.axes().len(),
            reach: [1; CAP],
            a: Run::new(),
            b: Run::new(),
            used: 0,
            src: plan.src,
            dst: plan.dst,
            item: plan.item,
        };
        boxes.axes[..boxes.len].copy_from_slice(plan.axes());
        boxes.grow_runs(tuning);
        boxes.flatten();
        boxes.cut(boxes.a, tuning.src_run);
        // A run that stands alone is all that a box has.
        let alone = tuning.least_box.min(ENTRIES.saturating_mul(boxes.item));
        let dst_run = if boxes.a.is_empty() { tuning.dst_run.max(alone) } else { tuning.dst_run };
        boxes.cut(boxes.b, dst_run);
        boxes
    }

    /// The axes: strides in the destination are above 0 and fall, except on the axes of `a`, where the stride of the
    /// source is above 0.
    pub(super) fn axes(&self) -> &[Axis] {
        &self.axes[..self.len]
    }

    fn grow_runs(&mut self, tuning: &Tuning) {
        let last = self.len - 1;
        self.b.start(self.axes[last].d, self.item);
        self.take_b(last);
        self.a.start(self.item as isize, self.item);
        let step = |axis: &Axis| axis.s.unsigned_abs();
        let fastest = (0..last).filter(|&i| self.axes[i].s != 0).min_by_key(|&i| step(&self.axes[i]));
        let own = step(&self.axes[last]);
        // Long rows of one item over and over need no transpose.
        let one = own == 0 && self.axes[last].n.saturating_mul(self.item) < 4 * LINE;
        if let Some(fastest) = fastest
            && (step(&self.axes[fastest]) < own || one)
        {
            self.a.start(step(&self.axes[fastest]) as isize, self.item);
            self.take_a(fastest);
        }
        loop {
            let (a, b) = (self.a.bytes(), self.b.bytes());
            let grown = if b < tuning.dst_run && (b <= a || a >= tuning.src_run) {
                self.grow_b() || (a < tuning.src_run && self.grow_a())
            } else {
                (a < tuning.src_run && self.grow_a()) || (b < tuning.dst_run && self.grow_b())
            };
            if !grown {
                return;
            }
        }
    }

    /// Makes one run of the destination of a tile so small that a table of all its items is better than a transpose.
    fn flatten(&mut self) {
        const FEW: usize = 16;
        let few = self.a.items.saturating_mul(self.b.items) <= FEW;
        let Some(first) = self.a.axes().next() else { return };
        if !few || self.b.next() != Some(self.axes[first].d) {
            return;
        }
        let a = self.a;
        // All of `a` follows `b` in the destination only if its axes follow each other there, too.
        let mut next = self.b.next();
        for axis in a.axes() {
            if next != Some(self.axes[axis].d) {
                return;
            }
            next = next.and_then(|next| next.checked_mul(self.axes[axis].n as isize));
        }
        self.a = Run::new();
        self.a.start(self.item as isize, self.item);
        for axis in a.axes() {
            self.b.push(axis, self.axes[axis].n);
        }
    }

    /// Takes in the whole of short runs that follow each other in the destination.
    pub(super) fn keep_short_runs(&mut self) {
        let next = self.b.next();
        let follow = self.a.axes().next().is_some_and(|axis| next == Some(self.axes[axis].d));
        if follow && self.b.bytes() <= SHORT_RUN {
            self.cut(self.b, SHORT_RUN);
        }
    }

    fn take_b(&mut self, axis: usize) {
        self.b.push(axis, self.axes[axis].n);
        self.used |= 1 << axis;
    }

    /// Turns the axis so that the source runs forwards on it.
    fn take_a(&mut self, axis: usize) {
        let Axis { n, s, d } = self.axes[axis];
        if s < 0 {
            let last = (n - 1) as isize;
            self.src = self.src.wrapping_offset(s.wrapping_mul(last));
            self.dst = self.dst.wrapping_offset(d.wrapping_mul(last));
            self.axes[axis] = Axis { n, s: -s, d: -d };
        }
        self.a.push(axis, n);
        self.used |= 1 << axis;
    }

    fn is_free(&self, axis: usize) -> bool {
        self.used >> axis & 1 == 0
    }

    fn grow_b(&mut self) -> bool {
        let Some(next) = self.b.next() else { return false };
        let found = (0..self.len).find(|&i| self.is_free(i) && self.axes[i].d == next);
        found.map(|axis| self.take_b(axis)).is_some()
    }

    fn grow_a(&mut self) -> bool {
        if self.a.len == 0 {
            return false;
        }
        let Some(next) = self.a.next() else { return false };
        let found = (0..self.len).find(|&i| self.is_free(i) && self.axes[i].s.checked_abs() == Some(next));
        found.map(|axis| self.take_a(axis)).is_some()
    }

    /// How far a box reaches on the axes of a run: all of them whole, the slowest cut into even parts of about `target`
    /// bytes.
    fn cut(&mut self, run: Run<CAP>, target: usize) {
        let mut bytes = run.width;
        for axis in run.axes() {
            let n = self.axes[axis].n;
            self.reach[axis] = even_part(n, target / bytes);
            bytes = bytes.saturating_mul(n);
        }
    }

    /// Makes a box of several tiles: takes in the whole of the axis outside both runs on which the source moves least.
    pub(super) fn repeat(&mut self) -> Option<usize> {
        let rest = (0..self.len).filter(|&i| self.is_rest(i));
        let axis = rest.min_by_key(|&i| self.axes[i].s.unsigned_abs())?;
        self.reach[axis] = self.axes[axis].n;
        Some(axis)
    }

    /// The axis along which runs of the destination go on from box to box, cut to whole lines; `None` where boxes have whole
    /// runs, or would need more than `most` bytes for that, or than are near where runs are long.
    pub(super) fn along_run(&mut self, most: usize) -> Option<usize> {
        let mut bytes = self.item;
        loop {
            let axis = (0..self.len).find(|&i| self.axes[i].d.unsigned_abs() == bytes)?;
            let (n, reach) = (self.axes[axis].n, self.reach[axis]);
            if reach < n {
                // A power of 2, since a line is one.
                let lines = LINE / (1 << bytes.trailing_zeros().min(LINE.trailing_zeros()));
                let whole = reach.next_multiple_of(lines).min(n);
                let most = if bytes * reach >= LONG_RUN { NEAR_BOX } else { most };
                if whole > reach && self.box_bytes() / reach * whole > most {
                    return None;
                }
                self.reach[axis] = whole;
                if whole < n {
                    return Some(axis).filter(|_| self.axes[axis].d > 0);
                }
            }
            bytes = bytes.saturating_mul(n);
        }
    }

    /// Lets boxes reach as far as tables do: as many columns, in whole lines if possible, and as many rows.
    pub(super) fn widen(&mut self, columns: usize, rows: usize) {
        self.cut(self.a, columns.saturating_mul(self.a.width));
        if let Some(axis) = self.a.axes().next() {
            let (n, line) = (self.axes[axis].n, LINE / self.a.width.clamp(1, LINE));
            let reach = self.reach[axis].next_multiple_of(line);
            // Unless that leaves few for the last box.
            if reach < n && (n - 1) % reach >= line {
                self.reach[axis] = reach;
            }
        }
        self.cut(self.b, rows.saturating_mul(self.b.width));
    }

    /// Lets tiles of an even shape, for which no table is needed, reach further.
    pub(super) fn reach_evenly(&mut self, shape: Shape) {
        const FAR: usize = 2048;
        let (run, most) = match shape {
            Shape::Step(_) if self.a.is_empty() => (self.b, usize::MAX),
            Shape::Step(_) | Shape::Evenly => return,
            Shape::Deal(_) => (self.b, FAR),
            Shape::Weave(_) => (self.a, FAR),
        };
        if let Some(axis) = run.axes().next() {
            self.reach[axis] = even_part(self.axes[axis].n, most);
        }
    }

    /// What is even about the tiles, whatever the box; `None` if nothing is.
    pub(super) fn shape(&self) -> Option<Shape> {
        let item = self.item as isize;
        let single = |run: &Run<CAP>| (run.len == 1).then(|| self.axes[run.axes[0] as usize]);
        if self.b.step != item {
            return None;
        }
        if let (Some(a), Some(b)) = (single(&self.a), single(&self.b))
            && self.a.step == item
            && self.reach[self.a.axes[0] as usize] == a.n
            && b.s == item * a.n as isize
            && (2..=4).contains(&a.n)
        {
            return Some(Shape::Deal(a.n));
        }
        if let (Some(a), Some(b)) = (single(&self.a), single(&self.b))
            && self.a.step == item
            && self.reach[self.b.axes[0] as usize] == b.n
            && a.d == item * b.n as isize
            && (2..=4).contains(&b.n)
        {
            return Some(Shape::Weave(b.n));
        }
        let b = single(&self.b)?;
        (b.s % item == 0 && (b.s != 0 || self.a.is_empty())).then(|| Shape::Step(b.s / item))
    }

    /// Bytes of a row of the source in a full box.
    pub(super) fn row_bytes(&self) -> usize {
        self.a.axes().map(|axis| self.reach[axis]).product::<usize>() * self.a.step.unsigned_abs()
    }

    /// Bytes of a full box.
    pub(super) fn box_bytes(&self) -> usize {
        self.reach[..self.len].iter().product::<usize>() * self.item
    }

    /// Whether an axis belongs to no run.
    pub(super) fn is_rest(&self, axis: usize) -> bool {
        self.is_free(axis)
    }

    /// Makes boxes larger by further axes: those that lengthen the runs of the destination first, then those that lengthen
    /// the runs of the source, then any until there are enough bytes.
    pub(super) fn enlarge(&mut self, tuning: &Tuning, most: usize) {
        self.lengthen(tuning.dst_run, most, |axis| axis.d);
        self.lengthen(tuning.src_run, most, |axis| axis.s);
        self.stretch(tuning.least_box, ENTRIES);
        for i in (0..self.len).rev() {
            let bytes = self.box_bytes();
            if bytes >= tuning.least_box {
                return;
            }
            if self.is_rest(i) && self.reach[i] < self.axes[i].n {
                let reach = self.reach[i].saturating_mul(tuning.least_box / bytes);
                self.reach[i] = even_part(self.axes[i].n, reach);
            }
        }
    }

    /// Lets boxes that are still small reach further along the runs, up to `most` items of each.
    pub(super) fn stretch(&mut self, least: usize, most: usize) {
        for run in [self.b, self.a] {
            let bytes = self.box_bytes();
            let Some(last) = run.axes().last() else { continue };
            let items: usize = run.axes().map(|axis| self.reach[axis]).product();
            // Those that are nearly large enough are no better for being twice that.
            if bytes <= least / 4 * 3 {
                let reach = self.reach[last];
                let most = reach * (most / items).max(1);
                let enough = reach.saturating_mul(least).div_ceil(bytes).min(most);
                self.reach[last] = large_part(self.axes[last].n, enough, most);
            }
        }
    }

    /// Makes boxes of whole axes, or of equal parts of them: runs of the destination of so many bytes, as many beside each other in the
    /// source, then further axes of the destination up to `least` bytes; but not more than `most`. Whether there are such.
    pub(super) fn whole_axes(&mut self, run: usize, piece: usize, least: usize, most: usize) -> bool {
        self.reach[..self.len].fill(1);
        let ran = self.follow(run, most, |axis| axis.d);
        let enough = ran >= run && self.follow(piece, most, |axis| axis.s) >= piece;
        if enough && self.box_bytes() < least {
            let times = (least / self.box_bytes()).max(2);
            self.follow(ran * times, most, |axis| axis.d);
        }
        enough
    }

    /// Follows the axes that are packed by these strides from the item on, and adds those that a box lacks, as whole as it may have
    /// them. Returns how many bytes follow each other then.
    fn follow(&mut self, target: usize, most: usize, stride: impl Fn(&Axis) -> isize) -> usize {
        let mut bytes = self.item;
        loop {
            let next = |i: &usize| self.axes[*i].n > 1 && stride(&self.axes[*i]).unsigned_abs() == bytes;
            let Some(axis) = (0..self.len).find(next) else { return bytes };
            let n = self.axes[axis].n;
            if self.reach[axis] == 1 {
                if bytes >= target {
                    return bytes;
                }
                let room = (most / self.box_bytes()).min(target.div_ceil(bytes).max(SHORT_AXIS)).max(1);
                self.reach[axis] = (1..=n.min(room)).rev().find(|part| n.is_multiple_of(*part)).unwrap_or(1);
            }
            bytes *= self.reach[axis];
            if self.reach[axis] < n {
                return bytes;
            }
        }
    }

    /// Follows the axes that are packed by these strides from the item on, and adds those that a box lacks.
    fn lengthen(&mut self, target: usize, most: usize, stride: impl Fn(&Axis) -> isize) {
        let mut bytes = self.item;
        while bytes < target {
            let found = (0..self.len).find(|&i| stride(&self.axes[i]).unsigned_abs() == bytes);
            let Some(axis) = found else { return };
            let n = self.axes[axis].n;
            if self.reach[axis] == 1 {
                let room = (most / self.box_bytes()).max(1);
                self.reach[axis] = even_part(n, target.div_ceil(bytes).min(room));
            }
            if self.reach[axis] < n {
                return;
            }
            bytes *= n;
        }
    }
}

/// The extent of the parts when `n` is cut into as many parts of at least `least` as possible, all about the same; or of at most
/// `most`, if that is not so many.
fn large_part(n: usize, least: usize, most: usize) -> usize {
    let part = n.div_ceil((n / least.max(1)).max(1));
    if part <= most { part } else { even_part(n, most) }
}

/// The extent of the parts when `n` is cut into as few parts of at most `most` as possible, all about the same.
pub(super) fn even_part(n: usize, most: usize) -> usize {
    let parts = n.div_ceil(most.max(1));
    n.div_ceil(parts)
}
