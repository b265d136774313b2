//! The way from the stage to the destination, once for all instruction sets with stores that go past the caches.

use core::mem::MaybeUninit;
use core::ptr::copy_nonoverlapping;

use crate::cache::LINE;
use crate::copy::stage::phase;
use crate::copy::tile::Flush;

/// The two things that the instruction sets do in their own way.
pub(super) trait Stream {
    /// Writes a line past the caches.
    ///
    /// # Safety
    /// A line can be read at `from` and written at `to`; both begin a line, `from` perhaps not. The CPU has the
    /// instructions.
    unsafe fn line(from: *const u8, to: *mut u8);

    /// Writes a line past the caches whose first `n` bytes are at `first`, and the others at `second`.
    ///
    /// # Safety
    /// So many bytes can be read there, `n` is less than a line; as [`Stream::line`].
    #[inline(always)]
    unsafe fn joined(first: *const u8, n: usize, second: *const u8, to: *mut u8) {
        let mut line = Joined([0; LINE]);
        let at = line.0.as_mut_ptr();
        // SAFETY: the caller's promise.
        unsafe {
            copy_nonoverlapping(first, at, n);
            copy_nonoverlapping(second, at.add(n), LINE - n);
            Self::line(at, to);
        }
    }
}

/// A line that is put together.
#[repr(align(64))]
struct Joined([u8; LINE]);

/// Writes the runs of a box from the stage to the destination, and asks for the rows of the next box meanwhile.
///
/// # Safety
/// As [`crate::copy::tile::FlushFn`].
#[inline(always)]
pub(super) unsafe fn flush<S: Stream>(f: &Flush<'_>) {
    let share = f.ahead.len().div_ceil(f.runs.len());
    let mut ahead = f.ahead;
    let mut from = f.from;
    for &run in f.runs {
        let to = f.to.wrapping_offset(run);
        // SAFETY: a run of the box, and its place in the stage.
        unsafe {
            if f.phased {
                run_in_phase::<S>(f, from, to);
            } else {
                run_out_of_phase::<S>(from, to, f.run, f.lead);
            }
        }
        from = from.wrapping_add(f.pitch);
        let (now, later) = ahead.split_at(share.min(ahead.len()));
        ahead = later;
        for &row in now {
            let row = f.next.wrapping_offset(row);
            let mut at = 0;
            while at < f.ahead_bytes {
                super::prefetch(row.wrapping_add(at));
                at += LINE;
            }
        }
    }
}

/// Writes the whole lines that are complete, and the parts of lines at the ends of the run; what is left of a run that goes
/// on is moved in front of where it will.
///
/// # Safety
/// The stage has, from the line `from` on, what the box before has left, if it has, and the bytes of the run at the phase of
/// `to`, where they belong.
#[inline(always)]
unsafe fn run_in_phase<S: Stream>(f: &Flush<'_>, from: *mut u8, to: *mut u8) {
    let phase = phase(to);
    let end = phase + f.run;
    let lines = end / LINE * LINE;
    let to = to.wrapping_sub(phase);
    let mut at = 0;
    // SAFETY: bytes of the run; whole lines only hold bytes of it, of this box or the one before.
    unsafe {
        if f.begins && phase != 0 {
            at = LINE;
            copy_nonoverlapping(from.add(phase), to.wrapping_add(phase), end.min(LINE) - phase);
        }
        while at < lines {
            S::line(from.add(at), to.wrapping_add(at));
            at += LINE;
        }
        if !f.ends {
            let line = from.add(lines).cast::<MaybeUninit<[u8; LINE]>>().read();
            from.cast::<MaybeUninit<[u8; LINE]>>().write(line);
        } else if end > at {
            copy_nonoverlapping(from.add(at), to.wrapping_add(at), end - at);
        }
    }
}

/// Writes a run whose places in the lines of the stage and of the destination differ.
///
/// # Safety
/// `bytes` bytes at `from` in the stage belong to `to`.
#[inline(always)]
unsafe fn run_out_of_phase<S: Stream>(from: *const u8, to: *mut u8, bytes: usize, lead: usize) {
    let head = (LINE - phase(to)) % LINE;
    let mut at = head.min(bytes);
    // SAFETY: bytes of the run, in lines of the destination from `head` on.
    unsafe {
        copy_nonoverlapping(from, to, at);
        while at + LINE <= bytes {
            if lead > 0 {
                super::prefetch(from.wrapping_add(at + lead));
            }
            S::line(from.add(at), to.wrapping_add(at));
            at += LINE;
        }
        copy_nonoverlapping(from.add(at), to.wrapping_add(at), bytes - at);
    }
}
