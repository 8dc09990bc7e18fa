//! The signs that give a CSV file its shape.

use kouan_schema::{Dialect, Encoding};

/// A table's dialect, as bytes that the tokeniser looks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Syntax {
    /// What the file is written in, for messages.
    pub(crate) encoding: &'static str,
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    pub(crate) double_quote: bool,
    pub(crate) escape: Option<u8>,
    pub(crate) comment: Option<u8>,
    pub(crate) skip_initial_space: bool,
}

impl From<&Dialect> for Syntax {
    fn from(dialect: &Dialect) -> Self {
        Self {
            encoding: Encoding::UTF_8.name(),
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            double_quote: dialect.double_quote,
            escape: dialect.escape,
            comment: dialect.comment,
            skip_initial_space: dialect.skip_initial_space,
        }
    }
}

impl Default for Syntax {
    fn default() -> Self {
        Self::from(&Dialect::default())
    }
}

impl Syntax {
    /// The value of a raw cell that holds doubled quotes or escapes. `\N` outside quotes stays, since programs that
    /// escape by a backslash write it for NULL.
    pub(crate) fn unescape(&self, raw: &str, quoted: bool) -> String {
        if !quoted && raw == "\\N" {
            return raw.to_string();
        }
        let is = |sign: Option<u8>, character: char| {
            sign.is_some_and(|sign| char::from(sign) == character)
        };
        let mut value = String::with_capacity(raw.len());
        let mut characters = raw.chars();
        while let Some(character) = characters.next() {
            let doubled = quoted && self.double_quote && is(self.quote, character);
            if doubled || is(self.escape, character) {
                value.extend(characters.next());
            } else {
                value.push(character);
            }
        }
        value
    }
}
