//! How a CSV file is written: its delimiter, quotes, header.

use crate::error::{Result, SchemaError};
use crate::json::Node;
use crate::vocabulary::Vocabulary;

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
    /// Takes the meaning from the sign after it. Excludes `double_quote`.
    pub escape: Option<u8>,
    /// Begins lines that are left out.
    pub comment: Option<u8>,
    /// Whether the first line names the fields.
    pub header: bool,
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
            header: true,
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
    ],
    &["commentRows", "nullSequence"],
);

impl Dialect {
    /// Reads a dialect; `delimiter` is what separates cells unless it says otherwise.
    pub(crate) fn read(node: &Node<'_>, delimiter: u8) -> Result<Self> {
        node.check(&VOCABULARY)?;
        check_header(node)?;
        check_line_terminator(node)?;
        let flag =
            |name: &str, default: bool| node.get(name).map_or(Ok(default), |node| node.boolean());
        let escape = sign(node, "escapeChar")?;
        let dialect = Self {
            delimiter: sign(node, "delimiter")?.unwrap_or(delimiter),
            quote: quote(node)?,
            double_quote: flag("doubleQuote", escape.is_none())?,
            escape,
            comment: sign(node, "commentChar")?,
            header: flag("header", true)?,
            skip_initial_space: flag("skipInitialSpace", false)?,
        };
        dialect.check(node)?;
        Ok(dialect)
    }

    fn check(&self, node: &Node<'_>) -> Result<()> {
        if self.escape.is_some() && self.double_quote {
            return Err(SchemaError::BadValue {
                at: node.child("doubleQuote").at(),
                value: "true".to_string(),
                reason: "excludes escapeChar; leave one of them out".to_string(),
            });
        }
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

fn check_header(node: &Node<'_>) -> Result<()> {
    if let Some(rows) = node.get("headerRows") {
        let [row] = &rows.items()?[..] else {
            let what = "a header of no or several rows".to_string();
            return Err(SchemaError::Unsupported {
                at: rows.at(),
                what,
            });
        };
        if row.count()? != 1 {
            let what = "a header that is not the first row".to_string();
            return Err(SchemaError::Unsupported { at: row.at(), what });
        }
    }
    if let Some(case) = node.get("caseSensitiveHeader")
        && !case.boolean()?
    {
        let what = "a header in which case does not matter".to_string();
        return Err(SchemaError::Unsupported {
            at: case.at(),
            what,
        });
    }
    Ok(())
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
                "header": false, "skipInitialSpace": true, "lineTerminator": "\n", "headerRows": [1],
                "caseSensitiveHeader": true, "csvddfVersion": 1.2, "sheetName": "not of CSV"}"#,
        );
        let expected = Dialect {
            delimiter: b';',
            quote: Some(b'\''),
            double_quote: false,
            escape: Some(b'\\'),
            comment: Some(b'%'),
            header: false,
            skip_initial_space: true,
        };
        assert_eq!(dialect, expected);
        assert_eq!(read(r#", "dialect": {"quoteChar": ""}"#).quote, None);
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
            (
                r#"{"escapeChar": "|", "doubleQuote": true}"#,
                "excludes escapeChar",
            ),
            (
                r#"{"headerRows": [1, 2]}"#,
                "a header of no or several rows is not supported yet",
            ),
            (
                r#"{"headerRows": [3]}"#,
                "a header that is not the first row is not supported yet",
            ),
            (
                r#"{"caseSensitiveHeader": false}"#,
                "a header in which case does not matter is not supported yet",
            ),
            (
                r#"{"lineTerminator": ";"}"#,
                r#"lineTerminator ";" is not supported yet"#,
            ),
            (
                r#"{"nullSequence": "NA"}"#,
                "property `nullSequence` is not supported yet",
            ),
            (
                r#"{"commentRows": [2]}"#,
                "property `commentRows` is not supported yet",
            ),
            (r#"{"header": "no"}"#, r#"must be true or false, not "no""#),
            ("[]", "must be an object, not a list"),
        ] {
            refused(&resource(&format!(r#", "dialect": {dialect}"#)), problem);
        }
    }
}
