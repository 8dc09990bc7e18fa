//! The encoding of a file, found by reading all of it.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use crate::shape::MARK;

/// Bytes at the beginning that tell whether it is UTF-16 without a mark.
const UTF_16_SAMPLE: u64 = 1 << 16;

/// The encoding of a text, by a name that a package can say; nothing for UTF-8.
pub(crate) fn encoding(
    open: impl Fn() -> io::Result<Box<dyn Read>>,
) -> io::Result<Option<&'static str>> {
    let mut start = Vec::new();
    open()?.take(MARK.len() as u64).read_to_end(&mut start)?;
    if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
        return Ok(Some("utf-16"));
    }
    // Then a byte that is no character is a fault of the file.
    if start == MARK {
        return Ok(None);
    }
    let mut start = Vec::new();
    open()?.take(UTF_16_SAMPLE).read_to_end(&mut start)?;
    if let Some(found) = utf_16_without_mark(&start) {
        return Ok(Some(found));
    }
    if is_utf_8(open()?)? {
        return Ok(None);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut input, mut bytes) = (open()?, vec![0; 1 << 16]);
    loop {
        let length = input.read(&mut bytes)?;
        detector.feed(&bytes[..length], length == 0);
        if length == 0 {
            let found = detector.guess(None, Utf8Detection::Deny).name();
            // What Chinese programs call GBK is written in its successor today.
            return Ok(Some(if found == "GBK" { "GB18030" } else { found }));
        }
    }
}

/// The order of the bytes, if every line break and delimiter has a NUL on one side and there are none on the other.
///
/// A text of UTF-16 has a NUL in every ASCII character, and no character of two NULs.
fn utf_16_without_mark(start: &[u8]) -> Option<&'static str> {
    let is_nul = |byte: &&u8| **byte == 0;
    let first = start.iter().step_by(2).filter(is_nul).count();
    let second = start.iter().skip(1).step_by(2).filter(is_nul).count();
    let (name, units): (_, fn(&[u8]) -> u16) = match (first, second) {
        (0, 1..) => ("utf-16le", |pair| u16::from_le_bytes([pair[0], pair[1]])),
        (1.., 0) => ("utf-16be", |pair| u16::from_be_bytes([pair[0], pair[1]])),
        _ => return None,
    };
    let units = start.chunks_exact(2).map(units);
    let text: Vec<char> = char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    // The last character may be cut in two.
    let whole = text.split_last().map_or(&text[..], |(_, whole)| whole);
    let is_text = |character: &char| {
        *character != char::REPLACEMENT_CHARACTER
            && (!character.is_control() || matches!(character, '\n' | '\r' | '\t'))
    };
    let is_even = start.len().is_multiple_of(2);
    let has_lines = text
        .iter()
        .any(|character| matches!(character, '\n' | '\r'));
    (is_even && has_lines && whole.iter().all(is_text)).then_some(name)
}

/// Whether the beginning of a file is that of UTF-8 without NUL bytes; its last character may be cut.
pub(crate) fn is_beginning_of_utf_8(start: &[u8]) -> bool {
    let is_text = match std::str::from_utf8(start) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    is_text && !start.contains(&0)
}

fn is_utf_8(mut input: impl Read) -> io::Result<bool> {
    let (mut bytes, mut kept) = (vec![0; 1 << 16], 0);
    loop {
        let length = input.read(&mut bytes[kept..])? + kept;
        if length == kept {
            return Ok(kept == 0);
        }
        kept = match std::str::from_utf8(&bytes[..length]) {
            Ok(_) => 0,
            // A character may go on in the next bytes.
            Err(error) if error.error_len().is_none() => {
                bytes.copy_within(error.valid_up_to()..length, 0);
                length - error.valid_up_to()
            }
            Err(_) => return Ok(false),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        // `口岸,阿拉山口` in GB18030, and `Straße,Köln` in Windows-1252.
        let chinese = b"\xbf\xda\xb0\xb6,\xb0\xa2\xc0\xad\xc9\xbd\xbf\xda\n".repeat(3);
        let german = b"Stra\xdfe,K\xf6ln und M\xfcnchen\n".repeat(3);
        for (bytes, expected) in [
            ("口岸,阿拉山口\n".as_bytes(), None),
            (b"\xEF\xBB\xBFid\n", None),
            (b"\xEF\xBB\xBFid\n\xFF-\n", None),
            (&chinese, Some("GB18030")),
            (&german, Some("windows-1252")),
            (b"\xFF\xFEi\0d\0", Some("utf-16")),
            // `口,b` and `1,2` without a mark, both ways.
            (b"\xE3\x53,\0b\0\n\x001\0,\x002\0\n\0", Some("utf-16le")),
            (b"\x53\xE3\0,\0b\0\n\x001\0,\x002\0\n", Some("utf-16be")),
            // NUL bytes in UTF-8.
            (b"a,b\n1,\0\x002\n", None),
        ] {
            let owned = bytes.to_vec();
            let open = || Ok(Box::new(io::Cursor::new(owned.clone())) as Box<dyn Read>);
            assert_eq!(encoding(open).unwrap(), expected);
        }
    }
}
