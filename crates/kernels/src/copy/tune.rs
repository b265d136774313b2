//! The sizes by which a plan chooses how to move.

use crate::cache::last_level;

/// Sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tuning {
    /// From this many bytes on, the destination is written past the caches.
    pub(super) stream_from: usize,
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
}

impl Tuning {
    /// Whether small copies may go the way that suits them: tests that force a way do not let them.
    #[inline]
    pub(super) fn any_way(&self) -> bool {
        self.stream_from > 1 && self.near > 1
    }

    /// What suits this machine.
    #[inline]
    pub(super) fn auto(item: usize) -> Tuning {
        // Measured: boxes of 16 to 64 KiB, runs of 4 to 8 lines.
        let run = if item < 8 { 256 } else { 512 };
        Tuning {
            stream_from: last_level() / 2,
            near: 512 << 10,
            dst_run: run,
            src_run: run,
            across_from: 512,
            across_rows: 256,
            least_box: 16 << 10,
        }
    }
}
