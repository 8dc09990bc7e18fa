//! Completion: names from the catalog that fit where the cursor stands.

use std::fs;
use std::path::Path;

use kouan_engine::{ColumnEntry, Engine, TableEntry};
use kouan_render::{FORMATS, type_name};
use rustyline::completion::Pair;

use super::cursor::{self, Expects, TableUse};
use crate::meta::{COMMANDS, Takes};

/// Offered after the names; only what people type often.
const KEYWORDS: [&str; 40] = [
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
];

/// The byte where the completed word starts, and what it may become, best first.
pub(super) fn complete(engine: &Engine, text: &str, position: usize) -> (usize, Vec<Pair>) {
    let cursor = cursor::read(text, position);
    let candidates = match cursor.expects {
        Expects::Nothing => Vec::new(),
        Expects::Command => commands(),
        Expects::Argument(command, words) => arguments(engine, &command, &words, cursor.word),
        Expects::Table => tables(engine),
        Expects::Member(qualifier, uses) => members(engine, &qualifier, &uses),
        Expects::Expression(uses) => expressions(engine, &uses, cursor.word),
    };
    let typed = cursor.word.to_lowercase();
    let fits = |pair: &Pair| pair.replacement.to_lowercase().starts_with(&typed);
    (cursor.start, candidates.into_iter().filter(fits).collect())
}

fn pair(name: &str, about: &str) -> Pair {
    let display = if about.is_empty() {
        name.to_string()
    } else {
        format!("{name}  {about}")
    };
    Pair {
        display,
        replacement: name.to_string(),
    }
}

fn commands() -> Vec<Pair> {
    COMMANDS
        .iter()
        .map(|command| pair(command.name, command.help))
        .collect()
}

fn arguments(engine: &Engine, command: &str, words: &[String], typed: &str) -> Vec<Pair> {
    let Some(command) = COMMANDS.iter().find(|other| other.name == command) else {
        return Vec::new();
    };
    match (command.takes, words) {
        (Takes::Table, []) => tables(engine),
        (Takes::Function, []) => engine
            .functions()
            .iter()
            .map(|function| pair(&function.name, function.kind))
            .collect(),
        (Takes::Format, []) => FORMATS
            .iter()
            .map(|format| pair(format.name, format.description))
            .collect(),
        (Takes::File, []) => files(typed),
        (Takes::Query, []) => engine
            .queries()
            .iter()
            .map(|query| pair(&query.name, query.title.as_deref().unwrap_or_default()))
            .collect(),
        (Takes::Query, [query, given @ ..]) => parameters(engine, query, given),
        _ => Vec::new(),
    }
}

/// The parameters of a query that have no value yet.
fn parameters(engine: &Engine, query: &str, given: &[String]) -> Vec<Pair> {
    let Ok(query) = engine.queries().find(query) else {
        return Vec::new();
    };
    let is_given = |name: &str| {
        given
            .iter()
            .any(|word| word.starts_with(&format!("{name}=")))
    };
    query
        .parameters
        .iter()
        .filter(|parameter| !is_given(&parameter.name))
        .map(|parameter| pair(&format!("{}=", parameter.name), &parameter.to_string()))
        .collect()
}

fn tables(engine: &Engine) -> Vec<Pair> {
    let about = |table: &TableEntry| table.title.clone().unwrap_or_default();
    engine
        .tables()
        .iter()
        .map(|table| pair(&table.written, &about(table)))
        .collect()
}

/// After `x.`: the columns of the table called x, or the tables of the schema x.
fn members(engine: &Engine, qualifier: &str, uses: &[TableUse]) -> Vec<Pair> {
    let tables = engine.tables();
    let used = uses.iter().find(|table| {
        let last = table.name.rsplit('.').next();
        table.alias.as_deref() == Some(qualifier) || last == Some(qualifier)
    });
    if let Some(table) = used.and_then(|table| entry(&tables, &table.name)) {
        return table.columns.iter().map(column).collect();
    }
    tables
        .iter()
        .filter(|table| table.schema == qualifier)
        .map(|table| pair(&table.name, table.title.as_deref().unwrap_or_default()))
        .collect()
}

/// Columns of the tables in use, then the functions of this field, then all else.
fn expressions(engine: &Engine, uses: &[TableUse], typed: &str) -> Vec<Pair> {
    let tables = engine.tables();
    let in_use = uses.iter().filter_map(|table| entry(&tables, &table.name));
    let mut candidates: Vec<Pair> = in_use
        .flat_map(|table| table.columns.iter().map(column))
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
        candidates.push(Pair {
            display: syntax.unwrap_or(&function.name).to_string(),
            replacement: format!("{}(", function.name),
        });
    }
    if !typed.is_empty() {
        candidates.extend(KEYWORDS.iter().map(|keyword| pair(keyword, "")));
    }
    let mut seen = std::collections::HashSet::new();
    candidates.retain(|pair| seen.insert(pair.replacement.clone()));
    candidates
}

fn entry<'a>(tables: &'a [TableEntry], name: &str) -> Option<&'a TableEntry> {
    tables
        .iter()
        .find(|table| table.written.eq_ignore_ascii_case(name))
}

fn column(column: &ColumnEntry) -> Pair {
    pair(&column.name, &type_name(&column.data_type))
}

/// Files and folders whose path starts as typed.
fn files(typed: &str) -> Vec<Pair> {
    let (folder, _) = typed
        .rsplit_once('/')
        .map_or(("", typed), |(folder, rest)| (folder, rest));
    let prefix = if typed.contains('/') {
        format!("{folder}/")
    } else {
        String::new()
    };
    let path = if prefix.is_empty() {
        Path::new(".")
    } else {
        Path::new(&prefix)
    };
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            format!("{prefix}{}{slash}", entry.file_name().to_string_lossy())
        })
        .collect();
    names.sort();
    names.iter().map(|name| pair(name, "")).collect()
}
