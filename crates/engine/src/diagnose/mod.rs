//! Turns DataFusion's errors into words for the person: what, where, what to try next.

mod find_token;
mod nearby_files;
mod out_of_memory;
pub(crate) mod panics;
mod wrong_types;

use std::path::Path;

use datafusion::common::{Column, Location, SchemaError, Span};
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use datafusion::sql::sqlparser::parser::ParserError;
use kouan_ingest::IngestError;

use self::find_token::Words;
use self::wrong_types::{Place, WrongTypes};
use crate::catalog::entries;
use crate::catalog::file_sets::is_pattern;
use crate::catalog::names::CATALOG;
use crate::error::{Cause, Repair, StatementError};
use crate::statement::script::{Statement, span_of};
use kouan_words::nearest;

/// The names a mistyped word may have meant.
#[derive(Debug, Default)]
struct Names {
    /// Tables as one writes them: bare in the default schema, else `schema.table`.
    tables: Vec<String>,
    functions: Vec<String>,
    /// `catalog.` of tables in other schemas.
    catalog_prefix: String,
    /// `catalog.schema.` of tables written bare.
    default_prefix: String,
}

impl Names {
    fn of(context: &SessionContext) -> Self {
        let functions = entries::functions(context).into_iter();
        Self {
            tables: entries::table_names(context),
            functions: functions.map(|function| function.name).collect(),
            catalog_prefix: format!("{CATALOG}."),
            default_prefix: format!("{CATALOG}.{}.", entries::default_schema(context)),
        }
    }
}

/// Says what is wrong with statements of a session.
#[derive(Clone)]
pub(crate) struct Diagnoser {
    /// Knows the names that a mistyped one may have meant.
    pub(crate) context: SessionContext,
    /// The bytes that statements may hold in memory.
    pub(crate) memory: Option<usize>,
}

impl Diagnoser {
    /// Says what is wrong with a statement.
    pub(crate) fn diagnose(
        &self,
        error: &DataFusionError,
        statement: &Statement,
    ) -> Box<StatementError> {
        let span = error.diagnostic().and_then(|diagnostic| diagnostic.span);
        let words = Words { statement };
        if let Some(fault) = panics::of_task(error.find_root()) {
            return Box::new(fault);
        }
        let said = match error.find_root() {
            DataFusionError::SchemaError(error, _) => schema_error(error, span, &words),
            DataFusionError::SQL(error, _) => syntax_error(error, &words),
            DataFusionError::External(error) => external_error(error.as_ref()),
            DataFusionError::ResourcesExhausted(message) => {
                out_of_memory::not_enough(message, self.memory)
            }
            root => {
                let message = message_of(root);
                match wrong_types::read(&message) {
                    Some(wrong) => type_error(wrong, span, &words),
                    None => planning_error(&message, span, &words, || Names::of(&self.context)),
                }
            }
        };
        Box::new(said)
    }
}

/// An error's own text, without DataFusion's prefixes and its invitation to report a bug.
fn message_of(error: &DataFusionError) -> String {
    let text = match error {
        DataFusionError::Plan(text)
        | DataFusionError::Execution(text)
        | DataFusionError::NotImplemented(text)
        | DataFusionError::Configuration(text)
        | DataFusionError::Internal(text) => text.clone(),
        DataFusionError::ArrowError(error, _) => error.to_string(),
        other => other.strip_backtrace(),
    };
    let text = text
        .split(DataFusionError::BACK_TRACE_SEP)
        .next()
        .unwrap_or_default();
    without_noise(text)
}

/// Takes out what speaks of DataFusion's insides instead of the person's statement.
fn without_noise(text: &str) -> String {
    // Wrong arguments are told twice; the second time as a person would want it.
    let plain = text
        .find("No function matches the given name")
        .map(|start| &text[start..]);
    let mut text = plain.unwrap_or(text).to_string();
    while let (Some(start), Some(end)) = (text.find(BUG_REPORT), text.find(BUG_TRACKER)) {
        text.replace_range(start..end + BUG_TRACKER.len(), "");
    }
    for prefix in [
        "Internal error: ",
        "Error during planning: ",
        "Execution error: ",
    ] {
        text = text.replace(prefix, "");
    }
    let lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !matches!(*line, "" | "."));
    lines.collect::<Vec<_>>().join("\n").trim().to_string()
}

const BUG_REPORT: &str = "This issue was likely caused by a bug";
const BUG_TRACKER: &str = "https://github.com/apache/datafusion/issues";

