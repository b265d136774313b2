//! The memory that a copy works in: tables of offsets, and a stage.

use aligned_vec::{AVec, ConstAlign};
use core::mem::MaybeUninit;

use super::stage::{ENTRIES, TABLES};
use crate::cache::LINE;

type Scratch<T> = AVec<T, ConstAlign<LINE>>;

/// Memory for all tables, those of two boxes, and the stage.
pub(super) struct Room {
    tables: Scratch<isize>,
    stage: Scratch<u8>,
}

impl Room {
    /// Bytes of the stage.
    pub(super) const STAGE: usize = 192 << 10;
    /// Bytes behind it, for rows that are packed first.
    pub(super) const PACK: usize = 64 << 10;
    /// Lines in all.
    pub(super) const LINES: usize = (Room::STAGE + Room::PACK) / LINE;

    /// `None` when there is no memory.
    pub(super) fn new() -> Option<Room> {
        let mut tables = Scratch::new(LINE);
        tables.try_reserve_exact(Room::TABLES).ok()?;
        let mut stage = Scratch::new(LINE);
        stage.try_reserve_exact(Room::STAGE + Room::PACK).ok()?;
        Some(Room { tables, stage })
    }

    /// Entries of all tables.
    const TABLES: usize = 2 * TABLES * ENTRIES;

    /// The tables, of `ENTRIES` entries each, and the stage.
    pub(super) fn parts(&mut self) -> (&mut [MaybeUninit<isize>], *mut u8) {
        let stage = self.stage.as_mut_ptr();
        // SAFETY: the capacity that `new` has reserved; entries need not be initialised.
        let tables =
            unsafe { core::slice::from_raw_parts_mut(self.tables.as_mut_ptr().cast(), Room::TABLES) };
        (tables, stage)
    }
}
