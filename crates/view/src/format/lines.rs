//! Words put into lines that are broken where they would become too long.

use core::fmt::{self, Write};

/// Writes words, keeping count of the line. Spaces wait until something follows them, so that no line that is broken
/// ends in spaces.
pub(super) struct Lines<'a> {
    out: &'a mut dyn Write,
    /// Characters in this line, waiting spaces included.
    len: usize,
    waiting: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Lines<'a> {
        Lines { out, len: 0, waiting: 0 }
    }

    /// How long the line is at this point.
    pub(super) fn set_len(&mut self, len: usize) {
        self.len = len;
    }

    pub(super) fn spaces(&mut self, count: usize) {
        self.len += count;
        self.waiting += count;
    }

    pub(super) fn write(&mut self, text: &str) -> fmt::Result {
        let rest = text.trim_start_matches(' ');
        self.spaces(text.len() - rest.len());
        let word = rest.trim_end_matches(' ');
        if !word.is_empty() {
            self.flush()?;
            self.out.write_str(word)?;
            self.len += word.len();
        }
        self.spaces(rest.len() - word.len());
        Ok(())
    }

    fn flush(&mut self) -> fmt::Result {
        let waiting = core::mem::take(&mut self.waiting);
        (0..waiting).try_for_each(|_| self.out.write_char(' '))
    }

    /// Begins a new line, `indent` spaces in, if `len` more characters would make this one longer than `width`; not
    /// when that would not help.
    pub(super) fn make_room(&mut self, len: usize, width: usize, indent: usize) -> fmt::Result {
        if self.len + len > width && self.len > indent {
            self.waiting = 0;
            self.breaks(1)?;
            self.len = 0;
            self.spaces(indent);
        }
        Ok(())
    }

    /// Ends the line, and leaves lines out.
    pub(super) fn breaks(&mut self, count: usize) -> fmt::Result {
        self.flush()?;
        (0..count).try_for_each(|_| self.out.write_char('\n'))
    }
}