fn schema_error(error: &SchemaError, span: Option<Span>, words: &Words<'_>) -> StatementError {
    match error {
        SchemaError::FieldNotFound {
            field,
            valid_fields,
        } => unknown_column(field, valid_fields, span, words),
        SchemaError::AmbiguousReference { field } => {
            StatementError::new(format!("column `{}` is in more than one table", field.name))
                .at(span.or_else(|| words.find(&field.name)))
                .hint("say which one, as in `ports.place`")
        }
        other => StatementError::new(other.to_string()).at(span),
    }
}

fn unknown_column(
    field: &Column,
    valid_fields: &[Column],
    span: Option<Span>,
    words: &Words<'_>,
) -> StatementError {
    let span = span.or_else(|| words.find(&field.name));
    let qualifier = field
        .relation
        .as_ref()
        .map(|table| format!("{}.", table.table()));
    let written = format!("{}{}", qualifier.as_deref().unwrap_or_default(), field.name);
    let error = StatementError::new(format!("no column is called `{written}`")).at(span);

    let near = nearest(
        &field.name,
        valid_fields.iter().map(|column| column.name.as_str()),
    );
    match near {
        Some(near) => error
            .hint(format!("did you mean `{near}`?"))
            .mended_by(Repair::Name(near.to_string())),
        None if words.double_quoted(&field.name) => error.hint(format!(
            "double quotes name a column; for text write '{}'",
            field.name.replace('\'', "''")
        )),
        None if valid_fields.is_empty() => error.hint("the query has no FROM clause"),
        None => error
            .hint(format!("the columns here are {}", listed(valid_fields)))
            .mended_by(Repair::Null),
    }
}

/// Column names in order, shortened when there are many.
fn listed(columns: &[Column]) -> String {
    const SHOWN: usize = 24;
    let mut list = columns
        .iter()
        .take(SHOWN)
        .map(|column| column.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    if columns.len() > SHOWN {
        list.push_str(&format!(" and {} more", columns.len() - SHOWN));
    }
    list
}

fn syntax_error(error: &ParserError, words: &Words<'_>) -> StatementError {
    let text = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => {
            return StatementError::new("the statement is nested too deeply")
                .hint("nest fewer parentheses, or take parts out into WITH");
        }
    };
    let (message, at) = split_location(text);
    let message = message.strip_prefix("Expected: ").map_or_else(
        || message.to_string(),
        |rest| match rest.rsplit_once(", found: ") {
            Some((expected, "EOF")) => format!("the statement ends where {expected} was expected"),
            Some((expected, found)) => format!("expected {expected}, found `{found}`"),
            None => format!("expected {rest}"),
        },
    );
    if let Some((token, keyword)) = words.misspelt_keyword(at) {
        return StatementError::new(message)
            .at(Some(span_of(token)))
            .hint(format!("did you mean {keyword}?"));
    }
    let span = match at {
        Some(at) => words.at(at).map_or_else(|| Span::new(at, at), span_of),
        None => Span::new(words.statement.span.end, words.statement.span.end),
    };
    StatementError::new(message).at(Some(span))
}

/// Takes ` at Line: 1, Column: 23` off the end of the parser's message.
fn split_location(text: &str) -> (&str, Option<Location>) {
    let parsed = text.rsplit_once(" at Line: ").and_then(|(message, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((
            message,
            Location {
                line: line.parse().ok()?,
                column: column.parse().ok()?,
            },
        ))
    });
    match parsed {
        Some((message, location)) => (message, Some(location)),
        None => (text, None),
    }
}

