//! Reads the comment header of a query file.
//!
//! ```sql
//! -- name: openings_per_year
//! -- title: Ports opened in each year, with the running total
//! -- param: year_from integer = 1930 between 1800 and 2100 -- first year shown
//! -- expect: columns (year integer, ports bigint) ; unique (year)
//! -- source: Figure 1
//! -- example: year_from=1950
//! SELECT …;
//! ```
//!
//! The header ends at the first line that is not a comment. A comment line that is not
//! `word: text` is prose and is skipped; a word that is not known is a mistake, unless the file has no header.

use std::path::PathBuf;

use super::arguments::{named_values, split_words};
use super::expectation;
use super::parameter::Parameter;
use super::saved_query::{Example, SavedQuery};
use crate::catalog::near::nearest;
use crate::error::QueryProblem;
use crate::statement::script::Source;

const KEYS: [&str; 6] = ["name", "title", "param", "expect", "source", "example"];

/// A query file as found.
pub(crate) struct QueryFile {
    /// How messages name it.
    pub(crate) path: String,
    /// Where it lies, unless the binary carries it.
    pub(crate) file: Option<PathBuf>,
    /// The folder below the queries folder that it lies in.
    pub(crate) topic: String,
    pub(crate) text: String,
}

/// Reads a file's header. A file without one is a query too, named after its file.
pub(crate) fn read(file: QueryFile) -> Result<SavedQuery, QueryProblem> {
    let mut query = SavedQuery {
        name: stem(&file.path).to_string(),
        topic: file.topic,
        title: None,
        source: None,
        parameters: Vec::new(),
        expectations: Vec::new(),
        examples: Vec::new(),
        file: file.file,
        text: Source::file(file.path, file.text),
    };
    let text = query.text.text.clone();
    // Prose may look like an entry; where nothing is one, a word that is no slip of a known one begins prose.
    let has_entries = entries(&text).any(|(_, key, _)| KEYS.contains(&key));
    for (line, key, text) in entries(&text) {
        if !has_entries && kouan_schema::nearest(key, KEYS).is_none() {
            continue;
        }
        add(&mut query, line, key, text).map_err(|reason| query.problem(line, reason))?;
    }
    Ok(query)
}

/// The `word: text` lines of a header, with their numbers.
pub(crate) fn entries(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let lines = text.lines().enumerate().map(|(number, line)| {
        let line = line.trim_start_matches('\u{feff}').trim();
        (number + 1, line)
    });
    lines
        .filter(|(_, line)| !line.is_empty())
        .map_while(|(number, line)| Some((number, line.strip_prefix("--")?)))
        .filter_map(|(number, comment)| {
            let (key, text) = entry(comment)?;
            Some((number, key, text))
        })
}

/// A path's last part without `.sql`.
pub(crate) fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(".sql").unwrap_or(file)
}

/// Splits `word: text`; prose has more than one word before its first colon.
fn entry(comment: &str) -> Option<(&str, &str)> {
    let (key, text) = comment.trim().split_once(':')?;
    let is_word = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_word.then(|| (key, text.trim()))
}

fn add(query: &mut SavedQuery, line: usize, key: &str, text: &str) -> Result<(), String> {
    match key {
        "name" if text == query.name => {}
        "name" => {
            return Err(format!(
                "the header says `name: {text}` but the file is called {}.sql; make them agree",
                query.name
            ));
        }
        "title" => query.title = Some(text.to_string()),
        "source" => query.source = Some(text.to_string()),
        "expect" => query.expectations.extend(expectation::read(text, line)?),
        "example" => query.examples.push(Example {
            text: text.to_string(),
            given: named_values(&split_words(text)?).map_err(|problems| problems.join("; "))?,
            line,
        }),
        "param" => {
            let parameter: Parameter = text.parse()?;
            let same_name = |other: &Parameter| other.name == parameter.name;
            if query.parameters.iter().any(same_name) {
                return Err(format!("parameter `{}` is declared twice", parameter.name));
            }
            query.parameters.push(parameter);
        }
        unknown => {
            let next = nearest(unknown, KEYS).map_or_else(
                || format!("known are {}", KEYS.join(", ")),
                |near| format!("did you mean `{near}:`?"),
            );
            return Err(format!(
                "`{unknown}:` is not known in a query's header; {next}"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> QueryFile {
        QueryFile {
            path: "queries/a/openings.sql".into(),
            file: None,
            topic: "a".into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_full_header() -> Result<(), QueryProblem> {
        let query = read(file(
            "-- name: openings\n-- title: Ports opened: by year\n-- prose with a colon: skipped\n\
             -- param: since integer = 1930 -- first year\n-- source: Figure 1\n\
             -- expect: rows > 0 ; ports >= 0\n-- example: since=1950\n\
             SELECT 1; -- title: not the header\n",
        ))?;
        assert_eq!(query.title.as_deref(), Some("Ports opened: by year"));
        assert_eq!(query.source.as_deref(), Some("Figure 1"));
        assert_eq!(query.parameters.len(), 1);
        assert_eq!(query.expectations.len(), 2);
        let example = Example {
            text: "since=1950".into(),
            given: vec![("since".into(), "1950".into())],
            line: 7,
        };
        assert_eq!(query.examples, [example]);
        Ok(())
    }

    #[test]
    fn no_header_is_fine() -> Result<(), QueryProblem> {
        assert_eq!(read(file("SELECT 1"))?.name, "openings");
        Ok(())
    }

    #[test]
    fn mistakes_name_their_line() {
        for (text, expected) in [
            (
                "-- name: opening\n",
                "queries/a/openings.sql:1: the header says `name: opening` but the file is called openings.sql; make them agree",
            ),
            (
                "\n-- titel: x\n",
                "queries/a/openings.sql:2: `titel:` is not known in a query's header; did you mean `title:`?",
            ),
            (
                "-- param: a integer\n-- param: a text\n",
                "queries/a/openings.sql:2: parameter `a` is declared twice",
            ),
            (
                "-- example: a\n",
                "queries/a/openings.sql:1: `a` is not understood; values are given as name=value",
            ),
            (
                "-- expect: unique year\n",
                "queries/a/openings.sql:1: `unique` needs a list of columns in parentheses",
            ),
        ] {
            let message = read(file(text))
                .map(|_| String::new())
                .unwrap_or_else(|error| error.to_string());
            assert_eq!(message, expected);
        }
    }
}
