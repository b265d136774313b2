//! A writer into memory that may be too small.

use core::fmt;
use core::mem::MaybeUninit;

/// Keeps what fits and counts the rest: `snprintf`'s contract, as a writer.
pub struct Buffer<'a> {
    room: &'a mut [MaybeUninit<u8>],
    needed: usize,
}

impl<'a> Buffer<'a> {
    /// A writer that fills `room`, of which it keeps the last byte for a NUL.
    pub fn new(room: &'a mut [MaybeUninit<u8>]) -> Buffer<'a> {
        Buffer { room, needed: 0 }
    }

    /// Ends the text with a NUL, if there is any room at all; returns how long the text is, or would have been.
    pub fn finish(self) -> usize {
        if let Some(last) = self.room.len().checked_sub(1) {
            self.room[self.needed.min(last)].write(0);
        }
        self.needed
    }
}

impl fmt::Write for Buffer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let last = self.room.len().saturating_sub(1);
        let places = self.room[..last].iter_mut().skip(self.needed);
        for (place, &byte) in places.zip(text.as_bytes()) {
            place.write(byte);
        }
        self.needed = self.needed.saturating_add(text.len());
        Ok(())
    }
}