fn external_error(error: &(dyn std::error::Error + Send + Sync + 'static)) -> StatementError {
    if let Some(error) = error.downcast_ref::<StatementError>() {
        return error.clone();
    }
    let mut said = StatementError::new(error.to_string());
    if error.is::<IngestError>() {
        said.cause = Cause::Input;
    }
    said
}

fn planning_error(
    message: &str,
    span: Option<Span>,
    words: &Words<'_>,
    names: impl FnOnce() -> Names,
) -> StatementError {
    if let Some(table) = between(message, "table '", "' not found") {
        return unknown_table(table, span, words, &names());
    }
    if let Some(function) = between(message, "table function '", "' not found") {
        let error = StatementError::new(format!(
            "no function that makes a table is called `{function}`"
        ));
        let error = error.at(span.or_else(|| words.find(function)));
        return if function.starts_with("read_") {
            error.hint("write FROM 'file': how a file is written is found out")
        } else {
            error
        };
    }
    if let Some(function) = between(message, "Invalid function '", "'") {
        let names = names();
        let at = span.or_else(|| words.find(function));
        if names.functions.iter().any(|name| name == function) {
            let message = format!("`{function}` is a window function");
            let hint = format!("write OVER (…) after it, such as `{function}(…) OVER ()`");
            return StatementError::new(message).at(at).hint(hint);
        }
        let error = StatementError::new(format!("no function is called `{function}`")).at(at);
        return match nearest(function, names.functions.iter().map(String::as_str)) {
            Some(near) => error
                .hint(format!("did you mean `{near}`?"))
                .mended_by(Repair::Name(near.to_string())),
            None => error.hint("`\\df` lists the functions"),
        };
    }
    if message.contains("must appear in the GROUP BY clause")
        && let Some(column) = between(message, "column \"", "\"")
    {
        let last = column.rsplit('.').next().unwrap_or(column);
        return StatementError::new(format!("`{column}` is neither grouped by nor aggregated"))
            .at(span.or_else(|| words.find(last)))
            .hint(format!(
                "add it to GROUP BY, or take one of its values, as in max({last})"
            ));
    }
    let of_file = nearby_files::ragged(message, words.texts())
        .or_else(|| nearby_files::unreadable(message, words.texts()));
    of_file.unwrap_or_else(|| {
        StatementError::new(message).at(span.or_else(|| words.function_named_in(message)))
    })
}

fn type_error(wrong: WrongTypes, span: Option<Span>, words: &Words<'_>) -> StatementError {
    let place = match &wrong.place {
        Place::Arguments(function) => words.arguments_of(function),
        Place::Operator(operator) => words.only(|token| token.to_string() == *operator),
        Place::Text(text) => words.text(text),
    };
    let error = StatementError::new(wrong.message).at(place.or(span));
    match wrong.hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn unknown_table(
    table: &str,
    span: Option<Span>,
    words: &Words<'_>,
    names: &Names,
) -> StatementError {
    let written = [&names.default_prefix, &names.catalog_prefix]
        .into_iter()
        .find_map(|prefix| table.strip_prefix(prefix.as_str()))
        .unwrap_or(table);
    if let Some(place) = words.text(written) {
        if is_pattern(written) {
            let error = StatementError::new(format!("no file matches '{written}'"));
            return error.at(Some(place)).hint(
                "* is any part of a name, ** any folders; paths start at the folder that kouan was started in",
            );
        }
        if Path::new(written).is_file() {
            let message = format!("'{written}' is there, but of no kind that FROM reads");
            if written.to_lowercase().ends_with(".zip") {
                return StatementError::new(format!("'{written}' is an archive of files"))
                    .at(Some(place))
                    .hint("unpack it first; FROM reads .gz and .zst as they are");
            }
            return StatementError::new(message).at(Some(place)).hint(
                "it reads .csv, .tsv, .tab, .psv, .txt, .dat and texts without an ending, also with .gz or .zst behind, .parquet, .json and .arrow",
            );
        }
        let error = StatementError::new(format!("there is no file '{written}'")).at(Some(place));
        return match nearby_files::meant_by(written) {
            Some(near) => error.hint(format!("did you mean '{near}'?")),
            None => error.hint("paths start at the folder that kouan was started in"),
        };
    }
    let last = written.rsplit('.').next().unwrap_or(written);
    let error = StatementError::new(format!("no table is called `{written}`"))
        .at(span.or_else(|| words.find(last)));
    let near = nearest(written, names.tables.iter().map(String::as_str)).or_else(|| {
        let same_end = |name: &&str| name.rsplit('.').next() == Some(last);
        names.tables.iter().map(String::as_str).find(same_end)
    });
    let file = nearby_files::meant_by(written);
    match (near, file) {
        (Some(near), None) => error
            .hint(format!("did you mean `{near}`?"))
            .mended_by(Repair::Name(near.to_string())),
        (None, Some(file)) => error.hint(format!("to read the file here, write FROM '{file}'")),
        (Some(near), Some(file)) => error.hint(format!(
            "did you mean `{near}`, or the file here, FROM '{file}'?"
        )),
        (None, None) => error.hint("`\\d` lists the tables"),
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inner, _)| inner)
}
