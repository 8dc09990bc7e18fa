//! The character encoding of a table's files, by its name in the WHATWG's list or Python's.

use std::fmt;

use crate::descriptor::json::Node;
use crate::error::{Result, SchemaError};

/// A character encoding. Its `Debug` form is its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// The default.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);

    /// The encoding's name, such as `GB18030`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Turns bytes of this encoding into UTF-8; a byte order mark wins over the name.
    pub fn decoder(self) -> encoding_rs::Decoder {
        self.0.new_decoder()
    }

    /// The encoding of this name, if there is one.
    pub fn of_name(name: &str) -> Option<Self> {
        let lower = name.trim().to_lowercase();
        if ["us-ascii", "ascii"].contains(&lower.as_str()) {
            return Some(Self::UTF_8);
        }
        let spellings = [
            lower.clone(),
            lower.replace('_', "-"),
            lower.replace(['_', '-'], ""),
        ];
        let found = spellings
            .iter()
            .find_map(|name| encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()));
        found.map(Self)
    }

    /// Reads `encoding`. ASCII is a part of UTF-8; Latin-1 is read as Windows-1252, which has it in
    /// itself, as browsers do.
    pub(crate) fn read(resource: &Node<'_>) -> Result<Self> {
        let Some(node) = resource.get("encoding") else {
            return Ok(Self::UTF_8);
        };
        let name = node.text()?;
        Self::of_name(name).ok_or_else(|| SchemaError::BadValue {
            at: node.at(),
            value: name.to_string(),
            reason: "is no encoding that kouan knows; save the file as UTF-8".to_string(),
        })
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{open, refused, resource};

    #[test]
    fn encodings_have_many_names() {
        let name = |label: &str| {
            let package = open(&resource(&format!(r#", "encoding": "{label}""#))).unwrap();
            package.tables()[0].encoding.name()
        };
        for (label, expected) in [
            ("utf-8", "UTF-8"),
            ("UTF_8", "UTF-8"),
            ("ascii", "UTF-8"),
            ("utf-16", "UTF-16LE"),
            ("utf-16be", "UTF-16BE"),
            ("latin-1", "windows-1252"),
            ("ISO-8859-1", "windows-1252"),
            ("cp1252", "windows-1252"),
            ("gb18030", "gb18030"),
            ("GBK", "GBK"),
            ("shift_jis", "Shift_JIS"),
            ("euc_kr", "EUC-KR"),
        ] {
            assert_eq!(name(label), expected, "{label}");
        }
        refused(
            &resource(r#", "encoding": "ebcdic""#),
            r#""ebcdic": is no encoding that kouan knows; save the file as UTF-8"#,
        );
    }
}
