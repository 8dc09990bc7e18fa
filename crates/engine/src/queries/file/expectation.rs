//! What the header of a saved query says its answer must be.
//!
//! ```sql
//! -- expect: columns (year integer, ports bigint)
//! -- expect: rows between 1 and 200 ; unique (year)
//! -- expect: ports >= 0
//! -- expect: empty openings_without_port year_from=1950
//! ```

use std::str::FromStr;

use super::arguments::{named_values, split_words};

/// One expectation, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// As the header says it.
    pub text: String,
    /// Its line in the file, from 1.
    pub line: usize,
    /// What it asks for.
    pub rule: Rule,
}

/// What an expectation asks of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// These columns in this order, each with the type that `\d` calls it by, if one is named.
    Columns(Vec<(String, Option<String>)>),
    /// A condition on the number of rows, which it calls `rows`.
    Rows(String),
    /// No two rows agree in all of these columns.
    Unique(Vec<String>),
    /// Another saved query, run with these values, answers no row.
    Empty(String, Vec<(String, String)>),
    /// A condition that no row fails; what is unknown passes, as in a CHECK of SQL.
    Every(String),
}

/// Reads the expectations of one line, which `;` separates.
pub(super) fn read(text: &str, line: usize) -> Result<Vec<Expectation>, String> {
    pieces(text, ';')
        .into_iter()
        .map(|text| {
            let rule = text.parse()?;
            let text = text.to_string();
            Ok(Expectation { text, line, rule })
        })
        .collect()
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        let (word, rest) = (text[..end].to_lowercase(), text[end..].trim());
        match word.as_str() {
            _ if text.is_empty() => Err("an expectation must follow `expect:`".to_string()),
            "columns" => {
                let columns = listed(&word, rest)?.into_iter().map(column);
                Ok(Self::Columns(columns.collect()))
            }
            "unique" => {
                let columns = listed(&word, rest)?.into_iter().map(|text| column(text).0);
                Ok(Self::Unique(columns.collect()))
            }
            "empty" => {
                let words = split_words(rest)?;
                let (query, values) = words
                    .split_first()
                    .ok_or("`empty` needs the name of a saved query")?;
                let values = named_values(values).map_err(|problems| problems.join("; "))?;
                Ok(Self::Empty(query.clone(), values))
            }
            "rows" if !rest.is_empty() => Ok(Self::Rows(text.to_string())),
            _ => Ok(Self::Every(text.to_string())),
        }
    }
}

/// The parts of a list in parentheses.
fn listed<'t>(word: &str, text: &'t str) -> Result<Vec<&'t str>, String> {
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .ok_or_else(|| format!("`{word}` needs a list of columns in parentheses"))?;
    let parts = pieces(inner, ',');
    match parts.iter().any(|part| part.is_empty()) {
        true => Err(format!("the list of `{word}` has an empty place")),
        false => Ok(parts),
    }
}

/// A column's name, which may be in double quotes, and what follows it.
fn column(text: &str) -> (String, Option<String>) {
    let (name, rest) = match text.strip_prefix('"').and_then(|text| text.split_once('"')) {
        Some((name, rest)) => (name, rest),
        None => text.split_once(char::is_whitespace).unwrap_or((text, "")),
    };
    let rest = rest.trim();
    (
        name.to_string(),
        (!rest.is_empty()).then(|| rest.to_string()),
    )
}

/// Cuts at a separator that stands outside quotes and parentheses.
fn pieces(text: &str, separator: char) -> Vec<&str> {
    let (mut pieces, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (place, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if character == separator && depth == 0 => {
                pieces.push(text[start..place].trim());
                start = place + separator.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(text[start..].trim());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read() -> Result<(), String> {
        let column = |name: &str, kind: Option<&str>| (name.to_string(), kind.map(str::to_string));
        let check = |text: &str, expected: Rule| {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        };
        check(
            "columns (year integer, \"count(*)\" bigint, share decimal(4, 1), port)",
            Rule::Columns(vec![
                column("year", Some("integer")),
                column("count(*)", Some("bigint")),
                column("share", Some("decimal(4, 1)")),
                column("port", None),
            ]),
        );
        check("rows >= 1", Rule::Rows("rows >= 1".into()));
        check("unique (a, b)", Rule::Unique(vec!["a".into(), "b".into()]));
        let values = vec![("x".to_string(), "it's".to_string())];
        check(
            "empty other x=\"it's\"",
            Rule::Empty("other".into(), values),
        );
        check("kind in ('a;b')", Rule::Every("kind in ('a;b')".into()));
        check("rows", Rule::Every("rows".into()));
        let several = read("rows = 1; kind <> ';' ; unique (kind)", 7)?;
        let texts: Vec<_> = several.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["rows = 1", "kind <> ';'", "unique (kind)"]);
        assert_eq!(several[2].line, 7);
        Ok(())
    }

    #[test]
    fn mistakes_are_told() {
        for (text, part) in [
            ("", "must follow"),
            ("columns year", "`columns` needs a list"),
            ("unique (a,)", "empty place"),
            ("empty", "needs the name"),
            ("empty q x", "values are given as name=value"),
        ] {
            let message = text.parse::<Rule>().err().unwrap_or_default();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
