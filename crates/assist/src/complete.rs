//! Completion of SQL: names from the catalog that fit where the cursor stands.

use std::collections::HashSet;
use std::sync::Arc;

use kouan_engine::Engine;

use crate::candidate::{About, Candidate};
use crate::cursor::{self, Expects, TableUse};
use crate::known::{Known, column};

/// Offered after the names; only what people type often.
const KEYWORDS: [&str; 41] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "GROUP BY ALL",
    "ORDER BY",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "JOIN",
    "LEFT JOIN",
    "FULL JOIN",
    "CROSS JOIN",
    "ON",
    "USING",
    "AS",
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS NULL",
    "IS NOT NULL",
    "BETWEEN",
    "LIKE",
    "ILIKE",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "DISTINCT",
    "UNION ALL",
    "WITH",
    "OVER",
    "PARTITION BY",
    "FILTER",
    "DESC",
    "EXPLAIN",
    "CREATE TABLE",
    "DESCRIBE",
    "SUMMARIZE",
];

/// What the word at the cursor may become.
#[derive(Debug)]
pub struct Completion {
    /// The byte where the word starts.
    pub start: usize,
    /// What it may become, best first.
    pub candidates: Vec<Candidate>,
}

/// Completes the SQL around a cursor, which stands at a byte. `files` lists the files and folders whose paths start
/// as typed.
pub fn complete(
    engine: &Arc<Engine>,
    text: &str,
    position: usize,
    files: impl Fn(&str) -> Vec<String>,
) -> Completion {
    let cursor = cursor::read(text, position);
    let known = Known::new(engine, &cursor.common_tables);
    let is_closed = text[position..].starts_with('\'');
    let candidates = match cursor.expects {
        Expects::Nothing => Vec::new(),
        Expects::Table => known.tables(),
        Expects::Member(qualifier, uses) => known.members(&qualifier, &uses),
        Expects::Shared(uses) => known.shared(&uses),
        Expects::Expression(uses) => expressions(engine, &known, &uses, cursor.word),
        Expects::Path => files(cursor.word)
            .iter()
            .map(|file| Candidate::in_quotes(file, is_closed))
            .collect(),
        Expects::Value(qualifier, column, uses) => known
            .values(qualifier.as_deref(), &column, &uses)
            .iter()
            .map(|value| Candidate::in_quotes(&value.replace('\'', "''"), is_closed))
            .collect(),
    };
    let typed = cursor.word.to_lowercase();
    let fits = |candidate: &Candidate| candidate.replacement.to_lowercase().starts_with(&typed);
    Completion {
        start: cursor.start,
        candidates: candidates.into_iter().filter(fits).collect(),
    }
}

/// The tables, and the saved queries that can be read as tables.
pub fn tables(engine: &Arc<Engine>) -> Vec<Candidate> {
    Known::new(engine, &[]).tables()
}

/// The functions, by their names.
pub fn functions(engine: &Engine) -> Vec<Candidate> {
    let functions = engine.functions();
    let functions = functions.iter();
    functions
        .map(|function| Candidate::described(&function.name, function.kind))
        .collect()
}

/// The saved queries, by their names.
pub fn queries(engine: &Engine) -> Vec<Candidate> {
    let queries = engine.queries();
    let queries = queries.iter();
    queries
        .map(|query| Candidate::described(&query.name, query.title.as_deref().unwrap_or_default()))
        .collect()
}

/// Columns of the tables in use, then the functions of this field, then all else.
fn expressions(
    engine: &Engine,
    known: &Known<'_>,
    uses: &[TableUse],
    typed: &str,
) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = uses
        .iter()
        .flat_map(|table| known.columns(&table.name))
        .map(|entry| column(&entry))
        .collect();
    for function in engine
        .functions()
        .iter()
        .filter(|function| function.ours || !typed.is_empty())
    {
        let syntax = function
            .documentation
            .as_ref()
            .map(|documentation| documentation.syntax_example.as_str());
        candidates.push(Candidate {
            replacement: format!("{}(", function.name),
            label: syntax.unwrap_or(&function.name).to_string(),
            about: About::Function,
        });
    }
    if !typed.is_empty() {
        candidates.extend(KEYWORDS.iter().map(|keyword| Candidate::name(keyword)));
    }
    let mut seen = HashSet::new();
    candidates.retain(|candidate| seen.insert(candidate.replacement.clone()));
    candidates
}
