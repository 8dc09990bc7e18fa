//! Completion: names from the catalog that fit where the cursor stands.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::DataType;
use kouan_engine::{Allowed, Engine, Parameter, quote_word};
use kouan_render::{FORMATS, cut};
use rustyline::completion::Pair;

use super::cursor::{self, Expects, TableUse};
use super::known::{Known, column, in_time};
use crate::meta::{COMMANDS, Takes};

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

/// Columns of a candidate in the list.
const WIDEST: usize = 76;

/// The byte where the completed word starts, and what it may become, best first.
pub(super) fn complete(engine: &Arc<Engine>, text: &str, position: usize) -> (usize, Vec<Pair>) {
    let cursor = cursor::read(text, position);
    let known = Known::new(engine, &cursor.common_tables);
    let is_closed = text[position..].starts_with('\'');
    let candidates = match cursor.expects {
        Expects::Nothing => Vec::new(),
        Expects::Command => commands(),
        Expects::Argument(command, words) => arguments(engine, &command, &words, cursor.word),
        Expects::Table => known.tables(),
        Expects::Member(qualifier, uses) => known.members(&qualifier, &uses),
        Expects::Shared(uses) => known.shared(&uses),
        Expects::Expression(uses) => expressions(engine, &known, &uses, cursor.word),
        Expects::Path => files(cursor.word)
            .into_iter()
            .map(|file| in_quotes(&file.replacement, is_closed))
            .collect(),
        Expects::Value(qualifier, column, uses) => known
            .values(qualifier.as_deref(), &column, &uses)
            .iter()
            .map(|value| in_quotes(&value.replace('\'', "''"), is_closed))
            .collect(),
    };
    let typed = cursor.word.to_lowercase();
    let fits = |pair: &Pair| pair.replacement.to_lowercase().starts_with(&typed);
    (cursor.start, candidates.into_iter().filter(fits).collect())
}

/// The rest of a string, with its closing quote unless that is there or a folder goes on.
fn in_quotes(text: &str, is_closed: bool) -> Pair {
    let quote = if is_closed || text.ends_with('/') {
        ""
    } else {
        "'"
    };
    Pair {
        display: text.to_string(),
        replacement: format!("{text}{quote}"),
    }
}

pub(super) fn pair(name: &str, about: &str) -> Pair {
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

fn arguments(engine: &Arc<Engine>, command: &str, words: &[String], typed: &str) -> Vec<Pair> {
    let Some(command) = COMMANDS.iter().find(|other| other.name == command) else {
        return Vec::new();
    };
    match (command.takes, words) {
        (Takes::Table, []) => Known::new(engine, &[]).tables(),
        (Takes::Function, []) => engine
            .functions()
            .iter()
            .map(|function| pair(&function.name, function.kind))
            .collect(),
        (Takes::Format, []) => FORMATS
            .iter()
            .map(|format| pair(format.name, format.description))
            .collect(),
        (Takes::File | Takes::Folder, []) => files(typed),
        (Takes::Package, []) => attached(engine),
        (Takes::Query, []) => engine
            .queries()
            .iter()
            .map(|query| pair(&query.name, query.title.as_deref().unwrap_or_default()))
            .collect(),
        (Takes::Query, [query, given @ ..]) => parameters(engine, query, given, typed),
        _ => Vec::new(),
    }
}

/// The packages that can be detached.
fn attached(engine: &Arc<Engine>) -> Vec<Pair> {
    let packages = engine.packages();
    let attached = packages.iter().skip(1);
    attached
        .map(|package| pair(package.name(), package.title().unwrap_or_default()))
        .collect()
}

/// The parameters of a query that have no value yet, and the values of the one being typed.
fn parameters(engine: &Arc<Engine>, query: &str, given: &[String], typed: &str) -> Vec<Pair> {
    let queries = engine.queries();
    let Ok(query) = queries.find(query) else {
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for parameter in &query.parameters {
        let prefix = parameter.prefix();
        if typed.starts_with(&prefix) {
            let values = values_of(engine, parameter);
            let word = |value: &String| format!("{prefix}{}", quote_word(value));
            pairs.extend(values.iter().map(|value| pair(&word(value), "")));
        } else if !given.iter().any(|word| word.starts_with(&prefix)) {
            pairs.push(pair(&prefix, &parameter.to_string()));
        }
    }
    pairs
}

/// The values that a parameter may take, where its declaration or its query tells them.
fn values_of(engine: &Arc<Engine>, parameter: &Parameter) -> Vec<String> {
    match &parameter.allowed {
        Allowed::OneOf(values) => values.iter().map(ToString::to_string).collect(),
        Allowed::Any if parameter.data_type == DataType::Boolean => {
            ["true", "false"].map(str::to_string).to_vec()
        }
        _ => {
            let (engine, parameter) = (Arc::clone(engine), parameter.clone());
            let values = in_time(async move { engine.values_of_parameter(&parameter).await.ok() });
            values.flatten().flatten().unwrap_or_default()
        }
    }
}

/// Columns of the tables in use, then the functions of this field, then all else.
fn expressions(engine: &Engine, known: &Known<'_>, uses: &[TableUse], typed: &str) -> Vec<Pair> {
    let mut candidates: Vec<Pair> = uses
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
        candidates.push(Pair {
            display: cut(syntax.unwrap_or(&function.name), WIDEST).into_owned(),
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
