//! Reads the comment header of a query file.
//!
//! ```sql
//! -- name: openings_per_year
//! -- title: Ports opened in each year, with the running total
//! -- param: year_from integer = 1930 between 1800 and 2100 -- first year shown
//! -- source: Figure 1
//! -- example: year_from=1950
//! SELECT …;
//! ```
//!
//! The header ends at the first line that is not a comment. A comment line that is not
//! `word: text` is prose and is skipped; a word that is not known is a mistake.

use super::parameter::Parameter;
use super::{QueryFile, SavedQuery, stem};
use crate::error::QueryProblem;
use crate::near::nearest;
use crate::script::Source;

const KEYS: [&str; 5] = ["name", "title", "param", "source", "example"];

/// Reads a file's header. A file without one is a query too, named after its file.
pub(super) fn read(file: &QueryFile) -> Result<SavedQuery, QueryProblem> {
    let mut query = SavedQuery {
        name: stem(&file.path).to_string(),
        topic: file.topic.clone(),
        title: None,
        source: None,
        parameters: Vec::new(),
        examples: Vec::new(),
        text: Source::file(file.path.as_str(), file.text.as_str()),
    };
    for (number, line) in file.text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        let Some(comment) = line.strip_prefix("--") else {
            if line.is_empty() { continue } else { break }
        };
        if let Some((key, text)) = entry(comment) {
            add(&mut query, key, text).map_err(|reason| QueryProblem::Header {
                path: file.path.clone(),
                line: number + 1,
                reason,
            })?;
        }
    }
    Ok(query)
}

/// Splits `word: text`; prose has more than one word before its first colon.
fn entry(comment: &str) -> Option<(&str, &str)> {
    let (key, text) = comment.trim().split_once(':')?;
    let is_word = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    is_word.then(|| (key, text.trim()))
}

fn add(query: &mut SavedQuery, key: &str, text: &str) -> Result<(), String> {
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
        "example" => query.examples.push(text.to_string()),
        "param" => {
            let parameter: Parameter = text.parse()?;
            if query
                .parameters
                .iter()
                .any(|other| other.name == parameter.name)
            {
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
            topic: "a".into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_full_header() -> Result<(), QueryProblem> {
        let query = read(&file(
            "-- name: openings\n-- title: Ports opened: by year\n-- prose with a colon: skipped\n\
             -- param: since integer = 1930 -- first year\n-- source: Figure 1\n-- example: since=1950\n\
             SELECT 1; -- title: not the header\n",
        ))?;
        assert_eq!(query.title.as_deref(), Some("Ports opened: by year"));
        assert_eq!(query.source.as_deref(), Some("Figure 1"));
        assert_eq!(query.parameters.len(), 1);
        assert_eq!(query.examples, ["since=1950"]);
        Ok(())
    }

    #[test]
    fn no_header_is_fine() -> Result<(), QueryProblem> {
        assert_eq!(read(&file("SELECT 1"))?.name, "openings");
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
        ] {
            let message = read(&file(text))
                .map(|_| String::new())
                .unwrap_or_else(|error| error.to_string());
            assert_eq!(message, expected);
        }
    }
}
