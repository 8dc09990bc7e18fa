//! Tables that are not there: their data is not shipped with the suite, or the statement that makes them is excluded.

use std::collections::HashSet;
use std::path::Path;

/// The names of such tables within one file. What names one of them cannot be asked.
#[derive(Debug, Default)]
pub(super) struct Absent(HashSet<String>);

impl Absent {
    /// True when a statement needs a table that is not there. A table that it would make is not there either.
    pub(super) fn needed_by(&mut self, sql: &str) -> bool {
        let words = words(sql);
        let made = made(&words);
        let is_absent = location(sql).is_some_and(|path| !Path::new(path).exists())
            || words.iter().any(|word| self.0.contains(word));
        if let Some(dropped) = dropped(&words) {
            return self.0.remove(dropped);
        }
        match made {
            Some(table) if is_absent => self.0.insert(table.to_string()),
            Some(table) => self.0.remove(table),
            None => false,
        };
        is_absent
    }

    /// Notes that a statement failed that should have made a table.
    pub(super) fn not_made(&mut self, sql: &str) {
        if let Some(table) = made(&words(sql)) {
            self.0.insert(table.to_string());
        }
    }
}

/// The words of a statement in lower case, names without their schema.
fn words(sql: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words = sql.split(|letter| !is_part(letter));
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The table that a statement makes, or fills.
fn made(words: &[String]) -> Option<&str> {
    if let [insert, into, table, ..] = words
        && insert == "insert"
        && into == "into"
    {
        return Some(table);
    }
    let mut rest = words.strip_prefix(&["create".to_string()][..])?.iter();
    rest.find(|word| matches!(word.as_str(), "table" | "view"))?;
    rest.map(String::as_str)
        .find(|word| !matches!(*word, "if" | "not" | "exists" | "datafusion" | "public"))
}

/// True when a statement drops a table or a view.
pub(super) fn drops(sql: &str) -> bool {
    dropped(&words(sql)).is_some()
}

fn dropped(words: &[String]) -> Option<&str> {
    match words {
        [drop, kind, rest @ ..] if drop == "drop" && (kind == "table" || kind == "view") => rest
            .iter()
            .map(String::as_str)
            .find(|word| !matches!(*word, "if" | "exists" | "datafusion" | "public")),
        _ => None,
    }
}

/// The file or folder that an external table is of.
fn location(sql: &str) -> Option<&str> {
    let start = sql.to_uppercase();
    let at = start
        .starts_with("CREATE")
        .then(|| start.find("LOCATION"))??;
    sql.get(at..)?.split('\'').nth(1)
}

#[test]
fn a_table_of_a_missing_file_is_absent_and_what_is_made_of_it() {
    let mut absent = Absent::default();
    for (sql, expected) in [
        (
            "CREATE EXTERNAL TABLE IF NOT EXISTS far STORED AS CSV LOCATION '../no/such.csv'",
            true,
        ),
        ("SELECT * FROM far", true),
        ("CREATE VIEW near AS SELECT 1 FROM Far", true),
        ("SELECT * FROM near JOIN other USING (i)", true),
        ("SELECT * FROM nearby", false),
        ("DROP VIEW near", true),
        ("DROP TABLE nearby", false),
        ("CREATE TABLE near AS VALUES (1)", false),
        ("SELECT * FROM near", false),
    ] {
        assert_eq!(absent.needed_by(sql), expected, "{sql}");
    }
    absent.not_made("CREATE OR REPLACE TABLE near AS VALUES (1)");
    assert!(absent.needed_by("SELECT count(*) FROM near"));
}
