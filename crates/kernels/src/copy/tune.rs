//! The sizes by which a plan chooses how to move.

use crate::cache::{is_far, last_level};

/// Where the last level is far away: bytes from which on long transposes are written past the caches, those of items of 2 and 4 bytes,
/// and records of few items.
///
/// Measured on Emerald Rapids, with 2 MiB of second level, in shares of a plain streamed copy, past the caches and through them:
/// doubles of 2 to 4 MB 0.66 to 0.78 and 0.48 to 0.6, where columns begin lines, 0.55 to 0.7 both where not; floats of 2.4 to 4 MB
/// 0.54 to 0.64 and 0.5 to 0.57, of 1 to 2 MB 0.35 to 0.5 and 0.5 to 0.6; bytes whose rows collide 0.4 to 0.7 and 0.2 to 0.35.
/// Records of 2 to 4 items of 2 to 8 MB 0.8 to 1.0 and 0.4 to 0.75, of 1 MB 0.55 to 0.65 and 0.45 to 0.6.
const FAR: usize = 7 << 18;
const FAR_SMALL: usize = 9 << 18;
const FAR_RECORDS: usize = 3 << 19;
/// The same for short axes in any order, by way of a stage. Measured there, axes of 2, 3 or some dozen, 1.5 to 5 MB of items of 2 to 8
/// bytes: 1.15 to 2.4 times as fast in 13 cases of 14 (20 axes of 2 floats 0.25 to 0.6 of a plain streamed copy), 0.9 times in one.
const FAR_SHORT: usize = 3 << 19;
/// The same for rows that are streamed one by one. Measured there, 2 to 11 MB in rows of 64 bytes to 32 KB, in shares of a plain streamed copy,
/// past the caches and through them: 0.7 to 1.0 and 0.4 to 0.65; to rows that are apart, of 800 bytes and more, 0.75 to 0.9 and 0.65 to
/// 0.8. What is read again soon should stay in the caches as long as there is room for it.
const FAR_PIECES: usize = 3 << 20;
/// The same for transposes in even steps: see `even`.
const FAR_EVEN: usize = 5 << 18;

/// Sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tuning {
    /// From this many bytes on, the destination is written past the caches.
    pub(super) stream_from: usize,
    /// The same for what is put together in registers: transposes of long axes, and records of few items. `None` for what suits
    /// the machine.
    pub(super) direct_from: Option<usize>,
    /// The same for transposes in even steps.
    pub(super) even_from: Option<usize>,
    /// From this many bytes on, they lie beyond the nearest caches.
    pub(super) near: usize,
    /// A run of the destination that is worth no more merging of axes.
    pub(super) dst_run: usize,
    /// A run of the source that is worth no more merging of axes.
    pub(super) src_run: usize,
    /// A run of the destination that is long enough to be transposed without a stage: its ends are written in parts.
    pub(super) across_from: usize,
    /// A row of the source that is long enough for that where rows are near each other.
    pub(super) across_rows: usize,
    /// A box should have at least this many bytes.
    pub(super) least_box: usize,
    /// Whether short axes may be gathered.
    pub(super) gathers: bool,
}

impl Tuning {
    /// Whether small copies may go the way that suits them: tests that force a way do not let them.
    #[inline]
    pub(super) fn any_way(&self) -> bool {
        self.stream_from > 1 && self.near > 1
    }

    /// From this many bytes on, transposes of long axes, whose items have `item` bytes, are written past the caches.
    pub(super) fn long_from(&self, item: usize) -> usize {
        let far = if item == 2 || item == 4 { FAR_SMALL } else { FAR };
        self.direct_from.unwrap_or_else(|| if is_far() { far } else { self.stream_from / 8 * 3 })
    }

    /// The same for all other transposes, and from where on they may go by way of a stage. (Bytes are not measured.)
    pub(super) fn short_from(&self, item: usize) -> usize {
        (self.stream_from / 2).min(Tuning::far_short(item))
    }

    pub(super) fn stage_from(&self, item: usize) -> usize {
        self.stream_from.min(Tuning::far_short(item))
    }

    /// The same for transposes in even steps.
    pub(super) fn even_from(&self) -> usize {
        self.even_from.unwrap_or_else(|| if is_far() { FAR_EVEN } else { usize::MAX })
    }

    /// The same for rows that are streamed one by one.
    pub(super) fn pieces_from(&self) -> usize {
        self.stream_from.min(if is_far() { FAR_PIECES } else { usize::MAX })
    }

    fn far_short(item: usize) -> usize {
        if item > 1 && is_far() { FAR_SHORT } else { usize::MAX }
    }

    /// The same for records of few items.
    pub(super) fn records_from(&self) -> usize {
        self.direct_from.unwrap_or_else(|| if is_far() { FAR_RECORDS } else { self.stream_from })
    }

    /// What suits this machine.
    #[inline]
    pub(super) fn auto(item: usize) -> Tuning {
        // Measured: boxes of 16 to 64 KiB, runs of 4 to 8 lines.
        let run = if item < 8 { 256 } else { 512 };
        Tuning {
            stream_from: last_level() / 2,
            direct_from: None,
            even_from: None,
            near: 512 << 10,
            dst_run: run,
            src_run: run,
            across_from: 512,
            across_rows: 256,
            least_box: 16 << 10,
            gathers: true,
        }
    }
}
