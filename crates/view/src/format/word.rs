//! Text in a fixed buffer.

use core::fmt;

/// Longer than any number with its padding: two parts of at most 10 digits, a point, 8 digits, an exponent.
const ROOM: usize = 128;

/// A short ASCII text.
pub(super) struct Word {
    bytes: [u8; ROOM],
    len: usize,
}

impl Word {
    pub(super) fn new() -> Word {
        Word { bytes: [0; ROOM], len: 0 }
    }

    pub(super) fn as_str(&self) -> &str {
        // Only ASCII is ever written.
        core::str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Writes `count` times the same character.
    pub(super) fn repeat(&mut self, c: &str, count: usize) -> fmt::Result {
        (0..count).try_for_each(|_| fmt::Write::write_str(self, c))
    }
}

impl fmt::Write for Word {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        if !text.is_ascii() {
            return Err(fmt::Error);
        }
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}
