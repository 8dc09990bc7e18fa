//! Bytes of a file as text, with a substitute for what is none.

use std::borrow::Cow;

/// Takes the place of a byte that is no text, so that every offset stays true.
const SUBSTITUTE: u8 = 0x1A;

/// Bytes as text, and which of them are none.
#[derive(Debug)]
pub(crate) struct Text<'t> {
    text: Cow<'t, str>,
    /// Bytes that are no text: offset and byte, ascending.
    foreign: Vec<(u32, u8)>,
}

impl<'t> Text<'t> {
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        let mut foreign = Vec::new();
        let mut text = match simdutf8::basic::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(without_invalid(bytes.to_vec(), &mut foreign)),
        };
        if memchr::memchr(0, text.as_bytes()).is_some() {
            foreign.extend(text.match_indices('\0').map(|(index, _)| (index as u32, 0)));
            foreign.sort_unstable();
            text = Cow::Owned(text.replace('\0', "\u{1A}"));
        }
        Self { text, foreign }
    }

    /// The text, in which a substitute stands for each byte that is none.
    #[inline]
    pub(super) fn readable(&self) -> &str {
        &self.text
    }

    #[inline]
    pub(super) fn is_all_text(&self) -> bool {
        self.foreign.is_empty()
    }

    /// The first byte of a range that is no text.
    pub(super) fn foreign_byte(&self, start: u32, end: u32) -> Option<u8> {
        let next = self.foreign.partition_point(|(offset, _)| *offset < start);
        let (offset, byte) = self.foreign.get(next)?;
        (*offset < end).then_some(*byte)
    }
}

/// The bytes with a substitute for every one that is not part of a UTF-8 character.
fn without_invalid(mut bytes: Vec<u8>, foreign: &mut Vec<(u32, u8)>) -> String {
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&bytes[from..]) {
        let start = from + error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - start);
        for (index, byte) in bytes[start..start + length].iter_mut().enumerate() {
            foreign.push(((start + index) as u32, *byte));
            *byte = SUBSTITUTE;
        }
        from = start + length;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
