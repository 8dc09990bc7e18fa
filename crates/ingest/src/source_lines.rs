//! Lines of a file as their bytes stand in it, whatever encoding they are in.

use std::io::{self, Read, Write};
use std::ops::Range;

use kouan_schema::Encoding;

/// Bytes that are looked through at once.
const CHUNK: usize = 1 << 16;

/// How the bytes of a file make characters, as far as it matters to line breaks.
///
/// In every encoding that is no UTF-16, a line break is one byte that is a part of no other character, and what is malformed
/// takes none with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Byte,
    LittleEndian,
    BigEndian,
}

impl Unit {
    /// By the byte order mark that a file starts with, which wins, or else its encoding.
    fn of(start: &[u8], encoding: Encoding) -> Self {
        match (start, encoding.name()) {
            ([0xFF, 0xFE, ..], _) => Self::LittleEndian,
            ([0xFE, 0xFF, ..], _) => Self::BigEndian,
            ([0xEF, 0xBB, 0xBF, ..], _) => Self::Byte,
            (_, "UTF-16LE") => Self::LittleEndian,
            (_, "UTF-16BE") => Self::BigEndian,
            _ => Self::Byte,
        }
    }

    fn width(self) -> usize {
        match self {
            Self::Byte => 1,
            Self::LittleEndian | Self::BigEndian => 2,
        }
    }

    fn value(self, unit: &[u8]) -> u16 {
        match (self, unit) {
            (Self::LittleEndian, [low, high]) => u16::from_le_bytes([*low, *high]),
            (Self::BigEndian, [high, low]) => u16::from_be_bytes([*high, *low]),
            (_, unit) => unit.first().copied().unwrap_or(0).into(),
        }
    }
}

/// Copies some lines, which are counted from 1 and end at LF, CR LF or CR; the ranges ascend.
pub(crate) fn copy(
    mut input: impl Read,
    encoding: Encoding,
    lines: &[Range<u64>],
    output: &mut impl Write,
) -> io::Result<()> {
    const FEED: u16 = 0x0A;
    const RETURN: u16 = 0x0D;
    let mut bytes = Vec::new();
    let mut unit = None;
    let (mut line, mut after_return) = (1, false);
    let mut ranges = lines.iter().peekable();
    loop {
        let read = input.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)?;
        let unit = *unit.get_or_insert_with(|| Unit::of(&bytes, encoding));
        // Half a unit waits for its other half, which may never come.
        let whole = match read {
            0 => bytes.len(),
            _ => bytes.len() - bytes.len() % unit.width(),
        };
        for unit_bytes in bytes[..whole].chunks(unit.width()) {
            let value = unit.value(unit_bytes);
            if after_return && value != FEED {
                line += 1;
            }
            after_return = value == RETURN;
            while ranges.peek().is_some_and(|range| range.end <= line) {
                ranges.next();
            }
            if ranges.peek().is_some_and(|range| range.contains(&line)) {
                output.write_all(unit_bytes)?;
            }
            line += u64::from(value == FEED);
        }
        bytes.drain(..whole);
        if read == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_copied_as_they_are() -> io::Result<()> {
        let text = "\u{feff}eins\r\nzwei\rdrei\n\nfünf";
        let copied = |bytes: &[u8], encoding: &str, lines: &[(u64, u64)]| {
            let lines: Vec<Range<u64>> = lines.iter().map(|(from, to)| *from..*to).collect();
            let encoding = Encoding::of_name(encoding).unwrap_or(Encoding::UTF_8);
            let mut output = Vec::new();
            copy(bytes, encoding, &lines, &mut output).map(|()| output)
        };
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (lines, expected) in [
            (vec![(1, 2)], "\u{feff}eins\r\n"),
            (vec![(2, 3)], "zwei\r"),
            (vec![(1, 2), (3, 5)], "\u{feff}eins\r\ndrei\n\n"),
            (vec![(5, 6)], "fünf"),
            (vec![(1, 6)], text),
            (vec![], ""),
        ] {
            assert_eq!(
                copied(text.as_bytes(), "utf-8", &lines)?,
                expected.as_bytes()
            );
            let units =
                |to: fn(u16) -> [u8; 2]| expected.encode_utf16().flat_map(to).collect::<Vec<u8>>();
            assert_eq!(copied(&little, "utf-16", &lines)?, units(u16::to_le_bytes));
            assert_eq!(copied(&big, "utf-16", &lines)?, units(u16::to_be_bytes));
        }
        // A lead byte of GB18030 without its trail takes no line break with it.
        assert_eq!(copied(b"a\x81\nb\n", "gb18030", &[(2, 3)])?, b"b\n");
        Ok(())
    }
}
