//! How a CSV file is written: its delimiter, quotes, header.

use crate::descriptor::json::Node;
use crate::descriptor::vocabulary::Vocabulary;
use crate::error::{Result, SchemaError};

/// The signs that give a CSV file its shape, all ASCII and all different.
///
/// Lines end in LF, CR LF or CR, whatever `lineTerminator` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// Stands between cells.
    pub delimiter: u8,
    /// Stands around cells that hold other signs; `None` if nothing is quoted.
    pub quote: Option<u8>,
    /// Whether two quotes within a quoted cell mean one.
    pub double_quote: bool,
    /// Takes the meaning from the sign after it.
    pub escape: Option<u8>,
    /// Begins lines that are left out.
    pub comment: Option<u8>,
    /// The rows that name the fields, from 1 and ascending; those before the last are no data. Empty if
    /// there is no header.
    pub header_rows: Vec<u64>,
    /// Stands between the parts of a name that several header rows make.
    pub header_join: String,
    /// Whether capital and small letters differ in the header.
    pub header_case: bool,
    /// Rows that are left out, from 1.
    pub comment_rows: Vec<u64>,
    /// A text that means a missing value in every field.
    pub null_sequence: Option<String>,
    /// Whether spaces after a delimiter are left out.
    pub skip_initial_space: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: b',',
            quote: Some(b'"'),
            double_quote: true,
            escape: None,
            comment: None,
            header_rows: vec![1],
            header_join: " ".to_string(),
            header_case: true,
            comment_rows: Vec::new(),
            null_sequence: None,
            skip_initial_space: false,
        }
    }
}

/// Properties of spreadsheets, databases and JSON are here because the standard wants them
/// ignored where they do not apply.
const VOCABULARY: Vocabulary = Vocabulary::closed(
    "a dialect",
    &[
        "$schema",
        "profile",
        "name",
        "title",
        "description",
        "csvddfVersion",
        "header",
        "headerRows",
        "headerJoin",
        "commentChar",
        "delimiter",
        "lineTerminator",
        "quoteChar",
        "doubleQuote",
        "escapeChar",
        "skipInitialSpace",
        "caseSensitiveHeader",
        "property",
        "itemType",
        "itemKeys",
        "sheetNumber",
        "sheetName",
        "table",
        "commentRows",
        "nullSequence",
    ],
    &[],
);

impl Dialect {
    /// Reads a dialect; `delimiter` is what separates cells unless it says otherwise.
    pub(crate) fn read(node: &Node<'_>, delimiter: u8) -> Result<Self> {
        node.check(&VOCABULARY)?;
        check_line_terminator(node)?;
        let flag =
            |name: &str, default: bool| node.get(name).map_or(Ok(default), |node| node.boolean());
        let escape = sign(node, "escapeChar")?;
        let dialect = Self {
            delimiter: sign(node, "delimiter")?.unwrap_or(delimiter),
            quote: quote(node)?,
            double_quote: flag("doubleQuote", true)?,
            escape,
            comment: sign(node, "commentChar")?,
            header_rows: if flag("header", true)? {
                rows(node, "headerRows")?.unwrap_or_else(|| vec![1])
            } else {
                Vec::new()
            },
            header_join: node
                .optional_text("headerJoin")?
                .unwrap_or_else(|| " ".to_string()),
            header_case: flag("caseSensitiveHeader", true)?,
            comment_rows: rows(node, "commentRows")?.unwrap_or_default(),
            null_sequence: node.optional_text("nullSequence")?,
            skip_initial_space: flag("skipInitialSpace", false)?,
        };
        dialect.check(node)?;
        Ok(dialect)
    }

    fn check(&self, node: &Node<'_>) -> Result<()> {
        let signs = [
            ("delimiter", Some(self.delimiter)),
            ("quoteChar", self.quote),
            ("escapeChar", self.escape),
            ("commentChar", self.comment),
        ];
        for (index, (name, sign)) in signs.iter().enumerate() {
            let same = signs[..index]
                .iter()
                .find(|(_, other)| sign.is_some() && other == sign);
            if let (Some((other, _)), Some(sign)) = (same, sign) {
                return Err(SchemaError::BadValue {
                    at: node.at(),
                    value: char::from(*sign).to_string(),
                    reason: format!("cannot be both {other} and {name}"),
                });
            }
        }
        Ok(())
    }
}

/// One ASCII character, as every dialect in use has.
fn sign(node: &Node<'_>, name: &'static str) -> Result<Option<u8>> {
    let Some(node) = node.get(name) else {
        return Ok(None);
    };
    match node.text()?.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Ok(Some(*byte)),
        [] | [_] => Err(SchemaError::BadValue {
            at: node.at(),
            value: node.shown(),
            reason: "must be one character, and no end of line".to_string(),
        }),
        _ => Err(SchemaError::Unsupported {
            at: node.at(),
            what: format!("{name} {} of more than one ASCII character", node.shown()),
        }),
    }
}

