//! `\d`: the tables, or one table's columns.

use kouan_engine::{EngineError, TableEntry, nearest};
use kouan_render::type_name;

use super::{Command, Takes};
use crate::exit::Failure;
use crate::listing::Listing;
use crate::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "d",
    arguments: "[table]",
    help: "list the tables, or the columns of one",
    takes: Takes::Table,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    let tables = shell.engine.tables();
    let rows = if name.is_empty() {
        all(&tables)
    } else {
        columns(find(&tables, name)?)
    };
    shell.show_rows(&rows?)?;
    Ok(Flow::Continue)
}

fn all(tables: &[TableEntry]) -> Result<arrow::array::RecordBatch, Failure> {
    let mut listing = Listing::new(["table", "columns", "title"]);
    for table in tables {
        listing.row([
            Some(table.written.clone()),
            Some(table.columns.len().to_string()),
            table.title.clone(),
        ]);
    }
    listing.batch()
}

fn columns(table: &TableEntry) -> Result<arrow::array::RecordBatch, Failure> {
    let mut listing = Listing::new(["column", "type", "null", "unit", "description"]);
    for column in &table.columns {
        listing.row([
            Some(column.name.clone()),
            Some(type_name(&column.data_type)),
            Some(if column.nullable { "yes" } else { "no" }.to_string()),
            column.unit.clone(),
            column.description.clone(),
        ]);
    }
    listing.batch()
}

fn find<'a>(tables: &'a [TableEntry], name: &str) -> Result<&'a TableEntry, Failure> {
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
