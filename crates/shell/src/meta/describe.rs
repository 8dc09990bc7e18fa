//! `\d`: the tables, or the columns of one table or file.

use std::sync::Arc;

use arrow::array::RecordBatch;
use kouan_engine::{EngineError, QUERIES, TableCounts, TableEntry};

use super::command::{Command, Takes};
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::listing::Listing;
use crate::verbs::saved_query::of_query;
use kouan_words::{counted, nearest, type_name};

pub(super) const COMMAND: Command = Command {
    name: "d",
    arguments: "[table]",
    help: "list the tables with their rows, or the columns of one with their types and missing values",
    takes: Takes::Table,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    if name.starts_with('\'') {
        return super::gdesc::run(shell, &format!("FROM {name}"));
    }
    let tables = shell.engine.tables();
    let engine = Arc::clone(&shell.engine);
    let rows = if name.is_empty() {
        let asked = tables.clone();
        let counted = async move {
            let mut rows = Vec::with_capacity(asked.len());
            for table in &asked {
                rows.push(engine.count_rows(table).await);
            }
            rows
        };
        all(&tables, &shell.wait(counted)?)
    } else if let Some((QUERIES, query)) = name.split_once('.') {
        answered(shell, query)
    } else {
        let table = find(&tables, name)?;
        let asked = table.clone();
        let counts = shell.wait(async move { engine.count_values(&asked).await })?;
        shell.show_text(&heading(table, counts.as_ref()))?;
        columns(table, counts.as_ref())
    };
    shell.show_rows(&rows?)?;
    Ok(Flow::Continue)
}

/// Without a number of rows, a table is too large to be counted for a list, or its data are bad.
fn all(tables: &[TableEntry], rows: &[Option<u64>]) -> Result<RecordBatch, Failure> {
    let mut listing = Listing::new(["table", "columns", "rows", "title"]);
    for (table, rows) in tables.iter().zip(rows) {
        listing.row([
            Some(table.written.clone()),
            Some(table.columns.len().to_string()),
            rows.map(|rows| rows.to_string()),
            table.title.clone(),
        ]);
    }
    listing.batch()
}

pub(super) fn heading(table: &TableEntry, counts: Option<&TableCounts>) -> String {
    let title = table.title.as_ref().map(|title| format!(": {title}"));
    let rows = counts.map(|counts| format!(", {}", counted(counts.rows, "row")));
    format!(
        "{}{}{}",
        table.written,
        title.unwrap_or_default(),
        rows.unwrap_or_default()
    )
}

fn columns(table: &TableEntry, counts: Option<&TableCounts>) -> Result<RecordBatch, Failure> {
    let mut listing = Listing::new(["column", "type", "null", "unit", "description"]);
    for (index, column) in table.columns.iter().enumerate() {
        let missing = counts.and_then(|counts| missing(counts.rows, *counts.values.get(index)?));
        let allowed = if column.nullable { "yes" } else { "no" };
        listing.row([
            Some(column.name.clone()),
            Some(type_name(&column.data_type)),
            Some(missing.unwrap_or_else(|| allowed.to_string())),
            column.unit.clone(),
            column.description.clone(),
        ]);
    }
    listing.batch()
}

/// The columns that a saved query answers.
fn answered(shell: &mut Shell, name: &str) -> Result<RecordBatch, Failure> {
    let query = shell.engine.queries().find(name)?.clone();
    let title = query.title.as_ref().map(|title| format!(": {title}"));
    shell.show_text(&format!("{QUERIES}.{name}{}", title.unwrap_or_default()))?;
    let (engine, asked) = (Arc::clone(&shell.engine), query.clone());
    let found = shell.wait(async move { engine.columns_of(&asked).await })?;
    let mut listing = Listing::new(["column", "type"]);
    for column in found.map_err(|error| of_query(&query, error))? {
        listing.row([Some(column.name), Some(type_name(&column.data_type))]);
    }
    listing.batch()
}

/// The share of rows without a value, as a person reads it; nothing when every row has one.
fn missing(rows: u64, values: u64) -> Option<String> {
    let missing = rows.checked_sub(values).filter(|missing| *missing > 0)?;
    Some(format!("{:.1} %", 100.0 * missing as f64 / rows as f64))
}

pub(super) fn find<'a>(tables: &'a [TableEntry], name: &str) -> Result<&'a TableEntry, Failure> {
    let is_it = |table: &&TableEntry| {
        table.written == name || format!("{}.{}", table.schema, table.name) == name
    };
    tables.iter().find(is_it).ok_or_else(|| {
        let written = || tables.iter().map(|table| table.written.as_str());
        let same_end = || written().find(|other| other.rsplit('.').next() == Some(name));
        EngineError::UnknownTable {
            name: name.to_string(),
            near: nearest(name, written())
                .or_else(same_end)
                .map(str::to_string),
        }
        .into()
    })
}
