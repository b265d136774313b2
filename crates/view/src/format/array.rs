//! The array as nested brackets.

use core::fmt::{self, Write};

use libstrided_layout::{self as layout, DType, Error};

use super::float::{FloatFormat, Range};
use super::lines::Lines;
use super::value::{Value, binary, read};
use super::word::Word;
use crate::raw::ViewRef;

/// Arrays with more elements are summarised.
const THRESHOLD: i64 = 1000;

/// How many elements a summary shows at each end of an axis.
const EDGE: i64 = 3;

/// The longest line.
const LINE_WIDTH: usize = 75;

/// The most elements that a text shows.
const MAX_SHOWN: i64 = 1 << 24;

/// Refuses views of so many long axes that even the summary, with its six elements of each, could not be printed.
pub fn check_printable(v: ViewRef<'_>) -> layout::Result<()> {
    if v.size() <= THRESHOLD {
        return Ok(());
    }
    let mut shown = 1i64;
    for &n in v.shape() {
        shown = shown.saturating_mul(n.min(2 * EDGE));
    }
    if shown <= MAX_SHOWN {
        return Ok(());
    }
    Err(Error::InvalidArgument { rule: "a text can show at most 2^24 elements", value: shown })
}

/// Writes the elements as `numpy.array2string` does under its default print options.
///
/// Views of many axes that are longer than 6 each have many corners: the text of a summary can be long, as NumPy's is.
///
/// # Safety
/// `v` must describe memory that is there and is not being written.
pub unsafe fn format(v: ViewRef<'_>, out: &mut dyn Write) -> fmt::Result {
    if v.is_empty() {
        return out.write_str("[]");
    }
    let shown = Shown { v, summary: v.size() > THRESHOLD };
    // SAFETY: the caller's promise.
    unsafe {
        let style = Style::of(&shown)?;
        write_axis(&shown, &style, 0, 0, &mut Lines::new(out))
    }
}

/// The elements that are shown.
struct Shown<'a> {
    v: ViewRef<'a>,
    summary: bool,
}

impl Shown<'_> {
    /// How many positions of an axis come before the gap, where there is one.
    fn gap(&self, axis: usize) -> Option<i64> {
        (self.summary && self.v.shape()[axis] > 2 * EDGE).then_some(EDGE)
    }

    /// The positions of an axis that are shown.
    fn positions(&self, axis: usize) -> impl Iterator<Item = i64> {
        let extent = self.v.shape()[axis];
        let (front, back) = match self.gap(axis) {
            Some(edge) => (edge, extent - edge),
            None => (extent, extent),
        };
        (0..front).chain(back..extent)
    }

    /// The byte offset of a position, from that of the axes before.
    fn offset(&self, axis: usize, offset: i64, position: i64) -> i64 {
        offset + position * self.v.strides()[axis]
    }

    /// # Safety
    /// `offset` must be that of an element of a readable view.
    unsafe fn value(&self, offset: i64) -> Value {
        // SAFETY: the caller's promise.
        unsafe { read(self.v.at(offset), self.v.dtype()) }
    }

    /// Calls `f` for every element that is shown.
    ///
    /// # Safety
    /// As [`format`].
    unsafe fn each(&self, f: &mut dyn FnMut(Value) -> fmt::Result) -> fmt::Result {
        // SAFETY: the caller's promise.
        unsafe { self.each_from(0, 0, f) }
    }

    /// # Safety
    /// As [`format`]; `offset` must be that of an element.
    unsafe fn each_from(
        &self,
        axis: usize,
        offset: i64,
        f: &mut dyn FnMut(Value) -> fmt::Result,
    ) -> fmt::Result {
        if axis == self.v.ndim() {
            // SAFETY: all indices are in range.
            return f(unsafe { self.value(offset) });
        }
        for position in self.positions(axis) {
            // SAFETY: the position is in range.
            unsafe { self.each_from(axis + 1, self.offset(axis, offset, position), f)? };
        }
        Ok(())
    }
}

/// How all elements are written.
enum Style {
    Bool { width: usize },
    Integer { width: usize },
    Float(FloatFormat),
    Complex(FloatFormat, FloatFormat),
    Opaque { itemsize: usize },
}