/// An empty quote character turns quoting off, as in the reference implementation.
fn quote(node: &Node<'_>) -> Result<Option<u8>> {
    if node
        .get("quoteChar")
        .is_some_and(|quote| quote.json() == "")
    {
        return Ok(None);
    }
    Ok(sign(node, "quoteChar")?.or(Some(b'"')))
}

/// Numbers of rows, from 1, in ascending order.
fn rows(node: &Node<'_>, name: &str) -> Result<Option<Vec<u64>>> {
    let Some(node) = node.get(name) else {
        return Ok(None);
    };
    let read = |item: &Node<'_>| match item.count()? {
        0 => Err(SchemaError::BadValue {
            at: item.at(),
            value: "0".to_string(),
            reason: "rows are counted from 1".to_string(),
        }),
        row => Ok(row as u64),
    };
    let mut rows: Vec<u64> = node.items()?.iter().map(read).collect::<Result<_>>()?;
    rows.sort_unstable();
    rows.dedup();
    Ok(Some(rows))
}

fn check_line_terminator(node: &Node<'_>) -> Result<()> {
    let Some(terminator) = node.get("lineTerminator") else {
        return Ok(());
    };
    if matches!(terminator.text()?, "\n" | "\r\n" | "\r") {
        return Ok(());
    }
    let what = format!("lineTerminator {}", terminator.shown());
    Err(SchemaError::Unsupported {
        at: terminator.at(),
        what,
    })
}

#[cfg(test)]
mod tests {
    use super::Dialect;
    use crate::testing::{open, refused, resource};

    fn read(more: &str) -> Dialect {
        open(&resource(more)).unwrap().tables()[0].dialect.clone()
    }

    #[test]
    fn the_default_is_that_of_the_standard() {
        assert_eq!(read(""), Dialect::default());
        assert_eq!(read(r#", "dialect": {}"#), Dialect::default());
    }

    #[test]
    fn every_property_is_read() {
        let dialect = read(
            r#", "dialect": {"delimiter": ";", "quoteChar": "'", "escapeChar": "\\", "commentChar": "%",
                "skipInitialSpace": true, "lineTerminator": "\n", "headerRows": [3, 1],
                "headerJoin": "_", "commentRows": [2], "nullSequence": "NA", "doubleQuote": false,
                "caseSensitiveHeader": false, "csvddfVersion": 1.2, "sheetName": "not of CSV"}"#,
        );
        let expected = Dialect {
            delimiter: b';',
            quote: Some(b'\''),
            double_quote: false,
            escape: Some(b'\\'),
            comment: Some(b'%'),
            header_rows: vec![1, 3],
            header_join: "_".to_string(),
            header_case: false,
            comment_rows: vec![2],
            null_sequence: Some("NA".to_string()),
            skip_initial_space: true,
        };
        assert_eq!(dialect, expected);
        assert_eq!(read(r#", "dialect": {"quoteChar": ""}"#).quote, None);
        let headless = read(r#", "dialect": {"header": false, "headerRows": [1]}"#);
        assert!(headless.header_rows.is_empty());
    }

    #[test]
    fn tabs_separate_the_cells_of_a_tsv_file() {
        assert_eq!(read(r#", "format": "tsv""#).delimiter, b'\t');
        assert_eq!(
            read(r#", "format": "tsv", "dialect": {"delimiter": "|"}"#).delimiter,
            b'|'
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (dialect, problem) in [
            (
                r#"{"delimeter": ";"}"#,
                "a dialect has no property `delimeter`; did you mean `delimiter`?",
            ),
            (
                r#"{"delimiter": "||"}"#,
                r#"delimiter "||" of more than one ASCII character is not supported yet"#,
            ),
            (
                r#"{"delimiter": "；"}"#,
                r#"delimiter "；" of more than one ASCII character is not supported yet"#,
            ),
            (
                r#"{"delimiter": "\n"}"#,
                "must be one character, and no end of line",
            ),
            (
                r#"{"delimiter": ""}"#,
                "must be one character, and no end of line",
            ),
            (
                r#"{"delimiter": "'", "quoteChar": "'"}"#,
                r#""'": cannot be both delimiter and quoteChar"#,
            ),
            (r#"{"headerRows": [0]}"#, r#""0": rows are counted from 1"#),
            (
                r#"{"lineTerminator": ";"}"#,
                r#"lineTerminator ";" is not supported yet"#,
            ),
            (r#"{"header": "no"}"#, r#"must be true or false, not "no""#),
            ("[]", "must be an object, not a list"),
        ] {
            refused(&resource(&format!(r#", "dialect": {dialect}"#)), problem);
        }
    }
}