impl Style {
    /// # Safety
    /// As [`format`].
    unsafe fn of(shown: &Shown<'_>) -> Result<Style, fmt::Error> {
        let v = shown.v;
        let Some(binary) = binary(v.dtype()) else {
            return match v.dtype() {
                DType::Opaque => Ok(Style::Opaque { itemsize: v.itemsize() as usize }),
                DType::Bool => Ok(Style::Bool { width: if v.ndim() == 0 { 0 } else { 5 } }),
                // SAFETY: the caller's promise.
                _ => unsafe { Style::of_integers(shown) },
            };
        };
        let (mut re, mut im) = (Range::new(binary, false), Range::new(binary, true));
        let mut complex = false;
        // SAFETY: the caller's promise.
        unsafe {
            shown.each(&mut |value| {
                match value {
                    Value::Float(x) => re.add(x),
                    Value::Complex(x, y) => {
                        re.add(x);
                        im.add(y);
                        complex = true;
                    }
                    _ => {}
                }
                Ok(())
            })?;
        }
        let (mut re, mut im) = (FloatFormat::new(re), FloatFormat::new(im));
        // SAFETY: the caller's promise.
        unsafe {
            shown.each(&mut |value| match value {
                Value::Float(x) => re.add(x),
                Value::Complex(x, y) => re.add(x).and_then(|()| im.add(y)),
                _ => Ok(()),
            })?;
        }
        re.finish();
        im.finish();
        Ok(if complex { Style::Complex(re, im) } else { Style::Float(re) })
    }

    /// # Safety
    /// As [`format`].
    unsafe fn of_integers(shown: &Shown<'_>) -> Result<Style, fmt::Error> {
        let mut width = 0;
        // SAFETY: the caller's promise.
        unsafe {
            shown.each(&mut |value| {
                if let Value::Integer(i) = value {
                    let mut text = Word::new();
                    write!(text, "{i}")?;
                    width = width.max(text.len());
                }
                Ok(())
            })?;
        }
        Ok(Style::Integer { width })
    }

    fn word(&self, value: Value) -> Result<Word, fmt::Error> {
        let mut word = Word::new();
        match (self, value) {
            (Style::Bool { width }, Value::Bool(b)) => {
                write!(word, "{:>width$}", if b { "True" } else { "False" })?
            }
            (Style::Integer { width }, Value::Integer(i)) => write!(word, "{i:width$}")?,
            (Style::Float(format), Value::Float(x)) => format.write(x, &mut word)?,
            (Style::Complex(re, im), Value::Complex(x, y)) => {
                re.write(x, &mut word)?;
                let mut part = Word::new();
                im.write(y, &mut part)?;
                // The unit stands behind the number, before its padding.
                let number = part.as_str().trim_end_matches(' ');
                write!(word, "{number}j")?;
                word.repeat(" ", part.len() - number.len())?;
            }
            _ => return Err(fmt::Error),
        }
        Ok(word)
    }

    /// Writes an element into a line.
    ///
    /// # Safety
    /// An opaque value must be readable.
    unsafe fn write(&self, value: Value, room: Option<(usize, usize)>, lines: &mut Lines<'_>) -> fmt::Result {
        let make_room = |lines: &mut Lines<'_>, len| match room {
            Some((width, indent)) => lines.make_room(len, width, indent),
            None => Ok(()),
        };
        let (&Style::Opaque { itemsize }, Value::Opaque(p)) = (self, value) else {
            let word = self.word(value)?;
            make_room(lines, word.len())?;
            return lines.write(word.as_str());
        };
        make_room(lines, itemsize.saturating_mul(4).saturating_add(3))?;
        lines.write("b'")?;
        for i in 0..itemsize {
            let mut text = Word::new();
            // SAFETY: the item has this many bytes.
            write!(text, "\\x{:02X}", unsafe { p.add(i).read() })?;
            lines.write(text.as_str())?;
        }
        lines.write("'")
    }
}

/// Writes all from `axis` on. `offset` is the byte offset that the indices of the axes before amount to.
///
/// # Safety
/// As [`format`].
unsafe fn write_axis(
    shown: &Shown<'_>,
    style: &Style,
    axis: usize,
    offset: i64,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    let axes_left = shown.v.ndim() - axis;
    if axes_left == 0 {
        // SAFETY: an array without axes has one element.
        return unsafe { style.write(shown.value(offset), None, lines) };
    }
    let indent = axis + 1;
    // Brackets that close take one character each; all of them have room at the end of the last line.
    let room = Some((LINE_WIDTH.saturating_sub(axis + 1), indent));
    lines.write("[")?;
    lines.set_len(indent);
    let between = |lines: &mut Lines<'_>| {
        if axes_left == 1 {
            lines.spaces(1);
        } else {
            lines.breaks(axes_left - 1)?;
            lines.spaces(indent);
        }
        Ok(())
    };
    for (i, position) in shown.positions(axis).enumerate() {
        if i > 0 {
            between(lines)?;
        }
        if shown.gap(axis) == Some(i as i64) {
            if let (1, Some((width, indent))) = (axes_left, room) {
                lines.make_room(3, width, indent)?;
            }
            lines.write("...")?;
            between(lines)?;
        }
        let offset = shown.offset(axis, offset, position);
        // SAFETY: the position is in range.
        unsafe {
            if axes_left == 1 {
                style.write(shown.value(offset), room, lines)?;
            } else {
                write_axis(shown, style, axis + 1, offset, lines)?;
            }
        }
    }
    lines.write("]")
}
